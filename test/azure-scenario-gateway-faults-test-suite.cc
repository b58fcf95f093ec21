/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-resource-importer.h"
#include "ns3/azure-scenario-reader.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/test.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @return Azure's own template of a gateway that scales from 0 to 10 instances
 */
DeploymentConfiguration
ReadScaling()
{
    const auto base = std::string(NS_TEST_SOURCEDIR) +
                      "/../examples/azure/application-gateway-v2-autoscale-create/azuredeploy";
    return ResourceImporter().ImportFile(base + ".json", base + ".parameters.json");
}

/**
 * @param kind a kind of fault
 * @param target its target; empty: that is left open
 * @return a scenario with a few clients and that fault at 40 s
 */
Scenario
WithFault(FaultKind kind, const std::string& target = "")
{
    Scenario scenario;
    ScenarioClients clients;
    clients.count = 2;
    clients.rate = 0.5;
    clients.start = Seconds(35);
    clients.connectTimeout = Seconds(10);
    scenario.clients = {clients};
    ScenarioFault fault;
    fault.kind = kind;
    fault.target = target;
    fault.start = Seconds(60);
    scenario.faults = {fault};
    scenario.measurement.flowMonitor = false;
    return scenario;
}

/**
 * @param timeline a timeline
 * @param step a step
 * @return its milestone
 */
FailoverMilestone
Find(const FailoverTimeline& timeline, FailoverStep step)
{
    const auto milestones = timeline.GetMilestones();
    return *std::find_if(milestones.begin(), milestones.end(), [&](const auto& milestone) {
        return milestone.step == step;
    });
}

/**
 * @param observed what was seen of a gateway
 * @param state a state
 * @return when instances came to it, after the start
 */
std::vector<double>
Times(const ObservedGateway& observed, GatewayInstanceState state)
{
    std::vector<double> times;
    for (const auto& change : observed.states)
    {
        if (change.state == state && !change.time.IsZero())
        {
            times.push_back(change.time.GetSeconds());
        }
    }
    return times;
}

/**
 * @param t the test case
 */
void
TestCrash(FunctionTestCase& t)
{
    ScenarioRunner runner(WithFault(FaultKind::InstanceCrash), ReadScaling());
    t.Equal(runner.GetErrors().size(), 0, "no errors");
    runner.Run();
    const auto& failovers = runner.GetObserver().GetFailovers();
    t.Equal(failovers.size(), 1, "one rule");
    const auto& timeline = failovers.at(0).timeline;
    const auto down = Find(timeline, FailoverStep::VerdictDown);
    t.Check(down.inside.value_or(false), "the front knows when it should");
    t.Near(down.after.value_or(Time(0)).GetSeconds(), 3, 1e-6, "3 s");
    const auto up = Find(timeline, FailoverStep::VerdictUp);
    t.Check(up.inside.value_or(false), "replaced when it should be");
    t.Near(up.time.value_or(Time(0)).GetSeconds(), 60 + 240, 1e-6, "4 min");
    const auto& observed = runner.GetObserver().GetGateway(0);
    t.Check(Times(observed, GatewayInstanceState::Crashed) == std::vector<double>{60}, "dies");
    t.Check(Times(observed, GatewayInstanceState::Running) == std::vector<double>{300}, "is back");
    t.Equal(observed.wishes.size(), 1, "never more than two are wanted");
    t.Equal(observed.wishes.at(0).instances, 2, "as at the start");
    t.Check(observed.samples.size() >= 4, "metrics of each minute");
    for (const auto* part : {"\"state\": \"crashed\"",
                             "\"kind\": \"instanceCrash\"",
                             "\"applicationGatewayTotalTime\": ",
                             "\"zone\": \"2\""})
    {
        t.Check(runner.GetSummary().find(part) != std::string::npos, part);
    }
    t.Check(runner.GetSummary().find("\"instance\": 2,") == std::string::npos,
            "those at standby are left out");
}

/**
 * @param t the test case
 */
void
TestZone(FunctionTestCase& t)
{
    auto deployment = ReadScaling();
    deployment.virtualMachines.at(1).zone = "1";
    auto scenario = WithFault(FaultKind::ZoneDown, "1");
    scenario.faults->front().duration = Seconds(30);
    ScenarioRunner runner(scenario, deployment);
    t.Equal(runner.GetErrors().size(), 0, "no errors");
    const auto& faults = runner.GetPlan().faults;
    t.Equal(faults.size(), 2, "a machine and a gateway");
    t.Equal(faults.at(0).machine, deployment.virtualMachines.at(1).name, "the machine");
    t.Check(faults.at(1).gateway.has_value(), "the gateway");
    runner.Run();
    const auto& observed = runner.GetObserver().GetGateway(0);
    t.Check(Times(observed, GatewayInstanceState::Crashed) == std::vector<double>{60},
            "one of the two instances was there");
    uint32_t late = 0;
    for (const auto& record : runner.GetObserver().GetExchanges(0).GetRecords())
    {
        t.Check(record.instance != 0 || record.start < Seconds(60) || record.start > Seconds(300),
                "it serves nobody until it is replaced");
        late += record.start > Seconds(300) ? 1 : 0;
    }
    t.Check(late > 4, "all is well again");
    auto elsewhere = WithFault(FaultKind::ZoneDown, "westus/1");
    t.Equal(ScenarioRunner(elsewhere, deployment).GetErrors().size(), 1, "nothing is there");
}

/**
 * @param t the test case
 */
void
TestMaintenance(FunctionTestCase& t)
{
    const auto deployment = ReadScaling();
    const auto& name = deployment.applicationGateways.at(0).configuration.name;
    ScenarioRunner runner(WithFault(FaultKind::Maintenance, name), deployment);
    t.Equal(runner.GetErrors().size(), 0, "no errors");
    runner.Run();
    const auto& observed = runner.GetObserver().GetGateway(0);
    t.Equal(Times(observed, GatewayInstanceState::Updating).size(), 2, "both instances");
    const auto back = Times(observed, GatewayInstanceState::Running);
    t.Equal(back.size(), 2, "come back");
    // A second of draining, one minute, and 2 s of probing each.
    t.Near(back.at(0), 60 + 63, 0.2, "one");
    t.Near(back.at(1), 60 + 126, 0.4, "after the other");
    for (const auto& record : runner.GetObserver().GetRequests().GetRecords())
    {
        t.Check(record.outcome == HttpOutcome::Ok || record.outcome == HttpOutcome::Aborted,
                "no request is lost");
    }
}

/**
 * @param t the test case
 */
void
TestErrors(FunctionTestCase& t)
{
    const auto deployment = ReadScaling();
    const auto look = [&](const Scenario& scenario, const std::string& part) {
        const auto errors = ScenarioRunner(scenario, deployment).GetErrors();
        t.Equal(errors.size(), 1, "one error: " + part);
        t.Check(!errors.empty() && errors[0].find(part) != std::string::npos, part);
    };
    const auto& name = deployment.applicationGateways.at(0).configuration.name;
    look(WithFault(FaultKind::InstanceCrash, name + "/2"), name + "/0 to 1");
    look(WithFault(FaultKind::Maintenance, "nobody"), "there are: " + name);
    look(WithFault(FaultKind::ZoneDown, "7"), "zone '7'");
    const auto parsed = ScenarioReader::Parse(
        R"({"faults": [{"kind": "instanceCrash", "duration": 5}, {"kind": "zoneDown"}]})");
    t.Equal(parsed.errors.size(), 1, "a crash is over by itself");
    t.Equal(parsed.errors.at(0).path, "faults[0].duration", "where");
    auto twice = WithFault(FaultKind::ZoneDown, "1");
    twice.faults->push_back(twice.faults->front());
    look(twice, "faults[1]");
}

/**
 * @param t the test case
 */
void
TestPlaces(FunctionTestCase& t)
{
    auto deployment = ReadScaling();
    t.Equal(deployment.CountGatewayInstances(0), 10, "the most of the configuration");
    auto& gateway = deployment.applicationGateways.at(0);
    gateway.configuration.autoscaleConfiguration->maxCapacity = 125;
    const auto free = deployment.CountFreeAddresses(gateway.virtualNetwork);
    auto& subnets = deployment.virtualNetworks.at(0).subnets;
    for (auto& subnet : subnets)
    {
        if (subnet.name == gateway.subnet)
        {
            subnet.addressPrefixes.at(0).prefixLength = 28;
        }
    }
    t.Check(deployment.CountGatewayInstances(0) <= 11, "as many as a /28 has room for");
    t.Check(deployment.CountGatewayInstances(0) >= 2, "those at the start in any case");
    t.Check(deployment.CountFreeAddresses(gateway.virtualNetwork) < free, "less is left");
}

/** Suite on faults of gateways in scenarios. */
class ScenarioGatewayFaultsTestSuite : public TestSuite
{
  public:
    ScenarioGatewayFaultsTestSuite()
        : TestSuite("azure-scenario-gateway-faults", Type::SYSTEM)
    {
        Add("AG-56: an instance of a scenario dies and is replaced", TestCrash);
        Add("AG-56: a zone of a scenario, with its machine and its instance", TestZone);
        Add("AG-57: maintenance in a scenario loses no request", TestMaintenance);
        Add("Faults that hit nothing say what there is", TestErrors);
        Add("AG-5 AG-50: places of instances, as the subnet has room for", TestPlaces);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, const std::function<void(FunctionTestCase&)>& body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

ScenarioGatewayFaultsTestSuite g_scenarioGatewayFaultsTestSuite; //!< the suite

} // namespace
