/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_INBOUND_NAT_PORTS_H
#define AZURE_INBOUND_NAT_PORTS_H

#include "azure-address-table.h"

#include <cstdint>
#include <map>
#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Hands out the frontend ports of one pool-based NAT rule (LB-47).
 *
 * Each instance has one port. A new one gets the lowest free port; the others keep theirs.
 */
class InboundNatPorts
{
  public:
    /**
     * @param first first port of the range
     * @param last last port of the range, not below the first
     */
    InboundNatPorts(uint16_t first, uint16_t last);

    /**
     * @return whether a port is left
     */
    bool HasFreePort() const;

    /**
     * @param instance an instance without a port
     * @return its port; none when the range is exhausted
     */
    std::optional<uint16_t> Assign(AddressTable::Id instance);

    /**
     * @param instance any instance
     * @return the port it had, free from now on
     */
    std::optional<uint16_t> Release(AddressTable::Id instance);

    /**
     * @return the instance of each port in use
     */
    const std::map<uint16_t, AddressTable::Id>& GetMappings() const;

  private:
    uint16_t m_first;                                //!< first port of the range
    uint16_t m_last;                                 //!< last port of the range
    std::map<uint16_t, AddressTable::Id> m_mappings; //!< ports in use
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_INBOUND_NAT_PORTS_H */
