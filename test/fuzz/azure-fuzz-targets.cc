/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-fuzz-targets.h"

#include "ns3/azure-arm-evaluator.h"
#include "ns3/azure-arm-template-scope.h"
#include "ns3/azure-arm-text.h"
#include "ns3/azure-json-text.h"
#include "ns3/azure-resource-error.h"
#include "ns3/azure-resource-importer.h"
#include "ns3/azure-resource-limits.h"
#include "ns3/azure-scenario-reader.h"

#include <algorithm>
#include <vector>

namespace ns3
{
namespace azure
{
namespace test
{

namespace
{

/**
 * @param text a message or path
 * @return whether it fits on one line of any terminal
 */
bool
IsPrintable(const std::string& text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/**
 * @param text an expression
 * @param[out] value what it gives
 * @return the error; empty: none
 */
std::string
Evaluate(const std::string& text, JsonValue& value)
{
    std::string error;
    const auto source = JsonText::Parse(
        R"({"parameters":{"p":{"type":"string","defaultValue":"v"},)"
        R"("list":{"type":"array","defaultValue":[1,"two",{"three":[null,true]}]}},)"
        R"("variables":{"o":{"a":{"B":[1,2]}},"n":3,"text":"eins zwei \u00e4 \ud83d\ude00",)"
        R"("self":"[variables('self')]","sum":"[add(variables('n'),1)]",)"
        R"("copy":[{"name":"loop","count":3,"input":"[copyIndex('loop')]"}]}})",
        error);
    const ResourceImportOptions options;
    ArmBudget budget;
    ArmTemplateScope scope(*source, "", options, budget, [](const auto& name, bool) -> JsonValue {
        throw ResourceError("no '" + JsonText::Quote(name) + "'", ResourceError::Kind::Unresolved);
    });
    ArmContext context{scope, {{"outer", 2, false}, {"inner", 1, true}}, {}};
    try
    {
        value = ArmEvaluator::Evaluate(text, context);
    }
    catch (const ResourceError& failure)
    {
        return failure.what()[0] == '\0' ? "no reason" : failure.what();
    }
    return "";
}

/**
 * @param text template or resource, and parameters
 * @return the result of the import
 */
DeploymentConfiguration
ImportBoth(const std::string& text)
{
    const std::string separator = "\n----\n";
    const auto end = text.find(separator);
    return ResourceImporter().Import(
        text.substr(0, end),
        end == std::string::npos ? "" : text.substr(end + separator.size()));
}

} // namespace

std::string
FuzzTargets::Expression(const std::string& text)
{
    // The JSON parser lets no other bytes through.
    const auto sound = ArmText::Sanitise(text);
    JsonValue first;
    JsonValue second;
    const auto error = Evaluate(sound, first);
    if (!IsPrintable(error))
    {
        return "the error is not printable: " + error;
    }
    if (Evaluate(sound, second) != error || !second.Equals(first))
    {
        return "another evaluation gives another result";
    }
    if (!error.empty())
    {
        return "";
    }
    const auto json = JsonText::Format(first);
    std::string problem;
    const auto again = JsonText::Parse(json, problem);
    const bool isTooDeep = problem.find(" nested ") != std::string::npos;
    const bool isTwice = problem.find(" occurs twice ") != std::string::npos;
    const bool isTooLarge = json.size() > ResourceLimits::TextBytes;
    if (!again)
    {
        return isTooDeep || isTooLarge ? "" : isTwice ? "a name twice: " + json : problem;
    }
    return again->Equals(first) ? "" : "written and read again, the value is another: " + json;
}

std::string
FuzzTargets::Import(const std::string& text)
{
    const auto deployment = ImportBoth(text);
    for (const auto& error : deployment.errors)
    {
        if (error.message.empty() || !IsPrintable(error.ToText()))
        {
            return "an error without a printable reason: " + error.ToText();
        }
        if (error.message.rfind("the input cannot be read: ", 0) == 0)
        {
            return "an exception from elsewhere: " + error.message;
        }
    }
    if (deployment.errors.empty() && !deployment.Validate().empty())
    {
        return "imported, but wrong: " + deployment.Validate()[0].message;
    }
    if (deployment.errors.size() > ResourceLimits::Errors)
    {
        return "too many errors";
    }
    const auto again = ImportBoth(text);
    const bool isSame =
        again.errors.size() == deployment.errors.size() &&
        again.notModelled.size() == deployment.notModelled.size() &&
        again.assumed.size() == deployment.assumed.size() &&
        std::equal(again.errors.begin(),
                   again.errors.end(),
                   deployment.errors.begin(),
                   [](const auto& a, const auto& b) { return a.ToText() == b.ToText(); });
    return isSame ? "" : "another import gives another result";
}

std::string
FuzzTargets::Scenario(const std::string& text)
{
    const auto result = ScenarioReader::Parse(text);
    for (const auto& error : result.errors)
    {
        // What is no JSON at all is reported in the JSON library's words, which quote the input.
        const bool isQuoted = error.message.rfind("is not JSON", 0) == 0;
        if (error.message.empty() || !IsPrintable(error.path + (isQuoted ? "" : error.message)))
        {
            return "an error without a printable reason: " + error.path + ": " + error.message;
        }
    }
    const auto again = ScenarioReader::Parse(text);
    const bool isSame = again.errors.size() == result.errors.size() &&
                        std::equal(again.errors.begin(),
                                   again.errors.end(),
                                   result.errors.begin(),
                                   [](const auto& a, const auto& b) {
                                       return a.path == b.path && a.message == b.message;
                                   });
    return isSame ? "" : "another reading gives another result";
}

} // namespace test
} // namespace azure
} // namespace ns3
