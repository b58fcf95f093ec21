/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-flow-monitor-helper.h"
#include "ns3/azure-ipv4-routing-hook.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/error-model.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-flow-probe.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/udp-client-server-helper.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/virtual-net-device.h"

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr const char* FRONTEND = "20.0.0.4"; //!< where clients send to
constexpr const char* CLIENT = "10.0.1.1";   //!< the client's address
constexpr const char* SERVER = "10.0.2.2";   //!< the server's address
constexpr uint16_t PORT = 9;                 //!< the server's port

/** The smallest address translation: one frontend, one server, no state. */
class TinyNat : public Ipv4RoutingHook
{
  public:
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    const UnicastForwardCallback& ucb,
                    const MulticastForwardCallback& mcb,
                    const LocalDeliverCallback& lcb,
                    const ErrorCallback& ecb) override
    {
        Ipv4Header translated = header;
        if (header.GetDestination() == Ipv4Address(FRONTEND))
        {
            translated.SetDestination(Ipv4Address(SERVER));
        }
        else if (header.GetSource() == Ipv4Address(SERVER))
        {
            translated.SetSource(Ipv4Address(FRONTEND));
        }
        return Ipv4RoutingHook::RouteInput(p, translated, idev, ucb, mcb, lcb, ecb);
    }
};

/**
 * A client, a router and a server in a row, 10 Mbit/s and 2 ms a link, with the stock probes and
 * those of this module on every node. The frontend's address leads to the router.
 */
class FlowProbeTestCase : public TestCase
{
  public:
    /**
     * @param name name of the case
     */
    explicit FlowProbeTestCase(const std::string& name)
        : TestCase(name)
    {
    }

  protected:
    /**
     * @brief Build the row.
     * @param queueDiscs whether devices get the stack's usual queue discs
     */
    void Build(bool queueDiscs = true)
    {
        m_nodes = NodeContainer();
        m_nodes.Create(3);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
        link.SetChannelAttribute("Delay", StringValue("2ms"));
        m_left = link.Install(m_nodes.Get(0), m_nodes.Get(1));
        m_right = link.Install(m_nodes.Get(1), m_nodes.Get(2));
        InternetStackHelper().Install(m_nodes);
        if (queueDiscs)
        {
            TrafficControlHelper control;
            control.SetRootQueueDisc("ns3::FifoQueueDisc", "MaxSize", StringValue("5p"));
            control.Install(m_left);
            control.Install(m_right);
        }
        Ipv4AddressHelper addresses("10.0.1.0", "255.255.255.0");
        addresses.Assign(m_left);
        addresses.SetBase("10.0.2.0", "255.255.255.0");
        addresses.Assign(m_right);
        Ipv4StaticRoutingHelper routing;
        for (uint32_t i : {0, 2})
        {
            routing.GetStaticRouting(m_nodes.Get(i)->GetObject<Ipv4>())
                ->SetDefaultRoute(i ? "10.0.2.1" : "10.0.1.2", 1);
        }
    }

    /** @brief Put probes of both kinds on every node. */
    void Watch()
    {
        m_stock = std::make_unique<FlowMonitorHelper>();
        m_ours = std::make_unique<NatFlowMonitorHelper>();
        m_stock->Install(m_nodes);
        m_ours->Install(m_nodes);
    }

    /**
     * @brief Let a client send UDP packets, one a millisecond from 1 s on.
     * @param to the destination
     * @param packets how many
     * @param size payload in bytes
     * @param interval time between two
     */
    void SendUdp(const std::string& to,
                 uint32_t packets,
                 uint32_t size,
                 Time interval = MilliSeconds(1))
    {
        UdpClientHelper client(Ipv4Address(to.c_str()), PORT);
        client.SetAttribute("MaxPackets", UintegerValue(packets));
        client.SetAttribute("PacketSize", UintegerValue(size));
        client.SetAttribute("Interval", TimeValue(interval));
        client.Install(m_nodes.Get(0)).Start(Seconds(1));
    }

    /**
     * @brief Put a sink on the server.
     * @param factory TypeId of the socket factory
     */
    void Sink(const std::string& factory = "ns3::UdpSocketFactory")
    {
        PacketSinkHelper sink(factory, InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_sink = DynamicCast<PacketSink>(sink.Install(m_nodes.Get(2)).Get(0));
    }

    /**
     * @brief Run, then let both monitors give up on what is still missing.
     * @param stop when to stop
     */
    void Run(Time stop = Seconds(20))
    {
        Simulator::Stop(stop);
        Simulator::Run();
        m_stock->GetMonitor()->CheckForLostPackets(Seconds(0));
        m_ours->GetMonitor()->CheckForLostPackets(Seconds(0));
    }

    /**
     * @param source source address
     * @param destination destination address
     * @return what the probe of this module says of the flow between them
     */
    FlowMonitor::FlowStats Ours(const std::string& source, const std::string& destination)
    {
        return m_ours->GetMonitor()->GetFlowStats().at(Find(source, destination));
    }

    /**
     * @param source source address
     * @param destination destination address
     * @return number of the flow between them; 0 if there is none
     */
    FlowId Find(const std::string& source, const std::string& destination)
    {
        for (const auto& [id, stats] : m_ours->GetMonitor()->GetFlowStats())
        {
            auto tuple = m_ours->GetClassifier()->FindFlow(id);
            if (tuple.sourceAddress == Ipv4Address(source.c_str()) &&
                tuple.destinationAddress == Ipv4Address(destination.c_str()))
            {
                return id;
            }
        }
        return 0;
    }

    void DoTeardown() override
    {
        m_sink = nullptr;
        m_stock.reset();
        m_ours.reset();
        Simulator::Destroy();
    }

    NodeContainer m_nodes;                        //!< client, router, server
    NetDeviceContainer m_left;                    //!< devices of the client's link
    NetDeviceContainer m_right;                   //!< devices of the server's link
    Ptr<PacketSink> m_sink;                       //!< on the server
    std::unique_ptr<FlowMonitorHelper> m_stock;   //!< the stock probes
    std::unique_ptr<NatFlowMonitorHelper> m_ours; //!< the probes of this module
};

/** UDP through a translator: closed forms for everything that is counted. */
class NatUdpTestCase : public FlowProbeTestCase
{
  public:
    NatUdpTestCase()
        : FlowProbeTestCase("Under NAT the stock probe loses every packet, ours counts all: UDP")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        CreateObject<TinyNat>()->Install(m_nodes.Get(1));
        Sink();
        SendUdp(FRONTEND, 1000, 100);
        Watch();
        Run();

        NS_TEST_ASSERT_MSG_EQ(m_sink->GetTotalRx(), 100000, "the translator must work");
        const auto& stock = m_stock->GetMonitor()->GetFlowStats().at(1);
        NS_TEST_EXPECT_MSG_EQ(stock.txPackets, 1000, "stock tx");
        NS_TEST_EXPECT_MSG_EQ(stock.rxPackets, 0, "stock rx");
        NS_TEST_EXPECT_MSG_EQ(stock.lostPackets, 1000, "stock lost");

        const auto ours = Ours(CLIENT, FRONTEND);
        NS_TEST_EXPECT_MSG_EQ(ours.txPackets, 1000, "tx");
        NS_TEST_EXPECT_MSG_EQ(ours.rxPackets, 1000, "rx");
        NS_TEST_EXPECT_MSG_EQ(ours.lostPackets, 0, "lost");
        NS_TEST_EXPECT_MSG_EQ(ours.timesForwarded, 1000, "one router");
        NS_TEST_EXPECT_MSG_EQ(ours.txBytes, 1000 * 128, "bytes of whole IP packets");
        NS_TEST_EXPECT_MSG_EQ(ours.rxBytes, 1000 * 128, "bytes of whole IP packets");
        // Twice: 130 bytes with the PPP header at 10 Mbit/s, and 2 ms.
        NS_TEST_EXPECT_MSG_EQ(ours.delaySum,
                              1000 * 2 * (NanoSeconds(104000) + MilliSeconds(2)),
                              "delay");
        NS_TEST_EXPECT_MSG_EQ(ours.jitterSum, Time(0), "all packets take equally long");

        auto pairs = m_ours->GetClassifier()->GetTranslations(Find(CLIENT, FRONTEND));
        NS_TEST_ASSERT_MSG_EQ(pairs.size(), 1, "one translation");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].before.destinationAddress, Ipv4Address(FRONTEND), "before");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].after.destinationAddress, Ipv4Address(SERVER), "after");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].before.sourceAddress, Ipv4Address(CLIENT), "before");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].after.sourceAddress, Ipv4Address(CLIENT), "after");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].after.destinationPort, PORT, "port");
        NS_TEST_EXPECT_MSG_EQ(+pairs[0].after.protocol, 17, "protocol");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].packets, 1000, "packets");
        NS_TEST_EXPECT_MSG_EQ(m_ours->GetClassifier()->GetTranslations(99).size(), 0, "no flow");
    }
};

/** TCP through a translator: both directions, also segments without payload. */
class NatTcpTestCase : public FlowProbeTestCase
{
  public:
    NatTcpTestCase()
        : FlowProbeTestCase("Under NAT the stock probe loses every packet, ours counts all: TCP")
    {
    }

  private:
    void DoRun() override
    {
        Build(false);
        CreateObject<TinyNat>()->Install(m_nodes.Get(1));
        Sink("ns3::TcpSocketFactory");
        BulkSendHelper client("ns3::TcpSocketFactory",
                              InetSocketAddress(Ipv4Address(FRONTEND), PORT));
        client.SetAttribute("MaxBytes", UintegerValue(100000));
        client.Install(m_nodes.Get(0)).Start(Seconds(1));
        // Every packet that leaves the two ends, counted without any probe.
        uint32_t sent[2] = {0, 0};
        for (uint32_t i : {0, 1})
        {
            m_nodes.Get(2 * i)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
                "SendOutgoing",
                Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
                    [&sent, i](const Ipv4Header&, Ptr<const Packet>, uint32_t) { sent[i]++; }));
        }
        Watch();
        Run();

        NS_TEST_ASSERT_MSG_EQ(m_sink->GetTotalRx(), 100000, "the translator must work");
        for (const auto& [id, stock] : m_stock->GetMonitor()->GetFlowStats())
        {
            NS_TEST_EXPECT_MSG_EQ(stock.rxPackets, 0, "stock rx");
        }
        NS_TEST_EXPECT_MSG_GT(sent[0], 187, "100000 bytes at 536 a segment are 187, and a SYN");
        const auto there = Ours(CLIENT, FRONTEND);
        NS_TEST_EXPECT_MSG_EQ(there.txPackets, sent[0], "tx there");
        NS_TEST_EXPECT_MSG_EQ(there.rxPackets, sent[0], "rx there");
        const auto back = Ours(SERVER, CLIENT);
        NS_TEST_EXPECT_MSG_EQ(back.txPackets, sent[1], "tx back");
        NS_TEST_EXPECT_MSG_EQ(back.rxPackets, sent[1], "rx back");
        auto pairs = m_ours->GetClassifier()->GetTranslations(Find(SERVER, CLIENT));
        NS_TEST_ASSERT_MSG_EQ(pairs.size(), 1, "one translation back");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].after.sourceAddress, Ipv4Address(FRONTEND), "after");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].packets, sent[1], "packets back");
    }
};

/** Packets that reach a machine whose interface is down are drops with a reason. */
class NatDropTestCase : public FlowProbeTestCase
{
  public:
    NatDropTestCase()
        : FlowProbeTestCase("A packet dropped after its translation has a reason and a pair")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        CreateObject<TinyNat>()->Install(m_nodes.Get(1));
        Sink();
        SendUdp(FRONTEND, 100, 100);
        Watch();
        m_nodes.Get(2)->GetObject<Ipv4>()->SetDown(1);
        Run();

        const auto ours = Ours(CLIENT, FRONTEND);
        NS_TEST_EXPECT_MSG_EQ(ours.rxPackets, 0, "rx");
        NS_TEST_EXPECT_MSG_EQ(ours.lostPackets, 100, "lost");
        NS_TEST_ASSERT_MSG_EQ(ours.packetsDropped.size(),
                              Ipv4FlowProbe::DROP_INTERFACE_DOWN + 1,
                              "reasons");
        NS_TEST_EXPECT_MSG_EQ(ours.packetsDropped[Ipv4FlowProbe::DROP_INTERFACE_DOWN],
                              100,
                              "drops");
        NS_TEST_EXPECT_MSG_EQ(ours.bytesDropped[Ipv4FlowProbe::DROP_INTERFACE_DOWN],
                              12800,
                              "bytes dropped");
        auto pairs = m_ours->GetClassifier()->GetTranslations(Find(CLIENT, FRONTEND));
        NS_TEST_ASSERT_MSG_EQ(pairs.size(), 1, "one translation");
        NS_TEST_EXPECT_MSG_EQ(pairs[0].packets, 100, "packets");
    }
};

/** Without a translator the stock probe is the oracle: the two files are the same text. */
class SameAsStockTestCase : public FlowProbeTestCase
{
  public:
    /// What befalls the packets.
    enum class Trouble
    {
        None,      //!< nothing
        Loss,      //!< the server's link loses one in five
        Queue,     //!< the router's device has a queue of five packets
        QueueDisc, //!< the router's queue disc holds five packets
        Fragments, //!< packets of 4000 bytes, one fragment in five lost
        Ttl,       //!< packets may travel one hop
        NoRoute    //!< nobody knows the destination
    };

    /**
     * @param trouble what befalls the packets
     * @param name what it is called
     */
    SameAsStockTestCase(Trouble trouble, const std::string& name)
        : FlowProbeTestCase("Without NAT the results are those of the stock probe: " + name),
          m_trouble(trouble)
    {
    }

  private:
    void DoRun() override
    {
        Build(m_trouble == Trouble::QueueDisc);
        Sink();
        uint32_t size = 1000;
        Time interval = MilliSeconds(1);
        std::string to = SERVER;
        switch (m_trouble)
        {
        case Trouble::Fragments:
            size = 4000;
            interval = MilliSeconds(10);
            [[fallthrough]];
        case Trouble::Loss: {
            auto loss = CreateObject<RateErrorModel>();
            loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            loss->SetRate(0.2);
            loss->AssignStreams(7);
            DynamicCast<PointToPointNetDevice>(m_right.Get(1))->SetReceiveErrorModel(loss);
            break;
        }
        case Trouble::Queue:
        case Trouble::QueueDisc:
            m_right.Get(0)->SetAttribute("DataRate", StringValue("1Mbps"));
            DynamicCast<PointToPointNetDevice>(m_right.Get(0))
                ->GetQueue()
                ->SetAttribute("MaxSize", StringValue("5p"));
            break;
        case Trouble::Ttl:
            for (uint32_t i = 0; i < 3; i++)
            {
                m_nodes.Get(i)->GetObject<Ipv4L3Protocol>()->SetAttribute("DefaultTtl",
                                                                          UintegerValue(1));
            }
            break;
        case Trouble::NoRoute:
            to = "203.0.113.1";
            break;
        case Trouble::None:
            break;
        }
        SendUdp(to, 500, size, interval);
        Watch();
        Run(Seconds(60)); // fragments wait for 30 s

        const auto stock = m_stock->SerializeToXmlString(0, true, true);
        auto ours = m_ours->SerializeToXmlString(0, true, true);
        const std::string open = "  <Ipv4FlowTranslations>\n  </Ipv4FlowTranslations>\n";
        const auto at = ours.find(open);
        NS_TEST_ASSERT_MSG_NE(at, std::string::npos, "an empty list of translations expected");
        ours.erase(at, open.size());
        NS_TEST_EXPECT_MSG_EQ((ours == stock), true, "ours:\n" << ours << "stock:\n" << stock);

        // The case is only worth something if the trouble happened.
        const auto& stats = m_stock->GetMonitor()->GetFlowStats().at(1);
        NS_TEST_EXPECT_MSG_EQ(stats.txPackets, 500, "tx");
        NS_TEST_EXPECT_MSG_EQ((stats.lostPackets > 0), (m_trouble != Trouble::None), "lost");
        NS_TEST_EXPECT_MSG_EQ(stats.packetsDropped.empty(),
                              (m_trouble == Trouble::None || m_trouble == Trouble::Loss),
                              "drops with a reason");
    }

    Trouble m_trouble; //!< what befalls the packets
};

/** A relay that sends on the very packets it received, old tags and all. */
class NaiveProxyTestCase : public FlowProbeTestCase
{
  public:
    NaiveProxyTestCase()
        : FlowProbeTestCase("A naive proxy's second leg is a flow of its own")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        Sink();
        auto in = Socket::CreateSocket(m_nodes.Get(1), UdpSocketFactory::GetTypeId());
        auto out = Socket::CreateSocket(m_nodes.Get(1), UdpSocketFactory::GetTypeId());
        in->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        out->Connect(InetSocketAddress(Ipv4Address(SERVER), PORT));
        in->SetRecvCallback(Callback<void, Ptr<Socket>>([out](Ptr<Socket> socket) {
            while (auto packet = socket->Recv())
            {
                out->Send(packet);
            }
        }));
        SendUdp("10.0.1.2", 200, 100);
        Watch();
        Simulator::Schedule(Seconds(1) + MilliSeconds(100) + MicroSeconds(2500),
                            [this]() { m_nodes.Get(2)->GetObject<Ipv4>()->SetDown(1); });
        Run();

        const auto first = Ours(CLIENT, "10.0.1.2");
        NS_TEST_EXPECT_MSG_EQ(first.txPackets, 200, "first leg tx");
        NS_TEST_EXPECT_MSG_EQ(first.rxPackets, 200, "first leg rx");
        NS_TEST_EXPECT_MSG_EQ(first.lostPackets, 0, "first leg lost");
        NS_TEST_EXPECT_MSG_EQ(first.timesForwarded, 0, "a proxy does not forward");
        // Packet k leaves at 1 s + k ms and arrives 2 * (2 ms + 104 us) later: k = 0 .. 98 do so
        // before the server goes down at 1.1025 s.
        const auto second = Ours("10.0.2.1", SERVER);
        NS_TEST_EXPECT_MSG_EQ(second.txPackets, 200, "second leg tx");
        NS_TEST_EXPECT_MSG_EQ(second.rxPackets, 99, "second leg rx");
        NS_TEST_EXPECT_MSG_EQ(second.lostPackets, 101, "second leg lost");
        NS_TEST_ASSERT_MSG_EQ(second.packetsDropped.size(),
                              Ipv4FlowProbe::DROP_INTERFACE_DOWN + 1,
                              "reasons");
        NS_TEST_EXPECT_MSG_EQ(second.packetsDropped[Ipv4FlowProbe::DROP_INTERFACE_DOWN],
                              101,
                              "second leg drops");
        NS_TEST_EXPECT_MSG_EQ(second.delaySum,
                              99 * (NanoSeconds(104000) + MilliSeconds(2)),
                              "the second leg's own delay");
        NS_TEST_EXPECT_MSG_EQ(m_ours->GetMonitor()->GetFlowStats().size(), 2, "two flows");
    }
};

/** A tunnel in UDP between client and router: what it carries and what carries it. */
class TunnelTestCase : public FlowProbeTestCase
{
  public:
    TunnelTestCase()
        : FlowProbeTestCase("A tunnel's packets and what they carry are flows of their own")
    {
    }

  private:
    /**
     * @brief Give a node an end of the tunnel.
     * @param node number of the node
     * @param address address of the end
     * @param peer where the tunnel leads
     */
    void AddTunnel(uint32_t node, const std::string& address, const std::string& peer)
    {
        auto device = CreateObject<VirtualNetDevice>();
        m_nodes.Get(node)->AddDevice(device);
        auto ipv4 = m_nodes.Get(node)->GetObject<Ipv4>();
        auto interface = ipv4->AddInterface(device);
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(Ipv4Address(address.c_str()), "/24"));
        ipv4->SetUp(interface);
        auto socket = Socket::CreateSocket(m_nodes.Get(node), UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 4789));
        socket->Connect(InetSocketAddress(Ipv4Address(peer.c_str()), 4789));
        device->SetSendCallback(
            Callback<bool, Ptr<Packet>, const Address&, const Address&, uint16_t>(
                [socket](Ptr<Packet> packet, const Address&, const Address&, uint16_t) {
                    socket->Send(packet);
                    return true;
                }));
        // A pointer that counts would hold both for ever: the device holds the socket.
        socket->SetRecvCallback(
            Callback<void, Ptr<Socket>>([device = PeekPointer(device)](Ptr<Socket> s) {
                while (auto packet = s->Recv())
                {
                    device->Receive(packet,
                                    0x0800,
                                    device->GetAddress(),
                                    device->GetAddress(),
                                    NetDevice::PACKET_HOST);
                }
            }));
    }

    void DoRun() override
    {
        Build();
        AddTunnel(0, "10.9.0.1", "10.0.2.2");
        AddTunnel(2, "10.9.0.2", "10.0.1.1");
        Sink();
        SendUdp("10.9.0.2", 200, 100);
        Watch();
        Run();

        NS_TEST_ASSERT_MSG_EQ(m_sink->GetTotalRx(), 20000, "the tunnel must work");
        const auto inner = Ours("10.9.0.1", "10.9.0.2");
        NS_TEST_EXPECT_MSG_EQ(inner.txPackets, 200, "inner tx");
        NS_TEST_EXPECT_MSG_EQ(inner.rxPackets, 200, "inner rx");
        NS_TEST_EXPECT_MSG_EQ(inner.rxBytes, 200 * 128, "inner bytes");
        NS_TEST_EXPECT_MSG_EQ(inner.timesForwarded, 0, "nobody forwards the inner packet");
        const auto outer = Ours("10.0.1.1", "10.0.2.2");
        NS_TEST_EXPECT_MSG_EQ(outer.txPackets, 200, "outer tx");
        NS_TEST_EXPECT_MSG_EQ(outer.rxPackets, 200, "outer rx");
        NS_TEST_EXPECT_MSG_EQ(outer.rxBytes, 200 * 156, "outer bytes");
        NS_TEST_EXPECT_MSG_EQ(outer.timesForwarded, 200, "the router forwards the outer packet");
        NS_TEST_EXPECT_MSG_EQ(inner.lostPackets + outer.lostPackets, 0, "lost");
        for (FlowId id : {1, 2})
        {
            NS_TEST_EXPECT_MSG_EQ(m_ours->GetClassifier()->GetTranslations(id).size(),
                                  0,
                                  "a tunnel translates nothing");
        }
    }
};

/** The XML file, with its translations, and the helper's own behaviour. */
class HelperTestCase : public FlowProbeTestCase
{
  public:
    HelperTestCase()
        : FlowProbeTestCase("The helper writes the stock file and the translations beside it")
    {
    }

  private:
    void DoRun() override
    {
        Build();
        CreateObject<TinyNat>()->Install(m_nodes.Get(1));
        Sink();
        SendUdp(FRONTEND, 10, 100);
        m_stock = std::make_unique<FlowMonitorHelper>();
        m_stock->InstallAll();
        m_ours = std::make_unique<NatFlowMonitorHelper>();
        m_ours->SetMonitorAttribute("MaxPerHopDelay", TimeValue(Seconds(3)));
        m_ours->InstallAll();
        m_ours->Install(m_nodes);        // a second probe on a node would count everything twice
        m_ours->Install(m_nodes.Get(0)); // likewise
        m_ours->Install(CreateObject<Node>()); // no IP stack: left out
        Run();

        NS_TEST_EXPECT_MSG_EQ(m_ours->GetMonitor()->GetAllProbes().size(),
                              m_stock->GetMonitor()->GetAllProbes().size(),
                              "one probe a node and address family");
        NS_TEST_EXPECT_MSG_EQ(Ours(CLIENT, FRONTEND).rxPackets, 10, "counted once");
        TimeValue delay;
        m_ours->GetMonitor()->GetAttribute("MaxPerHopDelay", delay);
        NS_TEST_EXPECT_MSG_EQ(delay.Get(), Seconds(3), "attribute of the monitor");

        const auto xml = m_ours->SerializeToXmlString(0, false, false);
        auto count = [&xml](const std::string& what) {
            uint32_t n = 0;
            for (auto at = xml.find(what); at != std::string::npos; at = xml.find(what, at + 1))
            {
                n++;
            }
            return n;
        };
        // What ns-3's flowmon-parse-results.py asks for: one element, one flow of it in FlowStats.
        NS_TEST_EXPECT_MSG_EQ(count("<Ipv4FlowClassifier>"), 1, "the stock element");
        NS_TEST_EXPECT_MSG_EQ(count("<Flow flowId=\"1\""), 2, "its flow, here and in FlowStats");
        NS_TEST_EXPECT_MSG_EQ(
            count("<Translation flowId=\"1\" protocolIdentifier=\"17\""
                  " sourceIPv4Address=\"10.0.1.1\" destinationIPv4Address=\"20.0.0.4\""
                  " sourceTransportPort=\"49153\" destinationTransportPort=\"9\""
                  " postNATSourceIPv4Address=\"10.0.1.1\""
                  " postNATDestinationIPv4Address=\"10.0.2.2\""
                  " postNAPTSourceTransportPort=\"49153\""
                  " postNAPTDestinationTransportPort=\"9\" packetTotalCount=\"10\" />"),
            1,
            xml);

        const auto name = CreateTempDirFilename("flowmon.xml");
        m_ours->SerializeToXmlFile(name, false, false);
        std::ifstream file(name);
        std::ostringstream text;
        text << file.rdbuf();
        NS_TEST_EXPECT_MSG_EQ(text.str(), "<?xml version=\"1.0\" ?>\n" + xml, "the same in a file");
    }
};

/** The flow probe and its helper. */
class FlowProbeTestSuite : public TestSuite
{
  public:
    FlowProbeTestSuite()
        : TestSuite("azure-flow-probe", Type::UNIT)
    {
        using Trouble = SameAsStockTestCase::Trouble;
        AddTestCase(new NatUdpTestCase, Duration::QUICK);
        AddTestCase(new NatTcpTestCase, Duration::QUICK);
        AddTestCase(new NatDropTestCase, Duration::QUICK);
        AddTestCase(new SameAsStockTestCase(Trouble::None, "no trouble"), Duration::QUICK);
        AddTestCase(new SameAsStockTestCase(Trouble::Loss, "loss"), Duration::QUICK);
        AddTestCase(new SameAsStockTestCase(Trouble::Queue, "full queue"), Duration::QUICK);
        AddTestCase(new SameAsStockTestCase(Trouble::QueueDisc, "full queue disc"),
                    Duration::QUICK);
        AddTestCase(new SameAsStockTestCase(Trouble::Fragments, "fragments"), Duration::QUICK);
        AddTestCase(new SameAsStockTestCase(Trouble::Ttl, "TTL"), Duration::QUICK);
        AddTestCase(new SameAsStockTestCase(Trouble::NoRoute, "no route"), Duration::QUICK);
        AddTestCase(new NaiveProxyTestCase, Duration::QUICK);
        AddTestCase(new TunnelTestCase, Duration::QUICK);
        AddTestCase(new HelperTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
FlowProbeTestSuite g_flowProbeTestSuite;

} // namespace
