/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-affinity-cookie.h"
#include "ns3/azure-application-gateway-engine.h"

#include <memory>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Settings of an engine.
using Settings = ApplicationGatewayEngineSettings;

/**
 * @param c a configuration
 * @param settings what it does not say
 * @param healthy whether all members are healthy
 * @return an instance
 */
std::unique_ptr<ApplicationGatewayEngine>
Make(const ApplicationGatewayConfiguration& c,
     const Settings& settings = Settings(),
     bool healthy = true)
{
    auto engine = std::make_unique<ApplicationGatewayEngine>(std::make_shared<RequestRouter>(c),
                                                             MakeStream(),
                                                             settings);
    engine->SetAllHealthy(healthy);
    return engine;
}

/**
 * @param verdict a verdict
 * @return last byte of the member's address, or status and reason
 */
std::string
Tell(const GatewayVerdict& verdict)
{
    if (verdict.action == GatewayAction::Forward)
    {
        return std::to_string(verdict.member.ipAddress.low & 255);
    }
    return std::to_string(verdict.status) + " " + ToString(verdict.reason);
}

/**
 * @param change a change
 * @return what it changed: pool, setting, who came, who went, how many are left
 */
std::string
Tell(const BackendPoolChange& change)
{
    std::string text = change.error;
    for (const auto& backend : change.backends)
    {
        text += std::to_string(backend.pool) + std::to_string(backend.setting);
        for (const auto& member : backend.added)
        {
            text += " +" + member;
        }
        for (const auto& member : backend.removed)
        {
            text += " -" + member;
        }
        text += " " + std::to_string(backend.eligible) + "; ";
    }
    return text;
}

/**
 * @param t the test case
 */
void
CheckTurn(FunctionTestCase& t)
{
    const auto router = std::make_shared<RequestRouter>(MakeRichGateway());
    ApplicationGatewayEngine first(router, MakeStream());
    ApplicationGatewayEngine second(router, MakeStream());
    first.SetAllHealthy(true);
    second.SetAllHealthy(true);
    std::string text;
    // One connection or many: the same client address and port.
    for (uint32_t round = 0; round < 4; ++round)
    {
        text += Tell(first.Route(MakeRequest("/"), Seconds(1)));
    }
    t.Equal(text, "4564", "a member after the other, for each request");
    t.Equal(Tell(second.Route(MakeRequest("/"), Seconds(1))), "4", "each instance for itself");
    t.Equal(Tell(first.Route(MakeRequest("/images/", "a.contoso.com", 443), Seconds(1))),
            "7",
            "each pool for itself");
    first.SetHealthy(0, "10.0.1.5", false);
    text.clear();
    for (uint32_t round = 0; round < 4; ++round)
    {
        text += Tell(first.Route(MakeRequest("/"), Seconds(1)));
    }
    t.Equal(text, "6464", "healthy members alone");
    t.Equal(Tell(second.Route(MakeRequest("/"), Seconds(1))), "5", "as this instance sees them");
}

/**
 * @param t the test case
 */
void
CheckVerdict(FunctionTestCase& t)
{
    auto engine = Make(MakeRichGateway());
    const auto request = MakeRequest("/x?y=z", "Shop.contoso.com", 443);
    const auto verdict = engine->Route(request, Seconds(1));
    t.Check(verdict.action == GatewayAction::Forward, "forward");
    t.Equal(verdict.backendPort, 443, "port of the setting");
    t.Check(verdict.backendProtocol == ApplicationGatewayProtocol::Https,
            "protocol of the setting");
    t.Equal(verdict.backendRequest.target, "/override/x?y=z", "path of the setting");
    t.Equal(verdict.backendRequest.fields.Get("Host"),
            "backend.contoso.com",
            "host of the setting");
    t.Equal(verdict.backendRequest.fields.Get("x-original-host"), "Shop.contoso.com", "as sent");
    t.Equal(verdict.backendRequest.fields.Get("x-appgw-trace-id"), verdict.traceId, "identity");
    t.Check(verdict.requestTimeout == Seconds(20), "timeout of the setting");
    const auto other = engine->Route(request, Seconds(1));
    t.Check(other.traceId != verdict.traceId, "one identity a request");

    auto c = MakeGateway();
    c.backendHttpSettingsCollection[0].pickHostNameFromBackendAddress = true;
    c.backendAddressPools[0].backendAddresses[1] = {};
    c.backendAddressPools[0].backendAddresses[1].fqdn = "app.contoso.net";
    engine = Make(c);
    const auto first = engine->Route(MakeRequest("/"), Seconds(1));
    t.Equal(first.backendRequest.fields.Get("Host"), "10.0.1.4", "address of the member");
    const auto second =
        engine->Retry(MakeRequest("/"), first, BackendFailure::Connection, Seconds(2));
    t.Equal(second.member.fqdn, "app.contoso.net", "another member");
    t.Equal(second.backendRequest.fields.Get("Host"), "app.contoso.net", "with its own name");
    t.Equal(second.traceId, first.traceId, "the request is the same");
}

/**
 * @param t the test case
 */
void
CheckAffinity(FunctionTestCase& t)
{
    auto c = MakeGateway();
    c.backendHttpSettingsCollection[0].cookieBasedAffinity = true;
    auto engine = Make(c);
    const auto request = MakeRequest("/");
    const auto first = engine->Route(request, Seconds(1));
    HttpResponseHead response;
    engine->FinishResponse(request, first, response);
    t.Equal(response.fields.GetAll().size(), 2, "the first response sets two cookies");
    const auto setCookie = response.fields.GetAll()[1].value;

    auto again = request;
    again.head.fields.Add("Cookie", "a=b; " + setCookie.substr(0, setCookie.find(';')));
    engine->Route(request, Seconds(1));
    for (uint32_t round = 0; round < 3; ++round)
    {
        const auto verdict = engine->Route(again, Seconds(1));
        t.Equal(Tell(verdict), Tell(first), "the same member");
        t.Equal(verdict.byCookie, true, "by the cookie");
        HttpResponseHead next;
        engine->FinishResponse(again, verdict, next);
        t.Equal(next.fields.GetAll().size(), 0, "no new cookie");
    }
    engine->SetHealthy(0, first.member.GetText(), false);
    const auto moved = engine->Route(again, Seconds(1));
    t.Check(Tell(moved) != Tell(first), "another one when it is unhealthy");
    t.Check(!moved.affinityCookie.empty(), "with a new cookie");
    const auto retried = engine->Retry(again, moved, BackendFailure::Timeout, Seconds(2));
    t.Check(!retried.affinityCookie.empty() && retried.affinityCookie != moved.affinityCookie,
            "a second try has the cookie of the second member");

    auto off = Make(MakeGateway());
    HttpResponseHead plain;
    off->FinishResponse(request, off->Route(request, Seconds(1)), plain);
    t.Equal(plain.fields.GetAll().size(), 0, "off by default");
}

/**
 * @param t the test case
 */
void
CheckNobody(FunctionTestCase& t)
{
    auto c = MakeGateway();
    auto engine = Make(c, Settings(), false);
    t.Equal(Tell(engine->Route(MakeRequest("/"), Seconds(1))),
            "502 no-healthy-member",
            "unhealthy until a probe says otherwise");
    engine->SetHealthy(0, "10.0.1.6", true);
    t.Equal(Tell(engine->Route(MakeRequest("/"), Seconds(1))), "6", "one is enough");
    engine->RemoveMember(0, "10.0.1.6", Seconds(1));
    t.Equal(Tell(engine->Route(MakeRequest("/"), Seconds(1))), "502 no-healthy-member", "gone");
    engine->RemoveMember(0, "10.0.1.4", Seconds(1));
    engine->RemoveMember(0, "10.0.1.5", Seconds(1));
    t.Equal(Tell(engine->Route(MakeRequest("/"), Seconds(1))), "502 empty-pool", "all gone");
    c.backendAddressPools[0].backendAddresses.clear();
    t.Equal(c.Validate().size(), 0, "a pool may be empty");
    t.Equal(Tell(Make(c)->Route(MakeRequest("/"), Seconds(1))), "502 empty-pool", "from the start");
    t.Equal(Make(c)->Route(MakeRequest("/"), Seconds(1)).MakeAnswer().status, 502, "the answer");
}

/**
 * @param t the test case
 */
void
CheckRetry(FunctionTestCase& t)
{
    struct Row
    {
        uint32_t members;                     // of the pool
        std::vector<BackendFailure> failures; // of the tries
        const char* story;                    // who is tried, and the end
    };

    const auto timeout = BackendFailure::Timeout;
    const auto connection = BackendFailure::Connection;
    for (const Row& row : std::vector<Row>{
             {3, {timeout, timeout}, "4 5 504 backend-timeout "},
             {3, {timeout, connection}, "4 5 504 backend-timeout "},
             {3, {connection, timeout}, "4 5 504 backend-timeout "},
             {3, {connection, connection}, "4 5 502 backend-failed "},
             {1, {timeout}, "4 504 backend-timeout "},
             {1, {connection}, "4 502 backend-failed "},
             {3, {BackendFailure::Protocol}, "4 502 backend-failed "},
         })
    {
        auto c = MakeGateway();
        c.backendAddressPools[0] = MakePool("web", 0, row.members);
        auto engine = Make(c);
        const auto request = MakeRequest("/");
        auto verdict = engine->Route(request, Seconds(1));
        std::string story = Tell(verdict) + " ";
        for (const auto failure : row.failures)
        {
            verdict = engine->Retry(request, verdict, failure, Seconds(21));
            story += Tell(verdict) + " ";
        }
        t.Equal(story, row.story, "who is tried, and the end");
    }

    auto v1 = MakeGateway();
    v1.sku.tier = ApplicationGatewayTier::Standard;
    auto old = Make(v1);
    t.Equal(Tell(old->Retry(MakeRequest("/"),
                            old->Route(MakeRequest("/"), Seconds(1)),
                            timeout,
                            Seconds(21))),
            "502 backend-timeout",
            "v1 does not try again and says 502");

    Settings settings;
    settings.retry.nonIdempotent = false;
    auto careful = Make(MakeGateway(), settings);
    auto post = MakeRequest("/");
    post.head.method = "POST";
    t.Equal(Tell(careful->Retry(post, careful->Route(post, Seconds(1)), timeout, Seconds(21))),
            "504 backend-timeout",
            "a POST is not tried again where that is off");

    auto engine = Make(MakeGateway());
    const auto verdict = engine->Route(MakeRequest("/"), Seconds(1));
    engine->SetHealthy(0, "10.0.1.5", false);
    t.Equal(Tell(engine->Retry(MakeRequest("/"), verdict, timeout, Seconds(21))),
            "6",
            "the second try goes to a member that is healthy by then");
}

/**
 * @param t the test case
 */
void
CheckDraining(FunctionTestCase& t)
{
    auto c = MakeRichGateway();
    auto engine = Make(c);
    const auto request = MakeRequest("/", "a.contoso.com", 443);
    auto sticky = request;
    sticky.head.fields.Add("Cookie",
                           "ApplicationGatewayAffinityCORS=" +
                               AffinityCookie::GetValue(0, "10.0.1.5"));
    const auto change = engine->RemoveMember(0, "10.0.1.5", Seconds(100));
    t.Equal(Tell(change), "00 -10.0.1.5 2; 01 -10.0.1.5 2; ", "two settings use the pool");
    t.Equal(change.drains.size(), 2, "for each of them the member drains");
    t.Check(change.drains[0].until == Seconds(130), "30 s where draining is off");
    t.Check(change.drains[1].until == Seconds(160), "the time of the setting where it is on");
    for (uint32_t round = 0; round < 4; ++round)
    {
        t.Check(Tell(engine->Route(request, Seconds(101))) != "5", "no new requests");
    }
    const auto verdict = engine->Route(sticky, Seconds(159));
    t.Equal(Tell(verdict), "5", "except by affinity cookie");
    t.Check(verdict.drainEnd == Seconds(160), "until its time is over");
    t.Check(Tell(engine->Route(sticky, Seconds(160))) != "5", "then they go elsewhere");
    t.Equal(Tell(engine->RemoveMember(0, "10.0.1.5", Seconds(200))),
            "10.0.1.5 is no member of the pool",
            "it cannot be removed twice");
}

/**
 * @param t the test case
 */
void
CheckChanges(FunctionTestCase& t)
{
    auto engine = Make(MakeRichGateway(), Settings(), false);
    t.Equal(Tell(engine->SetHealthy(0, "10.0.1.4", true)), "00 +10.0.1.4 1; ", "one setting");
    t.Check(engine->SetHealthy(0, "10.0.1.4", true).IsEmpty(), "nothing new");
    t.Equal(Tell(engine->SetHealthy(1, "10.0.1.4", true)), "01 +10.0.1.4 1; ", "the other one");
    t.Equal(Tell(engine->AddMember(0, Server(0))), "10.0.1.4 is a member of the pool already", "");
    t.Equal(Tell(engine->AddMember(0, Server(9))), "", "unhealthy at first");
    t.Equal(Tell(engine->AddMember(1, Server(0))),
            "10 +10.0.1.4 1; ",
            "the same server and setting: the same verdict");
    t.Equal(Tell(engine->RemoveMember(1, "10.0.1.99", Seconds(1))),
            "10.0.1.99 is no member of the pool",
            "");
    t.Equal(engine->GetEligible(0, 0).size(), 1, "who may get requests");
    t.Equal(engine->GetEligible(1, 1).size(), 0, "nobody: no rule binds the two");
}

/**
 * @param t the test case
 */
void
CheckResponse(FunctionTestCase& t)
{
    auto engine = Make(MakeRichGateway());
    const auto request = MakeRequest("/x", "a.contoso.com", 443);
    HttpResponseHead response;
    response.fields.Add("Server", "nginx");
    // The rule of the set rewrites paths below /old only.
    engine->FinishResponse(request, engine->Route(request, Seconds(1)), response);
    t.Equal(response.fields.Get("Server"), "nginx", "a condition on the request that fails");

    auto c = MakeRichGateway();
    c.rewriteRuleSets[0].rewriteRules[0].actionSet.urlConfiguration->reroute = false;
    engine = Make(c);
    const auto old = MakeRequest("/old/x", "a.contoso.com", 443);
    engine->FinishResponse(old, engine->Route(old, Seconds(1)), response);
    t.Equal(response.fields.Has("Server"), false, "a condition on the request that holds");

    engine->SetAllHealthy(false);
    const auto refused = engine->Route(old, Seconds(1));
    auto answer = refused.MakeAnswer();
    engine->FinishResponse(old, refused, answer);
    t.Equal(answer.fields.Get("Server"),
            "Microsoft-Azure-Application-Gateway/v2",
            "answers of the gateway are not rewritten");
    const auto away = engine->Route(MakeRequest("/", "www.contoso.com", 8080), Seconds(1));
    t.Equal(away.MakeAnswer().status, 301, "a redirect");
    t.Equal(away.MakeAnswer().fields.Get("Location"), "https://example.com/new", "its target");
}

/**
 * @param t the test case
 */
void
CheckExplain(FunctionTestCase& t)
{
    auto engine = Make(MakeRichGateway());
    const auto request = MakeRequest("/");
    for (uint32_t round = 0; round < 3; ++round)
    {
        const auto said = engine->Explain(request, Seconds(1));
        t.Equal(Tell(said), Tell(engine->Explain(request, Seconds(1))), "a question moves nothing");
        t.Equal(said.traceId, std::string(32, '0'), "no identity is used up");
        t.Equal(said.route.steps.back(),
                "member 10.0.1." + Tell(said) + ", the next in turn",
                "the choice is told");
        t.Equal(Tell(engine->Route(request, Seconds(1))), Tell(said), "it is what happens");
    }
    engine->SetAllHealthy(false);
    t.Equal(engine->Explain(request, Seconds(1)).route.steps.back(),
            "no member of the pool is healthy",
            "why there is none");
}

/** Decisions of an instance. */
class ApplicationGatewayEngineTestSuite : public TestSuite
{
  public:
    ApplicationGatewayEngineTestSuite()
        : TestSuite("azure-application-gateway-engine", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase(
                        "AG-20 AG-21 HP-27 members take turns for each request, at each instance",
                        CheckTurn),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-23 AG-26 the request as the member sees it", CheckVerdict),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-22 affinity keeps a client on its member", CheckAffinity),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-36 an empty pool or no healthy member: 502", CheckNobody),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase(
                        "AG-37 AG-38 AG-39 a second member after a failed try, then 504 or 502",
                        CheckRetry),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-47 draining: new requests go elsewhere, affinity stays",
                                 CheckDraining),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("HP-26 changes say what they changed", CheckChanges),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase(
                "AG-18 AG-19 responses of backends are rewritten, those of the gateway are not",
                CheckResponse),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("A question gives the answer of the data path and changes nothing",
                                 CheckExplain),
            Duration::QUICK);
    }
};

/** Registers the suite. */
ApplicationGatewayEngineTestSuite g_applicationGatewayEngineTestSuite;

} // namespace
