/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-plan.h"

#include "ns3/azure-gateway-probe-plan.h"

#include <algorithm>
#include <array>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/** Paths for what no path rule is to take. */
const std::array<const char*, 3> OTHER_PATHS = {"/", "/other", "/0/other"};

/** HTTP's default ports, which a Host field does not name. */
constexpr uint16_t HTTP_PORT = 80;
constexpr uint16_t HTTPS_PORT = 443;

/** The networks of RFC 5737, the one that the importer uses last in front. */
constexpr std::array<uint32_t, 3> DOCUMENTATION = {0xc0000200, 0xc6336400, 0xcb007100};

/** Addresses that a scenario's own name servers have, the first free ones. */
constexpr std::size_t NAME_SERVERS = 2;

/**
 * @param pattern a host name of a listener, perhaps with wildcards
 * @return a host that it matches
 */
std::string
MakeHost(const std::string& pattern)
{
    std::string host;
    for (const char c : ToLowerAscii(pattern))
    {
        host += c == '*' ? "www" : std::string(1, c == '?' ? '0' : c);
    }
    return host;
}

/**
 * @param endpoint an endpoint
 * @param target a request target
 * @return a request to it, as it reaches an instance
 */
GatewayRequest
MakeRequest(const PlannedEndpoint& endpoint, const std::string& target)
{
    GatewayRequest request;
    request.frontend = endpoint.address;
    request.frontendPort = endpoint.port;
    request.tls = endpoint.url->tls;
    request.head.method = "GET";
    request.head.target = target;
    request.head.fields.Add("Host", endpoint.url->host);
    return request;
}

/**
 * @brief Finds the endpoints of one application gateway.
 */
class GatewayEndpoints
{
  public:
    /**
     * @param deployment what it is a part of
     * @param index its index there
     */
    GatewayEndpoints(const DeploymentConfiguration& deployment, std::size_t index)
        : m_deployment(deployment),
          m_index(index),
          m_configuration(deployment.applicationGateways[index].configuration),
          m_router(m_configuration),
          m_internet(FindInternetServers(deployment))
    {
    }

    /**
     * @return what a request gets to
     */
    std::vector<PlannedEndpoint> Find() const
    {
        std::vector<PlannedEndpoint> endpoints;
        for (uint32_t rule = 0; rule < m_configuration.requestRoutingRules.size(); ++rule)
        {
            const auto& name = m_configuration.requestRoutingRules[rule].urlPathMap;
            const auto map = FindByName(m_configuration.urlPathMaps, name);
            Add(rule, std::nullopt, {OTHER_PATHS.begin(), OTHER_PATHS.end()}, endpoints);
            if (!map)
            {
                continue;
            }
            const auto& pathRules = m_configuration.urlPathMaps[*map].pathRules;
            for (uint32_t i = 0; i < pathRules.size(); ++i)
            {
                std::vector<std::string> paths;
                for (auto path : pathRules[i].paths)
                {
                    path.erase(std::remove(path.begin(), path.end(), '*'), path.end());
                    paths.push_back(path);
                }
                Add(rule, i, paths, endpoints);
            }
        }
        for (uint32_t rule = 0; rule < m_configuration.routingRules.size(); ++rule)
        {
            AddLayer4(rule, endpoints);
        }
        return endpoints;
    }

  private:
    /**
     * @brief Add the first of some URLs that gets to a rule, if one does.
     *
     * @param rule index of the rule
     * @param pathRule index of the path rule; none: those without
     * @param paths paths to try
     * @param[in,out] endpoints takes the endpoint
     */
    void Add(uint32_t rule,
             std::optional<uint32_t> pathRule,
             const std::vector<std::string>& paths,
             std::vector<PlannedEndpoint>& endpoints) const
    {
        const auto& configuration = m_configuration.requestRoutingRules[rule];
        const auto listener = FindByName(m_configuration.httpListeners, configuration.httpListener);
        auto hosts = m_configuration.httpListeners[*listener].GetHosts();
        if (hosts.empty())
        {
            hosts.emplace_back();
        }
        for (const auto& host : hosts)
        {
            for (const auto& path : paths)
            {
                auto endpoint =
                    Begin(m_configuration.httpListeners[*listener], MakeHost(host), path);
                const auto route = m_router.Route(MakeRequest(endpoint, path), "", false);
                if (route.rule == rule && route.pathRule == pathRule)
                {
                    endpoint.rule = configuration.name;
                    endpoint.url->status = route.status;
                    if (route.pathRule)
                    {
                        endpoint.url->pathRule = m_configuration.urlPathMaps[*route.urlPathMap]
                                                     .pathRules[*route.pathRule]
                                                     .name;
                    }
                    Complete(route.pool, route.setting, endpoint);
                    endpoints.push_back(endpoint);
                    return;
                }
            }
        }
    }

    /**
     * @brief Add the first host that gets to a rule of layer 4, if one does.
     *
     * @param rule index of the rule
     * @param[in,out] endpoints takes the endpoint
     */
    void AddLayer4(uint32_t rule, std::vector<PlannedEndpoint>& endpoints) const
    {
        const auto& configuration = m_configuration.routingRules[rule];
        const auto index = FindByName(m_configuration.listeners, configuration.listener);
        const auto& listener = m_configuration.listeners[*index];
        auto hosts = listener.GetHosts();
        if (hosts.empty())
        {
            hosts.emplace_back();
        }
        for (const auto& pattern : hosts)
        {
            const auto host = MakeHost(pattern);
            auto endpoint = Begin(listener, host, OTHER_PATHS.front());
            GatewaySessionRequest request;
            request.frontend = endpoint.address;
            request.frontendPort = endpoint.port;
            request.tls = endpoint.url->tls;
            request.serverName = host;
            const auto route = m_router.GetSessions().Route(request, false);
            if (route.rule == rule)
            {
                endpoint.rule = configuration.name;
                endpoint.url->layer4 = true;
                Complete(route.pool, route.setting, endpoint);
                endpoints.push_back(endpoint);
                return;
            }
        }
    }

    /**
     * @tparam L type of a listener
     * @param listener a listener
     * @param host the host to ask for; empty: the listener takes any
     * @param path the path to ask for
     * @return what is known of an endpoint there
     */
    template <typename L>
    PlannedEndpoint Begin(const L& listener, const std::string& host, const std::string& path) const
    {
        const auto frontend =
            FindByName(m_configuration.frontendIpConfigurations, listener.frontendIpConfiguration);
        const auto port = FindByName(m_configuration.frontendPorts, listener.frontendPort);
        PlannedEndpoint endpoint;
        endpoint.service = ServiceKind::ApplicationGateway;
        endpoint.index = m_index;
        endpoint.address = m_configuration.frontendIpConfigurations[*frontend].address;
        endpoint.isPublic = m_configuration.frontendIpConfigurations[*frontend].isPublic;
        endpoint.port = m_configuration.frontendPorts[*port].port;
        PlannedUrl url;
        url.listener = listener.name;
        url.tls = listener.protocol == ApplicationGatewayProtocol::Https ||
                  listener.protocol == ApplicationGatewayProtocol::Tls;
        url.host = host.empty() ? ToText(endpoint.address) : host;
        if (endpoint.port != (url.tls ? HTTPS_PORT : HTTP_PORT))
        {
            url.host += ":" + std::to_string(endpoint.port);
        }
        url.path = path;
        endpoint.url = url;
        return endpoint;
    }

    /**
     * @brief Enter members and probe.
     * @param pool index of the pool; none with a redirect
     * @param setting index of the backend setting; none with a redirect
     * @param[in,out] endpoint the endpoint
     */
    void Complete(const std::optional<uint32_t>& pool,
                  const std::optional<uint32_t>& setting,
                  PlannedEndpoint& endpoint) const
    {
        if (!pool || !setting)
        {
            return;
        }
        endpoint.url->pool = m_configuration.backendAddressPools[*pool].name;
        endpoint.url->setting = setting;
        endpoint.backendPort = m_configuration.GetSettingPort(*setting);
        for (const auto& member : m_configuration.backendAddressPools[*pool].backendAddresses)
        {
            const auto* owner = member.ipAddress.IsSet() && !member.external
                                    ? m_deployment.FindOwner(member.ipAddress)
                                    : nullptr;
            const auto server =
                std::find_if(m_internet.begin(), m_internet.end(), [&](const auto& each) {
                    return each.member.GetText() == member.GetText();
                });
            if (owner)
            {
                endpoint.members.push_back(member.ipAddress);
                if (owner->running)
                {
                    endpoint.probed.push_back(member.ipAddress);
                }
            }
            else if (member.external && server != m_internet.end())
            {
                endpoint.outside.push_back(server->address);
            }
            else
            {
                continue; // nobody answers there
            }
            if (!endpoint.settings)
            {
                // Those of the other members differ in the host alone.
                endpoint.settings =
                    GatewayProbePlan::MakeSettings(m_configuration, *setting, member);
                const auto& probe = m_configuration.GetSettingProbe(*setting);
                endpoint.probe = probe.empty() ? "default" : probe;
            }
        }
    }

    const DeploymentConfiguration& m_deployment;            //!< what it is a part of
    std::size_t m_index;                                    //!< its index there
    const ApplicationGatewayConfiguration& m_configuration; //!< the gateway
    RequestRouter m_router;                                 //!< the same, compiled
    std::vector<PlannedInternetServer> m_internet;          //!< members in the internet
};

} // namespace

std::vector<IpAddress>
FindFreePublicAddresses(const DeploymentConfiguration& deployment, std::size_t count)
{
    std::set<IpAddress> taken;
    for (const auto& ip : deployment.publicIpAddresses)
    {
        taken.insert(ip.address);
    }
    for (const auto& balancer : deployment.loadBalancers)
    {
        for (const auto& frontend : balancer.configuration.frontendIpConfigurations)
        {
            taken.insert(frontend.address);
        }
    }
    for (const auto& gateway : deployment.applicationGateways)
    {
        for (const auto& frontend : gateway.configuration.frontendIpConfigurations)
        {
            taken.insert(frontend.address);
        }
        for (const auto& pool : gateway.configuration.backendAddressPools)
        {
            for (const auto& member : pool.backendAddresses)
            {
                taken.insert(member.ipAddress);
            }
        }
    }
    std::vector<IpAddress> found;
    for (const auto network : DOCUMENTATION)
    {
        for (uint32_t i = 254; i > 0 && found.size() < count; --i)
        {
            const auto address = IpAddress::FromIpv4Bits(network + i);
            if (taken.count(address) == 0)
            {
                found.push_back(address);
            }
        }
    }
    return found;
}

std::vector<PlannedInternetServer>
FindInternetServers(const DeploymentConfiguration& deployment)
{
    std::vector<PlannedInternetServer> servers;
    std::set<std::string> seen;
    const auto isOwn = [&](const ApplicationGatewayBackendAddress& member) {
        const auto& own = deployment.publicIpAddresses;
        return std::any_of(own.begin(), own.end(), [&](const auto& ip) {
            return member.fqdn.empty() ? ip.address == member.ipAddress
                                       : ToLowerAscii(ip.fqdn) == member.GetText();
        });
    };
    for (const auto& gateway : deployment.applicationGateways)
    {
        for (const auto& pool : gateway.configuration.backendAddressPools)
        {
            for (const auto& member : pool.backendAddresses)
            {
                if (member.external && (!member.fqdn.empty() || member.ipAddress.IsIpv4()) &&
                    !isOwn(member) && seen.insert(member.GetText()).second)
                {
                    servers.push_back({member, member.ipAddress, {}});
                }
            }
        }
    }
    const auto free = FindFreePublicAddresses(deployment, NAME_SERVERS + servers.size());
    auto next = NAME_SERVERS;
    for (auto& server : servers)
    {
        if (!server.address.IsSet() && next < free.size())
        {
            server.address = free[next++];
        }
    }
    servers.erase(std::remove_if(servers.begin(),
                                 servers.end(),
                                 [](const auto& server) { return !server.address.IsSet(); }),
                  servers.end());
    return servers;
}

std::vector<PlannedEndpoint>
FindGatewayEndpoints(const DeploymentConfiguration& deployment, std::size_t index)
{
    return GatewayEndpoints(deployment, index).Find();
}

HttpRequestHead
FindServedRequest(const ApplicationGatewayEngine& engine,
                  const PlannedEndpoint& endpoint,
                  const std::string& target)
{
    const auto request = MakeRequest(endpoint, target);
    if (endpoint.url->layer4)
    {
        return request.head;
    }
    const auto verdict = engine.Explain(request, Time(0));
    return verdict.action == GatewayAction::Forward ? verdict.backendRequest : request.head;
}

} // namespace azure
} // namespace ns3
