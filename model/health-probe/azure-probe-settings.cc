/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-settings.h"

#include "ns3/azure-tls-host-name.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace azure
{

namespace
{

/// Longest wait for the answer of an HTTP probe of Load Balancer (HP-6).
constexpr int64_t MAX_HTTP_TIMEOUT_SECONDS = 30;

/// Shortest interval of Load Balancer (HP-5).
constexpr int64_t MIN_INTERVAL_SECONDS = 5;

/// Ports that an HTTP probe of Load Balancer refuses (HP-2).
constexpr std::array<uint16_t, 9> REFUSED_HTTP_PORTS{19, 21, 25, 70, 110, 119, 143, 220, 993};

} // namespace

ProbeSettings
ProbeSettings::ForLoadBalancer(ProbeProtocol protocol,
                               uint16_t port,
                               const std::string& path,
                               Time interval,
                               uint32_t threshold)
{
    ProbeSettings settings;
    settings.protocol = protocol;
    settings.port = port;
    settings.interval = interval;
    if (protocol == ProbeProtocol::Tcp)
    {
        settings.timeout = interval;
        settings.thresholds = {threshold, threshold, threshold};
        return settings;
    }
    settings.path = path;
    settings.tls.checks.hash = true;
    settings.timeout = std::min(interval, Seconds(MAX_HTTP_TIMEOUT_SECONDS));
    settings.rhythm = interval < Seconds(MAX_HTTP_TIMEOUT_SECONDS) ? ProbeRhythm::AfterTimeout
                                                                   : ProbeRhythm::Even;
    // Whatever is not silence flips at once; the threshold counts silence alone.
    settings.thresholds = {1, 1, threshold};
    return settings;
}

std::vector<ConfigurationError>
ProbeSettings::ValidateForLoadBalancer() const
{
    std::vector<ConfigurationError> errors;
    if (port == 0)
    {
        errors.push_back({"port", "a probe needs a port from 1 to 65535"});
    }
    if (interval < Seconds(MIN_INTERVAL_SECONDS))
    {
        errors.push_back({"intervalInSeconds", "a probe's interval is at least 5 seconds"});
    }
    if (thresholds.timeouts == 0)
    {
        errors.push_back({"probeThreshold", "a probe's threshold is at least 1"});
    }
    if (protocol == ProbeProtocol::Tcp)
    {
        return errors;
    }
    if (protocol == ProbeProtocol::Http &&
        std::find(REFUSED_HTTP_PORTS.begin(), REFUSED_HTTP_PORTS.end(), port) !=
            REFUSED_HTTP_PORTS.end())
    {
        errors.push_back({"port",
                          "an HTTP probe cannot use port " + std::to_string(port) +
                              ", choose a port that no other protocol claims"});
    }
    if (path.empty() || path.front() != '/' ||
        std::any_of(path.begin(), path.end(), [](unsigned char c) { return c <= ' ' || c > '~'; }))
    {
        errors.push_back({"requestPath",
                          "an HTTP probe needs a path that begins with '/' and holds neither "
                          "spaces nor control characters"});
    }
    return errors;
}

std::string
ProbeSettings::GetServerName() const
{
    return tls.serverName.empty() ? TlsServerName(host) : tls.serverName;
}

bool
ProbeSettings::Passes(uint16_t status) const
{
    return std::any_of(statuses.begin(), statuses.end(), [status](const ProbeStatusRange& range) {
        return range.first <= status && status <= range.last;
    });
}

bool
ProbeSettings::Equals(const ProbeSettings& other) const
{
    return protocol == other.protocol && port == other.port && path == other.path &&
           host == other.host && userAgent == other.userAgent && headers == other.headers &&
           statuses == other.statuses && body == other.body && interval == other.interval &&
           timeout == other.timeout && rhythm == other.rhythm &&
           probeAtStart == other.probeAtStart && rules.detection == other.rules.detection &&
           rules.recovery == other.rules.recovery && rules.timeout == other.rules.timeout &&
           rules.unseen == other.rules.unseen &&
           thresholds.successes == other.thresholds.successes &&
           thresholds.failures == other.thresholds.failures &&
           thresholds.timeouts == other.thresholds.timeouts && tls == other.tls;
}

} // namespace azure
} // namespace ns3
