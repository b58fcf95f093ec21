/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

#include <functional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint8_t SYN = PacketView::SYN;       //!< short form
constexpr uint8_t ACK = PacketView::ACK;       //!< short form
constexpr uint8_t FIN = PacketView::FIN | ACK; //!< short form
constexpr uint8_t RST = PacketView::RST;       //!< short form

/// Something that is done, and what becomes of it in words.
using Action = std::function<std::string(LoadBalancerEngine&, Time)>;

/// One line of a script.
struct Line
{
    Time at;              //!< when
    Action act;           //!< what is done
    const char* expected; //!< what becomes of it
};

/// One script.
struct Script
{
    const char* name;                                       //!< begins with the rules it shows
    std::function<void(LoadBalancerConfiguration&)> change; //!< to two instances, probe, TCP
    std::vector<Line> lines;                                //!< what happens
};

/**
 * @param address an instance or a frontend
 * @return its name in a script
 */
std::string
NameOf(const IpAddress& address)
{
    for (uint32_t index = 0; index < 4; ++index)
    {
        if (address == Vm(index))
        {
            return "vm" + std::to_string(index);
        }
    }
    return address == FrontendAddress() ? "frontend" : ToText(address);
}

/**
 * @param verdict a verdict
 * @return "new vm0:8080" on the way in, "back :80" on the way out, "drop no-flow" and so on
 */
std::string
Render(const Verdict& verdict)
{
    if (verdict.action != VerdictAction::Translate)
    {
        return ToString(verdict.action) +
               (verdict.action == VerdictAction::NotOurs ? "" : " " + ToString(verdict.reason));
    }
    if (verdict.fromBackend)
    {
        return "back :" + std::to_string(verdict.sourcePort);
    }
    const bool floats = !(verdict.destination == verdict.backend);
    return std::string(verdict.newFlow ? "new " : "") + NameOf(verdict.backend) +
           (floats ? " as " + NameOf(verdict.destination) : "") + ":" +
           std::to_string(verdict.destinationPort);
}

/**
 * @param protocol TCP, UDP or ICMP
 * @param port the client's port
 * @param flags TCP flags
 * @param destinationPort port at the frontend
 * @return a packet of the client
 */
Action
In(uint8_t protocol, uint16_t port, uint8_t flags, uint16_t destinationPort)
{
    return [=](LoadBalancerEngine& engine, Time now) {
        PacketView packet;
        packet.protocol = protocol;
        packet.source = ClientAddress();
        packet.sourcePort = port;
        packet.destination = FrontendAddress();
        packet.destinationPort = destinationPort;
        packet.tcpFlags = flags;
        packet.sequence = flags & SYN ? 1000 : 1001;
        packet.acknowledgment = flags & ACK ? 5001 : 0;
        return Render(engine.Forward(packet, now));
    };
}

/**
 * @param flags TCP flags
 * @param port the client's port
 * @param destinationPort port at the frontend
 * @return a segment of the client
 */
Action
Tcp(uint8_t flags, uint16_t port = 1, uint16_t destinationPort = 80)
{
    return In(PacketView::TCP, port, flags, destinationPort);
}

/**
 * @param port the client's port
 * @param destinationPort port at the frontend
 * @return a datagram of the client
 */
Action
Udp(uint16_t port = 1, uint16_t destinationPort = 80)
{
    return In(PacketView::UDP, port, 0, destinationPort);
}

/**
 * @param source address that the instance answers from
 * @param sourcePort its port
 * @param flags TCP flags; none: a datagram
 * @param port the client's port
 * @return an answer
 */
Action
Out(const IpAddress& source, uint16_t sourcePort, uint8_t flags, uint16_t port = 1)
{
    return [=](LoadBalancerEngine& engine, Time now) {
        PacketView packet;
        packet.protocol = flags == 0 ? PacketView::UDP : PacketView::TCP;
        packet.source = source;
        packet.sourcePort = sourcePort;
        packet.destination = ClientAddress();
        packet.destinationPort = port;
        packet.tcpFlags = flags;
        packet.sequence = flags & SYN ? 5000 : 5001;
        packet.acknowledgment = flags & ACK ? 1001 : 0;
        return Render(engine.Return(packet, now));
    };
}

/**
 * @param vm number of an instance
 * @param up what the probe says
 * @return the verdict of the probe; "cut" when flows are cut
 */
Action
Probe(uint32_t vm, bool up)
{
    return [=](LoadBalancerEngine& engine, Time) {
        for (const auto& rule : engine.SetProbeStatus(0, Vm(vm), up).rules)
        {
            if (rule.flowsCut)
            {
                return std::string("cut");
            }
        }
        return std::string();
    };
}

/**
 * @param vm number of an instance
 * @param running whether it runs
 * @return a stop or a start
 */
Action
Run(uint32_t vm, bool running)
{
    return
        [=](LoadBalancerEngine& engine, Time) { return engine.SetRunning(Vm(vm), running).error; };
}

/**
 * @param vm number of an instance
 * @param state its admin state
 * @return an override
 */
Action
Admin(uint32_t vm, AdminState state)
{
    return [=](LoadBalancerEngine& engine, Time) {
        return engine.SetAdminState(0, Vm(vm), state).error;
    };
}

/// Plays a script: both instances are probed down at its beginning.
class ScriptTestCase : public TestCase
{
  public:
    /**
     * @param script what happens
     */
    explicit ScriptTestCase(const Script& script)
        : TestCase(script.name),
          m_script(script)
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(2);
        if (m_script.change)
        {
            m_script.change(configuration);
        }
        LoadBalancerEngine engine(configuration);
        for (size_t index = 0; index < m_script.lines.size(); ++index)
        {
            const Line& line = m_script.lines[index];
            NS_TEST_EXPECT_MSG_EQ(line.act(engine, line.at),
                                  line.expected,
                                  "line " << index << " at " << line.at.As(Time::S));
        }
    }

    Script m_script; //!< what happens
};

using C = LoadBalancerConfiguration;

/// @param c gets a rule for UDP beside the one for TCP
void
AddUdp(C& c)
{
    c.loadBalancingRules.push_back(c.loadBalancingRules[0]);
    c.loadBalancingRules[1].name = "udp";
    c.loadBalancingRules[1].protocol = TransportProtocol::Udp;
}

/// @param c is left with one instance
void
One(C& c)
{
    c.backendAddressPools[0].backendAddresses.resize(1);
}

/// @param c is left with one instance and no probe; its rule resets
void
Reset(C& c)
{
    One(c);
    c.loadBalancingRules[0].probe = "";
    c.loadBalancingRules[0].enableTcpReset = true;
}

/// @param c becomes internal, with one HA ports rule for one instance
void
HaPorts(C& c)
{
    Reset(c);
    c.frontendIpConfigurations[0].isPublic = false;
    auto& rule = c.loadBalancingRules[0];
    rule.protocol = TransportProtocol::All;
    rule.frontendPort = rule.backendPort = 0;
}

/**
 * @param c gets an inbound NAT rule, 50 to port 22
 * @param target its instance; unset: none
 */
void
AddNat(C& c, const IpAddress& target)
{
    InboundNatRule rule;
    rule.name = "ssh";
    rule.frontendIpConfiguration = "frontend";
    rule.frontendPort = 50;
    rule.backendAddress = target;
    rule.backendPort = 22;
    c.inboundNatRules.push_back(rule);
}

const Time NS = NanoSeconds(1);            //!< the shortest time
const Time IDLE = Minutes(4);              //!< idle timeout of the rules
const Time T0 = Seconds(0);                //!< the beginning
const Time T1 = Seconds(1);                //!< a little later
const Time T2 = Seconds(2);                //!< later
const Time T3 = Seconds(3);                //!< later still
const IpAddress FRONT = FrontendAddress(); //!< of the fixture

const std::vector<Script> HEALTH{
    {"LB-30 one instance down: TCP stays, a half-open connection and UDP move",
     AddUdp,
     {{T0, Probe(0, true), ""},
      {T0, Tcp(SYN), "new vm0:8080"},
      {T0, Out(Vm(0), 8080, SYN | ACK), "back :80"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T0, Tcp(SYN, 2), "new vm0:8080"},
      {T0, Udp(), "new vm0:8080"},
      {T1, Probe(1, true), ""},
      {T1, Probe(0, false), ""},
      {T2, Tcp(ACK), "vm0:8080"},
      {T2, Out(Vm(0), 8080, ACK), "back :80"},
      {T2, Tcp(SYN, 2), "new vm1:8080"},
      {T2, Udp(), "new vm1:8080"},
      {T2, Udp(), "vm1:8080"},
      {T2, Out(Vm(0), 8080, 0), "not-ours"},
      // A new connection from the port of an old one is not bound to the old one's instance.
      {T3, Tcp(SYN), "new vm1:8080"},
      {T3, Out(Vm(0), 8080, ACK), "not-ours"}}},
    {"LB-31 LB-32 all of two down: TCP stays, UDP ends, nothing new, no answer to a SYN",
     AddUdp,
     {{T0, Tcp(SYN), "drop no-healthy-backend"},
      {T0, Probe(0, true), ""},
      {T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T0, Udp(), "new vm0:8080"},
      {T1, Probe(0, false), ""},
      {T1, Tcp(ACK), "vm0:8080"},
      {T1, Udp(), "drop no-healthy-backend"},
      {T1, Udp(), "drop no-healthy-backend"},
      {T1, Tcp(SYN, 2), "drop no-healthy-backend"},
      // A second SYN of a connection that lives changes nothing about it.
      {T1, Tcp(SYN), "drop no-healthy-backend"},
      {T2, Tcp(ACK), "vm0:8080"},
      {T2, Out(Vm(0), 8080, ACK), "back :80"}}},
    {"LB-31 Basic, all of two down: TCP is cut, and stays cut",
     [](C& c) { c.sku = LoadBalancerSku::Basic; },
     {{T0, Probe(0, true), ""},
      {T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T1, Probe(0, false), "cut"},
      {T1, Tcp(ACK), "drop instance-down"},
      {T1, Out(Vm(0), 8080, ACK), "drop instance-down"},
      {T2, Probe(0, true), ""},
      {T2, Tcp(ACK), "drop instance-down"},
      {T2, Tcp(SYN), "new vm0:8080"},
      {T2, Tcp(ACK), "vm0:8080"}}},
    {"LB-33 the only instance down: TCP is cut silently, also where resets are on",
     [](C& c) {
         One(c);
         c.loadBalancingRules[0].enableTcpReset = true;
     },
     {{T0, Probe(0, true), ""},
      {T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T1, Probe(0, false), "cut"},
      {T1, Probe(0, false), ""},
      {T1, Tcp(ACK), "drop instance-down"},
      {T1, Tcp(SYN), "drop no-healthy-backend"},
      {T2, Probe(0, true), ""},
      // The SYN has replaced what was remembered of the flow.
      {T2, Tcp(ACK), "reset no-flow"},
      {T2, Tcp(RST), "drop no-flow"}}},
    {"LB-34 AllProbedUp: all down is as if all were healthy",
     [](C& c) {
         One(c);
         AddUdp(c);
         c.probes[0].noHealthyBackendsBehavior = NoHealthyBackendsBehavior::AllProbedUp;
     },
     {{T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T0, Udp(), "new vm0:8080"},
      {T1, Probe(0, true), ""},
      {T1, Probe(0, false), ""},
      {T1, Tcp(ACK), "vm0:8080"},
      {T1, Udp(), "vm0:8080"},
      // Neither a stopped instance nor one out of rotation is "probed down".
      {T2, Admin(0, AdminState::Down), ""},
      {T2, Tcp(SYN, 2), "drop no-healthy-backend"},
      {T2, Admin(0, AdminState::None), ""},
      {T3, Run(0, false), ""},
      {T3, Tcp(SYN, 3), "drop no-healthy-backend"}}},
    {"LB-35 admin state up and down override the probe; established TCP persists",
     AddUdp,
     {{T0, Admin(0, AdminState::Up), ""},
      {T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T0, Udp(), "new vm0:8080"},
      {T1, Admin(0, AdminState::Down), ""},
      {T1, Probe(0, true), ""},
      {T1, Tcp(ACK), "vm0:8080"},
      {T1, Tcp(SYN, 2), "drop no-healthy-backend"},
      {T1, Probe(1, true), ""},
      {T1, Udp(), "new vm1:8080"},
      {T2, Probe(1, false), ""},
      {T2, Admin(0, AdminState::None), ""},
      {T2, Udp(), "new vm0:8080"}}},
    {"LB-36 LB-38 without a probe everybody is healthy and no override counts",
     [](C& c) {
         One(c);
         c.loadBalancingRules[0].probe = "";
     },
     {{T0, Tcp(SYN), "new vm0:8080"},
      {T0, Probe(0, false), ""},
      {T0, Admin(0, AdminState::Down), ""},
      {T1, Tcp(SYN, 2), "new vm0:8080"},
      {T2, Run(0, false), ""},
      {T2, Tcp(SYN, 3), "drop no-healthy-backend"}}},
    {"LB-28 LB-30 a stop ends every flow of an instance; a start does not revive them",
     AddUdp,
     {{T0, Probe(0, true), ""},
      {T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T0, Udp(), "new vm0:8080"},
      {T1, Run(0, false), ""},
      {T1, Out(Vm(0), 8080, 0), "drop instance-stopped"},
      {T1, Out(Vm(0), 8080, 0), "not-ours"},
      {T1, Tcp(ACK), "drop instance-stopped"},
      {T1, Probe(0, true), ""},
      {T1, Tcp(SYN, 2), "drop no-healthy-backend"},
      {T2, Run(0, true), ""},
      {T2, Tcp(SYN, 2), "drop no-healthy-backend"},
      {T3, Probe(0, true), ""},
      {T3, Tcp(ACK), "drop instance-stopped"},
      {T3, Tcp(SYN), "new vm0:8080"}}},
    {"LB-36 LB-37 NAT rules are gated neither by probes nor by admin state, but by a stop",
     [](C& c) { AddNat(c, Vm(1)); },
     {{T0, Admin(1, AdminState::Down), ""},
      {T0, Tcp(SYN, 1, 50), "new vm1:22"},
      {T0, Tcp(ACK, 1, 50), "vm1:22"},
      {T0, Probe(1, true), ""},
      {T0, Probe(1, false), ""},
      {T1, Tcp(ACK, 1, 50), "vm1:22"},
      {T1, Out(Vm(1), 22, ACK), "back :50"},
      {T2, Run(1, false), ""},
      {T2, Tcp(ACK, 1, 50), "drop instance-stopped"},
      {T2, Tcp(SYN, 2, 50), "drop instance-stopped"},
      {T3, Run(1, true), ""},
      {T3, Tcp(SYN, 2, 50), "new vm1:22"}}},
    {"LB-46 a NAT rule without a target drops; UDP is another key (LB-21)",
     [](C& c) { AddNat(c, IpAddress()); },
     {{T0, Tcp(SYN, 1, 50), "drop no-backend"}, {T0, Udp(1, 50), "drop no-rule"}}},
    {"LB-31 a pool without members drops; so does one whose last member has left",
     [](C& c) { c.backendAddressPools[0].backendAddresses.clear(); },
     {{T0, Tcp(SYN), "drop no-backend"}, {T0, Tcp(ACK), "drop no-flow"}}},
};

const std::vector<Script> TIMES{
    {"LB-40 LB-41 at the idle timeout, not before it, a flow ends silently",
     [](C& c) {
         Reset(c);
         c.loadBalancingRules[0].enableTcpReset = false;
     },
     {{T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {IDLE - NS, Tcp(ACK), "vm0:8080"},
      {2 * IDLE - NS, Tcp(ACK), "drop idle-timeout"},
      {2 * IDLE - NS, Out(Vm(0), 8080, ACK), "drop idle-timeout"},
      // Forgotten after the same time again.
      {3 * IDLE - 2 * NS, Tcp(ACK), "drop idle-timeout"},
      {3 * IDLE - NS, Tcp(ACK), "drop no-flow"},
      {3 * IDLE, Tcp(SYN), "new vm0:8080"}}},
    {"LB-40 with TCP reset late packets are answered by a reset, but never a RST",
     Reset,
     {{T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {IDLE, Tcp(ACK), "reset idle-timeout"},
      {IDLE, Tcp(FIN), "reset idle-timeout"},
      {IDLE, Tcp(RST), "drop idle-timeout"},
      {IDLE, Out(Vm(0), 8080, ACK), "reset idle-timeout"},
      {IDLE, Out(Vm(0), 8080, RST), "drop idle-timeout"},
      {IDLE, Tcp(SYN), "new vm0:8080"}}},
    {"LB-42 an internal HA ports rule sends no resets whatever is configured",
     HaPorts,
     {{T0, Tcp(SYN), "new vm0:80"},
      {T0, Tcp(ACK), "vm0:80"},
      {IDLE, Tcp(ACK), "drop idle-timeout"},
      {IDLE, Tcp(ACK, 9), "drop no-flow"}}},
    {"LB-43 the frontend's own idle timeout overrides the rule's, shorter or longer",
     [](C& c) {
         Reset(c);
         c.frontendIpConfigurations[0].idleTimeout = Minutes(5);
         AddNat(c, Vm(1));
         c.inboundNatRules[0].idleTimeout = Minutes(30);
     },
     {{T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(SYN, 1, 50), "new vm1:22"},
      {Minutes(5) - NS, Tcp(ACK), "vm0:8080"},
      {Minutes(5), Tcp(ACK, 1, 50), "drop idle-timeout"}}},
    {"LB-44 a packet of either direction is activity",
     Reset,
     {{T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {Seconds(200), Out(Vm(0), 8080, ACK), "back :80"},
      {Seconds(400), Tcp(ACK), "vm0:8080"},
      {Seconds(600), Out(Vm(0), 8080, ACK), "back :80"},
      {Seconds(839), Tcp(ACK), "vm0:8080"}}},
    {"LB-42 LB-45 a UDP flow lives 4 minutes whatever the rule's timeout; late answers are lost",
     [](C& c) {
         Reset(c);
         AddUdp(c);
         c.loadBalancingRules[1].idleTimeout = Minutes(100);
     },
     {{T0, Udp(), "new vm0:8080"},
      {IDLE - NS, Udp(), "vm0:8080"},
      {2 * IDLE - 2 * NS, Out(Vm(0), 8080, 0), "back :80"},
      {3 * IDLE - 2 * NS, Udp(), "new vm0:8080"},
      {4 * IDLE - 2 * NS, Out(Vm(0), 8080, 0), "drop idle-timeout"}}},
    {"A closed connection passes what is on its way for a minute, a SYN opens a new one",
     Reset,
     {{T0, Tcp(SYN), "new vm0:8080"},
      {T0, Tcp(ACK), "vm0:8080"},
      {T1, Tcp(FIN), "vm0:8080"},
      {T1, Out(Vm(0), 8080, FIN), "back :80"},
      {Seconds(61) - NS, Tcp(ACK), "vm0:8080"},
      {Seconds(121) - NS, Tcp(ACK), "reset no-flow"},
      {Seconds(130), Tcp(SYN), "new vm0:8080"},
      {Seconds(130), Out(Vm(0), 8080, RST | ACK), "back :80"},
      {Seconds(131), Tcp(SYN), "new vm0:8080"}}},
    {"LB-14 only a SYN begins a connection",
     [](C& c) {
         Reset(c);
         c.loadBalancingRules[0].enableTcpReset = false;
     },
     {{T0, Tcp(ACK), "drop no-flow"},
      {T0, Tcp(SYN | ACK), "drop no-flow"},
      {T0, Tcp(SYN | RST), "drop no-flow"},
      {T0, Tcp(RST), "drop no-flow"},
      {T0, Tcp(FIN), "drop no-flow"},
      {T0, Tcp(0), "drop no-flow"},
      {T0, Tcp(SYN | PacketView::PSH), "new vm0:8080"}}},
};

const std::vector<Script> ADDRESSES{
    {"LB-24 a port of its own beside HA ports, both floating, on one frontend",
     [](C& c) {
         HaPorts(c);
         c.loadBalancingRules[0].enableFloatingIp = true;
         c.loadBalancingRules.push_back(c.loadBalancingRules[0]);
         auto& rule = c.loadBalancingRules[1];
         rule.name = "port";
         rule.protocol = TransportProtocol::Tcp;
         rule.frontendPort = 80;
         rule.backendPort = 8080;
     },
     {{T0, Tcp(SYN), "new vm0 as frontend:8080"},
      {T0, Tcp(SYN, 1, 81), "new vm0 as frontend:81"},
      {T0, Udp(1, 80), "new vm0 as frontend:80"},
      {T0, Out(FRONT, 8080, SYN | ACK), "back :80"},
      {T0, Out(FRONT, 81, SYN | ACK), "back :81"},
      {T0, Out(FRONT, 80, 0), "back :80"},
      // Answers must come from the address that the packet went to (LB-26).
      {T0, Out(Vm(0), 8080, SYN | ACK), "not-ours"}}},
    {"LB-26 LB-46 a NAT rule with floating IP",
     [](C& c) {
         AddNat(c, Vm(1));
         c.inboundNatRules[0].enableFloatingIp = true;
     },
     {{T0, Tcp(SYN, 1, 50), "new vm1 as frontend:22"},
      {T0, Out(Vm(1), 22, SYN | ACK), "not-ours"},
      {T0, Out(FRONT, 22, SYN | ACK), "back :50"}}},
    {"LB-62 ICMP echo passes HA ports, told apart by its identifier, and lives as UDP does",
     HaPorts,
     {{T0, In(PacketView::ICMP, 7, 0, 0), "new vm0:0"},
      {T0, In(PacketView::ICMP, 8, 0, 0), "new vm0:0"},
      {T0, In(PacketView::ICMP, 7, 0, 0), "vm0:0"},
      {IDLE, In(PacketView::ICMP, 7, 0, 0), "new vm0:0"}}},
    {"LB-61 ICMP echo is not forwarded by a rule with ports",
     Reset,
     {{T0, In(PacketView::ICMP, 7, 0, 0), "drop no-rule"}}},
    {"LB-22 HA ports are TCP, UDP and ICMP, nothing else",
     HaPorts,
     {{T0, In(47, 0, 0, 0), "drop unsupported-protocol"},
      {T0, In(132, 5, 0, 80), "drop unsupported-protocol"}}},
};

/** Fragments on their way out (LB-29). */
class LaterFragmentTestCase : public EngineTestCase
{
  public:
    LaterFragmentTestCase()
        : EngineTestCase("LB-29 later fragments follow their first, as far back as 64 packets")
    {
    }

  private:
    void DoRun() override
    {
        auto configuration = MakeConfiguration(1);
        AddUdp(configuration);
        Make(configuration);
        const PacketView packet = Udp(1, 80);
        PacketView first = Reply(packet, m_engine->Forward(packet, Seconds(1)));
        first.fragment = true;
        PacketView later = first;
        later.sourcePort = later.destinationPort = 0;
        later.laterFragment = true;
        const auto isCut = [&](uint16_t identification) {
            later.identification = identification;
            const Verdict verdict = m_engine->Return(later, Seconds(2));
            NS_TEST_EXPECT_MSG_EQ((verdict.action == VerdictAction::NotOurs ||
                                   verdict.reason == DropReason::Fragment),
                                  true,
                                  "passed on untouched, or dropped for what it is");
            return verdict.action == VerdictAction::Drop;
        };
        NS_TEST_EXPECT_MSG_EQ(isCut(1), false, "nothing was dropped before");
        for (uint16_t identification = 1; identification <= 64; ++identification)
        {
            first.identification = identification;
            ExpectDrop(m_engine->Return(first, Seconds(2)), DropReason::Fragment, "first");
        }
        NS_TEST_EXPECT_MSG_EQ(isCut(1), true, "the first of 64");
        NS_TEST_EXPECT_MSG_EQ(isCut(64), true, "the last of 64");
        NS_TEST_EXPECT_MSG_EQ(isCut(65), false, "a packet that was not seen");
        first.identification = 65;
        m_engine->Return(first, Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(isCut(65), true, "now it was");
        NS_TEST_EXPECT_MSG_EQ(isCut(1), false, "and the oldest is forgotten");
        // Other hosts, other protocols: other packets of the same number.
        later.protocol = PacketView::TCP;
        NS_TEST_EXPECT_MSG_EQ(isCut(65), false, "another protocol");
        later.protocol = PacketView::UDP;
        later.destination = Ip(198, 51, 100, 1);
        NS_TEST_EXPECT_MSG_EQ(isCut(65), false, "another client");
        NS_TEST_EXPECT_MSG_EQ(
            m_engine->GetStatistics().drops[static_cast<size_t>(DropReason::Fragment)],
            65 + 3,
            "all are counted");
    }
};

/** What happens, line by line. */
class LoadBalancerScriptsTestSuite : public TestSuite
{
  public:
    LoadBalancerScriptsTestSuite()
        : TestSuite("azure-load-balancer-scripts", Type::UNIT)
    {
        for (const auto* table : {&HEALTH, &TIMES, &ADDRESSES})
        {
            for (const auto& script : *table)
            {
                AddTestCase(new ScriptTestCase(script), Duration::QUICK);
            }
        }
        AddTestCase(new LaterFragmentTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
LoadBalancerScriptsTestSuite g_loadBalancerScriptsTestSuite;

} // namespace
