/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_HELPER_H
#define AZURE_HTTP_HELPER_H

#include "ns3/application-helper.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node-container.h"

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts HTTP servers on nodes.
 *
 * @code
 *   HttpServerHelper server(80);
 *   server.SetAttribute("ServiceTime", StringValue("ns3::ExponentialRandomVariable[Mean=0.01]"));
 *   ApplicationContainer servers = server.Install(nodes);
 *   servers.Start(Seconds(0));
 * @endcode
 */
class HttpServerHelper : public ApplicationHelper
{
  public:
    /**
     * @param port port to listen on
     */
    explicit HttpServerHelper(uint16_t port);
};

/**
 * @ingroup azure-load-balancing
 * @brief Puts HTTP clients on nodes.
 */
class HttpClientHelper : public ApplicationHelper
{
  public:
    /**
     * @param remote address and port of the server
     */
    explicit HttpClientHelper(const InetSocketAddress& remote);

    /**
     * @brief Clients that look the server up; their nodes need a resolver, see
     *        ResolverHelper::InstallStub().
     * @param host host name of the server
     * @param port its port; 0: 80, with HTTPS 443
     */
    HttpClientHelper(const std::string& host, uint16_t port);
};

/**
 * @ingroup azure-load-balancing
 * @brief Gives nodes the TCP settings of a real operating system.
 */
class TcpPresetHelper
{
  public:
    /**
     * @param preset the settings; those of Linux if not said
     */
    explicit TcpPresetHelper(const TcpPreset& preset = TcpPreset::Linux());

    /**
     * @brief For this module's applications, and for stock ones whose Protocol attribute is
     *        `ns3::azure::TcpPresetSocketFactory`.
     * @param nodes nodes with an internet stack
     */
    void Install(const NodeContainer& nodes) const;

  private:
    TcpPreset m_preset; //!< the settings
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_HELPER_H */
