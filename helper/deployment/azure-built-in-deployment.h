/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_BUILT_IN_DEPLOYMENT_H
#define AZURE_BUILT_IN_DEPLOYMENT_H

#include "azure-deployment-configuration.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a scenario runs on when it names no template.
 *
 * A public Standard load balancer `lb` with one frontend and the rule `web` (TCP, port 80 to
 * port 80), in front of the machines `vm-0`, `vm-1` and `vm-2`; a TCP probe of port 80 every
 * 5 s, the least that Azure takes (HP-5), with a threshold of 1.
 *
 * @return the deployment; it validates
 */
DeploymentConfiguration MakeBuiltInDeployment();

} // namespace azure
} // namespace ns3

#endif /* AZURE_BUILT_IN_DEPLOYMENT_H */
