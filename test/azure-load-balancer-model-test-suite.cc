/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"
#include "azure-load-balancer-reference.h"

#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint8_t SYN = PacketView::SYN; //!< short form
constexpr uint8_t ACK = PacketView::ACK; //!< short form
constexpr uint8_t FIN = PacketView::FIN; //!< short form
constexpr uint8_t RST = PacketView::RST; //!< short form

/**
 * @param index number of a frontend
 * @return its address
 */
IpAddress
Frontend(uint32_t index)
{
    return Ip(20, 0, 0, 4 + index);
}

/**
 * @param name name of a pool
 * @param first number of its first instance
 * @param count number of its instances
 * @return the pool
 */
BackendAddressPool
Pool(const std::string& name, uint32_t first, uint32_t count)
{
    BackendAddressPool pool;
    pool.name = name;
    for (uint32_t index = first; index < first + count; ++index)
    {
        LoadBalancerBackendAddress member;
        member.address = Vm(index);
        pool.backendAddresses.push_back(member);
    }
    return pool;
}

/**
 * @param name name of a rule
 * @param protocol its protocol
 * @param frontend number of its frontend
 * @param frontendPort its port there
 * @param pool name of its pool
 * @param backendPort its port at the instances
 * @param probe name of its probe
 * @return the rule
 */
LoadBalancingRule
Rule(const std::string& name,
     TransportProtocol protocol,
     uint32_t frontend,
     uint16_t frontendPort,
     const std::string& pool,
     uint16_t backendPort,
     const std::string& probe)
{
    LoadBalancingRule rule;
    rule.name = name;
    rule.protocol = protocol;
    rule.frontendIpConfiguration = "f" + std::to_string(frontend);
    rule.frontendPort = frontendPort;
    rule.backendAddressPool = pool;
    rule.backendPort = backendPort;
    rule.probe = probe;
    return rule;
}

/**
 * @param isPublic of the frontends
 * @param poolSizes sizes of the pools "a" and "b", which begin with different instances
 * @return two frontends, two pools, a probe of each behaviour, no rules
 */
LoadBalancerConfiguration
Base(bool isPublic, std::array<uint32_t, 2> poolSizes)
{
    LoadBalancerConfiguration configuration;
    configuration.name = "lb";
    for (uint32_t index = 0; index < 2; ++index)
    {
        FrontendIpConfiguration frontend;
        frontend.name = "f" + std::to_string(index);
        frontend.address = Frontend(index);
        frontend.isPublic = isPublic;
        configuration.frontendIpConfigurations.push_back(frontend);
    }
    configuration.backendAddressPools = {Pool("a", 0, poolSizes[0]), Pool("b", 3, poolSizes[1])};
    azure::Probe probe;
    probe.port = 8080;
    probe.name = "closed";
    configuration.probes.push_back(probe);
    probe.name = "open";
    probe.noHealthyBackendsBehavior = NoHealthyBackendsBehavior::AllProbedUp;
    configuration.probes.push_back(probe);
    return configuration;
}

/**
 * @param sku Standard or Basic
 * @param sizes sizes of the two pools
 * @return a public load balancer with every kind of rule it can have. Rules "web" and "alt" send
 *         to one port of different pools, which share instances after a change only
 */
LoadBalancerConfiguration
PublicConfiguration(LoadBalancerSku sku, std::array<uint32_t, 2> sizes)
{
    auto configuration = Base(true, sizes);
    configuration.sku = sku;
    configuration.frontendIpConfigurations[1].idleTimeout = Minutes(5);
    auto& rules = configuration.loadBalancingRules;
    rules.push_back(Rule("web", TransportProtocol::Tcp, 0, 80, "a", 8080, "closed"));
    rules.push_back(Rule("dns", TransportProtocol::Udp, 0, 80, "a", 53, "closed"));
    rules.push_back(Rule("alt", TransportProtocol::Tcp, 0, 81, "b", 8080, "open"));
    rules.push_back(Rule("log", TransportProtocol::Udp, 1, 80, "b", 514, ""));
    rules.push_back(Rule("sql", TransportProtocol::Tcp, 1, 81, "a", 1433, "closed"));
    rules.push_back(Rule("vpn", TransportProtocol::Tcp, 1, 80, "b", 500, "closed"));
    rules[2].loadDistribution = LoadDistribution::SourceIp;
    rules[3].loadDistribution = LoadDistribution::SourceIpProtocol;
    rules[4].enableFloatingIp = true;
    rules[5].idleTimeout = Minutes(9); // the frontend's own counts
    rules[0].enableTcpReset = rules[4].enableTcpReset = rules[5].enableTcpReset =
        sku == LoadBalancerSku::Standard;
    InboundNatRule single;
    single.name = "ssh";
    single.frontendIpConfiguration = "f0";
    single.frontendPort = 50;
    single.backendAddress = Vm(5);
    single.backendPort = 22;
    configuration.inboundNatRules.push_back(single);
    InboundNatRule range;
    range.name = "rdp";
    range.protocol = TransportProtocol::All;
    range.frontendIpConfiguration = "f0";
    range.backendAddressPool = "a";
    range.frontendPortRangeStart = 221;
    range.frontendPortRangeEnd = 224;
    range.backendPort = 3389;
    range.enableTcpReset = sku == LoadBalancerSku::Standard;
    configuration.inboundNatRules.push_back(range);
    return configuration;
}

/**
 * @return an internal load balancer: HA ports alone on one frontend; HA ports and a port of its
 *         own, both with floating IP, on the other
 */
LoadBalancerConfiguration
InternalConfiguration()
{
    auto configuration = Base(false, {3, 2});
    auto& rules = configuration.loadBalancingRules;
    rules.push_back(Rule("all", TransportProtocol::All, 0, 0, "a", 0, "closed"));
    rules.push_back(Rule("float", TransportProtocol::All, 1, 0, "b", 0, "closed"));
    rules.push_back(Rule("port", TransportProtocol::Tcp, 1, 80, "b", 443, "open"));
    rules[0].enableTcpReset = true; // has no effect (LB-42)
    rules[1].enableFloatingIp = rules[2].enableFloatingIp = true;
    rules[2].enableTcpReset = true;
    return configuration;
}

/** Random traffic and random changes, every word of the engine judged by the reference. */
class ModelTestCase : public TestCase, public FlowListener
{
  public:
    /**
     * @param name what is balanced
     * @param configuration what is balanced
     * @param seed of the random numbers
     * @param steps how many
     */
    ModelTestCase(const std::string& name,
                  const LoadBalancerConfiguration& configuration,
                  uint32_t seed,
                  uint32_t steps)
        : TestCase("LB-30 LB-31 LB-35 LB-40 traffic and changes against a naive model: " + name +
                   ", seed " + std::to_string(seed)),
          m_configuration(configuration),
          m_seed(seed),
          m_steps(steps)
    {
    }

    void FlowCreated(const FlowRecord& flow, Time when) override
    {
        m_begins.emplace_back(flow.id, when);
    }

    void FlowEnded(const FlowRecord& flow, FlowEndReason reason, Time when) override
    {
        m_ends.push_back({flow, reason, when});
    }

  private:
    /**
     * @param count how many
     * @return one of 0 to count - 1
     */
    uint32_t Random(uint32_t count)
    {
        return m_random() % count;
    }

    /// @return one of three clients, one of which is an instance
    IpAddress RandomClient()
    {
        return std::array{ClientAddress(), Ip(198, 51, 100, 9), Vm(1)}[Random(3)];
    }

    /**
     * @param fromClient whose flags
     * @return flags of a TCP segment
     */
    uint8_t RandomFlags(bool fromClient)
    {
        const uint32_t dice = Random(20);
        return dice == 0   ? (fromClient ? RST : RST | ACK)
               : dice < 3  ? FIN | ACK
               : dice < 10 ? (fromClient ? SYN : SYN | ACK)
                           : ACK;
    }

    /**
     * @brief Give a TCP segment the numbers of the fixture: 1000 and 5000 are the SYNs'.
     *
     * @param packet gets them
     * @param fromClient who sends it
     */
    static void Number(PacketView& packet, bool fromClient)
    {
        const bool syn = packet.tcpFlags & SYN;
        packet.sequence = (fromClient ? 1001 : 5001) - (syn ? 1 : 0);
        packet.acknowledgment = packet.tcpFlags & ACK ? (fromClient ? 5001 : 1001) : 0;
    }

    /// @return a packet to a frontend, or nearly so
    PacketView RandomForward()
    {
        PacketView packet;
        packet.source = RandomClient();
        packet.sourcePort = 1000 + Random(4);
        packet.destination = Random(50) ? Frontend(Random(2)) : Vm(0);
        packet.destinationPort =
            std::array<uint16_t, 8>{80, 80, 80, 81, 81, 50, 221, 223}[Random(8)];
        packet.protocol =
            std::array<uint8_t, 3>{PacketView::TCP, PacketView::TCP, PacketView::UDP}[Random(3)];
        if (Random(20) == 0)
        {
            packet.protocol = Random(2) ? PacketView::ICMP : 47;
            packet.destinationPort = 0;
        }
        packet.fragment = Random(60) == 0;
        if (packet.protocol == PacketView::TCP)
        {
            packet.tcpFlags = RandomFlags(true);
            Number(packet, true);
        }
        const auto& sessions = m_reference->GetSessions();
        if (!sessions.empty() && Random(2))
        {
            // Half of them of a flow that there is.
            const auto& record = sessions[Random(sessions.size())]->record;
            packet.source = record.client;
            packet.sourcePort = record.clientPort;
            packet.destination = record.frontend;
            packet.destinationPort = record.frontendPort;
            packet.protocol = record.protocol;
            packet.tcpFlags = record.protocol == PacketView::TCP ? RandomFlags(true) : 0;
            Number(packet, true);
        }
        return packet;
    }

    /// @return a packet of an instance: nearly always an answer
    PacketView RandomReturn()
    {
        PacketView packet;
        const auto& sessions = m_reference->GetSessions();
        if (sessions.empty() || Random(20) == 0)
        {
            packet.source = Vm(Random(7));
            packet.sourcePort = 8080;
            packet.destination = RandomClient();
            packet.destinationPort = 1000 + Random(4);
        }
        else
        {
            const auto& session = *sessions[Random(sessions.size())];
            packet.source = session.seen;
            packet.sourcePort = session.record.backendPort;
            packet.destination = session.record.client;
            packet.destinationPort = session.record.clientPort;
            packet.protocol = session.record.protocol;
            m_last = packet;
        }
        if (Random(10) == 0 && m_last.source.IsSet())
        {
            packet = m_last; // perhaps of a flow that is no more
        }
        packet.tcpFlags = packet.protocol == PacketView::TCP ? RandomFlags(false) : 0;
        Number(packet, false);
        return packet;
    }

    /// @return what is wrong after one packet
    std::string StepForward()
    {
        const PacketView packet = RandomForward();
        const Verdict told = m_engine->Explain(packet, m_now);
        const Verdict verdict = m_engine->Forward(packet, m_now);
        Count(verdict, m_expected.forwarded);
        const bool same =
            (told.action == verdict.action && told.reason == verdict.reason &&
             told.backend == verdict.backend && told.rule == verdict.rule &&
             told.newFlow == verdict.newFlow && told.destination == verdict.destination);
        const auto wrong = m_reference->CheckForward(packet, verdict);
        return !wrong.empty() ? "way in: " + wrong
               : same         ? ""
                      : "Explain: " + ToString(told.reason) + " but " + ToString(verdict.reason);
    }

    /// @return what is wrong after one packet
    std::string StepReturn()
    {
        const PacketView packet = RandomReturn();
        const Verdict verdict = m_engine->Return(packet, m_now);
        Count(verdict, m_expected.returned);
        const auto wrong = m_reference->CheckReturn(packet, verdict);
        return wrong.empty() ? "" : "way out: " + wrong;
    }

    /// @return what is wrong after an ICMP error
    std::string StepError()
    {
        const auto& sessions = m_reference->GetSessions();
        if (sessions.empty())
        {
            return "";
        }
        const auto session = sessions[Random(sessions.size())];
        const auto& record = session->record;
        const bool in = Random(2);
        PacketView quoted;
        quoted.protocol = record.protocol;
        quoted.source = in ? record.frontend : record.client;
        quoted.sourcePort = in ? record.frontendPort : record.clientPort;
        quoted.destination = in ? record.client : session->seen;
        quoted.destinationPort = in ? record.clientPort : record.backendPort;
        const auto verdict =
            m_engine->TranslateIcmpError(Ip(192, 0, 2, 1), quoted.source, quoted, m_now);
        if (verdict.action == VerdictAction::Drop)
        {
            ++m_expected.drops[static_cast<size_t>(verdict.reason)];
        }
        return m_reference->CheckIcmpError(quoted, in, verdict);
    }

    /// @return what is wrong after time has gone on
    std::string StepTime()
    {
        // Mostly little; sometimes over one idle timeout, or two.
        const uint32_t dice = Random(20);
        const Time target = m_now + Seconds(dice == 0 ? 700 : dice < 3 ? 250 : Random(40));
        std::string wrong;
        while (m_now < target && wrong.empty())
        {
            // As whoever moves packets does it: the engine is asked when it wants to be.
            m_now = std::min(m_engine->GetNextResetDeadline(), target);
            m_reference->Advance(m_now);
            const auto segments = m_engine->TakeDueResets(m_now);
            m_expected.resetsSent += segments.size();
            wrong = m_engine->GetNextResetDeadline() <= m_now ? "a reset that is due is left"
                                                              : m_reference->CheckResets(segments);
            if (wrong.empty())
            {
                wrong = CheckState();
            }
        }
        return wrong;
    }

    /// @return what is wrong after a change
    std::string StepChange()
    {
        const auto& pools = m_reference->GetConfiguration().backendAddressPools;
        const uint32_t pool = Random(2);
        const uint32_t size = pools[pool].backendAddresses.size();
        const uint32_t chosen = Random(std::max(size, 1U));
        const IpAddress instance = Vm(Random(6));
        const uint32_t dice = Random(20);
        if (dice < 9)
        {
            const uint32_t probe = Random(2);
            const bool up = Random(3) != 0;
            const PoolChange change = m_engine->SetProbeStatus(probe, instance, up);
            return m_reference->IsMember(instance)
                       ? m_reference->CheckProbe(probe, instance, up, change)
                   : change.error.empty() ? "a probe of no member"
                                          : "";
        }
        if (dice < 12 && size != 0)
        {
            const auto state = static_cast<AdminState>(Random(3));
            return m_reference->CheckAdmin(
                pool,
                chosen,
                state,
                m_engine->SetAdminState(pool, pools[pool].backendAddresses[chosen].address, state));
        }
        if (dice < 14)
        {
            const bool running = Random(3) != 0;
            return m_engine->IsBackend(instance)
                       ? m_reference->CheckRunning(instance,
                                                   running,
                                                   m_engine->SetRunning(instance, running))
                       : "";
        }
        if (dice < 16 && size != 0)
        {
            return m_reference->CheckRemove(
                pool,
                chosen,
                m_engine->RemoveMember(pool, pools[pool].backendAddresses[chosen].address));
        }
        if (dice < 19)
        {
            LoadBalancerBackendAddress member;
            member.address = instance;
            const auto& members = pools[pool].backendAddresses;
            const bool known = std::any_of(members.begin(), members.end(), [&](const auto& m) {
                return m.address == instance;
            });
            return known ? ""
                         : m_reference->CheckAdd(pool, member, m_engine->AddMember(pool, member));
        }
        const uint32_t rule = Random(m_configuration.loadBalancingRules.size());
        const auto mode = static_cast<LoadDistribution>(Random(3));
        m_engine->SetLoadDistribution(rule, mode); // LB-18
        m_reference->SetMode(rule, mode);
        return "";
    }

    /**
     * @param verdict a verdict to count
     * @param translated the counter for a Translate
     */
    void Count(const Verdict& verdict, uint64_t& translated)
    {
        translated += verdict.action == VerdictAction::Translate;
        m_expected.flowsCreated += verdict.newFlow;
        m_expected.resetsSent += verdict.action == VerdictAction::Reset;
        if (verdict.action == VerdictAction::Drop || verdict.action == VerdictAction::Reset)
        {
            ++m_expected.drops[static_cast<size_t>(verdict.reason)];
        }
    }

    /// @return what is wrong with everything that can be asked at any time
    std::string CheckState()
    {
        std::string wrong = m_reference->CheckEnds(m_ends);
        for (const auto& end : m_ends)
        {
            ++m_expected.flowsEnded[static_cast<size_t>(end.reason)];
        }
        m_ends.clear();
        const auto& statistics = m_engine->GetStatistics();
        if (wrong.empty() && (statistics.forwarded != m_expected.forwarded ||
                              statistics.returned != m_expected.returned ||
                              statistics.flowsCreated != m_expected.flowsCreated ||
                              statistics.resetsSent != m_expected.resetsSent ||
                              statistics.drops != m_expected.drops ||
                              statistics.flowsEnded != m_expected.flowsEnded))
        {
            wrong = "statistics";
        }
        if (wrong.empty() && m_begins.size() != m_expected.flowsCreated)
        {
            wrong = "flows that began";
        }
        if (wrong.empty() && m_engine->GetActiveFlows() < m_reference->CountAlive())
        {
            wrong = "fewer flows than there are";
        }
        return wrong;
    }

    /// @return what is wrong with pools, NAT ports and pings
    std::string CheckPools()
    {
        for (uint32_t rule = 0; rule < m_configuration.loadBalancingRules.size(); ++rule)
        {
            if (m_engine->GetEligible(rule) != m_reference->Eligible(rule))
            {
                return "eligible instances of rule " + std::to_string(rule);
            }
        }
        for (uint32_t index = 0; index < 2; ++index)
        {
            const auto answer = m_engine->AnswerPing(Frontend(index), 64);
            m_expected.drops[static_cast<size_t>(DropReason::PingNotAnswered)] +=
                answer == PingAnswer::None;
            if (answer != m_reference->Ping(Frontend(index)))
            {
                return "ping: " + ToString(answer);
            }
        }
        const auto& pools = m_engine->GetConfiguration().backendAddressPools;
        for (uint32_t pool = 0; pool < pools.size(); ++pool)
        {
            const auto& expected =
                m_reference->GetConfiguration().backendAddressPools[pool].backendAddresses;
            const bool same = std::equal(pools[pool].backendAddresses.begin(),
                                         pools[pool].backendAddresses.end(),
                                         expected.begin(),
                                         expected.end(),
                                         [this](const auto& a, const auto& b) {
                                             return a.address == b.address &&
                                                    a.adminState == b.adminState &&
                                                    a.running == m_reference->IsRunning(b.address);
                                         });
            if (!same)
            {
                return "members of pool " + std::to_string(pool);
            }
        }
        return m_reference->HasMappings(m_engine->GetNatMappings()) ? "" : "NAT ports";
    }

    void DoRun() override
    {
        LoadBalancerEngineSettings settings;
        settings.udpFlowLifetime = Seconds(90);
        settings.closedFlowLifetime = Seconds(60);
        settings.hashSeed = m_seed;
        m_random.seed(m_seed);
        m_engine = std::make_unique<LoadBalancerEngine>(m_configuration, settings);
        m_engine->SetFlowListener(this);
        m_reference = std::make_unique<ReferenceBalancer>(m_configuration, settings);
        std::map<std::string, uint32_t> seen;
        for (uint32_t step = 0; step < m_steps; ++step)
        {
            const uint32_t dice = Random(100);
            std::string wrong = dice < 48   ? StepForward()
                                : dice < 76 ? StepReturn()
                                : dice < 80 ? StepError()
                                : dice < 90 ? StepTime()
                                            : StepChange();
            if (wrong.empty())
            {
                wrong = CheckState();
            }
            if (wrong.empty() && dice >= 90)
            {
                wrong = CheckPools();
            }
            NS_TEST_ASSERT_MSG_EQ(wrong, "", "step " << step);
        }
        m_engine->TakeDueResets(m_now);
        m_engine->Sweep(m_now);
        m_expected.resetsSent = m_engine->GetStatistics().resetsSent;
        NS_TEST_EXPECT_MSG_EQ(CheckState(), "", "the end");
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetActiveFlows(),
                              m_reference->CountAlive(),
                              "exact after a sweep");
        ExpectVariety();
    }

    /// A test that never meets a case proves nothing about it.
    void ExpectVariety()
    {
        const auto& statistics = m_engine->GetStatistics();
        for (const auto reason : {FlowEndReason::Closed,
                                  FlowEndReason::Reset,
                                  FlowEndReason::IdleTimeout,
                                  FlowEndReason::Moved,
                                  FlowEndReason::NoHealthyBackend,
                                  FlowEndReason::InstanceStopped,
                                  FlowEndReason::Replaced})
        {
            NS_TEST_EXPECT_MSG_GT(statistics.flowsEnded[static_cast<size_t>(reason)],
                                  5,
                                  "flows ended by " << ToString(reason));
        }
        for (const auto reason : {DropReason::NoHealthyBackend,
                                  DropReason::NoFlow,
                                  DropReason::IdleTimeout,
                                  DropReason::InstanceStopped,
                                  DropReason::HairpinToSelf})
        {
            NS_TEST_EXPECT_MSG_GT(statistics.drops[static_cast<size_t>(reason)],
                                  5,
                                  "drops by " << ToString(reason));
        }
    }

    void DoTeardown() override
    {
        m_engine.reset();
        m_reference.reset();
    }

    LoadBalancerConfiguration m_configuration;       //!< what is balanced
    uint32_t m_seed;                                 //!< of the random numbers
    uint32_t m_steps;                                //!< how many
    std::mt19937 m_random;                           //!< makes packets and changes
    Time m_now;                                      //!< the present time
    std::unique_ptr<LoadBalancerEngine> m_engine;    //!< under test
    std::unique_ptr<ReferenceBalancer> m_reference;  //!< judges it
    LoadBalancerStatistics m_expected;               //!< what the counters must be
    std::vector<std::pair<uint64_t, Time>> m_begins; //!< heard by the listener
    std::vector<ReferenceBalancer::End> m_ends;      //!< heard since the last check
    PacketView m_last;                               //!< an answer of before
};

/** Load Balancer against its rules. */
class LoadBalancerModelTestSuite : public TestSuite
{
  public:
    LoadBalancerModelTestSuite()
        : TestSuite("azure-load-balancer-model", Type::UNIT)
    {
        const auto standard = LoadBalancerSku::Standard;
        for (const uint32_t seed : {1, 2})
        {
            Add("public Standard", PublicConfiguration(standard, {3, 2}), seed);
            Add("public Standard, pools of one", PublicConfiguration(standard, {1, 1}), seed);
            Add("Basic", PublicConfiguration(LoadBalancerSku::Basic, {3, 2}), seed);
            Add("internal, HA ports", InternalConfiguration(), seed);
        }
    }

  private:
    /**
     * @param name what is balanced
     * @param configuration what is balanced
     * @param seed of the random numbers
     */
    void Add(const std::string& name, const LoadBalancerConfiguration& configuration, uint32_t seed)
    {
        AddTestCase(new ModelTestCase(name, configuration, seed, 40000), Duration::QUICK);
        AddTestCase(new ModelTestCase(name, configuration, seed + 100, 400000),
                    Duration::EXTENSIVE);
    }
};

/** Registers the suite. */
LoadBalancerModelTestSuite g_loadBalancerModelTestSuite;

} // namespace
