/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_IPV4_NAT_FLOW_PROBE_H
#define AZURE_IPV4_NAT_FLOW_PROBE_H

#include "azure-ipv4-nat-flow-classifier.h"

#include "ns3/flow-probe.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/queue-item.h"

namespace ns3
{

class FlowMonitor;
class Node;

namespace azure
{

class Ipv4NatFlowProbeTag;

/**
 * @ingroup azure-load-balancing
 * @brief Watches the flows of one node for a FlowMonitor, also when a router on the way rewrites
 * addresses and ports.
 *
 * The stock Ipv4FlowProbe writes the two addresses into the byte tag by which it finds a packet
 * again, and ignores the packet when they have changed: behind a load balancer every packet
 * counts as lost. This probe writes what a translator leaves alone (identification, protocol and
 * length of the IP packet) and so finds the packet on both sides of a rewrite. What it reports,
 * and with which drop reasons (Ipv4FlowProbe::DropReason), is what the stock probe reports.
 *
 * A packet can carry several tags. The newest that fits the header in hand is the right one:
 * - a tunnel's packet is a flow of its own, and so is what it carries, before and after;
 * - what a proxy received and sends again (old tag and all) is a new packet of a new flow.
 *
 * Limits: as with the stock probe, every node that sends must have a probe, and only TCP and UDP
 * unicast is seen. A translator that takes a transport header off and puts another on has to put
 * the byte tags back, as the load balancer of this module does; ns-3 drops tags with the bytes.
 */
class Ipv4NatFlowProbe : public FlowProbe
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief Start to watch a node.
     *
     * @param monitor the monitor that keeps the statistics
     * @param classifier the classifier that all probes of the monitor share
     * @param node a node with an Ipv4L3Protocol
     */
    Ipv4NatFlowProbe(Ptr<FlowMonitor> monitor,
                     Ptr<Ipv4NatFlowClassifier> classifier,
                     Ptr<Node> node);

  protected:
    void DoDispose() override;

  private:
    /**
     * @brief A packet leaves its sender: number and tag it.
     * @param header the IP header
     * @param payload what follows it
     * @param interface number of the outgoing interface
     */
    void SendOutgoing(const Ipv4Header& header, Ptr<const Packet> payload, uint32_t interface);

    /**
     * @brief A packet is forwarded.
     * @param header the IP header as it leaves
     * @param payload what follows it
     * @param interface number of the incoming interface
     */
    void Forward(const Ipv4Header& header, Ptr<const Packet> payload, uint32_t interface);

    /**
     * @brief A packet has reached its receiver.
     * @param header the IP header as it arrived
     * @param payload what follows it
     * @param interface number of the incoming interface
     */
    void Deliver(const Ipv4Header& header, Ptr<const Packet> payload, uint32_t interface);

    /**
     * @brief The IP layer drops a packet.
     * @param header the IP header
     * @param payload what follows it
     * @param reason why
     * @param ipv4 the IP layer
     * @param interface number of the interface
     */
    void Drop(const Ipv4Header& header,
              Ptr<const Packet> payload,
              Ipv4L3Protocol::DropReason reason,
              Ptr<Ipv4> ipv4,
              uint32_t interface);

    /**
     * @brief The queue of a net device drops a packet.
     * @param packet the packet with its link-layer header
     */
    void QueueDrop(Ptr<const Packet> packet);

    /**
     * @brief A queue disc drops a packet.
     * @param item the packet and its header
     */
    void QueueDiscDrop(Ptr<const QueueDiscItem> item);

    /**
     * @brief Find the tag of a packet whose IP header is known.
     * @param header the IP header
     * @param payload what follows it
     * @param size length of the whole packet, in bytes; not compared for a fragment
     * @param tag set to the newest tag that fits
     * @return whether one fits
     */
    bool FindTag(const Ipv4Header& header,
                 const Ptr<const Packet>& payload,
                 uint32_t size,
                 Ipv4NatFlowProbeTag& tag) const;

    /**
     * @brief Find the tag of a packet whose IP header is not known.
     *
     * A tag of a longer packet is what is left of a tunnel's packet around this one; unless there
     * is no other, because this is a fragment.
     *
     * @param packet the packet
     * @param limit longest packet that this can be, in bytes
     * @param tag set to the newest tag that fits
     * @return whether there is one
     */
    bool FindTag(const Ptr<const Packet>& packet, uint32_t limit, Ipv4NatFlowProbeTag& tag) const;

    TypeId m_tagType;                        //!< type of the probe's tag
    Ptr<Ipv4NatFlowClassifier> m_classifier; //!< numbers flows, keeps translations
    Ptr<Ipv4L3Protocol> m_ipv4;              //!< the IP layer that is watched
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_IPV4_NAT_FLOW_PROBE_H */
