/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-summary.h"

#include "azure-scenario-gateway-summary.h"
#include "azure-scenario-summary-parts.h"

#include "ns3/azure-load-balancer-engine.h"
#include "ns3/azure-load-balancer-validator.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"

#include <cmath>
#include <functional>
#include <set>
#include <sstream>
#include <tuple>

namespace ns3
{
namespace azure
{

namespace
{

using Json = SummaryParts::Json;

/**
 * @param deployment a deployment
 * @return what was taken from the input and what was not
 */
Json
ShowDeployment(const DeploymentConfiguration& deployment)
{
    Json resources = Json::array();
    for (const auto& notice : deployment.taken)
    {
        resources.push_back({{"type", notice.type}, {"name", notice.name}, {"modelled", true}});
    }
    const auto list = [](const std::vector<ResourceNotice>& notices) {
        Json result = Json::array();
        for (const auto& notice : notices)
        {
            auto what = notice.what;
            if (what.empty())
            {
                what = notice.type + " '" + notice.name + "'";
            }
            result.push_back({{"path", notice.path}, {"what", what}, {"why", notice.why}});
        }
        return result;
    };
    return {{"source", deployment.source},
            {"resources", resources},
            {"notModelled", list(deployment.notModelled)},
            {"assumed", list(deployment.assumed)}};
}

/**
 * @param plan what was run
 * @return the scenario with everything filled in
 */
Json
ShowScenario(const ScenarioPlan& plan)
{
    Json clients = Json::array();
    for (const auto& group : *plan.scenario.clients)
    {
        clients.push_back({{"name", group.name},
                           {"count", group.count},
                           {"targets", group.targets},
                           {"load", GetName(group.load)},
                           {"rate", group.rate},
                           {"users", group.users},
                           {"thinkTime", group.thinkTime.GetSeconds()},
                           {"keepAlive", group.keepAlive},
                           {"connectTimeout", group.connectTimeout.GetSeconds()},
                           {"requestTimeout", group.requestTimeout.GetSeconds()},
                           {"requestSize", group.requestSize},
                           {"responseSize", group.responseSize},
                           {"region", group.region},
                           {"resolver",
                            {{"region", group.resolver.region},
                             {"count", group.resolver.count},
                             {"ttlFloor", group.resolver.cache.ttlFloor.GetSeconds()},
                             {"ttlCeiling", group.resolver.cache.ttlCeiling.GetSeconds()},
                             {"ttlStretch", group.resolver.cache.ttlStretch},
                             {"keepUntilRestart", group.resolver.cache.keepUntilRestart},
                             {"serveStale", group.resolver.serveStale},
                             {"sendClientSubnet", group.resolver.sendClientSubnet}}},
                           {"hostCache",
                            {{"enabled", group.hostCacheEnabled},
                             {"ttlFloor", group.hostCache.ttlFloor.GetSeconds()},
                             {"ttlCeiling", group.hostCache.ttlCeiling.GetSeconds()},
                             {"ttlStretch", group.hostCache.ttlStretch},
                             {"keepUntilRestart", group.hostCache.keepUntilRestart}}},
                           {"start", SummaryParts::ToSeconds(group.start)},
                           {"stop", SummaryParts::ToSeconds(group.stop)}});
    }
    Json faults = Json::array();
    for (const auto& planned : plan.faults)
    {
        faults.push_back({{"kind", GetName(planned.fault.kind)},
                          {"target", planned.fault.target},
                          {"start", planned.start.GetSeconds()},
                          {"end", SummaryParts::ToSeconds(planned.end)}});
    }
    return {{"duration", SummaryParts::ToSeconds(plan.scenario.duration)},
            {"seed", plan.scenario.seed},
            {"run", plan.scenario.run},
            {"clients", clients},
            {"faults", faults},
            {"trafficManager",
             {{"monitorRegions", plan.scenario.trafficManager.monitorRegions},
              {"nameServerRegions", plan.scenario.trafficManager.nameServerRegions}}}};
}

/**
 * @param protocol a protocol
 * @return its name in Azure's JSON
 */
std::string
ShowProtocol(TransportProtocol protocol)
{
    switch (protocol)
    {
    case TransportProtocol::Tcp:
        return "Tcp";
    case TransportProtocol::Udp:
        return "Udp";
    default:
        return "All";
    }
}

/**
 * @param counts numbers by name
 * @return an object, also when there are none
 */
Json
ShowCounts(const std::map<std::string, uint64_t>& counts)
{
    Json result = Json::object();
    for (const auto& [name, count] : counts)
    {
        result[name] = count;
    }
    return result;
}

/**
 * @param endpoint an endpoint
 * @return what kind of rule it belongs to, as Azure names the collection's items
 */
std::string
ShowKind(const PlannedEndpoint& endpoint)
{
    if (endpoint.url && endpoint.url->layer4)
    {
        return "routingRule";
    }
    if (endpoint.service == ServiceKind::TrafficManager)
    {
        return "profile";
    }
    if (endpoint.url)
    {
        return endpoint.url->pathRule.empty() ? "requestRoutingRule" : "pathRule";
    }
    return endpoint.inboundNat ? "inboundNatRule" : "loadBalancingRule";
}

/**
 * @param endpoint an endpoint
 * @param name name of its service
 * @param requests all requests
 * @return how requests to it fared
 */
Json
ShowRule(const PlannedEndpoint& endpoint, const std::string& name, const RequestLog& requests)
{
    const auto sums =
        requests.Summarize([&](const HttpRequestRecord& record) { return endpoint.Takes(record); });
    auto protocol = ShowProtocol(endpoint.protocol);
    if (endpoint.url && endpoint.url->tls)
    {
        protocol = endpoint.url->layer4 ? "Tls" : "Https";
    }
    else if (endpoint.url && !endpoint.url->layer4)
    {
        protocol = "Http";
    }
    const bool isNamed = endpoint.service == ServiceKind::TrafficManager;
    const auto frontend = (isNamed ? endpoint.GetHostName() : ToText(endpoint.address)) + ":" +
                          std::to_string(endpoint.port);
    return {{"service", GetName(endpoint.service)},
            {"name", name},
            {"rule", endpoint.GetRuleName()},
            {"kind", ShowKind(endpoint)},
            {"frontend", frontend},
            {"protocol", protocol},
            {"url", endpoint.url ? Json(endpoint.url->host + endpoint.url->path) : Json()},
            {"requests", sums.requests},
            {"succeeded", sums.succeeded},
            {"failed", sums.failed},
            {"failures", ShowCounts(sums.failures)},
            {"connectTime", SummaryParts::ShowPercentiles(sums.connectTime)},
            {"latency", SummaryParts::ShowPercentiles(sums.latency)},
            {"servedBy", ShowCounts(sums.servedBy)}};
}

/**
 * @param sums exchanges summed up
 * @return what listeners and backends have in common
 */
Json
ShowExchanges(const GatewayExchangeLog::Summary& sums)
{
    return {{"requests", sums.exchanges},
            {"retries", sums.retries},
            {"gatewayStatus", ShowCounts(sums.gatewayStatus)},
            {"backendStatus", ShowCounts(sums.backendStatus)},
            {"reasons", ShowCounts(sums.reasons)},
            {"broken", ShowCounts(sums.broken)}};
}

/**
 * @param gateway a gateway
 * @param log its exchanges
 * @param requests requests as their clients saw them
 * @return how each listener fared, and where the time went
 */
Json
ShowListeners(const ApplicationGatewayConfiguration& gateway,
              const GatewayExchangeLog& log,
              const RequestLog& requests)
{
    Json listeners = Json::array();
    for (uint32_t i = 0; i < gateway.httpListeners.size(); ++i)
    {
        const auto sums = log.Summarize([&](const auto& record) { return record.listener == i; });
        const auto legs = log.SplitLatency(requests, i);
        Json listener = {{"listener", gateway.httpListeners[i].name}};
        listener.update(ShowExchanges(sums));
        listener["totalTime"] = SummaryParts::ShowPercentiles(sums.totalTime);
        listener["clientRtt"] = SummaryParts::ShowPercentiles(sums.clientRtt);
        listener["clientLeg"] = SummaryParts::ShowPercentiles(legs.client);
        listener["gatewayLeg"] = SummaryParts::ShowPercentiles(legs.gateway);
        listener["backendLeg"] = SummaryParts::ShowPercentiles(legs.backend);
        listeners.push_back(listener);
    }
    return listeners;
}

/**
 * @tparam Log GatewayExchangeLog or GatewaySessionLog
 * @param gateway a gateway
 * @param log its exchanges or sessions
 * @param show shows a sum of them
 * @return how each member of each pool fared with each backend setting it was reached by
 */
template <typename Log>
Json
ShowEachBackend(const ApplicationGatewayConfiguration& gateway,
                const Log& log,
                const std::function<Json(const typename Log::Summary&)>& show)
{
    std::set<std::tuple<uint32_t, uint32_t, std::string>> backends;
    for (const auto& record : log.GetRecords())
    {
        if (record.pool && record.setting && !record.member.empty())
        {
            backends.emplace(*record.pool, *record.setting, record.member);
        }
    }
    Json result = Json::array();
    for (const auto& [pool, setting, member] : backends)
    {
        const auto key = std::tie(pool, setting, member);
        Json backend = {{"pool", gateway.backendAddressPools[pool].name},
                        {"setting", gateway.GetSettingName(setting)},
                        {"member", member}};
        backend.update(show(log.Summarize([&](const auto& record) {
            return record.pool && record.setting &&
                   std::tie(*record.pool, *record.setting, record.member) == key;
        })));
        result.push_back(backend);
    }
    return result;
}

/**
 * @param gateway a gateway
 * @param log its exchanges
 * @return how each member of each pool fared with each backend setting it was reached by
 */
Json
ShowBackends(const ApplicationGatewayConfiguration& gateway, const GatewayExchangeLog& log)
{
    return ShowEachBackend(gateway, log, [](const GatewayExchangeLog::Summary& sums) {
        Json backend = ShowExchanges(sums);
        backend["reused"] = sums.reused;
        backend["connectTime"] = SummaryParts::ShowPercentiles(sums.backendConnect);
        backend["firstByte"] = SummaryParts::ShowPercentiles(sums.backendFirstByte);
        backend["lastByte"] = SummaryParts::ShowPercentiles(sums.backendLastByte);
        return backend;
    });
}

/**
 * @param sums sessions summed up
 * @return the same
 */
Json
ShowSessions(const GatewaySessionLog::Summary& sums)
{
    return {{"sessions", sums.sessions},
            {"ends", ShowCounts(sums.ends)},
            {"bytesToBackend", sums.bytesToBackend},
            {"bytesToClient", sums.bytesToClient},
            {"duration", SummaryParts::ShowPercentiles(sums.duration)},
            {"connectTime", SummaryParts::ShowPercentiles(sums.connect)}};
}

/**
 * @param gateway a gateway
 * @param log its sessions
 * @return how each listener of layer 4 fared
 */
Json
ShowSessionListeners(const ApplicationGatewayConfiguration& gateway, const GatewaySessionLog& log)
{
    Json listeners = Json::array();
    for (uint32_t i = 0; i < gateway.listeners.size(); ++i)
    {
        Json listener = {{"listener", gateway.listeners[i].name}};
        listener.update(
            ShowSessions(log.Summarize([&](const auto& record) { return record.listener == i; })));
        listeners.push_back(listener);
    }
    return listeners;
}

/**
 * @param gateway a gateway
 * @param log its sessions
 * @return how each member of each pool fared with each backend setting of layer 4
 */
Json
ShowSessionBackends(const ApplicationGatewayConfiguration& gateway, const GatewaySessionLog& log)
{
    return ShowEachBackend(gateway, log, ShowSessions);
}

/**
 * @param gateway a gateway
 * @param log its exchanges
 * @param observed what became of its instances
 * @return what each instance did that was ever there, and connections that it cut
 */
Json
ShowInstances(const ApplicationGateway& gateway,
              const GatewayExchangeLog& log,
              const ObservedGateway& observed)
{
    std::set<uint32_t> seen;
    for (const auto& change : observed.states)
    {
        seen.insert(change.instance);
    }
    Json instances = Json::array();
    for (const auto i : seen)
    {
        const auto instance = gateway.GetInstance(i);
        std::map<std::string, uint64_t> drops;
        for (std::size_t k = 0; k < static_cast<std::size_t>(GatewayDropReason::Count); ++k)
        {
            const auto reason = static_cast<GatewayDropReason>(k);
            if (const auto count = instance->GetDropCount(reason))
            {
                drops[ToString(reason)] = count;
            }
        }
        std::ostringstream address;
        address << instance->GetNode()->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
        const auto sums = log.Summarize([&](const auto& record) { return record.instance == i; });
        instances.push_back({{"instance", i},
                             {"address", address.str()},
                             {"zone", gateway.GetZone(i)},
                             {"requests", sums.exchanges},
                             {"sessions", instance->GetSessionCount()},
                             {"drops", ShowCounts(drops)}});
    }
    return instances;
}

/**
 * @param failover what a fault did to a rule
 * @param endpoint the rule
 * @param name name of its service
 * @return the same
 */
Json
ShowFailover(const ObservedFailover& failover,
             const PlannedEndpoint& endpoint,
             const std::string& name)
{
    const auto& timeline = failover.timeline;
    return {{"fault", SummaryParts::ShowFault(timeline.GetFault())},
            {"service", GetName(endpoint.service)},
            {"name", name},
            {"rule", endpoint.GetRuleName()},
            {"probe", endpoint.probe},
            {"instance", failover.instance ? Json(*failover.instance) : Json()},
            {"milestones", SummaryParts::ShowMilestones(timeline)},
            {"connectionsBroken", timeline.GetConnectionsBroken()},
            {"requestsFailed", timeline.GetRequestsFailed()},
            {"clientsAffected", timeline.GetClients().size()}};
}

} // namespace

SummaryParts::Json
SummaryParts::ToSeconds(const std::optional<Time>& time)
{
    return time ? Json(time->GetSeconds()) : Json();
}

SummaryParts::Json
SummaryParts::ShowPercentiles(const RequestLog::Percentiles& percentiles)
{
    return {{"p50", ToSeconds(percentiles.p50)},
            {"p90", ToSeconds(percentiles.p90)},
            {"p99", ToSeconds(percentiles.p99)},
            {"max", ToSeconds(percentiles.max)}};
}

SummaryParts::Json
SummaryParts::ShowMilestones(const FailoverTimeline& timeline)
{
    Json milestones = Json::array();
    for (const auto& milestone : timeline.GetMilestones())
    {
        Json expected;
        Json theory;
        if (milestone.expected)
        {
            expected = {milestone.expected->low.GetSeconds(),
                        milestone.expected->high.GetSeconds()};
            theory = milestone.expected->theory;
        }
        milestones.push_back({{"name", milestone.name},
                              {"time", ToSeconds(milestone.time)},
                              {"after", ToSeconds(milestone.after)},
                              {"expected", expected},
                              {"inside", milestone.inside ? Json(*milestone.inside) : Json()},
                              {"theory", theory}});
    }
    return milestones;
}

SummaryParts::Json
SummaryParts::ShowFault(const InjectedFault& fault)
{
    return {{"kind", fault.kind},
            {"target", fault.target},
            {"start", fault.start.GetSeconds()},
            {"end", ToSeconds(fault.end)}};
}

std::string
MakeSummary(const DeploymentConfiguration& deployment,
            const ScenarioPlan& plan,
            const ScenarioObserver& observer,
            const std::vector<Ptr<LoadBalancer>>& balancers,
            const std::vector<Ptr<ApplicationGateway>>& gateways,
            const std::vector<std::string>& files)
{
    const auto nameOf = [&](const PlannedEndpoint& endpoint) {
        return GetServiceName(deployment, endpoint);
    };
    Json rules = Json::array();
    for (const auto& endpoint : plan.endpoints)
    {
        rules.push_back(ShowRule(endpoint, nameOf(endpoint), observer.GetRequests()));
    }
    Json failovers = Json::array();
    for (const auto& failover : observer.GetFailovers())
    {
        const auto& endpoint = plan.endpoints[failover.endpoint];
        failovers.push_back(ShowFailover(failover, endpoint, nameOf(endpoint)));
    }
    for (const auto& departure : observer.GetTrafficManager().GetDepartures())
    {
        failovers.push_back(SummaryParts::ShowDeparture(departure, plan));
    }
    Json drops = Json::object();
    Json flows = Json::object();
    for (std::size_t i = 0; i < balancers.size(); ++i)
    {
        const auto& name = deployment.loadBalancers[i].configuration.name;
        balancers[i]->GetEngine().Sweep(Simulator::Now());
        drops[name] = Json::object();
        for (std::size_t k = 1; k < static_cast<std::size_t>(DropReason::Count); ++k)
        {
            const auto reason = static_cast<DropReason>(k);
            if (const auto count = balancers[i]->GetDropCount(reason))
            {
                drops[name][ToString(reason)] = count;
            }
        }
        const auto& statistics = balancers[i]->GetStatistics();
        Json ended = Json::object();
        for (std::size_t k = 0; k < statistics.flowsEnded.size(); ++k)
        {
            if (statistics.flowsEnded[k])
            {
                ended[ToString(static_cast<FlowEndReason>(k))] = statistics.flowsEnded[k];
            }
        }
        flows[name] = {{"created", statistics.flowsCreated}, {"ended", ended}};
    }
    Json applicationGateways = Json::array();
    for (std::size_t i = 0; i < gateways.size(); ++i)
    {
        const auto& configuration = deployment.applicationGateways[i].configuration;
        const auto& log = observer.GetExchanges(i);
        const auto& observed = observer.GetGateway(i);
        Json gateway = {
            {"name", configuration.name},
            {"listeners", ShowListeners(configuration, log, observer.GetRequests())},
            {"backends", ShowBackends(configuration, log)},
            {"sessionListeners", ShowSessionListeners(configuration, observer.GetSessions(i))},
            {"sessionBackends", ShowSessionBackends(configuration, observer.GetSessions(i))},
            {"instances", ShowInstances(*gateways[i], log, observed)}};
        gateway.update(ShowGatewayHistory(observed, configuration));
        applicationGateways.push_back(gateway);
    }
    const Json summary = {
        {"schema", 2},
        {"deployment", ShowDeployment(deployment)},
        {"scenario", ShowScenario(plan)},
        {"rules", rules},
        {"applicationGateways", applicationGateways},
        {"trafficManagers", SummaryParts::ShowTrafficManagers(plan, observer.GetTrafficManager())},
        {"failover", failovers},
        {"drops", drops},
        {"flows", flows},
        {"probes",
         {{"sent", observer.GetProbesSent()},
          {"succeeded", observer.GetProbesSucceeded()},
          {"failed", observer.GetProbesFailed()}}},
        {"files", files}};
    return summary.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace azure
} // namespace ns3
