/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-test-bed.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A fault, requests before, during and after it, and what becomes of them. */
class FaultTestCase : public TestCase
{
  public:
    /**
     * @param name what is shown
     * @param kind the fault
     * @param during outcome of a new request during the fault
     * @param state state during the fault
     */
    FaultTestCase(const std::string& name,
                  HttpServerFaultKind kind,
                  const std::string& during,
                  const std::string& state)
        : TestCase(name),
          m_kind(kind),
          m_during(during),
          m_state(state)
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("ConnectTimeout", TimeValue(Seconds(2)));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(3)));
        bed.RequestAt(Seconds(1));
        bed.FaultAt(Seconds(2), HttpTestBed::Fault(m_kind));
        bed.RequestAt(Seconds(3));
        Simulator::Schedule(Seconds(10), &HttpServer::ClearFault, bed.server, m_kind);
        bed.RequestAt(Seconds(11));
        bed.Run(Seconds(20));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 3, "three requests expected");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].GetOutcomeName(), "ok", "before the fault");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[1].GetOutcomeName(), m_during, "during the fault");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[2].GetOutcomeName(), "ok", "after the fault");
        std::vector<std::string> expected{"Serving"};
        if (!m_state.empty())
        {
            expected.insert(expected.end(), {m_state, "Serving"});
        }
        NS_TEST_EXPECT_MSG_EQ((bed.states == expected), true, "state transitions");
    }

    HttpServerFaultKind m_kind; //!< the fault
    std::string m_during;       //!< outcome during the fault
    std::string m_state;        //!< state during the fault
};

/** What becomes of a request in service when a fault strikes. */
class InServiceFaultTestCase : public TestCase
{
  public:
    /**
     * @param name what is shown
     * @param kind the fault
     * @param outcome what the client sees
     * @param end when it sees it
     */
    InServiceFaultTestCase(const std::string& name,
                           HttpServerFaultKind kind,
                           const std::string& outcome,
                           Time end)
        : TestCase(name),
          m_kind(kind),
          m_outcome(outcome),
          m_end(end)
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=2]"));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(10)));
        bed.RequestAt(Seconds(1));
        bed.FaultAt(Seconds(2), HttpTestBed::Fault(m_kind));
        Simulator::Schedule(Seconds(5), &HttpServer::ClearFaults, bed.server);
        bed.Run(Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 1, "one request expected");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].GetOutcomeName(), m_outcome, "outcome");
        NS_TEST_EXPECT_MSG_EQ_TOL(bed.requests[0].end, m_end, MicroSeconds(50), "end");
        NS_TEST_EXPECT_MSG_EQ(bed.served.size(), 1, "the server reports it once");
        NS_TEST_EXPECT_MSG_EQ(bed.served[0].complete, (m_outcome == "ok"), "as answered or not");
    }

    HttpServerFaultKind m_kind; //!< the fault
    std::string m_outcome;      //!< what the client sees
    Time m_end;                 //!< when it sees it
};

/** Packets that a crashed server sends. */
class SilentCrashTestCase : public TestCase
{
  public:
    SilentCrashTestCase()
        : TestCase("A crashed server sends not one packet, and resets the old connection "
                   "after its restart")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=1]"));
        bed.client->SetAttribute("RequestBodySize",
                                 StringValue("ns3::ConstantRandomVariable[Constant=20000000]"));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(100)));
        bed.RequestAt(Seconds(1));
        // 20 MB take longer than 0.1 s on 1 Gbit/s: the crash is in the midst of the upload.
        bed.FaultAt(Seconds(1.1), HttpTestBed::Fault(HttpServerFaultKind::Crash));
        bed.devices.Get(1)->TraceConnectWithoutContext(
            "PhyTxBegin",
            MakeCallback(&SilentCrashTestCase::OnSend, this));
        Simulator::Schedule(Seconds(6), &HttpServer::ClearFaults, bed.server);
        bed.Run(Seconds(60));
        // What was in the device's queue may still leave.
        NS_TEST_EXPECT_MSG_EQ(m_during, 0, "packets while crashed");
        NS_TEST_EXPECT_MSG_GT(m_before, 0, "packets before");
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 1, "one request expected");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].GetOutcomeName(), "reset", "outcome");
        NS_TEST_EXPECT_MSG_GT(bed.requests[0].end, Seconds(6), "learnt after the restart");
        NS_TEST_EXPECT_MSG_EQ(bed.server->GetConnectionCount(), 0, "no connection left");
    }

    /** A packet leaves the server's node. */
    void OnSend(Ptr<const Packet> /* packet */)
    {
        if (Simulator::Now() < Seconds(1.1))
        {
            ++m_before;
        }
        else if (Simulator::Now() > Seconds(1.101) && Simulator::Now() < Seconds(6))
        {
            ++m_during;
        }
    }

    uint32_t m_before{0}; //!< packets before the crash
    uint32_t m_during{0}; //!< packets while crashed
};

/** Slow and Status change the answers, not the state. */
class AnswerFaultTestCase : public TestCase
{
  public:
    AnswerFaultTestCase()
        : TestCase("Extra delay and status codes, for all paths or one")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ResponseSize",
                                 StringValue("ns3::ConstantRandomVariable[Constant=0]"));
        auto other = bed.AddClient();
        other->SetAttribute("Rate", DoubleValue(0));
        other->SetAttribute("Path", StringValue("/health?x=1"));
        auto slow = HttpTestBed::Fault(HttpServerFaultKind::Slow);
        slow.delay = Seconds(0.5);
        auto status = HttpTestBed::Fault(HttpServerFaultKind::Status);
        status.path = "/health";
        bed.RequestAt(Seconds(1));
        bed.FaultAt(Seconds(2), slow);
        bed.RequestAt(Seconds(3));
        Simulator::Schedule(Seconds(4), &HttpServer::ClearFaults, bed.server);
        bed.FaultAt(Seconds(5), status);
        bed.RequestAt(Seconds(6));
        Simulator::Schedule(Seconds(7), &HttpClient::SendRequest, other);
        status.path = "";
        status.status = 404;
        Simulator::Schedule(Seconds(8), &HttpServer::ClearFaults, bed.server);
        bed.FaultAt(Seconds(8), status);
        bed.RequestAt(Seconds(9));
        bed.Run(Seconds(10));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 5, "five requests expected");
        // The quick answer waits behind the acknowledgement of its request: 0.4 us at 1 Gbit/s.
        auto extra = bed.requests[1].GetLatency() - bed.requests[0].GetLatency();
        NS_TEST_EXPECT_MSG_EQ_TOL(extra, Seconds(0.5), MicroSeconds(1), "extra delay");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[2].status, 200, "another path");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[3].status, 503, "the path itself");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[3].GetOutcomeName(), "http-5xx", "outcome of 503");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[4].GetOutcomeName(), "http-4xx", "all paths");
        NS_TEST_EXPECT_MSG_EQ(bed.states.size(), 1, "no state transition");
    }
};

/** Bounded concurrency against hand computation. */
class ConcurrencyTestCase : public TestCase
{
  public:
    ConcurrencyTestCase()
        : TestCase("With one place, four requests at once are answered one service time apart")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=0.1]"));
        bed.server->SetAttribute("MaxConcurrency", UintegerValue(1));
        for (int i = 0; i < 4; ++i)
        {
            bed.RequestAt(Seconds(1));
        }
        bed.Run(Seconds(5));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 4, "four requests expected");
        for (int i = 1; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(bed.requests[i].end - bed.requests[i - 1].end,
                                      Seconds(0.1),
                                      MicroSeconds(30),
                                      "distance of answers");
            NS_TEST_EXPECT_MSG_EQ(bed.requests[i].request, static_cast<uint64_t>(i), "order");
        }
    }
};

/** HTTP server application. */
class HttpServerTestSuite : public TestSuite
{
  public:
    HttpServerTestSuite()
        : TestSuite("azure-http-server", Type::UNIT)
    {
        using Kind = HttpServerFaultKind;
        AddTestCase(new FaultTestCase("Crash: connects time out, then it serves again",
                                      Kind::Crash,
                                      "connect-timeout",
                                      "Crashed"),
                    Duration::QUICK);
        AddTestCase(new FaultTestCase("Refuse: connects are reset, then it serves again",
                                      Kind::Refuse,
                                      "refused",
                                      "Refusing"),
                    Duration::QUICK);
        AddTestCase(new FaultTestCase("Hang: connects succeed, answers do not come",
                                      Kind::Hang,
                                      "timeout",
                                      "Hung"),
                    Duration::QUICK);
        AddTestCase(new FaultTestCase("Status: 503 is an answer", Kind::Status, "http-5xx", ""),
                    Duration::QUICK);
        // Handshake 1 RTT = 20 ms, request 10 ms, service until 3.03 s, held until 5 s, 10 ms back.
        AddTestCase(new InServiceFaultTestCase("Hang: a request in service is answered afterwards",
                                               Kind::Hang,
                                               "ok",
                                               Seconds(5.01)),
                    Duration::QUICK);
        AddTestCase(new InServiceFaultTestCase("Refuse: a request in service is reset at once",
                                               Kind::Refuse,
                                               "reset",
                                               Seconds(2.01)),
                    Duration::QUICK);
        AddTestCase(new InServiceFaultTestCase("Crash: a request in service is never heard of",
                                               Kind::Crash,
                                               "timeout",
                                               Seconds(11.02)),
                    Duration::QUICK);
        AddTestCase(new SilentCrashTestCase, Duration::QUICK);
        AddTestCase(new AnswerFaultTestCase, Duration::QUICK);
        AddTestCase(new ConcurrencyTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
HttpServerTestSuite g_httpServerTestSuite;

} // namespace
