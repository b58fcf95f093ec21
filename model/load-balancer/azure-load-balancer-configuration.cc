/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-configuration.h"

namespace ns3
{
namespace azure
{

std::vector<ConfigurationError>
LoadBalancerConfiguration::Validate() const
{
    std::vector<ConfigurationError> errors;
    if (frontendIpConfigurations.empty())
    {
        errors.push_back({"frontendIPConfigurations", "a load balancer needs a frontend"});
    }
    return errors;
}

} // namespace azure
} // namespace ns3
