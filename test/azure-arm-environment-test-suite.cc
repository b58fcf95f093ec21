/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluation.h"

#include <regex>
#include <set>
#include <tuple>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/**
 * @brief Resource ids at each scope.
 * @param test the test case
 */
void
TestScopes(FunctionTestCase& test)
{
    ResourceImportOptions options;
    options.subscriptionId = "sub";
    options.resourceGroup = "examplegroup";
    options.location = "westus";
    options.tenantId = "ten";
    options.deploymentName = "dep";
    options.templateUri = "https://example.com/x/azuredeploy.json";
    const std::string group = "/subscriptions/sub/resourceGroups/examplegroup";
    const std::string other = "11111111-1111-1111-1111-111111111111";
    const std::string role = "b24988ac-6180-42a0-ab88-20f7382dd24c";
    const std::string roles = "Microsoft.Authorization/roleDefinitions";
    CheckTable(
        test,
        {{"resourceId('Microsoft.Storage/storageAccounts', 'examplestorage')",
          "\"" + group + "/providers/Microsoft.Storage/storageAccounts/examplestorage\""},
         {"resourceId('otherGroup', 'Microsoft.Storage/storageAccounts', 'examplestorage')",
          R"("/subscriptions/sub/resourceGroups/otherGroup/providers/Microsoft.Storage)"
          R"(/storageAccounts/examplestorage")"},
         {"resourceId('" + other +
              "', 'otherGroup', 'Microsoft.Storage/storageAccounts', 'examplestorage')",
          "\"/subscriptions/" + other +
              "/resourceGroups/otherGroup/providers/Microsoft.Storage/storageAccounts"
              "/examplestorage\""},
         {"resourceId('Microsoft.SQL/servers/databases', 'serverName', 'databaseName')",
          "\"" + group + "/providers/Microsoft.SQL/servers/serverName/databases/databaseName\""},
         {"subscriptionResourceId('" + roles + "', '" + role + "')",
          "\"/subscriptions/sub/providers/" + roles + "/" + role + "\""},
         {"subscriptionResourceId('" + other + "', '" + roles + "', '" + role + "')",
          "\"/subscriptions/" + other + "/providers/" + roles + "/" + role + "\""},
         {"tenantResourceId('" + roles + "', '" + role + "')",
          "\"/providers/" + roles + "/" + role + "\""},
         {"extensionResourceId(resourceGroup().id, '" + roles + "', '" + role + "')",
          "\"" + group + "/providers/" + roles + "/" + role + "\""},
         {"extensionResourceId('a/b', 'A.B/c/d', 'e', 'f')", R"("/a/b/providers/A.B/c/e/d/f")"},
         {"resourceId('x', 's', 'g', 'A.B/c', 'd')",
          "! at most a subscription and a resource group may come before the type"},
         {"subscriptionResourceId('s', 'g', 'A.B/c', 'd')",
          "! at most a subscription may come before the type"},
         {"resourceId('A.B/c', 'd/e')", "! 'd/e' is no resource name"},
         {"resourceId('A.B/c', '')", "! '' is no resource name"},
         {"tenantResourceId('A.B/c/d', 'e')",
          "! type 'A.B/c/d' needs one name for each part after the namespace"},
         {"resourceId('A.B/c', 1)", "! argument 2 must be a string but is an integer"},
         {"resourceGroup()",
          R"({"id":")" + group +
              R"(","name":"examplegroup","type":"Microsoft.Resources/resourceGroups",)"
              R"("location":"westus","tags":{},"properties":{"provisioningState":"Succeeded"}})"},
         {"deployment().name", R"("dep")"},
         {"subscription().subscriptionId", R"("sub")"},
         {"subscription().tenantId", R"("ten")"},
         {"tenant().tenantId", R"("ten")"},
         {"uri(deployment().properties.templateLink.uri, 'nested/a.json')",
          R"("https://example.com/x/nested/a.json")"},
         {"environment().resourceManager", R"("https://management.azure.com/")"},
         {"concat('a', environment().suffixes.sqlServerHostname)", R"("a.database.windows.net")"}},
        options);
}

/**
 * @brief utcNow() with .NET's formats, at a time whose parts all differ.
 * @param test the test case
 */
void
TestTime(FunctionTestCase& test)
{
    ResourceImportOptions options;
    options.utcNow = 1551808398; // the reference's example: 2019-03-05T17:53:18Z, a Tuesday
    CheckTable(test,
               {{"utcNow()", R"("20190305T175318Z")"},
                {"utcNow('d')", R"("03/05/2019")"},
                {"utcNow('M d')", R"("3 5")"},
                {"utcNow('D')", R"("Tuesday, 05 March 2019")"},
                {"utcNow('f')", R"("Tuesday, 05 March 2019 17:53")"},
                {"utcNow('F')", R"("Tuesday, 05 March 2019 17:53:18")"},
                {"utcNow('g')", R"("03/05/2019 17:53")"},
                {"utcNow('G')", R"("03/05/2019 17:53:18")"},
                {"utcNow('m')", R"("March 05")"},
                {"utcNow('O')", R"("2019-03-05T17:53:18.0000000Z")"},
                {"utcNow('r')", R"("Tue, 05 Mar 2019 17:53:18 GMT")"},
                {"utcNow('s')", R"("2019-03-05T17:53:18")"},
                {"utcNow('t')", R"("17:53")"},
                {"utcNow('T')", R"("17:53:18")"},
                {"utcNow('U')", R"("Tuesday, 05 March 2019 17:53:18")"},
                {"utcNow('y')", R"("2019 March")"},
                {"utcNow('%M')", R"("3")"},
                {"utcNow('yy yyyyy')", R"("19 02019")"},
                {"utcNow('h:mm t, hh tt, H, HH')", R"("5:53 P, 05 PM, 17, 17")"},
                {"utcNow('z zz zzz')", R"("+0 +00 +00:00")"},
                {"utcNow('s.fff s.FFF')", R"("18.000 18.")"},
                {"utcNow('ddd dddd MMM MMMM g')", R"("Tue Tuesday Mar March A.D.")"},
                {"utcNow('yyyy\"y\"\\M')", R"("2019yM")"},
                {"utcNow('i')", "! function 'utcNow': format 'i' is not supported"}},
               options);
    options.utcNow = 951782400; // 2000-02-29T00:00:00Z
    CheckTable(test,
               {{"utcNow('D')", R"("Tuesday, 29 February 2000")"},
                {"utcNow('y yy yyy h tt')", R"("0 00 2000 12 AM")"}},
               options);
}

/**
 * @brief uniqueString() and guid() have Azure's shape, are the same in every run, and spread.
 * @param test the test case
 */
void
TestHashes(FunctionTestCase& test)
{
    std::vector<std::string> expressions;
    for (int i = 0; i < 400; ++i)
    {
        const auto text = "'x" + std::to_string(i % 200) + "'";
        expressions.push_back((i < 200 ? "uniqueString(" : "guid(") + text + ")");
    }
    expressions.insert(expressions.end(), {"guid('a', 'b')", "guid('b', 'a')", "guid('a')"});
    const auto first = EvaluateAll(expressions);
    const auto second = EvaluateAll(expressions);
    test.Equal(first.outputs.size(), expressions.size(), "values");
    const std::regex uniqueString(R"("[a-z2-7]{13}")");
    const std::regex guid(
        R"("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")");
    std::set<std::string> values;
    for (std::size_t i = 0; i < first.outputs.size(); ++i)
    {
        const auto& json = first.outputs[i].json;
        test.Check(std::regex_match(json, i < 200 ? uniqueString : guid), json);
        test.Equal(json, second.outputs.at(i).json, "the same again");
        values.insert(json);
    }
    test.Equal(values.size(), expressions.size(), "no value twice");
}

/**
 * @brief The number of arguments of every function, and those that are documented but not
 *        evaluated.
 * @param test the test case
 */
void
TestCounts(FunctionTestCase& test)
{
    // Name, fewest, most; -1 for no limit. As the reference lists the parameters.
    const std::tuple<const char*, int, int> functions[] = {
        {"toLower", 1, 1},       {"trim", 1, 1},          {"substring", 2, 3},
        {"replace", 3, 3},       {"split", 2, 2},         {"padLeft", 2, 3},
        {"startsWith", 2, 2},    {"endsWith", 2, 2},      {"indexOf", 2, 2},
        {"lastIndexOf", 2, 2},   {"base64", 1, 1},        {"base64ToJson", 1, 1},
        {"uri", 2, 2},           {"uriComponent", 1, 1},  {"format", 1, -1},
        {"concat", 1, -1},       {"uniqueString", 1, -1}, {"length", 1, 1},
        {"range", 2, 2},         {"first", 1, 1},         {"take", 2, 2},
        {"join", 2, 2},          {"contains", 2, 2},      {"array", 1, 1},
        {"createArray", 0, -1},  {"items", 1, 1},         {"add", 2, 2},
        {"mod", 2, 2},           {"max", 1, -1},          {"less", 2, 2},
        {"equals", 2, 2},        {"not", 1, 1},           {"true", 0, 0},
        {"null", 0, 0},          {"bool", 1, 1},          {"json", 1, 1},
        {"parameters", 1, 1},    {"variables", 1, 1},     {"copyIndex", 0, 2},
        {"resourceGroup", 0, 0}, {"utcNow", 0, 1},        {"reference", 1, 3}};
    const auto call = [](const std::string& name, int count) {
        std::string text = name + "(";
        for (int i = 0; i < count; ++i)
        {
            text += i == 0 ? "1" : ",1";
        }
        return EvaluateOne(text + ")");
    };
    for (const auto& [name, fewest, most] : functions)
    {
        const std::string head = std::string("! outputs.o0.value: function '") + name + "' takes ";
        if (fewest > 0)
        {
            test.Equal(call(name, fewest - 1),
                       head + "at least " + std::to_string(fewest) + " arguments, not " +
                           std::to_string(fewest - 1),
                       name);
        }
        if (most >= 0)
        {
            test.Equal(call(name, most + 1),
                       head + "at most " + std::to_string(most) + " arguments, not " +
                           std::to_string(most + 1),
                       name);
        }
    }
    const std::pair<std::vector<std::string>, const char*> refused[] = {
        {{"filter", "groupBy", "mapValues", "reduce", "sort", "toObject"},
         "it takes a lambda expression"},
        {{"managementGroup", "pickZones", "providers", "references"},
         "it asks the service, which a simulation does not have"},
        {{"cidrHost",
          "parseCidr",
          "dateTimeAdd",
          "dateTimeFromEpoch",
          "dataUri",
          "newGuid",
          "objectKeys",
          "shallowMerge",
          "tryGet",
          "flatten",
          "fail"},
         "it is beyond what this importer evaluates"}};
    for (const auto& [names, why] : refused)
    {
        for (const auto& name : names)
        {
            test.Equal(EvaluateOne("concat(" + name + "())"),
                       "! outputs.o0.value: function '" + name +
                           "' at character 8 of the expression is not supported: " + why,
                       name);
        }
    }
}

/**
 * @brief The grammar of expressions.
 * @param test the test case
 */
void
TestGrammar(FunctionTestCase& test)
{
    std::string row = "json('[]')";
    std::string nested = "1";
    for (int i = 0; i < 65; ++i)
    {
        row += "[0]";
    }
    for (int i = 0; i < 64; ++i)
    {
        nested = "array(" + nested + ")";
    }
    const std::string at = " of the expression";
    CheckTable(
        test,
        {{"\t concat ( 'a' ,\r\n 'b' ) ", R"("ab")"},
         {"sys.concat('a', 'b')", R"("ab")"},
         {"SYS.Length ('abc')", "3"},
         {"createObject('a b', createArray(5))['A B'][0]", "5"},
         {"createObject('a', createObject('b', 1)) . a . B", "1"},
         {"concat('''', '''''')", R"("'''")"},
         {"concat('[', ']', '\"')", R"("[]\"")"},
         {"-0", "0"},
         {"007", "7"},
         {"length(" + nested.substr(6), "1"},
         {"array(" + nested + ")", "! the expression has more than 64 nested calls"},
         {row, "! the expression has more than 64 properties and indices in a row"},
         {"concat('" + std::string(24567, 'x') + "')",
          "! the expression is longer than 24576 characters"},
         {"'a'b", "! expected the end of the expression but found 'b' at character 4" + at},
         {"concat('a',)",
          "! expected a function, a text in single quotes or a number but found ')' at character "
          "12" +
              at},
         {"concat(,'a')",
          "! expected a function, a text in single quotes or a number but found ',' at character "
          "8" +
              at},
         {"concat('a' 'b')", "! expected ')' but found 'b' at character 12" + at},
         {"concat('a').", "! expected a property name but found the end at character 13" + at},
         {"sys.('a')", "! expected a function name but found '(' at character 5" + at},
         {"true", "! expected '(' but found the end at character 5" + at},
         {"1.5", "! expected a property name but found 5 at character 3" + at},
         {"12a", "! a number ends in a letter at character 1" + at},
         {"range(0, 2)[0", "! expected ']' but found the end at character 14" + at},
         {"- 1", "! '-' is not allowed at character 1" + at},
         {"add(1, \u00e4)", "! '\\xc3' is not allowed at character 8" + at},
         {"toLower('A').b",
          "! property 'b' is read from a string, not from an object, at character 13" + at},
         {"createArray(1)[true()]",
          "! an array cannot be indexed by a boolean at character 15" + at},
         {"createObject('a', 1)[0]",
          "! an object cannot be indexed by an integer at character 21" + at},
         {"createObject('a', 1)['b']", "! there is no property 'b' at character 21" + at},
         {"createArray(1)[-1]",
          "! index -1 is outside an array of 1 elements at character 15" + at}});
}

/** Where expressions are evaluated, and what they may look like. */
class ArmEnvironmentTestSuite : public TestSuite
{
  public:
    ArmEnvironmentTestSuite()
        : TestSuite("azure-arm-environment", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"Resource ids and the environment at each scope", TestScopes},
            {"Formats of utcNow()", TestTime},
            {"uniqueString() and guid() have their shape", TestHashes},
            {"Functions take as many arguments as documented", TestCounts},
            {"Expressions have a grammar and limits", TestGrammar}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
ArmEnvironmentTestSuite g_armEnvironmentTestSuite;

} // namespace
