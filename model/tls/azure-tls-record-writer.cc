/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-record-writer.h"

#include "azure-tls-record-frame.h"

#include "ns3/assert.h"

namespace ns3
{
namespace azure
{

uint32_t
TlsProtection::GetOverhead() const
{
    switch (version)
    {
    case TlsVersion::Tls12:
        return TLS_RECORD_HEADER_BYTES + 8 + 16;
    case TlsVersion::Tls13:
        return TLS_RECORD_HEADER_BYTES + 1 + 16;
    case TlsVersion::None:
        break;
    }
    return TLS_RECORD_HEADER_BYTES;
}

TlsRecordWriter::TlsRecordWriter(TlsRole role)
    : m_clientHello(role == TlsRole::Client)
{
}

void
TlsRecordWriter::Protect(const TlsProtection& protection)
{
    m_protection = protection;
    m_sequence = 0;
}

const TlsProtection&
TlsRecordWriter::GetProtection() const
{
    return m_protection;
}

Ptr<Packet>
TlsRecordWriter::Seal(TlsContentType type, Ptr<const Packet> content)
{
    NS_ASSERT_MSG(content->GetSize() <= TLS_MAX_FRAGMENT_BYTES, "more than a record can carry");
    const auto size = content->GetSize();
    // A dummy for middleboxes (RFC 8446, appendix D.4) is never protected.
    const bool dummy =
        m_protection.version == TlsVersion::Tls13 && type == TlsContentType::ChangeCipherSpec;
    const auto protection = dummy ? TlsProtection() : m_protection;
    auto record = content->Copy();
    record->RemoveAllPacketTags();
    record->RemoveAllByteTags();
    TlsRecordFrame head;
    TlsRecordFrame tail;
    const bool new13 = protection.version == TlsVersion::Tls13;
    if (new13)
    {
        tail.Number(static_cast<uint8_t>(type), 1);
    }
    if (protection.version != TlsVersion::None)
    {
        tail.Number(m_sequence, 8);
        tail.Number(protection.key, 8);
    }
    head.Number(static_cast<uint8_t>(new13 ? TlsContentType::ApplicationData : type), 1);
    // A first ClientHello says 1.0, for old servers (RFC 8446, section 5.1).
    head.Number(m_clientHello ? 0x0301 : 0x0303, 2);
    head.Number(size + protection.GetOverhead() - TLS_RECORD_HEADER_BYTES, 2);
    if (protection.version == TlsVersion::Tls12)
    {
        head.Number(m_sequence, 8); // explicit nonce
    }
    head.AddTo(record, tail);
    m_sequence += dummy ? 0 : 1;
    m_clientHello = false;
    return record;
}

Ptr<Packet>
TlsRecordWriter::Seal(TlsContentType type, const std::string& content)
{
    return Seal(type,
                Create<Packet>(reinterpret_cast<const uint8_t*>(content.data()),
                               static_cast<uint32_t>(content.size())));
}

} // namespace azure
} // namespace ns3
