/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-raw-header.h"

#include "ns3/assert.h"

namespace ns3
{
namespace azure
{

NS_OBJECT_ENSURE_REGISTERED(RawHeader);

TypeId
RawHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::azure::RawHeader")
                            .SetParent<Header>()
                            .SetGroupName("AzureLoadBalancing")
                            .AddConstructor<RawHeader>();
    return tid;
}

RawHeader::RawHeader(TypeId asType, uint32_t size)
    : m_asType(asType),
      m_size(size)
{
    NS_ASSERT_MSG(size <= MAX_SIZE, "A raw header of " << size << " bytes does not fit");
}

TypeId
RawHeader::GetInstanceTypeId() const
{
    return m_asType;
}

uint32_t
RawHeader::GetSerializedSize() const
{
    return m_size;
}

void
RawHeader::Serialize(Buffer::Iterator start) const
{
    start.Write(m_bytes.data(), m_size);
}

uint32_t
RawHeader::Deserialize(Buffer::Iterator start)
{
    start.Read(m_bytes.data(), m_size);
    return m_size;
}

void
RawHeader::Print(std::ostream& os) const
{
    os << m_size << " bytes of " << m_asType.GetName();
}

} // namespace azure
} // namespace ns3
