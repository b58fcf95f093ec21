/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_SLAB_H
#define AZURE_FLOW_SLAB_H

#include "azure-address-table.h"
#include "azure-flow-state.h"

#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief One flow through a load balancer; exactly one cache line.
 *
 * Times are in time steps of ns-3. Addresses other than the client's, and the rule, are numbers
 * of small tables.
 */
struct alignas(64) Flow
{
    static constexpr uint32_t NONE = UINT32_MAX; //!< no slot, no position

    IpAddress client;            //!< the client's address
    int64_t lastActivity{0};     //!< time of the last packet in either direction (LB-44)
    int64_t deadline{0};         //!< key in the DeadlineHeap; not after the flow's real deadline
    FlowState state;             //!< how far the flow is
    uint32_t heapPosition{NONE}; //!< place in the DeadlineHeap; next free slot when unused
    uint16_t clientPort{0};      //!< the client's port
    uint16_t frontendPort{0};    //!< the port that the client sends to
    uint16_t backendPort{0};     //!< the port that the instance sees
    AddressTable::Id frontend{AddressTable::NONE}; //!< the address that the client sends to
    AddressTable::Id backend{AddressTable::NONE};  //!< the instance; NONE: the slot is free
    uint16_t rule : 15;                            //!< rule index
    uint16_t floating : 1;  //!< the instance answers from the frontend address (LB-26)
    uint16_t epoch{0};      //!< BackendPools::GetEpoch() when the flow began
    uint16_t generation{0}; //!< how often the slot has been used, modulo 2^16

    Flow()
        : rule(0),
          floating(0)
    {
    }
};

static_assert(sizeof(Flow) == 64, "an entry is one cache line");

/**
 * @ingroup azure-load-balancing
 * @brief Where flows live: numbered slots in chunks that never move.
 *
 * Growing costs one chunk, never a copy.
 */
class FlowSlab
{
  public:
    static constexpr uint32_t CHUNK = 1024; //!< slots in a chunk, a power of two

    /**
     * @return a slot with a fresh flow; its generation differs from that of its last use
     */
    uint32_t Allocate();

    /**
     * @param slot a slot in use; free from now on
     */
    void Free(uint32_t slot);

    /**
     * @param slot a slot below GetCapacity()
     * @return its flow
     */
    Flow& Get(uint32_t slot)
    {
        return m_chunks[slot / CHUNK][slot % CHUNK];
    }

    /**
     * @param slot a slot below GetCapacity()
     * @return its flow
     */
    const Flow& Get(uint32_t slot) const
    {
        return m_chunks[slot / CHUNK][slot % CHUNK];
    }

    /**
     * @param slot a slot below GetCapacity()
     * @return whether it is in use
     */
    bool IsUsed(uint32_t slot) const
    {
        return Get(slot).backend != AddressTable::NONE;
    }

    /**
     * @return number of slots ever used; slots are 0 to this minus 1
     */
    uint32_t GetCapacity() const
    {
        return m_used;
    }

  private:
    std::vector<std::unique_ptr<Flow[]>> m_chunks; //!< the slots, CHUNK in each
    uint32_t m_used{0};                            //!< slots ever given out
    uint32_t m_free{Flow::NONE};                   //!< first free slot below m_used
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_SLAB_H */
