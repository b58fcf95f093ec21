/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-fault-injector.h"

#include "ns3/azure-probe-source.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/simulator.h"

#include <array>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureFaultInjector");
NS_OBJECT_ENSURE_REGISTERED(FaultInjector);

namespace
{

constexpr uint32_t PPP_SIZE = 2;                   //!< bytes of a frame before its IP header
constexpr uint32_t SOURCE_OFFSET = PPP_SIZE + 12;  //!< where the source address begins
constexpr uint32_t FRAME_SIZE = SOURCE_OFFSET + 4; //!< bytes that decide

/**
 * @brief Drops what comes from the platform's address, as a filter on the machine does (HP-9).
 */
class ProbeFilter : public ErrorModel
{
  private:
    bool DoCorrupt(Ptr<Packet> packet) override
    {
        std::array<uint8_t, FRAME_SIZE> frame{};
        if (packet->CopyData(frame.data(), FRAME_SIZE) < FRAME_SIZE)
        {
            return false;
        }
        return Ipv4Address::Deserialize(frame.data() + SOURCE_OFFSET) ==
               ProbeSource::GetPlatformAddress();
    }

    void DoReset() override
    {
    }
};

/**
 * @param rate part of the packets lost
 * @param stream random variable stream
 * @return the error model
 */
Ptr<ErrorModel>
MakeLoss(double rate, int64_t stream)
{
    auto model = CreateObject<RateErrorModel>();
    model->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    model->SetRate(rate);
    model->AssignStreams(stream);
    return model;
}

/**
 * @param device one end of the link of a network interface
 * @param model drops what arrives there; null: nothing
 */
void
SetErrorModel(Ptr<NetDevice> device, Ptr<ErrorModel> model)
{
    DynamicCast<PointToPointNetDevice>(device)->SetReceiveErrorModel(model);
}

/**
 * @param place a network interface
 * @param up whether it is to be up
 */
void
SetInterface(const EdgeNode& place, bool up)
{
    auto ipv4 = place.node->GetObject<Ipv4>();
    const auto interface = ipv4->GetInterfaceForDevice(place.device);
    if (!up)
    {
        ipv4->SetDown(interface);
        return;
    }
    ipv4->SetUp(interface);
    // The default route went away with the interface.
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->SetDefaultRoute(place.gateway, interface);
}

/**
 * @param kind a fault of a machine
 * @return whether the machine stops
 */
bool
IsCrash(FaultKind kind)
{
    return kind == FaultKind::Crash || kind == FaultKind::ZoneDown;
}

/**
 * @param kind a fault
 * @param[out] server what servers show of it
 * @return whether servers show it
 */
bool
FindServerFault(FaultKind kind, HttpServerFaultKind& server)
{
    switch (kind)
    {
    case FaultKind::Crash:
    case FaultKind::ZoneDown:
        server = HttpServerFaultKind::Crash;
        return true;
    case FaultKind::Hang:
        server = HttpServerFaultKind::Hang;
        return true;
    case FaultKind::PortClosed:
        server = HttpServerFaultKind::Refuse;
        return true;
    case FaultKind::Slow:
        server = HttpServerFaultKind::Slow;
        return true;
    case FaultKind::Status:
        server = HttpServerFaultKind::Status;
        return true;
    default:
        return false;
    }
}

} // namespace

TypeId
FaultInjector::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::FaultInjector")
                            .SetParent<Object>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<FaultInjector>();
    return tid;
}

void
FaultInjector::AddServer(const std::string& interface, uint16_t port, Ptr<HttpServer> server)
{
    m_servers[interface].push_back({port, server});
}

void
FaultInjector::AddGateway(std::size_t index, Ptr<ApplicationGateway> gateway)
{
    m_gateways[index] = gateway;
}

void
FaultInjector::BeginAtGateway(PlannedFault fault)
{
    const auto gateway = m_gateways.at(*fault.gateway);
    switch (fault.fault.kind)
    {
    case FaultKind::InstanceCrash:
        gateway->CrashInstance(*fault.instance);
        break;
    case FaultKind::ZoneDown:
        gateway->FailZone(fault.zone);
        break;
    default:
        gateway->Maintain();
        break;
    }
}

void
FaultInjector::EndAtGateway(PlannedFault fault)
{
    m_gateways.at(*fault.gateway)->RestoreZone(fault.zone);
}

int64_t
FaultInjector::Schedule(const PlannedFault& fault,
                        const DeploymentTopology& topology,
                        int64_t stream)
{
    NS_LOG_FUNCTION(this << fault.machine << fault.start);
    const auto first = stream;
    const auto kind = fault.fault.kind;
    if (fault.gateway)
    {
        Simulator::Schedule(fault.start, &FaultInjector::BeginAtGateway, this, fault);
        if (fault.end && kind == FaultKind::ZoneDown)
        {
            Simulator::Schedule(*fault.end, &FaultInjector::EndAtGateway, this, fault);
        }
        return 0;
    }
    for (const auto& interface : fault.interfaces)
    {
        Site site;
        site.fault = fault.fault;
        site.place = *topology.Find(interface).front();
        for (const auto& server : m_servers[interface])
        {
            if (IsCrash(kind) || fault.fault.port == 0 || fault.fault.port == server.port)
            {
                site.servers.push_back(server);
            }
        }
        if (kind == FaultKind::ProbeBlocked)
        {
            site.toInstance = CreateObject<ProbeFilter>();
        }
        else if (kind == FaultKind::LinkCut || kind == FaultKind::Loss)
        {
            const auto rate = kind == FaultKind::Loss ? fault.fault.loss : 1;
            site.toInstance = MakeLoss(rate, stream++);
            site.fromInstance = MakeLoss(rate, stream++);
        }
        const auto index = m_sites.size();
        m_sites.push_back(site);
        Simulator::Schedule(fault.start, &FaultInjector::Begin, this, index);
        if (fault.end)
        {
            Simulator::Schedule(*fault.end, &FaultInjector::End, this, index);
        }
    }
    return stream - first;
}

void
FaultInjector::Begin(std::size_t index)
{
    const auto& site = m_sites[index];
    if (IsCrash(site.fault.kind))
    {
        // First, so that not a word of what follows gets out.
        SetInterface(site.place, false);
    }
    HttpServerFault fault;
    if (FindServerFault(site.fault.kind, fault.kind))
    {
        fault.delay = site.fault.delay;
        fault.status = site.fault.status;
        for (const auto& server : site.servers)
        {
            server.server->InjectFault(fault);
        }
    }
    if (site.toInstance)
    {
        SetErrorModel(site.place.device, site.toInstance);
    }
    if (site.fromInstance)
    {
        SetErrorModel(site.place.gatewayDevice, site.fromInstance);
    }
}

void
FaultInjector::End(std::size_t index)
{
    const auto& site = m_sites[index];
    if (IsCrash(site.fault.kind))
    {
        SetInterface(site.place, true);
    }
    HttpServerFaultKind kind;
    if (FindServerFault(site.fault.kind, kind))
    {
        for (const auto& server : site.servers)
        {
            server.server->ClearFault(kind);
        }
    }
    if (site.toInstance)
    {
        SetErrorModel(site.place.device, nullptr);
    }
    if (site.fromInstance)
    {
        SetErrorModel(site.place.gatewayDevice, nullptr);
    }
}

void
FaultInjector::DoDispose()
{
    m_servers.clear();
    m_gateways.clear();
    m_sites.clear();
    Object::DoDispose();
}

} // namespace azure
} // namespace ns3
