/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_TLS_H
#define AZURE_SCENARIO_TLS_H

#include "azure-scenario-plan.h"

#include "ns3/azure-tls-configuration.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace ns3
{
namespace azure
{

/// Gives the engine of an application gateway, by its index in the deployment.
using ScenarioEngines = std::function<const ApplicationGatewayEngine&(std::size_t)>;

/**
 * @brief Settle which ports are served by HTTPS, and with which certificates.
 *
 * - What a gateway or a probe asks by HTTPS has a certificate that they take: of an authority that
 *   the backend setting trusts, for the names that they ask for.
 * - What a rule of a load balancer leads to is asked by HTTPS where one of its instances speaks it
 *   on that port; then all of them do.
 * - No port is asked by HTTP, too: that is an error.
 *
 * Not a public header.
 *
 * @param deployment what the plan is for
 * @param engines engines of its gateways, with all members healthy
 * @param[in,out] plan its endpoints are there; gets what is served by HTTPS, and errors
 */
void PlanTls(const DeploymentConfiguration& deployment,
             const ScenarioEngines& engines,
             ScenarioPlan& plan);

/**
 * @param planned certificates to show
 * @return what a server tells TLS
 */
std::shared_ptr<const TlsServerConfiguration> MakeServerTls(const std::vector<PlannedTls>& planned);

/**
 * @param deployment what the plan is for
 * @param plan a plan
 * @param endpoint an endpoint of it that is asked by HTTPS
 * @return what clients tell TLS; they have a certificate where the listener asks for one
 */
std::shared_ptr<const TlsClientConfiguration> MakeClientTls(
    const DeploymentConfiguration& deployment,
    const ScenarioPlan& plan,
    const PlannedEndpoint& endpoint);

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_TLS_H */
