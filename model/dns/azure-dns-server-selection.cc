/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-server-selection.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

IpAddress
DnsServerSelection::Choose(const std::vector<IpAddress>& servers, double random, Time now) const
{
    auto lowest = Time::Max();
    for (const auto& server : servers)
    {
        lowest = std::min(lowest, GetTimeout(server, now));
    }
    std::vector<IpAddress> good;
    for (const auto& server : servers)
    {
        if (GetTimeout(server, now) <= lowest + band)
        {
            good.push_back(server);
        }
    }
    const auto index = static_cast<size_t>(random * static_cast<double>(good.size()));
    return good[std::min(index, good.size() - 1)];
}

Time
DnsServerSelection::GetTimeout(const IpAddress& server, Time now) const
{
    const auto known = m_servers.find(server);
    return known == m_servers.end() || known->second.since + memory <= now ? unknown
                                                                           : known->second.timeout;
}

void
DnsServerSelection::AddAnswer(const IpAddress& server, Time rtt, Time now)
{
    auto& known = m_servers[server];
    if (known.rtt.IsZero() || known.since + memory <= now)
    {
        known = Server{rtt, rtt / 2, Time(0), now};
    }
    else
    {
        known.variation = (3 * known.variation + Abs(known.rtt - rtt)) / 4;
        known.rtt = (7 * known.rtt + rtt) / 8;
    }
    known.timeout = std::clamp(known.rtt + 4 * known.variation, minimum, maximum);
}

void
DnsServerSelection::AddTimeout(const IpAddress& server, Time now)
{
    auto& known = m_servers[server];
    if (known.timeout.IsZero() || known.since + memory <= now)
    {
        known = Server{Time(0), Time(0), unknown, now};
    }
    known.timeout = std::min(2 * known.timeout, maximum);
}

} // namespace azure
} // namespace ns3
