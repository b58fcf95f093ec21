/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-body-buffer.h"

#include "ns3/assert.h"

namespace ns3
{
namespace azure
{

GatewayBodyBuffer::GatewayBodyBuffer(uint64_t capacity, bool keep)
    : m_capacity(capacity),
      m_keep(keep)
{
}

uint64_t
GatewayBodyBuffer::GetRoom() const
{
    return m_aheadBytes < m_capacity ? m_capacity - m_aheadBytes : 0;
}

void
GatewayBodyBuffer::Append(Ptr<Packet> packet)
{
    if (packet->GetSize() == 0)
    {
        return;
    }
    m_aheadBytes += packet->GetSize();
    m_ahead.push_back(packet);
    if (m_behindBytes > 0 && GetHeld() > m_capacity)
    {
        Forget();
    }
}

Ptr<Packet>
GatewayBodyBuffer::Take(uint32_t most)
{
    if (m_ahead.empty() || most == 0)
    {
        return nullptr;
    }
    auto packet = m_ahead.front();
    if (packet->GetSize() > most)
    {
        m_ahead.front() = packet->CreateFragment(most, packet->GetSize() - most);
        packet = packet->CreateFragment(0, most);
    }
    else
    {
        m_ahead.pop_front();
    }
    m_aheadBytes -= packet->GetSize();
    if (m_keep)
    {
        m_behind.push_back(packet);
        m_behindBytes += packet->GetSize();
        // The caller's copy gets headers on its way down.
        return packet->Copy();
    }
    return packet;
}

uint64_t
GatewayBodyBuffer::GetUntaken() const
{
    return m_aheadBytes;
}

uint64_t
GatewayBodyBuffer::GetHeld() const
{
    return m_aheadBytes + m_behindBytes;
}

bool
GatewayBodyBuffer::CanRewind() const
{
    return m_keep;
}

void
GatewayBodyBuffer::Rewind()
{
    NS_ASSERT_MSG(m_keep, "what was taken is gone");
    m_ahead.insert(m_ahead.begin(), m_behind.begin(), m_behind.end());
    m_aheadBytes += m_behindBytes;
    m_behind.clear();
    m_behindBytes = 0;
}

void
GatewayBodyBuffer::Forget()
{
    m_keep = false;
    m_behind.clear();
    m_behindBytes = 0;
}

void
GatewayBodyBuffer::Clear()
{
    m_ahead.clear();
    m_aheadBytes = 0;
    m_behind.clear();
    m_behindBytes = 0;
}

} // namespace azure
} // namespace ns3
