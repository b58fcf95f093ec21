/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_ROUTING_H
#define AZURE_LOAD_BALANCER_ROUTING_H

#include "azure-load-balancer-engine.h"

#include "ns3/azure-ipv4-routing-hook.h"

#include <optional>

namespace ns3
{
namespace azure
{

class LoadBalancer;

/**
 * @ingroup azure-load-balancing
 * @brief Moves the packets of a load balancer through its node.
 *
 * Rewrites headers as the engine of the LoadBalancer says and passes packets on to the node's
 * own routing in the same event. To the network it is one router hop: the time to live is
 * decremented once.
 */
class LoadBalancerRouting : public Ipv4RoutingHook
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    LoadBalancerRouting() = default;
    ~LoadBalancerRouting() override = default;

    /**
     * @param node a node
     * @return the load balancers installed on it, the one that sees packets first in front
     */
    static std::vector<Ptr<LoadBalancer>> GetInstalled(Ptr<Node> node);

    /**
     * @param loadBalancer whose packets to move; before Install()
     */
    void SetLoadBalancer(Ptr<LoadBalancer> loadBalancer);

    /**
     * @brief Send a TCP reset into the network.
     * @param segment the segment
     */
    void SendReset(const ResetSegment& segment);

    // From Ipv4RoutingHook
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

  protected:
    void DoDispose() override;

  private:
    /**
     * @brief The callbacks of one call of RouteInput().
     */
    struct Exits
    {
        const Ptr<const NetDevice>& device;  //!< where the packet came in
        const UnicastForwardCallback& ucb;   //!< forward
        const MulticastForwardCallback& mcb; //!< forward to many
        const LocalDeliverCallback& lcb;     //!< deliver to this node
        const ErrorCallback& ecb;            //!< drop
    };

    /**
     * @brief Node::ChecksumEnabled(), looked up once: it costs as much as finding the flow.
     *
     * @return whether packets carry checksums
     */
    bool HasChecksums();

    /**
     * @brief RouteInput() for TCP, UDP, unknown protocols, and for the echo of ICMP (LB-62).
     *
     * @param p the packet
     * @param header its IP header
     * @param view its protocol and addresses; Balance() reads the rest from the packet
     * @param inbound whether it is sent to a frontend
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool Balance(const Ptr<const Packet>& p,
                 const Ipv4Header& header,
                 PacketView& view,
                 bool inbound,
                 const Exits& exits);

    /**
     * @brief Hand a packet that is not the load balancer's to the node's own routing.
     *
     * @param p the packet
     * @param header its IP header
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool PassOthers(const Ptr<const Packet>& p, const Ipv4Header& header, const Exits& exits);

    /**
     * @brief RouteInput() for ICMP.
     *
     * @param p the packet
     * @param header its IP header
     * @param view its protocol and addresses; Balance() reads the rest from the packet
     * @param inbound whether it is sent to a frontend
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool RouteIcmp(const Ptr<const Packet>& p,
                   const Ipv4Header& header,
                   PacketView& view,
                   bool inbound,
                   const Exits& exits);

    /**
     * @brief Answer an echo request to a frontend, or not (LB-61), or have it answered (LB-62).
     *
     * @param p the packet
     * @param header its IP header
     * @param view its protocol and addresses; Balance() reads the rest from the packet
     * @param fragment whether it is an IP fragment
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool AnswerPing(const Ptr<const Packet>& p,
                    const Ipv4Header& header,
                    PacketView& view,
                    bool fragment,
                    const Exits& exits);

    /**
     * @brief Tell the sender of an echo request that no instance is up (LB-61).
     *
     * @param p the request
     * @param header its IP header
     */
    void SendHostUnreachable(const Ptr<const Packet>& p, const Ipv4Header& header);

    /**
     * @brief Translate an ICMP error and the packet quoted in it.
     *
     * @param p the packet
     * @param header its IP header
     * @param inbound whether it is sent to a frontend
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool RouteIcmpError(const Ptr<const Packet>& p,
                        const Ipv4Header& header,
                        bool inbound,
                        const Exits& exits);

    /**
     * @brief Write the addresses of a verdict into a packet and pass it on.
     *
     * @param p the packet
     * @param header its IP header
     * @param view what the engine saw of it
     * @param verdict what the engine said
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool Translate(const Ptr<const Packet>& p,
                   const Ipv4Header& header,
                   const PacketView& view,
                   const Verdict& verdict,
                   const Exits& exits);

    /**
     * @brief Hand a translated packet to the node's own routing, after the forwarding delay.
     *
     * @param p the packet
     * @param header its IP header
     * @param nextHop route by this address
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool PassOn(const Ptr<const Packet>& p,
                const Ipv4Header& header,
                Ipv4Address nextHop,
                const Exits& exits);

    /**
     * @brief Hand a packet to the node's own routing, now.
     *
     * @param p the packet
     * @param header its IP header
     * @param nextHop route by this address: with floating IP it is not the header's destination
     * @param exits what to do with it
     * @return as RouteInput()
     */
    bool PassOnNow(const Ptr<const Packet>& p,
                   const Ipv4Header& header,
                   Ipv4Address nextHop,
                   const Exits& exits);

    /**
     * @brief Drop a packet that the engine has counted.
     *
     * @param p the packet
     * @param header its IP header
     * @param reason why
     * @param exits what to do with it
     * @return true
     */
    bool Drop(const Ptr<const Packet>& p,
              const Ipv4Header& header,
              DropReason reason,
              const Exits& exits);

    /**
     * @brief Drop a packet for a reason that the engine knows nothing of.
     *
     * @param p the packet
     * @param header its IP header
     * @param reason why
     * @param exits what to do with it
     * @return true
     */
    bool CountAndDrop(const Ptr<const Packet>& p,
                      const Ipv4Header& header,
                      DropReason reason,
                      const Exits& exits);

    /**
     * @brief Let the stack drop a packet whose time to live is over, ICMP error included.
     *
     * @param p the packet
     * @param header its IP header
     * @param exits what to do with it
     * @return true
     */
    bool ExpireTtl(const Ptr<const Packet>& p, const Ipv4Header& header, const Exits& exits);

    /**
     * @brief Find the way to an address for a packet that is sent to another one.
     *
     * @param p the packet
     * @param header its IP header
     * @param nextHop the address to find the way to
     * @return a route that leads the packet there; null if there is none
     */
    Ptr<Ipv4Route> RouteBy(Ptr<Packet> p, const Ipv4Header& header, Ipv4Address nextHop);

    Ptr<LoadBalancer> m_loadBalancer;      //!< counters and trace sources
    LoadBalancerEngine* m_engine{nullptr}; //!< decides; owned by m_loadBalancer
    std::optional<bool> m_checksums;       //!< HasChecksums()
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_ROUTING_H */
