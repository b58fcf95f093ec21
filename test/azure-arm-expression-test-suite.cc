/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-resource-importer.h"
#include "ns3/test.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

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
        R"("variables":{"o":{"a":{"B":[1,2]}},"n":3,"long":")" +
        std::string(100000, 'x') +
        R"("},"resources":[],)"
        R"("outputs":{"o":{"type":"string","value":"[)" +
        escaped + R"(]"}}})");
}

/**
 * @brief uniqueString() as its comment in the source describes it: FNV-1a over every text and a
 *        "-", two mixing steps, and base 32 with the least significant digit first.
 * @param texts the arguments
 * @return 13 characters
 */
std::string
UniqueStringOracle(const std::vector<std::string>& texts)
{
    uint64_t hash = 14695981039346656037ULL;
    for (const auto& text : texts)
    {
        for (unsigned char c : text + "-")
        {
            hash ^= c;
            hash *= 1099511628211ULL;
        }
    }
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33;
    std::string result;
    for (int digit = 0; digit < 13; ++digit)
    {
        result += "abcdefghijklmnopqrstuvwxyz234567"[hash % 32];
        hash /= 32;
    }
    return result;
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
            {"concat('it''s')", R"("it's")"},
            // Beyond the reference's examples: what .NET does.
            {"concat('a', true(), -5)", R"("aTrue-5")"},
            {"format('{0,6}|{0,-6}|{1, 4:D2}|{2 ,3}', 'ab', 7, 1)", R"("    ab|ab    |  07|  1")"},
            {"format('{0:X4}{1:x}{2:F1}{3:0000}{4:N}', 255, 171, 3, 42, -1234)",
             R"("00FFab3.00042-1,234.00")"},
            {"format('{0}{1}{2}', true(), null(), createArray(1, 'b'))", R"("True[1,\"b\"]")"},
            {"-9223372036854775808", "-9223372036854775808"},
            {"add(9223372036854775806, 1)", "9223372036854775807"},
            {"sub(-9223372036854775807, 1)", "-9223372036854775808"},
            {"mod(-7, 3)", "-1"},
            {"div(-7, 2)", "-3"},
            // Lengths and positions count UTF-16 code units.
            {"length('\u00e4\U0001F600')", "3"},
            {"substring('\u00e4bc', 1, 1)", R"("b")"},
            {"first('\u00e4bc')", "\"\u00e4\""},
            {"last('b\u00e4')", "\"\u00e4\""},
            {"take('\u00e4bc', 2)", "\"\u00e4b\""},
            {"skip('\u00e4bc', 1)", R"("bc")"},
            {"skip('\U0001F600b', 1)", "\"\ufffdb\""},
            {"take('\U0001F600b', 1)", "\"\ufffd\""},
            {"indexOf('\u00e4B', 'b')", "1"},
            {"padLeft('\u00e4', 3, '-')", "\"--\u00e4\""},
            {"base64ToString('w6Q=')", "\"\u00e4\""},
            {"base64ToString('/w==')", "\"\ufffd\""},
            {"uriComponentToString('a%ff')", "\"a\ufffd\""},
            {"take('ab', -1)", R"("")"},
            {"take('ab', 99)", R"("ab")"},
            {"skip(createArray(1, 2), 99)", "[]"},
            {"substring('abc', 3)", R"("")"},
            {"substring('abc', 1)", R"("bc")"},
            {"split('a-b+c', createArray('-', '+'))", R"(["a","b","c"])"},
            {"split('', ',')", R"([""])"},
            {"padLeft(12, 4, '0')", R"("0012")"},
            {"lastIndexOf(createArray(1, 2, 1), 1)", "2"},
            {"indexOf('abc', 'x')", "-1"},
            {"empty(null())", "true"},
            {"empty(createObject())", "true"},
            {"contains('One', 'one')", "false"},
            {"contains(createArray('One'), 'one')", "false"},
            {"contains('a1', 1)", "true"},
            {"union(createObject('a', createObject('x', 1), 'b', createArray(1)), "
             "createObject('A', createObject('y', 2), 'b', createArray(2)))",
             R"({"a":{"x":1,"y":2},"b":[2]})"},
            {"union(createArray(1, 1), createArray(2))", "[1,2]"},
            {"intersection(createArray(1, 1, 2), createArray(1, 3))", "[1]"},
            {"first(createArray())", "null"},
            {"equals(1, '1')", "false"},
            {"equals(createObject('a', 1, 'b', 2), createObject('B', 2, 'a', 1))", "true"},
            {"equals(createObject('a', 1, 'b', 2), createObject('b', 1, 'a', 2))", "false"},
            {"equals(createObject('a', 1), createObject('a', 1, 'b', 2))", "false"},
            {"equals(createArray(1, 2), createArray(2, 1))", "false"},
            {"string(true())", R"("True")"},
            {"string(createObject('a', null()))", R"("{\"a\":null}")"},
            {"json('null')", "null"},
            {"json('1.5')", "1.5"},
            {"bool(0)", "false"},
            {"int('-12')", "-12"},
            {"less('a', 'b')", "true"},
            {"max(createArray(-3, -1))", "-1"},
            {"if(false(), div(1, 0), 'safe')", R"("safe")"},
            {"and(false(), equals(div(1, 0), 1))", "false"},
            {"or(true(), equals(div(1, 0), 1))", "true"},
            {"uri('http://x.com/a/b?sas=/c', 'd')", R"("http://x.com/a/d")"},
            {"uri('http://x.com/a/b/', '../c?q=/..')", R"("http://x.com/a/c?q=/..")"},
            {"uri('http://x.com/a/', '')", R"("http://x.com/a/")"},
            {"uriComponent('a b/\u00e4')", R"("a%20b%2F%C3%A4")"},
            {"utcNow('yyyy-MM-dd HH:mm:ss')", R"("2026-01-01 00:00:00")"},
            {"utcNow('ddd, d MMM yy h tt')", R"("Thu, 1 Jan 26 12 AM")"},
            {"utcNow('''day'' dddd \\d K zzz')", R"("day Thursday d Z +00:00")"},
            {"utcNow('u')", R"("2026-01-01 00:00:00Z")"},
            {"utcNow('o')", R"("2026-01-01T00:00:00.0000000Z")"},
            {"utcNow('R')", R"("Thu, 01 Jan 2026 00:00:00 GMT")"},
            {"uniqueString('a', 'b')", "\"" + UniqueStringOracle({"a", "b"}) + "\""},
            {"uniqueString(resourceGroup().id)",
             "\"" + UniqueStringOracle({root + "/resourceGroups/azlb"}) + "\""},
            {"environment().suffixes.storage", R"("core.windows.net")"},
            {"coalesce(null(), null())", "null"}};
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
            {"add(9223372036854775807, 1)", "does not fit"},
            {"9223372036854775808", "number is too large"},
            {"-9223372036854775809", "number is too large"},
            {"sub(-9223372036854775807, 2)", "does not fit"},
            {"div(-9223372036854775808, -1)", "does not fit"},
            {"mod(1, 0)", "division by zero"},
            {"range(9223372036854775807, 2)", "does not fit"},
            {"range(0, -1)", "must be from 0"},
            {"substring('abc', 4)", "outside a text of 3"},
            {"substring('abc', 1, 3)", "reach outside"},
            {"substring('abc', -1, 1)", "outside"},
            {"split('a', createArray(1))", "a delimiter must be a string but is an integer"},
            {"split('a', 1)", "argument 2 must be a string"},
            {"concat('a', createArray(1))", "argument 2 must be a string, number or boolean"},
            {"concat(createArray(1), 'a')", "argument 2 must be an array"},
            {"union(createObject('a', 1), createArray(1))", "argument 2 must be an object"},
            {"contains(1, 1)", "argument 1 must be a string"},
            {"length(1)", "argument 1 must be a string"},
            {"if('true', 1, 2)", "argument 1 must be a boolean"},
            {"if(true(), 1)", "takes 3 arguments"},
            {"and(true())", "takes more arguments"},
            {"not(1)", "argument 1 must be a boolean"},
            {"int('1.5')", "no integer"},
            {"int('9223372036854775808')", "no integer of 64 bits"},
            {"bool('yes')", "neither true nor false"},
            {"json('{')", "malformed JSON"},
            {"base64ToString('*')", "not base64"},
            {"format('{0}')", "has no argument"},
            {"format('{x}', 1)", "does not begin with an argument's number"},
            {"format('{0:Q}', 1)", "is not supported"},
            {"format('{', 1)", "has no '}'"},
            {"createObject('a')", "the last name has no value"},
            {"min(createArray())", "nothing to choose from"},
            {"less('a', 1)", "argument 2 must be a string"},
            {"uri('x', 'y')", "no absolute URI"},
            {"utcNow('Q')", "is not supported"},
            {"utcNow('yyyy ''x')", "is not closed"},
            {"listKeys('x')", "at least 2"},
            {"listSecrets('x', '2020')", "asks the service"},
            {"reference('x', '2020', 'Half')", "must be 'Full' or 'Properties'"},
            {"reference('x', 2020)", "argument 2 must be a string"},
            {"map(createArray(1), lambda('x', lambdaVariables('x')))",
             "is not supported: it takes a lambda expression"},
            {"cidrSubnet('10.0.0.0/8', 24, 0)", "is not supported: it is beyond"},
            {"contoso.name('x')", "is not supported: templates' own functions are not read"},
            {"resourceId('A.B/c')", "takes at least 2"},
            {"resourceId('A.B/c/d', 'x')", "one name for each part"},
            {"resourceId('x', 'y')", "no argument is a resource type"},
            {"copyIndex('x')", "which it is not inside"},
            {"join(range(0, 10000), variables('long'))", "the result is too long"},
            {"split(variables('long'), concat(range(0, 1)))", "a delimiter must be a string"},
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
