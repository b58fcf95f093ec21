/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-traffic-manager-plan.h"

#include "ns3/azure-endpoint-monitor-verdict.h"
#include "ns3/azure-failover-theory.h"
#include "ns3/azure-traffic-manager-engine.h"
#include "ns3/azure-traffic-manager-states.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/** Where clients are when a scenario says nothing of clients. */
const std::array<const char*, 3> OWN_REGIONS = {"eastus", "westeurope", "southeastasia"};

/** Clients at each of these. */
constexpr uint32_t OWN_COUNT = 10;

/** Requests per second of each, at most. */
constexpr double OWN_RATE = 2;

/** Longest time to live that a default fault waits for. */
const Time LONGEST_WAIT = Seconds(900);

/**
 * @param profile a profile
 * @return the name that its owner lets clients ask for, an alias of the profile's (TM-2)
 */
std::string
MakeVanityName(const TrafficManagerConfiguration& profile)
{
    const auto fqdn = profile.GetFqdn();
    return "www." + fqdn.substr(0, fqdn.find('.')) + ".example";
}

/**
 * @brief Find out who answers at a public address.
 * @param deployment the deployment
 * @param endpoints endpoints of the other services
 * @param port the port that is asked
 * @param[in,out] target has its public address; takes the servers
 */
void
FindServers(const DeploymentConfiguration& deployment,
            const std::vector<PlannedEndpoint>& endpoints,
            uint16_t port,
            PlannedTarget& target)
{
    const auto* publicIp = deployment.FindPublicIpAddress(target.target);
    for (const auto& nic : deployment.networkInterfaces)
    {
        for (const auto& ip : nic.ipConfigurations)
        {
            if (ip.publicIpAddress == publicIp->name)
            {
                target.interface = nic.name;
                target.servers = {ip.privateIpAddress};
                return;
            }
        }
    }
    for (const auto& endpoint : endpoints)
    {
        if (!(endpoint.address == target.address) || endpoint.port != port)
        {
            continue;
        }
        for (const auto& member : endpoint.members)
        {
            if (std::find(target.servers.begin(), target.servers.end(), member) ==
                target.servers.end())
            {
                target.servers.push_back(member);
            }
        }
    }
}

/**
 * @brief Let a port be served by HTTPS.
 * @param server who serves it
 * @param port the port
 * @param names names that the certificate has to have
 * @param[in,out] plan takes it
 */
void
AddTls(const IpAddress& server,
       uint16_t port,
       const std::set<std::string>& names,
       ScenarioPlan& plan)
{
    auto& all = plan.tlsPorts[{server, port}];
    const auto root = MakeTlsPublicRoot();
    auto found = std::find_if(all.begin(), all.end(), [&](const PlannedTls& planned) {
        return planned.issuer == root;
    });
    if (found == all.end())
    {
        found = all.insert(all.end(), {root, {}});
    }
    found->names.insert(names.begin(), names.end());
}

/**
 * @param plan has profiles and targets
 * @param profile index of a profile
 * @return its targets and those of the profiles below, in the order of endpoints
 */
std::vector<std::size_t>
FindTargetsOf(const ScenarioPlan& plan, std::size_t profile)
{
    std::vector<std::size_t> found;
    const auto& endpoints = plan.profiles[profile].endpoints;
    for (std::size_t e = 0; e < endpoints.size(); ++e)
    {
        for (std::size_t i = 0; i < plan.targets.size(); ++i)
        {
            if (plan.targets[i].profile == profile && plan.targets[i].endpoint == e)
            {
                found.push_back(i);
            }
        }
        if (const auto child = TrafficManagerPlan::FindChild(plan.profiles, endpoints[e]))
        {
            // Profiles do not lead in circles (TM-34).
            const auto below = FindTargetsOf(plan, *child);
            found.insert(found.end(), below.begin(), below.end());
        }
    }
    return found;
}

/**
 * @param plan has profiles, targets and groups of clients
 * @param clients some clients
 * @param addresses addresses of a machine that is down
 * @param[out] query what their resolver asks
 * @return decides when everybody knows that
 */
TrafficManagerEngine
MakeEngine(const ScenarioPlan& plan,
           const PlannedClients& clients,
           const std::vector<IpAddress>& addresses,
           TrafficManagerQuery& query)
{
    auto world = std::make_shared<TrafficManagerWorld>();
    world->regions = RegionTable::MakeAzure();
    query.source = IpAddress::FromIpv4Bits(1);
    const auto& resolver = (*plan.scenario.clients)[clients.group].resolver;
    const bool isAway = !resolver.region.empty() && !resolver.sendClientSubnet;
    if (const auto region = world->regions.Find(isAway ? resolver.region : clients.region))
    {
        world->locations.Add({query.source, query.source}, *region);
    }
    TrafficManagerEngine engine(plan.profiles, world);
    for (const auto& target : plan.targets)
    {
        engine.SetHealth(
            {static_cast<uint32_t>(target.profile), static_cast<uint32_t>(target.endpoint)},
            TrafficManagerPlan::IsDown(target, addresses) ? EndpointHealth::Unhealthy
                                                          : EndpointHealth::Healthy);
    }
    return engine;
}

/**
 * @param plan has profiles and targets
 * @param index index of a profile
 * @return how it is asked
 */
PlannedEndpoint
MakeProfileEndpoint(const ScenarioPlan& plan, std::size_t index)
{
    const auto& profile = plan.profiles[index];
    PlannedEndpoint endpoint;
    endpoint.service = ServiceKind::TrafficManager;
    endpoint.index = index;
    endpoint.rule = profile.GetFqdn();
    endpoint.port = profile.monitorConfig.port;
    endpoint.backendPort = endpoint.port;
    PlannedUrl url;
    url.tls = profile.monitorConfig.protocol == ProbeProtocol::Https;
    url.host = MakeVanityName(profile);
    if (endpoint.port != (url.tls ? 443 : 80))
    {
        url.host += ":" + std::to_string(endpoint.port);
    }
    url.path = "/";
    endpoint.url = url;
    endpoint.targets = FindTargetsOf(plan, index);
    for (const auto target : endpoint.targets)
    {
        for (const auto& server : plan.targets[target].servers)
        {
            if (std::find(endpoint.members.begin(), endpoint.members.end(), server) ==
                endpoint.members.end())
            {
                endpoint.members.push_back(server);
            }
        }
    }
    if (!endpoint.targets.empty())
    {
        const auto& first = plan.targets[endpoint.targets.front()];
        const auto& owner = plan.profiles[first.profile];
        endpoint.settings =
            EndpointMonitorVerdict::MakeSettings(owner, owner.endpoints[first.endpoint]);
        endpoint.probe = "endpoint monitor";
    }
    return endpoint;
}

} // namespace

void
TrafficManagerPlan::AddTo(const DeploymentConfiguration& deployment, ScenarioPlan& plan)
{
    plan.profiles = deployment.GetConnectedTrafficManagers();
    for (std::size_t p = 0; p < plan.profiles.size(); ++p)
    {
        const auto& profile = plan.profiles[p];
        const auto fqdn = profile.GetFqdn();
        if (std::count(fqdn.begin(), fqdn.end(), '.') < 2)
        {
            plan.errors.push_back({"",
                                   "profile '" + profile.name + "' is called '" + fqdn +
                                       "' in DNS: a name of three labels or more, as with "
                                       "trafficmanager.net at the end, is needed"});
        }
        for (std::size_t e = 0; e < profile.endpoints.size(); ++e)
        {
            const auto& endpoint = profile.endpoints[e];
            const auto* publicIp = deployment.FindPublicIpAddress(endpoint.target);
            if (endpoint.IsNested() || !publicIp || !publicIp->address.IsIpv4())
            {
                continue;
            }
            PlannedTarget target;
            target.profile = p;
            target.endpoint = e;
            target.target = endpoint.target;
            target.address = publicIp->address;
            target.region = publicIp->region;
            FindServers(deployment, plan.endpoints, profile.monitorConfig.port, target);
            plan.targets.push_back(target);
        }
    }
    for (std::size_t p = 0; p < plan.profiles.size(); ++p)
    {
        const auto endpoint = MakeProfileEndpoint(plan, p);
        for (const auto index : endpoint.targets)
        {
            const auto& target = plan.targets[index];
            for (std::size_t i = 0; !target.interface.empty() && i < target.servers.size(); ++i)
            {
                const auto& server = target.servers[i];
                plan.ports[server].insert(endpoint.port);
                // Monitors ask there, too.
                plan.ports[server].insert(plan.profiles[target.profile].monitorConfig.port);
                if (endpoint.url->tls)
                {
                    AddTls(server, endpoint.port, {endpoint.GetHostName(), target.target}, plan);
                }
            }
            // A load balancer passes TLS on.
            for (const auto& rule : plan.endpoints)
            {
                const bool leadsThere = target.interface.empty() && endpoint.url->tls &&
                                        rule.service == ServiceKind::LoadBalancer &&
                                        rule.address == target.address &&
                                        rule.port == endpoint.port;
                for (std::size_t i = 0; leadsThere && i < rule.members.size(); ++i)
                {
                    AddTls(rule.members[i],
                           rule.backendPort,
                           {endpoint.GetHostName(), target.target},
                           plan);
                }
            }
        }
        plan.endpoints.push_back(endpoint);
    }
}

std::optional<std::size_t>
TrafficManagerPlan::FindChild(const std::vector<TrafficManagerConfiguration>& profiles,
                              const TrafficManagerEndpoint& endpoint)
{
    const auto child = std::find_if(profiles.begin(), profiles.end(), [&](const auto& profile) {
        return endpoint.IsNested() &&
               TrafficManagerStates::IsSameName(profile.name, endpoint.target);
    });
    return child == profiles.end() ? std::nullopt
                                   : std::optional<std::size_t>(child - profiles.begin());
}

bool
TrafficManagerPlan::IsChild(const std::vector<TrafficManagerConfiguration>& profiles,
                            std::size_t profile)
{
    return std::any_of(profiles.begin(), profiles.end(), [&](const auto& other) {
        return std::any_of(other.endpoints.begin(),
                           other.endpoints.end(),
                           [&](const TrafficManagerEndpoint& endpoint) {
                               return FindChild(profiles, endpoint) == profile;
                           });
    });
}

std::vector<ScenarioClients>
TrafficManagerPlan::MakeOwnClients(const ScenarioPlan& plan)
{
    std::vector<ScenarioClients> groups;
    std::vector<std::string> asked;
    for (const auto& endpoint : plan.endpoints)
    {
        if (endpoint.service == ServiceKind::TrafficManager && !endpoint.targets.empty() &&
            !IsChild(plan.profiles, endpoint.index))
        {
            asked.push_back(endpoint.rule);
        }
    }
    for (std::size_t i = 0; !asked.empty() && i < OWN_REGIONS.size(); ++i)
    {
        ScenarioClients group;
        group.name = std::string("clients-") + OWN_REGIONS[i];
        group.region = OWN_REGIONS[i];
        group.count = OWN_COUNT;
        group.rate = OWN_RATE;
        group.targets = asked;
        groups.push_back(group);
    }
    return groups;
}

std::string
TrafficManagerPlan::FindRegion(const ScenarioPlan& plan,
                               const ScenarioClients& group,
                               const PlannedEndpoint& endpoint)
{
    if (!group.region.empty() || endpoint.service != ServiceKind::TrafficManager)
    {
        return endpoint.isPublic ? group.region : "";
    }
    // Somebody has to resolve the name, and is somewhere.
    return endpoint.targets.empty() ? OWN_REGIONS.front()
                                    : plan.targets[endpoint.targets.front()].region;
}

std::vector<std::string>
TrafficManagerPlan::FindHosts(const ScenarioPlan& plan)
{
    std::vector<std::string> names;
    if (plan.profiles.empty())
    {
        return names;
    }
    std::set<std::pair<std::size_t, std::string>> seen;
    std::map<std::size_t, uint32_t> resolvers; // by group
    for (const auto& clients : plan.clients)
    {
        const auto& group = (*plan.scenario.clients)[clients.group];
        const bool isNew =
            plan.endpoints[clients.endpoint].service == ServiceKind::TrafficManager &&
            seen.insert({clients.group, clients.region}).second;
        for (uint32_t i = 0; isNew && i < group.resolver.count; ++i)
        {
            names.push_back(group.name + "-resolver-" + std::to_string(resolvers[clients.group]++));
        }
    }
    for (const auto& region : plan.scenario.trafficManager.nameServerRegions)
    {
        for (const char* kind : {"root", "top-level", "domains", "traffic-manager"})
        {
            names.push_back(std::string(kind) + "-" + region);
        }
    }
    for (const auto& region : plan.scenario.trafficManager.monitorRegions)
    {
        names.push_back("monitor-" + region);
    }
    return names;
}

IpAddress
TrafficManagerPlan::FindFirstServer(const ScenarioPlan& plan)
{
    for (const auto& clients : plan.clients)
    {
        const auto& endpoint = plan.endpoints[clients.endpoint];
        if (endpoint.service != ServiceKind::TrafficManager)
        {
            continue;
        }
        TrafficManagerQuery query;
        const auto engine = MakeEngine(plan, clients, {}, query);
        const auto answer = engine.Explain(static_cast<uint32_t>(endpoint.index), query);
        for (const auto& target : plan.targets)
        {
            const auto isAnswered = [&](const TrafficManagerRecord& record) {
                return record.path.back().profile == target.profile &&
                       record.path.back().endpoint == target.endpoint;
            };
            if (!target.servers.empty() &&
                std::any_of(answer.records.begin(), answer.records.end(), isAnswered))
            {
                return target.servers.front();
            }
        }
    }
    return {};
}

bool
TrafficManagerPlan::IsDown(const PlannedTarget& target, const std::vector<IpAddress>& addresses)
{
    return std::all_of(target.servers.begin(), target.servers.end(), [&](const auto& server) {
        return std::find(addresses.begin(), addresses.end(), server) != addresses.end();
    });
}

bool
TrafficManagerPlan::IsLeft(const ScenarioPlan& plan,
                           std::size_t endpoint,
                           const std::vector<IpAddress>& addresses)
{
    for (const auto& clients : plan.clients)
    {
        if (clients.endpoint != endpoint)
        {
            continue;
        }
        TrafficManagerQuery query;
        const auto engine = MakeEngine(plan, clients, addresses, query);
        const auto profile = static_cast<uint32_t>(plan.endpoints[endpoint].index);
        for (const auto& share : engine.GetShares(profile, query))
        {
            const auto& last = share.path.back();
            if (std::any_of(plan.targets.begin(), plan.targets.end(), [&](const auto& target) {
                    return target.profile == last.profile && target.endpoint == last.endpoint &&
                           IsDown(target, addresses);
                }))
            {
                return false;
            }
        }
    }
    return true;
}

std::pair<Time, Time>
TrafficManagerPlan::FindSettlingTimes(const ScenarioPlan& plan,
                                      const std::vector<IpAddress>& addresses)
{
    std::pair<Time, Time> longest;
    for (const auto& endpoint : plan.endpoints)
    {
        if (endpoint.service != ServiceKind::TrafficManager || !endpoint.settings ||
            std::find_first_of(endpoint.members.begin(),
                               endpoint.members.end(),
                               addresses.begin(),
                               addresses.end()) == endpoint.members.end())
        {
            continue;
        }
        const auto ttl = std::min(plan.profiles[endpoint.index].dnsConfig.ttl, LONGEST_WAIT);
        const auto down = FailoverTheory::Detection(*endpoint.settings, FaultSymptom::Silent);
        const auto up = FailoverTheory::Recovery(*endpoint.settings);
        longest.first = std::max(longest.first, down.upper + ttl);
        longest.second = std::max(longest.second, up.upper + ttl);
    }
    return longest;
}

} // namespace azure
} // namespace ns3
