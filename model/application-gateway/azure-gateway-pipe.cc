/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-pipe.h"

#include "ns3/simulator.h"

namespace ns3
{
namespace azure
{

GatewayPipe::GatewayPipe(Ptr<ByteStream> from, Ptr<ByteStream> to, uint64_t capacity)
    : m_from(from),
      m_to(to),
      m_buffer(capacity, false)
{
}

void
GatewayPipe::Insert(Ptr<Packet> packet)
{
    m_buffer.Append(packet);
}

void
GatewayPipe::Put(Ptr<Packet> packet)
{
    if (packet->GetSize() == 0)
    {
        return;
    }
    packet->RemoveAllPacketTags();
    packet->RemoveAllByteTags();
    m_firstByte = m_firstByte.value_or(Simulator::Now());
    m_taken += packet->GetSize();
    m_buffer.Append(packet);
}

void
GatewayPipe::End()
{
    m_ended = true;
}

bool
GatewayPipe::Give()
{
    bool moved = false;
    while (auto piece = m_buffer.Take(m_to->GetTxAvailable()))
    {
        m_given += piece->GetSize();
        m_to->Send(piece);
        moved = true;
    }
    return moved;
}

bool
GatewayPipe::Take()
{
    auto packet = m_buffer.GetRoom() > 0 ? m_from->Recv(GATEWAY_READ_BYTES) : nullptr;
    if (packet)
    {
        Put(packet);
    }
    return packet != nullptr;
}

bool
GatewayPipe::Step()
{
    bool moved = false;
    while (Give() | Take())
    {
        moved = true;
    }
    if (m_ended && !m_done && !IsPending() && !m_from->HasUnread() && m_to->IsOpen())
    {
        m_to->FinishSending();
        m_done = true;
    }
    return moved;
}

bool
GatewayPipe::IsDone() const
{
    return m_done;
}

bool
GatewayPipe::IsPending() const
{
    return m_buffer.GetUntaken() > 0;
}

uint64_t
GatewayPipe::GetTaken() const
{
    return m_taken;
}

uint64_t
GatewayPipe::GetGiven() const
{
    return m_given;
}

std::optional<Time>
GatewayPipe::GetFirstByte() const
{
    return m_firstByte;
}

} // namespace azure
} // namespace ns3
