/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-probe-test-bed.h"

#include "ns3/config.h"
#include "ns3/error-model.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param threshold N
 * @param interval I in seconds
 * @return a TCP probe of port 80
 */
ProbeSettings
Tcp(uint32_t threshold = 1, double interval = 5)
{
    return ProbeSettings::ForLoadBalancer(ProbeProtocol::Tcp, 80, "", Seconds(interval), threshold);
}

/**
 * @param threshold N
 * @param interval I in seconds
 * @return an HTTP probe of port 80
 */
ProbeSettings
Http(uint32_t threshold = 1, double interval = 5)
{
    return ProbeSettings::ForLoadBalancer(ProbeProtocol::Http,
                                          80,
                                          "/health",
                                          Seconds(interval),
                                          threshold);
}

/**
 * @brief Drops everything at a backend's door from now on, or no longer.
 * @param bed the topology
 * @param dead whether it drops
 */
void
SetDead(ProbeTestBed& bed, bool dead)
{
    bed.walls[0]->drops = [dead](const Ipv4Header&) { return dead; };
}

/** HP-1, HP-9: a TCP probe on the wire. */
void
TcpOnTheWire(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.targets[0].Open(bed.backends.Get(0), 80);
    bed.SetPhase(0.2);
    bed.Watch();
    ProbeTestBed::At(0, [&] { bed.probers->Add("p", bed.Address(0), Tcp()); });
    ProbeTestBed::RunTo(4);
    const auto wire = bed.Wire(Seconds(1), Seconds(2));
    // The backend may send FIN before, with or after the acknowledgement of the prober's FIN.
    test.Check(wire == ">S <SA >A >FA <A <FA >A" || wire == ">S <SA >A >FA <FA <A >A" ||
                   wire == ">S <SA >A >FA <FA >A" || wire == ">S <SA >A >FA <FA <A >A >A",
               "three-way handshake, then four-way close, not: " + wire);
    for (const auto& segment : bed.segments)
    {
        test.Equal(segment.in ? segment.source : segment.destination,
                   Ipv4Address("168.63.129.16"),
                   "the platform's address");
        test.Equal(segment.in ? segment.destination : segment.source,
                   bed.Address(0),
                   "NIC address");
    }
    test.Equal(bed.sent.size(), 1, "one probe");
    test.Equal(bed.results.size(), 1, "one result");
    test.Equal(bed.Result(0).probe, "lb/p", "name");
    test.Equal(bed.Result(0).source, Ipv4Address("168.63.129.16"), "source in the trace");
    test.Equal(bed.Result(0).target, bed.Address(0), "target in the trace");
    test.Equal(bed.Result(0).start, Seconds(1), "start in the trace");
    test.Near(bed.Result(0).end.GetSeconds(), 1.00002, 1e-5, "one round trip");
    test.Check(bed.Result(0).outcome == ProbeOutcome::Success, "outcome");
    test.Equal(bed.probers->IsUp("p", bed.Address(0)), true, "verdict");
}

/** HP-1: RST and silence fail. */
void
TcpFailures(FunctionTestCase& test)
{
    {
        ProbeTestBed bed;
        bed.SetPhase(0);
        bed.Watch();
        bed.probers->Add("p", bed.Address(0), Tcp());
        ProbeTestBed::RunTo(4);
        test.Equal(bed.Wire(Seconds(0), Seconds(4)), ">S <RA", "closed port");
        test.Equal(bed.results.size(), 1, "one result");
        test.Check(bed.Result(0).outcome == ProbeOutcome::Refused, "refused");
        test.Check(bed.Result(0).end < MilliSeconds(1), "known at once");
    }
    {
        ProbeTestBed bed;
        bed.SetPhase(0);
        SetDead(bed, true);
        bed.probers->Add("p", bed.Address(0), Tcp());
        ProbeTestBed::RunTo(5.001);
        test.Equal(bed.results.size(), 1, "one result");
        test.Check(bed.Result(0).outcome == ProbeOutcome::Timeout, "silence");
        test.Equal(bed.Result(0).end, Seconds(5), "known when the next is due");
        test.Equal(bed.sent.size(), 2, "and that one is sent");
        test.Equal(bed.Sent(1), Seconds(5), "in its rhythm");
    }
}

/** HP-2: an HTTP probe on the wire and its answers. */
void
HttpAnswers(FunctionTestCase& test)
{
    for (const int status : {200, 199, 201, 204, 301, 401, 404, 500, 503})
    {
        ProbeTestBed bed;
        bed.targets[0].Open(bed.backends.Get(0), 80);
        bed.targets[0].status = static_cast<uint16_t>(status);
        bed.SetPhase(0);
        bed.probers->Add("p", bed.Address(0), Http());
        ProbeTestBed::RunTo(4);
        test.Equal(bed.results.size(), 1, "one result");
        test.Equal(bed.Result(0).status, status, "status in the trace");
        test.Check((bed.Result(0).outcome == ProbeOutcome::Success) == (status == 200),
                   "only 200 passes, not " + std::to_string(status));
        test.Equal(bed.probers->IsUp("p", bed.Address(0)), status == 200, "verdict");
        test.Equal(bed.targets[0].request,
                   "GET /health HTTP/1.1\r\nHost: 10.0.0.2\r\nUser-Agent: Load Balancer "
                   "Agent\r\nConnection: close\r\n\r\n",
                   "the request names the address and no host");
    }
    for (const std::string answer : {"220 smtp ready\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "x"})
    {
        ProbeTestBed bed;
        bed.targets[0].Open(bed.backends.Get(0), 80);
        bed.targets[0].answer = answer;
        bed.SetPhase(0);
        bed.probers->Add("p", bed.Address(0), Http());
        ProbeTestBed::RunTo(4);
        test.Equal(bed.results.size(), 1, "one result for " + answer);
        test.Check(bed.Result(0).outcome == ProbeOutcome::BadStatus, "not HTTP: " + answer);
    }
    const std::string body = "\r\n\r\n";
    for (const auto& [answer, status] : std::vector<std::pair<std::string, int>>{
             {"HTTP/1.0 200 OK" + body, 200},
             {"HTTP/1.1 200" + body, 200},
             {"HTTP/1.1 200 OK\n\n", 200},
             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200},
             {"HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 503},
             {"HTTP/1.1 100 Continue" + body + "HTTP/1.1 200 OK" + body, 200},
             {"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Go\n\nHTTP/1.1 503 No" +
                  body,
              503},
             {"HTTP/1.1 100 Continue" + body + "HTTP/1.1 200 OK", 100},
             {"HTTP/1.1 100 Continue" + body, 100},
             {"HTTP/1.1 100 Continue\r\n", 100},
             {"HTTP/1.1 101 Switching" + body + "HTTP/1.1 200 OK" + body, 101},
             {"HTTP/1.1 100 Continue\r\nX: " + std::string(2000, 'x') + body + "HTTP/1.1 200 OK" +
                  body,
              100},
             {"HTTP/1.1 200 OK", 0},
             {"HTTP/1.1  200 OK" + body, 0},
             {"HTTP/1.1 20 OK" + body, 0},
             {"HTTP/1.1 2x0 OK" + body, 0},
             {"HTTP/2 200" + body, 0},
             {"HTTP/1.1 200", 0},
             {std::string(3000, 'H'), 0},
             {std::string("\0\xff\r\n200", 7), 0},
             {"\n\n\n", 0},
             {"\r\nHTTP/1.1 200 OK" + body, 0}})
    {
        // All at once, and byte by byte: the same.
        for (const bool bytewise : {false, true})
        {
            ProbeTestBed bed;
            bed.targets[0].Open(bed.backends.Get(0), 80);
            bed.targets[0].answer = answer;
            bed.targets[0].bytewise = bytewise;
            bed.SetPhase(0);
            bed.probers->Add("p", bed.Address(0), Http());
            ProbeTestBed::RunTo(4.9);
            const auto what = (bytewise ? "byte by byte: " : "at once: ") + answer.substr(0, 60);
            test.Equal(bed.results.size(), 1, "one result, " + what);
            test.Equal(bed.Result(0).status, status, "status, " + what);
            test.Check(bed.Result(0).outcome ==
                           (status == 200 ? ProbeOutcome::Success : ProbeOutcome::BadStatus),
                       "outcome, " + what);
        }
    }
    {
        // A large answer is read to its end and the connection closed in order.
        ProbeTestBed bed;
        bed.targets[0].Open(bed.backends.Get(0), 80);
        bed.targets[0].answer =
            "HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n" + std::string(50000, 'x');
        bed.SetPhase(0);
        bed.Watch();
        bed.probers->Add("p", bed.Address(0), Http());
        ProbeTestBed::RunTo(4);
        test.Check(bed.results.size() == 1 && bed.Result(0).outcome == ProbeOutcome::Success,
                   "a large answer passes");
        test.Equal(bed.Wire(Seconds(0), Seconds(4)).find('R'), std::string::npos, "no reset");
    }
    {
        ProbeTestBed bed; // port closed
        bed.SetPhase(0);
        bed.probers->Add("p", bed.Address(0), Http());
        ProbeTestBed::RunTo(4);
        test.Check(bed.results.size() == 1 && bed.Result(0).outcome == ProbeOutcome::Refused,
                   "RST fails");
    }
}

/** HP-3: thresholds over real exchanges. */
void
Threshold(FunctionTestCase& test)
{
    // Probes at 1, 6, 11 ... s; the port closes at 12 s and opens at 32 s.
    ProbeTestBed bed;
    bed.targets[0].Open(bed.backends.Get(0), 80);
    bed.SetPhase(0.2);
    bed.probers->Add("p", bed.Address(0), Tcp(3));
    ProbeTestBed::At(12, [&] { bed.targets[0].Close(); });
    ProbeTestBed::At(32, [&] { bed.targets[0].Open(bed.backends.Get(0), 80); });
    ProbeTestBed::RunTo(60);
    test.Near(bed.FindVerdict(true), 1, 1e-3, "the first success");
    test.Near(bed.FindVerdict(false), 26, 1e-3, "third refusal: 16, 21, 26 s");
    test.Near(bed.FindVerdict(true, 30), 46, 1e-3, "third success: 36, 41, 46 s");
    test.Equal(bed.verdicts.size(), 3, "no other change");
}

/** HP-6: an HTTP probe with a long interval. */
void
HttpTimeout(FunctionTestCase& test)
{
    {
        ProbeTestBed bed;
        bed.targets[0].Open(bed.backends.Get(0), 80);
        bed.targets[0].status = 0;
        bed.SetPhase(0);
        bed.Watch();
        bed.probers->Add("p", bed.Address(0), Http(1, 60));
        ProbeTestBed::RunTo(61);
        test.Equal(bed.results.size(), 1, "one result");
        test.Equal(bed.Result(0).end, Seconds(30), "time-out at min(I, 30 s)");
        test.Equal(bed.Sent(1), Seconds(60), "the next in its rhythm");
        test.Equal(bed.Wire(Seconds(29), Seconds(31)).substr(0, 2), ">R", "given up with a RST");
    }
    {
        // Silent but connected, I < 30 s: the next probe follows the failure at once.
        ProbeTestBed bed;
        bed.targets[0].Open(bed.backends.Get(0), 80);
        bed.targets[0].status = 0;
        bed.SetPhase(0);
        bed.probers->Add("p", bed.Address(0), Http(1, 10));
        ProbeTestBed::RunTo(31);
        test.Equal(bed.sent.size(), 4, "0, 10, 20, 30 s: no probe is sent twice");
        test.Equal(bed.Sent(3), Seconds(30), "at once");
        test.Equal(bed.results.size(), 3, "three time-outs");
    }
    {
        // With settings of another service, whose timeout is shorter than the interval.
        ProbeTestBed bed;
        SetDead(bed, true);
        bed.SetPhase(0);
        auto settings = Http(1, 10);
        settings.timeout = Seconds(4);
        bed.probers->Add("p", bed.Address(0), settings);
        ProbeTestBed::RunTo(9);
        test.Equal(bed.sent.size(), 3, "0, 4, 8 s");
    }
}

/** HP-6, HP-2: a slow server. */
void
Slow(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.targets[0].Open(bed.backends.Get(0), 80);
    bed.targets[0].delay = Seconds(4.9);
    bed.SetPhase(0);
    bed.probers->Add("p", bed.Address(0), Http());
    ProbeTestBed::At(12, [&] { bed.targets[0].delay = Seconds(5.1); });
    ProbeTestBed::RunTo(30.5);
    test.Near(bed.FindVerdict(true), 4.9, 1e-3, "an answer within the timeout passes");
    test.Near(bed.FindVerdict(false), 20, 1e-3, "the probe of 15 s comes too late");
    test.Equal(bed.verdicts.size(), 2, "a late answer counts for nothing");
}

/** HP-7: a stopped instance. */
void
Stopped(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.targets[0].Open(bed.backends.Get(0), 80);
    bed.SetPhase(0);
    bool told = true;
    bed.probers->SetVerdictCallback([&told](std::string, Ipv4Address, bool up) { told = up; });
    bed.probers->Add("p", bed.Address(0), Tcp());
    ProbeTestBed::At(12, [&] { bed.probers->SetRunning(bed.Address(0), false); });
    ProbeTestBed::RunTo(13);
    test.Equal(bed.probers->IsUp("p", bed.Address(0)), false, "a stopped instance is not up");
    test.Equal(told, false, "and the balancer is told");
    const auto before = bed.sent.size();
    ProbeTestBed::RunTo(100);
    test.Equal(bed.sent.size(), before, "a stopped instance is not probed");
    bed.probers->SetRunning(bed.Address(0), true);
    ProbeTestBed::RunTo(101);
    test.Check(bed.sent.size() == before + 1 && told, "until it runs again");
    // Stopped in the middle of a probe.
    SetDead(bed, true);
    ProbeTestBed::At(106, [&] { bed.probers->SetRunning(bed.Address(0), false); });
    ProbeTestBed::RunTo(120);
    test.Equal(bed.results.size(), before + 1, "a probe that was broken off has no result");
    test.Equal(bed.CountHostSockets(), 0, "and leaves nothing behind");
}

/** HP-11: probes per interval. */
void
OnePerPair(FunctionTestCase& test)
{
    ProbeTestBed bed(2);
    for (uint32_t i = 0; i < 2; i++)
    {
        bed.targets[i].Open(bed.backends.Get(i), 80);
        // Two rules that share a probe, and a probe of its own for a third.
        bed.probers->Add("shared", bed.Address(i), Tcp());
        bed.probers->Add("shared", bed.Address(i), Tcp());
        bed.probers->Add("own", bed.Address(i), Http());
    }
    test.Equal(bed.probers->GetN(), 4, "one prober for each pair");
    ProbeTestBed::RunTo(50.5);
    uint32_t first = 0;
    for (const auto& record : bed.sent)
    {
        first += record.target == bed.Address(0) ? 1 : 0;
    }
    test.Check(first == 20 || first == 21 || first == 22, "two probes per instance and interval");
    bed.probers->Remove("own", bed.Address(0));
    test.Equal(bed.probers->GetN(), 3, "one less");
    bed.probers->Assign({{"own", bed.Address(1), Http()}, {"new", bed.Address(0), Tcp()}});
    test.Equal(bed.probers->GetN(), 2, "exactly these remain");
    test.Check(bed.probers->IsUp("own", bed.Address(1)), "what stays goes on");
    const auto before = bed.sent.size();
    ProbeTestBed::RunTo(100.5);
    test.Check(bed.sent.size() - before >= 19 && bed.sent.size() - before <= 21,
               "removed ones no longer probe");
}

/** HP-13: the reaction delay. */
void
ReactionDelay(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.SetPhase(0);
    bed.probers->SetAttribute("ReactionDelay", TimeValue(Seconds(2)));
    bed.targets[0].Open(bed.backends.Get(0), 80);
    bed.probers->Add("p", bed.Address(0), Tcp());
    ProbeTestBed::At(7, [&] { bed.targets[0].Close(); });
    ProbeTestBed::RunTo(11.9);
    test.Equal(bed.verdicts.size(), 1, "not yet");
    test.Equal(bed.probers->IsUp("p", bed.Address(0)), true, "still in effect");
    ProbeTestBed::RunTo(12.1);
    test.Near(bed.FindVerdict(false), 12, 1e-3, "two seconds after the probe of 10 s");
    test.Near(bed.verdicts.back().decided.GetSeconds(), 10, 1e-3, "decided then");
}

/** Loss, and the defaults of the scenario's own sockets. */
void
Loss(FunctionTestCase& test)
{
    for (const bool tuned : {false, true})
    {
        if (tuned)
        {
            Config::SetDefault("ns3::TcpSocket::ConnTimeout", TimeValue(MilliSeconds(200)));
            Config::SetDefault("ns3::TcpSocket::ConnCount", UintegerValue(20));
            Config::SetDefault("ns3::TcpSocketBase::MaxSegLifetime", DoubleValue(1000));
        }
        {
            // The first SYN is lost; it is not repeated, so the probe fails.
            ProbeTestBed bed;
            bed.targets[0].Open(bed.backends.Get(0), 80);
            auto lose = CreateObject<ReceiveListErrorModel>();
            lose->SetList({0});
            bed.devices.Get(0)->SetAttribute("ReceiveErrorModel", PointerValue(lose));
            bed.SetPhase(0);
            bed.probers->Add("p", bed.Address(0), Tcp());
            ProbeTestBed::RunTo(7);
            test.Equal(bed.results.size(), 2, "two results");
            test.Check(bed.Result(0).outcome == ProbeOutcome::Timeout, "a lost SYN fails");
            test.Check(bed.Result(1).outcome == ProbeOutcome::Success, "the next passes");
            test.Near(bed.FindVerdict(true), 5, 1e-3, "no success in between");
        }
        {
            // The GET is lost (segments 0 to 2: SYN, ACK, GET); TCP repeats it in time.
            ProbeTestBed bed;
            bed.targets[0].Open(bed.backends.Get(0), 80);
            auto lose = CreateObject<ReceiveListErrorModel>();
            lose->SetList({2});
            bed.devices.Get(0)->SetAttribute("ReceiveErrorModel", PointerValue(lose));
            bed.SetPhase(0);
            bed.probers->Add("p", bed.Address(0), Http());
            ProbeTestBed::RunTo(4);
            test.Check(bed.results.size() == 1 && bed.Result(0).outcome == ProbeOutcome::Success,
                       "a lost GET is repeated");
        }
        Config::Reset();
    }
}

/** Nothing is left over. */
void
NoLeaks(FunctionTestCase& test)
{
    // Every kind of ending, for 24 minutes each: fine, closed, silent, never closing, never
    // answering.
    ProbeTestBed bed(5);
    for (uint32_t i = 0; i < 5; i++)
    {
        if (i != 1)
        {
            bed.targets[i].Open(bed.backends.Get(i), 80);
        }
    }
    bed.walls[2]->drops = [](const Ipv4Header&) { return true; };
    bed.targets[3].closes = false;
    bed.targets[4].status = 0;
    for (uint32_t i = 0; i < 5; i++)
    {
        bed.probers->Add("t", bed.Address(i), Tcp());
        bed.probers->Add("h", bed.Address(i), Http());
    }
    uint32_t most = 0;
    for (double hour = 0.1; hour < 0.45; hour += 0.1)
    {
        ProbeTestBed::RunTo(hour * 3600);
        most = std::max(most, bed.CountHostSockets());
    }
    test.Check(most <= 10, "at most one socket a prober, not " + std::to_string(most));
    for (uint32_t i = 0; i < 5; i++)
    {
        // TIME_WAIT of the stock socket lasts 240 s, 48 probes.
        const auto left = ProbeTestBed::CountSockets(bed.backends.Get(i));
        test.Check(left <= 2 * 48 + 5,
                   "backend " + std::to_string(i) + " keeps " + std::to_string(left) + " sockets");
    }
    test.Check(bed.sent.size() > 10 * 280, "they probed all the time");
    // The destructor ends the simulation in the middle of the probes that get no answer.
}

/** A crash after the handshake leaves no FIN that is repeated for ever. */
void
CrashAfterHandshake(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.targets[0].Open(bed.backends.Get(0), 80);
    bed.targets[0].status = 0;
    bed.targets[0].after = [&] { SetDead(bed, true); };
    bed.SetPhase(0);
    bed.probers->Add("p", bed.Address(0), Http());
    ProbeTestBed::RunTo(6);
    bed.probers->Remove("p", bed.Address(0));
    bed.Watch();
    ProbeTestBed::RunTo(1000);
    test.Equal(bed.CountHostSockets(), 0, "no socket is left");
    test.Check(bed.segments.size() <= 2, "nothing is sent any more");
}

/** The same streams give the same run, other streams another. */
void
Streams(FunctionTestCase& test)
{
    const auto first = [](int64_t stream) {
        ProbeTestBed bed;
        bed.targets[0].Open(bed.backends.Get(0), 80);
        bed.probers->AssignStreams(stream);
        bed.probers->Add("p", bed.Address(0), Tcp());
        ProbeTestBed::RunTo(5);
        return bed.Sent(0);
    };
    test.Equal(first(7), first(7), "the same phase");
    test.Check(first(7) != first(8), "another phase");
}

/** Probers. */
class HealthProberTestSuite : public TestSuite
{
  public:
    HealthProberTestSuite()
        : TestSuite("azure-health-prober", Type::UNIT)
    {
        Add("HP-1 a TCP probe is a three-way handshake and a four-way close", TcpOnTheWire);
        Add("HP-1 a TCP probe fails on RST and on silence", TcpFailures);
        Add("HP-2 an HTTP probe gets the path and passes on exactly 200", HttpAnswers);
        Add("HP-3 N results flip a TCP probe", Threshold);
        Add("HP-6 HTTP times out at min(I, 30 s) and is repeated at once below 30 s", HttpTimeout);
        Add("HP-6 an answer after the timeout counts for nothing", Slow);
        Add("HP-7 a stopped instance is not probed until it runs again", Stopped);
        Add("HP-11 one prober for each instance and probe", OnePerPair);
        Add("HP-13 a reaction delay postpones the effect", ReactionDelay);
        Add("A lost SYN is a failed probe whatever the scenario's sockets do", Loss);
        Add("Probes leave no sockets behind in 24 minutes", NoLeaks);
        Add("A crash after the handshake leaves nothing behind", CrashAfterHandshake);
        Add("Phases come from the assigned stream", Streams);
    }

  private:
    /**
     * @param name name of the case
     * @param body what to do
     */
    void Add(const std::string& name, void (*body)(FunctionTestCase&))
    {
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
HealthProberTestSuite g_healthProberTestSuite;

} // namespace
