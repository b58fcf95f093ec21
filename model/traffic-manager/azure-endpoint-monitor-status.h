/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ENDPOINT_MONITOR_STATUS_H
#define AZURE_ENDPOINT_MONITOR_STATUS_H

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the monitors of an endpoint say.
 */
enum class EndpointHealth
{
    Unknown,  //!< no result yet
    Healthy,  //!< up
    Unhealthy //!< down
};

/**
 * @ingroup azure-load-balancing
 * @brief Status of an endpoint (TM-29).
 */
enum class EndpointMonitorStatus
{
    CheckingEndpoint, //!< monitored, no result yet; served
    Online,           //!< up; served
    Degraded,         //!< down
    Disabled,         //!< turned off
    Inactive,         //!< its profile is turned off
    Stopped,          //!< its service is stopped, or its child profile turned off or inactive
    Unmonitored       //!< always served, and not probed (TM-27)
};

/**
 * @ingroup azure-load-balancing
 * @brief Status of a profile (TM-30).
 */
enum class ProfileMonitorStatus
{
    CheckingEndpoints, //!< some have no result yet, none is up or down
    Online,            //!< some are up, none is down
    Degraded,          //!< some are down
    Disabled,          //!< turned off
    Inactive           //!< no endpoint, or all are turned off or stopped
};

/**
 * @ingroup azure-load-balancing
 * @param status a status
 * @return its name in Azure's resources, for example "CheckingEndpoint"
 */
inline const char*
ToString(EndpointMonitorStatus status)
{
    constexpr const char* names[] = {"CheckingEndpoint",
                                     "Online",
                                     "Degraded",
                                     "Disabled",
                                     "Inactive",
                                     "Stopped",
                                     "Unmonitored"};
    return names[static_cast<int>(status)];
}

/**
 * @ingroup azure-load-balancing
 * @param status a status
 * @return its name in Azure's resources, for example "CheckingEndpoints"
 */
inline const char*
ToString(ProfileMonitorStatus status)
{
    constexpr const char* names[] = {"CheckingEndpoints",
                                     "Online",
                                     "Degraded",
                                     "Disabled",
                                     "Inactive"};
    return names[static_cast<int>(status)];
}

/**
 * @ingroup azure-load-balancing
 * @param status a status
 * @return whether answers lead there (TM-36)
 */
inline bool
IsServed(EndpointMonitorStatus status)
{
    return status == EndpointMonitorStatus::Online ||
           status == EndpointMonitorStatus::CheckingEndpoint ||
           status == EndpointMonitorStatus::Unmonitored;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_ENDPOINT_MONITOR_STATUS_H */
