/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-gateway-summary.h"

#include <map>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace azure
{

namespace
{

using Json = nlohmann::ordered_json; //!< members stay in their order

/**
 * @param time times of one kind
 * @return their average in seconds, or null
 */
Json
ShowAverage(const GatewayMetricTime& time)
{
    const auto average = time.GetAverage();
    return average ? Json(average->GetSeconds()) : Json();
}

/**
 * @param counts answers by status
 * @return an object, also when there are none
 */
Json
ShowStatus(const std::map<uint32_t, uint64_t>& counts)
{
    Json result = Json::object();
    for (const auto& [status, count] : counts)
    {
        result[std::to_string(status)] = count;
    }
    return result;
}

/**
 * @param metrics metrics of requests
 * @return the same
 */
Json
ShowRequests(const GatewayRequestMetrics& metrics)
{
    return {{"totalRequests", metrics.totalRequests},
            {"failedRequests", metrics.failedRequests},
            {"responseStatus", ShowStatus(metrics.responseStatus)},
            {"backendResponseStatus", ShowStatus(metrics.backendStatus)},
            {"applicationGatewayTotalTime", ShowAverage(metrics.applicationGatewayTotalTime)},
            {"clientRtt", ShowAverage(metrics.clientRtt)},
            {"backendConnectTime", ShowAverage(metrics.backendConnectTime)},
            {"backendFirstByteResponseTime", ShowAverage(metrics.backendFirstByteResponseTime)},
            {"backendLastByteResponseTime", ShowAverage(metrics.backendLastByteResponseTime)}};
}

/**
 * @param sample metrics of an interval
 * @param gateway the gateway
 * @return the same
 */
Json
ShowSample(const GatewayMetricSample& sample, const ApplicationGatewayConfiguration& gateway)
{
    Json result = {{"start", sample.start.GetSeconds()}, {"end", sample.end.GetSeconds()}};
    result.update(ShowRequests(sample.requests));
    result["bytesReceived"] = sample.bytesReceived;
    result["bytesSent"] = sample.bytesSent;
    result["throughput"] = sample.throughput;
    result["currentConnections"] = sample.currentConnections;
    result["newConnectionsPerSecond"] = sample.newConnections;
    result["capacityUnits"] = sample.capacityUnits;
    result["computeUnits"] = sample.computeUnits;
    result["instances"] = sample.instances;
    Json hosts = Json::array();
    for (const auto& count : sample.hosts)
    {
        hosts.push_back({{"pool", count.pool},
                         {"setting", count.setting},
                         {"healthyHostCount", count.healthyHosts},
                         {"unhealthyHostCount", count.unhealthyHosts}});
    }
    result["hosts"] = hosts;
    Json listeners = Json::array();
    for (const auto& [index, metrics] : sample.byListener)
    {
        Json listener = {{"listener", gateway.httpListeners[index].name}};
        listener.update(ShowRequests(metrics));
        listeners.push_back(listener);
    }
    result["listeners"] = listeners;
    Json backends = Json::array();
    for (const auto& [key, metrics] : sample.byBackend)
    {
        const auto& [pool, setting, member] = key;
        Json backend = {{"pool", gateway.backendAddressPools[pool].name},
                        {"setting", gateway.backendHttpSettingsCollection[setting].name},
                        {"member", member}};
        backend.update(ShowRequests(metrics));
        backends.push_back(backend);
    }
    result["backends"] = backends;
    return result;
}

} // namespace

Json
ShowGatewayHistory(const ObservedGateway& observed, const ApplicationGatewayConfiguration& gateway)
{
    Json states = Json::array();
    Json running = Json::array();
    std::map<uint32_t, GatewayInstanceState> now;
    for (std::size_t i = 0; i < observed.states.size(); ++i)
    {
        const auto& change = observed.states[i];
        states.push_back({{"time", change.time.GetSeconds()},
                          {"instance", change.instance},
                          {"state", ToString(change.state)},
                          {"zone", change.zone}});
        now[change.instance] = change.state;
        uint32_t count = 0;
        for (const auto& [instance, state] : now)
        {
            count += state == GatewayInstanceState::Running ? 1 : 0;
        }
        const bool last =
            i + 1 == observed.states.size() || observed.states[i + 1].time > change.time;
        if (last && (running.empty() || running.back()["instances"] != count))
        {
            running.push_back({{"time", change.time.GetSeconds()}, {"instances", count}});
        }
    }
    Json wanted = Json::array();
    for (const auto& wish : observed.wishes)
    {
        wanted.push_back({{"time", wish.time.GetSeconds()},
                          {"capacityUnits", wish.capacityUnits},
                          {"instances", wish.instances}});
    }
    Json metrics = Json::array();
    for (const auto& sample : observed.samples)
    {
        metrics.push_back(ShowSample(sample, gateway));
    }
    return {{"states", states}, {"running", running}, {"wanted", wanted}, {"metrics", metrics}};
}

} // namespace azure
} // namespace ns3
