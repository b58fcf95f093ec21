/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PERFORMANCE_ROUTING_H
#define AZURE_PERFORMANCE_ROUTING_H

#include "azure-routing-method.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The closest endpoint that is served, by round-trip time (TM-16, TM-17).
 *
 * Several in the closest region share evenly. Where the source is not known, the first endpoint
 * that is served decides the region. A subnet override comes first, if its endpoint is served
 * (TM-23).
 */
class PerformanceRouting : public RoutingMethod
{
  public:
    /**
     * @param regions regions and round-trip times; have to outlive this
     */
    explicit PerformanceRouting(const RegionTable& regions);

    RoutingChoice Choose(const std::vector<RoutingCandidate>& candidates,
                         const RoutingQuestion& question) const override;
    bool LooksAtSource() const override;

  private:
    const RegionTable& m_regions; //!< regions and round-trip times
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PERFORMANCE_ROUTING_H */
