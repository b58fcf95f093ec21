/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-geographic-routing.h"

#include "azure-geographic-hierarchy.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param owner a candidate
 * @param index its index
 * @param reason why it owns the source
 * @return the choice of it, whatever its health, unless it has stopped
 */
RoutingChoice
Take(const RoutingCandidate& owner, uint32_t index, TrafficManagerReason reason)
{
    RoutingChoice choice;
    choice.reason = TrafficManagerReason::OwnerStopped;
    if (owner.status != EndpointMonitorStatus::Stopped)
    {
        choice.reason = reason;
        choice.shares = {{index, 1}};
    }
    return choice;
}

} // namespace

GeographicRouting::GeographicRouting(const RegionTable& regions)
    : m_regions(regions)
{
}

RoutingChoice
GeographicRouting::Choose(const std::vector<RoutingCandidate>& candidates,
                          const RoutingQuestion& question) const
{
    const auto owner = FindBySubnet(candidates, question.address);
    if (owner && !IsOff(candidates[*owner].status))
    {
        return Take(candidates[*owner], *owner, TrafficManagerReason::SubnetOverride);
    }
    const auto geography =
        question.region ? m_regions.GetRegions()[*question.region].geography : "";
    for (const auto& level : GeographicHierarchy::GetLevels(geography))
    {
        for (uint32_t index = 0; index < candidates.size(); ++index)
        {
            const auto& codes = candidates[index].endpoint->geoMapping;
            const bool isOwner = std::any_of(codes.begin(), codes.end(), [&](const auto& code) {
                return GeographicHierarchy::Canonical(code) == level;
            });
            if (isOwner && !IsOff(candidates[index].status))
            {
                return Take(candidates[index], index, TrafficManagerReason::Geography);
            }
        }
    }
    RoutingChoice choice;
    choice.reason = TrafficManagerReason::NoGeography;
    return choice;
}

bool
GeographicRouting::LooksAtSource() const
{
    return true;
}

} // namespace azure
} // namespace ns3
