/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-reader.h"

#include "azure-address-plan.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @tparam T an enumeration
 * @param view a text
 * @param fallback what absence means
 * @param values the texts that are allowed, with what they mean
 * @return what the text means; case does not matter
 */
template <typename T>
T
ReadEnum(const ResourceView& view, T fallback, const std::vector<std::pair<const char*, T>>& values)
{
    const auto text = view.GetText();
    if (!view.Exists())
    {
        return fallback;
    }
    std::string allowed;
    for (const auto& [name, value] : values)
    {
        if (EqualsIgnoringCase(text, name))
        {
            return value;
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string(name);
    }
    view.Fail("'" + JsonText::Quote(text) + "' is none of " + allowed);
}

/**
 * @param view a port
 * @param fallback what absence means
 * @return the port
 */
uint16_t
ReadPort(const ResourceView& view, int64_t fallback = 0)
{
    return static_cast<uint16_t>(view.GetInteger(fallback, 0, 65535));
}

/**
 * @param view a resource or part of one
 * @return its name
 */
std::string
ReadName(const ResourceView& view)
{
    const auto name = view.Get("name").GetText();
    if (name.empty())
    {
        view.Get("name").Fail("the name is missing");
    }
    return name.substr(name.rfind('/') + 1);
}

} // namespace

LoadBalancerReader::LoadBalancerReader(const ImportedResource& resource,
                                       const ResourceCompletion& completion,
                                       std::vector<ResourceNotice>& notModelled)
    : m_resource(resource),
      m_completion(completion),
      m_notModelled(notModelled)
{
}

std::string
LoadBalancerReader::WhyNotModelled(const ResourceView& type)
{
    const auto sku = type.Get("sku");
    if (EqualsIgnoringCase(sku.Get("tier").GetText(), "Global"))
    {
        return "the Global tier is not modelled yet";
    }
    return EqualsIgnoringCase(sku.Get("name").GetText(), "Gateway")
               ? "the Gateway SKU is not modelled yet"
               : "";
}

void
LoadBalancerReader::Read(const std::vector<ImportedResource*>& children)
{
    const ResourceView view(&m_resource.body, m_resource.path);
    auto& lb = m_result.configuration;
    m_result.id = m_resource.id.ToText();
    lb.name = m_resource.id.names.back();
    lb.sku = ReadEnum<LoadBalancerSku>(
        view.Get("sku").Get("name"),
        LoadBalancerSku::Basic,
        {{"Standard", LoadBalancerSku::Standard}, {"Basic", LoadBalancerSku::Basic}});
    m_paths.Add("frontendIPConfigurations", view.Get("frontendIPConfigurations").GetPath());
    for (const auto& frontend : view.Get("frontendIPConfigurations").GetElements())
    {
        ReadFrontend(frontend);
    }
    for (const auto& pool : view.Get("backendAddressPools").GetElements())
    {
        ReadPool(pool);
    }
    for (const auto& probe : view.Get("probes").GetElements())
    {
        ReadProbe(probe);
    }
    for (const auto* child : children)
    {
        if (EqualsIgnoringCase(child->id.types.back(), "backendAddressPools"))
        {
            ReadPool(ResourceView(&child->body, child->path));
        }
    }
    for (const auto& rule : view.Get("loadBalancingRules").GetElements())
    {
        ReadRule(rule);
    }
    for (const auto& rule : view.Get("inboundNatRules").GetElements())
    {
        ReadNatRule(rule);
    }
    for (const auto* child : children)
    {
        if (EqualsIgnoringCase(child->id.types.back(), "inboundNatRules"))
        {
            ReadNatRule(ResourceView(&child->body, child->path));
        }
    }
    for (const auto& pool : view.Get("inboundNatPools").GetElements())
    {
        ReadNatPool(pool);
    }
    for (const auto& rule : view.Get("outboundRules").GetElements())
    {
        Note(rule,
             "outbound rule '" + ReadName(rule) + "'",
             "outbound connections are not modelled yet");
    }
}

void
LoadBalancerReader::ReadFrontend(const ResourceView& view)
{
    FrontendIpConfiguration frontend;
    frontend.name = ReadName(view);
    for (const auto& zone : view.Get("zones").GetElements())
    {
        frontend.zones.push_back(zone.GetText());
    }
    const auto publicIp = view.Get("publicIPAddress");
    frontend.isPublic = publicIp.Exists() || view.Get("publicIPPrefix").Exists();
    auto text = view.Get("privateIPAddress");
    if (view.Get("gatewayLoadBalancer").Exists())
    {
        Note(view.Get("gatewayLoadBalancer"),
             "gateway load balancer",
             "the Gateway SKU is not modelled yet");
    }
    if (publicIp.Exists())
    {
        const auto key = ResourceId::FromText(publicIp.GetReference()).ToKey();
        const auto* found = m_completion.Find(key);
        if (!found)
        {
            publicIp.Get("id").Fail("no public IP address '" +
                                    JsonText::Quote(publicIp.GetReference()) + "' in the input");
        }
        m_publicAddresses.push_back(key);
        const ResourceView address(&found->body, found->path);
        text = address.Get("ipAddress");
        const auto idle = address.Get("idleTimeoutInMinutes");
        if (idle.Exists())
        {
            frontend.idleTimeout = Minutes(idle.GetInteger(4, 1, 1000));
        }
        if (frontend.zones.empty())
        {
            for (const auto& zone : address.Get("zones").GetElements())
            {
                frontend.zones.push_back(zone.GetText());
            }
        }
    }
    else if (frontend.isPublic)
    {
        text = view.Get("ipAddress");
    }
    else if (!view.Get("subnet").Exists())
    {
        view.Fail("frontend '" + JsonText::Quote(frontend.name) +
                  "' needs a publicIPAddress or a subnet");
    }
    else if (m_result.virtualNetwork.empty())
    {
        m_result.virtualNetwork =
            ResourceId::FromText(view.Get("subnet").GetReference()).GetNameOf("virtualNetworks");
    }
    const auto address = AddressPlan::ParseAddress(text.GetText());
    if (!address)
    {
        Note(view, "frontend '" + frontend.name + "'", "IPv6 is not modelled yet");
        return;
    }
    frontend.address = *address;
    auto& list = m_result.configuration.frontendIpConfigurations;
    m_paths.Add("frontendIPConfigurations[" + std::to_string(list.size()) + "]", view.GetPath());
    list.push_back(frontend);
}

void
LoadBalancerReader::ReadPool(const ResourceView& view)
{
    auto& pools = m_result.configuration.backendAddressPools;
    const auto name = ReadName(view);
    auto it = std::find_if(pools.begin(), pools.end(), [&](const auto& other) {
        return EqualsIgnoringCase(other.name, name);
    });
    const bool isInline = view.GetPath().find("backendAddressPools[") != std::string::npos;
    if (it == pools.end() || isInline)
    {
        pools.push_back({name, BackendPoolKind::Nic, {}});
        it = pools.end() - 1;
    }
    const auto index = std::to_string(it - pools.begin());
    m_paths.Add("backendAddressPools[" + index + "]", view.GetPath());
    for (const auto& entry : view.Get("loadBalancerBackendAddresses").GetElements())
    {
        const auto text = entry.Get("ipAddress");
        if (!text.Exists() || entry.Get("networkInterfaceIPConfiguration").Exists())
        {
            continue; // linked from the NIC's side
        }
        const auto address = AddressPlan::ParseAddress(text.GetText());
        if (!address)
        {
            text.Fail("'" + JsonText::Quote(text.GetText()) + "' is no IPv4 address");
        }
        LoadBalancerBackendAddress member;
        member.name = entry.Get("name").GetText(text.GetText());
        member.address = *address;
        member.adminState = ReadEnum<AdminState>(
            entry.Get("adminState"),
            AdminState::None,
            {{"None", AdminState::None}, {"Up", AdminState::Up}, {"Down", AdminState::Down}});
        it->kind = BackendPoolKind::Ip;
        m_paths.Add("backendAddressPools[" + index + "].backendAddresses[" +
                        std::to_string(it->backendAddresses.size()) + "]",
                    entry.GetPath());
        it->backendAddresses.push_back(member);
        if (m_result.virtualNetwork.empty())
        {
            m_result.virtualNetwork =
                ResourceId::FromText(entry.Get("virtualNetwork").GetReference())
                    .GetNameOf("virtualNetworks");
        }
    }
}

void
LoadBalancerReader::ReadProbe(const ResourceView& view)
{
    Probe probe;
    probe.name = ReadName(view);
    probe.protocol = ReadEnum<ProbeProtocol>(view.Get("protocol"),
                                             ProbeProtocol::Tcp,
                                             {{"Tcp", ProbeProtocol::Tcp},
                                              {"Http", ProbeProtocol::Http},
                                              {"Https", ProbeProtocol::Https}});
    probe.port = ReadPort(view.Get("port"));
    probe.requestPath = view.Get("requestPath").GetText();
    if (!probe.requestPath.empty() && probe.requestPath[0] != '/')
    {
        probe.requestPath = "/" + probe.requestPath; // the service takes both
    }
    probe.interval = Seconds(view.Get("intervalInSeconds").GetInteger(15, 0, 1000000));
    probe.probeThreshold =
        static_cast<uint32_t>(view.Get("probeThreshold").GetInteger(1, 0, 1000000));
    probe.numberOfProbes =
        static_cast<uint32_t>(view.Get("numberOfProbes").GetInteger(1, 0, 1000000));
    probe.noHealthyBackendsBehavior = ReadEnum<NoHealthyBackendsBehavior>(
        view.Get("noHealthyBackendsBehavior"),
        NoHealthyBackendsBehavior::AllProbedDown,
        {{"AllProbedDown", NoHealthyBackendsBehavior::AllProbedDown},
         {"AllProbedUp", NoHealthyBackendsBehavior::AllProbedUp}});
    auto& probes = m_result.configuration.probes;
    m_paths.Add("probes[" + std::to_string(probes.size()) + "]", view.GetPath());
    probes.push_back(probe);
}

template <typename Rule>
void
LoadBalancerReader::ReadCommon(const ResourceView& view, Rule& rule)
{
    rule.name = ReadName(view);
    rule.frontendIpConfiguration = ResolvePart(view.Get("frontendIPConfiguration"),
                                               m_result.configuration.frontendIpConfigurations,
                                               "frontend IP configuration");
    rule.protocol = ReadEnum<TransportProtocol>(view.Get("protocol"),
                                                TransportProtocol::Tcp,
                                                {{"Tcp", TransportProtocol::Tcp},
                                                 {"Udp", TransportProtocol::Udp},
                                                 {"All", TransportProtocol::All}});
    rule.frontendPort = ReadPort(view.Get("frontendPort"));
    rule.backendPort = ReadPort(view.Get("backendPort"), rule.frontendPort);
    rule.idleTimeout = Minutes(view.Get("idleTimeoutInMinutes").GetInteger(4, 0, 1000000));
    rule.enableFloatingIp = view.Get("enableFloatingIP").GetBoolean(false);
    rule.enableTcpReset = view.Get("enableTcpReset").GetBoolean(false);
}

void
LoadBalancerReader::ReadRule(const ResourceView& view)
{
    LoadBalancingRule rule;
    ReadCommon(view, rule);
    auto pool = view.Get("backendAddressPool");
    const auto pools = view.Get("backendAddressPools").GetElements();
    if (!pool.Exists() && !pools.empty())
    {
        pool = pools.front();
    }
    const auto& lb = m_result.configuration;
    rule.backendAddressPool = ResolvePart(pool, lb.backendAddressPools, "backend address pool");
    if (view.Get("probe").Exists())
    {
        rule.probe = ResolvePart(view.Get("probe"), lb.probes, "probe");
    }
    rule.loadDistribution =
        ReadEnum<LoadDistribution>(view.Get("loadDistribution"),
                                   LoadDistribution::Default,
                                   {{"Default", LoadDistribution::Default},
                                    {"SourceIP", LoadDistribution::SourceIp},
                                    {"SourceIPProtocol", LoadDistribution::SourceIpProtocol}});
    rule.disableOutboundSnat = view.Get("disableOutboundSnat").GetBoolean(false);
    auto& rules = m_result.configuration.loadBalancingRules;
    m_paths.Add("loadBalancingRules[" + std::to_string(rules.size()) + "]", view.GetPath());
    rules.push_back(rule);
}

void
LoadBalancerReader::ReadNatRule(const ResourceView& view)
{
    InboundNatRule rule;
    ReadCommon(view, rule);
    if (view.Get("backendAddressPool").Exists())
    {
        rule.backendAddressPool = ResolvePart(view.Get("backendAddressPool"),
                                              m_result.configuration.backendAddressPools,
                                              "backend address pool");
        rule.frontendPortRangeStart = ReadPort(view.Get("frontendPortRangeStart"));
        rule.frontendPortRangeEnd = ReadPort(view.Get("frontendPortRangeEnd"));
        rule.frontendPort = 0;
    }
    auto& rules = m_result.configuration.inboundNatRules;
    m_paths.Add("inboundNatRules[" + std::to_string(rules.size()) + "]", view.GetPath());
    rules.push_back(rule);
}

void
LoadBalancerReader::ReadNatPool(const ResourceView& view)
{
    NatPool pool;
    ReadCommon(view, pool.rule);
    pool.rangeStart = ReadPort(view.Get("frontendPortRangeStart"));
    pool.rangeEnd = ReadPort(view.Get("frontendPortRangeEnd"));
    pool.path = view.GetPath();
    m_natPools.push_back(pool);
}

template <typename T>
std::string
LoadBalancerReader::ResolvePart(const ResourceView& reference,
                                const std::vector<T>& list,
                                const std::string& what)
{
    if (!reference.Exists())
    {
        reference.Fail("the reference to a " + what + " is missing");
    }
    const auto text = reference.GetReference();
    const auto id = ResourceId::FromText(text);
    const auto name = id.IsValid() ? id.names.back() : "";
    const auto owner = id.GetNameOf("loadBalancers");
    auto it = std::find_if(list.begin(), list.end(), [&](const T& item) {
        return EqualsIgnoringCase(item.name, name);
    });
    if (it == list.end() || !EqualsIgnoringCase(owner, m_resource.id.names.back()))
    {
        reference.Get("id").Fail("load balancer '" + m_resource.id.names.back() + "' has no " +
                                 what + " '" + JsonText::Quote(name.empty() ? text : name) + "'");
    }
    return it->name;
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
    std::find_if(rules.begin(), rules.end(), [&](const auto& rule) {
        return rule.name == name;
    })->backendAddress = address;
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

void
LoadBalancerReader::Note(const ResourceView& view, const std::string& what, const std::string& why)
{
    m_notModelled.push_back(
        {view.GetPath(), m_resource.id.GetType(), m_resource.id.GetName(), what, why});
}

} // namespace azure
} // namespace ns3
