/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-template-scope.h"

#include "azure-arm-evaluator.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <utility>

namespace ns3
{
namespace azure
{

ArmTemplateScope::ArmTemplateScope(const JsonValue& source,
                                   const std::string& path,
                                   const ResourceImportOptions& environment,
                                   ArmBudget& budget,
                                   Resolver resolver)
    : m_environment(environment),
      m_budget(budget),
      m_resolver(std::move(resolver))
{
    if (const auto* parameters = source.Find("parameters"))
    {
        const auto parametersPath = ArmEvaluator::MemberPath(path, "parameters");
        for (const auto& member : parameters->AsObject())
        {
            Slot slot;
            slot.declaration = &member.value;
            slot.declarationPath = ArmEvaluator::MemberPath(parametersPath, member.name);
            slot.source = member.value.Find("defaultValue");
            slot.path = ArmEvaluator::MemberPath(slot.declarationPath, "defaultValue");
            m_parameters.emplace(ToLowerCase(member.name), std::move(slot));
        }
    }
    const auto* variables = source.Find("variables");
    const auto variablesPath = ArmEvaluator::MemberPath(path, "variables");
    const JsonValue none;
    for (const auto& member : (variables ? *variables : none).AsObject())
    {
        Slot slot;
        slot.path = ArmEvaluator::MemberPath(variablesPath, member.name);
        if (EqualsIgnoringCase(member.name, "copy") && member.value.Is(JsonValue::Type::Array))
        {
            // Each loop becomes a variable of its own: an object that holds only that loop.
            for (const auto& loop : member.value.AsArray())
            {
                const auto* name = loop.Find("name");
                const auto key = ToLowerCase(name ? name->AsString() : "");
                auto& object = m_loops[key];
                object.Set("copy", JsonValue::Array{loop});
                slot.source = &object;
                slot.path = variablesPath;
                m_variables.emplace(key, slot);
            }
            continue;
        }
        slot.source = &member.value;
        m_variables.emplace(ToLowerCase(member.name), std::move(slot));
    }
}

void
ArmTemplateScope::BindParameter(const std::string& name,
                                const JsonValue& value,
                                const std::string& path,
                                const ArmContext* context)
{
    const auto key = ToLowerCase(name);
    auto it = m_parameters.find(key);
    if (it == m_parameters.end())
    {
        throw ResourceError(path, "the template has no parameter '" + JsonText::Quote(name) + "'");
    }
    auto& slot = it->second;
    slot.source = &(m_values[key] = value);
    slot.path = path;
    slot.isLiteral = !context;
    if (context)
    {
        slot.context.emplace(*context);
    }
}

void
ArmTemplateScope::CheckParameter(const std::string& name)
{
    GetParameter(name);
}

bool
ArmTemplateScope::HasParameter(const std::string& name) const
{
    return m_parameters.count(ToLowerCase(name)) > 0;
}

JsonValue
ArmTemplateScope::GetParameter(const std::string& name)
{
    auto it = m_parameters.find(ToLowerCase(name));
    if (it == m_parameters.end())
    {
        throw ResourceError("the template has no parameter '" + JsonText::Quote(name) + "'");
    }
    auto& slot = it->second;
    if (!slot.source)
    {
        const auto* nullable = slot.declaration->Find("nullable");
        if (nullable && nullable->AsBoolean())
        {
            return JsonValue();
        }
        throw ResourceError(slot.declarationPath,
                            "the parameter has no default value and is not given; add it to the "
                            "parameter file");
    }
    const bool isNew = !slot.value;
    auto value = Evaluate(slot, "parameter '" + JsonText::Quote(name) + "'");
    if (isNew)
    {
        ArmParameterCheck::Check(*slot.declaration, slot.declarationPath, value, slot.path);
    }
    return value;
}

JsonValue
ArmTemplateScope::GetVariable(const std::string& name)
{
    const auto key = ToLowerCase(name);
    auto it = m_variables.find(key);
    if (it == m_variables.end())
    {
        throw ResourceError("the template has no variable '" + JsonText::Quote(name) + "'");
    }
    auto value = Evaluate(it->second, "variable '" + JsonText::Quote(name) + "'");
    if (m_loops.count(key) > 0)
    {
        const auto* found = value.Find(name);
        return found ? *found : JsonValue();
    }
    return value;
}

JsonValue
ArmTemplateScope::Evaluate(Slot& slot, const std::string& what)
{
    if (slot.value)
    {
        return *slot.value;
    }
    if (slot.isBusy)
    {
        throw ResourceError(slot.path, what + " needs its own value");
    }
    if (slot.isLiteral)
    {
        slot.value = *slot.source;
        return *slot.value;
    }
    ArmContext own{*this, {}, {}};
    slot.isBusy = true;
    try
    {
        auto value =
            ArmEvaluator::EvaluateJson(*slot.source, slot.path, slot.context ? *slot.context : own);
        slot.value = std::move(value);
    }
    catch (...)
    {
        slot.isBusy = false;
        throw;
    }
    slot.isBusy = false;
    return *slot.value;
}

JsonValue
ArmTemplateScope::GetReference(const std::string& nameOrId, bool full)
{
    return m_resolver(nameOrId, full);
}

JsonValue
ArmTemplateScope::GetDeployment()
{
    using Object = JsonValue::Object;
    JsonValue link = Object{{"uri", JsonValue(m_environment.templateUri)}};
    return Object{{"name", JsonValue(m_environment.deploymentName)},
                  {"location", JsonValue(m_environment.location)},
                  {"properties",
                   JsonValue(Object{{"templateLink", link},
                                    {"mode", JsonValue("Incremental")},
                                    {"provisioningState", JsonValue("Accepted")}})}};
}

const ResourceImportOptions&
ArmTemplateScope::GetEnvironment() const
{
    return m_environment;
}

ArmBudget&
ArmTemplateScope::GetBudget()
{
    return m_budget;
}

} // namespace azure
} // namespace ns3
