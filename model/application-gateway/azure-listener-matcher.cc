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

ListenerMatcher::ListenerMatcher(const ApplicationGatewayConfiguration& configuration)
{
    std::vector<Socket*> sockets;
    for (const auto& listener : configuration.httpListeners)
    {
        const auto frontend =
            FindByName(configuration.frontendIpConfigurations, listener.frontendIpConfiguration);
        const auto port = FindByName(configuration.frontendPorts, listener.frontendPort);
        NS_ASSERT_MSG(frontend && port, "the configuration has errors");
        Socket& socket = m_sockets[{configuration.frontendIpConfigurations[*frontend].address,
                                    configuration.frontendPorts[*port].port}];
        socket.tls = listener.protocol == ApplicationGatewayProtocol::Https;
        socket.any = static_cast<uint32_t>(sockets.size());
        sockets.push_back(&socket);
    }
    for (const uint32_t rule : GetOrder(configuration))
    {
        const auto listener = FindByName(configuration.httpListeners,
                                         configuration.requestRoutingRules[rule].httpListener);
        NS_ASSERT_MSG(listener, "the configuration has errors");
        Entry entry{*listener, rule, {}};
        for (const auto& host : configuration.httpListeners[*listener].GetHosts())
        {
            entry.hosts.emplace_back(host);
        }
        sockets[*listener]->entries.push_back(entry);
    }
}

std::vector<uint32_t>
ListenerMatcher::GetOrder(const ApplicationGatewayConfiguration& configuration)
{
    const auto& rules = configuration.requestRoutingRules;
    std::vector<uint32_t> order(rules.size());
    std::iota(order.begin(), order.end(), 0);
    if (!configuration.IsV1())
    {
        std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
            return rules[a].priority.value_or(0) < rules[b].priority.value_or(0);
        });
    }
    return order;
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
