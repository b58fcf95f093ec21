/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-network.h"
#include "azure-gateway-pattern.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/ipv4-global-routing.h"
#include "ns3/ipv4-routing-helper.h"
#include "ns3/pointer.h"
#include "ns3/uinteger.h"

#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Clients of one run.
constexpr uint32_t CLIENTS = 4;
/// Backends of one run.
constexpr uint32_t BACKENDS = 3;

/**
 * @brief Let clients ask at random, and compare every byte at both ends.
 *
 * @param t the test case
 * @param run number of the run
 * @param exchanges exchanges of each client
 */
void
TestRun(FunctionTestCase& t, uint32_t run, uint32_t exchanges)
{
    // Everything varies from run to run.
    const bool reordering = run % 2 == 1;
    const bool small = run % 4 >= 2;
    TcpPreset preset = TcpPreset::Linux();
    preset.sendBuffer = small ? 40000 : 1000000;
    preset.receiveBuffer = small ? 40000 : 1000000;
    preset.minRto = MilliSeconds(200);
    GatewayNetwork net(CLIENTS, 2, BACKENDS, reordering ? 2 : 1, preset);
    net.configuration.globalConfiguration.enableRequestBuffering = run % 3 != 1;
    net.configuration.globalConfiguration.enableResponseBuffering = run % 3 != 2;
    net.configuration.backendHttpSettingsCollection[0].requestTimeout = Seconds(3600);
    net.configuration.backendHttpSettingsCollection[0].dedicatedBackendConnection = run % 5 == 4;
    net.helper.SetInstanceAttribute("RequestBufferSize", UintegerValue(small ? 5000 : 200000));
    net.helper.SetInstanceAttribute("ResponseBufferSize", UintegerValue(small ? 3000 : 200000));
    net.helper.SetInstanceAttribute("StreamBufferSize", UintegerValue(small ? 1 : 30000));
    net.helper.SetInstanceAttribute("RequestTimeout", TimeValue(Seconds(3600)));
    net.Install();
    for (uint32_t i = 0; i < net.routerDevices.GetN(); ++i)
    {
        for (const auto& device : {net.routerDevices.Get(i), net.hostDevices.Get(i)})
        {
            auto loss = CreateObject<RateErrorModel>();
            loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            loss->SetRate(0.003);
            loss->AssignStreams(1000 + run * 100 + 2 * i);
            device->SetAttribute("ReceiveErrorModel", PointerValue(loss));
        }
    }
    uint64_t lost = 0;
    uint64_t astray = 0;
    for (uint32_t i = 0; i < net.hostDevices.GetN(); ++i)
    {
        const auto count = [](uint64_t& n) {
            return Callback<void, Ptr<const Packet>>([&n](Ptr<const Packet>) { ++n; });
        };
        net.routerDevices.Get(i)->TraceConnectWithoutContext("PhyRxDrop", count(lost));
        net.hostDevices.Get(i)->TraceConnectWithoutContext("PhyRxDrop", count(lost));
        if (reordering && i % 2 == 1 && i < 2 * (CLIENTS + BACKENDS))
        {
            net.hostDevices.Get(i)->TraceConnectWithoutContext("MacTx", count(astray));
        }
    }
    NodeContainer hosts(net.clients, net.backends);
    for (auto i = hosts.Begin(); i != hosts.End(); ++i)
    {
        auto routing = Ipv4RoutingHelper::GetRouting<Ipv4GlobalRouting>(
            (*i)->GetObject<Ipv4>()->GetRoutingProtocol());
        routing->SetAttribute("RandomEcmpRouting", BooleanValue(reordering));
        routing->AssignStreams(5000 + run);
    }
    std::vector<std::unique_ptr<PatternServer>> servers;
    for (uint32_t i = 0; i < BACKENDS; ++i)
    {
        servers.push_back(
            std::make_unique<PatternServer>(net.backends.Get(i), 8000, 7000 + run * 10 + i));
    }
    std::vector<std::unique_ptr<PatternClient>> clients;
    for (uint32_t i = 0; i < CLIENTS; ++i)
    {
        clients.push_back(std::make_unique<PatternClient>(net.clients.Get(i),
                                                          GatewayNetwork::Frontend(),
                                                          9000 + run * 10 + i,
                                                          1 + i * exchanges,
                                                          exchanges));
    }
    const auto isDone = [&] {
        return std::all_of(clients.begin(), clients.end(), [](const auto& c) {
            return c->IsDone() || !c->errors.empty();
        });
    };
    for (uint32_t second = 10; second < 36000 && !isDone(); second += 10)
    {
        GatewayNetwork::Run(Seconds(second));
    }
    t.Check(isDone(), "all is answered within ten hours");
    uint64_t bytes = 0;
    for (const auto& client : clients)
    {
        for (const auto& error : client->errors)
        {
            t.Check(false, error);
        }
        t.Equal(client->asked.size(), exchanges, "requests");
        for (const auto& asked : client->asked)
        {
            const auto what = "run " + std::to_string(run) + ", message " +
                              std::to_string(asked.number) + " " + asked.method;
            uint32_t times = 0;
            for (const auto& server : servers)
            {
                const auto found = server->results.find(asked.number);
                if (found != server->results.end())
                {
                    times += found->second.times;
                    t.Equal(found->second.size, asked.requestSize, what + ": size of the request");
                    t.Check(found->second.good, what + ": bytes of the request");
                }
            }
            t.Equal(times, 1, what + ": requests that arrived");
            const auto& result = client->results[asked.number];
            t.Equal(result.times, 1, what + ": responses that arrived");
            t.Check(result.good, what + ": bytes of the response");
            t.Equal(result.size,
                    asked.method == "HEAD" ? 0 : asked.responseSize,
                    what + ": size of the response");
            bytes += asked.requestSize + result.size;
        }
    }
    for (const auto& server : servers)
    {
        t.Equal(server->errors, 0, "backends get HTTP alone");
    }
    t.Equal(net.records.size(), CLIENTS * exchanges, "exchanges that the gateway reports");
    for (const auto& record : net.records)
    {
        t.Check(record.status == 200 && record.end == GatewayExchangeEnd::Complete,
                "how " + record.target + " ended: " + std::to_string(record.status) + " " +
                    ToString(record.end));
    }
    t.Check(bytes > 0, "bytes went through");
    t.Check(lost > 0, "packets were lost");
    t.Equal(astray > 100, reordering, "packets went the longer way");
}

/** Suite of random exchanges through an application gateway. */
class ApplicationGatewayRandomTestSuite : public TestSuite
{
  public:
    ApplicationGatewayRandomTestSuite()
        : TestSuite("azure-application-gateway-random", Type::SYSTEM)
    {
        for (uint32_t run = 0; run < 12; ++run)
        {
            Add(
                "every byte of 40 random exchanges, run " + std::to_string(run),
                [run](FunctionTestCase& t) { TestRun(t, run, 10); },
                Duration::QUICK);
        }
        for (uint32_t run = 12; run < 72; ++run)
        {
            Add(
                "every byte of 180 random exchanges, run " + std::to_string(run),
                [run](FunctionTestCase& t) { TestRun(t, run, 45); },
                Duration::EXTENSIVE);
        }
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     * @param duration when it is run
     */
    void Add(const std::string& name,
             std::function<void(FunctionTestCase&)> body,
             Duration duration)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), duration);
    }
};

ApplicationGatewayRandomTestSuite g_applicationGatewayRandomTestSuite; //!< the suite

} // namespace
