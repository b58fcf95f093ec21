/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-session-record.h"

namespace ns3
{
namespace azure
{

std::string
ToString(GatewaySessionEnd end)
{
    switch (end)
    {
    case GatewaySessionEnd::Complete:
        return "complete";
    case GatewaySessionEnd::ClientLost:
        return "client-lost";
    case GatewaySessionEnd::BackendLost:
        return "backend-lost";
    case GatewaySessionEnd::IdleTimeout:
        return "idle-timeout";
    case GatewaySessionEnd::BackendRefused:
        return "backend-refused";
    case GatewaySessionEnd::BackendTimeout:
        return "backend-timeout";
    case GatewaySessionEnd::BackendTlsFailed:
        return "backend-tls-failed";
    case GatewaySessionEnd::ClientTlsFailed:
        return "client-tls-failed";
    case GatewaySessionEnd::NoListener:
        return "no-listener";
    case GatewaySessionEnd::EmptyPool:
        return "empty-pool";
    case GatewaySessionEnd::NoHealthyMember:
        return "no-healthy-member";
    case GatewaySessionEnd::Drained:
        return "drained";
    case GatewaySessionEnd::Stopped:
        return "stopped";
    case GatewaySessionEnd::Count:
        break;
    }
    return "unknown";
}

GatewaySessionRecord::GatewaySessionRecord()
    : client(Ipv4Address::GetAny(), 0),
      frontend(Ipv4Address::GetAny(), 0),
      backendLocal(Ipv4Address::GetAny(), 0),
      backend(Ipv4Address::GetAny(), 0)
{
}

} // namespace azure
} // namespace ns3
