/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-configuration.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

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
 * @param address an IPv4 address
 * @return dotted notation
 */
std::string
AddressText(const IpAddress& address)
{
    auto bits = static_cast<uint32_t>(address.low);
    return std::to_string(bits >> 24) + "." + std::to_string((bits >> 16) & 255) + "." +
           std::to_string((bits >> 8) & 255) + "." + std::to_string(bits & 255);
}

/**
 * @tparam T a struct with a `name`
 * @param list a list of them
 * @param name the name to look for
 * @return the element of that name, or null
 */
template <typename T>
const T*
FindByName(const std::vector<T>& list, const std::string& name)
{
    auto it =
        std::find_if(list.begin(), list.end(), [&](const T& item) { return item.name == name; });
    return it == list.end() ? nullptr : &*it;
}

/**
 * @param list name of a list
 * @param index position in it
 * @return "list[index]"
 */
std::string
At(const std::string& list, std::size_t index)
{
    return list + "[" + std::to_string(index) + "]";
}

/**
 * @brief Reports names that are used twice in a list.
 * @tparam T a struct with a `name`
 * @param list the list
 * @param path its name
 * @param errors where to add the errors
 */
template <typename T>
void
CheckNames(const std::vector<T>& list,
           const std::string& path,
           std::vector<ConfigurationError>& errors)
{
    std::set<std::string> seen;
    for (std::size_t i = 0; i < list.size(); ++i)
    {
        if (!seen.insert(list[i].name).second)
        {
            errors.push_back({At(path, i) + ".name", "'" + list[i].name + "' is used twice"});
        }
    }
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

std::string
AddressPrefix::ToText() const
{
    return AddressText(address) + "/" + std::to_string(prefixLength);
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

std::string
DeploymentError::ToText() const
{
    return file + ": " + (path.empty() ? "" : path + ": ") + message;
}

std::vector<ConfigurationError>
DeploymentConfiguration::Validate() const
{
    std::vector<ConfigurationError> errors;
    CheckNames(virtualNetworks, "virtualNetworks", errors);
    CheckNames(publicIpAddresses, "publicIpAddresses", errors);
    CheckNames(networkInterfaces, "networkInterfaces", errors);
    CheckNames(virtualMachines, "virtualMachines", errors);

    // One simulated network routes all of them, so prefixes must not overlap at all.
    for (std::size_t i = 0; i < virtualNetworks.size(); ++i)
    {
        const auto& network = virtualNetworks[i];
        const auto path = At("virtualNetworks", i);
        for (std::size_t p = 0; p < network.addressPrefixes.size(); ++p)
        {
            for (std::size_t j = 0; j <= i; ++j)
            {
                const auto& others = virtualNetworks[j].addressPrefixes;
                for (std::size_t q = 0; q < (j == i ? p : others.size()); ++q)
                {
                    if (network.addressPrefixes[p].Overlaps(others[q]))
                    {
                        errors.push_back({At(path + ".addressPrefixes", p),
                                          network.addressPrefixes[p].ToText() +
                                              " of virtual network '" + network.name +
                                              "' overlaps " + others[q].ToText() + " of '" +
                                              virtualNetworks[j].name + "'"});
                    }
                }
            }
        }
        for (std::size_t s = 0; s < network.subnets.size(); ++s)
        {
            const auto subnetPath = At(path + ".subnets", s);
            for (const auto& prefix : network.subnets[s].addressPrefixes)
            {
                bool inside = std::any_of(network.addressPrefixes.begin(),
                                          network.addressPrefixes.end(),
                                          [&](const AddressPrefix& space) {
                                              return space.Contains(prefix.address) &&
                                                     space.prefixLength <= prefix.prefixLength;
                                          });
                if (!inside)
                {
                    errors.push_back({subnetPath + ".addressPrefixes",
                                      prefix.ToText() + " of subnet '" + network.subnets[s].name +
                                          "' is outside the address space of '" + network.name +
                                          "'"});
                }
                for (std::size_t t = 0; t < s; ++t)
                {
                    for (const auto& other : network.subnets[t].addressPrefixes)
                    {
                        if (prefix.Overlaps(other))
                        {
                            errors.push_back({subnetPath + ".addressPrefixes",
                                              prefix.ToText() + " of subnet '" +
                                                  network.subnets[s].name + "' overlaps " +
                                                  other.ToText() + " of '" +
                                                  network.subnets[t].name + "'"});
                        }
                    }
                }
            }
        }
    }

    std::map<IpAddress, std::string> owners;
    auto own = [&](const IpAddress& address, const std::string& path, const std::string& owner) {
        auto [it, isNew] = owners.emplace(address, owner);
        if (!isNew)
        {
            errors.push_back(
                {path, AddressText(address) + " is used by " + it->second + " already"});
        }
    };
    for (std::size_t i = 0; i < publicIpAddresses.size(); ++i)
    {
        own(publicIpAddresses[i].address,
            At("publicIpAddresses", i) + ".address",
            "public IP address '" + publicIpAddresses[i].name + "'");
    }
    for (std::size_t i = 0; i < networkInterfaces.size(); ++i)
    {
        const auto& nic = networkInterfaces[i];
        const auto path = At("networkInterfaces", i);
        if (!FindVirtualMachine(nic.virtualMachine))
        {
            errors.push_back(
                {path + ".virtualMachine", "no virtual machine '" + nic.virtualMachine + "'"});
        }
        for (std::size_t c = 0; c < nic.ipConfigurations.size(); ++c)
        {
            const auto& ip = nic.ipConfigurations[c];
            const auto ipPath = At(path + ".ipConfigurations", c);
            const auto* network = FindVirtualNetwork(ip.virtualNetwork);
            const auto* subnet = network ? FindByName(network->subnets, ip.subnet) : nullptr;
            if (!subnet)
            {
                errors.push_back({ipPath + ".subnet",
                                  "no subnet '" + ip.virtualNetwork + "/" + ip.subnet + "'"});
            }
            else if (std::none_of(subnet->addressPrefixes.begin(),
                                  subnet->addressPrefixes.end(),
                                  [&](const AddressPrefix& prefix) {
                                      return prefix.Contains(ip.privateIpAddress);
                                  }))
            {
                errors.push_back(
                    {ipPath + ".privateIpAddress",
                     AddressText(ip.privateIpAddress) + " is outside subnet '" + ip.subnet + "'"});
            }
            own(ip.privateIpAddress,
                ipPath + ".privateIpAddress",
                "network interface '" + nic.name + "'");
        }
    }
    for (std::size_t i = 0; i < virtualMachines.size(); ++i)
    {
        for (const auto& nic : virtualMachines[i].networkInterfaces)
        {
            if (!FindNetworkInterface(nic))
            {
                errors.push_back({At("virtualMachines", i) + ".networkInterfaces",
                                  "no network interface '" + nic + "'"});
            }
        }
    }
    for (std::size_t i = 0; i < loadBalancers.size(); ++i)
    {
        for (const auto& error : loadBalancers[i].configuration.Validate())
        {
            errors.push_back({At("loadBalancers", i) + "." + error.path, error.message});
        }
    }
    return errors;
}

const VirtualNetworkConfiguration*
DeploymentConfiguration::FindVirtualNetwork(const std::string& name) const
{
    return FindByName(virtualNetworks, name);
}

const NetworkInterfaceConfiguration*
DeploymentConfiguration::FindNetworkInterface(const std::string& name) const
{
    return FindByName(networkInterfaces, name);
}

const VirtualMachineConfiguration*
DeploymentConfiguration::FindVirtualMachine(const std::string& name) const
{
    return FindByName(virtualMachines, name);
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

} // namespace azure
} // namespace ns3
