/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-import-fixture.h"

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/** Gateways that are wrong: exact paths and reasons. */
class ApplicationGatewayBadInputTestSuite : public TestSuite
{
  public:
    ApplicationGatewayBadInputTestSuite()
        : TestSuite("azure-application-gateway-bad-input", Type::UNIT)
    {
        AddErrors();
        AddReferenceErrors();
        AddPlaceErrors();
    }

  private:
    /** A change of the sound gateway gives exactly one error. */
    void AddChange(const std::string& from,
                   const std::string& to,
                   const std::string& path,
                   const std::string& message)
    {
        AddTestCase(new BadInputTestCase(from + " becomes " + to,
                                         SoundGateway(from, to),
                                         {{path, message}}),
                    Duration::QUICK);
    }

    void AddErrors();          //!< values that are wrong
    void AddReferenceErrors(); //!< references that are wrong
    void AddPlaceErrors();     //!< addresses and subnets that are wrong
};

void
ApplicationGatewayBadInputTestSuite::AddErrors()
{
    const auto add =
        [this](const char* from, const char* to, const std::string& path, const char* message) {
            AddChange(from, to, g_gateway + path, message);
        };
    add(R"("capacity":3)",
        R"("capacity":0)",
        "sku.capacity",
        "the number of instances must be 1 to 125");
    add(R"("capacity":3)",
        R"("capacity":"many")",
        "sku.capacity",
        "must be an integer, but is 'many'");
    add(R"("tier":"Standard_v2")",
        R"("tier":"Large")",
        "sku.tier",
        "'Large' is none of Standard_v2, WAF_v2, Basic, Standard, WAF");
    add(R"("name":"Standard_v2","tier":"Standard_v2",)",
        "",
        "sku.tier",
        "the tier is missing; name one, such as Standard_v2");
    add(R"("sku":{)",
        R"("autoscaleConfiguration":{"maxCapacity":9},"sku":{)",
        "autoscaleConfiguration",
        "the number of instances is either fixed or scales; remove this or sku.capacity");
    add(R"("port":443)",
        R"("port":65200)",
        "frontendPorts[1].properties.port",
        "the port must be 1 to 65199; those above are for the platform");
    add(R"({"name":"cert"})", "{}", "sslCertificates[0].name", "the name is missing");
    add(R"({"name":"p443",)",
        R"({"name":"P80","properties":{"port":81}},{"name":"p443",)",
        "frontendPorts[1].name",
        "the name P80 is taken; names must differ by more than upper and lower case");
    add(R"({"ipAddress":"8.8.8.8"})",
        R"({"ipAddress":"a.net"})",
        "backendAddressPools[0].properties.backendAddresses[2].ipAddress",
        "'a.net' is no IPv4 address; a name goes into fqdn");
    add(R"({"ipAddress":"8.8.8.8"})",
        "null",
        "backendAddressPools[0].properties.backendAddresses[2]",
        "a member has either an ipAddress or an fqdn; set one of them");
    add(R"({"ipAddress":"8.8.8.8"})",
        "3",
        "backendAddressPools[0].properties.backendAddresses[2]",
        "must be an object, but is an integer");
    add(R"("protocol":"Https",)"
        R"("host":"a.net")",
        R"("host":"a.net")",
        "probes[0].properties.protocol",
        "the protocol of 'h' is missing");
    add(R"("200-399")",
        R"("2xx")",
        "probes[0].properties.match.statusCodes[0]",
        "status codes are numbers or ranges from 100 to 599, such as 200-399");
    add(R"("interval":7)",
        R"("interval":0)",
        "probes[0].properties.interval",
        "the interval must be 1 to 86400 s");
    add(R"("drainTimeoutInSec":60)",
        R"("drainTimeoutInSec":3601)",
        "backendHttpSettingsCollection[0].properties.connectionDraining.drainTimeoutInSec",
        "draining must take 1 to 3600 s");
    add(R"("requestTimeout":9)",
        R"("requestTimeout":[])",
        "backendHttpSettingsCollection[0].properties.requestTimeout",
        "must be an integer, but is an array");
    add(R"("*.example.com")",
        R"("**.com")",
        "httpListeners[0].properties.hostNames[0]",
        "*?, ?* and ** are not allowed in a label; use one of the wildcards");
    add(R"("protocol":"Http",)",
        R"("protocol":"Tcp",)",
        "httpListeners[1].properties.protocol",
        "'Tcp' is none of Http, Https");
    add(R"("redirectType":"Found",)",
        R"("redirectType":"302",)",
        "redirectConfigurations[0].properties.redirectType",
        "'302' is none of Permanent, Found, SeeOther, Temporary");
    add(R"("targetUrl":"https://x.net")",
        R"("targetUrl":"x.net")",
        "redirectConfigurations[0].properties.targetUrl",
        "the URL must begin with http:// or https://");
    add(R"("variable":"var_uri_path")",
        R"("variable":"uri")",
        "rewriteRuleSets[0].properties.rewriteRules[0].conditions[0].variable",
        "a variable is var_ and the name of a server variable, or http_req_ or http_resp_ and the "
        "name of a header");
    add(R"("headerName":"X-A")",
        R"("headerName":"Connection")",
        "rewriteRuleSets[0].properties.rewriteRules[0].actionSet.requestHeaderConfigurations[0]"
        ".headerName",
        "Connection and Upgrade cannot be rewritten; remove the action");
    add(R"("/pic/*")",
        R"("/*.jpg")",
        "urlPathMaps[0].properties.pathRules[0].properties.paths[1]",
        "a path may hold a * at its end alone; /images/*.jpg is not possible");
    add(R"("priority":20)",
        R"("priority":10)",
        "requestRoutingRules[1].properties.priority",
        "rule r1 has priority 10 already; take another number");
    add(R"("priority":20,)",
        "",
        "requestRoutingRules[0].properties.priority",
        "a priority of 1 (first) to 20000 (last) is needed");
    add(R"("requestRoutingRules":[)",
        R"("requestRoutingRules":7,"x":[)",
        "requestRoutingRules",
        "must be an array, but is an integer");
}

void
ApplicationGatewayBadInputTestSuite::AddReferenceErrors()
{
    const auto add = [this](const std::string& list,
                            const std::string& name,
                            const std::string& other,
                            const std::string& path,
                            const std::string& message) {
        const auto end = "'," + std::string("'g','");
        AddChange(list + end + name, list + end + other, g_gateway + path + ".id", message);
    };
    const std::string has = "application gateway 'g' has no ";
    const std::string rule = "urlPathMaps[0].properties.pathRules[0].properties.";
    add("frontendIPConfigurations",
        "pub",
        "x",
        "httpListeners[0].properties.frontendIPConfiguration",
        has + "frontend 'x'");
    add("frontendPorts",
        "p443",
        "x",
        "httpListeners[0].properties.frontendPort",
        has + "frontend port 'x'");
    add("sslCertificates",
        "cert",
        "x",
        "httpListeners[0].properties.sslCertificate",
        has + "certificate 'x'");
    add("sslProfiles",
        "mtls",
        "x",
        "httpListeners[0].properties.sslProfile",
        has + "SSL profile 'x'");
    add("trustedClientCertificates",
        "ca",
        "x",
        "sslProfiles[0].properties.trustedClientCertificates[0]",
        has + "trusted client certificate 'x'");
    add("trustedRootCertificates",
        "root",
        "x",
        "backendHttpSettingsCollection[0].properties.trustedRootCertificates[0]",
        has + "trusted root certificate 'x'");
    add("probes", "h", "x", "backendHttpSettingsCollection[0].properties.probe", has + "probe 'x'");
    add("redirectConfigurations",
        "to",
        "x",
        "urlPathMaps[0].properties.defaultRedirectConfiguration",
        has + "redirect 'x'");
    add("backendAddressPools", "pool", "x", rule + "backendAddressPool", has + "pool 'x'");
    add("backendHttpSettingsCollection",
        "s",
        "x",
        rule + "backendHttpSettings",
        has + "backend setting 'x'");
    add("rewriteRuleSets", "rw", "x", rule + "rewriteRuleSet", has + "rewrite set 'x'");
    add("httpListeners",
        "web",
        "x",
        "requestRoutingRules[0].properties.httpListener",
        has + "listener 'x'");
    add("urlPathMaps",
        "map",
        "x",
        "requestRoutingRules[0].properties.urlPathMap",
        has + "URL path map 'x'");
    AddChange("frontendPorts','g','p443",
              "frontendPorts','q','p443",
              g_gateway + "httpListeners[0].properties.frontendPort.id",
              has + "frontend port 'p443'");
    AddChange("frontendPorts','g','p443",
              "sslProfiles','g','p443",
              g_gateway + "httpListeners[0].properties.frontendPort.id",
              "this must lead to a frontend port, in frontendPorts, but leads to sslProfiles "
              "'p443'");
    AddChange("publicIPAddresses','pip'",
              "publicIPAddresses','q'",
              g_gateway + "frontendIPConfigurations[0].properties.publicIPAddress.id",
              "no public IP address '/subscriptions/00000000-0000-0000-0000-000000000000/"
              "resourceGroups/azlb/providers/Microsoft.Network/publicIPAddresses/q' in the input");
    AddChange(R"([{"id":"[resourceId('Microsoft.Network/applicationGateways/backendAddressPools',)"
              R"('g','other')]"}])",
              R"([{"id":"[resourceId('Microsoft.Network/applicationGateways/backendAddressPools',)"
              R"('g','x')]"}])",
              "resources[3].properties.ipConfigurations[0].properties"
              ".applicationGatewayBackendAddressPools[0].id",
              has + "backend address pool 'x'");
}

void
ApplicationGatewayBadInputTestSuite::AddPlaceErrors()
{
    const std::string subnet = g_gateway + "gatewayIPConfigurations[0].properties.subnet.id";
    AddChange("[{\"name\":\"ip\",\"properties\":{\"subnet\":" + Subnet("gw") + "}}]",
              "[]",
              g_gateway + "gatewayIPConfigurations",
              "a gateway needs a subnet");
    AddChange(R"("name":"ip","properties":{"subnet":)" + Subnet("gw"),
              R"("name":"ip","properties":{"subnet":)" + Subnet("q"),
              subnet,
              "no subnet '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/azlb/"
              "providers/Microsoft.Network/virtualNetworks/net/subnets/q' in the input");
    AddTestCase(
        new BadInputTestCase(
            "AG-5 Instances that the gateway's subnet has no room for",
            SoundGateway(R"("addressPrefix":"10.0.0.0/24")", R"("addressPrefix":"10.0.0.8/29")"),
            {{subnet, "subnet 'gw' has 3 addresses, but instances and private frontends need 4"},
             {g_gateway + "frontendIPConfigurations[1].properties.privateIPAddress",
              "10.0.0.10 is kept by Azure: the first four addresses of a subnet and the last one "
              "are"}}),
        Duration::QUICK);
    AddChange(R"("privateIPAddress":"10.0.1.30","subnet":)" + Subnet("be"),
              R"("privateIPAddress":"10.0.0.30","subnet":)" + Subnet("gw"),
              subnet,
              "network interface 'n' is in subnet 'gw'; the subnet of a gateway holds gateways "
              "alone");
    AddChange(
        R"("10.0.0.10","subnet":)" + Subnet("gw"),
        R"("10.0.1.10","subnet":)" + Subnet("be"),
        g_gateway + "frontendIPConfigurations[1].properties.privateIPAddress",
        "10.0.1.10 is outside subnet 'gw'; a private frontend is in the gateway's own subnet");
    AddChange("10.0.0.10",
              "10.0.0.3",
              g_gateway + "frontendIPConfigurations[1].properties.privateIPAddress",
              "10.0.0.3 is kept by Azure: the first four addresses of a subnet and the last one "
              "are");
    AddChange("8.8.8.8",
              "127.0.0.1",
              g_gateway + "backendAddressPools[0].properties.backendAddresses[2]",
              "127.0.0.1 lies in 127.0.0.0/8, which is for loopback");
    AddChange(R"("publicIPAddress":)" + Reference("Microsoft.Network/publicIPAddresses", "'pip'"),
              R"("x":1)",
              g_gateway + "frontendIPConfigurations[0]",
              "frontend 'pub' needs a publicIPAddress or a subnet");
}

/** Registers the suite. */
ApplicationGatewayBadInputTestSuite g_applicationGatewayBadInputTestSuite;

} // namespace
