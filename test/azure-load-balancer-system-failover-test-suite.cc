/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-kolmogorov-smirnov.h"
#include "azure-load-balancer-system-fixture.h"
#include "azure-probe-test-bed.h"

#include "ns3/azure-failover-theory.h"
#include "ns3/rng-seed-manager.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint32_t RUNS = 200;     //!< as many as the critical value of the test is good for
const Time FAULT = Seconds(10);    //!< when the fault strikes
const Time REPAIR = Seconds(31);   //!< when it is over; no multiple of the interval later
const Time END = Seconds(47);      //!< when a run stops
const Time RTT = MilliSeconds(10); //!< more than an exchange takes

/// A way to fail, and how it is probed.
struct Scenario
{
    /// What is done to an instance.
    using Change = std::function<void(Firewall& wall, ProbeTarget& target, Ptr<Node> node)>;

    FaultSymptom symptom;   //!< what probes see of it
    ProbeProtocol protocol; //!< of the probe
    uint32_t threshold;     //!< N
    Change strike;          //!< the fault
    Change mend;            //!< its end
};

/**
 * @brief One run: a fault of an instance under a balancer with probes of its own.
 *
 * @param scenario what happens
 * @param [out] settings the probe
 * @return times from the fault until no new flow reaches the instance, and from the repair
 *         until one does again; negative when it did not come to that
 */
std::pair<Time, Time>
RunOnce(const Scenario& scenario, ProbeSettings& settings)
{
    SystemNetwork network(1, 1);
    auto configuration = network.Configuration();
    azure::Probe probe;
    probe.name = "probe";
    probe.protocol = scenario.protocol;
    probe.port = 80;
    probe.requestPath = scenario.protocol == ProbeProtocol::Http ? "/health" : "";
    probe.interval = Seconds(5);
    probe.probeThreshold = scenario.threshold;
    configuration.probes = {probe};
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80)};
    configuration.loadBalancingRules[0].probe = "probe";
    settings = ProbeSettings::ForLoadBalancer(probe.protocol,
                                              probe.port,
                                              probe.requestPath,
                                              probe.interval,
                                              probe.probeThreshold);
    auto balancer = network.Install(configuration);
    ProbeTarget target;
    auto wall = CreateObject<Firewall>();
    wall->Install(network.backends.Get(0));
    target.Open(network.backends.Get(0), 80);
    const auto victim = IpAddress::From(network.backendAddresses[0]);
    std::pair<Time, Time> times(Seconds(-1), Seconds(-1));
    balancer->TraceConnectWithoutContext(
        "PoolChange",
        Callback<void, const PoolChange&>([&](const PoolChange& change) {
            for (const auto& rule : change.rules)
            {
                const auto has = [&victim](const std::vector<IpAddress>& list) {
                    return std::find(list.begin(), list.end(), victim) != list.end();
                };
                if (has(rule.removed) && times.first.IsNegative() && Simulator::Now() >= FAULT)
                {
                    times.first = Simulator::Now() - FAULT;
                }
                if (has(rule.added) && Simulator::Now() >= REPAIR)
                {
                    times.second = Simulator::Now() - REPAIR;
                }
            }
        }));
    auto node = network.backends.Get(0);
    Simulator::Schedule(FAULT, [&]() { scenario.strike(*wall, target, node); });
    Simulator::Schedule(REPAIR, [&]() { scenario.mend(*wall, target, node); });
    SystemNetwork::RunUntil(END);
    return times;
}

/**
 * @brief Compare a sample with the uniform distribution over its interval.
 *
 * @param test gets the results
 * @param sample the times, in seconds
 * @param interval where they must lie, evenly
 * @param what what they are
 */
void
CheckUniform(FunctionTestCase& test,
             const std::vector<double>& sample,
             const FailoverInterval& interval,
             const std::string& what)
{
    const double lower = interval.lower.GetSeconds();
    const double width = 5;
    uint32_t inside = 0;
    for (const double value : sample)
    {
        inside += interval.Contains(Seconds(value)) ? 1 : 0;
    }
    test.Equal(inside, RUNS, what + ": inside " + interval.form);
    test.Equal((interval.upper - interval.lower) <= Seconds(width) + RTT, true, "no slack");
    const double critical = KolmogorovSmirnovCritical(RUNS);
    const double distance = KolmogorovSmirnovUniform(sample, lower, lower + width);
    test.Check(distance < critical, what + ": uniform, distance " + std::to_string(distance));
    // Sharp enough to tell it from its neighbours.
    test.Check(KolmogorovSmirnovUniform(sample, lower, lower + width * 1.3) > critical,
               what + ": not uniform over a longer interval");
    test.Check(KolmogorovSmirnovUniform(sample, lower - 1, lower + width - 1) > critical,
               what + ": not uniform over an earlier one");
}

/** 200 runs of a scenario, each with phases of its own. */
void
Distribution(FunctionTestCase& test, const Scenario& scenario)
{
    const auto before = RngSeedManager::GetRun();
    std::vector<double> detections;
    std::vector<double> recoveries;
    ProbeSettings settings;
    for (uint32_t run = 0; run < RUNS; run++)
    {
        RngSeedManager::SetRun(before + run);
        const auto [down, up] = RunOnce(scenario, settings);
        detections.push_back(down.GetSeconds());
        recoveries.push_back(up.GetSeconds());
    }
    RngSeedManager::SetRun(before);
    CheckUniform(test,
                 detections,
                 FailoverTheory::Detection(settings, scenario.symptom, Time(0), RTT),
                 "detection");
    CheckUniform(test, recoveries, FailoverTheory::Recovery(settings, Time(0), RTT), "recovery");
}

/** All cases. */
class SystemFailoverTestSuite : public TestSuite
{
  public:
    SystemFailoverTestSuite()
        : TestSuite("azure-load-balancer-system-failover", Type::SYSTEM)
    {
        const auto crash = [](Firewall& wall, ProbeTarget&, Ptr<Node>) {
            wall.drops = [](const Ipv4Header&) { return true; };
        };
        const auto repair = [](Firewall& wall, ProbeTarget&, Ptr<Node>) { wall.drops = nullptr; };
        const auto close = [](Firewall&, ProbeTarget& target, Ptr<Node>) { target.Close(); };
        const auto open = [](Firewall&, ProbeTarget& target, Ptr<Node> node) {
            target.Open(node, 80);
        };
        const auto fail = [](Firewall&, ProbeTarget& target, Ptr<Node>) { target.status = 503; };
        const auto pass = [](Firewall&, ProbeTarget& target, Ptr<Node>) { target.status = 200; };
        const auto slow = Duration::EXTENSIVE;
        const auto tcp = ProbeProtocol::Tcp;
        const auto http = ProbeProtocol::Http;
        Add("silent crash, TCP, N = 1", {FaultSymptom::Silent, tcp, 1, crash, repair}, slow);
        Add("silent crash, TCP, N = 2", {FaultSymptom::Silent, tcp, 2, crash, repair});
        Add("silent crash, HTTP, N = 2", {FaultSymptom::Silent, http, 2, crash, repair});
        Add("closed port, TCP, N = 1", {FaultSymptom::Refused, tcp, 1, close, open}, slow);
        Add("closed port, TCP, N = 3", {FaultSymptom::Refused, tcp, 3, close, open});
        Add("HTTP 503, N = 3", {FaultSymptom::BadStatus, http, 3, fail, pass});
    }

  private:
    /**
     * @param name what fails and how it is probed
     * @param scenario the same
     * @param duration how long it takes
     */
    void Add(const std::string& name, const Scenario& scenario, Duration duration = Duration::QUICK)
    {
        AddTestCase(new FunctionTestCase(
                        "HP-12 HP-13 200 failovers lie inside, evenly: " + name,
                        [scenario](FunctionTestCase& test) { Distribution(test, scenario); }),
                    duration);
    }
};

SystemFailoverTestSuite g_systemFailoverTestSuite; //!< registers itself

} // namespace
