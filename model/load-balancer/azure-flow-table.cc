/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-flow-table.h"

#include "ns3/assert.h"

#include <functional>
#include <tsl/robin_set.h>

namespace ns3
{
namespace azure
{

struct FlowTable::Indices
{
    /// Which of its two keys a flow is looked up by.
    enum class Side
    {
        FORWARD, //!< packets on their way in
        REVERSE  //!< packets on their way out
    };

    /**
     * @param flow a flow
     * @param side which key
     * @return its key
     */
    static FlowKey KeyOf(const Flow& flow, Side side)
    {
        FlowKey key;
        key.client = flow.client;
        key.clientPort = flow.clientPort;
        key.protocol = flow.state.GetProtocol();
        const bool atFrontend = side == Side::FORWARD || flow.floating;
        key.site = atFrontend ? flow.frontend : flow.backend;
        key.sitePort = side == Side::FORWARD ? flow.frontendPort : flow.backendPort;
        return key;
    }

    /// Hashes slots and keys alike.
    template <Side SIDE>
    struct SlotHash
    {
        const FlowSlab* slab; //!< the flows

        /**
         * @param key a key
         * @return its hash; the index uses the low bits
         */
        size_t operator()(const FlowKey& key) const
        {
            const uint64_t rest = static_cast<uint64_t>(key.clientPort) << 48 |
                                  static_cast<uint64_t>(key.site) << 32 |
                                  static_cast<uint64_t>(key.sitePort) << 16 | key.protocol;
            uint64_t hash =
                (key.client.low ^ key.client.high * 0xd6e8feb86659fd93ULL) * 0x9e3779b97f4a7c15ULL;
            hash = ((hash ^ (hash >> 32)) + rest) * 0xbf58476d1ce4e5b9ULL;
            // A second round: the client's port has only reached the upper bits, the index takes
            // the lower.
            hash = (hash ^ (hash >> 32)) * 0x94d049bb133111ebULL;
            return static_cast<size_t>(hash ^ (hash >> 32));
        }

        /**
         * @param slot a slot in use
         * @return the hash of its flow's key
         */
        size_t operator()(uint32_t slot) const
        {
            return (*this)(KeyOf(slab->Get(slot), SIDE));
        }
    };

    /// Compares slots and keys.
    template <Side SIDE>
    struct SlotEqual
    {
        using is_transparent = void; //!< look-up by key

        const FlowSlab* slab; //!< the flows

        /**
         * @param a a slot
         * @param b a slot
         * @return whether both are the same
         */
        bool operator()(uint32_t a, uint32_t b) const
        {
            return a == b;
        }

        /**
         * @param slot a slot in use
         * @param key a key
         * @return whether the flow has this key
         */
        bool operator()(uint32_t slot, const FlowKey& key) const
        {
            const FlowKey other = KeyOf(slab->Get(slot), SIDE);
            return other.clientPort == key.clientPort && other.client == key.client &&
                   other.site == key.site && other.sitePort == key.sitePort &&
                   other.protocol == key.protocol;
        }

        /**
         * @param key a key
         * @param slot a slot in use
         * @return whether the flow has this key
         */
        bool operator()(const FlowKey& key, uint32_t slot) const
        {
            return (*this)(slot, key);
        }
    };

    /// Slot numbers by key; keeps the low half of each hash, so that growing touches no flow.
    template <Side SIDE>
    using Index =
        tsl::robin_set<uint32_t, SlotHash<SIDE>, SlotEqual<SIDE>, std::allocator<uint32_t>, true>;

    /// Fuller than the default of one half: memory counts more than the last step of a probe.
    static constexpr float MAX_LOAD_FACTOR = 0.8F;

    Index<Side::FORWARD> forward; //!< by the key of packets on their way in
    Index<Side::REVERSE> reverse; //!< by the key of packets on their way out

    /**
     * @param slab the flows
     */
    explicit Indices(const FlowSlab* slab)
        : forward(0, {slab}, {slab}),
          reverse(0, {slab}, {slab})
    {
        forward.max_load_factor(MAX_LOAD_FACTOR);
        reverse.max_load_factor(MAX_LOAD_FACTOR);
    }
};

FlowTable::FlowTable()
    : m_indices(std::make_unique<Indices>(&m_slab))
{
}

FlowTable::~FlowTable() = default;

uint32_t
FlowTable::FindForward(const FlowKey& key) const
{
    const auto found = m_indices->forward.find(key);
    return found == m_indices->forward.end() ? Flow::NONE : *found;
}

uint32_t
FlowTable::FindReverse(const FlowKey& key) const
{
    const auto found = m_indices->reverse.find(key);
    return found == m_indices->reverse.end() ? Flow::NONE : *found;
}

uint32_t
FlowTable::Insert(const FlowKey& forward, const FlowKey& reverse, AddressTable::Id backend)
{
    NS_ASSERT_MSG(FindForward(forward) == Flow::NONE, "the flow is in the table already");
    if (FindReverse(reverse) != Flow::NONE)
    {
        return Flow::NONE;
    }
    const uint32_t slot = m_slab.Allocate();
    Flow& flow = m_slab.Get(slot);
    flow.client = forward.client;
    flow.clientPort = forward.clientPort;
    flow.frontend = forward.site;
    flow.frontendPort = forward.sitePort;
    flow.backend = backend;
    flow.backendPort = reverse.sitePort;
    flow.floating = reverse.site == forward.site && backend != forward.site;
    PacketView first;
    first.protocol = forward.protocol;
    flow.state = FlowState::Begin(first);
    m_indices->forward.insert(slot);
    m_indices->reverse.insert(slot);
    return slot;
}

void
FlowTable::Erase(uint32_t slot)
{
    m_indices->forward.erase(slot);
    m_indices->reverse.erase(slot);
    m_slab.Free(slot);
}

uint32_t
FlowTable::GetSize() const
{
    return m_indices->forward.size();
}

} // namespace azure
} // namespace ns3
