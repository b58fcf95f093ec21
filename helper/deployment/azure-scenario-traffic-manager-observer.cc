/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-traffic-manager-observer.h"

#include "azure-scenario-observer.h"
#include "azure-scenario-traffic-manager-plan.h"

#include "ns3/azure-csv-field.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/** Most time between a name server's answer and a client's first packet to the address. */
const Time ANSWER_TO_CONNECTION = Seconds(1);

/** Round trip between regions where none was measured, see DeploymentTopology. */
const Time UNKNOWN_ROUND_TRIP = MilliSeconds(144);

/** Most time of a probe besides round trips between regions: links at both ends, the server. */
const Time PROBE_ENDS = MilliSeconds(50);

/**
 * @param plan what is run
 * @param target a target
 * @param settings how it is probed
 * @return most time of a probe that the target answers
 */
Time
FindExchange(const ScenarioPlan& plan, const PlannedTarget& target, const ProbeSettings& settings)
{
    const auto regions = RegionTable::MakeAzure();
    const auto to = regions.Find(target.region);
    Time longest;
    for (const auto& place : plan.scenario.trafficManager.monitorRegions)
    {
        const auto from = regions.Find(place);
        const auto delay = from && to ? regions.GetDelay(*from, *to) : std::nullopt;
        longest = std::max(longest, delay ? *delay * int64_t{2} : UNKNOWN_ROUND_TRIP);
    }
    return longest * int64_t{FailoverTheory::RoundTrips(settings)} + PROBE_ENDS;
}

/**
 * @param cache a cache
 * @return whether it keeps nothing longer than its time to live
 */
bool
IsHonest(const ScenarioDnsCache& cache)
{
    return cache.ttlFloor.IsZero() && cache.ttlStretch <= 1 && !cache.keepUntilRestart;
}

/**
 * @param time a time
 * @param low lowest result
 * @param high highest result
 * @return the time within these
 */
Time
Limit(Time time, Time low, Time high)
{
    return std::max(low, std::min(time, high));
}

/**
 * @param interval an interval of theory
 * @param early how much earlier it may begin
 * @return the same for a timeline
 */
ExpectedInterval
ToExpected(const FailoverInterval& interval, Time early)
{
    return {std::max(Time(0), interval.lower - early), interval.upper, interval.form};
}

} // namespace

TrafficManagerObserver::TrafficManagerObserver(const ScenarioPlan& plan)
    : m_plan(plan)
{
    for (std::size_t p = 0; p < plan.profiles.size(); ++p)
    {
        FindWays(p, p, "", {});
    }
    FindDepartures();
}

void
TrafficManagerObserver::FindWays(std::size_t asked,
                                 std::size_t profile,
                                 const std::string& path,
                                 const std::vector<Key>& endpoints)
{
    const auto& all = m_plan.profiles[profile].endpoints;
    for (std::size_t e = 0; e < all.size(); ++e)
    {
        const auto names = path + (path.empty() ? "" : "/") + all[e].name;
        Way way{endpoints, std::nullopt};
        way.endpoints.emplace_back(profile, e);
        if (const auto child = TrafficManagerPlan::FindChild(m_plan.profiles, all[e]))
        {
            FindWays(asked, *child, names, way.endpoints); // not in circles (TM-34)
            continue;
        }
        for (std::size_t t = 0; t < m_plan.targets.size(); ++t)
        {
            if (m_plan.targets[t].profile == profile && m_plan.targets[t].endpoint == e)
            {
                way.target = t;
            }
        }
        m_ways[{m_plan.profiles[asked].name, names}] = way;
    }
}

void
TrafficManagerObserver::FindDepartures()
{
    std::set<std::size_t> asked;
    for (const auto& clients : m_plan.clients)
    {
        asked.insert(clients.endpoint);
    }
    for (std::size_t f = 0; f < m_plan.faults.size(); ++f)
    {
        const auto& fault = m_plan.faults[f];
        for (const auto e : asked)
        {
            for (const auto t : m_plan.endpoints[e].targets)
            {
                const auto& servers = m_plan.targets[t].servers;
                // A service with servers left goes on.
                if (servers.empty() ||
                    !TrafficManagerPlan::IsDown(m_plan.targets[t], fault.addresses))
                {
                    continue;
                }
                ObservedDeparture departure(
                    {GetName(fault.fault.kind), fault.fault.target, fault.start, fault.end});
                departure.fault = f;
                departure.endpoint = e;
                departure.target = t;
                Expect(departure);
                m_departures.push_back(departure);
            }
        }
    }
}

void
TrafficManagerObserver::Expect(ObservedDeparture& departure) const
{
    const auto& fault = m_plan.faults[departure.fault];
    const auto& target = m_plan.targets[departure.target];
    const auto& profile = m_plan.profiles[target.profile];
    const auto settings =
        EndpointMonitorVerdict::MakeSettings(profile, profile.endpoints[target.endpoint]);
    const auto symptom = FindSymptom(fault.fault, settings);
    const bool isOwn = !target.interface.empty();
    // What is blocked is blocked for load balancers' probes; a service in between may turn an
    // answer into silence.
    if (!symptom || *symptom == FaultSymptom::Unseen ||
        fault.fault.kind == FaultKind::ProbeBlocked || (!isOwn && *symptom != FaultSymptom::Silent))
    {
        return;
    }
    const auto exchange = FindExchange(m_plan, target, settings);
    const auto detection = FailoverTheory::Detection(settings, *symptom, Time(0), exchange);
    if (fault.end && *fault.end - fault.start <= detection.upper)
    {
        return; // it may be over before it is noticed
    }
    // A probe that is under way when the fault begins may fail, too.
    departure.timeline.Expect(
        FailoverStep::FirstFailedProbe,
        ToExpected(FailoverTheory::FirstFailure(settings, *symptom, exchange), exchange));
    departure.timeline.Expect(FailoverStep::VerdictDown, ToExpected(detection, exchange));
    if (fault.end && isOwn)
    {
        departure.timeline.Expect(
            FailoverStep::VerdictUp,
            ToExpected(FailoverTheory::Recovery(settings, Time(0), exchange), Time(0)));
    }
    const bool isHonest =
        std::all_of(m_plan.clients.begin(), m_plan.clients.end(), [&](const auto& clients) {
            const auto& group = (*m_plan.scenario.clients)[clients.group];
            return clients.endpoint != departure.endpoint ||
                   (IsHonest(group.resolver.cache) && IsHonest(group.hostCache) &&
                    !group.resolver.serveStale);
        });
    // With several faults there may be nowhere to go.
    if (isHonest && m_plan.faults.size() == 1 &&
        TrafficManagerPlan::IsLeft(m_plan, departure.endpoint, fault.addresses))
    {
        const auto& asked = m_plan.profiles[m_plan.endpoints[departure.endpoint].index];
        const auto left = FailoverTheory::AfterCaches(detection, asked.dnsConfig.ttl);
        // Clients may have been elsewhere anyway.
        departure.timeline.Expect(FailoverStep::LastNewFlowToTarget,
                                  {Time(0), left.upper + ANSWER_TO_CONNECTION, left.form});
    }
}

void
TrafficManagerObserver::Watch(Ptr<TrafficManager> manager)
{
    manager->TraceConnectWithoutContext("Answer",
                                        MakeCallback(&TrafficManagerObserver::HandleAnswer, this));
    manager->TraceConnectWithoutContext("MonitorProbe",
                                        MakeCallback(&TrafficManagerObserver::HandleProbe, this));
    manager->TraceConnectWithoutContext("EndpointStatus",
                                        MakeCallback(&TrafficManagerObserver::HandleStatus, this));
    manager->TraceConnectWithoutContext("NameServerUpdate",
                                        MakeCallback(&TrafficManagerObserver::HandleUpdate, this));
    for (std::size_t p = 0; p < m_plan.profiles.size(); ++p)
    {
        for (std::size_t e = 0; e < m_plan.profiles[p].endpoints.size(); ++e)
        {
            const auto status = manager->GetEngine().GetStates().GetStatus(
                {static_cast<uint32_t>(p), static_cast<uint32_t>(e)});
            m_statuses[{p, e}] = {{Time(0), status}};
        }
    }
}

void
TrafficManagerObserver::Watch(Ptr<RecursiveResolver> resolver,
                              const std::string& name,
                              Ipv4Address address)
{
    resolver->TraceConnectWithoutContext(
        "Answer",
        MakeCallback(&TrafficManagerObserver::HandleResolverAnswer, this, m_resolvers.size()));
    m_resolvers.push_back({name, IpAddress::From(address)});
}

std::optional<TrafficManagerObserver::Key>
TrafficManagerObserver::Find(const std::string& profile, const std::string& endpoint) const
{
    for (std::size_t p = 0; p < m_plan.profiles.size(); ++p)
    {
        const auto& endpoints = m_plan.profiles[p].endpoints;
        for (std::size_t e = 0; m_plan.profiles[p].name == profile && e < endpoints.size(); ++e)
        {
            if (endpoints[e].name == endpoint)
            {
                return Key{p, e};
            }
        }
    }
    return std::nullopt;
}

TrafficManagerObserver::Key
TrafficManagerObserver::GetKey(const ObservedDeparture& departure) const
{
    const auto& target = m_plan.targets[departure.target];
    return {target.profile, target.endpoint};
}

void
TrafficManagerObserver::HandleAnswer(const TrafficManagerAnswerRecord& record)
{
    if (m_closed)
    {
        return;
    }
    Answer answer;
    answer.time = record.time;
    answer.client = record.source;
    answer.question = record.question;
    answer.source = "Authorities";
    answer.rcode = record.answer.rcode;
    answer.records = record.answer.answers;
    for (std::size_t i = 0; i < record.paths.size(); ++i)
    {
        const auto& path = record.paths[i];
        answer.paths += (i == 0 ? "" : " ") + path;
        const auto found = m_ways.find({record.profile, path});
        if (found == m_ways.end())
        {
            continue;
        }
        const auto& way = found->second;
        answer.endpoints.insert(answer.endpoints.end(), way.endpoints.begin(), way.endpoints.end());
        if (way.target)
        {
            answer.targets.push_back(*way.target);
        }
    }
    m_answers.push_back(answer);
}

void
TrafficManagerObserver::HandleResolverAnswer(std::size_t index, const DnsResolverRecord& record)
{
    if (m_closed)
    {
        return;
    }
    Answer answer;
    answer.time = record.answered;
    answer.resolver = index;
    answer.client = IpAddress::From(record.client.GetIpv4());
    if (!record.response.questions.empty())
    {
        answer.question = record.response.questions.front();
    }
    answer.source = ToText(record.source);
    answer.rcode = record.response.rcode;
    answer.records = record.response.answers;
    m_answers.push_back(answer);
}

void
TrafficManagerObserver::HandleProbe(const EndpointProbeRecord& record)
{
    if (m_closed)
    {
        return;
    }
    m_latest = record.place;
    const auto key = Find(record.profile, record.endpoint);
    if (!key)
    {
        return;
    }
    const bool succeeded = record.probe.outcome == ProbeOutcome::Success;
    auto& count = m_counts[*key][record.place];
    (succeeded ? count.succeeded : count.failed)++;
    if (succeeded)
    {
        m_failing.erase({*key, record.place});
    }
    else
    {
        const auto [failing, isNew] =
            m_failing.emplace(std::pair{*key, record.place},
                              std::pair{record.probe.start, record.probe.start});
        failing->second.second = record.probe.start;
    }
    for (auto& departure : m_departures)
    {
        if (GetKey(departure) == *key)
        {
            departure.timeline.AddProbe(Simulator::Now(), succeeded);
        }
    }
}

void
TrafficManagerObserver::HandleStatus(const EndpointStatusChange& change)
{
    const auto key = Find(change.profile, change.endpoint);
    if (m_closed || !key || !change.after)
    {
        return;
    }
    const auto now = Simulator::Now();
    m_statuses[*key].push_back({now, *change.after});
    for (auto& departure : m_departures)
    {
        if (GetKey(departure) != *key)
        {
            continue;
        }
        const bool isDown = *change.after == EndpointMonitorStatus::Degraded;
        departure.timeline.AddVerdict(now, !isDown);
        if (isDown && departure.place.empty() && now >= departure.timeline.GetFault().start)
        {
            departure.place = m_latest;
            SplitDetection(departure);
        }
    }
}

void
TrafficManagerObserver::SplitDetection(ObservedDeparture& departure) const
{
    const auto failing = m_failing.find({GetKey(departure), departure.place});
    if (failing == m_failing.end())
    {
        return;
    }
    const auto start = departure.timeline.GetFault().start;
    // A probe that was under way already has no phase.
    const auto first = std::max(start, failing->second.first);
    const auto last = std::max(start, failing->second.second);
    departure.probePhase = first - start;
    departure.toleratedFailures = last - first;
    departure.probeTimeout = Simulator::Now() - last;
}

void
TrafficManagerObserver::HandleUpdate(const TrafficManagerChange& change)
{
    if (m_closed)
    {
        return;
    }
    for (auto& departure : m_departures)
    {
        for (const auto& endpoint : change.endpoints)
        {
            if (!departure.place.empty() && !departure.published &&
                Find(endpoint.profile, endpoint.endpoint) == GetKey(departure))
            {
                departure.published = Simulator::Now();
            }
        }
    }
}

void
TrafficManagerObserver::Close(const RequestLog& requests)
{
    m_closed = true;
    for (auto& departure : m_departures)
    {
        Complete(departure, requests);
    }
}

Time
TrafficManagerObserver::GetEnd(const ObservedDeparture& departure)
{
    for (const auto& milestone : departure.timeline.GetMilestones())
    {
        if (milestone.step == FailoverStep::VerdictUp && milestone.time)
        {
            return *milestone.time;
        }
    }
    const auto& fault = departure.timeline.GetFault();
    return departure.place.empty() ? fault.end.value_or(Time::Max()) : Time::Max();
}

bool
TrafficManagerObserver::IsAt(std::size_t target, const Ipv4Address& address) const
{
    return m_plan.targets[target].address.ToIpv4() == address;
}

void
TrafficManagerObserver::Complete(ObservedDeparture& departure, const RequestLog& requests)
{
    const auto& endpoint = m_plan.endpoints[departure.endpoint];
    const auto start = departure.timeline.GetFault().start;
    const auto end = GetEnd(departure);
    std::vector<Time> connections;
    std::map<std::string, const HttpRequestRecord*> last;
    for (const auto& record : requests.GetRecords())
    {
        if (!endpoint.Takes(record))
        {
            continue;
        }
        if (record.connectStart && IsAt(departure.target, record.remote.GetIpv4()))
        {
            connections.push_back(*record.connectStart);
            auto& latest = last[record.client];
            if (*record.connectStart >= start && *record.connectStart < end &&
                (!latest || *latest->connectStart < *record.connectStart))
            {
                latest = &record;
            }
        }
        if (record.last)
        {
            departure.timeline.AddRequest(MakeOutcome(record));
        }
    }
    std::sort(connections.begin(), connections.end());
    for (const auto& connection : connections)
    {
        departure.timeline.AddFlow(connection);
    }
    for (const auto& answer : m_answers)
    {
        const auto& targets = answer.targets;
        if (answer.time >= start && answer.time < end &&
            std::find(targets.begin(), targets.end(), departure.target) != targets.end())
        {
            departure.lastAnswer = answer.time;
        }
    }
    const auto trail = FindTrail(departure.target);
    for (const auto& [client, answers] : trail.heard)
    {
        for (const auto& [time, resolver] : answers)
        {
            if (time >= start && time < end)
            {
                departure.lastResolverAnswer =
                    std::max(departure.lastResolverAnswer.value_or(time), time);
            }
        }
    }
    std::map<std::string, ClientDeparture> clients;
    for (const auto& [name, record] : last)
    {
        if (record)
        {
            clients[name] = SplitDeparture(departure, *record, trail);
        }
    }
    for (const auto& record : requests.GetRecords())
    {
        const auto client = clients.find(record.client);
        if (client != clients.end() && !client->second.firstElsewhere &&
            record.outcome == HttpOutcome::Ok && endpoint.Takes(record) &&
            record.start > client->second.lastConnection &&
            !IsAt(departure.target, record.remote.GetIpv4()))
        {
            client->second.firstElsewhere = record.end;
        }
    }
    for (const auto& [name, client] : clients)
    {
        departure.clients.push_back(client);
    }
}

TrafficManagerObserver::Trail
TrafficManagerObserver::FindTrail(std::size_t target) const
{
    Trail trail;
    std::map<IpAddress, std::size_t> resolvers;
    for (std::size_t i = 0; i < m_resolvers.size(); ++i)
    {
        resolvers[m_resolvers[i].address] = i;
    }
    std::map<std::size_t, Time> told; // by resolver, as long as it has not passed it on
    for (const auto& answer : m_answers)
    {
        const auto& targets = answer.targets;
        if (!answer.resolver)
        {
            const auto asking = resolvers.find(answer.client);
            if (asking != resolvers.end())
            {
                told.erase(asking->second);
                if (std::find(targets.begin(), targets.end(), target) != targets.end())
                {
                    told[asking->second] = answer.time;
                }
            }
            continue;
        }
        if (std::none_of(answer.records.begin(), answer.records.end(), [&](const auto& record) {
                const auto* address = std::get_if<IpAddress>(&record.data);
                return address && *address == m_plan.targets[target].address;
            }))
        {
            continue;
        }
        trail.heard[answer.client].emplace_back(answer.time, *answer.resolver);
        if (const auto news = told.find(*answer.resolver); news != told.end())
        {
            trail.fetched[*answer.resolver].emplace_back(news->second, answer.time);
            told.erase(news);
        }
    }
    return trail;
}

ClientDeparture
TrafficManagerObserver::SplitDeparture(const ObservedDeparture& departure,
                                       const HttpRequestRecord& record,
                                       const Trail& trail) const
{
    const auto& endpoint = m_plan.endpoints[departure.endpoint];
    ClientDeparture client;
    client.client = record.client;
    client.group = std::stoul(record.path.substr(record.path.rfind('-') + 1));
    client.lastConnection = *record.connectStart;
    if (!departure.published || client.lastConnection <= *departure.published)
    {
        return client; // it was not sent there any more, or had nothing to ask
    }
    const auto verdict = *departure.published;
    auto kept = verdict;
    auto expiry = verdict;
    // The last answer that the client got, and when its resolver had got that.
    const auto heard = trail.heard.find(IpAddress::From(record.local.GetIpv4()));
    if (heard != trail.heard.end())
    {
        const auto last =
            std::upper_bound(heard->second.begin(),
                             heard->second.end(),
                             client.lastConnection,
                             [](Time time, const auto& other) { return time < other.first; });
        if (last != heard->second.begin())
        {
            const auto& [time, resolver] = *std::prev(last);
            kept = Limit(time, verdict, client.lastConnection);
            expiry = kept; // of what was fetched before anybody listened nothing is known
            const auto fetched = trail.fetched.find(resolver);
            const auto ttl = m_plan.profiles[endpoint.index].dnsConfig.ttl;
            for (std::size_t i = 0; fetched != trail.fetched.end() && i < fetched->second.size() &&
                                    fetched->second[i].second <= time;
                 ++i)
            {
                expiry = Limit(fetched->second[i].second + ttl, verdict, client.lastConnection);
            }
        }
    }
    client.resolverCache = std::min(kept, expiry) - verdict;
    client.hostCache = expiry - std::min(kept, expiry);
    client.staleTail = client.lastConnection - expiry;
    return client;
}

const std::vector<ObservedDeparture>&
TrafficManagerObserver::GetDepartures() const
{
    return m_departures;
}

std::vector<TrafficManagerObserver::Status>
TrafficManagerObserver::GetStatuses(std::size_t profile, std::size_t endpoint) const
{
    const auto found = m_statuses.find({profile, endpoint});
    return found == m_statuses.end() ? std::vector<Status>() : found->second;
}

std::map<std::string, EndpointProbeCount>
TrafficManagerObserver::GetProbes(std::size_t profile, std::size_t endpoint) const
{
    const auto found = m_counts.find({profile, endpoint});
    return found == m_counts.end() ? std::map<std::string, EndpointProbeCount>() : found->second;
}

std::vector<uint64_t>
TrafficManagerObserver::GetAnswers(std::size_t profile, std::size_t endpoint) const
{
    std::vector<uint64_t> bins(BINS, 0);
    const auto duration = m_plan.scenario.duration->GetSeconds();
    for (const auto& answer : m_answers)
    {
        const auto& endpoints = answer.endpoints;
        if (std::find(endpoints.begin(), endpoints.end(), Key{profile, endpoint}) !=
            endpoints.end())
        {
            const auto bin = static_cast<uint32_t>(answer.time.GetSeconds() / duration * BINS);
            bins[std::min(bin, BINS - 1)]++;
        }
    }
    return bins;
}

void
TrafficManagerObserver::WriteDnsCsv(std::ostream& os) const
{
    const auto precision = os.precision(9);
    os << std::fixed << "time,by,client,name,type,source,code,endpoint,records,ttl\n";
    for (const auto& answer : m_answers)
    {
        std::string records;
        std::optional<uint32_t> ttl;
        for (const auto& record : answer.records)
        {
            const auto* name = std::get_if<DnsName>(&record.data);
            const auto* address = std::get_if<IpAddress>(&record.data);
            records += (records.empty() ? "" : " ") + (name      ? name->ToText()
                                                       : address ? ToText(*address)
                                                                 : ToText(record.type));
            ttl = std::min(ttl.value_or(record.ttl), record.ttl);
        }
        os << answer.time.GetSeconds() << ","
           << ToCsvField(answer.resolver ? m_resolvers[*answer.resolver].name : "traffic-manager")
           << "," << ToText(answer.client) << "," << ToCsvField(answer.question.name.ToText())
           << "," << ToText(answer.question.type) << "," << answer.source << ","
           << ToText(answer.rcode) << "," << ToCsvField(answer.paths) << "," << ToCsvField(records)
           << ",";
        if (ttl)
        {
            os << *ttl;
        }
        os << "\n";
    }
    os << std::defaultfloat;
    os.precision(precision);
}

} // namespace azure
} // namespace ns3
