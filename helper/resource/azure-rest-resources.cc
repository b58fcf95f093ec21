/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-rest-resources.h"

#include "azure-arm-evaluator.h"
#include "azure-json-text.h"
#include "azure-load-balancer-reader.h"
#include "azure-resource-error.h"

#include <utility>

namespace ns3
{
namespace azure
{

using Type = JsonValue::Type;

RestResources::RestResources(const ResourceImportOptions& options)
    : m_options(options)
{
}

void
RestResources::Read(const JsonValue& root, DeploymentConfiguration& deployment)
{
    Unwrap(root, "", deployment, false);
    // Balancers first: a subnet of theirs has the prefix that their addresses tell.
    const auto count = m_resources.size();
    for (const char* type :
         {"Microsoft.Network/loadBalancers", "Microsoft.Network/applicationGateways"})
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            const ResourceView view(&m_resources[i].body, m_resources[i].path);
            if (!m_resources[i].IsOfType(type))
            {
                continue;
            }
            if (m_resources[i].IsOfType("Microsoft.Network/applicationGateways"))
            {
                SynthesiseForGateway(m_resources[i]);
            }
            else if (LoadBalancerReader::WhyNotModelled(view).empty())
            {
                SynthesiseForBalancer(m_resources[i]);
            }
        }
    }
    SynthesiseMachines();
}

void
RestResources::Unwrap(const JsonValue& value,
                      const std::string& path,
                      DeploymentConfiguration& deployment,
                      bool isWrapped)
{
    if (value.Is(Type::Array))
    {
        for (std::size_t i = 0; i < value.AsArray().size(); ++i)
        {
            Unwrap(value.AsArray()[i], ArmEvaluator::ElementPath(path, i), deployment, true);
        }
        return;
    }
    const auto* type = value.Find("type");
    const auto* name = value.Find("name");
    const auto* idMember = value.Find("id");
    const auto* responses = value.Find("responses");
    const auto* list = value.Find("value");
    if (responses && responses->Is(Type::Object))
    {
        for (const auto& response : responses->AsObject())
        {
            if (const auto* body = response.value.Find("body"))
            {
                const auto inner = ArmEvaluator::MemberPath("responses", response.name);
                Unwrap(*body, ArmEvaluator::MemberPath(inner, "body"), deployment, true);
                return;
            }
        }
    }
    if (list && list->Is(Type::Array) && !idMember)
    {
        Unwrap(*list, ArmEvaluator::MemberPath(path, "value"), deployment, true);
        return;
    }
    ImportedResource resource;
    resource.path = path;
    resource.body = value;
    resource.id = ResourceId::FromText(idMember ? idMember->AsString() : "");
    if (!resource.id.IsValid() && type && name)
    {
        resource.id = ResourceId::FromTypeAndName(type->AsString(),
                                                  name->AsString(),
                                                  "/subscriptions/" + m_options.subscriptionId +
                                                      "/resourceGroups/" + m_options.resourceGroup);
    }
    if (resource.id.IsValid())
    {
        const auto key = resource.id.ToKey();
        if (m_ids.insert(key).second)
        {
            m_resources.push_back(std::move(resource));
            return;
        }
        for (const auto& other : m_resources)
        {
            if (other.id.ToKey() == key && !other.body.Equals(value))
            {
                throw ResourceError(path,
                                    "resource '" + JsonText::Quote(other.id.GetName()) +
                                        "' is described twice, and not in the same way");
            }
        }
        return;
    }
    if (value.AsObject().size() == 1 && value.AsObject()[0].value.Is(Type::Object))
    {
        const auto& member = value.AsObject()[0];
        Unwrap(member.value, ArmEvaluator::MemberPath(path, member.name), deployment, true);
        return;
    }
    if (!isWrapped)
    {
        throw ResourceError("",
                            "this is neither a deployment template (no $schema) nor a resource "
                            "(no id, and no type and name)");
    }
    deployment.notModelled.push_back(
        {path, "", "", "an object without id", "only resources are read"});
}

} // namespace azure
} // namespace ns3
