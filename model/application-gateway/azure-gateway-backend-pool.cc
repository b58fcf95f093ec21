/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-backend-pool.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

GatewayBackendPool::~GatewayBackendPool()
{
    CloseAll(true);
}

Ptr<GatewayBackendConnection>
GatewayBackendPool::Take(const Key& key)
{
    const auto found = m_idle.find(key);
    if (found == m_idle.end())
    {
        return nullptr;
    }
    auto connection = found->second.back();
    Remove(PeekPointer(connection));
    return connection;
}

void
GatewayBackendPool::Put(Ptr<GatewayBackendConnection> connection, Time until, uint32_t most)
{
    const auto stream = connection->GetStream();
    if (most == 0)
    {
        CloseStream(*stream);
        return;
    }
    auto& idle = m_idle[connection->GetKey()];
    if (idle.size() >= most)
    {
        idle.front()->Wake();
        CloseStream(*idle.front()->GetStream());
        idle.erase(idle.begin());
        --m_size;
    }
    idle.push_back(connection);
    ++m_size;
    connection->Rest(this, until);
}

void
GatewayBackendPool::Remove(GatewayBackendConnection* connection)
{
    const auto found = m_idle.find(connection->GetKey());
    if (found == m_idle.end())
    {
        return;
    }
    auto& idle = found->second;
    const auto place = std::find_if(idle.begin(), idle.end(), [&](const auto& other) {
        return PeekPointer(other) == connection;
    });
    if (place != idle.end())
    {
        connection->Wake();
        idle.erase(place);
        --m_size;
    }
    if (idle.empty())
    {
        m_idle.erase(found);
    }
}

void
GatewayBackendPool::Close(uint32_t setting, const std::string& member)
{
    const auto isOf = [&](const auto& entry) {
        return std::get<0>(entry->first) == setting && std::get<1>(entry->first) == member;
    };
    // Whatever name they were asked for, and such keys stand together.
    for (auto entry = m_idle.lower_bound({setting, member, ""});
         entry != m_idle.end() && isOf(entry);
         entry = m_idle.lower_bound({setting, member, ""}))
    {
        const auto key = entry->first;
        while (auto connection = Take(key))
        {
            CloseStream(*connection->GetStream());
        }
    }
}

void
GatewayBackendPool::CloseAll(bool vanish)
{
    for (auto& [key, idle] : std::exchange(m_idle, {}))
    {
        for (auto& connection : idle)
        {
            connection->Wake();
            vanish ? connection->GetStream()->Vanish() : CloseStream(*connection->GetStream());
        }
    }
    m_size = 0;
}

uint32_t
GatewayBackendPool::GetSize() const
{
    return m_size;
}

} // namespace azure
} // namespace ns3
