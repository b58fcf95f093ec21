/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-exchange.h"

#include "azure-dns-codec.h"

#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/callback.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

namespace ns3
{
namespace azure
{

namespace
{

/// Lowest source port that is drawn.
constexpr uint32_t FIRST_PORT = 1024;
/// How many ports are tried before the stack may choose.
constexpr int PORT_DRAWS = 8;
/// Destination unreachable (RFC 792).
constexpr uint8_t ICMP_UNREACHABLE = 3;

} // namespace

std::string
ToText(DnsOutcome outcome)
{
    switch (outcome)
    {
    case DnsOutcome::Answered:
        return "Answered";
    case DnsOutcome::TimedOut:
        return "TimedOut";
    case DnsOutcome::Unreachable:
        return "Unreachable";
    case DnsOutcome::TcpFailed:
        return "TcpFailed";
    }
    return "Unknown";
}

DnsExchange::DnsExchange(Ptr<Node> node,
                         const DnsMessage& query,
                         const InetSocketAddress& server,
                         const Limits& limits,
                         Ptr<UniformRandomVariable> random,
                         DoneCallback onDone,
                         DropCallback onDrop)
    : m_node(node),
      m_query(query),
      m_server(server),
      m_limits(limits),
      m_random(random),
      m_onDone(onDone),
      m_onDrop(onDrop)
{
}

DnsExchange::~DnsExchange()
{
    Cancel();
}

void
DnsExchange::Start()
{
    m_query.id = static_cast<uint16_t>(m_random->GetInteger(0, 65535));
    m_socket = m_node->GetObject<UdpSocketFactory>()->CreateSocket();
    int bound = -1;
    for (int draw = 0; draw < PORT_DRAWS && bound != 0; ++draw)
    {
        const auto port = static_cast<uint16_t>(m_random->GetInteger(FIRST_PORT, 65535));
        bound = m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    }
    if (bound != 0)
    {
        m_socket->Bind();
    }
    m_socket->SetRecvCallback(MakeCallback(&DnsExchange::OnDatagram, this));
    m_socket->SetAttribute("IcmpCallback", CallbackValue(MakeCallback(&DnsExchange::OnIcmp, this)));
    const auto bytes = DnsCodec::Encode(m_query);
    const auto sent = m_socket->SendTo(Create<Packet>(bytes.data(), bytes.size()),
                                       0,
                                       InetSocketAddress(m_server));
    if (sent < 0)
    {
        // No route; not from within, as nobody expects an end so soon.
        m_timer = Simulator::ScheduleNow(&DnsExchange::Finish,
                                         this,
                                         DnsOutcome::Unreachable,
                                         DnsMessage());
        return;
    }
    m_timer = Simulator::Schedule(m_limits.udp, &DnsExchange::OnTimeout, this);
}

void
DnsExchange::Cancel()
{
    m_timer.Remove();
    if (m_socket)
    {
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->SetAttribute(
            "IcmpCallback",
            CallbackValue(
                MakeNullCallback<void, Ipv4Address, uint8_t, uint8_t, uint8_t, uint32_t>()));
        m_socket->Close();
        m_socket = nullptr;
    }
    if (m_stream)
    {
        m_stream->Close();
        m_stream = nullptr;
    }
    m_onDone = DoneCallback();
    m_onDrop = DropCallback();
}

bool
DnsExchange::HasUsedTcp() const
{
    return m_usedTcp;
}

void
DnsExchange::OnDatagram(Ptr<Socket> socket)
{
    const Ptr<DnsExchange> self(this);
    Address from;
    while (const auto packet = socket->RecvFrom(from))
    {
        const auto address = InetSocketAddress::ConvertFrom(from);
        if (address.GetIpv4() != m_server.GetIpv4() || address.GetPort() != m_server.GetPort())
        {
            m_onDrop(DnsDropReason::WrongSource, address);
            continue;
        }
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), bytes.size());
        DnsMessage response;
        if (!Accept(bytes, response))
        {
            continue;
        }
        if (response.isTruncated)
        {
            StartTcp();
            return;
        }
        Finish(DnsOutcome::Answered, response);
        return;
    }
}

bool
DnsExchange::Accept(const std::vector<uint8_t>& bytes, DnsMessage& response)
{
    auto decoded = DnsCodec::Decode(bytes.data(), bytes.size());
    if (!decoded.message)
    {
        m_onDrop(DnsDropReason::Malformed, m_server);
        return false;
    }
    response = *decoded.message;
    const auto& mine = m_query.edns ? m_query.edns->clientSubnet : std::nullopt;
    const auto& theirs = response.edns ? response.edns->clientSubnet : std::nullopt;
    // A server that understood nothing cannot repeat the question.
    const bool isBare = response.questions.empty() && response.rcode == DnsRcode::FormatError;
    if (!response.isResponse)
    {
        m_onDrop(DnsDropReason::NotAResponse, m_server);
    }
    else if (response.id != m_query.id)
    {
        m_onDrop(DnsDropReason::WrongId, m_server);
    }
    else if (!isBare && response.questions != m_query.questions)
    {
        m_onDrop(DnsDropReason::WrongQuestion, m_server);
    }
    else if (theirs &&
             !(mine && mine->isIpv6 == theirs->isIpv6 &&
               mine->sourcePrefix == theirs->sourcePrefix && mine->address == theirs->address))
    {
        m_onDrop(DnsDropReason::WrongSubnet, m_server);
    }
    else
    {
        return true;
    }
    return false;
}

void
DnsExchange::OnIcmp(Ipv4Address /* source */,
                    uint8_t /* ttl */,
                    uint8_t type,
                    uint8_t /* code */,
                    uint32_t /* info */)
{
    if (type == ICMP_UNREACHABLE && m_timer.IsPending())
    {
        m_timer.Remove();
        m_timer = Simulator::ScheduleNow(&DnsExchange::Finish,
                                         this,
                                         DnsOutcome::Unreachable,
                                         DnsMessage());
    }
}

void
DnsExchange::StartTcp()
{
    m_usedTcp = true;
    m_timer.Remove();
    m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    m_timer = Simulator::Schedule(m_limits.tcp, &DnsExchange::OnTimeout, this);
    const auto socket = TcpPresetSocketFactory::CreateOn(m_node);
    socket->Bind();
    if (socket->Connect(m_server) != 0)
    {
        m_timer.Remove();
        m_timer =
            Simulator::ScheduleNow(&DnsExchange::Finish, this, DnsOutcome::TcpFailed, DnsMessage());
        return;
    }
    m_stream = Create<DnsStream>(Create<TcpByteStream>(socket),
                                 MakeCallback(&DnsExchange::OnTcpMessage, this),
                                 MakeCallback(&DnsExchange::OnTcpEnd, this));
    m_stream->Start();
    m_stream->Send(DnsCodec::Encode(m_query));
}

void
DnsExchange::OnTcpMessage(const std::vector<uint8_t>& message)
{
    const Ptr<DnsExchange> self(this);
    DnsMessage response;
    if (Accept(message, response))
    {
        Finish(DnsOutcome::Answered, response);
    }
}

void
DnsExchange::OnTcpEnd()
{
    Finish(DnsOutcome::TcpFailed);
}

void
DnsExchange::OnTimeout()
{
    Finish(m_usedTcp ? DnsOutcome::TcpFailed : DnsOutcome::TimedOut);
}

void
DnsExchange::Finish(DnsOutcome outcome, const DnsMessage& response)
{
    const Ptr<DnsExchange> self(this);
    const auto done = m_onDone;
    Cancel();
    if (!done.IsNull())
    {
        done(outcome, response);
    }
}

} // namespace azure
} // namespace ns3
