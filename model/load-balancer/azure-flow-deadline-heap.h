/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_DEADLINE_HEAP_H
#define AZURE_FLOW_DEADLINE_HEAP_H

#include "azure-flow-slab.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The flows that owe a reset at their idle timeout, soonest first (LB-40).
 *
 * A binary heap of slot numbers; each flow knows its place (Flow::heapPosition), so that a
 * flow that ends is taken out at once, and its key (Flow::deadline). Activity does not touch
 * the heap: when a key comes up, the flow's real deadline is computed and, if it is later, the
 * flow goes back in. That is one visit a flow and timeout, however many packets it has.
 * Flows with equal keys come in the order of their slots, so that runs are repeatable.
 */
class FlowDeadlineHeap
{
  public:
    /**
     * @param slab where the flows live
     */
    explicit FlowDeadlineHeap(FlowSlab& slab);

    /**
     * @param slot a slot in use
     * @return whether its flow is in the heap
     */
    bool Contains(uint32_t slot) const;

    /**
     * @param slot a flow that is not in the heap
     * @param deadline its key, in time steps
     */
    void Push(uint32_t slot, int64_t deadline);

    /**
     * @param slot a flow in the heap; taken out
     */
    void Remove(uint32_t slot);

    /**
     * @return the flow with the smallest key, or Flow::NONE
     */
    uint32_t GetFirst() const;

  private:
    /**
     * @param a a flow in the heap
     * @param b a flow in the heap
     * @return whether a comes before b
     */
    bool Before(uint32_t a, uint32_t b) const;

    /**
     * @brief Put a flow at a place and tell it.
     *
     * @param position the place
     * @param slot the flow
     */
    void Place(uint32_t position, uint32_t slot);

    /**
     * @brief Move a flow to where it belongs.
     *
     * @param position the place to start from; its content is overwritten
     * @param slot the flow
     */
    void Settle(uint32_t position, uint32_t slot);

    FlowSlab& m_slab;             //!< the flows
    std::vector<uint32_t> m_heap; //!< slots
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_DEADLINE_HEAP_H */
