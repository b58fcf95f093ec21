/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_TIMER_H
#define AZURE_GATEWAY_TIMER_H

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <functional>
#include <utility>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A deadline that moves often and passes rarely: moving it costs no simulator event.
 *
 * Not a public header.
 */
class GatewayTimer
{
  public:
    /**
     * @param expired called when the deadline has passed; its owner outlives the timer
     */
    explicit GatewayTimer(std::function<void()> expired)
        : m_expired(std::move(expired))
    {
    }

    ~GatewayTimer()
    {
        m_event.Remove();
    }

    GatewayTimer(const GatewayTimer&) = delete;
    GatewayTimer& operator=(const GatewayTimer&) = delete;

    /**
     * @param deadline when to call; Time::Max() for never
     */
    void Set(Time deadline)
    {
        m_deadline = deadline;
        if (m_deadline < (m_event.IsPending() ? m_eventAt : Time::Max()))
        {
            m_event.Remove();
            m_eventAt = Max(m_deadline, Simulator::Now());
            m_event = Simulator::Schedule(m_eventAt - Simulator::Now(), &GatewayTimer::Check, this);
        }
    }

    /// Never call any more.
    void Stop()
    {
        m_deadline = Time::Max();
        m_event.Remove();
    }

  private:
    /// See whether the deadline has passed.
    void Check()
    {
        if (Simulator::Now() < m_deadline)
        {
            Set(m_deadline);
            return;
        }
        m_deadline = Time::Max();
        m_expired();
    }

    std::function<void()> m_expired; //!< whom to call
    Time m_deadline{Time::Max()};    //!< when to call
    Time m_eventAt{Time::Max()};     //!< when m_event runs
    EventId m_event;                 //!< the next look at the clock
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_TIMER_H */
