/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-gateway-probe-bed.h"
#include "azure-tls-target.h"

#include "ns3/azure-failover-theory.h"

#include <functional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param bed servers and an instance
 * @return a gateway that asks its members by HTTPS and trusts an authority of its own; a custom
 *         probe with a host, every 30 s
 */
ApplicationGatewayConfiguration
SecureGateway(const GatewayProbeBed& bed)
{
    ApplicationGatewayProbe probe;
    probe.protocol = ApplicationGatewayProtocol::Https;
    probe.host = "www.contoso.com";
    probe.path = "/health";
    auto configuration = bed.Configuration(probe);
    configuration.trustedRootCertificates = {{"inner", "CN=Inner"}};
    auto& setting = configuration.backendHttpSettingsCollection[0];
    setting.protocol = ApplicationGatewayProtocol::Https;
    setting.port = 443;
    setting.trustedRootCertificates = {"inner"};
    return configuration;
}

/** @return certificates of a server that such a gateway takes */
TlsCertificateChain
GoodChain()
{
    return {IssueTlsCertificate(MakeTlsRoot("Inner"), "www.contoso.com")};
}

/** AG-42: which certificates make a member unhealthy, and which do not when checks are relaxed. */
void
Certificates(FunctionTestCase& test)
{
    struct Row
    {
        const char* what;                                  // about the certificate
        std::function<void(TlsCertificateChain&)> change;  // of a good one
        std::function<void(BackendHttpSettings&)> setting; // of one that checks everything
        std::string expected;                              // outcome and reason
    };

    const std::string bad = "certificate-rejected ";
    const auto nothing = [](auto&) {};
    const auto otherName = [](auto& chain) {
        chain = {IssueTlsCertificate(MakeTlsRoot("Inner"), "other.contoso.com")};
    };
    const auto otherRoot = [](auto& chain) {
        chain = {IssueTlsCertificate(MakeTlsPublicRoot(), "www.contoso.com")};
    };
    const auto selfSigned = [](auto& chain) { chain = {MakeTlsRoot("www.contoso.com")}; };
    const auto expired = [](auto& chain) { chain[0].notAfter = Seconds(-1); };
    const auto early = [](auto& chain) { chain[0].notBefore = Seconds(1000); };
    const auto noName = [](auto& s) { s.validateSni = false; };
    const auto noChain = [](auto& s) { s.validateCertChainAndExpiry = false; };
    const auto publicRoots = [](auto& s) { s.trustedRootCertificates.clear(); };
    const std::vector<Row> rows{
        {"good", nothing, nothing, "success "},
        {"name", otherName, nothing, bad + "host name mismatch (CN=other.contoso.com)"},
        {"name, relaxed", otherName, noName, "success "},
        {"name, other relaxed",
         otherName,
         noChain,
         bad + "host name mismatch (CN=other.contoso.com)"},
        {"another root", otherRoot, nothing, bad + "unknown authority (CN=www.contoso.com)"},
        {"another root, relaxed", otherRoot, noChain, "success "},
        {"another root, other relaxed",
         otherRoot,
         noName,
         bad + "unknown authority (CN=www.contoso.com)"},
        {"a root that everybody trusts", otherRoot, publicRoots, "success "},
        {"not one that everybody trusts",
         nothing,
         publicRoots,
         bad + "unknown authority (CN=www.contoso.com)"},
        {"self-signed", selfSigned, nothing, bad + "self-signed certificate (CN=www.contoso.com)"},
        {"self-signed, relaxed", selfSigned, noChain, "success "},
        {"expired", expired, nothing, bad + "certificate has expired (CN=www.contoso.com)"},
        {"expired, relaxed", expired, noChain, "success "},
        {"early", early, nothing, bad + "certificate is not yet valid (CN=www.contoso.com)"}};
    for (const auto& row : rows)
    {
        GatewayProbeBed bed;
        auto configuration = SecureGateway(bed);
        row.setting(configuration.backendHttpSettingsCollection[0]);
        test.Equal(configuration.Validate().size(), 0, "Azure would take it");
        TlsTarget server(bed.network.backends.Get(0), 443);
        auto chain = GoodChain();
        row.change(chain);
        server.told->certificates = {chain};
        bed.Start(configuration);
        ProbeTestBed::RunTo(1);
        const auto result = bed.results[0].empty() ? ProbeRecord() : bed.results[0][0];
        test.Equal(std::string(ToString(result.outcome)) + " " + result.reason,
                   row.expected,
                   row.what);
        test.Equal(bed.FindTold(true) >= 0, row.expected == "success ", row.what);
        test.Equal(server.requests.at(0).empty(),
                   row.expected != "success ",
                   "nothing is said to a stranger");
    }
}

/** AG-42, HP-25: a certificate that expires takes its member down by the closed form. */
void
Expiry(FunctionTestCase& test)
{
    GatewayProbeBed bed;
    bed.SetPhase(0.5); // probes at 0, 15, 45, 75 s ...
    const auto configuration = SecureGateway(bed);
    TlsTarget server(bed.network.backends.Get(0), 443);
    auto chain = GoodChain();
    chain[0].notAfter = Seconds(100);
    server.told->certificates = {chain};
    bed.Start(configuration);
    ProbeTestBed::At(190, [&] { server.told->certificates = {GoodChain()}; });
    ProbeTestBed::RunTo(230);
    const auto settings = GatewayProbePlan::MakeSettings(configuration, 0, bed.Member(0));
    const auto down = Seconds(bed.FindTold(false, 1)) - Seconds(100);
    const auto bound =
        FailoverTheory::Detection(settings, FaultSymptom::BadStatus, Time(0), MilliSeconds(1));
    test.Check(bound.Contains(down), "within " + bound.form);
    test.Near(down.GetSeconds(), 65, 0.001, "third failure: 105, 135, 165 s");
    test.Near(bed.FindTold(true, 100), 195, 0.001, "the first success after the renewal");
    test.Equal(bed.probes[0]->GetProbers()->GetResultCount(ProbeOutcome::CertificateRejected),
               3,
               "counted by reason");
}

/** HP-20, HP-21: names that a member is asked for. */
void
Names(FunctionTestCase& test)
{
    struct Row
    {
        const char* what;                                             // about the configuration
        std::function<void(ApplicationGatewayConfiguration&)> change; // of SecureGateway()
        std::string sni;                                              // expected
        std::string host;                                             // expected
    };

    const auto setting = [](auto& c) -> BackendHttpSettings& {
        return c.backendHttpSettingsCollection[0];
    };
    const std::vector<Row> rows{
        {"host of the probe", [](auto&) {}, "www.contoso.com", "www.contoso.com"},
        {"before that of the setting",
         [&](auto& c) { setting(c).hostName = "api.contoso.com"; },
         "www.contoso.com",
         "www.contoso.com"},
        {"picked from the setting",
         [&](auto& c) {
             setting(c).hostName = "api.contoso.com";
             c.probes[0].host.clear();
             c.probes[0].pickHostNameFromBackendHttpSettings = true;
         },
         "api.contoso.com",
         "api.contoso.com"},
        {"a name for TLS alone",
         [&](auto& c) { setting(c).sniName = "inner.contoso.com"; },
         "inner.contoso.com",
         "www.contoso.com"},
        {"an address as host", [](auto& c) { c.probes[0].host = "10.0.0.2"; }, "", "10.0.0.2"},
        {"an address, and a host of the setting",
         [&](auto& c) {
             c.probes[0].host = "10.0.0.2";
             setting(c).hostName = "api.contoso.com";
         },
         "",
         "10.0.0.2"},
        {"default probe", [&](auto& c) { setting(c).probe.clear(); }, "", "127.0.0.1"},
        {"default probe, host of the setting",
         [&](auto& c) {
             setting(c).probe.clear();
             setting(c).hostName = "api.contoso.com";
         },
         "api.contoso.com",
         "127.0.0.1"},
        {"default probe, address of the member",
         [&](auto& c) {
             setting(c).probe.clear();
             setting(c).pickHostNameFromBackendAddress = true;
         },
         "",
         "127.0.0.1"},
        {"default probe, name of the member",
         [&](auto& c) {
             setting(c).probe.clear();
             c.backendAddressPools[0].backendAddresses = {{"vm.contoso.com", IpAddress(), false}};
         },
         "vm.contoso.com",
         "127.0.0.1"}};
    for (const auto& row : rows)
    {
        GatewayProbeBed bed;
        auto configuration = SecureGateway(bed);
        row.change(configuration);
        test.Equal(configuration.Validate().size(), 0, "Azure would take it");
        TlsTarget server(bed.network.backends.Get(0), 443);
        auto chain = GoodChain();
        chain[0].names = {"*.contoso.com"};
        server.told->certificates = {chain};
        bed.Start(configuration);
        if (!configuration.backendAddressPools[0].backendAddresses[0].fqdn.empty())
        {
            bed.probes[0]->SetResolved("vm.contoso.com", ProbeTestBed::Address(0));
        }
        ProbeTestBed::RunTo(1);
        test.Check(bed.FindTold(true) >= 0, std::string(row.what) + ": healthy");
        test.Equal(server.handshakes.at(0).agreement.serverName, row.sni, row.what);
        test.Check(server.requests.at(0).find("\r\nHost: " + row.host + "\r\n") !=
                       std::string::npos,
                   std::string(row.what) + ": " + server.requests.at(0));
    }
}

/** HP-20: the protocol is that of the setting, so a server without TLS is unhealthy, and why. */
void
Plain(FunctionTestCase& test)
{
    GatewayProbeBed bed;
    auto configuration = SecureGateway(bed);
    auto& setting = configuration.backendHttpSettingsCollection[0];
    setting.probe.clear();
    setting.port = 80;
    bed.OpenAll();
    bed.Start(configuration);
    ProbeTestBed::RunTo(31);
    test.Check(!bed.probes[0]->IsHealthy(0, bed.Member(0).GetText()), "unhealthy");
    test.Equal(std::string(ToString(bed.results[0].at(0).outcome)) + " " +
                   bed.results[0].at(0).reason,
               "timeout no answer in the handshake",
               "a server that waits for the end of a request");
}

/** Probes of gateways by HTTPS. */
class GatewayProbeTlsTestSuite : public TestSuite
{
  public:
    GatewayProbeTlsTestSuite()
        : TestSuite("azure-gateway-probe-tls", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("AG-42, AG-43: a certificate that does not pass makes a member unhealthy",
            Certificates);
        add("AG-42, HP-25: a certificate that expires takes its member down", Expiry);
        add("HP-20, HP-21: SNI and Host of probes", Names);
        add("HP-20: a member without TLS is unhealthy", Plain);
    }
};

GatewayProbeTlsTestSuite g_gatewayProbeTlsTestSuite; //!< registers the suite

} // namespace
