/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-http-raw-peer.h"

#include "ns3/boolean.h"
#include "ns3/names.h"

#include <algorithm>
#include <iomanip>
#include <optional>
#include <set>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using Kind = HttpServerFaultKind;

/**
 * @param value a number
 * @return a random variable that always has it
 */
StringValue
Constant(double value)
{
    std::ostringstream text;
    text << "ns3::ConstantRandomVariable[Constant=" << std::setprecision(12) << value << "]";
    return StringValue(text.str());
}

/** @param test the test case */
void
Queue(FunctionTestCase& test)
{
    for (const uint32_t places : {0U, 1U, 3U})
    {
        HttpTestBed bed(MilliSeconds(1));
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ExponentialRandomVariable[Mean=0.02]"));
        bed.server->SetAttribute("MaxConcurrency", UintegerValue(places));
        // Sockets in TIME_WAIT make ns-3 slow, but are not the matter here.
        bed.server->SetAttribute("TimeWait", TimeValue(Seconds(0.02)));
        bed.server->AssignStreams(51);
        bed.client->SetAttribute("Rate", DoubleValue(45));
        bed.client->SetAttribute("MaxRequests", UintegerValue(150));
        bed.client->AssignStreams(52);
        bed.Run(Seconds(60));
        auto served = bed.served;
        test.Equal(served.size(), 150, "every request is served");
        std::sort(served.begin(), served.end(), [](const auto& a, const auto& b) {
            return a.received < b.received;
        });
        // Lindley: a request begins when it is there and one of the places is free.
        std::multiset<Time> free;
        for (uint32_t i = 0; i < places; ++i)
        {
            free.insert(Time(0));
        }
        uint32_t waited = 0;
        for (const auto& record : served)
        {
            auto start = record.received;
            if (places > 0)
            {
                start = std::max(start, *free.begin());
                free.erase(free.begin());
                free.insert(start + (record.end - record.serviceStart));
            }
            test.Equal(record.serviceStart, start, "start with " + std::to_string(places));
            waited += record.serviceStart > record.received;
        }
        test.Check(places > 0 || waited == 0, "nobody waits without a bound");
        test.Check(places != 1 || waited > 75, "at a load of 0.9 most wait for the one place");
        test.Equal(bed.server->GetServedCount(), 150, "served");
    }
}

/**
 * @param size bytes of body
 * @return zeros in chunks of 16 KiB, with their framing
 */
std::string
Chunks(uint64_t size)
{
    std::ostringstream text;
    text << std::hex;
    while (size > 0)
    {
        const auto part = std::min<uint64_t>(size, 0x4000);
        text << part << "\r\n" << std::string(part, '\0') << "\r\n";
        size -= part;
    }
    text << "0\r\n\r\n";
    return text.str();
}

/** @param test the test case */
void
ResponseBytes(FunctionTestCase& test)
{
    const std::string server = "Server: azure-load-balancing\r\nX-Served-By: web\r\n";
    const std::string ok = "HTTP/1.1 200 OK\r\n" + server;
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const std::string close = "Connection: close\r\n";
    const auto length = [](uint64_t size) {
        return "Content-Length: " + std::to_string(size) + "\r\n";
    };
    const auto zeros = [](uint64_t size) { return std::string(size, '\0'); };

    struct
    {
        const char* start;   //!< method and target
        const char* version; //!< and the rest of the request's head
        uint64_t size;       //!< bytes of body
        bool chunks;         //!< attribute Chunked
        bool keepAlive;      //!< attribute KeepAlive
        std::string answer;  //!< every byte of the answer
    } const rows[] = {
        {"GET /", "1.1\r\nHost: a", 5, false, true, ok + length(5) + "\r\n" + zeros(5)},
        {"GET /", "1.1\r\nHost: a", 0, false, true, ok + length(0) + "\r\n"},
        {"GET /", "1.1\r\nHost: a", 5, false, false, ok + length(5) + close + "\r\n" + zeros(5)},
        {"GET /",
         "1.1\r\nHost: a\r\nConnection: close",
         5,
         false,
         true,
         ok + length(5) + close + "\r\n" + zeros(5)},
        {"GET /", "1.0", 5, false, true, ok + length(5) + close + "\r\n" + zeros(5)},
        {"GET /",
         "1.0\r\nConnection: keep-alive",
         5,
         true,
         true,
         ok + length(5) + "Connection: keep-alive\r\n\r\n" + zeros(5)},
        {"GET /", "1.1\r\nHost: a", 0, true, true, ok + chunked + "\r\n" + Chunks(0)},
        {"GET /", "1.1\r\nHost: a", 1, true, true, ok + chunked + "\r\n" + Chunks(1)},
        {"GET /", "1.1\r\nHost: a", 16383, true, true, ok + chunked + "\r\n" + Chunks(16383)},
        {"GET /", "1.1\r\nHost: a", 16384, true, true, ok + chunked + "\r\n" + Chunks(16384)},
        {"GET /", "1.1\r\nHost: a", 16385, true, true, ok + chunked + "\r\n" + Chunks(16385)},
        {"GET /", "1.1\r\nHost: a", 50000, true, true, ok + chunked + "\r\n" + Chunks(50000)},
        // RFC 9110, section 9.3.2: the head that GET has, and no more.
        {"HEAD /", "1.1\r\nHost: a", 50000, false, true, ok + length(50000) + "\r\n"},
        {"HEAD /", "1.1\r\nHost: a", 50000, true, true, ok + chunked + "\r\n"},
        // Paths of their own, whatever the form and the query of the target.
        {"GET /gone?x",
         "1.1\r\nHost: a",
         9,
         false,
         true,
         "HTTP/1.1 404 Not Found\r\n" + server + length(3) + "\r\n" + zeros(3)},
        {"GET http://a:80/gone",
         "1.1\r\nHost: a",
         9,
         true,
         true,
         "HTTP/1.1 404 Not Found\r\n" + server + chunked + "\r\n" + Chunks(3)},
        {"GET /empty",
         "1.1\r\nHost: a",
         9,
         true,
         true,
         "HTTP/1.1 204 No Content\r\n" + server + "\r\n"},
        {"GET /same",
         "1.1\r\nHost: a",
         9,
         false,
         true,
         "HTTP/1.1 304 Not Modified\r\n" + server + "\r\n"},
        {"GET /gone/", "1.1\r\nHost: a", 2, false, true, ok + length(2) + "\r\n" + zeros(2)},
    };

    for (const auto& row : rows)
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ResponseSize", Constant(row.size));
        bed.server->SetAttribute("Chunked", BooleanValue(row.chunks));
        bed.server->SetAttribute("KeepAlive", BooleanValue(row.keepAlive));
        auto three = CreateObject<ConstantRandomVariable>();
        three->SetAttribute("Constant", DoubleValue(3));
        bed.server->SetPathResponse("/gone", {404, three, nullptr});
        bed.server->SetPathResponse("/empty", {204, nullptr, nullptr});
        bed.server->SetPathResponse("/same", {304, nullptr, nullptr});
        RawHttpPeer peer;
        const auto text = std::string(row.start) + " HTTP/" + row.version;
        Simulator::Schedule(Seconds(1), [&] { peer.Connect(bed); });
        Simulator::Schedule(Seconds(1.1), [&] { peer.Send(text + "\r\n\r\n"); });
        bed.Run(Seconds(3));
        test.Equal(peer.received.size(), row.answer.size(), "bytes for " + text);
        test.Check(peer.received == row.answer, "answer to " + text);
        const bool closes = row.answer.find(close) != std::string::npos;
        test.Equal(peer.closed.has_value(), closes, "end after " + text);
        test.Equal(bed.served.size(), 1, "record of " + text);
        const auto body = row.answer.find('\0') == std::string::npos
                              ? 0
                              : std::count(row.answer.begin(), row.answer.end(), '\0');
        test.Equal(bed.served.at(0).responseBodyBytes, body, "bytes of body for " + text);
    }
}

/** @param test the test case */
void
Timeouts(FunctionTestCase& test)
{
    const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    struct
    {
        const char* what;                                   //!< what is shown
        double idle;                                        //!< KeepAliveTimeout, seconds
        double request;                                     //!< RequestTimeout, seconds
        std::vector<std::pair<double, const char*>> pieces; //!< what is sent when
        std::vector<std::pair<double, double>> hung;        //!< when the server hangs, to when
        const char* status;                                 //!< of the last answer, if any
        std::optional<double> end;                          //!< when the server ends it
    } const rows[] = {
        // Accepted at 1.03 s, a round trip and a half after the SYN; heard of 10 ms later.
        {"Silent from the start", 2, 5, {}, {}, "", 3.04},
        {"Idle after an answer", 2, 5, {{2, get.c_str()}}, {}, "200", 4.02},
        {"Idle for ever", 0, 5, {{2, get.c_str()}}, {}, "200", std::nullopt},
        {"A head that does not come to its end", 9, 2, {{2, "GET / HTTP"}}, {}, "408", 4.02},
        {"A body that does not come to its end",
         9,
         2,
         {{2, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"}},
         {},
         "408",
         4.02},
        // A byte now and then does not help: the whole request has 2 s.
        {"A head byte by byte",
         9,
         2,
         {{2, "G"}, {2.5, "E"}, {3, "T"}, {3.5, " "}, {3.9, "/"}, {4.5, " "}},
         {},
         "408",
         4.02},
        {"A request in time",
         9,
         2,
         {{2, "GET / HT"}, {3.98, "TP/1.1\r\nHost: a\r\n\r\n"}},
         {},
         "200",
         13.0},
        {"Requests for ever", 1, 0, {{1.5, "GET /"}}, {}, "", std::nullopt},
        // Who hangs looks at no clock; the time counts anew when it would have run out.
        {"Hung at the end of the time", 2, 5, {}, {{2.5, 4}}, "", 5.04},
        {"Hung before the end of the time", 2, 5, {}, {{1.5, 2}}, "", 3.04},
    };

    for (const auto& row : rows)
    {
        HttpTestBed bed;
        bed.server->SetAttribute("KeepAliveTimeout", TimeValue(Seconds(row.idle)));
        bed.server->SetAttribute("RequestTimeout", TimeValue(Seconds(row.request)));
        RawHttpPeer peer;
        Simulator::Schedule(Seconds(1), [&] { peer.Connect(bed); });
        for (const auto& [at, text] : row.pieces)
        {
            Simulator::Schedule(Seconds(at), [&peer, text] { peer.Send(text); });
        }
        for (const auto& [from, to] : row.hung)
        {
            bed.FaultAt(Seconds(from), HttpTestBed::Fault(Kind::Hang));
            Simulator::Schedule(Seconds(to), &HttpServer::ClearFaults, bed.server);
        }
        bed.Run(Seconds(500));
        test.Equal(peer.received.empty() ? "" : peer.received.substr(9, 3), row.status, row.what);
        test.Equal(peer.closed.has_value(), row.end.has_value(), row.what);
        if (peer.closed && row.end)
        {
            test.Near(peer.closed->GetSeconds(), *row.end, 0.0001, row.what);
        }
        test.Equal(bed.server->GetConnectionCount(), row.end ? 0 : 1, row.what);
    }
}

/** @param test the test case */
void
Ports(FunctionTestCase& test)
{
    struct
    {
        const char* what;          //!< what is shown
        uint16_t port;             //!< attribute Port
        uint16_t asked;            //!< where the client goes
        std::optional<Kind> fault; //!< shown from 1 s to 3 s
        double added;              //!< when port 8080 is added, seconds; 0: before the start
        const char* before;        //!< outcome of a request at 2.5 s
        const char* after;         //!< outcome of a request at 4 s
    } const rows[] = {
        {"A second port from the start", 80, 8080, std::nullopt, 0, "ok", "ok"},
        {"The first port beside a second", 80, 80, std::nullopt, 0, "ok", "ok"},
        {"Only added ports", 0, 8080, std::nullopt, 0, "ok", "ok"},
        {"Port 80 without being asked for", 0, 80, std::nullopt, 0, "refused", "refused"},
        {"A port added while it runs", 80, 8080, std::nullopt, 3, "refused", "ok"},
        {"A port added while it hangs", 80, 8080, Kind::Hang, 2, "timeout", "ok"},
        {"A port added while it refuses", 80, 8080, Kind::Refuse, 2, "refused", "ok"},
        {"A port added while it is down", 80, 8080, Kind::Crash, 2, "connect-timeout", "ok"},
        {"Added twice", 80, 80, std::nullopt, 3, "ok", "ok"},
    };

    for (const auto& row : rows)
    {
        HttpTestBed bed;
        bed.server->SetAttribute("Port", UintegerValue(row.port));
        bed.client->SetAttribute(
            "Remote",
            AddressValue(InetSocketAddress(bed.interfaces.GetAddress(1), row.asked)));
        bed.client->SetAttribute("ConnectTimeout", TimeValue(Seconds(1)));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(MilliSeconds(300)));
        if (row.added == 0)
        {
            bed.server->AddPort(8080);
        }
        else
        {
            Simulator::Schedule(Seconds(row.added), &HttpServer::AddPort, bed.server, 8080);
            Simulator::Schedule(Seconds(row.added), &HttpServer::AddPort, bed.server, 80);
        }
        if (row.fault)
        {
            bed.FaultAt(Seconds(1), HttpTestBed::Fault(*row.fault));
            Simulator::Schedule(Seconds(3), &HttpServer::ClearFaults, bed.server);
        }
        bed.RequestAt(Seconds(2.5));
        bed.RequestAt(Seconds(4));
        bed.Run(Seconds(6));
        test.Equal(bed.requests.size(), 2, row.what);
        test.Equal(bed.requests.at(0).GetOutcomeName(), row.before, row.what);
        test.Equal(bed.requests.at(1).GetOutcomeName(), row.after, row.what);
        if (bed.requests[1].status)
        {
            test.Equal(bed.served.back().local.GetPort(), row.asked, row.what);
        }
    }
}

/** @param test the test case */
void
Names(FunctionTestCase& test)
{
    HttpTestBed bed;
    const auto name = [&bed] { return bed.server->GetServerName(); };
    test.Equal(name(), "web", "attribute");
    bed.server->SetAttribute("ServerName", StringValue(""));
    test.Equal(name(), "node-" + std::to_string(bed.nodes.Get(1)->GetId()), "number");
    ns3::Names::Add("backend", bed.nodes.Get(1));
    test.Equal(name(), "backend", "name of the node");
    bed.RequestAt(Seconds(1));
    bed.Run(Seconds(2));
    test.Equal(bed.requests.at(0).servedBy, "backend", "as its clients hear it");
    test.Equal(bed.served.at(0).server, "backend", "as it says itself");
    // A stream for each random variable, those of paths included.
    test.Equal(bed.server->AssignStreams(7), 2, "size and service time");
    auto size = CreateObject<UniformRandomVariable>();
    auto time = CreateObject<UniformRandomVariable>();
    bed.server->SetPathResponse("/a", {200, size, nullptr});
    bed.server->SetPathResponse("/b", {200, nullptr, time});
    test.Equal(bed.server->AssignStreams(7), 4, "two more");
    test.Equal(size->GetStream(), 9, "size of /a");
    test.Equal(time->GetStream(), 10, "service time of /b");
    ns3::Names::Clear();
}

/** What HTTP servers do, by the rules. */
class HttpServerRulesTestSuite : public TestSuite
{
  public:
    HttpServerRulesTestSuite()
        : TestSuite("azure-http-server-rules", Type::SYSTEM)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Bounded concurrency is a first-come queue, against Lindley's recursion", Queue);
        add("Every byte of answers: lengths, chunks, HEAD, 204, 304, HTTP 1.0", ResponseBytes);
        add("Idle and request timeouts, to the millisecond", Timeouts);
        add("Ports added before the start, later, and during faults", Ports);
        add("Where the name of a server comes from, and its random streams", Names);
    }
};

/** Registers the suite. */
HttpServerRulesTestSuite g_httpServerRulesTestSuite;

} // namespace
