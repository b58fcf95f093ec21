/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REWRITE_RULE_SET_H
#define AZURE_REWRITE_RULE_SET_H

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
 * @brief What must hold for a rewrite rule to act (AG-19).
 */
struct RewriteCondition
{
    std::string variable;   //!< `var_` server variable, `http_req_` or `http_resp_` header
    std::string pattern;    //!< RE2 expression, looked for anywhere in the value
    bool ignoreCase{false}; //!< compare without regard to case
    bool negate{false};     //!< the condition holds when the pattern is not found
};

/**
 * @ingroup azure-load-balancing
 * @brief Sets or removes one header (AG-19).
 */
struct HeaderConfiguration
{
    std::string headerName;  //!< name of the header
    std::string headerValue; //!< its value, with `{variables}`; empty: remove the header
};

/**
 * @ingroup azure-load-balancing
 * @brief Changes path and query of the URL (AG-19).
 */
struct UrlConfiguration
{
    std::optional<std::string> modifiedPath;        //!< with `{variables}`; none: keep the path
    std::optional<std::string> modifiedQueryString; //!< with `{variables}`; none: keep the query
    bool reroute{false};                            //!< re-evaluate the path map with the new path
};

/**
 * @ingroup azure-load-balancing
 * @brief What a rewrite rule does.
 */
struct RewriteActionSet
{
    std::vector<HeaderConfiguration> requestHeaderConfigurations;  //!< on the way in
    std::vector<HeaderConfiguration> responseHeaderConfigurations; //!< on the way out
    std::optional<UrlConfiguration> urlConfiguration;              //!< on the way in
};

/**
 * @ingroup azure-load-balancing
 * @brief Actions that are taken when all of its conditions hold (AG-19).
 */
struct RewriteRule
{
    std::string name;                         //!< unique in its set
    uint32_t ruleSequence{100};               //!< lower numbers act first
    std::vector<RewriteCondition> conditions; //!< ANDed; none: always
    RewriteActionSet actionSet;               //!< what to do
};

/**
 * @ingroup azure-load-balancing
 * @brief Rewrite rules that routing rules and path rules refer to by name.
 */
struct RewriteRuleSet
{
    std::string name;                      //!< unique among the sets
    std::vector<RewriteRule> rewriteRules; //!< the rules
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REWRITE_RULE_SET_H */
