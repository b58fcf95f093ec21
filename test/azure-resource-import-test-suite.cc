/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-resource-importer.h"
#include "ns3/test.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

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

/// Where the inputs are.
const std::string g_examples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/** Two shapes of one recorded reply give the same machines, ports and addresses. */
class RecordedReplyTestCase : public TestCase
{
  public:
    /** @param file file below examples/azure/rest */
    explicit RecordedReplyTestCase(const std::string& file)
        : TestCase(TestName("Recorded reply " + file)),
          m_file(file)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = ResourceImporter().ImportFile(g_examples + "rest/" + m_file);
        NS_TEST_ASSERT_MSG_EQ(deployment.errors.size(), 0, "no error expected");
        NS_TEST_ASSERT_MSG_EQ(deployment.virtualMachines.size(), 2, "machines");
        NS_TEST_EXPECT_MSG_EQ(deployment.virtualMachines[0].name, "vmss1_1", "name");
        NS_TEST_EXPECT_MSG_EQ(deployment.virtualMachines[1].name, "vmss1_3", "name");
        const auto& lb = deployment.loadBalancers.at(0).configuration;
        NS_TEST_EXPECT_MSG_EQ((lb.sku == LoadBalancerSku::Basic), true, "SKU");
        NS_TEST_ASSERT_MSG_EQ(lb.inboundNatRules.size(), 2, "NAT rules");
        NS_TEST_EXPECT_MSG_EQ(lb.inboundNatRules[0].frontendPort, 50001, "port");
        NS_TEST_EXPECT_MSG_EQ(lb.inboundNatRules[1].frontendPort, 50003, "port");
        NS_TEST_EXPECT_MSG_EQ(lb.inboundNatRules[1].backendAddress.ToIpv4(),
                              Ipv4Address("10.0.0.5"),
                              "target");
        NS_TEST_EXPECT_MSG_EQ(lb.backendAddressPools.at(0).backendAddresses.size(), 2, "members");
    }

    std::string m_file; //!< the file
};

/** What is not modelled is listed, without an error. */
class NotModelledTestCase : public TestCase
{
  public:
    /**
     * @param file file below examples/azure
     * @param why the reason that has to be given
     */
    NotModelledTestCase(const std::string& file, const std::string& why)
        : TestCase(TestName("Not modelled: " + file)),
          m_file(file),
          m_why(why)
    {
    }

  private:
    void DoRun() override
    {
        auto parameters = g_examples + m_file;
        const auto end = parameters.rfind("azuredeploy.json");
        parameters = end == std::string::npos
                         ? ""
                         : parameters.substr(0, end) + "azuredeploy.parameters.json";
        const auto deployment = ResourceImporter().ImportFile(g_examples + m_file, parameters);
        NS_TEST_ASSERT_MSG_EQ(deployment.errors.size(), 0, "no error expected");
        std::size_t found = 0;
        for (const auto& notice : deployment.notModelled)
        {
            found += notice.why == m_why ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ(found, 1, "notices with that reason");
    }

    std::string m_file; //!< the file
    std::string m_why;  //!< the reason
};

/** No change of a template makes the importer throw, crash or hang. */
class MutationTestCase : public TestCase
{
  public:
    MutationTestCase()
        : TestCase("Random changes of a template end in a result")
    {
    }

  private:
    void DoRun() override
    {
        std::ifstream stream(g_examples + "2-vms-loadbalancer-lbrules/azuredeploy.json");
        std::ostringstream content;
        content << stream.rdbuf();
        const auto original = content.str();
        NS_TEST_ASSERT_MSG_GT(original.size(), 1000, "the template has to be there");
        std::mt19937 random(1); // the generator's output is fixed by the standard
        const char* const pieces[] =
            {"null", "{}", "[]", "-1", "1e999", "\"[\"", "\"[copyIndex()]\"", "true", "\xff", ","};
        std::size_t failed = 0;
        for (int i = 0; i < 300; ++i)
        {
            auto text = original;
            const auto at = random() % text.size();
            const auto length = random() % 40;
            text.replace(at, length, pieces[random() % std::size(pieces)]);
            failed += ResourceImporter().Import(text).errors.empty() ? 0 : 1;
        }
        NS_TEST_EXPECT_MSG_GT(failed, 200, "most changes are errors");
    }
};

/** Import of REST resources. */
class ResourceImportTestSuite : public TestSuite
{
  public:
    ResourceImportTestSuite()
        : TestSuite("azure-resource-import", Type::UNIT)
    {
        AddTestCase(new RecordedReplyTestCase("recorded/lb-vmss-natpool-rule-probe.json"),
                    Duration::QUICK);
        AddTestCase(new RecordedReplyTestCase("cli-shape-derived/lb.json"), Duration::QUICK);
        const std::string global = "the Global tier is not modelled yet";
        const std::pair<std::string, std::string> files[] = {
            {"load-balancer-cross-region/azuredeploy.json", global},
            {"rest/LoadBalancerCreateGlobalTier.json", global},
            {"rest/recorded/lb-cross-region-global.json", global}};
        for (const auto& [file, why] : files)
        {
            AddTestCase(new NotModelledTestCase(file, why), Duration::QUICK);
        }
        AddTestCase(new MutationTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
ResourceImportTestSuite g_resourceImportTestSuite;

} // namespace
