/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-test-bed.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/object-map.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/test.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A request's times against hand computation, on a slow link. */
class ExactTimesTestCase : public TestCase
{
  public:
    ExactTimesTestCase()
        : TestCase("Connect time and latency equal round trips, service and transmission")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed(MilliSeconds(10), "1Mbps");
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=0.05]"));
        bed.RequestAt(Seconds(1));
        bed.Run(Seconds(5));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 1, "one request expected");
        const auto& record = bed.requests[0];
        // One byte is 8 us. Framing: PPP 2 + IP 20 + TCP 20 + options: 12 (timestamps), or 16 on
        // a SYN (timestamps 10, window scale 3, SACK permitted 2, padding).
        auto bytes = [](uint64_t count) { return MicroSeconds(8 * count); };
        auto syn = bytes(2 + 20 + 20 + 16);
        auto segment = [&](uint64_t payload) { return bytes(2 + 20 + 20 + 12 + payload); };
        auto connect = MilliSeconds(20) + syn + syn;
        NS_TEST_EXPECT_MSG_EQ_TOL(*record.GetConnectTime(),
                                  connect,
                                  NanoSeconds(10),
                                  "connect time");
        // The request waits behind the acknowledgement that ends the handshake.
        auto latency = connect + segment(0) + segment(record.requestBytes) + MilliSeconds(20) +
                       MilliSeconds(50) + segment(record.responseBytes);
        NS_TEST_EXPECT_MSG_EQ_TOL(record.GetLatency(), latency, NanoSeconds(10), "latency");
        NS_TEST_EXPECT_MSG_EQ(*record.firstByte, *record.lastByte, "one segment");
        NS_TEST_EXPECT_MSG_EQ(record.bodyBytes, 1024, "body");
        NS_TEST_EXPECT_MSG_EQ(record.servedBy, "web", "who served it");
        NS_TEST_EXPECT_MSG_EQ(record.host, "10.0.0.2", "host");
        NS_TEST_ASSERT_MSG_EQ(bed.served.size(), 1, "one record of the server");
        NS_TEST_EXPECT_MSG_EQ(bed.served[0].requestId, "client-0.0-0", "request id");
        NS_TEST_EXPECT_MSG_EQ(bed.served[0].peer.GetPort(), record.local.GetPort(), "port");
        NS_TEST_EXPECT_MSG_EQ(bed.served[0].peer.GetIpv4(), record.local.GetIpv4(), "address");
    }
};

/** A fault, and the exact time after which the client gives up. */
class TimeoutTestCase : public TestCase
{
  public:
    /**
     * @param name what is shown
     * @param kind fault of the server
     * @param outcome what the client reports
     * @param connectTimeout attribute ConnectTimeout
     * @param latency when, after the request
     */
    TimeoutTestCase(const std::string& name,
                    HttpServerFaultKind kind,
                    const std::string& outcome,
                    Time connectTimeout,
                    Time latency)
        : TestCase(name),
          m_kind(kind),
          m_outcome(outcome),
          m_connectTimeout(connectTimeout),
          m_latency(latency)
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("ConnectTimeout", TimeValue(m_connectTimeout));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(4)));
        bed.FaultAt(Seconds(1), HttpTestBed::Fault(m_kind));
        bed.RequestAt(Seconds(2));
        bed.Run(Seconds(200));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 1, "one request expected");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].GetOutcomeName(), m_outcome, "outcome");
        NS_TEST_EXPECT_MSG_EQ_TOL(bed.requests[0].GetLatency(),
                                  m_latency,
                                  MicroSeconds(2),
                                  "latency");
        NS_TEST_EXPECT_MSG_EQ(bed.client->GetConnectionCount(), 0, "no connection left");
    }

    HttpServerFaultKind m_kind; //!< fault of the server
    std::string m_outcome;      //!< what the client reports
    Time m_connectTimeout;      //!< attribute ConnectTimeout
    Time m_latency;             //!< when, after the request
};

/** A server that does not answer for a while does not slow an open loop down. */
class OpenLoopTestCase : public TestCase
{
  public:
    OpenLoopTestCase()
        : TestCase("Open loop: a hung server does not delay requests, their latency shows it")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::OpenPaced));
        bed.client->SetAttribute("Rate", DoubleValue(10));
        bed.client->SetAttribute("MaxRequests", UintegerValue(100));
        bed.client->SetStartTime(Seconds(1));
        bed.FaultAt(Seconds(3), HttpTestBed::Fault(HttpServerFaultKind::Hang));
        Simulator::Schedule(Seconds(8), &HttpServer::ClearFaults, bed.server);
        bed.Run(Seconds(20));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 100, "every request reported once");
        for (const auto& record : bed.requests)
        {
            auto due = Seconds(1) + record.request * MilliSeconds(100);
            NS_TEST_EXPECT_MSG_EQ_TOL(record.scheduled, due, NanoSeconds(1), "on schedule");
            // A request needs 30 ms to reach the server; those that reach it hung are answered
            // when it goes on, 10 ms away.
            bool held = due + MilliSeconds(30) > Seconds(3) && due + MilliSeconds(30) < Seconds(8);
            auto end = held ? Seconds(8) + MilliSeconds(10) : due + MilliSeconds(40);
            NS_TEST_EXPECT_MSG_EQ_TOL(record.end, end, MilliSeconds(2), "end");
        }
    }
};

/** Poisson arrivals against the exponential distribution. */
class PoissonTestCase : public TestCase
{
  public:
    PoissonTestCase()
        : TestCase("Poisson arrivals: Kolmogorov-Smirnov against the exponential distribution")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("Rate", DoubleValue(200));
        bed.client->SetAttribute("KeepAlive", BooleanValue(true));
        bed.client->AssignStreams(77);
        bed.client->SetStartTime(Seconds(1));
        bed.Run(Seconds(21));
        std::vector<double> gaps;
        std::vector<Time> times{Seconds(1)};
        for (const auto& record : bed.requests)
        {
            times.push_back(record.scheduled);
        }
        std::sort(times.begin(), times.end());
        for (std::size_t i = 1; i < times.size(); ++i)
        {
            gaps.push_back((times[i] - times[i - 1]).GetSeconds());
        }
        std::sort(gaps.begin(), gaps.end());
        double count = static_cast<double>(gaps.size());
        // 4,000 expected, standard deviation 63.
        NS_TEST_EXPECT_MSG_EQ_TOL(count, 4000, 200, "number of arrivals");
        double distance = 0;
        for (std::size_t i = 0; i < gaps.size(); ++i)
        {
            double theory = 1 - std::exp(-200 * gaps[i]);
            distance = std::max(distance, std::abs(theory - i / count));
            distance = std::max(distance, std::abs(theory - (i + 1) / count));
        }
        // 1 % level of the Kolmogorov distribution.
        NS_TEST_EXPECT_MSG_LT(distance * std::sqrt(count), 1.628, "distance");
    }
};

/** Users with think times, each with a connection of his own. */
class ClosedLoopTestCase : public TestCase
{
  public:
    ClosedLoopTestCase()
        : TestCase("Closed loop: a user's requests are think time and latency apart")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::Closed));
        bed.client->SetAttribute("Users", UintegerValue(3));
        bed.client->SetAttribute("KeepAlive", BooleanValue(true));
        bed.client->SetAttribute("MaxRequests", UintegerValue(30));
        bed.Run(Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 30, "as many as allowed");
        std::map<uint32_t, Time> last;
        std::map<uint32_t, uint16_t> port;
        std::set<uint16_t> ports;
        for (const auto& record : bed.requests)
        {
            ports.insert(record.local.GetPort());
            if (last.count(record.user))
            {
                NS_TEST_EXPECT_MSG_EQ(record.scheduled - last[record.user], Seconds(1), "think");
                NS_TEST_EXPECT_MSG_EQ(record.reused, true, "the same connection");
                NS_TEST_EXPECT_MSG_EQ(record.local.GetPort(), port[record.user], "his own");
                NS_TEST_EXPECT_MSG_EQ_TOL(record.GetLatency(),
                                          MilliSeconds(20),
                                          MicroSeconds(60),
                                          "one round trip without handshake");
            }
            last[record.user] = record.end;
            port[record.user] = record.local.GetPort();
        }
        NS_TEST_EXPECT_MSG_EQ(ports.size(), 3, "a connection for each user");
    }
};

/** Connections, ports, and what is left of them. */
class ConnectionTestCase : public TestCase
{
  public:
    ConnectionTestCase()
        : TestCase("One connection for each request: ports differ, and nothing is left behind")
    {
    }

  private:
    /**
     * @param node a node
     * @return TCP sockets that it holds
     */
    static std::size_t CountSockets(Ptr<Node> node)
    {
        ObjectMapValue sockets;
        node->GetObject<TcpL4Protocol>()->GetAttribute("SocketList", sockets);
        return sockets.GetN();
    }

    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("Rate", DoubleValue(50));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(1)));
        bed.client->SetAttribute("MaxRequests", UintegerValue(500));
        bed.client->AssignStreams(5);
        // Some end in the orderly way, some by a timeout against a hung server, some are lost.
        bed.FaultAt(Seconds(3), HttpTestBed::Fault(HttpServerFaultKind::Hang));
        Simulator::Schedule(Seconds(5), &HttpServer::ClearFaults, bed.server);
        bed.FaultAt(Seconds(6), HttpTestBed::Fault(HttpServerFaultKind::Crash));
        Simulator::Schedule(Seconds(7), &HttpServer::ClearFaults, bed.server);
        bed.Run(Seconds(200));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 500, "every request reported once");
        std::set<uint16_t> ports;
        std::set<uint64_t> ids;
        std::set<std::string> outcomes;
        for (const auto& record : bed.requests)
        {
            ports.insert(record.local.GetPort());
            ids.insert(record.request);
            outcomes.insert(record.GetOutcomeName());
        }
        NS_TEST_EXPECT_MSG_EQ(ports.size(), 500, "ports");
        NS_TEST_EXPECT_MSG_EQ(ids.size(), 500, "ids");
        NS_TEST_EXPECT_MSG_EQ(outcomes.count("ok"), 1, "some succeed");
        NS_TEST_EXPECT_MSG_EQ(outcomes.count("timeout"), 1, "some time out");
        NS_TEST_EXPECT_MSG_EQ(bed.client->GetOutstandingCount(), 0, "none outstanding");
        NS_TEST_EXPECT_MSG_EQ(CountSockets(bed.nodes.Get(0)), 0, "sockets of the client");
        NS_TEST_EXPECT_MSG_EQ(CountSockets(bed.nodes.Get(1)), 1, "the listening socket");
    }
};

/** Retries, overload and stop. */
class AttemptTestCase : public TestCase
{
  public:
    AttemptTestCase()
        : TestCase("Retries, overload and stop are each reported, the last attempt marked")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("ConnectTimeout", TimeValue(Seconds(1)));
        bed.client->SetAttribute("Retries", UintegerValue(2));
        bed.client->SetAttribute("RetryDelay", TimeValue(Seconds(0.5)));
        bed.client->SetAttribute("MaxOutstanding", UintegerValue(1));
        bed.FaultAt(Seconds(1), HttpTestBed::Fault(HttpServerFaultKind::Crash));
        bed.RequestAt(Seconds(2));
        bed.RequestAt(Seconds(2.1));
        Simulator::Schedule(Seconds(4), &HttpServer::ClearFaults, bed.server);
        bed.FaultAt(Seconds(9), HttpTestBed::Fault(HttpServerFaultKind::Hang));
        bed.RequestAt(Seconds(10));
        bed.client->SetStopTime(Seconds(11));
        bed.Run(Seconds(30));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 5, "five attempts expected");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].GetOutcomeName(), "overload", "second request");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].request, 1, "second request");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].attempt, 1, "it is not tried again");
        // 2 s + 1 s, pause 0.5 s, 3.5 s + 1 s, pause, then at 5 s it succeeds in 40 ms.
        const std::vector<std::string> outcomes{"connect-timeout", "connect-timeout", "ok"};
        const std::vector<Time> ends{Seconds(3), Seconds(4.5), Seconds(5.04)};
        for (uint32_t i = 0; i < 3; ++i)
        {
            const auto& record = bed.requests[i + 1];
            NS_TEST_EXPECT_MSG_EQ(record.GetOutcomeName(), outcomes[i], "outcome");
            NS_TEST_EXPECT_MSG_EQ(record.attempt, i + 1, "attempt");
            NS_TEST_EXPECT_MSG_EQ(record.last, (i == 2), "last");
            NS_TEST_EXPECT_MSG_EQ(record.scheduled, Seconds(2), "measured from the first");
            NS_TEST_EXPECT_MSG_EQ_TOL(record.end, ends[i], MicroSeconds(50), "end");
        }
        NS_TEST_EXPECT_MSG_EQ(bed.requests[4].GetOutcomeName(), "aborted", "stopped");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[4].end, Seconds(11), "when it stopped");
    }
};

/** HTTP client application. */
class HttpClientTestSuite : public TestSuite
{
  public:
    HttpClientTestSuite()
        : TestSuite("azure-http-client", Type::UNIT)
    {
        using Kind = HttpServerFaultKind;
        AddTestCase(new ExactTimesTestCase, Duration::QUICK);
        AddTestCase(new TimeoutTestCase("Connect timeout to the nanosecond",
                                        Kind::Crash,
                                        "connect-timeout",
                                        Seconds(3),
                                        Seconds(3)),
                    Duration::QUICK);
        // 1 + 2 + 4 + 8 + 16 + 32 + 64 s.
        AddTestCase(new TimeoutTestCase("Without a timeout TCP gives up as Linux does, after 127 s",
                                        Kind::Crash,
                                        "connect-timeout",
                                        Seconds(0),
                                        Seconds(127)),
                    Duration::QUICK);
        AddTestCase(new TimeoutTestCase("Refused after one round trip",
                                        Kind::Refuse,
                                        "refused",
                                        Seconds(3),
                                        MilliSeconds(20)),
                    Duration::QUICK);
        AddTestCase(new TimeoutTestCase("Response timeout counts from the request sent",
                                        Kind::Hang,
                                        "timeout",
                                        Seconds(3),
                                        MilliSeconds(20) + Seconds(4)),
                    Duration::QUICK);
        AddTestCase(new OpenLoopTestCase, Duration::QUICK);
        AddTestCase(new PoissonTestCase, Duration::QUICK);
        AddTestCase(new ClosedLoopTestCase, Duration::QUICK);
        AddTestCase(new ConnectionTestCase, Duration::QUICK);
        AddTestCase(new AttemptTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
HttpClientTestSuite g_httpClientTestSuite;

} // namespace
