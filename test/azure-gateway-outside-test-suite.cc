/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-network.h"

#include "ns3/azure-dns-helper.h"
#include "ns3/azure-dns-static-zone.h"
#include "ns3/azure-gateway-names.h"
#include "ns3/azure-gateway-outbound-routing.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-http-server.h"
#include "ns3/double.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/tcp-header.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Address of the gateway's public frontend. */
const Ipv4Address g_frontend("20.0.0.4");

/**
 * @param i index of a backend
 * @return its public address
 */
Ipv4Address
PublicAddress(uint32_t i)
{
    return Ipv4Address(0xcb007100 + 10 + i); // 203.0.113.10, ...
}

/**
 * @brief Give the backends public addresses, beside their private ones.
 * @param net the network
 */
void
GoPublic(GatewayNetwork& net)
{
    Ipv4StaticRoutingHelper routing;
    for (uint32_t i = 0; i < net.backends.GetN(); ++i)
    {
        auto ipv4 = net.backends.Get(i)->GetObject<Ipv4>();
        ipv4->AddAddress(1, Ipv4InterfaceAddress(PublicAddress(i), Ipv4Mask::GetOnes()));
        auto router = net.router->GetObject<Ipv4>();
        const Ipv4Address own(10U << 24 | 2 << 16 | i << 8 | 2);
        for (uint32_t k = 1; k < router->GetNInterfaces(); ++k)
        {
            if (router->GetAddress(k, 0).GetLocal().CombineMask("255.255.255.0") ==
                own.CombineMask("255.255.255.0"))
            {
                routing.GetStaticRouting(router)->AddHostRouteTo(PublicAddress(i), own, k);
            }
        }
    }
    for (uint32_t i = 0; i < net.instances.GetN(); ++i)
    {
        routing.GetStaticRouting(net.instances.Get(i)->GetObject<Ipv4>())
            ->SetDefaultRoute(Ipv4Address(10U << 24 | 3 << 16 | i << 8 | 1), 1);
    }
}

/**
 * @brief Let a client ask.
 * @param net the network
 * @param rate requests a second
 * @param requests gets what came of them
 */
void
Ask(GatewayNetwork& net, double rate, std::vector<HttpRequestRecord>& requests)
{
    auto client = CreateObject<HttpClient>();
    client->SetAttribute("Remote", AddressValue(GatewayNetwork::Frontend()));
    client->SetAttribute("Rate", DoubleValue(rate));
    client->AssignStreams(10);
    net.clients.Get(0)->AddApplication(client);
    client->TraceConnectWithoutContext(
        "Request",
        Callback<void, const HttpRequestRecord&>(
            [&requests](const HttpRequestRecord& record) { requests.push_back(record); }));
}

/**
 * @param node a backend
 * @param port one of its ports
 * @param seen gets sources of connections to it: address and port, and how many SYN came
 */
void
WatchSyn(Ptr<Node> node, uint16_t port, std::map<std::pair<Ipv4Address, uint16_t>, int>& seen)
{
    node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "Rx",
        Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
            [&seen, port](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
                auto copy = packet->Copy();
                Ipv4Header ip;
                copy->RemoveHeader(ip);
                TcpHeader tcp;
                if (ip.GetProtocol() == 6 && copy->PeekHeader(tcp) > 0 &&
                    tcp.GetDestinationPort() == port && (tcp.GetFlags() & TcpHeader::SYN))
                {
                    ++seen[{ip.GetSource(), tcp.GetSourcePort()}];
                }
            }));
}

/** AG-3, HP-28: servers on the internet see the public frontend alone, whichever instance asks. */
void
PublicMembers(FunctionTestCase& test)
{
    GatewayNetwork net(1, 3, 1);
    GoPublic(net);
    auto& member = net.configuration.backendAddressPools[0].backendAddresses[0];
    member.ipAddress = IpAddress::From(PublicAddress(0));
    member.external = true;
    auto server = CreateObject<HttpServer>();
    server->SetAttribute("Port", UintegerValue(8000));
    net.backends.Get(0)->AddApplication(server);
    net.Install(true);
    std::map<std::pair<Ipv4Address, uint16_t>, int> seen;
    WatchSyn(net.backends.Get(0), 8000, seen);
    std::vector<HttpRequestRecord> requests;
    Simulator::Schedule(Seconds(1), [&] { Ask(net, 10, requests); });
    GatewayNetwork::Run(Seconds(35));
    test.Check(requests.size() > 200, "there are requests");
    for (const auto& record : requests)
    {
        test.Equal(record.GetOutcomeName(), "ok", "each is answered");
    }
    uint64_t probes = 0;
    for (uint32_t i = 0; i < 3; ++i)
    {
        const auto probers = net.gateway->GetInstance(i)->GetProbes()->GetProbers();
        test.Equal(probers->GetResultCount(ProbeOutcome::Timeout), 0, "no probe is lost");
        probes += probers->GetResultCount(ProbeOutcome::Success);
    }
    test.Check(probes >= 3 * 2, "probes of every instance");
    test.Check(seen.size() > probes, "there are connections");
    for (const auto& [source, count] : seen)
    {
        test.Equal(source.first, g_frontend, "source");
        test.Equal(count, 1, "a port of its own for each connection");
    }
}

/** Two instances and a public server of UDP that answers what it is sent. */
struct UdpBed
{
    UdpBed()
        : net(1, 2, 1)
    {
        GoPublic(net);
        net.Install();
        routing = CreateObject<GatewayOutboundRouting>();
        routing->SetAttribute("IdleTimeout", TimeValue(Seconds(60)));
        routing->SetAddresses(g_frontend, {5000}, {"10.3.0.2", "10.3.1.2"});
        routing->Install(net.router);
        // Answers come from the address that was asked.
        for (const auto& address : {PublicAddress(0), Ipv4Address("10.2.0.2")})
        {
            servers.push_back(Open(net.backends.Get(0), 53, address));
            servers.back()->SetRecvCallback([this](Ptr<Socket> socket) {
                Address from;
                while (auto packet = socket->RecvFrom(from))
                {
                    sources.push_back(InetSocketAddress::ConvertFrom(from));
                    socket->SendTo(packet, 0, from);
                }
            });
        }
    }

    /**
     * @param node a node
     * @param port a port
     * @param address an address
     * @return a socket bound to them
     */
    static Ptr<Socket> Open(Ptr<Node> node,
                            uint16_t port,
                            Ipv4Address address = Ipv4Address::GetAny())
    {
        auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(address, port));
        return socket;
    }

    /**
     * @brief Send something, once.
     * @param instance which
     * @param port its port
     * @param size bytes
     * @param to where
     */
    void Send(uint32_t instance,
              uint16_t port,
              uint32_t size = 10,
              Ipv4Address to = PublicAddress(0))
    {
        auto& socket = sockets[{instance, port}];
        if (!socket)
        {
            socket = Open(net.instances.Get(instance), port);
            socket->SetRecvCallback([this, instance](Ptr<Socket> s) {
                while (s->Recv())
                {
                    ++answers[instance];
                }
            });
        }
        socket->SendTo(Create<Packet>(size), 0, InetSocketAddress(to, 53));
        GatewayNetwork::Run(Simulator::Now() + Seconds(1));
    }

    GatewayNetwork net;                     //!< the network
    Ptr<GatewayOutboundRouting> routing;    //!< at its front
    std::vector<Ptr<Socket>> servers;       //!< at the public and the private address of a server
    std::vector<InetSocketAddress> sources; //!< whom they have heard
    std::map<uint32_t, int> answers;        //!< by instance
    std::map<std::pair<uint32_t, uint16_t>, Ptr<Socket>> sockets; //!< of the instances
};

/** AG-3: ports, answers, idle flows, and what is not translated. */
void
Ports(FunctionTestCase& test)
{
    UdpBed bed;
    const auto last = [&bed] { return bed.sources.back().GetPort(); };
    bed.Send(0, 6000);
    test.Equal(bed.sources.back().GetIpv4(), g_frontend, "the address");
    test.Equal(last(), 6000, "the port is kept");
    bed.Send(1, 6000);
    test.Equal(last(), 6001, "the next one, as that one is taken");
    bed.Send(1, 6001);
    test.Equal(last(), 6002, "and so on");
    bed.Send(0, 5000);
    test.Equal(last(), 5001, "a listener's port is not taken");
    bed.Send(0, 65535);
    bed.Send(1, 65535);
    test.Equal(last(), 1024, "from the first one again");
    test.Equal(bed.routing->GetFlowCount(), 6, "flows");
    test.Equal(bed.answers[0], 3, "answers find the first instance");
    test.Equal(bed.answers[1], 3, "and the second one");
    GatewayNetwork::Run(Seconds(40));
    bed.Send(1, 6000);
    test.Equal(last(), 6001, "a flow keeps its port");
    GatewayNetwork::Run(Seconds(90));
    bed.Send(1, 6001);
    test.Equal(last(), 6002, "an idle one too, as long as nobody else wants it");
    GatewayNetwork::Run(Seconds(200));
    bed.Send(0, 6001);
    test.Equal(last(), 6001, "the port of one that is idle for too long is free");
    bed.Send(1, 6000);
    test.Equal(last(), 6000, "so that this one has another now");
    test.Equal(bed.answers[0] + bed.answers[1], 10, "all are answered");
}

/** AG-3: what stays as it is, and what is dropped. */
void
Exceptions(FunctionTestCase& test)
{
    {
        UdpBed bed;
        bed.Send(0, 7000, 10, "10.2.0.2");
        test.Equal(bed.sources.back().GetIpv4(), Ipv4Address("10.3.0.2"), "a private address");
        bed.routing->AddInside(PublicAddress(0));
        bed.Send(0, 7001);
        test.Equal(bed.sources.back().GetIpv4(), Ipv4Address("10.3.0.2"), "one in the network");
        test.Equal(bed.routing->GetFlowCount(), 0, "no flow");
    }
    UdpBed bed;
    bed.Send(0, 7000, 3000);
    test.Check(bed.sources.empty(), "fragments do not get through");
    test.Equal(bed.routing->GetDropCount(GatewayOutboundRouting::DROP_FRAGMENT), 3, "counted");
}

/** AG-30: every instance resolves names, and again when their time to live is over. */
void
Names(FunctionTestCase& test)
{
    GatewayNetwork net(1, 2, 4);
    auto& members = net.configuration.backendAddressPools[0].backendAddresses;
    members = {{"Www.Contoso.test", IpAddress(), false}};
    for (uint32_t i = 0; i < 2; ++i)
    {
        auto server = CreateObject<HttpServer>();
        server->SetAttribute("Port", UintegerValue(8000));
        net.backends.Get(i)->AddApplication(server);
    }
    auto zone = std::make_shared<DnsStaticZone>(DnsName(), "a.root", 60);
    zone->Add(DnsRecord::A("a.root", 86400, "10.2.2.2"));
    zone->Add(DnsRecord::A("www.contoso.test", 30, "10.2.0.2"));
    DnsServerHelper().InstallZones(net.backends.Get(2), {zone});
    ResolverHelper resolvers;
    resolvers.AddRootHint("a.root", "10.2.2.2");
    resolvers.InstallRecursive(net.backends.Get(3));
    net.helper.SetResolvers({"10.2.3.2"});
    net.Install(true);
    std::vector<std::pair<Ipv4Address, Time>> told[2];
    for (uint32_t i = 0; i < 2; ++i)
    {
        net.instances.Get(i)->GetObject<GatewayNames>()->TraceConnectWithoutContext(
            "Resolved",
            Callback<void, const std::string&, Ipv4Address, Time>(
                [&told, i](const std::string&, Ipv4Address address, Time) {
                    told[i].emplace_back(address, Simulator::Now());
                }));
    }
    std::vector<HttpRequestRecord> requests;
    Simulator::Schedule(Seconds(1), [&] { Ask(net, 2, requests); });
    // The member moves; both caches have what they have.
    Simulator::Schedule(Seconds(40), [&] {
        zone->Remove("www.contoso.test", DnsType::A);
        zone->Add(DnsRecord::A("www.contoso.test", 30, "10.2.1.2"));
    });
    Simulator::Schedule(Seconds(100), [&] {
        zone->Remove("www.contoso.test", DnsType::A); // and a name is lost
    });
    GatewayNetwork::Run(Seconds(130));
    for (uint32_t i = 0; i < 2; ++i)
    {
        test.Check(told[i].size() >= 5, "looked up again and again");
        for (std::size_t k = 0; k < told[i].size(); ++k)
        {
            const auto& [address, when] = told[i][k];
            test.Equal(address, Ipv4Address(k < 2 ? "10.2.0.2" : "10.2.1.2"), "its address");
            test.Near(when.GetSeconds(),
                      30.0 * std::min<std::size_t>(k, 4),
                      k < 4 ? 0.5 : 11,
                      "at the end of each time to live");
        }
    }
    test.Check(requests.size() > 200, "there are requests");
    std::size_t failed = 0;
    for (const auto& record : requests)
    {
        failed += record.outcome == HttpOutcome::Ok ? 0 : 1;
    }
    test.Check(failed < 10, "all but those while the new address is being probed are answered");
    for (const auto& record : net.records)
    {
        if (record.responder == GatewayResponder::Backend)
        {
            const auto start = record.backend.GetIpv4();
            test.Equal(start,
                       Ipv4Address(record.start < Seconds(60) ? "10.2.0.2" : "10.2.1.2"),
                       "the member of that time");
        }
    }
}

/** AG-30: a name that nobody knows is a member that never answers. */
void
UnknownName(FunctionTestCase& test)
{
    GatewayNetwork net(1, 1, 1);
    net.configuration.backendAddressPools[0].backendAddresses = {
        {"nobody.test", IpAddress(), false}};
    net.helper.SetResolvers({"10.2.0.2"}); // no server of DNS is there
    net.Install(true);
    std::vector<HttpRequestRecord> requests;
    Simulator::Schedule(Seconds(1), [&] { Ask(net, 2, requests); });
    GatewayNetwork::Run(Seconds(20));
    test.Check(requests.size() > 10, "there are requests");
    for (const auto& record : requests)
    {
        test.Equal(record.status, 502, "no member is healthy");
    }
    auto names = net.instances.Get(0)->GetObject<GatewayNames>();
    test.Check(!names->Find("NOBODY.test"), "no address");
    test.Check(!names->Find("not a name..at all"), "nor one of this");
    GatewayNetwork::Run(Seconds(25));
}

/** Members on the internet. */
class GatewayOutsideTestSuite : public TestSuite
{
  public:
    GatewayOutsideTestSuite()
        : TestSuite("azure-gateway-outside", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("AG-3, HP-28: a public member sees the gateway's public address", PublicMembers);
        add("AG-3: ports of flows to public servers", Ports);
        add("AG-3: what is not translated", Exceptions);
        add("AG-30: instances resolve names of members and keep them for their time to live",
            Names);
        add("AG-30: a name that cannot be resolved", UnknownName);
    }
};

GatewayOutsideTestSuite g_gatewayOutsideTestSuite; //!< registers the suite

} // namespace
