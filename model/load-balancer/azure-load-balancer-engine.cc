/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine.h"

#include "azure-flow-director.h"

#include "ns3/abort.h"
#include "ns3/azure-named-items.h"

namespace ns3
{
namespace azure
{

namespace
{

/// ICMP messages longer than this are dropped, in bytes (LB-61).
constexpr uint32_t MAX_PING = 64;

/**
 * @param configuration a configuration
 * @return the same, if it can be used
 */
const LoadBalancerConfiguration&
Checked(const LoadBalancerConfiguration& configuration)
{
    const auto errors = configuration.Validate();
    NS_ABORT_MSG_UNLESS(errors.empty(),
                        "load balancer " << configuration.name << ": " << errors[0].path << ": "
                                         << errors[0].message);
    return configuration;
}

} // namespace

struct LoadBalancerEngine::Impl
{
    /**
     * @param config a configuration without errors
     * @param settings what it does not say
     */
    Impl(const LoadBalancerConfiguration& config, const LoadBalancerEngineSettings& settings)
        : configuration(config),
          pools(configuration, addresses),
          rules(configuration, addresses, pools),
          flows(addresses, rules, pools, settings, statistics),
          director(addresses, rules, pools, flows, settings.hashSeed, statistics)
    {
    }

    /**
     * @param changes what changed by target
     * @param change gets the same by rule
     */
    void Report(const BackendPools::Changes& changes, PoolChange& change) const;

    /**
     * @brief Let every pool say the same of whether an instance runs, the first pool's word.
     */
    void AgreeOnRunning();

    /**
     * @param pool index of a pool
     * @param backend an address
     * @return number of the address; NONE when the pool has no such member
     */
    AddressTable::Id FindMember(uint32_t pool, const IpAddress& backend) const;

    LoadBalancerConfiguration configuration; //!< as it is now
    LoadBalancerStatistics statistics;       //!< counters
    AddressTable addresses;                  //!< frontends and instances
    BackendPools pools;                      //!< who is up
    RuleTable rules;                         //!< which rule
    FlowTracker flows;                       //!< flows alive
    FlowDirector director;                   //!< verdicts
};

void
LoadBalancerEngine::Impl::Report(const BackendPools::Changes& changes, PoolChange& change) const
{
    const auto missing = [this](const std::vector<AddressTable::Id>& from,
                                const std::vector<AddressTable::Id>& in) {
        std::vector<bool> present(addresses.GetSize());
        for (const auto id : in)
        {
            present[id] = true;
        }
        std::vector<IpAddress> result;
        for (const auto id : from)
        {
            if (!present[id])
            {
                result.push_back(addresses.GetAddress(id));
            }
        }
        return result;
    };
    for (uint32_t rule = 0; rule < rules.GetSize(); ++rule)
    {
        for (const auto& target : changes)
        {
            if (rules.Get(rule).target == target.target)
            {
                RuleChange entry;
                entry.rule = rule;
                entry.added = missing(target.after, target.before);
                entry.removed = missing(target.before, target.after);
                entry.eligible = target.after.size();
                entry.disruption = Distribution::GetDisruption(target.before, target.after);
                entry.flowsCut = target.flowsCut;
                change.rules.push_back(entry);
            }
        }
    }
}

void
LoadBalancerEngine::Impl::AgreeOnRunning()
{
    for (auto& pool : configuration.backendAddressPools)
    {
        for (auto& member : pool.backendAddresses)
        {
            member.running = pools.IsRunning(addresses.Find(member.address));
        }
    }
}

AddressTable::Id
LoadBalancerEngine::Impl::FindMember(uint32_t pool, const IpAddress& backend) const
{
    const auto id = addresses.Find(backend);
    return id != AddressTable::NONE && pools.IsMember(pool, id) ? id : AddressTable::NONE;
}

LoadBalancerEngine::LoadBalancerEngine(const LoadBalancerConfiguration& configuration,
                                       const LoadBalancerEngineSettings& settings)
    : m_impl(std::make_unique<Impl>(Checked(configuration), settings))
{
    m_impl->AgreeOnRunning();
}

LoadBalancerEngine::~LoadBalancerEngine() = default;

bool
LoadBalancerEngine::IsFrontend(const IpAddress& address) const
{
    return m_impl->addresses.Find(address, AddressTable::FRONTEND) != AddressTable::NONE;
}

bool
LoadBalancerEngine::IsBackend(const IpAddress& address) const
{
    return m_impl->addresses.Find(address, AddressTable::BACKEND) != AddressTable::NONE;
}

Verdict
LoadBalancerEngine::Forward(const PacketView& packet, Time now)
{
    return m_impl->director.Forward(packet, now.GetTimeStep());
}

Verdict
LoadBalancerEngine::Return(const PacketView& packet, Time now)
{
    return m_impl->director.Return(packet, now.GetTimeStep());
}

Verdict
LoadBalancerEngine::Explain(const PacketView& packet, Time now) const
{
    return m_impl->director.Explain(packet, now.GetTimeStep());
}

IcmpErrorVerdict
LoadBalancerEngine::TranslateIcmpError(const IpAddress& source,
                                       const IpAddress& destination,
                                       const PacketView& quoted,
                                       Time now)
{
    return m_impl->director.TranslateIcmpError(source, destination, quoted, now.GetTimeStep());
}

PingAnswer
LoadBalancerEngine::AnswerPing(const IpAddress& destination, uint32_t icmpBytes, bool fragment)
{
    const auto id = m_impl->addresses.Find(destination, AddressTable::FRONTEND);
    if (id == AddressTable::NONE)
    {
        return PingAnswer::NotOurs;
    }
    const auto refuse = [this](DropReason reason) {
        ++m_impl->statistics.drops[static_cast<size_t>(reason)];
        return PingAnswer::None;
    };
    if (fragment)
    {
        return refuse(DropReason::Fragment);
    }
    if (m_impl->rules.Find(id, false, 0).rule != RuleTable::NONE)
    {
        return PingAnswer::Balance;
    }
    if (icmpBytes > MAX_PING)
    {
        return refuse(DropReason::PingTooLarge);
    }
    bool isPublic = m_impl->configuration.sku == LoadBalancerSku::Standard &&
                    m_impl->configuration.tier == LoadBalancerTier::Regional;
    for (const auto& frontend : m_impl->configuration.frontendIpConfigurations)
    {
        isPublic = isPublic && (frontend.isPublic || !(frontend.address == destination));
    }
    auto health = BackendPools::Health::Off;
    for (uint32_t rule = 0; isPublic && rule < m_impl->rules.GetSize(); ++rule)
    {
        const RuleEntry& entry = m_impl->rules.Get(rule);
        if (entry.frontend == id && entry.target != BackendPools::NONE)
        {
            health = std::max(health, m_impl->pools.GetHealth(entry.target));
        }
    }
    switch (health)
    {
    case BackendPools::Health::Up:
        return PingAnswer::EchoReply;
    case BackendPools::Health::Down:
        return PingAnswer::HostUnreachable;
    case BackendPools::Health::Off:
        break;
    }
    return refuse(DropReason::PingNotAnswered);
}

Time
LoadBalancerEngine::GetNextResetDeadline() const
{
    const int64_t deadline = m_impl->flows.GetNextDeadline();
    return deadline == INT64_MAX ? Time::Max() : TimeStep(deadline);
}

std::vector<ResetSegment>
LoadBalancerEngine::TakeDueResets(Time now)
{
    auto segments = m_impl->flows.TakeDueResets(now.GetTimeStep());
    m_impl->statistics.resetsSent += segments.size();
    return segments;
}

PoolChange
LoadBalancerEngine::SetProbeStatus(uint32_t probe, const IpAddress& backend, bool up)
{
    NS_ABORT_MSG_UNLESS(probe < m_impl->configuration.probes.size(), "no probe of index " << probe);
    PoolChange change;
    const auto id = m_impl->addresses.Find(backend, AddressTable::BACKEND);
    if (id == AddressTable::NONE || !m_impl->pools.IsMember(id))
    {
        change.error = "the instance is a member of no pool";
        return change;
    }
    m_impl->Report(m_impl->pools.SetProbeStatus(probe, id, up), change);
    return change;
}

PoolChange
LoadBalancerEngine::SetAdminState(uint32_t pool, const IpAddress& backend, AdminState state)
{
    auto& pools = m_impl->configuration.backendAddressPools;
    NS_ABORT_MSG_UNLESS(pool < pools.size(), "no pool of index " << pool);
    PoolChange change;
    const auto id = m_impl->FindMember(pool, backend);
    if (id == AddressTable::NONE)
    {
        change.error = "pool " + pools[pool].name + " has no such member";
        return change;
    }
    for (auto& member : pools[pool].backendAddresses)
    {
        if (member.address == backend)
        {
            member.adminState = state;
        }
    }
    m_impl->Report(m_impl->pools.SetAdminState(pool, id, state), change);
    return change;
}

PoolChange
LoadBalancerEngine::SetRunning(const IpAddress& backend, bool running)
{
    PoolChange change;
    const auto id = m_impl->addresses.Find(backend, AddressTable::BACKEND);
    if (id == AddressTable::NONE)
    {
        change.error = "the instance is a member of no pool";
        return change;
    }
    for (auto& pool : m_impl->configuration.backendAddressPools)
    {
        for (auto& member : pool.backendAddresses)
        {
            if (member.address == backend)
            {
                member.running = running;
            }
        }
    }
    m_impl->Report(m_impl->pools.SetRunning(id, running), change);
    return change;
}

PoolChange
LoadBalancerEngine::AddMember(uint32_t pool, const LoadBalancerBackendAddress& member)
{
    auto& pools = m_impl->configuration.backendAddressPools;
    NS_ABORT_MSG_UNLESS(pool < pools.size(), "no pool of index " << pool);
    PoolChange change;
    if (!member.address.IsSet())
    {
        change.error = "a member needs an address";
    }
    else if (IsFrontend(member.address))
    {
        change.error = "a frontend address cannot be a member";
    }
    else if (m_impl->FindMember(pool, member.address) != AddressTable::NONE)
    {
        change.error = "pool " + pools[pool].name + " has this member already";
    }
    if (!change.error.empty())
    {
        return change;
    }
    const auto id = m_impl->addresses.Add(member.address, AddressTable::BACKEND);
    if (id == AddressTable::NONE)
    {
        change.error = "the load balancer has seen 65535 addresses, which is all it can hold";
        return change;
    }
    m_impl->rules.AddMember(pool, id, change);
    if (change.error.empty())
    {
        pools[pool].backendAddresses.push_back(member);
        m_impl->Report(m_impl->pools.AddMember(pool, id, member.adminState, member.running),
                       change);
        m_impl->AgreeOnRunning();
    }
    return change;
}

PoolChange
LoadBalancerEngine::RemoveMember(uint32_t pool, const IpAddress& backend)
{
    auto& pools = m_impl->configuration.backendAddressPools;
    NS_ABORT_MSG_UNLESS(pool < pools.size(), "no pool of index " << pool);
    PoolChange change;
    const auto id = m_impl->FindMember(pool, backend);
    if (id == AddressTable::NONE)
    {
        change.error = "pool " + pools[pool].name + " has no such member";
        return change;
    }
    auto& members = pools[pool].backendAddresses;
    for (auto member = members.begin(); member != members.end(); ++member)
    {
        if (member->address == backend)
        {
            members.erase(member);
            break;
        }
    }
    m_impl->rules.RemoveMember(pool, id, change);
    m_impl->Report(m_impl->pools.RemoveMember(pool, id), change);
    return change;
}

void
LoadBalancerEngine::SetLoadDistribution(uint32_t rule, LoadDistribution distribution)
{
    auto& rules = m_impl->configuration.loadBalancingRules;
    NS_ABORT_MSG_UNLESS(rule < rules.size(), "no load balancing rule of index " << rule);
    rules[rule].loadDistribution = distribution;
    m_impl->rules.SetDistribution(rule, distribution);
}

const LoadBalancerConfiguration&
LoadBalancerEngine::GetConfiguration() const
{
    return m_impl->configuration;
}

std::optional<uint32_t>
LoadBalancerEngine::FindProbe(const std::string& name) const
{
    return IndexOfNamed(m_impl->configuration.probes, name);
}

std::optional<uint32_t>
LoadBalancerEngine::FindPool(const std::string& name) const
{
    return IndexOfNamed(m_impl->configuration.backendAddressPools, name);
}

std::optional<uint32_t>
LoadBalancerEngine::FindRule(const std::string& name) const
{
    const auto rule = IndexOfNamed(m_impl->configuration.loadBalancingRules, name);
    if (rule)
    {
        return rule;
    }
    const auto nat = IndexOfNamed(m_impl->configuration.inboundNatRules, name);
    const uint32_t first = m_impl->configuration.loadBalancingRules.size();
    return nat ? std::optional<uint32_t>(first + *nat) : std::nullopt;
}

uint32_t
LoadBalancerEngine::GetNRules() const
{
    return m_impl->rules.GetSize();
}

std::string
LoadBalancerEngine::GetRuleName(uint32_t rule) const
{
    NS_ABORT_MSG_UNLESS(rule < GetNRules(), "no rule of index " << rule);
    const auto& rules = m_impl->configuration.loadBalancingRules;
    return rule < rules.size() ? rules[rule].name
                               : m_impl->configuration.inboundNatRules[rule - rules.size()].name;
}

bool
LoadBalancerEngine::IsNatRule(uint32_t rule) const
{
    return rule >= m_impl->configuration.loadBalancingRules.size();
}

std::vector<IpAddress>
LoadBalancerEngine::GetEligible(uint32_t rule) const
{
    NS_ABORT_MSG_IF(IsNatRule(rule), "rule " << rule << " is no load balancing rule");
    std::vector<IpAddress> instances;
    for (const auto id : m_impl->pools.GetEligible(m_impl->rules.Get(rule).target))
    {
        instances.push_back(m_impl->addresses.GetAddress(id));
    }
    return instances;
}

std::vector<NatMapping>
LoadBalancerEngine::GetNatMappings() const
{
    return m_impl->rules.GetNatMappings();
}

const LoadBalancerStatistics&
LoadBalancerEngine::GetStatistics() const
{
    return m_impl->statistics;
}

uint32_t
LoadBalancerEngine::GetActiveFlows() const
{
    uint64_t active = m_impl->statistics.flowsCreated;
    for (const uint64_t ended : m_impl->statistics.flowsEnded)
    {
        active -= ended;
    }
    return active;
}

void
LoadBalancerEngine::Sweep(Time now)
{
    m_impl->flows.SweepAll(now.GetTimeStep());
}

void
LoadBalancerEngine::SetFlowListener(FlowListener* listener)
{
    m_impl->flows.SetListener(listener);
}

} // namespace azure
} // namespace ns3
