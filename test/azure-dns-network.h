/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_NETWORK_H
#define AZURE_DNS_NETWORK_H

#include "ns3/azure-dns-helper.h"
#include "ns3/azure-dns-server.h"
#include "ns3/azure-dns-static-zone.h"
#include "ns3/azure-http-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/nstime.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @brief A root server, one of com, two of example.com, a resolver, two hosts; all around a router.
 *
 * Host i is 10.0.i.2. Links are so fast that only their delays count. One-way delays to the router,
 * in ms: root 20, com 10, example.com 5 and 7, resolver 1, hosts 2 and 3.
 */
class DnsNetwork
{
  public:
    /** @brief Who is who. */
    enum Host
    {
        ROOT,     //!< server of the root
        COM,      //!< server of com
        NS1,      //!< first server of example.com
        NS2,      //!< second server of example.com
        RESOLVER, //!< recursive resolver
        STUB1,    //!< a host
        STUB2     //!< a host
    };

    /** @param count how many servers example.com has, 1 or 2 */
    explicit DnsNetwork(uint32_t count = 1)
        : nodes(7)
    {
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        Ptr<Node> router = CreateObject<Node>();
        stack.Install(router);
        stack.Install(nodes);
        TcpPresetHelper().Install(nodes);
        const int delays[] = {20, 10, 5, 7, 1, 2, 3};
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
            link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(delays[i])));
            const auto pair = link.Install(nodes.Get(i), router);
            devices.Add(pair.Get(0));
            Ipv4AddressHelper addresses(Ipv4Address(10U << 24 | i << 8),
                                        "255.255.255.0",
                                        "0.0.0.2");
            addresses.Assign(NetDeviceContainer(pair.Get(0)));
            Ipv4AddressHelper(Ipv4Address(10U << 24 | i << 8), "255.255.255.0")
                .Assign(NetDeviceContainer(pair.Get(1)));
        }
        Ipv4GlobalRoutingHelper::PopulateRoutingTables();

        root = std::make_shared<DnsStaticZone>(DnsName(), "a.root", 86400);
        Must(root->Add(DnsRecord::A("a.root", 86400, Address(ROOT))));
        Must(root->Add(DnsRecord::Ns("com", 86400, "ns.com")));
        Must(root->Add(DnsRecord::A("ns.com", 86400, Address(COM))));
        com = std::make_shared<DnsStaticZone>("com", "ns.com", 900);
        Must(com->Add(DnsRecord::A("ns.com", 86400, Address(COM))));
        zone = std::make_shared<DnsStaticZone>("example.com", "ns1.example.com", 60);
        for (uint32_t i = 0; i < count; ++i)
        {
            const DnsName name("ns" + std::to_string(i + 1) + ".example.com");
            const auto address = Address(static_cast<Host>(NS1 + i));
            Must(com->Add(DnsRecord::Ns("example.com", 3600, name)));
            Must(com->Add(DnsRecord::A(name, 3600, address)));
            Must(zone->Add(DnsRecord::Ns("example.com", 3600, name)));
            Must(zone->Add(DnsRecord::A(name, 3600, address)));
        }
        Must(zone->Add(DnsRecord::A("www.example.com", 30, "192.0.2.1")));
        Must(zone->Add(DnsRecord::Cname("alias.example.com", 20, "www.example.com")));
        Must(zone->Add(DnsRecord::Cname("one.example.com", 20, "two.example.com")));
        Must(zone->Add(DnsRecord::Cname("two.example.com", 20, "one.example.com")));
        Must(zone->Add(DnsRecord::A("zero.example.com", 0, "192.0.2.2")));
        for (uint32_t i = 0; i < 120; ++i)
        {
            Must(zone->Add(DnsRecord::A("big.example.com", 30, Ipv4Address(0xc6336400 + i))));
        }
        DnsServerHelper helper;
        const std::shared_ptr<DnsStaticZone> zones[] = {root, com, zone, zone};
        for (uint32_t i = ROOT; i <= NS2; ++i)
        {
            auto apps = helper.InstallZones(nodes.Get(i), {zones[i]});
            servers.push_back(DynamicCast<DnsServer>(apps.Get(0)));
        }
        resolvers.AddRootHint("a.root", Address(ROOT));
    }

    ~DnsNetwork()
    {
        Simulator::Destroy();
    }

    DnsNetwork(const DnsNetwork&) = delete;
    DnsNetwork& operator=(const DnsNetwork&) = delete;

    /** @brief Install resolver and stubs, after attributes were set. */
    void Install()
    {
        resolver =
            DynamicCast<RecursiveResolver>(resolvers.InstallRecursive(nodes.Get(RESOLVER)).Get(0));
        resolver->AssignStreams(10);
        resolver->TraceConnectWithoutContext("Answer", MakeCallback(&DnsNetwork::OnAnswer, this));
        resolver->TraceConnectWithoutContext("Upstream",
                                             MakeCallback(&DnsNetwork::OnUpstream, this));
        for (auto host : {STUB1, STUB2})
        {
            stubs.push_back(resolvers.InstallStub(nodes.Get(host), {Address(RESOLVER)}));
            stubs.back()->AssignStreams(20 + host);
        }
    }

    /**
     * @param host a host
     * @return its address
     */
    static Ipv4Address Address(Host host)
    {
        return Ipv4Address(10U << 24 | static_cast<uint32_t>(host) << 8 | 2);
    }

    /**
     * @brief Look something up.
     * @param at when
     * @param name what
     * @param stub which of the two hosts
     * @param type type
     */
    void ResolveAt(Time at, const DnsName& name, uint32_t stub = 0, DnsType type = DnsType::A)
    {
        Simulator::Schedule(at, [this, name, stub, type]() {
            stubs[stub]->Resolve(name,
                                 type,
                                 StubResolver::ResultCallback([this](const DnsLookup& lookup) {
                                     lookups.push_back(lookup);
                                 }));
        });
    }

    /**
     * @brief Run.
     * @param until when to stop
     */
    static void Run(Time until)
    {
        Simulator::Stop(until - Simulator::Now());
        Simulator::Run();
    }

    /**
     * @param index which look-up
     * @return how long it took, in ms
     */
    double Took(size_t index) const
    {
        return (lookups.at(index).finished - lookups.at(index).started).GetSeconds() * 1000;
    }

    NodeContainer nodes;                     //!< hosts, see Host
    NetDeviceContainer devices;              //!< their devices
    PointToPointHelper link;                 //!< made them
    std::shared_ptr<DnsStaticZone> root;     //!< zone of the root
    std::shared_ptr<DnsStaticZone> com;      //!< zone com
    std::shared_ptr<DnsStaticZone> zone;     //!< zone example.com
    std::vector<Ptr<DnsServer>> servers;     //!< servers in order of Host
    ResolverHelper resolvers;                //!< makes resolver and stubs
    Ptr<RecursiveResolver> resolver;         //!< the resolver
    std::vector<Ptr<StubResolver>> stubs;    //!< the stubs
    std::vector<DnsLookup> lookups;          //!< results in order of their ends
    std::vector<DnsResolverRecord> answers;  //!< what the resolver answered
    std::vector<DnsUpstreamRecord> upstream; //!< what it asked

  private:
    /** @param error what is wrong with a record */
    static void Must(const std::string& error)
    {
        NS_ABORT_MSG_UNLESS(error.empty(), error);
    }

    /** @param record a record */
    void OnAnswer(const DnsResolverRecord& record)
    {
        answers.push_back(record);
    }

    /** @param record a record */
    void OnUpstream(const DnsUpstreamRecord& record)
    {
        upstream.push_back(record);
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_NETWORK_H */
