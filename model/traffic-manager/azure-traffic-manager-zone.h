/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_ZONE_H
#define AZURE_TRAFFIC_MANAGER_ZONE_H

#include "azure-traffic-manager.h"

#include "ns3/azure-dns-zone.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A zone with the names of profiles, whose answers Traffic Manager computes for each query
 *        (TM-2, TM-5).
 *
 * @code
 *   auto zone = std::make_shared<TrafficManagerZone>(manager, "trafficmanager.net");
 *   DnsServerHelper().InstallZones(node, {zone});
 * @endcode
 *
 * The scope of an answer (RFC 7871) is the prefix that the query tells, where the address of the
 * client was looked at, and nothing where it was not. The names of the name servers,
 * `tm1.dns.<origin>` and so on, cannot be names of profiles.
 */
class TrafficManagerZone : public DnsZone
{
  public:
    /**
     * @param manager what answers
     * @param origin one of its TrafficManager::GetOrigins()
     */
    TrafficManagerZone(Ptr<TrafficManager> manager, const DnsName& origin);

    // From DnsZone
    DnsName GetOrigin() const override;
    DnsZoneAnswer Answer(const DnsZoneQuery& query) override;

  private:
    /**
     * @param query a query about the apex, or about names of name servers
     * @param[out] isKnown whether there is such a name
     * @return the answer
     */
    DnsZoneAnswer AnswerOwn(const DnsZoneQuery& query, bool& isKnown) const;

    /**
     * @return the SOA record
     */
    DnsRecord GetSoa() const;

    Ptr<TrafficManager> m_manager; //!< what answers
    DnsName m_origin;              //!< apex
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_ZONE_H */
