/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REWRITER_H
#define AZURE_REWRITER_H

#include "azure-regular-expression.h"
#include "azure-rewrite-rule-set.h"
#include "azure-server-variables.h"
#include "azure-value-template.h"

#include "ns3/azure-http-message.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a rewrite set did to a request.
 */
struct RewriteOutcome
{
    bool reroute{false};            //!< the path map has to be looked at again
    std::vector<std::string> rules; //!< names of the rules that acted, in their order
};

/**
 * @ingroup azure-load-balancing
 * @brief Applies one rewrite set (AG-19).
 *
 * The rules act in the order of their sequence numbers. All of them see the request as it was when
 * the set began, so they do not depend on one another; of two that set the same thing the later
 * one wins. A rule with a condition on the response does nothing on the way in. A value that comes
 * out empty removes its header.
 */
class Rewriter
{
  public:
    /**
     * @param set a set without errors
     */
    explicit Rewriter(const RewriteRuleSet& set);

    /**
     * @brief Rewrite a request on the way in.
     *
     * @param request the request as the client sent it
     * @param fields its header fields, as the backend will see them
     * @param target its path and query, as the backend will see them
     * @return what was done
     */
    RewriteOutcome RewriteRequest(const GatewayRequest& request,
                                  HttpFields& fields,
                                  RequestTarget& target) const;

    /**
     * @brief Rewrite the header fields of a backend's response on the way out.
     *
     * @param request the request as the client sent it
     * @param target path and query that the set began with on the way in
     * @param response the response
     * @return what was done
     */
    RewriteOutcome RewriteResponse(const GatewayRequest& request,
                                   const RequestTarget& target,
                                   HttpResponseHead& response) const;

  private:
    /// A condition, compiled.
    struct Condition
    {
        std::string variable;         //!< what to look at
        RegularExpression expression; //!< what to look for
        bool negate;                  //!< holds when it is not found
    };

    /// A header action, compiled.
    struct Header
    {
        std::string name;    //!< name of the header
        ValueTemplate value; //!< its value; empty: remove the header
    };

    /// A rule, compiled.
    struct Rule
    {
        std::string name;                    //!< name of the rule
        bool needsResponse{false};           //!< a condition is on the response
        std::vector<Condition> conditions;   //!< all must hold
        std::vector<Header> requestHeaders;  //!< on the way in
        std::vector<Header> responseHeaders; //!< on the way out
        std::optional<ValueTemplate> path;   //!< new path
        std::optional<ValueTemplate> query;  //!< new query
        bool reroute{false};                 //!< look at the path map again
    };

    /**
     * @param rule a rule
     * @param variables what it can look at
     * @param captures gets what its conditions matched
     * @return whether all of its conditions hold
     */
    static bool Holds(const Rule& rule,
                      const ServerVariables& variables,
                      ValueTemplate::Captures& captures);

    /**
     * @param configurations header actions
     * @param conditions conditions of the rule
     * @return them, compiled
     */
    static std::vector<Header> Compile(const std::vector<HeaderConfiguration>& configurations,
                                       const std::vector<RewriteCondition>& conditions);

    std::vector<Rule> m_rules; //!< by sequence
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REWRITER_H */
