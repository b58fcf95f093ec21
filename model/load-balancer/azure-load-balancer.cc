/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer.h"

#include "azure-load-balancer-routing.h"

#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <numeric>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureLoadBalancer");
NS_OBJECT_ENSURE_REGISTERED(LoadBalancer);

TypeId
LoadBalancer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::LoadBalancer")
            .SetParent<Object>()
            .SetGroupName("AzureLoadBalancing")
            .AddConstructor<LoadBalancer>()
            .AddAttribute("ForwardingDelay",
                          "Time that each translated packet spends in the load balancer, each "
                          "way (LB-9). Anything but zero costs an event per packet.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&LoadBalancer::m_forwardingDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("HashSeed",
                          "Seed of the distribution hash (LB-13): the same seed sends the same "
                          "flows to the same instances. Read by SetConfiguration().",
                          UintegerValue(0),
                          MakeUintegerAccessor(&LoadBalancer::m_hashSeed),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("UdpFlowLifetime",
                          "Idle time after which a UDP flow is forgotten (LB-45), and one of "
                          "ICMP echo (LB-62). Read by SetConfiguration().",
                          TimeValue(Minutes(4)),
                          MakeTimeAccessor(&LoadBalancer::m_udpFlowLifetime),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("ClosedFlowLifetime",
                          "Time that a TCP flow is kept after both FINs or a RST, for what is "
                          "still on its way. Read by SetConfiguration().",
                          TimeValue(Minutes(1)),
                          MakeTimeAccessor(&LoadBalancer::m_closedFlowLifetime),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaxFlows",
                          "Most flows at one time; 0: as many as memory holds (LB-8). Read by "
                          "SetConfiguration().",
                          UintegerValue(0),
                          MakeUintegerAccessor(&LoadBalancer::m_maxFlows),
                          MakeUintegerChecker<uint32_t>())
            .AddTraceSource("FlowCreated",
                            "A flow has begun.",
                            MakeTraceSourceAccessor(&LoadBalancer::m_flowCreatedTrace),
                            "ns3::azure::LoadBalancer::FlowCreatedCallback")
            .AddTraceSource("FlowEnded",
                            "A flow has ended.",
                            MakeTraceSourceAccessor(&LoadBalancer::m_flowEndedTrace),
                            "ns3::azure::LoadBalancer::FlowEndedCallback")
            .AddTraceSource("Translate",
                            "A packet was rewritten and goes on.",
                            MakeTraceSourceAccessor(&LoadBalancer::m_translateTrace),
                            "ns3::azure::LoadBalancer::TranslateCallback")
            .AddTraceSource("Drop",
                            "A packet goes no further, for a named reason.",
                            MakeTraceSourceAccessor(&LoadBalancer::m_dropTrace),
                            "ns3::azure::LoadBalancer::DropCallback")
            .AddTraceSource("ProbeStatus",
                            "A probe has reached a verdict on an instance.",
                            MakeTraceSourceAccessor(&LoadBalancer::m_probeStatusTrace),
                            "ns3::azure::LoadBalancer::ProbeStatusCallback")
            .AddTraceSource("PoolChange",
                            "Instances or NAT ports that new flows can reach have changed.",
                            MakeTraceSourceAccessor(&LoadBalancer::m_poolChangeTrace),
                            "ns3::azure::LoadBalancer::PoolChangeCallback")
            .AddTraceSource("ResetSent",
                            "A TCP reset leaves the load balancer (LB-40).",
                            MakeTraceSourceAccessor(&LoadBalancer::m_resetSentTrace),
                            "ns3::azure::LoadBalancer::ResetSentCallback")
            .AddTraceSource("SynCount",
                            "TCP connection attempts that reached a frontend, repetitions "
                            "included (LB-71).",
                            MakeTraceSourceAccessor(&LoadBalancer::m_synCount),
                            "ns3::TracedValueCallback::Uint64");
    return tid;
}

LoadBalancer::LoadBalancer() = default;

LoadBalancer::~LoadBalancer() = default;

std::vector<ConfigurationError>
LoadBalancer::SetConfiguration(const LoadBalancerConfiguration& configuration)
{
    NS_LOG_FUNCTION(this << configuration.name);
    if (m_engine)
    {
        return {{"", "this load balancer has a configuration; change it by its control plane"}};
    }
    auto errors = configuration.Validate();
    for (size_t i = 0; i < configuration.frontendIpConfigurations.size(); i++)
    {
        if (!configuration.frontendIpConfigurations[i].address.IsIpv4())
        {
            errors.push_back({"frontendIPConfigurations[" + std::to_string(i) + "].address",
                              "has no IPv4 address; give the frontend one before installing"});
        }
    }
    if (errors.empty())
    {
        LoadBalancerEngineSettings settings;
        settings.hashSeed = m_hashSeed;
        settings.udpFlowLifetime = m_udpFlowLifetime;
        settings.closedFlowLifetime = m_closedFlowLifetime;
        settings.maxFlows = m_maxFlows;
        m_engine = std::make_unique<LoadBalancerEngine>(configuration, settings);
        m_engine->SetFlowListener(this);
    }
    return errors;
}

const LoadBalancerConfiguration&
LoadBalancer::GetConfiguration() const
{
    return m_engine ? m_engine->GetConfiguration() : m_empty;
}

void
LoadBalancer::Install(Ptr<Node> node)
{
    NS_LOG_FUNCTION(this << node);
    NS_ABORT_MSG_UNLESS(m_engine, "A load balancer is installed before SetConfiguration()");
    NS_ABORT_MSG_IF(m_node, "A load balancer can be installed only once");
    m_node = node;
    auto routing = CreateObject<LoadBalancerRouting>();
    routing->SetLoadBalancer(this);
    routing->Install(node);
    // Nobody disposes of routing protocols: a pointer that counts would keep both for ever.
    m_routing = PeekPointer(routing);
}

void
LoadBalancer::SetProbers(Ptr<HealthProberSet> probers)
{
    NS_ABORT_MSG_UNLESS(m_engine, "Probers are set before SetConfiguration()");
    NS_ABORT_MSG_IF(m_probers, "The probers of a load balancer can be set only once");
    m_probers = probers;
    m_probers->SetOwner(GetConfiguration().name);
    m_probers->SetVerdictCallback(MakeCallback(&LoadBalancer::HandleVerdict, this));
    m_probersStart = Simulator::ScheduleNow(&LoadBalancer::UpdateProbers, this);
}

Ptr<HealthProberSet>
LoadBalancer::GetProbers() const
{
    return m_probers;
}

void
LoadBalancer::UpdateProbers()
{
    if (!m_probers || m_probersStart.IsPending())
    {
        return;
    }
    const auto& configuration = GetConfiguration();
    std::vector<ProbeAssignment> wanted;
    for (const auto& rule : configuration.loadBalancingRules)
    {
        const auto probe = m_engine->FindProbe(rule.probe);
        const auto pool = m_engine->FindPool(rule.backendAddressPool);
        if (!probe || !pool)
        {
            continue; // without a probe every member is healthy (LB-38)
        }
        const auto& definition = configuration.probes[*probe];
        const auto settings = ProbeSettings::ForLoadBalancer(definition.protocol,
                                                             definition.port,
                                                             definition.requestPath,
                                                             definition.interval,
                                                             definition.probeThreshold);
        for (const auto& member : configuration.backendAddressPools[*pool].backendAddresses)
        {
            const auto address = member.address.ToIpv4();
            m_probers->SetRunning(address, member.running);
            wanted.push_back({definition.name, address, settings});
        }
    }
    m_probers->Assign(wanted);
}

void
LoadBalancer::HandleVerdict(std::string probe, Ipv4Address address, bool up)
{
    SetProbeStatus(probe, address, up);
}

Ptr<Node>
LoadBalancer::GetNode() const
{
    return m_node;
}

PoolChange
LoadBalancer::AddBackend(const std::string& pool, const LoadBalancerBackendAddress& member)
{
    const auto index = GetEngine().FindPool(pool);
    if (!index)
    {
        return {"there is no backend pool named '" + pool + "'", {}, {}, {}};
    }
    if (m_node && member.address.IsIpv4() &&
        m_node->GetObject<Ipv4>()->GetInterfaceForAddress(member.address.ToIpv4()) >= 0)
    {
        return {"an address of the load balancer's own node cannot be a member", {}, {}, {}};
    }
    auto change = ReportChange(m_engine->AddMember(*index, member));
    UpdateProbers();
    return change;
}

PoolChange
LoadBalancer::RemoveBackend(const std::string& pool, Ipv4Address address)
{
    const auto index = GetEngine().FindPool(pool);
    if (!index)
    {
        return {"there is no backend pool named '" + pool + "'", {}, {}, {}};
    }
    auto change = ReportChange(m_engine->RemoveMember(*index, IpAddress::From(address)));
    UpdateProbers();
    return change;
}

PoolChange
LoadBalancer::SetAdminState(const std::string& pool, Ipv4Address address, AdminState state)
{
    const auto index = GetEngine().FindPool(pool);
    if (!index)
    {
        return {"there is no backend pool named '" + pool + "'", {}, {}, {}};
    }
    return ReportChange(m_engine->SetAdminState(*index, IpAddress::From(address), state));
}

PoolChange
LoadBalancer::SetInstanceRunning(Ipv4Address address, bool running)
{
    auto change = ReportChange(GetEngine().SetRunning(IpAddress::From(address), running));
    UpdateProbers();
    return change;
}

PoolChange
LoadBalancer::SetLoadDistribution(const std::string& rule, LoadDistribution distribution)
{
    const auto index = GetEngine().FindRule(rule);
    if (!index || m_engine->IsNatRule(*index))
    {
        return {"there is no load balancing rule named '" + rule + "'", {}, {}, {}};
    }
    m_engine->SetLoadDistribution(*index, distribution);
    return {};
}

PoolChange
LoadBalancer::SetProbeStatus(const std::string& probe, Ipv4Address address, bool up)
{
    NS_LOG_FUNCTION(this << probe << address << up);
    const auto index = GetEngine().FindProbe(probe);
    if (!index)
    {
        return {"there is no probe named '" + probe + "'", {}, {}, {}};
    }
    auto change = m_engine->SetProbeStatus(*index, IpAddress::From(address), up);
    if (change.error.empty())
    {
        m_probeStatusTrace(probe, address, up);
    }
    return ReportChange(std::move(change));
}

uint64_t
LoadBalancer::GetDropCount(DropReason reason) const
{
    const auto index = static_cast<size_t>(reason);
    return m_drops[index] + (m_engine ? m_engine->GetStatistics().drops[index] : 0);
}

uint64_t
LoadBalancer::GetTotalDropCount() const
{
    uint64_t total = 0;
    for (size_t i = 0; i < static_cast<size_t>(DropReason::Count); i++)
    {
        total += GetDropCount(static_cast<DropReason>(i));
    }
    return total;
}

uint64_t
LoadBalancer::GetPassedCount() const
{
    return m_passed;
}

uint64_t
LoadBalancer::GetPingsAnsweredCount() const
{
    return m_pingsAnswered;
}

uint64_t
LoadBalancer::GetIcmpErrorsTranslatedCount() const
{
    return m_icmpErrorsTranslated;
}

uint64_t
LoadBalancer::GetSynCount() const
{
    return m_synCount;
}

const LoadBalancerStatistics&
LoadBalancer::GetStatistics() const
{
    NS_ABORT_MSG_UNLESS(m_engine,
                        "A load balancer is asked for counters before SetConfiguration()");
    return m_engine->GetStatistics();
}

LoadBalancerEngine&
LoadBalancer::GetEngine()
{
    NS_ABORT_MSG_UNLESS(m_engine,
                        "A load balancer is asked for its engine before SetConfiguration()");
    return *m_engine;
}

void
LoadBalancer::FlowCreated(const FlowRecord& flow, Time /* when */)
{
    m_flowCreatedTrace(flow);
}

void
LoadBalancer::FlowEnded(const FlowRecord& flow, FlowEndReason reason, Time when)
{
    m_flowEndedTrace(flow, reason, when);
}

void
LoadBalancer::ReportDrop(const Ipv4Header& header, Ptr<const Packet> packet, DropReason reason)
{
    NS_LOG_LOGIC("drop " << header << ": " << ToString(reason));
    m_dropTrace(header, packet, reason);
}

PoolChange
LoadBalancer::ReportChange(PoolChange change)
{
    if (!change.IsEmpty())
    {
        m_poolChangeTrace(change);
    }
    return change;
}

void
LoadBalancer::UpdateResetTimer()
{
    const Time next = m_engine->GetNextResetDeadline();
    if (next >= m_resetTimerAt || !m_routing)
    {
        return; // the timer runs early enough and moves on by itself, or there is none any more
    }
    m_resetTimer.Cancel();
    m_resetTimerAt = next;
    m_resetTimer = Simulator::Schedule(next - Simulator::Now(), &LoadBalancer::SendDueResets, this);
}

void
LoadBalancer::SendDueResets()
{
    NS_LOG_FUNCTION(this);
    m_resetTimerAt = Time::Max();
    for (const auto& segment : m_engine->TakeDueResets(Simulator::Now()))
    {
        m_routing->SendReset(segment);
    }
    UpdateResetTimer();
}

void
LoadBalancer::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_resetTimer.Cancel();
    m_probersStart.Cancel();
    if (m_probers)
    {
        m_probers->Dispose();
        m_probers = nullptr;
    }
    if (m_engine)
    {
        m_engine->SetFlowListener(nullptr);
    }
    m_routing = nullptr;
    m_node = nullptr;
    Object::DoDispose();
}

} // namespace azure
} // namespace ns3
