/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-failover-timeline.h"
#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param client who asked
 * @param start when, in seconds
 * @param end when it ended, in seconds
 * @param succeeded how
 * @return a request that had its connection
 */
RequestOutcome
Request(const std::string& client, double start, double end, bool succeeded)
{
    RequestOutcome outcome;
    outcome.client = client;
    outcome.start = Seconds(start);
    outcome.end = Seconds(end);
    outcome.succeeded = succeeded;
    outcome.connected = true;
    outcome.answered = succeeded;
    return outcome;
}

/** A story told by hand: crash at 12 s, repair at 40 s, probes every 5 s at 13, 18, 23 ... */
class CrashTestCase : public TestCase
{
  public:
    CrashTestCase()
        : TestCase("HP-13 every step of a crash and its repair has its time and its interval")
    {
    }

  private:
    void DoRun() override
    {
        FailoverTimeline timeline({"crash", "vm-1", Seconds(12), Seconds(40)});
        const std::string theory = "HP-13: phi + N*I";
        timeline.Expect(FailoverStep::VerdictDown, {Seconds(5), Seconds(10), theory});
        timeline.Expect(FailoverStep::LastNewFlowToTarget, {Seconds(0), Seconds(2), theory});
        timeline.Expect(FailoverStep::VerdictUp, {Seconds(0), Seconds(5), theory});
        timeline.Expect(FailoverStep::FirstClientRecovered, {Seconds(7), Seconds(9), theory});

        timeline.AddProbe(Seconds(3), false); // before the fault: none of its business
        timeline.AddVerdict(Seconds(3), false);
        timeline.AddVerdict(Seconds(8), true);
        timeline.AddFlow(Seconds(11));
        timeline.AddRequest(Request("a", 10, 11, false));
        // The crash, at 12 s.
        timeline.AddProbe(Seconds(12.5), true);
        timeline.AddFlow(Seconds(13));
        timeline.AddRequest(Request("a", 11.5, 13.5, false)); // had begun before
        timeline.AddFlow(Seconds(17.5));
        timeline.AddProbe(Seconds(18), false);
        timeline.AddVerdict(Seconds(18), false);
        timeline.AddProbe(Seconds(23), false);
        timeline.AddRequest(Request("b", 17.5, 19, false));
        timeline.AddRequest(Request("c", 19, 19.5, true)); // never failed: has not recovered
        timeline.AddRequest(Request("a", 19, 20, true));
        auto retried = Request("b", 20, 20.5, true);
        retried.retries = 1;
        timeline.AddRequest(retried);
        timeline.AddRequest(Request("a", 20, 21, true)); // a second success changes nothing
        auto refused = Request("d", 17, 22, false);
        refused.connected = false;
        timeline.AddRequest(refused);
        auto error = Request("a", 17, 22.5, false); // answered, but not as wanted
        error.answered = true;
        timeline.AddRequest(error);
        timeline.AddRequest(Request("d", 23, 24, true));
        // The repair, at 40 s.
        timeline.AddVerdict(Seconds(43), true);
        timeline.AddFlow(Seconds(43.25));
        timeline.AddFlow(Seconds(44));
        timeline.AddRequest(Request("b", 44, 45, false)); // after the outage: something else
        timeline.AddVerdict(Seconds(50), false);

        struct
        {
            std::string name;
            double time;
            double after;
            int inside; // -1: no expectation
        } expected[] = {
            {"first failed probe", 18, 6, -1},
            {"verdict down", 18, 6, 1},
            {"last new flow to the target", 17.5, 5.5, 0},
            {"first client recovered", 20, 8, 1},
            {"last client recovered", 24, 12, -1},
            {"last failed request", 22.5, 10.5, -1},
            {"verdict up", 43, 3, 1},
            {"first new flow after recovery", 43.25, 3.25, -1},
        };

        auto milestones = timeline.GetMilestones();
        NS_TEST_ASSERT_MSG_EQ(milestones.size(), std::size(expected), "steps");
        for (std::size_t i = 0; i < milestones.size(); i++)
        {
            const auto& m = milestones[i];
            const auto& e = expected[i];
            NS_TEST_EXPECT_MSG_EQ(m.name, e.name, "order and names");
            NS_TEST_ASSERT_MSG_EQ((m.time && m.after), true, e.name << " is missing");
            NS_TEST_EXPECT_MSG_EQ(*m.time, Seconds(e.time), e.name);
            NS_TEST_EXPECT_MSG_EQ(*m.after, Seconds(e.after), e.name);
            NS_TEST_EXPECT_MSG_EQ((m.inside ? int(*m.inside) : -1), e.inside, e.name);
            NS_TEST_EXPECT_MSG_EQ(m.expected.has_value(), (e.inside >= 0), e.name);
        }

        // a at 13.5 and 22.5, b at 19, d at 22; broken those connected and never answered.
        NS_TEST_EXPECT_MSG_EQ(timeline.GetRequestsFailed(), 4, "failed");
        NS_TEST_EXPECT_MSG_EQ(timeline.GetConnectionsBroken(), 2, "broken");
        NS_TEST_EXPECT_MSG_EQ(timeline.GetRequestsRetried(), 1, "retried");
        auto clients = timeline.GetClients();
        NS_TEST_ASSERT_MSG_EQ(clients.size(), 3, "a, b and d");
        NS_TEST_EXPECT_MSG_EQ(clients[0].client, "a", "order");
        NS_TEST_EXPECT_MSG_EQ(clients[0].failed, 2, "failures of a");
        NS_TEST_EXPECT_MSG_EQ(clients[0].firstFailure, Seconds(13.5), "first of a");
        NS_TEST_EXPECT_MSG_EQ(clients[0].lastFailure, Seconds(22.5), "last of a");
        NS_TEST_EXPECT_MSG_EQ(*clients[0].firstSuccess, Seconds(20), "a recovers");
        NS_TEST_EXPECT_MSG_EQ(clients[2].client, "d", "order");
        NS_TEST_EXPECT_MSG_EQ(*clients[2].firstSuccess, Seconds(24), "d recovers");
    }
};

/** A fault that nobody repairs and whose victims never recover. */
class ForeverTestCase : public TestCase
{
  public:
    ForeverTestCase()
        : TestCase("A fault without an end has no recovery, and says nothing of what is missing")
    {
    }

  private:
    void DoRun() override
    {
        FailoverTimeline timeline({"crash", "vm-1", Seconds(10), std::nullopt});
        timeline.Expect(FailoverStep::VerdictUp, {Seconds(0), Seconds(5), "HP-13"});
        timeline.AddVerdict(Seconds(15), false);
        timeline.AddVerdict(Seconds(20), true); // a flap, not a recovery: nothing was repaired
        timeline.AddRequest(Request("a", 900, 901, false));
        auto milestones = timeline.GetMilestones();
        for (const auto& m : milestones)
        {
            const bool there =
                m.step == FailoverStep::VerdictDown || m.step == FailoverStep::LastFailedRequest;
            NS_TEST_EXPECT_MSG_EQ(m.time.has_value(), there, m.name);
            NS_TEST_EXPECT_MSG_EQ(m.after.has_value(), there, m.name);
            NS_TEST_EXPECT_MSG_EQ(m.inside.has_value(), false, m.name);
        }
        auto clients = timeline.GetClients();
        NS_TEST_ASSERT_MSG_EQ(clients.size(), 1, "a");
        NS_TEST_EXPECT_MSG_EQ(clients[0].firstSuccess.has_value(), false, "a never recovers");
    }
};

/** A fault that is over before any probe has seen it. */
class UnnoticedTestCase : public TestCase
{
  public:
    UnnoticedTestCase()
        : TestCase("A fault that no verdict has seen ends with its repair")
    {
    }

  private:
    void DoRun() override
    {
        FailoverTimeline timeline({"hang", "vm-1", Seconds(10), Seconds(12)});
        timeline.Expect(FailoverStep::LastNewFlowToTarget, {Seconds(0), Seconds(1.5), "limit"});
        timeline.AddVerdict(Seconds(10.5), true); // repeated, changes nothing
        timeline.AddFlow(Seconds(11.5));
        timeline.AddRequest(Request("a", 11, 11.75, false));
        timeline.AddFlow(Seconds(12));
        timeline.AddProbe(Seconds(13), false);
        timeline.AddVerdict(Seconds(13), false);            // another fault's
        timeline.AddRequest(Request("a", 11.9, 14, false)); // asked in the outage
        timeline.AddRequest(Request("a", 12, 14.5, false)); // asked after it
        auto milestones = timeline.GetMilestones();
        for (auto step :
             {FailoverStep::FirstFailedProbe, FailoverStep::VerdictDown, FailoverStep::VerdictUp})
        {
            NS_TEST_EXPECT_MSG_EQ(milestones[int(step)].time.has_value(),
                                  false,
                                  FailoverTimeline::GetName(step));
        }
        const auto& last = milestones[int(FailoverStep::LastNewFlowToTarget)];
        NS_TEST_EXPECT_MSG_EQ(*last.time, Seconds(11.5), "last flow");
        NS_TEST_EXPECT_MSG_EQ(*last.inside, true, "the ends belong to the interval");
        const auto& first = milestones[int(FailoverStep::FirstNewFlowToTarget)];
        NS_TEST_EXPECT_MSG_EQ(*first.time, Seconds(12), "first flow");
        NS_TEST_EXPECT_MSG_EQ(*first.after, Seconds(0), "counted from the repair");
        NS_TEST_EXPECT_MSG_EQ(timeline.GetRequestsFailed(), 2, "failed");
    }
};

/** Failover timelines. */
class FailoverTimelineTestSuite : public TestSuite
{
  public:
    FailoverTimelineTestSuite()
        : TestSuite("azure-failover-timeline", Type::UNIT)
    {
        AddTestCase(new CrashTestCase, Duration::QUICK);
        AddTestCase(new ForeverTestCase, Duration::QUICK);
        AddTestCase(new UnnoticedTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
FailoverTimelineTestSuite g_failoverTimelineTestSuite;

} // namespace
