/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-observer.h"

#include "ns3/azure-csv-field.h"
#include "ns3/azure-failover-theory.h"
#include "ns3/azure-health-prober-set.h"
#include "ns3/azure-load-balancer-engine.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureScenarioObserver");

namespace
{

/** Most time that the packets of an answered probe take between a host and its instance. */
const Time EXCHANGE = MilliSeconds(10);

/**
 * @param fault a fault
 * @param settings a probe
 * @return what the probe sees of it; nothing when that is left to chance
 */
std::optional<FaultSymptom>
FindSymptom(const ScenarioFault& fault, const ProbeSettings& settings)
{
    const bool http = settings.protocol == ProbeProtocol::Http;
    const bool elsewhere = fault.port != 0 && fault.port != settings.port;
    switch (fault.kind)
    {
    case FaultKind::Crash:
    case FaultKind::LinkCut:
    case FaultKind::ProbeBlocked:
        return FaultSymptom::Silent;
    case FaultKind::Hang:
        return http && !elsewhere ? FaultSymptom::Silent : FaultSymptom::Unseen;
    case FaultKind::PortClosed:
        return elsewhere ? FaultSymptom::Unseen : FaultSymptom::Refused;
    case FaultKind::Slow:
        return http && !elsewhere && fault.delay >= settings.timeout ? FaultSymptom::Slow
                                                                     : FaultSymptom::Unseen;
    case FaultKind::Status:
        return http && !elsewhere ? FaultSymptom::BadStatus : FaultSymptom::Unseen;
    case FaultKind::Loss:
        return std::nullopt;
    }
    return std::nullopt;
}

/**
 * @param interval an interval of theory
 * @return the same for a timeline
 */
ExpectedInterval
Convert(const FailoverInterval& interval)
{
    return {interval.lower, interval.upper, interval.form};
}

/**
 * @param some addresses
 * @param others addresses
 * @return whether an address is among both
 */
bool
Shares(const std::vector<IpAddress>& some, const std::vector<IpAddress>& others)
{
    return std::find_first_of(some.begin(), some.end(), others.begin(), others.end()) != some.end();
}

} // namespace

void
ExpectFailover(const PlannedFault& fault, const ProbeSettings& settings, FailoverTimeline& timeline)
{
    const auto symptom = FindSymptom(fault.fault, settings);
    if (!symptom || *symptom == FaultSymptom::Unseen)
    {
        return;
    }
    const auto detection = FailoverTheory::Detection(settings, *symptom, Time(0), EXCHANGE);
    if (fault.end && *fault.end - fault.start <= detection.upper)
    {
        return; // it may be over before it is noticed
    }
    timeline.Expect(FailoverStep::FirstFailedProbe,
                    Convert(FailoverTheory::FirstFailure(settings, *symptom, EXCHANGE)));
    timeline.Expect(FailoverStep::VerdictDown, Convert(detection));
    if (fault.end)
    {
        timeline.Expect(FailoverStep::VerdictUp,
                        Convert(FailoverTheory::Recovery(settings, Time(0), EXCHANGE)));
    }
}

ScenarioObserver::ScenarioObserver(const ScenarioPlan& plan,
                                   const DeploymentConfiguration& deployment)
    : m_plan(plan),
      m_balancers(deployment.loadBalancers.size())
{
    for (std::size_t f = 0; f < plan.faults.size(); ++f)
    {
        const auto& fault = plan.faults[f];
        for (std::size_t e = 0; e < plan.endpoints.size(); ++e)
        {
            const auto& endpoint = plan.endpoints[e];
            if (endpoint.inboundNat || !Shares(endpoint.members, fault.addresses))
            {
                continue;
            }
            const auto& name = deployment.loadBalancers[endpoint.loadBalancer].configuration.name;
            FailoverTimeline timeline(
                {GetName(fault.fault.kind), fault.fault.target, fault.start, fault.end});
            if (Shares(endpoint.probed, fault.addresses))
            {
                ExpectFailover(fault, *endpoint.settings, timeline);
            }
            m_failovers.push_back(
                {f,
                 e,
                 endpoint.probe.empty() ? std::string() : name + "/" + endpoint.probe,
                 timeline});
        }
    }
}

void
ScenarioObserver::Watch(Ptr<LoadBalancer> loadBalancer, std::size_t index)
{
    m_balancers.at(index) = loadBalancer;
    loadBalancer->TraceConnectWithoutContext(
        "FlowCreated",
        MakeCallback(&ScenarioObserver::HandleFlow, this, index));
    auto probers = loadBalancer->GetProbers();
    probers->TraceConnectWithoutContext("ProbeSent",
                                        MakeCallback(&ScenarioObserver::HandleProbeSent, this));
    probers->TraceConnectWithoutContext("ProbeResult",
                                        MakeCallback(&ScenarioObserver::HandleProbeResult, this));
    probers->TraceConnectWithoutContext("VerdictChanged",
                                        MakeCallback(&ScenarioObserver::HandleVerdict, this));
}

void
ScenarioObserver::Watch(Ptr<HttpClient> client)
{
    client->TraceConnectWithoutContext("Request",
                                       MakeCallback(&ScenarioObserver::HandleRequest, this));
}

void
ScenarioObserver::Close()
{
    m_closed = true;
}

const RequestLog&
ScenarioObserver::GetRequests() const
{
    return m_requests;
}

const std::vector<ObservedFailover>&
ScenarioObserver::GetFailovers() const
{
    return m_failovers;
}

uint64_t
ScenarioObserver::GetProbesSent() const
{
    return m_probesSent;
}

uint64_t
ScenarioObserver::GetProbesSucceeded() const
{
    return m_probesSucceeded;
}

uint64_t
ScenarioObserver::GetProbesFailed() const
{
    return m_probes.size() - m_probesSucceeded;
}

void
ScenarioObserver::WriteProbesCsv(std::ostream& os) const
{
    const auto precision = os.precision(9);
    os << std::fixed << "probe,target,source,port,start,end,outcome,status\n";
    for (const auto& record : m_probes)
    {
        os << ToCsvField(record.probe) << "," << record.target << "," << record.source << ","
           << record.port << "," << record.start.GetSeconds() << "," << record.end.GetSeconds()
           << "," << ToString(record.outcome) << "," << record.status << "\n";
    }
    os << std::defaultfloat;
    os.precision(precision);
}

bool
ScenarioObserver::IsTarget(const ObservedFailover& failover, const IpAddress& address) const
{
    const auto& addresses = m_plan.faults[failover.fault].addresses;
    return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

void
ScenarioObserver::HandleProbeSent(const ProbeRecord&)
{
    ++m_probesSent;
}

void
ScenarioObserver::HandleProbeResult(const ProbeRecord& record)
{
    if (m_closed)
    {
        return;
    }
    m_probes.push_back(record);
    const bool succeeded = record.outcome == ProbeOutcome::Success;
    m_probesSucceeded += succeeded ? 1 : 0;
    for (auto& failover : m_failovers)
    {
        if (failover.prober == record.probe && IsTarget(failover, IpAddress::From(record.target)))
        {
            failover.timeline.AddProbe(Simulator::Now(), succeeded);
        }
    }
}

void
ScenarioObserver::HandleVerdict(const ProbeVerdictRecord& record)
{
    for (auto& failover : m_failovers)
    {
        if (failover.prober == record.probe && IsTarget(failover, IpAddress::From(record.target)))
        {
            failover.timeline.AddVerdict(Simulator::Now(), record.up);
        }
    }
}

void
ScenarioObserver::HandleFlow(std::size_t index, const FlowRecord& flow)
{
    for (auto& failover : m_failovers)
    {
        const auto& endpoint = m_plan.endpoints[failover.endpoint];
        if (endpoint.loadBalancer == index && IsTarget(failover, flow.backend) &&
            m_balancers[index]->GetEngine().GetRuleName(flow.rule) == endpoint.rule)
        {
            failover.timeline.AddFlow(Simulator::Now());
        }
    }
}

void
ScenarioObserver::HandleRequest(const HttpRequestRecord& record)
{
    if (m_closed)
    {
        return;
    }
    m_requests.Add(record);
    if (!record.last)
    {
        return;
    }
    RequestOutcome outcome;
    outcome.client = record.client;
    outcome.start = record.scheduled;
    outcome.end = record.end;
    outcome.succeeded = record.outcome == HttpOutcome::Ok;
    outcome.connected = record.reused || record.connectEnd;
    outcome.answered =
        record.outcome == HttpOutcome::Ok || record.outcome == HttpOutcome::HttpError;
    outcome.retries = record.attempt - 1;
    for (auto& failover : m_failovers)
    {
        const auto& endpoint = m_plan.endpoints[failover.endpoint];
        if (record.remote.GetIpv4() == endpoint.address.ToIpv4() &&
            record.remote.GetPort() == endpoint.port)
        {
            failover.timeline.AddRequest(outcome);
        }
    }
}

} // namespace azure
} // namespace ns3
