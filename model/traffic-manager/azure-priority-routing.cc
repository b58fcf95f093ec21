/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-priority-routing.h"

namespace ns3
{
namespace azure
{

RoutingChoice
PriorityRouting::Choose(const std::vector<RoutingCandidate>& candidates,
                        const RoutingQuestion& /* question */) const
{
    RoutingChoice choice;
    for (const auto index : FindEligible(candidates))
    {
        // Without priorities the first one stays.
        const auto* best =
            choice.shares.empty() ? nullptr : candidates[choice.shares[0].endpoint].endpoint;
        if (!best || candidates[index].endpoint->priority.value_or(index + 1) <
                         best->priority.value_or(choice.shares[0].endpoint + 1))
        {
            choice.shares = {{index, 1}};
            choice.reason = TrafficManagerReason::Priority;
        }
    }
    return choice;
}

} // namespace azure
} // namespace ns3
