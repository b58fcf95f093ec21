/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-session.h"

namespace ns3
{
namespace azure
{

TlsSessionCache::TlsSessionCache(uint32_t capacity)
    : m_capacity(capacity)
{
}

void
TlsSessionCache::Put(const std::string& key, const TlsSession& session)
{
    Remove(key);
    if (m_capacity == 0)
    {
        return;
    }
    if (m_entries.size() >= m_capacity)
    {
        Remove(std::string(m_entries.front().first));
    }
    m_entries.emplace_back(key, session);
    m_byKey[key] = std::prev(m_entries.end());
}

std::optional<TlsSession>
TlsSessionCache::Get(const std::string& key, Time now)
{
    auto found = m_byKey.find(key);
    if (found == m_byKey.end())
    {
        return std::nullopt;
    }
    const auto& session = found->second->second;
    if (now > session.issued + session.lifetime)
    {
        Remove(key);
        return std::nullopt;
    }
    return session;
}

void
TlsSessionCache::Remove(const std::string& key)
{
    auto found = m_byKey.find(key);
    if (found != m_byKey.end())
    {
        m_entries.erase(found->second);
        m_byKey.erase(found);
    }
}

void
TlsSessionCache::Clear()
{
    m_entries.clear();
    m_byKey.clear();
}

uint32_t
TlsSessionCache::GetSize() const
{
    return static_cast<uint32_t>(m_entries.size());
}

} // namespace azure
} // namespace ns3
