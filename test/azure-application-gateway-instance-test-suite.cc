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
TestAddresses(FunctionTestCase& t)
{
    GatewayTestBed bed;
    bed.Start();
    for (uint32_t i = 0; i < 3; ++i)
    {
        bed.AddServer(i)->SetAttribute("ResponseSize",
                                       StringValue("ns3::ConstantRandomVariable[Constant=5000]"));
    }
    bed.SendAt(Seconds(1), RequestText("/a"));
    bed.Run(Seconds(2));
    t.Equal(bed.served.size(), 1, "one request served");
    t.Equal(bed.records.size(), 1, "one exchange");
    if (bed.served.empty() || bed.records.empty())
    {
        return;
    }
    t.Equal(bed.served[0].peer.GetIpv4(), Ipv4Address("10.0.1.1"), "the backend's peer");
    t.Equal(bed.served[0].local.GetIpv4(), Ipv4Address("10.0.1.4"), "the first in turn");
    const auto& record = bed.records[0];
    t.Equal(record.client, bed.clients[0]->GetLocal(), "the client");
    t.Equal(record.frontend, InetSocketAddress(Ipv4Address("20.0.0.4"), 80), "the frontend");
    t.Equal(record.backendLocal, bed.served[0].peer, "the instance as the member sees it");
    t.Equal(record.backend, bed.served[0].local, "the member");
    t.Equal(record.status, 200, "status");
    t.Equal(record.responseBodyBytes, 5000, "body");
    t.Check(record.responder == GatewayResponder::Backend, "who answered");
    t.Check(record.end == End::Complete, "how it ended");
    t.Check(Contains(bed.clients[0]->received, "X-Served-By: server0\r\n"), "passed on");
    t.Check(!bed.clients[0]->closed, "the connection goes on");
}

/**
 * @param t the test case
 */
void
TestForwardedHead(FunctionTestCase& t)
{
    GatewayTestBed bed;
    bed.Start();
    auto& script =
        bed.AddScript(0,
                      {{{ResponseText("hello", "Connection: keep-alive\r\n")}, Ending::StayOpen}});
    bed.SendAt(Seconds(1),
               RequestText("/a?b=c", "Connection: X-Own\r\nX-Own: 1\r\nX-Other: 2\r\n"));
    bed.Run(Seconds(2));
    t.Equal(script.requests.size(), 1, "one connection");
    const auto& request = script.requests.at(0);
    t.Equal(request.substr(0, 21), "GET /a?b=c HTTP/1.1\r\n", "request line");
    const auto& client = *bed.clients[0];
    const auto from = "10.1.0.1:" + std::to_string(client.GetLocal().GetPort());
    for (const std::string& field : {std::string("x-forwarded-for: " + from),
                                     std::string("x-forwarded-proto: http"),
                                     std::string("x-forwarded-port: 80"),
                                     std::string("x-original-host: www.contoso.com"),
                                     std::string("x-original-url: /a?b=c"),
                                     "x-appgw-trace-id: " + bed.records.at(0).traceId})
    {
        t.Check(Contains(request, "\r\n" + field + "\r\n"), field);
    }
    t.Check(Contains(request, "X-Other: 2\r\n"), "the client's own field");
    t.Check(!Contains(request, "X-Own"), "a field of the connection alone");
    t.Equal(client.received, ResponseText("hello"), "the response");
}

/**
 * @param t the test case
 */
void
TestPipelining(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    auto server = bed.AddServer(0);
    HttpPathResponse slow;
    slow.serviceTime =
        CreateObjectWithAttributes<ConstantRandomVariable>("Constant", DoubleValue(0.5));
    slow.size = CreateObjectWithAttributes<ConstantRandomVariable>("Constant", DoubleValue(11));
    server->SetPathResponse("/slow", slow);
    HttpPathResponse fast;
    fast.size = CreateObjectWithAttributes<ConstantRandomVariable>("Constant", DoubleValue(22));
    server->SetPathResponse("/fast", fast);
    bed.SendAt(Seconds(1),
               RequestText("/slow") + RequestText("/fast") + RequestText("/slow") +
                   RequestText("/fast", "Connection: close\r\n"));
    bed.Run(Seconds(4));
    t.Equal(bed.records.size(), 4, "exchanges");
    t.Equal(bed.instance->GetBackendConnectionsOpened(), 1, "connections to the member");
    const auto& text = bed.clients[0]->received;
    const auto first = text.find("Content-Length: 11\r\n");
    const auto second = text.find("Content-Length: 22\r\n");
    const auto third = text.find("Content-Length: 11\r\n", second);
    const auto fourth = text.find("Content-Length: 22\r\n", third);
    t.Check(first < second && second < third && third < fourth && fourth != std::string::npos,
            "answers in the order of the requests");
    t.Check(bed.clients[0]->closed.has_value() && !bed.clients[0]->reset, "closed as asked");
    for (size_t i = 1; i < bed.records.size(); ++i)
    {
        t.Check(bed.records[i].reused, "over the same connection");
        t.Equal(*bed.records[i].GetBackendConnectTime(), Time(0), "no time to connect");
    }
}

/**
 * @param t the test case
 */
void
TestBodies(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    auto& script = bed.AddScript(0,
                                 {{{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                                    "lo\r\n6;x=y\r\n world\r\n0\r\nTrailer: 1\r\n\r\n"},
                                   Ending::StayOpen},
                                  {{"HTTP/1.0 200 OK\r\n\r\nuntil the ", "end"}, Ending::Fin},
                                  {{"HTTP/1.1 200 OK\r\n\r\nuntil the ", "end"}, Ending::FinNow}});
    const std::string chunks = "3\r\nabc\r\n4;e=1\r\ndefg\r\n0\r\nX: y\r\n\r\n";
    bed.SendAt(Seconds(1), RequestText("/1", "Transfer-Encoding: chunked\r\n", chunks, "POST"));
    bed.SendAt(Seconds(2), RequestText("/2", "Content-Length: 7\r\n", "1234567", "POST"));
    bed.SendAt(Seconds(3), "GET /3 HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
    Simulator::Schedule(Seconds(1.5), [&] { bed.instance->SetAllHealthy(true); });
    bed.Run(Seconds(1.5));
    t.Equal(bed.records.size(), 1, "the first is complete");
    t.Check(Contains(script.requests.at(0), "Transfer-Encoding: chunked\r\n"), "framed as it was");
    t.Check(Contains(script.requests.at(0), "\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"),
            "the body in chunks");
    t.Check(Contains(bed.clients[0]->received, "Transfer-Encoding: chunked\r\n"), "chunks back");
    t.Equal(bed.records[0].requestBodyBytes, 7, "bytes of the request's body");
    t.Equal(bed.records[0].responseBodyBytes, 11, "bytes of the response's body");
    std::string body;
    HttpParser parser(HttpRole::Response);
    const auto& text = bed.clients[0]->received;
    parser.Push(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
    for (auto event = parser.Next(); event != HttpEvent::NeedInput; event = parser.Next())
    {
        t.Check(event != HttpEvent::Error, "what the client gets is HTTP");
        if (event == HttpEvent::Error)
        {
            break;
        }
        if (event == HttpEvent::Body)
        {
            std::string piece(parser.GetBodyBytes(), ' ');
            parser.GetBody()->CopyData(reinterpret_cast<uint8_t*>(piece.data()), piece.size());
            body += piece;
        }
    }
    t.Equal(body, "hello world", "the body");
    // The first connection is idle and scripted servers answer once.
    bed.instance->RemoveMember(0, "10.0.1.4");
    bed.instance->AddMember(0, Server(0));
    bed.instance->SetAllHealthy(true);
    bed.Run(Seconds(5));
    t.Equal(bed.records.size(), 3, "all are complete");
    t.Check(Contains(script.requests.at(1), "Content-Length: 7\r\n"), "framed as it was");
    t.Check(Contains(script.requests.at(1), "\r\n\r\n1234567"), "the body");
    t.Check(Contains(bed.clients[1]->received, "Transfer-Encoding: chunked\r\n") &&
                Contains(bed.clients[1]->received, "\r\n0\r\n\r\n"),
            "HTTP/1.1: a body without length goes in chunks");
    t.Check(!bed.clients[1]->closed, "and the connection goes on");
    const auto& old = bed.clients[2]->received;
    t.Check(!Contains(old, "chunked") && Contains(old, "\r\n\r\nuntil the end"),
            "HTTP/1.0: it ends with the connection");
    t.Check(Contains(old, "Connection: close\r\n") && bed.clients[2]->closed, "as it says");
}

/**
 * @param t the test case
 */
void
TestHead(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    bed.AddServer(0);
    bed.SendAt(Seconds(1), RequestText("/a", "", "", "HEAD") + RequestText("/b"));
    bed.Run(Seconds(2));
    const auto& text = bed.clients[0]->received;
    t.Equal(bed.clients[0]->Count("HTTP/1.1 200 OK\r\n"), 2, "two responses");
    t.Equal(bed.clients[0]->Count("Content-Length: 1024\r\n"), 2, "HEAD says the length too");
    const auto end = text.find("\r\n\r\n");
    t.Equal(text.find("HTTP/1.1", end), end + 4, "HEAD has no body");
    t.Equal(text.size() - text.rfind("\r\n\r\n") - 4, 1024, "GET has one");
    t.Equal(bed.records.size(), 2, "exchanges");
}

/**
 * @param t the test case
 */
void
TestInterim(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    auto& script = bed.AddScript(0,
                                 {{{"HTTP/1.1 100 Continue\r\n\r\n",
                                    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
                                    ResponseText("done")},
                                   Ending::StayOpen}});
    auto& client = bed.Connect();
    client.Send(RequestText("/", "Expect: 100-continue\r\nContent-Length: 4\r\n", "", "PUT"));
    Simulator::Schedule(Seconds(1), [&] {
        t.Equal(client.received, "HTTP/1.1 100 Continue\r\n\r\n", "the gateway asks for the body");
        t.Equal(script.accepted, 0, "and has not yet connected to the member");
        client.Send("body");
    });
    bed.Run(Seconds(2));
    t.Check(Contains(script.requests.at(0), "\r\n\r\nbody"), "the body arrives");
    t.Check(!Contains(script.requests.at(0), "Expect"), "and is not asked for again");
    t.Equal(client.Count("100 Continue"), 1, "the member's own 100 is not passed on");
    t.Check(Contains(client.received, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200"),
            "other interim responses are");
    t.Equal(bed.records.size(), 1, "one exchange");
}

/**
 * @param t the test case
 */
void
TestClientTimeouts(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    bed.AddServer(0);
    auto& idle = bed.Connect();
    auto& used = bed.Connect();
    used.Send(RequestText("/"));
    auto& slowHead = bed.Connect();
    slowHead.Send("GET / HT");
    Simulator::Schedule(Seconds(30), [&] { slowHead.Send("TP/1.1\r\n"); });
    auto& slowBody = bed.Connect();
    slowBody.Send(RequestText("/", "Content-Length: 3\r\n", "a", "POST"));
    Simulator::Schedule(Seconds(30), [&] { slowBody.Send("b"); });
    bed.Run(Seconds(200));
    t.Near(idle.closed.value_or(Time(0)).GetSeconds(), 75, 0.1, "no request at all");
    t.Near(used.closed.value_or(Time(0)).GetSeconds(), 75, 0.1, "no second request");
    t.Check(Contains(slowHead.received, "HTTP/1.1 408 Request Timeout\r\n"), "slow head");
    t.Near(slowHead.closed.value_or(Time(0)).GetSeconds(), 60, 0.1, "slow head");
    t.Check(Contains(slowBody.received, "HTTP/1.1 408 Request Timeout\r\n"), "slow body");
    t.Near(slowBody.closed.value_or(Time(0)).GetSeconds(), 90, 0.1, "slow body");
    t.Equal(bed.served.size(), 1, "the backend saw one request");
    t.Equal(bed.instance->GetConnectionCount(), 0, "all connections are gone");
    t.Equal(bed.records.size(), 3, "exchanges");
    t.Check(bed.records.back().end == End::ClientTimeout, "how it ended");
}

/**
 * @param t the test case
 */
void
TestBadRequests(FunctionTestCase& t)
{
    const std::vector<std::pair<std::string, std::string>> cases{
        {"garbage\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", "400"},
        {RequestText("/", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "", "POST"),
         "400"},
        {RequestText("/", "Content-Length: -5\r\n", "", "POST"), "400"},
        {RequestText("/", "X: " + std::string(33000, 'x') + "\r\n"), "431"},
        {"GET / HTTP/3.1\r\nHost: a\r\n\r\n", "505"},
        {RequestText("/", "Transfer-Encoding: chunked\r\n", "zz\r\n", "POST"), "400"},
        {"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {std::string("\0\1\2\xff\xfe", 5), "400"},
    };
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.Start();
    bed.AddServer(0);
    for (const auto& [text, status] : cases)
    {
        bed.SendAt(Seconds(1), text);
    }
    bed.SendAt(Seconds(2), RequestText("/good"));
    bed.Run(Seconds(3));
    for (size_t i = 0; i < cases.size(); ++i)
    {
        t.Equal(bed.clients[i]->received.substr(0, 13),
                "HTTP/1.1 " + cases[i].second + " ",
                "answer to " + cases[i].first.substr(0, 60));
        t.Check(bed.clients[i]->closed.has_value(), "closed after " + cases[i].first.substr(0, 60));
    }
    t.Equal(bed.served.size(), 1, "the backend saw only the good one");
    t.Equal(bed.records.size(), cases.size() + 1, "all are reported");
}

/**
 * @param t the test case
 */
void
TestOwnAnswers(FunctionTestCase& t)
{
    auto c = MakeGateway();
    c.httpListeners[0].hostNames = {"www.contoso.com"};
    c.backendAddressPools.push_back(MakePool("empty", 0, 0));
    c.httpListeners.push_back(MakeListener("empty", "port80", {"empty.contoso.com"}));
    c.requestRoutingRules.push_back(MakeRule("empty", 200, "empty"));
    c.requestRoutingRules[1].backendAddressPool = "empty";
    RedirectConfiguration redirect;
    redirect.name = "away";
    redirect.targetUrl = "https://example.com/x";
    redirect.redirectType = RedirectType::Found;
    c.redirectConfigurations = {redirect};
    c.httpListeners.push_back(MakeListener("old", "port80", {"old.contoso.com"}));
    c.requestRoutingRules.push_back(MakeRule("old", 300, "old"));
    c.requestRoutingRules[2].backendAddressPool = "";
    c.requestRoutingRules[2].backendHttpSettings = "";
    c.requestRoutingRules[2].redirectConfiguration = "away";
    GatewayTestBed bed(c);
    bed.Start();
    bed.AddServer(0);
    const auto ask = [](const std::string& host, const std::string& more = "") {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n";
    };
    // The body of a request that is not wanted must not pass for the next request.
    bed.SendAt(Seconds(1),
               ask("nobody.org", "Content-Length: 30\r\n") +
                   "GET / HTTP/1.1\r\nHost: x.y\r\n\r\n1" + ask("empty.contoso.com") +
                   ask("old.contoso.com"));
    Simulator::Schedule(Seconds(2), [&] { bed.instance->SetAllHealthy(false); });
    bed.SendAt(Seconds(3), ask("www.contoso.com"));
    bed.Run(Seconds(4));
    t.Equal(bed.records.size(), 4, "exchanges");
    const std::vector<std::pair<uint32_t, GatewayAnswerReason>> expected{
        {404, GatewayAnswerReason::NoListener},
        {502, GatewayAnswerReason::EmptyPool},
        {302, GatewayAnswerReason::Redirect},
        {502, GatewayAnswerReason::NoHealthyMember}};
    for (size_t i = 0; i < std::min(bed.records.size(), expected.size()); ++i)
    {
        t.Equal(bed.records[i].status, expected[i].first, "status");
        t.Check(bed.records[i].reason == expected[i].second, "reason");
        t.Check(bed.records[i].responder == GatewayResponder::Gateway, "who made it");
    }
    t.Check(Contains(bed.clients[0]->received, "Location: https://example.com/x"), "where to");
    t.Equal(bed.served.size(), 0, "no backend was asked");
    t.Check(!bed.clients[0]->closed, "the connection goes on");
}

/**
 * @param t the test case
 */
void
TestStops(FunctionTestCase& t)
{
    for (const bool crash : {false, true})
    {
        GatewayTestBed bed(MakeGatewayOfOne(), 1);
        bed.factory.Set("StopTime", TimeValue(crash ? Time(0) : Seconds(1)));
        bed.Start();
        auto server = bed.AddServer(0);
        server->SetAttribute("ServiceTime", StringValue("ns3::ConstantRandomVariable[Constant=2]"));
        auto& idle = bed.Connect();
        auto& busy = bed.Connect();
        busy.Send(RequestText("/"));
        if (crash)
        {
            Simulator::Schedule(Seconds(1), [&] { bed.instance->Crash(); });
        }
        Simulator::Schedule(Seconds(1.5), [&] { bed.Connect(); });
        bed.Run(Seconds(5));
        t.Equal(bed.instance->GetConnectionCount(), 0, "no connection is left");
        t.Equal(bed.records.size(), 1, "one exchange");
        t.Equal(idle.closed.has_value(), !crash, "whether an idle client is told");
        t.Equal(Contains(busy.received, "HTTP/1.1 200"), !crash, "whether the answer comes");
        t.Equal(busy.closed.has_value(), !crash, "whether the client is told");
        t.Equal(bed.clients[2]->refused.has_value(),
                !crash,
                "nothing listens, and a dead machine does not say so");
    }
}

/**
 * @param t the test case
 */
void
TestBoundedConnections(FunctionTestCase& t)
{
    GatewayTestBed bed(MakeGatewayOfOne(), 1);
    bed.factory.Set("MaxConnections", UintegerValue(2));
    bed.Start();
    bed.AddServer(0);
    for (uint32_t i = 0; i < 3; ++i)
    {
        bed.SendAt(Seconds(1 + i), RequestText("/"));
    }
    bed.Run(Seconds(5));
    t.Equal(bed.instance->GetDropCount(GatewayDropReason::TooManyConnections), 1, "dropped");
    t.Check(bed.clients[2]->reset, "the third is reset");
    t.Equal(bed.instance->GetConnectionCount(), 2, "the others stay");
    t.Equal(bed.records.size(), 2, "exchanges");
}

/**
 * @param t the test case
 */
void
TestBackendErrors(FunctionTestCase& t)
{
    for (const std::string& status : {std::string("404 Nothing Here"),
                                      std::string("500 Oh No"),
                                      std::string("503 Later"),
                                      std::string("302 There")})
    {
        GatewayTestBed bed(MakeGatewayOfOne(), 1);
        bed.Start();
        const auto response = "HTTP/1.1 " + status +
                              "\r\nLocation: /x\r\nRetry-After: 5\r\nContent-Length: 4\r\n\r\noops";
        bed.AddScript(0, {{{response}, Ending::StayOpen}});
        bed.SendAt(Seconds(1), RequestText("/"));
        bed.Run(Seconds(2));
        t.Equal(bed.records.size(), 1, "one exchange");
        t.Check(bed.records.at(0).responder == GatewayResponder::Backend, "who made it");
        const auto& text = bed.clients[0]->received;
        t.Equal(text.substr(0, text.find("\r\n")), "HTTP/1.1 " + status, "status line");
        t.Check(Contains(text, "Location: /x\r\nRetry-After: 5\r\n"), "fields");
        t.Check(Contains(text, "\r\n\r\noops"), "body");
    }
}

/** Suite on what clients get of an instance of an application gateway. */
class ApplicationGatewayInstanceTestSuite : public TestSuite
{
  public:
    ApplicationGatewayInstanceTestSuite()
        : TestSuite("azure-application-gateway-instance", Type::SYSTEM)
    {
        Add("AG-2: the backend sees the instance's address", TestAddresses);
        Add("AG-23: the backend gets the six headers", TestForwardedHead);
        Add("pipelined requests are answered in order", TestPipelining);
        Add("bodies with length, in chunks, and until the end", TestBodies);
        Add("HEAD", TestHead);
        Add("interim responses", TestInterim);
        Add("AG-32, AG-35: an idle client is let go after 75 s, a slow one gets 408 after 60 s",
            TestClientTimeouts);
        Add("AG-40: malformed and oversized requests", TestBadRequests);
        Add("AG-13, AG-18, AG-36: answers of the gateway", TestOwnAnswers);
        Add("AG-41: errors of backends pass unchanged", TestBackendErrors);
        Add("an instance stops, or crashes", TestStops);
        Add("no more connections than allowed", TestBoundedConnections);
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

ApplicationGatewayInstanceTestSuite g_applicationGatewayInstanceTestSuite; //!< the suite

} // namespace
