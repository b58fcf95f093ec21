/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-load-balancer-system-fixture.h"

#include "ns3/azure-internet-checksum.h"
#include "ns3/azure-packet-rewriter.h"
#include "ns3/azure-raw-header.h"
#include "ns3/boolean.h"
#include "ns3/flow-id-tag.h"
#include "ns3/global-value.h"
#include "ns3/icmpv4.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"
#include "ns3/tcp-header.h"
#include "ns3/udp-header.h"

#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using Bytes = std::vector<uint8_t>; //!< of a packet

/**
 * @param packet a packet
 * @return its bytes
 */
Bytes
BytesOf(Ptr<const Packet> packet)
{
    Bytes bytes(packet->GetSize());
    packet->CopyData(bytes.data(), bytes.size());
    return bytes;
}

/**
 * @param bytes a TCP or UDP header and its payload
 * @param tcp TCP, as opposed to UDP
 * @return the packet
 */
Ptr<Packet>
PacketOf(const Bytes& bytes, bool tcp)
{
    return MakeRawPacket(bytes,
                         tcp ? TcpHeader::GetTypeId() : UdpHeader::GetTypeId(),
                         tcp ? (bytes.size() > 12 ? (bytes[12] >> 4) * 4 : 20) : 8);
}

/**
 * @param bytes an ICMP error
 * @return the packet
 */
Ptr<Packet>
ErrorOf(const Bytes& bytes)
{
    const uint32_t ip = bytes.size() > 17 ? (bytes[8] & 0xf) * 4 : 0;
    if (ip < 20 || bytes.size() < 8 + ip + 8)
    {
        return Create<Packet>(bytes.data(), bytes.size());
    }
    const uint32_t quoted = bytes[17] == 6 && bytes.size() >= 8 + ip + 18 ? 18 : 8;
    auto packet = MakeRawPacket({bytes.begin() + 4, bytes.end()},
                                bytes[0] == 11 ? Icmpv4TimeExceeded::GetTypeId()
                                               : Icmpv4DestinationUnreachable::GetTypeId(),
                                4 + ip + quoted);
    RawHeader header(Icmpv4Header::GetTypeId(), 4);
    header.Set16(0, bytes[0] << 8 | bytes[1]);
    header.Set16(2, bytes[2] << 8 | bytes[3]);
    packet->AddHeader(header);
    return packet;
}

/**
 * @param bytes a message
 * @param from where to begin
 * @param to where to end
 * @param start sum of what comes before
 * @return the ones' complement sum of its words
 */
uint32_t
Sum(const Bytes& bytes, size_t from, size_t to, uint32_t start = 0)
{
    for (size_t i = from; i < to; i += 2)
    {
        start += bytes[i] << 8 | (i + 1 < to ? bytes[i + 1] : 0);
    }
    while (start >> 16)
    {
        start = (start & 0xffff) + (start >> 16);
    }
    return start;
}

/**
 * @param bytes a transport header and its payload
 * @param protocol its IP protocol number
 * @param addresses source and destination
 * @return 0xffff when its checksum is right
 */
uint32_t
TransportSum(const Bytes& bytes, uint8_t protocol, const TransportAddresses& addresses)
{
    const uint32_t pseudo = (addresses.source >> 16) + (addresses.source & 0xffff) +
                            (addresses.destination >> 16) + (addresses.destination & 0xffff) +
                            protocol + bytes.size();
    return Sum(bytes, 0, bytes.size(), pseudo);
}

/**
 * @param random where from
 * @return addresses and ports, edge values among them
 */
TransportAddresses
MakeAddresses(std::mt19937& random)
{
    const auto word = [&random]() {
        switch (random() % 6)
        {
        case 0:
            return 0U;
        case 1:
            return 0xffffffffU;
        default:
            return static_cast<uint32_t>(random());
        }
    };
    TransportAddresses addresses;
    addresses.source = word();
    addresses.destination = word();
    addresses.sourcePort = static_cast<uint16_t>(word());
    addresses.destinationPort = static_cast<uint16_t>(word());
    return addresses;
}

/**
 * @param random where from
 * @param tcp TCP, as opposed to UDP
 * @param addresses source and destination
 * @return a packet with the right checksum
 */
Bytes
MakeTransport(std::mt19937& random, bool tcp, const TransportAddresses& addresses)
{
    Bytes bytes((tcp ? 20 + 4 * (random() % 11) : 8) + random() % 40);
    for (auto& byte : bytes)
    {
        byte = random();
    }
    const auto put = [&bytes](size_t offset, uint16_t value) {
        bytes[offset] = value >> 8;
        bytes[offset + 1] = value & 0xff;
    };
    put(0, addresses.sourcePort);
    put(2, addresses.destinationPort);
    if (tcp)
    {
        const size_t words = std::min<size_t>(15, bytes.size() / 4);
        bytes[12] = (5 + random() % (words - 4)) << 4;
    }
    else
    {
        put(4, bytes.size());
    }
    const size_t at = tcp ? 16 : 6;
    put(at, 0);
    uint16_t checksum = ~TransportSum(bytes, tcp ? 6 : 17, addresses);
    put(at, checksum == 0 && !tcp ? 0xffff : checksum);
    return bytes;
}

/** The checksum by difference, and everything else untouched. */
void
Incremental(FunctionTestCase& test)
{
    Checksums on;
    std::mt19937 random(1624);
    uint32_t wrong = 0;
    uint32_t changed = 0;
    for (uint32_t i = 0; i < 20000; i++)
    {
        const bool tcp = i % 2;
        const uint8_t protocol = tcp ? 6 : 17;
        const auto before = MakeAddresses(random);
        const auto after = MakeAddresses(random);
        const auto bytes = MakeTransport(random, tcp, before);
        auto packet = PacketRewriter::Translate(PacketOf(bytes, tcp),
                                                protocol,
                                                before,
                                                after,
                                                Node::ChecksumEnabled());
        auto result = BytesOf(packet);
        wrong += TransportSum(result, protocol, after) == 0xffff ? 0 : 1;
        // A UDP checksum of zero would say that there is none.
        wrong += !tcp && result[6] == 0 && result[7] == 0 ? 1 : 0;
        // Ports and checksum apart it is the same.
        const size_t at = tcp ? 16 : 6;
        for (const size_t k : {size_t(0), size_t(1), size_t(2), size_t(3), at, at + 1})
        {
            result[k] = bytes[k];
        }
        changed += result == bytes ? 0 : 1;
    }
    test.Equal(wrong, 0, "checksums of 20,000 packets");
    test.Equal(changed, 0, "no other byte changes");
}

/** What is wrong stays wrong; what is missing stays missing. */
void
WrongAndMissing(FunctionTestCase& test)
{
    Checksums on;
    std::mt19937 random(768);
    uint32_t mended = 0;
    for (uint32_t i = 0; i < 2000; i++)
    {
        const auto before = MakeAddresses(random);
        const auto after = MakeAddresses(random);
        auto bytes = MakeTransport(random, true, before);
        bytes[16] ^= 1 << (i % 8);
        auto packet = PacketRewriter::Translate(PacketOf(bytes, true),
                                                6,
                                                before,
                                                after,
                                                Node::ChecksumEnabled());
        mended += TransportSum(BytesOf(packet), 6, after) == 0xffff ? 1 : 0;
        bytes = MakeTransport(random, false, before);
        bytes[6] = bytes[7] = 0;
        packet = PacketRewriter::Translate(PacketOf(bytes, false),
                                           17,
                                           before,
                                           after,
                                           Node::ChecksumEnabled());
        const auto result = BytesOf(packet);
        test.Equal(result[6] << 8 | result[7], 0, "UDP without a checksum stays without");
        test.Equal(result[0] << 8 | result[1], after.sourcePort, "its ports change all the same");
    }
    test.Equal(mended, 0, "a wrong checksum is not mended");
}

/** Headers that are cut short are refused. */
void
CutShort(FunctionTestCase& test)
{
    const TransportAddresses before{1, 2, 3, 4};
    const TransportAddresses after{5, 6, 7, 8};
    const Bytes bytes(60, 0);
    for (uint32_t size = 0; size < 60; size++)
    {
        const Bytes part(bytes.begin(), bytes.begin() + size);
        auto packet = PacketOf(part, false);
        test.Equal(PacketRewriter::Translate(packet, 17, before, after, Node::ChecksumEnabled()) !=
                       nullptr,
                   size >= 8,
                   "UDP of " + std::to_string(size) + " bytes");
        // The data offset of zero is no TCP at all.
        test.Check(PacketRewriter::Translate(PacketOf(part, true),
                                             6,
                                             before,
                                             after,
                                             Node::ChecksumEnabled()) == nullptr,
                   "TCP");
        for (const uint32_t words : {5, 6, 15})
        {
            auto tcp = bytes;
            tcp[12] = words << 4;
            test.Equal(PacketRewriter::Translate(PacketOf({tcp.begin(), tcp.begin() + size}, true),
                                                 6,
                                                 before,
                                                 after,
                                                 Node::ChecksumEnabled()) != nullptr,
                       size >= 4 * words,
                       "TCP of " + std::to_string(size) + " bytes");
            auto icmp = bytes;
            icmp[0] = 3;
            icmp[8] = 0x40 | words;
            test.Equal(PacketRewriter::TranslateQuoted(ErrorOf({icmp.begin(), icmp.begin() + size}),
                                                       after,
                                                       Node::ChecksumEnabled()) != nullptr,
                       size >= 8 + 4 * words + 8,
                       "ICMP of " + std::to_string(size) + " bytes");
        }
    }
}

/** The packet that an ICMP error quotes. */
void
Quoted(FunctionTestCase& test)
{
    Checksums on;
    std::mt19937 random(792);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < 6000; i++)
    {
        const uint8_t protocol = std::array<uint8_t, 3>{1, 6, 17}[i % 3];
        const auto before = MakeAddresses(random);
        const auto after = MakeAddresses(random);
        // Eight bytes of the transport header are quoted, or more (RFC 1812).
        Bytes inner = MakeTransport(random, protocol == 6, before);
        const size_t quotedBytes = std::min<size_t>(inner.size(), 8 + random() % 30);
        const size_t ipSize = 20 + 4 * (random() % 11);
        Bytes bytes(8 + ipSize + quotedBytes, 0);
        bytes[0] = std::array<uint8_t, 4>{3, 4, 11, 12}[random() % 4];
        bytes[8] = 0x40 | (ipSize / 4);
        bytes[8 + 9] = protocol;
        for (uint32_t k = 0; k < 4; k++)
        {
            bytes[8 + 12 + k] = before.source >> (24 - 8 * k);
            bytes[8 + 16 + k] = before.destination >> (24 - 8 * k);
        }
        const uint16_t ipSum = ~Sum(bytes, 8, 8 + ipSize);
        bytes[8 + 10] = ipSum >> 8;
        bytes[8 + 11] = ipSum & 0xff;
        std::copy(inner.begin(), inner.begin() + quotedBytes, bytes.begin() + 8 + ipSize);
        const uint16_t sum = ~Sum(bytes, 0, bytes.size());
        bytes[2] = sum >> 8;
        bytes[3] = sum & 0xff;
        const auto packet =
            PacketRewriter::TranslateQuoted(ErrorOf(bytes), after, Node::ChecksumEnabled());
        const auto result = BytesOf(packet);
        wrong += Sum(result, 0, result.size()) == 0xffff ? 0 : 1;
        wrong += Sum(result, 8, 8 + ipSize) == 0xffff ? 0 : 1;
        const auto word = [&result](size_t offset) {
            return static_cast<uint32_t>(result[offset] << 8 | result[offset + 1]);
        };
        wrong += (word(8 + 12) << 16 | word(8 + 14)) == after.source ? 0 : 1;
        wrong += (word(8 + 16) << 16 | word(8 + 18)) == after.destination ? 0 : 1;
        if (protocol == 1)
        {
            wrong +=
                std::equal(result.begin() + 8 + ipSize, result.end(), bytes.begin() + 8 + ipSize)
                    ? 0
                    : 1;
            continue;
        }
        wrong += word(8 + ipSize) == after.sourcePort ? 0 : 1;
        wrong += word(8 + ipSize + 2) == after.destinationPort ? 0 : 1;
        // As the sender of the quoted packet would have computed it.
        const size_t at = 8 + ipSize + (protocol == 6 ? 16 : 6);
        if (at + 2 <= result.size())
        {
            Bytes whole = inner;
            std::copy(result.begin() + 8 + ipSize, result.end(), whole.begin());
            wrong += TransportSum(whole, protocol, after) == 0xffff ? 0 : 1;
        }
    }
    test.Equal(wrong, 0, "addresses, ports and all checksums");
}

/** Tags come out where they went in. */
void
Tags(FunctionTestCase& test)
{
    const TransportAddresses before{1, 2, 3, 4};
    const TransportAddresses after{1, 6, 3, 8};
    for (const uint32_t payload : {0, 100})
    {
        auto packet = Create<Packet>(payload);
        UdpHeader udp;
        udp.SetDestinationPort(before.destinationPort);
        packet->AddHeader(udp);
        packet->AddByteTag(FlowIdTag(11));
        packet->AddByteTag(FlowIdTag(12), 0, 5);
        packet->AddPacketTag(FlowIdTag(13));
        auto copy = PacketRewriter::Translate(packet, 17, before, after, Node::ChecksumEnabled());
        std::vector<uint32_t> found;
        for (auto i = copy->GetByteTagIterator(); i.HasNext();)
        {
            auto item = i.Next();
            FlowIdTag tag;
            item.GetTag(tag);
            found.push_back(tag.GetFlowId());
            found.push_back(item.GetStart());
            found.push_back(item.GetEnd());
        }
        test.Check(found == std::vector<uint32_t>{11, 0, payload + 8, 12, 0, 5}, "byte tags");
        FlowIdTag tag;
        test.Check(copy->PeekPacketTag(tag) && tag.GetFlowId() == 13, "packet tag");
        test.Equal(BytesOf(packet)[3],
                   before.destinationPort,
                   "the packet of others is not touched");
    }
}

/** Changes of packets. */
class PacketRewriterTestSuite : public TestSuite
{
  public:
    PacketRewriterTestSuite()
        : TestSuite("azure-packet-rewriter", Type::UNIT)
    {
        Add("LB-7 checksums by difference are those computed anew, all else is kept", Incremental);
        Add("LB-7 a wrong checksum stays wrong, a missing one missing", WrongAndMissing);
        Add("Headers that are cut short are refused", CutShort);
        Add("LB-4 LB-5 what an ICMP error quotes has the right checksums, too", Quoted);
        Add("Tags stay where they were", Tags);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, void (*body)(FunctionTestCase&))
    {
        AddTestCase(new FunctionTestCase(name, body), TestCase::Duration::QUICK);
    }
};

PacketRewriterTestSuite g_packetRewriterTestSuite; //!< registers itself

} // namespace
