/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-fuzz-targets.h"

#include "ns3/azure-application-gateway-engine.h"
#include "ns3/azure-http-codec.h"

#include <algorithm>
#include <memory>
#include <sstream>

namespace ns3
{
namespace azure
{
namespace test
{

namespace
{

/**
 * @param host host name of a listener
 * @param path path pattern of a path rule
 * @param value template of a header field and of a path
 * @return a gateway that uses them, if they are right
 */
ApplicationGatewayConfiguration
MakeGateway(const std::string& host, const std::string& path, const std::string& value)
{
    ApplicationGatewayConfiguration c;
    c.name = "g";
    c.sku.capacity = 2;
    c.frontendIpConfigurations.resize(1);
    c.frontendIpConfigurations[0].name = "f";
    c.frontendIpConfigurations[0].address = IpAddress::FromIpv4Bits(0x14000004);
    c.frontendPorts = {{"80", 80}};
    for (const auto* name : {"multi", "basic"})
    {
        HttpListener listener;
        listener.name = name;
        listener.frontendIpConfiguration = "f";
        listener.frontendPort = "80";
        c.httpListeners.push_back(listener);
        RequestRoutingRule rule;
        rule.name = name;
        rule.httpListener = name;
        rule.priority = static_cast<uint32_t>(c.httpListeners.size());
        rule.ruleType = RequestRoutingRuleType::PathBasedRouting;
        rule.urlPathMap = "map";
        c.requestRoutingRules.push_back(rule);
    }
    c.httpListeners[0].hostNames = {host};
    c.backendAddressPools.resize(1);
    c.backendAddressPools[0].name = "pool";
    c.backendAddressPools[0].backendAddresses.resize(1);
    c.backendAddressPools[0].backendAddresses[0].ipAddress = IpAddress::FromIpv4Bits(0x0a000104);
    c.backendHttpSettingsCollection.resize(2);
    for (auto& setting : c.backendHttpSettingsCollection)
    {
        setting.name = &setting == &c.backendHttpSettingsCollection[0] ? "plain" : "sticky";
        setting.port = 8080;
        setting.cookieBasedAffinity = setting.name == "sticky";
        setting.path = setting.name == "sticky" ? "/over/" : "";
    }
    c.rewriteRuleSets.resize(1);
    c.rewriteRuleSets[0].name = "rw";
    c.rewriteRuleSets[0].rewriteRules.resize(1);
    auto& rewrite = c.rewriteRuleSets[0].rewriteRules[0];
    rewrite.name = "one";
    rewrite.conditions.resize(1);
    rewrite.conditions[0].variable = "var_uri_path";
    rewrite.conditions[0].pattern = "^/(.*)/(.*)$";
    rewrite.actionSet.requestHeaderConfigurations = {{"X-Value", value}};
    c.urlPathMaps.resize(1);
    auto& map = c.urlPathMaps[0];
    map.name = "map";
    map.defaultBackendAddressPool = "pool";
    map.defaultBackendHttpSettings = "plain";
    map.pathRules.resize(1);
    map.pathRules[0].name = "path";
    map.pathRules[0].paths = {path};
    map.pathRules[0].backendAddressPool = "pool";
    map.pathRules[0].backendHttpSettings = "sticky";
    map.pathRules[0].rewriteRuleSet = "rw";
    return c;
}

/**
 * @param text bytes
 * @param[out] head the head of a request that they begin with
 * @return whether they begin with one
 */
bool
ReadHead(const std::string& text, HttpRequestHead& head)
{
    HttpParser parser(HttpRole::Request, HttpLimits());
    parser.Push(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
    if (text.empty() || parser.Next() != HttpEvent::Head)
    {
        return false;
    }
    head = parser.GetRequest();
    return true;
}

/**
 * @param verdict a verdict
 * @return all that matters of it, as text
 */
std::string
Show(const GatewayVerdict& verdict)
{
    std::ostringstream text;
    text << ToString(verdict.action) << " " << verdict.status << " " << ToString(verdict.reason)
         << " " << verdict.member.GetText() << " " << verdict.backendRequest.target;
    for (const auto& field : verdict.backendRequest.fields.GetAll())
    {
        text << "\n" << field.name << ": " << field.value;
    }
    return text.str();
}

} // namespace

std::string
FuzzTargets::Gateway(const std::string& text)
{
    const auto end = text.find('\n');
    std::istringstream words(text.substr(0, end));
    std::string host;
    std::string path;
    std::string value;
    words >> host >> path >> value;
    auto configuration = MakeGateway(host, path, value);
    for (const auto& error : configuration.Validate())
    {
        if (error.message.empty())
        {
            return "an error without a reason at " + error.path;
        }
    }
    if (!configuration.Validate().empty())
    {
        configuration = MakeGateway("*.example.com", "/images/*", "{var_host}-{http_req_Accept}");
        if (!configuration.Validate().empty())
        {
            return "the gateway that stands in is wrong: " + configuration.Validate()[0].message;
        }
    }
    GatewayRequest request;
    request.frontend = configuration.frontendIpConfigurations[0].address;
    request.frontendPort = 80;
    request.client = IpAddress::FromIpv4Bits(0xc6120001);
    request.clientPort = 49152;
    if (end == std::string::npos || !ReadHead(text.substr(end + 1), request.head))
    {
        return "";
    }
    ApplicationGatewayEngine engine(std::make_shared<RequestRouter>(configuration), nullptr);
    engine.SetAllHealthy(true);
    const auto verdict = engine.Explain(request, Time(0));
    if (Show(engine.Explain(request, Time(0))) != Show(verdict))
    {
        return "the second verdict is another";
    }
    if (verdict.action == GatewayAction::Refuse)
    {
        return "a listener takes any host, and refuses this";
    }
    if (verdict.action == GatewayAction::Answer)
    {
        return verdict.status >= 300 && verdict.status < 600 ? "" : "an answer without a status";
    }
    const auto bytes = HttpSerialize(verdict.backendRequest);
    HttpRequestHead again;
    if (!ReadHead(bytes, again))
    {
        return "the member cannot read: " + bytes;
    }
    return again.target == verdict.backendRequest.target ? "" : "the member reads another target";
}

} // namespace test
} // namespace azure
} // namespace ns3
