/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_HASH_H
#define AZURE_TLS_HASH_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A running 64-bit hash (FNV-1a, mixed at the end): stands for the hashes and keys of TLS.
 *
 * Not a public header. It tells accidents apart, not attacks.
 */
class TlsHash
{
  public:
    /** @param text bytes to add */
    void Add(const std::string& text)
    {
        for (unsigned char byte : text)
        {
            m_state = (m_state ^ byte) * 0x100000001b3ULL;
        }
    }

    /** @param value eight bytes to add */
    void Add64(uint64_t value)
    {
        for (uint32_t i = 0; i < 8; ++i)
        {
            m_state = (m_state ^ (value >> (8 * i) & 0xff)) * 0x100000001b3ULL;
        }
    }

    /** @return the hash of what was added so far */
    uint64_t Get() const
    {
        // FNV spreads late bytes badly; the finish of MurmurHash3 does it well.
        uint64_t value = m_state;
        value = (value ^ value >> 33) * 0xff51afd7ed558ccdULL;
        value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53ULL;
        return value ^ value >> 33;
    }

  private:
    uint64_t m_state{0xcbf29ce484222325ULL}; //!< FNV's offset basis
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_HASH_H */
