/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_METRIC_SAMPLE_H
#define AZURE_GATEWAY_METRIC_SAMPLE_H

#include "azure-gateway-exchange-record.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Times of one kind, added up.
 */
struct GatewayMetricTime
{
    uint64_t count{0}; //!< how many
    Time sum;          //!< of all
    Time greatest;     //!< of all

    /**
     * @param time one more; nothing: none
     */
    void Add(const std::optional<Time>& time);

    /**
     * @return their average; nothing without any
     */
    std::optional<Time> GetAverage() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief What a set of requests amounts to in Azure's metrics (AG-61).
 *
 * Times are of requests that were answered completely; connect times of connections that were
 * opened for them.
 */
struct GatewayRequestMetrics
{
    uint64_t totalRequests{0};                      //!< Total Requests
    uint64_t failedRequests{0};                     //!< Failed Requests: answered with 5xx
    std::map<uint32_t, uint64_t> responseStatus;    //!< Response Status: answers, by status
    std::map<uint32_t, uint64_t> backendStatus;     //!< Backend Response Status: by members
    GatewayMetricTime applicationGatewayTotalTime;  //!< first byte received to end of response
    GatewayMetricTime clientRtt;                    //!< round trips of clients' connections
    GatewayMetricTime backendConnectTime;           //!< to establish a connection
    GatewayMetricTime backendFirstByteResponseTime; //!< from the start of connecting
    GatewayMetricTime backendLastByteResponseTime;  //!< from the start of connecting

    /**
     * @param record an exchange that has ended; one that brought no request is none
     */
    void Add(const GatewayExchangeRecord& record);
};

/**
 * @ingroup azure-load-balancing
 * @brief How many servers of a pool are healthy for a backend setting (AG-61).
 *
 * Instances judge for themselves (HP-27): the averages over those that run.
 */
struct GatewayHostCount
{
    std::string pool;         //!< name of the pool
    std::string setting;      //!< name of the backend setting
    double healthyHosts{0};   //!< Healthy Host Count
    double unhealthyHosts{0}; //!< Unhealthy Host Count
};

/**
 * @ingroup azure-load-balancing
 * @brief What an application gateway publishes of one interval (AG-61).
 */
struct GatewayMetricSample
{
    /// Index of the pool and of the backend setting, text of the member.
    using Backend = std::tuple<uint32_t, uint32_t, std::string>;

    Time start;                                           //!< beginning of the interval
    Time end;                                             //!< its end, when this is published
    GatewayRequestMetrics requests;                       //!< of requests that ended in it
    std::map<uint32_t, GatewayRequestMetrics> byListener; //!< the same, by index of the listener
    std::map<Backend, GatewayRequestMetrics> byBackend;   //!< the same, by member tried last
    uint64_t bytesReceived{0};                            //!< Bytes Received, from clients
    uint64_t bytesSent{0};                                //!< Bytes Sent, to clients
    double throughput{0};                //!< Throughput, both ways, bytes per second
    uint32_t currentConnections{0};      //!< Current Connections, at the end
    double newConnections{0};            //!< New connections per second
    double capacityUnits{0};             //!< Current Capacity Units (AG-51)
    double computeUnits{0};              //!< Current Compute Units (AG-51)
    uint32_t instances{0};               //!< instances that take connections, at the end
    std::vector<GatewayHostCount> hosts; //!< by pool and backend setting that rules bring together

    /**
     * @return whether there was anything to publish
     */
    bool HasTraffic() const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_METRIC_SAMPLE_H */
