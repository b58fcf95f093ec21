/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_SUMMARY_H
#define AZURE_SCENARIO_SUMMARY_H

#include "azure-deployment-configuration.h"
#include "azure-scenario-observer.h"
#include "azure-scenario-plan.h"

#include "ns3/azure-load-balancer.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Write what came out of a run as `summary.json` (schema 2).
 *
 * Times are in seconds; a time that was not reached is null.
 *
 * @param deployment what it ran on
 * @param plan what was run
 * @param observer what was seen
 * @param balancers the load balancers, by index in the deployment
 * @param gateways the application gateways, by index in the deployment
 * @param files names of the other files
 * @return the JSON text
 */
std::string MakeSummary(const DeploymentConfiguration& deployment,
                        const ScenarioPlan& plan,
                        const ScenarioObserver& observer,
                        const std::vector<Ptr<LoadBalancer>>& balancers,
                        const std::vector<Ptr<ApplicationGateway>>& gateways,
                        const std::vector<std::string>& files);

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_SUMMARY_H */
