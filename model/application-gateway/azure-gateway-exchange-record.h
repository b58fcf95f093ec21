/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_EXCHANGE_RECORD_H
#define AZURE_GATEWAY_EXCHANGE_RECORD_H

#include "azure-application-gateway-verdict.h"

#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Who made the response that a client got.
 */
enum class GatewayResponder
{
    Nobody,  //!< there was none
    Gateway, //!< the gateway itself
    Backend  //!< the member
};

/**
 * @ingroup azure-load-balancing
 * @brief How an exchange ended for an instance.
 */
enum class GatewayExchangeEnd
{
    Complete,      //!< the whole response was handed to the client's connection
    ClientClosed,  //!< the client closed or reset first (AG-40)
    ClientTimeout, //!< the client sent, or read, nothing for too long (AG-35)
    BadRequest,    //!< the request was no HTTP, or too large (AG-40)
    BackendLost,   //!< the member failed after the head of its response was passed on
    Drained,       //!< the member's draining ended before the exchange did (AG-47)
    Stopped,       //!< the instance stopped or crashed
    Count          //!< number of ends, not an end
};

/**
 * @ingroup azure-load-balancing
 * @param responder who made a response
 * @return its name in traces and reports, for example `backend`
 */
std::string ToString(GatewayResponder responder);

/**
 * @ingroup azure-load-balancing
 * @param end how an exchange ended
 * @return its name in traces and reports, for example `client-closed`
 */
std::string ToString(GatewayExchangeEnd end);

/**
 * @ingroup azure-load-balancing
 * @brief One request, as an instance of an application gateway saw it.
 *
 * Parts of the configuration are named by their index. Times of the backend are those of the last
 * try. A tunnel (AG-31) is one exchange, from its handshake to its end.
 */
struct GatewayExchangeRecord
{
    uint32_t instance{0};       //!< index of the instance
    uint32_t node{0};           //!< id of the instance's node
    std::string traceId;        //!< identity of the request (AG-23); empty if it was no request
    InetSocketAddress client;   //!< the client, as the instance saw it
    InetSocketAddress frontend; //!< the address and port that the client connected to
    std::string method;         //!< method
    std::string host;           //!< Host field
    std::string target;         //!< request target
    std::string requestId;      //!< X-Request-Id field, by which other records know the request
    std::optional<uint32_t> listener; //!< HTTP listener
    std::optional<uint32_t> rule;     //!< request routing rule
    std::optional<uint32_t> pathRule; //!< path rule of its map
    std::optional<uint32_t> pool;     //!< backend pool
    std::optional<uint32_t> setting;  //!< backend setting
    std::string member;               //!< member tried last, by its text; empty without
    InetSocketAddress backendLocal;   //!< the instance, as that member saw it (AG-2)
    InetSocketAddress backend;        //!< that member
    bool reused{false};               //!< over a connection that was there already (AG-24)
    uint32_t retries{0};              //!< further members that were tried (AG-37)
    uint32_t repeats{0};              //!< repetitions, as an idle connection turned out dead
    uint32_t status{0};               //!< status sent, 499 if none as the client went (AG-40)
    GatewayResponder responder{GatewayResponder::Nobody};  //!< who made the response
    GatewayAnswerReason reason{GatewayAnswerReason::None}; //!< why the gateway answered itself
    GatewayExchangeEnd end{GatewayExchangeEnd::Complete};  //!< how it ended
    bool webSocket{false};                                 //!< became a tunnel (AG-31)
    uint64_t requestBodyBytes{0};         //!< body received from the client; of a tunnel: all of it
    uint64_t responseBodyBytes{0};        //!< body received from the member; of a tunnel: all of it
    Time clientRtt;                       //!< smoothed round-trip time of the client's connection
    Time start;                           //!< first byte of the request received
    Time finish;                          //!< response handed to TCP, or given up
    std::optional<Time> requestEnd;       //!< last byte of the request received
    std::optional<Time> backendStart;     //!< began to connect, or to send over a reused connection
    std::optional<Time> backendConnect;   //!< the connection was there
    std::optional<Time> backendFirstByte; //!< first byte of a response received
    std::optional<Time> backendLastByte;  //!< last byte of the response received

    /** @brief An empty record: unset addresses, all times zero or empty. */
    GatewayExchangeRecord();

    /**
     * @return Application gateway total time (AG-61)
     */
    Time GetTotalTime() const;

    /**
     * @return Backend connect time (AG-61); 0 over a reused connection; empty without a connection
     */
    std::optional<Time> GetBackendConnectTime() const;

    /**
     * @return Backend first byte response time, from the start of connecting (AG-61)
     */
    std::optional<Time> GetBackendFirstByteTime() const;

    /**
     * @return Backend last byte response time, from the start of connecting (AG-61)
     */
    std::optional<Time> GetBackendLastByteTime() const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_EXCHANGE_RECORD_H */
