/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluator.h"
#include "azure-arm-expander.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param text a text
 * @param end another text
 * @return whether the text ends with the other
 */
bool
EndsWithText(const std::string& text, const std::string& end)
{
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

} // namespace

void
ArmExpander::ResolveDependencies(std::size_t first, std::size_t group)
{
    for (auto i = first; i < m_declarations.size(); ++i)
    {
        auto& declaration = m_declarations[i];
        const auto* dependsOn = declaration.source->Find("dependsOn");
        if (declaration.group != group || !dependsOn)
        {
            continue;
        }
        const auto path = ArmEvaluator::MemberPath(declaration.resource.path, "dependsOn");
        try
        {
            const auto entries = ArmEvaluator::EvaluateJson(*dependsOn, path, declaration.context);
            if (!entries.Is(JsonValue::Type::Array))
            {
                throw ResourceError(path,
                                    std::string("must be an array, but is ") +
                                        entries.GetTypeName());
            }
            for (std::size_t k = 0; k < entries.AsArray().size(); ++k)
            {
                const auto& entry = entries.AsArray()[k];
                const auto entryPath = ArmEvaluator::ElementPath(path, k);
                m_budget.Charge(m_declarations.size());
                if (!entry.Is(JsonValue::Type::String))
                {
                    throw ResourceError(entryPath,
                                        std::string("must be a string, but is ") +
                                            entry.GetTypeName());
                }
                if (!FindDependency(entry.AsString(), group, declaration.dependencies))
                {
                    throw ResourceError(entryPath,
                                        "'" + JsonText::Quote(entry.AsString()) +
                                            "' is neither a resource nor a copy loop of this "
                                            "template");
                }
            }
        }
        catch (const ResourceError& error)
        {
            m_errors.push_back({error.HasPath() ? error.GetPath() : path, error.what()});
        }
    }
}

bool
ArmExpander::FindDependency(const std::string& text,
                            std::size_t group,
                            std::vector<std::size_t>& found)
{
    auto key = ToLowerCase(text);
    const auto id = ResourceId::FromText(text);
    const auto size = found.size();
    if (id.IsValid())
    {
        key = id.ToKey();
    }
    else
    {
        while (!key.empty() && (key.back() == '/' || key.front() == '/'))
        {
            key = key.back() == '/' ? key.substr(0, key.size() - 1) : key.substr(1);
        }
    }
    const auto ending = "/providers/" + key;
    bool isSkipped = false;
    for (std::size_t i = 0; i < m_declarations.size(); ++i)
    {
        const auto& candidate = m_declarations[i];
        const bool matches =
            id.IsValid() ? candidate.key == key
                         : candidate.group == group &&
                               (candidate.copyName == key || candidate.name == key ||
                                EqualsIgnoringCase(candidate.resource.id.names.back(), key) ||
                                EndsWithText(candidate.key, ending));
        if (matches && !key.empty())
        {
            found.push_back(i);
        }
    }
    for (const auto& skipped : m_skipped)
    {
        isSkipped = isSkipped || skipped.first == key || EndsWithText(skipped.first, ending);
    }
    isSkipped = isSkipped || m_skippedNames.count(std::to_string(group) + ":" + key) > 0;
    // A loop that is empty, or a resource that is not deployed, is nothing to wait for.
    return found.size() > size || isSkipped;
}

} // namespace azure
} // namespace ns3
