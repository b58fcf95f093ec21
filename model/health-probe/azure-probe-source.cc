/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-source.h"

#include "azure-probe-source-routing.h"

#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/node-list.h"
#include "ns3/tcp-l4-protocol.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureProbeSource");
NS_OBJECT_ENSURE_REGISTERED(ProbeSource);

TypeId
ProbeSource::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::ProbeSource")
                            .SetParent<Object>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<ProbeSource>()
                            .AddTraceSource("Drop",
                                            "A packet was dropped, with the reason",
                                            MakeTraceSourceAccessor(&ProbeSource::m_drop),
                                            "ns3::azure::ProbeSource::DropTracedCallback");
    return tid;
}

ProbeSource::ProbeSource()
    : m_address(Ipv4Address::GetAny())
{
}

ProbeSource::~ProbeSource() = default;

Ipv4Address
ProbeSource::GetPlatformAddress()
{
    return Ipv4Address("168.63.129.16");
}

Ptr<ProbeSource>
ProbeSource::GetOrCreate(Ptr<Node> host, Ipv4Address address)
{
    auto ipv4 = host->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4 && ipv4->GetRoutingProtocol() && host->GetObject<TcpL4Protocol>(),
                        "Node " << host->GetId()
                                << " is to send health probes and has no IPv4, no routing or no "
                                   "TCP: install an internet stack on it");
    auto first = host->GetObject<ProbeSource>();
    Ptr<ProbeSource> last;
    for (auto source = first; source; source = source->m_further)
    {
        if (source->m_address == address)
        {
            return source;
        }
        last = source;
    }
    auto source = CreateObject<ProbeSource>();
    source->Install(host, address);
    if (last)
    {
        last->m_further = source;
    }
    else
    {
        host->AggregateObject(source);
    }
    return source;
}

void
ProbeSource::Install(Ptr<Node> host, Ipv4Address address)
{
    NS_LOG_FUNCTION(this << host->GetId() << address);
    m_host = host;
    m_address = address;
    if (address == Ipv4Address::GetAny())
    {
        return;
    }
    auto ipv4 = host->GetObject<Ipv4>();
    m_shared = ipv4->GetInterfaceForAddress(address) >= 0;
    m_device = CreateObject<VirtualNetDevice>();
    m_device->SetAddress(Mac48Address::Allocate());
    m_device->SetIsPointToPoint(false);
    // The hook sends everything through real devices.
    m_device->SetSendCallback(
        [](Ptr<Packet>, const Address&, const Address&, uint16_t) { return false; });
    host->AddDevice(m_device);
    const auto interface = ipv4->AddInterface(m_device);
    if (!m_shared)
    {
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
    }
    ipv4->SetForwarding(interface, false);
    ipv4->SetUp(interface);
    CreateObject<ProbeSourceRouting>(this)->Install(host);
}

Ipv4Address
ProbeSource::FindAddress(Ipv4Address target) const
{
    if (m_device)
    {
        return m_address;
    }
    Ipv4Header header;
    header.SetSource(Ipv4Address::GetAny());
    header.SetDestination(target);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    auto route = m_host->GetObject<Ipv4>()->GetRoutingProtocol()->RouteOutput(nullptr,
                                                                              header,
                                                                              nullptr,
                                                                              error);
    return route ? route->GetSource() : Ipv4Address::GetAny();
}

Ptr<HealthProber>
ProbeSource::AddProber(const std::string& name, Ipv4Address target, const ProbeSettings& settings)
{
    auto prober = CreateObject<HealthProber>();
    prober->Configure(name, m_host, m_device, FindAddress(target), target, settings);
    m_probers.push_back(prober);
    return prober;
}

void
ProbeSource::RemoveProber(Ptr<HealthProber> prober)
{
    auto it = std::find(m_probers.begin(), m_probers.end(), prober);
    if (it != m_probers.end())
    {
        prober->Stop();
        m_probers.erase(it);
    }
    else if (m_further)
    {
        m_further->RemoveProber(prober);
    }
}

const std::vector<Ptr<HealthProber>>&
ProbeSource::GetProbers() const
{
    return m_probers;
}

Ipv4Address
ProbeSource::GetAddress() const
{
    return m_address;
}

Ptr<NetDevice>
ProbeSource::GetDevice() const
{
    return m_device;
}

Ptr<Node>
ProbeSource::GetHost() const
{
    return m_host;
}

void
ProbeSource::DoDispose()
{
    for (const auto& prober : m_probers)
    {
        prober->Dispose();
    }
    m_probers.clear();
    if (m_further)
    {
        m_further->Dispose(); // and kept, as its hook knows it
    }
    m_device = nullptr;
    m_host = nullptr;
    Object::DoDispose();
}

} // namespace azure
} // namespace ns3
