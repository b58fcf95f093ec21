/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-region-table.h"

#include "ns3/assert.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace azure
{

std::string
RegionTable::CanonicalName(const std::string& text)
{
    std::string name;
    for (const unsigned char c : text)
    {
        if (c != ' ')
        {
            name += static_cast<char>(std::tolower(c));
        }
    }
    return name;
}

uint32_t
RegionTable::Add(const Region& region)
{
    const Region canonical{CanonicalName(region.name), region.geography};
    if (const auto known = Find(canonical.name))
    {
        m_regions[*known] = canonical;
        return *known;
    }
    m_regions.push_back(canonical);
    for (auto& row : m_times)
    {
        row.emplace_back();
    }
    m_times.emplace_back(m_regions.size());
    return static_cast<uint32_t>(m_regions.size() - 1);
}

void
RegionTable::SetRoundTripTime(uint32_t from, uint32_t to, Time time)
{
    NS_ASSERT_MSG(from < m_regions.size() && to < m_regions.size(), "there is no such region");
    m_times[from][to] = time;
}

void
RegionTable::SetLocalRoundTripTime(Time time)
{
    m_local = time;
}

std::optional<uint32_t>
RegionTable::Find(const std::string& name) const
{
    const auto canonical = CanonicalName(name);
    const auto it = std::find_if(m_regions.begin(), m_regions.end(), [&](const Region& region) {
        return region.name == canonical;
    });
    return it == m_regions.end() ? std::nullopt : std::optional<uint32_t>(it - m_regions.begin());
}

const std::vector<Region>&
RegionTable::GetRegions() const
{
    return m_regions;
}

std::optional<Time>
RegionTable::GetRoundTripTime(uint32_t from, uint32_t to) const
{
    NS_ASSERT_MSG(from < m_regions.size() && to < m_regions.size(), "there is no such region");
    const auto& there = m_times[from][to];
    const auto& back = m_times[to][from];
    return there ? there : back ? back : from == to ? std::optional<Time>(m_local) : std::nullopt;
}

std::optional<Time>
RegionTable::GetDelay(uint32_t from, uint32_t to) const
{
    const auto there = GetRoundTripTime(from, to);
    const auto back = GetRoundTripTime(to, from);
    return there ? std::optional<Time>((*there + *back) / int64_t{4}) : std::nullopt;
}

std::vector<std::string>
RegionTable::FindGaps() const
{
    std::vector<std::string> gaps;
    for (uint32_t from = 0; from < m_regions.size(); ++from)
    {
        for (uint32_t to = from + 1; to < m_regions.size(); ++to)
        {
            if (!GetRoundTripTime(from, to))
            {
                gaps.push_back(m_regions[from].name + " and " + m_regions[to].name);
            }
        }
    }
    return gaps;
}

} // namespace azure
} // namespace ns3
