/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The ICMP half of LoadBalancerRouting.

#include "azure-load-balancer-routing.h"
#include "azure-load-balancer.h"
#include "azure-packet-rewriter.h"

#include "ns3/icmpv4.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureLoadBalancerRoutingIcmp");

namespace
{

/// ICMP types that quote the packet they are about (RFC 792).
enum IcmpErrorType : uint8_t
{
    DESTINATION_UNREACHABLE = 3,
    SOURCE_QUENCH = 4,
    TIME_EXCEEDED = 11,
    PARAMETER_PROBLEM = 12
};

constexpr uint8_t ECHO_REPLY{0};        // ICMP type
constexpr uint8_t ECHO_REQUEST{8};      // ICMP type
constexpr uint32_t ECHO_HEADER{8};      // bytes of an echo message before its data
constexpr uint32_t QUOTED_AT{8};        // offset of the quoted packet in an ICMP error
constexpr uint32_t LARGEST_HEADER{60};  // of IPv4
constexpr uint32_t QUOTED_TRANSPORT{8}; // bytes of the transport header that are quoted
constexpr uint32_t LARGEST_PING{64};    // bytes of ICMP message (LB-61)

/**
 * @brief Read the packet that an ICMP error quotes.
 *
 * @param packet an ICMP error
 * @param[out] quoted addresses, ports and protocol
 * @return whether enough of it is quoted
 */
bool
ReadQuoted(Ptr<const Packet> packet, PacketView& quoted)
{
    uint8_t bytes[QUOTED_AT + LARGEST_HEADER + QUOTED_TRANSPORT];
    const uint32_t read = packet->CopyData(bytes, sizeof(bytes));
    if (read < QUOTED_AT + 20)
    {
        return false;
    }
    auto read16 = [&bytes](uint32_t offset) {
        return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
    };
    auto read32 = [&](uint32_t offset) {
        return static_cast<uint32_t>(read16(offset)) << 16 | read16(offset + 2);
    };
    const uint32_t transport = QUOTED_AT + (bytes[QUOTED_AT] & 0xf) * 4;
    if (transport < QUOTED_AT + 20 || read < transport + QUOTED_TRANSPORT)
    {
        return false;
    }
    quoted.source = IpAddress::FromIpv4Bits(read32(QUOTED_AT + 12));
    quoted.destination = IpAddress::FromIpv4Bits(read32(QUOTED_AT + 16));
    quoted.protocol = bytes[QUOTED_AT + 9];
    quoted.fragment = (read16(QUOTED_AT + 6) & 0x3fff) != 0;
    if (quoted.protocol == PacketView::ICMP)
    {
        // As in a whole packet: the identifier stands for the port of who asked.
        (bytes[transport] == ECHO_REPLY ? quoted.destinationPort : quoted.sourcePort) =
            read16(transport + 4);
        return true;
    }
    quoted.sourcePort = read16(transport);
    quoted.destinationPort = read16(transport + 2);
    return true;
}

} // namespace

bool
LoadBalancerRouting::RouteIcmp(const Ptr<const Packet>& p,
                               const Ipv4Header& header,
                               PacketView& view,
                               bool inbound,
                               const Exits& exits)
{
    const bool fragment = !header.IsLastFragment() || header.GetFragmentOffset() != 0;
    uint8_t type = 0;
    if (header.GetFragmentOffset() == 0 && p->CopyData(&type, 1) == 1)
    {
        switch (type)
        {
        case ECHO_REQUEST:
            return inbound ? AnswerPing(p, header, view, fragment, exits)
                           : PassOthers(p, header, exits);
        case ECHO_REPLY:
            if (!inbound)
            {
                return Balance(p, header, view, inbound, exits);
            }
            break;
        case DESTINATION_UNREACHABLE:
        case SOURCE_QUENCH:
        case TIME_EXCEEDED:
        case PARAMETER_PROBLEM:
            if (fragment)
            {
                break;
            }
            return RouteIcmpError(p, header, inbound, exits);
        default:
            break;
        }
    }
    if (!inbound)
    {
        return PassOthers(p, header, exits);
    }
    return CountAndDrop(p,
                        header,
                        fragment ? DropReason::Fragment : DropReason::IcmpUnmatched,
                        exits);
}

bool
LoadBalancerRouting::AnswerPing(const Ptr<const Packet>& p,
                                const Ipv4Header& header,
                                PacketView& view,
                                bool fragment,
                                const Exits& exits)
{
    if (!fragment && p->GetSize() < ECHO_HEADER)
    {
        return CountAndDrop(p, header, DropReason::Truncated, exits);
    }
    switch (m_engine->AnswerPing(view.destination, p->GetSize(), fragment))
    {
    case PingAnswer::EchoReply:
        // The node's own ICMP answers, from the address that was asked.
        m_loadBalancer->m_pingsAnswered++;
        exits.lcb(p, header, m_ipv4->GetInterfaceForDevice(exits.device));
        return true;
    case PingAnswer::HostUnreachable:
        m_loadBalancer->m_pingsAnswered++;
        SendHostUnreachable(p, header);
        return true;
    case PingAnswer::Balance:
        return Balance(p, header, view, true, exits);
    case PingAnswer::None:
        return Drop(p,
                    header,
                    fragment                      ? DropReason::Fragment
                    : p->GetSize() > LARGEST_PING ? DropReason::PingTooLarge
                                                  : DropReason::PingNotAnswered,
                    exits);
    case PingAnswer::NotOurs:
        break;
    }
    return PassOthers(p, header, exits);
}

void
LoadBalancerRouting::SendHostUnreachable(const Ptr<const Packet>& p, const Ipv4Header& header)
{
    Icmpv4DestinationUnreachable body;
    body.SetNextHopMtu(0);
    body.SetHeader(header);
    body.SetData(p);
    Icmpv4Header icmp;
    icmp.SetType(Icmpv4Header::ICMPV4_DEST_UNREACH);
    icmp.SetCode(Icmpv4DestinationUnreachable::ICMPV4_HOST_UNREACHABLE);
    if (HasChecksums())
    {
        icmp.EnableChecksum();
    }
    auto packet = Create<Packet>();
    packet->AddHeader(body);
    packet->AddHeader(icmp);
    m_ipv4->Send(packet, header.GetDestination(), header.GetSource(), PacketView::ICMP, nullptr);
}

bool
LoadBalancerRouting::RouteIcmpError(const Ptr<const Packet>& p,
                                    const Ipv4Header& header,
                                    bool inbound,
                                    const Exits& exits)
{
    PacketView quoted;
    if (!ReadQuoted(p, quoted))
    {
        return inbound ? CountAndDrop(p, header, DropReason::Truncated, exits)
                       : PassOthers(p, header, exits);
    }
    const auto verdict = m_engine->TranslateIcmpError(IpAddress::From(header.GetSource()),
                                                      IpAddress::From(header.GetDestination()),
                                                      quoted,
                                                      Simulator::Now());
    if (verdict.action == VerdictAction::NotOurs)
    {
        return PassOthers(p, header, exits);
    }
    if (verdict.action != VerdictAction::Translate)
    {
        return Drop(p, header, verdict.reason, exits);
    }
    auto packet =
        PacketRewriter::TranslateQuoted(p,
                                        {static_cast<uint32_t>(verdict.quotedSource.low),
                                         static_cast<uint32_t>(verdict.quotedDestination.low),
                                         verdict.quotedSourcePort,
                                         verdict.quotedDestinationPort},
                                        HasChecksums());
    NS_ASSERT_MSG(packet, "An ICMP error was translated whose quotation is cut short");
    m_loadBalancer->m_icmpErrorsTranslated++;
    Ipv4Header translated = header;
    translated.SetSource(verdict.source.ToIpv4());
    translated.SetDestination(verdict.destination.ToIpv4());
    return PassOn(packet, translated, verdict.nextHop.ToIpv4(), exits);
}

} // namespace azure
} // namespace ns3
