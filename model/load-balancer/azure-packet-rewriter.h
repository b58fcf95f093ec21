/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PACKET_REWRITER_H
#define AZURE_PACKET_REWRITER_H

#include "ns3/ipv4-address.h"
#include "ns3/packet.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Addresses and ports of a packet, as a rewrite finds and leaves them.
 */
struct TransportAddresses
{
    uint32_t source{0};          //!< source IPv4 address, host order
    uint32_t destination{0};     //!< destination IPv4 address, host order
    uint16_t sourcePort{0};      //!< source port
    uint16_t destinationPort{0}; //!< destination port
};

/**
 * @ingroup azure-load-balancing
 * @brief Changes ports and checksums of packets, and nothing else (LB-3, LB-7).
 *
 * Packets are those of Ipv4RoutingProtocol::RouteInput: they begin with the transport or ICMP
 * header. Byte tags, packet tags, metadata and payload come out as they went in.
 */
class PacketRewriter
{
  public:
    /**
     * @brief Whether a translation reaches into the transport header.
     *
     * Without checksums, one that only changes addresses does not: the packet can be passed
     * on as it is.
     *
     * @param before addresses and ports of the packet
     * @param after addresses and ports wanted
     * @param checksums packets carry checksums: Node::ChecksumEnabled()
     * @return whether Translate() would change the packet
     */
    static bool IsNeeded(const TransportAddresses& before,
                         const TransportAddresses& after,
                         bool checksums);

    /**
     * @brief Translate the TCP or UDP header of a packet.
     *
     * Checksums are updated by difference (RFC 1624), so a wrong one stays wrong. A UDP
     * checksum of zero means none and stays zero.
     *
     * @param packet a whole TCP or UDP packet, not a fragment of one
     * @param protocol IP protocol number, 6 or 17
     * @param before addresses and ports of the packet
     * @param after addresses and ports wanted
     * @param checksums packets carry checksums: Node::ChecksumEnabled()
     * @return a packet of its own; nullptr if the header is cut short
     */
    static Ptr<Packet> Translate(Ptr<const Packet> packet,
                                 uint8_t protocol,
                                 const TransportAddresses& before,
                                 const TransportAddresses& after,
                                 bool checksums);

    /**
     * @brief Translate the packet that an ICMP error quotes.
     *
     * Addresses, ports and checksums of the quoted packet are rewritten, and the checksum of
     * the ICMP message with them. Of a quoted ICMP message only the addresses are.
     *
     * @param packet an ICMP error
     * @param after addresses and ports wanted in the quoted packet
     * @param checksums packets carry checksums: Node::ChecksumEnabled()
     * @return a packet of its own; nullptr if it quotes less than a header and eight bytes
     */
    static Ptr<Packet> TranslateQuoted(Ptr<const Packet> packet,
                                       const TransportAddresses& after,
                                       bool checksums);

  private:
    /**
     * @brief Put byte tags where they were before a header was exchanged.
     *
     * Adding a header cuts the tags that reach into it; a segment without payload would lose
     * them all, and FlowMonitor with it.
     *
     * @param from the packet as it was
     * @param to the packet with its new header
     */
    static void RestoreByteTags(Ptr<const Packet> from, Ptr<Packet> to);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PACKET_REWRITER_H */
