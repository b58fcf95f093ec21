/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * A load balancer in a topology of one's own: how long does failover take?
 *
 *     client 0 ---+                                    +--- server 0
 *     client 1 ---+--- router ========= balancer ------+--- server 1
 *     client 2 ---+        10 ms        20.0.0.4       +--- server 2
 *
 * Web clients ask the frontend 20.0.0.4, port 80. The balancer probes every server by TCP each
 * 5 seconds. Server 1 crashes and comes back; what the probe and the clients see of it is printed
 * beside the interval of rule HP-13.
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
    uint32_t nClients = 3;
    uint32_t nServers = 3;
    double rate = 10;
    Time crash = Seconds(21);
    Time outage = Seconds(30);
    CommandLine command(__FILE__);
    command.AddValue("clients", "Number of clients, 1 to 200", nClients);
    command.AddValue("servers", "Number of servers, 2 to 200", nServers);
    command.AddValue("rate", "Requests per second of each client", rate);
    command.AddValue("crash", "When server 1 crashes", crash);
    command.AddValue("outage", "How long it stays away", outage);
    command.Parse(argc, argv);
    if (nClients < 1 || nClients > 200 || nServers < 2 || nServers > 200 || rate <= 0 ||
        crash < Seconds(10) || outage <= Seconds(0))
    {
        std::cerr << "1 to 200 clients, 2 to 200 servers, a positive rate, a crash at 10 s or "
                     "later and a positive outage, please\n";
        return 2;
    }

    // Any topology will do, as long as all packets between clients and servers pass the balancer.
    NodeContainer clients(nClients);
    NodeContainer servers(nServers);
    NodeContainer routers(2);
    Ptr<Node> balancerNode = routers.Get(1);
    InternetStackHelper stack;
    stack.Install(NodeContainer(clients, servers, routers));

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    PointToPointHelper trunk;
    trunk.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    trunk.SetChannelAttribute("Delay", StringValue("10ms"));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    addresses.Assign(trunk.Install(routers));
    addresses.SetBase("10.1.0.0", "255.255.255.0");
    for (uint32_t i = 0; i < nClients; i++)
    {
        addresses.Assign(link.Install(clients.Get(i), routers.Get(0)));
        addresses.NewNetwork();
    }
    addresses.SetBase("10.2.0.0", "255.255.255.0");
    std::vector<Ipv4Address> serverAddresses;
    for (uint32_t i = 0; i < nServers; i++)
    {
        auto ends = addresses.Assign(link.Install(servers.Get(i), balancerNode));
        serverAddresses.push_back(ends.GetAddress(0));
        // Probes come from 168.63.129.16: servers answer them by their default route.
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(servers.Get(i)->GetObject<Ipv4>())
            ->SetDefaultRoute(ends.GetAddress(1), 1);
        addresses.NewNetwork();
    }

    // The load balancer. Fields are named as in Azure's REST resources.
    LoadBalancerConfiguration configuration;
    configuration.name = "lb";
    FrontendIpConfiguration frontend;
    frontend.name = "public";
    frontend.address = IpAddress::From(Ipv4Address("20.0.0.4"));
    configuration.frontendIpConfigurations.push_back(frontend);
    BackendAddressPool pool;
    pool.name = "servers";
    for (uint32_t i = 0; i < nServers; i++)
    {
        LoadBalancerBackendAddress member;
        member.name = "server-" + std::to_string(i);
        member.address = IpAddress::From(serverAddresses[i]);
        pool.backendAddresses.push_back(member);
    }
    configuration.backendAddressPools.push_back(pool);
    azure::Probe probe;
    probe.name = "alive";
    probe.protocol = ProbeProtocol::Tcp;
    probe.port = 80;
    probe.interval = Seconds(5);
    configuration.probes.push_back(probe);
    LoadBalancingRule rule;
    rule.name = "web";
    rule.frontendIpConfiguration = frontend.name;
    rule.backendAddressPool = pool.name;
    rule.probe = probe.name;
    rule.frontendPort = 80;
    rule.backendPort = 80;
    configuration.loadBalancingRules.push_back(rule);

    LoadBalancerHelper helper;
    auto balancer = helper.Install(balancerNode, configuration);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    int64_t stream = 1;
    stream += helper.AssignStreams(balancer, stream);

    // Web servers and clients, with the TCP timers of Linux.
    TcpPresetHelper().Install(NodeContainer(clients, servers));
    HttpServerHelper serverHelper(80);
    auto serverApps = serverHelper.Install(servers);
    stream += serverHelper.AssignStreams(servers, stream);
    HttpClientHelper clientHelper(InetSocketAddress(Ipv4Address("20.0.0.4"), 80));
    clientHelper.SetAttribute("Rate", DoubleValue(rate));
    clientHelper.SetAttribute("ConnectTimeout", TimeValue(Seconds(3)));
    auto clientApps = clientHelper.Install(clients);
    stream += clientHelper.AssignStreams(clients, stream);
    clientApps.Start(Seconds(6)); // by now every server has had its first probe

    // The fault.
    auto victim = DynamicCast<HttpServer>(serverApps.Get(1));
    Simulator::Schedule(crash, [victim] { victim->InjectFault(HttpServerFault{}); });
    Simulator::Schedule(crash + outage,
                        [victim] { victim->ClearFault(HttpServerFaultKind::Crash); });

    // What is measured.
    std::optional<Time> down;
    std::optional<Time> up;
    auto onProbeStatus = [&](const std::string&, Ipv4Address address, bool healthy) {
        if (address == serverAddresses[1] && Simulator::Now() > crash)
        {
            (healthy ? up : down) = Simulator::Now();
        }
    };
    balancer->TraceConnectWithoutContext(
        "ProbeStatus",
        Callback<void, const std::string&, Ipv4Address, bool>(onProbeStatus));
    RequestLog log;
    for (uint32_t i = 0; i < clientApps.GetN(); i++)
    {
        clientApps.Get(i)->TraceConnectWithoutContext("Request",
                                                      MakeCallback(&RequestLog::Add, &log));
    }

    const Time end = crash + outage + Seconds(20);
    clientApps.Stop(end - Seconds(6));
    Simulator::Stop(end);
    Simulator::Run();

    const auto settings = ProbeSettings::ForLoadBalancer(probe.protocol,
                                                         probe.port,
                                                         probe.requestPath,
                                                         probe.interval,
                                                         probe.probeThreshold);
    const auto total = log.Summarize();
    std::cout << std::fixed << std::setprecision(3);
    auto print =
        [](const char* what, Time since, std::optional<Time> when, FailoverInterval theory) {
            std::cout << what;
            if (when)
            {
                std::cout << (*when - since).As(Time::S);
            }
            else
            {
                std::cout << "never";
            }
            std::cout << ", expected " << theory.lower.As(Time::S) << " to "
                      << theory.upper.As(Time::S) << " (" << theory.form << ")\n";
        };
    const Time exchange = MilliSeconds(10); // a probe's round trip takes less
    print("verdict down after the crash:  ",
          crash,
          down,
          FailoverTheory::Detection(settings, FaultSymptom::Silent, Seconds(0), exchange));
    print("verdict up after the return:   ",
          crash + outage,
          up,
          FailoverTheory::Recovery(settings, Seconds(0), exchange));
    std::cout << "requests: " << total.requests << ", failed: " << total.failed << "\n";
    for (const auto& [server, served] : total.servedBy)
    {
        std::cout << "  served by " << server << ": " << served << "\n";
    }
    Simulator::Destroy();
    return 0;
}
