/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-helper.h"

#include "ns3/address.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace azure
{

HttpServerHelper::HttpServerHelper(uint16_t port)
    : ApplicationHelper("ns3::azure::HttpServer")
{
    SetAttribute("Port", UintegerValue(port));
}

HttpClientHelper::HttpClientHelper(const InetSocketAddress& remote)
    : ApplicationHelper("ns3::azure::HttpClient")
{
    SetAttribute("Remote", AddressValue(remote));
}

HttpClientHelper::HttpClientHelper(const std::string& host, uint16_t port)
    : ApplicationHelper("ns3::azure::HttpClient")
{
    SetAttribute("RemoteHost", StringValue(host));
    SetAttribute("RemotePort", UintegerValue(port));
}

TcpPresetHelper::TcpPresetHelper(const TcpPreset& preset)
    : m_preset(preset)
{
}

void
TcpPresetHelper::Install(const NodeContainer& nodes) const
{
    for (auto i = nodes.Begin(); i != nodes.End(); ++i)
    {
        TcpPresetSocketFactory::Install(*i, m_preset);
    }
}

} // namespace azure
} // namespace ns3
