/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-checker.h"

namespace ns3
{
namespace azure
{

ApplicationGatewayChecker::ApplicationGatewayChecker(
    const ApplicationGatewayConfiguration& configuration,
    std::vector<ConfigurationError>& errors)
    : ConfigurationChecker(errors),
      m_configuration(configuration)
{
}

void
ApplicationGatewayChecker::CheckLimit(const std::string& path,
                                      size_t count,
                                      size_t limit,
                                      const std::string& what)
{
    if (count > limit)
    {
        Add(path,
            "there are " + std::to_string(count) + " " + what + ", the limit is " +
                std::to_string(limit));
    }
}

} // namespace azure
} // namespace ns3
