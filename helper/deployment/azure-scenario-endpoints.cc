/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-plan.h"

#include "ns3/azure-named-items.h"

namespace ns3
{
namespace azure
{

namespace
{

/** What an HA ports rule is asked at when it has no probe whose port would do. */
constexpr uint16_t DEFAULT_PORT = 80;

/**
 * @brief Fill in what both kinds of rule have.
 * @param configuration the load balancer
 * @param index its index in the deployment
 * @param rule the rule
 * @return the endpoint, without port and members
 */
template <typename T>
PlannedEndpoint
Begin(const LoadBalancerConfiguration& configuration, std::size_t index, const T& rule)
{
    PlannedEndpoint endpoint;
    endpoint.index = index;
    endpoint.rule = rule.name;
    endpoint.protocol = rule.protocol;
    endpoint.backendPort = rule.backendPort;
    endpoint.floatingIp = rule.enableFloatingIp;
    const auto* frontend =
        FindNamed(configuration.frontendIpConfigurations, rule.frontendIpConfiguration);
    if (frontend)
    {
        endpoint.address = frontend->address;
        endpoint.isPublic = frontend->isPublic;
    }
    return endpoint;
}

/**
 * @param configuration a load balancer
 * @param index its index in the deployment
 * @param rule one of its rules
 * @return where the rule can be reached
 */
PlannedEndpoint
FromRule(const LoadBalancerConfiguration& configuration,
         std::size_t index,
         const LoadBalancingRule& rule)
{
    auto endpoint = Begin(configuration, index, rule);
    endpoint.port = rule.frontendPort;
    if (const auto* probe = FindNamed(configuration.probes, rule.probe))
    {
        endpoint.probe = probe->name;
        endpoint.settings = ProbeSettings::ForLoadBalancer(probe->protocol,
                                                           probe->port,
                                                           probe->requestPath,
                                                           probe->interval,
                                                           probe->probeThreshold);
    }
    if (rule.protocol == TransportProtocol::All)
    {
        endpoint.port = endpoint.settings ? endpoint.settings->port : DEFAULT_PORT;
        endpoint.backendPort = endpoint.port;
    }
    if (const auto* pool = FindNamed(configuration.backendAddressPools, rule.backendAddressPool))
    {
        for (const auto& member : pool->backendAddresses)
        {
            endpoint.members.push_back(member.address);
            if (endpoint.settings && member.running)
            {
                endpoint.probed.push_back(member.address);
            }
        }
    }
    return endpoint;
}

/**
 * @param configuration a load balancer
 * @param index its index in the deployment
 * @param rule one of its inbound NAT rules
 * @return where each of its mappings can be reached
 */
std::vector<PlannedEndpoint>
FromNatRule(const LoadBalancerConfiguration& configuration,
            std::size_t index,
            const InboundNatRule& rule)
{
    auto endpoint = Begin(configuration, index, rule);
    endpoint.inboundNat = true;
    if (rule.backendAddressPool.empty())
    {
        if (!rule.backendAddress.IsSet())
        {
            return {};
        }
        endpoint.port = rule.frontendPort;
        endpoint.members = {rule.backendAddress};
        return {endpoint};
    }
    std::vector<PlannedEndpoint> endpoints;
    if (const auto* pool = FindNamed(configuration.backendAddressPools, rule.backendAddressPool))
    {
        // Members get the ports of the range in their order (LB-47).
        uint32_t port = rule.frontendPortRangeStart;
        for (const auto& member : pool->backendAddresses)
        {
            if (port > rule.frontendPortRangeEnd)
            {
                break;
            }
            endpoint.port = static_cast<uint16_t>(port++);
            endpoint.members = {member.address};
            endpoints.push_back(endpoint);
        }
    }
    return endpoints;
}

} // namespace

std::vector<PlannedEndpoint>
FindEndpoints(const DeploymentConfiguration& deployment)
{
    std::vector<PlannedEndpoint> endpoints;
    for (std::size_t i = 0; i < deployment.loadBalancers.size(); ++i)
    {
        const auto& configuration = deployment.loadBalancers[i].configuration;
        for (const auto& rule : configuration.loadBalancingRules)
        {
            endpoints.push_back(FromRule(configuration, i, rule));
        }
        for (const auto& rule : configuration.inboundNatRules)
        {
            const auto mappings = FromNatRule(configuration, i, rule);
            endpoints.insert(endpoints.end(), mappings.begin(), mappings.end());
        }
    }
    for (std::size_t i = 0; i < deployment.applicationGateways.size(); ++i)
    {
        const auto urls = FindGatewayEndpoints(deployment, i);
        endpoints.insert(endpoints.end(), urls.begin(), urls.end());
    }
    return endpoints;
}

std::string
GetName(ServiceKind kind)
{
    switch (kind)
    {
    case ServiceKind::LoadBalancer:
        return "load-balancer";
    case ServiceKind::ApplicationGateway:
        return "application-gateway";
    default:
        return "traffic-manager";
    }
}

std::string
PlannedEndpoint::GetRuleName() const
{
    return url && !url->pathRule.empty() ? rule + "/" + url->pathRule : rule;
}

std::string
PlannedEndpoint::GetHostName() const
{
    return url ? url->host.substr(0, url->host.find(':')) : "";
}

std::string
PlannedEndpoint::MakeTarget(std::size_t group) const
{
    // Servers know the size of the response by it.
    const auto name = "group-" + std::to_string(group);
    return url ? url->path + "?" + name : "/" + name;
}

bool
PlannedEndpoint::Takes(const HttpRequestRecord& record) const
{
    const bool isSamePath = url && record.path.substr(0, record.path.find('?')) == url->path;
    if (service == ServiceKind::TrafficManager)
    {
        return record.host == url->host && isSamePath;
    }
    // What comes by way of Traffic Manager counts there.
    if (!url && record.path.rfind("/group-", 0) != 0)
    {
        return false;
    }
    if (record.remote.GetIpv4() != address.ToIpv4() || record.remote.GetPort() != port)
    {
        return false;
    }
    return !url || ((url->host.empty() || record.host == url->host) && isSamePath);
}

const std::string&
GetServiceName(const DeploymentConfiguration& deployment, const PlannedEndpoint& endpoint)
{
    switch (endpoint.service)
    {
    case ServiceKind::LoadBalancer:
        return deployment.loadBalancers[endpoint.index].configuration.name;
    case ServiceKind::ApplicationGateway:
        return deployment.applicationGateways[endpoint.index].configuration.name;
    default:
        return deployment.trafficManagers[endpoint.index].name;
    }
}

std::string
GetServiceNetwork(const DeploymentConfiguration& deployment, const PlannedEndpoint& endpoint)
{
    switch (endpoint.service)
    {
    case ServiceKind::LoadBalancer:
        return deployment.loadBalancers[endpoint.index].virtualNetwork;
    case ServiceKind::ApplicationGateway:
        return deployment.applicationGateways[endpoint.index].virtualNetwork;
    default:
        return "";
    }
}

} // namespace azure
} // namespace ns3
