/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-ipv4-routing-hook.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <random>
#include <sstream>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Send all sorts of packets through a ring of five routers.
 * @param hooks number of hooks on each
 * @param seed of the traffic
 * @return every packet at every IPv4 stack, with its time
 */
std::string
RunRing(int hooks, uint32_t seed)
{
    std::ostringstream log;
    NodeContainer nodes(5);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes);
    PointToPointHelper link;
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    for (uint32_t i = 0; i < 5; i++)
    {
        addresses.Assign(link.Install(nodes.Get(i), nodes.Get((i + 1) % 5)));
        addresses.NewNetwork();
    }
    for (int i = 0; i < hooks; i++)
    {
        for (uint32_t j = 0; j < 5; j++)
        {
            CreateObject<Ipv4RoutingHook>()->Install(nodes.Get(j));
        }
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    // One network that the ring sends round until the TTL is over.
    std::vector<Ptr<Socket>> sockets;
    for (uint32_t i = 0; i < 5; i++)
    {
        auto ipv4 = nodes.Get(i)->GetObject<Ipv4L3Protocol>();
        Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
            "10.9.0.0",
            "255.255.0.0",
            ipv4->GetInterfaceForAddress(Ipv4Address(0x0a000001 + (i << 8))));
        for (const char* trace : {"Tx", "Rx"})
        {
            ipv4->TraceConnectWithoutContext(
                trace,
                Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                    [&log, i, trace](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t interface) {
                        Ipv4Header header;
                        packet->PeekHeader(header);
                        log << Simulator::Now().GetNanoSeconds() << " " << i << trace
                            << interface << " " << header << " " << packet->GetSize() << "\n";
                    }));
        }
        sockets.push_back(Socket::CreateSocket(nodes.Get(i), UdpSocketFactory::GetTypeId()));
        sockets[i]->SetAllowBroadcast(true);
        sockets[i]->Bind(InetSocketAddress(Ipv4Address::GetAny(), 7));
        sockets[i]->SetRecvCallback([](Ptr<Socket> socket) {
            Address from;
            while (auto packet = socket->RecvFrom(from))
            {
                if (packet->GetSize() > 100)
                {
                    socket->SendTo(Create<Packet>(50), 0, from); // an echo, once
                }
            }
        });
    }
    std::mt19937 random(seed);
    for (int i = 0; i < 150; i++)
    {
        const std::vector<Ipv4Address> targets{
            Ipv4Address(0x0a000001 + (random() % 5 << 8) + random() % 2),
            Ipv4Address(0x0a000001 + (random() % 5 << 8)),
            Ipv4Address(0x0a000002 + (random() % 5 << 8)),
            Ipv4Address("10.9.1.1"),
            Ipv4Address("192.0.2.1"),
            Ipv4Address("255.255.255.255")};
        const auto to = targets[random() % targets.size()];
        const auto size = 1 + random() % 4000;
        const auto ttl = random() % 4 == 0 ? 1 + random() % 3 : 64;
        const auto from = sockets[random() % 5];
        const auto port = static_cast<uint16_t>(random() % 4 == 0 ? 8 : 7);
        Simulator::Schedule(MilliSeconds(1000 + 37 * i), [=]() {
            from->SetIpTtl(static_cast<uint8_t>(ttl));
            from->SendTo(Create<Packet>(size), 0, InetSocketAddress(to, port));
        });
    }
    // A link goes and comes back.
    auto ipv4 = nodes.Get(2)->GetObject<Ipv4>();
    Simulator::Schedule(Seconds(3), [ipv4]() {
        ipv4->SetDown(1);
        Ipv4GlobalRoutingHelper::RecomputeRoutingTables();
    });
    Simulator::Schedule(Seconds(5), [ipv4]() {
        ipv4->SetUp(1);
        Ipv4GlobalRoutingHelper::RecomputeRoutingTables();
    });
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    Simulator::Destroy();
    return log.str();
}

/** Real packets: the same ones at the same times, with hooks and without. */
void
SamePackets(FunctionTestCase& test)
{
    for (const uint32_t seed : {1, 2})
    {
        const auto plain = RunRing(0, seed);
        test.Check(std::count(plain.begin(), plain.end(), '\n') > 1500, "much traffic");
        test.Check(plain.find("ttl 1 ") != std::string::npos, "until the TTL is over");
        test.Check(RunRing(1, seed) == plain, "a hook in front changes no packet");
        test.Check(RunRing(3, seed) == plain, "three hooks change no packet");
    }
}

/** Hooked routers and their packets. */
class RoutingHookSystemTestSuite : public TestSuite
{
  public:
    RoutingHookSystemTestSuite()
        : TestSuite("azure-routing-hook-system", Type::SYSTEM)
    {
        AddTestCase(new FunctionTestCase("A ring of hooked routers carries the same packets at the "
                                         "same times",
                                         SamePackets),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
RoutingHookSystemTestSuite g_routingHookSystemTestSuite;

} // namespace
