/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_IP_ADDRESS_H
#define AZURE_IP_ADDRESS_H

#include "ns3/ipv4-address.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief An IP address of either family in 16 bytes, for decision and state classes.
 *
 * IPv4 addresses are held in their IPv4-mapped form (RFC 4291, section 2.5.5.2), so that a
 * table keyed by this type needs no notion of the address family. The default is the unset
 * address, all zero.
 */
struct IpAddress
{
    uint64_t high{0}; //!< the first eight bytes, host order
    uint64_t low{0};  //!< the last eight bytes, host order

    /**
     * @param address an IPv4 address
     * @return its IPv4-mapped form
     */
    static constexpr IpAddress FromIpv4Bits(uint32_t address)
    {
        return IpAddress{0, 0x0000ffff00000000ULL | address};
    }

    /**
     * @param address an IPv4 address
     * @return its IPv4-mapped form
     */
    static IpAddress From(Ipv4Address address)
    {
        return FromIpv4Bits(address.Get());
    }

    /**
     * @return whether this holds an IPv4 address
     */
    constexpr bool IsIpv4() const
    {
        return high == 0 && (low >> 32) == 0xffff;
    }

    /**
     * @return whether this holds any address at all
     */
    constexpr bool IsSet() const
    {
        return high != 0 || low != 0;
    }

    /**
     * @return the IPv4 address; only meaningful when IsIpv4()
     */
    Ipv4Address ToIpv4() const
    {
        return Ipv4Address(static_cast<uint32_t>(low));
    }

    /**
     * @param other the address to compare with
     * @return whether both hold the same sixteen bytes
     */
    constexpr bool operator==(const IpAddress& other) const
    {
        return low == other.low && high == other.high;
    }

    /**
     * @param other the address to compare with
     * @return whether the sixteen bytes of this come first
     */
    constexpr bool operator<(const IpAddress& other) const
    {
        return high != other.high ? high < other.high : low < other.low;
    }
};

/**
 * @ingroup azure-load-balancing
 * @param address an address
 * @return its text
 */
std::string ToText(const IpAddress& address);

} // namespace azure
} // namespace ns3

#endif /* AZURE_IP_ADDRESS_H */
