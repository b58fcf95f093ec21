/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-expander.h"

#include "azure-arm-evaluator.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

/**
 * @param source a resource
 * @param name name of a member
 * @param path JSON path of the resource
 * @param context what its expressions see
 * @return the member's text
 * @throws ResourceError when it is missing or no text
 */
std::string
EvaluateText(const JsonValue& source,
             const std::string& name,
             const std::string& path,
             ArmContext& context)
{
    const auto* member = source.Find(name);
    if (!member)
    {
        throw ResourceError(path, "the resource has no '" + name + "'");
    }
    const auto memberPath = ArmEvaluator::MemberPath(path, name);
    const auto value = ArmEvaluator::EvaluateJson(*member, memberPath, context);
    if (!value.Is(Type::String) || value.AsString().empty())
    {
        throw ResourceError(memberPath,
                            std::string("must be a text that is not empty, but is ") +
                                (value.Is(Type::String) ? "empty" : value.GetTypeName()));
    }
    return value.AsString();
}

} // namespace

ArmExpander::ArmExpander(const ResourceImportOptions& environment,
                         ArmBudget& budget,
                         ArmTemplateScope::Resolver resolver)
    : m_environment(environment),
      m_budget(budget),
      m_resolver(std::move(resolver))
{
}

void
ArmExpander::Expand(const JsonValue& source, const std::string& path, const ArmContext& context)
{
    Place place;
    place.group = m_groups++;
    const auto* resources = source.Find("resources");
    if (resources)
    {
        ExpandList(*resources, ArmEvaluator::MemberPath(path, "resources"), context, place);
    }
    ResolveDependencies(0, place.group);
}

void
ArmExpander::ExpandList(const JsonValue& resources,
                        const std::string& path,
                        const ArmContext& context,
                        const Place& place)
{
    if (!resources.Is(Type::Array))
    {
        m_errors.push_back(
            {path,
             resources.Is(Type::Object)
                 ? "resources with symbolic names (languageVersion 2.0) are not supported; use "
                   "an array"
                 : std::string("must be an array, but is ") + resources.GetTypeName()});
        return;
    }
    for (std::size_t i = 0; i < resources.AsArray().size(); ++i)
    {
        const auto resourcePath = ArmEvaluator::ElementPath(path, i);
        try
        {
            ExpandResource(resources.AsArray()[i], resourcePath, context, place);
        }
        catch (const ResourceError& error)
        {
            m_errors.push_back({error.HasPath() ? error.GetPath() : resourcePath, error.what()});
        }
    }
}

void
ArmExpander::ExpandResource(const JsonValue& source,
                            const std::string& path,
                            ArmContext context,
                            const Place& place)
{
    if (!source.Is(Type::Object))
    {
        throw ResourceError(path,
                            std::string("a resource must be an object, but is ") +
                                source.GetTypeName());
    }
    const auto* copy = source.Find("copy");
    if (!copy)
    {
        ExpandInstance(source, path, context, "", place);
        return;
    }
    const auto copyPath = ArmEvaluator::MemberPath(path, "copy");
    const auto* name = copy->Find("name");
    const auto* count = copy->Find("count");
    if (!name || !name->Is(Type::String) || !count)
    {
        throw ResourceError(copyPath, "a copy loop needs 'name' and 'count'");
    }
    const auto countPath = ArmEvaluator::MemberPath(copyPath, "count");
    std::size_t iterations = 0;
    try
    {
        iterations =
            ArmEvaluator::GetCopyCount(ArmEvaluator::EvaluateJson(*count, countPath, context));
    }
    catch (const ResourceError& error)
    {
        throw ResourceError(error.HasPath() ? error.GetPath() : countPath, error.what());
    }
    const auto loopName = ArmEvaluator::EvaluateJson(*name, copyPath, context).AsString();
    if (iterations == 0)
    {
        m_skippedNames.insert(std::to_string(place.group) + ":" + ToLowerCase(loopName));
    }
    for (std::size_t i = 0; i < iterations; ++i)
    {
        context.loops.push_back({loopName, static_cast<int64_t>(i), false});
        ExpandInstance(source, path, context, ToLowerCase(loopName), place);
        context.loops.pop_back();
    }
}

void
ArmExpander::ExpandInstance(const JsonValue& source,
                            const std::string& path,
                            ArmContext& context,
                            const std::string& copyName,
                            const Place& place)
{
    auto type = EvaluateText(source, "type", path, context);
    auto name = EvaluateText(source, "name", path, context);
    if (!place.parentType.empty())
    {
        type = place.parentType + "/" + type;
        name = place.parentName + "/" + name;
    }
    const auto& environment = context.scope.GetEnvironment();
    std::string scope =
        "/subscriptions/" +
        (place.subscriptionId.empty() ? environment.subscriptionId : place.subscriptionId) +
        "/resourceGroups/" +
        (place.resourceGroup.empty() ? environment.resourceGroup : place.resourceGroup);
    if (source.Find("scope"))
    {
        scope = EvaluateText(source, "scope", path, context);
        scope = scope[0] == '/' ? scope : "/" + scope;
    }
    ArmDeclaration declaration{{},
                               &source,
                               context,
                               copyName,
                               place.group,
                               place.dependencies,
                               nullptr,
                               "",
                               nullptr,
                               nullptr,
                               "",
                               ToLowerCase(name)};
    declaration.resource.path = path;
    declaration.resource.id = ResourceId::FromTypeAndName(type, name, scope);
    if (!declaration.resource.id.IsValid())
    {
        throw ResourceError(ArmEvaluator::MemberPath(path, "name"),
                            "'" + JsonText::Quote(name) + "' does not fit type '" +
                                JsonText::Quote(type) +
                                "'; a name needs one part for each part of the type after the "
                                "namespace");
    }
    const auto key = declaration.resource.id.ToKey();
    declaration.key = key;
    if (const auto* condition = source.Find("condition"))
    {
        const auto conditionPath = ArmEvaluator::MemberPath(path, "condition");
        const auto value = ArmEvaluator::EvaluateJson(*condition, conditionPath, context);
        const bool isText = EqualsIgnoringCase(value.AsString(), "true") ||
                            EqualsIgnoringCase(value.AsString(), "false");
        if (!value.Is(Type::Boolean) && !isText)
        {
            throw ResourceError(conditionPath,
                                std::string("must be true or false, but is ") +
                                    value.GetTypeName());
        }
        if (!value.AsBoolean() && !EqualsIgnoringCase(value.AsString(), "true"))
        {
            Skip(declaration.resource.id, copyName, place.group);
            return;
        }
    }
    if (!m_ids.insert(key).second)
    {
        throw ResourceError(ArmEvaluator::MemberPath(path, "name"),
                            "resource '" + JsonText::Quote(name) + "' of type '" +
                                JsonText::Quote(type) + "' is defined twice");
    }
    if (m_declarations.size() >= ResourceLimits::Resources)
    {
        throw ResourceError(path,
                            "the template has more than " +
                                std::to_string(ResourceLimits::Resources) + " resources");
    }
    m_budget.Charge(1 + path.size() / 16);
    const auto index = m_declarations.size();
    const bool isDeployment =
        EqualsIgnoringCase(declaration.resource.id.GetType(), "Microsoft.Resources/deployments");
    m_declarations.push_back(std::move(declaration));
    if (isDeployment)
    {
        ExpandDeployment(index, place);
    }
    else if (const auto* children = source.Find("resources"))
    {
        Place inner = place;
        inner.parentType = type;
        inner.parentName = name;
        inner.dependencies.push_back(index);
        ExpandList(*children, ArmEvaluator::MemberPath(path, "resources"), context, inner);
    }
}

bool
ArmExpander::IsSkipped(const std::string& idOrName) const
{
    m_budget.Charge(m_skipped.size());
    return std::any_of(m_skipped.begin(), m_skipped.end(), [&](const auto& skipped) {
        return skipped.first == idOrName || skipped.second == idOrName;
    });
}

void
ArmExpander::Skip(const ResourceId& id, const std::string& copyName, std::size_t group)
{
    const auto prefix = std::to_string(group) + ":";
    m_skipped.emplace(id.ToKey(), ToLowerCase(id.GetName()));
    m_skippedNames.insert(prefix + ToLowerCase(id.GetName()));
    if (!copyName.empty())
    {
        m_skippedNames.insert(prefix + copyName);
    }
}

void
ArmExpander::ExpandDeployment(std::size_t index, const Place& place)
{
    auto& declaration = m_declarations[index];
    const auto& path = declaration.resource.path;
    const auto propertiesPath = ArmEvaluator::MemberPath(path, "properties");
    const auto* properties = declaration.source->Find("properties");
    const auto* nested = properties ? properties->Find("template") : nullptr;
    if (!nested)
    {
        m_notModelled.push_back({path,
                                 declaration.resource.id.GetType(),
                                 declaration.resource.id.GetName(),
                                 "linked template",
                                 "only templates inside the file are read; put it inline"});
        return;
    }
    if (place.depth >= ResourceLimits::DeploymentDepth)
    {
        throw ResourceError(path,
                            "more than " + std::to_string(ResourceLimits::DeploymentDepth) +
                                " deployments are nested");
    }
    ArmTemplateScope::FindSection(*properties, "template", propertiesPath); // an object?
    declaration.nested = nested;
    declaration.nestedPath = ArmEvaluator::MemberPath(propertiesPath, "template");
    Place inner;
    inner.group = m_groups++;
    inner.depth = place.depth + 1;
    inner.subscriptionId = place.subscriptionId;
    inner.resourceGroup = place.resourceGroup;
    if (declaration.source->Find("subscriptionId"))
    {
        inner.subscriptionId =
            EvaluateText(*declaration.source, "subscriptionId", path, declaration.context);
    }
    if (declaration.source->Find("resourceGroup"))
    {
        inner.resourceGroup =
            EvaluateText(*declaration.source, "resourceGroup", path, declaration.context);
    }
    const auto* options = properties->Find("expressionEvaluationOptions");
    const auto* scope = options ? options->Find("scope") : nullptr;
    if (scope && EqualsIgnoringCase(scope->AsString(), "inner"))
    {
        auto environment = declaration.context.scope.GetEnvironment();
        environment.deploymentName = declaration.resource.id.names.back();
        environment.subscriptionId =
            inner.subscriptionId.empty() ? environment.subscriptionId : inner.subscriptionId;
        environment.resourceGroup =
            inner.resourceGroup.empty() ? environment.resourceGroup : inner.resourceGroup;
        m_scopes.push_back(std::make_unique<ArmTemplateScope>(*nested,
                                                              declaration.nestedPath,
                                                              environment,
                                                              m_budget,
                                                              m_resolver));
        auto& innerScope = *m_scopes.back();
        const auto* parameters =
            ArmTemplateScope::FindSection(*properties, "parameters", propertiesPath);
        const auto parametersPath = ArmEvaluator::MemberPath(propertiesPath, "parameters");
        for (const auto& member : parameters ? parameters->AsObject() : JsonValue::Object())
        {
            const auto memberPath = ArmEvaluator::MemberPath(parametersPath, member.name);
            const auto* value = member.value.Find("value");
            if (!value)
            {
                throw ResourceError(memberPath, "the parameter has no 'value'");
            }
            if (!innerScope.HasParameter(member.name))
            {
                throw ResourceError(memberPath,
                                    "the nested template has no parameter '" +
                                        JsonText::Quote(member.name) + "'");
            }
            innerScope.BindParameter(member.name,
                                     *value,
                                     ArmEvaluator::MemberPath(memberPath, "value"),
                                     &declaration.context);
        }
        innerScope.RequireParameters();
        declaration.nestedScope = &innerScope;
        declaration.nestedContext = std::unique_ptr<ArmContext>(
            new ArmContext{innerScope, {}, declaration.context.onUnresolved});
    }
    else
    {
        declaration.nestedContext = std::make_unique<ArmContext>(declaration.context);
    }
    const auto first = m_declarations.size();
    if (const auto* resources = nested->Find("resources"))
    {
        ExpandList(*resources,
                   ArmEvaluator::MemberPath(m_declarations[index].nestedPath, "resources"),
                   *m_declarations[index].nestedContext,
                   inner);
    }
    ResolveDependencies(first, inner.group);
    for (auto i = first; i < m_declarations.size(); ++i)
    {
        m_declarations[index].dependencies.push_back(i);
    }
}

} // namespace azure
} // namespace ns3
