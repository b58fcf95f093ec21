/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-routing-method.h"

#include "azure-geographic-routing.h"
#include "azure-multi-value-routing.h"
#include "azure-performance-routing.h"
#include "azure-priority-routing.h"
#include "azure-subnet-routing.h"
#include "azure-weighted-routing.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

bool
RoutingMethod::LooksAtSource() const
{
    return false;
}

std::unique_ptr<RoutingMethod>
RoutingMethod::Make(const TrafficManagerConfiguration& configuration,
                    const TrafficManagerWorld& world,
                    const TrafficManagerSettings& settings)
{
    switch (configuration.trafficRoutingMethod)
    {
    case TrafficRoutingMethod::Weighted:
        return std::make_unique<WeightedRouting>();
    case TrafficRoutingMethod::Performance:
        return std::make_unique<PerformanceRouting>(world.regions);
    case TrafficRoutingMethod::Geographic:
        return std::make_unique<GeographicRouting>(world.regions);
    case TrafficRoutingMethod::MultiValue:
        return std::make_unique<MultiValueRouting>(configuration.maxReturn);
    case TrafficRoutingMethod::Subnet:
        return std::make_unique<SubnetRouting>(settings);
    case TrafficRoutingMethod::Priority:
        break;
    }
    return std::make_unique<PriorityRouting>();
}

std::vector<uint32_t>
RoutingMethod::FindEligible(const std::vector<RoutingCandidate>& candidates)
{
    std::vector<uint32_t> served;
    std::vector<uint32_t> degraded;
    for (uint32_t index = 0; index < candidates.size(); ++index)
    {
        if (IsServed(candidates[index].status))
        {
            served.push_back(index);
        }
        else if (candidates[index].status == EndpointMonitorStatus::Degraded)
        {
            degraded.push_back(index);
        }
    }
    return served.empty() ? degraded : served;
}

std::optional<uint32_t>
RoutingMethod::FindBySubnet(const std::vector<RoutingCandidate>& candidates,
                            const IpAddress& address)
{
    for (uint32_t index = 0; index < candidates.size(); ++index)
    {
        const auto& subnets = candidates[index].endpoint->subnets;
        if (std::any_of(subnets.begin(), subnets.end(), [&](const auto& subnet) {
                const auto range = subnet.ToRange();
                return range && range->Contains(address);
            }))
        {
            return index;
        }
    }
    return std::nullopt;
}

bool
RoutingMethod::IsOff(EndpointMonitorStatus status)
{
    return status == EndpointMonitorStatus::Disabled || status == EndpointMonitorStatus::Inactive;
}

} // namespace azure
} // namespace ns3
