/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_VERDICT_H
#define AZURE_APPLICATION_GATEWAY_VERDICT_H

#include "azure-application-gateway-configuration.h"
#include "azure-request-target.h"

#include "ns3/azure-http-message.h"
#include "ns3/nstime.h"

#include <cstddef>
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
 * @brief What is to be done with a request.
 */
enum class GatewayAction
{
    Forward, //!< send it to the verdict's member
    Answer,  //!< answer it with GatewayVerdict::MakeAnswer()
    Refuse   //!< no listener is there: such a connection is not even accepted
};

/**
 * @ingroup azure-load-balancing
 * @brief Why the gateway itself answers a request.
 */
enum class GatewayAnswerReason
{
    None,                //!< it does not
    Redirect,            //!< the rule redirects (AG-18)
    NoListener,          //!< 404: no listener takes that host (AG-13)
    WrongProtocol,       //!< 400: plain HTTP at a listener for HTTPS (AG-40)
    NoClientCertificate, //!< 400: mutual authentication has failed (AG-45)
    RewriteLoop,         //!< 500: rewriting and routing go round in circles (AG-19)
    EmptyPool,           //!< 502: the pool has no member (AG-36)
    NoHealthyMember,     //!< 502: every member is unhealthy (AG-36)
    BackendTimeout,      //!< 504, v1 502: silent past the request timeout (AG-37)
    BackendFailed,       //!< 502: refused, reset or garbage (AG-39)
    Count                //!< number of reasons, not a reason
};

/**
 * @ingroup azure-load-balancing
 * @param action an action
 * @return its name in traces and reports, for example `forward`
 */
std::string ToString(GatewayAction action);

/**
 * @ingroup azure-load-balancing
 * @param reason a reason
 * @return its name in traces and reports, for example `no-healthy-member`
 */
std::string ToString(GatewayAnswerReason reason);

/**
 * @ingroup azure-load-balancing
 * @brief Where the configuration sends a request, whoever is healthy.
 *
 * Parts are named by their index in the configuration.
 */
struct RequestRoute
{
    GatewayAction action{GatewayAction::Refuse};           //!< Forward: to pool and setting
    GatewayAnswerReason reason{GatewayAnswerReason::None}; //!< with Answer: why
    uint32_t status{0};                                    //!< with Answer: status
    std::string location;                                  //!< with a redirect: where to
    std::optional<uint32_t> listener;                      //!< HTTP listener
    std::optional<uint32_t> rule;                          //!< request routing rule
    std::optional<uint32_t> urlPathMap;                    //!< URL path map of the rule
    std::optional<uint32_t> pathRule;       //!< path rule in the map; none: its default
    std::optional<uint32_t> path;           //!< path of the path rule
    std::optional<uint32_t> redirect;       //!< redirect
    std::optional<uint32_t> rewriteRuleSet; //!< rewrite set, the last one where there were more
    std::optional<uint32_t> pool;           //!< backend pool
    std::optional<uint32_t> setting;        //!< backend setting
    HttpRequestHead head;                   //!< as the backend will see it, but for its Host
    RequestTarget rewriteTarget;            //!< path and query that the rewrite set began with
    bool webSocket{false};                  //!< the handshake of a WebSocket (AG-31)
    std::vector<std::string> steps; //!< how it came to this, a sentence each; when asked for
};

/**
 * @ingroup azure-load-balancing
 * @brief What an instance decided about a request.
 */
struct GatewayVerdict
{
    GatewayAction action{GatewayAction::Refuse};           //!< what to do
    GatewayAnswerReason reason{GatewayAnswerReason::None}; //!< with Answer: why
    uint32_t status{0};                                    //!< with Answer: status
    RequestRoute route;                      //!< listener, rule, path rule, pool and setting
    std::string traceId;                     //!< identity of the request (AG-23)
    ApplicationGatewayBackendAddress member; //!< with Forward: who gets it
    uint16_t backendPort{0};                 //!< with Forward: port of the member
    ApplicationGatewayProtocol backendProtocol{
        ApplicationGatewayProtocol::Http}; //!< with Forward: what the member speaks
    Time requestTimeout;                   //!< with Forward: how long to wait for it (AG-26)
    HttpRequestHead backendRequest;        //!< with Forward: as the member will see it
    bool byCookie{false};                  //!< the member is that of an affinity cookie (AG-22)
    std::string affinityCookie;            //!< value of a new affinity cookie; empty: none
    std::optional<Time> drainEnd;          //!< the member drains until then (AG-47)
    std::vector<std::string> tried;        //!< members tried so far, this one included
    bool timedOut{false};                  //!< an earlier try timed out (AG-37)

    /**
     * @return with Answer: status line and header fields of the answer, without those of its body
     */
    HttpResponseHead MakeAnswer() const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_VERDICT_H */
