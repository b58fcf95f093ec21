/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-retry-policy.h"

namespace ns3
{
namespace azure
{

namespace
{

/// Members that a request of v2 is tried at (AG-37).
constexpr uint32_t MAX_TRIES = 2;

} // namespace

RetryPolicy::RetryPolicy(const RetrySettings& settings, bool v1)
    : m_settings(settings),
      m_v1(v1)
{
}

bool
RetryPolicy::IsIdempotent(const std::string& method)
{
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE" ||
           method == "PUT" || method == "DELETE";
}

RetryDecision
RetryPolicy::Decide(const std::string& method,
                    uint32_t tries,
                    BackendFailure failure,
                    bool timedOutBefore) const
{
    const bool timedOut = timedOutBefore || failure == BackendFailure::Timeout;
    RetryDecision decision;
    decision.status = timedOut && !m_v1 ? 504 : 502;
    // Garbage is an answer: the member has seen the request and is done with it.
    decision.tryAnother = m_settings.enabled && !m_v1 && tries < MAX_TRIES &&
                          failure != BackendFailure::Protocol &&
                          (m_settings.nonIdempotent || IsIdempotent(method));
    return decision;
}

} // namespace azure
} // namespace ns3
