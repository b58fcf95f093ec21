/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-system-fixture.h"

#include <memory>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A network whose rules have a probe that the test speaks for. */
class ProbedNetwork
{
  public:
    /**
     * @param nBackends number of instances
     * @param behavior what happens when all are down
     */
    explicit ProbedNetwork(
        uint32_t nBackends,
        NoHealthyBackendsBehavior behavior = NoHealthyBackendsBehavior::AllProbedDown)
        : network(1, nBackends)
    {
        auto configuration = network.Configuration();
        azure::Probe probe;
        probe.name = "probe";
        probe.port = 80;
        probe.interval = Seconds(5);
        probe.noHealthyBackendsBehavior = behavior;
        configuration.probes = {probe};
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80),
                                            SystemNetwork::Rule(TransportProtocol::Udp, 80, 80)};
        for (auto& rule : configuration.loadBalancingRules)
        {
            rule.probe = "probe";
        }
        network.helper.SetProbing(false);
        balancer = network.Install(configuration);
        for (uint32_t i = 0; i < nBackends; i++)
        {
            network.TcpServer(network.backends.Get(i), 80);
            network.UdpServer(network.backends.Get(i), 80);
        }
    }

    /**
     * @param backend index of an instance
     * @param up what its probe says
     * @return what changed
     */
    PoolChange Set(uint32_t backend, bool up)
    {
        return balancer->SetProbeStatus("probe", network.backendAddresses[backend], up);
    }

    /**
     * @return a connection of the client to the frontend
     */
    std::unique_ptr<TestConnection> Connect()
    {
        return std::make_unique<TestConnection>(network.clients.Get(0),
                                                InetSocketAddress(Ipv4Address::GetAny(), 0),
                                                frontend);
    }

    /**
     * @param peer an index of SystemNetwork::connections
     * @return index of the instance that serves it
     */
    uint32_t ServerOf(uint32_t peer) const
    {
        for (uint32_t i = 0; i < network.backends.GetN(); i++)
        {
            if (network.connections.at(peer)->GetNode() == network.backends.Get(i))
            {
                return i;
            }
        }
        return UINT32_MAX;
    }

    SystemNetwork network;                                     //!< all nodes
    Ptr<LoadBalancer> balancer;                                //!< under test
    InetSocketAddress frontend{SystemNetwork::Frontend(), 80}; //!< where clients send to
};

/** Down until a probe says otherwise. */
class InitiallyDownTestCase : public TestCase
{
  public:
    InitiallyDownTestCase()
        : TestCase("LB-32 HP-1 instances are down until the first success: a SYN is not answered")
    {
    }

  private:
    void DoRun() override
    {
        ProbedNetwork net(2);
        auto refused = net.Connect();
        TestDatagrams datagrams(net.network.clients.Get(0), 5000);
        datagrams.Send("x", net.frontend);
        SystemNetwork::RunUntil(Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(refused->connected, false, "not connected");
        NS_TEST_EXPECT_MSG_EQ(refused->failed, false, "and not refused: neither RST nor ICMP");
        NS_TEST_EXPECT_MSG_EQ(datagrams.icmpTypes.size(), 0, "no ICMP");
        NS_TEST_EXPECT_MSG_EQ(net.balancer->GetDropCount(DropReason::NoHealthyBackend),
                              2,
                              "one SYN, one datagram");
        auto change = net.Set(1, true);
        NS_TEST_EXPECT_MSG_EQ(change.rules.size(), 2, "two rules share the probe (HP-11)");
        // The repeated SYN of the client gets through after 3 s, ns-3's first timeout.
        SystemNetwork::RunUntil(Seconds(5));
        NS_TEST_EXPECT_MSG_EQ(refused->connected, true, "a repeated SYN is answered");
        NS_TEST_ASSERT_MSG_EQ(net.network.connections.size(), 1, "one connection");
        NS_TEST_EXPECT_MSG_EQ(net.ServerOf(0), 1, "by the one that is up");
    }
};

/** One of several instances goes down. */
class OneDownTestCase : public TestCase
{
  public:
    OneDownTestCase()
        : TestCase("LB-30 HP-14 one instance down: TCP stays, UDP moves, new flows go elsewhere")
    {
    }

  private:
    void DoRun() override
    {
        ProbedNetwork net(2);
        net.Set(0, true);
        net.Set(1, true);
        std::vector<std::unique_ptr<TestConnection>> connections;
        for (uint32_t i = 0; i < 8; i++)
        {
            connections.push_back(net.Connect());
        }
        TestDatagrams datagrams(net.network.clients.Get(0), 5000);
        datagrams.Send("1", net.frontend);
        SystemNetwork::RunUntil(Seconds(1));
        NS_TEST_ASSERT_MSG_EQ(net.network.connections.size(), 8, "all connected");
        uint32_t udpAt = net.network.received[net.network.backends.Get(0)->GetId()] == "1" ? 0 : 1;
        uint32_t bound = 0;
        for (uint32_t i = 0; i < 8; i++)
        {
            bound += net.ServerOf(i) == udpAt;
        }
        NS_TEST_ASSERT_MSG_GT(bound, 0, "some TCP on the instance that will go down");

        net.Set(udpAt, false);
        datagrams.Send("2", net.frontend);
        for (auto& connection : connections)
        {
            connection->Send("still here");
        }
        std::vector<std::unique_ptr<TestConnection>> later;
        for (uint32_t i = 0; i < 8; i++)
        {
            later.push_back(net.Connect());
        }
        SystemNetwork::RunUntil(Seconds(2));
        for (auto& connection : connections)
        {
            NS_TEST_EXPECT_MSG_EQ(connection->received, "still here", "established TCP stays");
            NS_TEST_EXPECT_MSG_EQ((connection->reset || connection->closed), false, "no RST");
        }
        NS_TEST_ASSERT_MSG_EQ(net.network.connections.size(), 16, "new ones connected");
        for (uint32_t i = 8; i < 16; i++)
        {
            NS_TEST_EXPECT_MSG_EQ(net.ServerOf(i), 1 - udpAt, "to the one that is up");
        }
        NS_TEST_ASSERT_MSG_EQ(datagrams.received.size(), 2, "UDP still answered");
        NS_TEST_EXPECT_MSG_EQ(
            net.balancer->GetStatistics().flowsEnded[static_cast<size_t>(FlowEndReason::Moved)],
            1,
            "one UDP flow has moved");
    }
};

/** Every instance goes down. */
class AllDownTestCase : public TestCase
{
  public:
    explicit AllDownTestCase(uint32_t nBackends)
        : TestCase(nBackends > 1
                       ? "LB-31 all of several instances down: TCP stays, UDP ends, no new flow"
                       : "LB-33 the only instance down: established TCP is cut silently"),
          m_n(nBackends)
    {
    }

  private:
    void DoRun() override
    {
        ProbedNetwork net(m_n);
        for (uint32_t i = 0; i < m_n; i++)
        {
            net.Set(i, true);
        }
        auto connection = net.Connect();
        TestDatagrams datagrams(net.network.clients.Get(0), 5000);
        datagrams.Send("1", net.frontend);
        SystemNetwork::RunUntil(Seconds(1));
        NS_TEST_ASSERT_MSG_EQ(connection->connected, true, "connected");
        for (uint32_t i = 0; i < m_n; i++)
        {
            net.Set(i, false);
        }
        connection->Send("still here");
        auto refused = net.Connect();
        datagrams.Send("2", net.frontend);
        SystemNetwork::RunUntil(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(connection->received,
                              (m_n > 1 ? "still here" : ""),
                              "established TCP");
        NS_TEST_EXPECT_MSG_EQ((connection->reset || connection->closed),
                              false,
                              "no RST either way");
        NS_TEST_EXPECT_MSG_EQ((refused->connected || refused->failed), false, "SYN not answered");
        NS_TEST_EXPECT_MSG_EQ(datagrams.received.size(), 1, "the UDP flow has ended");
        NS_TEST_EXPECT_MSG_EQ((net.balancer->GetDropCount(DropReason::InstanceDown) > 0),
                              (m_n == 1),
                              "a cut flow is counted by reason");
    }

    uint32_t m_n;
};

/** The other behaviour when all are down. */
class AllProbedUpTestCase : public TestCase
{
  public:
    AllProbedUpTestCase()
        : TestCase("LB-34 AllProbedUp: new flows go to every instance when all are down")
    {
    }

  private:
    void DoRun() override
    {
        ProbedNetwork net(2, NoHealthyBackendsBehavior::AllProbedUp);
        std::vector<std::unique_ptr<TestConnection>> connections;
        for (uint32_t i = 0; i < 16; i++)
        {
            connections.push_back(net.Connect());
        }
        SystemNetwork::RunUntil(Seconds(1));
        NS_TEST_ASSERT_MSG_EQ(net.network.connections.size(), 16, "all connected");
        uint32_t first = 0;
        for (uint32_t i = 0; i < 16; i++)
        {
            first += net.ServerOf(i) == 0;
        }
        NS_TEST_EXPECT_MSG_GT(first, 0, "the first instance serves");
        NS_TEST_EXPECT_MSG_LT(first, 16, "the second one too");
    }
};

/** Changes by name, good and bad, and the traces of them. */
class ControlPlaneTestCase : public TestCase
{
  public:
    ControlPlaneTestCase()
        : TestCase("LB-16 LB-17 LB-18 LB-28 LB-35 changes take effect at once and say what changed")
    {
    }

  private:
    void DoRun() override
    {
        ProbedNetwork net(3);
        std::vector<std::string> verdicts;
        net.balancer->TraceConnectWithoutContext(
            "ProbeStatus",
            Callback<void, const std::string&, Ipv4Address, bool>(
                [&](const std::string& probe, Ipv4Address, bool up) {
                    verdicts.push_back(probe + (up ? " up" : " down"));
                }));
        uint32_t changes = 0;
        net.balancer->TraceConnectWithoutContext(
            "PoolChange",
            Callback<void, const PoolChange&>([&](const PoolChange&) { changes++; }));
        for (uint32_t i = 0; i < 3; i++)
        {
            net.Set(i, true);
        }
        NS_TEST_EXPECT_MSG_EQ(verdicts.size(), 3, "three verdicts");
        NS_TEST_EXPECT_MSG_EQ(changes, 3, "three changes");
        net.Set(0, true);
        NS_TEST_EXPECT_MSG_EQ(changes, 3, "the same again changes nothing");

        // A connection on each instance survives the removal of the instance (LB-17).
        std::vector<std::unique_ptr<TestConnection>> connections;
        for (uint32_t i = 0; i < 12; i++)
        {
            connections.push_back(net.Connect());
        }
        SystemNetwork::RunUntil(Seconds(1));
        const auto removed = net.balancer->RemoveBackend("pool", net.network.backendAddresses[0]);
        NS_TEST_EXPECT_MSG_EQ(removed.error, "", "removed");
        NS_TEST_ASSERT_MSG_EQ(removed.rules.size(), 2, "both rules changed");
        NS_TEST_EXPECT_MSG_EQ(removed.rules[0].eligible, 2, "two are left");
        const auto down =
            net.balancer->SetAdminState("pool", net.network.backendAddresses[1], AdminState::Down);
        NS_TEST_ASSERT_MSG_EQ(down.rules.size(), 2, "both rules changed");
        NS_TEST_EXPECT_MSG_EQ(down.rules[0].eligible, 1, "one is left");
        for (auto& connection : connections)
        {
            connection->Send("on");
        }
        std::vector<std::unique_ptr<TestConnection>> later;
        for (uint32_t i = 0; i < 6; i++)
        {
            later.push_back(net.Connect());
        }
        SystemNetwork::RunUntil(Seconds(2));
        for (auto& connection : connections)
        {
            NS_TEST_EXPECT_MSG_EQ(connection->received, "on", "TCP survives every change");
        }
        NS_TEST_ASSERT_MSG_EQ(net.network.connections.size(), 18, "all connected");
        for (uint32_t i = 12; i < 18; i++)
        {
            NS_TEST_EXPECT_MSG_EQ(net.ServerOf(i), 2, "the only one that takes new flows");
        }

        NS_TEST_EXPECT_MSG_EQ(
            net.balancer->SetLoadDistribution("tcp-80", LoadDistribution::SourceIp).error,
            "",
            "LB-18");
        NS_TEST_EXPECT_MSG_EQ(
            (net.balancer->GetConfiguration().loadBalancingRules[0].loadDistribution ==
             LoadDistribution::SourceIp),
            true,
            "the configuration says so");

        LoadBalancerBackendAddress member;
        member.address = IpAddress::From(net.network.backendAddresses[2]);
        NS_TEST_EXPECT_MSG_NE(net.balancer->AddBackend("pool", member).error, "", "twice");
        NS_TEST_EXPECT_MSG_NE(net.balancer->AddBackend("nowhere", member).error, "", "no pool");
        NS_TEST_EXPECT_MSG_NE(
            net.balancer->SetProbeStatus("nothing", net.network.backendAddresses[0], true).error,
            "",
            "no probe");
        NS_TEST_EXPECT_MSG_NE(
            net.balancer->SetLoadDistribution("nothing", LoadDistribution::Default).error,
            "",
            "no rule");

        // A stopped instance loses its flows (LB-30) and is down until a probe succeeds again.
        net.balancer->SetInstanceRunning(net.network.backendAddresses[2], false);
        auto refused = net.Connect();
        later[0]->Send("lost");
        SystemNetwork::RunUntil(Seconds(3));
        NS_TEST_EXPECT_MSG_EQ(refused->connected, false, "no instance is left");
        NS_TEST_EXPECT_MSG_EQ(later[0]->received, "", "its flows are gone");
        NS_TEST_EXPECT_MSG_GT(net.balancer->GetDropCount(DropReason::InstanceStopped),
                              0,
                              "counted by reason");
    }
};

/** Real probes instead of the test's word. */
class RealProbesTestCase : public TestCase
{
  public:
    RealProbesTestCase()
        : TestCase("LB-30 LB-32 HP-1 HP-11 real TCP probes open and close the frontend")
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(1, 2);
        auto configuration = network.Configuration();
        azure::Probe probe;
        probe.name = "probe";
        probe.port = 80;
        probe.interval = Seconds(5);
        configuration.probes = {probe};
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80),
                                            SystemNetwork::Rule(TransportProtocol::Tcp, 81, 81)};
        for (auto& rule : configuration.loadBalancingRules)
        {
            rule.probe = "probe";
        }
        auto balancer = network.Install(configuration);
        network.TcpServer(network.backends.Get(1), 80); // the other one refuses
        network.TcpServer(network.backends.Get(1), 81);
        std::vector<Ipv4Address> up;
        balancer->TraceConnectWithoutContext(
            "ProbeStatus",
            Callback<void, const std::string&, Ipv4Address, bool>(
                [&](const std::string&, Ipv4Address address, bool isUp) {
                    if (isUp)
                    {
                        up.push_back(address);
                    }
                }));
        SystemNetwork::RunUntil(Seconds(11)); // two intervals: every phase has passed
        NS_TEST_ASSERT_MSG_EQ(up.size(), 1, "one verdict, shared by two rules");
        NS_TEST_EXPECT_MSG_EQ(up[0], network.backendAddresses[1], "the one that listens");
        const auto probes = network.connections.size();
        NS_TEST_EXPECT_MSG_GT(probes, 0, "a probe is a real connection");
        for (const auto& peer : network.peers)
        {
            NS_TEST_EXPECT_MSG_EQ(InetSocketAddress::ConvertFrom(peer).GetIpv4(),
                                  Ipv4Address("168.63.129.16"),
                                  "from the platform's address");
        }
        std::vector<std::unique_ptr<TestConnection>> connections;
        for (uint32_t i = 0; i < 6; i++)
        {
            connections.push_back(std::make_unique<TestConnection>(
                network.clients.Get(0),
                InetSocketAddress(Ipv4Address::GetAny(), 0),
                InetSocketAddress(SystemNetwork::Frontend(), 80 + i % 2)));
        }
        SystemNetwork::RunUntil(Seconds(12));
        for (auto& connection : connections)
        {
            NS_TEST_EXPECT_MSG_EQ(connection->connected, true, "served by the one that is up");
        }
    }
};

/** Health and changes, seen by real sockets. */
class HealthTestSuite : public TestSuite
{
  public:
    HealthTestSuite()
        : TestSuite("azure-load-balancer-system-health", Type::SYSTEM)
    {
        AddTestCase(new InitiallyDownTestCase, Duration::QUICK);
        AddTestCase(new OneDownTestCase, Duration::QUICK);
        AddTestCase(new AllDownTestCase(2), Duration::QUICK);
        AddTestCase(new AllDownTestCase(1), Duration::QUICK);
        AddTestCase(new AllProbedUpTestCase, Duration::QUICK);
        AddTestCase(new ControlPlaneTestCase, Duration::QUICK);
        AddTestCase(new RealProbesTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
HealthTestSuite g_healthTestSuite;

} // namespace
