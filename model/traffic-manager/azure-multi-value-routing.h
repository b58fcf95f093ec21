/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_MULTI_VALUE_ROUTING_H
#define AZURE_MULTI_VALUE_ROUTING_H

#include "azure-routing-method.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Several of the endpoints that are served and of the type that is asked for (TM-5, TM-20).
 */
class MultiValueRouting : public RoutingMethod
{
  public:
    /**
     * @param maxReturn most records of an answer
     */
    explicit MultiValueRouting(uint32_t maxReturn);

    RoutingChoice Choose(const std::vector<RoutingCandidate>& candidates,
                         const RoutingQuestion& question) const override;

  private:
    uint32_t m_maxReturn; //!< most records of an answer
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_MULTI_VALUE_ROUTING_H */
