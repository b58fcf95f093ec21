/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-flow-deadline-heap.h"

namespace ns3
{
namespace azure
{

FlowDeadlineHeap::FlowDeadlineHeap(FlowSlab& slab)
    : m_slab(slab)
{
}

bool
FlowDeadlineHeap::Contains(uint32_t slot) const
{
    return m_slab.Get(slot).heapPosition != Flow::NONE;
}

void
FlowDeadlineHeap::Push(uint32_t slot, int64_t deadline)
{
    m_slab.Get(slot).deadline = deadline;
    m_heap.push_back(slot);
    Settle(m_heap.size() - 1, slot);
}

void
FlowDeadlineHeap::Remove(uint32_t slot)
{
    const uint32_t position = m_slab.Get(slot).heapPosition;
    m_slab.Get(slot).heapPosition = Flow::NONE;
    const uint32_t last = m_heap.back();
    m_heap.pop_back();
    if (last != slot)
    {
        Settle(position, last);
    }
}

uint32_t
FlowDeadlineHeap::GetFirst() const
{
    return m_heap.empty() ? Flow::NONE : m_heap.front();
}

bool
FlowDeadlineHeap::Before(uint32_t a, uint32_t b) const
{
    const int64_t keyA = m_slab.Get(a).deadline;
    const int64_t keyB = m_slab.Get(b).deadline;
    return keyA != keyB ? keyA < keyB : a < b;
}

void
FlowDeadlineHeap::Place(uint32_t position, uint32_t slot)
{
    m_heap[position] = slot;
    m_slab.Get(slot).heapPosition = position;
}

void
FlowDeadlineHeap::Settle(uint32_t position, uint32_t slot)
{
    while (position > 0 && Before(slot, m_heap[(position - 1) / 2]))
    {
        Place(position, m_heap[(position - 1) / 2]);
        position = (position - 1) / 2;
    }
    for (uint32_t child = 2 * position + 1; child < m_heap.size(); child = 2 * position + 1)
    {
        if (child + 1 < m_heap.size() && Before(m_heap[child + 1], m_heap[child]))
        {
            ++child;
        }
        if (Before(slot, m_heap[child]))
        {
            break;
        }
        Place(position, m_heap[child]);
        position = child;
    }
    Place(position, slot);
}

} // namespace azure
} // namespace ns3
