/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-completion.h"

#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

/**
 * @param object a resource or part of one
 * @return where its properties are: `properties`, or the object itself when flattened
 */
JsonValue&
PropertiesOf(JsonValue& object)
{
    auto* properties = object.Find("properties");
    return properties && properties->Is(Type::Object) ? *properties : object;
}

/**
 * @param resource a resource
 * @return the list that holds its IP configurations; empty: it has none
 */
std::string
AddressListOf(const ImportedResource& resource)
{
    if (resource.IsOfType("Microsoft.Network/networkInterfaces"))
    {
        return "ipConfigurations";
    }
    const bool hasFrontends = resource.IsOfType("Microsoft.Network/loadBalancers") ||
                              resource.IsOfType("Microsoft.Network/applicationGateways");
    return hasFrontends ? "frontendIPConfigurations" : "";
}

} // namespace

bool
ResourceCompletion::IsModelled(const std::string& type)
{
    const char* const types[] = {"Microsoft.Network/virtualNetworks",
                                 "Microsoft.Network/virtualNetworks/subnets",
                                 "Microsoft.Network/publicIPAddresses",
                                 "Microsoft.Network/networkInterfaces",
                                 "Microsoft.Network/loadBalancers",
                                 "Microsoft.Network/loadBalancers/backendAddressPools",
                                 "Microsoft.Network/loadBalancers/inboundNatRules",
                                 "Microsoft.Network/applicationGateways",
                                 "Microsoft.Network/trafficManagerProfiles",
                                 "Microsoft.Network/trafficManagerProfiles/azureEndpoints",
                                 "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
                                 "Microsoft.Network/trafficManagerProfiles/nestedEndpoints",
                                 "Microsoft.Compute/virtualMachines",
                                 "Microsoft.Compute/virtualMachineScaleSets"};
    return std::any_of(std::begin(types), std::end(types), [&](const char* modelled) {
        return EqualsIgnoringCase(type, modelled);
    });
}

void
ResourceCompletion::Add(ImportedResource& resource)
{
    m_resources[resource.id.ToKey()] = &resource;
    const ResourceView view(&resource.body, resource.path);
    try
    {
        if (resource.IsOfType("Microsoft.Network/virtualNetworks/subnets"))
        {
            m_plan.AddSubnet(resource.id.ToKey(), ReadPrefixes(view));
        }
        else if (resource.IsOfType("Microsoft.Network/virtualNetworks"))
        {
            for (const auto& subnet : view.Get("subnets").GetElements())
            {
                m_plan.AddSubnet(
                    ToLowerCase(resource.id.ToText() + "/subnets/" + subnet.Get("name").GetText()),
                    ReadPrefixes(subnet));
            }
        }
    }
    catch (const ResourceError& error)
    {
        m_errors.push_back({error.GetPath(), error.what()});
    }
}

std::vector<AddressPrefix>
ResourceCompletion::ReadPrefixes(const ResourceView& subnet)
{
    auto texts = subnet.Get("addressPrefixes").GetElements();
    if (texts.empty() && subnet.Get("addressPrefix").Exists())
    {
        texts.push_back(subnet.Get("addressPrefix"));
    }
    if (texts.empty())
    {
        subnet.Get("addressPrefix").Fail("the address prefix is missing");
    }
    std::vector<AddressPrefix> prefixes;
    for (const auto& text : texts)
    {
        const auto prefix = AddressPrefix::FromText(text.GetText());
        if (prefix)
        {
            prefixes.push_back(*prefix);
        }
        else if (text.GetText().find(':') == std::string::npos)
        {
            text.Fail("'" + JsonText::Quote(text.GetText()) +
                      "' is no address prefix such as 10.0.0.0/24 with zeros after the prefix");
        }
    }
    return prefixes;
}

JsonValue
ResourceCompletion::Describe(ImportedResource& resource)
{
    Complete(resource);
    auto body = resource.body;
    auto& properties = PropertiesOf(body);
    properties.Set("provisioningState", "Succeeded");
    for (const auto& entry : m_resources)
    {
        const auto* child = entry.second;
        const auto count = resource.id.types.size();
        if (child->id.types.size() != count + 1 ||
            child->id.GetParent(count).ToKey() != resource.id.ToKey())
        {
            continue;
        }
        // As the service shows it: one list of inline and separate children.
        auto element = child->body;
        element.Set("name", child->id.names.back());
        auto* list = properties.Find(child->id.types.back());
        if (!list)
        {
            properties.Set(child->id.types.back(), JsonValue::Array());
            list = properties.Find(child->id.types.back());
        }
        auto& elements = list->MakeArray();
        auto it = std::find_if(elements.begin(), elements.end(), [&](const JsonValue& other) {
            const auto* name = other.Find("name");
            return name && EqualsIgnoringCase(name->AsString(), child->id.names.back());
        });
        it == elements.end() ? elements.push_back(element) : void(*it = element);
    }
    return body;
}

void
ResourceCompletion::CompleteAll(const std::vector<ImportedResource*>& resources)
{
    for (auto* resource : resources)
    {
        ReserveGiven(*resource);
    }
    for (auto* resource : resources)
    {
        Complete(*resource);
    }
}

ImportedResource*
ResourceCompletion::Find(const std::string& key) const
{
    auto it = m_resources.find(key);
    return it == m_resources.end() ? nullptr : it->second;
}

const ImportedResource&
ResourceCompletion::Resolve(const ResourceView& reference, const std::string& what) const
{
    const auto text = reference.GetReference();
    const auto* found = Find(ResourceId::FromText(text).ToKey());
    if (!found)
    {
        reference.Get("id").Fail("no " + what + " '" + JsonText::Quote(text) + "' in the input");
    }
    return *found;
}

bool
ResourceCompletion::HasSubnet(const std::string& key) const
{
    return m_plan.FindSubnet(key);
}

const std::vector<ConfigurationError>&
ResourceCompletion::GetErrors() const
{
    return m_errors;
}

void
ResourceCompletion::ReserveGiven(ImportedResource& resource)
{
    if (!m_reserved.insert(resource.id.ToKey()).second)
    {
        return;
    }
    const auto reserve = [&](const ResourceView& view) {
        const auto text = view.GetText();
        if (text.empty() || text.find(':') != std::string::npos)
        {
            return;
        }
        const auto address = AddressPlan::ParseAddress(text);
        if (!address)
        {
            view.Fail("'" + JsonText::Quote(text) + "' is no IPv4 address");
        }
        const auto owner = m_plan.Reserve(*address, "'" + resource.id.GetName() + "'");
        if (!owner.empty())
        {
            view.Fail(text + " is used by " + owner + " already");
        }
    };
    const ResourceView view(&resource.body, resource.path);
    try
    {
        if (resource.IsOfType("Microsoft.Network/publicIPAddresses"))
        {
            reserve(view.Get("ipAddress"));
        }
        const auto list = AddressListOf(resource);
        if (list.empty())
        {
            return;
        }
        for (const auto& configuration : view.Get(list).GetElements())
        {
            const auto given = configuration.Get("privateIPAddress");
            reserve(given);
            const auto subnet = configuration.Get("subnet");
            const auto id = ResourceId::FromText(subnet.GetReference());
            const auto* prefixes = m_plan.FindSubnet(id.ToKey());
            const auto address = AddressPlan::ParseAddress(given.GetText());
            if (prefixes && address &&
                std::none_of(prefixes->begin(), prefixes->end(), [&](const auto& prefix) {
                    return prefix.Contains(*address);
                }))
            {
                given.Fail(given.GetText() + " is outside subnet '" + id.GetName() + "'");
            }
        }
    }
    catch (const ResourceError& error)
    {
        m_errors.push_back({error.GetPath(), error.what()});
    }
}

void
ResourceCompletion::Complete(ImportedResource& resource)
{
    if (resource.completed)
    {
        return;
    }
    resource.completed = true;
    ReserveGiven(resource);
    try
    {
        const auto list = AddressListOf(resource);
        if (!list.empty())
        {
            CompleteAddresses(resource, list);
        }
        else if (resource.IsOfType("Microsoft.Network/publicIPAddresses"))
        {
            CompletePublicIp(resource);
        }
        else if (resource.IsOfType("Microsoft.Compute/virtualMachineScaleSets"))
        {
            CompleteScaleSet(resource);
        }
    }
    catch (const ResourceError& error)
    {
        m_errors.push_back({error.GetPath(), error.what()});
    }
    // Parts with a name are resources of their own: .backendAddressPools[0].id
    auto& properties = PropertiesOf(resource.body);
    for (auto& member : properties.MakeObject())
    {
        if (!member.value.Is(Type::Array))
        {
            continue;
        }
        for (auto& element : member.value.MakeArray())
        {
            const auto* name = element.Find("name");
            if (name && name->Is(Type::String) && !element.Find("id"))
            {
                element.Set("id",
                            resource.id.ToText() + "/" + member.name + "/" + name->AsString());
            }
        }
    }
}

void
ResourceCompletion::CompleteAddresses(ImportedResource& resource, const std::string& list)
{
    const ResourceView view(&resource.body, resource.path);
    auto* elements = PropertiesOf(resource.body).Find(list);
    const auto configurations = view.Get(list).GetElements();
    for (std::size_t i = 0; i < configurations.size(); ++i)
    {
        const auto& configuration = configurations[i];
        const auto subnet = configuration.Get("subnet");
        const auto version = configuration.Get("privateIPAddressVersion").GetText("IPv4");
        if (configuration.Get("publicIPPrefix").Exists())
        {
            if (const auto address = m_plan.AllocatePublic("'" + resource.id.GetName() + "'"))
            {
                PropertiesOf(elements->MakeArray()[i])
                    .Set("ipAddress", AddressPlan::FormatAddress(*address));
            }
        }
        if (!subnet.Exists() || !configuration.Get("privateIPAddress").GetText().empty() ||
            EqualsIgnoringCase(version, "IPv6"))
        {
            continue;
        }
        const auto address = Allocate(subnet, "'" + resource.id.GetName() + "'");
        PropertiesOf(elements->MakeArray()[i])
            .Set("privateIPAddress", AddressPlan::FormatAddress(address));
    }
}

void
ResourceCompletion::CompleteScaleSet(ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    const auto capacity =
        view.Get("sku")
            .Get("capacity")
            .GetInteger(1, 0, static_cast<int64_t>(ResourceLimits::ScaleSetInstances));
    const auto profile = view.Get("virtualMachineProfile").Get("networkProfile");
    for (int64_t i = 0; i < capacity; ++i)
    {
        if (++m_instances > ResourceLimits::ScaleSetTotal)
        {
            view.Get("sku")
                .Get("capacity")
                .Fail("all scale sets together may have at most " +
                      std::to_string(ResourceLimits::ScaleSetTotal) +
                      " instances and IP configurations");
        }
        for (const auto& nic : profile.Get("networkInterfaceConfigurations").GetElements())
        {
            for (const auto& configuration : nic.Get("ipConfigurations").GetElements())
            {
                const auto version = configuration.Get("privateIPAddressVersion").GetText("IPv4");
                const auto owner = "'" + resource.id.GetName() + "' instance " + std::to_string(i);
                ++m_instances;
                resource.instanceAddresses.push_back(
                    EqualsIgnoringCase(version, "IPv6")
                        ? IpAddress()
                        : Allocate(configuration.Get("subnet"), owner));
            }
        }
    }
}

void
ResourceCompletion::CompletePublicIp(ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    auto& properties = PropertiesOf(resource.body);
    const auto version = view.Get("publicIPAddressVersion").GetText("IPv4");
    if (view.Get("ipAddress").GetText().empty() && !EqualsIgnoringCase(version, "IPv6"))
    {
        const auto address = m_plan.AllocatePublic("'" + resource.id.GetName() + "'");
        if (!address)
        {
            view.Fail("more public addresses than the documentation ranges hold (762)");
        }
        properties.Set("ipAddress", AddressPlan::FormatAddress(*address));
        resource.addressAssigned = true;
    }
    const auto dns = view.Get("dnsSettings");
    const auto label = dns.Get("domainNameLabel").GetText();
    if (!label.empty() && !dns.Get("fqdn").Exists())
    {
        auto region = ToLowerCase(view.Get("location").GetText("eastus"));
        std::erase(region, ' ');
        properties.Find("dnsSettings")
            ->Set("fqdn", ToLowerCase(label) + "." + region + ".cloudapp.azure.com");
    }
}

IpAddress
ResourceCompletion::Allocate(const ResourceView& subnet, const std::string& owner)
{
    const auto id = ResourceId::FromText(subnet.GetReference());
    const auto reference = subnet.Get("id");
    if (!m_plan.FindSubnet(id.ToKey()))
    {
        reference.Fail("no subnet '" + JsonText::Quote(reference.GetText()) + "' in the input");
    }
    const auto address = m_plan.Allocate(id.ToKey(), owner);
    if (!address)
    {
        reference.Fail("subnet '" + JsonText::Quote(id.GetName()) + "' has no address left");
    }
    return *address;
}

} // namespace azure
} // namespace ns3
