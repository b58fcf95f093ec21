/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-multi-value-routing.h"

namespace ns3
{
namespace azure
{

MultiValueRouting::MultiValueRouting(uint32_t maxReturn)
    : m_maxReturn(maxReturn)
{
}

RoutingChoice
MultiValueRouting::Choose(const std::vector<RoutingCandidate>& candidates,
                          const RoutingQuestion& question) const
{
    RoutingChoice choice;
    for (const auto index : FindEligible(candidates))
    {
        const auto kind = candidates[index].endpoint->GetTargetKind();
        const bool isAsked = question.type == TrafficManagerRecordType::Any ||
                             (question.type == TrafficManagerRecordType::A &&
                              kind == TrafficManagerTargetKind::Ipv4Address) ||
                             (question.type == TrafficManagerRecordType::Aaaa &&
                              kind == TrafficManagerTargetKind::Ipv6Address);
        choice.reason = choice.shares.empty() ? TrafficManagerReason::OtherType : choice.reason;
        if (isAsked)
        {
            choice.shares.push_back({index, 1});
            choice.reason = TrafficManagerReason::AllServed;
        }
    }
    choice.count = m_maxReturn;
    return choice;
}

} // namespace azure
} // namespace ns3
