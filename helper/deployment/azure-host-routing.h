/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HOST_ROUTING_H
#define AZURE_HOST_ROUTING_H

#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Routes to single addresses, found in constant time.
 *
 * A virtual network's router has one link for each network interface. Ipv4StaticRouting and
 * Ipv4GlobalRouting search their routes one after the other, for every packet, which is too
 * slow for a network of thousands. This protocol goes in front of them in an Ipv4ListRouting,
 * with a higher priority, and leaves to them what it does not know: prefixes and the default.
 * Only what goes to an unknown address of its own prefixes ends here.
 */
class HostRouting : public Ipv4RoutingProtocol
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    HostRouting() = default;
    ~HostRouting() override = default;

    /**
     * @brief Add a route, or replace the one to the same address.
     * @param destination the address
     * @param interface index of the interface of this node that leads there
     * @param gateway next hop; not used by point-to-point devices, which need none
     */
    void AddHostRoute(Ipv4Address destination, uint32_t interface, Ipv4Address gateway);

    /**
     * @brief Keep a prefix: a packet to an address in it that has no route is dropped, instead of
     *        being left to the default route, which may well send it back.
     * @param network the network address
     * @param mask its mask
     */
    void AddOwnPrefix(Ipv4Address network, Ipv4Mask mask);

    /**
     * @return number of routes
     */
    std::size_t GetNHostRoutes() const;

    // From Ipv4RoutingProtocol
    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> p,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& sockerr) override;
    bool RouteInput(Ptr<const Packet> p,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> idev,
                    const UnicastForwardCallback& ucb,
                    const MulticastForwardCallback& mcb,
                    const LocalDeliverCallback& lcb,
                    const ErrorCallback& ecb) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    /** Where a packet goes next. */
    struct Hop
    {
        uint32_t interface;  //!< index of the outgoing interface
        Ipv4Address gateway; //!< next hop
    };

    /**
     * @param destination an address
     * @return the route there, or null when there is none or its interface is down
     */
    Ptr<Ipv4Route> Lookup(Ipv4Address destination) const;

    /**
     * @param destination an address
     * @return whether one of the own prefixes holds it
     */
    bool IsOwn(Ipv4Address destination) const;

    Ptr<Ipv4> m_ipv4;                                         //!< the node's IPv4
    std::unordered_map<uint32_t, Hop> m_hosts;                //!< hop by address in host order
    std::vector<std::pair<Ipv4Address, Ipv4Mask>> m_prefixes; //!< own prefixes, a few
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HOST_ROUTING_H */
