/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_POOL_CHANGE_H
#define AZURE_POOL_CHANGE_H

#include "ns3/azure-ip-address.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a change did to the distribution of one load balancing rule.
 */
struct RuleChange
{
    uint32_t rule{0};               //!< rule index, see LoadBalancerEngine::GetRuleName()
    std::vector<IpAddress> added;   //!< instances that new flows may now reach
    std::vector<IpAddress> removed; //!< instances that new flows no longer reach
    uint32_t eligible{0};           //!< instances that new flows may reach after the change
    double disruption{0}; //!< share of all tuples that now lead to another instance, 0 to 1 (LB-16)
    bool flowsCut{false}; //!< established TCP flows were cut as well (LB-31, LB-33)
};

/**
 * @ingroup azure-load-balancing
 * @brief One frontend port of a NAT rule and the instance behind it (LB-46, LB-47).
 */
struct NatMapping
{
    uint32_t rule{0};         //!< rule index, see LoadBalancerEngine::GetRuleName()
    uint16_t frontendPort{0}; //!< the port that clients send to
    IpAddress backend;        //!< the instance
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that a change of membership, health or settings changed.
 */
struct PoolChange
{
    std::string error;                       //!< why the change was refused; empty: it was made
    std::vector<RuleChange> rules;           //!< the rules whose distribution changed
    std::vector<NatMapping> mappingsAdded;   //!< NAT ports that now lead to an instance
    std::vector<NatMapping> mappingsRemoved; //!< NAT ports that no longer lead to one

    /**
     * @return whether nothing changed
     */
    bool IsEmpty() const
    {
        return rules.empty() && mappingsAdded.empty() && mappingsRemoved.empty();
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_POOL_CHANGE_H */
