/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-probe-plan.h"

#include "azure-application-gateway-backend-validator.h"
#include "azure-backend-overrides.h"

#include "ns3/assert.h"
#include "ns3/azure-tls-host-name.h"

#include <algorithm>
#include <optional>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// Host of the default probe, and of one that has none (HP-20).
const char* const DEFAULT_HOST = "127.0.0.1";

/// Digits of a status.
constexpr size_t STATUS_DIGITS = 3;

/**
 * @param texts statuses and ranges, such as `200-399`
 * @return those that can be read; 200 to 399 where there is no text (HP-20)
 */
std::vector<ProbeStatusRange>
ReadStatuses(const std::vector<std::string>& texts)
{
    if (texts.empty())
    {
        return {{200, 399}};
    }
    std::vector<ProbeStatusRange> ranges;
    for (const auto& text : texts)
    {
        if (ApplicationGatewayBackendValidator::IsStatusRange(text))
        {
            const auto last = text.substr(text.size() - STATUS_DIGITS);
            ranges.push_back({static_cast<uint16_t>(std::stoi(text.substr(0, STATUS_DIGITS))),
                              static_cast<uint16_t>(std::stoi(last))});
        }
    }
    return ranges;
}

/**
 * @param protocol what a probe of a gateway speaks
 * @return the same for a prober; of TLS without HTTP it makes the connection alone
 */
ProbeProtocol
ToProbeProtocol(ApplicationGatewayProtocol protocol)
{
    switch (protocol)
    {
    case ApplicationGatewayProtocol::Http:
        return ProbeProtocol::Http;
    case ApplicationGatewayProtocol::Https:
        return ProbeProtocol::Https;
    default:
        return ProbeProtocol::Tcp;
    }
}

} // namespace

GatewayProbePlan::GatewayProbePlan(std::shared_ptr<const RequestRouter> router)
    : m_router(std::move(router)),
      m_backends(m_router->GetBackends())
{
    for (const auto& pool : GetConfiguration().backendAddressPools)
    {
        m_pools.push_back(pool.backendAddresses);
    }
    std::stable_sort(m_backends.begin(), m_backends.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
    });
}

ProbeSettings
GatewayProbePlan::MakeSettings(const ApplicationGatewayConfiguration& configuration,
                               uint32_t setting,
                               const ApplicationGatewayBackendAddress& member)
{
    const auto* layer4 = configuration.FindLayer4Setting(setting);
    const auto custom = FindByName(configuration.probes, configuration.GetSettingProbe(setting));
    ApplicationGatewayProbe probe; // the default one, but for its host
    probe.protocol = configuration.GetSettingProtocol(setting);
    if (custom)
    {
        probe = configuration.probes[*custom];
    }
    if (layer4 && probe.pickHostNameFromBackendSettings)
    {
        probe.host = layer4->GetServerName(member, "");
    }
    else if (!layer4 && probe.pickHostNameFromBackendHttpSettings)
    {
        probe.host =
            OverrideHost(configuration.backendHttpSettingsCollection[setting], member).value_or("");
    }
    ProbeSettings settings;
    settings.protocol = ToProbeProtocol(probe.protocol);
    settings.port = probe.port == 0 ? configuration.GetSettingPort(setting) : probe.port;
    settings.path = probe.path;
    settings.host = probe.host.empty() ? DEFAULT_HOST : probe.host;
    settings.userAgent.clear();
    settings.statuses = ReadStatuses(probe.match.statusCodes);
    settings.body = probe.match.body;
    settings.interval = probe.interval;
    settings.timeout = probe.timeout;
    settings.rhythm = configuration.IsV1() ? ProbeRhythm::UntilDown : ProbeRhythm::Even;
    settings.probeAtStart = true;
    settings.thresholds = {1, probe.unhealthyThreshold, probe.unhealthyThreshold};
    if (settings.protocol == ProbeProtocol::Https)
    {
        settings.tls.trust = configuration.GetBackendTrust(setting);
        if (layer4)
        {
            settings.tls.checks = BackendHttpSettings().GetTlsChecks();
            settings.tls.serverName = layer4->hostName;
        }
        else
        {
            const auto& backend = configuration.backendHttpSettingsCollection[setting];
            settings.tls.checks = backend.GetTlsChecks();
            settings.tls.serverName =
                !backend.sniName.empty() || custom
                    ? backend.sniName
                    : TlsServerName(OverrideHost(backend, member).value_or(member.fqdn));
        }
    }
    settings.rules = {configuration.IsV1() ? "HP-23" : "HP-25", "HP-22", "HP-21", "HP-25"};
    return settings;
}

void
GatewayProbePlan::AddMember(uint32_t pool, const ApplicationGatewayBackendAddress& address)
{
    NS_ASSERT_MSG(pool < m_pools.size(), "there is no such pool");
    auto& members = m_pools[pool];
    const auto text = address.GetText();
    if (std::none_of(members.begin(), members.end(), [&](const auto& member) {
            return member.GetText() == text;
        }))
    {
        members.push_back(address);
    }
}

void
GatewayProbePlan::RemoveMember(uint32_t pool, const std::string& member)
{
    NS_ASSERT_MSG(pool < m_pools.size(), "there is no such pool");
    auto& members = m_pools[pool];
    members.erase(std::remove_if(members.begin(),
                                 members.end(),
                                 [&](const auto& each) { return each.GetText() == member; }),
                  members.end());
}

std::vector<GatewayProbeTarget>
GatewayProbePlan::GetTargets() const
{
    std::vector<GatewayProbeTarget> targets;
    std::set<std::pair<uint32_t, std::string>> seen;
    for (const auto& [pool, setting] : m_backends)
    {
        for (const auto& member : m_pools[pool])
        {
            if (seen.insert({setting, member.GetText()}).second)
            {
                targets.push_back(
                    {setting, member, MakeSettings(GetConfiguration(), setting, member)});
            }
        }
    }
    return targets;
}

const ApplicationGatewayConfiguration&
GatewayProbePlan::GetConfiguration() const
{
    return m_router->GetConfiguration();
}

} // namespace azure
} // namespace ns3
