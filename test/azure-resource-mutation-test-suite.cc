/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-fixture.h"

#include "ns3/azure-json-text.h"

#include <cstdint>
#include <fstream>
#include <random>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Where the inputs are.
const std::string g_examples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/**
 * @param value a JSON value
 * @param[in,out] nodes receives it and everything in it
 */
void
Collect(JsonValue& value, std::vector<JsonValue*>& nodes)
{
    nodes.push_back(&value);
    if (value.Is(JsonValue::Type::Array))
    {
        for (auto& element : value.MakeArray())
        {
            Collect(element, nodes);
        }
    }
    else if (value.Is(JsonValue::Type::Object))
    {
        for (auto& member : value.MakeObject())
        {
            Collect(member.value, nodes);
        }
    }
}

/**
 * @brief Drops or duplicates an element, or replaces the node as a whole.
 * @param node the node
 * @param other a node of the same file, to put in its place
 * @param random numbers
 */
void
Mutate(JsonValue& node, const JsonValue& other, std::mt19937& random)
{
    const auto change = [&](auto& list) {
        const auto at = list.begin() + static_cast<std::ptrdiff_t>(random() % list.size());
        if (random() % 2 == 0)
        {
            list.erase(at);
            return;
        }
        const auto copy = *at;
        list.push_back(copy);
    };
    if (node.Is(JsonValue::Type::Array) && !node.AsArray().empty())
    {
        change(node.MakeArray());
    }
    else if (node.Is(JsonValue::Type::Object) && !node.AsObject().empty() && random() % 4 != 0)
    {
        auto& members = node.MakeObject();
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(random() % members.size()));
    }
    else
    {
        const JsonValue values[] = {JsonValue(),
                                    JsonValue(-1),
                                    JsonValue(true),
                                    JsonValue("[copyIndex()]"),
                                    JsonValue("[reference('x').y[0]]"),
                                    JsonValue(JsonValue::Array()),
                                    JsonValue(JsonValue::Object()),
                                    other};
        const JsonValue chosen = values[random() % std::size(values)];
        node = chosen;
    }
}

/** Changed JSON nodes of a file end in errors with a reason, or in something that can run. */
class NodeMutationTestCase : public TestCase
{
  public:
    /** @param file file below examples/azure */
    explicit NodeMutationTestCase(const std::string& file)
        : TestCase(TestName("Changed nodes of " + file)),
          m_file(file)
    {
    }

  private:
    void DoRun() override
    {
        std::ifstream stream(g_examples + m_file);
        std::ostringstream content;
        content << stream.rdbuf();
        std::string problem;
        const auto original = JsonText::Parse(content.str(), problem);
        NS_TEST_ASSERT_MSG_EQ(original.has_value(), true, problem);
        std::mt19937 random(3); // the generator's output is fixed by the standard
        for (int i = 0; i < 30; ++i)
        {
            auto changed = *original;
            std::vector<JsonValue*> nodes;
            Collect(changed, nodes);
            const JsonValue other = *nodes[random() % nodes.size()];
            Mutate(*nodes[random() % nodes.size()], other, random);
            const auto text = JsonText::Format(changed);
            const auto deployment = ResourceImporter().Import(text);
            for (const auto& error : deployment.errors)
            {
                NS_TEST_EXPECT_MSG_EQ(error.message.empty(), false, "a reason is due");
            }
            if (deployment.errors.empty())
            {
                NS_TEST_EXPECT_MSG_EQ(deployment.Validate().size(), 0, "it has to be sound");
            }
        }
    }

    std::string m_file; //!< the file
};

/** Random expressions give a value or one error at the place of the expression. */
class RandomExpressionTestCase : public TestCase
{
  public:
    RandomExpressionTestCase()
        : TestCase("Random expressions")
    {
    }

  private:
    void DoRun() override
    {
        const char* const pieces[] = {"concat(",
                                      "add(",
                                      "if(",
                                      "range(",
                                      "resourceId(",
                                      "createArray(",
                                      "length(",
                                      "json(",
                                      "format(",
                                      "split(",
                                      "last(",
                                      "int(",
                                      "'a'",
                                      "'''",
                                      "'{0}'",
                                      "1",
                                      "-2",
                                      "99999999999999999999",
                                      ",",
                                      ")",
                                      ")",
                                      ")",
                                      "[0]",
                                      ".x",
                                      "[",
                                      "]",
                                      " ",
                                      "true()",
                                      "utcNow()",
                                      "copyIndex()",
                                      "parameters('p')",
                                      "variables('v')"};
        std::mt19937 random(5); // the generator's output is fixed by the standard
        for (int i = 0; i < 3000; ++i)
        {
            std::string text = "[";
            const auto count = 1 + random() % 12;
            for (std::size_t k = 0; k < count; ++k)
            {
                text += pieces[random() % std::size(pieces)];
            }
            text += "]";
            const auto deployment = ResourceImporter().Import(
                Template(R"("resources":[],"outputs":{"o":{"type":"object","value":)" +
                         JsonText::Format(JsonValue(text)) + "}}"));
            NS_TEST_ASSERT_MSG_EQ(deployment.errors.size() + deployment.outputs.size(),
                                  1,
                                  "a value or an error: " << text);
            if (!deployment.errors.empty())
            {
                NS_TEST_EXPECT_MSG_EQ(deployment.errors[0].path, "outputs.o.value", text);
            }
        }
    }
};

/** Damaged inputs. */
class ResourceMutationTestSuite : public TestSuite
{
  public:
    ResourceMutationTestSuite()
        : TestSuite("azure-resource-mutation", Type::UNIT)
    {
        for (const char* folder : {"2-vms-loadbalancer-lbrules",
                                   "application-gateway-multihosting",
                                   "application-gateway-rewrite",
                                   "application-gateway-url-path-based-routing",
                                   "application-gateway-v2-autoscale-create",
                                   "internal-loadbalancer-create-haports",
                                   "load-balancer-cross-region",
                                   "load-balancer-ip-configured-backend-pool",
                                   "load-balancer-standard-create",
                                   "traffic-manager-external-endpoint",
                                   "traffic-manager-minchild",
                                   "traffic-manager-vm",
                                   "vmss-windows-webapp-dsc-autoscale"})
        {
            AddTestCase(new NodeMutationTestCase(std::string(folder) + "/azuredeploy.json"),
                        Duration::QUICK);
        }
        for (const char* file : {"LoadBalancerGet.json",
                                 "LoadBalancerCreateWithOutboundRules.json",
                                 "recorded/lb-vmss-natpool-rule-probe.json",
                                 "cli-shape-derived/lb.json",
                                 "ApplicationGatewayGet.json",
                                 "recorded/appgw-multi-host-listener.json",
                                 "cli-shape-derived/appgw.json"})
        {
            AddTestCase(new NodeMutationTestCase(std::string("rest/") + file), Duration::QUICK);
        }
        AddTestCase(new RandomExpressionTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
ResourceMutationTestSuite g_resourceMutationTestSuite;

} // namespace
