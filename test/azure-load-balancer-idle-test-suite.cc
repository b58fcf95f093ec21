/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-load-balancer-system-fixture.h"

#include "ns3/boolean.h"
#include "ns3/error-model.h"
#include "ns3/global-value.h"
#include "ns3/pointer.h"
#include "ns3/ppp-header.h"
#include "ns3/tcp-header.h"

#include <memory>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr uint16_t PORT = 80;         //!< of the rules
const Time IDLE = Minutes(4);         //!< shortest idle timeout that Azure takes
const Time MARGIN = MilliSeconds(50); //!< more than a round trip

/** A reset that was seen on a link. */
struct SeenReset
{
    Time time;               //!< when
    Ipv4Address source;      //!< from whom
    Ipv4Address destination; //!< to whom
    uint32_t sequence;       //!< its sequence number
};

/** One client, some instances, one TCP and one UDP rule without probes. */
class IdleNetwork
{
  public:
    /**
     * @param change what is different from a rule with reset and IDLE
     * @param nBackends number of instances
     * @param udpLifetime of UDP flows
     */
    explicit IdleNetwork(const std::function<void(LoadBalancerConfiguration&)>& change = nullptr,
                         uint32_t nBackends = 2,
                         Time udpLifetime = Minutes(4))
        : network(1, nBackends)
    {
        network.helper.SetAttribute("UdpFlowLifetime", TimeValue(udpLifetime));
        auto configuration = network.Configuration();
        auto tcp = SystemNetwork::Rule(TransportProtocol::Tcp, PORT, PORT);
        tcp.idleTimeout = IDLE;
        tcp.enableTcpReset = true;
        configuration.loadBalancingRules = {
            tcp,
            SystemNetwork::Rule(TransportProtocol::Udp, PORT, PORT)};
        if (change)
        {
            change(configuration);
        }
        balancer = network.Install(configuration);
        for (uint32_t i = 0; i < nBackends; i++)
        {
            network.TcpServer(network.backends.Get(i), PORT);
            network.UdpServer(network.backends.Get(i), PORT);
        }
        for (uint32_t i = 0; i < network.router->GetNDevices(); i++)
        {
            network.router->GetDevice(i)->TraceConnectWithoutContext(
                "MacTx",
                Callback<void, Ptr<const Packet>>(
                    [this](Ptr<const Packet> packet) { See(packet); }));
        }
        balancer->TraceConnectWithoutContext(
            "FlowEnded",
            Callback<void, const FlowRecord&, FlowEndReason, Time>(
                [this](const FlowRecord&, FlowEndReason reason, Time when) {
                    ends.emplace_back(reason, when);
                }));
    }

    /**
     * @return a connection of the client to the frontend
     */
    std::unique_ptr<TestConnection> Connect()
    {
        return std::make_unique<TestConnection>(network.clients.Get(0),
                                                InetSocketAddress(Ipv4Address::GetAny(), 0),
                                                InetSocketAddress(SystemNetwork::Frontend(), PORT));
    }

    /**
     * @param reason a reason
     * @return flows that ended for it
     */
    uint64_t Ended(FlowEndReason reason) const
    {
        return balancer->GetStatistics().flowsEnded[static_cast<size_t>(reason)];
    }

    SystemNetwork network;                            //!< all nodes
    Ptr<LoadBalancer> balancer;                       //!< under test
    Time lastPacket;                                  //!< when the last one left the balancer
    std::vector<SeenReset> resets;                    //!< that left the balancer's node
    std::vector<std::pair<FlowEndReason, Time>> ends; //!< of flows
    std::map<Ipv4Address, uint32_t> expected;         //!< sequence number acknowledged last, by
                                                      //!< source address behind the balancer

  private:
    /**
     * A packet leaves the balancer's node.
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
        lastPacket = Simulator::Now();
        if (ip.GetProtocol() == 6 && copy->RemoveHeader(tcp) && (tcp.GetFlags() & TcpHeader::RST))
        {
            resets.push_back({Simulator::Now(),
                              ip.GetSource(),
                              ip.GetDestination(),
                              tcp.GetSequenceNumber().GetValue()});
        }
        else if (tcp.GetFlags() & TcpHeader::ACK)
        {
            expected[ip.GetSource()] = tcp.GetAckNumber().GetValue();
        }
    }
};

/**
 * @param connection a connection
 * @return whether its socket was told that it has ended
 */
bool
Ended(const std::unique_ptr<TestConnection>& connection)
{
    return connection->reset || connection->closed;
}

/**
 * The stock socket believes every reset; others (RFC 5961) ask for the number they expect.
 * @param test gets the results
 * @param net where resets were sent
 */
void
CheckSequences(FunctionTestCase& test, const IdleNetwork& net)
{
    const auto client = net.network.clientAddresses[0];
    for (const auto& reset : net.resets)
    {
        // What one end expects it has acknowledged, under the address that the other sees.
        const auto end = reset.destination == client ? client : SystemNetwork::Frontend();
        test.Equal(reset.sequence, net.expected.at(end), "exactly the next sequence number");
    }
}

/** With TCP reset both ends learn of the timeout. */
void
ResetBothEnds(FunctionTestCase& test)
{
    IdleNetwork net;
    auto connection = net.Connect();
    SystemNetwork::RunUntil(Seconds(1));
    connection->Send("hello");
    SystemNetwork::RunUntil(Seconds(2));
    test.Equal(connection->received, std::string("hello"), "served before");
    bool serverEnded = false;
    const auto served = net.network.connections.at(0);
    // The stock socket tells a reset in the same way as a FIN.
    auto ended = [&](Ptr<Socket>) { serverEnded = true; };
    served->SetCloseCallbacks(ended, ended);
    const auto instance = served->GetNode()->GetObject<Ipv4>()->GetAddress(1, 0).GetLocal();
    const Time due = net.lastPacket + IDLE;
    SystemNetwork::RunUntil(due - MARGIN);
    test.Equal(net.resets.size(), 0, "nothing before the timeout");
    SystemNetwork::RunUntil(IDLE + Seconds(2));
    test.Equal(net.resets.size(), 2, "a reset for each end");
    std::set<Ipv4Address> to;
    for (const auto& reset : net.resets)
    {
        to.insert(reset.destination);
        // The last packet left the router with no more delay than its transmission.
        test.Near(reset.time.GetSeconds(), due.GetSeconds(), 1e-4, "at the timeout");
        const auto expected = reset.destination == instance ? net.network.clientAddresses[0]
                                                            : SystemNetwork::Frontend();
        test.Check(reset.source == expected, "as if the other end had sent it");
    }
    test.Check(to == std::set<Ipv4Address>{instance, net.network.clientAddresses[0]}, "both ends");
    test.Equal(Ended(connection), true, "the client's connection has ended");
    test.Equal(serverEnded, true, "the server's too");
    test.Equal(net.balancer->GetStatistics().resetsSent, 2, "counted");
    test.Equal(net.Ended(FlowEndReason::IdleTimeout), 1, "the flow has ended so");
    CheckSequences(test, net);
}

/** Both ends believe the reset, whatever has passed before. */
void
ResetBelieved(FunctionTestCase& test, bool checksums, bool floating)
{
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(checksums));
    {
        IdleNetwork net([floating](auto& c) {
            c.loadBalancingRules[0].enableFloatingIp = floating;
            c.loadBalancingRules[0].backendPort = 8080;
        });
        bool serverEnded = false;
        auto ended = [&serverEnded](Ptr<Socket>) { serverEnded = true; };
        for (uint32_t i = 0; i < 2; i++)
        {
            net.network.TcpServer(net.network.backends.Get(i), 8080);
            if (floating)
            {
                net.network.backends.Get(i)->GetObject<Ipv4>()->AddAddress(
                    0,
                    Ipv4InterfaceAddress(SystemNetwork::Frontend(), Ipv4Mask::GetOnes()));
            }
        }
        auto connection = net.Connect();
        SystemNetwork::RunUntil(Seconds(1));
        const std::string data(50000, 'x');
        connection->Send(data);
        SystemNetwork::RunUntil(Seconds(5));
        test.Equal(connection->received.size(), data.size(), "echoed");
        net.network.connections.at(0)->SetCloseCallbacks(ended, ended);
        SystemNetwork::RunUntil(net.lastPacket + IDLE - MARGIN);
        test.Equal(Ended(connection) || serverEnded, false, "not before the timeout");
        SystemNetwork::RunUntil(net.lastPacket + IDLE + MARGIN);
        test.Equal(Ended(connection), true, "the client believes it");
        test.Equal(serverEnded, true, "so does the server");
        SystemNetwork::RunUntil(IDLE + Minutes(2));
        test.Equal(net.resets.size(), 2, "and nothing is left to reset");
        CheckSequences(test, net);
    }
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
}

/** Without TCP reset nobody is told. */
void
SilentDrop(FunctionTestCase& test)
{
    IdleNetwork net([](auto& c) { c.loadBalancingRules[0].enableTcpReset = false; });
    auto connection = net.Connect();
    SystemNetwork::RunUntil(IDLE + Seconds(5));
    test.Equal(net.resets.size(), 0, "no reset at the timeout");
    connection->Send("anybody?");
    SystemNetwork::RunUntil(IDLE + Seconds(8));
    test.Equal(net.resets.size(), 0, "nor in answer to what comes later");
    test.Equal(connection->received, std::string(), "no answer");
    test.Equal(Ended(connection), false, "the socket knows nothing");
    test.Check(net.balancer->GetDropCount(DropReason::IdleTimeout) > 0, "counted by reason");
    test.Equal(net.network.received.size(), 0, "nothing delivered elsewhere");
}

/** With TCP reset, what comes later is answered with a reset. */
void
LatePacket(FunctionTestCase& test)
{
    // The client loses the reset that was sent to it.
    IdleNetwork net;
    auto connection = net.Connect();
    SystemNetwork::RunUntil(IDLE - Seconds(1));
    auto device = net.network.clients.Get(0)->GetDevice(1);
    auto deaf = CreateObject<RateErrorModel>();
    deaf->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    deaf->SetRate(1);
    device->SetAttribute("ReceiveErrorModel", PointerValue(deaf));
    SystemNetwork::RunUntil(IDLE + Seconds(5));
    test.Equal(net.resets.size(), 2, "both ends were told");
    test.Equal(Ended(connection), false, "but the client has not heard it");
    deaf->Disable();
    connection->Send("still there?");
    SystemNetwork::RunUntil(IDLE + Seconds(6));
    test.Equal(Ended(connection), true, "now it has");
    test.Equal(net.resets.size(), 3, "by one more reset");
    CheckSequences(test, net);
    test.Equal(net.balancer->GetDropCount(DropReason::IdleTimeout),
               1,
               "the packet was not forwarded");
}

/** Half-open connections get no reset. */
void
HandshakeOnly(FunctionTestCase& test)
{
    IdleNetwork net;
    // The instances never answer: their links are cut.
    for (uint32_t i = 0; i < 2; i++)
    {
        auto ipv4 = net.network.backends.Get(i)->GetObject<Ipv4>();
        ipv4->SetDown(1);
    }
    auto connection = net.Connect();
    SystemNetwork::RunUntil(Minutes(20));
    test.Equal(connection->connected, false, "no handshake");
    test.Check(net.balancer->GetStatistics().flowsCreated >= 1, "but a flow");
    test.Equal(net.resets.size(), 0, "no reset for what was never established");
}

/** The frontend's own timeout wins. */
void
FrontendWins(FunctionTestCase& test)
{
    struct Case
    {
        const char* name;            //!< what it is
        Time rule;                   //!< of the rule
        std::optional<Time> address; //!< of the public address
        Time expected;               //!< what counts
    };

    const std::vector<Case> cases = {
        {"address longer", Minutes(4), Minutes(7), Minutes(7)},
        {"address shorter", Minutes(9), Minutes(5), Minutes(5)},
        {"address without", Minutes(6), std::nullopt, Minutes(6)},
        {"both the same", Minutes(5), Minutes(5), Minutes(5)},
    };
    for (const auto& c : cases)
    {
        IdleNetwork net([&](auto& configuration) {
            configuration.loadBalancingRules[0].idleTimeout = c.rule;
            configuration.frontendIpConfigurations[0].idleTimeout = c.address;
        });
        auto connection = net.Connect();
        SystemNetwork::RunUntil(c.expected - Seconds(1));
        test.Equal(Ended(connection), false, std::string(c.name) + ": not yet");
        SystemNetwork::RunUntil(c.expected + Seconds(1));
        test.Equal(Ended(connection), true, std::string(c.name) + ": now");
    }
}

/** Packets of either direction keep a flow. */
void
Activity(FunctionTestCase& test, bool fromClient)
{
    IdleNetwork net;
    auto connection = net.Connect();
    SystemNetwork::RunUntil(Seconds(1));
    // Every 3 minutes, one byte, as a keepalive does it.
    for (uint32_t i = 1; i <= 5; i++)
    {
        if (fromClient)
        {
            connection->Send("k");
        }
        else
        {
            net.network.connections.at(0)->Send(Create<Packet>(1));
        }
        SystemNetwork::RunUntil(Minutes(3) * i);
        test.Equal(Ended(connection), false, "alive after " + std::to_string(3 * i) + " minutes");
    }
    // The last packet left at 12 minutes.
    SystemNetwork::RunUntil(Minutes(16) - Seconds(1));
    test.Equal(Ended(connection), false, "4 minutes count from the last packet");
    SystemNetwork::RunUntil(Minutes(16) + Seconds(1));
    test.Equal(Ended(connection), true, "then it is over");
}

/** A UDP flow lives as long as the attribute says. */
void
UdpLifetime(FunctionTestCase& test, Time lifetime)
{
    // The timeout of the rule has nothing to do with it (LB-42).
    IdleNetwork net([](auto& c) { c.loadBalancingRules[1].idleTimeout = Minutes(30); },
                    2,
                    lifetime);
    TestDatagrams client(net.network.clients.Get(0), 5000);
    const InetSocketAddress frontend(SystemNetwork::Frontend(), PORT);
    client.Send("1", frontend);
    SystemNetwork::RunUntil(lifetime - Seconds(1));
    client.Send("2", frontend);
    SystemNetwork::RunUntil(2 * lifetime - Seconds(2));
    client.Send("3", frontend);
    SystemNetwork::RunUntil(2 * lifetime);
    test.Equal(net.balancer->GetStatistics().flowsCreated, 1, "all three are of one flow");
    SystemNetwork::RunUntil(3 * lifetime);
    client.Send("4", frontend);
    SystemNetwork::RunUntil(3 * lifetime + Seconds(1));
    test.Equal(net.balancer->GetStatistics().flowsCreated, 2, "the fourth begins a new one");
    test.Equal(net.Ended(FlowEndReason::IdleTimeout), 1, "the first has ended");
    test.Equal(client.received.size(), 4, "all were answered");
    test.Equal(net.resets.size(), 0, "UDP knows no reset");
}

/** FIN from both ends ends a flow long before its timeout. */
void
Closed(FunctionTestCase& test)
{
    IdleNetwork net;
    auto connection = net.Connect();
    SystemNetwork::RunUntil(Seconds(1));
    connection->socket->Close();
    net.network.connections.at(0)->Close();
    SystemNetwork::RunUntil(Minutes(10));
    test.Equal(net.resets.size(), 0, "no reset for a flow that has ended");
    test.Equal(net.Ended(FlowEndReason::Closed), 1, "by its FINs");
    test.Equal(net.Ended(FlowEndReason::IdleTimeout), 0, "not by the timeout");
}

/** Thousands of idle flows cost one timer. */
void
OneTimer(FunctionTestCase& test)
{
    std::array<uint64_t, 2> events{};
    std::array<uint64_t, 2> resets{};
    for (const uint32_t run : {0, 1})
    {
        IdleNetwork net;
        std::vector<std::unique_ptr<TestConnection>> connections;
        for (uint32_t i = 0; i < (run ? 200 : 100); i++)
        {
            connections.push_back(net.Connect());
        }
        SystemNetwork::RunUntil(Seconds(10));
        const auto before = Simulator::GetEventCount();
        // No packet moves until just before the timeout.
        SystemNetwork::RunUntil(IDLE - Seconds(1));
        events[run] = Simulator::GetEventCount() - before;
        SystemNetwork::RunUntil(IDLE + Seconds(10));
        resets[run] = net.balancer->GetStatistics().resetsSent;
    }
    test.Equal(events[1], events[0], "as many events for 200 flows as for 100");
    test.Equal(resets[0], 200, "each flow has its two resets");
    test.Equal(resets[1], 400, "each flow has its two resets");
}

/** All cases. */
class IdleTestSuite : public TestSuite
{
  public:
    IdleTestSuite()
        : TestSuite("azure-load-balancer-idle", Type::SYSTEM)
    {
        Add("LB-40 at the idle timeout both ends are reset, when the rule says so", ResetBothEnds);
        for (const bool checksums : {false, true})
        {
            for (const bool floating : {false, true})
            {
                Add(std::string("LB-40 both ends believe the reset after many bytes") +
                        (checksums ? ", checksums" : ", no checksums") +
                        (floating ? ", floating IP" : ""),
                    [checksums, floating](FunctionTestCase& test) {
                        ResetBelieved(test, checksums, floating);
                    });
            }
        }
        Add("LB-40 without TCP reset an idle flow ends silently", SilentDrop);
        Add("LB-40 a packet after the idle timeout is answered with a reset", LatePacket);
        Add("LB-40 idle flows have one timer together, not one each", OneTimer);
        Add("LB-40 a closed flow is never reset", Closed);
        Add("LB-42 a connection that was not established gets no reset", HandshakeOnly);
        Add("LB-43 the idle timeout of the frontend's address overrides the rule's", FrontendWins);
        Add("LB-44 packets of the client keep a flow alive",
            [](FunctionTestCase& test) { Activity(test, true); });
        Add("LB-44 packets of the instance keep a flow alive",
            [](FunctionTestCase& test) { Activity(test, false); });
        Add("LB-45 LB-42 a UDP flow is forgotten after 4 idle minutes, whatever the rule says",
            [](FunctionTestCase& test) { UdpLifetime(test, Minutes(4)); });
        Add("LB-45 the lifetime of UDP flows is an attribute",
            [](FunctionTestCase& test) { UdpLifetime(test, Seconds(20)); });
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

IdleTestSuite g_idleTestSuite; //!< registers itself

} // namespace
