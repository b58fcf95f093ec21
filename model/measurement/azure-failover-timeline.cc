/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-failover-timeline.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

FailoverTimeline::FailoverTimeline(InjectedFault fault)
    : m_fault(std::move(fault))
{
}

const InjectedFault&
FailoverTimeline::GetFault() const
{
    return m_fault;
}

std::string
FailoverTimeline::GetName(FailoverStep step)
{
    switch (step)
    {
    case FailoverStep::FirstFailedProbe:
        return "first failed probe";
    case FailoverStep::VerdictDown:
        return "verdict down";
    case FailoverStep::LastNewFlowToTarget:
        return "last new flow to the target";
    case FailoverStep::FirstClientRecovered:
        return "first client recovered";
    case FailoverStep::LastClientRecovered:
        return "last client recovered";
    case FailoverStep::LastFailedRequest:
        return "last failed request";
    case FailoverStep::VerdictUp:
        return "verdict up";
    case FailoverStep::FirstNewFlowToTarget:
        return "first new flow after recovery";
    }
    return "";
}

std::optional<Time>&
FailoverTimeline::At(FailoverStep step)
{
    return m_times[static_cast<std::size_t>(step)];
}

const std::optional<Time>&
FailoverTimeline::At(FailoverStep step) const
{
    return m_times[static_cast<std::size_t>(step)];
}

void
FailoverTimeline::SetFirst(FailoverStep step, Time now)
{
    if (!At(step))
    {
        At(step) = now;
    }
}

void
FailoverTimeline::Expect(FailoverStep step, ExpectedInterval interval)
{
    m_expectation[static_cast<std::size_t>(step)] = std::move(interval);
}

bool
FailoverTimeline::InOutage(Time start) const
{
    if (At(FailoverStep::VerdictUp))
    {
        return start < *At(FailoverStep::VerdictUp);
    }
    return At(FailoverStep::VerdictDown) || !m_fault.end || start < *m_fault.end;
}

void
FailoverTimeline::AddProbe(Time now, bool succeeded)
{
    if (!succeeded && now >= m_fault.start && InOutage(now))
    {
        SetFirst(FailoverStep::FirstFailedProbe, now);
    }
}

void
FailoverTimeline::AddVerdict(Time now, bool up)
{
    if (now < m_fault.start)
    {
        return;
    }
    if (!up)
    {
        if (InOutage(now))
        {
            SetFirst(FailoverStep::VerdictDown, now);
        }
    }
    else if (At(FailoverStep::VerdictDown) && m_fault.end && now >= *m_fault.end)
    {
        SetFirst(FailoverStep::VerdictUp, now);
    }
}

void
FailoverTimeline::AddFlow(Time now)
{
    if (now < m_fault.start)
    {
        return;
    }
    if (InOutage(now))
    {
        At(FailoverStep::LastNewFlowToTarget) = now;
    }
    else
    {
        SetFirst(FailoverStep::FirstNewFlowToTarget, now);
    }
}

void
FailoverTimeline::AddRequest(const RequestOutcome& outcome)
{
    if (outcome.end < m_fault.start)
    {
        return;
    }
    auto client = m_clients.find(outcome.client);
    if (outcome.succeeded)
    {
        if (outcome.retries > 0 && InOutage(outcome.start))
        {
            m_requestsRetried++;
        }
        if (client != m_clients.end() && !client->second.firstSuccess)
        {
            client->second.firstSuccess = outcome.end;
            SetFirst(FailoverStep::FirstClientRecovered, outcome.end);
            At(FailoverStep::LastClientRecovered) = outcome.end;
        }
        return;
    }
    if (!InOutage(outcome.start))
    {
        return;
    }
    m_requestsFailed++;
    m_connectionsBroken += outcome.connected && !outcome.answered;
    At(FailoverStep::LastFailedRequest) = outcome.end;
    if (client == m_clients.end())
    {
        client = m_clients.emplace(outcome.client, ClientOutage()).first;
        client->second.client = outcome.client;
        client->second.firstFailure = outcome.end;
    }
    client->second.lastFailure = outcome.end;
    client->second.failed++;
}

std::vector<FailoverMilestone>
FailoverTimeline::GetMilestones() const
{
    std::vector<FailoverMilestone> milestones;
    for (std::size_t i = 0; i < N_STEPS; i++)
    {
        FailoverMilestone m;
        m.step = static_cast<FailoverStep>(i);
        m.name = GetName(m.step);
        m.time = m_times[i];
        m.expected = m_expectation[i];
        const bool recovery =
            m.step == FailoverStep::VerdictUp || m.step == FailoverStep::FirstNewFlowToTarget;
        if (m.time && (!recovery || m_fault.end))
        {
            m.after = *m.time - (recovery ? *m_fault.end : m_fault.start);
            if (m.expected)
            {
                m.inside = *m.after >= m.expected->low && *m.after <= m.expected->high;
            }
        }
        milestones.push_back(m);
    }
    return milestones;
}

std::vector<ClientOutage>
FailoverTimeline::GetClients() const
{
    std::vector<ClientOutage> clients;
    for (const auto& [name, outage] : m_clients)
    {
        clients.push_back(outage);
    }
    return clients;
}

uint64_t
FailoverTimeline::GetRequestsFailed() const
{
    return m_requestsFailed;
}

uint64_t
FailoverTimeline::GetRequestsRetried() const
{
    return m_requestsRetried;
}

uint64_t
FailoverTimeline::GetConnectionsBroken() const
{
    return m_connectionsBroken;
}

} // namespace azure
} // namespace ns3
