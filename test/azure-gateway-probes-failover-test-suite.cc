/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-probe-bed.h"
#include "azure-kolmogorov-smirnov.h"

#include "ns3/azure-failover-theory.h"
#include "ns3/rng-seed-manager.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint32_t RUNS = 200;    //!< as many as the critical value of the test is good for
const Time RTT = MilliSeconds(1); //!< more than an exchange takes

/// A way to fail, and how it is probed.
struct Failure
{
    FaultSymptom symptom; //!< what probes see of it
    double interval;      //!< I in seconds
    double timeout;       //!< T in seconds
    uint32_t threshold;   //!< N
};

/** Times from fault and repair to the verdicts, of two instances each. */
struct Times
{
    std::vector<double> detections;  //!< in seconds
    std::vector<double> recoveries;  //!< in seconds
    std::vector<double> differences; //!< between the detections of two instances
};

/**
 * @param bed instances and a server
 * @param symptom what probes are to see of it; none: it is fine
 */
void
Change(GatewayProbeBed& bed, std::optional<FaultSymptom> symptom)
{
    const bool drops = symptom == FaultSymptom::Silent;
    bed.network.walls[0]->drops = [drops](const Ipv4Header&) { return drops; };
    bed.network.targets[0].status = symptom == FaultSymptom::BadStatus ? 503 : 200;
    if (symptom == FaultSymptom::Refused)
    {
        bed.network.targets[0].Close();
    }
    else if (!symptom)
    {
        bed.network.targets[0].Open(bed.network.backends.Get(0), 80);
    }
}

/**
 * @brief One run: a fault of a server behind two instances with phases of their own.
 *
 * @param failure what happens
 * @param [in,out] times gets what is measured
 * @return the probe
 */
ProbeSettings
RunOnce(const Failure& failure, Times& times)
{
    GatewayProbeBed bed(1, 2);
    ApplicationGatewayProbe probe;
    probe.host = "www.contoso.com";
    probe.interval = Seconds(failure.interval);
    probe.timeout = Seconds(failure.timeout);
    probe.unhealthyThreshold = failure.threshold;
    const auto gateway = bed.Configuration(probe);
    const auto settings = GatewayProbePlan::MakeSettings(gateway, 0, bed.Member(0));
    const double fault = 2 * failure.interval;
    const double repair =
        fault + (failure.threshold + 1.3) * failure.interval + failure.timeout; // no multiple of I
    Change(bed, std::nullopt);
    bed.Start(gateway);
    ProbeTestBed::At(fault, [&] { Change(bed, failure.symptom); });
    ProbeTestBed::At(repair, [&] {
        if (failure.symptom != FaultSymptom::Refused)
        {
            bed.network.targets[0].Close();
        }
        Change(bed, std::nullopt);
    });
    ProbeTestBed::RunTo(repair + 1.5 * failure.interval);
    for (uint32_t i = 0; i < 2; i++)
    {
        times.detections.push_back(bed.FindTold(false, fault, i) - fault);
        times.recoveries.push_back(bed.FindTold(true, repair, i) - repair);
    }
    const auto n = times.detections.size();
    times.differences.push_back(std::abs(times.detections[n - 1] - times.detections[n - 2]));
    return settings;
}

/**
 * @brief Compare a sample with the uniform distribution over its interval.
 *
 * @param test gets the results
 * @param sample the times, in seconds
 * @param interval where they must lie, evenly
 * @param width I in seconds
 * @param what what they are
 */
void
CheckUniform(FunctionTestCase& test,
             const std::vector<double>& sample,
             const FailoverInterval& interval,
             double width,
             const std::string& what)
{
    const auto inside = std::count_if(sample.begin(), sample.end(), [&](double value) {
        return interval.Contains(Seconds(value));
    });
    test.Equal(inside, 2 * RUNS, what + ": inside " + interval.form);
    test.Check(interval.upper - interval.lower <= Seconds(width) + RTT, "no slack");
    const double lower = interval.lower.GetSeconds();
    const double critical = KolmogorovSmirnovCritical(sample.size());
    const double distance = KolmogorovSmirnovUniform(sample, lower, lower + width);
    test.Check(distance < critical, what + ": uniform, distance " + std::to_string(distance));
    // Sharp enough to tell it from its neighbours.
    test.Check(KolmogorovSmirnovUniform(sample, lower, lower + width * 1.3) > critical,
               what + ": not uniform over a longer interval");
    test.Check(KolmogorovSmirnovUniform(sample, lower - width / 5, lower + width * 4 / 5) >
                   critical,
               what + ": not uniform over an earlier one");
}

/** 200 runs of a failure, each with phases of its own. */
void
Distribution(FunctionTestCase& test, const Failure& failure)
{
    const auto before = RngSeedManager::GetRun();
    Times times;
    ProbeSettings settings;
    for (uint32_t run = 0; run < RUNS; run++)
    {
        RngSeedManager::SetRun(before + run);
        settings = RunOnce(failure, times);
    }
    RngSeedManager::SetRun(before);
    const auto detection = FailoverTheory::Detection(settings, failure.symptom, Time(0), RTT);
    CheckUniform(test, times.detections, detection, failure.interval, "detection");
    CheckUniform(test,
                 times.recoveries,
                 FailoverTheory::Recovery(settings, Time(0), RTT),
                 failure.interval,
                 "recovery");
    test.Check(*std::max_element(times.detections.begin(), times.detections.end()) <=
                   FailoverTheory::DocumentedBound(settings).GetSeconds(),
               "within the documented bound");
    // The distance of two independent uniform times is below I, and I/3 in the mean.
    double sum = 0;
    for (const double difference : times.differences)
    {
        test.Check(difference < failure.interval + RTT.GetSeconds(), "instances agree soon");
        sum += difference;
    }
    // Its standard deviation is I/sqrt(18); 4 of them, over the root of the number of runs.
    test.Near(sum / RUNS,
              failure.interval / 3,
              4 * failure.interval / std::sqrt(18.0 * RUNS),
              "they are independent");
}

/** All cases. */
class GatewayProbesFailoverTestSuite : public TestSuite
{
  public:
    GatewayProbesFailoverTestSuite()
        : TestSuite("azure-gateway-probes-failover", Type::SYSTEM)
    {
        const auto slow = Duration::EXTENSIVE;
        Add("silent, default probe", {FaultSymptom::Silent, 30, 30, 3});
        Add("silent, I 20 s, T 20 s, N 2", {FaultSymptom::Silent, 20, 20, 2});
        Add("silent, I 20 s, T 6 s, N 3", {FaultSymptom::Silent, 20, 6, 3}, slow);
        Add("refused, default probe", {FaultSymptom::Refused, 30, 30, 3});
        Add("status 503, I 10 s, T 5 s, N 4", {FaultSymptom::BadStatus, 10, 5, 4}, slow);
    }

  private:
    /**
     * @param name what fails and how it is probed
     * @param failure the same
     * @param duration how long it takes
     */
    void Add(const std::string& name, const Failure& failure, Duration duration = Duration::QUICK)
    {
        AddTestCase(new FunctionTestCase(
                        "HP-24 HP-25 HP-27: 200 failovers lie inside, evenly: " + name,
                        [failure](FunctionTestCase& test) { Distribution(test, failure); }),
                    duration);
    }
};

/** Registers the suite. */
GatewayProbesFailoverTestSuite g_gatewayProbesFailoverTestSuite;

} // namespace
