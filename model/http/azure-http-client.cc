/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-client.h"

#include "azure-http-client-connection.h"

#include "ns3/azure-host-resolver.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureHttpClient");

NS_OBJECT_ENSURE_REGISTERED(HttpClient);

TypeId
HttpClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::HttpClient")
            .SetParent<Application>()
            .SetGroupName("Azure")
            .AddConstructor<HttpClient>()
            .AddAttribute("Remote",
                          "Address and port of the server, an InetSocketAddress.",
                          AddressValue(),
                          MakeAddressAccessor(&HttpClient::m_remote),
                          MakeAddressChecker())
            .AddAttribute("RemoteHost",
                          "Host name of the server, looked up before each new connection; empty: "
                          "the address is Remote.",
                          StringValue(""),
                          MakeStringAccessor(&HttpClient::m_remoteHost),
                          MakeStringChecker())
            .AddAttribute("RemotePort",
                          "Port of RemoteHost; 0: 80, with HTTPS 443.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&HttpClient::m_remotePort),
                          MakeUintegerChecker<uint16_t>())
            .AddAttribute("ClientName",
                          "Name in records and request ids; empty: client-<node>.<index>.",
                          StringValue(""),
                          MakeStringAccessor(&HttpClient::m_name),
                          MakeStringChecker())
            .AddAttribute(
                "Host",
                "Host field of requests; empty: the host name or address, and the port if not "
                "80, with HTTPS if not 443.",
                StringValue(""),
                MakeStringAccessor(&HttpClient::m_host),
                MakeStringChecker())
            .AddAttribute(
                "Tls",
                "Speak HTTPS, trusting what everybody trusts; see SetTls().",
                BooleanValue(false),
                MakeBooleanAccessor(&HttpClient::SetTlsEnabled, &HttpClient::IsTlsEnabled),
                MakeBooleanChecker())
            .AddAttribute("Path",
                          "Target of requests.",
                          StringValue("/"),
                          MakeStringAccessor(&HttpClient::m_path),
                          MakeStringChecker())
            .AddAttribute("Method",
                          "Method of requests.",
                          StringValue("GET"),
                          MakeStringAccessor(&HttpClient::m_method),
                          MakeStringChecker())
            .AddAttribute("RequestBodySize",
                          "Body of a request, in bytes; rounded, negative is 0; 0: no body.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&HttpClient::m_bodySize),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("LoadModel",
                          "When requests are made.",
                          EnumValue(HttpLoadModel::OpenPoisson),
                          MakeEnumAccessor<HttpLoadModel>(&HttpClient::m_loadModel),
                          MakeEnumChecker(HttpLoadModel::OpenPoisson,
                                          "OpenPoisson",
                                          HttpLoadModel::OpenPaced,
                                          "OpenPaced",
                                          HttpLoadModel::Closed,
                                          "Closed"))
            .AddAttribute("Rate",
                          "Open loop: requests a second; 0: only those of SendRequest().",
                          DoubleValue(1),
                          MakeDoubleAccessor(&HttpClient::m_rate),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("Users",
                          "Closed loop: users at work at the same time.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&HttpClient::m_users),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("ThinkTime",
                          "Closed loop: from an answer to the user's next request, in seconds; "
                          "at least 1 s after a request that failed before anything was sent.",
                          StringValue("ns3::ConstantRandomVariable[Constant=1]"),
                          MakePointerAccessor(&HttpClient::m_thinkTime),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("KeepAlive",
                          "Use connections for several requests; if not, one for each.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&HttpClient::m_keepAlive),
                          MakeBooleanChecker())
            .AddAttribute("IdleTimeout",
                          "How long an idle connection is kept, less than servers do; 0: for ever.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&HttpClient::m_idleTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ConnectTimeout",
                          "How long the TCP handshake may take, and then that of TLS; 0: until TCP "
                          "gives up.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&HttpClient::m_connectTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ResponseTimeout",
                          "From a request handed to TCP to the end of its response; 0: for ever.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&HttpClient::m_responseTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Retries",
                          "Further attempts after one without a complete response.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&HttpClient::m_retries),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("RetryDelay",
                          "Pause before a further attempt; at least 1 s after one that failed "
                          "before anything was sent.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&HttpClient::m_retryDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaxRequests",
                          "Requests of the load model until it stops; 0: no bound.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&HttpClient::m_maxRequests),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("MaxOutstanding",
                          "Requests without an outcome at a time; more fail with overload.",
                          UintegerValue(10000),
                          MakeUintegerAccessor(&HttpClient::m_maxOutstanding),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Request",
                            "An attempt at a request has ended.",
                            MakeTraceSourceAccessor(&HttpClient::m_requestTrace),
                            "ns3::azure::HttpClient::RequestCallback");
    return tid;
}

HttpClient::HttpClient()
    : m_interArrival(CreateObject<ExponentialRandomVariable>())
{
}

HttpClient::~HttpClient() = default;

void
HttpClient::DoDispose()
{
    m_running = false;
    m_arrival.Remove();
    for (auto& [user, event] : m_thinking)
    {
        event.Remove();
    }
    for (auto& [request, waiting] : m_retrying)
    {
        waiting.second.Remove();
    }
    m_retrying.clear();
    while (!m_connections.empty())
    {
        m_connections.begin()->second->Stop();
    }
    Application::DoDispose();
}

std::string
HttpClient::GetClientName() const
{
    if (!m_name.empty())
    {
        return m_name;
    }
    auto node = GetNode();
    uint32_t index = 0;
    while (index < node->GetNApplications() && PeekPointer(node->GetApplication(index)) != this)
    {
        ++index;
    }
    return "client-" + std::to_string(node->GetId()) + "." + std::to_string(index);
}

uint64_t
HttpClient::GetRequestCount() const
{
    return m_nextRequest;
}

uint32_t
HttpClient::GetOutstandingCount() const
{
    return m_outstanding;
}

uint32_t
HttpClient::GetConnectionCount() const
{
    return static_cast<uint32_t>(m_connections.size());
}

int64_t
HttpClient::AssignStreams(int64_t stream)
{
    m_interArrival->SetStream(stream);
    m_thinkTime->SetStream(stream + 1);
    m_bodySize->SetStream(stream + 2);
    if (!m_tlsRandom)
    {
        return 3;
    }
    m_tlsRandom->SetStream(stream + 3);
    return 4;
}

void
HttpClient::SetTls(std::shared_ptr<const TlsClientConfiguration> tls)
{
    m_tls = tls;
    if (tls && !m_tlsRandom)
    {
        m_tlsRandom = CreateObject<UniformRandomVariable>();
    }
}

void
HttpClient::SetTlsEnabled(bool enabled)
{
    if (enabled == IsTlsEnabled())
    {
        return;
    }
    auto tls = std::make_shared<TlsClientConfiguration>();
    tls->trust.Add(MakeTlsPublicRoot());
    SetTls(enabled ? tls : nullptr);
}

bool
HttpClient::IsTlsEnabled() const
{
    return m_tls != nullptr;
}

std::shared_ptr<const TlsClientConfiguration>
HttpClient::MakeTls(const std::string& host) const
{
    if (!m_tls->serverName.empty())
    {
        return m_tls;
    }
    auto tls = std::make_shared<TlsClientConfiguration>(*m_tls);
    const auto name = host.substr(0, host.find(':'));
    const bool isAddress = std::all_of(name.begin(), name.end(), [](char c) {
        return c == '.' || (c >= '0' && c <= '9');
    });
    tls->verifiedName = tls->verifiedName.empty() ? name : tls->verifiedName;
    tls->serverName = isAddress ? "" : name; // RFC 6066, section 3
    return tls;
}

void
HttpClient::StartApplication()
{
    NS_ABORT_MSG_UNLESS(!m_remoteHost.empty() || InetSocketAddress::IsMatchingType(m_remote),
                        "HttpClient on node " << GetNode()->GetId()
                                              << ": set the attribute Remote to the "
                                                 "InetSocketAddress of a server, or RemoteHost to "
                                                 "its name");
    NS_ABORT_MSG_UNLESS(m_remoteHost.empty() || GetNode()->GetObject<HostResolver>(),
                        "HttpClient on node "
                            << GetNode()->GetId() << ": nobody there can look up RemoteHost \""
                            << m_remoteHost << "\": give the node a resolver, see "
                            << "ResolverHelper::InstallStub()");
    m_running = true;
    m_name = GetClientName();
    if (m_loadModel == HttpLoadModel::Closed)
    {
        for (uint32_t user = 0; user < m_users; ++user)
        {
            ScheduleUser(user, Time(0));
        }
    }
    else
    {
        ScheduleArrival();
    }
}

void
HttpClient::StopApplication()
{
    m_running = false;
    m_arrival.Remove();
    for (auto& [user, event] : m_thinking)
    {
        event.Remove();
    }
    m_thinking.clear();
    auto retrying = std::move(m_retrying);
    m_retrying.clear();
    for (auto& [request, waiting] : retrying)
    {
        waiting.second.Remove();
        auto record = waiting.first;
        record.start = record.end = Simulator::Now();
        record.outcome = HttpOutcome::Aborted;
        Finish(record);
    }
    while (!m_connections.empty())
    {
        m_connections.begin()->second->Stop();
    }
}

void
HttpClient::ScheduleArrival()
{
    if (m_rate <= 0)
    {
        return; // the attribute was changed
    }
    Time delay;
    if (m_loadModel == HttpLoadModel::OpenPaced)
    {
        if (m_rate != m_pacedRate)
        {
            m_pacedRate = m_rate;
            m_pacedFrom = Simulator::Now();
            m_pacedArrivals = m_arrivals > 0 ? m_arrivals - 1 : 0; // the one that is now
        }
        // From the start of the rate, not from the last one: rounding does not add up.
        const auto count = static_cast<double>(m_arrivals - m_pacedArrivals);
        delay = Max(m_pacedFrom + Seconds(count / m_rate) - Simulator::Now(), Time(0));
    }
    else
    {
        delay = Seconds(m_interArrival->GetValue() / m_rate);
    }
    m_arrival = Simulator::Schedule(delay, &HttpClient::HandleArrival, this);
}

void
HttpClient::HandleArrival()
{
    ++m_arrivals;
    Begin(0);
    if (m_running && (m_maxRequests == 0 || m_arrivals < m_maxRequests))
    {
        ScheduleArrival();
    }
}

void
HttpClient::ScheduleUser(uint32_t user, Time least)
{
    if (!m_running || (m_maxRequests && m_arrivals >= m_maxRequests))
    {
        return;
    }
    ++m_arrivals;
    auto pause = Max(Seconds(std::max(0.0, m_thinkTime->GetValue())), least);
    m_thinking[user] = Simulator::Schedule(pause, [this, user] { Begin(user); });
}

uint64_t
HttpClient::SendRequest()
{
    m_name = GetClientName();
    return Begin(0);
}

InetSocketAddress
HttpClient::GetRemote() const
{
    if (m_remoteHost.empty())
    {
        return InetSocketAddress::ConvertFrom(m_remote);
    }
    const uint16_t usual = m_tls ? 443 : 80;
    return InetSocketAddress(Ipv4Address(uint32_t{0}), m_remotePort > 0 ? m_remotePort : usual);
}

uint64_t
HttpClient::Begin(uint32_t user)
{
    const auto remote = GetRemote();
    HttpRequestRecord record;
    record.client = m_name;
    record.node = GetNode()->GetId();
    record.request = m_nextRequest++;
    record.user = user;
    record.method = m_method;
    record.path = m_path;
    record.remoteHost = m_remoteHost;
    record.remote = remote;
    record.host = m_host;
    if (m_host.empty())
    {
        std::ostringstream host;
        m_remoteHost.empty() ? host << remote.GetIpv4() : host << m_remoteHost;
        if (remote.GetPort() != (m_tls ? 443 : 80))
        {
            host << ":" << remote.GetPort();
        }
        record.host = host.str();
    }
    record.scheduled = Simulator::Now();
    ++m_outstanding;
    if (m_outstanding > m_maxOutstanding)
    {
        record.start = record.end = Simulator::Now();
        record.outcome = HttpOutcome::Overload;
        Finish(record);
        return record.request;
    }
    Attempt(record);
    return record.request;
}

void
HttpClient::Attempt(HttpRequestRecord record)
{
    m_retrying.erase(record.request);
    record.start = Simulator::Now();
    auto idle = m_idle.find(record.user);
    if (idle != m_idle.end() && !idle->second.empty())
    {
        Ptr<HttpClientConnection> connection(idle->second.back());
        idle->second.pop_back();
        connection->Reuse(record);
        return;
    }
    auto key = m_nextConnection++;
    auto connection = Create<HttpClientConnection>(this, key, record.user);
    m_connections[key] = connection;
    connection->Open(record);
}

void
HttpClient::Finish(HttpRequestRecord record)
{
    bool failed = record.outcome != HttpOutcome::Ok && record.outcome != HttpOutcome::HttpError;
    bool retry = failed && m_running && record.attempt <= m_retries &&
                 record.outcome != HttpOutcome::Aborted && record.outcome != HttpOutcome::Overload;
    record.last = !retry;
    // What fails without a packet sent would else be tried again for ever at the same instant.
    const auto least = failed && record.end == record.start ? Seconds(1) : Time(0);
    if (retry)
    {
        HttpRequestRecord next;
        next.client = record.client;
        next.node = record.node;
        next.request = record.request;
        next.user = record.user;
        next.attempt = record.attempt + 1;
        next.method = record.method;
        next.host = record.host;
        next.path = record.path;
        next.remoteHost = record.remoteHost;
        next.remote = record.remote;
        next.scheduled = record.scheduled;
        auto event = Simulator::Schedule(Max(m_retryDelay, least), [this, next] { Attempt(next); });
        m_retrying[next.request] = {next, event};
    }
    else
    {
        --m_outstanding;
    }
    m_requestTrace(record);
    if (!retry && m_loadModel == HttpLoadModel::Closed)
    {
        ScheduleUser(record.user, least);
    }
}

void
HttpClient::AddIdle(HttpClientConnection* connection)
{
    m_idle[connection->GetUser()].push_back(connection);
}

void
HttpClient::Remove(HttpClientConnection* connection)
{
    auto idle = m_idle.find(connection->GetUser());
    if (idle != m_idle.end())
    {
        auto& list = idle->second;
        list.erase(std::remove(list.begin(), list.end(), connection), list.end());
        if (list.empty())
        {
            m_idle.erase(idle);
        }
    }
    m_connections.erase(connection->GetKey());
}

} // namespace azure
} // namespace ns3
