/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-probe-bed.h"

#include "ns3/azure-application-gateway-engine.h"
#include "ns3/azure-failover-theory.h"

#include <algorithm>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param interval I in seconds
 * @param timeout T in seconds
 * @param threshold N
 * @return a custom probe with a host
 */
ApplicationGatewayProbe
Custom(double interval, double timeout, uint32_t threshold)
{
    ApplicationGatewayProbe probe;
    probe.host = "www.contoso.com";
    probe.interval = Seconds(interval);
    probe.timeout = Seconds(timeout);
    probe.unhealthyThreshold = threshold;
    return probe;
}

/**
 * @brief The result of the first probe of one server.
 * @param configuration changes the gateway
 * @param prepare changes the server
 * @return the result, and the request that the server got
 */
std::pair<ProbeRecord, std::string>
ProbeOnce(const std::function<void(ApplicationGatewayConfiguration&)>& configuration,
          const std::function<void(ProbeTarget&)>& prepare)
{
    GatewayProbeBed bed;
    bed.OpenAll();
    prepare(bed.network.targets[0]);
    auto gateway = bed.Configuration(Custom(30, 20, 3));
    configuration(gateway);
    bed.Start(gateway);
    ProbeTestBed::RunTo(29);
    return {bed.results[0].empty() ? ProbeRecord() : bed.results[0][0],
            bed.network.targets[0].request};
}

/** HP-20: the default probe on the wire and its answers. */
void
DefaultProbe(FunctionTestCase& test)
{
    const auto byDefault = [](ApplicationGatewayConfiguration& gateway) {
        gateway.backendHttpSettingsCollection[0].probe = "";
    };
    for (const int status : {199, 200, 204, 301, 399, 400, 404, 500, 503})
    {
        const auto [result, request] = ProbeOnce(byDefault, [&](ProbeTarget& target) {
            target.status = static_cast<uint16_t>(status);
            target.answer = "HTTP/1.1 " + std::to_string(status) + " Some Reason\r\n\r\n";
        });
        const bool passes = status >= 200 && status <= 399;
        // 199 is an interim answer, after which none comes.
        test.Check(result.outcome == (passes ? ProbeOutcome::Success : ProbeOutcome::BadStatus),
                   "200 to 399 pass: " + std::to_string(status));
        test.Equal(result.status, status, "status in the trace");
        test.Equal(request,
                   "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
                   "the request");
    }
    GatewayProbeBed bed; // silent
    bed.OpenAll();
    bed.network.targets[0].status = 0;
    bed.SetPhase(0);
    bed.Start(bed.Configuration());
    ProbeTestBed::RunTo(100);
    test.Equal(bed.results[0].size(), 3, "30 s each");
    test.Equal(bed.results[0].at(0).end, Seconds(30), "T = 30 s");
    test.Equal(bed.sent[0].at(1).start, Seconds(30), "I = 30 s");
}

/** HP-21: what a custom probe says, on the wire. */
void
CustomProbe(FunctionTestCase& test)
{
    auto [result, request] = ProbeOnce(
        [](ApplicationGatewayConfiguration& gateway) {
            gateway.probes[0].path = "/health?deep=1";
            gateway.probes[0].match.statusCodes = {"204", "500-503"};
        },
        [](ProbeTarget& target) { target.status = 502; });
    test.Check(result.outcome == ProbeOutcome::Success && result.status == 502, "a listed status");
    test.Equal(request,
               "GET /health?deep=1 HTTP/1.1\r\nHost: www.contoso.com\r\nConnection: close\r\n\r\n",
               "the request");
    {
        GatewayProbeBed bed; // on a port of its own; 80 is closed
        bed.network.targets[0].Open(bed.network.backends.Get(0), 8081);
        auto probe = Custom(30, 20, 3);
        probe.port = 8081;
        bed.Start(bed.Configuration(probe));
        ProbeTestBed::RunTo(1);
        test.Check(bed.probes[0]->IsHealthy(0, "10.0.0.2"), "the port of the probe");
        test.Equal(bed.results[0].at(0).port, 8081, "port in the trace");
    }
    for (const bool fixed : {false, true})
    {
        const auto [picked, text] = ProbeOnce(
            [&](ApplicationGatewayConfiguration& gateway) {
                gateway.probes[0].host = "";
                gateway.probes[0].pickHostNameFromBackendHttpSettings = true;
                auto& setting = gateway.backendHttpSettingsCollection[0];
                setting.hostName = fixed ? "inner.contoso.com" : "";
                setting.pickHostNameFromBackendAddress = !fixed;
            },
            [](ProbeTarget&) {});
        test.Equal(text,
                   std::string("GET / HTTP/1.1\r\nHost: ") +
                       (fixed ? "inner.contoso.com" : "10.0.0.2") + "\r\nConnection: close\r\n\r\n",
                   "the host of the backend setting");
    }
    const std::string chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nI am\r\n4\r\n wel\r\n";
    for (const auto& [answer, passes] : std::vector<std::pair<std::string, bool>>{
             {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nI am well", true},
             {"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nI am wel", false},
             {"HTTP/1.1 200 OK\r\n\r\nlook: I am well, thanks", true},
             {"HTTP/1.1 200 OK\r\n\r\nI AM WELL", false},
             {"HTTP/1.1 200 OK\r\nX: am well\r\n\r\n", false},
             {chunked + "1\r\nl\r\n0\r\n\r\n", true},
             {chunked + "1\r\n!\r\n0\r\n\r\n", false},
             {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nam well",
              true},
             {"HTTP/1.1 500 No\r\nContent-Length: 7\r\n\r\nam well", false},
             {"HTTP/1.1 204 No\r\n\r\nam well", false},
             {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nam well", false},
             {"HTTP/1.1 200 OK\nContent-Length: 7\n\nam well", false},
             {"am well", false}})
    {
        for (const bool bytewise : {false, true})
        {
            const auto [found, text] = ProbeOnce(
                [](ApplicationGatewayConfiguration& gateway) {
                    gateway.probes[0].match.body = "am well";
                },
                [&, &sent = answer](ProbeTarget& target) {
                    target.answer = sent;
                    target.bytewise = bytewise;
                });
            test.Check(found.outcome == (passes ? ProbeOutcome::Success : ProbeOutcome::BadStatus),
                       std::string(bytewise ? "byte by byte: " : "at once: ") + answer);
            const bool http = answer.find("x\r\n\r\nam") == std::string::npos && answer[0] == 'H';
            test.Check(!http || found.status >= 200, "with its status: " + answer);
        }
    }
}

/** HP-29: 401. */
void
Unauthorized(FunctionTestCase& test)
{
    for (const std::string codes : {"", "200-399", "401", "200-401"})
    {
        GatewayProbeBed bed;
        bed.OpenAll();
        bed.network.targets[0].status = 401;
        auto gateway = bed.Configuration();
        if (!codes.empty())
        {
            auto probe = Custom(30, 30, 3);
            probe.match.statusCodes = {codes};
            gateway = bed.Configuration(probe);
        }
        bed.Start(gateway);
        ProbeTestBed::RunTo(100);
        test.Equal(bed.probes[0]->IsHealthy(0, "10.0.0.2"),
                   codes.find("401") != std::string::npos,
                   "codes: " + codes);
    }
}

/** HP-31: a server of WebSockets. */
void
WebSocket(FunctionTestCase& test)
{
    for (const bool picky : {false, true})
    {
        for (const bool listed : {false, true})
        {
            GatewayProbeBed bed;
            bed.OpenAll();
            // A server for handshakes alone answers others with 426 (RFC 6455, section 4.2.2).
            bed.network.targets[0].status = picky ? 426 : 200;
            auto probe = Custom(30, 30, 3);
            probe.match.statusCodes = {"200-399"};
            if (listed)
            {
                probe.match.statusCodes.push_back("426");
            }
            bed.Start(bed.Configuration(probe));
            ProbeTestBed::RunTo(10);
            const auto& request = bed.network.targets[0].request;
            test.Equal(request.find("GET / HTTP/1.1\r\n"), 0, "a GET");
            test.Check(request.find("Upgrade") == std::string::npos, "no handshake");
            test.Equal(bed.probes[0]->IsHealthy(0, "10.0.0.2"), !picky || listed, "by its status");
        }
    }
}

/** HP-22: the first probe and the first success. */
void
FirstSuccess(FunctionTestCase& test)
{
    GatewayProbeBed bed;
    bed.SetPhase(0.5);
    ProbeTestBed::At(7, [&] { bed.Start(bed.Configuration()); });
    ProbeTestBed::At(40, [&] { bed.OpenAll(); });
    ProbeTestBed::At(85, [&] { bed.network.targets[0].Close(); });
    ProbeTestBed::At(175, [&] { bed.OpenAll(); });
    ProbeTestBed::RunTo(200);
    test.Equal(bed.sent[0].at(0).start, Seconds(7), "probed from the start on");
    test.Equal(bed.sent[0].at(1).start, Seconds(22), "then in a rhythm with a phase");
    test.Equal(bed.sent[0].at(2).start, Seconds(52), "of one interval");
    test.Near(bed.FindTold(false), 7, 1e-9, "unhealthy until the first success");
    test.Near(bed.FindTold(true), 52, 1e-3, "which is enough");
    test.Near(bed.FindTold(false, 8), 172, 1e-3, "three failures: 112, 142, 172 s");
    test.Equal(bed.told.size(), 3, "no other change");
    ProbeTestBed::RunTo(203);
    test.Near(bed.FindTold(true, 173), 202, 1e-3, "one success is enough again");
}

/** HP-23: the schedule of the failing probes. */
void
Schedules(FunctionTestCase& test)
{
    for (const bool v1 : {false, true})
    {
        for (const bool silent : {false, true})
        {
            GatewayProbeBed bed;
            bed.OpenAll();
            bed.SetPhase(0);
            auto gateway = bed.Configuration(Custom(30, 4, 3));
            if (v1)
            {
                gateway.sku.tier = ApplicationGatewayTier::Standard;
                gateway.requestRoutingRules[0].priority.reset();
            }
            test.Check(gateway.Validate().empty(), "a good gateway");
            bed.Start(gateway);
            ProbeTestBed::At(45, [&] {
                if (silent)
                {
                    bed.network.walls[0]->drops = [](const Ipv4Header&) { return true; };
                }
                else
                {
                    bed.network.targets[0].Close();
                }
            });
            ProbeTestBed::RunTo(200);
            std::vector<double> failing;
            for (const auto& record : bed.results[0])
            {
                if (record.outcome != ProbeOutcome::Success)
                {
                    failing.push_back(record.start.GetSeconds());
                }
            }
            const auto name = std::string(v1 ? "v1" : "v2") + (silent ? ", silent" : ", refused");
            const double step = v1 ? (silent ? 4 : 0) : 30;
            test.Near(failing.at(0), 60, 1e-3, name + ": first");
            test.Near(failing.at(1), 60 + step, 1e-3, name + ": second");
            test.Near(failing.at(2), 60 + 2 * step, 1e-3, name + ": third");
            test.Near(failing.at(3),
                      failing.at(2) + 30,
                      1e-3,
                      name + ": in its rhythm once it is decided");
            const double down = bed.FindTold(false, 1) - 45;
            test.Near(down, 15 + 2 * step + (silent ? 4 : 0), 2e-3, name + ": decided");
            const auto settings = GatewayProbePlan::MakeSettings(gateway, 0, bed.Member(0));
            test.Check(
                FailoverTheory::Detection(settings,
                                          silent ? FaultSymptom::Silent : FaultSymptom::Refused,
                                          Time(0),
                                          MilliSeconds(1))
                    .Contains(Seconds(down)),
                name + ": within the closed form");
        }
    }
}

/** HP-26, HP-28: the seed's picture. */
void
TwoInstances(FunctionTestCase& test)
{
    GatewayProbeBed bed(1, 2);
    bed.OpenAll();
    bed.network.Watch();
    bed.probes[0]->AssignStreams(1);
    bed.probes[1]->AssignStreams(2);
    bed.Start(bed.Configuration());
    ProbeTestBed::RunTo(30 * 11);
    // Intervals after the first, in which each instance has its probe at the start besides.
    std::map<std::pair<int64_t, Ipv4Address>, uint32_t> count;
    std::set<Ipv4Address> sources;
    for (const auto& segment : bed.network.segments)
    {
        if (segment.in && segment.tcp.GetFlags() == TcpHeader::SYN)
        {
            count[{segment.time.GetNanoSeconds() / 30000000000, segment.source}]++;
            sources.insert(segment.source);
        }
    }
    test.Check(sources == std::set<Ipv4Address>{bed.Address(0), bed.Address(1)},
               "the addresses of the two instances");
    for (int64_t k = 1; k <= 10; k++)
    {
        for (uint32_t i = 0; i < 2; i++)
        {
            const auto probes = count[{k, bed.Address(i)}];
            test.Equal(probes, 1, "one by each instance in interval " + std::to_string(k));
        }
    }
    for (uint32_t i = 0; i < 2; i++)
    {
        test.Equal(bed.results[i].at(0).source, bed.Address(i), "source in the trace");
        test.Equal(bed.results[i].at(0).probe,
                   "gw/" + std::to_string(i) + "/plain",
                   "name in the trace");
    }
    test.Check(bed.sent[0].at(1).start != bed.sent[1].at(1).start, "each with a phase of its own");
}

/** HP-26: pairs of server and backend setting. */
void
Pairs(FunctionTestCase& test)
{
    GatewayProbeBed bed(2);
    bed.OpenAll();
    auto gateway = bed.Configuration();
    // The second pool has the first server, too; a second setting is bound to that pool.
    gateway.backendAddressPools[1].backendAddresses = {bed.Member(0)};
    auto second = gateway.backendHttpSettingsCollection[0];
    second.name = "second";
    auto unused = second;
    unused.name = "unused";
    gateway.backendHttpSettingsCollection.push_back(second);
    gateway.backendHttpSettingsCollection.push_back(unused);
    for (const auto& [name, port, setting] :
         {std::tuple{"b", "port443", "plain"}, std::tuple{"c", "port8080", "second"}})
    {
        gateway.httpListeners.push_back(MakeListener(name, port));
        auto rule = MakeRule(name, 200 + name[0], name);
        rule.backendAddressPool = "images";
        rule.backendHttpSettings = setting;
        gateway.requestRoutingRules.push_back(rule);
    }
    test.Check(gateway.Validate().empty(), "a good gateway");
    bed.Start(gateway);
    test.Equal(bed.probes[0]->GetProbers()->GetN(), 3, "three pairs, though four memberships");
    ProbeTestBed::RunTo(30 * 10);
    std::map<std::pair<std::string, Ipv4Address>, uint32_t> count;
    for (const auto& record : bed.sent[0])
    {
        count[{record.probe, record.target}]++;
    }
    test.Equal(count.size(), 3, "three pairs");
    for (const auto& [pair, probes] : count)
    {
        test.Check(probes == 10 || probes == 11, "one an interval, and one at the start");
    }
    test.Check(bed.probes[0]->IsHealthy(0, "10.0.0.2") && bed.probes[0]->IsHealthy(0, "10.0.1.2") &&
                   bed.probes[0]->IsHealthy(1, "10.0.0.2"),
               "all healthy");
    test.Check(!bed.probes[0]->IsHealthy(1, "10.0.1.2") && !bed.probes[0]->IsHealthy(2, "10.0.0.2"),
               "what no rule binds is not probed");
}

/** HP-27: instances that see different things. */
void
Disagreement(FunctionTestCase& test)
{
    GatewayProbeBed bed(1, 2);
    bed.OpenAll();
    bed.SetPhase(0.1, 0);
    bed.SetPhase(0.9, 1);
    auto router = std::make_shared<const RequestRouter>(bed.Configuration());
    std::vector<ApplicationGatewayEngine> engines;
    for (uint32_t i = 0; i < 2; i++)
    {
        engines.emplace_back(router, MakeStream());
    }
    for (uint32_t i = 0; i < 2; i++)
    {
        bed.probes[i]->SetVerdictCallback([&, i](uint32_t setting, std::string member, bool up) {
            bed.told.push_back({Simulator::Now(), i, setting, member, up});
            engines[i].SetHealthy(setting, member, up);
        });
        bed.probes[i]->Start(bed.instances.Get(i), router, "gw/" + std::to_string(i));
    }
    const auto eligible = [&](uint32_t i) { return engines[i].GetEligible(0, 0).size(); };
    // Only one of them loses its way to the server.
    ProbeTestBed::At(40, [&] {
        bed.network.walls[0]->drops = [&bed](const Ipv4Header& header) {
            return header.GetSource() == bed.Address(0);
        };
    });
    ProbeTestBed::RunTo(39);
    test.Check(eligible(0) == 1 && eligible(1) == 1, "both send requests there");
    ProbeTestBed::RunTo(200);
    test.Check(eligible(0) == 0 && eligible(1) == 1, "one has marked it down");
    bed.network.walls[0]->drops = nullptr;
    ProbeTestBed::RunTo(240);
    test.Check(eligible(0) == 1 && eligible(1) == 1, "and up again");
    // One fault for both: they agree in the end, after at most an interval.
    ProbeTestBed::At(250, [&] { bed.network.targets[0].Close(); });
    ProbeTestBed::RunTo(400);
    test.Check(eligible(0) == 0 && eligible(1) == 0, "both have marked it down");
    const double first = bed.FindTold(false, 250, 0);
    const double second = bed.FindTold(false, 250, 1);
    test.Near(first, 333, 1e-3, "by the probes of 273, 303 and 333 s");
    test.Near(second, 327, 1e-3, "by the probes of 267, 297 and 327 s");
}

/**
 * HP-28: servers on the internet.
 * @param test gets the results
 * @param shared whether the instance has the public address for other uses, too
 */
void
PublicSource(FunctionTestCase& test, bool shared)
{
    GatewayProbeBed bed(2);
    bed.OpenAll();
    bed.network.Watch(1);
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(bed.network.host->GetObject<Ipv4>())
        ->AddHostRouteTo(Ipv4Address(GatewayProbeBed::PUBLIC), bed.Address(0), 3);
    ProbeTarget listener;
    if (shared)
    {
        bed.instances.Get(0)->GetObject<Ipv4>()->AddAddress(
            1,
            Ipv4InterfaceAddress(Ipv4Address(GatewayProbeBed::PUBLIC), Ipv4Mask::GetOnes()));
        listener.Open(bed.instances.Get(0), 8080);
    }
    auto gateway = bed.Configuration();
    gateway.backendAddressPools[0].backendAddresses[1].external = true;
    bed.Start(gateway, Ipv4Address(GatewayProbeBed::PUBLIC));
    ProbeTestBed::RunTo(100);
    test.Check(bed.probes[0]->IsHealthy(0, "10.0.0.2") && bed.probes[0]->IsHealthy(0, "10.0.1.2"),
               "both are healthy");
    for (const auto& segment : bed.network.segments)
    {
        test.Equal(segment.in ? segment.source : segment.destination,
                   Ipv4Address(GatewayProbeBed::PUBLIC),
                   "the gateway's public address");
    }
    test.Check(!bed.network.segments.empty(), "there are some");
    for (const auto& record : bed.results[0])
    {
        test.Equal(record.source,
                   record.target == ProbeTestBed::Address(0) ? bed.Address(0)
                                                             : Ipv4Address(GatewayProbeBed::PUBLIC),
                   "source in the trace");
    }
    if (shared)
    {
        auto client = Socket::CreateSocket(bed.network.backends.Get(0),
                                           TypeId::LookupByName("ns3::TcpSocketFactory"));
        client->Connect(InetSocketAddress(Ipv4Address(GatewayProbeBed::PUBLIC), 8080));
        ProbeTestBed::RunTo(101);
        test.Equal(listener.accepted, 1, "the address still serves others");
        client->Close();
        listener.Close();
        return;
    }
    bed.probes[0]->Stop();
    const auto before = bed.sent[0].size();
    ProbeTestBed::RunTo(200);
    test.Equal(bed.sent[0].size(), before, "stopped");
    test.Equal(ProbeTestBed::CountSockets(bed.instances.Get(0)), 0, "nothing is left");
    bed.Start(gateway); // without a public address: all from the instance's own
    ProbeTestBed::RunTo(201);
    test.Equal(bed.sent[0].size(), before + 2, "and started anew");
    test.Equal(bed.results[0].back().source, bed.Address(0), "own address");
    test.Check(bed.probes[0]->IsHealthy(0, "10.0.1.2"), "answers come back");
}

/** Members come and go, names are resolved. */
void
Members(FunctionTestCase& test)
{
    GatewayProbeBed bed(3);
    bed.OpenAll();
    auto gateway = bed.Configuration();
    ApplicationGatewayBackendAddress named;
    named.fqdn = "App.Contoso.com";
    ApplicationGatewayBackendAddress six;
    six.ipAddress = IpAddress{1, 2};
    ApplicationGatewayBackendAddress nobody;
    nobody.ipAddress = MakeAddress(10, 0, 2, 77);
    gateway.backendAddressPools[0].backendAddresses = {bed.Member(0), named, six, nobody};
    bed.Start(gateway);
    test.Equal(bed.told.size(), 4, "all are unhealthy at the start");
    ProbeTestBed::RunTo(40);
    auto probes = bed.probes[0];
    test.Equal(probes->GetProbers()->GetN(), 2, "those with an IPv4 address are probed");
    test.Check(probes->IsHealthy(0, "10.0.0.2"), "one is healthy");
    for (const auto* member : {"app.contoso.com", "10.0.2.77", "10.0.9.9"})
    {
        test.Check(!probes->IsHealthy(0, member), std::string("not so ") + member);
    }
    probes->SetResolved("APP.contoso.com", ProbeTestBed::Address(1));
    ProbeTestBed::RunTo(41);
    test.Check(probes->IsHealthy(0, "app.contoso.com"), "once it is resolved");
    test.Equal(bed.sent[0].back().probe, "gw/0/plain/app.contoso.com", "name in the trace");
    bed.network.targets[2].Close();
    probes->SetResolved("app.contoso.com", ProbeTestBed::Address(2));
    test.Check(!bed.told.back().healthy && bed.told.back().member == "app.contoso.com",
               "a new address is unhealthy until its first success");
    ProbeTestBed::RunTo(80);
    test.Check(!probes->IsHealthy(0, "app.contoso.com"), "which it has not");
    probes->SetResolved("app.contoso.com", Ipv4Address::GetAny());
    test.Equal(probes->GetProbers()->GetN(), 2, "not resolved any more");
    // In two pools, of which rules bind one.
    const auto before = bed.told.size();
    probes->AddMember(1, bed.Member(1));
    probes->AddMember(0, bed.Member(0));
    test.Equal(bed.told.size(), before, "no new pair");
    probes->AddMember(0, bed.Member(1));
    test.Equal(bed.told.size(), before + 1, "a new pair");
    ProbeTestBed::RunTo(81);
    test.Check(probes->IsHealthy(0, "10.0.1.2"), "which is probed at once");
    probes->RemoveMember(0, "10.0.1.2");
    probes->RemoveMember(0, "10.0.0.2");
    probes->RemoveMember(0, "10.0.5.2");
    const auto sent = bed.sent[0].size();
    ProbeTestBed::RunTo(200);
    for (size_t k = sent; k < bed.sent[0].size(); k++)
    {
        test.Equal(bed.sent[0][k].target, Ipv4Address("10.0.2.77"), "the one that is left");
    }
    test.Equal(bed.told.size(), before + 2, "no word of those that are gone");
    probes->AddMember(0, bed.Member(0));
    test.Check(!bed.told.back().healthy, "back again, and unhealthy");
}

/** T above I: results overtake one another. */
void
LongTimeout(FunctionTestCase& test)
{
    GatewayProbeBed bed;
    bed.OpenAll();
    bed.SetPhase(0);
    bed.Start(bed.Configuration(Custom(10, 25, 1)));
    ProbeTestBed::At(5, [&] { bed.network.targets[0].status = 0; });
    ProbeTestBed::At(38, [&] { bed.network.targets[0].status = 200; });
    ProbeTestBed::RunTo(100);
    test.Near(bed.FindTold(false, 1), 35, 1e-3, "the probe of 10 s is silent for 25 s");
    test.Near(bed.FindTold(true, 35), 40, 1e-3, "the next one after the repair");
    test.Equal(bed.told.size(), 4, "the late silence of 20 and 30 s no longer counts");
    test.Equal(bed.results[0].size(), 10, "but it is traced");
}

/** T above I in v1: probes under way make further ones needless. */
void
LongTimeoutV1(FunctionTestCase& test)
{
    GatewayProbeBed bed;
    bed.OpenAll();
    bed.SetPhase(0);
    auto gateway = bed.Configuration(Custom(10, 25, 4));
    gateway.sku.tier = ApplicationGatewayTier::Standard;
    gateway.requestRoutingRules[0].priority.reset();
    bed.Start(gateway);
    ProbeTestBed::At(5, [&] { bed.network.targets[0].status = 0; });
    ProbeTestBed::RunTo(200);
    const double down = bed.FindTold(false, 1);
    test.Near(down, 65, 1e-3, "the probes of 10, 20, 30 and 40 s");
    const auto settings = GatewayProbePlan::MakeSettings(gateway, 0, bed.Member(0));
    const auto interval = FailoverTheory::Detection(settings, FaultSymptom::Silent);
    test.Equal(interval.lower, Seconds(55), "shortest");
    test.Check(interval.Contains(Seconds(down - 5)), interval.form);
}

/** Who is told may end all. */
void
StopWhenTold(FunctionTestCase& test)
{
    for (const bool healthy : {false, true})
    {
        GatewayProbeBed bed(2);
        bed.OpenAll();
        uint32_t told = 0;
        bed.probes[0]->SetVerdictCallback([&](uint32_t, std::string, bool up) {
            told += up == healthy ? 1 : 0;
            if (up == healthy)
            {
                bed.probes[0]->Stop();
            }
        });
        bed.Start(bed.Configuration());
        ProbeTestBed::RunTo(100);
        test.Equal(told, 1, "no word after the end");
        test.Equal(bed.probes[0]->GetProbers()->GetN(), 0, "no prober");
        test.Equal(ProbeTestBed::CountSockets(bed.instances.Get(0)), 0, "no socket");
    }
}

/** Probes of the instances of a gateway. */
class GatewayProbesTestSuite : public TestSuite
{
  public:
    GatewayProbesTestSuite()
        : TestSuite("azure-gateway-probes", Type::SYSTEM)
    {
        Add("HP-20: the default probe gets the root with Host 127.0.0.1, 200 to 399 pass",
            DefaultProbe);
        Add("HP-21: host, path, port, codes and body text of a custom probe", CustomProbe);
        Add("HP-22: probed from the start, unhealthy until the first success", FirstSuccess);
        Add("HP-23: failing probes are an interval apart in v2, in quick succession in v1",
            Schedules);
        Add("HP-26 HP-28: two instances and one server: two probes an interval, two addresses",
            TwoInstances);
        Add("HP-26: a server is probed once for each backend setting that rules bind to it", Pairs);
        Add("HP-27: instances decide by what they see themselves", Disagreement);
        Add("HP-28: public servers are probed from the gateway's public address",
            [](FunctionTestCase& test) { PublicSource(test, false); });
        Add("HP-28: also where the instance has that address for other uses",
            [](FunctionTestCase& test) { PublicSource(test, true); });
        Add("HP-29: 401 fails unless it is listed", Unauthorized);
        Add("HP-31: a server of WebSockets is probed by a plain GET", WebSocket);
        Add("Members come and go, and names are resolved", Members);
        Add("A result that comes after that of a later probe does not count", LongTimeout);
        Add("In v1, too, probes are an interval apart where that is sooner", LongTimeoutV1);
        Add("Probing may be stopped by who is told", StopWhenTold);
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

/** Registers the suite. */
GatewayProbesTestSuite g_gatewayProbesTestSuite;

} // namespace
