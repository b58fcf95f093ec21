/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-subnet-routing.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

SubnetRouting::SubnetRouting(const TrafficManagerSettings& settings)
    : m_settings(settings)
{
}

RoutingChoice
SubnetRouting::Choose(const std::vector<RoutingCandidate>& candidates,
                      const RoutingQuestion& question) const
{
    RoutingChoice choice;
    choice.reason = TrafficManagerReason::NoSubnet;
    choice.nameExists = !m_settings.nxDomainWithoutSubnet;
    auto owner = FindBySubnet(candidates, question.address);
    bool isFallback = false;
    if (owner && IsOff(candidates[*owner].status))
    {
        choice.reason = TrafficManagerReason::SubnetDisabled;
        choice.nameExists = !m_settings.nxDomainForDisabledSubnet;
        owner = std::nullopt;
    }
    for (uint32_t index = 0; !owner && index < candidates.size(); ++index)
    {
        isFallback =
            candidates[index].endpoint->subnets.empty() && !IsOff(candidates[index].status);
        owner = isFallback ? std::optional<uint32_t>(index) : std::nullopt;
    }
    if (!owner)
    {
        return choice;
    }
    const auto eligible = FindEligible(candidates);
    if (std::find(eligible.begin(), eligible.end(), *owner) == eligible.end())
    {
        choice.reason = TrafficManagerReason::SubnetUnhealthy;
        choice.nameExists = !m_settings.nxDomainForUnhealthySubnet;
        return choice;
    }
    choice.reason =
        isFallback ? TrafficManagerReason::SubnetFallback : TrafficManagerReason::Subnet;
    choice.shares = {{*owner, 1}};
    return choice;
}

bool
SubnetRouting::LooksAtSource() const
{
    return true;
}

} // namespace azure
} // namespace ns3
