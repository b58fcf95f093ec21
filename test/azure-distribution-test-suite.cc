/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-load-balancer-engine-fixture.h"

#include "ns3/azure-distribution.h"

#include <cmath>
#include <functional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param number which packet
 * @return one of many TCP SYNs: 251 clients, ports counted up
 */
PacketView
MakePacket(uint32_t number)
{
    PacketView packet;
    packet.source = Ip(203, 0, 113, number % 251);
    packet.sourcePort = static_cast<uint16_t>(1024 + number / 251);
    packet.destination = FrontendAddress();
    packet.destinationPort = 80;
    packet.tcpFlags = PacketView::SYN;
    return packet;
}

/**
 * @param hits observed counts
 * @return chi-squared statistic against equal expectations
 */
double
ChiSquared(const std::vector<uint32_t>& hits)
{
    double total = 0;
    for (const uint32_t hit : hits)
    {
        total += hit;
    }
    const double expected = total / static_cast<double>(hits.size());
    double statistic = 0;
    for (const uint32_t hit : hits)
    {
        statistic += (hit - expected) * (hit - expected) / expected;
    }
    return statistic;
}

/**
 * @param freedom degrees of freedom
 * @return quantile 0.999 of the chi-squared distribution (Wilson and Hilferty's approximation)
 */
double
Critical(uint32_t freedom)
{
    const double k = freedom;
    return k * std::pow(1 - 2 / (9 * k) + 3.0902 * std::sqrt(2 / (9 * k)), 3);
}

/** Which fields decide, mode by mode. */
class ModesTestCase : public TestCase
{
  public:
    ModesTestCase()
        : TestCase("LB-12 LB-20 default mode hashes the 5-tuple, the others 3 and 2 fields of it")
    {
    }

  private:
    void DoRun() override
    {
        // Whether a change of one field must change the hash.
        struct Row
        {
            const char* field;                       // what changes
            std::function<void(PacketView&)> change; // changes it
            bool byDefault;                          // counts in Default
            bool byProtocol;                         // counts in SourceIpProtocol
            bool bySource;                           // counts in SourceIp
        };

        const std::vector<Row> table{
            {"source", [](PacketView& p) { p.source = Ip(203, 0, 113, 99); }, true, true, true},
            {"source port", [](PacketView& p) { p.sourcePort = 9; }, true, false, false},
            {"destination", [](PacketView& p) { p.destination = Vm(3); }, true, true, true},
            {"destination port", [](PacketView& p) { p.destinationPort = 9; }, true, false, false},
            {"protocol", [](PacketView& p) { p.protocol = PacketView::UDP; }, true, true, false},
            {"flags", [](PacketView& p) { p.tcpFlags = 0; }, false, false, false},
            {"sequence", [](PacketView& p) { p.sequence = 77; }, false, false, false},
        };
        const Distribution distribution(1);
        for (const auto& row : table)
        {
            const PacketView packet = MakePacket(12);
            PacketView changed = packet;
            row.change(changed);
            const auto differs = [&](LoadDistribution mode) {
                return distribution.Hash(packet, mode) != distribution.Hash(changed, mode);
            };
            NS_TEST_EXPECT_MSG_EQ(differs(LoadDistribution::Default), row.byDefault, row.field);
            NS_TEST_EXPECT_MSG_EQ(differs(LoadDistribution::SourceIpProtocol),
                                  row.byProtocol,
                                  row.field);
            NS_TEST_EXPECT_MSG_EQ(differs(LoadDistribution::SourceIp), row.bySource, row.field);
        }
    }
};

/** The hash is uniform over pools of any size, also for tuples that hardly differ. */
class UniformTestCase : public TestCase
{
  public:
    UniformTestCase()
        : TestCase("LB-13 flows are spread evenly (chi-squared)")
    {
    }

  private:
    void DoRun() override
    {
        for (const uint64_t seed : {0, 1, 2})
        {
            const Distribution distribution(seed);
            for (const uint32_t size : {2U, 3U, 10U, 64U, 1000U})
            {
                std::vector<uint32_t> hits(size);
                for (uint32_t number = 0; number < 100000; ++number)
                {
                    const uint32_t hash =
                        distribution.Hash(MakePacket(number), LoadDistribution::Default);
                    const uint32_t index = Distribution::Pick(hash, size);
                    NS_TEST_ASSERT_MSG_LT(index, size, "an instance of the pool");
                    ++hits[index];
                }
                NS_TEST_EXPECT_MSG_LT(ChiSquared(hits), Critical(size - 1), size << " instances");
            }
            // Affinity: many clients with consecutive addresses.
            std::vector<uint32_t> hits(10);
            for (uint32_t client = 0; client < 50000; ++client)
            {
                PacketView packet = MakePacket(0);
                packet.source = Ip(100, 64, client / 256, client % 256);
                ++hits[Distribution::Pick(distribution.Hash(packet, LoadDistribution::SourceIp),
                                          10)];
            }
            NS_TEST_EXPECT_MSG_LT(ChiSquared(hits), Critical(9), "clients in affinity mode");
        }
    }
};

/** Two load balancers do not choose alike. */
class SeedTestCase : public TestCase
{
  public:
    SeedTestCase()
        : TestCase("LB-13 the hash is deterministic; seeds are independent (chi-squared)")
    {
    }

  private:
    void DoRun() override
    {
        const Distribution one(1);
        const Distribution same(1);
        const Distribution two(2);
        std::vector<uint32_t> pairs(64);
        for (uint32_t number = 0; number < 64000; ++number)
        {
            const PacketView packet = MakePacket(number);
            const uint32_t hash = one.Hash(packet, LoadDistribution::Default);
            NS_TEST_ASSERT_MSG_EQ(hash,
                                  same.Hash(packet, LoadDistribution::Default),
                                  "the same seed gives the same hash");
            const uint32_t other = two.Hash(packet, LoadDistribution::Default);
            ++pairs[8 * Distribution::Pick(hash, 8) + Distribution::Pick(other, 8)];
        }
        NS_TEST_EXPECT_MSG_LT(ChiSquared(pairs), Critical(63), "pairs of choices");
    }
};

/** The disruption told equals the closed form and a count over sampled flows. */
class DisruptionTestCase : public TestCase
{
  public:
    DisruptionTestCase()
        : TestCase("LB-16 a change of the pool recomputes the distribution; disruption is told")
    {
    }

  private:
    void DoRun() override
    {
        using Ids = std::vector<uint16_t>;
        const Ids three{0, 1, 2};
        NS_TEST_EXPECT_MSG_EQ(Distribution::GetDisruption(three, three), 0, "no change");
        NS_TEST_EXPECT_MSG_EQ(Distribution::GetDisruption({}, three), 0, "nothing to move");
        NS_TEST_EXPECT_MSG_EQ(Distribution::GetDisruption(three, {}), 0, "nowhere to move to");
        NS_TEST_EXPECT_MSG_EQ(Distribution::GetDisruption({7}, {8}), 1, "everything moves");
        // One of n+1 goes, the last: part i keeps (n-i)/(n(n+1)), which sums to one half.
        NS_TEST_EXPECT_MSG_EQ_TOL(Distribution::GetDisruption({0, 1, 2, 3}, three),
                                  0.5,
                                  1e-12,
                                  "closed form");
        NS_TEST_EXPECT_MSG_EQ_TOL(Distribution::GetDisruption({0, 1}, {1}), 0.5, 1e-12, "half");

        const Distribution distribution(5);
        const std::vector<std::pair<Ids, Ids>> changes{
            {{0, 1, 2, 3, 4}, {0, 1, 3, 4}},
            {{0, 1, 2}, {0, 1, 2, 3}},
            {{4, 1, 9, 2, 7, 5}, {4, 9, 5}},
        };
        for (const auto& [before, after] : changes)
        {
            const uint32_t samples = 200000;
            uint32_t moved = 0;
            for (uint32_t number = 0; number < samples; ++number)
            {
                const uint32_t hash =
                    distribution.Hash(MakePacket(number), LoadDistribution::Default);
                moved += before[Distribution::Pick(hash, before.size())] !=
                         after[Distribution::Pick(hash, after.size())];
            }
            // Four standard deviations of a proportion are at most 2 / sqrt(samples).
            NS_TEST_EXPECT_MSG_EQ_TOL(Distribution::GetDisruption(before, after),
                                      static_cast<double>(moved) / samples,
                                      2 / std::sqrt(samples),
                                      "sampled");
        }
    }
};

/** Choice of an instance. */
class DistributionTestSuite : public TestSuite
{
  public:
    DistributionTestSuite()
        : TestSuite("azure-distribution", Type::UNIT)
    {
        AddTestCase(new ModesTestCase, Duration::QUICK);
        AddTestCase(new UniformTestCase, Duration::QUICK);
        AddTestCase(new SeedTestCase, Duration::QUICK);
        AddTestCase(new DisruptionTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
DistributionTestSuite g_distributionTestSuite;

} // namespace
