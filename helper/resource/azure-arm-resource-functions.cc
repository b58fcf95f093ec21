/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"
#include "azure-json-text.h"
#include "azure-resource-id.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param call a call whose arguments are scopes, a type, and names
 * @param first the first argument to look at
 * @return position of the type: the first argument with a slash
 */
std::size_t
FindType(ArmCall& call, std::size_t first)
{
    for (std::size_t i = first; i < call.arguments.size(); ++i)
    {
        if (call.Text(i).find('/') != std::string::npos)
        {
            return i;
        }
    }
    call.Fail("no argument is a resource type such as 'Microsoft.Network/loadBalancers'");
}

/**
 * @param call a call whose arguments from `type` on are a type and its names
 * @param type position of the type
 * @param scope what is before "/providers/"
 * @return the id
 */
std::string
MakeId(ArmCall& call, std::size_t type, const std::string& scope)
{
    std::string name;
    for (std::size_t i = type + 1; i < call.arguments.size(); ++i)
    {
        if (call.Text(i).empty() || call.Text(i).find('/') != std::string::npos)
        {
            call.Fail("'" + JsonText::Quote(call.Text(i)) + "' is no resource name");
        }
        name += (name.empty() ? "" : "/") + call.Text(i);
    }
    const auto id = ResourceId::FromTypeAndName(call.Text(type), name, scope);
    if (!id.IsValid())
    {
        call.Fail("type '" + JsonText::Quote(call.Text(type)) +
                  "' needs one name for each part after the namespace");
    }
    return id.ToText();
}

JsonValue
ResourceIdFunction(ArmCall& call)
{
    const auto type = FindType(call, 0);
    const auto& environment = call.context.scope.GetEnvironment();
    if (type > 2)
    {
        call.Fail("at most a subscription and a resource group may come before the type");
    }
    const auto& subscription = type == 2 ? call.Text(0) : environment.subscriptionId;
    const auto& group = type > 0 ? call.Text(type - 1) : environment.resourceGroup;
    return MakeId(call, type, "/subscriptions/" + subscription + "/resourceGroups/" + group);
}

JsonValue
SubscriptionResourceId(ArmCall& call)
{
    const auto type = FindType(call, 0);
    if (type > 1)
    {
        call.Fail("at most a subscription may come before the type");
    }
    return MakeId(call,
                  type,
                  "/subscriptions/" + (type == 1
                                           ? call.Text(0)
                                           : call.context.scope.GetEnvironment().subscriptionId));
}

JsonValue
TenantResourceId(ArmCall& call)
{
    return MakeId(call, FindType(call, 0), "");
}

JsonValue
ExtensionResourceId(ArmCall& call)
{
    const auto& base = call.Text(0);
    return MakeId(call, FindType(call, 1), base.empty() || base[0] == '/' ? base : "/" + base);
}

JsonValue
Reference(ArmCall& call)
{
    if (call.arguments.size() > 1)
    {
        call.Text(1); // an API version; what is here is the same in all of them
    }
    const auto part = call.arguments.size() > 2 ? call.Text(2) : "Properties";
    const bool full = EqualsIgnoringCase(part, "Full");
    if (!full && !EqualsIgnoringCase(part, "Properties"))
    {
        call.Fail("argument 3 must be 'Full' or 'Properties', not '" + JsonText::Quote(part) + "'");
    }
    return call.context.scope.GetReference(call.Text(0), full);
}

/// Secrets do not matter to a simulation: a fixed stand-in in the shape of storage keys.
JsonValue
ListKeys(ArmCall& call)
{
    call.Text(0);
    call.Text(1);
    JsonValue::Array keys;
    for (const char* name : {"key1", "key2"})
    {
        keys.emplace_back(JsonValue::Object{{"keyName", JsonValue(name)},
                                            {"value", JsonValue("not-a-secret")},
                                            {"permissions", JsonValue("FULL")}});
    }
    return JsonValue::Object{{"keys", JsonValue(keys)},
                             {"primaryKey", JsonValue("not-a-secret")},
                             {"secondaryKey", JsonValue("not-a-secret")},
                             {"primaryConnectionString", JsonValue("not-a-secret")}};
}

} // namespace

std::vector<ArmFunction>
ArmFunctions::GetResourceFunctions()
{
    return {{"resourceid", 2, ArmFunction::Any, ResourceIdFunction},
            {"subscriptionresourceid", 2, ArmFunction::Any, SubscriptionResourceId},
            {"tenantresourceid", 2, ArmFunction::Any, TenantResourceId},
            {"extensionresourceid", 3, ArmFunction::Any, ExtensionResourceId},
            {"reference", 1, 3, Reference},
            {"listkeys", 2, 3, ListKeys}};
}

} // namespace azure
} // namespace ns3
