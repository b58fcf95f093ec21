/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Raw measurements for `azlb bench`: one run a process, one line of JSON on standard output.
 *
 * A client, a router and a server in a row; python/azlb/bench.py runs it in pairs and divides.
 * On a balanced path the router carries a load balancer, and the client sends to its frontend;
 * all else is the same.
 */

#include "ns3/azure-flow-monitor-helper.h"
#include "ns3/azure-load-balancer-helper.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-client-server-helper.h"
#include "ns3/uinteger.h"

#include <chrono>
#include <iostream>
#include <string>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 80;                        //!< the server's port
constexpr uint16_t OTHER_PORT = 8080;                //!< the frontend's port where ports change
constexpr uint32_t SEGMENT = 1400;                   //!< payload of a packet or segment, bytes
constexpr const char* FRONTEND_ADDRESS = "20.0.0.4"; //!< where the load balancer is

/// What the command line says.
struct Options
{
    std::string protocol{"udp"}; //!< udp or tcp
    std::string path{"plain"};   //!< plain, balanced or port: balanced, and the port changes
    std::string monitor{"none"}; //!< flow probes: none, stock or nat
    uint32_t packets{100000};    //!< packets, or segments, to send
};

/**
 * @brief Put a load balancer in front of a server.
 * @param router where
 * @param server the server's address
 * @param options which protocol and ports
 * @return where clients send to
 */
InetSocketAddress
Balance(Ptr<Node> router, Ipv4Address server, const Options& options)
{
    azure::LoadBalancerConfiguration lb;
    lb.name = "lb";
    lb.frontendIpConfigurations.resize(1);
    lb.frontendIpConfigurations[0].name = "frontend";
    lb.frontendIpConfigurations[0].address = azure::IpAddress::From(FRONTEND_ADDRESS);
    lb.backendAddressPools.resize(1);
    lb.backendAddressPools[0].name = "pool";
    lb.backendAddressPools[0].backendAddresses.push_back(
        {"server", azure::IpAddress::From(server)});
    lb.loadBalancingRules.resize(1);
    azure::LoadBalancingRule& rule = lb.loadBalancingRules[0];
    rule.name = "rule";
    rule.frontendIpConfiguration = "frontend";
    rule.backendAddressPool = "pool";
    rule.protocol =
        options.protocol == "tcp" ? azure::TransportProtocol::Tcp : azure::TransportProtocol::Udp;
    rule.frontendPort = options.path == "port" ? OTHER_PORT : PORT;
    rule.backendPort = PORT;
    azure::LoadBalancerHelper().Install(router, lb);
    return InetSocketAddress(FRONTEND_ADDRESS, rule.frontendPort);
}

/**
 * @brief Build the row, send and measure.
 * @param options what to run
 * @return exit code
 */
int
Forward(const Options& options)
{
    const bool tcp = options.protocol == "tcp";
    NodeContainer nodes;
    nodes.Create(3);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    link.SetChannelAttribute("Delay", StringValue("10us"));
    auto left = link.Install(nodes.Get(0), nodes.Get(1));
    auto right = link.Install(nodes.Get(1), nodes.Get(2));
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.0.1.0", "255.255.255.0");
    addresses.Assign(left);
    addresses.SetBase("10.0.2.0", "255.255.255.0");
    const Ipv4Address server = addresses.Assign(right).GetAddress(1);
    const auto target = options.path == "plain" ? InetSocketAddress(server, PORT)
                                                : Balance(nodes.Get(1), server, options);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    const std::string factory = tcp ? "ns3::TcpSocketFactory" : "ns3::UdpSocketFactory";
    auto sink = DynamicCast<PacketSink>(
        PacketSinkHelper(factory, InetSocketAddress(Ipv4Address::GetAny(), PORT))
            .Install(nodes.Get(2))
            .Get(0));
    const uint64_t expected = uint64_t{options.packets} * SEGMENT;
    if (tcp)
    {
        BulkSendHelper client(factory, target);
        client.SetAttribute("MaxBytes", UintegerValue(expected));
        client.SetAttribute("SendSize", UintegerValue(SEGMENT));
        client.Install(nodes.Get(0));
    }
    else
    {
        UdpClientHelper client(target.GetIpv4(), target.GetPort());
        client.SetAttribute("MaxPackets", UintegerValue(options.packets));
        client.SetAttribute("PacketSize", UintegerValue(SEGMENT));
        client.SetAttribute("Interval", TimeValue(MicroSeconds(2)));
        client.Install(nodes.Get(0));
    }

    FlowMonitorHelper stock;
    azure::NatFlowMonitorHelper nat;
    if (options.monitor == "stock")
    {
        stock.Install(nodes);
    }
    else if (options.monitor == "nat")
    {
        nat.Install(nodes);
    }

    Simulator::Stop(Seconds(100));
    const auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    const uint64_t arrived = sink->GetTotalRx();
    std::cout << "{\"events\": " << Simulator::GetEventCount() << ", \"seconds\": " << wall.count()
              << ", \"bytes\": " << arrived << "}\n";
    Simulator::Destroy();
    if (arrived != expected)
    {
        std::cerr << "azlb-bench: " << arrived << " bytes arrived instead of " << expected << "\n";
        return 1;
    }
    return 0;
}

} // namespace

/**
 * @brief Run one measurement.
 * @param argc number of arguments
 * @param argv arguments
 * @return 0; 1 when traffic got lost; 2 for wrong arguments
 */
int
main(int argc, char* argv[])
{
    Options options;
    CommandLine cmd(__FILE__);
    cmd.AddValue("protocol", "udp or tcp", options.protocol);
    cmd.AddValue("path", "plain, balanced or port (balanced, and the port changes)", options.path);
    cmd.AddValue("monitor", "flow probes: none, stock or nat", options.monitor);
    cmd.AddValue("packets", "packets, or segments, to send", options.packets);
    cmd.Parse(argc, argv);
    if ((options.protocol != "udp" && options.protocol != "tcp") ||
        (options.path != "plain" && options.path != "balanced" && options.path != "port") ||
        (options.monitor != "none" && options.monitor != "stock" && options.monitor != "nat") ||
        options.packets == 0)
    {
        std::cerr << "azlb-bench: --protocol is udp or tcp, --path is plain, balanced or port, "
                     "--monitor is none, stock or nat, --packets is above 0\n";
        return 2;
    }
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(SEGMENT));
    return Forward(options);
}
