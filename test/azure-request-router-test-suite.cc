/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-request-router.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param c a configuration
 * @param request a request
 * @return where it goes: pool, setting and target, or status and location
 */
std::string
Route(const ApplicationGatewayConfiguration& c, const GatewayRequest& request)
{
    const auto route = RequestRouter(c).Route(request, "id", false);
    switch (route.action)
    {
    case GatewayAction::Refuse:
        return "refused";
    case GatewayAction::Answer:
        return std::to_string(route.status) + " " + ToString(route.reason) +
               (route.location.empty() ? "" : " ") + route.location;
    case GatewayAction::Forward:
        break;
    }
    return c.backendAddressPools[*route.pool].name + " " +
           c.backendHttpSettingsCollection[*route.setting].name + " " + route.head.target;
}

/**
 * @param host a host
 * @param target a target
 * @return a request to the HTTPS listener with the path map
 */
GatewayRequest
Secure(const std::string& target, const std::string& host = "shop.contoso.com")
{
    return MakeRequest(target, host, 443);
}

/**
 * @param t the test case
 */
void
CheckRules(FunctionTestCase& t)
{
    const auto c = MakeRichGateway();
    t.Equal(c.Validate().size(), 0, "a good configuration");
    t.Equal(Route(c, MakeRequest("/a?b")), "web plain /a?b", "basic rule");
    t.Equal(Route(c, Secure("/images/1")), "images plain /images/1", "first path rule");
    t.Equal(Route(c, Secure("/pictures2?x")), "images plain /pictures2?x", "its second path");
    t.Equal(Route(c, Secure("/x?y")), "web tls /override/x?y", "default of the map");
    t.Equal(Route(c, Secure("/moved")),
            "301 redirect https://example.com/new",
            "a path rule that redirects");
    t.Equal(Route(c, MakeRequest("/", "www.contoso.com", 8080)),
            "301 redirect https://example.com/new",
            "a basic rule that redirects, without a backend");
    t.Equal(Route(c, Secure("/", "contoso.org")), "404 no-listener", "no listener for the host");
    t.Equal(Route(c, MakeRequest("/", "x", 81)), "refused", "nobody listens");
    auto plain = Secure("/");
    plain.tls = false;
    t.Equal(Route(c, plain), "400 wrong-protocol", "plain HTTP at HTTPS");
}

/**
 * @param t the test case
 */
void
CheckNames(FunctionTestCase& t)
{
    auto c = MakeRichGateway();
    c.requestRoutingRules[0].backendAddressPool = "WEB";
    c.requestRoutingRules[1].urlPathMap = "Map";
    c.urlPathMaps[0].defaultRewriteRuleSet = "SET";
    t.Equal(c.Validate().size(), 0, "references do not look at case");
    t.Equal(Route(c, MakeRequest("/a")), "web plain /a", "pool");
    t.Equal(Route(c, Secure("/old/1")), "images plain /images/1", "map and rewrite set");
}

/**
 * @param t the test case
 */
void
CheckReroute(FunctionTestCase& t)
{
    auto c = MakeRichGateway();
    t.Equal(Route(c, Secure("/old/cat?x")),
            "images plain /images/cat?x",
            "the path map is looked at again");
    auto& url = *c.rewriteRuleSets[0].rewriteRules[0].actionSet.urlConfiguration;
    url.reroute = false;
    t.Equal(Route(c, Secure("/old/cat")),
            "web tls /override/images/cat",
            "without it the first path rule counts");
    url.reroute = true;
    url.modifiedPath = "/moved";
    t.Equal(Route(c, Secure("/old/cat")),
            "301 redirect https://example.com/new",
            "to a path rule that redirects");
}

/**
 * @param t the test case
 */
void
CheckScenario(FunctionTestCase& t)
{
    // Choice of a pool by the query, as the documentation has it.
    auto c = MakeRichGateway();
    c.backendAddressPools.push_back(MakePool("shoes", 10, 1));
    c.backendAddressPools.push_back(MakePool("bags", 11, 1));
    c.urlPathMaps[0].pathRules = {MakePathRule("one", {"/listing1"}, "shoes"),
                                  MakePathRule("two", {"/listing2"}, "bags")};
    c.urlPathMaps[0].defaultBackendHttpSettings = "plain";
    auto& rules = c.rewriteRuleSets[0].rewriteRules;
    rules.resize(2);
    for (uint32_t index = 0; index < 2; ++index)
    {
        rules[index] = {};
        rules[index].name = "rule" + std::to_string(index);
        rules[index].conditions = {
            {"var_query_string", index == 0 ? "category=shoes" : "category=bags", false, false}};
        UrlConfiguration url;
        url.modifiedPath = "/listing" + std::to_string(index + 1);
        url.reroute = true;
        rules[index].actionSet.urlConfiguration = url;
    }
    t.Equal(c.Validate().size(), 0, "a good configuration");
    t.Equal(Route(c, Secure("/listing?category=any")), "web plain /listing?category=any", "any");
    t.Equal(Route(c, Secure("/listing?category=shoes")),
            "shoes plain /listing1?category=shoes",
            "shoes");
    t.Equal(Route(c, Secure("/listing?category=bags")),
            "bags plain /listing2?category=bags",
            "bags");
}

/**
 * @param t the test case
 */
void
CheckLoop(FunctionTestCase& t)
{
    auto c = MakeRichGateway();
    auto& rule = c.rewriteRuleSets[0].rewriteRules[0];
    rule.actionSet.urlConfiguration->modifiedPath = "/old/again";
    t.Equal(Route(c, Secure("/old/x")), "500 rewrite-loop", "the same path again and again");
    t.Equal(Route(c, Secure("/new/x")), "web tls /override/new/x", "others are served");
    rule.actionSet.urlConfiguration->modifiedPath = "/old{var_uri_path}";
    t.Equal(Route(c, Secure("/old/x")), "500 rewrite-loop", "a path that grows");
    rule.conditions[0].pattern = "^/old(/.*)";
    rule.actionSet.urlConfiguration->modifiedPath = "{var_uri_path_1}";
    std::string path = "/images/1";
    for (uint32_t round = 0; round < 10; ++round)
    {
        path = "/old" + path;
        t.Equal(Route(c, Secure(path)), "images plain /images/1", "ten rounds at most: " + path);
    }
    t.Equal(Route(c, Secure("/old" + path)), "500 rewrite-loop", "one round too many");
}

/**
 * @param t the test case
 */
void
CheckOverride(FunctionTestCase& t)
{
    auto c = MakeRichGateway();
    c.backendHttpSettingsCollection[0].path = "/override/";
    t.Equal(Route(c, MakeRequest("/home/?x")), "web plain /override/home/?x", "basic rule");
    c.urlPathMaps[0].pathRules[0].paths = {"/PathRule*"};
    t.Equal(Route(c, Secure("/pathrule/home/")),
            "images plain /override/home/",
            "the matched part is replaced");
    t.Equal(Route(c, Secure("/%70athrule/home/")),
            "images plain /override/home/",
            "however it was encoded");
    t.Equal(Route(c, Secure("/home/")), "web tls /override/home/", "no path rule matched");
}

/**
 * @param t the test case
 */
void
CheckRewriteOrder(FunctionTestCase& t)
{
    auto c = MakeGateway();
    RewriteRule rule;
    rule.name = "rule";
    rule.actionSet.requestHeaderConfigurations = {
        {"X-Forwarded-For", "{var_add_x_forwarded_for_proxy}"},
        {"X-Original-Host", ""}};
    RewriteRuleSet set;
    set.name = "set";
    set.rewriteRules = {rule};
    c.rewriteRuleSets = {set};
    c.requestRoutingRules[0].rewriteRuleSet = "set";
    auto request = MakeRequest("/");
    request.head.fields.Add("X-Forwarded-For", "198.51.100.1");
    request.head.version = 10;
    const auto route = RequestRouter(c).Route(request, "id", false);
    t.Equal(route.head.fields.Get("X-Forwarded-For"),
            "198.51.100.1, 203.0.113.9",
            "a rewrite takes the port out of what the gateway added");
    t.Equal(route.head.fields.Has("X-Original-Host"), false, "or removes it");
    t.Equal(route.head.fields.Get("x-appgw-trace-id"), "id", "the rest stays");
    t.Equal(route.head.version, 11, "HTTP/1.1 to the backend");
}

/**
 * @param t the test case
 */
void
CheckSteps(FunctionTestCase& t)
{
    const RequestRouter router(MakeRichGateway());
    t.Equal(router.Route(Secure("/old/x"), "id", false).steps.size(), 0, "not asked for");
    std::string text;
    for (const auto& step : router.Route(Secure("/old/x"), "id", true).steps)
    {
        text += step + "; ";
    }
    t.Equal(text,
            "listener secure, rule by-path; "
            "no path of URL path map map matches: its default is taken; "
            "rewrite rule rewrite: now /images/x; "
            "path /images/* of path rule images is the first of URL path map map to match; "
            "pool images, backend setting plain, path /images/x; ",
            "every step is told");
    for (const auto& request : {MakeRequest("/", "x", 81),
                                Secure("/", "contoso.org"),
                                Secure("/moved"),
                                MakeRequest("/")})
    {
        t.Check(!router.Route(request, "id", true).steps.empty(), "whatever comes of it");
    }
}

/**
 * @param t the test case
 */
void
CheckBackends(FunctionTestCase& t)
{
    const auto c = MakeRichGateway();
    std::string text;
    for (const auto& [pool, setting] : RequestRouter(c).GetBackends())
    {
        text += c.backendAddressPools[pool].name + " " +
                c.backendHttpSettingsCollection[setting].name + "; ";
    }
    t.Equal(text, "web plain; web tls; images plain; ", "each pair once");
}

/** Routing of requests. */
class RequestRouterTestSuite : public TestSuite
{
  public:
    RequestRouterTestSuite()
        : TestSuite("azure-request-router", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase(
                        "AG-14 AG-18 a rule leads to pool and setting, a path map, or a redirect",
                        CheckRules),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("Parts refer to one another without regard to case", CheckNames),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-19 a new path is routed again when the rule says so",
                                         CheckReroute),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-19 a pool chosen by the query", CheckScenario),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-19 a loop of rewriting and routing ends with 500", CheckLoop),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-27 the override of the path, by basic and path rules",
                                         CheckOverride),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-19 AG-23 AG-25 rewrite rules change what the gateway "
                                         "adds; the backend gets HTTP 1.1",
                                         CheckRewriteOrder),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("How a request comes to its backend is told step by step",
                                         CheckSteps),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("HP-22 HP-26 pairs of pool and setting that rules bind",
                                         CheckBackends),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
RequestRouterTestSuite g_requestRouterTestSuite;

} // namespace
