/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-recursive-resolver.h"

#include "azure-dns-authority.h"
#include "azure-dns-codec.h"
#include "azure-dns-exchange.h"
#include "azure-dns-listener.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(RecursiveResolver);

namespace
{

/// Failed searches that are remembered.
constexpr size_t MAX_FAILURES = 10000;
/// Zones of fewer labels are not told the client's subnet: they delegate.
constexpr size_t SUBNET_LABELS = 2;

} // namespace

/// A client that waits.
struct RecursiveResolver::Waiter
{
    DnsPeer peer;     //!< who
    DnsMessage query; //!< its query
    Time received;    //!< when it came
};

/// A search.
struct RecursiveResolver::Task
{
    std::unique_ptr<DnsResolution> resolution;   //!< what to do
    DnsQuestion question;                        //!< what is sought
    std::optional<DnsClientSubnet> clientSubnet; //!< what to tell of the client
    IpAddress client;                            //!< whom it is for
    std::vector<Waiter> waiters;                 //!< who waits
    Ptr<DnsExchange> exchange;                   //!< query under way
    IpAddress server;                            //!< whom it is to
    DnsQuestion asked;                           //!< what it asks
    Time sent;                                   //!< when it was sent
    EventId clientTimer;                         //!< see OnClientTimer()
    EventId deadline;                            //!< see OnDeadline()
    bool hasAsked{false};                        //!< whether any query was sent
};

std::string
ToText(DnsAnswerSource source)
{
    switch (source)
    {
    case DnsAnswerSource::Cache:
        return "Cache";
    case DnsAnswerSource::Authorities:
        return "Authorities";
    case DnsAnswerSource::Stale:
        return "Stale";
    case DnsAnswerSource::Failure:
        return "Failure";
    case DnsAnswerSource::Refusal:
        return "Refusal";
    }
    return "Unknown";
}

TypeId
RecursiveResolver::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::RecursiveResolver")
            .SetParent<Application>()
            .SetGroupName("Azure")
            .AddConstructor<RecursiveResolver>()
            .AddAttribute("Port",
                          "UDP and TCP port to listen on.",
                          UintegerValue(DNS_PORT),
                          MakeUintegerAccessor(&RecursiveResolver::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("UdpPayloadSize",
                          "Bytes of a UDP message, sent or received, with EDNS.",
                          UintegerValue(1232),
                          MakeUintegerAccessor(&RecursiveResolver::m_udpPayloadSize),
                          MakeUintegerChecker<uint16_t>(512))
            .AddAttribute("MaxClients",
                          "Clients that wait at a time, queries of further ones are dropped.",
                          UintegerValue(1000),
                          MakeUintegerAccessor(&RecursiveResolver::m_maxClients),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MaxCacheEntries",
                          "Sets of records and negative answers that are kept at a time.",
                          UintegerValue(100000),
                          MakeUintegerAccessor(&RecursiveResolver::m_maxCacheEntries),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("ResolutionTimeout",
                          "How long a search may take.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&RecursiveResolver::m_resolutionTimeout),
                          MakeTimeChecker(Time(1)))
            .AddAttribute("TcpTimeout",
                          "How long a query over TCP may take.",
                          TimeValue(Seconds(3)),
                          MakeTimeAccessor(&RecursiveResolver::m_tcpTimeout),
                          MakeTimeChecker(Time(1)))
            .AddAttribute("FailureTtl",
                          "How long a failed search is not tried again (RFC 9520).",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&RecursiveResolver::m_failureTtl),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SendClientSubnet",
                          "Tell authorities the subnet of the client (RFC 7871).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&RecursiveResolver::m_sendClientSubnet),
                          MakeBooleanChecker())
            .AddAttribute("ClientSubnetPrefix",
                          "Bits of an IPv4 address that are told at most.",
                          UintegerValue(24),
                          MakeUintegerAccessor(&RecursiveResolver::m_subnetPrefix),
                          MakeUintegerChecker<uint8_t>(0, 32))
            .AddAttribute("ServeStale",
                          "Serve expired data when authorities fail (RFC 8767).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&RecursiveResolver::m_serveStale),
                          MakeBooleanChecker())
            .AddAttribute("MaxStale",
                          "How long after expiry data may be served.",
                          TimeValue(Hours(24)),
                          MakeTimeAccessor(&RecursiveResolver::m_maxStale),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("StaleTtl",
                          "TTL of expired data in answers, in seconds.",
                          UintegerValue(30),
                          MakeUintegerAccessor(&RecursiveResolver::m_staleTtl),
                          MakeUintegerChecker<uint32_t>(0, DNS_MAX_TTL))
            .AddAttribute("ClientTimeout",
                          "How long a client waits before it gets expired data.",
                          TimeValue(MilliSeconds(1800)),
                          MakeTimeAccessor(&RecursiveResolver::m_clientTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("FailureRecheck",
                          "How long expired data are served at once after a failed search.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&RecursiveResolver::m_failureRecheck),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("TtlFloor",
                          "Answers are kept at least so long.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&RecursiveResolver::m_ttlFloor),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("TtlCeiling",
                          "Answers are kept at most so long.",
                          TimeValue(Hours(168)),
                          MakeTimeAccessor(&RecursiveResolver::m_ttlCeiling),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("TtlStretch",
                          "Factor on the TTL of answers, before floor and ceiling.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&RecursiveResolver::m_ttlStretch),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("KeepUntilRestart",
                          "Keep positive answers until the application stops.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&RecursiveResolver::m_keepUntilRestart),
                          MakeBooleanChecker())
            .AddTraceSource("Answer",
                            "A query was answered.",
                            MakeTraceSourceAccessor(&RecursiveResolver::m_answerTrace),
                            "ns3::azure::RecursiveResolver::AnswerCallback")
            .AddTraceSource("Upstream",
                            "A query to a name server ended.",
                            MakeTraceSourceAccessor(&RecursiveResolver::m_upstreamTrace),
                            "ns3::azure::RecursiveResolver::UpstreamCallback")
            .AddTraceSource("Drop",
                            "A message was ignored.",
                            MakeTraceSourceAccessor(&RecursiveResolver::m_dropTrace),
                            "ns3::azure::RecursiveResolver::DropCallback");
    return tid;
}

RecursiveResolver::RecursiveResolver()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

RecursiveResolver::~RecursiveResolver() = default;

void
RecursiveResolver::DoDispose()
{
    StopApplication();
    Application::DoDispose();
}

void
RecursiveResolver::AddRootHint(const DnsName& name, Ipv4Address address)
{
    m_hints.push_back({name, IpAddress::From(address)});
}

DnsCache&
RecursiveResolver::GetCache()
{
    return m_cache;
}

uint64_t
RecursiveResolver::GetDropCount(DnsDropReason reason) const
{
    return m_drops[static_cast<size_t>(reason)];
}

int64_t
RecursiveResolver::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

void
RecursiveResolver::StartApplication()
{
    m_cache.Clear();
    DnsTtlPolicy policy;
    policy.floor = m_ttlFloor;
    policy.ceiling = m_ttlCeiling;
    policy.stretch = m_ttlStretch;
    policy.keepUntilRestart = m_keepUntilRestart;
    m_cache.SetPolicy(policy);
    m_cache.SetMaxEntries(m_maxCacheEntries);
    m_cache.SetMaxStale(m_serveStale ? m_maxStale : Time(0));
    m_listener = Create<DnsListener>(GetNode(),
                                     m_port,
                                     Seconds(10),
                                     m_maxClients,
                                     MakeCallback(&RecursiveResolver::OnQuery, this),
                                     MakeCallback(&RecursiveResolver::OnDrop, this));
}

void
RecursiveResolver::StopApplication()
{
    for (auto& [key, task] : m_tasks)
    {
        task->clientTimer.Cancel();
        task->deadline.Cancel();
        if (task->exchange)
        {
            task->exchange->Cancel();
        }
    }
    m_tasks.clear();
    m_failures.clear();
    m_waiting = 0;
    if (m_listener)
    {
        m_listener->Stop();
        m_listener = nullptr;
    }
}

void
RecursiveResolver::OnQuery(const DnsPeer& peer, const DnsMessage& query)
{
    const auto now = Simulator::Now();
    const Waiter waiter{peer, query, now};
    DnsResolutionResult refusal;
    DnsMessage response;
    if (!DnsAuthority::Begin(query, m_udpPayloadSize, response))
    {
        refusal.rcode = response.rcode;
    }
    else if (!query.recursionDesired)
    {
        refusal.rcode = DnsRcode::Refused;
    }
    else if (query.questions[0].type == DnsType::Any || query.questions[0].type == DnsType::Opt)
    {
        refusal.rcode = DnsRcode::NotImplemented;
    }
    if (refusal.rcode != DnsRcode::ServerFailure)
    {
        Answer(waiter, refusal, DnsAnswerSource::Refusal);
        return;
    }
    if (m_waiting >= m_maxClients)
    {
        OnDrop(DnsDropReason::Overload, peer.address);
        return;
    }
    const auto& question = query.questions[0];
    std::optional<DnsClientSubnet> subnet;
    if (m_sendClientSubnet)
    {
        const auto own = IpAddress::From(peer.address.GetIpv4());
        subnet = DnsClientSubnet::From(own, m_subnetPrefix);
        if (query.edns && query.edns->clientSubnet)
        {
            // What the client tells, but no more than we would.
            const auto& told = *query.edns->clientSubnet;
            const auto most =
                told.isIpv6 ? told.sourcePrefix : std::min(told.sourcePrefix, m_subnetPrefix);
            subnet = DnsClientSubnet::From(told.address, most);
        }
    }
    const auto client = subnet ? subnet->address : IpAddress{};
    const TaskKey key{{question.name, question.type}, {client, subnet ? subnet->sourcePrefix : 0}};
    ++m_waiting;
    if (const auto running = m_tasks.find(key); running != m_tasks.end())
    {
        running->second->waiters.push_back(waiter);
        return;
    }
    auto task = std::make_unique<Task>();
    task->question = question;
    task->client = client;
    task->clientSubnet = subnet;
    task->resolution = std::make_unique<DnsResolution>(question, m_cache, m_hints, client);
    task->waiters.push_back(waiter);
    if (const auto failure = m_failures.find(key); failure != m_failures.end())
    {
        if (failure->second > now)
        {
            // Only what the cache knows may help.
            const auto step = task->resolution->Next(now);
            if (!step.isDone)
            {
                task->resolution->Abandon("failed a short while ago");
            }
            m_tasks[key] = std::move(task);
            Complete(key);
            return;
        }
        m_failures.erase(failure);
    }
    task->deadline =
        Simulator::Schedule(m_resolutionTimeout, &RecursiveResolver::OnDeadline, this, key);
    if (m_serveStale)
    {
        task->clientTimer =
            Simulator::Schedule(m_clientTimeout, &RecursiveResolver::OnClientTimer, this, key);
    }
    m_tasks[key] = std::move(task);
    Advance(key);
}

void
RecursiveResolver::Advance(TaskKey key)
{
    auto& task = *m_tasks.at(key);
    const auto now = Simulator::Now();
    const auto step = task.resolution->Next(now);
    if (step.isDone)
    {
        Complete(key);
        return;
    }
    task.hasAsked = true;
    task.server = m_selection.Choose(step.servers, m_random->GetValue(0, 1), now);
    task.asked = step.question;
    task.sent = now;
    auto query = DnsMessage::Query(step.question, 0, false);
    query.edns.emplace();
    query.edns->udpPayloadSize = m_udpPayloadSize;
    if (step.isMain && step.zone.GetLabelCount() >= SUBNET_LABELS)
    {
        query.edns->clientSubnet = task.clientSubnet;
    }
    task.exchange = Create<DnsExchange>(
        GetNode(),
        query,
        InetSocketAddress(task.server.ToIpv4(), DNS_PORT),
        DnsExchange::Limits{m_selection.GetTimeout(task.server, now), m_tcpTimeout},
        m_random,
        DnsExchange::DoneCallback([this, key](DnsOutcome outcome, const DnsMessage& response) {
            OnDone(key, outcome, response);
        }),
        MakeCallback(&RecursiveResolver::OnDrop, this));
    task.exchange->Start();
}

void
RecursiveResolver::OnDone(TaskKey key, DnsOutcome outcome, const DnsMessage& response)
{
    auto& task = *m_tasks.at(key);
    const auto now = Simulator::Now();
    DnsUpstreamRecord record;
    record.sent = task.sent;
    record.ended = now;
    record.server = task.server.ToIpv4();
    record.question = task.asked;
    record.outcome = ToText(outcome);
    record.rcode = response.rcode;
    record.usedTcp = task.exchange->HasUsedTcp();
    m_upstreamTrace(record);
    if (outcome == DnsOutcome::Answered)
    {
        if (!record.usedTcp)
        {
            m_selection.AddAnswer(task.server, now - task.sent, now);
        }
        task.resolution->OnResponse(task.server, response, now);
    }
    else
    {
        m_selection.AddTimeout(task.server, now);
        if (outcome == DnsOutcome::TimedOut)
        {
            task.resolution->OnTimeout(task.server);
        }
        else
        {
            task.resolution->OnFailure(task.server);
        }
    }
    Advance(key);
}

void
RecursiveResolver::OnDeadline(TaskKey key)
{
    auto& task = *m_tasks.at(key);
    if (task.exchange)
    {
        task.exchange->Cancel();
    }
    task.resolution->Abandon("it took too long");
    Complete(key);
}

bool
RecursiveResolver::FindStale(const DnsQuestion& question,
                             const IpAddress& client,
                             DnsResolutionResult& result)
{
    const auto now = Simulator::Now();
    auto name = question.name;
    for (size_t aliases = 0; aliases <= DnsResolution::MaxAliases; ++aliases)
    {
        auto known = m_cache.Get(name, question.type, DnsTrust::Answer, now, client, true);
        bool isAlias = false;
        if (known.kind == DnsCacheResult::Kind::Miss)
        {
            known = m_cache.Get(name, DnsType::Cname, DnsTrust::Answer, now, client, true);
            isAlias = known.kind == DnsCacheResult::Kind::Positive;
        }
        if (known.kind == DnsCacheResult::Kind::Miss)
        {
            return false;
        }
        result.scopePrefix = std::max(result.scopePrefix, known.scopePrefix);
        for (auto& record : known.records)
        {
            record.ttl = known.isStale ? m_staleTtl : record.ttl;
        }
        const bool isPositive = known.kind == DnsCacheResult::Kind::Positive;
        auto& section = isPositive ? result.answers : result.authorities;
        section.insert(section.end(), known.records.begin(), known.records.end());
        if (!isAlias)
        {
            result.rcode = known.kind == DnsCacheResult::Kind::NameError ? DnsRcode::NameError
                                                                         : DnsRcode::NoError;
            return true;
        }
        name = *known.records[0].GetTarget();
    }
    return false;
}

void
RecursiveResolver::OnClientTimer(TaskKey key)
{
    auto& task = *m_tasks.at(key);
    DnsResolutionResult stale;
    if (!FindStale(task.question, task.client, stale))
    {
        return;
    }
    const auto waiters = std::move(task.waiters);
    task.waiters.clear();
    m_waiting -= static_cast<uint32_t>(waiters.size());
    for (const auto& waiter : waiters)
    {
        Answer(waiter, stale, DnsAnswerSource::Stale);
    }
}

void
RecursiveResolver::Complete(TaskKey key)
{
    const auto found = m_tasks.find(key);
    const auto task = std::move(found->second);
    m_tasks.erase(found);
    task->clientTimer.Remove();
    task->deadline.Remove();
    m_waiting -= static_cast<uint32_t>(task->waiters.size());
    auto result = task->resolution->GetResult();
    auto source = task->hasAsked ? DnsAnswerSource::Authorities : DnsAnswerSource::Cache;
    if (result.rcode == DnsRcode::ServerFailure)
    {
        source = DnsAnswerSource::Failure;
        DnsResolutionResult stale;
        const bool isStale = m_serveStale && FindStale(task->question, task->client, stale);
        if (task->hasAsked)
        {
            if (m_failures.size() >= MAX_FAILURES)
            {
                m_failures.clear();
            }
            m_failures[key] = Simulator::Now() + (isStale ? m_failureRecheck : m_failureTtl);
        }
        if (isStale)
        {
            stale.queries = result.queries;
            stale.failure = result.failure;
            result = stale;
            source = DnsAnswerSource::Stale;
        }
    }
    for (const auto& waiter : task->waiters)
    {
        Answer(waiter, result, source);
    }
}

void
RecursiveResolver::Answer(const Waiter& waiter,
                          const DnsResolutionResult& result,
                          DnsAnswerSource source)
{
    if (!m_listener)
    {
        return;
    }
    DnsResolverRecord record;
    DnsAuthority::Begin(waiter.query, m_udpPayloadSize, record.response);
    record.response.rcode = result.rcode;
    record.response.recursionAvailable = true;
    record.response.answers = result.answers;
    record.response.authorities = result.authorities;
    const auto& told = waiter.query.edns ? waiter.query.edns->clientSubnet : std::nullopt;
    if (told && m_sendClientSubnet)
    {
        record.response.edns->clientSubnet = told;
        record.response.edns->clientSubnet->scopePrefix =
            std::min(result.scopePrefix, told->GetMaxPrefix());
    }
    const auto limit = waiter.query.edns
                           ? std::min(waiter.query.edns->udpPayloadSize, m_udpPayloadSize)
                           : static_cast<uint16_t>(DnsCodec::ClassicUdpSize);
    m_listener->Send(waiter.peer, record.response, limit);
    record.received = waiter.received;
    record.answered = Simulator::Now();
    record.client = waiter.peer.address;
    record.source = source;
    record.queries = source == DnsAnswerSource::Cache ? 0 : result.queries;
    record.failure = result.failure;
    m_answerTrace(record);
}

void
RecursiveResolver::OnDrop(DnsDropReason reason, const InetSocketAddress& from)
{
    ++m_drops[static_cast<size_t>(reason)];
    m_dropTrace(reason, from);
}

} // namespace azure
} // namespace ns3
