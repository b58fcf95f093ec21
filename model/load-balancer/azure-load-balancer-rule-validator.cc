/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-rule-validator.h"

#include "ns3/azure-named-items.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// Highest frontend port; Azure keeps the last one to itself.
constexpr uint16_t MAX_FRONTEND_PORT = 65534;

/**
 * @param port a frontend port
 * @return whether a rule may have it
 */
bool
IsFrontendPort(uint16_t port)
{
    return port >= 1 && port <= MAX_FRONTEND_PORT;
}

} // namespace

LoadBalancerRuleValidator::LoadBalancerRuleValidator(const LoadBalancerConfiguration& configuration,
                                                     std::vector<ConfigurationError>& errors)
    : ConfigurationChecker(errors),
      m_configuration(configuration)
{
    const auto& frontends = configuration.frontendIpConfigurations;
    for (const auto& pool : configuration.backendAddressPools)
    {
        // Bad members are somebody else's to report, once.
        std::set<IpAddress> members;
        for (const auto& member : pool.backendAddresses)
        {
            const bool isFrontend =
                std::any_of(frontends.begin(), frontends.end(), [&](const auto& frontend) {
                    return frontend.address == member.address;
                });
            if (member.address.IsSet() && !isFrontend)
            {
                members.insert(member.address);
            }
        }
        m_members[pool.name].assign(members.begin(), members.end());
    }
}

void
LoadBalancerRuleValidator::Run()
{
    for (size_t index = 0; index < m_configuration.loadBalancingRules.size(); ++index)
    {
        CheckRule(index);
    }
    for (size_t index = 0; index < m_configuration.inboundNatRules.size(); ++index)
    {
        CheckNatRule(index);
    }
    CheckClaims();
}

const std::vector<IpAddress>&
LoadBalancerRuleValidator::GetMembers(const std::string& name) const
{
    const auto found = m_members.find(name);
    return found == m_members.end() ? m_nobody : found->second;
}

bool
LoadBalancerRuleValidator::ShareInstance(const std::string& a, const std::string& b) const
{
    std::vector<IpAddress> common;
    std::set_intersection(GetMembers(a).begin(),
                          GetMembers(a).end(),
                          GetMembers(b).begin(),
                          GetMembers(b).end(),
                          std::back_inserter(common));
    return a == b || !common.empty();
}

template <typename T>
void
LoadBalancerRuleValidator::CheckCommon(const T& rule, const std::string& collection, size_t index)
{
    const auto path = [&](const std::string& field) { return Path(collection, index, field); };
    if (!FindNamed(m_configuration.frontendIpConfigurations, rule.frontendIpConfiguration))
    {
        Add(path("frontendIPConfiguration"),
            rule.frontendIpConfiguration.empty()
                ? "a rule needs a frontend"
                : "there is no frontend " + rule.frontendIpConfiguration);
    }
    if (!rule.backendAddressPool.empty() && m_members.count(rule.backendAddressPool) == 0)
    {
        Add(path("backendAddressPool"), "there is no pool " + rule.backendAddressPool);
    }
    const bool basic = m_configuration.sku == LoadBalancerSku::Basic;
    if (rule.idleTimeout < Minutes(4) || rule.idleTimeout > Minutes(basic ? 60 : 100))
    {
        Add(path("idleTimeoutInMinutes"),
            std::string("the idle timeout must be 4 to ") + (basic ? "60" : "100") + " minutes");
    }
    if (rule.enableTcpReset && basic)
    {
        Add(path("enableTcpReset"), "the Basic SKU sends no TCP resets");
    }
}

void
LoadBalancerRuleValidator::CheckRule(size_t index)
{
    const std::string collection = "loadBalancingRules";
    const auto& rule = m_configuration.loadBalancingRules[index];
    const auto path = [&](const std::string& field) { return Path(collection, index, field); };
    CheckCommon(rule, collection, index);
    if (rule.backendAddressPool.empty())
    {
        Add(path("backendAddressPool"), "a load balancing rule needs a pool");
    }
    const auto& probes = m_configuration.probes;
    if (!rule.probe.empty() && std::none_of(probes.begin(), probes.end(), [&](const Probe& probe) {
            return probe.name == rule.probe;
        }))
    {
        Add(path("probe"), "there is no probe " + rule.probe);
    }
    if (rule.protocol == TransportProtocol::All)
    {
        CheckHaPorts(index);
    }
    else
    {
        if (!IsFrontendPort(rule.frontendPort))
        {
            Add(path("frontendPort"),
                "the port must be 1 to 65534; 0 is for HA ports, with protocol All");
        }
        if (rule.backendPort == 0)
        {
            Add(path("backendPort"),
                "the port must be 1 to 65535; 0 is for HA ports, with protocol All");
        }
        CheckDestination(rule, GetMembers(rule.backendAddressPool), path("backendPort"));
    }
    AddClaim(rule.frontendIpConfiguration,
             rule.protocol,
             {rule.frontendPort, rule.frontendPort, path("frontendPort"), rule.name});
}

void
LoadBalancerRuleValidator::CheckHaPorts(size_t index)
{
    const auto& rules = m_configuration.loadBalancingRules;
    const auto& rule = rules[index];
    const auto path = [&](const std::string& field) {
        return Path("loadBalancingRules", index, field);
    };
    if (rule.frontendPort != 0)
    {
        Add(path("frontendPort"), "with protocol All (HA ports) the port must be 0");
    }
    if (rule.backendPort != 0)
    {
        Add(path("backendPort"), "with protocol All (HA ports) the port must be 0");
    }
    const auto* frontend =
        FindNamed(m_configuration.frontendIpConfigurations, rule.frontendIpConfiguration);
    if (m_configuration.sku == LoadBalancerSku::Basic || (frontend && frontend->isPublic))
    {
        Add(path("protocol"),
            "protocol All (HA ports) needs an internal frontend of the Standard SKU");
    }
    for (size_t other = 0; other < rules.size(); ++other)
    {
        const auto& neighbour = rules[other];
        // Of two HA ports rules only the second is blamed.
        const bool isPair =
            neighbour.protocol == TransportProtocol::All ? other < index : other != index;
        if (!isPair || !ShareInstance(rule.backendAddressPool, neighbour.backendAddressPool))
        {
            continue;
        }
        const bool sameFrontend = neighbour.frontendIpConfiguration == rule.frontendIpConfiguration;
        const bool bothFloat = rule.enableFloatingIp && neighbour.enableFloatingIp;
        const bool alone =
            !rule.enableFloatingIp ||
            (neighbour.protocol == TransportProtocol::All && !neighbour.enableFloatingIp);
        if (alone || (sameFrontend && !bothFloat))
        {
            Add(path("enableFloatingIP"),
                "an HA ports rule without floating IP excludes other rules for the same "
                "instances, such as " +
                    neighbour.name + "; turn floating IP on for both");
        }
    }
}

void
LoadBalancerRuleValidator::CheckNatRule(size_t index)
{
    const std::string collection = "inboundNatRules";
    const auto& rule = m_configuration.inboundNatRules[index];
    const auto path = [&](const std::string& field) { return Path(collection, index, field); };
    CheckCommon(rule, collection, index);
    if (rule.backendPort == 0)
    {
        Add(path("backendPort"), "the port must be 1 to 65535");
    }
    const bool hasRange = rule.frontendPortRangeStart != 0 || rule.frontendPortRangeEnd != 0;
    if (rule.backendAddressPool.empty())
    {
        if (hasRange)
        {
            Add(path("frontendPortRangeStart"),
                "a range of ports needs a backendAddressPool; for one instance set frontendPort");
        }
        if (!IsFrontendPort(rule.frontendPort))
        {
            Add(path("frontendPort"), "the port must be 1 to 65534");
        }
        for (const auto& frontend : m_configuration.frontendIpConfigurations)
        {
            if (rule.backendAddress.IsSet() && frontend.address == rule.backendAddress)
            {
                Add(path("backendIPConfiguration"),
                    "the address " + ToText(rule.backendAddress) +
                        " is a frontend of this load balancer and cannot be an instance");
            }
        }
        if (rule.backendAddress.IsSet())
        {
            CheckDestination(rule, {rule.backendAddress}, path("backendPort"));
        }
        AddClaim(rule.frontendIpConfiguration,
                 rule.protocol,
                 {rule.frontendPort, rule.frontendPort, path("frontendPort"), rule.name});
        return;
    }
    if (rule.backendAddress.IsSet() || rule.frontendPort != 0)
    {
        Add(path("backendAddressPool"),
            "a NAT rule is for one instance or for a pool with a range of ports, not for both");
    }
    if (!IsFrontendPort(rule.frontendPortRangeStart))
    {
        Add(path("frontendPortRangeStart"), "the first port must be 1 to 65534");
        return;
    }
    if (!IsFrontendPort(rule.frontendPortRangeEnd) ||
        rule.frontendPortRangeEnd < rule.frontendPortRangeStart)
    {
        Add(path("frontendPortRangeEnd"),
            "the last port must be 1 to 65534 and not below the first");
        return;
    }
    const auto& members = GetMembers(rule.backendAddressPool);
    const size_t ports = rule.frontendPortRangeEnd - rule.frontendPortRangeStart + 1U;
    if (members.size() > ports)
    {
        Add(path("frontendPortRangeEnd"),
            "the range has " + std::to_string(ports) + " ports for " +
                std::to_string(members.size()) + " instances; enlarge it");
    }
    CheckDestination(rule, members, path("backendPort"));
    AddClaim(rule.frontendIpConfiguration,
             rule.protocol,
             {rule.frontendPortRangeStart,
              rule.frontendPortRangeEnd,
              path("frontendPortRangeStart"),
              rule.name});
}

template <typename T>
void
LoadBalancerRuleValidator::CheckDestination(const T& rule,
                                            const std::vector<IpAddress>& members,
                                            const std::string& path)
{
    const auto* frontend =
        FindNamed(m_configuration.frontendIpConfigurations, rule.frontendIpConfiguration);
    for (const auto& member : members)
    {
        for (const bool tcp : {true, false})
        {
            if (!frontend || rule.backendPort == 0 ||
                rule.protocol == (tcp ? TransportProtocol::Udp : TransportProtocol::Tcp))
            {
                continue;
            }
            const IpAddress seen = rule.enableFloatingIp ? frontend->address : member;
            const auto [taken, isNew] =
                m_destinations.emplace(Destination{member, seen, tcp, rule.backendPort}, rule.name);
            if (!isNew)
            {
                Add(path,
                    "rule " + taken->second + " sends to port " + std::to_string(rule.backendPort) +
                        " of instance " + ToText(member) +
                        " already; use another port, or floating IP on another frontend");
                return;
            }
        }
    }
}

void
LoadBalancerRuleValidator::AddClaim(const std::string& frontend,
                                    TransportProtocol protocol,
                                    const Claim& claim)
{
    for (const bool tcp : {true, false})
    {
        if (protocol != (tcp ? TransportProtocol::Udp : TransportProtocol::Tcp))
        {
            m_claims[{frontend, tcp}].push_back(claim);
        }
    }
}

void
LoadBalancerRuleValidator::CheckClaims()
{
    std::vector<std::string> blamed;
    for (auto& [key, claims] : m_claims)
    {
        std::stable_sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) {
            return a.first < b.first;
        });
        const Claim* widest = nullptr;
        for (const auto& claim : claims)
        {
            // A rule for both protocols is blamed once.
            if (widest && claim.first <= widest->last &&
                std::find(blamed.begin(), blamed.end(), claim.path) == blamed.end())
            {
                Add(claim.path,
                    "frontend " + key.first + " has this " + (key.second ? "TCP" : "UDP") +
                        " port in rule " + widest->name + " already");
                blamed.push_back(claim.path);
            }
            if (!widest || claim.last > widest->last)
            {
                widest = &claim;
            }
        }
    }
}

} // namespace azure
} // namespace ns3
