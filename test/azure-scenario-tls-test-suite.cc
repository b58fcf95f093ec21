/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-built-in-deployment.h"
#include "ns3/azure-resource-importer.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/random-variable-stream.h"
#include "ns3/test.h"

#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param port port of the probe
 * @return the built-in deployment, probed by HTTPS
 */
DeploymentConfiguration
Probed(uint16_t port)
{
    auto deployment = MakeBuiltInDeployment();
    auto& probe = deployment.loadBalancers[0].configuration.probes[0];
    probe.protocol = ProbeProtocol::Https;
    probe.requestPath = "/health";
    probe.port = port;
    return deployment;
}

/** @return one of Azure's templates, whose gateway has one member, that is asked by HTTPS instead
 */
DeploymentConfiguration
Gateway()
{
    auto deployment = ResourceImporter().ImportFile(
        std::string(NS_TEST_SOURCEDIR) +
            "/../examples/azure/application-gateway-rewrite/azuredeploy.json",
        "");
    auto& gateway = deployment.applicationGateways.at(0).configuration;
    auto& setting = gateway.backendHttpSettingsCollection[0];
    setting.protocol = ApplicationGatewayProtocol::Https;
    setting.port = 443;
    setting.pickHostNameFromBackendAddress = false;
    setting.trustedRootCertificates = {"ours"};
    gateway.trustedRootCertificates = {{"ours", "CN=Ours"}};
    setting.probe.clear();
    return deployment;
}

/**
 * @param deployment a gateway with one member
 * @param protocol what a probe speaks
 * @param port port of a rule and its probe
 * @return the same with a load balancer in front of that member
 */
DeploymentConfiguration
WithLoadBalancer(DeploymentConfiguration deployment, ProbeProtocol protocol, uint16_t port)
{
    auto balancer = MakeBuiltInDeployment().loadBalancers[0];
    balancer.virtualNetwork = deployment.virtualNetworks[0].name;
    auto& configuration = balancer.configuration;
    auto& members = configuration.backendAddressPools[0].backendAddresses;
    members.resize(1);
    members[0].address = deployment.applicationGateways[0]
                             .configuration.backendAddressPools[0]
                             .backendAddresses[0]
                             .ipAddress;
    configuration.probes[0].protocol = protocol;
    configuration.probes[0].port = port;
    configuration.probes[0].requestPath = protocol == ProbeProtocol::Tcp ? "" : "/";
    configuration.loadBalancingRules[0].backendPort = port;
    configuration.frontendIpConfigurations[0].address = IpAddress::From("20.9.9.9");
    PublicIpAddressConfiguration address;
    address.name = "lb-ip";
    address.region = deployment.virtualNetworks[0].region;
    address.address = configuration.frontendIpConfigurations[0].address;
    deployment.publicIpAddresses.push_back(address);
    deployment.loadBalancers = {balancer};
    return deployment;
}

/**
 * @brief Run without a fault: every request is answered and every probe passes.
 * @param deployment the deployment
 * @param test takes the failures
 * @return ports that speak TLS
 */
std::size_t
RunWell(const DeploymentConfiguration& deployment, FunctionTestCase& test)
{
    Scenario scenario;
    ScenarioClients clients;
    clients.count = 2;
    clients.rate = 1;
    clients.requestTimeout = Seconds(60);
    scenario.clients = {clients};
    scenario.faults.emplace();
    scenario.measurement.flowMonitor = false;
    ScenarioRunner runner(scenario, deployment);
    for (const auto& error : runner.GetErrors())
    {
        test.Equal(error, "", "no error");
    }
    if (!runner.GetErrors().empty())
    {
        return 0;
    }
    runner.Run();
    const auto& observer = runner.GetObserver();
    std::size_t good = 0;
    for (const auto& record : observer.GetRequests().GetRecords())
    {
        good += record.outcome == HttpOutcome::Ok ? 1 : 0;
    }
    test.Check(good > 20, "there are requests");
    // One may be under way at the end.
    test.Check(good + 1 >= observer.GetRequests().GetRecords().size(), "all are answered");
    test.Check(observer.GetProbesSucceeded() > 3, "there are probes");
    std::ostringstream csv;
    observer.WriteProbesCsv(csv);
    test.Equal(observer.GetProbesFailed(), 0, "all pass: " + csv.str());
    return runner.GetPlan().tlsPorts.size();
}

/** Probes by HTTPS in scenarios. */
class ScenarioTlsTestSuite : public TestSuite
{
  public:
    ScenarioTlsTestSuite()
        : TestSuite("azure-scenario-tls", Type::SYSTEM)
    {
        Add("HP-2: an HTTPS probe on the port of the rule: clients ask by HTTPS, too",
            [](FunctionTestCase& test) {
                const auto deployment = Probed(80);
                const auto members =
                    deployment.loadBalancers[0].configuration.backendAddressPools[0];
                test.Equal(RunWell(deployment, test),
                           members.backendAddresses.size(),
                           "every instance speaks TLS");
            });
        Add("HP-2: an HTTPS probe on a port of its own: clients ask by HTTP",
            [](FunctionTestCase& test) {
                const auto plan = ScenarioPlan::Make(Scenario(),
                                                     Probed(8443),
                                                     CreateObject<UniformRandomVariable>());
                test.Check(!plan.endpoints.at(0).tls, "the rule");
                test.Equal(plan.tlsPorts.begin()->first.second, 8443, "the port");
                test.Check(RunWell(Probed(8443), test) > 0, "the probe");
            });
        Add("AG-42: a gateway's HTTPS probe without SNI, and a load balancer on the same port",
            [](FunctionTestCase& test) {
                for (const auto protocol : {ProbeProtocol::Tcp, ProbeProtocol::Https})
                {
                    test.Equal(RunWell(WithLoadBalancer(Gateway(), protocol, 443), test),
                               1,
                               "one port");
                }
            });
        Add("A port that is asked by HTTP and HTTPS is an error", [](FunctionTestCase& test) {
            const auto plan =
                ScenarioPlan::Make(Scenario(),
                                   WithLoadBalancer(Gateway(), ProbeProtocol::Http, 443),
                                   CreateObject<UniformRandomVariable>());
            test.Equal(plan.errors.size(), 1, "one error");
            for (const char* part : {"'web'", "'lb'", "port 443", "HTTP", "HTTPS"})
            {
                test.Check(plan.errors.at(0).message.find(part) != std::string::npos, part);
            }
        });
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

ScenarioTlsTestSuite g_scenarioTlsTestSuite; //!< registers the suite

} // namespace
