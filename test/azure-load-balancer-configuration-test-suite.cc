/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

#include "ns3/azure-load-balancer-configuration.h"
#include "ns3/test.h"

#include <functional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// A change that makes a good configuration bad, and the field that must be named.
struct Mistake
{
    const char* path;                                     //!< path of the only error
    std::function<void(LoadBalancerConfiguration&)> make; //!< makes it
};

/**
 * @return a configuration that uses everything: three instances, TCP, HTTP probes, a second
 *         frontend, a floating rule, both kinds of NAT rules
 */
LoadBalancerConfiguration
MakeRich()
{
    auto configuration = MakeConfiguration(3);
    FrontendIpConfiguration second;
    second.name = "second";
    second.address = Ip(20, 0, 0, 5);
    second.idleTimeout = Minutes(10);
    configuration.frontendIpConfigurations.push_back(second);
    azure::Probe http;
    http.name = "http";
    http.protocol = ProbeProtocol::Http;
    http.port = 80;
    http.requestPath = "/health";
    http.interval = Seconds(5);
    configuration.probes.push_back(http);
    LoadBalancingRule rule = configuration.loadBalancingRules[0];
    rule.name = "floating";
    rule.frontendIpConfiguration = "second";
    rule.probe = "http";
    rule.enableFloatingIp = true;
    configuration.loadBalancingRules.push_back(rule);
    rule.name = "dns";
    rule.enableFloatingIp = false;
    rule.protocol = TransportProtocol::Udp;
    configuration.loadBalancingRules.push_back(rule);
    InboundNatRule single;
    single.name = "ssh-vm-0";
    single.frontendIpConfiguration = "frontend";
    single.frontendPort = 50001;
    single.backendAddress = Vm(0);
    single.backendPort = 22;
    configuration.inboundNatRules.push_back(single);
    InboundNatRule range;
    range.name = "rdp";
    range.frontendIpConfiguration = "frontend";
    range.backendAddressPool = "pool";
    range.frontendPortRangeStart = 221;
    range.frontendPortRangeEnd = 230;
    range.backendPort = 3389;
    configuration.inboundNatRules.push_back(range);
    return configuration;
}

/**
 * @return an internal load balancer with one HA ports rule
 */
LoadBalancerConfiguration
MakeHaPorts()
{
    auto configuration = MakeConfiguration(2);
    configuration.frontendIpConfigurations[0].isPublic = false;
    configuration.frontendIpConfigurations[0].address = Ip(10, 0, 9, 4);
    auto& rule = configuration.loadBalancingRules[0];
    rule.protocol = TransportProtocol::All;
    rule.frontendPort = 0;
    rule.backendPort = 0;
    return configuration;
}

/** A table of mistakes, each of which must give one error with the right path. */
class MistakesTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     * @param base makes the good configuration
     * @param mistakes what to do to it
     */
    MistakesTestCase(const std::string& name,
                     const std::function<LoadBalancerConfiguration()>& base,
                     const std::vector<Mistake>& mistakes)
        : TestCase(name),
          m_base(base),
          m_mistakes(mistakes)
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& error : m_base().Validate())
        {
            NS_TEST_EXPECT_MSG_EQ(error.path + ": " + error.message, "", "the base must be good");
        }
        for (const auto& mistake : m_mistakes)
        {
            auto configuration = m_base();
            mistake.make(configuration);
            std::string paths;
            for (const auto& error : configuration.Validate())
            {
                paths += (paths.empty() ? "" : " ") + error.path;
                NS_TEST_EXPECT_MSG_EQ(error.message.empty(), false, "an error says what is wrong");
            }
            NS_TEST_EXPECT_MSG_EQ(paths, std::string(mistake.path), "errors found");
        }
    }

    std::function<LoadBalancerConfiguration()> m_base; //!< makes the good configuration
    std::vector<Mistake> m_mistakes;                   //!< what to do to it
};

/** Two HA ports rules, or one and an ordinary one, may live together in a few ways only. */
class HaPortsTestCase : public TestCase
{
  public:
    HaPortsTestCase()
        : TestCase("LB-24 an HA ports rule beside other rules")
    {
    }

  private:
    void DoRun() override
    {
        // Shared frontend, shared instances, floating IP of either: accepted or not.
        struct Row
        {
            bool sameFrontend; // as the HA ports rule
            bool sameMembers;  // as the HA ports rule
            bool haFloats;     // floating IP of the HA ports rule
            bool otherFloats;  // floating IP of the other one
            bool good;         // what Azure says
        };

        const std::vector<Row> table{
            {true, true, false, false, false},
            {true, true, true, false, false},
            {true, true, false, true, false},
            {true, true, true, true, true},
            {false, true, false, false, false},
            {false, true, false, true, false},
            {false, true, true, true, true},
            {false, true, true, false, true},
            {true, false, false, false, true},
            {false, false, false, false, true},
        };
        for (const auto& row : table)
        {
            auto configuration = MakeHaPorts();
            configuration.loadBalancingRules[0].enableFloatingIp = row.haFloats;
            FrontendIpConfiguration frontend = configuration.frontendIpConfigurations[0];
            frontend.name = "other";
            frontend.address = Ip(10, 0, 9, 5);
            configuration.frontendIpConfigurations.push_back(frontend);
            BackendAddressPool pool;
            pool.name = "others";
            LoadBalancerBackendAddress member;
            member.address = row.sameMembers ? Vm(1) : Vm(7);
            pool.backendAddresses.push_back(member);
            configuration.backendAddressPools.push_back(pool);
            LoadBalancingRule rule = configuration.loadBalancingRules[0];
            rule.name = "other";
            rule.protocol = TransportProtocol::Tcp;
            rule.frontendPort = 80;
            rule.backendPort = 80;
            rule.enableFloatingIp = row.otherFloats;
            rule.backendAddressPool = "others";
            rule.frontendIpConfiguration = row.sameFrontend ? "frontend" : "other";
            configuration.loadBalancingRules.push_back(rule);
            NS_TEST_EXPECT_MSG_EQ(configuration.Validate().empty(),
                                  row.good,
                                  "frontend " << row.sameFrontend << " members " << row.sameMembers
                                              << " floating " << row.haFloats << row.otherFloats);
        }
    }
};

/** Limits of the SKUs, met and passed by one. */
class LimitsTestCase : public TestCase
{
  public:
    LimitsTestCase()
        : TestCase("LB-1 LB-70 limits of the SKUs, met and passed by one")
    {
    }

  private:
    /**
     * @param sku the SKU
     * @param frontends number of frontends
     * @param rules number of rules, each on an instance of its own
     * @param members number of members of a pool of their own
     * @return whether such a load balancer is accepted
     */
    static bool IsAccepted(LoadBalancerSku sku,
                           uint32_t frontends,
                           uint32_t rules,
                           uint32_t members)
    {
        LoadBalancerConfiguration configuration;
        configuration.sku = sku;
        for (uint32_t index = 0; index < frontends; ++index)
        {
            FrontendIpConfiguration frontend;
            frontend.name = "f" + std::to_string(index);
            frontend.address = Ip(20, 1, index / 250, index % 250);
            configuration.frontendIpConfigurations.push_back(frontend);
        }
        for (uint32_t index = 0; index < rules; ++index)
        {
            InboundNatRule rule;
            rule.name = "r" + std::to_string(index);
            rule.frontendIpConfiguration = "f0";
            rule.frontendPort = 1 + index;
            rule.backendPort = 22;
            rule.backendAddress = Ip(10, 2, index / 250, index % 250);
            configuration.inboundNatRules.push_back(rule);
        }
        BackendAddressPool pool;
        pool.name = "pool";
        for (uint32_t index = 0; index < members; ++index)
        {
            LoadBalancerBackendAddress member;
            member.address = Ip(10, 3, index / 250, index % 250);
            pool.backendAddresses.push_back(member);
        }
        configuration.backendAddressPools.push_back(pool);
        return configuration.Validate().empty();
    }

    void DoRun() override
    {
        const auto standard = LoadBalancerSku::Standard;
        const auto basic = LoadBalancerSku::Basic;
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(standard, 600, 1500, 5000), true, "Standard, full");
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(standard, 601, 0, 0), false, "601 frontends");
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(standard, 1, 1501, 0), false, "1501 rules");
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(standard, 1, 0, 5001), false, "5001 members");
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(basic, 200, 250, 300), true, "Basic, full");
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(basic, 201, 0, 0), false, "201 frontends");
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(basic, 1, 251, 0), false, "251 rules");
        NS_TEST_EXPECT_MSG_EQ(IsAccepted(basic, 1, 0, 301), false, "301 members");

        // 300 rules for one NIC, and one more.
        for (const uint32_t rules : {300U, 301U})
        {
            auto configuration = MakeConfiguration(1);
            const LoadBalancingRule rule = configuration.loadBalancingRules[0];
            for (uint32_t index = 1; index < rules; ++index)
            {
                configuration.loadBalancingRules.push_back(rule);
                configuration.loadBalancingRules.back().name = "r" + std::to_string(index);
                configuration.loadBalancingRules.back().frontendPort = 1000 + index;
                configuration.loadBalancingRules.back().backendPort = 1000 + index;
            }
            NS_TEST_EXPECT_MSG_EQ(configuration.Validate().empty(),
                                  (rules == 300),
                                  "rules per NIC");
        }

        // 5,000 members twice behind a frontend are the 10,000 allowed; a third rule is too much.
        for (const uint32_t rules : {2U, 3U})
        {
            auto configuration = MakeConfiguration(5000);
            const LoadBalancingRule rule = configuration.loadBalancingRules[0];
            for (uint32_t index = 1; index < rules; ++index)
            {
                configuration.loadBalancingRules.push_back(rule);
                configuration.loadBalancingRules.back().name = "r" + std::to_string(index);
                configuration.loadBalancingRules.back().frontendPort = 1000 + index;
                configuration.loadBalancingRules.back().backendPort = 1000 + index;
            }
            NS_TEST_EXPECT_MSG_EQ(configuration.Validate().empty(),
                                  (rules == 2),
                                  "instances per frontend");
        }
    }
};

using C = LoadBalancerConfiguration;

/** Configuration of Load Balancer. */
class LoadBalancerConfigurationTestSuite : public TestSuite
{
  public:
    LoadBalancerConfigurationTestSuite()
        : TestSuite("azure-load-balancer-configuration", Type::UNIT)
    {
        const std::vector<Mistake> frontends{
            {"frontendIPConfigurations[1]",
             [](C& c) { c.frontendIpConfigurations[1].isPublic = false; }},
            {"frontendIPConfigurations[1]",
             [](C& c) { c.frontendIpConfigurations[1].address = FrontendAddress(); }},
            {"frontendIPConfigurations[1]",
             [](C& c) { c.frontendIpConfigurations[1].address = IpAddress(); }},
            {"frontendIPConfigurations[0].name loadBalancingRules[0].frontendIPConfiguration "
             "inboundNatRules[0].frontendIPConfiguration "
             "inboundNatRules[1].frontendIPConfiguration",
             [](C& c) { c.frontendIpConfigurations[0].name = ""; }},
        };
        AddTestCase(new MistakesTestCase("LB-2 frontends are all public or all internal",
                                         MakeRich,
                                         frontends),
                    Duration::QUICK);

        const std::vector<Mistake> keys{
            {"loadBalancingRules[2].frontendPort",
             [](C& c) {
                 c.loadBalancingRules[2].protocol = TransportProtocol::Tcp;
                 c.loadBalancingRules[2].backendPort = 81;
             }},
            {"inboundNatRules[0].frontendPort",
             [](C& c) { c.inboundNatRules[0].frontendPort = 80; }},
            {"inboundNatRules[0].frontendPort",
             [](C& c) { c.inboundNatRules[0].frontendPort = 230; }},
            {"loadBalancingRules[0].frontendPort",
             [](C& c) { c.inboundNatRules[1].frontendPortRangeStart = 1; }},
        };
        AddTestCase(
            new MistakesTestCase("LB-21 frontend address, protocol and port lead to one rule only",
                                 MakeRich,
                                 keys),
            Duration::QUICK);

        const std::vector<Mistake> rules{
            {"loadBalancingRules[1].frontendPort",
             [](C& c) { c.loadBalancingRules[1].frontendPort = 0; }},
            {"loadBalancingRules[1].frontendPort",
             [](C& c) { c.loadBalancingRules[1].frontendPort = 65535; }},
            {"loadBalancingRules[1].backendPort",
             [](C& c) { c.loadBalancingRules[1].backendPort = 0; }},
            {"loadBalancingRules[2].backendAddressPool",
             [](C& c) { c.loadBalancingRules[2].backendAddressPool = "lost"; }},
            {"loadBalancingRules[2].backendAddressPool",
             [](C& c) { c.loadBalancingRules[2].backendAddressPool = ""; }},
            {"loadBalancingRules[0].frontendIPConfiguration",
             [](C& c) { c.loadBalancingRules[0].frontendIpConfiguration = "lost"; }},
            {"loadBalancingRules[1].probe", [](C& c) { c.loadBalancingRules[1].probe = "lost"; }},
            {"loadBalancingRules[2].name", [](C& c) { c.loadBalancingRules[2].name = "WEB"; }},
        };
        AddTestCase(
            new MistakesTestCase("LB-22 a rule names things that are there", MakeRich, rules),
            Duration::QUICK);

        const std::vector<Mistake> haPorts{
            {"loadBalancingRules[0].frontendPort",
             [](C& c) { c.loadBalancingRules[0].frontendPort = 80; }},
            {"loadBalancingRules[0].backendPort",
             [](C& c) { c.loadBalancingRules[0].backendPort = 80; }},
            {"loadBalancingRules[0].protocol",
             [](C& c) { c.frontendIpConfigurations[0].isPublic = true; }},
            {"loadBalancingRules[0].protocol", [](C& c) { c.sku = LoadBalancerSku::Basic; }},
            {"loadBalancingRules[1].enableFloatingIP loadBalancingRules[1].frontendPort",
             [](C& c) {
                 c.loadBalancingRules.push_back(c.loadBalancingRules[0]);
                 c.loadBalancingRules[1].name = "again";
             }},
        };
        AddTestCase(
            new MistakesTestCase("LB-23 HA ports: internal Standard, both ports 0, one a frontend",
                                 MakeHaPorts,
                                 haPorts),
            Duration::QUICK);
        AddTestCase(new HaPortsTestCase, Duration::QUICK);

        const std::vector<Mistake> destinations{
            {"loadBalancingRules[1].backendPort",
             [](C& c) { c.loadBalancingRules[1].enableFloatingIp = false; }},
            {"inboundNatRules[0].backendPort",
             [](C& c) { c.inboundNatRules[0].backendPort = 8080; }},
            {"inboundNatRules[1].backendPort", [](C& c) { c.inboundNatRules[1].backendPort = 22; }},
            {"loadBalancingRules[3].backendPort",
             [](C& c) {
                 c.loadBalancingRules.push_back(c.loadBalancingRules[1]);
                 c.loadBalancingRules[3].name = "again";
                 c.loadBalancingRules[3].frontendPort = 81;
             }},
        };
        AddTestCase(
            new MistakesTestCase("LB-26 destination address and port are unique at an instance",
                                 MakeRich,
                                 destinations),
            Duration::QUICK);

        const std::vector<Mistake> pools{
            {"backendAddressPools[0].loadBalancerBackendAddresses[1]",
             [](C& c) { c.backendAddressPools[0].backendAddresses[1].address = Vm(0); }},
            {"backendAddressPools[0].loadBalancerBackendAddresses[2]",
             [](C& c) { c.backendAddressPools[0].backendAddresses[2].address = Ip(20, 0, 0, 5); }},
            {"backendAddressPools[0].loadBalancerBackendAddresses[0]",
             [](C& c) { c.backendAddressPools[0].backendAddresses[0].address = IpAddress(); }},
            {"backendAddressPools[1].name",
             [](C& c) { c.backendAddressPools.push_back({"POOL", BackendPoolKind::Nic, {}}); }},
            {"backendAddressPools[0] probes[1].protocol",
             [](C& c) {
                 c.sku = LoadBalancerSku::Basic;
                 c.backendAddressPools[0].kind = BackendPoolKind::Ip;
                 c.probes[1].protocol = ProbeProtocol::Https;
             }},
        };
        AddTestCase(new MistakesTestCase("LB-28 members of a pool differ and are no frontends",
                                         MakeRich,
                                         pools),
                    Duration::QUICK);

        const std::vector<Mistake> timeouts{
            {"loadBalancingRules[0].idleTimeoutInMinutes",
             [](C& c) { c.loadBalancingRules[0].idleTimeout = Seconds(239); }},
            {"loadBalancingRules[0].idleTimeoutInMinutes",
             [](C& c) { c.loadBalancingRules[0].idleTimeout = Minutes(101); }},
            {"inboundNatRules[1].idleTimeoutInMinutes",
             [](C& c) { c.inboundNatRules[1].idleTimeout = Minutes(3); }},
            {"frontendIPConfigurations[1].idleTimeoutInMinutes",
             [](C& c) { c.frontendIpConfigurations[1].idleTimeout = Minutes(3); }},
            {"loadBalancingRules[2].idleTimeoutInMinutes",
             [](C& c) {
                 c.sku = LoadBalancerSku::Basic;
                 c.loadBalancingRules[2].idleTimeout = Minutes(61);
             }},
            {"", [](C& c) { c.loadBalancingRules[2].idleTimeout = Minutes(100); }},
            {"",
             [](C& c) {
                 c.sku = LoadBalancerSku::Basic;
                 c.loadBalancingRules[2].idleTimeout = Minutes(60);
             }},
            {"inboundNatRules[0].enableTcpReset",
             [](C& c) {
                 c.sku = LoadBalancerSku::Basic;
                 c.inboundNatRules[0].enableTcpReset = true;
             }},
        };
        AddTestCase(new MistakesTestCase("LB-41 idle timeouts of 4 to 100 minutes, Basic 60",
                                         MakeRich,
                                         timeouts),
                    Duration::QUICK);

        const std::vector<Mistake> nat{
            {"inboundNatRules[0].backendPort", [](C& c) { c.inboundNatRules[0].backendPort = 0; }},
            {"inboundNatRules[0].frontendPort",
             [](C& c) { c.inboundNatRules[0].frontendPort = 0; }},
            {"inboundNatRules[0].frontendPortRangeStart",
             [](C& c) { c.inboundNatRules[0].frontendPortRangeStart = 1000; }},
            {"inboundNatRules[0].backendIPConfiguration",
             [](C& c) { c.inboundNatRules[0].backendAddress = FrontendAddress(); }},
            {"inboundNatRules[0].backendAddressPool",
             [](C& c) {
                 c.inboundNatRules[0].backendAddressPool = "lost";
                 c.inboundNatRules[0].frontendPort = 0;
                 c.inboundNatRules[0].backendAddress = IpAddress();
                 c.inboundNatRules[0].frontendPortRangeStart = 1000;
                 c.inboundNatRules[0].frontendPortRangeEnd = 1000;
             }},
            {"", [](C& c) { c.inboundNatRules[0].backendAddress = IpAddress(); }},
        };
        AddTestCase(new MistakesTestCase("LB-46 a NAT rule for one instance", MakeRich, nat),
                    Duration::QUICK);

        const std::vector<Mistake> range{
            {"inboundNatRules[1].frontendPortRangeEnd",
             [](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 220; }},
            {"inboundNatRules[1].frontendPortRangeEnd",
             [](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 222; }},
            {"", [](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 223; }},
            {"inboundNatRules[1].frontendPortRangeStart",
             [](C& c) { c.inboundNatRules[1].frontendPortRangeStart = 0; }},
            {"inboundNatRules[1].backendAddressPool",
             [](C& c) { c.inboundNatRules[1].backendAddress = Vm(0); }},
        };
        AddTestCase(new MistakesTestCase("LB-47 a NAT rule for a pool and a range of ports",
                                         MakeRich,
                                         range),
                    Duration::QUICK);

        const std::vector<Mistake> probes{
            {"probes[1].port", [](C& c) { c.probes[1].port = 993; }},
            {"probes[1].port", [](C& c) { c.probes[1].port = 19; }},
            {"probes[1].port", [](C& c) { c.probes[1].port = 0; }},
            {"", [](C& c) { c.probes[0].port = 25; }},
            {"probes[1].requestPath", [](C& c) { c.probes[1].requestPath = ""; }},
            {"probes[1].requestPath", [](C& c) { c.probes[1].requestPath = "health"; }},
            {"probes[1].requestPath", [](C& c) { c.probes[1].requestPath = "/a b"; }},
            {"probes[0].requestPath", [](C& c) { c.probes[0].requestPath = "/"; }},
            {"probes[1].name",
             [](C& c) {
                 c.probes[1].name = "probe";
                 c.loadBalancingRules[1].probe = "probe";
                 c.loadBalancingRules[2].probe = "probe";
             }},
        };
        AddTestCase(new MistakesTestCase("HP-2 ports and paths of probes", MakeRich, probes),
                    Duration::QUICK);

        const std::vector<Mistake> intervals{
            {"probes[0].intervalInSeconds", [](C& c) { c.probes[0].interval = Seconds(4.9); }},
            {"", [](C& c) { c.probes[0].interval = Seconds(360); }},
            {"probes[0].probeThreshold", [](C& c) { c.probes[0].probeThreshold = 0; }},
            {"", [](C& c) { c.probes[0].probeThreshold = 2; }},
        };
        AddTestCase(
            new MistakesTestCase("HP-5 a probe's interval is at least 5 s", MakeRich, intervals),
            Duration::QUICK);

        const std::vector<Mistake> empty{
            {"frontendIPConfigurations loadBalancingRules[0].frontendIPConfiguration",
             [](C& c) { c.frontendIpConfigurations.clear(); }},
        };
        AddTestCase(new MistakesTestCase(
                        "A load balancer without a frontend is refused",
                        [] { return MakeConfiguration(1); },
                        empty),
                    Duration::QUICK);
        AddTestCase(new LimitsTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
LoadBalancerConfigurationTestSuite g_loadBalancerConfigurationTestSuite;

} // namespace
