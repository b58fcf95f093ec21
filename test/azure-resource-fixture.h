/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_FIXTURE_H
#define AZURE_RESOURCE_FIXTURE_H

#include "ns3/azure-resource-importer.h"
#include "ns3/test.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{
namespace test
{

/**
 * @param text any text
 * @return it without the characters that a test name may not have
 */
inline std::string
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
 * @param members members of a template, for example `"resources": []`
 * @return the template
 */
inline std::string
Template(const std::string& members)
{
    return R"({"$schema":"https://x/2019-04-01/deploymentTemplate.json#","contentVersion":"1",)" +
           members + "}";
}

/**
 * @param type type of a resource, or of a part of one
 * @param names its names, as arguments: `'lb','p'`
 * @return a reference to it
 */
inline std::string
Reference(const std::string& type, const std::string& names)
{
    return R"({"id":"[resourceId(')" + type + "'," + names + R"()]"})";
}

/**
 * @param type type of a part of the load balancer `lb`
 * @param name name of the part
 * @return a reference to it
 */
inline std::string
PartOfBalancer(const std::string& type, const std::string& name)
{
    return Reference("Microsoft.Network/loadBalancers/" + type, "'lb','" + name + "'");
}

/**
 * @param from text that occurs in the template; empty: change nothing
 * @param to what to write instead
 * @return a sound template with that change: network `net` with subnets `a` and `b`, internal
 *         load balancer `lb` with frontend `f`, pool `p`, probe `h` and rule `r`, NIC `n` of
 *         machine `v` in the pool
 */
inline std::string
Changed(const std::string& from, const std::string& to)
{
    const std::string subnet =
        R"("subnet":{"id":"[resourceId('Microsoft.Network/virtualNetworks/subnets','net','a')]"})";
    auto text = Template(
        R"("resources":[{"type":"Microsoft.Network/virtualNetworks","apiVersion":"1","name":"net",)"
        R"("location":"eastus","properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]},)"
        R"("subnets":[{"name":"a","properties":{"addressPrefix":"10.0.0.0/24"}},)"
        R"({"name":"b","properties":{"addressPrefix":"10.0.1.0/24"}}]}},)"
        R"({"type":"Microsoft.Network/loadBalancers","apiVersion":"1","name":"lb",)"
        R"("location":"eastus","sku":{"name":"Standard"},)"
        R"("properties":{"frontendIPConfigurations":[{"name":"f","properties":{)" +
        subnet +
        R"(,"privateIPAddress":"10.0.0.10"}}],"backendAddressPools":[{"name":"p"}],)"
        R"("probes":[{"name":"h","properties":{"protocol":"Tcp","port":80,)"
        R"("intervalInSeconds":5}}],"loadBalancingRules":[{"name":"r","properties":{)"
        R"("frontendIPConfiguration":)" +
        PartOfBalancer("frontendIPConfigurations", "f") + R"(,"backendAddressPool":)" +
        PartOfBalancer("backendAddressPools", "p") + R"(,"probe":)" +
        PartOfBalancer("probes", "h") +
        R"(,"protocol":"Udp","frontendPort":80,"backendPort":8080,"enableTcpReset":false}}]}},)"
        R"({"type":"Microsoft.Network/networkInterfaces","apiVersion":"1","name":"n",)"
        R"("location":"eastus","properties":{"ipConfigurations":[{"name":"i","properties":{)" +
        subnet + R"(,"privateIPAddress":"10.0.0.20","loadBalancerBackendAddressPools":[)" +
        PartOfBalancer("backendAddressPools", "p") +
        R"(]}}]}},{"type":"Microsoft.Compute/virtualMachines","apiVersion":"1","name":"v",)"
        R"("location":"eastus","properties":{"networkProfile":{"networkInterfaces":[)"
        R"({"id":"[resourceId('Microsoft.Network/networkInterfaces','n')]"}]}}}])");
    const auto at = text.find(from);
    if (at == std::string::npos)
    {
        return "the template does not hold " + from;
    }
    return text.replace(at, from.size(), to);
}

/** A template gives exactly these outputs. */
class OutputTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     * @param text the template
     * @param outputs value of every output, in order, as JSON text
     * @param parameters the parameter file; empty: none
     */
    OutputTestCase(const std::string& name,
                   const std::string& text,
                   const std::vector<std::string>& outputs,
                   const std::string& parameters = "")
        : TestCase(TestName(name)),
          m_text(text),
          m_outputs(outputs),
          m_parameters(parameters)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = ResourceImporter().Import(m_text, m_parameters);
        for (const auto& error : deployment.errors)
        {
            NS_TEST_EXPECT_MSG_EQ(error.ToText(), "", "no error expected");
        }
        NS_TEST_ASSERT_MSG_EQ(deployment.outputs.size(), m_outputs.size(), "outputs");
        for (std::size_t i = 0; i < m_outputs.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(deployment.outputs[i].json, m_outputs[i], "output " << i);
        }
    }

    std::string m_text;                 //!< the template
    std::vector<std::string> m_outputs; //!< expected values
    std::string m_parameters;           //!< the parameter file
};

/** A bad input gives exactly these errors. */
class BadInputTestCase : public TestCase
{
  public:
    /// JSON path and message, in order.
    using Errors = std::vector<std::pair<std::string, std::string>>;

    /**
     * @param name name of the case
     * @param text template or resource
     * @param errors path and message of every error
     * @param parameters the parameter file; empty: none
     */
    BadInputTestCase(const std::string& name,
                     const std::string& text,
                     const Errors& errors,
                     const std::string& parameters = "")
        : TestCase(TestName(name)),
          m_text(text),
          m_errors(errors),
          m_parameters(parameters)
    {
    }

  private:
    void DoRun() override
    {
        const auto found = ResourceImporter().Import(m_text, m_parameters).errors;
        for (std::size_t i = 0; i < std::min(found.size(), m_errors.size()); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(found[i].path, m_errors[i].first, found[i].message);
            NS_TEST_EXPECT_MSG_EQ(found[i].message, m_errors[i].second, "message");
        }
        for (std::size_t i = m_errors.size(); i < found.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(found[i].ToText(), "", "error too many");
        }
        NS_TEST_EXPECT_MSG_EQ(found.size(), m_errors.size(), "errors");
    }

    std::string m_text;       //!< template or resource
    Errors m_errors;          //!< expected errors
    std::string m_parameters; //!< the parameter file
};

/** What has no effect is listed, without an error. */
class NoticeTestCase : public TestCase
{
  public:
    /// JSON path and reason, in order.
    using Notices = std::vector<std::pair<std::string, std::string>>;

    /**
     * @param name name of the case
     * @param text template or resource
     * @param notices path and reason of all that is not modelled
     * @param balancers number of load balancers that are
     */
    NoticeTestCase(const std::string& name,
                   const std::string& text,
                   const Notices& notices,
                   std::size_t balancers = 1)
        : TestCase(TestName(name)),
          m_text(text),
          m_notices(notices),
          m_balancers(balancers)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = ResourceImporter().Import(m_text);
        for (const auto& error : deployment.errors)
        {
            NS_TEST_EXPECT_MSG_EQ(error.ToText(), "", "no error expected");
        }
        const auto& found = deployment.notModelled;
        for (std::size_t i = 0; i < std::min(found.size(), m_notices.size()); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(found[i].path, m_notices[i].first, found[i].why);
            NS_TEST_EXPECT_MSG_EQ(found[i].why, m_notices[i].second, "reason");
        }
        NS_TEST_EXPECT_MSG_EQ(found.size(), m_notices.size(), "notices");
        NS_TEST_EXPECT_MSG_EQ(deployment.loadBalancers.size(), m_balancers, "load balancers");
    }

    std::string m_text;      //!< template or resource
    Notices m_notices;       //!< expected notices
    std::size_t m_balancers; //!< expected load balancers
};

} // namespace test
} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_FIXTURE_H */
