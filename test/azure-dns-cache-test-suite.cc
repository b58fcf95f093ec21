/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-dns-cache.h"
#include "ns3/azure-dns-server-selection.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

typedef DnsCacheResult::Kind Kind; //!< shorter

/**
 * @param cache a cache
 * @param name a name
 * @param seconds present time
 * @param client who asks
 * @param stale whether stale data will do
 * @return what it knows of the address
 */
DnsCacheResult
Get(DnsCache& cache,
    const char* name,
    double seconds,
    const IpAddress& client = {},
    bool stale = false)
{
    return cache.Get(name, DnsType::A, DnsTrust::Answer, Seconds(seconds), client, stale);
}

/** Lifetimes and TTLs that are left. */
void
Positive(FunctionTestCase& test)
{
    DnsCache cache;
    test.Check(Get(cache, "x", 0).kind == Kind::Miss, "empty");
    test.Check(cache.Put({DnsRecord::A("x", 30, "192.0.2.1"), DnsRecord::A("x", 20, "192.0.2.2")},
                         DnsTrust::Answer,
                         Seconds(10)),
               "taken");
    auto known = Get(cache, "X", 12.5);
    test.Check(known.kind == Kind::Positive && !known.isStale, "known");
    test.Equal(known.records.size(), 2, "both");
    test.Equal(known.ttl, 18, "the lowest TTL counts; 17.5 s are left");
    test.Equal(known.records[0].ttl, 18, "in the records too");
    test.Check(Get(cache, "x", 29.999).kind == Kind::Positive, "just before");
    test.Check(Get(cache, "x", 30).kind == Kind::Miss, "expired");
    test.Check(!cache.Put({DnsRecord::A("y", 0, "192.0.2.1")}, DnsTrust::Answer, Seconds(0)),
               "a TTL of 0 is not kept");
    cache.Put({DnsRecord::A("y", 5, "192.0.2.1")}, DnsTrust::Answer, Seconds(40));
    test.Equal(cache.Remove("y"), 1, "removed");
    test.Equal(cache.GetSize(), 0, "expired ones are forgotten when they are met");
}

/** RFC 2308, section 5: the smaller of the SOA's TTL and MINIMUM. */
void
Negative(FunctionTestCase& test)
{
    const auto soa = [](uint32_t ttl, uint32_t minimum) {
        DnsSoa data;
        data.minimum = minimum;
        return DnsRecord::Soa("example", ttl, data);
    };
    for (const auto& [ttl, minimum] : {std::pair{100, 40}, std::pair{40, 100}})
    {
        DnsCache cache;
        const auto record = soa(ttl, minimum);
        cache.PutNegative({"a.example", DnsType::A}, true, &record, Seconds(0));
        cache.PutNegative({"b.example", DnsType::Aaaa}, false, &record, Seconds(0));
        test.Check(Get(cache, "a.example", 39).kind == Kind::NameError, "no such name");
        test.Equal(Get(cache, "a.example", 39).records[0].ttl, 1, "TTL of the SOA");
        test.Check(cache.Get("a.example", DnsType::Mx, DnsTrust::Answer, Seconds(1)).kind ==
                       Kind::NameError,
                   "for all types");
        test.Check(cache.Get("b.example", DnsType::Aaaa, DnsTrust::Answer, Seconds(39)).kind ==
                       Kind::NoData,
                   "no such type");
        test.Check(Get(cache, "b.example", 1).kind == Kind::Miss, "of other types");
        test.Check(Get(cache, "a.example", 40).kind == Kind::Miss, "expired");
    }
    DnsCache cache;
    test.Check(!cache.PutNegative({"x", DnsType::A}, true, nullptr, Seconds(0)),
               "without an SOA nothing is kept");
}

/** Policies. */
void
Policies(FunctionTestCase& test)
{
    DnsTtlPolicy policy;
    test.Equal(policy.GetLifetime(30), Seconds(30), "honour");
    test.Equal(policy.GetLifetime(DNS_MAX_TTL), Seconds(604800), "a week at most (RFC 8767)");
    test.Equal(policy.GetNegativeLifetime(100000), Hours(3), "three hours (RFC 2308, section 5)");
    policy.floor = Seconds(60);
    test.Equal(policy.GetLifetime(0), Seconds(60), "floor");
    policy.ceiling = Seconds(300);
    test.Equal(policy.GetLifetime(3600), Seconds(300), "ceiling");
    policy.stretch = 2;
    test.Equal(policy.GetLifetime(100), Seconds(200), "stretch");
    policy.stretch = 0.5;
    test.Equal(policy.GetLifetime(200), Seconds(100), "shrink");
    policy.keepUntilRestart = true;
    test.Equal(policy.GetLifetime(1), DnsTtlPolicy::Forever(), "until restart");
    test.Equal(policy.GetNegativeLifetime(200), Seconds(100), "but not what is not there");
}

/** RFC 8767. */
void
Stale(FunctionTestCase& test)
{
    DnsCache cache;
    cache.SetMaxStale(Seconds(100));
    cache.Put({DnsRecord::A("x", 10, "192.0.2.1")}, DnsTrust::Answer, Seconds(0));
    test.Check(!Get(cache, "x", 9, {}, true).isStale, "fresh");
    test.Check(Get(cache, "x", 10).kind == Kind::Miss, "not unless allowed");
    test.Check(Get(cache, "x", 10, {}, true).isStale, "stale");
    test.Check(Get(cache, "x", 109.9, {}, true).kind == Kind::Positive, "for a while");
    test.Check(Get(cache, "x", 110, {}, true).kind == Kind::Miss, "and then no more");
}

/** RFC 7871, section 7.3.1: the longest prefix that fits. */
void
Subnets(FunctionTestCase& test)
{
    DnsCache cache;
    const auto put = [&cache](const char* network, uint8_t scope, const char* answer) {
        auto subnet = DnsClientSubnet::From(IpAddress::From(network), 24);
        subnet.scopePrefix = scope;
        cache.Put({DnsRecord::A("x", 100, answer)}, DnsTrust::Answer, Seconds(0), subnet);
    };
    put("198.51.100.0", 24, "192.0.2.24");
    put("198.51.200.0", 16, "192.0.2.16");
    const auto get = [&cache](const char* client) {
        const auto known = Get(cache, "x", 1, IpAddress::From(client));
        return known.kind == Kind::Positive ? known.records[0].GetAddress().ToIpv4()
                                            : Ipv4Address(uint32_t{0});
    };
    test.Equal(get("198.51.100.9"), Ipv4Address("192.0.2.24"), "the longer prefix");
    test.Equal(get("198.51.1.9"), Ipv4Address("192.0.2.16"), "the shorter prefix");
    test.Equal(get("203.0.113.9"), Ipv4Address("0.0.0.0"), "none");
    put("203.0.113.0", 0, "192.0.2.99");
    test.Equal(get("203.0.113.9"), Ipv4Address("192.0.2.99"), "scope 0 holds for all");
    test.Equal(get("198.51.100.9"), Ipv4Address("192.0.2.24"), "but not before others");
    put("203.0.113.0", 32, "192.0.2.32");
    test.Equal(get("203.0.113.77"), Ipv4Address("192.0.2.32"), "not more than was told");
}

/** RFC 2181, section 5.4.1. */
void
Trust(FunctionTestCase& test)
{
    DnsCache cache;
    cache.Put({DnsRecord::A("x", 10, "192.0.2.1")}, DnsTrust::Referral, Seconds(0));
    test.Check(Get(cache, "x", 1).kind == Kind::Miss, "glue is no answer");
    test.Check(cache.Put({DnsRecord::A("x", 10, "192.0.2.2")}, DnsTrust::Answer, Seconds(1)),
               "an answer replaces it");
    test.Check(!cache.Put({DnsRecord::A("x", 99, "192.0.2.3")}, DnsTrust::Referral, Seconds(2)),
               "but not the other way round");
    test.Check(cache.Put({DnsRecord::A("x", 99, "192.0.2.3")}, DnsTrust::Referral, Seconds(11)),
               "until it expires");
}

/** The one that was not used for the longest time makes room. */
void
Bound(FunctionTestCase& test)
{
    DnsCache cache(3);
    for (const char* name : {"a", "b", "c"})
    {
        cache.Put({DnsRecord::A(name, 100, "192.0.2.1")}, DnsTrust::Answer, Seconds(0));
    }
    Get(cache, "a", 1);
    cache.Put({DnsRecord::A("d", 100, "192.0.2.1")}, DnsTrust::Answer, Seconds(1));
    test.Check(Get(cache, "b", 1).kind == Kind::Miss, "made room");
    test.Check(Get(cache, "a", 1).kind == Kind::Positive, "was used");
    test.Equal(cache.GetSize(), 3, "bound");
    test.Equal(cache.GetEvictedCount(), 1, "counted");
    cache.SetMaxEntries(1);
    test.Equal(cache.GetSize(), 1, "lower bound");
    cache.Clear();
    test.Equal(cache.GetSize(), 0, "cleared");
}

/** Timeouts and choices among servers. */
void
Selection(FunctionTestCase& test)
{
    DnsServerSelection selection;
    const auto near = IpAddress::From("192.0.2.1");
    const auto far = IpAddress::From("192.0.2.2");
    const auto now = Seconds(0);
    test.Equal(selection.GetTimeout(near, now), MilliSeconds(376), "never asked");
    selection.AddAnswer(near, MilliSeconds(40), now);
    test.Equal(selection.GetTimeout(near, now), MilliSeconds(120), "RFC 6298: 40 + 4 * 20");
    selection.AddAnswer(near, MilliSeconds(80), now);
    // Variation 3/4 * 20 + 1/4 * 40 = 25, RTT 7/8 * 40 + 1/8 * 80 = 45.
    test.Equal(selection.GetTimeout(near, now), MilliSeconds(145), "RFC 6298: 45 + 4 * 25");
    std::map<IpAddress, int> chosen;
    for (int i = 0; i < 100; ++i)
    {
        ++chosen[selection.Choose({near, far}, i / 100.0, now)];
    }
    test.Check(chosen[near] == 50 && chosen[far] == 50, "both are in the band");
    selection.AddTimeout(far, now);
    test.Equal(selection.GetTimeout(far, now), MilliSeconds(752), "doubled");
    for (int i = 0; i < 100; ++i)
    {
        test.Check(selection.Choose({near, far}, i / 100.0, now) == near, "outside of the band");
    }
    for (int i = 0; i < 20; ++i)
    {
        selection.AddTimeout(far, now);
    }
    test.Equal(selection.GetTimeout(far, now), Seconds(12), "at most");
    test.Equal(selection.GetTimeout(far, Seconds(900)), MilliSeconds(376), "forgotten");
    selection.AddAnswer(far, MicroSeconds(10), Seconds(1000));
    test.Equal(selection.GetTimeout(far, Seconds(1000)), MilliSeconds(50), "at least");
}

/// The suite.
class DnsCacheTestSuite : public TestSuite
{
  public:
    DnsCacheTestSuite()
        : TestSuite("azure-dns-cache", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("lifetimes", Positive);
        add("negative answers (RFC 2308)", Negative);
        add("TTL policies", Policies);
        add("stale data (RFC 8767)", Stale);
        add("client subnets (RFC 7871)", Subnets);
        add("trust (RFC 2181)", Trust);
        add("the bound", Bound);
        add("server selection", Selection);
    }
};

DnsCacheTestSuite g_suite; //!< the suite

} // namespace
