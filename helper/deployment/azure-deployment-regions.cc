/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-deployment-topology.h"
#include "azure-host-routing.h"

#include "ns3/abort.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/** First address of clients and hosts at regions, 100.96.0.0/11. */
constexpr uint32_t FIRST_REGION_HOST = 0x64600000;

/** Length of the prefix of a region's clients and hosts. */
constexpr uint8_t REGION_PREFIX_LENGTH = 17;

/** Mask of such a prefix. */
const Ipv4Mask REGION_MASK(~uint32_t{0} << (32 - REGION_PREFIX_LENGTH));

/** Regions that have room in 100.96.0.0/11. */
constexpr std::size_t MOST_REGIONS = 64;

/**
 * @param index index of a region's prefix
 * @return the prefix
 */
AddressPrefix
MakeRegionPrefix(uint32_t index)
{
    return {IpAddress::FromIpv4Bits(FIRST_REGION_HOST + (index << (32 - REGION_PREFIX_LENGTH))),
            REGION_PREFIX_LENGTH};
}

} // namespace

AddressPrefix
DeploymentTopology::AddRegion(const std::string& region)
{
    const auto edge = MakeEdge(region);
    const auto [found, isNew] =
        m_regionPrefixes.emplace(region, static_cast<uint32_t>(m_regionPrefixes.size()));
    NS_ABORT_MSG_IF(found->second >= MOST_REGIONS,
                    "Clients and hosts are at more than " << MOST_REGIONS << " regions");
    const auto prefix = MakeRegionPrefix(found->second);
    if (isNew)
    {
        const auto address = prefix.address.ToIpv4();
        // What is for nobody there must not go round in circles.
        GetHostRouting(edge)->AddOwnPrefix(address, REGION_MASK);
        const auto& port = m_regionPorts.at(region);
        GetStaticRouting(m_internet)
            ->AddNetworkRouteTo(address, REGION_MASK, port.peer, port.interface);
        for (const auto& [other, otherEdge] : m_edges)
        {
            if (other != region)
            {
                RouteToRegion(other, region);
            }
        }
    }
    return prefix;
}

const EdgeNode&
DeploymentTopology::AddRegionClient(const std::string& name, const std::string& region)
{
    const auto prefix = AddRegion(region);
    m_clients.push_back(
        std::make_unique<EdgeNode>(Attach(name,
                                          m_edges.at(region),
                                          Ipv4Address(prefix.address.ToIpv4().Get() + 1),
                                          {TakeRegionAddress(region)},
                                          m_clientRate,
                                          m_clientDelay)));
    return *m_clients.back();
}

const EdgeNode&
DeploymentTopology::AddRegionHost(const std::string& name,
                                  const std::string& region,
                                  const std::vector<Ipv4Address>& addresses)
{
    const auto prefix = AddRegion(region);
    std::vector<Ipv4Address> all = {TakeRegionAddress(region)};
    all.insert(all.end(), addresses.begin(), addresses.end());
    m_hosts.push_back(
        std::make_unique<EdgeNode>(Attach(name,
                                          m_edges.at(region),
                                          Ipv4Address(prefix.address.ToIpv4().Get() + 1),
                                          all,
                                          m_networkRate,
                                          m_networkDelay)));
    return *m_hosts.back();
}

Ipv4Address
DeploymentTopology::TakeRegionAddress(const std::string& region)
{
    // The first address is the edge's.
    const auto offset = 2 + m_regionHosts[region]++;
    NS_ABORT_MSG_IF(offset + 1 >= uint32_t{1} << (32 - REGION_PREFIX_LENGTH),
                    "Region " << region << " has no address left for a client");
    const auto prefix = MakeRegionPrefix(m_regionPrefixes.at(region));
    return Ipv4Address(prefix.address.ToIpv4().Get() + offset);
}

Time
DeploymentTopology::GetRegionDelay(const std::string& region, const std::string& other) const
{
    const auto from = m_regions.Find(region);
    const auto to = m_regions.Find(other);
    const auto delay = from && to ? m_regions.GetDelay(*from, *to) : std::nullopt;
    return delay.value_or(m_unknownRegionDelay);
}

void
DeploymentTopology::LinkWithOthers(const std::string& region)
{
    if (m_edges.size() > 1 && m_regions.GetRegions().empty())
    {
        m_regions = RegionTable::MakeAzure();
    }
    for (const auto& [other, edge] : m_edges)
    {
        if (other == region)
        {
            continue;
        }
        const auto ports =
            Link(edge, m_edges.at(region), m_internetRate, GetRegionDelay(other, region));
        m_peerPorts[{other, region}] = ports.first;
        m_peerPorts[{region, other}] = ports.second;
        if (m_regionPrefixes.count(other) > 0)
        {
            RouteToRegion(region, other);
        }
    }
    for (const auto& place : m_publicPlaces)
    {
        RouteToPlace(region, place);
    }
}

void
DeploymentTopology::RouteToRegion(const std::string& region, const std::string& other)
{
    const auto& port = m_peerPorts.at({region, other});
    GetStaticRouting(m_edges.at(region))
        ->AddNetworkRouteTo(MakeRegionPrefix(m_regionPrefixes.at(other)).address.ToIpv4(),
                            REGION_MASK,
                            port.peer,
                            port.interface);
}

void
DeploymentTopology::RouteToPlace(const std::string& region, const PublicPlace& place)
{
    const auto& regions = place.regions;
    if (std::find(regions.begin(), regions.end(), region) != regions.end())
    {
        return; // it is here
    }
    const auto nearest =
        std::min_element(regions.begin(), regions.end(), [&](const auto& left, const auto& right) {
            return GetRegionDelay(region, left) < GetRegionDelay(region, right);
        });
    AddInwardRoute(m_edges.at(region), m_peerPorts.at({region, *nearest}), place.address);
}

void
DeploymentTopology::AddPublicRoute(Ipv4Address address, const std::string& region)
{
    AddAnycastRoute(address, {region});
}

void
DeploymentTopology::AddAnycastRoute(Ipv4Address address, const std::vector<std::string>& regions)
{
    NS_ASSERT_MSG(!regions.empty(), "An address has to be somewhere");
    for (const auto& region : regions)
    {
        MakeEdge(region);
    }
    m_publicPlaces.push_back({address, regions});
    AddInwardRoute(m_internet, m_regionPorts.at(regions.front()), address);
    for (const auto& [region, edge] : m_edges)
    {
        RouteToPlace(region, m_publicPlaces.back());
    }
}

void
DeploymentTopology::AddPublicRouteToInterface(Ipv4Address address, const std::string& interface)
{
    const auto* place = Find(interface).front();
    const auto& nic = *m_deployment.FindNetworkInterface(interface);
    const auto& network = nic.ipConfigurations.front().virtualNetwork;
    AddPublicRouteToNetwork(address, network);
    const auto router = m_networks.at(network);
    const auto port = router->GetObject<Ipv4>()->GetInterfaceForDevice(place->gatewayDevice);
    GetHostRouting(router)->AddHostRoute(address, static_cast<uint32_t>(port), place->address);
    // On the loopback interface, as floating IP has it: the machine takes and sends with it.
    place->node->GetObject<Ipv4>()->AddAddress(0,
                                               Ipv4InterfaceAddress(address, Ipv4Mask::GetOnes()));
}

std::vector<std::string>
DeploymentTopology::GetRegions() const
{
    std::vector<std::string> regions;
    for (const auto& [region, edge] : m_edges)
    {
        regions.push_back(region);
    }
    return regions;
}

} // namespace azure
} // namespace ns3
