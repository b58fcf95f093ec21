/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-address-plan.h"
#include "azure-deployment-reader.h"
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

/**
 * @param view a virtual machine
 * @return whether it runs; a machine that does not say so does
 */
bool
IsRunning(const ResourceView& view)
{
    auto state = view.Get("powerState").GetText("VM running");
    for (const auto& status : view.Get("instanceView").Get("statuses").GetElements())
    {
        const auto code = status.Get("code").GetText();
        state = ToLowerCase(code).rfind("powerstate/", 0) == 0 ? code : state;
    }
    return ToLowerCase(state).find("running") != std::string::npos;
}

/**
 * @param view a network interface of a machine, or an IP configuration
 * @return whether it says that it is the primary one
 */
bool
IsPrimary(const ResourceView& view)
{
    return view.Get("primary").GetBoolean(false);
}

/**
 * @brief Puts the first one that is primary in front; the order of the others stays.
 * @tparam T type of the elements
 * @param list a list
 * @param isPrimary whether an element is primary
 */
template <typename T>
void
PutPrimaryFirst(std::vector<T>& list, bool (*isPrimary)(const T&))
{
    const auto it = std::find_if(list.begin(), list.end(), isPrimary);
    if (it != list.end())
    {
        std::rotate(list.begin(), it, it + 1);
    }
}

} // namespace

void
DeploymentReader::ReadMachine(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    VirtualMachineConfiguration machine;
    machine.name = resource.id.names.back();
    machine.id = resource.id.ToText();
    machine.region = CanonicalRegion(view.Get("location").GetText());
    machine.availabilitySet = ResourceId::FromText(view.Get("availabilitySet").GetReference())
                                  .GetNameOf("availabilitySets");
    machine.running = IsRunning(view);
    machine.synthesised = resource.synthesised;
    const auto zones = view.Get("zones").GetElements();
    machine.zone = zones.empty() ? "" : zones.front().GetTextOrNumber();
    const auto index = m_deployment.virtualMachines.size();
    auto nics = view.Get("networkProfile").Get("networkInterfaces").GetElements();
    PutPrimaryFirst(nics, IsPrimary);
    for (const auto& nic : nics)
    {
        const auto& found = m_completion.Resolve(nic, "network interface");
        if (!m_machineOfNic.emplace(found.id.ToKey(), index).second)
        {
            nic.Get("id").Fail("network interface '" + found.id.GetName() +
                               "' belongs to another virtual machine already");
        }
        machine.networkInterfaces.push_back(found.id.names.back());
    }
    m_paths.Add("virtualMachines[" + std::to_string(index) + "]", resource.path);
    m_deployment.virtualMachines.push_back(machine);
}

void
DeploymentReader::ReadNic(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    NetworkInterfaceConfiguration nic;
    nic.name = resource.id.names.back();
    nic.id = resource.id.ToText();
    nic.region = CanonicalRegion(view.Get("location").GetText());
    nic.synthesised = resource.synthesised;
    auto owner = m_machineOfNic.find(resource.id.ToKey());
    if (owner == m_machineOfNic.end())
    {
        Synthesise(nic.name + "-vm",
                   nic.name,
                   nic.region,
                   resource.path,
                   "network interface '" + nic.name + "' belongs to no virtual machine");
        owner = m_machineOfNic.emplace(resource.id.ToKey(), m_deployment.virtualMachines.size() - 1)
                    .first;
    }
    const auto& machine = m_deployment.virtualMachines[owner->second];
    nic.virtualMachine = machine.name;
    const auto path =
        "networkInterfaces[" + std::to_string(m_deployment.networkInterfaces.size()) + "]";
    m_paths.Add(path, resource.path);
    auto parts = view.Get("ipConfigurations").GetElements();
    PutPrimaryFirst(parts, IsPrimary);
    for (const auto& part : parts)
    {
        const auto text = part.Get("privateIPAddress");
        const auto address = AddressPlan::ParseAddress(text.GetText());
        if (!address)
        {
            m_deployment.notModelled.push_back(
                {part.GetPath(),
                 resource.id.GetType(),
                 nic.name,
                 "IP configuration",
                 part.Get("subnet").Exists() ? "IPv6 is not modelled yet" : "it is in no subnet"});
            continue;
        }
        for (const auto& pool : part.Get("loadBalancerInboundNatPools").GetElements())
        {
            m_deployment.notModelled.push_back(
                {pool.GetPath(),
                 resource.id.GetType(),
                 nic.name,
                 "inbound NAT pool '" +
                     JsonText::Quote(
                         ResourceId::FromText(pool.GetReference()).GetNameOf("inboundNatPools")) +
                     "'",
                 "inbound NAT pools serve scale sets only"});
        }
        m_paths.Add(path + ".ipConfigurations[" + std::to_string(nic.ipConfigurations.size()) + "]",
                    part);
        nic.ipConfigurations.push_back(
            ReadIpConfiguration(part,
                                nic.id + "/ipConfigurations/" + part.Get("name").GetText(),
                                *address,
                                machine.name,
                                machine.running,
                                -1));
        nic.ipConfigurations.back().primary = nic.ipConfigurations.size() == 1;
    }
    if (nic.ipConfigurations.empty())
    {
        view.Get("ipConfigurations").Fail("a network interface needs an IPv4 configuration");
    }
    m_deployment.networkInterfaces.push_back(nic);
}

void
DeploymentReader::ReadScaleSet(const ImportedResource& resource)
{
    const ResourceView view(&resource.body, resource.path);
    const auto zones = view.Get("zones").GetElements();
    const auto profile = view.Get("virtualMachineProfile").Get("networkProfile");
    const auto capacity =
        view.Get("sku")
            .Get("capacity")
            .GetInteger(1, 0, static_cast<int64_t>(ResourceLimits::ScaleSetInstances));
    std::size_t next = 0;
    for (int64_t i = 0; i < capacity; ++i)
    {
        VirtualMachineConfiguration machine;
        machine.scaleSet = resource.id.names.back();
        machine.name = machine.scaleSet + "_" + std::to_string(i);
        machine.id = resource.id.ToText() + "/virtualMachines/" + std::to_string(i);
        machine.region = CanonicalRegion(view.Get("location").GetText());
        machine.instanceId = static_cast<uint32_t>(i);
        machine.zone = zones.empty()
                           ? ""
                           : zones[static_cast<std::size_t>(i) % zones.size()].GetTextOrNumber();
        bool hasPrimary = false;
        for (const auto& part : profile.Get("networkInterfaceConfigurations").GetElements())
        {
            NetworkInterfaceConfiguration nic;
            const auto name = part.Get("name").GetText();
            nic.name = machine.name + "-" + name;
            nic.id = machine.id + "/networkInterfaces/" + name;
            nic.region = machine.region;
            nic.virtualMachine = machine.name;
            for (const auto& ip : part.Get("ipConfigurations").GetElements())
            {
                const auto address = resource.instanceAddresses.at(next++);
                if (address.IsSet())
                {
                    nic.ipConfigurations.push_back(ReadIpConfiguration(
                        ip,
                        nic.id + "/ipConfigurations/" + ip.Get("name").GetText(),
                        address,
                        machine.name,
                        true,
                        i));
                    nic.ipConfigurations.back().primary = IsPrimary(ip);
                }
            }
            // Only now: the addresses were assigned in the order of the input.
            PutPrimaryFirst<NicIpConfiguration>(nic.ipConfigurations,
                                                [](const auto& ip) { return ip.primary; });
            for (auto& ip : nic.ipConfigurations)
            {
                ip.primary = &ip == &nic.ipConfigurations.front();
            }
            m_paths.Add("networkInterfaces[" +
                            std::to_string(m_deployment.networkInterfaces.size()) + "]",
                        part.GetPath());
            const bool isFirst = !hasPrimary && IsPrimary(part);
            hasPrimary = hasPrimary || isFirst;
            machine.networkInterfaces.insert(isFirst ? machine.networkInterfaces.begin()
                                                     : machine.networkInterfaces.end(),
                                             nic.name);
            m_deployment.networkInterfaces.push_back(nic);
        }
        m_paths.Add("virtualMachines[" + std::to_string(m_deployment.virtualMachines.size()) + "]",
                    resource.path);
        m_deployment.virtualMachines.push_back(machine);
    }
}

NicIpConfiguration
DeploymentReader::ReadIpConfiguration(const ResourceView& view,
                                      const std::string& id,
                                      const IpAddress& address,
                                      const std::string& machine,
                                      bool running,
                                      int64_t instance)
{
    NicIpConfiguration ip;
    ip.name = view.Get("name").GetText();
    ip.id = id;
    ip.privateIpAddress = address;
    const auto subnet = ResourceId::FromText(view.Get("subnet").GetReference());
    ip.virtualNetwork = subnet.GetNameOf("virtualNetworks");
    ip.subnet = subnet.GetNameOf("subnets");
    for (const auto& network : m_deployment.virtualNetworks)
    {
        for (const auto& known : network.subnets)
        {
            if (EqualsIgnoringCase(known.id, subnet.ToText()))
            {
                ip.virtualNetwork = network.name; // as the network itself is spelt
                ip.subnet = known.name;
            }
        }
    }
    const auto publicIp = view.Get("publicIPAddress");
    if (publicIp.Exists())
    {
        const auto& found = m_completion.Resolve(publicIp, "public IP address");
        ip.publicIpAddress = found.id.names.back();
        m_publicAddresses.insert(found.id.ToKey());
    }
    const auto join = [&](const char* list, const auto& add, std::vector<std::string>& names) {
        for (const auto& reference : view.Get(list).GetElements())
        {
            if (auto* balancer = FindLoadBalancer(reference))
            {
                names.push_back(balancer->m_result.configuration.name + "/" +
                                add(*balancer, reference));
                if (balancer->m_result.virtualNetwork.empty())
                {
                    balancer->m_result.virtualNetwork = ip.virtualNetwork;
                }
            }
        }
    };
    join(
        "loadBalancerBackendAddressPools",
        [&](LoadBalancerReader& balancer, const ResourceView& reference) {
            return balancer.AddMember(reference, machine, address, running);
        },
        ip.loadBalancerBackendAddressPools);
    join(
        "loadBalancerInboundNatRules",
        [&](LoadBalancerReader& balancer, const ResourceView& reference) {
            return balancer.SetNatTarget(reference, address);
        },
        ip.loadBalancerInboundNatRules);
    for (const auto& reference : view.Get("applicationGatewayBackendAddressPools").GetElements())
    {
        const auto pool = JoinGateway(reference, address);
        if (!pool.empty())
        {
            ip.applicationGatewayBackendAddressPools.push_back(pool);
        }
    }
    if (instance >= 0)
    {
        join(
            "loadBalancerInboundNatPools",
            [&](LoadBalancerReader& balancer, const ResourceView& reference) {
                return balancer.AddNatPoolRule(reference, static_cast<uint32_t>(instance), address);
            },
            ip.loadBalancerInboundNatRules);
    }
    return ip;
}

void
DeploymentReader::Synthesise(const std::string& name,
                             const std::string& nic,
                             const std::string& region,
                             const std::string& path,
                             const std::string& why)
{
    VirtualMachineConfiguration machine;
    machine.name = name;
    machine.region = region;
    machine.networkInterfaces.push_back(nic);
    machine.synthesised = true;
    m_deployment.virtualMachines.push_back(machine);
    m_deployment.assumed.push_back(
        {path, "Microsoft.Compute/virtualMachines", name, "virtual machine '" + name + "'", why});
}

NicIpConfiguration
DeploymentReader::FindSubnet(const IpAddress& address) const
{
    NicIpConfiguration ip;
    ip.privateIpAddress = address;
    for (const auto& network : m_deployment.virtualNetworks)
    {
        for (const auto& subnet : network.subnets)
        {
            if (std::any_of(subnet.addressPrefixes.begin(),
                            subnet.addressPrefixes.end(),
                            [&](const auto& prefix) { return prefix.Contains(address); }))
            {
                ip.virtualNetwork = network.name;
                ip.subnet = subnet.name;
            }
        }
    }
    return ip;
}

void
DeploymentReader::AddMachine(NicIpConfiguration ip,
                             const std::string& service,
                             const std::string& region,
                             const std::string& path)
{
    const auto text = AddressPlan::FormatAddress(ip.privateIpAddress);
    NetworkInterfaceConfiguration nic;
    nic.name = service + "-" + text + "-nic";
    nic.region = region;
    nic.virtualMachine = service + "-" + text;
    nic.synthesised = true;
    ip.name = "ipconfig";
    ip.primary = true;
    nic.ipConfigurations.push_back(ip);
    Synthesise(nic.virtualMachine,
               nic.name,
               nic.region,
               path,
               "no network interface of the input has the address " + text);
    m_deployment.networkInterfaces.push_back(nic);
}

void
DeploymentReader::CheckMembers()
{
    for (auto& balancer : m_balancers)
    {
        auto& lb = balancer->m_result.configuration;
        for (std::size_t p = 0; p < lb.backendAddressPools.size(); ++p)
        {
            auto& pool = lb.backendAddressPools[p];
            const auto path = "backendAddressPools[" + std::to_string(p) + "]";
            if (pool.backendAddresses.empty())
            {
                m_deployment.assumed.push_back(
                    {balancer->m_paths.Find(path),
                     "Microsoft.Network/loadBalancers",
                     lb.name,
                     "pool '" + pool.name + "' stays empty",
                     "no member is known; connections to its rules get no answer"});
            }
            for (std::size_t m = 0; m < pool.backendAddresses.size(); ++m)
            {
                auto& member = pool.backendAddresses[m];
                if (const auto* owner = m_deployment.FindOwner(member.address))
                {
                    member.running = owner->running;
                    continue;
                }
                const auto memberPath =
                    balancer->m_paths.Find(path + ".backendAddresses[" + std::to_string(m) + "]");
                auto ip = FindSubnet(member.address);
                if (ip.subnet.empty())
                {
                    throw ResourceError(memberPath,
                                        AddressPlan::FormatAddress(member.address) +
                                            " is in no subnet of the input");
                }
                if (balancer->m_result.virtualNetwork.empty())
                {
                    balancer->m_result.virtualNetwork = ip.virtualNetwork;
                }
                ip.loadBalancerBackendAddressPools.push_back(lb.name + "/" + pool.name);
                AddMachine(ip, lb.name, balancer->m_result.region, memberPath);
            }
        }
        for (const auto& pool : balancer->m_natPools)
        {
            if (!pool.used)
            {
                m_deployment.notModelled.push_back(
                    {pool.path,
                     "Microsoft.Network/loadBalancers",
                     lb.name,
                     "inbound NAT pool '" + pool.rule.name + "'",
                     "no scale set of the input names it, so that it makes no rules"});
            }
        }
    }
}

} // namespace azure
} // namespace ns3
