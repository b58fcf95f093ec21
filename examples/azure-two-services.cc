/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * One server behind a load balancer and behind an application gateway: whom does it see?
 *
 *                    load balancer 20.0.0.4
 *     client ------- application gateway 20.0.0.5 ------- server
 *     10.1.0.1            |          |                   10.2.0.1
 *                    instance 0  instance 1
 *                     10.3.0.1    10.3.1.1
 *
 * Behind the load balancer the server sees the client's own address, behind the gateway those of
 * its instances. Health probes come from 168.63.129.16 for the load balancer, and from each
 * instance by itself for the gateway. With --pcap, the packets at the server show the same.
 */

#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iostream>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::azure;

int
main(int argc, char* argv[])
{
    bool pcap = false;
    CommandLine command(__FILE__);
    command.AddValue("pcap", "Write azure-two-services-server.pcap", pcap);
    command.Parse(argc, argv);

    Ptr<Node> front = CreateObject<Node>();
    NodeContainer client(1);
    NodeContainer server(1);
    NodeContainer instances(2);
    NodeContainer hosts(client, server, instances);
    InternetStackHelper stack;
    stack.Install(front);
    stack.Install(hosts);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    addresses.Assign(link.Install(client.Get(0), front));
    addresses.SetBase("10.2.0.0", "255.255.255.0");
    const auto serverDevices = link.Install(server.Get(0), front);
    const auto ends = addresses.Assign(serverDevices);
    // Probes come from 168.63.129.16: the server answers them by its default route.
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(server.Get(0)->GetObject<Ipv4>())
        ->SetDefaultRoute(ends.GetAddress(1), 1);
    addresses.SetBase("10.3.0.0", "255.255.255.0");
    for (uint32_t i = 0; i < instances.GetN(); i++)
    {
        addresses.Assign(link.Install(instances.Get(i), front));
        addresses.NewNetwork();
    }
    const auto serverAddress = IpAddress::From(ends.GetAddress(0));

    LoadBalancerConfiguration lb;
    lb.name = "lb";
    lb.frontendIpConfigurations.resize(1);
    lb.frontendIpConfigurations[0].name = "public";
    lb.frontendIpConfigurations[0].address = IpAddress::From("20.0.0.4");
    lb.backendAddressPools.resize(1);
    lb.backendAddressPools[0].name = "servers";
    lb.backendAddressPools[0].backendAddresses.push_back({"server", serverAddress});
    lb.probes.resize(1);
    lb.probes[0].name = "alive";
    lb.probes[0].protocol = ProbeProtocol::Http;
    lb.probes[0].port = 80;
    lb.probes[0].requestPath = "/lb-probe";
    lb.probes[0].interval = Seconds(5);
    lb.loadBalancingRules.resize(1);
    lb.loadBalancingRules[0].name = "web";
    lb.loadBalancingRules[0].frontendIpConfiguration = "public";
    lb.loadBalancingRules[0].backendAddressPool = "servers";
    lb.loadBalancingRules[0].probe = "alive";
    lb.loadBalancingRules[0].frontendPort = 80;
    lb.loadBalancingRules[0].backendPort = 80;

    ApplicationGatewayConfiguration ag;
    ag.name = "gateway";
    ag.sku.capacity = instances.GetN();
    ag.frontendIpConfigurations.resize(1);
    ag.frontendIpConfigurations[0].name = "public";
    ag.frontendIpConfigurations[0].address = IpAddress::From("20.0.0.5");
    ag.frontendPorts = {{"port-80", 80}};
    ag.httpListeners.resize(1);
    ag.httpListeners[0].name = "web";
    ag.httpListeners[0].frontendIpConfiguration = "public";
    ag.httpListeners[0].frontendPort = "port-80";
    ag.backendAddressPools.resize(1);
    ag.backendAddressPools[0].name = "servers";
    ag.backendAddressPools[0].backendAddresses.resize(1);
    ag.backendAddressPools[0].backendAddresses[0].ipAddress = serverAddress;
    ag.probes.resize(1);
    ag.probes[0].name = "alive";
    ag.probes[0].host = "www.example.com";
    ag.probes[0].path = "/ag-probe";
    ag.probes[0].interval = ag.probes[0].timeout = Seconds(5);
    ag.backendHttpSettingsCollection.resize(1);
    ag.backendHttpSettingsCollection[0].name = "plain";
    ag.backendHttpSettingsCollection[0].port = 80;
    ag.backendHttpSettingsCollection[0].probe = "alive";
    ag.requestRoutingRules.resize(1);
    ag.requestRoutingRules[0].name = "all";
    ag.requestRoutingRules[0].priority = 100;
    ag.requestRoutingRules[0].httpListener = "web";
    ag.requestRoutingRules[0].backendAddressPool = "servers";
    ag.requestRoutingRules[0].backendHttpSettings = "plain";

    TcpPresetHelper().Install(hosts);
    int64_t stream = 1;
    auto balancer = LoadBalancerHelper().Install(front, lb);
    stream += LoadBalancerHelper().AssignStreams(balancer, stream);
    ApplicationGatewayHelper gateways;
    auto gateway = gateways.Install(front, instances, ag);
    stream += gateways.AssignStreams(gateway, stream);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    auto serverApps = HttpServerHelper(80).Install(server);
    std::map<std::string, std::set<Ipv4Address>> seen;
    serverApps.Get(0)->TraceConnectWithoutContext(
        "Served",
        Callback<void, const HttpServedRecord&>([&](const HttpServedRecord& record) {
            seen[record.path].insert(record.peer.GetIpv4());
        }));
    for (const bool behindGateway : {false, true})
    {
        HttpClientHelper helper(
            InetSocketAddress(Ipv4Address(behindGateway ? "20.0.0.5" : "20.0.0.4"), 80));
        helper.SetAttribute("Path", StringValue(behindGateway ? "/ag" : "/lb"));
        helper.SetAttribute("Rate", DoubleValue(5));
        helper.SetAttribute("KeepAlive", BooleanValue(false));
        auto apps = helper.Install(client);
        stream += DynamicCast<HttpClient>(apps.Get(0))->AssignStreams(stream);
        apps.Start(Seconds(6));
    }
    if (pcap)
    {
        link.EnablePcap("azure-two-services-server.pcap", serverDevices.Get(0), false, true);
    }
    Simulator::Stop(Seconds(20));
    Simulator::Run();

    for (const auto& [path, what] :
         std::map<std::string, std::string>{{"/lb", "a client behind the load balancer"},
                                            {"/ag", "a client behind the application gateway"},
                                            {"/lb-probe", "probes of the load balancer"},
                                            {"/ag-probe", "probes of the application gateway"}})
    {
        std::cout << what << ":";
        for (const auto& address : seen[path])
        {
            std::cout << " " << address;
        }
        std::cout << "\n";
    }
    Simulator::Destroy();
    return 0;
}
