/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-test-bed.h"
#include "azure-tls-test-bed.h"

#include <memory>
#include <set>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A server of TLS that answers each request with 200. */
class TlsBackend
{
  public:
    /**
     * @param node where
     * @param told what it is told
     */
    TlsBackend(Ptr<Node> node, std::shared_ptr<const TlsServerConfiguration> told)
        : m_told(told),
          m_listener(TcpPresetSocketFactory::CreateOn(node))
    {
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), 8443));
        m_listener->Listen();
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&TlsBackend::OnAccept, this));
    }

    std::vector<TlsHandshakeRecord> handshakes; //!< in order
    std::string received;                       //!< of all connections

  private:
    /** @param socket an accepted connection */
    void OnAccept(Ptr<Socket> socket, const Address& /* from */)
    {
        auto tls =
            Create<TlsConnection>(Create<TcpByteStream>(DynamicCast<AbortableTcpSocket>(socket)),
                                  m_told,
                                  MakeRandom(3000 + m_connections.size()));
        m_connections.push_back(tls);
        tls->SetHandshakeCallback(Callback<void, const TlsHandshakeRecord&>(
            [this](const TlsHandshakeRecord& record) { handshakes.push_back(record); }));
        tls->SetReceiveCallback(Callback<void>([this, at = m_connections.size() - 1] {
            while (auto packet = m_connections[at]->Recv(UINT32_MAX))
            {
                const auto text = ToBytes(packet);
                received += text;
                if (Contains(text, "\r\n\r\n"))
                {
                    m_connections[at]->Send(ToPacket(ResponseText("secret")));
                }
            }
        }));
        tls->SetEndCallback(
            Callback<void, ByteStreamEnd>([this, at = m_connections.size() - 1](ByteStreamEnd) {
                m_connections[at]->CloseWithin(Seconds(1));
            }));
        tls->Start();
    }

    std::shared_ptr<const TlsServerConfiguration> m_told; //!< what it is told
    Ptr<AbortableTcpSocket> m_listener;                   //!< its port
    std::vector<Ptr<TlsConnection>> m_connections;        //!< in order
};

/** A gateway with HTTPS, its clients and their certificates. */
class TlsGatewayBed : public GatewayTestBed
{
  public:
    /** @param c what the gateway is to be */
    explicit TlsGatewayBed(const ApplicationGatewayConfiguration& c)
        : GatewayTestBed(c)
    {
        told->serverName = "www.contoso.com";
        told->trust.Add(MakeTlsPublicRoot());
    }

    /**
     * @brief Connect, and send a request when data can flow.
     * @param text what to send
     * @return the client's end
     */
    TlsEnd& Ask(const std::string& text = RequestText("/"))
    {
        auto socket = TcpPresetSocketFactory::CreateOn(client);
        socket->Bind();
        ends.push_back(std::make_unique<TlsEnd>());
        auto tls = Create<TlsConnection>(Create<TcpByteStream>(socket),
                                         std::shared_ptr<const TlsClientConfiguration>(
                                             std::make_shared<TlsClientConfiguration>(*told)),
                                         MakeRandom(1000 + ends.size()));
        if (!text.empty())
        {
            ends.back()->queue.push_back(ToPacket(text));
        }
        ends.back()->Start(tls);
        socket->Connect(InetSocketAddress(Ipv4Address("20.0.0.4"), 443));
        return *ends.back();
    }

    std::shared_ptr<TlsClientConfiguration> told{
        std::make_shared<TlsClientConfiguration>()}; //!< what clients are told
    std::vector<std::unique_ptr<TlsEnd>> ends;       //!< in order
};

/**
 * @return a gateway with HTTPS on port 443: listener `www`, then `api` of a smaller number
 */
ApplicationGatewayConfiguration
MakeSecureGateway()
{
    auto c = MakeGateway();
    c.sslCertificates = {{"www", "www.contoso.com"}, {"api", "api.contoso.com"}};
    for (const std::string name : {"www", "api"})
    {
        auto listener = MakeListener(name, "port443", {name + ".contoso.com"});
        listener.protocol = ApplicationGatewayProtocol::Https;
        listener.sslCertificate = name;
        c.httpListeners.push_back(listener);
        c.requestRoutingRules.push_back(MakeRule(name, name == "www" ? 20 : 10, name));
    }
    return c;
}

/**
 * @return that, with mutual authentication for `www`, and its result in fields of the request
 * @param mode how strict
 */
ApplicationGatewayConfiguration
MakeMutualGateway(ClientAuthMode mode)
{
    auto c = MakeSecureGateway();
    c.trustedClientCertificates = {{"devices", "CN=Devices"}};
    SslProfile profile;
    profile.name = "mutual";
    profile.trustedClientCertificates = {"devices"};
    profile.verifyClientAuthMode = mode;
    c.sslProfiles = {profile};
    c.httpListeners[1].sslProfile = "mutual";
    RewriteRule rule;
    rule.name = "certificate";
    for (const std::string name : {"subject", "issuer", "serial", "fingerprint", "verification"})
    {
        rule.actionSet.requestHeaderConfigurations.push_back(
            {"X-Client-" + name, "{var_client_certificate_" + name + "}"});
    }
    rule.actionSet.requestHeaderConfigurations.push_back(
        {"X-Client-Pem", "{var_client_certificate}"});
    RewriteRuleSet set;
    set.name = "certificate";
    set.rewriteRules = {rule};
    c.rewriteRuleSets = {set};
    c.requestRoutingRules[1].rewriteRuleSet = "certificate";
    return c;
}

/** @param t the test case */
void
CheckTermination(FunctionTestCase& t)
{
    for (const auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        TlsGatewayBed bed(MakeSecureGateway());
        bed.told->minimumVersion = bed.told->maximumVersion = version;
        bed.told->sessions = std::make_shared<TlsSessionCache>();
        auto& server = bed.AddScript(0, {{{ResponseText("plain")}, Ending::StayOpen}});
        bed.Start();
        auto& first = bed.Ask();
        GatewayTestBed::Run(Seconds(1));
        t.Check(Contains(first.data, "plain"), "the answer comes through TLS");
        t.Equal(first.handshakes.at(0).agreement.peerChain.at(0).subject,
                "CN=www.contoso.com",
                "the listener's certificate");
        t.Check(Contains(server.requests.at(0), "x-forwarded-proto: https\r\n"), "AG-23");
        t.Check(Contains(server.requests.at(0), "x-forwarded-port: 443\r\n"), "port");
        first.tls->CloseWithin(Seconds(1));
        auto& second = bed.Ask();
        GatewayTestBed::Run(Seconds(2));
        t.Check(second.handshakes.at(0).agreement.resumed, "sessions are resumed");
        t.Equal(bed.instance->GetHandshakeCount(), 2, "handshakes");
    }
}

/** @param t the test case */
void
CheckServerName(FunctionTestCase& t)
{
    struct Row
    {
        const char* asked;
        const char* shown;
    };

    for (const Row& row : std::vector<Row>{{"www.contoso.com", "CN=www.contoso.com"},
                                           {"WWW.contoso.com", "CN=www.contoso.com"},
                                           {"api.contoso.com", "CN=api.contoso.com"},
                                           {"other.example", "CN=api.contoso.com"},
                                           {"", "CN=api.contoso.com"}})
    {
        TlsGatewayBed bed(MakeSecureGateway());
        bed.told->serverName = row.asked;
        bed.told->checks = TlsChecks::None();
        bed.Start();
        auto& end = bed.Ask("");
        GatewayTestBed::Run(Seconds(1));
        t.Equal(end.handshakes.at(0).agreement.peerChain.at(0).subject, row.shown, row.asked);
    }
}

/** @param t the test case */
void
CheckPlain(FunctionTestCase& t)
{
    TlsGatewayBed bed(MakeSecureGateway());
    bed.Start();
    auto& client = bed.Connect(443);
    client.Send(RequestText("/"));
    auto& silent = bed.Connect(443);
    GatewayTestBed::Run(Seconds(1));
    t.Check(Contains(client.received, "HTTP/1.1 400 "), "in plain text, as it was asked");
    t.Check(bed.records.at(0).reason == GatewayAnswerReason::WrongProtocol, "the reason");
    GatewayTestBed::Run(Seconds(70));
    t.Near(silent.closed.value_or(Time(0)).GetSeconds(), 60, 0.1, "who says nothing is closed");
    t.Equal(bed.instance->GetConnectionCount(), 0, "nobody is left");
}

/** @param t the test case */
void
CheckStrict(FunctionTestCase& t)
{
    const auto devices = MakeTlsRoot("Devices");
    auto expired = IssueTlsCertificate(devices, "old");
    expired.notAfter = MicroSeconds(1);

    struct Row
    {
        TlsCertificateChain shown;
        std::string status;
        std::string verification;
    };

    const std::vector<Row> rows{
        {{IssueTlsCertificate(devices, "device-7")}, "200", "SUCCESS"},
        {{}, "400", ""},
        {{IssueTlsCertificate(MakeTlsRoot("Others"), "device-7")}, "400", ""},
        {{expired}, "400", ""}};
    for (const auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        for (const auto& row : rows)
        {
            TlsGatewayBed bed(MakeMutualGateway(ClientAuthMode::Strict));
            bed.told->minimumVersion = bed.told->maximumVersion = version;
            bed.told->certificate = row.shown;
            auto& server = bed.AddScript(0, {{{ResponseText("in")}, Ending::StayOpen}});
            bed.Start();
            auto& end = bed.Ask();
            GatewayTestBed::Run(Seconds(1));
            t.Check(end.handshakes.at(0).outcome == TlsOutcome::Established,
                    "the handshake is not refused");
            t.Check(Contains(end.data, "HTTP/1.1 " + row.status + " "), row.status);
            t.Equal(server.requests.size(), row.status == "200" ? 1 : 0, "what the member gets");
            if (row.status == "200")
            {
                t.Check(Contains(server.requests[0], "X-Client-subject: CN=device-7\r\n"), "who");
            }
            else
            {
                t.Check(bed.records.at(0).reason == GatewayAnswerReason::NoClientCertificate,
                        "the reason");
            }
        }
    }
    // The name of a listener without mutual authentication in SNI is no way round it.
    TlsGatewayBed bed(MakeMutualGateway(ClientAuthMode::Strict));
    bed.told->serverName = "api.contoso.com";
    bed.told->certificate = rows[0].shown;
    bed.Start();
    auto& end = bed.Ask();
    GatewayTestBed::Run(Seconds(1));
    t.Check(Contains(end.data, "HTTP/1.1 400 "), "SNI and Host differ");
}

/** @param t the test case */
void
CheckIssuer(FunctionTestCase& t)
{
    const auto devices = MakeTlsRoot("Devices");
    const auto between = IssueTlsCertificate(devices, "Between", true);
    for (const bool direct : {true, false})
    {
        auto c = MakeMutualGateway(ClientAuthMode::Strict);
        c.sslProfiles[0].verifyClientCertIssuerDn = true;
        TlsGatewayBed bed(c);
        bed.told->certificate = {IssueTlsCertificate(direct ? devices : between, "device-7")};
        if (!direct)
        {
            bed.told->certificate.push_back(between);
        }
        bed.AddScript(0, {{{ResponseText("in")}, Ending::StayOpen}});
        bed.Start();
        auto& end = bed.Ask();
        GatewayTestBed::Run(Seconds(1));
        t.Check(Contains(end.data, direct ? "HTTP/1.1 200 " : "HTTP/1.1 400 "), "issuer");
    }
}

/** @param t the test case */
void
CheckPassthrough(FunctionTestCase& t)
{
    struct Row
    {
        TlsCertificateChain shown;
        std::string verification;
        std::string subject;
    };

    const auto good = IssueTlsCertificate(MakeTlsRoot("Devices"), "device-7");
    for (const Row& row : std::vector<Row>{{{good}, "SUCCESS", "CN=device-7"},
                                           {{IssueTlsCertificate(MakeTlsRoot("Others"), "x")},
                                            "FAILED:unknown authority",
                                            "CN=x"},
                                           {{}, "NONE", ""}})
    {
        TlsGatewayBed bed(MakeMutualGateway(ClientAuthMode::Passthrough));
        bed.told->certificate = row.shown;
        auto& server = bed.AddScript(0, {{{ResponseText("in")}, Ending::StayOpen}});
        bed.Start();
        auto& end = bed.Ask(RequestText("/", "X-Client-verification: SUCCESS\r\n"));
        GatewayTestBed::Run(Seconds(1));
        t.Check(Contains(end.data, "HTTP/1.1 200 "), "it never blocks");
        const auto& request = server.requests.at(0);
        t.Check(Contains(request, "X-Client-verification: " + row.verification + "\r\n"),
                row.verification);
        t.Equal(Contains(request, "X-Client-subject: " + row.subject + "\r\n"),
                !row.subject.empty(),
                "subject");
        if (row.subject == "CN=device-7")
        {
            t.Check(Contains(request, "X-Client-fingerprint: " + good.fingerprint + "\r\n"),
                    "fingerprint");
            t.Check(Contains(request, "X-Client-serial: " + good.serial + "\r\n"), "serial");
            const auto from = request.find("X-Client-Pem: ");
            const auto size = request.find("\r\n", from) - from;
            t.Check(size > 4 * good.bytes / 3 && size < 4 * good.bytes / 3 + 100, "its size");
        }
    }
}

/** @param t the test case */
void
CheckEndToEnd(FunctionTestCase& t)
{
    struct Row
    {
        const char* what;
        std::string root; // that the setting trusts
        std::string name; // of the certificate
        bool checksName;  // validateSNI
        bool checksChain; // validateCertChainAndExpiry
        bool good;        // what must come of it
    };

    for (const Row& row : std::vector<Row>{
             {"good", "CN=Inner", "www.contoso.com", true, true, true},
             {"wrong name", "CN=Inner", "other.contoso.com", true, true, false},
             {"wrong name, not looked at", "CN=Inner", "other.contoso.com", false, true, true},
             {"wrong root", "CN=Else", "www.contoso.com", true, true, false},
             {"wrong root, not looked at", "CN=Else", "www.contoso.com", true, false, true}})
    {
        auto c = MakeSecureGateway();
        c.trustedRootCertificates = {{"inner", row.root}};
        auto& setting = c.backendHttpSettingsCollection[0];
        setting.protocol = ApplicationGatewayProtocol::Https;
        setting.port = 8443;
        setting.trustedRootCertificates = {"inner"};
        setting.validateSni = row.checksName;
        setting.validateCertChainAndExpiry = row.checksChain;
        TlsGatewayBed bed(c);
        auto told = std::make_shared<TlsServerConfiguration>();
        told->certificates = {{IssueTlsCertificate(MakeTlsRoot("Inner"), row.name)}};
        told->sessions = std::make_shared<TlsSessionCache>();
        told->clientAuthentication = TlsClientAuthentication::Request;
        bed.told->certificate = {IssueTlsCertificate(MakeTlsRoot("Devices"), "device-7")};
        std::vector<std::unique_ptr<TlsBackend>> backends;
        for (uint32_t i = 0; i < 3; ++i)
        {
            backends.push_back(std::make_unique<TlsBackend>(bed.servers.Get(i), told));
        }
        bed.Start();
        auto& end = bed.Ask();
        GatewayTestBed::Run(Seconds(2));
        t.Check(Contains(end.data, row.good ? "HTTP/1.1 200 " : "HTTP/1.1 502 "), row.what);
        const auto& seen = backends[0]->handshakes.at(0).agreement;
        t.Equal(seen.serverName, "www.contoso.com", "SNI is the Host that the member sees");
        t.Check(seen.peerChain.empty(), "the client's certificate does not get through");
        t.Equal(backends[0]->received.empty(), !row.good, "nothing is said to a stranger");
        t.Equal(bed.records.at(0).retries, row.good ? 0 : 1, "a second member is tried (AG-39)");
        if (row.good)
        {
            t.Check(Contains(end.data, "secret"), "the body");
            // At least a round trip of 0.2 ms for TCP and one for TLS 1.3.
            t.Check(*bed.records[0].GetBackendConnectTime() >= MicroSeconds(400), "connect time");
        }
    }
}

/** @param t the test case */
void
CheckCapacity(FunctionTestCase& t)
{
    for (const auto tier : {ApplicationGatewayTier::StandardV2, ApplicationGatewayTier::Basic})
    {
        auto c = MakeSecureGateway();
        c.sku.tier = tier;
        TlsGatewayBed bed(c);
        bed.Start();
        const uint32_t limit = tier == ApplicationGatewayTier::Basic ? 100 : 500;
        // Half as many again as the instance can do, evenly, for a second.
        for (uint32_t i = 0; i < 3 * limit / 2; ++i)
        {
            Simulator::Schedule(Seconds(i * 2.0 / (3 * limit)),
                                [&bed] { bed.Ask("").closes = true; });
        }
        GatewayTestBed::Run(Seconds(0.5));
        const auto first = bed.instance->GetHandshakeCount();
        GatewayTestBed::Run(Seconds(1));
        t.Equal(bed.instance->GetHandshakeCount() - first, limit / 2, "in a saturated half second");
        // Arrivals less departures: a fluid queue.
        t.Near(bed.instance->GetHandshakeQueueLength(), limit / 2, 0.05 * limit, "the others wait");
        GatewayTestBed::Run(Seconds(1.25));
        t.Equal(bed.instance->GetHandshakeCount() - first, 0.75 * limit, "until they are done");
        GatewayTestBed::Run(Seconds(3));
        t.Equal(bed.instance->GetHandshakeCount(), 3 * limit / 2, "all in the end");
        t.Equal(bed.instance->GetHandshakeQueueLength(), 0, "nobody waits");
    }
}

/** HTTPS at an instance of a gateway. */
class GatewayTlsTestSuite : public TestSuite
{
  public:
    GatewayTlsTestSuite()
        : TestSuite("azure-gateway-tls", Type::SYSTEM)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("AG-43, AG-23: TLS ends at the gateway, and sessions are resumed", CheckTermination);
        add("AG-44: SNI chooses the certificate, else the first listener's in rule order",
            CheckServerName);
        add("AG-40: Plain HTTP at a listener for HTTPS gets 400", CheckPlain);
        add("AG-45: Strict mutual authentication: without a good certificate, 400", CheckStrict);
        add("AG-45: The issuer's name can be looked at", CheckIssuer);
        add("AG-45, AG-46: Passthrough never blocks, fields tell of the certificate",
            CheckPassthrough);
        add("AG-42, AG-43: A second session to the member, checked as the setting says",
            CheckEndToEnd);
        add("AG-51: An instance does 500 new TLS connections a second, Basic 100", CheckCapacity);
    }
};

/** Registers the suite. */
GatewayTlsTestSuite g_gatewayTlsTestSuite;

} // namespace
