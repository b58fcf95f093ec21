/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_TRAFFIC_MANAGER_PLAN_H
#define AZURE_SCENARIO_TRAFFIC_MANAGER_PLAN_H

#include "azure-scenario-plan.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The part of a plan that concerns Traffic Manager; ScenarioPlan::Make() for everybody else.
 */
struct TrafficManagerPlan
{
    /**
     * @brief Enter profiles, their targets, their endpoints, and the ports that their servers
     * serve.
     * @param deployment a deployment that validates
     * @param[in,out] plan has the endpoints of the other services
     */
    static void AddTo(const DeploymentConfiguration& deployment, ScenarioPlan& plan);

    /**
     * @param plan a plan with its endpoints
     * @return clients of profiles where a scenario says nothing of clients: a group at each of a
     * few regions; none when there is no profile to ask
     */
    static std::vector<ScenarioClients> MakeOwnClients(const ScenarioPlan& plan);

    /**
     * @param plan a plan with its endpoints
     * @param group a group of clients
     * @param endpoint an endpoint
     * @return where the group's clients of that endpoint are; empty: at no region
     */
    static std::string FindRegion(const ScenarioPlan& plan,
                                  const ScenarioClients& group,
                                  const PlannedEndpoint& endpoint);

    /**
     * @param plan a plan with its clients
     * @return names of the hosts that names need, which faults may hit: resolvers, name servers and
     *         monitors; none without profiles
     */
    static std::vector<std::string> FindHosts(const ScenarioPlan& plan);

    /**
     * @param plan a plan with its clients
     * @return the server that the first clients of a profile are sent to while all is well; unset:
     *         there are no such clients
     */
    static IpAddress FindFirstServer(const ScenarioPlan& plan);

    /**
     * @param plan a plan with its endpoints
     * @param addresses addresses of a machine
     * @return how long it takes, with the machine behind a profile, from its fault until the last
     *         client has left it, and from its repair until the last may be back; 0: it is behind
     *         none
     */
    static std::pair<Time, Time> FindSettlingTimes(const ScenarioPlan& plan,
                                                   const std::vector<IpAddress>& addresses);

    /**
     * @param target a target
     * @param addresses addresses of a machine
     * @return whether nobody is left to answer there without the machine
     */
    static bool IsDown(const PlannedTarget& target, const std::vector<IpAddress>& addresses);

    /**
     * @param plan a plan with its clients
     * @param endpoint index of the endpoint of a profile
     * @param addresses addresses of a machine that puts targets down
     * @return whether the clients of the profile are sent elsewhere then, wherever they are: not
     *         where all is down (TM-24), nor where health does not matter (TM-19)
     */
    static bool IsLeft(const ScenarioPlan& plan,
                       std::size_t endpoint,
                       const std::vector<IpAddress>& addresses);

    /**
     * @param profiles all profiles
     * @param endpoint an endpoint
     * @return index of the profile that it leads to; nothing when it leads to none
     */
    static std::optional<std::size_t> FindChild(
        const std::vector<TrafficManagerConfiguration>& profiles,
        const TrafficManagerEndpoint& endpoint);

    /**
     * @param profiles all profiles
     * @param profile index of a profile
     * @return whether another one leads to it
     */
    static bool IsChild(const std::vector<TrafficManagerConfiguration>& profiles,
                        std::size_t profile);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_TRAFFIC_MANAGER_PLAN_H */
