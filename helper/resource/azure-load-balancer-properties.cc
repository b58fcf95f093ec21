/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-properties.h"

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
    "apiVersion tags systemData scope dependsOn condition copy comments metadata";

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
     "enableTcpReset frontendPortRangeStart frontendPortRangeEnd"}};

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
        return value.AsArray().empty();
    case JsonValue::Type::Object:
        return value.AsObject().empty();
    default:
        return false;
    }
}

} // namespace

std::vector<ResourceView>
LoadBalancerProperties::FindUnknown(const ResourceView& view, const std::string& kind)
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

} // namespace azure
} // namespace ns3
