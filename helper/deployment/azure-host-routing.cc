/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-host-routing.h"

#include "ns3/ipv4-route.h"
#include "ns3/log.h"
#include "ns3/output-stream-wrapper.h"

#include <algorithm>
#include <vector>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureHostRouting");
NS_OBJECT_ENSURE_REGISTERED(HostRouting);

TypeId
HostRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::HostRouting")
                            .SetParent<Ipv4RoutingProtocol>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<HostRouting>();
    return tid;
}

void
HostRouting::AddHostRoute(Ipv4Address destination, uint32_t interface, Ipv4Address gateway)
{
    NS_LOG_FUNCTION(this << destination << interface << gateway);
    m_hosts[destination.Get()] = Hop{interface, gateway};
}

void
HostRouting::AddOwnPrefix(Ipv4Address network, Ipv4Mask mask)
{
    NS_LOG_FUNCTION(this << network << mask);
    m_prefixes.emplace_back(network, mask);
}

bool
HostRouting::IsOwn(Ipv4Address destination) const
{
    return std::any_of(m_prefixes.begin(), m_prefixes.end(), [&](const auto& prefix) {
        return prefix.second.IsMatch(prefix.first, destination);
    });
}

std::size_t
HostRouting::GetNHostRoutes() const
{
    return m_hosts.size();
}

Ptr<Ipv4Route>
HostRouting::Lookup(Ipv4Address destination) const
{
    const auto found = m_hosts.find(destination.Get());
    if (found == m_hosts.end() || !m_ipv4->IsUp(found->second.interface))
    {
        return nullptr;
    }
    const auto& hop = found->second;
    auto route = Create<Ipv4Route>();
    route->SetDestination(destination);
    route->SetGateway(hop.gateway);
    route->SetOutputDevice(m_ipv4->GetNetDevice(hop.interface));
    route->SetSource(m_ipv4->GetNAddresses(hop.interface) > 0
                         ? m_ipv4->GetAddress(hop.interface, 0).GetLocal()
                         : Ipv4Address::GetAny());
    return route;
}

Ptr<Ipv4Route>
HostRouting::RouteOutput(Ptr<Packet> p,
                         const Ipv4Header& header,
                         Ptr<NetDevice> oif,
                         Socket::SocketErrno& sockerr)
{
    NS_LOG_FUNCTION(this << p << header << oif);
    auto route = Lookup(header.GetDestination());
    if (!route || (oif && oif != route->GetOutputDevice()))
    {
        sockerr = Socket::ERROR_NOROUTETOHOST;
        return nullptr;
    }
    sockerr = Socket::ERROR_NOTERROR;
    return route;
}

bool
HostRouting::RouteInput(Ptr<const Packet> p,
                        const Ipv4Header& header,
                        Ptr<const NetDevice> idev,
                        const UnicastForwardCallback& ucb,
                        const MulticastForwardCallback& /* mcb */,
                        const LocalDeliverCallback& /* lcb */,
                        const ErrorCallback& ecb)
{
    NS_LOG_FUNCTION(this << p << header << idev);
    auto route = Lookup(header.GetDestination());
    if (!route && !IsOwn(header.GetDestination()))
    {
        return false;
    }
    if (!route || !m_ipv4->IsForwarding(m_ipv4->GetInterfaceForDevice(idev)))
    {
        ecb(p, header, Socket::ERROR_NOROUTETOHOST);
        return true;
    }
    ucb(route, p, header);
    return true;
}

void
HostRouting::NotifyInterfaceUp(uint32_t interface)
{
    NS_LOG_FUNCTION(this << interface);
}

void
HostRouting::NotifyInterfaceDown(uint32_t interface)
{
    NS_LOG_FUNCTION(this << interface);
}

void
HostRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    NS_LOG_FUNCTION(this << interface << address);
}

void
HostRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    NS_LOG_FUNCTION(this << interface << address);
}

void
HostRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    NS_LOG_FUNCTION(this << ipv4);
    m_ipv4 = ipv4;
}

void
HostRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit /* unit */) const
{
    std::vector<uint32_t> addresses;
    for (const auto& [address, hop] : m_hosts)
    {
        addresses.push_back(address);
    }
    std::sort(addresses.begin(), addresses.end());
    auto& os = *stream->GetStream();
    os << "Host routes\n";
    for (const auto address : addresses)
    {
        const auto& hop = m_hosts.at(address);
        os << Ipv4Address(address) << " via " << hop.gateway << " interface "
           << hop.interface << "\n";
    }
}

void
HostRouting::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_ipv4 = nullptr;
    Ipv4RoutingProtocol::DoDispose();
}

} // namespace azure
} // namespace ns3
