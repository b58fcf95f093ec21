/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-cpu.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(TlsCpu);

TypeId
TlsCpu::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::azure::TlsCpu")
            .SetParent<Object>()
            .SetGroupName("AzureLoadBalancing")
            .AddConstructor<TlsCpu>()
            .AddAttribute("FullHandshakeCost",
                          "Processor time of a full handshake at speed 1 (AG-51: RSA 2048).",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&TlsCpu::m_fullCost),
                          MakeTimeChecker(Time()))
            .AddAttribute("ResumedHandshakeCost",
                          "Processor time of a resumed handshake at speed 1. Azure gives no "
                          "figure; no private key is used, so it is a tenth.",
                          TimeValue(MilliSeconds(2)),
                          MakeTimeAccessor(&TlsCpu::m_resumedCost),
                          MakeTimeChecker(Time()))
            .AddAttribute("Speed",
                          "How many times faster than that the processor is: compute units.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&TlsCpu::m_speed),
                          MakeDoubleChecker<double>(1e-6))
            .AddTraceSource("QueueLength",
                            "Handshakes, and other work, that wait or are worked on.",
                            MakeTraceSourceAccessor(&TlsCpu::m_queue),
                            "ns3::TracedValueCallback::Uint32");
    return tid;
}

TlsCpu::TlsCpu() = default;
TlsCpu::~TlsCpu() = default;

void
TlsCpu::DoDispose()
{
    m_event.Remove();
    m_jobs.clear();
    Object::DoDispose();
}

uint64_t
TlsCpu::Submit(bool resumed, Callback<void> done)
{
    return SubmitWork(resumed ? m_resumedCost : m_fullCost, done);
}

uint64_t
TlsCpu::SubmitWork(Time cost, Callback<void> done)
{
    m_jobs.push_back({++m_last, cost, done});
    ++m_queue;
    if (m_jobs.size() == 1)
    {
        Begin();
    }
    return m_last;
}

void
TlsCpu::Cancel(uint64_t job)
{
    auto found =
        std::lower_bound(m_jobs.begin(), m_jobs.end(), job, [](const Job& entry, uint64_t id) {
            return entry.id < id;
        });
    if (found == m_jobs.end() || found->id != job || found->done.IsNull())
    {
        return;
    }
    found->done = Callback<void>();
    if (found != m_jobs.begin())
    {
        --m_queue; // the one that is worked on counts to its end
    }
}

void
TlsCpu::Begin()
{
    while (!m_jobs.empty() && m_jobs.front().done.IsNull())
    {
        m_jobs.pop_front();
    }
    if (m_jobs.empty())
    {
        return;
    }
    m_begin = Simulator::Now();
    const double seconds = m_jobs.front().cost.GetSeconds() / m_speed;
    m_event = Simulator::Schedule(Time::FromDouble(seconds, Time::S), &TlsCpu::End, this);
}

void
TlsCpu::End()
{
    Ptr<TlsCpu> self(this);
    m_busy += Simulator::Now() - m_begin;
    auto done = m_jobs.front().done;
    m_jobs.pop_front();
    --m_queue;
    Begin();
    if (!done.IsNull())
    {
        done();
    }
}

uint32_t
TlsCpu::GetQueueLength() const
{
    return m_queue;
}

Time
TlsCpu::GetBusyTime() const
{
    return m_event.IsPending() ? m_busy + (Simulator::Now() - m_begin) : m_busy;
}

} // namespace azure
} // namespace ns3
