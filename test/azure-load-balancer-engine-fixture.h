/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_ENGINE_FIXTURE_H
#define AZURE_LOAD_BALANCER_ENGINE_FIXTURE_H

#include "ns3/azure-load-balancer-engine.h"
#include "ns3/test.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup tests
 * @param a first byte
 * @param b second byte
 * @param c third byte
 * @param d fourth byte
 * @return the address a.b.c.d
 */
inline IpAddress
Ip(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return IpAddress::FromIpv4Bits(a << 24 | b << 16 | c << 8 | d);
}

/**
 * @ingroup tests
 * @param index number of an instance
 * @return its address, 10.0.0.4 and so on
 */
inline IpAddress
Vm(uint32_t index)
{
    return Ip(10, 0, (4 + index) / 256, (4 + index) % 256);
}

/// @ingroup tests
/// @return the frontend of the fixture
inline IpAddress
FrontendAddress()
{
    return Ip(20, 0, 0, 4);
}

/// @ingroup tests
/// @return the client of the fixture
inline IpAddress
ClientAddress()
{
    return Ip(203, 0, 113, 7);
}

/**
 * @ingroup tests
 * @param members number of instances
 * @return a public Standard load balancer: frontend 20.0.0.4, rule "web" TCP 80 -> pool "pool"
 *         port 8080 with probe "probe"
 */
inline LoadBalancerConfiguration
MakeConfiguration(uint32_t members)
{
    LoadBalancerConfiguration configuration;
    configuration.name = "lb";
    FrontendIpConfiguration frontend;
    frontend.name = "frontend";
    frontend.address = FrontendAddress();
    configuration.frontendIpConfigurations.push_back(frontend);
    BackendAddressPool pool;
    pool.name = "pool";
    for (uint32_t index = 0; index < members; ++index)
    {
        LoadBalancerBackendAddress member;
        member.name = "vm-" + std::to_string(index);
        member.address = Vm(index);
        pool.backendAddresses.push_back(member);
    }
    configuration.backendAddressPools.push_back(pool);
    Probe probe;
    probe.name = "probe";
    probe.port = 8080;
    configuration.probes.push_back(probe);
    LoadBalancingRule rule;
    rule.name = "web";
    rule.frontendIpConfiguration = "frontend";
    rule.backendAddressPool = "pool";
    rule.probe = "probe";
    rule.frontendPort = 80;
    rule.backendPort = 8080;
    configuration.loadBalancingRules.push_back(rule);
    return configuration;
}

/**
 * @ingroup tests
 * @brief A test case about a load balancer engine, with short ways to speak to it.
 */
class EngineTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case; begins with the rules that it shows
     */
    explicit EngineTestCase(const std::string& name)
        : TestCase(name)
    {
    }

  protected:
    /**
     * @brief Make the engine.
     *
     * @param configuration what it balances
     * @param allUp whether every probe says that every member is up
     * @param settings what the configuration does not say
     */
    void Make(const LoadBalancerConfiguration& configuration,
              bool allUp = true,
              const LoadBalancerEngineSettings& settings = LoadBalancerEngineSettings())
    {
        m_engine = std::make_unique<LoadBalancerEngine>(configuration, settings);
        for (uint32_t probe = 0; allUp && probe < configuration.probes.size(); ++probe)
        {
            for (const auto& pool : configuration.backendAddressPools)
            {
                for (const auto& member : pool.backendAddresses)
                {
                    m_engine->SetProbeStatus(probe, member.address, true);
                }
            }
        }
    }

    /**
     * @param port the client's port
     * @param flags TCP flags
     * @param destinationPort port at the frontend
     * @return a TCP segment of the client to the frontend
     */
    static PacketView Tcp(uint16_t port,
                          uint8_t flags = PacketView::ACK,
                          uint16_t destinationPort = 80)
    {
        PacketView packet;
        packet.source = ClientAddress();
        packet.sourcePort = port;
        packet.destination = FrontendAddress();
        packet.destinationPort = destinationPort;
        packet.tcpFlags = flags;
        packet.sequence = flags & PacketView::SYN ? 1000 : 1001;
        packet.acknowledgment = flags & PacketView::ACK ? 5001 : 0;
        return packet;
    }

    /**
     * @param port the client's port
     * @param destinationPort port at the frontend
     * @return a UDP datagram of the client to the frontend
     */
    static PacketView Udp(uint16_t port, uint16_t destinationPort = 53)
    {
        PacketView packet = Tcp(port, 0, destinationPort);
        packet.protocol = PacketView::UDP;
        return packet;
    }

    /**
     * @param packet a packet as the client sends it
     * @param verdict what became of it
     * @param flags TCP flags
     * @return the answer of the instance
     */
    static PacketView Reply(const PacketView& packet,
                            const Verdict& verdict,
                            uint8_t flags = PacketView::ACK)
    {
        PacketView reply;
        reply.protocol = packet.protocol;
        reply.source = verdict.destination;
        reply.sourcePort = verdict.destinationPort;
        reply.destination = verdict.source;
        reply.destinationPort = verdict.sourcePort;
        reply.tcpFlags = flags;
        reply.sequence = flags & PacketView::SYN ? 5000 : 5001;
        reply.acknowledgment = flags & PacketView::ACK ? 1001 : 0;
        return reply;
    }

    /**
     * @brief Complete a TCP handshake.
     *
     * @param port the client's port
     * @param now time of all three segments
     * @param destinationPort port at the frontend
     * @return the verdict on the SYN
     */
    Verdict Connect(uint16_t port, Time now, uint16_t destinationPort = 80)
    {
        const PacketView syn = Tcp(port, PacketView::SYN, destinationPort);
        const Verdict verdict = m_engine->Forward(syn, now);
        if (verdict.action == VerdictAction::Translate)
        {
            m_engine->Return(Reply(syn, verdict, PacketView::SYN | PacketView::ACK), now);
            m_engine->Forward(Tcp(port, PacketView::ACK, destinationPort), now);
        }
        return verdict;
    }

    /**
     * @brief Expect that a packet is translated.
     *
     * @param verdict the verdict on it
     * @param what told when it is not
     */
    void ExpectPass(const Verdict& verdict, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.action), "translate", what);
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.reason), "none", what);
    }

    /**
     * @brief Expect that a packet is dropped.
     *
     * @param verdict the verdict on it
     * @param reason the reason
     * @param what told when it is not
     */
    void ExpectDrop(const Verdict& verdict, DropReason reason, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.action), "drop", what);
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.reason), ToString(reason), what);
    }

    /**
     * @brief Expect that a packet is answered with a reset.
     *
     * @param verdict the verdict on it
     * @param reason the reason
     * @param what told when it is not
     */
    void ExpectReset(const Verdict& verdict, DropReason reason, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.action), "reset", what);
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.reason), ToString(reason), what);
    }

    /**
     * @param count how many packets
     * @return for the first of new flows from as many ports, how many went to each instance
     */
    std::map<IpAddress, uint32_t> Spread(uint32_t count)
    {
        std::map<IpAddress, uint32_t> hits;
        for (uint32_t flow = 0; flow < count; ++flow)
        {
            ++hits[m_engine->Explain(Tcp(1024 + flow, PacketView::SYN), Seconds(0)).backend];
        }
        return hits;
    }

    void DoTeardown() override
    {
        m_engine.reset();
    }

    std::unique_ptr<LoadBalancerEngine> m_engine; //!< the engine under test
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_ENGINE_FIXTURE_H */
