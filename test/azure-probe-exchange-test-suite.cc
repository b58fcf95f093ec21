/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-probe-test-bed.h"
#include "azure-scripted-server.h"

#include <algorithm>
#include <random>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** An outcome and a status. */
typedef std::pair<ProbeOutcome, uint16_t> Answer;

/**
 * @param answer an answer
 * @return it in words
 */
std::string
ToText(const Answer& answer)
{
    return std::string(ToString(answer.first)) + " " + std::to_string(answer.second);
}

/**
 * @param threshold N
 * @param port the port
 * @return an HTTP probe every 5 s
 */
ProbeSettings
Http(uint32_t threshold = 1, uint16_t port = 80)
{
    return ProbeSettings::ForLoadBalancer(ProbeProtocol::Http,
                                          port,
                                          "/health",
                                          Seconds(5),
                                          threshold);
}

/** @return a TCP probe every 5 s */
ProbeSettings
Tcp()
{
    return ProbeSettings::ForLoadBalancer(ProbeProtocol::Tcp, 80, "", Seconds(5), 1);
}

/**
 * @brief A status line read in the plainest way (RFC 9112, section 4).
 * @param line the line
 * @return the status, 0 when it is no status line
 */
uint16_t
ReadStatus(std::string line)
{
    if (!line.empty() && line.back() == '\r')
    {
        line.pop_back();
    }
    for (const std::string version : {"HTTP/1.0 ", "HTTP/1.1 "})
    {
        if (line.rfind(version, 0) == 0)
        {
            const auto rest = line.substr(version.size());
            const auto code = rest.substr(0, rest.find(' '));
            const bool digits = code.find_first_not_of("0123456789") == std::string::npos;
            return digits && code.size() == 3 ? static_cast<uint16_t>(std::stoi(code)) : 0;
        }
    }
    return 0;
}

/**
 * @brief HP-2 by hand: what a probe makes of all the bytes that a server sent.
 *
 * RFC 9110, section 15.2: interim answers end with an empty line, and the final one is to come.
 *
 * @param bytes the bytes
 * @param ending how the server ended
 * @return what the probe says
 */
Answer
Expect(const std::string& bytes, Ending ending)
{
    std::istringstream text(bytes);
    std::string line;
    uint16_t interim = 0;
    bool inInterim = false;
    while (std::getline(text, line) && !text.eof()) // a line without its end is none
    {
        if (inInterim)
        {
            inInterim = !line.empty() && line != "\r";
            continue;
        }
        const auto status = ReadStatus(line);
        if (status < 100 || status > 199 || status == 101)
        {
            return {status == 200 ? ProbeOutcome::Success : ProbeOutcome::BadStatus, status};
        }
        interim = status;
        inInterim = true;
    }
    switch (ending)
    {
    case Ending::Fin:
    case Ending::FinNow:
        return {ProbeOutcome::BadStatus, interim};
    case Ending::Reset:
        return {ProbeOutcome::Refused, 0};
    case Ending::StayOpen:
        break;
    }
    return {ProbeOutcome::Timeout, 0};
}

/** HP-2: random answers, cut at random places, with every kind of ending. */
void
RandomAnswers(FunctionTestCase& test, uint32_t seed)
{
    std::mt19937 random(seed);
    const auto pick = [&](const std::vector<std::string>& from) {
        return from[random() % from.size()];
    };
    const std::vector<std::string> interims{"HTTP/1.1 100 Continue",
                                            "HTTP/1.1 102 Processing",
                                            "HTTP/1.1 103 Early Hints",
                                            "HTTP/1.0 199 x"};
    const std::vector<std::string> finals{"HTTP/1.1 200 OK",
                                          "HTTP/1.0 200 OK",
                                          "HTTP/1.1 200",
                                          "HTTP/1.1 200 ",
                                          "HTTP/1.1 204 No Content",
                                          "HTTP/1.1 503 Service Unavailable",
                                          "HTTP/1.1 101 Switching Protocols",
                                          "HTTP/1.1 099 Odd",
                                          "HTTP/1.1 2 00",
                                          "HTTP/1.1 +20 OK",
                                          "HTTP/1.1 20",
                                          "HTTP/1.1 0200 OK",
                                          "http/1.1 200 OK",
                                          "HTTP/2.0 200 OK",
                                          "ICY 200 OK",
                                          " HTTP/1.1 200 OK",
                                          ""};
    const std::vector<std::string> ends{"\r\n", "\n"};
    const Ending endings[] = {Ending::Fin, Ending::FinNow, Ending::Reset, Ending::StayOpen};

    ProbeTestBed bed;
    ScriptedServer server(bed.backends.Get(0), 80);
    std::vector<Answer> expected;
    std::vector<std::string> texts;
    const uint32_t count = 250;
    for (uint32_t i = 0; i < count; i++)
    {
        std::string bytes;
        for (auto n = random() % 3; n > 0; n--)
        {
            bytes += pick(interims);
            bytes += pick(ends);
            for (auto fields = random() % 3; fields > 0; fields--)
            {
                bytes += pick({"Link: </a>", "HTTP/1.1 200 OK", "X:"});
                bytes += pick(ends);
            }
            bytes += pick(ends);
        }
        bytes += pick(finals);
        bytes += pick(ends);
        bytes += pick({"", "Content-Length: 2\r\n\r\nok", "\r\n", "A: b\r\n"});
        if (random() % 2 == 0)
        {
            bytes.resize(random() % (bytes.size() + 1));
        }
        Script script;
        script.ending = endings[random() % 4];
        expected.push_back(Expect(bytes, script.ending));
        texts.push_back(bytes);
        for (size_t at = 0; at < bytes.size();)
        {
            const auto most = random() % 3 == 0 ? 3 : 60;
            const auto size = 1 + random() % most;
            script.pieces.push_back(bytes.substr(at, size));
            at += size;
        }
        server.scripts.push_back(script);
    }
    bed.SetPhase(0);
    bed.probers->Add("p", bed.Address(0), Http());
    ProbeTestBed::RunTo(5 * count + 5e-6); // the last timeout, before the next SYN arrives
    test.Equal(server.accepted, count, "one connection for each answer");
    uint32_t kinds[4] = {};
    for (uint32_t i = 0; i < count; i++)
    {
        const auto record = bed.Result(i);
        test.Equal(ToText({record.outcome, record.status}),
                   ToText(expected[i]),
                   "ending " + std::to_string(static_cast<int>(server.scripts[i].ending)) +
                       " after " + std::to_string(server.scripts[i].pieces.size()) +
                       " pieces of: " + texts[i]);
        kinds[static_cast<int>(expected[i].first)]++;
        if (expected[i].first == ProbeOutcome::Timeout)
        {
            test.Equal(record.end - record.start, Seconds(5), "the timeout");
        }
    }
    // Cut off before its status, with one of four endings: some 22 of them.
    test.Check(*std::min_element(kinds, kinds + 4) > 5, "all outcomes are met");
}

/** A connection that ends early, by what it is probed with. */
struct EarlyEnd
{
    const char* what; //!< in words
    Script script;    //!< what the server does
    ProbeOutcome tcp; //!< outcome of a TCP probe
    Answer http;      //!< outcome and status of an HTTP probe
};

/** HP-1, HP-2: ends before the request, or in the midst of it. */
void
EarlyEnds(FunctionTestCase& test)
{
    const auto success = ProbeOutcome::Success;
    const auto bad = ProbeOutcome::BadStatus;
    const std::string ok = "HTTP/1.1 200 OK\r\n\r\n";
    const std::vector<EarlyEnd> cases{
        {"FIN at once", {{}, Ending::Fin, true}, success, {bad, 0}},
        {"RST at once", {{}, Ending::Reset, true}, success, {ProbeOutcome::Refused, 0}},
        {"a banner and FIN", {{"220 x\r\n"}, Ending::FinNow, true}, success, {bad, 0}},
        {"a banner", {{"220 x\r\n"}, Ending::StayOpen, true}, success, {bad, 0}},
        {"an answer before the question", {{ok}, Ending::StayOpen, true}, success, {success, 200}},
        {"silence", {{}, Ending::StayOpen, true}, success, {ProbeOutcome::Timeout, 0}}};
    for (const auto& [what, script, tcp, http] : cases)
    {
        for (const bool isHttp : {false, true})
        {
            ProbeTestBed bed;
            ScriptedServer server(bed.backends.Get(0), 80);
            server.scripts = {script};
            bed.SetPhase(0);
            bed.probers->Add("p", bed.Address(0), isHttp ? Http() : Tcp());
            ProbeTestBed::RunTo(12);
            const auto name = std::string(isHttp ? "HTTP, " : "TCP, ") + what;
            const auto expected = isHttp ? http : Answer{tcp, 0};
            test.Check(bed.results.size() >= 2, "probes go on: " + name);
            for (const auto& record : bed.results)
            {
                test.Equal(ToText({record.outcome, record.status}), ToText(expected), name);
            }
            test.Equal(bed.probers->IsUp("p", bed.Address(0)),
                       expected.first == success,
                       "verdict: " + name);
            bed.probers->Remove("p", bed.Address(0));
            ProbeTestBed::RunTo(20);
            test.Equal(bed.CountHostSockets(), 0, "no socket is left: " + name);
        }
    }
}

/** HP-2: the request names path, address and any port but 80 (RFC 9110, section 7.2). */
void
Requests(FunctionTestCase& test)
{
    for (const auto& [port, path, host] :
         std::vector<std::tuple<uint16_t, const char*, const char*>>{
             {80, "/", "10.0.0.2"},
             {8080, "/", "10.0.0.2:8080"},
             {443, "/a/b.html", "10.0.0.2:443"},
             {65535, "/q?x=1&y=%20z#", "10.0.0.2:65535"}})
    {
        ProbeTestBed bed;
        ScriptedServer server(bed.backends.Get(0), port);
        server.scripts = {{{"HTTP/1.1 200 OK\r\n\r\n"}}};
        bed.SetPhase(0);
        bed.Watch();
        bed.probers->Add(
            "p",
            bed.Address(0),
            ProbeSettings::ForLoadBalancer(ProbeProtocol::Http, port, path, Seconds(5), 1));
        ProbeTestBed::RunTo(4);
        test.Equal(server.requests.size(), 1, "one request");
        test.Equal(server.requests.at(0),
                   std::string("GET ") + path + " HTTP/1.1\r\nHost: " + host +
                       "\r\nUser-Agent: Load Balancer Agent\r\nConnection: close\r\n\r\n",
                   "the bytes of the request");
        test.Equal(bed.Result(0).port, port, "port in the trace");
        for (const auto& segment : bed.segments)
        {
            test.Equal(segment.in ? segment.tcp.GetDestinationPort() : segment.tcp.GetSourcePort(),
                       port,
                       "port on the wire");
        }
    }
}

/** Links with a delay: a TCP probe takes one round trip, an HTTP probe two. */
void
Delays(FunctionTestCase& test)
{
    for (const int64_t oneWay : {1, 40, 700, 1249, 1251, 2499, 2501, 4000})
    {
        for (const bool isHttp : {false, true})
        {
            ProbeTestBed bed;
            ScriptedServer server(bed.backends.Get(0), 80);
            server.scripts = {{{"HTTP/1.1 200 OK\r\n\r\n"}}};
            bed.devices.Get(0)->GetChannel()->SetAttribute("Delay",
                                                           TimeValue(MilliSeconds(oneWay)));
            bed.SetPhase(0);
            bed.Watch();
            bed.probers->Add("p", bed.Address(0), isHttp ? Http() : Tcp());
            ProbeTestBed::RunTo(9);
            const auto needed = MilliSeconds(oneWay * (isHttp ? 4 : 2));
            const bool inTime = needed < Seconds(5);
            const auto name = (isHttp ? "HTTP at " : "TCP at ") + std::to_string(oneWay) + " ms";
            test.Check(bed.Result(0).outcome ==
                           (inTime ? ProbeOutcome::Success : ProbeOutcome::Timeout),
                       name);
            test.Near(bed.Result(0).end.GetSeconds(),
                      std::min(needed, Seconds(5)).GetSeconds(),
                      1e-5,
                      name);
            test.Equal(bed.Sent(1), Seconds(5), "the next in its rhythm: " + name);
            if (MilliSeconds(2 * oneWay) > Seconds(5) && Seconds(9) > MilliSeconds(3 * oneWay))
            {
                // HP-48: the SYN-ACK that comes too late is answered with RST.
                const auto wire = bed.Wire(Seconds(0), MilliSeconds(3 * oneWay + 1));
                test.Check(wire.rfind(">S <SA", 0) == 0 && wire.find(">R") != std::string::npos,
                           "refused when late: " + name + ": " + wire);
            }
        }
    }
}

/**
 * The GET is lost k times. RFC 6298: the handshake's round trip R gives RTO = R + 4 * R / 2 (2.2),
 * at least 0.2 s here, doubled each time (5.5).
 */
void
LostRequests(FunctionTestCase& test)
{
    for (const int64_t oneWay : {1, 100, 250})
    {
        const auto roundTrip = MilliSeconds(2 * oneWay);
        const auto rto = std::max(roundTrip * 3, MilliSeconds(200));
        for (int64_t lost = 0; lost < 7; lost++)
        {
            ProbeTestBed bed;
            ScriptedServer server(bed.backends.Get(0), 80);
            server.scripts = {{{"HTTP/1.1 200 OK\r\n\r\n"}}};
            bed.devices.Get(0)->GetChannel()->SetAttribute("Delay",
                                                           TimeValue(MilliSeconds(oneWay)));
            int64_t seen = 0;
            bed.walls[0]->drops = [&](const Ipv4Header& header) {
                // 20 bytes of TCP and at most 40 of options; the GET is longer.
                return header.GetPayloadSize() > 60 && Simulator::Now() < Seconds(5) &&
                       seen++ < lost;
            };
            bed.SetPhase(0);
            bed.probers->Add("p", bed.Address(0), Http());
            ProbeTestBed::RunTo(5.001);
            const auto due = roundTrip * 2 + rto * ((int64_t{1} << lost) - 1);
            const auto name = std::to_string(lost) + " lost at " + std::to_string(oneWay) + " ms";
            test.Equal(bed.results.size(), 1, name);
            test.Check(bed.Result(0).outcome ==
                           (due < Seconds(5) ? ProbeOutcome::Success : ProbeOutcome::Timeout),
                       name);
            test.Near(bed.Result(0).end.GetSeconds(),
                      std::min(due, Seconds(5)).GetSeconds(),
                      2e-3,
                      name);
        }
    }
}

/** HP-13: N in a row over lossy exchanges, counted by hand from the results in the trace. */
void
LossyVerdicts(FunctionTestCase& test)
{
    for (const uint32_t threshold : {1, 2, 3})
    {
        ProbeTestBed bed;
        ScriptedServer server(bed.backends.Get(0), 80);
        server.scripts = {{{}, Ending::Fin}};
        std::mt19937 random(threshold);
        bed.walls[0]->drops = [&](const Ipv4Header&) { return random() % 4 == 0; };
        bed.SetPhase(0.5);
        bed.probers->Add(
            "p",
            bed.Address(0),
            ProbeSettings::ForLoadBalancer(ProbeProtocol::Tcp, 80, "", Seconds(5), threshold));
        ProbeTestBed::RunTo(5 * 400);
        test.Check(bed.results.size() >= 398, "one result each interval");
        std::vector<std::pair<bool, Time>> expected;
        bool up = false;
        uint32_t streak = 0;
        for (const auto& record : bed.results)
        {
            const bool success = record.outcome == ProbeOutcome::Success;
            test.Equal((record.start - MilliSeconds(2500)).GetNanoSeconds() % 5000000000,
                       0,
                       "rhythm");
            streak = success == up ? 0 : streak + 1;
            if (streak == (expected.empty() ? 1 : threshold))
            {
                up = success;
                streak = 0;
                expected.emplace_back(up, record.end);
            }
        }
        test.Check(expected.size() > 10, "it flips often enough");
        test.Equal(bed.verdicts.size(), expected.size(), "changes of the verdict");
        for (size_t i = 0; i < std::min(bed.verdicts.size(), expected.size()); i++)
        {
            test.Equal(bed.verdicts[i].up, expected[i].first, "direction");
            test.Equal(bed.verdicts[i].effective, expected[i].second, "time");
            test.Equal(bed.verdicts[i].decided, expected[i].second, "time of the decision");
        }
    }
}

/** Probe exchanges as bytes and times. */
class ProbeExchangeTestSuite : public TestSuite
{
  public:
    ProbeExchangeTestSuite()
        : TestSuite("azure-probe-exchange", Type::SYSTEM)
    {
        for (const uint32_t seed : {1, 2, 3, 4})
        {
            Add("HP-2 random answers in random pieces, run " + std::to_string(seed),
                [seed](FunctionTestCase& test) { RandomAnswers(test, seed); });
        }
        Add("HP-1 HP-2 a connection that the instance ends early", EarlyEnds);
        Add("HP-2 the request, byte for byte", Requests);
        Add("HP-6 round trips up to the timeout and beyond it", Delays);
        Add("HP-6 a lost GET is repeated by RFC 6298 until the timeout", LostRequests);
        Add("HP-3 HP-13 verdicts over a lossy path are those of its results", LossyVerdicts);
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
ProbeExchangeTestSuite g_probeExchangeTestSuite;

} // namespace
