/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-cache.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace azure
{

DnsCache::DnsCache(size_t maxEntries)
    : m_maxEntries(std::max<size_t>(1, maxEntries))
{
}

void
DnsCache::SetPolicy(const DnsTtlPolicy& policy)
{
    m_policy = policy;
}

void
DnsCache::SetMaxStale(Time duration)
{
    m_maxStale = duration;
}

void
DnsCache::SetMaxEntries(size_t maxEntries)
{
    m_maxEntries = std::max<size_t>(1, maxEntries);
    while (m_entries.size() > m_maxEntries)
    {
        Erase(std::prev(m_entries.end()));
        ++m_evicted;
    }
}

bool
DnsCache::Put(const std::vector<DnsRecord>& records,
              DnsTrust trust,
              Time now,
              const std::optional<DnsClientSubnet>& subnet)
{
    if (records.empty())
    {
        return false;
    }
    uint32_t ttl = DNS_MAX_TTL;
    for (const auto& record : records)
    {
        ttl = std::min(ttl, record.ttl);
    }
    return Insert({{records[0].name, records[0].type},
                   DnsCacheResult::Kind::Positive,
                   records,
                   trust,
                   m_policy.GetLifetime(ttl),
                   0,
                   {}},
                  now,
                  subnet);
}

bool
DnsCache::PutNegative(const DnsQuestion& question,
                      bool isNameError,
                      const DnsRecord* soa,
                      Time now,
                      const std::optional<DnsClientSubnet>& subnet)
{
    if (!soa || !soa->GetSoa())
    {
        return false; // RFC 2308, section 5
    }
    return Insert({{question.name, isNameError ? DnsType::None : question.type},
                   isNameError ? DnsCacheResult::Kind::NameError : DnsCacheResult::Kind::NoData,
                   {*soa},
                   DnsTrust::Answer,
                   m_policy.GetNegativeLifetime(std::min(soa->ttl, soa->GetSoa()->minimum)),
                   0,
                   {}},
                  now,
                  subnet);
}

bool
DnsCache::Insert(Entry entry, Time now, const std::optional<DnsClientSubnet>& subnet)
{
    if (entry.expiry <= Time(0))
    {
        return false;
    }
    entry.expiry += now;
    if (subnet)
    {
        // RFC 7871, section 7.3.1: not for more of the address than was told.
        entry.scope = std::min(subnet->scopePrefix, subnet->sourcePrefix);
        entry.network = entry.scope ? MaskDnsAddress(subnet->address, entry.scope) : IpAddress{};
    }
    if (const auto known = m_keys.find(entry.key); known != m_keys.end())
    {
        for (const auto& old : known->second)
        {
            if (old->scope == entry.scope && old->network == entry.network)
            {
                if (old->trust > entry.trust && old->expiry > now)
                {
                    return false;
                }
                Erase(old);
                break;
            }
        }
    }
    m_entries.push_front(std::move(entry));
    m_keys[m_entries.front().key].push_back(m_entries.begin());
    if (m_entries.size() > m_maxEntries)
    {
        Erase(std::prev(m_entries.end()));
        ++m_evicted;
    }
    return true;
}

DnsCache::Entries::iterator
DnsCache::Find(const Key& key, DnsTrust trust, Time now, const IpAddress& client, bool allowStale)
{
    auto best = m_entries.end();
    const auto known = m_keys.find(key);
    if (known == m_keys.end())
    {
        return best;
    }
    std::vector<Entries::iterator> gone;
    for (const auto& entry : known->second)
    {
        if (entry->expiry + m_maxStale <= now)
        {
            gone.push_back(entry);
            continue;
        }
        const bool isFresh = entry->expiry > now;
        const bool isFor =
            entry->scope == 0 || (client.IsIpv4() == entry->network.IsIpv4() &&
                                  MaskDnsAddress(client, entry->scope) == entry->network);
        if (entry->trust < trust || !isFor || (!isFresh && !allowStale))
        {
            continue;
        }
        const bool isBetter =
            best == m_entries.end() ||
            (isFresh != (best->expiry > now) ? isFresh : entry->scope > best->scope);
        best = isBetter ? entry : best;
    }
    for (const auto& entry : gone)
    {
        Erase(entry);
    }
    return best;
}

DnsCacheResult
DnsCache::Get(const DnsName& name,
              DnsType type,
              DnsTrust trust,
              Time now,
              const IpAddress& client,
              bool allowStale)
{
    DnsCacheResult result;
    auto best = Find({name, type}, trust, now, client, allowStale);
    const auto other = Find({name, DnsType::None}, trust, now, client, allowStale);
    // What was learnt later holds; expiry stands in for that among fresh and stale ones.
    if (other != m_entries.end() &&
        (best == m_entries.end() || (other->expiry > now && best->expiry <= now)))
    {
        best = other;
    }
    if (best == m_entries.end())
    {
        return result;
    }
    m_entries.splice(m_entries.begin(), m_entries, best);
    result.kind = best->kind;
    result.isStale = best->expiry <= now;
    result.records = best->records;
    result.scopePrefix = best->scope;
    if (!result.isStale)
    {
        const auto left = (best->expiry - now).GetSeconds();
        result.ttl = static_cast<uint32_t>(std::min<double>(DNS_MAX_TTL, std::ceil(left)));
    }
    for (auto& record : result.records)
    {
        record.ttl = result.ttl;
    }
    return result;
}

void
DnsCache::Clear()
{
    m_keys.clear();
    m_entries.clear();
}

size_t
DnsCache::Remove(const DnsName& name)
{
    size_t count = 0;
    for (auto entry = m_entries.begin(); entry != m_entries.end();)
    {
        const auto next = std::next(entry);
        if (entry->key.name == name)
        {
            Erase(entry);
            ++count;
        }
        entry = next;
    }
    return count;
}

void
DnsCache::Erase(Entries::iterator entry)
{
    const auto known = m_keys.find(entry->key);
    known->second.erase(std::find(known->second.begin(), known->second.end(), entry));
    if (known->second.empty())
    {
        m_keys.erase(known);
    }
    m_entries.erase(entry);
}

size_t
DnsCache::GetSize() const
{
    return m_entries.size();
}

uint64_t
DnsCache::GetEvictedCount() const
{
    return m_evicted;
}

} // namespace azure
} // namespace ns3
