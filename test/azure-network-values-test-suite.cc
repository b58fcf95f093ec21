/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-internet-checksum.h"
#include "ns3/azure-ip-address.h"
#include "ns3/azure-named-items.h"
#include "ns3/azure-raw-header.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv6-address.h"
#include "ns3/packet.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-option-ts.h"
#include "ns3/udp-header.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

typedef std::vector<uint8_t> Bytes; //!< a message

/**
 * @brief RFC 1071, section 1, word by word.
 * @param bytes a message; a last odd byte is the high one of its word
 * @return its checksum
 */
uint16_t
Compute(const Bytes& bytes)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < bytes.size(); i += 2)
    {
        sum += bytes[i] * 256U + (i + 1 < bytes.size() ? bytes[i + 1] : 0);
        if (sum > 0xffff)
        {
            sum -= 0xffff; // an end-around carry
        }
    }
    return static_cast<uint16_t>(~sum);
}

/**
 * @param bytes a message
 * @param at offset of a word
 * @return the word
 */
uint16_t
Word(const Bytes& bytes, size_t at)
{
    return static_cast<uint16_t>(bytes[at] * 256 + bytes[at + 1]);
}

/**
 * @param bytes a message
 * @param at offset of a word
 * @param value the word from now on
 */
void
SetWord(Bytes& bytes, size_t at, uint16_t value)
{
    bytes[at] = static_cast<uint8_t>(value / 256);
    bytes[at + 1] = static_cast<uint8_t>(value % 256);
}

/**
 * @param random source
 * @param size how many
 * @return random bytes, many of them at the ends of the range
 */
Bytes
MakeBytes(std::mt19937& random, size_t size)
{
    Bytes bytes(size);
    for (auto& byte : bytes)
    {
        const auto draw = random();
        byte = static_cast<uint8_t>(draw % 4 == 0 ? (draw & 16 ? 255 : 0) : draw >> 8);
    }
    return bytes;
}

/** The figures in the RFCs, and a header that everybody uses as an example. */
void
ChecksumExamples(FunctionTestCase& test)
{
    // RFC 1071, section 3: the sum is ddf2.
    test.Equal(Compute({0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}), 0x220d, "RFC 1071");
    // The same message made word by word from one of zeros, whose checksum is ffff.
    InternetChecksum built(0xffff);
    for (const int word : {0x0001, 0xf203, 0xf4f5, 0xf6f7})
    {
        built.Replace16(0, static_cast<uint16_t>(word));
    }
    test.Equal(built.Get(), 0x220d, "RFC 1071, by difference");
    // RFC 1624, section 4: the older equation gives ffff here, which is wrong.
    InternetChecksum rfc1624(0xdd2f);
    rfc1624.Replace16(0x5555, 0x3285);
    test.Equal(rfc1624.Get(), 0x0000, "RFC 1624");
    test.Equal(InternetChecksum(0xdd2f).Get(), 0xdd2f, "nothing changes");

    // 192.168.0.1 to 192.168.0.199, UDP, 115 bytes, checksum b861; then TTL 64 becomes 63.
    const Bytes header{0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                       0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};
    test.Equal(Compute(header), 0xb861, "a header of IPv4");
    InternetChecksum hop(0xb861);
    hop.Replace16(0x4011, 0x3f11);
    test.Equal(hop.Get(), 0xb961, "each hop adds 0100");
    // Behind a balancer: another destination.
    InternetChecksum nat(0xb861);
    nat.Replace32(0xc0a800c7, 0x0a000004);
    auto after = header;
    SetWord(after, 16, 0x0a00);
    SetWord(after, 18, 0x0004);
    test.Equal(nat.Get(), Compute(after), "another address");
}

/** RFC 1624 in other words: a checksum is minus the sum, modulo 65535. */
void
ChecksumModulo(FunctionTestCase& test)
{
    uint32_t wrong = 0;
    for (const uint32_t checksum : {0x0000, 0x0001, 0x7fff, 0x8000, 0xdd2f, 0xfffe, 0xffff})
    {
        for (const uint32_t before : {0x0000, 0x0001, 0x00ff, 0x8000, 0xfffe, 0xffff})
        {
            for (uint32_t after = 0; after <= 0xffff; after++)
            {
                InternetChecksum sum(static_cast<uint16_t>(checksum));
                sum.Replace16(static_cast<uint16_t>(before), static_cast<uint16_t>(after));
                const uint32_t expected = (checksum + before + 0xffff - after) % 0xffff;
                wrong += sum.Get() % 0xffff != expected ? 1 : 0;
            }
        }
    }
    test.Equal(wrong, 0, "every word");
}

/** Random changes of random messages, against the message summed anew. */
void
ChecksumRandom(FunctionTestCase& test)
{
    std::mt19937 random(1071);
    for (int round = 0; round < 3000; round++)
    {
        auto message = MakeBytes(random, 6 + random() % 60);
        message[0] |= 1; // a message of zeros has two checksums
        const auto original = message;
        const auto first = Compute(message);
        const auto damage = static_cast<uint16_t>(random() % 3 == 0 ? random() : 0);
        InternetChecksum sum(first);
        InternetChecksum damaged(static_cast<uint16_t>(first + damage));
        std::vector<std::array<uint16_t, 2>> changes;
        for (auto n = 1 + random() % 8; n > 0; n--)
        {
            const auto draw = MakeBytes(random, 4);
            if (random() % 2 == 0)
            {
                const auto at = 2 + random() % ((message.size() - 2) / 2) * 2;
                changes.push_back({Word(message, at), Word(draw, 0)});
                sum.Replace16(Word(message, at), Word(draw, 0));
                SetWord(message, at, Word(draw, 0));
            }
            else
            {
                const auto at = 2 + random() % ((message.size() - 4) / 2) * 2;
                for (const size_t half : {0, 2})
                {
                    changes.push_back({Word(message, at + half), Word(draw, half)});
                }
                sum.Replace32(static_cast<uint32_t>(Word(message, at)) << 16 |
                                  Word(message, at + 2),
                              static_cast<uint32_t>(Word(draw, 0)) << 16 | Word(draw, 2));
                SetWord(message, at, Word(draw, 0));
                SetWord(message, at + 2, Word(draw, 2));
            }
        }
        test.Equal(sum.Get(), Compute(message), "as summed anew");
        // A checksum that was wrong stays wrong by as much.
        std::shuffle(changes.begin(), changes.end(), random);
        for (const auto& [before, after] : changes)
        {
            damaged.Replace16(before, after);
        }
        const uint32_t off = static_cast<uint16_t>(first + damage) + 0xffffU - first;
        test.Equal((sum.Get() + off) % 0xffff, damaged.Get() % 0xffff, "wrong by as much");
        // And all of it undone.
        for (const auto& [before, after] : changes)
        {
            sum.Replace16(after, before);
        }
        test.Equal(sum.Get(), Compute(original), "back again");
    }
}

/** RFC 4291, section 2.5.5.2: IPv4 addresses in sixteen bytes. */
void
MappedAddresses(FunctionTestCase& test)
{
    static_assert(IpAddress::FromIpv4Bits(0xc0000201).low == 0x0000ffffc0000201);
    static_assert(!IpAddress().IsSet() && !IpAddress().IsIpv4());
    test.Check(IpAddress::From(Ipv4Address("0.0.0.0")).IsSet(), "0.0.0.0 is an address");
    // Only ::ffff:0:0/96 is IPv4; the deprecated ::192.0.2.1 is not.
    for (const auto& [text, isIpv4] : std::map<std::string, bool>{{"::ffff:c000:201", true},
                                                                  {"::ffff:0:0", true},
                                                                  {"::ffff:ffff:ffff", true},
                                                                  {"::c000:201", false},
                                                                  {"::fffe:c000:201", false},
                                                                  {"::1:ffff:c000:201", false},
                                                                  {"1::ffff:c000:201", false},
                                                                  {"64:ff9b::c000:201", false},
                                                                  {"::1", false},
                                                                  {"fe80::1234:5678:9abc", false}})
    {
        uint8_t bytes[16];
        Ipv6Address(text.c_str()).GetBytes(bytes);
        IpAddress address;
        for (int i = 0; i < 16; i++)
        {
            auto& half = i < 8 ? address.high : address.low;
            half = half << 8 | bytes[i];
        }
        test.Equal(address.IsIpv4(), isIpv4, text);
        test.Check(address.IsSet(), text);
        test.Equal(ToText(address).find('.') != std::string::npos, isIpv4, "text of " + text);
    }
    std::mt19937 random(4291);
    for (int i = 0; i < 2000; i++)
    {
        const Ipv4Address address(random());
        const auto held = IpAddress::From(address);
        std::ostringstream text;
        text << address;
        test.Equal(ToText(held), text.str(), "dotted");
        test.Check(held.IsIpv4() && held.ToIpv4() == address, "there and back");
    }
}

/** Texts are read back as the same bytes, and the order is that of the bytes. */
void
AddressTextAndOrder(FunctionTestCase& test)
{
    std::mt19937 random(5952);
    std::vector<std::pair<Bytes, IpAddress>> all;
    for (int i = 0; i < 400; i++)
    {
        auto bytes = MakeBytes(random, 16);
        if (i % 3 == 0)
        {
            std::fill(bytes.begin(), bytes.begin() + random() % 17, 0);
        }
        IpAddress address;
        for (int j = 0; j < 16; j++)
        {
            auto& half = j < 8 ? address.high : address.low;
            half |= static_cast<uint64_t>(bytes[j]) << (56 - 8 * (j % 8));
        }
        all.emplace_back(bytes, address);
        if (!address.IsIpv4())
        {
            uint8_t read[16];
            Ipv6Address(ToText(address).c_str()).GetBytes(read);
            test.Check(std::equal(bytes.begin(), bytes.end(), read), ToText(address));
        }
    }
    uint32_t wrong = 0;
    for (const auto& [bytes, address] : all)
    {
        for (const auto& [otherBytes, other] : all)
        {
            wrong += (address < other) != (bytes < otherBytes) ? 1 : 0;
            wrong += (address == other) != (bytes == otherBytes) ? 1 : 0;
        }
    }
    test.Equal(wrong, 0, "ordered as their bytes");
}

/** Words of a raw header at any offset, against plain bytes. */
void
RawWords(FunctionTestCase& test)
{
    std::mt19937 random(84);
    for (uint32_t size = 4; size <= RawHeader::MAX_SIZE; size += 4)
    {
        auto bytes = MakeBytes(random, size);
        const auto rest = MakeBytes(random, 9);
        auto whole = bytes;
        whole.insert(whole.end(), rest.begin(), rest.end());
        auto packet = Create<Packet>(whole.data(), static_cast<uint32_t>(whole.size()));
        RawHeader raw(TcpHeader::GetTypeId(), size);
        test.Equal(packet->PeekHeader(raw), size, "bytes read");
        test.Equal(raw.GetSerializedSize(), size, "size");
        for (int i = 0; i < 40; i++)
        {
            const auto draw = MakeBytes(random, 4);
            const auto value = static_cast<uint32_t>(Word(draw, 0)) << 16 | Word(draw, 2);
            const auto at = random() % (size - 3); // odd offsets, too
            if (random() % 2 == 0)
            {
                raw.Set32(at, value);
                std::copy(draw.begin(), draw.end(), bytes.begin() + at);
            }
            else
            {
                raw.Set16(at, Word(draw, 2));
                std::copy(draw.begin() + 2, draw.end(), bytes.begin() + at);
            }
            const auto where = random() % (size - 3);
            test.Equal(raw.Get16(where), Word(bytes, where), "two bytes");
            test.Equal(raw.Get32(where),
                       static_cast<uint32_t>(Word(bytes, where)) << 16 | Word(bytes, where + 2),
                       "four bytes");
        }
        auto out = Create<Packet>(rest.data(), static_cast<uint32_t>(rest.size()));
        out->AddHeader(raw);
        Bytes written(out->GetSize());
        out->CopyData(written.data(), out->GetSize());
        auto expected = bytes;
        expected.insert(expected.end(), rest.begin(), rest.end());
        test.Check(written == expected, "every byte is written, and none behind");
    }
}

/** Stock headers see what was changed in the bytes, and everything else as it was. */
void
RawStockHeaders(FunctionTestCase& test)
{
    TcpHeader tcp;
    tcp.SetSourcePort(50000);
    tcp.SetDestinationPort(80);
    tcp.SetSequenceNumber(SequenceNumber32(0x89abcdef));
    tcp.SetFlags(TcpHeader::SYN | TcpHeader::ECE);
    tcp.SetWindowSize(4711);
    auto stamp = CreateObject<TcpOptionTS>();
    stamp->SetTimestamp(0x01020304);
    tcp.AppendOption(stamp);
    auto packet = Create<Packet>(100);
    packet->AddHeader(tcp);
    RawHeader raw(TcpHeader::GetTypeId(), tcp.GetSerializedSize());
    packet->RemoveHeader(raw);
    test.Equal(packet->GetSize(), 100, "only the header was taken");
    test.Equal(raw.Get16(0), 50000, "RFC 9293: source port");
    test.Equal(raw.Get32(4), 0x89abcdef, "sequence number");
    test.Equal(raw.Get16(14), 4711, "window");
    raw.Set16(2, 8080);
    packet->AddHeader(raw);
    TcpHeader read;
    packet->RemoveHeader(read);
    test.Equal(read.GetDestinationPort(), 8080, "the changed port");
    test.Equal(read.GetSourcePort(), 50000, "the other port");
    test.Check(read.GetSequenceNumber() == SequenceNumber32(0x89abcdef), "sequence number");
    test.Equal(read.GetFlags(), TcpHeader::SYN | TcpHeader::ECE, "flags");
    auto option = DynamicCast<const TcpOptionTS>(read.GetOption(TcpOption::TS));
    test.Check(option && option->GetTimestamp() == 0x01020304, "options");

    Ipv4Header ip;
    ip.SetSource(Ipv4Address("192.0.2.1"));
    ip.SetDestination(Ipv4Address("198.51.100.2"));
    ip.SetTtl(64);
    ip.SetProtocol(17);
    ip.SetPayloadSize(8);
    ip.EnableChecksum();
    packet = Create<Packet>(8);
    packet->AddHeader(ip);
    RawHeader rawIp(Ipv4Header::GetTypeId(), 20);
    packet->RemoveHeader(rawIp);
    // RFC 791: TTL and protocol at 8, checksum at 10, destination at 16.
    InternetChecksum sum(rawIp.Get16(10));
    sum.Replace16(rawIp.Get16(8), 63 << 8 | 17);
    sum.Replace32(rawIp.Get32(16), Ipv4Address("10.0.0.4").Get());
    rawIp.Set16(8, 63 << 8 | 17);
    rawIp.Set32(16, Ipv4Address("10.0.0.4").Get());
    rawIp.Set16(10, sum.Get());
    packet->AddHeader(rawIp);
    Ipv4Header readIp;
    readIp.EnableChecksum();
    packet->RemoveHeader(readIp);
    test.Check(readIp.IsChecksumOk(), "the stock header finds the checksum right");
    test.Equal(readIp.GetTtl(), 63, "changed");
    test.Equal(readIp.GetDestination(), Ipv4Address("10.0.0.4"), "changed");
    test.Equal(readIp.GetSource(), Ipv4Address("192.0.2.1"), "kept");

    std::ostringstream text;
    text << raw << "; " << rawIp;
    test.Equal(text.str(), "32 bytes of ns3::TcpHeader; 20 bytes of ns3::Ipv4Header", "printed");
    test.Check(raw.GetInstanceTypeId() == TcpHeader::GetTypeId(), "passes for it");
    test.Check(RawHeader().GetInstanceTypeId() == RawHeader::GetTypeId(), "or for itself");
    packet = Create<Packet>(5);
    packet->AddHeader(RawHeader());
    test.Equal(packet->GetSize(), 5, "an empty one adds nothing");
}

/** A thing with a name. */
struct Thing
{
    std::string name; //!< its name
    int number;       //!< which one it is
};

/** Names against a map that keeps the first of each. */
void
Names(FunctionTestCase& test)
{
    const std::vector<std::string> words{"", "a", "A", "a ", "ab", "b", "\xc3\xa4"};
    std::mt19937 random(26);
    test.Check(!IndexOfNamed(std::vector<Thing>(), "") && !FindNamed(std::vector<Thing>(), "a"),
               "nothing among nothing");
    for (int round = 0; round < 200; round++)
    {
        std::vector<Thing> things;
        std::map<std::string, uint32_t> first;
        for (auto n = random() % 8; n > 0; n--)
        {
            const auto word = words[random() % words.size()];
            first.emplace(word, static_cast<uint32_t>(things.size()));
            things.push_back({word, static_cast<int>(random())});
        }
        for (const auto& word : words)
        {
            const auto known = first.find(word);
            const auto index = IndexOfNamed(things, word);
            const auto* found = FindNamed(things, word);
            test.Equal(index.has_value(), known != first.end(), "whether there is one");
            test.Check(known == first.end()
                           ? found == nullptr
                           : index == known->second && found == &things[known->second],
                       "the first of that name");
        }
    }
}

/** Values of the network. */
class NetworkValuesTestSuite : public TestSuite
{
  public:
    NetworkValuesTestSuite()
        : TestSuite("azure-network-values", Type::UNIT)
    {
        Add("RFC 1071 RFC 1624 checksums of the examples", ChecksumExamples);
        Add("RFC 1624 a change of any word, modulo 65535", ChecksumModulo);
        Add("RFC 1624 random changes give the checksum of the changed message", ChecksumRandom);
        Add("RFC 4291 IPv4 addresses are mapped ones and no others", MappedAddresses);
        Add("RFC 4291 texts of addresses are read back, and the order is that of bytes",
            AddressTextAndOrder);
        Add("Words of a raw header are bytes in network order at any offset", RawWords);
        Add("RFC 791 RFC 9293 stock headers see changes of raw ones and nothing else",
            RawStockHeaders);
        Add("The first thing of a name is found", Names);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, void (*body)(FunctionTestCase&))
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
NetworkValuesTestSuite g_networkValuesTestSuite;

} // namespace
