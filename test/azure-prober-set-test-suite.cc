/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-probe-test-bed.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

typedef std::pair<std::string, Ipv4Address> Key; //!< a probe and a member

/**
 * @param name name of a probe; one that begins with h is HTTP, the second letter its threshold
 * @return its settings, every 5 s
 */
ProbeSettings
Settings(const std::string& name)
{
    return ProbeSettings::ForLoadBalancer(name[0] == 'h' ? ProbeProtocol::Http : ProbeProtocol::Tcp,
                                          80,
                                          "/",
                                          Seconds(5),
                                          name[1] - '0');
}

const std::vector<std::string> NAMES{"t1", "t2", "h1", "h3"}; //!< all probes of the tests

/**
 * @param records probes
 * @return them as text
 */
std::string
Describe(const std::vector<ProbeRecord>& records)
{
    std::ostringstream text;
    for (const auto& record : records)
    {
        text << record.probe << " " << record.target << ":" << record.port << " "
             << record.start.GetNanoSeconds() << " " << record.end.GetNanoSeconds() << " "
             << ToString(record.outcome) << " " << record.status << "\n";
    }
    return text.str();
}

/** A prober as the test knows it. */
struct Known
{
    Ptr<HealthProber> prober; //!< it
    bool up{false};           //!< what the balancer was told last
    Time seen{Seconds(-1)};   //!< its latest probe
};

/** HP-7, HP-11: probers come and go while instances do, as a map of them has it. */
void
Changes(FunctionTestCase& test, uint32_t seed)
{
    std::mt19937 random(seed);
    const uint32_t n = 3;
    ProbeTestBed bed(n);
    std::map<Key, Known> known;
    std::set<Ipv4Address> stopped;
    std::vector<bool> open(n, false);
    uint32_t strangers = 0;
    uint32_t repeated = 0;
    bed.probers->AssignStreams(seed);
    bed.probers->SetVerdictCallback([&](std::string name, Ipv4Address member, bool up) {
        auto it = known.find({name, member});
        strangers += it == known.end() ? 1 : 0;
        if (it != known.end())
        {
            repeated += it->second.up == up ? 1 : 0; // a change each time
            it->second.up = up;
        }
    });
    size_t checked = 0;
    uint32_t told = 0;
    for (int step = 1; step <= 100; step++)
    {
        const auto member = bed.Address(random() % n);
        const auto name = NAMES[random() % NAMES.size()];
        const auto i = random() % n;
        switch (random() % 6)
        {
        case 0:
            known.try_emplace({name, member});
            bed.probers->Add(name, member, Settings(name));
            break;
        case 1:
            known.erase({name, member});
            bed.probers->Remove(name, member);
            break;
        case 2: {
            std::vector<ProbeAssignment> wanted;
            std::map<Key, Known> after;
            for (const auto& each : NAMES)
            {
                for (uint32_t j = 0; j < n; j++)
                {
                    if (random() % 2 == 0)
                    {
                        wanted.insert(wanted.end(),
                                      1 + random() % 2, // some twice
                                      {each, bed.Address(j), Settings(each)});
                        after[{each, bed.Address(j)}] = known[{each, bed.Address(j)}];
                    }
                }
            }
            std::shuffle(wanted.begin(), wanted.end(), random);
            known = after;
            bed.probers->Assign(wanted);
            break;
        }
        case 3:
            if (stopped.erase(member) == 0)
            {
                stopped.insert(member);
            }
            bed.probers->SetRunning(member, stopped.count(member) == 0);
            break;
        default:
            open[i] ? bed.targets[i].Close() : bed.targets[i].Open(bed.backends.Get(i), 80);
            open[i] = !open[i];
            break;
        }
        test.Equal(bed.probers->GetN(), known.size(), "number of probers");
        for (auto& [key, state] : known)
        {
            const auto prober = bed.probers->Get(key.first, key.second);
            test.Check(prober && (!state.prober || state.prober == prober), "those kept go on");
            state.prober = prober;
            test.Equal(prober->GetName(), "lb/" + key.first, "its name");
            test.Equal(prober->GetTarget(), key.second, "its target");
            test.Check(prober->GetSettings().Equals(Settings(key.first)), "its settings");
            test.Equal(prober->IsRunning(), stopped.count(key.second) == 0, "whether it probes");
        }
        const double seconds = 5 * (1 + random() % 4) + 1e-3 * (random() % 1000);
        ProbeTestBed::RunTo(Simulator::Now().GetSeconds() + seconds);
        std::map<Key, uint32_t> count;
        for (; checked < bed.sent.size(); checked++)
        {
            const auto& record = bed.sent[checked];
            const Key key{record.probe.substr(3), record.target};
            test.Check(known.count(key) && !stopped.count(key.second), "only those that are there");
            count[key]++;
        }
        for (auto& [key, state] : known)
        {
            const double most = seconds / 5 + 1;
            const double least = stopped.count(key.second) ? 0 : seconds / 5 - 1;
            test.Check(count[key] >= least && count[key] <= most, "one probe an interval");
            test.Equal(bed.probers->IsUp(key.first, key.second), state.up, "as it was told");
            told += state.up ? 1 : 0;
        }
    }
    test.Equal(strangers, 0, "no word of probers that are gone");
    test.Equal(repeated, 0, "no word without a change");
    test.Check(told > 40, "some were up");
    bed.probers->Assign({});
    ProbeTestBed::RunTo(Simulator::Now().GetSeconds() + 5);
    test.Equal(bed.CountHostSockets(), 0, "nothing is left");
}

/**
 * @brief One balancer over lossy links, or two in front of the same instances.
 * @param stream first stream of the phases
 * @param both whether the second balancer is there, too
 * @return all results of the first balancer
 */
std::string
RunLossy(int64_t stream, bool both)
{
    ProbeTestBed bed(2);
    auto second = CreateObject<HealthProberSet>();
    second->SetOwner("other");
    second->AssignStreams(stream + 100);
    bed.probers->AssignStreams(stream);
    std::vector<std::mt19937> randoms(2);
    for (uint32_t i = 0; i < 2; i++)
    {
        bed.targets[i].Open(bed.backends.Get(i), 80);
        bed.targets[i].status = i == 0 ? 200 : 503;
        for (const auto& name : NAMES)
        {
            bed.probers->Add(name, bed.Address(i), Settings(name));
            if (both)
            {
                second->Add(name, bed.Address(i), Settings(name));
            }
        }
        if (!both)
        {
            bed.walls[i]->drops = [&randoms, i](const Ipv4Header&) {
                return randoms[i]() % 10 == 0;
            };
        }
    }
    ProbeTestBed::RunTo(50);
    second->Dispose();
    const auto before = bed.results.size();
    ProbeTestBed::RunTo(60);
    return bed.results.size() > before ? Describe(bed.results) : "none after the other was gone";
}

/** Equal runs are equal to the nanosecond; balancers do not disturb each other. */
void
Determinism(FunctionTestCase& test)
{
    const auto first = RunLossy(5, false);
    test.Check(first.find("timeout") != std::string::npos, "some probes are lost");
    test.Check(RunLossy(5, false) == first, "the same streams, the same run");
    test.Check(RunLossy(6, false) != first, "others, another run");
    const auto shared = RunLossy(5, true);
    test.Check(shared.find("timeout") == std::string::npos &&
                   shared.find("success") != std::string::npos,
               "each gets its own answers");
    test.Check(RunLossy(5, true) == shared, "also with another balancer");
}

/** Probers that end at any moment of an exchange, in every way in which they can. */
void
SuddenEnds(FunctionTestCase& test)
{
    // One way is 100 ms: SYN 0, SYN-ACK 100, GET 200, answer 300 and FIN, end by 600 ms.
    for (int64_t at = 0; at <= 700; at += 20)
    {
        for (const int way : {0, 1, 2, 3})
        {
            ProbeTestBed bed;
            bed.targets[0].Open(bed.backends.Get(0), 80);
            bed.devices.Get(0)->GetChannel()->SetAttribute("Delay", TimeValue(MilliSeconds(100)));
            bed.SetPhase(0);
            bed.probers->Add("h1", bed.Address(0), Settings("h1"));
            bed.probers->Add("t1", bed.Address(0), Settings("t1"));
            ProbeTestBed::RunTo(1e-3 * at + 1e-4);
            const auto results = bed.results.size();
            const auto name = "way " + std::to_string(way) + " at " + std::to_string(at) + " ms";
            switch (way)
            {
            case 0:
                bed.probers->Assign({});
                break;
            case 1:
                bed.probers->SetRunning(bed.Address(0), false);
                break;
            case 2:
                for (const auto& each : {"h1", "t1"})
                {
                    bed.probers->Get(each, bed.Address(0))->Dispose();
                }
                break;
            default:
                continue; // the simulation ends
            }
            ProbeTestBed::RunTo(20);
            test.Equal(bed.results.size(), results, "no result comes later, " + name);
            test.Equal(bed.CountHostSockets(), 0, "no socket is left, " + name);
            test.Equal(bed.sent.size(), 2, "no probe is sent, " + name);
            if (way < 2)
            {
                // The instance has nothing open, either: resets have told it.
                ProbeTestBed::RunTo(300);
                test.Equal(bed.CountSockets(bed.backends.Get(0)), 1, "its port alone, " + name);
            }
        }
    }
}

/** Who is told of a result may stop the instance, or remove the prober, as a script does. */
void
Listeners(FunctionTestCase& test)
{
    for (const std::string trace : {"ProbeResult", "VerdictChanged", "callback"})
    {
        for (const std::string name : {"t1", "t2", "h1", "h3"})
        {
            for (const bool remove : {false, true})
            {
                ProbeTestBed bed;
                bed.targets[0].Open(bed.backends.Get(0), 80);
                bed.SetPhase(0);
                const auto end = [&]() {
                    if (remove)
                    {
                        bed.probers->Remove(name, bed.Address(0));
                        return;
                    }
                    bed.probers->SetRunning(bed.Address(0), false);
                };
                uint32_t told = 0;
                bed.probers->SetVerdictCallback([&](std::string, Ipv4Address, bool) {
                    told++;
                    if (trace == "callback")
                    {
                        end();
                    }
                });
                if (trace == "ProbeResult")
                {
                    bed.probers->TraceConnectWithoutContext(
                        trace,
                        Callback<void, const ProbeRecord&>([&](const ProbeRecord&) { end(); }));
                }
                else if (trace == "VerdictChanged")
                {
                    bed.probers->TraceConnectWithoutContext(
                        trace,
                        Callback<void, const ProbeVerdictRecord&>(
                            [&](const ProbeVerdictRecord&) { end(); }));
                }
                bed.probers->Add(name, bed.Address(0), Settings(name));
                ProbeTestBed::RunTo(30);
                const auto what = name + " at " + trace + (remove ? ", removed" : ", stopped");
                test.Equal(bed.sent.size(), 1, "no further probe: " + what);
                test.Equal(bed.results.size(), 1, "one result: " + what);
                test.Equal(bed.verdicts.size(),
                           trace == "ProbeResult" ? 0 : 1,
                           "verdicts: " + what);
                test.Equal(bed.probers->GetN(), remove ? 0 : 1, "probers: " + what);
                test.Equal(bed.CountHostSockets(), 0, "no socket: " + what);
            }
        }
    }
}

/** HP-13: a reaction delay shifts every change and drops none, except by a stop. */
void
Reaction(FunctionTestCase& test)
{
    const auto run = [](double delay) {
        ProbeTestBed bed;
        bed.SetPhase(0.5);
        bed.probers->SetAttribute("ReactionDelay", TimeValue(Seconds(delay)));
        bed.targets[0].Open(bed.backends.Get(0), 80);
        std::mt19937 random(13);
        bed.walls[0]->drops = [&random](const Ipv4Header&) { return random() % 6 == 0; };
        for (const auto& name : {"t1", "t2"})
        {
            bed.probers->Add(name, bed.Address(0), Settings(name));
        }
        ProbeTestBed::RunTo(400);
        bed.walls[0]->drops = nullptr;
        ProbeTestBed::RunTo(450);
        return bed.verdicts;
    };
    const auto plain = run(0);
    test.Check(plain.size() > 20, "it flips often");
    for (const double delay : {0.001, 3.0, 12.0}) // the last one is longer than the interval
    {
        const auto late = run(delay);
        test.Equal(late.size(), plain.size(), "no change is lost");
        for (size_t i = 0; i < std::min(late.size(), plain.size()); i++)
        {
            test.Check(late[i].probe == plain[i].probe && late[i].up == plain[i].up, "the same");
            test.Equal(late[i].decided, plain[i].decided, "decided at the same time");
            test.Equal(late[i].effective, plain[i].effective + Seconds(delay), "in effect later");
        }
    }
}

/** Sets of probers. */
class ProberSetTestSuite : public TestSuite
{
  public:
    ProberSetTestSuite()
        : TestSuite("azure-prober-set", Type::SYSTEM)
    {
        for (const uint32_t seed : {1, 2})
        {
            Add("HP-7 HP-11 random changes of probers and instances, run " + std::to_string(seed),
                [seed](FunctionTestCase& test) { Changes(test, seed); });
        }
        Add("HP-11 equal runs are equal, and balancers do not disturb each other", Determinism);
        Add("Probers may end at any moment of an exchange", SuddenEnds);
        Add("HP-7 a listener may stop the instance or remove the prober that tells it", Listeners);
        Add("HP-13 a reaction delay shifts all changes alike", Reaction);
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

/** Registers the suite. */
ProberSetTestSuite g_proberSetTestSuite;

} // namespace
