/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-application-gateway-engine.h"
#include "ns3/azure-gateway-probe-plan.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using Protocol = ApplicationGatewayProtocol; //!< what parts speak

/**
 * @return MakeGateway() and at layer 4: TLS on port 443 with `star` for *.contoso.com, before it
 *         `www` for www.contoso.com, last `any`; TCP on port 8080 with `tcp`
 */
ApplicationGatewayConfiguration
MakeGatewayOfBothLayers()
{
    auto c = MakeGateway();
    c.sslCertificates = {{"site", "*.contoso.com"}};
    c.trustedRootCertificates = {{"root", "CN=Root"}};
    for (const std::string name : {"star", "www", "any"})
    {
        ApplicationGatewayListener listener;
        listener.name = name;
        listener.frontendIpConfiguration = "public";
        listener.frontendPort = "port443";
        listener.protocol = Protocol::Tls;
        listener.sslCertificate = "site";
        c.listeners.push_back(listener);
    }
    c.listeners[0].hostNames = {"*.contoso.com"};
    c.listeners[1].hostNames = {"www.contoso.com"};
    ApplicationGatewayListener tcp;
    tcp.name = "tcp";
    tcp.frontendIpConfiguration = "public";
    tcp.frontendPort = "port8080";
    c.listeners.push_back(tcp);
    ApplicationGatewayBackendSettings raw;
    raw.name = "raw";
    raw.port = 9000;
    ApplicationGatewayBackendSettings tls = raw;
    tls.name = "tls";
    tls.port = 9443;
    tls.protocol = Protocol::Tls;
    tls.timeout = Seconds(60);
    tls.trustedRootCertificates = {"root"};
    c.backendSettingsCollection = {raw, tls};
    c.routingRules = {{"for-star", 20, "star", "images", "tls"},
                      {"for-www", 10, "www", "web", "raw"},
                      {"for-any", 30, "any", "web", "tls"},
                      {"for-tcp", 40, "tcp", "images", "raw"}};
    return c;
}

/**
 * @param port port of the gateway, TLS with 443
 * @param name name in SNI
 * @return a connection to it
 */
GatewaySessionRequest
MakeSession(uint16_t port, const std::string& name = "")
{
    return {MakeAddress(20, 0, 0, 4), port, port == 443, name};
}

/** @param t the test case */
void
TestRoutes(FunctionTestCase& t)
{
    struct Row
    {
        GatewaySessionRequest request;
        int rule; //!< index; -1: none
        int pool;
        int setting;
    };

    const auto c = MakeGatewayOfBothLayers();
    const RequestRouter router(c);
    auto elsewhere = MakeSession(443, "www.contoso.com");
    elsewhere.frontend = MakeAddress(20, 0, 0, 5);
    auto plain = MakeSession(443);
    plain.tls = false;
    // Settings of layer 4 count behind the one for HTTP.
    for (const Row& row : std::vector<Row>{{MakeSession(443, "www.contoso.com"), 1, 0, 1},
                                           {MakeSession(443, "WWW.Contoso.com"), 1, 0, 1},
                                           {MakeSession(443, "a.b.contoso.com"), 0, 1, 2},
                                           {MakeSession(443, "contoso.com"), 2, 0, 2},
                                           {MakeSession(443), 2, 0, 2},
                                           {MakeSession(8080), 3, 1, 1},
                                           {MakeSession(80), -1, 0, 0},
                                           {elsewhere, -1, 0, 0},
                                           {plain, -1, 0, 0}})
    {
        const auto route = router.GetSessions().Route(row.request, true);
        const auto what = row.request.serverName + ":" + std::to_string(row.request.frontendPort);
        t.Equal(route.rule.has_value(), row.rule >= 0, what);
        t.Check(!route.steps.empty(), "says why");
        if (route.rule && row.rule >= 0)
        {
            t.Equal(*route.rule, row.rule, what + ": rule");
            t.Equal(*route.pool, row.pool, what + ": pool");
            t.Equal(*route.setting, row.setting, what + ": setting");
        }
    }
    // Of the other layer nobody answers there.
    const auto request = router.Route(MakeRequest("/", "www.contoso.com", 8080), "", false);
    t.Check(request.action == GatewayAction::Refuse, "no HTTP at a port of layer 4");
}

/** @param t the test case */
void
TestMembers(FunctionTestCase& t)
{
    const auto c = MakeGatewayOfBothLayers();
    ApplicationGatewayEngine engine(std::make_shared<RequestRouter>(c), MakeStream());
    engine.SetAllHealthy(true);
    const auto request = MakeSession(443, "www.contoso.com");
    const auto seen = engine.ExplainSession(request);
    t.Equal(seen.memberText, "10.0.1.4", "a look");
    t.Equal(seen.route.steps.back(), "member 10.0.1.4, the next in turn", "and why");
    for (const std::string member : {"10.0.1.4", "10.0.1.5", "10.0.1.6", "10.0.1.4"})
    {
        const auto verdict = engine.RouteSession(request, Seconds(1));
        t.Check(!verdict.refusal, "taken");
        t.Equal(verdict.memberText, member, "in turn");
        t.Equal(verdict.backendPort, 9000, "port");
        t.Check(!verdict.backendTls && verdict.serverName.empty(), "without TLS");
        t.Equal(verdict.timeout.GetSeconds(), 20, "timeout");
    }
    // Another setting and layer have turns and health of their own.
    engine.SetHealthy(2, "10.0.1.5", false);
    t.Equal(engine.RouteSession(MakeSession(443), Seconds(1)).memberText, "10.0.1.4", "first");
    t.Equal(engine.RouteSession(MakeSession(443), Seconds(1)).memberText, "10.0.1.6", "not 5");
    t.Equal(engine.RouteSession(request, Seconds(1)).memberText, "10.0.1.5", "here it is well");
    t.Equal(engine.Route(MakeRequest("/"), Seconds(1)).tried.at(0), "10.0.1.4", "HTTP");
    const auto change = engine.RemoveMember(0, "10.0.1.5", Seconds(100));
    std::vector<std::pair<uint32_t, Time>> drains;
    for (const auto& drain : change.drains)
    {
        drains.emplace_back(drain.setting, drain.until);
    }
    const Time until = Seconds(130);
    t.Check(drains == std::vector<std::pair<uint32_t, Time>>{{0, until}, {1, until}, {2, until}},
            "draining takes 30 s");
}

/** @param t the test case */
void
TestServerNames(FunctionTestCase& t)
{
    ApplicationGatewayBackendAddress named;
    named.fqdn = "sql.contoso.com";
    ApplicationGatewayBackendSettings settings;
    t.Equal(settings.GetServerName(named, "asked.com"), "asked.com", "the client's");
    settings.pickHostNameFromBackendAddress = true;
    t.Equal(settings.GetServerName(named, "asked.com"), "sql.contoso.com", "the member's");
    t.Equal(settings.GetServerName(Server(0), "asked.com"), "", "an address is none");
    settings.pickHostNameFromBackendAddress = false;
    settings.hostName = "fixed.com";
    t.Equal(settings.GetServerName(named, "asked.com"), "fixed.com", "the setting's");
}

/** @param t the test case */
void
TestProbes(FunctionTestCase& t)
{
    auto c = MakeGatewayOfBothLayers();
    ApplicationGatewayProbe custom;
    custom.name = "custom";
    custom.host = "health.contoso.com";
    custom.path = "/health";
    custom.port = 8081;
    custom.interval = Seconds(7);
    c.probes = {custom};
    c.backendSettingsCollection[1].probe = "custom";
    const auto usual = GatewayProbePlan::MakeSettings(c, 1, Server(0));
    t.Check(usual.protocol == ProbeProtocol::Tcp && usual.port == 9000, "a connection");
    t.Equal(usual.interval.GetSeconds(), 30, "every 30 s");
    t.Equal(usual.thresholds.failures, 3, "three failures");
    const auto own = GatewayProbePlan::MakeSettings(c, 2, Server(0));
    t.Check(own.protocol == ProbeProtocol::Http && own.port == 8081, "as it says");
    t.Equal(own.host + own.path, "health.contoso.com/health", "what it asks for");
    // Each pair of server and setting of both layers once (HP-26).
    GatewayProbePlan plan(std::make_shared<RequestRouter>(c));
    std::vector<uint32_t> counts(3, 0);
    for (const auto& target : plan.GetTargets())
    {
        ++counts.at(target.setting);
    }
    t.Check(counts == std::vector<uint32_t>{3, 5, 5}, "3 for HTTP, 3 + 2 for either other");
}

/**
 * @brief Change a good gateway and see what is found.
 * @param t the test case
 */
void
TestErrors(FunctionTestCase& t)
{
    using C = ApplicationGatewayConfiguration;

    struct Row
    {
        std::function<void(C&)> change;
        std::vector<std::string> paths; //!< of the errors, in order
        std::string part;               //!< of the message of the first
    };

    const std::string listener = "listeners[0]";
    const std::string settings = "backendSettingsCollection[1]";
    const std::string rule = "routingRules[1]";
    const std::vector<Row> rows{
        {[](C&) {}, {}, ""},
        {[](C& c) { c.listeners[0].frontendIpConfiguration = ""; },
         {listener + ".frontendIPConfiguration"},
         "needs a frontend"},
        {[](C& c) { c.listeners[0].frontendPort = "gone"; },
         {listener + ".frontendPort"},
         "there is no frontend port gone"},
        {[](C& c) { c.listeners[0].protocol = Protocol::Https; },
         {listener + ".protocol", "listeners[1].protocol", "listeners[2].protocol"},
         "Tcp or Tls"},
        {[](C& c) { c.listeners[0].sslCertificate = ""; },
         {listener + ".sslCertificate"},
         "a listener for TLS needs a certificate"},
        {[](C& c) { c.listeners[0].hostNames = {"a.com", "**.com"}; },
         {listener + ".hostNames[1]"},
         ""},
        {[](C& c) { c.listeners[0].hostNames.resize(6, "x.com"); },
         {listener + ".hostNames", listener},
         "the limit is 5"},
        {[](C& c) { c.listeners[3].hostNames = {"a.com"}; },
         {"listeners[3].hostNames"},
         "without TLS nobody says"},
        {[](C& c) { c.listeners[3].sslCertificate = "site"; },
         {"listeners[3].sslCertificate"},
         "set protocol Tls"},
        {[](C& c) { c.listeners[3].frontendPort = "port80"; },
         {"listeners[3]"},
         "HTTP listener any has this frontend and port already"},
        {[](C& c) { c.listeners[3].frontendPort = "PORT443"; },
         {"listeners[3].protocol", "listeners[3]"},
         "another protocol"},
        {[](C& c) { c.listeners[1].hostNames = {"*.Contoso.com"}; },
         {"listeners[1]"},
         "this frontend, port and host *.Contoso.com already"},
        {[](C& c) { c.listeners[1].name = "STAR"; }, {"listeners[1].name", rule + ".listener"}, ""},
        {[](C& c) { c.backendSettingsCollection[1].port = 0; }, {settings + ".port"}, "1 to 65535"},
        {[](C& c) { c.backendSettingsCollection[1].timeout = Seconds(86401); },
         {settings + ".timeout"},
         "1 to 86400 s"},
        {[](C& c) { c.backendSettingsCollection[1].timeout = MilliSeconds(999); },
         {settings + ".timeout"},
         "1 to 86400 s"},
        {[](C& c) { c.backendSettingsCollection[1].protocol = Protocol::Http; },
         {settings + ".protocol", settings + ".trustedRootCertificates"},
         "backendHttpSettingsCollection"},
        {[](C& c) { c.backendSettingsCollection[1].probe = "gone"; },
         {settings + ".probe"},
         "there is no probe gone"},
        {[](C& c) { c.backendSettingsCollection[1].trustedRootCertificates = {"gone"}; },
         {settings + ".trustedRootCertificates[0]"},
         "there is no trusted root certificate gone"},
        {[](C& c) {
             c.backendSettingsCollection[1].hostName = "a.com";
             c.backendSettingsCollection[1].pickHostNameFromBackendAddress = true;
         },
         {settings + ".hostName"},
         "fixed or that of the member"},
        {[](C& c) { c.routingRules[1].priority.reset(); }, {rule + ".priority"}, "1 (first)"},
        {[](C& c) { c.routingRules[1].priority = 20; },
         {rule + ".priority"},
         "rule for-star has priority 20 already"},
        {[](C& c) { c.routingRules[1].listener = "star"; },
         {rule + ".listener"},
         "listener star belongs to rule for-star already"},
        {[](C& c) { c.routingRules[1].backendAddressPool = ""; },
         {rule + ".backendAddressPool"},
         "a rule needs a pool"},
        {[](C& c) { c.routingRules[1].backendSettings = "plain"; },
         {rule + ".backendSettings"},
         "there is no backend setting plain"},
        {[](C& c) { c.httpListeners[0].protocol = Protocol::Tcp; },
         {"httpListeners[0].protocol"},
         "those for TCP and TLS are in listeners"},
        {[](C& c) { c.backendHttpSettingsCollection[0].protocol = Protocol::Tls; },
         {"backendHttpSettingsCollection[0].protocol"},
         "backendSettingsCollection"},
        {[](C& c) {
             ApplicationGatewayProbe probe;
             probe.name = "connect";
             probe.protocol = Protocol::Tcp;
             probe.path = "";
             c.probes = {probe};
             c.backendSettingsCollection[0].probe = "connect";
             c.backendHttpSettingsCollection[0].probe = "connect";
         },
         {"backendHttpSettingsCollection[0].probe"},
         "speaks no HTTP"},
        {[](C& c) { c.sku.tier = ApplicationGatewayTier::Standard; },
         {"listeners", "backendSettingsCollection", "routingRules"},
         "v1 proxies HTTP alone"}};
    for (const auto& row : rows)
    {
        auto c = MakeGatewayOfBothLayers();
        row.change(c);
        const auto errors = c.Validate();
        std::string found;
        std::string wanted;
        for (const auto& error : errors)
        {
            found += error.path + "\n";
        }
        for (const auto& path : row.paths)
        {
            wanted += path + "\n";
        }
        t.Equal(found, wanted, row.part);
        t.Check(errors.empty() || errors.front().message.find(row.part) != std::string::npos,
                row.part + " is said, not: " + (errors.empty() ? "" : errors.front().message));
    }
}

/** Suite on the decisions of an application gateway at layer 4. */
class SessionRouterTestSuite : public TestSuite
{
  public:
    SessionRouterTestSuite()
        : TestSuite("azure-session-router", Type::UNIT)
    {
        Add("AG-59, AG-11: listener and rule by address, port, SNI and priority", TestRoutes);
        Add("AG-59, AG-20: members take turns by connection", TestMembers);
        Add("AG-59: the name that a member is asked for", TestServerNames);
        Add("HP-20: probes at layer 4", TestProbes);
        Add("AG-59, AG-60: what Azure would refuse", TestErrors);
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), Duration::QUICK);
    }
};

SessionRouterTestSuite g_sessionRouterTestSuite; //!< the suite

} // namespace
