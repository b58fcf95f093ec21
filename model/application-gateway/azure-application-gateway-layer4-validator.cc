/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-layer4-validator.h"

#include "azure-host-pattern.h"
#include "azure-request-target.h"

#include <map>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/// Most hosts of a listener (AG-9).
constexpr size_t MAX_LAYER4_HOSTS = 5;

/// Last priority (AG-11).
constexpr uint32_t MAX_LAYER4_PRIORITY = 20000;

/// Longest idle timeout, in seconds (AG-60).
constexpr int MAX_LAYER4_SECONDS = 86400;

/// Most listeners, rules and backend settings (AG-63).
constexpr size_t MAX_LAYER4_LISTENERS = 200;
constexpr size_t MAX_LAYER4_RULES = 400;
constexpr size_t MAX_LAYER4_SETTINGS = 100;

} // namespace

void
ApplicationGatewayLayer4Validator::Run()
{
    const auto& c = m_configuration;
    CheckTier();
    CheckNames("listeners", c.listeners);
    CheckLimit("listeners", c.listeners.size(), MAX_LAYER4_LISTENERS, "listeners");
    for (size_t index = 0; index < c.listeners.size(); ++index)
    {
        CheckListener(index);
    }
    CheckSockets();
    CheckNames("backendSettingsCollection", c.backendSettingsCollection);
    CheckLimit("backendSettingsCollection",
               c.backendSettingsCollection.size(),
               MAX_LAYER4_SETTINGS,
               "backend settings");
    for (size_t index = 0; index < c.backendSettingsCollection.size(); ++index)
    {
        CheckSettings(index);
    }
    CheckNames("routingRules", c.routingRules);
    CheckLimit("routingRules", c.routingRules.size(), MAX_LAYER4_RULES, "rules");
    for (size_t index = 0; index < c.routingRules.size(); ++index)
    {
        CheckRule(index);
    }
}

void
ApplicationGatewayLayer4Validator::CheckTier()
{
    const auto& c = m_configuration;
    const auto refuse = [&](const std::string& collection, bool empty) {
        if (c.IsV1() && !empty)
        {
            Add(collection, "v1 proxies HTTP alone; use a v2 SKU or remove them");
        }
    };
    refuse("listeners", c.listeners.empty());
    refuse("backendSettingsCollection", c.backendSettingsCollection.empty());
    refuse("routingRules", c.routingRules.empty());
}

void
ApplicationGatewayLayer4Validator::CheckListener(size_t index)
{
    const auto& c = m_configuration;
    const auto& listener = c.listeners[index];
    const auto path = [&](const std::string& field) { return Path("listeners", index, field); };
    Need(path("frontendIPConfiguration"),
         listener.frontendIpConfiguration,
         c.frontendIpConfigurations,
         "a listener",
         "frontend");
    Need(path("frontendPort"),
         listener.frontendPort,
         c.frontendPorts,
         "a listener",
         "frontend port");
    if (listener.protocol == ApplicationGatewayProtocol::Tls)
    {
        Need(path("sslCertificate"),
             listener.sslCertificate,
             c.sslCertificates,
             "a listener for TLS",
             "certificate");
        CheckReference(path("sslProfile"), listener.sslProfile, c.sslProfiles, "profile");
        CheckLimit(path("hostNames"),
                   listener.hostNames.size(),
                   MAX_LAYER4_HOSTS,
                   "hosts of the listener");
        for (size_t name = 0; name < listener.hostNames.size(); ++name)
        {
            const auto error = HostPattern::Check(listener.hostNames[name]);
            if (!error.empty())
            {
                Add(Path(path("hostNames"), name), error);
            }
        }
        return;
    }
    if (listener.protocol != ApplicationGatewayProtocol::Tcp)
    {
        Add(path("protocol"), "a listener speaks Tcp or Tls; those for HTTP are in httpListeners");
        return;
    }
    if (!listener.sslCertificate.empty())
    {
        Add(path("sslCertificate"),
            "without TLS there is no certificate; set protocol Tls or remove it");
    }
    if (!listener.sslProfile.empty())
    {
        Add(path("sslProfile"), "without TLS there is no profile; set protocol Tls or remove it");
    }
    if (!listener.hostNames.empty())
    {
        Add(path("hostNames"),
            "without TLS nobody says which host is asked for; set protocol Tls or remove them");
    }
}

void
ApplicationGatewayLayer4Validator::CheckSockets()
{
    using Socket = std::pair<std::string, std::string>;
    const auto& c = m_configuration;
    const auto socketOf = [](const auto& listener) {
        return Socket{ToLowerAscii(listener.frontendIpConfiguration),
                      ToLowerAscii(listener.frontendPort)};
    };
    std::map<Socket, std::string> requests;
    for (const auto& listener : c.httpListeners)
    {
        requests.emplace(socketOf(listener), listener.name);
    }
    std::map<Socket, const ApplicationGatewayListener*> first;
    std::map<std::pair<Socket, std::string>, std::string> owners;
    for (size_t index = 0; index < c.listeners.size(); ++index)
    {
        const auto& listener = c.listeners[index];
        const auto socket = socketOf(listener);
        if (const auto other = requests.find(socket); other != requests.end())
        {
            Add(Path("listeners", index),
                "HTTP listener " + other->second +
                    " has this frontend and port already; use another port");
        }
        const auto* neighbour = first.emplace(socket, &listener).first->second;
        if (neighbour->protocol != listener.protocol)
        {
            Add(Path("listeners", index, "protocol"),
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
                owners.emplace(std::make_pair(socket, ToLowerAscii(host)), listener.name);
            if (!isNew)
            {
                Add(Path("listeners", index),
                    "listener " + owner->second + " has this frontend" +
                        (host.empty() ? " and port" : ", port and host " + host) +
                        " already; change one of them");
                break;
            }
        }
    }
}

void
ApplicationGatewayLayer4Validator::CheckSettings(size_t index)
{
    const auto& settings = m_configuration.backendSettingsCollection[index];
    const auto path = [&](const std::string& field) {
        return Path("backendSettingsCollection", index, field);
    };
    const bool tls = settings.protocol == ApplicationGatewayProtocol::Tls;
    if (!tls && settings.protocol != ApplicationGatewayProtocol::Tcp)
    {
        Add(path("protocol"),
            "a member speaks Tcp or Tls here; settings for HTTP are in "
            "backendHttpSettingsCollection");
    }
    if (settings.port == 0)
    {
        Add(path("port"), "the port must be 1 to 65535");
    }
    if (settings.timeout < Seconds(1) || settings.timeout > Seconds(MAX_LAYER4_SECONDS))
    {
        Add(path("timeout"), "the timeout must be 1 to 86400 s");
    }
    CheckReference(path("probe"), settings.probe, m_configuration.probes, "probe");
    if (settings.pickHostNameFromBackendAddress && !settings.hostName.empty())
    {
        Add(path("hostName"),
            "the host is either fixed or that of the member; remove this or "
            "pickHostNameFromBackendAddress");
    }
    const auto& roots = settings.trustedRootCertificates;
    if (!roots.empty() && !tls)
    {
        Add(path("trustedRootCertificates"),
            "without TLS there are no certificates; set protocol Tls or remove them");
    }
    for (size_t root = 0; root < roots.size(); ++root)
    {
        CheckReference(Path(path("trustedRootCertificates"), root),
                       roots[root],
                       m_configuration.trustedRootCertificates,
                       "trusted root certificate");
    }
}

void
ApplicationGatewayLayer4Validator::CheckRule(size_t index)
{
    const auto& c = m_configuration;
    const auto& rule = c.routingRules[index];
    const auto path = [&](const std::string& field) { return Path("routingRules", index, field); };
    if (!rule.priority || *rule.priority < 1 || *rule.priority > MAX_LAYER4_PRIORITY)
    {
        Add(path("priority"), "a priority of 1 (first) to 20000 (last) is needed");
    }
    for (size_t other = 0; other < index; ++other)
    {
        const auto& before = c.routingRules[other];
        if (rule.priority && before.priority == rule.priority)
        {
            Add(path("priority"),
                "rule " + before.name + " has priority " + std::to_string(*rule.priority) +
                    " already; take another number");
        }
        if (!rule.listener.empty() && HttpTokensEqual(before.listener, rule.listener))
        {
            Add(path("listener"),
                "listener " + rule.listener + " belongs to rule " + before.name +
                    " already; give this rule a listener of its own");
        }
    }
    Need(path("listener"), rule.listener, c.listeners, "a rule", "listener");
    Need(path("backendAddressPool"),
         rule.backendAddressPool,
         c.backendAddressPools,
         "a rule",
         "pool");
    Need(path("backendSettings"),
         rule.backendSettings,
         c.backendSettingsCollection,
         "a rule",
         "backend setting");
}

} // namespace azure
} // namespace ns3
