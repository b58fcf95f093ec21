/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-load-balancer-system-fixture.h"

#include "ns3/azure-flow-monitor-helper.h"
#include "ns3/azure-load-balancer-net-device.h"
#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/global-value.h"
#include "ns3/ipv4-flow-probe.h"
#include "ns3/tcp-header.h"
#include "ns3/udp-header.h"

#include <memory>

using namespace ns3;
using namespace ns3::azure;

namespace
{

const InetSocketAddress ANY(Ipv4Address::GetAny(), 0); //!< any address, any port

/**
 * @param seconds run so long
 */
void
Run(double seconds = 0.1)
{
    SystemNetwork::RunUntil(Simulator::Now() + Seconds(seconds));
}

/**
 * @param configuration its first frontend
 * @param isPublic becomes public or not
 * @param address gets this address
 */
void
SetFrontend(LoadBalancerConfiguration& configuration, bool isPublic, const std::string& address)
{
    configuration.frontendIpConfigurations[0].isPublic = isPublic;
    configuration.frontendIpConfigurations[0].address =
        IpAddress::From(Ipv4Address(address.c_str()));
}

/** Sends packets of one protocol, headers and all. */
class RawSender
{
  public:
    /**
     * @param node where
     * @param protocol IP protocol number
     */
    RawSender(Ptr<Node> node, uint8_t protocol)
        : socket(Socket::CreateSocket(node, TypeId::LookupByName("ns3::Ipv4RawSocketFactory"))),
          m_tcp(protocol == 6)
    {
        socket->SetAttribute("Protocol", UintegerValue(protocol));
    }

    /**
     * @param bytes what follows the IP header
     * @param to whom
     */
    void Send(const std::vector<uint8_t>& bytes, Ipv4Address to = SystemNetwork::Frontend())
    {
        const auto type = m_tcp ? TcpHeader::GetTypeId() : UdpHeader::GetTypeId();
        socket->SendTo(MakeRawPacket(bytes, type, m_tcp ? 20 : 8), 0, InetSocketAddress(to, 0));
    }

    /**
     * @param port source port
     * @param flags TCP flags, all eight
     * @param offset data offset, 32-bit words
     * @param destinationPort destination port
     * @return a TCP header of 20 bytes
     */
    static std::vector<uint8_t> Tcp(uint16_t port,
                                    uint8_t flags,
                                    uint8_t offset = 5,
                                    uint16_t destinationPort = 80)
    {
        std::vector<uint8_t> bytes(20, 0);
        bytes[0] = port >> 8;
        bytes[1] = port & 0xff;
        bytes[2] = destinationPort >> 8;
        bytes[3] = destinationPort & 0xff;
        bytes[12] = offset << 4;
        bytes[13] = flags;
        return bytes;
    }

    Ptr<Socket> socket; //!< raw

  private:
    bool m_tcp; //!< TCP, as opposed to UDP
};

/** An instance that is its own client through the frontend. */
void
Hairpin(FunctionTestCase& test)
{
    SystemNetwork network(1, 3);
    auto configuration = network.Configuration();
    SetFrontend(configuration, false, "10.3.0.4");
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 8080)};
    auto balancer = network.Install(configuration);
    for (uint32_t i = 0; i < 3; i++)
    {
        network.TcpServer(network.backends.Get(i), 8080);
    }
    auto vm = network.backends.Get(1);
    const auto self = IpAddress::From(network.backendAddresses[1]);
    std::vector<std::unique_ptr<TestConnection>> connections;
    std::vector<bool> home;
    const uint32_t n = 60;
    for (uint32_t i = 0; i < n; i++)
    {
        PacketView syn;
        syn.source = self;
        syn.sourcePort = 30000 + i;
        syn.destination = IpAddress::From(Ipv4Address("10.3.0.4"));
        syn.destinationPort = 80;
        syn.tcpFlags = PacketView::SYN;
        home.push_back(balancer->GetEngine().Explain(syn, Simulator::Now()).backend == self);
        connections.push_back(std::make_unique<TestConnection>(
            vm,
            InetSocketAddress(network.backendAddresses[1], 30000 + i),
            InetSocketAddress(Ipv4Address("10.3.0.4"), 80)));
    }
    Run(0.5);
    uint32_t failed = 0;
    for (uint32_t i = 0; i < n; i++)
    {
        test.Equal(connections[i]->connected, !home[i], "flow " + std::to_string(i));
        failed += home[i] ? 1 : 0;
        if (!home[i])
        {
            connections[i]->Send("to another");
        }
    }
    Run(0.5);
    for (uint32_t i = 0; i < n; i++)
    {
        test.Equal(connections[i]->received, std::string(home[i] ? "" : "to another"), "payload");
    }
    // Of 60, 20 are expected; outside of 6 and 34 once in ten thousand.
    test.Check(failed > 6 && failed < 34, "one in three fails, not " + std::to_string(failed));
    test.Equal(balancer->GetDropCount(DropReason::HairpinToSelf), failed, "counted");
    test.Equal(balancer->GetTotalDropCount(), failed, "nothing else is dropped");
    test.Equal(network.served[vm->GetId()], 0, "nothing reached the instance itself");
}

/** What the balancer's own node sends to frontends, with one balancer on it or two. */
void
OwnTraffic(FunctionTestCase& test, SystemLinks links, SystemRouting routing)
{
    SystemNetwork network(1, 2, links, routing);
    auto configuration = network.Configuration();
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 8080),
                                        SystemNetwork::Rule(TransportProtocol::Udp, 53, 5353)};
    auto first = network.Install(configuration);
    configuration.name = "second";
    SetFrontend(configuration, true, "20.0.0.5");
    configuration.loadBalancingRules[0].backendPort = 8081;
    configuration.loadBalancingRules[1].backendPort = 5354;
    auto second = network.Install(configuration);
    for (uint32_t i = 0; i < 2; i++)
    {
        for (uint16_t port : {8080, 8081})
        {
            network.TcpServer(network.backends.Get(i), port);
        }
        for (uint16_t port : {5353, 5354})
        {
            network.UdpServer(network.backends.Get(i), port);
        }
    }
    const std::vector<Ipv4Address> frontends{SystemNetwork::Frontend(), Ipv4Address("20.0.0.5")};
    for (const auto& node : {network.router, network.clients.Get(0)})
    {
        std::vector<std::unique_ptr<TestConnection>> connections;
        TestDatagrams datagrams(node, 5000);
        for (const auto& frontend : frontends)
        {
            connections.push_back(
                std::make_unique<TestConnection>(node, ANY, InetSocketAddress(frontend, 80)));
            Run(0.1); // a neighbour looked for holds up three packets and no more
            datagrams.Send("query", InetSocketAddress(frontend, 53));
        }
        Run(0.5);
        for (size_t i = 0; i < 2; i++)
        {
            connections[i]->Send("hello");
            Run(0.5);
            test.Equal(connections[i]->received, std::string("hello"), "TCP");
        }
        test.Equal(datagrams.received.size(), 2, "UDP");
        for (size_t i = 0; i < datagrams.from.size(); i++)
        {
            const auto from = InetSocketAddress::ConvertFrom(datagrams.from[i]);
            test.Check(from.GetIpv4() == frontends[0] || from.GetIpv4() == frontends[1],
                       "from a frontend");
            test.Equal(from.GetPort(), 53, "from its port");
        }
    }
    for (const auto& balancer : {first, second})
    {
        for (size_t i = 0; i < static_cast<size_t>(DropReason::Count); i++)
        {
            const auto reason = static_cast<DropReason>(i);
            test.Equal(balancer->GetDropCount(reason), 0, ToString(reason));
        }
        test.Equal(balancer->GetStatistics().flowsCreated, 4, "each has its own flows");
        test.Equal(balancer->GetTotalDropCount(), 0, "nothing dropped");
    }
}

/** What is no frontend's ends at the net device of the frontends. */
void
Misrouted(FunctionTestCase& test)
{
    SystemNetwork network(1, 1);
    auto configuration = network.Configuration();
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Udp, 80, 80)};
    auto balancer = network.Install(configuration);
    auto ipv4 = network.router->GetObject<Ipv4>();
    const auto interface = ipv4->GetInterfaceForAddress(SystemNetwork::Frontend());
    Ipv4RoutingHelper::GetRouting<Ipv4StaticRouting>(ipv4->GetRoutingProtocol())
        ->AddNetworkRouteTo("20.0.0.0", "255.255.255.0", interface);
    TestDatagrams client(network.clients.Get(0), 5000);
    TestDatagrams own(network.router, 5000);
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(network.clients.Get(0)->GetObject<Ipv4>())
        ->SetDefaultRoute("10.1.1.1", 1);
    client.Send("x", InetSocketAddress(Ipv4Address("20.0.0.99"), 80));
    own.Send("x", InetSocketAddress(Ipv4Address("20.0.0.98"), 80));
    Run(1);
    test.Equal(balancer->GetDropCount(DropReason::NoFrontend), 2, "both end, and do not circle");
}

/** Broadcasts and multicasts are nothing of a balancer's. */
void
GroupTraffic(FunctionTestCase& test)
{
    SystemNetwork network(1, 2, SystemLinks::Csma, SystemRouting::Static);
    auto configuration = network.Configuration();
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Udp, 80, 80)};
    auto balancer = network.Install(configuration);
    const Ipv4Address group("239.1.2.3");
    auto routerRouting = Ipv4RoutingHelper::GetRouting<Ipv4StaticRouting>(
        network.router->GetObject<Ipv4>()->GetRoutingProtocol());
    // From the backends' LAN to the clients'.
    routerRouting->AddMulticastRoute(Ipv4Address::GetAny(), group, 2, {1});
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(network.backends.Get(0)->GetObject<Ipv4>())
        ->SetDefaultMulticastRoute(1);
    network.UdpServer(network.router, 80, false);
    network.UdpServer(network.clients.Get(0), 80, false);
    network.UdpServer(network.backends.Get(1), 80, false);
    TestDatagrams sender(network.backends.Get(0), 80);
    sender.socket->SetAllowBroadcast(true);
    sender.Send("b", InetSocketAddress(Ipv4Address("10.2.0.255"), 80));
    sender.Send("B", InetSocketAddress(Ipv4Address("255.255.255.255"), 80));
    Run();
    test.Equal(network.received[network.router->GetId()], std::string("bB"), "the router's own");
    test.Equal(network.received[network.backends.Get(1)->GetId()], std::string("bB"), "the LAN's");
    sender.Send("m", InetSocketAddress(group, 80));
    Run();
    test.Equal(network.received[network.clients.Get(0)->GetId()], std::string("m"), "forwarded");
    test.Equal(balancer->GetTotalDropCount(), 0, "nothing dropped");
    test.Equal(balancer->GetStatistics().returned, 0, "nothing translated");
}

/** A time to live of 0 or 1 ends at the frontend. */
void
TimeToLive(FunctionTestCase& test)
{
    SystemNetwork network(1, 1);
    auto configuration = network.Configuration();
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Udp, 80, 80)};
    auto balancer = network.Install(configuration);
    network.UdpServer(network.backends.Get(0), 80);
    TestDatagrams client(network.clients.Get(0), 5000);
    const InetSocketAddress frontend(SystemNetwork::Frontend(), 80);
    uint32_t sent = 0;
    network.router->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Tx",
        Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
            [&sent](Ptr<const Packet>, Ptr<Ipv4>, uint32_t) { sent++; }));
    // A socket refuses to send 0: a header of its own does not.
    auto raw = Socket::CreateSocket(network.clients.Get(0),
                                    TypeId::LookupByName("ns3::Ipv4RawSocketFactory"));
    raw->SetAttribute("Protocol", UintegerValue(17));
    raw->SetAttribute("IpHeaderInclude", BooleanValue(true));
    Ipv4Header header;
    header.SetSource(network.clientAddresses[0]);
    header.SetDestination(SystemNetwork::Frontend());
    header.SetProtocol(17);
    header.SetPayloadSize(8);
    header.SetTtl(0);
    const std::vector<uint8_t> udp{0x13, 0x88, 0, 80, 0, 8, 0, 0};
    auto packet = Create<Packet>(udp.data(), udp.size());
    packet->AddHeader(header);
    raw->SendTo(packet, 0, frontend);
    Run();
    test.Equal(sent, 0, "0: nobody hears of it");
    client.socket->SetIpTtl(1);
    client.Send("x", frontend);
    Run();
    test.Equal(sent, 1, "1: the sender is told");
    test.Equal(client.icmpTypes.size(), 1, "one error");
    test.Equal(+client.icmpTypes.at(0), 11, "time exceeded");
    test.Equal(balancer->GetDropCount(DropReason::TtlExpired), 2, "both are counted");
    test.Equal(network.served.size(), 0, "neither arrives");
    client.socket->SetIpTtl(2);
    client.Send("x", frontend);
    Run();
    test.Equal(network.served.size(), 1, "2 is enough: the balancer is one hop");
}

/** Headers that are cut short. */
void
Truncated(FunctionTestCase& test)
{
    SystemNetwork network(1, 1);
    auto configuration = network.Configuration();
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80),
                                        SystemNetwork::Rule(TransportProtocol::Udp, 80, 80)};
    auto balancer = network.Install(configuration);
    uint32_t delivered = 0;
    network.backends.Get(0)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Rx",
        Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
            [&delivered](Ptr<const Packet>, Ptr<Ipv4>, uint32_t) { delivered++; }));
    RawSender tcp(network.clients.Get(0), 6);
    RawSender udp(network.clients.Get(0), 17);
    uint32_t expected = 0;
    for (size_t size = 0; size < 20; size++)
    {
        auto bytes = RawSender::Tcp(1000, TcpHeader::SYN);
        bytes.resize(size);
        tcp.Send(bytes);
        expected++;
        if (size < 8)
        {
            udp.Send(std::vector<uint8_t>(size, 0));
            expected++;
        }
    }
    for (const uint8_t offset : {0, 1, 4, 6, 15})
    {
        tcp.Send(RawSender::Tcp(1000, TcpHeader::SYN, offset));
        expected++;
    }
    Run();
    test.Equal(balancer->GetDropCount(DropReason::Truncated), expected, "all of them");
    test.Equal(balancer->GetTotalDropCount(), expected, "and nothing else");
    test.Equal(balancer->GetStatistics().flowsCreated, 0, "no flow");
    test.Equal(delivered, 0, "nothing passes");
    // Port 0 is a port without a rule; as a source it is a port like any other.
    tcp.Send(RawSender::Tcp(1000, TcpHeader::SYN, 5, 0));
    udp.Send({0x13, 0x88, 0, 0, 0, 8, 0, 0});
    Run();
    test.Equal(balancer->GetDropCount(DropReason::NoRule), 2, "port 0 has no rule");
    udp.Send({0, 0, 0, 80, 0, 8, 0, 0});
    Run();
    test.Equal(delivered, 1, "from port 0");
}

/** All combinations of TCP flags as the first segment of a flow. */
void
Flags(FunctionTestCase& test)
{
    SystemNetwork network(1, 1);
    auto configuration = network.Configuration();
    configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80)};
    auto balancer = network.Install(configuration);
    RawSender tcp(network.clients.Get(0), 6);
    uint32_t opening = 0;
    for (uint32_t flags = 0; flags < 256; flags++)
    {
        tcp.Send(RawSender::Tcp(1000 + flags, flags));
        const auto kind = flags & (TcpHeader::SYN | TcpHeader::ACK | TcpHeader::RST);
        opening += kind == TcpHeader::SYN ? 1 : 0;
        Run(0.01);
    }
    Run();
    test.Equal(opening, 32, "SYN without ACK and RST");
    test.Equal(balancer->GetStatistics().flowsCreated, opening, "they open flows");
    test.Equal(balancer->GetDropCount(DropReason::NoFlow), 256 - opening, "nothing else does");
}

/** The same addresses and ports again after a close: a new decision. */
void
Reuse(FunctionTestCase& test)
{
    Config::SetDefault("ns3::TcpSocketBase::MaxSegLifetime", DoubleValue(0.25));
    {
        SystemNetwork network(1, 2);
        auto configuration = network.Configuration();
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 8080)};
        auto balancer = network.Install(configuration);
        for (uint32_t i = 0; i < 2; i++)
        {
            network.TcpServer(network.backends.Get(i), 8080);
        }
        std::vector<IpAddress> instances;
        balancer->TraceConnectWithoutContext(
            "FlowCreated",
            Callback<void, const FlowRecord&>(
                [&](const FlowRecord& flow) { instances.push_back(flow.backend); }));
        auto connect = [&]() {
            return std::make_unique<TestConnection>(
                network.clients.Get(0),
                InetSocketAddress(network.clientAddresses[0], 40000),
                InetSocketAddress(SystemNetwork::Frontend(), 80));
        };
        auto connection = connect();
        Run(1);
        test.Equal(connection->connected, true, "the first");
        connection->socket->Close();
        network.connections.at(0)->Close();
        Run(2);
        connection.reset();
        // Another instance is all there is now: who kept the old flow would send to the first.
        balancer->RemoveBackend("pool", instances.at(0).ToIpv4());
        connection = connect();
        Run(1);
        test.Equal(connection->connected, true, "the second");
        connection->Send("again");
        Run(1);
        test.Equal(connection->received, std::string("again"), "it is served");
        test.Equal(instances.size(), 2, "a flow of its own");
        test.Check(!(instances.at(0) == instances.at(1)), "by the instance that is left");
        const auto& ended = balancer->GetStatistics().flowsEnded;
        test.Equal(ended[static_cast<size_t>(FlowEndReason::Closed)], 1, "the first was closed");
        test.Equal(balancer->GetTotalDropCount(), 0, "nothing dropped");
    }
    Config::Reset();
}

/** The simulation ends in the middle of everything. */
void
SuddenEnd(FunctionTestCase& test)
{
    for (const uint32_t end : {1000, 1003, 1004, 2500, 5001, 240500})
    {
        SystemNetwork network(2, 2);
        network.helper.SetAttribute("ForwardingDelay", TimeValue(MilliSeconds(2)));
        auto configuration = network.Configuration();
        azure::Probe probe;
        probe.name = "probe";
        probe.port = 80;
        probe.interval = Seconds(5);
        configuration.probes = {probe};
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80)};
        configuration.loadBalancingRules[0].probe = "probe";
        configuration.loadBalancingRules[0].enableTcpReset = true;
        network.helper.SetProbeAttribute("Phase",
                                         StringValue("ns3::ConstantRandomVariable[Constant=0]"));
        auto balancer = network.Install(configuration);
        for (uint32_t i = 0; i < 2; i++)
        {
            network.TcpServer(network.backends.Get(i), 80);
        }
        std::vector<std::unique_ptr<TestConnection>> connections;
        Simulator::Schedule(Seconds(1), [&]() {
            for (uint32_t i = 0; i < 2; i++)
            {
                connections.push_back(std::make_unique<TestConnection>(
                    network.clients.Get(i),
                    ANY,
                    InetSocketAddress(SystemNetwork::Frontend(), 80)));
            }
        });
        SystemNetwork::RunUntil(MilliSeconds(end));
        if (end == 1000 || end == 5001)
        {
            // Who lets go of everything early is not punished by what is still to come.
            balancer->Dispose();
            connections.push_back(
                std::make_unique<TestConnection>(network.clients.Get(0),
                                                 ANY,
                                                 InetSocketAddress(SystemNetwork::Frontend(), 80)));
            Run(300);
        }
        test.Equal(balancer->GetStatistics().drops[0], 0, "it can still be asked");
        test.Equal(connections.size(), end == 1000 || end == 5001 ? 3 : 2, "ran");
    }
}

/** A balancer goes when its node does, whether instances are probed from there or not. */
void
Lifetime(FunctionTestCase& test)
{
    for (const bool probed : {false, true})
    {
        std::vector<Ptr<LoadBalancer>> balancers;
        {
            SystemNetwork network(1, 1);
            auto configuration = network.Configuration();
            azure::Probe probe;
            probe.name = "probe";
            probe.port = 80;
            configuration.probes = {probe};
            configuration.loadBalancingRules = {
                SystemNetwork::Rule(TransportProtocol::Udp, 80, 80)};
            configuration.loadBalancingRules[0].probe = probed ? "probe" : "";
            network.UdpServer(network.backends.Get(0), 80);
            for (const char* frontend : {"20.0.0.4", "20.0.0.5"})
            {
                configuration.name = frontend;
                SetFrontend(configuration, true, frontend);
                balancers.push_back(network.Install(configuration));
            }
            TestDatagrams client(network.clients.Get(0), 5000);
            client.Send("x", InetSocketAddress(SystemNetwork::Frontend(), 80));
            Run(1);
        }
        for (const auto& balancer : balancers)
        {
            test.Check(!balancer->GetNode(), "it has let go of its node");
            test.Equal(balancer->GetReferenceCount(), 1, "nobody else holds it");
        }
        test.Equal(balancers[0]->GetStatistics().flowsCreated, probed ? 0 : 1, "it can be asked");
    }
}

/** Installations that cannot work say so. */
void
Refusals(FunctionTestCase& test)
{
    SystemNetwork network(1, 1);
    const auto good = network.Configuration();
    test.Equal(LoadBalancerHelper::Check(network.router, good).size(), 0, "nothing wrong");
    auto configuration = good;
    LoadBalancerBackendAddress own;
    own.address = IpAddress::From(Ipv4Address("10.2.1.1"));
    configuration.backendAddressPools[0].backendAddresses.push_back(own);
    auto errors = LoadBalancerHelper::Check(network.router, configuration);
    test.Equal(errors.size(), 1, "the node's own address as an instance");
    test.Equal(errors.at(0).path,
               std::string("backendAddressPools[0].loadBalancerBackendAddresses[1]"),
               "path");
    configuration = good;
    InboundNatRule nat;
    nat.name = "ssh";
    nat.frontendIpConfiguration = "frontend";
    nat.frontendPort = nat.backendPort = 22;
    nat.backendAddress = own.address;
    configuration.inboundNatRules = {nat};
    errors = LoadBalancerHelper::Check(network.router, configuration);
    test.Equal(errors.size(), 1, "the node's own address behind a NAT rule");
    test.Equal(errors.at(0).path, std::string("inboundNatRules[0].backendIPConfiguration"), "path");
    auto balancer = network.Install(good);
    test.Check(!balancer->AddBackend("pool", own).error.empty(), "nor later");
    test.Equal(balancer->GetConfiguration().backendAddressPools[0].backendAddresses.size(),
               1,
               "nothing changed");
    configuration = good;
    configuration.name = "other";
    errors = LoadBalancerHelper::Check(network.router, configuration);
    test.Equal(errors.size(), 1, "the frontend of another balancer of the node");
    test.Equal(errors.at(0).path, std::string("frontendIPConfigurations[0]"), "path");
    SetFrontend(configuration, true, "20.0.0.5");
    test.Equal(LoadBalancerHelper::Check(network.router, configuration).size(), 0, "another one");
    auto bare = CreateObject<Node>();
    test.Equal(LoadBalancerHelper::Check(bare, good).size(), 1, "a node without IPv4");
}

/** Stock and own flow probes around a real balancer, on the same run. */
void
FlowProbes(FunctionTestCase& test, bool checksums)
{
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(checksums));
    {
        SystemNetwork network(1, 1);
        auto configuration = network.Configuration();
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 8080),
                                            SystemNetwork::Rule(TransportProtocol::Udp, 53, 5353)};
        auto balancer = network.Install(configuration);
        FlowMonitorHelper stockHelper;
        NatFlowMonitorHelper helper;
        auto stock = stockHelper.InstallAll();
        auto monitor = helper.InstallAll();
        network.TcpServer(network.backends.Get(0), 8080);
        network.UdpServer(network.backends.Get(0), 5353);
        Run(); // monitors begin with an event
        TestConnection connection(network.clients.Get(0),
                                  ANY,
                                  InetSocketAddress(SystemNetwork::Frontend(), 80));
        TestDatagrams datagrams(network.clients.Get(0), 5000);
        // One datagram passes, one finds no rule, and one is cut into three fragments.
        datagrams.Send("query", InetSocketAddress(SystemNetwork::Frontend(), 53));
        datagrams.Send("lost", InetSocketAddress(SystemNetwork::Frontend(), 54));
        Run(1);
        datagrams.Send(std::string(4000, 'f'), InetSocketAddress(SystemNetwork::Frontend(), 53));
        connection.Send(std::string(30000, 'x'));
        Run(1);
        connection.socket->Close();
        network.connections.at(0)->Close();
        Run(40);
        test.Equal(connection.received.size(), 30000, "served");
        stock->CheckForLostPackets(Seconds(0));
        monitor->CheckForLostPackets(Seconds(0));
        uint32_t rxOfStock = 0;
        for (const auto& [id, stats] : stock->GetFlowStats())
        {
            rxOfStock += stats.rxPackets;
        }
        test.Equal(rxOfStock, 0, "the stock probe loses every packet");
        uint32_t whole = 0;
        for (const auto& [id, stats] : monitor->GetFlowStats())
        {
            const auto tuple = helper.GetClassifier()->FindFlow(id);
            const auto route = Ipv4FlowProbe::DROP_ROUTE_ERROR;
            const uint64_t dropped =
                stats.packetsDropped.size() > route ? stats.packetsDropped[route] : 0;
            if (tuple.destinationPort == 54)
            {
                test.Equal(stats.txPackets, 1, "without a rule: sent");
                test.Equal(stats.rxPackets, 0, "without a rule: not received");
                test.Equal(dropped, 1, "without a rule: dropped, with a reason");
                continue;
            }
            if (tuple.destinationPort == 53)
            {
                test.Equal(stats.txPackets, 2, "UDP: sent");
                test.Equal(stats.rxPackets, 1, "UDP: received");
                test.Equal(dropped, 3, "UDP: three fragments dropped");
                continue;
            }
            test.Equal(stats.rxPackets, stats.txPackets, "all arrive");
            test.Equal(stats.rxBytes, stats.txBytes, "every byte");
            test.Equal(stats.timesForwarded, stats.txPackets, "over one router");
            test.Equal(stats.lostPackets, 0, "none is lost");
            const auto pairs = helper.GetClassifier()->GetTranslations(id);
            test.Equal(pairs.size(), 1, "one translation");
            const bool in = tuple.destinationAddress == SystemNetwork::Frontend();
            const auto after = pairs.at(0).after;
            test.Equal(in ? after.destinationAddress : after.sourceAddress,
                       in ? network.backendAddresses[0] : SystemNetwork::Frontend(),
                       "address after it");
            const uint16_t port = in ? after.destinationPort : after.sourcePort;
            const uint16_t frontendPort = tuple.protocol == 6 ? 80 : 53;
            test.Equal(port, in ? 8080 : frontendPort, "port after it");
            whole++;
        }
        test.Equal(whole, 3, "TCP both ways and the UDP answer");
        test.Equal(balancer->GetTotalDropCount(), 4, "the balancer's own count");
    }
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
}

/** All cases. */
class SystemEdgesTestSuite : public TestSuite
{
  public:
    SystemEdgesTestSuite()
        : TestSuite("azure-load-balancer-system-edges", Type::SYSTEM)
    {
        Add("LB-60 an instance reaches the others through its own frontend, itself not", Hairpin);
        for (auto links : {SystemLinks::PointToPoint, SystemLinks::Csma})
        {
            for (auto routing : {SystemRouting::Static, SystemRouting::Global})
            {
                Add(std::string("Two balancers on a node serve its own traffic and a client's, ") +
                        (links == SystemLinks::Csma ? "CSMA" : "point-to-point") +
                        (routing == SystemRouting::Global ? ", global routing"
                                                          : ", static routing"),
                    [links, routing](FunctionTestCase& test) { OwnTraffic(test, links, routing); });
            }
        }
        Add("What is routed to the frontends' device and is none ends there", Misrouted);
        Add("Broadcasts and multicasts pass by", GroupTraffic);
        Add("A time to live of 0 or 1 ends at the frontend", TimeToLive);
        Add("LB-21 headers cut short, and port 0, end at the frontend", Truncated);
        Add("LB-3 no flags but a SYN's open a flow", Flags);
        Add("LB-16 the same addresses and ports after a close are a new flow", Reuse);
        Add("A simulation may end at any time", SuddenEnd);
        Add("A balancer goes with its node", Lifetime);
        Add("LB-2 instances and frontends that cannot work on a node are refused", Refusals);
        for (const bool checksums : {false, true})
        {
            Add(std::string("The flow probe counts what passes a balancer and what does not") +
                    (checksums ? ", checksums" : ""),
                [checksums](FunctionTestCase& test) { FlowProbes(test, checksums); });
        }
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), TestCase::Duration::QUICK);
    }
};

SystemEdgesTestSuite g_systemEdgesTestSuite; //!< registers itself

} // namespace
