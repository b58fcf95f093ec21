/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-tls-fixture.h"

#include "ns3/azure-tls-host-name.h"
#include "ns3/azure-tls-message.h"

#include <algorithm>
#include <functional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param t the test case
 */
void
CheckNames(FunctionTestCase& t)
{
    struct Row
    {
        const char* pattern; // in the certificate
        const char* host;    // asked for
        bool matches;        // RFC 9525, section 6.3
    };

    for (const Row& row : std::vector<Row>{
             {"www.contoso.com", "www.contoso.com", true},
             {"www.contoso.com", "WWW.Contoso.COM", true},
             {"WWW.contoso.com", "www.contoso.com", true},
             {"www.contoso.com", "www.contoso.com.", true},
             {"www.contoso.com", "contoso.com", false},
             {"contoso.com", "www.contoso.com", false},
             {"*.contoso.com", "www.contoso.com", true},
             {"*.contoso.com", "WWW.CONTOSO.com.", true},
             {"*.contoso.com", "contoso.com", false},
             {"*.contoso.com", ".contoso.com", false},
             {"*.contoso.com", "a.b.contoso.com", false},
             {"*.contoso.com", "*.contoso.com", false},
             {"*.b.contoso.com", "a.b.contoso.com", true},
             {"w*.contoso.com", "www.contoso.com", false},
             {"*w.contoso.com", "www.contoso.com", false},
             {"www.*.com", "www.contoso.com", false},
             {"*.*.com", "www.contoso.com", false},
             {"*.com", "contoso.com", false},
             {"*", "contoso", false},
             {"*.", "contoso", false},
             {"*..com", "a..com", false},
             {"", "", false},
             {"", "contoso.com", false},
             {"contoso.com", "", false},
             {"10.0.0.4", "10.0.0.4", true},
             {"*.0.0.4", "10.0.0.4", false},
             {"localhost", "localhost", true},
         })
    {
        t.Equal(TlsNameMatches(row.pattern, row.host),
                row.matches,
                std::string(row.pattern) + " and " + row.host);
    }
    auto certificate = IssueTlsCertificate(MakeTlsRoot("Root"), "www.contoso.com");
    certificate.names = {"a.contoso.com", "*.b.contoso.com"};
    t.Check(TlsCertificateNames(certificate, "a.contoso.com"), "an alternative name");
    t.Check(TlsCertificateNames(certificate, "x.b.contoso.com"), "another");
    t.Check(!TlsCertificateNames(certificate, "www.contoso.com"), "then the subject is none");
    certificate.names.clear();
    t.Check(TlsCertificateNames(certificate, "www.contoso.com"), "without them it is");
    certificate.subject = "CN=www.contoso.com, O=Contoso";
    t.Equal(certificate.GetCommonName(), "www.contoso.com", "up to the comma");
    certificate.subject = "O=Contoso,CN=x.contoso.com";
    t.Equal(certificate.GetCommonName(), "x.contoso.com", "not only in front");
    certificate.subject = "O=XCN=x.contoso.com";
    t.Equal(certificate.GetCommonName(), "", "within another value it is none");
}

/** One verification: how the usual case is spoilt, and what comes of it. */
struct VerificationRow
{
    const char* name;                                        //!< what is wrong
    std::function<void(TlsPki&, TlsCertificateChain&)> make; //!< spoils it
    TlsVerificationStatus status;                            //!< what comes of it
    uint32_t depth;                                          //!< at which certificate
    TlsAlert alert;                                          //!< and the alert for it
};

/**
 * @param t the test case
 */
void
CheckVerification(FunctionTestCase& t)
{
    using Status = TlsVerificationStatus;
    using Chain = TlsCertificateChain;
    const auto now = Seconds(1000);
    for (const VerificationRow& row : std::vector<VerificationRow>{
             {"good", [](TlsPki&, Chain&) {}, Status::Ok, 0, TlsAlert::BadCertificate},
             {"in another order, with others between",
              [](TlsPki& pki, Chain& chain) {
                  chain.insert(chain.begin() + 1, pki.client.front());
                  chain.push_back(pki.root);
              },
              Status::Ok,
              0,
              TlsAlert::BadCertificate},
             {"empty",
              [](TlsPki&, Chain& chain) { chain.clear(); },
              Status::NoCertificate,
              0,
              TlsAlert::CertificateRequired},
             {"intermediate is missing",
              [](TlsPki&, Chain& chain) { chain.pop_back(); },
              Status::UnknownAuthority,
              0,
              TlsAlert::UnknownCa},
             {"of another authority",
              [](TlsPki&, Chain& chain) {
                  chain = {IssueTlsCertificate(MakeTlsRoot("Elsewhere"), "www.contoso.com")};
              },
              Status::UnknownAuthority,
              0,
              TlsAlert::UnknownCa},
             {"of another authority, which is sent",
              [](TlsPki&, Chain& chain) {
                  const auto root = MakeTlsRoot("Elsewhere");
                  chain = {IssueTlsCertificate(root, "www.contoso.com"), root};
              },
              Status::SelfSigned,
              1,
              TlsAlert::UnknownCa},
             {"signed by itself",
              [](TlsPki&, Chain& chain) { chain = {MakeTlsRoot("www.contoso.com")}; },
              Status::SelfSigned,
              0,
              TlsAlert::UnknownCa},
             {"of an impostor with the name of the intermediate",
              [](TlsPki&, Chain& chain) { chain[0].issuerKeyId = "other"; },
              Status::BadSignature,
              0,
              TlsAlert::DecryptError},
             {"of an impostor with the name of the root",
              [](TlsPki&, Chain& chain) { chain[1].issuerKeyId = "other"; },
              Status::BadSignature,
              1,
              TlsAlert::DecryptError},
             {"issued by a server",
              [](TlsPki& pki, Chain& chain) {
                  chain = {IssueTlsCertificate(pki.other[0], "www.contoso.com"),
                           pki.other[0],
                           pki.intermediate};
              },
              Status::NotAnAuthority,
              0,
              TlsAlert::UnknownCa},
             {"a long chain",
              [](TlsPki& pki, Chain& chain) {
                  chain = {pki.intermediate};
                  for (uint32_t i = 0; i < 20; ++i)
                  {
                      chain.insert(
                          chain.begin(),
                          IssueTlsCertificate(chain.front(), "Level " + std::to_string(i), true));
                  }
              },
              Status::ChainTooLong,
              9,
              TlsAlert::UnknownCa},
             {"issuers in a circle",
              [](TlsPki& pki, Chain& chain) {
                  auto a = IssueTlsCertificate(pki.intermediate, "A", true);
                  auto b = IssueTlsCertificate(a, "B", true);
                  a.issuer = b.subject;
                  a.issuerKeyId = b.keyId;
                  chain = {a, b};
              },
              Status::ChainTooLong,
              9,
              TlsAlert::UnknownCa},
             {"expired",
              [](TlsPki&, Chain& chain) { chain[0].notAfter = Seconds(999); },
              Status::Expired,
              0,
              TlsAlert::CertificateExpired},
             {"good to the last",
              [](TlsPki&, Chain& chain) { chain[0].notAfter = chain[0].notBefore = Seconds(1000); },
              Status::Ok,
              0,
              TlsAlert::BadCertificate},
             {"its issuer expired",
              [](TlsPki&, Chain& chain) { chain[1].notAfter = Seconds(999); },
              Status::Expired,
              1,
              TlsAlert::CertificateExpired},
             {"not yet valid",
              [](TlsPki&, Chain& chain) { chain[0].notBefore = Seconds(1001); },
              Status::NotYetValid,
              0,
              TlsAlert::BadCertificate},
             {"SHA-1",
              [](TlsPki&, Chain& chain) { chain[0].hash = TlsSignatureHash::Sha1; },
              Status::WeakHash,
              0,
              TlsAlert::BadCertificate},
             {"another host",
              [](TlsPki& pki, Chain& chain) { chain = pki.other; },
              Status::NameMismatch,
              0,
              TlsAlert::BadCertificate},
         })
    {
        TlsPki pki;
        TlsTrustStore trust;
        trust.Add(pki.root);
        auto chain = pki.server;
        row.make(pki, chain);
        const auto result = trust.Verify(chain, "www.contoso.com", now);
        t.Equal(TlsName(result.status), TlsName(row.status), row.name);
        t.Equal(result.depth, row.depth, row.name);
        t.Check(result.GetAlert() == row.alert, row.name);
        t.Equal(result.IsGood(), row.status == Status::Ok, row.name);
        const auto none = trust.Verify(chain, "www.contoso.com", now, TlsChecks::None());
        t.Equal(TlsName(none.status),
                TlsName(chain.empty() ? Status::NoCertificate : Status::NotVerified),
                std::string("unchecked (HP-40): ") + row.name);
    }
}

/**
 * @param t the test case
 */
void
CheckRelaxed(FunctionTestCase& t)
{
    TlsPki pki;
    TlsTrustStore empty;
    // Everything is wrong: each check finds its own, in the order chain, expiry, hash, name.
    auto chain = pki.other;
    chain[0].notAfter = Seconds(1);
    chain[0].hash = TlsSignatureHash::Sha1;
    TlsChecks checks;
    auto status = [&] { return TlsName(empty.Verify(chain, "www", Seconds(2), checks).status); };
    t.Equal(status(), "unknown authority", "chain");
    checks.chain = false;
    t.Equal(status(), "certificate has expired", "expiry");
    checks.expiry = false;
    t.Equal(status(), "signature hash too weak", "hash");
    checks.hash = false;
    t.Equal(status(), "host name mismatch", "name");
    checks.name = false;
    t.Equal(status(), "not verified", "nothing is left");
    checks.name = true;
    t.Equal(TlsName(empty.Verify(chain, "", Seconds(2), checks).status), "ok", "no name asked for");
    TlsTrustStore pinned;
    pinned.Add(pki.server[0]);
    t.Equal(TlsName(pinned.Verify({pki.server[0]}, "www.contoso.com", Time()).status),
            "ok",
            "a certificate that is trusted itself");
    auto altered = pki.server[0];
    altered.fingerprint = "0";
    t.Equal(TlsName(pinned.Verify({altered}, "www.contoso.com", Time()).status),
            "unknown authority",
            "one that only looks like it");
}

/**
 * @param t the test case
 */
void
CheckEncoding(FunctionTestCase& t)
{
    TlsPki pki;
    auto chain = pki.server;
    chain[0].names.push_back("*.contoso.com");
    chain[0].notBefore = Seconds(-5);
    chain[0].notAfter = Seconds(77);
    chain[0].key = TlsKeyType::EcdsaP256;
    chain[1].hash = TlsSignatureHash::Sha384;
    for (auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
    {
        const bool new13 = version == TlsVersion::Tls13;
        const auto message = TlsEncodeCertificates(version, chain);
        // RFC 5246, section 7.4.2: 3 + (3 + size) each; RFC 8446: 1 more, and 2 more each.
        t.Equal(message.body.size(),
                3 + 3 + 1700 + 3 + 1300 + (new13 ? 1 + 2 + 2 : 0),
                "size of a Certificate message");
        TlsCertificateChain read;
        t.Check(TlsDecodeCertificates(version, message.body, read), "it can be read");
        t.Check(read == chain, "all members come through");
        t.Equal(TlsEncodeCertificates(version, {}).body.size(), new13 ? 4 : 3, "no certificate");
        for (uint64_t size = 0; size < message.body.size(); size += 7)
        {
            t.Check(!TlsDecodeCertificates(version, message.body.substr(0, size), read), "cut off");
        }
    }
    chain[0].bytes = UINT32_MAX;
    t.Check(TlsEncodeCertificates(TlsVersion::Tls13, chain).body.size() < 70000,
            "an absurd size is cut");
}

/**
 * @param t the test case
 */
void
CheckSessions(FunctionTestCase& t)
{
    TlsSessionCache cache(3);
    TlsSession session;
    session.issued = Seconds(10);
    session.lifetime = Seconds(5);
    for (const char* key : {"a", "b", "c"})
    {
        session.ticket = key;
        cache.Put(key, session);
    }
    t.Equal(cache.Get("a", Seconds(15))->ticket, "a", "in its last instant");
    t.Check(!cache.Get("a", Seconds(15.001)), "over");
    t.Equal(cache.GetSize(), 2, "and forgotten");
    cache.Put("d", session);
    cache.Put("c", session);
    cache.Put("e", session);
    t.Check(!cache.Get("b", Seconds(11)), "the oldest made room");
    t.Check(cache.Get("c", Seconds(11)) && cache.Get("d", Seconds(11)), "others stay");
    cache.Clear();
    t.Check(!cache.Get("c", Seconds(11)) && cache.GetSize() == 0, "all are gone");
    TlsSessionCache none(0);
    none.Put("a", session);
    t.Equal(none.GetSize(), 0, "no room at all");
}

/** Certificates of TLS. */
class TlsCertificateTestSuite : public TestSuite
{
  public:
    TlsCertificateTestSuite()
        : TestSuite("azure-tls-certificate", Type::UNIT)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Names match as RFC 9525 6.3 says", CheckNames);
        add("Chain, expiry, hash and name of a certificate are checked", CheckVerification);
        add("Each check of a certificate can be relaxed", CheckRelaxed);
        add("Certificates come through with the size that they are given", CheckEncoding);
        add("Sessions live as long as they may, and no more of them than may", CheckSessions);
    }
};

/** Registers the suite. */
TlsCertificateTestSuite g_tlsCertificateTestSuite;

} // namespace
