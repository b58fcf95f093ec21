/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PROBE_NETWORK_H
#define AZURE_PROBE_NETWORK_H

#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/node.h"
#include "ns3/simple-channel.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** A node on a link. */
struct Place
{
    Ptr<Node> node;           //!< the node
    std::string address{};    //!< its address there, /24; empty: none
    bool pointToPoint{false}; //!< whether its device is of a link of two
};

/** Nodes and links of any shape. */
class ProbeNetwork
{
  public:
    ProbeNetwork() = default;
    ProbeNetwork(const ProbeNetwork&) = delete;
    ProbeNetwork& operator=(const ProbeNetwork&) = delete;

    ~ProbeNetwork()
    {
        for (const auto& socket : m_listeners)
        {
            socket->Close();
        }
        Simulator::Destroy();
    }

    /** @return a node with an IPv4 stack and static routing */
    static Ptr<Node> Host()
    {
        auto node = CreateObject<Node>();
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
        stack.Install(node);
        return node;
    }

    /**
     * @brief Put nodes on a link of their own, delay 1 ms.
     * @param places who and where
     */
    static void Join(std::vector<Place> places)
    {
        auto channel = CreateObject<SimpleChannel>();
        channel->SetAttribute("Delay", TimeValue(MilliSeconds(1)));
        for (auto& place : places)
        {
            auto device = CreateObject<SimpleNetDevice>();
            device->SetAttribute("PointToPointMode", BooleanValue(place.pointToPoint));
            device->SetAddress(Mac48Address::Allocate());
            place.node->AddDevice(device);
            device->SetChannel(channel);
            auto ipv4 = place.node->GetObject<Ipv4>();
            if (!ipv4)
            {
                continue;
            }
            const auto interface = ipv4->AddInterface(device);
            if (!place.address.empty())
            {
                ipv4->AddAddress(interface,
                                 Ipv4InterfaceAddress(Ipv4Address(place.address.c_str()),
                                                      Ipv4Mask("255.255.255.0")));
            }
            ipv4->SetUp(interface);
        }
    }

    /** @param node a node @return its static routing */
    static Ptr<Ipv4StaticRouting> Routing(Ptr<Node> node)
    {
        return Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
    }

    /**
     * @brief Accept connections and close them when the peer does.
     * @param node where
     */
    void Listen(Ptr<Node> node)
    {
        auto socket = Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 80));
        socket->Listen();
        socket->SetAcceptCallback(
            [](Ptr<Socket>, const Address&) { return true; },
            [this, node](Ptr<Socket> accepted, const Address& from) {
                seen[node->GetId()].push_back(InetSocketAddress::ConvertFrom(from).GetIpv4());
                accepted->SetCloseCallbacks([](Ptr<Socket> s) { s->Close(); }, [](Ptr<Socket>) {});
            });
        m_listeners.push_back(socket);
    }

    /** @param seconds run up to this time */
    static void RunTo(double seconds)
    {
        Simulator::Stop(Seconds(seconds) - Simulator::Now());
        Simulator::Run();
    }

    std::map<uint32_t, std::vector<Ipv4Address>> seen; //!< sources of connections, by node

  private:
    std::vector<Ptr<Socket>> m_listeners; //!< servers
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_PROBE_NETWORK_H */
