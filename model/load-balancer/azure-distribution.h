/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DISTRIBUTION_H
#define AZURE_DISTRIBUTION_H

#include "azure-load-balancer-configuration.h"
#include "azure-packet-view.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Chooses an instance for the first packet of a flow (LB-12 to LB-16).
 *
 * The tuple of the packet as it arrives (LB-20) is hashed to 32 bits; the eligible instances, in
 * the order of the pool, divide the range of the hash into equal parts. Azure does not say which
 * function it uses (LB-13): any uniform one is a faithful stand-in.
 *
 * Equal parts, rather than consistent hashing (Maglev, rendezvous), because Azure promises
 * nothing about new connections once a pool changes: the distribution is recomputed and an old
 * client may land elsewhere, also with affinity (LB-16). Consistent hashing would show studies of
 * affinity a stability on which nobody may count. It is also one multiplication for pools of any
 * size. How much a change moves is told by GetDisruption().
 */
class Distribution
{
  public:
    /**
     * @param seed makes the hashes of one load balancer independent of those of another
     */
    explicit Distribution(uint64_t seed = 0);

    /**
     * @param packet the first packet of a flow
     * @param mode which of its fields count (LB-12)
     * @return its hash, uniform over 32 bits
     */
    uint32_t Hash(const PacketView& packet, LoadDistribution mode) const;

    /**
     * @param hash a hash
     * @param count number of eligible instances, at least 1
     * @return index of the chosen instance, 0 to count - 1
     */
    static uint32_t Pick(uint32_t hash, uint32_t count);

    /**
     * @brief The share of all hashes that a change of the eligible instances sends elsewhere.
     *
     * @param before identities of the eligible instances, in order
     * @param after the same after the change
     * @return 0 (nothing moves) to 1 (everything moves); 0 when there was or is no instance
     */
    static double GetDisruption(const std::vector<uint16_t>& before,
                                const std::vector<uint16_t>& after);

  private:
    uint64_t m_seed; //!< start value of the hash
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DISTRIBUTION_H */
