/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-redirector.h"

#include "ns3/assert.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param type type of a redirect
 * @return its status
 */
uint32_t
ToStatus(RedirectType type)
{
    switch (type)
    {
    case RedirectType::Permanent:
        return 301;
    case RedirectType::Found:
        return 302;
    case RedirectType::SeeOther:
        return 303;
    case RedirectType::Temporary:
        break;
    }
    return 307;
}

} // namespace

Redirector::Redirector(const RedirectConfiguration& redirect,
                       const ApplicationGatewayConfiguration& configuration)
    : m_status(ToStatus(redirect.redirectType)),
      m_url(redirect.targetUrl),
      m_keepPath(redirect.includePath),
      m_keepQuery(redirect.includeQueryString)
{
    if (!m_url.empty())
    {
        return;
    }
    const auto found = FindByName(configuration.httpListeners, redirect.targetListener);
    NS_ASSERT_MSG(found, "the configuration has errors");
    const auto& listener = configuration.httpListeners[*found];
    const auto port = FindByName(configuration.frontendPorts, listener.frontendPort);
    NS_ASSERT_MSG(port, "the configuration has errors");
    const bool secure = listener.protocol == ApplicationGatewayProtocol::Https;
    const uint16_t number = configuration.frontendPorts[*port].port;
    m_scheme = secure ? "https://" : "http://";
    m_port = number == (secure ? 443 : 80) ? "" : ":" + std::to_string(number);
    const auto hosts = listener.GetHosts();
    m_host = hosts.size() == 1 ? hosts[0] : "";
}

uint32_t
Redirector::GetStatus() const
{
    return m_status;
}

std::string
Redirector::GetLocation(const RequestTarget& target) const
{
    std::string location = m_url;
    if (m_url.empty())
    {
        location = m_scheme + (m_host.empty() ? target.host : m_host) + m_port;
        location += m_keepPath && target.path[0] == '/' ? target.path : "/";
    }
    if (m_keepQuery && target.query)
    {
        location += (location.find('?') == std::string::npos ? "?" : "&") + *target.query;
    }
    return location;
}

} // namespace azure
} // namespace ns3
