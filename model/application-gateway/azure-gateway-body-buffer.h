/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_BODY_BUFFER_H
#define AZURE_GATEWAY_BODY_BUFFER_H

#include "ns3/packet.h"

#include <cstdint>
#include <deque>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Bytes on their way through a gateway, in order; those sent can be kept for a second try.
 *
 * Holds at most its capacity and one further piece: what was sent is given up when that would be
 * exceeded. Not a public header.
 */
class GatewayBodyBuffer
{
  public:
    /**
     * @param capacity bytes to hold at most, 1 or more
     * @param keep whether bytes that were taken are kept for Rewind()
     */
    GatewayBodyBuffer(uint64_t capacity, bool keep);

    /**
     * @return bytes that may be appended; 0 means that bytes must be taken first
     */
    uint64_t GetRoom() const;

    /**
     * @param packet bytes, without tags
     */
    void Append(Ptr<Packet> packet);

    /**
     * @param most bytes to take at most, 1 or more
     * @return the next bytes; null when there are none
     */
    Ptr<Packet> Take(uint32_t most);

    /**
     * @return bytes that were not taken yet
     */
    uint64_t GetUntaken() const;

    /**
     * @return bytes held: not taken yet, or kept
     */
    uint64_t GetHeld() const;

    /**
     * @return whether Rewind() can go back to the first byte
     */
    bool CanRewind() const;

    /**
     * @brief Start again with the first byte; only if CanRewind().
     */
    void Rewind();

    /**
     * @brief Nothing needs to be kept any more.
     */
    void Forget();

    /**
     * @brief Drop everything.
     */
    void Clear();

  private:
    uint64_t m_capacity;              //!< bytes to hold at most
    bool m_keep;                      //!< whether all that was taken is kept
    std::deque<Ptr<Packet>> m_ahead;  //!< not taken yet
    std::deque<Ptr<Packet>> m_behind; //!< taken and kept, in order
    uint64_t m_aheadBytes{0};         //!< bytes of m_ahead
    uint64_t m_behindBytes{0};        //!< bytes of m_behind
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_BODY_BUFFER_H */
