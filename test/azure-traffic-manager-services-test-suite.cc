/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-network.h"

#include "ns3/azure-application-gateway-helper.h"
#include "ns3/azure-load-balancer-helper.h"
#include "ns3/ipv4-static-routing-helper.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param network the network
 * @param front node of the service
 * @param base network of the link
 * @return a new host behind it
 */
Ptr<Node>
AddBehind(TrafficManagerNetwork& network, Ptr<Node> front, const char* base)
{
    auto node = CreateObject<Node>();
    network.stack.Install(node);
    TcpPresetHelper().Install(node);
    network.link.SetChannelAttribute("Delay", TimeValue(MicroSeconds(100)));
    Ipv4AddressHelper addresses(base, "255.255.255.0");
    const auto ends = addresses.Assign(network.link.Install(node, front));
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(node->GetObject<Ipv4>())
        ->SetDefaultRoute(ends.GetAddress(1), 1);
    network.addresses[node->GetId()] = ends.GetAddress(0);
    return node;
}

/**
 * @param network the network
 * @param front where it is to be
 * @param backend its only member
 * @return a load balancer with the frontend 20.9.0.1
 */
Ptr<LoadBalancer>
AddLoadBalancer(TrafficManagerNetwork& network, Ptr<Node> front, Ptr<Node> backend)
{
    LoadBalancerConfiguration configuration;
    configuration.name = "lb";
    FrontendIpConfiguration frontend;
    frontend.name = "public";
    frontend.address = IpAddress::From(Ipv4Address("20.9.0.1"));
    configuration.frontendIpConfigurations = {frontend};
    BackendAddressPool pool;
    pool.name = "servers";
    LoadBalancerBackendAddress member;
    member.name = "server";
    member.address = IpAddress::From(network.AddressOf(backend));
    pool.backendAddresses = {member};
    configuration.backendAddressPools = {pool};
    azure::Probe probe;
    probe.name = "alive";
    probe.protocol = ProbeProtocol::Tcp;
    probe.port = 80;
    probe.interval = Seconds(5);
    configuration.probes = {probe};
    LoadBalancingRule rule;
    rule.name = "web";
    rule.frontendIpConfiguration = frontend.name;
    rule.backendAddressPool = pool.name;
    rule.probe = probe.name;
    rule.frontendPort = 80;
    rule.backendPort = 80;
    configuration.loadBalancingRules = {rule};
    LoadBalancerHelper helper;
    auto balancer = helper.Install(front, configuration);
    helper.AssignStreams(balancer, 2000);
    return balancer;
}

/**
 * @param network the network
 * @param front where it is to be
 * @param instance where its only instance is to be
 * @param backend its only member
 * @return an application gateway with the frontend 20.9.0.2
 */
Ptr<ApplicationGateway>
AddGateway(TrafficManagerNetwork& network, Ptr<Node> front, Ptr<Node> instance, Ptr<Node> backend)
{
    ApplicationGatewayConfiguration configuration;
    configuration.name = "gateway";
    configuration.sku.capacity = 1;
    ApplicationGatewayFrontendIpConfiguration frontend;
    frontend.name = "public";
    frontend.address = IpAddress::From(Ipv4Address("20.9.0.2"));
    configuration.frontendIpConfigurations = {frontend};
    configuration.frontendPorts = {{"http", 80}};
    HttpListener listener;
    listener.name = "web";
    listener.frontendIpConfiguration = frontend.name;
    listener.frontendPort = "http";
    configuration.httpListeners = {listener};
    ApplicationGatewayBackendAddressPool pool;
    pool.name = "servers";
    ApplicationGatewayBackendAddress member;
    member.ipAddress = IpAddress::From(network.AddressOf(backend));
    pool.backendAddresses = {member};
    configuration.backendAddressPools = {pool};
    BackendHttpSettings setting;
    setting.name = "plain";
    setting.port = 80;
    setting.requestTimeout = Seconds(2);
    configuration.backendHttpSettingsCollection = {setting};
    RequestRoutingRule rule;
    rule.name = "all";
    rule.priority = 100;
    rule.httpListener = listener.name;
    rule.backendAddressPool = pool.name;
    rule.backendHttpSettings = setting.name;
    configuration.requestRoutingRules = {rule};
    ApplicationGatewayHelper helper;
    auto gateway = helper.Install(front, NodeContainer(instance), configuration);
    helper.AssignStreams(gateway, 3000);
    return gateway;
}

/** @param t the test case */
void
CheckOwnServices(FunctionTestCase& t)
{
    TrafficManagerNetwork network;
    const auto balancerFront = network.AddHost(4);
    const auto gatewayFront = network.AddHost(6);
    const auto behindBalancer = AddBehind(network, balancerFront, "10.1.0.0");
    const auto instance = AddBehind(network, gatewayFront, "10.2.0.0");
    const auto behindGateway = AddBehind(network, gatewayFront, "10.3.0.0");
    HttpServerHelper servers(80);
    auto balanced = DynamicCast<HttpServer>(servers.Install(behindBalancer).Get(0));
    auto proxied = DynamicCast<HttpServer>(servers.Install(behindGateway).Get(0));
    auto external = network.AddServer(9);
    AddLoadBalancer(network, balancerFront, behindBalancer);
    AddGateway(network, gatewayFront, instance, behindGateway);
    const auto client = network.AddHost(1);
    const auto stub = network.AddStub(client);
    network.AddPlaces(1);

    // A public IP address with a DNS label; external names, in a child profile.
    network.Must(network.cloud->Add(DnsRecord::A("lb.eastus.cloudapp.azure.com", 10, "20.9.0.1")));
    network.Must(network.contoso->Add(DnsRecord::A("gateway.contoso.com", 10, "20.9.0.2")));
    network.Must(network.contoso->Add(
        DnsRecord::A("external.contoso.com", 10, network.AddressOf(external->GetNode()))));
    network.Must(
        network.contoso->Add(DnsRecord::Cname("www.contoso.com", 3600, "shop.trafficmanager.net")));
    auto profile = MakeProfile(
        TrafficRoutingMethod::Priority,
        {MakeEndpoint("lb", "lb.eastus.cloudapp.azure.com"), MakeEndpoint("rest", "rest")});
    profile.endpoints[0].type = TrafficManagerEndpointType::AzureEndpoints;
    profile.endpoints[1].type = TrafficManagerEndpointType::NestedEndpoints;
    profile.dnsConfig.ttl = Seconds(10);
    profile.monitorConfig.interval = Seconds(10);
    profile.monitorConfig.toleratedNumberOfFailures = 1;
    auto rest = profile;
    rest.name = rest.dnsConfig.relativeName = "rest";
    rest.endpoints = {MakeEndpoint("gateway"), MakeEndpoint("external")};
    network.Install({profile, rest});

    const auto at = [](double seconds, std::function<void()> what) {
        Simulator::Schedule(Seconds(seconds), what);
    };
    at(60, [&] { balanced->InjectFault(HttpServerFault()); }); // crashes, so does its probe
    at(120, [&] { proxied->InjectFault(HttpServerFault()); }); // the gateway answers 502
    at(300, [&] { proxied->ClearFaults(); });
    at(400, [&] { balanced->ClearFaults(); });
    // Where a client goes, once a second, and that it gets an answer there in the quiet.
    std::string path;
    std::map<Ipv4Address, double> first;
    std::map<Ipv4Address, double> last;
    std::function<void()> lookUp = [&]() {
        stub->Resolve("www.contoso.com",
                      DnsType::A,
                      StubResolver::ResultCallback([&](const DnsLookup& lookup) {
                          const auto address = lookup.GetAddress();
                          last[address] = Simulator::Now().GetSeconds();
                          first.insert({address, Simulator::Now().GetSeconds()});
                          std::ostringstream text;
                          text << address << " ";
                          if (path.size() < text.str().size() ||
                              path.substr(path.size() - text.str().size()) != text.str())
                          {
                              path += text.str();
                          }
                      }));
        Simulator::Schedule(Seconds(1), lookUp);
    };
    at(35, lookUp);
    std::map<double, std::string> served;
    const auto ask = [&](double seconds) {
        at(seconds, [&, seconds]() {
            stub->Resolve(
                "www.contoso.com",
                DnsType::A,
                StubResolver::ResultCallback([&, seconds](const DnsLookup& lookup) {
                    HttpClientHelper clients(InetSocketAddress(lookup.GetAddress(), 80));
                    clients.SetAttribute("Rate", DoubleValue(0));
                    clients.SetAttribute("Host", StringValue("www.contoso.com"));
                    auto application = DynamicCast<HttpClient>(clients.Install(client).Get(0));
                    application->TraceConnectWithoutContext(
                        "Request",
                        Callback<void, const HttpRequestRecord&>(
                            [&served, seconds](const HttpRequestRecord& record) {
                                served[seconds] =
                                    std::to_string(record.status) + " " + record.servedBy;
                            }));
                    Simulator::ScheduleNow([application]() { application->SendRequest(); });
                }));
        });
    };
    for (double when : {50., 110., 200., 380., 480.})
    {
        ask(when);
    }
    network.RunTo(500);
    const auto externalText = [&] {
        std::ostringstream text;
        text << network.AddressOf(external->GetNode());
        return text.str();
    }();
    t.Equal(path,
            "20.9.0.1 20.9.0.2 " + externalText + " 20.9.0.2 20.9.0.1 ",
            "from the load balancer to the gateway, to the external one, and back");
    t.Equal(served[50], "200 " + balanced->GetServerName(), "at first");
    t.Equal(served[110], "200 " + proxied->GetServerName(), "its backend is gone");
    t.Equal(served[200], "200 " + external->GetServerName(), "the gateway's, too");
    t.Equal(served[380], "200 " + proxied->GetServerName(), "which comes back");
    t.Equal(served[480], "200 " + balanced->GetServerName(), "as at first");
    // Silence behind the load balancer: 19 to 29 s, and up to 10 s of cache.
    t.Check(last[Ipv4Address(externalText.c_str())] <= 300 + 60 + 10 + 10 + 1,
            "the gateway recovers at its own probe, and the profile at the next");
    t.Check(first[Ipv4Address("20.9.0.2")] >= 60 + 19 &&
                first[Ipv4Address("20.9.0.2")] <= 60 + 29 + 10 + 1.1,
            "moved after " + std::to_string(first[Ipv4Address("20.9.0.2")] - 60));
    t.Equal(network.manager->GetQueryCount("rest"), 0, "the child is never asked");
    t.Check(network.manager->GetAnswerCount("rest", "gateway") > 2, "its endpoints are answered");
    for (const auto& record : network.probes)
    {
        t.Check(record.endpoint != "rest", "the child is not probed");
    }
}

} // namespace

/** Traffic Manager in front of the other two services. */
class TrafficManagerServicesTestSuite : public TestSuite
{
  public:
    TrafficManagerServicesTestSuite()
        : TestSuite("azure-traffic-manager-services", Type::SYSTEM)
    {
        AddTestCase(
            new FunctionTestCase("TM-2 TM-32 TM-37 clients leave a load balancer and a gateway "
                                 "whose backends die, and return",
                                 CheckOwnServices),
            Duration::QUICK);
    }
};

/// The instance that registers the suite.
static TrafficManagerServicesTestSuite g_trafficManagerServicesTestSuite;
