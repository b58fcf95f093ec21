/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-rule-table.h"

#include "ns3/azure-named-items.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace azure
{

RuleTable::RuleTable(const LoadBalancerConfiguration& configuration,
                     AddressTable& addresses,
                     BackendPools& pools)
    : m_addresses(addresses)
{
    const auto& frontends = configuration.frontendIpConfigurations;
    for (const auto& frontend : frontends)
    {
        addresses.Add(frontend.address, AddressTable::FRONTEND);
    }
    const auto entryFor = [&](const auto& rule) {
        const auto& frontend = *FindNamed(frontends, rule.frontendIpConfiguration);
        RuleEntry entry;
        entry.frontend = addresses.Find(frontend.address);
        entry.backendPort = rule.backendPort;
        entry.floatingIp = rule.enableFloatingIp;
        entry.tcpReset = rule.enableTcpReset;
        entry.idleTimeout = frontend.idleTimeout.value_or(rule.idleTimeout).GetTimeStep();
        if (rule.enableFloatingIp)
        {
            addresses.Add(frontend.address, AddressTable::BACKEND);
        }
        return entry;
    };
    for (const auto& rule : configuration.loadBalancingRules)
    {
        RuleEntry entry = entryFor(rule);
        entry.distribution = rule.loadDistribution;
        entry.target = pools.AddTarget(
            *IndexOfNamed(configuration.backendAddressPools, rule.backendAddressPool),
            rule.probe.empty() ? BackendPools::NONE
                               : *IndexOfNamed(configuration.probes, rule.probe));
        if (rule.protocol == TransportProtocol::All)
        {
            // An appliance behind HA ports gets no reset (LB-42).
            entry.tcpReset = false;
        }
        SetMatch(rule.protocol,
                 entry.frontend,
                 rule.frontendPort,
                 {static_cast<uint32_t>(m_rules.size()), AddressTable::NONE});
        m_rules.push_back(entry);
    }
    for (const auto& rule : configuration.inboundNatRules)
    {
        const RuleEntry entry = entryFor(rule);
        const uint32_t index = m_rules.size();
        m_rules.push_back(entry);
        if (rule.backendAddressPool.empty())
        {
            Match match{index, AddressTable::NONE};
            if (rule.backendAddress.IsSet())
            {
                match.instance = addresses.Add(rule.backendAddress, AddressTable::BACKEND);
                m_singles.push_back({index, rule.frontendPort, rule.backendAddress});
            }
            SetMatch(rule.protocol, entry.frontend, rule.frontendPort, match);
            continue;
        }
        const uint32_t pool =
            *IndexOfNamed(configuration.backendAddressPools, rule.backendAddressPool);
        m_natPools.push_back(
            {index,
             pool,
             rule.protocol,
             rule.name,
             InboundNatPorts(rule.frontendPortRangeStart, rule.frontendPortRangeEnd)});
    }
    for (uint32_t pool = 0; pool < configuration.backendAddressPools.size(); ++pool)
    {
        for (const auto& member : configuration.backendAddressPools[pool].backendAddresses)
        {
            PoolChange ignored;
            AddMember(pool, addresses.Find(member.address), ignored);
        }
    }
}

RuleTable::Match
RuleTable::Find(AddressTable::Id frontend, bool tcp, uint16_t port) const
{
    auto found = m_matches.find(KeyOf(frontend, tcp, port));
    if (found == m_matches.end())
    {
        found = m_matches.find(KeyOf(frontend, tcp, 0));
    }
    return found == m_matches.end() ? Match() : found->second;
}

void
RuleTable::SetDistribution(uint32_t rule, LoadDistribution distribution)
{
    m_rules[rule].distribution = distribution;
}

uint32_t
RuleTable::GetSize() const
{
    return m_rules.size();
}

void
RuleTable::AddMember(uint32_t pool, AddressTable::Id instance, PoolChange& change)
{
    for (const auto& nat : m_natPools)
    {
        if (nat.pool == pool && !nat.ports.HasFreePort())
        {
            change.error = "inbound NAT rule " + nat.name +
                           " has no frontend port left; enlarge its range first";
            return;
        }
    }
    for (auto& nat : m_natPools)
    {
        if (nat.pool == pool)
        {
            const uint16_t port = *nat.ports.Assign(instance);
            SetMatch(nat.protocol, m_rules[nat.rule].frontend, port, {nat.rule, instance});
            change.mappingsAdded.push_back({nat.rule, port, m_addresses.GetAddress(instance)});
        }
    }
}

void
RuleTable::RemoveMember(uint32_t pool, AddressTable::Id instance, PoolChange& change)
{
    for (auto& nat : m_natPools)
    {
        const auto port = nat.pool == pool ? nat.ports.Release(instance) : std::nullopt;
        if (port)
        {
            SetMatch(nat.protocol, m_rules[nat.rule].frontend, *port, Match());
            change.mappingsRemoved.push_back({nat.rule, *port, m_addresses.GetAddress(instance)});
        }
    }
}

std::vector<NatMapping>
RuleTable::GetNatMappings() const
{
    std::vector<NatMapping> mappings = m_singles;
    for (const auto& nat : m_natPools)
    {
        for (const auto& [port, instance] : nat.ports.GetMappings())
        {
            mappings.push_back({nat.rule, port, m_addresses.GetAddress(instance)});
        }
    }
    std::sort(mappings.begin(), mappings.end(), [](const NatMapping& a, const NatMapping& b) {
        return std::tie(a.rule, a.frontendPort) < std::tie(b.rule, b.frontendPort);
    });
    return mappings;
}

uint64_t
RuleTable::KeyOf(AddressTable::Id frontend, bool tcp, uint16_t port)
{
    return static_cast<uint64_t>(frontend) << 32 | (tcp ? 1U << 16 : 0U) | port;
}

void
RuleTable::SetMatch(TransportProtocol protocol,
                    AddressTable::Id frontend,
                    uint16_t port,
                    const Match& match)
{
    for (const bool tcp : {true, false})
    {
        if (protocol == (tcp ? TransportProtocol::Udp : TransportProtocol::Tcp))
        {
            continue;
        }
        if (match.rule == NONE)
        {
            m_matches.erase(KeyOf(frontend, tcp, port));
        }
        else
        {
            m_matches[KeyOf(frontend, tcp, port)] = match;
        }
    }
}

} // namespace azure
} // namespace ns3
