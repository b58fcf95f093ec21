/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-static-zone.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// TTL of the SOA and NS records that a zone begins with, in seconds.
constexpr uint32_t APEX_TTL = 3600;

} // namespace

DnsStaticZone::DnsStaticZone(const DnsName& origin, const DnsName& server, uint32_t negativeTtl)
    : m_origin(origin)
{
    const DnsSoa soa{server, origin, 1, 3600, 600, 86400, std::min(negativeTtl, DNS_MAX_TTL)};
    Add(DnsRecord::Soa(origin, APEX_TTL, soa));
    Add(DnsRecord::Ns(origin, APEX_TTL, server));
}

std::string
DnsStaticZone::Add(const DnsRecord& record)
{
    const auto error = record.Check();
    if (!error.empty())
    {
        return record.name.ToText() + ": " + error;
    }
    if (record.recordClass != DNS_CLASS_IN)
    {
        return record.name.ToText() + ": only records of class IN can be served";
    }
    if (!record.name.IsAtOrBelow(m_origin))
    {
        return record.name.ToText() + " is outside of the zone " + m_origin.ToText();
    }
    if (record.type == DnsType::Soa && !(record.name == m_origin))
    {
        return record.name.ToText() + ": an SOA record belongs to the apex of a zone";
    }
    auto& sets = m_all[record.name];
    auto& set = sets[record.type];
    std::string problem;
    if (record.type == DnsType::Cname ? sets.size() > 1 || !set.empty()
                                      : sets.count(DnsType::Cname) > 0)
    {
        // RFC 2181, section 10.1; the same one again is no harm.
        const bool isAgain = !set.empty() && set[0] == record;
        problem = isAgain ? "" : record.name.ToText() + ": a CNAME record bears no others";
    }
    else if (record.type == DnsType::Soa)
    {
        set = {record};
    }
    else if (std::find(set.begin(), set.end(), record) == set.end())
    {
        set.push_back(record);
        for (auto& other : set)
        {
            other.ttl = record.ttl; // one TTL for all of a set (RFC 2181, section 5.2)
        }
    }
    if (set.empty())
    {
        sets.erase(record.type);
    }
    return problem;
}

size_t
DnsStaticZone::Remove(const DnsName& name, DnsType type)
{
    const auto node = m_all.find(name);
    if (node == m_all.end() || type == DnsType::Soa)
    {
        return 0;
    }
    const auto set = node->second.find(type);
    const size_t count = set == node->second.end() ? 0 : set->second.size();
    node->second.erase(type);
    if (node->second.empty())
    {
        m_all.erase(node);
    }
    return count;
}

DnsName
DnsStaticZone::GetOrigin() const
{
    return m_origin;
}

bool
DnsStaticZone::Exists(const DnsName& name) const
{
    // In canonical order what is below a name follows it.
    const auto next = m_all.lower_bound(name);
    return next != m_all.end() && next->first.IsAtOrBelow(name);
}

const std::vector<DnsRecord>*
DnsStaticZone::FindCut(const DnsName& name) const
{
    for (auto labels = m_origin.GetLabelCount() + 1; labels <= name.GetLabelCount(); ++labels)
    {
        const auto node = m_all.find(name.GetSuffix(labels));
        if (node != m_all.end())
        {
            const auto set = node->second.find(DnsType::Ns);
            if (set != node->second.end())
            {
                return &set->second;
            }
        }
    }
    return nullptr;
}

void
DnsStaticZone::AddAddresses(const std::vector<DnsRecord>& records,
                            std::vector<DnsRecord>& additionals) const
{
    for (const auto& record : records)
    {
        const auto target = record.type == DnsType::Cname ? nullptr : record.GetTarget();
        const auto node = target ? m_all.find(*target) : m_all.end();
        if (node == m_all.end())
        {
            continue;
        }
        for (const auto type : {DnsType::A, DnsType::Aaaa})
        {
            if (const auto set = node->second.find(type); set != node->second.end())
            {
                additionals.insert(additionals.end(), set->second.begin(), set->second.end());
            }
        }
    }
}

DnsRecord
DnsStaticZone::GetNegativeSoa() const
{
    auto soa = m_all.at(m_origin).at(DnsType::Soa)[0];
    soa.ttl = std::min(soa.ttl, soa.GetSoa()->minimum);
    return soa;
}

DnsZoneAnswer
DnsStaticZone::Answer(const DnsZoneQuery& query)
{
    DnsZoneAnswer answer;
    const auto& name = query.question.name;
    const auto type = query.question.type;
    if (const auto cut = FindCut(name))
    {
        answer.isAuthoritative = false;
        answer.authorities = *cut;
        AddAddresses(*cut, answer.additionals);
        return answer;
    }
    auto node = m_all.find(name);
    if (node == m_all.end() && !Exists(name))
    {
        // The closest encloser is the longest ancestor that exists (RFC 4592, section 3.3.1).
        auto encloser = name.GetParent();
        while (!Exists(encloser) && !(encloser == m_origin))
        {
            encloser = encloser.GetParent();
        }
        const auto wildcard = encloser.Prepend("*");
        node = wildcard ? m_all.find(*wildcard) : m_all.end();
        if (node == m_all.end() && (!wildcard || !Exists(*wildcard)))
        {
            answer.rcode = DnsRcode::NameError;
            answer.authorities = {GetNegativeSoa()};
            return answer;
        }
    }
    if (node != m_all.end())
    {
        const auto cname = node->second.find(DnsType::Cname);
        const bool isAlias = cname != node->second.end() && type != DnsType::Any;
        for (const auto& [setType, set] : node->second)
        {
            if (setType == type || type == DnsType::Any || (isAlias && setType == DnsType::Cname))
            {
                answer.answers.insert(answer.answers.end(), set.begin(), set.end());
            }
        }
        for (auto& record : answer.answers)
        {
            record.name = name; // for a wildcard, and the case of the question
        }
    }
    if (answer.answers.empty())
    {
        answer.authorities = {GetNegativeSoa()};
    }
    AddAddresses(answer.answers, answer.additionals);
    return answer;
}

} // namespace azure
} // namespace ns3
