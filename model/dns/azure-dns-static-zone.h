/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_STATIC_ZONE_H
#define AZURE_DNS_STATIC_ZONE_H

#include "azure-dns-zone.h"

#include <map>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A zone of records, with delegations, aliases and wildcards (RFC 1034, section 4.3.2; RFC
 *        4592; RFC 2308).
 *
 * @code
 *   auto zone = std::make_shared<DnsStaticZone>("example.com", "ns.example.com", 300);
 *   zone->Add(DnsRecord::A("ns.example.com", 3600, "192.0.2.53"));
 *   zone->Add(DnsRecord::Cname("www.example.com", 60, "web.example.net"));
 * @endcode
 */
class DnsStaticZone : public DnsZone
{
  public:
    /**
     * @brief A zone with an SOA and an NS record, both with a TTL of one hour.
     * @param origin apex
     * @param server its name server; give its address too if it lies in the zone
     * @param negativeTtl MINIMUM of the SOA: TTL of negative answers, seconds
     */
    DnsStaticZone(const DnsName& origin, const DnsName& server, uint32_t negativeTtl);

    /**
     * @brief Add a record.
     *
     * Records that are in the zone already are not added again. A further SOA at the apex replaces
     * the one before.
     *
     * @param record the record
     * @return why it cannot be part of the zone; empty: it is
     */
    std::string Add(const DnsRecord& record);

    /**
     * @brief Remove records.
     * @param name owner
     * @param type type
     * @return how many were there; the SOA is never removed
     */
    size_t Remove(const DnsName& name, DnsType type);

    // From DnsZone
    DnsName GetOrigin() const override;
    DnsZoneAnswer Answer(const DnsZoneQuery& query) override;

  private:
    typedef std::map<DnsType, std::vector<DnsRecord>> Sets; //!< records of a name by type

    /**
     * @param name a name in the zone
     * @return whether there are records at it or below it
     */
    bool Exists(const DnsName& name) const;

    /**
     * @param name a name in the zone
     * @return the highest delegation at it or above it, the apex apart; null if there is none
     */
    const std::vector<DnsRecord>* FindCut(const DnsName& name) const;

    /**
     * @brief Add the addresses that the zone has of the hosts that records lead to.
     * @param records the records
     * @param[out] additionals gets the addresses
     */
    void AddAddresses(const std::vector<DnsRecord>& records,
                      std::vector<DnsRecord>& additionals) const;

    /**
     * @return the SOA record of negative answers (RFC 2308, section 3)
     */
    DnsRecord GetNegativeSoa() const;

    DnsName m_origin;              //!< apex
    std::map<DnsName, Sets> m_all; //!< records by name, in canonical order
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_STATIC_ZONE_H */
