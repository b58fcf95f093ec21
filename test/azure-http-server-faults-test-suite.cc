/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-http-test-bed.h"

#include <algorithm>
#include <map>
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
    text << "ns3::ConstantRandomVariable[Constant=" << value << "]";
    return StringValue(text.str());
}

/** @param test the test case */
void
RandomFaults(FunctionTestCase& test)
{
    HttpTestBed bed;
    bed.server->SetAttribute("ResponseSize", Constant(0));
    bed.client->SetAttribute("ConnectTimeout", TimeValue(MilliSeconds(200)));
    bed.client->SetAttribute("ResponseTimeout", TimeValue(MilliSeconds(300)));
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(53);
    // The model: which faults are shown, decided second by second.
    std::set<Kind> shown;
    Time delay;
    uint32_t status = 200;

    struct Expected
    {
        std::string outcome; //!< how the request ends
        Time latency;        //!< and when
        uint32_t status;     //!< with what
        std::string state;   //!< what the server is meanwhile
    };

    std::vector<Expected> expected;
    std::vector<std::string> states;
    const uint32_t steps = 200;
    for (uint32_t step = 0; step < steps; ++step)
    {
        const auto at = Seconds(step + 1);
        const auto kind = static_cast<Kind>(random->GetInteger(0, 4));
        const auto action = random->GetInteger(0, 9);
        if (action < 5)
        {
            auto fault = HttpTestBed::Fault(kind);
            fault.delay = MilliSeconds(random->GetInteger(0, 1) ? 100 : 500);
            fault.status = random->GetInteger(400, 599);
            fault.path = random->GetInteger(0, 1) ? "" : "/other";
            bed.FaultAt(at, fault);
            delay = kind == Kind::Slow ? fault.delay : delay;
            status = kind == Kind::Status && fault.path.empty() ? fault.status : status;
            shown.insert(kind);
        }
        else if (action < 9)
        {
            Simulator::Schedule(at, &HttpServer::ClearFault, bed.server, kind);
            shown.erase(kind);
            delay = kind == Kind::Slow ? Time(0) : delay;
            status = kind == Kind::Status ? 200 : status;
        }
        else
        {
            Simulator::Schedule(at, &HttpServer::ClearFaults, bed.server);
            shown.clear();
            delay = Time(0);
            status = 200;
        }
        const auto rtt = MilliSeconds(20);
        if (shown.count(Kind::Crash))
        {
            expected.push_back({"connect-timeout", MilliSeconds(200), 0, "Crashed"});
        }
        else if (shown.count(Kind::Refuse))
        {
            expected.push_back({"refused", rtt, 0, "Refusing"});
        }
        else if (shown.count(Kind::Hang))
        {
            expected.push_back({"timeout", rtt + MilliSeconds(300), 0, "Hung"});
        }
        else if (delay > MilliSeconds(300))
        {
            expected.push_back({"timeout", rtt + MilliSeconds(300), 0, "Serving"});
        }
        else
        {
            const auto word = status == 200 ? "ok" : status < 500 ? "http-4xx" : "http-5xx";
            expected.push_back({word, 2 * rtt + delay, status, "Serving"});
        }
        bed.RequestAt(at + MilliSeconds(100));
        Simulator::Schedule(at + MilliSeconds(50), [&] {
            states.push_back(HttpServer::GetStateName(bed.server->GetState()));
        });
    }
    bed.Run(Seconds(steps + 5));
    test.Equal(bed.requests.size(), steps, "requests");
    for (std::size_t i = 0; i < std::min<std::size_t>(steps, bed.requests.size()); ++i)
    {
        const auto& record = bed.requests[i];
        const auto what = " in step " + std::to_string(i) + ", " + expected[i].state;
        test.Equal(record.GetOutcomeName(), expected[i].outcome, "outcome" + what);
        test.Equal(record.status, expected[i].status, "status" + what);
        test.Equal(states[i], expected[i].state, "state" + what);
        // Transmission takes a few microseconds at 1 Gbit/s.
        test.Near(record.GetLatency().GetSeconds(),
                  expected[i].latency.GetSeconds(),
                  0.00005,
                  "latency" + what);
    }
    // The trace has every change of the state, and no more.
    std::vector<std::string> changes{"Serving"};
    for (const auto& row : expected)
    {
        if (row.state != changes.back())
        {
            changes.push_back(row.state);
        }
    }
    test.Check(bed.states == changes, "state transitions");
    test.Check(changes.size() > 40, "there were some");
}

/** @param test the test case */
void
Stop(FunctionTestCase& test)
{
    struct
    {
        const char* what;          //!< what is shown
        std::optional<Kind> fault; //!< shown from 1.5 s on
        const char* inService;     //!< outcome of a request at 1 s whose service takes 3 s
        double end;                //!< when the client knows it
        const char* later;         //!< outcome of a request after the stop at 2 s
    } const rows[] = {
        // A process that ends closes what it has open; its machine answers what comes later.
        {"Stopped in service", std::nullopt, "closed-early", 2.01, "refused"},
        {"Stopped while it hangs", Kind::Hang, "closed-early", 2.01, "refused"},
        {"Stopped while it refuses", Kind::Refuse, "reset", 1.51, "refused"},
        {"Stopped when it is down", Kind::Crash, "timeout", 6.02, "refused"},
    };

    for (const auto& row : rows)
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ServiceTime", Constant(3));
        bed.server->SetStopTime(Seconds(2));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(5)));
        bed.RequestAt(Seconds(1));
        if (row.fault)
        {
            bed.FaultAt(Seconds(1.5), HttpTestBed::Fault(*row.fault));
        }
        // Whatever happens to a stopped server, it stays stopped.
        Simulator::Schedule(Seconds(2.5), &HttpServer::ClearFaults, bed.server);
        bed.FaultAt(Seconds(2.6), HttpTestBed::Fault(Kind::Hang));
        bed.RequestAt(Seconds(3));
        bed.Run(Seconds(10));
        test.Check(bed.server->GetState() == HttpServerState::Stopped, row.what);
        test.Equal(bed.states.back(), "Stopped", row.what);
        test.Equal(bed.requests.size(), 2, row.what);
        for (const auto& record : bed.requests)
        {
            test.Equal(record.GetOutcomeName(),
                       record.request ? row.later : row.inService,
                       row.what);
            if (record.request == 0)
            {
                test.Near(record.end.GetSeconds(), row.end, 0.0001, row.what);
            }
        }
        test.Equal(bed.server->GetServedCount(), 0, row.what);
        test.Equal(bed.served.size(), 1, row.what);
        test.Equal(bed.served.at(0).complete, false, row.what);
        test.Equal(bed.server->GetConnectionCount(), 0, row.what);
    }
}

/** @param test the test case */
void
Moments(FunctionTestCase& test)
{
    // 10 ms a way: the SYN arrives at 1.01 s, its answer at 1.02 s, ACK and request at 1.03 s;
    // the service takes 1 s, the client waits 0.5 s for a connection and 2 s for an answer.
    struct
    {
        const char* fault;   //!< what happens to the server
        double at;           //!< when, seconds
        const char* outcome; //!< what the client sees
        double end;          //!< when, seconds
        uint32_t records;    //!< requests that the server knows of
    } const rows[] = {
        {"crash", 1.005, "connect-timeout", 1.5, 0},
        {"crash", 1.015, "timeout", 3.02, 0},
        {"crash", 1.025, "timeout", 3.02, 0},
        {"crash", 1.035, "timeout", 3.02, 1},
        {"refuse", 1.005, "refused", 1.02, 0},
        {"refuse", 1.015, "reset", 1.025, 0},
        {"refuse", 1.025, "reset", 1.035, 0},
        {"refuse", 1.035, "reset", 1.045, 1},
        {"hang", 1.005, "timeout", 3.02, 0},
        {"hang", 1.025, "timeout", 3.02, 0},
        {"hang", 1.035, "timeout", 3.02, 0}, // it still has it in hand
        {"hang", 2.035, "ok", 2.04, 1},
        {"stop", 1.005, "refused", 1.02, 0},
        {"stop", 1.025, "reset", 1.04, 0},
        {"stop", 1.035, "closed-early", 1.045, 1},
        // Those change what is decided when a request is complete, not what is in service.
        {"slow", 1.025, "ok", 2.34, 1},
        {"slow", 1.035, "ok", 2.04, 1},
        {"status", 1.025, "http-5xx", 2.04, 1},
        {"status", 1.035, "ok", 2.04, 1},
    };

    const std::map<std::string, Kind> kinds{{"crash", Kind::Crash},
                                            {"refuse", Kind::Refuse},
                                            {"hang", Kind::Hang},
                                            {"slow", Kind::Slow},
                                            {"status", Kind::Status}};
    for (const auto& row : rows)
    {
        HttpTestBed bed;
        bed.server->SetAttribute("ServiceTime", Constant(1));
        bed.client->SetAttribute("ConnectTimeout", TimeValue(Seconds(0.5)));
        bed.client->SetAttribute("ResponseTimeout", TimeValue(Seconds(2)));
        if (kinds.count(row.fault))
        {
            auto fault = HttpTestBed::Fault(kinds.at(row.fault));
            fault.delay = Seconds(0.3);
            bed.FaultAt(Seconds(row.at), fault);
        }
        else
        {
            bed.server->SetStopTime(Seconds(row.at));
        }
        bed.RequestAt(Seconds(1));
        bed.Run(Seconds(100));
        const auto what = std::string(row.fault) + " at " + std::to_string(row.at);
        test.Equal(bed.requests.size(), 1, what);
        test.Equal(bed.requests.at(0).GetOutcomeName(), row.outcome, what);
        test.Near(bed.requests[0].end.GetSeconds(), row.end, 0.0001, what);
        test.Equal(bed.served.size(), row.records, what);
    }
}

/** @param test the test case */
void
FaultsBeforeStart(FunctionTestCase& test)
{
    HttpTestBed bed;
    bed.server->SetStartTime(Seconds(2));
    bed.server->InjectFault(HttpTestBed::Fault(Kind::Refuse));
    bed.server->InjectFault(HttpTestBed::Fault(Kind::Hang));
    test.Check(bed.server->GetState() == HttpServerState::NotStarted, "not yet");
    bed.RequestAt(Seconds(1)); // nobody listens
    bed.RequestAt(Seconds(3));
    Simulator::Schedule(Seconds(4), &HttpServer::ClearFault, bed.server, Kind::Refuse);
    bed.RequestAt(Seconds(5)); // hangs, until 8 s
    Simulator::Schedule(Seconds(8), &HttpServer::ClearFaults, bed.server);
    bed.Run(Seconds(20));
    const std::vector<std::string> states{"Serving", "Refusing", "Hung", "Serving"};
    test.Check(bed.states == states, "the faults wait for the start");
    test.Equal(bed.requests.size(), 3, "requests");
    test.Equal(bed.requests.at(0).GetOutcomeName(), "refused", "before the start");
    test.Equal(bed.requests.at(1).GetOutcomeName(), "refused", "Refuse goes before Hang");
    test.Equal(bed.requests.at(2).GetOutcomeName(), "ok", "then it hangs, and goes on");
    test.Near(bed.requests[2].end.GetSeconds(), 8.01, 0.0001, "when it goes on");
}

/** Faults of HTTP servers, as their clients see them. */
class HttpServerFaultsTestSuite : public TestSuite
{
  public:
    HttpServerFaultsTestSuite()
        : TestSuite("azure-http-server-faults", Type::SYSTEM)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("200 random faults and repairs, against a model of what a client sees", RandomFaults);
        add("A stopped server ends what is open, refuses the rest, and stays stopped", Stop);
        add("Faults at every moment of a handshake and a request, to the millisecond", Moments);
        add("Faults before the start take effect at the start", FaultsBeforeStart);
    }
};

/** Registers the suite. */
HttpServerFaultsTestSuite g_httpServerFaultsTestSuite;

} // namespace
