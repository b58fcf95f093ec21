/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/address.h"
#include "ns3/azure-flow-monitor-helper.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-http-server.h"
#include "ns3/azure-load-balancer-helper.h"
#include "ns3/azure-load-balancer-net-device.h"
#include "ns3/csma-helper.h"
#include "ns3/double.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/ipv6-flow-classifier.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <map>
#include <random>
#include <regex>
#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A node with a LAN, 10.1.0.254/24, and a link of its own, 10.2.0.1/24, with a host on each. */
class Site
{
  public:
    Site()
        : nodes(3)
    {
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(nodes);
        CsmaHelper lan;
        lan.SetChannelAttribute("Delay", StringValue("1us"));
        PointToPointHelper link;
        Assign(lan.Install(NodeContainer(nodes.Get(0), nodes.Get(1))), {"10.1.0.254", "10.1.0.1"});
        Assign(link.Install(nodes.Get(0), nodes.Get(2)), {"10.2.0.1", "10.2.0.2"});
    }

    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    ~Site()
    {
        Simulator::Destroy();
    }

    /**
     * @param frontends addresses of the frontends
     * @return a balancer with a TCP probe every 5 s of an instance that refuses it
     */
    static LoadBalancerConfiguration Configuration(const std::vector<std::string>& frontends)
    {
        LoadBalancerConfiguration configuration;
        configuration.name = "lb";
        for (const auto& text : frontends)
        {
            const Ipv4Address address(text.c_str());
            configuration.frontendIpConfigurations.push_back(
                {"f" + text, IpAddress::From(address), false, std::nullopt, {}});
        }
        BackendAddressPool pool;
        pool.name = "pool";
        pool.backendAddresses.push_back({"vm", IpAddress::From(Ipv4Address("10.2.0.2"))});
        configuration.backendAddressPools = {pool};
        azure::Probe probe;
        probe.name = "probe";
        probe.port = 80;
        probe.interval = Seconds(5);
        configuration.probes = {probe};
        LoadBalancingRule rule;
        rule.name = "rule";
        rule.frontendIpConfiguration = "f" + frontends.at(0);
        rule.backendAddressPool = "pool";
        rule.probe = "probe";
        rule.frontendPort = rule.backendPort = 80;
        configuration.loadBalancingRules = {rule};
        return configuration;
    }

    NodeContainer nodes; //!< the node of the balancer, a host of the LAN, an instance

  private:
    /** @param devices two devices @param addresses of each */
    static void Assign(const NetDeviceContainer& devices, const std::vector<const char*>& addresses)
    {
        for (uint32_t i = 0; i < 2; i++)
        {
            auto ipv4 = devices.Get(i)->GetNode()->GetObject<Ipv4>();
            const auto interface = ipv4->AddInterface(devices.Get(i));
            ipv4->AddAddress(interface, {Ipv4Address(addresses[i]), "255.255.255.0"});
            ipv4->SetUp(interface);
        }
    }
};

/** Where an address is. */
std::string
Locate(Ptr<Node> node, const std::string& text)
{
    auto ipv4 = node->GetObject<Ipv4>();
    const Ipv4Address address(text.c_str());
    const auto interface = ipv4->GetInterfaceForAddress(address);
    std::ostringstream where;
    where << interface;
    for (uint32_t i = 0; interface >= 0 && i < ipv4->GetNAddresses(interface); i++)
    {
        const auto held = ipv4->GetAddress(interface, i);
        if (held.GetLocal() == address)
        {
            where << "/" << held.GetMask().GetPrefixLength() << (held.IsSecondary() ? "s" : "");
        }
    }
    if (interface >= 0 && DynamicCast<LoadBalancerNetDevice>(ipv4->GetNetDevice(interface)))
    {
        where << " own device";
    }
    return where.str();
}

/** Every sort of frontend address ends where clients find it. */
void
Frontends(FunctionTestCase& test)
{
    // Interfaces: 0 loopback, 1 LAN, 2 link; then one for each device of the balancer's.
    const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> table{
        {{"20.0.0.4"}, {"3/32 own device"}},
        {{"10.1.0.100"}, {"1/24s"}},
        {{"10.1.0.254"}, {"1/24"}},
        {{"10.2.0.1"}, {"2/24"}},
        {{"10.2.0.100"}, {"3/32 own device"}}, // no ARP on that link
        {{"20.0.0.4", "20.0.0.5"}, {"3/32 own device", "4/32 own device"}},
        {{"20.0.0.4", "10.1.0.100", "10.1.0.254", "10.2.0.9"},
         {"3/32 own device", "1/24s", "1/24", "4/32 own device"}}};
    for (const auto& [frontends, places] : table)
    {
        Site site;
        auto node = site.nodes.Get(0);
        LoadBalancerHelper helper;
        auto balancer = helper.Install(node, Site::Configuration(frontends));
        test.Equal(balancer->GetConfiguration().name, "lb", "installed");
        for (size_t i = 0; i < frontends.size(); i++)
        {
            test.Equal(Locate(node, frontends[i]), places[i], frontends[i]);
        }
        // The node's own traffic keeps its own address.
        auto ipv4 = node->GetObject<Ipv4>();
        test.Equal(ipv4->SelectSourceAddress(ipv4->GetNetDevice(1),
                                             Ipv4Address("10.1.0.1"),
                                             Ipv4InterfaceAddress::GLOBAL),
                   Ipv4Address("10.1.0.254"),
                   "source on the LAN");
        // A host of the LAN finds each: by ARP, or by what global routing advertises.
        Ipv4GlobalRoutingHelper::PopulateRoutingTables();
        uint32_t seen = 0;
        balancer->TraceConnectWithoutContext(
            "Drop",
            Callback<void, const Ipv4Header&, Ptr<const Packet>, DropReason>(
                [&](const Ipv4Header&, Ptr<const Packet>, DropReason) { seen++; }));
        auto socket = Socket::CreateSocket(site.nodes.Get(1), UdpSocketFactory::GetTypeId());
        for (const auto& frontend : frontends)
        {
            Simulator::Schedule(Seconds(1), [socket, text = frontend]() {
                socket->SendTo(Create<Packet>(10),
                               0,
                               InetSocketAddress(Ipv4Address(text.c_str()), 9));
            });
        }
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        test.Equal(seen, frontends.size(), "the balancer sees a datagram to each");
    }
}

/** All that is wrong is told, with the path of each field. */
void
Errors(FunctionTestCase& test)
{
    Site site;
    auto node = site.nodes.Get(0);
    auto configuration = Site::Configuration({"20.0.0.4", "20.0.0.5"});
    LoadBalancerHelper helper;
    helper.SetProbing(false);
    helper.Install(node, configuration);
    configuration.name = "second";
    configuration.probes[0].interval = Seconds(1);
    configuration.backendAddressPools[0].backendAddresses.push_back(
        {"self", IpAddress::From(Ipv4Address("10.1.0.254"))});
    InboundNatRule nat;
    nat.name = "nat";
    nat.frontendIpConfiguration = "f20.0.0.4";
    nat.backendPort = nat.frontendPort = 2222;
    nat.backendAddress = IpAddress::From(Ipv4Address("127.0.0.1"));
    configuration.inboundNatRules = {nat};
    std::multiset<std::string> paths;
    for (const auto& error : LoadBalancerHelper::Check(node, configuration))
    {
        paths.insert(error.path);
        test.Check(!error.message.empty(), "a sentence for " + error.path);
    }
    test.Check(paths == std::multiset<std::string>{"probes[0].intervalInSeconds",
                                                   "backendAddressPools[0]."
                                                   "loadBalancerBackendAddresses[1]",
                                                   "inboundNatRules[0].backendIPConfiguration",
                                                   "frontendIPConfigurations[0]",
                                                   "frontendIPConfigurations[1]"},
               "five errors");
    const auto before = node->GetNDevices();
    LoadBalancerHelper::Check(node, configuration);
    test.Equal(node->GetNDevices(), before, "asking changes nothing");
}

/** Attributes of the helper reach balancer and probers, and streams fix the phases. */
void
Settings(FunctionTestCase& test)
{
    const auto run = [&](int64_t stream, double window) {
        Site site;
        LoadBalancerHelper helper;
        helper.SetProbeAttribute("FlapWindow", TimeValue(Seconds(window)));
        auto balancer = helper.Install(site.nodes.Get(0), Site::Configuration({"20.0.0.4"}));
        TimeValue value;
        balancer->GetProbers()->GetAttribute("FlapWindow", value);
        test.Equal(value.Get(), Seconds(window), "an attribute of the probers");
        test.Equal(helper.AssignStreams(balancer, stream), 1, "one stream");
        Time first;
        balancer->GetProbers()->TraceConnectWithoutContext(
            "ProbeSent",
            Callback<void, const ProbeRecord&>(
                [&](const ProbeRecord& r) { first = first.IsZero() ? r.start : first; }));
        Simulator::Stop(Seconds(6));
        Simulator::Run();
        test.Check(first > Seconds(0) && first <= Seconds(5), "within the interval");
        return first;
    };
    const auto first = run(11, 60);
    test.Equal(run(11, 70), first, "the same phase");
    test.Check(run(12, 60) != first, "another one");
    Site site;
    LoadBalancerHelper helper;
    helper.SetProbing(false);
    auto balancer = helper.Install(site.nodes.Get(0), Site::Configuration({"20.0.0.4"}));
    test.Check(!balancer->GetProbers(), "no probers when told so");
    test.Equal(helper.AssignStreams(balancer, 1), 0, "no streams");
}

/** Applications of the HTTP helpers work as they are. */
void
Http(FunctionTestCase& test)
{
    NodeContainer nodes(3);
    PointToPointHelper link;
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    for (uint32_t i = 1; i < 3; i++)
    {
        addresses.Assign(link.Install(nodes.Get(0), nodes.Get(i)));
        addresses.NewNetwork();
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    TcpPresetHelper().Install(nodes);
    for (uint32_t i = 0; i < 3; i++)
    {
        test.Check(nodes.Get(i)->GetObject<TcpPresetSocketFactory>()->GetPreset().segmentSize ==
                       1448U,
                   "Linux unless told otherwise");
    }
    HttpServerHelper server(8080);
    auto servers = server.Install(nodes.Get(0));
    HttpClientHelper client(InetSocketAddress(Ipv4Address("10.0.0.1"), 8080));
    client.SetAttribute("Rate", DoubleValue(0));
    auto clients = client.Install(NodeContainer(nodes.Get(1), nodes.Get(2)));
    test.Equal(clients.GetN(), 2, "one a node");
    std::vector<uint32_t> answers(2);
    for (uint32_t i = 0; i < 2; i++)
    {
        auto application = DynamicCast<HttpClient>(clients.Get(i));
        application->TraceConnectWithoutContext("Request",
                                                Callback<void, const HttpRequestRecord&>(
                                                    [&answers, i](const HttpRequestRecord& record) {
                                                        answers[i] +=
                                                            record.status == 200 ? 1 : 1000;
                                                    }));
        for (uint32_t k = 0; k < 5 + i; k++)
        {
            Simulator::Schedule(Seconds(1 + k), &HttpClient::SendRequest, application);
        }
    }
    Simulator::Stop(Seconds(30));
    Simulator::Run();
    test.Equal(answers[0], 5, "answers of the first");
    test.Equal(answers[1], 6, "answers of the second");
    Simulator::Destroy();
}

/** IPv6 flows, and IPv4 flows that nobody translates, are counted as by the stock monitor. */
void
FlowMonitors(FunctionTestCase& test)
{
    NodeContainer nodes(3);
    InternetStackHelper().Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("5Mbps"));
    link.SetChannelAttribute("Delay", StringValue("3ms"));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    Ipv6AddressHelper addresses6("2001:db8::", Ipv6Prefix(64));
    Ipv6InterfaceContainer interfaces6;
    for (uint32_t i = 0; i < 2; i++)
    {
        auto devices = link.Install(nodes.Get(i), nodes.Get(i + 1));
        addresses.Assign(devices);
        addresses.NewNetwork();
        interfaces6.Add(addresses6.Assign(devices));
        addresses6.NewNetwork();
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    interfaces6.SetForwarding(1, true);
    interfaces6.SetForwarding(2, true);
    interfaces6.SetDefaultRouteInAllNodes(1);
    FlowMonitorHelper stockHelper;
    NatFlowMonitorHelper helper;
    auto stock = stockHelper.InstallAll();
    auto ours = helper.InstallAll();
    test.Check(helper.GetMonitor() == ours, "one monitor");
    std::mt19937 random(6);
    const std::vector<Address> peers{InetSocketAddress(Ipv4Address("10.0.1.2"), 9),
                                     InetSocketAddress(Ipv4Address("10.0.0.2"), 9),
                                     Inet6SocketAddress(Ipv6Address("2001:db8:0:1::1"), 9),
                                     Inet6SocketAddress(interfaces6.GetAddress(3, 1), 9),
                                     Inet6SocketAddress(interfaces6.GetAddress(1, 1), 9)};
    for (const auto& peer : peers)
    {
        auto socket = Socket::CreateSocket(nodes.Get(0), UdpSocketFactory::GetTypeId());
        InetSocketAddress::IsMatchingType(peer) ? socket->Bind() : socket->Bind6();
        for (int i = 0; i < 60; i++)
        {
            Simulator::Schedule(Seconds(2) + MicroSeconds(random() % 1000000),
                                [=]() { socket->SendTo(Create<Packet>(700), 0, peer); });
        }
    }
    Simulator::Stop(Seconds(30));
    Simulator::Run();
    stock->CheckForLostPackets(Seconds(0));
    ours->CheckForLostPackets(Seconds(0));
    const auto expected = stock->GetFlowStats();
    const auto stats = ours->GetFlowStats();
    test.Check(expected.size() >= 3, "flows");
    test.Equal(stats.size(), expected.size(), "flows");
    auto classifier6 = DynamicCast<Ipv6FlowClassifier>(helper.GetClassifier6());
    auto stock6 = DynamicCast<Ipv6FlowClassifier>(stockHelper.GetClassifier6());
    test.Check(classifier6 && stock6, "the stock IPv6 classifier");
    for (const auto& [id, flow] : expected)
    {
        const auto it = stats.find(id);
        test.Check(it != stats.end(), "the same number");
        if (it == stats.end())
        {
            continue;
        }
        test.Equal(it->second.txPackets, flow.txPackets, "sent");
        test.Equal(it->second.rxPackets, flow.rxPackets, "received");
        test.Equal(it->second.rxBytes, flow.rxBytes, "bytes");
        test.Equal(it->second.timesForwarded, flow.timesForwarded, "forwarded");
        test.Equal(it->second.lostPackets, flow.lostPackets, "lost");
        test.Equal(it->second.delaySum, flow.delaySum, "delay");
        test.Equal(it->second.jitterSum, flow.jitterSum, "jitter");
        test.Equal(helper.GetClassifier()->GetTranslations(id).size(), 0, "not translated");
    }
    for (const bool histograms : {false, true})
    {
        for (const bool probes : {false, true})
        {
            std::ostringstream text;
            helper.SerializeToXmlStream(text, 4, histograms, probes);
            test.Equal(text.str(),
                       helper.SerializeToXmlString(4, histograms, probes),
                       "stream and string");
            std::ostringstream stockText;
            stockHelper.SerializeToXmlStream(stockText, 4, histograms, probes);
            const std::regex translations(" *<Ipv4FlowTranslations>\n *</Ipv4FlowTranslations>\n");
            test.Equal(std::regex_replace(text.str(), translations, ""),
                       stockText.str(),
                       "as the stock helper writes it, and an empty element");
        }
    }
    Simulator::Destroy();
}

/** The helpers. */
class HelperTestSuite : public TestSuite
{
  public:
    HelperTestSuite()
        : TestSuite("azure-helper", Type::SYSTEM)
    {
        Add("Frontend addresses go where clients find them", Frontends);
        Add("Everything that keeps a balancer from working is told with its path", Errors);
        Add("Attributes and streams reach the probers", Settings);
        Add("HTTP applications and presets of the helpers work together", Http);
        Add("The flow monitor of IPv6 and plain IPv4 is the stock one", FlowMonitors);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, void (*body)(FunctionTestCase&))
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
HelperTestSuite g_helperTestSuite;

} // namespace
