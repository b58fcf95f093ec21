/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-import-fixture.h"

#include "ns3/azure-resource-importer.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/random-variable-stream.h"
#include "ns3/test.h"

#include <map>
#include <sstream>
#include <string>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/** @return a gateway with a member inside, one at a public address and one with a domain name, and
 *          another pool behind a private frontend */
DeploymentConfiguration
Read()
{
    auto deployment = ResourceImporter().Import(SoundGateway(R"(,"body":"ok")", ""));
    auto& gateway = deployment.applicationGateways.at(0).configuration;
    gateway.urlPathMaps[0].pathRules[0].rewriteRuleSet.clear(); // it leads elsewhere
    return deployment;
}

/** @return few clients, and nothing that goes wrong */
Scenario
Quiet()
{
    Scenario scenario;
    ScenarioClients clients;
    clients.count = 1;
    clients.rate = 1;
    scenario.clients = {clients};
    scenario.faults.emplace();
    scenario.measurement.flowMonitor = false;
    return scenario;
}

/** AG-3, AG-30, HP-28: members outside are served, by address and by name. */
void
Outside(FunctionTestCase& test)
{
    ScenarioRunner runner(Quiet(), Read());
    test.Equal(runner.GetErrors().size(), 0, "no error");
    runner.Run();
    std::map<std::string, std::string> addresses;
    std::map<std::string, int> clients;
    for (const auto& record : runner.GetObserver().GetExchanges(0).GetRecords())
    {
        std::ostringstream address;
        address << record.backend.GetIpv4();
        if (!record.member.empty())
        {
            addresses[record.member] = address.str();
            test.Equal(record.status, 200, record.member);
        }
        const auto inside = record.frontend.GetIpv4() == Ipv4Address("10.0.0.10");
        test.Equal(record.client.GetIpv4().CombineMask("255.0.0.0") == Ipv4Address("10.0.0.0"),
                   inside,
                   "who asks the private frontend is inside, and nobody else");
        ++clients[inside ? "private" : "public"];
    }
    const std::map<std::string, std::string> expected{{"10.0.1.20", "10.0.1.20"},
                                                      {"8.8.8.8", "8.8.8.8"},
                                                      {"www.example.com", "203.0.113.1"},
                                                      {"10.0.1.30", "10.0.1.30"}};
    for (const auto& [member, address] : addresses)
    {
        const auto found = expected.find(member);
        test.Equal(address, found == expected.end() ? "nobody" : found->second, member);
    }
    test.Equal(addresses.size(), expected.size(), "members that were sent requests");
    test.Check(clients["private"] > 10 && clients["public"] > 10, "both frontends are asked");
    test.Equal(runner.GetObserver().GetProbesFailed(), 0, "all probes pass");
}

/** HP-7: a machine that is stopped does not say that it is. */
void
Stopped(FunctionTestCase& test)
{
    auto deployment = Read();
    std::string machine;
    for (auto& each : deployment.virtualMachines)
    {
        if (deployment.FindOwner(IpAddress::From("10.0.1.20"))->name == each.name)
        {
            each.running = false;
            machine = each.name;
        }
    }
    auto scenario = Quiet();
    ScenarioRunner runner(scenario, deployment);
    test.Equal(runner.GetErrors().size(), 0, "no error");
    runner.Run();
    std::ostringstream csv;
    runner.GetObserver().WriteProbesCsv(csv);
    std::istringstream lines(csv.str());
    int silent = 0;
    for (std::string line; std::getline(lines, line);)
    {
        const bool isStopped = line.find(",10.0.1.20,") != std::string::npos;
        silent += isStopped ? 1 : 0;
        test.Equal(line.find(",timeout,") != std::string::npos, isStopped, line);
    }
    test.Check(silent >= 4, "its probes time out");
    for (const auto& record : runner.GetObserver().GetExchanges(0).GetRecords())
    {
        test.Check(record.member != "10.0.1.20", "nobody is sent there");
    }
    ScenarioFault fault;
    fault.target = machine;
    scenario.faults = {fault};
    const auto plan =
        ScenarioPlan::Make(scenario, deployment, CreateObject<UniformRandomVariable>());
    test.Equal(plan.errors.size(), 1, "no fault can hit it");
    test.Equal(plan.errors.at(0).path, "faults[0].target", "where");
}

/** AG-30: where names lead to, and what is left out. */
void
Servers(FunctionTestCase& test)
{
    auto deployment = Read();
    auto& members =
        deployment.applicationGateways[0].configuration.backendAddressPools[0].backendAddresses;
    members.push_back({"WWW.example.com", IpAddress(), true});              // the same
    members.push_back({"", IpAddress::From("203.0.113.2"), true});          // is taken then
    members.push_back({"other.example.com", IpAddress(), true});            // has the next one
    members.push_back({"own.example.com", IpAddress(), true});              // the deployment's
    members.push_back({"", deployment.publicIpAddresses[0].address, true}); // as is this
    deployment.publicIpAddresses[0].fqdn = "Own.example.com";
    std::string text;
    for (const auto& server : FindInternetServers(deployment))
    {
        text += server.member.GetText() + "=" + ToText(server.address) + " ";
    }
    test.Equal(text,
               "www.example.com=203.0.113.1 8.8.8.8=8.8.8.8 203.0.113.2=203.0.113.2 "
               "other.example.com=203.0.113.3 ",
               "servers");
}

/** Members in the internet, in scenarios. */
class ScenarioInternetTestSuite : public TestSuite
{
  public:
    ScenarioInternetTestSuite()
        : TestSuite("azure-scenario-internet", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("AG-3, AG-30, HP-28: members in the internet, and a private frontend", Outside);
        add("A machine that is stopped is silent to gateways", Stopped);
        add("AG-30: addresses of servers in the internet", Servers);
    }
};

ScenarioInternetTestSuite g_scenarioInternetTestSuite; //!< registers the suite

} // namespace
