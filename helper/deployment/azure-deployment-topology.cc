/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-topology.h"

#include "azure-host-routing.h"

#include "ns3/abort.h"
#include "ns3/azure-named-items.h"
#include "ns3/boolean.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/string.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureDeploymentTopology");
NS_OBJECT_ENSURE_REGISTERED(DeploymentTopology);

namespace
{

/** First address of links between routers, 100.64.0.0/11 (RFC 6598). */
constexpr uint32_t ROUTER_LINKS = 0x64400000;

/** First address of clients in the internet, 198.18.0.0/15 (RFC 2544). */
constexpr uint32_t INTERNET_CLIENTS = 0xc6120000;

/** Host routes are asked before static ones, which know only prefixes and the default. */
constexpr int16_t HOST_ROUTING_PRIORITY = 10;

/**
 * @param bits the prefix length
 * @return the mask, in host order
 */
uint32_t
MaskBits(uint8_t bits)
{
    return bits == 0 ? 0 : ~uint32_t(0) << (32 - bits);
}

/**
 * @param node a node
 * @param device one of its devices
 * @param addresses addresses without a network of their own
 * @return index of the interface, which is up
 */
uint32_t
AddInterface(Ptr<Node> node, Ptr<NetDevice> device, const std::vector<Ipv4Address>& addresses)
{
    auto ipv4 = node->GetObject<Ipv4>();
    const auto interface = ipv4->AddInterface(device);
    for (const auto& address : addresses)
    {
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
    }
    ipv4->SetUp(interface);
    return interface;
}

/**
 * @param nodes some nodes
 * @return the same, in order
 */
std::vector<const EdgeNode*>
ToPointers(const std::vector<std::unique_ptr<EdgeNode>>& nodes)
{
    std::vector<const EdgeNode*> pointers;
    for (const auto& node : nodes)
    {
        pointers.push_back(node.get());
    }
    return pointers;
}

} // namespace

TypeId
DeploymentTopology::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::DeploymentTopology")
            .SetParent<Object>()
            .SetGroupName("AzureLoadBalancing")
            .AddConstructor<DeploymentTopology>()
            .AddAttribute("InternetRate",
                          "Rate of the link between the internet's router and a region's edge.",
                          DataRateValue(DataRate("100Gbps")),
                          MakeDataRateAccessor(&DeploymentTopology::m_internetRate),
                          MakeDataRateChecker())
            .AddAttribute("InternetDelay",
                          "One-way delay between the internet's router and a region's edge.",
                          TimeValue(MilliSeconds(5)),
                          MakeTimeAccessor(&DeploymentTopology::m_internetDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ClientRate",
                          "Rate of the link of a client in the internet.",
                          DataRateValue(DataRate("1Gbps")),
                          MakeDataRateAccessor(&DeploymentTopology::m_clientRate),
                          MakeDataRateChecker())
            .AddAttribute("ClientDelay",
                          "One-way delay of the link of a client in the internet.",
                          TimeValue(MilliSeconds(5)),
                          MakeTimeAccessor(&DeploymentTopology::m_clientDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("NetworkRate",
                          "Rate of the link between a region's edge and a virtual network.",
                          DataRateValue(DataRate("100Gbps")),
                          MakeDataRateAccessor(&DeploymentTopology::m_networkRate),
                          MakeDataRateChecker())
            .AddAttribute("NetworkDelay",
                          "One-way delay between a region's edge and a virtual network.",
                          TimeValue(MicroSeconds(200)),
                          MakeTimeAccessor(&DeploymentTopology::m_networkDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("InterfaceRate",
                          "Rate of the link of a network interface, and of a client inside.",
                          DataRateValue(DataRate("10Gbps")),
                          MakeDataRateAccessor(&DeploymentTopology::m_interfaceRate),
                          MakeDataRateChecker())
            .AddAttribute("InterfaceDelay",
                          "One-way delay of the link of a network interface.",
                          TimeValue(MicroSeconds(50)),
                          MakeTimeAccessor(&DeploymentTopology::m_interfaceDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("UnknownRegionDelay",
                          "One-way delay between two regions of which no round-trip time is known: "
                          "half the median of those that are.",
                          TimeValue(MilliSeconds(72)),
                          MakeTimeAccessor(&DeploymentTopology::m_unknownRegionDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("QueueSize",
                          "Size of the queue of every device, in packets or bytes.",
                          StringValue("1000p"),
                          MakeStringAccessor(&DeploymentTopology::m_queueSize),
                          MakeStringChecker());
    return tid;
}

Ptr<Ipv4StaticRouting>
DeploymentTopology::GetStaticRouting(Ptr<Node> node)
{
    return Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
}

Ptr<HostRouting>
DeploymentTopology::GetHostRouting(Ptr<Node> node)
{
    return Ipv4RoutingHelper::GetRouting<HostRouting>(
        node->GetObject<Ipv4>()->GetRoutingProtocol());
}

Ptr<Node>
DeploymentTopology::MakeRouter() const
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    Ipv4ListRoutingHelper list;
    list.Add(Ipv4StaticRoutingHelper(), 0);
    stack.SetRoutingHelper(list);
    stack.Install(node);
    auto ipv4 = node->GetObject<Ipv4>();
    // Otherwise every packet is compared with the addresses of every interface.
    ipv4->SetAttribute("StrongEndSystemModel", BooleanValue(true));
    DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol())
        ->AddRoutingProtocol(CreateObject<HostRouting>(), HOST_ROUTING_PRIORITY);
    return node;
}

std::pair<DeploymentTopology::Port, DeploymentTopology::Port>
DeploymentTopology::Connect(Ptr<Node> outer, Ptr<Node> inner, DataRate rate, Time delay)
{
    const auto ports = Link(outer, inner, rate, delay);
    GetStaticRouting(inner)->SetDefaultRoute(ports.first.address, ports.second.interface);
    return ports;
}

std::pair<DeploymentTopology::Port, DeploymentTopology::Port>
DeploymentTopology::Link(Ptr<Node> one, Ptr<Node> other, DataRate rate, Time delay)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(rate));
    link.SetChannelAttribute("Delay", TimeValue(delay));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue(m_queueSize));
    const auto devices = link.Install(one, other);
    const Ipv4Address first(ROUTER_LINKS + 2 * m_links);
    const Ipv4Address second(ROUTER_LINKS + 2 * m_links + 1);
    ++m_links;
    return {{AddInterface(one, devices.Get(0), {first}), first, second},
            {AddInterface(other, devices.Get(1), {second}), second, first}};
}

EdgeNode
DeploymentTopology::Attach(const std::string& name,
                           Ptr<Node> router,
                           Ipv4Address gateway,
                           const std::vector<Ipv4Address>& addresses,
                           DataRate rate,
                           Time delay) const
{
    auto node = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
    stack.Install(node);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(rate));
    link.SetChannelAttribute("Delay", TimeValue(delay));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue(m_queueSize));
    const auto devices = link.Install(router, node);
    const auto port = AddInterface(router, devices.Get(0), {gateway});
    const auto interface = AddInterface(node, devices.Get(1), addresses);
    GetStaticRouting(node)->SetDefaultRoute(gateway, interface);
    for (const auto& address : addresses)
    {
        GetHostRouting(router)->AddHostRoute(address, port, address);
    }
    return {name, node, devices.Get(1), devices.Get(0), addresses.front(), gateway};
}

Ptr<Node>
DeploymentTopology::MakeEdge(const std::string& region)
{
    auto& edge = m_edges[region];
    if (!edge)
    {
        edge = MakeRouter();
        m_regionPorts[region] = Connect(m_internet, edge, m_internetRate, m_internetDelay).first;
        LinkWithOthers(region);
    }
    return edge;
}

void
DeploymentTopology::Build(const DeploymentConfiguration& deployment)
{
    NS_LOG_FUNCTION(this << deployment.source);
    NS_ASSERT_MSG(!m_internet, "Build was called already");
    m_deployment = deployment;
    m_internet = MakeRouter();
    for (const auto& balancer : deployment.loadBalancers)
    {
        MakeEdge(balancer.region);
    }
    for (const auto& network : deployment.virtualNetworks)
    {
        auto edge = MakeEdge(network.region);
        auto router = MakeRouter();
        m_networks[network.name] = router;
        const auto [outer, inner] = Connect(edge, router, m_networkRate, m_networkDelay);
        m_networkPorts[network.name] = outer;
        for (const auto& prefix : network.addressPrefixes)
        {
            const auto address = prefix.address.ToIpv4();
            const Ipv4Mask mask(MaskBits(prefix.prefixLength));
            GetStaticRouting(edge)->AddNetworkRouteTo(address,
                                                      mask,
                                                      inner.address,
                                                      outer.interface);
            GetHostRouting(router)->AddOwnPrefix(address, mask);
        }
    }
    for (const auto& nic : deployment.networkInterfaces)
    {
        std::vector<Ipv4Address> addresses;
        for (const auto& configuration : nic.ipConfigurations)
        {
            addresses.push_back(configuration.privateIpAddress.ToIpv4());
            m_used.insert(addresses.back().Get());
            m_owners[addresses.back().Get()] = m_interfaces.size();
        }
        const auto& first = nic.ipConfigurations.front();
        const auto& network = *deployment.FindVirtualNetwork(first.virtualNetwork);
        // Azure keeps the first address of a subnet for the gateway.
        auto gateway = addresses.front();
        for (const auto& subnet : network.subnets)
        {
            for (const auto& prefix : subnet.addressPrefixes)
            {
                if (prefix.Contains(first.privateIpAddress))
                {
                    gateway = Ipv4Address(prefix.address.ToIpv4().Get() + 1);
                }
            }
        }
        m_targets[nic.name].push_back(m_interfaces.size());
        if (nic.virtualMachine != nic.name)
        {
            m_targets[nic.virtualMachine].push_back(m_interfaces.size());
        }
        m_interfaces.push_back(Attach(nic.name,
                                      m_networks.at(network.name),
                                      gateway,
                                      addresses,
                                      m_interfaceRate,
                                      m_interfaceDelay));
    }
}

const EdgeNode&
DeploymentTopology::AddInternetClient(const std::string& name)
{
    const Ipv4Address address(INTERNET_CLIENTS + 2 + m_internetHosts);
    ++m_internetHosts;
    m_clients.push_back(std::make_unique<EdgeNode>(Attach(name,
                                                          m_internet,
                                                          Ipv4Address(INTERNET_CLIENTS + 1),
                                                          {address},
                                                          m_clientRate,
                                                          m_clientDelay)));
    return *m_clients.back();
}

const EdgeNode&
DeploymentTopology::AddInternetServer(const std::string& name, Ipv4Address address)
{
    m_servers.push_back(std::make_unique<EdgeNode>(Attach(name,
                                                          m_internet,
                                                          Ipv4Address(INTERNET_CLIENTS + 1),
                                                          {address},
                                                          m_clientRate,
                                                          m_clientDelay)));
    return *m_servers.back();
}

const EdgeNode*
DeploymentTopology::AddNetworkClient(const std::string& name,
                                     const std::string& virtualNetwork,
                                     Ipv4Address near)
{
    const auto* network = m_deployment.FindVirtualNetwork(virtualNetwork);
    NS_ASSERT_MSG(network, "No virtual network " << virtualNetwork);
    std::vector<AddressPrefix> prefixes;
    std::vector<AddressPrefix> last; // a gateway has its subnet to itself, if there is another
    for (const auto& subnet : network->subnets)
    {
        const auto& gateways = m_deployment.applicationGateways;
        const bool isGateways =
            std::any_of(gateways.begin(), gateways.end(), [&](const auto& gateway) {
                return gateway.virtualNetwork == network->name && gateway.subnet == subnet.name;
            });
        auto& list = isGateways ? last : prefixes;
        list.insert(list.end(), subnet.addressPrefixes.begin(), subnet.addressPrefixes.end());
    }
    std::stable_partition(prefixes.begin(), prefixes.end(), [&](const AddressPrefix& prefix) {
        return prefix.Contains(IpAddress::From(near));
    });
    prefixes.insert(prefixes.end(), last.begin(), last.end());
    for (const auto& prefix : prefixes)
    {
        const auto address = FindFree(prefix, false);
        if (address)
        {
            m_clients.push_back(
                std::make_unique<EdgeNode>(AttachInside(name, virtualNetwork, prefix, *address)));
            return m_clients.back().get();
        }
    }
    return nullptr;
}

const EdgeNode&
DeploymentTopology::AddGatewayInstance(const std::string& name,
                                       const std::string& virtualNetwork,
                                       const std::string& subnet)
{
    const auto* network = m_deployment.FindVirtualNetwork(virtualNetwork);
    NS_ASSERT_MSG(network, "No virtual network " << virtualNetwork);
    const auto* home = FindNamed(network->subnets, subnet);
    NS_ASSERT_MSG(home, "No subnet " << subnet);
    for (const auto& prefix : home->addressPrefixes)
    {
        const auto address = FindFree(prefix, true);
        if (address)
        {
            m_instances.push_back(
                std::make_unique<EdgeNode>(AttachInside(name, virtualNetwork, prefix, *address)));
            return *m_instances.back();
        }
    }
    // A deployment that validates has room for all instances, and they come before the clients.
    NS_FATAL_ERROR("Subnet " << subnet << " has no room for instance " << name);
}

std::optional<Ipv4Address>
DeploymentTopology::FindFree(const AddressPrefix& prefix, bool ascending)
{
    const uint64_t first = prefix.address.ToIpv4().Get();
    const uint64_t size = uint64_t{1} << (32 - prefix.prefixLength);
    // The first four addresses and the last one are kept, as in Azure.
    for (uint64_t i = 4; i + 1 < size; ++i)
    {
        const auto candidate = static_cast<uint32_t>(first + (ascending ? i : size + 2 - i));
        if (m_used.insert(candidate).second)
        {
            return Ipv4Address(candidate);
        }
    }
    return std::nullopt;
}

EdgeNode
DeploymentTopology::AttachInside(const std::string& name,
                                 const std::string& virtualNetwork,
                                 const AddressPrefix& prefix,
                                 Ipv4Address address) const
{
    return Attach(name,
                  m_networks.at(virtualNetwork),
                  Ipv4Address(prefix.address.ToIpv4().Get() + 1),
                  {address},
                  m_interfaceRate,
                  m_interfaceDelay);
}

Ptr<Node>
DeploymentTopology::GetInternetRouter() const
{
    return m_internet;
}

Ptr<Node>
DeploymentTopology::GetEdgeRouter(const std::string& region) const
{
    const auto found = m_edges.find(region);
    return found == m_edges.end() ? nullptr : found->second;
}

Ptr<Node>
DeploymentTopology::GetNetworkRouter(const std::string& name) const
{
    const auto found = m_networks.find(name);
    return found == m_networks.end() ? nullptr : found->second;
}

std::vector<const EdgeNode*>
DeploymentTopology::Find(const std::string& name) const
{
    std::vector<const EdgeNode*> nodes;
    if (const auto found = m_targets.find(name); found != m_targets.end())
    {
        for (const auto index : found->second)
        {
            nodes.push_back(&m_interfaces[index]);
        }
        return nodes;
    }
    for (const auto& host : m_hosts)
    {
        if (host->name == name)
        {
            nodes.push_back(host.get());
        }
    }
    return nodes;
}

const EdgeNode*
DeploymentTopology::FindOwner(Ipv4Address address) const
{
    const auto found = m_owners.find(address.Get());
    return found == m_owners.end() ? nullptr : &m_interfaces[found->second];
}

std::vector<std::string>
DeploymentTopology::GetTargetNames() const
{
    std::vector<std::string> names;
    for (const auto& [name, indices] : m_targets)
    {
        names.push_back(name);
    }
    return names;
}

const std::vector<EdgeNode>&
DeploymentTopology::GetNetworkInterfaces() const
{
    return m_interfaces;
}

std::vector<const EdgeNode*>
DeploymentTopology::GetGatewayInstances() const
{
    return ToPointers(m_instances);
}

std::vector<const EdgeNode*>
DeploymentTopology::GetRegionHosts() const
{
    return ToPointers(m_hosts);
}

std::vector<const EdgeNode*>
DeploymentTopology::GetInternetServers() const
{
    return ToPointers(m_servers);
}

std::vector<const EdgeNode*>
DeploymentTopology::GetClients() const
{
    return ToPointers(m_clients);
}

void
DeploymentTopology::AddPublicRouteToNetwork(Ipv4Address address, const std::string& virtualNetwork)
{
    const auto& region = m_deployment.FindVirtualNetwork(virtualNetwork)->region;
    AddPublicRoute(address, region);
    AddInwardRoute(m_edges.at(region), m_networkPorts.at(virtualNetwork), address);
}

void
DeploymentTopology::AddInwardRoute(Ptr<Node> router, const Port& port, Ipv4Address address) const
{
    GetHostRouting(router)->AddHostRoute(address, port.interface, port.peer);
}

void
DeploymentTopology::Reserve(Ipv4Address address)
{
    m_used.insert(address.Get());
}

void
DeploymentTopology::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_internet = nullptr;
    m_edges.clear();
    m_networks.clear();
    m_interfaces.clear();
    m_instances.clear();
    m_servers.clear();
    m_clients.clear();
    m_hosts.clear();
    Object::DoDispose();
}

} // namespace azure
} // namespace ns3
