/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-heap.h"
#include "azure-load-balancer-engine-fixture.h"

#include "ns3/azure-flow-deadline-heap.h"
#include "ns3/azure-flow-table.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <tuple>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// A key that std::map can order.
using PlainKey = std::tuple<uint64_t, uint16_t, uint16_t, uint16_t, uint8_t>;

/**
 * @param key a key
 * @return the same for std::map
 */
PlainKey
Plain(const FlowKey& key)
{
    return {key.client.low, key.clientPort, key.site, key.sitePort, key.protocol};
}

/** Time to find a flow, whatever makes the flows differ. */
class SpreadTestCase : public TestCase
{
  public:
    SpreadTestCase()
        : TestCase("many ports of one client are found as fast as many clients")
    {
    }

  private:
    static constexpr uint32_t FLOWS = 20000; //!< number of flows

    /**
     * @param fill writes number n into a key
     * @return seconds that finding every flow in both directions takes
     */
    static double Measure(const std::function<void(FlowKey&, uint32_t)>& fill)
    {
        FlowTable table;
        std::vector<FlowKey> keys(FLOWS);
        for (uint32_t n = 0; n < FLOWS; ++n)
        {
            keys[n].client = Ip(203, 0, 113, 7);
            keys[n].clientPort = 1024;
            keys[n].sitePort = 80;
            keys[n].protocol = PacketView::TCP;
            fill(keys[n], n);
            table.Insert(keys[n], keys[n], 1);
        }
        const auto begin = std::chrono::steady_clock::now();
        for (const auto& key : keys)
        {
            table.FindForward(key);
            table.FindReverse(key);
        }
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

    void DoRun() override
    {
        const double clients = Measure(
            [](FlowKey& key, uint32_t n) { key.client = Ip(198, 18, n >> 8 & 255, n & 255); });
        const double ports = Measure([](FlowKey& key, uint32_t n) { key.clientPort += n; });
        const double sites = Measure([](FlowKey& key, uint32_t n) { key.site = n; });
        const double sitePorts = Measure([](FlowKey& key, uint32_t n) { key.sitePort += n; });
        // Buckets that all share took 100 times as long; a factor of 10 is left for the machine.
        for (const double other : {ports, sites, sitePorts})
        {
            NS_TEST_EXPECT_MSG_LT(other, 10 * clients, "seconds for the other field");
        }
    }
};

/** Random operations on the flow table, against two std::maps. */
class ModelTestCase : public TestCase
{
  public:
    ModelTestCase()
        : TestCase("LB-14 LB-17 every packet finds its flow, against a naive model")
    {
    }

  private:
    void DoRun() override
    {
        // So few values that keys repeat, meet in both directions, and slots are used again.
        std::mt19937 random(20181126);
        FlowTable table;
        std::map<PlainKey, uint32_t> forward;
        std::map<PlainKey, uint32_t> reverse;
        std::map<uint32_t, std::pair<FlowKey, FlowKey>> flows;
        std::set<std::pair<uint32_t, uint16_t>> identities;
        for (uint32_t step = 0; step < 200000; ++step)
        {
            FlowKey in;
            in.client = Ip(203, 0, 113, random() % 8);
            in.clientPort = random() % 16;
            in.site = random() % 3;
            in.sitePort = random() % 4;
            in.protocol = std::array<uint8_t, 3>{PacketView::TCP,
                                                 PacketView::UDP,
                                                 PacketView::ICMP}[random() % 3];
            const auto backend = static_cast<AddressTable::Id>(3 + random() % 3);
            FlowKey out = in;
            out.site = random() % 4 == 0 ? in.site : backend;
            out.sitePort = random() % 4;
            const auto known = forward.find(Plain(in));
            const uint32_t found = table.FindForward(in);
            NS_TEST_ASSERT_MSG_EQ(found,
                                  (known == forward.end() ? Flow::NONE : known->second),
                                  "way in, step " << step);
            const auto back = reverse.find(Plain(out));
            NS_TEST_ASSERT_MSG_EQ(table.FindReverse(out),
                                  (back == reverse.end() ? Flow::NONE : back->second),
                                  "way out, step " << step);
            if (known == forward.end())
            {
                const uint32_t slot = table.Insert(in, out, backend);
                NS_TEST_ASSERT_MSG_EQ((slot == Flow::NONE),
                                      (back != reverse.end()),
                                      "refused when the way out is taken");
                if (slot != Flow::NONE)
                {
                    NS_TEST_ASSERT_MSG_EQ(flows.count(slot), 0, "a free slot");
                    NS_TEST_ASSERT_MSG_EQ(table.Get(slot).backend, backend, "instance");
                    identities.insert({slot, table.Get(slot).generation});
                    forward[Plain(in)] = slot;
                    reverse[Plain(out)] = slot;
                    flows[slot] = {in, out};
                }
            }
            else if (random() % 2)
            {
                const uint32_t slot = known->second;
                forward.erase(Plain(flows[slot].first));
                reverse.erase(Plain(flows[slot].second));
                flows.erase(slot);
                table.Erase(slot);
                NS_TEST_ASSERT_MSG_EQ(table.GetSlab().IsUsed(slot), false, "free");
            }
            NS_TEST_ASSERT_MSG_EQ(table.GetSize(), flows.size(), "size");
        }
        NS_TEST_EXPECT_MSG_GT(identities.size(), 20000, "slots are used again with a new identity");
        NS_TEST_EXPECT_MSG_LT(table.GetSlab().GetCapacity(), 8 * 16 * 3 * 4 * 3 + 1, "no leak");
    }
};

/** Random operations on the heap, against a std::set. */
class HeapModelTestCase : public TestCase
{
  public:
    HeapModelTestCase()
        : TestCase("LB-40 flows that owe a reset come in the order of their deadlines")
    {
    }

  private:
    void DoRun() override
    {
        std::mt19937 random(7);
        FlowSlab slab;
        for (uint32_t slot = 0; slot < 3000; ++slot)
        {
            slab.Allocate();
        }
        FlowDeadlineHeap heap(slab);
        std::set<std::pair<int64_t, uint32_t>> model;
        std::map<uint32_t, int64_t> keys;
        for (uint32_t step = 0; step < 100000; ++step)
        {
            const uint32_t slot = random() % 3000;
            NS_TEST_ASSERT_MSG_EQ(heap.Contains(slot), (keys.count(slot) == 1), "contains");
            if (!heap.Contains(slot))
            {
                const int64_t deadline = random() % 500;
                heap.Push(slot, deadline);
                model.insert({deadline, slot});
                keys[slot] = deadline;
            }
            else
            {
                heap.Remove(slot);
                model.erase({keys[slot], slot});
                keys.erase(slot);
            }
            NS_TEST_ASSERT_MSG_EQ(heap.GetFirst(),
                                  (model.empty() ? Flow::NONE : model.begin()->second),
                                  "first, step " << step);
        }
        while (!model.empty())
        {
            NS_TEST_ASSERT_MSG_EQ(heap.GetFirst(), model.begin()->second, "in order");
            heap.Remove(model.begin()->second);
            model.erase(model.begin());
        }
        NS_TEST_EXPECT_MSG_EQ(heap.GetFirst(), Flow::NONE, "empty");
    }
};

/** A million flows of a real engine, weighed on the heap. */
class MemoryTestCase : public EngineTestCase
{
  public:
    /**
     * @param owing all flows owe a reset, as opposed to UDP flows
     */
    explicit MemoryTestCase(bool owing)
        : EngineTestCase(std::string("LB-8 a million flows take at most 128 bytes each, ") +
                         (owing ? "all owing a reset" : "UDP")),
          m_owing(owing)
    {
    }

  private:
    void DoRun() override
    {
        const uint32_t flows = 1000000;
        auto configuration = MakeConfiguration(10);
        auto& rule = configuration.loadBalancingRules[0];
        rule.protocol = m_owing ? TransportProtocol::Tcp : TransportProtocol::Udp;
        rule.enableTcpReset = m_owing;
        const size_t before = GetHeap();
        Make(configuration);
        for (uint32_t flow = 0; flow < flows; ++flow)
        {
            PacketView packet =
                m_owing ? Tcp(flow % 50000, PacketView::SYN) : Udp(flow % 50000, 80);
            packet.source = Ip(100, 64, flow / 50000, 1);
            m_engine->Forward(packet, Seconds(1));
            packet.tcpFlags = PacketView::ACK;
            m_engine->Forward(packet, Seconds(1));
        }
        NS_TEST_EXPECT_MSG_EQ(m_engine->GetActiveFlows(), flows, "all alive");
        const double each = static_cast<double>(GetHeap() - before) / flows;
        NS_TEST_EXPECT_MSG_LT_OR_EQ(each, 128.0, "bytes a flow");
        NS_TEST_EXPECT_MSG_GT(each, 64.0, "an entry is a cache line: less cannot be");
        if (m_owing)
        {
            NS_TEST_EXPECT_MSG_EQ(m_engine->GetNextResetDeadline(), Seconds(241), "all due");
            NS_TEST_EXPECT_MSG_EQ(m_engine->TakeDueResets(Seconds(241)).size(),
                                  2 * flows,
                                  "a reset to both ends of each");
            NS_TEST_EXPECT_MSG_EQ(m_engine->GetActiveFlows(), 0, "all over");
        }
    }

    bool m_owing; //!< all flows owe a reset
};

/** State of flows. */
class FlowTableTestSuite : public TestSuite
{
  public:
    FlowTableTestSuite()
        : TestSuite("azure-flow-table", Type::UNIT)
    {
        AddTestCase(new ModelTestCase, Duration::QUICK);
        AddTestCase(new SpreadTestCase, Duration::QUICK);
        AddTestCase(new HeapModelTestCase, Duration::QUICK);
        AddTestCase(new MemoryTestCase(false), Duration::EXTENSIVE);
        AddTestCase(new MemoryTestCase(true), Duration::EXTENSIVE);
    }
};

/** Registers the suite. */
FlowTableTestSuite g_flowTableTestSuite;

} // namespace
