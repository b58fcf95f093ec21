/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-not-modelled.h"

#include "azure-load-balancer-reader.h"
#include "azure-resource-properties.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

std::string
NotModelled::Why(const std::string& type)
{
    const std::pair<const char*, const char*> reasons[] = {
        {"Microsoft.Network/applicationGateways/privateEndpointConnections",
         "private links are not modelled"},
        {"Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies",
         "the web application firewall is not modelled"},
        {"Microsoft.Network/networkSecurityGroups",
         "packet filters are not modelled; all traffic is allowed"},
        {"Microsoft.Network/natGateways", "outbound connections are not modelled yet"},
        {"Microsoft.Network/bastionHosts", "management access carries no modelled traffic"},
        {"Microsoft.Compute/availabilitySets", "only its name is kept with its machines"},
        {"Microsoft.Compute/virtualMachines/extensions",
         "software inside machines is not modelled; servers answer on the backend ports"},
        {"Microsoft.Insights/autoscaleSettings",
         "the number of instances does not change during a simulation"},
        {"Microsoft.Resources/deployments", "its resources are listed by themselves"}};
    for (const auto& [modelled, why] : reasons)
    {
        const std::string prefix = ToLowerCase(modelled) + "/";
        if (EqualsIgnoringCase(type, modelled) || ToLowerCase(type).rfind(prefix, 0) == 0)
        {
            return why;
        }
    }
    return "resources of this type take no part in load balancing";
}

void
NotModelled::List(const std::vector<ImportedResource*>& resources,
                  const std::set<std::string>& publicAddresses,
                  const std::set<std::string>& ipv6Services,
                  DeploymentConfiguration& deployment)
{
    std::set<std::string> ignored;
    std::set<std::string> known;
    std::set<std::string> listed;
    for (const auto* resource : resources)
    {
        known.insert(resource->id.ToKey());
    }
    for (const auto* resource : resources)
    {
        const auto type = resource->id.GetType();
        const auto name = resource->id.GetName();
        std::string why = ResourceCompletion::IsModelled(type) ? "" : Why(type);
        const std::string whyIpv6 =
            ipv6Services.count(resource->id.ToKey()) == 0
                ? ""
                : "it has IPv6 frontends only, and IPv6 is not modelled yet";
        if (resource->IsOfType("Microsoft.Network/applicationGateways"))
        {
            why = whyIpv6;
        }
        else if (resource->IsOfType("Microsoft.Network/loadBalancers"))
        {
            why = LoadBalancerReader::WhyNotModelled(ResourceView(&resource->body, ""));
            why = why.empty() ? whyIpv6 : why;
            if (!why.empty())
            {
                ignored.insert(resource->id.ToKey());
            }
        }
        else if (resource->IsOfType("Microsoft.Network/publicIPAddresses") &&
                 publicAddresses.count(resource->id.ToKey()) == 0)
        {
            why = "nothing that is modelled uses it";
        }
        else if (resource->id.types.size() == 2 &&
                 ignored.count(resource->id.GetParent(1).ToKey()) > 0)
        {
            why = "its load balancer is not modelled";
        }
        else if (resource->id.types.size() == 2 && ResourceCompletion::IsModelled(type) &&
                 known.count(resource->id.GetParent(1).ToKey()) == 0)
        {
            why = "the input does not hold what it is a part of";
        }
        const ResourceNotice notice{resource->path, type, name, type + " '" + name + "'", why};
        auto& list = resource->synthesised ? deployment.assumed
                     : why.empty()         ? deployment.taken
                                           : deployment.notModelled;
        list.push_back(notice);
        if (resource->synthesised)
        {
            list.back().why = "the input names it without describing it";
        }
        else if (why.empty())
        {
            ListProperties(*resource, listed, deployment);
        }
    }
}

void
NotModelled::ListProperties(const ImportedResource& resource,
                            std::set<std::string>& listed,
                            DeploymentConfiguration& deployment)
{
    const auto& kind = resource.id.types.back();
    if (EqualsIgnoringCase(resource.id.types.front(), "loadBalancers"))
    {
        return; // its reader has listed them, as that of a gateway has
    }
    const char* const kinds[] = {"virtualNetworks",
                                 "subnets",
                                 "publicIPAddresses",
                                 "networkInterfaces",
                                 "virtualMachines",
                                 "virtualMachineScaleSets"};
    const auto known = std::find_if(std::begin(kinds), std::end(kinds), [&](const char* name) {
        return EqualsIgnoringCase(name, kind);
    });
    if (known == std::end(kinds))
    {
        return;
    }
    for (const auto& property :
         ResourceProperties::FindUnknownWithin(ResourceView(&resource.body, resource.path), *known))
    {
        if (listed.insert(property.GetPath()).second)
        {
            deployment.notModelled.push_back({property.GetPath(),
                                              resource.id.GetType(),
                                              resource.id.GetName(),
                                              "property " + property.GetPath(),
                                              ResourceProperties::Why(property)});
        }
    }
}

} // namespace azure
} // namespace ns3
