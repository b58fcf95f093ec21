/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-network.h"

#include "ns3/azure-http-client.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <map>
#include <utility>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Every user connects, asks, rests, and asks again over the same connection.
 *
 * @param t the test case
 * @param users users of each of four clients
 */
void
TestConnections(FunctionTestCase& t, uint32_t users)
{
    GatewayNetwork net(4, 2, 2);
    net.helper.SetInstanceAttribute("ConnectionsPerSecond", DoubleValue(0)); // all at once
    net.Install();
    HttpServerHelper(8000).Install(net.backends).Start(Time(0));
    HttpClientHelper helper(GatewayNetwork::Frontend());
    helper.SetAttribute("LoadModel", EnumValue(HttpLoadModel::Closed));
    helper.SetAttribute("Users", UintegerValue(users));
    helper.SetAttribute("ThinkTime", StringValue("ns3::UniformRandomVariable[Min=20|Max=40]"));
    helper.SetAttribute("KeepAlive", BooleanValue(true));
    helper.SetAttribute("IdleTimeout", TimeValue(Hours(1)));
    auto clients = helper.Install(net.clients);
    int64_t stream = 1000;
    uint64_t answered = 0;
    for (uint32_t i = 0; i < clients.GetN(); ++i)
    {
        stream += clients.Get(i)->AssignStreams(stream);
        clients.Get(i)->TraceConnectWithoutContext(
            "Request",
            Callback<void, const HttpRequestRecord&>([&answered](const HttpRequestRecord& record) {
                answered += record.outcome == HttpOutcome::Ok;
            }));
    }
    const uint32_t all = 4 * users;
    // Whoever asks first after 40 s asks again by 80 s.
    net.Run(Seconds(45));
    t.Check(net.records.size() >= all, "everybody has asked once");
    net.Run(Seconds(90));
    std::map<std::pair<uint32_t, uint16_t>, uint32_t> requests;
    uint64_t served = 0;
    for (const auto& record : net.records)
    {
        ++requests[{record.client.GetIpv4().Get(), record.client.GetPort()}];
        served += record.status == 200 && record.end == GatewayExchangeEnd::Complete;
    }
    t.Equal(served, net.records.size(), "every request is served");
    t.Equal(requests.size(), all, "each user has one connection for good");
    for (const auto& [client, count] : requests)
    {
        t.Check(count >= 2, "served again after a rest");
    }
    t.Check(answered >= 2 * uint64_t{all}, "as the clients see it too");
    uint32_t open = 0;
    for (uint32_t i = 0; i < 2; ++i)
    {
        const uint32_t here = net.gateway->GetInstance(i)->GetConnectionCount();
        open += here;
        // A fair hash: five standard deviations of a binomial distribution.
        t.Near(here, all / 2.0, 5 * std::sqrt(all / 4.0), "half of them at each instance");
        t.Equal(net.gateway->GetInstance(i)->GetDropCount(GatewayDropReason::TooManyConnections),
                0,
                "none is cut");
    }
    t.Equal(open, all, "all are open at the same time");
}

/** Suite on many connections of clients to one gateway. */
class ApplicationGatewayManyTestSuite : public TestSuite
{
  public:
    ApplicationGatewayManyTestSuite()
        : TestSuite("azure-application-gateway-many", Type::SYSTEM)
    {
        AddTestCase(new FunctionTestCase("400 connections that mostly rest",
                                         [](FunctionTestCase& t) { TestConnections(t, 100); }),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("10,000 connections that mostly rest",
                                         [](FunctionTestCase& t) { TestConnections(t, 2500); }),
                    Duration::EXTENSIVE);
    }
};

ApplicationGatewayManyTestSuite g_applicationGatewayManyTestSuite; //!< the suite

} // namespace
