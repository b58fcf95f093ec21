/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-distribution.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
 * generators, OOPSLA 2014): every input bit flips every output bit with probability 1/2.
 *
 * @param value any value
 * @return the mixed value
 */
uint64_t
Mix(uint64_t value)
{
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

} // namespace

Distribution::Distribution(uint64_t seed)
    : m_seed(Mix(seed))
{
}

uint32_t
Distribution::Hash(const PacketView& packet, LoadDistribution mode) const
{
    uint64_t hash = Mix(m_seed ^ packet.source.low);
    hash = Mix(hash ^ packet.source.high);
    hash = Mix(hash ^ packet.destination.low);
    hash = Mix(hash ^ packet.destination.high);
    // One word for the rest, with the mode in it so that modes differ even for equal fields.
    uint64_t rest = static_cast<uint64_t>(mode) << 40;
    if (mode != LoadDistribution::SourceIp)
    {
        rest |= static_cast<uint64_t>(packet.protocol) << 32;
    }
    if (mode == LoadDistribution::Default)
    {
        rest |= static_cast<uint64_t>(packet.sourcePort) << 16 | packet.destinationPort;
    }
    return static_cast<uint32_t>(Mix(hash ^ rest) >> 32);
}

uint32_t
Distribution::Pick(uint32_t hash, uint32_t count)
{
    return static_cast<uint32_t>((static_cast<uint64_t>(hash) * count) >> 32);
}

double
Distribution::GetDisruption(const std::vector<uint16_t>& before, const std::vector<uint16_t>& after)
{
    if (before.empty() || after.empty())
    {
        return 0;
    }
    // Walk both divisions of [0, 1) in units of 1 / (before * after), so that all is exact.
    const uint64_t n = before.size();
    const uint64_t m = after.size();
    uint64_t moved = 0;
    uint64_t position = 0;
    while (position < n * m)
    {
        const uint64_t i = position / m;
        const uint64_t j = position / n;
        const uint64_t next = std::min((i + 1) * m, (j + 1) * n);
        if (before[i] != after[j])
        {
            moved += next - position;
        }
        position = next;
    }
    return static_cast<double>(moved) / static_cast<double>(n * m);
}

} // namespace azure
} // namespace ns3
