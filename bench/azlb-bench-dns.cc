/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Raw measurements of DNS for `azlb bench`: one run a process, one line of JSON on standard output.
 *
 * A host, a resolver and a name server in a row. The host asks at a steady rate; what differs is
 * how far each question goes:
 *
 *     echo:   a stock UDP echo from host to resolver and back, so many for each query as
 * --exchanges host:   the host's own cache answers hit:    the resolver's cache answers server: a
 * name server in the resolver's place answers miss:   the resolver asks the name server for an
 * alias and for its target, in two zones
 *
 * So an answer takes 1, 0, 1, 1 and 3 exchanges of two packets over one link. There are no queue
 * discs: those that ns-3 installs make a queue for each flow, and each query is a flow.
 */

#include "azlb-bench-row.h"

#include "ns3/azure-dns-helper.h"
#include "ns3/azure-dns-server.h"
#include "ns3/azure-dns-static-zone.h"
#include "ns3/boolean.h"
#include "ns3/command-line.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/uinteger.h"

#include <chrono>
#include <functional>
#include <iostream>
#include <string>

using namespace ns3;

namespace
{

constexpr uint16_t ECHO_PORT = 7;               //!< of the echo server
constexpr uint32_t ECHO_SIZE = 60;              //!< payload of an echo, about that of a query
constexpr const char* NAME = "www.example.com"; //!< what is asked for
const Time INTERVAL = MicroSeconds(500);        //!< between questions
const Ipv4Address ADDRESS("192.0.2.1");         //!< the answer

/**
 * @brief Run and tell.
 * @param expected how many answers there should be
 * @param arrived says how many there were
 * @return exit code
 */
int
Measure(uint64_t expected, const std::function<uint64_t()>& arrived)
{
    const auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    const auto answers = arrived();
    std::cout << "{\"events\": " << Simulator::GetEventCount() << ", \"seconds\": " << wall.count()
              << ", \"answers\": " << answers << "}\n";
    Simulator::Destroy();
    if (answers != expected)
    {
        std::cerr << "azlb-bench-dns: " << answers << " answers instead of " << expected << "\n";
        return 1;
    }
    return 0;
}

/**
 * @brief Plain echoes.
 * @param nodes host, resolver, name server
 * @param resolver address of the resolver
 * @param count how many
 * @return exit code
 */
int
Echo(const NodeContainer& nodes, Ipv4Address resolver, uint32_t count)
{
    UdpEchoServerHelper(ECHO_PORT).Install(nodes.Get(1));
    UdpEchoClientHelper client(resolver, ECHO_PORT);
    client.SetAttribute("MaxPackets", UintegerValue(count));
    client.SetAttribute("PacketSize", UintegerValue(ECHO_SIZE));
    client.SetAttribute("Interval", TimeValue(INTERVAL));
    uint64_t answers = 0;
    client.Install(nodes.Get(0))
        .Get(0)
        ->TraceConnectWithoutContext(
            "Rx",
            Callback<void, Ptr<const Packet>>([&answers](Ptr<const Packet>) { ++answers; }));
    Simulator::Stop(INTERVAL * (count + 100));
    return Measure(count, [&answers] { return answers; });
}

/**
 * @brief Queries.
 * @param nodes host, resolver, name server
 * @param path who answers
 * @param resolver address of the resolver
 * @param server address of the name server
 * @param count how many
 * @return exit code
 */
int
Ask(const NodeContainer& nodes,
    const std::string& path,
    Ipv4Address resolver,
    Ipv4Address server,
    uint32_t count)
{
    namespace azure = ns3::azure;
    const uint32_t ttl = path == "miss" ? 0 : 1000000;
    auto root = std::make_shared<azure::DnsStaticZone>(".", "ns.root", 86400);
    root->Add(azure::DnsRecord::A("ns.root", 86400, server));
    auto zone = std::make_shared<azure::DnsStaticZone>("example.com", "ns.root", 60);
    root->Add(azure::DnsRecord::Ns("example.com", 1000000, "ns.root"));
    azure::DnsName name(NAME);
    for (const char* alias : {"one.example.com", "two.example.com"})
    {
        if (path == "miss")
        {
            zone->Add(azure::DnsRecord::Cname(name, ttl, alias));
            name = alias;
        }
    }
    zone->Add(azure::DnsRecord::A(name, ttl, ADDRESS));
    azure::ResolverHelper helper;
    const auto place = nodes.Get(path == "server" ? 1 : 2);
    const auto application = azure::DnsServerHelper().InstallZones(place, {root, zone}).Get(0);
    uint64_t served = 0;
    application->TraceConnectWithoutContext(
        "Served",
        Callback<void, const azure::DnsServedRecord&>(
            [&served](const azure::DnsServedRecord&) { ++served; }));
    if (path != "server")
    {
        helper.AddRootHint("ns.root", server);
        helper.InstallRecursive(nodes.Get(1));
    }
    helper.SetStubAttribute("Cache", BooleanValue(path == "host"));
    auto stub = helper.InstallStub(nodes.Get(0), {resolver});
    uint64_t answers = 0;
    uint32_t asked = 0;
    const auto onResult =
        azure::StubResolver::ResultCallback([&answers](const azure::DnsLookup& lookup) {
            answers += lookup.GetAddress() == ADDRESS ? 1 : 0;
        });
    std::function<void()> ask = [&] {
        stub->Resolve(NAME, azure::DnsType::A, onResult);
        if (++asked < count)
        {
            Simulator::Schedule(INTERVAL, [&ask] { ask(); });
        }
    };
    Simulator::ScheduleNow([&ask] { ask(); });
    Simulator::Stop(INTERVAL * (count + 100));
    return Measure(count, [&] {
        // The name server must have been asked for each answer, or not at all.
        return served < (path == "miss" || path == "server" ? count : 1) ? 0 : answers;
    });
}

} // namespace

/**
 * @brief Run one measurement.
 * @param argc number of arguments
 * @param argv arguments
 * @return 0; 1 when answers are missing; 2 for wrong arguments
 */
int
main(int argc, char* argv[])
{
    std::string path = "echo";
    uint32_t packets = 10000;
    uint32_t exchanges = 1;
    CommandLine cmd(__FILE__);
    cmd.AddValue("path", "who answers: echo, host, hit, server or miss", path);
    cmd.AddValue("packets", "queries", packets);
    cmd.AddValue("exchanges", "echo: how many for each query", exchanges);
    cmd.Parse(argc, argv);
    if ((path != "echo" && path != "host" && path != "hit" && path != "server" && path != "miss") ||
        packets == 0 || exchanges == 0)
    {
        std::cerr << "azlb-bench-dns: --path is echo, host, hit, server or miss, --packets and "
                     "--exchanges are above 0\n";
        return 2;
    }
    const Row row;
    TrafficControlHelper queues;
    for (uint32_t i = 0; i < row.nodes.GetN(); ++i)
    {
        for (uint32_t device = 0; device < row.nodes.Get(i)->GetNDevices(); ++device)
        {
            const auto link = row.nodes.Get(i)->GetDevice(device);
            if (link->IsPointToPoint()) // not loopback
            {
                queues.Uninstall(link);
            }
        }
    }
    const auto resolver = row.nodes.Get(1)->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
    return path == "echo" ? Echo(row.nodes, resolver, packets * exchanges)
                          : Ask(row.nodes, path, resolver, row.server, packets);
}
