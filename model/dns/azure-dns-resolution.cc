/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-resolution.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

DnsResolution::DnsResolution(const DnsQuestion& question,
                             DnsCache& cache,
                             const std::vector<DnsRootHint>& hints,
                             const IpAddress& client)
    : m_cache(cache),
      m_hints(hints),
      m_client(client)
{
    m_frames.push_back({question, {question.name}, {}, {}});
}

const DnsResolutionResult&
DnsResolution::GetResult() const
{
    return m_result;
}

void
DnsResolution::Abandon(const std::string& why)
{
    if (!m_done)
    {
        m_done = true;
        m_result.rcode = DnsRcode::ServerFailure;
        m_result.answers.clear();
        m_result.authorities.clear();
        m_result.failure = why;
    }
}

void
DnsResolution::OnFailure(const IpAddress& server)
{
    if (!m_done)
    {
        m_failed.insert({m_frames.back().zone, server});
    }
}

void
DnsResolution::OnTimeout(const IpAddress& server)
{
    if (!m_done && ++m_tries[{m_frames.back().zone, server}] >= MaxTries)
    {
        OnFailure(server);
    }
}

DnsResolutionStep
DnsResolution::Next(Time now)
{
    DnsResolutionStep step;
    while (!m_done)
    {
        if (UseCache(now))
        {
            continue;
        }
        if (FindServers(now, step))
        {
            if (++m_result.queries > MaxQueries)
            {
                Abandon("too many queries");
                break;
            }
            step.question = m_frames.back().question;
            step.isMain = m_frames.size() == 1;
            return step;
        }
    }
    return DnsResolutionStep{true, {}, {}, {}, false};
}

bool
DnsResolution::Follow(Frame& frame, const DnsRecord& alias)
{
    frame.answers.push_back(alias);
    frame.question.name = *alias.GetTarget();
    if (frame.seen.size() > MaxAliases || !frame.seen.insert(frame.question.name).second)
    {
        Abandon("a loop or too long a chain of aliases at " + frame.question.name.ToText());
        return false;
    }
    return true;
}

bool
DnsResolution::UseCache(Time now)
{
    auto& frame = m_frames.back();
    const auto client = m_frames.size() == 1 ? m_client : IpAddress{};
    const auto& question = frame.question;
    auto known = m_cache.Get(question.name, question.type, DnsTrust::Answer, now, client);
    if (known.kind == DnsCacheResult::Kind::Miss && question.type != DnsType::Cname)
    {
        const auto alias =
            m_cache.Get(question.name, DnsType::Cname, DnsTrust::Answer, now, client);
        if (alias.kind == DnsCacheResult::Kind::Positive)
        {
            m_result.scopePrefix = std::max(m_result.scopePrefix, alias.scopePrefix);
            Follow(frame, alias.records[0]);
            return true;
        }
    }
    if (known.kind == DnsCacheResult::Kind::Miss)
    {
        return false;
    }
    m_result.scopePrefix = std::max(m_result.scopePrefix, known.scopePrefix);
    Finish(known.kind == DnsCacheResult::Kind::NameError ? DnsRcode::NameError : DnsRcode::NoError,
           known.records);
    return true;
}

std::vector<DnsName>
DnsResolution::GetServerNames(const DnsName& zone, Time now)
{
    std::vector<DnsName> names;
    const auto known = m_cache.Get(zone, DnsType::Ns, DnsTrust::Referral, now);
    if (known.kind == DnsCacheResult::Kind::Positive)
    {
        for (const auto& record : known.records)
        {
            names.push_back(*record.GetTarget());
        }
    }
    else if (const auto own = m_delegations.find(zone); own != m_delegations.end())
    {
        names = own->second;
    }
    return names;
}

bool
DnsResolution::FindServers(Time now, DnsResolutionStep& step)
{
    auto& frame = m_frames.back();
    for (auto labels = frame.question.name.GetLabelCount() + 1; labels > 0; --labels)
    {
        const auto zone = frame.question.name.GetSuffix(labels - 1);
        const auto names = GetServerNames(zone, now);
        std::set<IpAddress> addresses;
        std::vector<DnsName> unknown;
        for (const auto& name : names)
        {
            const auto known = m_cache.Get(name, DnsType::A, DnsTrust::Referral, now);
            std::set<IpAddress> own;
            if (known.kind == DnsCacheResult::Kind::Positive)
            {
                for (const auto& record : known.records)
                {
                    own.insert(record.GetAddress());
                }
            }
            else if (const auto found = m_addresses.find(name); found != m_addresses.end())
            {
                own = found->second;
            }
            if (own.empty() && !name.IsAtOrBelow(zone) && !m_searched.count(name))
            {
                unknown.push_back(name);
            }
            addresses.insert(own.begin(), own.end());
        }
        if (zone.IsRoot() && names.empty())
        {
            for (const auto& hint : m_hints)
            {
                addresses.insert(hint.address);
            }
        }
        const bool isTried = !addresses.empty();
        step.servers.clear();
        for (const auto& address : addresses)
        {
            if (!m_failed.count({zone, address}))
            {
                step.servers.push_back(address);
            }
        }
        if (!step.servers.empty())
        {
            step.zone = frame.zone = zone;
            return true;
        }
        if (!unknown.empty() && m_frames.size() <= MaxDepth)
        {
            m_searched.insert(unknown[0]);
            m_frames.push_back({{unknown[0], DnsType::A}, {unknown[0]}, {}, {}});
            return false;
        }
        if (isTried || m_delegations.count(zone))
        {
            // Those above would refer here again.
            if (m_frames.size() > 1)
            {
                Finish(DnsRcode::ServerFailure, {});
            }
            else
            {
                Abandon("no server of " + zone.ToText() + " is of use");
            }
            return false;
        }
    }
    Abandon("there are no servers of the root");
    return false;
}

void
DnsResolution::Finish(DnsRcode rcode, const std::vector<DnsRecord>& records)
{
    auto frame = m_frames.back();
    const bool isNegative =
        rcode != DnsRcode::NoError || records.empty() || records[0].type == DnsType::Soa;
    // A question for the SOA itself is the exception.
    const bool isPositive = rcode == DnsRcode::NoError && !records.empty() &&
                            (!isNegative || (frame.question.type == DnsType::Soa &&
                                             records[0].name == frame.question.name));
    if (m_frames.size() > 1)
    {
        // The first name of the chain is that of the server.
        const auto name = frame.answers.empty() ? frame.question.name : frame.answers[0].name;
        for (const auto& record : records)
        {
            if (isPositive && record.type == DnsType::A)
            {
                m_addresses[name].insert(record.GetAddress());
            }
        }
        m_frames.pop_back();
        return;
    }
    m_done = true;
    m_result.rcode = rcode;
    m_result.answers = frame.answers;
    auto& section = isPositive ? m_result.answers : m_result.authorities;
    section.insert(section.end(), records.begin(), records.end());
}

std::vector<DnsRecord>
DnsResolution::Keep(const std::vector<DnsRecord>& records,
                    Time now,
                    const std::optional<DnsClientSubnet>& subnet)
{
    const auto client = subnet ? subnet->address : IpAddress{};
    if (m_cache.Put(records, DnsTrust::Answer, now, subnet))
    {
        const auto kept =
            m_cache.Get(records[0].name, records[0].type, DnsTrust::Answer, now, client);
        if (kept.kind == DnsCacheResult::Kind::Positive)
        {
            return kept.records;
        }
    }
    return records;
}

bool
DnsResolution::TakeReferral(const DnsMessage& response, Time now)
{
    const auto& frame = m_frames.back();
    std::vector<DnsRecord> servers;
    for (const auto& record : response.authorities)
    {
        const bool leadsOn = record.type == DnsType::Ns && record.name.IsBelow(frame.zone) &&
                             frame.question.name.IsAtOrBelow(record.name) &&
                             record.recordClass == DNS_CLASS_IN;
        if (leadsOn && (servers.empty() || servers[0].name == record.name))
        {
            servers.push_back(record);
        }
    }
    if (servers.empty())
    {
        return false;
    }
    std::vector<DnsName> names;
    for (const auto& server : servers)
    {
        const auto& name = *server.GetTarget();
        names.push_back(name);
        std::vector<DnsRecord> glue;
        for (const auto& record : response.additionals)
        {
            // Only of hosts that the servers can know of.
            if (record.type == DnsType::A && record.name == name &&
                record.recordClass == DNS_CLASS_IN && name.IsAtOrBelow(frame.zone))
            {
                glue.push_back(record);
                m_addresses[name].insert(record.GetAddress());
            }
        }
        m_cache.Put(glue, DnsTrust::Referral, now);
    }
    m_cache.Put(servers, DnsTrust::Referral, now);
    m_delegations[servers[0].name] = names;
    return true;
}

void
DnsResolution::OnResponse(const IpAddress& server, const DnsMessage& response, Time now)
{
    if (m_done)
    {
        return;
    }
    auto& frame = m_frames.back();
    const auto zone = frame.zone;
    if (response.rcode != DnsRcode::NoError && response.rcode != DnsRcode::NameError)
    {
        OnFailure(server);
        return;
    }
    const auto subnet =
        m_frames.size() == 1 && response.edns ? response.edns->clientSubnet : std::nullopt;
    const auto select = [&response](const DnsName& name, DnsType type) {
        std::vector<DnsRecord> records;
        for (const auto& record : response.answers)
        {
            if (record.type == type && record.name == name && record.recordClass == DNS_CLASS_IN)
            {
                records.push_back(record);
            }
        }
        return records;
    };
    bool isFollowed = false;
    while (frame.question.name.IsAtOrBelow(zone))
    {
        const auto records = select(frame.question.name, frame.question.type);
        if (subnet && (isFollowed || !records.empty()))
        {
            m_result.scopePrefix = std::max(m_result.scopePrefix, subnet->scopePrefix);
        }
        if (!records.empty())
        {
            Finish(DnsRcode::NoError, Keep(records, now, subnet));
            return;
        }
        const auto aliases = select(frame.question.name, DnsType::Cname);
        if (aliases.empty())
        {
            break;
        }
        isFollowed = true;
        if (!Follow(frame, Keep({aliases[0]}, now, subnet)[0]))
        {
            return;
        }
    }
    if (!frame.question.name.IsAtOrBelow(zone))
    {
        return; // an alias leads elsewhere
    }
    const DnsRecord* soa = nullptr;
    for (const auto& record : response.authorities)
    {
        if (record.type == DnsType::Soa && frame.question.name.IsAtOrBelow(record.name) &&
            record.name.IsAtOrBelow(zone))
        {
            soa = &record;
        }
    }
    const bool isNameError = response.rcode == DnsRcode::NameError;
    if (isNameError || soa || (response.isAuthoritative && response.answers.empty()))
    {
        if (subnet)
        {
            m_result.scopePrefix = std::max(m_result.scopePrefix, subnet->scopePrefix);
        }
        std::vector<DnsRecord> authorities;
        if (soa)
        {
            authorities = {*soa};
            m_cache.PutNegative(frame.question, isNameError, soa, now, subnet);
        }
        Finish(response.rcode, authorities);
        return;
    }
    if (!isFollowed && !TakeReferral(response, now))
    {
        OnFailure(server); // lame
    }
}

} // namespace azure
} // namespace ns3
