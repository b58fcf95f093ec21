/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What becomes of the instances of application gateways; the rest is in
// azure-scenario-observer.cc.

#include "azure-scenario-observer.h"

#include "ns3/simulator.h"

namespace ns3
{
namespace azure
{

void
ScenarioObserver::AddGatewayFaults()
{
    for (std::size_t f = 0; f < m_plan.faults.size(); ++f)
    {
        const auto& fault = m_plan.faults[f];
        for (std::size_t e = 0; fault.gateway && e < m_plan.endpoints.size(); ++e)
        {
            const auto& endpoint = m_plan.endpoints[e];
            if (endpoint.service == ServiceKind::ApplicationGateway &&
                endpoint.index == *fault.gateway)
            {
                m_failovers.push_back(
                    {f,
                     e,
                     "",
                     FailoverTimeline(
                         {GetName(fault.fault.kind), fault.fault.target, fault.start, fault.end}),
                     std::nullopt});
            }
        }
    }
}

void
ScenarioObserver::WatchInstances(Ptr<ApplicationGateway> gateway, std::size_t index)
{
    m_gateways.at(index) = gateway;
    for (uint32_t i = 0; i < gateway->GetInstanceCount(); ++i)
    {
        if (gateway->GetState(i) != GatewayInstanceState::Standby)
        {
            m_observed[index].states.push_back(
                {Time(0), i, gateway->GetState(i), gateway->GetZone(i)});
        }
    }
    gateway->TraceConnectWithoutContext("InstanceState",
                                        MakeCallback(&ScenarioObserver::HandleState, this, index));
    gateway->TraceConnectWithoutContext("Front",
                                        MakeCallback(&ScenarioObserver::HandleFront, this, index));
    gateway->TraceConnectWithoutContext("Load",
                                        MakeCallback(&ScenarioObserver::HandleLoad, this, index));
    m_metrics[index] = CreateObject<GatewayMetrics>();
    m_metrics[index]->TraceConnectWithoutContext(
        "Sample",
        MakeCallback(&ScenarioObserver::HandleSample, this, index));
    m_metrics[index]->Watch(gateway);
    TimeValue detection;
    gateway->GetAttribute("FailureDetection", detection);
    const auto reaction = detection.Get();
    for (auto& failover : m_failovers)
    {
        const auto& fault = m_plan.faults[failover.fault];
        if (fault.gateway != index || fault.fault.kind == FaultKind::Maintenance)
        {
            continue;
        }
        failover.timeline.Expect(FailoverStep::VerdictDown,
                                 {reaction, reaction, "AG-56: reaction of the front"});
        if (fault.instance)
        {
            failover.timeline.Expect(FailoverStep::VerdictUp,
                                     {Time(0), Time(0), "AG-56: replaced, as in AG-52"});
        }
    }
}

const ObservedGateway&
ScenarioObserver::GetGateway(std::size_t index) const
{
    return m_observed.at(index);
}

void
ScenarioObserver::HandleState(std::size_t index,
                              uint32_t instance,
                              GatewayInstanceState,
                              GatewayInstanceState after)
{
    if (!m_closed)
    {
        m_observed[index].states.push_back(
            {Simulator::Now(), instance, after, m_gateways[index]->GetZone(instance)});
    }
}

bool
ScenarioObserver::ConcernsInstances(const ObservedFailover& failover, std::size_t index) const
{
    const auto& fault = m_plan.faults[failover.fault];
    return fault.gateway == index && fault.fault.kind != FaultKind::Maintenance &&
           Simulator::Now() >= fault.start;
}

void
ScenarioObserver::HandleFront(std::size_t index, uint32_t instance, GatewayFrontAction action)
{
    if (m_closed || action == GatewayFrontAction::Remove)
    {
        return;
    }
    for (auto& failover : m_failovers)
    {
        const auto& hit = m_plan.faults[failover.fault].instance;
        if (ConcernsInstances(failover, index) && hit.value_or(instance) == instance)
        {
            failover.timeline.AddVerdict(Simulator::Now(), action == GatewayFrontAction::Add);
        }
    }
}

void
ScenarioObserver::HandleLoad(std::size_t index, const GatewayLoad& load, uint32_t wanted)
{
    auto& wishes = m_observed[index].wishes;
    if (!m_closed && (wishes.empty() || wishes.back().instances != wanted))
    {
        wishes.push_back({Simulator::Now(), GatewayScale::GetCapacityUnits(load), wanted});
    }
}

void
ScenarioObserver::HandleSample(std::size_t index, const GatewayMetricSample& sample)
{
    if (!m_closed)
    {
        m_observed[index].samples.push_back(sample);
    }
}

} // namespace azure
} // namespace ns3
