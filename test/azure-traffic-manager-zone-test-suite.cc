/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-network.h"

#include "ns3/azure-traffic-manager-zone.h"
#include "ns3/uinteger.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

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
            text += Ask(zone, profile + ".TrafficManager.net", type).substr(8) + "; ";
        }
        return text;
    };
    t.Equal(all("name"), "CNAME:300; CNAME:300; CNAME:300; CNAME:300; CNAME:300; ", "a name");
    t.Equal(all("v4"), "A:300; /SOA:30; /SOA:30; A:300; /SOA:30; ", "an IPv4 address");
    t.Equal(all("v6"),
            "/SOA:30; AAAA:2147483647; /SOA:30; AAAA:2147483647; /SOA:30; ",
            "an IPv6 address");
    t.Equal(all("many"), "A:0 A:0; AAAA:0; /SOA:30; A:0 A:0 AAAA:0; /SOA:30; ", "several");
    t.Equal(all("parent"), "A:5; /SOA:30; /SOA:30; A:5; /SOA:30; ", "of the child in one step");
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

/** What name servers of Traffic Manager answer, and how they are installed. */
class TrafficManagerZoneTestSuite : public TestSuite
{
  public:
    TrafficManagerZoneTestSuite()
        : TestSuite("azure-traffic-manager-zone", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("TM-3 TM-5 TM-6 TM-20 TM-26 TM-35 which records answer which questions", CheckTypes);
        add("what keeps Traffic Manager from being installed", CheckInstall);
    }
};

/// The instance that registers the suite.
static TrafficManagerZoneTestSuite g_trafficManagerZoneTestSuite;
