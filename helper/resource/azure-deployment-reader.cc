/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-reader.h"

#include "azure-address-plan.h"
#include "azure-json-text.h"
#include "azure-not-modelled.h"
#include "azure-resource-error.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

DeploymentReader::DeploymentReader(const ResourceCompletion& completion,
                                   DeploymentConfiguration& deployment)
    : m_completion(completion),
      m_deployment(deployment),
      m_trafficManagers(completion, deployment)
{
}

std::string
DeploymentReader::CanonicalRegion(const std::string& text)
{
    auto region = ToLowerCase(text);
    std::erase(region, ' ');
    return region;
}

std::string
DeploymentReader::RegionOf(const ImportedResource& resource)
{
    return CanonicalRegion(ResourceView(&resource.body, resource.path).Get("location").GetText());
}

void
DeploymentReader::Read(const std::vector<ImportedResource*>& resources)
{
    const auto report = [&](const std::string& path, const auto& read) {
        try
        {
            read();
        }
        catch (const ResourceError& error)
        {
            m_deployment.errors.push_back(
                {m_deployment.source, error.HasPath() ? error.GetPath() : path, error.what()});
        }
    };
    // Machines before NICs, which name them; balancers and gateways, too, whose pools NICs join.
    const char* const passes[] = {"Microsoft.Network/virtualNetworks",
                                  "Microsoft.Network/virtualNetworks/subnets",
                                  "Microsoft.Network/loadBalancers",
                                  "Microsoft.Network/applicationGateways",
                                  "Microsoft.Compute/virtualMachines",
                                  "Microsoft.Network/networkInterfaces",
                                  "Microsoft.Compute/virtualMachineScaleSets"};
    for (const char* pass : passes)
    {
        for (auto* resource : resources)
        {
            if (!resource->IsOfType(pass))
            {
                continue;
            }
            report(resource->path, [&] {
                resource->IsOfType("Microsoft.Network/loadBalancers")
                    ? ReadLoadBalancer(*resource, resources)
                    : ReadResource(*resource);
            });
        }
    }
    report("", [&] { m_trafficManagers.Read(resources); });
    report("", [&] { ReadPublicIps(resources); });
    if (!m_deployment.errors.empty())
    {
        return;
    }
    report("", [&] { CheckMembers(); });
    for (auto& balancer : m_balancers)
    {
        m_deployment.loadBalancers.push_back(balancer->m_result);
        auto& name = m_deployment.loadBalancers.back().virtualNetwork;
        if (name.empty() && !m_deployment.virtualNetworks.empty())
        {
            name = m_deployment.virtualNetworks.front().name;
        }
        for (const auto& network : m_deployment.virtualNetworks)
        {
            // As the network itself is spelt.
            name = EqualsIgnoringCase(name, network.name) ? network.name : name;
        }
    }
    TakeGateways();
    TakeTrafficManagers();
    Validate();
    NotModelled::List(resources, m_publicAddresses, m_ipv6Services, m_deployment);
}

void
DeploymentReader::ReadLoadBalancer(const ImportedResource& resource,
                                   const std::vector<ImportedResource*>& resources)
{
    auto& balancer = m_balancersById[resource.id.ToKey()];
    balancer = nullptr;
    const ResourceView view(&resource.body, resource.path);
    if (!LoadBalancerReader::WhyNotModelled(view).empty())
    {
        return;
    }
    std::vector<ImportedResource*> children;
    std::copy_if(resources.begin(),
                 resources.end(),
                 std::back_inserter(children),
                 [&](const ImportedResource* child) {
                     return child->id.types.size() == 2 &&
                            child->id.GetParent(1).ToKey() == resource.id.ToKey();
                 });
    m_balancers.push_back(
        std::make_unique<LoadBalancerReader>(resource, m_completion, m_deployment.notModelled));
    m_balancers.back()->m_result.region = RegionOf(resource);
    m_balancers.back()->Read(children);
    if (m_balancers.back()->IsWholeIpv6())
    {
        m_balancers.pop_back();
        m_ipv6Services.insert(resource.id.ToKey());
        return;
    }
    balancer = m_balancers.back().get(); // none while it is wrong: one error is enough
}

void
DeploymentReader::ReadResource(ImportedResource& resource)
{
    if (resource.IsOfType("Microsoft.Network/virtualNetworks"))
    {
        ReadNetwork(resource);
    }
    else if (resource.IsOfType("Microsoft.Network/virtualNetworks/subnets"))
    {
        ReadSubnet(resource);
    }
    else if (resource.IsOfType("Microsoft.Compute/virtualMachines"))
    {
        ReadMachine(resource);
    }
    else if (resource.IsOfType("Microsoft.Network/networkInterfaces"))
    {
        ReadNic(resource);
    }
    else if (resource.IsOfType("Microsoft.Network/applicationGateways"))
    {
        ReadGateway(resource);
    }
    else
    {
        ReadScaleSet(resource);
    }
}

void
DeploymentReader::ReadNetwork(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    VirtualNetworkConfiguration network;
    network.name = resource.id.names.back();
    network.id = resource.id.ToText();
    network.region = RegionOf(resource);
    network.synthesised = resource.synthesised;
    const auto path =
        "virtualNetworks[" + std::to_string(m_deployment.virtualNetworks.size()) + "]";
    const auto space = view.Get("addressSpace");
    m_paths.Add(path, resource.path);
    m_paths.Add(path + ".addressPrefixes", space.Get("addressPrefixes").GetPath());
    network.addressPrefixes = ResourceCompletion::ReadPrefixes(space);
    NoteIpv6Prefixes(resource, space);
    for (const auto& part : view.Get("subnets").GetElements())
    {
        SubnetConfiguration subnet;
        subnet.name = part.Get("name").GetText();
        subnet.id = network.id + "/subnets/" + subnet.name;
        subnet.addressPrefixes = ResourceCompletion::ReadPrefixes(part);
        NoteIpv6Prefixes(resource, part);
        m_paths.Add(path + ".subnets[" + std::to_string(network.subnets.size()) +
                        "].addressPrefixes",
                    part.Get("addressPrefix").GetPath());
        network.subnets.push_back(subnet);
    }
    m_deployment.virtualNetworks.push_back(network);
}

void
DeploymentReader::ReadSubnet(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    auto& networks = m_deployment.virtualNetworks;
    const auto parent = resource.id.GetParent(1);
    auto it = std::find_if(networks.begin(), networks.end(), [&](const auto& network) {
        return EqualsIgnoringCase(network.id, parent.ToText());
    });
    if (it == networks.end())
    {
        view.Get("name").Fail("no virtual network '" + JsonText::Quote(parent.GetName()) +
                              "' in the input");
    }
    SubnetConfiguration subnet;
    subnet.name = resource.id.names.back();
    subnet.id = resource.id.ToText();
    subnet.addressPrefixes = ResourceCompletion::ReadPrefixes(view);
    NoteIpv6Prefixes(resource, view);
    auto known = std::find_if(it->subnets.begin(), it->subnets.end(), [&](const auto& other) {
        return EqualsIgnoringCase(other.name, subnet.name);
    });
    const auto path = "virtualNetworks[" + std::to_string(it - networks.begin()) + "].subnets[" +
                      std::to_string(known - it->subnets.begin()) + "].addressPrefixes";
    m_paths.Add(path, view.Get("addressPrefix").GetPath());
    known == it->subnets.end() ? it->subnets.push_back(subnet) : void(*known = subnet);
}

LoadBalancerReader*
DeploymentReader::FindLoadBalancer(const ResourceView& reference)
{
    const auto id = ResourceId::FromText(reference.GetReference());
    auto it = m_balancersById.find(id.GetParent(1).ToKey());
    if (it == m_balancersById.end())
    {
        reference.Get("id").Fail("no load balancer for '" +
                                 JsonText::Quote(reference.GetReference()) + "' in the input");
    }
    return it->second;
}

void
DeploymentReader::ReadPublicIps(const std::vector<ImportedResource*>& resources)
{
    for (const auto& balancer : m_balancers)
    {
        m_publicAddresses.insert(balancer->m_publicAddresses.begin(),
                                 balancer->m_publicAddresses.end());
    }
    for (const auto& gateway : m_gateways)
    {
        m_publicAddresses.insert(gateway->m_publicAddresses.begin(),
                                 gateway->m_publicAddresses.end());
    }
    m_publicAddresses.insert(m_trafficManagers.m_publicAddresses.begin(),
                             m_trafficManagers.m_publicAddresses.end());
    for (const auto* resource : resources)
    {
        const ResourceView view(&resource->body, resource->path);
        const auto address = AddressPlan::ParseAddress(view.Get("ipAddress").GetText());
        if (!resource->IsOfType("Microsoft.Network/publicIPAddresses") || !address ||
            m_publicAddresses.count(resource->id.ToKey()) == 0)
        {
            continue;
        }
        PublicIpAddressConfiguration ip;
        ip.name = resource->id.names.back();
        ip.id = resource->id.ToText();
        ip.region = RegionOf(*resource);
        ip.address = *address;
        ip.assigned = resource->addressAssigned;
        ip.synthesised = resource->synthesised;
        if (view.Get("idleTimeoutInMinutes").Exists())
        {
            ip.idleTimeout = Minutes(view.Get("idleTimeoutInMinutes").GetInteger(4, 1, 1000));
        }
        ip.domainNameLabel = view.Get("dnsSettings").Get("domainNameLabel").GetText();
        ip.fqdn = view.Get("dnsSettings").Get("fqdn").GetText();
        for (const auto& zone : view.Get("zones").GetElements())
        {
            ip.zones.push_back(zone.GetTextOrNumber());
        }
        const auto path =
            "publicIpAddresses[" + std::to_string(m_deployment.publicIpAddresses.size()) + "]";
        m_paths.Add(path, resource->path);
        m_paths.Add(path + ".address", view.Get("ipAddress").GetPath());
        m_deployment.publicIpAddresses.push_back(ip);
    }
}

void
DeploymentReader::Validate()
{
    for (const auto& error : m_deployment.Validate())
    {
        auto path = error.path.rfind("trafficManagers", 0) == 0
                        ? m_trafficManagers.m_paths.Find(error.path)
                        : m_paths.Find(error.path);
        const auto look = [&](const std::string& list, const auto& readers) {
            for (std::size_t i = 0; i < readers.size(); ++i)
            {
                const auto prefix = list + "[" + std::to_string(i) + "].";
                if (error.path.rfind(prefix, 0) == 0)
                {
                    path = readers[i]->m_paths.Find(error.path.substr(prefix.size()));
                }
            }
        };
        look("loadBalancers", m_balancers);
        look("applicationGateways", m_gateways);
        m_deployment.errors.push_back({m_deployment.source, path, error.message});
    }
}

void
DeploymentReader::NoteIpv6Prefixes(const ImportedResource& resource, const ResourceView& owner)
{
    auto texts = owner.Get("addressPrefixes").GetElements();
    if (texts.empty())
    {
        texts.push_back(owner.Get("addressPrefix"));
    }
    for (const auto& text : texts)
    {
        if (text.Exists() && text.GetText().find(':') != std::string::npos)
        {
            m_deployment.notModelled.push_back({text.GetPath(),
                                                resource.id.GetType(),
                                                resource.id.GetName(),
                                                "address prefix " + JsonText::Quote(text.GetText()),
                                                "IPv6 is not modelled yet"});
        }
    }
}

} // namespace azure
} // namespace ns3
