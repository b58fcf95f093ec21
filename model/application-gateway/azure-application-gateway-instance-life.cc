/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// How an instance comes and goes; the rest is in azure-application-gateway-instance.cc.

#include "azure-application-gateway-instance.h"
#include "azure-gateway-backend-pool.h"
#include "azure-gateway-front-connection.h"
#include "azure-gateway-tls.h"

#include "ns3/abort.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureApplicationGatewayInstanceLife");

void
ApplicationGatewayInstance::SetStandby()
{
    NS_ASSERT_MSG(!m_running, "before the start");
    m_standby = true;
}

void
ApplicationGatewayInstance::StartApplication()
{
    NS_ABORT_MSG_UNLESS(m_engine,
                        "ApplicationGatewayInstance on node "
                            << GetNode()->GetId()
                            << " has no engine; use ApplicationGatewayHelper, or SetEngine()");
    if (!m_standby)
    {
        Begin();
    }
}

void
ApplicationGatewayInstance::Begin()
{
    if (m_running || m_stopped)
    {
        return;
    }
    NS_LOG_INFO("instance " << m_index << " begins");
    m_running = true;
    m_retiring = false;
    m_allowance = std::numeric_limits<double>::infinity();
    m_allowanceAt = Simulator::Now();
    StartCpu();
    ListenEverywhere();
    StartProbes();
}

void
ApplicationGatewayInstance::ListenEverywhere()
{
    const auto& configuration = m_engine->GetRouter().GetConfiguration();
    const auto listen = [&](const auto& listener) {
        const auto frontend =
            FindByName(configuration.frontendIpConfigurations, listener.frontendIpConfiguration);
        const auto port = FindByName(configuration.frontendPorts, listener.frontendPort);
        const auto& address = configuration.frontendIpConfigurations[*frontend].address;
        if (address.IsIpv4())
        {
            Listen(InetSocketAddress(address.ToIpv4(), configuration.frontendPorts[*port].port));
        }
    };
    std::for_each(configuration.httpListeners.begin(), configuration.httpListeners.end(), listen);
    std::for_each(configuration.listeners.begin(), configuration.listeners.end(), listen);
}

void
ApplicationGatewayInstance::Listen(const InetSocketAddress& frontend)
{
    auto& listener = m_listeners[{frontend.GetIpv4().Get(), frontend.GetPort()}];
    if (listener)
    {
        listener->SetDeaf(false); // several hosts at one address and port, or a new beginning
        return;
    }
    listener = TcpPresetSocketFactory::CreateOn(GetNode());
    NS_ABORT_MSG_IF(listener->Bind(frontend) != 0,
                    "ApplicationGatewayInstance on node "
                        << GetNode()->GetId() << ": " << frontend.GetIpv4() << " port "
                        << frontend.GetPort()
                        << " is in use by another application; give one of them another port");
    listener->SetAttribute("MaxSegLifetime", DoubleValue(m_timeWait.GetSeconds() / 2));
    listener->Listen();
    Accept(listener);
}

void
ApplicationGatewayInstance::Accept(Ptr<AbortableTcpSocket> listener)
{
    listener->SetAcceptCallback(MakeCallback(&ApplicationGatewayInstance::HandleAttempt, this),
                                MakeCallback(&ApplicationGatewayInstance::HandleAccept, this));
}

void
ApplicationGatewayInstance::Silence()
{
    // Not closed: what is left of old connections keeps the port from being bound again.
    for (auto& [key, listener] : m_listeners)
    {
        listener->SetDeaf(true);
    }
}

void
ApplicationGatewayInstance::StopApplication()
{
    m_running = false;
    m_stopped = true;
    CancelCuts();
    StopProbes();
    for (auto& [key, listener] : std::exchange(m_listeners, {}))
    {
        listener->Vanish();
    }
    for (auto& connection : CopyConnections())
    {
        connection->Stop();
    }
    m_backendPool->CloseAll();
}

void
ApplicationGatewayInstance::Crash()
{
    m_running = false;
    CancelCuts();
    StopProbes();
    Silence();
    for (auto& connection : CopyConnections())
    {
        connection->Vanish();
    }
    m_backendPool->CloseAll(true);
}

Time
ApplicationGatewayInstance::GetDrainTimeout(const GatewayFrontConnection& connection) const
{
    const auto setting = connection.GetSetting();
    return setting ? m_engine->GetRouter().GetConfiguration().GetDrainTimeout(*setting)
                   : ConnectionDraining().drainTimeout;
}

Time
ApplicationGatewayInstance::Retire(const std::optional<Time>& limit)
{
    m_retiring = true;
    std::map<Time, std::vector<uint64_t>> cuts;
    for (const auto& connection : CopyConnections())
    {
        cuts[limit.value_or(GetDrainTimeout(*connection))].push_back(connection->GetKey());
    }
    for (const auto& [after, keys] : cuts)
    {
        m_cuts.push_back(
            Simulator::Schedule(after, &ApplicationGatewayInstance::CutConnections, this, keys));
    }
    return Simulator::Now() + (cuts.empty() ? Time(0) : cuts.rbegin()->first);
}

bool
ApplicationGatewayInstance::IsRetiring() const
{
    return m_retiring;
}

void
ApplicationGatewayInstance::CutConnections(const std::vector<uint64_t>& keys)
{
    for (const auto key : keys)
    {
        const auto found = m_clients.find(key);
        if (found != m_clients.end())
        {
            Ptr<GatewayFrontConnection>(found->second)->Cut();
        }
    }
}

void
ApplicationGatewayInstance::CancelCuts()
{
    for (auto& event : std::exchange(m_cuts, {}))
    {
        event.Cancel();
    }
}

void
ApplicationGatewayInstance::End()
{
    m_running = false;
    CancelCuts();
    StopProbes();
    Silence();
    for (auto& connection : CopyConnections())
    {
        connection->Cut();
    }
    m_backendPool->CloseAll();
}

Time
ApplicationGatewayInstance::TakeOver(ApplicationGatewayInstance& old)
{
    NS_ASSERT_MSG(m_engine && !m_running, "a new one");
    const bool runs = std::exchange(old.m_running, false);
    m_standby = true; // the start of the application is nothing more to do
    m_stopped = old.m_stopped;
    m_running = runs;
    m_resolver = old.m_resolver;
    m_allowance = old.m_allowance;
    m_allowanceAt = old.m_allowanceAt;
    if (old.m_tlsRandom && m_tlsRandom)
    {
        m_tlsRandom = old.m_tlsRandom;
    }
    if (old.m_cpu)
    {
        // Still the same machine.
        m_cpu = old.m_cpu;
        m_cpu->TraceConnectWithoutContext(
            "QueueLength",
            MakeCallback(&ApplicationGatewayInstance::HandleQueue, this));
    }
    m_listeners = std::exchange(old.m_listeners, {});
    Silence();
    for (auto& [key, listener] : m_listeners)
    {
        Accept(listener);
    }
    m_probes = std::exchange(old.m_probes, nullptr);
    m_probeName = old.m_probeName;
    if (!runs)
    {
        InheritHealth(old);
        return Simulator::Now();
    }
    StartCpu();
    ListenEverywhere();
    if (m_probes)
    {
        m_probes->SetVerdictCallback(
            MakeCallback(&ApplicationGatewayInstance::HandleVerdict, this));
        m_probes->Change(m_engine->ShareRouter());
        ResolveAll();
    }
    InheritHealth(old);
    return old.Retire(std::nullopt);
}

void
ApplicationGatewayInstance::InheritHealth(const ApplicationGatewayInstance& old)
{
    const auto& before = old.m_engine->GetRouter().GetConfiguration();
    const auto& now = m_engine->GetRouter().GetConfiguration();
    const auto count =
        now.backendHttpSettingsCollection.size() + now.backendSettingsCollection.size();
    for (uint32_t setting = 0; setting < count; ++setting)
    {
        const auto* layer4 = now.FindLayer4Setting(setting);
        const auto same = layer4 ? before.FindLayer4Setting(layer4->name)
                                 : FindByName(before.backendHttpSettingsCollection,
                                              now.backendHttpSettingsCollection[setting].name);
        for (const auto& pool : now.backendAddressPools)
        {
            for (const auto& address : pool.backendAddresses)
            {
                const auto member = address.GetText();
                const bool healthy = m_probes ? m_probes->IsHealthy(setting, member)
                                              : same && old.m_engine->IsHealthy(*same, member);
                if (healthy)
                {
                    SetHealthy(setting, member, true);
                }
            }
        }
    }
}

} // namespace azure
} // namespace ns3
