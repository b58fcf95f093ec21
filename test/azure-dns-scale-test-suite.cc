/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-dns-helper.h"
#include "ns3/azure-dns-server.h"
#include "ns3/azure-dns-static-zone.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <chrono>
#include <iostream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Many hosts behind many resolvers look up one name every second.
 *
 * With a TTL of 10 s every resolver asks the authority once in that time, whatever its hosts do.
 */
class ScaleTestCase : public TestCase
{
  public:
    /**
     * @param resolvers resolvers
     * @param hosts hosts of each
     * @param seconds simulated time
     */
    ScaleTestCase(uint32_t resolvers, uint32_t hosts, uint32_t seconds)
        : TestCase(std::to_string(resolvers * hosts) + " hosts behind " +
                   std::to_string(resolvers) + " resolvers for " + std::to_string(seconds) + " s"),
          m_resolvers(resolvers),
          m_hosts(hosts),
          m_seconds(seconds)
    {
    }

  private:
    static constexpr uint32_t TTL = 10; //!< of the name, seconds

    void DoRun() override
    {
        const auto begin = std::chrono::steady_clock::now();
        NodeContainer server(1);
        NodeContainer resolvers(m_resolvers);
        NodeContainer hosts(m_resolvers * m_hosts);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(server);
        stack.Install(resolvers);
        stack.Install(hosts);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
        link.SetChannelAttribute("Delay", StringValue("5ms"));
        Ipv4AddressHelper upper("10.0.0.0", "255.255.255.252");
        Ipv4AddressHelper lower("11.0.0.0", "255.255.255.252");
        // One server for all zones, reached over the link of each resolver.
        auto root = std::make_shared<DnsStaticZone>(DnsName(), "a.root", 60);
        auto apps = DnsServerHelper().InstallZones(server.Get(0), {root});
        root->Add(DnsRecord::A("www.example.com", TTL, "192.0.2.1"));
        DynamicCast<DnsServer>(apps.Get(0))
            ->TraceConnectWithoutContext("Served", MakeCallback(&ScaleTestCase::OnServed, this));
        std::vector<Ptr<StubResolver>> stubs;
        for (uint32_t i = 0; i < m_resolvers; ++i)
        {
            const auto top = upper.Assign(link.Install(server.Get(0), resolvers.Get(i)));
            upper.NewNetwork();
            ResolverHelper helper;
            helper.AddRootHint("a.root", top.GetAddress(0));
            helper.InstallRecursive(resolvers.Get(i));
            helper.AssignStreams(resolvers.Get(i), 1000 + i);
            for (uint32_t k = 0; k < m_hosts; ++k)
            {
                const auto host = hosts.Get(i * m_hosts + k);
                const auto bottom = lower.Assign(link.Install(resolvers.Get(i), host));
                lower.NewNetwork();
                stubs.push_back(helper.InstallStub(host, {bottom.GetAddress(0)}));
                stubs.back()->AssignStreams(10000 + i * m_hosts + k);
            }
        }
        for (uint32_t i = 0; i < stubs.size(); ++i)
        {
            Simulator::Schedule(MicroSeconds(1000000 + i * 997),
                                &ScaleTestCase::LookUp,
                                this,
                                stubs[i]);
        }
        Simulator::Stop(Seconds(m_seconds));
        Simulator::Run();
        Simulator::Destroy();
        NS_TEST_EXPECT_MSG_GT(m_found, (m_seconds - 3) * stubs.size(), "every look-up succeeds");
        NS_TEST_EXPECT_MSG_EQ(m_failed, 0, "none fails");
        NS_TEST_EXPECT_MSG_LT_OR_EQ(m_served,
                                    m_resolvers * (m_seconds / TTL + 1),
                                    "a resolver asks once in the TTL");
        NS_TEST_EXPECT_MSG_GT_OR_EQ(m_served,
                                    m_resolvers * (m_seconds / (TTL + 2)),
                                    "and does ask when the TTL is over");
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
        std::cout << "    " << m_found << " look-ups, " << m_served << " queries to the server, "
                  << wall.count() << " s\n";
    }

    /** @param stub who looks up */
    void LookUp(Ptr<StubResolver> stub)
    {
        stub->Resolve("www.example.com", DnsType::A, MakeCallback(&ScaleTestCase::OnResult, this));
        Simulator::Schedule(Seconds(1), &ScaleTestCase::LookUp, this, stub);
    }

    /** @param lookup what came out */
    void OnResult(const DnsLookup& lookup)
    {
        ++(lookup.status == DnsLookupStatus::Found ? m_found : m_failed);
    }

    /** @brief The server was asked. */
    void OnServed(const DnsServedRecord& /* record */)
    {
        ++m_served;
    }

    uint32_t m_resolvers; //!< resolvers
    uint32_t m_hosts;     //!< hosts of each
    uint32_t m_seconds;   //!< simulated time
    uint64_t m_found{0};  //!< look-ups that succeeded
    uint64_t m_failed{0}; //!< look-ups that failed
    uint64_t m_served{0}; //!< queries to the server
};

/// The suite.
class DnsScaleTestSuite : public TestSuite
{
  public:
    DnsScaleTestSuite()
        : TestSuite("azure-dns-scale", Type::SYSTEM)
    {
        AddTestCase(new ScaleTestCase(5, 10, 100), Duration::QUICK);
        AddTestCase(new ScaleTestCase(100, 10, 900), Duration::EXTENSIVE);
    }
};

DnsScaleTestSuite g_suite; //!< the suite

} // namespace
