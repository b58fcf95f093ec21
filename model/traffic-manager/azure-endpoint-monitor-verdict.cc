/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-endpoint-monitor-verdict.h"

#include "ns3/assert.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param header a header
 * @return whether it is Host
 */
bool
IsHost(const TrafficManagerHeader& header)
{
    std::string name = header.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return name == "host";
}

/**
 * @param configuration a profile
 * @param endpoint one of its endpoints
 * @return the headers that count
 */
const std::vector<TrafficManagerHeader>&
HeadersOf(const TrafficManagerConfiguration& configuration, const TrafficManagerEndpoint& endpoint)
{
    return endpoint.customHeaders.empty() ? configuration.monitorConfig.customHeaders
                                          : endpoint.customHeaders;
}

} // namespace

EndpointMonitorVerdict::EndpointMonitorVerdict(uint32_t places, uint32_t toleratedNumberOfFailures)
    : m_tolerated(toleratedNumberOfFailures),
      m_places(std::max<uint32_t>(1, places))
{
}

bool
EndpointMonitorVerdict::Update(uint32_t place, ProbeOutcome outcome)
{
    NS_ASSERT_MSG(place < m_places.size(), "there is no such place");
    const auto before = GetHealth();
    auto& state = m_places[place];
    if (outcome == ProbeOutcome::Success)
    {
        state = {EndpointHealth::Healthy, 0};
    }
    else if (state.failures < m_tolerated)
    {
        state.failures++;
    }
    else
    {
        state.health = EndpointHealth::Unhealthy;
    }
    return GetHealth() != before;
}

void
EndpointMonitorVerdict::Reset()
{
    m_places.assign(m_places.size(), Place());
}

EndpointHealth
EndpointMonitorVerdict::GetHealth() const
{
    const auto count = [&](EndpointHealth health) {
        return std::count_if(m_places.begin(), m_places.end(), [&](const Place& place) {
            return place.health == health;
        });
    };
    if (count(EndpointHealth::Unhealthy) * 2 > static_cast<std::ptrdiff_t>(m_places.size()))
    {
        return EndpointHealth::Unhealthy;
    }
    return count(EndpointHealth::Healthy) > 0 ? EndpointHealth::Healthy : EndpointHealth::Unknown;
}

double
EndpointMonitorVerdict::GetShareUp() const
{
    double up = 0;
    double decided = 0;
    for (const auto& place : m_places)
    {
        up += place.health == EndpointHealth::Healthy;
        decided += place.health != EndpointHealth::Unknown;
    }
    return decided == 0 ? 0 : up / decided;
}

ProbeSettings
EndpointMonitorVerdict::MakeSettings(const TrafficManagerConfiguration& configuration,
                                     const TrafficManagerEndpoint& endpoint)
{
    const auto& monitor = configuration.monitorConfig;
    ProbeSettings settings;
    settings.protocol = monitor.protocol;
    settings.port = monitor.port;
    settings.path = monitor.path;
    settings.host = endpoint.target;
    for (const auto& header : HeadersOf(configuration, endpoint))
    {
        settings.host = IsHost(header) ? header.value : settings.host;
    }
    settings.userAgent.clear();
    settings.headers = MakeHeaders(configuration, endpoint);
    if (!monitor.expectedStatusCodeRanges.empty())
    {
        settings.statuses = monitor.expectedStatusCodeRanges;
    }
    settings.interval = monitor.interval;
    settings.timeout = monitor.GetTimeout();
    const auto failures = monitor.toleratedNumberOfFailures + 1;
    settings.thresholds = {1, failures, failures};
    settings.rules = {"HP-45", "HP-47", "HP-41", "HP-43"};
    return settings;
}

std::vector<TrafficManagerHeader>
EndpointMonitorVerdict::MakeHeaders(const TrafficManagerConfiguration& configuration,
                                    const TrafficManagerEndpoint& endpoint)
{
    auto headers = HeadersOf(configuration, endpoint);
    std::erase_if(headers, IsHost);
    return headers;
}

} // namespace azure
} // namespace ns3
