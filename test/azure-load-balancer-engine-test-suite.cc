/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Packet in, packet out, both ways (fixtures as a table). */
class RewriteTestCase : public EngineTestCase
{
  public:
    RewriteTestCase()
        : EngineTestCase("LB-3 LB-4 LB-5 LB-7 only addresses and ports change, both ways")
    {
    }

  private:
    void DoRun() override
    {
        // Clients, ports and rules in; what the instance and the client must see out.
        struct Row
        {
            uint8_t protocol;      // of the packet
            uint16_t clientPort;   // of the packet
            uint16_t frontendPort; // of the packet
            bool floating;         // of the rule
            uint16_t backendPort;  // of the rule, and of the packet out
        };

        const std::vector<Row> table{
            {PacketView::TCP, 40000, 80, false, 8080},
            {PacketView::TCP, 40000, 80, false, 80},
            {PacketView::TCP, 65535, 443, false, 1},
            {PacketView::UDP, 1, 53, false, 5353},
            {PacketView::TCP, 40000, 80, true, 80},
            {PacketView::UDP, 500, 500, true, 4500},
        };
        for (const auto& row : table)
        {
            auto configuration = MakeConfiguration(1);
            auto& rule = configuration.loadBalancingRules[0];
            rule.protocol =
                row.protocol == PacketView::TCP ? TransportProtocol::Tcp : TransportProtocol::Udp;
            rule.frontendPort = row.frontendPort;
            rule.backendPort = row.backendPort;
            rule.enableFloatingIp = row.floating;
            Make(configuration);
            PacketView in = Tcp(row.clientPort, PacketView::SYN, row.frontendPort);
            in.protocol = row.protocol;
            const Verdict out = m_engine->Forward(in, Seconds(1));
            ExpectPass(out, "first packet");
            const IpAddress seen = row.floating ? FrontendAddress() : Vm(0);
            NS_TEST_EXPECT_MSG_EQ((out.source == ClientAddress()), true, "client address kept");
            NS_TEST_EXPECT_MSG_EQ(out.sourcePort, row.clientPort, "client port kept");
            NS_TEST_EXPECT_MSG_EQ((out.destination == seen), true, "destination");
            NS_TEST_EXPECT_MSG_EQ((out.backend == Vm(0)), true, "where to route");
            NS_TEST_EXPECT_MSG_EQ(out.destinationPort, row.backendPort, "backend port");
            const Verdict back = m_engine->Return(Reply(in, out), Seconds(2));
            ExpectPass(back, "answer");
            NS_TEST_EXPECT_MSG_EQ(back.fromBackend, true, "direction");
            NS_TEST_EXPECT_MSG_EQ((back.source == FrontendAddress()), true, "frontend restored");
            NS_TEST_EXPECT_MSG_EQ(back.sourcePort, row.frontendPort, "frontend port restored");
            NS_TEST_EXPECT_MSG_EQ((back.destination == ClientAddress()), true, "to the client");
            NS_TEST_EXPECT_MSG_EQ(back.destinationPort, row.clientPort, "to the client's port");
            NS_TEST_EXPECT_MSG_EQ(back.flow, out.flow, "one flow");
        }
    }
};

/** Established flows survive a probe verdict, new ones avoid the instance. */
class OneDownTestCase : public EngineTestCase
{
  public:
    OneDownTestCase()
        : EngineTestCase("LB-30 HP-14 one instance down: new TCP elsewhere, established stays")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeConfiguration(3));
        const Verdict first = Connect(40000, Seconds(1));
        ExpectPass(first, "connect");
        const PoolChange change = m_engine->SetProbeStatus(0, first.backend, false);
        NS_TEST_ASSERT_MSG_EQ(change.rules.size(), 1, "one rule changes");
        NS_TEST_EXPECT_MSG_EQ(change.rules[0].eligible, 2, "two left");
        NS_TEST_ASSERT_MSG_EQ(change.rules[0].removed.size(), 1, "one gone");
        NS_TEST_EXPECT_MSG_EQ((change.rules[0].removed[0] == first.backend), true, "which one");
        NS_TEST_EXPECT_MSG_EQ(change.rules[0].flowsCut, false, "nothing cut");
        const Verdict later = m_engine->Forward(Tcp(40000), Seconds(2));
        ExpectPass(later, "established flow");
        NS_TEST_EXPECT_MSG_EQ((later.backend == first.backend), true, "still the same instance");
        for (uint16_t port = 41000; port < 41200; ++port)
        {
            const Verdict verdict = m_engine->Forward(Tcp(port, PacketView::SYN), Seconds(3));
            ExpectPass(verdict, "new flow");
            NS_TEST_EXPECT_MSG_EQ((verdict.backend == first.backend), false, "avoids it");
        }
    }
};

/** Decisions of Load Balancer. */
class LoadBalancerEngineTestSuite : public TestSuite
{
  public:
    LoadBalancerEngineTestSuite()
        : TestSuite("azure-load-balancer-engine", Type::UNIT)
    {
        AddTestCase(new RewriteTestCase, Duration::QUICK);
        AddTestCase(new OneDownTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
LoadBalancerEngineTestSuite g_loadBalancerEngineTestSuite;

} // namespace
