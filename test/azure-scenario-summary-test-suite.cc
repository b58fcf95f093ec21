/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-built-in-deployment.h"
#include "ns3/azure-json-text.h"
#include "ns3/azure-json-value.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// A row of a CSV file: values by column.
using Row = std::map<std::string, std::string>;

/// Nanoseconds.
using Nanos = int64_t;

/**
 * @param line a line without quotes
 * @return its fields
 */
std::vector<std::string>
Split(const std::string& line)
{
    std::vector<std::string> fields{""};
    for (const char c : line)
    {
        if (c == ',')
        {
            fields.emplace_back();
        }
        else
        {
            fields.back() += c;
        }
    }
    return fields;
}

/**
 * @param name a CSV file
 * @return its rows
 */
std::vector<Row>
ReadCsv(const std::string& name)
{
    std::ifstream file(name);
    std::string line;
    std::getline(file, line);
    const auto header = Split(line);
    std::vector<Row> rows;
    while (std::getline(file, line))
    {
        const auto fields = Split(line);
        Row row;
        for (std::size_t i = 0; i < header.size(); ++i)
        {
            row[header[i]] = fields.at(i);
        }
        rows.push_back(row);
    }
    return rows;
}

/**
 * @param seconds seconds with nine decimals
 * @return nanoseconds
 */
Nanos
ToNanos(const std::string& seconds)
{
    const auto dot = seconds.find('.');
    return std::stoll(seconds.substr(0, dot)) * 1000000000 + std::stoll(seconds.substr(dot + 1));
}

/**
 * @param value a number of seconds, or null
 * @return nanoseconds, or nothing
 */
std::optional<Nanos>
ToNanos(const JsonValue* value)
{
    return !value || value->Is(JsonValue::Type::Null)
               ? std::nullopt
               : std::optional<Nanos>(std::llround(value->AsNumber() * 1e9));
}

/**
 * @param values times
 * @param percent a percentage
 * @return the smallest of them that at least so many do not exceed
 */
std::optional<Nanos>
FindPercentile(const std::vector<Nanos>& values, std::size_t percent)
{
    for (const auto candidate : std::set<Nanos>(values.begin(), values.end()))
    {
        const std::size_t below = std::count_if(values.begin(), values.end(), [&](Nanos value) {
            return value <= candidate;
        });
        if (below * 100 >= percent * values.size())
        {
            return candidate;
        }
    }
    return std::nullopt;
}

/**
 * @param text dotted notation
 * @return the address
 */
IpAddress
Address(const std::string& text)
{
    return AddressPrefix::FromText(text + "/32")->address;
}

/**
 * @param name name of the load balancer
 * @param frontend its frontend's address
 * @param port of frontend, instances and probe
 * @return one of three members in front of the machines of the built-in deployment
 */
DeployedLoadBalancer
MakeBalancer(const std::string& name, const std::string& frontend, uint16_t port)
{
    auto balancer = MakeBuiltInDeployment().loadBalancers[0];
    auto& configuration = balancer.configuration;
    configuration.name = name;
    configuration.frontendIpConfigurations[0].address = Address(frontend);
    configuration.probes[0].port = port;
    auto& rule = configuration.loadBalancingRules[0];
    rule.name = name + "-rule";
    rule.frontendPort = rule.backendPort = port;
    return balancer;
}

/**
 * @return four load balancers: `tcp` with two failures to go down and inbound NAT, `inner`, which
 *         is internal and probes by HTTP, `bare` without probe, `up` with all up when all are down
 */
DeploymentConfiguration
MakeDeployment()
{
    auto deployment = MakeBuiltInDeployment();
    deployment.loadBalancers = {MakeBalancer("tcp", "20.0.0.4", 80),
                                MakeBalancer("inner", "10.0.0.10", 8080),
                                MakeBalancer("bare", "20.0.0.5", 90),
                                MakeBalancer("up", "20.0.0.6", 91)};
    auto& tcp = deployment.loadBalancers[0].configuration;
    tcp.probes[0].probeThreshold = 2;
    InboundNatRule nat;
    nat.name = "nat";
    nat.frontendIpConfiguration = "frontend";
    nat.backendAddressPool = "backend";
    nat.frontendPortRangeStart = 2200;
    nat.frontendPortRangeEnd = 2210;
    nat.backendPort = 22;
    tcp.inboundNatRules = {nat};
    auto& inner = deployment.loadBalancers[1].configuration;
    inner.frontendIpConfigurations[0].isPublic = false;
    inner.probes[0].protocol = ProbeProtocol::Http;
    inner.probes[0].requestPath = "/";
    auto& bare = deployment.loadBalancers[2].configuration;
    bare.probes.clear();
    bare.loadBalancingRules[0].probe = "";
    deployment.loadBalancers[3].configuration.probes[0].noHealthyBackendsBehavior =
        NoHealthyBackendsBehavior::AllProbedUp;
    return deployment;
}

/**
 * @param kind what goes wrong
 * @param target where
 * @param start when, in seconds
 * @param duration how long, in seconds
 * @param port of the server; 0: all
 * @return the fault
 */
ScenarioFault
MakeFault(FaultKind kind, const std::string& target, double start, double duration, uint16_t port)
{
    ScenarioFault fault;
    fault.kind = kind;
    fault.target = target;
    fault.start = Seconds(start);
    fault.duration = Seconds(duration);
    fault.port = port;
    return fault;
}

/** A run and its files. */
struct Results
{
    JsonValue summary;         //!< summary.json
    std::vector<Row> requests; //!< requests.csv
    std::vector<Row> probes;   //!< probes.csv
};

/**
 * @param faults what goes wrong
 * @param duration length of the run, in seconds
 * @param test takes the failures
 * @return what was written
 */
Results
RunAll(const std::vector<ScenarioFault>& faults, double duration, FunctionTestCase& test)
{
    Scenario scenario;
    ScenarioClients open;
    open.name = "open";
    open.count = 2;
    open.rate = 0.8;
    ScenarioClients closed;
    closed.name = "closed";
    closed.count = 1;
    closed.load = LoadModel::Closed;
    closed.thinkTime = Seconds(1);
    closed.keepAlive = true;
    closed.targets = {"inner-rule", "tcp/tcp-rule"};
    scenario.clients = {open, closed};
    scenario.faults = faults;
    scenario.duration = Seconds(duration);
    scenario.seed = 5;
    scenario.measurement.flowMonitor = false;
    const auto folder = test.MakeTempName("summary");
    std::filesystem::create_directories(folder);
    ScenarioRunner runner(scenario, MakeDeployment());
    for (const auto& error : runner.GetErrors())
    {
        test.Equal(error, "", "no error expected");
    }
    runner.Run(folder);
    test.Check(runner.Write(folder), "written");
    test.Check(!runner.Write(folder + "/none"), "there is no such folder");
    Results results;
    std::ifstream file(folder + "/summary.json");
    std::ostringstream text;
    text << file.rdbuf();
    std::string error;
    results.summary = JsonText::Parse(text.str(), error).value_or(JsonValue());
    test.Equal(error, "", "the summary is JSON");
    results.requests = ReadCsv(folder + "/requests.csv");
    results.probes = ReadCsv(folder + "/probes.csv");
    return results;
}

/**
 * @brief Compare an object of counts with a map.
 * @param json the object
 * @param expected what it should hold
 * @param what for messages
 * @param test takes the failures
 */
void
CheckCounts(const JsonValue* json,
            const std::map<std::string, int64_t>& expected,
            const std::string& what,
            FunctionTestCase& test)
{
    std::map<std::string, int64_t> actual;
    for (const auto& member : json ? json->AsObject() : JsonValue::Object())
    {
        actual[member.name] = member.value.AsInteger();
    }
    test.Check(actual == expected, what);
}

/** The numbers of a summary, counted again from the rows of the same run. */
class ScenarioSummaryTestSuite : public TestSuite
{
  public:
    ScenarioSummaryTestSuite()
        : TestSuite("azure-scenario-summary", Type::SYSTEM)
    {
        Add("The numbers of a summary are those of the rows beside it", [](FunctionTestCase& test) {
            const auto results = RunAll({MakeFault(FaultKind::PortClosed, "vm-0", 20, 10, 0),
                                         MakeFault(FaultKind::Status, "vm-1", 40, 12, 8080),
                                         MakeFault(FaultKind::Crash, "vm-2", 60, 17, 0)},
                                        90,
                                        test);
            Count(results, test);
            Follow(results, test);
        });
        Add("LB-31 LB-34 LB-38: all down, three settings", AllDown);
        Add("Names with commas and quotes do not shift the columns of probes", QuoteProbes);
        Add("What keeps a run from running is told with file and path", TellErrors);
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

    /**
     * @brief Requests, causes, servers and percentiles of each rule are those of its rows.
     * @param results a run
     * @param test takes the failures
     */
    static void Count(const Results& results, FunctionTestCase& test)
    {
        std::set<std::string> frontends;
        std::size_t requests = 0;
        std::size_t failed = 0;
        for (const auto& rule : results.summary.Find("rules")->AsArray())
        {
            const auto frontend = rule.Find("frontend")->AsString();
            frontends.insert(frontend);
            std::map<std::string, int64_t> failures;
            std::map<std::string, int64_t> servers;
            std::map<std::string, std::vector<Nanos>> times;
            for (const auto& row : results.requests)
            {
                if (row.at("remote") != frontend)
                {
                    continue;
                }
                if (!row.at("connect_end").empty())
                {
                    times["connectTime"].push_back(ToNanos(row.at("connect_end")) -
                                                   ToNanos(row.at("connect_start")));
                }
                if (row.at("outcome") == "ok")
                {
                    ++servers[row.at("served_by")];
                    times["latency"].push_back(ToNanos(row.at("end")) -
                                               ToNanos(row.at("scheduled")));
                }
                else
                {
                    ++failures[row.at("outcome")];
                }
            }
            const auto sum = [](const std::map<std::string, int64_t>& counts) {
                int64_t total = 0;
                for (const auto& [name, count] : counts)
                {
                    total += count;
                }
                return total;
            };
            test.Equal(rule.Find("succeeded")->AsInteger(), sum(servers), frontend + " succeeded");
            test.Equal(rule.Find("failed")->AsInteger(), sum(failures), frontend + " failed");
            test.Equal(rule.Find("requests")->AsInteger(),
                       sum(servers) + sum(failures),
                       frontend + " requests");
            CheckCounts(rule.Find("failures"), failures, frontend + " failures", test);
            CheckCounts(rule.Find("servedBy"), servers, frontend + " servers", test);
            for (const std::string what : {"connectTime", "latency"})
            {
                for (const auto& [name, percent] :
                     {std::pair{"p50", 50}, {"p90", 90}, {"p99", 99}, {"max", 100}})
                {
                    test.Check(ToNanos(rule.Find(what)->Find(name)) ==
                                   FindPercentile(times[what], percent),
                               frontend + " " + what + " " + name);
                }
            }
            requests += sum(servers) + sum(failures);
            failed += sum(failures);
        }
        test.Equal(frontends.size(), 4 + 3, "four rules, and an inbound NAT rule's three mappings");
        test.Equal(requests, results.requests.size(), "each row belongs to a rule");
        test.Check(failed > 15, "the faults are felt");
        CheckProbes(results, test);
    }

    /**
     * @brief The numbers of probes are those of the rows.
     * @param results a run
     * @param test takes the failures
     */
    static void CheckProbes(const Results& results, FunctionTestCase& test)
    {
        const auto& sums = *results.summary.Find("probes");
        const auto good =
            std::count_if(results.probes.begin(), results.probes.end(), [](const Row& row) {
                return row.at("outcome") == "success";
            });
        const auto all = static_cast<int64_t>(results.probes.size());
        test.Equal(sums.Find("succeeded")->AsInteger(), good, "probes that succeeded");
        test.Equal(sums.Find("failed")->AsInteger(), all - good, "probes that failed");
        const auto under = sums.Find("sent")->AsInteger() - all;
        // HP-11: one prober for each of three machines and three probes.
        test.Check(under >= 0 && under <= 9, "probes under way at the end");
        std::map<std::string, std::vector<Nanos>> starts;
        for (const auto& row : results.probes)
        {
            test.Equal(row.at("source"), "168.63.129.16", "HP-9: the platform probes");
            starts[row.at("probe") + " of " + row.at("target")].push_back(ToNanos(row.at("start")));
        }
        test.Equal(starts.size(), 9, "HP-11: probers");
        for (const auto& [prober, times] : starts)
        {
            for (std::size_t i = 1; i < times.size(); ++i)
            {
                test.Equal(times[i] - times[i - 1], 5000000000, prober + ": HP-5 interval");
            }
        }
    }

    /**
     * @brief Milestones and victims of each fault are those of the rows of probes and requests.
     * @param results a run
     * @param test takes the failures
     */
    static void Follow(const Results& results, FunctionTestCase& test)
    {
        const auto& failovers = results.summary.Find("failover")->AsArray();
        // Three faults, each with all four rules; an inbound NAT rule has no failover.
        test.Equal(failovers.size(), 12, "pairs of a fault and a rule");
        const std::map<std::string, std::string> addresses{{"vm-0", "10.0.0.4"},
                                                           {"vm-1", "10.0.0.5"},
                                                           {"vm-2", "10.0.0.6"}};
        int detected = 0;
        for (const auto& failover : failovers)
        {
            const auto& fault = *failover.Find("fault");
            const auto balancer = failover.Find("name")->AsString();
            const auto what = balancer + " and " + fault.Find("kind")->AsString() + ": ";
            const Nanos start = *ToNanos(fault.Find("start"));
            const Nanos end = *ToNanos(fault.Find("end"));
            std::map<std::string, std::optional<Nanos>> expected;
            int bad = 0;
            int good = 0;
            bool up = true;
            for (const auto& row : results.probes)
            {
                if (row.at("target") != addresses.at(fault.Find("target")->AsString()) ||
                    row.at("probe") != balancer + "/" + failover.Find("probe")->AsString() ||
                    ToNanos(row.at("end")) < start)
                {
                    continue;
                }
                const auto time = ToNanos(row.at("end"));
                const bool success = row.at("outcome") == "success";
                bad = success ? 0 : bad + 1;
                good = success ? good + 1 : 0;
                const int needed = balancer == "tcp" ? 2 : 1;
                if (bad == 1 && !expected["first failed probe"])
                {
                    expected["first failed probe"] = time;
                }
                if (up && bad == needed)
                {
                    up = false;
                    if (!expected["verdict down"])
                    {
                        expected["verdict down"] = time;
                    }
                }
                else if (!up && good == needed)
                {
                    up = true;
                    expected["verdict up"] = expected["verdict up"].value_or(time);
                    break;
                }
            }
            detected += expected["verdict down"].has_value();
            CheckVictims(results, failover, expected, what, test);
            for (const auto& milestone : failover.Find("milestones")->AsArray())
            {
                const auto name = milestone.Find("name")->AsString();
                const auto time = ToNanos(milestone.Find("time"));
                if (name.find("new flow") == std::string::npos)
                {
                    test.Check(time == expected[name], what + name);
                }
                const bool recovery = name == "verdict up" || name.find("recovery") != name.npos;
                test.Check(ToNanos(milestone.Find("after")) ==
                               (time ? std::optional<Nanos>(*time - (recovery ? end : start))
                                     : std::nullopt),
                           what + name + ", counted from its reference");
                if (name == "last new flow to the target" && expected["verdict down"] && time)
                {
                    test.Check(*time <= *expected["verdict down"], what + "LB-30: none after it");
                }
                if (name == "first new flow after recovery" && expected["verdict up"] && time)
                {
                    test.Check(*time >= *expected["verdict up"], what + "none before it");
                }
            }
        }
        // The probes of `tcp`, `inner` and `up` see closed port and crash; that of `inner` the
        // rest.
        test.Equal(detected, 3 + 1 + 3, "faults that a probe has seen");
    }

    /**
     * @brief Find those who suffered, and when they recovered.
     * @param results a run
     * @param failover one of its failovers
     * @param expected holds the verdicts, takes the milestones of clients
     * @param what for messages
     * @param test takes the failures
     */
    static void CheckVictims(const Results& results,
                             const JsonValue& failover,
                             std::map<std::string, std::optional<Nanos>>& expected,
                             const std::string& what,
                             FunctionTestCase& test)
    {
        const Nanos start = *ToNanos(failover.Find("fault")->Find("start"));
        const Nanos end = *ToNanos(failover.Find("fault")->Find("end"));
        const Nanos over = expected["verdict up"].value_or(end);
        std::string frontend;
        for (const auto& rule : results.summary.Find("rules")->AsArray())
        {
            if (rule.Find("rule")->AsString() == failover.Find("rule")->AsString())
            {
                frontend = rule.Find("frontend")->AsString();
            }
        }
        int64_t failed = 0;
        int64_t broken = 0;
        std::set<std::string> victims;
        std::set<std::string> recovered;
        for (const auto& row : results.requests)
        {
            const auto time = ToNanos(row.at("end"));
            if (row.at("remote") != frontend || time < start)
            {
                continue;
            }
            const auto& client = row.at("client");
            const auto& outcome = row.at("outcome");
            if (outcome != "ok" && ToNanos(row.at("scheduled")) < over)
            {
                ++failed;
                victims.insert(client);
                broken += outcome != "http-5xx" &&
                          (row.at("reused") == "1" || !row.at("connect_end").empty());
                expected["last failed request"] = time;
            }
            else if (outcome == "ok" && victims.count(client) && recovered.insert(client).second)
            {
                expected["first client recovered"] =
                    expected["first client recovered"].value_or(time);
                expected["last client recovered"] = time;
            }
        }
        test.Equal(failover.Find("requestsFailed")->AsInteger(), failed, what + "requests failed");
        test.Equal(failover.Find("connectionsBroken")->AsInteger(), broken, what + "broken");
        test.Equal(failover.Find("clientsAffected")->AsInteger(),
                   victims.size(),
                   what + "clients affected");
    }

    /** @param test takes the failures */
    static void AllDown(FunctionTestCase& test)
    {
        std::vector<ScenarioFault> faults;
        for (const std::string machine : {"vm-0", "vm-1", "vm-2"})
        {
            faults.push_back(MakeFault(FaultKind::PortClosed, machine, 20, 40, 0));
        }
        const auto results = RunAll(faults, 80, test);
        // Down after 10 s at the latest; who asks after 50 s may still be waiting at the repair.
        std::map<std::string, std::map<std::string, int>> outcomes;
        std::map<std::string, int> after;
        for (const auto& row : results.requests)
        {
            const auto asked = ToNanos(row.at("scheduled"));
            if (asked > 31000000000 && asked < 50000000000)
            {
                ++outcomes[row.at("remote")][row.at("outcome")];
            }
            if (asked > 71000000000)
            {
                test.Equal(row.at("outcome"), "ok", "all is well again");
                ++after[row.at("remote")];
            }
        }
        for (const auto& [remote, outcome] :
             {std::pair{"20.0.0.4:80", "connect-timeout"}, // LB-31, LB-32: silence
              {"10.0.0.10:8080", "connect-timeout"},       // as well at an internal frontend
              {"20.0.0.6:91", "refused"},                  // LB-34: sent as if healthy
              {"20.0.0.5:90", "refused"},                  // LB-38: healthy without a probe
              {"20.0.0.4:2200", "refused"}})               // LB-37: not gated by health
        {
            test.Equal(outcomes[remote].size(), 1, std::string("one outcome at ") + remote);
            test.Check(outcomes[remote][outcome] > 5, std::string(outcome) + " at " + remote);
            test.Check(after[remote] > 3, std::string("served again at ") + remote);
        }
        const auto& drops = *results.summary.Find("drops");
        for (const std::string name : {"tcp", "inner"})
        {
            test.Check(!drops.Find(name)->AsObject().empty(), name + " drops packets");
        }
        test.Check(drops.Find("bare")->AsObject().empty(), "bare drops none");
        test.Check(drops.Find("up")->AsObject().empty(), "up drops none");
    }

    /** @param test takes the failures */
    static void QuoteProbes(FunctionTestCase& test)
    {
        auto deployment = MakeBuiltInDeployment();
        auto& configuration = deployment.loadBalancers[0].configuration;
        configuration.probes[0].name = configuration.loadBalancingRules[0].probe = "a,\"b\"";
        Scenario scenario;
        scenario.clients.emplace();
        scenario.faults.emplace();
        scenario.duration = Seconds(12);
        scenario.measurement.flowMonitor = false;
        ScenarioRunner runner(scenario, deployment);
        test.Equal(runner.GetErrors().size(), 0, "no error expected");
        runner.Run();
        std::stringstream file;
        runner.GetObserver().WriteProbesCsv(file);
        std::string line;
        std::getline(file, line);
        int rows = 0;
        for (; std::getline(file, line); ++rows)
        {
            const std::string field = "\"lb/a,\"\"b\"\"\",";
            test.Equal(line.substr(0, field.size()), field, "the first field is quoted");
            test.Equal(std::count(line.begin(), line.end(), ','), 7 + 1, "eight columns");
        }
        test.Check(rows >= 6, "three members, twice at least");
    }

    /** @param test takes the failures */
    static void TellErrors(FunctionTestCase& test)
    {
        const auto tell = [&](const Scenario& scenario,
                              const DeploymentConfiguration& deployment,
                              const std::vector<std::string>& expected) {
            const auto errors = ScenarioRunner(scenario, deployment).GetErrors();
            test.Equal(errors.size(), expected.size(), "errors");
            for (std::size_t i = 0; i < std::min(errors.size(), expected.size()); ++i)
            {
                test.Equal(errors[i], expected[i], "the error");
            }
        };
        Scenario scenario;
        scenario.file = "s.json";
        scenario.seed = 0;
        auto deployment = MakeDeployment();
        deployment.source = "d.json";
        const std::string seed = "seed: must be between 1 and 4294944442";
        tell(scenario, deployment, {"s.json: " + seed});
        scenario.file = "";
        tell(scenario, deployment, {seed});
        // What the importer could not read and what is wrong with the scenario, both at once.
        deployment.errors = {{"d.json", "resources[1]", "is wrong"}, {"p.json", "", "is missing"}};
        tell(scenario, deployment, {"d.json: resources[1]: is wrong", "p.json: is missing", seed});
        scenario.seed = 1;
        deployment.errors.clear();
        deployment.virtualMachines[2].name = "vm-0";
        tell(scenario,
             deployment,
             {"d.json: virtualMachines[2].name: 'vm-0' is used twice",
              "d.json: networkInterfaces[2].virtualMachine: no virtual machine 'vm-2'"});
        deployment = MakeDeployment();
        deployment.source = "d.json";
        deployment.loadBalancers.clear();
        deployment.notModelled = {{"resources[4]", "t", "n", "outboundRules[0] 'out'", "no NAT"}};
        tell(scenario,
             deployment,
             {"d.json: the deployment has no regional load balancer, no application gateway and no "
              "Traffic Manager profile, so there is nothing to simulate",
              "d.json: resources[4]: not modelled: outboundRules[0] 'out': no NAT"});
    }
};

/** Registers the suite. */
ScenarioSummaryTestSuite g_scenarioSummaryTestSuite;

} // namespace
