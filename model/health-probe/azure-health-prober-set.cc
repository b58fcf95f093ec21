/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-health-prober-set.h"

#include "azure-probe-source.h"

#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureHealthProberSet");
NS_OBJECT_ENSURE_REGISTERED(HealthProberSet);

TypeId
HealthProberSet::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::HealthProberSet")
            .SetParent<Object>()
            .SetGroupName("AzureLoadBalancing")
            .AddConstructor<HealthProberSet>()
            .AddAttribute("Phase",
                          "Wait before a prober's first probe, as a fraction of the interval, "
                          "from 0 to 1; drawn for each prober",
                          StringValue("ns3::UniformRandomVariable[Min=0|Max=1]"),
                          MakePointerAccessor(&HealthProberSet::m_phase),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("ReactionDelay",
                          "Time from the decision of a verdict to its effect (HP-13)",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&HealthProberSet::m_reactionDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("FlapWindow",
                          "How long a mark of down counts as flapping (HP-7)",
                          TimeValue(Minutes(5)),
                          MakeTimeAccessor(&HealthProberSet::m_flapWindow),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("FlapPenalty",
                          "Extra wait before an instance is marked up again, for each mark of "
                          "down in the window after the first; 0 for none (HP-7)",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&HealthProberSet::m_flapPenalty),
                          MakeTimeChecker(Seconds(0)))
            .AddTraceSource("ProbeSent",
                            "A probe was sent",
                            MakeTraceSourceAccessor(&HealthProberSet::m_probeSent),
                            "ns3::azure::HealthProber::ProbeTracedCallback")
            .AddTraceSource("ProbeResult",
                            "A probe ended",
                            MakeTraceSourceAccessor(&HealthProberSet::m_probeResult),
                            "ns3::azure::HealthProber::ProbeTracedCallback")
            .AddTraceSource("VerdictChanged",
                            "A change of a verdict took effect",
                            MakeTraceSourceAccessor(&HealthProberSet::m_verdictChanged),
                            "ns3::azure::HealthProber::VerdictTracedCallback");
    return tid;
}

HealthProberSet::HealthProberSet() = default;

HealthProberSet::~HealthProberSet() = default;

void
HealthProberSet::SetOwner(const std::string& owner)
{
    NS_ASSERT_MSG(m_probers.empty(), "The owner is set before the first prober");
    m_owner = owner;
}

void
HealthProberSet::SetNode(Ptr<Node> node)
{
    NS_ASSERT_MSG(m_probers.empty(), "The node is set before the first prober");
    m_node = node;
}

void
HealthProberSet::SetVerdictCallback(VerdictCallback callback)
{
    m_verdictCallback = callback;
}

Ptr<ProbeSource>
HealthProberSet::FindSource(const std::string& probe, Ipv4Address member, Ipv4Address source)
{
    if (m_node)
    {
        return ProbeSource::GetOrCreate(m_node, source);
    }
    auto instance = ProbeSource::FindNode(member);
    NS_ABORT_MSG_UNLESS(instance,
                        "Load balancer " << m_owner << ", probe " << probe << ": backend " << member
                                         << " is no address of any node; give it to a node or "
                                            "take it out of the pool");
    std::string error;
    auto host = ProbeSource::FindHost(instance, error);
    NS_ABORT_MSG_UNLESS(host,
                        "Load balancer " << m_owner << ", probe " << probe << ", backend " << member
                                         << ": " << error);
    return ProbeSource::GetOrCreate(host);
}

void
HealthProberSet::Add(const std::string& probe,
                     Ipv4Address member,
                     const ProbeSettings& settings,
                     Ipv4Address source)
{
    NS_LOG_FUNCTION(this << probe << member << source);
    const Key key{probe, member.Get()};
    if (m_probers.count(key) > 0)
    {
        return;
    }
    auto prober =
        FindSource(probe, member, source)->AddProber(m_owner + "/" + probe, member, settings);
    m_probers[key] = prober;
    prober->SetAttribute("Phase", PointerValue(m_phase));
    if (settings.protocol == ProbeProtocol::Https)
    {
        if (!m_tlsRandom)
        {
            m_tlsRandom = CreateObject<UniformRandomVariable>();
            if (m_stream >= 0)
            {
                m_tlsRandom->SetStream(m_stream);
            }
        }
        prober->SetTlsRandom(m_tlsRandom);
    }
    prober->SetAttribute("ReactionDelay", TimeValue(m_reactionDelay));
    prober->SetAttribute("FlapWindow", TimeValue(m_flapWindow));
    prober->SetAttribute("FlapPenalty", TimeValue(m_flapPenalty));
    prober->TraceConnectWithoutContext("ProbeSent",
                                       MakeCallback(&HealthProberSet::HandleSent, this));
    prober->TraceConnectWithoutContext("ProbeResult",
                                       MakeCallback(&HealthProberSet::HandleResult, this));
    prober->TraceConnectWithoutContext("VerdictChanged",
                                       MakeCallback(&HealthProberSet::HandleVerdict, this));
    if (m_stopped.count(member.Get()) == 0)
    {
        prober->Start();
    }
}

void
HealthProberSet::Assign(const std::vector<ProbeAssignment>& wanted)
{
    std::set<Key> keep;
    for (const auto& assignment : wanted)
    {
        keep.insert({assignment.probe, assignment.member.Get()});
    }
    std::vector<Key> surplus;
    for (const auto& [key, prober] : m_probers)
    {
        if (keep.count(key) == 0)
        {
            surplus.push_back(key);
        }
    }
    for (const auto& key : surplus)
    {
        Remove(key.first, Ipv4Address(key.second));
    }
    for (const auto& assignment : wanted)
    {
        Add(assignment.probe, assignment.member, assignment.settings, assignment.source);
    }
}

void
HealthProberSet::Remove(const std::string& probe, Ipv4Address member)
{
    auto it = m_probers.find({probe, member.Get()});
    if (it != m_probers.end())
    {
        auto prober = it->second;
        m_probers.erase(it);
        // Later: whoever removes it may be told of something by it, and ns-3 does not bear that a
        // trace is disconnected from within.
        Simulator::ScheduleNow(&HealthProberSet::Drop, Ptr<HealthProberSet>(this), prober);
        prober->GetNode()->GetObject<ProbeSource>()->RemoveProber(prober);
    }
}

void
HealthProberSet::Drop(Ptr<HealthProber> prober)
{
    prober->TraceDisconnectWithoutContext("ProbeSent",
                                          MakeCallback(&HealthProberSet::HandleSent, this));
    prober->TraceDisconnectWithoutContext("ProbeResult",
                                          MakeCallback(&HealthProberSet::HandleResult, this));
    prober->TraceDisconnectWithoutContext("VerdictChanged",
                                          MakeCallback(&HealthProberSet::HandleVerdict, this));
}

void
HealthProberSet::SetRunning(Ipv4Address member, bool running)
{
    NS_LOG_FUNCTION(this << member << running);
    if (running)
    {
        m_stopped.erase(member.Get());
    }
    else
    {
        m_stopped.insert(member.Get());
    }
    for (const auto& [key, prober] : m_probers)
    {
        if (key.second != member.Get() || prober->IsRunning() == running)
        {
            continue;
        }
        if (running)
        {
            prober->Start();
            continue;
        }
        const bool wasUp = prober->IsUp();
        prober->Stop();
        if (wasUp && !m_verdictCallback.IsNull())
        {
            m_verdictCallback(key.first, member, false);
        }
    }
}

bool
HealthProberSet::IsUp(const std::string& probe, Ipv4Address member) const
{
    auto prober = Get(probe, member);
    return prober && prober->IsUp();
}

Ptr<HealthProber>
HealthProberSet::Get(const std::string& probe, Ipv4Address member) const
{
    auto it = m_probers.find({probe, member.Get()});
    return it == m_probers.end() ? nullptr : it->second;
}

std::size_t
HealthProberSet::GetN() const
{
    return m_probers.size();
}

uint64_t
HealthProberSet::GetResultCount(ProbeOutcome outcome) const
{
    const auto found = m_results.find(outcome);
    return found == m_results.end() ? 0 : found->second;
}

int64_t
HealthProberSet::AssignStreams(int64_t stream)
{
    m_stream = stream;
    m_phase->SetStream(stream);
    if (m_tlsRandom)
    {
        m_tlsRandom->SetStream(stream);
    }
    return 1;
}

void
HealthProberSet::HandleSent(const ProbeRecord& record)
{
    m_probeSent(record);
}

void
HealthProberSet::HandleResult(const ProbeRecord& record)
{
    ++m_results[record.outcome];
    m_probeResult(record);
}

void
HealthProberSet::HandleVerdict(const ProbeVerdictRecord& record)
{
    m_verdictChanged(record);
    if (!m_verdictCallback.IsNull())
    {
        m_verdictCallback(record.probe.substr(m_owner.size() + 1), record.target, record.up);
    }
}

void
HealthProberSet::DoDispose()
{
    for (const auto& [key, prober] : m_probers)
    {
        Drop(prober);
    }
    m_probers.clear();
    m_node = nullptr;
    m_phase = nullptr;
    m_tlsRandom = nullptr;
    m_verdictCallback = VerdictCallback();
    Object::DoDispose();
}

} // namespace azure
} // namespace ns3
