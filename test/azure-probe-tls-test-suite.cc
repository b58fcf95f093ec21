/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-probe-test-bed.h"
#include "azure-scripted-server.h"
#include "azure-tls-target.h"

#include "ns3/azure-failover-theory.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param threshold N
 * @return an HTTPS probe of Load Balancer every 5 s
 */
ProbeSettings
Https(uint32_t threshold = 1)
{
    return ProbeSettings::ForLoadBalancer(ProbeProtocol::Https,
                                          443,
                                          "/health",
                                          Seconds(5),
                                          threshold);
}

/**
 * @param name a common name
 * @return certificates of a server, of an authority that nobody trusts, root included
 */
TlsCertificateChain
Chain(const std::string& name = "vm")
{
    const auto root = MakeTlsRoot("Nobody");
    const auto intermediate = IssueTlsCertificate(root, "Intermediate", true);
    return {IssueTlsCertificate(intermediate, name), intermediate, root};
}

/**
 * @param change changes Chain()
 * @return what a server tells TLS
 */
TlsServerConfiguration
Told(const std::function<void(TlsCertificateChain&)>& change = {})
{
    auto chain = Chain();
    if (change)
    {
        change(chain);
    }
    TlsServerConfiguration told;
    told.certificates = {chain};
    return told;
}

/**
 * @param record a probe that ended
 * @return outcome, status and reason
 */
std::string
Show(const ProbeRecord& record)
{
    return std::string(ToString(record.outcome)) + " " + std::to_string(record.status) + " " +
           record.reason;
}

/** HP-2: the answers, and what server and wire see of a probe. */
void
Answers(FunctionTestCase& test)
{
    for (const uint16_t status : {200, 204, 301, 503})
    {
        ProbeTestBed bed;
        bed.SetPhase(0);
        bed.Watch();
        TlsTarget server(bed.backends.Get(0), 443);
        *server.told = Told();
        server.answer = "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: 0\r\n\r\n";
        bed.probers->Add("p", bed.Address(0), Https());
        ProbeTestBed::RunTo(4.9);
        test.Equal(Show(bed.Result(0)),
                   (status == 200 ? "success " : "bad-status ") + std::to_string(status) + " ",
                   "outcome");
        test.Equal(bed.FindVerdict(true) >= 0, status == 200, "verdict");
        const auto outcome = status == 200 ? ProbeOutcome::Success : ProbeOutcome::BadStatus;
        test.Equal(bed.probers->GetResultCount(outcome), 1, "it is counted");
        test.Equal(server.requests.at(0),
                   "GET /health HTTP/1.1\r\nHost: 10.0.0.2:443\r\n"
                   "User-Agent: Load Balancer Agent\r\nConnection: close\r\n\r\n",
                   "the request");
        const auto& seen = server.handshakes.at(0).agreement;
        test.Equal(seen.serverName, "", "no name can be set");
        test.Check(seen.version == TlsVersion::Tls13 && !seen.resumed, "a full handshake");
        test.Equal(bed.CountHostSockets(), 0, "no socket is left");
        test.Equal(bed.segments.front().source, ProbeSource::GetPlatformAddress(), "HP-9");
    }
}

/** HP-2: what of a server's certificates and of its TLS makes a probe fail. */
void
Servers(FunctionTestCase& test)
{
    struct Row
    {
        const char* what;            // about the server
        TlsServerConfiguration told; // its TLS
        std::string expected;        // outcome, status, reason
    };

    const auto sha1 = [](std::size_t i) {
        return [i](TlsCertificateChain& chain) { chain[i].hash = TlsSignatureHash::Sha1; };
    };
    auto demanding = Told();
    demanding.clientAuthentication = TlsClientAuthentication::Require;
    auto older = Told();
    older.maximumVersion = TlsVersion::Tls12;
    auto olderDemanding = demanding;
    olderDemanding.maximumVersion = TlsVersion::Tls12;
    const std::string good = "success 200 ";
    const std::string weak = "certificate-rejected 0 signature hash too weak ";
    const std::vector<Row> rows{
        {"an authority that nobody knows", Told(), good},
        {"signed by itself", Told([](auto& chain) { chain = {MakeTlsRoot("vm")}; }), good},
        {"expired", Told([](auto& chain) { chain[0].notAfter = Seconds(-1); }), good},
        {"SHA-384", Told([](auto& chain) { chain[0].hash = TlsSignatureHash::Sha384; }), good},
        {"SHA-1", Told(sha1(0)), weak + "(CN=vm)"},
        {"SHA-1 in between", Told(sha1(1)), weak + "(CN=Intermediate)"},
        {"a root with SHA-1", Told(sha1(2)), good},
        {"signed by itself with SHA-1",
         Told([](auto& chain) {
             chain = {MakeTlsRoot("vm")};
             chain[0].hash = TlsSignatureHash::Sha1;
         }),
         weak + "(CN=vm)"},
        {"TLS 1.2", older, good},
        {"no certificate", TlsServerConfiguration(), "tls-failed 0 alert received: "},
        {"wants one of the client", demanding, "tls-failed 0 alert received: certificate_required"},
        {"the same in TLS 1.2", olderDemanding, "tls-failed 0 alert received: "}};
    for (const auto& row : rows)
    {
        ProbeTestBed bed;
        bed.SetPhase(0);
        TlsTarget server(bed.backends.Get(0), 443);
        *server.told = row.told;
        bed.probers->Add("p", bed.Address(0), Https());
        ProbeTestBed::RunTo(4.9);
        const auto shown = Show(bed.Result(0));
        test.Equal(shown.substr(0, row.expected.size()), row.expected, row.what);
        test.Equal(bed.probers->IsUp("p", bed.Address(0)), row.expected == good, row.what);
        test.Equal(row.expected == good || shown.size() > row.expected.size() ||
                       row.expected.back() != ' ',
                   true,
                   "a reason is told");
        test.Equal(bed.CountHostSockets(), 0, "no socket is left");
    }
}

/** HP-2: servers without TLS, or that break off. */
void
NoTls(FunctionTestCase& test)
{
    struct Row
    {
        const char* what;     // about the server
        Script script;        // what it does
        std::string expected; // outcome, status, reason
    };

    const std::string plain = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    // TLS speaks binary: the first bytes of any ClientHello are 22, 3, 1.
    const std::string hello = "\x16\x03\x01";
    const std::vector<Row> rows{
        {"plain HTTP",
         {{plain}, Ending::Fin, false, hello},
         "tls-failed 0 the server speaks no TLS"},
        {"speaks first",
         {{"220 mail\r\n"}, Ending::StayOpen, true},
         "tls-failed 0 the server speaks no TLS"},
        {"silence", {{}, Ending::StayOpen, true}, "timeout 0 no answer in the handshake"},
        {"FIN", {{}, Ending::Fin, false, hello}, "tls-failed 0 closed in the handshake"},
        {"RST", {{}, Ending::Reset, false, hello}, "refused 0 reset in the handshake"},
        {"an alert",
         {{std::string("\x15\x03\x03\0\x02\x02\x28", 7)}, Ending::Fin, false, hello},
         "tls-failed 0 alert received: handshake_failure"},
        {"half a record",
         {{std::string("\x16\x03\x03\x01\0", 5)}, Ending::Fin, false, hello},
         "tls-failed 0 closed in the handshake"}};
    for (const auto& row : rows)
    {
        ProbeTestBed bed;
        bed.SetPhase(0);
        ScriptedServer server(bed.backends.Get(0), 443);
        server.scripts = {row.script};
        bed.probers->Add("p", bed.Address(0), Https());
        ProbeTestBed::RunTo(6);
        test.Equal(Show(bed.Result(0)), row.expected, row.what);
        test.Check(!bed.probers->IsUp("p", bed.Address(0)), row.what);
        bed.probers->Remove("p", bed.Address(0));
        ProbeTestBed::RunTo(9);
        test.Equal(bed.CountHostSockets(), 0, "no socket is left");
    }
    ProbeTestBed bed;
    bed.SetPhase(0);
    bed.probers->Add("p", bed.Address(0), Https());
    ProbeTestBed::RunTo(1);
    test.Equal(Show(bed.Result(0)), "refused 0 ", "a closed port");
}

/** HP-2: bytes of chance in answer to ClientHello. */
void
Garbage(FunctionTestCase& test)
{
    std::mt19937 random(5);
    for (uint32_t run = 0; run < 60; ++run)
    {
        ProbeTestBed bed;
        bed.SetPhase(0);
        ScriptedServer server(bed.backends.Get(0), 443);
        Script script{{}, random() % 2 ? Ending::Fin : Ending::StayOpen, false, "\x16\x03\x01"};
        const auto pieces = 1 + random() % 3;
        for (uint32_t i = 0; i < pieces; ++i)
        {
            std::string piece(1 + random() % 40, '\0');
            for (auto& c : piece)
            {
                c = static_cast<char>(random());
            }
            // Half of them begin as records of TLS do.
            script.pieces.push_back(
                i == 0 && random() % 2 ? std::string("\x16\x03\x03\0\x20\x02", 6) + piece : piece);
        }
        server.scripts = {script};
        bed.probers->Add("p", bed.Address(0), Https());
        ProbeTestBed::RunTo(5.5);
        const auto outcome = bed.Result(0).outcome;
        test.Check(outcome == ProbeOutcome::TlsFailed || outcome == ProbeOutcome::Timeout,
                   "run " + std::to_string(run) + ": " + Show(bed.Result(0)));
        test.Check(!bed.Result(0).reason.empty(), "a reason is told");
    }
}

/** HP-13: an exchange takes as many round trips as the closed form says. */
void
RoundTrips(FunctionTestCase& test)
{
    // 10 us each way, and 6 kB at most, half of a round trip at 10 Gbit/s.
    const auto roundTrip = MicroSeconds(20);
    for (const auto protocol : {ProbeProtocol::Tcp, ProbeProtocol::Http, ProbeProtocol::Https})
    {
        for (const auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
        {
            ProbeTestBed bed;
            bed.SetPhase(0);
            bed.targets[0].Open(bed.backends.Get(0), 80);
            TlsTarget server(bed.backends.Get(0), 443);
            *server.told = Told();
            server.told->maximumVersion = version;
            const bool secure = protocol == ProbeProtocol::Https;
            const auto settings =
                ProbeSettings::ForLoadBalancer(protocol, secure ? 443 : 80, "/", Seconds(5), 1);
            bed.probers->Add("p", bed.Address(0), settings);
            ProbeTestBed::RunTo(4);
            const auto expected = FailoverTheory::RoundTrips(settings) +
                                  (secure && version == TlsVersion::Tls12 ? 1 : 0);
            const auto result = bed.Result(0);
            const auto took = result.end - result.start;
            test.Equal(Show(result),
                       protocol == ProbeProtocol::Tcp ? "success 0 " : "success 200 ",
                       "it succeeds");
            test.Check(took >= roundTrip * expected, "not less than the round trips");
            test.Check(took < roundTrip * expected + roundTrip / 2, "nor much more");
        }
    }
}

/** HP-3, HP-13: TLS that fails is no silence; the next probe that comes marks down. */
void
Detection(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.SetPhase(0.4);
    TlsTarget server(bed.backends.Get(0), 443);
    *server.told = Told();
    const auto settings = Https(3);
    bed.probers->Add("p", bed.Address(0), settings);
    ProbeTestBed::At(13, [&] {
        server.told->certificates[0][0].hash = TlsSignatureHash::Sha1; // a wrong renewal
    });
    ProbeTestBed::At(33, [&] { *server.told = Told(); });
    ProbeTestBed::RunTo(50);
    // Probes at 2 s, 7 s, ...: phi is 4 s each time.
    const Time down = Seconds(bed.FindVerdict(false)) - Seconds(13);
    const Time up = Seconds(bed.FindVerdict(true, 33)) - Seconds(33);
    test.Check(
        FailoverTheory::Detection(settings, FaultSymptom::BadStatus, Time(0), MilliSeconds(1))
            .Contains(down),
        "down within the closed form");
    test.Near(down.GetSeconds(), 4, 0.001, "at the next probe");
    test.Near(up.GetSeconds(), 4, 0.001, "up at the next probe");
    test.Equal(bed.probers->GetResultCount(ProbeOutcome::CertificateRejected), 4, "17 s to 32 s");
}

/** HP-6: a handshake without end is silence, and the next probe follows at once. */
void
Hang(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.SetPhase(0);
    ScriptedServer server(bed.backends.Get(0), 443);
    server.scripts = {{{}, Ending::StayOpen, true}};
    bed.probers->Add("p", bed.Address(0), Https());
    ProbeTestBed::RunTo(16);
    test.Equal(bed.results.size(), 3, "time-outs");
    for (std::size_t i = 0; i < 3; ++i)
    {
        test.Equal(bed.Sent(i), Seconds(5.0 * i), "one every T");
        test.Equal(Show(bed.Result(i)), "timeout 0 no answer in the handshake", "silence");
    }
}

/** HP-40: nothing is looked at unless the settings ask for it; the Host is the name asked for. */
void
Unchecked(FunctionTestCase& test)
{
    ProbeTestBed bed;
    bed.SetPhase(0);
    TlsTarget server(bed.backends.Get(0), 443);
    *server.told = Told([](auto& chain) {
        chain = {MakeTlsRoot("else")};
        chain[0].hash = TlsSignatureHash::Sha1;
        chain[0].notAfter = Seconds(-1);
    });
    ProbeSettings settings;
    settings.protocol = ProbeProtocol::Https;
    settings.port = 443;
    settings.host = "www.contoso.com:443";
    bed.probers->Add("p", bed.Address(0), settings);
    ProbeTestBed::RunTo(1);
    test.Equal(Show(bed.Result(0)), "success 200 ", "outcome");
    test.Equal(server.handshakes.at(0).agreement.serverName, "www.contoso.com", "SNI");
    test.Check(server.requests.at(0).find("Host: www.contoso.com:443\r\n") != std::string::npos,
               "Host");
}

/** Wireshark reads a probe as what it is. */
void
Wireshark(FunctionTestCase& test)
{
    const auto file = test.MakeTempName("probe.pcap");
    {
        // The file is whole when the devices are gone.
        ProbeTestBed bed;
        bed.SetPhase(0);
        PointToPointHelper().EnablePcap(file, bed.devices.Get(0), false, true);
        TlsTarget server(bed.backends.Get(0), 443);
        *server.told = Told();
        auto settings = Https();
        settings.tls.serverName = "health.contoso.com";
        bed.probers->Add("p", bed.Address(0), settings);
        ProbeTestBed::RunTo(12);
        test.Equal(bed.probers->GetResultCount(ProbeOutcome::Success), 3, "probes");
    }
    if (std::system("command -v tshark > /dev/null 2>&1") != 0)
    {
        return;
    }
    const auto out = test.MakeTempName("fields");
    const auto command = "tshark -r '" + file +
                         "' -T fields -E separator=/s -e ip.src -e tls.handshake.type "
                         "-e tls.handshake.extensions_server_name -e http.request.method "
                         "-e _ws.malformed > '" +
                         out + "' 2>/dev/null";
    test.Equal(std::system(command.c_str()), 0, "tshark runs");
    std::ifstream in(out);
    std::map<std::string, int> lines;
    for (std::string line; std::getline(in, line);)
    {
        line.erase(line.find_last_not_of(' ') + 1);
        ++lines[line];
    }
    test.Equal(lines["168.63.129.16 1 health.contoso.com"], 3, "ClientHello with the name");
    test.Equal(lines["10.0.0.2 2"], 3, "ServerHello");
    // And nothing but addresses: no more of a handshake, no HTTP in the clear, nothing malformed.
    test.Check(lines["168.63.129.16"] > 0 && lines["10.0.0.2"] > 0, "other segments");
    test.Equal(lines.size(), 4, "kinds of packets");
}

/** Probes by HTTPS. */
class ProbeTlsTestSuite : public TestSuite
{
  public:
    ProbeTlsTestSuite()
        : TestSuite("azure-probe-tls", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("HP-2: an HTTPS probe gets the path over TLS and passes on exactly 200", Answers);
        add("HP-2: SHA-256 in the whole chain, no client certificate, and no more is asked for",
            Servers);
        add("HP-2: a server without TLS fails an HTTPS probe", NoTls);
        add("HP-2: bytes of chance fail an HTTPS probe", Garbage);
        add("HP-13: round trips of an exchange", RoundTrips);
        add("HP-3, HP-13: a handshake that fails marks down at once", Detection);
        add("HP-6: a handshake that hangs times out", Hang);
        add("HP-40, HP-42: without checks any certificate will do, and SNI is the Host", Unchecked);
        add("Wireshark reads an HTTPS probe", Wireshark);
    }
};

ProbeTlsTestSuite g_probeTlsTestSuite; //!< registers the suite

} // namespace
