/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

#include <algorithm>
#include <functional>
#include <random>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using C = LoadBalancerConfiguration;

const Time NS = NanoSeconds(1); //!< the shortest time

/// A change to a good configuration, and every error that it must give.
struct Row
{
    std::function<void(C&)> change; //!< makes it
    std::string errors;             //!< "path: message", each on a line; empty: it stays good
};

/**
 * @param configuration any
 * @return its errors, each on a line
 */
std::string
Errors(const C& configuration)
{
    std::string text;
    for (const auto& error : configuration.Validate())
    {
        text += (text.empty() ? "" : "\n") + error.path + ": " + error.message;
    }
    return text;
}

/// @return two instances, a TCP rule with an HTTP probe, both kinds of inbound NAT rules
C
MakeBase()
{
    auto configuration = MakeConfiguration(2);
    auto& probe = configuration.probes[0];
    probe.protocol = ProbeProtocol::Http;
    probe.requestPath = "/";
    InboundNatRule single;
    single.name = "ssh";
    single.frontendIpConfiguration = "frontend";
    single.frontendPort = 50;
    single.backendAddress = Vm(0);
    single.backendPort = 22;
    configuration.inboundNatRules.push_back(single);
    InboundNatRule range;
    range.name = "rdp";
    range.frontendIpConfiguration = "frontend";
    range.backendAddressPool = "pool";
    range.frontendPortRangeStart = 1000;
    range.frontendPortRangeEnd = 1009;
    range.backendPort = 3389;
    configuration.inboundNatRules.push_back(range);
    return configuration;
}

/// @return an internal load balancer with an HA ports rule
C
MakeHa()
{
    auto configuration = MakeConfiguration(2);
    configuration.frontendIpConfigurations[0].isPublic = false;
    auto& rule = configuration.loadBalancingRules[0];
    rule.protocol = TransportProtocol::All;
    rule.frontendPort = rule.backendPort = 0;
    return configuration;
}

/** A table of changes and their errors. */
class RowsTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     * @param base makes a good configuration
     * @param rows what to do to it
     */
    RowsTestCase(const std::string& name, const std::function<C()>& base, std::vector<Row> rows)
        : TestCase(name),
          m_base(base),
          m_rows(std::move(rows))
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(Errors(m_base()), "", "the base is good");
        for (size_t index = 0; index < m_rows.size(); ++index)
        {
            auto configuration = m_base();
            m_rows[index].change(configuration);
            NS_TEST_EXPECT_MSG_EQ(Errors(configuration), m_rows[index].errors, "row " << index);
        }
    }

    std::function<C()> m_base; //!< makes a good configuration
    std::vector<Row> m_rows;   //!< what to do to it
};

/**
 * Boundaries of a port: refused below the first good one and above the last.
 *
 * @param set sets the port
 * @param last the last good one
 * @param error the error of a bad one
 * @return the rows
 */
std::vector<Row>
Ports(const std::function<void(C&, uint16_t)>& set, uint16_t last, const std::string& error)
{
    std::vector<Row> rows;
    for (const uint32_t port : {0U, 1U, last - 0U, last + 1U})
    {
        if (port <= 65535)
        {
            rows.push_back({[set, port](C& c) { set(c, port); },
                            port == 0 || port > last ? error : std::string()});
        }
    }
    return rows;
}

/**
 * @param set sets the timeout
 * @param sku whose limits count
 * @param error the error of a bad one
 * @return the rows
 */
std::vector<Row>
Timeouts(const std::function<void(C&, Time)>& set, LoadBalancerSku sku, const std::string& error)
{
    const Time longest = Minutes(sku == LoadBalancerSku::Basic ? 60 : 100);
    std::vector<Row> rows;
    for (const auto& [timeout, good] : std::vector<std::pair<Time, bool>>{
             {Minutes(4) - NS, false},
             {Minutes(4), true},
             {longest, true},
             {longest + NS, false},
             {Time(0), false},
         })
    {
        rows.push_back({[set, sku, value = timeout](C& c) {
                            c.sku = sku;
                            set(c, value);
                        },
                        good ? "" : error});
    }
    return rows;
}

/** Probes of any port and path. */
class ProbeTestCase : public TestCase
{
  public:
    ProbeTestCase()
        : TestCase("HP-2 nine ports are closed to HTTP probes; a path is printable")
    {
    }

  private:
    void DoRun() override
    {
        const std::set<uint32_t> refused{19, 21, 25, 70, 110, 119, 143, 220, 993};
        auto configuration = MakeBase();
        auto& probe = configuration.probes[0];
        for (uint32_t port = 1; port < 1100; ++port)
        {
            probe.port = port;
            const std::string text = std::to_string(port);
            NS_TEST_EXPECT_MSG_EQ(Errors(configuration),
                                  (refused.count(port)
                                       ? "probes[0].port: no HTTP probe may go to port " + text +
                                             "; use another port or a TCP probe"
                                       : ""),
                                  "port " << port);
        }
        probe.port = 80;
        for (uint32_t code = 1; code < 256; ++code)
        {
            probe.requestPath = std::string("/") + static_cast<char>(code) + "x";
            NS_TEST_EXPECT_MSG_EQ(Errors(configuration),
                                  (code > 32 && code < 127
                                       ? ""
                                       : "probes[0].requestPath: the path must begin with / and "
                                         "hold no blanks"),
                                  "character " << code);
        }
    }
};

/** The limits that only large configurations meet. */
class LimitsTestCase : public TestCase
{
  public:
    LimitsTestCase()
        : TestCase("LB-70 limits of pools together, of the Global tier and of all rules")
    {
    }

  private:
    /**
     * @param pools number of pools
     * @param members members of each, all different
     * @return a configuration with these pools
     */
    static C Make(uint32_t pools, uint32_t members)
    {
        auto configuration = MakeConfiguration(0);
        configuration.loadBalancingRules.clear();
        configuration.backendAddressPools.clear();
        for (uint32_t pool = 0; pool < pools; ++pool)
        {
            configuration.backendAddressPools.push_back({"p" + std::to_string(pool), {}, {}});
            for (uint32_t index = 0; index < members; ++index)
            {
                LoadBalancerBackendAddress member;
                member.address = Ip(10, 1 + pool, index / 256, index % 256);
                configuration.backendAddressPools[pool].backendAddresses.push_back(member);
            }
        }
        return configuration;
    }

    void DoRun() override
    {
        auto configuration = Make(4, 5000);
        NS_TEST_EXPECT_MSG_EQ(Errors(configuration), "", "20,000 members");
        configuration.backendAddressPools.push_back(Make(5, 1).backendAddressPools[4]);
        NS_TEST_EXPECT_MSG_EQ(Errors(configuration),
                              "backendAddressPools: there are 20001 members in all pools, the "
                              "limit of the Standard SKU is 20000",
                              "one more");
        configuration = Make(1, 300);
        configuration.tier = LoadBalancerTier::Global;
        NS_TEST_EXPECT_MSG_EQ(Errors(configuration), "", "Global tier, 300 members");
        configuration = Make(1, 301);
        configuration.tier = LoadBalancerTier::Global;
        NS_TEST_EXPECT_MSG_EQ(Errors(configuration),
                              "backendAddressPools[0]: there are 301 members in the pool, the "
                              "limit of the Standard SKU is 300",
                              "Global tier, one more");
        // A rule for 5,000 instances on each of 100 frontends makes 500,000.
        for (const uint32_t rules : {100U, 101U})
        {
            configuration = Make(1, 5000);
            configuration.frontendIpConfigurations.clear();
            for (uint32_t index = 0; index < rules; ++index)
            {
                const std::string name = std::to_string(index);
                FrontendIpConfiguration frontend;
                frontend.name = "f" + name;
                frontend.address = Ip(20, 0, 1, index);
                configuration.frontendIpConfigurations.push_back(frontend);
                LoadBalancingRule rule;
                rule.name = "r" + name;
                rule.frontendIpConfiguration = frontend.name;
                rule.backendAddressPool = "p0";
                rule.frontendPort = 80;
                rule.backendPort = 1000 + index;
                configuration.loadBalancingRules.push_back(rule);
            }
            NS_TEST_EXPECT_MSG_EQ(Errors(configuration),
                                  (rules == 100
                                       ? ""
                                       : "loadBalancingRules: there are 505000 instances behind "
                                         "all rules, the limit of the Standard SKU is 500000"),
                                  rules << " rules");
        }
        // NAT rules of either form are rules of a NIC, too: 298 + 1 + 1 is the limit of 300.
        for (const uint32_t rules : {298U, 299U})
        {
            configuration = MakeBase();
            for (uint32_t index = 1; index < rules; ++index)
            {
                configuration.loadBalancingRules.push_back(configuration.loadBalancingRules[0]);
                auto& rule = configuration.loadBalancingRules.back();
                rule.name = "r" + std::to_string(index);
                rule.frontendPort = rule.backendPort = 10000 + index;
            }
            NS_TEST_EXPECT_MSG_EQ(Errors(configuration),
                                  (rules == 298
                                       ? ""
                                       : "loadBalancingRules: there are 301 rules for instance "
                                         "10.0.0.4, the limit of the Standard SKU is 300"),
                                  rules << " rules");
        }
    }
};

/** Random sets of rules, judged pair by pair. */
class PairsTestCase : public TestCase
{
  public:
    PairsTestCase()
        : TestCase("LB-21 LB-26 rules are accepted when no two of them claim the same, against "
                   "a naive model")
    {
    }

  private:
    /// What a rule claims.
    struct Claim
    {
        uint32_t frontend;          //!< number of the frontend
        bool tcp;                   //!< takes TCP
        bool udp;                   //!< takes UDP
        uint16_t first;             //!< frontend port
        uint16_t last;              //!< frontend port
        bool floating;              //!< the instance sees the frontend
        uint16_t backendPort;       //!< port at the instances
        std::set<uint32_t> members; //!< the instances
    };

    /**
     * @param a a rule
     * @param b another one
     * @return whether both cannot be
     */
    static bool Conflict(const Claim& a, const Claim& b)
    {
        if (!(a.tcp && b.tcp) && !(a.udp && b.udp))
        {
            return false;
        }
        if (a.frontend == b.frontend && a.first <= b.last && b.first <= a.last)
        {
            return true; // LB-21
        }
        const bool share = std::any_of(a.members.begin(), a.members.end(), [&](uint32_t member) {
            return b.members.count(member);
        });
        // LB-26: one destination at an instance. Floating and not floating never look alike.
        return share && a.backendPort == b.backendPort && a.floating == b.floating &&
               (!a.floating || a.frontend == b.frontend);
    }

    void DoRun() override
    {
        std::mt19937 random(20181126);
        uint32_t good = 0;
        const uint32_t rounds = 4000;
        for (uint32_t round = 0; round < rounds; ++round)
        {
            auto configuration = MakeConfiguration(2);
            configuration.loadBalancingRules.clear();
            configuration.frontendIpConfigurations.push_back(
                configuration.frontendIpConfigurations[0]);
            configuration.frontendIpConfigurations[1].name = "second";
            configuration.frontendIpConfigurations[1].address = Ip(20, 0, 0, 5);
            // Instances 0 and 1, and 1 and 2.
            configuration.backendAddressPools.push_back(configuration.backendAddressPools[0]);
            configuration.backendAddressPools[1].name = "other";
            configuration.backendAddressPools[1].backendAddresses[0].address = Vm(2);
            std::vector<Claim> claims;
            const uint32_t count = 2 + random() % 3;
            for (uint32_t index = 0; index < count; ++index)
            {
                Claim claim;
                claim.frontend = random() % 2;
                const uint32_t protocol = random() % 3;
                claim.first = 1 + random() % 8;
                claim.last = claim.first;
                claim.floating = random() % 3 == 0;
                claim.backendPort = 1 + random() % 3;
                const bool other = random() % 2;
                claim.members = other ? std::set<uint32_t>{1, 2} : std::set<uint32_t>{0, 1};
                const auto set = [&](auto& rule) {
                    rule.name = "r" + std::to_string(index);
                    rule.frontendIpConfiguration = claim.frontend ? "second" : "frontend";
                    rule.backendPort = claim.backendPort;
                    rule.enableFloatingIp = claim.floating;
                    rule.protocol = static_cast<TransportProtocol>(protocol);
                    rule.backendAddressPool = other ? "other" : "pool";
                };
                switch (protocol == 2 ? 1 + random() % 2 : random() % 3)
                {
                case 0: {
                    LoadBalancingRule rule;
                    set(rule);
                    rule.frontendPort = claim.first;
                    configuration.loadBalancingRules.push_back(rule);
                    break;
                }
                case 1: {
                    InboundNatRule rule;
                    set(rule);
                    claim.last = claim.first + 1 + random() % 3;
                    rule.frontendPortRangeStart = claim.first;
                    rule.frontendPortRangeEnd = claim.last;
                    configuration.inboundNatRules.push_back(rule);
                    break;
                }
                default: {
                    InboundNatRule rule;
                    set(rule);
                    claim.members = {static_cast<uint32_t>(random() % 3)};
                    rule.backendAddressPool = "";
                    rule.backendAddress = Vm(*claim.members.begin());
                    rule.frontendPort = claim.first;
                    configuration.inboundNatRules.push_back(rule);
                }
                }
                claim.tcp = protocol != 1;
                claim.udp = protocol != 0;
                claims.push_back(claim);
            }
            bool conflict = false;
            for (uint32_t a = 0; a < count; ++a)
            {
                for (uint32_t b = 0; b < a; ++b)
                {
                    conflict = conflict || Conflict(claims[a], claims[b]);
                }
            }
            NS_TEST_ASSERT_MSG_EQ(configuration.Validate().empty(),
                                  !conflict,
                                  "round " << round << ": " << Errors(configuration));
            good += !conflict;
        }
        NS_TEST_EXPECT_MSG_GT(good, rounds / 10, "enough good ones");
        NS_TEST_EXPECT_MSG_LT(good, rounds - rounds / 10, "enough bad ones");
    }
};

/** What is said of a bad configuration. */
class LoadBalancerValidatorTestSuite : public TestSuite
{
  public:
    LoadBalancerValidatorTestSuite()
        : TestSuite("azure-load-balancer-validator", Type::UNIT)
    {
        Add("LB-22 ports of a rule: 1 to 65534 at the frontend",
            Ports([](C& c, uint16_t port) { c.loadBalancingRules[0].frontendPort = port; },
                  65534,
                  "loadBalancingRules[0].frontendPort: the port must be 1 to 65534; 0 is for HA "
                  "ports, with protocol All"));
        Add("LB-22 ports of a rule: 1 to 65535 at the instance",
            Ports([](C& c, uint16_t port) { c.loadBalancingRules[0].backendPort = port; },
                  65535,
                  "loadBalancingRules[0].backendPort: the port must be 1 to 65535; 0 is for HA "
                  "ports, with protocol All"));
        Add("LB-46 ports of a NAT rule",
            Ports([](C& c, uint16_t port) { c.inboundNatRules[0].frontendPort = port; },
                  65534,
                  "inboundNatRules[0].frontendPort: the port must be 1 to 65534"));
        Add("LB-46 backend ports of a NAT rule",
            Ports([](C& c, uint16_t port) { c.inboundNatRules[0].backendPort = port; },
                  65535,
                  "inboundNatRules[0].backendPort: the port must be 1 to 65535"));
        Add("HP-2 port of a probe",
            Ports([](C& c, uint16_t port) { c.probes[0].port = port; },
                  65535,
                  "probes[0].port: the port must be 1 to 65535"));
        for (const auto sku : {LoadBalancerSku::Standard, LoadBalancerSku::Basic})
        {
            const std::string text =
                std::string("idleTimeoutInMinutes: the idle timeout must be ") +
                (sku == LoadBalancerSku::Basic ? "4 to 60" : "4 to 100") + " minutes";
            const std::string suffix = sku == LoadBalancerSku::Basic ? ", Basic" : ", Standard";
            Add("LB-41 idle timeout of a rule to the nanosecond" + suffix,
                Timeouts([](C& c, Time t) { c.loadBalancingRules[0].idleTimeout = t; },
                         sku,
                         "loadBalancingRules[0]." + text));
            Add("LB-41 idle timeout of a NAT rule to the nanosecond" + suffix,
                Timeouts([](C& c, Time t) { c.inboundNatRules[1].idleTimeout = t; },
                         sku,
                         "inboundNatRules[1]." + text));
            Add("LB-43 idle timeout of a frontend to the nanosecond" + suffix,
                Timeouts([](C& c, Time t) { c.frontendIpConfigurations[0].idleTimeout = t; },
                         sku,
                         "frontendIPConfigurations[0]." + text));
        }
        Add("HP-5 interval and threshold of a probe",
            {{[](C& c) { c.probes[0].interval = Seconds(5); }, ""},
             {[](C& c) { c.probes[0].interval = Seconds(5) - NS; },
              "probes[0].intervalInSeconds: the interval must be 5 s or more"},
             {[](C& c) { c.probes[0].probeThreshold = 1; }, ""},
             {[](C& c) { c.probes[0].probeThreshold = 100; }, ""},
             {[](C& c) { c.probes[0].probeThreshold = 101; },
              "probes[0].probeThreshold: the threshold must be 1 to 100"},
             {[](C& c) { c.probes[0].probeThreshold = 0; },
              "probes[0].probeThreshold: the threshold must be 1 to 100"}});
        AddTestCase(new ProbeTestCase, Duration::QUICK);
        Add("LB-47 the range of a NAT rule: its ends, and as many ports as instances",
            {{[](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 1001; }, ""},
             {[](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 1000; },
              "inboundNatRules[1].frontendPortRangeEnd: the range has 1 ports for 2 instances; "
              "enlarge it"},
             {[](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 65534; }, ""},
             {[](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 65535; },
              "inboundNatRules[1].frontendPortRangeEnd: the last port must be 1 to 65534 and not "
              "below the first"},
             {[](C& c) { c.inboundNatRules[1].frontendPortRangeEnd = 999; },
              "inboundNatRules[1].frontendPortRangeEnd: the last port must be 1 to 65534 and not "
              "below the first"},
             {[](C& c) { c.inboundNatRules[1].frontendPortRangeStart = 65535; },
              "inboundNatRules[1].frontendPortRangeStart: the first port must be 1 to 65534"},
             {[](C& c) { c.inboundNatRules[1].frontendPort = 7; },
              "inboundNatRules[1].backendAddressPool: a NAT rule is for one instance or for a "
              "pool with a range of ports, not for both"},
             {[](C& c) { c.inboundNatRules[0].frontendPortRangeEnd = 7; },
              "inboundNatRules[0].frontendPortRangeStart: a range of ports needs a "
              "backendAddressPool; for one instance set frontendPort"}});
        Add("LB-21 LB-26 what two rules claim is told with the name of the first",
            {{[](C& c) { c.inboundNatRules[0].frontendPort = 80; },
              "inboundNatRules[0].frontendPort: frontend frontend has this TCP port in rule web "
              "already"},
             {[](C& c) { c.inboundNatRules[0].frontendPort = 1009; },
              "inboundNatRules[0].frontendPort: frontend frontend has this TCP port in rule rdp "
              "already"},
             {[](C& c) { c.inboundNatRules[0].frontendPort = 1010; }, ""},
             // A rule for both protocols is blamed once.
             {[](C& c) {
                  c.inboundNatRules[1].protocol = TransportProtocol::All;
                  c.inboundNatRules[0].protocol = TransportProtocol::All;
                  c.inboundNatRules[0].frontendPort = 1005;
              },
              "inboundNatRules[0].frontendPort: frontend frontend has this UDP port in rule rdp "
              "already"},
             {[](C& c) { c.inboundNatRules[0].backendPort = 8080; },
              "inboundNatRules[0].backendPort: rule web sends to port 8080 of instance 10.0.0.4 "
              "already; use another port, or floating IP on another frontend"}});
        Add("LB-22 LB-28 names that lead nowhere, or twice",
            {{[](C& c) { c.loadBalancingRules[0].probe = "lost"; },
              "loadBalancingRules[0].probe: there is no probe lost"},
             {[](C& c) { c.loadBalancingRules[0].backendAddressPool = "lost"; },
              "loadBalancingRules[0].backendAddressPool: there is no pool lost"},
             {[](C& c) { c.loadBalancingRules[0].backendAddressPool = ""; },
              "loadBalancingRules[0].backendAddressPool: a load balancing rule needs a pool"},
             {[](C& c) { c.inboundNatRules[0].frontendIpConfiguration = ""; },
              "inboundNatRules[0].frontendIPConfiguration: a rule needs a frontend"},
             {[](C& c) { c.inboundNatRules[0].frontendIpConfiguration = "lost"; },
              "inboundNatRules[0].frontendIPConfiguration: there is no frontend lost"},
             {[](C& c) { c.inboundNatRules[1].name = "SSH"; },
              "inboundNatRules[1].name: the name SSH is taken; names must differ by more than "
              "upper and lower case"},
             // The kinds of rules have names of their own.
             {[](C& c) { c.inboundNatRules[1].name = "web"; }, ""},
             {[](C& c) { c.probes[0].name = ""; },
              "probes[0].name: a name is needed\nloadBalancingRules[0].probe: there is no probe "
              "probe"},
             {[](C& c) { c.inboundNatRules[0].backendAddress = FrontendAddress(); },
              "inboundNatRules[0].backendIPConfiguration: the address 20.0.0.4 is a frontend of "
              "this load balancer and cannot be an instance"},
             {[](C& c) { c.backendAddressPools[0].backendAddresses[1].address = Vm(0); },
              "backendAddressPools[0].loadBalancerBackendAddresses[1]: the address 10.0.0.4 is a "
              "member already; remove one"}});
        Add("LB-1 LB-40 what the Basic SKU has not",
            {{[](C& c) {
                  c.sku = LoadBalancerSku::Basic;
                  c.loadBalancingRules[0].enableTcpReset = true;
                  c.backendAddressPools[0].kind = BackendPoolKind::Ip;
                  c.probes[0].protocol = ProbeProtocol::Https;
              },
              "backendAddressPools[0]: a pool of the Basic SKU is filled by NICs, not by "
              "addresses\nprobes[0].protocol: the Basic SKU has no HTTPS probes\n"
              "loadBalancingRules[0].enableTcpReset: the Basic SKU sends no TCP resets"},
             {[](C& c) { c.sku = LoadBalancerSku::Basic; }, ""}});
        AddTestCase(
            new RowsTestCase(
                "LB-23 LB-24 HA ports: each condition is told by its field",
                MakeHa,
                {{[](C& c) { c.loadBalancingRules[0].frontendPort = 80; },
                  "loadBalancingRules[0].frontendPort: with protocol All (HA ports) the port must "
                  "be 0"},
                 {[](C& c) { c.loadBalancingRules[0].backendPort = 80; },
                  "loadBalancingRules[0].backendPort: with protocol All (HA ports) the port must "
                  "be 0"},
                 {[](C& c) { c.frontendIpConfigurations[0].isPublic = true; },
                  "loadBalancingRules[0].protocol: protocol All (HA ports) needs an internal "
                  "frontend of the Standard SKU"},
                 {[](C& c) {
                      c.loadBalancingRules.push_back(c.loadBalancingRules[0]);
                      c.loadBalancingRules[1].name = "web80";
                      c.loadBalancingRules[1].protocol = TransportProtocol::Tcp;
                      c.loadBalancingRules[1].frontendPort = 80;
                      c.loadBalancingRules[1].backendPort = 80;
                  },
                  "loadBalancingRules[0].enableFloatingIP: an HA ports rule without floating IP "
                  "excludes other rules for the same instances, such as web80; turn floating IP "
                  "on for both"}}),
            Duration::QUICK);
        AddTestCase(new LimitsTestCase, Duration::QUICK);
        AddTestCase(new PairsTestCase, Duration::QUICK);
    }

  private:
    /**
     * @param name name of the case
     * @param rows what to do to MakeBase()
     */
    void Add(const std::string& name, std::vector<Row> rows)
    {
        AddTestCase(new RowsTestCase(name, MakeBase, std::move(rows)), Duration::QUICK);
    }
};

/** Registers the suite. */
LoadBalancerValidatorTestSuite g_loadBalancerValidatorTestSuite;

} // namespace
