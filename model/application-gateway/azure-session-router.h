/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SESSION_ROUTER_H
#define AZURE_SESSION_ROUTER_H

#include "azure-application-gateway-configuration.h"
#include "azure-gateway-session-verdict.h"
#include "azure-listener-matcher.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Follows the configuration of a gateway from a connection at layer 4 to pool and backend
 *        setting (AG-59).
 *
 * The same for every instance; knows nothing of health or time and never changes. With TLS the name
 * in SNI must be one of a listener's hosts, as the Host field is for requests (AG-13); a listener
 * without hosts takes any [assumption].
 */
class SessionRouter
{
  public:
    /**
     * @param configuration a configuration without errors; outlives this
     */
    explicit SessionRouter(const ApplicationGatewayConfiguration& configuration);

    /**
     * @param request a connection
     * @param explain whether to fill in SessionRoute::steps
     * @return where it goes
     */
    SessionRoute Route(const GatewaySessionRequest& request, bool explain) const;

    /**
     * @return who takes which connection
     */
    const ListenerMatcher& GetListeners() const;

    /**
     * @return pairs of pool and backend setting that rules bind, one a rule
     */
    const std::vector<std::pair<uint32_t, uint32_t>>& GetBackends() const;

  private:
    const ApplicationGatewayConfiguration& m_configuration; //!< the configuration
    ListenerMatcher m_listeners;                            //!< finds listener and rule
    std::vector<std::pair<uint32_t, uint32_t>> m_backends;  //!< pool and setting, by rule
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SESSION_ROUTER_H */
