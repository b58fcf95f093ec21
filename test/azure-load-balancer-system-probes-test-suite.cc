/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-load-balancer-system-fixture.h"

#include "ns3/azure-health-prober-set.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/ppp-header.h"
#include "ns3/string.h"
#include "ns3/tcp-header.h"

#include <memory>

using namespace ns3;
using namespace ns3::azure;

namespace
{

const Ipv4Address PROBE_SOURCE("168.63.129.16"); //!< HP-9

/** A packet on the link of an instance. */
struct Seen
{
    Ipv4Address source;      //!< from whom
    Ipv4Address destination; //!< to whom
    uint16_t port;           //!< destination port, TCP
};

/** What is probed by the balancer itself. */
class ProbingNetwork
{
  public:
    /**
     * @param nBackends number of instances
     */
    explicit ProbingNetwork(uint32_t nBackends)
        : network(1, nBackends),
          configuration(network.Configuration())
    {
        azure::Probe probe;
        probe.name = "probe";
        probe.port = 80;
        probe.interval = Seconds(5);
        configuration.probes = {probe};
        configuration.loadBalancingRules = {SystemNetwork::Rule(TransportProtocol::Tcp, 80, 80)};
        configuration.loadBalancingRules[0].probe = "probe";
        network.helper.SetProbeAttribute("Phase",
                                         StringValue("ns3::ConstantRandomVariable[Constant=0.5]"));
    }

    /** Installs the balancer, listens on every instance and on its link. */
    void Start()
    {
        balancer = network.Install(configuration);
        for (uint32_t i = 0; i < network.backends.GetN(); i++)
        {
            network.TcpServer(network.backends.Get(i), 80);
            // Device 0 is the loopback.
            network.backends.Get(i)->GetDevice(1)->TraceConnectWithoutContext(
                "MacRx",
                Callback<void, Ptr<const Packet>>(
                    [this](Ptr<const Packet> packet) { See(packet); }));
        }
        balancer->TraceConnectWithoutContext("ProbeStatus",
                                             Callback<void, const std::string&, Ipv4Address, bool>(
                                                 [this](const std::string&, Ipv4Address, bool up) {
                                                     verdicts.emplace_back(Simulator::Now(), up);
                                                 }));
    }

    SystemNetwork network;                       //!< all nodes
    LoadBalancerConfiguration configuration;     //!< of the balancer
    Ptr<LoadBalancer> balancer;                  //!< under test
    std::vector<Seen> seen;                      //!< TCP packets that reached an instance
    std::vector<std::pair<Time, bool>> verdicts; //!< in order

  private:
    /**
     * A packet reaches an instance.
     * @param packet it, from its PPP header on
     */
    void See(Ptr<const Packet> packet)
    {
        auto copy = packet->Copy();
        PppHeader ppp;
        Ipv4Header ip;
        TcpHeader tcp;
        copy->RemoveHeader(ppp);
        copy->RemoveHeader(ip);
        if (ip.GetProtocol() == 6 && copy->RemoveHeader(tcp))
        {
            seen.push_back({ip.GetSource(), ip.GetDestination(), tcp.GetDestinationPort()});
        }
    }
};

/** The older threshold has no effect. */
void
NumberOfProbes(FunctionTestCase& test)
{
    std::vector<std::vector<std::pair<Time, bool>>> runs;
    for (const uint32_t number : {1, 2, 7})
    {
        ProbingNetwork net(1);
        net.configuration.probes[0].numberOfProbes = number;
        net.Start();
        Simulator::Schedule(Seconds(11),
                            [&]() { net.network.backends.Get(0)->GetObject<Ipv4>()->SetDown(1); });
        Simulator::Schedule(Seconds(31), [&]() {
            net.network.backends.Get(0)->GetObject<Ipv4>()->SetUp(1);
            Ipv4GlobalRoutingHelper::RecomputeRoutingTables();
        });
        SystemNetwork::RunUntil(Seconds(60));
        runs.push_back(net.verdicts);
    }
    test.Equal(runs[0].size(), 3, "up, down, up");
    // Probes leave at 2.5 s, 7.5 s, 12.5 s, ...; the one of 12.5 s has failed at 17.5 s.
    test.Near(runs[0].at(1).first.GetSeconds(), 17.5, 0.01, "down after one failed probe");
    test.Check(runs[1] == runs[0], "numberOfProbes 2 changes nothing");
    test.Check(runs[2] == runs[0], "nor does 7");
}

/** The threshold that counts does. */
void
ProbeThreshold(FunctionTestCase& test)
{
    ProbingNetwork net(1);
    net.configuration.probes[0].numberOfProbes = 1;
    net.configuration.probes[0].probeThreshold = 3;
    net.Start();
    Simulator::Schedule(Seconds(21),
                        [&]() { net.network.backends.Get(0)->GetObject<Ipv4>()->SetDown(1); });
    Simulator::Schedule(Seconds(51), [&]() {
        net.network.backends.Get(0)->GetObject<Ipv4>()->SetUp(1);
        Ipv4GlobalRoutingHelper::RecomputeRoutingTables();
    });
    SystemNetwork::RunUntil(Seconds(80));
    test.Equal(net.verdicts.size(), 3, "up, down, up");
    test.Near(net.verdicts.at(0).first.GetSeconds(), 2.5, 0.01, "up with the first success of all");
    // Probes of 22.5 s, 27.5 s and 32.5 s fail; those of 52.5 s, 57.5 s and 62.5 s succeed.
    test.Near(net.verdicts.at(1).first.GetSeconds(), 37.5, 0.01, "down after three failures");
    test.Near(net.verdicts.at(2).first.GetSeconds(), 62.5, 0.01, "up after three successes");
}

/** Floating IP does not change where probes go. */
void
FloatingIp(FunctionTestCase& test)
{
    ProbingNetwork net(2);
    net.configuration.loadBalancingRules[0].enableFloatingIp = true;
    net.Start();
    for (uint32_t i = 0; i < 2; i++)
    {
        // As Azure asks for: the frontend's address on a loopback interface of the instance.
        auto ipv4 = net.network.backends.Get(i)->GetObject<Ipv4>();
        ipv4->AddAddress(0, Ipv4InterfaceAddress(SystemNetwork::Frontend(), Ipv4Mask("/32")));
    }
    SystemNetwork::RunUntil(Seconds(6));
    TestConnection connection(net.network.clients.Get(0),
                              InetSocketAddress(Ipv4Address::GetAny(), 0),
                              InetSocketAddress(SystemNetwork::Frontend(), 80));
    SystemNetwork::RunUntil(Seconds(7));
    test.Equal(connection.connected, true, "the rule works");
    uint32_t probes = 0;
    uint32_t others = 0;
    for (const auto& packet : net.seen)
    {
        const bool own = packet.destination == net.network.backendAddresses[0] ||
                         packet.destination == net.network.backendAddresses[1];
        if (packet.source == PROBE_SOURCE)
        {
            probes++;
            test.Check(own, "a probe goes to the instance's own address");
        }
        else
        {
            others++;
            test.Check(packet.destination == SystemNetwork::Frontend(),
                       "a client's packet keeps the frontend's address");
        }
    }
    test.Check(probes >= 6, "a handshake and a close of two instances");
    test.Check(others >= 2, "a handshake");
}

/** Nobody but the platform's address probes. */
void
Source(FunctionTestCase& test)
{
    ProbingNetwork net(3);
    azure::Probe http;
    http.name = "http";
    http.protocol = ProbeProtocol::Http;
    http.port = 80;
    http.requestPath = "/";
    http.interval = Seconds(5);
    net.configuration.probes.push_back(http);
    net.configuration.loadBalancingRules.push_back(
        SystemNetwork::Rule(TransportProtocol::Tcp, 81, 81));
    net.configuration.loadBalancingRules[1].probe = "http";
    net.Start();
    SystemNetwork::RunUntil(Seconds(21));
    test.Check(net.seen.size() > 3 * 2 * 4 * 3, "two probes, three instances, four intervals");
    for (const auto& packet : net.seen)
    {
        test.Check(packet.source == PROBE_SOURCE, "every packet is from 168.63.129.16");
        test.Equal(packet.port, 80, "to the port of the probe");
    }
    test.Equal(net.verdicts.size(), 3, "the servers that only echo fail the HTTP probe");
}

/** One instance, two balancers on two nodes, different probes. */
void
TwoBalancers(FunctionTestCase& test)
{
    ProbingNetwork net(1);
    net.Start();
    auto upstream = CreateObject<Node>();
    InternetStackHelper().Install(upstream);
    PointToPointHelper link;
    Ipv4AddressHelper addresses("10.9.0.0", "255.255.255.0");
    addresses.Assign(link.Install(upstream, net.network.router));
    auto configuration = net.configuration;
    configuration.name = "upstream";
    configuration.frontendIpConfigurations[0].address = IpAddress::From(Ipv4Address("20.0.0.5"));
    configuration.probes[0].interval = Seconds(6);
    auto second = net.network.helper.Install(upstream, configuration);
    Ipv4GlobalRoutingHelper::RecomputeRoutingTables();
    std::vector<uint32_t> results(4);
    auto count = [&](Ptr<LoadBalancer> balancer, uint32_t index) {
        balancer->GetProbers()->TraceConnectWithoutContext(
            "ProbeResult",
            Callback<void, const ProbeRecord&>([&results, index](const ProbeRecord& record) {
                results[2 * index + (record.outcome == ProbeOutcome::Success ? 1 : 0)]++;
            }));
    };
    count(net.balancer, 0);
    count(second, 1);
    SystemNetwork::RunUntil(Seconds(59));
    // From 2.5 s every 5 s, and from 3 s every 6 s.
    test.Equal(results[1], 12, "the first balancer gets its answers");
    test.Equal(results[3], 10, "so does the second");
    test.Equal(results[0] + results[2], 0, "no probe fails");
}

/** NAT rules do not ask for health. */
void
NatRules(FunctionTestCase& test)
{
    ProbingNetwork net(2);
    net.configuration.probes[0].port = 9; // nobody listens there
    InboundNatRule nat;
    nat.name = "ssh";
    nat.frontendIpConfiguration = "frontend";
    nat.frontendPort = 50001;
    nat.backendPort = 22;
    nat.backendAddress = IpAddress::From(net.network.backendAddresses[1]);
    net.configuration.inboundNatRules = {nat};
    net.Start();
    net.network.TcpServer(net.network.backends.Get(1), 22);
    SystemNetwork::RunUntil(Seconds(20));
    const InetSocketAddress any(Ipv4Address::GetAny(), 0);
    auto client = net.network.clients.Get(0);
    TestConnection ruled(client, any, InetSocketAddress(SystemNetwork::Frontend(), 80));
    TestConnection mapped(client, any, InetSocketAddress(SystemNetwork::Frontend(), 50001));
    SystemNetwork::RunUntil(Seconds(21));
    test.Equal(net.verdicts.size(), 0, "no instance was ever up");
    test.Equal(ruled.connected, false, "the rule with the probe is shut");
    test.Check(net.balancer->GetDropCount(DropReason::NoHealthyBackend) > 0, "by reason");
    test.Equal(mapped.connected, true, "the NAT rule is not");
    mapped.Send("login");
    SystemNetwork::RunUntil(Seconds(22));
    test.Equal(mapped.received, std::string("login"), "it serves");
}

/** All cases. */
class SystemProbesTestSuite : public TestSuite
{
  public:
    SystemProbesTestSuite()
        : TestSuite("azure-load-balancer-system-probes", Type::SYSTEM)
    {
        Add("HP-4 numberOfProbes has no effect: one failed probe marks down", NumberOfProbes);
        Add("HP-3 HP-4 probeThreshold has one, in both directions", ProbeThreshold);
        Add("HP-8 probes go to an instance's own address, also with floating IP", FloatingIp);
        Add("HP-9 HP-11 every probe of every instance comes from 168.63.129.16", Source);
        Add("HP-9 two balancers that share an instance both get their answers", TwoBalancers);
        Add("LB-37 inbound NAT rules work while every instance is probed down", NatRules);
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), TestCase::Duration::QUICK);
    }
};

SystemProbesTestSuite g_systemProbesTestSuite; //!< registers itself

} // namespace
