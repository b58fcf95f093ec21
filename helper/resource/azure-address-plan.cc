/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-address-plan.h"

namespace ns3
{
namespace azure
{

void
AddressPlan::AddSubnet(const std::string& key, const std::vector<AddressPrefix>& prefixes)
{
    m_subnets[key] = Subnet{prefixes, 0};
}

const std::vector<AddressPrefix>*
AddressPlan::FindSubnet(const std::string& key) const
{
    auto it = m_subnets.find(key);
    return it == m_subnets.end() ? nullptr : &it->second.prefixes;
}

std::string
AddressPlan::Reserve(const IpAddress& address, const std::string& owner)
{
    auto [it, isNew] = m_owners.emplace(address, owner);
    return isNew ? "" : it->second;
}

std::optional<IpAddress>
AddressPlan::Allocate(const std::string& key, const std::string& owner)
{
    auto it = m_subnets.find(key);
    if (it == m_subnets.end())
    {
        return std::nullopt;
    }
    return AllocateFrom(it->second.prefixes, 4, owner, it->second.next);
}

std::optional<IpAddress>
AddressPlan::AllocatePublic(const std::string& owner)
{
    std::vector<AddressPrefix> prefixes;
    for (const char* text : {"203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"})
    {
        prefixes.push_back(*AddressPrefix::FromText(text));
    }
    return AllocateFrom(prefixes, 1, owner, m_nextPublic);
}

std::optional<IpAddress>
AddressPlan::AllocateFrom(const std::vector<AddressPrefix>& prefixes,
                          uint64_t skip,
                          const std::string& owner,
                          uint64_t& next)
{
    uint64_t before = 0;
    for (const auto& prefix : prefixes)
    {
        const uint64_t size = uint64_t{1} << (32 - prefix.prefixLength);
        while (next < before + size)
        {
            const auto offset = next++ - before;
            const IpAddress address{prefix.address.high, prefix.address.low + offset};
            if (offset >= skip && offset + 1 < size && Reserve(address, owner).empty())
            {
                return address;
            }
        }
        before += size;
    }
    return std::nullopt;
}

std::optional<IpAddress>
AddressPlan::ParseAddress(const std::string& text)
{
    const auto prefix = AddressPrefix::FromText(text + "/32");
    return prefix ? std::optional<IpAddress>(prefix->address) : std::nullopt;
}

std::string
AddressPlan::FormatAddress(const IpAddress& address)
{
    const auto text = AddressPrefix{address, 32}.ToText();
    return text.substr(0, text.size() - 3);
}

} // namespace azure
} // namespace ns3
