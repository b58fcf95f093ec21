/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-tcp-socket.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rtt-estimator.h"
#include "ns3/simulator.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-linux-reno.h"
#include "ns3/tcp-recovery-ops.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A socket whose end can be seen. */
class WatchedSocket : public AbortableTcpSocket
{
  public:
    ~WatchedSocket() override
    {
        if (gone)
        {
            *gone = true;
        }
    }

    bool* gone{nullptr}; //!< set when the socket is destroyed
};

/** Two nodes and a link. */
class Pair
{
  public:
    Pair()
        : nodes(2)
    {
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
        peer = addresses.Assign(PointToPointHelper().Install(nodes)).GetAddress(1);
    }

    ~Pair()
    {
        Simulator::Destroy();
    }

    /**
     * @param gone set when the socket is destroyed
     * @return a socket of the first node
     */
    Ptr<WatchedSocket> MakeSocket(bool& gone) const
    {
        auto socket = CreateObject<WatchedSocket>();
        socket->gone = &gone;
        socket->SetNode(nodes.Get(0));
        socket->SetTcp(nodes.Get(0)->GetObject<TcpL4Protocol>());
        socket->SetRtt(CreateObject<RttMeanDeviation>());
        socket->SetCongestionControlAlgorithm(CreateObject<TcpLinuxReno>());
        socket->SetRecoveryAlgorithm(CreateObject<TcpClassicRecovery>());
        return socket;
    }

    /** @brief Cut the second node off. */
    void Cut() const
    {
        nodes.Get(1)->GetObject<Ipv4>()->SetDown(1);
    }

    NodeContainer nodes;                     //!< client, server
    Ipv4Address peer{Ipv4Address::GetAny()}; //!< the server's address
};

/**
 * Who is told of a failure may let go of the socket at once: its own timer told it so, and still
 * needs it.
 */
void
LetGoInCallback(FunctionTestCase& test, bool abort)
{
    Pair pair;
    pair.Cut(); // nobody answers
    bool gone = false;
    bool goneTooEarly = true;
    bool told = false;
    auto socket = pair.MakeSocket(gone);
    socket->SetConnectCallback([](Ptr<Socket>) {},
                               [&](Ptr<Socket>) {
                                   told = true;
                                   // After what the stock socket still has to do.
                                   Simulator::ScheduleNow([&]() { goneTooEarly = gone; });
                                   // This closure goes with the callback.
                                   auto& held = socket;
                                   abort ? held->Abort() : held->Vanish();
                                   held = nullptr;
                               });
    Simulator::Schedule(Seconds(1), [&]() {
        socket->Bind();
        socket->Connect(InetSocketAddress(pair.peer, 80));
    });
    Simulator::Stop(Minutes(10));
    Simulator::Run();
    test.Equal(told, true, "the connection has failed");
    test.Equal(goneTooEarly, false, "the socket is still there for its own timer");
    test.Equal(gone, true, "and has gone later");
}

/** A socket that was closed goes, whether its peer closes, too, or is dead. */
void
GoneAfterClose(FunctionTestCase& test, bool dead)
{
    Pair pair;
    bool gone = false;
    auto server =
        Socket::CreateSocket(pair.nodes.Get(1), TypeId::LookupByName("ns3::TcpSocketFactory"));
    server->Bind(InetSocketAddress(Ipv4Address::GetAny(), 80));
    server->Listen();
    server->SetAcceptCallback([](Ptr<Socket>, const Address&) { return true; },
                              [](Ptr<Socket> accepted, const Address&) {
                                  accepted->SetCloseCallbacks([](Ptr<Socket> s) { s->Close(); },
                                                              [](Ptr<Socket>) {});
                              });
    auto socket = pair.MakeSocket(gone);
    Simulator::Schedule(Seconds(1), [&]() {
        socket->Bind();
        socket->Connect(InetSocketAddress(pair.peer, 80));
    });
    Simulator::Schedule(Seconds(3), [&]() {
        test.Check(socket->GetState() == TcpSocket::ESTABLISHED, "connected");
        if (dead)
        {
            pair.Cut();
        }
        socket->CloseWithin(Seconds(5));
        socket = nullptr;
    });
    Simulator::Stop(Seconds(7));
    Simulator::Run();
    test.Equal(gone, false, "it still closes");
    // The stock TIME_WAIT is 240 s.
    Simulator::Stop(Minutes(10));
    Simulator::Run();
    test.Equal(gone, true, "it has gone");
}

/** Sockets that can be got rid of. */
class TcpSocketTestSuite : public TestSuite
{
  public:
    TcpSocketTestSuite()
        : TestSuite("azure-tcp-socket", Type::UNIT)
    {
        for (const bool dead : {false, true})
        {
            AddTestCase(new FunctionTestCase(
                            std::string("A closed socket goes, its peer ") +
                                (dead ? "dead" : "closing, too"),
                            [dead](FunctionTestCase& test) { GoneAfterClose(test, dead); }),
                        TestCase::Duration::QUICK);
        }
        for (const bool abort : {false, true})
        {
            AddTestCase(new FunctionTestCase(
                            std::string("A socket outlives the callback that ") +
                                (abort ? "aborts it" : "lets it vanish"),
                            [abort](FunctionTestCase& test) { LetGoInCallback(test, abort); }),
                        TestCase::Duration::QUICK);
        }
    }
};

TcpSocketTestSuite g_tcpSocketTestSuite; //!< registers itself

} // namespace
