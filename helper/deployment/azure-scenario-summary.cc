/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-summary.h"

#include "ns3/azure-load-balancer-engine.h"
#include "ns3/azure-load-balancer-validator.h"
#include "ns3/simulator.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace ns3
{
namespace azure
{

namespace
{

using Json = nlohmann::ordered_json; //!< members stay in their order

/**
 * @param time a time, or nothing
 * @return seconds, or null
 */
Json
ToSeconds(const std::optional<Time>& time)
{
    return time ? Json(time->GetSeconds()) : Json();
}

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
                           {"start", ToSeconds(group.start)},
                           {"stop", ToSeconds(group.stop)}});
    }
    Json faults = Json::array();
    for (const auto& planned : plan.faults)
    {
        faults.push_back({{"kind", GetName(planned.fault.kind)},
                          {"target", planned.fault.target},
                          {"start", planned.start.GetSeconds()},
                          {"end", ToSeconds(planned.end)}});
    }
    return {{"duration", ToSeconds(plan.scenario.duration)},
            {"seed", plan.scenario.seed},
            {"run", plan.scenario.run},
            {"clients", clients},
            {"faults", faults}};
}

/**
 * @param percentiles times
 * @return the same
 */
Json
ShowPercentiles(const RequestLog::Percentiles& percentiles)
{
    return {{"p50", ToSeconds(percentiles.p50)},
            {"p90", ToSeconds(percentiles.p90)},
            {"p99", ToSeconds(percentiles.p99)},
            {"max", ToSeconds(percentiles.max)}};
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
 * @param endpoint a frontend address and port
 * @param balancer name of its load balancer
 * @param requests all requests
 * @return how requests to it fared
 */
Json
ShowRule(const PlannedEndpoint& endpoint, const std::string& balancer, const RequestLog& requests)
{
    const auto sums =
        requests.Summarize(InetSocketAddress(endpoint.address.ToIpv4(), endpoint.port));
    return {{"loadBalancer", balancer},
            {"rule", endpoint.rule},
            {"kind", endpoint.inboundNat ? "inboundNatRule" : "loadBalancingRule"},
            {"frontend", ToText(endpoint.address) + ":" + std::to_string(endpoint.port)},
            {"protocol", ShowProtocol(endpoint.protocol)},
            {"requests", sums.requests},
            {"succeeded", sums.succeeded},
            {"failed", sums.failed},
            {"failures", ShowCounts(sums.failures)},
            {"connectTime", ShowPercentiles(sums.connectTime)},
            {"latency", ShowPercentiles(sums.latency)},
            {"servedBy", ShowCounts(sums.servedBy)}};
}

/**
 * @param failover what a fault did to a rule
 * @param endpoint the rule
 * @param balancer name of its load balancer
 * @return the same
 */
Json
ShowFailover(const ObservedFailover& failover,
             const PlannedEndpoint& endpoint,
             const std::string& balancer)
{
    const auto& timeline = failover.timeline;
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
    const auto& fault = timeline.GetFault();
    return {{"fault",
             {{"kind", fault.kind},
              {"target", fault.target},
              {"start", fault.start.GetSeconds()},
              {"end", ToSeconds(fault.end)}}},
            {"service", "load-balancer"},
            {"loadBalancer", balancer},
            {"rule", endpoint.rule},
            {"probe", endpoint.probe},
            {"milestones", milestones},
            {"connectionsBroken", timeline.GetConnectionsBroken()},
            {"requestsFailed", timeline.GetRequestsFailed()},
            {"clientsAffected", timeline.GetClients().size()}};
}

} // namespace

std::string
MakeSummary(const DeploymentConfiguration& deployment,
            const ScenarioPlan& plan,
            const ScenarioObserver& observer,
            const std::vector<Ptr<LoadBalancer>>& balancers,
            const std::vector<std::string>& files)
{
    const auto nameOf = [&](const PlannedEndpoint& endpoint) {
        return deployment.loadBalancers[endpoint.loadBalancer].configuration.name;
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
    const Json summary = {{"schema", 1},
                          {"deployment", ShowDeployment(deployment)},
                          {"scenario", ShowScenario(plan)},
                          {"rules", rules},
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
