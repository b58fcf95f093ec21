/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Packet in, packet out, both ways (fixtures as a table). */
class RewriteTestCase : public EngineTestCase
{
  public:
    RewriteTestCase()
        : EngineTestCase("LB-3 LB-4 LB-5 LB-7 only addresses and ports change, both ways")
    {
    }

  private:
    void DoRun() override
    {
        // Clients, ports and rules in; what the instance and the client must see out.
        struct Row
        {
            uint8_t protocol;      // of the packet
            uint16_t clientPort;   // of the packet
            uint16_t frontendPort; // of the packet
            bool floating;         // of the rule
            uint16_t backendPort;  // of the rule, and of the packet out
        };

        const std::vector<Row> table{
            {PacketView::TCP, 40000, 80, false, 8080},
            {PacketView::TCP, 40000, 80, false, 80},
            {PacketView::TCP, 65535, 443, false, 1},
            {PacketView::UDP, 1, 53, false, 5353},
            {PacketView::TCP, 40000, 80, true, 80},
            {PacketView::UDP, 500, 500, true, 4500},
        };
        for (const auto& row : table)
        {
            auto configuration = MakeConfiguration(1);
            auto& rule = configuration.loadBalancingRules[0];
            rule.protocol =
                row.protocol == PacketView::TCP ? TransportProtocol::Tcp : TransportProtocol::Udp;
            rule.frontendPort = row.frontendPort;
            rule.backendPort = row.backendPort;
            rule.enableFloatingIp = row.floating;
            Make(configuration);
            PacketView in = Tcp(row.clientPort, PacketView::SYN, row.frontendPort);
            in.protocol = row.protocol;
            const Verdict out = m_engine->Forward(in, Seconds(1));
            ExpectPass(out, "first packet");
            const IpAddress seen = row.floating ? FrontendAddress() : Vm(0);
            NS_TEST_EXPECT_MSG_EQ((out.source == ClientAddress()), true, "client address kept");
            NS_TEST_EXPECT_MSG_EQ(out.sourcePort, row.clientPort, "client port kept");
            NS_TEST_EXPECT_MSG_EQ((out.destination == seen), true, "destination");
            NS_TEST_EXPECT_MSG_EQ((out.backend == Vm(0)), true, "where to route");
            NS_TEST_EXPECT_MSG_EQ(out.destinationPort, row.backendPort, "backend port");
            NS_TEST_EXPECT_MSG_EQ(out.newFlow, true, "a new flow");
            const Verdict back = m_engine->Return(Reply(in, out), Seconds(2));
            ExpectPass(back, "answer");
            NS_TEST_EXPECT_MSG_EQ(back.fromBackend, true, "direction");
            NS_TEST_EXPECT_MSG_EQ((back.source == FrontendAddress()), true, "frontend restored");
            NS_TEST_EXPECT_MSG_EQ(back.sourcePort, row.frontendPort, "frontend port restored");
            NS_TEST_EXPECT_MSG_EQ((back.destination == ClientAddress()), true, "to the client");
            NS_TEST_EXPECT_MSG_EQ(back.destinationPort, row.clientPort, "to the client's port");
            NS_TEST_EXPECT_MSG_EQ(back.flow, out.flow, "one flow");
        }
    }
};

/** What is none of the load balancer's business is left alone; what is wrong is dropped. */
class StrangersTestCase : public EngineTestCase
{
  public:
    StrangersTestCase()
        : EngineTestCase("LB-39 traffic of others and of instances themselves is left alone")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeConfiguration(2));
        const Verdict first = Connect(40000, Seconds(1));
        PacketView packet = Tcp(40000);
        packet.destination = Vm(0);
        NS_TEST_EXPECT_MSG_EQ(ToString(m_engine->Forward(packet, Seconds(1)).action),
                              "not-ours",
                              "straight to an instance");
        // An instance's own connection to the internet, whatever the probes say.
        for (const bool up : {true, false})
        {
            m_engine->SetProbeStatus(0, Vm(0), up);
            m_engine->SetProbeStatus(0, Vm(1), up);
            PacketView own;
            own.source = Vm(0);
            own.sourcePort = 50000;
            own.destination = ClientAddress();
            own.destinationPort = 443;
            own.tcpFlags = PacketView::SYN;
            NS_TEST_EXPECT_MSG_EQ(ToString(m_engine->Return(own, Seconds(2)).action),
                                  "not-ours",
                                  "outbound");
        }
        PacketView other = Reply(Tcp(40000), first);
        other.source = Vm(9);
        NS_TEST_EXPECT_MSG_EQ(ToString(m_engine->Return(other, Seconds(2)).action),
                              "not-ours",
                              "no member");
        NS_TEST_EXPECT_MSG_EQ(m_engine->IsFrontend(FrontendAddress()), true, "frontend");
        NS_TEST_EXPECT_MSG_EQ(m_engine->IsFrontend(Vm(0)), false, "no frontend");
        NS_TEST_EXPECT_MSG_EQ(m_engine->IsBackend(Vm(0)), true, "instance");
        NS_TEST_EXPECT_MSG_EQ(m_engine->IsBackend(Vm(9)), false, "no instance");
        NS_TEST_EXPECT_MSG_EQ(m_engine->IsBackend(FrontendAddress()), false, "not floating");
    }
};

/** Every packet to a frontend without a rule is dropped and counted. */
class NoRuleTestCase : public EngineTestCase
{
  public:
    NoRuleTestCase()
        : EngineTestCase("LB-21 LB-22 a frontend port without a rule drops, by reason")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeConfiguration(2));
        ExpectDrop(m_engine->Forward(Tcp(1, PacketView::SYN, 81), Seconds(1)),
                   DropReason::NoRule,
                   "other port");
        ExpectDrop(m_engine->Forward(Udp(1, 80), Seconds(1)), DropReason::NoRule, "other protocol");
        PacketView packet = Tcp(1, PacketView::SYN);
        packet.protocol = 47;
        ExpectDrop(m_engine->Forward(packet, Seconds(1)), DropReason::UnsupportedProtocol, "GRE");
        const auto& statistics = m_engine->GetStatistics();
        NS_TEST_EXPECT_MSG_EQ(statistics.drops[static_cast<size_t>(DropReason::NoRule)],
                              2,
                              "counted");
        NS_TEST_EXPECT_MSG_EQ(
            statistics.drops[static_cast<size_t>(DropReason::UnsupportedProtocol)],
            1,
            "counted");
        NS_TEST_EXPECT_MSG_EQ(statistics.flowsCreated, 0, "no flow");
        // Two rules on one address, and a second address with the same port (LB-21).
        auto configuration = MakeConfiguration(2);
        configuration.loadBalancingRules.push_back(configuration.loadBalancingRules[0]);
        configuration.loadBalancingRules[1].name = "dns";
        configuration.loadBalancingRules[1].protocol = TransportProtocol::Udp;
        FrontendIpConfiguration frontend = configuration.frontendIpConfigurations[0];
        frontend.name = "second";
        frontend.address = Ip(20, 0, 0, 5);
        configuration.frontendIpConfigurations.push_back(frontend);
        configuration.loadBalancingRules.push_back(configuration.loadBalancingRules[0]);
        configuration.loadBalancingRules[2].name = "again";
        configuration.loadBalancingRules[2].frontendIpConfiguration = "second";
        configuration.loadBalancingRules[2].backendPort = 8081;
        Make(configuration);
        PacketView second = Tcp(1, PacketView::SYN);
        second.destination = frontend.address;
        NS_TEST_EXPECT_MSG_EQ(m_engine->Forward(Tcp(1, PacketView::SYN), Seconds(1)).rule,
                              0,
                              "TCP");
        NS_TEST_EXPECT_MSG_EQ(m_engine->Forward(Udp(1, 80), Seconds(1)).rule, 1, "UDP");
        const Verdict verdict = m_engine->Forward(second, Seconds(1));
        NS_TEST_EXPECT_MSG_EQ(verdict.rule, 2, "the other frontend");
        NS_TEST_EXPECT_MSG_EQ(verdict.destinationPort, 8081, "a port of its own");
    }
};

/** One session stays together; a new port may go elsewhere, unless there is affinity. */
class SessionTestCase : public EngineTestCase
{
  public:
    SessionTestCase()
        : EngineTestCase("LB-12 LB-14 LB-15 LB-18 sessions and affinity, mode by mode")
    {
    }

  private:
    /**
     * @param protocol TCP or UDP
     * @return the instances that 200 flows of one client reach
     */
    std::set<IpAddress> Reached(uint8_t protocol)
    {
        std::set<IpAddress> instances;
        for (uint16_t port = 1000; port < 1200; ++port)
        {
            PacketView packet = Tcp(port, PacketView::SYN);
            packet.protocol = protocol;
            instances.insert(m_engine->Explain(packet, Seconds(1)).backend);
        }
        return instances;
    }

    void DoRun() override
    {
        auto configuration = MakeConfiguration(8);
        configuration.loadBalancingRules.push_back(configuration.loadBalancingRules[0]);
        configuration.loadBalancingRules[1].name = "udp";
        configuration.loadBalancingRules[1].protocol = TransportProtocol::Udp;
        Make(configuration);
        NS_TEST_EXPECT_MSG_EQ(Reached(PacketView::TCP).size(), 8, "5-tuple: everywhere");
        const Verdict first = Connect(40000, Seconds(1));
        for (uint32_t second = 2; second < 100; ++second)
        {
            NS_TEST_EXPECT_MSG_EQ(
                (m_engine->Forward(Tcp(40000), Seconds(second)).backend == first.backend),
                true,
                "one session, one instance");
        }
        const auto setMode = [this](LoadDistribution mode) {
            m_engine->SetLoadDistribution(0, mode);
            m_engine->SetLoadDistribution(1, mode);
        };
        setMode(LoadDistribution::SourceIp);
        NS_TEST_EXPECT_MSG_EQ(Reached(PacketView::TCP).size(), 1, "2-tuple: one");
        NS_TEST_EXPECT_MSG_EQ((Reached(PacketView::TCP) == Reached(PacketView::UDP)),
                              true,
                              "2-tuple: TCP and UDP together");
        NS_TEST_EXPECT_MSG_EQ(
            (m_engine->Forward(Tcp(40000), Seconds(101)).backend == first.backend),
            true,
            "the flow of before stays");
        setMode(LoadDistribution::SourceIpProtocol);
        NS_TEST_EXPECT_MSG_EQ(Reached(PacketView::TCP).size(), 1, "3-tuple: one");
        uint32_t apart = 0;
        for (uint32_t client = 0; client < 64; ++client)
        {
            PacketView packet = Tcp(1, PacketView::SYN);
            packet.source = Ip(198, 51, 100, client);
            const IpAddress tcp = m_engine->Explain(packet, Seconds(1)).backend;
            packet.protocol = PacketView::UDP;
            apart += !(m_engine->Explain(packet, Seconds(1)).backend == tcp);
        }
        // Of 64 clients 7/8 = 56 on average are apart; fewer than 40 has probability < 1e-6.
        NS_TEST_EXPECT_MSG_GT(apart, 40, "3-tuple: TCP and UDP need not be together");
        NS_TEST_EXPECT_MSG_EQ(
            (m_engine->GetConfiguration().loadBalancingRules[0].loadDistribution ==
             LoadDistribution::SourceIpProtocol),
            true,
            "the configuration follows");
    }
};

/** Few sources make skew. */
class SkewTestCase : public EngineTestCase
{
  public:
    SkewTestCase()
        : EngineTestCase("LB-19 few sources or shared addresses skew the distribution")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(10);
        configuration.loadBalancingRules[0].loadDistribution = LoadDistribution::SourceIp;
        Make(configuration);
        NS_TEST_EXPECT_MSG_EQ(Spread(1000).size(), 1, "all behind one address: one instance");
        // Four source ports in turn cannot reach more than four instances of ten.
        m_engine->SetLoadDistribution(0, LoadDistribution::Default);
        NS_TEST_EXPECT_MSG_LT(Spread(4).size(), 5, "few ports");
        NS_TEST_EXPECT_MSG_EQ(Spread(1000).size(), 10, "many ports");
    }
};

/** Members come and go: new flows are distributed anew, old ones stay. */
class MembershipTestCase : public EngineTestCase
{
  public:
    MembershipTestCase()
        : EngineTestCase("LB-16 LB-17 LB-28 members come and go, TCP flows stay")
    {
    }

  private:
    void DoRun() override
    {
        Make(MakeConfiguration(4));
        std::map<uint16_t, IpAddress> homes;
        for (uint16_t port = 1000; port < 1400; ++port)
        {
            homes[port] = Connect(port, Seconds(1)).backend;
        }
        LoadBalancerBackendAddress member;
        member.address = Vm(4);
        PoolChange change = m_engine->AddMember(0, member);
        NS_TEST_EXPECT_MSG_EQ(change.error, "", "added");
        NS_TEST_EXPECT_MSG_EQ(change.IsEmpty(), true, "not up before its probe says so");
        change = m_engine->SetProbeStatus(0, Vm(4), true);
        NS_TEST_ASSERT_MSG_EQ(change.rules.size(), 1, "one rule");
        NS_TEST_EXPECT_MSG_EQ((change.rules[0].added == std::vector<IpAddress>{Vm(4)}),
                              true,
                              "which");
        // Closed form for n -> n + 1 at the end: one half.
        NS_TEST_EXPECT_MSG_EQ_TOL(change.rules[0].disruption, 0.5, 1e-12, "disruption");
        NS_TEST_EXPECT_MSG_EQ(Spread(1000).count(Vm(4)), 1, "gets new flows");
        change = m_engine->RemoveMember(0, Vm(0));
        NS_TEST_EXPECT_MSG_EQ(change.rules[0].eligible, 4, "four left");
        NS_TEST_EXPECT_MSG_EQ(Spread(1000).count(Vm(0)), 0, "gets no new flows");
        uint32_t onRemoved = 0;
        for (const auto& [port, home] : homes)
        {
            const Verdict verdict = m_engine->Forward(Tcp(port), Seconds(2));
            ExpectPass(verdict, "existing flow");
            NS_TEST_EXPECT_MSG_EQ((verdict.backend == home), true, "stays where it was");
            ExpectPass(m_engine->Return(Reply(Tcp(port), verdict), Seconds(2)), "and back");
            onRemoved += home == Vm(0);
        }
        NS_TEST_EXPECT_MSG_GT(onRemoved, 50, "also those of the removed one");
        NS_TEST_EXPECT_MSG_EQ(m_engine->AddMember(0, member).error.empty(), false, "twice");
        NS_TEST_EXPECT_MSG_EQ(m_engine->RemoveMember(0, Vm(0)).error.empty(), false, "gone");
        member.address = FrontendAddress();
        NS_TEST_EXPECT_MSG_EQ(m_engine->AddMember(0, member).error.empty(), false, "a frontend");
        NS_TEST_EXPECT_MSG_EQ(
            m_engine->GetConfiguration().backendAddressPools[0].backendAddresses.size(),
            4,
            "the configuration follows");
        // Back again, it needs its probe again.
        member.address = Vm(0);
        m_engine->AddMember(0, member);
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetEligible(0).size(), 4, "down until a probe succeeds");
    }
};

/** One instance in two pools that disagree on whether it runs. */
class DisagreeTestCase : public EngineTestCase
{
  public:
    DisagreeTestCase()
        : EngineTestCase("LB-28 an instance of two pools runs or is stopped in both")
    {
    }

  private:
    /**
     * @param pool index of a pool
     * @return whether its last member runs, as the configuration has it
     */
    bool Runs(uint32_t pool) const
    {
        return m_engine->GetConfiguration()
            .backendAddressPools[pool]
            .backendAddresses.back()
            .running;
    }

    void DoRun() override
    {
        auto configuration = MakeConfiguration(1);
        configuration.backendAddressPools.push_back(configuration.backendAddressPools[0]);
        configuration.backendAddressPools[1].name = "other";
        configuration.backendAddressPools[1].backendAddresses[0].running = false;
        Make(configuration);
        NS_TEST_EXPECT_MSG_EQ(Runs(0), true, "the first pool's word");
        NS_TEST_EXPECT_MSG_EQ(Runs(1), true, "counts for the other");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetEligible(0).size(), 1, "it gets flows");
        m_engine->RemoveMember(1, Vm(0));
        m_engine->SetRunning(Vm(0), false);
        m_engine->AddMember(1, configuration.backendAddressPools[0].backendAddresses[0]);
        NS_TEST_EXPECT_MSG_EQ(Runs(0), false, "stopped");
        NS_TEST_EXPECT_MSG_EQ(Runs(1), false, "whatever is said when it joins another pool");
    }
};

/** HA ports: every port of both protocols, each with its own number. */
class HaPortsTestCase : public EngineTestCase
{
  public:
    HaPortsTestCase()
        : EngineTestCase("LB-23 LB-25 HA ports balance every TCP and UDP port, ports kept")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(4);
        configuration.frontendIpConfigurations[0].isPublic = false;
        auto& rule = configuration.loadBalancingRules[0];
        rule.protocol = TransportProtocol::All;
        rule.frontendPort = rule.backendPort = 0;
        rule.enableTcpReset = true;
        Make(configuration);
        std::set<IpAddress> instances;
        for (const uint32_t port : {1U, 22U, 80U, 443U, 8080U, 50000U, 65535U})
        {
            for (const bool tcp : {true, false})
            {
                const PacketView packet =
                    tcp ? Tcp(40000, PacketView::SYN, port) : Udp(40000, port);
                const Verdict verdict = m_engine->Forward(packet, Seconds(1));
                ExpectPass(verdict, "any port");
                NS_TEST_EXPECT_MSG_EQ(verdict.destinationPort, port, "port kept");
                instances.insert(verdict.backend);
                const Verdict back = m_engine->Return(Reply(packet, verdict), Seconds(1));
                ExpectPass(back, "answer");
                NS_TEST_EXPECT_MSG_EQ(back.sourcePort, port, "port kept");
                NS_TEST_EXPECT_MSG_EQ(back.flow, verdict.flow, "same appliance both ways");
            }
        }
        NS_TEST_EXPECT_MSG_GT(instances.size(), 1, "decided by flow");
    }
};

/** Floating IP lets backend ports repeat. */
class FloatingTestCase : public EngineTestCase
{
  public:
    FloatingTestCase()
        : EngineTestCase("LB-26 LB-27 floating IP keeps the destination; backend ports may repeat")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(1);
        FrontendIpConfiguration frontend = configuration.frontendIpConfigurations[0];
        frontend.name = "second";
        frontend.address = Ip(20, 0, 0, 5);
        configuration.frontendIpConfigurations.push_back(frontend);
        configuration.loadBalancingRules[0].enableFloatingIp = true;
        configuration.loadBalancingRules.push_back(configuration.loadBalancingRules[0]);
        configuration.loadBalancingRules[1].name = "again";
        configuration.loadBalancingRules[1].frontendIpConfiguration = "second";
        Make(configuration);
        // One client, one port, both frontends, one backend port.
        PacketView one = Tcp(40000, PacketView::SYN);
        PacketView two = one;
        two.destination = frontend.address;
        const Verdict first = m_engine->Forward(one, Seconds(1));
        const Verdict second = m_engine->Forward(two, Seconds(1));
        ExpectPass(first, "first frontend");
        ExpectPass(second, "second frontend");
        NS_TEST_EXPECT_MSG_EQ((first.destination == one.destination), true, "kept");
        NS_TEST_EXPECT_MSG_EQ((second.destination == two.destination), true, "kept");
        NS_TEST_EXPECT_MSG_EQ(second.destinationPort, 8080, "the port changes all the same");
        NS_TEST_EXPECT_MSG_EQ((second.backend == Vm(0)), true, "the instance, by its own address");
        NS_TEST_EXPECT_MSG_EQ(m_engine->IsBackend(frontend.address), true, "answers come from it");
        const Verdict back = m_engine->Return(Reply(two, second), Seconds(1));
        ExpectPass(back, "answer");
        NS_TEST_EXPECT_MSG_EQ((back.source == frontend.address), true, "frontend address");
        NS_TEST_EXPECT_MSG_EQ(back.sourcePort, 80, "frontend port");
        NS_TEST_EXPECT_MSG_EQ(back.flow, second.flow, "the right flow of the two");
    }
};

/** Two flows that an instance could not tell apart. */
class CollisionTestCase : public EngineTestCase
{
  public:
    CollisionTestCase()
        : EngineTestCase("LB-26 flows that an instance cannot tell apart: the second is dropped")
    {
    }

  private:
    void DoRun() override
    {
        // Two pools that share an instance only after a change, which nobody validates.
        auto configuration = MakeConfiguration(1);
        configuration.backendAddressPools.push_back({"other", BackendPoolKind::Nic, {}});
        LoadBalancerBackendAddress member;
        member.address = Vm(1);
        configuration.backendAddressPools[1].backendAddresses.push_back(member);
        configuration.loadBalancingRules.push_back(configuration.loadBalancingRules[0]);
        configuration.loadBalancingRules[1].name = "other";
        configuration.loadBalancingRules[1].backendAddressPool = "other";
        configuration.loadBalancingRules[1].frontendPort = 81;
        Make(configuration);
        member.address = Vm(0);
        m_engine->AddMember(1, member);
        m_engine->RemoveMember(1, Vm(1));
        const Verdict first = Connect(40000, Seconds(1));
        ExpectPass(first, "first");
        const PacketView second = Tcp(40000, PacketView::SYN, 81);
        ExpectDrop(m_engine->Explain(second, Seconds(2)), DropReason::FlowCollision, "told");
        ExpectDrop(m_engine->Forward(second, Seconds(2)), DropReason::FlowCollision, "second");
        ExpectPass(m_engine->Forward(Tcp(40000), Seconds(3)), "the first goes on");
        // Once the first is over the second may begin.
        m_engine->Forward(Tcp(40000, PacketView::FIN | PacketView::ACK), Seconds(4));
        m_engine->Return(Reply(Tcp(40000), first, PacketView::FIN | PacketView::ACK), Seconds(4));
        ExpectPass(m_engine->Forward(second, Seconds(5)), "now");
    }
};

/** Fragments are dropped, both ways. */
class FragmentTestCase : public EngineTestCase
{
  public:
    FragmentTestCase()
        : EngineTestCase("LB-29 fragments are not forwarded")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(1);
        configuration.loadBalancingRules[0].protocol = TransportProtocol::Udp;
        Make(configuration);
        PacketView packet = Udp(1, 80);
        const Verdict verdict = m_engine->Forward(packet, Seconds(1));
        ExpectPass(verdict, "whole");
        PacketView answer = Reply(packet, verdict);
        answer.fragment = true;
        ExpectDrop(m_engine->Return(answer, Seconds(1)), DropReason::Fragment, "way out");
        packet.fragment = true;
        ExpectDrop(m_engine->Forward(packet, Seconds(1)), DropReason::Fragment, "first fragment");
        packet.sourcePort = packet.destinationPort = 0;
        ExpectDrop(m_engine->Forward(packet, Seconds(1)), DropReason::Fragment, "later fragment");
        NS_TEST_EXPECT_MSG_EQ(
            m_engine->GetStatistics().drops[static_cast<size_t>(DropReason::Fragment)],
            3,
            "counted");
    }
};

/** A member that is its own client. */
class HairpinTestCase : public EngineTestCase
{
  public:
    HairpinTestCase()
        : EngineTestCase("LB-60 a member's flow to itself fails, to another one works: 1 in N")
    {
    }

  private:
    void DoRun() override
    {
        const uint32_t members = 4;
        Make(MakeConfiguration(members));
        uint32_t failed = 0;
        const uint32_t attempts = 4000;
        for (uint32_t port = 1000; port < 1000 + attempts; ++port)
        {
            PacketView packet = Tcp(port, PacketView::SYN);
            packet.source = Vm(2);
            const Verdict verdict = m_engine->Forward(packet, Seconds(1));
            if (verdict.action == VerdictAction::Drop)
            {
                ExpectDrop(verdict, DropReason::HairpinToSelf, "to itself");
                ++failed;
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ((verdict.backend == Vm(2)), false, "to another one");
            ExpectPass(m_engine->Return(Reply(packet, verdict), Seconds(1)), "answer");
        }
        // Binomial: 1000 expected, standard deviation 27.4.
        NS_TEST_EXPECT_MSG_EQ_TOL(failed, 1000.0, 4 * 27.4, "one in four");
    }
};

/** ICMP errors follow their flow, in both directions. */
class IcmpTestCase : public EngineTestCase
{
  public:
    IcmpTestCase()
        : EngineTestCase("LB-4 LB-5 ICMP errors about a flow are translated both ways")
    {
    }

  private:
    void DoRun() override
    {
        for (const bool floating : {false, true})
        {
            auto configuration = MakeConfiguration(1);
            configuration.loadBalancingRules[0].enableFloatingIp = floating;
            Make(configuration);
            const IpAddress seen = floating ? FrontendAddress() : Vm(0);
            const IpAddress router = Ip(192, 0, 2, 1);
            const Verdict verdict = Connect(40000, Seconds(1));
            // A router beyond the load balancer about a packet of the instance.
            PacketView quoted = Tcp(0);
            quoted.source = FrontendAddress();
            quoted.sourcePort = 80;
            quoted.destination = ClientAddress();
            quoted.destinationPort = 40000;
            IcmpErrorVerdict error =
                m_engine->TranslateIcmpError(router, FrontendAddress(), quoted, Seconds(2));
            NS_TEST_EXPECT_MSG_EQ(ToString(error.action), "translate", "in");
            NS_TEST_EXPECT_MSG_EQ((error.source == router), true, "in: source kept");
            NS_TEST_EXPECT_MSG_EQ((error.destination == seen), true, "in: to the instance");
            NS_TEST_EXPECT_MSG_EQ((error.nextHop == Vm(0)), true, "in: by its own address");
            NS_TEST_EXPECT_MSG_EQ((error.quotedSource == seen), true, "in: quoted as it was sent");
            NS_TEST_EXPECT_MSG_EQ(error.quotedSourcePort, 8080, "in: its port");
            NS_TEST_EXPECT_MSG_EQ((error.quotedDestination == ClientAddress()), true, "in");
            NS_TEST_EXPECT_MSG_EQ(error.quotedDestinationPort, 40000, "in");
            // The same about a flow that is not there.
            quoted.destinationPort = 40001;
            error = m_engine->TranslateIcmpError(router, FrontendAddress(), quoted, Seconds(2));
            NS_TEST_EXPECT_MSG_EQ(ToString(error.action), "drop", "unknown");
            NS_TEST_EXPECT_MSG_EQ(ToString(error.reason), "icmp-unmatched", "unknown");
            // A router, or the instance itself, about a packet of the client.
            quoted.source = ClientAddress();
            quoted.sourcePort = 40000;
            quoted.destination = seen;
            quoted.destinationPort = 8080;
            for (const auto& sender : {router, Vm(0)})
            {
                error = m_engine->TranslateIcmpError(sender, ClientAddress(), quoted, Seconds(2));
                NS_TEST_EXPECT_MSG_EQ(ToString(error.action), "translate", "out");
                const IpAddress shown = sender == router ? router : FrontendAddress();
                NS_TEST_EXPECT_MSG_EQ((error.source == shown), true, "out: instances hide");
                NS_TEST_EXPECT_MSG_EQ((error.destination == ClientAddress()), true, "out");
                NS_TEST_EXPECT_MSG_EQ((error.quotedDestination == FrontendAddress()),
                                      true,
                                      "out: quoted as the client sent it");
                NS_TEST_EXPECT_MSG_EQ(error.quotedDestinationPort, 80, "out: its port");
                NS_TEST_EXPECT_MSG_EQ(error.quotedSourcePort, 40000, "out");
            }
            quoted.sourcePort = 40001;
            error = m_engine->TranslateIcmpError(router, ClientAddress(), quoted, Seconds(2));
            NS_TEST_EXPECT_MSG_EQ(ToString(error.action), "not-ours", "of others");
            // An error keeps no flow alive (LB-44).
            quoted.sourcePort = 40000;
            m_engine->TranslateIcmpError(router, ClientAddress(), quoted, Seconds(240));
            ExpectDrop(m_engine->Forward(Tcp(40000), Seconds(241)),
                       DropReason::IdleTimeout,
                       "idle all the same");
            NS_TEST_EXPECT_MSG_EQ(verdict.newFlow, true, "the flow was there");
        }
    }
};

/** Pings. */
class PingTestCase : public EngineTestCase
{
  public:
    PingTestCase()
        : EngineTestCase("LB-61 ping is answered by the load balancer, by the state of the pool")
    {
    }

  private:
    /**
     * @param bytes length of the ICMP message
     * @return the answer
     */
    std::string Ping(uint32_t bytes = 64)
    {
        return ToString(m_engine->AnswerPing(FrontendAddress(), bytes));
    }

    void DoRun() override
    {
        Make(MakeConfiguration(2), false);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "host-unreachable", "all down");
        m_engine->SetProbeStatus(0, Vm(1), true);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "echo-reply", "one up");
        NS_TEST_EXPECT_MSG_EQ(Ping(65), "none", "too large");
        m_engine->SetRunning(Vm(1), false);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "host-unreachable", "one off, one down");
        m_engine->SetRunning(Vm(0), false);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "none", "all off");
        NS_TEST_EXPECT_MSG_EQ(ToString(m_engine->AnswerPing(Vm(0), 64)), "not-ours", "an instance");
        const auto& drops = m_engine->GetStatistics().drops;
        NS_TEST_EXPECT_MSG_EQ(drops[static_cast<size_t>(DropReason::PingTooLarge)], 1, "counted");
        NS_TEST_EXPECT_MSG_EQ(drops[static_cast<size_t>(DropReason::PingNotAnswered)],
                              1,
                              "counted");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetStatistics().forwarded, 0, "never forwarded");

        auto configuration = MakeConfiguration(2);
        configuration.loadBalancingRules.clear();
        Make(configuration);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "none", "no rule");
        Make(MakeConfiguration(0));
        NS_TEST_EXPECT_MSG_EQ(Ping(), "none", "no instance");
        configuration = MakeConfiguration(2);
        configuration.frontendIpConfigurations[0].isPublic = false;
        Make(configuration);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "none", "internal");
        configuration = MakeConfiguration(2);
        configuration.sku = LoadBalancerSku::Basic;
        Make(configuration);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "none", "Basic");
        // Fail-open sends flows, but nobody is probed up.
        configuration = MakeConfiguration(2);
        configuration.probes[0].noHealthyBackendsBehavior = NoHealthyBackendsBehavior::AllProbedUp;
        Make(configuration, false);
        NS_TEST_EXPECT_MSG_EQ(Ping(), "host-unreachable", "all probed down");
    }
};

/** Explain says what Forward would, and leaves no trace. */
class ExplainTestCase : public EngineTestCase
{
  public:
    ExplainTestCase()
        : EngineTestCase("LB-20 a question creates no state and gives the answer of the data path")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(5);
        configuration.loadBalancingRules[0].enableTcpReset = true;
        Make(configuration);
        m_engine->SetProbeStatus(0, Vm(3), false);
        const LoadBalancerEngine& constant = *m_engine;
        const std::vector<uint8_t> flags{PacketView::SYN,
                                         PacketView::ACK,
                                         PacketView::RST,
                                         PacketView::FIN | PacketView::ACK};
        uint32_t step = 0;
        for (uint16_t round = 0; round < 4; ++round)
        {
            for (uint16_t port = 1000; port < 1100; ++port)
            {
                const PacketView packet =
                    Tcp(port, flags[(port + round) % 4], port % 7 == 0 ? 81 : 80);
                const Time now = Seconds(100 * ++step);
                const uint64_t created = constant.GetStatistics().flowsCreated;
                const uint64_t forwarded = constant.GetStatistics().forwarded;
                const Verdict told = constant.Explain(packet, now);
                NS_TEST_EXPECT_MSG_EQ(constant.GetStatistics().flowsCreated, created, "no flow");
                NS_TEST_EXPECT_MSG_EQ(constant.GetStatistics().forwarded, forwarded, "no count");
                const Verdict done = m_engine->Forward(packet, now);
                NS_TEST_EXPECT_MSG_EQ(ToString(told.action), ToString(done.action), "action");
                NS_TEST_EXPECT_MSG_EQ(ToString(told.reason), ToString(done.reason), "reason");
                NS_TEST_EXPECT_MSG_EQ(told.newFlow, done.newFlow, "new flow");
                NS_TEST_EXPECT_MSG_EQ((told.backend == done.backend), true, "instance");
                NS_TEST_EXPECT_MSG_EQ(told.rule, done.rule, "rule");
            }
        }
    }
};

/** Decisions of Load Balancer. */
class LoadBalancerEngineTestSuite : public TestSuite
{
  public:
    LoadBalancerEngineTestSuite()
        : TestSuite("azure-load-balancer-engine", Type::UNIT)
    {
        AddTestCase(new RewriteTestCase, Duration::QUICK);
        AddTestCase(new StrangersTestCase, Duration::QUICK);
        AddTestCase(new NoRuleTestCase, Duration::QUICK);
        AddTestCase(new SessionTestCase, Duration::QUICK);
        AddTestCase(new SkewTestCase, Duration::QUICK);
        AddTestCase(new MembershipTestCase, Duration::QUICK);
        AddTestCase(new DisagreeTestCase, Duration::QUICK);
        AddTestCase(new HaPortsTestCase, Duration::QUICK);
        AddTestCase(new FloatingTestCase, Duration::QUICK);
        AddTestCase(new CollisionTestCase, Duration::QUICK);
        AddTestCase(new FragmentTestCase, Duration::QUICK);
        AddTestCase(new HairpinTestCase, Duration::QUICK);
        AddTestCase(new IcmpTestCase, Duration::QUICK);
        AddTestCase(new PingTestCase, Duration::QUICK);
        AddTestCase(new ExplainTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
LoadBalancerEngineTestSuite g_loadBalancerEngineTestSuite;

} // namespace
