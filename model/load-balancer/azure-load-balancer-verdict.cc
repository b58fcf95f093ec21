/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-verdict.h"

#include "azure-packet-view.h"

namespace ns3
{
namespace azure
{

std::string
ToString(DropReason reason)
{
    switch (reason)
    {
    case DropReason::None:
        return "none";
    case DropReason::NoRule:
        return "no-rule";
    case DropReason::UnsupportedProtocol:
        return "unsupported-protocol";
    case DropReason::Fragment:
        return "fragment";
    case DropReason::NoBackend:
        return "no-backend";
    case DropReason::NoHealthyBackend:
        return "no-healthy-backend";
    case DropReason::NoFlow:
        return "no-flow";
    case DropReason::IdleTimeout:
        return "idle-timeout";
    case DropReason::InstanceDown:
        return "instance-down";
    case DropReason::InstanceStopped:
        return "instance-stopped";
    case DropReason::HairpinToSelf:
        return "hairpin-to-self";
    case DropReason::FlowCollision:
        return "flow-collision";
    case DropReason::FlowTableFull:
        return "flow-table-full";
    case DropReason::PingTooLarge:
        return "ping-too-large";
    case DropReason::PingNotAnswered:
        return "ping-not-answered";
    case DropReason::IcmpUnmatched:
        return "icmp-unmatched";
    case DropReason::Truncated:
        return "truncated";
    case DropReason::TtlExpired:
        return "ttl-expired";
    case DropReason::NoFrontend:
        return "no-frontend";
    case DropReason::Count:
        break;
    }
    return "unknown";
}

std::string
ToString(FlowEndReason reason)
{
    switch (reason)
    {
    case FlowEndReason::Closed:
        return "closed";
    case FlowEndReason::Reset:
        return "reset";
    case FlowEndReason::IdleTimeout:
        return "idle-timeout";
    case FlowEndReason::Moved:
        return "moved";
    case FlowEndReason::NoHealthyBackend:
        return "no-healthy-backend";
    case FlowEndReason::InstanceDown:
        return "instance-down";
    case FlowEndReason::InstanceStopped:
        return "instance-stopped";
    case FlowEndReason::Replaced:
        return "replaced";
    case FlowEndReason::Count:
        break;
    }
    return "unknown";
}

std::string
ToString(VerdictAction action)
{
    switch (action)
    {
    case VerdictAction::NotOurs:
        return "not-ours";
    case VerdictAction::Translate:
        return "translate";
    case VerdictAction::Drop:
        return "drop";
    case VerdictAction::Reset:
        return "reset";
    }
    return "unknown";
}

std::string
ToString(PingAnswer answer)
{
    switch (answer)
    {
    case PingAnswer::NotOurs:
        return "not-ours";
    case PingAnswer::EchoReply:
        return "echo-reply";
    case PingAnswer::HostUnreachable:
        return "host-unreachable";
    case PingAnswer::Balance:
        return "balance";
    case PingAnswer::None:
        return "none";
    }
    return "unknown";
}

ResetSegment
ResetSegment::Answer(const PacketView& packet, const Verdict& verdict)
{
    ResetSegment segment;
    segment.source = packet.destination;
    segment.destination = packet.source;
    segment.sourcePort = packet.destinationPort;
    segment.destinationPort = packet.sourcePort;
    segment.nextHop = packet.source;
    segment.towardClient = !verdict.fromBackend;
    if (verdict.fromBackend)
    {
        // With floating IP the sender's address is the frontend's.
        segment.nextHop = verdict.backend;
    }
    if (packet.tcpFlags & PacketView::ACK)
    {
        segment.sequence = packet.acknowledgment;
        segment.withAck = false;
    }
    else
    {
        uint32_t length = packet.payloadLength;
        length += (packet.tcpFlags & PacketView::SYN) ? 1 : 0;
        length += (packet.tcpFlags & PacketView::FIN) ? 1 : 0;
        segment.acknowledgment = packet.sequence + length;
    }
    return segment;
}

} // namespace azure
} // namespace ns3
