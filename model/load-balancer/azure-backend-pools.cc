/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-backend-pools.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

BackendPools::BackendPools(const LoadBalancerConfiguration& configuration, AddressTable& addresses)
    : m_basic(configuration.sku == LoadBalancerSku::Basic)
{
    for (const auto& probe : configuration.probes)
    {
        m_allProbedUp.push_back(probe.noHealthyBackendsBehavior ==
                                NoHealthyBackendsBehavior::AllProbedUp);
    }
    m_pools.resize(configuration.backendAddressPools.size());
    for (uint32_t pool = 0; pool < m_pools.size(); ++pool)
    {
        for (const auto& member : configuration.backendAddressPools[pool].backendAddresses)
        {
            const Id id = addresses.Add(member.address, AddressTable::BACKEND);
            AddMember(pool, id, member.adminState, member.running);
        }
    }
}

uint32_t
BackendPools::AddTarget(uint32_t pool, uint32_t probe)
{
    for (uint32_t index = 0; index < m_targets.size(); ++index)
    {
        if (m_targets[index].pool == pool && m_targets[index].probe == probe)
        {
            return index;
        }
    }
    Target target;
    target.pool = pool;
    target.probe = probe;
    m_targets.push_back(target);
    Changes changes;
    Update(m_targets.size() - 1, changes);
    return m_targets.size() - 1;
}

BackendPools::Changes
BackendPools::SetProbeStatus(uint32_t probe, Id id, bool up)
{
    // The prober may learn late that an instance is off.
    GetHost(id).probes[probe] = up && GetHost(id).running;
    return UpdateAll(NONE, probe);
}

BackendPools::Changes
BackendPools::SetAdminState(uint32_t pool, Id id, AdminState state)
{
    for (auto& member : m_pools[pool])
    {
        if (member.id == id)
        {
            member.state = state;
        }
    }
    return UpdateAll(pool, NONE);
}

BackendPools::Changes
BackendPools::SetRunning(Id id, bool running)
{
    Host& host = GetHost(id);
    if (host.running == running)
    {
        return {};
    }
    host.running = running;
    host.probes.assign(host.probes.size(), false);
    Changes changes = UpdateAll(NONE, NONE);
    if (!running)
    {
        CountStop(id);
    }
    return changes;
}

void
BackendPools::CountStop(Id id)
{
    Host& host = GetHost(id);
    ++host.stops;
    host.stoppedAt = ++m_cutCount;
}

BackendPools::Changes
BackendPools::AddMember(uint32_t pool, Id id, AdminState state, bool running)
{
    const bool isNew = !IsMember(id);
    // Flows of an earlier membership may still be alive (LB-17).
    const bool stops = isNew && GetHost(id).running && !running;
    if (isNew)
    {
        GetHost(id).running = running;
    }
    m_pools[pool].push_back({id, state});
    Changes changes = UpdateAll(pool, NONE);
    if (stops)
    {
        CountStop(id);
    }
    return changes;
}

BackendPools::Changes
BackendPools::RemoveMember(uint32_t pool, Id id)
{
    auto& members = m_pools[pool];
    members.erase(std::remove_if(members.begin(),
                                 members.end(),
                                 [id](const Member& member) { return member.id == id; }),
                  members.end());
    if (!IsMember(id))
    {
        Host& host = GetHost(id);
        host.probes.assign(host.probes.size(), false);
    }
    return UpdateAll(pool, NONE);
}

bool
BackendPools::IsMember(uint32_t pool, Id id) const
{
    const auto& members = m_pools[pool];
    return std::any_of(members.begin(), members.end(), [id](const Member& member) {
        return member.id == id;
    });
}

bool
BackendPools::IsMember(Id id) const
{
    for (uint32_t pool = 0; pool < m_pools.size(); ++pool)
    {
        if (IsMember(pool, id))
        {
            return true;
        }
    }
    return false;
}

uint32_t
BackendPools::GetNMembers(uint32_t pool) const
{
    return m_pools[pool].size();
}

bool
BackendPools::WasStoppedLast(uint32_t target, Id id) const
{
    const uint64_t stoppedAt = id < m_hosts.size() ? m_hosts[id].stoppedAt : 0;
    return target == NONE || stoppedAt > m_targets[target].cutAt;
}

BackendPools::Health
BackendPools::GetHealth(uint32_t index) const
{
    const Target& target = m_targets[index];
    Health health = Health::Off;
    for (const auto& member : m_pools[target.pool])
    {
        if (IsRunning(member.id))
        {
            if (IsUp(target, member))
            {
                return Health::Up;
            }
            health = Health::Down;
        }
    }
    return health;
}

BackendPools::Host&
BackendPools::GetHost(Id id)
{
    if (id >= m_hosts.size())
    {
        m_hosts.resize(id + 1);
    }
    m_hosts[id].probes.resize(m_allProbedUp.size());
    return m_hosts[id];
}

bool
BackendPools::IsUp(const Target& target, const Member& member) const
{
    const Host& host = m_hosts[member.id];
    if (!host.running || target.probe == NONE)
    {
        return host.running;
    }
    return member.state == AdminState::Up ||
           (member.state == AdminState::None && host.probes[target.probe]);
}

void
BackendPools::Update(uint32_t index, Changes& changes)
{
    Target& target = m_targets[index];
    const auto& members = m_pools[target.pool];
    std::vector<Id> eligible;
    bool probedDown = target.probe != NONE && !members.empty();
    for (const auto& member : members)
    {
        if (IsUp(target, member))
        {
            eligible.push_back(member.id);
        }
        probedDown = probedDown && member.state != AdminState::Up &&
                     !m_hosts[member.id].probes[target.probe];
    }
    const bool failOpen = target.probe != NONE && m_allProbedUp[target.probe];
    if (eligible.empty() && failOpen)
    {
        // What an operator has taken out of rotation is not "probed down" (LB-34, LB-35).
        for (const auto& member : members)
        {
            if (m_hosts[member.id].running && member.state != AdminState::Down)
            {
                eligible.push_back(member.id);
            }
        }
    }
    const bool allDown = probedDown && !failOpen && (m_basic || members.size() == 1);
    const bool cut = allDown && !target.allDown;
    target.allDown = allDown;
    if (cut)
    {
        ++target.cuts;
        target.cutAt = ++m_cutCount;
    }
    if (cut || eligible != target.eligible)
    {
        target.marks.assign(m_hosts.size(), false);
        for (const Id id : eligible)
        {
            target.marks[id] = true;
        }
        changes.push_back({index, target.eligible, eligible, cut});
        target.eligible = std::move(eligible);
    }
}

BackendPools::Changes
BackendPools::UpdateAll(uint32_t pool, uint32_t probe)
{
    Changes changes;
    for (uint32_t index = 0; index < m_targets.size(); ++index)
    {
        const Target& target = m_targets[index];
        if ((pool == NONE || target.pool == pool) && (probe == NONE || target.probe == probe))
        {
            Update(index, changes);
        }
    }
    return changes;
}

} // namespace azure
} // namespace ns3
