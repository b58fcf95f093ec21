/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_TRACKER_H
#define AZURE_FLOW_TRACKER_H

#include "azure-flow-deadline-heap.h"
#include "azure-flow-record.h"
#include "azure-flow-table.h"
#include "azure-load-balancer-engine.h"
#include "azure-rule-table.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Knows when flows begin and end.
 *
 * Expiry is lazy: a flow that has timed out is noticed by its next packet, by a sweep that looks
 * at a few entries for each new flow, or, if it owes a reset, by TakeDueResets(). A TCP flow
 * that timed out or was cut stays as a tombstone until twice its idle timeout has passed since
 * its last packet, so that late packets are told from unknown ones (LB-40); there are never
 * more tombstones than other flows, but for a thousand.
 *
 * All times are in time steps of ns-3.
 */
class FlowTracker
{
  public:
    /// What becomes of a packet whose flow is in the table.
    struct Judgement
    {
        /// What to do with the packet.
        enum Kind : uint8_t
        {
            PASS,  //!< translate it
            RENEW, //!< the entry is over: treat it as a packet without a flow
            DROP,  //!< drop it
            RESET  //!< drop it and answer with a reset
        };

        Kind kind{PASS};                         //!< what to do with the packet
        DropReason reason{DropReason::None};     //!< for DROP and RESET
        bool bury{false};                        //!< the entry becomes a tombstone
        FlowEndReason end{FlowEndReason::Count}; //!< why the flow ends; Count: it does not
        int64_t endTime{0};                      //!< when it ends, or ended
    };

    /**
     * @param addresses addresses of the flows
     * @param rules rules of the flows
     * @param pools whether the flows' instances are up
     * @param settings lifetimes
     * @param statistics gets the counts
     */
    FlowTracker(const AddressTable& addresses,
                const RuleTable& rules,
                const BackendPools& pools,
                const LoadBalancerEngineSettings& settings,
                LoadBalancerStatistics& statistics);

    /**
     * @return the flows
     */
    const FlowTable& GetTable() const
    {
        return m_table;
    }

    /**
     * @brief Decide about a packet of a known flow; changes nothing.
     *
     * @param flow its flow
     * @param packet the packet
     * @param fromClient on its way in
     * @param now arrival time
     * @return what becomes of it
     */
    Judgement Judge(const Flow& flow, const PacketView& packet, bool fromClient, int64_t now) const;

    /**
     * @brief Do to the flow what a judgement other than PASS says.
     *
     * @param slot the flow; gone after RENEW
     * @param judgement the judgement
     */
    void Apply(uint32_t slot, const Judgement& judgement);

    /**
     * @brief A packet of the flow passes.
     *
     * @param slot the flow
     * @param packet the packet
     * @param fromClient on its way in
     * @param now arrival time
     */
    void Pass(uint32_t slot, const PacketView& packet, bool fromClient, int64_t now);

    /**
     * @brief Begin a flow.
     *
     * @param packet its first packet
     * @param forward key of the packets on their way in; not in the table
     * @param rule rule index
     * @param instance the instance
     * @param now arrival time
     * @param reason gets the reason when the flow is refused
     * @return the slot, or Flow::NONE
     */
    uint32_t Begin(const PacketView& packet,
                   const FlowKey& forward,
                   uint32_t rule,
                   AddressTable::Id instance,
                   int64_t now,
                   DropReason& reason);

    /**
     * @brief Whether Begin() would refuse a flow for which its instance has no other use.
     *
     * @param reverse key of the packets on their way out
     * @param now arrival time
     * @param except a flow that is about to end, or Flow::NONE
     * @return whether another living flow has the same key
     */
    bool Collides(const FlowKey& reverse, int64_t now, uint32_t except) const;

    /**
     * @param forward key of the packets on their way in
     * @param rule rule index
     * @param instance the instance
     * @return key of the packets on their way out
     */
    FlowKey GetReverseKey(const FlowKey& forward, uint32_t rule, AddressTable::Id instance) const;

    /**
     * @return smallest key of the flows that owe a reset; INT64_MAX when there is none
     */
    int64_t GetNextDeadline() const;

    /**
     * @brief End the flows that have timed out and owe a reset.
     *
     * @param now the present time
     * @return two segments each, client first, in the order of the timeouts
     */
    std::vector<ResetSegment> TakeDueResets(int64_t now);

    /**
     * @brief Look at every flow.
     *
     * @param now the present time
     */
    void SweepAll(int64_t now);

    /**
     * @param slot a flow
     * @return its identifier
     */
    uint64_t GetId(uint32_t slot) const;

    /**
     * @param listener told of flows that begin and end; may be null
     */
    void SetListener(FlowListener* listener);

  private:
    /// What time and cuts have done to a flow.
    enum class Condition
    {
        ALIVE,     //!< nothing
        LATE,      //!< it is a tombstone, remembered still
        GONE,      //!< nobody needs the entry any more
        TIMED_OUT, //!< it ends now for idleness
        CUT        //!< it ends now because its instance went away
    };

    /**
     * @param flow a flow
     * @param now the present time
     * @return what time and cuts have done to it
     */
    Condition Examine(const Flow& flow, int64_t now) const;

    /**
     * @param flow a flow
     * @return the idle time after which it is over
     */
    int64_t GetLifetime(const Flow& flow) const;

    /**
     * @param flow a flow
     * @return whether its instance may still get new flows of its rule
     */
    bool IsEligible(const Flow& flow) const;

    /**
     * @param flow a flow
     * @return whether any instance may get new flows of its rule
     */
    bool HasEligible(const Flow& flow) const;

    /**
     * @param flow a flow of an inbound NAT rule
     * @return where its frontend port leads now (LB-47)
     */
    RuleTable::Match FindNat(const Flow& flow) const;

    /**
     * @param flow a flow that was cut
     * @return whether its instance was stopped, as opposed to probed down
     */
    bool IsStopped(const Flow& flow) const;

    /**
     * @brief Look at one slot, and clean up.
     *
     * @param slot a slot, used or not
     * @param now the present time
     */
    void Sweep(uint32_t slot, int64_t now);

    /**
     * @brief Count the end of a flow and tell the listener.
     *
     * @param slot the flow
     * @param reason why it ends
     * @param when when it ends
     */
    void Tell(uint32_t slot, FlowEndReason reason, int64_t when);

    /**
     * @brief Make an entry a tombstone.
     *
     * @param slot the entry
     * @param phase Expired or Cut
     */
    void Bury(uint32_t slot, FlowPhase phase);

    /**
     * @brief Remove an entry.
     *
     * @param slot the entry
     */
    void Erase(uint32_t slot);

    /**
     * @param slot a flow
     * @return its description for a listener
     */
    FlowRecord Describe(uint32_t slot) const;

    const AddressTable& m_addresses;      //!< addresses of the flows
    const RuleTable& m_rules;             //!< rules of the flows
    const BackendPools& m_pools;          //!< state of the instances
    LoadBalancerStatistics& m_statistics; //!< counters
    int64_t m_udpLifetime;                //!< LoadBalancerEngineSettings::udpFlowLifetime
    int64_t m_closedLifetime;             //!< LoadBalancerEngineSettings::closedFlowLifetime
    uint32_t m_maxFlows;                  //!< LoadBalancerEngineSettings::maxFlows
    uint32_t m_tombstones{0};             //!< entries that are tombstones
    uint32_t m_cursor{0};                 //!< slot that the sweep looks at next
    FlowListener* m_listener{nullptr};    //!< told of begins and ends
    FlowTable m_table;                    //!< the flows
    FlowDeadlineHeap m_deadlines;         //!< those that owe a reset
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_TRACKER_H */
