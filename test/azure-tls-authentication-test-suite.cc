/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-tls-fixture.h"

#include <algorithm>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param t the test case
 */
void
CheckMutualSizes(FunctionTestCase& t)
{
    for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        const bool new13 = version == TlsVersion::Tls13;
        TlsTellings plain;
        plain.SetVersion(version);
        TlsPair without(plain);
        without.Run();
        TlsTellings mutual;
        mutual.SetVersion(version);
        mutual.server->clientAuthentication = TlsClientAuthentication::Require;
        mutual.client->certificate = mutual.pki.client;
        TlsPair with(mutual);
        with.Run();
        t.Check(with.server.IsEstablished() && with.client.IsEstablished(), "established");
        // CertificateRequest: 6 algorithms, one authority ("CN=Root").
        const auto request = new13 ? 4 + 1 + 2 + (4 + 2 + 12) + (4 + 2 + 2 + 7)
                                   : 4 + (1 + 2) + (2 + 12) + (2 + 2 + 7);
        t.Equal(with.GetBytes(TlsRole::Server) - without.GetBytes(TlsRole::Server),
                request,
                "CertificateRequest");
        const auto chain = 4 + 3 + 3 + 1700 + 3 + 1300 + (new13 ? 5 : 0);
        t.Equal(with.GetBytes(TlsRole::Client) - without.GetBytes(TlsRole::Client),
                chain + 4 + 4 + 256,
                "Certificate and CertificateVerify");
        t.Check(with.server.GetAgreement().peerChain == mutual.pki.client,
                "the server sees the certificate");
        t.Equal(with.flights.size(), without.flights.size(), "no further round trip");
    }
}

/**
 * @param t the test case
 */
void
CheckServerName(FunctionTestCase& t)
{
    auto shown = [](TlsTellings& told, const std::string& name) {
        told.client->serverName = name;
        told.client->checks.name = false;
        TlsPair pair(told);
        pair.Run();
        const auto& chain = pair.client.GetAgreement().peerChain;
        return chain.empty() ? TlsName(pair.client.GetAlert()) : chain.front().GetCommonName();
    };
    TlsTellings told;
    t.Equal(shown(told, "www.contoso.com"), "www.contoso.com", "the first");
    t.Equal(shown(told, "API.contoso.com"), "api.contoso.com", "the second");
    t.Equal(shown(told, "else.contoso.com"), "www.contoso.com", "none fits: the first");
    t.Equal(shown(told, ""), "www.contoso.com", "no SNI: the first");
    std::vector<std::string> asked;
    told.server->chooseCertificate = [&](const std::string& name) {
        asked.push_back(name);
        return name.empty() ? 7U : 1U;
    };
    t.Equal(shown(told, "www.contoso.com"), "api.contoso.com", "a callback decides");
    t.Equal(shown(told, ""), "unrecognized_name", "and may refuse");
    t.Check(asked == std::vector<std::string>({"www.contoso.com", ""}), "it gets the SNI");
    TlsTellings listeners;
    auto second = std::make_shared<TlsServerConfiguration>();
    second->certificates = {listeners.pki.other};
    second->maximumVersion = TlsVersion::Tls12;
    listeners.server->chooseByName = [second](const std::string& name) {
        return name == "api.contoso.com" ? second : nullptr;
    };
    t.Equal(shown(listeners, "www.contoso.com"), "www.contoso.com", "the default listener");
    t.Equal(shown(listeners, "api.contoso.com"), "api.contoso.com", "another one");
    TlsPair pair(listeners);
    pair.Run();
    t.Equal(TlsName(pair.server.GetAgreement().version), "TLSv1.2", "with settings of its own");
}

/**
 * @param t the test case
 */
void
CheckMutual(FunctionTestCase& t)
{
    using A = TlsClientAuthentication;

    struct Row
    {
        A mode;
        bool alert;                    // refusesWithAlert
        int certificate;               // 0 none, 1 good, 2 of a stranger, 3 expired
        const char* verification;      // what the server knows
        bool established;              // whether it goes on
        const char *alert12, *alert13; // else
    };

    for (const Row& row : std::vector<Row>{
             {A::None, true, 1, "not verified", true, "", ""},
             {A::Request, true, 0, "no certificate", true, "", ""},
             {A::Request, true, 1, "ok", true, "", ""},
             {A::Request, true, 2, "unknown authority", true, "", ""},
             {A::Request, true, 3, "certificate has expired", true, "", ""},
             {A::Require, false, 0, "no certificate", true, "", ""},
             {A::Require, false, 1, "ok", true, "", ""},
             {A::Require, false, 2, "unknown authority", true, "", ""},
             {A::Require, true, 1, "ok", true, "", ""},
             {A::Require,
              true,
              0,
              "no certificate",
              false,
              "handshake_failure",
              "certificate_required"},
             {A::Require, true, 2, "unknown authority", false, "unknown_ca", "unknown_ca"},
             {A::Require,
              true,
              3,
              "certificate has expired",
              false,
              "certificate_expired",
              "certificate_expired"},
         })
    {
        for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
        {
            const bool new13 = version == TlsVersion::Tls13;
            TlsTellings told;
            told.SetVersion(version);
            told.AddSessions();
            told.server->clientAuthentication = row.mode;
            told.server->refusesWithAlert = row.alert;
            auto& shown = told.client->certificate;
            shown = told.pki.client;
            if (row.certificate == 0)
            {
                shown.clear();
            }
            else if (row.certificate == 2)
            {
                shown = {IssueTlsCertificate(MakeTlsRoot("Stranger"), "device-7")};
            }
            else if (row.certificate == 3)
            {
                shown[0].notAfter = Seconds(-1);
            }
            TlsPair pair(told);
            pair.Run();
            const auto& known = pair.server.GetAgreement();
            t.Equal(pair.server.IsEstablished(), row.established, row.verification);
            t.Equal(TlsName(known.peerVerification.status), row.verification, "verification");
            t.Equal(known.clientCertificateAsked, row.mode != A::None, "asked for");
            if (!row.established)
            {
                t.Equal(TlsName(pair.server.GetAlert()), new13 ? row.alert13 : row.alert12, "sent");
                t.Check(pair.clientEvents.back() == TlsEvent::Failed, "and received");
                t.Equal(TlsName(pair.client.GetAlert()), new13 ? row.alert13 : row.alert12, "same");
                // RFC 8446, section 4.4: a client of 1.3 believed in it already.
                const bool believed = std::count(pair.clientEvents.begin(),
                                                 pair.clientEvents.end(),
                                                 TlsEvent::Established) > 0;
                t.Equal(believed, new13, "the client's view");
                continue;
            }
            t.Check(pair.client.IsEstablished(), "the client too");
            const bool sent = row.mode != A::None && row.certificate != 0;
            t.Check(known.peerChain == (sent ? shown : TlsCertificateChain()), "as it was sent");
            TlsPair again(told, 2);
            again.Run();
            t.Equal(again.server.GetAgreement().resumed,
                    row.mode == A::None || sent,
                    "a session without the certificate that is asked for is of no use");
            t.Check(again.server.GetAgreement().peerChain == known.peerChain,
                    "a resumed session still knows it");
        }
    }
}

/** Who shows which certificate, and what comes of it. */
class TlsAuthenticationTestSuite : public TestSuite
{
  public:
    TlsAuthenticationTestSuite()
        : TestSuite("azure-tls-authentication", Type::UNIT)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("A client certificate costs its size and no round trip", CheckMutualSizes);
        add("Without a matching SNI the first certificate is shown (AG-44)", CheckServerName);
        add("AG-45: strict refuses, passthrough never blocks, both tell why", CheckMutual);
    }
};

/** Registers the suite. */
TlsAuthenticationTestSuite g_tlsAuthenticationTestSuite;

} // namespace
