/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluation.h"

#include <random>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Name, template, parameter file, and the outputs or errors that are due.
struct Case
{
    const char* what;       //!< the point of the case
    std::string members;    //!< members of the template
    std::string expected;   //!< outputs, or errors after "! "
    std::string parameters; //!< the parameter file; empty: none
};

/**
 * @param test the test case
 * @param cases templates and what they give
 */
void
CheckCases(FunctionTestCase& test, const std::vector<Case>& cases)
{
    for (const auto& one : cases)
    {
        const auto deployment = ResourceImporter().Import(Template(one.members), one.parameters);
        std::string got;
        for (const auto& error : deployment.errors)
        {
            got += (got.empty() ? "! " : "; ") + error.path + ": " + error.message;
        }
        for (const auto& output : deployment.outputs)
        {
            got += (got.empty() ? "" : "; ") + output.name + "=" + output.json;
        }
        test.Equal(got, one.expected, one.what);
    }
}

/**
 * @param name name of a virtual network; may be an expression
 * @param more further members, each after a comma
 * @return the network
 */
std::string
Network(const std::string& name, const std::string& more = "")
{
    return R"({"type":"Microsoft.Network/virtualNetworks","apiVersion":"1","name":")" + name +
           R"(")" + more + "}";
}

/**
 * @param list resources
 * @param outputs expressions of the outputs a, b, ...
 * @return the members of a template
 */
std::string
Members(const std::vector<std::string>& list, const std::vector<std::string>& outputs = {})
{
    std::string text = "\"resources\":[";
    for (const auto& resource : list)
    {
        text += (text.back() == '[' ? "" : ",") + resource;
    }
    text += "],\"outputs\":{";
    for (std::size_t i = 0; i < outputs.size(); ++i)
    {
        text += std::string(i == 0 ? "\"" : ",\"") + static_cast<char>('a' + i) +
                R"(":{"type":"object","value":"[)" + outputs[i] + R"(]"})";
    }
    return text + "}";
}

/// Properties of a virtual network with one prefix, after a comma.
const std::string g_space = R"(,"properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]}})";

/**
 * @brief Copy loops over resources: counts, names, modes, and what refers to them.
 * @param test the test case
 */
void
TestLoops(FunctionTestCase& test)
{
    const auto loop = [](const std::string& copy, const std::string& name) {
        return Network(name,
                       R"(,"copy":)" + copy +
                           R"(,"properties":{"addressSpace":{"addressPrefixes":)"
                           R"(["[format('10.{0}.0.0/16', copyIndex())]"]}})");
    };
    const std::string three = R"({"name":"nets","count":3})";
    const std::string prefix = ".addressSpace.addressPrefixes[0]";
    CheckCases(
        test,
        {{"an index per iteration",
          Members({loop(three, "[concat('n', copyIndex())]")},
                  {"reference('n0')" + prefix, "reference('n2')" + prefix}),
          R"(a="10.0.0.0/16"; b="10.2.0.0/16")",
          ""},
         {"an offset, and the loop's name",
          Members({loop(three,
                        "[concat('n', copyIndex(5), copyIndex('NETS'), "
                        "copyIndex('nets', -1))]")},
                  {"reference('n50-1')" + prefix, "reference('n721')" + prefix}),
          R"(a="10.0.0.0/16"; b="10.2.0.0/16")",
          ""},
         {"in series is the same",
          Members({loop(R"({"name":"nets","count":2,"mode":"serial","batchSize":1})",
                        "[concat('n', copyIndex())]")},
                  {"reference('n1')" + prefix}),
          R"(a="10.1.0.0/16")",
          ""},
         {"no iteration leaves nothing behind",
          Members({loop(R"({"name":"nets","count":0})", "[concat('n', copyIndex())]"),
                   Network("m", g_space + R"(,"dependsOn":["nets"])")},
                  {"reference('n0')"}),
          "! outputs.a.value: reference() to 'n0', which is no resource of this template",
          ""},
         {"a resource waits for all iterations",
          Members({Network("m",
                           R"(,"dependsOn":["NETS"],"tags":{"t":"[reference('n1').addressSpace)"
                           R"(.addressPrefixes[0]]"},"properties":{"addressSpace":)"
                           R"({"addressPrefixes":["10.9.0.0/16"]}})"),
                   loop(R"({"name":"nets","count":"[add(1, 1)]"})", "[concat('n', copyIndex())]")},
                  {"reference('m', '1', 'Full').tags.t"}),
          R"(a="10.1.0.0/16")",
          ""},
         {"every iteration needs a name of its own",
          Members({loop(three, "n")}),
          "! resources[0].name: resource 'n' of type 'Microsoft.Network/virtualNetworks' is "
          "defined twice",
          ""},
         {"a loop without count",
          Members({loop(R"({"name":"nets"})", "n")}),
          "! resources[0].copy: a copy loop needs 'name' and 'count'",
          ""},
         {"a count that is text",
          Members({loop(R"({"name":"nets","count":"3"})", "n")}),
          "! resources[0].copy.count: the count of a copy loop must be an integer from 0, not a "
          "string",
          ""},
         {"more iterations than Azure allows",
          Members({loop(R"({"name":"nets","count":801})", "n")}),
          "! resources[0].copy.count: a copy loop may have at most 800 iterations, not 801",
          ""},
         {"a property loop inside a resource loop sees both indices",
          Members({Network("[concat('n', copyIndex())]",
                           R"(,"copy":{"name":"nets","count":2},"tags":{"copy":[{"name":"t",)"
                           R"("count":2,"input":"[concat(copyIndex(), copyIndex('t'), )"
                           R"(copyIndex('nets', 7))]"}]},"properties":{"addressSpace":)"
                           R"({"addressPrefixes":["[format('10.{0}.0.0/16', copyIndex())]"]}})")},
                  {"reference('n0', '1', 'full').tags.t", "reference('n1', '1', 'full').tags.t"}),
          R"(a=["007","017"]; b=["108","118"])",
          ""}});
}

/**
 * @brief Conditions, dependencies and circles.
 * @param test the test case
 */
void
TestOrder(FunctionTestCase& test)
{
    const auto condition = [](const std::string& value) {
        return Members({Network("n", R"(,"condition":)" + value + g_space)},
                       {"reference('n').provisioningState"});
    };
    const std::string id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/azlb"
                           "/providers/Microsoft.Network/virtualNetworks/n";
    CheckCases(
        test,
        {{"deployed by an expression", condition(R"("[equals(1, 1)]")"), R"(a="Succeeded")", ""},
         {"deployed by a text", condition(R"("TRUE")"), R"(a="Succeeded")", ""},
         {"a condition that is a number",
          condition("1"),
          "! resources[0].condition: must be true or false, but is an integer",
          ""},
         {"not deployed",
          Members({Network("n", R"(,"condition":"[equals(1, 2)]")")}, {"reference('" + id + "')"}),
          "! outputs.a.value: reference() to '" + id +
              "', which is not deployed, because its condition is false",
          ""},
         {"not deployed, by its name",
          Members({Network("n", R"(,"condition":false)"), Network("m", g_space)},
                  {"reference('N').x"}),
          "! outputs.a.value: reference() to 'N', which is not deployed, because its condition is "
          "false",
          ""},
         {"not deployed, but another one of that name is",
          Members({Network("n", R"(,"condition":false)"),
                   R"({"type":"Microsoft.Network/publicIPAddresses","apiVersion":"1","name":"n",)"
                   R"("properties":{}})"},
                  {"reference('n').provisioningState"}),
          R"(a="Succeeded")",
          ""},
         {"a resource may wait for one that is not deployed",
          Members({Network("n", R"(,"condition":false)"),
                   Network("m", g_space + R"(,"dependsOn":["n"])")},
                  {"reference('m').provisioningState"}),
          R"(a="Succeeded")",
          ""},
         {"dependencies by id, type and name, and name",
          Members({Network("m",
                           g_space +
                               R"(,"dependsOn":["[resourceId('Microsoft.Network/virtualNetworks',)"
                               R"('n')]","Microsoft.Network/virtualNetworks/n","N"])"),
                   Network("n",
                           R"(,"properties":{"addressSpace":{"addressPrefixes":)"
                           R"(["10.1.0.0/16"]}})")},
                  {"reference('m').provisioningState"}),
          R"(a="Succeeded")",
          ""},
         {"two that wait for each other",
          Members({Network("n", g_space + R"(,"dependsOn":["m"])"),
                   Network("m", g_space + R"(,"dependsOn":["n"])")}),
          "! resources[0].dependsOn: 'n' waits for itself: the dependencies form a circle",
          ""},
         {"two that refer to each other",
          Members({Network("n", g_space + R"(,"tags":{"t":"[reference('m').x]"})"),
                   Network("m", g_space + R"(,"tags":{"t":"[reference('n').x]"})")}),
          "! resources[1].tags.t: 'n' refers to itself: the references form a circle",
          ""},
         {"dependencies that are no list",
          Members({Network("n", g_space + R"(,"dependsOn":"m")")}),
          "! resources[0].dependsOn: must be an array, but is a string",
          ""},
         {"a dependency that is no text",
          Members({Network("n", g_space + R"(,"dependsOn":[1])")}),
          "! resources[0].dependsOn[0]: must be a string, but is an integer",
          ""},
         {"a name with fewer parts than its type",
          Members({R"({"type":"Microsoft.Network/virtualNetworks/subnets","apiVersion":"1",)"
                   R"("name":"a"})"}),
          "! resources[0].name: 'a' does not fit type 'Microsoft.Network/virtualNetworks/subnets'; "
          "a name needs one part for each part of the type after the namespace",
          ""}});
}

/**
 * @brief Chains of variables, against the sum that they stand for.
 * @param test the test case
 */
void
TestVariables(FunctionTestCase& test)
{
    std::mt19937 random(67);
    for (int round = 0; round < 20; ++round)
    {
        // Every variable adds two that come later in this list; they are written in any order.
        std::vector<std::string> members;
        std::vector<int64_t> values(30);
        for (std::size_t i = values.size(); i-- > 0;)
        {
            const auto name = "\"v" + std::to_string(i) + "\":";
            if (i + 2 >= values.size())
            {
                values[i] = static_cast<int64_t>(random() % 100);
                members.push_back(name + std::to_string(values[i]));
                continue;
            }
            const auto a = i + 1 + random() % (values.size() - i - 1);
            const auto b = i + 1 + random() % (values.size() - i - 1);
            values[i] = values[a] + values[b];
            members.push_back(name + "\"[add(variables('V" + std::to_string(a) +
                              "'), variables('v" + std::to_string(b) + "'))]\"");
        }
        std::string variables = "\"variables\":{";
        while (!members.empty())
        {
            const auto at = static_cast<std::ptrdiff_t>(random() % members.size());
            variables += members[static_cast<std::size_t>(at)] + (members.size() > 1 ? "," : "},");
            members.erase(members.begin() + at);
        }
        test.Equal(EvaluateOne("variables('v0')", {}, variables),
                   std::to_string(values[0]),
                   "round " + std::to_string(round));
    }
    const std::string circle = R"("variables":{"a":"[variables('b')]","b":["[variables('A')]"]},)";
    test.Equal(EvaluateOne("variables('a')", {}, circle),
               "! variables.a: variable 'A' needs its own value",
               "a circle");
    test.Equal(EvaluateOne("1", {}, circle), "1", "what is not used is not evaluated");
    test.Equal(EvaluateOne("variables('a')", {}, R"("variables":{"copy":[{"count":1}]},)"),
               "! variables.copy[0]: a copy loop needs a 'name'",
               "a loop without name");
}

/**
 * @brief Parameters: defaults, types, limits and the two forms of the file.
 * @param test the test case
 */
void
TestParameters(FunctionTestCase& test)
{
    const auto declare = [](const std::string& declaration) {
        return R"("parameters":{"p":)" + declaration + "}," + Members({}, {"parameters('P')"});
    };
    const auto give = [](const std::string& value) {
        return R"({"parameters":{"P":{"value":)" + value + "}}}";
    };
    const std::string subset = R"({"type":"array","allowedValues":["a","b",3]})";
    CheckCases(
        test,
        {{"a default that is an expression",
          declare(R"({"type":"string","defaultValue":"[concat('a', resourceGroup().name)]"})"),
          R"(a="aazlb")",
          ""},
         {"a value that looks like an expression is text",
          declare(R"({"type":"string"})"),
          R"(a="[concat('a')]")",
          give(R"("[concat('a')]")")},
         {"values without a wrapper",
          declare(R"({"type":"int"})"),
          "a=7",
          R"({"$schema":"x","contentVersion":"1","p":{"value":7}})"},
         {"an object", declare(R"({"type":"Object"})"), R"(a={"x":[1]})", give(R"({"x":[1]})")},
         {"a secure object", declare(R"({"type":"secureObject"})"), "a={}", give("{}")},
         {"a secret of a key vault",
          declare(R"({"type":"securestring"})"),
          R"(a="not-a-secret")",
          R"({"parameters":{"p":{"reference":{"keyVault":{"id":"x"},"secretName":"y"}}}})"},
         {"an array within the allowed values",
          declare(subset),
          R"(a=["B",3])",
          give(R"(["B",3])")},
         {"an array outside of the allowed values",
          declare(subset),
          R"(! parameters.P.value: '["a",4]' is not among the allowedValues)",
          give(R"(["a",4])")},
         {"a parameter that may be null and is not given",
          declare(R"({"type":"int","nullable":true})"),
          "a=null",
          ""},
         {"null where it may not be",
          declare(R"({"type":"int"})"),
          "! parameters.P.value: the parameter is declared as int, but the value is null",
          give("null")},
         {"a number with a fraction",
          declare(R"({"type":"int"})"),
          "! parameters.P.value: the parameter is declared as int, but the value is a number",
          give("1.5")},
         {"a default of the wrong type",
          declare(R"({"type":"bool","defaultValue":"true"})"),
          "! parameters.p.defaultValue: the parameter is declared as bool, but the value is a "
          "string",
          ""},
         {"characters are code units",
          declare(R"({"type":"string","minLength":2,"maxLength":2})"),
          "a=\"\U0001F600\"",
          give("\"\U0001F600\"")},
         {"a declaration without type",
          declare(R"({"defaultValue":1})"),
          "! parameters.p: a parameter needs a 'type'",
          ""},
         {"a default that needs itself",
          declare(R"({"type":"int","defaultValue":"[parameters('p')]"})"),
          "! parameters.p.defaultValue: parameter 'p' needs its own value",
          ""}});
}

/**
 * @brief What reference() gives of resources that were completed.
 * @param test the test case
 */
void
TestReferences(FunctionTestCase& test)
{
    const auto network = Network(
        "net",
        R"(,"location":"West US 2","properties":{"addressSpace":{"addressPrefixes":)"
        R"(["10.0.0.0/16"]},"subnets":[{"name":"a","properties":{"addressPrefix":"10.0.0.0/29"}}]})");
    const std::string child =
        R"({"type":"Microsoft.Network/virtualNetworks/subnets","apiVersion":"1","name":"net/b",)"
        R"("dependsOn":["net"],"properties":{"addressPrefix":"10.0.1.0/24"}})";
    const std::string ip =
        R"({"type":"Microsoft.Network/publicIPAddresses","apiVersion":"1","name":"ip",)"
        R"("location":"West US 2","properties":{"dnsSettings":{"domainNameLabel":"MyApp"}}})";
    const auto nics = [](int count) {
        return R"({"type":"Microsoft.Network/networkInterfaces","apiVersion":"1",)"
               R"("name":"[concat('nic', copyIndex())]","copy":{"name":"c","count":)" +
               std::to_string(count) +
               R"(},"dependsOn":["net"],"properties":{"ipConfigurations":[{"name":"i",)"
               R"("properties":{"subnet":{"id":"[resourceId('Microsoft.Network/virtualNetworks/)"
               R"(subnets','net','a')]"}}}]}})";
    };
    const std::string id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/azlb"
                           "/providers/Microsoft.Network/";
    const std::string address = ".ipConfigurations[0].properties.privateIPAddress";
    CheckCases(
        test,
        {{"subnets, inline and by themselves",
          Members({network, child},
                  {"reference('net').subnets[0].id",
                   "reference(resourceId('Microsoft.Network/virtualNetworks', 'net'))"
                   ".subnets[1].name",
                   "length(reference('net').subnets)"}),
          "a=\"" + id + "virtualNetworks/net/subnets/a\"; b=\"b\"; c=2",
          ""},
         {"a name in the DNS",
          Members({ip}, {"reference('ip').dnsSettings.fqdn", "reference('ip').ipAddress"}),
          R"(a="myapp.westus2.cloudapp.azure.com"; b="203.0.113.1")",
          ""},
         {"the whole resource",
          Members({ip},
                  {"reference('ip', '1', 'FULL').location", "reference('ip', '1', 'full').id"}),
          R"(a="West US 2"; b=")" + id + "publicIPAddresses/ip\"",
          ""},
         {"a /29 holds three machines",
          Members({network, nics(3)},
                  {"reference('nic0')" + address, "reference('nic2')" + address}),
          R"(a="10.0.0.4"; b="10.0.0.6")",
          ""},
         {"a fourth has no address",
          Members({network, nics(4)}),
          "! resources[1].properties.ipConfigurations[0].properties.subnet.id: subnet 'net/a' has "
          "no address left",
          ""}});
}

/** Deployments of templates. */
class ArmDeploymentTestSuite : public TestSuite
{
  public:
    ArmDeploymentTestSuite()
        : TestSuite("azure-arm-deployment", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"Copy loops over resources", TestLoops},
            {"Conditions, dependencies and circles", TestOrder},
            {"Variables that need each other", TestVariables},
            {"Parameters are bound and checked", TestParameters},
            {"reference() sees completed resources", TestReferences}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
ArmDeploymentTestSuite g_armDeploymentTestSuite;

} // namespace
