/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-network.h"
#include "azure-function-test-case.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/uinteger.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// How far a time may be off, in ms: what links take to send.
constexpr double TOLERANCE = 0.01;

/** Latency is the sum of the round trips of the chain; then it is that to the cache. */
void
Latency(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.ResolveAt(Seconds(1), "www.example.com");
    net.ResolveAt(Seconds(2), "www.example.com", 1);
    net.ResolveAt(Seconds(3), "www.example.com");
    net.ResolveAt(Seconds(4), "ns1.example.com");
    net.ResolveAt(Seconds(32), "www.example.com");
    net.Run(Seconds(40));
    test.Equal(net.lookups.size(), 5, "look-ups");
    // stub 2 + 1; root 1 + 20, com 1 + 10, example.com 1 + 5; both ways.
    test.Near(net.Took(0), 2 * (3 + 21 + 11 + 6), TOLERANCE, "nothing is cached");
    test.Near(net.Took(1), 2 * (3 + 1), TOLERANCE, "cached by the resolver");
    test.Near(net.Took(2), 0, TOLERANCE, "cached by the host");
    test.Near(net.Took(3), 2 * (3 + 6), TOLERANCE, "the delegation is cached");
    test.Near(net.Took(4), 2 * (3 + 6), TOLERANCE, "expired everywhere");
    for (const auto& lookup : net.lookups)
    {
        test.Check(lookup.status == DnsLookupStatus::Found, "found");
    }
    test.Equal(net.lookups[0].GetAddress(), Ipv4Address("192.0.2.1"), "address");
    test.Equal(net.lookups[0].records[0].ttl, 30, "TTL of the zone");
    test.Equal(net.answers[1].response.answers[0].ttl, 30 - 0, "TTL left at the resolver");
    test.Check(net.lookups[2].isFromCache && !net.lookups[1].isFromCache, "the host's cache");
    test.Check(net.answers[0].source == DnsAnswerSource::Authorities &&
                   net.answers[1].source == DnsAnswerSource::Cache,
               "sources");
    test.Equal(net.answers[0].queries, 3, "queries for the first answer");
}

/** Aliases are followed; a loop of them is a failure. */
void
Aliases(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.ResolveAt(Seconds(1), "alias.example.com");
    net.ResolveAt(Seconds(2), "one.example.com");
    net.Run(Seconds(60));
    test.Equal(net.lookups.size(), 2, "look-ups");
    test.Equal(net.lookups[0].GetAddress(), Ipv4Address("192.0.2.1"), "address of the target");
    test.Equal(net.lookups[0].aliases.size(), 1, "one alias");
    test.Check(net.lookups[1].status == DnsLookupStatus::ServerFailure, "a loop");
    test.Check(net.answers.at(1).response.rcode == DnsRcode::ServerFailure, "SERVFAIL");
    test.Check(net.answers.at(1).failure.find("loop") != std::string::npos, "says why");
    // The second attempt is answered at once (RFC 9520).
    test.Equal(net.answers.at(2).queries, 0, "no queries for it");
}

/** Negative answers are kept for MINIMUM (RFC 2308). */
void
Negative(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.ResolveAt(Seconds(1), "nobody.example.com");
    net.ResolveAt(Seconds(2), "www.example.com", 0, DnsType::Aaaa);
    net.ResolveAt(Seconds(55), "nobody.example.com");
    net.ResolveAt(Seconds(65), "nobody.example.com");
    net.Run(Seconds(70));
    test.Equal(net.lookups.size(), 4, "look-ups");
    test.Check(net.lookups[0].status == DnsLookupStatus::NameError, "no such name");
    test.Check(net.lookups[1].status == DnsLookupStatus::NoData, "no such type");
    test.Check(net.lookups[2].isFromCache, "within 60 s");
    test.Check(!net.lookups[3].isFromCache, "after 60 s");
    test.Equal(net.answers.size(), 3, "queries to the resolver");
    test.Check(net.answers[2].source == DnsAnswerSource::Authorities, "expired there as well");
}

/** A program may look names up before the simulation starts. */
void
BeforeTheStart(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.stubs[0]->Resolve("alias.example.com",
                          DnsType::A,
                          StubResolver::ResultCallback(
                              [&](const DnsLookup& lookup) { net.lookups.push_back(lookup); }));
    net.Run(Seconds(60));
    test.Equal(net.lookups.size(), 1, "look-ups");
    test.Equal(net.lookups.at(0).GetAddress(), Ipv4Address("192.0.2.1"), "what it led to");
}

/** A response that does not fit is asked for again over TCP. */
void
Tcp(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.ResolveAt(Seconds(1), "big.example.com");
    net.Run(Seconds(20));
    test.Equal(net.lookups.size(), 1, "look-ups");
    test.Equal(net.lookups[0].records.size(), 120, "all records");
    test.Check(net.upstream.back().usedTcp, "over TCP");
    // UDP 1, handshake 1, query 1: three round trips to example.com and to the resolver each.
    test.Near(net.Took(0), 2 * (21 + 11 + 3 * 6 + 3 * 3), 0.1, "latency");
}

/** TTL policies of the host: floor, ceiling, stretch, until restart; TTL 0 is not kept. */
void
Policies(FunctionTestCase& test)
{
    struct Case
    {
        const char* name;
        const char* attribute;
        const AttributeValue& value;
        int lifetime;
    };

    const TimeValue floor(Seconds(100));
    const TimeValue ceiling(Seconds(10));
    const DoubleValue stretch(2);
    const BooleanValue keep(true);
    const TimeValue none(Seconds(0));
    for (const auto& c : {Case{"honour", "TtlFloor", none, 30},
                          Case{"floor", "TtlFloor", floor, 100},
                          Case{"ceiling", "TtlCeiling", ceiling, 10},
                          Case{"stretch", "TtlStretch", stretch, 60},
                          Case{"until restart", "KeepUntilRestart", keep, 100000}})
    {
        for (const int early : {1, 0})
        {
            DnsNetwork net;
            net.resolvers.SetStubAttribute(c.attribute, c.value);
            net.Install();
            net.ResolveAt(Seconds(1), "www.example.com");
            // The answer arrived at 1.082 s.
            net.ResolveAt(Seconds(1 + c.lifetime) + MilliSeconds(early ? 80 : 84),
                          "www.example.com");
            net.Run(Seconds(c.lifetime + 10));
            test.Equal(net.lookups.size(), 2, "look-ups");
            const bool expected = early || c.lifetime == 100000;
            if (c.lifetime != 100000 || early)
            {
                test.Equal(net.lookups[1].isFromCache, expected, c.name);
            }
        }
    }
    DnsNetwork net;
    net.resolvers.SetStubAttribute("KeepUntilRestart", keep);
    net.Install();
    net.ResolveAt(Seconds(1), "www.example.com");
    net.ResolveAt(Seconds(100), "www.example.com");
    Simulator::Schedule(Seconds(101), [&net]() { net.stubs[0]->ClearCache(); });
    net.ResolveAt(Seconds(102), "www.example.com");
    net.Run(Seconds(110));
    test.Check(net.lookups[1].isFromCache && !net.lookups[2].isFromCache, "restart");
}

/** A TTL of 0 is kept by nobody, unless a policy says so. */
void
ZeroTtl(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    for (int i = 1; i <= 3; ++i)
    {
        net.ResolveAt(Seconds(i), "zero.example.com");
    }
    net.Run(Seconds(10));
    test.Equal(net.lookups.size(), 3, "look-ups");
    for (const auto& answer : net.answers)
    {
        test.Check(answer.source == DnsAnswerSource::Authorities, "asked each time");
    }
    test.Equal(net.answers.size(), 3, "queries to the resolver");
}

/** A server that is silent costs timeouts, then the other one is asked. */
void
Selection(FunctionTestCase& test)
{
    DnsNetwork net(2);
    net.Install();
    net.servers[DnsNetwork::NS1]->SetAttribute("Silent", BooleanValue(true));
    for (int i = 0; i < 30; ++i)
    {
        net.ResolveAt(Seconds(1 + 2 * i), "zero.example.com");
    }
    net.Run(Seconds(70));
    test.Equal(net.lookups.size(), 30, "look-ups");
    uint32_t timeouts = 0;
    for (const auto& record : net.upstream)
    {
        timeouts += record.outcome == "TimedOut";
    }
    for (const auto& lookup : net.lookups)
    {
        test.Check(lookup.status == DnsLookupStatus::Found, "found");
    }
    // 376, 752 ms: then it is outside of the band of 400 ms above the good one.
    test.Check(timeouts >= 1 && timeouts <= 2, "timeouts: " + std::to_string(timeouts));
}

/** A closed port is noticed at once, by ICMP. */
void
Unreachable(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.servers[DnsNetwork::NS1]->SetStopTime(Seconds(1));
    net.ResolveAt(Seconds(2), "www.example.com");
    net.Run(Seconds(10));
    test.Equal(net.lookups.size(), 1, "look-ups");
    test.Check(net.lookups[0].status == DnsLookupStatus::ServerFailure, "no server");
    test.Equal(net.upstream.back().outcome, "Unreachable", "outcome");
    test.Near(net.Took(0),
              2 * (3 + 21 + 11 + 6 + 3),
              TOLERANCE,
              "two attempts, the second is brief");
}

/** The host asks each server for 5 s, twice (resolv.conf(5)). */
void
StubTimeouts(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.resolver->SetStopTime(Seconds(1));
    net.stubs[0]->AddServer("10.0.99.99"); // nobody
    net.ResolveAt(Seconds(2), "www.example.com");
    net.Run(Seconds(40));
    test.Equal(net.lookups.size(), 1, "look-ups");
    test.Check(net.lookups[0].status == DnsLookupStatus::NoAnswer, "no answer");
    test.Equal(net.lookups[0].queries, 4, "two servers, two attempts");
}

/** Expired data are served when authorities fail (RFC 8767). */
void
Stale(FunctionTestCase& test)
{
    // Without stale data, with them after the search has failed, and with them before that.
    for (const int round : {0, 1, 2})
    {
        const bool stale = round > 0;
        DnsNetwork net;
        net.resolvers.SetAttribute("ServeStale", BooleanValue(stale));
        net.resolvers.SetAttribute("ClientTimeout",
                                   TimeValue(MilliSeconds(round == 2 ? 100 : 1800)));
        net.Install();
        net.ResolveAt(Seconds(1), "www.example.com");
        Simulator::Schedule(Seconds(2), [&net]() {
            net.servers[DnsNetwork::NS1]->SetAttribute("Silent", BooleanValue(true));
        });
        net.ResolveAt(Seconds(40), "www.example.com");
        net.ResolveAt(Seconds(80), "www.example.com", 1);
        net.Run(Seconds(120));
        test.Equal(net.lookups.size(), 3, "look-ups");
        if (!stale)
        {
            test.Check(net.lookups[1].status == DnsLookupStatus::ServerFailure, "fails");
            continue;
        }
        test.Check(net.lookups[1].status == DnsLookupStatus::Found, "served");
        test.Equal(net.lookups[1].records[0].ttl, 30, "TTL of stale data");
        // An RTT of 12 ms gives the lowest timeout, 50 ms; it doubles twice.
        test.Near(net.Took(1),
                  2 * 3 + (round == 1 ? 50 + 100 + 200 : 100),
                  TOLERANCE,
                  "after the last try or the client's timer");
        test.Check(net.answers.at(1).source == DnsAnswerSource::Stale, "says so");
    }
}

/** A zone that answers with the client's subnet, for TM-12. */
class EchoZone : public DnsZone
{
  public:
    DnsName GetOrigin() const override
    {
        return "echo.example.com";
    }

    DnsZoneAnswer Answer(const DnsZoneQuery& query) override
    {
        DnsZoneAnswer answer;
        answer.answers = {DnsRecord::A(query.question.name, 60, query.GetClient().ToIpv4())};
        answer.scopePrefix = 24;
        return answer;
    }
};

/** The server sees the client's subnet, or else the resolver; caches keep subnets apart. */
void
ClientSubnet(FunctionTestCase& test)
{
    for (const bool subnet : {false, true})
    {
        DnsNetwork net;
        net.servers[DnsNetwork::NS1]->AddZone(std::make_shared<EchoZone>());
        net.resolvers.SetAttribute("SendClientSubnet", BooleanValue(subnet));
        net.Install();
        for (int i = 0; i < 2; ++i)
        {
            net.ResolveAt(Seconds(1 + i), "www.echo.example.com", i);
            net.ResolveAt(Seconds(3 + i), "www.echo.example.com", i);
        }
        net.Run(Seconds(10));
        test.Equal(net.lookups.size(), 4, "look-ups");
        const auto resolver = DnsNetwork::Address(DnsNetwork::RESOLVER);
        test.Equal(net.lookups[0].GetAddress(),
                   subnet ? Ipv4Address("10.0.5.0") : resolver,
                   "first host");
        test.Equal(net.lookups[1].GetAddress(),
                   subnet ? Ipv4Address("10.0.6.0") : resolver,
                   "second host");
        test.Check(net.answers.at(1).source ==
                       (subnet ? DnsAnswerSource::Authorities : DnsAnswerSource::Cache),
                   "kept apart");
    }
}

/** Clients that ask the same at the same time share a search. */
void
Coalescing(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    net.ResolveAt(Seconds(1), "www.example.com", 0);
    net.ResolveAt(Seconds(1), "www.example.com", 0);
    net.ResolveAt(Seconds(1), "www.example.com", 1);
    net.Run(Seconds(10));
    test.Equal(net.lookups.size(), 3, "look-ups");
    test.Equal(net.answers.size(), 2, "one query a host");
    test.Equal(net.upstream.size(), 3, "one search");
}

/** Wireshark decodes every message of a run, where it is installed. */
void
Pcap(FunctionTestCase& test)
{
    const auto file = test.MakeTempName("dns.pcap");
    uint32_t messages = 2 * 4 + 2; // the host's, one of them over TCP
    {
        // The file is whole when the devices are gone.
        DnsNetwork net;
        net.resolvers.SetAttribute("SendClientSubnet", BooleanValue(true));
        net.Install();
        net.link.EnablePcap(file, net.devices.Get(DnsNetwork::RESOLVER), false, true);
        for (const char* name :
             {"www.example.com", "alias.example.com", "nobody.example.com", "big.example.com"})
        {
            net.ResolveAt(Seconds(1), name);
        }
        net.Run(Seconds(30));
        for (const auto& record : net.upstream)
        {
            messages += record.usedTcp ? 4 : 2;
        }
    }
    if (std::system("command -v tshark > /dev/null 2>&1") != 0)
    {
        return;
    }
    const auto count = [&](const std::string& filter) {
        const auto out = test.MakeTempName("count");
        const auto command =
            "tshark -r '" + file + "' -Y '" + filter + "' 2>/dev/null | wc -l > '" + out + "'";
        test.Equal(std::system(command.c_str()), 0, "tshark runs");
        std::ifstream in(out);
        size_t lines = 0;
        in >> lines;
        return lines;
    };
    test.Equal(count("dns.flags.response == 0 || dns.flags.response == 1"), messages, "messages");
    test.Equal(count("_ws.malformed || dns.unsolicited"), 0, "malformed ones");
    test.Check(count("dns.opt.client.netmask == 24") > 0, "Client Subnet is there");
}

/// The suite.
class DnsSystemTestSuite : public TestSuite
{
  public:
    DnsSystemTestSuite()
        : TestSuite("azure-dns-system", Type::SYSTEM)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("latency is the sum of the round trips", Latency);
        add("a look-up before the simulation starts has an end", BeforeTheStart);
        add("aliases are followed, loops are failures", Aliases);
        add("negative answers are kept for MINIMUM", Negative);
        add("truncated responses are asked for over TCP", Tcp);
        add("TTL policies", Policies);
        add("a TTL of 0 is not kept", ZeroTtl);
        add("silent servers are avoided", Selection);
        add("closed ports are noticed at once", Unreachable);
        add("timeouts of hosts", StubTimeouts);
        add("expired data are served when servers fail", Stale);
        add("servers see the client's subnet", ClientSubnet);
        add("searches are shared", Coalescing);
        add("Wireshark decodes every message", Pcap);
    }
};

DnsSystemTestSuite g_suite; //!< the suite

} // namespace
