/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How the instances of a gateway come, go and are told of; the rest is in
// azure-application-gateway.cc.

#include "azure-application-gateway.h"
#include "azure-gateway-fleet.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureApplicationGatewayControl");

namespace
{

/**
 * @brief Give an instance the attributes of another one.
 *
 * @param from the other one
 * @param to the instance
 */
void
CopyAttributes(Ptr<ApplicationGatewayInstance> from, Ptr<ApplicationGatewayInstance> to)
{
    const auto tid = ApplicationGatewayInstance::GetTypeId();
    for (std::size_t i = 0; i < tid.GetAttributeN(); ++i)
    {
        const auto attribute = tid.GetAttribute(i);
        const auto value = attribute.checker->Create();
        from->GetAttribute(attribute.name, *value);
        to->SetAttribute(attribute.name, *value);
    }
}

} // namespace

void
ApplicationGateway::SetFront(const FrontCallback& front)
{
    m_front = front;
}

GatewayInstanceState
ApplicationGateway::GetState(uint32_t index) const
{
    NS_ASSERT_MSG(m_fleet, "SetConfiguration() first");
    return m_fleet->GetState(index);
}

std::string
ApplicationGateway::GetZone(uint32_t index) const
{
    NS_ASSERT_MSG(m_fleet, "SetConfiguration() first");
    return m_fleet->GetZone(index);
}

uint32_t
ApplicationGateway::GetRunningCount() const
{
    return m_fleet ? m_fleet->CountState(GatewayInstanceState::Running) : 0;
}

GatewayTotals
ApplicationGateway::GetTotals() const
{
    return m_fleet ? m_fleet->GetTotals() : GatewayTotals();
}

uint32_t
ApplicationGateway::GetConnectionCount() const
{
    return m_fleet ? m_fleet->GetConnectionCount() : 0;
}

const GatewayScale&
ApplicationGateway::GetScale() const
{
    NS_ASSERT_MSG(m_fleet, "SetConfiguration() first");
    return m_fleet->GetScale();
}

std::set<std::pair<IpAddress, uint16_t>>
ApplicationGateway::GetFrontends(const ApplicationGatewayConfiguration& configuration)
{
    std::set<std::pair<IpAddress, uint16_t>> frontends;
    for (const auto& listener : configuration.httpListeners)
    {
        const auto frontend =
            FindByName(configuration.frontendIpConfigurations, listener.frontendIpConfiguration);
        const auto port = FindByName(configuration.frontendPorts, listener.frontendPort);
        frontends.emplace(configuration.frontendIpConfigurations[*frontend].address,
                          configuration.frontendPorts[*port].port);
    }
    return frontends;
}

std::vector<ConfigurationError>
ApplicationGateway::Update(const ApplicationGatewayConfiguration& configuration)
{
    NS_LOG_FUNCTION(this << configuration.name);
    NS_ASSERT_MSG(m_router, "SetConfiguration() first");
    auto errors = configuration.Validate();
    if (errors.empty() && GetFrontends(configuration) != GetFrontends(GetConfiguration()))
    {
        errors.push_back({"httpListeners",
                          "an update cannot change the frontend addresses and ports of listeners; "
                          "install another gateway with these"});
    }
    if (configuration.autoscaleConfiguration.has_value() !=
        GetConfiguration().autoscaleConfiguration.has_value())
    {
        errors.push_back({"autoscaleConfiguration",
                          "an update cannot turn autoscaling on or off; install another gateway"});
    }
    for (uint32_t i = 0; i < GetInstanceCount(); ++i)
    {
        if (GetState(i) == GatewayInstanceState::Draining)
        {
            errors.push_back({"",
                              "instance " + std::to_string(i) +
                                  " drains; update the gateway when it has done so"});
        }
    }
    if (!errors.empty())
    {
        return errors;
    }
    m_router = std::make_shared<RequestRouter>(configuration, m_maxReroutes);
    for (uint32_t i = 0; i < GetInstanceCount(); ++i)
    {
        const auto former = GetInstance(i);
        const auto successor = CreateObject<ApplicationGatewayInstance>();
        CopyAttributes(former, successor);
        SetUp(successor, i);
        former->GetNode()->AddApplication(successor);
        m_fleet->Succeed(i, successor);
    }
    m_fleet->FollowConfiguration();
    return errors;
}

bool
ApplicationGateway::CrashInstance(uint32_t index)
{
    NS_ASSERT_MSG(m_fleet, "SetConfiguration() first");
    return m_fleet->Crash(index);
}

bool
ApplicationGateway::FailZone(const std::string& zone)
{
    return m_fleet && m_fleet->SetZoneUp(zone, false);
}

bool
ApplicationGateway::RestoreZone(const std::string& zone)
{
    return m_fleet && m_fleet->SetZoneUp(zone, true);
}

bool
ApplicationGateway::Maintain()
{
    return m_fleet && m_fleet->Maintain();
}

void
ApplicationGateway::ReportState(uint32_t instance,
                                GatewayInstanceState before,
                                GatewayInstanceState after)
{
    m_stateTrace(instance, before, after);
}

void
ApplicationGateway::ReportFront(uint32_t instance, GatewayFrontAction action)
{
    if (!m_front.IsNull())
    {
        m_front(instance, action);
    }
    m_frontTrace(instance, action);
}

void
ApplicationGateway::ReportLoad(const GatewayLoad& load, uint32_t wanted)
{
    m_loadTrace(load, wanted);
}

} // namespace azure
} // namespace ns3
