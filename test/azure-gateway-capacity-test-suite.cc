/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-fleet-network.h"
#include "azure-gateway-test-bed.h"

#include "ns3/azure-gateway-metrics.h"
#include "ns3/azure-gateway-placement.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief 100 requests a second are worked on, 150 a second come.
 * @param t the test case
 */
void
TestQueue(FunctionTestCase& t)
{
    auto c = MakeGatewayOfOne();
    c.sku.tier = ApplicationGatewayTier::WafV2;
    GatewayTestBed bed(c, 1);
    bed.AddServer(0);
    bed.Start();
    const uint32_t count = 150;
    const double pace = 1 / 150.0;
    const double work = 1 / 100.0;
    for (uint32_t i = 0; i < count; ++i)
    {
        bed.SendAt(Seconds(1 + i * pace), RequestText("/"));
    }
    bed.Run(Seconds(1.9));
    // 0.9 s less the way there: 133 have come, 88 were served, one is worked on.
    t.Near(bed.instance->GetHandshakeQueueLength(), 133 - 88, 2, "requests that wait");
    bed.Run(Seconds(10));
    t.Equal(bed.records.size(), count, "nothing is lost");
    for (uint32_t i = 0; i < bed.records.size(); ++i)
    {
        const auto& record = bed.records[i];
        const double wait = (i + 1) * work - i * pace;
        t.Near((*record.backendStart - record.start).GetSeconds(), wait, 2e-5, "waits its turn");
        t.Check(record.GetTotalTime() >= Seconds(wait), "which is a part of the total time");
    }
    t.Equal(bed.instance->GetHandshakeQueueLength(), 0, "all done");
    t.Equal(bed.instance->GetTotals().requests, count, "requests");
}

/**
 * @brief Without a firewall a request costs what it is told to.
 * @param t the test case
 */
void
TestRequestCost(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.AddServer(0);
    // Ten compute units: 50 ms.
    bed.factory.Set("RequestCost", TimeValue(MilliSeconds(500)));
    bed.Start();
    // The second one has a body, the third one is given up before its turn.
    bed.SendAt(Seconds(1), RequestText("/"));
    bed.SendAt(Seconds(1.001), RequestText("/", "Content-Length: 5\r\n", "hello", "POST"));
    bed.SendAt(Seconds(1.002), RequestText("/"));
    bed.SendAt(Seconds(1.003), RequestText("/"));
    Simulator::Schedule(Seconds(1.05), [&] { bed.clients.at(2)->Abort(); });
    bed.Run(Seconds(5));
    t.Equal(bed.records.size(), 4, "exchanges");
    std::map<Time, const GatewayExchangeRecord*> byStart;
    for (const auto& record : bed.records)
    {
        byStart[record.start] = &record;
    }
    std::vector<const GatewayExchangeRecord*> records;
    for (const auto& [start, record] : byStart)
    {
        records.push_back(record);
    }
    const Time first = records.at(0)->start;
    t.Near((*records[0]->backendStart - first).GetSeconds(), 0.05, 1e-6, "its turn");
    t.Near((*records[1]->backendStart - first).GetSeconds(), 0.1, 1e-6, "the next one");
    t.Check(!records[2]->backendStart, "gave up");
    t.Equal(records[2]->status, 499, "and is noted so");
    t.Near((*records[3]->backendStart - first).GetSeconds(), 0.15, 1e-6, "in its place");
    t.Equal(records[1]->requestBodyBytes, 5, "the body waits too");
    t.Equal(records[1]->status, 200, "and is served");
}

/**
 * @param t the test case
 * @param tier variant of the gateway
 * @param rate connections a second of one instance
 */
void
TestConnectionRate(FunctionTestCase& t, ApplicationGatewayTier tier, double rate)
{
    auto c = MakeGatewayOfOne();
    c.sku.tier = tier;
    GatewayTestBed bed(c, 1);
    bed.factory.Set("KeepAliveTimeout", TimeValue(Minutes(10)));
    bed.Start();
    uint64_t ignored = 0;
    bed.instance->TraceConnectWithoutContext(
        "Drop",
        Callback<void, const InetSocketAddress&, const InetSocketAddress&, GatewayDropReason>(
            [&](const InetSocketAddress&, const InetSocketAddress&, GatewayDropReason reason) {
                ignored += reason == GatewayDropReason::ConnectionRate ? 1 : 0;
            }));
    // Twice as many as it takes, for a bit less than the second after which SYNs are repeated.
    const auto count = static_cast<uint32_t>(4 * rate);
    for (uint32_t i = 0; i < count; ++i)
    {
        Simulator::Schedule(Seconds(1 + i / (4.2 * rate)), [&] { bed.Connect(); });
    }
    bed.Run(Seconds(1.99));
    // The allowance of a second, and what comes to it meanwhile: r + r t of 4.2 r t.
    const double passed = count / (4.2 * rate);
    t.Near(bed.instance->GetConnectionCount(), rate + rate * passed, 2, "taken");
    t.Equal(ignored, count - bed.instance->GetConnectionCount(), "the others are ignored");
    t.Equal(bed.instance->GetDropCount(GatewayDropReason::ConnectionRate), ignored, "counted");
    t.Equal(bed.instance->GetTotals().connections,
            bed.instance->GetConnectionCount(),
            "and the others too");
    bed.Run(Seconds(30));
    t.Equal(bed.instance->GetConnectionCount(), count, "repeated ones get through in the end");
}

/**
 * @param t the test case
 */
void
TestMetrics(FunctionTestCase& t)
{
    FleetNetwork net(4, 2, 2);
    net.configuration.sku.tier = ApplicationGatewayTier::WafV2;
    net.Start();
    for (uint32_t i = 0; i < 2; ++i)
    {
        net.gateway->GetInstance(i)->SetAttribute("MaxIdleBackendConnections", UintegerValue(0));
        HttpPathResponse error;
        error.status = 503;
        net.servers[i]->SetPathResponse("/error", error);
    }
    std::vector<GatewayMetricSample> samples;
    auto metrics = CreateObject<GatewayMetrics>();
    metrics->SetAttribute("Interval", TimeValue(Seconds(10)));
    metrics->TraceConnectWithoutContext(
        "Sample",
        Callback<void, const GatewayMetricSample&>(
            [&](const GatewayMetricSample& sample) { samples.push_back(sample); }));
    metrics->Watch(net.gateway);
    net.Ask(20, Seconds(1), Seconds(9));
    net.AskOnce(0, Seconds(12), "/error");
    net.Run(Seconds(15));
    net.gateway->SetHealthy(0, 0, "10.2.0.2", false);
    net.Run(Seconds(45));
    t.Equal(samples.size(), 2, "only intervals with traffic");
    const auto& first = samples.at(0);
    t.Near(first.start.GetSeconds(), 0, 1e-5, "from the start");
    t.Near((first.end - first.start).GetSeconds(), 10, 1e-9, "once an interval");
    const auto& requests = first.requests;
    t.Equal(requests.totalRequests, 160, "Total Requests");
    t.Equal(requests.failedRequests, 0, "Failed Requests");
    t.Equal(requests.responseStatus.at(200), 160, "Response Status");
    t.Equal(requests.backendStatus.at(200), 160, "Backend Response Status");
    // From the records by themselves.
    Time total;
    Time connect;
    std::map<std::string, uint64_t> members;
    for (const auto& record : net.records)
    {
        const bool inside = record.finish < Seconds(10);
        total += inside ? record.finish - record.start : Time(0);
        connect += inside ? *record.backendConnect - *record.backendStart : Time(0);
        members[record.member] += inside ? 1 : 0;
        t.Check(record.status == 503 ||
                    (*record.GetBackendConnectTime() <= *record.GetBackendFirstByteTime() &&
                     *record.GetBackendFirstByteTime() <= *record.GetBackendLastByteTime() &&
                     *record.GetBackendLastByteTime() <= record.GetTotalTime()),
                "connect, first byte, last byte, total of each");
    }
    const auto average = [](const GatewayMetricTime& time) {
        return time.GetAverage().value_or(Time(0)).GetSeconds();
    };
    t.Near(average(requests.applicationGatewayTotalTime),
           total.GetSeconds() / 160,
           1e-8,
           "Application gateway total time");
    t.Near(average(requests.backendConnectTime), connect.GetSeconds() / 160, 1e-8, "connect");
    // Two links of 1 ms each way, and some microseconds on them.
    t.Near(average(requests.backendConnectTime), 0.004, 1e-4, "a round trip");
    // Time stamps of TCP count milliseconds.
    t.Near(average(requests.clientRtt), 0.004, 0.0011, "Client RTT");
    t.Check(average(requests.backendConnectTime) <= average(requests.backendFirstByteResponseTime),
            "connect time up to first byte");
    t.Check(average(requests.backendFirstByteResponseTime) <=
                average(requests.backendLastByteResponseTime),
            "first byte up to last byte");
    t.Check(average(requests.backendLastByteResponseTime) <=
                average(requests.applicationGatewayTotalTime),
            "last byte up to total time");
    uint64_t sent = 0;
    uint64_t received = 0;
    for (const auto& request : net.requests)
    {
        const bool inside = request.end < Seconds(10);
        received += inside ? request.requestBytes : 0;
        sent += inside ? request.responseBytes : 0;
    }
    t.Equal(first.bytesReceived, received, "bytes that the clients sent");
    t.Equal(first.bytesSent, sent, "bytes that they got");
    t.Near(first.throughput, (received + sent) / 10.0, 1, "Throughput");
    t.Equal(first.currentConnections, 0, "Current Connections");
    t.Near(first.newConnections, 16, 1e-3, "New connections per second");
    // 16 requests a second with a firewall, ten to a compute unit (AG-51).
    t.Near(first.computeUnits, 1.6, 1e-3, "Compute Units");
    t.Near(first.capacityUnits, 1.6, 1e-3, "Capacity Units");
    t.Equal(first.instances, 2, "instances");
    t.Equal(first.byListener.at(0).totalRequests, 160, "by listener");
    uint64_t byMember = 0;
    for (const auto& [backend, part] : first.byBackend)
    {
        byMember += part.totalRequests;
        t.Equal(part.totalRequests, members.at(std::get<2>(backend)), "by member");
    }
    t.Equal(byMember, 160, "all of them");
    t.Near(first.hosts.at(0).healthyHosts, 2, 1e-9, "Healthy Host Count");
    const auto& second = samples.at(1);
    t.Equal(second.requests.failedRequests, 1, "one has failed");
    t.Equal(second.requests.responseStatus.at(503), 1, "its status");
    // One of the two instances has found one of the two servers unhealthy.
    t.Near(second.hosts.at(0).healthyHosts, 1.5, 1e-9, "healthy on average");
    t.Near(second.hosts.at(0).unhealthyHosts, 0.5, 1e-9, "unhealthy on average");
}

/**
 * @param t the test case
 */
void
TestPlacement(FunctionTestCase& t)
{
    t.Equal(GatewayPlacement::Complete({}).size(), 3, "zone-redundant unless told otherwise");
    GatewayPlacement placement({"1", "2", "3"});
    std::vector<std::string> zones;
    std::map<std::string, uint32_t> counts;
    for (uint32_t i = 0; i < 125; ++i)
    {
        zones.push_back(*placement.ChooseZone(zones));
        ++counts[zones.back()];
    }
    t.Equal(counts["1"], 42, "one more where the rest goes");
    t.Equal(counts["2"], 42, "one more where the rest goes, too");
    t.Equal(counts["3"], 41, "evenly");
    placement.SetUp("2", false);
    t.Check(!placement.IsUp("2") && placement.IsUp("1"), "one is down");
    t.Equal(placement.ChooseZone({"1", "1", "3"}).value_or(""), "3", "the fewest of those left");
    placement.SetUp("1", false);
    placement.SetUp("3", false);
    t.Check(!placement.ChooseZone({}), "nowhere");
    placement.SetUp("1", true);
    t.Equal(placement.ChooseZone({}).value_or(""), "1", "back");
    t.Equal(placement.ChooseSurplus({{0, "1"}, {1, "2"}, {4, "1"}}).value_or(9), 4, "of the most");
    t.Equal(placement.ChooseSurplus({{0, "1"}, {1, "2"}}).value_or(9), 1, "the last");
    t.Check(!placement.ChooseSurplus({}), "nobody");
}

/** Suite on what instances can carry, and on what is published of it. */
class GatewayCapacityTestSuite : public TestSuite
{
  public:
    GatewayCapacityTestSuite()
        : TestSuite("azure-gateway-capacity", Type::SYSTEM)
    {
        Add("AG-51 AG-53: beyond capacity each request waits as much longer as the load is above",
            TestQueue);
        Add("AG-53: a cost of requests without a firewall", TestRequestCost);
        Add(
            "AG-54: Standard_v2 takes 500 connections a second at each instance",
            [](FunctionTestCase& t) {
                TestConnectionRate(t, ApplicationGatewayTier::StandardV2, 500);
            },
            Duration::EXTENSIVE);
        Add("AG-54: Basic takes 100 connections a second at each of its two instances",
            [](FunctionTestCase& t) { TestConnectionRate(t, ApplicationGatewayTier::Basic, 100); });
        Add("AG-61 AG-62: metrics of an interval, and their order", TestMetrics);
        Add("AG-56: instances are spread over the zones that work", TestPlacement);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     * @param duration when it is run
     */
    void Add(const std::string& name,
             const std::function<void(FunctionTestCase&)>& body,
             Duration duration = Duration::QUICK)
    {
        AddTestCase(new FunctionTestCase(name, body), duration);
    }
};

GatewayCapacityTestSuite g_gatewayCapacityTestSuite; //!< the suite

} // namespace
