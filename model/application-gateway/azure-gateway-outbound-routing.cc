/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-outbound-routing.h"

#include "ns3/azure-packet-rewriter.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(GatewayOutboundRouting);

namespace
{

constexpr uint8_t TCP = 6;  //!< IP protocol number
constexpr uint8_t UDP = 17; //!< IP protocol number

/// Ports below are not taken for flows that have another one.
constexpr uint32_t FIRST_PORT = 1024;

/// Number of ports from there on.
constexpr uint32_t PORTS = 65536 - FIRST_PORT;

/// A block of addresses that the internet does not route.
struct Block
{
    uint32_t address; //!< first address
    uint32_t mask;    //!< mask
};

/// RFC 1918, RFC 6598, RFC 3927, loopback, this host; and the platform's address (HP-9).
constexpr Block PRIVATE[] = {{0x0a000000, 0xff000000},
                             {0xac100000, 0xfff00000},
                             {0xc0a80000, 0xffff0000},
                             {0x64400000, 0xffc00000},
                             {0xa9fe0000, 0xffff0000},
                             {0x7f000000, 0xff000000},
                             {0x00000000, 0xff000000},
                             {0xe0000000, 0xe0000000},
                             {0xa83f8110, 0xffffffff}};

} // namespace

TypeId
GatewayOutboundRouting::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::GatewayOutboundRouting")
            .SetParent<Ipv4RoutingHook>()
            .SetGroupName("AzureLoadBalancing")
            .AddConstructor<GatewayOutboundRouting>()
            .AddAttribute(
                "IdleTimeout",
                "Time without a packet after which a flow to a public server is forgotten",
                TimeValue(Minutes(4)),
                MakeTimeAccessor(&GatewayOutboundRouting::m_idleTimeout),
                MakeTimeChecker(Seconds(1)))
            .AddTraceSource("Drop",
                            "A packet was dropped, with the reason",
                            MakeTraceSourceAccessor(&GatewayOutboundRouting::m_drop),
                            "ns3::azure::GatewayOutboundRouting::DropTracedCallback");
    return tid;
}

void
GatewayOutboundRouting::SetAddresses(Ipv4Address address,
                                     const std::set<uint16_t>& ports,
                                     const std::vector<Ipv4Address>& instances)
{
    m_address = address.Get();
    m_reserved = ports;
    m_instances.clear();
    for (const auto& instance : instances)
    {
        m_instances.insert(instance.Get());
    }
}

void
GatewayOutboundRouting::AddInside(Ipv4Address address)
{
    m_inside.insert(address.Get());
}

std::size_t
GatewayOutboundRouting::GetFlowCount() const
{
    return m_in.size();
}

uint64_t
GatewayOutboundRouting::GetDropCount(const std::string& reason) const
{
    const auto found = m_drops.find(reason);
    return found == m_drops.end() ? 0 : found->second;
}

bool
GatewayOutboundRouting::IsPublic(Ipv4Address address) const
{
    const auto bits = address.Get();
    return m_inside.count(bits) == 0 &&
           std::none_of(std::begin(PRIVATE), std::end(PRIVATE), [bits](const Block& block) {
               return (bits & block.mask) == block.address;
           });
}

uint16_t
GatewayOutboundRouting::FindPort(uint8_t protocol,
                                 uint32_t instance,
                                 uint16_t port,
                                 uint32_t server,
                                 uint16_t serverPort)
{
    const auto now = Simulator::Now();
    const OutKey key{protocol, server, serverPort, instance, port};
    if (const auto known = m_out.find(key); known != m_out.end())
    {
        m_in[{protocol, server, serverPort, known->second}].last = now;
        return known->second;
    }
    if (m_in.size() >= m_sweepAt)
    {
        Sweep();
    }
    uint32_t candidate = port;
    for (uint32_t tried = 0; tried <= PORTS; ++tried)
    {
        const InKey inbound{protocol, server, serverPort, static_cast<uint16_t>(candidate)};
        auto owner = m_in.find(inbound);
        if (owner != m_in.end() && owner->second.last + m_idleTimeout < now)
        {
            m_out.erase(
                {protocol, server, serverPort, owner->second.instance, owner->second.instancePort});
            m_in.erase(owner);
            owner = m_in.end();
        }
        if (owner == m_in.end() && m_reserved.count(static_cast<uint16_t>(candidate)) == 0)
        {
            m_in[inbound] = {instance, port, now};
            m_out[key] = static_cast<uint16_t>(candidate);
            return static_cast<uint16_t>(candidate);
        }
        candidate = candidate < FIRST_PORT || candidate == 65535 ? FIRST_PORT : candidate + 1;
    }
    return 0;
}

void
GatewayOutboundRouting::Sweep()
{
    const auto now = Simulator::Now();
    for (auto flow = m_in.begin(); flow != m_in.end();)
    {
        if (flow->second.last + m_idleTimeout < now)
        {
            const auto& [protocol, server, serverPort, port] = flow->first;
            m_out.erase(
                {protocol, server, serverPort, flow->second.instance, flow->second.instancePort});
            flow = m_in.erase(flow);
        }
        else
        {
            ++flow;
        }
    }
    m_sweepAt = std::max<std::size_t>(1024, 2 * m_in.size()); // costs little for each flow
}

bool
GatewayOutboundRouting::Drop(const Ptr<const Packet>& p,
                             const Ipv4Header& header,
                             const std::string& reason,
                             const ErrorCallback& ecb)
{
    ++m_drops[reason];
    m_drop(header, p, reason);
    ecb(p, header, Socket::ERROR_NOROUTETOHOST);
    return true;
}

bool
GatewayOutboundRouting::RouteInput(Ptr<const Packet> p,
                                   const Ipv4Header& header,
                                   Ptr<const NetDevice> idev,
                                   const UnicastForwardCallback& ucb,
                                   const MulticastForwardCallback& mcb,
                                   const LocalDeliverCallback& lcb,
                                   const ErrorCallback& ecb)
{
    const auto protocol = header.GetProtocol();
    const auto source = header.GetSource().Get();
    const auto destination = header.GetDestination().Get();
    const bool leaves = m_instances.count(source) > 0 && destination != m_address &&
                        IsPublic(header.GetDestination());
    uint8_t bytes[4]{};
    if ((protocol != TCP && protocol != UDP) || (!leaves && destination != m_address) ||
        (header.GetFragmentOffset() == 0 && p->CopyData(bytes, sizeof(bytes)) < sizeof(bytes)))
    {
        return Ipv4RoutingHook::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
    }
    if (leaves && (header.GetFragmentOffset() != 0 || !header.IsLastFragment()))
    {
        return Drop(p, header, DROP_FRAGMENT, ecb);
    }
    const auto sourcePort = static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
    const auto destinationPort = static_cast<uint16_t>(bytes[2] << 8 | bytes[3]);
    const TransportAddresses before{source, destination, sourcePort, destinationPort};
    auto after = before;
    if (leaves)
    {
        after.source = m_address;
        after.sourcePort = FindPort(protocol, source, sourcePort, destination, destinationPort);
        if (after.sourcePort == 0)
        {
            return Drop(p, header, DROP_NO_PORT, ecb);
        }
    }
    else
    {
        const auto found = header.GetFragmentOffset() != 0
                               ? m_in.end()
                               : m_in.find({protocol, source, sourcePort, destinationPort});
        if (found == m_in.end() || found->second.last + m_idleTimeout < Simulator::Now())
        {
            return Ipv4RoutingHook::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
        }
        found->second.last = Simulator::Now();
        after.destination = found->second.instance;
        after.destinationPort = found->second.instancePort;
    }
    Ptr<const Packet> sent = p;
    if (PacketRewriter::IsNeeded(before, after, Node::ChecksumEnabled()))
    {
        sent = PacketRewriter::Translate(p, protocol, before, after, Node::ChecksumEnabled());
        if (!sent)
        {
            return Ipv4RoutingHook::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
        }
    }
    auto translated = header;
    translated.SetSource(Ipv4Address(after.source));
    translated.SetDestination(Ipv4Address(after.destination));
    return Ipv4RoutingHook::RouteInput(sent, translated, idev, ucb, mcb, lcb, ecb);
}

} // namespace azure
} // namespace ns3
