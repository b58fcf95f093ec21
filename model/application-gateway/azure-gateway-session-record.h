/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_SESSION_RECORD_H
#define AZURE_GATEWAY_SESSION_RECORD_H

#include "azure-gateway-session-verdict.h"

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
 * @brief One session at layer 4, as an instance of an application gateway saw it (AG-59).
 *
 * There is one for each connection that was accepted, whatever became of it. Parts of the
 * configuration are named by their index.
 */
struct GatewaySessionRecord
{
    uint32_t instance{0};                 //!< index of the instance
    uint32_t node{0};                     //!< id of the instance's node
    InetSocketAddress client;             //!< the client, as the instance saw it
    InetSocketAddress frontend;           //!< the address and port that the client connected to
    bool tls{false};                      //!< TLS with the client
    bool backendTls{false};               //!< TLS with the member
    std::string serverName;               //!< that the client asked for by SNI; empty: none
    std::optional<uint32_t> listener;     //!< listener
    std::optional<uint32_t> rule;         //!< routing rule
    std::optional<uint32_t> pool;         //!< backend pool
    std::optional<uint32_t> setting;      //!< backend setting, in the row of both layers
    std::string member;                   //!< the member, by its text; empty without
    InetSocketAddress backendLocal;       //!< the instance, as the member saw it (AG-2)
    InetSocketAddress backend;            //!< the member
    uint64_t bytesFromClient{0};          //!< bytes that the client sent, without TLS
    uint64_t bytesFromBackend{0};         //!< bytes that the member sent, without TLS
    uint64_t bytesToBackend{0};           //!< bytes of the client's that TCP took for the member
    uint64_t bytesToClient{0};            //!< bytes of the member's that TCP took for the client
    Time clientRtt;                       //!< smoothed round-trip time of the client's connection
    Time start;                           //!< the connection was accepted
    Time finish;                          //!< the session was over
    std::optional<Time> handshakeEnd;     //!< TLS: the handshake with the client was over
    std::optional<Time> backendStart;     //!< began to connect to the member
    std::optional<Time> backendConnect;   //!< the connection was there, TLS included
    std::optional<Time> backendFirstByte; //!< the member's first byte arrived
    GatewaySessionEnd end{GatewaySessionEnd::Stopped}; //!< how it ended

    /** @brief An empty record: unset addresses, all times zero or empty. */
    GatewaySessionRecord();
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_SESSION_RECORD_H */
