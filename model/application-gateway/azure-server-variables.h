/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SERVER_VARIABLES_H
#define AZURE_SERVER_VARIABLES_H

#include "azure-gateway-request.h"
#include "azure-request-target.h"

#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What rewrite rules can look at (AG-19, AG-46).
 *
 * Headers are those that the client sent, path and query those that the rules began with.
 */
class ServerVariables
{
  public:
    /**
     * @param request the request; must outlive this
     * @param target path and query as the rules find them; must outlive this
     * @param response the response, on the way out; null on the way in
     */
    ServerVariables(const GatewayRequest& request,
                    const RequestTarget& target,
                    const HttpResponseHead* response);

    /**
     * @param variable `var_` and the name of a server variable, or `http_req_` or `http_resp_` and
     *        the name of a header
     * @return its value; none when header or cookie is not there, or the variable is not known
     */
    std::optional<std::string> Get(const std::string& variable) const;

    /**
     * @param variable a variable
     * @return whether it is known only when the response is there
     */
    static bool NeedsResponse(const std::string& variable);

    /**
     * @param variable a variable
     * @return whether it has the form of one: a known prefix and a name
     */
    static bool IsWellFormed(const std::string& variable);

  private:
    /**
     * @param name name of a server variable
     * @return its value
     */
    std::optional<std::string> GetServerVariable(const std::string& name) const;

    /**
     * @param name name of a server variable about the client's certificate
     * @return its value
     */
    std::optional<std::string> GetCertificateVariable(const std::string& name) const;

    const GatewayRequest& m_request;    //!< the request
    const RequestTarget& m_target;      //!< path and query
    const HttpResponseHead* m_response; //!< the response, or null
};

/**
 * @ingroup azure-load-balancing
 * @brief Find a cookie in the Cookie fields of a request.
 *
 * @param fields header fields
 * @param name name of the cookie, with regard to case
 * @return its value
 */
std::optional<std::string> FindCookie(const HttpFields& fields, const std::string& name);

} // namespace azure
} // namespace ns3

#endif /* AZURE_SERVER_VARIABLES_H */
