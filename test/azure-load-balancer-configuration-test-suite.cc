/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-load-balancer-configuration.h"
#include "ns3/test.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A configuration without a frontend is refused with the path of the field. */
class NoFrontendTestCase : public TestCase
{
  public:
    NoFrontendTestCase()
        : TestCase("A load balancer without a frontend is refused")
    {
    }

  private:
    void DoRun() override
    {
        auto errors = LoadBalancerConfiguration().Validate();
        NS_TEST_ASSERT_MSG_EQ(errors.size(), 1, "one error expected");
        NS_TEST_EXPECT_MSG_EQ(errors[0].path, "frontendIPConfigurations", "wrong path");
    }
};

/** Configuration of Load Balancer. */
class LoadBalancerConfigurationTestSuite : public TestSuite
{
  public:
    LoadBalancerConfigurationTestSuite()
        : TestSuite("azure-load-balancer-configuration", Type::UNIT)
    {
        AddTestCase(new NoFrontendTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
LoadBalancerConfigurationTestSuite g_loadBalancerConfigurationTestSuite;

} // namespace
