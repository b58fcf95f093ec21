/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-regular-expression.h"
#include "ns3/azure-rewriter.h"
#include "ns3/azure-value-template.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param text the value as configured
 * @param conditions conditions of the rule
 * @return the value with captures of `var_uri_path`, and variables in angle brackets
 */
std::string
Expand(const std::string& text, const std::vector<RewriteCondition>& conditions)
{
    const ValueTemplate::Captures captures{{"var_uri_path", {"/a/b", "a", "b"}},
                                           {"http_req_User-Agent", {"curl/7", "7"}}};
    return ValueTemplate(text, conditions)
        .Expand(captures, [](const std::string& name) -> std::optional<std::string> {
            return name == "var_none" ? std::nullopt : std::optional<std::string>("<" + name + ">");
        });
}

/**
 * @param t the test case
 */
void
CheckTemplates(FunctionTestCase& t)
{
    const std::vector<RewriteCondition> conditions{{"var_uri_path", "", false, false},
                                                   {"http_req_User-Agent", "", false, false}};
    const std::vector<std::pair<const char*, const char*>> table{
        {"", ""},
        {"text", "text"},
        {"{var_host}", "<var_host>"},
        {"https://{var_host}{var_uri_path}?x={http_req_X-Id}",
         "https://<var_host><var_uri_path>?x=<http_req_X-Id>"},
        {"category={var_uri_path_1}&product={var_uri_path_2}", "category=a&product=b"},
        {"{var_uri_path_0}", "/a/b"},
        {"{var_uri_path_3}", ""},
        {"{http_req_User-Agent_1}", "7"},
        {"{http_req_user-agent_1}", "<http_req_user-agent_1>"},
        {"{http_resp_Location}", "<http_resp_Location>"},
        {"{var_none}", ""},
        {"a{b}c", "a{b}c"},
        {"{{var_host}}", "{<var_host>}"},
        {"{var_host", "{var_host"},
        {"{}", "{}"},
        {"}{", "}{"},
        {"{var_}", "{var_}"},
    };
    for (const auto& [text, expected] : table)
    {
        t.Equal(Expand(text, conditions), expected, text);
    }
    t.Equal(Expand("{var_uri_path_1}", {}), "<var_uri_path_1>", "no condition, no capture");
}

/**
 * @param t the test case
 */
void
CheckExpressions(FunctionTestCase& t)
{
    struct Row
    {
        const char* pattern; // the expression
        bool ignoreCase;     // without regard to case
        const char* text;    // where to look
        const char* found;   // whole match and groups with bars between; null: not there
    };

    for (const Row& row : std::vector<Row>{
             {"b+", false, "abbc", "bb"},
             {"^b", false, "abbc", nullptr},
             {"B", false, "abbc", nullptr},
             {"B", true, "abbc", "b"},
             {"", false, "", ""},
             {"(\\d)(\\d)", false, "x42", "42|4|2"},
             {"(\\d)+", false, "x42", "42|2"},
             {"/(\\d)/", false, "42", nullptr},
             {"(a)|(b)", false, "b", "b||b"},
             {"(https?):\\/\\/.*azurewebsites\\.net(.*)$",
              false,
              "https://x.azurewebsites.net/path2",
              "https://x.azurewebsites.net/path2|https|/path2"},
             {".", false, "\xff", "\xff"},
         })
    {
        std::vector<std::string> groups;
        const bool found = RegularExpression(row.pattern, row.ignoreCase).Search(row.text, groups);
        std::string text;
        for (const auto& group : groups)
        {
            text += (&group == groups.data() ? "" : "|") + group;
        }
        t.Equal(found, row.found != nullptr, row.pattern);
        t.Equal(text, row.found ? row.found : "", row.pattern);
    }
    for (const char* wrong : {"(", "a(?=b)", "(?<!a)b", "*", "[", "\\1"})
    {
        std::vector<std::string> groups;
        t.Check(!RegularExpression(wrong, false).GetError().empty(), wrong);
        t.Check(!RegularExpression(wrong, false).Search("ab", groups), wrong);
    }
    // Backtracking would not end on this one.
    std::vector<std::string> groups;
    t.Equal(RegularExpression("(a*)*b", false).Search(std::string(30000, 'a'), groups),
            false,
            "time is linear in the text");
}

/// A rule that sets the header X-Hit when its conditions hold.
RewriteRuleSet
MakeSet(const std::vector<RewriteCondition>& conditions)
{
    RewriteRule rule;
    rule.name = "rule";
    rule.conditions = conditions;
    rule.actionSet.requestHeaderConfigurations = {{"X-Hit", "yes"}};
    RewriteRuleSet set;
    set.rewriteRules = {rule};
    return set;
}

/**
 * @param set a set
 * @param request a request
 * @param outcome gets what was done
 * @return path, query and header fields of the rewritten request
 */
std::pair<RequestTarget, HttpFields>
Rewrite(const RewriteRuleSet& set, const GatewayRequest& request, RewriteOutcome* outcome = nullptr)
{
    auto target = RequestTarget::Of(request.head);
    auto fields = request.head.fields;
    const auto done = Rewriter(set).RewriteRequest(request, fields, target);
    if (outcome)
    {
        *outcome = done;
    }
    return {target, fields};
}

/**
 * @param t the test case
 */
void
CheckConditions(FunctionTestCase& t)
{
    struct Row
    {
        std::vector<RewriteCondition> conditions; // of the rule
        bool holds;                               // for the request
    };

    auto request = MakeRequest("/shop/cart?category=shoes");
    request.head.fields.Add("Authorization", "bearer abc");
    const std::vector<Row> table{
        {{}, true},
        {{{"var_query_string", "category=shoes", false, false}}, true},
        {{{"var_query_string", "category=bags", false, false}}, false},
        {{{"var_query_string", "category=bags", false, true}}, true},
        {{{"http_req_Authorization", "^Bearer", false, false}}, false},
        {{{"http_req_Authorization", "^Bearer", true, false}}, true},
        {{{"http_req_Authorization", "^Bearer", true, true}}, false},
        {{{"http_req_Missing", "", false, false}}, false},
        {{{"http_req_Missing", ".*", false, true}}, true},
        {{{"var_uri_path", "^/shop/", false, false}, {"var_query_string", "shoes", false, false}},
         true},
        {{{"var_uri_path", "^/shop/", false, false}, {"var_query_string", "bags", false, false}},
         false},
        {{{"http_resp_Server", ".*", false, true}}, false},
        {{{"var_http_status", "200", false, true}}, false},
    };
    for (const auto& row : table)
    {
        const auto result = Rewrite(MakeSet(row.conditions), request);
        t.Equal(result.second.Has("X-Hit"),
                row.holds,
                row.conditions.empty() ? "no condition"
                                       : row.conditions[0].variable + row.conditions[0].pattern);
    }
}

/**
 * @param t the test case
 */
void
CheckRequest(FunctionTestCase& t)
{
    RewriteRule rule;
    rule.name = "seo";
    rule.conditions = {{"var_uri_path", "/(.+)/(.+)", false, false}};
    rule.actionSet.requestHeaderConfigurations = {{"X-Product", "{var_uri_path_2}"},
                                                  {"User-Agent", ""},
                                                  {"host", "inner.contoso.com"},
                                                  {"X-Empty", "{http_req_Missing}"}};
    UrlConfiguration url;
    url.modifiedPath = "buy.aspx";
    url.modifiedQueryString = "category={var_uri_path_1}&product={var_uri_path_2}";
    rule.actionSet.urlConfiguration = url;
    RewriteRuleSet set;
    set.rewriteRules = {rule};
    auto request = MakeRequest("/fashion/shirts?x=y");
    request.head.fields.Add("User-Agent", "curl");
    request.head.fields.Add("X-Empty", "something");
    RewriteOutcome outcome;
    auto [target, fields] = Rewrite(set, request, &outcome);
    t.Equal(target.GetPathAndQuery(), "/buy.aspx?category=fashion&product=shirts", "the URL");
    t.Equal(fields.Get("X-Product"), "shirts", "a header is set");
    t.Equal(fields.Has("User-Agent"), false, "an empty value removes a header");
    t.Equal(fields.Has("X-Empty"), false, "so does one that comes out empty");
    t.Equal(fields.Get("Host"), "inner.contoso.com", "Host can be set");
    t.Equal(outcome.rules.size(), 1, "one rule acted");
    t.Equal(outcome.reroute, false, "it does not reroute");

    set.rewriteRules[0].actionSet.urlConfiguration->modifiedQueryString.reset();
    t.Equal(Rewrite(set, request).first.GetPathAndQuery(), "/buy.aspx?x=y", "the query is kept");
    set.rewriteRules[0].actionSet.urlConfiguration->modifiedQueryString = "";
    t.Equal(Rewrite(set, request).first.GetPathAndQuery(), "/buy.aspx", "the query is removed");
    set.rewriteRules[0].actionSet.urlConfiguration->modifiedPath.reset();
    set.rewriteRules[0].actionSet.urlConfiguration->modifiedQueryString = "new";
    t.Equal(Rewrite(set, request).first.GetPathAndQuery(),
            "/fashion/shirts?new",
            "the path is kept");
    t.Equal(Rewrite(set, MakeRequest("/one")).first.GetPathAndQuery(), "/one", "no match");
}

/**
 * @param t the test case
 */
void
CheckOrder(FunctionTestCase& t)
{
    auto set = MakeSet({});
    set.rewriteRules[0].name = "late";
    set.rewriteRules[0].ruleSequence = 200;
    set.rewriteRules[0].actionSet.requestHeaderConfigurations = {{"X-Who", "late"}};
    set.rewriteRules.push_back(set.rewriteRules[0]);
    set.rewriteRules[1].name = "early";
    set.rewriteRules[1].ruleSequence = 100;
    set.rewriteRules[1].actionSet.requestHeaderConfigurations = {{"X-Who", "early"},
                                                                 {"X-Seen", "{http_req_X-Who}"}};
    auto request = MakeRequest("/");
    request.head.fields.Add("X-Who", "client");
    RewriteOutcome outcome;
    const auto fields = Rewrite(set, request, &outcome).second;
    t.Equal(fields.Get("X-Who"), "late", "the higher number acts last");
    t.Equal(fields.Get("X-Seen"), "client", "values are those that the client sent");
    t.Equal(outcome.rules[0] + outcome.rules[1], "earlylate", "by sequence, not by listing");
}

/**
 * @param t the test case
 */
void
CheckResponse(FunctionTestCase& t)
{
    RewriteRule location;
    location.name = "location";
    location.conditions = {
        {"http_resp_Location", "(https?):\\/\\/.*azurewebsites\\.net(.*)$", false, false}};
    location.actionSet.responseHeaderConfigurations = {
        {"Location", "{http_resp_Location_1}://contoso.com{http_resp_Location_2}"}};
    RewriteRule security;
    security.name = "security";
    security.actionSet.responseHeaderConfigurations = {
        {"Strict-Transport-Security", "max-age=31536000"},
        {"X-Powered-By", ""},
        {"X-Status", "{var_http_status}"},
        {"Set-Cookie", "one=1"}};
    RewriteRuleSet set;
    set.rewriteRules = {location, security};
    HttpResponseHead response;
    response.status = 302;
    response.fields.Add("Location", "https://x.azurewebsites.net/path2");
    response.fields.Add("X-Powered-By", "y");
    response.fields.Add("Set-Cookie", "a=1");
    response.fields.Add("Set-Cookie", "b=1");
    const auto request = MakeRequest("/");
    const auto target = RequestTarget::Of(request.head);
    const auto outcome = Rewriter(set).RewriteResponse(request, target, response);
    t.Equal(response.fields.Get("Location"), "https://contoso.com/path2", "captures of a header");
    t.Equal(response.fields.Get("Strict-Transport-Security"), "max-age=31536000", "a new header");
    t.Equal(response.fields.Has("X-Powered-By"), false, "a header less");
    t.Equal(response.fields.Get("X-Status"), "302", "the status as a variable");
    t.Equal(response.fields.GetAll().size(), 4, "other headers of a name that is set are gone");
    t.Equal(outcome.rules.size(), 2, "both rules acted");

    HttpResponseHead other;
    Rewriter(set).RewriteResponse(request, target, other);
    t.Equal(other.fields.Has("Location"), false, "no match, no action");
}

/** Rewriting. */
class RewriterTestSuite : public TestSuite
{
  public:
    RewriterTestSuite()
        : TestSuite("azure-rewriter", Type::UNIT)
    {
        AddTestCase(
            new FunctionTestCase("AG-19 values of text, headers, server variables and captures",
                                 CheckTemplates),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-19 conditions are regular expressions of RE2",
                                         CheckExpressions),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase(
                        "AG-19 conditions are ANDed; a condition on the response waits for it",
                        CheckConditions),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-19 headers, path and query of a request", CheckRequest),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-19 rules act by sequence and see what the client sent",
                                         CheckOrder),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-19 headers of a response", CheckResponse),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
RewriterTestSuite g_rewriterTestSuite;

} // namespace
