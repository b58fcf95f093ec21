/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-validator.h"

#include <map>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// Most instances of a v2 gateway (AG-50).
constexpr uint32_t MAX_INSTANCES = 125;

/// Most instances of a v1 gateway (AG-5).
constexpr uint32_t MAX_INSTANCES_V1 = 32;

/// Highest frontend port; the rest is for the platform (AG-9).
constexpr uint16_t MAX_PORT = 65199;

/// Highest frontend port of a v1 gateway (AG-9).
constexpr uint16_t MAX_PORT_V1 = 65502;

/// Most frontends (AG-6).
constexpr size_t MAX_FRONTENDS = 4;

/// Most CAs of clients in a profile (AG-45).
constexpr size_t MAX_CLIENT_CAS = 100;

/// Most CAs of clients of a gateway (AG-45).
constexpr size_t MAX_ALL_CLIENT_CAS = 200;

} // namespace

void
ApplicationGatewayValidator::Run()
{
    CheckCapacity();
    CheckFrontends();
    CheckPorts();
    CheckCertificates();
    CheckGlobal();
    CheckLimits();
}

void
ApplicationGatewayValidator::CheckCapacity()
{
    const bool v1 = m_configuration.IsV1();
    const uint32_t most = v1 ? MAX_INSTANCES_V1 : MAX_INSTANCES;
    const auto& capacity = m_configuration.sku.capacity;
    if (capacity && (*capacity < 1 || *capacity > most))
    {
        Add("sku.capacity", "the number of instances must be 1 to " + std::to_string(most));
    }
    const auto& autoscale = m_configuration.autoscaleConfiguration;
    if (!autoscale)
    {
        if (!capacity)
        {
            Add("sku.capacity", "a number of instances is needed, or an autoscaleConfiguration");
        }
        return;
    }
    if (v1)
    {
        Add("autoscaleConfiguration", "v1 does not scale by itself; set sku.capacity");
        return;
    }
    if (capacity)
    {
        Add("autoscaleConfiguration",
            "the number of instances is either fixed or scales; remove this or sku.capacity");
    }
    if (autoscale->minCapacity > MAX_INSTANCES)
    {
        Add("autoscaleConfiguration.minCapacity", "the least number must be 0 to 125");
    }
    if (autoscale->maxCapacity > MAX_INSTANCES || autoscale->maxCapacity < autoscale->minCapacity)
    {
        Add("autoscaleConfiguration.maxCapacity",
            "the greatest number must be at most 125 and not below the least");
    }
}

void
ApplicationGatewayValidator::CheckFrontends()
{
    const std::string collection = "frontendIPConfigurations";
    const auto& frontends = m_configuration.frontendIpConfigurations;
    if (frontends.empty())
    {
        Add(collection, "a gateway needs a frontend");
    }
    CheckNames(collection, frontends);
    CheckLimit(collection, frontends.size(), MAX_FRONTENDS, "frontends");
    std::map<IpAddress, std::string> owners;
    std::set<std::pair<bool, bool>> kinds;
    for (size_t index = 0; index < frontends.size(); ++index)
    {
        const auto& frontend = frontends[index];
        if (!frontend.address.IsSet())
        {
            Add(Path(collection, index), "a frontend needs an address");
            continue;
        }
        const auto idle = frontend.GetIdleTimeout();
        if (idle < Minutes(4) || idle > Minutes(30))
        {
            Add(Path(collection, index),
                "the idle timeout of a public IP must be from 4 to 30 minutes");
        }
        const auto [owner, isNew] = owners.emplace(frontend.address, frontend.name);
        if (!isNew)
        {
            Add(Path(collection, index),
                "the address " + ToText(frontend.address) + " belongs to frontend " +
                    owner->second + " already; give this one another");
        }
        else if (!kinds.insert({frontend.isPublic, frontend.address.IsIpv4()}).second)
        {
            Add(Path(collection, index),
                std::string("there is a ") + (frontend.isPublic ? "public" : "private") +
                    " frontend of this address family already; remove one");
        }
    }
}

void
ApplicationGatewayValidator::CheckPorts()
{
    const std::string collection = "frontendPorts";
    const auto& ports = m_configuration.frontendPorts;
    const uint16_t most = m_configuration.IsV1() ? MAX_PORT_V1 : MAX_PORT;
    CheckNames(collection, ports);
    std::map<uint16_t, std::string> owners;
    for (size_t index = 0; index < ports.size(); ++index)
    {
        const auto& port = ports[index];
        if (port.port < 1 || port.port > most)
        {
            Add(Path(collection, index, "port"),
                "the port must be 1 to " + std::to_string(most) +
                    "; those above are for the platform");
        }
        else if (const auto [owner, isNew] = owners.emplace(port.port, port.name); !isNew)
        {
            Add(Path(collection, index, "port"),
                "frontend port " + owner->second + " is " + std::to_string(port.port) +
                    " already; let the listeners share that one");
        }
    }
}

void
ApplicationGatewayValidator::CheckCertificates()
{
    CheckNames("sslCertificates", m_configuration.sslCertificates);
    CheckNames("trustedRootCertificates", m_configuration.trustedRootCertificates);
    CheckNames("trustedClientCertificates", m_configuration.trustedClientCertificates);
    CheckLimit("trustedClientCertificates",
               m_configuration.trustedClientCertificates.size(),
               MAX_ALL_CLIENT_CAS,
               "CAs of clients");
    const std::string collection = "sslProfiles";
    const auto& profiles = m_configuration.sslProfiles;
    CheckNames(collection, profiles);
    for (size_t index = 0; index < profiles.size(); ++index)
    {
        const std::string path = Path(collection, index, "trustedClientCertificates");
        const auto& names = profiles[index].trustedClientCertificates;
        CheckLimit(path, names.size(), MAX_CLIENT_CAS, "CAs of clients in the profile");
        for (size_t name = 0; name < names.size(); ++name)
        {
            CheckReference(Path(path, name),
                           names[name],
                           m_configuration.trustedClientCertificates,
                           "trusted client certificate");
        }
    }
}

void
ApplicationGatewayValidator::CheckGlobal()
{
    if (m_configuration.sku.tier == ApplicationGatewayTier::WafV2 &&
        !m_configuration.globalConfiguration.enableRequestBuffering)
    {
        Add("globalConfiguration.enableRequestBuffering",
            "the firewall reads whole requests; leave request buffering on");
    }
}

void
ApplicationGatewayValidator::CheckLimits()
{
    const auto& c = m_configuration;
    const bool basic = c.sku.tier == ApplicationGatewayTier::Basic;
    CheckLimit("frontendPorts", c.frontendPorts.size(), 100, "frontend ports");
    CheckLimit("httpListeners", c.httpListeners.size(), basic ? 5 : 200, "listeners");
    CheckLimit("requestRoutingRules", c.requestRoutingRules.size(), basic ? 5 : 400, "rules");
    CheckLimit("redirectConfigurations", c.redirectConfigurations.size(), 100, "redirects");
    CheckLimit("rewriteRuleSets", c.rewriteRuleSets.size(), 400, "rewrite sets");
    CheckLimit("backendAddressPools", c.backendAddressPools.size(), basic ? 5 : 100, "pools");
    CheckLimit("backendHttpSettingsCollection",
               c.backendHttpSettingsCollection.size(),
               100,
               "backend settings");
    for (size_t pool = 0; pool < c.backendAddressPools.size(); ++pool)
    {
        CheckLimit(Path("backendAddressPools", pool, "backendAddresses"),
                   c.backendAddressPools[pool].backendAddresses.size(),
                   basic ? 5 : 1200,
                   "members of the pool");
    }
    for (size_t map = 0; map < c.urlPathMaps.size(); ++map)
    {
        CheckLimit(Path("urlPathMaps", map, "pathRules"),
                   c.urlPathMaps[map].pathRules.size(),
                   100,
                   "path rules of the map");
    }
    // A listener counts as active when the default of its rule leads to a pool.
    size_t active = 0;
    for (const auto& rule : c.requestRoutingRules)
    {
        const auto map = FindByName(c.urlPathMaps, rule.urlPathMap);
        active += map ? !c.urlPathMaps[*map].defaultBackendAddressPool.empty()
                      : !rule.backendAddressPool.empty();
    }
    CheckLimit("httpListeners", active, 100, "listeners that lead to a pool");
}

} // namespace azure
} // namespace ns3
