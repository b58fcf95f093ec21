/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-listener-matcher.h"

#include "ns3/assert.h"

#include <algorithm>
#include <numeric>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @tparam R type of a rule
 * @param rules rules
 * @param v1 whether they count in the order of listing
 * @return their indices in the order of evaluation (AG-11)
 */
template <typename R>
std::vector<uint32_t>
GetOrder(const std::vector<R>& rules, bool v1)
{
    std::vector<uint32_t> order(rules.size());
    std::iota(order.begin(), order.end(), 0);
    if (!v1)
    {
        std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
            return rules[a].priority.value_or(0) < rules[b].priority.value_or(0);
        });
    }
    return order;
}

} // namespace

ListenerMatcher::ListenerMatcher(const ApplicationGatewayConfiguration& configuration)
{
    Fill(configuration,
         configuration.httpListeners,
         configuration.requestRoutingRules,
         &RequestRoutingRule::httpListener);
}

ListenerMatcher
ListenerMatcher::ForLayer4(const ApplicationGatewayConfiguration& configuration)
{
    ListenerMatcher matcher;
    matcher.Fill(configuration,
                 configuration.listeners,
                 configuration.routingRules,
                 &ApplicationGatewayRoutingRule::listener);
    return matcher;
}

template <typename L, typename R>
void
ListenerMatcher::Fill(const ApplicationGatewayConfiguration& configuration,
                      const std::vector<L>& listeners,
                      const std::vector<R>& rules,
                      std::string R::* listenerOf)
{
    std::vector<Socket*> sockets;
    for (const auto& listener : listeners)
    {
        const auto frontend =
            FindByName(configuration.frontendIpConfigurations, listener.frontendIpConfiguration);
        const auto port = FindByName(configuration.frontendPorts, listener.frontendPort);
        NS_ASSERT_MSG(frontend && port, "the configuration has errors");
        Socket& socket = m_sockets[{configuration.frontendIpConfigurations[*frontend].address,
                                    configuration.frontendPorts[*port].port}];
        socket.tls = listener.protocol == ApplicationGatewayProtocol::Https ||
                     listener.protocol == ApplicationGatewayProtocol::Tls;
        socket.any = static_cast<uint32_t>(sockets.size());
        sockets.push_back(&socket);
    }
    for (const uint32_t rule : GetOrder(rules, configuration.IsV1()))
    {
        const auto listener = FindByName(listeners, rules[rule].*listenerOf);
        NS_ASSERT_MSG(listener, "the configuration has errors");
        Entry entry{*listener, rule, {}};
        for (const auto& host : listeners[*listener].GetHosts())
        {
            entry.hosts.emplace_back(host);
        }
        sockets[*listener]->entries.push_back(entry);
    }
}

bool
ListenerMatcher::IsListening(const IpAddress& frontend, uint16_t port) const
{
    return m_sockets.find({frontend, port}) != m_sockets.end();
}

bool
ListenerMatcher::IsTls(const IpAddress& frontend, uint16_t port) const
{
    const auto found = m_sockets.find({frontend, port});
    return found != m_sockets.end() && found->second.tls;
}

uint32_t
ListenerMatcher::FindByServerName(const IpAddress& frontend,
                                  uint16_t port,
                                  const std::string& serverName) const
{
    const auto match = Match(frontend, port, true, serverName);
    if (match.result == ListenerMatchResult::Matched)
    {
        return match.listener;
    }
    const Socket& socket = m_sockets.at({frontend, port});
    return socket.entries.empty() ? socket.any : socket.entries.front().listener;
}

ListenerMatch
ListenerMatcher::Match(const IpAddress& frontend,
                       uint16_t port,
                       bool tls,
                       const std::string& host) const
{
    const auto found = m_sockets.find({frontend, port});
    if (found == m_sockets.end())
    {
        return {};
    }
    const Socket& socket = found->second;
    if (socket.tls != tls)
    {
        return {ListenerMatchResult::WrongProtocol, 0, 0};
    }
    for (const auto& entry : socket.entries)
    {
        const auto matches = [&](const HostPattern& pattern) { return pattern.Matches(host); };
        if (entry.hosts.empty() || std::any_of(entry.hosts.begin(), entry.hosts.end(), matches))
        {
            return {ListenerMatchResult::Matched, entry.listener, entry.rule};
        }
    }
    return {ListenerMatchResult::NoHost, 0, 0};
}

} // namespace azure
} // namespace ns3
