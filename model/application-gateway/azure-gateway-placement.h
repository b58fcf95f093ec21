/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_PLACEMENT_H
#define AZURE_GATEWAY_PLACEMENT_H

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Which zone an instance of a gateway comes to, and which one goes first (AG-56).
 *
 * Pure. Instances are spread evenly: a new one comes to the zone with the fewest, and the zone with
 * the most loses one first. Azure does not say how it decides; this is the evenest way.
 */
class GatewayPlacement
{
  public:
    /**
     * @param zones names of the zones, at least one; an instance may be in any of them
     */
    explicit GatewayPlacement(const std::vector<std::string>& zones);

    /**
     * @param zones zones of a gateway's resource; empty: it is zone-redundant (AG-56)
     * @return the same, or those of a region that has some: 1, 2 and 3
     */
    static std::vector<std::string> Complete(const std::vector<std::string>& zones);

    /**
     * @brief A zone has failed, or is back.
     * @param zone name of the zone; another one's changes nothing
     * @param up whether it works
     */
    void SetUp(const std::string& zone, bool up);

    /**
     * @param zone name of a zone
     * @return whether it works; true of zones that are none of the gateway's
     */
    bool IsUp(const std::string& zone) const;

    /**
     * @param zone name of a zone
     * @return whether it is one of the gateway's
     */
    bool Has(const std::string& zone) const;

    /**
     * @param zones the zone of each instance that is there
     * @return zone of a further one: among those that work the one with the fewest, and the first
     *         of these; none when no zone works
     */
    std::optional<std::string> ChooseZone(const std::vector<std::string>& zones) const;

    /**
     * @param instances the zone of each instance that may go, by index
     * @return index of the one that goes: of the zone with the most, and there the last one; none
     *         without instances
     */
    std::optional<uint32_t> ChooseSurplus(const std::map<uint32_t, std::string>& instances) const;

  private:
    std::vector<std::string> m_zones; //!< in order
    std::set<std::string> m_down;     //!< those that have failed
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_PLACEMENT_H */
