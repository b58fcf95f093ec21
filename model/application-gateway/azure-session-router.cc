/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-session-router.h"

#include "azure-request-target.h"

#include "ns3/assert.h"

namespace ns3
{
namespace azure
{

SessionRouter::SessionRouter(const ApplicationGatewayConfiguration& configuration)
    : m_configuration(configuration),
      m_listeners(ListenerMatcher::ForLayer4(configuration))
{
    for (const auto& rule : configuration.routingRules)
    {
        const auto pool = FindByName(configuration.backendAddressPools, rule.backendAddressPool);
        const auto setting = configuration.FindLayer4Setting(rule.backendSettings);
        NS_ASSERT_MSG(pool && setting, "the configuration has errors");
        m_backends.emplace_back(*pool, *setting);
    }
}

SessionRoute
SessionRouter::Route(const GatewaySessionRequest& request, bool explain) const
{
    SessionRoute route;
    const auto say = [&](const auto& make) {
        if (explain)
        {
            route.steps.push_back(make());
        }
    };
    const auto found = m_listeners.Match(request.frontend,
                                         request.frontendPort,
                                         request.tls,
                                         ToLowerAscii(request.serverName));
    switch (found.result)
    {
    case ListenerMatchResult::NotListening:
        say([] { return "no listener of layer 4 at this address and port"; });
        return route;
    case ListenerMatchResult::WrongProtocol:
        say([] { return "the listener at this address and port speaks another protocol"; });
        return route;
    case ListenerMatchResult::NoHost:
        say([&] {
            return request.serverName.empty()
                       ? std::string(
                             "the listeners at this address and port have no rule, or hosts")
                       : "no listener at this address and port takes name " + request.serverName;
        });
        return route;
    case ListenerMatchResult::Matched:
        break;
    }
    route.listener = found.listener;
    route.rule = found.rule;
    route.pool = m_backends[found.rule].first;
    route.setting = m_backends[found.rule].second;
    say([&] {
        return "listener " + m_configuration.listeners[found.listener].name + ", rule " +
               m_configuration.routingRules[found.rule].name;
    });
    say([&] {
        return "pool " + m_configuration.backendAddressPools[*route.pool].name +
               ", backend setting " + m_configuration.GetSettingName(*route.setting);
    });
    return route;
}

const ListenerMatcher&
SessionRouter::GetListeners() const
{
    return m_listeners;
}

const std::vector<std::pair<uint32_t, uint32_t>>&
SessionRouter::GetBackends() const
{
    return m_backends;
}

} // namespace azure
} // namespace ns3
