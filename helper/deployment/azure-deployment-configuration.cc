/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-configuration.h"

#include "azure-deployment-validator.h"

#include "ns3/azure-named-items.h"
#include "ns3/azure-traffic-manager-states.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/** Addresses that Azure keeps at the beginning of each subnet: network, gateway, DNS twice. */
constexpr uint64_t KEPT_FIRST = 4;

/**
 * @param length prefix length, 0 to 32
 * @return the mask of that length, host order
 */
uint32_t
Mask(uint8_t length)
{
    return length == 0 ? 0 : ~uint32_t{0} << (32 - std::min<uint8_t>(length, 32));
}

/**
 * @param subnet a subnet
 * @return its addresses that Azure does not keep
 */
uint64_t
CountUsable(const SubnetConfiguration& subnet)
{
    uint64_t usable = 0;
    for (const auto& prefix : subnet.addressPrefixes)
    {
        usable += prefix.CountUsable();
    }
    return usable;
}

/**
 * @param deployment a deployment
 * @param network one of its virtual networks
 * @return addresses of its subnets that network interfaces and frontends have
 */
std::set<IpAddress>
FindTaken(const DeploymentConfiguration& deployment, const VirtualNetworkConfiguration& network)
{
    std::set<IpAddress> taken;
    const auto take = [&](const IpAddress& address) {
        const auto* prefix = network.FindPrefix(address);
        if (prefix && !prefix->IsKept(address))
        {
            taken.insert(address);
        }
    };
    for (const auto& nic : deployment.networkInterfaces)
    {
        for (const auto& ip : nic.ipConfigurations)
        {
            take(ip.privateIpAddress);
        }
    }
    for (const auto& balancer : deployment.loadBalancers)
    {
        for (const auto& frontend : balancer.configuration.frontendIpConfigurations)
        {
            take(frontend.address);
        }
    }
    for (const auto& gateway : deployment.applicationGateways)
    {
        for (const auto& frontend : gateway.configuration.frontendIpConfigurations)
        {
            take(frontend.address);
        }
    }
    return taken;
}

} // namespace

bool
AddressPrefix::Contains(const IpAddress& candidate) const
{
    return candidate.IsIpv4() && address.IsIpv4() &&
           ((candidate.low ^ address.low) & Mask(prefixLength)) == 0;
}

bool
AddressPrefix::Overlaps(const AddressPrefix& other) const
{
    return prefixLength <= other.prefixLength ? Contains(other.address) : other.Contains(address);
}

bool
AddressPrefix::IsKept(const IpAddress& candidate) const
{
    const auto offset = candidate.low - address.low;
    const uint64_t size = uint64_t{1} << (32 - prefixLength);
    return Contains(candidate) && (offset < KEPT_FIRST || offset + 1 == size);
}

uint64_t
AddressPrefix::CountUsable() const
{
    const uint64_t size = uint64_t{1} << (32 - prefixLength);
    return size > KEPT_FIRST + 1 ? size - KEPT_FIRST - 1 : 0;
}

std::string
AddressPrefix::ToText() const
{
    return azure::ToText(address) + "/" + std::to_string(prefixLength);
}

std::optional<AddressPrefix>
AddressPrefix::FromText(const std::string& text)
{
    uint32_t parts[5]; // four bytes and the length
    std::size_t position = 0;
    for (int part = 0; part < 5; ++part)
    {
        std::size_t digits = 0;
        parts[part] = 0;
        while (position + digits < text.size() && digits < 4 && text[position + digits] >= '0' &&
               text[position + digits] <= '9')
        {
            parts[part] = parts[part] * 10 + static_cast<uint32_t>(text[position + digits] - '0');
            ++digits;
        }
        position += digits;
        if (digits == 0 || digits > 3 || parts[part] > (part == 4 ? 32u : 255u))
        {
            return std::nullopt;
        }
        if (part < 4)
        {
            if (position >= text.size() || text[position] != (part == 3 ? '/' : '.'))
            {
                return std::nullopt;
            }
            ++position;
        }
    }
    uint32_t bits = parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3];
    auto length = static_cast<uint8_t>(parts[4]);
    if (position != text.size() || (bits & ~Mask(length)) != 0)
    {
        return std::nullopt;
    }
    return AddressPrefix{IpAddress::FromIpv4Bits(bits), length};
}

const AddressPrefix*
VirtualNetworkConfiguration::FindPrefix(const IpAddress& address) const
{
    for (const auto& subnet : subnets)
    {
        for (const auto& prefix : subnet.addressPrefixes)
        {
            if (prefix.Contains(address))
            {
                return &prefix;
            }
        }
    }
    return nullptr;
}

std::string
DeploymentError::ToText() const
{
    return file + ": " + (path.empty() ? "" : path + ": ") + message;
}

std::vector<ConfigurationError>
DeploymentConfiguration::Validate() const
{
    std::vector<ConfigurationError> errors;
    DeploymentValidator(*this, errors).Validate();
    return errors;
}

uint64_t
DeploymentConfiguration::CountFreeAddresses(const std::string& virtualNetwork) const
{
    const auto* network = FindVirtualNetwork(virtualNetwork);
    if (!network)
    {
        return 0;
    }
    uint64_t taken = FindTaken(*this, *network).size();
    for (std::size_t i = 0; i < applicationGateways.size(); ++i)
    {
        taken +=
            applicationGateways[i].virtualNetwork == virtualNetwork ? CountGatewayInstances(i) : 0;
    }
    uint64_t usable = 0;
    for (const auto& subnet : network->subnets)
    {
        usable += CountUsable(subnet);
    }
    return usable - std::min(usable, taken);
}

uint32_t
DeploymentConfiguration::CountGatewayInstances(std::size_t index) const
{
    const auto& gateway = applicationGateways.at(index);
    const auto least = gateway.configuration.GetInitialInstances();
    const auto* network = FindVirtualNetwork(gateway.virtualNetwork);
    const auto* subnet = network ? FindNamed(network->subnets, gateway.subnet) : nullptr;
    if (!subnet || !gateway.configuration.autoscaleConfiguration)
    {
        return least;
    }
    auto room = CountUsable(*subnet);
    const auto take = [&room](uint64_t count) { room -= std::min(room, count); };
    for (const auto& address : FindTaken(*this, *network))
    {
        const auto& prefixes = subnet->addressPrefixes;
        take(std::any_of(prefixes.begin(), prefixes.end(), [&](const AddressPrefix& prefix) {
            return prefix.Contains(address);
        }));
    }
    const auto isNeighbour = [&](const DeployedApplicationGateway& other) {
        return other.virtualNetwork == gateway.virtualNetwork && other.subnet == gateway.subnet;
    };
    for (const auto& other : applicationGateways)
    {
        take(isNeighbour(other) ? other.configuration.GetInitialInstances() : 0);
    }
    // What is left goes to the gateways in their order.
    for (std::size_t i = 0; i < index; ++i)
    {
        const auto& other = applicationGateways[i].configuration;
        take(isNeighbour(applicationGateways[i])
                 ? other.GetMostInstances() - other.GetInitialInstances()
                 : 0);
    }
    const auto further = gateway.configuration.GetMostInstances() - least;
    return least + static_cast<uint32_t>(std::min<uint64_t>(room, further));
}

const VirtualNetworkConfiguration*
DeploymentConfiguration::FindVirtualNetwork(const std::string& name) const
{
    return FindNamed(virtualNetworks, name);
}

const NetworkInterfaceConfiguration*
DeploymentConfiguration::FindNetworkInterface(const std::string& name) const
{
    return FindNamed(networkInterfaces, name);
}

const VirtualMachineConfiguration*
DeploymentConfiguration::FindVirtualMachine(const std::string& name) const
{
    return FindNamed(virtualMachines, name);
}

const VirtualMachineConfiguration*
DeploymentConfiguration::FindOwner(const IpAddress& address) const
{
    for (const auto& nic : networkInterfaces)
    {
        for (const auto& ip : nic.ipConfigurations)
        {
            if (ip.privateIpAddress == address)
            {
                return FindVirtualMachine(nic.virtualMachine);
            }
        }
    }
    return nullptr;
}

std::vector<TrafficManagerConfiguration>
DeploymentConfiguration::GetConnectedTrafficManagers() const
{
    auto profiles = trafficManagers;
    for (auto& profile : profiles)
    {
        auto& endpoints = profile.endpoints;
        const auto leadsNowhere = [this](const TrafficManagerEndpoint& endpoint) {
            return endpoint.IsNested() &&
                   std::none_of(trafficManagers.begin(),
                                trafficManagers.end(),
                                [&](const auto& other) {
                                    return TrafficManagerStates::IsSameName(other.name,
                                                                            endpoint.target);
                                });
        };
        endpoints.erase(std::remove_if(endpoints.begin(), endpoints.end(), leadsNowhere),
                        endpoints.end());
    }
    return profiles;
}

const PublicIpAddressConfiguration*
DeploymentConfiguration::FindPublicIpAddress(const std::string& target) const
{
    const auto it =
        std::find_if(publicIpAddresses.begin(), publicIpAddresses.end(), [&](const auto& ip) {
            return ToText(ip.address) == target ||
                   (!target.empty() && TrafficManagerStates::IsSameName(ip.fqdn, target));
        });
    return it == publicIpAddresses.end() ? nullptr : &*it;
}

} // namespace azure
} // namespace ns3
