/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-failover-theory.h"
#include "ns3/azure-probe-verdict.h"

#include <algorithm>
#include <functional>
#include <random>
#include <set>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

typedef std::mt19937 Random; //!< the same numbers everywhere

/** One result and when it came. */
struct Result
{
    ProbeOutcome outcome; //!< how the probe ended
    Time when;            //!< when
};

typedef std::vector<Result> History; //!< all results of an instance, in order

/**
 * @param random source
 * @param limit exclusive bound
 * @return a number below it
 */
uint32_t
Draw(Random& random, uint32_t limit)
{
    return static_cast<uint32_t>(random() % limit);
}

/**
 * @brief Results in streaks, so that thresholds are reached and missed about as often.
 * @param random source
 * @param n how many
 * @return the results, 1 to 20 s apart
 */
History
MakeHistory(Random& random, uint32_t n)
{
    const ProbeOutcome kinds[] = {ProbeOutcome::Success,
                                  ProbeOutcome::Success,
                                  ProbeOutcome::BadStatus,
                                  ProbeOutcome::Refused,
                                  ProbeOutcome::Timeout,
                                  ProbeOutcome::Timeout};
    History history;
    Time now = Seconds(0);
    while (history.size() < n)
    {
        const auto kind = kinds[Draw(random, 6)];
        for (auto left = 1 + Draw(random, 4); left > 0; left--)
        {
            now += Seconds(1 + Draw(random, 20));
            history.push_back({kind, now});
        }
    }
    return history;
}

/**
 * @param result a result
 * @return whether it is a success
 */
bool
IsSuccess(const Result& result)
{
    return result.outcome == ProbeOutcome::Success;
}

/**
 * @brief HP-3 for TCP without any state: the latest streak of N equal results decides.
 * @param history all results
 * @param n N
 * @return whether the instance is up
 */
bool
IsUpByTcp(const History& history, uint32_t n)
{
    const auto first = std::find_if(history.begin(), history.end(), IsSuccess);
    if (first == history.end())
    {
        return false;
    }
    for (auto end = history.end(); end - first >= static_cast<int64_t>(n); --end)
    {
        const auto successes = std::count_if(end - n, end, IsSuccess);
        if (successes == 0 || successes == static_cast<int64_t>(n))
        {
            return successes > 0;
        }
    }
    return true; // nothing has spoken against the first success
}

/**
 * @brief HP-3 for HTTP without any state: the latest explicit answer, unless N silences follow.
 * @param history all results
 * @param n N
 * @return whether the instance is up
 */
bool
IsUpByHttp(const History& history, uint32_t n)
{
    const auto last = std::find_if(history.rbegin(), history.rend(), [](const Result& result) {
        return result.outcome != ProbeOutcome::Timeout;
    });
    return last != history.rend() && IsSuccess(*last) && last - history.rbegin() < n;
}

/** HP-3: both protocols against the stateless readings of the rule. */
void
AgainstRule(FunctionTestCase& test, ProbeProtocol protocol)
{
    Random random(20240611);
    for (uint32_t round = 0; round < 300; round++)
    {
        const auto n = 1 + Draw(random, 4);
        ProbeVerdict verdict(
            ProbeSettings::ForLoadBalancer(protocol, 80, "/", Seconds(5), n).thresholds);
        History seen;
        uint32_t wrong = 0;
        for (const auto& result : MakeHistory(random, 60))
        {
            const bool before = verdict.IsUp();
            const bool changed = verdict.Update(result.outcome, result.when);
            seen.push_back(result);
            const bool up =
                protocol == ProbeProtocol::Tcp ? IsUpByTcp(seen, n) : IsUpByHttp(seen, n);
            wrong += verdict.IsUp() != up || changed != (before != up) ? 1 : 0;
        }
        test.Equal(wrong, 0, "round " + std::to_string(round) + ", N = " + std::to_string(n));
    }
}

/** A verdict that keeps everything and looks at it anew each time. */
class NaiveVerdict
{
  public:
    /**
     * @param thresholds as of ProbeVerdict
     * @param flapping as of ProbeVerdict
     */
    NaiveVerdict(const ProbeThresholds& thresholds, const FlapPolicy& flapping)
        : m_thresholds(thresholds),
          m_flapping(flapping)
    {
    }

    /** @param result takes effect */
    void Take(const Result& result)
    {
        m_sinceChange.push_back(result);
        count = 0;
        for (auto it = m_sinceChange.rbegin();
             it != m_sinceChange.rend() && IsSuccess(*it) == IsSuccess(result);
             ++it)
        {
            count++;
        }
        uint32_t needed = m_thresholds.successes;
        if (!IsSuccess(result))
        {
            needed = result.outcome == ProbeOutcome::Timeout ? m_thresholds.timeouts
                                                             : m_thresholds.failures;
        }
        else if (!decided)
        {
            needed = 1;
        }
        if (IsSuccess(result) == up || count < needed || (!up && result.when < GetRelease(result)))
        {
            return;
        }
        up = !up;
        decided = true;
        count = 0;
        m_sinceChange.clear();
        if (!up)
        {
            m_downs.push_back(result.when);
        }
    }

    /** As ProbeVerdict::Reset(). */
    void Forget()
    {
        *this = NaiveVerdict(m_thresholds, m_flapping);
    }

    bool up{false};      //!< the verdict
    bool decided{false}; //!< whether there has been one
    uint32_t count{0};   //!< results in a row

  private:
    /**
     * @brief HP-7: with k marks of down in the window, (k - 1) penalties after the last.
     * @param result the result that asks
     * @return the earliest time of a mark of up
     */
    Time GetRelease(const Result& result) const
    {
        int64_t inWindow = 0;
        for (const auto& down : m_downs)
        {
            inWindow += result.when - down <= m_flapping.window ? 1 : 0;
        }
        return inWindow < 2 ? Time(0) : m_downs.back() + m_flapping.penalty * (inWindow - 1);
    }

    ProbeThresholds m_thresholds; //!< as of ProbeVerdict
    FlapPolicy m_flapping;        //!< as of ProbeVerdict
    History m_sinceChange;        //!< results since the latest change
    std::vector<Time> m_downs;    //!< all marks of down
};

/** Any thresholds, flapping, and stops in between. */
void
AgainstModel(FunctionTestCase& test)
{
    Random random(7);
    uint32_t held = 0;
    for (uint32_t round = 0; round < 400; round++)
    {
        const ProbeThresholds thresholds{1 + Draw(random, 4),
                                         1 + Draw(random, 4),
                                         1 + Draw(random, 4)};
        const FlapPolicy flapping{Seconds(Draw(random, 600)), Seconds(Draw(random, 90))};
        ProbeVerdict verdict(thresholds, flapping);
        ProbeVerdict careless(thresholds);
        NaiveVerdict model(thresholds, flapping);
        uint32_t wrong = 0;
        for (const auto& result : MakeHistory(random, 80))
        {
            if (Draw(random, 40) == 0)
            {
                wrong += verdict.Reset() != model.up ? 1 : 0;
                careless.Reset();
                model.Forget();
            }
            const bool before = model.up;
            model.Take(result);
            careless.Update(result.outcome, result.when);
            const bool changed = verdict.Update(result.outcome, result.when);
            wrong += changed != (model.up != before) || verdict.IsUp() != model.up ||
                             verdict.IsDecided() != model.decided ||
                             verdict.GetCount() != model.count
                         ? 1
                         : 0;
            held += careless.IsUp() && !verdict.IsUp() ? 1 : 0;
        }
        test.Equal(wrong, 0, "round " + std::to_string(round));
    }
    test.Check(held > 500, "instances that flap were held down, " + std::to_string(held));
}

/** A probe's timetable without a network, and the verdict that comes of it. */
class Timetable
{
  public:
    /**
     * @param settings the probe
     * @param first when the first probe starts
     */
    Timetable(const ProbeSettings& settings, Time first)
        : m_settings(settings),
          m_verdict(settings.thresholds),
          m_next(first)
    {
    }

    /**
     * @brief Probe until something happens.
     *
     * @param answer what a probe that starts now sees
     * @param until whether that is enough, after each result
     * @return when the result of the last probe was known
     */
    Time Run(const std::function<ProbeOutcome(Time)>& answer,
             const std::function<bool(bool up, ProbeOutcome)>& until)
    {
        while (true)
        {
            const auto outcome = answer(m_next);
            const bool silent = outcome == ProbeOutcome::Timeout;
            const Time known = m_next + (silent ? m_settings.timeout : Time(0));
            m_verdict.Update(outcome, known);
            const bool atOnce = m_settings.rhythm == ProbeRhythm::AfterTimeout
                                    ? silent
                                    : m_settings.rhythm == ProbeRhythm::UntilDown &&
                                          outcome != ProbeOutcome::Success && m_verdict.IsUp();
            m_next = atOnce ? known : m_next + m_settings.interval;
            if (until(m_verdict.IsUp(), outcome))
            {
                return known;
            }
        }
    }

    /** @return when the next probe starts */
    Time GetNext() const
    {
        return m_next;
    }

  private:
    ProbeSettings m_settings; //!< the probe
    ProbeVerdict m_verdict;   //!< decides
    Time m_next;              //!< the next probe
};

/** HP-13, HP-25, HP-45: closed forms against timetables played through. */
void
ClosedForms(FunctionTestCase& test)
{
    Random random(13);
    for (uint32_t round = 0; round < 2000; round++)
    {
        ProbeSettings settings;
        const auto n = 1 + Draw(random, 5);
        if (Draw(random, 3) == 0) // Application Gateway and Traffic Manager
        {
            settings.interval = Seconds(10 + Draw(random, 60));
            settings.timeout = settings.interval * (1 + Draw(random, 10)) / 10;
            settings.thresholds = {1, n, n};
            settings.rhythm = Draw(random, 2) == 0 ? ProbeRhythm::Even : ProbeRhythm::UntilDown;
        }
        else
        {
            const ProbeProtocol protocols[] = {ProbeProtocol::Tcp, ProbeProtocol::Http};
            settings = ProbeSettings::ForLoadBalancer(protocols[Draw(random, 2)],
                                                      80,
                                                      "/",
                                                      Seconds(5 + Draw(random, 90)),
                                                      n);
        }
        const std::pair<FaultSymptom, ProbeOutcome> faults[] = {
            {FaultSymptom::Silent, ProbeOutcome::Timeout},
            {FaultSymptom::Slow, ProbeOutcome::Timeout},
            {FaultSymptom::Refused, ProbeOutcome::Refused},
            {FaultSymptom::BadStatus, ProbeOutcome::BadStatus}};
        const auto [fault, symptom] = faults[Draw(random, 4)];
        const Time reaction = Seconds(Draw(random, 3));
        const std::string what = "round " + std::to_string(round) + ": ";

        // Both ends of phi, and something in between.
        const double shares[] = {0, 1, (Draw(random, 999) + 0.5) / 1000};
        for (const double share : shares)
        {
            Timetable table(settings, Seconds(1));
            table.Run([](Time) { return ProbeOutcome::Success; }, [](bool up, auto) { return up; });
            const Time phi = settings.interval * share;
            const Time broken = table.GetNext() - phi;
            const auto bad = [symptom = symptom](Time) { return symptom; };
            const Time noticed = table.Run(bad, [](bool, auto) { return true; });
            const auto first = FailoverTheory::FirstFailure(settings, fault);
            test.Equal(noticed - broken, first.lower + phi, what + first.form);
            const Time down =
                n == 1 || (settings.thresholds.failures == 1 && symptom != ProbeOutcome::Timeout)
                    ? noticed
                    : table.Run(bad, [](bool up, auto) { return !up; });
            const auto detection = FailoverTheory::Detection(settings, fault, reaction);
            test.Equal(down + reaction - broken, detection.lower + phi, what + detection.form);
            test.Check(detection.Contains(down + reaction - broken), what + "inside");
            test.Equal(detection.upper - detection.lower,
                       settings.interval,
                       what + "phi is up to I");
            // Repaired: phi counts from the repair.
            const Time repaired = table.GetNext() - phi;
            const Time up = table.Run([](Time) { return ProbeOutcome::Success; },
                                      [](bool isUp, auto) { return isUp; });
            const auto recovery = FailoverTheory::Recovery(settings, reaction);
            test.Equal(up + reaction - repaired, recovery.lower + phi, what + recovery.form);
            test.Check(recovery.Contains(up + reaction - repaired), what + "inside");
        }
    }
}

/** HP-2: every port and every byte of a path, alone. */
void
EveryPortAndByte(FunctionTestCase& test)
{
    const std::set<uint32_t> refused{0, 19, 21, 25, 70, 110, 119, 143, 220, 993};
    uint32_t wrong = 0;
    for (uint32_t port = 0; port <= 65535; port++)
    {
        for (const auto protocol : {ProbeProtocol::Tcp, ProbeProtocol::Http, ProbeProtocol::Https})
        {
            const auto errors = ProbeSettings::ForLoadBalancer(protocol,
                                                               static_cast<uint16_t>(port),
                                                               "/",
                                                               Seconds(5),
                                                               1)
                                    .ValidateForLoadBalancer();
            const bool bad = protocol == ProbeProtocol::Http ? refused.count(port) > 0 : port == 0;
            wrong += errors.size() != (bad ? 1 : 0) || (bad && errors[0].path != "port") ? 1 : 0;
        }
    }
    test.Equal(wrong, 0, "HTTP refuses nine ports, everything port 0, and nothing else");
    for (int c = 0; c < 256; c++)
    {
        const auto path = std::string("/a") + static_cast<char>(c) + "b";
        const auto errors =
            ProbeSettings::ForLoadBalancer(ProbeProtocol::Https, 443, path, Seconds(5), 1)
                .ValidateForLoadBalancer();
        // RFC 3986: a path has visible ASCII characters alone.
        test.Equal(errors.empty(), c > 0x20 && c < 0x7f, "byte " + std::to_string(c));
    }
    // All that is wrong is told at once.
    const auto all = ProbeSettings::ForLoadBalancer(ProbeProtocol::Http, 25, "x", Seconds(1), 0)
                         .ValidateForLoadBalancer();
    std::multiset<std::string> paths;
    for (const auto& error : all)
    {
        paths.insert(error.path);
    }
    test.Check(paths == std::multiset<std::string>{"intervalInSeconds",
                                                   "port",
                                                   "probeThreshold",
                                                   "requestPath"},
               "four errors");
    test.Check(all.size() < 3 || all[2].message.find(" 25,") != std::string::npos, "the port");
}

/** A changed field of any kind is a change: probers are made anew by it. */
void
EveryField(FunctionTestCase& test)
{
    const auto base = ProbeSettings::ForLoadBalancer(ProbeProtocol::Http, 80, "/a", Seconds(15), 2);
    const std::vector<std::function<void(ProbeSettings&)>> changes{
        [](ProbeSettings& s) { s.protocol = ProbeProtocol::Https; },
        [](ProbeSettings& s) { s.port = 81; },
        [](ProbeSettings& s) { s.path = "/A"; },
        [](ProbeSettings& s) { s.interval += NanoSeconds(1); },
        [](ProbeSettings& s) { s.timeout -= NanoSeconds(1); },
        [](ProbeSettings& s) { s.rhythm = ProbeRhythm::Even; },
        [](ProbeSettings& s) { s.rhythm = ProbeRhythm::UntilDown; },
        [](ProbeSettings& s) { s.probeAtStart = true; },
        [](ProbeSettings& s) { s.host = "a"; },
        [](ProbeSettings& s) { s.userAgent = "a"; },
        [](ProbeSettings& s) { s.body = "a"; },
        [](ProbeSettings& s) { s.statuses = {}; },
        [](ProbeSettings& s) { s.statuses[0].first = 199; },
        [](ProbeSettings& s) { s.statuses[0].last = 201; },
        [](ProbeSettings& s) { s.statuses.push_back({}); },
        [](ProbeSettings& s) { s.rules.detection = "a"; },
        [](ProbeSettings& s) { s.rules.recovery = "a"; },
        [](ProbeSettings& s) { s.rules.timeout = "a"; },
        [](ProbeSettings& s) { s.rules.unseen = "a"; },
        [](ProbeSettings& s) { s.thresholds.successes++; },
        [](ProbeSettings& s) { s.thresholds.failures++; },
        [](ProbeSettings& s) { s.thresholds.timeouts++; },
        [](ProbeSettings& s) { s.tls.serverName = "a"; },
        [](ProbeSettings& s) { s.tls.checks.name = true; },
        [](ProbeSettings& s) { s.tls.trust.Add(MakeTlsPublicRoot()); }};
    test.Check(base.Equals(ProbeSettings(base)), "a copy is equal");
    for (size_t i = 0; i < changes.size(); i++)
    {
        auto other = base;
        changes[i](other);
        test.Check(!base.Equals(other) && !other.Equals(base), "change " + std::to_string(i));
        for (size_t j = 0; j < i; j++)
        {
            auto third = base;
            changes[j](third);
            test.Check(!third.Equals(other), "no two changes are the same");
        }
    }
}

/** Probers' decisions against other computations of the same. */
class ProbeVerdictModelTestSuite : public TestSuite
{
  public:
    ProbeVerdictModelTestSuite()
        : TestSuite("azure-probe-verdict-model", Type::UNIT)
    {
        Add("HP-3 the latest streak of N decides about a TCP probe",
            [](FunctionTestCase& test) { AgainstRule(test, ProbeProtocol::Tcp); });
        Add("HP-3 the latest answer decides about an HTTP probe, or N silences after it",
            [](FunctionTestCase& test) { AgainstRule(test, ProbeProtocol::Http); });
        Add("HP-7 any thresholds, with flapping and stops, as a plain model has it", AgainstModel);
        Add("HP-13 HP-23 HP-25 the closed forms are what timetables give", ClosedForms);
        Add("HP-2 exactly nine ports are refused, and every byte that a path cannot hold",
            EveryPortAndByte);
        Add("A change of any field makes another probe", EveryField);
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
ProbeVerdictModelTestSuite g_probeVerdictModelTestSuite;

} // namespace
