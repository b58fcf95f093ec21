/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-address-locations.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

void
AddressLocations::Add(const IpRange& range, uint32_t region)
{
    const auto at = std::find_if(m_ranges.begin(), m_ranges.end(), [&](const auto& known) {
        return !known.first.IsSmallerThan(range);
    });
    m_ranges.insert(at, {range, region});
}

std::optional<uint32_t>
AddressLocations::Find(const IpAddress& address) const
{
    const auto it = std::find_if(m_ranges.begin(), m_ranges.end(), [&](const auto& known) {
        return known.first.Contains(address);
    });
    return it == m_ranges.end() ? std::nullopt : std::optional<uint32_t>(it->second);
}

} // namespace azure
} // namespace ns3
