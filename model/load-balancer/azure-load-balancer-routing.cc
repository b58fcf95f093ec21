/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-routing.h"

#include "azure-load-balancer-net-device.h"
#include "azure-load-balancer.h"
#include "azure-packet-rewriter.h"

#include "ns3/channel.h"
#include "ns3/icmpv4.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"
#include "ns3/simulator.h"
#include "ns3/tcp-header.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureLoadBalancerRouting");
NS_OBJECT_ENSURE_REGISTERED(LoadBalancerRouting);

namespace
{

/**
 * @param bytes where a word in network order begins
 * @return the word in host order
 */
uint16_t
Read16(const uint8_t* bytes)
{
    return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

/**
 * @param bytes where a word in network order begins
 * @return the word in host order
 */
uint32_t
Read32(const uint8_t* bytes)
{
    return static_cast<uint32_t>(Read16(bytes)) << 16 | Read16(bytes + 2);
}

/**
 * @param header an IP header
 * @return whether it is that of a fragment
 */
bool
IsFragment(const Ipv4Header& header)
{
    return !header.IsLastFragment() || header.GetFragmentOffset() != 0;
}

/**
 * @brief Read what the engine wants to know.
 *
 * @param packet a packet without IP header
 * @param header its IP header
 * @param[in,out] view has the protocol and the addresses; gets ports and TCP fields
 * @return whether the transport header is complete
 */
bool
ReadTransport(const Ptr<const Packet>& packet, const Ipv4Header& header, PacketView& view)
{
    view.fragment = IsFragment(header);
    if (view.fragment) [[unlikely]]
    {
        view.identification = header.GetIdentification();
        view.laterFragment = header.GetFragmentOffset() != 0;
    }
    if (view.laterFragment)
    {
        return true;
    }
    uint8_t bytes[20]{};
    if (view.protocol == PacketView::TCP)
    {
        const uint32_t read = packet->CopyData(bytes, 20);
        if (read < 20)
        {
            return view.fragment;
        }
        const uint32_t size = (bytes[12] >> 4) * 4;
        view.sequence = Read32(bytes + 4);
        view.acknowledgment = Read32(bytes + 8);
        view.tcpFlags = bytes[13];
        if (size < 20 || size > packet->GetSize())
        {
            return view.fragment;
        }
        view.payloadLength = packet->GetSize() - size;
    }
    else if (view.protocol == PacketView::UDP)
    {
        if (packet->CopyData(bytes, 8) < 8)
        {
            return view.fragment;
        }
    }
    else if (view.protocol == PacketView::ICMP)
    {
        // An echo request or reply: the identifier stands for the port of who asked.
        if (packet->CopyData(bytes, 8) < 8)
        {
            return view.fragment;
        }
        (bytes[0] == 0 ? view.destinationPort : view.sourcePort) = Read16(bytes + 4);
        return true;
    }
    else
    {
        return true;
    }
    view.sourcePort = Read16(bytes);
    view.destinationPort = Read16(bytes + 2);
    return true;
}

/**
 * @param address an IPv4 address
 * @return it in host order
 */
uint32_t
Bits(const IpAddress& address)
{
    return static_cast<uint32_t>(address.low);
}

} // namespace

TypeId
LoadBalancerRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::LoadBalancerRouting")
                            .SetParent<Ipv4RoutingHook>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<LoadBalancerRouting>();
    return tid;
}

void
LoadBalancerRouting::SetLoadBalancer(Ptr<LoadBalancer> loadBalancer)
{
    m_loadBalancer = loadBalancer;
    m_engine = &loadBalancer->GetEngine();
}

std::vector<Ptr<LoadBalancer>>
LoadBalancerRouting::GetInstalled(Ptr<Node> node)
{
    std::vector<Ptr<LoadBalancer>> installed;
    auto ipv4 = node->GetObject<Ipv4>();
    for (const auto& hook : GetHooks(ipv4 ? ipv4->GetRoutingProtocol() : nullptr))
    {
        auto routing = DynamicCast<LoadBalancerRouting>(hook);
        if (routing && routing->m_loadBalancer)
        {
            installed.push_back(routing->m_loadBalancer);
        }
    }
    return installed;
}

bool
LoadBalancerRouting::RouteInput(Ptr<const Packet> p,
                                const Ipv4Header& header,
                                Ptr<const NetDevice> idev,
                                const UnicastForwardCallback& ucb,
                                const MulticastForwardCallback& mcb,
                                const LocalDeliverCallback& lcb,
                                const ErrorCallback& ecb)
{
    const Exits exits{idev, ucb, mcb, lcb, ecb};
    PacketView view;
    view.protocol = header.GetProtocol();
    view.source = IpAddress::From(header.GetSource());
    view.destination = IpAddress::From(header.GetDestination());
    const bool inbound = m_engine->IsFrontend(view.destination);
    if (view.protocol == PacketView::ICMP) [[unlikely]]
    {
        return RouteIcmp(p, header, view, inbound, exits);
    }
    return Balance(p, header, view, inbound, exits);
}

bool
LoadBalancerRouting::Balance(const Ptr<const Packet>& p,
                             const Ipv4Header& header,
                             PacketView& view,
                             bool inbound,
                             const Exits& exits)
{
    if (!inbound && !m_engine->IsBackend(view.source))
    {
        return PassOthers(p, header, exits);
    }
    if (!ReadTransport(p, header, view))
    {
        return inbound ? CountAndDrop(p, header, DropReason::Truncated, exits)
                       : PassOthers(p, header, exits);
    }
    Verdict verdict;
    if (inbound)
    {
        if (header.GetTtl() <= 1) [[unlikely]]
        {
            return ExpireTtl(p, header, exits);
        }
        if ((view.tcpFlags & (PacketView::SYN | PacketView::ACK)) == PacketView::SYN)
        {
            m_loadBalancer->m_synCount++;
        }
        verdict = m_engine->Forward(view, Simulator::Now());
    }
    else
    {
        // The stack sends the error about a time to live that ends here: as it came, to the
        // instance.
        verdict = header.GetTtl() > 1 ? m_engine->Return(view, Simulator::Now()) : Verdict();
    }
    if (view.protocol == PacketView::TCP)
    {
        m_loadBalancer->UpdateResetTimer();
    }
    if (verdict.action == VerdictAction::Translate) [[likely]]
    {
        return Translate(p, header, view, verdict, exits);
    }
    switch (verdict.action)
    {
    case VerdictAction::Reset:
        SendReset(ResetSegment::Answer(view, verdict));
        return Drop(p, header, verdict.reason, exits);
    case VerdictAction::Drop:
        return Drop(p, header, verdict.reason, exits);
    default:
        return PassOthers(p, header, exits);
    }
}

bool
LoadBalancerRouting::HasChecksums()
{
    if (!m_checksums)
    {
        m_checksums = Node::ChecksumEnabled();
    }
    return *m_checksums;
}

bool
LoadBalancerRouting::PassOthers(const Ptr<const Packet>& p,
                                const Ipv4Header& header,
                                const Exits& exits)
{
    if (DynamicCast<const LoadBalancerNetDevice>(exits.device) &&
        m_ipv4->GetInterfaceForAddress(header.GetDestination()) < 0 &&
        GetInstalled(m_ipv4->GetObject<Node>()).front() == m_loadBalancer)
    {
        // A net device without a channel can only have sent it to itself. Frontends of other load
        // balancers on this node are its addresses; what those have translated comes by later.
        return CountAndDrop(p, header, DropReason::NoFrontend, exits);
    }
    m_loadBalancer->m_passed++;
    return GetWrapped()
        ->RouteInput(p, header, exits.device, exits.ucb, exits.mcb, exits.lcb, exits.ecb);
}

bool
LoadBalancerRouting::Translate(const Ptr<const Packet>& p,
                               const Ipv4Header& header,
                               const PacketView& view,
                               const Verdict& verdict,
                               const Exits& exits)
{
    const TransportAddresses before{Bits(view.source),
                                    Bits(view.destination),
                                    view.sourcePort,
                                    view.destinationPort};
    const TransportAddresses after{Bits(verdict.source),
                                   Bits(verdict.destination),
                                   verdict.sourcePort,
                                   verdict.destinationPort};
    Ptr<const Packet> rewritten;
    // The checksum of ICMP covers neither addresses nor anything that changes.
    if (view.protocol != PacketView::ICMP &&
        PacketRewriter::IsNeeded(before, after, HasChecksums()))
    {
        rewritten = PacketRewriter::Translate(p, view.protocol, before, after, HasChecksums());
        NS_ASSERT_MSG(rewritten, "A packet was translated whose header is cut short");
    }
    const Ptr<const Packet>& sent = rewritten ? rewritten : p;
    Ipv4Header translated = header;
    translated.SetSource(Ipv4Address(after.source));
    translated.SetDestination(Ipv4Address(after.destination));
    auto* loadBalancer = PeekPointer(m_loadBalancer);
    if (!loadBalancer->m_translateTrace.IsEmpty()) [[unlikely]]
    {
        loadBalancer->m_translateTrace(sent, header, translated, verdict);
    }
    const bool floating = !verdict.fromBackend && !(verdict.backend == verdict.destination);
    if (!floating && loadBalancer->m_forwardingDelay.IsZero()) [[likely]]
    {
        return RouteOnward(sent,
                           translated,
                           exits.device,
                           exits.ucb,
                           exits.mcb,
                           exits.lcb,
                           exits.ecb);
    }
    return PassOn(sent,
                  translated,
                  Ipv4Address(floating ? Bits(verdict.backend) : after.destination),
                  exits);
}

bool
LoadBalancerRouting::PassOn(const Ptr<const Packet>& p,
                            const Ipv4Header& header,
                            Ipv4Address nextHop,
                            const Exits& exits)
{
    const Time delay = m_loadBalancer->m_forwardingDelay;
    if (delay.IsZero())
    {
        return PassOnNow(p, header, nextHop, exits);
    }
    Ptr<LoadBalancerRouting> self(this);
    Simulator::Schedule(delay,
                        [self,
                         p,
                         header,
                         nextHop,
                         device = exits.device,
                         ucb = exits.ucb,
                         mcb = exits.mcb,
                         lcb = exits.lcb,
                         ecb = exits.ecb]() {
                            if (self->GetWrapped() &&
                                !self->PassOnNow(p, header, nextHop, {device, ucb, mcb, lcb, ecb}))
                            {
                                ecb(p, header, Socket::ERROR_NOROUTETOHOST);
                            }
                        });
    return true;
}

bool
LoadBalancerRouting::PassOnNow(const Ptr<const Packet>& p,
                               const Ipv4Header& header,
                               Ipv4Address nextHop,
                               const Exits& exits)
{
    if (nextHop == header.GetDestination())
    {
        return RouteOnward(p, header, exits.device, exits.ucb, exits.mcb, exits.lcb, exits.ecb);
    }
    // Floating IP: the way to the instance, with the frontend's address in the header (LB-26).
    Ipv4Header byNextHop = header;
    byNextHop.SetDestination(nextHop);
    const UnicastForwardCallback& ucb = exits.ucb;
    auto forward = [&ucb, &header, nextHop](Ptr<Ipv4Route> route,
                                            Ptr<const Packet> packet,
                                            const Ipv4Header&) {
        auto direct = Create<Ipv4Route>(*route);
        if (direct->GetGateway().IsAny())
        {
            direct->SetGateway(nextHop);
        }
        ucb(direct, packet, header);
    };
    return RouteOnward(
        p,
        byNextHop,
        exits.device,
        UnicastForwardCallback(
            std::function<void(Ptr<Ipv4Route>, Ptr<const Packet>, const Ipv4Header&)>(forward)),
        exits.mcb,
        exits.lcb,
        exits.ecb);
}

bool
LoadBalancerRouting::Drop(const Ptr<const Packet>& p,
                          const Ipv4Header& header,
                          DropReason reason,
                          const Exits& exits)
{
    m_loadBalancer->ReportDrop(header, p, reason);
    // Into the drop trace of the node's IPv4, where FlowMonitor sees it.
    exits.ecb(p, header, Socket::ERROR_NOROUTETOHOST);
    return true;
}

bool
LoadBalancerRouting::CountAndDrop(const Ptr<const Packet>& p,
                                  const Ipv4Header& header,
                                  DropReason reason,
                                  const Exits& exits)
{
    m_loadBalancer->m_drops[static_cast<size_t>(reason)]++;
    return Drop(p, header, reason, exits);
}

bool
LoadBalancerRouting::ExpireTtl(const Ptr<const Packet>& p,
                               const Ipv4Header& header,
                               const Exits& exits)
{
    m_loadBalancer->m_drops[static_cast<size_t>(DropReason::TtlExpired)]++;
    m_loadBalancer->ReportDrop(header, p, DropReason::TtlExpired);
    if (header.GetTtl() == 0)
    {
        // It should not have been sent at all, and the stack would count on from 255.
        exits.ecb(p, header, Socket::ERROR_NOROUTETOHOST);
        return true;
    }
    // The stack looks at the time to live before it looks at the route.
    auto route = Create<Ipv4Route>();
    route->SetDestination(header.GetDestination());
    route->SetGateway(Ipv4Address::GetAny());
    route->SetOutputDevice(ConstCast<NetDevice>(exits.device));
    exits.ucb(route, p, header);
    return true;
}

Ptr<Ipv4Route>
LoadBalancerRouting::RouteBy(Ptr<Packet> p, const Ipv4Header& header, Ipv4Address nextHop)
{
    Ipv4Header byNextHop = header;
    byNextHop.SetDestination(nextHop);
    Socket::SocketErrno error;
    auto route = GetWrapped()->RouteOutput(p, byNextHop, nullptr, error);
    if (route && nextHop != header.GetDestination())
    {
        route = Create<Ipv4Route>(*route);
        if (route->GetGateway().IsAny())
        {
            route->SetGateway(nextHop);
        }
    }
    return route;
}

void
LoadBalancerRouting::SendReset(const ResetSegment& segment)
{
    NS_LOG_FUNCTION(this);
    const auto source = segment.source.ToIpv4();
    const auto destination = segment.destination.ToIpv4();
    TcpHeader tcp;
    tcp.SetSourcePort(segment.sourcePort);
    tcp.SetDestinationPort(segment.destinationPort);
    tcp.SetSequenceNumber(SequenceNumber32(segment.sequence));
    tcp.SetAckNumber(SequenceNumber32(segment.withAck ? segment.acknowledgment : 0));
    tcp.SetFlags(segment.withAck ? TcpHeader::RST | TcpHeader::ACK : TcpHeader::RST);
    tcp.SetWindowSize(0);
    if (HasChecksums())
    {
        tcp.EnableChecksums();
        tcp.InitializeChecksum(source, destination, PacketView::TCP);
    }
    auto packet = Create<Packet>();
    packet->AddHeader(tcp);
    m_loadBalancer->m_resetSentTrace(segment);

    Ipv4Header header;
    header.SetSource(source);
    header.SetDestination(destination);
    header.SetProtocol(PacketView::TCP);
    if (auto route = RouteBy(packet, header, segment.nextHop.ToIpv4()))
    {
        m_ipv4->Send(packet, source, destination, PacketView::TCP, route);
    }
}

Ptr<Ipv4Route>
LoadBalancerRouting::RouteOutput(Ptr<Packet> p,
                                 const Ipv4Header& header,
                                 Ptr<NetDevice> oif,
                                 Socket::SocketErrno& sockerr)
{
    if (!oif && m_engine->IsFrontend(IpAddress::From(header.GetDestination())))
    {
        // The node's own traffic to a frontend: over the loopback, which gives it back.
        Ptr<NetDevice> device;
        auto source = header.GetSource();
        for (uint32_t i = 0; i < m_ipv4->GetNInterfaces(); i++)
        {
            auto candidate = m_ipv4->GetNetDevice(i);
            if (DynamicCast<LoopbackNetDevice>(candidate))
            {
                device = candidate;
            }
            else if ((source.Get() == 0 || source.Get() == 0x66666666) && candidate->GetChannel() &&
                     m_ipv4->IsUp(i) && m_ipv4->GetNAddresses(i) > 0)
            {
                source = m_ipv4->GetAddress(i, 0).GetLocal();
            }
        }
        if (device)
        {
            auto route = Create<Ipv4Route>();
            route->SetDestination(header.GetDestination());
            route->SetSource(source);
            route->SetGateway(Ipv4Address::GetAny());
            route->SetOutputDevice(device);
            sockerr = Socket::ERROR_NOTERROR;
            return route;
        }
    }
    return Ipv4RoutingHook::RouteOutput(p, header, oif, sockerr);
}

void
LoadBalancerRouting::DoDispose()
{
    if (m_loadBalancer)
    {
        m_loadBalancer->Dispose();
        m_loadBalancer = nullptr;
    }
    m_engine = nullptr;
    Ipv4RoutingHook::DoDispose();
}

} // namespace azure
} // namespace ns3
