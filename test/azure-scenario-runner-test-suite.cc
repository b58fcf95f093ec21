/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-built-in-deployment.h"
#include "ns3/azure-resource-importer.h"
#include "ns3/azure-scenario-reader.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/test.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Where the inputs are.
const std::string g_examples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/**
 * @param count clients for each rule
 * @return a scenario with so many clients and the default fault
 */
Scenario
WithClients(uint32_t count)
{
    Scenario scenario;
    ScenarioClients clients;
    clients.count = count;
    clients.rate = 2;
    scenario.clients = {clients};
    scenario.measurement.flowMonitor = false;
    return scenario;
}

/**
 * @param interval interval of the probe, which has protocol HTTP
 * @return the built-in deployment with that probe
 */
DeploymentConfiguration
WithHttpProbe(Time interval)
{
    auto deployment = MakeBuiltInDeployment();
    auto& probe = deployment.loadBalancers[0].configuration.probes[0];
    probe.protocol = ProbeProtocol::Http;
    probe.requestPath = "/";
    probe.interval = interval;
    return deployment;
}

/**
 * @param prefix prefix of the only subnet of the built-in deployment
 * @return that deployment with an internal frontend at 10.0.0.10
 */
DeploymentConfiguration
WithSubnet(const std::string& prefix)
{
    auto deployment = MakeBuiltInDeployment();
    deployment.virtualNetworks[0].subnets[0].addressPrefixes = {*AddressPrefix::FromText(prefix)};
    auto& frontend = deployment.loadBalancers[0].configuration.frontendIpConfigurations[0];
    frontend.isPublic = false;
    frontend.address = IpAddress::FromIpv4Bits(0x0a00000a);
    return deployment;
}

/**
 * @param timeline a timeline
 * @param step a step
 * @return its line
 */
FailoverMilestone
Find(const FailoverTimeline& timeline, FailoverStep step)
{
    return timeline.GetMilestones().at(static_cast<std::size_t>(step));
}

/**
 * @brief Every measured milestone that has an expected interval lies in it.
 * @param timeline the timeline
 * @param test takes the failures
 * @return how many were judged
 */
std::size_t
CheckMilestones(const FailoverTimeline& timeline, FunctionTestCase& test)
{
    std::size_t judged = 0;
    for (const auto& milestone : timeline.GetMilestones())
    {
        if (milestone.expected)
        {
            test.Equal(milestone.time.has_value(), true, milestone.name + " is reached");
            test.Equal(milestone.inside.value_or(false), true, milestone.name + " is inside");
            ++judged;
        }
    }
    return judged;
}

/**
 * @brief Requests fail only while the target may be sent to, or nobody is left.
 * @param runner after its run
 * @param test takes the failures
 */
void
CheckFailures(const ScenarioRunner& runner, FunctionTestCase& test)
{
    const auto& timeline = runner.GetObserver().GetFailovers().at(0).timeline;
    const auto from = timeline.GetFault().start;
    const auto up = Find(timeline, FailoverStep::VerdictUp).time;
    test.Equal(up.has_value(), true, "the target comes back");
    std::size_t failures = 0;
    for (const auto& record : runner.GetObserver().GetRequests().GetRecords())
    {
        if (record.outcome != HttpOutcome::Ok)
        {
            ++failures;
            test.Check(record.end >= from && record.scheduled <= up.value_or(from),
                       "a request failed at " + std::to_string(record.end.GetSeconds()) + " s");
        }
    }
    test.Check(failures > 0, "the fault is felt");
}

/**
 * @param file template or resource below examples/azure
 * @param test takes the failures
 */
void
RunExample(const std::string& file, FunctionTestCase& test)
{
    const auto base = g_examples + file;
    auto parameters = base.substr(0, base.size() - 5) + ".parameters.json";
    parameters = std::filesystem::exists(parameters) ? parameters : "";
    const auto deployment = ResourceImporter().ImportFile(base, parameters);
    ScenarioRunner runner(WithClients(4), deployment);
    for (const auto& error : runner.GetErrors())
    {
        test.Equal(error, "", "no error expected");
    }
    if (!runner.GetErrors().empty())
    {
        return;
    }
    runner.Run();
    std::size_t rules = 0;
    for (const auto& endpoint : runner.GetPlan().endpoints)
    {
        const auto sums = runner.GetObserver().GetRequests().Summarize(
            InetSocketAddress(endpoint.address.ToIpv4(), endpoint.port));
        if (endpoint.protocol != TransportProtocol::Udp)
        {
            ++rules;
            test.Check(sums.requests > 10, endpoint.rule + " is asked");
            test.Check(sums.succeeded > sums.failed / 2, endpoint.rule + " is served");
            test.Equal(sums.servedBy.size(), endpoint.members.size(), "every member serves");
        }
    }
    test.Check(rules > 0, "there are rules");
    test.Equal(CheckMilestones(runner.GetObserver().GetFailovers().at(0).timeline, test),
               3,
               "first failed probe, down and up are judged");
    CheckFailures(runner, test);
}

/** What one fault did. */
struct Outcome
{
    FailoverTimeline timeline;                //!< milestones
    std::map<std::string, uint64_t> failures; //!< failed requests by outcome
    Time longest;                             //!< longest latency of a success
};

/**
 * @param fault lasts 40 s, from 20 s on, and hits the first machine
 * @param deployment the deployment
 * @param test takes the failures
 * @return what it did
 */
Outcome
RunFault(ScenarioFault fault, const DeploymentConfiguration& deployment, FunctionTestCase& test)
{
    auto scenario = WithClients(4);
    fault.start = Seconds(20);
    fault.duration = Seconds(40);
    scenario.faults = {fault};
    scenario.duration = Seconds(80);
    ScenarioRunner runner(scenario, deployment);
    test.Equal(runner.GetErrors().size(), 0, "the scenario is right");
    runner.Run();
    const auto& failovers = runner.GetObserver().GetFailovers();
    test.Equal(failovers.size(), 1, "one fault, one rule");
    const auto sums = runner.GetObserver().GetRequests().Summarize();
    CheckMilestones(failovers[0].timeline, test);
    return {failovers[0].timeline, sums.failures, sums.latency.max.value_or(Time(0))};
}

/**
 * @param kind a kind of fault
 * @return a fault of that kind
 */
ScenarioFault
Make(FaultKind kind)
{
    ScenarioFault fault;
    fault.kind = kind;
    return fault;
}

/**
 * @param outcome an outcome
 * @return the outcomes of failed requests, with commas between
 */
std::string
Failures(const Outcome& outcome)
{
    std::string names;
    for (const auto& [name, count] : outcome.failures)
    {
        names += (names.empty() ? "" : ",") + name;
    }
    return names;
}

/**
 * @param folder a folder
 * @return the content of every file, by name
 */
std::map<std::string, std::string>
ReadFolder(const std::string& folder)
{
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        files[entry.path().filename().string()] = text.str();
    }
    return files;
}

/** Whole runs of scenarios. */
class ScenarioRunnerTestSuite : public TestSuite
{
  public:
    ScenarioRunnerTestSuite()
        : TestSuite("azure-scenario-runner", Type::SYSTEM)
    {
        for (const std::string file : {"2-vms-loadbalancer-lbrules/azuredeploy.json",
                                       "internal-loadbalancer-create-haports/azuredeploy.json",
                                       "load-balancer-cross-region/azuredeploy.json",
                                       "load-balancer-ip-configured-backend-pool/azuredeploy.json",
                                       "load-balancer-standard-create/azuredeploy.json",
                                       "vmss-windows-webapp-dsc-autoscale/azuredeploy.json",
                                       "rest/cli-shape-derived/lb.json",
                                       "rest/recorded/lb-vmss-natpool-rule-probe.json"})
        {
            auto name = file;
            std::replace(name.begin(), name.end(), '/', ' ');
            Add("Served and failed over: " + name,
                [file](FunctionTestCase& test) { RunExample(file, test); });
        }
        AddFloating();
        AddFaults();
        AddRoom();
        AddPlans();
        Add("Names of packet traces fit into a folder, whatever those of clients", NameTraces);
        Add("Same seed and run, same bytes; another run or seed, others", Repeat);
        Add("What remains of a deployment without a load balancer is told", TellNothing);
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

    /** @brief LB-26: every member serves a frontend whose address the packets keep. */
    void AddFloating()
    {
        for (const uint16_t port : {80, 8080})
        {
            const auto suffix = std::to_string(port);
            Add("LB-26: floating IP at a public frontend, backend port " + suffix,
                [port](FunctionTestCase& test) { Float(true, port, test); });
            Add("LB-26: floating IP at an internal frontend, backend port " + suffix,
                [port](FunctionTestCase& test) { Float(false, port, test); });
        }
        Add("LB-26: floating IP of an inbound NAT rule", FloatNat);
        Add("LB-26: two load balancers, one of floating IP, share backend port and members",
            FloatBeside);
    }

    /**
     * @param deployment a deployment
     * @param test takes the failures
     * @return requests by name of the server, when all of them were served
     */
    static RequestLog::Summary Serve(const DeploymentConfiguration& deployment,
                                     FunctionTestCase& test)
    {
        auto scenario = WithClients(4);
        scenario.faults.emplace();
        ScenarioRunner runner(scenario, deployment);
        for (const auto& error : runner.GetErrors())
        {
            test.Equal(error, "", "no error expected");
        }
        runner.Run();
        test.Check(runner.GetObserver().GetProbesSucceeded() > 12, "probes are answered");
        test.Equal(runner.GetObserver().GetProbesFailed(), 0, "all of them");
        for (const auto& endpoint : runner.GetPlan().endpoints)
        {
            const auto sums = runner.GetObserver().GetRequests().Summarize(
                InetSocketAddress(endpoint.address.ToIpv4(), endpoint.port));
            test.Check(sums.succeeded > 20, endpoint.rule + " is served");
            test.Equal(sums.servedBy.size(), endpoint.members.size(), "by every member");
        }
        const auto sums = runner.GetObserver().GetRequests().Summarize();
        test.Equal(sums.failed, 0, "no request fails");
        return sums;
    }

    /**
     * @param isPublic whether the frontend is public
     * @param port the backend port
     * @param test takes the failures
     */
    static void Float(bool isPublic, uint16_t port, FunctionTestCase& test)
    {
        auto deployment = isPublic ? MakeBuiltInDeployment() : WithSubnet("10.0.0.0/24");
        auto& rule = deployment.loadBalancers[0].configuration.loadBalancingRules[0];
        deployment.loadBalancers[0].configuration.probes[0].port = port;
        rule.backendPort = port;
        const auto fixed = Serve(deployment, test);
        rule.enableFloatingIp = true;
        const auto floating = Serve(deployment, test);
        test.Equal(floating.succeeded, fixed.succeeded, "as many as without floating IP");
        test.Near(floating.connectTime.p50->GetSeconds(),
                  fixed.connectTime.p50->GetSeconds(),
                  1e-6,
                  "over the same links");
    }

    /** @param test takes the failures */
    static void FloatNat(FunctionTestCase& test)
    {
        auto deployment = MakeBuiltInDeployment();
        InboundNatRule rule;
        rule.name = "nat";
        rule.frontendIpConfiguration = "frontend";
        rule.backendAddressPool = "backend";
        rule.frontendPortRangeStart = 2200;
        rule.frontendPortRangeEnd = 2210;
        rule.backendPort = 22;
        rule.enableFloatingIp = true;
        deployment.loadBalancers[0].configuration.inboundNatRules = {rule};
        Serve(deployment, test);
    }

    /** @param test takes the failures */
    static void FloatBeside(FunctionTestCase& test)
    {
        auto deployment = MakeBuiltInDeployment();
        for (uint32_t i = 1; i < 3; ++i)
        {
            deployment.loadBalancers.push_back(deployment.loadBalancers[0]);
            auto& other = deployment.loadBalancers[i].configuration;
            other.name = "lb-" + std::to_string(i);
            other.frontendIpConfigurations[0].address = IpAddress::FromIpv4Bits(0x14000010 + i);
            other.loadBalancingRules[0].enableFloatingIp = true;
        }
        Serve(deployment, test);
    }

    /** @brief Every kind of fault, seen by a TCP probe and by an HTTP probe. */
    void AddFaults()
    {
        for (const auto kind : {FaultKind::Crash, FaultKind::LinkCut})
        {
            Add("HP-13 " + azure::GetName(kind) + ": silence, found by every probe",
                [kind](FunctionTestCase& test) {
                    for (const auto& deployment :
                         {MakeBuiltInDeployment(), WithHttpProbe(Seconds(5))})
                    {
                        const auto outcome = RunFault(Make(kind), deployment, test);
                        Down(outcome, Seconds(5), Seconds(10), test);
                        test.Check(outcome.failures.count("connect-timeout") > 0,
                                   "attempts are not answered: " + Failures(outcome));
                        test.Equal(outcome.failures.count("refused"), 0, "nor refused");
                    }
                });
        }
        Add("HP-9 probeBlocked: out of rotation, and no request fails", [](FunctionTestCase& test) {
            const auto outcome =
                RunFault(Make(FaultKind::ProbeBlocked), MakeBuiltInDeployment(), test);
            Down(outcome, Seconds(5), Seconds(10), test);
            test.Equal(Failures(outcome), "", "the machine goes on serving");
        });
        Add("HP-13 portClosed: an explicit answer, found by the next probe",
            [](FunctionTestCase& test) {
                const auto outcome =
                    RunFault(Make(FaultKind::PortClosed), MakeBuiltInDeployment(), test);
                Down(outcome, Time(0), Seconds(5) + MilliSeconds(10), test);
                test.Check(outcome.failures.count("refused") > 0, "connections are refused");
            });
        Add("HP-10 hang: a TCP probe does not see it, an HTTP probe does",
            [](FunctionTestCase& test) {
                const auto unseen = RunFault(Make(FaultKind::Hang), MakeBuiltInDeployment(), test);
                Unseen(unseen, test);
                test.Equal(Failures(unseen), "timeout", "connected, and no answer");
                const auto seen = RunFault(Make(FaultKind::Hang), WithHttpProbe(Seconds(5)), test);
                Down(seen, Seconds(5), Seconds(10), test);
                test.Check(seen.failures.at("timeout") < unseen.failures.at("timeout") / 2,
                           "the HTTP probe spares most clients");
            });
        Add("HP-10 status: an HTTP probe sees it at once, a TCP probe does not",
            [](FunctionTestCase& test) {
                const auto unseen =
                    RunFault(Make(FaultKind::Status), MakeBuiltInDeployment(), test);
                Unseen(unseen, test);
                test.Equal(Failures(unseen), "http-5xx", "answers of status 503");
                const auto seen =
                    RunFault(Make(FaultKind::Status), WithHttpProbe(Seconds(5)), test);
                Down(seen, Time(0), Seconds(5) + MilliSeconds(10), test);
                test.Equal(Failures(seen), "http-5xx", "answers of status 503");
            });
        Add("HP-6 slow: an HTTP probe sees a delay above its time-out, and no other",
            [](FunctionTestCase& test) {
                auto fault = Make(FaultKind::Slow);
                fault.delay = Seconds(2);
                const auto unseen = RunFault(fault, WithHttpProbe(Seconds(5)), test);
                Unseen(unseen, test);
                test.Equal(Failures(unseen), "", "slow, and right");
                test.Near(unseen.longest.GetSeconds(), 2.05, 0.05, "latency");
                fault.delay = Seconds(8);
                const auto seen = RunFault(fault, WithHttpProbe(Seconds(5)), test);
                Down(seen, Seconds(5), Seconds(10), test);
                test.Equal(Failures(seen), "timeout", "later than the clients wait");
            });
        Add("loss: lost packets are sent again, nothing is promised", [](FunctionTestCase& test) {
            auto fault = Make(FaultKind::Loss);
            fault.loss = 0.1;
            const auto outcome = RunFault(fault, MakeBuiltInDeployment(), test);
            for (const auto& milestone : outcome.timeline.GetMilestones())
            {
                test.Equal(milestone.expected.has_value(), false, milestone.name);
            }
            test.Check(outcome.longest >= MilliSeconds(200), "some waited to be sent again");
            test.Equal(outcome.failures.count("refused") + outcome.failures.count("reset"),
                       0,
                       "nobody says no");
        });
    }

    /** @brief Addresses of clients. */
    void AddRoom()
    {
        Add("Clients that nobody asked for are as many as there are addresses",
            [](FunctionTestCase& test) {
                // 16 addresses less 5 that Azure keeps, 3 machines and the frontend.
                ScenarioRunner runner(Scenario(), WithSubnet("10.0.0.0/28"));
                test.Equal(runner.GetErrors().size(), 0, "there is room");
                test.Equal(runner.GetPlan().clients.at(0).count, 7, "clients");
            });
        Add("Too many clients for the virtual network are an error", [](FunctionTestCase& test) {
            ScenarioRunner fits(WithClients(7), WithSubnet("10.0.0.0/28"));
            test.Equal(fits.GetErrors().size(), 0, "7 fit");
            auto scenario = WithClients(8);
            scenario.file = "s.json";
            ScenarioRunner runner(scenario, WithSubnet("10.0.0.0/28"));
            test.Equal(runner.GetErrors().size(), 1, "8 do not");
            test.Equal(runner.GetErrors().at(0),
                       "s.json: clients: virtual network 'vnet' has 7 addresses left and 8 clients "
                       "need one each: lower their `count` or give it a larger subnet",
                       "the error");
        });
        Add("Clients spill over into other subnets", [](FunctionTestCase& test) {
            auto deployment = WithSubnet("10.0.0.0/28");
            deployment.virtualNetworks[0].subnets.push_back(
                {"more", "", {*AddressPrefix::FromText("10.0.1.0/28")}});
            ScenarioRunner runner(WithClients(18), deployment);
            test.Equal(runner.GetErrors().size(), 0, "7 and 11");
            runner.Run();
            const auto sums = runner.GetObserver().GetRequests().Summarize();
            test.Check(sums.succeeded > 18 * 2 * 30, "they are served");
        });
        Add("Parts of a load balancer without a place are an error", [](FunctionTestCase& test) {
            auto deployment = WithSubnet("10.0.0.0/24");
            deployment.loadBalancers[0].virtualNetwork = "none";
            ScenarioRunner runner(WithClients(1), deployment);
            test.Equal(runner.GetErrors().size(), 1, "one error");
            test.Equal(runner.GetErrors().at(0),
                       "built-in: loadBalancers[0].frontendIPConfigurations[0]: no virtual network "
                       "'none'",
                       "the error");
        });
    }

    /**
     * @brief Scenarios that only the deployment shows to be wrong.
     */
    void AddPlans()
    {
        AddPlan("A port that no server has",
                "{'faults': [{'kind': 'portClosed', 'port': 81}]}",
                "faults[0].port: no server of 'vm-0' has port 81; it serves: 80");
        AddPlan("A target that would steer a terminal",
                "{'faults': [{'kind': 'crash', 'target': '\\u001b[2J'}]}",
                "faults[0].target: no virtual machine or network interface is '\\x1b[2J'; the "
                "machines are: vm-0, vm-1, vm-2");
        AddPlan("An end before the clients start, and the fault after them",
                "{'duration': 5}",
                "duration: ends before the clients start, at 6 s: give it a later end or them an "
                "earlier start");
        AddPlan(
            "An end before the default fault, whose phase may be any",
            "{'duration': 21}",
            "duration: ends before the fault starts, at 21 s at the latest: give it a later end "
            "or the fault an earlier start");
        AddPlan("A fault that starts in time in some runs only",
                "{'duration': 33, 'faults': [{'kind': 'crash', 'start': 28, 'phase': 'random'}]}",
                "faults[0].start: makes it start at 33 s at the latest, and the simulation ends at "
                "33 s");
        AddPlan("Faults that overlap in some runs only",
                "{'faults': [{'kind': 'hang', 'start': 20, 'duration': 10, 'phase': 'random'},"
                "{'kind': 'hang', 'start': 34}]}",
                "faults[1]: hits 'vm-0' while faults[0] lasts; give them different times or "
                "targets");
        const std::string tooMuch = "; requests, probes and every 15000 bytes may come to 1e+07 "
                                    "together, to 1e+06 with `measurement.flowMonitor`";
        AddPlan("More requests than anybody would wait for",
                "{'duration': 106, 'faults': [], 'clients': [{'count': 10000, 'rate': 1e6}]}",
                "clients: is too much for one run: about 1e+12 requests of 1e+15 bytes in all, and "
                "63.6 probes" +
                    tooMuch);
        AddPlan("Users that never pause",
                "{'duration': 26, 'faults': [],"
                " 'clients': [{'count': 10000, 'users': 10, 'load': 'closed', 'thinkTime': 0}]}",
                "clients: is too much for one run: about 1e+08 requests of 1e+11 bytes in all, and "
                "15.6 probes" +
                    tooMuch);
        AddPlan("More requests than a flow monitor has room for",
                "{'duration': 1006, 'faults': [], 'clients': [{'count': 110}]}",
                "clients: is too much for one run: about 1.1e+06 requests of 1.1e+09 bytes in all, "
                "and 603.6 probes" +
                    tooMuch);
        Add("Ten times as many requests without a flow monitor", [](FunctionTestCase& test) {
            const auto read = ScenarioReader::Parse(
                R"({"duration": 1006, "faults": [], "clients": [{"count": 110}],)"
                R"( "measurement": {"flowMonitor": false}})");
            ScenarioRunner runner(read.scenario, MakeBuiltInDeployment());
            test.Equal(runner.GetErrors().size(), 0, "no error");
        });
        Add("Requests that nobody asked for are fewer where rules are many",
            [](FunctionTestCase& test) {
                auto deployment = MakeBuiltInDeployment();
                auto& rules = deployment.loadBalancers[0].configuration.loadBalancingRules;
                for (uint16_t i = 1; i < 200; ++i)
                {
                    rules.push_back(rules.front());
                    rules.back().name += std::to_string(i);
                    rules.back().frontendPort += i;
                    rules.back().backendPort += i;
                }
                ScenarioRunner runner(Scenario(), deployment);
                for (const auto& error : runner.GetErrors())
                {
                    test.Equal(error, "", "no error expected");
                }
                if (!runner.GetErrors().empty())
                {
                    return;
                }
                const auto& plan = runner.GetPlan();
                test.Equal(plan.clients.size(), 200, "every rule is asked");
                const auto seconds = (*plan.scenario.duration - plan.clients[0].start).GetSeconds();
                test.Near(plan.clients[0].rate * 20 * seconds * 200, 7000, 1, "requests");
            });
        AddPlan("More bytes than anybody would wait for",
                "{'duration': 16, 'faults': [], 'clients': [{'responseSize': 1000000000}]}",
                "clients: is too much for one run: about 2000 requests of 2e+12 bytes in all, and "
                "9.6 probes" +
                    tooMuch);
        AddPlan(
            "More probes than anybody would wait for",
            "{'duration': 3e7, 'faults': [], 'clients': [],"
            " 'measurement': {'flowMonitor': false}}",
            "duration: is too much for one run: about 0 requests of 0 bytes in all, and 1.8e+07 "
            "probes" +
                tooMuch);
    }

    /**
     * @param name name of the case
     * @param text a scenario that can be read, with `'` for `"`
     * @param error the one error that comes of it with the built-in deployment
     */
    void AddPlan(const std::string& name, std::string text, const std::string& error)
    {
        std::replace(text.begin(), text.end(), '\'', '"');
        Add("A scenario is refused: " + name, [text, error](FunctionTestCase& test) {
            const auto read = ScenarioReader::Parse(text, "s.json");
            test.Equal(read.errors.size(), 0, "it can be read");
            ScenarioRunner runner(read.scenario, MakeBuiltInDeployment());
            test.Equal(runner.GetErrors().size(), 1, "one error");
            test.Equal(runner.GetErrors().front(), "s.json: " + error, "the error");
        });
    }

    /** @param test takes the failures */
    static void NameTraces(FunctionTestCase& test)
    {
        auto scenario = WithClients(2);
        scenario.clients->front().name = std::string(300, 'n') + "/../x";
        scenario.faults.emplace();
        scenario.duration = Seconds(8);
        scenario.measurement.pcap = true;
        const auto folder = test.MakeTempName("traces");
        std::filesystem::create_directories(folder);
        ScenarioRunner runner(scenario, MakeBuiltInDeployment());
        runner.Run(folder);
        const auto name = std::string(100, 'n');
        const auto files = ReadFolder(folder);
        test.Equal(files.size(), 5, "three machines, two clients");
        test.Equal(files.count(name + ".pcap"), 1, "the first client");
        test.Equal(files.count(name + "-2.pcap"), 1, "the second client");
    }

    /**
     * @brief The target leaves rotation in time and comes back.
     * @param outcome what happened
     * @param low shortest time of detection
     * @param high longest time of detection
     * @param test takes the failures
     */
    static void Down(const Outcome& outcome, Time low, Time high, FunctionTestCase& test)
    {
        const auto down = Find(outcome.timeline, FailoverStep::VerdictDown);
        test.Check(down.after && *down.after >= low && *down.after <= high, "verdict down in time");
        const auto last = Find(outcome.timeline, FailoverStep::LastNewFlowToTarget);
        test.Check(last.time && down.time && *last.time <= *down.time, "no flow after it");
        const auto up = Find(outcome.timeline, FailoverStep::VerdictUp);
        test.Check(up.after && *up.after <= Seconds(5) + MilliSeconds(10), "verdict up in time");
        test.Equal(Find(outcome.timeline, FailoverStep::FirstNewFlowToTarget).time.has_value(),
                   true,
                   "it is used again");
    }

    /**
     * @brief The target stays in rotation.
     * @param outcome what happened
     * @param test takes the failures
     */
    static void Unseen(const Outcome& outcome, FunctionTestCase& test)
    {
        for (const auto step :
             {FailoverStep::FirstFailedProbe, FailoverStep::VerdictDown, FailoverStep::VerdictUp})
        {
            const auto milestone = Find(outcome.timeline, step);
            test.Equal(milestone.time.has_value(), false, milestone.name + " does not happen");
            test.Equal(milestone.expected.has_value(), false, milestone.name + " is not expected");
        }
    }

    /** @param test takes the failures */
    static void Repeat(FunctionTestCase& test)
    {
        const auto run = [&](const std::string& name, uint32_t seed, uint32_t number) {
            const auto folder = test.MakeTempName(name);
            std::filesystem::create_directories(folder);
            auto scenario = WithClients(2);
            scenario.seed = seed;
            scenario.run = number;
            scenario.measurement.flowMonitor = true;
            scenario.measurement.pcap = true;
            ScenarioRunner runner(scenario, MakeBuiltInDeployment());
            runner.Run(folder);
            test.Equal(runner.Write(folder), true, "written");
            return ReadFolder(folder);
        };
        const auto one = run("one", 7, 3);
        const auto same = run("same", 7, 3);
        test.Check(one.count("summary.json") && one.count("requests.csv") &&
                       one.count("probes.csv") && one.count("flowmon.xml"),
                   "all files are there");
        test.Equal(one.size(), same.size(), "files");
        test.Equal(one.at("requests.csv").find("aborted"),
                   std::string::npos,
                   "requests that are open at the end do not count");
        for (const auto& [name, text] : one)
        {
            test.Check(!text.empty(), name + " is not empty");
            test.Check(same.count(name) && same.at(name) == text, name + " has the same bytes");
        }
        for (const auto& [name, seed, number] : {std::tuple{"run", 7, 4}, {"seed", 8, 3}})
        {
            const auto other = run(name, seed, number);
            for (const auto* file : {"summary.json", "requests.csv", "probes.csv", "flowmon.xml"})
            {
                test.Check(other.at(file) != one.at(file), std::string(file) + " differs");
            }
        }
    }

    /** @param test takes the failures */
    static void TellNothing(FunctionTestCase& test)
    {
        const auto file = g_examples + "rest/recorded/lb-cross-region-global.json";
        ScenarioRunner runner(Scenario(), ResourceImporter().ImportFile(file));
        const auto errors = runner.GetErrors();
        test.Check(errors.size() >= 2, "the error and the reason");
        test.Equal(errors.at(0),
                   file + ": the deployment has no regional load balancer, no application gateway "
                          "and no Traffic Manager profile, so there is nothing to simulate",
                   "the error");
        test.Check(errors.at(1).find("not modelled") != std::string::npos &&
                       errors.at(1).find("the Global tier is not modelled yet") !=
                           std::string::npos,
                   errors.at(1));
    }
};

/** Registers the suite. */
ScenarioRunnerTestSuite g_scenarioRunnerTestSuite;

} // namespace
