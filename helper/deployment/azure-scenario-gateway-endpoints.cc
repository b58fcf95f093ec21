/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-plan.h"

#include "ns3/azure-gateway-probe-plan.h"

#include <algorithm>
#include <array>

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
          m_router(m_configuration)
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
            const auto* owner = m_deployment.FindOwner(member.ipAddress);
            if (!member.ipAddress.IsSet() || !owner)
            {
                continue; // nobody answers there
            }
            endpoint.members.push_back(member.ipAddress);
            endpoint.probed.push_back(member.ipAddress);
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
};

} // namespace

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

std::optional<PlannedTls>
FindMemberTls(const DeploymentConfiguration& deployment,
              const ApplicationGatewayEngine& engine,
              const PlannedEndpoint& endpoint)
{
    const auto& gateway = deployment.applicationGateways[endpoint.index].configuration;
    const auto index = *endpoint.url->setting;
    const auto protocol = gateway.GetSettingProtocol(index);
    if (protocol != ApplicationGatewayProtocol::Https &&
        protocol != ApplicationGatewayProtocol::Tls)
    {
        return std::nullopt;
    }
    PlannedTls tls;
    tls.issuer = MakeTlsPublicRoot();
    const auto* layer4 = gateway.FindLayer4Setting(index);
    const auto& roots = layer4
                            ? layer4->trustedRootCertificates
                            : gateway.backendHttpSettingsCollection[index].trustedRootCertificates;
    if (!roots.empty())
    {
        const auto root = FindByName(gateway.trustedRootCertificates, roots.front());
        tls.issuer = gateway.trustedRootCertificates[*root].GetAuthority();
    }
    const auto asked = FindServedRequest(engine, endpoint, endpoint.url->path);
    const auto forced =
        layer4 ? layer4->hostName : gateway.backendHttpSettingsCollection[index].sniName;
    for (auto name : {forced, asked.fields.Get("Host"), endpoint.settings->host})
    {
        name = name.substr(0, name.find(':'));
        if (!name.empty())
        {
            tls.names.insert(name);
        }
    }
    return tls;
}

} // namespace azure
} // namespace ns3
