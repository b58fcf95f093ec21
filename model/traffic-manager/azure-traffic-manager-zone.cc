/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager-zone.h"

namespace ns3
{
namespace azure
{

TrafficManagerZone::TrafficManagerZone(Ptr<TrafficManager> manager, const DnsName& origin)
    : m_manager(manager),
      m_origin(origin)
{
}

DnsName
TrafficManagerZone::GetOrigin() const
{
    return m_origin;
}

DnsRecord
TrafficManagerZone::GetSoa() const
{
    DnsSoa soa;
    const auto delegation = m_manager->GetDelegation(m_origin);
    soa.primary = delegation.empty() ? m_origin : *delegation[0].GetTarget();
    soa.mailbox = m_origin.Prepend("hostmaster").value_or(m_origin);
    // All but the last are for secondary servers, which there are none of.
    soa.serial = 1;
    soa.refresh = 900;
    soa.retry = 300;
    soa.expire = 2419200;
    soa.minimum = m_manager->GetNegativeTtl();
    return DnsRecord::Soa(m_origin, soa.minimum, soa);
}

DnsZoneAnswer
TrafficManagerZone::AnswerOwn(const DnsZoneQuery& query, bool& isKnown) const
{
    DnsZoneAnswer answer;
    const auto& name = query.question.name;
    const auto type = query.question.type;
    isKnown = name == m_origin;
    const auto add = [&](const DnsRecord& record) {
        if (record.name == name && (record.type == type || type == DnsType::Any))
        {
            answer.answers.push_back(record);
        }
        // A name with others below it exists, even without records (RFC 8020).
        isKnown = isKnown || record.name.IsAtOrBelow(name);
    };
    add(GetSoa());
    for (const auto& record : m_manager->GetDelegation(m_origin))
    {
        add(record);
        if (name == m_origin && type == DnsType::Ns && record.type == DnsType::A)
        {
            answer.additionals.push_back(record);
        }
    }
    return answer;
}

DnsZoneAnswer
TrafficManagerZone::Answer(const DnsZoneQuery& query)
{
    bool isOwn = false;
    const auto own = AnswerOwn(query, isOwn);
    const auto isProfile = m_manager->FindByName(query.question.name).has_value();
    // A profile may have the name of the apex; NS and SOA are not its own even then.
    const bool isAboutZone = !own.answers.empty() && query.question.type != DnsType::Any;
    auto answer = isOwn && (!isProfile || isAboutZone) ? own : m_manager->Answer(query);
    if (answer.answers.empty())
    {
        answer.authorities.push_back(GetSoa());
    }
    return answer;
}

} // namespace azure
} // namespace ns3
