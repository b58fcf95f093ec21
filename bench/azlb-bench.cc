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

#include "azlb-bench-row.h"

#include "ns3/azure-flow-monitor-helper.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/udp-client-server-helper.h"
#include "ns3/uinteger.h"

#include <chrono>
#include <iostream>
#include <string>

using namespace ns3;

namespace
{

constexpr uint16_t OTHER_PORT = 8080; //!< the frontend's port where ports change
constexpr uint32_t SEGMENT = 1400;    //!< payload of a packet or segment, bytes

/// What the command line says.
struct Options
{
    std::string protocol{"udp"}; //!< udp or tcp
    std::string path{"plain"};   //!< plain, balanced or port: balanced, and the port changes
    std::string monitor{"none"}; //!< flow probes: none, stock or nat
    uint32_t packets{100000};    //!< packets, or segments, to send
};

/**
 * @brief Build the row, send and measure.
 * @param options what to run
 * @return exit code
 */
int
Forward(const Options& options)
{
    const bool tcp = options.protocol == "tcp";
    const Row row;
    const NodeContainer& nodes = row.nodes;
    InetSocketAddress target(row.server, PORT);
    if (options.path != "plain")
    {
        const uint16_t port = options.path == "port" ? OTHER_PORT : PORT;
        row.Balance(tcp, port, false);
        target = InetSocketAddress(FRONTEND_ADDRESS, port);
    }
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
