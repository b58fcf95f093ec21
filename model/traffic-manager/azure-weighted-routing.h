/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_WEIGHTED_ROUTING_H
#define AZURE_WEIGHTED_ROUTING_H

#include "azure-routing-method.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief An endpoint at random, by weight (TM-14).
 */
class WeightedRouting : public RoutingMethod
{
  public:
    RoutingChoice Choose(const std::vector<RoutingCandidate>& candidates,
                         const RoutingQuestion& question) const override;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_WEIGHTED_ROUTING_H */
