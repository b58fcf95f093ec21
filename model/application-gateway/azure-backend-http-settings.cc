/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-backend-http-settings.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Longest wait for a member that is reached over the internet (AG-26).
constexpr int EXTERNAL_TIMEOUT = 240;

/// Time for draining where the setting does not turn it on (AG-47).
constexpr int DEFAULT_DRAIN_TIMEOUT = 30;

} // namespace

std::string
ApplicationGatewayBackendAddress::GetText() const
{
    if (fqdn.empty())
    {
        return ToText(ipAddress);
    }
    std::string text = fqdn;
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

TlsChecks
BackendHttpSettings::GetTlsChecks() const
{
    return {validateCertChainAndExpiry, validateCertChainAndExpiry, false, validateSni};
}

Time
BackendHttpSettings::GetDrainTimeout() const
{
    return connectionDraining.enabled ? connectionDraining.drainTimeout
                                      : Seconds(DEFAULT_DRAIN_TIMEOUT);
}

Time
BackendHttpSettings::GetRequestTimeout(const ApplicationGatewayBackendAddress& member) const
{
    return member.external ? std::min(requestTimeout, Time(Seconds(EXTERNAL_TIMEOUT)))
                           : requestTimeout;
}

std::string
BackendHttpSettings::GetAffinityCookieName() const
{
    return affinityCookieName.empty() ? "ApplicationGatewayAffinity" : affinityCookieName;
}

} // namespace azure
} // namespace ns3
