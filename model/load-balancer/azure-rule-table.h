/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RULE_TABLE_H
#define AZURE_RULE_TABLE_H

#include "azure-address-table.h"
#include "azure-backend-pools.h"
#include "azure-inbound-nat-ports.h"
#include "azure-load-balancer-configuration.h"
#include "azure-pool-change.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the data path needs to know of one rule.
 */
struct RuleEntry
{
    AddressTable::Id frontend{AddressTable::NONE}; //!< the frontend address
    uint16_t backendPort{0};             //!< port at the instance; 0: as it arrives (LB-23)
    uint32_t target{BackendPools::NONE}; //!< pool and probe; NONE for a NAT rule
    LoadDistribution distribution{LoadDistribution::Default}; //!< LB-12
    bool floatingIp{false}; //!< keep the destination address (LB-26)
    bool tcpReset{false};   //!< reset both ends at the idle timeout (LB-40, LB-42)
    int64_t idleTimeout{0}; //!< in time steps; the frontend's own overrides the rule's (LB-43)
};

/**
 * @ingroup azure-load-balancing
 * @brief Finds the rule for a frontend address, protocol and port (LB-21, LB-22).
 *
 * One hash look-up for a rule with ports, a second one for an HA ports rule (LB-23). Each port of a
 * NAT rule that has an instance is an entry of its own (LB-46, LB-47). Load balancing rules
 * are numbered first, then NAT rules.
 */
class RuleTable
{
  public:
    static constexpr uint32_t NONE = UINT32_MAX; //!< no rule

    /// Where a packet goes.
    struct Match
    {
        uint32_t rule{NONE};                           //!< rule index, or NONE
        AddressTable::Id instance{AddressTable::NONE}; //!< a NAT rule's instance
    };

    /**
     * @param configuration a configuration without errors
     * @param addresses gives numbers to frontends and to targets of NAT rules
     * @param pools gets a target for each load balancing rule
     */
    RuleTable(const LoadBalancerConfiguration& configuration,
              AddressTable& addresses,
              BackendPools& pools);

    /**
     * @param frontend number of the destination address
     * @param tcp TCP, as opposed to UDP
     * @param port destination port
     * @return the rule for it
     */
    Match Find(AddressTable::Id frontend, bool tcp, uint16_t port) const;

    /**
     * @param rule rule index
     * @return the rule
     */
    const RuleEntry& Get(uint32_t rule) const
    {
        return m_rules[rule];
    }

    /**
     * @param rule rule index of a load balancing rule
     * @param distribution its mode from now on (LB-18)
     */
    void SetDistribution(uint32_t rule, LoadDistribution distribution);

    /**
     * @return number of rules
     */
    uint32_t GetSize() const;

    /**
     * @brief Give a new member of a pool its NAT ports.
     *
     * @param pool index of the pool
     * @param instance the member
     * @param change gets the mappings, or the error when a range is exhausted; then nothing changed
     */
    void AddMember(uint32_t pool, AddressTable::Id instance, PoolChange& change);

    /**
     * @brief Take the NAT ports of a former member of a pool back.
     *
     * @param pool index of the pool
     * @param instance the former member
     * @param change gets the mappings
     */
    void RemoveMember(uint32_t pool, AddressTable::Id instance, PoolChange& change);

    /**
     * @return every NAT port and its instance, by rule index and port
     */
    std::vector<NatMapping> GetNatMappings() const;

  private:
    /// A pool-based NAT rule.
    struct NatPool
    {
        uint32_t rule;              //!< rule index
        uint32_t pool;              //!< index of the pool
        TransportProtocol protocol; //!< of the rule
        std::string name;           //!< of the rule
        InboundNatPorts ports;      //!< who has which port
    };

    /**
     * @param frontend number of the destination address
     * @param tcp TCP, as opposed to UDP
     * @param port destination port; 0 for every port
     * @return its key in m_matches
     */
    static uint64_t KeyOf(AddressTable::Id frontend, bool tcp, uint16_t port);

    /**
     * @brief Set or clear what packets to a port match.
     *
     * @param protocol TCP, UDP or both
     * @param frontend number of the destination address
     * @param port destination port; 0 for every port
     * @param match the match; a rule of NONE clears it
     */
    void SetMatch(TransportProtocol protocol,
                  AddressTable::Id frontend,
                  uint16_t port,
                  const Match& match);

    const AddressTable& m_addresses;               //!< the addresses
    std::vector<RuleEntry> m_rules;                //!< by rule index
    std::unordered_map<uint64_t, Match> m_matches; //!< by KeyOf()
    std::vector<NatPool> m_natPools;               //!< pool-based NAT rules, in order
    std::vector<NatMapping> m_singles;             //!< single-instance NAT rules, in order
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RULE_TABLE_H */
