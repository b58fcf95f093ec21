/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-impostor.h"
#include "azure-function-test-case.h"

#include "ns3/azure-tcp-preset.h"
#include "ns3/uinteger.h"

#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// An address that nobody should believe in.
const char* const WRONG = "203.0.113.66";

/**
 * @param message a message
 * @return it with its length before it, as on TCP
 */
std::vector<uint8_t>
Frame(const std::vector<uint8_t>& message)
{
    std::vector<uint8_t> frame{static_cast<uint8_t>(message.size() >> 8),
                               static_cast<uint8_t>(message.size())};
    frame.insert(frame.end(), message.begin(), message.end());
    return frame;
}

/** @param test the test case */
void
ForgedToHost(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    Impostor impostor(
        net,
        [](const DnsMessage& query) {
            auto id = Impostor::Answer(query, WRONG);
            id.id ^= 0x8000;
            auto question = Impostor::Answer(query, WRONG);
            question.questions[0].name = "www.example.org";
            auto type = Impostor::Answer(query, WRONG);
            type.questions[0].type = DnsType::Cname;
            auto isQuery = Impostor::Answer(query, WRONG);
            isQuery.isResponse = false;
            auto subnet = Impostor::Answer(query, WRONG);
            subnet.edns.emplace();
            subnet.edns->clientSubnet = DnsClientSubnet::From(IpAddress::From("192.0.2.0"), 24);
            const auto wrong = DnsCodec::Encode(Impostor::Answer(query, WRONG));
            Impostor::Messages all{{wrong, 54}, {wrong, 0}, {{}, 53}};
            for (const auto& message : {id, question, type, isQuery, subnet})
            {
                all.emplace_back(DnsCodec::Encode(message), 53);
            }
            all.emplace_back(std::vector<uint8_t>(wrong.begin(), wrong.end() - 1), 53);
            all.emplace_back(DnsCodec::Encode(Impostor::Answer(query, "192.0.2.1")), 53);
            return all;
        },
        DnsNetwork::RESOLVER);
    net.ResolveAt(Seconds(1), "www.example.com");
    net.Run(Seconds(20));
    test.Equal(net.lookups.size(), 1, "look-ups");
    test.Equal(net.lookups.at(0).GetAddress(), Ipv4Address("192.0.2.1"), "the right answer");
    test.Equal(net.lookups[0].queries, 1, "the first query got it");
    const auto& stub = *net.stubs[0];
    // From another port of the resolver; the other host is further away, and too late.
    test.Equal(stub.GetDropCount(DnsDropReason::WrongSource), 1, "port");
    test.Equal(stub.GetDropCount(DnsDropReason::WrongId), 1, "id");
    test.Equal(stub.GetDropCount(DnsDropReason::WrongQuestion), 2, "question");
    test.Equal(stub.GetDropCount(DnsDropReason::NotAResponse), 1, "a query");
    test.Equal(stub.GetDropCount(DnsDropReason::WrongSubnet), 1, "subnet");
    test.Equal(stub.GetDropCount(DnsDropReason::Malformed), 2, "nothing, and a cut message");
}

/** @param test the test case */
void
WrongHost(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    Impostor impostor(
        net,
        [](const DnsMessage& query) {
            return Impostor::Messages{{DnsCodec::Encode(Impostor::Answer(query, WRONG)), 0}};
        },
        DnsNetwork::RESOLVER);
    net.ResolveAt(Seconds(1), "www.example.com");
    net.Run(Seconds(20));
    test.Check(net.lookups.at(0).status == DnsLookupStatus::NoAnswer, "no other host counts");
    test.Equal(net.stubs[0]->GetDropCount(DnsDropReason::WrongSource), 2, "one for each attempt");
}

/** @param test the test case */
void
LoopsToHost(FunctionTestCase& test)
{
    // What a resolver should not say: aliases in a circle, to themselves, without end.
    for (uint32_t kind = 0; kind < 3; ++kind)
    {
        DnsNetwork net;
        net.Install();
        Impostor impostor(
            net,
            [kind](const DnsMessage& query) {
                auto answer = query.MakeResponse();
                const DnsName name = query.questions.at(0).name;
                const DnsName other("other.example.com");
                answer.answers = {DnsRecord::Cname(name, 60, kind == 1 ? name : other),
                                  DnsRecord::Cname(other, 60, name)};
                for (uint32_t i = 0; kind == 2 && i < 100; ++i)
                {
                    const auto from = i == 0 ? other : DnsName("n" + std::to_string(i));
                    answer.answers.push_back(
                        DnsRecord::Cname(from, 60, DnsName("n" + std::to_string(i + 1))));
                }
                return Impostor::Messages{{DnsCodec::Encode(answer), 53}};
            },
            DnsNetwork::RESOLVER);
        net.ResolveAt(Seconds(1), "www.example.com");
        net.ResolveAt(Seconds(2), "www.example.com"); // from the cache, as far as it goes
        net.Run(Seconds(20));
        const auto what = "kind " + std::to_string(kind);
        test.Equal(net.lookups.size(), 2, what + ": both end");
        for (const auto& lookup : net.lookups)
        {
            test.Check(lookup.status == DnsLookupStatus::ServerFailure, what + ": a failure");
            test.Check(lookup.records.empty(), what + ": no records");
        }
    }
}

/** @param test the test case */
void
Oversized(FunctionTestCase& test)
{
    std::mt19937 random(5);
    for (const auto host : {DnsNetwork::NS1, DnsNetwork::RESOLVER})
    {
        DnsNetwork net;
        net.Install();
        Impostor impostor(
            net,
            [&](const DnsMessage& query) {
                // Far more than was offered by EDNS, in IP fragments: good, then random.
                auto large = Impostor::Answer(query, "192.0.2.1");
                for (uint32_t i = 0; i < 1000; ++i)
                {
                    large.additionals.push_back(DnsRecord::A("x.example.com", 60, Ipv4Address(i)));
                }
                std::vector<uint8_t> noise(60000);
                for (auto& byte : noise)
                {
                    byte = static_cast<uint8_t>(random());
                }
                return Impostor::Messages{{noise, 53}, {DnsCodec::Encode(large), 53}};
            },
            host);
        net.ResolveAt(Seconds(1), "www.example.com");
        net.Run(Seconds(60));
        test.Equal(net.lookups.size(), 1, "an end");
        test.Equal(net.lookups.at(0).GetAddress(), Ipv4Address("192.0.2.1"), "read all the same");
    }
    // And queries: a server or a resolver reads them or not, and goes on.
    DnsNetwork net;
    net.Install();
    auto socket = net.nodes.Get(DnsNetwork::STUB2)->GetObject<UdpSocketFactory>()->CreateSocket();
    socket->Bind();
    for (uint32_t i = 0; i < 40; ++i)
    {
        auto query = DnsMessage::Query({"www.example.com", DnsType::A}, 1, true);
        std::vector<uint8_t> bytes = DnsCodec::Encode(query);
        bytes.resize(1000 + 1500 * i);
        bytes[11] = static_cast<uint8_t>(i); // additional records: zeroes are no OPT record
        const auto host = i % 2 ? DnsNetwork::RESOLVER : DnsNetwork::NS1;
        Simulator::Schedule(MilliSeconds(100 * i), [=]() {
            socket->SendTo(Create<Packet>(bytes.data(), bytes.size()),
                           0,
                           InetSocketAddress(DnsNetwork::Address(host), 53));
        });
    }
    net.ResolveAt(Seconds(10), "www.example.com");
    net.Run(Seconds(20));
    test.Check(net.lookups.at(0).status == DnsLookupStatus::Found, "the good one is answered");
}

/** @param test the test case */
void
GarbageOverTcp(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    std::mt19937 random(6);
    const auto good =
        Frame(DnsCodec::Encode(DnsMessage::Query({"www.example.com", DnsType::A}, 1, true)));
    uint32_t answered = 0;
    for (uint32_t i = 0; i < 60; ++i)
    {
        std::vector<uint8_t> bytes;
        // Every third connection: a good query after empty frames, byte by byte.
        const bool isGood = i % 3 == 0;
        if (isGood)
        {
            bytes.resize(2 * (random() % 5), 0);
            bytes.insert(bytes.end(), good.begin(), good.end());
        }
        else
        {
            bytes.resize(1 + random() % 3000);
            for (auto& byte : bytes)
            {
                byte = static_cast<uint8_t>(i % 3 == 1 ? random() : random() % 2);
            }
        }
        const auto host = i % 2 ? DnsNetwork::RESOLVER : DnsNetwork::NS1;
        const auto piece = isGood ? 1 : 1 + random() % 700;
        Simulator::Schedule(MilliSeconds(50 * i), [&net, &answered, bytes, host, piece]() {
            Ptr<Socket> socket = TcpPresetSocketFactory::CreateOn(net.nodes.Get(DnsNetwork::STUB2));
            socket->Bind();
            socket->Connect(InetSocketAddress(DnsNetwork::Address(host), 53));
            socket->SetRecvCallback(
                Callback<void, Ptr<Socket>>([&answered, piece](Ptr<Socket> from) {
                    while (const auto packet = from->Recv())
                    {
                        answered += piece == 1 && packet->GetSize() > 40 ? 1 : 0;
                    }
                }));
            for (size_t at = 0; at < bytes.size(); at += piece)
            {
                const auto size = std::min<size_t>(piece, bytes.size() - at);
                Simulator::Schedule(MilliSeconds(100 + at / piece), [=]() {
                    socket->Send(Create<Packet>(bytes.data() + at, size));
                });
            }
        });
    }
    net.ResolveAt(Seconds(8), "big.example.com"); // over TCP
    net.Run(Seconds(60));
    test.Equal(answered, 20, "every good query");
    test.Equal(net.lookups.at(0).records.size(), 120, "and the resolver's own");
    test.Check(net.servers[DnsNetwork::NS1]->GetDropCount(DnsDropReason::Malformed) > 10 &&
                   net.resolver->GetDropCount(DnsDropReason::Malformed) > 10,
               "garbage came to both");
}

/**
 * @brief A server of example.com that says over UDP that all is truncated, and fails over TCP.
 * @param test the test case
 */
void
BadTcpServers(FunctionTestCase& test)
{
    enum Kind
    {
        CLOSED,  // nobody listens
        SILENT,  // accepts, and that is all
        CLOSING, // closes at once
        NOISE,   // a frame that never ends
        EMPTY,   // empty frames, then the answer
        SLOW     // the answer, byte by byte
    };

    for (const auto kind : {CLOSED, SILENT, CLOSING, NOISE, EMPTY, SLOW})
    {
        DnsNetwork net;
        net.Install();
        DnsMessage asked;
        Impostor impostor(net, [&asked](const DnsMessage& query) {
            asked = query;
            auto answer = Impostor::Answer(query, WRONG);
            answer.isTruncated = true;
            return Impostor::Messages{{DnsCodec::Encode(answer), 53}};
        });
        const auto node = net.nodes.Get(DnsNetwork::NS1);
        std::vector<Ptr<Socket>> sockets;
        const auto onAccept = [&](Ptr<Socket> socket, const Address&) {
            sockets.push_back(socket);
            if (kind == CLOSING)
            {
                socket->Close();
            }
            socket->SetRecvCallback(Callback<void, Ptr<Socket>>([&, kind](Ptr<Socket> from) {
                const auto query = from->Recv();
                if (!query || query->GetSize() < 20)
                {
                    return;
                }
                std::vector<uint8_t> bytes(query->GetSize());
                query->CopyData(bytes.data(), bytes.size());
                const auto decoded = DnsCodec::Decode(bytes.data() + 2, bytes.size() - 2);
                const auto answer =
                    Frame(DnsCodec::Encode(Impostor::Answer(*decoded.message, "192.0.2.1")));
                bytes.clear();
                if (kind == NOISE)
                {
                    bytes.assign(1000, 0xff);
                }
                else if (kind == EMPTY || kind == SLOW)
                {
                    bytes.assign(kind == EMPTY ? 6 : 0, 0);
                    bytes.insert(bytes.end(), answer.begin(), answer.end());
                }
                const size_t piece = kind == SLOW ? 1 : 1000;
                for (size_t at = 0; at < bytes.size(); at += piece)
                {
                    const auto size = std::min(piece, bytes.size() - at);
                    Simulator::Schedule(MilliSeconds(10 * at / piece), [=]() {
                        from->Send(Create<Packet>(bytes.data() + at, size));
                    });
                }
            }));
        };
        if (kind != CLOSED)
        {
            Simulator::Schedule(MilliSeconds(3), [&]() {
                Ptr<Socket> listener = TcpPresetSocketFactory::CreateOn(node);
                listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), 53));
                listener->Listen();
                listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                            Callback<void, Ptr<Socket>, const Address&>(onAccept));
                sockets.push_back(listener);
            });
        }
        net.ResolveAt(Seconds(1), "www.example.com");
        net.Run(Seconds(60));
        const auto what = "kind " + std::to_string(kind);
        test.Equal(net.lookups.size(), 1, what + ": an end");
        const bool isGood = kind == EMPTY || kind == SLOW;
        test.Check((net.lookups.at(0).status == DnsLookupStatus::Found) == isGood,
                   what + ": " + ToText(net.lookups[0].status));
        test.Check(net.lookups[0].GetAddress() == Ipv4Address(isGood ? "192.0.2.1" : "0.0.0.0"),
                   what + ": never what was truncated");
        uint32_t failed = 0;
        for (const auto& record : net.upstream)
        {
            failed += record.outcome == "TcpFailed" ? 1 : 0;
        }
        test.Check((failed == 0) == isGood, what + ": " + std::to_string(failed) + " failures");
        test.Equal(net.resolver->GetDropCount(DnsDropReason::Malformed),
                   kind == EMPTY ? 3 : 0,
                   what + ": empty messages");
    }
}

/// The suite.
class DnsBadPeerTestSuite : public TestSuite
{
  public:
    DnsBadPeerTestSuite()
        : TestSuite("azure-dns-bad-peer", Type::SYSTEM)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("a host ignores answers with another id, port, question, or that cannot be read",
            ForgedToHost);
        add("a host ignores the right answer from the wrong host", WrongHost);
        add("a host fails on aliases that come to no end", LoopsToHost);
        add("messages far beyond what was agreed are read or ignored", Oversized);
        add("garbage over TCP does no harm to servers and resolvers", GarbageOverTcp);
        add("servers that fail over TCP cost a bounded time", BadTcpServers);
    }
};

DnsBadPeerTestSuite g_suite; //!< the suite

} // namespace
