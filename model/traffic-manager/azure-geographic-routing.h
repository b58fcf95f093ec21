/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GEOGRAPHIC_ROUTING_H
#define AZURE_GEOGRAPHIC_ROUTING_H

#include "azure-routing-method.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The endpoint that owns the state, country, group or World of the source, whatever its
 *        health (TM-18, TM-19).
 *
 * A source that nobody knows is in World alone. A subnet override comes first (TM-23).
 */
class GeographicRouting : public RoutingMethod
{
  public:
    /**
     * @param regions regions and round-trip times; have to outlive this
     */
    explicit GeographicRouting(const RegionTable& regions);

    RoutingChoice Choose(const std::vector<RoutingCandidate>& candidates,
                         const RoutingQuestion& question) const override;
    bool LooksAtSource() const override;

  private:
    const RegionTable& m_regions; //!< regions and round-trip times
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GEOGRAPHIC_ROUTING_H */
