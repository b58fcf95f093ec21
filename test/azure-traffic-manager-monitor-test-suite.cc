/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-fixture.h"

#include "ns3/azure-endpoint-monitor-verdict.h"
#include "ns3/azure-failover-theory.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param verdict a verdict
 * @return C unknown, + up, - down
 */
char
Tell(const EndpointMonitorVerdict& verdict)
{
    return verdict.GetHealth() == EndpointHealth::Healthy     ? '+'
           : verdict.GetHealth() == EndpointHealth::Unhealthy ? '-'
                                                              : 'C';
}

/**
 * @param places how many places
 * @param tolerated tolerated failures
 * @param results place and outcome of each probe: 0+ 1- ...
 * @return the verdict after each
 */
std::string
Run(uint32_t places, uint32_t tolerated, const std::string& results)
{
    EndpointMonitorVerdict verdict(places, tolerated);
    std::string seen;
    for (size_t at = 0; at < results.size(); at += 2)
    {
        verdict.Update(results[at] - '0',
                       results[at + 1] == '+' ? ProbeOutcome::Success : ProbeOutcome::Timeout);
        seen += Tell(verdict);
    }
    return seen;
}

/** @param t the test case */
void
CheckOnePlace(FunctionTestCase& t)
{
    t.Equal(Run(1, 3, "0+0-0-0-0-0-0+"), "++++--+", "the fourth failure, the first success");
    t.Equal(Run(1, 3, "0+0-0-0-0+0-0-0-0-"), "++++++++-", "in a row");
    t.Equal(Run(1, 0, "0+0-0+0-"), "+-+-", "none tolerated");
    t.Equal(Run(1, 9, "0+0-0-0-0-0-0-0-0-0-0-"), "++++++++++-", "nine tolerated");
    t.Equal(Run(1, 1, "0-0-"), "C-", "never up");
    EndpointMonitorVerdict verdict(1, 0);
    t.Check(verdict.Update(0, ProbeOutcome::BadStatus), "changed");
    t.Check(!verdict.Update(0, ProbeOutcome::Refused), "not changed");
    verdict.Reset();
    t.Equal(Tell(verdict), 'C', "forgotten");
}

/** @param t the test case */
void
CheckMajority(FunctionTestCase& t)
{
    t.Equal(Run(3, 0, "0+1+2+0-1-0+2-"), "++++-+-", "two of three");
    t.Equal(Run(2, 0, "0+1+0-1-"), "+++-", "one of two is half, so not below it");
    t.Equal(Run(5, 0, "0-1-2-"), "CC-", "three of five, whatever the others say");
    t.Equal(Run(3, 1, "0+1+2+0-1-2-0+1+2+"), "+++++++++", "failures of different places");
    EndpointMonitorVerdict verdict(4, 0);
    verdict.Update(0, ProbeOutcome::Success);
    t.Near(verdict.GetShareUp(), 1, 0, "of those that know");
    verdict.Update(1, ProbeOutcome::Timeout);
    verdict.Update(2, ProbeOutcome::Timeout);
    verdict.Update(3, ProbeOutcome::Success);
    t.Near(verdict.GetShareUp(), 0.5, 0, "half");
    t.Equal(Tell(verdict), '+', "half is enough");
}

/** @param t the test case */
void
CheckSettings(FunctionTestCase& t)
{
    auto profile = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a")});
    auto& monitor = profile.monitorConfig;
    auto& endpoint = profile.endpoints[0];
    auto settings = EndpointMonitorVerdict::MakeSettings(profile, endpoint);
    t.Check(settings.Passes(200) && !settings.Passes(201) && !settings.Passes(301), "200 alone");
    t.Equal(settings.host, "a.contoso.com", "Host");
    t.Equal(settings.thresholds.timeouts, 4, "the fourth failure");
    t.Equal(settings.thresholds.failures, 4, "of any kind");
    t.Equal(settings.thresholds.successes, 1, "the first success");
    t.Equal(settings.interval.GetSeconds(), 30, "I");
    t.Equal(settings.timeout.GetSeconds(), 10, "T");
    monitor.expectedStatusCodeRanges = {{200, 202}, {301, 302}};
    monitor.customHeaders = {{"hOsT", "x.contoso.com"}, {"X-Probe", "1"}};
    settings = EndpointMonitorVerdict::MakeSettings(profile, endpoint);
    t.Check(settings.Passes(202) && settings.Passes(302) && !settings.Passes(303), "as listed");
    t.Equal(settings.host, "x.contoso.com", "a header of one's own");
    t.Equal(EndpointMonitorVerdict::MakeHeaders(profile, endpoint).size(), 1, "the others");
    endpoint.customHeaders = {{"X-Probe", "2"}};
    settings = EndpointMonitorVerdict::MakeSettings(profile, endpoint);
    t.Equal(settings.host, "a.contoso.com", "the endpoint's list instead of the profile's");
    t.Equal(EndpointMonitorVerdict::MakeHeaders(profile, endpoint).at(0).value, "2", "its own");
}

/// A row of the table of expected times, in seconds.
struct Row
{
    int interval;         //!< I
    int timeout;          //!< T
    uint32_t tolerated;   //!< failures
    int ttl;              //!< time to live
    FaultSymptom symptom; //!< the fault
    int lower;            //!< soonest verdict
    int upper;            //!< latest verdict
    int clients;          //!< latest end of the last cached answer
};

/** @param t the test case */
void
CheckTimes(FunctionTestCase& t)
{
    // The figures of the documentation and of the table of expected failover times.
    const Row rows[] = {{30, 10, 3, 30, FaultSymptom::Silent, 100, 130, 160},
                        {30, 10, 3, 300, FaultSymptom::Silent, 100, 130, 430},
                        {30, 10, 3, 30, FaultSymptom::BadStatus, 90, 120, 150},
                        {10, 9, 3, 30, FaultSymptom::Silent, 39, 49, 79},
                        {10, 5, 0, 0, FaultSymptom::Silent, 5, 15, 15}};
    for (const auto& row : rows)
    {
        auto profile = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a")});
        profile.dnsConfig.ttl = Seconds(row.ttl);
        profile.monitorConfig.interval = Seconds(row.interval);
        profile.monitorConfig.timeout = Seconds(row.timeout);
        profile.monitorConfig.toleratedNumberOfFailures = row.tolerated;
        t.Equal(profile.Validate().size(), 0, "a good profile");
        const auto settings = EndpointMonitorVerdict::MakeSettings(profile, profile.endpoints[0]);
        const auto decision = FailoverTheory::Detection(settings, row.symptom);
        t.Near(decision.lower.GetSeconds(), row.lower, 0, "soonest");
        t.Near(decision.upper.GetSeconds(), row.upper, 0, "latest");
        const auto clients = FailoverTheory::AfterCaches(decision, profile.dnsConfig.ttl);
        t.Near(clients.lower.GetSeconds(), row.lower, 0, "clients that have kept nothing");
        t.Near(clients.upper.GetSeconds(), row.clients, 0, "the last client");
        t.Check(decision.form.find("HP-45") != std::string::npos, decision.form);
        const auto recovery = FailoverTheory::Recovery(settings);
        t.Near(recovery.upper.GetSeconds(), row.interval, 0, "phi");
        t.Equal(recovery.form, std::string("HP-47") + ": phi", "the rule");
    }
    ProbeSettings settings;
    const auto never = FailoverTheory::Detection(settings, FaultSymptom::Unseen);
    t.Check(!FailoverTheory::AfterCaches(never, Seconds(30)).exists, "never stays never");
}

/** @param t the test case */
void
CheckTimesByProbes(FunctionTestCase& t)
{
    // Probes of several places with phases of their own, against the closed form: the verdict
    // falls when the place in the middle knows.
    auto stream = CreateObject<UniformRandomVariable>();
    stream->SetStream(11);
    auto profile = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a")});
    const auto settings = EndpointMonitorVerdict::MakeSettings(profile, profile.endpoints[0]);
    const auto expected = FailoverTheory::Detection(settings, FaultSymptom::Silent);
    for (int run = 0; run < 500; ++run)
    {
        const uint32_t places = 1 + run % 7;
        EndpointMonitorVerdict verdict(places, 3);
        std::vector<double> phases;
        std::vector<std::pair<double, uint32_t>> results;
        for (uint32_t place = 0; place < places; ++place)
        {
            verdict.Update(place, ProbeOutcome::Success);
            phases.push_back(stream->GetValue(0, 30));
            for (int probe = 0; probe < 6; ++probe)
            {
                results.emplace_back(phases.back() + 30 * probe + 10, place);
            }
        }
        std::sort(results.begin(), results.end());
        double down = -1;
        for (const auto& [time, place] : results)
        {
            if (verdict.Update(place, ProbeOutcome::Timeout))
            {
                down = time;
                break;
            }
        }
        std::sort(phases.begin(), phases.end());
        t.Near(down, phases[places / 2] + 100, 1e-9, "the middle of the places");
        t.Check(expected.Contains(Seconds(down)), "within the closed form");
    }
}

/** Endpoint monitors. */
class TrafficManagerMonitorTestSuite : public TestSuite
{
  public:
    TrafficManagerMonitorTestSuite()
        : TestSuite("azure-traffic-manager-monitor", TestSuite::Type::UNIT)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("HP-41 HP-44 TM-31 down at the failure after those tolerated, up at the first success",
            CheckOnePlace);
        add("HP-43 TM-38 down when most places say so", CheckMajority);
        add("HP-40 HP-41 HP-42 how monitors probe", CheckSettings);
        add("HP-45 HP-46 HP-47 HP-44 times from fault to verdict and to the last client",
            CheckTimes);
        add("HP-43 HP-45 probes of several places agree with the closed form", CheckTimesByProbes);
    }
};

/** Registers the suite. */
TrafficManagerMonitorTestSuite g_trafficManagerMonitorTestSuite;

} // namespace
