/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * An application gateway in a topology of one's own: who sees which address, and what do clients
 * notice of a crash?
 *
 *     client 0 ---+               +--- instance 0, instance 1
 *     client 1 ---+--- front -----+
 *     client 2 ---+   20.0.0.4    +--- server 0, server 1, server 2
 *
 * Web clients ask the frontend 20.0.0.4, port 80. The front spreads their connections over the
 * instances, which open connections of their own to the servers and probe each of them every
 * 5 seconds. Server 1 crashes and comes back; what each instance and the clients see of it is
 * printed beside the interval of rule HP-25.
 */

#include "ns3/azure-load-balancing-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <iomanip>
#include <iostream>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::azure;

int
main(int argc, char* argv[])
{
    uint32_t nClients = 3;
    uint32_t nInstances = 2;
    uint32_t nServers = 3;
    double rate = 10;
    Time crash = Seconds(21);
    Time outage = Seconds(40);
    bool pcap = false;
    CommandLine command(__FILE__);
    command.AddValue("clients", "Number of clients, 1 to 200", nClients);
    command.AddValue("instances", "Number of instances, 1 to 125", nInstances);
    command.AddValue("servers", "Number of servers, 2 to 200", nServers);
    command.AddValue("rate", "Requests per second of each client", rate);
    command.AddValue("crash", "When server 1 crashes", crash);
    command.AddValue("outage", "How long it stays away", outage);
    command.AddValue("pcap", "Write azure-ag-*.pcap files of clients and servers", pcap);
    command.Parse(argc, argv);
    if (nClients < 1 || nClients > 200 || nInstances < 1 || nInstances > 125 || nServers < 2 ||
        nServers > 200 || rate <= 0 || crash < Seconds(10) || outage <= Seconds(0))
    {
        std::cerr << "1 to 200 clients, 1 to 125 instances, 2 to 200 servers, a positive rate, a "
                     "crash at 10 s or later and a positive outage, please\n";
        return 2;
    }

    NodeContainer clients(nClients);
    NodeContainer instances(nInstances);
    NodeContainer servers(nServers);
    Ptr<Node> front = CreateObject<Node>();
    NodeContainer hosts(clients, instances, servers);
    InternetStackHelper stack;
    stack.Install(front);
    stack.Install(hosts);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    Ipv4AddressHelper addresses;
    const auto attach = [&](const NodeContainer& nodes, const char* network, const char* name) {
        std::vector<Ipv4Address> result;
        addresses.SetBase(network, "255.255.255.0");
        for (uint32_t i = 0; i < nodes.GetN(); i++)
        {
            const auto devices = link.Install(nodes.Get(i), front);
            result.push_back(addresses.Assign(devices).GetAddress(0));
            addresses.NewNetwork();
            if (pcap)
            {
                link.EnablePcap("azure-ag-" + (name + std::to_string(i)) + ".pcap",
                                devices.Get(0),
                                false,
                                true);
            }
        }
        return result;
    };
    attach(clients, "10.1.0.0", "client-");
    attach(instances, "10.3.0.0", "instance-");
    const auto serverAddresses = attach(servers, "10.2.0.0", "server-");

    // The gateway. Fields are named as in Azure's REST resources.
    ApplicationGatewayConfiguration configuration;
    configuration.name = "gateway";
    configuration.sku.capacity = nInstances;
    ApplicationGatewayFrontendIpConfiguration frontend;
    frontend.name = "public";
    frontend.address = IpAddress::From(Ipv4Address("20.0.0.4"));
    configuration.frontendIpConfigurations = {frontend};
    configuration.frontendPorts = {{"port-80", 80}};
    HttpListener listener;
    listener.name = "web";
    listener.frontendIpConfiguration = frontend.name;
    listener.frontendPort = "port-80";
    configuration.httpListeners = {listener};
    ApplicationGatewayBackendAddressPool pool;
    pool.name = "servers";
    for (const auto& server : serverAddresses)
    {
        ApplicationGatewayBackendAddress member;
        member.ipAddress = IpAddress::From(server);
        pool.backendAddresses.push_back(member);
    }
    configuration.backendAddressPools = {pool};
    ApplicationGatewayProbe probe;
    probe.name = "alive";
    probe.host = "www.example.com";
    probe.path = "/alive";
    probe.interval = Seconds(5);
    probe.timeout = Seconds(5);
    probe.unhealthyThreshold = 2;
    configuration.probes = {probe};
    BackendHttpSettings setting;
    setting.name = "plain";
    setting.port = 8080;
    setting.probe = probe.name;
    setting.requestTimeout = Seconds(2);
    configuration.backendHttpSettingsCollection = {setting};
    RequestRoutingRule rule;
    rule.name = "all";
    rule.priority = 100;
    rule.httpListener = listener.name;
    rule.backendAddressPool = pool.name;
    rule.backendHttpSettings = setting.name;
    configuration.requestRoutingRules = {rule};

    // TCP timers as Linux has them; before the gateway, whose instances are hosts too.
    TcpPresetHelper().Install(hosts);
    ApplicationGatewayHelper helper;
    auto gateway = helper.Install(front, instances, configuration);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    int64_t stream = 1;
    stream += helper.AssignStreams(gateway, stream);

    HttpServerHelper serverHelper(setting.port);
    auto serverApps = serverHelper.Install(servers);
    stream += serverHelper.AssignStreams(servers, stream);
    HttpClientHelper clientHelper(InetSocketAddress(Ipv4Address("20.0.0.4"), 80));
    clientHelper.SetAttribute("Rate", DoubleValue(rate));
    clientHelper.SetAttribute("ResponseTimeout", TimeValue(Seconds(10)));
    auto clientApps = clientHelper.Install(clients);
    stream += clientHelper.AssignStreams(clients, stream);
    clientApps.Start(Seconds(6)); // by now every server has had its first probe

    // The fault.
    auto victim = DynamicCast<HttpServer>(serverApps.Get(1));
    Simulator::Schedule(crash, [victim] { victim->InjectFault(HttpServerFault{}); });
    Simulator::Schedule(crash + outage,
                        [victim] { victim->ClearFault(HttpServerFaultKind::Crash); });

    // What is measured.
    std::vector<std::optional<Time>> down(nInstances);
    std::vector<std::optional<Time>> up(nInstances);
    for (uint32_t i = 0; i < nInstances; i++)
    {
        gateway->GetInstance(i)->GetProbes()->GetProbers()->TraceConnectWithoutContext(
            "VerdictChanged",
            Callback<void, const ProbeVerdictRecord&>([&, i](const ProbeVerdictRecord& record) {
                if (record.target == serverAddresses[1] && Simulator::Now() > crash)
                {
                    (record.up ? up : down)[i] = Simulator::Now();
                }
            }));
    }
    std::map<std::string, uint32_t> answers;
    uint32_t retried = 0;
    gateway->TraceConnectWithoutContext(
        "Exchange",
        Callback<void, const GatewayExchangeRecord&>([&](const GatewayExchangeRecord& record) {
            ++answers[std::to_string(record.status) + " from the " + ToString(record.responder)];
            retried += record.retries > 0;
        }));
    std::set<Ipv4Address> peers;
    for (uint32_t i = 0; i < serverApps.GetN(); i++)
    {
        serverApps.Get(i)->TraceConnectWithoutContext(
            "Served",
            Callback<void, const HttpServedRecord&>(
                [&](const HttpServedRecord& record) { peers.insert(record.peer.GetIpv4()); }));
    }
    RequestLog log;
    for (uint32_t i = 0; i < clientApps.GetN(); i++)
    {
        clientApps.Get(i)->TraceConnectWithoutContext("Request",
                                                      MakeCallback(&RequestLog::Add, &log));
    }

    const Time end = crash + outage + Seconds(20);
    clientApps.Stop(end - Seconds(10));
    Simulator::Stop(end);
    Simulator::Run();

    const auto settings =
        GatewayProbePlan::MakeSettings(configuration, 0, pool.backendAddresses[1]);
    std::cout << std::fixed << std::setprecision(3);
    const auto print = [](const std::string& what,
                          Time since,
                          std::optional<Time> when,
                          const FailoverInterval& theory) {
        std::cout << what;
        if (when)
        {
            std::cout << (*when - since).As(Time::S);
        }
        else
        {
            std::cout << "never";
        }
        std::cout << ", expected " << theory.lower.As(Time::S) << " to " << theory.upper.As(Time::S)
                  << " (" << theory.form << ")\n";
    };
    const Time exchange = MilliSeconds(10); // a probe's round trips take less
    for (uint32_t i = 0; i < nInstances; i++)
    {
        const auto name = "instance " + std::to_string(i) + ": ";
        print(name + "verdict down after the crash:  ",
              crash,
              down[i],
              FailoverTheory::Detection(settings, FaultSymptom::Silent, Seconds(0), exchange));
        print(name + "verdict up after the return:   ",
              crash + outage,
              up[i],
              FailoverTheory::Recovery(settings, Seconds(0), exchange));
    }
    const auto total = log.Summarize();
    std::cout << "requests: " << total.requests << ", failed: " << total.failed
              << ", tried at a second server: " << retried << "\n";
    for (const auto& [answer, count] : answers)
    {
        std::cout << "  " << answer << ": " << count << "\n";
    }
    for (const auto& [server, served] : total.servedBy)
    {
        std::cout << "  served by " << server << ": " << served << "\n";
    }
    std::cout << "servers saw as their clients:";
    for (const auto& peer : peers)
    {
        std::cout << " " << peer;
    }
    std::cout << "\n";
    Simulator::Destroy();
    return 0;
}
