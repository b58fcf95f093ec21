/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_TTL_POLICY_H
#define AZURE_DNS_TTL_POLICY_H

#include "ns3/nstime.h"

#include <algorithm>
#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How long a cache keeps records, as a function of their TTL.
 *
 * The default honours TTLs. Resolvers on the Internet raise, lower and stretch them, and some
 * programs keep an answer until they are restarted.
 */
struct DnsTtlPolicy
{
    double stretch{1};              //!< factor on the TTL, 0 or more; applied first
    Time floor{0};                  //!< kept at least so long, even with a TTL of 0
    Time ceiling{Seconds(604800)};  //!< kept at most so long; one week (RFC 8767, section 4)
    Time negativeCeiling{Hours(3)}; //!< negative answers at most so long (RFC 2308, section 5)
    bool keepUntilRestart{false};   //!< kept until the cache is cleared; floor and ceiling are void

    /// Stands for ever: longer than any simulation.
    static Time Forever()
    {
        return Hours(24 * 365 * 100);
    }

    /**
     * @param ttl TTL of the records, seconds
     * @return how long they are kept; 0: not at all
     */
    Time GetLifetime(uint32_t ttl) const
    {
        if (keepUntilRestart)
        {
            return Forever();
        }
        return std::max(floor, std::min(ceiling, Seconds(stretch * ttl)));
    }

    /**
     * @param ttl TTL of the negative answer, seconds
     * @return how long it is kept; 0: not at all. Not even keepUntilRestart keeps one longer than
     *         negativeCeiling
     */
    Time GetNegativeLifetime(uint32_t ttl) const
    {
        return std::min(negativeCeiling, std::max(floor, Seconds(stretch * ttl)));
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_TTL_POLICY_H */
