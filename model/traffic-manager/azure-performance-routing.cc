/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-performance-routing.h"

namespace ns3
{
namespace azure
{

PerformanceRouting::PerformanceRouting(const RegionTable& regions)
    : m_regions(regions)
{
}

RoutingChoice
PerformanceRouting::Choose(const std::vector<RoutingCandidate>& candidates,
                           const RoutingQuestion& question) const
{
    RoutingChoice choice;
    const auto owner = FindBySubnet(candidates, question.address);
    if (owner && IsServed(candidates[*owner].status))
    {
        choice.reason = TrafficManagerReason::SubnetOverride;
        choice.shares = {{*owner, 1}};
        return choice;
    }
    std::optional<uint32_t> bestRegion;
    std::optional<Time> bestTime;
    for (const auto index : FindEligible(candidates))
    {
        const auto region = m_regions.Find(candidates[index].endpoint->endpointLocation);
        const auto time = region && question.region
                              ? m_regions.GetRoundTripTime(*question.region, *region)
                              : std::nullopt;
        if (choice.shares.empty() || (time && (!bestTime || *time < *bestTime)))
        {
            choice.shares.clear();
            bestRegion = region;
            bestTime = time;
        }
        if (region == bestRegion)
        {
            choice.shares.push_back({index, 1});
        }
    }
    if (!choice.shares.empty())
    {
        choice.reason =
            bestTime ? TrafficManagerReason::RoundTripTime : TrafficManagerReason::UnknownLocation;
    }
    return choice;
}

bool
PerformanceRouting::LooksAtSource() const
{
    return true;
}

} // namespace azure
} // namespace ns3
