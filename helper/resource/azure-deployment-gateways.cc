/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-reader.h"
#include "azure-json-text.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param address an IPv4 address
 * @return whether it is for private networks (RFC 1918)
 */
bool
IsForPrivateNetworks(const IpAddress& address)
{
    const char* const ranges[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"};
    return std::any_of(std::begin(ranges), std::end(ranges), [&](const char* range) {
        return AddressPrefix::FromText(range)->Contains(address);
    });
}

/**
 * @param network a virtual network
 * @param address an address
 * @return whether it is in the network's address space, in a subnet or not
 */
bool
HoldsAddress(const VirtualNetworkConfiguration& network, const IpAddress& address)
{
    return std::any_of(network.addressPrefixes.begin(),
                       network.addressPrefixes.end(),
                       [&](const AddressPrefix& prefix) { return prefix.Contains(address); });
}

} // namespace

void
DeploymentReader::ReadGateway(const ImportedResource& resource)
{
    auto& gateway = m_gatewaysById[resource.id.ToKey()];
    gateway = nullptr;
    auto reader = std::make_unique<ApplicationGatewayReader>(resource,
                                                             m_completion,
                                                             m_deployment.notModelled);
    reader->m_result.region = RegionOf(resource);
    reader->Read();
    if (reader->IsWholeIpv6())
    {
        m_ipv6Services.insert(resource.id.ToKey());
        return;
    }
    m_gateways.push_back(std::move(reader));
    gateway = m_gateways.back().get(); // none while it is wrong: one error is enough
}

std::string
DeploymentReader::JoinGateway(const ResourceView& reference, const IpAddress& address)
{
    const auto text = reference.GetReference();
    auto it = m_gatewaysById.find(ResourceId::FromText(text).GetParent(1).ToKey());
    if (it != m_gatewaysById.end())
    {
        return it->second ? it->second->m_result.configuration.name + "/" +
                                it->second->AddMember(reference, address)
                          : "";
    }
    // Instances of a scale set share an entry.
    auto& notices = m_deployment.notModelled;
    if (std::none_of(notices.begin(), notices.end(), [&](const ResourceNotice& notice) {
            return notice.path == reference.GetPath();
        }))
    {
        notices.push_back({reference.GetPath(),
                           "Microsoft.Network/applicationGateways",
                           JsonText::Quote(ResourceId::FromText(text).GetParent(1).GetName()),
                           "pool '" + JsonText::Quote(text) + "'",
                           "the input does not hold its application gateway"});
    }
    return "";
}

void
DeploymentReader::TakeGateways()
{
    for (auto& reader : m_gateways)
    {
        auto& gateway = reader->m_result;
        auto& configuration = gateway.configuration;
        for (const auto& network : m_deployment.virtualNetworks)
        {
            const bool isHome = EqualsIgnoringCase(network.name, gateway.virtualNetwork);
            for (const auto& subnet : network.subnets)
            {
                // As the subnet itself is spelt.
                const bool isIn = isHome && EqualsIgnoringCase(subnet.name, gateway.subnet);
                gateway.subnet = isIn ? subnet.name : gateway.subnet;
            }
            gateway.virtualNetwork = isHome ? network.name : gateway.virtualNetwork;
        }
        PlaceMembers(*reader);
        if (configuration.CompletePriorities())
        {
            m_deployment.assumed.push_back(
                {reader->m_paths.Find("requestRoutingRules"),
                 "Microsoft.Network/applicationGateways",
                 configuration.name,
                 "priorities of the request routing rules",
                 "the input gives none: rules for single hosts come first, then those with "
                 "wildcards, then those for any host, each in the order of listing"});
        }
        m_deployment.applicationGateways.push_back(gateway);
    }
}

void
DeploymentReader::PlaceMembers(ApplicationGatewayReader& reader)
{
    auto& configuration = reader.m_result.configuration;
    const auto assume =
        [&](const std::string& path, const std::string& what, const std::string& why) {
            m_deployment.assumed.push_back({reader.m_paths.Find(path),
                                            "Microsoft.Network/applicationGateways",
                                            configuration.name,
                                            what,
                                            why});
        };
    for (std::size_t p = 0; p < configuration.backendAddressPools.size(); ++p)
    {
        auto& pool = configuration.backendAddressPools[p];
        const auto path = "backendAddressPools[" + std::to_string(p) + "]";
        if (pool.backendAddresses.empty())
        {
            assume(path,
                   "pool '" + pool.name + "' stays empty",
                   "no member is known; requests to it are answered with status 502");
        }
        for (std::size_t m = 0; m < pool.backendAddresses.size(); ++m)
        {
            auto& member = pool.backendAddresses[m];
            if (member.ipAddress.IsSet())
            {
                const auto& networks = m_deployment.virtualNetworks;
                member.external =
                    !IsForPrivateNetworks(member.ipAddress) &&
                    std::none_of(networks.begin(), networks.end(), [&](const auto& network) {
                        return HoldsAddress(network, member.ipAddress);
                    });
                if (!member.external && member.ipAddress.IsIpv4())
                {
                    PlaceMember(
                        reader,
                        pool.name,
                        member.ipAddress,
                        reader.m_paths.Find(path + ".backendAddresses[" + std::to_string(m) + "]"));
                }
                continue;
            }
            const auto& publics = m_deployment.publicIpAddresses;
            member.external = !member.fqdn.empty();
            if (member.external &&
                std::none_of(publics.begin(), publics.end(), [&](const auto& ip) {
                    return EqualsIgnoringCase(ip.fqdn, member.fqdn);
                }))
            {
                assume(path + ".backendAddresses[" + std::to_string(m) + "]",
                       "member '" + JsonText::Quote(member.fqdn) + "' is in the internet",
                       "the input does not say which address the name leads to");
            }
        }
    }
}

void
DeploymentReader::PlaceMember(const ApplicationGatewayReader& reader,
                              const std::string& pool,
                              const IpAddress& address,
                              const std::string& path)
{
    const auto& gateway = reader.m_result;
    const auto& name = gateway.configuration.name;
    const auto assume = [&](const std::string& why) {
        m_deployment.assumed.push_back({path,
                                        "Microsoft.Network/applicationGateways",
                                        name,
                                        "member " + ToText(address) + " of pool '" + pool + "'",
                                        why});
    };
    if (m_deployment.FindOwner(address))
    {
        return;
    }
    auto ip = FindSubnet(address);
    if (ip.subnet.empty() && AddSubnetFor(reader, address, path))
    {
        ip = FindSubnet(address);
    }
    const auto* network = m_deployment.FindVirtualNetwork(ip.virtualNetwork);
    if (!network || network->FindPrefix(address)->IsKept(address))
    {
        assume("no machine can have this address, as Azure keeps it in its subnet; nobody answers");
        return;
    }
    if (ip.virtualNetwork == gateway.virtualNetwork && ip.subnet == gateway.subnet)
    {
        assume("it is in the gateway's own subnet, where Azure has instances alone; here a machine "
               "has it, and the instances have others");
    }
    ip.applicationGatewayBackendAddressPools.push_back(name + "/" + pool);
    AddMachine(ip, name, gateway.region, path);
}

bool
DeploymentReader::AddSubnetFor(const ApplicationGatewayReader& reader,
                               const IpAddress& address,
                               const std::string& path)
{
    const auto bits = address.ToIpv4().Get();
    auto& networks = m_deployment.virtualNetworks;
    const auto home = std::find_if(networks.begin(), networks.end(), [&](const auto& network) {
        return HoldsAddress(network, address);
    });
    std::vector<AddressPrefix> taken;
    for (const auto& network : networks)
    {
        if (home == networks.end())
        {
            taken.insert(taken.end(),
                         network.addressPrefixes.begin(),
                         network.addressPrefixes.end());
        }
        for (const auto& subnet : network.subnets)
        {
            taken.insert(taken.end(), subnet.addressPrefixes.begin(), subnet.addressPrefixes.end());
        }
    }
    const auto isWithin = [](const AddressPrefix& inner, const AddressPrefix& outer) {
        return inner.prefixLength >= outer.prefixLength && outer.Contains(inner.address);
    };
    // From the usual size to the smallest that Azure has.
    for (uint8_t length = 24; length <= 29; ++length)
    {
        const auto first = bits & (~uint32_t{0} << (32 - length));
        const AddressPrefix prefix{IpAddress::FromIpv4Bits(first), length};
        const bool fits = home == networks.end() ||
                          std::any_of(home->addressPrefixes.begin(),
                                      home->addressPrefixes.end(),
                                      [&](const auto& outer) { return isWithin(prefix, outer); });
        if (!fits || prefix.IsKept(address) ||
            std::any_of(taken.begin(), taken.end(), [&](const auto& other) {
                return other.Overlaps(prefix);
            }))
        {
            continue;
        }
        SubnetConfiguration subnet;
        subnet.name = "subnet-" + ToText(prefix.address);
        subnet.addressPrefixes = {prefix};
        const bool isPeer = home == networks.end();
        VirtualNetworkConfiguration peer;
        if (isPeer)
        {
            peer.name = reader.m_result.virtualNetwork + "-peer-" + ToText(prefix.address);
            peer.region = reader.m_result.region;
            peer.addressPrefixes = {prefix};
            peer.synthesised = true;
        }
        auto& network = isPeer ? peer : *home;
        network.subnets.push_back(subnet);
        const std::string where = isPeer ? "no virtual network" : "no subnet";
        m_deployment.assumed.push_back(
            {path,
             "Microsoft.Network/virtualNetworks",
             network.name,
             std::string(isPeer ? "peered virtual network" : "subnet in virtual network") + " '" +
                 network.name + "': " + prefix.ToText(),
             where + " of the input holds the member's address " + ToText(address)});
        if (isPeer)
        {
            networks.push_back(peer);
        }
        return true;
    }
    return false;
}

} // namespace azure
} // namespace ns3
