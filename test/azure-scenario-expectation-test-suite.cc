/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-built-in-deployment.h"
#include "ns3/azure-scenario-observer.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/random-variable-stream.h"
#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Most that the packets of an exchange may add to the times of the rules, which have none. */
const Time SLACK = MilliSeconds(20);

/** A probe as a template has it, and what a fault looks like to it. */
struct Case
{
    ProbeProtocol protocol;      //!< what it speaks
    Time interval;               //!< I
    uint32_t threshold;          //!< N
    ScenarioFault fault;         //!< what goes wrong
    std::optional<Time> lasting; //!< how long; nothing: to the end
};

/** What the rules say: shortest and longest time of each step; nothing: not said. */
struct Rules
{
    std::optional<std::pair<Time, Time>> first; //!< from the fault to the first failed probe
    std::optional<std::pair<Time, Time>> down;  //!< from the fault to the verdict of down
    std::optional<std::pair<Time, Time>> up;    //!< from the repair to the verdict of up
};

/**
 * @brief Health-probe rules HP-1 to HP-13, as they are written.
 * @param c a probe and a fault
 * @return what they say
 */
Rules
Apply(const Case& c)
{
    const auto I = c.interval;
    const auto N = static_cast<int64_t>(c.threshold);
    const bool http = c.protocol != ProbeProtocol::Tcp; // HTTPS is no other
    const auto T = http ? std::min(I, Seconds(30)) : I; // HP-6
    const bool elsewhere = c.fault.port != 0 && c.fault.port != 80;
    std::optional<Time> known; // from the first failing probe to the verdict
    std::optional<Time> failed;
    const auto kind = c.fault.kind;
    const bool silent =
        kind == FaultKind::Crash || kind == FaultKind::LinkCut || kind == FaultKind::ProbeBlocked ||
        (http && !elsewhere &&
         (kind == FaultKind::Hang || (kind == FaultKind::Slow && c.fault.delay >= T)));
    if (silent)
    {
        failed = T;
        // HP-6: below 30 s the next HTTP probe follows a time-out at once.
        known = http && I >= Seconds(30) ? I * (N - 1) + T : I * N;
    }
    else if (kind == FaultKind::PortClosed && !elsewhere)
    {
        failed = Time(0);
        known = http ? Time(0) : I * (N - 1); // HP-3: an HTTP probe knows at once
    }
    else if (kind == FaultKind::Status && http && !elsewhere)
    {
        failed = known = Time(0);
    }
    Rules rules;
    if (known)
    {
        rules.first = {*failed, *failed + I};
        rules.down = {*known, *known + I};
        if (c.lasting)
        {
            const auto again = http ? Time(0) : I * (N - 1);
            rules.up = {again, again + I};
        }
    }
    return rules;
}

/**
 * @param random source of randomness
 * @param longest longest interval, in seconds
 * @return a probe and a fault
 */
Case
MakeCase(std::mt19937& random, uint32_t longest)
{
    Case c;
    c.protocol = static_cast<ProbeProtocol>(random() % 3);
    c.interval = MilliSeconds(5000 + random() % (1000 * longest - 4999));
    c.threshold = 1 + random() % 4;
    c.fault.kind = static_cast<FaultKind>(random() % 8);
    c.fault.delay = MilliSeconds(random() % (2000 * longest));
    c.fault.port = random() % 4 ? 0 : 80 + random() % 2;
    if (c.fault.kind == FaultKind::Crash || c.fault.kind == FaultKind::LinkCut ||
        c.fault.kind == FaultKind::Loss || c.fault.kind == FaultKind::ProbeBlocked)
    {
        c.fault.port = 0; // these have none
    }
    return c;
}

/**
 * @param c a probe and a fault
 * @return both in words
 */
std::string
Describe(const Case& c)
{
    const char* const protocols[] = {" TCP", " HTTP", " HTTPS"};
    return azure::GetName(c.fault.kind) + protocols[static_cast<int>(c.protocol)] +
           " I=" + std::to_string(c.interval.GetSeconds()) + " N=" + std::to_string(c.threshold) +
           " delay=" + std::to_string(c.fault.delay.GetSeconds()) +
           " port=" + std::to_string(c.fault.port);
}

/** What theory expects of a fault, and what happens. */
class ScenarioExpectationTestSuite : public TestSuite
{
  public:
    ScenarioExpectationTestSuite()
        : TestSuite("azure-scenario-expectation", Type::SYSTEM)
    {
        Add("HP-13: the expected intervals of any probe and fault", Duration::QUICK, Expect);
        Add("A fault that may be over before it is noticed has no expected interval",
            Duration::QUICK,
            ExpectNothing);
        Add("HP-7: nothing is expected of a probe that does not ask, as the member is stopped",
            Duration::QUICK,
            ExpectNoProbe);
        Add("HP-12: I = 5 s, N = 2, silence: decided after 10 s to 15 s",
            Duration::QUICK,
            [](FunctionTestCase& test) {
                Case c{ProbeProtocol::Tcp, Seconds(5), 2, ScenarioFault(), std::nullopt};
                const auto milestone = Ask(c).GetMilestones().at(1);
                test.Equal(milestone.name, "verdict down", "the step");
                test.Check(milestone.expected && milestone.expected->low == Seconds(10) &&
                               milestone.expected->high == Seconds(15),
                           "the interval");
            });
        for (uint32_t seed = 1; seed <= 12; ++seed)
        {
            Add("HP-13: what happens lies in the expected intervals, seed " + std::to_string(seed),
                seed <= 2 ? Duration::QUICK : Duration::EXTENSIVE,
                [seed](FunctionTestCase& test) { Measure(seed, test); });
        }
    }

  private:
    /**
     * @param name name of the case
     * @param duration how long it takes
     * @param body what to do
     */
    void Add(const std::string& name,
             Duration duration,
             std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, body), duration);
    }

    /**
     * @param c a probe and a fault
     * @return a timeline with all that is expected of it
     */
    static FailoverTimeline Ask(const Case& c)
    {
        PlannedFault fault;
        fault.fault = c.fault;
        fault.start = Seconds(100);
        if (c.lasting)
        {
            fault.end = fault.start + *c.lasting;
        }
        FailoverTimeline timeline({azure::GetName(c.fault.kind), "vm", fault.start, fault.end});
        ExpectFailover(fault,
                       ProbeSettings::ForLoadBalancer(c.protocol, 80, "/", c.interval, c.threshold),
                       timeline);
        return timeline;
    }

    /**
     * @brief Compare what is expected with the rules.
     * @param c a probe and a fault
     * @param rules what the rules say
     * @param test takes the failures
     */
    static void Compare(const Case& c, const Rules& rules, FunctionTestCase& test)
    {
        const auto timeline = Ask(c);
        for (const auto& milestone : timeline.GetMilestones())
        {
            std::optional<std::pair<Time, Time>> rule;
            rule = milestone.step == FailoverStep::FirstFailedProbe ? rules.first : rule;
            rule = milestone.step == FailoverStep::VerdictDown ? rules.down : rule;
            rule = milestone.step == FailoverStep::VerdictUp ? rules.up : rule;
            const auto what = Describe(c) + ": " + milestone.name;
            test.Equal(milestone.expected.has_value(), rule.has_value(), what);
            if (milestone.expected && rule)
            {
                const auto& expected = *milestone.expected;
                test.Equal(expected.low, rule->first, what + ": earliest");
                test.Check(expected.high >= rule->second && expected.high <= rule->second + SLACK,
                           what + ": latest");
                test.Check(expected.theory.find("HP-") != std::string::npos, what + ": its rule");
            }
        }
    }

    /** @param test takes the failures */
    static void Expect(FunctionTestCase& test)
    {
        std::mt19937 random(1);
        int said = 0;
        for (int i = 0; i < 2000; ++i)
        {
            auto c = MakeCase(random, 60);
            if (random() % 2)
            {
                c.lasting = c.interval * 6 + Seconds(30); // longer than any detection
            }
            const auto rules = Apply(c);
            Compare(c, rules, test);
            said += rules.down.has_value();
        }
        test.Check(said > 600 && said < 1800, "some faults are seen and some are not");
    }

    /** @param test takes the failures */
    static void ExpectNothing(FunctionTestCase& test)
    {
        std::mt19937 random(2);
        for (int i = 0; i < 500; ++i)
        {
            auto c = MakeCase(random, 60);
            c.lasting = Hours(1);
            const auto rules = Apply(c);
            if (rules.down)
            {
                c.lasting = rules.down->second + SLACK + NanoSeconds(1);
                Compare(c, rules, test);
                for (const auto& part :
                     {rules.down->second, rules.down->second / 2, NanoSeconds(1)})
                {
                    c.lasting = part;
                    Compare(c, Rules(), test);
                }
            }
        }
    }

    /** @param test takes the failures */
    static void ExpectNoProbe(FunctionTestCase& test)
    {
        auto deployment = MakeBuiltInDeployment();
        auto& pool = deployment.loadBalancers[0].configuration.backendAddressPools[0];
        pool.backendAddresses[1].running = false;
        Scenario scenario;
        for (int i = 0; i < 2; ++i)
        {
            ScenarioFault fault;
            fault.target = "vm-" + std::to_string(i);
            fault.start = Seconds(20);
            scenario.faults = {fault};
            const auto plan =
                ScenarioPlan::Make(scenario, deployment, CreateObject<UniformRandomVariable>());
            const ScenarioObserver observer(plan, deployment);
            test.Equal(observer.GetFailovers().size(), 1, "the rule has the member");
            for (const auto& milestone : observer.GetFailovers().at(0).timeline.GetMilestones())
            {
                const bool judged = milestone.step == FailoverStep::FirstFailedProbe ||
                                    milestone.step == FailoverStep::VerdictDown;
                test.Equal(milestone.expected.has_value(),
                           judged && i == 0,
                           fault.target + ": " + milestone.name);
            }
        }
    }

    /**
     * @param seed of the choices, and of the run
     * @param test takes the failures
     */
    static void Measure(uint32_t seed, FunctionTestCase& test)
    {
        std::mt19937 random(seed);
        std::size_t judged = 0;
        for (int i = 0; i < 8; ++i)
        {
            auto c = MakeCase(random, 40);
            c.fault.loss = 0.01;
            c.fault.port = c.fault.port == 81 ? 80 : c.fault.port; // the only server there is
            c.lasting = c.interval * 6 + Seconds(30);
            const auto rules = Apply(c);
            auto deployment = MakeBuiltInDeployment();
            auto& probe = deployment.loadBalancers[0].configuration.probes[0];
            probe.protocol = c.protocol;
            probe.requestPath = c.protocol == ProbeProtocol::Tcp ? "" : "/";
            probe.interval = c.interval;
            probe.probeThreshold = c.threshold;
            Scenario scenario;
            scenario.clients.emplace();
            c.fault.target = "vm-1";
            c.fault.start = c.interval * static_cast<int64_t>(c.threshold + 1);
            c.fault.phase = FaultPhase::Random;
            c.fault.duration = c.lasting;
            scenario.faults = {c.fault};
            scenario.duration = c.interval * 20 + Seconds(60);
            scenario.seed = seed;
            scenario.run = i + 1;
            scenario.measurement.flowMonitor = false;
            ScenarioRunner runner(scenario, deployment);
            test.Equal(runner.GetErrors().size(), 0, "the scenario is right");
            runner.Run();
            const auto& failover = runner.GetObserver().GetFailovers().at(0);
            for (const auto& milestone : failover.timeline.GetMilestones())
            {
                std::optional<std::pair<Time, Time>> rule;
                rule = milestone.step == FailoverStep::FirstFailedProbe ? rules.first : rule;
                rule = milestone.step == FailoverStep::VerdictDown ? rules.down : rule;
                rule = milestone.step == FailoverStep::VerdictUp ? rules.up : rule;
                const auto what = Describe(c) + ": " + milestone.name;
                if (rule)
                {
                    ++judged;
                    test.Check(milestone.after.has_value(), what + " happens");
                    const auto after = milestone.after.value_or(Time(0));
                    test.Check(after >= rule->first && after <= rule->second + SLACK,
                               what + " after " + std::to_string(after.GetSeconds()) + " s");
                    test.Equal(milestone.inside.value_or(false), true, what + " is inside");
                }
                else if (c.fault.kind != FaultKind::Loss)
                {
                    test.Check(!milestone.time, what + " does not happen");
                }
            }
        }
        test.Check(judged >= 3, "something is judged");
    }
};

/** Registers the suite. */
ScenarioExpectationTestSuite g_scenarioExpectationTestSuite;

} // namespace
