/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-health-prober.h"

#include "ns3/log.h"
#include "ns3/nstime.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureHealthProber");
NS_OBJECT_ENSURE_REGISTERED(HealthProber);

TypeId
HealthProber::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::HealthProber")
            .SetParent<Object>()
            .SetGroupName("AzureLoadBalancing")
            .AddConstructor<HealthProber>()
            .AddAttribute("Phase",
                          "Wait before the first probe, as a fraction of the interval, from 0 to 1",
                          StringValue("ns3::UniformRandomVariable[Min=0|Max=1]"),
                          MakePointerAccessor(&HealthProber::m_phase),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("ReactionDelay",
                          "Time from the decision of a verdict to its effect (HP-13)",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&HealthProber::m_reactionDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("FlapWindow",
                          "How long a mark of down counts as flapping (HP-7)",
                          TimeValue(Minutes(5)),
                          MakeTimeAccessor(&HealthProber::m_flapWindow),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("FlapPenalty",
                          "Extra wait before an instance is marked up again, for each mark of "
                          "down in the window after the first; 0 for none (HP-7)",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&HealthProber::m_flapPenalty),
                          MakeTimeChecker(Seconds(0)))
            .AddTraceSource("ProbeSent",
                            "A probe was sent",
                            MakeTraceSourceAccessor(&HealthProber::m_probeSent),
                            "ns3::azure::HealthProber::ProbeTracedCallback")
            .AddTraceSource("ProbeResult",
                            "A probe ended",
                            MakeTraceSourceAccessor(&HealthProber::m_probeResult),
                            "ns3::azure::HealthProber::ProbeTracedCallback")
            .AddTraceSource("VerdictChanged",
                            "A change of the verdict took effect",
                            MakeTraceSourceAccessor(&HealthProber::m_verdictChanged),
                            "ns3::azure::HealthProber::VerdictTracedCallback");
    return tid;
}

HealthProber::HealthProber()
    : m_source(Ipv4Address::GetAny()),
      m_target(Ipv4Address::GetAny())
{
}

HealthProber::~HealthProber() = default;

void
HealthProber::Configure(const std::string& name,
                        Ptr<Node> node,
                        Ptr<NetDevice> device,
                        Ipv4Address source,
                        Ipv4Address target,
                        const ProbeSettings& settings)
{
    NS_ASSERT_MSG(!m_running, "A running prober cannot be configured");
    m_name = name;
    m_node = node;
    m_device = device;
    m_source = source;
    m_target = target;
    m_settings = settings;
}

void
HealthProber::SetTlsRandom(Ptr<UniformRandomVariable> random)
{
    m_tlsRandom = random;
}

void
HealthProber::Start()
{
    NS_LOG_FUNCTION(this << m_name << m_target);
    NS_ASSERT_MSG(m_node, "A prober is configured before it starts");
    if (m_running)
    {
        return;
    }
    m_running = true;
    if (m_settings.protocol == ProbeProtocol::Https && !m_tlsRandom)
    {
        m_tlsRandom = CreateObject<UniformRandomVariable>();
        if (m_stream >= 0)
        {
            m_tlsRandom->SetStream(m_stream);
        }
    }
    m_verdict = ProbeVerdict(m_settings.thresholds, {m_flapWindow, m_flapPenalty});
    m_latest = Time::Min();
    m_waiting = 0;
    m_gap = m_settings.interval;
    Time wait = m_settings.interval * m_phase->GetValue();
    if (m_settings.probeAtStart)
    {
        m_gap = wait.IsZero() ? m_settings.interval : wait;
        wait = Time(0);
    }
    m_next = Simulator::Schedule(wait, &HealthProber::SendProbe, this);
}

void
HealthProber::Stop()
{
    NS_LOG_FUNCTION(this << m_name << m_target);
    m_running = false;
    m_up = false;
    m_next.Cancel();
    for (auto& change : m_pending)
    {
        change.Cancel();
    }
    m_pending.clear();
    for (auto& transaction : m_open)
    {
        transaction->Abort(true);
    }
    m_open.clear();
}

void
HealthProber::DoDispose()
{
    // Nothing is sent any more: the node may be gone already.
    for (auto& transaction : m_open)
    {
        transaction->Abort(false);
    }
    m_open.clear();
    Stop();
    m_node = nullptr;
    m_device = nullptr;
    m_phase = nullptr;
    m_tlsRandom = nullptr;
    Object::DoDispose();
}

void
HealthProber::SendProbe()
{
    Ptr<HealthProber> self(this); // a listener may remove this prober
    auto record = MakeRecord();
    record.start = record.end = Simulator::Now();
    m_probeSent(record);
    if (!m_running)
    {
        return;
    }
    auto transaction =
        Create<ProbeTransaction>(m_node, m_device, m_target, m_settings, m_tlsRandom);
    m_open.push_back(transaction);
    m_waiting++;
    transaction->Start(
        [this, probe = PeekPointer(transaction)](Time, ProbeOutcome outcome, uint16_t status) {
            HandleResult(*probe, outcome, status);
        },
        MakeCallback(&HealthProber::HandleDone, this));
    // After the transaction's deadline: when both fall together, the time-out comes first.
    m_next = Simulator::Schedule(std::exchange(m_gap, m_settings.interval),
                                 &HealthProber::SendProbe,
                                 this);
}

void
HealthProber::HandleResult(const ProbeTransaction& transaction,
                           ProbeOutcome outcome,
                           uint16_t status)
{
    const Time start = transaction.GetStartTime();
    NS_LOG_FUNCTION(this << m_name << m_target << ToString(outcome) << status);
    Ptr<HealthProber> self(this); // a listener may remove this prober
    m_waiting--;
    auto record = MakeRecord();
    record.start = start;
    record.end = Simulator::Now();
    record.outcome = outcome;
    record.status = status;
    record.reason = transaction.GetReason();
    m_probeResult(record);
    if (!m_running)
    {
        return; // a listener stopped this prober
    }
    if (start < m_latest)
    {
        return; // T above I: a later probe has told of a later state
    }
    m_latest = start;

    if (m_verdict.Update(outcome, record.end))
    {
        ProbeVerdictRecord change;
        change.probe = m_name;
        change.target = m_target;
        change.up = m_verdict.IsUp();
        change.decided = record.end;
        change.effective = record.end + m_reactionDelay;
        if (m_reactionDelay.IsZero())
        {
            Apply(change);
        }
        else
        {
            m_pending.remove_if([](const EventId& event) { return event.IsExpired(); });
            m_pending.push_back(
                Simulator::Schedule(m_reactionDelay, &HealthProber::Apply, this, change));
        }
    }
    if (m_running && IsNextAtOnce(outcome))
    {
        m_next.Cancel();
        m_next = Simulator::ScheduleNow(&HealthProber::SendProbe, this);
    }
}

bool
HealthProber::IsNextAtOnce(ProbeOutcome outcome) const
{
    switch (m_settings.rhythm)
    {
    case ProbeRhythm::AfterTimeout:
        return outcome == ProbeOutcome::Timeout;
    case ProbeRhythm::UntilDown:
        return outcome != ProbeOutcome::Success && m_verdict.IsUp() && m_waiting == 0;
    case ProbeRhythm::Even:
        break;
    }
    return false;
}

void
HealthProber::HandleDone(Ptr<ProbeTransaction> transaction)
{
    m_open.remove(transaction);
}

void
HealthProber::Apply(ProbeVerdictRecord record)
{
    NS_LOG_INFO(m_name << " marks " << m_target << (record.up ? " up" : " down"));
    Ptr<HealthProber> self(this); // a listener may remove this prober
    m_up = record.up;
    m_verdictChanged(record);
}

ProbeRecord
HealthProber::MakeRecord() const
{
    ProbeRecord record;
    record.probe = m_name;
    record.target = m_target;
    record.port = m_settings.port;
    record.source = m_source;
    return record;
}

bool
HealthProber::IsRunning() const
{
    return m_running;
}

bool
HealthProber::IsUp() const
{
    return m_up;
}

Ipv4Address
HealthProber::GetTarget() const
{
    return m_target;
}

const std::string&
HealthProber::GetName() const
{
    return m_name;
}

const ProbeSettings&
HealthProber::GetSettings() const
{
    return m_settings;
}

Ptr<Node>
HealthProber::GetNode() const
{
    return m_node;
}

int64_t
HealthProber::AssignStreams(int64_t stream)
{
    m_stream = stream;
    m_phase->SetStream(stream);
    if (m_tlsRandom)
    {
        m_tlsRandom->SetStream(stream);
    }
    return 1;
}

} // namespace azure
} // namespace ns3
