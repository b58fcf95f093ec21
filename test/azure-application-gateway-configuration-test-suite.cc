/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-application-gateway-configuration.h"

#include <functional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// The configuration, for short.
using C = ApplicationGatewayConfiguration;

/// A change that makes a good configuration bad, and the fields that must be named.
struct Mistake
{
    const char* paths;            //!< paths of the errors, in their order; empty: still good
    std::function<void(C&)> make; //!< makes it
};

/** A table of mistakes, each of which must give the errors with the right paths. */
class GatewayMistakesTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     * @param mistakes what to do to a good configuration
     */
    GatewayMistakesTestCase(const std::string& name, const std::vector<Mistake>& mistakes)
        : TestCase(name),
          m_mistakes(mistakes)
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& error : MakeRichGateway().Validate())
        {
            NS_TEST_EXPECT_MSG_EQ(error.path + ": " + error.message, "", "the base must be good");
        }
        for (const auto& mistake : m_mistakes)
        {
            auto configuration = MakeRichGateway();
            mistake.make(configuration);
            std::string paths;
            for (const auto& error : configuration.Validate())
            {
                paths += (paths.empty() ? "" : " ") + error.path;
                NS_TEST_EXPECT_MSG_EQ(error.message.empty(), false, "an error says what is wrong");
            }
            NS_TEST_EXPECT_MSG_EQ(paths, std::string(mistake.paths), "errors found");
        }
    }

    std::vector<Mistake> m_mistakes; //!< what to do to it
};

/**
 * @brief Repeat the last item of a collection until there are so many, with names of their own.
 * @param items the collection
 * @param count how many there shall be
 */
template <typename T>
void
Fill(std::vector<T>& items, size_t count)
{
    while (items.size() < count)
    {
        auto item = items.back();
        item.name = "more" + std::to_string(items.size());
        items.push_back(item);
    }
}

/**
 * @param c a configuration
 * @return actions of its only rewrite rule
 */
RewriteActionSet&
Actions(C& c)
{
    return c.rewriteRuleSets[0].rewriteRules[0].actionSet;
}

/** Checks of configurations. */
class ApplicationGatewayConfigurationTestSuite : public TestSuite
{
  public:
    ApplicationGatewayConfigurationTestSuite()
        : TestSuite("azure-application-gateway-configuration", Type::UNIT)
    {
        AddGatewayCases();
        AddListenerCases();
        AddRuleCases();
        AddBackendCases();
        AddRewriteCases();
        AddLimitCases();
        AddTestCase(
            new FunctionTestCase("AG-7 a v2 gateway runs at least two instances", CheckInstances),
            Duration::QUICK);
    }

  private:
    /**
     * @param name name of the case
     * @param mistakes what to do to a good configuration
     */
    void Add(const std::string& name, const std::vector<Mistake>& mistakes)
    {
        AddTestCase(new GatewayMistakesTestCase(name, mistakes), Duration::QUICK);
    }

    /**
     * @param t the test case
     */
    static void CheckInstances(FunctionTestCase& t)
    {
        auto c = MakeGateway();
        c.sku.capacity = 1;
        t.Equal(c.GetInitialInstances(), 2, "two, even if one is asked for");
        c.sku.capacity = 7;
        t.Equal(c.GetInitialInstances(), 7, "as many as are asked for");
        c.sku.capacity.reset();
        c.autoscaleConfiguration = AutoscaleConfiguration{0, 10};
        t.Equal(c.GetInitialInstances(), 2, "two, even if none is asked for");
        c.autoscaleConfiguration->minCapacity = 3;
        t.Equal(c.GetInitialInstances(), 3, "the least of autoscaling");
        c.autoscaleConfiguration.reset();
        c.sku.capacity = 1;
        c.sku.tier = ApplicationGatewayTier::Waf;
        t.Equal(c.GetInitialInstances(), 1, "v1 may have one");
    }

    /// Size, frontends, ports, certificates.
    void AddGatewayCases()
    {
        Add("AG-5 AG-50 the number of instances, fixed or scaling",
            {
                {"sku.capacity", [](C& c) { c.sku.capacity = 0; }},
                {"sku.capacity", [](C& c) { c.sku.capacity = 126; }},
                {"sku.capacity", [](C& c) { c.sku.capacity.reset(); }},
                {"", [](C& c) { c.sku.capacity = 125; }},
                {"autoscaleConfiguration",
                 [](C& c) { c.autoscaleConfiguration = AutoscaleConfiguration(); }},
                {"",
                 [](C& c) {
                     c.sku.capacity.reset();
                     c.autoscaleConfiguration = AutoscaleConfiguration{0, 125};
                 }},
                {"autoscaleConfiguration.maxCapacity",
                 [](C& c) {
                     c.sku.capacity.reset();
                     c.autoscaleConfiguration = AutoscaleConfiguration{3, 2};
                 }},
                {"autoscaleConfiguration.minCapacity autoscaleConfiguration.maxCapacity",
                 [](C& c) {
                     c.sku.capacity.reset();
                     c.autoscaleConfiguration = AutoscaleConfiguration{126, 126};
                 }},
            });
        Add("AG-4 AG-5 v1 has 1 to 32 instances and does not scale",
            {
                {"sku.capacity httpListeners[1].hostNames urlPathMaps[0].pathRules[0].paths[1]",
                 [](C& c) {
                     c.sku.tier = ApplicationGatewayTier::Standard;
                     c.sku.capacity = 33;
                 }},
            });
        Add("AG-6 up to four frontends: public and private, IPv4 and IPv6",
            {
                {"frontendIPConfigurations httpListeners[0].frontendIPConfiguration "
                 "httpListeners[1].frontendIPConfiguration "
                 "httpListeners[2].frontendIPConfiguration",
                 [](C& c) { c.frontendIpConfigurations.clear(); }},
                {"frontendIPConfigurations[0]",
                 [](C& c) { c.frontendIpConfigurations[0].address = IpAddress(); }},
                {"frontendIPConfigurations[1]",
                 [](C& c) {
                     c.frontendIpConfigurations.push_back(
                         {"second", MakeAddress(20, 0, 0, 5), true, {}});
                 }},
                {"frontendIPConfigurations[1]",
                 [](C& c) {
                     c.frontendIpConfigurations.push_back(
                         {"second", MakeAddress(20, 0, 0, 4), false, {}});
                 }},
                {"",
                 [](C& c) {
                     c.frontendIpConfigurations.push_back(
                         {"second", MakeAddress(10, 0, 0, 5), false, {}});
                     c.frontendIpConfigurations.push_back({"third", IpAddress{1, 1}, true, {}});
                     c.frontendIpConfigurations.push_back({"fourth", IpAddress{1, 2}, false, {}});
                 }},
                {"frontendIPConfigurations[0]",
                 [](C& c) { c.frontendIpConfigurations[0].idleTimeout = Minutes(31); }},
                {"frontendIPConfigurations[0]",
                 [](C& c) { c.frontendIpConfigurations[0].idleTimeout = Minutes(3); }},
                {"frontendIPConfigurations[1].name",
                 [](C& c) {
                     c.frontendIpConfigurations.push_back(
                         {"PUBLIC", MakeAddress(10, 0, 0, 5), false, {}});
                 }},
            });
        Add("AG-9 frontend ports 1 to 65199, v1 to 65502",
            {
                {"frontendPorts[0].port", [](C& c) { c.frontendPorts[0].port = 0; }},
                {"frontendPorts[0].port", [](C& c) { c.frontendPorts[0].port = 65200; }},
                {"", [](C& c) { c.frontendPorts[0].port = 65199; }},
                {"frontendPorts[1].port", [](C& c) { c.frontendPorts[1].port = 80; }},
                {"frontendPorts[1].name httpListeners[1].frontendPort",
                 [](C& c) { c.frontendPorts[1].name = "port80"; }},
                {"httpListeners[1].hostNames urlPathMaps[0].pathRules[0].paths[1]",
                 [](C& c) {
                     c.sku.tier = ApplicationGatewayTier::Standard;
                     c.frontendPorts[0].port = 65502;
                 }},
                {"frontendPorts[0].port httpListeners[1].hostNames "
                 "urlPathMaps[0].pathRules[0].paths[1]",
                 [](C& c) {
                     c.sku.tier = ApplicationGatewayTier::Standard;
                     c.frontendPorts[0].port = 65503;
                 }},
            });
        Add("AG-45 certificates and profiles",
            {
                {"sslProfiles[0].trustedClientCertificates[0]",
                 [](C& c) { c.trustedClientCertificates.clear(); }},
                {"httpListeners[1].sslProfile", [](C& c) { c.sslProfiles.clear(); }},
                {"sslCertificates[0].name httpListeners[1].sslCertificate",
                 [](C& c) { c.sslCertificates[0].name = ""; }},
                {"trustedClientCertificates", [](C& c) { Fill(c.trustedClientCertificates, 201); }},
                {"sslProfiles[0].trustedClientCertificates",
                 [](C& c) { c.sslProfiles[0].trustedClientCertificates.resize(101, "clients"); }},
            });
        Add("AG-28 the firewall needs request buffering",
            {
                {"", [](C& c) { c.globalConfiguration.enableRequestBuffering = false; }},
                {"globalConfiguration.enableRequestBuffering",
                 [](C& c) {
                     c.sku.tier = ApplicationGatewayTier::WafV2;
                     c.globalConfiguration.enableRequestBuffering = false;
                 }},
            });
    }

    /// Listeners and their hosts.
    void AddListenerCases()
    {
        Add("AG-9 a listener names things that are there",
            {
                {"httpListeners[0].frontendPort",
                 [](C& c) { c.httpListeners[0].frontendPort = "port81"; }},
                {"httpListeners[0].frontendPort",
                 [](C& c) { c.httpListeners[0].frontendPort = ""; }},
                {"httpListeners[0].frontendIPConfiguration",
                 [](C& c) { c.httpListeners[0].frontendIpConfiguration = "private"; }},
                {"httpListeners[1].sslCertificate",
                 [](C& c) { c.httpListeners[1].sslCertificate = ""; }},
                {"httpListeners[0].sslCertificate",
                 [](C& c) { c.httpListeners[0].sslCertificate = "site"; }},
                {"httpListeners[0].sslProfile",
                 [](C& c) { c.httpListeners[0].sslProfile = "mutual"; }},
                {"httpListeners[0].name requestRoutingRules[0].httpListener",
                 [](C& c) { c.httpListeners[0].name = ""; }},
            });
        Add("AG-9 address, port and host lead to one listener, with one protocol",
            {
                {"httpListeners[3]",
                 [](C& c) { c.httpListeners.push_back(MakeListener("other", "port80")); }},
                {"httpListeners[3]",
                 [](C& c) {
                     c.httpListeners.push_back(
                         MakeListener("other", "port8080", {"a.org", "WWW.contoso.com"}));
                 }},
                {"",
                 [](C& c) {
                     c.httpListeners.push_back(MakeListener("other", "port80", {"a.org"}));
                 }},
                {"httpListeners[3].protocol",
                 [](C& c) {
                     c.httpListeners.push_back(MakeListener("other", "port443", {"a.org"}));
                 }},
            });
        Add("AG-10 hosts of a listener",
            {
                {"httpListeners[1].hostNames[1]",
                 [](C& c) { c.httpListeners[1].hostNames[1] = "**.contoso.com"; }},
                {"httpListeners[1].hostNames[0]",
                 [](C& c) { c.httpListeners[1].hostNames[0] = "(a|b).contoso.com"; }},
                {"httpListeners[2].hostName redirectConfigurations[0].targetListener",
                 [](C& c) { c.httpListeners[2].hostName = "*.contoso.com"; }},
                {"httpListeners[2].hostName redirectConfigurations[0].targetListener",
                 [](C& c) { c.httpListeners[2].hostNames = {"fabrikam.com"}; }},
                {"httpListeners[1].hostNames",
                 [](C& c) { c.httpListeners[1].hostNames = {"a", "b", "c", "d", "e", "f"}; }},
                {"", [](C& c) { c.httpListeners[1].hostNames = {"a", "b", "c", "d", "e"}; }},
            });
    }

    /// Rules, URL path maps and redirects.
    void AddRuleCases()
    {
        Add("AG-11 AG-12 priorities are there, within bounds and unique",
            {
                {"requestRoutingRules[0].priority",
                 [](C& c) { c.requestRoutingRules[0].priority.reset(); }},
                {"requestRoutingRules[0].priority",
                 [](C& c) { c.requestRoutingRules[0].priority = 0; }},
                {"requestRoutingRules[0].priority",
                 [](C& c) { c.requestRoutingRules[0].priority = 20001; }},
                {"", [](C& c) { c.requestRoutingRules[0].priority = 20000; }},
                {"requestRoutingRules[2].priority",
                 [](C& c) { c.requestRoutingRules[2].priority = 20; }},
            });
        Add("AG-14 a rule has one listener and one destination",
            {
                {"requestRoutingRules[0].httpListener",
                 [](C& c) { c.requestRoutingRules[0].httpListener = "nobody"; }},
                {"requestRoutingRules[0].httpListener",
                 [](C& c) { c.requestRoutingRules[0].httpListener = ""; }},
                {"requestRoutingRules[2].httpListener",
                 [](C& c) { c.requestRoutingRules[2].httpListener = "ANY"; }},
                {"requestRoutingRules[0].backendAddressPool",
                 [](C& c) { c.requestRoutingRules[0].backendAddressPool = "missing"; }},
                {"requestRoutingRules[0].backendAddressPool",
                 [](C& c) { c.requestRoutingRules[0].backendAddressPool = ""; }},
                {"requestRoutingRules[0].backendHttpSettings",
                 [](C& c) { c.requestRoutingRules[0].backendHttpSettings = ""; }},
                {"requestRoutingRules[0].redirectConfiguration",
                 [](C& c) { c.requestRoutingRules[0].redirectConfiguration = "to-site"; }},
                {"requestRoutingRules[0].rewriteRuleSet",
                 [](C& c) { c.requestRoutingRules[0].rewriteRuleSet = "missing"; }},
                {"requestRoutingRules[0].urlPathMap",
                 [](C& c) { c.requestRoutingRules[0].urlPathMap = "map"; }},
                {"requestRoutingRules[1].urlPathMap",
                 [](C& c) { c.requestRoutingRules[1].urlPathMap = ""; }},
                {"requestRoutingRules[1].urlPathMap",
                 [](C& c) { c.requestRoutingRules[1].urlPathMap = "missing"; }},
                {"requestRoutingRules[1].backendAddressPool",
                 [](C& c) { c.requestRoutingRules[1].backendAddressPool = "web"; }},
                {"requestRoutingRules[1].name",
                 [](C& c) { c.requestRoutingRules[1].name = "RULE"; }},
            });
        Add("AG-14 AG-15 URL path maps",
            {
                {"urlPathMaps[0].defaultBackendAddressPool",
                 [](C& c) { c.urlPathMaps[0].defaultBackendAddressPool = ""; }},
                {"urlPathMaps[0].defaultBackendHttpSettings",
                 [](C& c) { c.urlPathMaps[0].defaultBackendHttpSettings = "missing"; }},
                {"urlPathMaps[0].defaultRedirectConfiguration",
                 [](C& c) { c.urlPathMaps[0].defaultRedirectConfiguration = "to-site"; }},
                {"urlPathMaps[0].pathRules", [](C& c) { c.urlPathMaps[0].pathRules.clear(); }},
                {"urlPathMaps[0].pathRules[0].paths",
                 [](C& c) { c.urlPathMaps[0].pathRules[0].paths.clear(); }},
                {"urlPathMaps[0].pathRules[0].paths[1]",
                 [](C& c) { c.urlPathMaps[0].pathRules[0].paths[1] = "/images/*.jpg"; }},
                {"urlPathMaps[0].pathRules[0].paths[0]",
                 [](C& c) { c.urlPathMaps[0].pathRules[0].paths[0] = "images"; }},
                {"urlPathMaps[0].pathRules[0].backendAddressPool",
                 [](C& c) { c.urlPathMaps[0].pathRules[0].backendAddressPool = "missing"; }},
                {"urlPathMaps[0].pathRules[1].redirectConfiguration",
                 [](C& c) { c.urlPathMaps[0].pathRules[1].backendAddressPool = "web"; }},
                {"urlPathMaps[0].pathRules[1].name",
                 [](C& c) { c.urlPathMaps[0].pathRules[1].name = "Images"; }},
            });
        Add("AG-18 a redirect leads to one listener with one host, or to a URL",
            {
                {"redirectConfigurations[0].targetListener",
                 [](C& c) { c.redirectConfigurations[0].targetListener = ""; }},
                {"redirectConfigurations[0].targetListener",
                 [](C& c) { c.redirectConfigurations[0].targetListener = "missing"; }},
                {"redirectConfigurations[0].targetListener",
                 [](C& c) { c.redirectConfigurations[0].targetUrl = "https://example.com"; }},
                {"redirectConfigurations[0].targetListener",
                 [](C& c) { c.redirectConfigurations[0].targetListener = "secure"; }},
                {"redirectConfigurations[0].targetListener",
                 [](C& c) {
                     c.httpListeners[1].hostNames = {"*.contoso.com"};
                     c.redirectConfigurations[0].targetListener = "secure";
                 }},
                {"", [](C& c) { c.redirectConfigurations[0].targetListener = "any"; }},
                {"redirectConfigurations[1].targetUrl",
                 [](C& c) { c.redirectConfigurations[1].targetUrl = "example.com"; }},
                {"requestRoutingRules[2].redirectConfiguration "
                 "urlPathMaps[0].pathRules[1].redirectConfiguration",
                 [](C& c) { c.redirectConfigurations.pop_back(); }},
            });
    }

    /// Pools, backend settings and probes.
    void AddBackendCases()
    {
        Add("AG-26 members of a pool are addresses or names, and differ",
            {
                {"backendAddressPools[0].backendAddresses[1]",
                 [](C& c) { c.backendAddressPools[0].backendAddresses[1] = Server(0); }},
                {"backendAddressPools[0].backendAddresses[1]",
                 [](C& c) { c.backendAddressPools[0].backendAddresses[1] = {}; }},
                {"backendAddressPools[0].backendAddresses[1]",
                 [](C& c) { c.backendAddressPools[0].backendAddresses[1].fqdn = "a.org"; }},
                {"backendAddressPools[0].backendAddresses[1]",
                 [](C& c) {
                     c.backendAddressPools[0].backendAddresses[1].ipAddress =
                         MakeAddress(20, 0, 0, 4);
                 }},
                {"", [](C& c) { c.backendAddressPools[0].backendAddresses.clear(); }},
            });
        Add("AG-26 AG-27 AG-47 backend settings",
            {
                {"backendHttpSettingsCollection[0].port",
                 [](C& c) { c.backendHttpSettingsCollection[0].port = 0; }},
                {"backendHttpSettingsCollection[0].requestTimeout",
                 [](C& c) { c.backendHttpSettingsCollection[0].requestTimeout = Seconds(0); }},
                {"backendHttpSettingsCollection[0].requestTimeout",
                 [](C& c) { c.backendHttpSettingsCollection[0].requestTimeout = Seconds(86401); }},
                {"",
                 [](C& c) { c.backendHttpSettingsCollection[0].requestTimeout = Seconds(86400); }},
                {"backendHttpSettingsCollection[1].connectionDraining.drainTimeoutInSec",
                 [](C& c) {
                     c.backendHttpSettingsCollection[1].connectionDraining.drainTimeout =
                         Seconds(3601);
                 }},
                {"",
                 [](C& c) {
                     c.backendHttpSettingsCollection[0].connectionDraining.drainTimeout =
                         Seconds(0);
                 }},
                {"backendHttpSettingsCollection[1].hostName",
                 [](C& c) {
                     c.backendHttpSettingsCollection[1].pickHostNameFromBackendAddress = true;
                 }},
                {"backendHttpSettingsCollection[0].path",
                 [](C& c) { c.backendHttpSettingsCollection[0].path = "override/"; }},
                {"backendHttpSettingsCollection[0].affinityCookieName",
                 [](C& c) { c.backendHttpSettingsCollection[0].affinityCookieName = "a b"; }},
                {"backendHttpSettingsCollection[1].probe",
                 [](C& c) { c.backendHttpSettingsCollection[1].probe = "missing"; }},
                {"backendHttpSettingsCollection[1].trustedRootCertificates[0]",
                 [](C& c) { c.trustedRootCertificates.clear(); }},
                {"backendHttpSettingsCollection[0].trustedRootCertificates",
                 [](C& c) {
                     c.backendHttpSettingsCollection[0].trustedRootCertificates = {"root"};
                 }},
            });
        Add("HP-21 probes",
            {
                {"probes[0].interval", [](C& c) { c.probes[0].interval = Seconds(0.5); }},
                {"probes[0].interval", [](C& c) { c.probes[0].interval = Seconds(86401); }},
                {"probes[0].timeout", [](C& c) { c.probes[0].timeout = Seconds(0); }},
                {"", [](C& c) { c.probes[0].timeout = Seconds(86400); }},
                {"probes[0].unhealthyThreshold", [](C& c) { c.probes[0].unhealthyThreshold = 0; }},
                {"probes[0].unhealthyThreshold", [](C& c) { c.probes[0].unhealthyThreshold = 21; }},
                {"probes[0].path", [](C& c) { c.probes[0].path = "health"; }},
                {"probes[0].host", [](C& c) { c.probes[0].host = "contoso.com"; }},
                {"probes[0].host",
                 [](C& c) { c.probes[0].pickHostNameFromBackendHttpSettings = false; }},
                {"probes[0].host",
                 [](C& c) {
                     c.probes[0].pickHostNameFromBackendHttpSettings = false;
                     c.probes[0].host = "contoso.com\r\nX: y";
                 }},
                {"probes[0].pickHostNameFromBackendHttpSettings",
                 [](C& c) { c.backendHttpSettingsCollection[1].hostName = ""; }},
                {"probes[0].match.statusCodes[1]",
                 [](C& c) { c.probes[0].match.statusCodes[1] = "4xx"; }},
                {"probes[0].match.statusCodes[0]",
                 [](C& c) { c.probes[0].match.statusCodes[0] = "399-200"; }},
                {"probes[0].match.statusCodes[0]",
                 [](C& c) { c.probes[0].match.statusCodes[0] = "200-600"; }},
                {"probes[0].match.statusCodes[0]",
                 [](C& c) { c.probes[0].match.statusCodes[0] = ""; }},
                {"probes[0].match.body",
                 [](C& c) { c.probes[0].match.body = std::string(4091, 'x'); }},
                {"", [](C& c) { c.probes[0].match.body = std::string(4090, 'x'); }},
            });
    }

    /// Rewrite sets.
    void AddRewriteCases()
    {
        const std::string rule = "rewriteRuleSets[0].rewriteRules[0].";
        static const std::string header =
            rule + "actionSet.requestHeaderConfigurations[0].headerName";
        static const std::string answer =
            rule + "actionSet.responseHeaderConfigurations[0].headerName";
        static const std::string reroute = rule + "actionSet.urlConfiguration.reroute";
        static const std::string pattern = rule + "conditions[0].pattern";
        static const std::string variable = rule + "conditions[0].variable";
        const auto request = [](const char* name, const char* value) {
            return
                [name, value](C& c) { Actions(c).requestHeaderConfigurations = {{name, value}}; };
        };
        const auto response = [](const char* name) {
            return [name](C& c) { Actions(c).responseHeaderConfigurations = {{name, "x"}}; };
        };
        Add("AG-19 what cannot be rewritten",
            {
                {header.c_str(), request("Connection", "x")},
                {header.c_str(), request("upgrade", "x")},
                {header.c_str(), request("Host", "")},
                {"", request("Host", "x")},
                {header.c_str(), request("X_Id", "x")},
                {header.c_str(), request("", "x")},
                {answer.c_str(), response("Upgrade")},
                {answer.c_str(), response("a b")},
                {"", response("X_Id")},
                {pattern.c_str(),
                 [](C& c) {
                     c.rewriteRuleSets[0].rewriteRules[0].conditions[0].pattern = "(?=lookahead)";
                 }},
                {variable.c_str(),
                 [](C& c) {
                     c.rewriteRuleSets[0].rewriteRules[0].conditions[0].variable = "uri_path";
                 }},
            });
        Add("AG-19 what would go round in circles",
            {
                {reroute.c_str(), [](C& c) { c.requestRoutingRules[0].rewriteRuleSet = "set"; }},
                {"",
                 [](C& c) {
                     c.requestRoutingRules[0].rewriteRuleSet = "set";
                     Actions(c).urlConfiguration->reroute = false;
                 }},
                {reroute.c_str(),
                 [](C& c) { c.rewriteRuleSets[0].rewriteRules[0].conditions.clear(); }},
                {reroute.c_str(), [](C& c) { Actions(c).urlConfiguration->modifiedPath.reset(); }},
            });
    }

    /// Numbers of things.
    void AddLimitCases()
    {
        const auto ports = [](size_t count) {
            return [count](C& c) {
                while (c.frontendPorts.size() < count)
                {
                    const auto number = static_cast<uint16_t>(1000 + c.frontendPorts.size());
                    c.frontendPorts.push_back({"port" + std::to_string(number), number});
                }
            };
        };
        const auto members = [](size_t count) {
            return [count](C& c) {
                auto& addresses = c.backendAddressPools[0].backendAddresses;
                while (addresses.size() < count)
                {
                    addresses.emplace_back();
                    addresses.back().fqdn = "vm" + std::to_string(addresses.size());
                }
            };
        };
        const auto listeners = [](size_t count, size_t rules) {
            return [count, rules](C& c) {
                while (c.httpListeners.size() < count)
                {
                    const auto name = "host" + std::to_string(c.httpListeners.size());
                    c.httpListeners.push_back(MakeListener(name, "port80", {name}));
                    if (c.requestRoutingRules.size() < rules)
                    {
                        c.requestRoutingRules.push_back(
                            MakeRule(name,
                                     1000 + static_cast<uint32_t>(c.httpListeners.size()),
                                     name));
                    }
                }
            };
        };
        const auto paths = [](size_t count) {
            return [count](C& c) { Fill(c.urlPathMaps[0].pathRules, count); };
        };
        Add("AG-63 the number of parts",
            {
                {"", ports(100)},
                {"frontendPorts", ports(101)},
                {"", [](C& c) { Fill(c.backendAddressPools, 100); }},
                {"backendAddressPools", [](C& c) { Fill(c.backendAddressPools, 101); }},
                {"", members(1200)},
                {"backendAddressPools[0].backendAddresses", members(1201)},
                {"", listeners(200, 0)},
                {"httpListeners", listeners(201, 0)},
                {"", listeners(110, 101)},
                {"httpListeners", listeners(110, 102)},
                {"", [](C& c) { Fill(c.backendHttpSettingsCollection, 100); }},
                {"backendHttpSettingsCollection",
                 [](C& c) { Fill(c.backendHttpSettingsCollection, 101); }},
                {"", paths(100)},
                {"urlPathMaps[0].pathRules", paths(101)},
                {"", [](C& c) { Fill(c.rewriteRuleSets, 400); }},
                {"rewriteRuleSets", [](C& c) { Fill(c.rewriteRuleSets, 401); }},
                {"", [](C& c) { Fill(c.redirectConfigurations, 100); }},
                {"redirectConfigurations", [](C& c) { Fill(c.redirectConfigurations, 101); }},
            });
        const auto basic = [](const std::function<void(C&)>& make) {
            return [make](C& c) {
                c.sku.tier = ApplicationGatewayTier::Basic;
                make(c);
            };
        };
        Add("AG-54 the smaller numbers of the Basic SKU",
            {
                {"", basic(members(5))},
                {"backendAddressPools[0].backendAddresses", basic(members(6))},
                {"", basic(listeners(5, 5))},
                {"httpListeners", basic(listeners(6, 5))},
                {"httpListeners requestRoutingRules", basic(listeners(6, 6))},
                {"backendAddressPools", basic([](C& c) { Fill(c.backendAddressPools, 6); })},
            });
    }
};

/** Registers the suite. */
ApplicationGatewayConfigurationTestSuite g_applicationGatewayConfigurationTestSuite;

} // namespace
