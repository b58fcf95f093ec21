/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param index number of an instance
 * @return it, as a member of a pool
 */
LoadBalancerBackendAddress
Member(uint32_t index)
{
    LoadBalancerBackendAddress member;
    member.address = Vm(index);
    return member;
}

/// @return two pools, "pool" of instances 0 and 1 and "other" of 2, and three inbound NAT rules
LoadBalancerConfiguration
MakeNat()
{
    auto configuration = MakeConfiguration(2);
    configuration.backendAddressPools.push_back({"other", BackendPoolKind::Nic, {Member(2)}});
    InboundNatRule rule;
    rule.name = "ssh";
    rule.frontendIpConfiguration = "frontend";
    rule.backendAddressPool = "pool";
    rule.frontendPortRangeStart = 221;
    rule.frontendPortRangeEnd = 223;
    rule.backendPort = 22;
    configuration.inboundNatRules.push_back(rule);
    rule.name = "rdp";
    rule.protocol = TransportProtocol::All;
    rule.frontendPortRangeStart = 1000;
    rule.frontendPortRangeEnd = 1009;
    rule.backendPort = 3389;
    configuration.inboundNatRules.push_back(rule);
    InboundNatRule single;
    single.name = "console";
    single.frontendIpConfiguration = "frontend";
    single.frontendPort = 50;
    single.backendAddress = Vm(2);
    single.backendPort = 23;
    configuration.inboundNatRules.push_back(single);
    return configuration;
}

/**
 * @param engine a load balancer
 * @param mappings some NAT ports of it
 * @return them in words, such as "ssh:221=10.0.0.4"
 */
std::string
InWords(const LoadBalancerEngine& engine, const std::vector<NatMapping>& mappings)
{
    std::string words;
    for (const auto& mapping : mappings)
    {
        words += (words.empty() ? "" : " ") + engine.GetRuleName(mapping.rule) + ":" +
                 std::to_string(mapping.frontendPort) + "=" + ToText(mapping.backend);
    }
    return words;
}

/** The ports of NAT rules for a pool, as the tutorial hands them out. */
class NatPortsTestCase : public EngineTestCase
{
  public:
    NatPortsTestCase()
        : EngineTestCase("LB-46 LB-47 members get and lose their NAT ports, in every rule at once")
    {
    }

  private:
    /// @param expected the NAT ports there must be
    void ExpectMappings(const std::string& expected)
    {
        NS_TEST_EXPECT_MSG_EQ(InWords(*m_engine, m_engine->GetNatMappings()), expected, "all");
    }

    void DoRun() override
    {
        Make(MakeNat());
        ExpectMappings("ssh:221=10.0.0.4 ssh:222=10.0.0.5 rdp:1000=10.0.0.4 rdp:1001=10.0.0.5 "
                       "console:50=10.0.0.6");
        PoolChange change = m_engine->AddMember(0, Member(3));
        NS_TEST_EXPECT_MSG_EQ(InWords(*m_engine, change.mappingsAdded),
                              "ssh:223=10.0.0.7 rdp:1002=10.0.0.7",
                              "a port of each rule");
        // The first range is full; the second alone would have room.
        change = m_engine->AddMember(0, Member(4));
        NS_TEST_EXPECT_MSG_EQ(change.error,
                              "inbound NAT rule ssh has no frontend port left; enlarge its range "
                              "first",
                              "scale-up is blocked");
        NS_TEST_EXPECT_MSG_EQ(change.IsEmpty(), true, "and nothing has changed");
        NS_TEST_EXPECT_MSG_EQ(
            m_engine->GetConfiguration().backendAddressPools[0].backendAddresses.size(),
            3,
            "no member without its ports");
        NS_TEST_EXPECT_MSG_EQ(m_engine->AddMember(1, Member(4)).error, "", "other pools may grow");
        change = m_engine->RemoveMember(0, Vm(0));
        NS_TEST_EXPECT_MSG_EQ(InWords(*m_engine, change.mappingsRemoved),
                              "ssh:221=10.0.0.4 rdp:1000=10.0.0.4",
                              "scale-down");
        ExpectMappings("ssh:222=10.0.0.5 ssh:223=10.0.0.7 rdp:1001=10.0.0.5 rdp:1002=10.0.0.7 "
                       "console:50=10.0.0.6");
        ExpectDrop(m_engine->Forward(Tcp(1, PacketView::SYN, 221), Seconds(1)),
                   DropReason::NoRule,
                   "a port without an instance");
        ExpectDrop(m_engine->Forward(Udp(1, 1000), Seconds(1)), DropReason::NoRule, "UDP as well");
        change = m_engine->AddMember(0, Member(4));
        NS_TEST_EXPECT_MSG_EQ(InWords(*m_engine, change.mappingsAdded),
                              "ssh:221=10.0.0.8 rdp:1000=10.0.0.8",
                              "the lowest free ones");
        for (const auto& packet : {Tcp(2, PacketView::SYN, 1000), Udp(2, 1000)})
        {
            const Verdict verdict = m_engine->Forward(packet, Seconds(1));
            ExpectPass(verdict, "a rule for both protocols");
            NS_TEST_EXPECT_MSG_EQ(ToText(verdict.backend), "10.0.0.8", "the new instance");
            NS_TEST_EXPECT_MSG_EQ(m_engine->GetRuleName(verdict.rule), "rdp", "rule");
        }
        ExpectDrop(m_engine->Forward(Udp(1, 222), Seconds(1)), DropReason::NoRule, "TCP only");
    }
};

/** Connections to a NAT port outlive the membership. */
class NatFlowTestCase : public EngineTestCase
{
  public:
    NatFlowTestCase()
        : EngineTestCase("LB-17 LB-47 a connection to a NAT port survives the port's next owner")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeNat());
        const Verdict old = Connect(1, Seconds(1), 221);
        NS_TEST_EXPECT_MSG_EQ(ToText(old.backend), "10.0.0.4", "the first owner");
        m_engine->RemoveMember(0, Vm(0));
        m_engine->AddMember(0, Member(3));
        const PacketView data = Tcp(1, PacketView::ACK, 221);
        const Verdict verdict = m_engine->Forward(data, Seconds(2));
        ExpectPass(verdict, "the old connection");
        NS_TEST_EXPECT_MSG_EQ(ToText(verdict.backend), "10.0.0.4", "stays");
        ExpectPass(m_engine->Return(Reply(data, verdict), Seconds(2)), "its answers too");
        NS_TEST_EXPECT_MSG_EQ(ToText(Connect(2, Seconds(2), 221).backend), "10.0.0.7", "a new one");
    }
};

/** What is not bound to an instance follows the port. */
class NatOwnerTestCase : public EngineTestCase
{
  public:
    NatOwnerTestCase()
        : EngineTestCase("LB-30 LB-47 datagrams and repeated SYNs go to the port's next owner")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeNat());
        const PacketView datagram = Udp(1, 1000);
        const PacketView syn = Tcp(1, PacketView::SYN, 1000);
        for (const auto& packet : {datagram, syn})
        {
            NS_TEST_EXPECT_MSG_EQ(ToText(m_engine->Forward(packet, Seconds(1)).backend),
                                  "10.0.0.4",
                                  "the first owner");
        }
        Connect(2, Seconds(1), 1000);
        m_engine->RemoveMember(0, Vm(0));
        for (const auto& packet : {datagram, syn, Tcp(2, PacketView::SYN, 1000)})
        {
            ExpectDrop(m_engine->Forward(packet, Seconds(2)), DropReason::NoRule, "no owner");
        }
        m_engine->AddMember(0, Member(3));
        for (const auto& packet : {datagram, syn})
        {
            NS_TEST_EXPECT_MSG_EQ(ToText(m_engine->Forward(packet, Seconds(3)).backend),
                                  "10.0.0.7",
                                  "the next one");
        }
    }
};

/** An instance that comes back shut down. */
class StoppedReturnTestCase : public EngineTestCase
{
  public:
    StoppedReturnTestCase()
        : EngineTestCase("LB-17 LB-30 a member added again while shut down ends its old flows")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeConfiguration(2));
        m_engine->SetProbeStatus(0, Vm(0), true);
        m_engine->SetProbeStatus(0, Vm(1), true);
        uint16_t port = 0;
        while (!(Connect(++port, Seconds(1)).backend == Vm(0)))
        {
        }
        m_engine->RemoveMember(0, Vm(0));
        ExpectPass(m_engine->Forward(Tcp(port), Seconds(2)), "a flow survives the removal");
        auto member = Member(0);
        member.running = false;
        m_engine->AddMember(0, member);
        ExpectDrop(m_engine->Forward(Tcp(port), Seconds(3)),
                   DropReason::InstanceStopped,
                   "but not the shut-down");
    }
};

/** Resets that are fetched late. */
class LateResetsTestCase : public EngineTestCase
{
  public:
    LateResetsTestCase()
        : EngineTestCase("LB-40 resets come in the order of the timeouts, fetched late as well")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(1);
        configuration.loadBalancingRules[0].enableTcpReset = true;
        Make(configuration);
        // Idle since 100 s and 60 s.
        Connect(1, Seconds(0));
        Connect(2, Seconds(60));
        m_engine->Forward(Tcp(1), Seconds(100));
        const auto segments = m_engine->TakeDueResets(Seconds(400));
        NS_TEST_ASSERT_MSG_EQ(segments.size(), 4, "both flows");
        NS_TEST_EXPECT_MSG_EQ(segments[0].destinationPort, 2, "due at 300 s");
        NS_TEST_EXPECT_MSG_EQ(segments[2].destinationPort, 1, "due at 340 s");
    }
};

/** Every refusal of the control plane. */
class RefusalsTestCase : public EngineTestCase
{
  public:
    RefusalsTestCase()
        : EngineTestCase("LB-28 LB-35 a change that cannot be made says why and changes nothing")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeNat());
        LoadBalancerBackendAddress nobody;
        LoadBalancerBackendAddress frontend;
        frontend.address = FrontendAddress();
        m_engine->AddMember(1, Member(3));
        m_engine->RemoveMember(1, Vm(3));
        const uint32_t eligible = m_engine->GetEligible(0).size();
        // What is tried, and why it is refused.
        const std::vector<std::pair<PoolChange, std::string>> table{
            {m_engine->AddMember(0, nobody), "a member needs an address"},
            {m_engine->AddMember(0, frontend), "a frontend address cannot be a member"},
            {m_engine->AddMember(0, Member(1)), "pool pool has this member already"},
            {m_engine->RemoveMember(0, Vm(2)), "pool pool has no such member"},
            {m_engine->RemoveMember(1, Vm(3)), "pool other has no such member"},
            {m_engine->SetAdminState(0, Vm(2), AdminState::Down), "pool pool has no such member"},
            {m_engine->SetAdminState(1, Vm(9), AdminState::Up), "pool other has no such member"},
            {m_engine->SetProbeStatus(0, Vm(9), true), "the instance is a member of no pool"},
            {m_engine->SetProbeStatus(0, Vm(3), true), "the instance is a member of no pool"},
            {m_engine->SetRunning(Vm(9), false), "the instance is a member of no pool"},
        };
        for (const auto& [change, why] : table)
        {
            NS_TEST_EXPECT_MSG_EQ(change.error, why, "why");
            NS_TEST_EXPECT_MSG_EQ(change.IsEmpty(), true, "nothing has changed: " << why);
        }
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetEligible(0).size(), eligible, "who is eligible");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetNatMappings().size(), 5, "NAT ports");
        // The target of a NAT rule is no member, but it can be stopped (LB-46).
        auto configuration = MakeNat();
        configuration.inboundNatRules[2].backendAddress = Vm(8);
        Make(configuration);
        NS_TEST_EXPECT_MSG_EQ(m_engine->SetRunning(Vm(8), false).error, "", "a NAT target");
        ExpectDrop(m_engine->Forward(Tcp(1, PacketView::SYN, 50), Seconds(1)),
                   DropReason::InstanceStopped,
                   "it is off");
    }
};

/** An address once seen keeps its number for ever. */
class FullTestCase : public EngineTestCase
{
  public:
    FullTestCase()
        : EngineTestCase("LB-28 a load balancer sees 65,535 addresses in its life, then refuses")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeConfiguration(1));
        // One frontend and one member are there; each round replaces the second member.
        LoadBalancerBackendAddress member;
        for (uint32_t index = 2; index < 65535; ++index)
        {
            member.address = Ip(10, 1 + (index >> 16), index >> 8 & 255, index & 255);
            NS_TEST_ASSERT_MSG_EQ(m_engine->AddMember(0, member).error, "", "number " << index);
            m_engine->RemoveMember(0, member.address);
        }
        NS_TEST_EXPECT_MSG_EQ(m_engine->AddMember(0, member).error, "", "a known one comes back");
        m_engine->RemoveMember(0, member.address);
        member.address = Ip(10, 200, 0, 1);
        NS_TEST_EXPECT_MSG_EQ(m_engine->AddMember(0, member).error,
                              "the load balancer has seen 65535 addresses, which is all it can "
                              "hold",
                              "one more");
        ExpectPass(m_engine->Forward(Tcp(1, PacketView::SYN), Seconds(1)), "it goes on working");
    }
};

/** The disruption that a change reports, against flows that really lead elsewhere. */
class DisruptionTestCase : public EngineTestCase
{
  public:
    DisruptionTestCase()
        : EngineTestCase("LB-16 the disruption told is the share of new flows that lead elsewhere, "
                         "in every mode")
    {
    }

  private:
    /// @return where a flow of each of many clients would go
    std::vector<IpAddress> Where()
    {
        std::vector<IpAddress> instances;
        for (uint32_t client = 0; client < CLIENTS; ++client)
        {
            PacketView packet = Tcp(1000 + client % 7, PacketView::SYN);
            packet.source = Ip(198, 18, client / 256, client % 256);
            instances.push_back(m_engine->Explain(packet, Seconds(1)).backend);
        }
        return instances;
    }

    /**
     * @param what the change
     * @param change what the engine says of it
     * @param closed the disruption in closed form
     */
    void Compare(const std::string& what, const PoolChange& change, double closed)
    {
        const auto before = m_before;
        m_before = Where();
        NS_TEST_ASSERT_MSG_EQ(change.rules.size(), 1, what);
        uint32_t moved = 0;
        std::map<IpAddress, uint32_t> hits;
        for (uint32_t client = 0; client < CLIENTS; ++client)
        {
            moved += !(before[client] == m_before[client]);
            ++hits[m_before[client]];
        }
        NS_TEST_EXPECT_MSG_EQ_TOL(change.rules[0].disruption, closed, 1e-9, what);
        // Five standard deviations of a binomial share.
        const double share = static_cast<double>(moved) / CLIENTS;
        const double deviation = std::sqrt(closed * (1 - closed) / CLIENTS);
        NS_TEST_EXPECT_MSG_EQ_TOL(share, closed, 5 * deviation + 1e-9, what << ": counted");
        // Evenness: chi-squared, mean k and variance 2k for k degrees of freedom.
        const double expected = static_cast<double>(CLIENTS) / change.rules[0].eligible;
        const double freedom = change.rules[0].eligible - 1.0;
        double statistic = 0;
        for (const auto& [instance, count] : hits)
        {
            statistic += (count - expected) * (count - expected) / expected;
        }
        NS_TEST_EXPECT_MSG_EQ(hits.size(), change.rules[0].eligible, what << ": all are reached");
        NS_TEST_EXPECT_MSG_LT(statistic, freedom + 5 * std::sqrt(2 * freedom), what << ": evenly");
    }

    void DoRun() override
    {
        for (const auto mode : {LoadDistribution::Default,
                                LoadDistribution::SourceIp,
                                LoadDistribution::SourceIpProtocol})
        {
            auto configuration = MakeConfiguration(4);
            configuration.loadBalancingRules[0].loadDistribution = mode;
            Make(configuration);
            m_before = Where();
            // Of four equal parts of a line the second goes: the others stretch to a third each.
            // Kept: 1/4 of part 1, and what parts 3 and 4 share with their new places.
            const double third = 2.0 / 3 - 1.0 / 2;
            const double fourth = 1.0 - 3.0 / 4;
            Compare("the second of four down",
                    m_engine->SetProbeStatus(0, Vm(1), false),
                    1 - (1.0 / 4 + third + fourth));
            // From 3 parts back to 4, in the place that it had.
            Compare("up again",
                    m_engine->SetProbeStatus(0, Vm(1), true),
                    1 - (1.0 / 4 + third + fourth));
            Compare("the last of four out of rotation: one half",
                    m_engine->SetAdminState(0, Vm(3), AdminState::Down),
                    0.5);
            Compare("the last of three removed: one half", m_engine->RemoveMember(0, Vm(2)), 0.5);
        }
    }

    static constexpr uint32_t CLIENTS = 20000; //!< that are asked for
    std::vector<IpAddress> m_before;           //!< where they would have gone
};

/** A table that holds so many flows and no more. */
class MaxFlowsTestCase : public EngineTestCase
{
  public:
    MaxFlowsTestCase()
        : EngineTestCase("LB-8 a configured number of flows is kept to; ended flows make room")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(3);
        configuration.loadBalancingRules.push_back(configuration.loadBalancingRules[0]);
        configuration.loadBalancingRules[1].name = "udp";
        configuration.loadBalancingRules[1].protocol = TransportProtocol::Udp;
        LoadBalancerEngineSettings settings;
        settings.maxFlows = 100;
        settings.udpFlowLifetime = Seconds(10);
        Make(configuration, true, settings);
        for (uint16_t port = 1; port <= 100; ++port)
        {
            ExpectPass(m_engine->Forward(Udp(port, 80), MilliSeconds(port)), "room");
        }
        const Verdict refused = m_engine->Forward(Udp(101, 80), Seconds(1));
        ExpectDrop(refused, DropReason::FlowTableFull, "no room");
        NS_TEST_EXPECT_MSG_EQ(refused.newFlow, false, "no flow");
        NS_TEST_EXPECT_MSG_EQ(refused.flow, Verdict::NO_FLOW, "no flow");
        ExpectPass(m_engine->Forward(Udp(7, 80), Seconds(1)), "a known flow is not concerned");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetActiveFlows(), 100, "full");
        // Flow 7 lives until 11 s, the others end by 10.1 s.
        uint32_t passed = 0;
        for (uint16_t port = 200; port < 400; ++port)
        {
            passed += m_engine->Forward(Udp(port, 80), Seconds(10.5)).newFlow;
            NS_TEST_ASSERT_MSG_LT_OR_EQ(m_engine->GetActiveFlows(), 100, "never more");
        }
        NS_TEST_EXPECT_MSG_EQ(passed, 99, "the ninety-nine places of those that timed out");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetActiveFlows(), 100, "full again");
        NS_TEST_EXPECT_MSG_EQ(
            m_engine->GetStatistics().drops[static_cast<size_t>(DropReason::FlowTableFull)],
            1 + 101,
            "each refusal is counted");
    }
};

/** Remembering the dead must not cost more than serving the living. */
class TombstonesTestCase : public EngineTestCase
{
  public:
    TombstonesTestCase()
        : EngineTestCase("LB-40 a table of dead connections makes way for living ones")
    {
    }

  private:
    void DoRun() override
    {
        const uint32_t flows = 6000;
        LoadBalancerEngineSettings settings;
        settings.maxFlows = flows;
        Make(MakeConfiguration(2), true, settings);
        for (uint32_t port = 0; port < flows; ++port)
        {
            Connect(port, Seconds(1));
        }
        // All have timed out, and all are remembered still.
        uint32_t begun = 0;
        for (uint32_t port = 0; port < flows; ++port)
        {
            begun += m_engine->Forward(Tcp(10000 + port, PacketView::SYN), Seconds(300)).newFlow;
        }
        NS_TEST_EXPECT_MSG_GT_OR_EQ(begun, flows / 2, "at most every second place is a tombstone");
        // A thousand may always be remembered.
        uint32_t remembered = 0;
        for (uint32_t port = 0; port < flows; ++port)
        {
            const auto reason = m_engine->Forward(Tcp(port), Seconds(300)).reason;
            remembered += reason == DropReason::IdleTimeout;
            NS_TEST_EXPECT_MSG_EQ(
                (reason == DropReason::IdleTimeout || reason == DropReason::NoFlow),
                true,
                "known or not, it is dropped");
        }
        NS_TEST_EXPECT_MSG_GT_OR_EQ(remembered, 1000, "so many are told from unknown ones");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(remembered + begun, flows, "within the table");
        NS_TEST_EXPECT_MSG_EQ(
            m_engine->GetStatistics().flowsEnded[static_cast<size_t>(FlowEndReason::IdleTimeout)],
            flows,
            "each has ended once");
    }
};

/** The segments of an idle reset, field by field. */
class ResetFieldsTestCase : public EngineTestCase
{
  public:
    ResetFieldsTestCase()
        : EngineTestCase("LB-40 a reset at the timeout carries what each end expects next")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool floating : {false, true})
        {
            auto configuration = MakeConfiguration(1);
            configuration.loadBalancingRules[0].enableTcpReset = true;
            configuration.loadBalancingRules[0].enableFloatingIp = floating;
            Make(configuration);
            NS_TEST_EXPECT_MSG_EQ(m_engine->GetNextResetDeadline(), Time::Max(), "nothing owed");
            Connect(40000, Seconds(1));
            // 700 bytes from the client, 2,000 from the instance, all acknowledged.
            PacketView up = Tcp(40000);
            up.payloadLength = 700;
            const Verdict verdict = m_engine->Forward(up, Seconds(2));
            PacketView down = Reply(up, verdict);
            down.payloadLength = 2000;
            down.acknowledgment = 1701;
            m_engine->Return(down, Seconds(3));
            PacketView ack = Tcp(40000);
            ack.sequence = 1701;
            ack.acknowledgment = 7001;
            m_engine->Forward(ack, Seconds(4));
            NS_TEST_EXPECT_MSG_LT_OR_EQ(m_engine->GetNextResetDeadline(), Seconds(244), "not late");
            const Time before = Seconds(244) - NanoSeconds(1);
            NS_TEST_EXPECT_MSG_EQ(m_engine->TakeDueResets(before).size(), 0, "not early");
            NS_TEST_EXPECT_MSG_EQ(m_engine->GetNextResetDeadline(), Seconds(244), "exact by now");
            const auto segments = m_engine->TakeDueResets(Seconds(244));
            NS_TEST_ASSERT_MSG_EQ(segments.size(), 2, "one for each end");
            NS_TEST_EXPECT_MSG_EQ(segments[0].towardClient, true, "the client first");
            NS_TEST_EXPECT_MSG_EQ(ToText(segments[0].source), "20.0.0.4", "from the frontend");
            NS_TEST_EXPECT_MSG_EQ(segments[0].sourcePort, 80, "and its port");
            NS_TEST_EXPECT_MSG_EQ(ToText(segments[0].nextHop), "203.0.113.7", "to the client");
            NS_TEST_EXPECT_MSG_EQ(segments[0].sequence, 7001, "what the client acknowledged");
            NS_TEST_EXPECT_MSG_EQ(ToText(segments[1].source), "203.0.113.7", "as the client's");
            NS_TEST_EXPECT_MSG_EQ(ToText(segments[1].destination),
                                  (floating ? "20.0.0.4" : "10.0.0.4"),
                                  "to where the instance listens");
            NS_TEST_EXPECT_MSG_EQ(segments[1].destinationPort, 8080, "the backend port");
            NS_TEST_EXPECT_MSG_EQ(ToText(segments[1].nextHop), "10.0.0.4", "by its own address");
            NS_TEST_EXPECT_MSG_EQ(segments[1].sequence, 1701, "what the instance acknowledged");
            NS_TEST_EXPECT_MSG_EQ(m_engine->GetNextResetDeadline(), Time::Max(), "settled");
            NS_TEST_EXPECT_MSG_EQ(m_engine->GetStatistics().resetsSent, 2, "counted");
        }
        // A stop or a cut settles the debt without a reset (HP-14).
        auto configuration = MakeConfiguration(1);
        configuration.loadBalancingRules[0].enableTcpReset = true;
        Make(configuration);
        Connect(1, Seconds(1));
        Connect(2, Seconds(1));
        m_engine->SetProbeStatus(0, Vm(0), false);
        ExpectDrop(m_engine->Forward(Tcp(1), Seconds(2)), DropReason::InstanceDown, "noticed");
        NS_TEST_EXPECT_MSG_EQ(m_engine->TakeDueResets(Seconds(300)).size(), 0, "neither of them");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetNextResetDeadline(), Time::Max(), "settled");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetActiveFlows(), 0, "both have ended");
    }
};

/** The segment that answers a late packet (RFC 9293, section 3.5.2, group 1 and 2). */
class AnswerTestCase : public EngineTestCase
{
  public:
    AnswerTestCase()
        : EngineTestCase("LB-40 a reset in answer is numbered as RFC 9293 says")
    {
    }

  private:
    void DoRun() override
    {
        // SEQ=SEG.ACK without ACK flag, or else SEQ=0, ACK=SEG.SEQ+SEG.LEN with it.
        struct Row
        {
            uint8_t flags;   // of the segment
            uint32_t length; // of its data
            bool withAck;    // of the answer
            uint32_t number; // acknowledgment number with ACK, else sequence number
        };

        const uint32_t late = 0xfffffff0;
        const std::vector<Row> table{
            {PacketView::ACK, 100, false, 5001},
            {PacketView::ACK | PacketView::FIN, 0, false, 5001},
            {PacketView::ACK | PacketView::SYN, 0, false, 5001},
            {0, 0, true, late},
            {0, 100, true, late + 100},
            {PacketView::FIN, 0, true, late + 1},
            {PacketView::SYN, 0, true, late + 1},
            {PacketView::SYN | PacketView::FIN, 20, true, late + 22},
        };
        for (const auto& row : table)
        {
            for (const bool fromBackend : {false, true})
            {
                PacketView packet = Tcp(40000, row.flags);
                packet.sequence = late;
                packet.acknowledgment = 5001;
                packet.payloadLength = row.length;
                Verdict verdict;
                verdict.fromBackend = fromBackend;
                verdict.backend = Vm(3);
                const auto answer = ResetSegment::Answer(packet, verdict);
                NS_TEST_EXPECT_MSG_EQ(answer.withAck, row.withAck, "ACK flag");
                NS_TEST_EXPECT_MSG_EQ((row.withAck ? answer.acknowledgment : answer.sequence),
                                      row.number,
                                      "number for flags " << +row.flags);
                NS_TEST_EXPECT_MSG_EQ((row.withAck ? answer.sequence : 0), 0, "sequence 0");
                NS_TEST_EXPECT_MSG_EQ((answer.source == packet.destination), true, "turned round");
                NS_TEST_EXPECT_MSG_EQ((answer.destination == packet.source), true, "turned round");
                NS_TEST_EXPECT_MSG_EQ(answer.sourcePort, 80, "turned round");
                NS_TEST_EXPECT_MSG_EQ(answer.destinationPort, 40000, "turned round");
                NS_TEST_EXPECT_MSG_EQ(answer.towardClient, !fromBackend, "direction");
                NS_TEST_EXPECT_MSG_EQ((answer.nextHop == (fromBackend ? Vm(3) : packet.source)),
                                      true,
                                      "an instance is reached by its own address");
            }
        }
    }
};

/** Names in traces and reports. */
class NamesTestCase : public TestCase
{
  public:
    NamesTestCase()
        : TestCase("Names of reasons and actions differ, in lower case with hyphens")
    {
    }

  private:
    /**
     * @param count number of values
     */
    template <typename T>
    void ExpectNames(size_t count)
    {
        std::set<std::string> names;
        for (size_t value = 0; value < count; ++value)
        {
            const std::string name = ToString(static_cast<T>(value));
            NS_TEST_EXPECT_MSG_EQ(names.insert(name).second, true, name << " is taken");
            NS_TEST_EXPECT_MSG_NE(name, "unknown", "every value has a name");
            const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
                return c == '-' || (c >= 'a' && c <= 'z');
            });
            NS_TEST_EXPECT_MSG_EQ((plain && name.front() != '-' && name.back() != '-'),
                                  true,
                                  name << " has lower case and hyphens only");
        }
        NS_TEST_EXPECT_MSG_EQ(ToString(static_cast<T>(count)), "unknown", "no other value has one");
    }

    void DoRun() override
    {
        ExpectNames<DropReason>(static_cast<size_t>(DropReason::Count));
        ExpectNames<FlowEndReason>(static_cast<size_t>(FlowEndReason::Count));
        ExpectNames<VerdictAction>(static_cast<size_t>(VerdictAction::Reset) + 1);
        ExpectNames<PingAnswer>(static_cast<size_t>(PingAnswer::None) + 1);
        // What ends a flow and what it does to its packets go by one name.
        NS_TEST_EXPECT_MSG_EQ(ToString(DropReason::IdleTimeout),
                              ToString(FlowEndReason::IdleTimeout),
                              "idle");
        NS_TEST_EXPECT_MSG_EQ(ToString(DropReason::InstanceStopped),
                              ToString(FlowEndReason::InstanceStopped),
                              "stopped");
    }
};

/** Changes and their reports. */
class LoadBalancerControlTestSuite : public TestSuite
{
  public:
    LoadBalancerControlTestSuite()
        : TestSuite("azure-load-balancer-control", Type::UNIT)
    {
        AddTestCase(new NatPortsTestCase, Duration::QUICK);
        AddTestCase(new NatFlowTestCase, Duration::QUICK);
        AddTestCase(new NatOwnerTestCase, Duration::QUICK);
        AddTestCase(new StoppedReturnTestCase, Duration::QUICK);
        AddTestCase(new LateResetsTestCase, Duration::QUICK);
        AddTestCase(new RefusalsTestCase, Duration::QUICK);
        AddTestCase(new FullTestCase, Duration::QUICK);
        AddTestCase(new DisruptionTestCase, Duration::QUICK);
        AddTestCase(new MaxFlowsTestCase, Duration::QUICK);
        AddTestCase(new TombstonesTestCase, Duration::QUICK);
        AddTestCase(new ResetFieldsTestCase, Duration::QUICK);
        AddTestCase(new AnswerTestCase, Duration::QUICK);
        AddTestCase(new NamesTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
LoadBalancerControlTestSuite g_loadBalancerControlTestSuite;

} // namespace
