/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PRIORITY_ROUTING_H
#define AZURE_PRIORITY_ROUTING_H

#include "azure-routing-method.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The endpoint that is served and has the lowest priority number (TM-13).
 */
class PriorityRouting : public RoutingMethod
{
  public:
    RoutingChoice Choose(const std::vector<RoutingCandidate>& candidates,
                         const RoutingQuestion& question) const override;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PRIORITY_ROUTING_H */
