/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-request-router.h"

#include "azure-backend-overrides.h"
#include "azure-forwarded-headers.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @brief Let the gateway itself answer.
 * @param reason why
 * @param status with what
 * @param route where the request goes
 * @return the route
 */
RequestRoute
Answer(GatewayAnswerReason reason, uint32_t status, RequestRoute& route)
{
    route.action = GatewayAction::Answer;
    route.reason = reason;
    route.status = status;
    return route;
}

} // namespace

RequestRouter::RequestRouter(const ApplicationGatewayConfiguration& configuration,
                             uint32_t maxReroutes)
    : m_configuration(configuration),
      m_maxReroutes(maxReroutes),
      m_listeners(m_configuration),
      m_sessions(m_configuration)
{
    for (const auto& redirect : m_configuration.redirectConfigurations)
    {
        m_redirects.emplace_back(redirect, m_configuration);
    }
    for (const auto& set : m_configuration.rewriteRuleSets)
    {
        m_rewriters.emplace_back(set);
    }
    for (const auto& configured : m_configuration.requestRoutingRules)
    {
        Rule rule;
        if (configured.ruleType == RequestRoutingRuleType::Basic)
        {
            rule.destination = Resolve(configured.backendAddressPool,
                                       configured.backendHttpSettings,
                                       configured.redirectConfiguration,
                                       configured.rewriteRuleSet);
        }
        else if (const auto map = FindByName(m_configuration.urlPathMaps, configured.urlPathMap))
        {
            const auto& paths = m_configuration.urlPathMaps[*map];
            rule.urlPathMap = map;
            rule.paths.emplace(paths, m_configuration.IsV1());
            rule.destination = Resolve(paths.defaultBackendAddressPool,
                                       paths.defaultBackendHttpSettings,
                                       paths.defaultRedirectConfiguration,
                                       paths.defaultRewriteRuleSet);
            for (const auto& pathRule : paths.pathRules)
            {
                rule.pathRules.push_back(Resolve(pathRule.backendAddressPool,
                                                 pathRule.backendHttpSettings,
                                                 pathRule.redirectConfiguration,
                                                 pathRule.rewriteRuleSet));
            }
        }
        m_rules.push_back(std::move(rule));
    }
}

RequestRouter::Destination
RequestRouter::Resolve(const std::string& pool,
                       const std::string& setting,
                       const std::string& redirect,
                       const std::string& rewrite) const
{
    return {FindByName(m_configuration.backendAddressPools, pool),
            FindByName(m_configuration.backendHttpSettingsCollection, setting),
            FindByName(m_configuration.redirectConfigurations, redirect),
            FindByName(m_configuration.rewriteRuleSets, rewrite)};
}

std::optional<PathMatch>
RequestRouter::Enter(const Rule& rule, const std::string& path, RequestRoute& route)
{
    const auto match = rule.paths ? rule.paths->Match(path) : std::nullopt;
    const Destination& destination = match ? rule.pathRules[match->pathRule] : rule.destination;
    route.urlPathMap = rule.urlPathMap;
    route.pathRule.reset();
    route.path.reset();
    if (match)
    {
        route.pathRule = match->pathRule;
        route.path = match->path;
    }
    route.redirect = destination.redirect;
    route.rewriteRuleSet = destination.rewrite;
    route.pool = destination.pool;
    route.setting = destination.setting;
    return match;
}

std::string
RequestRouter::Describe(const RequestRoute& route) const
{
    if (!route.urlPathMap)
    {
        return "the rule is basic";
    }
    const auto& map = m_configuration.urlPathMaps[*route.urlPathMap];
    if (!route.pathRule)
    {
        return "no path of URL path map " + map.name + " matches: its default is taken";
    }
    const auto& rule = map.pathRules[*route.pathRule];
    return "path " + rule.paths[*route.path] + " of path rule " + rule.name +
           " is the first of URL path map " + map.name + " to match";
}

RequestRoute
RequestRouter::Route(const GatewayRequest& request, const std::string& traceId, bool explain) const
{
    RequestRoute route;
    const RequestTarget asked = RequestTarget::Of(request.head);
    const auto say = [&](const auto& make) {
        if (explain)
        {
            route.steps.push_back(make());
        }
    };
    const auto found =
        m_listeners.Match(request.frontend, request.frontendPort, request.tls, asked.host);
    switch (found.result)
    {
    case ListenerMatchResult::NotListening:
        say([&] { return "no listener at this address and port"; });
        return route;
    case ListenerMatchResult::WrongProtocol:
        say([&] { return "the listener at this address and port speaks another protocol"; });
        return Answer(GatewayAnswerReason::WrongProtocol, 400, route);
    case ListenerMatchResult::NoHost:
        say([&] { return "no listener at this address and port takes host " + asked.host; });
        return Answer(GatewayAnswerReason::NoListener, 404, route);
    case ListenerMatchResult::Matched:
        break;
    }
    route.listener = found.listener;
    route.rule = found.rule;
    say([&] {
        return "listener " + m_configuration.httpListeners[found.listener].name + ", rule " +
               m_configuration.requestRoutingRules[found.rule].name;
    });
    if (LacksCertificate(request, found.listener))
    {
        say([&] {
            return "the listener needs a good client certificate: " +
                   request.certificate.verification;
        });
        return Answer(GatewayAnswerReason::NoClientCertificate, 400, route);
    }

    const Rule& rule = m_rules[found.rule];
    RequestTarget target = asked;
    // All but its fields, of which most are written anew.
    route.head.method = request.head.method;
    route.head.target = request.head.target;
    route.head.version = 11;
    route.head.keepAlive = request.head.keepAlive;
    route.head.framing = request.head.framing;
    route.head.contentLength = request.head.contentLength;
    route.head.headBytes = request.head.headBytes;
    route.head.fields = MakeForwardedFields(request, asked, traceId);
    route.webSocket = IsWebSocketHandshake(request.head);
    auto match = Enter(rule, target.path, route);
    for (uint32_t visit = 0;; ++visit)
    {
        say([&] { return Describe(route); });
        if (route.redirect)
        {
            const Redirector& redirect = m_redirects[*route.redirect];
            route.location = redirect.GetLocation(asked);
            say([&] { return "redirect to " + route.location; });
            return Answer(GatewayAnswerReason::Redirect, redirect.GetStatus(), route);
        }
        if (!route.rewriteRuleSet)
        {
            break;
        }
        route.rewriteTarget = target;
        const auto outcome =
            m_rewriters[*route.rewriteRuleSet].RewriteRequest(request, route.head.fields, target);
        for (const auto& name : outcome.rules)
        {
            say([&] { return "rewrite rule " + name + ": now " + target.GetPathAndQuery(); });
        }
        if (!outcome.reroute || !rule.paths)
        {
            break;
        }
        if (visit == m_maxReroutes)
        {
            say([&] { return "rewriting leads back to the path map again and again"; });
            return Answer(GatewayAnswerReason::RewriteLoop, 500, route);
        }
        match = Enter(rule, target.path, route);
    }

    const auto& settings = m_configuration.backendHttpSettingsCollection[*route.setting];
    const size_t matched = match ? rule.paths->Measure(*match, target.path) : 0;
    target.path = OverridePath(target.path, settings.path, matched);
    route.head.target = target.GetPathAndQuery();
    route.action = GatewayAction::Forward;
    say([&] {
        return "pool " + m_configuration.backendAddressPools[*route.pool].name +
               ", backend setting " + settings.name + ", path " + target.path;
    });
    return route;
}

void
RequestRouter::RewriteResponse(const GatewayRequest& request,
                               const RequestRoute& route,
                               HttpResponseHead& response) const
{
    if (route.rewriteRuleSet)
    {
        m_rewriters[*route.rewriteRuleSet].RewriteResponse(request, route.rewriteTarget, response);
    }
}

const ApplicationGatewayConfiguration&
RequestRouter::GetConfiguration() const
{
    return m_configuration;
}

const ListenerMatcher&
RequestRouter::GetListeners() const
{
    return m_listeners;
}

const SessionRouter&
RequestRouter::GetSessions() const
{
    return m_sessions;
}

bool
RequestRouter::LacksCertificate(const GatewayRequest& request, uint32_t listener) const
{
    const auto& name = m_configuration.httpListeners[listener].sslProfile;
    const auto profile = FindByName(m_configuration.sslProfiles, name);
    if (!profile || !m_configuration.sslProfiles[*profile].NeedsGoodCertificates())
    {
        return false;
    }
    // With the name of one listener in SNI and that of another in Host, other CAs were asked.
    const bool other =
        request.tlsListener && *request.tlsListener != listener &&
        !HttpTokensEqual(m_configuration.httpListeners[*request.tlsListener].sslProfile, name);
    return other || request.certificate.verification != "SUCCESS";
}

std::vector<std::pair<uint32_t, uint32_t>>
RequestRouter::GetBackends() const
{
    auto result = m_sessions.GetBackends();
    const auto add = [&](const Destination& destination) {
        if (destination.pool && destination.setting && !destination.redirect)
        {
            result.emplace_back(*destination.pool, *destination.setting);
        }
    };
    for (const auto& rule : m_rules)
    {
        add(rule.destination);
        std::for_each(rule.pathRules.begin(), rule.pathRules.end(), add);
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

} // namespace azure
} // namespace ns3
