/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_PIPE_H
#define AZURE_GATEWAY_PIPE_H

#include "azure-gateway-body-buffer.h"

#include "ns3/azure-byte-stream.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace azure
{

/// Bytes that are read from a connection at a time.
constexpr uint32_t GATEWAY_READ_BYTES = 65536;

/**
 * @ingroup azure-load-balancing
 * @brief One direction of a relay: what comes from one stream goes to another, in order.
 *
 * Holds at most its capacity and one read; what does not fit waits in TCP, so that a slow reader
 * slows its sender down. The end of the one stream is carried on to the other, behind all bytes.
 * Tags of packets do not pass. Not a public header.
 */
class GatewayPipe
{
  public:
    /**
     * @param from where bytes come from
     * @param to where they go, perhaps not open yet
     * @param capacity bytes to hold at most, 1 or more
     */
    GatewayPipe(Ptr<ByteStream> from, Ptr<ByteStream> to, uint64_t capacity);

    /**
     * @param packet goes ahead of what is still to come, but does not come from the stream
     */
    void Insert(Ptr<Packet> packet);

    /**
     * @param packet came from the stream, and was taken by somebody else
     */
    void Put(Ptr<Packet> packet);

    /// Nothing comes any more but what the stream still has.
    void End();

    /**
     * @brief Move what can be moved.
     * @return whether anything was
     */
    bool Step();

    /**
     * @return whether all was handed on, the end included
     */
    bool IsDone() const;

    /**
     * @return whether something waits until it can be handed on
     */
    bool IsPending() const;

    /**
     * @return bytes that came from the stream
     */
    uint64_t GetTaken() const;

    /**
     * @return bytes that were handed on
     */
    uint64_t GetGiven() const;

    /**
     * @return when the first of them came
     */
    std::optional<Time> GetFirstByte() const;

  private:
    /**
     * @brief Hand on what is held.
     * @return whether anything was
     */
    bool Give();

    /**
     * @brief Read once, if there is room.
     * @return whether anything came
     */
    bool Take();

    Ptr<ByteStream> m_from;          //!< where bytes come from
    Ptr<ByteStream> m_to;            //!< where they go
    GatewayBodyBuffer m_buffer;      //!< bytes on their way
    uint64_t m_taken{0};             //!< bytes that came
    uint64_t m_given{0};             //!< bytes handed on
    bool m_ended{false};             //!< End() was called
    bool m_done{false};              //!< the end was handed on
    std::optional<Time> m_firstByte; //!< when the first byte came
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_PIPE_H */
