/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-session-bed.h"

#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using End = GatewaySessionEnd; //!< how sessions end

/**
 * @param name name to ask for; empty: none
 * @return what a client tells TLS; it believes the public root
 */
std::shared_ptr<TlsClientConfiguration>
TellClient(const std::string& name)
{
    auto told = std::make_shared<TlsClientConfiguration>();
    told->serverName = name;
    told->trust.Add(MakeTlsPublicRoot());
    return told;
}

/**
 * @param issuer who vouches for it
 * @param name whom it names
 * @return what a server tells TLS
 */
std::shared_ptr<TlsServerConfiguration>
TellServer(const TlsCertificate& issuer, const std::string& name)
{
    auto told = std::make_shared<TlsServerConfiguration>();
    told->certificates = {{IssueTlsCertificate(issuer, name)}};
    return told;
}

/**
 * @param version the only version to speak
 * @param told gets it
 */
void
Limit(TlsVersion version, TlsCommonConfiguration& told)
{
    told.minimumVersion = told.maximumVersion = version;
}

/** @param t the test case */
void
TestTermination(FunctionTestCase& t)
{
    for (const auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        SessionBed bed(MakeTlsLayer4Gateway(), 2);
        const auto up = PatternText(60000);
        const auto down = PatternText(90000);
        auto& server = bed.Serve(0);
        server.onAccept = [&](SessionPeer& peer) {
            peer.onEnd = [&] {
                peer.Send(down);
                peer.Finish();
            };
        };
        bed.Start();
        auto told = TellClient("www.contoso.com");
        Limit(version, *told);
        auto& client = bed.Open(443, told);
        client.Send(up);
        client.Finish();
        bed.Run(Seconds(3));
        t.Equal(server.peers.size(), 1, "one connection");
        t.Check(server.peers.at(0)->received == up, "the member gets the bytes without TLS");
        t.Check(client.received == down, "the client gets its answer, behind its own end");
        t.Check(client.how == ByteStreamEnd::Closed, "with close_notify");
        t.Check(server.peers.at(0)->how == ByteStreamEnd::Closed, "the member's end");
        t.Equal(bed.sessions.size(), 1, "one session");
        const auto& record = bed.sessions.at(0);
        t.Check(record.tls && !record.backendTls, "TLS with the client alone");
        t.Equal(record.serverName, "www.contoso.com", "what was asked for");
        t.Check(record.handshakeEnd == record.backendStart, "the member is called after it");
        // The client's first flight comes with the last segment of TCP's handshake, its second one
        // a round trip later; the processor does 500 a second.
        t.Near((*record.handshakeEnd - record.start).GetSeconds(),
               0.010 + 1.0 / 500,
               0.0002,
               "its handshake");
        t.Equal(record.bytesToBackend, up.size(), "bytes without TLS");
        t.Equal(ToString(record.end), "complete", "how it ended");
        t.Equal(bed.instance->GetHandshakeCount(), 1, "counted");
    }
}

/** @param t the test case */
void
TestServerName(FunctionTestCase& t)
{
    struct Row
    {
        const char* asked;
        const char* shown; //!< certificate
        int member;        //!< who gets it; -1: nobody
    };

    for (const Row& row : std::vector<Row>{{"www.contoso.com", "CN=www.contoso.com", 0},
                                           {"API.contoso.com", "CN=api.contoso.com", 1},
                                           {"other.example", "CN=api.contoso.com", -1},
                                           {"", "CN=api.contoso.com", -1}})
    {
        SessionBed bed(MakeTlsLayer4Gateway(), 2);
        bed.Serve(0);
        bed.Serve(1);
        bed.Start();
        auto told = TellClient(row.asked);
        told->checks = TlsChecks::None();
        auto& client = bed.Open(443, told);
        client.Send("hello");
        bed.Run(Seconds(1));
        const auto tls = DynamicCast<TlsConnection>(client.stream);
        t.Equal(tls->GetRecord().agreement.peerChain.at(0).subject, row.shown, row.asked);
        for (int member : {0, 1})
        {
            t.Equal(bed.ports[member]->peers.size(), member == row.member, "who gets it");
        }
        if (row.member < 0)
        {
            t.Check(bed.sessions.at(0).end == End::NoListener, "why not");
            t.Equal(bed.instance->GetDropCount(GatewayDropReason::NoListener), 1, "counted");
            t.Check(client.how == ByteStreamEnd::Reset, "reset");
        }
    }
}

/** @param t the test case */
void
TestEndToEnd(FunctionTestCase& t)
{
    struct Row
    {
        std::string host; //!< of the backend setting
        std::string name; //!< in the member's certificate
        bool trusted;     //!< whether its root is
        std::string sni;  //!< that the member hears
        bool good;        //!< whether it comes to a session
    };

    const auto root = MakeTlsRoot("Own");
    for (const Row& row : std::vector<Row>{
             {"inner.contoso.com", "inner.contoso.com", true, "inner.contoso.com", true},
             {"", "www.contoso.com", true, "www.contoso.com", true},
             {"inner.contoso.com", "www.contoso.com", true, "inner.contoso.com", false},
             {"inner.contoso.com", "inner.contoso.com", false, "inner.contoso.com", false}})
    {
        auto c = MakeTlsLayer4Gateway();
        c.trustedRootCertificates = {{"own", "CN=Own"}};
        auto& raw = c.backendSettingsCollection[0];
        raw.protocol = ApplicationGatewayProtocol::Tls;
        raw.trustedRootCertificates = {"own"};
        raw.hostName = row.host;
        SessionBed bed(c, 1);
        auto& server =
            bed.Serve(0, TellServer(row.trusted ? root : MakeTlsRoot("Others"), row.name));
        server.onAccept = [](SessionPeer& peer) {
            peer.onData = [&peer] { peer.Send("answer"); };
            peer.onEnd = [&peer] { peer.Finish(); };
        };
        bed.Start();
        auto& client = bed.Open(443, TellClient("www.contoso.com"));
        client.Send("secret");
        Simulator::Schedule(Seconds(1), [&] { client.Finish(); });
        bed.Run(Seconds(2));
        const auto& record = bed.sessions.at(0);
        t.Check(record.tls && record.backendTls, "two sessions of TLS");
        t.Equal(server.handshakes.at(0).agreement.serverName, row.sni, "what the member is asked");
        t.Equal(ToString(record.end), row.good ? "complete" : "backend-tls-failed", "the end");
        t.Equal(client.received, row.good ? "answer" : "", "what the client gets");
        t.Check(client.how == (row.good ? ByteStreamEnd::Closed : ByteStreamEnd::Reset), "its end");
        if (row.good)
        {
            t.Equal(server.peers.at(0)->received, "secret", "what the member gets");
        }
    }
}

/** @param t the test case */
void
TestPassThrough(FunctionTestCase& t)
{
    // A listener for TCP carries TLS as it is: even the client's certificate reaches the member.
    const auto devices = MakeTlsRoot("Devices");
    SessionBed bed(MakeLayer4Gateway(), 1);
    auto told = TellServer(MakeTlsPublicRoot(), "www.contoso.com");
    told->clientAuthentication = TlsClientAuthentication::Require;
    told->trust.Add(devices);
    auto& server = bed.Serve(0, told);
    bed.Start();
    auto shown = TellClient("www.contoso.com");
    shown->certificate = {IssueTlsCertificate(devices, "device-7")};
    auto& client = bed.Open(9000, shown);
    client.Send("through");
    bed.Run(Seconds(1));
    t.Equal(server.peers.at(0)->received, "through", "the bytes");
    t.Equal(server.handshakes.at(0).agreement.peerChain.at(0).subject, "CN=device-7", "who it is");
    t.Equal(bed.instance->GetHandshakeCount(), 0, "the gateway has no part in it");
}

/** @param t the test case */
void
TestMutual(FunctionTestCase& t)
{
    const auto devices = MakeTlsRoot("Devices");
    const auto between = IssueTlsCertificate(devices, "Between", true);

    struct Row
    {
        TlsCertificateChain shown;
        bool byName; //!< whether the issuer's name is looked at
        bool good;
    };

    for (const Row& row :
         std::vector<Row>{{{IssueTlsCertificate(devices, "device-7")}, true, true},
                          {{}, false, false},
                          {{IssueTlsCertificate(MakeTlsRoot("Others"), "x")}, false, false},
                          {{IssueTlsCertificate(between, "device-8"), between}, false, true},
                          {{IssueTlsCertificate(between, "device-8"), between}, true, false}})
    {
        auto c = MakeTlsLayer4Gateway();
        c.trustedClientCertificates = {{"devices", "CN=Devices"}};
        SslProfile profile;
        profile.name = "mutual";
        profile.trustedClientCertificates = {"devices"};
        profile.verifyClientCertIssuerDn = row.byName;
        c.sslProfiles = {profile};
        c.listeners[1].sslProfile = "mutual";
        SessionBed bed(c, 1);
        auto& server = bed.Serve(0);
        bed.Start();
        auto told = TellClient("www.contoso.com");
        told->certificate = row.shown;
        auto& client = bed.Open(443, told);
        client.Send("let me in");
        bed.Run(Seconds(1));
        t.Equal(server.peers.size(), row.good, "who gets in");
        t.Equal(bed.instance->GetDropCount(GatewayDropReason::TlsFailed), !row.good, "counted");
        if (!row.good)
        {
            t.Check(bed.sessions.at(0).end == End::ClientTlsFailed, "why");
            t.Check(client.ended.has_value(), "it is told");
        }
    }
}

/** @param t the test case */
void
TestPlainBytes(FunctionTestCase& t)
{
    SessionBed bed(MakeTlsLayer4Gateway(), 1);
    auto& server = bed.Serve(0);
    bed.Start();
    auto& client = bed.Open(443);
    client.Send("HELO mail.contoso.com\r\n");
    auto& silent = bed.Open(443);
    bed.Run(Seconds(100));
    t.Equal(server.peers.size(), 0, "no member hears of it");
    t.Check(client.ended < Seconds(1), "who speaks something else is let go at once");
    t.Near(silent.ended.value_or(Time(0)).GetSeconds(), 60, 0.1, "who says nothing after 60 s");
    t.Equal(bed.sessions.size(), 2, "two sessions");
    for (const auto& record : bed.sessions)
    {
        t.Check(record.end == End::ClientTlsFailed, "why");
    }
    t.Equal(bed.instance->GetDropCount(GatewayDropReason::TlsFailed), 2, "counted");
    t.Equal(bed.instance->GetConnectionCount(), 0, "nobody is left");
}

/** @param t the test case */
void
TestSlowReader(FunctionTestCase& t)
{
    auto c = MakeTlsLayer4Gateway();
    c.backendSettingsCollection[0].timeout = Seconds(100);
    TcpPreset preset = TcpPreset::Linux();
    preset.sendBuffer = preset.receiveBuffer = 40000;
    SessionBed bed(c, 1, preset);
    const auto down = PatternText(400000);
    auto& server = bed.Serve(0);
    server.onAccept = [&](SessionPeer& peer) {
        peer.Send(down);
        peer.Finish();
    };
    bed.Start();
    auto& client = bed.Open(443, TellClient("www.contoso.com"));
    client.SetPace(0);
    bed.Run(Seconds(10));
    // TCP's buffers of both hops, the pipe's, a read, and a record on either side of TLS.
    t.Check(server.peers.at(0)->GetSent() < 4 * 40000 + 65536 + 40000 + 2 * 17000,
            "a client that does not read stops the member");
    client.SetPace(2000);
    client.Finish();
    bed.Run(Seconds(20));
    t.Check(client.received == down, "all of it");
    t.Check(client.how == ByteStreamEnd::Closed, "and its end");
    t.Equal(ToString(bed.sessions.at(0).end), "complete", "how it ended");
}

/** Suite on sessions at layer 4 with TLS. */
class GatewaySessionTlsTestSuite : public TestSuite
{
  public:
    GatewaySessionTlsTestSuite()
        : TestSuite("azure-gateway-session-tls", Type::SYSTEM)
    {
        Add("AG-59: TLS ends at the gateway", TestTermination);
        Add("AG-59, AG-44: two listeners at one port, by SNI", TestServerName);
        Add("AG-59, AG-43: a second session of TLS with the member", TestEndToEnd);
        Add("AG-59: a listener for TCP passes TLS through", TestPassThrough);
        Add("AG-45: client certificates at a listener for TLS", TestMutual);
        Add("AG-59: no TLS at a listener for TLS", TestPlainBytes);
        Add("AG-59: buffers are bounded with TLS, too", TestSlowReader);
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

GatewaySessionTlsTestSuite g_gatewaySessionTlsTestSuite; //!< the suite

} // namespace
