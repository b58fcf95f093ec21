/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-network.h"

#include "ns3/azure-http-client.h"
#include "ns3/azure-http-server.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <map>
#include <optional>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Real clients and servers on a network. */
class WebNetwork : public GatewayNetwork
{
  public:
    /**
     * @param nClients number of clients
     * @param nInstances number of instances
     * @param nBackends number of backends
     */
    WebNetwork(uint32_t nClients, uint32_t nInstances, uint32_t nBackends)
        : GatewayNetwork(nClients, nInstances, nBackends)
    {
        for (uint32_t i = 0; i < nBackends; ++i)
        {
            auto server = CreateObject<HttpServer>();
            server->SetAttribute("Port", UintegerValue(8000));
            backends.Get(i)->AddApplication(server);
            server->TraceConnectWithoutContext("Served", MakeCallback(&WebNetwork::OnServed, this));
            servers.push_back(server);
        }
    }

    /**
     * @brief Let clients ask.
     * @param requests how often each
     * @param keepAlive over one connection
     */
    void Ask(uint32_t requests, bool keepAlive)
    {
        for (uint32_t i = 0; i < clients.GetN(); ++i)
        {
            auto client = CreateObject<HttpClient>();
            client->SetAttribute("Remote", AddressValue(Frontend()));
            client->SetAttribute("Rate", DoubleValue(20));
            client->SetAttribute("MaxRequests", UintegerValue(requests));
            client->SetAttribute("KeepAlive", BooleanValue(keepAlive));
            client->AssignStreams(10 * i);
            clients.Get(i)->AddApplication(client);
            client->TraceConnectWithoutContext("Request",
                                               MakeCallback(&WebNetwork::OnRequest, this));
        }
    }

    std::vector<Ptr<HttpServer>> servers;    //!< one a backend
    std::vector<HttpServedRecord> served;    //!< what they report
    std::vector<HttpRequestRecord> requests; //!< what the clients report

  private:
    /** @param record a record */
    void OnServed(const HttpServedRecord& record)
    {
        served.push_back(record);
    }

    /** @param record a record */
    void OnRequest(const HttpRequestRecord& record)
    {
        requests.push_back(record);
    }
};

/**
 * @param t the test case
 */
void
TestBothLegs(FunctionTestCase& t)
{
    WebNetwork net(2, 2, 2);
    net.Install();
    net.Ask(10, false);
    std::set<Ipv4Address> atBackends;
    std::set<Ipv4Address> atClients;
    const auto watch = [](Ptr<Node> node, std::set<Ipv4Address>& sources) {
        node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
                [&sources](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
                    Ipv4Header header;
                    packet->PeekHeader(header);
                    sources.insert(header.GetSource());
                }));
    };
    for (uint32_t i = 0; i < 2; ++i)
    {
        watch(net.clients.Get(i), atClients);
        watch(net.backends.Get(i), atBackends);
    }
    net.Run(Seconds(5));
    t.Equal(net.requests.size(), 20, "requests");
    for (const auto& request : net.requests)
    {
        t.Equal(request.GetOutcomeName(), "ok", "outcome");
    }
    const std::set<Ipv4Address> frontends{Ipv4Address("20.0.0.4")};
    const std::set<Ipv4Address> own{Ipv4Address("10.3.0.2"), Ipv4Address("10.3.1.2")};
    t.Check(atClients == frontends, "clients see the frontend alone");
    t.Check(atBackends == own, "backends see the instances' own addresses alone");
    for (const auto& record : net.served)
    {
        t.Check(own.count(record.peer.GetIpv4()) > 0, "the backend's peer is an instance");
    }
}

/**
 * @param t the test case
 */
void
TestSpread(FunctionTestCase& t)
{
    WebNetwork net(4, 3, 3);
    net.Install();
    net.Ask(60, false);
    net.Run(Seconds(20));
    t.Equal(net.records.size(), 240, "exchanges");
    std::map<uint32_t, uint32_t> byInstance;
    std::map<uint32_t, std::vector<std::string>> members;
    for (const auto& record : net.records)
    {
        ++byInstance[record.instance];
        t.Equal(record.node, net.instances.Get(record.instance)->GetId(), "node");
        t.Equal(record.backendLocal.GetIpv4(),
                net.instances.Get(record.instance)->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal(),
                "address");
    }
    t.Equal(byInstance.size(), 3, "instances that got requests");
    for (const auto& [instance, count] : byInstance)
    {
        // A hash over 240 connections: five standard deviations of 240 / 3.
        t.Near(count, 80, 36, "its share");
    }
}

/**
 * @param t the test case
 */
void
TestRoundRobin(FunctionTestCase& t)
{
    WebNetwork net(3, 2, 3);
    std::map<Ipv4Address, std::vector<Ipv4Address>> turns;
    net.Install();
    net.Ask(30, true);
    net.Run(Seconds(20));
    t.Equal(net.served.size(), 90, "requests");
    // In the order of arrival at the instance, which records show by their start.
    std::map<uint32_t, std::map<Time, std::string>> byInstance;
    for (const auto& record : net.records)
    {
        byInstance[record.instance][record.start] = record.member;
    }
    for (const auto& [instance, order] : byInstance)
    {
        uint32_t index = 0;
        for (const auto& [start, member] : order)
        {
            t.Equal(member, "10.2." + std::to_string(index++ % 3) + ".2", "whose turn it is");
        }
    }
    for (uint32_t i = 0; i < 2; ++i)
    {
        t.Check(net.gateway->GetInstance(i)->GetBackendConnectionsOpened() <= 9,
                "connections are reused");
    }
}

/**
 * @param t the test case
 */
void
TestHealth(FunctionTestCase& t)
{
    WebNetwork net(4, 2, 2);
    net.Install();
    // The first instance sees one member down, the other the other one.
    net.gateway->SetHealthy(0, 0, "10.2.0.2", false);
    net.gateway->SetHealthy(1, 0, "10.2.1.2", false);
    net.Ask(30, false);
    net.Run(Seconds(10));
    t.Equal(net.records.size(), 120, "exchanges");
    for (const auto& record : net.records)
    {
        t.Equal(record.member, record.instance == 0 ? "10.2.1.2" : "10.2.0.2", "the healthy one");
        t.Equal(record.status, 200, "status");
    }
    ApplicationGatewayBackendAddress address;
    address.ipAddress = MakeAddress(10, 2, 0, 2);
    t.Equal(net.gateway->AddMember("nowhere", address).at(1).error,
            "there is no pool nowhere",
            "unknown pool");
    t.Check(!net.gateway->AddMember("web", address).at(0).error.empty(), "a member already");
    t.Equal(net.gateway->RemoveMember("web", "10.2.0.2").size(), 2, "one an instance");
}

/**
 * @param t the test case
 */
void
TestCheck(FunctionTestCase& t)
{
    GatewayNetwork net(1, 2, 1);
    const auto count = [&](const NodeContainer& instances, const auto& configuration) {
        return ApplicationGatewayHelper::Check(net.router, instances, configuration).size();
    };
    t.Equal(count(net.instances, net.configuration), 0, "good");
    t.Equal(count(NodeContainer(), net.configuration), 1, "no instance");
    t.Equal(count(NodeContainer(net.router), net.configuration), 1, "the front's own node");
    t.Equal(count(NodeContainer(net.instances.Get(0), net.instances.Get(0)), net.configuration),
            1,
            "twice");
    t.Equal(count(NodeContainer(CreateObject<Node>()), net.configuration), 1, "no stack");
    auto taken = net.configuration;
    taken.frontendIpConfigurations[0].address = MakeAddress(10, 3, 0, 2);
    t.Equal(count(net.instances, taken), 1, "an address of an instance");
    auto bad = net.configuration;
    bad.requestRoutingRules[0].priority = 0;
    t.Equal(count(net.instances, bad), 1, "a bad configuration");
    net.Install();
    t.Check(count(net.instances, net.configuration) > 0, "a second one of the same frontend");
}

/**
 * @param t the test case
 */
void
TestCrash(FunctionTestCase& t)
{
    WebNetwork net(4, 2, 1);
    uint32_t changes = 0;
    net.Install();
    net.gateway->TraceConnectWithoutContext(
        "Connections",
        Callback<void, uint32_t, uint32_t, uint32_t>(
            [&](uint32_t, uint32_t before, uint32_t after) {
                ++changes;
                t.Equal(before + 1 == after || after + 1 == before, true, "one at a time");
            }));
    net.Ask(100, false);
    Simulator::Schedule(Seconds(3),
                        &ApplicationGatewayInstance::Crash,
                        net.gateway->GetInstance(0));
    net.Run(Seconds(60));
    t.Check(changes > 300, "connections are counted");
    uint32_t late = 0;
    for (const auto& record : net.records)
    {
        late += record.start > Seconds(3.1);
        t.Check(record.instance == 1 || record.start <= Seconds(3), "nothing after the crash");
    }
    t.Check(late > 50, "the other goes on");
    t.Equal(net.gateway->GetInstance(0)->GetConnectionCount(), 0, "nothing is left");
}

/**
 * @param t the test case
 */
void
TestProbes(FunctionTestCase& t)
{
    WebNetwork net(2, 2, 2);
    auto& configuration = net.configuration;
    ApplicationGatewayProbe probe;
    probe.name = "alive";
    probe.host = "alive.example.com";
    probe.path = "/alive";
    probe.interval = Seconds(5);
    probe.timeout = Seconds(5);
    probe.unhealthyThreshold = 2;
    configuration.probes = {probe};
    configuration.backendHttpSettingsCollection[0].probe = probe.name;
    net.Install(true);
    net.Ask(200, false);
    const Time crash = Seconds(31);
    Simulator::Schedule(crash, [&] { net.servers[1]->InjectFault(HttpServerFault{}); });
    net.Run(Seconds(20));
    std::map<Ipv4Address, std::map<Ipv4Address, uint32_t>> probes;
    for (const auto& record : net.served)
    {
        if (record.path == "/alive")
        {
            ++probes[record.local.GetIpv4()][record.peer.GetIpv4()];
        }
    }
    t.Equal(probes.size(), 2, "both servers are probed");
    for (const auto& [server, sources] : probes)
    {
        t.Equal(sources.size(), 2, "by both instances, each from its own address");
        for (const auto& [source, count] : sources)
        {
            t.Equal(count, 5, "at the start, after the phase, then every 5 s");
        }
    }
    std::map<uint32_t, Time> down;
    for (uint32_t i = 0; i < 2; ++i)
    {
        net.gateway->GetInstance(i)->GetProbes()->GetProbers()->TraceConnectWithoutContext(
            "VerdictChanged",
            Callback<void, const ProbeVerdictRecord&>([&, i](const ProbeVerdictRecord& record) {
                if (!record.up)
                {
                    t.Equal(record.target, Ipv4Address("10.2.1.2"), "the one that crashed");
                    t.Equal(record.probe, "gateway/" + std::to_string(i) + "/plain", "its name");
                    down[i] = record.effective - crash;
                }
            }));
    }
    net.Run(Seconds(60));
    t.Equal(down.size(), 2, "each instance decides");
    for (const auto& [instance, after] : down)
    {
        t.Check(after >= Seconds(10) && after <= Seconds(15), "phi + (N - 1) * I + T");
    }
    t.Check(down[0] != down[1], "by itself");
    ApplicationGatewayBackendAddress address;
    address.ipAddress = MakeAddress(10, 2, 0, 2);
    t.Equal(net.gateway->RemoveMember("web", address.GetText()).at(0).error, "", "removed");
    net.served.clear();
    net.Run(Seconds(80));
    t.Equal(net.served.size(), 0, "it is not probed any more");
    net.gateway->AddMember("web", address);
    net.Run(Seconds(100));
    t.Equal(net.served.size(), 10, "it is again");
}

/**
 * @param t the test case
 */
void
TestProbesOfEarlyMembers(FunctionTestCase& t)
{
    WebNetwork net(1, 1, 2);
    ApplicationGatewayBackendAddress address;
    address.ipAddress = MakeAddress(10, 2, 1, 2);
    auto& members = net.configuration.backendAddressPools[0].backendAddresses;
    members.pop_back();
    net.helper.SetProbeAttribute("Phase", StringValue("ns3::ConstantRandomVariable[Constant=0.1]"));
    net.helper.SetProbing(true);
    net.gateway = net.helper.Install(net.router, net.instances, net.configuration);
    t.Equal(net.gateway->AddMember("web", address).at(0).error, "", "before the start");
    net.gateway->RemoveMember("web", "10.2.0.2");
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    net.Run(Seconds(4));
    const auto& engine = net.gateway->GetInstance(0)->GetEngine();
    t.Equal(engine.GetEligible(0, 0).size(), 1, "one is healthy");
    t.Equal(engine.GetEligible(0, 0).at(0), "10.2.1.2", "the new one");
    t.Equal(net.served.size(), 2, "probed at the start, and after the phase");
    for (const auto& record : net.served)
    {
        t.Equal(record.local.GetIpv4(), Ipv4Address("10.2.1.2"), "the other one is not");
    }
}

/**
 * @param isPublic what kind of frontend
 * @param timeout idle timeout of the public IP; nothing: the usual one
 * @param pause between the only two requests of a client, over one connection
 * @return whether the second one was answered
 */
bool
IsAnsweredAfter(bool isPublic, std::optional<Time> timeout, Time pause)
{
    WebNetwork net(1, 2, 1);
    auto& frontend = net.configuration.frontendIpConfigurations.at(0);
    frontend.isPublic = isPublic;
    frontend.idleTimeout = timeout;
    net.helper.SetInstanceAttribute("KeepAliveTimeout", TimeValue(Hours(1)));
    net.Install();
    net.Ask(1, true);
    auto client = DynamicCast<HttpClient>(net.clients.Get(0)->GetApplication(0));
    client->SetAttribute("Rate", DoubleValue(0));
    client->SetAttribute("MaxRequests", UintegerValue(0));
    client->SetAttribute("IdleTimeout", TimeValue(Time(0)));
    client->SetAttribute("ResponseTimeout", TimeValue(Seconds(5)));
    const auto ask = [client] { client->SendRequest(); };
    Simulator::Schedule(Seconds(1), ask);
    Simulator::Schedule(Seconds(1) + pause, ask);
    net.Run(Seconds(10) + pause);
    return net.requests.size() == 2 && net.requests[0].outcome == HttpOutcome::Ok &&
           net.requests[1].reused && net.requests[1].outcome == HttpOutcome::Ok;
}

/**
 * @param t the test case
 */
void
TestIdleTimeout(FunctionTestCase& t)
{
    const std::optional<Time> usual;
    t.Check(IsAnsweredAfter(true, usual, Seconds(235)), "public, below 4 min");
    t.Check(!IsAnsweredAfter(true, usual, Seconds(245)), "public, above 4 min");
    t.Check(IsAnsweredAfter(true, Minutes(30), Seconds(1795)), "public, below 30 min");
    t.Check(!IsAnsweredAfter(true, Minutes(30), Seconds(1805)), "public, above 30 min");
    t.Check(IsAnsweredAfter(false, Minutes(30), Seconds(295)), "private, below 5 min");
    t.Check(!IsAnsweredAfter(false, Minutes(30), Seconds(305)), "private, above 5 min");
}

/** Suite on an application gateway in a network. */
class ApplicationGatewaySystemTestSuite : public TestSuite
{
  public:
    ApplicationGatewaySystemTestSuite()
        : TestSuite("azure-application-gateway-system", Type::SYSTEM)
    {
        Add("AG-1: two connections, one on each side of the gateway", TestBothLegs);
        Add("AG-8: connections are spread over all instances", TestSpread);
        Add("AG-20, AG-21: requests go to the members in turn, at each instance", TestRoundRobin);
        Add("each instance has its own view of the members", TestHealth);
        Add("what keeps a gateway from being installed", TestCheck);
        Add("AG-33: idle connections of clients are forgotten by the front", TestIdleTimeout);
        Add("an instance crashes", TestCrash);
        Add("HP-26: each instance probes each server, HP-27: and decides by itself", TestProbes);
        Add("members that come and go before the start", TestProbesOfEarlyMembers);
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), Duration::QUICK);
    }
};

ApplicationGatewaySystemTestSuite g_applicationGatewaySystemTestSuite; //!< the suite

} // namespace
