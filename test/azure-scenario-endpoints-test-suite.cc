/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-built-in-deployment.h"
#include "ns3/azure-scenario-plan.h"
#include "ns3/double.h"
#include "ns3/random-variable-stream.h"
#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param phase where in the probe interval faults of a random phase start, 0 to 1
 * @return a random variable that always says so
 */
Ptr<RandomVariableStream>
At(double phase)
{
    auto variable = CreateObject<ConstantRandomVariable>();
    variable->SetAttribute("Constant", DoubleValue(phase));
    return variable;
}

/**
 * @param deployment a deployment
 * @param scenario a scenario
 * @param phase phase of its faults
 * @return both put together
 */
ScenarioPlan
Plan(const DeploymentConfiguration& deployment, const Scenario& scenario, double phase = 0)
{
    return ScenarioPlan::Make(scenario, deployment, At(phase));
}

/**
 * @param deployment a deployment
 * @return the first load balancer's configuration
 */
LoadBalancerConfiguration&
First(DeploymentConfiguration& deployment)
{
    return deployment.loadBalancers[0].configuration;
}

/**
 * @param endpoint where a rule can be reached
 * @return `rule address:port -> port of last,bytes,of,members`, and what is special
 */
std::string
Show(const PlannedEndpoint& endpoint)
{
    auto text = endpoint.rule + " " + ToText(endpoint.address) + ":" +
                std::to_string(endpoint.port) + " -> " + std::to_string(endpoint.backendPort) +
                " of";
    for (const auto& member : endpoint.members)
    {
        text += (text.back() == 'f' ? " " : ",") + std::to_string(member.low & 255);
    }
    text += endpoint.inboundNat ? " NAT" : "";
    text += endpoint.isPublic ? "" : " internal";
    text += endpoint.floatingIp ? " floating" : "";
    text += endpoint.probe.empty() ? "" : " by " + endpoint.probe;
    return text;
}

/**
 * @param plan a plan
 * @return who asks what: `group xcount@rate rule:port`, with spaces between
 */
std::string
ShowClients(const ScenarioPlan& plan)
{
    std::string text;
    for (const auto& clients : plan.clients)
    {
        const auto& endpoint = plan.endpoints[clients.endpoint];
        auto rate = std::to_string(clients.rate);
        rate.erase(rate.find_last_not_of("0") + 1);
        text += (text.empty() ? "" : " ") + (*plan.scenario.clients)[clients.group].name + " x" +
                std::to_string(clients.count) + "@" + rate + " " + endpoint.rule + ":" +
                std::to_string(endpoint.port);
    }
    return text;
}

/**
 * @param name name of the rule
 * @param start first port of its range
 * @param end last port of its range
 * @return an inbound NAT rule over the pool of the built-in deployment
 */
InboundNatRule
MakeRange(const std::string& name, uint16_t start, uint16_t end)
{
    InboundNatRule rule;
    rule.name = name;
    rule.frontendIpConfiguration = "frontend";
    rule.backendAddressPool = "backend";
    rule.frontendPortRangeStart = start;
    rule.frontendPortRangeEnd = end;
    rule.backendPort = 22;
    return rule;
}

/** Where rules can be reached, who asks them, and when things go wrong. */
class ScenarioEndpointsTestSuite : public TestSuite
{
  public:
    ScenarioEndpointsTestSuite()
        : TestSuite("azure-scenario-endpoints", Type::UNIT)
    {
        AddEndpoints();
        AddClients();
        AddCase("LB-27: instances serve the ports of rules and of their probes", ServePorts);
        AddCase("A random phase starts a fault within one interval of its probe", StartWithin);
        AddCase("The default fault lasts until its probe has seen it and 15 s more", LastLong);
        AddCase("A run lasts until all has recovered", EndLate);
        AddCase("A fault of a machine hits all of its network interfaces, or one by its name", Hit);
        AddCase("Faults of one machine overlap when one can begin before the other must end",
                Overlap);
        AddCase("What is asked for and cannot be asked is told", Refuse);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void AddCase(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }

    /**
     * @param name name of the case
     * @param change changes the built-in deployment
     * @param expected its endpoints
     */
    void AddEndpoints(const std::string& name,
                      const std::function<void(DeploymentConfiguration&)>& change,
                      const std::vector<std::string>& expected)
    {
        AddCase(name, [change, expected](FunctionTestCase& test) {
            auto deployment = MakeBuiltInDeployment();
            change(deployment);
            test.Equal(deployment.Validate().size(), 0, "the deployment is sound");
            const auto endpoints = FindEndpoints(deployment);
            test.Equal(endpoints.size(), expected.size(), "endpoints");
            for (std::size_t i = 0; i < std::min(endpoints.size(), expected.size()); ++i)
            {
                test.Equal(Show(endpoints[i]), expected[i], "endpoint");
            }
        });
    }

    /** @brief Endpoints of all kinds of rule. */
    void AddEndpoints()
    {
        const std::string web = "web 20.0.0.4:80 -> 80 of 4,5,6 by tcp";
        const auto makeInternal = [](auto& d) {
            auto& frontend = First(d).frontendIpConfigurations[0];
            frontend.isPublic = false;
            frontend.address = IpAddress::FromIpv4Bits(0x0a00000a);
        };
        AddEndpoints("LB-22: a rule with a backend port of its own",
                     [](auto& d) { First(d).loadBalancingRules[0].backendPort = 8080; },
                     {"web 20.0.0.4:80 -> 8080 of 4,5,6 by tcp"});
        AddEndpoints("LB-38: a rule without probe",
                     [](auto& d) { First(d).loadBalancingRules[0].probe = ""; },
                     {"web 20.0.0.4:80 -> 80 of 4,5,6"});
        AddEndpoints("LB-23: HA ports are asked at the port of the probe",
                     [makeInternal](auto& d) {
                         makeInternal(d);
                         auto& rule = First(d).loadBalancingRules[0];
                         rule.protocol = TransportProtocol::All;
                         rule.frontendPort = rule.backendPort = 0;
                         First(d).probes[0].port = 443;
                     },
                     {"web 10.0.0.10:443 -> 443 of 4,5,6 internal by tcp"});
        AddEndpoints("LB-23: HA ports without probe are asked at port 80",
                     [makeInternal](auto& d) {
                         makeInternal(d);
                         auto& rule = First(d).loadBalancingRules[0];
                         rule.protocol = TransportProtocol::All;
                         rule.frontendPort = rule.backendPort = 0;
                         rule.probe = "";
                     },
                     {"web 10.0.0.10:80 -> 80 of 4,5,6 internal"});
        AddEndpoints("LB-26: floating IP at an internal frontend",
                     [makeInternal](auto& d) {
                         makeInternal(d);
                         First(d).loadBalancingRules[0].enableFloatingIp = true;
                     },
                     {"web 10.0.0.10:80 -> 80 of 4,5,6 internal floating by tcp"});
        AddEndpoints("LB-26: floating IP with a backend port of its own",
                     [](auto& d) {
                         First(d).loadBalancingRules[0].enableFloatingIp = true;
                         First(d).loadBalancingRules[0].backendPort = 8080;
                     },
                     {"web 20.0.0.4:80 -> 8080 of 4,5,6 floating by tcp"});
        AddEndpoints("LB-46: an inbound NAT rule to one instance",
                     [](auto& d) {
                         auto rule = MakeRange("nat", 0, 0);
                         rule.backendAddressPool = "";
                         rule.frontendPort = 2200;
                         rule.backendAddress = IpAddress::FromIpv4Bits(0x0a000005);
                         First(d).inboundNatRules = {rule};
                     },
                     {web, "nat 20.0.0.4:2200 -> 22 of 5 NAT"});
        AddEndpoints("LB-46: an inbound NAT rule without a target leads nowhere",
                     [](auto& d) {
                         auto rule = MakeRange("nat", 0, 0);
                         rule.backendAddressPool = "";
                         rule.frontendPort = 2200;
                         First(d).inboundNatRules = {rule};
                     },
                     {web});
        AddEndpoints("LB-47: the tutorial's range gives ports in ascending order",
                     [](auto& d) { First(d).inboundNatRules = {MakeRange("nat", 221, 230)}; },
                     {web,
                      "nat 20.0.0.4:221 -> 22 of 4 NAT",
                      "nat 20.0.0.4:222 -> 22 of 5 NAT",
                      "nat 20.0.0.4:223 -> 22 of 6 NAT"});
        AddEndpoints("LB-47: the last port of the range is used, too",
                     [](auto& d) { First(d).inboundNatRules = {MakeRange("nat", 65532, 65534)}; },
                     {web,
                      "nat 20.0.0.4:65532 -> 22 of 4 NAT",
                      "nat 20.0.0.4:65533 -> 22 of 5 NAT",
                      "nat 20.0.0.4:65534 -> 22 of 6 NAT"});
        AddEndpoints("Endpoints of two load balancers come in their order",
                     [](auto& d) {
                         d.loadBalancers.push_back(d.loadBalancers[0]);
                         auto& second = d.loadBalancers[1].configuration;
                         second.name = "second";
                         second.frontendIpConfigurations[0].address =
                             IpAddress::FromIpv4Bits(0x14000009);
                         second.backendAddressPools[0].backendAddresses.pop_back();
                         second.loadBalancingRules[0].backendPort = 81;
                     },
                     {web, "web 20.0.0.9:80 -> 81 of 4,5 by tcp"});
    }

    /**
     * @param name name of the case
     * @param targets what a group of two clients asks, three times a second each
     * @param expected who asks what
     */
    void AddClients(const std::string& name,
                    const std::vector<std::string>& targets,
                    const std::string& expected)
    {
        AddCase(name, [targets, expected](FunctionTestCase& test) {
            auto deployment = MakeBuiltInDeployment();
            First(deployment).inboundNatRules = {MakeRange("nat", 2200, 2210)};
            auto& rules = First(deployment).loadBalancingRules;
            rules.push_back(rules[0]);
            rules[1].name = "dns";
            rules[1].protocol = TransportProtocol::Udp;
            rules[1].frontendPort = rules[1].backendPort = 53;
            test.Equal(deployment.Validate().size(), 0, "the deployment is sound");
            Scenario scenario;
            ScenarioClients group;
            group.name = "g";
            group.count = 2;
            group.rate = 3;
            group.targets = targets;
            scenario.clients = {group};
            const auto plan = Plan(deployment, scenario);
            test.Equal(plan.errors.empty() ? ShowClients(plan) : plan.errors[0].message,
                       expected,
                       "who asks what");
        });
    }

    /** @brief Targets of clients. */
    void AddClients()
    {
        const std::string all = "g x2@3. nat:2200 g x2@3. nat:2201 g x2@3. nat:2202";
        AddClients("Without targets every TCP rule is asked, and NAT mappings by one light client",
                   {},
                   "g x2@3. web:80 g x1@1. nat:2200 g x1@1. nat:2201 g x1@1. nat:2202");
        AddClients("A target by the name of its rule", {"web"}, "g x2@3. web:80");
        AddClients("A target by load balancer and rule", {"lb/web"}, "g x2@3. web:80");
        AddClients("A target by address and port", {"20.0.0.4:2201"}, "g x2@3. nat:2201");
        AddClients("An inbound NAT rule that is named means all of its mappings", {"nat"}, all);
        AddClients("Two targets, two sets of clients",
                   {"lb/web", "20.0.0.4:80"},
                   "g x2@3. web:80 g x2@3. web:80");
        const std::string rules = "'; the rules are: web, dns, nat, nat, nat";
        for (const std::string target : {"dns", "lb2/web", "20.0.0.4:81", "20.0.0.4", "Web", ""})
        {
            auto shown = target;
            std::replace(shown.begin(), shown.end(), '/', ' ');
            AddClients("No such target: '" + shown + "'",
                       {target},
                       "no TCP rule or frontend is '" + target + rules);
        }
    }

    /** @param test takes the failures */
    static void ServePorts(FunctionTestCase& test)
    {
        auto deployment = MakeBuiltInDeployment();
        First(deployment).probes[0].port = 8081;
        First(deployment).inboundNatRules = {MakeRange("nat", 2200, 2202)};
        const auto& members = First(deployment).backendAddressPools[0].backendAddresses;
        const auto plan = Plan(deployment, Scenario());
        test.Equal(plan.ports.size(), 3, "three instances");
        for (const auto& member : members)
        {
            test.Check(plan.ports.at(member.address) == std::set<uint16_t>{22, 80, 8081},
                       ToText(member.address) + " serves rule, mapping and probe");
        }
    }

    /** @param test takes the failures */
    static void StartWithin(FunctionTestCase& test)
    {
        std::mt19937 random(1);
        for (int i = 0; i < 200; ++i)
        {
            auto deployment = MakeBuiltInDeployment();
            const Time interval = MilliSeconds(5000 + random() % 60000);
            First(deployment).probes[0].interval = interval;
            Scenario scenario;
            ScenarioFault fault;
            fault.start = Seconds(100 + random() % 50);
            fault.phase = random() % 4 ? FaultPhase::Random : FaultPhase::Exact;
            fault.duration = Seconds(20);
            scenario.faults = {fault};
            const double phase = (random() % 1001) / 1000.0;
            const auto plan = Plan(deployment, scenario, phase);
            test.Equal(plan.errors.size(), 0, "no error");
            const auto& planned = plan.faults.at(0);
            const bool exact = fault.phase == FaultPhase::Exact;
            const auto late = exact ? 0 : phase * interval.GetSeconds();
            test.Near(planned.start.GetSeconds(), fault.start->GetSeconds() + late, 1e-6, "start");
            test.Equal(planned.earliest, *fault.start, "at the earliest");
            test.Equal(planned.latest,
                       *fault.start + (exact ? Time(0) : interval),
                       "at the latest");
            test.Equal(*planned.end - planned.start, Seconds(20), "it lasts as long");
            test.Equal(planned.fault.target, "vm-0", "the first member of the first rule");
        }
    }

    /** @param test takes the failures */
    static void LastLong(FunctionTestCase& test)
    {
        std::mt19937 random(2);
        for (int i = 0; i < 200; ++i)
        {
            auto deployment = MakeBuiltInDeployment();
            auto& probe = First(deployment).probes[0];
            probe.interval = Seconds(5 + random() % 40);
            probe.probeThreshold = 1 + random() % 4;
            const auto plan = Plan(deployment, Scenario(), (random() % 1000) / 1000.0);
            const auto& fault = plan.faults.at(0);
            // HP-13: a silent fault is detected after (N + 1) * I at the latest.
            const auto detected = probe.interval * static_cast<int64_t>(probe.probeThreshold + 1);
            const auto lasts = *fault.end - fault.start;
            test.Check(lasts >= detected + Seconds(15) && lasts >= Seconds(30), "long enough");
            test.Check(lasts <= std::max<Time>(detected + Seconds(15), Seconds(30)), "no longer");
            // Clients start when N probes have succeeded for sure, the fault 10 s later.
            const auto up = probe.interval * static_cast<int64_t>(probe.probeThreshold);
            test.Equal(plan.clients.at(0).start, up + Seconds(1), "clients start");
            test.Equal(fault.earliest, up + Seconds(11), "the fault starts");
            test.Check(*plan.scenario.duration >= *fault.end + up, "HP-13: recovery is seen");
        }
    }

    /** @param test takes the failures */
    static void EndLate(FunctionTestCase& test)
    {
        const auto deployment = MakeBuiltInDeployment(); // I = 5 s, N = 1
        Scenario scenario;
        scenario.faults.emplace();
        test.Equal(*Plan(deployment, scenario).scenario.duration, Seconds(36), "30 s of clients");
        scenario.clients.emplace();
        test.Equal(*Plan(deployment, scenario).scenario.duration, Seconds(35), "30 s of probes");
        ScenarioClients late;
        late.start = Seconds(100);
        scenario.clients = {late};
        test.Equal(*Plan(deployment, scenario).scenario.duration, Seconds(130), "late clients");
        ScenarioFault fault;
        fault.start = Seconds(500);
        scenario.faults = {fault};
        test.Equal(*Plan(deployment, scenario).scenario.duration, Seconds(520), "after its start");
        scenario.faults->front().duration = Seconds(60);
        test.Equal(*Plan(deployment, scenario).scenario.duration, Seconds(580), "after its end");
        scenario.duration = Seconds(501);
        test.Equal(*Plan(deployment, scenario).scenario.duration, Seconds(501), "as it is said");
    }

    /** @param test takes the failures */
    static void Hit(FunctionTestCase& test)
    {
        auto deployment = MakeBuiltInDeployment();
        auto second = deployment.networkInterfaces[1];
        second.name = "nic-1b";
        second.ipConfigurations[0].privateIpAddress = IpAddress::FromIpv4Bits(0x0a000063);
        deployment.networkInterfaces.push_back(second);
        deployment.virtualMachines[1].networkInterfaces.emplace_back("nic-1b");
        for (const auto& [target, interfaces, addresses] :
             {std::tuple{"vm-1", "nic-1 nic-1b ", "10.0.0.5 10.0.0.99 "},
              {"nic-1", "nic-1 ", "10.0.0.5 "},
              {"nic-1b", "nic-1b ", "10.0.0.99 "}})
        {
            Scenario scenario;
            ScenarioFault fault;
            fault.target = target;
            scenario.faults = {fault};
            const auto plan = Plan(deployment, scenario);
            test.Equal(plan.errors.size(), 0, "there is such a target");
            std::string names;
            for (const auto& name : plan.faults.at(0).interfaces)
            {
                names += name + " ";
            }
            test.Equal(names, interfaces, "network interfaces");
            std::string text;
            for (const auto& address : plan.faults.at(0).addresses)
            {
                text += ToText(address) + " ";
            }
            test.Equal(text, addresses, "their addresses");
            test.Equal(plan.faults.at(0).machine, "vm-1", "their machine");
        }
    }

    /** @param test takes the failures */
    static void Overlap(FunctionTestCase& test)
    {
        std::mt19937 random(3);
        const auto deployment = MakeBuiltInDeployment();
        int overlaps = 0;
        for (int round = 0; round < 500; ++round)
        {
            Scenario scenario;
            scenario.faults.emplace();
            bool expected = false;
            std::vector<std::array<int64_t, 3>> taken; // machine, earliest start, latest end
            for (int i = 0; i < 3; ++i)
            {
                ScenarioFault fault;
                const int64_t machine = random() % 2;
                const int64_t start = 20 + random() % 60;
                const int64_t length = 1 + random() % 10;
                const bool isRandom = random() % 2;
                fault.target = (random() % 2 ? "vm-" : "nic-") + std::to_string(machine);
                fault.start = Seconds(start);
                fault.duration = Seconds(length);
                fault.phase = isRandom ? FaultPhase::Random : FaultPhase::Exact;
                scenario.faults->push_back(fault);
                const auto end = start + length + (isRandom ? 5 : 0); // the interval
                for (const auto& [other, from, to] : taken)
                {
                    expected = expected || (other == machine && from <= end && start <= to);
                }
                taken.push_back({machine, start, end});
            }
            const auto plan = Plan(deployment, scenario, (random() % 1000) / 1000.0);
            test.Equal(!plan.errors.empty(), expected, "round " + std::to_string(round));
            overlaps += expected;
        }
        test.Check(overlaps > 50 && overlaps < 450, "both answers occur");
    }

    /** @param test takes the failures */
    static void Refuse(FunctionTestCase& test)
    {
        const auto refuse = [&](const DeploymentConfiguration& deployment,
                                const Scenario& scenario,
                                const std::string& path,
                                const std::string& message) {
            const auto plan = Plan(deployment, scenario);
            test.Equal(plan.errors.size(), 1, message);
            test.Equal(plan.errors.empty() ? "" : plan.errors[0].path, path, "path");
            test.Equal(plan.errors.empty() ? "" : plan.errors[0].message, message, "message");
        };
        auto deployment = MakeBuiltInDeployment();
        First(deployment).loadBalancingRules[0].protocol = TransportProtocol::Udp;
        refuse(
            deployment,
            Scenario(),
            "",
            "no load balancer has a TCP rule with backends, no application gateway a rule and no "
            "Traffic Manager profile an endpoint that leads somewhere, so there is nothing to ask");
        deployment = MakeBuiltInDeployment();
        First(deployment).backendAddressPools[0].backendAddresses[1].address =
            IpAddress::FromIpv4Bits(0x0a000063);
        refuse(deployment,
               Scenario(),
               "",
               "rule 'web': no network interface has the address 10.0.0.99 of a backend");
        deployment = MakeBuiltInDeployment();
        deployment.loadBalancers[0].virtualNetwork = "";
        First(deployment).loadBalancingRules[0].enableFloatingIp = true;
        refuse(deployment,
               Scenario(),
               "",
               "rule 'web': floating IP needs the virtual network of load balancer 'lb'");
        deployment = MakeBuiltInDeployment();
        Scenario scenario;
        ScenarioClients group;
        group.stop = Seconds(6);
        scenario.clients = {group};
        refuse(deployment,
               scenario,
               "clients[0].stop",
               "must come after the start, which is when every probe has had its verdict: give a "
               "later stop or an earlier start");
        scenario = Scenario();
        ScenarioFault fault;
        fault.kind = FaultKind::Status;
        fault.target = "vm-2";
        fault.port = 443;
        scenario.faults = {fault};
        First(deployment).backendAddressPools[0].backendAddresses.pop_back();
        refuse(deployment,
               scenario,
               "faults[0].port",
               "no server of 'vm-2' has port 443; it serves nobody");
    }
};

/** Registers the suite. */
ScenarioEndpointsTestSuite g_scenarioEndpointsTestSuite;

} // namespace
