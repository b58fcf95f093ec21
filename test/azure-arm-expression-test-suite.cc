/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-resource-importer.h"
#include "ns3/test.h"

#include <algorithm>
#include <string>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param text any text
 * @return it without the characters that a test name may not have
 */
std::string
TestName(std::string text)
{
    std::replace_if(
        text.begin(),
        text.end(),
        [](char c) { return std::string("\"/\\|?'").find(c) != std::string::npos; },
        '_');
    return text;
}

/**
 * @param expression an expression without its brackets
 * @return a template whose only output is that expression
 */
DeploymentConfiguration
Evaluate(const std::string& expression)
{
    std::string escaped;
    for (char c : expression)
    {
        escaped += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return ResourceImporter().Import(
        R"({"$schema":"https://x/2019-04-01/deploymentTemplate.json#","contentVersion":"1",)"
        R"("parameters":{"p":{"type":"string","defaultValue":"v"}},)"
        R"("variables":{"o":{"a":{"B":[1,2]}},"n":3},"resources":[],)"
        R"("outputs":{"o":{"type":"string","value":"[)" +
        escaped + R"(]"}}})");
}

/** A function gives the value that Azure's reference states for it. */
class ValueTestCase : public TestCase
{
  public:
    /**
     * @param expression an expression
     * @param json its value as JSON text
     */
    ValueTestCase(const std::string& expression, const std::string& json)
        : TestCase(TestName(expression)),
          m_expression(expression),
          m_json(json)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = Evaluate(m_expression);
        NS_TEST_ASSERT_MSG_EQ(deployment.errors.size(),
                              0,
                              (deployment.errors.empty() ? "" : deployment.errors[0].message));
        NS_TEST_EXPECT_MSG_EQ(deployment.outputs[0].json, m_json, "value");
    }

    std::string m_expression; //!< the expression
    std::string m_json;       //!< its value
};

/** A wrong expression gives one error at the output's value. */
class ErrorTestCase : public TestCase
{
  public:
    /**
     * @param expression an expression
     * @param reason part of the error
     */
    ErrorTestCase(const std::string& expression, const std::string& reason)
        : TestCase(TestName("Wrong: " + expression.substr(0, 60))),
          m_expression(expression),
          m_reason(reason)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = Evaluate(m_expression);
        NS_TEST_ASSERT_MSG_EQ(deployment.errors.size(), 1, "one error expected");
        NS_TEST_EXPECT_MSG_EQ(deployment.errors[0].path, "outputs.o.value", "path");
        NS_TEST_EXPECT_MSG_EQ((deployment.errors[0].message.find(m_reason) != std::string::npos),
                              true,
                              deployment.errors[0].message);
    }

    std::string m_expression; //!< the expression
    std::string m_reason;     //!< part of the error
};

/** The template expression language. */
class ArmExpressionTestSuite : public TestSuite
{
  public:
    ArmExpressionTestSuite()
        : TestSuite("azure-arm-expression", Type::UNIT)
    {
        const std::string root = "/subscriptions/00000000-0000-0000-0000-000000000000";
        const std::pair<const char*, std::string> values[] = {
            {"parameters('P')", R"("v")"},
            {"variables('o').a.b[1]", "2"},
            {"concat('a', 'b', 1)", R"("ab1")"},
            {"CONCAT(createArray(1), createArray(2))", "[1,2]"},
            {"format('{0}-{1:D3}-{{x}}', 'a', 7)", R"("a-007-{x}")"},
            {"format('{0:N0}', 8175133)", R"("8,175,133")"},
            {"resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 's')",
             "\"" + root +
                 "/resourceGroups/azlb/providers/Microsoft.Network/virtualNetworks/v/subnets/s\""},
            {"resourceId('g', 'Microsoft.Network/virtualNetworks/', 'v')",
             "\"" + root + "/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v\""},
            {"subscriptionResourceId('A.B/c', 'n')", "\"" + root + "/providers/A.B/c/n\""},
            {"extensionResourceId('/x', 'A.B/c', 'n')", R"("/x/providers/A.B/c/n")"},
            {"resourceGroup().location", R"("eastus")"},
            {"subscription().id", "\"" + root + "\""},
            {"deployment().name", R"("azuredeploy")"},
            {"environment().name", R"("AzureCloud")"},
            {"length('One Two Three')", "13"},
            {"length(range(5, 3))", "3"},
            {"length(uniqueString('a'))", "13"},
            {"equals(uniqueString('a'), uniqueString('b'))", "false"},
            {"length(guid('a', 'b'))", "36"},
            {"equals('a', 'A')", "false"},
            {"equals(createObject('a', 1), json('{\"A\":1}'))", "true"},
            {"if(true(), 'x', variables('missing'))", R"("x")"},
            {"and(true(), not(false()), or(false(), true()))", "true"},
            {"range(5, 3)", "[5,6,7]"},
            {"substring('1234567890', 0, 3)", R"("123")"},
            {"null()", "null"},
            {"add(5, 3)", "8"},
            {"mul(5, 3)", "15"},
            {"div(8, 3)", "2"},
            {"mod(7, 3)", "1"},
            {"min(createArray(0, 3, 2, 5, 4))", "0"},
            {"max(1, 5, 3)", "5"},
            {"greater(1, 2)", "false"},
            {"int('4')", "4"},
            {"bool('true')", "true"},
            {"string(createArray('a', 1))", R"("[\"a\",1]")"},
            {"json('{\"a\":[1]}').a", "[1]"},
            {"uri('http://x.com/a/azuredeploy.json', 'nested/b.json')",
             R"("http://x.com/a/nested/b.json")"},
            {"uri('http://x.com', '/b')", R"("http://x.com/b")"},
            {"toLower('One')", R"("one")"},
            {"toUpper('One')", R"("ONE")"},
            {"split('one,two', ',')", R"(["one","two"])"},
            {"empty('')", "true"},
            {"createObject('a', 1, 'b', null())", R"({"a":1,"b":null})"},
            {"replace('123-123', '-', '')", R"("123123")"},
            {"contains('OneTwo', 'e')", "true"},
            {"contains(variables('o'), 'A')", "true"},
            {"contains(createArray('one'), 'two')", "false"},
            {"utcNow()", R"("20260101T000000Z")"},
            {"utcNow('d')", R"("01/01/2026")"},
            {"listKeys('x', '2020').keys[0].keyName", R"("key1")"},
            {"base64('one, two, three')", R"("b25lLCB0d28sIHRocmVl")"},
            {"base64ToString('b25lLCB0d28sIHRocmVl')", R"("one, two, three")"},
            {"take(createArray(1, 2, 3), 2)", "[1,2]"},
            {"take('onetwo', 2)", R"("on")"},
            {"skip('onetwo', 2)", R"("etwo")"},
            {"padLeft('123', 10, '0')", R"("0000000123")"},
            {"array('a')", R"(["a"])"},
            {"first('One')", R"("O")"},
            {"last(createArray('a', 'b'))", R"("b")"},
            {"join(createArray('a', 'b'), ', ')", R"("a, b")"},
            {"union(createObject('a', 1), createObject('b', 2))", R"({"a":1,"b":2})"},
            {"union(createArray(1, 2), createArray(2, 3))", "[1,2,3]"},
            {"coalesce(null(), 'x')", R"("x")"},
            {"concat('it''s')", R"("it's")"}};
        for (const auto& [expression, json] : values)
        {
            AddTestCase(new ValueTestCase(expression, json), Duration::QUICK);
        }
        std::string deep = "1";
        for (int i = 0; i < 100; ++i)
        {
            deep = "add(1, " + deep + ")";
        }
        const std::pair<std::string, std::string> errors[] = {
            {"concat('a'", "expected ')' but found the end"},
            {"concat('a", "closing quote"},
            {"nope()", "unknown function 'nope'"},
            {"variables('missing')", "no variable 'missing'"},
            {"parameters('missing')", "no parameter 'missing'"},
            {"variables('o').x", "no property 'x'"},
            {"range(0, 3)[3]", "outside an array of 3"},
            {"add('a', 1)", "argument 1 must be an integer but is a string"},
            {"div(1, 0)", "division by zero"},
            {"add(9223372036854775806, 2)", "number is too large"},
            {"mul(4611686018427387904, 2)", "does not fit"},
            {"range(0, 10001)", "must be from 0 to 10000"},
            {"copyIndex()", "not inside a copy loop"},
            {"reference('x')", "is no resource of this template"},
            {deep, "nested calls"},
            {"1 # 2", "is not allowed"}};
        for (const auto& [expression, reason] : errors)
        {
            AddTestCase(new ErrorTestCase(expression, reason), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
ArmExpressionTestSuite g_armExpressionTestSuite;

} // namespace
