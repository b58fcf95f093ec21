/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-deployer.h"

#include "azure-arm-evaluator.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

/// Members of a resource that say how to deploy it rather than what it is.
const char* const g_instructions[] =
    {"copy", "condition", "dependsOn", "resources", "comments", "metadata"};

/**
 * @param text an error path
 * @param prefix the start to look for
 * @return whether the path is at or below the prefix
 */
bool
IsBelow(const std::string& text, const std::string& prefix)
{
    return text.rfind(prefix, 0) == 0 && (text.size() == prefix.size() ||
                                          text[prefix.size()] == '.' || text[prefix.size()] == '[');
}

} // namespace

ArmDeployer::ArmDeployer(const ResourceImportOptions& options, ResourceCompletion& completion)
    : m_options(options),
      m_completion(completion),
      m_expander(options, m_budget, [this](const std::string& nameOrId, bool full) {
          return Resolve(nameOrId, full);
      })
{
}

std::vector<ImportedResource*>
ArmDeployer::Deploy(const JsonValue& source,
                    const JsonValue* parameters,
                    DeploymentConfiguration& deployment)
{
    m_result = &deployment;
    ArmTemplateScope scope(source, "", m_options, m_budget, [this](const auto& name, bool full) {
        return Resolve(name, full);
    });
    BindParameters(source, parameters, scope);
    if (!deployment.errors.empty())
    {
        return {};
    }
    ArmContext context{scope, {}, {}};
    m_expander.Expand(source, "", context);
    for (const auto& error : m_expander.m_errors)
    {
        AddError(error.path, error.message);
    }
    if (!deployment.errors.empty())
    {
        return {};
    }
    deployment.notModelled.insert(deployment.notModelled.end(),
                                  m_expander.m_notModelled.begin(),
                                  m_expander.m_notModelled.end());
    m_states.assign(m_expander.m_declarations.size(), State::Waiting);
    m_isExpanded = true;
    bool isProgress = true;
    while (isProgress)
    {
        isProgress = false;
        for (std::size_t i = 0; i < m_states.size() && !isProgress; ++i)
        {
            const auto& dependencies = m_expander.m_declarations[i].dependencies;
            m_budget.Charge(1 + dependencies.size() / 16);
            if (m_states[i] == State::Waiting &&
                std::all_of(dependencies.begin(), dependencies.end(), [&](std::size_t d) {
                    return m_states[d] >= State::Done;
                }))
            {
                DeployResource(i);
                isProgress = true;
            }
        }
    }
    auto stuck = std::find(m_states.begin(), m_states.end(), State::Waiting);
    if (stuck != m_states.end())
    {
        const auto& declaration =
            m_expander.m_declarations[static_cast<std::size_t>(stuck - m_states.begin())];
        AddError(ArmEvaluator::MemberPath(declaration.resource.path, "dependsOn"),
                 "'" + JsonText::Quote(declaration.resource.id.GetName()) +
                     "' waits for itself: the dependencies form a circle");
    }
    if (deployment.errors.empty())
    {
        m_completion.CompleteAll(m_order);
        try
        {
            const auto outputs = EvaluateOutputs(source, "", context);
            for (const auto& output : outputs.AsObject())
            {
                const auto& type = output.value.Find("type")->AsString();
                const bool isSecret = ToLowerCase(type).rfind("secure", 0) == 0;
                deployment.outputs.push_back(
                    {output.name,
                     type,
                     isSecret ? "null" : JsonText::Format(*output.value.Find("value"))});
            }
        }
        catch (const ResourceError& error)
        {
            AddError(error.GetPath(), error.what());
        }
    }
    return m_order;
}

void
ArmDeployer::BindParameters(const JsonValue& source,
                            const JsonValue* parameters,
                            ArmTemplateScope& scope)
{
    std::string path;
    if (parameters && parameters->Find("parameters"))
    {
        path = "parameters";
        if (!parameters->Find("parameters")->Is(Type::Object))
        {
            AddError(path, "must be an object", true);
            return;
        }
        parameters = parameters->Find("parameters");
    }
    for (const auto& member : parameters ? parameters->AsObject() : JsonValue::Object())
    {
        if (path.empty() && (EqualsIgnoringCase(member.name, "$schema") ||
                             EqualsIgnoringCase(member.name, "contentVersion")))
        {
            continue;
        }
        const auto memberPath = ArmEvaluator::MemberPath(path, member.name);
        const auto* value = member.value.Find("value");
        if (!scope.HasParameter(member.name))
        {
            AddError(memberPath,
                     "the template has no parameter '" + JsonText::Quote(member.name) + "'",
                     true);
        }
        else if (!value && !member.value.Find("reference"))
        {
            AddError(memberPath, "the parameter has no 'value'", true);
        }
        else
        {
            // A secret in a key vault does not matter to a simulation.
            const auto valuePath = ArmEvaluator::MemberPath(memberPath, "value");
            m_parameterPaths.push_back(valuePath);
            scope.BindParameter(member.name,
                                value ? *value : JsonValue("not-a-secret"),
                                valuePath,
                                nullptr);
        }
    }
    const auto* declared = source.Find("parameters");
    for (const auto& member : declared ? declared->AsObject() : JsonValue::Object())
    {
        try
        {
            scope.CheckParameter(member.name);
        }
        catch (const ResourceError& error)
        {
            const bool isGiven =
                std::any_of(m_parameterPaths.begin(),
                            m_parameterPaths.end(),
                            [&](const auto& given) { return IsBelow(error.GetPath(), given); });
            AddError(error.GetPath(), error.what(), isGiven);
        }
    }
}

void
ArmDeployer::DeployResource(std::size_t index)
{
    if (m_states[index] >= State::Done)
    {
        return;
    }
    auto& declaration = m_expander.m_declarations[index];
    if (m_states[index] == State::Busy)
    {
        throw ResourceError("'" + JsonText::Quote(declaration.resource.id.GetName()) +
                            "' refers to itself: the references form a circle");
    }
    m_states[index] = State::Busy;
    m_budget.Enter();
    try
    {
        for (auto dependency : declaration.dependencies)
        {
            DeployResource(dependency);
        }
        EvaluateBody(index);
        m_order.push_back(&declaration.resource);
        m_states[index] = State::Done;
    }
    catch (const ResourceError& error)
    {
        if (error.GetKind() != ResourceError::Kind::Consequence)
        {
            AddError(error.HasPath() ? error.GetPath() : declaration.resource.path, error.what());
        }
        m_states[index] = State::Failed;
    }
    m_budget.Leave();
}

void
ArmDeployer::EvaluateBody(std::size_t index)
{
    auto& declaration = m_expander.m_declarations[index];
    auto& resource = declaration.resource;
    auto& context = declaration.context;
    const bool isModelled = ResourceCompletion::IsModelled(resource.id.GetType());
    const bool isCompute = resource.id.types.size() == 1 &&
                           EqualsIgnoringCase(resource.id.resourceNamespace, "Microsoft.Compute");
    // What lies outside the template does not matter where nothing is modelled.
    context.onUnresolved = [&, isModelled, isCompute](const auto& path, const auto& reason) {
        if (isModelled && !(isCompute && path.find(".networkProfile") == std::string::npos))
        {
            throw ResourceError(path, reason);
        }
        m_result->assumed.push_back(
            {path, resource.id.GetType(), resource.id.GetName(), "null instead", reason});
    };
    JsonValue body = JsonValue::Object();
    for (const auto& member : declaration.source->AsObject())
    {
        const bool isInstruction =
            std::any_of(std::begin(g_instructions),
                        std::end(g_instructions),
                        [&](const char* name) { return EqualsIgnoringCase(member.name, name); });
        if (isInstruction || declaration.nested)
        {
            continue;
        }
        body.Set(member.name,
                 ArmEvaluator::EvaluateJson(member.value,
                                            ArmEvaluator::MemberPath(resource.path, member.name),
                                            context));
    }
    body.Set("id", resource.id.ToText());
    body.Set("name", resource.id.GetName());
    body.Set("type", resource.id.GetType());
    if (declaration.nested)
    {
        if (declaration.nestedScope)
        {
            const auto* parameters = declaration.nested->Find("parameters");
            for (const auto& member : parameters ? parameters->AsObject() : JsonValue::Object())
            {
                declaration.nestedScope->CheckParameter(member.name);
            }
        }
        auto outputs = EvaluateOutputs(*declaration.nested,
                                       declaration.nestedPath,
                                       *declaration.nestedContext);
        body.Set("properties",
                 JsonValue::Object{{"provisioningState", JsonValue("Succeeded")},
                                   {"outputs", std::move(outputs)}});
    }
    resource.body = std::move(body);
    m_completion.Add(resource);
}

JsonValue
ArmDeployer::Resolve(const std::string& nameOrId, bool full)
{
    const auto id = ResourceId::FromText(nameOrId);
    const auto key = id.IsValid() ? id.ToKey() : ToLowerCase(nameOrId);
    m_budget.Charge(1 + m_expander.m_declarations.size());
    if (!m_isExpanded)
    {
        throw ResourceError("reference() stands where no resource is deployed yet; names, "
                            "conditions, dependencies and copy loops of resources cannot use it");
    }
    for (std::size_t i = 0; i < m_states.size(); ++i)
    {
        auto& resource = m_expander.m_declarations[i].resource;
        const auto& declaration = m_expander.m_declarations[i];
        if (key != (id.IsValid() ? declaration.key : declaration.name))
        {
            continue;
        }
        DeployResource(i);
        if (m_states[i] == State::Failed)
        {
            throw ResourceError("reference() to '" + JsonText::Quote(nameOrId) +
                                    "', which could not be deployed",
                                ResourceError::Kind::Consequence);
        }
        auto value = m_completion.Describe(resource);
        const auto* properties = value.Find("properties");
        return full ? value : properties ? *properties : JsonValue(JsonValue::Object());
    }
    throw ResourceError("reference() to '" + JsonText::Quote(nameOrId) + "', which " +
                            (m_expander.IsSkipped(key)
                                 ? "is not deployed, because its condition is false"
                                 : "is no resource of this template"),
                        ResourceError::Kind::Unresolved);
}

JsonValue
ArmDeployer::EvaluateOutputs(const JsonValue& source, const std::string& path, ArmContext& context)
{
    JsonValue result = JsonValue::Object();
    const auto* outputs = ArmTemplateScope::FindSection(source, "outputs", path);
    const auto outputsPath = ArmEvaluator::MemberPath(path, "outputs");
    for (const auto& member : outputs ? outputs->AsObject() : JsonValue::Object())
    {
        const auto memberPath = ArmEvaluator::MemberPath(outputsPath, member.name);
        const auto evaluate = [&](const JsonValue& value, const std::string& name) {
            return ArmEvaluator::EvaluateJson(value,
                                              ArmEvaluator::MemberPath(memberPath, name),
                                              context);
        };
        const auto* condition = member.value.Find("condition");
        if (condition && !evaluate(*condition, "condition").AsBoolean())
        {
            continue;
        }
        const auto* type = member.value.Find("type");
        const auto* value = member.value.Find("value");
        const auto* copy = member.value.Find("copy");
        if (!type || !(value || copy))
        {
            throw ResourceError(memberPath, "an output needs 'type' and 'value'");
        }
        const auto copyPath = ArmEvaluator::MemberPath(memberPath, "copy");
        auto evaluated = value ? evaluate(*value, "value")
                               : ArmEvaluator::UnrollLoop(*copy, copyPath, "", context);
        result.Set(member.name,
                   JsonValue::Object{{"type", JsonValue(type->AsString())}, {"value", evaluated}});
    }
    return result;
}

void
ArmDeployer::AddError(const std::string& path, const std::string& message, bool isParameterFile)
{
    DeploymentError error{isParameterFile ? m_options.parametersSource : m_options.source,
                          path,
                          message};
    const bool isKnown =
        std::any_of(m_result->errors.begin(),
                    m_result->errors.end(),
                    [&](const DeploymentError& other) { return other.ToText() == error.ToText(); });
    if (!isKnown && m_result->errors.size() < ResourceLimits::Errors)
    {
        m_result->errors.push_back(std::move(error));
    }
}

} // namespace azure
} // namespace ns3
