/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-summary-parts.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param departures how clients left
 * @param group index of their group
 * @param part a part of the time that it took
 * @return percentiles of that part, of those who left after the verdict
 */
SummaryParts::Json
ShowPart(const std::vector<ClientDeparture>& departures,
         std::size_t group,
         const std::function<Time(const ClientDeparture&)>& part)
{
    std::vector<Time> times;
    for (const auto& departure : departures)
    {
        if (departure.group == group)
        {
            times.push_back(part(departure));
        }
    }
    return SummaryParts::ShowPercentiles(RequestLog::ToPercentiles(times));
}

} // namespace

SummaryParts::Json
SummaryParts::ShowDeparture(const ObservedDeparture& departure, const ScenarioPlan& plan)
{
    const auto& timeline = departure.timeline;
    const auto& fault = timeline.GetFault();
    const auto& endpoint = plan.endpoints[departure.endpoint];
    const auto& target = plan.targets[departure.target];
    const auto& owner = plan.profiles[target.profile];
    auto milestones = SummaryParts::ShowMilestones(timeline);
    const auto add = [&](const char* name, const std::optional<Time>& time) {
        milestones.push_back({{"name", name},
                              {"time", SummaryParts::ToSeconds(time)},
                              {"after", time ? Json((*time - fault.start).GetSeconds()) : Json()},
                              {"expected", Json()},
                              {"inside", Json()},
                              {"theory", Json()}});
    };
    add("last answer of a name server with the target", departure.lastAnswer);
    add("last answer of a resolver with the target", departure.lastResolverAnswer);
    Json groups = Json::array();
    const ClientDeparture* last = nullptr;
    for (const auto& client : departure.clients)
    {
        last = !last || last->lastConnection < client.lastConnection ? &client : last;
    }
    for (std::size_t g = 0; g < plan.scenario.clients->size(); ++g)
    {
        const auto part = [&](const auto& get) { return ShowPart(departure.clients, g, get); };
        const auto count = std::count_if(departure.clients.begin(),
                                         departure.clients.end(),
                                         [&](const auto& client) { return client.group == g; });
        if (count == 0)
        {
            continue;
        }
        groups.push_back(
            {{"group", (*plan.scenario.clients)[g].name},
             {"clients", count},
             {"lastConnection",
              part([&](const auto& client) { return client.lastConnection - fault.start; })},
             {"resolverCache", part([](const auto& client) { return client.resolverCache; })},
             {"hostCache", part([](const auto& client) { return client.hostCache; })},
             {"staleTail", part([](const auto& client) { return client.staleTail; })},
             {"elsewhere", part([&](const auto& client) {
                  return client.firstElsewhere.value_or(client.lastConnection) - fault.start;
              })}});
    }
    Json longest;
    if (last)
    {
        const bool isAfter = departure.published && last->lastConnection > *departure.published;
        longest = {{"client", last->client},
                   {"lastConnection", (last->lastConnection - fault.start).GetSeconds()},
                   {"afterVerdict", isAfter},
                   {"probePhase", departure.probePhase.GetSeconds()},
                   {"toleratedFailures", departure.toleratedFailures.GetSeconds()},
                   {"probeTimeout", departure.probeTimeout.GetSeconds()},
                   {"resolverCache", last->resolverCache.GetSeconds()},
                   {"hostCache", last->hostCache.GetSeconds()},
                   {"staleTail", last->staleTail.GetSeconds()},
                   {"elsewhere",
                    last->firstElsewhere ? Json((*last->firstElsewhere - fault.start).GetSeconds())
                                         : Json()}};
    }
    return {{"fault", SummaryParts::ShowFault(fault)},
            {"service", GetName(endpoint.service)},
            {"name", plan.profiles[endpoint.index].name},
            {"rule", endpoint.rule},
            {"probe", owner.name + "/" + owner.endpoints[target.endpoint].name},
            {"instance", Json()},
            {"milestones", milestones},
            {"connectionsBroken", timeline.GetConnectionsBroken()},
            {"requestsFailed", timeline.GetRequestsFailed()},
            {"clientsAffected", timeline.GetClients().size()},
            {"decidedAt", departure.place},
            {"groups", groups},
            {"lastClient", longest}};
}

SummaryParts::Json
SummaryParts::ShowTrafficManagers(const ScenarioPlan& plan, const TrafficManagerObserver& observer)
{
    Json profiles = Json::array();
    for (std::size_t p = 0; p < plan.profiles.size(); ++p)
    {
        const auto& profile = plan.profiles[p];
        Json endpoints = Json::array();
        for (std::size_t e = 0; e < profile.endpoints.size(); ++e)
        {
            const auto& endpoint = profile.endpoints[e];
            const auto target =
                std::find_if(plan.targets.begin(), plan.targets.end(), [&](const auto& candidate) {
                    return candidate.profile == p && candidate.endpoint == e;
                });
            const bool isTarget = target != plan.targets.end(); // else nested, or nobody there
            Json probes = Json::array();
            for (const auto& [place, count] : observer.GetProbes(p, e))
            {
                probes.push_back(
                    {{"place", place}, {"succeeded", count.succeeded}, {"failed", count.failed}});
            }
            Json statuses = Json::array();
            for (const auto& status : observer.GetStatuses(p, e))
            {
                statuses.push_back(
                    {{"time", status.time.GetSeconds()}, {"status", ToString(status.status)}});
            }
            const auto answers = observer.GetAnswers(p, e);
            endpoints.push_back(
                {{"endpoint", endpoint.name},
                 {"target", endpoint.target},
                 {"address", isTarget ? ToText(target->address) : ""},
                 {"region", isTarget ? target->region : endpoint.endpointLocation},
                 {"answers", std::accumulate(answers.begin(), answers.end(), uint64_t{0})},
                 {"answersOverTime", answers},
                 {"probes", probes},
                 {"statuses", statuses}});
        }
        profiles.push_back({{"name", profile.name},
                            {"fqdn", profile.GetFqdn()},
                            {"method", ToString(profile.trafficRoutingMethod)},
                            {"ttl", profile.dnsConfig.ttl.GetSeconds()},
                            {"endpoints", endpoints}});
    }
    return profiles;
}

} // namespace azure
} // namespace ns3
