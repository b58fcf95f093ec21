/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_FLOW_STATE_H
#define AZURE_FLOW_STATE_H

#include "azure-packet-view.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How far a flow is.
 */
enum class FlowPhase : uint8_t
{
    Datagram,    //!< UDP: has no phases
    Echo,        //!< ICMP echo: has no phases
    Opening,     //!< SYN seen, handshake not complete
    Established, //!< handshake complete; the only phase that owes a reset (LB-42)
    ClientFin,   //!< FIN from the client only
    BackendFin,  //!< FIN from the instance only
    Closed,      //!< FIN from both
    Reset,       //!< RST from one of them
    Expired,     //!< ended by the idle timeout; remembered for its late packets (LB-40)
    Cut          //!< ended because its instance went away; remembered for its late packets
};

/**
 * @ingroup azure-load-balancing
 * @brief Follows one TCP connection, just enough for idle resets and for knowing its end.
 *
 * Not a TCP: segments are never judged, only watched. Sequence numbers wrap.
 */
struct FlowState
{
    /// A RST this many bytes past the last acknowledgment is still believed.
    static constexpr uint32_t RESET_WINDOW = 1U << 24;

    uint32_t clientExpects{0};            //!< next sequence number that the client expects
    uint32_t backendExpects{0};           //!< next sequence number that the instance expects
    FlowPhase phase{FlowPhase::Datagram}; //!< how far the flow is
    bool reopening{false};                //!< the client has sent a SYN since the handshake

    /**
     * @param packet a UDP datagram, an ICMP echo request or a TCP SYN
     * @return the state of the flow that it begins
     */
    static FlowState Begin(const PacketView& packet);

    /**
     * @brief Watch a TCP segment of the client.
     *
     * A RST counts when it lies in the instance's window; others are passed on all the same
     * and left to the instance to judge.
     *
     * @param packet the segment, before or after translation
     */
    void FromClient(const PacketView& packet);

    /**
     * @brief Watch a TCP segment of the instance; mirror image of FromClient().
     *
     * @param packet the segment, before or after translation
     */
    void FromBackend(const PacketView& packet);

    /**
     * @return whether the flow is one of UDP or ICMP, which has no phases
     */
    bool IsConnectionless() const
    {
        return phase <= FlowPhase::Echo;
    }

    /**
     * @return IP protocol number of the flow
     */
    uint8_t GetProtocol() const
    {
        switch (phase)
        {
        case FlowPhase::Datagram:
            return PacketView::UDP;
        case FlowPhase::Echo:
            return PacketView::ICMP;
        default:
            return PacketView::TCP;
        }
    }

    /**
     * @return whether the flow has neither been closed nor reset nor ended otherwise
     */
    bool IsOpen() const
    {
        return phase < FlowPhase::Closed;
    }

    /**
     * @return whether both ends think that the connection is over: a SYN begins a new one
     */
    bool IsOver() const
    {
        return phase == FlowPhase::Closed || phase == FlowPhase::Reset;
    }

    /**
     * @return whether the entry only remembers a flow that was ended from outside
     */
    bool IsTombstone() const
    {
        return phase >= FlowPhase::Expired;
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_FLOW_STATE_H */
