/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-record-frame.h"

#include "ns3/assert.h"
#include "ns3/header.h"
#include "ns3/trailer.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Header of a record, for the metadata of packets.
 */
class TlsRecordHeader : public Header
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::azure::TlsRecordHeader")
                                .SetParent<Header>()
                                .SetGroupName("AzureLoadBalancing")
                                .AddConstructor<TlsRecordHeader>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return frame.m_size;
    }

    void Serialize(Buffer::Iterator start) const override
    {
        start.Write(frame.m_bytes.data(), frame.m_size);
    }

    uint32_t Deserialize(Buffer::Iterator start) override
    {
        start.Read(frame.m_bytes.data(), frame.m_size);
        return frame.m_size;
    }

    void Print(std::ostream& os) const override
    {
        os << "TLS record, content type " << frame.Get(0, 1) << ", " << frame.Get(3, 2) << " bytes";
    }

    TlsRecordFrame frame; //!< the bytes
};

/**
 * @ingroup azure-load-balancing
 * @brief Trailer of a protected record, for the metadata of packets.
 */
class TlsRecordTrailer : public Trailer
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::azure::TlsRecordTrailer")
                                .SetParent<Trailer>()
                                .SetGroupName("AzureLoadBalancing")
                                .AddConstructor<TlsRecordTrailer>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return frame.m_size;
    }

    void Serialize(Buffer::Iterator end) const override
    {
        end.Prev(frame.m_size);
        end.Write(frame.m_bytes.data(), frame.m_size);
    }

    uint32_t Deserialize(Buffer::Iterator end) override
    {
        end.Prev(frame.m_size);
        end.Read(frame.m_bytes.data(), frame.m_size);
        return frame.m_size;
    }

    void Print(std::ostream& os) const override
    {
        os << "TLS record, " << frame.m_size << " bytes behind its content";
    }

    TlsRecordFrame frame; //!< the bytes
};

NS_OBJECT_ENSURE_REGISTERED(TlsRecordHeader);
NS_OBJECT_ENSURE_REGISTERED(TlsRecordTrailer);

void
TlsRecordFrame::Number(uint64_t value, uint32_t width)
{
    NS_ASSERT_MSG(m_size + width <= MAX_SIZE, "a frame of a record does not fit");
    while (width-- > 0)
    {
        m_bytes[m_size++] = static_cast<uint8_t>(value >> (8 * width));
    }
}

void
TlsRecordFrame::Append(Ptr<const Packet> packet)
{
    m_size +=
        packet->CopyData(m_bytes.data() + m_size, std::min(packet->GetSize(), MAX_SIZE - m_size));
}

uint64_t
TlsRecordFrame::Get(uint32_t offset, uint32_t width) const
{
    uint64_t value = 0;
    for (uint32_t i = offset; i < offset + width; ++i)
    {
        value = value << 8 | (i < m_size ? m_bytes[i] : 0);
    }
    return value;
}

void
TlsRecordFrame::AddTo(Ptr<Packet> packet, const TlsRecordFrame& tail) const
{
    TlsRecordHeader header;
    header.frame = *this;
    packet->AddHeader(header);
    if (tail.m_size > 0)
    {
        TlsRecordTrailer trailer;
        trailer.frame = tail;
        packet->AddTrailer(trailer);
    }
}

} // namespace azure
} // namespace ns3
