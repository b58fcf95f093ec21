/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-reader.h"
#include "azure-json-text.h"

#include "ns3/azure-ip-range.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// Type of a profile.
const char* const EXTERNAL_OWNER_TYPE = "Microsoft.Network/trafficManagerProfiles";

/// Region of an endpoint in the internet whose place the input does not tell.
const char* const DEFAULT_REGION = "eastus";

/// Where public addresses come from: as in AddressPlan, then what is Azure's.
const char* const PUBLIC_RANGES[] = {"203.0.113.0/24",
                                     "198.51.100.0/24",
                                     "192.0.2.0/24",
                                     "20.0.0.0/8"};

/**
 * @brief Adds machines in the internet to a deployment: one network for each region, one public
 *        address for each machine.
 */
class ExternalMachines
{
  public:
    /**
     * @param[in,out] deployment takes the machines
     */
    explicit ExternalMachines(DeploymentConfiguration& deployment)
        : m_deployment(deployment)
    {
        for (const auto& ip : deployment.publicIpAddresses)
        {
            m_addresses.insert(ip.address);
            m_targets.insert(ToLowerCase(ip.fqdn));
            m_targets.insert(ToText(ip.address));
        }
        for (const auto& machine : deployment.virtualMachines)
        {
            m_names.insert(machine.name);
        }
        for (const auto& nic : deployment.networkInterfaces)
        {
            m_names.insert(nic.name);
        }
    }

    /**
     * @param target a DNS name or an address
     * @return whether something of the deployment has it
     */
    bool Has(const std::string& target) const
    {
        return m_targets.count(ToLowerCase(target)) > 0;
    }

    /**
     * @brief Add a machine.
     * @param target its DNS name or address
     * @param region its region
     * @return why it cannot be; empty: it is
     */
    std::string Add(const std::string& target, const std::string& region)
    {
        auto found = m_networks.find(region);
        if (found == m_networks.end())
        {
            found = m_networks.emplace(region, Network{AddNetwork(region), 0}).first;
        }
        auto& home = found->second;
        const auto& network = m_deployment.virtualNetworks[home.index];
        const auto& prefix = network.addressPrefixes.front();
        const auto address = IpRange::ParseAddress(target);
        const auto publicAddress = address ? address : FindFreeAddress();
        if (home.machines >= prefix.CountUsable() || !publicAddress)
        {
            return "there are too many endpoints in region " + region;
        }
        VirtualMachineConfiguration machine;
        machine.name = target;
        while (m_names.count(machine.name) > 0)
        {
            machine.name += "-external";
        }
        machine.region = region;
        machine.synthesised = true;
        PublicIpAddressConfiguration publicIp;
        publicIp.name = machine.name + "-ip";
        publicIp.region = region;
        publicIp.address = *publicAddress;
        publicIp.fqdn = address ? "" : target;
        publicIp.assigned = !address;
        publicIp.synthesised = true;
        NetworkInterfaceConfiguration nic;
        nic.name = machine.name + "-nic";
        nic.region = region;
        nic.virtualMachine = machine.name;
        nic.synthesised = true;
        NicIpConfiguration ip;
        ip.name = "ipconfig";
        ip.virtualNetwork = network.name;
        ip.subnet = network.subnets.front().name;
        // The first four are kept.
        ip.privateIpAddress =
            IpAddress::FromIpv4Bits(static_cast<uint32_t>(prefix.address.low + 4 + home.machines));
        ip.publicIpAddress = publicIp.name;
        ip.primary = true;
        nic.ipConfigurations = {ip};
        machine.networkInterfaces = {nic.name};
        ++home.machines;
        m_names.insert(machine.name);
        m_names.insert(nic.name);
        m_addresses.insert(publicIp.address);
        m_targets.insert(ToLowerCase(target));
        m_deployment.publicIpAddresses.push_back(publicIp);
        m_deployment.networkInterfaces.push_back(nic);
        m_deployment.virtualMachines.push_back(machine);
        return "";
    }

  private:
    /// The network of a region.
    struct Network
    {
        std::size_t index;    //!< index in the deployment
        uint64_t machines{0}; //!< machines in it
    };

    /**
     * @param region a region
     * @return index of the network of its machines
     */
    std::size_t AddNetwork(const std::string& region)
    {
        auto& networks = m_deployment.virtualNetworks;
        const auto isFree = [&](const AddressPrefix& prefix) {
            return std::none_of(networks.begin(), networks.end(), [&](const auto& network) {
                return std::any_of(
                    network.addressPrefixes.begin(),
                    network.addressPrefixes.end(),
                    [&](const AddressPrefix& other) { return other.Overlaps(prefix); });
            });
        };
        VirtualNetworkConfiguration network;
        network.name = "internet-" + region;
        network.region = region;
        network.synthesised = true;
        // From the end, as people number theirs from the start. If none is free, all is said by
        // the deployment's own check of overlaps.
        AddressPrefix prefix{IpAddress::FromIpv4Bits(0x0aff0000), 16};
        while (!isFree(prefix) && prefix.address.low > 0x0a000000)
        {
            prefix.address.low -= 0x10000;
        }
        network.addressPrefixes = {prefix};
        network.subnets = {{"default", "", {prefix}}};
        networks.push_back(network);
        return networks.size() - 1;
    }

    /**
     * @return a public address that nobody has
     */
    std::optional<IpAddress> FindFreeAddress()
    {
        for (; m_range < std::size(PUBLIC_RANGES); ++m_range, m_next = 1)
        {
            const auto prefix = *AddressPrefix::FromText(PUBLIC_RANGES[m_range]);
            const uint64_t size = uint64_t{1} << (32 - prefix.prefixLength);
            while (m_next + 1 < size)
            {
                const auto address =
                    IpAddress::FromIpv4Bits(static_cast<uint32_t>(prefix.address.low + m_next++));
                if (m_addresses.count(address) == 0)
                {
                    return address;
                }
            }
        }
        return std::nullopt;
    }

    DeploymentConfiguration& m_deployment;     //!< takes the machines
    std::set<IpAddress> m_addresses;           //!< public addresses in use
    std::set<std::string> m_targets;           //!< names, in lower case, and addresses in use
    std::set<std::string> m_names;             //!< names of machines and interfaces
    std::map<std::string, Network> m_networks; //!< by region
    std::size_t m_range{0};                    //!< range to go on with
    uint64_t m_next{1};                        //!< where to go on in it
};

} // namespace

void
DeploymentReader::TakeTrafficManagers()
{
    const auto& profiles = m_trafficManagers.GetProfiles();
    m_deployment.trafficManagers = profiles;
    ExternalMachines machines(m_deployment);
    for (std::size_t p = 0; p < profiles.size(); ++p)
    {
        for (std::size_t e = 0; e < profiles[p].endpoints.size(); ++e)
        {
            const auto& endpoint = profiles[p].endpoints[e];
            if (endpoint.IsNested() || endpoint.target.empty() || machines.Has(endpoint.target))
            {
                continue;
            }
            const auto path = m_trafficManagers.m_paths.Find(
                "trafficManagers[" + std::to_string(p) + "].endpoints[" + std::to_string(e) + "]");
            const auto what = "endpoint '" + JsonText::Quote(endpoint.name) + "'";
            if (endpoint.GetTargetKind() == TrafficManagerTargetKind::Ipv6Address)
            {
                m_deployment.notModelled.push_back(
                    {path,
                     EXTERNAL_OWNER_TYPE,
                     profiles[p].name,
                     what,
                     "IPv6 is not modelled yet, so nobody answers there"});
                continue;
            }
            const bool isPlaced = !endpoint.endpointLocation.empty();
            const auto region = isPlaced ? endpoint.endpointLocation : DEFAULT_REGION;
            const auto error = machines.Add(endpoint.target, region);
            if (!error.empty())
            {
                m_deployment.errors.push_back({m_deployment.source, path, error});
                return;
            }
            m_deployment.assumed.push_back({path,
                                            EXTERNAL_OWNER_TYPE,
                                            profiles[p].name,
                                            what + " is a server in region " + region,
                                            "the input does not say what answers at " +
                                                JsonText::Quote(endpoint.target) +
                                                (isPlaced ? "" : ", nor where it is")});
        }
    }
}

} // namespace azure
} // namespace ns3
