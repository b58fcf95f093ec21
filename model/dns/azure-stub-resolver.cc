/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-stub-resolver.h"

#include "azure-dns-exchange.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <arpa/inet.h>

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(StubResolver);

namespace
{

/// Aliases that are followed.
constexpr size_t MAX_ALIASES = 16;

} // namespace

/// A look-up under way.
struct StubResolver::Task
{
    DnsLookup lookup;                           //!< what is known of it
    std::map<uint64_t, ResultCallback> callers; //!< who waits
    Ptr<DnsExchange> exchange;                  //!< query under way
    Ipv4Address server;                         //!< whom it is to
    EventId end;                                //!< an end without a query
    bool hasAnswer{false};                      //!< some server answered, if only with a failure
};

std::string
ToText(DnsLookupStatus status)
{
    switch (status)
    {
    case DnsLookupStatus::Found:
        return "Found";
    case DnsLookupStatus::NoData:
        return "NoData";
    case DnsLookupStatus::NameError:
        return "NameError";
    case DnsLookupStatus::ServerFailure:
        return "ServerFailure";
    case DnsLookupStatus::NoAnswer:
        return "NoAnswer";
    case DnsLookupStatus::NoServers:
        return "NoServers";
    }
    return "Unknown";
}

Ipv4Address
DnsLookup::GetAddress() const
{
    const auto addresses = GetAddresses();
    return addresses.empty() ? Ipv4Address(uint32_t{0}) : addresses[0];
}

std::vector<Ipv4Address>
DnsLookup::GetAddresses() const
{
    std::vector<Ipv4Address> addresses;
    for (const auto& record : records)
    {
        if (record.type == DnsType::A)
        {
            addresses.push_back(record.GetAddress().ToIpv4());
        }
    }
    return addresses;
}

TypeId
StubResolver::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::StubResolver")
            .SetParent<HostResolver>()
            .SetGroupName("Azure")
            .AddConstructor<StubResolver>()
            .AddAttribute("Timeout",
                          "How long one server may take to answer.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&StubResolver::m_timeout),
                          MakeTimeChecker(Time(1)))
            .AddAttribute("Attempts",
                          "How often all servers are asked.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&StubResolver::m_attempts),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Cache",
                          "Whether answers are kept at all.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&StubResolver::m_cacheEnabled),
                          MakeBooleanChecker())
            .AddAttribute("MaxCacheEntries",
                          "Sets of records and negative answers that are kept at a time.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&StubResolver::m_maxCacheEntries),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("UdpPayloadSize",
                          "Bytes of a UDP response that EDNS tells; 0: no EDNS.",
                          UintegerValue(1232),
                          MakeUintegerAccessor(&StubResolver::m_udpPayloadSize),
                          MakeUintegerChecker<uint16_t>())
            .AddAttribute("TtlFloor",
                          "Answers are kept at least so long.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&StubResolver::m_ttlFloor),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("TtlCeiling",
                          "Answers are kept at most so long.",
                          TimeValue(Hours(168)),
                          MakeTimeAccessor(&StubResolver::m_ttlCeiling),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("TtlStretch",
                          "Factor on the TTL of answers, before floor and ceiling.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&StubResolver::m_ttlStretch),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("KeepUntilRestart",
                          "Keep positive answers until ClearCache().",
                          BooleanValue(false),
                          MakeBooleanAccessor(&StubResolver::m_keepUntilRestart),
                          MakeBooleanChecker())
            .AddTraceSource("Lookup",
                            "A look-up ended.",
                            MakeTraceSourceAccessor(&StubResolver::m_lookupTrace),
                            "ns3::azure::StubResolver::LookupCallback")
            .AddTraceSource("QueryEnd",
                            "A query to a server ended.",
                            MakeTraceSourceAccessor(&StubResolver::m_queryTrace),
                            "ns3::azure::StubResolver::QueryEndCallback")
            .AddTraceSource("Drop",
                            "A message was ignored.",
                            MakeTraceSourceAccessor(&StubResolver::m_dropTrace),
                            "ns3::azure::StubResolver::DropCallback");
    return tid;
}

StubResolver::StubResolver()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

StubResolver::~StubResolver() = default;

void
StubResolver::DoDispose()
{
    for (auto& [key, task] : m_tasks)
    {
        task->end.Cancel();
        if (task->exchange)
        {
            task->exchange->Cancel();
        }
    }
    m_tasks.clear();
    m_callers.clear();
    for (auto& [key, event] : m_direct)
    {
        event.Cancel();
    }
    m_direct.clear();
    HostResolver::DoDispose();
}

void
StubResolver::AddServer(Ipv4Address server)
{
    m_servers.push_back(server);
}

DnsCache&
StubResolver::GetCache()
{
    return m_cache;
}

void
StubResolver::ClearCache()
{
    m_cache.Clear();
}

uint64_t
StubResolver::GetDropCount(DnsDropReason reason) const
{
    return m_drops[static_cast<size_t>(reason)];
}

int64_t
StubResolver::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

void
StubResolver::UpdatePolicy()
{
    DnsTtlPolicy policy;
    policy.floor = m_ttlFloor;
    policy.ceiling = m_ttlCeiling;
    policy.stretch = m_ttlStretch;
    policy.keepUntilRestart = m_keepUntilRestart;
    m_cache.SetPolicy(policy);
    m_cache.SetMaxEntries(m_maxCacheEntries);
}

uint64_t
StubResolver::Resolve(const DnsName& name, DnsType type, ResultCallback callback)
{
    const auto caller = m_nextCaller++;
    const TaskKey key{name, type};
    m_callers[caller] = key;
    auto& task = m_tasks[key];
    if (task)
    {
        task->callers[caller] = callback;
        return caller;
    }
    task = std::make_unique<Task>();
    task->callers[caller] = callback;
    task->lookup.question = {name, type};
    task->lookup.started = Simulator::Now();
    UpdatePolicy();
    if (UseCache(task->lookup))
    {
        task->lookup.isFromCache = true;
        task->end = Simulator::ScheduleNow(&StubResolver::Complete, this, key);
    }
    else if (m_servers.empty())
    {
        task->end = Simulator::ScheduleNow(&StubResolver::Complete, this, key);
    }
    else
    {
        task->lookup.status = DnsLookupStatus::NoAnswer;
        if (IsInitialized())
        {
            AskNext(key);
        }
        else
        {
            // Before the start no node has sockets to give.
            task->end = Simulator::ScheduleNow(&StubResolver::AskNext, this, key);
        }
    }
    return caller;
}

uint64_t
StubResolver::LookUpHost(const std::string& host, HostCallback callback)
{
    in_addr literal;
    HostLookup known{host, {}, "BadName"};
    if (inet_pton(AF_INET, host.c_str(), &literal) == 1)
    {
        known.addresses.emplace_back(ntohl(literal.s_addr));
        known.status = ToText(DnsLookupStatus::Found);
    }
    else if (const auto name = DnsName::Parse(host); name && !name->IsRoot())
    {
        return Resolve(*name, DnsType::A, ResultCallback([host, callback](const DnsLookup& lookup) {
            callback({host, lookup.GetAddresses(), ToText(lookup.status)});
        }));
    }
    const auto key = m_nextCaller++;
    m_direct[key] = Simulator::ScheduleNow([this, key, known, callback]() {
        m_direct.erase(key);
        callback(known);
    });
    return key;
}

void
StubResolver::Cancel(uint64_t key)
{
    if (const auto direct = m_direct.find(key); direct != m_direct.end())
    {
        direct->second.Cancel();
        m_direct.erase(direct);
    }
    const auto caller = m_callers.find(key);
    if (caller != m_callers.end())
    {
        // The query goes on: its answer is worth to be kept.
        m_tasks.at(caller->second)->callers.erase(key);
        m_callers.erase(caller);
    }
}

bool
StubResolver::UseCache(DnsLookup& lookup)
{
    const auto now = Simulator::Now();
    auto name = lookup.question.name;
    lookup.aliases.clear();
    for (size_t aliases = 0; m_cacheEnabled && aliases <= MAX_ALIASES; ++aliases)
    {
        const auto known = m_cache.Get(name, lookup.question.type, DnsTrust::Answer, now);
        switch (known.kind)
        {
        case DnsCacheResult::Kind::Positive:
            lookup.status = DnsLookupStatus::Found;
            lookup.records = known.records;
            return true;
        case DnsCacheResult::Kind::NoData:
            lookup.status = DnsLookupStatus::NoData;
            return true;
        case DnsCacheResult::Kind::NameError:
            lookup.status = DnsLookupStatus::NameError;
            return true;
        case DnsCacheResult::Kind::Miss:
            break;
        }
        const auto alias = m_cache.Get(name, DnsType::Cname, DnsTrust::Answer, now);
        if (alias.kind != DnsCacheResult::Kind::Positive)
        {
            break;
        }
        lookup.aliases.push_back(alias.records[0]);
        name = *alias.records[0].GetTarget();
    }
    lookup.aliases.clear();
    return false;
}

void
StubResolver::AskNext(TaskKey key)
{
    auto& task = *m_tasks.at(key);
    const auto node = GetObject<Node>();
    NS_ABORT_MSG_UNLESS(node, "a StubResolver is part of a node: node->AggregateObject(stub)");
    task.server = m_servers[task.lookup.queries % m_servers.size()];
    ++task.lookup.queries;
    auto query = DnsMessage::Query(task.lookup.question, 0, true);
    if (m_udpPayloadSize > 0)
    {
        query.edns.emplace();
        query.edns->udpPayloadSize = m_udpPayloadSize;
    }
    task.exchange = Create<DnsExchange>(
        node,
        query,
        InetSocketAddress(task.server, DNS_PORT),
        DnsExchange::Limits{m_timeout, m_timeout},
        m_random,
        DnsExchange::DoneCallback([this, key](DnsOutcome outcome, const DnsMessage& response) {
            OnDone(key, outcome, response);
        }),
        MakeCallback(&StubResolver::OnDrop, this));
    task.exchange->Start();
}

void
StubResolver::OnDone(TaskKey key, DnsOutcome outcome, const DnsMessage& response)
{
    auto& task = *m_tasks.at(key);
    auto& lookup = task.lookup;
    m_queryTrace(task.server, lookup.question, ToText(outcome));
    const bool isAnswer = outcome == DnsOutcome::Answered;
    if (isAnswer && Take(response, lookup))
    {
        Keep(lookup.question, response);
        Complete(key);
        return;
    }
    task.hasAnswer |= isAnswer;
    lookup.status = task.hasAnswer ? DnsLookupStatus::ServerFailure : DnsLookupStatus::NoAnswer;
    if (lookup.queries < m_attempts * m_servers.size())
    {
        AskNext(key);
        return;
    }
    Complete(key);
}

bool
StubResolver::Take(const DnsMessage& response, DnsLookup& lookup)
{
    if (response.rcode != DnsRcode::NoError && response.rcode != DnsRcode::NameError)
    {
        return false;
    }
    auto name = lookup.question.name;
    for (size_t aliases = 0; aliases <= MAX_ALIASES; ++aliases)
    {
        const DnsRecord* alias = nullptr;
        for (const auto& record : response.answers)
        {
            if (record.name == name && record.type == lookup.question.type)
            {
                lookup.records.push_back(record);
            }
            else if (record.name == name && record.type == DnsType::Cname)
            {
                alias = &record;
            }
        }
        if (!lookup.records.empty() || !alias)
        {
            lookup.status = !lookup.records.empty()                 ? DnsLookupStatus::Found
                            : response.rcode == DnsRcode::NameError ? DnsLookupStatus::NameError
                                                                    : DnsLookupStatus::NoData;
            return true;
        }
        lookup.aliases.push_back(*alias);
        name = *alias->GetTarget();
    }
    lookup.aliases.clear();
    return false;
}

void
StubResolver::Keep(const DnsQuestion& question, const DnsMessage& response)
{
    if (!m_cacheEnabled)
    {
        return;
    }
    const auto now = Simulator::Now();
    std::map<std::pair<DnsName, DnsType>, std::vector<DnsRecord>> sets;
    for (const auto& record : response.answers)
    {
        sets[{record.name, record.type}].push_back(record);
    }
    // Only what belongs to the chain of the question.
    auto name = question.name;
    for (size_t aliases = 0; aliases <= MAX_ALIASES; ++aliases)
    {
        if (const auto set = sets.find({name, question.type}); set != sets.end())
        {
            m_cache.Put(set->second, DnsTrust::Answer, now);
            return;
        }
        const auto alias = sets.find({name, DnsType::Cname});
        if (alias == sets.end())
        {
            break;
        }
        m_cache.Put({alias->second[0]}, DnsTrust::Answer, now);
        name = *alias->second[0].GetTarget();
    }
    for (const auto& record : response.authorities)
    {
        if (record.type == DnsType::Soa && name.IsAtOrBelow(record.name))
        {
            m_cache.PutNegative({name, question.type},
                                response.rcode == DnsRcode::NameError,
                                &record,
                                now);
            return;
        }
    }
}

void
StubResolver::Complete(TaskKey key)
{
    const auto found = m_tasks.find(key);
    const auto task = std::move(found->second);
    m_tasks.erase(found);
    task->lookup.finished = Simulator::Now();
    for (const auto& [caller, callback] : task->callers)
    {
        m_callers.erase(caller);
    }
    m_lookupTrace(task->lookup);
    for (const auto& [caller, callback] : task->callers)
    {
        callback(task->lookup);
    }
}

void
StubResolver::OnDrop(DnsDropReason reason, const InetSocketAddress& from)
{
    ++m_drops[static_cast<size_t>(reason)];
    m_dropTrace(reason, from);
}

} // namespace azure
} // namespace ns3
