/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-fleet-network.h"
#include "azure-gateway-test-bed.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using State = GatewayInstanceState;

/**
 * @param response status and body of the answer, after some time
 * @param seconds how long
 * @return that
 */
HttpPathResponse
After(double seconds)
{
    HttpPathResponse response;
    auto time = CreateObject<ConstantRandomVariable>();
    time->SetAttribute("Constant", DoubleValue(seconds));
    response.serviceTime = time;
    return response;
}

/**
 * @brief With a firewall a request is a tenth of a compute unit: 260 requests a second are 26
 *        capacity units, three instances. They come 26 at a time, ten times a second.
 * @param t the test case
 */
void
TestScaling(FunctionTestCase& t)
{
    FleetNetwork net(1, 5, 0);
    net.configuration.sku.tier = ApplicationGatewayTier::WafV2;
    net.configuration.sku.capacity.reset();
    net.configuration.autoscaleConfiguration = AutoscaleConfiguration{0, 5};
    net.helper.SetAttribute("MeasurementInterval", TimeValue(Seconds(1)));
    net.helper.SetAttribute("ScaleOutDelay", TimeValue(Seconds(5)));
    net.helper.SetAttribute("ScaleInDelay", TimeValue(Seconds(4)));
    net.helper.SetInstanceAttribute("FirewallCost", TimeValue(Time(0)));
    net.Start();
    std::vector<std::pair<double, uint32_t>> loads;
    net.gateway->TraceConnectWithoutContext(
        "Load",
        Callback<void, const GatewayLoad&, uint32_t>([&](const GatewayLoad& load, uint32_t wanted) {
            loads.emplace_back(GatewayScale::GetCapacityUnits(load), wanted);
        }));
    t.Equal(net.gateway->GetRunningCount(), 2, "two at the start");
    t.Check(net.gateway->GetState(2) == State::Standby, "a third might come");
    const uint32_t bursts = 140;
    std::vector<std::unique_ptr<GatewayTestClient>> clients;
    for (uint32_t i = 0; i < bursts; ++i)
    {
        FleetNetwork::At(Seconds(1 + 0.1 * i), [&] {
            clients.push_back(
                std::make_unique<GatewayTestClient>(net.clients.Get(0), FleetNetwork::Frontend()));
            for (int k = 0; k < 25; ++k)
            {
                clients.back()->Send(RequestText("/"));
            }
            clients.back()->Send(RequestText("/", "Connection: close\r\n"));
        });
    }
    std::map<int, uint32_t> running;
    for (int second = 0; second < 25; ++second)
    {
        FleetNetwork::At(Seconds(second + 0.5),
                         [&, second] { running[second] = net.gateway->GetRunningCount(); });
    }
    net.Run(Seconds(30));
    // The first second of load is measured at 2 s.
    t.Near(loads.at(1).first, 26, 2.7, "capacity units");
    t.Equal(loads.at(1).second, 3, "as many instances as the load asks for");
    t.Near(net.When(2, State::Starting).GetSeconds(), 5, 1e-6, "it begins to probe");
    t.Near(net.When(2, State::Running).GetSeconds(), 7, 1e-6, "2 s and the delay");
    t.Equal(running[6], 2, "the old ones carry the load");
    t.Equal(running[8], 3, "three of them");
    uint32_t late = 0;
    for (const auto& record : net.records)
    {
        t.Check(record.instance < 3, "no more are asked for");
        t.Check(record.instance < 2 || record.start >= Seconds(7), "not before it is there");
        late += record.instance == 2 ? 1 : 0;
    }
    // A third of the 80 connections of the last eight seconds; five standard deviations.
    t.Near(late / 26.0, 80 / 3.0, 5 * std::sqrt(80 * 2 / 9.0), "its share");
    // The last request comes at 14.9 s: nothing is measured at 16 s, for the first time.
    t.Near(net.When(2, State::Draining).GetSeconds(), 20, 1e-6, "fewer were enough for 4 s");
    t.Equal(running[24], 2, "two again");
    t.Check(net.gateway->GetState(2) == State::Standby, "at standby");
    t.Equal(net.records.size(), bursts * 26, "no request is lost on the way");
    clients.clear();
}

/**
 * @param t the test case
 */
void
TestCrash(FunctionTestCase& t)
{
    FleetNetwork net(4, 2, 2);
    net.helper.SetAttribute("ScaleOutDelay", TimeValue(Seconds(8)));
    net.Start();
    net.Ask(20, Seconds(1), Seconds(18));
    const Time crash = Seconds(3);
    const Time replaced = Seconds(11);
    const Time noticed = crash + Seconds(3);
    FleetNetwork::At(crash, [&] { t.Check(net.gateway->CrashInstance(0), "it was there"); });
    FleetNetwork::At(noticed, [&] { t.Check(!net.gateway->CrashInstance(0), "not any more"); });
    net.Run(Seconds(80));
    t.Check(net.When(0, State::Crashed) == crash, "when it died");
    t.Check(net.When(0, State::Running) == replaced, "replaced after the delay");
    t.Equal(net.requests.size(), 340, "requests");
    uint32_t during = 0;
    uint32_t late = 0;
    uint32_t lost = 0;
    for (const auto& request : net.requests)
    {
        const auto start = *request.connectStart;
        const bool ok = request.outcome == HttpOutcome::Ok;
        if (start < crash)
        {
            lost += ok ? 0 : 1;
            t.Check(ok || start > crash - MilliSeconds(20), "only what was under way is cut");
            continue;
        }
        t.Check(ok, "no new connection fails for good");
        const double connect = request.GetConnectTime().value_or(Hours(1)).GetSeconds();
        if (start >= noticed)
        {
            t.Check(connect < 0.1, "no time without service once the front knows");
            continue;
        }
        ++during;
        if (connect > 0.1)
        {
            ++late;
            // Linux sends a SYN again after 1 s, 3 s and 7 s: the first after the front knows.
            const double wait = (noticed - start).GetSeconds() > 1 ? 3 : 1;
            const bool unsure = std::abs((noticed - start).GetSeconds() - 1) < 0.01;
            t.Check(unsure || std::abs(connect - wait) < 0.05, "the next SYN gets through");
        }
    }
    t.Near(during, 60, 4, "connections before the front knows");
    t.Near(late, during / 2.0, 5 * std::sqrt(during / 4.0), "half of them go to the dead one");
    t.Check(lost <= 4, "at most one request of each client was under way");
    uint32_t after = 0;
    for (const auto& record : net.records)
    {
        after += record.instance == 0 && record.start > replaced ? 1 : 0;
        t.Check(record.instance == 1 || record.start < crash || record.start >= replaced,
                "a dead instance serves nobody");
    }
    t.Near(after, 70, 5 * std::sqrt(140 / 4.0), "its successor has half of the last 7 s");
}

/**
 * @param t the test case
 */
void
TestZone(FunctionTestCase& t)
{
    FleetNetwork net(4, 6, 2);
    net.configuration.sku.capacity = 6;
    net.helper.SetAttribute("ScaleOutDelay", TimeValue(Seconds(8)));
    net.Start();
    const auto count = [&](const std::string& zone) {
        uint32_t here = 0;
        for (uint32_t i = 0; i < 6; ++i)
        {
            here += net.gateway->GetZone(i) == zone ? 1 : 0;
        }
        return here;
    };
    for (const char* zone : {"1", "2", "3"})
    {
        t.Equal(count(zone), 2, "two in each zone");
    }
    net.Stay(15, Seconds(1));
    const Time fault = Seconds(3.5);
    uint32_t cut = 0;
    FleetNetwork::At(fault, [&] {
        for (uint32_t i = 0; i < 6; ++i)
        {
            cut += net.gateway->GetZone(i) == "1"
                       ? net.gateway->GetInstance(i)->GetConnectionCount()
                       : 0;
        }
        t.Equal(net.gateway->GetConnectionCount(), 60, "each user has a connection");
        t.Check(net.gateway->FailZone("1"), "it is one of the zones");
        t.Equal(net.gateway->GetRunningCount(), 4, "the others go on");
    });
    net.Run(Seconds(11));
    t.Near(cut, 60 / 3.0, 5 * std::sqrt(60 * 2 / 9.0), "a third of the connections");
    std::set<std::pair<uint32_t, uint32_t>> victims;
    for (const auto& request : net.requests)
    {
        if (request.outcome != HttpOutcome::Ok)
        {
            t.Check(victims.insert({request.node, request.user}).second, "once each");
            t.Check(request.outcome == HttpOutcome::Timeout, "without a word");
            t.Check(request.start < fault + Seconds(1.1), "with the next request");
        }
    }
    t.Equal(victims.size(), cut, "those whose connection was there, and nobody else");
    net.Run(Seconds(12));
    t.Equal(net.gateway->GetRunningCount(), 6, "replaced");
    t.Equal(count("1"), 0, "none where nothing works");
    t.Equal(count("2"), 3, "half of them here");
    t.Equal(count("3"), 3, "half of them there");
    t.Check(net.gateway->RestoreZone("1"), "back");
    t.Check(!net.gateway->FailZone("4"), "there is no such zone");
}

/**
 * @param t the test case
 */
void
TestZonal(FunctionTestCase& t)
{
    FleetNetwork net(4, 2, 1);
    net.configuration.zones = {"2"};
    net.helper.SetAttribute("ScaleOutDelay", TimeValue(Seconds(5)));
    net.Start();
    net.Ask(8, Seconds(1), Seconds(40));
    t.Check(!net.gateway->FailZone("1"), "none of its zones");
    FleetNetwork::At(Seconds(10), [&] { net.gateway->FailZone("2"); });
    FleetNetwork::At(Seconds(30), [&] {
        t.Equal(net.gateway->GetRunningCount(), 0, "down");
        t.Check(net.gateway->GetState(0) == State::Crashed, "without a place to be");
        net.gateway->RestoreZone("2");
    });
    net.Run(Seconds(90));
    t.Check(net.When(0, State::Running) == Seconds(32), "back when it has probed the members");
    for (const auto& request : net.requests)
    {
        const auto start = *request.connectStart;
        const bool inside = start >= Seconds(10) && start < Seconds(21.9);
        t.Check(!inside || request.outcome == HttpOutcome::ConnectTimeout, "nobody answers");
        t.Check((start >= Seconds(9.9) && start < Seconds(32)) ||
                    request.outcome == HttpOutcome::Ok,
                "before and afterwards all is well");
    }
}

/**
 * @param t the test case
 */
void
TestMaintenance(FunctionTestCase& t)
{
    FleetNetwork net(4, 4, 2);
    net.configuration.sku.capacity = 4;
    net.helper.SetAttribute("UpdateDomains", UintegerValue(2));
    net.helper.SetAttribute("MaintenanceTime", TimeValue(Seconds(3)));
    net.Start();
    net.Ask(12, Seconds(1), Seconds(19));
    uint32_t least = 4;
    net.gateway->TraceConnectWithoutContext(
        "InstanceState",
        Callback<void, uint32_t, State, State>([&](uint32_t, State, State) {
            least = std::min(least, net.gateway->GetRunningCount());
        }));
    FleetNetwork::At(Seconds(5), [&] {
        t.Check(net.gateway->Maintain(), "it begins");
        t.Check(!net.gateway->Maintain(), "once at a time");
    });
    net.Run(Seconds(30));
    t.Equal(least, 2, "one domain of two at a time");
    t.Equal(net.CountFailed(), 0, "no request is lost");
    t.Equal(net.requests.size(), 216, "requests");
    for (uint32_t i = 0; i < 4; ++i)
    {
        const Time begin = net.When(i, State::Draining);
        const Time away = net.When(i, State::Updating);
        const Time back = net.When(i, State::Running);
        // A second for connections on their way; then the first moment without any.
        t.Near((away - begin).GetSeconds(), 1, 0.1, "drains");
        t.Check(back - away == Seconds(5), "updated, and probing for 2 s");
        t.Check(i % 2 == 1 || begin == Seconds(5), "the first domain at once");
        t.Check(i % 2 == 0 ||
                    begin == std::max(net.When(0, State::Running), net.When(2, State::Running)),
                "the second one when the first is back");
    }
    t.Check(net.gateway->Maintain(), "again");
}

/**
 * @param t the test case
 */
void
TestMaintenanceLimit(FunctionTestCase& t)
{
    FleetNetwork net(4, 2, 2);
    net.helper.SetAttribute("UpdateDomains", UintegerValue(1));
    net.helper.SetAttribute("MaintenanceDrain", TimeValue(Seconds(4)));
    net.Start();
    for (const auto& server : net.servers)
    {
        server->SetPathResponse("/slow", After(15));
        server->SetPathResponse("/brief", After(2));
    }
    net.AskOnce(0, Seconds(4), "/slow");
    net.AskOnce(1, Seconds(4), "/brief");
    FleetNetwork::At(Seconds(5), [&] { net.gateway->Maintain(); });
    net.Run(Seconds(30));
    t.Equal(net.records.size(), 2, "exchanges");
    t.Equal(net.records.at(0).target, "/brief", "the first to end");
    t.Equal(net.records.at(0).status, 200, "has the time");
    t.Check(net.records.at(1).end == GatewayExchangeEnd::Drained, "the other one has not");
    t.Check(net.records.at(1).finish == Seconds(9), "and is cut at the limit");
    t.Equal(net.CountFailed(), 1, "that one fails");
}

/**
 * @param t the test case
 * @param probing whether members are probed
 */
void
TestUpdate(FunctionTestCase& t, bool probing)
{
    FleetNetwork net(4, 2, 2);
    auto& setting = net.configuration.backendHttpSettingsCollection[0];
    setting.connectionDraining.enabled = true;
    setting.connectionDraining.drainTimeout = Seconds(3);
    net.Start(probing);
    for (const auto& server : net.servers)
    {
        server->SetPathResponse("/slow", After(15));
        server->SetPathResponse("/brief", After(2));
    }
    net.Stay(5, Seconds(1));
    net.AskOnce(0, Seconds(4), "/slow");
    net.AskOnce(1, Seconds(4), "/brief");
    const Time update = Seconds(5);
    FleetNetwork::At(update, [&] {
        auto changed = net.configuration;
        changed.requestRoutingRules[0].priority = 0;
        t.Equal(net.gateway->Update(changed).size(), 1, "Azure would refuse it");
        changed = net.configuration;
        changed.frontendPorts[0].port = 81;
        t.Equal(net.gateway->Update(changed).size(), 1, "the front would not know");
        changed = net.configuration;
        // Another name for the pool, and only the second server in it.
        changed.backendAddressPools[0].name = "other";
        changed.backendAddressPools[0].backendAddresses.erase(
            changed.backendAddressPools[0].backendAddresses.begin());
        changed.requestRoutingRules[0].backendAddressPool = "other";
        t.Equal(net.gateway->Update(changed).size(), 0, "good");
        t.Equal(net.gateway->GetConfiguration().backendAddressPools[0].name, "other", "taken");
    });
    net.Run(Seconds(15));
    uint32_t failed = 0;
    std::set<Time> cuts;
    for (const auto& record : net.records)
    {
        if (record.target == "/brief")
        {
            t.Equal(record.status, 200, "ends in time");
        }
        if (record.end == GatewayExchangeEnd::Drained)
        {
            cuts.insert(record.finish);
            t.Equal(record.target, "/slow", "only what is too slow");
        }
    }
    t.Check(cuts == std::set<Time>{update + Seconds(3)}, "cut after the draining timeout");
    uint32_t before = 0;
    uint32_t after = 0;
    for (const auto& request : net.requests)
    {
        if (request.outcome != HttpOutcome::Ok)
        {
            ++failed;
            continue;
        }
        // The old connections get one response more, which ends them.
        before += request.start < update && request.servedBy == "server0" ? 1 : 0;
        after += !request.reused && request.start > update ? 1 : 0;
        t.Check(request.servedBy == "server1" || request.start < update || request.reused,
                "new connections follow the new configuration");
        t.Check(request.servedBy == "server1" || request.start < update + Seconds(1.1),
                "and soon all requests do");
    }
    t.Equal(failed, 1, "no more than that one fails");
    t.Check(before > 20, "the first server was used");
    t.Equal(after, 20, "every user has connected anew, once");
}

/** Suite on instances that come and go. */
class GatewayFleetTestSuite : public TestSuite
{
  public:
    GatewayFleetTestSuite()
        : TestSuite("azure-gateway-fleet", Type::SYSTEM)
    {
        Add("AG-50 AG-51 AG-52: a load has the instances that it asks for, after the delay",
            TestScaling);
        Add("AG-8 AG-56: a dead instance: new connections get through once the front knows",
            TestCrash);
        Add("AG-56: a zone's failure cuts its connections alone; others take over", TestZone);
        Add("AG-56: a zonal gateway is down with its zone", TestZonal);
        Add("AG-57: maintenance of one update domain after the other loses no request",
            TestMaintenance);
        Add("AG-57: what has not drained in time is cut", TestMaintenanceLimit);
        Add("AG-49: an update ends connections after their draining timeout",
            [](FunctionTestCase& t) { TestUpdate(t, false); });
        Add("AG-49: an update keeps what probes have found out",
            [](FunctionTestCase& t) { TestUpdate(t, true); });
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, const std::function<void(FunctionTestCase&)>& body)
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

GatewayFleetTestSuite g_gatewayFleetTestSuite; //!< the suite

} // namespace
