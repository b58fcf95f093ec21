/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-placement.h"

#include "ns3/assert.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

GatewayPlacement::GatewayPlacement(const std::vector<std::string>& zones)
    : m_zones(zones)
{
    NS_ASSERT_MSG(!m_zones.empty(), "at least one zone");
}

std::vector<std::string>
GatewayPlacement::Complete(const std::vector<std::string>& zones)
{
    return zones.empty() ? std::vector<std::string>{"1", "2", "3"} : zones;
}

void
GatewayPlacement::SetUp(const std::string& zone, bool up)
{
    if (up)
    {
        m_down.erase(zone);
    }
    else if (Has(zone))
    {
        m_down.insert(zone);
    }
}

bool
GatewayPlacement::IsUp(const std::string& zone) const
{
    return m_down.count(zone) == 0;
}

bool
GatewayPlacement::Has(const std::string& zone) const
{
    return std::find(m_zones.begin(), m_zones.end(), zone) != m_zones.end();
}

std::optional<std::string>
GatewayPlacement::ChooseZone(const std::vector<std::string>& zones) const
{
    std::optional<std::string> best;
    auto fewest = zones.size() + 1;
    for (const auto& zone : m_zones)
    {
        const auto here = static_cast<std::size_t>(std::count(zones.begin(), zones.end(), zone));
        if (IsUp(zone) && here < fewest)
        {
            best = zone;
            fewest = here;
        }
    }
    return best;
}

std::optional<uint32_t>
GatewayPlacement::ChooseSurplus(const std::map<uint32_t, std::string>& instances) const
{
    std::map<std::string, uint32_t> counts;
    for (const auto& [index, zone] : instances)
    {
        ++counts[zone];
    }
    std::optional<uint32_t> best;
    for (const auto& [index, zone] : instances)
    {
        if (!best || counts[zone] >= counts[instances.at(*best)])
        {
            best = index;
        }
    }
    return best;
}

} // namespace azure
} // namespace ns3
