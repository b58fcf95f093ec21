/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-validator.h"

#include "ns3/azure-named-items.h"
#include "ns3/azure-region-table.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

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
 * @tparam T a struct with a `name`
 * @param item the thing that has a name
 * @return the name
 */
template <typename T>
const std::string&
NameOf(const T& item)
{
    return item.name;
}

/**
 * @param balancer a load balancer
 * @return its name
 */
const std::string&
NameOf(const DeployedLoadBalancer& balancer)
{
    return balancer.configuration.name;
}

/**
 * @brief Reports names that are used twice in a list.
 * @tparam T something that NameOf() knows the name of
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
        const auto& name = NameOf(list[i]);
        if (!seen.insert(name).second)
        {
            errors.push_back({At(path, i) + ".name", "'" + name + "' is used twice"});
        }
    }
}

/**
 * A range that neither a virtual network nor a public address may lie in.
 */
struct ForbiddenRange
{
    const char* prefix; //!< CIDR notation
    const char* why;    //!< what it is for
};

/** What Azure refuses as an address space, and what the simulated network needs itself. */
constexpr ForbiddenRange FORBIDDEN_RANGES[] = {
    {"0.0.0.0/8", "is no range of hosts"},
    {"127.0.0.0/8", "is for loopback"},
    {"169.254.0.0/16", "is for link-local addresses"},
    {"168.63.129.16/32", "is where health probes come from"},
    {"224.0.0.0/3", "is for multicast and reserved addresses"},
    {"100.64.0.0/10", "is for routers, and for clients at regions, of the simulation"},
    {"198.18.0.0/15", "is for the clients in the internet of the simulation"}};

} // namespace

DeploymentValidator::DeploymentValidator(const DeploymentConfiguration& deployment,
                                         std::vector<ConfigurationError>& errors)
    : m_deployment(deployment),
      m_errors(errors)
{
}

std::string
DeploymentValidator::WhyForbidden(const AddressPrefix& prefix)
{
    for (const auto& range : FORBIDDEN_RANGES)
    {
        if (AddressPrefix::FromText(range.prefix)->Overlaps(prefix))
        {
            const bool inside = prefix.prefixLength == 32;
            return std::string(inside ? "lies in " : "overlaps ") + range.prefix + ", which " +
                   range.why;
        }
    }
    return "";
}

std::string
DeploymentValidator::KeptMessage(const IpAddress& address)
{
    return ToText(address) +
           " is kept by Azure: the first four addresses of a subnet and the last one are";
}

void
DeploymentValidator::Fail(const std::string& path, const std::string& message)
{
    m_errors.push_back({path, message});
}

void
DeploymentValidator::Validate()
{
    CheckNames(m_deployment.virtualNetworks, "virtualNetworks", m_errors);
    CheckNames(m_deployment.publicIpAddresses, "publicIpAddresses", m_errors);
    CheckNames(m_deployment.networkInterfaces, "networkInterfaces", m_errors);
    CheckNames(m_deployment.virtualMachines, "virtualMachines", m_errors);
    CheckNames(m_deployment.loadBalancers, "loadBalancers", m_errors);
    for (std::size_t i = 0; i < m_deployment.virtualNetworks.size(); ++i)
    {
        CheckNetwork(i);
    }
    for (std::size_t i = 0; i < m_deployment.publicIpAddresses.size(); ++i)
    {
        const auto& ip = m_deployment.publicIpAddresses[i];
        const auto path = At("publicIpAddresses", i) + ".address";
        Own(m_owners, ip.address, path, "public IP address '" + ip.name + "'");
        CheckPublicAddress(ip.address, path);
    }
    for (std::size_t i = 0; i < m_deployment.networkInterfaces.size(); ++i)
    {
        CheckInterface(i);
    }
    for (std::size_t i = 0; i < m_deployment.virtualMachines.size(); ++i)
    {
        for (const auto& nic : m_deployment.virtualMachines[i].networkInterfaces)
        {
            if (!m_deployment.FindNetworkInterface(nic))
            {
                Fail(At("virtualMachines", i) + ".networkInterfaces",
                     "no network interface '" + nic + "'");
            }
        }
    }
    for (std::size_t i = 0; i < m_deployment.loadBalancers.size(); ++i)
    {
        const auto& balancer = m_deployment.loadBalancers[i];
        const auto path = At("loadBalancers", i) + ".";
        for (const auto& error : balancer.configuration.Validate())
        {
            Fail(path + error.path, error.message);
        }
        CheckFrontends(balancer, path);
        CheckMembers(balancer, path);
    }
    for (std::size_t i = 0; i < m_deployment.applicationGateways.size(); ++i)
    {
        CheckGateway(i);
    }
    CheckTrafficManagers();
}

void
DeploymentValidator::CheckTrafficManagers()
{
    const auto& profiles = m_deployment.trafficManagers;
    if (profiles.empty())
    {
        return;
    }
    const auto connected = m_deployment.GetConnectedTrafficManagers();
    const bool isComplete = std::equal(profiles.begin(),
                                       profiles.end(),
                                       connected.begin(),
                                       [](const auto& whole, const auto& rest) {
                                           return whole.endpoints.size() == rest.endpoints.size();
                                       });
    if (isComplete)
    {
        for (const auto& error :
             TrafficManagerConfiguration::ValidateAll(profiles, RegionTable::MakeAzure()))
        {
            // They begin with "profiles".
            Fail("trafficManagers" + error.path.substr(8), error.message);
        }
        return;
    }
    for (std::size_t i = 0; i < profiles.size(); ++i)
    {
        for (const auto& error : profiles[i].Validate())
        {
            Fail(At("trafficManagers", i) + "." + error.path, error.message);
        }
    }
}

void
DeploymentValidator::CheckNetwork(std::size_t index)
{
    const auto& networks = m_deployment.virtualNetworks;
    const auto& network = networks[index];
    const auto path = At("virtualNetworks", index);
    for (std::size_t p = 0; p < network.addressPrefixes.size(); ++p)
    {
        const auto& prefix = network.addressPrefixes[p];
        const auto what = prefix.ToText() + " of virtual network '" + network.name + "' ";
        if (const auto why = WhyForbidden(prefix); !why.empty())
        {
            Fail(At(path + ".addressPrefixes", p), what + why);
        }
        // One simulated network routes all of them, so prefixes must not overlap at all.
        for (std::size_t j = 0; j <= index; ++j)
        {
            const auto& others = networks[j].addressPrefixes;
            for (std::size_t q = 0; q < (j == index ? p : others.size()); ++q)
            {
                if (prefix.Overlaps(others[q]))
                {
                    Fail(At(path + ".addressPrefixes", p),
                         what + "overlaps " + others[q].ToText() + " of '" + networks[j].name +
                             "'");
                }
            }
        }
    }
    CheckNames(network.subnets, path + ".subnets", m_errors);
    for (std::size_t s = 0; s < network.subnets.size(); ++s)
    {
        CheckSubnet(network, s, At(path + ".subnets", s) + ".addressPrefixes");
    }
}

void
DeploymentValidator::CheckSubnet(const VirtualNetworkConfiguration& network,
                                 std::size_t index,
                                 const std::string& path)
{
    const auto& subnet = network.subnets[index];
    for (std::size_t p = 0; p < subnet.addressPrefixes.size(); ++p)
    {
        const auto& prefix = subnet.addressPrefixes[p];
        const auto what = prefix.ToText() + " of subnet '" + subnet.name + "' ";
        if (std::none_of(network.addressPrefixes.begin(),
                         network.addressPrefixes.end(),
                         [&](const AddressPrefix& space) {
                             return space.Contains(prefix.address) &&
                                    space.prefixLength <= prefix.prefixLength;
                         }))
        {
            Fail(path, what + "is outside the address space of '" + network.name + "'");
        }
        for (std::size_t t = 0; t <= index; ++t)
        {
            const auto& others = network.subnets[t].addressPrefixes;
            for (std::size_t q = 0; q < (t == index ? p : others.size()); ++q)
            {
                if (prefix.Overlaps(others[q]))
                {
                    Fail(path,
                         what + "overlaps " + others[q].ToText() + " of '" +
                             network.subnets[t].name + "'");
                }
            }
        }
    }
}

void
DeploymentValidator::CheckInterface(std::size_t index)
{
    const auto& nic = m_deployment.networkInterfaces[index];
    const auto path = At("networkInterfaces", index);
    if (!m_deployment.FindVirtualMachine(nic.virtualMachine))
    {
        Fail(path + ".virtualMachine", "no virtual machine '" + nic.virtualMachine + "'");
    }
    if (nic.ipConfigurations.empty())
    {
        Fail(path + ".ipConfigurations", "network interface '" + nic.name + "' has no address");
    }
    for (std::size_t c = 0; c < nic.ipConfigurations.size(); ++c)
    {
        const auto& ip = nic.ipConfigurations[c];
        const auto ipPath = At(path + ".ipConfigurations", c);
        const auto addressPath = ipPath + ".privateIpAddress";
        const auto* network = m_deployment.FindVirtualNetwork(ip.virtualNetwork);
        const auto* subnet = network ? FindNamed(network->subnets, ip.subnet) : nullptr;
        if (!subnet)
        {
            Fail(ipPath + ".subnet", "no subnet '" + ip.virtualNetwork + "/" + ip.subnet + "'");
        }
        else if (std::none_of(subnet->addressPrefixes.begin(),
                              subnet->addressPrefixes.end(),
                              [&](const AddressPrefix& prefix) {
                                  return prefix.Contains(ip.privateIpAddress);
                              }))
        {
            Fail(addressPath,
                 ToText(ip.privateIpAddress) + " is outside subnet '" + ip.subnet + "'");
        }
        else if (network->FindPrefix(ip.privateIpAddress)->IsKept(ip.privateIpAddress))
        {
            Fail(addressPath, KeptMessage(ip.privateIpAddress));
        }
        if (const auto& first = nic.ipConfigurations.front().virtualNetwork;
            ip.virtualNetwork != first)
        {
            Fail(ipPath + ".subnet",
                 "network interface '" + nic.name + "' is in virtual network '" + first +
                     "' and cannot be in '" + ip.virtualNetwork + "' as well");
        }
        Own(m_owners, ip.privateIpAddress, addressPath, "network interface '" + nic.name + "'");
    }
}

void
DeploymentValidator::CheckFrontends(const DeployedLoadBalancer& balancer, const std::string& path)
{
    const auto& frontends = balancer.configuration.frontendIpConfigurations;
    const auto owner = "load balancer '" + balancer.configuration.name + "'";
    for (std::size_t i = 0; i < frontends.size(); ++i)
    {
        const auto& address = frontends[i].address;
        const auto where = path + At("frontendIPConfigurations", i);
        if (frontends[i].isPublic)
        {
            if (!IsPublicResource(address))
            {
                CheckPublicAddress(address, where + ".publicIPAddress");
            }
            Own(m_publicFrontends, address, where + ".publicIPAddress", owner);
            continue;
        }
        const auto* network = m_deployment.FindVirtualNetwork(balancer.virtualNetwork);
        if (!network)
        {
            Fail(where, "no virtual network '" + balancer.virtualNetwork + "'");
            continue;
        }
        const auto* prefix = network->FindPrefix(address);
        if (!prefix)
        {
            Fail(where + ".privateIPAddress",
                 ToText(address) + " is in no subnet of virtual network '" + network->name + "'");
        }
        else if (prefix->IsKept(address))
        {
            Fail(where + ".privateIPAddress", KeptMessage(address));
        }
        Own(m_owners, address, where + ".privateIPAddress", owner);
    }
}

void
DeploymentValidator::CheckMembers(const DeployedLoadBalancer& balancer, const std::string& path)
{
    if (!m_deployment.FindVirtualNetwork(balancer.virtualNetwork))
    {
        return; // said already, or there are no backends
    }
    const auto& pools = balancer.configuration.backendAddressPools;
    for (std::size_t p = 0; p < pools.size(); ++p)
    {
        for (std::size_t m = 0; m < pools[p].backendAddresses.size(); ++m)
        {
            CheckMember(balancer,
                        pools[p].backendAddresses[m].address,
                        path + At("backendAddressPools", p) + "." + At("backendAddresses", m));
        }
    }
    const auto& rules = balancer.configuration.inboundNatRules;
    for (std::size_t r = 0; r < rules.size(); ++r)
    {
        if (rules[r].backendAddress.IsSet())
        {
            CheckMember(balancer, rules[r].backendAddress, path + At("inboundNatRules", r));
        }
    }
}

void
DeploymentValidator::CheckMember(const DeployedLoadBalancer& balancer,
                                 const IpAddress& address,
                                 const std::string& path)
{
    for (const auto& nic : m_deployment.networkInterfaces)
    {
        for (const auto& ip : nic.ipConfigurations)
        {
            if (ip.privateIpAddress == address && ip.virtualNetwork != balancer.virtualNetwork)
            {
                Fail(path,
                     "'" + nic.virtualMachine + "' (" + ToText(address) +
                         ") is in virtual network '" + ip.virtualNetwork +
                         "'; all that load balancer '" + balancer.configuration.name +
                         "' sends to must be in '" + balancer.virtualNetwork + "'");
            }
        }
    }
}

bool
DeploymentValidator::IsPublicResource(const IpAddress& address) const
{
    const auto& publics = m_deployment.publicIpAddresses;
    return std::any_of(publics.begin(), publics.end(), [&](const auto& ip) {
        return ip.address == address;
    });
}

void
DeploymentValidator::CheckPublicAddress(const IpAddress& address, const std::string& path)
{
    if (const auto why = WhyForbidden({address, 32}); !why.empty())
    {
        Fail(path, ToText(address) + " " + why);
    }
    for (const auto& network : m_deployment.virtualNetworks)
    {
        for (const auto& prefix : network.addressPrefixes)
        {
            if (prefix.Contains(address))
            {
                Fail(path,
                     ToText(address) + " lies in " + prefix.ToText() + " of virtual network '" +
                         network.name + "', so it cannot be public");
            }
        }
    }
}

void
DeploymentValidator::Own(std::map<IpAddress, std::string>& owners,
                         const IpAddress& address,
                         const std::string& path,
                         const std::string& owner)
{
    const auto [it, isNew] = owners.emplace(address, owner);
    if (!isNew)
    {
        Fail(path, ToText(address) + " is used by " + it->second + " already");
    }
}

} // namespace azure
} // namespace ns3
