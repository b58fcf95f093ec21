/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_IPV4_NAT_FLOW_CLASSIFIER_H
#define AZURE_IPV4_NAT_FLOW_CLASSIFIER_H

#include "ns3/ipv4-flow-classifier.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A flow classifier that also knows what became of the addresses on the way.
 *
 * It numbers flows by the 5-tuple with which they leave their sender, as the stock classifier
 * does, so that scripts written for that one (FindFlow, GetDscpCounts, the XML file) keep
 * working. For every flow whose packets arrive with other addresses or ports than they left
 * with, it keeps the pair of tuples: what IPFIX calls the fields before and after translation
 * (RFC 8158). One flow can have several pairs, when a translator changes its mind.
 */
class Ipv4NatFlowClassifier : public Ipv4FlowClassifier
{
  public:
    /// The two sides of a translated flow.
    struct Translation
    {
        FiveTuple before;    //!< as the packets left their sender
        FiveTuple after;     //!< as they reached their receiver (or the place of their drop)
        uint64_t packets{0}; //!< packets seen to have been translated so
    };

    /**
     * @brief Number a packet that leaves its sender.
     *
     * @param header the IP header
     * @param payload what follows the IP header
     * @param flowId set to the number of the flow, from 1
     * @param packetId set to the number of the packet in its flow, from 0
     * @return false when this is no first or whole packet of TCP or UDP; nothing is set then
     */
    bool Classify(const Ipv4Header& header,
                  Ptr<const Packet> payload,
                  FlowId* flowId,
                  FlowPacketId* packetId);

    /**
     * @brief Learn with which addresses and ports a packet of a flow ended its way.
     *
     * @param flowId the flow, from Classify()
     * @param header the IP header as it arrived
     * @param payload what follows the IP header; holds the ports
     */
    void NotifyEnd(FlowId flowId, const Ipv4Header& header, Ptr<const Packet> payload);

    /**
     * @param flowId the flow, from Classify() or the stock statistics
     * @return its translations in the order in which they were first seen; empty when the flow
     *         is not translated or not known
     */
    std::vector<Translation> GetTranslations(FlowId flowId) const;

    /**
     * @brief Write the stock element, then one `<Ipv4FlowTranslations>` element with one
     * `<Translation>` a pair, whose attributes carry the names of the IPFIX fields.
     *
     * Programs that read the stock file look for the stock element only and never see the other.
     *
     * @param os where to
     * @param indent spaces before the outermost tags
     */
    void SerializeToXmlStream(std::ostream& os, uint16_t indent) const override;

  private:
    /// A 5-tuple in the form that is quick to compare.
    struct Key
    {
        uint64_t addresses{0}; //!< source in the upper half, destination in the lower
        uint32_t ports{0};     //!< source in the upper half, destination in the lower

        /**
         * @param other what to compare with
         * @return whether all fields are equal
         */
        bool operator==(const Key& other) const
        {
            return addresses == other.addresses && ports == other.ports;
        }
    };

    /// One translation of a flow, as stored.
    struct Pair
    {
        Key after;           //!< the tuple after translation
        uint64_t packets{0}; //!< packets seen
    };

    /// What is kept per flow.
    struct Flow
    {
        Key before;              //!< the tuple that the stock classifier numbers
        uint8_t protocol{0};     //!< IP protocol number
        std::vector<Pair> pairs; //!< translations in the order of their first packet
        uint32_t last{0};        //!< index in pairs of the latest one; tried first
    };

    /**
     * @param header an IP header
     * @param payload what follows it; at least four bytes
     * @return addresses and ports of the packet
     */
    static Key ReadKey(const Ipv4Header& header, const Ptr<const Packet>& payload);

    /**
     * @param key addresses and ports
     * @param protocol IP protocol number
     * @return the same as a stock tuple
     */
    static FiveTuple ToTuple(const Key& key, uint8_t protocol);

    std::vector<Flow> m_flows; //!< index: number of the flow - 1
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_IPV4_NAT_FLOW_CLASSIFIER_H */
