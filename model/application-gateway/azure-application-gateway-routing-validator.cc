/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-routing-validator.h"

#include "azure-host-pattern.h"
#include "azure-path-pattern.h"
#include "azure-request-target.h"

#include <cctype>
#include <map>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/// Most hosts of a listener (AG-9).
constexpr size_t MAX_HOSTS = 5;

/// Last priority (AG-11).
constexpr uint32_t MAX_PRIORITY = 20000;

} // namespace

void
ApplicationGatewayRoutingValidator::Run()
{
    const auto& c = m_configuration;
    CheckNames("httpListeners", c.httpListeners);
    for (size_t index = 0; index < c.httpListeners.size(); ++index)
    {
        CheckListener(index);
        CheckHosts(index);
    }
    CheckSockets();
    CheckNames("requestRoutingRules", c.requestRoutingRules);
    for (size_t index = 0; index < c.requestRoutingRules.size(); ++index)
    {
        CheckRule(index);
    }
    CheckNames("urlPathMaps", c.urlPathMaps);
    for (size_t index = 0; index < c.urlPathMaps.size(); ++index)
    {
        CheckPathMap(index);
    }
    CheckNames("redirectConfigurations", c.redirectConfigurations);
    for (size_t index = 0; index < c.redirectConfigurations.size(); ++index)
    {
        CheckRedirect(index);
    }
}

void
ApplicationGatewayRoutingValidator::CheckListener(size_t index)
{
    const auto& listener = m_configuration.httpListeners[index];
    const auto path = [&](const std::string& field) { return Path("httpListeners", index, field); };
    const auto need = [&](const std::string& field,
                          const std::string& name,
                          const auto& items,
                          const std::string& what) {
        if (name.empty())
        {
            Add(path(field), "a listener needs a " + what);
        }
        CheckReference(path(field), name, items, what);
    };
    need("frontendIPConfiguration",
         listener.frontendIpConfiguration,
         m_configuration.frontendIpConfigurations,
         "frontend");
    need("frontendPort", listener.frontendPort, m_configuration.frontendPorts, "frontend port");
    if (listener.protocol == ApplicationGatewayProtocol::Tcp ||
        listener.protocol == ApplicationGatewayProtocol::Tls)
    {
        Add(path("protocol"),
            "a listener for HTTP speaks Http or Https; those for TCP and TLS are in listeners");
        return;
    }
    if (listener.protocol == ApplicationGatewayProtocol::Https)
    {
        need("sslCertificate",
             listener.sslCertificate,
             m_configuration.sslCertificates,
             "certificate");
    }
    else if (!listener.sslCertificate.empty())
    {
        Add(path("sslCertificate"),
            "without TLS there is no certificate; set protocol Https or remove it");
    }
    if (listener.protocol == ApplicationGatewayProtocol::Http && !listener.sslProfile.empty())
    {
        Add(path("sslProfile"), "without TLS there is no profile; set protocol Https or remove it");
    }
    CheckReference(path("sslProfile"), listener.sslProfile, m_configuration.sslProfiles, "profile");
}

void
ApplicationGatewayRoutingValidator::CheckHosts(size_t index)
{
    const auto& listener = m_configuration.httpListeners[index];
    const auto& names = listener.hostNames;
    const std::string path = Path("httpListeners", index, "hostNames");
    if (!listener.hostName.empty() && !names.empty())
    {
        Add(Path("httpListeners", index, "hostName"),
            "a listener has either hostName or hostNames; remove one");
    }
    if (!listener.hostName.empty())
    {
        const std::string error = listener.hostName.find_first_of("*?") != std::string::npos
                                      ? "hostName has no wildcards; use hostNames"
                                      : HostPattern::Check(listener.hostName);
        if (!error.empty())
        {
            Add(Path("httpListeners", index, "hostName"), error);
        }
    }
    if (!names.empty() && m_configuration.IsV1())
    {
        Add(path, "v1 has one host a listener; use hostName");
    }
    CheckLimit(path, names.size(), MAX_HOSTS, "hosts of the listener");
    for (size_t name = 0; name < names.size(); ++name)
    {
        const std::string error = HostPattern::Check(names[name]);
        if (!error.empty())
        {
            Add(Path(path, name), error);
        }
    }
}

void
ApplicationGatewayRoutingValidator::CheckSockets()
{
    using Socket = std::pair<std::string, std::string>;
    std::map<Socket, const HttpListener*> first;
    std::map<std::pair<Socket, std::string>, const HttpListener*> owners;
    for (size_t index = 0; index < m_configuration.httpListeners.size(); ++index)
    {
        const auto& listener = m_configuration.httpListeners[index];
        const Socket socket{ToLowerAscii(listener.frontendIpConfiguration),
                            ToLowerAscii(listener.frontendPort)};
        const auto* neighbour = first.emplace(socket, &listener).first->second;
        if (neighbour->protocol != listener.protocol)
        {
            Add(Path("httpListeners", index, "protocol"),
                "listener " + neighbour->name +
                    " has this frontend and port with another protocol; use another port");
        }
        auto hosts = listener.GetHosts();
        if (hosts.empty())
        {
            hosts.emplace_back();
        }
        for (const auto& host : hosts)
        {
            const auto [owner, isNew] =
                owners.emplace(std::make_pair(socket, ToLowerAscii(host)), &listener);
            if (!isNew)
            {
                Add(Path("httpListeners", index),
                    "listener " + owner->second->name + " has this frontend, port and host" +
                        (host.empty() ? "" : " " + host) + " already; change one of them");
                break;
            }
        }
    }
}

void
ApplicationGatewayRoutingValidator::CheckRule(size_t index)
{
    const auto& rules = m_configuration.requestRoutingRules;
    const auto& rule = rules[index];
    const auto path = [&](const std::string& field) {
        return Path("requestRoutingRules", index, field);
    };
    if (!m_configuration.IsV1())
    {
        if (!rule.priority || *rule.priority < 1 || *rule.priority > MAX_PRIORITY)
        {
            Add(path("priority"), "a priority of 1 (first) to 20000 (last) is needed");
        }
        for (size_t other = 0; other < index; ++other)
        {
            if (rule.priority && rules[other].priority == rule.priority)
            {
                Add(path("priority"),
                    "rule " + rules[other].name + " has priority " +
                        std::to_string(*rule.priority) + " already; take another number");
                break;
            }
        }
    }
    if (rule.httpListener.empty())
    {
        Add(path("httpListener"), "a rule needs a listener");
    }
    CheckReference(path("httpListener"),
                   rule.httpListener,
                   m_configuration.httpListeners,
                   "listener");
    for (size_t other = 0; other < index; ++other)
    {
        if (!rule.httpListener.empty() &&
            HttpTokensEqual(rules[other].httpListener, rule.httpListener))
        {
            Add(path("httpListener"),
                "listener " + rule.httpListener + " belongs to rule " + rules[other].name +
                    " already; give this rule a listener of its own");
            break;
        }
    }
    if (rule.ruleType == RequestRoutingRuleType::Basic)
    {
        if (!rule.urlPathMap.empty())
        {
            Add(path("urlPathMap"),
                "a basic rule has no URL path map; set ruleType PathBasedRouting or remove it");
        }
        CheckDestination(Path("requestRoutingRules", index) + ".",
                         false,
                         rule.backendAddressPool,
                         rule.backendHttpSettings,
                         rule.redirectConfiguration,
                         rule.rewriteRuleSet);
        return;
    }
    if (rule.urlPathMap.empty())
    {
        Add(path("urlPathMap"), "a path-based rule needs a URL path map");
    }
    CheckReference(path("urlPathMap"),
                   rule.urlPathMap,
                   m_configuration.urlPathMaps,
                   "URL path map");
    if (!rule.backendAddressPool.empty() || !rule.redirectConfiguration.empty())
    {
        Add(path(rule.backendAddressPool.empty() ? "redirectConfiguration" : "backendAddressPool"),
            "the pools of a path-based rule are in its URL path map; remove it here");
    }
}

void
ApplicationGatewayRoutingValidator::CheckDestination(const std::string& path,
                                                     bool upper,
                                                     const std::string& pool,
                                                     const std::string& setting,
                                                     const std::string& redirect,
                                                     const std::string& rewrite)
{
    const auto field = [&](std::string name) {
        name[0] = upper ? static_cast<char>(std::toupper(name[0])) : name[0];
        return path + name;
    };
    if (!redirect.empty())
    {
        if (!pool.empty() || !setting.empty())
        {
            Add(field("redirectConfiguration"),
                "requests go to a pool or are redirected, not both; remove one");
        }
    }
    else
    {
        if (pool.empty())
        {
            Add(field("backendAddressPool"), "a pool is needed, or a redirect");
        }
        if (setting.empty())
        {
            Add(field("backendHttpSettings"), "a backend setting is needed, or a redirect");
        }
    }
    const auto& c = m_configuration;
    CheckReference(field("backendAddressPool"), pool, c.backendAddressPools, "pool");
    CheckReference(field("backendHttpSettings"),
                   setting,
                   c.backendHttpSettingsCollection,
                   "backend setting");
    CheckReference(field("redirectConfiguration"), redirect, c.redirectConfigurations, "redirect");
    CheckReference(field("rewriteRuleSet"), rewrite, c.rewriteRuleSets, "rewrite set");
}

void
ApplicationGatewayRoutingValidator::CheckPathMap(size_t index)
{
    const auto& map = m_configuration.urlPathMaps[index];
    CheckDestination(Path("urlPathMaps", index, "default"),
                     true,
                     map.defaultBackendAddressPool,
                     map.defaultBackendHttpSettings,
                     map.defaultRedirectConfiguration,
                     map.defaultRewriteRuleSet);
    const std::string collection = Path("urlPathMaps", index, "pathRules");
    if (map.pathRules.empty())
    {
        Add(collection, "a URL path map needs a path rule; for one destination use a basic rule");
    }
    CheckNames(collection, map.pathRules);
    for (size_t rule = 0; rule < map.pathRules.size(); ++rule)
    {
        const auto& pathRule = map.pathRules[rule];
        const std::string paths = Path(collection, rule, "paths");
        if (pathRule.paths.empty())
        {
            Add(paths, "a path rule needs a path");
        }
        for (size_t path = 0; path < pathRule.paths.size(); ++path)
        {
            const std::string error =
                PathPattern::Check(pathRule.paths[path], m_configuration.IsV1());
            if (!error.empty())
            {
                Add(Path(paths, path), error);
            }
        }
        CheckDestination(Path(collection, rule) + ".",
                         false,
                         pathRule.backendAddressPool,
                         pathRule.backendHttpSettings,
                         pathRule.redirectConfiguration,
                         pathRule.rewriteRuleSet);
    }
}

void
ApplicationGatewayRoutingValidator::CheckRedirect(size_t index)
{
    const auto& redirect = m_configuration.redirectConfigurations[index];
    const auto path = [&](const std::string& field) {
        return Path("redirectConfigurations", index, field);
    };
    if (redirect.targetListener.empty() == redirect.targetUrl.empty())
    {
        Add(path("targetListener"),
            "a redirect leads to a listener or to a URL; set one of targetListener and targetUrl");
    }
    if (CheckReference(path("targetListener"),
                       redirect.targetListener,
                       m_configuration.httpListeners,
                       "listener"))
    {
        const auto hosts =
            m_configuration
                .httpListeners[*FindByName(m_configuration.httpListeners, redirect.targetListener)]
                .GetHosts();
        if (hosts.size() > 1 || (hosts.size() == 1 && HostPattern(hosts[0]).HasWildcard()))
        {
            Add(path("targetListener"),
                "a redirect needs one host to lead to; listener " + redirect.targetListener +
                    " has several or a wildcard");
        }
    }
    const std::string url = ToLowerAscii(redirect.targetUrl);
    if (!url.empty() && url.rfind("http://", 0) != 0 && url.rfind("https://", 0) != 0)
    {
        Add(path("targetUrl"), "the URL must begin with http:// or https://");
    }
}

} // namespace azure
} // namespace ns3
