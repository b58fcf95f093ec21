/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-source.h"

#include "ns3/channel.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-helper.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4.h"
#include "ns3/node-list.h"

#include <sstream>

// Where the probes of an instance start (HP-10): the part of ProbeSource that looks around.

namespace ns3
{
namespace azure
{

namespace
{

/// A neighbour of an instance.
struct Neighbour
{
    Ptr<Node> node;                             ///< the node
    Ipv4Address address{Ipv4Address::GetAny()}; ///< its address on the shared link
};

/**
 * @brief Names a node for a message.
 * @param node the node
 * @return its number and first address
 */
std::string
Describe(Ptr<Node> node)
{
    std::ostringstream text;
    text << "node " << node->GetId();
    auto ipv4 = node->GetObject<Ipv4>();
    for (uint32_t i = 1; ipv4 && i < ipv4->GetNInterfaces(); i++)
    {
        if (ipv4->GetNAddresses(i) > 0)
        {
            text << " (" << ipv4->GetAddress(i, 0).GetLocal() << ")";
            break;
        }
    }
    return text.str();
}

/**
 * @brief The neighbours on a device's link that have IPv4 there.
 * @param device a device
 * @return the neighbours, in the order of the channel
 */
std::vector<Neighbour>
GetNeighbours(Ptr<NetDevice> device)
{
    std::vector<Neighbour> neighbours;
    auto channel = device->GetChannel();
    for (std::size_t i = 0; channel && i < channel->GetNDevices(); i++)
    {
        auto peer = channel->GetDevice(i);
        auto ipv4 = peer->GetNode()->GetObject<Ipv4>();
        if (peer == device || !ipv4)
        {
            continue;
        }
        const auto interface = ipv4->GetInterfaceForDevice(peer);
        if (interface >= 0 && ipv4->GetNAddresses(interface) > 0)
        {
            neighbours.push_back({peer->GetNode(), ipv4->GetAddress(interface, 0).GetLocal()});
        }
    }
    return neighbours;
}

/**
 * @param node a node
 * @return whether it has a second link to forward to
 */
bool
IsRouter(Ptr<Node> node)
{
    auto ipv4 = node->GetObject<Ipv4>();
    uint32_t links = 0;
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); i++)
    {
        links += ipv4->GetNetDevice(i)->GetChannel() ? 1 : 0;
    }
    return links > 1;
}

/**
 * @brief Gives an instance a host route through its only neighbour that can forward.
 *
 * @param instance the node of the instance
 * @param address the address that probes come from
 * @return the neighbour, or null when there is none or more than one
 */
Ptr<Node>
ProvideRoute(Ptr<Node> instance, Ipv4Address address)
{
    auto ipv4 = instance->GetObject<Ipv4>();
    Neighbour found;
    uint32_t through = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); i++)
    {
        const auto neighbours = GetNeighbours(ipv4->GetNetDevice(i));
        for (const auto& neighbour : neighbours)
        {
            // The peer of a link of two forwards by its nature; on a LAN it takes a router.
            if (neighbours.size() == 1 || IsRouter(neighbour.node))
            {
                found = neighbour;
                through = i;
                count++;
            }
        }
    }
    auto routing = Ipv4RoutingHelper::GetRouting<Ipv4StaticRouting>(ipv4->GetRoutingProtocol());
    if (count != 1 || !routing)
    {
        return nullptr;
    }
    routing->AddHostRouteTo(address, found.address, through);
    return found.node;
}

} // namespace

Ptr<Node>
ProbeSource::FindNode(Ipv4Address address)
{
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        auto ipv4 = (*node)->GetObject<Ipv4>();
        if (ipv4 && ipv4->GetInterfaceForAddress(address) >= 0)
        {
            return *node;
        }
    }
    return nullptr;
}

Ptr<Node>
ProbeSource::FindHost(Ptr<Node> instance, std::string& error, Ipv4Address address)
{
    error.clear();
    auto ipv4 = instance->GetObject<Ipv4>();
    if (!ipv4 || !ipv4->GetRoutingProtocol())
    {
        error = Describe(instance) + " is a backend and has no IPv4 routing: install an internet "
                                     "stack on it";
        return nullptr;
    }
    Ipv4Header header;
    header.SetSource(Ipv4Address::GetAny());
    header.SetDestination(address);
    Socket::SocketErrno socketError = Socket::ERROR_NOTERROR;
    auto route = ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, nullptr, socketError);
    std::ostringstream text;
    if (!route)
    {
        if (auto host = ProvideRoute(instance, address))
        {
            return host;
        }
        text << Describe(instance) << " is a backend without a route to " << address
             << ", where its health probes come from: give it a default route through its router";
        error = text.str();
        return nullptr;
    }

    const auto gateway = route->GetGateway();
    const auto neighbours = GetNeighbours(route->GetOutputDevice());
    if (gateway == Ipv4Address::GetAny())
    {
        if (neighbours.size() == 1)
        {
            return neighbours.front().node;
        }
        text << Describe(instance) << " is a backend whose route to " << address
             << ", where its health probes come from, names no gateway on a link that "
             << neighbours.size() << " others share: name its router as the gateway";
        error = text.str();
        return nullptr;
    }
    for (const auto& neighbour : neighbours)
    {
        if (neighbour.node->GetObject<Ipv4>()->GetInterfaceForAddress(gateway) >= 0)
        {
            return neighbour.node;
        }
    }
    if (auto owner = FindNode(gateway))
    {
        return owner;
    }
    text << Describe(instance) << " is a backend whose gateway to " << address << ", " << gateway
         << ", is no address of any node: name its router as the gateway";
    error = text.str();
    return nullptr;
}

} // namespace azure
} // namespace ns3
