/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-record-reader.h"

#include "azure-tls-record-frame.h"

#include <algorithm>
#include <vector>

namespace ns3
{
namespace azure
{

TlsRecordReader::TlsRecordReader()
    : m_head(std::make_unique<TlsRecordFrame>()),
      m_tail(std::make_unique<TlsRecordFrame>()),
      m_content(Create<Packet>())
{
}

TlsRecordReader::~TlsRecordReader() = default;
TlsRecordReader::TlsRecordReader(TlsRecordReader&& other) noexcept = default;
TlsRecordReader& TlsRecordReader::operator=(TlsRecordReader&& other) noexcept = default;

void
TlsRecordReader::Protect(const TlsProtection& protection)
{
    m_protection = protection;
    m_sequence = 0;
}

void
TlsRecordReader::Push(Ptr<const Packet> packet)
{
    if (packet && packet->GetSize() > 0 && m_part != Part::Failed)
    {
        m_queued += packet->GetSize();
        m_input.push_back(packet);
    }
}

uint32_t
TlsRecordReader::GetPartBytes() const
{
    switch (m_part)
    {
    case Part::Header: {
        const bool nonce = m_protection.version == TlsVersion::Tls12;
        return TLS_RECORD_HEADER_BYTES +
               (nonce && m_head->GetSize() >= TLS_RECORD_HEADER_BYTES ? 8 : 0) - m_head->GetSize();
    }
    case Part::Content:
        return m_contentBytes - m_content->GetSize();
    case Part::Trailer:
        return m_tailBytes - m_tail->GetSize();
    case Part::Failed:
        break;
    }
    return 0;
}

uint32_t
TlsRecordReader::GetWanted() const
{
    const auto part = GetPartBytes();
    return part > m_queued ? part - static_cast<uint32_t>(m_queued) : 1;
}

uint64_t
TlsRecordReader::GetQueuedBytes() const
{
    return m_queued + m_head->GetSize() + m_content->GetSize() + m_tail->GetSize();
}

Ptr<Packet>
TlsRecordReader::Take(uint32_t count)
{
    const auto& first = m_input.front();
    const auto take = std::min(count, first->GetSize() - m_offset);
    auto bytes = first->CreateFragment(m_offset, take);
    m_offset += take;
    m_queued -= take;
    if (m_offset == first->GetSize())
    {
        m_input.pop_front();
        m_offset = 0;
    }
    return bytes;
}

TlsRecordEvent
TlsRecordReader::Next()
{
    while (m_part != Part::Failed)
    {
        const auto wanted = GetPartBytes();
        if (wanted == 0)
        {
            if (m_part == Part::Content)
            {
                m_part = Part::Trailer;
                continue;
            }
            if (m_part == Part::Trailer)
            {
                return Open();
            }
            m_part = Part::Content; // the nonce is complete
            continue;
        }
        if (m_input.empty())
        {
            return TlsRecordEvent::NeedInput;
        }
        auto bytes = Take(wanted);
        switch (m_part)
        {
        case Part::Header: {
            const auto before = m_head->GetSize();
            m_head->Append(bytes);
            const bool complete =
                before < TLS_RECORD_HEADER_BYTES && m_head->GetSize() == TLS_RECORD_HEADER_BYTES;
            if (complete && ReadHeader() == TlsRecordEvent::Error)
            {
                return TlsRecordEvent::Error;
            }
            break;
        }
        case Part::Content:
            m_content->AddAtEnd(bytes);
            break;
        case Part::Trailer:
            m_tail->Append(bytes);
            break;
        case Part::Failed:
            break;
        }
    }
    return TlsRecordEvent::Error;
}

TlsRecordEvent
TlsRecordReader::ReadHeader()
{
    const auto type = m_head->Get(0, 1);
    const auto length = static_cast<uint32_t>(m_head->Get(3, 2));
    m_type = static_cast<TlsContentType>(type);
    // The minor version is not looked at (RFC 8446, section 5.1).
    if (m_head->Get(1, 1) != 3)
    {
        return Fail(TlsAlert::ProtocolVersion);
    }
    if (type < static_cast<uint8_t>(TlsContentType::ChangeCipherSpec) ||
        type > static_cast<uint8_t>(TlsContentType::ApplicationData))
    {
        return Fail(TlsAlert::UnexpectedMessage);
    }
    auto overhead = m_protection.GetOverhead() - TLS_RECORD_HEADER_BYTES;
    if (m_protection.version == TlsVersion::Tls13 && m_type == TlsContentType::ChangeCipherSpec)
    {
        // RFC 8446, section 5: a dummy of one byte in the clear; taken as content with no trailer.
        if (length != 1)
        {
            return Fail(TlsAlert::UnexpectedMessage);
        }
        overhead = 0;
    }
    else if (m_protection.version == TlsVersion::Tls13 && m_type != TlsContentType::ApplicationData)
    {
        return Fail(TlsAlert::UnexpectedMessage);
    }
    if (length > TLS_MAX_FRAGMENT_BYTES + overhead)
    {
        return Fail(TlsAlert::RecordOverflow);
    }
    if (length < overhead)
    {
        return Fail(TlsAlert::BadRecordMac);
    }
    m_contentBytes = length - overhead;
    m_tailBytes = m_protection.version == TlsVersion::Tls12 ? overhead - 8 : overhead;
    if (m_protection.version != TlsVersion::Tls12)
    {
        m_part = Part::Content;
    }
    return TlsRecordEvent::Record;
}

bool
TlsRecordReader::Unpad(uint64_t type)
{
    auto content = m_content;
    if (type == 0)
    {
        std::vector<uint8_t> bytes(content->GetSize());
        content->CopyData(bytes.data(), content->GetSize());
        uint32_t size = content->GetSize();
        while (size > 0 && bytes[size - 1] == 0)
        {
            --size;
        }
        if (size == 0)
        {
            return false;
        }
        type = bytes[size - 1];
        content = content->CreateFragment(0, size - 1);
    }
    m_record.type = static_cast<TlsContentType>(type);
    m_record.content = content;
    return type >= static_cast<uint8_t>(TlsContentType::Alert) &&
           type <= static_cast<uint8_t>(TlsContentType::ApplicationData);
}

TlsRecordEvent
TlsRecordReader::Open()
{
    const bool dummy =
        m_protection.version == TlsVersion::Tls13 && m_type == TlsContentType::ChangeCipherSpec;
    m_record.type = m_type;
    m_record.content = m_content;
    if (m_protection.version != TlsVersion::None && !dummy)
    {
        const uint32_t tag = m_protection.version == TlsVersion::Tls13 ? 1 : 0;
        const bool good = m_tail->Get(tag, 8) == m_sequence &&
                          m_tail->Get(tag + 8, 8) == m_protection.key &&
                          (tag == 1 || m_head->Get(5, 8) == m_sequence);
        if (!good)
        {
            return Fail(TlsAlert::BadRecordMac);
        }
        if (tag == 1 && !Unpad(m_tail->Get(0, 1)))
        {
            return Fail(TlsAlert::UnexpectedMessage);
        }
        ++m_sequence;
    }
    m_record.content->RemoveAllPacketTags();
    m_record.content->RemoveAllByteTags();
    m_content = Create<Packet>();
    m_head->Clear();
    m_tail->Clear();
    m_part = Part::Header;
    return TlsRecordEvent::Record;
}

TlsRecordEvent
TlsRecordReader::Fail(TlsAlert alert)
{
    m_part = Part::Failed;
    m_alert = alert;
    m_input.clear();
    m_queued = 0;
    return TlsRecordEvent::Error;
}

const TlsRecord&
TlsRecordReader::GetRecord() const
{
    return m_record;
}

TlsAlert
TlsRecordReader::GetAlert() const
{
    return m_alert;
}

} // namespace azure
} // namespace ns3
