/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway.h"

#include "azure-gateway-fleet.h"

#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureApplicationGateway");

NS_OBJECT_ENSURE_REGISTERED(ApplicationGateway);

TypeId
ApplicationGateway::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::ApplicationGateway")
            .SetParent<Object>()
            .SetGroupName("Azure")
            .AddConstructor<ApplicationGateway>()
            .AddAttribute("AffinitySeed",
                          "Seed of the values of affinity cookies (AG-22).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&ApplicationGateway::m_affinitySeed),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("Retry",
                          "Whether a failed request is tried at a second member (AG-37).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&ApplicationGateway::m_retry),
                          MakeBooleanChecker())
            .AddAttribute("RetryNonIdempotent",
                          "Whether that holds for methods such as POST too (AG-38).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&ApplicationGateway::m_retryNonIdempotent),
                          MakeBooleanChecker())
            .AddAttribute("MaxReroutes",
                          "How often a rewritten request may go back to the path map (AG-19).",
                          UintegerValue(10),
                          MakeUintegerAccessor(&ApplicationGateway::m_maxReroutes),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("ScaleOutDelay",
                          "From the measurement that asks for more instances until they take "
                          "connections (AG-52), and from the death of one until another one does "
                          "in its place.",
                          TimeValue(Minutes(4)),
                          MakeTimeAccessor(&ApplicationGateway::m_scaleOutDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ScaleInDelay",
                          "How long fewer instances must have been enough before some go; Azure "
                          "gives no time.",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&ApplicationGateway::m_scaleInDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MeasurementInterval",
                          "From one measurement of the load to the next, with autoscaling (AG-51).",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&ApplicationGateway::m_measurementInterval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("FailureDetection",
                          "From the death of an instance until the front sends it no more "
                          "connections: the few seconds of AG-56.",
                          TimeValue(Seconds(3)),
                          MakeTimeAccessor(&ApplicationGateway::m_failureDetection),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("WarmUp",
                          "How long an instance probes the members before it takes connections; a "
                          "part of ScaleOutDelay.",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&ApplicationGateway::m_warmUp),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaintenanceDrain",
                          "How long the connections of an instance may last once its maintenance "
                          "begins (AG-57).",
                          TimeValue(Minutes(5)),
                          MakeTimeAccessor(&ApplicationGateway::m_maintenanceDrain),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaintenanceTime",
                          "How long an instance under maintenance is away after it has drained; "
                          "Azure gives no time.",
                          TimeValue(Minutes(1)),
                          MakeTimeAccessor(&ApplicationGateway::m_maintenanceTime),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("UpdateDomains",
                          "Into how many parts maintenance divides the instances (AG-57); Azure "
                          "gives no number.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&ApplicationGateway::m_updateDomains),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("InstanceState",
                            "An instance comes, goes or dies.",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_stateTrace),
                            "ns3::azure::ApplicationGateway::InstanceStateCallback")
            .AddTraceSource("Front",
                            "New connections reach other instances than before.",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_frontTrace),
                            "ns3::azure::ApplicationGateway::FrontTraceCallback")
            .AddTraceSource("Load",
                            "The load was measured, with autoscaling (AG-51).",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_loadTrace),
                            "ns3::azure::ApplicationGateway::LoadCallback")
            .AddTraceSource("Exchange",
                            "A request was answered, or given up, at one of the instances.",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_exchangeTrace),
                            "ns3::azure::ApplicationGatewayInstance::ExchangeCallback")
            .AddTraceSource("Session",
                            "A connection at layer 4 is over, at one of the instances (AG-59).",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_sessionTrace),
                            "ns3::azure::ApplicationGatewayInstance::SessionCallback")
            .AddTraceSource("PoolChange",
                            "New requests at an instance reach other members than before.",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_poolChangeTrace),
                            "ns3::azure::ApplicationGateway::PoolChangeCallback")
            .AddTraceSource("Connections",
                            "Clients' connections that are open at an instance (AG-61).",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_connectionsTrace),
                            "ns3::azure::ApplicationGateway::ConnectionsCallback")
            .AddTraceSource("Drop",
                            "An instance cut a client's connection before its first request.",
                            MakeTraceSourceAccessor(&ApplicationGateway::m_dropTrace),
                            "ns3::azure::ApplicationGateway::DropCallback");
    return tid;
}

ApplicationGateway::ApplicationGateway() = default;

ApplicationGateway::~ApplicationGateway() = default;

void
ApplicationGateway::DoDispose()
{
    m_fleet.reset();
    m_front = FrontCallback();
    m_traceIds.clear();
    Object::DoDispose();
}

std::vector<ConfigurationError>
ApplicationGateway::SetConfiguration(const ApplicationGatewayConfiguration& configuration)
{
    NS_ASSERT_MSG(!m_router, "one configuration, once");
    auto errors = configuration.Validate();
    if (errors.empty())
    {
        m_router = std::make_shared<RequestRouter>(configuration, m_maxReroutes);
        m_fleet = std::make_unique<GatewayFleet>(*this,
                                                 GatewayFleet::Settings{m_scaleOutDelay,
                                                                        m_scaleInDelay,
                                                                        m_measurementInterval,
                                                                        m_failureDetection,
                                                                        m_warmUp,
                                                                        m_maintenanceDrain,
                                                                        m_maintenanceTime,
                                                                        m_updateDomains});
    }
    return errors;
}

const ApplicationGatewayConfiguration&
ApplicationGateway::GetConfiguration() const
{
    return m_router ? m_router->GetConfiguration() : m_empty;
}

uint32_t
ApplicationGateway::AddInstance(Ptr<Node> node,
                                Ptr<ApplicationGatewayInstance> instance,
                                Ptr<GatewayProbes> probes)
{
    NS_LOG_FUNCTION(this << node << instance);
    NS_ASSERT_MSG(m_router, "SetConfiguration() first");
    const auto index = GetInstanceCount();
    m_traceIds.push_back(CreateObject<UniformRandomVariable>());
    SetUp(instance, index);
    if (probes)
    {
        instance->SetProbes(probes, GetConfiguration().name + "/" + std::to_string(index));
    }
    m_fleet->Add(instance);
    node->AddApplication(instance);
    return index;
}

void
ApplicationGateway::SetUp(Ptr<ApplicationGatewayInstance> instance, uint32_t index)
{
    ApplicationGatewayEngineSettings settings;
    settings.affinitySeed = m_affinitySeed;
    settings.retry.enabled = m_retry;
    settings.retry.nonIdempotent = m_retryNonIdempotent;
    instance->SetEngine(
        std::make_unique<ApplicationGatewayEngine>(m_router, m_traceIds[index], settings),
        index);
    // Instances let go of the gateway when they are disposed of.
    instance->TraceConnectWithoutContext(
        "Exchange",
        Callback<void, const GatewayExchangeRecord&>(
            [self = Ptr<ApplicationGateway>(this)](const GatewayExchangeRecord& record) {
                self->m_exchangeTrace(record);
            }));
    instance->TraceConnectWithoutContext(
        "Session",
        Callback<void, const GatewaySessionRecord&>(
            [self = Ptr<ApplicationGateway>(this)](const GatewaySessionRecord& record) {
                self->m_sessionTrace(record);
            }));
    instance->TraceConnectWithoutContext(
        "PoolChange",
        Callback<void, const BackendPoolChange&>(
            [self = Ptr<ApplicationGateway>(this), index](const BackendPoolChange& change) {
                self->m_poolChangeTrace(index, change);
            }));
    instance->TraceConnectWithoutContext(
        "Connections",
        Callback<void, uint32_t, uint32_t>(
            [self = Ptr<ApplicationGateway>(this), index](uint32_t before, uint32_t after) {
                self->m_connectionsTrace(index, before, after);
            }));
    instance->TraceConnectWithoutContext(
        "Drop",
        Callback<void, const InetSocketAddress&, const InetSocketAddress&, GatewayDropReason>(
            [self = Ptr<ApplicationGateway>(this), index](const InetSocketAddress& frontend,
                                                          const InetSocketAddress& client,
                                                          GatewayDropReason reason) {
                self->m_dropTrace(index, frontend, client, reason);
            }));
}

uint32_t
ApplicationGateway::GetInstanceCount() const
{
    return m_fleet ? m_fleet->GetCount() : 0;
}

Ptr<ApplicationGatewayInstance>
ApplicationGateway::GetInstance(uint32_t index) const
{
    NS_ASSERT_MSG(m_fleet, "SetConfiguration() first");
    return m_fleet->Get(index);
}

BackendPoolChange
ApplicationGateway::SetHealthy(uint32_t instance,
                               uint32_t setting,
                               const std::string& member,
                               bool healthy)
{
    return GetInstance(instance)->SetHealthy(setting, member, healthy);
}

void
ApplicationGateway::SetAllHealthy(bool healthy)
{
    for (uint32_t i = 0; i < GetInstanceCount(); ++i)
    {
        GetInstance(i)->SetAllHealthy(healthy);
    }
}

std::vector<BackendPoolChange>
ApplicationGateway::AddMember(const std::string& pool,
                              const ApplicationGatewayBackendAddress& address)
{
    std::vector<BackendPoolChange> changes;
    const auto index = FindByName(GetConfiguration().backendAddressPools, pool);
    for (uint32_t i = 0; i < GetInstanceCount(); ++i)
    {
        const auto instance = GetInstance(i);
        changes.push_back(index ? instance->AddMember(*index, address) : BackendPoolChange());
        changes.back().error = index ? changes.back().error : "there is no pool " + pool;
    }
    return changes;
}

std::vector<BackendPoolChange>
ApplicationGateway::RemoveMember(const std::string& pool, const std::string& member)
{
    std::vector<BackendPoolChange> changes;
    const auto index = FindByName(GetConfiguration().backendAddressPools, pool);
    for (uint32_t i = 0; i < GetInstanceCount(); ++i)
    {
        const auto instance = GetInstance(i);
        changes.push_back(index ? instance->RemoveMember(*index, member) : BackendPoolChange());
        changes.back().error = index ? changes.back().error : "there is no pool " + pool;
    }
    return changes;
}

int64_t
ApplicationGateway::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (const auto& variable : m_traceIds)
    {
        variable->SetStream(next++);
    }
    for (uint32_t i = 0; i < GetInstanceCount(); ++i)
    {
        const auto instance = GetInstance(i);
        next += instance->AssignStreams(next);
        if (const auto probes = instance->GetProbes())
        {
            next += probes->AssignStreams(next);
        }
    }
    return next - stream;
}

} // namespace azure
} // namespace ns3
