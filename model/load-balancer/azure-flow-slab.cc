/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-flow-slab.h"

namespace ns3
{
namespace azure
{

uint32_t
FlowSlab::Allocate()
{
    if (m_free != Flow::NONE)
    {
        const uint32_t slot = m_free;
        Flow& flow = Get(slot);
        const uint16_t generation = flow.generation + 1;
        m_free = flow.heapPosition;
        flow = Flow();
        flow.generation = generation;
        return slot;
    }
    if (m_used == m_chunks.size() * CHUNK)
    {
        m_chunks.emplace_back(new Flow[CHUNK]);
    }
    return m_used++;
}

void
FlowSlab::Free(uint32_t slot)
{
    Flow& flow = Get(slot);
    flow.backend = AddressTable::NONE;
    flow.heapPosition = m_free;
    m_free = slot;
}

} // namespace azure
} // namespace ns3
