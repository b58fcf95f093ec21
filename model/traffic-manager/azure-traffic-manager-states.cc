/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-states.h"

#include "ns3/assert.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param a how a profile is monitored
 * @param b how another one is
 * @return whether results mean the same
 */
bool
IsSameMonitor(const TrafficManagerMonitorConfig& a, const TrafficManagerMonitorConfig& b)
{
    return a.protocol == b.protocol && a.port == b.port && a.path == b.path &&
           a.expectedStatusCodeRanges == b.expectedStatusCodeRanges;
}

} // namespace

bool
TrafficManagerStates::IsSameName(const std::string& left, const std::string& right)
{
    return std::equal(
        left.begin(),
        left.end(),
        right.begin(),
        right.end(),
        [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

TrafficManagerStates::TrafficManagerStates(const std::vector<TrafficManagerConfiguration>& profiles)
    : m_profiles(profiles)
{
    for (const auto& profile : m_profiles)
    {
        m_states.emplace_back(profile.endpoints.size());
    }
    Update();
}

const std::vector<TrafficManagerConfiguration>&
TrafficManagerStates::GetProfiles() const
{
    return m_profiles;
}

std::optional<uint32_t>
TrafficManagerStates::FindProfile(const std::string& name) const
{
    const auto it = std::find_if(m_profiles.begin(), m_profiles.end(), [&](const auto& profile) {
        return IsSameName(profile.name, name);
    });
    return it == m_profiles.end() ? std::nullopt : std::optional<uint32_t>(it - m_profiles.begin());
}

EndpointMonitorStatus
TrafficManagerStates::GetStatus(const TrafficManagerEndpointId& id) const
{
    return m_states[id.profile][id.endpoint].status;
}

EndpointMonitorStatus
TrafficManagerStates::FindStatus(const TrafficManagerEndpointId& id) const
{
    const auto& endpoint = m_profiles[id.profile].endpoints[id.endpoint];
    const auto& state = m_states[id.profile][id.endpoint];
    if (!m_profiles[id.profile].profileStatus)
    {
        return EndpointMonitorStatus::Inactive;
    }
    if (!endpoint.endpointStatus)
    {
        return EndpointMonitorStatus::Disabled;
    }
    if (endpoint.IsNested())
    {
        return GetNestedStatus(id);
    }
    if (state.isStopped)
    {
        return EndpointMonitorStatus::Stopped;
    }
    if (endpoint.alwaysServe)
    {
        return EndpointMonitorStatus::Unmonitored;
    }
    return state.health == EndpointHealth::Healthy     ? EndpointMonitorStatus::Online
           : state.health == EndpointHealth::Unhealthy ? EndpointMonitorStatus::Degraded
                                                       : EndpointMonitorStatus::CheckingEndpoint;
}

EndpointMonitorStatus
TrafficManagerStates::GetNestedStatus(const TrafficManagerEndpointId& id) const
{
    const auto& endpoint = m_profiles[id.profile].endpoints[id.endpoint];
    const auto child = FindProfile(endpoint.target);
    NS_ASSERT_MSG(child, "the profiles are not validated");
    const auto status = GetProfileStatus(*child);
    if (status == ProfileMonitorStatus::Disabled || status == ProfileMonitorStatus::Inactive)
    {
        return EndpointMonitorStatus::Stopped;
    }
    bool isOnline = true;
    bool isChecking = true;
    const auto ask = [&](uint32_t least, std::optional<TrafficManagerTargetKind> kind) {
        const auto count = CountEndpoints(*child, kind);
        isOnline = isOnline && count.online >= least;
        isChecking = isChecking && count.online + count.checking >= least;
    };
    ask(endpoint.minChildEndpoints.value_or(1), std::nullopt);
    ask(endpoint.minChildEndpointsIpv4.value_or(0), TrafficManagerTargetKind::Ipv4Address);
    ask(endpoint.minChildEndpointsIpv6.value_or(0), TrafficManagerTargetKind::Ipv6Address);
    return isOnline     ? EndpointMonitorStatus::Online
           : isChecking ? EndpointMonitorStatus::CheckingEndpoint
                        : EndpointMonitorStatus::Degraded;
}

TrafficManagerStates::Count
TrafficManagerStates::CountEndpoints(uint32_t profile,
                                     std::optional<TrafficManagerTargetKind> kind) const
{
    Count count;
    const auto& endpoints = m_profiles[profile].endpoints;
    for (uint32_t index = 0; index < endpoints.size(); ++index)
    {
        if (kind && (endpoints[index].IsNested() || endpoints[index].GetTargetKind() != *kind))
        {
            continue;
        }
        const auto status = GetStatus({profile, index});
        count.checking += status == EndpointMonitorStatus::CheckingEndpoint;
        count.online +=
            status == EndpointMonitorStatus::Online || status == EndpointMonitorStatus::Unmonitored;
    }
    return count;
}

ProfileMonitorStatus
TrafficManagerStates::GetProfileStatus(uint32_t profile) const
{
    if (!m_profiles[profile].profileStatus)
    {
        return ProfileMonitorStatus::Disabled;
    }
    // In the order of TM-30.
    auto result = ProfileMonitorStatus::Inactive;
    for (uint32_t index = 0; index < m_profiles[profile].endpoints.size(); ++index)
    {
        const auto status = GetStatus({profile, index});
        if (status == EndpointMonitorStatus::Degraded)
        {
            return ProfileMonitorStatus::Degraded;
        }
        if (status == EndpointMonitorStatus::Online || status == EndpointMonitorStatus::Unmonitored)
        {
            result = ProfileMonitorStatus::Online;
        }
        else if (status == EndpointMonitorStatus::CheckingEndpoint &&
                 result == ProfileMonitorStatus::Inactive)
        {
            result = ProfileMonitorStatus::CheckingEndpoints;
        }
    }
    return result;
}

bool
TrafficManagerStates::IsMonitored(const TrafficManagerEndpointId& id) const
{
    const auto& profile = m_profiles[id.profile];
    const auto& endpoint = profile.endpoints[id.endpoint];
    return profile.profileStatus && endpoint.endpointStatus && !endpoint.IsNested() &&
           !endpoint.alwaysServe && !m_states[id.profile][id.endpoint].isStopped;
}

std::vector<TrafficManagerEndpointId>
TrafficManagerStates::GetMonitored() const
{
    std::vector<TrafficManagerEndpointId> monitored;
    for (uint32_t profile = 0; profile < m_profiles.size(); ++profile)
    {
        for (uint32_t index = 0; index < m_profiles[profile].endpoints.size(); ++index)
        {
            if (IsMonitored({profile, index}))
            {
                monitored.push_back({profile, index});
            }
        }
    }
    return monitored;
}

void
TrafficManagerStates::SetHealth(const TrafficManagerEndpointId& id, EndpointHealth health)
{
    m_states[id.profile][id.endpoint].health = health;
    Update();
}

void
TrafficManagerStates::SetStopped(const TrafficManagerEndpointId& id, bool isStopped)
{
    m_states[id.profile][id.endpoint].isStopped = isStopped;
    Update();
}

void
TrafficManagerStates::Replace(uint32_t profile, const TrafficManagerConfiguration& configuration)
{
    const auto before = m_profiles[profile];
    const auto states = m_states[profile];
    m_profiles[profile] = configuration;
    m_states[profile].assign(configuration.endpoints.size(), State());
    for (uint32_t index = 0; index < configuration.endpoints.size(); ++index)
    {
        const auto& endpoint = configuration.endpoints[index];
        for (uint32_t old = 0; old < before.endpoints.size(); ++old)
        {
            if (!IsSameName(before.endpoints[old].name, endpoint.name) ||
                !IsSameName(before.endpoints[old].target, endpoint.target))
            {
                continue;
            }
            auto& state = m_states[profile][index];
            state.isStopped = states[old].isStopped;
            if (IsSameMonitor(before.monitorConfig, configuration.monitorConfig))
            {
                state.health = states[old].health;
            }
        }
    }
    Update();
}

void
TrafficManagerStates::Update()
{
    for (uint32_t profile = 0; profile < m_profiles.size(); ++profile)
    {
        for (uint32_t index = 0; index < m_states[profile].size(); ++index)
        {
            if (!IsMonitored({profile, index}))
            {
                m_states[profile][index].health = EndpointHealth::Unknown;
            }
        }
    }
    std::vector<bool> isDone(m_profiles.size(), false);
    for (uint32_t profile = 0; profile < m_profiles.size(); ++profile)
    {
        UpdateProfile(profile, isDone);
    }
}

void
TrafficManagerStates::UpdateProfile(uint32_t profile, std::vector<bool>& isDone)
{
    if (isDone[profile])
    {
        return;
    }
    isDone[profile] = true;
    const auto& endpoints = m_profiles[profile].endpoints;
    for (uint32_t index = 0; index < endpoints.size(); ++index)
    {
        const auto child =
            endpoints[index].IsNested() ? FindProfile(endpoints[index].target) : std::nullopt;
        if (child)
        {
            UpdateProfile(*child, isDone);
        }
        m_states[profile][index].status = FindStatus({profile, index});
    }
}

TrafficManagerChange
TrafficManagerStates::CompareWith(const TrafficManagerStates& before) const
{
    TrafficManagerChange change;
    const auto find = [](const TrafficManagerStates& states,
                         uint32_t profile,
                         const std::string& name) -> std::optional<EndpointMonitorStatus> {
        const auto& endpoints = states.m_profiles[profile].endpoints;
        for (uint32_t index = 0; index < endpoints.size(); ++index)
        {
            if (IsSameName(endpoints[index].name, name))
            {
                return states.GetStatus({profile, index});
            }
        }
        return std::nullopt;
    };
    for (uint32_t profile = 0; profile < m_profiles.size(); ++profile)
    {
        const auto& name = m_profiles[profile].name;
        for (const auto& endpoint : before.m_profiles[profile].endpoints)
        {
            if (!find(*this, profile, endpoint.name))
            {
                change.endpoints.push_back(
                    {name, endpoint.name, find(before, profile, endpoint.name), std::nullopt});
            }
        }
        for (const auto& endpoint : m_profiles[profile].endpoints)
        {
            const auto old = find(before, profile, endpoint.name);
            const auto now = find(*this, profile, endpoint.name);
            if (old != now)
            {
                change.endpoints.push_back({name, endpoint.name, old, now});
            }
        }
        const auto old = before.GetProfileStatus(profile);
        const auto now = GetProfileStatus(profile);
        if (old != now)
        {
            change.profiles.push_back({name, old, now});
        }
    }
    return change;
}

} // namespace azure
} // namespace ns3
