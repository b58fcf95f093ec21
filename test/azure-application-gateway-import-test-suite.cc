/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-import-fixture.h"

#include <functional>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Where the inputs are.
const std::string g_examples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/// What a test case looks at.
using Look = std::function<void(FunctionTestCase&, const DeploymentConfiguration&)>;

/// Reading of application gateways.
class ApplicationGatewayImportTestSuite : public TestSuite
{
  public:
    ApplicationGatewayImportTestSuite()
        : TestSuite("azure-application-gateway-import", Type::UNIT)
    {
        AddFields();
        AddExamples();
        AddMembers();
        AddNotices();
    }

  private:
    /**
     * @brief Adds a case for an input without errors.
     * @param name name of the case
     * @param read reads the input
     * @param look what to look at; there is one gateway
     */
    void Add(const std::string& name,
             const std::function<DeploymentConfiguration()>& read,
             const Look& look)
    {
        AddTestCase(new FunctionTestCase(
                        TestName(name),
                        [read, look](FunctionTestCase& t) {
                            const auto deployment = read();
                            for (const auto& error : deployment.errors)
                            {
                                t.Equal(error.ToText(), std::string(), "no error expected");
                            }
                            t.Equal(deployment.applicationGateways.size(), 1, "gateways");
                            if (deployment.applicationGateways.size() == 1)
                            {
                                look(t, deployment);
                            }
                        }),
                    Duration::QUICK);
    }

    /** As Add(), for a text. */
    void AddText(const std::string& name, const std::string& text, const Look& look)
    {
        Add(name, [text] { return ResourceImporter().Import(text); }, look);
    }

    /** As Add(), for a file below examples/azure, with its parameters. */
    void AddFile(const std::string& file, const Look& look)
    {
        const auto read = [file] {
            const auto end = file.rfind("azuredeploy.json");
            return ResourceImporter().ImportFile(g_examples + file,
                                                 end == std::string::npos
                                                     ? ""
                                                     : g_examples + file.substr(0, end) +
                                                           "azuredeploy.parameters.json");
        };
        Add(file, read, look);
    }

    void AddFields();        //!< every field of a gateway
    void AddRoutingFields(); //!< those of listeners, rules, redirects and rewriting
    void AddLayer4Fields();  //!< those of layer 4
    void AddExamples();      //!< Azure's own templates and replies
    void AddMembers();       //!< network interfaces in pools
    void AddNotices();       //!< what has no effect
};

void
ApplicationGatewayImportTestSuite::AddFields()
{
    AddText("Place, size and backends", SoundGateway(), [](auto& t, const auto& deployment) {
        const auto& gateway = deployment.applicationGateways[0];
        t.Equal(gateway.region, "eastus", "region");
        t.Equal(gateway.virtualNetwork + "/" + gateway.subnet, "net/gw", "subnet");
        t.Check(gateway.configuration.zones == std::vector<std::string>{"1", "2"}, "zones");
        const auto& c = gateway.configuration;
        t.Equal(c.name, "g", "name");
        t.Check(c.sku.tier == ApplicationGatewayTier::StandardV2, "tier");
        t.Equal(c.sku.capacity.value_or(0), 3, "capacity");
        t.Check(!c.globalConfiguration.enableRequestBuffering, "request buffering");
        t.Check(c.globalConfiguration.enableResponseBuffering, "response buffering");
        t.Equal(c.frontendIpConfigurations.size(), 2, "frontends");
        t.Check(c.frontendIpConfigurations[0].isPublic, "the first is public");
        t.Equal(ToText(c.frontendIpConfigurations[0].address), "20.1.2.3", "public address");
        t.Check(!c.frontendIpConfigurations[1].isPublic, "the second is private");
        t.Equal(ToText(c.frontendIpConfigurations[1].address), "10.0.0.10", "private address");
        t.Equal(c.frontendPorts.at(1).port, 443, "port");
        t.Equal(c.sslCertificates.at(0).name, "cert", "certificate");
        t.Equal(c.trustedClientCertificates.at(0).subject, "CN=ca", "CA of clients");
        const auto& profile = c.sslProfiles.at(0);
        t.Check(profile.verifyClientAuthMode == ClientAuthMode::Passthrough, "mode");
        t.Check(profile.verifyClientCertIssuerDn, "issuer");
        t.Equal(profile.trustedClientCertificates.at(0), "ca", "CA of the profile");
        const auto& members = c.backendAddressPools.at(0).backendAddresses;
        t.Equal(members.size(), 3, "members");
        t.Equal(members[0].GetText(), "10.0.1.20", "address");
        t.Check(!members[0].external, "in the virtual network");
        t.Equal(members[1].fqdn, "www.example.com", "domain name");
        t.Check(members[1].external, "a domain name is in the internet");
        t.Check(members[2].external, "a public address is in the internet");
        t.Equal(c.backendAddressPools.at(1).backendAddresses.size(), 1, "members by NIC");
        const auto& nic = deployment.networkInterfaces.at(0).ipConfigurations.at(0);
        t.Equal(nic.applicationGatewayBackendAddressPools.at(0), "g/other", "pool of the NIC");
        const auto& probe = c.probes.at(0);
        t.Check(probe.protocol == ApplicationGatewayProtocol::Https, "protocol of the probe");
        t.Equal(probe.host + probe.path, "a.net/health", "URL of the probe");
        t.Check(probe.interval == Seconds(7) && probe.timeout == Seconds(5), "times of the probe");
        t.Equal(probe.unhealthyThreshold, 2, "threshold");
        t.Equal(probe.port, 8443, "port of the probe");
        t.Equal(probe.minServers, 1, "servers that count as healthy");
        t.Check(probe.match.statusCodes == std::vector<std::string>{"200-399", "401"}, "codes");
        t.Equal(probe.match.body, "ok", "body");
        const auto& settings = c.backendHttpSettingsCollection.at(0);
        t.Check(settings.protocol == ApplicationGatewayProtocol::Https, "protocol of backends");
        t.Equal(settings.port, 8080, "port of backends");
        t.Check(settings.cookieBasedAffinity && settings.dedicatedBackendConnection, "switches");
        t.Equal(settings.affinityCookieName, "c", "cookie");
        t.Check(settings.requestTimeout == Seconds(9), "request timeout");
        t.Check(settings.GetDrainTimeout() == Seconds(60), "draining");
        t.Equal(settings.probe + settings.hostName + settings.path, "hb.net/x/", "texts");
        t.Equal(settings.trustedRootCertificates.at(0), "root", "trusted root");
        t.Check(!settings.validateCertChainAndExpiry && settings.validateSni, "checks (AG-43)");
        t.Equal(settings.sniName, "c.net", "name for TLS");
    });
    AddRoutingFields();
    AddLayer4Fields();
    AddText("AG-50 Autoscaling takes the place of a capacity in a template",
            SoundGateway(R"(,"capacity":3})", R"(},"autoscaleConfiguration":{"minCapacity":"4"})"),
            [](auto& t, const auto& deployment) {
                const auto& c = deployment.applicationGateways[0].configuration;
                t.Check(!c.sku.capacity.has_value(), "no capacity");
                t.Equal(c.autoscaleConfiguration->minCapacity, 4, "least");
                t.Equal(c.autoscaleConfiguration->maxCapacity, 20, "greatest (AG-50)");
            });
    AddText("The name of the SKU stands in for its tier",
            SoundGateway(R"("tier":"Standard_v2",)", ""),
            [](auto& t, const auto& deployment) {
                const auto tier = deployment.applicationGateways[0].configuration.sku.tier;
                t.Check(tier == ApplicationGatewayTier::StandardV2, "tier");
            });
    AddText("AG-12 Without priorities in a template, the rule for one host comes first",
            SoundGateway(R"("priority":20,)", "")
                .replace(SoundGateway(R"("priority":20,)", "").find(R"("priority":10,)"), 14, ""),
            [](auto& t, const auto& deployment) {
                const auto& rules =
                    deployment.applicationGateways[0].configuration.requestRoutingRules;
                t.Equal(rules[0].priority.value_or(0), 20, "wildcards");
                t.Equal(rules[1].priority.value_or(0), 10, "one host");
                const auto notice = std::find_if(
                    deployment.assumed.begin(),
                    deployment.assumed.end(),
                    [](const auto& other) { return other.what.rfind("priorities", 0) == 0; });
                t.Check(notice != deployment.assumed.end(), "a notice is due");
                t.Equal(notice->path, g_gateway + "requestRoutingRules", "path");
            });
}

void
ApplicationGatewayImportTestSuite::AddLayer4Fields()
{
    AddText("AG-59 Listeners, backend settings and rules of layer 4",
            SoundGateway(R"("globalConfiguration")", Layer4Properties()),
            [](auto& t, const auto& deployment) {
                const auto& c = deployment.applicationGateways[0].configuration;
                t.Equal(c.Validate().size(), 0, "nothing is wrong with it");
                t.Equal(c.backendSettingsCollection.size(), 2, "settings");
                const auto& raw = c.backendSettingsCollection.at(0);
                t.Check(raw.protocol == ApplicationGatewayProtocol::Tcp, "protocol");
                t.Equal(raw.port, 1433, "port");
                t.Check(raw.timeout == Seconds(20) && raw.probe.empty(), "what is left out");
                const auto& tls = c.backendSettingsCollection.at(1);
                t.Check(tls.protocol == ApplicationGatewayProtocol::Tls, "protocol with TLS");
                t.Check(tls.timeout == Seconds(300), "timeout");
                t.Equal(tls.hostName + tls.probe, "mq.neth", "texts");
                t.Equal(tls.trustedRootCertificates.at(0), "root", "trusted root");
                t.Check(!tls.enableL4ClientIpPreservation, "no server reads the PROXY protocol");
                t.Check(std::any_of(deployment.notModelled.begin(),
                                    deployment.notModelled.end(),
                                    [](const auto& notice) {
                                        return notice.what.find("enableL4ClientIpPreservation") !=
                                               std::string::npos;
                                    }),
                        "which is told");
                t.Equal(c.listeners.size(), 2, "listeners");
                t.Equal(c.listeners[0].frontendIpConfiguration + c.listeners[0].frontendPort,
                        "pubp80",
                        "where it listens");
                const auto& mq = c.listeners[1];
                t.Check(mq.protocol == ApplicationGatewayProtocol::Tls, "protocol of the listener");
                t.Check(mq.hostNames == std::vector<std::string>{"mq.example.com"}, "hosts");
                t.Equal(mq.sslCertificate + mq.sslProfile, "certmtls", "TLS");
                t.Equal(c.routingRules.size(), 2, "rules");
                const auto& rule = c.routingRules[0];
                t.Equal(rule.priority.value_or(0), 5, "priority");
                t.Equal(rule.listener + rule.backendAddressPool + rule.backendSettings,
                        "sqlotherraw",
                        "what it ties together");
            });
    for (const std::string part : {"listeners", "backendSettingsCollection", "routingRules"})
    {
        AddTestCase(new FunctionTestCase(
                        "AG-59 HTTP has no place in " + part,
                        [part](FunctionTestCase& t) {
                            const auto text = SoundGateway(
                                R"("globalConfiguration")",
                                "\"" + part +
                                    R"(":[{"name":"x","properties":{"protocol":"Http","port":80,)"
                                    R"("listener":)" +
                                    PartOfGateway("httpListeners", "web") +
                                    R"(}}],"globalConfiguration")");
                            const auto errors = ResourceImporter().Import(text).errors;
                            t.Equal(errors.size(), 1, "it is said");
                            const auto path = g_gateway + part + "[0].properties.";
                            const bool isRule = part == "routingRules";
                            t.Equal(errors.empty() ? "" : errors[0].path,
                                    path + (isRule ? "listener.id" : "protocol"),
                                    "where");
                        }),
                    Duration::QUICK);
    }
}

void
ApplicationGatewayImportTestSuite::AddRoutingFields()
{
    AddText("Listeners, rules and rewriting", SoundGateway(), [](auto& t, const auto& deployment) {
        const auto& c = deployment.applicationGateways[0].configuration;
        const auto& listener = c.httpListeners.at(0);
        t.Equal(listener.frontendIpConfiguration, "pub", "frontend");
        t.Equal(listener.frontendPort, "p443", "port");
        t.Check(listener.protocol == ApplicationGatewayProtocol::Https, "protocol");
        t.Equal(listener.sslCertificate + listener.sslProfile, "certmtls", "TLS");
        t.Check(listener.hostNames == std::vector<std::string>{"*.example.com", "a.net"}, "hosts");
        t.Check(listener.requireServerNameIndication, "SNI");
        t.Equal(c.httpListeners.at(1).hostName, "plain.net", "single host");
        const auto& redirect = c.redirectConfigurations.at(0);
        t.Check(redirect.redirectType == RedirectType::Found, "kind of redirect");
        t.Equal(redirect.targetUrl, "https://x.net", "URL");
        t.Check(redirect.includeQueryString && !redirect.includePath, "what is kept");
        const auto& rewrite = c.rewriteRuleSets.at(0).rewriteRules.at(0);
        t.Equal(rewrite.ruleSequence, 7, "sequence");
        const auto& condition = rewrite.conditions.at(0);
        t.Equal(condition.variable + condition.pattern, "var_uri_path^/a", "condition");
        t.Check(condition.ignoreCase && condition.negate, "switches of the condition");
        const auto& actions = rewrite.actionSet;
        t.Equal(actions.requestHeaderConfigurations.at(0).headerName, "X-A", "header");
        t.Equal(actions.requestHeaderConfigurations.at(0).headerValue, "1", "value");
        t.Equal(actions.responseHeaderConfigurations.at(0).headerValue, "", "removed");
        t.Equal(actions.urlConfiguration->modifiedPath.value_or(""), "/b", "path");
        t.Check(!actions.urlConfiguration->modifiedQueryString.has_value(), "query");
        t.Check(actions.urlConfiguration->reroute, "reroute");
        const auto& map = c.urlPathMaps.at(0);
        t.Equal(map.defaultRedirectConfiguration, "to", "default");
        const auto& rule = map.pathRules.at(0);
        t.Check(rule.paths == std::vector<std::string>{"/img/*", "/pic/*"}, "paths");
        t.Equal(rule.backendAddressPool + rule.backendHttpSettings + rule.rewriteRuleSet,
                "poolsrw",
                "where paths lead");
        const auto& first = c.requestRoutingRules.at(0);
        t.Check(first.ruleType == RequestRoutingRuleType::PathBasedRouting, "kind of rule");
        t.Equal(first.httpListener + first.urlPathMap, "webmap", "first rule");
        t.Equal(first.priority.value_or(0), 20, "priority");
        const auto& second = c.requestRoutingRules.at(1);
        t.Check(second.ruleType == RequestRoutingRuleType::Basic, "kind of rule");
        t.Equal(second.httpListener + second.backendAddressPool + second.backendHttpSettings,
                "plainothers",
                "second rule");
    });
}

void
ApplicationGatewayImportTestSuite::AddExamples()
{
    AddFile("application-gateway-multihosting/azuredeploy.json",
            [](auto& t, const auto& deployment) {
                const auto& c = deployment.applicationGateways[0].configuration;
                t.Check(c.IsV1(), "v1");
                t.Equal(c.sku.capacity.value_or(0), 2, "capacity");
                t.Equal(c.httpListeners.at(1).frontendPort, "appGatewayFrontendPort2", "port");
                t.Check(c.httpListeners.at(0).requireServerNameIndication, "SNI");
                t.Check(!c.requestRoutingRules.at(0).priority.has_value(), "v1 has none");
                t.Equal(c.requestRoutingRules.at(1).backendAddressPool,
                        "appGatewayBackendPool2",
                        "pool");
                t.Equal(deployment.publicIpAddresses.at(0).name, "publicIp1", "public address");
            });
    AddFile("application-gateway-rewrite/azuredeploy.json", [](auto& t, const auto& deployment) {
        const auto& c = deployment.applicationGateways[0].configuration;
        t.Equal(c.requestRoutingRules.at(0).rewriteRuleSet, "RewriteRuleSet1", "as it is spelt");
        t.Check(c.probes.at(0).pickHostNameFromBackendHttpSettings, "host of the probe");
        t.Equal(c.backendHttpSettingsCollection.at(0).probe, "HttpCustomProbe", "probe");
        t.Equal(c.rewriteRuleSets.at(0).rewriteRules.at(0).ruleSequence, 100, "sequence");
        t.Equal(c.backendAddressPools.at(0).backendAddresses.at(0).GetText(), "10.0.1.13", "IP");
    });
    AddFile("application-gateway-url-path-based-routing/azuredeploy.json",
            [](auto& t, const auto& deployment) {
                const auto& c = deployment.applicationGateways[0].configuration;
                t.Check(c.sku.tier == ApplicationGatewayTier::WafV2, "tier");
                const auto& map = c.urlPathMaps.at(0);
                t.Equal(map.defaultBackendAddressPool, "appGatewayBackendPoolDefault", "default");
                t.Equal(map.pathRules.at(1).paths.at(0), "/videos*", "path");
                t.Equal(c.requestRoutingRules.at(0).priority.value_or(0), 100, "priority");
            });
    AddFile("application-gateway-v2-autoscale-create/azuredeploy.json",
            [](auto& t, const auto& deployment) {
                const auto& c = deployment.applicationGateways[0].configuration;
                t.Equal(c.autoscaleConfiguration->minCapacity, 2, "least");
                t.Equal(c.autoscaleConfiguration->maxCapacity, 10, "greatest");
                t.Equal(c.backendAddressPools.at(0).backendAddresses.size(), 2, "members");
                t.Equal(c.requestRoutingRules.at(0).priority.value_or(0), 10, "priority");
            });
    AddFile("rest/ApplicationGatewayGet.json", [](auto& t, const auto& deployment) {
        const auto& gateway = deployment.applicationGateways[0];
        const auto& c = gateway.configuration;
        t.Equal(gateway.subnet, "appgwsubnet", "subnet, made up");
        t.Equal(c.sku.capacity.value_or(0), 3, "capacity");
        t.Equal(c.backendAddressPools.at(1).backendAddresses.at(1).GetText(), "10.0.0.2", "IP");
        t.Equal(c.httpListeners.at(0).sslProfile, "sslProfile1", "profile");
        t.Check(c.sslProfiles.at(0).verifyClientAuthMode == ClientAuthMode::Strict, "mode");
        t.Equal(c.rewriteRuleSets.at(0).rewriteRules.at(0).ruleSequence, 102, "sequence");
        t.Equal(c.urlPathMaps.at(0).pathRules.at(0).paths.at(1), "/v1/api", "path");
        t.Check(c.backendHttpSettingsCollection.at(0).requestTimeout == Seconds(30), "timeout");
        const auto& prefix = deployment.virtualNetworks.at(0).subnets.at(0).addressPrefixes.at(0);
        t.Equal(prefix.ToText(), "10.0.1.0/24", "servers are not in the gateway's subnet");
    });
    AddFile("rest/recorded/appgw-multi-host-listener.json", [](auto& t, const auto& deployment) {
        const auto& c = deployment.applicationGateways[0].configuration;
        t.Equal(c.frontendPorts.at(1).port, 18080, "port");
        t.Equal(c.httpListeners.at(1).hostNames.at(0), "*.contoso.com", "host");
        t.Check(c.httpListeners.at(0).GetHosts().empty(), "a basic listener");
    });
    for (const char* file : {"rest/recorded/appgw-url-path-map-redirect-rewrite.json",
                             "rest/cli-shape-derived/appgw.json"})
    {
        AddFile(file, [](auto& t, const auto& deployment) {
            const auto& c = deployment.applicationGateways[0].configuration;
            t.Equal(c.httpListeners.at(1).hostName, "www.test.com", "host");
            t.Equal(c.redirectConfigurations.at(0).targetListener, "mylistener", "target");
            const auto& map = c.urlPathMaps.at(0);
            t.Equal(map.defaultRedirectConfiguration, "myconfig", "default");
            t.Equal(map.pathRules.at(0).redirectConfiguration, "myconfig", "first path");
            t.Equal(map.pathRules.at(1).backendHttpSettings, "http_settings", "second path");
            t.Check(c.backendHttpSettingsCollection.at(1).protocol ==
                        ApplicationGatewayProtocol::Https,
                    "protocol");
            t.Check(c.backendHttpSettingsCollection.at(0).GetDrainTimeout() == Seconds(30),
                    "draining is off (AG-47)");
        });
    }
}

void
ApplicationGatewayImportTestSuite::AddMembers()
{
    const std::string scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/";
    for (const auto& identity : {R"("id":")" + scope + R"(applicationGateways/g")",
                                 std::string(R"("type":"Microsoft.Network/applicationGateways")")})
    {
        AddText(
            identity + " names the network interfaces of a pool",
            "{" + identity + R"(,"name":"g","location":"westus","sku":{"tier":"Basic",)" +
                R"("capacity":2},"gatewayIPConfigurations":[{"name":"i","subnet":{"id":")" + scope +
                R"(virtualNetworks/net/subnets/gw"}}],"frontendIPConfigurations":[{"name":"f",)" +
                R"("subnet":{"id":")" + scope +
                R"(virtualNetworks/net/subnets/gw"},"privateIPAddress":"10.0.0.9"}],)" +
                R"("backendAddressPools":[{"name":"p","backendIPConfigurations":[{"id":")" + scope +
                R"(networkInterfaces/n1/ipConfigurations/a"},{"id":")" + scope +
                R"(networkInterfaces/n2/ipConfigurations/b"}]}]})",
            [](auto& t, const auto& deployment) {
                const auto& c = deployment.applicationGateways[0].configuration;
                const auto& members = c.backendAddressPools.at(0).backendAddresses;
                t.Equal(members.size(), 2, "members");
                t.Equal(members.at(0).GetText(), "10.0.1.4", "outside the gateway's subnet");
                t.Equal(deployment.virtualMachines.size(), 2, "machines");
                t.Equal(deployment.networkInterfaces.at(1)
                            .ipConfigurations.at(0)
                            .applicationGatewayBackendAddressPools.at(0),
                        "g/p",
                        "pool of the NIC");
            });
    }
}

void
ApplicationGatewayImportTestSuite::AddNotices()
{
    using Notices = NoticeTestCase::Notices;
    const auto add = [this](const std::string& from, const std::string& to, Notices notices) {
        AddTestCase(new NoticeTestCase("Notices: " + to, SoundGateway(from, to), notices, 0),
                    Duration::QUICK);
    };
    const std::string firewall = "the web application firewall is not modelled";
    const std::string pages = "custom error pages are not modelled";
    add("", "", {});
    add(R"("sku":{)",
        R"("enableHttp2":true,"webApplicationFirewallConfiguration":{"enabled":true},)"
        R"("firewallPolicy":{"id":"x"},"customErrorConfigurations":[{"statusCode":"x"}],)"
        R"("probesX":[1],"tags":{"a":"b"},"sku":{)",
        {{g_gateway + "enableHttp2", "HTTP/2 is not modelled; clients speak HTTP/1.1"},
         {g_gateway + "webApplicationFirewallConfiguration", firewall},
         {g_gateway + "firewallPolicy", firewall},
         {g_gateway + "customErrorConfigurations", pages},
         {g_gateway + "probesX", "the model does not know this property"}});
    add(R"("sku":{)", R"("enableHttp2":false,"firewallPolicy":null,"sku":{)", {});
    add(R"("requireServerNameIndication":true)",
        R"("requireServerNameIndication":true,"firewallPolicy":{"id":"x"},)"
        R"("customErrorConfigurations":[{"statusCode":"x"}])",
        {{g_gateway + "httpListeners[0].properties.firewallPolicy", firewall},
         {g_gateway + "httpListeners[0].properties.customErrorConfigurations", pages}});
    add(R"({"ipAddress":"8.8.8.8"})",
        R"({"ipAddress":"2001:db8::1","weight":2})",
        {{g_gateway + "backendAddressPools[0].properties.backendAddresses[2].weight",
          "the model does not know this property"},
         {g_gateway + "backendAddressPools[0].properties.backendAddresses[2]",
          "IPv6 is not modelled yet"}});
    add(R"("headerValue":"1")",
        R"("headerValue":"1","headerValueMatcher":{"pattern":"x"})",
        {{g_gateway + "rewriteRuleSets[0].properties.rewriteRules[0].actionSet"
                      ".requestHeaderConfigurations[0].headerValueMatcher",
          "single values of a header are not matched; the whole header is set"}});
    add(R"("probes":[)", R"("probes":[{"name":"l4","properties":{"protocol":"Tls"}},)", {});
    add(R"("priority":20,)",
        R"("priority":20,"backendAddressPool":)" + PartOfGateway("backendAddressPools", "pool") +
            ",",
        {{g_gateway + "requestRoutingRules[0].properties.backendAddressPool",
          "the URL path map says where requests of a path-based rule go"}});
    add(R"("privateIPAddress":"10.0.0.10")",
        R"("privateIPAddress":"2001:db8::1")",
        {{g_gateway + "frontendIPConfigurations[1]", "IPv6 is not modelled yet"},
         {g_gateway + "httpListeners[1]", "its frontend is IPv6, which is not modelled yet"},
         {g_gateway + "requestRoutingRules[1]", "its listener is not modelled yet"}});
    AddTestCase(new NoticeTestCase("A gateway that the input does not hold",
                                   Changed(R"("loadBalancerBackendAddressPools")",
                                           R"("applicationGatewayBackendAddressPools":[)" +
                                               PartOfGateway("backendAddressPools", "p") +
                                               R"(],"loadBalancerBackendAddressPools")"),
                                   {{"resources[2].properties.ipConfigurations[0].properties"
                                     ".applicationGatewayBackendAddressPools[0]",
                                     "the input does not hold its application gateway"}}),
                Duration::QUICK);
}

/** Registers the suite. */
ApplicationGatewayImportTestSuite g_applicationGatewayImportTestSuite;

} // namespace
