/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How an instance opens and accepts streams; the rest is in azure-application-gateway-instance.cc.

#include "azure-application-gateway-instance.h"
#include "azure-gateway-client-connection.h"
#include "azure-gateway-tls.h"

#include "ns3/azure-tcp-preset.h"
#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Handshakes a second of a compute unit, which is a processor of speed 1 (AG-51).
constexpr double UNIT_HANDSHAKES = 50;

/// How many times more a handshake costs in the SKU Basic (AG-51).
constexpr double BASIC_COST = 5;

/// What a resumed handshake costs of a full one, see TlsCpu.
constexpr double RESUMED_PART = 0.1;

} // namespace

Time
ApplicationGatewayInstance::GetRequestCost() const
{
    const auto tier = m_engine->GetRouter().GetConfiguration().sku.tier;
    return m_requestCost + (tier == ApplicationGatewayTier::WafV2 ? m_firewallCost : Time(0));
}

void
ApplicationGatewayInstance::StartCpu()
{
    const bool needed = m_tls || !GetRequestCost().IsZero();
    if (!needed || m_handshakesPerSecond == 0 || m_cpu)
    {
        return;
    }
    const bool basic =
        m_engine->GetRouter().GetConfiguration().sku.tier == ApplicationGatewayTier::Basic;
    m_cpu = CreateObject<TlsCpu>();
    m_cpu->SetAttribute(
        "Speed",
        DoubleValue(m_handshakesPerSecond / UNIT_HANDSHAKES / (basic ? BASIC_COST : 1)));
    m_cpu->TraceConnectWithoutContext("QueueLength",
                                      MakeCallback(&ApplicationGatewayInstance::HandleQueue, this));
}

void
ApplicationGatewayInstance::HandleQueue(uint32_t before, uint32_t after)
{
    m_queueTrace(before, after);
}

Ptr<TlsConnection>
ApplicationGatewayInstance::AcceptTls(Ptr<TcpByteStream> tcp,
                                      const InetSocketAddress& frontend,
                                      Time limit)
{
    auto tls = Create<TlsConnection>(
        tcp,
        m_tls->MakeServer(IpAddress::From(frontend.GetIpv4()), frontend.GetPort()),
        m_tlsRandom);
    m_totals.handshakes += 1;
    tls->SetCpu(m_cpu);
    tls->SetHandshakeTimeout(limit);
    return tls;
}

void
ApplicationGatewayInstance::NoteHandshake(const TlsHandshakeRecord& record,
                                          const InetSocketAddress& client,
                                          const InetSocketAddress& frontend,
                                          GatewayRequest* request)
{
    if (record.outcome != TlsOutcome::Established)
    {
        NoteDrop(frontend, client, GatewayDropReason::TlsFailed);
    }
    else
    {
        ++m_handshakes;
        m_totals.handshakes -= record.agreement.resumed ? 1 - RESUMED_PART : 0;
        if (request)
        {
            m_tls->Complete(record.agreement, *request);
        }
    }
    m_handshakeTrace(record);
}

uint64_t
ApplicationGatewayInstance::TakeTurn(const Callback<void>& done)
{
    ++m_totals.requests;
    const auto cost = GetRequestCost();
    return m_cpu && !cost.IsZero() ? m_cpu->SubmitWork(cost, done) : 0;
}

void
ApplicationGatewayInstance::CancelTurn(uint64_t turn)
{
    if (turn > 0 && m_cpu)
    {
        m_cpu->Cancel(turn);
    }
}

bool
ApplicationGatewayInstance::HandleAttempt(Ptr<Socket> listener, const Address& from)
{
    if (m_connectionsPerSecond == 0)
    {
        return true;
    }
    const bool basic =
        m_engine->GetRouter().GetConfiguration().sku.tier == ApplicationGatewayTier::Basic;
    const double rate = m_connectionsPerSecond / (basic ? BASIC_COST : 1);
    const auto passed = (Simulator::Now() - m_allowanceAt).GetSeconds();
    m_allowance = std::min(rate, m_allowance + rate * passed);
    m_allowanceAt = Simulator::Now();
    if (m_allowance >= 1)
    {
        m_allowance -= 1;
        return true;
    }
    Address local;
    listener->GetSockName(local);
    ++m_drops[GatewayDropReason::ConnectionRate];
    m_dropTrace(InetSocketAddress::ConvertFrom(local),
                InetSocketAddress::ConvertFrom(from),
                GatewayDropReason::ConnectionRate);
    return false;
}

bool
ApplicationGatewayInstance::AcceptsCertificate(const TlsAgreement& agreement,
                                               const InetSocketAddress& frontend) const
{
    return m_tls->AcceptsCertificate(agreement,
                                     IpAddress::From(frontend.GetIpv4()),
                                     frontend.GetPort());
}

ApplicationGatewayInstance::BackendKey
ApplicationGatewayInstance::MakeBackendKey(const GatewayVerdict& verdict) const
{
    const auto& settings = m_engine->GetRouter().GetConfiguration().backendHttpSettingsCollection;
    const bool secure = verdict.backendProtocol == ApplicationGatewayProtocol::Https;
    return {*verdict.route.setting,
            verdict.tried.back(),
            secure ? GatewayTls::GetServerName(settings[*verdict.route.setting],
                                               verdict.backendRequest.fields.Get("Host"))
                   : ""};
}

Ptr<GatewayBackendConnection>
ApplicationGatewayInstance::TakeBackend(GatewayBackendPool& pool,
                                        const GatewayVerdict& verdict,
                                        const BackendKey& key) const
{
    const auto isThere = [&](const GatewayBackendConnection& connection) {
        const auto now = FindMember(verdict.member, verdict.backendPort);
        return now && now->GetIpv4() == connection.GetRemote().GetIpv4();
    };
    auto connection = pool.Take(key);
    while (connection && !verdict.member.fqdn.empty() && !isThere(*connection))
    {
        CloseStream(*connection->GetStream());
        connection = pool.Take(key);
    }
    return connection;
}

Ptr<GatewayBackendConnection>
ApplicationGatewayInstance::ConnectBackend(const GatewayVerdict& verdict, const BackendKey& key)
{
    const auto remote = FindMember(verdict.member, verdict.backendPort);
    if (!remote)
    {
        return nullptr;
    }
    std::shared_ptr<const TlsClientConfiguration> tls;
    if (verdict.backendProtocol == ApplicationGatewayProtocol::Https)
    {
        const auto& [setting, member, serverName] = key;
        tls = m_tls->MakeClient(setting, member, serverName);
    }
    InetSocketAddress own(Ipv4Address::GetAny(), 0);
    const auto stream = OpenStream(*remote, tls, "", own);
    return stream ? Create<GatewayBackendConnection>(key, stream, own, *remote, m_maxHeadBytes)
                  : nullptr;
}

Ptr<ByteStream>
ApplicationGatewayInstance::ConnectSession(const GatewaySessionVerdict& verdict,
                                           const std::string& line,
                                           InetSocketAddress& local,
                                           InetSocketAddress& remote)
{
    const auto found = FindMember(verdict.member, verdict.backendPort);
    if (!found)
    {
        return nullptr;
    }
    remote = *found;
    return OpenStream(
        remote,
        verdict.backendTls
            ? m_tls->MakeClient(*verdict.route.setting, verdict.memberText, verdict.serverName)
            : nullptr,
        line,
        local);
}

Ptr<ByteStream>
ApplicationGatewayInstance::OpenStream(const InetSocketAddress& remote,
                                       const std::shared_ptr<const TlsClientConfiguration>& tls,
                                       const std::string& line,
                                       InetSocketAddress& local)
{
    auto socket = TcpPresetSocketFactory::CreateOn(GetNode());
    socket->SetAttribute("MaxSegLifetime", DoubleValue(m_timeWait.GetSeconds() / 2));
    if (socket->Bind() != 0)
    {
        return nullptr; // all ports are in use
    }
    auto tcp = Create<TcpByteStream>(socket);
    Ptr<ByteStream> stream = tcp;
    if (tls)
    {
        stream = Create<TlsConnection>(tcp, tls, m_tlsRandom);
    }
    stream->Start();
    if (socket->Connect(remote) != 0)
    {
        stream->Vanish();
        return nullptr;
    }
    if (!line.empty())
    {
        // TCP keeps it until the connection is there.
        socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(line.data()),
                                    static_cast<uint32_t>(line.size())),
                     0);
    }
    ++m_backendsOpened;
    local = tcp->GetLocal();
    m_backendTrace(local, remote);
    return stream;
}

GatewayTotals
ApplicationGatewayInstance::GetTotals() const
{
    auto totals = m_totals;
    for (const auto& [key, connection] : m_clients)
    {
        totals.bytesReceived += connection->GetTcp().GetBytesReceived();
        totals.bytesSent += connection->GetTcp().GetBytesSent();
    }
    return totals;
}

uint64_t
ApplicationGatewayInstance::GetHandshakeCount() const
{
    return m_handshakes;
}

uint32_t
ApplicationGatewayInstance::GetHandshakeQueueLength() const
{
    return m_cpu ? m_cpu->GetQueueLength() : 0;
}

int64_t
ApplicationGatewayInstance::AssignStreams(int64_t stream)
{
    if (!m_tlsRandom)
    {
        return 0;
    }
    m_tlsRandom->SetStream(stream);
    return 1;
}

} // namespace azure
} // namespace ns3
