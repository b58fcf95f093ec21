/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * How fast do clients follow when a record changes?
 *
 * Flavel, Mani and Maltz (LANMAN 2014) changed a record with a TTL of 20 s: after 60 s, 90 % of
 * requests went to the new address, and after 15 minutes 2 % of clients still used the old one.
 * Most of the delay is not the TTL, but the resolvers and programs that do not honour it. This
 * program has a mix of them, to be set on the command line, and prints the curve as CSV:
 *
 *     clients --- resolver ---+
 *     clients --- resolver ---+--- name server of the root and of example.com
 *     ...                     |
 *
 * All clients ask for www.example.com again and again, and go where the answer says. The record is
 * changed once, at second 0 of the output; a row sums up the requests since the row before.
 *
 *     build/bin/azure-dns-responsiveness > curve.csv
 *     python3 examples/azure-dns-responsiveness-plot.py curve.csv > curve.svg
 */

#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <algorithm>
#include <cmath>
#include <iostream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// What is changed: where it leads to before and after.
const Ipv4Address OLD("192.0.2.1");
const Ipv4Address NEW("192.0.2.2"); //!< see OLD

/// What a resolver or a program does with TTLs.
struct Policy
{
    double share;      //!< of all clients, percent
    Time period;       //!< how long it keeps an answer with the TTL of this program
    std::string name;  //!< attribute of a resolver that makes it so; empty: none
    std::string value; //!< its value
    uint32_t left{0};  //!< resolvers or clients that are still to get it
};

/// A client, as far as it is counted.
struct Client
{
    Ptr<HostResolver> resolver; //!< its host's resolver
    bool isStale{true};         //!< its last request went to the old address
};

/// The curve.
class Curve
{
  public:
    /**
     * @param change when the record is changed
     * @param interval from one request of a client to the next, and from row to row
     * @param rows how many rows
     */
    Curve(Time change, Time interval, uint32_t rows)
        : m_change(change),
          m_interval(interval),
          m_requests(rows + 1),
          m_fresh(rows + 1)
    {
    }

    /**
     * @brief Add a client.
     * @param host its host
     * @param start when it begins
     */
    void AddClient(Ptr<Node> host, Time start)
    {
        m_clients.push_back({host->GetObject<HostResolver>()});
        Simulator::Schedule(start, &Curve::Ask, this, m_clients.size() - 1);
    }

    /**
     * @brief Print rows, one an interval.
     * @param row the first one
     */
    void Print(uint32_t row)
    {
        const auto stale = std::count_if(m_clients.begin(),
                                         m_clients.end(),
                                         [](const Client& client) { return client.isStale; });
        std::cout << (row * m_interval).GetSeconds() << "," << m_requests[row] << ","
                  << static_cast<double>(m_fresh[row]) / std::max(1U, m_requests[row]) << ","
                  << static_cast<double>(stale) / m_clients.size() << "\n";
        if (row + 1 < m_requests.size())
        {
            Simulator::Schedule(m_interval, &Curve::Print, this, row + 1);
        }
    }

  private:
    /**
     * @brief A client asks, and will again.
     * @param client its index
     */
    void Ask(size_t client)
    {
        m_clients[client].resolver->LookUpHost(
            "www.example.com",
            HostResolver::HostCallback(
                [this, client](const HostLookup& lookup) { OnAnswer(client, lookup); }));
        Simulator::Schedule(m_interval, &Curve::Ask, this, client);
    }

    /**
     * @brief A client knows where to go.
     * @param client its index
     * @param lookup what the name led to
     */
    void OnAnswer(size_t client, const HostLookup& lookup)
    {
        if (lookup.addresses.empty())
        {
            return; // it has nowhere to go
        }
        m_clients[client].isStale = lookup.addresses[0] == OLD;
        if (Simulator::Now() >= m_change)
        {
            const auto passed = (Simulator::Now() - m_change).GetSeconds();
            const auto row = static_cast<size_t>(passed / m_interval.GetSeconds()) + 1;
            if (row < m_requests.size())
            {
                ++m_requests[row];
                m_fresh[row] += m_clients[client].isStale ? 0 : 1;
            }
        }
    }

    Time m_change;                    //!< when the record is changed
    Time m_interval;                  //!< between requests, and between rows
    std::vector<Client> m_clients;    //!< all clients
    std::vector<uint32_t> m_requests; //!< requests by row
    std::vector<uint32_t> m_fresh;    //!< those that went to the new address
};

/**
 * @brief Take the next policy that is to be given to someone.
 * @param policies all of them
 * @return one; null when all have been given
 */
Policy*
TakePolicy(std::vector<Policy>& policies)
{
    for (auto& policy : policies)
    {
        if (policy.left > 0)
        {
            --policy.left;
            return &policy;
        }
    }
    return nullptr;
}

} // namespace

int
main(int argc, char* argv[])
{
    uint32_t clients = 1000;
    uint32_t perResolver = 5;
    uint32_t ttl = 20;
    double minutes = 16;
    Policy ceiling{0, Seconds(10), "TtlCeiling", "10s"};
    Policy stretch{5, Seconds(60), "TtlStretch", "3"};
    Policy floor{6, Seconds(300), "TtlFloor", "300s"};
    Policy browser{12, Seconds(60), "TtlFloor", "60s"};
    Policy pinned{2, Seconds(1800), "TtlFloor", "1800s"};
    Policy restart{1, Seconds(60), "KeepUntilRestart", "true"};
    CommandLine command(__FILE__);
    command.AddValue("clients", "Clients, each on a host of its own", clients);
    command.AddValue("perResolver", "Clients of a resolver", perResolver);
    command.AddValue("ttl", "TTL of the record in seconds, 1 to 60", ttl);
    command.AddValue("minutes", "How long to look after the change", minutes);
    command.AddValue("ceiling",
                     "Percent of clients whose resolver keeps answers for 10 s at most",
                     ceiling.share);
    command.AddValue("stretch",
                     "Percent of clients whose resolver keeps answers for three TTLs",
                     stretch.share);
    command.AddValue("floor",
                     "Percent of clients whose resolver keeps answers for 5 minutes at least",
                     floor.share);
    command.AddValue("browser",
                     "Percent of clients whose program keeps answers for 1 minute at least",
                     browser.share);
    command.AddValue("pinned",
                     "Percent of clients whose program keeps answers for 30 minutes at least",
                     pinned.share);
    command.AddValue("restart",
                     "Percent of clients whose program keeps answers until it is restarted",
                     restart.share);
    command.Parse(argc, argv);
    std::vector<Policy> atResolvers{ceiling, stretch, floor};
    std::vector<Policy> atHosts{browser, pinned, restart};
    double share = 0;
    bool isShare = true;
    for (const auto* policies : {&atResolvers, &atHosts})
    {
        for (const auto& policy : *policies)
        {
            isShare = isShare && policy.share >= 0;
            share += policy.share;
        }
    }
    if (!isShare || share > 100 || ttl < 1 || ttl > 60 || perResolver < 1 ||
        clients < perResolver || clients > 20000 || !(minutes > 0 && minutes <= 1000))
    {
        std::cerr << "percentages from 0 to 100 together, a TTL of 1 to 60 s, up to 1000 minutes, "
                     "and up to 20000 clients, at least as many as a resolver has, please\n";
        return 2;
    }
    const uint32_t resolverCount = clients / perResolver;
    for (auto& policy : atResolvers)
    {
        policy.left = static_cast<uint32_t>(std::lround(policy.share / 100 * resolverCount));
    }
    for (auto& policy : atHosts)
    {
        policy.left =
            static_cast<uint32_t>(std::lround(policy.share / 100 * resolverCount * perResolver));
    }

    // All begin so early, and each at so random a time, that the record changes at a random time
    // of what any cache keeps.
    const Time warmUp = Seconds(120);
    const Time change = warmUp + Seconds(1800);
    const Time interval = Seconds(5);
    Curve curve(change, interval, static_cast<uint32_t>(std::ceil(minutes * 60 / 5)));
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(1);
    int64_t stream = 100;

    // At so many clients of each resolver that all get a place.
    uint32_t honouring = resolverCount;
    uint32_t ownWill = 0;
    for (const auto& policy : atResolvers)
    {
        honouring -= std::min(honouring, policy.left);
    }
    for (const auto& policy : atHosts)
    {
        ownWill += policy.left;
    }
    const uint32_t mostOwn = ownWill / std::max(1U, honouring) + 1;

    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.252");
    Ipv4StaticRoutingHelper routing;
    TrafficControlHelper plain; // FqCoDel has a queue for each flow, and each query is one
    NodeContainer authority(1);
    stack.Install(authority);
    Ipv4Address authorityAddress;
    for (uint32_t k = 0; k < resolverCount; ++k)
    {
        NodeContainer nodes(1 + perResolver); // resolver, clients
        stack.Install(nodes);
        link.SetChannelAttribute("Delay", StringValue("20ms"));
        const auto devices = link.Install(authority.Get(0), nodes.Get(0));
        const auto upward = addresses.Assign(devices);
        plain.Uninstall(devices);
        addresses.NewNetwork();
        authorityAddress = k == 0 ? upward.GetAddress(0) : authorityAddress;
        routing.GetStaticRouting(nodes.Get(0)->GetObject<Ipv4>())
            ->SetDefaultRoute(upward.GetAddress(0), 1);

        ResolverHelper helper;
        helper.AddRootHint("ns.example.com", authorityAddress);
        const auto* policy = TakePolicy(atResolvers);
        if (policy)
        {
            helper.SetAttribute(policy->name, StringValue(policy->value));
        }
        helper.InstallRecursive(nodes.Get(0));
        stream += helper.AssignStreams(nodes.Get(0), stream);
        const auto period = policy ? policy->period : Seconds(ttl);
        const auto start = change - warmUp - random->GetValue() * period;
        link.SetChannelAttribute("Delay", StringValue("5ms"));
        for (uint32_t i = 1; i <= perResolver; ++i)
        {
            const auto ends = link.Install(nodes.Get(0), nodes.Get(i));
            const auto pair = addresses.Assign(ends);
            plain.Uninstall(ends);
            addresses.NewNetwork();
            // Programs with a will of their own are spread over the resolvers that honour TTLs.
            auto* own = policy || i > mostOwn ? nullptr : TakePolicy(atHosts);
            ResolverHelper host;
            if (own)
            {
                host.SetStubAttribute(own->name, StringValue(own->value));
            }
            stream += host.InstallStub(nodes.Get(i), {pair.GetAddress(0)})->AssignStreams(stream);
            curve.AddClient(nodes.Get(i),
                            own ? change - warmUp - random->GetValue() * own->period
                                : start + random->GetValue() * interval);
        }
    }

    auto root = std::make_shared<DnsStaticZone>(".", "ns.example.com", 86400);
    root->Add(DnsRecord::Ns("example.com", 86400, "ns.example.com"));
    root->Add(DnsRecord::A("ns.example.com", 86400, authorityAddress));
    auto zone = std::make_shared<DnsStaticZone>("example.com", "ns.example.com", 60);
    zone->Add(DnsRecord::A("ns.example.com", 86400, authorityAddress));
    zone->Add(DnsRecord::A("www.example.com", ttl, OLD));
    DnsServerHelper().InstallZones(authority.Get(0), {root, zone});
    Simulator::Schedule(change, [&zone, ttl] {
        zone->Remove("www.example.com", DnsType::A);
        zone->Add(DnsRecord::A("www.example.com", ttl, NEW));
    });

    std::cout << "seconds,requests,on_new_answer,stale_clients\n";
    Simulator::Schedule(change + interval, &Curve::Print, &curve, 1);
    Simulator::Stop(change + Seconds(minutes * 60) + interval);
    Simulator::Run();
    Simulator::Destroy();
    return 0;
}
