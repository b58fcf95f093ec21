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
    if (const auto* parameters = FindSection(source, "parameters", path))
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
    const auto* variables = FindSection(source, "variables", path);
    const auto variablesPath = ArmEvaluator::MemberPath(path, "variables");
    const JsonValue none;
    for (const auto& member : (variables ? *variables : none).AsObject())
    {
        Slot slot;
        slot.path = ArmEvaluator::MemberPath(variablesPath, member.name);
        if (EqualsIgnoringCase(member.name, "copy") && member.value.Is(JsonValue::Type::Array))
        {
            for (std::size_t i = 0; i < member.value.AsArray().size(); ++i)
            {
                const auto& loop = member.value.AsArray()[i];
                const auto* name = loop.Find("name");
                Slot loopSlot;
                loopSlot.source = &loop;
                loopSlot.path = ArmEvaluator::ElementPath(slot.path, i);
                loopSlot.loop = name ? name->AsString() : "";
                if (loopSlot.loop.empty())
                {
                    throw ResourceError(loopSlot.path, "a copy loop needs a 'name'");
                }
                m_variables.emplace(ToLowerCase(loopSlot.loop), loopSlot);
            }
            continue;
        }
        slot.source = &member.value;
        m_variables.emplace(ToLowerCase(member.name), std::move(slot));
    }
}

const JsonValue*
ArmTemplateScope::FindSection(const JsonValue& source,
                              const std::string& name,
                              const std::string& path)
{
    const auto* section = source.Find(name);
    if (!section || section->Is(JsonValue::Type::Null))
    {
        return nullptr;
    }
    if (!section->Is(JsonValue::Type::Object))
    {
        throw ResourceError(ArmEvaluator::MemberPath(path, name),
                            std::string("must be an object, but is ") + section->GetTypeName());
    }
    return section;
}

void
ArmTemplateScope::RequireParameters() const
{
    for (const auto& [name, slot] : m_parameters)
    {
        const auto* nullable = slot.declaration->Find("nullable");
        if (!slot.source && !(nullable && nullable->AsBoolean()))
        {
            throw ResourceError(slot.declarationPath,
                                "the parameter has no default value and is not given; add it to "
                                "the deployment's parameters");
        }
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
    return Evaluate(it->second, "variable '" + JsonText::Quote(name) + "'");
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
        auto& context = slot.context ? *slot.context : own;
        auto value = slot.loop.empty()
                         ? ArmEvaluator::EvaluateJson(*slot.source, slot.path, context)
                         : ArmEvaluator::UnrollLoop(*slot.source, slot.path, slot.loop, context);
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
