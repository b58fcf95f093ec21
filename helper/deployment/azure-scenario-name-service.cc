/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-name-service.h"

#include "ns3/abort.h"
#include "ns3/azure-dns-helper.h"
#include "ns3/azure-dns-server.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-service-tags.h"
#include "ns3/azure-traffic-manager-zone.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * Addresses of name servers: the end of what is for links between routers, so that nothing of a
 * deployment has them.
 */
constexpr uint32_t ROOT_SERVERS = 0x645fff01;
constexpr uint32_t TOP_LEVEL_SERVERS = 0x645fff02;
constexpr uint32_t DOMAIN_SERVERS = 0x645fff03;
constexpr uint32_t TRAFFIC_MANAGER_SERVERS = 0x645fff04;

/** Times to live, in seconds: of delegations, and of addresses and aliases, which stay. */
constexpr uint32_t DELEGATION_TTL = 172800;
constexpr uint32_t RECORD_TTL = 3600;

/** Times to live of negative answers, in seconds. */
constexpr uint32_t NEGATIVE_TTL = 300;

/** The tag that probes of Traffic Manager come from (HP-49). */
const char* const MONITOR_TAG = "AzureTrafficManager";

/**
 * @param name a domain name
 * @return the same in lower case
 */
std::string
ToLowerName(std::string name)
{
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return name;
}

/**
 * @param name a domain name in lower case
 * @param count how many labels
 * @return its last labels, fewer if it has fewer
 */
std::string
GetLastLabels(const std::string& name, uint32_t count)
{
    auto at = name.size();
    for (uint32_t i = 0; i < count && at != std::string::npos && at > 0; ++i)
    {
        at = name.rfind('.', at - 1);
    }
    return at == std::string::npos || at == 0 ? name : name.substr(at + 1);
}

/**
 * @param above the zone above
 * @param domain a domain below it
 * @param address address of the domain's servers, host order
 * @return a zone for the domain, which the zone above delegates to
 */
std::shared_ptr<DnsStaticZone>
Delegate(DnsStaticZone& above, const std::string& domain, uint32_t address)
{
    const DnsName server("ns." + domain);
    const auto glue = DnsRecord::A(server, DELEGATION_TTL, Ipv4Address(address));
    above.Add(DnsRecord::Ns(domain, DELEGATION_TTL, server));
    above.Add(glue);
    auto zone = std::make_shared<DnsStaticZone>(domain, server, NEGATIVE_TTL);
    zone->Add(glue);
    return zone;
}

} // namespace

ScenarioNameService::ScenarioNameService(const ScenarioPlan& plan,
                                         const DeploymentConfiguration& deployment,
                                         Ptr<DeploymentTopology> topology)
    : m_plan(plan),
      m_deployment(deployment),
      m_topology(topology)
{
}

int64_t
ScenarioNameService::Install(int64_t stream)
{
    const auto first = stream;
    RouteTargets();
    stream += InstallResolvers(stream);
    stream += InstallManager(stream);
    MakeZones();
    std::vector<std::shared_ptr<DnsZone>> topLevel;
    for (const auto& [name, zone] : m_topLevel)
    {
        topLevel.push_back(zone);
    }
    std::vector<std::shared_ptr<DnsZone>> domains;
    for (const auto& [name, zone] : m_domains)
    {
        domains.push_back(zone);
    }
    std::vector<std::shared_ptr<DnsZone>> own;
    for (const auto& origin : m_manager->GetOrigins())
    {
        own.push_back(std::make_shared<TrafficManagerZone>(m_manager, origin));
    }
    stream += InstallServers("root", Ipv4Address(ROOT_SERVERS), {m_root}, stream);
    stream += InstallServers("top-level", Ipv4Address(TOP_LEVEL_SERVERS), topLevel, stream);
    stream += InstallServers("domains", Ipv4Address(DOMAIN_SERVERS), domains, stream);
    stream += InstallServers("traffic-manager", Ipv4Address(TRAFFIC_MANAGER_SERVERS), own, stream);
    return stream - first;
}

void
ScenarioNameService::RouteTargets()
{
    std::set<IpAddress> routed;
    for (const auto& target : m_plan.targets)
    {
        if (!target.interface.empty() && routed.insert(target.address).second)
        {
            m_topology->AddPublicRouteToInterface(target.address.ToIpv4(), target.interface);
        }
    }
}

int64_t
ScenarioNameService::InstallResolvers(int64_t stream)
{
    const auto firstStream = stream;
    std::set<std::pair<std::size_t, std::string>> made;
    std::map<std::size_t, uint32_t> numbers; // by group, as TrafficManagerPlan::FindHosts has them
    for (const auto& clients : m_plan.clients)
    {
        if (m_plan.endpoints[clients.endpoint].service != ServiceKind::TrafficManager ||
            !made.insert({clients.group, clients.region}).second)
        {
            continue;
        }
        const auto& group = (*m_plan.scenario.clients)[clients.group];
        const auto& policy = group.resolver;
        ResolverHelper helper;
        helper.AddRootHint("a.root", Ipv4Address(ROOT_SERVERS));
        helper.SetAttribute("TtlFloor", TimeValue(policy.cache.ttlFloor));
        helper.SetAttribute("TtlCeiling", TimeValue(policy.cache.ttlCeiling));
        helper.SetAttribute("TtlStretch", DoubleValue(policy.cache.ttlStretch));
        helper.SetAttribute("KeepUntilRestart", BooleanValue(policy.cache.keepUntilRestart));
        helper.SetAttribute("ServeStale", BooleanValue(policy.serveStale));
        helper.SetAttribute("SendClientSubnet", BooleanValue(policy.sendClientSubnet));
        const auto& region = policy.region.empty() ? clients.region : policy.region;
        for (uint32_t i = 0; i < policy.count; ++i)
        {
            ScenarioResolverNode node;
            node.name = group.name + "-resolver-" + std::to_string(numbers[clients.group]++);
            node.group = clients.group;
            node.clients = clients.region;
            const auto& place = m_topology->AddRegionHost(node.name, region);
            TcpPresetHelper().Install(place.node);
            node.address = place.address;
            node.resolver =
                DynamicCast<RecursiveResolver>(helper.InstallRecursive(place.node).Get(0));
            stream += node.resolver->AssignStreams(stream);
            m_resolvers.push_back(node);
        }
    }
    return stream - firstStream;
}

int64_t
ScenarioNameService::InstallStub(Ptr<Node> node,
                                 const PlannedClients& clients,
                                 uint32_t number,
                                 int64_t stream) const
{
    std::vector<Ipv4Address> known;
    for (const auto& resolver : m_resolvers)
    {
        if (resolver.group == clients.group && resolver.clients == clients.region)
        {
            known.push_back(resolver.address);
        }
    }
    const auto& group = (*m_plan.scenario.clients)[clients.group];
    ResolverHelper helper;
    helper.SetStubAttribute("Cache", BooleanValue(group.hostCacheEnabled));
    helper.SetStubAttribute("TtlFloor", TimeValue(group.hostCache.ttlFloor));
    helper.SetStubAttribute("TtlCeiling", TimeValue(group.hostCache.ttlCeiling));
    helper.SetStubAttribute("TtlStretch", DoubleValue(group.hostCache.ttlStretch));
    helper.SetStubAttribute("KeepUntilRestart", BooleanValue(group.hostCache.keepUntilRestart));
    return helper.InstallStub(node, {known.at(number % known.size())})->AssignStreams(stream);
}

int64_t
ScenarioNameService::InstallManager(int64_t stream)
{
    auto world = std::make_shared<TrafficManagerWorld>();
    world->regions = RegionTable::MakeAzure();
    std::set<std::string> places;
    for (const auto& clients : m_plan.clients)
    {
        places.insert(clients.region);
        places.insert((*m_plan.scenario.clients)[clients.group].resolver.region);
    }
    for (const auto& place : places)
    {
        if (const auto region = world->regions.Find(place))
        {
            const auto prefix = m_topology->AddRegion(place);
            world->locations.Add(*IpRange::FromPrefix(prefix.address, prefix.prefixLength),
                                 *region);
        }
    }
    m_manager = CreateObject<TrafficManager>();
    const auto errors = m_manager->SetProfiles(m_plan.profiles, world);
    NS_ABORT_MSG_UNLESS(errors.empty(), errors.front().path << ": " << errors.front().message);
    m_manager->AddNameServer(Ipv4Address(TRAFFIC_MANAGER_SERVERS));
    std::map<std::string, Ipv4Address> addresses;
    std::set<IpAddress> taken;
    for (const auto& ip : m_deployment.publicIpAddresses)
    {
        taken.insert(ip.address);
    }
    for (const auto& target : m_plan.targets)
    {
        addresses[ToLowerName(target.target)] = target.address.ToIpv4();
        taken.insert(target.address);
    }
    const auto& regions = m_plan.scenario.trafficManager.monitorRegions;
    const auto offers =
        ServiceTags::MakeAzure().ChooseIpv4(MONITOR_TAG,
                                            static_cast<uint32_t>(regions.size() + taken.size()));
    auto offer = offers.begin();
    for (const auto& region : regions)
    {
        while (offer != offers.end() && taken.count(*offer) > 0)
        {
            ++offer;
        }
        NS_ABORT_MSG_IF(offer == offers.end(), "No address of the tag is left for a monitor");
        const auto source = (offer++)->ToIpv4();
        const auto& place = m_topology->AddRegionHost("monitor-" + region, region, {source});
        m_topology->AddPublicRoute(source, region);
        TcpPresetHelper().Install(place.node);
        auto monitor = CreateObject<EndpointMonitor>();
        monitor->Install(place.node, source, region);
        // How probers resolve names is not documented; it takes them no time here.
        monitor->SetResolve([addresses](const std::string& name) {
            const auto found = addresses.find(ToLowerName(name));
            return found == addresses.end() ? Ipv4Address::GetAny() : found->second;
        });
        m_manager->AddMonitor(monitor);
    }
    Simulator::ScheduleDestroy(&TrafficManager::Dispose, m_manager);
    return m_manager->AssignStreams(stream);
}

void
ScenarioNameService::Schedule(const PlannedFault& fault) const
{
    const auto freeze = [manager = m_manager](bool isFrozen) {
        manager->SetAttribute("Frozen", BooleanValue(isFrozen));
    };
    Simulator::Schedule(fault.start, [freeze] { freeze(true); });
    if (fault.end)
    {
        Simulator::Schedule(*fault.end, [freeze] { freeze(false); });
    }
}

std::shared_ptr<DnsStaticZone>
ScenarioNameService::FindTopLevelDomain(const std::string& name)
{
    auto& zone = m_topLevel[name];
    if (!zone)
    {
        zone = Delegate(*m_root, name, TOP_LEVEL_SERVERS);
    }
    return zone;
}

std::shared_ptr<DnsStaticZone>
ScenarioNameService::FindDomain(const std::string& domain)
{
    auto& zone = m_domains[domain];
    if (!zone)
    {
        const auto above = FindTopLevelDomain(GetLastLabels(domain, 1));
        zone = Delegate(*above, domain, DOMAIN_SERVERS);
    }
    return zone;
}

void
ScenarioNameService::MakeZones()
{
    m_root = std::make_shared<DnsStaticZone>(DnsName(), "a.root", NEGATIVE_TTL);
    m_root->Add(DnsRecord::A("a.root", DELEGATION_TTL, Ipv4Address(ROOT_SERVERS)));
    std::set<std::string> own;
    for (const auto& origin : m_manager->GetOrigins())
    {
        own.insert(ToLowerName(origin.ToText()));
    }
    for (const auto& origin : own)
    {
        const auto domain = GetLastLabels(origin, 2);
        if (domain != origin && own.count(domain) > 0)
        {
            continue; // its servers are the same
        }
        const auto above =
            domain == origin ? FindTopLevelDomain(GetLastLabels(origin, 1)) : FindDomain(domain);
        for (const auto& record : m_manager->GetDelegation(origin))
        {
            above->Add(record);
        }
    }
    const auto add = [&](const std::string& name, const auto& make) {
        const auto domain = GetLastLabels(name, 2);
        // Below a profile's own domain there are only profiles.
        if (own.count(domain) == 0 && DnsName::Parse(name))
        {
            (domain.find('.') == std::string::npos ? FindTopLevelDomain(domain)
                                                   : FindDomain(domain))
                ->Add(make(DnsName(name)));
        }
    };
    for (const auto& target : m_plan.targets)
    {
        if (m_plan.profiles[target.profile].endpoints[target.endpoint].GetTargetKind() ==
            TrafficManagerTargetKind::DomainName)
        {
            add(ToLowerName(target.target), [&](const DnsName& name) {
                return DnsRecord::A(name, RECORD_TTL, target.address.ToIpv4());
            });
        }
    }
    for (const auto& endpoint : m_plan.endpoints)
    {
        if (endpoint.service == ServiceKind::TrafficManager)
        {
            add(endpoint.GetHostName(), [&](const DnsName& name) {
                return DnsRecord::Cname(name, RECORD_TTL, DnsName(endpoint.rule));
            });
        }
    }
}

int64_t
ScenarioNameService::InstallServers(const std::string& kind,
                                    Ipv4Address address,
                                    const std::vector<std::shared_ptr<DnsZone>>& zones,
                                    int64_t stream) const
{
    const auto first = stream;
    const auto& regions = m_plan.scenario.trafficManager.nameServerRegions;
    for (const auto& region : regions)
    {
        const auto& place = m_topology->AddRegionHost(kind + "-" + region, region, {address});
        TcpPresetHelper().Install(place.node);
        const auto servers = DnsServerHelper().InstallZones(place.node, zones);
        stream += servers.Get(0)->AssignStreams(stream);
    }
    m_topology->AddAnycastRoute(address, regions);
    return stream - first;
}

Ptr<TrafficManager>
ScenarioNameService::GetManager() const
{
    return m_manager;
}

const std::vector<ScenarioResolverNode>&
ScenarioNameService::GetResolvers() const
{
    return m_resolvers;
}

} // namespace azure
} // namespace ns3
