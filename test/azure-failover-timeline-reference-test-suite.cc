/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-failover-timeline.h"
#include "ns3/random-variable-stream.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Random numbers of a test. */
class Dice
{
  public:
    /** @param stream stream of the random variable */
    explicit Dice(int64_t stream)
        : m_random(CreateObject<UniformRandomVariable>())
    {
        m_random->SetStream(stream);
    }

    /**
     * @param bound a number
     * @return a number from 0 to below the bound
     */
    uint32_t operator()(uint32_t bound)
    {
        return m_random->GetInteger(0, bound - 1);
    }

  private:
    Ptr<UniformRandomVariable> m_random; //!< all that is random
};

/** Something that happens in a story. */
struct Event
{
    /// Kinds of events.
    enum Kind
    {
        PROBE,
        VERDICT,
        FLOW,
        REQUEST
    };

    Kind kind;              //!< what
    Time now;               //!< when
    bool good{false};       //!< probe succeeded, verdict up
    RequestOutcome request; //!< the request
};

/** A story, evaluated with hindsight: all events are looked at, each step by its definition. */
class Hindsight
{
  public:
    /**
     * @param fault the fault
     * @param events what happened, in the order of time
     */
    Hindsight(const InjectedFault& fault, const std::vector<Event>& events)
        : m_fault(fault),
          m_events(events)
    {
        // The verdicts come first: they alone say how long the outage lasted.
        for (std::size_t i = 0; i < events.size(); ++i)
        {
            const auto& event = events[i];
            if (event.kind != Event::VERDICT || event.now < fault.start)
            {
                continue;
            }
            if (!event.good && !m_down && (!fault.end || event.now < *fault.end))
            {
                m_down = i;
            }
            if (event.good && m_down && !m_up && fault.end && event.now >= *fault.end)
            {
                m_up = i;
            }
        }
    }

    /**
     * @param index an event
     * @param asked the time in question, not after that event
     * @return whether the outage lasted then, as far as could be known at the event
     */
    bool During(std::size_t index, Time asked) const
    {
        if (m_up && *m_up < index)
        {
            return asked < m_events[*m_up].now;
        }
        return (m_down && *m_down < index) || !m_fault.end || asked < *m_fault.end;
    }

    /**
     * @param wanted which events count
     * @return their indices
     */
    std::vector<std::size_t> Select(
        const std::function<bool(const Event&, std::size_t)>& wanted) const
    {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < m_events.size(); ++i)
        {
            const auto& event = m_events[i];
            const auto end = event.kind == Event::REQUEST ? event.request.end : event.now;
            if (end >= m_fault.start && wanted(event, i))
            {
                found.push_back(i);
            }
        }
        return found;
    }

    /** @return requests that failed because of the fault */
    std::vector<std::size_t> Victims() const
    {
        return Select([this](const Event& event, std::size_t i) {
            return event.kind == Event::REQUEST && !event.request.succeeded &&
                   During(i, event.request.start);
        });
    }

    const InjectedFault& m_fault;       //!< the fault
    const std::vector<Event>& m_events; //!< what happened
    std::optional<std::size_t> m_down;  //!< the verdict down
    std::optional<std::size_t> m_up;    //!< the verdict up again
};

/**
 * @param dice random numbers
 * @return events in the order of time, some at the same time
 */
std::vector<Event>
RandomStory(Dice& dice)
{
    std::vector<Event> events;
    Time now;
    for (auto left = 5 + dice(60); left > 0; --left)
    {
        now += MilliSeconds(250 * dice(4));
        Event event{static_cast<Event::Kind>(dice(4)), now, dice(2) > 0, {}};
        event.request.client = std::string(1, "abcd"[dice(4)]);
        event.request.end = now;
        event.request.start = Max(now - MilliSeconds(250 * dice(10)), Time(0));
        event.request.succeeded = event.good;
        event.request.connected = dice(4) > 0;
        event.request.answered = event.good || dice(3) == 0;
        event.request.retries = dice(2);
        events.push_back(event);
    }
    return events;
}

/** @param test the test case */
void
Timelines(FunctionTestCase& test)
{
    Dice dice(44);
    uint32_t recovered = 0;
    for (uint32_t run = 0; run < 2000; ++run)
    {
        InjectedFault fault{"crash", "vm-1", MilliSeconds(250 * dice(30)), std::nullopt};
        if (dice(4))
        {
            fault.end = fault.start + MilliSeconds(250 * dice(40));
        }
        const auto events = RandomStory(dice);
        FailoverTimeline timeline(fault);
        for (const auto& event : events)
        {
            event.kind == Event::PROBE     ? timeline.AddProbe(event.now, event.good)
            : event.kind == Event::VERDICT ? timeline.AddVerdict(event.now, event.good)
            : event.kind == Event::FLOW    ? timeline.AddFlow(event.now)
                                           : timeline.AddRequest(event.request);
        }
        const Hindsight story(fault, events);
        const auto at = [&](const std::vector<std::size_t>& found, bool first) {
            return found.empty() ? std::optional<Time>()
                                 : events[first ? found.front() : found.back()].now;
        };
        const auto failed = story.Victims();
        const auto probes = story.Select([&](const Event& event, std::size_t i) {
            return event.kind == Event::PROBE && !event.good && story.During(i, event.now);
        });
        const auto flows = story.Select([&](const Event& event, std::size_t i) {
            return event.kind == Event::FLOW && story.During(i, event.now);
        });
        const auto later = story.Select([&](const Event& event, std::size_t i) {
            return event.kind == Event::FLOW && !story.During(i, event.now);
        });
        const auto retried = story.Select([&](const Event& event, std::size_t i) {
            return event.kind == Event::REQUEST && event.request.succeeded &&
                   event.request.retries > 0 && story.During(i, event.request.start);
        });
        std::map<std::string, ClientOutage> clients;
        uint64_t broken = 0;
        for (const auto i : failed)
        {
            const auto& request = events[i].request;
            auto& client = clients[request.client];
            client.firstFailure = client.failed++ ? client.firstFailure : request.end;
            client.lastFailure = request.end;
            broken += request.connected && !request.answered;
        }
        std::vector<Time> recoveries;
        for (auto& [name, client] : clients)
        {
            const auto first = std::find_if(failed.begin(), failed.end(), [&](std::size_t i) {
                return events[i].request.client == name;
            });
            for (auto i = *first; i < events.size() && !client.firstSuccess; ++i)
            {
                const auto& event = events[i];
                if (event.kind == Event::REQUEST && event.good && event.request.client == name)
                {
                    client.firstSuccess = event.now;
                    recoveries.push_back(event.now);
                }
            }
        }
        std::sort(recoveries.begin(), recoveries.end());
        const auto none = std::optional<Time>();
        const std::optional<Time> expected[] = {at(probes, true),
                                                story.m_down ? events[*story.m_down].now : none,
                                                at(flows, false),
                                                recoveries.empty() ? none : recoveries.front(),
                                                recoveries.empty() ? none : recoveries.back(),
                                                at(failed, false),
                                                story.m_up ? events[*story.m_up].now : none,
                                                at(later, true)};
        const auto milestones = timeline.GetMilestones();
        for (std::size_t i = 0; i < milestones.size(); ++i)
        {
            const auto what = milestones[i].name + " of story " + std::to_string(run);
            test.Check(milestones[i].time == expected[i], what);
            const bool repair = i >= 6;
            test.Equal(milestones[i].after.has_value(),
                       expected[i].has_value() && (!repair || fault.end),
                       "distance of " + what);
            if (milestones[i].after)
            {
                test.Equal(*milestones[i].after,
                           *expected[i] - (repair ? *fault.end : fault.start),
                           "distance of " + what);
            }
        }
        const auto actual = timeline.GetClients();
        test.Equal(actual.size(), clients.size(), "clients of story " + std::to_string(run));
        for (const auto& client : actual)
        {
            const auto& naive = clients[client.client];
            test.Equal(client.failed, naive.failed, "failures of " + client.client);
            test.Equal(client.firstFailure, naive.firstFailure, "first of " + client.client);
            test.Equal(client.lastFailure, naive.lastFailure, "last of " + client.client);
            test.Check(client.firstSuccess == naive.firstSuccess, "success of " + client.client);
        }
        test.Equal(timeline.GetRequestsFailed(), failed.size(), "failed");
        test.Equal(timeline.GetRequestsRetried(), retried.size(), "retried");
        test.Equal(timeline.GetConnectionsBroken(), broken, "broken");
        recovered += story.m_up.has_value();
    }
    // Stories of both kinds have been told.
    test.Check(recovered > 200 && recovered < 1800, std::to_string(recovered) + " recoveries");
}

/** @param test the test case */
void
Intervals(FunctionTestCase& test)
{
    // A milestone 5 s after its reference against intervals that touch, hold or miss it.
    struct
    {
        double low;  //!< earliest, seconds
        double high; //!< latest, seconds
        bool inside; //!< whether 5 s are in it
    } const rows[] = {{5, 5, true},
                      {0, 5, true},
                      {5, 9, true},
                      {0, 4.999999999, false},
                      {5.000000001, 9, false},
                      {9, 0, false}};

    for (const auto& row : rows)
    {
        FailoverTimeline timeline({"crash", "vm-1", Seconds(10), Seconds(20)});
        const ExpectedInterval interval{Seconds(row.low), Seconds(row.high), "HP-13"};
        timeline.Expect(FailoverStep::VerdictDown, {Seconds(0), Seconds(1), "replaced"});
        timeline.Expect(FailoverStep::VerdictDown, interval);
        timeline.Expect(FailoverStep::VerdictUp, interval);
        timeline.AddVerdict(Seconds(15), false);
        timeline.AddVerdict(Seconds(25), true);
        for (const auto& milestone : timeline.GetMilestones())
        {
            if (milestone.time)
            {
                test.Equal(*milestone.after, Seconds(5), milestone.name);
                test.Equal(*milestone.inside, row.inside, milestone.name);
                test.Equal(milestone.expected->theory, "HP-13", milestone.name);
            }
            else
            {
                test.Equal(milestone.inside.has_value(), false, milestone.name);
            }
        }
    }
}

/** Failover timelines against an evaluation with hindsight. */
class FailoverTimelineReferenceTestSuite : public TestSuite
{
  public:
    FailoverTimelineReferenceTestSuite()
        : TestSuite("azure-failover-timeline-reference", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Milestones of 2000 random stories, against an evaluation with hindsight", Timelines);
        add("HP-13 the ends of an expected interval belong to it", Intervals);
    }
};

/** Registers the suite. */
FailoverTimelineReferenceTestSuite g_failoverTimelineReferenceTestSuite;

} // namespace
