/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-observer.h"
#include "azure-scenario-traffic-manager-observer.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

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

} // namespace

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

} // namespace azure
} // namespace ns3
