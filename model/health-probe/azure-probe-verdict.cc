/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-verdict.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

const char*
ToString(ProbeOutcome outcome)
{
    switch (outcome)
    {
    case ProbeOutcome::Success:
        return "success";
    case ProbeOutcome::BadStatus:
        return "bad-status";
    case ProbeOutcome::Refused:
        return "refused";
    case ProbeOutcome::TlsFailed:
        return "tls-failed";
    case ProbeOutcome::CertificateRejected:
        return "certificate-rejected";
    case ProbeOutcome::Timeout:
        break;
    }
    return "timeout";
}

ProbeVerdict::ProbeVerdict(const ProbeThresholds& thresholds, const FlapPolicy& flapping)
    : m_thresholds(thresholds),
      m_flapping(flapping)
{
}

bool
ProbeVerdict::Update(ProbeOutcome outcome, Time now)
{
    const bool success = outcome == ProbeOutcome::Success;
    if (m_count == 0 || success != m_lastWasSuccess)
    {
        m_lastWasSuccess = success;
        m_count = 0;
    }
    m_count++;

    if (success)
    {
        const bool enough = !m_decided || m_count >= m_thresholds.successes;
        if (m_up || !enough || IsHeldDown(now))
        {
            return false;
        }
        m_up = true;
        m_decided = true;
        m_count = 0;
        return true;
    }

    const auto threshold =
        outcome == ProbeOutcome::Timeout ? m_thresholds.timeouts : m_thresholds.failures;
    if (!m_up || m_count < threshold)
    {
        return false;
    }
    m_up = false;
    m_count = 0;
    m_marksOfDown.push_back(now);
    return true;
}

bool
ProbeVerdict::IsHeldDown(Time now)
{
    while (!m_marksOfDown.empty() && m_marksOfDown.front() + m_flapping.window < now)
    {
        m_marksOfDown.pop_front();
    }
    if (m_marksOfDown.size() < 2)
    {
        return false;
    }
    const auto further = static_cast<int64_t>(m_marksOfDown.size() - 1);
    return now < m_marksOfDown.back() + m_flapping.penalty * further;
}

bool
ProbeVerdict::Reset()
{
    const bool wasUp = m_up;
    m_up = false;
    m_decided = false;
    m_count = 0;
    m_marksOfDown.clear();
    return wasUp;
}

bool
ProbeVerdict::IsUp() const
{
    return m_up;
}

bool
ProbeVerdict::IsDecided() const
{
    return m_decided;
}

uint32_t
ProbeVerdict::GetCount() const
{
    return m_count;
}

} // namespace azure
} // namespace ns3
