/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-rest-resources.h"

#include "azure-address-plan.h"
#include "azure-arm-evaluator.h"
#include "azure-json-text.h"
#include "azure-load-balancer-reader.h"
#include "azure-resource-completion.h"
#include "azure-resource-error.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3
{
namespace azure
{

using Type = JsonValue::Type;
using Object = JsonValue::Object;
using Array = JsonValue::Array;

namespace
{

/**
 * @param resource any resource
 * @return the IP configurations of a NIC, or of the instances of a scale set; none for others
 */
std::vector<ResourceView>
IpConfigurationsOf(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    if (resource.IsOfType("Microsoft.Network/networkInterfaces"))
    {
        return view.Get("ipConfigurations").GetElements();
    }
    std::vector<ResourceView> result;
    if (resource.IsOfType("Microsoft.Compute/virtualMachineScaleSets"))
    {
        const auto profile = view.Get("virtualMachineProfile").Get("networkProfile");
        for (const auto& nic : profile.Get("networkInterfaceConfigurations").GetElements())
        {
            const auto more = nic.Get("ipConfigurations").GetElements();
            result.insert(result.end(), more.begin(), more.end());
        }
    }
    return result;
}

/**
 * @param configuration an IP configuration
 * @param lb a load balancer
 * @return whether it is in a pool of the load balancer, or behind one of its NAT rules
 */
bool
IsBehind(const ResourceView& configuration, const ResourceId& lb)
{
    for (const char* list : {"loadBalancerBackendAddressPools",
                             "loadBalancerInboundNatRules",
                             "loadBalancerInboundNatPools"})
    {
        for (const auto& part : configuration.Get(list).GetElements())
        {
            const auto id = ResourceId::FromText(part.GetReference());
            if (id.IsValid() && id.GetParent(1).ToKey() == lb.ToKey())
            {
                return true;
            }
        }
    }
    return false;
}

} // namespace

RestResources::RestResources(const ResourceImportOptions& options)
    : m_options(options)
{
}

void
RestResources::Read(const JsonValue& root, DeploymentConfiguration& deployment)
{
    Unwrap(root, "", deployment, false);
    const auto count = m_resources.size();
    for (std::size_t i = 0; i < count; ++i)
    {
        const ResourceView view(&m_resources[i].body, m_resources[i].path);
        if (m_resources[i].IsOfType("Microsoft.Network/loadBalancers") &&
            LoadBalancerReader::WhyNotModelled(view).empty())
        {
            Synthesise(view);
        }
    }
}

void
RestResources::Unwrap(const JsonValue& value,
                      const std::string& path,
                      DeploymentConfiguration& deployment,
                      bool isWrapped)
{
    if (value.Is(Type::Array))
    {
        for (std::size_t i = 0; i < value.AsArray().size(); ++i)
        {
            Unwrap(value.AsArray()[i], ArmEvaluator::ElementPath(path, i), deployment, true);
        }
        return;
    }
    const auto* type = value.Find("type");
    const auto* name = value.Find("name");
    const auto* idMember = value.Find("id");
    const auto* responses = value.Find("responses");
    const auto* list = value.Find("value");
    if (responses && responses->Is(Type::Object))
    {
        for (const auto& response : responses->AsObject())
        {
            if (const auto* body = response.value.Find("body"))
            {
                const auto inner = ArmEvaluator::MemberPath("responses", response.name);
                Unwrap(*body, ArmEvaluator::MemberPath(inner, "body"), deployment, true);
                return;
            }
        }
    }
    if (list && list->Is(Type::Array) && !idMember)
    {
        Unwrap(*list, ArmEvaluator::MemberPath(path, "value"), deployment, true);
        return;
    }
    ImportedResource resource;
    resource.path = path;
    resource.body = value;
    resource.id = ResourceId::FromText(idMember ? idMember->AsString() : "");
    if (!resource.id.IsValid() && type && name)
    {
        resource.id = ResourceId::FromTypeAndName(type->AsString(),
                                                  name->AsString(),
                                                  "/subscriptions/" + m_options.subscriptionId +
                                                      "/resourceGroups/" + m_options.resourceGroup);
    }
    if (resource.id.IsValid())
    {
        const auto key = resource.id.ToKey();
        if (m_ids.insert(key).second)
        {
            m_resources.push_back(std::move(resource));
            return;
        }
        for (const auto& other : m_resources)
        {
            if (other.id.ToKey() == key && !other.body.Equals(value))
            {
                throw ResourceError(path,
                                    "resource '" + JsonText::Quote(other.id.GetName()) +
                                        "' is described twice, and not in the same way");
            }
        }
        return;
    }
    if (value.AsObject().size() == 1 && value.AsObject()[0].value.Is(Type::Object))
    {
        const auto& member = value.AsObject()[0];
        Unwrap(member.value, ArmEvaluator::MemberPath(path, member.name), deployment, true);
        return;
    }
    if (!isWrapped)
    {
        throw ResourceError("",
                            "this is neither a deployment template (no $schema) nor a resource "
                            "(no id, and no type and name)");
    }
    deployment.notModelled.push_back(
        {path, "", "", "an object without id", "only resources are read"});
}

bool
RestResources::Add(const ResourceId& id, const std::string& location, JsonValue properties)
{
    if (!id.IsValid() || !m_ids.insert(id.ToKey()).second)
    {
        return false;
    }
    ImportedResource resource;
    resource.id = id;
    resource.synthesised = true;
    resource.body = Object{{"id", JsonValue(id.ToText())},
                           {"name", JsonValue(id.GetName())},
                           {"type", JsonValue(id.GetType())},
                           {"location", JsonValue(location)},
                           {"properties", std::move(properties)}};
    m_resources.push_back(std::move(resource));
    return true;
}

std::vector<RestResources::KnownSubnet>
RestResources::FindSubnets() const
{
    std::vector<KnownSubnet> subnets;
    for (const auto& resource : m_resources)
    {
        const ResourceView view(&resource.body, resource.path);
        try
        {
            if (resource.IsOfType("Microsoft.Network/virtualNetworks"))
            {
                for (const auto& subnet : view.Get("subnets").GetElements())
                {
                    subnets.push_back({resource.id,
                                       subnet.Get("name").GetText(),
                                       ResourceCompletion::ReadPrefixes(subnet)});
                }
            }
            else if (resource.IsOfType("Microsoft.Network/virtualNetworks/subnets"))
            {
                subnets.push_back({resource.id.GetParent(1),
                                   resource.id.names.back(),
                                   ResourceCompletion::ReadPrefixes(view)});
            }
        }
        catch (const ResourceError&)
        {
            // What is wrong with a network is said where it is read.
        }
    }
    return subnets;
}

ResourceId
RestResources::FindNetwork(const ResourceId& lb,
                           const std::vector<KnownSubnet>& subnets,
                           const std::vector<IpAddress>& addresses) const
{
    for (const auto& resource : m_resources)
    {
        try
        {
            for (const auto& configuration : IpConfigurationsOf(resource))
            {
                const auto subnet =
                    ResourceId::FromText(configuration.Get("subnet").GetReference());
                const auto network = subnet.GetParent(1);
                if (subnet.IsValid() && m_ids.count(network.ToKey()) > 0 &&
                    IsBehind(configuration, lb))
                {
                    return network;
                }
            }
        }
        catch (const ResourceError&)
        {
            // What is wrong with a NIC is said where it is read.
        }
    }
    for (const auto& subnet : subnets)
    {
        for (const auto& address : addresses)
        {
            if (Holds(subnet, address))
            {
                return subnet.network;
            }
        }
    }
    return subnets.empty() ? ResourceId() : subnets.front().network;
}

bool
RestResources::Holds(const KnownSubnet& subnet, const IpAddress& address)
{
    return std::any_of(subnet.prefixes.begin(), subnet.prefixes.end(), [&](const auto& prefix) {
        return prefix.Contains(address);
    });
}

void
RestResources::Synthesise(const ResourceView& view)
{
    const auto location = view.Get("location").GetText(m_options.location);
    const auto lb = ResourceId::FromText(view.GetReference());
    const auto scope = lb.IsValid() ? lb.scope : "/subscriptions/" + m_options.subscriptionId;
    // Subnets by id text: each gets the /24 of the first address known in it.
    std::map<std::string, std::string> prefixes;
    std::map<std::string, std::string> subnetOfPrefix;
    ResourceId network; // as the load balancer names it
    const auto prefixOf = [](const std::string& text) {
        return text.substr(0, text.rfind('.')) + ".0/24";
    };
    std::string home; // where members without an address go
    for (const auto& frontend : view.Get("frontendIPConfigurations").GetElements())
    {
        Add(ResourceId::FromText(frontend.Get("publicIPAddress").GetReference()),
            location,
            Object());
        const auto subnet = ResourceId::FromText(frontend.Get("subnet").GetReference());
        if (subnet.IsValid())
        {
            network = subnet.GetParent(1);
            const auto address = frontend.Get("privateIPAddress").GetText();
            const auto prefix = address.empty() ? "10.0.0.0/24" : prefixOf(address);
            prefixes.emplace(subnet.names.back(), prefix);
            subnetOfPrefix.emplace(prefix, subnet.names.back());
            home = home.empty() ? subnet.names.back() : home;
        }
    }

    struct Member
    {
        Array pools; // references
        Array rules; // references
    };

    std::map<std::string, Member> members; // by id of the IP configuration
    std::vector<IpAddress> addresses;      // of members that are no IP configuration
    for (const auto& pool : view.Get("backendAddressPools").GetElements())
    {
        const auto owner = ResourceId::FromText(pool.Get("virtualNetwork").GetReference());
        network = owner.IsValid() && prefixes.empty() ? owner : network;
        const JsonValue id = Object{
            {"id", JsonValue(lb.ToText() + "/backendAddressPools/" + pool.Get("name").GetText())}};
        for (const auto& member : pool.Get("backendIPConfigurations").GetElements())
        {
            members[member.GetReference()].pools.push_back(id);
        }
        for (const auto& member : pool.Get("loadBalancerBackendAddresses").GetElements())
        {
            const auto address = member.Get("ipAddress").GetText();
            const auto declared = ResourceId::FromText(member.Get("virtualNetwork").GetReference());
            network = declared.IsValid() && prefixes.empty() ? declared : network;
            if (const auto parsed = AddressPlan::ParseAddress(address))
            {
                addresses.push_back(*parsed);
            }
        }
    }
    for (const auto& rule : view.Get("inboundNatRules").GetElements())
    {
        const auto target = rule.Get("backendIPConfiguration");
        if (target.Exists())
        {
            members[target.GetReference()].rules.push_back(Object{
                {"id", JsonValue(lb.ToText() + "/inboundNatRules/" + rule.Get("name").GetText())}});
        }
    }
    const auto subnets = FindSubnets();
    const bool isNamed = network.IsValid();
    network = isNamed ? network : FindNetwork(lb, subnets, addresses);
    for (const auto& address : addresses)
    {
        const auto prefix = prefixOf(AddressPlan::FormatAddress(address));
        const bool isKnown =
            !isNamed && std::any_of(subnets.begin(), subnets.end(), [&](const auto& subnet) {
                return Holds(subnet, address);
            });
        const auto name = "subnet-" + prefix.substr(0, prefix.rfind('.'));
        if (!isKnown && subnetOfPrefix.emplace(prefix, name).second)
        {
            prefixes.emplace(name, prefix);
        }
    }
    if (!network.IsValid() || (!isNamed && !prefixes.empty()))
    {
        network = ResourceId::FromTypeAndName("Microsoft.Network/virtualNetworks",
                                              view.Get("name").GetText("lb") + "-vnet",
                                              scope);
    }
    for (const auto& subnet : subnets)
    {
        if (home.empty() && subnet.network.ToKey() == network.ToKey())
        {
            home = subnet.name;
        }
    }
    if (home.empty() && (!members.empty() || prefixes.empty()))
    {
        home = prefixes.empty() ? "default" : prefixes.begin()->first;
        prefixes.emplace(home, members.size() > 200 ? "10.0.0.0/16" : "10.0.0.0/24");
    }
    Array parts;
    Array space;
    for (const auto& [name, prefix] : prefixes)
    {
        parts.push_back(
            Object{{"name", JsonValue(name)},
                   {"properties", JsonValue(Object{{"addressPrefix", JsonValue(prefix)}})}});
        space.push_back(prefix);
    }
    Add(network,
        location,
        Object{{"addressSpace", JsonValue(Object{{"addressPrefixes", JsonValue(space)}})},
               {"subnets", JsonValue(parts)}});
    for (const auto& [text, member] : members)
    {
        const auto id = ResourceId::FromText(text);
        const auto set = id.GetNameOf("virtualMachineScaleSets");
        if (!set.empty() && m_ids.count(id.GetParent(1).ToKey()) > 0)
        {
            continue; // the scale set makes its instances itself
        }
        const auto machine = set.empty() ? id.GetNameOf("networkInterfaces") + "-vm"
                                         : set + "_" + id.GetNameOf("virtualMachines");
        const auto nic = ResourceId::FromTypeAndName(
            "Microsoft.Network/networkInterfaces",
            set.empty() ? id.GetNameOf("networkInterfaces")
                        : machine + "-" + id.GetNameOf("networkInterfaces"),
            scope);
        const JsonValue subnet = Object{{"id", JsonValue(network.ToText() + "/subnets/" + home)}};
        JsonValue ip =
            Object{{"name", JsonValue(id.IsValid() ? id.names.back() : "ipconfig")},
                   {"properties",
                    JsonValue(Object{{"subnet", subnet},
                                     {"loadBalancerBackendAddressPools", JsonValue(member.pools)},
                                     {"loadBalancerInboundNatRules", JsonValue(member.rules)}})}};
        if (!Add(nic, location, Object{{"ipConfigurations", JsonValue(Array{ip})}}))
        {
            continue; // a NIC that is described may have a machine of any name
        }
        JsonValue reference = Object{{"id", JsonValue(nic.ToText())}};
        Add(ResourceId::FromTypeAndName("Microsoft.Compute/virtualMachines", machine, scope),
            location,
            Object{{"networkProfile",
                    JsonValue(Object{{"networkInterfaces", JsonValue(Array{reference})}})}});
    }
}

} // namespace azure
} // namespace ns3
