/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PACKET_VIEW_H
#define AZURE_PACKET_VIEW_H

#include "ns3/azure-ip-address.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a layer-4 decision needs to know of a packet.
 *
 * Filled by whoever holds the real packet, so that the decision classes know neither packets
 * nor headers.
 */
struct PacketView
{
    /// IP protocol numbers that the load balancer knows.
    enum Protocol : uint8_t
    {
        ICMP = 1, //!< answered or translated; echo is balanced by HA ports (LB-61, LB-62)
        TCP = 6,  //!< RFC 9293
        UDP = 17  //!< RFC 768
    };

    /// TCP flag bits as they stand in the header; the same values as TcpHeader's.
    enum TcpFlag : uint8_t
    {
        FIN = 0x01, //!< no more data from the sender
        SYN = 0x02, //!< opens a connection
        RST = 0x04, //!< kills a connection
        PSH = 0x08, //!< not looked at
        ACK = 0x10  //!< the acknowledgment number is valid
    };

    IpAddress source;            //!< source address of the IP header
    IpAddress destination;       //!< destination address of the IP header
    uint16_t sourcePort{0};      //!< transport source port; 0 in a fragment that has none; the
                                 //!< identifier of an ICMP echo request
    uint16_t destinationPort{0}; //!< transport destination port; 0 in a fragment that has none;
                                 //!< the identifier of an ICMP echo reply
    uint8_t protocol{TCP};       //!< IP protocol number
    uint8_t tcpFlags{0};         //!< TcpFlag bits; TCP only
    bool fragment{false};        //!< more fragments follow, or the fragment offset is not zero
    bool laterFragment{false};   //!< the fragment offset is not zero: there are no ports
    uint16_t identification{0};  //!< of the IP header; fragments only
    uint32_t sequence{0};        //!< sequence number; TCP only
    uint32_t acknowledgment{0};  //!< acknowledgment number; TCP only
    uint32_t payloadLength{0};   //!< bytes after the TCP header; TCP only
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PACKET_VIEW_H */
