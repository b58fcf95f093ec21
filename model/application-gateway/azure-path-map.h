/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PATH_MAP_H
#define AZURE_PATH_MAP_H

#include "azure-application-gateway-configuration.h"
#include "azure-path-pattern.h"

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
 * @brief The path rule that a path led to.
 */
struct PathMatch
{
    uint32_t pathRule{0}; //!< index of the path rule in its map
    uint32_t path{0};     //!< index of the path in the rule
};

/**
 * @ingroup azure-load-balancing
 * @brief Finds the path rule of a path (AG-15 to AG-17).
 */
class PathMap
{
  public:
    /**
     * @param map a map without errors
     * @param v1 paths are not decoded (AG-17)
     */
    PathMap(const UrlPathMap& map, bool v1);

    /**
     * @param path a path as sent, percent-encoded, without query
     * @return the first path that matches, in the order of listing; none: the default
     */
    std::optional<PathMatch> Match(const std::string& path) const;

    /**
     * @brief Measure the part of a path that an override replaces (AG-27).
     *
     * @param match a path rule and its pattern
     * @param path a path as sent, percent-encoded, without query
     * @return bytes of it that the pattern names, without its star; 0 when it does not match
     */
    size_t Measure(const PathMatch& match, const std::string& path) const;

  private:
    /// One path of one path rule.
    struct Entry
    {
        uint32_t pathRule;   //!< index of the path rule
        uint32_t path;       //!< index of the path in it
        PathPattern pattern; //!< what it matches
    };

    /**
     * @param path a path as sent
     * @return it as patterns see it
     */
    std::string Normalize(const std::string& path) const;

    std::vector<Entry> m_entries; //!< in the order of listing
    bool m_decode;                //!< decode before matching
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PATH_MAP_H */
