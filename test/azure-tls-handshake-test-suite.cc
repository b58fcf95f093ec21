/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-tls-fixture.h"

#include "ns3/azure-tls-message.h"

#include <algorithm>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Look at the records of a flight.
 * @param bytes the flight
 * @return for each record its outer type and its size, as `22:517 20:6`
 */
std::string
Records(const std::string& bytes)
{
    std::ostringstream os;
    for (uint64_t at = 0; at + 5 <= bytes.size();)
    {
        const auto size =
            5 + (static_cast<uint8_t>(bytes[at + 3]) << 8 | static_cast<uint8_t>(bytes[at + 4]));
        os << (at == 0 ? "" : " ") << static_cast<uint32_t>(bytes[at]) << ":" << size;
        at += size;
    }
    return os.str();
}

/**
 * @param pair a pair that has run
 * @return its flights, as `C 22:517 | S 22:90 20:6`
 */
std::string
Flights(const TlsPair& pair)
{
    std::string text;
    for (const auto& flight : pair.flights)
    {
        text += (text.empty() ? "" : " | ") +
                std::string(flight.from == TlsRole::Client ? "C " : "S ") + Records(flight.bytes);
    }
    return text;
}

/**
 * @param t the test case
 */
void
CheckFlights(FunctionTestCase& t)
{
    // Sizes from the formats of RFC 5246, 8446, 5077, 6066 with the parts that the model sends:
    // x25519, RSA-2048 (signature 256), SHA-384 (Finished 48), chain of 1700 + 1300, tickets of
    // 192, server name of 15 letters.
    const auto chain12 = 4 + 3 + 3 + 1700 + 3 + 1300;             // 3013
    const auto chain13 = 4 + 1 + 3 + 3 + 1700 + 2 + 3 + 1300 + 2; // 3018
    const auto verify = 4 + 4 + 256;                              // CertificateVerify
    // ServerHello 1.2: version 2, random 32, session 1, cipher 2, compression 1, extensions 2 +
    // server_name 4, renegotiation_info 5, extended_master_secret 4, session_ticket 4.
    const auto hello12 = 4 + 2 + 32 + 1 + 2 + 1 + 2 + 4 + 5 + 4;
    const auto keyExchange = 4 + 4 + 32 + 4 + 256;
    const auto flight12 = 5 + hello12 + chain12 + keyExchange + 4;
    const auto finished12 = 5 + 24 + 4 + 12;
    // ServerHello 1.3: ... session 32, extensions supported_versions 6, key_share 40.
    const auto hello13 = 5 + 4 + 2 + 32 + 33 + 2 + 1 + 2 + 6 + 40; // 127
    const auto finished13 = 4 + 48;
    const auto flight13 = 22 + 4 + 6 + chain13 + verify + finished13;
    const auto ticket13 = 22 + 4 + 4 + 4 + 9 + 2 + 192 + 2;
    const auto ticket12 = 5 + 4 + 4 + 2 + 192;
    const auto keys = 5 + 4 + 33;
    const auto number = [](uint64_t n) { return std::to_string(n); };
    t.Equal(hello13, 127, "the ServerHello that everybody knows from captures");

    TlsTellings t13;
    TlsPair full13(t13);
    full13.Run();
    t.Equal(Flights(full13),
            "C 22:517 | S 22:127 20:6 23:" + number(flight13) +
                " | C 20:6 23:" + number(22 + finished13),
            "1.3");

    TlsTellings t12;
    t12.SetVersion(TlsVersion::Tls12);
    TlsPair full12(t12);
    full12.Run();
    t.Equal(Flights(full12),
            "C 22:517 | S 22:" + number(flight12) + " | C 22:" + number(keys) +
                " 20:6 22:" + number(finished12) + " | S 20:6 22:" + number(finished12),
            "1.2");

    t13.AddSessions();
    TlsPair first13(t13, 2);
    first13.Run();
    t.Equal(first13.flights.size(), 4, "a ticket follows");
    t.Equal(Records(first13.flights[3].bytes), "23:" + number(ticket13), "a ticket of 1.3");
    TlsPair resumed13(t13, 3);
    resumed13.Run();
    t.Equal(Flights(resumed13),
            "C 22:517 | S 22:" + number(hello13 + 6) +
                " 20:6 23:" + number(22 + 4 + 6 + finished13) +
                " | C 20:6 23:" + number(22 + finished13) + " | S 23:" + number(ticket13),
            "1.3 resumed");

    t12.AddSessions();
    TlsPair first12(t12, 2);
    first12.Run();
    t.Equal(Flights(first12),
            "C 22:517 | S 22:" + number(flight12 + 4) + " | C 22:" + number(keys) +
                " 20:6 22:" + number(finished12) + " | S 22:" + number(ticket12) +
                " 20:6 22:" + number(finished12),
            "1.2 with a ticket");
    TlsPair resumed12(t12, 3);
    resumed12.Run();
    t.Equal(Flights(resumed12),
            "C 22:517 | S 22:" + number(5 + hello12 + 32 - 4) + " 20:6 22:" + number(finished12) +
                " | C 20:6 22:" + number(finished12),
            "1.2 resumed from a ticket");

    t12.client->wantsTickets = false;
    t12.client->sessions->Clear();
    TlsPair first12id(t12, 4);
    first12id.Run();
    t.Equal(Records(first12id.flights[1].bytes), "22:" + number(flight12 + 32), "a session ID");
    t.Equal(first12id.flights.size(), 4, "and no ticket");
    TlsPair resumed12id(t12, 5);
    resumed12id.Run();
    t.Equal(Flights(resumed12id), Flights(resumed12), "1.2 resumed from a session ID");
    for (const auto* pair : {&resumed13, &resumed12, &resumed12id})
    {
        t.Check(pair->client.GetAgreement().resumed && pair->server.GetAgreement().resumed,
                "both know that it is resumed");
        t.Equal(pair->client.GetAgreement().peerChain.at(0).subject,
                "CN=www.contoso.com",
                "and of whom it is");
    }
}

/**
 * @param t the test case
 */
void
CheckNegotiation(FunctionTestCase& t)
{
    using V = TlsVersion;
    using C = TlsCipher;

    struct Row
    {
        V clientMin, clientMax, serverMin, serverMax;
        std::vector<C> client, server; // empty: all
        TlsKeyType key;
        V version; // None: refused
        C cipher;
        TlsAlert alert;
    };

    const auto rsa = TlsKeyType::Rsa2048;
    const auto ecdsa = TlsKeyType::EcdsaP256;
    const auto fine = TlsAlert::CloseNotify;
    for (const Row& row : std::vector<Row>{
             {V::Tls12,
              V::Tls13,
              V::Tls12,
              V::Tls13,
              {},
              {},
              rsa,
              V::Tls13,
              C::Aes256GcmSha384,
              fine},
             {V::Tls12,
              V::Tls12,
              V::Tls12,
              V::Tls13,
              {},
              {},
              rsa,
              V::Tls12,
              C::EcdheRsaAes256Gcm,
              fine},
             {V::Tls12,
              V::Tls13,
              V::Tls12,
              V::Tls12,
              {},
              {},
              rsa,
              V::Tls12,
              C::EcdheRsaAes256Gcm,
              fine},
             {V::Tls12,
              V::Tls12,
              V::Tls12,
              V::Tls13,
              {},
              {},
              ecdsa,
              V::Tls12,
              C::EcdheEcdsaAes256Gcm,
              fine},
             {V::Tls13,
              V::Tls13,
              V::Tls12,
              V::Tls12,
              {},
              {},
              rsa,
              V::None,
              C::None,
              TlsAlert::ProtocolVersion},
             {V::Tls12,
              V::Tls12,
              V::Tls13,
              V::Tls13,
              {},
              {},
              rsa,
              V::None,
              C::None,
              TlsAlert::ProtocolVersion},
             {V::Tls12,
              V::Tls13,
              V::Tls12,
              V::Tls13,
              {C::Aes128GcmSha256},
              {},
              rsa,
              V::Tls13,
              C::Aes128GcmSha256,
              fine},
             {V::Tls12,
              V::Tls13,
              V::Tls12,
              V::Tls13,
              {},
              {C::Aes128GcmSha256, C::Aes256GcmSha384},
              rsa,
              V::Tls13,
              C::Aes128GcmSha256,
              fine},
             {V::Tls12,
              V::Tls12,
              V::Tls12,
              V::Tls13,
              {C::EcdheEcdsaAes128Gcm},
              {},
              rsa,
              V::None,
              C::None,
              TlsAlert::HandshakeFailure},
             {V::Tls12,
              V::Tls13,
              V::Tls12,
              V::Tls13,
              {C::EcdheRsaAes128Gcm},
              {},
              rsa,
              V::None,
              C::None,
              TlsAlert::HandshakeFailure},
             {V::Tls13,
              V::Tls12,
              V::Tls12,
              V::Tls13,
              {},
              {},
              rsa,
              V::None,
              C::None,
              TlsAlert::InternalError},
         })
    {
        TlsTellings told;
        told.client->minimumVersion = row.clientMin;
        told.client->maximumVersion = row.clientMax;
        told.server->minimumVersion = row.serverMin;
        told.server->maximumVersion = row.serverMax;
        told.client->ciphers = row.client.empty() ? TlsAllCiphers() : row.client;
        told.server->ciphers = row.server.empty() ? TlsAllCiphers() : row.server;
        told.server->certificates[0][0].key = row.key;
        TlsPair pair(told);
        pair.Run();
        if (row.clientMin > row.clientMax)
        {
            t.Check(pair.client.Next(Time()) == TlsEvent::Failed, "nothing to offer");
            t.Equal(TlsName(pair.client.GetAlert()), TlsName(row.alert), "alert");
            continue;
        }
        t.Equal(pair.client.IsEstablished(), row.version != V::None, "agreement");
        t.Equal(pair.server.IsEstablished(), row.version != V::None, "agreement");
        t.Equal(TlsName(pair.client.GetAlert()), TlsName(row.alert), "alert");
        t.Equal(pair.client.IsAlertReceived(), row.alert != fine, "from the server");
        for (const auto* engine : {&pair.client, &pair.server})
        {
            if (row.version != V::None)
            {
                t.Equal(TlsName(engine->GetAgreement().version), TlsName(row.version), "version");
                t.Equal(TlsName(engine->GetAgreement().cipher), TlsName(row.cipher), "cipher");
            }
        }
    }
}

/**
 * @param t the test case
 */
void
CheckCuts(FunctionTestCase& t)
{
    for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        for (bool mutual : {false, true})
        {
            TlsTellings told;
            told.SetVersion(version);
            told.AddSessions();
            told.server->clientAuthentication =
                mutual ? TlsClientAuthentication::Require : TlsClientAuthentication::None;
            told.client->certificate = told.pki.client;
            // A chain longer than a record.
            for (uint32_t i = 0; i < 12; ++i)
            {
                told.server->certificates[0].push_back(told.pki.intermediate);
            }
            TlsPair whole(told, 9);
            whole.Run();
            for (uint32_t cut : {1U, 2U, 5U, 17U, 1448U})
            {
                told.client->sessions->Clear();
                TlsPair pair(told, 9);
                pair.Run(cut);
                t.Equal(Flights(pair), Flights(whole), "the same flights");
                t.Check(pair.clientEvents == whole.clientEvents &&
                            pair.serverEvents == whole.serverEvents,
                        "the same events");
                pair.client.Write(ToPacket("ping"));
                pair.server.Write(ToPacket("pong"));
                pair.Run(cut);
                t.Equal(pair.serverData, "ping", "data");
                t.Equal(pair.clientData, "pong", "data");
                pair.client.CloseNotify();
                pair.Run(cut);
                t.Check(pair.serverEvents.back() == TlsEvent::PeerClosed, "close_notify");
            }
        }
    }
}

/**
 * @param t the test case
 */
void
CheckResumption(FunctionTestCase& t)
{
    for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        TlsTellings told;
        told.SetVersion(version);
        told.AddSessions();
        told.server->sessionLifetime = Seconds(100);
        int64_t stream = 1;
        auto resumes = [&](Time now) {
            TlsPair pair(told, ++stream);
            pair.now = now;
            pair.Run();
            t.Check(pair.client.IsEstablished() && pair.server.IsEstablished(), "established");
            t.Equal(pair.client.GetAgreement().resumed,
                    pair.server.GetAgreement().resumed,
                    "both agree");
            return pair.client.GetAgreement().resumed;
        };
        t.Check(!resumes(Seconds(0)), "nothing to resume yet");
        t.Check(resumes(Seconds(99)), "within the lifetime");
        // TLS 1.3 gave a new ticket at 99 s.
        t.Equal(resumes(Seconds(101)), version == TlsVersion::Tls13, "after the first lifetime");
        t.Check(!resumes(Seconds(300)), "after every lifetime");
        told.server->sessions->Clear();
        t.Check(!resumes(Seconds(301)), "the server has lost its keys");
        t.Check(resumes(Seconds(302)), "and gave new tickets");
        told.client->sessionKey = "the same";
        t.Check(!resumes(Seconds(303)), "another key of the client");
        t.Check(resumes(Seconds(304)), "the same key");
        told.client->serverName = "api.contoso.com";
        t.Check(!resumes(Seconds(305)), "another server name");
        told.server->sessions = nullptr;
        t.Check(!resumes(Seconds(306)), "the server does not");
    }
}

/** Handshakes of TLS. */
class TlsHandshakeTestSuite : public TestSuite
{
  public:
    TlsHandshakeTestSuite()
        : TestSuite("azure-tls-handshake", Type::UNIT)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Flights and sizes are those of the RFCs", CheckFlights);
        add("Version and cipher suite are the best in common", CheckNegotiation);
        add("A handshake goes the same way, wherever its bytes are cut", CheckCuts);
        add("Sessions resume within their lifetime, for the same name", CheckResumption);
    }
};

/** Registers the suite. */
TlsHandshakeTestSuite g_tlsHandshakeTestSuite;

} // namespace
