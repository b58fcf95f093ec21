/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_ENDPOINT_VALIDATOR_H
#define AZURE_TRAFFIC_MANAGER_ENDPOINT_VALIDATOR_H

#include "azure-traffic-manager-configuration.h"

#include "ns3/azure-configuration-checker.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Checks the endpoints of a Traffic Manager profile, by themselves and for its routing
 *        method.
 */
class TrafficManagerEndpointValidator : public ConfigurationChecker
{
  public:
    /**
     * @param configuration what to check
     * @param errors gets what is wrong
     */
    TrafficManagerEndpointValidator(const TrafficManagerConfiguration& configuration,
                                    std::vector<ConfigurationError>& errors);

    /// Check all endpoints.
    void Run();

  private:
    /**
     * @brief Check the target of an endpoint (TM-37).
     * @param index which endpoint
     */
    void CheckTarget(size_t index);

    /**
     * @brief Check the numbers of an endpoint, and what nested ones may have (TM-27, TM-32).
     * @param index which endpoint
     */
    void CheckNumbers(size_t index);

    /// Targets must differ, and be of one kind except for MultiValue (TM-37).
    void CheckTargets();

    /// Priorities must be given to all endpoints or to none, and differ (TM-13).
    void CheckPriorities();

    /// Locations must be there (TM-16).
    void CheckLocations();

    /// Codes must exist and belong to one endpoint (TM-18).
    void CheckRegions();

    /// Ranges must be right and, where they count, belong to one endpoint (TM-21, TM-23).
    void CheckSubnets();

    /// MultiValue takes addresses alone (TM-20).
    void CheckMultiValue();

    const TrafficManagerConfiguration& m_configuration; //!< what to check
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_ENDPOINT_VALIDATOR_H */
