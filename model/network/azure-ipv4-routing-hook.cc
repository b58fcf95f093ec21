/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-ipv4-routing-hook.h"

#include "ns3/ipv4.h"
#include "ns3/log.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureIpv4RoutingHook");
NS_OBJECT_ENSURE_REGISTERED(Ipv4RoutingHook);

TypeId
Ipv4RoutingHook::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::Ipv4RoutingHook")
                            .SetParent<Ipv4ListRouting>()
                            .SetGroupName("AzureLoadBalancing");
    return tid;
}

void
Ipv4RoutingHook::Install(Ptr<Node> node)
{
    NS_LOG_FUNCTION(this << node);
    auto ipv4 = node->GetObject<Ipv4>();
    NS_ASSERT_MSG(ipv4, "Node " << node->GetId() << " has no IPv4 stack");
    m_wrapped = ipv4->GetRoutingProtocol();
    NS_ASSERT_MSG(m_wrapped, "Node " << node->GetId() << " has no routing protocol");
    if (m_wrapped->GetInstanceTypeId() == Ipv4ListRouting::GetTypeId())
    {
        m_list = DynamicCast<Ipv4ListRouting>(m_wrapped);
    }
    ipv4->SetRoutingProtocol(this);
}

std::vector<Ptr<Ipv4RoutingHook>>
Ipv4RoutingHook::GetHooks(Ptr<Ipv4RoutingProtocol> routing)
{
    std::vector<Ptr<Ipv4RoutingHook>> hooks;
    for (auto hook = DynamicCast<Ipv4RoutingHook>(routing); hook;
         hook = DynamicCast<Ipv4RoutingHook>(hook->m_wrapped))
    {
        hooks.push_back(hook);
    }
    return hooks;
}

Ptr<Ipv4RoutingProtocol>
Ipv4RoutingHook::GetWrapped() const
{
    return m_wrapped;
}

void
Ipv4RoutingHook::AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority)
{
    auto list = DynamicCast<Ipv4ListRouting>(m_wrapped);
    NS_ABORT_MSG_UNLESS(list,
                        "The routing protocol of this node, "
                            << m_wrapped->GetInstanceTypeId().GetName()
                            << ", is not a list: add protocols before installing a load balancer");
    list->AddRoutingProtocol(routingProtocol, priority);
}

uint32_t
Ipv4RoutingHook::GetNRoutingProtocols() const
{
    if (!m_wrapped)
    {
        return 0;
    }
    auto list = DynamicCast<Ipv4ListRouting>(m_wrapped);
    return list ? list->GetNRoutingProtocols() : 1;
}

Ptr<Ipv4RoutingProtocol>
Ipv4RoutingHook::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (auto list = DynamicCast<Ipv4ListRouting>(m_wrapped))
    {
        return list->GetRoutingProtocol(index, priority);
    }
    priority = 0;
    return m_wrapped;
}

Ptr<Ipv4Route>
Ipv4RoutingHook::RouteOutput(Ptr<Packet> p,
                             const Ipv4Header& header,
                             Ptr<NetDevice> oif,
                             Socket::SocketErrno& sockerr)
{
    return m_wrapped->RouteOutput(p, header, oif, sockerr);
}

bool
Ipv4RoutingHook::RouteInput(Ptr<const Packet> p,
                            const Ipv4Header& header,
                            Ptr<const NetDevice> idev,
                            const UnicastForwardCallback& ucb,
                            const MulticastForwardCallback& mcb,
                            const LocalDeliverCallback& lcb,
                            const ErrorCallback& ecb)
{
    return m_wrapped->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
}

bool
Ipv4RoutingHook::RouteOnward(const Ptr<const Packet>& p,
                             const Ipv4Header& header,
                             const Ptr<const NetDevice>& idev,
                             const UnicastForwardCallback& ucb,
                             const MulticastForwardCallback& mcb,
                             const LocalDeliverCallback& lcb,
                             const ErrorCallback& ecb)
{
    if (!m_list)
    {
        return m_wrapped->RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
    }
    // A list only ever grows.
    if (const uint32_t size = PeekPointer(m_list)->GetNRoutingProtocols(); size != m_members.size())
    {
        m_members.clear();
        for (uint32_t i = 0; i < size; i++)
        {
            int16_t priority;
            m_members.push_back(PeekPointer(m_list->GetRoutingProtocol(i, priority)));
        }
    }
    for (auto* member : m_members)
    {
        if (member->RouteInput(p, header, idev, ucb, mcb, lcb, ecb))
        {
            return true;
        }
    }
    return false;
}

void
Ipv4RoutingHook::NotifyInterfaceUp(uint32_t interface)
{
    m_wrapped->NotifyInterfaceUp(interface);
}

void
Ipv4RoutingHook::NotifyInterfaceDown(uint32_t interface)
{
    m_wrapped->NotifyInterfaceDown(interface);
}

void
Ipv4RoutingHook::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_wrapped->NotifyAddAddress(interface, address);
}

void
Ipv4RoutingHook::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_wrapped->NotifyRemoveAddress(interface, address);
}

void
Ipv4RoutingHook::SetIpv4(Ptr<Ipv4> ipv4)
{
    // The wrapped protocol stays attached: attaching it twice would assert.
    m_ipv4 = ipv4;
}

void
Ipv4RoutingHook::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    m_wrapped->PrintRoutingTable(stream, unit);
}

void
Ipv4RoutingHook::DoInitialize()
{
    m_wrapped->Initialize();
    Ipv4ListRouting::DoInitialize();
}

void
Ipv4RoutingHook::DoDispose()
{
    NS_LOG_FUNCTION(this);
    if (m_wrapped)
    {
        m_wrapped->Dispose();
        m_wrapped = nullptr;
    }
    m_list = nullptr;
    m_members.clear();
    m_ipv4 = nullptr;
    Ipv4ListRouting::DoDispose();
}

} // namespace azure
} // namespace ns3
