/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-authority.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace azure
{

void
DnsAuthority::AddZone(std::shared_ptr<DnsZone> zone)
{
    const auto origin = zone->GetOrigin();
    m_zones[origin] = std::move(zone);
}

bool
DnsAuthority::RemoveZone(const DnsName& origin)
{
    return m_zones.erase(origin) > 0;
}

std::shared_ptr<DnsZone>
DnsAuthority::FindZone(const DnsName& name) const
{
    for (auto labels = name.GetLabelCount() + 1; labels > 0; --labels)
    {
        const auto zone = m_zones.find(name.GetSuffix(labels - 1));
        if (zone != m_zones.end())
        {
            return zone->second;
        }
    }
    return nullptr;
}

bool
DnsAuthority::Begin(const DnsMessage& query, uint16_t udpPayloadSize, DnsMessage& response)
{
    response = query.MakeResponse();
    if (query.edns)
    {
        response.edns.emplace();
        response.edns->udpPayloadSize = udpPayloadSize;
        response.edns->dnssecOk = query.edns->dnssecOk; // RFC 3225, section 3
    }
    if (query.edns && query.edns->version > 0)
    {
        response.rcode = DnsRcode::BadVersion;
    }
    else if (query.opcode != 0)
    {
        response.rcode = DnsRcode::NotImplemented;
    }
    else if (query.questions.size() != 1)
    {
        response.rcode = DnsRcode::FormatError; // RFC 9619
    }
    else if (query.questions[0].questionClass != DNS_CLASS_IN ||
             query.questions[0].type == DnsType::Axfr || query.questions[0].type == DnsType::None)
    {
        response.rcode = DnsRcode::Refused;
    }
    return response.rcode == DnsRcode::NoError;
}

DnsMessage
DnsAuthority::Respond(const DnsMessage& query,
                      const IpAddress& source,
                      Time now,
                      uint16_t udpPayloadSize) const
{
    DnsMessage response;
    if (!Begin(query, udpPayloadSize, response))
    {
        return response;
    }
    DnsZoneQuery question{query.questions[0],
                          source,
                          query.edns ? query.edns->clientSubnet : std::nullopt,
                          now};
    std::set<DnsName> seen;
    uint8_t scope = 0;
    while (seen.size() < MaxAliases && seen.insert(question.question.name).second)
    {
        const auto zone = FindZone(question.question.name);
        if (!zone)
        {
            if (seen.size() == 1)
            {
                response.rcode = DnsRcode::Refused;
            }
            break;
        }
        auto answer = zone->Answer(question);
        scope = std::max(scope, answer.scopePrefix);
        if (seen.size() == 1)
        {
            response.isAuthoritative = answer.isAuthoritative;
        }
        // RFC 2308, section 2.1: the code is that of the last name of a chain.
        response.rcode = answer.rcode;
        const bool isAlias =
            answer.answers.size() == 1 && answer.answers[0].type == DnsType::Cname &&
            question.question.type != DnsType::Cname && question.question.type != DnsType::Any;
        const auto append = [](std::vector<DnsRecord>& to, std::vector<DnsRecord>& from) {
            to.insert(to.end(), from.begin(), from.end());
        };
        append(response.answers, answer.answers);
        append(response.authorities, answer.authorities);
        append(response.additionals, answer.additionals);
        if (!isAlias)
        {
            break;
        }
        question.question.name = *answer.answers[0].GetTarget();
    }
    if (question.clientSubnet && response.edns)
    {
        response.edns->clientSubnet = question.clientSubnet;
        response.edns->clientSubnet->scopePrefix =
            std::min(scope, question.clientSubnet->GetMaxPrefix());
    }
    return response;
}

} // namespace azure
} // namespace ns3
