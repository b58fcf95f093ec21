/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-backend-chooser.h"

#include "azure-affinity-cookie.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

BackendChooser::BackendChooser(uint64_t affinitySeed, uint32_t minServers)
    : m_affinitySeed(affinitySeed),
      m_minServers(minServers)
{
}

std::optional<uint32_t>
BackendChooser::Find(const std::string& member) const
{
    for (uint32_t index = 0; index < m_members.size(); ++index)
    {
        if (m_members[index].text == member)
        {
            return index;
        }
    }
    return std::nullopt;
}

bool
BackendChooser::Add(const std::string& member, bool healthy)
{
    const auto known = Find(member);
    if (known && !m_members[*known].drainEnd)
    {
        return false;
    }
    if (known)
    {
        m_members[*known].drainEnd.reset();
    }
    else
    {
        m_members.push_back({member, GetCookie(member), healthy, std::nullopt});
    }
    Update();
    return true;
}

bool
BackendChooser::Remove(const std::string& member, Time until)
{
    const auto known = Find(member);
    if (!known || m_members[*known].drainEnd)
    {
        return false;
    }
    m_members[*known].drainEnd = until;
    Update();
    return true;
}

void
BackendChooser::SetHealthy(const std::string& member, bool healthy)
{
    if (const auto known = Find(member))
    {
        m_members[*known].healthy = healthy;
        Update();
    }
}

std::optional<bool>
BackendChooser::IsHealthy(const std::string& member) const
{
    const auto known = Find(member);
    return known ? std::optional<bool>(m_members[*known].healthy) : std::nullopt;
}

void
BackendChooser::Update()
{
    m_eligible.assign(m_members.size(), false);
    uint32_t count = 0;
    for (const bool healthy : {true, false})
    {
        for (uint32_t index = 0; index < m_members.size(); ++index)
        {
            const Member& member = m_members[index];
            if (member.drainEnd || member.healthy != healthy || (!healthy && count >= m_minServers))
            {
                continue;
            }
            m_eligible[index] = true;
            ++count;
        }
    }
}

std::optional<uint32_t>
BackendChooser::FindNext(const std::vector<std::string>& tried) const
{
    for (uint32_t step = 0; step < m_members.size(); ++step)
    {
        const uint32_t index = (m_next + step) % m_members.size();
        if (m_eligible[index] &&
            std::find(tried.begin(), tried.end(), m_members[index].text) == tried.end())
        {
            return index;
        }
    }
    return std::nullopt;
}

std::optional<std::string>
BackendChooser::Next(const std::vector<std::string>& tried)
{
    const auto index = FindNext(tried);
    if (!index)
    {
        return std::nullopt;
    }
    m_next = (*index + 1) % m_members.size();
    return m_members[*index].text;
}

std::optional<std::string>
BackendChooser::Peek(const std::vector<std::string>& tried) const
{
    const auto index = FindNext(tried);
    return index ? std::optional<std::string>(m_members[*index].text) : std::nullopt;
}

std::optional<std::string>
BackendChooser::FindByCookie(const std::string& cookie, Time now) const
{
    for (uint32_t index = 0; index < m_members.size(); ++index)
    {
        const Member& member = m_members[index];
        if (member.cookie == cookie)
        {
            const bool usable =
                member.drainEnd ? member.healthy && now < *member.drainEnd : m_eligible[index];
            return usable ? std::optional<std::string>(member.text) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string
BackendChooser::GetCookie(const std::string& member) const
{
    return AffinityCookie::GetValue(m_affinitySeed, member);
}

std::vector<std::string>
BackendChooser::GetEligible() const
{
    std::vector<std::string> result;
    for (uint32_t index = 0; index < m_members.size(); ++index)
    {
        if (m_eligible[index])
        {
            result.push_back(m_members[index].text);
        }
    }
    return result;
}

bool
BackendChooser::IsEmpty() const
{
    return std::all_of(m_members.begin(), m_members.end(), [](const Member& member) {
        return member.drainEnd.has_value();
    });
}

std::optional<Time>
BackendChooser::GetDrainEnd(const std::string& member) const
{
    const auto known = Find(member);
    return known ? m_members[*known].drainEnd : std::nullopt;
}

void
BackendChooser::Sweep(Time now)
{
    const auto isOver = [&](const Member& member) {
        return member.drainEnd && *member.drainEnd <= now;
    };
    if (std::none_of(m_members.begin(), m_members.end(), isOver))
    {
        return;
    }
    for (uint32_t index = m_members.size(); index-- > 0;)
    {
        if (isOver(m_members[index]))
        {
            m_members.erase(m_members.begin() + index);
            m_next -= index < m_next ? 1 : 0;
        }
    }
    m_next = m_members.empty() ? 0 : m_next % m_members.size();
    Update();
}

} // namespace azure
} // namespace ns3
