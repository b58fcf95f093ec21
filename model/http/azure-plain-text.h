/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_PLAIN_TEXT_H
#define AZURE_PLAIN_TEXT_H

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Look for control characters, eight bytes at a time. Not a public header.
 *
 * @param text some bytes
 * @param size how many
 * @return whether none of them is below 0x20 or 0x7f
 */
inline bool
IsPlainText(const char* text, size_t size)
{
    constexpr uint64_t ones = 0x0101010101010101;
    constexpr uint64_t tops = 0x80 * ones;
    size_t at = 0;
    for (; at + 8 <= size; at += 8)
    {
        uint64_t word;
        std::memcpy(&word, text + at, 8);
        const uint64_t deleted = word ^ 0x7f * ones;
        // A borrow can only begin at a byte that is found.
        const uint64_t found = ((word - 0x20 * ones) & ~word) | ((deleted - ones) & ~deleted);
        if (found & tops)
        {
            return false;
        }
    }
    for (; at < size; ++at)
    {
        const auto byte = static_cast<uint8_t>(text[at]);
        if (byte < 0x20 || byte == 0x7f)
        {
            return false;
        }
    }
    return true;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_PLAIN_TEXT_H */
