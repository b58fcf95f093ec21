/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_IMPORT_FIXTURE_H
#define AZURE_GATEWAY_IMPORT_FIXTURE_H

#include "azure-resource-fixture.h"

#include <string>

namespace ns3
{
namespace azure
{
namespace test
{

/// The start of paths in the gateway of SoundGateway().
inline const std::string g_gateway = "resources[2].properties.";

/**
 * @param type type of a part of the gateway `g`
 * @param name name of the part
 * @return a reference to it
 */
inline std::string
PartOfGateway(const std::string& type, const std::string& name)
{
    return Reference("Microsoft.Network/applicationGateways/" + type, "'g','" + name + "'");
}

/**
 * @param name name of a subnet of `net`
 * @return a reference to it
 */
inline std::string
Subnet(const std::string& name)
{
    return Reference("Microsoft.Network/virtualNetworks/subnets", "'net','" + name + "'");
}

/**
 * @return the properties of the gateway of SoundGateway()
 */
inline std::string
GatewayProperties()
{
    return R"("sku":{"name":"Standard_v2","tier":"Standard_v2","capacity":3},)"
           R"("gatewayIPConfigurations":[{"name":"ip","properties":{"subnet":)" +
           Subnet("gw") +
           R"(}}],"frontendIPConfigurations":[{"name":"pub","properties":{"publicIPAddress":)" +
           Reference("Microsoft.Network/publicIPAddresses", "'pip'") +
           R"(}},{"name":"priv","properties":{"privateIPAddress":"10.0.0.10","subnet":)" +
           Subnet("gw") +
           R"(}}],"frontendPorts":[{"name":"p80","properties":{"port":80}},)"
           R"({"name":"p443","properties":{"port":443}}],"sslCertificates":[{"name":"cert"}],)"
           R"("trustedRootCertificates":[{"name":"root"}],"trustedClientCertificates":[)"
           R"({"name":"ca","properties":{"clientCertIssuerDN":"CN=ca"}}],)"
           R"("sslProfiles":[{"name":"mtls","properties":{"clientAuthConfiguration":{)"
           R"("verifyClientAuthMode":"Passthrough","verifyClientCertIssuerDN":true},)"
           R"("trustedClientCertificates":[)" +
           PartOfGateway("trustedClientCertificates", "ca") +
           R"(]}}],"backendAddressPools":[{"name":"pool","properties":{"backendAddresses":[)"
           R"({"ipAddress":"10.0.1.20"},{"fqdn":"www.example.com"},{"ipAddress":"8.8.8.8"}]}},)"
           R"({"name":"other"}],"probes":[{"name":"h","properties":{"protocol":"Https",)"
           R"("host":"a.net","path":"/health","interval":7,"timeout":5,"unhealthyThreshold":2,)"
           R"("port":8443,"minServers":1,"match":{"statusCodes":["200-399",401],"body":"ok"}}}],)"
           R"("backendHttpSettingsCollection":[{"name":"s","properties":{"port":8080,)"
           R"("protocol":"Https","cookieBasedAffinity":"Enabled","affinityCookieName":"c",)"
           R"("requestTimeout":9,"connectionDraining":{"enabled":true,"drainTimeoutInSec":60},)"
           R"("hostName":"b.net","path":"/x/","dedicatedBackendConnection":true,)"
           R"("validateCertChainAndExpiry":false,"validateSNI":true,"sniName":"c.net","probe":)" +
           PartOfGateway("probes", "h") + R"(,"trustedRootCertificates":[)" +
           PartOfGateway("trustedRootCertificates", "root") +
           R"(]}}],"httpListeners":[{"name":"web","properties":{"protocol":"Https",)"
           R"("hostNames":["*.example.com","a.net"],"requireServerNameIndication":true,)"
           R"("frontendIPConfiguration":)" +
           PartOfGateway("frontendIPConfigurations", "pub") + R"(,"frontendPort":)" +
           PartOfGateway("frontendPorts", "p443") + R"(,"sslCertificate":)" +
           PartOfGateway("sslCertificates", "cert") + R"(,"sslProfile":)" +
           PartOfGateway("sslProfiles", "mtls") +
           R"(}},{"name":"plain","properties":{"protocol":"Http","hostName":"plain.net",)"
           R"("frontendIPConfiguration":)" +
           PartOfGateway("frontendIPConfigurations", "priv") + R"(,"frontendPort":)" +
           PartOfGateway("frontendPorts", "p80") +
           R"(}}],"redirectConfigurations":[{"name":"to","properties":{"redirectType":"Found",)"
           R"("targetUrl":"https://x.net","includeQueryString":true}}],"rewriteRuleSets":[)"
           R"({"name":"rw","properties":{"rewriteRules":[{"name":"one","ruleSequence":7,)"
           R"("conditions":[{"variable":"var_uri_path","pattern":"^/a","ignoreCase":true,)"
           R"("negate":true}],"actionSet":{"requestHeaderConfigurations":[{"headerName":"X-A",)"
           R"("headerValue":"1"}],"responseHeaderConfigurations":[{"headerName":"Server"}],)"
           R"("urlConfiguration":{"modifiedPath":"/b","reroute":true}}}]}}],"urlPathMaps":[)"
           R"({"name":"map","properties":{"defaultRedirectConfiguration":)" +
           PartOfGateway("redirectConfigurations", "to") +
           R"(,"pathRules":[{"name":"img","properties":{"paths":["/img/*","/pic/*"],)"
           R"("backendAddressPool":)" +
           PartOfGateway("backendAddressPools", "pool") + R"(,"backendHttpSettings":)" +
           PartOfGateway("backendHttpSettingsCollection", "s") + R"(,"rewriteRuleSet":)" +
           PartOfGateway("rewriteRuleSets", "rw") +
           R"(}}]}}],"requestRoutingRules":[{"name":"r1","properties":{)"
           R"("ruleType":"PathBasedRouting","priority":20,"httpListener":)" +
           PartOfGateway("httpListeners", "web") + R"(,"urlPathMap":)" +
           PartOfGateway("urlPathMaps", "map") +
           R"(}},{"name":"r2","properties":{"priority":10,"httpListener":)" +
           PartOfGateway("httpListeners", "plain") + R"(,"backendAddressPool":)" +
           PartOfGateway("backendAddressPools", "other") + R"(,"backendHttpSettings":)" +
           PartOfGateway("backendHttpSettingsCollection", "s") +
           R"(}}],"globalConfiguration":{"enableRequestBuffering":false})";
}

/**
 * @return a TCP listener on `pub` and a TLS one on `priv`, each with a rule and a setting, and a
 *         probe, for the gateway of SoundGateway(); replaces the start of its globalConfiguration
 */
inline std::string
Layer4Properties()
{
    return R"("backendSettingsCollection":[{"name":"raw","properties":{"port":1433,)"
           R"("protocol":"Tcp"}},{"name":"tls","properties":{"port":8883,"protocol":"Tls",)"
           R"("timeout":300,"hostName":"mq.net","enableL4ClientIpPreservation":true,"probe":)" +
           PartOfGateway("probes", "h") + R"(,"trustedRootCertificates":[)" +
           PartOfGateway("trustedRootCertificates", "root") +
           R"(]}}],"listeners":[{"name":"sql","properties":{"protocol":"Tcp",)"
           R"("frontendIPConfiguration":)" +
           PartOfGateway("frontendIPConfigurations", "pub") + R"(,"frontendPort":)" +
           PartOfGateway("frontendPorts", "p80") +
           R"(}},{"name":"mq","properties":{"protocol":"Tls","hostNames":["mq.example.com"],)"
           R"("frontendIPConfiguration":)" +
           PartOfGateway("frontendIPConfigurations", "priv") + R"(,"frontendPort":)" +
           PartOfGateway("frontendPorts", "p443") + R"(,"sslCertificate":)" +
           PartOfGateway("sslCertificates", "cert") + R"(,"sslProfile":)" +
           PartOfGateway("sslProfiles", "mtls") +
           R"(}}],"routingRules":[{"name":"l1","properties":{"ruleType":"Basic","priority":5,)"
           R"("listener":)" +
           PartOfGateway("listeners", "sql") + R"(,"backendAddressPool":)" +
           PartOfGateway("backendAddressPools", "other") + R"(,"backendSettings":)" +
           PartOfGateway("backendSettingsCollection", "raw") +
           R"(}},{"name":"l2","properties":{"priority":6,"listener":)" +
           PartOfGateway("listeners", "mq") + R"(,"backendAddressPool":)" +
           PartOfGateway("backendAddressPools", "pool") + R"(,"backendSettings":)" +
           PartOfGateway("backendSettingsCollection", "tls") + R"(}}],"globalConfiguration")";
}

/**
 * @param from text that occurs in the template; empty: change nothing
 * @param to what to write instead
 * @return a sound template with that change: network `net` with subnets `gw` and `be`, public
 *         address `pip`, gateway `g` with one part or two of every kind, and NIC `n` of machine
 *         `v` in its pool `other`
 */
inline std::string
SoundGateway(const std::string& from = "", const std::string& to = "")
{
    auto text = Template(
        R"("resources":[{"type":"Microsoft.Network/virtualNetworks","apiVersion":"1","name":"net",)"
        R"("location":"eastus","properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]},)"
        R"("subnets":[{"name":"gw","properties":{"addressPrefix":"10.0.0.0/24"}},)"
        R"({"name":"be","properties":{"addressPrefix":"10.0.1.0/24"}}]}},)"
        R"({"type":"Microsoft.Network/publicIPAddresses","apiVersion":"1","name":"pip",)"
        R"("location":"eastus","properties":{"ipAddress":"20.1.2.3"}},)"
        R"({"type":"Microsoft.Network/applicationGateways","apiVersion":"1","name":"g",)"
        R"("location":"East US","zones":["1",2],"properties":{)" +
        GatewayProperties() +
        R"(}},{"type":"Microsoft.Network/networkInterfaces","apiVersion":"1","name":"n",)"
        R"("location":"eastus","properties":{"ipConfigurations":[{"name":"i","properties":{)"
        R"("privateIPAddress":"10.0.1.30","subnet":)" +
        Subnet("be") + R"(,"applicationGatewayBackendAddressPools":[)" +
        PartOfGateway("backendAddressPools", "other") +
        R"(]}}]}},{"type":"Microsoft.Compute/virtualMachines","apiVersion":"1","name":"v",)"
        R"("location":"eastus","properties":{"networkProfile":{"networkInterfaces":[)" +
        Reference("Microsoft.Network/networkInterfaces", "'n'") + "]}}}]");
    const auto at = text.find(from);
    return at == std::string::npos ? "the template does not hold " + from
                                   : text.replace(at, from.size(), to);
}

} // namespace test
} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_IMPORT_FIXTURE_H */
