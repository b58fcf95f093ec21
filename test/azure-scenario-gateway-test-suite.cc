/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-import-fixture.h"

#include "ns3/azure-resource-importer.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/test.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Where the inputs are.
const std::string g_examples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/// Azure's own files whose gateways have members that answer, and how many of their rules do.
const std::pair<const char*, std::size_t> g_served[] = {
    {"application-gateway-multihosting/azuredeploy.json", 2},
    {"application-gateway-rewrite/azuredeploy.json", 1},
    {"application-gateway-url-path-based-routing/azuredeploy.json", 3},
    {"application-gateway-v2-autoscale-create/azuredeploy.json", 1},
};

/// Azure's own files whose gateways have no members.
const char* const g_empty[] = {"rest/cli-shape-derived/appgw.json",
                               "rest/recorded/appgw-multi-host-listener.json",
                               "rest/recorded/appgw-url-path-map-redirect-rewrite.json"};

/**
 * @param file template or resource below examples/azure
 * @return what it holds
 */
DeploymentConfiguration
ReadExample(const std::string& file)
{
    const auto base = g_examples + file;
    const auto parameters = base.substr(0, base.size() - 5) + ".parameters.json";
    return ResourceImporter().ImportFile(base,
                                         std::filesystem::exists(parameters) ? parameters : "");
}

/**
 * @param count clients for each rule
 * @return a scenario with so many clients that wait long, and the default fault
 */
Scenario
WithClients(uint32_t count)
{
    Scenario scenario;
    ScenarioClients clients;
    clients.count = count;
    clients.rate = 2;
    clients.requestTimeout = Seconds(60);
    scenario.clients = {clients};
    scenario.measurement.flowMonitor = false;
    return scenario;
}

/**
 * @brief Run a scenario on a deployment and look at it.
 * @param scenario what to do
 * @param deployment what to do it to
 * @param t takes the failures
 * @param look looks at the run
 */
void
RunAndLook(const Scenario& scenario,
           const DeploymentConfiguration& deployment,
           FunctionTestCase& t,
           const std::function<void(const ScenarioRunner&)>& look)
{
    ScenarioRunner runner(scenario, deployment);
    for (const auto& error : runner.GetErrors())
    {
        t.Equal(error, "", "no error expected");
    }
    if (runner.GetErrors().empty())
    {
        runner.Run();
        look(runner);
    }
}

/**
 * @return the gateway with a path map, with a second listener that has a wildcard and the same
 *         map, behind the first one
 */
DeploymentConfiguration
MakeShadowed()
{
    auto deployment = ReadExample("application-gateway-url-path-based-routing/azuredeploy.json");
    auto& gateway = deployment.applicationGateways.at(0).configuration;
    auto wild = gateway.httpListeners.at(0);
    wild.name = "wild";
    wild.hostNames = {"*.shop.test"};
    gateway.httpListeners.push_back(wild);
    auto rule = gateway.requestRoutingRules.at(0);
    rule.name = "behind";
    rule.httpListener = "wild";
    rule.priority = *rule.priority + 1;
    gateway.requestRoutingRules.push_back(rule);
    return deployment;
}

/**
 * @return the gateway of a template, with listeners of layer 4 besides: 9000 for TCP, and 9443 for
 *         TLS that is made anew to the members
 */
DeploymentConfiguration
MakeLayer4()
{
    auto deployment = ReadExample("application-gateway-v2-autoscale-create/azuredeploy.json");
    auto& gateway = deployment.applicationGateways.at(0).configuration;
    const auto& pool = gateway.backendAddressPools.at(0).name;
    gateway.sslCertificates.push_back({"site", "*.site.test"});
    gateway.frontendPorts.push_back({"port-9000", 9000});
    gateway.frontendPorts.push_back({"port-9443", 9443});
    ApplicationGatewayListener listener;
    listener.name = "tcp";
    listener.frontendIpConfiguration = gateway.frontendIpConfigurations.at(0).name;
    listener.frontendPort = "port-9000";
    gateway.listeners = {listener};
    listener.name = "tls";
    listener.frontendPort = "port-9443";
    listener.protocol = ApplicationGatewayProtocol::Tls;
    listener.hostNames = {"*.site.test"};
    listener.sslCertificate = "site";
    gateway.listeners.push_back(listener);
    ApplicationGatewayBackendSettings settings;
    settings.name = "raw";
    settings.port = 80;
    gateway.backendSettingsCollection = {settings};
    settings.name = "again";
    settings.port = 8443;
    settings.protocol = ApplicationGatewayProtocol::Tls;
    gateway.backendSettingsCollection.push_back(settings);
    gateway.routingRules = {{"tcp-rule", 1, "tcp", pool, "raw"},
                            {"tls-rule", 2, "tls", pool, "again"}};
    return deployment;
}

/// Scenarios on deployments with application gateways.
class ScenarioGatewayTestSuite : public TestSuite
{
  public:
    ScenarioGatewayTestSuite()
        : TestSuite("azure-scenario-gateway", Type::SYSTEM)
    {
        AddExamples();
        AddPlaces();
        AddEndpoints();
        AddRecords();
        AddLayer4();
    }

  private:
    /** As AddTestCase(), for a function. */
    void Add(const std::string& name, const std::function<void(FunctionTestCase&)>& body)
    {
        AddTestCase(new FunctionTestCase(TestName(name), body), Duration::QUICK);
    }

    void AddExamples();  //!< Azure's own files
    void AddPlaces();    //!< where members and instances are
    void AddEndpoints(); //!< what is asked
    void AddRecords();   //!< what is measured
    void AddLayer4();    //!< connections at layer 4
};

void
ScenarioGatewayTestSuite::AddLayer4()
{
    Add("AG-59: Rules of layer 4 are asked, and fail over", [](FunctionTestCase& t) {
        RunAndLook(WithClients(1), MakeLayer4(), t, [&](const ScenarioRunner& runner) {
            const auto& observer = runner.GetObserver();
            const auto& endpoints = runner.GetPlan().endpoints;
            t.Equal(endpoints.size(), 3, "rules of both layers");
            for (const auto& endpoint : endpoints)
            {
                const auto sums = observer.GetRequests().Summarize(
                    [&](const auto& record) { return endpoint.Takes(record); });
                t.Equal(sums.servedBy.size(), 2, endpoint.rule + ": every member serves");
                t.Check(sums.succeeded > sums.requests / 4, endpoint.rule + ": requests succeed");
            }
            t.Equal(endpoints.back().url->host, "www.site.test:9443", "a host for the wildcard");
            const auto& sessions = observer.GetSessions(0);
            for (const uint32_t rule : {0, 1})
            {
                const auto sums =
                    sessions.Summarize([&](const auto& record) { return record.rule == rule; });
                std::string ends;
                for (const auto& [end, count] : sums.ends)
                {
                    ends += end + " " + std::to_string(count) + ", ";
                }
                t.Check(sums.ends.count("complete") && sums.ends.at("complete") > sums.sessions / 4,
                        "sessions end well: " + ends);
                t.Check(sums.bytesToClient > sums.bytesToBackend, "responses are longer");
            }
            std::size_t judged = 0;
            for (const auto& failover : observer.GetFailovers())
            {
                for (const auto& milestone : failover.timeline.GetMilestones())
                {
                    judged += milestone.expected ? 1 : 0;
                    t.Check(!milestone.expected || milestone.inside.value_or(false),
                            failover.prober + ": " + milestone.name + " is inside");
                }
                // At layer 4 no second try hides what goes to the dead member before the verdict.
                t.Check(!endpoints[failover.endpoint].url->layer4 ||
                            !failover.timeline.GetClients().empty(),
                        failover.prober + ": clients are concerned");
            }
            t.Equal(judged, 18, "two instances judge three rules three times each");
            const auto summary = runner.GetSummary();
            for (const std::string part : {R"("sessionListeners")",
                                           R"("kind": "routingRule")",
                                           R"("protocol": "Tls")",
                                           R"("setting": "again")"})
            {
                t.Check(summary.find(part) != std::string::npos, "the summary has " + part);
            }
            std::ostringstream csv;
            sessions.WriteCsv(csv);
            const auto text = csv.str();
            const auto lines = std::count(text.begin(), text.end(), '\n');
            t.Equal(lines, sessions.GetRecords().size() + 1, "a line for each session");
        });
    });
}

void
ScenarioGatewayTestSuite::AddExamples()
{
    for (const auto& [file, rules] : g_served)
    {
        Add(std::string("Runs: ") + file, [file = file, rules = rules](FunctionTestCase& t) {
            RunAndLook(WithClients(2), ReadExample(file), t, [&](const ScenarioRunner& runner) {
                const auto& observer = runner.GetObserver();
                t.Equal(runner.GetPlan().endpoints.size(), rules, "rules");
                for (const auto& endpoint : runner.GetPlan().endpoints)
                {
                    const auto sums = observer.GetRequests().Summarize(
                        [&](const auto& record) { return endpoint.Takes(record); });
                    t.Equal(sums.servedBy.size(), endpoint.members.size(), "every member serves");
                    t.Check(sums.succeeded > sums.requests / 4, "requests succeed");
                }
                std::size_t judged = 0;
                for (const auto& failover : observer.GetFailovers())
                {
                    for (const auto& milestone : failover.timeline.GetMilestones())
                    {
                        judged += milestone.expected ? 1 : 0;
                        t.Check(!milestone.expected || milestone.inside.value_or(false),
                                milestone.name + " is inside");
                    }
                }
                t.Equal(judged, 6, "two instances judge three times each");
            });
        });
    }
    for (const auto* file : g_empty)
    {
        Add(std::string("AG-36: an empty pool is answered with 502: ") + file,
            [file](FunctionTestCase& t) {
                RunAndLook(WithClients(2), ReadExample(file), t, [&](const ScenarioRunner& runner) {
                    const auto sums = runner.GetObserver().GetExchanges(0).Summarize();
                    const auto answered =
                        sums.reasons.count("empty-pool") ? sums.reasons.at("empty-pool") : 0;
                    t.Check(answered > 0, "there are answers");
                    t.Equal(sums.gatewayStatus.at("502"), answered, "all of them with 502");
                    t.Equal(sums.backendStatus.size(), 0, "nobody else answers");
                    t.Equal(runner.GetPlan().faults.size(), 0, "nothing is there to fail");
                });
            });
    }
}

void
ScenarioGatewayTestSuite::AddPlaces()
{
    Add("AG-5: Instances have the first free addresses of the subnet", [](FunctionTestCase& t) {
        // Members of the template have 10.0.0.4 and 10.0.0.5.
        const auto deployment =
            ReadExample("application-gateway-v2-autoscale-create/azuredeploy.json");
        RunAndLook(WithClients(1), deployment, t, [&](const ScenarioRunner& runner) {
            std::set<std::string> seen;
            for (const auto& record : runner.GetObserver().GetExchanges(0).GetRecords())
            {
                std::ostringstream text;
                text << record.backendLocal.GetIpv4();
                seen.insert(text.str());
            }
            seen.erase("0.0.0.0"); // answered by the gateway
            t.Check(seen == std::set<std::string>{"10.0.0.6", "10.0.0.7"}, "their addresses");
        });
    });
    Add("A member that nobody owns gets a machine, and a subnet if need be",
        [](FunctionTestCase& t) {
            const auto deployment = ReadExample("application-gateway-rewrite/azuredeploy.json");
            const auto* owner = deployment.FindOwner(IpAddress::From("10.0.1.13"));
            t.Check(owner && owner->synthesised, "the machine");
            const auto& subnets = deployment.virtualNetworks.at(0).subnets;
            t.Equal(subnets.size(), 2, "subnets");
            t.Equal(subnets.at(1).addressPrefixes.at(0).ToText(), "10.0.1.0/24", "its prefix");
            t.Equal(deployment.assumed.size(), 3, "both are told, and the priorities");
        });
    Add("A member outside of every network is in a peered one", [](FunctionTestCase& t) {
        const auto deployment = ResourceImporter().Import(
            SoundGateway(R"("ipAddress":"10.0.1.20")", R"("ipAddress":"172.16.5.20")"));
        t.Equal(deployment.errors.size(), 0, "no error");
        t.Equal(deployment.virtualNetworks.size(), 2, "networks");
        t.Equal(deployment.virtualNetworks.back().addressPrefixes.at(0).ToText(),
                "172.16.5.0/24",
                "its prefix");
        t.Check(deployment.FindOwner(IpAddress::From("172.16.5.20")), "the machine");
    });
    Add("A member at an address that Azure keeps has no machine", [](FunctionTestCase& t) {
        const auto deployment = ResourceImporter().Import(
            SoundGateway(R"("ipAddress":"10.0.1.20")", R"("ipAddress":"10.0.1.3")"));
        t.Equal(deployment.errors.size(), 0, "no error");
        t.Check(!deployment.FindOwner(IpAddress::From("10.0.1.3")), "no machine");
        t.Check(std::any_of(deployment.assumed.begin(),
                            deployment.assumed.end(),
                            [](const auto& notice) {
                                return notice.why.find("nobody answers") != std::string::npos;
                            }),
                "it is told");
    });
}

void
ScenarioGatewayTestSuite::AddEndpoints()
{
    Add("Each path rule is asked by a path of its own", [](FunctionTestCase& t) {
        const auto endpoints = FindEndpoints(
            ReadExample("application-gateway-url-path-based-routing/azuredeploy.json"));
        std::map<std::string, std::string> pathByRule;
        for (const auto& endpoint : endpoints)
        {
            pathByRule[endpoint.GetRuleName()] = endpoint.url->path;
        }
        const std::map<std::string, std::string> expected = {{"rule1", "/"},
                                                             {"rule1/pathRule1", "/images"},
                                                             {"rule1/pathRule2", "/videos"}};
        t.Check(pathByRule == expected, "paths");
        t.Equal(ToText(endpoints.at(1).members.at(0)), "10.0.1.11", "member of the path rule");
        t.Equal(endpoints.at(1).MakeTarget(3), "/images?group-3", "what clients ask for");
    });
    Add("A rule that another one shadows is not asked", [](FunctionTestCase& t) {
        auto deployment = MakeShadowed();
        t.Equal(deployment.Validate().size(), 0, "sound");
        t.Equal(FindEndpoints(deployment).size(), 3, "the basic listener takes all hosts (AG-11)");
        auto& rules = deployment.applicationGateways[0].configuration.requestRoutingRules;
        std::swap(rules[0].priority, rules[1].priority);
        const auto endpoints = FindEndpoints(deployment);
        t.Equal(endpoints.size(), 6, "now each listener has its own");
        t.Equal(endpoints.back().url->host, "www.shop.test", "host for the wildcard");
    });
    Add("Servers know a request by the path that they see (AG-27)", [](FunctionTestCase& t) {
        auto deployment =
            ReadExample("application-gateway-url-path-based-routing/azuredeploy.json");
        deployment.applicationGateways[0].configuration.backendHttpSettingsCollection[0].path =
            "/v2/";
        auto scenario = WithClients(1);
        (*scenario.clients)[0].responseSize = 4321;
        scenario.faults.emplace();
        RunAndLook(scenario, deployment, t, [&](const ScenarioRunner& runner) {
            std::size_t answers = 0;
            for (const auto& record : runner.GetObserver().GetRequests().GetRecords())
            {
                answers += record.outcome == HttpOutcome::Ok ? 1 : 0;
                t.Check(record.outcome != HttpOutcome::Ok || record.bodyBytes == 4321,
                        "size of the response");
            }
            t.Check(answers > 100, "there are answers");
        });
    });
    Add("An unknown target names the rules", [](FunctionTestCase& t) {
        auto scenario = WithClients(1);
        (*scenario.clients)[0].targets = {"rule1/pathRule2", "rule9"};
        const ScenarioRunner runner(
            scenario,
            ReadExample("application-gateway-url-path-based-routing/azuredeploy.json"));
        t.Equal(runner.GetErrors().size(), 1, "one is wrong");
        t.Check(runner.GetErrors().at(0).find("clients[0].targets[1]") != std::string::npos,
                "where");
        t.Check(runner.GetErrors().at(0).find("rule1, rule1/pathRule1, rule1/pathRule2") !=
                    std::string::npos,
                "what there is");
    });
}

void
ScenarioGatewayTestSuite::AddRecords()
{
    Add("AG-62: Times of an exchange in order, and client leg and total time are the latency",
        [](FunctionTestCase& t) {
            const auto deployment = ReadExample("application-gateway-rewrite/azuredeploy.json");
            RunAndLook(WithClients(4), deployment, t, [&](const ScenarioRunner& runner) {
                const auto& log = runner.GetObserver().GetExchanges(0);
                const auto& requests = runner.GetObserver().GetRequests();
                std::unordered_map<std::string, const HttpRequestRecord*> asked;
                for (const auto& record : requests.GetRecords())
                {
                    asked[record.GetRequestId()] = &record;
                }
                std::size_t seen = 0;
                for (const auto& record : log.GetRecords())
                {
                    const auto found = asked.find(record.requestId);
                    if (record.responder != GatewayResponder::Backend || found == asked.end())
                    {
                        continue; // the run may end between instance and client
                    }
                    ++seen;
                    const auto& request = *found->second;
                    const auto first = *record.GetBackendFirstByteTime();
                    const auto last = *record.GetBackendLastByteTime();
                    t.Check(*record.GetBackendConnectTime() <= first && first <= last &&
                                last <= record.GetTotalTime() &&
                                record.GetTotalTime() <= request.GetLatency(),
                            "connect, first byte, last byte, total, latency");
                    t.Check(!record.reused || record.GetBackendConnectTime() == Time(0),
                            "nothing is opened");
                    // Handshake and request are two round trips of 20.5 ms besides.
                    t.Near((request.GetLatency() - record.GetTotalTime()).GetSeconds(),
                           0.041,
                           0.001,
                           "client leg");
                }
                t.Check(seen > 300, "there are exchanges");
                const auto legs = log.SplitLatency(requests, 0);
                t.Near(legs.client.p50->GetSeconds(), 0.041, 0.001, "client leg");
                t.Near(legs.backend.p50->GetSeconds(), 0.0002, 0.0001, "backend leg");
            });
        });
    Add("HP-26: Probes of two instances, one server and one setting: two per interval",
        [](FunctionTestCase& t) {
            auto scenario = WithClients(1);
            scenario.faults.emplace();
            scenario.duration = Seconds(299);
            const auto deployment = ReadExample("application-gateway-rewrite/azuredeploy.json");
            RunAndLook(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                // One at the start; then one each 30 s from a phase below 30 s on: 10 or 9 more.
                const auto sent = runner.GetObserver().GetProbesSent();
                t.Check(sent >= 2 * 10 && sent <= 2 * 11, "probes: " + std::to_string(sent));
                std::ostringstream csv;
                runner.GetObserver().WriteProbesCsv(csv);
                for (const char* source : {"10.0.0.4", "10.0.0.5"})
                {
                    t.Check(csv.str().find(source) != std::string::npos, source);
                }
            });
        });
    Add("AG-43: HTTPS to members in a scenario, with certificates that the gateway asks for",
        [](FunctionTestCase& t) {
            auto deployment = ReadExample("application-gateway-rewrite/azuredeploy.json");
            auto& gateway = deployment.applicationGateways[0].configuration;
            auto& setting = gateway.backendHttpSettingsCollection[0];
            setting.protocol = ApplicationGatewayProtocol::Https;
            setting.port = 443;
            setting.pickHostNameFromBackendAddress = false;
            setting.hostName = "inside.example";
            setting.trustedRootCertificates = {"ours"};
            gateway.trustedRootCertificates = {{"ours", "CN=Ours"}};
            gateway.probes[0].protocol = ApplicationGatewayProtocol::Https;
            auto scenario = WithClients(2);
            scenario.faults.emplace();
            RunAndLook(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                const auto sums = runner.GetObserver().GetExchanges(0).Summarize();
                t.Check(sums.exchanges > 50, "there are exchanges");
                t.Equal(sums.backendStatus.at("200"), sums.exchanges, "all are served");
                t.Equal(runner.GetPlan().tlsPorts.size(), 1, "one server speaks TLS");
            });
        });
    Add("The same run writes the same exchanges", [](FunctionTestCase& t) {
        std::string first;
        for (int i = 0; i < 2; ++i)
        {
            auto scenario = WithClients(1);
            scenario.duration = Seconds(60);
            scenario.faults.emplace();
            const auto deployment = ReadExample("application-gateway-rewrite/azuredeploy.json");
            RunAndLook(scenario, deployment, t, [&](const ScenarioRunner& runner) {
                std::ostringstream csv;
                runner.GetObserver().GetExchanges(0).WriteCsv(csv);
                t.Check(i == 0 || csv.str() == first, "the same bytes");
                first = csv.str();
                const auto columns =
                    std::count(first.begin(), first.begin() + first.find('\n'), ',');
                t.Equal(std::count(first.begin(), first.end(), ',') % columns, 0, "whole rows");
            });
        }
        t.Check(first.size() > 1000, "there are exchanges");
    });
}

ScenarioGatewayTestSuite g_scenarioGatewayTestSuite; //!< registers the suite

} // namespace
