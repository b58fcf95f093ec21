/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TCP_WIRE_H
#define AZURE_TCP_WIRE_H

#include "ns3/azure-http-helper.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-header.h"
#include "ns3/node-container.h"
#include "ns3/object-map.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/ppp-header.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** A segment that a node sent. */
struct SentSegment
{
    Time time;           //!< when
    bool client{false};  //!< from the first node
    TcpHeader tcp;       //!< its header
    uint32_t payload{0}; //!< bytes after it
    uint32_t size{0};    //!< bytes of the IP packet
};

/** Two nodes, one fast link, and every segment on it; 10.0.0.1 and 10.0.0.2. */
class TcpWire
{
  public:
    /**
     * @param preset of both nodes
     * @param delay one-way delay
     * @param mtu MTU of the link, bytes
     */
    explicit TcpWire(const TcpPreset& preset, Time delay = MilliSeconds(10), uint32_t mtu = 1500)
        : nodes(2)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
        link.SetDeviceAttribute("Mtu", UintegerValue(mtu));
        link.SetChannelAttribute("Delay", TimeValue(delay));
        auto devices = link.Install(nodes);
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(devices);
        TcpPresetHelper(preset).Install(nodes);
        for (const bool client : {true, false})
        {
            devices.Get(client ? 0 : 1)
                ->TraceConnectWithoutContext(
                    "MacTx",
                    Callback<void, Ptr<const Packet>>(
                        [this, client](Ptr<const Packet> packet) { Record(client, packet); }));
        }
        RunTo(Seconds(0)); // stacks begin with an event
    }

    TcpWire(const TcpWire&) = delete;
    TcpWire& operator=(const TcpWire&) = delete;

    ~TcpWire()
    {
        Simulator::Destroy();
    }

    /**
     * @brief A server on the second node that keeps its connections.
     * @return the listening socket, port 80
     */
    Ptr<AbortableTcpSocket> Listen()
    {
        auto socket = TcpPresetSocketFactory::CreateOn(nodes.Get(1));
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 80));
        socket->Listen();
        socket->SetAcceptCallback([](Ptr<Socket>, const Address&) { return true; },
                                  [this](Ptr<Socket> s, const Address&) {
                                      accepted.push_back(DynamicCast<AbortableTcpSocket>(s));
                                      if (onAccept)
                                      {
                                          onAccept(accepted.back());
                                      }
                                  });
        return socket;
    }

    /** @return a socket of the first node that connects to port 80 of the second now */
    Ptr<AbortableTcpSocket> Connect()
    {
        auto socket = TcpPresetSocketFactory::CreateOn(nodes.Get(0));
        socket->Bind();
        socket->Connect(InetSocketAddress(Ipv4Address("10.0.0.2"), 80));
        return socket;
    }

    /**
     * @brief Make the second node drop all that arrives, or no longer.
     * @param cut whether it does
     */
    void Cut(bool cut)
    {
        auto ipv4 = nodes.Get(1)->GetObject<Ipv4>();
        cut ? ipv4->SetDown(1) : ipv4->SetUp(1);
    }

    /** @param time run the simulation up to here */
    static void RunTo(Time time)
    {
        Simulator::Stop(time - Simulator::Now());
        Simulator::Run();
    }

    /**
     * @param client whether of the first node
     * @param flags flags that a segment has all of
     * @param withData whether it has payload
     * @return when such segments were sent, in seconds
     */
    std::vector<double> Times(bool client, uint8_t flags, bool withData = false) const
    {
        std::vector<double> times;
        for (const auto& segment : segments)
        {
            if (segment.client == client && (segment.tcp.GetFlags() & flags) == flags &&
                (segment.payload > 0 || !withData))
            {
                times.push_back(segment.time.GetSeconds());
            }
        }
        return times;
    }

    /**
     * @param node a node
     * @return its TCP sockets
     */
    static std::size_t CountSockets(Ptr<Node> node)
    {
        ObjectMapValue sockets;
        node->GetObject<TcpL4Protocol>()->GetAttribute("SocketList", sockets);
        return sockets.GetN();
    }

    NodeContainer nodes;                                     //!< client, server
    std::vector<SentSegment> segments;                       //!< all that was sent, in order
    std::vector<Ptr<AbortableTcpSocket>> accepted;           //!< connections of the server
    std::function<void(Ptr<AbortableTcpSocket>)> onAccept{}; //!< told of each

  private:
    /**
     * @param client whether the first node sends
     * @param packet a frame
     */
    void Record(bool client, Ptr<const Packet> packet)
    {
        auto copy = packet->Copy();
        PppHeader ppp;
        Ipv4Header ip;
        SentSegment segment;
        copy->RemoveHeader(ppp);
        segment.size = copy->GetSize();
        copy->RemoveHeader(ip);
        if (ip.GetProtocol() != TcpL4Protocol::PROT_NUMBER)
        {
            return;
        }
        copy->RemoveHeader(segment.tcp);
        segment.time = Simulator::Now();
        segment.client = client;
        segment.payload = copy->GetSize();
        segments.push_back(segment);
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TCP_WIRE_H */
