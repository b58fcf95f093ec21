/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-engine.h"

#include "azure-tls-client-handshake.h"
#include "azure-tls-server-handshake.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/// Empty records, or warnings, that are taken one after another, as OpenSSL does.
constexpr uint32_t MAX_IDLE_RECORDS = 32;

} // namespace

TlsEngine::TlsEngine(std::shared_ptr<const TlsClientConfiguration> configuration,
                     Ptr<UniformRandomVariable> random)
    : m_handshake(std::make_unique<TlsClientHandshake>(configuration, random))
{
}

TlsEngine::TlsEngine(std::shared_ptr<const TlsServerConfiguration> configuration,
                     Ptr<UniformRandomVariable> random)
    : m_handshake(std::make_unique<TlsServerHandshake>(configuration, random))
{
}

TlsEngine::~TlsEngine() = default;
TlsEngine::TlsEngine(TlsEngine&& other) noexcept = default;
TlsEngine& TlsEngine::operator=(TlsEngine&& other) noexcept = default;

void
TlsEngine::Start(Time now)
{
    m_handshake->Start(now);
}

void
TlsEngine::Push(Ptr<const Packet> packet)
{
    m_handshake->reader.Push(packet);
}

uint32_t
TlsEngine::GetWanted() const
{
    return m_handshake->reader.GetWanted();
}

uint64_t
TlsEngine::GetQueuedBytes() const
{
    return m_handshake->reader.GetQueuedBytes();
}

TlsEvent
TlsEngine::Next(Time now)
{
    TlsEvent event;
    while (true)
    {
        if (m_failed)
        {
            return TlsEvent::Failed;
        }
        if (CheckHandshake(event))
        {
            return event;
        }
        if (m_working || m_peerClosed)
        {
            return TlsEvent::NeedInput;
        }
        switch (m_handshake->reader.Next())
        {
        case TlsRecordEvent::NeedInput:
            return TlsEvent::NeedInput;
        case TlsRecordEvent::Error:
            return Fail(m_handshake->reader.GetAlert());
        case TlsRecordEvent::Record:
            break;
        }
        const auto& record = m_handshake->reader.GetRecord();
        switch (record.type)
        {
        case TlsContentType::Handshake:
        case TlsContentType::ChangeCipherSpec:
            m_handshake->Take(record, now);
            break;
        case TlsContentType::Alert:
            if (TakeAlert(event))
            {
                return event;
            }
            break;
        case TlsContentType::ApplicationData:
            if (TakeData(event))
            {
                return event;
            }
            break;
        }
    }
}

bool
TlsEngine::CheckHandshake(TlsEvent& event)
{
    switch (m_handshake->GetStatus())
    {
    case TlsHandshake::Status::Failed:
        event = Fail(m_handshake->GetAlert());
        return true;
    case TlsHandshake::Status::Working:
        event = TlsEvent::Work;
        return !std::exchange(m_working, true);
    case TlsHandshake::Status::Established:
        event = TlsEvent::Established;
        return !std::exchange(m_established, true);
    case TlsHandshake::Status::Going:
        break;
    }
    return false;
}

void
TlsEngine::Continue(Time now)
{
    if (std::exchange(m_working, false))
    {
        m_handshake->Continue(now);
    }
}

bool
TlsEngine::TakeData(TlsEvent& event)
{
    if (!m_established)
    {
        event = Fail(TlsAlert::UnexpectedMessage);
        return true;
    }
    m_data = m_handshake->reader.GetRecord().content;
    if (m_data->GetSize() > 0)
    {
        m_idleRecords = 0;
        event = TlsEvent::Data;
        return true;
    }
    if (++m_idleRecords > MAX_IDLE_RECORDS)
    {
        event = Fail(TlsAlert::UnexpectedMessage);
        return true;
    }
    return false;
}

bool
TlsEngine::TakeAlert(TlsEvent& event)
{
    uint8_t bytes[2];
    const auto& content = m_handshake->reader.GetRecord().content;
    if (content->GetSize() != sizeof(bytes))
    {
        event = Fail(TlsAlert::DecodeError);
        return true;
    }
    content->CopyData(bytes, sizeof(bytes));
    const auto alert = static_cast<TlsAlert>(bytes[1]);
    if (alert == TlsAlert::CloseNotify)
    {
        m_peerClosed = true;
        event = TlsEvent::PeerClosed;
        return true;
    }
    // TLS 1.3 knows one other that is no error (RFC 8446, section 6.1).
    const bool warning = m_handshake->GetAgreement().version == TlsVersion::Tls13
                             ? alert == TlsAlert::UserCanceled
                             : bytes[0] == 1;
    if (warning && ++m_idleRecords <= MAX_IDLE_RECORDS)
    {
        return false;
    }
    m_failed = true;
    m_received = true;
    m_alert = alert;
    event = TlsEvent::Failed;
    return true;
}

TlsEvent
TlsEngine::Fail(TlsAlert alert)
{
    m_failed = true;
    m_alert = alert;
    const char bytes[] = {2, static_cast<char>(alert)};
    m_handshake->output.push_back(
        m_handshake->writer.Seal(TlsContentType::Alert, std::string(bytes, sizeof(bytes))));
    return TlsEvent::Failed;
}

Ptr<Packet>
TlsEngine::GetData() const
{
    return m_data;
}

void
TlsEngine::Write(Ptr<const Packet> packet)
{
    if (!m_established || m_failed || m_closed)
    {
        return;
    }
    const auto size = packet->GetSize();
    for (uint32_t at = 0; at < size; at += TLS_MAX_FRAGMENT_BYTES)
    {
        const auto take = std::min(size - at, TLS_MAX_FRAGMENT_BYTES);
        const auto content =
            take == size ? packet : Ptr<const Packet>(packet->CreateFragment(at, take));
        m_handshake->output.push_back(
            m_handshake->writer.Seal(TlsContentType::ApplicationData, content));
    }
}

void
TlsEngine::CloseNotify()
{
    if (!m_failed && !std::exchange(m_closed, true))
    {
        m_handshake->output.push_back(
            m_handshake->writer.Seal(TlsContentType::Alert, std::string("\1\0", 2)));
    }
}

std::vector<Ptr<Packet>>
TlsEngine::TakeOutput()
{
    return std::exchange(m_handshake->output, {});
}

uint32_t
TlsEngine::GetOverhead() const
{
    return m_handshake->writer.GetProtection().GetOverhead();
}

bool
TlsEngine::IsEstablished() const
{
    return m_established && !m_failed;
}

const TlsAgreement&
TlsEngine::GetAgreement() const
{
    return m_handshake->GetAgreement();
}

TlsAlert
TlsEngine::GetAlert() const
{
    return m_alert;
}

bool
TlsEngine::IsAlertReceived() const
{
    return m_received;
}

} // namespace azure
} // namespace ns3
