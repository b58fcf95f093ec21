/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-names.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureGatewayNames");
NS_OBJECT_ENSURE_REGISTERED(GatewayNames);

TypeId
GatewayNames::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::GatewayNames")
            .SetParent<Object>()
            .SetGroupName("AzureLoadBalancing")
            .AddConstructor<GatewayNames>()
            .AddAttribute("RetryInterval",
                          "Wait after a look-up that failed, and the shortest one after any",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&GatewayNames::m_retryInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("Resolved",
                            "A look-up of a member's name has ended",
                            MakeTraceSourceAccessor(&GatewayNames::m_resolved),
                            "ns3::azure::GatewayNames::ResolvedTracedCallback");
    return tid;
}

GatewayNames::~GatewayNames()
{
    Cancel();
}

void
GatewayNames::DoDispose()
{
    Cancel();
    m_entries.clear();
    m_resolver = nullptr;
    m_change = ChangeCallback();
    Object::DoDispose();
}

void
GatewayNames::Cancel()
{
    for (auto& [name, entry] : m_entries)
    {
        entry.next.Cancel();
        if (entry.lookup && m_resolver)
        {
            m_resolver->Cancel(*entry.lookup);
        }
        entry.lookup.reset();
    }
}

void
GatewayNames::SetResolver(Ptr<StubResolver> resolver)
{
    NS_ASSERT_MSG(m_entries.empty(), "before the first name");
    m_resolver = resolver;
}

void
GatewayNames::SetChangeCallback(ChangeCallback callback)
{
    m_change = callback;
}

std::optional<Ipv4Address>
GatewayNames::Find(const std::string& name)
{
    std::string key = name;
    std::transform(key.begin(), key.end(), key.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto [entry, isNew] = m_entries.try_emplace(key);
    if (isNew && m_resolver)
    {
        // Soon: the caller may be in the midst of a request.
        entry->second.next = Simulator::ScheduleNow(&GatewayNames::Resolve, this, key);
    }
    return entry->second.address;
}

void
GatewayNames::Resolve(std::string name)
{
    const auto parsed = DnsName::Parse(name);
    if (!parsed)
    {
        return; // no name at all has no address, now or later
    }
    m_entries[name].lookup =
        m_resolver->Resolve(*parsed, DnsType::A, [this, name](const DnsLookup& lookup) {
            HandleResult(name, lookup);
        });
}

void
GatewayNames::HandleResult(std::string name, const DnsLookup& lookup)
{
    auto& entry = m_entries[name];
    entry.lookup.reset();
    Time wait = m_retryInterval;
    const auto before = entry.address;
    if (lookup.status == DnsLookupStatus::Found && lookup.GetAddress() != Ipv4Address::GetAny())
    {
        // The alias that ends first counts, too.
        uint32_t ttl = UINT32_MAX;
        for (const auto* records : {&lookup.records, &lookup.aliases})
        {
            for (const auto& record : *records)
            {
                ttl = std::min(ttl, record.ttl);
            }
        }
        entry.address = lookup.GetAddress();
        wait = std::max<Time>(wait, Seconds(int64_t{ttl}));
    }
    NS_LOG_INFO(name << " " << ToText(lookup.status));
    entry.next = Simulator::Schedule(wait, &GatewayNames::Resolve, this, name);
    const auto now = entry.address; // who is told may ask for more names
    m_resolved(name, now.value_or(Ipv4Address::GetAny()), Simulator::Now() + wait);
    if (now && now != before && !m_change.IsNull())
    {
        m_change(name, *now);
    }
}

} // namespace azure
} // namespace ns3
