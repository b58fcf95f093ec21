/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-http-raw-peer.h"
#include "azure-kolmogorov-smirnov.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <map>
#include <numeric>
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

/**
 * @brief Let a client make requests that fail at once, so that only their times cost anything.
 * @param model load model
 * @param rate requests a second
 * @param count how many
 * @param stream stream of the arrivals
 * @param routed whether they have a route, so that their latency is that of a real request
 * @return their times
 */
std::vector<Time>
Arrivals(HttpLoadModel model, double rate, uint32_t count, int64_t stream, bool routed = false)
{
    HttpTestBed bed;
    bed.client->SetAttribute("LoadModel", EnumValue(model));
    bed.client->SetAttribute("Rate", DoubleValue(rate));
    bed.client->SetAttribute("MaxRequests", UintegerValue(count));
    bed.client->AssignStreams(stream);
    bed.client->SetStartTime(Seconds(1));
    if (!routed)
    {
        bed.client->SetAttribute("Remote",
                                 AddressValue(InetSocketAddress(Ipv4Address("192.0.2.1"), 80)));
    }
    bed.Run(Seconds(2 + 2 * count / rate));
    std::vector<Time> times;
    for (const auto& record : bed.requests)
    {
        times.push_back(record.scheduled);
    }
    std::sort(times.begin(), times.end());
    return times;
}

/** @param test the test case */
void
Poisson(FunctionTestCase& test)
{
    const double rate = 250;
    const uint32_t count = 3000;
    const auto times = Arrivals(HttpLoadModel::OpenPoisson, rate, count, 61);
    test.Equal(times.size(), count, "MaxRequests");
    std::vector<double> uniform;
    std::vector<double> gaps;
    auto last = Seconds(1);
    for (const auto& time : times)
    {
        gaps.push_back((time - last).GetSeconds());
        uniform.push_back(1 - std::exp(-rate * gaps.back()));
        last = time;
    }
    test.Check(KolmogorovSmirnovUniform(uniform, 0, 1) < KolmogorovSmirnovCritical(count),
               "gaps are exponential");
    // Given their number, the arrivals themselves are uniform.
    std::vector<double> positions;
    for (const auto& time : times)
    {
        positions.push_back(time.GetSeconds());
    }
    positions.pop_back();
    test.Check(KolmogorovSmirnovUniform(positions, 1, last.GetSeconds()) <
                   KolmogorovSmirnovCritical(count - 1),
               "arrivals are uniform");
    // No memory: gaps do not depend on the gap before. The limit is 3 standard deviations.
    const double mean = std::accumulate(gaps.begin(), gaps.end(), 0.0) / count;
    double variance = 0;
    double covariance = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i)
    {
        variance += (gaps[i] - mean) * (gaps[i] - mean);
        covariance += i > 0 ? (gaps[i] - mean) * (gaps[i - 1] - mean) : 0;
    }
    test.Near(covariance / variance, 0, 3 / std::sqrt(count), "correlation of gaps");
    // Variance of the counts in windows is their mean; chi-square with 199 degrees, 3 deviations.
    std::vector<double> counts(200);
    const double window = (last.GetSeconds() - 1) / counts.size();
    for (const auto position : positions)
    {
        counts[std::min<std::size_t>((position - 1) / window, counts.size() - 1)]++;
    }
    const double expected = positions.size() / static_cast<double>(counts.size());
    double dispersion = 0;
    for (const auto value : counts)
    {
        dispersion += (value - expected) * (value - expected) / expected;
    }
    test.Near(dispersion, 199, 3 * std::sqrt(2 * 199), "dispersion of counts");
}

/** @param test the test case */
void
Schedules(FunctionTestCase& test)
{
    // An open loop does not listen: whether requests fail at once or take 40 ms is all the same.
    const auto model = HttpLoadModel::OpenPoisson;
    const auto times = Arrivals(model, 50, 100, 62);
    test.Check(Arrivals(model, 50, 100, 62, true) == times, "answers change nothing");
    test.Check(Arrivals(model, 50, 100, 65) != times, "another stream");
    const auto slower = Arrivals(model, 25, 100, 62);
    for (std::size_t i = 0; i < times.size(); ++i)
    {
        // The same draws, stretched.
        const auto stretched = 2 * (times[i] - Seconds(1)).GetSeconds();
        test.Near((slower[i] - Seconds(1)).GetSeconds(), stretched, 1e-6, "half the rate");
    }
    // A pace is kept to the nanosecond, also where it is no whole number of them.
    for (const double rate : {0.3, 3.0, 7.0, 1000.0, 48000.0})
    {
        const auto paced = Arrivals(HttpLoadModel::OpenPaced, rate, 300, 1);
        test.Equal(paced.size(), 300, "MaxRequests");
        for (std::size_t i = 0; i < paced.size(); ++i)
        {
            test.Near(static_cast<double>((paced[i] - Seconds(1)).GetNanoSeconds()),
                      1e9 * i / rate,
                      1.01,
                      "request " + std::to_string(i) + " at " + std::to_string(rate));
        }
    }
}

/** @param test the test case */
void
ClosedLoop(FunctionTestCase& test)
{
    for (const uint32_t users : {1U, 4U, 15U})
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ServiceTime",
                                 StringValue("ns3::ExponentialRandomVariable[Mean=0.05]"));
        bed.server->SetAttribute("MaxConcurrency", UintegerValue(2));
        bed.server->AssignStreams(63);
        bed.client->SetAttribute("LoadModel", EnumValue(HttpLoadModel::Closed));
        bed.client->SetAttribute("Users", UintegerValue(users));
        bed.client->SetAttribute("KeepAlive", BooleanValue(true));
        bed.client->SetAttribute("ThinkTime",
                                 StringValue("ns3::ExponentialRandomVariable[Mean=0.1]"));
        bed.client->AssignStreams(64);
        uint32_t most = 0;
        for (int i = 1; i < 2000; ++i)
        {
            Simulator::Schedule(MilliSeconds(10 * i), [&] {
                most = std::max(
                    {most, bed.client->GetOutstandingCount(), bed.client->GetConnectionCount()});
            });
        }
        bed.client->SetStopTime(Seconds(20));
        bed.Run(Seconds(30));
        const auto what = std::to_string(users) + " users";
        test.Equal(most, users, "outstanding requests and connections of " + what);
        // Little's law for one user's cycle: time asked and time thought make up all of the run.
        std::map<uint32_t, std::vector<HttpRequestRecord>> byUser;
        double asked = 0;
        for (const auto& record : bed.requests)
        {
            byUser[record.user].push_back(record);
            asked += record.GetLatency().GetSeconds();
        }
        test.Equal(byUser.size(), users, what);
        double thought = 0;
        uint32_t pauses = 0;
        for (auto& [user, records] : byUser)
        {
            for (std::size_t i = 1; i < records.size(); ++i)
            {
                const auto pause = records[i].scheduled - records[i - 1].end;
                test.Check(pause >= Time(0), "one request at a time of " + what);
                test.Equal(records[i].reused, true, "a connection for each of " + what);
                thought += pause.GetSeconds();
                ++pauses;
            }
            test.Equal(records.front().reused, false, what);
        }
        // Mean of exponential pauses: 4 standard deviations.
        test.Near(thought / pauses, 0.1, 0.4 / std::sqrt(pauses), "mean think time of " + what);
        // What is missing of the users' time is the think times at the two ends of the run.
        test.Near(asked + thought, 20.0 * users, 1.0 * users, "all time of " + what);
        test.Equal(bed.client->GetRequestCount(), bed.requests.size(), "every request ends");
        test.Equal(bed.client->GetConnectionCount(), 0, "all is closed at the stop");
    }
}

/** @param test the test case */
void
ConnectionPool(FunctionTestCase& test)
{
    HttpTestBed bed;
    bed.server->SetAttribute("ServiceTime",
                             StringValue("ns3::ExponentialRandomVariable[Mean=0.5]"));
    bed.server->AssignStreams(65);
    bed.client->SetAttribute("KeepAlive", BooleanValue(true));
    bed.client->SetAttribute("IdleTimeout", TimeValue(Seconds(2)));
    auto random = CreateObject<ExponentialRandomVariable>();
    random->SetAttribute("Mean", DoubleValue(0.4));
    random->SetStream(66);
    auto at = Seconds(1);
    for (uint32_t i = 0; i < 250; ++i)
    {
        bed.RequestAt(at);
        // Now and then there is time enough for connections to run out.
        at += Seconds(random->GetValue() * (i % 20 == 0 ? 10 : 1));
    }
    bed.Run(at + Seconds(60));
    auto records = bed.requests;
    test.Equal(records.size(), 250, "requests");
    const auto ended = records; // in the order of their ends, in which connections become idle
    std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
        return a.request < b.request;
    });
    // The model: a stack of idle connections, each with the end of its patience.
    std::vector<std::pair<uint16_t, Time>> idle;
    std::size_t next = 0;
    uint32_t reused = 0;
    for (const auto& record : records)
    {
        for (; next < ended.size() && ended[next].end < record.start; ++next)
        {
            idle.emplace_back(ended[next].local.GetPort(), ended[next].end + Seconds(2));
        }
        std::erase_if(idle, [&](const auto& entry) { return entry.second <= record.start; });
        const auto what = "request " + std::to_string(record.request);
        test.Equal(record.reused, !idle.empty(), what);
        if (!idle.empty())
        {
            test.Equal(record.local.GetPort(), idle.back().first, "last used first, " + what);
            test.Equal(record.connectStart.has_value(), false, "no handshake of " + what);
            idle.pop_back();
            ++reused;
        }
    }
    test.Check(reused > 50 && reused < 240, "both happen: " + std::to_string(reused));
    test.Equal(bed.client->GetConnectionCount(), 0, "all have run out");
}

/** @param test the test case */
void
Attempts(FunctionTestCase& test)
{
    // Every attempt takes the same time, and the pauses lie between: (n + 1) * t + n * pause.
    struct
    {
        const char* outcome; //!< of every attempt
        Kind kind;           //!< fault of the server
        double attempt;      //!< duration of an attempt, seconds
    } const rows[] = {{"connect-timeout", Kind::Crash, 0.75},
                      {"refused", Kind::Refuse, 0.02},
                      {"timeout", Kind::Hang, 0.02 + 1.25}};

    for (const auto& row : rows)
    {
        for (const uint32_t retries : {0U, 1U, 4U})
        {
            for (const double pause : {0.0, 0.3})
            {
                HttpTestBed bed;
                bed.client->SetAttribute("ConnectTimeout", TimeValue(Seconds(0.75)));
                bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(1.25)));
                bed.client->SetAttribute("Retries", UintegerValue(retries));
                bed.client->SetAttribute("RetryDelay", TimeValue(Seconds(pause)));
                bed.FaultAt(Seconds(0.5), HttpTestBed::Fault(row.kind));
                bed.RequestAt(Seconds(1));
                bed.Run(Seconds(60));
                const auto what = std::string(row.outcome) + ", " + std::to_string(retries) +
                                  " retries, pause " + std::to_string(pause);
                test.Equal(bed.requests.size(), retries + 1, what);
                for (uint32_t i = 0; i < bed.requests.size(); ++i)
                {
                    const auto& record = bed.requests[i];
                    test.Equal(record.GetOutcomeName(), row.outcome, what);
                    test.Equal(record.attempt, i + 1, what);
                    test.Equal(record.last, i == retries, what);
                    test.Equal(record.scheduled, Seconds(1), what);
                    // A SYN and its reset take a microsecond on the wire.
                    test.Near(record.GetLatency().GetSeconds(),
                              (i + 1) * row.attempt + i * pause,
                              1e-5,
                              what);
                }
                test.Equal(bed.client->GetRequestCount(), 1, what);
                test.Equal(bed.client->GetOutstandingCount(), 0, what);
            }
        }
    }
}

/** @param test the test case */
void
RequestBytes(FunctionTestCase& test)
{
    struct
    {
        const char* method; //!< attribute Method
        const char* host;   //!< attribute Host
        const char* path;   //!< attribute Path
        double body;        //!< RequestBodySize
        bool keepAlive;     //!< attribute KeepAlive
        uint16_t port;      //!< the server's port
        std::string head;   //!< every byte of the head but the first and the last line
    } const rows[] = {
        {"GET", "", "/", 0, true, 8080, "Host: 10.0.0.2:8080\r\nX-Request-Id: me-0\r\n"},
        {"GET", "", "/a?b", 0, true, 81, "Host: 10.0.0.2:81\r\nX-Request-Id: me-0\r\n"},
        {"GET",
         "example.org",
         "/",
         0,
         false,
         81,
         "Host: example.org\r\nX-Request-Id: me-0\r\nConnection: close\r\n"},
        // RFC 9110, section 8.6: no body and no wish to have one, or an empty one.
        {"DELETE", "h", "/", -3, true, 81, "Host: h\r\nX-Request-Id: me-0\r\n"},
        {"POST", "h", "/", 0.4, true, 81, "Host: h\r\nX-Request-Id: me-0\r\nContent-Length: 0\r\n"},
        {"PUT", "h", "/", 0, true, 81, "Host: h\r\nX-Request-Id: me-0\r\nContent-Length: 0\r\n"},
        {"PATCH", "h", "/", 0, true, 81, "Host: h\r\nX-Request-Id: me-0\r\nContent-Length: 0\r\n"},
        {"GET", "h", "/", 1.5, true, 81, "Host: h\r\nX-Request-Id: me-0\r\nContent-Length: 2\r\n"},
        {"POST",
         "h",
         "/",
         100000,
         false,
         81,
         "Host: h\r\nX-Request-Id: me-0\r\nContent-Length: 100000\r\nConnection: close\r\n"},
        // A name that would be a line of its own.
        {"GET", "h\r\nX: y", "/", 0, true, 81, "Host: hX: y\r\nX-Request-Id: me-0\r\n"},
    };

    for (const auto& row : rows)
    {
        HttpTestBed bed;
        RawHttpPeer peer;
        peer.Serve(bed, row.port);
        bed.client->SetAttribute("ClientName", StringValue("me"));
        bed.client->SetAttribute("Method", StringValue(row.method));
        bed.client->SetAttribute("Host", StringValue(row.host));
        bed.client->SetAttribute("Path", StringValue(row.path));
        bed.client->SetAttribute("RequestBodySize", Constant(row.body));
        bed.client->SetAttribute("KeepAlive", BooleanValue(row.keepAlive));
        bed.RequestAt(Seconds(1));
        Simulator::Schedule(Seconds(2), [&] { peer.Send("HTTP/1.1 204 OK\r\n\r\n"); });
        bed.Run(Seconds(3));
        const auto expected = std::string(row.method) + " " + row.path + " HTTP/1.1\r\n" +
                              row.head + "\r\n" +
                              std::string(std::max(0L, std::lround(row.body)), '\0');
        test.Check(peer.received == expected, "request: " + peer.received.substr(0, 200));
        test.Equal(bed.requests.at(0).requestBytes, expected.size(), row.head);
        test.Equal(bed.requests[0].status, 204, row.head);
        test.Equal(bed.requests[0].responseBytes, 19, row.head);
        test.Equal(bed.requests[0].servedBy, "", "no server said its name");
    }
}

/** @param test the test case */
void
IdleConnections(FunctionTestCase& test)
{
    const std::string ok = "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 2\r\n\r\nab";

    struct
    {
        const char* what;     //!< what is shown
        const char* unasked;  //!< what the server sends at 3 s, nobody having asked
        uint32_t connections; //!< connections that two requests take
    } const rows[] = {{"Nothing unasked: used again", "", 1},
                      {"A whole answer unasked", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 2},
                      {"408 of a server that waits no longer", "HTTP/1.1 408 Timeout\r\n\r\n", 2},
                      {"An empty line", "\r\n", 2}};

    for (const auto& row : rows)
    {
        HttpTestBed bed;
        RawHttpPeer peer;
        peer.Serve(bed, 81);
        bed.client->SetAttribute("KeepAlive", BooleanValue(true));
        bed.RequestAt(Seconds(1));
        Simulator::Schedule(Seconds(2), [&] { peer.Send(ok); });
        if (*row.unasked)
        {
            Simulator::Schedule(Seconds(3), [&] { peer.Send(row.unasked); });
        }
        bed.RequestAt(Seconds(4));
        Simulator::Schedule(Seconds(5), [&] { peer.Send(ok); });
        bed.Run(Seconds(6));
        test.Equal(peer.accepted, row.connections, row.what);
        test.Equal(peer.closed.has_value(), row.connections > 1, row.what);
        test.Equal(bed.requests.size(), 2, row.what);
        for (const auto& record : bed.requests)
        {
            // What came unasked is nobody's answer, and counts for no request.
            test.Equal(record.GetOutcomeName(), "ok", row.what);
            test.Equal(record.bodyBytes, 2, row.what);
            test.Equal(record.responseBytes, ok.size(), row.what);
            test.Equal(record.servedBy, "s", row.what);
        }
    }
}

/** @param test the test case */
void
Uploads(FunctionTestCase& test)
{
    // Sizes around a segment, around what a socket takes at once, and none that is round.
    for (const uint64_t size : {0U, 1U, 1447U, 1448U, 1449U, 65536U, 4194305U})
    {
        HttpTestBed bed(MilliSeconds(1));
        bed.server->SetAttribute("ResponseSize", Constant(static_cast<double>(size)));
        bed.client->SetAttribute("RequestBodySize", Constant(static_cast<double>(size)));
        bed.client->SetAttribute("Method", StringValue("PUT"));
        bed.RequestAt(Seconds(1));
        bed.Run(Seconds(20));
        const auto what = std::to_string(size) + " bytes";
        test.Equal(bed.served.size(), 1, what);
        test.Equal(bed.served.at(0).requestBodyBytes, size, what + " there");
        test.Equal(bed.served.at(0).responseBodyBytes, size, what + " back");
        test.Equal(bed.requests.at(0).GetOutcomeName(), "ok", what);
        test.Equal(bed.requests.at(0).bodyBytes, size, what + " back");
    }
}

/** Load, connections and requests of HTTP clients. */
class HttpLoadTestSuite : public TestSuite
{
  public:
    HttpLoadTestSuite()
        : TestSuite("azure-http-load", Type::SYSTEM)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Poisson arrivals: gaps, positions, memory and dispersion", Poisson);
        add("Open loops keep their schedule to the nanosecond, whatever is answered", Schedules);
        add("A closed loop never has more at work than users, and loses no time", ClosedLoop);
        add("Keep-alive connections are a stack that runs out, against a model", ConnectionPool);
        add("Attempts and pauses add up, for every way to fail", Attempts);
        add("Every byte of requests: Host, length, persistence", RequestBytes);
        add("RFC 9112, 9.3: bytes that nobody asked for end an idle connection", IdleConnections);
        add("Bodies of all sizes arrive to the byte, both ways", Uploads);
    }
};

/** Registers the suite. */
HttpLoadTestSuite g_httpLoadTestSuite;

} // namespace
