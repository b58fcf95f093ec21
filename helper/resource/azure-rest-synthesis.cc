/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-address-plan.h"
#include "azure-resource-completion.h"
#include "azure-resource-error.h"
#include "azure-rest-resources.h"

#include <algorithm>
#include <map>
#include <utility>

namespace ns3
{
namespace azure
{

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

std::string
RestResources::PrefixOf(const std::string& address)
{
    return address.substr(0, address.rfind('.')) + ".0/24";
}

void
RestResources::AddNetwork(const ResourceId& id,
                          const std::string& location,
                          const Prefixes& prefixes)
{
    const Object space{{"addressPrefixes", JsonValue(Array())}};
    Add(id, location, Object{{"addressSpace", JsonValue(space)}, {"subnets", JsonValue(Array())}});
    for (auto& resource : m_resources)
    {
        if (!resource.synthesised || resource.id.ToKey() != id.ToKey())
        {
            continue;
        }
        auto& properties = *resource.body.Find("properties");
        auto& subnets = properties.Find("subnets")->MakeArray();
        auto& space = properties.Find("addressSpace")->Find("addressPrefixes")->MakeArray();
        for (const auto& [name, prefix] : prefixes)
        {
            if (std::none_of(subnets.begin(), subnets.end(), [&](const JsonValue& subnet) {
                    return EqualsIgnoringCase(subnet.Find("name")->AsString(), name);
                }))
            {
                const Object range{{"addressPrefix", JsonValue(prefix)}};
                subnets.push_back(
                    Object{{"name", JsonValue(name)}, {"properties", JsonValue(range)}});
                space.push_back(prefix);
            }
        }
    }
}

std::string
RestResources::FindFreePrefix(const std::set<std::string>& avoided) const
{
    std::vector<AddressPrefix> taken;
    const auto take = [&](const std::string& text) {
        if (const auto prefix = AddressPrefix::FromText(text))
        {
            taken.push_back(*prefix);
        }
    };
    std::for_each(avoided.begin(), avoided.end(), take);
    for (const auto& resource : m_resources)
    {
        if (resource.IsOfType("Microsoft.Network/virtualNetworks"))
        {
            const ResourceView view(&resource.body, resource.path);
            for (const auto& prefix : view.Get("addressSpace").Get("addressPrefixes").GetElements())
            {
                take(prefix.GetText());
            }
        }
    }
    for (int i = 0; i < 256; ++i)
    {
        const auto text = "10.0." + std::to_string(i) + ".0/24";
        if (std::none_of(taken.begin(), taken.end(), [&](const AddressPrefix& other) {
                return other.Overlaps(*AddressPrefix::FromText(text));
            }))
        {
            return text;
        }
    }
    return "10.255.0.0/24"; // nothing is free; that it overlaps is found later
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
RestResources::SynthesiseForBalancer(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    const auto location = view.Get("location").GetText(m_options.location);
    const auto& lb = resource.id;
    const auto& scope = lb.scope;
    // Subnets by id text: each gets the /24 of the first address known in it.
    Prefixes prefixes;
    std::map<std::string, std::string> subnetOfPrefix;
    ResourceId network; // as the load balancer names it
    std::string home;   // where members without an address go
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
            const auto prefix = address.empty() ? "10.0.0.0/24" : PrefixOf(address);
            prefixes.emplace(subnet.names.back(), prefix);
            subnetOfPrefix.emplace(prefix, subnet.names.back());
            home = home.empty() ? subnet.names.back() : home;
        }
    }

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
        const auto prefix = PrefixOf(AddressPlan::FormatAddress(address));
        const bool isKnown =
            std::any_of(subnets.begin(), subnets.end(), [&](const KnownSubnet& subnet) {
                return (!isNamed || subnet.network.ToKey() == network.ToKey()) &&
                       Holds(subnet, address);
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
    AddNetwork(network, location, prefixes);
    for (auto& [text, member] : members)
    {
        member.location = location;
        member.scope = scope;
        member.subnet = network.ToText() + "/subnets/" + home;
        const auto [it, isNew] = m_members.emplace(text, member);
        if (!isNew) // another balancer sends to it as well
        {
            auto& known = it->second;
            known.pools.insert(known.pools.end(), member.pools.begin(), member.pools.end());
            known.rules.insert(known.rules.end(), member.rules.begin(), member.rules.end());
        }
    }
}

void
RestResources::SynthesiseForGateway(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    const auto location = view.Get("location").GetText(m_options.location);
    const auto& gateway = resource.id;
    const auto configurations = view.Get("gatewayIPConfigurations").GetElements();
    const auto subnet =
        configurations.empty()
            ? ResourceId()
            : ResourceId::FromText(configurations.front().Get("subnet").GetReference());
    std::string prefix; // of the gateway's subnet, where an address tells it
    for (const auto& frontend : view.Get("frontendIPConfigurations").GetElements())
    {
        Add(ResourceId::FromText(frontend.Get("publicIPAddress").GetReference()),
            location,
            Object());
        const auto address = frontend.Get("privateIPAddress").GetText();
        prefix = AddressPlan::ParseAddress(address) ? PrefixOf(address) : prefix;
    }
    if (subnet.types.size() != 2)
    {
        return; // its reader says what is wrong
    }
    // Servers are elsewhere: a gateway's subnet is its own (AG-5).
    std::set<std::string> avoided;
    for (const auto& pool : view.Get("backendAddressPools").GetElements())
    {
        for (const auto& member : pool.Get("backendAddresses").GetElements())
        {
            const bool isObject = member.Exists() && member.GetValue()->Is(JsonValue::Type::Object);
            avoided.insert(PrefixOf((isObject ? member.Get("ipAddress") : member).GetText()));
        }
    }
    const auto network = subnet.GetParent(1);
    prefix = prefix.empty() ? FindFreePrefix(avoided) : prefix;
    AddNetwork(network, location, {{subnet.names.back(), prefix}});
    const std::string home = gateway.names.back() + "-backends";
    for (const auto& pool : view.Get("backendAddressPools").GetElements())
    {
        const JsonValue id = Object{
            {"id",
             JsonValue(gateway.ToText() + "/backendAddressPools/" + pool.Get("name").GetText())}};
        for (const auto& reference : pool.Get("backendIPConfigurations").GetElements())
        {
            const auto [it, isNew] = m_members.emplace(reference.GetReference(), Member());
            it->second.gatewayPools.push_back(id);
            if (isNew)
            {
                AddNetwork(network, location, {{home, FindFreePrefix(avoided)}});
                it->second.location = location;
                it->second.scope = gateway.scope;
                it->second.subnet = network.ToText() + "/subnets/" + home;
            }
        }
    }
}

void
RestResources::SynthesiseMachines()
{
    for (const auto& [text, member] : m_members)
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
            member.scope);
        const Object subnet{{"id", JsonValue(member.subnet)}};
        const Object properties{
            {"subnet", JsonValue(subnet)},
            {"loadBalancerBackendAddressPools", JsonValue(member.pools)},
            {"loadBalancerInboundNatRules", JsonValue(member.rules)},
            {"applicationGatewayBackendAddressPools", JsonValue(member.gatewayPools)}};
        JsonValue ip = Object{{"name", JsonValue(id.IsValid() ? id.names.back() : "ipconfig")},
                              {"properties", JsonValue(properties)}};
        if (!Add(nic, member.location, Object{{"ipConfigurations", JsonValue(Array{ip})}}))
        {
            continue; // a NIC that is described may have a machine of any name
        }
        JsonValue reference = Object{{"id", JsonValue(nic.ToText())}};
        Add(ResourceId::FromTypeAndName("Microsoft.Compute/virtualMachines", machine, member.scope),
            member.location,
            Object{{"networkProfile",
                    JsonValue(Object{{"networkInterfaces", JsonValue(Array{reference})}})}});
    }
}

} // namespace azure
} // namespace ns3
