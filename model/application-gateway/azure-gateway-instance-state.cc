/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-instance-state.h"

namespace ns3
{
namespace azure
{

std::string
ToString(GatewayInstanceState state)
{
    switch (state)
    {
    case GatewayInstanceState::Standby:
        return "standby";
    case GatewayInstanceState::Starting:
        return "starting";
    case GatewayInstanceState::Running:
        return "running";
    case GatewayInstanceState::Draining:
        return "draining";
    case GatewayInstanceState::Updating:
        return "updating";
    case GatewayInstanceState::Crashed:
        return "crashed";
    case GatewayInstanceState::Count:
        break;
    }
    return "unknown";
}

} // namespace azure
} // namespace ns3
