/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-path-map.h"

#include "azure-request-target.h"

namespace ns3
{
namespace azure
{

PathMap::PathMap(const UrlPathMap& map, bool v1)
    : m_decode(!v1)
{
    for (uint32_t rule = 0; rule < map.pathRules.size(); ++rule)
    {
        const auto& paths = map.pathRules[rule].paths;
        for (uint32_t path = 0; path < paths.size(); ++path)
        {
            m_entries.push_back({rule, path, PathPattern(paths[path])});
        }
    }
}

std::string
PathMap::Normalize(const std::string& path) const
{
    return ToLowerAscii(m_decode ? PercentDecode(path) : path);
}

std::optional<PathMatch>
PathMap::Match(const std::string& path) const
{
    const std::string seen = Normalize(path);
    for (const auto& entry : m_entries)
    {
        if (entry.pattern.Matches(seen))
        {
            return PathMatch{entry.pathRule, entry.path};
        }
    }
    return std::nullopt;
}

size_t
PathMap::Measure(const PathMatch& match, const std::string& path) const
{
    for (const auto& entry : m_entries)
    {
        if (entry.pathRule == match.pathRule && entry.path == match.path)
        {
            const size_t length = entry.pattern.GetLiteralLength();
            return !entry.pattern.Matches(Normalize(path)) ? 0
                   : m_decode                              ? EncodedLength(path, length)
                                                           : length;
        }
    }
    return 0;
}

} // namespace azure
} // namespace ns3
