/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_TREE_VALIDATOR_H
#define AZURE_TRAFFIC_MANAGER_TREE_VALIDATOR_H

#include "azure-region-table.h"
#include "azure-traffic-manager-configuration.h"

#include "ns3/azure-configuration-checker.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Checks Traffic Manager profiles that belong together, each by itself and as a whole.
 */
class TrafficManagerTreeValidator : public ConfigurationChecker
{
  public:
    /**
     * @param profiles what to check
     * @param regions the regions that there are
     * @param errors gets what is wrong
     */
    TrafficManagerTreeValidator(const std::vector<TrafficManagerConfiguration>& profiles,
                                const RegionTable& regions,
                                std::vector<ConfigurationError>& errors);

    /// Check everything.
    void Run();

  private:
    /// Names must differ (TM-2).
    void CheckProfileNames();

    /// Nested endpoints must lead somewhere (TM-34).
    void CheckChildren();

    /// Nothing may lead back to itself, or too deep (TM-34).
    void CheckDepth();

    /// Regions must be in the table (TM-16).
    void CheckLocations();

    /**
     * @param name name of a profile; case does not matter
     * @return its index; nothing when there is none
     */
    std::optional<size_t> Find(const std::string& name) const;

    const std::vector<TrafficManagerConfiguration>& m_profiles; //!< what to check
    const RegionTable& m_regions;                               //!< the regions that there are
    bool m_isComplete{true}; //!< whether all nested endpoints lead somewhere
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_TREE_VALIDATOR_H */
