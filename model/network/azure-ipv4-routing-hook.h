/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_IPV4_ROUTING_HOOK_H
#define AZURE_IPV4_ROUTING_HOOK_H

#include "ns3/ipv4-list-routing.h"
#include "ns3/node.h"

#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Sees every packet of a node before the node's own routing does.
 *
 * A hook wraps the routing protocol that is attached to a node's Ipv4 without detaching it:
 * what the subclass does not take for itself goes to the wrapped protocol in the same event.
 * Hooks nest; the one installed last is asked first.
 *
 * It is an Ipv4ListRouting only so that Ipv4RoutingHelper::GetRouting, which looks inside
 * lists alone, still finds the node's static or global routing.
 */
class Ipv4RoutingHook : public Ipv4ListRouting
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    Ipv4RoutingHook() = default;
    ~Ipv4RoutingHook() override = default;

    /**
     * @brief Put this hook in front of the routing of a node.
     *
     * @param node a node with an Ipv4 stack and a routing protocol; anything else is a
     *        programming error
     */
    void Install(Ptr<Node> node);

    // From Ipv4ListRouting; all of them speak for the wrapped protocol.
    void AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> routingProtocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Ipv4RoutingProtocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;
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
    void DoInitialize() override;
    void DoDispose() override;

    /**
     * @param routing the routing protocol of a node; may be null
     * @return the hooks in front of the node's own routing, the one asked first in front
     */
    static std::vector<Ptr<Ipv4RoutingHook>> GetHooks(Ptr<Ipv4RoutingProtocol> routing);

    /**
     * @return the routing protocol behind this hook
     */
    Ptr<Ipv4RoutingProtocol> GetWrapped() const;

    /**
     * @brief Hand a packet to the wrapped protocol; where that is a plain list, to its members.
     *
     * A list asks whether the packet is for this node, and then each member asks again: for a
     * packet that is going elsewhere, the first question is left out.
     *
     * @param p the packet
     * @param header its IP header
     * @param idev where it came in
     * @param ucb forward
     * @param mcb forward to many
     * @param lcb deliver to this node
     * @param ecb drop
     * @return as RouteInput()
     */
    bool RouteOnward(const Ptr<const Packet>& p,
                     const Ipv4Header& header,
                     const Ptr<const NetDevice>& idev,
                     const UnicastForwardCallback& ucb,
                     const MulticastForwardCallback& mcb,
                     const LocalDeliverCallback& lcb,
                     const ErrorCallback& ecb);

    Ptr<Ipv4> m_ipv4; //!< the node's IPv4

  private:
    Ptr<Ipv4RoutingProtocol> m_wrapped;          //!< attached to the node before this hook
    Ptr<Ipv4ListRouting> m_list;                 //!< the same, when it is a plain list; else null
    std::vector<Ipv4RoutingProtocol*> m_members; //!< of m_list, in its order
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_IPV4_ROUTING_HOOK_H */
