/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_CHANGE_H
#define AZURE_TRAFFIC_MANAGER_CHANGE_H

#include "azure-endpoint-monitor-status.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief An endpoint that has another status than before.
 */
struct EndpointStatusChange
{
    std::string profile;                         //!< name of its profile
    std::string endpoint;                        //!< its name
    std::optional<EndpointMonitorStatus> before; //!< none: it is new
    std::optional<EndpointMonitorStatus> after;  //!< none: it is gone
};

/**
 * @ingroup azure-load-balancing
 * @brief A profile that has another status than before.
 */
struct ProfileStatusChange
{
    std::string profile;                                                  //!< its name
    ProfileMonitorStatus before{ProfileMonitorStatus::CheckingEndpoints}; //!< its former status
    ProfileMonitorStatus after{ProfileMonitorStatus::CheckingEndpoints};  //!< its status now
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that a change of health or configuration changed, up to the parents.
 */
struct TrafficManagerChange
{
    std::string error;                           //!< why it was refused; empty: it was made
    std::vector<EndpointStatusChange> endpoints; //!< endpoints, in the order of the profiles
    std::vector<ProfileStatusChange> profiles;   //!< profiles, in their order

    /**
     * @return whether no status changed
     */
    bool IsEmpty() const
    {
        return endpoints.empty() && profiles.empty();
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_CHANGE_H */
