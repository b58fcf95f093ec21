/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * One load balancer with several frontends, several protocols and stock ns-3 applications.
 *
 *     client ------ balancer, 20.0.0.4 and 20.0.0.5 ------+--- LAN: server 0, server 1, server 2
 *
 * | frontend          | protocol | distribution | to                                |
 * | ----------------- | -------- | ------------ | --------------------------------- |
 * | 20.0.0.4:80       | TCP      | 5-tuple      | all servers, port 8080 (BulkSend) |
 * | 20.0.0.4:53       | UDP      | 5-tuple      | all servers, port 53 (UdpEcho)    |
 * | 20.0.0.5:5004     | UDP      | by client    | one server for a client (OnOff)   |
 * | 20.0.0.4:50000... | TCP      | NAT rule     | a port for each server, to 22     |
 *
 * Printed: what each server received through each of them, and FlowMonitor's count of packets,
 * which the probe of this module follows through the translation.
 */

#include "ns3/applications-module.h"
#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"
#include "ns3/csma-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iomanip>
#include <iostream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint32_t SERVERS = 3; //!< servers in the LAN
constexpr uint32_t FLOWS = 30;  //!< flows to each frontend that distributes them

/**
 * @return the table above
 */
LoadBalancerConfiguration
Configure(const std::vector<Ipv4Address>& servers)
{
    LoadBalancerConfiguration lb;
    lb.name = "lb";
    FrontendIpConfiguration frontend;
    frontend.name = "first";
    frontend.address = IpAddress::From(Ipv4Address("20.0.0.4"));
    lb.frontendIpConfigurations.push_back(frontend);
    frontend.name = "second";
    frontend.address = IpAddress::From(Ipv4Address("20.0.0.5"));
    lb.frontendIpConfigurations.push_back(frontend);

    BackendAddressPool pool;
    pool.name = "servers";
    for (uint32_t i = 0; i < servers.size(); i++)
    {
        LoadBalancerBackendAddress member;
        member.name = "server-" + std::to_string(i);
        member.address = IpAddress::From(servers[i]);
        pool.backendAddresses.push_back(member);
    }
    lb.backendAddressPools.push_back(pool);

    LoadBalancingRule rule;
    rule.name = "bulk";
    rule.frontendIpConfiguration = "first";
    rule.backendAddressPool = "servers";
    rule.protocol = TransportProtocol::Tcp;
    rule.frontendPort = 80;
    rule.backendPort = 8080;
    lb.loadBalancingRules.push_back(rule);
    rule.name = "echo";
    rule.protocol = TransportProtocol::Udp;
    rule.frontendPort = 53;
    rule.backendPort = 53;
    lb.loadBalancingRules.push_back(rule);
    rule.name = "video";
    rule.frontendIpConfiguration = "second";
    rule.frontendPort = 5004;
    rule.backendPort = 5004;
    rule.loadDistribution = LoadDistribution::SourceIp;
    lb.loadBalancingRules.push_back(rule);

    InboundNatRule nat;
    nat.name = "ssh";
    nat.frontendIpConfiguration = "first";
    nat.backendAddressPool = "servers";
    nat.protocol = TransportProtocol::Tcp;
    nat.frontendPortRangeStart = 50000;
    nat.frontendPortRangeEnd = 50099;
    nat.backendPort = 22;
    lb.inboundNatRules.push_back(nat);
    return lb;
}

} // namespace

int
main(int argc, char* argv[])
{
    bool pcap = false;
    CommandLine command(__FILE__);
    command.AddValue("pcap", "Write packet traces to azure-lb-several-frontends-*.pcap", pcap);
    command.Parse(argc, argv);

    NodeContainer client(1);
    NodeContainer balancerNode(1);
    NodeContainer servers(SERVERS);
    InternetStackHelper().Install(NodeContainer(client, balancerNode, servers));
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    CsmaHelper lan;
    lan.SetChannelAttribute("DataRate", StringValue("1Gbps"));
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    addresses.Assign(link.Install(NodeContainer(client, balancerNode)));
    addresses.SetBase("10.2.0.0", "255.255.255.0");
    auto ends = addresses.Assign(lan.Install(NodeContainer(balancerNode, servers)));
    std::vector<Ipv4Address> serverAddresses;
    for (uint32_t i = 0; i < SERVERS; i++)
    {
        serverAddresses.push_back(ends.GetAddress(1 + i));
    }

    LoadBalancerHelper helper;
    auto balancer = helper.Install(balancerNode.Get(0), Configure(serverAddresses));
    helper.AssignStreams(balancer, 1);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    // Stock applications, which know nothing of the balancer.
    const Ipv4Address first("20.0.0.4");
    const Ipv4Address second("20.0.0.5");
    const auto any = Ipv4Address::GetAny();
    PacketSinkHelper bulkSink("ns3::TcpSocketFactory", InetSocketAddress(any, 8080));
    PacketSinkHelper sshSink("ns3::TcpSocketFactory", InetSocketAddress(any, 22));
    PacketSinkHelper videoSink("ns3::UdpSocketFactory", InetSocketAddress(any, 5004));
    UdpEchoServerHelper echoServer(53);
    auto bulkSinks = bulkSink.Install(servers);
    auto sshSinks = sshSink.Install(servers);
    auto videoSinks = videoSink.Install(servers);
    auto echoServers = echoServer.Install(servers);
    std::vector<uint32_t> echoed(SERVERS);
    for (uint32_t i = 0; i < SERVERS; i++)
    {
        auto count = [&echoed, i](Ptr<const Packet>, const Address&, const Address&) {
            echoed[i]++;
        };
        // "Rx" has other arguments since ns-3.47.
        echoServers.Get(i)->TraceConnectWithoutContext(
            "RxWithAddresses",
            Callback<void, Ptr<const Packet>, const Address&, const Address&>(count));
    }

    BulkSendHelper bulk("ns3::TcpSocketFactory", InetSocketAddress(first, 80));
    bulk.SetAttribute("MaxBytes", UintegerValue(20000));
    UdpEchoClientHelper echo(InetSocketAddress(first, 53));
    echo.SetAttribute("MaxPackets", UintegerValue(4));
    echo.SetAttribute("Interval", TimeValue(MilliSeconds(100)));
    OnOffHelper video("ns3::UdpSocketFactory", InetSocketAddress(second, 5004));
    video.SetConstantRate(DataRate("200kbps"), 500);
    ApplicationContainer senders;
    for (uint32_t i = 0; i < FLOWS; i++)
    {
        senders.Add(bulk.Install(client));
        senders.Add(echo.Install(client));
        senders.Add(video.Install(client));
    }
    for (uint32_t i = 0; i < SERVERS; i++)
    {
        // The mapping of a pool's NAT rule can be asked for, as in Azure's portal.
        const uint16_t port = 50000 + i;
        BulkSendHelper ssh("ns3::TcpSocketFactory", InetSocketAddress(first, port));
        ssh.SetAttribute("MaxBytes", UintegerValue(1000 * (i + 1)));
        senders.Add(ssh.Install(client));
    }
    // One after the other: ARP keeps but three packets for an address that it does not know yet.
    for (uint32_t i = 0; i < senders.GetN(); i++)
    {
        senders.Get(i)->SetStartTime(Seconds(1) + MilliSeconds(10) * i);
    }
    senders.Stop(Seconds(3));

    NatFlowMonitorHelper flows;
    auto monitor = flows.InstallAll();
    if (pcap)
    {
        link.EnablePcapAll("azure-lb-several-frontends");
    }
    Simulator::Stop(Seconds(5));
    Simulator::Run();

    std::cout << "server    bulk bytes  echo packets  video bytes  ssh bytes\n";
    for (uint32_t i = 0; i < SERVERS; i++)
    {
        auto bytes = [i](const ApplicationContainer& sinks) {
            return DynamicCast<PacketSink>(sinks.Get(i))->GetTotalRx();
        };
        std::cout << "server-" << i << std::setw(12) << bytes(bulkSinks) << std::setw(14)
                  << echoed[i] << std::setw(13) << bytes(videoSinks) << std::setw(11)
                  << bytes(sshSinks) << "\n";
    }
    monitor->CheckForLostPackets();
    uint64_t sent = 0;
    uint64_t received = 0;
    for (const auto& [id, flow] : monitor->GetFlowStats())
    {
        sent += flow.txPackets;
        received += flow.rxPackets;
    }
    std::cout << "FlowMonitor: " << monitor->GetFlowStats().size() << " flows, " << sent
              << " packets sent, " << received << " received\n";
    std::cout << "balancer: " << balancer->GetStatistics().flowsCreated << " flows, "
              << balancer->GetTotalDropCount() << " packets dropped\n";
    Simulator::Destroy();
    return 0;
}
