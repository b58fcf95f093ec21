/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-value-template.h"

#include "azure-server-variables.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

ValueTemplate::ValueTemplate(const std::string& text,
                             const std::vector<RewriteCondition>& conditions)
{
    size_t begin = 0;
    while (begin < text.size())
    {
        const size_t open = std::min(text.find('{', begin), text.size());
        const size_t close = text.find('}', open);
        const std::string name =
            close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
        // Braces around anything else are plain text.
        const bool isVariable = ServerVariables::IsWellFormed(name);
        const size_t end = isVariable ? open : std::min(open + 1, text.size());
        if (end > begin)
        {
            m_parts.push_back({text.substr(begin, end - begin), false, std::nullopt});
        }
        if (isVariable)
        {
            m_parts.push_back(ParseVariable(name, conditions));
        }
        begin = isVariable ? close + 1 : end;
    }
}

ValueTemplate::Part
ValueTemplate::ParseVariable(const std::string& name,
                             const std::vector<RewriteCondition>& conditions)
{
    const auto isConditionOn = [&](const std::string& variable) {
        return std::any_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
            return condition.variable == variable;
        });
    };
    const size_t underscore = name.rfind('_');
    const std::string number = name.substr(underscore + 1);
    const bool isNumber = !number.empty() && number.size() <= 4 &&
                          number.find_first_not_of("0123456789") == std::string::npos;
    if (isNumber && !isConditionOn(name) && isConditionOn(name.substr(0, underscore)))
    {
        return {name.substr(0, underscore), true, static_cast<uint32_t>(std::stoul(number))};
    }
    return {name, true, std::nullopt};
}

std::string
ValueTemplate::Expand(const Captures& captures, const Lookup& lookup) const
{
    std::string result;
    for (const auto& part : m_parts)
    {
        if (!part.isVariable)
        {
            result += part.text;
        }
        else if (!part.group)
        {
            result += lookup(part.text).value_or("");
        }
        else if (const auto found = captures.find(part.text);
                 found != captures.end() && *part.group < found->second.size())
        {
            result += found->second[*part.group];
        }
    }
    return result;
}

} // namespace azure
} // namespace ns3
