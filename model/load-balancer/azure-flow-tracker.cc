/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-flow-tracker.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace azure
{

namespace
{

/// Slots that the sweep looks at for each new flow: it goes round faster than the table grows.
constexpr uint32_t SWEEP_STEP = 4;

/// So many tombstones are kept however few other flows there are.
constexpr uint32_t MIN_TOMBSTONES = 1000;

/**
 * @param packet a TCP segment
 * @return whether it asks for a new connection
 */
bool
IsOpening(const PacketView& packet)
{
    return (packet.tcpFlags & (PacketView::SYN | PacketView::ACK | PacketView::RST)) ==
           PacketView::SYN;
}

} // namespace

FlowTracker::FlowTracker(const AddressTable& addresses,
                         const RuleTable& rules,
                         const BackendPools& pools,
                         const LoadBalancerEngineSettings& settings,
                         LoadBalancerStatistics& statistics)
    : m_addresses(addresses),
      m_rules(rules),
      m_pools(pools),
      m_statistics(statistics),
      m_udpLifetime(settings.udpFlowLifetime.GetTimeStep()),
      m_closedLifetime(settings.closedFlowLifetime.GetTimeStep()),
      m_maxFlows(settings.maxFlows),
      m_deadlines(m_table.GetSlab())
{
}

int64_t
FlowTracker::GetLifetime(const Flow& flow) const
{
    if (flow.state.IsConnectionless())
    {
        return m_udpLifetime;
    }
    if (flow.state.IsOver())
    {
        return m_closedLifetime;
    }
    const int64_t idle = m_rules.Get(flow.rule).idleTimeout;
    return flow.state.IsTombstone() ? 2 * idle : idle;
}

FlowTracker::Condition
FlowTracker::Examine(const Flow& flow, int64_t now) const
{
    const bool late = now - flow.lastActivity >= GetLifetime(flow);
    if (!flow.state.IsOpen())
    {
        if (late)
        {
            return Condition::GONE;
        }
        return flow.state.IsTombstone() ? Condition::LATE : Condition::ALIVE;
    }
    if (flow.epoch != m_pools.GetEpoch(m_rules.Get(flow.rule).target, flow.backend))
    {
        return Condition::CUT;
    }
    return late ? Condition::TIMED_OUT : Condition::ALIVE;
}

bool
FlowTracker::IsStopped(const Flow& flow) const
{
    return m_pools.WasStoppedLast(m_rules.Get(flow.rule).target, flow.backend);
}

bool
FlowTracker::IsEligible(const Flow& flow) const
{
    const uint32_t target = m_rules.Get(flow.rule).target;
    return target == BackendPools::NONE ? FindNat(flow).instance == flow.backend
                                        : m_pools.IsEligible(target, flow.backend);
}

bool
FlowTracker::HasEligible(const Flow& flow) const
{
    const uint32_t target = m_rules.Get(flow.rule).target;
    return target == BackendPools::NONE ? FindNat(flow).instance != AddressTable::NONE
                                        : !m_pools.GetEligible(target).empty();
}

RuleTable::Match
FlowTracker::FindNat(const Flow& flow) const
{
    return m_rules.Find(flow.frontend,
                        flow.state.GetProtocol() == PacketView::TCP,
                        flow.frontendPort);
}

FlowTracker::Judgement
FlowTracker::Judge(const Flow& flow, const PacketView& packet, bool fromClient, int64_t now) const
{
    const bool udp = flow.state.IsConnectionless();
    const bool fresh = fromClient && (udp || IsOpening(packet));
    const RuleEntry& rule = m_rules.Get(flow.rule);
    Judgement judgement;
    judgement.endTime = now;
    switch (Examine(flow, now))
    {
    case Condition::ALIVE:
        if (!fresh)
        {
            return judgement;
        }
        if (flow.state.IsOver())
        {
            judgement.kind = Judgement::RENEW;
        }
        else if (!IsEligible(flow))
        {
            // A SYN, or any datagram, is not bound to an instance that is down (LB-30), or whose
            // port of a NAT rule has gone back (LB-47).
            const bool others = HasEligible(flow);
            if (udp || flow.state.phase == FlowPhase::Opening)
            {
                judgement.kind = Judgement::RENEW;
                judgement.end = others ? FlowEndReason::Moved : FlowEndReason::NoHealthyBackend;
            }
            else if (others)
            {
                judgement.kind = Judgement::RENEW;
                judgement.end = FlowEndReason::Replaced;
            }
            else
            {
                judgement.kind = Judgement::DROP;
                judgement.reason = rule.target == BackendPools::NONE ? DropReason::NoRule
                                                                     : DropReason::NoHealthyBackend;
            }
        }
        return judgement;
    case Condition::GONE:
        judgement.kind = Judgement::RENEW;
        return judgement;
    case Condition::TIMED_OUT:
        judgement.end = FlowEndReason::IdleTimeout;
        judgement.endTime = flow.lastActivity + GetLifetime(flow);
        judgement.reason = DropReason::IdleTimeout;
        break;
    case Condition::CUT:
        judgement.end =
            IsStopped(flow) ? FlowEndReason::InstanceStopped : FlowEndReason::InstanceDown;
        judgement.reason = IsStopped(flow) ? DropReason::InstanceStopped : DropReason::InstanceDown;
        break;
    case Condition::LATE:
        judgement.reason = DropReason::IdleTimeout;
        if (flow.state.phase == FlowPhase::Cut)
        {
            judgement.reason =
                IsStopped(flow) ? DropReason::InstanceStopped : DropReason::InstanceDown;
        }
        break;
    }
    // The flow is over, and this packet comes late.
    if (fresh || (udp && judgement.reason == DropReason::IdleTimeout))
    {
        judgement.kind = Judgement::RENEW;
        return judgement;
    }
    judgement.bury = !udp && judgement.end != FlowEndReason::Count;
    if (judgement.bury && now - flow.lastActivity >= 2 * rule.idleTimeout)
    {
        // Later than a tombstone would have lasted.
        judgement.kind = Judgement::RENEW;
        judgement.bury = false;
        return judgement;
    }
    const bool reset = judgement.reason == DropReason::IdleTimeout && rule.tcpReset &&
                       !(packet.tcpFlags & PacketView::RST);
    judgement.kind = reset ? Judgement::RESET : Judgement::DROP;
    return judgement;
}

void
FlowTracker::Apply(uint32_t slot, const Judgement& judgement)
{
    if (judgement.end != FlowEndReason::Count)
    {
        Tell(slot, judgement.end, judgement.endTime);
    }
    if (judgement.kind == Judgement::RENEW)
    {
        Erase(slot);
    }
    else if (judgement.bury)
    {
        Bury(slot,
             judgement.end == FlowEndReason::IdleTimeout ? FlowPhase::Expired : FlowPhase::Cut);
    }
    else if (judgement.end != FlowEndReason::Count)
    {
        Erase(slot);
    }
}

void
FlowTracker::Pass(uint32_t slot, const PacketView& packet, bool fromClient, int64_t now)
{
    Flow& flow = m_table.Get(slot);
    flow.lastActivity = now;
    const FlowPhase before = flow.state.phase;
    if (flow.state.IsConnectionless())
    {
        return;
    }
    if (fromClient)
    {
        flow.state.FromClient(packet);
    }
    else
    {
        flow.state.FromBackend(packet);
    }
    const FlowPhase after = flow.state.phase;
    if (after == before)
    {
        return;
    }
    const RuleEntry& rule = m_rules.Get(flow.rule);
    if (after == FlowPhase::Established && rule.tcpReset)
    {
        m_deadlines.Push(slot, now + rule.idleTimeout);
    }
    else if (before == FlowPhase::Established && m_deadlines.Contains(slot))
    {
        m_deadlines.Remove(slot);
    }
    if (flow.state.IsOver() && before < FlowPhase::Closed)
    {
        Tell(slot, after == FlowPhase::Closed ? FlowEndReason::Closed : FlowEndReason::Reset, now);
    }
}

FlowKey
FlowTracker::GetReverseKey(const FlowKey& forward, uint32_t rule, AddressTable::Id instance) const
{
    const RuleEntry& entry = m_rules.Get(rule);
    FlowKey reverse = forward;
    reverse.site = entry.floatingIp ? forward.site : instance;
    reverse.sitePort = entry.backendPort == 0 ? forward.sitePort : entry.backendPort;
    return reverse;
}

bool
FlowTracker::Collides(const FlowKey& reverse, int64_t now, uint32_t except) const
{
    const uint32_t slot = m_table.FindReverse(reverse);
    if (slot == Flow::NONE || slot == except)
    {
        return false;
    }
    const Flow& flow = m_table.Get(slot);
    return flow.state.IsOpen() && Examine(flow, now) == Condition::ALIVE;
}

uint32_t
FlowTracker::Begin(const PacketView& packet,
                   const FlowKey& forward,
                   uint32_t rule,
                   AddressTable::Id instance,
                   int64_t now,
                   DropReason& reason)
{
    const FlowKey reverse = GetReverseKey(forward, rule, instance);
    if (Collides(reverse, now, Flow::NONE))
    {
        reason = DropReason::FlowCollision;
        return Flow::NONE;
    }
    for (uint32_t step = 0; step < SWEEP_STEP && step < m_table.GetSlab().GetCapacity(); ++step)
    {
        m_cursor = m_cursor + 1 < m_table.GetSlab().GetCapacity() ? m_cursor + 1 : 0;
        Sweep(m_cursor, now);
    }
    if (m_maxFlows != 0 && m_table.GetSize() >= m_maxFlows)
    {
        reason = DropReason::FlowTableFull;
        return Flow::NONE;
    }
    const uint32_t dead = m_table.FindReverse(reverse);
    if (dead != Flow::NONE)
    {
        const Flow& flow = m_table.Get(dead);
        if (flow.state.IsOpen())
        {
            const bool cut = Examine(flow, now) == Condition::CUT;
            Tell(dead,
                 !cut              ? FlowEndReason::IdleTimeout
                 : IsStopped(flow) ? FlowEndReason::InstanceStopped
                                   : FlowEndReason::InstanceDown,
                 cut ? now : flow.lastActivity + GetLifetime(flow));
        }
        Erase(dead);
    }
    const uint32_t slot = m_table.Insert(forward, reverse, instance);
    Flow& flow = m_table.Get(slot);
    flow.lastActivity = now;
    flow.rule = rule;
    flow.epoch = m_pools.GetEpoch(m_rules.Get(rule).target, instance);
    flow.state = FlowState::Begin(packet);
    ++m_statistics.flowsCreated;
    if (m_listener)
    {
        m_listener->FlowCreated(Describe(slot), TimeStep(now));
    }
    return slot;
}

int64_t
FlowTracker::GetNextDeadline() const
{
    const uint32_t slot = m_deadlines.GetFirst();
    return slot == Flow::NONE ? std::numeric_limits<int64_t>::max() : m_table.Get(slot).deadline;
}

std::vector<ResetSegment>
FlowTracker::TakeDueResets(int64_t now)
{
    std::vector<ResetSegment> segments;
    while (GetNextDeadline() <= now)
    {
        const uint32_t slot = m_deadlines.GetFirst();
        const Flow& flow = m_table.Get(slot);
        const int64_t key = flow.deadline;
        m_deadlines.Remove(slot);
        const Condition condition = Examine(flow, now);
        const int64_t due = flow.lastActivity + GetLifetime(flow);
        if (condition != Condition::CUT && due > key)
        {
            // There were packets since: its turn comes later, even when that is over as well.
            m_deadlines.Push(slot, due);
            continue;
        }
        if (condition == Condition::CUT)
        {
            Sweep(slot, now);
            continue;
        }
        if (condition == Condition::TIMED_OUT)
        {
            Tell(slot, FlowEndReason::IdleTimeout, flow.lastActivity + GetLifetime(flow));
            Bury(slot, FlowPhase::Expired);
        }
        const FlowRecord record = Describe(slot);
        ResetSegment client;
        client.source = record.frontend;
        client.sourcePort = record.frontendPort;
        client.destination = record.client;
        client.destinationPort = record.clientPort;
        client.nextHop = record.client;
        client.sequence = flow.state.clientExpects;
        client.acknowledgment = flow.state.backendExpects;
        client.towardClient = true;
        client.withAck = false; // the sequence number is exact; RST alone is what every stack takes
        ResetSegment backend;
        backend.source = record.client;
        backend.sourcePort = record.clientPort;
        backend.destination = flow.floating ? record.frontend : record.backend;
        backend.destinationPort = record.backendPort;
        backend.nextHop = record.backend;
        backend.withAck = false;
        backend.sequence = flow.state.backendExpects;
        backend.acknowledgment = flow.state.clientExpects;
        segments.push_back(client);
        segments.push_back(backend);
    }
    return segments;
}

void
FlowTracker::SweepAll(int64_t now)
{
    for (uint32_t slot = 0; slot < m_table.GetSlab().GetCapacity(); ++slot)
    {
        Sweep(slot, now);
    }
}

uint64_t
FlowTracker::GetId(uint32_t slot) const
{
    return static_cast<uint64_t>(m_table.Get(slot).generation) << 32 | slot;
}

void
FlowTracker::SetListener(FlowListener* listener)
{
    m_listener = listener;
}

void
FlowTracker::Sweep(uint32_t slot, int64_t now)
{
    if (!m_table.GetSlab().IsUsed(slot))
    {
        return;
    }
    const Flow& flow = m_table.Get(slot);
    const bool udp = flow.state.IsConnectionless();
    const Condition condition = Examine(flow, now);
    if (condition == Condition::CUT)
    {
        Tell(slot,
             IsStopped(flow) ? FlowEndReason::InstanceStopped : FlowEndReason::InstanceDown,
             now);
        Bury(slot, FlowPhase::Cut);
    }
    else if (m_deadlines.Contains(slot))
    {
        // TakeDueResets() comes for it.
        return;
    }
    else if (condition == Condition::TIMED_OUT)
    {
        Tell(slot, FlowEndReason::IdleTimeout, flow.lastActivity + GetLifetime(flow));
        Bury(slot, FlowPhase::Expired);
    }
    const uint32_t others = m_table.GetSize() - m_tombstones;
    const bool crowded = m_tombstones > std::max(MIN_TOMBSTONES, others);
    if ((udp && condition != Condition::ALIVE) || condition == Condition::GONE ||
        (condition == Condition::LATE && crowded))
    {
        Erase(slot);
    }
}

void
FlowTracker::Tell(uint32_t slot, FlowEndReason reason, int64_t when)
{
    ++m_statistics.flowsEnded[static_cast<size_t>(reason)];
    if (m_listener)
    {
        m_listener->FlowEnded(Describe(slot), reason, TimeStep(when));
    }
}

void
FlowTracker::Bury(uint32_t slot, FlowPhase phase)
{
    Flow& flow = m_table.Get(slot);
    if (flow.state.IsConnectionless())
    {
        // Not kept: the next datagram begins a new flow anyway.
        return;
    }
    if (phase == FlowPhase::Cut && m_deadlines.Contains(slot))
    {
        // No reset is owed because of a probe or a stop (HP-14).
        m_deadlines.Remove(slot);
    }
    flow.state.phase = phase;
    ++m_tombstones;
}

void
FlowTracker::Erase(uint32_t slot)
{
    if (m_deadlines.Contains(slot))
    {
        m_deadlines.Remove(slot);
    }
    if (m_table.Get(slot).state.IsTombstone())
    {
        --m_tombstones;
    }
    m_table.Erase(slot);
}

FlowRecord
FlowTracker::Describe(uint32_t slot) const
{
    const Flow& flow = m_table.Get(slot);
    FlowRecord record;
    record.id = GetId(slot);
    record.rule = flow.rule;
    record.protocol = flow.state.GetProtocol();
    record.clientPort = flow.clientPort;
    record.frontendPort = flow.frontendPort;
    record.backendPort = flow.backendPort;
    record.client = flow.client;
    record.frontend = m_addresses.GetAddress(flow.frontend);
    record.backend = m_addresses.GetAddress(flow.backend);
    return record;
}

} // namespace azure
} // namespace ns3
