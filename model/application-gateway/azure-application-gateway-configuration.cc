/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-configuration.h"

#include "azure-application-gateway-backend-validator.h"
#include "azure-application-gateway-layer4-validator.h"
#include "azure-application-gateway-routing-validator.h"
#include "azure-application-gateway-validator.h"
#include "azure-rewrite-validator.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Least number of instances of a v2 gateway (AG-7).
constexpr uint32_t MIN_INSTANCES = 2;

/// Distance of the priorities that are given to rules without.
constexpr uint32_t PRIORITY_STEP = 10;

/**
 * @param listener a listener
 * @return its place by the older texts (AG-12): 0 single hosts, 1 wildcards, 2 any host
 */
int
GetBreadth(const HttpListener& listener)
{
    const auto hosts = listener.GetHosts();
    if (hosts.empty())
    {
        return 2;
    }
    return std::any_of(hosts.begin(), hosts.end(), [](const std::string& host) {
        return host.find_first_of("*?") != std::string::npos;
    });
}

/**
 * @param subject a distinguished name, or a common name alone
 * @return the common name
 */
std::string
GetTextAfterCn(const std::string& subject)
{
    TlsCertificate certificate;
    certificate.subject = subject;
    const auto name = certificate.GetCommonName();
    return name.empty() ? subject : name;
}

} // namespace

std::vector<std::string>
HttpListener::GetHosts() const
{
    std::vector<std::string> hosts = hostNames;
    if (!hostName.empty())
    {
        hosts.insert(hosts.begin(), hostName);
    }
    return hosts;
}

TlsCertificateChain
ApplicationGatewayCertificate::GetServerChain(const std::vector<std::string>& hosts) const
{
    if (!chain.empty())
    {
        return chain;
    }
    const auto root = MakeTlsPublicRoot();
    if (!subject.empty() || hosts.empty())
    {
        return {IssueTlsCertificate(root, GetTextAfterCn(subject.empty() ? name : subject))};
    }
    auto certificate = IssueTlsCertificate(root, hosts.front());
    certificate.names = hosts;
    return {certificate};
}

TlsCertificate
ApplicationGatewayCertificate::GetAuthority() const
{
    return chain.empty() ? MakeTlsRoot(GetTextAfterCn(subject.empty() ? name : subject))
                         : chain.front();
}

Time
ApplicationGatewayFrontendIpConfiguration::GetIdleTimeout() const
{
    return isPublic ? idleTimeout.value_or(Minutes(4)) : Minutes(5);
}

bool
SslProfile::AsksForCertificates() const
{
    return verifyClientAuthMode == ClientAuthMode::Passthrough ||
           !trustedClientCertificates.empty();
}

bool
SslProfile::NeedsGoodCertificates() const
{
    return verifyClientAuthMode == ClientAuthMode::Strict && !trustedClientCertificates.empty();
}

const ApplicationGatewayBackendSettings*
ApplicationGatewayConfiguration::FindLayer4Setting(uint32_t setting) const
{
    const auto first = backendHttpSettingsCollection.size();
    return setting < first ? nullptr : &backendSettingsCollection[setting - first];
}

std::optional<uint32_t>
ApplicationGatewayConfiguration::FindLayer4Setting(const std::string& name) const
{
    const auto index = FindByName(backendSettingsCollection, name);
    return index
               ? std::optional(*index + static_cast<uint32_t>(backendHttpSettingsCollection.size()))
               : std::nullopt;
}

std::string
ApplicationGatewayConfiguration::GetSettingName(uint32_t setting) const
{
    const auto* layer4 = FindLayer4Setting(setting);
    if (!layer4)
    {
        return backendHttpSettingsCollection[setting].name;
    }
    return layer4->name +
           (FindByName(backendHttpSettingsCollection, layer4->name) ? "/layer-4" : "");
}

const std::string&
ApplicationGatewayConfiguration::GetSettingProbe(uint32_t setting) const
{
    const auto* layer4 = FindLayer4Setting(setting);
    return layer4 ? layer4->probe : backendHttpSettingsCollection[setting].probe;
}

ApplicationGatewayProtocol
ApplicationGatewayConfiguration::GetSettingProtocol(uint32_t setting) const
{
    const auto* layer4 = FindLayer4Setting(setting);
    return layer4 ? layer4->protocol : backendHttpSettingsCollection[setting].protocol;
}

uint16_t
ApplicationGatewayConfiguration::GetSettingPort(uint32_t setting) const
{
    const auto* layer4 = FindLayer4Setting(setting);
    return layer4 ? layer4->port : backendHttpSettingsCollection[setting].port;
}

Time
ApplicationGatewayConfiguration::GetDrainTimeout(uint32_t setting) const
{
    return FindLayer4Setting(setting) ? ApplicationGatewayBackendSettings::GetDrainTimeout()
                                      : backendHttpSettingsCollection[setting].GetDrainTimeout();
}

TlsTrustStore
ApplicationGatewayConfiguration::GetBackendTrust(uint32_t setting) const
{
    TlsTrustStore trust;
    const auto* layer4 = FindLayer4Setting(setting);
    for (const auto& name : layer4 ? layer4->trustedRootCertificates
                                   : backendHttpSettingsCollection[setting].trustedRootCertificates)
    {
        if (const auto root = FindByName(trustedRootCertificates, name))
        {
            trust.Add(trustedRootCertificates[*root].GetAuthority());
        }
    }
    if (trust.GetAll().empty())
    {
        trust.Add(MakeTlsPublicRoot());
    }
    return trust;
}

bool
ApplicationGatewayConfiguration::IsV1() const
{
    return sku.tier == ApplicationGatewayTier::Standard || sku.tier == ApplicationGatewayTier::Waf;
}

uint32_t
ApplicationGatewayConfiguration::GetInitialInstances() const
{
    const uint32_t asked =
        autoscaleConfiguration ? autoscaleConfiguration->minCapacity : sku.capacity.value_or(1);
    return IsV1() ? asked : std::max(asked, MIN_INSTANCES);
}

uint32_t
ApplicationGatewayConfiguration::GetMostInstances() const
{
    const auto least = GetInitialInstances();
    return autoscaleConfiguration ? std::max(least, autoscaleConfiguration->maxCapacity) : least;
}

bool
ApplicationGatewayConfiguration::CompletePriorities()
{
    const auto has = [](const RequestRoutingRule& rule) { return rule.priority.has_value(); };
    if (IsV1() || requestRoutingRules.empty() ||
        std::any_of(requestRoutingRules.begin(), requestRoutingRules.end(), has))
    {
        return false;
    }
    std::vector<std::pair<int, RequestRoutingRule*>> order;
    for (auto& rule : requestRoutingRules)
    {
        const auto listener = FindByName(httpListeners, rule.httpListener);
        order.emplace_back(listener ? GetBreadth(httpListeners[*listener]) : 2, &rule);
    }
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    uint32_t priority = 0;
    for (const auto& [breadth, rule] : order)
    {
        priority += PRIORITY_STEP;
        rule->priority = priority;
    }
    return true;
}

std::vector<ConfigurationError>
ApplicationGatewayConfiguration::Validate() const
{
    std::vector<ConfigurationError> errors;
    ApplicationGatewayValidator(*this, errors).Run();
    ApplicationGatewayBackendValidator(*this, errors).Run();
    ApplicationGatewayRoutingValidator(*this, errors).Run();
    RewriteValidator(*this, errors).Run();
    ApplicationGatewayLayer4Validator(*this, errors).Run();
    return errors;
}

} // namespace azure
} // namespace ns3
