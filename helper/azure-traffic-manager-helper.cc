/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-helper.h"

#include "ns3/abort.h"
#include "ns3/azure-dns-server.h"
#include "ns3/azure-load-balancer-net-device.h"
#include "ns3/azure-traffic-manager-zone.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node-list.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-l4-protocol.h"

#include <set>
#include <sstream>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureTrafficManagerHelper");

namespace
{

/// Tag of the addresses that probes come from (HP-49).
constexpr const char* TAG = "AzureTrafficManager";

/**
 * @param node a node
 * @return its addresses besides the loopback's
 */
std::vector<Ipv4Address>
GetAddresses(Ptr<Node> node)
{
    std::vector<Ipv4Address> addresses;
    const auto ipv4 = node->GetObject<Ipv4>();
    for (uint32_t i = 0; ipv4 && i < ipv4->GetNInterfaces(); ++i)
    {
        if (DynamicCast<LoopbackNetDevice>(ipv4->GetNetDevice(i)))
        {
            continue;
        }
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i); ++j)
        {
            addresses.push_back(ipv4->GetAddress(i, j).GetLocal());
        }
    }
    return addresses;
}

/**
 * @param node a node
 * @return its name server; null if it has none
 */
Ptr<DnsServer>
FindServer(Ptr<Node> node)
{
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        if (const auto server = DynamicCast<DnsServer>(node->GetApplication(i)))
        {
            return server;
        }
    }
    return nullptr;
}

/**
 * @brief Give a node an address that global routing advertises.
 * @param node the node
 * @param address the address
 */
void
AddAddress(Ptr<Node> node, Ipv4Address address)
{
    const auto ipv4 = node->GetObject<Ipv4>();
    if (ipv4->GetInterfaceForAddress(address) >= 0)
    {
        return;
    }
    auto device = CreateObject<LoadBalancerNetDevice>();
    node->AddDevice(device);
    const auto interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
}

} // namespace

TrafficManagerHelper::TrafficManagerHelper()
    : m_tags(ServiceTags::MakeAzure())
{
    m_factory.SetTypeId(TrafficManager::GetTypeId());
    m_monitorFactory.SetTypeId(EndpointMonitor::GetTypeId());
    m_serverFactory.SetTypeId(DnsServer::GetTypeId());
}

void
TrafficManagerHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

void
TrafficManagerHelper::SetMonitorAttribute(const std::string& name, const AttributeValue& value)
{
    m_monitorFactory.Set(name, value);
}

void
TrafficManagerHelper::SetServerAttribute(const std::string& name, const AttributeValue& value)
{
    m_serverFactory.Set(name, value);
}

void
TrafficManagerHelper::SetServiceTags(const ServiceTags& tags)
{
    m_tags = tags;
}

void
TrafficManagerHelper::SetResolve(EndpointMonitor::ResolveFunction resolve)
{
    m_resolve = std::move(resolve);
}

void
TrafficManagerHelper::SetSettings(const TrafficManagerSettings& settings)
{
    m_settings = settings;
}

NodeContainer
TrafficManagerHelper::CreatePlaces(const NodeContainer& routers,
                                   Ipv4AddressHelper& addresses,
                                   Time delay)
{
    NodeContainer places(routers.GetN());
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(places);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    link.SetChannelAttribute("Delay", TimeValue(delay));
    for (uint32_t i = 0; i < routers.GetN(); ++i)
    {
        addresses.Assign(link.Install(places.Get(i), routers.Get(i)));
        addresses.NewNetwork();
    }
    return places;
}

std::vector<Ipv4Address>
TrafficManagerHelper::ChooseSources(const NodeContainer& places) const
{
    const auto* tag = m_tags.Find(TAG);
    if (!tag)
    {
        return std::vector<Ipv4Address>(places.GetN(), Ipv4Address::GetAny());
    }
    std::set<Ipv4Address> taken;
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        const auto addresses = GetAddresses(*node);
        taken.insert(addresses.begin(), addresses.end());
    }
    const auto offers = m_tags.ChooseIpv4(TAG, static_cast<uint32_t>(taken.size()) + places.GetN());
    auto offer = offers.begin();
    std::vector<Ipv4Address> sources;
    for (auto place = places.Begin(); place != places.End(); ++place)
    {
        const auto own = GetAddresses(*place);
        const auto known = std::find_if(own.begin(), own.end(), [&](Ipv4Address address) {
            return std::any_of(
                tag->addressPrefixes.begin(),
                tag->addressPrefixes.end(),
                [&](const IpRange& range) { return range.Contains(IpAddress::From(address)); });
        });
        if (known != own.end())
        {
            sources.push_back(*known);
            continue;
        }
        while (offer != offers.end() && !taken.insert(offer->ToIpv4()).second)
        {
            ++offer;
        }
        if (offer == offers.end())
        {
            break;
        }
        sources.push_back(offer->ToIpv4());
    }
    return sources;
}

std::vector<ConfigurationError>
TrafficManagerHelper::Check(const NodeContainer& nameServers,
                            const NodeContainer& places,
                            const std::vector<TrafficManagerConfiguration>& profiles,
                            std::shared_ptr<const TrafficManagerWorld> world) const
{
    std::vector<ConfigurationError> errors;
    const auto add = [&](const std::string& message) { errors.push_back({"", message}); };
    if (!world)
    {
        add("there is no world; give one, with RegionTable::MakeAzure() for example");
        return errors;
    }
    errors = TrafficManagerConfiguration::ValidateAll(profiles, world->regions);
    if (nameServers.GetN() == 0)
    {
        add("there is no name server; give it one node or more");
    }
    std::set<uint32_t> seen;
    for (auto node = nameServers.Begin(); node != nameServers.End(); ++node)
    {
        const auto name = "node " + std::to_string((*node)->GetId());
        if (GetAddresses(*node).empty())
        {
            add(name + " has no IPv4 address; a name server needs one");
        }
        if (!seen.insert((*node)->GetId()).second)
        {
            add(name + " is given twice as a name server");
        }
    }
    seen.clear();
    for (auto node = places.Begin(); node != places.End(); ++node)
    {
        const auto name = "node " + std::to_string((*node)->GetId());
        const auto ipv4 = (*node)->GetObject<Ipv4>();
        if (!ipv4 || !ipv4->GetRoutingProtocol() || !(*node)->GetObject<TcpL4Protocol>())
        {
            add(name + " is to probe and has no IPv4, no routing or no TCP; install an internet "
                       "stack on it");
        }
        if (!seen.insert((*node)->GetId()).second)
        {
            add(name + " is given twice as a place; each place needs a node of its own");
        }
    }
    if (errors.empty() && ChooseSources(places).size() < places.GetN())
    {
        add("the tag AzureTrafficManager has too few addresses for " +
            std::to_string(places.GetN()) + " places");
    }
    return errors;
}

Ptr<TrafficManager>
TrafficManagerHelper::Install(const NodeContainer& nameServers,
                              const NodeContainer& places,
                              const std::vector<TrafficManagerConfiguration>& profiles,
                              std::shared_ptr<const TrafficManagerWorld> world) const
{
    NS_LOG_FUNCTION(this);
    const auto errors = Check(nameServers, places, profiles, world);
    if (!errors.empty())
    {
        std::ostringstream text;
        text << "Traffic Manager cannot be installed:";
        for (const auto& error : errors)
        {
            text << "\n  " << error.path << (error.path.empty() ? "" : ": ") << error.message;
        }
        NS_FATAL_ERROR(text.str());
    }
    auto manager = m_factory.Create<TrafficManager>();
    manager->SetProfiles(profiles, world, m_settings);
    for (auto node = nameServers.Begin(); node != nameServers.End(); ++node)
    {
        manager->AddNameServer(GetAddresses(*node).front());
        auto server = FindServer(*node);
        if (!server)
        {
            server = m_serverFactory.Create<DnsServer>();
            (*node)->AddApplication(server);
        }
        for (const auto& origin : manager->GetOrigins())
        {
            server->AddZone(std::make_shared<TrafficManagerZone>(manager, origin));
        }
    }
    const auto sources = ChooseSources(places);
    for (uint32_t i = 0; i < places.GetN(); ++i)
    {
        if (sources[i] != Ipv4Address::GetAny())
        {
            AddAddress(places.Get(i), sources[i]);
        }
        auto monitor = m_monitorFactory.Create<EndpointMonitor>();
        monitor->Install(places.Get(i), sources[i], "place-" + std::to_string(i));
        monitor->SetResolve(m_resolve);
        manager->AddMonitor(monitor);
    }
    Simulator::ScheduleDestroy(&TrafficManager::Dispose, manager);
    return manager;
}

uint32_t
TrafficManagerHelper::Delegate(DnsStaticZone& parent, Ptr<TrafficManager> manager)
{
    uint32_t count = 0;
    for (const auto& origin : manager->GetOrigins())
    {
        if (!origin.IsBelow(parent.GetOrigin()))
        {
            continue;
        }
        for (const auto& record : manager->GetDelegation(origin))
        {
            const auto error = parent.Add(record);
            NS_ABORT_MSG_UNLESS(error.empty(),
                                "Zone " << parent.GetOrigin() << " cannot hold " << record.ToText()
                                        << ": " << error);
            ++count;
        }
    }
    return count;
}

int64_t
TrafficManagerHelper::AssignStreams(Ptr<TrafficManager> manager, int64_t stream) const
{
    return manager->AssignStreams(stream);
}

} // namespace azure
} // namespace ns3
