/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-probes.h"

#include "ns3/log.h"

#include <vector>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureGatewayProbes");
NS_OBJECT_ENSURE_REGISTERED(GatewayProbes);

TypeId
GatewayProbes::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::GatewayProbes")
                            .SetParent<Object>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<GatewayProbes>();
    return tid;
}

GatewayProbes::GatewayProbes()
    : m_probers(CreateObject<HealthProberSet>()),
      m_publicSource(Ipv4Address::GetAny())
{
    m_probers->SetVerdictCallback(MakeCallback(&GatewayProbes::HandleVerdict, this));
}

GatewayProbes::~GatewayProbes() = default;

void
GatewayProbes::SetVerdictCallback(VerdictCallback callback)
{
    m_verdict = callback;
}

void
GatewayProbes::Start(Ptr<Node> instance,
                     std::shared_ptr<const RequestRouter> router,
                     const std::string& name,
                     Ipv4Address publicSource)
{
    NS_LOG_FUNCTION(this << instance->GetId() << name << publicSource);
    if (m_plan)
    {
        return;
    }
    m_plan = std::make_unique<GatewayProbePlan>(std::move(router));
    m_publicSource = publicSource;
    m_probers->SetOwner(name);
    m_probers->SetNode(instance);
    Update();
}

void
GatewayProbes::Change(std::shared_ptr<const RequestRouter> router)
{
    NS_LOG_FUNCTION(this);
    if (m_plan)
    {
        m_plan = std::make_unique<GatewayProbePlan>(std::move(router));
        Update();
    }
}

void
GatewayProbes::Stop()
{
    NS_LOG_FUNCTION(this);
    m_probers->Assign({});
    m_plan.reset();
    m_keys.clear();
    m_pairs.clear();
    m_settings.clear();
}

void
GatewayProbes::AddMember(uint32_t pool, const ApplicationGatewayBackendAddress& address)
{
    NS_ASSERT_MSG(m_plan, "Members change after the start");
    m_plan->AddMember(pool, address);
    Update();
}

void
GatewayProbes::RemoveMember(uint32_t pool, const std::string& member)
{
    NS_ASSERT_MSG(m_plan, "Members change after the start");
    m_plan->RemoveMember(pool, member);
    Update();
}

void
GatewayProbes::SetResolved(const std::string& fqdn, Ipv4Address address)
{
    ApplicationGatewayBackendAddress member;
    member.fqdn = fqdn;
    m_resolved[member.GetText()] = address;
    if (m_plan)
    {
        Update();
    }
}

void
GatewayProbes::Update()
{
    std::map<Pair, Key> keys;
    std::map<Key, Pair> pairs;
    std::vector<ProbeAssignment> wanted;
    for (const auto& target : m_plan->GetTargets())
    {
        const auto& member = target.member;
        const Pair pair(target.setting, member.GetText());
        ProbeAssignment assignment;
        assignment.probe = m_plan->GetConfiguration().GetSettingName(target.setting);
        assignment.settings = target.settings;
        assignment.source = member.external ? m_publicSource : Ipv4Address::GetAny();
        if (!member.fqdn.empty())
        {
            assignment.probe += "/" + pair.second;
            const auto known = m_resolved.find(pair.second);
            assignment.member = known == m_resolved.end() ? Ipv4Address::GetAny() : known->second;
        }
        else if (member.ipAddress.IsIpv4())
        {
            assignment.member = member.ipAddress.ToIpv4();
        }
        const Key key(assignment.probe, assignment.member);
        keys[pair] = key;
        if (key.second != Ipv4Address::GetAny() && pairs.emplace(key, pair).second)
        {
            wanted.push_back(assignment);
        }
    }
    keys.swap(m_keys);
    m_pairs = pairs;
    std::map<Key, ProbeSettings> how;
    for (const auto& assignment : wanted)
    {
        const Key key(assignment.probe, assignment.member);
        const auto before = m_settings.find(key);
        if (before != m_settings.end() && !before->second.Equals(assignment.settings))
        {
            m_probers->Remove(assignment.probe, assignment.member); // begins anew
        }
        how.emplace(key, assignment.settings);
    }
    m_settings.swap(how);
    m_probers->Assign(wanted);
    // What begins to be probed is unhealthy, whatever was known of it before.
    const auto present = m_keys; // who is told may change them
    for (const auto& [pair, key] : present)
    {
        const auto before = keys.find(pair);
        const auto now = m_keys.find(pair);
        if ((before == keys.end() || before->second != key) && now != m_keys.end())
        {
            Tell(pair, false);
        }
    }
}

void
GatewayProbes::HandleVerdict(std::string probe, Ipv4Address address, bool up)
{
    const auto found = m_pairs.find({probe, address});
    if (found != m_pairs.end())
    {
        const auto pair = found->second; // who is told may change the map
        Tell(pair, up);
    }
}

void
GatewayProbes::Tell(const Pair& pair, bool healthy)
{
    NS_LOG_LOGIC("Backend setting " << pair.first << ", server " << pair.second
                                    << (healthy ? " healthy" : " unhealthy"));
    if (!m_verdict.IsNull())
    {
        m_verdict(pair.first, pair.second, healthy);
    }
}

bool
GatewayProbes::IsHealthy(uint32_t setting, const std::string& member) const
{
    const auto found = m_keys.find({setting, member});
    return found != m_keys.end() && m_probers->IsUp(found->second.first, found->second.second);
}

Ptr<HealthProberSet>
GatewayProbes::GetProbers() const
{
    return m_probers;
}

int64_t
GatewayProbes::AssignStreams(int64_t stream)
{
    return m_probers->AssignStreams(stream);
}

void
GatewayProbes::DoDispose()
{
    m_verdict = VerdictCallback();
    if (m_probers)
    {
        m_probers->Dispose();
        m_probers = nullptr;
    }
    m_plan.reset();
    Object::DoDispose();
}

} // namespace azure
} // namespace ns3
