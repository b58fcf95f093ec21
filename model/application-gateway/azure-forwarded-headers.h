/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FORWARDED_HEADERS_H
#define AZURE_FORWARDED_HEADERS_H

#include "azure-gateway-request.h"
#include "azure-request-target.h"

#include "ns3/azure-http-message.h"
#include "ns3/ptr.h"
#include "ns3/random-variable-stream.h"

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Make the identity of a request that its x-appgw-trace-id field carries (AG-23).
 *
 * @param stream where its digits come from
 * @return 32 hexadecimal digits
 */
std::string MakeTraceId(const Ptr<UniformRandomVariable>& stream);

/**
 * @ingroup azure-load-balancing
 * @brief The header fields of a request on their way to the backend (AG-23).
 *
 * Fields that concern the client's connection alone, and those whose names hold anything but
 * letters, digits and hyphens, are left out; the handshake of a WebSocket stays whole (AG-31). The
 * six fields of the gateway are added, before rewrite rules act, which may change them.
 *
 * @param request the request as the client sent it
 * @param target what it asks for
 * @param traceId identity of the request
 * @return the fields
 */
HttpFields MakeForwardedFields(const GatewayRequest& request,
                               const RequestTarget& target,
                               const std::string& traceId);

/**
 * @param head the head of a request
 * @return whether it asks to go on as a WebSocket (AG-31)
 */
bool IsWebSocketHandshake(const HttpRequestHead& head);

} // namespace azure
} // namespace ns3

#endif /* AZURE_FORWARDED_HEADERS_H */
