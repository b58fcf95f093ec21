/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-gateway-scale.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param least least instances
 * @param most most instances
 * @return a gateway that scales by itself
 */
ApplicationGatewayConfiguration
MakeScaling(uint32_t least, uint32_t most)
{
    auto c = MakeGateway();
    c.sku.capacity.reset();
    c.autoscaleConfiguration = AutoscaleConfiguration{least, most};
    return c;
}

/**
 * @param units capacity units
 * @return a load that needs so many, by its connections
 */
GatewayLoad
Units(double units)
{
    return {units * 2500, 0, 0};
}

/**
 * @brief The figures of the price list.
 * @param t the test case
 */
void
TestUnits(FunctionTestCase& t)
{
    const auto units = [](double connections, double megabits, double compute) {
        return GatewayScale::GetCapacityUnits({connections, megabits * 1e6, compute});
    };
    t.Near(units(2500, 0, 0), 1, 1e-9, "connections");
    t.Near(units(0, 2.22, 0), 1, 1e-9, "throughput");
    t.Near(units(0, 0, 1), 1, 1e-9, "compute units");
    // One instance: 25,000 connections, 22.2 Mbit/s, 500 new TLS connections a second.
    const GatewayScale standard(MakeGateway(), Time(0), Time(0));
    t.Near(units(25000, 22.2, standard.GetComputeUnits(500, 9999)), 10, 1e-9, "an instance");
    t.Near(units(2500, 4.44, 1.5), 2, 1e-9, "the greatest need counts");
    auto c = MakeGateway();
    c.sku.tier = ApplicationGatewayTier::Basic;
    t.Near(GatewayScale(c, Time(0), Time(0)).GetComputeUnits(10, 50), 1, 1e-9, "Basic");
    c.sku.tier = ApplicationGatewayTier::WafV2;
    t.Near(GatewayScale(c, Time(0), Time(0)).GetComputeUnits(50, 10), 2, 1e-9, "a firewall");
}

/**
 * @param t the test case
 */
void
TestBounds(FunctionTestCase& t)
{
    GatewayScale scale(MakeScaling(0, 5), Time(0), Time(0));
    t.Equal(scale.GetInstances(), 2, "two at the start");
    const std::pair<double, uint32_t> cases[] =
        {{0, 2}, {20, 2}, {20.01, 3}, {30, 3}, {49, 5}, {1000, 5}};
    for (const auto& [units, instances] : cases)
    {
        t.Equal(scale.GetWanted(Units(units)), instances, std::to_string(units) + " units");
    }
    t.Equal(scale.Update(Units(1000), Seconds(1)), 5, "no more than the most");
    t.Equal(scale.Update(Units(0), Seconds(2)), 2, "no fewer than two");
    auto fixed = MakeGateway();
    fixed.sku.capacity = 4;
    GatewayScale manual(fixed, Time(0), Time(0));
    t.Equal(manual.Update(Units(1000), Seconds(1)), 4, "a fixed number stays, above");
    t.Equal(manual.Update(Units(0), Seconds(2)), 4, "and below");
    t.Equal(GatewayScale(MakeScaling(0, 0), Time(0), Time(0)).GetMost(), 2, "two in any case");
}

/**
 * @brief Every minute a measurement.
 * @param t the test case
 */
void
TestDelay(FunctionTestCase& t)
{
    GatewayScale scale(MakeScaling(0, 10), Minutes(4), Minutes(10));
    const auto at = [&](int64_t minute, double units) {
        return scale.Update(Units(units), Minutes(minute));
    };
    t.Equal(at(0, 15), 2, "enough");
    t.Equal(at(1, 35), 2, "two more are ordered");
    t.Equal(at(2, 35), 2, "the old ones carry the load");
    t.Equal(at(3, 55), 2, "two further ones are ordered");
    t.Equal(at(4, 15), 2, "what is ordered comes");
    t.Equal(at(5, 15), 4, "four minutes after the order");
    t.Equal(at(6, 15), 4, "not yet");
    t.Equal(at(7, 15), 6, "four minutes after the other order");
}

/**
 * @param t the test case
 */
void
TestScaleIn(FunctionTestCase& t)
{
    GatewayScale scale(MakeScaling(0, 10), Time(0), Minutes(10));
    const auto at = [&](int64_t minute, double units) {
        return scale.Update(Units(units), Minutes(minute));
    };
    t.Equal(at(0, 80), 8, "many");
    t.Equal(at(1, 30), 8, "fewer would do");
    t.Equal(at(10, 30), 8, "for nine minutes");
    t.Equal(at(11, 30), 3, "for ten minutes");
    t.Equal(at(12, 80), 8, "many again");
    t.Equal(at(13, 20), 8, "fewer would do");
    t.Equal(at(14, 75), 8, "not any more");
    t.Equal(at(15, 20), 8, "again from here");
    t.Equal(at(24, 50), 8, "more, but still fewer");
    t.Equal(at(25, 20), 5, "as many as were needed in that time");
}

/**
 * @param t the test case
 */
void
TestNewBounds(FunctionTestCase& t)
{
    GatewayScale scale(MakeScaling(0, 10), Minutes(4), Minutes(10));
    t.Check(!scale.GetNextArrival(), "nothing is ordered");
    t.Equal(scale.Update(Units(80), Minutes(1)), 2, "six more are ordered");
    t.Check(scale.GetNextArrival() == Minutes(5), "for then");
    scale.SetBounds(MakeScaling(3, 5));
    t.Equal(scale.GetInstances(), 3, "not below the least");
    t.Equal(scale.Advance(Minutes(4)), 3, "not yet");
    t.Equal(scale.Advance(Minutes(5)), 5, "what was ordered, up to the most");
    t.Check(!scale.GetNextArrival(), "all is there");
    scale.SetBounds(MakeScaling(0, 4));
    t.Equal(scale.GetInstances(), 4, "no more than the most");
}

/** Suite on the number of instances. */
class GatewayScaleTestSuite : public TestSuite
{
  public:
    GatewayScaleTestSuite()
        : TestSuite("azure-gateway-scale", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase("AG-51: capacity units, compute units, what an instance "
                                         "carries",
                                         TestUnits),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-7 AG-50: bounds of the number of instances", TestBounds),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-52: instances come some minutes after the load", TestDelay),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("other bounds count at once", TestNewBounds),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("instances go when fewer were enough for a while", TestScaleIn),
            Duration::QUICK);
    }
};

GatewayScaleTestSuite g_gatewayScaleTestSuite; //!< the suite

} // namespace
