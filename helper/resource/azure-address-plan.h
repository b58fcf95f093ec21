/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ADDRESS_PLAN_H
#define AZURE_ADDRESS_PLAN_H

#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Gives out addresses as Azure does: in a subnet ascending from the fourth, the first
 *        four and the last being the platform's.
 *
 * Public addresses come, ascending, from the ranges that RFC 5737 sets aside for documentation:
 * 203.0.113.0/24, then 198.51.100.0/24, then 192.0.2.0/24, without the first and last of each.
 */
class AddressPlan
{
  public:
    /**
     * @param key identifies the subnet
     * @param prefixes its address prefixes
     */
    void AddSubnet(const std::string& key, const std::vector<AddressPrefix>& prefixes);

    /**
     * @param key identifies a subnet
     * @return its prefixes, or null when it is unknown
     */
    const std::vector<AddressPrefix>* FindSubnet(const std::string& key) const;

    /**
     * @param address an address
     * @param owner who wants it, for errors
     * @return who has it already; empty: nobody had it, and the owner has it now
     */
    std::string Reserve(const IpAddress& address, const std::string& owner);

    /**
     * @param key identifies a subnet
     * @param owner who wants an address, for errors
     * @return the lowest free address; nothing when none is left
     */
    std::optional<IpAddress> Allocate(const std::string& key, const std::string& owner);

    /**
     * @param owner who wants an address, for errors
     * @return the next free public address; nothing when none is left
     */
    std::optional<IpAddress> AllocatePublic(const std::string& owner);

    /**
     * @param text dotted notation
     * @return the IPv4 address; nothing when the text is none
     */
    static std::optional<IpAddress> ParseAddress(const std::string& text);

    /**
     * @param address an IPv4 address
     * @return dotted notation
     */
    static std::string FormatAddress(const IpAddress& address);

  private:
    /**
     * @param prefixes where to look, in this order
     * @param skip addresses at the start of each that are not given out
     * @param owner who wants an address
     * @param[in,out] next offset over all prefixes at which to go on
     * @return the next free address; nothing when none is left
     */
    std::optional<IpAddress> AllocateFrom(const std::vector<AddressPrefix>& prefixes,
                                          uint64_t skip,
                                          const std::string& owner,
                                          uint64_t& next);

    /// A subnet.
    struct Subnet
    {
        std::vector<AddressPrefix> prefixes; //!< its address prefixes
        uint64_t next{0};                    //!< offset at which to go on
    };

    std::map<std::string, Subnet> m_subnets;   //!< by key
    std::map<IpAddress, std::string> m_owners; //!< addresses in use
    uint64_t m_nextPublic{0};                  //!< offset at which to go on
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ADDRESS_PLAN_H */
