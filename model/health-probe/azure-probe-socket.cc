/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-socket.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/rtt-estimator.h"
#include "ns3/simulator.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-recovery-ops.h"
#include "ns3/uinteger.h"

#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureProbeSocket");
NS_OBJECT_ENSURE_REGISTERED(ProbeSocket);

TypeId
ProbeSocket::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::ProbeSocket")
                            .SetParent<TcpSocketBase>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<ProbeSocket>();
    return tid;
}

Ptr<ProbeSocket>
ProbeSocket::Connect(Ptr<Node> node,
                     Ptr<NetDevice> device,
                     const InetSocketAddress& peer,
                     Time patience)
{
    auto ipv4 = node->GetObject<Ipv4>();
    auto tcp = node->GetObject<TcpL4Protocol>();
    NS_ASSERT_MSG(ipv4 && tcp, "Node " << node->GetId() << " has no IPv4 or no TCP");

    // A socket that fails to connect would stay bound for ever: ask for the route first.
    Ipv4Header header;
    header.SetSource(Ipv4Address::GetAny());
    header.SetDestination(peer.GetIpv4());
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    if (!ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error))
    {
        NS_LOG_LOGIC("No route from node " << node->GetId() << " to " << peer.GetIpv4());
        return nullptr;
    }

    auto socket = CreateObject<ProbeSocket>();
    socket->SetNode(node);
    socket->SetTcp(tcp);
    socket->SetRtt(CreateObject<RttMeanDeviation>());
    socket->SetCongestionControlAlgorithm(CreateObject<TcpNewReno>());
    socket->SetRecoveryAlgorithm(CreateObject<TcpClassicRecovery>());
    socket->SetAttribute("ConnCount", UintegerValue(1));
    socket->SetAttribute("ConnTimeout", TimeValue(patience + Seconds(1)));
    socket->SetAttribute("MinRto", TimeValue(MilliSeconds(200)));
    socket->SetAttribute("SegmentSize", UintegerValue(1460));
    socket->SetAttribute("MaxSegLifetime", DoubleValue(0.5));
    socket->SetAttribute("UseEcn", EnumValue(TcpSocketState::Off));
    if (device)
    {
        socket->BindToNetDevice(device);
    }
    if (socket->TcpSocketBase::Connect(peer) != 0)
    {
        socket->Abandon(false);
        return nullptr;
    }
    return socket;
}

void
ProbeSocket::Abandon(bool reset)
{
    NS_LOG_FUNCTION(this << reset);
    SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                       MakeNullCallback<void, Ptr<Socket>>());
    SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(), MakeNullCallback<void, Ptr<Socket>>());
    SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    if (m_state == TIME_WAIT)
    {
        return;
    }
    if (m_inForwardUp)
    {
        m_abandoned = reset; // the stock socket is still busy with the segment
        return;
    }
    if (m_state == ESTABLISHED)
    {
        // The stock socket may have an event under way that tells of the connection.
        Simulator::ScheduleNow([self = Ptr<ProbeSocket>(this)]() {});
    }
    if (reset && m_state != CLOSED && m_state != SYN_SENT)
    {
        // With ACK, as Linux does: a bare RST to a stock listening socket upsets it.
        SendEmptyPacket(TcpHeader::RST | TcpHeader::ACK);
    }
    CloseAndNotify();
}

void
ProbeSocket::DoForwardUp(Ptr<Packet> packet, const Address& fromAddress, const Address& toAddress)
{
    Ptr<ProbeSocket> self = this; // callbacks may drop the last other reference
    TcpHeader header;
    packet->PeekHeader(header);
    if (header.GetFlags() & TcpHeader::RST)
    {
        CloseAndNotify();
        return;
    }
    m_inForwardUp = true;
    TcpSocketBase::DoForwardUp(packet, fromAddress, toAddress);
    m_inForwardUp = false;
    if (const auto reset = std::exchange(m_abandoned, std::nullopt))
    {
        Abandon(*reset);
    }
}

bool
ProbeSocket::IsPeerClosed() const
{
    return m_state == CLOSE_WAIT;
}

Ptr<TcpSocketBase>
ProbeSocket::Fork()
{
    return CopyObject<ProbeSocket>(this);
}

} // namespace azure
} // namespace ns3
