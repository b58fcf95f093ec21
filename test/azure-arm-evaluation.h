/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_EVALUATION_H
#define AZURE_ARM_EVALUATION_H

#include "azure-function-test-case.h"
#include "azure-resource-fixture.h"

#include "ns3/azure-json-text.h"

namespace ns3
{
namespace azure
{
namespace test
{

/**
 * @param expressions expressions without their brackets
 * @param options the environment
 * @param members further members of the template, each with a comma at its end
 * @return what a template gives whose outputs are these expressions, in order
 */
inline DeploymentConfiguration
EvaluateAll(const std::vector<std::string>& expressions,
            const ResourceImportOptions& options = {},
            const std::string& members = "")
{
    std::string outputs;
    for (std::size_t i = 0; i < expressions.size(); ++i)
    {
        outputs += (i == 0 ? "\"o" : ",\"o") + std::to_string(i) +
                   R"(":{"type":"string","value":)" +
                   JsonText::Format(JsonValue("[" + expressions[i] + "]")) + "}";
    }
    return ResourceImporter(options).Import(
        Template(members + "\"resources\":[],\"outputs\":{" + outputs + "}"));
}

/**
 * @param expression an expression without its brackets
 * @param options the environment
 * @param members further members of the template, each with a comma at its end
 * @return its value as JSON text, or the error after "! "
 */
inline std::string
EvaluateOne(const std::string& expression,
            const ResourceImportOptions& options = {},
            const std::string& members = "")
{
    const auto deployment = EvaluateAll({expression}, options, members);
    if (deployment.errors.size() == 1 && deployment.outputs.empty())
    {
        return "! " + deployment.errors[0].path + ": " + deployment.errors[0].message;
    }
    return deployment.errors.empty() && deployment.outputs.size() == 1
               ? deployment.outputs[0].json
               : "neither one value nor one error";
}

/// Expressions and their values as JSON text; after "! " the end of the error that is due.
using Table = std::vector<std::pair<std::string, std::string>>;

/**
 * @param test the test case
 * @param table expressions and what they give
 * @param options the environment
 * @param members further members of the template, each with a comma at its end
 */
inline void
CheckTable(FunctionTestCase& test,
           const Table& table,
           const ResourceImportOptions& options = {},
           const std::string& members = "")
{
    for (const auto& [expression, expected] : table)
    {
        const auto got = EvaluateOne(expression, options, members);
        if (expected.rfind("! ", 0) == 0)
        {
            const auto end = expected.substr(2);
            test.Check(got.rfind("! outputs.o0.value: ", 0) == 0 && got.size() > end.size() &&
                           got.substr(got.size() - end.size()) == end,
                       expression + " gives " + got);
        }
        else
        {
            test.Equal(got, expected, expression);
        }
    }
}

} // namespace test
} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_EVALUATION_H */
