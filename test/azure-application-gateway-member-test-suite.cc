/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-test-bed.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// How an exchange ended.
using End = GatewayExchangeEnd;

/**
 * @param t the test case
 */
void
TestTimeout(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGateway(), 3);
    bed.Start();
    std::vector<Ptr<HttpServer>> all;
    for (uint32_t i = 0; i < 3; ++i)
    {
        all.push_back(bed.AddServer(i));
    }
    HttpServerFault hang;
    hang.kind = HttpServerFaultKind::Hang;
    all[0]->InjectFault(hang);
    auto& client = bed.Connect();
    client.Send(RequestText("/", "Content-Length: 4\r\n", "body", "POST"));
    bed.Run(Seconds(100));
    t.Equal(bed.records.size(), 1, "one exchange");
    t.Equal(bed.records.at(0).status, 200, "the second member answers");
    t.Equal(bed.records.at(0).retries, 1, "retries");
    t.Equal(bed.served.at(0).server, "server1", "who has served");
    t.Equal(bed.served.at(0).requestBodyBytes, 4, "the body was sent again");
    t.Near(client.firstByte.value_or(Time(0)).GetSeconds(), 20, 0.1, "after the first timeout");
    all[1]->InjectFault(hang);
    all[2]->InjectFault(hang);
    auto& second = bed.Connect();
    second.Send(RequestText("/"));
    bed.Run(Seconds(200));
    t.Equal(bed.records.size(), 2, "two exchanges");
    t.Equal(bed.records.back().status, 504, "both members are silent");
    t.Equal(bed.records.back().retries, 1, "retries");
    t.Near(second.firstByte.value_or(Time(0)).GetSeconds(), 140, 0.1, "after both timeouts");
    t.Check(bed.records.back().reason == GatewayAnswerReason::BackendTimeout, "reason");
}

/**
 * @param t the test case
 */
void
TestTimeoutOfOne(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    bed.AddScript(0, {{{}, Ending::StayOpen}});
    auto& client = bed.Connect();
    client.Send(RequestText("/"));
    bed.Run(Seconds(100));
    t.Equal(bed.records.at(0).status, 504, "status");
    t.Equal(bed.records.at(0).retries, 0, "retries");
    t.Near(client.firstByte.value_or(Time(0)).GetSeconds(), 20, 0.1, "after one timeout");
}

/**
 * @param t the test case
 */
void
TestRefused(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGateway(), 3);
    bed.Start();
    auto& reset = bed.AddScript(1, {{{}, Ending::Reset}});
    bed.AddServer(2);
    // Nothing listens on the first, the second resets, the third is good.
    bed.SendAt(Seconds(1), RequestText("/1"));
    bed.SendAt(Seconds(2), RequestText("/2"));
    bed.SendAt(Seconds(3), RequestText("/3"));
    bed.Run(Seconds(4));
    t.Equal(bed.records.size(), 3, "exchanges");
    t.Equal(bed.records.at(0).status, 502, "refused, then reset");
    t.Equal(bed.records.at(0).retries, 1, "retries");
    t.Check(bed.records.at(0).reason == GatewayAnswerReason::BackendFailed, "reason");
    t.Equal(bed.records.at(1).status, 200, "the third answers at once");
    t.Equal(bed.records.at(1).retries, 0, "no retry");
    t.Equal(bed.records.at(2).status, 502, "refused, then reset");
    t.Equal(reset.accepted, 2, "connections of the one that resets");
}

/**
 * @param t the test case
 */
void
TestDraining(FunctionTestCase& t)
{
    auto c = MakeGateway();
    c.backendAddressPools[0] = MakePool("web", 0, 2);
    c.backendHttpSettingsCollection[0].connectionDraining = {true, Seconds(10)};
    c.backendHttpSettingsCollection[0].requestTimeout = Seconds(100);
    GatewayTestBed bed(c, 2);
    bed.Start();
    for (uint32_t i = 0; i < 2; ++i)
    {
        auto server = bed.AddServer(i);
        HttpPathResponse response;
        const auto delay = [](double value) {
            return CreateObjectWithAttributes<ConstantRandomVariable>("Constant",
                                                                      DoubleValue(value));
        };
        response.serviceTime = delay(5);
        server->SetPathResponse("/5", response);
        response.serviceTime = delay(50);
        server->SetPathResponse("/50", response);
    }
    // In turn: the first, the second, the first.
    bed.SendAt(Seconds(1), RequestText("/5"));
    bed.SendAt(Seconds(1.1), RequestText("/"));
    bed.SendAt(Seconds(1.2), RequestText("/50"));
    Simulator::Schedule(Seconds(2), [&] {
        const auto change = bed.instance->RemoveMember(0, "10.0.1.4");
        t.Equal(change.drains.size(), 1, "one backend drains");
    });
    for (uint32_t i = 0; i < 4; ++i)
    {
        bed.SendAt(Seconds(3), RequestText("/"));
    }
    bed.Run(Seconds(40));
    t.Equal(bed.records.size(), 7, "exchanges");
    uint32_t byFirst = 0;
    for (const auto& record : bed.records)
    {
        byFirst += record.member == "10.0.1.4";
        if (record.target == "/5")
        {
            t.Equal(record.status, 200, "in time");
        }
        if (record.target == "/50")
        {
            t.Near(record.finish.GetSeconds(), 12, 0.01, "cut at the end of draining");
            t.Check(record.end == End::Drained, "how it ended");
            t.Equal(record.status, 502, "status");
        }
    }
    t.Equal(byFirst, 2, "no new requests for the member that drains");
}

/**
 * @param t the test case
 */
void
TestBadBackend(FunctionTestCase& t)
{
    /// What a backend says, and what the client gets of it.
    struct Case
    {
        Script script;    //!< what it says
        uint32_t status;  //!< status that the client gets
        bool cut;         //!< the client's connection is reset
        std::string what; //!< in words
    };

    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
    const std::vector<Case> cases{
        {{{"garbage\r\n\r\n"}, Ending::StayOpen}, 502, false, "garbage"},
        {{{}, Ending::Fin}, 502, false, "closed without a word"},
        {{{"HTTP/1.1 200 OK\r\nCont"}, Ending::FinNow}, 502, false, "closed within the head"},
        {{{head + "12345"}, Ending::FinNow}, 200, true, "closed within the body"},
        {{{head + "12345"}, Ending::Reset}, 200, true, "reset within the body"},
        {{{head + "1234567890and more"}, Ending::StayOpen}, 502, false, "more than announced"},
        {{{head + "12345", "67890HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL"},
          Ending::StayOpen},
         200,
         false,
         "more than announced, later"},
        {{{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "zz\r\n"}, Ending::StayOpen},
         200,
         true,
         "a bad chunk"},
        {{{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
          Ending::StayOpen},
         502,
         false,
         "two framings"},
        {{{"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"}, Ending::StayOpen},
         502,
         false,
         "an upgrade that nobody asked for"},
        {{{"HTTP/1.1 200 OK\r\nX: " + std::string(40000, 'x')}, Ending::StayOpen},
         502,
         false,
         "a head that is too large"},
    };
    for (const auto& test : cases)
    {
        GatewayTestBed bed(MakeGatewayOfOne(), 1);
        bed.Start();
        auto& script =
            bed.AddScript(0, {test.script, {{ResponseText("the next")}, Ending::StayOpen}});
        auto& client = bed.Connect();
        client.Send(RequestText("/1", "Content-Length: 1\r\n", "x", "POST"));
        bed.SendAt(Seconds(1), RequestText("/2"));
        bed.Run(Seconds(3));
        const bool complete = bed.records.size() == 2;
        t.Check(complete, test.what + ": two exchanges");
        if (!complete)
        {
            continue;
        }
        t.Equal(bed.records[0].status, test.status, test.what + ": status");
        t.Equal(client.reset, test.cut, test.what + ": cut");
        t.Check(!Contains(client.received, "EVIL"), test.what + ": nothing is smuggled");
        t.Equal(bed.clients[1]->received, ResponseText("the next"), test.what + ": next exchange");
        t.Equal(script.accepted, 2, test.what + ": over another connection");
    }
}

/**
 * @param t the test case
 */
void
TestIdleBackends(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.factory.Set("BackendIdleTimeout", TimeValue(Seconds(30)));
    bed.Start();
    auto server = bed.AddServer(0);
    bed.SendAt(Seconds(1), RequestText("/1"));
    bed.SendAt(Seconds(20), RequestText("/2")); // another client
    bed.Run(Seconds(21));
    t.Equal(bed.instance->GetBackendConnectionsOpened(), 1, "the second request reuses it");
    t.Equal(bed.instance->GetIdleBackendConnectionCount(), 1, "it is idle");
    bed.Run(Seconds(49));
    t.Equal(bed.instance->GetIdleBackendConnectionCount(), 1, "within its lifetime");
    bed.Run(Seconds(51));
    t.Equal(bed.instance->GetIdleBackendConnectionCount(), 0, "after its lifetime");
    t.Equal(server->GetConnectionCount(), 0, "it is closed");
    bed.SendAt(Seconds(1), RequestText("/3") + RequestText("/4"));
    bed.SendAt(Seconds(1), RequestText("/5"));
    bed.Run(Seconds(60));
    t.Equal(bed.instance->GetBackendConnectionsOpened(), 3, "two at the same time");
    t.Equal(bed.records.size(), 5, "exchanges");
    for (const auto& record : bed.records)
    {
        t.Equal(record.status, 200, "status");
    }
}

/**
 * @param t the test case
 */
void
TestStaleBackend(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    // Each answers one request, and leaves the next one on the same connection to its reset.
    auto server = bed.AddServer(0);
    bed.SendAt(Seconds(1), RequestText("/1"));
    HttpServerFault crash;
    crash.kind = HttpServerFaultKind::Crash;
    Simulator::Schedule(Seconds(2), &HttpServer::InjectFault, server, crash);
    Simulator::Schedule(Seconds(3), &HttpServer::ClearFaults, server);
    bed.SendAt(Seconds(4), RequestText("/2"));
    bed.Run(Seconds(6));
    t.Equal(bed.records.size(), 2, "exchanges");
    t.Equal(bed.records.back().status, 200, "answered over a new connection");
    t.Equal(bed.records.back().repeats, 1, "repetitions");
    t.Equal(bed.records.back().retries, 0, "not counted as a second try");
    t.Check(!bed.records.back().reused, "over a new connection");
}

/**
 * @param t the test case
 */
void
TestDedicated(FunctionTestCase& t)
{
    auto c = MakeGatewayOfOne();
    c.backendHttpSettingsCollection[0].dedicatedBackendConnection = true;
    GatewayTestBed bed(c, 1);
    bed.Start();
    auto server = bed.AddServer(0);
    bed.SendAt(Seconds(1), RequestText("/1") + RequestText("/2"));
    bed.SendAt(Seconds(2), RequestText("/3") + RequestText("/4"));
    bed.Run(Seconds(3));
    t.Equal(bed.records.size(), 4, "exchanges");
    t.Equal(bed.instance->GetBackendConnectionsOpened(), 2, "one for each client");
    t.Equal(bed.instance->GetIdleBackendConnectionCount(), 0, "none for others");
    t.Equal(server->GetConnectionCount(), 2, "both stay");
    bed.clients[0]->Close();
    bed.Run(Seconds(4));
    t.Equal(server->GetConnectionCount(), 1, "ends with its client");
}

/**
 * @param t the test case
 */
void
TestTimes(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    auto server = bed.AddServer(0);
    server->SetAttribute("ServiceTime", StringValue("ns3::ConstantRandomVariable[Constant=0.1]"));
    server->SetAttribute("ResponseSize",
                         StringValue("ns3::ConstantRandomVariable[Constant=300000]"));
    bed.SendAt(Seconds(1), RequestText("/0")); // finds out the member's link-layer address
    bed.Run(Seconds(70));
    bed.records.clear();
    auto& client = bed.Connect();
    client.Send(RequestText("/1"));
    Simulator::Schedule(Seconds(2), [&] { client.Send(RequestText("/2")); });
    bed.Run(Seconds(74));
    t.Equal(bed.records.size(), 2, "exchanges");
    for (const auto& record : bed.records)
    {
        t.Check(record.GetBackendConnectTime() <= record.GetBackendFirstByteTime(), "connect");
        t.Check(record.GetBackendFirstByteTime() <= record.GetBackendLastByteTime(), "first byte");
        t.Check(*record.GetBackendLastByteTime() <= record.GetTotalTime(), "last byte");
        t.Near(record.clientRtt.GetSeconds(), 0.01, 0.002, "client RTT");
    }
    t.Near(bed.records.at(0).GetBackendConnectTime()->GetSeconds(), 0.0004, 0.0003, "one RTT");
    t.Near(bed.records.at(0).GetBackendFirstByteTime()->GetSeconds(), 0.1006, 0.0006, "service");
    t.Equal(*bed.records.at(1).GetBackendConnectTime(), Time(0), "a reused connection");
}

/**
 * @param t the test case
 */
void
TestUnhealthy(FunctionTestCase& t)
{
    auto c = MakeGateway();
    c.backendAddressPools[0] = MakePool("web", 0, 2);
    GatewayTestBed bed(c, 2);
    bed.Start();
    for (uint32_t i = 0; i < 2; ++i)
    {
        bed.AddServer(i)->SetAttribute("ServiceTime",
                                       StringValue("ns3::ConstantRandomVariable[Constant=5]"));
    }
    bed.SendAt(Seconds(1), RequestText("/1"));
    Simulator::Schedule(Seconds(2), [&] {
        t.Equal(bed.instance->SetHealthy(0, "10.0.1.4", false).backends.size(), 1, "a change");
    });
    bed.SendAt(Seconds(3), RequestText("/2"));
    bed.SendAt(Seconds(4), RequestText("/3"));
    bed.Run(Seconds(60));
    t.Equal(bed.records.size(), 3, "exchanges");
    for (const auto& record : bed.records)
    {
        t.Equal(record.status, 200, "status");
        t.Equal(record.member, record.target == "/1" ? "10.0.1.4" : "10.0.1.5", "member");
    }
}

/**
 * @param t the test case
 */
void
TestNames(FunctionTestCase& t)
{
    auto c = MakeGatewayOfOne();
    c.backendAddressPools[0].backendAddresses[0] = ApplicationGatewayBackendAddress();
    c.backendAddressPools[0].backendAddresses[0].fqdn = "web.contoso.com";
    GatewayTestBed bed(c, 1);
    bed.Start();
    bed.AddServer(0);
    bed.SendAt(Seconds(1), RequestText("/unknown"));
    Simulator::Schedule(Seconds(2), [&] {
        bed.instance->SetResolver([](const std::string& name) {
            return name == "web.contoso.com" ? std::optional(MakeAddress(10, 0, 1, 4))
                                             : std::nullopt;
        });
    });
    bed.SendAt(Seconds(3), RequestText("/known"));
    bed.Run(Seconds(4));
    t.Equal(bed.records.size(), 2, "exchanges");
    t.Equal(bed.records.at(0).status, 502, "nobody knows the name");
    t.Equal(bed.records.at(1).status, 200, "somebody does");
    t.Equal(bed.records.at(1).member, "web.contoso.com", "the member by its name");
}

/** Suite on an instance of an application gateway and its members, good and bad. */
class ApplicationGatewayMemberTestSuite : public TestSuite
{
  public:
    ApplicationGatewayMemberTestSuite()
        : TestSuite("azure-application-gateway-member", Type::SYSTEM)
    {
        Add("AG-37: a silent backend, then two", TestTimeout);
        Add("AG-38: a silent backend that is the only one", TestTimeoutOfOne);
        Add("AG-39: a backend that refuses, and one that resets", TestRefused);
        Add("AG-47: a removed backend drains", TestDraining);
        Add("AG-48: requests at an unhealthy backend run on", TestUnhealthy);
        Add("members with a name", TestNames);
        Add("backends that speak no proper HTTP", TestBadBackend);
        Add("AG-24: idle backend connections are reused", TestIdleBackends);
        Add("an idle backend connection that is dead", TestStaleBackend);
        Add("AG-24: dedicated backend connections", TestDedicated);
        Add("AG-62: connect, first byte, last byte, total", TestTimes);
    }

  private:
    /**
     * @param name name of a case
     * @param body what it does
     */
    void Add(const std::string& name, std::function<void(FunctionTestCase&)> body)
    {
        AddTestCase(new FunctionTestCase(name, std::move(body)), Duration::QUICK);
    }
};

ApplicationGatewayMemberTestSuite g_applicationGatewayMemberTestSuite; //!< the suite

} // namespace
