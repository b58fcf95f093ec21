/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_AUTHORITY_H
#define AZURE_DNS_AUTHORITY_H

#include "azure-dns-zone.h"

#include <map>
#include <memory>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What an authoritative server answers: zones, and the rules of messages around them.
 *
 * Queries for names in none of its zones are refused; recursion is not offered. An alias is
 * followed as long as its target is in one of the zones (RFC 1034, section 4.3.2).
 */
class DnsAuthority
{
  public:
    /// Aliases that are followed in one answer.
    static constexpr size_t MaxAliases = 16;

    /**
     * @brief Serve a zone; it takes the place of one with the same origin.
     * @param zone the zone
     */
    void AddZone(std::shared_ptr<DnsZone> zone);

    /**
     * @brief No longer serve a zone.
     * @param origin its origin
     * @return whether it was served
     */
    bool RemoveZone(const DnsName& origin);

    /**
     * @param name a name
     * @return the zone with the longest origin that the name is in; null if there is none
     */
    std::shared_ptr<DnsZone> FindZone(const DnsName& name) const;

    /**
     * @brief Answer a query.
     *
     * @param query the query
     * @param source where it came from
     * @param now present time
     * @param udpPayloadSize what to say in EDNS of one's own
     * @return the response
     */
    DnsMessage Respond(const DnsMessage& query,
                       const IpAddress& source,
                       Time now,
                       uint16_t udpPayloadSize) const;

    /**
     * @brief Check a query as every server has to before it looks at the question.
     *
     * @param query the query
     * @param udpPayloadSize what to say in EDNS of one's own
     * @param[out] response a response without records, complete if the query is refused
     * @return whether the question can be answered: one question of class IN in a standard query
     *         with a version of EDNS that exists
     */
    static bool Begin(const DnsMessage& query, uint16_t udpPayloadSize, DnsMessage& response);

  private:
    std::map<DnsName, std::shared_ptr<DnsZone>> m_zones; //!< zones by origin
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_AUTHORITY_H */
