/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-connection.h"

#include "azure-tls-record.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureTlsConnection");

TlsConnection::TlsConnection(Ptr<ByteStream> lower,
                             std::shared_ptr<const TlsClientConfiguration> configuration,
                             Ptr<UniformRandomVariable> random)
    : m_lower(lower),
      m_engine(configuration, random)
{
    m_record.role = TlsRole::Client;
}

TlsConnection::TlsConnection(Ptr<ByteStream> lower,
                             std::shared_ptr<const TlsServerConfiguration> configuration,
                             Ptr<UniformRandomVariable> random)
    : m_lower(lower),
      m_engine(configuration, random)
{
    m_record.role = TlsRole::Server;
}

TlsConnection::~TlsConnection()
{
    CancelAll();
}

void
TlsConnection::SetCpu(Ptr<TlsCpu> cpu)
{
    m_cpu = cpu;
}

void
TlsConnection::SetHandshakeTimeout(Time limit)
{
    m_timeout = limit;
}

void
TlsConnection::SetHandshakeCallback(HandshakeCallback callback)
{
    m_onHandshake = callback;
}

const TlsHandshakeRecord&
TlsConnection::GetRecord() const
{
    return m_record;
}

uint64_t
TlsConnection::GetBufferedBytes() const
{
    return m_pendingBytes + m_engine.GetQueuedBytes() + (m_plain ? m_plain->GetSize() : 0);
}

InetSocketAddress
TlsConnection::GetLocal() const
{
    return m_lower->GetLocal();
}

InetSocketAddress
TlsConnection::GetPeer() const
{
    return m_lower->GetPeer();
}

Time
TlsConnection::GetRtt() const
{
    return m_lower->GetRtt();
}

void
TlsConnection::Start()
{
    m_record.start = m_record.end = Simulator::Now();
    m_lower->SetOpenCallback(MakeCallback(&TlsConnection::HandleLowerOpen, this));
    m_lower->SetReceiveCallback(MakeCallback(&TlsConnection::HandleLowerReceive, this));
    m_lower->SetSendCallback(MakeCallback(&TlsConnection::HandleLowerSend, this));
    m_lower->SetEndCallback(MakeCallback(&TlsConnection::HandleLowerEnd, this));
    m_lower->Start();
    if (m_lower->IsOpen())
    {
        Begin();
        // For what arrived before, of which TCP does not tell again.
        m_soon = Simulator::ScheduleNow(&TlsConnection::HandleLowerReceive, this);
    }
}

void
TlsConnection::HandleLowerOpen()
{
    Ptr<TlsConnection> self(this);
    if (m_phase == Phase::Waiting)
    {
        Begin();
        PumpAndNotify();
    }
}

void
TlsConnection::Begin()
{
    m_phase = Phase::Handshaking;
    m_record.start = Simulator::Now();
    if (!m_timeout.IsZero())
    {
        m_timer = Simulator::Schedule(m_timeout, &TlsConnection::HandleTimeout, this);
    }
    m_engine.Start(Simulator::Now());
    Flush();
}

void
TlsConnection::HandleLowerReceive()
{
    Ptr<TlsConnection> self(this);
    PumpAndNotify();
}

void
TlsConnection::PumpAndNotify()
{
    const bool opening = m_phase == Phase::Handshaking;
    Pump();
    if (opening && m_phase == Phase::Open)
    {
        Notify(m_onOpen);
    }
    while (m_phase == Phase::Open && m_plain)
    {
        const auto before = m_plain;
        Notify(m_onReceive);
        Pump();
        if (m_plain == before)
        {
            return; // not wanted now: Recv() goes on
        }
    }
    DeliverEnd();
}

void
TlsConnection::Pump()
{
    while ((m_phase == Phase::Handshaking || m_phase == Phase::Open) && !m_plain && !m_peerClosed)
    {
        const auto event = m_engine.Next(Simulator::Now());
        Flush();
        switch (event)
        {
        case TlsEvent::NeedInput: {
            if (m_job != 0)
            {
                return;
            }
            auto packet = m_lower->Recv(m_engine.GetWanted());
            if (packet)
            {
                m_record.bytesReceived += m_reported ? 0 : packet->GetSize();
                m_engine.Push(packet);
                break;
            }
            if (m_lowerClosed)
            {
                Fail(TlsOutcome::ClosedEarly, ByteStreamEnd::Truncated);
            }
            return;
        }
        case TlsEvent::Work:
            if (!m_cpu)
            {
                m_engine.Continue(Simulator::Now());
                break;
            }
            m_jobStart = Simulator::Now();
            m_job = m_cpu->Submit(m_engine.GetAgreement().resumed,
                                  MakeCallback(&TlsConnection::WorkDone, this));
            return;
        case TlsEvent::Established:
            m_phase = Phase::Open;
            Report(TlsOutcome::Established);
            break;
        case TlsEvent::Data:
            m_plain = m_engine.GetData();
            break;
        case TlsEvent::PeerClosed:
            m_peerClosed = true;
            if (m_phase == Phase::Handshaking)
            {
                Fail(TlsOutcome::ClosedEarly, ByteStreamEnd::Failed);
                return;
            }
            m_end = ByteStreamEnd::Closed;
            break;
        case TlsEvent::Failed:
            Fail(m_engine.IsAlertReceived() ? TlsOutcome::AlertReceived : TlsOutcome::AlertSent,
                 ByteStreamEnd::Failed);
            return;
        }
    }
}

void
TlsConnection::WorkDone()
{
    Ptr<TlsConnection> self(this);
    m_job = 0;
    m_record.processorTime += Simulator::Now() - m_jobStart;
    m_engine.Continue(Simulator::Now());
    PumpAndNotify();
}

void
TlsConnection::HandleTimeout()
{
    Ptr<TlsConnection> self(this);
    Fail(TlsOutcome::TimedOut, ByteStreamEnd::Failed);
    DeliverEnd();
}

void
TlsConnection::Report(TlsOutcome outcome)
{
    if (std::exchange(m_reported, true))
    {
        return;
    }
    m_timer.Remove();
    m_record.end = Simulator::Now();
    m_record.outcome = outcome;
    m_record.alert = m_engine.GetAlert();
    m_record.agreement = m_engine.GetAgreement();
    NS_LOG_INFO(m_record.ToString());
    Notify<HandshakeCallback, const TlsHandshakeRecord&>(m_onHandshake, m_record);
}

bool
TlsConnection::IsOpen() const
{
    return m_phase == Phase::Open && !m_finished && m_lower->IsOpen();
}

bool
TlsConnection::HasUnread()
{
    Ptr<TlsConnection> self(this);
    if (m_phase == Phase::Open)
    {
        Pump();
        if (m_end && !m_soon.IsPending())
        {
            m_soon = Simulator::ScheduleNow(&TlsConnection::HandleLowerReceive, this);
        }
    }
    return m_plain != nullptr;
}

Ptr<Packet>
TlsConnection::Recv(uint32_t maxBytes)
{
    Ptr<TlsConnection> self(this);
    if (maxBytes == 0 || !HasUnread())
    {
        return nullptr;
    }
    if (m_plain->GetSize() <= maxBytes)
    {
        return std::exchange(m_plain, nullptr);
    }
    auto packet = m_plain->CreateFragment(0, maxBytes);
    m_plain = m_plain->CreateFragment(maxBytes, m_plain->GetSize() - maxBytes);
    return packet;
}

uint32_t
TlsConnection::GetTxAvailable() const
{
    const auto room = m_lower->GetTxAvailable();
    if (m_phase != Phase::Open || m_finished || m_pendingBytes > 0 || room == 0)
    {
        return 0;
    }
    const auto overhead = m_engine.GetOverhead();
    const auto full = TLS_MAX_FRAGMENT_BYTES + overhead;
    const auto rest = room % full;
    const auto fits =
        room / full * TLS_MAX_FRAGMENT_BYTES + (rest > overhead ? rest - overhead : 0);
    // A whole record at least: what TCP does not take of it is held here.
    return std::max(fits, TLS_MAX_FRAGMENT_BYTES);
}

bool
TlsConnection::Send(Ptr<Packet> packet)
{
    if (packet->GetSize() > GetTxAvailable())
    {
        return false;
    }
    m_engine.Write(packet);
    Flush();
    return true;
}

void
TlsConnection::Flush()
{
    for (const auto& record : m_engine.TakeOutput())
    {
        m_pending.push_back(record);
        m_pendingBytes += record->GetSize();
        m_record.bytesSent += m_reported ? 0 : record->GetSize();
    }
    while (!m_pending.empty())
    {
        auto record = m_pending.front();
        const auto size = record->GetSize();
        const auto take = std::min(size, m_lower->GetTxAvailable());
        if (take == 0 || !m_lower->Send(take == size ? record : record->CreateFragment(0, take)))
        {
            return;
        }
        m_pendingBytes -= take;
        if (take == size)
        {
            m_pending.pop_front();
        }
        else
        {
            m_pending.front() = record->CreateFragment(take, size - take);
        }
    }
}

void
TlsConnection::HandleLowerSend()
{
    Ptr<TlsConnection> self(this);
    Flush();
    if (m_pendingBytes > 0)
    {
        return;
    }
    if (m_phase == Phase::Closing)
    {
        m_phase = Phase::Ended;
        m_lower->CloseWithin(m_limit);
    }
    else if (m_finished)
    {
        FinishLower();
    }
    else if (m_phase == Phase::Open)
    {
        Notify(m_onSend);
    }
}

} // namespace azure
} // namespace ns3
