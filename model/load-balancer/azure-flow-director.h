/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_DIRECTOR_H
#define AZURE_FLOW_DIRECTOR_H

#include "azure-distribution.h"
#include "azure-flow-tracker.h"

#include <array>
#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts rules, pools, distribution and flows together into verdicts on packets.
 *
 * See LoadBalancerEngine, whose data path it is, for what the functions mean.
 */
class FlowDirector
{
  public:
    /**
     * @param addresses frontends and instances
     * @param rules the rules
     * @param pools the instances
     * @param flows the flows
     * @param seed seed of the distribution hash
     * @param statistics gets the counts
     */
    FlowDirector(const AddressTable& addresses,
                 const RuleTable& rules,
                 const BackendPools& pools,
                 FlowTracker& flows,
                 uint64_t seed,
                 LoadBalancerStatistics& statistics);

    /**
     * @param packet a packet on its way in
     * @param now arrival time in time steps
     * @return the verdict
     */
    Verdict Forward(const PacketView& packet, int64_t now);

    /**
     * @param packet a packet on its way out
     * @param now arrival time in time steps
     * @return the verdict
     */
    Verdict Return(const PacketView& packet, int64_t now);

    /**
     * @param packet a packet on its way in
     * @param now arrival time in time steps
     * @return the verdict that Forward() would give
     */
    Verdict Explain(const PacketView& packet, int64_t now) const;

    /**
     * @param source source of an ICMP error
     * @param destination its destination
     * @param quoted the packet quoted in it
     * @param now arrival time in time steps
     * @return the verdict
     */
    IcmpErrorVerdict TranslateIcmpError(const IpAddress& source,
                                        const IpAddress& destination,
                                        const PacketView& quoted,
                                        int64_t now);

  private:
    /// What the fragments of one packet have in common.
    struct FragmentKey
    {
        IpAddress source;           //!< source address
        IpAddress destination;      //!< destination address
        uint16_t identification{0}; //!< of the IP header
        uint8_t protocol{0};        //!< IP protocol number

        /**
         * @param other another key
         * @return whether both are of the same packet
         */
        bool operator==(const FragmentKey& other) const
        {
            return identification == other.identification && protocol == other.protocol &&
                   source == other.source && destination == other.destination;
        }
    };

    /**
     * @brief Decide about a fragment on its way out that has no ports.
     *
     * @param packet the fragment
     * @return a Drop when it follows a first fragment that was dropped lately; else NotOurs
     */
    Verdict ReturnLaterFragment(const PacketView& packet);

    /**
     * @brief Where a packet without a flow goes.
     *
     * @param packet the packet
     * @param forward its key
     * @param now arrival time
     * @param replaced the flow that it takes the place of, or Flow::NONE
     * @param instance gets the instance for a Translate
     * @return the verdict, without addresses and flow
     */
    Verdict Choose(const PacketView& packet,
                   const FlowKey& forward,
                   int64_t now,
                   uint32_t replaced,
                   AddressTable::Id& instance) const;

    /**
     * @brief Complete a Translate on the way in.
     *
     * @param packet the packet
     * @param rule rule index
     * @param instance the instance
     * @param verdict gets what is missing
     */
    void FillForward(const PacketView& packet,
                     uint32_t rule,
                     AddressTable::Id instance,
                     Verdict& verdict) const;

    /**
     * @param packet a packet to a frontend
     * @return why it is dropped without a look at rules; None when it is not
     */
    static DropReason Refuse(const PacketView& packet);

    /**
     * @brief Count a verdict.
     *
     * @param verdict the verdict
     * @param translated the counter for a Translate
     * @return the verdict
     */
    const Verdict& Count(const Verdict& verdict, uint64_t& translated);

    const AddressTable& m_addresses;      //!< frontends and instances
    const RuleTable& m_rules;             //!< the rules
    const BackendPools& m_pools;          //!< the instances
    FlowTracker& m_flows;                 //!< the flows
    Distribution m_distribution;          //!< the hash
    LoadBalancerStatistics& m_statistics; //!< counters
    std::array<FragmentKey, 64> m_cut;    //!< first fragments dropped last on their way out
    uint32_t m_nextCut{0};                //!< index of the oldest of them
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_DIRECTOR_H */
