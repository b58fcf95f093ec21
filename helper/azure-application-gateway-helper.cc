/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-helper.h"

#include "azure-dns-helper.h"
#include "azure-load-balancer-helper.h"

#include "ns3/abort.h"
#include "ns3/azure-gateway-names.h"
#include "ns3/azure-gateway-outbound-routing.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureApplicationGatewayHelper");

namespace
{

/// Name of the pool of instances in a front.
const char* const FRONT_POOL = "instances";

/**
 * @param node a node
 * @return its first address besides the loopback's; unset if it has none
 */
IpAddress
GetOwnAddress(Ptr<Node> node)
{
    const auto ipv4 = node->GetObject<Ipv4>();
    for (uint32_t i = 0; ipv4 && i < ipv4->GetNInterfaces(); ++i)
    {
        if (!DynamicCast<LoopbackNetDevice>(ipv4->GetNetDevice(i)) && ipv4->GetNAddresses(i) > 0)
        {
            return IpAddress::From(ipv4->GetAddress(i, 0).GetLocal());
        }
    }
    return IpAddress();
}

/**
 * @brief Let a node take packets for a frontend, unseen by routing protocols.
 *
 * @param node the node
 * @param address address of the frontend
 */
void
AddHiddenAddress(Ptr<Node> node, Ipv4Address address)
{
    const auto ipv4 = node->GetObject<Ipv4>();
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); ++i)
    {
        if (DynamicCast<LoopbackNetDevice>(ipv4->GetNetDevice(i)))
        {
            ipv4->AddAddress(i, Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
            return;
        }
    }
}

/**
 * @brief Let a load balancer follow what becomes of an instance.
 *
 * @param front a load balancer in front of a gateway
 * @param name name of the instance
 * @param address its address
 * @param action what becomes of it
 */
void
Follow(Ptr<LoadBalancer> front,
       const std::string& name,
       const IpAddress& address,
       GatewayFrontAction action)
{
    if (action == GatewayFrontAction::Add)
    {
        LoadBalancerBackendAddress member;
        member.name = name;
        member.address = address;
        front->AddBackend(FRONT_POOL, member);
        return;
    }
    if (action == GatewayFrontAction::Cut)
    {
        front->SetInstanceRunning(address.ToIpv4(), false);
    }
    front->RemoveBackend(FRONT_POOL, address.ToIpv4());
}

/**
 * @brief Let an instance resolve names of members (AG-30).
 *
 * @param instance the instance, on its node
 * @param configuration the gateway
 * @param servers whom to ask
 */
void
KeepNames(Ptr<ApplicationGatewayInstance> instance,
          const ApplicationGatewayConfiguration& configuration,
          const std::vector<Ipv4Address>& servers)
{
    const auto node = instance->GetNode();
    auto stub = node->GetObject<StubResolver>();
    if (!stub)
    {
        stub = ResolverHelper().InstallStub(node, servers);
    }
    auto names = CreateObject<GatewayNames>();
    names->SetResolver(stub);
    node->AggregateObject(names);
    if (const auto probes = instance->GetProbes())
    {
        names->SetChangeCallback([probes](const std::string& name, Ipv4Address address) {
            probes->SetResolved(name, address);
        });
    }
    instance->SetResolver([names](const std::string& name) -> std::optional<IpAddress> {
        const auto found = names->Find(name);
        return found ? std::optional<IpAddress>(IpAddress::From(*found)) : std::nullopt;
    });
    for (const auto& pool : configuration.backendAddressPools)
    {
        for (const auto& member : pool.backendAddresses)
        {
            if (!member.fqdn.empty())
            {
                names->Find(member.fqdn);
            }
        }
    }
}

/**
 * @brief Let public servers see the gateway's public address (AG-3), where there are any.
 *
 * @param front where the packets of the instances come by
 * @param instances their nodes
 * @param configuration the gateway
 */
void
HideInstances(Ptr<Node> front,
              const NodeContainer& instances,
              const ApplicationGatewayConfiguration& configuration)
{
    const auto& frontends = configuration.frontendIpConfigurations;
    const auto frontend = std::find_if(frontends.begin(), frontends.end(), [](const auto& each) {
        return each.isPublic && each.address.IsIpv4();
    });
    bool isNeeded = false;
    auto routing = CreateObject<GatewayOutboundRouting>();
    for (const auto& pool : configuration.backendAddressPools)
    {
        for (const auto& member : pool.backendAddresses)
        {
            isNeeded = isNeeded || member.external;
            if (!member.external && member.ipAddress.IsIpv4())
            {
                routing->AddInside(member.ipAddress.ToIpv4());
            }
        }
    }
    if (!isNeeded || frontend == frontends.end())
    {
        return;
    }
    std::set<uint16_t> ports;
    for (const auto& port : configuration.frontendPorts)
    {
        ports.insert(port.port);
    }
    std::vector<Ipv4Address> addresses;
    for (auto i = instances.Begin(); i != instances.End(); ++i)
    {
        addresses.push_back(GetOwnAddress(*i).ToIpv4());
    }
    routing->SetAddresses(frontend->address.ToIpv4(), ports, addresses);
    routing->Install(front);
}

} // namespace

ApplicationGatewayHelper::ApplicationGatewayHelper()
{
    m_factory.SetTypeId(ApplicationGateway::GetTypeId());
    m_instanceFactory.SetTypeId(ApplicationGatewayInstance::GetTypeId());
}

void
ApplicationGatewayHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

void
ApplicationGatewayHelper::SetInstanceAttribute(const std::string& name, const AttributeValue& value)
{
    m_instanceFactory.Set(name, value);
}

void
ApplicationGatewayHelper::SetProbeAttribute(const std::string& name, const AttributeValue& value)
{
    m_probeAttributes.emplace_back(name, value.Copy());
}

void
ApplicationGatewayHelper::SetProbing(bool enabled)
{
    m_probing = enabled;
}

void
ApplicationGatewayHelper::SetResolvers(const std::vector<Ipv4Address>& servers)
{
    m_resolvers = servers;
}

std::vector<LoadBalancerConfiguration>
ApplicationGatewayHelper::MakeFronts(const NodeContainer& instances,
                                     const ApplicationGatewayConfiguration& configuration)
{
    std::vector<LoadBalancerConfiguration> fronts;
    for (const bool isPublic : {true, false})
    {
        LoadBalancerConfiguration front;
        front.name = configuration.name + (isPublic ? "-front" : "-private-front");
        BackendAddressPool pool;
        pool.name = FRONT_POOL;
        const auto running = configuration.autoscaleConfiguration
                                 ? std::min(instances.GetN(), configuration.GetInitialInstances())
                                 : instances.GetN();
        for (auto i = instances.Begin(); i != instances.Begin() + running; ++i)
        {
            LoadBalancerBackendAddress member;
            member.name = "instance-" + std::to_string(i - instances.Begin());
            member.address = GetOwnAddress(*i);
            pool.backendAddresses.push_back(member);
        }
        front.backendAddressPools = {pool};
        for (const auto& frontend : configuration.frontendIpConfigurations)
        {
            if (frontend.isPublic != isPublic)
            {
                continue;
            }
            FrontendIpConfiguration address;
            address.name = frontend.name;
            address.address = frontend.address;
            address.isPublic = isPublic;
            front.frontendIpConfigurations.push_back(address);
            std::set<uint16_t> ports;
            const auto addPort = [&](const auto& listener) {
                const auto port = FindByName(configuration.frontendPorts, listener.frontendPort);
                if (HttpTokensEqual(listener.frontendIpConfiguration, frontend.name) && port)
                {
                    ports.insert(configuration.frontendPorts[*port].port);
                }
            };
            const auto& requests = configuration.httpListeners;
            std::for_each(requests.begin(), requests.end(), addPort);
            std::for_each(configuration.listeners.begin(), configuration.listeners.end(), addPort);
            for (const auto port : ports)
            {
                LoadBalancingRule rule;
                rule.name = frontend.name + "-" + std::to_string(port);
                rule.frontendIpConfiguration = frontend.name;
                rule.backendAddressPool = pool.name;
                rule.frontendPort = port;
                rule.backendPort = port;
                rule.enableFloatingIp = true;
                rule.idleTimeout = frontend.GetIdleTimeout();
                front.loadBalancingRules.push_back(rule);
            }
        }
        if (!front.loadBalancingRules.empty())
        {
            fronts.push_back(front);
        }
    }
    return fronts;
}

std::vector<ConfigurationError>
ApplicationGatewayHelper::Check(Ptr<Node> front,
                                const NodeContainer& instances,
                                const ApplicationGatewayConfiguration& configuration)
{
    auto errors = configuration.Validate();
    const auto add = [&](const std::string& message) { errors.push_back({"", message}); };
    if (instances.GetN() == 0)
    {
        add("the gateway has no instance; give it one node or more");
    }
    std::set<uint32_t> seen;
    for (auto i = instances.Begin(); i != instances.End(); ++i)
    {
        const auto name = "node " + std::to_string((*i)->GetId());
        if (!GetOwnAddress(*i).IsSet())
        {
            add(name + " has no IPv4 address; an instance needs one in the gateway's subnet");
        }
        if (*i == front)
        {
            add(name + " is the front; put the instance on a node of its own");
        }
        if (!seen.insert((*i)->GetId()).second)
        {
            add(name + " is given twice; each instance needs a node of its own");
        }
    }
    for (std::size_t i = 0; i < configuration.frontendIpConfigurations.size(); ++i)
    {
        const auto& address = configuration.frontendIpConfigurations[i].address;
        for (auto node = instances.Begin(); node != instances.End(); ++node)
        {
            const auto ipv4 = (*node)->GetObject<Ipv4>();
            if (ipv4 && address.IsIpv4() && ipv4->GetInterfaceForAddress(address.ToIpv4()) >= 0)
            {
                errors.push_back({"frontendIPConfigurations[" + std::to_string(i) + "]",
                                  ToText(address) + " is an address of node " +
                                      std::to_string((*node)->GetId()) + " already"});
            }
        }
    }
    if (errors.empty())
    {
        for (const auto& balancer : MakeFronts(instances, configuration))
        {
            const auto more = LoadBalancerHelper::Check(front, balancer);
            errors.insert(errors.end(), more.begin(), more.end());
        }
    }
    return errors;
}

Ptr<ApplicationGateway>
ApplicationGatewayHelper::Install(Ptr<Node> front,
                                  const NodeContainer& instances,
                                  const ApplicationGatewayConfiguration& configuration) const
{
    NS_LOG_FUNCTION(this << front << configuration.name);
    const auto errors = Check(front, instances, configuration);
    if (!errors.empty())
    {
        std::ostringstream text;
        text << "Application gateway '" << configuration.name << "' cannot be installed:";
        for (const auto& error : errors)
        {
            text << "\n  " << error.path << (error.path.empty() ? "" : ": ") << error.message;
        }
        NS_FATAL_ERROR(text.str());
    }
    LoadBalancerHelper balancers;
    balancers.SetProbing(false);
    std::vector<Ptr<LoadBalancer>> fronts;
    for (const auto& balancer : MakeFronts(instances, configuration))
    {
        fronts.push_back(balancers.Install(front, balancer));
    }
    auto gateway = m_factory.Create<ApplicationGateway>();
    gateway->SetConfiguration(configuration);
    gateway->SetFront(ApplicationGateway::FrontCallback(
        [fronts, instances](uint32_t index, GatewayFrontAction action) {
            for (const auto& balancer : fronts)
            {
                Follow(balancer,
                       "instance-" + std::to_string(index),
                       GetOwnAddress(instances.Get(index)),
                       action);
            }
        }));
    for (auto i = instances.Begin(); i != instances.End(); ++i)
    {
        for (const auto& frontend : configuration.frontendIpConfigurations)
        {
            if (frontend.address.IsIpv4())
            {
                AddHiddenAddress(*i, frontend.address.ToIpv4());
            }
        }
        Ptr<GatewayProbes> probes;
        if (m_probing)
        {
            probes = CreateObject<GatewayProbes>();
            for (const auto& [name, value] : m_probeAttributes)
            {
                probes->GetProbers()->SetAttribute(name, *value);
            }
        }
        auto instance = m_instanceFactory.Create<ApplicationGatewayInstance>();
        gateway->AddInstance(*i, instance, probes);
        if (!m_resolvers.empty())
        {
            KeepNames(instance, configuration, m_resolvers);
        }
    }
    HideInstances(front, instances, configuration);
    return gateway;
}

int64_t
ApplicationGatewayHelper::AssignStreams(Ptr<ApplicationGateway> gateway, int64_t stream) const
{
    auto next = stream + gateway->AssignStreams(stream);
    for (uint32_t i = 0; !m_resolvers.empty() && i < gateway->GetInstanceCount(); ++i)
    {
        next += gateway->GetInstance(i)->GetNode()->GetObject<StubResolver>()->AssignStreams(next);
    }
    return next - stream;
}

} // namespace azure
} // namespace ns3
