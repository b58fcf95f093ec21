/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-flow-monitor-helper.h"
#include "ns3/azure-ipv4-routing-hook.h"
#include "ns3/error-model.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-flow-probe.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/queue-disc.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-header.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

const Ipv4Address FRONTEND("20.0.0.4"); //!< where clients send to
constexpr uint16_t PORT = 9;            //!< port of the servers
constexpr uint32_t SERVERS = 3;         //!< how many there are

/// Source, destination, protocol, source port, destination port.
using Tuple = std::tuple<uint32_t, uint32_t, uint8_t, uint16_t, uint16_t>;

/**
 * @param header an IP header
 * @param payload what follows it, at least a UDP header
 * @return the 5-tuple
 */
Tuple
ReadTuple(const Ipv4Header& header, const Ptr<const Packet>& payload)
{
    uint8_t ports[4] = {0, 0, 0, 0};
    payload->CopyData(ports, 4);
    return {header.GetSource().Get(),
            header.GetDestination().Get(),
            header.GetProtocol(),
            ports[0] << 8 | ports[1],
            ports[2] << 8 | ports[3]};
}

/**
 * @param tuple a tuple of the stock classifier
 * @return the same
 */
Tuple
ToTuple(const Ipv4FlowClassifier::FiveTuple& tuple)
{
    return {tuple.sourceAddress.Get(),
            tuple.destinationAddress.Get(),
            tuple.protocol,
            tuple.sourcePort,
            tuple.destinationPort};
}

/** Sends the flows of a frontend to servers, and from 3 s on to other servers. */
class FickleNat : public Ipv4RoutingHook
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
        if (header.GetDestination() == FRONTEND)
        {
            const auto port = std::get<3>(ReadTuple(header, p));
            const auto server = (port + (Simulator::Now() < Seconds(3) ? 0 : 1)) % SERVERS;
            translated.SetDestination(Ipv4Address(0x0a000202 + (server << 8)));
        }
        else if (header.GetSource().CombineMask("255.255.0.0") == Ipv4Address("10.0.0.0") &&
                 header.GetSource() != Ipv4Address("10.0.1.1"))
        {
            translated.SetSource(FRONTEND);
        }
        return Ipv4RoutingHook::RouteInput(p, translated, idev, ucb, mcb, lcb, ecb);
    }
};

/** What became of the packets of one flow, counted packet by packet. */
struct Count
{
    uint32_t txPackets{0};                  //!< packets that left
    uint64_t txBytes{0};                    //!< and their bytes
    uint32_t rxPackets{0};                  //!< packets that arrived
    uint64_t rxBytes{0};                    //!< and their bytes
    uint32_t forwarded{0};                  //!< times that one that arrived was sent on
    Time delay;                             //!< of all packets
    Time lastDelay;                         //!< of the latest packet
    Time jitter;                            //!< of all packets
    Time firstTx;                           //!< first packet that left
    Time lastRx;                            //!< latest packet that arrived
    std::map<uint32_t, uint32_t> drops;     //!< by reason of FlowMonitor
    std::map<uint32_t, uint64_t> dropBytes; //!< likewise
    std::vector<std::pair<Tuple, uint64_t>> translations; //!< in the order of the first
};

/** A client, a translating router and servers; every packet is followed by its unique number. */
class Bed
{
  public:
    /** @param stream stream of all that is random */
    explicit Bed(int64_t stream)
        : m_random(CreateObject<UniformRandomVariable>())
    {
        m_random->SetStream(stream);
        m_nodes.Create(2 + SERVERS);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(m_nodes);
        Ipv4StaticRoutingHelper routing;
        for (uint32_t i = 0; i <= SERVERS; ++i)
        {
            PointToPointHelper link;
            // Servers are slow to reach, and lose some of what does.
            link.SetDeviceAttribute("DataRate", StringValue(i ? "2Mbps" : "50Mbps"));
            link.SetChannelAttribute("Delay", StringValue("3ms"));
            link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("2p"));
            const auto end = i ? i + 1 : 0;
            auto devices = link.Install(m_nodes.Get(end), m_nodes.Get(1));
            TrafficControlHelper control;
            control.SetRootQueueDisc("ns3::FifoQueueDisc", "MaxSize", StringValue("4p"));
            const auto discs = control.Install(devices.Get(1));
            discs.Get(0)->TraceConnectWithoutContext(
                "Drop",
                Callback<void, Ptr<const QueueDiscItem>>([this](Ptr<const QueueDiscItem> item) {
                    CountDrop(item->GetPacket()->GetUid(), Ipv4FlowProbe::DROP_QUEUE_DISC);
                }));
            Ipv4AddressHelper addresses;
            const auto base = 0x0a000100 + (i << 8);
            addresses.SetBase(Ipv4Address(base), "255.255.255.0", i ? "0.0.0.2" : "0.0.0.1");
            addresses.Assign(devices.Get(0));
            addresses.SetBase(Ipv4Address(base), "255.255.255.0", i ? "0.0.0.1" : "0.0.0.2");
            addresses.Assign(devices.Get(1));
            routing.GetStaticRouting(m_nodes.Get(end)->GetObject<Ipv4>())
                ->SetDefaultRoute(Ipv4Address(base + (i ? 1 : 2)), 1);
            auto errors = CreateObject<RateErrorModel>();
            errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            errors->SetRate(0.1 * i);
            errors->AssignStreams(stream + 1 + i);
            DynamicCast<PointToPointNetDevice>(devices.Get(0))->SetReceiveErrorModel(errors);
        }
        CreateObject<FickleNat>()->Install(m_nodes.Get(1));
        monitor.Install(m_nodes);
        for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
        {
            Follow(m_nodes.Get(i)->GetObject<Ipv4L3Protocol>());
        }
    }

    ~Bed()
    {
        Simulator::Destroy();
    }

    /** @brief Send packets in many flows, answer some, and take a server down. */
    void Run()
    {
        for (uint32_t i = 0; i < SERVERS; ++i)
        {
            auto socket = Open(2 + i, PORT);
            socket->SetRecvCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket> s) {
                Address from;
                while (auto packet = s->RecvFrom(from))
                {
                    if (m_random->GetInteger(0, 1))
                    {
                        s->SendTo(Create<Packet>(m_random->GetInteger(0, 1400)), 0, from);
                    }
                }
            }));
        }
        const std::vector<Ipv4Address> targets{FRONTEND,
                                               FRONTEND,
                                               FRONTEND,
                                               Ipv4Address("10.0.2.2"),
                                               Ipv4Address("10.0.4.2"),
                                               Ipv4Address("203.0.113.1")};
        for (uint16_t flow = 0; flow < 24; ++flow)
        {
            auto socket = Open(0, 5000 + flow);
            const auto target = targets[m_random->GetInteger(0, targets.size() - 1)];
            if (flow % 6 == 5)
            {
                socket->SetIpTtl(1);
            }
            for (auto left = m_random->GetInteger(5, 60); left > 0; --left)
            {
                const auto size = m_random->GetInteger(0, 1400);
                // In bursts, so that queues fill up.
                const auto at = MilliSeconds(100 * m_random->GetInteger(10, 50));
                Simulator::Schedule(at, [socket, size, target] {
                    socket->SendTo(Create<Packet>(size), 0, InetSocketAddress(target, PORT));
                });
            }
        }
        Simulator::Schedule(Seconds(2), [this] { m_nodes.Get(3)->GetObject<Ipv4>()->SetDown(1); });
        Simulator::Schedule(Seconds(4), [this] { m_nodes.Get(3)->GetObject<Ipv4>()->SetUp(1); });
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        monitor.GetMonitor()->CheckForLostPackets(Seconds(0));
    }

    std::map<Tuple, Count> counts; //!< what was counted, by the tuple at the sender
    NatFlowMonitorHelper monitor;  //!< what is tested

  private:
    /** What is known of a packet under way. */
    struct Journey
    {
        Tuple tuple;        //!< as it left
        Time sent;          //!< when it left
        uint32_t size;      //!< bytes
        uint32_t forwarded; //!< times that a router sent it on
    };

    /**
     * @param node number of the node
     * @param port local port
     * @return a UDP socket
     */
    Ptr<Socket> Open(uint32_t node, uint16_t port)
    {
        auto socket = Socket::CreateSocket(m_nodes.Get(node), UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        return socket;
    }

    /**
     * @brief Count what the IP layer of a node says.
     * @param ipv4 the IP layer
     */
    void Follow(Ptr<Ipv4L3Protocol> ipv4)
    {
        using Sink = Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>;
        ipv4->TraceConnectWithoutContext(
            "SendOutgoing",
            Sink([this](const Ipv4Header& header, Ptr<const Packet> packet, uint32_t) {
                if (header.GetProtocol() != 17)
                {
                    return;
                }
                const auto size = packet->GetSize() + header.GetSerializedSize();
                const auto tuple = ReadTuple(header, packet);
                m_journeys[packet->GetUid()] = {tuple, Simulator::Now(), size, 0};
                auto& count = counts[tuple];
                count.firstTx = count.txPackets++ ? count.firstTx : Simulator::Now();
                count.txBytes += size;
            }));
        ipv4->TraceConnectWithoutContext(
            "UnicastForward",
            Sink([this](const Ipv4Header& header, Ptr<const Packet> packet, uint32_t) {
                if (header.GetProtocol() == 17)
                {
                    ++m_journeys.at(packet->GetUid()).forwarded;
                }
            }));
        ipv4->TraceConnectWithoutContext(
            "LocalDeliver",
            Sink([this](const Ipv4Header& header, Ptr<const Packet> packet, uint32_t) {
                if (header.GetProtocol() == 17)
                {
                    CountArrival(header, packet);
                }
            }));
        ipv4->TraceConnectWithoutContext(
            "Drop",
            Callback<void,
                     const Ipv4Header&,
                     Ptr<const Packet>,
                     Ipv4L3Protocol::DropReason,
                     Ptr<Ipv4>,
                     uint32_t>([this](const Ipv4Header& header,
                                      Ptr<const Packet> packet,
                                      Ipv4L3Protocol::DropReason reason,
                                      Ptr<Ipv4>,
                                      uint32_t) {
                if (header.GetProtocol() != 17)
                {
                    return;
                }
                const std::map<Ipv4L3Protocol::DropReason, uint32_t> codes{
                    {Ipv4L3Protocol::DROP_TTL_EXPIRED, Ipv4FlowProbe::DROP_TTL_EXPIRE},
                    {Ipv4L3Protocol::DROP_NO_ROUTE, Ipv4FlowProbe::DROP_NO_ROUTE},
                    {Ipv4L3Protocol::DROP_INTERFACE_DOWN, Ipv4FlowProbe::DROP_INTERFACE_DOWN}};
                CountDrop(packet->GetUid(), codes.at(reason));
                CountTranslation(header, packet);
            }));
    }

    /**
     * @brief A packet has reached its receiver.
     * @param header its IP header
     * @param packet what follows it
     */
    void CountArrival(const Ipv4Header& header, const Ptr<const Packet>& packet)
    {
        const auto& journey = m_journeys.at(packet->GetUid());
        auto& count = counts.at(journey.tuple);
        const auto delay = Simulator::Now() - journey.sent;
        count.jitter += count.rxPackets++ ? Abs(delay - count.lastDelay) : Time(0);
        count.rxBytes += packet->GetSize() + header.GetSerializedSize();
        count.forwarded += journey.forwarded;
        count.delay += delay;
        count.lastDelay = delay;
        count.lastRx = Simulator::Now();
        CountTranslation(header, packet);
    }

    /**
     * @brief A packet was seen at the end of its way.
     * @param header its IP header
     * @param packet what follows it
     */
    void CountTranslation(const Ipv4Header& header, const Ptr<const Packet>& packet)
    {
        const auto& before = m_journeys.at(packet->GetUid()).tuple;
        const auto after = ReadTuple(header, packet);
        if (after == before)
        {
            return;
        }
        for (auto& [tuple, packets] : counts.at(before).translations)
        {
            if (tuple == after)
            {
                ++packets;
                return;
            }
        }
        counts.at(before).translations.emplace_back(after, 1);
    }

    /**
     * @brief A packet was dropped.
     * @param uid its unique number
     * @param reason code of FlowMonitor
     */
    void CountDrop(uint64_t uid, uint32_t reason)
    {
        const auto journey = m_journeys.find(uid);
        if (journey != m_journeys.end()) // else it is ICMP
        {
            auto& count = counts.at(journey->second.tuple);
            ++count.drops[reason];
            count.dropBytes[reason] += journey->second.size;
        }
    }

    Ptr<UniformRandomVariable> m_random;    //!< all that is random
    NodeContainer m_nodes;                  //!< client, router, servers
    std::map<uint64_t, Journey> m_journeys; //!< packets, by their unique number
};

/**
 * @param test the test case
 * @param stream stream of all that is random
 */
void
RandomFlows(FunctionTestCase& test, int64_t stream)
{
    Bed bed(stream);
    bed.Run();
    const auto& stats = bed.monitor.GetMonitor()->GetFlowStats();
    test.Equal(stats.size(), bed.counts.size(), "flows");
    std::map<uint32_t, uint32_t> reasons;
    uint32_t lost = 0;
    uint32_t several = 0;
    for (const auto& [id, flow] : stats)
    {
        const auto tuple = ToTuple(bed.monitor.GetClassifier()->FindFlow(id));
        const auto what = " of flow " + std::to_string(id);
        test.Equal(bed.counts.count(tuple), 1, "tuple" + what);
        const auto& count = bed.counts[tuple];
        test.Equal(flow.txPackets, count.txPackets, "packets sent" + what);
        test.Equal(flow.txBytes, count.txBytes, "bytes sent" + what);
        test.Equal(flow.rxPackets, count.rxPackets, "packets received" + what);
        test.Equal(flow.rxBytes, count.rxBytes, "bytes received" + what);
        test.Equal(flow.lostPackets, count.txPackets - count.rxPackets, "packets lost" + what);
        test.Equal(flow.delaySum, count.delay, "delay" + what);
        test.Equal(flow.jitterSum, count.jitter, "jitter" + what);
        test.Equal(flow.timeFirstTxPacket, count.firstTx, "first packet sent" + what);
        if (count.rxPackets > 0)
        {
            test.Equal(flow.timeLastRxPacket, count.lastRx, "last packet received" + what);
        }
        test.Equal(flow.timesForwarded, count.forwarded, "times forwarded" + what);
        for (uint32_t reason = 0; reason < 16; ++reason)
        {
            const auto at = what + " for reason " + std::to_string(reason);
            const bool known = reason < flow.packetsDropped.size();
            const auto drops = count.drops.count(reason) ? count.drops.at(reason) : 0;
            const auto bytes = count.drops.count(reason) ? count.dropBytes.at(reason) : 0;
            test.Equal(known ? flow.packetsDropped[reason] : 0, drops, "drops" + at);
            test.Equal(known ? flow.bytesDropped[reason] : 0, bytes, "bytes dropped" + at);
            reasons[reason] += drops;
        }
        const auto translations = bed.monitor.GetClassifier()->GetTranslations(id);
        test.Equal(translations.size(), count.translations.size(), "translations" + what);
        for (std::size_t i = 0; i < std::min(translations.size(), count.translations.size()); ++i)
        {
            test.Check(ToTuple(translations[i].before) == tuple, "before" + what);
            test.Check(ToTuple(translations[i].after) == count.translations[i].first,
                       "after" + what);
            test.Equal(translations[i].packets, count.translations[i].second, "packets" + what);
        }
        lost += flow.lostPackets;
        several += translations.size() > 1;
    }
    // It is only worth something if all of it has happened.
    uint32_t dropped = 0;
    for (const auto reason : {Ipv4FlowProbe::DROP_TTL_EXPIRE,
                              Ipv4FlowProbe::DROP_NO_ROUTE,
                              Ipv4FlowProbe::DROP_INTERFACE_DOWN,
                              Ipv4FlowProbe::DROP_QUEUE_DISC})
    {
        test.Check(reasons[reason] > 0, "drops for reason " + std::to_string(reason));
        dropped += reasons[reason];
    }
    test.Check(lost > dropped, "some are lost without a reason, on the link");
    test.Check(several > 0, "some flows are translated in two ways");
}

/** @param test the test case */
void
Classifier(FunctionTestCase& test)
{
    const auto classifier = Create<Ipv4NatFlowClassifier>();
    const auto header = [](uint32_t source, uint32_t destination, uint8_t protocol) {
        Ipv4Header ip;
        ip.SetSource(Ipv4Address(source));
        ip.SetDestination(Ipv4Address(destination));
        ip.SetProtocol(protocol);
        return ip;
    };
    const auto payload = [](uint8_t protocol, uint16_t source, uint16_t destination) {
        auto packet = Create<Packet>(10);
        if (protocol == 17)
        {
            UdpHeader udp;
            udp.SetSourcePort(source);
            udp.SetDestinationPort(destination);
            packet->AddHeader(udp);
        }
        else
        {
            TcpHeader tcp;
            tcp.SetSourcePort(source);
            tcp.SetDestinationPort(destination);
            packet->AddHeader(tcp);
        }
        return packet;
    };
    // Random packets of few flows against maps; 0xffff and high addresses keep every bit.
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(71);
    std::map<Tuple, std::pair<FlowId, FlowPacketId>> flows;
    std::map<FlowId, std::vector<std::pair<Tuple, uint64_t>>> pairs;
    const uint32_t addresses[] = {0x0a000001, 0xfffffffe, 0x80000000};
    const uint16_t ports[] = {1, 0x100, 0xffff};
    const auto pick = [&](const auto& from) { return from[random->GetInteger(0, 2)]; };
    for (uint32_t i = 0; i < 3000; ++i)
    {
        const uint8_t protocol = random->GetInteger(0, 1) ? 17 : 6;
        const auto ip = header(pick(addresses), pick(addresses), protocol);
        const auto packet = payload(protocol, pick(ports), pick(ports));
        const auto tuple = ReadTuple(ip, packet);
        FlowId id = 0;
        FlowPacketId number = 0;
        test.Equal(classifier->Classify(ip, packet, &id, &number), true, "TCP or UDP");
        const auto [flow, isNew] =
            flows.emplace(tuple, std::make_pair(FlowId(flows.size() + 1), 0));
        test.Equal(id, flow->second.first, "number of the flow");
        test.Equal(number, isNew ? 0 : ++flow->second.second, "number of the packet");
        const auto later = header(pick(addresses), pick(addresses), protocol);
        const auto changed = payload(protocol, pick(ports), pick(ports));
        classifier->NotifyEnd(id, later, changed);
        const auto after = ReadTuple(later, changed);
        if (after != tuple)
        {
            auto& seen = pairs[id];
            auto known = std::find_if(seen.begin(), seen.end(), [&](const auto& pair) {
                return pair.first == after;
            });
            known == seen.end() ? void(seen.emplace_back(after, 1)) : void(++known->second);
        }
    }
    for (const auto& [tuple, flow] : flows)
    {
        const auto found = classifier->GetTranslations(flow.first);
        const auto& expected = pairs[flow.first];
        test.Equal(found.size(), expected.size(), "translations");
        for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
        {
            test.Check(ToTuple(found[i].before) == tuple, "before");
            test.Check(ToTuple(found[i].after) == expected[i].first, "after");
            test.Equal(found[i].packets, expected[i].second, "packets");
        }
    }
    test.Equal(flows.size(), 162, "3 x 3 addresses, 3 x 3 ports, 2 protocols");
    // What has no ports is no flow; what is too short to have any says nothing of its end.
    FlowId id = 99;
    FlowPacketId number = 99;
    test.Equal(classifier->Classify(header(1, 2, 1), Create<Packet>(64), &id, &number),
               false,
               "ICMP");
    auto fragment = header(1, 2, 17);
    fragment.SetFragmentOffset(8);
    test.Equal(classifier->Classify(fragment, Create<Packet>(64), &id, &number), false, "fragment");
    test.Equal(classifier->Classify(header(1, 2, 17), Create<Packet>(3), &id, &number),
               false,
               "no ports");
    test.Check(id == 99 && number == 99, "nothing is set");
    const auto before = classifier->GetTranslations(1).size();
    classifier->NotifyEnd(1, header(1, 2, 17), Create<Packet>(3));
    test.Equal(classifier->GetTranslations(1).size(), before, "too short");
    test.Equal(classifier->GetTranslations(0).size(), 0, "there is no flow 0");
    test.Equal(classifier->GetTranslations(163).size(), 0, "nor one that was not seen");
}

/** Flows under address translation, counted packet by packet. */
class NatFlowMonitorTestSuite : public TestSuite
{
  public:
    NatFlowMonitorTestSuite()
        : TestSuite("azure-nat-flow-monitor", Type::SYSTEM)
    {
        for (int64_t run = 0; run < 10; ++run)
        {
            AddTestCase(
                new FunctionTestCase(
                    "Random translated flows, lost and dropped, against a count of packets " +
                        std::to_string(run),
                    [run](FunctionTestCase& test) { RandomFlows(test, 100 + 20 * run); }),
                Duration::QUICK);
        }
        AddTestCase(new FunctionTestCase("Flows and translations of random packets, against maps",
                                         Classifier),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
NatFlowMonitorTestSuite g_natFlowMonitorTestSuite;

} // namespace
