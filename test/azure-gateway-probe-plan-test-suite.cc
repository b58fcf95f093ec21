/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-failover-theory.h"
#include "ns3/azure-gateway-probe-plan.h"

#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param gateway a gateway
 * @param setting index of a backend setting
 * @return the probe of its first server
 */
ProbeSettings
Make(const ApplicationGatewayConfiguration& gateway, uint32_t setting = 0)
{
    return GatewayProbePlan::MakeSettings(gateway, setting, Server(0));
}

/**
 * @param interval I in seconds
 * @param timeout T in seconds
 * @param threshold N
 * @return a gateway with a custom probe, of its setting `plain`
 */
ApplicationGatewayConfiguration
WithProbe(double interval, double timeout, uint32_t threshold)
{
    auto gateway = MakeGateway();
    ApplicationGatewayProbe probe;
    probe.name = "custom";
    probe.host = "www.contoso.com";
    probe.interval = Seconds(interval);
    probe.timeout = Seconds(timeout);
    probe.unhealthyThreshold = threshold;
    gateway.probes = {probe};
    gateway.backendHttpSettingsCollection[0].probe = "CUSTOM";
    return gateway;
}

/**
 * @param settings a probe
 * @return the statuses of 100 to 599 that pass, as ranges
 */
std::string
Passing(const ProbeSettings& settings)
{
    std::ostringstream text;
    bool inside = false;
    for (uint16_t status = 100; status <= 600; status++)
    {
        const bool passes = settings.Passes(status);
        if (passes && !inside)
        {
            text << " " << status;
        }
        if (!passes && inside)
        {
            text << "-" << status - 1;
        }
        inside = passes;
    }
    return text.str();
}

/**
 * @param plan a plan
 * @return what it probes: backend setting and server of each pair
 */
std::string
Targets(const GatewayProbePlan& plan)
{
    std::string text;
    for (const auto& target : plan.GetTargets())
    {
        text += (text.empty() ? "" : " ") + std::to_string(target.setting) + ":" +
                target.member.GetText();
    }
    return text;
}

/** HP-20: a backend setting without a probe. */
void
Default(FunctionTestCase& test)
{
    auto gateway = MakeGateway();
    auto settings = Make(gateway);
    test.Check(settings.protocol == ProbeProtocol::Http && settings.port == 8000, "of the setting");
    test.Equal(settings.path, "/", "path");
    test.Equal(settings.host, "127.0.0.1", "host");
    test.Equal(settings.interval, Seconds(30), "interval");
    test.Equal(settings.timeout, Seconds(30), "timeout");
    test.Check(settings.thresholds.successes == 1 && settings.thresholds.failures == 3 &&
                   settings.thresholds.timeouts == 3,
               "thresholds");
    test.Equal(Passing(settings), " 200-399", "statuses");
    test.Check(settings.body.empty(), "any body");
    auto& backend = gateway.backendHttpSettingsCollection[0];
    backend.protocol = ApplicationGatewayProtocol::Https;
    backend.port = 8443;
    backend.hostName = "inner.contoso.com";
    backend.path = "/override";
    settings = Make(gateway);
    test.Check(settings.protocol == ProbeProtocol::Https && settings.port == 8443,
               "of the setting");
    test.Equal(settings.path + settings.host, "/127.0.0.1", "not those of requests");
}

/** HP-21: a backend setting with a probe. */
void
CustomProbe(FunctionTestCase& test)
{
    auto gateway = WithProbe(45, 7, 5);
    auto& probe = gateway.probes[0];
    probe.protocol = ApplicationGatewayProtocol::Https;
    probe.path = "/health";
    probe.match.body = "fine";
    auto settings = Make(gateway);
    test.Check(settings.protocol == ProbeProtocol::Https, "protocol of the probe");
    test.Equal(settings.port, 8000, "port of the setting");
    test.Equal(settings.host, "www.contoso.com", "host");
    test.Equal(settings.path, "/health", "path");
    test.Equal(settings.body, "fine", "body");
    test.Equal(settings.interval, Seconds(45), "interval");
    test.Equal(settings.timeout, Seconds(7), "timeout");
    test.Check(settings.thresholds.failures == 5 && settings.thresholds.timeouts == 5, "threshold");
    test.Equal(Passing(settings), " 200-399", "the same statuses when none are given");
    probe.port = 9000;
    test.Equal(Make(gateway).port, 9000, "port of the probe");
    for (const auto& [codes, passing] :
         std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"200"}, " 200-200"},
             {{"200-399", "401"}, " 200-399 401-401"},
             {{"100-599"}, " 100-599"},
             {{"204", "202-203", "201"}, " 201-204"},
             {{"99999999999999999999", "2", "", "-", "300-200"}, ""}})
    {
        probe.match.statusCodes = codes;
        test.Equal(Passing(Make(gateway)), passing, "statuses " + codes[0]);
    }
    // Picked hosts.
    probe.host = "";
    probe.pickHostNameFromBackendHttpSettings = true;
    gateway.backendHttpSettingsCollection[0].hostName = "inner.contoso.com";
    test.Equal(Make(gateway).host, "inner.contoso.com", "of the setting");
    gateway.backendHttpSettingsCollection[0].hostName = "";
    test.Equal(Make(gateway).host, "127.0.0.1", "none to pick");
    gateway.backendHttpSettingsCollection[0].pickHostNameFromBackendAddress = true;
    test.Equal(Make(gateway).host, "10.0.1.4", "of the server");
    ApplicationGatewayBackendAddress named;
    named.fqdn = "App.Contoso.com";
    test.Equal(GatewayProbePlan::MakeSettings(gateway, 0, named).host, "app.contoso.com", "name");
}

/** HP-22, HP-26: pairs that rules bind. */
void
PairsOfRules(FunctionTestCase& test)
{
    const std::string web = "0:10.0.1.4 0:10.0.1.5 0:10.0.1.6";
    const auto plan = [](const ApplicationGatewayConfiguration& gateway) {
        return GatewayProbePlan(std::make_shared<const RequestRouter>(gateway));
    };
    auto gateway = MakeGateway();
    test.Equal(Targets(plan(gateway)), web, "one rule: its pool, not the other");
    gateway = MakeRichGateway();
    test.Equal(Targets(plan(gateway)),
               web + " 0:10.0.1.7 0:10.0.1.8 1:10.0.1.4 1:10.0.1.5 1:10.0.1.6",
               "by path: a server once for each setting");
    gateway.backendAddressPools[1] = MakePool("images", 2, 2);
    auto shared = plan(gateway);
    const std::string all = web + " 0:10.0.1.7 1:10.0.1.4 1:10.0.1.5 1:10.0.1.6";
    test.Equal(Targets(shared), all, "once in two pools");
    std::set<std::string> hosts;
    for (const auto& target : shared.GetTargets())
    {
        hosts.insert(target.settings.host);
    }
    test.Check(hosts == std::set<std::string>{"127.0.0.1", "backend.contoso.com"}, "two probes");

    shared.AddMember(1, Server(2));
    test.Equal(Targets(shared), all, "a member already");
    shared.RemoveMember(1, "10.0.1.6");
    test.Equal(Targets(shared), all, "still a member of the other");
    shared.RemoveMember(0, "10.0.1.6");
    shared.RemoveMember(0, "10.0.1.99");
    shared.AddMember(0, Server(9));
    test.Equal(Targets(shared),
               "0:10.0.1.4 0:10.0.1.5 0:10.0.1.13 0:10.0.1.7 1:10.0.1.4 1:10.0.1.5 1:10.0.1.13",
               "one gone, one new");
    gateway.requestRoutingRules.erase(gateway.requestRoutingRules.begin(),
                                      gateway.requestRoutingRules.begin() + 2);
    test.Equal(Targets(plan(gateway)), "", "a rule that redirects binds nothing");
}

/** HP-23: the schedules. */
void
Schedules(FunctionTestCase& test)
{
    auto gateway = WithProbe(30, 10, 3);
    auto settings = Make(gateway);
    test.Check(settings.rhythm == ProbeRhythm::Even && settings.probeAtStart, "v2: I apart");
    // The rule of the form, then the form and its figures.
    const auto detect = [&](FaultSymptom fault) {
        const auto interval = FailoverTheory::Detection(settings, fault);
        const auto colon = interval.form.find(": ");
        std::ostringstream text;
        text << interval.form.substr(colon + 2) << " = " << interval.lower.GetSeconds() << " to "
             << interval.upper.GetSeconds() << ", " << interval.form.substr(0, colon);
        return text.str();
    };
    test.Equal(detect(FaultSymptom::Silent),
               "phi + (N-1)*I + T = 70 to 100, HP-21, HP-25",
               "v2, silent");
    test.Equal(detect(FaultSymptom::Refused), "phi + (N-1)*I = 60 to 90, HP-25", "v2, refused");
    gateway.sku.tier = ApplicationGatewayTier::Waf;
    settings = Make(gateway);
    test.Check(settings.rhythm == ProbeRhythm::UntilDown, "v1: in quick succession");
    test.Equal(detect(FaultSymptom::Silent), "phi + N*T = 30 to 60, HP-23", "v1, silent");
    test.Equal(detect(FaultSymptom::Refused), "phi = 0 to 30, HP-23", "v1, refused");
    gateway.probes[0].timeout = Seconds(40);
    settings = Make(gateway);
    test.Equal(detect(FaultSymptom::Silent),
               "phi + (N-1)*I + T = 100 to 130, HP-23",
               "v1 with T above I: as v2");
}

/** HP-24, HP-25: the figures of health-probes.md, sections 3 and 5. */
void
Figures(FunctionTestCase& test)
{
    const auto check =
        [&](double interval, double timeout, uint32_t n, double silent, double refused) {
            const auto settings = Make(WithProbe(interval, timeout, n));
            for (const auto fault : {FaultSymptom::Silent,
                                     FaultSymptom::Slow,
                                     FaultSymptom::Refused,
                                     FaultSymptom::BadStatus})
            {
                const bool late = fault == FaultSymptom::Silent || fault == FaultSymptom::Slow;
                const auto result = FailoverTheory::Detection(settings, fault, Seconds(2));
                test.Equal(result.lower, Seconds((late ? silent : refused) + 2), result.form);
                test.Equal(result.upper, result.lower + Seconds(interval), result.form);
                test.Check(result.form.find("HP-25") != std::string::npos, result.form);
            }
            test.Equal(FailoverTheory::DocumentedBound(settings),
                       Seconds((n + 1) * interval),
                       "(N + 1)*I");
            const auto detection = FailoverTheory::Detection(settings, FaultSymptom::Silent);
            test.Equal(detection.upper == FailoverTheory::DocumentedBound(settings),
                       timeout == interval,
                       "the bound is met with T = I");
            const auto recovery = FailoverTheory::Recovery(settings);
            test.Check(recovery.lower == Seconds(0) && recovery.upper == Seconds(interval),
                       "one success");
            test.Equal(recovery.form, std::string("HP-22") + ": phi", "form");
            const auto first = FailoverTheory::FirstFailure(settings, FaultSymptom::Silent);
            test.Check(first.lower == Seconds(timeout) &&
                           first.upper == Seconds(timeout + interval),
                       "first failed probe");
            test.Check(!FailoverTheory::Detection(settings, FaultSymptom::Unseen).exists, "unseen");
        };
    check(30, 30, 3, 90, 60);
    check(20, 20, 2, 40, 20);
    check(20, 5, 1, 5, 0);
    check(1, 86400, 20, 86419, 19);
    const auto settings = Make(MakeGateway());
    test.Equal(FailoverTheory::DocumentedBound(settings), Seconds(120), "the default probe");
    test.Equal(FailoverTheory::Detection(settings, FaultSymptom::Silent).upper,
               Seconds(120),
               "the default probe");
}

/** HP-29. */
void
Unauthorized(FunctionTestCase& test)
{
    test.Check(!Make(MakeGateway()).Passes(401), "the default probe");
    test.Check(Make(MakeRichGateway(), 1).Passes(401), "where it is listed");
}

/** Plans of probes. */
class GatewayProbePlanTestSuite : public TestSuite
{
  public:
    GatewayProbePlanTestSuite()
        : TestSuite("azure-gateway-probe-plan", Type::UNIT)
    {
        Add("HP-20: the default probe, by protocol and port of the backend setting", Default);
        Add("HP-21: a custom probe, its hosts, ports and codes", CustomProbe);
        Add("HP-22 HP-26: pairs of server and backend setting that rules bind", PairsOfRules);
        Add("HP-23: the schedules of v2 and v1", Schedules);
        Add("HP-24 HP-25: the closed forms give the documented figures", Figures);
        Add("HP-29: 401 passes where it is listed", Unauthorized);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, void (*body)(FunctionTestCase&))
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
GatewayProbePlanTestSuite g_gatewayProbePlanTestSuite;

} // namespace
