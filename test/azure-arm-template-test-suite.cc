/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-resource-importer.h"
#include "ns3/test.h"

#include <algorithm>
#include <sstream>
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

/// Where the templates are.
const std::string g_examples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/**
 * @param name name of a template's folder
 * @return what the importer makes of it
 */
DeploymentConfiguration
ImportTemplate(const std::string& name)
{
    const auto folder = g_examples + name;
    return ResourceImporter().ImportFile(folder + "/azuredeploy.json",
                                         folder + "/azuredeploy.parameters.json");
}

/**
 * @param address an address
 * @return it as text
 */
std::string
Text(const IpAddress& address)
{
    return AddressPrefix{address, 32}.ToText();
}

/** What a template has to give, worked out by hand. */
struct Expected
{
    std::string folder;                 //!< folder of the template
    std::vector<std::string> addresses; //!< of the NICs, in order
    std::vector<std::string> frontends; //!< of the load balancers, in order
    int64_t idleMinutes;                //!< of the first rule
    int64_t probeSeconds;               //!< interval of the first probe
    std::size_t natRules;               //!< inbound NAT rules
    std::string text;                   //!< the first load balancer and the zones of machines,
                                        //!< as Describe() writes them
};

/**
 * @param deployment what was imported
 * @return variant, rules with frontend, pool and probe, and NAT rules of the first load balancer,
 *         and the zones of the machines
 */
std::string
Describe(const DeploymentConfiguration& deployment)
{
    const auto& lb = deployment.loadBalancers.at(0).configuration;
    const auto name = [](TransportProtocol protocol) {
        return protocol == TransportProtocol::Tcp   ? "Tcp"
               : protocol == TransportProtocol::Udp ? "Udp"
                                                    : "All";
    };
    std::ostringstream text;
    text << (lb.sku == LoadBalancerSku::Standard ? "Standard" : "Basic");
    for (const auto& rule : lb.loadBalancingRules)
    {
        text << "; " << rule.name << " " << rule.frontendIpConfiguration << " "
             << name(rule.protocol) << " " << rule.frontendPort << ">" << rule.backendPort << " "
             << rule.backendAddressPool << (rule.enableTcpReset ? " reset" : "")
             << (rule.enableFloatingIp ? " floating" : "")
             << (rule.loadDistribution == LoadDistribution::Default ? "" : " sticky") << " "
             << rule.probe;
    }
    for (const auto& probe : lb.probes)
    {
        text << "; " << probe.name
             << (probe.protocol == ProbeProtocol::Tcp    ? " Tcp "
                 : probe.protocol == ProbeProtocol::Http ? " Http "
                                                         : " Https ")
             << probe.port << probe.requestPath << " x" << probe.numberOfProbes;
    }
    for (const auto& rule : lb.inboundNatRules)
    {
        text << "; " << rule.name << " " << rule.frontendIpConfiguration << " "
             << name(rule.protocol) << " " << rule.frontendPort << ">" << rule.backendPort << " "
             << Text(rule.backendAddress);
    }
    text << "; zones";
    for (const auto& machine : deployment.virtualMachines)
    {
        text << " " << (machine.zone.empty() ? "-" : machine.zone);
    }
    return text.str();
}

/** One Load Balancer template gives exactly what its text says. */
class TemplateTestCase : public TestCase
{
  public:
    /** @param expected what the template has to give */
    explicit TemplateTestCase(const Expected& expected)
        : TestCase("Template " + expected.folder),
          m_expected(expected)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = ImportTemplate(m_expected.folder);
        for (const auto& error : deployment.errors)
        {
            NS_TEST_EXPECT_MSG_EQ(error.ToText(), "", "no error expected");
        }
        NS_TEST_ASSERT_MSG_EQ(deployment.networkInterfaces.size(),
                              m_expected.addresses.size(),
                              "NICs");
        NS_TEST_EXPECT_MSG_EQ(deployment.virtualMachines.size(),
                              m_expected.addresses.size(),
                              "machines");
        for (std::size_t i = 0; i < m_expected.addresses.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(
                Text(deployment.networkInterfaces[i].ipConfigurations[0].privateIpAddress),
                m_expected.addresses[i] + "/32",
                "address of NIC " << i);
        }
        std::vector<std::string> frontends;
        std::size_t members = 0;
        for (const auto& balancer : deployment.loadBalancers)
        {
            for (const auto& frontend : balancer.configuration.frontendIpConfigurations)
            {
                frontends.push_back(Text(frontend.address));
            }
            for (const auto& pool : balancer.configuration.backendAddressPools)
            {
                members += pool.backendAddresses.size();
            }
        }
        NS_TEST_EXPECT_MSG_EQ(members, m_expected.addresses.size(), "members of all pools");
        NS_TEST_ASSERT_MSG_EQ(frontends.size(), m_expected.frontends.size(), "frontends");
        for (std::size_t i = 0; i < frontends.size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(frontends[i], m_expected.frontends[i] + "/32", "frontend");
        }
        const auto& first = deployment.loadBalancers[0].configuration;
        NS_TEST_EXPECT_MSG_EQ(first.loadBalancingRules[0].idleTimeout,
                              Minutes(m_expected.idleMinutes),
                              "idle timeout");
        NS_TEST_EXPECT_MSG_EQ(first.probes[0].interval,
                              Seconds(m_expected.probeSeconds),
                              "probe interval");
        NS_TEST_EXPECT_MSG_EQ(first.inboundNatRules.size(), m_expected.natRules, "NAT rules");
        NS_TEST_EXPECT_MSG_EQ(Describe(deployment), m_expected.text, "load balancer and machines");
    }

    Expected m_expected; //!< what the template has to give
};

/** A bad input gives one error with the exact path. */
class BadTemplateTestCase : public TestCase
{
  public:
    /**
     * @param text the template
     * @param path path of the error
     * @param reason part of its message
     */
    BadTemplateTestCase(const std::string& text, const std::string& path, const std::string& reason)
        : TestCase(TestName("Bad input: " + reason)),
          m_text(text),
          m_path(path),
          m_reason(reason)
    {
    }

  private:
    void DoRun() override
    {
        const auto deployment = ResourceImporter().Import(m_text);
        NS_TEST_ASSERT_MSG_EQ(deployment.errors.size(), 1, "one error expected");
        NS_TEST_EXPECT_MSG_EQ(deployment.errors[0].path, m_path, "path");
        NS_TEST_EXPECT_MSG_EQ((deployment.errors[0].message.find(m_reason) != std::string::npos),
                              true,
                              deployment.errors[0].message);
    }

    std::string m_text;   //!< the template
    std::string m_path;   //!< path of the error
    std::string m_reason; //!< part of its message
};

/** Import of templates. */
class ArmTemplateTestSuite : public TestSuite
{
  public:
    ArmTemplateTestSuite()
        : TestSuite("azure-arm-template", Type::UNIT)
    {
        const std::vector<std::string> three = {"10.0.0.4", "10.0.0.5", "10.0.0.6"};
        const Expected expected[] = {
            {"2-vms-loadbalancer-lbrules",
             {"10.0.0.4", "10.0.0.5"},
             {"203.0.113.1"},
             5,
             5,
             2,
             "Basic; LBRule LoadBalancerFrontEnd Tcp 80>80 BackendPool1 tcpProbe; "
             "tcpProbe Tcp 80 x2; RDP-VM0 LoadBalancerFrontEnd Tcp 50001>3389 10.0.0.4/32; "
             "RDP-VM1 LoadBalancerFrontEnd Tcp 50002>3389 10.0.0.5/32; zones - -"},
            {"load-balancer-standard-create",
             three,
             {"203.0.113.3"},
             15,
             5,
             0,
             "Standard; myHTTPRule LoadBalancerFrontEnd Tcp 80>80 LoadBalancerBackEndPool reset "
             "loadBalancerHealthProbe; loadBalancerHealthProbe Tcp 80 x2; zones 1 2 3"},
            {"load-balancer-ip-configured-backend-pool",
             three,
             {"203.0.113.2", "203.0.113.3"},
             15,
             5,
             0,
             "Standard; myHTTPRule LoadBalancerFrontEnd Tcp 80>80 LoadBalancerBackEndPool reset "
             "loadBalancerHealthProbe; loadBalancerHealthProbe Http 80/ x2; zones - - -"},
            {"internal-loadbalancer-create-haports",
             {"10.0.0.5"},
             {"10.0.0.4"},
             15,
             15,
             0,
             "Standard; loadBalancer-v7cfz4u4fjfrh-HARule loadBalancerFrontEnd All 0>0 "
             "loadBalancerBackEnd "
             "reset "
             "loadBalancer-v7cfz4u4fjfrhHealthProbe; loadBalancer-v7cfz4u4fjfrhHealthProbe Tcp 80 "
             "x2; zones -"},
            {"vmss-windows-webapp-dsc-autoscale",
             three,
             {"203.0.113.1"},
             5,
             5,
             0,
             "Basic; LBRule LoadBalancerFrontEnd Tcp 80>80 vmssnamepbepool tcpProbe; "
             "tcpProbe Tcp 80 x2; zones - - -"}};
        for (const auto& one : expected)
        {
            AddTestCase(new TemplateTestCase(one), Duration::QUICK);
        }
        const std::string head =
            R"({"$schema":"https://x/2019-04-01/deploymentTemplate.json#","contentVersion":"1",)";
        AddTestCase(new BadTemplateTestCase("{\n  oops", "", "line 2, column"), Duration::QUICK);
        AddTestCase(new BadTemplateTestCase(R"({"$schema":"https://x/other.json"})",
                                            "$schema",
                                            "is not supported"),
                    Duration::QUICK);
        AddTestCase(new BadTemplateTestCase(head + R"("parameters":{"p":{"type":"int"}}})",
                                            "parameters.p",
                                            "no default value"),
                    Duration::QUICK);
        AddTestCase(
            new BadTemplateTestCase(
                head + R"("resources":[{"type":"A.B/c","name":"[nope()]","apiVersion":"1"}]})",
                "resources[0].name",
                "unknown function 'nope'"),
            Duration::QUICK);
        AddTestCase(new BadTemplateTestCase(
                        head + R"("resources":[{"type":"A.B/c","name":"x","dependsOn":["y"]}]})",
                        "resources[0].dependsOn[0]",
                        "neither a resource nor a copy loop"),
                    Duration::QUICK);
        AddTestCase(
            new BadTemplateTestCase(head + R"("variables":{"a":"[variables('a')]"},"resources":[)" +
                                        R"({"type":"A.B/c","name":"[variables('a')]"}]})",
                                    "variables.a",
                                    "needs its own value"),
            Duration::QUICK);
        AddTestCase(new BadTemplateTestCase(std::string(100000, '['), "", "nested"),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
ArmTemplateTestSuite g_armTemplateTestSuite;

} // namespace
