/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-service-tags.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace ns3
{
namespace azure
{

ServiceTags::ServiceTags()
{
    ServiceTag probes;
    probes.name = "AzureLoadBalancer";
    const auto address = *IpRange::ParseAddress("168.63.129.16");
    probes.addressPrefixes = {{address, address}};
    probes.networkFeatures = {"NSG"};
    Add(probes);
}

void
ServiceTags::Add(const ServiceTag& tag)
{
    const auto* known = Find(tag.name);
    if (known)
    {
        m_tags[known - m_tags.data()] = tag;
        return;
    }
    m_tags.push_back(tag);
}

const ServiceTag*
ServiceTags::Find(const std::string& name) const
{
    const auto it = std::find_if(m_tags.begin(), m_tags.end(), [&](const ServiceTag& tag) {
        return std::equal(
            tag.name.begin(),
            tag.name.end(),
            name.begin(),
            name.end(),
            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
    });
    return it == m_tags.end() ? nullptr : &*it;
}

const std::vector<ServiceTag>&
ServiceTags::GetTags() const
{
    return m_tags;
}

std::vector<std::string>
ServiceTags::FindTagsOf(const IpAddress& address) const
{
    std::vector<std::string> names;
    for (const auto& tag : m_tags)
    {
        if (std::any_of(tag.addressPrefixes.begin(),
                        tag.addressPrefixes.end(),
                        [&](const IpRange& prefix) { return prefix.Contains(address); }))
        {
            names.push_back(tag.name);
        }
    }
    return names;
}

std::vector<IpAddress>
ServiceTags::ChooseIpv4(const std::string& name, uint32_t count) const
{
    std::vector<IpRange> prefixes;
    const auto* tag = Find(name);
    for (const auto& prefix : tag ? tag->addressPrefixes : std::vector<IpRange>())
    {
        if (prefix.first.IsIpv4())
        {
            prefixes.push_back(prefix);
        }
    }
    std::vector<IpAddress> chosen;
    std::set<IpAddress> seen; // prefixes of one tag might overlap
    bool isLeft = true;
    for (uint64_t round = 0; isLeft && chosen.size() < count; ++round)
    {
        isLeft = false;
        std::vector<IpAddress> offered;
        for (const auto& prefix : prefixes)
        {
            if (round < prefix.GetSize())
            {
                isLeft = true;
                const auto address = prefix.GetAddress(round);
                if (seen.insert(address).second)
                {
                    offered.push_back(address);
                }
            }
        }
        const size_t wanted = std::min<size_t>(offered.size(), count - chosen.size());
        for (size_t index = 0; index < wanted; ++index)
        {
            chosen.push_back(offered[index * offered.size() / wanted]);
        }
    }
    return chosen;
}

} // namespace azure
} // namespace ns3
