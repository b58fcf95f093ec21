/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-packet-rewriter.h"

#include "ns3/azure-internet-checksum.h"
#include "ns3/azure-raw-header.h"
#include "ns3/icmpv4.h"
#include "ns3/tcp-header.h"
#include "ns3/udp-header.h"

#include <memory>

namespace ns3
{
namespace azure
{

namespace
{

constexpr uint8_t ICMP{1};
constexpr uint8_t TCP{6};
constexpr uint8_t UDP{17};
constexpr uint32_t TCP_HEADER_SIZE{20};
constexpr uint32_t UDP_HEADER_SIZE{8};
constexpr uint32_t TCP_CHECKSUM{16}; // offsets of the checksums in their headers
constexpr uint32_t UDP_CHECKSUM{6};
constexpr uint32_t IP_CHECKSUM{10};
constexpr uint32_t ICMP_CHECKSUM{2};
constexpr uint32_t ICMP_HEADER_SIZE{4}; // as ns-3 cuts it: type, code, checksum
constexpr uint32_t ICMP_UNUSED_SIZE{4};
constexpr uint32_t QUOTED_PAYLOAD{8}; // what every error quotes of the transport header
constexpr uint32_t QUOTED_TCP{18};    // what reaches to the end of the checksum of TCP

} // namespace

bool
PacketRewriter::IsNeeded(const TransportAddresses& before,
                         const TransportAddresses& after,
                         bool checksums)
{
    return before.sourcePort != after.sourcePort ||
           before.destinationPort != after.destinationPort || checksums;
}

Ptr<Packet>
PacketRewriter::Translate(Ptr<const Packet> packet,
                          uint8_t protocol,
                          const TransportAddresses& before,
                          const TransportAddresses& after,
                          bool checksums)
{
    uint32_t size = UDP_HEADER_SIZE;
    uint32_t checksumOffset = UDP_CHECKSUM;
    TypeId type = UdpHeader::GetTypeId();
    if (protocol == TCP)
    {
        std::array<uint8_t, TCP_HEADER_SIZE> fixed;
        if (packet->CopyData(fixed.data(), TCP_HEADER_SIZE) < TCP_HEADER_SIZE)
        {
            return nullptr;
        }
        size = (fixed[12] >> 4) * 4;
        if (size < TCP_HEADER_SIZE)
        {
            return nullptr;
        }
        checksumOffset = TCP_CHECKSUM;
        type = TcpHeader::GetTypeId();
    }
    if (packet->GetSize() < size)
    {
        return nullptr;
    }

    auto copy = packet->Copy();
    RawHeader raw(type, size);
    copy->RemoveHeader(raw);
    raw.Set16(0, after.sourcePort);
    raw.Set16(2, after.destinationPort);
    const uint16_t old = raw.Get16(checksumOffset);
    if (checksums && (protocol != UDP || old != 0))
    {
        InternetChecksum checksum(old);
        checksum.Replace32(before.source, after.source);
        checksum.Replace32(before.destination, after.destination);
        checksum.Replace16(before.sourcePort, after.sourcePort);
        checksum.Replace16(before.destinationPort, after.destinationPort);
        uint16_t value = checksum.Get();
        if (protocol == UDP && value == 0)
        {
            value = 0xffff; // RFC 768: zero would say that there is none
        }
        raw.Set16(checksumOffset, value);
    }
    copy->AddHeader(raw);
    RestoreByteTags(packet, copy);
    return copy;
}

Ptr<Packet>
PacketRewriter::TranslateQuoted(Ptr<const Packet> packet,
                                const TransportAddresses& after,
                                bool checksums)
{
    constexpr uint32_t quotedAt = ICMP_HEADER_SIZE + ICMP_UNUSED_SIZE;
    std::array<uint8_t, quotedAt + 10> fixed;
    if (packet->CopyData(fixed.data(), fixed.size()) < fixed.size())
    {
        return nullptr;
    }
    const uint32_t ipSize = (fixed[quotedAt] & 0xf) * 4;
    uint32_t bodySize = ICMP_UNUSED_SIZE + ipSize + QUOTED_PAYLOAD;
    if (ipSize < 20 || packet->GetSize() < ICMP_HEADER_SIZE + bodySize)
    {
        return nullptr;
    }
    const uint32_t withChecksum = ICMP_UNUSED_SIZE + ipSize + QUOTED_TCP;
    const bool quotesChecksum =
        fixed[quotedAt + 9] == TCP && packet->GetSize() >= ICMP_HEADER_SIZE + withChecksum;
    if (quotesChecksum)
    {
        bodySize = withChecksum;
    }

    auto copy = packet->Copy();
    RawHeader icmp(Icmpv4Header::GetTypeId(), ICMP_HEADER_SIZE);
    RawHeader body(fixed[0] == Icmpv4Header::ICMPV4_TIME_EXCEEDED
                       ? Icmpv4TimeExceeded::GetTypeId()
                       : Icmpv4DestinationUnreachable::GetTypeId(),
                   bodySize);
    copy->RemoveHeader(icmp);
    copy->RemoveHeader(body);
    // Without checksums all of them are zero on the wire, and stay so.
    InternetChecksum message(icmp.Get16(0 + ICMP_CHECKSUM));

    const uint32_t ip = ICMP_UNUSED_SIZE;
    const uint32_t transport = ip + ipSize;
    const uint8_t protocol = static_cast<uint8_t>(body.Get16(ip + 8));
    const TransportAddresses before{body.Get32(ip + 12),
                                    body.Get32(ip + 16),
                                    body.Get16(transport),
                                    body.Get16(transport + 2)};
    auto set16 = [&](uint32_t offset, uint16_t value) {
        message.Replace16(body.Get16(offset), value);
        body.Set16(offset, value);
    };
    if (checksums)
    {
        InternetChecksum header(body.Get16(ip + IP_CHECKSUM));
        header.Replace32(before.source, after.source);
        header.Replace32(before.destination, after.destination);
        set16(ip + IP_CHECKSUM, header.Get());
        const uint32_t at = transport + (protocol == TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
        const bool udp = protocol == UDP && body.Get16(transport + UDP_CHECKSUM) != 0;
        if (udp || quotesChecksum)
        {
            InternetChecksum whole(body.Get16(at));
            whole.Replace32(before.source, after.source);
            whole.Replace32(before.destination, after.destination);
            whole.Replace16(before.sourcePort, after.sourcePort);
            whole.Replace16(before.destinationPort, after.destinationPort);
            const uint16_t value = whole.Get();
            set16(at, value == 0 && udp ? 0xffff : value);
        }
    }
    set16(ip + 12, static_cast<uint16_t>(after.source >> 16));
    set16(ip + 14, static_cast<uint16_t>(after.source));
    set16(ip + 16, static_cast<uint16_t>(after.destination >> 16));
    set16(ip + 18, static_cast<uint16_t>(after.destination));
    if (protocol != ICMP)
    {
        set16(transport, after.sourcePort);
        set16(transport + 2, after.destinationPort);
    }
    if (checksums)
    {
        icmp.Set16(ICMP_CHECKSUM, message.Get());
    }
    copy->AddHeader(body);
    copy->AddHeader(icmp);
    RestoreByteTags(packet, copy);
    return copy;
}

void
PacketRewriter::RestoreByteTags(Ptr<const Packet> from, Ptr<Packet> to)
{
    auto i = from->GetByteTagIterator();
    if (!i.HasNext())
    {
        return;
    }
    to->RemoveAllByteTags();
    while (i.HasNext())
    {
        auto item = i.Next();
        auto constructor = item.GetTypeId().GetConstructor();
        NS_ASSERT_MSG(!constructor.IsNull(), "A tag without a constructor");
        std::unique_ptr<ObjectBase> object(constructor());
        auto tag = dynamic_cast<Tag*>(object.get());
        NS_ASSERT_MSG(tag, "Not a tag: " << item.GetTypeId().GetName());
        item.GetTag(*tag);
        to->AddByteTag(*tag, item.GetStart(), item.GetEnd());
    }
}

} // namespace azure
} // namespace ns3
