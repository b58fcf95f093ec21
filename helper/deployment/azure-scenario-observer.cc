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
#include <unordered_map>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureScenarioObserver");

namespace
{

/** Most time that a round trip of a probe takes. */
const Time ROUND_TRIP = MilliSeconds(5);

} // namespace

std::optional<FaultSymptom>
FindSymptom(const ScenarioFault& fault, const ProbeSettings& settings)
{
    const bool http = settings.protocol != ProbeProtocol::Tcp;
    const bool elsewhere = fault.port != 0 && fault.port != settings.port;
    switch (fault.kind)
    {
    case FaultKind::Crash:
    case FaultKind::ZoneDown:
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
    case FaultKind::HealthPlane:
        return FaultSymptom::Unseen;
    case FaultKind::Loss:
    case FaultKind::InstanceCrash:
    case FaultKind::Maintenance:
        return std::nullopt;
    }
    return std::nullopt;
}

namespace
{

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
    const Time exchange = ROUND_TRIP * int64_t{FailoverTheory::RoundTrips(settings)};
    const auto detection = FailoverTheory::Detection(settings, *symptom, Time(0), exchange);
    if (fault.end && *fault.end - fault.start <= detection.upper)
    {
        return; // it may be over before it is noticed
    }
    timeline.Expect(FailoverStep::FirstFailedProbe,
                    Convert(FailoverTheory::FirstFailure(settings, *symptom, exchange)));
    timeline.Expect(FailoverStep::VerdictDown, Convert(detection));
    if (fault.end)
    {
        timeline.Expect(FailoverStep::VerdictUp,
                        Convert(FailoverTheory::Recovery(settings, Time(0), exchange)));
    }
}

ScenarioObserver::ScenarioObserver(const ScenarioPlan& plan,
                                   const DeploymentConfiguration& deployment)
    : m_plan(plan),
      m_balancers(deployment.loadBalancers.size()),
      m_exchanges(deployment.applicationGateways.size()),
      m_sessions(deployment.applicationGateways.size()),
      m_gateways(deployment.applicationGateways.size()),
      m_metrics(deployment.applicationGateways.size()),
      m_observed(deployment.applicationGateways.size()),
      m_trafficManager(plan)
{
    for (std::size_t f = 0; f < plan.faults.size(); ++f)
    {
        const auto& fault = plan.faults[f];
        for (std::size_t e = 0; e < plan.endpoints.size(); ++e)
        {
            const auto& endpoint = plan.endpoints[e];
            if (endpoint.inboundNat || endpoint.service == ServiceKind::TrafficManager ||
                !Shares(endpoint.members, fault.addresses))
            {
                continue;
            }
            FailoverTimeline timeline(
                {GetName(fault.fault.kind), fault.fault.target, fault.start, fault.end});
            const bool isGateway = endpoint.service == ServiceKind::ApplicationGateway;
            // What comes from the platform's address alone does not concern gateways (HP-28).
            const bool isSeen = !isGateway || fault.fault.kind != FaultKind::ProbeBlocked;
            if (isSeen && Shares(endpoint.probed, fault.addresses))
            {
                ExpectFailover(fault, *endpoint.settings, timeline);
            }
            const auto& name = GetServiceName(deployment, endpoint);
            if (!isGateway)
            {
                const auto probe = endpoint.probe.empty() ? "" : name + "/" + endpoint.probe;
                m_failovers.push_back({f, e, probe, timeline, std::nullopt});
                continue;
            }
            const auto& gateway = deployment.applicationGateways[endpoint.index].configuration;
            const auto setting = gateway.GetSettingName(*endpoint.url->setting);
            for (uint32_t i = 0; i < gateway.GetInitialInstances(); ++i)
            {
                const auto probe = name + "/" + std::to_string(i) + "/" + setting;
                m_failovers.push_back({f, e, probe, timeline, i});
            }
        }
    }
    AddGatewayFaults();
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
ScenarioObserver::Watch(Ptr<ApplicationGateway> gateway, std::size_t index)
{
    gateway->TraceConnectWithoutContext(
        "Exchange",
        MakeCallback(&ScenarioObserver::HandleExchange, this, index));
    WatchInstances(gateway, index);
    gateway->TraceConnectWithoutContext(
        "Session",
        MakeCallback(&ScenarioObserver::HandleSession, this, index));
    for (uint32_t i = 0; i < gateway->GetInstanceCount(); ++i)
    {
        auto probers = gateway->GetInstance(i)->GetProbes()->GetProbers();
        probers->TraceConnectWithoutContext("ProbeSent",
                                            MakeCallback(&ScenarioObserver::HandleProbeSent, this));
        probers->TraceConnectWithoutContext(
            "ProbeResult",
            MakeCallback(&ScenarioObserver::HandleProbeResult, this));
        probers->TraceConnectWithoutContext("VerdictChanged",
                                            MakeCallback(&ScenarioObserver::HandleVerdict, this));
    }
}

void
ScenarioObserver::Watch(Ptr<TrafficManager> manager)
{
    manager->TraceConnectWithoutContext("MonitorProbe",
                                        MakeCallback(&ScenarioObserver::HandleMonitorResult, this));
    for (uint32_t i = 0; i < manager->GetMonitorCount(); ++i)
    {
        manager->GetMonitor(i)->TraceConnectWithoutContext(
            "ProbeSent",
            MakeCallback(&ScenarioObserver::HandleMonitorSent, this));
    }
    m_trafficManager.Watch(manager);
}

void
ScenarioObserver::HandleMonitorSent(const EndpointProbeRecord& record)
{
    HandleProbeSent(record.probe);
}

void
ScenarioObserver::HandleMonitorResult(const EndpointProbeRecord& record)
{
    HandleProbeResult(record.probe);
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
    for (const auto& metrics : m_metrics)
    {
        if (metrics)
        {
            metrics->Publish(); // what has begun last
            metrics->Dispose();
        }
    }
    m_closed = true;
    m_gateways.clear();
    AddGatewayRequests();
    m_trafficManager.Close(m_requests);
}

const RequestLog&
ScenarioObserver::GetRequests() const
{
    return m_requests;
}

const GatewayExchangeLog&
ScenarioObserver::GetExchanges(std::size_t index) const
{
    return m_exchanges.at(index);
}

const GatewaySessionLog&
ScenarioObserver::GetSessions(std::size_t index) const
{
    return m_sessions.at(index);
}

const std::vector<ObservedFailover>&
ScenarioObserver::GetFailovers() const
{
    return m_failovers;
}

TrafficManagerObserver&
ScenarioObserver::GetTrafficManager()
{
    return m_trafficManager;
}

const TrafficManagerObserver&
ScenarioObserver::GetTrafficManager() const
{
    return m_trafficManager;
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
    os << std::fixed << "probe,target,source,port,start,end,outcome,status,reason\n";
    for (const auto& record : m_probes)
    {
        os << ToCsvField(record.probe) << "," << record.target << "," << record.source << ","
           << record.port << "," << record.start.GetSeconds() << "," << record.end.GetSeconds()
           << "," << ToString(record.outcome) << "," << record.status << ","
           << ToCsvField(record.reason) << "\n";
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
        if (endpoint.service == ServiceKind::LoadBalancer && endpoint.index == index &&
            IsTarget(failover, flow.backend) &&
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
    for (auto& failover : m_failovers)
    {
        const auto& endpoint = m_plan.endpoints[failover.endpoint];
        if (!failover.instance && endpoint.Takes(record))
        {
            failover.timeline.AddRequest(MakeOutcome(record));
        }
    }
}

RequestOutcome
MakeOutcome(const HttpRequestRecord& record)
{
    RequestOutcome outcome;
    outcome.client = record.client;
    outcome.start = record.scheduled;
    outcome.end = record.end;
    outcome.succeeded = record.outcome == HttpOutcome::Ok;
    outcome.connected = record.reused || record.connectEnd;
    outcome.answered =
        record.outcome == HttpOutcome::Ok || record.outcome == HttpOutcome::HttpError;
    outcome.retries = record.attempt - 1;
    return outcome;
}

template <typename T>
void
ScenarioObserver::AddGatewayFlow(std::size_t index, const T& record)
{
    if (!record.backendStart)
    {
        return;
    }
    const auto member = IpAddress::From(record.backend.GetIpv4());
    for (auto& failover : m_failovers)
    {
        const auto& endpoint = m_plan.endpoints[failover.endpoint];
        if (failover.instance == record.instance && endpoint.index == index &&
            endpoint.url->setting == record.setting && IsTarget(failover, member))
        {
            failover.timeline.AddFlow(*record.backendStart);
        }
    }
}

void
ScenarioObserver::HandleExchange(std::size_t index, const GatewayExchangeRecord& record)
{
    if (m_closed)
    {
        return;
    }
    m_exchanges[index].Add(record);
    AddGatewayFlow(index, record);
}

void
ScenarioObserver::HandleSession(std::size_t index, const GatewaySessionRecord& record)
{
    if (m_closed)
    {
        return;
    }
    m_sessions[index].Add(record);
    AddGatewayFlow(index, record);
}

void
ScenarioObserver::AddGatewayRequests()
{
    // Which instance took a request is known once its exchange or session has ended, perhaps after
    // the request. A session may carry several; it is known by the client's address.
    std::vector<std::unordered_map<std::string, uint32_t>> takers(m_exchanges.size());
    for (std::size_t i = 0; i < m_exchanges.size(); ++i)
    {
        for (const auto& session : m_sessions[i].GetRecords())
        {
            takers[i][ToCsvField(session.client)] = session.instance;
        }
        for (const auto& exchange : m_exchanges[i].GetRecords())
        {
            takers[i][exchange.requestId] = exchange.instance;
        }
    }
    for (const auto& record : m_requests.GetRecords())
    {
        if (!record.last)
        {
            continue;
        }
        const auto id = record.GetRequestId();
        const auto address = ToCsvField(record.local);
        for (auto& failover : m_failovers)
        {
            const auto& endpoint = m_plan.endpoints[failover.endpoint];
            if (!failover.instance || !endpoint.Takes(record))
            {
                continue;
            }
            const auto taker = takers[endpoint.index].find(endpoint.url->layer4 ? address : id);
            // One that reached no instance may have been meant for any.
            if (taker == takers[endpoint.index].end() || taker->second == *failover.instance)
            {
                failover.timeline.AddRequest(MakeOutcome(record));
            }
        }
    }
}

} // namespace azure
} // namespace ns3
