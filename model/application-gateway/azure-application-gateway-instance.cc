/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-instance.h"

#include "azure-gateway-client-connection.h"
#include "azure-gateway-session.h"
#include "azure-gateway-tls.h"

#include "ns3/abort.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureApplicationGatewayInstance");

NS_OBJECT_ENSURE_REGISTERED(ApplicationGatewayInstance);

std::string
ToString(GatewayDropReason reason)
{
    switch (reason)
    {
    case GatewayDropReason::TooManyConnections:
        return "too-many-connections";
    case GatewayDropReason::ConnectionRate:
        return "connection-rate";
    case GatewayDropReason::TlsFailed:
        return "tls-failed";
    case GatewayDropReason::NoListener:
        return "no-listener";
    case GatewayDropReason::NoMember:
        return "no-member";
    case GatewayDropReason::Count:
        break;
    }
    return "unknown";
}

TypeId
ApplicationGatewayInstance::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::ApplicationGatewayInstance")
            .SetParent<Application>()
            .SetGroupName("Azure")
            .AddConstructor<ApplicationGatewayInstance>()
            .AddAttribute("KeepAliveTimeout",
                          "How long a client's idle connection may wait for a request (AG-32); "
                          "v1 had 120 s.",
                          TimeValue(Seconds(75)),
                          MakeTimeAccessor(&ApplicationGatewayInstance::m_keepAliveTimeout),
                          MakeTimeChecker(TimeStep(1)))
            .AddAttribute("RequestTimeout",
                          "How long the head of a request may take to arrive, and how long its "
                          "body may pause, before the client gets 408 (AG-35).",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&ApplicationGatewayInstance::m_requestTimeout),
                          MakeTimeChecker(TimeStep(1)))
            .AddAttribute("SendTimeout",
                          "How long a client may take nothing of its response before it is reset; "
                          "as the idle timeout of a public frontend (AG-33).",
                          TimeValue(Minutes(4)),
                          MakeTimeAccessor(&ApplicationGatewayInstance::m_sendTimeout),
                          MakeTimeChecker(TimeStep(1)))
            .AddAttribute("BackendIdleTimeout",
                          "How long an idle connection to a member is kept for the next request "
                          "(AG-24); Azure does not say.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&ApplicationGatewayInstance::m_backendIdleTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute(
                "MaxIdleBackendConnections",
                "Idle connections kept for each member and backend setting; 0: none.",
                UintegerValue(256),
                MakeUintegerAccessor(&ApplicationGatewayInstance::m_maxIdleBackendConnections),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute("RequestBufferSize",
                          "Bytes of a request's body that are stored with request buffering "
                          "(AG-28); beyond, they go to the member as they come.",
                          UintegerValue(1048576),
                          MakeUintegerAccessor(&ApplicationGatewayInstance::m_requestBufferSize),
                          MakeUintegerChecker<uint64_t>(1))
            .AddAttribute("ResponseBufferSize",
                          "Bytes of a response's body that are read ahead of the client with "
                          "response buffering (AG-28).",
                          UintegerValue(1048576),
                          MakeUintegerAccessor(&ApplicationGatewayInstance::m_responseBufferSize),
                          MakeUintegerChecker<uint64_t>(1))
            .AddAttribute("StreamBufferSize",
                          "Bytes of a body that are held in a direction without buffering, and "
                          "of a session at layer 4 in each direction.",
                          UintegerValue(65536),
                          MakeUintegerAccessor(&ApplicationGatewayInstance::m_streamBufferSize),
                          MakeUintegerChecker<uint64_t>(1))
            .AddAttribute("MaxHeadSize",
                          "Bytes of a request's or response's head (AG-63); a client that sends "
                          "more gets 431.",
                          UintegerValue(32768),
                          MakeUintegerAccessor(&ApplicationGatewayInstance::m_maxHeadBytes),
                          MakeUintegerChecker<uint32_t>(64))
            .AddAttribute("MaxConnections",
                          "Clients' connections that are open at a time, further ones are reset; "
                          "0: no bound.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&ApplicationGatewayInstance::m_maxConnections),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("TimeWait",
                          "How long a connection that the instance closed first stays in "
                          "TIME_WAIT; see the attribute of HttpServer.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&ApplicationGatewayInstance::m_timeWait),
                          MakeTimeChecker(Time(0)))
            .AddAttribute(
                "HandshakesPerSecond",
                "Full handshakes of TLS with RSA 2048 that the instance can do, one after the "
                "other; ten compute units of 50 (AG-51), in the SKU Basic a fifth of it; resumed "
                "ones cost a tenth; 0: no limit.",
                DoubleValue(500),
                MakeDoubleAccessor(&ApplicationGatewayInstance::m_handshakesPerSecond),
                MakeDoubleChecker<double>(0))
            .AddAttribute(
                "ConnectionsPerSecond",
                "Attempts to connect that are answered, on average since the last second without "
                "any; others are not (AG-54: 62,500 of 125 instances), and clients repeat them; in "
                "the SKU Basic a fifth of it; 0: no limit.",
                DoubleValue(500),
                MakeDoubleAccessor(&ApplicationGatewayInstance::m_connectionsPerSecond),
                MakeDoubleChecker<double>(0))
            .AddAttribute("RequestCost",
                          "Processor time of each request at one compute unit; requests wait for "
                          "it as handshakes do, with HandshakesPerSecond / 50 units at work. Azure "
                          "gives no figure.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&ApplicationGatewayInstance::m_requestCost),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("FirewallCost",
                          "What the SKU WAF_v2 adds to it: ten requests a second of a compute unit "
                          "(AG-51).",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&ApplicationGatewayInstance::m_firewallCost),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Exchange",
                            "A request was answered, or given up.",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_exchangeTrace),
                            "ns3::azure::ApplicationGatewayInstance::ExchangeCallback")
            .AddTraceSource("Session",
                            "A connection at layer 4 is over (AG-59).",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_sessionTrace),
                            "ns3::azure::ApplicationGatewayInstance::SessionCallback")
            .AddTraceSource("ConnectionAccepted",
                            "A client has connected.",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_acceptedTrace),
                            "ns3::azure::ApplicationGatewayInstance::AcceptedCallback")
            .AddTraceSource("Drop",
                            "A client's connection was cut before its first request, or its "
                            "attempt was ignored.",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_dropTrace),
                            "ns3::azure::ApplicationGatewayInstance::DropCallback")
            .AddTraceSource("BackendConnection",
                            "A connection to a member was begun.",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_backendTrace),
                            "ns3::azure::ApplicationGatewayInstance::BackendConnectionCallback")
            .AddTraceSource("PoolChange",
                            "New requests reach other members than before.",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_poolChangeTrace),
                            "ns3::azure::ApplicationGatewayInstance::PoolChangeCallback")
            .AddTraceSource("TlsHandshake",
                            "A handshake of TLS with a client is over, or has failed.",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_handshakeTrace),
                            "ns3::azure::TlsHandshakeRecord::TracedCallback")
            .AddTraceSource("HandshakeQueue",
                            "Handshakes and requests that wait for the processor or are worked "
                            "on (AG-51).",
                            MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_queueTrace),
                            "ns3::TracedValueCallback::Uint32")
            .AddTraceSource(
                "Connections",
                "Clients' connections that are open (AG-61).",
                MakeTraceSourceAccessor(&ApplicationGatewayInstance::m_connectionsTrace),
                "ns3::TracedValueCallback::Uint32");
    return tid;
}

ApplicationGatewayInstance::ApplicationGatewayInstance()
    : m_backendPool(std::make_unique<GatewayBackendPool>())
{
}

ApplicationGatewayInstance::~ApplicationGatewayInstance() = default;

void
ApplicationGatewayInstance::DoDispose()
{
    Crash();
    for (auto& [key, listener] : std::exchange(m_listeners, {}))
    {
        listener->Vanish();
    }
    m_resolver = nullptr;
    m_probeChanges.clear();
    if (m_probes)
    {
        m_probes->Dispose();
        m_probes = nullptr;
    }
    if (m_cpu)
    {
        m_cpu->Dispose();
        m_cpu = nullptr;
    }
    // Whoever listens may hold this.
    m_handshakeTrace = {};
    m_queueTrace = {};
    m_connectionsTrace = {};
    m_exchangeTrace = {};
    m_sessionTrace = {};
    m_acceptedTrace = {};
    m_dropTrace = {};
    m_backendTrace = {};
    m_poolChangeTrace = {};
    Application::DoDispose();
}

void
ApplicationGatewayInstance::SetEngine(std::unique_ptr<ApplicationGatewayEngine> engine,
                                      uint32_t index)
{
    NS_ASSERT_MSG(!m_engine && engine, "one engine, once");
    m_engine = std::move(engine);
    m_index = index;
    if (GatewayTls::IsNeeded(m_engine->GetRouter().GetConfiguration()))
    {
        m_tls = std::make_unique<GatewayTls>(m_engine->ShareRouter());
        m_tlsRandom = CreateObject<UniformRandomVariable>();
    }
}

ApplicationGatewayEngine&
ApplicationGatewayInstance::GetEngine()
{
    NS_ASSERT_MSG(m_engine, "SetEngine() first");
    return *m_engine;
}

uint32_t
ApplicationGatewayInstance::GetIndex() const
{
    return m_index;
}

void
ApplicationGatewayInstance::SetResolver(const Resolver& resolver)
{
    m_resolver = resolver;
}

void
ApplicationGatewayInstance::SetProbes(Ptr<GatewayProbes> probes, const std::string& name)
{
    NS_ASSERT_MSG(!m_running, "before the start");
    m_probes = probes;
    m_probeName = name;
}

Ptr<GatewayProbes>
ApplicationGatewayInstance::GetProbes() const
{
    return m_probes;
}

void
ApplicationGatewayInstance::StartProbes()
{
    if (!m_probes)
    {
        return;
    }
    m_probes->SetVerdictCallback(MakeCallback(&ApplicationGatewayInstance::HandleVerdict, this));
    m_probes->Start(GetNode(), m_engine->ShareRouter(), m_probeName);
    ResolveAll();
    for (const auto& change : m_probeChanges)
    {
        change();
    }
}

void
ApplicationGatewayInstance::ChangeProbes(const std::function<void()>& change)
{
    if (!m_probes)
    {
        return;
    }
    // Kept, as the probes forget everything when they stop.
    m_probeChanges.push_back(change);
    if (m_running)
    {
        change();
    }
}

void
ApplicationGatewayInstance::StopProbes()
{
    if (m_probes)
    {
        m_probes->Stop();
    }
}

void
ApplicationGatewayInstance::HandleVerdict(uint32_t setting, std::string member, bool healthy)
{
    SetHealthy(setting, member, healthy);
}

void
ApplicationGatewayInstance::ResolveAll()
{
    for (const auto& pool : m_engine->GetRouter().GetConfiguration().backendAddressPools)
    {
        for (const auto& address : pool.backendAddresses)
        {
            Resolve(address);
        }
    }
}

void
ApplicationGatewayInstance::Resolve(const ApplicationGatewayBackendAddress& address)
{
    if (!m_probes || address.fqdn.empty() || !m_resolver)
    {
        return;
    }
    const auto found = m_resolver(address.fqdn);
    if (found && found->IsIpv4())
    {
        m_probes->SetResolved(address.fqdn, found->ToIpv4());
    }
}

std::vector<Ptr<GatewayFrontConnection>>
ApplicationGatewayInstance::CopyConnections() const
{
    std::vector<Ptr<GatewayFrontConnection>> connections;
    for (const auto& [key, connection] : m_clients)
    {
        connections.push_back(connection);
    }
    return connections;
}

void
ApplicationGatewayInstance::HandleAccept(Ptr<Socket> socket, const Address& from)
{
    const auto client = InetSocketAddress::ConvertFrom(from);
    Address local;
    socket->GetSockName(local);
    const auto frontend = InetSocketAddress::ConvertFrom(local);
    auto connection = DynamicCast<AbortableTcpSocket>(socket);
    if (m_maxConnections > 0 && m_clients.size() >= m_maxConnections)
    {
        connection->Abort();
        NoteDrop(frontend, client, GatewayDropReason::TooManyConnections);
        return;
    }
    NS_LOG_INFO("instance " << m_index << ": " << client.GetIpv4() << ":" << client.GetPort()
                            << " has connected");
    const auto key = m_nextClient++;
    const auto stream = Create<TcpByteStream>(connection);
    const auto address = IpAddress::From(frontend.GetIpv4());
    const auto& sessions = m_engine->GetRouter().GetSessions().GetListeners();
    const bool secure = m_tls && m_tls->IsSecure(address, frontend.GetPort());
    Ptr<GatewayFrontConnection> entry;
    if (sessions.IsListening(address, frontend.GetPort()))
    {
        entry = Create<GatewaySession>(*this, key, stream, client, frontend, secure);
    }
    else
    {
        entry = Create<GatewayClientConnection>(*this, key, stream, client, frontend, secure);
    }
    m_clients[key] = entry;
    ++m_totals.connections;
    m_connectionsTrace(GetConnectionCount() - 1, GetConnectionCount());
    m_acceptedTrace(frontend, client);
    entry->Start();
}

void
ApplicationGatewayInstance::NoteDrop(const InetSocketAddress& frontend,
                                     const InetSocketAddress& client,
                                     GatewayDropReason reason)
{
    ++m_drops[reason];
    m_dropTrace(frontend, client, reason);
}

std::optional<InetSocketAddress>
ApplicationGatewayInstance::FindMember(const ApplicationGatewayBackendAddress& member,
                                       uint16_t port) const
{
    auto address = member.ipAddress;
    if (!member.fqdn.empty())
    {
        const auto found = m_resolver ? m_resolver(member.fqdn) : std::nullopt;
        address = found.value_or(IpAddress());
    }
    if (!address.IsIpv4())
    {
        return std::nullopt;
    }
    return InetSocketAddress(address.ToIpv4(), port);
}

void
ApplicationGatewayInstance::Rest(GatewayBackendPool& pool,
                                 Ptr<GatewayBackendConnection> connection) const
{
    const bool kept = !m_backendIdleTimeout.IsZero();
    pool.Put(connection,
             Simulator::Now() + m_backendIdleTimeout,
             kept ? m_maxIdleBackendConnections : 0);
}

void
ApplicationGatewayInstance::Report(GatewayExchangeRecord& record)
{
    ++m_exchanges;
    record.instance = m_index;
    record.node = GetNode()->GetId();
    NS_LOG_INFO("instance " << m_index << ": " << record.method << " " << record.target << " "
                            << record.status << " " << ToString(record.end));
    m_exchangeTrace(record);
}

void
ApplicationGatewayInstance::ReportSession(GatewaySessionRecord& record)
{
    ++m_sessions;
    record.instance = m_index;
    record.node = GetNode()->GetId();
    NS_LOG_INFO("instance " << m_index << ": session of " << record.client.GetIpv4() << ":"
                            << record.client.GetPort() << " with " << record.member << " "
                            << ToString(record.end));
    m_sessionTrace(record);
}

void
ApplicationGatewayInstance::Remove(GatewayFrontConnection& connection)
{
    if (m_clients.erase(connection.GetKey()) > 0)
    {
        m_totals.bytesReceived += connection.GetTcp().GetBytesReceived();
        m_totals.bytesSent += connection.GetTcp().GetBytesSent();
        m_connectionsTrace(GetConnectionCount() + 1, GetConnectionCount());
    }
}

BackendPoolChange
ApplicationGatewayInstance::Apply(BackendPoolChange change)
{
    if (!change.IsEmpty())
    {
        m_poolChangeTrace(change);
    }
    for (const auto& drain : change.drains)
    {
        m_backendPool->Close(drain.setting, drain.member);
        for (auto& connection : CopyConnections())
        {
            connection->Drain(drain);
        }
    }
    return change;
}

BackendPoolChange
ApplicationGatewayInstance::SetHealthy(uint32_t setting, const std::string& member, bool healthy)
{
    return Apply(GetEngine().SetHealthy(setting, member, healthy));
}

BackendPoolChange
ApplicationGatewayInstance::SetAllHealthy(bool healthy)
{
    return Apply(GetEngine().SetAllHealthy(healthy));
}

BackendPoolChange
ApplicationGatewayInstance::AddMember(uint32_t pool,
                                      const ApplicationGatewayBackendAddress& address)
{
    auto change = GetEngine().AddMember(pool, address);
    if (change.error.empty())
    {
        ChangeProbes([this, pool, address] {
            m_probes->AddMember(pool, address);
            Resolve(address);
        });
    }
    return Apply(std::move(change));
}

BackendPoolChange
ApplicationGatewayInstance::RemoveMember(uint32_t pool, const std::string& member)
{
    auto change = GetEngine().RemoveMember(pool, member, Simulator::Now());
    if (change.error.empty())
    {
        ChangeProbes([this, pool, member] { m_probes->RemoveMember(pool, member); });
    }
    return Apply(std::move(change));
}

uint32_t
ApplicationGatewayInstance::GetConnectionCount() const
{
    return static_cast<uint32_t>(m_clients.size());
}

uint32_t
ApplicationGatewayInstance::GetIdleBackendConnectionCount() const
{
    return m_backendPool->GetSize();
}

uint64_t
ApplicationGatewayInstance::GetBackendConnectionsOpened() const
{
    return m_backendsOpened;
}

uint64_t
ApplicationGatewayInstance::GetExchangeCount() const
{
    return m_exchanges;
}

uint64_t
ApplicationGatewayInstance::GetSessionCount() const
{
    return m_sessions;
}

uint64_t
ApplicationGatewayInstance::GetDropCount(GatewayDropReason reason) const
{
    const auto found = m_drops.find(reason);
    return found == m_drops.end() ? 0 : found->second;
}

bool
ApplicationGatewayInstance::IsAccepting() const
{
    return m_running;
}

GatewayBackendPool&
ApplicationGatewayInstance::GetBackendPool()
{
    return *m_backendPool;
}

uint64_t
ApplicationGatewayInstance::GetRequestCapacity() const
{
    const auto& global = m_engine->GetRouter().GetConfiguration().globalConfiguration;
    return global.enableRequestBuffering ? m_requestBufferSize : m_streamBufferSize;
}

uint64_t
ApplicationGatewayInstance::GetResponseCapacity() const
{
    const auto& global = m_engine->GetRouter().GetConfiguration().globalConfiguration;
    return global.enableResponseBuffering ? m_responseBufferSize : m_streamBufferSize;
}

uint64_t
ApplicationGatewayInstance::GetStreamCapacity() const
{
    return m_streamBufferSize;
}

uint32_t
ApplicationGatewayInstance::GetMaxHeadBytes() const
{
    return m_maxHeadBytes;
}

Time
ApplicationGatewayInstance::GetKeepAliveTimeout() const
{
    return m_keepAliveTimeout;
}

Time
ApplicationGatewayInstance::GetRequestTimeout() const
{
    return m_requestTimeout;
}

Time
ApplicationGatewayInstance::GetSendTimeout() const
{
    return m_sendTimeout;
}

} // namespace azure
} // namespace ns3
