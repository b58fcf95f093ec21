/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PATH_PATTERN_H
#define AZURE_PATH_PATTERN_H

#include <cstddef>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A path of a path rule (AG-15).
 *
 * With a `*` at its end it matches every path that begins with the rest, otherwise that path
 * alone; letters compare without regard to case.
 */
class PathPattern
{
  public:
    /**
     * @param pattern a pattern that Check() accepts
     */
    explicit PathPattern(const std::string& pattern);

    /**
     * @param path a path in lower case, decoded, without query
     * @return whether the pattern matches it
     */
    bool Matches(const std::string& path) const;

    /**
     * @return how many bytes of a path that matches the pattern itself names
     */
    size_t GetLiteralLength() const;

    /**
     * @param pattern a pattern as configured
     * @param v1 by the narrower rules of v1
     * @return what is wrong with it and what to do; empty when it is good
     */
    static std::string Check(const std::string& pattern, bool v1);

  private:
    std::string m_literal; //!< in lower case, without the star
    bool m_isPrefix;       //!< whether a star follows
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PATH_PATTERN_H */
