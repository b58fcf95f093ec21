/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * DNS in a topology of one's own: how long does a look-up take, and who knows the answer?
 *
 *     root 20 ms ---------+
 *     com 10 ms ----------+              +--- resolver 1 ms
 *     example.com 5 ms ---+--- router ---+--- host 0, 3 ms
 *                                        +--- host 1, 3 ms
 *
 * Host 0 looks up www.example.com while all caches are empty, then host 1, then host 0 again, and
 * once more when the records have expired.
 */

#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iomanip>
#include <iostream>

using namespace ns3;
using namespace ns3::azure;

int
main(int argc, char* argv[])
{
    uint32_t ttl = 30;
    bool pcap = false;
    CommandLine command(__FILE__);
    command.AddValue("ttl", "TTL of www.example.com in seconds, up to 2147483647", ttl);
    command.AddValue("pcap", "Write azure-dns-resolver.pcap", pcap);
    command.Parse(argc, argv);
    if (ttl > DNS_MAX_TTL)
    {
        std::cerr << "a TTL of up to 2147483647 s, please\n";
        return 2;
    }

    Ptr<Node> router = CreateObject<Node>();
    NodeContainer nodes(6); // root, com, example.com, resolver, two hosts
    InternetStackHelper stack;
    stack.Install(router);
    stack.Install(nodes);
    TcpPresetHelper().Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    Ipv4AddressHelper addressHelper("10.0.0.0", "255.255.255.0");
    std::vector<Ipv4Address> addresses;
    const int delays[] = {20, 10, 5, 1, 3, 3};
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(delays[i])));
        const auto devices = link.Install(nodes.Get(i), router);
        addresses.push_back(addressHelper.Assign(devices).GetAddress(0));
        addressHelper.NewNetwork();
        if (pcap && i == 3)
        {
            link.EnablePcap("azure-dns-resolver.pcap", devices.Get(0), false, true);
        }
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    // Each zone knows the servers of the one below and their addresses.
    auto root = std::make_shared<DnsStaticZone>(".", "a.root", 86400);
    root->Add(DnsRecord::A("a.root", 86400, addresses[0]));
    root->Add(DnsRecord::Ns("com", 86400, "ns.com"));
    root->Add(DnsRecord::A("ns.com", 86400, addresses[1]));
    auto com = std::make_shared<DnsStaticZone>("com", "ns.com", 900);
    com->Add(DnsRecord::A("ns.com", 86400, addresses[1]));
    com->Add(DnsRecord::Ns("example.com", 3600, "ns.example.com"));
    com->Add(DnsRecord::A("ns.example.com", 3600, addresses[2]));
    auto example = std::make_shared<DnsStaticZone>("example.com", "ns.example.com", 60);
    example->Add(DnsRecord::A("ns.example.com", 3600, addresses[2]));
    example->Add(DnsRecord::A("www.example.com", ttl, "192.0.2.1"));
    DnsServerHelper servers;
    servers.InstallZones(nodes.Get(0), {root});
    servers.InstallZones(nodes.Get(1), {com});
    servers.InstallZones(nodes.Get(2), {example});

    ResolverHelper resolvers;
    resolvers.AddRootHint("a.root", addresses[0]);
    resolvers.InstallRecursive(nodes.Get(3));
    resolvers.AssignStreams(nodes, 1);
    std::vector<Ptr<StubResolver>> stubs;
    for (uint32_t host = 0; host < 2; ++host)
    {
        stubs.push_back(resolvers.InstallStub(nodes.Get(4 + host), {addresses[3]}));
        stubs.back()->AssignStreams(100 + host);
    }
    const auto lookUp = [&stubs](uint32_t host) {
        stubs[host]->Resolve("www.example.com",
                             DnsType::A,
                             StubResolver::ResultCallback([host](const DnsLookup& lookup) {
                                 std::cout << "host " << host << " at " << std::fixed
                                           << std::setprecision(0) << lookup.started.GetSeconds()
                                           << " s: " << ToText(lookup.status) << " "
                                           << lookup.GetAddress() << " after "
                                           << std::setprecision(3)
                                           << (lookup.finished - lookup.started).GetSeconds() * 1000
                                           << " ms\n";
                             }));
    };
    Simulator::Schedule(Seconds(1), [&lookUp] { lookUp(0); });
    Simulator::Schedule(Seconds(2), [&lookUp] { lookUp(1); });
    Simulator::Schedule(Seconds(3), [&lookUp] { lookUp(0); });
    Simulator::Schedule(Seconds(ttl + 10.0), [&lookUp] { lookUp(0); });
    Simulator::Stop(Seconds(ttl + 60.0));
    Simulator::Run();
    Simulator::Destroy();
    return 0;
}
