/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-metric-sample.h"

namespace ns3
{
namespace azure
{

namespace
{

/// Statuses from here on are failures of the gateway or of a member.
constexpr uint32_t FIRST_FAILURE = 500;

} // namespace

void
GatewayMetricTime::Add(const std::optional<Time>& time)
{
    if (time)
    {
        ++count;
        sum += *time;
        greatest = Max(greatest, *time);
    }
}

std::optional<Time>
GatewayMetricTime::GetAverage() const
{
    return count == 0 ? std::nullopt : std::optional<Time>(sum / static_cast<int64_t>(count));
}

void
GatewayRequestMetrics::Add(const GatewayExchangeRecord& record)
{
    if (record.traceId.empty())
    {
        return;
    }
    ++totalRequests;
    failedRequests += record.status >= FIRST_FAILURE ? 1 : 0;
    if (record.status > 0)
    {
        ++responseStatus[record.status];
    }
    if (record.responder == GatewayResponder::Backend)
    {
        ++backendStatus[record.status];
    }
    if (record.end != GatewayExchangeEnd::Complete)
    {
        return;
    }
    applicationGatewayTotalTime.Add(record.GetTotalTime());
    clientRtt.Add(record.clientRtt);
    if (!record.reused)
    {
        backendConnectTime.Add(record.GetBackendConnectTime());
    }
    backendFirstByteResponseTime.Add(record.GetBackendFirstByteTime());
    backendLastByteResponseTime.Add(record.GetBackendLastByteTime());
}

bool
GatewayMetricSample::HasTraffic() const
{
    return requests.totalRequests > 0 || bytesReceived + bytesSent > 0 || newConnections > 0 ||
           currentConnections > 0;
}

} // namespace azure
} // namespace ns3
