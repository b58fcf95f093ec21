/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-metrics.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureGatewayMetrics");
NS_OBJECT_ENSURE_REGISTERED(GatewayMetrics);

TypeId
GatewayMetrics::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::GatewayMetrics")
            .SetParent<Object>()
            .SetGroupName("Azure")
            .AddConstructor<GatewayMetrics>()
            .AddAttribute("Interval",
                          "From one publication of metrics to the next (AG-61).",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&GatewayMetrics::m_interval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("Sample",
                            "The metrics of an interval with traffic are published.",
                            MakeTraceSourceAccessor(&GatewayMetrics::m_sampleTrace),
                            "ns3::azure::GatewayMetrics::SampleCallback");
    return tid;
}

GatewayMetrics::~GatewayMetrics()
{
    Leave();
}

void
GatewayMetrics::DoDispose()
{
    m_event.Cancel();
    Leave();
    Object::DoDispose();
}

void
GatewayMetrics::Leave()
{
    if (m_gateway)
    {
        m_gateway->TraceDisconnectWithoutContext(
            "Exchange",
            MakeCallback(&GatewayMetrics::HandleExchange, this));
        m_gateway = nullptr;
    }
}

void
GatewayMetrics::Watch(Ptr<ApplicationGateway> gateway)
{
    NS_LOG_FUNCTION(this);
    NS_ASSERT_MSG(!m_gateway, "one gateway, once");
    m_gateway = gateway;
    m_before = gateway->GetTotals();
    m_sample.start = Simulator::Now();
    gateway->TraceConnectWithoutContext("Exchange",
                                        MakeCallback(&GatewayMetrics::HandleExchange, this));
    m_event = Simulator::Schedule(m_interval, &GatewayMetrics::Tick, Ptr<GatewayMetrics>(this));
}

void
GatewayMetrics::HandleExchange(const GatewayExchangeRecord& record)
{
    m_sample.requests.Add(record);
    if (record.listener)
    {
        m_sample.byListener[*record.listener].Add(record);
    }
    if (record.pool && record.setting && !record.member.empty())
    {
        m_sample.byBackend[{*record.pool, *record.setting, record.member}].Add(record);
    }
}

GatewayMetricSample
GatewayMetrics::GetCurrent() const
{
    auto sample = m_sample;
    sample.end = Simulator::Now();
    const auto totals = m_gateway->GetTotals();
    const double seconds = (sample.end - sample.start).GetSeconds();
    const auto rate = [seconds](double amount) { return seconds > 0 ? amount / seconds : 0; };
    sample.bytesReceived = totals.bytesReceived - m_before.bytesReceived;
    sample.bytesSent = totals.bytesSent - m_before.bytesSent;
    sample.throughput = rate(static_cast<double>(sample.bytesReceived + sample.bytesSent));
    sample.currentConnections = m_gateway->GetConnectionCount();
    sample.newConnections = rate(static_cast<double>(totals.connections - m_before.connections));
    sample.computeUnits = m_gateway->GetScale().GetComputeUnits(
        rate(totals.handshakes - m_before.handshakes),
        rate(static_cast<double>(totals.requests - m_before.requests)));
    sample.capacityUnits =
        GatewayScale::GetCapacityUnits({static_cast<double>(sample.currentConnections),
                                        8 * sample.throughput,
                                        sample.computeUnits});
    sample.instances = m_gateway->GetRunningCount();
    CountHosts(sample);
    return sample;
}

void
GatewayMetrics::CountHosts(GatewayMetricSample& sample) const
{
    const auto& configuration = m_gateway->GetConfiguration();
    std::map<std::pair<uint32_t, uint32_t>, GatewayHostCount> counts;
    for (uint32_t i = 0; i < m_gateway->GetInstanceCount(); ++i)
    {
        if (m_gateway->GetState(i) != GatewayInstanceState::Running)
        {
            continue;
        }
        const auto& engine = m_gateway->GetInstance(i)->GetEngine();
        for (const auto& [pool, setting] : engine.GetBackends())
        {
            auto& count = counts[{pool, setting}];
            count.pool = configuration.backendAddressPools[pool].name;
            count.setting = configuration.GetSettingName(setting);
            for (const auto& member : engine.GetMembers(pool))
            {
                engine.IsHealthy(setting, member) ? ++count.healthyHosts : ++count.unhealthyHosts;
            }
        }
    }
    for (auto& [key, count] : counts)
    {
        count.healthyHosts /= sample.instances;
        count.unhealthyHosts /= sample.instances;
        sample.hosts.push_back(count);
    }
}

void
GatewayMetrics::Publish()
{
    const auto sample = GetCurrent();
    m_before = m_gateway->GetTotals();
    m_sample = GatewayMetricSample();
    m_sample.start = sample.end;
    if (sample.HasTraffic())
    {
        m_sampleTrace(sample);
    }
}

void
GatewayMetrics::Tick()
{
    if (m_gateway)
    {
        Publish();
        m_event = Simulator::Schedule(m_interval, &GatewayMetrics::Tick, Ptr<GatewayMetrics>(this));
    }
}

} // namespace azure
} // namespace ns3
