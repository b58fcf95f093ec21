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
    NoteUnknown(view, "loadBalancers");
    auto& lb = m_result.configuration;
    m_result.id = m_resource.id.ToText();
    lb.name = m_resource.id.names.back();
    lb.sku = view.Get("sku").Get("name").GetEnum<LoadBalancerSku>(
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
             "outbound rule '" + rule.GetName() + "'",
             "outbound connections are not modelled yet");
    }
}

void
LoadBalancerReader::ReadFrontend(const ResourceView& view)
{
    NoteUnknown(view, "frontendIPConfigurations");
    FrontendIpConfiguration frontend;
    frontend.name = view.GetName();
    for (const auto& zone : view.Get("zones").GetElements())
    {
        frontend.zones.push_back(zone.GetTextOrNumber());
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
        const auto address = FindPublicAddress(publicIp);
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
                frontend.zones.push_back(zone.GetTextOrNumber());
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
    const auto address = ReadFrontendAddress(view, text);
    if (!address)
    {
        return;
    }
    frontend.address = *address;
    auto& list = m_result.configuration.frontendIpConfigurations;
    m_paths.Add("frontendIPConfigurations[" + std::to_string(list.size()) + "]", view);
    list.push_back(frontend);
}

void
LoadBalancerReader::ReadPool(const ResourceView& view)
{
    NoteUnknown(view, "backendAddressPools");
    auto& pools = m_result.configuration.backendAddressPools;
    const auto name = view.GetName();
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
    m_paths.Add("backendAddressPools[" + index + "]", view);
    ReadNetwork(view.Get("virtualNetwork"));
    for (const auto& entry : view.Get("loadBalancerBackendAddresses").GetElements())
    {
        NoteUnknown(entry, "loadBalancerBackendAddresses");
        const auto text = entry.Get("ipAddress");
        if (!text.Exists() || entry.Get("networkInterfaceIPConfiguration").Exists())
        {
            continue; // linked from the NIC's side
        }
        const auto address = AddressPlan::ParseAddress(text.GetText());
        if (!address && text.GetText().find(':') != std::string::npos)
        {
            Note(entry, "member " + JsonText::Quote(text.GetText()), "IPv6 is not modelled yet");
            continue;
        }
        if (!address)
        {
            text.Fail("'" + JsonText::Quote(text.GetText()) + "' is no IPv4 address");
        }
        LoadBalancerBackendAddress member;
        member.name = entry.Get("name").GetText(text.GetText());
        member.address = *address;
        member.adminState = entry.Get("adminState")
                                .GetEnum<AdminState>(AdminState::None,
                                                     {{"None", AdminState::None},
                                                      {"Up", AdminState::Up},
                                                      {"Down", AdminState::Down}});
        it->kind = BackendPoolKind::Ip;
        m_paths.Add("backendAddressPools[" + index + "].backendAddresses[" +
                        std::to_string(it->backendAddresses.size()) + "]",
                    entry.GetPath());
        it->backendAddresses.push_back(member);
        ReadNetwork(entry.Get("virtualNetwork"));
    }
}

void
LoadBalancerReader::ReadNetwork(const ResourceView& reference)
{
    if (!reference.Exists())
    {
        return;
    }
    m_completion.Resolve(reference, "virtual network");
    const auto id = ResourceId::FromText(reference.GetReference());
    const auto name = id.GetNameOf("virtualNetworks");
    if (!m_result.virtualNetwork.empty() && !EqualsIgnoringCase(m_result.virtualNetwork, name))
    {
        reference.Get("id").Fail("the load balancer is in virtual network '" +
                                 JsonText::Quote(m_result.virtualNetwork) +
                                 "' already, by a frontend or another pool");
    }
    m_result.virtualNetwork = name;
}

void
LoadBalancerReader::ReadProbe(const ResourceView& view)
{
    NoteUnknown(view, "probes");
    Probe probe;
    probe.name = view.GetName();
    if (!view.Get("protocol").Exists())
    {
        view.Get("protocol").Fail("the protocol of '" + probe.name + "' is missing");
    }
    probe.protocol = view.Get("protocol")
                         .GetEnum<ProbeProtocol>(ProbeProtocol::Tcp,
                                                 {{"Tcp", ProbeProtocol::Tcp},
                                                  {"Http", ProbeProtocol::Http},
                                                  {"Https", ProbeProtocol::Https}});
    probe.port = view.Get("port").GetPort(0);
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
    probe.noHealthyBackendsBehavior =
        view.Get("noHealthyBackendsBehavior")
            .GetEnum<NoHealthyBackendsBehavior>(
                NoHealthyBackendsBehavior::AllProbedDown,
                {{"AllProbedDown", NoHealthyBackendsBehavior::AllProbedDown},
                 {"AllProbedUp", NoHealthyBackendsBehavior::AllProbedUp}});
    auto& probes = m_result.configuration.probes;
    m_paths.Add("probes[" + std::to_string(probes.size()) + "]", view);
    probes.push_back(probe);
}

bool
LoadBalancerReader::IsWholeIpv6() const
{
    return m_result.configuration.frontendIpConfigurations.empty() && !m_ipv6Frontends.empty();
}

} // namespace azure
} // namespace ns3
