/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-network.h"

#include "ns3/boolean.h"
#include "ns3/ipv4-l3-protocol.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param lookup a look-up
 * @return its records, with names and TTLs, one a line
 */
std::string
Records(const DnsLookup& lookup)
{
    std::string text;
    for (const auto& record : lookup.aliases)
    {
        text += record.ToText() + "\n";
    }
    for (const auto& record : lookup.records)
    {
        text += record.ToText() + "\n";
    }
    return text;
}

/**
 * @brief A vanity name that leads to a public IP address with a DNS label.
 * @param network gets all of it
 * @return the client
 */
Ptr<StubResolver>
MakeChain(TrafficManagerNetwork& network)
{
    auto web = network.AddServer(3);
    auto client = network.AddStub(network.AddHost(1));
    network.Must(
        network.contoso->Add(DnsRecord::Cname("www.contoso.com", 3600, "shop.trafficmanager.net")));
    network.Must(network.cloud->Add(
        DnsRecord::A("web.eastus.cloudapp.azure.com", 10, network.AddressOf(web->GetNode()))));
    auto profile = MakeProfile(TrafficRoutingMethod::Priority,
                               {MakeEndpoint("web", "web.eastus.cloudapp.azure.com")});
    profile.endpoints[0].type = TrafficManagerEndpointType::AzureEndpoints;
    profile.dnsConfig.ttl = Seconds(60);
    network.Install({profile});
    network.ResolveAt(1, client, "www.contoso.com");
    network.ResolveAt(31.5, client, "www.contoso.com");
    return client;
}

/** @param t the test case */
void
CheckChain(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    MakeChain(network);
    network.RunTo(40);
    t.Equal(network.lookups.size(), 2, "look-ups");
    t.Equal(Records(network.lookups.at(0)),
            "www.contoso.com. 3600 IN CNAME shop.trafficmanager.net.\n"
            "shop.trafficmanager.net. 60 IN CNAME web.eastus.cloudapp.azure.com.\n"
            "web.eastus.cloudapp.azure.com. 10 IN A 20.0.5.2\n",
            "one consolidated answer, each record with its own TTL");
    // 30 s later the address has expired, but neither alias.
    t.Equal(Records(network.lookups.at(1)),
            "www.contoso.com. 3570 IN CNAME shop.trafficmanager.net.\n"
            "shop.trafficmanager.net. 30 IN CNAME web.eastus.cloudapp.azure.com.\n"
            "web.eastus.cloudapp.azure.com. 10 IN A 20.0.5.2\n",
            "each ages by itself");
    t.Equal(network.answers.size(), 1, "the name server was asked once");
    const auto& asked = network.answers.at(0);
    t.Equal(asked.profile, "shop", "profile");
    t.Equal(asked.paths.at(0), "web", "path");
    t.Equal(ToText(asked.source), "20.0.4.2", "the resolver asked");
    t.Equal(asked.answer.answers.size(), 1, "one record, the CNAME");
    t.Check(asked.reason == TrafficManagerReason::Priority, "why");
    t.Equal(network.manager->GetQueryCount("Shop"), 1, "queries");
    t.Equal(network.manager->GetAnswerCount("shop", "WEB"), 1, "answers");
}

/** @param t the test case */
void
CheckWireshark(FunctionTestCase& t)
{
    const auto file = t.MakeTempName("chain.pcap");
    {
        // The file is whole when the devices are gone.
        TrafficManagerNetwork network;
        MakeChain(network);
        const auto device = network.devices.at(network.resolverNode->GetId());
        network.link.EnablePcap(file, device, false, true);
        network.RunTo(40);
    }
    if (std::system("command -v tshark > /dev/null 2>&1") != 0)
    {
        return;
    }
    // Responses to the client and from each server: who, and the TTLs of the answers in order.
    const auto out = t.MakeTempName("fields");
    const auto command = "tshark -r '" + file +
                         "' -Y 'dns.flags.response == 1 && dns.count.answers > 0' -T fields "
                         "-e ip.src -e dns.resp.type -e dns.resp.ttl > '" +
                         out + "' 2>/dev/null";
    t.Equal(std::system(command.c_str()), 0, "tshark runs");
    std::ifstream in(out);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
    {
        std::replace(line.begin(), line.end(), '\t', ' ');
        lines.push_back(line);
    }
    t.Equal(lines.size(), 6, "responses with answers");
    lines.resize(6);
    t.Equal(lines[0],
            "20.0.0.2 5,2,2,1,1,41 3600,3600,3600,3600,3600",
            "the vanity name, and whom to ask");
    t.Check(lines[1].find(" 5,41 60") != std::string::npos, "Traffic Manager: " + lines[1]);
    t.Equal(lines[2], "20.0.3.2 1,41 10", "the public IP address");
    t.Equal(lines[3], "20.0.4.2 5,5,1,41 3600,60,10", "consolidated");
    t.Equal(lines[4], "20.0.3.2 1,41 10", "the address has expired");
    t.Equal(lines[5], "20.0.4.2 5,5,1,41 3570,30,10", "each ages by itself");
}

/** @param t the test case */
void
CheckDirect(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    network.helper.SetAttribute("ProfileChangeDelay", TimeValue(Seconds(0)));
    auto first = network.AddServer(3);
    auto second = network.AddServer(4);
    auto host = network.AddHost(1);
    auto stub = network.AddStub(host);
    auto profile = MakeProfile(TrafficRoutingMethod::Priority,
                               {network.EndpointOf(first), network.EndpointOf(second)});
    profile.dnsConfig.ttl = Seconds(5);
    network.Install({profile});
    network.ResolveAt(1, stub);
    network.RunTo(2);
    t.Equal(network.lookups.at(0).GetAddress(),
            network.AddressOf(first->GetNode()),
            "the first endpoint");
    // One connection, a request a second; the endpoint is disabled in between.
    HttpClientHelper clients(InetSocketAddress(network.lookups.at(0).GetAddress(), 80));
    clients.SetAttribute("KeepAlive", BooleanValue(true));
    clients.SetAttribute("LoadModel", StringValue("Closed"));
    clients.SetAttribute("ThinkTime", StringValue("ns3::ConstantRandomVariable[Constant=1]"));
    auto client = clients.Install(host).Get(0);
    client->SetStartTime(Seconds(2));
    std::set<uint16_t> ports;
    first->TraceConnectWithoutContext(
        "Served",
        Callback<void, const HttpServedRecord&>(
            [&](const HttpServedRecord& record) { ports.insert(record.peer.GetPort()); }));
    uint32_t foreign = 0;
    for (uint32_t i = 0; i < network.nameServers.GetN(); ++i)
    {
        network.nameServers.Get(i)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                [&](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
                    Ipv4Header header;
                    packet->PeekHeader(header);
                    foreign += header.GetProtocol() != 17;
                }));
    }
    Simulator::Schedule(Seconds(8), [&]() {
        network.Must(network.manager->SetEndpointStatus("shop", profile.endpoints[0].name, false));
    });
    network.ResolveAt(20, stub);
    network.RunTo(30);
    t.Equal(network.lookups.at(1).GetAddress(),
            network.AddressOf(second->GetNode()),
            "new look-ups lead elsewhere");
    t.Equal(ports.size(), 1, "the old connection goes on");
    t.Check(first->GetServedCount() > 20, "to the end");
    t.Equal(second->GetServedCount(), 0, "nobody moves it");
    t.Equal(foreign, 0, "name servers see queries, and nothing else");
}

/** @param t the test case */
void
CheckLookUpTimes(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    auto web = network.AddServer(3);
    auto near = network.AddStub(network.AddHost(1));
    auto other = network.AddStub(network.AddHost(4));
    auto profile = MakeProfile(TrafficRoutingMethod::Priority, {network.EndpointOf(web)});
    profile.dnsConfig.ttl = Seconds(20);
    network.Install({profile});
    network.ResolveAt(1, near);
    network.ResolveAt(2, other);
    network.ResolveAt(3, near);
    network.ResolveAt(30, near);
    network.RunTo(40);
    const auto took = [&](size_t index) {
        const auto& lookup = network.lookups.at(index);
        return (lookup.finished - lookup.started).GetSeconds() * 1000;
    };
    // Links of 1, 4 (clients), 2 (resolver), 20 (tree) and 8 or 12 ms (name servers), both ways.
    const double tree = 2 * (2 + 20);
    const double servers[] = {2 * (2 + 8), 2 * (2 + 12)};
    t.Check(std::abs(took(0) - (2 * (1 + 2) + tree + servers[0])) < 0.1 ||
                std::abs(took(0) - (2 * (1 + 2) + tree + servers[1])) < 0.1,
            "cold: the tree, then a name server: " + std::to_string(took(0)));
    t.Near(took(1), 2 * (4 + 2), 0.1, "the resolver knows");
    t.Near(took(2), 0, 0.1, "the host knows");
    t.Check(std::abs(took(3) - (2 * (1 + 2) + servers[0])) < 0.1 ||
                std::abs(took(3) - (2 * (1 + 2) + servers[1])) < 0.1,
            "expired: a name server of Traffic Manager alone");
    t.Check(took(3) < 50, "within 50 ms");
}

/** @param t the test case */
void
CheckFrozen(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    auto first = network.AddServer(3);
    auto second = network.AddServer(4);
    auto stub = network.AddStub(network.AddHost(1));
    auto profile = MakeProfile(TrafficRoutingMethod::Priority,
                               {network.EndpointOf(first), network.EndpointOf(second)});
    profile.dnsConfig.ttl = Seconds(0);
    network.Install({profile});
    std::vector<double> updates;
    network.manager->TraceConnectWithoutContext(
        "NameServerUpdate",
        Callback<void, const TrafficManagerChange&>([&](const TrafficManagerChange&) {
            updates.push_back(Simulator::Now().GetSeconds());
        }));
    const auto at = [](double seconds, std::function<void()> what) {
        Simulator::Schedule(Seconds(seconds), what);
    };
    const auto name = profile.endpoints[0].name;
    at(1, [&] { network.manager->SetAttribute("Frozen", BooleanValue(true)); });
    at(2,
       [&] { network.Must(network.manager->SetHealth("shop", name, EndpointHealth::Unhealthy)); });
    network.ResolveAt(3, stub);
    // One of the name servers hangs.
    at(4, [&] {
        network.nameServers.Get(0)->GetApplication(0)->SetAttribute("Silent", BooleanValue(true));
    });
    for (double time : {5., 6., 7., 8.})
    {
        network.ResolveAt(time, stub);
    }
    at(9.5, [&] { network.manager->SetAttribute("Frozen", BooleanValue(false)); });
    network.ResolveAt(10, stub);
    network.RunTo(20);
    t.Equal(network.lookups.size(), 6, "look-ups");
    for (size_t i = 0; i < 5; ++i)
    {
        t.Equal(network.lookups[i].GetAddress(),
                network.AddressOf(first->GetNode()),
                "the last record, with one name server or two");
    }
    t.Equal(network.lookups[5].GetAddress(),
            network.AddressOf(second->GetNode()),
            "all of it is made up for");
    t.Equal(updates.size(), 1, "one update");
    t.Near(updates.at(0), 9.5, 0, "when the plane works again");
    t.Equal(network.FindStatus(EndpointMonitorStatus::Degraded), 2, "the plane knew before");
}

/** @param t the test case */
void
CheckCaches(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    auto first = network.AddServer(3);
    auto second = network.AddServer(4);
    std::vector<Ptr<StubResolver>> stubs{network.AddStub(network.AddHost(1)),
                                         network.AddStub(network.AddHost(1))};
    auto profile = MakeProfile(TrafficRoutingMethod::Priority,
                               {network.EndpointOf(first), network.EndpointOf(second)});
    profile.dnsConfig.ttl = Seconds(30);
    network.Install({profile});
    // The resolver asks at 10 s; so everybody has this answer until 40 s.
    network.ResolveAt(10, stubs[0]);
    Simulator::Schedule(Seconds(15), [&] {
        network.Must(network.manager->SetHealth("shop",
                                                profile.endpoints[0].name,
                                                EndpointHealth::Unhealthy));
    });
    for (double time : {20., 39., 42.})
    {
        network.ResolveAt(time, stubs[0]);
        network.ResolveAt(time + 0.5, stubs[1]);
    }
    network.RunTo(50);
    t.Equal(network.lookups.size(), 7, "look-ups");
    for (size_t i = 0; i < 7; ++i)
    {
        t.Equal(network.lookups[i].GetAddress(),
                network.AddressOf((i < 5 ? first : second)->GetNode()),
                "look-up " + std::to_string(i));
    }
    t.Check(network.lookups[1].isFromCache, "from the host's own cache");
    t.Check(!network.lookups[2].isFromCache, "from that of the resolver");
    t.Equal(network.lookups[2].records.at(0).ttl, 20, "which has had it for 10.4 s");
    t.Equal(network.answers.size(), 2, "queries to name servers");
}

/** @param t the test case */
void
CheckChanges(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    auto first = network.AddServer(3);
    auto second = network.AddServer(4);
    auto stub = network.AddStub(network.AddHost(1));
    auto profile = MakeProfile(TrafficRoutingMethod::Priority,
                               {network.EndpointOf(first), network.EndpointOf(second)});
    profile.dnsConfig.ttl = Seconds(0);
    network.Install({profile});
    std::vector<double> applied;
    network.manager->TraceConnectWithoutContext(
        "ProfileChange",
        Callback<void, const std::string&, const TrafficManagerChange&>(
            [&](const std::string& name, const TrafficManagerChange&) {
                t.Equal(name, "shop", "profile");
                applied.push_back(Simulator::Now().GetSeconds());
            }));
    const auto at = [](double seconds, std::function<void()> what) {
        Simulator::Schedule(Seconds(seconds), what);
    };
    const auto name = profile.endpoints[0].name;
    at(1, [&] { network.Must(network.manager->SetEndpointStatus("shop", name, false)); });
    at(2, [&] {
        // A shorter delay does not overtake.
        network.manager->SetAttribute("ProfileChangeDelay", TimeValue(Seconds(1)));
        network.Must(network.manager->SetEndpointStatus("shop", name, true));
    });
    at(3, [&] {
        auto other = profile;
        other.trafficRoutingMethod = TrafficRoutingMethod::Weighted;
        other.endpoints[0].weight = 1000;
        other.endpoints[1].weight = 1;
        other.endpoints[1].endpointStatus = false;
        other.dnsConfig.ttl = Seconds(7);
        network.Must(network.manager->Replace(other));
    });
    for (int second = 4; second < 80; ++second)
    {
        network.ResolveAt(second, stub);
    }
    network.RunTo(90);
    t.Equal(applied.size(), 3, "changes");
    for (const auto when : applied)
    {
        t.Near(when, 61, 0, "a minute after the first, in order");
    }
    for (const auto& lookup : network.lookups)
    {
        t.Check(lookup.status == DnsLookupStatus::Found, "no downtime");
        t.Equal(lookup.GetAddress(), network.AddressOf(first->GetNode()), "the first endpoint");
    }
    t.Check(network.answers.front().reason == TrafficManagerReason::Priority, "at first");
    t.Check(network.answers.back().reason == TrafficManagerReason::Weight, "in the end");
    t.Equal(network.answers.back().answer.answers.at(0).ttl, 7, "its time to live");

    // What is refused changes nothing.
    auto& manager = *network.manager;
    t.Equal(manager.SetEndpointStatus("shop", "x", true), "profile shop has no endpoint x", "1");
    t.Equal(manager.SetProfileStatus("x", true), "there is no profile x", "2");
    t.Equal(manager.SetStopped("x", "y", true), "there is no profile x", "3");
    t.Equal(manager.SetHealth("shop", "y", EndpointHealth::Healthy),
            "profile shop has no endpoint y",
            "4");
    auto bad = profile;
    bad.endpoints[0].priority = 0;
    t.Check(manager.Replace(bad).find("priority") != std::string::npos, "5");
    bad = profile;
    bad.dnsConfig.relativeName = "other";
    t.Check(manager.Replace(bad).find("keeps its name") != std::string::npos, "6");
    bad.name = "nobody";
    t.Equal(manager.Replace(bad), "there is no profile nobody", "7");
}

/** @param t the test case */
void
CheckClientSubnet(FunctionTestCase& t)
{
    for (const bool tells : {false, true})
    {
        TrafficManagerNetwork network;
        network.resolvers.SetAttribute("SendClientSubnet", BooleanValue(tells));
        // The resolver is in Japan; so is one host, the other is in Brazil.
        std::vector<Ptr<StubResolver>> stubs{network.AddStub(network.AddHost(1)),
                                             network.AddStub(network.AddHost(1))};
        auto world = std::make_shared<TrafficManagerWorld>();
        world->regions = RegionTable::MakeAzure();
        world->locations.Add(Prefix("20.0.0.0/16"), *world->regions.Find("japaneast"));
        world->locations.Add(Prefix("20.0.6.0/24"), *world->regions.Find("brazilsouth"));
        auto profile =
            MakeProfile(TrafficRoutingMethod::Performance,
                        {MakeEndpoint("jp", "192.0.2.1"), MakeEndpoint("br", "192.0.2.2")});
        profile.endpoints[0].endpointLocation = "japaneast";
        profile.endpoints[1].endpointLocation = "brazilsouth";
        network.Install({profile}, world);
        network.ResolveAt(1, stubs[0]);
        network.ResolveAt(2, stubs[1]);
        network.RunTo(5);
        t.Equal(network.lookups.at(0).GetAddress(), Ipv4Address("192.0.2.1"), "Japan");
        t.Equal(network.lookups.at(1).GetAddress(),
                Ipv4Address(tells ? "192.0.2.2" : "192.0.2.1"),
                "Brazil, if somebody tells");
        t.Equal(network.answers.size(), tells ? 2 : 1, "an answer for each subnet");
        t.Equal(network.answers.at(0).clientSubnet.has_value(), tells, "the option");
        t.Equal(network.answers.at(0).answer.scopePrefix, tells ? 24 : 0, "its scope");
    }
    // A method that does not look answers for everybody.
    TrafficManagerNetwork network;
    network.resolvers.SetAttribute("SendClientSubnet", BooleanValue(true));
    std::vector<Ptr<StubResolver>> stubs{network.AddStub(network.AddHost(1)),
                                         network.AddStub(network.AddHost(1))};
    network.Install(
        {MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("jp", "192.0.2.1")})});
    network.ResolveAt(1, stubs[0]);
    network.ResolveAt(2, stubs[1]);
    network.RunTo(5);
    t.Equal(network.answers.size(), 1, "one answer for all");
    t.Check(network.answers.at(0).clientSubnet.has_value(), "though the query has the option");
    t.Equal(network.answers.at(0).answer.scopePrefix, 0, "its scope");
}

/**
 * @brief How evenly clients of few resolvers are spread by four endpoints of equal weight.
 * @param ttl time to live
 * @return chi-squared of the clients of each endpoint, of 200 that look up once
 */
double
Spread(Time ttl)
{
    TrafficManagerNetwork network;
    std::vector<TrafficManagerEndpoint> endpoints;
    for (const char* address : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"})
    {
        endpoints.push_back(MakeEndpoint(std::string("e") + address[8], address));
    }
    auto profile = MakeProfile(TrafficRoutingMethod::Weighted, endpoints);
    profile.dnsConfig.ttl = ttl;
    // Clients share nothing but the resolver.
    network.resolvers.SetStubAttribute("Cache", BooleanValue(false));
    for (uint32_t i = 0; i < 2; ++i)
    {
        const auto node = network.AddHost(2);
        network.resolvers.InstallRecursive(node);
        auto stub = network.resolvers.InstallStub(network.AddHost(1), {network.AddressOf(node)});
        stub->AssignStreams(300 + i);
        for (uint32_t client = 0; client < 100; ++client)
        {
            network.ResolveAt(1 + client * 0.2, stub);
        }
    }
    network.resolvers.AssignStreams(NodeContainer::GetGlobal(), 5000);
    network.Install({profile});
    network.RunTo(60);
    std::map<Ipv4Address, double> clients;
    for (const auto& lookup : network.lookups)
    {
        clients[lookup.GetAddress()] += 1;
    }
    double chiSquared = 0;
    for (const auto& endpoint : endpoints)
    {
        chiSquared += std::pow(clients[Ipv4Address(endpoint.target.c_str())] - 50, 2) / 50;
    }
    return chiSquared;
}

/** @param t the test case */
void
CheckSkew(FunctionTestCase& t)
{
    // The 0.1 % point with three degrees of freedom.
    const auto uncached = Spread(Seconds(0));
    t.Check(uncached < 16.27, "a draw for each: " + std::to_string(uncached));
    const auto cached = Spread(Seconds(300));
    t.Check(cached > 16.27, "two draws for all: " + std::to_string(cached));
    // Two answers for 100 clients each: the same one, or two different ones.
    t.Check(std::abs(cached - 600) < 1e-9 || std::abs(cached - 200) < 1e-9, "exactly");
}

} // namespace

/** The names of Traffic Manager in a simulated network. */
class TrafficManagerDnsTestSuite : public TestSuite
{
  public:
    TrafficManagerDnsTestSuite()
        : TestSuite("azure-traffic-manager-dns", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("TM-1 clients go to the endpoint itself, and their connections stay there",
            CheckDirect);
        add("TM-2 TM-4 a chain of vanity name, CNAME and A, each with its own time to live",
            CheckChain);
        add("TM-2 TM-4 Wireshark sees the chain", CheckWireshark);
        add("TM-8 a look-up takes the round trips to those who know", CheckLookUpTimes);
        add("TM-9 name servers keep the last records, and one of them is enough", CheckFrozen);
        add("TM-10 resolver and host keep an answer for the time to live", CheckCaches);
        add("TM-11 changes of profiles take effect after a minute, without downtime", CheckChanges);
        add("TM-12 the subnet of the client decides, or else the resolver", CheckClientSubnet);
        add("TM-15 few resolvers skew weights by their caches", CheckSkew);
    }
};

/// The instance that registers the suite.
static TrafficManagerDnsTestSuite g_trafficManagerDnsTestSuite;
