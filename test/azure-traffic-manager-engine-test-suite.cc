/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-fixture.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using Method = TrafficRoutingMethod;
using Type = TrafficManagerRecordType;

/**
 * @param endpoint an endpoint
 * @param region its region
 * @return it, there
 */
TrafficManagerEndpoint
At(TrafficManagerEndpoint endpoint, const std::string& region)
{
    endpoint.endpointLocation = region;
    return endpoint;
}

/**
 * @param endpoint an endpoint
 * @param codes where sources are
 * @return it, as their owner
 */
TrafficManagerEndpoint
For(TrafficManagerEndpoint endpoint, const std::vector<std::string>& codes)
{
    endpoint.geoMapping = codes;
    return endpoint;
}

/**
 * @param endpoint an endpoint
 * @param prefix addresses
 * @return it, as their owner
 */
TrafficManagerEndpoint
Of(TrafficManagerEndpoint endpoint, const std::string& prefix)
{
    const auto range = Prefix(prefix);
    endpoint.subnets.push_back({range.first, range.last, std::nullopt});
    return endpoint;
}

/** @param t the test case */
void
CheckPriority(FunctionTestCase& t)
{
    auto endpoints = {MakeEndpoint("a"), MakeEndpoint("b"), MakeEndpoint("c")};
    TrafficManagerBench order({MakeProfile(Method::Priority, endpoints)});
    t.Equal(order.m_errors, "", "a good profile");
    t.Equal(order.Ask(), "a priority", "the first, while nothing is known");
    order.Set({"a-"});
    t.Equal(order.Ask(), "b priority", "the next");
    order.Set({"a+"});
    t.Equal(order.Ask(), "a priority", "back again");
    std::vector<TrafficManagerEndpoint> numbered(endpoints);
    numbered[0].priority = 1000;
    numbered[1].priority = 3;
    numbered[2].priority = 2;
    TrafficManagerBench numbers({MakeProfile(Method::Priority, numbered)});
    t.Equal(numbers.m_errors, "", "a good profile");
    t.Equal(numbers.Ask(), "c priority", "the lowest number");
    numbers.Set({"c-", "b-"});
    t.Equal(numbers.Ask(), "a priority", "the only one left");
}

/** @param t the test case */
void
CheckWeighted(FunctionTestCase& t)
{
    std::vector<TrafficManagerEndpoint> endpoints;
    const uint32_t weights[] = {1, 5, 10, 84, 1000};
    for (uint32_t index = 0; index < 5; ++index)
    {
        endpoints.push_back(MakeEndpoint(std::string(1, static_cast<char>('a' + index))));
        if (weights[index] != 1) // the default
        {
            endpoints.back().weight = weights[index];
        }
    }
    TrafficManagerBench bench({MakeProfile(Method::Weighted, endpoints)});
    bench.Set({"e-"});
    std::map<std::string, double> seen;
    for (int query = 0; query < 10000; ++query)
    {
        seen[bench.Ask()] += 1;
    }
    double chiSquared = 0;
    for (uint32_t index = 0; index < 4; ++index)
    {
        const double expected = 100.0 * weights[index];
        chiSquared += std::pow(seen[endpoints[index].name + " weight"] - expected, 2) / expected;
    }
    t.Equal(seen.size(), 4, "every eligible one, and no other");
    // The 0.1 % point with three degrees of freedom.
    t.Check(chiSquared < 16.27, "chi-squared of 10000 draws: " + std::to_string(chiSquared));
    TrafficManagerQuery query;
    query.source = IpOf("192.0.2.1");
    const auto shares = bench.m_engine.GetShares(0, query);
    t.Equal(shares.size(), 4, "exact shares");
    for (uint32_t index = 0; index < 4; ++index)
    {
        t.Near(shares[index].probability, weights[index] / 100.0, 1e-12, "weight by sum");
    }
    t.Equal(bench.Tell(bench.m_engine.Explain(0, query)), "d weight", "the likeliest");
}

/** @param t the test case */
void
CheckPerformance(FunctionTestCase& t)
{
    TrafficManagerBench bench({MakeProfile(Method::Performance,
                                           {At(MakeEndpoint("us"), "West US"),
                                            At(MakeEndpoint("jp1"), "japaneast"),
                                            At(MakeEndpoint("jp2"), "Japan East"),
                                            At(MakeEndpoint("kr"), "koreacentral")})});
    t.Equal(bench.m_errors, "", "a good profile");
    t.Equal(bench.Ask("198.51.100.1"), "us round-trip-time", "its own region");
    std::map<std::string, int> seen;
    for (int query = 0; query < 4000; ++query)
    {
        seen[bench.Ask("192.0.2.1")]++;
    }
    t.Equal(seen.size(), 2, "those of the best region");
    // Four standard deviations of a binomial distribution.
    t.Near(seen["jp1 round-trip-time"], 2000, 127, "evenly");
    bench.Set({"jp1-"});
    t.Equal(bench.Ask("192.0.2.1"), "jp2 round-trip-time", "what is left of the best region");
    bench.Set({"jp2-"});
    t.Equal(bench.Ask("192.0.2.1"), "kr round-trip-time", "the next closest region");
    t.Equal(bench.Ask("203.0.113.9"), "us round-trip-time", "169 ms away, not 283");
    t.Equal(bench.Ask("9.9.9.9"), "us unknown-location", "the first, from nowhere known");
}

/** @param t the test case */
void
CheckPerformanceAgainstTable(FunctionTestCase& t)
{
    // From every region, by a search of one's own.
    const auto regions = RegionTable::MakeAzure();
    auto world = std::make_shared<TrafficManagerWorld>();
    world->regions = regions;
    std::vector<TrafficManagerEndpoint> endpoints;
    for (const char* region : {"uksouth", "eastus2", "southeastasia", "australiaeast", "uaenorth"})
    {
        endpoints.push_back(At(MakeEndpoint(region), region));
    }
    const auto count = static_cast<uint32_t>(regions.GetRegions().size());
    for (uint32_t region = 0; region < count; ++region)
    {
        world->locations.Add(Prefix("10.0." + std::to_string(region) + ".0/24"), region);
    }
    const TrafficManagerEngine engine({MakeProfile(Method::Performance, endpoints)}, world);
    for (uint32_t region = 0; region < count; ++region)
    {
        std::string expected;
        Time best = Time::Max();
        for (const auto& endpoint : endpoints)
        {
            const auto to = *regions.Find(endpoint.name);
            const Time time = *regions.GetRoundTripTime(region, to);
            expected = time < best ? endpoint.name : expected;
            best = std::min(best, time);
        }
        TrafficManagerQuery query;
        query.source = IpOf("10.0." + std::to_string(region) + ".7");
        t.Equal(engine.Answer(0, query, nullptr).records.at(0).name,
                expected + ".contoso.com",
                "from " + regions.GetRegions()[region].name);
    }
}

/** @param t the test case */
void
CheckGeographic(FunctionTestCase& t)
{
    TrafficManagerBench bench({MakeProfile(Method::Geographic,
                                           {For(MakeEndpoint("california"), {"us-ca"}),
                                            For(MakeEndpoint("america"), {"US", "GEO-SA"}),
                                            For(MakeEndpoint("japan"), {"JP"}),
                                            For(MakeEndpoint("asia"), {"GEO-AS"})})});
    t.Equal(bench.m_errors, "", "a good profile");
    t.Equal(bench.Ask("198.51.100.1"), "california geography", "the state first");
    t.Equal(bench.Ask("203.0.113.1"), "america geography", "the group");
    t.Equal(bench.Ask("192.0.2.1"), "japan geography", "the country before the group");
    t.Equal(bench.Ask("192.0.2.200"), "NODATA no-geography", "nobody owns Europe");
    bench.Set({"japan-"});
    t.Equal(bench.Ask("192.0.2.1"), "japan geography", "whatever its health");
    bench.m_engine.SetStopped(bench.Find("japan"), true);
    t.Equal(bench.Ask("192.0.2.1"), "NODATA owner-stopped", "stopped");
    bench.m_engine.SetEndpointStatus(bench.Find("japan"), false);
    t.Equal(bench.Ask("192.0.2.1"), "asia geography", "a disabled one is left out");
    bench.m_engine.SetEndpointStatus(bench.Find("california"), false);
    t.Equal(bench.Ask("198.51.100.1"), "america geography", "then the country");
    TrafficManagerBench world(
        {MakeProfile(Method::Geographic, {For(MakeEndpoint("all"), {"WORLD"})})});
    t.Equal(world.Ask("9.9.9.9"), "all geography", "nobody knows where, but in the world");
}

/** @param t the test case */
void
CheckMultiValue(FunctionTestCase& t)
{
    std::vector<TrafficManagerEndpoint> endpoints;
    for (int index = 1; index <= 4; ++index)
    {
        endpoints.push_back(
            MakeEndpoint("v4" + std::to_string(index), "203.0.113." + std::to_string(index)));
    }
    endpoints.push_back(MakeEndpoint("v6", "2001:db8::1"));
    TrafficManagerBench bench({MakeProfile(Method::MultiValue, endpoints)});
    t.Equal(bench.m_errors, "", "a good profile");
    TrafficManagerQuery query;
    std::map<std::string, int> seen;
    for (int round = 0; round < 6000; ++round)
    {
        const auto answer = bench.m_engine.Answer(0, query, bench.m_stream);
        t.Equal(answer.records.size(), 2, "as many as MaxReturn says, which is 2");
        seen[bench.Tell(answer)]++;
    }
    t.Equal(seen.size(), 12, "every ordered pair of the four A records");
    for (const auto& [pair, times] : seen)
    {
        t.Near(times, 500, 86, "four standard deviations: " + pair); // binomial, p = 1/12
    }
    t.Equal(bench.Ask("192.0.2.1", Type::Aaaa), "v6 all-served", "AAAA records alone");
    t.Equal(bench.Ask("192.0.2.1", Type::Cname), "NODATA other-type", "no names");
    bench.Set({"v41-", "v42-", "v43-"});
    t.Equal(bench.Ask(), "v44 all-served", "healthy ones alone");
    auto profile = MakeProfile(Method::MultiValue, endpoints);
    profile.maxReturn = 10;
    TrafficManagerBench all({profile});
    query.type = Type::Any;
    t.Equal(all.m_engine.Answer(0, query, all.m_stream).records.size(), 5, "both types");
}

/** @param t the test case */
void
CheckSubnet(FunctionTestCase& t)
{
    const auto profile = MakeProfile(Method::Subnet,
                                     {Of(MakeEndpoint("office"), "192.0.2.0/28"),
                                      Of(MakeEndpoint("lab"), "2001:db8::/32"),
                                      MakeEndpoint("rest")});
    TrafficManagerBench bench({profile});
    t.Equal(bench.m_errors, "", "a good profile");
    t.Equal(bench.Ask("192.0.2.15"), "office subnet", "the last address");
    t.Equal(bench.Ask("192.0.2.16"), "rest subnet-fallback", "the first one outside");
    t.Equal(bench.Ask("2001:db8:ffff::1"), "lab subnet", "IPv6");
    bench.m_engine.SetEndpointStatus(bench.Find("office"), false);
    t.Equal(bench.Ask("192.0.2.1"), "rest subnet-fallback", "as if it were not there");
    auto strict = profile;
    strict.endpoints.pop_back();
    TrafficManagerBench alone({strict});
    t.Equal(alone.Ask("192.0.2.200"), "NODATA no-subnet", "no match");
    alone.Set({"office-"});
    t.Equal(alone.Ask("192.0.2.1"), "NXDOMAIN subnet-unhealthy", "a match that is down");
    alone.m_engine.SetEndpointStatus(alone.Find("office"), false);
    t.Equal(alone.Ask("192.0.2.1"), "NXDOMAIN subnet-disabled", "a match that is disabled");
    TrafficManagerBench other({strict}, {true, false, false});
    t.Equal(other.Ask("192.0.2.200"), "NXDOMAIN no-subnet", "the other reading");
    other.Set({"office-"});
    t.Equal(other.Ask("192.0.2.1"), "NODATA subnet-unhealthy", "the other reading");
    other.m_engine.SetEndpointStatus(other.Find("office"), false);
    t.Equal(other.Ask("192.0.2.1"), "NODATA subnet-disabled", "the other reading");
}

/** @param t the test case */
void
CheckOverride(FunctionTestCase& t)
{
    TrafficManagerBench geography(
        {MakeProfile(Method::Geographic,
                     {For(MakeEndpoint("world"), {"WORLD"}),
                      For(Of(MakeEndpoint("lab"), "192.0.2.0/28"), {"DE"})})});
    geography.Set({"lab-"});
    t.Equal(geography.Ask("192.0.2.1"), "lab subnet-override", "whatever its health");
    t.Equal(geography.Ask("192.0.2.99"), "world geography", "all others as ever");
    TrafficManagerBench performance(
        {MakeProfile(Method::Performance,
                     {At(MakeEndpoint("near"), "japaneast"),
                      At(Of(MakeEndpoint("far"), "192.0.2.0/28"), "westeurope")})});
    t.Equal(performance.Ask("192.0.2.1"), "far subnet-override", "against the round-trip time");
    performance.Set({"far-"});
    t.Equal(performance.Ask("192.0.2.1"), "near round-trip-time", "only if it is served");
}

/** @param t the test case */
void
CheckSource(FunctionTestCase& t)
{
    TrafficManagerBench bench({MakeProfile(
        Method::Geographic,
        {For(MakeEndpoint("japan"), {"JP"}), For(MakeEndpoint("europe"), {"GEO-EU"})})});
    TrafficManagerQuery query;
    query.source = IpOf("192.0.2.1");
    t.Equal(bench.Tell(bench.m_engine.Explain(0, query)), "japan geography", "the resolver's");
    query.clientSubnet = IpOf("192.0.2.128");
    query.clientSubnetLength = 25;
    const auto answer = bench.m_engine.Explain(0, query);
    t.Equal(bench.Tell(answer), "europe geography", "the client's, where it is told");
    t.Check(answer.bySource, "it was looked at");
    query.clientSubnetLength = 0;
    t.Equal(bench.Tell(bench.m_engine.Explain(0, query)), "japan geography", "a /0 tells nothing");
    for (const auto method : {Method::Priority, Method::Weighted, Method::MultiValue})
    {
        TrafficManagerBench blind({MakeProfile(method, {MakeEndpoint("a", "203.0.113.1")})});
        t.Check(!blind.m_engine.Explain(0, query).bySource, ToString(method));
    }
}

/** @param t the test case */
void
CheckTypes(FunctionTestCase& t)
{
    const Type types[] = {Type::A, Type::Aaaa, Type::Cname, Type::Any, Type::Other};
    const std::pair<const char*, const char*> targets[] = {{"a.contoso.com", "CCCCC"},
                                                           {"203.0.113.1", "4--4-"},
                                                           {"2001:db8::1", "-6-6-"}};
    for (const auto& [target, expected] : targets)
    {
        TrafficManagerBench bench({MakeProfile(Method::Priority, {MakeEndpoint("a", target)})});
        std::string seen;
        for (const auto type : types)
        {
            TrafficManagerQuery query;
            query.type = type;
            const auto answer = bench.m_engine.Answer(0, query, bench.m_stream);
            t.Check(answer.nameExists, "the name is there, whatever its records");
            if (answer.records.empty())
            {
                seen += '-';
                t.Equal(std::string(ToString(answer.reason)), "other-type", "why");
                continue;
            }
            const auto& record = answer.records[0];
            t.Check(record.type == Type::Cname ? record.name == target
                                               : record.address == IpOf(target),
                    "what it holds");
            seen += record.type == Type::Cname ? 'C' : record.type == Type::A ? '4' : '6';
        }
        t.Equal(seen, expected, target);
    }
}

/** @param t the test case */
void
CheckAllDown(FunctionTestCase& t)
{
    auto endpoints = std::vector{MakeEndpoint("a"), MakeEndpoint("b"), MakeEndpoint("c")};
    TrafficManagerBench bench({MakeProfile(Method::Priority, endpoints)});
    bench.Set({"b-", "c-"});
    bench.m_engine.SetStopped(bench.Find("a"), true);
    t.Equal(bench.Ask(), "b priority", "as if the degraded ones were up; never a stopped one");
    bench.m_engine.SetStopped(bench.Find("b"), true);
    bench.m_engine.SetStopped(bench.Find("c"), true);
    t.Equal(bench.Ask(), "NODATA none-eligible", "all stopped");
    for (const char* name : {"a", "b", "c"})
    {
        bench.m_engine.SetEndpointStatus(bench.Find(name), false);
    }
    t.Equal(bench.Ask(), "NXDOMAIN all-disabled", "all disabled");
    t.Equal(bench.m_engine.GetStates().GetMonitored().size(), 0, "nothing is probed");
    bench.m_engine.SetEndpointStatus(bench.Find("c"), true);
    bench.m_engine.SetProfileStatus(0, false);
    t.Equal(bench.Ask(), "NXDOMAIN profile-disabled", "the profile");
    t.Equal(bench.m_engine.GetStates().GetMonitored().size(), 0, "nothing is probed");

    endpoints[2].alwaysServe = true;
    TrafficManagerBench always({MakeProfile(Method::Priority, endpoints)});
    t.Equal(always.m_errors, "", "a good profile");
    t.Equal(always.m_engine.GetStates().GetMonitored().size(), 2, "it is not probed");
    t.Equal(always.Status("c"), "Unmonitored", "its status");
    always.Set({"a-", "b-", "c-"});
    t.Equal(always.Ask(), "c priority", "not all are degraded");
}

/** @param t the test case */
void
CheckStates(FunctionTestCase& t)
{
    TrafficManagerBench bench(
        {MakeProfile(Method::Weighted, {MakeEndpoint("a"), MakeEndpoint("b")})});
    const auto id = bench.Find("a");
    auto& engine = bench.m_engine;
    const auto profile = [&] {
        return std::string(ToString(engine.GetStates().GetProfileStatus(0)));
    };
    t.Equal(bench.Status("a"), "CheckingEndpoint", "no result yet");
    t.Equal(profile(), "CheckingEndpoints", "of the profile");
    t.Equal(bench.m_engine.GetShares(0, {}).size(), 2, "it is in answers");
    t.Equal(Tell(engine.SetHealth(id, EndpointHealth::Healthy)),
            "shop/a CheckingEndpoint>Online; shop CheckingEndpoints>Online; ",
            "up");
    t.Equal(Tell(engine.SetHealth(id, EndpointHealth::Healthy)), "", "nothing new");
    t.Equal(Tell(engine.SetHealth(id, EndpointHealth::Unhealthy)),
            "shop/a Online>Degraded; shop Online>Degraded; ",
            "down");
    t.Equal(bench.m_engine.GetShares(0, {}).size(), 1, "it is in no answer");
    t.Equal(engine.GetStates().GetMonitored().size(), 2, "it is probed on");
    t.Equal(Tell(engine.SetStopped(id, true)),
            "shop/a Degraded>Stopped; shop Degraded>CheckingEndpoints; ",
            "stopped");
    t.Equal(Tell(engine.SetEndpointStatus(id, false)), "shop/a Stopped>Disabled; ", "off");
    t.Equal(Tell(engine.SetProfileStatus(0, false)),
            "shop/a Disabled>Inactive; shop/b CheckingEndpoint>Inactive; "
            "shop CheckingEndpoints>Disabled; ",
            "all off");
    engine.SetProfileStatus(0, true);
    engine.SetStopped(id, false);
    t.Equal(Tell(engine.SetEndpointStatus(id, true)),
            "shop/a Disabled>CheckingEndpoint; ",
            "a former health is forgotten");
    engine.SetStopped(id, true);
    t.Equal(Tell(engine.SetStopped(bench.Find("b"), true)),
            "shop/b CheckingEndpoint>Stopped; shop CheckingEndpoints>Inactive; ",
            "all stopped");
}

/** @param t the test case */
void
CheckNested(FunctionTestCase& t)
{
    auto child = MakeNested("child");
    child.minChildEndpoints = 2;
    auto parent = MakeProfile(Method::Priority, {child, MakeEndpoint("backup")}, "parent");
    parent.dnsConfig.ttl = Seconds(30);
    const auto below = MakeProfile(Method::Weighted,
                                   {MakeEndpoint("a"), MakeEndpoint("b"), MakeEndpoint("c")},
                                   "child");
    TrafficManagerBench bench({parent, below});
    t.Equal(bench.m_errors, "", "good profiles");
    t.Equal(bench.Status("child"), "CheckingEndpoint", "nothing known");
    bench.Set({"child/a+"});
    t.Equal(bench.Status("child"), "CheckingEndpoint", "one up, two being checked");
    bench.Set({"child/b+"});
    t.Equal(bench.Status("child"), "Online", "two up");
    TrafficManagerQuery query;
    const auto answer = bench.m_engine.Answer(0, query, bench.m_stream);
    t.Equal(answer.records.size(), 1, "one record, no CNAME for each level");
    t.Equal(answer.records.at(0).path.size(), 2, "in one step");
    t.Equal(answer.ttl.GetSeconds(), 30, "time to live of the profile asked");
    t.Equal(answer.steps.size(), 0, "no words without Explain()");
    t.Equal(bench.m_engine.Explain(0, query).steps.size(), 2, "a step a level");
    bench.Set({"child/c-"});
    t.Equal(bench.Status("child"), "Online", "two are enough");
    t.Equal(Tell(bench.m_engine.SetHealth(bench.Find("child/b"), EndpointHealth::Unhealthy)),
            "parent/child Online>Degraded; child/b Online>Degraded; parent Online>Degraded; ",
            "what follows, up to the parent");
    t.Equal(bench.Ask(), "backup priority", "the whole child counts as down");
    t.Equal(bench.m_engine.GetStates().GetMonitored().size(), 4, "the parent probes no child");
    bench.Set({"backup-"});
    t.Equal(bench.Ask(), "a weight", "all down: the child's healthy one");
    bench.m_engine.SetProfileStatus(1, false);
    t.Equal(bench.Status("child"), "Stopped", "child disabled");
    bench.m_engine.SetProfileStatus(1, true);
    for (const char* name : {"child/a", "child/b", "child/c"})
    {
        bench.m_engine.SetEndpointStatus(bench.Find(name), false);
    }
    t.Equal(bench.Status("child"), "Stopped", "child inactive");
}

/** @param t the test case */
void
CheckFamilies(FunctionTestCase& t)
{
    auto child = MakeNested("child");
    child.minChildEndpoints = 1;
    child.minChildEndpointsIpv4 = 2;
    child.minChildEndpointsIpv6 = 1;
    TrafficManagerBench bench({MakeProfile(Method::Weighted, {child}, "parent"),
                               MakeProfile(Method::MultiValue,
                                           {MakeEndpoint("a", "203.0.113.1"),
                                            MakeEndpoint("b", "203.0.113.2"),
                                            MakeEndpoint("six", "2001:db8::1")},
                                           "child")});
    t.Equal(bench.m_errors, "", "good profiles");
    bench.Set({"child/a+", "child/b+"});
    t.Equal(bench.Status("child"), "CheckingEndpoint", "IPv6 is being checked");
    bench.Set({"child/six+"});
    t.Equal(bench.Status("child"), "Online", "enough of each");
    bench.Set({"child/six-"});
    t.Equal(bench.Status("child"), "Degraded", "none of IPv6");
    bench.Set({"child/six+", "child/b-"});
    t.Equal(bench.Status("child"), "Degraded", "one of IPv4");
}

/** @param t the test case */
void
CheckReplace(FunctionTestCase& t)
{
    auto profile = MakeProfile(Method::Priority, {MakeEndpoint("a"), MakeEndpoint("b")});
    TrafficManagerBench bench({profile});
    bench.Set({"a-", "b+"});
    t.Equal(bench.Ask(), "b priority", "before");
    profile.trafficRoutingMethod = Method::Weighted;
    profile.endpoints[1] = MakeEndpoint("c");
    t.Equal(Tell(bench.m_engine.Replace(profile)),
            "shop/b Online>none; shop/c none>CheckingEndpoint; ",
            "what it changed");
    t.Equal(bench.Ask(), "c weight", "health is kept, another method");
    profile.monitorConfig.port = 8080;
    t.Equal(Tell(bench.m_engine.Replace(profile)),
            "shop/a Degraded>CheckingEndpoint; shop Degraded>CheckingEndpoints; ",
            "another probe, so nothing is known");
    profile.endpoints[0].weight = 0;
    t.Equal(Tell(bench.m_engine.Replace(profile)),
            "profiles[0].endpoints[0].weight: the weight must be 1 to 1000",
            "what Azure would refuse");
    t.Equal(bench.Ask().size(), 8, "and the former one stays");
    profile.name = "other";
    t.Equal(Tell(bench.m_engine.Replace(profile)), "there is no profile other", "unknown");
    t.Check(bench.m_engine.FindByFqdn("Shop.TrafficManager.net.") == 0u, "by its name in DNS");
    t.Check(!bench.m_engine.FindByFqdn("other.trafficmanager.net"), "no such name");
}

/** Decisions of Traffic Manager. */
class TrafficManagerEngineTestSuite : public TestSuite
{
  public:
    TrafficManagerEngineTestSuite()
        : TestSuite("azure-traffic-manager-engine", TestSuite::Type::UNIT)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("TM-13 TM-31 the lowest priority number that is served, by place without numbers",
            CheckPriority);
        add("TM-14 ten thousand queries are spread by weight", CheckWeighted);
        add("TM-16 TM-17 the closest region, evenly within it, then the next closest",
            CheckPerformance);
        add("TM-16 from every region the lowest round-trip time of the table",
            CheckPerformanceAgainstTable);
        add("TM-18 TM-19 state, country, group, World, whatever the health", CheckGeographic);
        add("TM-20 TM-5 several addresses, drawn anew for each query", CheckMultiValue);
        add("TM-21 TM-22 the owner of the address, else the one without ranges", CheckSubnet);
        add("TM-23 subnet override of Geographic and Performance", CheckOverride);
        add("TM-12 the client's subnet decides, else the source of the query", CheckSource);
        add("TM-3 TM-4 TM-5 records by type of target and question", CheckTypes);
        add("TM-24 TM-25 TM-26 TM-27 TM-28 all down, stopped, disabled, or always served",
            CheckAllDown);
        add("TM-29 TM-30 TM-31 TM-36 statuses of endpoint and profile, and what changes",
            CheckStates);
        add("TM-32 TM-33 TM-34 TM-35 TM-3 a child counts as a whole, and answers in one step",
            CheckNested);
        add("TM-32 thresholds for each address family", CheckFamilies);
        add("TM-11 a change of the profile counts from the next answer on", CheckReplace);
    }
};

/** Registers the suite. */
TrafficManagerEngineTestSuite g_trafficManagerEngineTestSuite;

} // namespace
