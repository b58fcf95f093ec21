/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-server.h"

#include "azure-dns-codec.h"
#include "azure-dns-listener.h"

#include "ns3/boolean.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(DnsServer);

TypeId
DnsServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::DnsServer")
            .SetParent<Application>()
            .SetGroupName("Azure")
            .AddConstructor<DnsServer>()
            .AddAttribute("Port",
                          "UDP and TCP port to listen on.",
                          UintegerValue(53),
                          MakeUintegerAccessor(&DnsServer::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("UdpPayloadSize",
                          "Bytes of a UDP message, sent or received, with EDNS.",
                          UintegerValue(1232),
                          MakeUintegerAccessor(&DnsServer::m_udpPayloadSize),
                          MakeUintegerChecker<uint16_t>(512))
            .AddAttribute("TcpIdleTimeout",
                          "How long a TCP connection may be idle.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&DnsServer::m_idleTimeout),
                          MakeTimeChecker(Time(1)))
            .AddAttribute("MaxTcpConnections",
                          "TCP connections at a time, further ones are reset.",
                          UintegerValue(150),
                          MakeUintegerAccessor(&DnsServer::m_maxConnections),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("Silent",
                          "Ignore queries, as a server does that hangs; may change at any time.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&DnsServer::m_silent),
                          MakeBooleanChecker())
            .AddAttribute("ServiceTime",
                          "Time from a query to its answer, in seconds; negative is 0.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&DnsServer::m_serviceTime),
                          MakePointerChecker<RandomVariableStream>())
            .AddTraceSource("Served",
                            "A query was answered.",
                            MakeTraceSourceAccessor(&DnsServer::m_servedTrace),
                            "ns3::azure::DnsServer::ServedCallback")
            .AddTraceSource("Drop",
                            "A message was ignored.",
                            MakeTraceSourceAccessor(&DnsServer::m_dropTrace),
                            "ns3::azure::DnsServer::DropCallback");
    return tid;
}

DnsServer::DnsServer() = default;

DnsServer::~DnsServer() = default;

void
DnsServer::DoDispose()
{
    StopApplication();
    Application::DoDispose();
}

void
DnsServer::AddZone(std::shared_ptr<DnsZone> zone)
{
    m_authority.AddZone(std::move(zone));
}

DnsAuthority&
DnsServer::GetAuthority()
{
    return m_authority;
}

uint64_t
DnsServer::GetDropCount(DnsDropReason reason) const
{
    return m_drops[static_cast<size_t>(reason)];
}

int64_t
DnsServer::AssignStreams(int64_t stream)
{
    m_serviceTime->SetStream(stream);
    return 1;
}

void
DnsServer::StartApplication()
{
    m_listener = Create<DnsListener>(GetNode(),
                                     m_port,
                                     m_idleTimeout,
                                     m_maxConnections,
                                     MakeCallback(&DnsServer::OnQuery, this),
                                     MakeCallback(&DnsServer::OnDrop, this));
}

void
DnsServer::StopApplication()
{
    if (m_listener)
    {
        m_listener->Stop();
        m_listener = nullptr;
    }
}

void
DnsServer::OnQuery(const DnsPeer& peer, const DnsMessage& query)
{
    if (m_silent)
    {
        OnDrop(DnsDropReason::Silent, peer.address);
        return;
    }
    const auto delay = Seconds(std::max(0.0, m_serviceTime->GetValue()));
    if (delay.IsZero())
    {
        Respond(peer, query, Simulator::Now());
        return;
    }
    Simulator::Schedule(delay, &DnsServer::Respond, this, peer, query, Simulator::Now());
}

void
DnsServer::Respond(DnsPeer peer, DnsMessage query, Time received)
{
    if (!m_listener)
    {
        return; // stopped meanwhile
    }
    DnsServedRecord record;
    record.received = received;
    record.answered = Simulator::Now();
    record.client = peer.address;
    record.local = peer.local;
    record.isTcp = peer.connection != 0;
    record.response = m_authority.Respond(query,
                                          IpAddress::From(peer.address.GetIpv4()),
                                          Simulator::Now(),
                                          m_udpPayloadSize);
    const auto limit = query.edns ? std::min(query.edns->udpPayloadSize, m_udpPayloadSize)
                                  : static_cast<uint16_t>(DnsCodec::ClassicUdpSize);
    record.bytes = static_cast<uint32_t>(m_listener->Send(peer, record.response, limit));
    record.query = std::move(query);
    m_servedTrace(record);
}

void
DnsServer::OnDrop(DnsDropReason reason, const InetSocketAddress& from)
{
    ++m_drops[static_cast<size_t>(reason)];
    m_dropTrace(reason, from);
}

} // namespace azure
} // namespace ns3
