/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_FIXTURE_H
#define AZURE_APPLICATION_GATEWAY_FIXTURE_H

#include "ns3/azure-application-gateway-configuration.h"
#include "ns3/azure-gateway-request.h"
#include "ns3/random-variable-stream.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @param a first byte
 * @param b second byte
 * @param c third byte
 * @param d fourth byte
 * @return an address
 */
inline IpAddress
MakeAddress(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return IpAddress::FromIpv4Bits((a << 24) | (b << 16) | (c << 8) | d);
}

/**
 * @param index which server
 * @return 10.0.1.x, from 4
 */
inline ApplicationGatewayBackendAddress
Server(uint32_t index)
{
    ApplicationGatewayBackendAddress address;
    address.ipAddress = MakeAddress(10, 0, 1, 4 + index);
    return address;
}

/**
 * @param name name of a pool
 * @param first first server
 * @param count number of servers
 * @return the pool
 */
inline ApplicationGatewayBackendAddressPool
MakePool(const std::string& name, uint32_t first, uint32_t count)
{
    ApplicationGatewayBackendAddressPool pool;
    pool.name = name;
    for (uint32_t index = first; index < first + count; ++index)
    {
        pool.backendAddresses.push_back(Server(index));
    }
    return pool;
}

/**
 * @param name name of a listener
 * @param port name of its port
 * @param hosts its hosts
 * @return an HTTP listener on the frontend `public`
 */
inline HttpListener
MakeListener(const std::string& name,
             const std::string& port,
             const std::vector<std::string>& hosts = {})
{
    HttpListener listener;
    listener.name = name;
    listener.frontendIpConfiguration = "public";
    listener.frontendPort = port;
    listener.hostNames = hosts;
    return listener;
}

/**
 * @param name name of a rule
 * @param priority its priority
 * @param listener its listener
 * @return a basic rule to the pool `web` with the setting `plain`
 */
inline RequestRoutingRule
MakeRule(const std::string& name, uint32_t priority, const std::string& listener)
{
    RequestRoutingRule rule;
    rule.name = name;
    rule.priority = priority;
    rule.httpListener = listener;
    rule.backendAddressPool = "web";
    rule.backendHttpSettings = "plain";
    return rule;
}

/**
 * @param name name of a path rule
 * @param paths its paths
 * @param pool its pool
 * @return a path rule with the setting `plain`
 */
inline PathRule
MakePathRule(const std::string& name,
             const std::vector<std::string>& paths,
             const std::string& pool)
{
    PathRule rule;
    rule.name = name;
    rule.paths = paths;
    rule.backendAddressPool = pool;
    rule.backendHttpSettings = "plain";
    return rule;
}

/**
 * @return a good gateway: 20.0.0.4, ports 80, 443 and 8080; one basic rule for any host on port 80
 *         to a pool of three servers
 */
inline ApplicationGatewayConfiguration
MakeGateway()
{
    ApplicationGatewayConfiguration c;
    c.name = "gateway";
    c.sku.capacity = 2;
    ApplicationGatewayFrontendIpConfiguration frontend;
    frontend.name = "public";
    frontend.address = MakeAddress(20, 0, 0, 4);
    c.frontendIpConfigurations = {frontend};
    c.frontendPorts = {{"port80", 80}, {"port443", 443}, {"port8080", 8080}};
    c.httpListeners = {MakeListener("any", "port80")};
    c.requestRoutingRules = {MakeRule("rule", 100, "any")};
    c.backendAddressPools = {MakePool("web", 0, 3), MakePool("images", 3, 2)};
    BackendHttpSettings plain;
    plain.name = "plain";
    plain.port = 8000;
    c.backendHttpSettingsCollection = {plain};
    return c;
}

/**
 * @return a good gateway that uses everything: an HTTPS listener with a path map, redirects,
 *         rewriting, a probe, mutual authentication
 */
inline ApplicationGatewayConfiguration
MakeRichGateway()
{
    auto c = MakeGateway();
    c.sslCertificates = {{"site", "*.contoso.com"}};
    c.trustedRootCertificates = {{"root", "CN=Root"}};
    c.trustedClientCertificates = {{"clients", "CN=Clients"}};
    SslProfile profile;
    profile.name = "mutual";
    profile.trustedClientCertificates = {"clients"};
    c.sslProfiles = {profile};
    auto secure = MakeListener("secure", "port443", {"*.contoso.com", "fabrikam.com"});
    secure.protocol = ApplicationGatewayProtocol::Https;
    secure.sslCertificate = "site";
    secure.sslProfile = "mutual";
    auto single = MakeListener("single", "port8080");
    single.hostName = "www.contoso.com";
    c.httpListeners.push_back(secure);
    c.httpListeners.push_back(single);
    RedirectConfiguration toListener;
    toListener.name = "to-single";
    toListener.targetListener = "single";
    RedirectConfiguration toSite;
    toSite.name = "to-site";
    toSite.targetUrl = "https://example.com/new";
    c.redirectConfigurations = {toListener, toSite};
    RewriteRule rewrite;
    rewrite.name = "rewrite";
    rewrite.conditions = {{"var_uri_path", "^/old/(.*)", true, false}};
    rewrite.actionSet.requestHeaderConfigurations = {{"X-Old", "{var_uri_path_1}"}};
    rewrite.actionSet.responseHeaderConfigurations = {{"Server", ""}};
    UrlConfiguration url;
    url.modifiedPath = "/images/{var_uri_path_1}";
    url.reroute = true;
    rewrite.actionSet.urlConfiguration = url;
    RewriteRuleSet set;
    set.name = "set";
    set.rewriteRules = {rewrite};
    c.rewriteRuleSets = {set};
    BackendHttpSettings tls;
    tls.name = "tls";
    tls.port = 443;
    tls.protocol = ApplicationGatewayProtocol::Https;
    tls.hostName = "backend.contoso.com";
    tls.path = "/override/";
    tls.probe = "probe";
    tls.cookieBasedAffinity = true;
    tls.trustedRootCertificates = {"root"};
    tls.connectionDraining.enabled = true;
    tls.connectionDraining.drainTimeout = Seconds(60);
    c.backendHttpSettingsCollection.push_back(tls);
    ApplicationGatewayProbe probe;
    probe.name = "probe";
    probe.pickHostNameFromBackendHttpSettings = true;
    probe.match.statusCodes = {"200-399", "401"};
    c.probes = {probe};
    UrlPathMap map;
    map.name = "map";
    map.pathRules = {MakePathRule("images", {"/images/*", "/pictures*"}, "images"),
                     MakePathRule("moved", {"/moved"}, "")};
    map.pathRules[1].backendHttpSettings = "";
    map.pathRules[1].redirectConfiguration = "to-site";
    map.defaultBackendAddressPool = "web";
    map.defaultBackendHttpSettings = "tls";
    map.defaultRewriteRuleSet = "set";
    c.urlPathMaps = {map};
    RequestRoutingRule byPath;
    byPath.name = "by-path";
    byPath.ruleType = RequestRoutingRuleType::PathBasedRouting;
    byPath.priority = 20;
    byPath.httpListener = "secure";
    byPath.urlPathMap = "map";
    RequestRoutingRule away;
    away.name = "away";
    away.priority = 30;
    away.httpListener = "single";
    away.redirectConfiguration = "to-site";
    c.requestRoutingRules.push_back(byPath);
    c.requestRoutingRules.push_back(away);
    return c;
}

/**
 * @param target target of the request line
 * @param host Host field
 * @param port port of the gateway, TLS with 443
 * @return a GET from 203.0.113.9:5000 to 20.0.0.4
 */
inline GatewayRequest
MakeRequest(const std::string& target,
            const std::string& host = "www.contoso.com",
            uint16_t port = 80)
{
    GatewayRequest request;
    request.frontend = MakeAddress(20, 0, 0, 4);
    request.frontendPort = port;
    request.tls = port == 443;
    request.certificate.verification = request.tls ? "SUCCESS" : "NONE";
    request.client = MakeAddress(203, 0, 113, 9);
    request.clientPort = 5000;
    request.head.target = target;
    request.head.fields.Add("Host", host);
    return request;
}

/**
 * @return a stream of random numbers that is the same in each run
 */
inline Ptr<UniformRandomVariable>
MakeStream()
{
    auto stream = CreateObject<UniformRandomVariable>();
    stream->SetStream(4711);
    return stream;
}

/**
 * @param stream where the text comes from
 * @param alphabet its characters
 * @param most its greatest length
 * @return a random text
 */
inline std::string
MakeText(const Ptr<UniformRandomVariable>& stream, const std::string& alphabet, uint32_t most)
{
    std::string text;
    for (uint32_t length = stream->GetInteger(0, most); length > 0; --length)
    {
        text += alphabet[stream->GetInteger(0, static_cast<uint32_t>(alphabet.size()) - 1)];
    }
    return text;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_FIXTURE_H */
