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
                const auto holds = [&](const AddressPrefix& prefix) {
                    return prefix.Contains(member.ipAddress);
                };
                member.external =
                    !IsForPrivateNetworks(member.ipAddress) &&
                    std::none_of(networks.begin(), networks.end(), [&](const auto& network) {
                        return std::any_of(network.addressPrefixes.begin(),
                                           network.addressPrefixes.end(),
                                           holds);
                    });
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

} // namespace azure
} // namespace ns3
