/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_HEADS_H
#define AZURE_GATEWAY_HEADS_H

#include "azure-application-gateway-verdict.h"

#include "ns3/azure-http-message.h"

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A head as it goes on, and how its body does. Not a public header.
 */
struct GatewayHead
{
    std::string text;       //!< with the empty line
    bool chunked{false};    //!< the body goes in chunks
    bool untilClose{false}; //!< the body ends with the connection
};

/**
 * @brief Make of a verdict what the member gets.
 *
 * The body is framed as the client framed it, whatever rewriting did to the fields about it.
 *
 * @param verdict the verdict
 * @param request head of the client's request
 * @return what goes to the member
 */
GatewayHead MakeBackendHead(const GatewayVerdict& verdict, const HttpRequestHead& request);

/**
 * @brief Take out of a response what concerns the backend's connection alone (RFC 9110, 7.6.1).
 * @param response its head
 */
void RemoveConnectionFields(HttpResponseHead& response);

/**
 * @brief Make of a member's response what the client gets.
 *
 * A body that ends with the member's connection goes in chunks to a client that knows them.
 *
 * @param response the response, rewritten
 * @param original as the member sent it
 * @param request head of the client's request
 * @param keepAlive whether the client's connection may go on; cleared if it cannot
 * @return what goes to the client
 */
GatewayHead MakeClientHead(HttpResponseHead response,
                           const HttpResponseHead& original,
                           const HttpRequestHead& request,
                           bool& keepAlive);

/**
 * @param status status of an answer that the gateway makes
 * @return its body: a page as Azure's
 */
std::string MakeAnswerPage(uint32_t status);

/**
 * @param request head of a request
 * @return why it is refused, as a status; 0 if it is not
 */
uint32_t CheckRequestHead(const HttpRequestHead& request);

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_HEADS_H */
