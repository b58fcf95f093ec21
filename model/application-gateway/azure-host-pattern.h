/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HOST_PATTERN_H
#define AZURE_HOST_PATTERN_H

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A host name of a listener, with or without wildcards (AG-10).
 *
 * `*` stands for any number of letters, digits, hyphens and dots, `?` for one of them. Hosts
 * compare without regard to case.
 */
class HostPattern
{
  public:
    /**
     * @param pattern a pattern that Check() accepts
     */
    explicit HostPattern(const std::string& pattern);

    /**
     * @param host a host in lower case, without port
     * @return whether the pattern matches it
     */
    bool Matches(const std::string& host) const;

    /**
     * @return whether it holds `*` or `?`
     */
    bool HasWildcard() const;

    /**
     * @param pattern a pattern as configured
     * @return what is wrong with it and what to do; empty when it is good
     */
    static std::string Check(const std::string& pattern);

  private:
    std::string m_pattern; //!< in lower case
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HOST_PATTERN_H */
