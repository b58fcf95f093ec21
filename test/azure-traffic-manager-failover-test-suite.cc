/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-kolmogorov-smirnov.h"
#include "azure-traffic-manager-network.h"

#include "ns3/azure-failover-theory.h"

#include <numeric>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Endpoints of one simulation; each has a profile, phases and clients of its own.
constexpr uint32_t RUNS = 200;

/** What became of one endpoint; times in seconds. */
struct FailoverRun
{
    double firstProbe{-1}; //!< first probe of place 0, from the beginning
    double down{-1};       //!< verdict of down, from the fault
    double left{-1};       //!< last look-up of a client that still led there, from the fault
    double up{-1};         //!< verdict of up, from the repair
    double back{-1};       //!< first look-up that leads there again, from the repair
};

/** How to run. */
struct FailoverSetting
{
    TrafficManagerMonitorConfig monitor; //!< how endpoints are probed
    Time ttl;                            //!< time to live of answers
    bool isSilent{true};                 //!< crash, or else 503
    uint32_t places{1};                  //!< how many places probe
    int64_t stream{0};                   //!< first random stream
};

/**
 * @brief Many independent endpoints fail at once and are repaired at once.
 * @param setting how to run
 * @return what became of each
 */
std::vector<FailoverRun>
RunFailover(const FailoverSetting& setting)
{
    TrafficManagerNetwork network;
    std::vector<Ptr<HttpServer>> farm;
    auto stub = network.AddStub(network.AddHost(1));
    network.AddPlaces(setting.places);
    // Ten addresses on each host, within the network of its link; ns-3 is slow with more.
    std::vector<TrafficManagerConfiguration> profiles;
    for (uint32_t i = 0; i < RUNS; ++i)
    {
        if (i % 10 == 0)
        {
            farm.push_back(network.AddServer(3));
        }
        const auto node = farm.back()->GetNode();
        const Ipv4Address address(network.AddressOf(node).Get() + 10 + i % 10);
        node->GetObject<Ipv4>()->AddAddress(1, Ipv4InterfaceAddress(address, "255.255.255.0"));
        std::ostringstream text;
        text << address;
        auto backup = MakeEndpoint("backup", "192.0.2.1");
        backup.alwaysServe = true;
        profiles.push_back(MakeProfile(TrafficRoutingMethod::Priority,
                                       {MakeEndpoint("main", text.str()), backup},
                                       "p" + std::to_string(i)));
        profiles.back().monitorConfig = setting.monitor;
        profiles.back().dnsConfig.ttl = setting.ttl;
    }
    network.Install(profiles);
    network.manager->AssignStreams(setting.stream);
    std::vector<FailoverRun> runs(RUNS);
    // Every endpoint has been probed by then.
    const double fault = std::max(setting.monitor.interval, setting.ttl).GetSeconds() + 2;
    const auto tolerated = setting.monitor.toleratedNumberOfFailures;
    const double longest =
        (setting.monitor.interval * (tolerated + 1) + setting.monitor.GetTimeout() + setting.ttl)
            .GetSeconds();
    const double repair = fault + longest + 5;
    const double end = repair + (setting.monitor.interval + setting.ttl).GetSeconds() + 5;
    const auto indexOf = [](const std::string& profile) { return std::stoul(profile.substr(1)); };
    network.manager->GetMonitor(0)->TraceConnectWithoutContext(
        "ProbeSent",
        Callback<void, const EndpointProbeRecord&>([&](const EndpointProbeRecord& record) {
            auto& first = runs.at(indexOf(record.profile)).firstProbe;
            first = first < 0 ? record.probe.start.GetSeconds() : first;
        }));
    network.manager->TraceConnectWithoutContext(
        "EndpointStatus",
        Callback<void, const EndpointStatusChange&>([&](const EndpointStatusChange& change) {
            auto& run = runs.at(indexOf(change.profile));
            const auto now = Simulator::Now().GetSeconds();
            if (change.after == EndpointMonitorStatus::Degraded)
            {
                run.down = now - fault;
            }
            else if (now > fault)
            {
                run.up = now - repair;
            }
        }));
    Simulator::Schedule(Seconds(fault), [&]() {
        HttpServerFault crash; // silence, unless said otherwise
        if (!setting.isSilent)
        {
            crash.kind = HttpServerFaultKind::Status;
            crash.status = 503;
        }
        for (const auto& server : farm)
        {
            server->InjectFault(crash);
        }
    });
    Simulator::Schedule(Seconds(repair), [&]() {
        for (const auto& server : farm)
        {
            server->ClearFaults();
        }
    });
    // A client for each, which looks up every second from before the fault on until it is led
    // elsewhere, and from the repair on until it is led back.
    auto phases = CreateObject<UniformRandomVariable>();
    phases->SetStream(setting.stream + 99);
    std::vector<bool> hasLeft(RUNS, false);
    std::vector<std::function<void()>> clients(RUNS);
    for (uint32_t i = 0; i < RUNS; ++i)
    {
        clients[i] = [&, i]() {
            const auto now = Simulator::Now().GetSeconds();
            if (now > end || (now < repair ? hasLeft[i] : runs[i].back >= 0))
            {
                return;
            }
            stub->Resolve("p" + std::to_string(i) + ".trafficmanager.net",
                          DnsType::A,
                          StubResolver::ResultCallback([&, i, now](const DnsLookup& lookup) {
                              const auto isMain = lookup.GetAddress() != Ipv4Address("192.0.2.1");
                              if (now < repair)
                              {
                                  hasLeft[i] = !isMain;
                                  runs[i].left = isMain ? now - fault : runs[i].left;
                              }
                              else if (isMain && runs[i].back < 0)
                              {
                                  runs[i].back = now - repair;
                              }
                          }));
            Simulator::Schedule(Seconds(1), clients[i]);
        };
        const auto wait = std::max(2.0, setting.ttl.GetSeconds());
        Simulator::Schedule(Seconds(fault - phases->GetValue(1, wait)), clients[i]);
        Simulator::Schedule(Seconds(repair + phases->GetValue(0, 1)), clients[i]);
    }
    network.RunTo(end + 1);
    return runs;
}

/**
 * @param runs runs
 * @param member what to take of each
 * @return all of them
 */
std::vector<double>
Take(const std::vector<FailoverRun>& runs, double FailoverRun::* member)
{
    std::vector<double> values;
    for (const auto& run : runs)
    {
        values.push_back(run.*member);
    }
    return values;
}

/**
 * @param t the test case
 * @param setting how to run
 */
void
CheckFailover(FunctionTestCase& t, const FailoverSetting& setting)
{
    const auto runs = RunFailover(setting);
    TrafficManagerConfiguration profile;
    profile.monitorConfig = setting.monitor;
    const auto probe = EndpointMonitorVerdict::MakeSettings(profile, TrafficManagerEndpoint());
    const auto symptom = setting.isSilent ? FaultSymptom::Silent : FaultSymptom::BadStatus;
    // A place is 16 ms from the farm, to and fro: two round trips of an HTTP probe.
    const Time exchange = MilliSeconds(33);
    auto detection = FailoverTheory::Detection(probe, symptom, Seconds(0), exchange);
    detection.lower = detection.lower - exchange; // the fault may break a probe under way
    const auto recovery = FailoverTheory::Recovery(probe, Seconds(0), exchange);
    // From a look-up to the next, and the longest look-up.
    const Time poll = Seconds(1) + MilliSeconds(100);
    const auto leaving = FailoverTheory::AfterCaches(detection, setting.ttl);
    const auto returning = FailoverTheory::AfterCaches(recovery, setting.ttl);
    for (const auto& run : runs)
    {
        t.Check(detection.Contains(Seconds(run.down)), "down after " + std::to_string(run.down));
        t.Check(run.left >= run.down - poll.GetSeconds() && run.left >= 0,
                "left after " + std::to_string(run.left));
        t.Check(Seconds(run.left) <= leaving.upper, "left after " + std::to_string(run.left));
        t.Check(recovery.Contains(Seconds(run.up)), "up after " + std::to_string(run.up));
        t.Check(run.back >= run.up - 0.1, "back after " + std::to_string(run.back));
        t.Check(Seconds(run.back) <= returning.upper + poll,
                "back after " + std::to_string(run.back));
    }
    const auto interval = setting.monitor.interval.GetSeconds();
    // The 0.1 % point: some fifteen such tests are made in all.
    const auto critical = 1.949 / std::sqrt(static_cast<double>(RUNS));
    t.Check(KolmogorovSmirnovUniform(Take(runs, &FailoverRun::firstProbe), 0, interval) < critical,
            "first probes are uniform");
    if (setting.places > 1)
    {
        return;
    }
    const auto lower = (detection.lower + exchange).GetSeconds();
    t.Check(KolmogorovSmirnovUniform(Take(runs, &FailoverRun::down), lower, lower + interval) <
                critical,
            "so are verdicts of down");
    t.Check(KolmogorovSmirnovUniform(Take(runs, &FailoverRun::up), 0, interval) < critical,
            "and of up");
    // Clients that asked at any time keep their answer for half the time to live, on average.
    double kept = 0;
    for (const auto& run : runs)
    {
        kept += (run.left - run.down) / RUNS;
    }
    const auto ttl = setting.ttl.GetSeconds();
    t.Near(kept, ttl / 2 - 0.5, 0.2 + 4 * ttl / std::sqrt(12.0 * RUNS), "kept by caches");
}

} // namespace

/** Failover by Traffic Manager, against the closed forms. */
class TrafficManagerFailoverTestSuite : public TestSuite
{
  public:
    TrafficManagerFailoverTestSuite()
        : TestSuite("azure-traffic-manager-failover", Type::SYSTEM)
    {
        const auto add =
            [this](const char* name, const FailoverSetting& setting, Duration duration) {
                AddTestCase(new FunctionTestCase(
                                name,
                                [setting](FunctionTestCase& t) { CheckFailover(t, setting); }),
                            duration);
            };
        FailoverSetting setting;
        setting.ttl = Seconds(30);
        add("HP-44 HP-45 HP-47 defaults, silence, TTL 30 s", setting, Duration::EXTENSIVE);
        setting.places = 3;
        add("HP-43 HP-45 HP-47 the same with three places", setting, Duration::EXTENSIVE);
        setting.places = 1;
        setting.isSilent = false;
        add("HP-45 HP-47 defaults, 503, TTL 30 s", setting, Duration::EXTENSIVE);
        setting.isSilent = true;
        setting.monitor.interval = Seconds(10);
        setting.ttl = Seconds(10);
        add("HP-45 HP-47 fast probes, silence, TTL 10 s", setting, Duration::EXTENSIVE);
        setting.monitor.timeout = Seconds(5);
        setting.monitor.toleratedNumberOfFailures = 0;
        setting.ttl = Seconds(0);
        add("HP-45 HP-46 HP-47 the fastest settings, silence, TTL 0", setting, Duration::EXTENSIVE);
    }
};

/// The instance that registers the suite.
static TrafficManagerFailoverTestSuite g_trafficManagerFailoverTestSuite;
