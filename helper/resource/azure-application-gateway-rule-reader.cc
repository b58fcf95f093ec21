/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-reader.h"

namespace ns3
{
namespace azure
{

void
ApplicationGatewayReader::ReadListener(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/httpListeners");
    HttpListener listener;
    ReadListenerParts(view, listener);
    listener.protocol = ReadProtocol(view);
    listener.hostName = view.Get("hostName").GetText();
    listener.requireServerNameIndication =
        view.Get("requireServerNameIndication").GetBoolean(false);
    Take(view, "httpListeners", Get().httpListeners, listener);
}

void
ApplicationGatewayReader::ReadRedirect(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/redirectConfigurations");
    RedirectConfiguration redirect;
    redirect.name = view.GetName();
    redirect.redirectType = view.Get("redirectType")
                                .GetEnum<RedirectType>(RedirectType::Permanent,
                                                       {{"Permanent", RedirectType::Permanent},
                                                        {"Found", RedirectType::Found},
                                                        {"SeeOther", RedirectType::SeeOther},
                                                        {"Temporary", RedirectType::Temporary}});
    redirect.targetListener =
        Refer(view.Get("targetListener"), "httpListeners", Get().httpListeners, "listener");
    redirect.targetUrl = view.Get("targetUrl").GetText();
    redirect.includePath = view.Get("includePath").GetBoolean(false);
    redirect.includeQueryString = view.Get("includeQueryString").GetBoolean(false);
    Take(view, "redirectConfigurations", Get().redirectConfigurations, redirect);
}

std::vector<HeaderConfiguration>
ApplicationGatewayReader::ReadHeaders(const ResourceView& view, const std::string& name)
{
    std::vector<HeaderConfiguration> headers;
    for (const auto& header : view.Get(name).GetElements())
    {
        NoteUnknown(header, "applicationGateways/headerConfigurations");
        headers.push_back(
            {header.Get("headerName").GetText(), header.Get("headerValue").GetText()});
    }
    return headers;
}

RewriteRule
ApplicationGatewayReader::ReadRewriteRule(const ResourceView& view, const std::string& path)
{
    NoteUnknown(view, "applicationGateways/rewriteRules");
    m_paths.Add(path, view);
    RewriteRule rule;
    rule.name = view.GetName();
    rule.ruleSequence =
        static_cast<uint32_t>(view.Get("ruleSequence").GetInteger(100, 0, 1000000000));
    for (const auto& part : view.Get("conditions").GetElements())
    {
        NoteUnknown(part, "applicationGateways/conditions");
        rule.conditions.push_back({part.Get("variable").GetText(),
                                   part.Get("pattern").GetText(),
                                   part.Get("ignoreCase").GetBoolean(false),
                                   part.Get("negate").GetBoolean(false)});
    }
    const auto actions = view.Get("actionSet");
    NoteUnknown(actions, "applicationGateways/actionSet");
    rule.actionSet.requestHeaderConfigurations =
        ReadHeaders(actions, "requestHeaderConfigurations");
    rule.actionSet.responseHeaderConfigurations =
        ReadHeaders(actions, "responseHeaderConfigurations");
    const auto url = actions.Get("urlConfiguration");
    if (url.Exists())
    {
        NoteUnknown(url, "applicationGateways/urlConfiguration");
        UrlConfiguration change;
        const auto newPath = url.Get("modifiedPath");
        const auto newQuery = url.Get("modifiedQueryString");
        change.modifiedPath = newPath.Exists() ? std::optional(newPath.GetText()) : std::nullopt;
        change.modifiedQueryString =
            newQuery.Exists() ? std::optional(newQuery.GetText()) : std::nullopt;
        change.reroute = url.Get("reroute").GetBoolean(false);
        rule.actionSet.urlConfiguration = change;
    }
    return rule;
}

void
ApplicationGatewayReader::ReadRewriteSet(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/rewriteRuleSets");
    RewriteRuleSet set;
    set.name = view.GetName();
    const auto path =
        "rewriteRuleSets[" + std::to_string(Get().rewriteRuleSets.size()) + "].rewriteRules[";
    for (const auto& part : view.Get("rewriteRules").GetElements())
    {
        set.rewriteRules.push_back(
            ReadRewriteRule(part, path + std::to_string(set.rewriteRules.size()) + "]"));
    }
    Take(view, "rewriteRuleSets", Get().rewriteRuleSets, set);
}

ApplicationGatewayReader::Destination
ApplicationGatewayReader::ReadDestination(const ResourceView& view, bool isDefault)
{
    const auto member = [&](const char* name, const char* nameOfDefault) {
        return view.Get(isDefault ? nameOfDefault : name);
    };
    Destination destination;
    destination.pool = Refer(member("backendAddressPool", "defaultBackendAddressPool"),
                             "backendAddressPools",
                             Get().backendAddressPools,
                             "pool");
    destination.settings = Refer(member("backendHttpSettings", "defaultBackendHttpSettings"),
                                 "backendHttpSettingsCollection",
                                 Get().backendHttpSettingsCollection,
                                 "backend setting");
    destination.redirect = Refer(member("redirectConfiguration", "defaultRedirectConfiguration"),
                                 "redirectConfigurations",
                                 Get().redirectConfigurations,
                                 "redirect");
    destination.rewrite = Refer(member("rewriteRuleSet", "defaultRewriteRuleSet"),
                                "rewriteRuleSets",
                                Get().rewriteRuleSets,
                                "rewrite set");
    return destination;
}

void
ApplicationGatewayReader::ReadPathMap(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/urlPathMaps");
    UrlPathMap map;
    map.name = view.GetName();
    const auto other = ReadDestination(view, true);
    map.defaultBackendAddressPool = other.pool;
    map.defaultBackendHttpSettings = other.settings;
    map.defaultRedirectConfiguration = other.redirect;
    map.defaultRewriteRuleSet = other.rewrite;
    const auto list = "urlPathMaps[" + std::to_string(Get().urlPathMaps.size()) + "].pathRules";
    ReadParts(view, "pathRules", "path rule", [&](const ResourceView& part) {
        NoteUnknown(part, "applicationGateways/pathRules");
        PathRule rule;
        rule.name = part.GetName();
        for (const auto& path : part.Get("paths").GetElements())
        {
            rule.paths.push_back(path.GetText());
        }
        const auto destination = ReadDestination(part, false);
        rule.backendAddressPool = destination.pool;
        rule.backendHttpSettings = destination.settings;
        rule.redirectConfiguration = destination.redirect;
        rule.rewriteRuleSet = destination.rewrite;
        Take(part, list, map.pathRules, rule);
    });
    Take(view, "urlPathMaps", Get().urlPathMaps, map);
}

void
ApplicationGatewayReader::ReadRule(const ResourceView& view)
{
    NoteUnknown(view, "applicationGateways/requestRoutingRules");
    RequestRoutingRule rule;
    rule.name = view.GetName();
    rule.ruleType = view.Get("ruleType")
                        .GetEnum<RequestRoutingRuleType>(
                            RequestRoutingRuleType::Basic,
                            {{"Basic", RequestRoutingRuleType::Basic},
                             {"PathBasedRouting", RequestRoutingRuleType::PathBasedRouting}});
    if (view.Get("priority").Exists())
    {
        rule.priority = static_cast<uint32_t>(view.Get("priority").GetInteger(0, 0, 1000000000));
    }
    rule.httpListener =
        Refer(view.Get("httpListener"), "httpListeners", Get().httpListeners, "listener");
    const auto destination = ReadDestination(view, false);
    rule.redirectConfiguration = destination.redirect;
    rule.rewriteRuleSet = destination.rewrite;
    rule.urlPathMap =
        Refer(view.Get("urlPathMap"), "urlPathMaps", Get().urlPathMaps, "URL path map");
    if (rule.ruleType == RequestRoutingRuleType::Basic)
    {
        rule.backendAddressPool = destination.pool;
        rule.backendHttpSettings = destination.settings;
    }
    else
    {
        // The command line writes them, and the service keeps them without using them.
        for (const auto& unused : {view.Get("backendAddressPool"), view.Get("backendHttpSettings")})
        {
            if (unused.Exists())
            {
                Note(unused,
                     "property " + unused.GetPath(),
                     "the URL path map says where requests of a path-based rule go");
            }
        }
    }
    Take(view, "requestRoutingRules", Get().requestRoutingRules, rule);
}

} // namespace azure
} // namespace ns3
