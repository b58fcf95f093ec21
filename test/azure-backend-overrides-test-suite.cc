/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-backend-overrides.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param t the test case
 */
void
CheckPath(FunctionTestCase& t)
{
    struct Row
    {
        const char* path;     // of the request
        const char* matched;  // what a path rule names of it; empty: basic rule or no match
        const char* override; // of the backend setting
        const char* expected; // at the backend
    };

    for (const Row& row : std::vector<Row>{
             {"/home/", "", "/override/", "/override/home/"},
             {"/home/secondhome/", "", "/override/", "/override/home/secondhome/"},
             {"/pathrule/home/", "/pathrule", "/override/", "/override/home/"},
             {"/pathrule/home/secondhome/",
              "/pathrule",
              "/override/",
              "/override/home/secondhome/"},
             {"/pathrule/home/", "/pathrule/home", "/override/", "/override/"},
             {"/pathrule/home/secondhome/",
              "/pathrule/home",
              "/override/",
              "/override/secondhome/"},
             {"/pathrule/", "/pathrule/", "/override/", "/override/"},
             {"/pathrule/x", "/pathrule/", "/override/", "/override/x"},
             {"/", "", "/override/", "/override/"},
             {"/home", "", "/override", "/override/home"},
             {"/pathrulex", "/pathrule", "/override", "/override/x"},
             {"/pathrule", "/pathrule", "/override", "/override"},
             {"/home", "", "/", "/home"},
             {"/home", "", "", "/home"},
             {"*", "", "/override/", "*"},
         })
    {
        t.Equal(OverridePath(row.path, row.override, std::string(row.matched).size()),
                row.expected,
                std::string(row.path) + " under " + row.matched);
    }
}

/**
 * @param t the test case
 */
void
CheckHost(FunctionTestCase& t)
{
    BackendHttpSettings settings;
    ApplicationGatewayBackendAddress named;
    named.fqdn = "App.azurewebsites.net";
    t.Check(!OverrideHost(settings, named), "that of the client by default");
    settings.hostName = "www.contoso.com";
    t.Equal(OverrideHost(settings, named).value_or(""), "www.contoso.com", "a fixed name");
    settings.hostName = "";
    settings.pickHostNameFromBackendAddress = true;
    t.Equal(OverrideHost(settings, named).value_or(""), "app.azurewebsites.net", "the member's");
    t.Equal(OverrideHost(settings, Server(0)).value_or(""), "10.0.1.4", "or its address");
}

/**
 * @param t the test case
 */
void
CheckTimeouts(FunctionTestCase& t)
{
    BackendHttpSettings settings;
    auto member = Server(0);
    t.Check(settings.GetRequestTimeout(member) == Seconds(20), "20 s by default");
    settings.requestTimeout = Seconds(86400);
    t.Check(settings.GetRequestTimeout(member) == Seconds(86400), "a private member: a day");
    member.external = true;
    t.Check(settings.GetRequestTimeout(member) == Seconds(240), "a public one: 4 minutes");
    settings.requestTimeout = Seconds(5);
    t.Check(settings.GetRequestTimeout(member) == Seconds(5), "less stays less");
    t.Check(settings.GetDrainTimeout() == Seconds(30), "draining takes 30 s where it is off");
    settings.connectionDraining.drainTimeout = Seconds(60);
    t.Check(settings.GetDrainTimeout() == Seconds(30), "its time counts when it is on");
    settings.connectionDraining.enabled = true;
    t.Check(settings.GetDrainTimeout() == Seconds(60), "its time counts when it is on");
    t.Equal(settings.GetAffinityCookieName(), "ApplicationGatewayAffinity", "the usual name");
    settings.affinityCookieName = "Custom";
    t.Equal(settings.GetAffinityCookieName(), "Custom", "a name of one's own");
}

/** What a backend setting changes. */
class BackendOverridesTestSuite : public TestSuite
{
  public:
    BackendOverridesTestSuite()
        : TestSuite("azure-backend-overrides", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase(
                        "AG-27 the path of the backend setting replaces what a path rule matched",
                        CheckPath),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-26 the Host that the backend sees", CheckHost),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-26 AG-47 times of a backend setting", CheckTimeouts),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
BackendOverridesTestSuite g_backendOverridesTestSuite;

} // namespace
