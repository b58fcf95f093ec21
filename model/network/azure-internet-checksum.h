/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_INTERNET_CHECKSUM_H
#define AZURE_INTERNET_CHECKSUM_H

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Updates an Internet checksum for words that change, without seeing the others.
 *
 * RFC 1624, equation 3: HC' = ~(~HC + ~m + m'). All values are in host order; a checksum of
 * ones' complement words does not care which order, as long as it is the same for all.
 */
class InternetChecksum
{
  public:
    /**
     * @param checksum the checksum of the message before the changes
     */
    explicit constexpr InternetChecksum(uint16_t checksum)
        : m_sum(static_cast<uint16_t>(~checksum))
    {
    }

    /**
     * @brief Account for one 16-bit word that changes.
     * @param before the word so far
     * @param after the word from now on
     */
    constexpr void Replace16(uint16_t before, uint16_t after)
    {
        m_sum += static_cast<uint16_t>(~before);
        m_sum += after;
    }

    /**
     * @brief Account for one aligned 32-bit word that changes.
     * @param before the word so far
     * @param after the word from now on
     */
    constexpr void Replace32(uint32_t before, uint32_t after)
    {
        Replace16(static_cast<uint16_t>(before >> 16), static_cast<uint16_t>(after >> 16));
        Replace16(static_cast<uint16_t>(before), static_cast<uint16_t>(after));
    }

    /**
     * @return the checksum of the message after the changes
     */
    constexpr uint16_t Get() const
    {
        uint64_t sum = m_sum;
        while (sum >> 16)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return static_cast<uint16_t>(~sum);
    }

  private:
    uint64_t m_sum; //!< ones' complement sum, carries not yet folded
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_INTERNET_CHECKSUM_H */
