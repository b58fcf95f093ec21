/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RAW_HEADER_H
#define AZURE_RAW_HEADER_H

#include "ns3/header.h"

#include <array>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The bytes of some other header, taken off a packet and put back unparsed.
 *
 * It passes for the header whose TypeId it is given, so that packet metadata (printing and
 * checking) stays right, and keeps every byte that is not changed, options included.
 */
class RawHeader : public Header
{
  public:
    static constexpr uint32_t MAX_SIZE{84}; //!< largest header that fits, bytes

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    RawHeader() = default;

    /**
     * @param asType the TypeId of the header whose bytes these are
     * @param size its size, in bytes, at most MAX_SIZE
     */
    RawHeader(TypeId asType, uint32_t size);

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

    /**
     * @param offset offset of a 16-bit word in network order, bytes
     * @return the word in host order
     */
    uint16_t Get16(uint32_t offset) const
    {
        return static_cast<uint16_t>(m_bytes[offset] << 8 | m_bytes[offset + 1]);
    }

    /**
     * @param offset offset of a 32-bit word in network order, bytes
     * @return the word in host order
     */
    uint32_t Get32(uint32_t offset) const
    {
        return static_cast<uint32_t>(Get16(offset)) << 16 | Get16(offset + 2);
    }

    /**
     * @param offset offset of a 16-bit word in network order, bytes
     * @param value the word in host order
     */
    void Set16(uint32_t offset, uint16_t value)
    {
        m_bytes[offset] = static_cast<uint8_t>(value >> 8);
        m_bytes[offset + 1] = static_cast<uint8_t>(value);
    }

    /**
     * @param offset offset of a 32-bit word in network order, bytes
     * @param value the word in host order
     */
    void Set32(uint32_t offset, uint32_t value)
    {
        Set16(offset, static_cast<uint16_t>(value >> 16));
        Set16(offset + 2, static_cast<uint16_t>(value));
    }

  private:
    TypeId m_asType{GetTypeId()};            //!< what this passes for
    uint32_t m_size{0};                      //!< bytes in use
    std::array<uint8_t, MAX_SIZE> m_bytes{}; //!< the header as on the wire
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RAW_HEADER_H */
