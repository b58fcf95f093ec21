/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_IP_RANGE_H
#define AZURE_IP_RANGE_H

#include "azure-ip-address.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Consecutive addresses of one family, from a first to a last one, both included.
 *
 * A CIDR prefix of either family is such a range, and so is a pair of addresses.
 */
struct IpRange
{
    IpAddress first; //!< lowest address
    IpAddress last;  //!< highest address; of the family of the lowest one, and not below it

    /**
     * @param address an address
     * @return whether it is in the range
     */
    bool Contains(const IpAddress& address) const;

    /**
     * @param other another range
     * @return whether the two share an address
     */
    bool Overlaps(const IpRange& other) const;

    /**
     * @param other another range, of the same family
     * @return whether this one holds fewer addresses
     */
    bool IsSmallerThan(const IpRange& other) const;

    /**
     * @return how many addresses it holds; the greatest number where there are more than that
     */
    uint64_t GetSize() const;

    /**
     * @param index which address, from 0; below GetSize()
     * @return that address
     */
    IpAddress GetAddress(uint64_t index) const;

    /**
     * @return `first-last`, for example "192.0.2.0-192.0.2.255"
     */
    std::string ToText() const;

    /**
     * @param address any address of the prefix; host bits are cut off
     * @param length leading bits, 0 to 32 or 128
     * @return the addresses of the prefix; nothing when the length does not fit the family
     */
    static std::optional<IpRange> FromPrefix(const IpAddress& address, uint32_t length);

    /**
     * @param text CIDR notation of either family; host bits must be zero
     * @param[out] error what is wrong with it; untouched when nothing is
     * @return the range; nothing when the text is no prefix
     */
    static std::optional<IpRange> FromText(const std::string& text, std::string& error);

    /**
     * @param text four numbers with dots, or an IPv6 address
     * @return the address; nothing when the text is none
     */
    static std::optional<IpAddress> ParseAddress(const std::string& text);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_IP_RANGE_H */
