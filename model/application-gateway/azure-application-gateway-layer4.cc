/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-layer4.h"

namespace ns3
{
namespace azure
{

namespace
{

/// Time for draining, which cannot be set (AG-60).
constexpr int LAYER4_DRAIN_TIMEOUT = 30;

} // namespace

const std::vector<std::string>&
ApplicationGatewayListener::GetHosts() const
{
    return hostNames;
}

std::string
ApplicationGatewayBackendSettings::GetServerName(const ApplicationGatewayBackendAddress& member,
                                                 const std::string& asked) const
{
    if (!hostName.empty())
    {
        return hostName;
    }
    return pickHostNameFromBackendAddress ? member.fqdn : asked;
}

Time
ApplicationGatewayBackendSettings::GetDrainTimeout()
{
    return Seconds(LAYER4_DRAIN_TIMEOUT);
}

} // namespace azure
} // namespace ns3
