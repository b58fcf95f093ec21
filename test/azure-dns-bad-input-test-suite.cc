/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-impostor.h"
#include "azure-function-test-case.h"

#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** What does not fit the query is ignored, the right answer behind it is taken. */
void
Forged(FunctionTestCase& test)
{
    const char* const wrong = "203.0.113.66";
    DnsNetwork net;
    net.Install();
    Impostor impostor(net, [&](const DnsMessage& query) {
        auto id = Impostor::Answer(query, wrong);
        ++id.id;
        auto question = Impostor::Answer(query, wrong);
        question.questions[0].name = "www2.example.com";
        auto type = Impostor::Answer(query, wrong);
        type.questions[0].type = DnsType::Aaaa;
        auto none = Impostor::Answer(query, wrong);
        none.questions.clear();
        auto isQuery = Impostor::Answer(query, wrong);
        isQuery.isResponse = false;
        auto subnet = Impostor::Answer(query, wrong);
        subnet.edns.emplace();
        subnet.edns->clientSubnet = DnsClientSubnet::From(IpAddress::From("192.0.2.0"), 24);
        auto cut = DnsCodec::Encode(Impostor::Answer(query, wrong));
        cut.resize(cut.size() - 3);
        Impostor::Messages all;
        for (const auto& message : {id, question, type, none, isQuery, subnet})
        {
            all.emplace_back(DnsCodec::Encode(message), 53);
        }
        all.emplace_back(cut, 53);
        all.emplace_back(DnsCodec::Encode(Impostor::Answer(query, wrong)), 54);
        all.emplace_back(DnsCodec::Encode(Impostor::Answer(query, "192.0.2.1")), 53);
        return all;
    });
    net.ResolveAt(Seconds(1), "www.example.com");
    net.Run(Seconds(10));
    test.Equal(net.lookups.size(), 1, "look-ups");
    test.Equal(net.lookups[0].GetAddress(), Ipv4Address("192.0.2.1"), "the right answer");
    const auto& resolver = *net.resolver;
    test.Equal(resolver.GetDropCount(DnsDropReason::WrongId), 1, "id");
    test.Equal(resolver.GetDropCount(DnsDropReason::WrongQuestion), 3, "question");
    test.Equal(resolver.GetDropCount(DnsDropReason::NotAResponse), 1, "a query");
    test.Equal(resolver.GetDropCount(DnsDropReason::WrongSubnet), 1, "subnet");
    test.Equal(resolver.GetDropCount(DnsDropReason::Malformed), 1, "malformed");
    test.Equal(resolver.GetDropCount(DnsDropReason::WrongSource), 1, "port");
}

/** Only what a server is responsible for is learnt from it. */
void
Poison(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    Impostor impostor(net, [](const DnsMessage& query) {
        auto answer = Impostor::Answer(query, "192.0.2.1");
        answer.answers.push_back(DnsRecord::A("www.example.org", 60, "203.0.113.66"));
        answer.authorities = {DnsRecord::Ns("com", 60, "ns.evil.org")};
        answer.additionals = {DnsRecord::A("ns.com", 60, "203.0.113.66"),
                              DnsRecord::A("ns1.example.com", 60, "203.0.113.66")};
        return Impostor::Messages{{DnsCodec::Encode(answer), 53}};
    });
    net.ResolveAt(Seconds(1), "www.example.com");
    net.Run(Seconds(2));
    auto& cache = net.resolver->GetCache();
    const auto get = [&cache](const char* name, DnsType type) {
        return cache.Get(name, type, DnsTrust::Referral, Seconds(2));
    };
    test.Check(get("www.example.com", DnsType::A).kind == DnsCacheResult::Kind::Positive, "learnt");
    test.Check(get("www.example.org", DnsType::A).kind == DnsCacheResult::Kind::Miss, "not this");
    test.Equal(*get("com", DnsType::Ns).records.at(0).GetTarget(), DnsName("ns.com"), "nor this");
    test.Check(get("ns.com", DnsType::A).records.at(0).GetAddress() ==
                   IpAddress::From(DnsNetwork::Address(DnsNetwork::COM)),
               "nor this");
}

/** A server that refers without end, or back to the root, comes to an end. */
void
Endless(FunctionTestCase& test)
{
    for (int kind = 0; kind < 4; ++kind)
    {
        DnsNetwork net;
        net.Install();
        uint32_t count = 0;
        Impostor impostor(net, [&](const DnsMessage& query) {
            auto answer = query.MakeResponse();
            const auto name = query.questions.at(0).name;
            const auto target = "n" + std::to_string(++count) + ".example.com";
            switch (kind)
            {
            case 0: // an alias to a new name each time
                answer.isAuthoritative = true;
                answer.answers = {DnsRecord::Cname(name, 60, target)};
                break;
            case 1: // upwards
                answer.authorities = {DnsRecord::Ns(DnsName(), 60, "a.root")};
                break;
            case 2: // to a server whose address leads to another one
                answer.authorities = {DnsRecord::Ns(name, 60, target)};
                break;
            default: // to itself
                answer.authorities = {DnsRecord::Ns(name, 0, name)};
                answer.additionals = {DnsRecord::A(name, 0, DnsNetwork::Address(DnsNetwork::NS1))};
            }
            return Impostor::Messages{{DnsCodec::Encode(answer), 53}};
        });
        net.ResolveAt(Seconds(1), "www.example.com");
        net.Run(Seconds(40));
        test.Equal(net.lookups.size(), 1, "look-ups");
        test.Check(net.lookups[0].status == DnsLookupStatus::ServerFailure,
                   "SERVFAIL " + std::to_string(kind));
        test.Check(count <= DnsResolution::MaxQueries, "queries: " + std::to_string(count));
    }
}

/** Random and changed messages to all, from all: nothing stops, and good queries are answered. */
void
Garbage(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    std::mt19937 random(4);
    auto good = DnsCodec::Encode(DnsMessage::Query({"www.example.com", DnsType::A}, 1, true));
    const auto make = [&random](std::vector<uint8_t> bytes) {
        if (random() % 3 == 0)
        {
            bytes.resize(random() % 1400);
            for (auto& byte : bytes)
            {
                byte = static_cast<uint8_t>(random());
            }
            return bytes;
        }
        for (auto changes = random() % 4; changes > 0; --changes)
        {
            bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
        }
        bytes.resize(random() % 2 ? bytes.size() : random() % (bytes.size() + 1));
        return bytes;
    };
    // The server of example.com answers half of the queries with garbage.
    Impostor impostor(net, [&](const DnsMessage& query) {
        auto bytes = DnsCodec::Encode(Impostor::Answer(query, "192.0.2.1"));
        return Impostor::Messages{{random() % 2 ? make(bytes) : bytes, 53}};
    });
    auto socket = net.nodes.Get(DnsNetwork::STUB2)->GetObject<UdpSocketFactory>()->CreateSocket();
    socket->Bind();
    for (int i = 0; i < 3000; ++i)
    {
        const auto bytes = make(good);
        const auto host = i % 2 ? DnsNetwork::RESOLVER : DnsNetwork::COM;
        Simulator::Schedule(MilliSeconds(10 * i), [=]() {
            socket->SendTo(Create<Packet>(bytes.data(), bytes.size()),
                           0,
                           InetSocketAddress(DnsNetwork::Address(host), 53));
        });
    }
    for (int i = 0; i < 30; ++i)
    {
        net.ResolveAt(Seconds(i), "www" + std::to_string(i) + ".example.com");
    }
    net.Run(Seconds(100));
    test.Equal(net.lookups.size(), 30, "every look-up ends");
    uint32_t found = 0;
    for (const auto& lookup : net.lookups)
    {
        found += lookup.status == DnsLookupStatus::Found;
    }
    // Three tries of a search fail in one of eight cases, and there are two searches.
    test.Check(found >= 25, "found: " + std::to_string(found));
    test.Check(net.servers[DnsNetwork::COM]->GetDropCount(DnsDropReason::Malformed) > 100,
               "garbage came");
}

/// The suite.
class DnsBadInputTestSuite : public TestSuite
{
  public:
    DnsBadInputTestSuite()
        : TestSuite("azure-dns-bad-input", Type::SYSTEM)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("forged answers are ignored", Forged);
        add("only responsible servers are believed", Poison);
        add("searches without end come to an end", Endless);
        add("garbage does no harm", Garbage);
    }
};

DnsBadInputTestSuite g_suite; //!< the suite

} // namespace
