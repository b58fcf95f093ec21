/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GEOGRAPHIC_HIERARCHY_H
#define AZURE_GEOGRAPHIC_HIERARCHY_H

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The codes of Geographic routing: state, country, regional group, World (TM-18).
 *
 * Countries have the two letters of ISO 3166-1, states those of ISO 3166-2, for example `US-CA`;
 * only Australia, Canada, the United States and the United Kingdom have states. Groups are those
 * of Azure: `GEO-AF`, `GEO-AP` (Australia and Pacific), `GEO-AS`, `GEO-EU`, `GEO-ME`, `GEO-NA`
 * (with Central America and the Caribbean), `GEO-SA`. Which group a country is in follows the
 * names of the groups; Azure's own list may differ at their borders. Case does not matter.
 */
class GeographicHierarchy
{
  public:
    /**
     * @param code a code
     * @return whether it exists
     */
    static bool IsKnown(const std::string& code);

    /**
     * @param code a code
     * @return it in upper case
     */
    static std::string Canonical(const std::string& code);

    /**
     * @param code a code
     * @return the code and all that hold it, upwards, for example US-CA, US, GEO-NA, WORLD;
     *         WORLD alone for a code that does not exist
     */
    static std::vector<std::string> GetLevels(const std::string& code);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GEOGRAPHIC_HIERARCHY_H */
