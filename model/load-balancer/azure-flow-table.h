/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_TABLE_H
#define AZURE_FLOW_TABLE_H

#include "azure-flow-slab.h"

#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <memory>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a packet says about its flow, seen from one side.
 */
struct FlowKey
{
    IpAddress client;                          //!< the client's address
    uint16_t clientPort{0};                    //!< the client's port, or the ICMP identifier
    AddressTable::Id site{AddressTable::NONE}; //!< on the way in the frontend address; on the way
                                               //!< out the address that the instance answers from
    uint16_t sitePort{0};                      //!< the port of that address
    uint8_t protocol{PacketView::TCP};         //!< IP protocol number
};

/**
 * @ingroup azure-load-balancing
 * @brief Finds flows by the packets of either direction.
 *
 * A slab of flows and two hash indices of slot numbers. A million flows take 64 bytes each in
 * the slab and about 50 in the indices; a look-up touches one line of an index and the flow.
 * Expiry is not its business.
 */
class FlowTable
{
  public:
    FlowTable();
    ~FlowTable();

    FlowTable(const FlowTable&) = delete;
    FlowTable& operator=(const FlowTable&) = delete;

    /**
     * @param key a packet on its way in
     * @return the slot of its flow, or Flow::NONE
     */
    uint32_t FindForward(const FlowKey& key) const;

    /**
     * @param key a packet on its way out
     * @return the slot of its flow, or Flow::NONE
     */
    uint32_t FindReverse(const FlowKey& key) const;

    /**
     * @brief Add a flow.
     *
     * @param forward key of the packets on their way in; must not be in the table
     * @param reverse key of the packets on their way out; same client and protocol; its site is
     *        the instance or, with floating IP, the frontend
     * @param backend the instance
     * @return the slot; Flow::NONE when another flow has the same reverse key
     */
    uint32_t Insert(const FlowKey& forward, const FlowKey& reverse, AddressTable::Id backend);

    /**
     * @param slot a slot in use; gone from now on
     */
    void Erase(uint32_t slot);

    /**
     * @param slot a slot in use
     * @return its flow; its keys must not be changed
     */
    Flow& Get(uint32_t slot)
    {
        return m_slab.Get(slot);
    }

    /**
     * @param slot a slot in use
     * @return its flow
     */
    const Flow& Get(uint32_t slot) const
    {
        return m_slab.Get(slot);
    }

    /**
     * @return the slab, for walking over all slots and for a DeadlineHeap
     */
    FlowSlab& GetSlab()
    {
        return m_slab;
    }

    /**
     * @return number of flows in the table
     */
    uint32_t GetSize() const;

  private:
    struct Indices; //!< the two hash indices

    FlowSlab m_slab;                    //!< the flows
    std::unique_ptr<Indices> m_indices; //!< where each flow is
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_TABLE_H */
