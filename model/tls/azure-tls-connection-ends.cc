/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The ways in which a TlsConnection ends; the rest is in azure-tls-connection.cc.

#include "azure-tls-connection.h"

#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/// How long an orderly close after a failure may take, as Linux's tcp_fin_timeout.
constexpr int64_t LINGER_SECONDS = 60;

} // namespace

void
TlsConnection::Fail(TlsOutcome outcome, ByteStreamEnd end)
{
    Report(outcome);
    if (m_phase == Phase::Ended || m_phase == Phase::Closing)
    {
        return; // the user ended it when told of the handshake
    }
    m_end = end;
    m_plain = nullptr;
    Drain(Seconds(LINGER_SECONDS));
}

void
TlsConnection::DeliverEnd()
{
    if (m_end && !m_plain)
    {
        const auto end = *std::exchange(m_end, std::nullopt);
        Notify(m_onEnd, end);
    }
}

void
TlsConnection::HandleLowerEnd(ByteStreamEnd end)
{
    Ptr<TlsConnection> self(this);
    if (end == ByteStreamEnd::Closed)
    {
        m_lowerClosed = true;
        PumpAndNotify();
        return;
    }
    // What was read before counts, what is still in TCP's buffer does not.
    const bool connecting = m_phase == Phase::Waiting;
    const bool told = m_phase == Phase::Closing || m_phase == Phase::Ended;
    CancelAll();
    m_phase = Phase::Ended;
    m_pending.clear();
    m_pendingBytes = 0;
    m_plain = nullptr;
    m_lower->Vanish();
    Report(connecting ? TlsOutcome::ConnectFailed : TlsOutcome::Reset);
    if (!told)
    {
        m_end = end;
    }
    DeliverEnd();
}

void
TlsConnection::Drain(Time limit)
{
    CancelAll();
    Flush();
    m_limit = limit;
    if (m_pendingBytes == 0 || !m_lower->IsOpen())
    {
        m_phase = Phase::Ended;
        m_lower->CloseWithin(limit);
        return;
    }
    m_phase = Phase::Closing;
    // The event holds the connection, which nobody else may do any more. Its EventId is not kept:
    // the two would hold each other.
    Simulator::Schedule(limit, &TlsConnection::DrainEnd, Ptr<TlsConnection>(this));
}

void
TlsConnection::DrainEnd()
{
    if (m_phase == Phase::Closing)
    {
        m_phase = Phase::Ended;
        m_lower->Abort();
    }
}

void
TlsConnection::FinishSending()
{
    if (IsOpen())
    {
        m_finished = true;
        m_engine.CloseNotify();
        Flush();
        FinishLower();
    }
}

void
TlsConnection::FinishLower()
{
    if (m_phase == Phase::Open && m_finished && m_pendingBytes == 0)
    {
        m_lower->FinishSending();
    }
}

void
TlsConnection::CancelAll()
{
    m_timer.Remove();
    m_soon.Remove();
    if (m_job != 0)
    {
        m_cpu->Cancel(std::exchange(m_job, 0));
    }
}

void
TlsConnection::LetGo()
{
    DetachUser();
    m_onHandshake = HandshakeCallback();
    m_end.reset();
    Report(TlsOutcome::Aborted);
}

void
TlsConnection::CloseWithin(Time limit)
{
    Ptr<TlsConnection> self(this);
    LetGo();
    if (m_phase == Phase::Ended || m_phase == Phase::Closing)
    {
        return;
    }
    if (m_phase == Phase::Open)
    {
        m_engine.CloseNotify();
    }
    Drain(limit);
}

void
TlsConnection::Abort()
{
    Ptr<TlsConnection> self(this);
    LetGo();
    CancelAll();
    m_phase = Phase::Ended;
    m_lower->Abort();
}

void
TlsConnection::Vanish()
{
    Ptr<TlsConnection> self(this);
    LetGo();
    CancelAll();
    m_phase = Phase::Ended;
    m_lower->Vanish();
}

} // namespace azure
} // namespace ns3
