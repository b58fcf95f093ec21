/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-flow-director.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param packet a packet on its way in
 * @param frontend number of its destination
 * @return its key
 */
FlowKey
ForwardKey(const PacketView& packet, AddressTable::Id frontend)
{
    return {packet.source, packet.sourcePort, frontend, packet.destinationPort, packet.protocol};
}

/**
 * @param packet a packet on its way out
 * @param site number of its source
 * @return its key
 */
FlowKey
ReverseKey(const PacketView& packet, AddressTable::Id site)
{
    return {packet.destination, packet.destinationPort, site, packet.sourcePort, packet.protocol};
}

/**
 * @param packet a packet
 * @return whether it is TCP, UDP or ICMP
 */
bool
IsBalanced(const PacketView& packet)
{
    return packet.protocol == PacketView::TCP || packet.protocol == PacketView::UDP ||
           packet.protocol == PacketView::ICMP;
}

/**
 * @param reason why
 * @return a verdict to drop
 */
Verdict
DropFor(DropReason reason)
{
    Verdict verdict;
    verdict.action = VerdictAction::Drop;
    verdict.reason = reason;
    return verdict;
}

} // namespace

FlowDirector::FlowDirector(const AddressTable& addresses,
                           const RuleTable& rules,
                           const BackendPools& pools,
                           FlowTracker& flows,
                           uint64_t seed,
                           LoadBalancerStatistics& statistics)
    : m_addresses(addresses),
      m_rules(rules),
      m_pools(pools),
      m_flows(flows),
      m_distribution(seed),
      m_statistics(statistics)
{
}

DropReason
FlowDirector::Refuse(const PacketView& packet)
{
    if (packet.fragment)
    {
        return DropReason::Fragment;
    }
    return IsBalanced(packet) ? DropReason::None : DropReason::UnsupportedProtocol;
}

const Verdict&
FlowDirector::Count(const Verdict& verdict, uint64_t& translated)
{
    switch (verdict.action)
    {
    case VerdictAction::Translate:
        ++translated;
        break;
    case VerdictAction::Reset:
        ++m_statistics.resetsSent;
        [[fallthrough]];
    case VerdictAction::Drop:
        ++m_statistics.drops[static_cast<size_t>(verdict.reason)];
        break;
    case VerdictAction::NotOurs:
        break;
    }
    return verdict;
}

void
FlowDirector::FillForward(const PacketView& packet,
                          uint32_t rule,
                          AddressTable::Id instance,
                          Verdict& verdict) const
{
    const RuleEntry& entry = m_rules.Get(rule);
    verdict.action = VerdictAction::Translate;
    verdict.rule = rule;
    verdict.source = packet.source;
    verdict.sourcePort = packet.sourcePort;
    verdict.backend = m_addresses.GetAddress(instance);
    verdict.destination = entry.floatingIp ? packet.destination : verdict.backend;
    verdict.destinationPort = entry.backendPort == 0 ? packet.destinationPort : entry.backendPort;
}

Verdict
FlowDirector::Choose(const PacketView& packet,
                     const FlowKey& forward,
                     int64_t now,
                     uint32_t replaced,
                     AddressTable::Id& instance) const
{
    const bool tcp = forward.protocol == PacketView::TCP;
    // The port of ICMP is 0, which only an HA ports rule has (LB-62).
    const RuleTable::Match match = m_rules.Find(forward.site, tcp, forward.sitePort);
    if (match.rule == RuleTable::NONE)
    {
        return DropFor(DropReason::NoRule);
    }
    const RuleEntry& rule = m_rules.Get(match.rule);
    Verdict verdict = DropFor(DropReason::None);
    verdict.rule = match.rule;
    if (tcp && (packet.tcpFlags & (PacketView::SYN | PacketView::ACK | PacketView::RST)) !=
                   PacketView::SYN)
    {
        verdict.reason = DropReason::NoFlow;
        if (rule.tcpReset && !(packet.tcpFlags & PacketView::RST))
        {
            verdict.action = VerdictAction::Reset;
        }
        return verdict;
    }
    instance = match.instance;
    if (rule.target != BackendPools::NONE)
    {
        const auto& eligible = m_pools.GetEligible(rule.target);
        if (eligible.empty())
        {
            const bool members = m_pools.GetNMembers(m_pools.GetPool(rule.target)) != 0;
            verdict.reason = members ? DropReason::NoHealthyBackend : DropReason::NoBackend;
            return verdict;
        }
        const uint32_t hash = m_distribution.Hash(packet, rule.distribution);
        instance = eligible[Distribution::Pick(hash, eligible.size())];
    }
    else if (instance == AddressTable::NONE)
    {
        verdict.reason = DropReason::NoBackend;
        return verdict;
    }
    else if (!m_pools.IsRunning(instance))
    {
        verdict.reason = DropReason::InstanceStopped;
        return verdict;
    }
    verdict.backend = m_addresses.GetAddress(instance);
    if (verdict.backend == packet.source)
    {
        verdict.reason = DropReason::HairpinToSelf;
        return verdict;
    }
    if (m_flows.Collides(m_flows.GetReverseKey(forward, match.rule, instance), now, replaced))
    {
        verdict.reason = DropReason::FlowCollision;
        return verdict;
    }
    FillForward(packet, match.rule, instance, verdict);
    verdict.newFlow = true;
    return verdict;
}

Verdict
FlowDirector::Forward(const PacketView& packet, int64_t now)
{
    const auto frontend = m_addresses.Find(packet.destination, AddressTable::FRONTEND);
    if (frontend == AddressTable::NONE)
    {
        return {};
    }
    const DropReason refused = Refuse(packet);
    if (refused != DropReason::None)
    {
        return Count(DropFor(refused), m_statistics.forwarded);
    }
    const FlowKey key = ForwardKey(packet, frontend);
    const uint32_t known = m_flows.GetTable().FindForward(key);
    if (known != Flow::NONE)
    {
        const Flow& flow = m_flows.GetTable().Get(known);
        const auto judgement = m_flows.Judge(flow, packet, true, now);
        if (judgement.kind == FlowTracker::Judgement::PASS)
        {
            Verdict verdict;
            FillForward(packet, flow.rule, flow.backend, verdict);
            verdict.flow = m_flows.GetId(known);
            m_flows.Pass(known, packet, true, now);
            ++m_statistics.forwarded;
            return verdict;
        }
        Verdict verdict = DropFor(judgement.reason);
        verdict.rule = flow.rule;
        verdict.flow = m_flows.GetId(known);
        verdict.backend = m_addresses.GetAddress(flow.backend);
        m_flows.Apply(known, judgement);
        if (judgement.kind != FlowTracker::Judgement::RENEW)
        {
            if (judgement.kind == FlowTracker::Judgement::RESET)
            {
                verdict.action = VerdictAction::Reset;
            }
            return Count(verdict, m_statistics.forwarded);
        }
    }
    auto instance = AddressTable::NONE;
    Verdict verdict = Choose(packet, key, now, Flow::NONE, instance);
    if (verdict.action == VerdictAction::Translate)
    {
        const uint32_t slot =
            m_flows.Begin(packet, key, verdict.rule, instance, now, verdict.reason);
        if (slot == Flow::NONE)
        {
            verdict.action = VerdictAction::Drop;
            verdict.newFlow = false;
        }
        else
        {
            verdict.flow = m_flows.GetId(slot);
        }
    }
    return Count(verdict, m_statistics.forwarded);
}

Verdict
FlowDirector::Explain(const PacketView& packet, int64_t now) const
{
    const auto frontend = m_addresses.Find(packet.destination, AddressTable::FRONTEND);
    if (frontend == AddressTable::NONE)
    {
        return {};
    }
    const DropReason refused = Refuse(packet);
    if (refused != DropReason::None)
    {
        return DropFor(refused);
    }
    const FlowKey key = ForwardKey(packet, frontend);
    const uint32_t known = m_flows.GetTable().FindForward(key);
    if (known != Flow::NONE)
    {
        const Flow& flow = m_flows.GetTable().Get(known);
        const auto judgement = m_flows.Judge(flow, packet, true, now);
        Verdict verdict = DropFor(judgement.reason);
        verdict.rule = flow.rule;
        verdict.flow = m_flows.GetId(known);
        verdict.backend = m_addresses.GetAddress(flow.backend);
        switch (judgement.kind)
        {
        case FlowTracker::Judgement::PASS:
            FillForward(packet, flow.rule, flow.backend, verdict);
            return verdict;
        case FlowTracker::Judgement::RESET:
            verdict.action = VerdictAction::Reset;
            return verdict;
        case FlowTracker::Judgement::DROP:
            return verdict;
        case FlowTracker::Judgement::RENEW:
            break;
        }
    }
    auto instance = AddressTable::NONE;
    return Choose(packet, key, now, known, instance);
}

Verdict
FlowDirector::Return(const PacketView& packet, int64_t now)
{
    const auto site = m_addresses.Find(packet.source, AddressTable::BACKEND);
    if (site == AddressTable::NONE || !IsBalanced(packet))
    {
        return {};
    }
    if (packet.laterFragment)
    {
        return ReturnLaterFragment(packet);
    }
    const uint32_t slot = m_flows.GetTable().FindReverse(ReverseKey(packet, site));
    if (slot == Flow::NONE)
    {
        return {};
    }
    const Flow& flow = m_flows.GetTable().Get(slot);
    Verdict verdict;
    verdict.fromBackend = true;
    verdict.rule = flow.rule;
    verdict.flow = m_flows.GetId(slot);
    verdict.backend = m_addresses.GetAddress(flow.backend);
    if (packet.fragment)
    {
        verdict.action = VerdictAction::Drop;
        verdict.reason = DropReason::Fragment;
        m_cut[m_nextCut] = {packet.source,
                            packet.destination,
                            packet.identification,
                            packet.protocol};
        m_nextCut = (m_nextCut + 1) % m_cut.size();
        return Count(verdict, m_statistics.returned);
    }
    const auto judgement = m_flows.Judge(flow, packet, false, now);
    if (judgement.kind == FlowTracker::Judgement::PASS)
    {
        verdict.action = VerdictAction::Translate;
        verdict.source = m_addresses.GetAddress(flow.frontend);
        verdict.sourcePort = flow.frontendPort;
        verdict.destination = packet.destination;
        verdict.destinationPort = packet.destinationPort;
        m_flows.Pass(slot, packet, false, now);
        ++m_statistics.returned;
        return verdict;
    }
    verdict.action = judgement.kind == FlowTracker::Judgement::RESET ? VerdictAction::Reset
                                                                     : VerdictAction::Drop;
    verdict.reason = judgement.reason == DropReason::None ? DropReason::NoFlow : judgement.reason;
    m_flows.Apply(slot, judgement);
    return Count(verdict, m_statistics.returned);
}

Verdict
FlowDirector::ReturnLaterFragment(const PacketView& packet)
{
    const FragmentKey key{packet.source,
                          packet.destination,
                          packet.identification,
                          packet.protocol};
    if (std::find(m_cut.begin(), m_cut.end(), key) == m_cut.end())
    {
        return {};
    }
    Verdict verdict = DropFor(DropReason::Fragment);
    verdict.fromBackend = true;
    return Count(verdict, m_statistics.returned);
}

IcmpErrorVerdict
FlowDirector::TranslateIcmpError(const IpAddress& source,
                                 const IpAddress& destination,
                                 const PacketView& quoted,
                                 int64_t now)
{
    IcmpErrorVerdict verdict;
    const auto frontend = m_addresses.Find(destination, AddressTable::FRONTEND);
    // An error is no traffic: it is judged like a segment that neither opens nor resets.
    PacketView neutral = quoted;
    neutral.tcpFlags = PacketView::ACK;
    if (frontend != AddressTable::NONE)
    {
        // About a packet that left as the frontend's: frontend -> client.
        verdict.action = VerdictAction::Drop;
        verdict.reason = DropReason::IcmpUnmatched;
        if (quoted.source == destination && IsBalanced(quoted))
        {
            const FlowKey key{quoted.destination,
                              quoted.destinationPort,
                              frontend,
                              quoted.sourcePort,
                              quoted.protocol};
            const uint32_t slot = m_flows.GetTable().FindForward(key);
            if (slot != Flow::NONE)
            {
                const Flow& flow = m_flows.GetTable().Get(slot);
                if (m_flows.Judge(flow, neutral, false, now).kind == FlowTracker::Judgement::PASS)
                {
                    verdict.action = VerdictAction::Translate;
                    verdict.reason = DropReason::None;
                    verdict.nextHop = m_addresses.GetAddress(flow.backend);
                    verdict.source = source;
                    verdict.destination = flow.floating ? destination : verdict.nextHop;
                    verdict.quotedSource = verdict.destination;
                    verdict.quotedSourcePort = flow.backendPort;
                    verdict.quotedDestination = quoted.destination;
                    verdict.quotedDestinationPort = quoted.destinationPort;
                    return verdict;
                }
            }
        }
        ++m_statistics.drops[static_cast<size_t>(verdict.reason)];
        return verdict;
    }
    // About a packet that was translated on the way in: client -> instance.
    const auto site = m_addresses.Find(quoted.destination, AddressTable::BACKEND);
    if (site == AddressTable::NONE || !(quoted.source == destination) || !IsBalanced(quoted))
    {
        return verdict;
    }
    const FlowKey key{quoted.source,
                      quoted.sourcePort,
                      site,
                      quoted.destinationPort,
                      quoted.protocol};
    const uint32_t slot = m_flows.GetTable().FindReverse(key);
    if (slot == Flow::NONE)
    {
        return verdict;
    }
    const Flow& flow = m_flows.GetTable().Get(slot);
    if (m_flows.Judge(flow, neutral, false, now).kind != FlowTracker::Judgement::PASS)
    {
        return verdict;
    }
    const IpAddress& shown = m_addresses.GetAddress(flow.frontend);
    verdict.action = VerdictAction::Translate;
    // A router on the way keeps its own address; the instance hides behind the frontend.
    verdict.source = source == m_addresses.GetAddress(flow.backend) ? shown : source;
    verdict.destination = destination;
    verdict.nextHop = destination;
    verdict.quotedSource = quoted.source;
    verdict.quotedSourcePort = quoted.sourcePort;
    verdict.quotedDestination = shown;
    verdict.quotedDestinationPort = flow.frontendPort;
    return verdict;
}

} // namespace azure
} // namespace ns3
