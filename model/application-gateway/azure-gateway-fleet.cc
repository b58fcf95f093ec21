/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-fleet.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureGatewayFleet");

namespace
{

/// How long an instance drains at least: connections may be on their way to it.
const Time DRAIN_GRACE = Seconds(1);

} // namespace

GatewayFleet::GatewayFleet(ApplicationGateway& owner, const Settings& settings)
    : m_owner(owner),
      m_settings(settings),
      m_placement(GatewayPlacement::Complete(owner.GetConfiguration().zones)),
      m_scale(owner.GetConfiguration(), GetStartDelay(), settings.scaleInDelay)
{
}

Time
GatewayFleet::GetStartDelay() const
{
    return Max(m_settings.scaleOutDelay - m_settings.warmUp, Time(0));
}

EventId
GatewayFleet::Schedule(Time delay, std::function<void()> what)
{
    // The gateway owns this, so both are there for as long as the event is.
    return Simulator::Schedule(delay, [self = Ptr<ApplicationGateway>(&m_owner), what] { what(); });
}

void
GatewayFleet::Add(Ptr<ApplicationGatewayInstance> instance)
{
    const auto index = GetCount();
    const bool scales = m_owner.GetConfiguration().autoscaleConfiguration.has_value();
    m_slots.emplace_back();
    auto& slot = m_slots.back();
    slot.instance = instance;
    if (scales && index >= m_scale.GetInstances())
    {
        instance->SetStandby();
    }
    else
    {
        auto others = GetZones();
        slot.zone = m_placement.ChooseZone(others).value_or("");
        slot.state = GatewayInstanceState::Running;
        slot.inFront = true;
    }
    Watch(index);
    if (scales && !m_measure.IsPending())
    {
        m_measuredAt = Simulator::Now();
        m_measure = Schedule(m_settings.measurementInterval, [this] { Measure(); });
    }
}

void
GatewayFleet::Watch(uint32_t index)
{
    m_slots[index].instance->TraceConnectWithoutContext(
        "Connections",
        Callback<void, uint32_t, uint32_t>([this, index](uint32_t, uint32_t after) {
            if (after == 0 && m_slots[index].state == GatewayInstanceState::Draining)
            {
                // Later, as the instance is in the midst of something.
                Schedule(Time(0), [this, index] { LookAtDrain(index); });
            }
        }));
}

void
GatewayFleet::Succeed(uint32_t index, Ptr<ApplicationGatewayInstance> successor)
{
    auto& slot = m_slots[index];
    m_former.push_back(std::exchange(slot.instance, successor));
    const auto former = m_former.back();
    Schedule(successor->TakeOver(*former) - Simulator::Now(), [former] { former->End(); });
    Watch(index);
}

void
GatewayFleet::FollowConfiguration()
{
    m_scale.SetBounds(m_owner.GetConfiguration());
    Apply();
}

uint32_t
GatewayFleet::GetCount() const
{
    return static_cast<uint32_t>(m_slots.size());
}

Ptr<ApplicationGatewayInstance>
GatewayFleet::Get(uint32_t index) const
{
    NS_ASSERT_MSG(index < m_slots.size(), "there is no such instance");
    return m_slots[index].instance;
}

GatewayInstanceState
GatewayFleet::GetState(uint32_t index) const
{
    NS_ASSERT_MSG(index < m_slots.size(), "there is no such instance");
    return m_slots[index].state;
}

std::string
GatewayFleet::GetZone(uint32_t index) const
{
    NS_ASSERT_MSG(index < m_slots.size(), "there is no such instance");
    return m_slots[index].zone;
}

uint32_t
GatewayFleet::CountState(GatewayInstanceState state) const
{
    return static_cast<uint32_t>(
        std::count_if(m_slots.begin(), m_slots.end(), [state](const Slot& slot) {
            return slot.state == state;
        }));
}

GatewayTotals
GatewayFleet::GetTotals() const
{
    GatewayTotals totals;
    for (const auto& slot : m_slots)
    {
        totals += slot.instance->GetTotals();
    }
    for (const auto& instance : m_former)
    {
        totals += instance->GetTotals();
    }
    return totals;
}

uint32_t
GatewayFleet::GetConnectionCount() const
{
    uint32_t count = 0;
    for (const auto& slot : m_slots)
    {
        count += slot.instance->GetConnectionCount();
    }
    for (const auto& instance : m_former)
    {
        count += instance->GetConnectionCount();
    }
    return count;
}

const GatewayScale&
GatewayFleet::GetScale() const
{
    return m_scale;
}

std::vector<std::string>
GatewayFleet::GetZones() const
{
    std::vector<std::string> zones;
    for (const auto& slot : m_slots)
    {
        if (!slot.zone.empty())
        {
            zones.push_back(slot.zone);
        }
    }
    return zones;
}

uint32_t
GatewayFleet::CountLive() const
{
    return static_cast<uint32_t>(
        std::count_if(m_slots.begin(), m_slots.end(), [](const Slot& slot) {
            return slot.state != GatewayInstanceState::Standby &&
                   (slot.state != GatewayInstanceState::Draining || slot.update);
        }));
}

void
GatewayFleet::SetState(uint32_t index, GatewayInstanceState state)
{
    const auto before = std::exchange(m_slots[index].state, state);
    NS_LOG_INFO("instance " << index << ": " << ToString(before) << ", now " << ToString(state));
    if (state == GatewayInstanceState::Standby || state == GatewayInstanceState::Crashed)
    {
        m_slots[index].zone.clear();
    }
    if (before != state)
    {
        m_owner.ReportState(index, before, state);
    }
    if (state != GatewayInstanceState::Draining && state != GatewayInstanceState::Updating &&
        state != GatewayInstanceState::Starting && m_updating.erase(index) > 0)
    {
        GoOn();
    }
}

void
GatewayFleet::TellFront(uint32_t index, GatewayFrontAction action)
{
    auto& slot = m_slots[index];
    if (slot.inFront != (action == GatewayFrontAction::Add))
    {
        slot.inFront = !slot.inFront;
        m_owner.ReportFront(index, action);
    }
}

void
GatewayFleet::Measure()
{
    const auto totals = GetTotals();
    const double seconds = (Simulator::Now() - m_measuredAt).GetSeconds();
    GatewayLoad load;
    load.connections = GetConnectionCount();
    load.bitsPerSecond = 8.0 * (totals.GetBytes() - m_before.GetBytes()) / seconds;
    load.computeUnits = m_scale.GetComputeUnits((totals.handshakes - m_before.handshakes) / seconds,
                                                (totals.requests - m_before.requests) / seconds);
    m_before = totals;
    m_measuredAt = Simulator::Now();
    m_scale.Update(load, Simulator::Now());
    m_owner.ReportLoad(load, m_scale.GetWanted(load));
    Apply();
    AwaitArrival();
    m_measure = Schedule(m_settings.measurementInterval, [this] { Measure(); });
}

void
GatewayFleet::AwaitArrival()
{
    const auto next = m_scale.GetNextArrival();
    if (!next || m_arrival.IsPending())
    {
        return;
    }
    m_arrival = Schedule(*next - Simulator::Now(), [this] {
        m_scale.Advance(Simulator::Now());
        Apply();
        AwaitArrival();
    });
}

void
GatewayFleet::Apply()
{
    if (!m_owner.GetConfiguration().autoscaleConfiguration)
    {
        return; // as many as there are
    }
    const auto wanted = std::min(m_scale.GetInstances(), GetCount());
    for (uint32_t index = 0; index < GetCount() && CountLive() < wanted; ++index)
    {
        if (m_slots[index].state == GatewayInstanceState::Standby)
        {
            Start(index);
        }
    }
    while (CountLive() > wanted)
    {
        std::map<uint32_t, std::string> surplus;
        for (uint32_t index = 0; index < GetCount(); ++index)
        {
            if (m_slots[index].state == GatewayInstanceState::Running)
            {
                surplus[index] = m_slots[index].zone;
            }
        }
        const auto index = m_placement.ChooseSurplus(surplus);
        if (!index)
        {
            return; // those that start or are updated go once they run
        }
        Drain(*index, false);
    }
}

void
GatewayFleet::Start(uint32_t index)
{
    auto& slot = m_slots[index];
    slot.zone.clear();
    const auto zone = m_placement.ChooseZone(GetZones());
    slot.waitsForZone = !zone;
    if (!zone)
    {
        SetState(index, GatewayInstanceState::Crashed);
        return;
    }
    slot.zone = *zone;
    slot.instance->Begin();
    SetState(index, GatewayInstanceState::Starting);
    slot.event = Schedule(m_settings.warmUp, [this, index] { Run(index); });
}

void
GatewayFleet::Run(uint32_t index)
{
    if (m_slots[index].detection.IsPending())
    {
        m_slots[index].detection.Cancel();
        TellFront(index, GatewayFrontAction::Cut);
    }
    TellFront(index, GatewayFrontAction::Add);
    SetState(index, GatewayInstanceState::Running);
    Apply();
}

void
GatewayFleet::Drain(uint32_t index, bool update)
{
    auto& slot = m_slots[index];
    slot.update = update;
    slot.drainSince = Simulator::Now();
    TellFront(index, GatewayFrontAction::Remove);
    const auto limit = update ? std::optional<Time>(m_settings.maintenanceDrain) : std::nullopt;
    const auto end = slot.instance->Retire(limit);
    slot.event =
        Schedule(Max(end - Simulator::Now(), DRAIN_GRACE), [this, index] { EndDrain(index); });
    SetState(index, GatewayInstanceState::Draining);
    Schedule(DRAIN_GRACE, [this, index] { LookAtDrain(index); });
}

void
GatewayFleet::LookAtDrain(uint32_t index)
{
    const auto& slot = m_slots[index];
    if (slot.state == GatewayInstanceState::Draining &&
        Simulator::Now() >= slot.drainSince + DRAIN_GRACE &&
        slot.instance->GetConnectionCount() == 0)
    {
        EndDrain(index);
    }
}

void
GatewayFleet::EndDrain(uint32_t index)
{
    auto& slot = m_slots[index];
    if (slot.state != GatewayInstanceState::Draining)
    {
        return;
    }
    slot.event.Cancel();
    slot.instance->End();
    if (!slot.update)
    {
        SetState(index, GatewayInstanceState::Standby);
        Apply();
        return;
    }
    SetState(index, GatewayInstanceState::Updating);
    slot.event = Schedule(m_settings.maintenanceTime, [this, index] { Start(index); });
}

bool
GatewayFleet::Crash(uint32_t index)
{
    NS_ASSERT_MSG(index < m_slots.size(), "there is no such instance");
    auto& slot = m_slots[index];
    if (slot.state == GatewayInstanceState::Standby || slot.state == GatewayInstanceState::Crashed)
    {
        return false;
    }
    const bool leaves = slot.state == GatewayInstanceState::Draining && !slot.update;
    slot.event.Cancel();
    slot.instance->Crash();
    if (slot.inFront)
    {
        slot.detection = Schedule(m_settings.failureDetection,
                                  [this, index] { TellFront(index, GatewayFrontAction::Cut); });
    }
    SetState(index, GatewayInstanceState::Crashed);
    if (leaves)
    {
        SetState(index, GatewayInstanceState::Standby); // nobody wants another one
        return true;
    }
    slot.event = Schedule(GetStartDelay(), [this, index] { Replace(index); });
    return true;
}

void
GatewayFleet::Replace(uint32_t index)
{
    const bool scales = m_owner.GetConfiguration().autoscaleConfiguration.has_value();
    if (scales && CountLive() > m_scale.GetInstances())
    {
        SetState(index, GatewayInstanceState::Standby);
        return;
    }
    Start(index);
}

bool
GatewayFleet::SetZoneUp(const std::string& zone, bool up)
{
    if (!m_placement.Has(zone))
    {
        return false;
    }
    m_placement.SetUp(zone, up);
    for (uint32_t index = 0; index < GetCount(); ++index)
    {
        if (!up && m_slots[index].zone == zone)
        {
            Crash(index);
        }
        if (up && m_slots[index].waitsForZone)
        {
            Start(index);
        }
    }
    return true;
}

bool
GatewayFleet::Maintain()
{
    if (m_domain)
    {
        return false;
    }
    m_domain = 0;
    m_updating.clear();
    GoOn();
    return true;
}

void
GatewayFleet::GoOn()
{
    while (m_domain && m_updating.empty())
    {
        if (*m_domain >= m_settings.updateDomains)
        {
            m_domain.reset();
            return;
        }
        const auto domain = (*m_domain)++;
        for (auto index = domain; index < GetCount(); index += m_settings.updateDomains)
        {
            if (m_slots[index].state == GatewayInstanceState::Running)
            {
                m_updating.insert(index);
            }
        }
        const auto now = m_updating;
        for (const auto index : now)
        {
            Drain(index, true);
        }
    }
}

} // namespace azure
} // namespace ns3
