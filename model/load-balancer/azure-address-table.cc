/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-address-table.h"

namespace ns3
{
namespace azure
{

AddressTable::AddressTable()
    : m_buckets(16, NONE)
{
}

AddressTable::Id
AddressTable::Add(const IpAddress& address, Role role)
{
    uint32_t bucket = FindBucket(address);
    if (m_buckets[bucket] == NONE)
    {
        if (m_entries.size() == NONE)
        {
            return NONE;
        }
        if (2 * (m_entries.size() + 1) > m_buckets.size())
        {
            Grow();
            bucket = FindBucket(address);
        }
        m_buckets[bucket] = static_cast<Id>(m_entries.size());
        m_entries.push_back({address, 0});
    }
    m_entries[m_buckets[bucket]].roles |= role;
    return m_buckets[bucket];
}

AddressTable::Id
AddressTable::Find(const IpAddress& address) const
{
    return m_buckets[FindBucket(address)];
}

AddressTable::Id
AddressTable::Find(const IpAddress& address, Role role) const
{
    const Id id = Find(address);
    return id != NONE && (m_entries[id].roles & role) ? id : NONE;
}

const IpAddress&
AddressTable::GetAddress(Id id) const
{
    return m_entries[id].address;
}

uint32_t
AddressTable::GetSize() const
{
    return m_entries.size();
}

uint32_t
AddressTable::FindBucket(const IpAddress& address) const
{
    const uint32_t mask = m_buckets.size() - 1;
    const uint64_t hash = (address.low ^ (address.high * 31)) * 0x9e3779b97f4a7c15ULL;
    uint32_t bucket = static_cast<uint32_t>(hash >> 40) & mask;
    while (m_buckets[bucket] != NONE && !(m_entries[m_buckets[bucket]].address == address))
    {
        bucket = (bucket + 1) & mask;
    }
    return bucket;
}

void
AddressTable::Grow()
{
    m_buckets.assign(2 * m_buckets.size(), NONE);
    for (uint32_t id = 0; id < m_entries.size(); ++id)
    {
        m_buckets[FindBucket(m_entries[id].address)] = static_cast<Id>(id);
    }
}

} // namespace azure
} // namespace ns3
