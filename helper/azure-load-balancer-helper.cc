/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-helper.h"

#include "ns3/azure-load-balancer-net-device.h"
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
