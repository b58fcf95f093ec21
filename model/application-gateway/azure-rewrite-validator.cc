/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-rewrite-validator.h"

#include "azure-regular-expression.h"
#include "azure-server-variables.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param rule a rewrite rule
 * @return whether it goes back to the path map
 */
bool
Reroutes(const RewriteRule& rule)
{
    return rule.actionSet.urlConfiguration && rule.actionSet.urlConfiguration->reroute;
}

/**
 * @param name name of a header
 * @param symbols what it may hold besides letters and digits
 * @return whether it is good
 */
bool
IsHeaderName(const std::string& name, const std::string& symbols)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               symbols.find(c) != std::string::npos;
    });
}

} // namespace

void
RewriteValidator::Run()
{
    const auto& sets = m_configuration.rewriteRuleSets;
    CheckNames("rewriteRuleSets", sets);
    for (size_t set = 0; set < sets.size(); ++set)
    {
        CheckNames(Path("rewriteRuleSets", set, "rewriteRules"), sets[set].rewriteRules);
        for (size_t rule = 0; rule < sets[set].rewriteRules.size(); ++rule)
        {
            CheckRule(set, rule);
        }
        CheckReroute(set);
    }
}

void
RewriteValidator::CheckRule(size_t set, size_t index)
{
    const auto& rule = m_configuration.rewriteRuleSets[set].rewriteRules[index];
    const std::string path = Path(Path("rewriteRuleSets", set, "rewriteRules"), index);
    for (size_t number = 0; number < rule.conditions.size(); ++number)
    {
        const auto& condition = rule.conditions[number];
        const std::string where = Path(path + ".conditions", number);
        if (!ServerVariables::IsWellFormed(condition.variable))
        {
            Add(where + ".variable",
                "a variable is var_ and the name of a server variable, or http_req_ or http_resp_ "
                "and the name of a header");
        }
        const std::string error =
            RegularExpression(condition.pattern, condition.ignoreCase).GetError();
        if (!error.empty())
        {
            Add(where + ".pattern", "this is no regular expression of RE2: " + error);
        }
    }
    const std::string actions = path + ".actionSet.";
    CheckHeaders(actions + "requestHeaderConfigurations",
                 rule.actionSet.requestHeaderConfigurations,
                 true);
    CheckHeaders(actions + "responseHeaderConfigurations",
                 rule.actionSet.responseHeaderConfigurations,
                 false);
    const auto& url = rule.actionSet.urlConfiguration;
    if (url && url->reroute && !url->modifiedPath)
    {
        Add(actions + "urlConfiguration.reroute",
            "the path map has nothing new to look at without a modifiedPath; set one");
    }
}

void
RewriteValidator::CheckHeaders(const std::string& path,
                               const std::vector<HeaderConfiguration>& headers,
                               bool isRequest)
{
    for (size_t index = 0; index < headers.size(); ++index)
    {
        const auto& name = headers[index].headerName;
        const std::string where = Path(path, index, "headerName");
        if (!IsHeaderName(name, isRequest ? "-" : "!#$%&'*+-.^_`|~"))
        {
            Add(where,
                isRequest ? "the name of a request header holds letters, digits and hyphens alone"
                          : "this is no name of a header");
        }
        else if (HttpTokensEqual(name, "Connection") || HttpTokensEqual(name, "Upgrade"))
        {
            Add(where, "Connection and Upgrade cannot be rewritten; remove the action");
        }
        else if (isRequest && HttpTokensEqual(name, "Host") && headers[index].headerValue.empty())
        {
            Add(where, "Host cannot be removed; give it a value");
        }
    }
}

void
RewriteValidator::CheckReroute(size_t set)
{
    const auto& c = m_configuration;
    const auto& rules = c.rewriteRuleSets[set].rewriteRules;
    const auto first = std::find_if(rules.begin(), rules.end(), Reroutes);
    if (first == rules.end())
    {
        return;
    }
    const std::string path =
        Path(Path("rewriteRuleSets", set, "rewriteRules"), first - rules.begin()) +
        ".actionSet.urlConfiguration.reroute";
    for (const auto& rule : c.requestRoutingRules)
    {
        if (rule.ruleType == RequestRoutingRuleType::Basic &&
            HttpTokensEqual(rule.rewriteRuleSet, c.rewriteRuleSets[set].name))
        {
            Add(path,
                "basic rule " + rule.name +
                    " uses this set and has no path map to look at again; turn reroute off");
            return;
        }
    }
    if (std::all_of(rules.begin(), rules.end(), [](const RewriteRule& rule) {
            return Reroutes(rule) && rule.conditions.empty();
        }))
    {
        Add(path,
            "every rule of the set goes back to the path map on any request, without end; give "
            "one a condition");
    }
}

} // namespace azure
} // namespace ns3
