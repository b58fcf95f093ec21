/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-probe-network.h"

#include "ns3/azure-health-prober-set.h"
#include "ns3/azure-probe-source.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"

#include <functional>
#include <map>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** @return a TCP probe of port 80 every 5 s */
ProbeSettings
Tcp()
{
    return ProbeSettings::ForLoadBalancer(ProbeProtocol::Tcp, 80, "", Seconds(5), 1);
}

/** @return probers of a balancer "lb" that start at once */
Ptr<HealthProberSet>
MakeProbers()
{
    auto probers = CreateObject<HealthProberSet>();
    auto now = CreateObject<ConstantRandomVariable>();
    now->SetAttribute("Constant", DoubleValue(0));
    probers->SetAttribute("Phase", PointerValue(now));
    probers->SetOwner("lb");
    return probers;
}

/** What FindHost() is to say about a topology. */
struct Expected
{
    Ptr<Node> instance; //!< the backend
    Ptr<Node> host;     //!< its host; null: none is found
    std::string error;  //!< what the message says after the instance's name; empty: no error
    uint32_t routes{0}; //!< host routes that the instance is given
};

/** A topology with its answer. */
struct Shape
{
    const char* what;                //!< in words
    std::function<Expected()> build; //!< makes it
    bool works{true};                //!< probes pass when a host was found
};

const std::string NO_ROUTE = " is a backend without a route to 168.63.129.16, where its health "
                             "probes come from: give it a default route through its router";

/** HP-10: the first hop of every shape of network that has one, a clear message for the others. */
const std::vector<Shape> SHAPES{
    {"the owner of the default gateway",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto router = ProbeNetwork::Host();
         ProbeNetwork::Join(
             {{vm, "10.0.0.4"}, {ProbeNetwork::Host(), "10.0.0.5"}, {router, "10.0.0.1"}});
         ProbeNetwork::Routing(vm)->SetDefaultRoute("10.0.0.1", 1);
         return {vm, router, ""};
     }},
    {"the owner of the default gateway, a further address of its interface",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto router = ProbeNetwork::Host();
         ProbeNetwork::Join(
             {{vm, "10.0.0.4"}, {ProbeNetwork::Host(), "10.0.0.5"}, {router, "10.0.0.2"}});
         router->GetObject<Ipv4>()->AddAddress(1, {Ipv4Address("10.0.0.1"), "255.255.255.0"});
         ProbeNetwork::Routing(vm)->SetDefaultRoute("10.0.0.1", 1);
         return {vm, router, ""};
     }},
    {"a route of its own for the platform's address wins over the default",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto host = ProbeNetwork::Host();
         ProbeNetwork::Join(
             {{vm, "10.0.0.4"}, {ProbeNetwork::Host(), "10.0.0.1"}, {host, "10.0.0.2"}});
         ProbeNetwork::Routing(vm)->SetDefaultRoute("10.0.0.1", 1);
         ProbeNetwork::Routing(vm)->AddHostRouteTo("168.63.129.16", "10.0.0.2", 1);
         return {vm, host, ""};
     }},
    {"the peer of a link of two, when the route names no gateway",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto host = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4", true}, {host, "10.0.0.1", true}});
         ProbeNetwork::Routing(vm)->AddNetworkRouteTo("0.0.0.0", "0.0.0.0", 1);
         return {vm, host, ""};
     }},
    {"a gateway on another link, known by its address alone",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto router = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"}, {router, "10.0.0.1"}});
         ProbeNetwork::Join({{ProbeNetwork::Host(), "10.0.9.2"}, {router, "10.0.9.1"}});
         ProbeNetwork::Routing(vm)->SetDefaultRoute("10.0.9.1", 1);
         return {vm, router, ""};
     },
     false},
    {"no gateway on a link of several",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"},
                             {ProbeNetwork::Host(), "10.0.0.1"},
                             {ProbeNetwork::Host(), "10.0.0.2"},
                             {ProbeNetwork::Host(), "10.0.0.3"}});
         ProbeNetwork::Routing(vm)->AddNetworkRouteTo("0.0.0.0", "0.0.0.0", 1);
         return {vm,
                 nullptr,
                 " is a backend whose route to 168.63.129.16, where its health probes come from, "
                 "names no gateway on a link that 3 others share: name its router as the gateway"};
     }},
    {"a gateway that nobody has",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"}, {ProbeNetwork::Host(), "10.0.0.1"}});
         ProbeNetwork::Routing(vm)->SetDefaultRoute("10.0.0.9", 1);
         return {vm,
                 nullptr,
                 " is a backend whose gateway to 168.63.129.16, 10.0.0.9, is no address of any "
                 "node: name its router as the gateway"};
     }},
    {"without a route: the only peer of its only link",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto host = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"}, {host, "10.0.0.1"}});
         return {vm, host, "", 1};
     }},
    {"without a route: the only router of its LAN",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto router = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"},
                             {ProbeNetwork::Host(), "10.0.0.5"},
                             {router, "10.0.0.1"},
                             {ProbeNetwork::Host(), "10.0.0.6"}});
         ProbeNetwork::Join({{router, "10.0.1.1"}, {ProbeNetwork::Host(), "10.0.1.2"}});
         return {vm, router, "", 1};
     }},
    {"without a route: machines without IPv4, or without an address there, are no neighbours",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto host = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"},
                             {CreateObject<Node>()},
                             {ProbeNetwork::Host()},
                             {host, "10.0.0.1"}});
         return {vm, host, "", 1};
     }},
    {"without a route: two routers",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         auto left = ProbeNetwork::Host();
         auto right = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"}, {left, "10.0.0.1"}, {right, "10.0.0.2"}});
         ProbeNetwork::Join({{left, "10.0.1.1"}, {right, "10.0.1.2"}});
         return {vm, nullptr, NO_ROUTE};
     }},
    {"without a route: a LAN of hosts alone",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"},
                             {ProbeNetwork::Host(), "10.0.0.5"},
                             {ProbeNetwork::Host(), "10.0.0.6"}});
         return {vm, nullptr, NO_ROUTE};
     }},
    {"without a route: two links of two",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"}, {ProbeNetwork::Host(), "10.0.0.1"}});
         ProbeNetwork::Join({{vm, "10.0.1.4"}, {ProbeNetwork::Host(), "10.0.1.1"}});
         return {vm, nullptr, NO_ROUTE};
     }},
    {"without a route: alone",
     []() -> Expected {
         auto vm = ProbeNetwork::Host();
         ProbeNetwork::Join({{vm, "10.0.0.4"}});
         return {vm, nullptr, NO_ROUTE};
     }},
    {"without a route and without a routing table to put one in",
     []() -> Expected {
         auto vm = CreateObject<Node>();
         InternetStackHelper stack;
         stack.SetIpv6StackInstall(false);
         stack.SetRoutingHelper(Ipv4GlobalRoutingHelper());
         stack.Install(vm);
         ProbeNetwork::Join({{vm, "10.0.0.4"}, {ProbeNetwork::Host(), "10.0.0.1"}});
         return {vm, nullptr, NO_ROUTE};
     }},
    {"without IPv4",
     []() -> Expected {
         return {CreateObject<Node>(),
                 nullptr,
                 " is a backend and has no IPv4 routing: install an internet stack on it"};
     }},
};

/**
 * @param test the case
 * @param shape a topology
 */
void
FindHost(FunctionTestCase& test, const Shape& shape)
{
    ProbeNetwork network;
    const auto expected = shape.build();
    auto ipv4 = expected.instance->GetObject<Ipv4>();
    const auto before = expected.host ? ProbeNetwork::Routing(expected.instance)->GetNRoutes() : 0;
    // Asking twice is asking once: the second time the route is there.
    for (int i = 0; i < 2; i++)
    {
        std::string error = "left over";
        const auto host = ProbeSource::FindHost(expected.instance, error);
        test.Check(host == expected.host, "the host");
        auto name = "node " + std::to_string(expected.instance->GetId());
        name += ipv4 ? " (10.0.0.4)" : "";
        test.Equal(error, expected.error.empty() ? "" : name + expected.error, "the message");
    }
    if (!expected.host)
    {
        return;
    }
    test.Equal(ProbeNetwork::Routing(expected.instance)->GetNRoutes(),
               before + expected.routes,
               "routes given");
    if (!shape.works)
    {
        return;
    }
    // And a real probe passes.
    network.Listen(expected.instance);
    auto probers = MakeProbers();
    probers->Add("p", Ipv4Address("10.0.0.4"), Tcp());
    ProbeNetwork::RunTo(4);
    test.Check(probers->IsUp("p", Ipv4Address("10.0.0.4")), "probed from there");
    test.Check(probers->Get("p", Ipv4Address("10.0.0.4"))->GetNode() == expected.host, "its node");
    test.Check(network.seen[expected.instance->GetId()] ==
                   std::vector<Ipv4Address>{Ipv4Address("168.63.129.16")},
               "from the platform's address");
    probers->Dispose();
}

/** HP-9: every host has the same address, and each gets its own answers; nobody learns of it. */
void
SameAddressEverywhere(FunctionTestCase& test)
{
    // A chain of two hosts with an instance each; global routing knows every network.
    ProbeNetwork network;
    std::vector<Ptr<Node>> nodes;
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    for (int i = 0; i < 4; i++)
    {
        nodes.push_back(CreateObject<Node>());
        stack.Install(nodes.back());
    }
    ProbeNetwork::Join({{nodes[0], "10.0.0.4"}, {nodes[1], "10.0.0.1"}});
    ProbeNetwork::Join({{nodes[1], "10.0.1.1"}, {nodes[2], "10.0.1.2"}});
    ProbeNetwork::Join({{nodes[2], "10.0.2.1"}, {nodes[3], "10.0.2.4"}});
    auto probers = MakeProbers();
    for (const auto& [node, address] : {std::pair{nodes[0], "10.0.0.4"}, {nodes[3], "10.0.2.4"}})
    {
        network.Listen(node);
        probers->Add("p", Ipv4Address(address), Tcp());
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    // The other instances, by the routes alone.
    auto source = nodes[1]->GetObject<ProbeSource>();
    source->AddProber("far", Ipv4Address("10.0.2.4"), Tcp());
    ProbeNetwork::RunTo(14.9);
    for (const uint32_t i : {0, 3})
    {
        test.Equal(network.seen[nodes[i]->GetId()].size(), 3, "probes at 0, 5 and 10 s");
    }
    test.Check(probers->IsUp("p", Ipv4Address("10.0.0.4")), "the first has answered");
    test.Check(probers->IsUp("p", Ipv4Address("10.0.2.4")), "the other has answered");
    for (const auto& node : {nodes[1], nodes[2]})
    {
        test.Equal(node->GetObject<ProbeSource>()->GetAddress(),
                   Ipv4Address("168.63.129.16"),
                   "the same address");
        test.Check(ProbeSource::GetOrCreate(node) == node->GetObject<ProbeSource>(), "one a node");
    }
    // No route leads to it but those that the instances were given.
    for (const auto& node : {nodes[1], nodes[2]})
    {
        Ptr<Ipv4GlobalRouting> routing;
        routing = Ipv4RoutingHelper::GetRouting<Ipv4GlobalRouting>(
            node->GetObject<Ipv4>()->GetRoutingProtocol());
        for (uint32_t i = 0; i < routing->GetNRoutes(); i++)
        {
            test.Check(routing->GetRoute(i)->GetDest() != Ipv4Address("168.63.129.16"),
                       "not advertised");
        }
    }
    probers->Dispose();
}

/** HP-9: nobody but the platform sends from the address. */
void
Spoofed(FunctionTestCase& test)
{
    // The attacker's machine is an instance, too; its packets claim to come from the platform.
    ProbeNetwork network;
    auto host = ProbeNetwork::Host();
    auto vm = ProbeNetwork::Host();
    auto attacker = ProbeNetwork::Host();
    ProbeNetwork::Join({{vm, "10.0.0.4"}, {host, "10.0.0.1"}});
    ProbeNetwork::Join({{attacker, "10.0.1.4"}, {host, "10.0.1.1"}});
    ProbeNetwork::Routing(vm)->SetDefaultRoute("10.0.0.1", 1);
    ProbeNetwork::Routing(attacker)->SetDefaultRoute("10.0.1.1", 1);
    network.Listen(vm);
    auto probers = MakeProbers();
    probers->Add("p", Ipv4Address("10.0.0.4"), Tcp());
    std::vector<std::string> drops;
    host->GetObject<ProbeSource>()->TraceConnectWithoutContext(
        "Drop",
        Callback<void, const Ipv4Header&, Ptr<const Packet>, const std::string&>(
            [&](const Ipv4Header& header, Ptr<const Packet> payload, const std::string& reason) {
                std::ostringstream text;
                text << header.GetSource() << " > " << header.GetDestination() << " "
                     << payload->GetSize() << " " << reason;
                drops.push_back(text.str());
            }));
    uint32_t arrived = 0;
    auto ear = Socket::CreateSocket(vm, Ipv4RawSocketFactory::GetTypeId());
    ear->SetAttribute("Protocol", UintegerValue(253)); // RFC 3692: for experiments
    ear->Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
    ear->SetRecvCallback([&](Ptr<Socket> socket) {
        while (socket->Recv())
        {
            arrived++;
        }
    });
    const auto send = [&](const char* source) {
        auto packet = Create<Packet>(33);
        Ipv4Header header;
        header.SetSource(Ipv4Address(source));
        header.SetDestination(Ipv4Address("10.0.0.4"));
        header.SetProtocol(253);
        header.SetTtl(64);
        header.SetPayloadSize(33);
        packet->AddHeader(header);
        // Past the attacker's own stack, which would not lie about its address.
        auto device = attacker->GetDevice(1);
        device->Send(packet, device->GetBroadcast(), Ipv4L3Protocol::PROT_NUMBER);
    };
    Simulator::Schedule(Seconds(1), [&]() { send("10.0.1.4"); });
    Simulator::Schedule(Seconds(2), [&]() { send("168.63.129.16"); });
    Simulator::Schedule(Seconds(3), [&]() { send("168.63.129.17"); });
    ProbeNetwork::RunTo(6);
    test.Equal(drops.size(), 1, "one packet is dropped");
    test.Equal(drops.empty() ? "" : drops[0],
               "168.63.129.16 > 10.0.0.4 33 spoofed-platform-address",
               "with its header, its size and the reason");
    test.Equal(arrived, 2, "the others arrive");
    test.Equal(network.seen[vm->GetId()].size(), 2, "probes go on");
    test.Check(probers->IsUp("p", Ipv4Address("10.0.0.4")), "and pass");
    probers->Dispose();
}

/** A probe without a way to its instance is a silent one, and the next finds the way. */
void
NoWay(FunctionTestCase& test)
{
    ProbeNetwork network;
    auto host = ProbeNetwork::Host();
    auto router = ProbeNetwork::Host();
    auto vm = ProbeNetwork::Host();
    ProbeNetwork::Join({{host, "10.0.0.1"}, {router, "10.0.0.2"}});
    ProbeNetwork::Join({{vm, "10.0.1.4"}, {router, "10.0.1.1"}});
    ProbeNetwork::Routing(vm)->SetDefaultRoute("10.0.1.1", 1);
    ProbeNetwork::Routing(router)->AddHostRouteTo("168.63.129.16", "10.0.0.1", 1);
    network.Listen(vm);
    auto source = ProbeSource::GetOrCreate(host);
    test.Check(source->GetHost() == host && source->GetDevice()->GetNode() == host, "on its node");
    auto prober = source->AddProber("lb/p", Ipv4Address("10.0.1.4"), Tcp());
    auto now = CreateObject<ConstantRandomVariable>();
    now->SetAttribute("Constant", DoubleValue(0));
    prober->SetAttribute("Phase", PointerValue(now));
    std::vector<ProbeRecord> results;
    prober->TraceConnectWithoutContext(
        "ProbeResult",
        Callback<void, const ProbeRecord&>([&](const ProbeRecord& r) { results.push_back(r); }));
    prober->Start();
    prober->Start(); // a second start changes nothing
    ProbeNetwork::RunTo(7);
    test.Equal(results.size(), 1, "one result");
    test.Check(results.at(0).outcome == ProbeOutcome::Timeout, "silence");
    test.Equal(results.at(0).end, Seconds(5), "when the timeout is over");
    ProbeNetwork::Routing(host)->SetDefaultRoute("10.0.0.2", 1);
    ProbeNetwork::RunTo(11);
    test.Equal(results.size(), 3, "one each interval: the second was under way without a way");
    test.Check(results.at(1).outcome == ProbeOutcome::Timeout, "a probe is not repeated");
    test.Check(results.at(2).outcome == ProbeOutcome::Success, "the next passes");
    test.Check(source->GetProbers() == std::vector<Ptr<HealthProber>>{prober}, "one prober");
    source->RemoveProber(prober);
    source->RemoveProber(prober); // without effect
    test.Check(source->GetProbers().empty() && !prober->IsRunning(), "removed");
    ProbeNetwork::RunTo(30);
    test.Equal(results.size(), 3, "and silent");
}

/** Where probes come from. */
class ProbeHostTestSuite : public TestSuite
{
  public:
    ProbeHostTestSuite()
        : TestSuite("azure-probe-host", Type::UNIT)
    {
        for (const auto& shape : SHAPES)
        {
            Add(std::string("HP-10 the host of an instance: ") + shape.what,
                [&shape](FunctionTestCase& test) { FindHost(test, shape); });
        }
        Add("HP-9 all hosts have the same address, which no route advertises",
            SameAddressEverywhere);
        Add("HP-9 only the platform sends from its address", Spoofed);
        Add("Without a route a probe is silent until its timeout", NoWay);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, const std::function<void(FunctionTestCase&)>& body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
ProbeHostTestSuite g_probeHostTestSuite;

} // namespace
