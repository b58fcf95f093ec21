/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-helper.h"

#include "ns3/azure-dns-server.h"

namespace ns3
{
namespace azure
{

DnsServerHelper::DnsServerHelper()
    : ApplicationHelper("ns3::azure::DnsServer")
{
}

ApplicationContainer
DnsServerHelper::InstallZones(Ptr<Node> node, const std::vector<std::shared_ptr<DnsZone>>& zones)
{
    auto servers = Install(node);
    for (const auto& zone : zones)
    {
        DynamicCast<DnsServer>(servers.Get(0))->AddZone(zone);
    }
    return servers;
}

ResolverHelper::ResolverHelper()
    : ApplicationHelper("ns3::azure::RecursiveResolver"),
      m_stubs("ns3::azure::StubResolver")
{
}

void
ResolverHelper::AddRootHint(const DnsName& name, Ipv4Address address)
{
    m_hints.push_back({name, IpAddress::From(address)});
}

ApplicationContainer
ResolverHelper::InstallRecursive(const NodeContainer& nodes)
{
    auto resolvers = Install(nodes);
    for (uint32_t i = 0; i < resolvers.GetN(); ++i)
    {
        for (const auto& hint : m_hints)
        {
            DynamicCast<RecursiveResolver>(resolvers.Get(i))
                ->AddRootHint(hint.name, hint.address.ToIpv4());
        }
    }
    return resolvers;
}

void
ResolverHelper::SetStubAttribute(const std::string& name, const AttributeValue& value)
{
    m_stubs.Set(name, value);
}

Ptr<StubResolver>
ResolverHelper::InstallStub(Ptr<Node> node, const std::vector<Ipv4Address>& servers)
{
    auto stub = m_stubs.Create<StubResolver>();
    for (const auto& server : servers)
    {
        stub->AddServer(server);
    }
    node->AggregateObject(stub);
    return stub;
}

} // namespace azure
} // namespace ns3
