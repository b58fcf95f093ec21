/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-ip-address.h"

#include <sstream>

namespace ns3
{
namespace azure
{

std::string
ToText(const IpAddress& address)
{
    std::ostringstream text;
    if (address.IsIpv4())
    {
        text << ((address.low >> 24) & 255) << "." << ((address.low >> 16) & 255) << "."
             << ((address.low >> 8) & 255) << "." << (address.low & 255);
        return text.str();
    }
    text << std::hex;
    for (int group = 0; group < 8; ++group)
    {
        const uint64_t half = group < 4 ? address.high : address.low;
        text << (group == 0 ? "" : ":") << ((half >> (48 - 16 * (group % 4))) & 0xffff);
    }
    return text.str();
}

} // namespace azure
} // namespace ns3
