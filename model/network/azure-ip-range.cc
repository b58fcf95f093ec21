/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-ip-range.h"

#include <algorithm>
#include <arpa/inet.h>
#include <limits>

namespace ns3
{
namespace azure
{

namespace
{

/// Bits of an address in its IPv4-mapped form that precede those of IPv4.
constexpr uint32_t IPV4_OFFSET = 96;

/// Most digits of the length of a prefix.
constexpr size_t LENGTH_DIGITS = 3;

/**
 * @param length leading bits, 0 to 64
 * @return a word with these set
 */
constexpr uint64_t
LeadingBits(uint32_t length)
{
    return length == 0 ? 0 : ~uint64_t{0} << (64 - length);
}

/**
 * @param text digits
 * @return the number; nothing when there is anything else, or too much
 */
std::optional<uint32_t>
ParseLength(const std::string& text)
{
    const bool isNumber = !text.empty() && text.size() <= LENGTH_DIGITS &&
                          text.find_first_not_of("0123456789") == std::string::npos &&
                          (text.size() == 1 || text[0] != '0');
    return isNumber ? std::optional<uint32_t>(std::stoul(text)) : std::nullopt;
}

} // namespace

bool
IpRange::Contains(const IpAddress& address) const
{
    return !(address < first) && !(last < address) && address.IsIpv4() == first.IsIpv4();
}

bool
IpRange::Overlaps(const IpRange& other) const
{
    return !(other.last < first) && !(last < other.first) && other.first.IsIpv4() == first.IsIpv4();
}

bool
IpRange::IsSmallerThan(const IpRange& other) const
{
    const auto borrow = [](const IpRange& range) { return range.last.low < range.first.low; };
    const IpAddress mine{last.high - first.high - borrow(*this), last.low - first.low};
    const IpAddress its{other.last.high - other.first.high - borrow(other),
                        other.last.low - other.first.low};
    return mine < its;
}

uint64_t
IpRange::GetSize() const
{
    constexpr auto most = std::numeric_limits<uint64_t>::max();
    const uint64_t high = last.high - first.high - (last.low < first.low ? 1 : 0);
    const uint64_t low = last.low - first.low;
    return high != 0 || low == most ? most : low + 1;
}

IpAddress
IpRange::GetAddress(uint64_t index) const
{
    const uint64_t low = first.low + index;
    return {first.high + (low < first.low ? 1 : 0), low};
}

std::string
IpRange::ToText() const
{
    return azure::ToText(first) + "-" + azure::ToText(last);
}

std::optional<IpRange>
IpRange::FromPrefix(const IpAddress& address, uint32_t length)
{
    const uint32_t bits = length + (address.IsIpv4() ? IPV4_OFFSET : 0);
    if (length > 128 || bits > 128)
    {
        return std::nullopt;
    }
    const uint64_t high = LeadingBits(std::min(bits, 64u));
    const uint64_t low = LeadingBits(bits > 64 ? bits - 64 : 0);
    return IpRange{{address.high & high, address.low & low},
                   {address.high | ~high, address.low | ~low}};
}

std::optional<IpRange>
IpRange::FromText(const std::string& text, std::string& error)
{
    const auto slash = text.find('/');
    const auto address = ParseAddress(text.substr(0, slash));
    const auto length =
        slash == std::string::npos ? std::nullopt : ParseLength(text.substr(slash + 1));
    const auto range = address && length ? FromPrefix(*address, *length) : std::nullopt;
    if (!range)
    {
        error = "this is no address prefix such as 192.0.2.0/24 or 2001:db8::/64";
        return std::nullopt;
    }
    if (!(range->first == *address))
    {
        error = "an address prefix has no bits set after its length; this one begins at " +
                azure::ToText(range->first);
        return std::nullopt;
    }
    return range;
}

std::optional<IpAddress>
IpRange::ParseAddress(const std::string& text)
{
    if (text.find('\0') != std::string::npos)
    {
        return std::nullopt; // what follows would not be looked at
    }
    in_addr ipv4;
    if (inet_pton(AF_INET, text.c_str(), &ipv4) == 1)
    {
        return IpAddress::FromIpv4Bits(ntohl(ipv4.s_addr));
    }
    in6_addr ipv6;
    if (inet_pton(AF_INET6, text.c_str(), &ipv6) != 1)
    {
        return std::nullopt;
    }
    IpAddress address;
    for (int byte = 0; byte < 8; ++byte)
    {
        address.high = address.high << 8 | ipv6.s6_addr[byte];
        address.low = address.low << 8 | ipv6.s6_addr[byte + 8];
    }
    return address;
}

} // namespace azure
} // namespace ns3
