/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_ENGINE_H
#define AZURE_TRAFFIC_MANAGER_ENGINE_H

#include "azure-routing-method.h"
#include "azure-traffic-manager-answer.h"
#include "azure-traffic-manager-change.h"
#include "azure-traffic-manager-configuration.h"
#include "azure-traffic-manager-states.h"

#include "ns3/ptr.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One outcome of a query, and how likely it is.
 */
struct TrafficManagerShare
{
    std::vector<TrafficManagerEndpointId> path; //!< endpoints from the profile asked to the target
    double probability{0};                      //!< 0 to 1; of a MultiValue answer: to be in it
};

/**
 * @ingroup azure-load-balancing
 * @brief Decides what a query for a Traffic Manager profile is answered (TM-1 to TM-37).
 *
 * Pure: it knows no simulator, no DNS messages and no sockets. Health is told to it, randomness
 * comes from a stream that the caller passes in. What it says depends on nothing else, so a
 * change counts from the next answer on; that Azure takes up to a minute to apply it (TM-11) is
 * for those who call.
 */
class TrafficManagerEngine
{
  public:
    /**
     * @param profiles profiles that belong together; TrafficManagerConfiguration::ValidateAll()
     *        must find nothing
     * @param world regions, round-trip times and locations of sources
     * @param settings where texts disagree
     */
    TrafficManagerEngine(const std::vector<TrafficManagerConfiguration>& profiles,
                         std::shared_ptr<const TrafficManagerWorld> world,
                         const TrafficManagerSettings& settings = TrafficManagerSettings());

    /**
     * @param fqdn a name in DNS; case and a dot at the end do not matter
     * @return index of the profile with that name; nothing when there is none
     */
    std::optional<uint32_t> FindByFqdn(const std::string& fqdn) const;

    /**
     * @brief Answer a query.
     *
     * @param profile index of the profile that is asked for
     * @param query the query
     * @param stream draws where chance decides; not used otherwise
     * @return the answer
     */
    TrafficManagerAnswer Answer(uint32_t profile,
                                const TrafficManagerQuery& query,
                                Ptr<UniformRandomVariable> stream) const;

    /**
     * @brief What Answer() would say, with every choice in words; where chance decides, the
     *        likeliest answer.
     *
     * @param profile index of the profile that is asked for
     * @param query the query
     * @return the answer
     */
    TrafficManagerAnswer Explain(uint32_t profile, const TrafficManagerQuery& query) const;

    /**
     * @param profile index of the profile that is asked for
     * @param query the query
     * @return every endpoint that may be chosen, with its exact probability, before its type is
     *         looked at; none when no endpoint is chosen
     */
    std::vector<TrafficManagerShare> GetShares(uint32_t profile,
                                               const TrafficManagerQuery& query) const;

    /**
     * @name Changes
     * Each returns what it changed.
     * @{
     */

    /**
     * @brief The monitors of an endpoint have reached a verdict.
     *
     * @param id the endpoint; one that is not probed takes no verdict
     * @param health the verdict
     * @return what changed
     */
    TrafficManagerChange SetHealth(const TrafficManagerEndpointId& id, EndpointHealth health);

    /**
     * @brief The service behind an endpoint was stopped or started (TM-29).
     *
     * @param id the endpoint
     * @param isStopped whether it is stopped
     * @return what changed
     */
    TrafficManagerChange SetStopped(const TrafficManagerEndpointId& id, bool isStopped);

    /**
     * @brief Enable or disable an endpoint.
     *
     * @param id the endpoint
     * @param isEnabled whether it is enabled
     * @return what changed
     */
    TrafficManagerChange SetEndpointStatus(const TrafficManagerEndpointId& id, bool isEnabled);

    /**
     * @brief Enable or disable a profile.
     *
     * @param profile index of the profile
     * @param isEnabled whether it is enabled
     * @return what changed
     */
    TrafficManagerChange SetProfileStatus(uint32_t profile, bool isEnabled);

    /**
     * @brief Change the configuration of a profile (TM-11).
     *
     * @param configuration the new one; the profile of that name is replaced
     * @return what changed; an error when Azure would refuse it
     */
    TrafficManagerChange Replace(const TrafficManagerConfiguration& configuration);

    /** @} */

    /**
     * @return profiles and statuses
     */
    const TrafficManagerStates& GetStates() const;

  private:
    /// Draws one of the shares: index in them.
    using Draw = std::function<size_t(const std::vector<RoutingShare>&)>;

    /**
     * @brief What the routing method of a profile says.
     * @param profile index of the profile
     * @param query the query
     * @return its choice; disabled profiles and endpoints are dealt with
     */
    RoutingChoice Choose(uint32_t profile, const TrafficManagerQuery& query) const;

    /**
     * @brief Answer for a profile, and for those below.
     * @param profile index of the profile
     * @param query the query
     * @param draw draws
     * @param path the endpoints so far
     * @param[in,out] answer what to complete
     */
    void Decide(uint32_t profile,
                const TrafficManagerQuery& query,
                const Draw& draw,
                const std::vector<TrafficManagerEndpointId>& path,
                TrafficManagerAnswer& answer) const;

    /**
     * @brief Add the record of an endpoint, if it is of the type that is asked for (TM-5).
     * @param path the endpoints to it
     * @param query the query
     * @param[in,out] answer what to complete
     */
    void AddRecord(const std::vector<TrafficManagerEndpointId>& path,
                   const TrafficManagerQuery& query,
                   TrafficManagerAnswer& answer) const;

    /**
     * @param id an endpoint
     * @return what it is
     */
    const TrafficManagerEndpoint& GetEndpoint(const TrafficManagerEndpointId& id) const;

    /**
     * @brief Do something to the states and see what it changed.
     * @param change what to do
     * @return what it changed
     */
    TrafficManagerChange Change(const std::function<void()>& change);

    std::shared_ptr<const TrafficManagerWorld> m_world; //!< regions and locations
    TrafficManagerSettings m_settings;                  //!< where texts disagree
    TrafficManagerStates m_states;                      //!< profiles and statuses
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_ENGINE_H */
