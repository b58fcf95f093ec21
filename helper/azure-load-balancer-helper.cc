/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-helper.h"

#include "ns3/azure-load-balancer-net-device.h"
#include "ns3/azure-load-balancer-routing.h"
#include "ns3/azure-load-balancer-validator.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"

#include <sstream>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureLoadBalancerHelper");

namespace
{

/**
 * @brief Give a node the address of a frontend.
 *
 * @param node the node
 * @param address the address
 */
void
AddFrontendAddress(Ptr<Node> node, Ipv4Address address)
{
    auto ipv4 = node->GetObject<Ipv4>();
    if (ipv4->GetInterfaceForAddress(address) >= 0)
    {
        return;
    }
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); i++)
    {
        if (!ipv4->GetNetDevice(i)->NeedsArp())
        {
            continue;
        }
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i); j++)
        {
            const auto mask = ipv4->GetAddress(i, j).GetMask();
            if (mask != Ipv4Mask::GetOnes() &&
                address.CombineMask(mask) == ipv4->GetAddress(i, j).GetLocal().CombineMask(mask))
            {
                // Secondary: the node's own traffic keeps its own address.
                Ipv4InterfaceAddress further(address, mask);
                further.SetSecondary();
                ipv4->AddAddress(i, further);
                return;
            }
        }
    }
    auto device = CreateObject<LoadBalancerNetDevice>();
    node->AddDevice(device);
    const auto interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
}

} // namespace

LoadBalancerHelper::LoadBalancerHelper()
{
    m_factory.SetTypeId(LoadBalancer::GetTypeId());
    m_probeFactory.SetTypeId(HealthProberSet::GetTypeId());
}

void
LoadBalancerHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

void
LoadBalancerHelper::SetProbeAttribute(const std::string& name, const AttributeValue& value)
{
    m_probeFactory.Set(name, value);
}

void
LoadBalancerHelper::SetProbing(bool enabled)
{
    m_probing = enabled;
}

std::vector<ConfigurationError>
LoadBalancerHelper::Check(Ptr<Node> node, const LoadBalancerConfiguration& configuration)
{
    auto errors = CreateObject<LoadBalancer>()->SetConfiguration(configuration);
    auto ipv4 = node->GetObject<Ipv4>();
    if (!ipv4 || !ipv4->GetRoutingProtocol())
    {
        errors.push_back({"",
                          "node " + std::to_string(node->GetId()) +
                              " has no IPv4 stack; install one with InternetStackHelper"});
        return errors;
    }
    const auto isOwn = [&ipv4](const IpAddress& address) {
        return address.IsIpv4() && ipv4->GetInterfaceForAddress(address.ToIpv4()) >= 0;
    };
    const std::string why = " is an address of the load balancer's own node, whose replies would "
                            "not pass it; put the instance on a node of its own";
    const auto& pools = configuration.backendAddressPools;
    for (size_t i = 0; i < pools.size(); i++)
    {
        for (size_t j = 0; j < pools[i].backendAddresses.size(); j++)
        {
            if (isOwn(pools[i].backendAddresses[j].address))
            {
                errors.push_back({"backendAddressPools[" + std::to_string(i) +
                                      "].loadBalancerBackendAddresses[" + std::to_string(j) + "]",
                                  ToText(pools[i].backendAddresses[j].address) + why});
            }
        }
    }
    for (size_t i = 0; i < configuration.inboundNatRules.size(); i++)
    {
        if (isOwn(configuration.inboundNatRules[i].backendAddress))
        {
            errors.push_back({"inboundNatRules[" + std::to_string(i) + "].backendIPConfiguration",
                              ToText(configuration.inboundNatRules[i].backendAddress) + why});
        }
    }
    for (size_t i = 0; i < configuration.frontendIpConfigurations.size(); i++)
    {
        const auto& address = configuration.frontendIpConfigurations[i].address;
        for (const auto& owner : LoadBalancerRouting::GetInstalled(node))
        {
            if (owner->GetEngine().IsFrontend(address))
            {
                errors.push_back(
                    {"frontendIPConfigurations[" + std::to_string(i) + "]",
                     "the address " + ToText(address) + " is a frontend of load balancer " +
                         owner->GetConfiguration().name + " on this node already; choose another"});
            }
        }
    }
    return errors;
}

Ptr<LoadBalancer>
LoadBalancerHelper::Install(Ptr<Node> node, const LoadBalancerConfiguration& configuration) const
{
    NS_LOG_FUNCTION(this << node << configuration.name);
    const auto errors = Check(node, configuration);
    if (!errors.empty())
    {
        std::ostringstream text;
        text << "Load balancer '" << configuration.name << "' cannot be installed:";
        for (const auto& error : errors)
        {
            text << "\n  " << error.path << (error.path.empty() ? "" : ": ") << error.message;
        }
        NS_FATAL_ERROR(text.str());
    }
    auto loadBalancer = m_factory.Create<LoadBalancer>();
    loadBalancer->SetConfiguration(configuration);
    loadBalancer->Install(node);
    for (const auto& frontend : configuration.frontendIpConfigurations)
    {
        AddFrontendAddress(node, frontend.address.ToIpv4());
    }
    if (m_probing)
    {
        loadBalancer->SetProbers(m_probeFactory.Create<HealthProberSet>());
    }
    return loadBalancer;
}

int64_t
LoadBalancerHelper::AssignStreams(Ptr<LoadBalancer> loadBalancer, int64_t stream) const
{
    auto probers = loadBalancer->GetProbers();
    return probers ? probers->AssignStreams(stream) : 0;
}

} // namespace azure
} // namespace ns3
