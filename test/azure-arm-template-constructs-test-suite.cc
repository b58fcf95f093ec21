/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-fixture.h"

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/**
 * @param scope "inner" or "outer"
 * @param given parameters of the nested deployment, as JSON text
 * @return a template whose nested deployment returns `p` and `v` as its own template sees them
 */
std::string
Nested(const std::string& scope, const std::string& given)
{
    return Template(
        R"("parameters":{"p":{"type":"string","defaultValue":"outer p"}},)"
        R"("variables":{"v":"outer v"},)"
        R"("resources":[{"type":"Microsoft.Resources/deployments","name":"n",)"
        R"("apiVersion":"2022-09-01","properties":{"mode":"Incremental",)"
        R"("expressionEvaluationOptions":{"scope":")" +
        scope + R"("},"parameters":)" + given +
        R"(,"template":{"$schema":"https://x/2019-04-01/deploymentTemplate.json#",)"
        R"("contentVersion":"1","parameters":{"p":{"type":"string"}},)"
        R"("variables":{"v":"inner v"},"resources":[],)"
        R"("outputs":{"p":{"type":"string","value":"[parameters('p')]"},)"
        R"("v":{"type":"string","value":"[variables('v')]"},)"
        R"("name":{"type":"string","value":"[deployment().name]"}}}}}],)"
        R"("outputs":{"p":{"type":"string","value":"[reference('n').outputs.p.value]"},)"
        R"("v":{"type":"string","value":"[reference('n').outputs.v.value]"},)"
        R"("name":{"type":"string","value":"[reference('n').outputs.name.value]"}})");
}

/**
 * @param values value of every output, as JSON text, for outputs "0", "1", ...
 * @param members further members of the template, each with a comma at its end
 * @return a template with these outputs
 */
std::string
Outputs(const std::vector<std::string>& values, const std::string& members = "")
{
    std::string outputs;
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        outputs += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":{"type":"object","value":)" +
                   values[i] + "}";
    }
    return Template(members + "\"resources\":[],\"outputs\":{" + outputs + "}");
}

/// A template with a network whose only subnet is a child inside the resource.
const std::string g_childSubnet = Template(
    R"("resources":[{"type":"Microsoft.Network/virtualNetworks","apiVersion":"1","name":"net",)"
    R"("location":"eastus","properties":{"addressSpace":{"addressPrefixes":["10.1.0.0/16"]}},)"
    R"("resources":[{"type":"subnets","apiVersion":"1","name":"a","dependsOn":["net"],)"
    R"("properties":{"addressPrefix":"10.1.2.0/24"}}]},)"
    R"({"type":"Microsoft.Network/networkInterfaces","apiVersion":"1","name":"nic",)"
    R"("location":"eastus","dependsOn":["[resourceId('Microsoft.Network/virtualNetworks/subnets',)"
    R"('net','a')]"],"properties":{"ipConfigurations":[{"name":"i","properties":{"subnet":{"id":)"
    R"("[resourceId('Microsoft.Network/virtualNetworks/subnets','net','a')]"}}}]}}],)"
    R"("outputs":{"a":{"type":"string","value":)"
    R"("[reference('nic').ipConfigurations[0].properties.privateIPAddress]"},)"
    R"("s":{"type":"string","value":"[reference('net').subnets[0].name]"}})");

/** Constructs of the template language, seen through outputs. */
class ArmTemplateConstructsTestSuite : public TestSuite
{
  public:
    ArmTemplateConstructsTestSuite()
        : TestSuite("azure-arm-template-constructs", Type::UNIT)
    {
        AddNested();
        AddLoops();
        const auto add = [this](const std::string& name,
                                const std::string& text,
                                const std::vector<std::string>& outputs) {
            AddTestCase(new OutputTestCase(name, text, outputs), Duration::QUICK);
        };
        add("A child inside its parent takes the parent's type and name",
            g_childSubnet,
            {R"("10.1.2.4")", R"("a")"});
        add("[[ is a bracket, [ without ] is text",
            Outputs(
                {R"("[[variables('x')]")", R"("[half")", R"("[[half")", R"("[[]")", R"("a[b]")"}),
            {R"("[variables('x')]")", R"("[half")", R"("[[half")", R"("[]")", R"("a[b]")"});
        add("A condition drops an output",
            Template(R"("resources":[],"outputs":{"a":{"type":"int","condition":false,"value":1},)"
                     R"("b":{"type":"int","condition":"[not(false())]","value":2}})"),
            {"2"});
        add("A secure output is not shown",
            Template(R"("resources":[],"outputs":{"a":{"type":"securestring","value":"x"}})"),
            {"null"});
    }

  private:
    /** Nested deployments. */
    void AddNested()
    {
        AddTestCase(new OutputTestCase("Inner scope sees the nested template",
                                       Nested("inner", R"({"p":{"value":"[parameters('p')]!"}})"),
                                       {R"("[parameters('p')]!")", R"("inner v")", R"("n")"}),
                    Duration::QUICK);
        AddTestCase(new OutputTestCase(
                        "Inner scope takes parameters from the outside",
                        Nested("inner", R"({"p":{"value":"[concat(parameters('p'), '!')]"}})"),
                        {R"("outer p!")", R"("inner v")", R"("n")"}),
                    Duration::QUICK);
        AddTestCase(new OutputTestCase("Outer scope sees the outer template",
                                       Nested("outer", "{}"),
                                       {R"("outer p")", R"("outer v")", R"("azuredeploy")"}),
                    Duration::QUICK);
        const std::string nested = "resources[0].properties.template";
        AddTestCase(new BadInputTestCase("Inner scope needs its parameters",
                                         Nested("inner", "{}"),
                                         {{nested + ".parameters.p",
                                           "the parameter has no default value and is not given; "
                                           "add it to the deployment's parameters"}}),
                    Duration::QUICK);
        AddTestCase(new BadInputTestCase("Inner scope refuses unknown parameters",
                                         Nested("inner", R"({"p":{"value":"x"},"q":{"value":1}})"),
                                         {{"resources[0].properties.parameters.q",
                                           "the nested template has no parameter 'q'"}}),
                    Duration::QUICK);
        AddTestCase(new BadInputTestCase("Inner scope checks the type of parameters",
                                         Nested("inner", R"({"p":{"value":7}})"),
                                         {{"resources[0].properties.parameters.p.value",
                                           "the parameter is declared as string, but the value is "
                                           "an integer"}}),
                    Duration::QUICK);
    }

    /** Copy loops outside resources. */
    void AddLoops()
    {
        const std::string loops =
            R"("variables":{"copy":[{"name":"sq","count":3,)"
            R"("input":"[mul(copyIndex('sq'), copyIndex('sq'))]"},)"
            R"({"name":"one","count":2,"input":{"i":"[copyIndex('one', 1)]"}}],)"
            R"("o":{"x":1,"copy":[{"name":"in","count":"[length(variables('sq'))]",)"
            R"("input":"[add(variables('sq')[copyIndex('in')], 10)]"}]}},)";
        AddTestCase(
            new OutputTestCase(
                "Variable copy loops",
                Outputs(
                    {R"("[variables('sq')]")", R"("[variables('one')]")", R"("[variables('o')]")"},
                    loops),
                {"[0,1,4]", R"([{"i":1},{"i":2}])", R"({"x":1,"in":[10,11,14]})"}),
            Duration::QUICK);
        const std::string network =
            R"({"type":"Microsoft.Network/virtualNetworks","apiVersion":"1","name":"n",)"
            R"("properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]}}})";
        for (const std::string scope : {"inner", "outer"})
        {
            AddTestCase(new OutputTestCase(
                            "A nested deployment to another group, scope " + scope,
                            Template(R"("resources":[{"type":"Microsoft.Resources/deployments",)"
                                     R"("apiVersion":"1","name":"d","resourceGroup":"g",)"
                                     R"("subscriptionId":"s","properties":{"mode":"Incremental",)"
                                     R"("expressionEvaluationOptions":{"scope":")" +
                                     scope + R"("},"template":{"resources":[)" + network +
                                     R"(]}}}],"outputs":{"o":{"type":"string","value":)"
                                     R"("[reference(resourceId('s','g','Microsoft.Network/)"
                                     R"(virtualNetworks','n'),'1','full').id]"}})"),
                            {R"("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network)"
                             R"(/virtualNetworks/n")"}),
                        Duration::QUICK);
        }
        AddTestCase(new BadInputTestCase(
                        "reference() in a name",
                        Template(R"("resources":[)" + network +
                                 R"(,{"type":"Microsoft.Network/virtualNetworks",)"
                                 R"("apiVersion":"1","name":"[reference('n').x]"}])"),
                        {{"resources[1].name",
                          "reference() stands where no resource is deployed yet; names, "
                          "conditions, dependencies and copy loops of resources cannot use it"}}),
                    Duration::QUICK);
        AddTestCase(new BadInputTestCase(
                        "A resource that needs a wrong one brings no second error",
                        Template(R"("resources":[{"type":"Microsoft.Network/virtualNetworks",)"
                                 R"("apiVersion":"1","name":"a","tags":{"x":"[nope()]"}},)"
                                 R"({"type":"Microsoft.Network/virtualNetworks","apiVersion":"1",)"
                                 R"("name":"b","tags":{"x":"[reference('a').y]"}}])"),
                        {{"resources[0].tags.x",
                          "unknown function 'nope' at character 1 of the expression"}}),
                    Duration::QUICK);
        AddTestCase(new OutputTestCase(
                        "A parameter that may be null is null",
                        Template(R"("parameters":{"p":{"type":"int","nullable":true,)"
                                 R"("defaultValue":null}},"resources":[],)"
                                 R"("outputs":{"o":{"type":"int","value":"[parameters('p')]"}})"),
                        {"null"}),
                    Duration::QUICK);
        const auto output = [](const std::string& copy) {
            return Template(R"("resources":[],"outputs":{"a":{"type":"array","copy":)" + copy +
                            "}}");
        };
        AddTestCase(new OutputTestCase(
                        "Output copy loops",
                        output(R"({"count":"[add(1,2)]","input":"[concat('n', copyIndex())]"})"),
                        {R"(["n0","n1","n2"])"}),
                    Duration::QUICK);
        AddTestCase(new OutputTestCase("An empty output copy loop",
                                       output(R"({"count":0,"input":"[nope()]"})"),
                                       {"[]"}),
                    Duration::QUICK);
        AddTestCase(new BadInputTestCase("An output copy loop that counts down",
                                         output(R"({"count":-1,"input":1})"),
                                         {{"outputs.a.copy.count",
                                           "the count of a copy loop must be an integer from 0, "
                                           "not -1"}}),
                    Duration::QUICK);
        AddTestCase(
            new BadInputTestCase("An output copy loop with an error inside",
                                 output(R"({"count":1,"input":"[variables('x')]"})"),
                                 {{"outputs.a.copy.input", "the template has no variable 'x'"}}),
            Duration::QUICK);
        const auto variable = [](const std::string& copy) {
            return Outputs({R"("[variables('a')]")"}, R"("variables":{"copy":[)" + copy + "]},");
        };
        AddTestCase(
            new BadInputTestCase("A variable copy loop without input",
                                 variable(R"({"name":"a","count":1})"),
                                 {{"variables.copy[0]", "a copy loop needs 'count' and 'input'"}}),
            Duration::QUICK);
        AddTestCase(new BadInputTestCase(
                        "A property copy loop without count",
                        Outputs({R"({"copy":[{"name":"x","input":1}]})"}),
                        {{"outputs.0.value.copy[0]", "a copy loop needs 'count' and 'input'"}}),
                    Duration::QUICK);
        AddTestCase(new OutputTestCase("A property called copy that is no loop",
                                       Outputs({R"({"copy":[{"name":"x"}]})"}),
                                       {R"({"copy":[{"name":"x"}]})"}),
                    Duration::QUICK);
        AddTestCase(
            new BadInputTestCase("A variable copy loop with too many iterations",
                                 variable(R"({"name":"b","count":1,"input":1},)"
                                          R"({"name":"a","count":801,"input":1})"),
                                 {{"variables.copy[1].count",
                                   "a copy loop may have at most 800 iterations, not 801"}}),
            Duration::QUICK);
    }
};

/** Registers the suite. */
ArmTemplateConstructsTestSuite g_armTemplateConstructsTestSuite;

} // namespace
