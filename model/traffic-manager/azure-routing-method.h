/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ROUTING_METHOD_H
#define AZURE_ROUTING_METHOD_H

#include "azure-address-locations.h"
#include "azure-endpoint-monitor-status.h"
#include "azure-region-table.h"
#include "azure-traffic-manager-answer.h"
#include "azure-traffic-manager-configuration.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Where the regions and the sources of queries are.
 */
struct TrafficManagerWorld
{
    RegionTable regions;        //!< regions and round-trip times
    AddressLocations locations; //!< where sources are
};

/**
 * @ingroup azure-load-balancing
 * @brief Where Azure's texts disagree (TM-22); true: NXDOMAIN, false: NODATA.
 */
struct TrafficManagerSettings
{
    bool nxDomainWithoutSubnet{false};     //!< no range matches, and there is no fallback
    bool nxDomainForUnhealthySubnet{true}; //!< the endpoint that matches is not served
    bool nxDomainForDisabledSubnet{true};  //!< it is disabled, and there is no fallback
};

/**
 * @ingroup azure-load-balancing
 * @brief An endpoint as a routing method sees it.
 */
struct RoutingCandidate
{
    const TrafficManagerEndpoint* endpoint{nullptr};               //!< what it is
    EndpointMonitorStatus status{EndpointMonitorStatus::Disabled}; //!< how it is
};

/**
 * @ingroup azure-load-balancing
 * @brief A query as a routing method sees it.
 */
struct RoutingQuestion
{
    IpAddress address;              //!< the address that decides (TM-12)
    std::optional<uint32_t> region; //!< its region; nothing: not known
    TrafficManagerRecordType type{TrafficManagerRecordType::A}; //!< what is asked for
};

/**
 * @ingroup azure-load-balancing
 * @brief One endpoint that may be drawn.
 */
struct RoutingShare
{
    uint32_t endpoint{0}; //!< index of the endpoint
    uint32_t weight{1};   //!< its chance, in proportion to those of the others
};

/**
 * @ingroup azure-load-balancing
 * @brief What a routing method says: which endpoints to draw from, and how many.
 */
struct RoutingChoice
{
    TrafficManagerReason reason{TrafficManagerReason::NoneEligible}; //!< why
    std::vector<RoutingShare> shares;                                //!< empty: no record
    uint32_t count{1};     //!< how many to draw, without putting back
    bool nameExists{true}; //!< without a share: NODATA, or else NXDOMAIN
};

/**
 * @ingroup azure-load-balancing
 * @brief A way to choose among the endpoints of a profile.
 *
 * Pure, and without randomness of its own: it returns the chances, so that a draw and the exact
 * probabilities come from the same object.
 */
class RoutingMethod
{
  public:
    virtual ~RoutingMethod() = default;

    /**
     * @param candidates all endpoints of the profile, in their order
     * @param question the query
     * @return what to draw from
     */
    virtual RoutingChoice Choose(const std::vector<RoutingCandidate>& candidates,
                                 const RoutingQuestion& question) const = 0;

    /**
     * @return whether the source of a query matters (TM-12)
     */
    virtual bool LooksAtSource() const;

    /**
     * @param configuration a profile
     * @param world regions and locations; has to outlive the method
     * @param settings where texts disagree
     * @return its method
     */
    static std::unique_ptr<RoutingMethod> Make(const TrafficManagerConfiguration& configuration,
                                               const TrafficManagerWorld& world,
                                               const TrafficManagerSettings& settings);

    /**
     * @param candidates all endpoints of a profile
     * @return indices of those that answers may lead to: those that are served, or when there is
     *         none, all that are Degraded (TM-24, TM-28)
     */
    static std::vector<uint32_t> FindEligible(const std::vector<RoutingCandidate>& candidates);

    /**
     * @param candidates all endpoints of a profile
     * @param address an address
     * @return index of the one with a range that holds it; nothing when there is none
     */
    static std::optional<uint32_t> FindBySubnet(const std::vector<RoutingCandidate>& candidates,
                                                const IpAddress& address);

    /**
     * @param status a status
     * @return whether the endpoint is turned off, by itself or with its profile
     */
    static bool IsOff(EndpointMonitorStatus status);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ROUTING_METHOD_H */
