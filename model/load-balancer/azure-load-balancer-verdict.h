/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_VERDICT_H
#define AZURE_LOAD_BALANCER_VERDICT_H

#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What is to be done with a packet.
 */
enum class VerdictAction : uint8_t
{
    NotOurs,   //!< pass it on untouched
    Translate, //!< write the verdict's addresses and ports into it and pass it on
    Drop,      //!< drop it, say nothing
    Reset      //!< drop it, answer its sender with ResetSegment::Answer() (LB-40)
};

/**
 * @ingroup azure-load-balancing
 * @brief Why a packet was dropped, or answered with a reset in its place.
 */
enum class DropReason : uint8_t
{
    None,                //!< not dropped
    NoRule,              //!< no rule for this frontend address, protocol and port (LB-21)
    UnsupportedProtocol, //!< not TCP, UDP or ICMP (LB-22)
    Fragment,            //!< IP fragment (LB-29)
    NoBackend,           //!< the pool has no member, or the NAT rule no target
    NoHealthyBackend,    //!< every member is down (LB-31, LB-32)
    NoFlow,              //!< TCP segment in the middle of an unknown flow
    IdleTimeout,         //!< the flow has timed out (LB-40)
    InstanceDown,        //!< the flow was cut because its whole pool went down (LB-31, LB-33)
    InstanceStopped,     //!< the flow's instance was shut down (LB-30)
    HairpinToSelf,       //!< a member's own flow came back to it (LB-60)
    FlowCollision,       //!< an instance could not tell this flow from another one (LB-26)
    FlowTableFull,       //!< the configured number of flows is reached
    PingTooLarge,        //!< ICMP echo request of more than 64 bytes (LB-61)
    PingNotAnswered,     //!< ICMP echo request that has no answer (LB-61)
    IcmpUnmatched,       //!< ICMP message that concerns no flow
    Truncated,           //!< the transport or ICMP header is cut short
    TtlExpired,          //!< the time to live ran out at the load balancer
    NoFrontend,          //!< routed to the frontends' net device, but for none of them
    Count                //!< number of reasons, not a reason
};

/**
 * @ingroup azure-load-balancing
 * @brief Why a flow ended.
 */
enum class FlowEndReason : uint8_t
{
    Closed,           //!< FIN from both ends
    Reset,            //!< RST from one end
    IdleTimeout,      //!< no packet for the idle timeout or the UDP lifetime (LB-40, LB-45)
    Moved,            //!< its instance went out of rotation, it continues elsewhere (LB-30)
    NoHealthyBackend, //!< its instance went out of rotation and no other is left (LB-31)
    InstanceDown,     //!< cut because the whole pool went down (LB-31, LB-33)
    InstanceStopped,  //!< its instance was shut down (LB-30)
    Replaced,         //!< the client opened a new connection with the same addresses and ports
    Count             //!< number of reasons, not a reason
};

/**
 * @ingroup azure-load-balancing
 * @brief What the load balancer itself answers to an echo request (LB-61, LB-62).
 */
enum class PingAnswer : uint8_t
{
    NotOurs,         //!< the destination is no frontend: pass it on
    EchoReply,       //!< from the frontend address
    HostUnreachable, //!< destination unreachable, code 1, from the frontend address
    Balance,         //!< nothing: an instance answers, see LoadBalancerEngine::Forward() (LB-62)
    None             //!< drop it, say nothing; the reason has been counted
};

/**
 * @ingroup azure-load-balancing
 * @param reason a drop reason
 * @return its name in traces and reports, for example `no-rule`
 */
std::string ToString(DropReason reason);

/**
 * @ingroup azure-load-balancing
 * @param reason why a flow ended
 * @return its name in traces and reports, for example `idle-timeout`
 */
std::string ToString(FlowEndReason reason);

/**
 * @ingroup azure-load-balancing
 * @param action what is to be done
 * @return its name in traces and reports, for example `translate`
 */
std::string ToString(VerdictAction action);

/**
 * @ingroup azure-load-balancing
 * @param answer the answer to an echo request
 * @return its name in traces and reports, for example `echo-reply`
 */
std::string ToString(PingAnswer answer);

/**
 * @ingroup azure-load-balancing
 * @brief What is to be done with one packet, and why.
 */
struct Verdict
{
    static constexpr uint32_t NO_RULE = UINT32_MAX; //!< no rule is concerned
    static constexpr uint64_t NO_FLOW = UINT64_MAX; //!< no flow is concerned

    VerdictAction action{VerdictAction::NotOurs}; //!< what to do
    DropReason reason{DropReason::None};          //!< why, for Drop and Reset
    bool newFlow{false};                          //!< this packet is the first of its flow
    bool fromBackend{false};                      //!< the packet comes from the instance
    uint16_t sourcePort{0};                       //!< transport source port to send; Translate only
    uint16_t destinationPort{0}; //!< transport destination port to send; Translate only
    uint32_t rule{NO_RULE};      //!< rule index, see LoadBalancerEngine::GetRuleName()
    uint64_t flow{NO_FLOW};      //!< flow identifier, unique among the flows alive
    IpAddress source;            //!< source address to send; Translate only
    IpAddress destination;       //!< destination address to send; Translate only
    IpAddress backend; //!< the instance; on the way in, route by this address, because with
                       //!< floating IP the destination stays the frontend's (LB-26)
};

/**
 * @ingroup azure-load-balancing
 * @brief What is to be done with an ICMP error and the packet quoted in it.
 */
struct IcmpErrorVerdict
{
    VerdictAction action{VerdictAction::NotOurs}; //!< NotOurs, Translate or Drop
    DropReason reason{DropReason::None};          //!< why, for Drop
    uint16_t quotedSourcePort{0};                 //!< source port to write into the quoted packet
    uint16_t quotedDestinationPort{0}; //!< destination port to write into the quoted packet
    IpAddress source;                  //!< source address to send
    IpAddress destination;             //!< destination address to send
    IpAddress quotedSource;            //!< source address to write into the quoted packet
    IpAddress quotedDestination;       //!< destination address to write into the quoted packet
    IpAddress nextHop; //!< route by this address; the instance on the way in, else destination
};

struct PacketView;

/**
 * @ingroup azure-load-balancing
 * @brief Everything needed to build one TCP segment with the RST flag.
 */
struct ResetSegment
{
    IpAddress source;            //!< source address
    IpAddress destination;       //!< destination address
    IpAddress nextHop;           //!< route by this address: the instance, or the client
    uint16_t sourcePort{0};      //!< source port
    uint16_t destinationPort{0}; //!< destination port
    uint32_t sequence{0};        //!< sequence number, the next one the receiver expects
    uint32_t acknowledgment{0};  //!< acknowledgment number; only with withAck
    bool withAck{true};          //!< the ACK flag is set too
    bool towardClient{false};    //!< the receiver is the client, not the instance

    /**
     * @brief The segment that answers a packet of verdict Reset (RFC 9293, section 3.5.2).
     *
     * @param packet the packet as it arrived
     * @param verdict the verdict on it
     * @return the segment, from the address the packet was sent to, to its sender
     */
    static ResetSegment Answer(const PacketView& packet, const Verdict& verdict);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_VERDICT_H */
