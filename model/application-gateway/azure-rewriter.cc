/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-rewriter.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param name name of a header
 * @param value its new value; empty: none
 * @param fields header fields to change
 */
void
Act(const std::string& name, const std::string& value, HttpFields& fields)
{
    if (!value.empty())
    {
        fields.Set(name, value);
    }
    else if (!HttpTokensEqual(name, "Host"))
    {
        // A request without Host is none; the configuration cannot ask for it either.
        fields.Remove(name);
    }
}

} // namespace

Rewriter::Rewriter(const RewriteRuleSet& set)
{
    std::vector<const RewriteRule*> order;
    for (const auto& rule : set.rewriteRules)
    {
        order.push_back(&rule);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
        return a->ruleSequence < b->ruleSequence;
    });
    for (const auto* configured : order)
    {
        Rule rule;
        rule.name = configured->name;
        for (const auto& condition : configured->conditions)
        {
            rule.conditions.push_back({condition.variable,
                                       RegularExpression(condition.pattern, condition.ignoreCase),
                                       condition.negate});
            rule.needsResponse |= ServerVariables::NeedsResponse(condition.variable);
        }
        const auto& actions = configured->actionSet;
        rule.requestHeaders = Compile(actions.requestHeaderConfigurations, configured->conditions);
        rule.responseHeaders =
            Compile(actions.responseHeaderConfigurations, configured->conditions);
        if (actions.urlConfiguration)
        {
            const auto& url = *actions.urlConfiguration;
            if (url.modifiedPath)
            {
                rule.path.emplace(*url.modifiedPath, configured->conditions);
            }
            if (url.modifiedQueryString)
            {
                rule.query.emplace(*url.modifiedQueryString, configured->conditions);
            }
            rule.reroute = url.reroute;
        }
        m_rules.push_back(std::move(rule));
    }
}

std::vector<Rewriter::Header>
Rewriter::Compile(const std::vector<HeaderConfiguration>& configurations,
                  const std::vector<RewriteCondition>& conditions)
{
    std::vector<Header> result;
    for (const auto& configuration : configurations)
    {
        result.push_back(
            {configuration.headerName, ValueTemplate(configuration.headerValue, conditions)});
    }
    return result;
}

bool
Rewriter::Holds(const Rule& rule,
                const ServerVariables& variables,
                ValueTemplate::Captures& captures)
{
    captures.clear();
    for (const auto& condition : rule.conditions)
    {
        // What is not there matches no pattern, not even an empty one.
        const auto value = variables.Get(condition.variable);
        std::vector<std::string> groups;
        const bool found = value && condition.expression.Search(*value, groups);
        if (found == condition.negate)
        {
            return false;
        }
        if (found)
        {
            captures[condition.variable] = groups;
        }
    }
    return true;
}

RewriteOutcome
Rewriter::RewriteRequest(const GatewayRequest& request,
                         HttpFields& fields,
                         RequestTarget& target) const
{
    RewriteOutcome outcome;
    const RequestTarget before = target;
    const ServerVariables variables(request, before, nullptr);
    const auto lookup = [&](const std::string& name) { return variables.Get(name); };
    ValueTemplate::Captures captures;
    for (const auto& rule : m_rules)
    {
        if (rule.needsResponse || !Holds(rule, variables, captures))
        {
            continue;
        }
        for (const auto& header : rule.requestHeaders)
        {
            Act(header.name, header.value.Expand(captures, lookup), fields);
        }
        if (rule.path)
        {
            const std::string path = rule.path->Expand(captures, lookup);
            target.path = path.empty() || path[0] != '/' ? "/" + path : path;
        }
        if (rule.query)
        {
            const std::string query = rule.query->Expand(captures, lookup);
            target.query = query.empty() ? std::nullopt : std::optional<std::string>(query);
        }
        outcome.reroute |= rule.reroute;
        outcome.rules.push_back(rule.name);
    }
    return outcome;
}

RewriteOutcome
Rewriter::RewriteResponse(const GatewayRequest& request,
                          const RequestTarget& target,
                          HttpResponseHead& response) const
{
    RewriteOutcome outcome;
    const HttpResponseHead before = response;
    const ServerVariables variables(request, target, &before);
    const auto lookup = [&](const std::string& name) { return variables.Get(name); };
    ValueTemplate::Captures captures;
    for (const auto& rule : m_rules)
    {
        if (rule.responseHeaders.empty() || !Holds(rule, variables, captures))
        {
            continue;
        }
        for (const auto& header : rule.responseHeaders)
        {
            Act(header.name, header.value.Expand(captures, lookup), response.fields);
        }
        outcome.rules.push_back(rule.name);
    }
    return outcome;
}

} // namespace azure
} // namespace ns3
