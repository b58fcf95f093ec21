/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_STATES_H
#define AZURE_TRAFFIC_MANAGER_STATES_H

#include "azure-endpoint-monitor-status.h"
#include "azure-traffic-manager-answer.h"
#include "azure-traffic-manager-change.h"
#include "azure-traffic-manager-configuration.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The statuses of profiles and endpoints, from their configuration and health (TM-29 to
 *        TM-33).
 *
 * Expects profiles that TrafficManagerConfiguration::ValidateAll() finds right.
 */
class TrafficManagerStates
{
  public:
    /**
     * @param profiles profiles that belong together; nothing is known of the health of endpoints
     */
    explicit TrafficManagerStates(const std::vector<TrafficManagerConfiguration>& profiles);

    /**
     * @param left name of a profile or endpoint
     * @param right another one
     * @return whether both are the same, but for case
     */
    static bool IsSameName(const std::string& left, const std::string& right);

    /**
     * @return the profiles
     */
    const std::vector<TrafficManagerConfiguration>& GetProfiles() const;

    /**
     * @param name name of a profile; case does not matter
     * @return its index; nothing when there is none
     */
    std::optional<uint32_t> FindProfile(const std::string& name) const;

    /**
     * @param id an endpoint
     * @return its status (TM-29, TM-33)
     */
    EndpointMonitorStatus GetStatus(const TrafficManagerEndpointId& id) const;

    /**
     * @param profile index of a profile
     * @return its status (TM-30)
     */
    ProfileMonitorStatus GetProfileStatus(uint32_t profile) const;

    /**
     * @return endpoints that are to be probed: enabled, in an enabled profile, not stopped, not
     *         nested, not always served (TM-26, TM-27, TM-32)
     */
    std::vector<TrafficManagerEndpointId> GetMonitored() const;

    /**
     * @param id an endpoint
     * @param health what its monitors say; nothing is remembered while it is not probed
     */
    void SetHealth(const TrafficManagerEndpointId& id, EndpointHealth health);

    /**
     * @param id an endpoint
     * @param isStopped whether its service is stopped
     */
    void SetStopped(const TrafficManagerEndpointId& id, bool isStopped);

    /**
     * @brief Put another profile in the place of one, or another state.
     *
     * Endpoints keep their health when they are monitored as before.
     *
     * @param profile index of a profile
     * @param configuration the new one, of the same name
     */
    void Replace(uint32_t profile, const TrafficManagerConfiguration& configuration);

    /**
     * @param before earlier states
     * @return what has changed since then
     */
    TrafficManagerChange CompareWith(const TrafficManagerStates& before) const;

  private:
    /// What is known of an endpoint.
    struct State
    {
        EndpointHealth health{EndpointHealth::Unknown}; //!< what its monitors say
        bool isStopped{false};                          //!< whether its service is stopped
        EndpointMonitorStatus status{EndpointMonitorStatus::Inactive}; //!< what follows
    };

    /// How many endpoints of a profile are in a status.
    struct Count
    {
        uint32_t online{0};   //!< Online, or always served
        uint32_t checking{0}; //!< CheckingEndpoint
    };

    /**
     * @param id a nested endpoint
     * @return its status, by those of its children (TM-33)
     */
    EndpointMonitorStatus GetNestedStatus(const TrafficManagerEndpointId& id) const;

    /**
     * @param profile index of a profile
     * @param kind which endpoints to count; nothing: all
     * @return how many there are
     */
    Count CountEndpoints(uint32_t profile, std::optional<TrafficManagerTargetKind> kind) const;

    /**
     * @brief Forget the health of endpoints that are not probed, and find all statuses anew.
     */
    void Update();

    /**
     * @brief Find the statuses of a profile's endpoints, after those of the profiles below.
     * @param profile index of the profile
     * @param[in,out] isDone profiles that need no second look
     */
    void UpdateProfile(uint32_t profile, std::vector<bool>& isDone);

    /**
     * @param id an endpoint; the profiles below are up to date
     * @return its status
     */
    EndpointMonitorStatus FindStatus(const TrafficManagerEndpointId& id) const;

    /**
     * @param id an endpoint
     * @return whether it is to be probed
     */
    bool IsMonitored(const TrafficManagerEndpointId& id) const;

    std::vector<TrafficManagerConfiguration> m_profiles; //!< the profiles
    std::vector<std::vector<State>> m_states;            //!< by profile and endpoint
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_STATES_H */
