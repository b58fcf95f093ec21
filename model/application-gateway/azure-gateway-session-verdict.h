/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_SESSION_VERDICT_H
#define AZURE_GATEWAY_SESSION_VERDICT_H

#include "azure-backend-http-settings.h"

#include "ns3/azure-ip-address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How a session at layer 4 ended for an instance (AG-59, AG-60).
 */
enum class GatewaySessionEnd
{
    Complete,         //!< both ends have closed in an orderly way
    ClientLost,       //!< the client reset its connection, or TCP gave it up
    BackendLost,      //!< the same for the member's connection
    IdleTimeout,      //!< nobody said anything for the timeout of the backend setting (AG-60)
    BackendRefused,   //!< the member refused the connection, or there is no way to it
    BackendTimeout,   //!< no connection to the member within the timeout
    BackendTlsFailed, //!< the handshake of TLS with the member has failed
    ClientTlsFailed,  //!< the handshake of TLS with the client has failed
    NoListener,       //!< no listener with a rule takes the connection, or the name in its SNI
    EmptyPool,        //!< the pool has no member
    NoHealthyMember,  //!< every member is unhealthy
    Drained,          //!< the member's draining ended before the session did (AG-47)
    Stopped,          //!< the instance stopped or crashed
    Count             //!< number of ends, not an end
};

/**
 * @ingroup azure-load-balancing
 * @param end how a session ended
 * @return its name in traces and reports, for example `idle-timeout`
 */
std::string ToString(GatewaySessionEnd end);

/**
 * @ingroup azure-load-balancing
 * @brief What decides where a connection at layer 4 goes.
 */
struct GatewaySessionRequest
{
    IpAddress frontend;       //!< address that the client connected to
    uint16_t frontendPort{0}; //!< port that the client connected to
    bool tls{false};          //!< TLS ends at the gateway
    std::string serverName;   //!< with TLS the name in SNI; empty: none
};

/**
 * @ingroup azure-load-balancing
 * @brief Where the configuration sends a connection, whoever is healthy.
 *
 * Parts are named by their index in the configuration, the backend setting by that in the row of
 * both layers, see ApplicationGatewayConfiguration::FindLayer4Setting().
 */
struct SessionRoute
{
    std::optional<uint32_t> listener; //!< listener
    std::optional<uint32_t> rule;     //!< routing rule; none: nobody takes the connection
    std::optional<uint32_t> pool;     //!< backend pool
    std::optional<uint32_t> setting;  //!< backend setting
    std::vector<std::string> steps;   //!< how it came to this, a sentence each; when asked for
};

/**
 * @ingroup azure-load-balancing
 * @brief What an instance decided about a connection at layer 4.
 */
struct GatewaySessionVerdict
{
    std::optional<GatewaySessionEnd> refusal; //!< why it is cut; none: it goes to the member
    SessionRoute route;                       //!< listener, rule, pool and setting
    ApplicationGatewayBackendAddress member;  //!< who gets it
    std::string memberText;                   //!< what that one is known by
    uint16_t backendPort{0};                  //!< port of the member
    bool backendTls{false};                   //!< the member speaks TLS
    std::string serverName;                   //!< with TLS: what the member is asked for
    Time timeout;                             //!< longest silence (AG-60)
    bool preservesClientIp{false};            //!< a PROXY line goes ahead of the bytes (AG-60)
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_SESSION_VERDICT_H */
