/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_AFFINITY_COOKIE_H
#define AZURE_AFFINITY_COOKIE_H

#include "ns3/azure-http-message.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The two cookies by which a client stays with its member (AG-22).
 */
class AffinityCookie
{
  public:
    /**
     * @param name name of the first cookie; the second one has the suffix CORS
     */
    explicit AffinityCookie(const std::string& name);

    /**
     * @param seed the same for all instances of a gateway
     * @param member text of a member
     * @return value of the cookie for that member: 32 hexadecimal digits
     */
    static std::string GetValue(uint64_t seed, const std::string& member);

    /**
     * @param fields header fields of a request
     * @return value of the cookie, of the second one where the first is missing
     */
    std::optional<std::string> Find(const HttpFields& fields) const;

    /**
     * @brief Add both cookies to a response.
     *
     * @param value their value
     * @param fields header fields of the response
     */
    void Set(const std::string& value, HttpFields& fields) const;

  private:
    std::string m_name; //!< name of the first cookie
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_AFFINITY_COOKIE_H */
