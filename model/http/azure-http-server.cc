/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-server.h"

#include "azure-http-server-connection.h"

#include "ns3/azure-tcp-preset.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/names.h"
#include "ns3/node.h"
#include "ns3/object-map.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureHttpServer");

NS_OBJECT_ENSURE_REGISTERED(HttpServer);

TypeId
HttpServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::HttpServer")
            .SetParent<Application>()
            .SetGroupName("Azure")
            .AddConstructor<HttpServer>()
            .AddAttribute("Port",
                          "TCP port to listen on; 0: only the ports of AddPort().",
                          UintegerValue(80),
                          MakeUintegerAccessor(&HttpServer::m_port),
                          MakeUintegerChecker<uint16_t>())
            .AddAttribute("ServerName",
                          "Name in the X-Served-By field; empty: the name of the node.",
                          StringValue(""),
                          MakeStringAccessor(&HttpServer::m_name),
                          MakeStringChecker())
            .AddAttribute("ResponseSize",
                          "Body of a response, in bytes; rounded, negative is 0.",
                          StringValue("ns3::ConstantRandomVariable[Constant=1024]"),
                          MakePointerAccessor(&HttpServer::m_size),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("ServiceTime",
                          "Time from a complete request to its answer, in seconds; negative is 0.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&HttpServer::m_serviceTime),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("MaxConcurrency",
                          "Requests in service at a time, others wait in order; 0: no bound.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&HttpServer::m_maxConcurrency),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("KeepAlive",
                          "Whether a connection may carry several requests.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&HttpServer::m_keepAlive),
                          MakeBooleanChecker())
            .AddAttribute("KeepAliveTimeout",
                          "How long a connection may wait for a request; 0: for ever.",
                          TimeValue(Seconds(75)),
                          MakeTimeAccessor(&HttpServer::m_keepAliveTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("RequestTimeout",
                          "How long a request may take to arrive, else it gets 408; 0: for ever.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&HttpServer::m_requestTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Chunked",
                          "Send bodies in chunks to HTTP/1.1 clients, instead of Content-Length.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&HttpServer::m_chunked),
                          MakeBooleanChecker())
            .AddAttribute("TimeWait",
                          "How long a connection closed by the server stays in TIME_WAIT. Linux "
                          "has 60 s but takes a new SYN in that state, which ns-3 ignores; and "
                          "every such socket slows ns-3's look-up of all others.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&HttpServer::m_timeWait),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaxHeadSize",
                          "Bytes of a request head; a larger one gets 431.",
                          UintegerValue(32768),
                          MakeUintegerAccessor(&HttpServer::m_maxHeadBytes),
                          MakeUintegerChecker<uint32_t>(64))
            .AddTraceSource("StateTransition",
                            "The server went from one state to another.",
                            MakeTraceSourceAccessor(&HttpServer::m_stateTrace),
                            "ns3::Application::StateTransitionCallback")
            .AddTraceSource("RequestReceived",
                            "A request has arrived in full.",
                            MakeTraceSourceAccessor(&HttpServer::m_receivedTrace),
                            "ns3::azure::HttpServer::RequestCallback")
            .AddTraceSource("Served",
                            "A request was answered, or given up when its connection ended.",
                            MakeTraceSourceAccessor(&HttpServer::m_servedTrace),
                            "ns3::azure::HttpServer::ServedCallback")
            .AddTraceSource("ConnectionAccepted",
                            "A connection was accepted.",
                            MakeTraceSourceAccessor(&HttpServer::m_acceptedTrace),
                            "ns3::azure::HttpServer::AcceptedCallback");
    return tid;
}

HttpServer::HttpServer() = default;

HttpServer::~HttpServer() = default;

void
HttpServer::DoDispose()
{
    LoseConnections();
    for (auto& [port, listener] : m_listeners)
    {
        listener->Vanish();
    }
    m_listeners.clear();
    Application::DoDispose();
}

void
HttpServer::AddPort(uint16_t port)
{
    m_ports.insert(port);
    bool listening = m_state == HttpServerState::Serving || m_state == HttpServerState::Hung ||
                     m_state == HttpServerState::Crashed;
    if (listening)
    {
        Listen(port);
    }
}

void
HttpServer::AddTlsPort(uint16_t port, std::shared_ptr<const TlsServerConfiguration> tls)
{
    m_tls[port] = tls;
    if (!m_tlsRandom)
    {
        m_tlsRandom = CreateObject<UniformRandomVariable>();
    }
    AddPort(port);
}

void
HttpServer::SetPathResponse(const std::string& path, const HttpPathResponse& response)
{
    m_paths[path] = response;
}

void
HttpServer::InjectFault(const HttpServerFault& fault)
{
    switch (fault.kind)
    {
    case HttpServerFaultKind::Slow:
        m_extraDelay = Max(fault.delay, Time(0));
        break;
    case HttpServerFaultKind::Status:
        m_forcedStatus[fault.path] = fault.status;
        break;
    default:
        m_faults.insert(fault.kind);
        UpdateState();
    }
}

void
HttpServer::ClearFault(HttpServerFaultKind kind)
{
    switch (kind)
    {
    case HttpServerFaultKind::Slow:
        m_extraDelay = Time(0);
        break;
    case HttpServerFaultKind::Status:
        m_forcedStatus.clear();
        break;
    default:
        m_faults.erase(kind);
        UpdateState();
    }
}

void
HttpServer::ClearFaults()
{
    m_extraDelay = Time(0);
    m_forcedStatus.clear();
    m_faults.clear();
    UpdateState();
}

HttpServerState
HttpServer::GetState() const
{
    return m_state;
}

std::string
HttpServer::GetStateName(HttpServerState state)
{
    switch (state)
    {
    case HttpServerState::NotStarted:
        return "NotStarted";
    case HttpServerState::Serving:
        return "Serving";
    case HttpServerState::Hung:
        return "Hung";
    case HttpServerState::Refusing:
        return "Refusing";
    case HttpServerState::Crashed:
        return "Crashed";
    case HttpServerState::Stopped:
        return "Stopped";
    }
    return "Unknown";
}

std::string
HttpServer::GetServerName() const
{
    if (!m_name.empty())
    {
        return m_name;
    }
    auto name = Names::FindName(GetNode());
    return name.empty() ? "node-" + std::to_string(GetNode()->GetId()) : name;
}

uint32_t
HttpServer::GetConnectionCount() const
{
    return static_cast<uint32_t>(m_connections.size());
}

uint64_t
HttpServer::GetServedCount() const
{
    return m_served;
}

int64_t
HttpServer::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    m_size->SetStream(next++);
    m_serviceTime->SetStream(next++);
    if (m_tlsRandom)
    {
        m_tlsRandom->SetStream(next++);
    }
    for (auto& [path, response] : m_paths)
    {
        for (auto& variable : {response.size, response.serviceTime})
        {
            if (variable)
            {
                variable->SetStream(next++);
            }
        }
    }
    return next - stream;
}

void
HttpServer::StartApplication()
{
    if (m_port)
    {
        m_ports.insert(m_port);
    }
    SetState(HttpServerState::Serving);
    for (auto port : m_ports)
    {
        Listen(port);
    }
    UpdateState();
}

void
HttpServer::StopApplication()
{
    if (m_state == HttpServerState::Crashed)
    {
        LoseConnections();
    }
    SetState(HttpServerState::Stopped);
    for (auto& [port, listener] : m_listeners)
    {
        listener->Vanish();
    }
    m_listeners.clear();
    while (!m_connections.empty())
    {
        m_connections.begin()->second->Close();
    }
}

void
HttpServer::Listen(uint16_t port)
{
    if (m_listeners.count(port))
    {
        return;
    }
    auto listener = TcpPresetSocketFactory::CreateOn(GetNode());
    NS_ABORT_MSG_IF(listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port)) != 0,
                    "HttpServer on node " << GetNode()->GetId() << ": port " << port
                                          << " is in use by another application; give one of "
                                             "them another port");
    listener->SetAttribute("MaxSegLifetime", DoubleValue(m_timeWait.GetSeconds() / 2));
    listener->Listen();
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                MakeCallback(&HttpServer::HandleAccept, this));
    listener->SetDeaf(m_state == HttpServerState::Crashed);
    m_listeners[port] = listener;
}

void
HttpServer::UpdateState()
{
    if (m_state == HttpServerState::NotStarted || m_state == HttpServerState::Stopped)
    {
        return;
    }
    auto target = m_faults.count(HttpServerFaultKind::Crash)    ? HttpServerState::Crashed
                  : m_faults.count(HttpServerFaultKind::Refuse) ? HttpServerState::Refusing
                  : m_faults.count(HttpServerFaultKind::Hang)   ? HttpServerState::Hung
                                                                : HttpServerState::Serving;
    if (target == m_state)
    {
        return;
    }
    auto previous = m_state;
    SetState(target);
    if (previous == HttpServerState::Refusing)
    {
        for (auto port : m_ports)
        {
            Listen(port);
        }
    }
    for (auto& [port, listener] : m_listeners)
    {
        listener->SetDeaf(target == HttpServerState::Crashed);
    }
    if (target == HttpServerState::Crashed)
    {
        LoseConnections();
    }
    else if (target == HttpServerState::Refusing)
    {
        for (auto& [port, listener] : m_listeners)
        {
            listener->Vanish();
        }
        m_listeners.clear();
        ResetConnections();
    }
    else if (target == HttpServerState::Serving)
    {
        // A connection may end while it is resumed, so do not iterate over the map itself.
        std::vector<Ptr<HttpServerConnection>> all;
        for (auto& [key, connection] : m_connections)
        {
            all.push_back(connection);
        }
        for (auto& connection : all)
        {
            if (m_connections.count(connection->GetKey()))
            {
                connection->Resume();
            }
        }
    }
}

void
HttpServer::SetState(HttpServerState state)
{
    auto oldName = GetStateName(m_state);
    m_state = state;
    NS_LOG_INFO("node " << GetNode()->GetId() << ": " << oldName << " -> " << GetStateName(state));
    m_stateTrace(oldName, GetStateName(state));
}

std::vector<Ptr<AbortableTcpSocket>>
HttpServer::FindHalfOpen() const
{
    std::vector<Ptr<AbortableTcpSocket>> found;
    auto tcp = GetNode() ? GetNode()->GetObject<TcpL4Protocol>() : nullptr;
    if (!tcp)
    {
        return found;
    }
    ObjectMapValue sockets;
    tcp->GetAttribute("SocketList", sockets);
    for (auto i = sockets.Begin(); i != sockets.End(); ++i)
    {
        auto socket = DynamicCast<AbortableTcpSocket>(i->second);
        if (!socket || socket->GetState() != TcpSocket::SYN_RCVD)
        {
            continue;
        }
        Address local;
        socket->GetSockName(local);
        if (m_ports.count(InetSocketAddress::ConvertFrom(local).GetPort()))
        {
            found.push_back(socket);
        }
    }
    return found;
}

void
HttpServer::LoseConnections()
{
    while (!m_connections.empty())
    {
        m_connections.begin()->second->Vanish();
    }
    for (auto& socket : FindHalfOpen())
    {
        socket->Vanish();
    }
}

void
HttpServer::ResetConnections()
{
    while (!m_connections.empty())
    {
        m_connections.begin()->second->Reset();
    }
    for (auto& socket : FindHalfOpen())
    {
        socket->Abort();
    }
}

void
HttpServer::HandleAccept(Ptr<Socket> socket, const Address& from)
{
    auto accepted = DynamicCast<AbortableTcpSocket>(socket);
    if (m_state == HttpServerState::Crashed || m_state == HttpServerState::Stopped)
    {
        accepted->Vanish();
        return;
    }
    if (m_state == HttpServerState::Refusing)
    {
        accepted->Abort();
        return;
    }
    auto peer = InetSocketAddress::ConvertFrom(from);
    auto connection = Create<HttpServerConnection>(this, m_nextConnection, accepted, peer);
    m_connections[m_nextConnection++] = connection;
    connection->Start();
    Address local;
    accepted->GetSockName(local);
    m_acceptedTrace(InetSocketAddress::ConvertFrom(local), peer);
}

HttpServer::Plan
HttpServer::MakePlan(const HttpRequestHead& head)
{
    auto path = head.GetPath();
    auto size = m_size;
    auto serviceTime = m_serviceTime;
    Plan plan{200, 0, Time(0)};
    auto own = m_paths.find(head.target);
    own = own == m_paths.end() ? m_paths.find(path) : own;
    if (own != m_paths.end())
    {
        plan.status = own->second.status;
        size = own->second.size ? own->second.size : size;
        serviceTime = own->second.serviceTime ? own->second.serviceTime : serviceTime;
    }
    plan.size = HttpBodyBytes(size->GetValue());
    plan.serviceTime = Seconds(std::max(0.0, serviceTime->GetValue())) + m_extraDelay;
    auto forced = m_forcedStatus.find(path);
    if (forced == m_forcedStatus.end())
    {
        forced = m_forcedStatus.find("");
    }
    if (forced != m_forcedStatus.end())
    {
        plan.status = forced->second;
        plan.size = 0;
    }
    return plan;
}

void
HttpServer::RequestService(HttpServerConnection* connection)
{
    if (!m_waiting.empty() || (m_maxConcurrency && m_inService.size() >= m_maxConcurrency))
    {
        m_waiting.push_back(connection);
        AdmitWaiting();
        return;
    }
    m_inService.insert(connection->GetKey());
    connection->BeginService();
}

void
HttpServer::EndService(HttpServerConnection* connection)
{
    if (!m_inService.erase(connection->GetKey()))
    {
        m_waiting.erase(std::remove(m_waiting.begin(), m_waiting.end(), connection),
                        m_waiting.end());
        return;
    }
    AdmitWaiting();
}

void
HttpServer::AdmitWaiting()
{
    // The bound may have been raised or lifted meanwhile.
    while (!m_waiting.empty() && (m_maxConcurrency == 0 || m_inService.size() < m_maxConcurrency))
    {
        auto next = m_waiting.front();
        m_waiting.pop_front();
        m_inService.insert(next->GetKey());
        // Not from within: the one that ends may be in the midst of something.
        Simulator::ScheduleNow(&HttpServer::BeginWaiting, this, next->GetKey());
    }
}

void
HttpServer::BeginWaiting(uint64_t key)
{
    auto connection = m_connections.find(key);
    if (connection != m_connections.end())
    {
        connection->second->BeginService();
    }
}

void
HttpServer::Remove(HttpServerConnection* connection)
{
    m_connections.erase(connection->GetKey());
}

} // namespace azure
} // namespace ns3
