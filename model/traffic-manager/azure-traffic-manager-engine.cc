/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-engine.h"

#include "ns3/assert.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace ns3
{
namespace azure
{

TrafficManagerEngine::TrafficManagerEngine(const std::vector<TrafficManagerConfiguration>& profiles,
                                           std::shared_ptr<const TrafficManagerWorld> world,
                                           const TrafficManagerSettings& settings)
    : m_world(std::move(world)),
      m_settings(settings),
      m_states(profiles)
{
}

std::optional<uint32_t>
TrafficManagerEngine::FindByFqdn(const std::string& fqdn) const
{
    TrafficManagerConfiguration asked;
    asked.dnsConfig.fqdn = fqdn;
    const auto& profiles = m_states.GetProfiles();
    const auto it = std::find_if(profiles.begin(), profiles.end(), [&](const auto& profile) {
        return !fqdn.empty() && profile.GetFqdn() == asked.GetFqdn();
    });
    return it == profiles.end() ? std::nullopt : std::optional<uint32_t>(it - profiles.begin());
}

TrafficManagerAnswer
TrafficManagerEngine::Answer(uint32_t profile,
                             const TrafficManagerQuery& query,
                             Ptr<UniformRandomVariable> stream) const
{
    const Draw draw = [&](const std::vector<RoutingShare>& shares) -> size_t {
        if (shares.size() == 1)
        {
            return 0;
        }
        const auto sum = std::accumulate(
            shares.begin(),
            shares.end(),
            uint32_t{0},
            [](uint32_t total, const RoutingShare& share) { return total + share.weight; });
        auto ticket = stream->GetInteger(0, sum - 1);
        size_t index = 0;
        while (ticket >= shares[index].weight)
        {
            ticket -= shares[index++].weight;
        }
        return index;
    };
    TrafficManagerAnswer answer;
    Decide(profile, query, draw, {}, answer);
    answer.steps.clear();
    return answer;
}

TrafficManagerAnswer
TrafficManagerEngine::Explain(uint32_t profile, const TrafficManagerQuery& query) const
{
    const Draw likeliest = [](const std::vector<RoutingShare>& shares) -> size_t {
        return std::max_element(
                   shares.begin(),
                   shares.end(),
                   [](const auto& left, const auto& right) { return left.weight < right.weight; }) -
               shares.begin();
    };
    TrafficManagerAnswer answer;
    Decide(profile, query, likeliest, {}, answer);
    return answer;
}

std::vector<TrafficManagerShare>
TrafficManagerEngine::GetShares(uint32_t profile, const TrafficManagerQuery& query) const
{
    std::vector<TrafficManagerShare> result;
    const auto choice = Choose(profile, query);
    double sum = 0;
    for (const auto& share : choice.shares)
    {
        sum += share.weight;
    }
    for (const auto& share : choice.shares)
    {
        const TrafficManagerEndpointId id{profile, share.endpoint};
        const double probability = std::min(1.0, choice.count * share.weight / sum);
        if (!GetEndpoint(id).IsNested())
        {
            result.push_back({{id}, probability});
            continue;
        }
        for (auto& below : GetShares(*m_states.FindProfile(GetEndpoint(id).target), query))
        {
            below.path.insert(below.path.begin(), id);
            result.push_back({below.path, probability * below.probability});
        }
    }
    return result;
}

RoutingChoice
TrafficManagerEngine::Choose(uint32_t profile, const TrafficManagerQuery& query) const
{
    const auto& configuration = m_states.GetProfiles()[profile];
    RoutingChoice none;
    none.nameExists = false;
    if (!configuration.profileStatus)
    {
        none.reason = TrafficManagerReason::ProfileDisabled;
        return none;
    }
    std::vector<RoutingCandidate> candidates;
    for (uint32_t index = 0; index < configuration.endpoints.size(); ++index)
    {
        candidates.push_back(
            {&configuration.endpoints[index], m_states.GetStatus({profile, index})});
    }
    if (std::all_of(candidates.begin(), candidates.end(), [](const auto& candidate) {
            return RoutingMethod::IsOff(candidate.status);
        }))
    {
        none.reason = TrafficManagerReason::AllDisabled;
        return none;
    }
    const auto address = query.GetDecidingAddress();
    const auto region = m_world->locations.Find(address);
    const bool isKnown = region && *region < m_world->regions.GetRegions().size();
    return RoutingMethod::Make(configuration, *m_world, m_settings)
        ->Choose(candidates, {address, isKnown ? region : std::nullopt, query.type});
}

void
TrafficManagerEngine::Decide(uint32_t profile,
                             const TrafficManagerQuery& query,
                             const Draw& draw,
                             const std::vector<TrafficManagerEndpointId>& path,
                             TrafficManagerAnswer& answer) const
{
    const auto& configuration = m_states.GetProfiles()[profile];
    auto choice = Choose(profile, query);
    answer.nameExists = choice.nameExists || !choice.shares.empty();
    answer.reason = choice.reason;
    answer.bySource = answer.bySource ||
                      RoutingMethod::Make(configuration, *m_world, m_settings)->LooksAtSource();
    if (path.empty())
    {
        answer.ttl = configuration.dnsConfig.ttl;
    }
    std::string step = std::string(ToString(configuration.trafficRoutingMethod)) + " profile " +
                       configuration.name + ": " + ToString(choice.reason);
    if (choice.shares.empty())
    {
        answer.steps.push_back(step + ", no endpoint");
        return;
    }
    for (uint32_t count = 0; count < choice.count && !choice.shares.empty(); ++count)
    {
        const auto drawn = draw(choice.shares);
        const TrafficManagerEndpointId id{profile, choice.shares[drawn].endpoint};
        const auto& endpoint = GetEndpoint(id);
        answer.steps.push_back(step + ", endpoint " + endpoint.name + ", one of " +
                               std::to_string(choice.shares.size()));
        choice.shares.erase(choice.shares.begin() + static_cast<std::ptrdiff_t>(drawn));
        auto further = path;
        further.push_back(id);
        if (endpoint.IsNested())
        {
            Decide(*m_states.FindProfile(endpoint.target), query, draw, further, answer);
            return; // a profile of nested endpoints draws one of them
        }
        AddRecord(further, query, answer);
    }
}

void
TrafficManagerEngine::AddRecord(const std::vector<TrafficManagerEndpointId>& path,
                                const TrafficManagerQuery& query,
                                TrafficManagerAnswer& answer) const
{
    const auto& endpoint = GetEndpoint(path.back());
    TrafficManagerRecord record;
    record.path = path;
    switch (endpoint.GetTargetKind())
    {
    case TrafficManagerTargetKind::DomainName:
        record.type = TrafficManagerRecordType::Cname;
        record.name = endpoint.target;
        break;
    case TrafficManagerTargetKind::Ipv4Address:
        record.type = TrafficManagerRecordType::A;
        break;
    case TrafficManagerTargetKind::Ipv6Address:
        record.type = TrafficManagerRecordType::Aaaa;
        break;
    }
    // A name is an answer to every question.
    if (record.type != TrafficManagerRecordType::Cname &&
        query.type != TrafficManagerRecordType::Any && query.type != record.type)
    {
        answer.reason = TrafficManagerReason::OtherType;
        return;
    }
    if (record.type != TrafficManagerRecordType::Cname)
    {
        record.address = *IpRange::ParseAddress(endpoint.target);
    }
    answer.records.push_back(record);
}

const TrafficManagerEndpoint&
TrafficManagerEngine::GetEndpoint(const TrafficManagerEndpointId& id) const
{
    return m_states.GetProfiles()[id.profile].endpoints[id.endpoint];
}

TrafficManagerChange
TrafficManagerEngine::Change(const std::function<void()>& change)
{
    const auto before = m_states;
    change();
    return m_states.CompareWith(before);
}

TrafficManagerChange
TrafficManagerEngine::SetHealth(const TrafficManagerEndpointId& id, EndpointHealth health)
{
    return Change([&] { m_states.SetHealth(id, health); });
}

TrafficManagerChange
TrafficManagerEngine::SetStopped(const TrafficManagerEndpointId& id, bool isStopped)
{
    return Change([&] { m_states.SetStopped(id, isStopped); });
}

TrafficManagerChange
TrafficManagerEngine::SetEndpointStatus(const TrafficManagerEndpointId& id, bool isEnabled)
{
    auto configuration = m_states.GetProfiles()[id.profile];
    configuration.endpoints[id.endpoint].endpointStatus = isEnabled;
    return Change([&] { m_states.Replace(id.profile, configuration); });
}

TrafficManagerChange
TrafficManagerEngine::SetProfileStatus(uint32_t profile, bool isEnabled)
{
    auto configuration = m_states.GetProfiles()[profile];
    configuration.profileStatus = isEnabled;
    return Change([&] { m_states.Replace(profile, configuration); });
}

TrafficManagerChange
TrafficManagerEngine::Replace(const TrafficManagerConfiguration& configuration)
{
    TrafficManagerChange refused;
    const auto index = m_states.FindProfile(configuration.name);
    if (!index)
    {
        refused.error = "there is no profile " + configuration.name;
        return refused;
    }
    auto profiles = m_states.GetProfiles();
    profiles[*index] = configuration;
    const auto errors = TrafficManagerConfiguration::ValidateAll(profiles, m_world->regions);
    if (!errors.empty())
    {
        refused.error = errors.front().path + ": " + errors.front().message;
        return refused;
    }
    return Change([&] { m_states.Replace(*index, configuration); });
}

const TrafficManagerStates&
TrafficManagerEngine::GetStates() const
{
    return m_states;
}

} // namespace azure
} // namespace ns3
