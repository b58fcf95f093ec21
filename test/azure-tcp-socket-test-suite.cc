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

/**
 * Who is told of a failure may let go of the socket at once: its own timer told it so, and still
 * needs it.
 */
void
LetGoInCallback(FunctionTestCase& test, bool abort)
{
    NodeContainer nodes(2);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    auto interfaces = addresses.Assign(PointToPointHelper().Install(nodes));
    nodes.Get(1)->GetObject<Ipv4>()->SetDown(1); // nobody answers
    bool gone = false;
    bool goneTooEarly = true;
    bool told = false;
    auto tcp = nodes.Get(0)->GetObject<TcpL4Protocol>();
    auto socket = CreateObject<WatchedSocket>();
    socket->gone = &gone;
    socket->SetNode(nodes.Get(0));
    socket->SetTcp(tcp);
    socket->SetRtt(CreateObject<RttMeanDeviation>());
    socket->SetCongestionControlAlgorithm(CreateObject<TcpLinuxReno>());
    socket->SetRecoveryAlgorithm(CreateObject<TcpClassicRecovery>());
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
        socket->Connect(InetSocketAddress(interfaces.GetAddress(1), 80));
    });
    Simulator::Stop(Minutes(10));
    Simulator::Run();
    test.Equal(told, true, "the connection has failed");
    test.Equal(goneTooEarly, false, "the socket is still there for its own timer");
    test.Equal(gone, true, "and has gone later");
    Simulator::Destroy();
}

/** Sockets that can be got rid of. */
class TcpSocketTestSuite : public TestSuite
{
  public:
    TcpSocketTestSuite()
        : TestSuite("azure-tcp-socket", Type::UNIT)
    {
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
