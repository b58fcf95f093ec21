/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway.h"

#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/uinteger.h"

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
    m_instances.clear();
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
    ApplicationGatewayEngineSettings settings;
    settings.affinitySeed = m_affinitySeed;
    settings.retry.enabled = m_retry;
    settings.retry.nonIdempotent = m_retryNonIdempotent;
    const auto traceIds = CreateObject<UniformRandomVariable>();
    m_traceIds.push_back(traceIds);
    m_instances.push_back(instance);
    instance->SetEngine(std::make_unique<ApplicationGatewayEngine>(m_router, traceIds, settings),
                        index);
    if (probes)
    {
        instance->SetProbes(probes, GetConfiguration().name + "/" + std::to_string(index));
    }
    node->AddApplication(instance);
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
    return index;
}

uint32_t
ApplicationGateway::GetInstanceCount() const
{
    return static_cast<uint32_t>(m_instances.size());
}

Ptr<ApplicationGatewayInstance>
ApplicationGateway::GetInstance(uint32_t index) const
{
    NS_ASSERT_MSG(index < m_instances.size(), "there is no such instance");
    return m_instances[index];
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
    for (const auto& instance : m_instances)
    {
        instance->SetAllHealthy(healthy);
    }
}

std::vector<BackendPoolChange>
ApplicationGateway::AddMember(const std::string& pool,
                              const ApplicationGatewayBackendAddress& address)
{
    std::vector<BackendPoolChange> changes;
    const auto index = FindByName(GetConfiguration().backendAddressPools, pool);
    for (const auto& instance : m_instances)
    {
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
    for (const auto& instance : m_instances)
    {
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
    for (const auto& instance : m_instances)
    {
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
