/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-test-bed.h"

#include "ns3/azure-tcp-preset.h"
#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/inet-socket-address.h"
#include "ns3/test.h"

#include <algorithm>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** @brief A peer that sends exactly the bytes it is told to, and keeps what it gets. */
class RawPeer
{
  public:
    /**
     * @brief Connect to the server of a bed.
     * @param bed the bed
     */
    void Connect(HttpTestBed& bed)
    {
        m_socket = TcpPresetSocketFactory::CreateOn(bed.nodes.Get(0));
        Watch();
        m_socket->Connect(InetSocketAddress(bed.interfaces.GetAddress(1), 80));
    }

    /**
     * @brief Serve the client of a bed in place of its server: every connection gets the bytes.
     * @param bed the bed
     * @param reply the bytes, sent when the first bytes of a request arrive
     * @param ending "fin", "rst" or "open": what follows the bytes
     */
    void Serve(HttpTestBed& bed, const std::string& reply, const std::string& ending)
    {
        m_reply = reply;
        m_ending = ending;
        m_listener = TcpPresetSocketFactory::CreateOn(bed.nodes.Get(1));
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), 8080));
        m_listener->Listen();
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&RawPeer::OnAccept, this));
        bed.client->SetAttribute(
            "Remote",
            AddressValue(InetSocketAddress(bed.interfaces.GetAddress(1), 8080)));
    }

    /** @param text bytes to send now */
    void Send(const std::string& text)
    {
        m_socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()),
                                      static_cast<uint32_t>(text.size())),
                       0);
    }

    /** @brief Send no more, but go on to read. */
    void HalfClose()
    {
        m_socket->Close(); // ns-3 delivers what arrives afterwards
    }

    std::string m_received; //!< everything that arrived
    bool m_closed{false};   //!< the peer sent a FIN
    uint32_t m_accepted{0}; //!< connections

  private:
    /** @brief Keep what arrives. */
    void Watch()
    {
        m_socket->SetRecvCallback(MakeCallback(&RawPeer::OnReceive, this));
        m_socket->SetCloseCallbacks(MakeCallback(&RawPeer::OnClose, this),
                                    MakeCallback(&RawPeer::OnClose, this));
    }

    /** @param socket an accepted connection */
    void OnAccept(Ptr<Socket> socket, const Address& /* from */)
    {
        m_socket = DynamicCast<AbortableTcpSocket>(socket);
        ++m_accepted;
        m_replied = false;
        Watch();
    }

    /** @param socket the connection */
    void OnReceive(Ptr<Socket> socket)
    {
        while (auto packet = socket->Recv())
        {
            if (packet->GetSize() == 0)
            {
                break;
            }
            std::string text(packet->GetSize(), '\0');
            packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), packet->GetSize());
            m_received += text;
        }
        if (!m_reply.empty() && !m_replied)
        {
            m_replied = true;
            Send(m_reply);
            if (m_ending == "fin")
            {
                socket->Close();
            }
            else if (m_ending == "rst")
            {
                // Behind the bytes, which would be lost otherwise.
                Simulator::Schedule(MilliSeconds(50), &AbortableTcpSocket::Abort, m_socket);
            }
        }
    }

    /** @param socket the connection */
    void OnClose(Ptr<Socket> /* socket */)
    {
        m_closed = true;
    }

    Ptr<AbortableTcpSocket> m_listener; //!< when it serves
    Ptr<AbortableTcpSocket> m_socket;   //!< the connection
    std::string m_reply;                //!< when it serves: bytes of a reply
    std::string m_ending;               //!< when it serves: what follows
    bool m_replied{false};              //!< when it serves: the reply is sent
};

/**
 * @param text what a server sent
 * @return the status lines in it, joined by blanks; bodies are zeros and hold none
 */
std::string
StatusCodes(const std::string& text)
{
    std::string codes;
    const std::string start = "HTTP/1.1 ";
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1))
    {
        codes += (codes.empty() ? "" : " ") + text.substr(at + start.size(), 3);
    }
    return codes;
}

/** Bytes sent to a server, and what it answers. */
class ServerWireTestCase : public TestCase
{
  public:
    /**
     * @param name what is shown
     * @param pieces what is sent, 0.1 s apart; "|" closes the sending side
     * @param codes status codes of the answers
     * @param closed whether the server closes the connection within 1 s
     */
    ServerWireTestCase(const std::string& name,
                       const std::vector<std::string>& pieces,
                       const std::string& codes,
                       bool closed)
        : TestCase(name),
          m_pieces(pieces),
          m_codes(codes),
          m_closed(closed)
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        RawPeer peer;
        Simulator::Schedule(Seconds(1), [&] { peer.Connect(bed); });
        auto at = Seconds(1.1);
        for (const auto& piece : m_pieces)
        {
            Simulator::Schedule(at, [&peer, piece] {
                piece == "|" ? peer.HalfClose() : peer.Send(piece);
            });
            at += Seconds(0.1);
        }
        bed.Run(at + Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(StatusCodes(peer.m_received), m_codes, peer.m_received);
        NS_TEST_EXPECT_MSG_EQ(peer.m_closed, m_closed, "closed by the server");
        NS_TEST_EXPECT_MSG_EQ(bed.server->GetConnectionCount(), (m_closed ? 0 : 1), "connections");
    }

    std::vector<std::string> m_pieces; //!< what is sent
    std::string m_codes;               //!< expected status codes
    bool m_closed;                     //!< expected end
};

/** Bytes sent to a client, and what it makes of them. */
class ClientWireTestCase : public TestCase
{
  public:
    /**
     * @param name what is shown
     * @param reply bytes of the server
     * @param ending "fin", "rst" or "open": what follows them
     * @param outcome what the client reports for both of two requests
     * @param bodyBytes bytes of body that it counts
     * @param connections connections of two keep-alive requests
     */
    ClientWireTestCase(const std::string& name,
                       const std::string& reply,
                       const std::string& ending,
                       const std::string& outcome,
                       uint64_t bodyBytes,
                       uint32_t connections)
        : TestCase(name),
          m_reply(reply),
          m_ending(ending),
          m_outcome(outcome),
          m_bodyBytes(bodyBytes),
          m_connections(connections)
    {
    }

    /** @param method method of the requests @return this */
    ClientWireTestCase* With(const std::string& method)
    {
        m_method = method;
        return this;
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        RawPeer peer;
        peer.Serve(bed, m_reply, m_ending);
        bed.client->SetAttribute("KeepAlive", BooleanValue(true));
        bed.client->SetAttribute("Method", StringValue(m_method));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(1)));
        bed.RequestAt(Seconds(1));
        bed.RequestAt(Seconds(3));
        bed.Run(Seconds(10));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 2, "requests");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].GetOutcomeName(), m_outcome, "outcome");
        NS_TEST_EXPECT_MSG_EQ(bed.requests[0].bodyBytes, m_bodyBytes, "body");
        NS_TEST_EXPECT_MSG_EQ(peer.m_accepted, m_connections, "connections");
    }

    std::string m_reply;         //!< bytes of the server
    std::string m_ending;        //!< what follows
    std::string m_outcome;       //!< expected outcome
    uint64_t m_bodyBytes;        //!< expected bytes
    uint32_t m_connections;      //!< expected connections
    std::string m_method{"GET"}; //!< method of the requests
};

/** Requests behind one whose answer does not fit into the send buffer. */
class PipelinedTestCase : public TestCase
{
  public:
    PipelinedTestCase()
        : TestCase("Pipelined requests are answered although the first answer fills the buffer")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        // More than the 4 MiB that a socket takes at once.
        bed.server->SetAttribute("ResponseSize",
                                 StringValue("ns3::ConstantRandomVariable[Constant=4300000]"));
        RawPeer peer;
        const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        Simulator::Schedule(Seconds(1), [&] { peer.Connect(bed); });
        Simulator::Schedule(Seconds(1.1), [&] { peer.Send(request + request); });
        bed.Run(Seconds(20));
        NS_TEST_EXPECT_MSG_EQ(bed.server->GetServedCount(), 2, "answers");
        NS_TEST_EXPECT_MSG_EQ(StatusCodes(peer.m_received), "200 200", "answers that arrived");
    }
};

/** A receive buffer full of tiny requests, all answered at once. */
class ManyPipelinedTestCase : public TestCase
{
  public:
    ManyPipelinedTestCase()
        : TestCase("30000 requests in one buffer are answered one after the other, not nested")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ResponseSize",
                                 StringValue("ns3::ConstantRandomVariable[Constant=0]"));
        RawPeer peer;
        std::string text;
        for (uint32_t i = 0; i < COUNT; ++i)
        {
            text += "GET / HTTP/1.1\r\nHost:\r\n\r\n";
        }
        // While the server hangs, it reads nothing.
        bed.FaultAt(Seconds(1), HttpTestBed::Fault(HttpServerFaultKind::Hang));
        Simulator::Schedule(Seconds(1), [&] { peer.Connect(bed); });
        Simulator::Schedule(Seconds(1.1), [&] { peer.Send(text); });
        Simulator::Schedule(Seconds(5), &HttpServer::ClearFaults, bed.server);
        bed.Run(Seconds(30));
        NS_TEST_EXPECT_MSG_EQ(bed.server->GetServedCount(), COUNT, "answers");
    }

    static constexpr uint32_t COUNT = 30000; //!< requests, 750 kB
};

/** A client without a route does not stop the clock. */
class FailAtOnceTestCase : public TestCase
{
  public:
    /** @param overload whether the bound on outstanding requests is what fails, not the route */
    explicit FailAtOnceTestCase(bool overload)
        : TestCase(overload ? "Users beyond MaxOutstanding try again, a second apart"
                            : "A closed loop without a route tries again, a second apart"),
          m_overload(overload)
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::Closed));
        bed.client->SetAttribute("ThinkTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=0]"));
        if (m_overload)
        {
            bed.client->SetAttribute("Users", UintegerValue(2));
            bed.client->SetAttribute("MaxOutstanding", UintegerValue(1));
            bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(100)));
            bed.FaultAt(Seconds(0.5), HttpTestBed::Fault(HttpServerFaultKind::Hang));
        }
        else
        {
            bed.client->SetAttribute("Retries", UintegerValue(1));
            bed.client->SetAttribute("Remote",
                                     AddressValue(InetSocketAddress(Ipv4Address("192.0.2.1"), 80)));
        }
        bed.client->SetStartTime(Seconds(1));
        bed.Run(Seconds(10.5));
        // At 1 s, 2 s, ... 10 s.
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 10, "attempts that failed");
        for (std::size_t i = 0; i < bed.requests.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(bed.requests[i].GetOutcomeName(),
                                  (m_overload ? "overload" : "no-address"),
                                  "outcome");
            NS_TEST_EXPECT_MSG_EQ(bed.requests[i].start, Seconds(1 + i), "time");
        }
    }

    bool m_overload; //!< what fails
};

/** Changed rates of the paced open loop. */
class RateChangeTestCase : public TestCase
{
  public:
    RateChangeTestCase()
        : TestCase("A paced load goes on at the new rate from the next request on, or ends at 0")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::OpenPaced));
        bed.client->SetAttribute("Rate", DoubleValue(1));
        bed.client->SetStartTime(Seconds(1));
        const auto change = [&](double at, double rate) {
            Simulator::Schedule(Seconds(at), [&bed, rate] {
                bed.client->SetAttribute("Rate", DoubleValue(rate));
            });
        };
        change(3.5, 10);
        change(4.45, 0.5);
        change(8, 0);
        bed.Run(Seconds(20));
        const std::vector<double> due{1, 2, 3, 4, 4.1, 4.2, 4.3, 4.4, 4.5, 6.5, 8.5};
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), due.size(), "requests");
        for (std::size_t i = 0; i < due.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ_TOL(bed.requests[i].scheduled,
                                      Seconds(due[i]),
                                      NanoSeconds(2),
                                      "request " << i);
        }
    }
};

/** Lifting the bound on concurrency sets free what waits. */
class LiftedBoundTestCase : public TestCase
{
  public:
    LiftedBoundTestCase()
        : TestCase("Requests that wait for a place begin when the bound is lifted")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.server->SetAttribute("MaxConcurrency", UintegerValue(1));
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=1]"));
        for (int i = 0; i < 4; ++i)
        {
            bed.RequestAt(Seconds(1));
        }
        Simulator::Schedule(Seconds(1.5),
                            [&] { bed.server->SetAttribute("MaxConcurrency", UintegerValue(0)); });
        bed.Run(Seconds(20));
        NS_TEST_ASSERT_MSG_EQ(bed.requests.size(), 4, "requests");
        // The first is done after 1 s, all others together 1 s later, not one by one.
        NS_TEST_EXPECT_MSG_LT(bed.requests[3].end, Seconds(3.1), "last answer");
    }
};

/** Raising the bound on concurrency lets nobody overtake. */
class RaisedBoundTestCase : public TestCase
{
  public:
    RaisedBoundTestCase()
        : TestCase("Requests that wait for a place begin in order when the bound is raised")
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed;
        bed.server->SetAttribute("MaxConcurrency", UintegerValue(1));
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=1]"));
        for (const double at : {1.0, 1.1, 1.2, 1.4})
        {
            bed.RequestAt(Seconds(at));
        }
        Simulator::Schedule(Seconds(1.3),
                            [&] { bed.server->SetAttribute("MaxConcurrency", UintegerValue(2)); });
        bed.Run(Seconds(20));
        NS_TEST_ASSERT_MSG_EQ(bed.served.size(), 4, "requests");
        auto served = bed.served;
        std::sort(served.begin(), served.end(), [](const auto& a, const auto& b) {
            return a.serviceStart < b.serviceStart;
        });
        for (uint32_t i = 1; i < 4; ++i)
        {
            NS_TEST_EXPECT_MSG_LT(served[i - 1].received, served[i].received, "the order");
        }
        // The arrival of the fourth finds the new place; the third follows the first.
        NS_TEST_EXPECT_MSG_EQ_TOL(served[1].serviceStart,
                                  Seconds(1.42),
                                  MilliSeconds(20),
                                  "second");
        NS_TEST_EXPECT_MSG_EQ_TOL(served[2].serviceStart, Seconds(2.02), MilliSeconds(20), "third");
    }
};

/** One connection for each request, more of them than there are ports. */
class PortsTestCase : public TestCase
{
  public:
    /** @param count requests */
    explicit PortsTestCase(uint32_t count)
        : TestCase(std::to_string(count) + " connections: ports are used again, no timer is left"),
          m_count(count)
    {
    }

  private:
    void DoRun() override
    {
        HttpTestBed bed(MilliSeconds(1));
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::OpenPaced));
        bed.client->SetAttribute("Rate", DoubleValue(1000));
        bed.client->SetAttribute("MaxRequests", UintegerValue(m_count));
        bed.server->SetAttribute("ResponseSize",
                                 StringValue("ns3::ConstantRandomVariable[Constant=1]"));
        // Sockets in TIME_WAIT make ns-3 slow, but are not the matter here.
        bed.server->SetAttribute("TimeWait", TimeValue(Seconds(0.02)));
        const auto stop = Seconds(1 + m_count / 1000.0);
        bed.client->SetStopTime(stop);
        bed.server->SetStopTime(stop);
        // Without an end: the run is over when no event is left.
        Simulator::Run();
        std::set<uint16_t> ports;
        uint32_t good = 0;
        for (const auto& record : bed.requests)
        {
            good += record.outcome == HttpOutcome::Ok ? 1 : 0;
            ports.insert(record.local.GetPort());
        }
        NS_TEST_EXPECT_MSG_EQ(good, m_count, "requests answered");
        NS_TEST_EXPECT_MSG_EQ(ports.size(), std::min(m_count, PORTS), "ports used");
        // Nothing of 75 s (KeepAliveTimeout) is left; TCP's own limit of an orderly close is 60 s.
        NS_TEST_EXPECT_MSG_LT(Simulator::Now(),
                              stop + Seconds(61),
                              "no event is left after the stop");
    }

    static constexpr uint32_t PORTS = 16384; //!< ephemeral ports of a node
    uint32_t m_count;                        //!< requests
};

/** HTTP as bytes on the wire. */
class HttpWireTestSuite : public TestSuite
{
  public:
    HttpWireTestSuite()
        : TestSuite("azure-http-wire", Type::SYSTEM)
    {
        AddServerCases();
        AddClientCases();
        AddTestCase(new PipelinedTestCase, Duration::QUICK);
        AddTestCase(new ManyPipelinedTestCase, Duration::QUICK);
        AddTestCase(new FailAtOnceTestCase(false), Duration::QUICK);
        AddTestCase(new FailAtOnceTestCase(true), Duration::QUICK);
        AddTestCase(new RateChangeTestCase, Duration::QUICK);
        AddTestCase(new LiftedBoundTestCase, Duration::QUICK);
        AddTestCase(new RaisedBoundTestCase, Duration::QUICK);
        AddTestCase(new PortsTestCase(500), Duration::QUICK);
        AddTestCase(new PortsTestCase(17000), Duration::EXTENSIVE);
    }

  private:
    /** What a server does. */
    void AddServerCases()
    {
        const auto add = [this](const std::string& name,
                                const std::vector<std::string>& pieces,
                                const std::string& codes,
                                bool closed) {
            AddTestCase(new ServerWireTestCase(name, pieces, codes, closed), Duration::QUICK);
        };
        const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        add("Two requests in one segment", {get + get}, "200 200", false);
        add("A request cut within every token",
            {"G", "ET / HT", "TP/1.1\r", "\nHost", ": a\r\n\r", "\n"},
            "200",
            false);
        add("HEAD has no body, and the next request is not lost",
            {"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get},
            "200 200",
            false);
        add("The client asks to close",
            {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"},
            "200",
            true);
        add("HTTP 1.0 closes", {"GET / HTTP/1.0\r\n\r\n"}, "200", true);
        add("HTTP 1.0 with keep-alive stays",
            {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"},
            "200",
            false);
        add("No host", {"GET / HTTP/1.1\r\n\r\n"}, "400", true);
        add("Two hosts", {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"}, "400", true);
        add("Another version", {"GET / HTTP/2.0\r\nHost: a\r\n\r\n"}, "505", true);
        add("A head without end", {"GET / HTTP/1.1\r\nX: " + std::string(40000, 'a')}, "431", true);
        add("Two lengths",
            {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
            "400",
            true);
        add("A length and chunks: two readings of one message",
            {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
             "\r\n0\r\n\r\n"},
            "400",
            true);
        add("Chunks of a request, with extension and trailer, then another request",
            {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nab",
             "c\r\n0\r\nX: y\r\n\r\n" + get},
            "200 200",
            false);
        add("A chunk longer than its size",
            {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n"},
            "400",
            true);
        add("A body that waits for 100 Continue",
            {"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
             "abc"},
            "100 200",
            false);
        add("Half-closed after the request: it is answered", {get, "|"}, "200", true);
        add("Half-closed together with two requests: both are answered",
            {get + get, "|"},
            "200 200",
            true);
        add("Half-closed within a request", {"GET / HT", "|"}, "", true);
    }

    /** What a client does. */
    void AddClientCases()
    {
        const auto add = [this](const std::string& name,
                                const std::string& reply,
                                const std::string& ending,
                                const std::string& outcome,
                                uint64_t bodyBytes,
                                uint32_t connections,
                                const std::string& method = "GET") {
            AddTestCase(
                (new ClientWireTestCase(name, reply, ending, outcome, bodyBytes, connections))
                    ->With(method),
                Duration::QUICK);
        };
        const std::string ok = "HTTP/1.1 200 OK\r\n";
        add("A whole answer, connection left open",
            ok + "Content-Length: 3\r\n\r\nabc",
            "rst",
            "ok",
            3,
            2);
        add("Until the end of the connection", ok + "\r\nabcde", "fin", "ok", 5, 2);
        add("A reset is no orderly end", ok + "\r\nabcde", "rst", "reset", 5, 2);
        add("Closed before the announced length",
            ok + "Content-Length: 9\r\n\r\nabc",
            "fin",
            "closed-early",
            3,
            2);
        add("Closed within a chunk",
            ok + "Transfer-Encoding: chunked\r\n\r\n9\r\nabc",
            "fin",
            "closed-early",
            3,
            2);
        add("Closed without an answer", "\r", "fin", "closed-early", 0, 2);
        add("More than announced: the connection is not used again",
            ok + "Content-Length: 3\r\n\r\nabcXYZ",
            "open",
            "ok",
            3,
            2);
        add("No answer at all in time", ok, "open", "timeout", 0, 2);
        add("Not HTTP", "SSH-2.0-x\r\n", "open", "bad-response", 0, 2);
        add("Interim answers come before the one that counts",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok +
                "Content-Length: 2\r\n\r\nab",
            "fin",
            "ok",
            2,
            2);
        add("204 has no body, whatever it says",
            "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
            "fin",
            "ok",
            0,
            2);
        add("304 has no body, whatever it says",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
            "fin",
            "ok",
            0,
            2);
        add("An answer to HEAD has no body, whatever it says",
            ok + "Content-Length: 5\r\n\r\n",
            "fin",
            "ok",
            0,
            2,
            "HEAD");
    }
};

/** Registers the suite. */
HttpWireTestSuite g_httpWireTestSuite;

} // namespace
