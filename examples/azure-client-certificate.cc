/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * A server that asks for client certificates, behind both services: does it get them?
 *
 *                    load balancer 20.0.0.4
 *     client ------- application gateway 20.0.0.5 ------- server
 *     10.1.0.1            |          |                   10.2.0.1
 *                    instance 0  instance 1
 *                     10.3.0.1    10.3.1.1
 *
 * The load balancer passes TLS through: the server's handshake is with the client, and so it gets
 * the client's certificate. The gateway ends TLS and speaks to the server in a session of its own:
 * the server gets no certificate, and with mutual authentication at the gateway (passthrough) what
 * the gateway tells of it in header fields. With --pcap, the packets at the server show the same;
 * TLS is modelled, not encrypted, so that certificates can be read there.
 */

#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <string>

using namespace ns3;
using namespace ns3::azure;

int
main(int argc, char* argv[])
{
    bool pcap = false;
    CommandLine command(__FILE__);
    command.AddValue("pcap", "Write azure-client-certificate-server.pcap", pcap);
    command.Parse(argc, argv);

    Ptr<Node> front = CreateObject<Node>();
    NodeContainer client(1);
    NodeContainer server(1);
    NodeContainer instances(2);
    NodeContainer hosts(client, server, instances);
    InternetStackHelper stack;
    stack.Install(front);
    stack.Install(hosts);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    addresses.Assign(link.Install(client.Get(0), front));
    addresses.SetBase("10.2.0.0", "255.255.255.0");
    const auto serverDevices = link.Install(server.Get(0), front);
    const auto ends = addresses.Assign(serverDevices);
    // Probes come from 168.63.129.16: the server answers them by its default route.
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(server.Get(0)->GetObject<Ipv4>())
        ->SetDefaultRoute(ends.GetAddress(1), 1);
    addresses.SetBase("10.3.0.0", "255.255.255.0");
    for (uint32_t i = 0; i < instances.GetN(); i++)
    {
        addresses.Assign(link.Install(instances.Get(i), front));
        addresses.NewNetwork();
    }
    const auto serverAddress = IpAddress::From(ends.GetAddress(0));

    LoadBalancerConfiguration lb;
    lb.name = "lb";
    lb.frontendIpConfigurations.resize(1);
    lb.frontendIpConfigurations[0].name = "public";
    lb.frontendIpConfigurations[0].address = IpAddress::From("20.0.0.4");
    lb.backendAddressPools.resize(1);
    lb.backendAddressPools[0].name = "servers";
    lb.backendAddressPools[0].backendAddresses.push_back({"server", serverAddress});
    lb.loadBalancingRules.resize(1);
    lb.loadBalancingRules[0].name = "web";
    lb.loadBalancingRules[0].frontendIpConfiguration = "public";
    lb.loadBalancingRules[0].backendAddressPool = "servers";
    lb.loadBalancingRules[0].frontendPort = 443;
    lb.loadBalancingRules[0].backendPort = 443;

    ApplicationGatewayConfiguration ag;
    ag.name = "gateway";
    ag.sku.capacity = instances.GetN();
    ag.frontendIpConfigurations.resize(1);
    ag.frontendIpConfigurations[0].name = "public";
    ag.frontendIpConfigurations[0].address = IpAddress::From("20.0.0.5");
    ag.frontendPorts = {{"port-443", 443}};
    ag.httpListeners.resize(1);
    ag.httpListeners[0].name = "web";
    ag.httpListeners[0].frontendIpConfiguration = "public";
    ag.httpListeners[0].frontendPort = "port-443";
    ag.httpListeners[0].protocol = ApplicationGatewayProtocol::Https;
    ag.httpListeners[0].sslCertificate = "site";
    ag.httpListeners[0].sslProfile = "mutual";
    ag.sslCertificates = {{"site", "www.example.com"}};
    ag.trustedClientCertificates = {{"devices", "CN=Devices"}};
    ag.sslProfiles.resize(1);
    ag.sslProfiles[0].name = "mutual";
    ag.sslProfiles[0].trustedClientCertificates = {"devices"};
    ag.sslProfiles[0].verifyClientAuthMode = ClientAuthMode::Passthrough;
    ag.rewriteRuleSets.resize(1);
    ag.rewriteRuleSets[0].name = "certificate";
    ag.rewriteRuleSets[0].rewriteRules.resize(1);
    ag.rewriteRuleSets[0].rewriteRules[0].name = "certificate";
    ag.rewriteRuleSets[0].rewriteRules[0].actionSet.requestHeaderConfigurations = {
        {"X-Client-Subject", "{var_client_certificate_subject}"},
        {"X-Client-Verification", "{var_client_certificate_verification}"}};
    ag.backendAddressPools.resize(1);
    ag.backendAddressPools[0].name = "servers";
    ag.backendAddressPools[0].backendAddresses.resize(1);
    ag.backendAddressPools[0].backendAddresses[0].ipAddress = serverAddress;
    ag.backendHttpSettingsCollection.resize(1);
    ag.backendHttpSettingsCollection[0].name = "end-to-end";
    ag.backendHttpSettingsCollection[0].port = 443;
    ag.backendHttpSettingsCollection[0].protocol = ApplicationGatewayProtocol::Https;
    ag.requestRoutingRules.resize(1);
    ag.requestRoutingRules[0].name = "all";
    ag.requestRoutingRules[0].priority = 100;
    ag.requestRoutingRules[0].httpListener = "web";
    ag.requestRoutingRules[0].backendAddressPool = "servers";
    ag.requestRoutingRules[0].backendHttpSettings = "end-to-end";
    ag.requestRoutingRules[0].rewriteRuleSet = "certificate";

    TcpPresetHelper().Install(hosts);
    int64_t stream = 1;
    auto balancer = LoadBalancerHelper().Install(front, lb);
    stream += LoadBalancerHelper().AssignStreams(balancer, stream);
    ApplicationGatewayHelper gateways;
    auto gateway = gateways.Install(front, instances, ag);
    stream += gateways.AssignStreams(gateway, stream);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();

    // The same authority has issued the server's certificate and those of the gateway's listener;
    // that of the clients is another one.
    auto serverTls = std::make_shared<TlsServerConfiguration>();
    serverTls->certificates = {{IssueTlsCertificate(MakeTlsPublicRoot(), "www.example.com")}};
    serverTls->clientAuthentication = TlsClientAuthentication::Request;
    serverTls->trust.Add(MakeTlsRoot("Devices"));
    auto clientTls = std::make_shared<TlsClientConfiguration>();
    clientTls->trust.Add(MakeTlsPublicRoot());
    clientTls->certificate = {IssueTlsCertificate(MakeTlsRoot("Devices"), "device-7")};

    auto app = CreateObject<HttpServer>();
    app->AddTlsPort(443, serverTls);
    server.Get(0)->AddApplication(app);
    stream += app->AssignStreams(stream);
    std::set<std::string> lines;
    app->TraceConnectWithoutContext(
        "Served",
        Callback<void, const HttpServedRecord&>([&](const HttpServedRecord& record) {
            std::ostringstream line;
            line << record.path << ": from " << record.peer.GetIpv4() << ", certificate "
                 << (record.clientCertificate.empty() ? "none" : record.clientCertificate);
            lines.insert(line.str());
        }));
    app->TraceConnectWithoutContext(
        "RequestReceived",
        Callback<void, const HttpRequestHead&, const InetSocketAddress&>(
            [&](const HttpRequestHead& head, const InetSocketAddress&) {
                for (const auto name :
                     {"X-Forwarded-Proto", "X-Client-Subject", "X-Client-Verification"})
                {
                    if (head.fields.Has(name))
                    {
                        lines.insert(head.target + ": " + name + " " + head.fields.Get(name));
                    }
                }
            }));
    for (const bool behindGateway : {false, true})
    {
        auto asks = CreateObject<HttpClient>();
        asks->SetAttribute(
            "Remote",
            AddressValue(
                InetSocketAddress(Ipv4Address(behindGateway ? "20.0.0.5" : "20.0.0.4"), 443)));
        asks->SetAttribute("Host", StringValue("www.example.com"));
        asks->SetAttribute("Path", StringValue(behindGateway ? "/ag" : "/lb"));
        asks->SetAttribute("Rate", DoubleValue(5));
        asks->SetTls(clientTls);
        asks->SetStartTime(Seconds(1));
        client.Get(0)->AddApplication(asks);
        stream += asks->AssignStreams(stream);
    }
    if (pcap)
    {
        link.EnablePcap("azure-client-certificate-server.pcap", serverDevices.Get(0), false, true);
    }
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    for (const auto& line : lines)
    {
        std::cout << line << "\n";
    }
    Simulator::Destroy();
    return 0;
}
