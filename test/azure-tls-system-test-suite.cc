/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-tls-test-bed.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param end an end
 * @return its handshake in words
 */
std::string
Outcome(const TlsEnd& end)
{
    if (end.handshakes.size() != 1)
    {
        return std::to_string(end.handshakes.size()) + " handshakes";
    }
    const auto& record = end.handshakes.front();
    const bool alert =
        record.outcome == TlsOutcome::AlertSent || record.outcome == TlsOutcome::AlertReceived;
    return TlsName(record.outcome) + (alert ? " " + TlsName(record.alert) : "");
}

/**
 * @param t the test case
 */
void
CheckRoundTrips(FunctionTestCase& t)
{
    struct Row
    {
        const char* name;
        TlsVersion version;
        int resumed;    // 0 full, 1 with tickets, 2 with session IDs
        uint32_t chain; // bytes of each of two certificates
        double client;  // round trips until the client can send, TCP's one not counted
        double server;  // until the server has the first byte of data
    };

    const auto rtt = 0.1;
    for (const Row& row : std::vector<Row>{
             {"1.2", TlsVersion::Tls12, 0, 1500, 2, 2.5},
             {"1.3", TlsVersion::Tls13, 0, 1500, 1, 1.5},
             {"1.2 resumed, ticket", TlsVersion::Tls12, 1, 1500, 1, 1.5},
             {"1.2 resumed, session ID", TlsVersion::Tls12, 2, 1500, 1, 1.5},
             {"1.3 resumed", TlsVersion::Tls13, 1, 1500, 1, 1.5},
             // More than the initial window of ten segments: a round trip more.
             {"1.3, large chain", TlsVersion::Tls13, 0, 10000, 2, 2.5},
             {"1.3 resumed, large chain", TlsVersion::Tls13, 1, 10000, 1, 1.5},
         })
    {
        TlsTestBed bed;
        bed.told.SetVersion(row.version);
        for (auto& certificate : bed.told.server->certificates[0])
        {
            certificate.bytes = row.chain;
        }
        bed.pattern.echoes = true;
        if (row.resumed > 0)
        {
            bed.told.AddSessions();
            bed.told.client->wantsTickets = row.resumed == 1;
            bed.Connect().closes = false;
            bed.Run(Seconds(5));
            bed.clients.back()->tls->CloseWithin(Seconds(1));
        }
        bed.Run(Seconds(10));
        auto& client = bed.Connect();
        client.queue.push_back(ToPacket("GET"));
        bed.Run(Seconds(20));
        t.Equal(Outcome(client), "established", row.name);
        const auto& record = client.handshakes.front();
        t.Equal(TlsName(record.agreement.version), TlsName(row.version), row.name);
        t.Equal(record.agreement.resumed, row.resumed > 0, row.name);
        const auto seconds = [](Time time) { return (time - Seconds(10)).GetSeconds(); };
        t.Near(seconds(*client.opened), rtt * (1 + row.client), 0.002, row.name);
        t.Near(record.GetDuration().GetSeconds(), rtt * row.client, 0.002, row.name);
        t.Near(seconds(*bed.servers.back()->firstByte), rtt * (1 + row.server), 0.002, row.name);
        t.Near(seconds(*client.firstByte), rtt * (2 + row.client), 0.002, row.name);
        t.Equal(client.data, "GET", "the echo");
        const auto& served = bed.servers.back()->handshakes.front();
        t.Equal(served.bytesReceived, record.bytesSent, "as many bytes as the client sent");
        t.Equal(served.agreement.serverName, "www.contoso.com", "SNI");
    }
}

/**
 * @param t the test case
 */
void
CheckTransfer(FunctionTestCase& t)
{
    auto random = MakeRandom(3);
    for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        for (double loss : {0.0, 0.02, 0.1})
        {
            TlsTestBed bed(MilliSeconds(5), TcpPreset::Linux(), "100Mbps");
            bed.SetLoss(loss);
            bed.told.SetVersion(version);
            bed.told.AddSessions();
            bed.told.server->clientAuthentication = TlsClientAuthentication::Require;
            bed.told.client->certificate = bed.told.pki.client;
            std::string bodies[2];
            for (uint32_t i = 0; i < 2; ++i)
            {
                auto& end = i == 0 ? bed.Connect() : bed.pattern;
                end.readBytes = i == 0 ? UINT32_MAX : 1000;
                for (uint32_t pieces = 0; pieces < 30; ++pieces)
                {
                    std::string piece(random->GetInteger(1, pieces % 3 ? 2000 : 60000), '\0');
                    std::generate(piece.begin(), piece.end(), [&] {
                        return static_cast<char>(random->GetInteger(0, 255));
                    });
                    end.queue.push_back(ToPacket(piece));
                    bodies[i] += piece;
                }
            }
            // The server waits with its end until the client has all.
            bed.Run(Seconds(600));
            auto& client = *bed.clients.front();
            auto& server = *bed.servers.front();
            server.Push();
            bed.Run(Seconds(1200));
            t.Equal(Outcome(client), "established", "client");
            t.Equal(Outcome(server), "established", "server");
            t.Check(server.data == bodies[0], "every byte up");
            t.Check(client.data == bodies[1], "every byte down");
            t.Equal(client.refused + server.refused, 0, "what is said to fit fits");
            client.closes = true;
            client.Push();
            bed.Run(Seconds(1800));
            t.Check(server.ends == std::vector<ByteStreamEnd>({ByteStreamEnd::Closed}),
                    "close_notify arrives");
            t.Check(client.ends.empty(), "who closed is not told");
        }
    }
}

/**
 * @param t the test case
 */
void
CheckBulk(FunctionTestCase& t)
{
    TlsTestBed bed(MilliSeconds(5), TcpPreset::Linux(), "1Gbps");
    bed.pattern.keeps = false;
    auto& client = bed.Connect();
    client.queue.push_back(Create<Packet>(100U * 16384));
    client.closes = true;
    bed.Run(Seconds(5));
    t.Equal(bed.servers.front()->count, 100 * 16384, "all of it");
    t.Equal(bed.servers.front()->packets, 100, "in full records, whatever room TCP had");
}

/**
 * @param t the test case
 */
void
CheckBackPressure(FunctionTestCase& t)
{
    auto preset = TcpPreset::Linux();
    preset.sendBuffer = 60000;
    preset.receiveBuffer = 50000;
    TlsTestBed bed(MilliSeconds(5), preset, "100Mbps");
    bed.pattern.reads = false;
    auto& client = bed.Connect();
    client.queue.push_back(Create<Packet>(5000000U));
    bed.Run(Seconds(30));
    auto& server = *bed.servers.front();
    // Both buffers of TCP, a record in TLS at each end.
    t.Check(client.accepted <= 60000 + 50000 + 2 * 16413,
            "held in all: " + std::to_string(client.accepted));
    t.Check(client.accepted >= 100000, "and no less than TCP holds");
    t.Check(client.tls->GetBufferedBytes() <= 16413, "the sender's TLS");
    t.Check(server.tls->GetBufferedBytes() <= 16413, "the receiver's TLS");
    server.reads = true;
    server.keeps = false;
    server.Read();
    // The stock TCP does not tell by itself that its window is open again; with data it does.
    server.queue.push_back(ToPacket("go on"));
    server.Push();
    client.closes = true;
    bed.Run(Seconds(300));
    t.Equal(server.count, 5000000, "nothing is lost");
    t.Check(server.ends == std::vector<ByteStreamEnd>({ByteStreamEnd::Closed}), "nor its end");
}

/**
 * @param t the test case
 */
void
CheckCpu(FunctionTestCase& t)
{
    struct Row
    {
        double speed; // compute units
        bool resumed; // kind of handshakes
        double rate;  // handshakes a second
    };

    for (const Row& row :
         std::vector<Row>{{1, false, 50}, {4, false, 200}, {0.4, true, 200}, {0.2, false, 10}})
    {
        TlsTestBed bed(MilliSeconds(1));
        bed.cpu = CreateObject<TlsCpu>();
        bed.cpu->SetAttribute("Speed", DoubleValue(row.speed));
        if (row.resumed)
        {
            bed.told.AddSessions();
            bed.Connect();
        }
        bed.Run(Seconds(1));
        const auto busy = bed.cpu->GetBusyTime();
        // Twice as many as it can do in a second.
        const auto count = static_cast<uint32_t>(2 * row.rate);
        for (uint32_t i = 0; i < count; ++i)
        {
            bed.Connect();
        }
        bed.Run(Seconds(2));
        auto established = [&] {
            return std::count_if(bed.servers.begin(), bed.servers.end(), [&](const auto& server) {
                return server->opened && *server->opened > Seconds(1);
            });
        };
        // The first is done after two round trips and its work, the others 1 / rate apart.
        t.Near(established(), row.rate - row.rate * 0.004, 2, "in the first second");
        t.Near(bed.cpu->GetQueueLength(), row.rate, 2, "the others wait");
        bed.Run(Seconds(4));
        t.Equal(established(), count, "all in the end");
        t.Equal(bed.cpu->GetQueueLength(), 0, "nobody waits");
        t.Near((bed.cpu->GetBusyTime() - busy).GetSeconds(), 2, 1e-6, "time spent");
        std::vector<double> times;
        for (const auto& server : bed.servers)
        {
            const auto& record = server->handshakes.front();
            t.Equal(record.agreement.resumed, row.resumed && server != bed.servers.front(), "kind");
            times.push_back(record.processorTime.GetSeconds());
        }
        std::sort(times.begin(), times.end());
        t.Near(times.back(), 2, 0.01, "the last waits for all others");
    }
}

/**
 * @param t the test case
 */
void
CheckCpuQueue(FunctionTestCase& t)
{
    auto cpu = CreateObject<TlsCpu>();
    std::vector<std::pair<int, int64_t>> done;
    std::vector<uint64_t> jobs;
    auto note = [&done](int which) {
        done.emplace_back(which, Simulator::Now().GetMilliSeconds());
    };
    for (int i = 0; i < 6; ++i)
    {
        jobs.push_back(
            cpu->Submit(i == 3, Callback<void>(std::function<void()>([&note, i] { note(i); }))));
    }
    cpu->Cancel(jobs[0]); // is being worked on: wasted
    cpu->Cancel(jobs[2]); // not begun: free
    cpu->Cancel(jobs[2]);
    cpu->Cancel(0);
    cpu->Cancel(99);
    t.Equal(cpu->GetQueueLength(), 5, "the first counts to its end");
    Simulator::Schedule(MilliSeconds(50), [&] {
        t.Equal(cpu->GetQueueLength(), 2, "two to go");
        t.Equal(cpu->GetBusyTime().GetMilliSeconds(), 50, "busy all the time");
        cpu->Cancel(jobs[5]);
    });
    Simulator::Run();
    t.Check(done == std::vector<std::pair<int, int64_t>>({{1, 40}, {3, 42}, {4, 62}}),
            "in order, each after its cost");
    t.Equal(cpu->GetBusyTime().GetMilliSeconds(), 62, "time spent");
    t.Equal(cpu->GetQueueLength(), 0, "idle");
    cpu->Dispose();
    Simulator::Destroy();
}

/**
 * @param t the test case
 */
void
CheckClientCertificates(FunctionTestCase& t)
{
    for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        const bool new13 = version == TlsVersion::Tls13;
        TlsTestBed bed;
        bed.told.SetVersion(version);
        bed.told.server->clientAuthentication = TlsClientAuthentication::Require;
        bed.told.client->certificate = bed.told.pki.client;
        auto& good = bed.Connect();
        bed.Run(Seconds(2));
        t.Equal(Outcome(good), "established", "the client");
        const auto& seen = bed.servers[0]->handshakes.at(0).agreement;
        t.Check(seen.peerChain == bed.told.pki.client, "the server sees the certificate");
        t.Equal(seen.peerChain.at(0).fingerprint.size(), 40, "with all that AG-46 wants of it");
        t.Equal(TlsName(seen.peerVerification.status), "ok", "and that it is good");
        // Strict, and the client has none.
        bed.told.client->certificate.clear();
        auto& none = bed.Connect();
        none.queue.push_back(ToPacket("hello"));
        bed.Run(Seconds(4));
        const std::string alert = new13 ? "certificate_required" : "handshake_failure";
        t.Equal(Outcome(*bed.servers[1]), "alert-sent " + alert, "the server refuses");
        // A client of 1.3 learns it after its own handshake is over.
        t.Equal(Outcome(none), new13 ? "established" : "alert-received " + alert, "the client");
        t.Check(none.ends == std::vector<ByteStreamEnd>({ByteStreamEnd::Failed}), "told once");
        t.Check(bed.servers[1]->ends == none.ends, "as is the server");
        t.Equal(bed.servers[1]->count, 0, "no data passed");
        // Strict without an alert: the owner decides.
        bed.told.server->refusesWithAlert = false;
        bed.Connect();
        bed.Run(Seconds(6));
        t.Equal(Outcome(*bed.servers[2]), "established", "it goes on");
        t.Equal(TlsName(bed.servers[2]->handshakes.at(0).agreement.peerVerification.status),
                "no certificate",
                "and the owner knows what to answer");
    }
}

/**
 * @param t the test case
 */
void
CheckEnds(FunctionTestCase& t)
{
    using Ends = std::vector<ByteStreamEnd>;
    TlsTestBed bed;
    bed.timeout = Seconds(3);
    // TCP closed without close_notify.
    auto& truncated = bed.Connect();
    bed.Run(Seconds(1));
    bed.sockets[0]->Close();
    bed.Run(Seconds(2));
    t.Check(truncated.ends == Ends({ByteStreamEnd::Truncated}), "a truncation is no orderly end");
    // Reset.
    auto& reset = bed.Connect();
    bed.Run(Seconds(3));
    bed.servers[1]->tls->Abort();
    bed.Run(Seconds(4));
    t.Check(reset.ends == Ends({ByteStreamEnd::Reset}), "a reset");
    t.Equal(Outcome(reset), "established", "after the handshake");
    // Reset in the midst of the handshake: the server's processor is at work.
    bed.cpu = CreateObject<TlsCpu>();
    auto& early = bed.Connect();
    bed.Run(Seconds(4.16));
    bed.servers[2]->tls->Abort();
    bed.Run(Seconds(5));
    t.Equal(Outcome(early), "reset", "before the handshake is over");
    t.Equal(Outcome(*bed.servers[2]), "0 handshakes", "who ends it is not told");
    t.Equal(TlsName(bed.servers[2]->tls->GetRecord().outcome), "aborted", "but can look");
    // Refused.
    auto& refused = bed.Connect(444);
    bed.Run(Seconds(6));
    t.Check(refused.ends == Ends({ByteStreamEnd::Refused}), "nobody listens");
    t.Equal(Outcome(refused), "connect-failed", "no handshake");
    // Closed in the midst of the handshake.
    auto& closed = bed.Connect();
    bed.Run(Seconds(6.16));
    bed.sockets[3]->Close();
    bed.Run(Seconds(7));
    t.Equal(Outcome(closed), "closed-early", "TCP closed");
    bed.cpu = nullptr;
    // A client that says nothing after TCP.
    auto silent = TcpPresetSocketFactory::CreateOn(bed.nodes.Get(0));
    silent->Bind();
    silent->Connect(InetSocketAddress(bed.interfaces.GetAddress(1), 443));
    bed.Run(Seconds(12));
    t.Equal(Outcome(*bed.servers[4]), "timed-out", "no ClientHello");
    t.Near((bed.servers[4]->handshakes.at(0).GetDuration()).GetSeconds(), 3, 1e-9, "in time");
    t.Check(bed.servers[4]->ends == Ends({ByteStreamEnd::Failed}), "and closed");
    // A client that speaks HTTP.
    auto plain = TcpPresetSocketFactory::CreateOn(bed.nodes.Get(0));
    plain->Bind();
    plain->Connect(InetSocketAddress(bed.interfaces.GetAddress(1), 443));
    bed.Run(Seconds(13));
    plain->Send(ToPacket("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
    bed.Run(Seconds(14));
    t.Equal(Outcome(*bed.servers[5]), "alert-sent protocol_version", "no TLS");
    t.Equal(ToBytes(plain->Recv(UINT32_MAX, 0)),
            std::string("\x15\3\3\0\2\2\x46", 7),
            "it gets the alert");
    // A server that the client does not trust.
    bed.told.client->trust = TlsTrustStore();
    auto& stranger = bed.Connect();
    bed.Run(Seconds(16));
    t.Equal(Outcome(stranger), "alert-sent unknown_ca", "the client refuses");
    t.Equal(Outcome(*bed.servers[6]), "alert-received unknown_ca", "the server learns why");
    t.Equal(TlsName(stranger.handshakes.at(0).agreement.peerVerification.status),
            "unknown authority",
            "as does the client's owner");
    // Many ways to end while the processor works.
    bed.told.client->trust.Add(bed.told.pki.root);
    bed.cpu = CreateObject<TlsCpu>();
    auto& hurried = bed.Connect();
    bed.Run(Seconds(16.155));
    t.Equal(bed.cpu->GetQueueLength(), 1, "at work");
    hurried.tls->Abort();
    bed.Run(Seconds(18));
    t.Equal(Outcome(*bed.servers[7]), "reset", "the client has gone");
    t.Equal(bed.cpu->GetQueueLength(), 0, "nothing is left");
}

/** TLS over a network. */
class TlsSystemTestSuite : public TestSuite
{
  public:
    TlsSystemTestSuite()
        : TestSuite("azure-tls-system", Type::SYSTEM)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Round trips before the first byte of data are those of the RFCs", CheckRoundTrips);
        add("Random bodies arrive byte for byte, both ways, whatever is lost", CheckTransfer);
        add("Bulk data fills its records", CheckBulk);
        add("A slow reader stops the sender", CheckBackPressure);
        add("A processor of speed 1 makes 50 full handshakes a second (AG-51)", CheckCpu);
        add("Handshakes wait for one another, what is cancelled costs nothing", CheckCpuQueue);
        add("AG-45: a client certificate reaches the server; strict refuses without one",
            CheckClientCertificates);
        add("Every way to end has its name at both ends", CheckEnds);
    }
};

/** Registers the suite. */
TlsSystemTestSuite g_tlsSystemTestSuite;

} // namespace
