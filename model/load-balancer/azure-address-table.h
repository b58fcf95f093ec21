/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ADDRESS_TABLE_H
#define AZURE_ADDRESS_TABLE_H

#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Gives each address of a load balancer a small number.
 *
 * Flow entries hold numbers instead of addresses, and the question "is this packet any of our
 * business?", asked of every packet of a node, costs one look into a small table. Open
 * addressing with linear probing, at most half full; a number is never taken back, so that a
 * flow to a removed instance still knows its address (LB-17).
 */
class AddressTable
{
  public:
    using Id = uint16_t;                   //!< number of an address
    static constexpr Id NONE = UINT16_MAX; //!< no number: the address is unknown

    /// What an address is used for; bits.
    enum Role : uint8_t
    {
        FRONTEND = 1, //!< clients send to it
        BACKEND = 2   //!< instances answer from it
    };

    AddressTable();

    /**
     * @brief Give an address a number, if it has none, and one more role.
     *
     * @param address the address
     * @param role what it is used for
     * @return its number; NONE when all 65,535 numbers are taken
     */
    Id Add(const IpAddress& address, Role role);

    /**
     * @param address any address
     * @return its number, or NONE
     */
    Id Find(const IpAddress& address) const;

    /**
     * @param address any address
     * @param role a role
     * @return its number if it has the role, else NONE
     */
    Id Find(const IpAddress& address, Role role) const;

    /**
     * @param id a number given out by Add()
     * @return its address
     */
    const IpAddress& GetAddress(Id id) const;

    /**
     * @return how many addresses have a number; the numbers are 0 to this minus 1
     */
    uint32_t GetSize() const;

  private:
    /// One address.
    struct Entry
    {
        IpAddress address; //!< the address
        uint8_t roles;     //!< Role bits
    };

    /**
     * @param address any address
     * @return the bucket of m_buckets that holds it, or the empty one where it would go
     */
    uint32_t FindBucket(const IpAddress& address) const;

    /// Doubles m_buckets.
    void Grow();

    std::vector<Entry> m_entries; //!< by number
    std::vector<Id> m_buckets;    //!< numbers by hash, a power of two of them; NONE: empty
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ADDRESS_TABLE_H */
