/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-fixture.h"

#include "ns3/azure-geographic-hierarchy.h"

#include <functional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using C = TrafficManagerConfiguration;
using Method = TrafficRoutingMethod;

/// A change that makes a good profile bad, and the fields that must be named.
struct Mistake
{
    const char* paths;            //!< paths of the errors, in their order; empty: still good
    std::function<void(C&)> make; //!< makes it
};

/**
 * @param t the test case
 * @param base a good profile
 * @param mistakes what to do to it
 */
void
CheckMistakes(FunctionTestCase& t, const C& base, const std::vector<Mistake>& mistakes)
{
    for (const auto& error : base.Validate())
    {
        t.Equal(error.path + ": " + error.message, "", "the base must be good");
    }
    for (const auto& mistake : mistakes)
    {
        auto profile = base;
        mistake.make(profile);
        std::string paths;
        for (const auto& error : profile.Validate())
        {
            paths += (paths.empty() ? "" : " ") + error.path;
            t.Check(!error.message.empty(), "an error says what is wrong");
        }
        t.Equal(paths, std::string(mistake.paths), "errors found");
    }
}

/**
 * @param method a routing method
 * @return a good profile of two endpoints
 */
C
Base(Method method = Method::Priority)
{
    return MakeProfile(method, {MakeEndpoint("a"), MakeEndpoint("b")});
}

/** @param t the test case */
void
CheckDns(FunctionTestCase& t)
{
    CheckMistakes(
        t,
        Base(),
        {{"name", [](C& c) { c.name.clear(); }},
         {"dnsConfig.relativeName", [](C& c) { c.dnsConfig.relativeName.clear(); }},
         {"dnsConfig.relativeName", [](C& c) { c.dnsConfig.relativeName = "a.b"; }},
         {"dnsConfig.relativeName", [](C& c) { c.dnsConfig.relativeName.assign(64, 'a'); }},
         {"", [](C& c) { c.dnsConfig.relativeName.assign(63, 'a'); }},
         {"dnsConfig.fqdn", [](C& c) { c.dnsConfig.fqdn = "a..b"; }},
         {"", [](C& c) { c.dnsConfig.ttl = Seconds(0); }},
         {"", [](C& c) { c.dnsConfig.ttl = Seconds(int64_t{2147483647}); }},
         {"dnsConfig.ttl", [](C& c) { c.dnsConfig.ttl = Seconds(int64_t{2147483648}); }},
         {"dnsConfig.ttl", [](C& c) { c.dnsConfig.ttl = Seconds(-1); }},
         {"dnsConfig.ttl", [](C& c) { c.dnsConfig.ttl = MilliSeconds(1500); }}});
    t.Equal(C().dnsConfig.ttl.GetSeconds(), 300, "the default");
}

/** @param t the test case */
void
CheckMonitor(FunctionTestCase& t)
{
    CheckMistakes(
        t,
        Base(),
        {{"", [](C& c) { c.monitorConfig.timeout = Seconds(5); }},
         {"monitorConfig.timeoutInSeconds", [](C& c) { c.monitorConfig.timeout = Seconds(4); }},
         {"monitorConfig.timeoutInSeconds", [](C& c) { c.monitorConfig.timeout = Seconds(11); }},
         {"", [](C& c) { c.monitorConfig.interval = Seconds(10); }},
         {"monitorConfig.intervalInSeconds", [](C& c) { c.monitorConfig.interval = Seconds(20); }},
         {"monitorConfig.timeoutInSeconds",
          [](C& c) {
              c.monitorConfig.interval = Seconds(10);
              c.monitorConfig.timeout = Seconds(10);
          }},
         {"", [](C& c) { c.monitorConfig.toleratedNumberOfFailures = 9; }},
         {"monitorConfig.toleratedNumberOfFailures",
          [](C& c) { c.monitorConfig.toleratedNumberOfFailures = 10; }},
         {"monitorConfig.port", [](C& c) { c.monitorConfig.port = 0; }}});
    C slow;
    t.Equal(slow.monitorConfig.GetTimeout().GetSeconds(), 10, "default at 30 s");
    slow.monitorConfig.interval = Seconds(10);
    t.Equal(slow.monitorConfig.GetTimeout().GetSeconds(), 9, "default at 10 s");
}

/** @param t the test case */
void
CheckExchange(FunctionTestCase& t)
{
    CheckMistakes(
        t,
        Base(),
        {{"monitorConfig.path", [](C& c) { c.monitorConfig.path = "x"; }},
         {"monitorConfig.path", [](C& c) { c.monitorConfig.path.clear(); }},
         {"monitorConfig.path", [](C& c) { c.monitorConfig.path = "/a b"; }},
         {"monitorConfig.path", [](C& c) { c.monitorConfig.protocol = ProbeProtocol::Tcp; }},
         {"",
          [](C& c) {
              c.monitorConfig.protocol = ProbeProtocol::Tcp;
              c.monitorConfig.path.clear();
          }},
         {"", [](C& c) { c.monitorConfig.expectedStatusCodeRanges.assign(8, {100, 999}); }},
         {"monitorConfig.expectedStatusCodeRanges",
          [](C& c) { c.monitorConfig.expectedStatusCodeRanges.assign(9, {200, 200}); }},
         {"monitorConfig.expectedStatusCodeRanges[1]",
          [](C& c) { c.monitorConfig.expectedStatusCodeRanges = {{200, 200}, {300, 299}}; }},
         {"monitorConfig.expectedStatusCodeRanges[0]",
          [](C& c) { c.monitorConfig.expectedStatusCodeRanges = {{99, 200}}; }},
         {"", [](C& c) { c.monitorConfig.customHeaders.assign(8, {"host", "x"}); }},
         {"monitorConfig.customHeaders",
          [](C& c) { c.monitorConfig.customHeaders.assign(9, {"host", "x"}); }},
         {"monitorConfig.customHeaders",
          [](C& c) { c.monitorConfig.customHeaders = {{"a b", "x"}}; }},
         {"endpoints[1].customHeaders",
          [](C& c) { c.endpoints[1].customHeaders = {{"a", "x\r\ny"}}; }}});
}

/** @param t the test case */
void
CheckTargets(FunctionTestCase& t)
{
    const auto set = [](const char* target) {
        return [target](C& c) { c.endpoints.assign(1, MakeEndpoint("a", target)); };
    };
    const char* const bad[] = {"10.1.2.3",
                               "172.16.0.1",
                               "192.168.1.1",
                               "127.0.0.1",
                               "169.254.1.1",
                               "224.0.0.1",
                               "::1",
                               "fd00::1",
                               "fe80::1",
                               "a.com:80",
                               "http://a.com/",
                               "a..com",
                               "-a.com"};
    std::vector<Mistake> mistakes;
    for (const auto* target : bad)
    {
        mistakes.push_back({"endpoints[0].target", set(target)});
    }
    for (const auto* target : {"203.0.113.7", "2001:db8::7", "a-b.c_d.com"})
    {
        mistakes.push_back({"", set(target)});
    }
    const std::vector<Mistake> others = {
        {"endpoints[0].target", [](C& c) { c.endpoints[0].target.clear(); }},
        {"endpoints[1].target", [](C& c) { c.endpoints[1].target = "A.contoso.com"; }},
        {"endpoints[1].target", [](C& c) { c.endpoints[1].target = "203.0.113.7"; }},
        {"endpoints[1].name", [](C& c) { c.endpoints[1].name = "A"; }},
        {"endpoints[0].target",
         [](C& c) {
             c.endpoints.assign(1, MakeEndpoint("a", "203.0.113.7"));
             c.endpoints[0].type = TrafficManagerEndpointType::AzureEndpoints;
         }},
        {"endpoints", [](C& c) {
             while (c.endpoints.size() < 201)
             {
                 c.endpoints.push_back(MakeEndpoint("n" + std::to_string(c.endpoints.size())));
             }
         }}};
    mistakes.insert(mistakes.end(), others.begin(), others.end());
    CheckMistakes(t, Base(), mistakes);
}

/** @param t the test case */
void
CheckMethods(FunctionTestCase& t)
{
    CheckMistakes(
        t,
        Base(),
        {{"endpoints[1].priority", [](C& c) { c.endpoints[0].priority = 1; }},
         {"endpoints[1].priority",
          [](C& c) { c.endpoints[0].priority = c.endpoints[1].priority = 7; }},
         {"endpoints[0].priority endpoints[1].priority",
          [](C& c) {
              c.endpoints[0].priority = 0;
              c.endpoints[1].priority = 1001;
          }},
         {"endpoints[0].weight", [](C& c) { c.endpoints[0].weight = 1001; }},
         {"", [](C& c) { c.endpoints[0].weight = 1000; }},
         {"endpoints[0].endpointLocation endpoints[1].endpointLocation",
          [](C& c) { c.trafficRoutingMethod = Method::Performance; }},
         {"endpoints[0].minChildEndpoints", [](C& c) { c.endpoints[0].minChildEndpoints = 1; }},
         {"endpoints[1].minChildEndpoints endpoints[1].alwaysServe",
          [](C& c) {
              c.endpoints[1] = MakeNested("x");
              c.endpoints[1].minChildEndpoints = 0;
              c.endpoints[1].alwaysServe = true;
          }},
         {"endpoints[0].target endpoints[1].target",
          [](C& c) { c.trafficRoutingMethod = Method::MultiValue; }}});
    auto geographic = Base(Method::Geographic);
    geographic.endpoints[0].geoMapping = {"US", "GEO-EU"};
    CheckMistakes(t,
                  geographic,
                  {{"endpoints[1].geoMapping[0]", [](C& c) { c.endpoints[1].geoMapping = {"us"}; }},
                   {"endpoints[1].geoMapping[1]",
                    [](C& c) { c.endpoints[1].geoMapping = {"US-TX", "US-XX"}; }},
                   {"", [](C& c) { c.endpoints[1].geoMapping = {"DE", "WORLD", "AU-NSW"}; }}});
    auto multi = Base(Method::MultiValue);
    multi.endpoints = {MakeEndpoint("a", "203.0.113.1"), MakeEndpoint("b", "2001:db8::1")};
    CheckMistakes(t,
                  multi,
                  {{"maxReturn", [](C& c) { c.maxReturn = 0; }},
                   {"maxReturn", [](C& c) { c.maxReturn = 11; }},
                   {"", [](C& c) { c.maxReturn = 10; }},
                   {"endpoints[0].type", [](C& c) { c.endpoints[0] = MakeNested("x"); }}});
}

/** @param t the test case */
void
CheckSubnets(FunctionTestCase& t)
{
    auto base = Base(Method::Subnet);
    base.endpoints[0].subnets = {{IpOf("192.0.2.0"), std::nullopt, 24}};
    const auto set = [](const char* first, const char* last, int scope) {
        return [=](C& c) {
            auto& subnet = c.endpoints[1].subnets.emplace_back();
            subnet.first = IpOf(first);
            if (*last)
            {
                subnet.last = IpOf(last);
            }
            if (scope >= 0)
            {
                subnet.scope = scope;
            }
        };
    };
    const char* const path = "endpoints[1].subnets[0]";
    CheckMistakes(t,
                  base,
                  {{"", set("192.0.3.0", "192.0.4.7", -1)},
                   {"", set("192.0.3.0", "", -1)},
                   {"", set("2001:db8::", "", 32)},
                   {path, set("192.0.1.0", "192.0.2.0", -1)},
                   {path, set("192.0.2.255", "", -1)},
                   {path, set("192.0.0.0", "", 16)},
                   {path, set("192.0.4.0", "192.0.3.0", -1)},
                   {path, set("192.0.3.0", "2001:db8::", -1)},
                   {path, set("192.0.3.1", "", 24)},
                   {path, set("192.0.3.0", "", 33)},
                   {path, set("192.0.3.0", "192.0.3.9", 24)},
                   {"endpoints[1].subnets", [](C& c) { c.endpoints[0].subnets.clear(); }}});
}

/** @param t the test case */
void
CheckTree(FunctionTestCase& t)
{
    const auto check = [&](const std::vector<C>& profiles, const std::string& expected) {
        std::string paths;
        for (const auto& error : C::ValidateAll(profiles, RegionTable::MakeAzure()))
        {
            paths += (paths.empty() ? "" : " ") + error.path;
        }
        t.Equal(paths, expected, "errors found");
    };
    std::vector<C> chain;
    for (int level = 0; level < 10; ++level)
    {
        const auto name = "p" + std::to_string(level);
        chain.push_back(MakeProfile(
            Method::Weighted,
            {level == 9 ? MakeEndpoint("leaf") : MakeNested("P" + std::to_string(level + 1))},
            name));
    }
    check(chain, "");
    auto deep = chain;
    deep.push_back(MakeProfile(Method::Weighted, {MakeNested("p0")}, "top"));
    check(deep, "profiles[10].endpoints");
    auto circle = chain;
    circle[9].endpoints = {MakeNested("p8")};
    check({circle[8], circle[9]}, "profiles[0].endpoints profiles[1].endpoints");
    check({chain[8]}, "profiles[0].endpoints[0].target");
    check({Base(), Base()}, "profiles[1].name profiles[1].dnsConfig.relativeName");
    auto bad = Base(Method::Performance);
    bad.endpoints[0].endpointLocation = "Atlantis";
    bad.endpoints[1].endpointLocation = "West Europe";
    check({bad}, "profiles[0].endpoints[0].endpointLocation");
    auto monitor = Base();
    monitor.monitorConfig.port = 0;
    check({monitor}, "profiles[0].monitorConfig.port");
}

/** @param t the test case */
void
CheckGeography(FunctionTestCase& t)
{
    const auto tell = [](const std::string& code) {
        std::string text;
        for (const auto& level : GeographicHierarchy::GetLevels(code))
        {
            text += level + " ";
        }
        return text;
    };
    t.Equal(tell("us-ca"), "US-CA US GEO-NA WORLD ", "a state");
    t.Equal(tell("AE"), "AE GEO-ME WORLD ", "a country");
    t.Equal(tell("CK"), "CK GEO-AP WORLD ", "as in Azure's own example");
    t.Equal(tell("GEO-AF"), "GEO-AF WORLD ", "a group");
    t.Equal(tell("world"), "WORLD ", "the world");
    t.Equal(tell("DE-BY"), "WORLD ", "Germany has no states here");
    for (const char* code : {"", "U", "US-", " US", "US CA", "GEO-XX", "U-S", "WORLDS"})
    {
        t.Check(!GeographicHierarchy::IsKnown(code), code);
    }
    for (const auto& region : RegionTable::MakeAzure().GetRegions())
    {
        t.Check(GeographicHierarchy::IsKnown(region.geography), region.name);
    }
}

/** What Traffic Manager would refuse. */
class TrafficManagerConfigurationTestSuite : public TestSuite
{
  public:
    TrafficManagerConfigurationTestSuite()
        : TestSuite("azure-traffic-manager-configuration", TestSuite::Type::UNIT)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("TM-6 TM-7 name and time to live", CheckDns);
        add("HP-41 interval, timeout and tolerated failures", CheckMonitor);
        add("HP-40 HP-42 path, statuses and headers", CheckExchange);
        add("TM-37 TM-39 targets", CheckTargets);
        add("TM-13 TM-14 TM-16 TM-18 TM-20 TM-27 TM-32 what each method asks for", CheckMethods);
        add("TM-21 ranges of addresses", CheckSubnets);
        add("TM-34 TM-16 profiles that belong together", CheckTree);
        add("TM-18 state, country, group, World", CheckGeography);
    }
};

/** Registers the suite. */
TrafficManagerConfigurationTestSuite g_trafficManagerConfigurationTestSuite;

} // namespace
