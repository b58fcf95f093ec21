/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-properties.h"

#include "azure-arm-evaluator.h"
#include "azure-resource-id.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Members that every resource and part may have.
const char* const g_common =
    "id name type etag properties location provisioningState resourceGroup resourceGuid "
    "apiVersion tags systemData scope comments metadata";

/// Further members by kind; what rules of all kinds share comes with each of them.
const std::pair<const char*, const char*> g_known[] = {
    {"loadBalancers",
     "sku frontendIPConfigurations backendAddressPools probes loadBalancingRules "
     "inboundNatRules inboundNatPools outboundRules"},
    {"frontendIPConfigurations",
     "privateIPAddress privateIPAllocationMethod privateIPAddressVersion publicIPAddress "
     "publicIPPrefix subnet zones gatewayLoadBalancer ipAddress loadBalancingRules "
     "inboundNatRules inboundNatPools outboundRules"},
    {"backendAddressPools",
     "backendIPConfigurations loadBalancerBackendAddresses virtualNetwork syncMode "
     "loadBalancingRules inboundNatRules outboundRule outboundRules"},
    {"loadBalancerBackendAddresses",
     "ipAddress virtualNetwork subnet adminState networkInterfaceIPConfiguration "
     "inboundNatRulesPortMapping"},
    {"probes",
     "protocol port requestPath intervalInSeconds probeThreshold numberOfProbes "
     "noHealthyBackendsBehavior loadBalancingRules"},
    {"loadBalancingRules",
     "frontendIPConfiguration protocol frontendPort backendPort idleTimeoutInMinutes "
     "enableFloatingIP enableTcpReset backendAddressPool backendAddressPools probe "
     "loadDistribution disableOutboundSnat"},
    {"inboundNatRules",
     "frontendIPConfiguration protocol frontendPort backendPort idleTimeoutInMinutes "
     "enableFloatingIP enableTcpReset backendAddressPool backendIPConfiguration "
     "frontendPortRangeStart frontendPortRangeEnd"},
    {"inboundNatPools",
     "frontendIPConfiguration protocol backendPort idleTimeoutInMinutes enableFloatingIP "
     "enableTcpReset frontendPortRangeStart frontendPortRangeEnd"},
    {"applicationGateways",
     "sku autoscaleConfiguration zones operationalState globalConfiguration "
     "gatewayIPConfigurations frontendIPConfigurations frontendPorts sslCertificates "
     "trustedRootCertificates trustedClientCertificates sslProfiles backendAddressPools "
     "backendHttpSettingsCollection probes httpListeners redirectConfigurations rewriteRuleSets "
     "urlPathMaps requestRoutingRules listeners backendSettingsCollection routingRules"},
    {"applicationGateways/sku", "tier capacity family"},
    {"applicationGateways/autoscaleConfiguration", "minCapacity maxCapacity"},
    {"applicationGateways/globalConfiguration", "enableRequestBuffering enableResponseBuffering"},
    {"applicationGateways/gatewayIPConfigurations", "subnet"},
    {"applicationGateways/frontendIPConfigurations",
     "publicIPAddress subnet privateIPAddress privateIPAllocationMethod httpListeners listeners"},
    {"applicationGateways/frontendPorts", "port httpListeners listeners"},
    {"applicationGateways/certificates",
     "clientCertIssuerDN httpListeners listeners sslProfiles backendHttpSettings backendSettings"},
    {"applicationGateways/sslProfiles",
     "trustedClientCertificates clientAuthConfiguration httpListeners listeners"},
    {"applicationGateways/clientAuthConfiguration",
     "verifyClientAuthMode verifyClientCertIssuerDN verifyClientRevocation"},
    {"applicationGateways/backendAddressPools",
     "backendAddresses backendIPConfigurations requestRoutingRules urlPathMaps pathRules "
     "loadDistributionPolicies routingRules"},
    {"applicationGateways/backendAddresses", "ipAddress fqdn"},
    {"applicationGateways/probes",
     "protocol host path interval timeout unhealthyThreshold port minServers match "
     "pickHostNameFromBackendHttpSettings pickHostNameFromBackendSettings backendHttpSettings "
     "backendSettings"},
    {"applicationGateways/match", "body statusCodes"},
    {"applicationGateways/backendHttpSettingsCollection",
     "port protocol cookieBasedAffinity affinityCookieName requestTimeout connectionDraining probe "
     "probeEnabled hostName pickHostNameFromBackendAddress path trustedRootCertificates "
     "dedicatedBackendConnection validateCertChainAndExpiry validateSNI sniName "
     "requestRoutingRules urlPathMaps pathRules"},
    {"applicationGateways/connectionDraining", "enabled drainTimeoutInSec"},
    {"applicationGateways/httpListeners",
     "frontendIPConfiguration frontendPort protocol hostName hostNames sslCertificate sslProfile "
     "requireServerNameIndication requestRoutingRules redirectConfiguration"},
    {"applicationGateways/listeners",
     "frontendIPConfiguration frontendPort protocol hostNames sslCertificate sslProfile "
     "routingRules"},
    {"applicationGateways/backendSettingsCollection",
     "port protocol timeout probe trustedRootCertificates hostName pickHostNameFromBackendAddress "
     "enableL4ClientIpPreservation routingRules"},
    {"applicationGateways/routingRules",
     "ruleType priority listener backendAddressPool backendSettings"},
    {"applicationGateways/redirectConfigurations",
     "redirectType targetListener targetUrl includePath includeQueryString requestRoutingRules "
     "urlPathMaps pathRules"},
    {"applicationGateways/rewriteRuleSets",
     "rewriteRules requestRoutingRules urlPathMaps pathRules"},
    {"applicationGateways/rewriteRules", "ruleSequence conditions actionSet"},
    {"applicationGateways/conditions", "variable pattern ignoreCase negate"},
    {"applicationGateways/actionSet",
     "requestHeaderConfigurations responseHeaderConfigurations urlConfiguration"},
    {"applicationGateways/headerConfigurations", "headerName headerValue"},
    {"applicationGateways/urlConfiguration", "modifiedPath modifiedQueryString reroute"},
    {"applicationGateways/urlPathMaps",
     "defaultBackendAddressPool defaultBackendHttpSettings defaultRedirectConfiguration "
     "defaultRewriteRuleSet pathRules requestRoutingRules"},
    {"applicationGateways/pathRules",
     "paths backendAddressPool backendHttpSettings redirectConfiguration rewriteRuleSet"},
    {"applicationGateways/requestRoutingRules",
     "ruleType priority httpListener backendAddressPool backendHttpSettings redirectConfiguration "
     "rewriteRuleSet urlPathMap"},
    {"trafficManagerProfiles",
     "profileStatus trafficRoutingMethod dnsConfig monitorConfig endpoints "
     "trafficViewEnrollmentStatus maxReturn"},
    {"trafficManagerProfiles/dnsConfig", "relativeName fqdn ttl"},
    {"trafficManagerProfiles/monitorConfig",
     "profileMonitorStatus protocol port path intervalInSeconds timeoutInSeconds "
     "toleratedNumberOfFailures customHeaders expectedStatusCodeRanges"},
    {"trafficManagerProfiles/endpoints",
     "target targetResourceId endpointStatus endpointMonitorStatus alwaysServe weight priority "
     "endpointLocation minChildEndpoints minChildEndpointsIPv4 minChildEndpointsIPv6 geoMapping "
     "subnets customHeaders"},
    {"virtualNetworks", "addressSpace subnets"},
    {"addressSpace", "addressPrefixes"},
    {"subnets", "addressPrefix addressPrefixes ipConfigurations"},
    {"publicIPAddresses",
     "sku publicIPAllocationMethod publicIPAddressVersion ipAddress idleTimeoutInMinutes "
     "dnsSettings zones ipConfiguration"},
    {"dnsSettings", "domainNameLabel fqdn"},
    {"networkInterfaces", "ipConfigurations virtualMachine primary macAddress"},
    {"ipConfigurations",
     "privateIPAddress privateIPAllocationMethod privateIPAddressVersion publicIPAddress subnet "
     "primary loadBalancerBackendAddressPools loadBalancerInboundNatRules "
     "loadBalancerInboundNatPools applicationGatewayBackendAddressPools"},
    {"virtualMachines", "availabilitySet zones networkProfile instanceView powerState vmId"},
    {"virtualMachineScaleSets", "sku zones virtualMachineProfile"},
    {"virtualMachineProfile", "networkProfile"},
    {"networkProfile", "networkInterfaces networkInterfaceConfigurations"},
    {"networkInterfaceConfigurations", "ipConfigurations primary"}};

/// Parts of resources that have properties of their own, by the kind of what holds them.
const std::pair<const char*, const char*> g_parts[] = {
    {"virtualNetworks", "addressSpace subnets"},
    {"publicIPAddresses", "dnsSettings"},
    {"networkInterfaces", "ipConfigurations"},
    {"virtualMachines", "networkProfile"},
    {"virtualMachineScaleSets", "virtualMachineProfile"},
    {"virtualMachineProfile", "networkProfile"},
    {"networkProfile", "networkInterfaceConfigurations"},
    {"networkInterfaceConfigurations", "ipConfigurations"}};

/// Why, by the properties that it holds for.
const std::pair<const char*, const char*> g_reasons[] = {
    {"networkSecurityGroup applicationSecurityGroups",
     "packet filters are not modelled; all traffic is allowed"},
    {"natGateway", "outbound connections are not modelled yet"},
    {"routeTable", "routes of the user's own are not modelled"},
    {"virtualNetworkPeerings", "peerings are not modelled"},
    {"firewallPolicy forceFirewallPolicyAssociation webApplicationFirewallConfiguration",
     "the web application firewall is not modelled"},
    {"enableHttp2", "HTTP/2 is not modelled; clients speak HTTP/1.1"},
    {"enableFips sslPolicy", "versions and ciphers of TLS are not modelled"},
    {"authenticationCertificates", "certificates of single v1 backends are not modelled"},
    {"customErrorConfigurations", "custom error pages are not modelled"},
    {"data password keyVaultSecretId publicCertData validatedCertData",
     "a certificate is taken as an identity; its content is not read"},
    {"loadDistributionPolicies loadDistributionPolicy defaultLoadDistributionPolicy",
     "load distribution policies are not modelled; members take turns"},
    {"privateLinkConfigurations privateLinkConfiguration privateEndpointConnections",
     "private links are not modelled"},
    {"headerValueMatcher", "single values of a header are not matched; the whole header is set"},
    {"hardwareProfile storageProfile osProfile diagnosticsProfile securityProfile extensionProfile "
     "licenseType priority evictionPolicy billingProfile",
     "hardware and software of machines are not modelled; servers answer on the backend ports"},
    {"upgradePolicy overprovision automaticRepairsPolicy scaleInPolicy",
     "the number of instances does not change during a simulation"}};

/**
 * @param value a value
 * @return whether it asks for nothing
 */
bool
IsNothing(const JsonValue& value)
{
    switch (value.GetType())
    {
    case JsonValue::Type::Null:
        return true;
    case JsonValue::Type::Boolean:
        return !value.AsBoolean();
    case JsonValue::Type::String:
        return value.AsString().empty();
    case JsonValue::Type::Array:
        return std::all_of(value.AsArray().begin(), value.AsArray().end(), IsNothing);
    case JsonValue::Type::Object:
        return std::all_of(value.AsObject().begin(),
                           value.AsObject().end(),
                           [](const JsonMember& member) { return IsNothing(member.value); });
    default:
        return false;
    }
}

} // namespace

std::vector<ResourceView>
ResourceProperties::FindUnknown(const ResourceView& view, const std::string& kind)
{
    auto names = SplitText(g_common, ' ');
    for (const auto& [known, more] : g_known)
    {
        if (kind == known)
        {
            const auto further = SplitText(more, ' ');
            names.insert(names.end(), further.begin(), further.end());
        }
    }
    std::vector<ResourceView> unknown;
    const auto look = [&](const JsonValue* object, const std::string& path) {
        for (const auto& member : object ? object->AsObject() : JsonValue::Object())
        {
            const bool isKnown = std::any_of(names.begin(), names.end(), [&](const auto& name) {
                return EqualsIgnoringCase(member.name, name);
            });
            if (!isKnown && !IsNothing(member.value))
            {
                unknown.emplace_back(&member.value, ArmEvaluator::MemberPath(path, member.name));
            }
        }
    };
    const auto* value = view.GetValue();
    look(value, view.GetPath());
    look(value ? value->Find("properties") : nullptr,
         ArmEvaluator::MemberPath(view.GetPath(), "properties"));
    return unknown;
}

std::vector<ResourceView>
ResourceProperties::FindUnknownWithin(const ResourceView& view, const std::string& kind)
{
    if (!view.GetValue() || !view.GetValue()->Is(JsonValue::Type::Object))
    {
        return {};
    }
    auto unknown = FindUnknown(view, kind);
    const auto add = [&](const ResourceView& part, const std::string& name) {
        const auto further = FindUnknownWithin(part, name);
        unknown.insert(unknown.end(), further.begin(), further.end());
    };
    for (const auto& [owner, parts] : g_parts)
    {
        if (kind != owner)
        {
            continue;
        }
        for (const auto& name : SplitText(parts, ' '))
        {
            const auto part = view.Get(name);
            const bool isList = part.GetValue() && part.GetValue()->Is(JsonValue::Type::Array);
            for (const auto& element : isList ? part.GetElements() : std::vector{part})
            {
                add(element, name);
            }
        }
    }
    return unknown;
}

std::string
ResourceProperties::Why(const ResourceView& property)
{
    const auto& path = property.GetPath();
    const auto name = path.substr(path.rfind('.') + 1);
    for (const auto& [names, why] : g_reasons)
    {
        for (const auto& known : SplitText(names, ' '))
        {
            if (EqualsIgnoringCase(name, known))
            {
                return why;
            }
        }
    }
    return "the model does not know this property";
}

} // namespace azure
} // namespace ns3
