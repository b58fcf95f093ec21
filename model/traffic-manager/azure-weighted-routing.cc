/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-weighted-routing.h"

namespace ns3
{
namespace azure
{

RoutingChoice
WeightedRouting::Choose(const std::vector<RoutingCandidate>& candidates,
                        const RoutingQuestion& /* question */) const
{
    RoutingChoice choice;
    for (const auto index : FindEligible(candidates))
    {
        choice.shares.push_back({index, candidates[index].endpoint->weight.value_or(1)});
        choice.reason = TrafficManagerReason::Weight;
    }
    return choice;
}

} // namespace azure
} // namespace ns3
