/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-configuration.h"

#include "azure-load-balancer-rule-validator.h"
#include "azure-load-balancer-validator.h"

namespace ns3
{
namespace azure
{

std::vector<ConfigurationError>
LoadBalancerConfiguration::Validate() const
{
    std::vector<ConfigurationError> errors;
    LoadBalancerValidator(*this, errors).Run();
    LoadBalancerRuleValidator(*this, errors).Run();
    return errors;
}

} // namespace azure
} // namespace ns3
