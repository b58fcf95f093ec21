/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-exchange-record.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param from beginning of a span
 * @param to its end
 * @return its length, if it has both
 */
std::optional<Time>
GetSpan(const std::optional<Time>& from, const std::optional<Time>& to)
{
    if (!from || !to)
    {
        return std::nullopt;
    }
    return *to - *from;
}

} // namespace

std::string
ToString(GatewayResponder responder)
{
    switch (responder)
    {
    case GatewayResponder::Nobody:
        return "nobody";
    case GatewayResponder::Gateway:
        return "gateway";
    case GatewayResponder::Backend:
        return "backend";
    }
    return "unknown";
}

std::string
ToString(GatewayExchangeEnd end)
{
    switch (end)
    {
    case GatewayExchangeEnd::Complete:
        return "complete";
    case GatewayExchangeEnd::ClientClosed:
        return "client-closed";
    case GatewayExchangeEnd::ClientTimeout:
        return "client-timeout";
    case GatewayExchangeEnd::BadRequest:
        return "bad-request";
    case GatewayExchangeEnd::BackendLost:
        return "backend-lost";
    case GatewayExchangeEnd::Drained:
        return "drained";
    case GatewayExchangeEnd::Stopped:
        return "stopped";
    case GatewayExchangeEnd::Count:
        break;
    }
    return "unknown";
}

GatewayExchangeRecord::GatewayExchangeRecord()
    : client(Ipv4Address(uint32_t(0)), 0),
      frontend(Ipv4Address(uint32_t(0)), 0),
      backendLocal(Ipv4Address(uint32_t(0)), 0),
      backend(Ipv4Address(uint32_t(0)), 0)
{
}

Time
GatewayExchangeRecord::GetTotalTime() const
{
    return finish - start;
}

std::optional<Time>
GatewayExchangeRecord::GetBackendConnectTime() const
{
    return GetSpan(backendStart, backendConnect);
}

std::optional<Time>
GatewayExchangeRecord::GetBackendFirstByteTime() const
{
    return GetSpan(backendStart, backendFirstByte);
}

std::optional<Time>
GatewayExchangeRecord::GetBackendLastByteTime() const
{
    return GetSpan(backendStart, backendLastByte);
}

} // namespace azure
} // namespace ns3
