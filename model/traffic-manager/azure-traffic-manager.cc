/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-traffic-manager.h"

#include "ns3/assert.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureTrafficManager");
NS_OBJECT_ENSURE_REGISTERED(TrafficManager);

namespace
{

/**
 * @param type type of a question
 * @return the same, as the engine has it
 */
TrafficManagerRecordType
ToRecordType(DnsType type)
{
    switch (type)
    {
    case DnsType::A:
        return TrafficManagerRecordType::A;
    case DnsType::Aaaa:
        return TrafficManagerRecordType::Aaaa;
    case DnsType::Cname:
        return TrafficManagerRecordType::Cname;
    case DnsType::Any:
        return TrafficManagerRecordType::Any;
    default:
        return TrafficManagerRecordType::Other;
    }
}

/**
 * @param fqdn name of a profile in DNS
 * @return name of the zone that it is in
 */
DnsName
OriginOf(const std::string& fqdn)
{
    const auto name = DnsName::Parse(fqdn).value_or(DnsName());
    // A top-level domain is nobody's.
    return name.GetLabelCount() > 2 ? name.GetParent() : name;
}

} // namespace

TypeId
TrafficManager::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::TrafficManager")
            .SetParent<Object>()
            .SetGroupName("Azure")
            .AddConstructor<TrafficManager>()
            .AddAttribute("ProfileChangeDelay",
                          "Time until a change of a profile takes effect (TM-11).",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&TrafficManager::m_profileChangeDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("HealthDelay",
                          "Time until the name servers know of a verdict or change.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&TrafficManager::m_healthDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute(
                "Frozen",
                "Whether the name servers keep what they last knew, as they do when "
                "the plane of health and policy fails (TM-9); may change at any time.",
                BooleanValue(false),
                MakeBooleanAccessor(&TrafficManager::SetFrozen, &TrafficManager::IsFrozen),
                MakeBooleanChecker())
            .AddAttribute("NegativeTtl",
                          "TTL of negative answers, in seconds; Azure documents none.",
                          UintegerValue(30),
                          MakeUintegerAccessor(&TrafficManager::m_negativeTtl),
                          MakeUintegerChecker<uint32_t>(0, DNS_MAX_TTL))
            .AddTraceSource("Answer",
                            "A query was answered.",
                            MakeTraceSourceAccessor(&TrafficManager::m_answerTrace),
                            "ns3::azure::TrafficManager::AnswerCallback")
            .AddTraceSource("EndpointStatus",
                            "An endpoint has another status (TM-29).",
                            MakeTraceSourceAccessor(&TrafficManager::m_endpointTrace),
                            "ns3::azure::TrafficManager::EndpointStatusCallback")
            .AddTraceSource("ProfileStatus",
                            "A profile has another status (TM-30).",
                            MakeTraceSourceAccessor(&TrafficManager::m_profileTrace),
                            "ns3::azure::TrafficManager::ProfileStatusCallback")
            .AddTraceSource("ProfileChange",
                            "A change of a profile took effect.",
                            MakeTraceSourceAccessor(&TrafficManager::m_changeTrace),
                            "ns3::azure::TrafficManager::ProfileChangeCallback")
            .AddTraceSource("NameServerUpdate",
                            "The name servers answer by something new.",
                            MakeTraceSourceAccessor(&TrafficManager::m_publishTrace),
                            "ns3::azure::TrafficManager::NameServerUpdateCallback")
            .AddTraceSource("MonitorProbe",
                            "A probe of any place ended.",
                            MakeTraceSourceAccessor(&TrafficManager::m_probeTrace),
                            "ns3::azure::EndpointMonitor::ProbeCallback");
    return tid;
}

TrafficManager::TrafficManager()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

TrafficManager::~TrafficManager()
{
    m_monitorsUpdate.Cancel();
    for (const auto& monitor : m_monitors)
    {
        monitor->SetResultCallback(EndpointMonitor::ResultCallback()); // not disposed of
    }
}

void
TrafficManager::DoDispose()
{
    m_monitorsUpdate.Cancel();
    for (const auto& monitor : m_monitors)
    {
        monitor->Dispose();
    }
    m_monitors.clear();
    m_monitored.clear();
    Object::DoDispose();
}

std::vector<ConfigurationError>
TrafficManager::SetProfiles(const std::vector<TrafficManagerConfiguration>& profiles,
                            std::shared_ptr<const TrafficManagerWorld> world,
                            const TrafficManagerSettings& settings)
{
    NS_ASSERT_MSG(!m_engine, "one set of profiles, once");
    auto errors = TrafficManagerConfiguration::ValidateAll(profiles, world->regions);
    if (errors.empty())
    {
        m_world = std::move(world);
        m_wanted = profiles;
        m_engine = std::make_unique<TrafficManagerEngine>(profiles, m_world, settings);
        m_published = std::make_shared<TrafficManagerEngine>(*m_engine);
        for (uint32_t index = 0; index < profiles.size(); ++index)
        {
            m_names[DnsName::Parse(profiles[index].GetFqdn()).value_or(DnsName())] = index;
        }
    }
    return errors;
}

void
TrafficManager::AddMonitor(Ptr<EndpointMonitor> monitor)
{
    NS_LOG_FUNCTION(this << monitor->GetPlace());
    NS_ASSERT_MSG(m_engine && m_monitored.empty(), "after SetProfiles(), before the simulation");
    const auto place = GetMonitorCount();
    m_monitors.push_back(monitor);
    // The monitor is disposed of with this object.
    monitor->SetResultCallback(EndpointMonitor::ResultCallback(
        [this, place](const EndpointProbeRecord& record) { HandleProbe(place, record); }));
    ScheduleMonitors();
}

uint32_t
TrafficManager::GetMonitorCount() const
{
    return static_cast<uint32_t>(m_monitors.size());
}

Ptr<EndpointMonitor>
TrafficManager::GetMonitor(uint32_t index) const
{
    NS_ASSERT_MSG(index < m_monitors.size(), "there is no such monitor");
    return m_monitors[index];
}

void
TrafficManager::AddNameServer(Ipv4Address address)
{
    m_nameServers.push_back(address);
}

const std::vector<Ipv4Address>&
TrafficManager::GetNameServers() const
{
    return m_nameServers;
}

std::vector<DnsName>
TrafficManager::GetOrigins() const
{
    std::vector<DnsName> origins;
    for (const auto& profile : m_wanted)
    {
        const auto origin = OriginOf(profile.GetFqdn());
        if (std::find(origins.begin(), origins.end(), origin) == origins.end())
        {
            origins.push_back(origin);
        }
    }
    return origins;
}

std::vector<DnsRecord>
TrafficManager::GetDelegation(const DnsName& origin) const
{
    constexpr uint32_t ttl = 3600;
    std::vector<DnsRecord> records;
    for (size_t index = 0; index < m_nameServers.size(); ++index)
    {
        const auto zone = origin.Prepend("dns");
        const auto name =
            zone ? zone->Prepend("tm" + std::to_string(index + 1)) : std::optional<DnsName>();
        if (name)
        {
            records.push_back(DnsRecord::Ns(origin, ttl, *name));
            records.push_back(DnsRecord::A(*name, ttl, m_nameServers[index]));
        }
    }
    return records;
}

const TrafficManagerEngine&
TrafficManager::GetEngine() const
{
    NS_ASSERT_MSG(m_engine, "SetProfiles() first");
    return *m_engine;
}

const TrafficManagerEngine&
TrafficManager::GetPublished() const
{
    NS_ASSERT_MSG(m_published, "SetProfiles() first");
    return *m_published;
}

std::optional<uint32_t>
TrafficManager::FindByName(const DnsName& name) const
{
    const auto it = m_names.find(name);
    return it == m_names.end() ? std::nullopt : std::optional<uint32_t>(it->second);
}

uint32_t
TrafficManager::GetNegativeTtl() const
{
    return m_negativeTtl;
}

DnsZoneAnswer
TrafficManager::Answer(const DnsZoneQuery& query)
{
    const auto& engine = GetPublished();
    const auto& profiles = engine.GetStates().GetProfiles();
    TrafficManagerAnswerRecord record;
    record.time = query.now;
    record.question = query.question;
    record.source = query.source;
    record.clientSubnet = query.clientSubnet;
    record.answer.rcode = DnsRcode::NameError;
    if (const auto profile = FindByName(query.question.name))
    {
        TrafficManagerQuery asked;
        asked.type = ToRecordType(query.question.type);
        asked.source = query.source;
        if (query.clientSubnet)
        {
            asked.clientSubnet = query.clientSubnet->address;
            asked.clientSubnetLength = query.clientSubnet->sourcePrefix;
        }
        const auto answer = engine.Answer(*profile, asked, m_random);
        record.profile = profiles[*profile].name;
        record.reason = answer.reason;
        record.answer.rcode = answer.nameExists ? DnsRcode::NoError : DnsRcode::NameError;
        if (answer.bySource && query.clientSubnet)
        {
            record.answer.scopePrefix = query.clientSubnet->sourcePrefix;
        }
        const auto ttl = static_cast<uint32_t>(answer.ttl.ToInteger(Time::S));
        for (const auto& found : answer.records)
        {
            record.answer.answers.push_back(
                found.type == TrafficManagerRecordType::Cname
                    ? DnsRecord::Cname(query.question.name,
                                       ttl,
                                       DnsName::Parse(found.name).value_or(DnsName()))
                    : DnsRecord::Address(query.question.name, ttl, found.address));
            std::string path;
            for (const auto& id : found.path)
            {
                const auto& name = profiles[id.profile].endpoints[id.endpoint].name;
                path += (path.empty() ? "" : "/") + name;
                m_answers[{profiles[id.profile].name, name}]++;
            }
            record.paths.push_back(path);
        }
        m_queries[record.profile]++;
    }
    m_reasons[record.reason]++;
    m_answerTrace(record);
    return record.answer;
}

std::string
TrafficManager::Find(const std::string& profile,
                     const std::string& endpoint,
                     TrafficManagerEndpointId& id) const
{
    const auto index = GetEngine().GetStates().FindProfile(profile);
    if (!index)
    {
        return "there is no profile " + profile;
    }
    const auto& endpoints = GetEngine().GetStates().GetProfiles()[*index].endpoints;
    const auto it = std::find_if(endpoints.begin(), endpoints.end(), [&](const auto& candidate) {
        return TrafficManagerStates::IsSameName(candidate.name, endpoint);
    });
    if (it == endpoints.end())
    {
        return "profile " + profile + " has no endpoint " + endpoint;
    }
    id = {*index, static_cast<uint32_t>(it - endpoints.begin())};
    return "";
}

std::string
TrafficManager::FindWanted(const std::string& profile,
                           TrafficManagerConfiguration& configuration) const
{
    const auto index = GetEngine().GetStates().FindProfile(profile);
    if (!index)
    {
        return "there is no profile " + profile;
    }
    configuration = m_wanted[*index];
    return "";
}

std::string
TrafficManager::Replace(const TrafficManagerConfiguration& configuration)
{
    NS_LOG_FUNCTION(this << configuration.name);
    const auto index = GetEngine().GetStates().FindProfile(configuration.name);
    if (!index)
    {
        return "there is no profile " + configuration.name;
    }
    auto wanted = m_wanted;
    wanted[*index] = configuration;
    const auto errors = TrafficManagerConfiguration::ValidateAll(wanted, m_world->regions);
    if (!errors.empty())
    {
        return errors.front().path + ": " + errors.front().message;
    }
    if (configuration.GetFqdn() != m_wanted[*index].GetFqdn())
    {
        return "profile " + configuration.name + " keeps its name in DNS, " +
               m_wanted[*index].GetFqdn();
    }
    m_wanted = std::move(wanted);
    // In the order of the calls, even if the delay changes in between.
    m_lastApply = std::max(m_lastApply, Simulator::Now() + m_profileChangeDelay);
    Simulator::Schedule(
        m_lastApply - Simulator::Now(),
        [self = Ptr<TrafficManager>(this), configuration]() { self->Apply(configuration); });
    return "";
}

std::string
TrafficManager::SetProfileStatus(const std::string& profile, bool isEnabled)
{
    TrafficManagerConfiguration configuration;
    const auto error = FindWanted(profile, configuration);
    configuration.profileStatus = isEnabled;
    return error.empty() ? Replace(configuration) : error;
}

std::string
TrafficManager::SetEndpointStatus(const std::string& profile,
                                  const std::string& endpoint,
                                  bool isEnabled)
{
    TrafficManagerConfiguration configuration;
    const auto error = FindWanted(profile, configuration);
    if (!error.empty())
    {
        return error;
    }
    for (auto& candidate : configuration.endpoints)
    {
        if (TrafficManagerStates::IsSameName(candidate.name, endpoint))
        {
            candidate.endpointStatus = isEnabled;
            return Replace(configuration);
        }
    }
    return "profile " + profile + " has no endpoint " + endpoint;
}

std::string
TrafficManager::SetStopped(const std::string& profile, const std::string& endpoint, bool isStopped)
{
    TrafficManagerEndpointId id;
    const auto error = Find(profile, endpoint, id);
    if (error.empty())
    {
        ScheduleMonitors();
        Tell(m_engine->SetStopped(id, isStopped));
    }
    return error;
}

std::string
TrafficManager::SetHealth(const std::string& profile,
                          const std::string& endpoint,
                          EndpointHealth health)
{
    TrafficManagerEndpointId id;
    const auto error = Find(profile, endpoint, id);
    if (error.empty())
    {
        Tell(m_engine->SetHealth(id, health));
    }
    return error;
}

void
TrafficManager::Apply(const TrafficManagerConfiguration& configuration)
{
    const auto change = m_engine->Replace(configuration);
    // Each change was checked with all those before it, so none can be refused now.
    NS_ASSERT_MSG(change.error.empty(), change.error);
    ScheduleMonitors();
    m_changeTrace(configuration.name, change);
    Tell(change);
}

void
TrafficManager::Tell(const TrafficManagerChange& change)
{
    for (const auto& endpoint : change.endpoints)
    {
        m_endpointTrace(endpoint);
    }
    for (const auto& profile : change.profiles)
    {
        m_profileTrace(profile);
    }
    if (m_frozen)
    {
        return;
    }
    const std::shared_ptr<const TrafficManagerEngine> engine =
        std::make_shared<TrafficManagerEngine>(*m_engine);
    m_lastPublish = std::max(m_lastPublish, Simulator::Now() + m_healthDelay);
    if (m_lastPublish == Simulator::Now())
    {
        Publish(engine);
        return;
    }
    Simulator::Schedule(m_lastPublish - Simulator::Now(),
                        [self = Ptr<TrafficManager>(this), engine]() { self->Publish(engine); });
}

void
TrafficManager::Publish(const std::shared_ptr<const TrafficManagerEngine>& engine)
{
    if (m_frozen)
    {
        return;
    }
    const auto before = m_published;
    m_published = engine;
    m_publishTrace(engine->GetStates().CompareWith(before->GetStates()));
}

void
TrafficManager::SetFrozen(bool isFrozen)
{
    const auto wasFrozen = std::exchange(m_frozen, isFrozen);
    if (wasFrozen && !isFrozen && m_engine)
    {
        Tell(TrafficManagerChange());
    }
}

bool
TrafficManager::IsFrozen() const
{
    return m_frozen;
}

void
TrafficManager::ScheduleMonitors()
{
    if (!m_monitors.empty() && !m_monitorsUpdate.IsPending())
    {
        m_monitorsUpdate = Simulator::ScheduleNow(&TrafficManager::UpdateMonitors, this);
    }
}

void
TrafficManager::UpdateMonitors()
{
    const auto& states = GetEngine().GetStates();
    std::map<Key, Monitoring> monitored;
    std::vector<MonitoredEndpoint> all;
    for (const auto& id : states.GetMonitored())
    {
        const auto& profile = states.GetProfiles()[id.profile];
        const auto& endpoint = profile.endpoints[id.endpoint];
        if (endpoint.GetTargetKind() == TrafficManagerTargetKind::Ipv6Address)
        {
            continue; // out of reach of an IPv4 network; stays CheckingEndpoint, so it is served
        }
        MonitoredEndpoint what{profile.name,
                               endpoint.name,
                               endpoint.target,
                               EndpointMonitorVerdict::MakeSettings(profile, endpoint)};
        all.push_back(what);
        const Key key{profile.name, endpoint.name};
        const auto known = m_monitored.find(key);
        if (known != m_monitored.end() && known->second.what.target == what.target &&
            known->second.what.settings.Equals(what.settings))
        {
            monitored.insert({key, known->second});
            continue;
        }
        monitored.insert(
            {key,
             {what,
              EndpointMonitorVerdict(GetMonitorCount(),
                                     profile.monitorConfig.toleratedNumberOfFailures)}});
    }
    m_monitored = std::move(monitored);
    for (const auto& monitor : m_monitors)
    {
        monitor->Assign(all);
    }
}

void
TrafficManager::HandleProbe(uint32_t place, const EndpointProbeRecord& record)
{
    m_probeTrace(record);
    const auto it = m_monitored.find({record.profile, record.endpoint});
    TrafficManagerEndpointId id;
    if (it == m_monitored.end() || !Find(record.profile, record.endpoint, id).empty())
    {
        return; // a listener changed the profile
    }
    if (it->second.verdict.Update(place, record.probe.outcome))
    {
        NS_LOG_INFO(record.profile
                    << "/" << record.endpoint << " is "
                    << (it->second.verdict.GetHealth() == EndpointHealth::Healthy ? "up" : "down"));
        Tell(m_engine->SetHealth(id, it->second.verdict.GetHealth()));
    }
}

double
TrafficManager::GetShareUp(const std::string& profile, const std::string& endpoint) const
{
    for (const auto& [key, monitoring] : m_monitored)
    {
        if (TrafficManagerStates::IsSameName(key.first, profile) &&
            TrafficManagerStates::IsSameName(key.second, endpoint))
        {
            return monitoring.verdict.GetShareUp();
        }
    }
    return 0;
}

uint64_t
TrafficManager::GetQueryCount(const std::string& profile) const
{
    for (const auto& [name, count] : m_queries)
    {
        if (TrafficManagerStates::IsSameName(name, profile))
        {
            return count;
        }
    }
    return 0;
}

uint64_t
TrafficManager::GetAnswerCount(const std::string& profile, const std::string& endpoint) const
{
    for (const auto& [key, count] : m_answers)
    {
        if (TrafficManagerStates::IsSameName(key.first, profile) &&
            TrafficManagerStates::IsSameName(key.second, endpoint))
        {
            return count;
        }
    }
    return 0;
}

uint64_t
TrafficManager::GetReasonCount(TrafficManagerReason reason) const
{
    const auto it = m_reasons.find(reason);
    return it == m_reasons.end() ? 0 : it->second;
}

int64_t
TrafficManager::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    int64_t next = stream + 1;
    for (const auto& monitor : m_monitors)
    {
        next += monitor->AssignStreams(next);
    }
    return next - stream;
}

} // namespace azure
} // namespace ns3
