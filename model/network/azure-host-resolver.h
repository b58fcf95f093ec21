/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HOST_RESOLVER_H
#define AZURE_HOST_RESOLVER_H

#include "ns3/callback.h"
#include "ns3/ipv4-address.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The addresses of a host, as a HostResolver found them.
 */
struct HostLookup
{
    std::string host;                   //!< the name that was asked for
    std::vector<Ipv4Address> addresses; //!< in the order in which to try them; empty: none found
    std::string status; //!< one word: Found, or why there are none, such as NameError or BadName
};

/**
 * @ingroup azure-load-balancing
 * @brief What turns host names into addresses on a node, as getaddrinfo() does.
 *
 * Part of a node, where applications find it by `node->GetObject<HostResolver>()`; they need not
 * know how it works. StubResolver is one.
 */
class HostResolver : public Object
{
  public:
    /// A look-up has ended.
    typedef Callback<void, const HostLookup&> HostCallback;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief Look a host up.
     * @param host its name, or an IPv4 address as text, which needs no look-up
     * @param callback gets the result in every case, from an event of its own
     * @return a key for Cancel()
     */
    virtual uint64_t LookUpHost(const std::string& host, HostCallback callback) = 0;

    /**
     * @brief No longer wait for a result.
     * @param key key of the look-up; one that has ended is no harm
     */
    virtual void Cancel(uint64_t key) = 0;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HOST_RESOLVER_H */
