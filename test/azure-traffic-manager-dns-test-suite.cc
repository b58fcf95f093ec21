/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-network.h"

#include "ns3/azure-traffic-manager-zone.h"
#include "ns3/boolean.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/uinteger.h"

#include <cmath>
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

/** @param t the test case */
void
CheckChain(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
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
    network.ResolveAt(31, client, "www.contoso.com");
    network.RunTo(40);
    t.Equal(network.lookups.size(), 2, "look-ups");
    t.Equal(Records(network.lookups.at(0)),
            "www.contoso.com 3600 IN CNAME shop.trafficmanager.net\n"
            "shop.trafficmanager.net 60 IN CNAME web.eastus.cloudapp.azure.com\n"
            "web.eastus.cloudapp.azure.com 10 IN A 20.0.5.2\n",
            "one consolidated answer, each record with its own TTL");
    // 30 s later the address has expired, but neither alias.
    t.Equal(Records(network.lookups.at(1)),
            "www.contoso.com 3570 IN CNAME shop.trafficmanager.net\n"
            "shop.trafficmanager.net 30 IN CNAME web.eastus.cloudapp.azure.com\n"
            "web.eastus.cloudapp.azure.com 10 IN A 20.0.5.2\n",
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
    clients.SetAttribute("LoadModel", StringValue("ClosedLoop"));
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
    t.Check(first->GetServedCount() > 25, "to the end");
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
    t.Equal(network.lookups[2].records.at(0).ttl, 19, "which has had it for 10.5 s");
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
 * @return chi-squared of the clients of each endpoint, of 400 that look up once
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
        for (uint32_t client = 0; client < 200; ++client)
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
        chiSquared += std::pow(clients[Ipv4Address(endpoint.target.c_str())] - 100, 2) / 100;
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
    // Two answers for 200 clients each: the same one, or two different ones.
    t.Check(std::abs(cached - 1200) < 1e-9 || std::abs(cached - 400) < 1e-9, "exactly");
}

/**
 * @param zone a zone
 * @param name a name
 * @param type type of the question
 * @return code, and type and data of all records of the answer, / before those of authority
 */
std::string
Ask(TrafficManagerZone& zone, const std::string& name, DnsType type = DnsType::A)
{
    DnsZoneQuery query;
    query.question.name = name;
    query.question.type = type;
    query.source = IpOf("192.0.2.1");
    const auto answer = zone.Answer(query);
    auto text = ToText(answer.rcode);
    for (const auto& record : answer.answers)
    {
        text += " " + ToText(record.type) + ":" + std::to_string(record.ttl);
    }
    for (const auto& record : answer.authorities)
    {
        text += " /" + ToText(record.type) + ":" + std::to_string(record.ttl);
    }
    return text;
}

/** @param t the test case */
void
CheckTypes(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    network.helper.SetAttribute("ProfileChangeDelay", TimeValue(Seconds(0)));
    auto name = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a")}, "name");
    auto v4 = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a", "192.0.2.1")}, "v4");
    auto v6 = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a", "2001:db8::1")}, "v6");
    v6.dnsConfig.ttl = Seconds(2147483647);
    auto many = MakeProfile(TrafficRoutingMethod::MultiValue,
                            {MakeEndpoint("a", "192.0.2.1"),
                             MakeEndpoint("b", "192.0.2.2"),
                             MakeEndpoint("c", "2001:db8::1")},
                            "many");
    many.maxReturn = 10;
    many.dnsConfig.ttl = Seconds(0);
    auto parent = MakeProfile(TrafficRoutingMethod::Priority, {MakeNested("v4")}, "parent");
    parent.dnsConfig.ttl = Seconds(5);
    network.Install({name, v4, v6, many, parent});
    TrafficManagerZone zone(network.manager, "trafficmanager.net");
    const auto all = [&](const std::string& profile) {
        std::string text;
        for (auto type : {DnsType::A, DnsType::Aaaa, DnsType::Cname, DnsType::Any, DnsType::Txt})
        {
            text += Ask(zone, profile + ".TrafficManager.net", type).substr(8) + ";";
        }
        return text;
    };
    t.Equal(all("name"), "CNAME:300; CNAME:300; CNAME:300; CNAME:300; CNAME:300;", "a name");
    t.Equal(all("v4"), "A:300; /SOA:30; /SOA:30; A:300; /SOA:30;", "an IPv4 address");
    t.Equal(all("v6"),
            "/SOA:30; AAAA:2147483647; /SOA:30; AAAA:2147483647; /SOA:30;",
            "an IPv6 address");
    t.Equal(all("many"), "A:0 A:0; AAAA:0; /SOA:30; A:0 A:0 AAAA:0; /SOA:30;", "several");
    t.Equal(all("parent"), "A:5; /SOA:30; /SOA:30; A:5; /SOA:30;", "of the child in one step");
    t.Equal(network.answers.back().paths.size(), 0, "no record, no path");
    Ask(zone, "parent.trafficmanager.net");
    t.Equal(network.answers.back().paths.at(0), "v4/a", "the path to it");
    t.Equal(network.manager->GetAnswerCount("v4", "a"), 2 + 3, "directly, and through the parent");

    // What there is not.
    network.Must(network.manager->SetProfileStatus("v4", false));
    network.RunTo(1);
    t.Equal(Ask(zone, "v4.trafficmanager.net"), "NXDOMAIN /SOA:30", "disabled");
    t.Equal(Ask(zone, "parent.trafficmanager.net"), "NOERROR /SOA:30", "its parent");
    t.Equal(Ask(zone, "nobody.trafficmanager.net"), "NXDOMAIN /SOA:30", "no such profile");
    t.Equal(Ask(zone, "x.name.trafficmanager.net"), "NXDOMAIN /SOA:30", "nothing below one");
    t.Equal(network.manager->GetReasonCount(TrafficManagerReason::UnknownName), 2, "counted");

    // What the servers say of themselves.
    t.Equal(Ask(zone, "trafficmanager.net", DnsType::Ns), "NOERROR NS:3600 NS:3600", "servers");
    t.Equal(Ask(zone, "trafficmanager.net", DnsType::Soa), "NOERROR SOA:30", "SOA");
    t.Equal(Ask(zone, "trafficmanager.net"), "NOERROR /SOA:30", "no address");
    t.Equal(Ask(zone, "tm2.dns.trafficmanager.net"), "NOERROR A:3600", "address of a server");
    t.Equal(Ask(zone, "tm3.dns.trafficmanager.net"), "NXDOMAIN /SOA:30", "there are two");
    t.Equal(Ask(zone, "dns.trafficmanager.net"), "NOERROR /SOA:30", "between them");
    network.manager->SetAttribute("NegativeTtl", UintegerValue(7));
    t.Equal(Ask(zone, "nobody.trafficmanager.net"), "NXDOMAIN /SOA:7", "its time to live");
}

/** @param t the test case */
void
CheckInstall(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    auto profile = MakeProfile(TrafficRoutingMethod::Priority, {MakeEndpoint("a", "192.0.2.1")});
    const auto check = [&](const NodeContainer& servers,
                           const NodeContainer& places,
                           std::shared_ptr<const TrafficManagerWorld> world = MakeWorld()) {
        std::string text;
        for (const auto& error : network.helper.Check(servers, places, {profile}, world))
        {
            text += error.path + ": " + error.message + "; ";
        }
        return text;
    };
    const auto has = [&](const std::string& text, const std::string& part) {
        t.Check(text.find(part) != std::string::npos, part + " in: " + text);
    };
    const auto& servers = network.nameServers;
    t.Equal(check(servers, NodeContainer()), "", "without places");
    has(check(NodeContainer(), NodeContainer()), "there is no name server");
    has(check(NodeContainer(servers, servers), NodeContainer()), "given twice");
    NodeContainer bare(1);
    has(check(bare, NodeContainer()), "has no IPv4 address");
    has(check(servers, bare), "install an internet stack");
    NodeContainer place(network.AddHost(1));
    has(check(servers, NodeContainer(place, place)), "given twice as a place");
    has(check(servers, place, nullptr), "there is no world");
    profile.endpoints[0].target = "10.0.0.1";
    has(check(servers, place), "profiles[0].endpoints[0].target");
    profile.endpoints[0].target = "192.0.2.1";
    ServiceTags tags;
    ServiceTag tag;
    tag.name = "AzureTrafficManager";
    tag.addressPrefixes = {Prefix("203.0.113.7/32")};
    tags.Add(tag);
    network.helper.SetServiceTags(tags);
    t.Equal(check(servers, place), "", "one address for one place");
    has(check(servers, NodeContainer(place, network.AddHost(1))), "too few addresses");

    // A name server may serve other zones too, and a name need not be below trafficmanager.net.
    profile.dnsConfig.fqdn = "shop.tm.contoso.com";
    const NodeContainer tree(network.tree);
    const auto manager = network.helper.Install(tree, NodeContainer(), {profile}, MakeWorld());
    t.Equal(network.tree->GetNApplications(), 1, "no second server");
    t.Equal(TrafficManagerHelper::Delegate(*network.net, manager), 0, "not of this zone");
    t.Equal(TrafficManagerHelper::Delegate(*network.contoso, manager), 2, "NS and A");
    t.Equal(manager->GetOrigins().at(0).ToText(), "tm.contoso.com", "the zone");
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
        add("TM-3 TM-5 TM-6 TM-20 TM-26 TM-35 which records answer which questions", CheckTypes);
        add("TM-8 a look-up takes the round trips to those who know", CheckLookUpTimes);
        add("TM-9 name servers keep the last records, and one of them is enough", CheckFrozen);
        add("TM-10 resolver and host keep an answer for the time to live", CheckCaches);
        add("TM-11 changes of profiles take effect after a minute, without downtime", CheckChanges);
        add("TM-12 the subnet of the client decides, or else the resolver", CheckClientSubnet);
        add("TM-15 few resolvers skew weights by their caches", CheckSkew);
        add("what keeps Traffic Manager from being installed", CheckInstall);
    }
};

/// The instance that registers the suite.
static TrafficManagerDnsTestSuite g_trafficManagerDnsTestSuite;
