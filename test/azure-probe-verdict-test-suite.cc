/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-kolmogorov-smirnov.h"

#include "ns3/azure-failover-theory.h"
#include "ns3/azure-load-balancer-configuration.h"
#include "ns3/azure-probe-verdict.h"
#include "ns3/test.h"

#include <string>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Feeds results and writes down the verdicts.
 *
 * @param verdict the machine
 * @param results one letter a result: s success, b bad status, r refused, t time-out
 * @return one letter a result: U for up, d for down after it
 */
std::string
Feed(ProbeVerdict& verdict, const std::string& results)
{
    std::string verdicts;
    Time now = Seconds(0);
    for (const char result : results)
    {
        const bool before = verdict.IsUp();
        now += Seconds(5);
        const bool changed = verdict.Update(result == 's'   ? ProbeOutcome::Success
                                            : result == 'b' ? ProbeOutcome::BadStatus
                                            : result == 'r' ? ProbeOutcome::Refused
                                                            : ProbeOutcome::Timeout,
                                            now);
        verdicts += verdict.IsUp() ? 'U' : 'd';
        if (changed != (before != verdict.IsUp()))
        {
            verdicts += '!'; // what it says of a change is wrong
        }
    }
    return verdicts;
}

/**
 * @brief The verdicts of a fresh machine of Load Balancer.
 *
 * @param protocol what the probe speaks
 * @param threshold N
 * @param results see Feed()
 * @return see Feed()
 */
std::string
Run(ProbeProtocol protocol, uint32_t threshold, const std::string& results)
{
    ProbeVerdict verdict(
        ProbeSettings::ForLoadBalancer(protocol, 80, "/", Seconds(5), threshold).thresholds);
    return Feed(verdict, results);
}

/**
 * @param errors errors of a probe
 * @param path path of a field
 * @return whether one is about that field
 */
bool
Names(const std::vector<ConfigurationError>& errors, const std::string& path)
{
    for (const auto& error : errors)
    {
        if (error.path == path)
        {
            return true;
        }
    }
    return false;
}

/** HP-3 for TCP. */
void
TcpThreshold(FunctionTestCase& test)
{
    test.Check(Run(ProbeProtocol::Tcp, 1, "strs") == "UddU", "N = 1: every result flips");
    test.Check(Run(ProbeProtocol::Tcp, 2, "sttss") == "UUddU", "N = 2 counts both ways");
    test.Check(Run(ProbeProtocol::Tcp, 2, "ststst") == "UUUUUU", "only consecutive ones count");
    test.Check(Run(ProbeProtocol::Tcp, 2, "strstsss") == "UUddddUU", "RST and silence add up");
    test.Check(Run(ProbeProtocol::Tcp, 3, "srrrsss") == "UUUdddU", "N = 3");
    test.Check(Run(ProbeProtocol::Tcp, 3, "srrrssrsss") == "UUUddddddU", "a failure starts anew");
}

/** HP-3 for HTTP. */
void
HttpThreshold(FunctionTestCase& test)
{
    for (const auto protocol : {ProbeProtocol::Http, ProbeProtocol::Https})
    {
        test.Check(Run(protocol, 3, "sbs") == "UdU", "an explicit answer flips at once");
        test.Check(Run(protocol, 3, "srs") == "UdU", "a RST is no silence");
        test.Check(Run(protocol, 3, "sttts") == "UUUdU", "N counts time-outs");
        test.Check(Run(protocol, 3, "sttsttt") == "UUUUUUd", "a 200 resets the count");
        test.Check(Run(protocol, 3, "stb") == "UUd", "an explicit failure need not wait");
        test.Check(Run(protocol, 3, "sbsttt") == "UdUUUd", "a non-200 resets the count");
        test.Check(Run(protocol, 1, "st") == "Ud", "N = 1");
    }
}

/** Section 1: the initial state. */
void
Initial(FunctionTestCase& test)
{
    ProbeVerdict verdict(ProbeThresholds{3, 3, 3});
    test.Check(!verdict.IsUp() && !verdict.IsDecided(), "it starts down and undecided");
    test.Check(Feed(verdict, "tts") == "ddU", "the first success is enough");
    test.Check(verdict.IsDecided(), "it is decided then");
    test.Check(verdict.Reset() && !verdict.IsUp() && !verdict.IsDecided(), "anew after a stop");
    test.Check(!verdict.Reset(), "nothing to forget");
    test.Check(Feed(verdict, "s") == "U", "the first success is enough again");
}

/** HP-7: flapping. */
void
Flapping(FunctionTestCase& test)
{
    ProbeVerdict off(ProbeThresholds{1, 1, 1});
    test.Check(Feed(off, "stststs") == "UdUdUdU", "no figure is documented: no wait by default");

    // Results at 5, 10, 15 ... s; the second mark of down comes at 20 s.
    ProbeVerdict on(ProbeThresholds{1, 1, 1}, FlapPolicy{Seconds(100), Seconds(12)});
    test.Check(Feed(on,
                    "stst"
                    "ssss") == "UdUd"
                               "ddUU",
               "it waits 12 s after the second");
    ProbeVerdict third(ProbeThresholds{1, 1, 1}, FlapPolicy{Seconds(100), Seconds(5)});
    test.Check(Feed(third,
                    "ststst"
                    "sss") == "UdUdUd"
                              "dUU",
               "10 s after the third");
    ProbeVerdict old(ProbeThresholds{1, 1, 1}, FlapPolicy{Seconds(4), Seconds(100)});
    test.Check(Feed(old, "ststs") == "UdUdU", "what is older than the window is forgotten");
}

/** HP-2, HP-5: what Load Balancer refuses. */
void
Refused(FunctionTestCase& test)
{
    const auto valid =
        [](ProbeProtocol protocol, uint16_t port, const char* path, double interval) {
            return ProbeSettings::ForLoadBalancer(protocol, port, path, Seconds(interval), 1)
                .ValidateForLoadBalancer();
        };
    for (const uint16_t port : {19, 21, 25, 70, 110, 119, 143, 220, 993})
    {
        test.Check(Names(valid(ProbeProtocol::Http, port, "/", 5), "port"), "refused for HTTP");
        test.Check(valid(ProbeProtocol::Https, port, "/", 5).empty(), "fine for HTTPS");
        test.Check(valid(ProbeProtocol::Tcp, port, "", 5).empty(), "fine for TCP");
    }
    test.Check(valid(ProbeProtocol::Http, 80, "/health?a=b", 5).empty(), "a usual probe");
    for (const char* path : {"", "health", "/a b", "/a\r\nHost: x"})
    {
        test.Check(Names(valid(ProbeProtocol::Http, 80, path, 5), "requestPath"), "bad path");
    }
    test.Check(Names(valid(ProbeProtocol::Tcp, 0, "", 5), "port"), "port 0");
}

/** HP-5: the interval. */
void
Interval(FunctionTestCase& test)
{
    const auto valid = [](double interval, uint32_t threshold) {
        return ProbeSettings::ForLoadBalancer(ProbeProtocol::Tcp,
                                              80,
                                              "",
                                              Seconds(interval),
                                              threshold)
            .ValidateForLoadBalancer();
    };
    test.Check(valid(5, 1).empty(), "5 s is the minimum");
    test.Check(Names(valid(4.999, 1), "intervalInSeconds"), "less than 5 s");
    test.Check(valid(360, 2).empty(), "interval times count is not limited");
    test.Check(Names(valid(5, 0), "probeThreshold"), "a threshold of zero");
    test.Check(azure::Probe().interval == Seconds(15), "the default of the REST resource");
    test.Check(azure::Probe().probeThreshold == 1, "default threshold");
}

/** HP-6: time-outs. */
void
Timeouts(FunctionTestCase& test)
{
    const auto make = [](ProbeProtocol protocol, double interval) {
        return ProbeSettings::ForLoadBalancer(protocol, 80, "/", Seconds(interval), 2);
    };
    test.Check(make(ProbeProtocol::Tcp, 60).timeout == Seconds(60), "TCP: the interval");
    test.Check(make(ProbeProtocol::Tcp, 5).rhythm == ProbeRhythm::Even,
               "TCP goes on in its rhythm");
    test.Check(make(ProbeProtocol::Http, 5).timeout == Seconds(5), "HTTP: min(I, 30 s)");
    test.Check(make(ProbeProtocol::Http, 60).timeout == Seconds(30), "HTTP: min(I, 30 s)");
    test.Check(make(ProbeProtocol::Https, 29).rhythm == ProbeRhythm::AfterTimeout,
               "I < 30 s: at once");
    test.Check(make(ProbeProtocol::Http, 30).rhythm == ProbeRhythm::Even,
               "I = 30 s: in its rhythm");
}

/** HP-12, HP-13: closed forms. */
void
Theory(FunctionTestCase& test)
{
    const auto check = [&test](ProbeProtocol protocol,
                               double interval,
                               uint32_t threshold,
                               FaultSymptom fault,
                               double lower,
                               double upper) {
        const auto settings =
            ProbeSettings::ForLoadBalancer(protocol, 80, "/", Seconds(interval), threshold);
        const auto result = FailoverTheory::Detection(settings, fault);
        test.Check(result.exists && result.lower == Seconds(lower) &&
                       result.upper == Seconds(upper),
                   result.form + " gives " + std::to_string(result.lower.GetSeconds()) + " to " +
                       std::to_string(result.upper.GetSeconds()) + ", not " +
                       std::to_string(lower) + " to " + std::to_string(upper));
    };
    // The figures of health-probes.md, section 5 and HP-12.
    check(ProbeProtocol::Tcp, 5, 1, FaultSymptom::Silent, 5, 10);
    check(ProbeProtocol::Tcp, 5, 2, FaultSymptom::Silent, 10, 15);
    check(ProbeProtocol::Tcp, 5, 1, FaultSymptom::Refused, 0, 5);
    check(ProbeProtocol::Tcp, 5, 2, FaultSymptom::Refused, 5, 10);
    check(ProbeProtocol::Http, 5, 4, FaultSymptom::BadStatus, 0, 5);
    check(ProbeProtocol::Tcp, 15, 1, FaultSymptom::Silent, 15, 30);
    check(ProbeProtocol::Http, 5, 2, FaultSymptom::Silent, 10, 15);
    check(ProbeProtocol::Http, 5, 2, FaultSymptom::Slow, 10, 15);
    check(ProbeProtocol::Http, 60, 2, FaultSymptom::Silent, 90, 150);

    // The same machine with the settings of the other services (HP-25, HP-45).
    ProbeSettings gateway;
    gateway.interval = gateway.timeout = Seconds(30);
    gateway.thresholds = {1, 3, 3};
    auto result = FailoverTheory::Detection(gateway, FaultSymptom::Silent);
    test.Check(result.lower == Seconds(90) && result.upper == Seconds(120), "gateway, silent");
    result = FailoverTheory::Detection(gateway, FaultSymptom::Refused);
    test.Check(result.lower == Seconds(60) && result.upper == Seconds(90), "gateway, refused");
    ProbeSettings manager;
    manager.interval = Seconds(10);
    manager.timeout = Seconds(9);
    manager.thresholds = {1, 4, 4};
    result = FailoverTheory::Detection(manager, FaultSymptom::Silent);
    test.Check(result.lower == Seconds(39) && result.upper == Seconds(49), "traffic manager, fast");

    // Recovery, reaction delay, time on the network.
    const auto tcp = ProbeSettings::ForLoadBalancer(ProbeProtocol::Tcp, 80, "", Seconds(5), 3);
    result = FailoverTheory::Recovery(tcp, Seconds(1), MilliSeconds(2));
    test.Check(result.lower == Seconds(11) && result.upper == MilliSeconds(16002), "TCP recovery");
    test.Check(result.Contains(Seconds(11)) && !result.Contains(MilliSeconds(16003)), "inside");
    const auto http = ProbeSettings::ForLoadBalancer(ProbeProtocol::Http, 80, "/", Seconds(5), 3);
    result = FailoverTheory::Recovery(http);
    test.Check(result.lower == Seconds(0) && result.upper == Seconds(5), "HTTP recovery");
    result = FailoverTheory::FirstFailure(tcp, FaultSymptom::Silent);
    test.Check(result.lower == Seconds(5) && result.upper == Seconds(10), "first failed probe");
    result = FailoverTheory::FirstFailure(tcp, FaultSymptom::Refused);
    test.Check(result.lower == Seconds(0) && result.upper == Seconds(5), "first refused probe");
}

/** HP-10: an unseen fault. */
void
Unseen(FunctionTestCase& test)
{
    const auto settings = ProbeSettings::ForLoadBalancer(ProbeProtocol::Tcp, 80, "", Seconds(5), 1);
    test.Check(!FailoverTheory::Detection(settings, FaultSymptom::Unseen).exists, "never detected");
    test.Check(!FailoverTheory::FirstFailure(settings, FaultSymptom::Unseen).Contains(Seconds(1)),
               "no probe fails");
}

/** The statistic itself, against samples with a known answer. */
void
KolmogorovSmirnov(FunctionTestCase& test)
{
    std::vector<double> even;
    std::vector<double> squeezed;
    for (int i = 0; i < 100; i++)
    {
        even.push_back(2 + (i + 0.5) / 100);
        squeezed.push_back(2 + 0.7 * (i + 0.5) / 100);
    }
    test.Check(std::abs(KolmogorovSmirnovUniform(even, 2, 3) - 0.005) < 1e-9, "evenly spread");
    // At the end of the sample, 0.6965, the sample's function is 1: they differ by 0.3035.
    test.Check(std::abs(KolmogorovSmirnovUniform(squeezed, 2, 3) - 0.3035) < 1e-9, "squeezed");
    test.Check(KolmogorovSmirnovUniform(even, 2, 3) < KolmogorovSmirnovCritical(100), "accepted");
    test.Check(KolmogorovSmirnovUniform(squeezed, 2, 3) > KolmogorovSmirnovCritical(100),
               "refused");
    // A table of critical values gives 0.163 for n = 100 at 1 %.
    test.Check(std::abs(KolmogorovSmirnovCritical(100) - 0.163) < 0.001, "critical value");
}

/** Verdicts of probes. */
class ProbeVerdictTestSuite : public TestSuite
{
  public:
    ProbeVerdictTestSuite()
        : TestSuite("azure-probe-verdict", Type::UNIT)
    {
        Add("HP-2 HTTP probes refuse some ports and bad paths", Refused);
        Add("HP-3 consecutive results flip a TCP probe in both directions", TcpThreshold);
        Add("HP-3 an explicit answer flips an HTTP probe, N counts silence alone", HttpThreshold);
        Add("HP-5 the interval is at least 5 s and not tied to the count", Interval);
        Add("HP-6 TCP waits the interval, HTTP min(I, 30 s)", Timeouts);
        Add("HP-7 an instance that flaps waits longer when told to", Flapping);
        Add("HP-10 a fault that the probe does not touch is never detected", Unseen);
        Add("HP-12 HP-13 the closed forms give the documented figures", Theory);
        Add("An instance is down until its first success", Initial);
        Add("The Kolmogorov-Smirnov distance is right", KolmogorovSmirnov);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, void (*body)(FunctionTestCase&))
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
ProbeVerdictTestSuite g_probeVerdictTestSuite;

} // namespace
