/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_VALIDATOR_H
#define AZURE_LOAD_BALANCER_VALIDATOR_H

#include "azure-load-balancer-configuration.h"

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
class LoadBalancerValidator
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

    /**
     * @param collection REST name of a collection
     * @param index index in it
     * @param field REST name of a field; empty: the element itself
     * @return its path, for example `probes[0].port`
     */
    static std::string Path(const std::string& collection,
                            size_t index,
                            const std::string& field = "");

  private:
    /// Frontend addresses (LB-2, LB-21) and their idle timeouts (LB-43).
    void CheckFrontends();

    /// Pools and their members (LB-28).
    void CheckPools();

    /// Probes (HP-1, HP-2, HP-3, HP-5).
    void CheckProbes();

    /// Limits of the SKU (LB-70).
    void CheckLimits();

    /**
     * @brief Names must be there and differ, without regard to case.
     *
     * @param collection REST name of the collection
     * @param items its elements
     */
    template <typename T>
    void CheckNames(const std::string& collection, const std::vector<T>& items);

    /**
     * @param path where
     * @param message what is wrong and what to do
     */
    void Add(const std::string& path, const std::string& message);

    const LoadBalancerConfiguration& m_configuration; //!< what to check
    std::vector<ConfigurationError>& m_errors;        //!< what is wrong
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_VALIDATOR_H */
