/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-tree-validator.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace ns3
{
namespace azure
{

namespace
{

/// Most profiles of a subscription (TM-39).
constexpr size_t MAX_PROFILES = 200;

/// Most profiles on a way down (TM-34).
constexpr uint32_t MAX_DEPTH = 10;

} // namespace

TrafficManagerTreeValidator::TrafficManagerTreeValidator(
    const std::vector<TrafficManagerConfiguration>& profiles,
    const RegionTable& regions,
    std::vector<ConfigurationError>& errors)
    : ConfigurationChecker(errors),
      m_profiles(profiles),
      m_regions(regions)
{
}

void
TrafficManagerTreeValidator::Run()
{
    for (size_t index = 0; index < m_profiles.size(); ++index)
    {
        for (const auto& error : m_profiles[index].Validate())
        {
            Add(Path("profiles", index, error.path), error.message);
        }
    }
    CheckProfileNames();
    CheckChildren();
    if (m_isComplete)
    {
        CheckDepth();
    }
    CheckLocations();
}

void
TrafficManagerTreeValidator::CheckProfileNames()
{
    if (m_profiles.size() > MAX_PROFILES)
    {
        Add("profiles",
            "there are " + std::to_string(m_profiles.size()) + " profiles, the limit is 200");
    }
    std::map<std::string, std::string> owners;
    for (size_t index = 0; index < m_profiles.size(); ++index)
    {
        const auto& profile = m_profiles[index];
        if (!profile.name.empty() && *Find(profile.name) != index)
        {
            Add(Path("profiles", index, "name"),
                "the name " + profile.name +
                    " is taken; names must differ by more than upper and lower case");
        }
        const auto [owner, isNew] = owners.emplace(profile.GetFqdn(), profile.name);
        if (!isNew)
        {
            Add(Path("profiles", index, "dnsConfig.relativeName"),
                "profile " + owner->second + " is " + profile.GetFqdn() +
                    " already; choose another name");
        }
    }
}

void
TrafficManagerTreeValidator::CheckChildren()
{
    for (size_t index = 0; index < m_profiles.size(); ++index)
    {
        const auto& endpoints = m_profiles[index].endpoints;
        for (size_t endpoint = 0; endpoint < endpoints.size(); ++endpoint)
        {
            if (!endpoints[endpoint].IsNested() || Find(endpoints[endpoint].target))
            {
                continue;
            }
            m_isComplete = false;
            if (!endpoints[endpoint].target.empty())
            {
                Add(Path("profiles", index, Path("endpoints", endpoint, "target")),
                    "there is no profile " + endpoints[endpoint].target +
                        "; add it or name another one");
            }
        }
    }
}

void
TrafficManagerTreeValidator::CheckDepth()
{
    // Levels from each profile down, by rounds: after as many rounds as there may be levels,
    // what still grows is too deep or a circle.
    std::vector<uint32_t> levels(m_profiles.size(), 1);
    for (uint32_t round = 0; round < MAX_DEPTH; ++round)
    {
        const auto before = levels;
        for (size_t index = 0; index < m_profiles.size(); ++index)
        {
            for (const auto& endpoint : m_profiles[index].endpoints)
            {
                if (endpoint.IsNested())
                {
                    levels[index] = std::max(levels[index], before[*Find(endpoint.target)] + 1);
                }
            }
        }
    }
    for (size_t index = 0; index < m_profiles.size(); ++index)
    {
        if (levels[index] > MAX_DEPTH)
        {
            Add(Path("profiles", index, "endpoints"),
                "nested endpoints lead back to their profile, or through more than 10 profiles");
        }
    }
}

void
TrafficManagerTreeValidator::CheckLocations()
{
    for (size_t index = 0; index < m_profiles.size(); ++index)
    {
        if (m_profiles[index].trafficRoutingMethod != TrafficRoutingMethod::Performance)
        {
            continue; // nobody looks at them
        }
        const auto& endpoints = m_profiles[index].endpoints;
        for (size_t endpoint = 0; endpoint < endpoints.size(); ++endpoint)
        {
            const auto& location = endpoints[endpoint].endpointLocation;
            if (!location.empty() && !m_regions.Find(location))
            {
                Add(Path("profiles", index, Path("endpoints", endpoint, "endpointLocation")),
                    "no round-trip times are known for region " + location +
                        "; name another one, or add it to the table");
            }
        }
    }
}

std::optional<size_t>
TrafficManagerTreeValidator::Find(const std::string& name) const
{
    const auto isSame = [](unsigned char left, unsigned char right) {
        return std::tolower(left) == std::tolower(right);
    };
    const auto it = std::find_if(m_profiles.begin(), m_profiles.end(), [&](const auto& profile) {
        return std::equal(profile.name.begin(),
                          profile.name.end(),
                          name.begin(),
                          name.end(),
                          isSame);
    });
    return it == m_profiles.end() ? std::nullopt : std::optional<size_t>(it - m_profiles.begin());
}

} // namespace azure
} // namespace ns3
