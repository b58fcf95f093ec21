/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_VALIDATOR_H
#define AZURE_LOAD_BALANCER_VALIDATOR_H

#include "azure-load-balancer-configuration.h"

#include "ns3/azure-configuration-checker.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Checks the parts of a load balancer that rules refer to, and its size.
 *
 * The rules themselves are checked by LoadBalancerRuleValidator.
 */
class LoadBalancerValidator : public ConfigurationChecker
{
  public:
    /**
     * @param configuration what to check
     * @param errors gets what is wrong
     */
    LoadBalancerValidator(const LoadBalancerConfiguration& configuration,
                          std::vector<ConfigurationError>& errors);

    /// Check everything.
    void Run();

  private:
    /// Frontend addresses (LB-2, LB-21) and their idle timeouts (LB-43).
    void CheckFrontends();

    /// Pools and their members (LB-28).
    void CheckPools();

    /// Probes (HP-1, HP-2, HP-3, HP-5).
    void CheckProbes();

    /// Limits of the SKU (LB-70).
    void CheckLimits();

    const LoadBalancerConfiguration& m_configuration; //!< what to check
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_VALIDATOR_H */
