/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SUBNET_ROUTING_H
#define AZURE_SUBNET_ROUTING_H

#include "azure-routing-method.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The endpoint that owns the address of the source (TM-21, TM-22).
 */
class SubnetRouting : public RoutingMethod
{
  public:
    /**
     * @param settings where texts disagree
     */
    explicit SubnetRouting(const TrafficManagerSettings& settings);

    RoutingChoice Choose(const std::vector<RoutingCandidate>& candidates,
                         const RoutingQuestion& question) const override;
    bool LooksAtSource() const override;

  private:
    TrafficManagerSettings m_settings; //!< where texts disagree
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SUBNET_ROUTING_H */
