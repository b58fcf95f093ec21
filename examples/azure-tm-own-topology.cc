/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Traffic Manager in a topology of one's own: how long do clients go to an endpoint that is dead?
 *
 *     root, net, contoso.com 20 ms ---+               +--- place 0, place 1, place 2
 *     name server 0, 8 ms ------------+               |
 *     name server 1, 12 ms -----------+--- router ----+--- web server 0, 5 ms
 *     resolver 2 ms ------------------+               +--- web server 1, 60 ms
 *     client 3 ms --------------------+
 *
 * www.contoso.com is an alias of shop.trafficmanager.net, a profile that prefers web server 0.
 * Three places probe both servers, from addresses of the tag AzureTrafficManager. Server 0 crashes
 * and comes back. The client looks the name up every second; where it is led is printed beside the
 * intervals of the rules HP-45 and HP-47.
 */

#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <functional>
#include <iomanip>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

int
main(int argc, char* argv[])
{
    uint32_t ttl = 30;
    uint32_t interval = 10;
    uint32_t tolerated = 3;
    uint32_t nPlaces = 3;
    Time crash = Seconds(100);
    Time outage = Seconds(300);
    bool pcap = false;
    CommandLine command(__FILE__);
    command.AddValue("ttl", "Time to live of the profile in seconds, up to 2147483647", ttl);
    command.AddValue("interval", "Interval of the probes in seconds, 10 or 30", interval);
    command.AddValue("tolerated", "Tolerated failures of probes, 0 to 9", tolerated);
    command.AddValue("places", "Places that probe, 1 to 100", nPlaces);
    command.AddValue("crash", "When server 0 crashes", crash);
    command.AddValue("outage", "How long it stays away", outage);
    command.AddValue("pcap", "Write azure-tm-resolver.pcap", pcap);
    command.Parse(argc, argv);
    if (ttl > DNS_MAX_TTL || (interval != 10 && interval != 30) || tolerated > 9 || nPlaces < 1 ||
        nPlaces > 100 || crash < Seconds(40) || outage <= Seconds(0))
    {
        std::cerr << "a TTL of up to 2147483647 s, an interval of 10 or 30 s, 0 to 9 tolerated "
                     "failures, 1 to 100 places, a crash at 40 s or later and a positive outage, "
                     "please\n";
        return 2;
    }

    // Hosts around a router. Endpoints cannot have private addresses.
    Ptr<Node> router = CreateObject<Node>();
    NodeContainer hosts(7); // tree, two name servers, resolver, two web servers, client
    InternetStackHelper stack;
    stack.Install(router);
    stack.Install(hosts);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    Ipv4AddressHelper addressHelper("20.0.0.0", "255.255.255.0");
    std::vector<Ipv4Address> addresses;
    const int delays[] = {20, 8, 12, 2, 5, 60, 3};
    for (uint32_t i = 0; i < hosts.GetN(); ++i)
    {
        link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(delays[i])));
        const auto devices = link.Install(hosts.Get(i), router);
        addresses.push_back(addressHelper.Assign(devices).GetAddress(0));
        addressHelper.NewNetwork();
        if (pcap && i == 3)
        {
            link.EnablePcap("azure-tm-resolver.pcap", devices.Get(0), false, true);
        }
    }
    NodeContainer routers;
    for (uint32_t i = 0; i < nPlaces; ++i)
    {
        routers.Add(router);
    }
    const auto places =
        TrafficManagerHelper::CreatePlaces(routers, addressHelper, MilliSeconds(25));
    TcpPresetHelper().Install(NodeContainer(hosts, places));

    // The profile. Fields are named as in Azure's REST resources.
    TrafficManagerConfiguration profile;
    profile.name = "shop";
    profile.dnsConfig.relativeName = "shop";
    profile.dnsConfig.ttl = Seconds(ttl);
    profile.monitorConfig.interval = Seconds(interval);
    profile.monitorConfig.toleratedNumberOfFailures = tolerated;
    for (uint32_t i = 0; i < 2; ++i)
    {
        TrafficManagerEndpoint endpoint;
        std::ostringstream target;
        target << addresses[4 + i];
        endpoint.name = "server-" + std::to_string(i);
        endpoint.target = target.str();
        profile.endpoints.push_back(endpoint);
    }
    auto world = std::make_shared<TrafficManagerWorld>();
    world->regions = RegionTable::MakeAzure();
    TrafficManagerHelper helper;
    auto manager =
        helper.Install(NodeContainer(hosts.Get(1), hosts.Get(2)), places, {profile}, world);
    int64_t stream = 1;
    stream += helper.AssignStreams(manager, stream);

    // The rest of DNS, on one server.
    auto root = std::make_shared<DnsStaticZone>(".", "a.root", 86400);
    root->Add(DnsRecord::A("a.root", 86400, addresses[0]));
    auto net = std::make_shared<DnsStaticZone>("net", "a.root", 86400);
    TrafficManagerHelper::Delegate(*net, manager);
    auto contoso = std::make_shared<DnsStaticZone>("contoso.com", "a.root", 300);
    contoso->Add(DnsRecord::Cname("www.contoso.com", 3600, "shop.trafficmanager.net"));
    DnsServerHelper().InstallZones(hosts.Get(0), {root, net, contoso});
    ResolverHelper resolvers;
    resolvers.AddRootHint("a.root", addresses[0]);
    resolvers.InstallRecursive(hosts.Get(3));
    stream += resolvers.AssignStreams(hosts, stream);
    auto client = resolvers.InstallStub(hosts.Get(6), {addresses[3]});
    stream += client->AssignStreams(stream);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    // The fault.
    HttpServerHelper serverHelper(80);
    auto serverApps = serverHelper.Install(NodeContainer(hosts.Get(4), hosts.Get(5)));
    auto victim = DynamicCast<HttpServer>(serverApps.Get(0));
    Simulator::Schedule(crash, [victim] { victim->InjectFault(HttpServerFault{}); });
    Simulator::Schedule(crash + outage,
                        [victim] { victim->ClearFault(HttpServerFaultKind::Crash); });

    // What is measured.
    std::optional<Time> down;
    std::optional<Time> up;
    manager->TraceConnectWithoutContext(
        "EndpointStatus",
        Callback<void, const EndpointStatusChange&>([&](const EndpointStatusChange& change) {
            if (change.endpoint == "server-0" && Simulator::Now() > crash)
            {
                (change.after == EndpointMonitorStatus::Online ? up : down) = Simulator::Now();
            }
        }));
    std::set<Ipv4Address> sources;
    uint32_t probes = 0;
    manager->TraceConnectWithoutContext(
        "MonitorProbe",
        Callback<void, const EndpointProbeRecord&>([&](const EndpointProbeRecord& record) {
            sources.insert(record.probe.source);
            ++probes;
        }));
    std::optional<Time> left;
    std::optional<Time> back;
    uint32_t lookUps = 0;
    const Time end = crash + outage + Seconds(interval + std::min(ttl, 600U) + 20.0);
    std::function<void()> lookUp = [&]() {
        client->Resolve(
            "www.contoso.com",
            DnsType::A,
            StubResolver::ResultCallback([&](const DnsLookup& lookup) {
                ++lookUps;
                if (lookUps == 1)
                {
                    std::cout << "the first look-up took " << std::fixed << std::setprecision(1)
                              << (lookup.finished - lookup.started).GetSeconds() * 1000 << " ms:\n";
                    for (const auto& records : {lookup.aliases, lookup.records})
                    {
                        for (const auto& record : records)
                        {
                            std::cout << "  " << record.ToText() << "\n";
                        }
                    }
                }
                const bool isVictim = lookup.GetAddress() == addresses[4];
                if (isVictim && lookup.started > crash && lookup.started < crash + outage)
                {
                    left = lookup.started;
                }
                if (isVictim && lookup.started > crash + outage && !back)
                {
                    back = lookup.started;
                }
            }));
        if (Simulator::Now() < end - Seconds(1))
        {
            Simulator::Schedule(Seconds(1), lookUp);
        }
    };
    Simulator::Schedule(Seconds(5), lookUp);
    Simulator::Stop(end);
    Simulator::Run();

    const auto settings = EndpointMonitorVerdict::MakeSettings(profile, profile.endpoints[0]);
    const Time exchange = MilliSeconds(4 * 30 + 1); // two round trips from a place to the server
    const auto print = [](const std::string& what,
                          Time since,
                          std::optional<Time> when,
                          const FailoverInterval& theory) {
        std::cout << what;
        if (when)
        {
            std::cout << (*when - since).As(Time::S);
        }
        else
        {
            std::cout << "never";
        }
        std::cout << ", expected " << theory.lower.As(Time::S) << " to " << theory.upper.As(Time::S)
                  << " (" << theory.form << ")\n";
    };
    std::cout << std::setprecision(3);
    const auto detection =
        FailoverTheory::Detection(settings, FaultSymptom::Silent, Seconds(0), exchange);
    const auto recovery = FailoverTheory::Recovery(settings, Seconds(0), exchange);
    // The client notices at its next look-up.
    const auto caches = Seconds(ttl) + Seconds(1);
    print("verdict down after the crash:          ", crash, down, detection);
    print("last look-up that led there:           ",
          crash,
          left,
          FailoverTheory::AfterCaches(detection, caches));
    print("verdict up after the return:           ", crash + outage, up, recovery);
    print("first look-up that led there again:    ",
          crash + outage,
          back,
          FailoverTheory::AfterCaches(recovery, caches));
    std::cout << "look-ups: " << lookUps
              << ", queries to Traffic Manager: " << manager->GetQueryCount("shop")
              << ", answered with server 0: " << manager->GetAnswerCount("shop", "server-0")
              << ", server 1: " << manager->GetAnswerCount("shop", "server-1") << "\n";
    std::cout << probes << " probes came from:";
    for (const auto& source : sources)
    {
        std::cout << " " << source;
    }
    std::cout << "\n";
    Simulator::Destroy();
    return 0;
}
