/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ADDRESS_LOCATIONS_H
#define AZURE_ADDRESS_LOCATIONS_H

#include "ns3/azure-ip-range.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief In which region an address is: what Azure knows of the whole internet.
 */
class AddressLocations
{
  public:
    /**
     * @param range addresses
     * @param region index of their region in the RegionTable
     */
    void Add(const IpRange& range, uint32_t region);

    /**
     * @param address an address
     * @return the region of the smallest range that holds it, of equal ones the last added;
     *         nothing when none does
     */
    std::optional<uint32_t> Find(const IpAddress& address) const;

  private:
    std::vector<std::pair<IpRange, uint32_t>> m_ranges; //!< smallest first
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ADDRESS_LOCATIONS_H */
