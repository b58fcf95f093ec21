/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-validator.h"

#include "ns3/azure-configuration-checker.h"
#include "ns3/azure-named-items.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

const SubnetConfiguration*
DeploymentValidator::FindSubnet(const DeployedApplicationGateway& gateway) const
{
    const auto* network = m_deployment.FindVirtualNetwork(gateway.virtualNetwork);
    return network ? FindNamed(network->subnets, gateway.subnet) : nullptr;
}

void
DeploymentValidator::CheckGateway(std::size_t index)
{
    const auto& gateway = m_deployment.applicationGateways[index];
    const auto path = ConfigurationChecker::Path("applicationGateways", index) + ".";
    for (const auto& error : gateway.configuration.Validate())
    {
        Fail(path + error.path, error.message);
    }
    if (!FindSubnet(gateway))
    {
        Fail(path + "subnet", "no subnet '" + gateway.virtualNetwork + "/" + gateway.subnet + "'");
        return;
    }
    CheckGatewaySubnet(gateway, path);
    CheckGatewayFrontends(gateway, path);
    const auto& pools = gateway.configuration.backendAddressPools;
    for (std::size_t p = 0; p < pools.size(); ++p)
    {
        const auto list =
            path + ConfigurationChecker::Path("backendAddressPools", p, "backendAddresses");
        for (std::size_t m = 0; m < pools[p].backendAddresses.size(); ++m)
        {
            const auto& address = pools[p].backendAddresses[m].ipAddress;
            const auto why = address.IsIpv4() ? WhyForbidden({address, 32}) : "";
            if (!why.empty())
            {
                Fail(ConfigurationChecker::Path(list, m), ToText(address) + " " + why);
            }
        }
    }
}

void
DeploymentValidator::CheckGatewaySubnet(const DeployedApplicationGateway& gateway,
                                        const std::string& path)
{
    const auto& prefixes = FindSubnet(gateway)->addressPrefixes;
    uint64_t room = 0;
    for (const auto& prefix : prefixes)
    {
        room += prefix.CountUsable();
    }
    for (const auto& nic : m_deployment.networkInterfaces)
    {
        const auto isInside = [&](const NicIpConfiguration& ip) {
            return ip.virtualNetwork == gateway.virtualNetwork && ip.subnet == gateway.subnet;
        };
        const auto count =
            std::count_if(nic.ipConfigurations.begin(), nic.ipConfigurations.end(), isInside);
        // A machine that was made up for a member is where the input has the member.
        if (count > 0 && !nic.synthesised)
        {
            Fail(path + "subnet",
                 "network interface '" + nic.name + "' is in subnet '" + gateway.subnet +
                     "'; the subnet of a gateway holds gateways alone");
            return;
        }
        room -= std::min(room, static_cast<uint64_t>(count));
    }
    const auto& frontends = gateway.configuration.frontendIpConfigurations;
    const auto inside =
        static_cast<uint64_t>(std::count_if(frontends.begin(), frontends.end(), [](const auto& f) {
            return !f.isPublic;
        }));
    const uint64_t need = gateway.configuration.GetInitialInstances() + inside;
    if (need > room)
    {
        Fail(path + "subnet",
             "subnet '" + gateway.subnet + "' has " + std::to_string(room) +
                 " addresses, but instances and private frontends need " + std::to_string(need));
    }
}

void
DeploymentValidator::CheckGatewayFrontends(const DeployedApplicationGateway& gateway,
                                           const std::string& path)
{
    const auto& frontends = gateway.configuration.frontendIpConfigurations;
    const auto& prefixes = FindSubnet(gateway)->addressPrefixes;
    const auto owner = "application gateway '" + gateway.configuration.name + "'";
    for (std::size_t i = 0; i < frontends.size(); ++i)
    {
        const auto& address = frontends[i].address;
        if (frontends[i].isPublic)
        {
            const auto where =
                path + ConfigurationChecker::Path("frontendIPConfigurations", i, "publicIPAddress");
            if (!IsPublicResource(address))
            {
                CheckPublicAddress(address, where);
            }
            Own(m_publicFrontends, address, where, owner);
            continue;
        }
        const auto where =
            path + ConfigurationChecker::Path("frontendIPConfigurations", i, "privateIPAddress");
        const auto prefix =
            std::find_if(prefixes.begin(), prefixes.end(), [&](const AddressPrefix& candidate) {
                return candidate.Contains(address);
            });
        if (prefix == prefixes.end())
        {
            Fail(where,
                 ToText(address) + " is outside subnet '" + gateway.subnet +
                     "'; a private frontend is in the gateway's own subnet");
        }
        else if (prefix->IsKept(address))
        {
            Fail(where, KeptMessage(address));
        }
        Own(m_owners, address, where, owner);
    }
}

} // namespace azure
} // namespace ns3
