/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-inbound-nat-ports.h"

namespace ns3
{
namespace azure
{

InboundNatPorts::InboundNatPorts(uint16_t first, uint16_t last)
    : m_first(first),
      m_last(last)
{
}

bool
InboundNatPorts::HasFreePort() const
{
    return m_mappings.size() < static_cast<size_t>(m_last - m_first) + 1;
}

std::optional<uint16_t>
InboundNatPorts::Assign(AddressTable::Id instance)
{
    if (!HasFreePort())
    {
        return std::nullopt;
    }
    uint16_t port = m_first;
    for (const auto& mapping : m_mappings)
    {
        if (mapping.first != port)
        {
            break;
        }
        ++port;
    }
    m_mappings[port] = instance;
    return port;
}

std::optional<uint16_t>
InboundNatPorts::Release(AddressTable::Id instance)
{
    for (auto mapping = m_mappings.begin(); mapping != m_mappings.end(); ++mapping)
    {
        if (mapping->second == instance)
        {
            const uint16_t port = mapping->first;
            m_mappings.erase(mapping);
            return port;
        }
    }
    return std::nullopt;
}

const std::map<uint16_t, AddressTable::Id>&
InboundNatPorts::GetMappings() const
{
    return m_mappings;
}

} // namespace azure
} // namespace ns3
