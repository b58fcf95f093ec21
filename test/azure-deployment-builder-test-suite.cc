/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/application-container.h"
#include "ns3/azure-deployment-topology.h"
#include "ns3/azure-host-routing.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/test.h"

#include <set>
#include <string>
#include <tuple>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param machines how many machines
 * @return two networks in two regions, all machines in the first one; `vm-0` has two NICs
 */
DeploymentConfiguration
MakeDeployment(uint32_t machines)
{
    DeploymentConfiguration deployment;
    deployment.source = "test";
    for (const auto& [name, prefix, region] :
         {std::tuple{"vnet-a", "10.0.0.0/16", "eastus"}, {"vnet-b", "10.1.0.0/16", "westus"}})
    {
        VirtualNetworkConfiguration network;
        network.name = name;
        network.region = region;
        network.addressPrefixes = {*AddressPrefix::FromText(prefix)};
        network.subnets = {{"subnet", "", network.addressPrefixes}};
        deployment.virtualNetworks.push_back(network);
    }
    const auto addNic = [&](const std::string& name, const std::string& machine) {
        NetworkInterfaceConfiguration nic;
        nic.name = name;
        nic.region = "eastus";
        nic.virtualMachine = machine;
        NicIpConfiguration ip;
        ip.name = "ipconfig";
        ip.virtualNetwork = "vnet-a";
        ip.subnet = "subnet";
        ip.privateIpAddress = IpAddress::FromIpv4Bits(
            0x0a000004 + static_cast<uint32_t>(deployment.networkInterfaces.size()));
        nic.ipConfigurations = {ip};
        deployment.networkInterfaces.push_back(nic);
    };
    for (uint32_t i = 0; i < machines; ++i)
    {
        VirtualMachineConfiguration machine;
        machine.name = "vm-" + std::to_string(i);
        machine.region = "eastus";
        machine.networkInterfaces = {"nic-" + std::to_string(i)};
        addNic(machine.networkInterfaces[0], machine.name);
        if (i == 0)
        {
            machine.networkInterfaces.emplace_back("nic-0-second");
            addNic("nic-0-second", machine.name);
        }
        deployment.virtualMachines.push_back(machine);
    }
    return deployment;
}

/** Every node reaches every other one over the links that the picture shows. */
class ReachTestCase : public TestCase
{
  public:
    ReachTestCase()
        : TestCase("Clients and machines reach one another in the time of the links between")
    {
    }

  private:
    /**
     * @brief Send one UDP packet of 100 bytes at time zero.
     * @param from where from
     * @param to where to
     * @return when it arrived; negative when it did not
     */
    Time Send(const EdgeNode& from, const EdgeNode& to)
    {
        PacketSinkHelper helper("ns3::UdpSocketFactory",
                                InetSocketAddress(Ipv4Address::GetAny(), ++m_port));
        auto sinks = helper.Install(to.node);
        sinks.Get(0)->TraceConnectWithoutContext("Rx",
                                                 MakeCallback(&ReachTestCase::HandleRx, this));
        m_arrival = Seconds(-1);
        const Time start = Simulator::Now();
        auto socket =
            Socket::CreateSocket(from.node, TypeId::LookupByName("ns3::UdpSocketFactory"));
        socket->Connect(InetSocketAddress(to.address, m_port));
        Simulator::Schedule(MilliSeconds(1), [socket] { socket->Send(Create<Packet>(100)); });
        Simulator::Stop(MilliSeconds(200));
        Simulator::Run();
        return m_arrival.IsNegative() ? m_arrival : m_arrival - start - MilliSeconds(1);
    }

    /**
     * @param packet the packet
     * @param from its source
     */
    void HandleRx(Ptr<const Packet> packet, const Address& from)
    {
        NS_TEST_EXPECT_MSG_EQ(packet->GetSize(), 100, "the packet");
        m_source = InetSocketAddress::ConvertFrom(from).GetIpv4();
        m_arrival = Simulator::Now();
    }

    void DoRun() override
    {
        const auto deployment = MakeDeployment(3);
        NS_TEST_ASSERT_MSG_EQ(deployment.Validate().size(), 0, "the deployment is right");
        auto topology = CreateObject<DeploymentTopology>();
        topology->Build(deployment);
        const auto& client = topology->AddInternetClient("client");
        const auto* inside =
            topology->AddNetworkClient("inside", "vnet-b", Ipv4Address("10.1.0.9"));
        NS_TEST_ASSERT_MSG_NE(inside, nullptr, "there is a free address");
        NS_TEST_EXPECT_MSG_EQ(inside->address, Ipv4Address("10.1.255.254"), "the last one");
        const auto& machine = *topology->Find("vm-2").at(0);
        const auto& other = *topology->Find("vm-1").at(0);

        // 130 bytes on the wire (UDP, IP, PPP), once for each link; delays add up.
        const double bits = (100 + 8 + 20 + 2) * 8;
        const Time nic = NanoSeconds(bits / 10) + MicroSeconds(50);
        const Time network = NanoSeconds(bits / 100) + MicroSeconds(200);
        const Time region = NanoSeconds(bits / 100) + MilliSeconds(5);
        const Time access = NanoSeconds(bits) + MilliSeconds(5);
        const auto near = [](Time a, Time b) { return Abs(a - b) <= NanoSeconds(10); };
        NS_TEST_EXPECT_MSG_EQ(near(Send(other, machine), nic + nic), true, "machine to machine");
        NS_TEST_EXPECT_MSG_EQ(m_source, other.address, "from its own address");
        NS_TEST_EXPECT_MSG_EQ(near(Send(client, machine), access + region + network + nic),
                              false,
                              "private addresses cannot be reached from the internet");
        NS_TEST_EXPECT_MSG_EQ(m_arrival.IsNegative(), true, "nothing arrived");
        NS_TEST_EXPECT_MSG_EQ(near(Send(machine, client), access + region + network + nic),
                              true,
                              "machine to client");
        NS_TEST_EXPECT_MSG_EQ(near(Send(*inside, client), access + region + network + nic),
                              true,
                              "a client inside to one in the internet");
        Simulator::Destroy();
    }

    uint16_t m_port{6};   //!< port of the latest sink
    Time m_arrival;       //!< when the packet arrived
    Ipv4Address m_source; //!< its source
};

/** Packets to nobody do not go round. */
class NobodyTestCase : public TestCase
{
  public:
    NobodyTestCase()
        : TestCase("The network's router drops what goes to an address that nobody has")
    {
    }

  private:
    /** @brief A router passes a packet on. */
    void HandleForward(const Ipv4Header&, Ptr<const Packet>, uint32_t)
    {
        ++m_forwarded;
    }

    /** @brief The network's router drops a packet. */
    void HandleDrop(const Ipv4Header&,
                    Ptr<const Packet>,
                    Ipv4L3Protocol::DropReason,
                    Ptr<Ipv4>,
                    uint32_t)
    {
        ++m_dropped;
    }

    void DoRun() override
    {
        auto topology = CreateObject<DeploymentTopology>();
        topology->Build(MakeDeployment(1));
        const auto& client = topology->AddInternetClient("client");
        const auto& machine = *topology->Find("nic-0").at(0);
        auto network = topology->GetNetworkRouter("vnet-a");
        for (const auto& router :
             {network, topology->GetEdgeRouter("eastus"), topology->GetInternetRouter()})
        {
            router->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
                "UnicastForward",
                MakeCallback(&NobodyTestCase::HandleForward, this));
        }
        network->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Drop",
            MakeCallback(&NobodyTestCase::HandleDrop, this));
        const auto send = [](const EdgeNode& from, const char* to) {
            auto socket =
                Socket::CreateSocket(from.node, TypeId::LookupByName("ns3::UdpSocketFactory"));
            socket->Connect(InetSocketAddress(Ipv4Address(to), 9));
            Simulator::ScheduleNow([socket] { socket->Send(Create<Packet>(100)); });
            Simulator::Stop(Seconds(1));
            Simulator::Run();
            socket->Close();
        };
        send(machine, "10.0.200.200");
        NS_TEST_EXPECT_MSG_EQ(m_forwarded, 0, "nobody passes it on");
        NS_TEST_EXPECT_MSG_EQ(m_dropped, 1, "it is dropped");
        // As from a load balancer at the edge.
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(topology->GetInternetRouter()->GetObject<Ipv4>())
            ->AddHostRouteTo(Ipv4Address("10.0.200.200"), 1);
        send(client, "10.0.200.200");
        NS_TEST_EXPECT_MSG_EQ(m_forwarded, 2, "the internet's router and the edge pass it on");
        NS_TEST_EXPECT_MSG_EQ(m_dropped, 2, "it is dropped");
        Simulator::Destroy();
    }

    uint32_t m_forwarded{0}; //!< times that routers passed a packet on
    uint32_t m_dropped{0};   //!< packets that the network's router dropped
};

/** Names lead to nodes; each network interface is a node. */
class NamesTestCase : public TestCase
{
  public:
    NamesTestCase()
        : TestCase("A machine with two network interfaces is two nodes")
    {
    }

  private:
    void DoRun() override
    {
        auto topology = CreateObject<DeploymentTopology>();
        topology->Build(MakeDeployment(2));
        NS_TEST_EXPECT_MSG_EQ(topology->GetNetworkInterfaces().size(), 3, "one for each NIC");
        const auto both = topology->Find("vm-0");
        NS_TEST_ASSERT_MSG_EQ(both.size(), 2, "two network interfaces");
        NS_TEST_EXPECT_MSG_NE(both[0]->node, both[1]->node, "two nodes");
        NS_TEST_ASSERT_MSG_EQ(topology->Find("nic-0-second").size(), 1, "by its own name");
        NS_TEST_EXPECT_MSG_EQ(topology->Find("nic-0-second")[0], both[1], "the same one");
        NS_TEST_EXPECT_MSG_EQ(topology->Find("nobody").size(), 0, "unknown name");
        NS_TEST_EXPECT_MSG_EQ(topology->FindOwner(both[1]->address), both[1], "by address");
        NS_TEST_EXPECT_MSG_EQ(topology->FindOwner(Ipv4Address("1.2.3.4")), nullptr, "no owner");
        NS_TEST_EXPECT_MSG_EQ(topology->GetTargetNames().size(), 5, "two machines, three NICs");
        NS_TEST_EXPECT_MSG_EQ(both[0]->gateway, Ipv4Address("10.0.0.1"), "first of the subnet");
        NS_TEST_EXPECT_MSG_NE(topology->GetEdgeRouter("eastus"),
                              topology->GetEdgeRouter("westus"),
                              "an edge router for each region");
        NS_TEST_EXPECT_MSG_EQ(topology->GetEdgeRouter("mars"), nullptr, "no such region");
        NS_TEST_EXPECT_MSG_EQ(topology->GetNetworkRouter("vnet-z"), nullptr, "no such network");
        // Addresses of clients differ and keep away from those in use and reserved.
        topology->Reserve(Ipv4Address("10.0.255.254"));
        std::set<Ipv4Address> addresses;
        for (int i = 0; i < 20; ++i)
        {
            addresses.insert(topology->AddInternetClient("c" + std::to_string(i)).address);
            addresses.insert(
                topology->AddNetworkClient("d" + std::to_string(i), "vnet-a", both[0]->address)
                    ->address);
        }
        NS_TEST_EXPECT_MSG_EQ(addresses.size(), 40, "all addresses differ");
        NS_TEST_EXPECT_MSG_EQ(addresses.count(Ipv4Address("10.0.255.254")), 0, "reserved");
        NS_TEST_EXPECT_MSG_EQ(topology->GetClients().size(), 40, "all clients are known");
        Simulator::Destroy();
    }
};

/** A network of thousands is built fast enough. */
class LargeTestCase : public TestCase
{
  public:
    LargeTestCase()
        : TestCase("Two thousand machines have one host route each")
    {
    }

  private:
    void DoRun() override
    {
        constexpr uint32_t MACHINES = 2000;
        auto topology = CreateObject<DeploymentTopology>();
        topology->Build(MakeDeployment(MACHINES));
        auto router = topology->GetNetworkRouter("vnet-a");
        auto routing = Ipv4RoutingHelper::GetRouting<HostRouting>(
            router->GetObject<Ipv4>()->GetRoutingProtocol());
        NS_TEST_ASSERT_MSG_NE(routing, nullptr, "the router has host routing");
        NS_TEST_EXPECT_MSG_EQ(routing->GetNHostRoutes(), MACHINES + 1, "one for each NIC");
        const auto& last = *topology->Find("vm-1999").at(0);
        Ipv4Header header;
        header.SetDestination(last.address);
        Socket::SocketErrno error;
        auto route = routing->RouteOutput(nullptr, header, nullptr, error);
        NS_TEST_ASSERT_MSG_NE(route, nullptr, "a route to the last one");
        NS_TEST_EXPECT_MSG_EQ(route->GetOutputDevice(), last.gatewayDevice, "its own link");
        NS_TEST_EXPECT_MSG_EQ(route->GetSource(), last.gateway, "address of the router's end");
        header.SetDestination(Ipv4Address("10.0.200.200"));
        NS_TEST_EXPECT_MSG_EQ(routing->RouteOutput(nullptr, header, nullptr, error),
                              nullptr,
                              "nobody there");
        NS_TEST_EXPECT_MSG_EQ((error == Socket::ERROR_NOROUTETOHOST), true, "and says so");
        Simulator::Destroy();
    }
};

/** Clients and hosts at regions, and what goes from region to region. */
class RegionsTestCase : public TestCase
{
  public:
    RegionsTestCase()
        : TestCase("From region to region it takes half the measured round-trip time")
    {
    }

  private:
    /**
     * @brief Send one UDP packet.
     * @param from where from
     * @param to the address that it goes to
     * @param node whose address that is
     * @return how long it took; negative when it did not arrive
     */
    Time Send(const EdgeNode& from, Ipv4Address to, Ptr<Node> node)
    {
        auto socket = Socket::CreateSocket(node, TypeId::LookupByName("ns3::UdpSocketFactory"));
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), ++m_port));
        Time arrival = Seconds(-1);
        socket->SetRecvCallback(
            Callback<void, Ptr<Socket>>([&arrival](Ptr<Socket>) { arrival = Simulator::Now(); }));
        auto sender =
            Socket::CreateSocket(from.node, TypeId::LookupByName("ns3::UdpSocketFactory"));
        sender->Connect(InetSocketAddress(to, m_port));
        const Time start = Simulator::Now();
        Simulator::ScheduleNow([sender] { sender->Send(Create<Packet>(100)); });
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        return arrival.IsNegative() ? arrival : arrival - start;
    }

    void DoRun() override
    {
        auto topology = CreateObject<DeploymentTopology>();
        topology->Build(MakeDeployment(1)); // in eastus; westus has a network, too
        const Ipv4Address anycast("192.0.2.53");
        topology->AddPublicRouteToInterface(Ipv4Address("192.0.2.1"), "nic-0");
        const auto& east = topology->AddRegionHost("ns-east", "eastus", {anycast});
        topology->AddAnycastRoute(anycast, {"eastus", "westus"});
        const auto& west = topology->AddRegionHost("ns-west", "westus", {anycast});
        const auto& tokyo = topology->AddRegionClient("tokyo", "japaneast");
        const auto& mars = topology->AddRegionClient("mars", "mars");
        const auto& plain = topology->AddInternetClient("plain");
        const auto& machine = *topology->Find("nic-0").at(0);
        // Whole milliseconds are enough: clients 5 ms, machines and hosts below 1 ms.
        const auto regions = RegionTable::MakeAzure();
        const auto between = [&](const char* from, const char* to) {
            return (*regions.GetRoundTripTime(*regions.Find(from), *regions.Find(to)) +
                    *regions.GetRoundTripTime(*regions.Find(to), *regions.Find(from)))
                       .GetSeconds() /
                   4;
        };
        const auto expect = [this](Time took, double seconds, const std::string& what) {
            NS_TEST_EXPECT_MSG_EQ_TOL(took.GetSeconds(), seconds, 0.001, what);
        };
        const Ipv4Address address("192.0.2.1");
        expect(Send(tokyo, address, machine.node),
               between("japaneast", "eastus") + 0.005,
               "to a machine by its public address");
        expect(Send(machine, tokyo.address, tokyo.node),
               between("japaneast", "eastus") + 0.005,
               "and back");
        expect(Send(plain, address, machine.node), 0.010, "from a client at no region");
        expect(Send(mars, address, machine.node), 0.072 + 0.005, "from a region without times");
        expect(Send(tokyo, anycast, west.node),
               between("japaneast", "westus") + 0.005,
               "the nearest of two hosts");
        expect(Send(machine, anycast, east.node), 0, "the one in the own region");
        expect(Send(tokyo, mars.address, mars.node), 0.072 + 0.010, "to a later region");
        expect(Send(plain, tokyo.address, tokyo.node), 0.015, "to a client at a region");
        const auto prefix = topology->AddRegion("japaneast");
        NS_TEST_EXPECT_MSG_EQ(prefix.Contains(IpAddress::From(tokyo.address)), true, "its own");
        NS_TEST_EXPECT_MSG_EQ(prefix.Contains(IpAddress::From(mars.address)), false, "and alone");
        NS_TEST_EXPECT_MSG_EQ(topology->GetRegions().size(), 4, "regions");
        NS_TEST_EXPECT_MSG_EQ(topology->GetRegionHosts().size(), 2, "hosts");
        // Nobody has it; it must not go round between the edge and the internet.
        const auto nobody = Ipv4Address(prefix.address.ToIpv4().Get() + 4711);
        NS_TEST_EXPECT_MSG_EQ(Send(plain, nobody, tokyo.node).IsNegative(), true, "nobody there");
        Simulator::Destroy();
    }

    uint16_t m_port{6}; //!< port of the latest packet
};

/** The network of a deployment. */
class DeploymentBuilderTestSuite : public TestSuite
{
  public:
    DeploymentBuilderTestSuite()
        : TestSuite("azure-deployment-builder", Type::UNIT)
    {
        AddTestCase(new ReachTestCase, Duration::QUICK);
        AddTestCase(new NobodyTestCase, Duration::QUICK);
        AddTestCase(new NamesTestCase, Duration::QUICK);
        AddTestCase(new LargeTestCase, Duration::QUICK);
        AddTestCase(new RegionsTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
DeploymentBuilderTestSuite g_deploymentBuilderTestSuite;

} // namespace
