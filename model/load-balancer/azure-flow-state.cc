/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-flow-state.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param packet a TCP segment
 * @return the sequence number after it
 */
uint32_t
EndOf(const PacketView& packet)
{
    return packet.sequence + packet.payloadLength + ((packet.tcpFlags & PacketView::SYN) ? 1 : 0) +
           ((packet.tcpFlags & PacketView::FIN) ? 1 : 0);
}

/**
 * Moves an expectation forward, never back: segments may be reordered.
 *
 * @param expected the expectation
 * @param acknowledged an acknowledgment number
 */
void
Advance(uint32_t& expected, uint32_t acknowledged)
{
    if (static_cast<int32_t>(acknowledged - expected) > 0)
    {
        expected = acknowledged;
    }
}

} // namespace

FlowState
FlowState::Begin(const PacketView& packet)
{
    FlowState state;
    if (packet.protocol == PacketView::TCP)
    {
        state.phase = FlowPhase::Opening;
        state.backendExpects = EndOf(packet);
    }
    else if (packet.protocol == PacketView::ICMP)
    {
        state.phase = FlowPhase::Echo;
    }
    return state;
}

void
FlowState::FromClient(const PacketView& packet)
{
    if (packet.tcpFlags & PacketView::RST)
    {
        if (packet.sequence - backendExpects < RESET_WINDOW)
        {
            phase = FlowPhase::Reset;
        }
        return;
    }
    if (packet.tcpFlags & PacketView::SYN)
    {
        if (phase == FlowPhase::Opening)
        {
            // The client may have given up and tried again with the same port.
            backendExpects = EndOf(packet);
        }
        else
        {
            // It may have forgotten the connection; the instance's answer will tell.
            reopening = true;
        }
        return;
    }
    if (packet.tcpFlags & PacketView::ACK)
    {
        if (phase == FlowPhase::Opening)
        {
            phase = FlowPhase::Established;
            clientExpects = packet.acknowledgment;
        }
        Advance(clientExpects, packet.acknowledgment);
    }
    if (packet.tcpFlags & PacketView::FIN)
    {
        if (phase == FlowPhase::Established || phase == FlowPhase::Opening)
        {
            phase = FlowPhase::ClientFin;
        }
        else if (phase == FlowPhase::BackendFin)
        {
            phase = FlowPhase::Closed;
        }
    }
}

void
FlowState::FromBackend(const PacketView& packet)
{
    if (packet.tcpFlags & PacketView::RST)
    {
        // In answer to a SYN it is the acknowledgment that proves it (RFC 9293, section 3.10.7.3).
        const bool believed = phase == FlowPhase::Opening
                                  ? packet.acknowledgment == backendExpects
                                  : packet.sequence - clientExpects < RESET_WINDOW;
        if (believed)
        {
            phase = FlowPhase::Reset;
        }
        return;
    }
    if (packet.tcpFlags & PacketView::SYN)
    {
        if (reopening && IsOpen() && (packet.tcpFlags & PacketView::ACK))
        {
            // It has forgotten the connection, too, and takes the client's SYN for a new one.
            phase = FlowPhase::Opening;
            reopening = false;
            backendExpects = packet.acknowledgment;
        }
        if (phase == FlowPhase::Opening)
        {
            clientExpects = EndOf(packet);
        }
        return;
    }
    if (packet.tcpFlags & PacketView::ACK)
    {
        Advance(backendExpects, packet.acknowledgment);
    }
    if (packet.tcpFlags & PacketView::FIN)
    {
        if (phase == FlowPhase::Established || phase == FlowPhase::Opening)
        {
            phase = FlowPhase::BackendFin;
        }
        else if (phase == FlowPhase::ClientFin)
        {
            phase = FlowPhase::Closed;
        }
    }
}

} // namespace azure
} // namespace ns3
