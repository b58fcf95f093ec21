/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TRAFFIC_MANAGER_NETWORK_H
#define AZURE_TRAFFIC_MANAGER_NETWORK_H

#include "azure-traffic-manager-fixture.h"

#include "ns3/azure-dns-helper.h"
#include "ns3/azure-dns-server.h"
#include "ns3/azure-dns-static-zone.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-http-server.h"
#include "ns3/azure-traffic-manager-helper.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/nstime.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <cmath>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @brief Hosts around a router, with all that a look-up needs.
 *
 * Host i is 20.0.i.2, on a link that is so fast that only its delay counts. The first ones are the
 * server of the tree of DNS (20 ms away; zones `.`, `net`, `contoso.com`), two name servers of
 * Traffic Manager (8 and 12 ms), one of cloudapp.azure.com (15 ms), and a resolver (2 ms).
 */
class TrafficManagerNetwork
{
  public:
    TrafficManagerNetwork()
        : router(CreateObject<Node>())
    {
        stack.SetIpv6StackInstall(false);
        stack.Install(router);
        tree = AddHost(20);
        nameServers.Add(AddHost(8));
        nameServers.Add(AddHost(12));
        cloudServer = AddHost(15);
        resolverNode = AddHost(2);
        root = std::make_shared<DnsStaticZone>(DnsName(), "a.root", 86400);
        net = std::make_shared<DnsStaticZone>("net", "a.root", 86400);
        contoso = std::make_shared<DnsStaticZone>("contoso.com", "a.root", 300);
        cloud = std::make_shared<DnsStaticZone>("cloudapp.azure.com", "ns.azure.com", 300);
        Must(root->Add(DnsRecord::A("a.root", 86400, AddressOf(tree))));
        Must(root->Add(DnsRecord::Ns("cloudapp.azure.com", 86400, "ns.azure.com")));
        Must(root->Add(DnsRecord::A("ns.azure.com", 86400, AddressOf(cloudServer))));
        DnsServerHelper servers;
        servers.InstallZones(tree, {root, net, contoso});
        servers.InstallZones(cloudServer, {cloud});
        resolvers.AddRootHint("a.root", AddressOf(tree));
    }

    TrafficManagerNetwork(const TrafficManagerNetwork&) = delete;
    TrafficManagerNetwork& operator=(const TrafficManagerNetwork&) = delete;

    ~TrafficManagerNetwork()
    {
        Simulator::Destroy();
    }

    /**
     * @param delay delay of its link, ms
     * @return a new host
     */
    Ptr<Node> AddHost(double delay)
    {
        auto node = CreateObject<Node>();
        stack.Install(node);
        TcpPresetHelper().Install(node);
        link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
        link.SetChannelAttribute("Delay", TimeValue(MicroSeconds(std::lround(delay * 1000))));
        const auto pair = link.Install(node, router);
        devices[node->GetId()] = pair.Get(0);
        const Ipv4Address network(20U << 24 | count << 8);
        Ipv4AddressHelper(network, "255.255.255.0", "0.0.0.2")
            .Assign(NetDeviceContainer(pair.Get(0)));
        Ipv4AddressHelper(network, "255.255.255.0").Assign(NetDeviceContainer(pair.Get(1)));
        addresses[node->GetId()] = Ipv4Address(20U << 24 | count << 8 | 2);
        ++count;
        return node;
    }

    /**
     * @param node a host
     * @return its address
     */
    Ipv4Address AddressOf(Ptr<Node> node) const
    {
        return addresses.at(node->GetId());
    }

    /**
     * @param delay delay of its link, ms
     * @return a new host with a web server on port 80
     */
    Ptr<HttpServer> AddServer(double delay)
    {
        return DynamicCast<HttpServer>(HttpServerHelper(80).Install(AddHost(delay)).Get(0));
    }

    /**
     * @param server a web server
     * @return an external endpoint, by the address of its host
     */
    TrafficManagerEndpoint EndpointOf(Ptr<HttpServer> server) const
    {
        std::ostringstream address;
        address << AddressOf(server->GetNode());
        return MakeEndpoint("e" + std::to_string(server->GetNode()->GetId()), address.str());
    }

    /**
     * @brief Add places that probe, with a stub resolver each.
     * @param n how many
     * @param delay delay of their links, ms
     */
    void AddPlaces(uint32_t n, double delay = 5)
    {
        for (uint32_t i = 0; i < n; ++i)
        {
            places.Add(AddHost(delay));
        }
    }

    /**
     * @brief Install Traffic Manager, resolver and stubs, and find the routes.
     * @param profiles the profiles
     * @param world regions and locations
     */
    void Install(const std::vector<TrafficManagerConfiguration>& profiles,
                 std::shared_ptr<const TrafficManagerWorld> world = MakeWorld())
    {
        manager = helper.Install(nameServers, places, profiles, world);
        manager->AssignStreams(1000);
        TrafficManagerHelper::Delegate(*net, manager);
        resolver = DynamicCast<RecursiveResolver>(resolvers.InstallRecursive(resolverNode).Get(0));
        resolver->AssignStreams(10);
        for (uint32_t i = 0; i < places.GetN(); ++i)
        {
            AddStub(places.Get(i));
        }
        manager->TraceConnectWithoutContext(
            "Answer",
            Callback<void, const TrafficManagerAnswerRecord&>(
                [this](const TrafficManagerAnswerRecord& record) { answers.push_back(record); }));
        manager->TraceConnectWithoutContext(
            "MonitorProbe",
            Callback<void, const EndpointProbeRecord&>(
                [this](const EndpointProbeRecord& record) { probes.push_back(record); }));
        manager->TraceConnectWithoutContext(
            "EndpointStatus",
            Callback<void, const EndpointStatusChange&>([this](const EndpointStatusChange& change) {
                statuses.emplace_back(Simulator::Now(), change);
            }));
        Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    }

    /**
     * @brief Give a host a stub resolver.
     * @param node the host
     * @return the stub
     */
    Ptr<StubResolver> AddStub(Ptr<Node> node)
    {
        auto stub = resolvers.InstallStub(node, {AddressOf(resolverNode)});
        stub->AssignStreams(100 + node->GetId());
        return stub;
    }

    /**
     * @brief Look something up.
     * @param at when, in seconds
     * @param stub who
     * @param name what
     * @param type of which type
     */
    void ResolveAt(double at,
                   Ptr<StubResolver> stub,
                   const std::string& name = "shop.trafficmanager.net",
                   DnsType type = DnsType::A)
    {
        Simulator::Schedule(Seconds(at) - Simulator::Now(), [this, stub, name, type]() {
            stub->Resolve(name, type, StubResolver::ResultCallback([this](const DnsLookup& lookup) {
                              lookups.push_back(lookup);
                          }));
        });
    }

    /**
     * @brief Run up to a time.
     * @param seconds the time
     */
    static void RunTo(double seconds)
    {
        Simulator::Stop(Seconds(seconds) - Simulator::Now());
        Simulator::Run();
    }

    /**
     * @param status status to look for
     * @param from not before this time, in seconds
     * @return when an endpoint got it, in seconds; -1: never
     */
    double FindStatus(EndpointMonitorStatus status, double from = 0) const
    {
        for (const auto& [time, change] : statuses)
        {
            if (change.after == status && time >= Seconds(from))
            {
                return time.GetSeconds();
            }
        }
        return -1;
    }

    /**
     * @brief End the program if something is wrong.
     * @param error what; empty: nothing
     */
    static void Must(const std::string& error)
    {
        NS_ABORT_MSG_UNLESS(error.empty(), error);
    }

    InternetStackHelper stack;                       //!< makes stacks
    PointToPointHelper link;                         //!< makes links
    Ptr<Node> router;                                //!< in the middle
    uint32_t count{0};                               //!< hosts so far
    std::map<uint32_t, Ipv4Address> addresses;       //!< by node
    std::map<uint32_t, Ptr<NetDevice>> devices;      //!< by node
    Ptr<Node> tree;                                  //!< server of the tree of DNS
    NodeContainer nameServers;                       //!< of Traffic Manager
    Ptr<Node> cloudServer;                           //!< name server of cloudapp.azure.com
    Ptr<Node> resolverNode;                          //!< where the resolver is
    std::shared_ptr<DnsStaticZone> root;             //!< zone of the root
    std::shared_ptr<DnsStaticZone> net;              //!< zone net
    std::shared_ptr<DnsStaticZone> contoso;          //!< zone contoso.com
    std::shared_ptr<DnsStaticZone> cloud;            //!< zone cloudapp.azure.com
    ResolverHelper resolvers;                        //!< makes resolver and stubs
    Ptr<RecursiveResolver> resolver;                 //!< the resolver
    NodeContainer places;                            //!< that probe
    TrafficManagerHelper helper;                     //!< installs it
    Ptr<TrafficManager> manager;                     //!< what is tested
    std::vector<TrafficManagerAnswerRecord> answers; //!< from the trace
    std::vector<EndpointProbeRecord> probes;         //!< from the trace
    std::vector<std::pair<Time, EndpointStatusChange>> statuses; //!< from the trace
    std::vector<DnsLookup> lookups;                              //!< in the order of their ends
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TRAFFIC_MANAGER_NETWORK_H */
