/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-system-fixture.h"

#include <memory>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param name its name
 * @param address its address
 * @param isPublic whether it is a public one
 * @return a frontend
 */
FrontendIpConfiguration
MakeFrontend(const std::string& name, const std::string& address, bool isPublic = true)
{
    FrontendIpConfiguration frontend;
    frontend.name = name;
    frontend.address = IpAddress::From(Ipv4Address(address.c_str()));
    frontend.isPublic = isPublic;
    return frontend;
}

/** Frontends share ports, and one frontend shares a port between protocols. */
class SeveralFrontendsTestCase : public TestCase
{
  public:
    SeveralFrontendsTestCase()
        : TestCase("LB-21 LB-22 frontends and protocols share a port number, each its own rule")
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(1, 2);
        auto configuration = network.Configuration();
        configuration.frontendIpConfigurations.push_back(MakeFrontend("second", "20.0.0.5"));
        auto other = configuration.backendAddressPools[0];
        other.name = "other";
        other.backendAddresses.erase(other.backendAddresses.begin());
        configuration.backendAddressPools[0].backendAddresses.pop_back();
        configuration.backendAddressPools.push_back(other);
        auto first = SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80);
        auto second = SystemNetwork::Rule(TransportProtocol::Tcp, 80, 8080);
        second.name = "second-80";
        second.frontendIpConfiguration = "second";
        second.backendAddressPool = "other";
        auto udp = SystemNetwork::Rule(TransportProtocol::Udp, 80, 53);
        udp.backendAddressPool = "other";
        configuration.loadBalancingRules = {first, second, udp};
        auto balancer = network.Install(configuration);
        network.TcpServer(network.backends.Get(0), 80);
        network.TcpServer(network.backends.Get(1), 8080);
        network.UdpServer(network.backends.Get(1), 53);
        auto client = network.clients.Get(0);
        const InetSocketAddress any(Ipv4Address::GetAny(), 0);
        TestConnection a(client, any, InetSocketAddress(SystemNetwork::Frontend(), 80));
        TestConnection b(client, any, InetSocketAddress(Ipv4Address("20.0.0.5"), 80));
        TestDatagrams c(client, 5000);
        c.Send("query", InetSocketAddress(SystemNetwork::Frontend(), 80));
        Simulator::Schedule(Seconds(1), [&]() {
            a.Send("to the first");
            b.Send("to the second");
        });
        SystemNetwork::RunUntil(Seconds(3));
        const auto vm0 = network.backends.Get(0)->GetId();
        const auto vm1 = network.backends.Get(1)->GetId();
        NS_TEST_EXPECT_MSG_EQ(a.received, "to the first", "echo");
        NS_TEST_EXPECT_MSG_EQ(b.received, "to the second", "echo");
        NS_TEST_EXPECT_MSG_EQ(network.received[vm0], "to the first", "only the first pool");
        NS_TEST_EXPECT_MSG_EQ(network.received[vm1], "queryto the second", "only the second pool");
        NS_TEST_ASSERT_MSG_EQ(c.received.size(), 1, "UDP answer");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetTotalDropCount(), 0, "nothing dropped");
    }
};

/** Every port of an internal frontend. */
class HaPortsTestCase : public TestCase
{
  public:
    HaPortsTestCase()
        : TestCase("LB-23 an HA ports rule balances every TCP and UDP port")
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(1, 2);
        auto configuration = network.Configuration();
        configuration.frontendIpConfigurations[0] = MakeFrontend("frontend", "10.3.0.4", false);
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::All, 0, 0)};
        auto balancer = network.Install(configuration);
        const std::vector<uint16_t> ports{1, 22, 80, 443, 8443, 65535};
        std::vector<std::unique_ptr<TestConnection>> connections;
        std::vector<std::unique_ptr<TestDatagrams>> datagrams;
        for (auto port : ports)
        {
            for (uint32_t i = 0; i < 2; i++)
            {
                network.TcpServer(network.backends.Get(i), port);
                network.UdpServer(network.backends.Get(i), port);
            }
            const InetSocketAddress to(Ipv4Address("10.3.0.4"), port);
            connections.push_back(
                std::make_unique<TestConnection>(network.clients.Get(0),
                                                 InetSocketAddress(Ipv4Address::GetAny(), 0),
                                                 to));
            datagrams.push_back(
                std::make_unique<TestDatagrams>(network.clients.Get(0), 30000 + datagrams.size()));
            datagrams.back()->Send("datagram", to);
        }
        SystemNetwork::RunUntil(Seconds(2));
        for (size_t i = 0; i < ports.size(); i++)
        {
            NS_TEST_EXPECT_MSG_EQ(connections[i]->connected, true, "TCP port " << ports[i]);
            NS_TEST_EXPECT_MSG_EQ(datagrams[i]->received.size(), 1, "UDP port " << ports[i]);
        }
        NS_TEST_EXPECT_MSG_EQ(balancer->GetTotalDropCount(), 0, "nothing dropped");
    }
};

/** The frontend's address reaches the instance, on a port that another frontend uses too. */
class FloatingIpTestCase : public TestCase
{
  public:
    FloatingIpTestCase(SystemLinks links, SystemRouting routing)
        : TestCase("LB-26 LB-27 floating IP keeps the frontend address and lets frontends share a "
                   "backend port, " +
                   std::string(links == SystemLinks::Csma ? "CSMA" : "point-to-point") +
                   (routing == SystemRouting::Global ? ", global routing" : ", static routing")),
          m_links(links),
          m_routing(routing)
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(1, 1, m_links, m_routing);
        auto configuration = network.Configuration();
        configuration.frontendIpConfigurations.push_back(MakeFrontend("second", "20.0.0.5"));
        auto first = SystemNetwork::Rule(TransportProtocol::Udp, 80, 8080);
        first.enableFloatingIp = true;
        auto second = first;
        second.name = "second";
        second.frontendIpConfiguration = "second";
        configuration.loadBalancingRules = {first, second};
        auto vm = network.backends.Get(0);
        // As in a virtual machine: both frontends on the loopback.
        for (const auto& frontend : configuration.frontendIpConfigurations)
        {
            vm->GetObject<Ipv4>()->AddAddress(
                0,
                Ipv4InterfaceAddress(frontend.address.ToIpv4(), Ipv4Mask::GetOnes()));
        }
        auto balancer = network.Install(configuration);
        TestDatagrams serverA(vm, 8080, SystemNetwork::Frontend());
        TestDatagrams serverB(vm, 8080, Ipv4Address("20.0.0.5"));
        TestDatagrams client(network.clients.Get(0), 5000);
        client.Send("one", InetSocketAddress(SystemNetwork::Frontend(), 80));
        client.Send("two", InetSocketAddress(Ipv4Address("20.0.0.5"), 80));
        SystemNetwork::RunUntil(Seconds(1));
        NS_TEST_ASSERT_MSG_EQ(serverA.received.size(), 1, "first frontend");
        NS_TEST_ASSERT_MSG_EQ(serverB.received.size(), 1, "second frontend");
        NS_TEST_EXPECT_MSG_EQ(serverA.received[0], "one", "its own datagram");
        NS_TEST_EXPECT_MSG_EQ(serverB.received[0], "two", "its own datagram");
        serverA.Send("reply", InetSocketAddress::ConvertFrom(serverA.from[0]));
        SystemNetwork::RunUntil(Seconds(2));
        NS_TEST_ASSERT_MSG_EQ(client.received.size(), 1, "the answer");
        auto from = InetSocketAddress::ConvertFrom(client.from[0]);
        NS_TEST_EXPECT_MSG_EQ(from.GetIpv4(), SystemNetwork::Frontend(), "from the frontend");
        NS_TEST_EXPECT_MSG_EQ(from.GetPort(), 80, "and its port");

        // LB-27: what the instance itself begins from the frontend's address has no flow.
        TestDatagrams outbound(vm, 9999, SystemNetwork::Frontend());
        TestDatagrams peer(network.clients.Get(0), 7);
        outbound.Send("hello", InetSocketAddress(network.clientAddresses[0], 7));
        SystemNetwork::RunUntil(Seconds(3));
        for (const auto& sender : peer.from)
        {
            peer.Send("answer", InetSocketAddress::ConvertFrom(sender));
        }
        SystemNetwork::RunUntil(Seconds(4));
        NS_TEST_EXPECT_MSG_EQ(outbound.received.size(), 0, "no answer comes back");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetDropCount(DropReason::NoRule),
                              1,
                              "it ended at the frontend");
    }

    SystemLinks m_links;
    SystemRouting m_routing;
};

/** Fragments go nowhere. */
class FragmentTestCase : public TestCase
{
  public:
    FragmentTestCase()
        : TestCase("LB-29 fragments are dropped, both ways, and counted")
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(1, 1);
        auto configuration = network.Configuration();
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Udp, 80, 80)};
        auto balancer = network.Install(configuration);
        TestDatagrams server(network.backends.Get(0), 80);
        TestDatagrams client(network.clients.Get(0), 5000);
        const InetSocketAddress frontend(SystemNetwork::Frontend(), 80);
        client.Send(std::string(1472, 'a'), frontend); // just fits into 1500 bytes
        SystemNetwork::RunUntil(Seconds(1));
        NS_TEST_ASSERT_MSG_EQ(server.received.size(), 1, "a whole datagram passes");
        client.Send(std::string(4000, 'b'), frontend); // three fragments
        SystemNetwork::RunUntil(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(server.received.size(), 1, "a cut one does not");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetDropCount(DropReason::Fragment), 3, "three fragments");
        uint32_t arrived = 0;
        network.clients.Get(0)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                [&arrived](Ptr<const Packet>, Ptr<Ipv4>, uint32_t) { arrived++; }));
        server.Send(std::string(2000, 'c'), InetSocketAddress::ConvertFrom(server.from[0]));
        SystemNetwork::RunUntil(Seconds(3));
        NS_TEST_EXPECT_MSG_EQ(client.received.size(), 0, "nor does a cut answer");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetDropCount(DropReason::Fragment), 5, "two fragments");
        NS_TEST_EXPECT_MSG_EQ(arrived, 0, "no part of it reaches the client");
        // What is of no flow is cut and goes its way.
        TestDatagrams other(network.backends.Get(0), 81);
        other.Send(std::string(4000, 'd'), InetSocketAddress(network.clientAddresses[0], 5000));
        SystemNetwork::RunUntil(Seconds(4));
        NS_TEST_EXPECT_MSG_EQ(arrived, 3, "three fragments");
        NS_TEST_EXPECT_MSG_EQ(client.received.size(), 1, "put together");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetDropCount(DropReason::Fragment), 5, "none dropped");
    }
};

/** A frontend port for one instance. */
class InboundNatTestCase : public TestCase
{
  public:
    InboundNatTestCase()
        : TestCase("LB-46 LB-47 inbound NAT ports lead to one instance each, with no probe")
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(1, 3);
        auto configuration = network.Configuration();
        InboundNatRule single;
        single.name = "rdp";
        single.frontendIpConfiguration = "frontend";
        single.frontendPort = 3389;
        single.backendPort = 3390;
        single.backendAddress = IpAddress::From(network.backendAddresses[2]);
        InboundNatRule range;
        range.name = "ssh";
        range.frontendIpConfiguration = "frontend";
        range.backendAddressPool = "pool";
        range.frontendPortRangeStart = 221;
        range.frontendPortRangeEnd = 230;
        range.backendPort = 22;
        configuration.inboundNatRules = {single, range};
        auto balancer = network.Install(configuration);
        std::vector<std::unique_ptr<TestConnection>> ssh;
        auto client = network.clients.Get(0);
        const InetSocketAddress any(Ipv4Address::GetAny(), 0);
        for (uint32_t i = 0; i < 3; i++)
        {
            network.TcpServer(network.backends.Get(i), 22);
            ssh.push_back(std::make_unique<TestConnection>(
                client,
                any,
                InetSocketAddress(SystemNetwork::Frontend(), 221 + i)));
        }
        network.TcpServer(network.backends.Get(2), 3390);
        TestConnection rdp(client, any, InetSocketAddress(SystemNetwork::Frontend(), 3389));
        TestConnection none(client, any, InetSocketAddress(SystemNetwork::Frontend(), 224));
        Simulator::Schedule(Seconds(1), [&]() {
            for (uint32_t i = 0; i < 3; i++)
            {
                ssh[i]->Send("ssh" + std::to_string(i));
            }
            rdp.Send("rdp");
        });
        SystemNetwork::RunUntil(Seconds(2));
        for (uint32_t i = 0; i < 2; i++)
        {
            NS_TEST_EXPECT_MSG_EQ(network.received[network.backends.Get(i)->GetId()],
                                  "ssh" + std::to_string(i),
                                  "port 221 + i leads to instance i");
        }
        const auto last = network.received[network.backends.Get(2)->GetId()];
        NS_TEST_EXPECT_MSG_EQ(last.size(), 7, "both rules lead to the last instance");
        NS_TEST_EXPECT_MSG_EQ(rdp.received, "rdp", "echo");
        NS_TEST_EXPECT_MSG_EQ(none.connected, false, "no fourth instance");
        NS_TEST_EXPECT_MSG_GT(balancer->GetTotalDropCount(), 0, "its SYN was dropped");
    }
};

/** What no rule covers goes nowhere. */
class NoRuleTestCase : public TestCase
{
  public:
    NoRuleTestCase()
        : TestCase("LB-21 LB-22 traffic that matches no rule is dropped, counted, never delivered")
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(1, 1);
        auto configuration = network.Configuration();
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80)};
        auto balancer = network.Install(configuration);
        // Servers where the packets must not go: the router itself, and the backend.
        network.UdpServer(network.router, 80);
        network.UdpServer(network.router, 81);
        network.TcpServer(network.router, 81);
        network.TcpServer(network.router, 80);
        network.UdpServer(network.backends.Get(0), 80);
        network.TcpServer(network.backends.Get(0), 81);
        uint32_t stackDrops = 0;
        network.router->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Drop",
            Callback<void,
                     const Ipv4Header&,
                     Ptr<const Packet>,
                     Ipv4L3Protocol::DropReason,
                     Ptr<Ipv4>,
                     uint32_t>([&](const Ipv4Header& header,
                                   Ptr<const Packet>,
                                   Ipv4L3Protocol::DropReason,
                                   Ptr<Ipv4>,
                                   uint32_t) {
                stackDrops += header.GetDestination() == SystemNetwork::Frontend();
            }));
        std::map<std::string, uint32_t> reasons;
        balancer->TraceConnectWithoutContext(
            "Drop",
            Callback<void, const Ipv4Header&, Ptr<const Packet>, DropReason>(
                [&](const Ipv4Header&, Ptr<const Packet>, DropReason reason) {
                    reasons[ToString(reason)]++;
                }));
        auto client = network.clients.Get(0);
        TestDatagrams datagrams(client, 5000);
        datagrams.Send("x", InetSocketAddress(SystemNetwork::Frontend(), 80));
        datagrams.Send("x", InetSocketAddress(SystemNetwork::Frontend(), 81));
        TestConnection connection(client,
                                  InetSocketAddress(Ipv4Address::GetAny(), 0),
                                  InetSocketAddress(SystemNetwork::Frontend(), 81));
        auto raw = Socket::CreateSocket(client, TypeId::LookupByName("ns3::Ipv4RawSocketFactory"));
        raw->SetAttribute("Protocol", UintegerValue(47)); // GRE
        raw->SendTo(Create<Packet>(100), 0, InetSocketAddress(SystemNetwork::Frontend(), 0));
        SystemNetwork::RunUntil(Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(network.served.size(), 0, "nothing was delivered anywhere");
        NS_TEST_EXPECT_MSG_EQ(datagrams.icmpTypes.size(), 0, "and nothing was said");
        NS_TEST_EXPECT_MSG_EQ(connection.connected, false, "no connection");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetDropCount(DropReason::NoRule), 3, "two UDP, one SYN");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetDropCount(DropReason::UnsupportedProtocol), 1, "GRE");
        NS_TEST_EXPECT_MSG_EQ(reasons["no-rule"], 3, "trace and counter agree");
        NS_TEST_EXPECT_MSG_EQ(reasons["unsupported-protocol"], 1, "trace and counter agree");
        NS_TEST_EXPECT_MSG_EQ(stackDrops, 4, "the drop trace of the node's IPv4 tells too");
    }
};

/** A frontend among the addresses of a LAN. */
class LanFrontendTestCase : public TestCase
{
  public:
    LanFrontendTestCase()
        : TestCase("LB-2 LB-4 a frontend address on a LAN is found by ARP")
    {
    }

  private:
    void DoRun() override
    {
        SystemNetwork network(2, 2, SystemLinks::Csma, SystemRouting::Static);
        auto configuration = network.Configuration();
        configuration.frontendIpConfigurations[0] = MakeFrontend("frontend", "10.1.0.100", false);
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 8080)};
        const auto devices = network.router->GetNDevices();
        auto balancer = network.Install(configuration);
        NS_TEST_EXPECT_MSG_EQ(network.router->GetNDevices(), devices, "no device was added");
        for (uint32_t i = 0; i < 2; i++)
        {
            network.TcpServer(network.backends.Get(i), 8080);
        }
        TestConnection a(network.clients.Get(0),
                         InetSocketAddress(Ipv4Address::GetAny(), 0),
                         InetSocketAddress(Ipv4Address("10.1.0.100"), 80));
        TestConnection b(network.clients.Get(1),
                         InetSocketAddress(Ipv4Address::GetAny(), 0),
                         InetSocketAddress(Ipv4Address("10.1.0.100"), 80));
        // The node's own traffic leaves with its own address, not with the frontend's.
        TestDatagrams own(network.router, 6000);
        TestDatagrams peer(network.clients.Get(0), 6001);
        own.Send("x", InetSocketAddress(network.clientAddresses[0], 6001));
        Simulator::Schedule(Seconds(1), [&]() {
            a.Send("a");
            b.Send("b");
        });
        SystemNetwork::RunUntil(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(a.received, "a", "first client");
        NS_TEST_EXPECT_MSG_EQ(b.received, "b", "second client");
        NS_TEST_ASSERT_MSG_EQ(peer.from.size(), 1, "own datagram arrived");
        NS_TEST_EXPECT_MSG_EQ(InetSocketAddress::ConvertFrom(peer.from[0]).GetIpv4(),
                              Ipv4Address("10.1.0.254"),
                              "from the router's own address");
        NS_TEST_EXPECT_MSG_EQ(balancer->GetTotalDropCount(), 0, "nothing dropped");
    }
};

/** Which packets the rules of a load balancer move where. */
class RulesTestSuite : public TestSuite
{
  public:
    RulesTestSuite()
        : TestSuite("azure-load-balancer-system-rules", Type::SYSTEM)
    {
        AddTestCase(new SeveralFrontendsTestCase, Duration::QUICK);
        AddTestCase(new HaPortsTestCase, Duration::QUICK);
        for (auto links : {SystemLinks::PointToPoint, SystemLinks::Csma})
        {
            for (auto routing : {SystemRouting::Static, SystemRouting::Global})
            {
                AddTestCase(new FloatingIpTestCase(links, routing), Duration::QUICK);
            }
        }
        AddTestCase(new FragmentTestCase, Duration::QUICK);
        AddTestCase(new InboundNatTestCase, Duration::QUICK);
        AddTestCase(new NoRuleTestCase, Duration::QUICK);
        AddTestCase(new LanFrontendTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
RulesTestSuite g_rulesTestSuite;

} // namespace
