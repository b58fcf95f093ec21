/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-json-text.h"
#include "azure-load-balancer-reader.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

bool
LoadBalancerReader::IsIpv6Rule(const ResourceView& view, const std::string& what)
{
    const auto frontend = ResourceId::FromText(view.Get("frontendIPConfiguration").GetReference());
    if (!frontend.IsValid() || m_ipv6Frontends.count(ToLowerCase(frontend.names.back())) == 0)
    {
        return false;
    }
    Note(view,
         what + " '" + view.GetName() + "'",
         "its frontend is IPv6, which is not modelled yet");
    return true;
}

template <typename Rule>
void
LoadBalancerReader::ReadCommon(const ResourceView& view, Rule& rule)
{
    rule.name = view.GetName();
    rule.frontendIpConfiguration = ResolvePart(view.Get("frontendIPConfiguration"),
                                               m_result.configuration.frontendIpConfigurations,
                                               "frontend IP configuration");
    if (!view.Get("protocol").Exists())
    {
        view.Get("protocol").Fail("the protocol of '" + rule.name + "' is missing");
    }
    rule.protocol = view.Get("protocol")
                        .GetEnum<TransportProtocol>(TransportProtocol::Tcp,
                                                    {{"Tcp", TransportProtocol::Tcp},
                                                     {"Udp", TransportProtocol::Udp},
                                                     {"All", TransportProtocol::All}});
    rule.frontendPort = view.Get("frontendPort").GetPort(0);
    rule.backendPort = view.Get("backendPort").GetPort(rule.frontendPort);
    rule.idleTimeout = Minutes(view.Get("idleTimeoutInMinutes").GetInteger(4, 0, 1000000));
    rule.enableFloatingIp = view.Get("enableFloatingIP").GetBoolean(false);
    rule.enableTcpReset = view.Get("enableTcpReset").GetBoolean(false);
}

void
LoadBalancerReader::ReadRule(const ResourceView& view)
{
    NoteUnknown(view, "loadBalancingRules");
    if (IsIpv6Rule(view, "load balancing rule"))
    {
        return;
    }
    LoadBalancingRule rule;
    ReadCommon(view, rule);
    auto pool = view.Get("backendAddressPool");
    const auto pools = view.Get("backendAddressPools").GetElements();
    if (!pool.Exists() && !pools.empty())
    {
        pool = pools.front();
    }
    for (std::size_t i = 1; i < pools.size(); ++i)
    {
        Note(pools[i],
             "further pool of rule '" + rule.name + "'",
             "a second pool is for the Gateway SKU, which is not modelled yet");
    }
    const auto& lb = m_result.configuration;
    rule.backendAddressPool = ResolvePart(pool, lb.backendAddressPools, "backend address pool");
    if (view.Get("probe").Exists())
    {
        rule.probe = ResolvePart(view.Get("probe"), lb.probes, "probe");
    }
    rule.loadDistribution =
        view.Get("loadDistribution")
            .GetEnum<LoadDistribution>(LoadDistribution::Default,
                                       {{"Default", LoadDistribution::Default},
                                        {"SourceIP", LoadDistribution::SourceIp},
                                        {"SourceIPProtocol", LoadDistribution::SourceIpProtocol}});
    rule.disableOutboundSnat = view.Get("disableOutboundSnat").GetBoolean(false);
    auto& rules = m_result.configuration.loadBalancingRules;
    m_paths.Add("loadBalancingRules[" + std::to_string(rules.size()) + "]", view);
    rules.push_back(rule);
}

void
LoadBalancerReader::ReadNatRule(const ResourceView& view)
{
    NoteUnknown(view, "inboundNatRules");
    if (IsIpv6Rule(view, "inbound NAT rule"))
    {
        return;
    }
    InboundNatRule rule;
    ReadCommon(view, rule);
    if (view.Get("backendAddressPool").Exists())
    {
        rule.backendAddressPool = ResolvePart(view.Get("backendAddressPool"),
                                              m_result.configuration.backendAddressPools,
                                              "backend address pool");
        rule.frontendPortRangeStart = view.Get("frontendPortRangeStart").GetPort(0);
        rule.frontendPortRangeEnd = view.Get("frontendPortRangeEnd").GetPort(0);
        rule.frontendPort = 0;
    }
    auto& rules = m_result.configuration.inboundNatRules;
    m_paths.Add("inboundNatRules[" + std::to_string(rules.size()) + "]", view);
    rules.push_back(rule);
}

void
LoadBalancerReader::ReadNatPool(const ResourceView& view)
{
    NoteUnknown(view, "inboundNatPools");
    if (IsIpv6Rule(view, "inbound NAT pool"))
    {
        return;
    }
    NatPool pool;
    ReadCommon(view, pool.rule);
    pool.rangeStart = view.Get("frontendPortRangeStart").GetPort(0);
    pool.rangeEnd = view.Get("frontendPortRangeEnd").GetPort(0);
    pool.path = view.GetPath();
    m_natPools.push_back(pool);
}

std::string
LoadBalancerReader::AddMember(const ResourceView& reference,
                              const std::string& name,
                              const IpAddress& address,
                              bool running)
{
    auto& pools = m_result.configuration.backendAddressPools;
    const auto pool = ResolvePart(reference, pools, "backend address pool");
    auto it = std::find_if(pools.begin(), pools.end(), [&](const auto& other) {
        return other.name == pool;
    });
    m_paths.Add("backendAddressPools[" + std::to_string(it - pools.begin()) +
                    "].backendAddresses[" + std::to_string(it->backendAddresses.size()) + "]",
                reference.GetPath());
    it->backendAddresses.push_back({name, address, AdminState::None, running});
    return pool;
}

std::string
LoadBalancerReader::SetNatTarget(const ResourceView& reference, const IpAddress& address)
{
    auto& rules = m_result.configuration.inboundNatRules;
    const auto name = ResolvePart(reference, rules, "inbound NAT rule");
    auto& rule = *std::find_if(rules.begin(), rules.end(), [&](const auto& candidate) {
        return candidate.name == name;
    });
    if (rule.backendAddress.IsSet())
    {
        reference.Get("id").Fail("inbound NAT rule '" + name +
                                 "' leads to another network interface already");
    }
    rule.backendAddress = address;
    return name;
}

std::string
LoadBalancerReader::AddNatPoolRule(const ResourceView& reference,
                                   uint32_t instance,
                                   const IpAddress& address)
{
    const auto name = ResourceId::FromText(reference.GetReference()).GetNameOf("inboundNatPools");
    auto it = std::find_if(m_natPools.begin(), m_natPools.end(), [&](const NatPool& pool) {
        return EqualsIgnoringCase(pool.rule.name, name);
    });
    if (it == m_natPools.end())
    {
        reference.Get("id").Fail("load balancer '" + m_resource.id.names.back() +
                                 "' has no inbound NAT pool '" + JsonText::Quote(name) + "'");
    }
    it->used = true;
    auto rule = it->rule;
    if (it->rangeStart + instance > it->rangeEnd)
    {
        reference.Fail("inbound NAT pool '" + it->rule.name + "' has no port for instance " +
                       std::to_string(instance));
    }
    rule.name += "." + std::to_string(instance);
    rule.frontendPort = static_cast<uint16_t>(it->rangeStart + instance);
    rule.backendAddress = address;
    auto& rules = m_result.configuration.inboundNatRules;
    m_paths.Add("inboundNatRules[" + std::to_string(rules.size()) + "]", it->path);
    rules.push_back(rule);
    return rule.name;
}

} // namespace azure
} // namespace ns3
