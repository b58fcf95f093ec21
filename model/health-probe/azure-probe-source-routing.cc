/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-source-routing.h"

#include "azure-probe-source.h"

#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureProbeSourceRouting");
NS_OBJECT_ENSURE_REGISTERED(ProbeSourceRouting);

TypeId
ProbeSourceRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::ProbeSourceRouting")
                            .SetParent<Ipv4RoutingHook>()
                            .SetGroupName("AzureLoadBalancing");
    return tid;
}

ProbeSourceRouting::ProbeSourceRouting(ProbeSource* source)
    : m_source(source)
{
}

Ptr<Ipv4Route>
ProbeSourceRouting::RouteOutput(Ptr<Packet> p,
                                const Ipv4Header& header,
                                Ptr<NetDevice> oif,
                                Socket::SocketErrno& sockerr)
{
    if (!oif || !m_source || oif != m_source->m_device)
    {
        return Ipv4RoutingHook::RouteOutput(p, header, oif, sockerr);
    }
    auto real = Ipv4RoutingHook::RouteOutput(p, header, nullptr, sockerr);
    if (!real)
    {
        return nullptr;
    }
    auto route = Create<Ipv4Route>(*real);
    route->SetSource(m_source->m_address);
    return route;
}

bool
ProbeSourceRouting::RouteInput(Ptr<const Packet> p,
                               const Ipv4Header& header,
                               Ptr<const NetDevice> idev,
                               const UnicastForwardCallback& ucb,
                               const MulticastForwardCallback& mcb,
                               const LocalDeliverCallback& lcb,
                               const ErrorCallback& ecb)
{
    if (m_source && header.GetDestination() == m_source->m_address)
    {
        lcb(p, header, m_ipv4->GetInterfaceForDevice(m_source->m_device));
        return true;
    }
    if (m_source && header.GetSource() == m_source->m_address && !m_source->m_shared)
    {
        NS_LOG_LOGIC("Dropped a packet with the platform's address as its source");
        m_source->m_drop(header, p, ProbeSource::DROP_SPOOFED);
        return true;
    }
    return Ipv4RoutingHook::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
}

void
ProbeSourceRouting::DoDispose()
{
    m_source = nullptr;
    Ipv4RoutingHook::DoDispose();
}

} // namespace azure
} // namespace ns3
