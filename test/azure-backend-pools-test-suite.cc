/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

#include "ns3/azure-address-table.h"
#include "ns3/azure-backend-pools.h"
#include "ns3/azure-inbound-nat-ports.h"
#include "ns3/azure-rule-table.h"

#include <algorithm>
#include <random>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Numbers of addresses, against a naive search. */
class AddressTableTestCase : public TestCase
{
  public:
    AddressTableTestCase()
        : TestCase("Addresses get numbers and keep them, up to 65,535")
    {
    }

  private:
    void DoRun() override
    {
        AddressTable table;
        NS_TEST_EXPECT_MSG_EQ(table.Find(Vm(0)), AddressTable::NONE, "an empty table");
        const uint32_t all = AddressTable::NONE;
        for (uint32_t index = 0; index < all; ++index)
        {
            const auto role = index % 2 ? AddressTable::BACKEND : AddressTable::FRONTEND;
            NS_TEST_ASSERT_MSG_EQ(
                table.Add(Ip(10, index >> 16, index >> 8 & 255, index & 255), role),
                index,
                "numbers count up");
        }
        NS_TEST_EXPECT_MSG_EQ(table.Add(Ip(11, 0, 0, 0), AddressTable::BACKEND),
                              AddressTable::NONE,
                              "no number is left");
        for (uint32_t index = 0; index < all; ++index)
        {
            const IpAddress address = Ip(10, index >> 16, index >> 8 & 255, index & 255);
            NS_TEST_ASSERT_MSG_EQ(table.Find(address), index, "found again");
            NS_TEST_ASSERT_MSG_EQ((table.GetAddress(index) == address), true, "and back");
            NS_TEST_ASSERT_MSG_EQ((table.Find(address, AddressTable::BACKEND) != all),
                                  (index % 2 == 1),
                                  "by role");
        }
        NS_TEST_EXPECT_MSG_EQ(table.Add(Ip(10, 0, 0, 0), AddressTable::BACKEND), 0, "known");
        NS_TEST_EXPECT_MSG_EQ(table.Find(Ip(10, 0, 0, 0), AddressTable::BACKEND), 0, "new role");
        NS_TEST_EXPECT_MSG_EQ(table.Find(Ip(10, 0, 0, 0), AddressTable::FRONTEND), 0, "old role");
    }
};

/** Random operations on pools, against the rules written down naively. */
class PoolsModelTestCase : public TestCase
{
  public:
    PoolsModelTestCase()
        : TestCase("LB-28 LB-34 LB-35 LB-36 LB-38 who is eligible, against a naive model")
    {
    }

  private:
    /// What the naive model knows of an instance.
    struct Model
    {
        bool running{true};    //!< not stopped
        bool member[2]{};      //!< of each pool
        AdminState admin[2]{}; //!< in each pool
        bool probe[2]{};       //!< what each probe says
    };

    /**
     * @param models everything
     * @param pool a pool
     * @param probe a probe, or 2 for none
     * @return who is eligible
     */
    static std::set<uint32_t> Eligible(const std::vector<Model>& models, int pool, int probe)
    {
        std::set<uint32_t> up;
        std::set<uint32_t> open;
        for (uint32_t index = 0; index < models.size(); ++index)
        {
            const Model& model = models[index];
            if (!model.member[pool] || !model.running)
            {
                continue;
            }
            const AdminState admin = model.admin[pool];
            if (probe == 2 || admin == AdminState::Up ||
                (admin == AdminState::None && model.probe[probe]))
            {
                up.insert(index);
            }
            if (admin != AdminState::Down)
            {
                open.insert(index);
            }
        }
        // Probe 1 has AllProbedUp.
        return up.empty() && probe == 1 ? open : up;
    }

    void DoRun() override
    {
        auto configuration = MakeConfiguration(0);
        configuration.backendAddressPools.push_back({"two", BackendPoolKind::Nic, {}});
        configuration.probes.push_back(configuration.probes[0]);
        configuration.probes[1].noHealthyBackendsBehavior = NoHealthyBackendsBehavior::AllProbedUp;
        AddressTable addresses;
        BackendPools pools(configuration, addresses);
        uint32_t targets[2][3];
        for (uint32_t pool = 0; pool < 2; ++pool)
        {
            for (uint32_t probe = 0; probe < 3; ++probe)
            {
                targets[pool][probe] =
                    pools.AddTarget(pool, probe == 2 ? BackendPools::NONE : probe);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(pools.AddTarget(1, 0), targets[1][0], "targets are shared");
        const uint32_t count = 6;
        for (uint32_t index = 0; index < count; ++index)
        {
            addresses.Add(Vm(index), AddressTable::BACKEND);
        }
        std::vector<Model> models(count);
        std::mt19937 random(20181126);
        for (uint32_t step = 0; step < 20000; ++step)
        {
            const uint32_t index = random() % count;
            const uint32_t pool = random() % 2;
            const uint32_t probe = random() % 2;
            Model& model = models[index];
            const bool anyMember = model.member[0] || model.member[1];
            const auto before = models;
            BackendPools::Changes changes;
            switch (random() % 5)
            {
            case 0:
                model.probe[probe] = random() % 2 && model.running;
                changes = pools.SetProbeStatus(probe, index, model.probe[probe]);
                break;
            case 1:
                if (model.member[pool])
                {
                    model.admin[pool] = static_cast<AdminState>(random() % 3);
                    changes = pools.SetAdminState(pool, index, model.admin[pool]);
                }
                break;
            case 2:
                if (model.running != (random() % 4 != 0))
                {
                    model.running = !model.running;
                    model.probe[0] = model.probe[1] = false;
                    changes = pools.SetRunning(index, model.running);
                }
                break;
            case 3:
                if (!model.member[pool])
                {
                    model.member[pool] = true;
                    model.admin[pool] = AdminState::None;
                    if (!anyMember)
                    {
                        model.running = true;
                    }
                    changes = pools.AddMember(pool, index, AdminState::None, true);
                }
                break;
            default:
                if (model.member[pool])
                {
                    model.member[pool] = false;
                    if (!model.member[1 - pool])
                    {
                        model.probe[0] = model.probe[1] = false;
                    }
                    changes = pools.RemoveMember(pool, index);
                }
            }
            std::set<uint32_t> told;
            for (const auto& change : changes)
            {
                told.insert(change.target);
            }
            for (uint32_t p = 0; p < 2; ++p)
            {
                for (uint32_t q = 0; q < 3; ++q)
                {
                    const auto& eligible = pools.GetEligible(targets[p][q]);
                    const auto expected = Eligible(models, p, q);
                    NS_TEST_ASSERT_MSG_EQ(
                        (std::set<uint32_t>(eligible.begin(), eligible.end()) == expected),
                        true,
                        "step " << step << " pool " << p << " probe " << q);
                    const bool moved = expected != Eligible(before, p, q);
                    NS_TEST_ASSERT_MSG_EQ((!moved || told.count(targets[p][q]) == 1),
                                          true,
                                          "a change is told");
                    for (uint32_t id = 0; id < count; ++id)
                    {
                        NS_TEST_ASSERT_MSG_EQ(pools.IsEligible(targets[p][q], id),
                                              (expected.count(id) == 1),
                                              "one by one");
                    }
                }
            }
        }
    }
};

/** Epochs change exactly when established flows are cut. */
class EpochTestCase : public TestCase
{
  public:
    EpochTestCase()
        : TestCase("LB-31 LB-33 flows are cut by the size of the pool and by the SKU")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool basic : {false, true})
        {
            for (const uint32_t size : {1U, 2U, 3U})
            {
                for (const bool failOpen : {false, true})
                {
                    auto configuration = MakeConfiguration(size);
                    configuration.sku = basic ? LoadBalancerSku::Basic : LoadBalancerSku::Standard;
                    configuration.probes[0].noHealthyBackendsBehavior =
                        failOpen ? NoHealthyBackendsBehavior::AllProbedUp
                                 : NoHealthyBackendsBehavior::AllProbedDown;
                    AddressTable addresses;
                    BackendPools pools(configuration, addresses);
                    const uint32_t target = pools.AddTarget(0, 0);
                    for (uint32_t id = 0; id < size; ++id)
                    {
                        pools.SetProbeStatus(0, id, true);
                    }
                    const uint16_t epoch = pools.GetEpoch(target, 0);
                    bool told = false;
                    for (uint32_t id = 0; id < size; ++id)
                    {
                        NS_TEST_EXPECT_MSG_EQ(pools.GetEpoch(target, 0), epoch, "not yet");
                        for (const auto& change : pools.SetProbeStatus(0, id, false))
                        {
                            told = told || change.flowsCut;
                        }
                    }
                    const bool cut = !failOpen && (basic || size == 1);
                    NS_TEST_EXPECT_MSG_EQ((pools.GetEpoch(target, 0) != epoch), cut, "epoch");
                    NS_TEST_EXPECT_MSG_EQ(told, cut, "told");
                    NS_TEST_EXPECT_MSG_EQ((!cut || !pools.WasStoppedLast(target, 0)),
                                          true,
                                          "cause");
                }
            }
        }
    }
};

/** Ports of a pool-based NAT rule. */
class NatPortsTestCase : public TestCase
{
  public:
    NatPortsTestCase()
        : TestCase("LB-47 ports of a NAT rule: ascending, kept, lowest free one first")
    {
    }

  private:
    void DoRun() override
    {
        InboundNatPorts ports(221, 224);
        for (uint16_t id = 0; id < 4; ++id)
        {
            NS_TEST_EXPECT_MSG_EQ(*ports.Assign(id), 221 + id, "ascending order");
        }
        NS_TEST_EXPECT_MSG_EQ(ports.HasFreePort(), false, "exhausted");
        NS_TEST_EXPECT_MSG_EQ(ports.Assign(9).has_value(), false, "an exhausted range refuses");
        NS_TEST_EXPECT_MSG_EQ(*ports.Release(1), 222, "scale-down");
        NS_TEST_EXPECT_MSG_EQ(ports.Release(1).has_value(), false, "only once");
        NS_TEST_EXPECT_MSG_EQ(ports.GetMappings().at(221), 0, "others keep theirs");
        NS_TEST_EXPECT_MSG_EQ(ports.GetMappings().at(223), 2, "others keep theirs");
        NS_TEST_EXPECT_MSG_EQ(*ports.Assign(9), 222, "scale-up takes the free one");
        InboundNatPorts all(1, 65534);
        for (uint32_t id = 0; id < 65534; ++id)
        {
            NS_TEST_ASSERT_MSG_EQ(all.HasFreePort(), true, "room for all");
            all.Assign(static_cast<uint16_t>(id));
            if (id == 2000)
            {
                break;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(all.GetMappings().rbegin()->first, 2001, "no wrap");
    }
};

/** Rules are found by address, protocol and port. */
class RuleTableTestCase : public TestCase
{
  public:
    RuleTableTestCase()
        : TestCase("LB-21 LB-22 LB-23 rules by frontend address, protocol and port")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(3);
        auto& rules = configuration.loadBalancingRules;
        rules.push_back(rules[0]);
        rules[1].protocol = TransportProtocol::Udp;
        rules.push_back(rules[0]);
        rules[2].protocol = TransportProtocol::All;
        rules[2].frontendPort = rules[2].backendPort = 0;
        rules[2].frontendIpConfiguration = "ha";
        FrontendIpConfiguration ha;
        ha.name = "ha";
        ha.address = Ip(10, 9, 0, 1);
        configuration.frontendIpConfigurations.push_back(ha);
        InboundNatRule nat;
        nat.name = "nat";
        nat.frontendIpConfiguration = "frontend";
        nat.protocol = TransportProtocol::All;
        nat.backendAddressPool = "pool";
        nat.frontendPortRangeStart = 221;
        nat.frontendPortRangeEnd = 225;
        nat.backendPort = 22;
        configuration.inboundNatRules.push_back(nat);
        AddressTable addresses;
        BackendPools pools(configuration, addresses);
        const RuleTable table(configuration, addresses, pools);
        const auto frontend = addresses.Find(FrontendAddress(), AddressTable::FRONTEND);
        const auto other = addresses.Find(Ip(10, 9, 0, 1), AddressTable::FRONTEND);
        const auto none = RuleTable::NONE;
        NS_TEST_EXPECT_MSG_EQ(table.Find(frontend, true, 80).rule, 0, "TCP");
        NS_TEST_EXPECT_MSG_EQ(table.Find(frontend, false, 80).rule, 1, "UDP, same port");
        NS_TEST_EXPECT_MSG_EQ(table.Find(frontend, true, 81).rule, none, "no rule");
        NS_TEST_EXPECT_MSG_EQ(table.Find(frontend, true, 0).rule, none, "port 0");
        NS_TEST_EXPECT_MSG_EQ(table.Find(frontend, true, 220).rule, none, "below the range");
        for (uint16_t index = 0; index < 3; ++index)
        {
            for (const bool tcp : {true, false})
            {
                const auto match = table.Find(frontend, tcp, 221 + index);
                NS_TEST_EXPECT_MSG_EQ(match.rule, 3, "NAT rules are counted last");
                NS_TEST_EXPECT_MSG_EQ((addresses.GetAddress(match.instance) == Vm(index)),
                                      true,
                                      "in the order of the pool");
            }
        }
        NS_TEST_EXPECT_MSG_EQ(table.Find(frontend, true, 224).rule, none, "no instance has it");
        for (const uint16_t port : {1, 80, 65535})
        {
            NS_TEST_EXPECT_MSG_EQ(table.Find(other, true, port).rule, 2, "HA ports, TCP");
            NS_TEST_EXPECT_MSG_EQ(table.Find(other, false, port).rule, 2, "HA ports, UDP");
        }
    }
};

/** Pools, rules and addresses of Load Balancer. */
class BackendPoolsTestSuite : public TestSuite
{
  public:
    BackendPoolsTestSuite()
        : TestSuite("azure-backend-pools", Type::UNIT)
    {
        AddTestCase(new AddressTableTestCase, Duration::QUICK);
        AddTestCase(new PoolsModelTestCase, Duration::QUICK);
        AddTestCase(new EpochTestCase, Duration::QUICK);
        AddTestCase(new NatPortsTestCase, Duration::QUICK);
        AddTestCase(new RuleTableTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
BackendPoolsTestSuite g_backendPoolsTestSuite;

} // namespace
