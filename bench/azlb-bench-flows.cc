/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * What concurrent flows cost, for `azlb bench`: one run a process, one line of JSON.
 *
 * A sender, a router with a load balancer and a sink in a row. The flows are opened in the
 * balancer; then, timed, the sender writes IP packets of flows chosen at random. Its own work
 * does not depend on the number of flows.
 */

#include "azlb-bench-row.h"

#include "ns3/command-line.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/tcp-header.h"
#include "ns3/udp-header.h"

#include <chrono>
#include <iostream>
#include <malloc.h>
#include <string>

using namespace ns3;

namespace
{

constexpr uint32_t PAYLOAD = 100;            //!< of a packet, bytes
constexpr uint32_t FLOWS_PER_CLIENT = 50000; //!< source ports that a client uses
constexpr uint32_t CLIENTS = 0x64400000;     //!< 100.64.0.0, the first client
constexpr int64_t GAP = 2;                   //!< between packets, microseconds

/// What the command line says.
struct Options
{
    uint32_t flows{1000};        //!< flows at one time
    uint32_t packets{200000};    //!< packets over them
    std::string protocol{"udp"}; //!< udp; or tcp: flows that owe a reset at their idle timeout
};

/// Sends packets of many clients.
class ManyClients
{
  public:
    /**
     * @param node where they enter the network
     * @param options how many, and what
     */
    ManyClients(Ptr<Node> node, const Options& options)
        : m_options(options),
          m_ipv4(node->GetObject<Ipv4>()),
          m_route(Create<Ipv4Route>()),
          m_random(CreateObject<UniformRandomVariable>())
    {
        m_route->SetDestination(Ipv4Address(FRONTEND_ADDRESS));
        m_route->SetGateway(Ipv4Address::GetAny());
        m_route->SetOutputDevice(m_ipv4->GetNetDevice(1));
        m_random->SetStream(1);
    }

    /** @brief Send the next packet, and go on until all are sent. */
    void Send()
    {
        SendPacket(m_random->GetInteger(0, m_options.flows - 1));
        if (++m_sent < m_options.packets)
        {
            Simulator::Schedule(MicroSeconds(GAP), &ManyClients::Send, this);
        }
    }

  private:
    /**
     * @param flow number of its flow
     */
    void SendPacket(uint32_t flow)
    {
        auto packet = Create<Packet>(PAYLOAD);
        Ipv4Header ip;
        ip.SetSource(Ipv4Address(CLIENTS + flow / FLOWS_PER_CLIENT));
        ip.SetDestination(Ipv4Address(FRONTEND_ADDRESS));
        ip.SetTtl(64);
        if (m_options.protocol == "tcp")
        {
            TcpHeader tcp;
            tcp.SetSourcePort(1024 + flow % FLOWS_PER_CLIENT);
            tcp.SetDestinationPort(PORT);
            tcp.SetFlags(TcpHeader::ACK);
            packet->AddHeader(tcp);
            ip.SetProtocol(6);
        }
        else
        {
            UdpHeader udp;
            udp.SetSourcePort(1024 + flow % FLOWS_PER_CLIENT);
            udp.SetDestinationPort(PORT);
            packet->AddHeader(udp);
            ip.SetProtocol(17);
        }
        ip.SetPayloadSize(packet->GetSize());
        m_ipv4->SendWithHeader(packet, ip, m_route);
    }

    Options m_options;                   //!< how many, and what
    Ptr<Ipv4> m_ipv4;                    //!< sends IP packets as they are
    Ptr<Ipv4Route> m_route;              //!< to the router
    Ptr<UniformRandomVariable> m_random; //!< chooses flows
    uint32_t m_sent{0};                  //!< packets so far
};

/**
 * @return bytes that the program holds on the heap
 */
size_t
GetHeap()
{
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/**
 * @brief Have a balancer open a flow, with no packet on its way.
 * @param balancer the balancer
 * @param flow number of the flow
 * @param tcp whether it is TCP, with its handshake done
 */
void
Open(azure::LoadBalancer& balancer, uint32_t flow, bool tcp)
{
    azure::PacketView packet;
    packet.source = azure::IpAddress::FromIpv4Bits(CLIENTS + flow / FLOWS_PER_CLIENT);
    packet.sourcePort = 1024 + flow % FLOWS_PER_CLIENT;
    packet.destination = azure::IpAddress::From(FRONTEND_ADDRESS);
    packet.destinationPort = PORT;
    packet.protocol = tcp ? azure::PacketView::TCP : azure::PacketView::UDP;
    packet.tcpFlags = azure::PacketView::SYN;
    balancer.GetEngine().Forward(packet, Simulator::Now());
    if (tcp)
    {
        packet.tcpFlags = azure::PacketView::ACK;
        balancer.GetEngine().Forward(packet, Simulator::Now());
    }
}

/**
 * @brief Build the row, send and measure.
 * @param options what to run
 * @return exit code
 */
int
Run(const Options& options)
{
    const bool tcp = options.protocol == "tcp";
    const Row row;
    auto balancer = row.Balance(tcp, PORT, tcp);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    // No stack answers: what is measured is the way in.
    row.nodes.Get(2)->GetObject<Ipv4>()->SetDown(1);

    ManyClients clients(row.nodes.Get(0), options);
    const size_t before = GetHeap();
    for (uint32_t flow = 0; flow < options.flows; ++flow)
    {
        Open(*balancer, flow, tcp);
    }
    const size_t heap = GetHeap() - before;
    Simulator::Schedule(Time(0), &ManyClients::Send, &clients);

    Simulator::Stop(MicroSeconds(GAP) * options.packets + MilliSeconds(1));
    const auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    const auto statistics = balancer->GetEngine().GetStatistics();
    const uint32_t alive = balancer->GetEngine().GetActiveFlows();
    const uint32_t opening = options.flows * (tcp ? 2 : 1);
    std::cout << "{\"seconds\": " << wall.count() << ", \"bytes\": " << heap
              << ", \"events\": " << Simulator::GetEventCount() << ", \"flows\": " << alive
              << "}\n";
    Simulator::Destroy();
    if (alive != options.flows || statistics.forwarded != opening + options.packets)
    {
        std::cerr << "azlb-bench-flows: " << alive << " flows and " << statistics.forwarded
                  << " packets instead of " << options.flows << " and " << opening + options.packets
                  << "\n";
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
    cmd.AddValue("flows", "concurrent flows, 1 to 10000000", options.flows);
    cmd.AddValue("packets", "packets over them, each of a flow chosen at random", options.packets);
    cmd.AddValue("protocol", "udp or tcp", options.protocol);
    cmd.Parse(argc, argv);
    if (options.flows == 0 || options.flows > 10000000 || options.packets == 0 ||
        (options.protocol != "udp" && options.protocol != "tcp"))
    {
        std::cerr << "azlb-bench-flows: --flows is 1 to 10000000, --packets is above 0, "
                     "--protocol is udp or tcp\n";
        return 2;
    }
    return Run(options);
}
