/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_RECORD_FRAME_H
#define AZURE_TLS_RECORD_FRAME_H

#include "ns3/packet.h"

#include <array>
#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The few real bytes before or behind the content of a record.
 *
 * Not a public header. They go into a packet as header and trailer, because joining packets
 * would make virtual content real.
 */
class TlsRecordFrame
{
  public:
    static constexpr uint32_t MAX_SIZE{24}; //!< bytes that fit

    /**
     * @brief Append a number in network order.
     * @param value the number
     * @param width its bytes
     */
    void Number(uint64_t value, uint32_t width);

    /**
     * @brief Append what a packet holds, as far as it fits.
     * @param packet the bytes
     */
    void Append(Ptr<const Packet> packet);

    /**
     * @param offset the first byte
     * @param width bytes
     * @return the number there; bytes that are not there are zero
     */
    uint64_t Get(uint32_t offset, uint32_t width) const;

    /** @return bytes so far */
    uint32_t GetSize() const
    {
        return m_size;
    }

    /** @brief Begin anew. */
    void Clear()
    {
        m_size = 0;
    }

    /**
     * @brief Put these bytes before, and others behind what is in a packet.
     * @param packet the packet
     * @param tail the bytes behind
     */
    void AddTo(Ptr<Packet> packet, const TlsRecordFrame& tail) const;

  private:
    friend class TlsRecordHeader;
    friend class TlsRecordTrailer;

    std::array<uint8_t, MAX_SIZE> m_bytes{}; //!< the bytes
    uint32_t m_size{0};                      //!< how many
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_RECORD_FRAME_H */
