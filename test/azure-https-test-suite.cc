/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/address.h"
#include "ns3/azure-http-client.h"
#include "ns3/azure-http-helper.h"
#include "ns3/azure-http-server.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** A client and a server of HTTPS, 50 ms apart; port 443 with a good certificate. */
class HttpsBed
{
  public:
    HttpsBed()
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
        link.SetChannelAttribute("Delay", TimeValue(MilliSeconds(50)));
        const auto devices = link.Install(nodes);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.Install(nodes);
        Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(devices);
        TcpPresetHelper().Install(nodes);
        nodes.Get(1)->AddApplication(server);
        nodes.Get(0)->AddApplication(client);
        serverTls->certificates = {{IssueTlsCertificate(MakeTlsPublicRoot(), "www.contoso.com")}};
        server->AddTlsPort(443, serverTls);
        client->SetAttribute("Remote", AddressValue(InetSocketAddress("10.0.0.2", 443)));
        client->SetAttribute("Host", StringValue("www.contoso.com"));
        client->SetAttribute("Rate", DoubleValue(0));
        client->SetAttribute("Tls", BooleanValue(true));
        server->TraceConnectWithoutContext("Served", MakeCallback(&HttpsBed::OnServed, this));
        client->TraceConnectWithoutContext("Request", MakeCallback(&HttpsBed::OnRequest, this));
    }

    ~HttpsBed()
    {
        Simulator::Destroy();
    }

    /**
     * @brief Ask once and run.
     * @param duration for how long
     */
    void Ask(Time duration = Seconds(5))
    {
        Simulator::Schedule(Time(0), [this] { client->SendRequest(); });
        Simulator::Stop(duration);
        Simulator::Run();
    }

    NodeContainer nodes{2};                             //!< client, server
    Ptr<HttpServer> server{CreateObject<HttpServer>()}; //!< on ports 80 and 443
    Ptr<HttpClient> client{CreateObject<HttpClient>()}; //!< asks when told to
    std::vector<HttpServedRecord> served;               //!< what the server reports
    std::vector<HttpRequestRecord> requests;            //!< what the client reports
    std::shared_ptr<TlsServerConfiguration> serverTls{
        std::make_shared<TlsServerConfiguration>()}; //!< what the server is told

  private:
    /** @param record a record */
    void OnServed(const HttpServedRecord& record)
    {
        served.push_back(record);
    }

    /** @param record a record */
    void OnRequest(const HttpRequestRecord& record)
    {
        requests.push_back(record);
    }
};

/** @param t the test case */
void
CheckTimes(FunctionTestCase& t)
{
    for (const bool keepAlive : {false, true})
    {
        HttpsBed bed;
        bed.client->SetAttribute("KeepAlive", BooleanValue(keepAlive));
        bed.server->SetAttribute("ResponseSize",
                                 StringValue("ns3::ConstantRandomVariable[Constant=300000]"));
        bed.Ask();
        bed.Ask();
        t.Equal(bed.requests.size(), 2, "requests");
        for (uint32_t i = 0; i < bed.requests.size(); ++i)
        {
            const auto& record = bed.requests[i];
            t.Equal(record.GetOutcomeName(), "ok", "outcome");
            t.Equal(record.bodyBytes, 300000, "body");
            t.Equal(record.reused, keepAlive && i == 1, "reused");
            if (!record.reused)
            {
                // A round trip of 0.1 s for TCP, one for TLS 1.3.
                t.Near((*record.connectEnd - record.start).GetSeconds(), 0.1, 0.001, "TCP");
                t.Near((*record.tlsEnd - *record.connectEnd).GetSeconds(), 0.1, 0.001, "TLS");
            }
            t.Near((*record.firstByte - *record.sent).GetSeconds(), 0.1, 0.001, "answer");
        }
        t.Equal(bed.served.size(), 2, "served");
        t.Equal(bed.served.at(0).tlsProtocol, "TLSv1.3", "version");
        t.Equal(bed.served.at(0).clientCertificate, "", "no certificate was asked for");
        t.Equal(bed.client->GetConnectionCount(), keepAlive ? 1 : 0, "connections left");
    }
}

/** @param t the test case */
void
CheckCertificates(FunctionTestCase& t)
{
    struct Row
    {
        const char* what;    // what is wrong
        std::string name;    // of the server's certificate
        std::string root;    // that issued it
        bool shows;          // whether the client has a certificate
        std::string outcome; // what must come of it
    };

    for (const Row& row :
         std::vector<Row>{{"nothing", "www.contoso.com", "Public Root", true, "ok"},
                          {"name", "api.contoso.com", "Public Root", true, "tls-failed"},
                          {"root", "www.contoso.com", "Private Root", true, "tls-failed"},
                          {"client", "www.contoso.com", "Public Root", false, "tls-failed"}})
    {
        for (const auto version : {TlsVersion::Tls12, TlsVersion::Tls13})
        {
            HttpsBed bed;
            bed.serverTls->certificates = {{IssueTlsCertificate(MakeTlsRoot(row.root), row.name)}};
            bed.serverTls->clientAuthentication = TlsClientAuthentication::Require;
            bed.serverTls->trust.Add(MakeTlsRoot("Devices"));
            auto told = std::make_shared<TlsClientConfiguration>();
            told->maximumVersion = version;
            told->trust.Add(MakeTlsPublicRoot());
            if (row.shows)
            {
                told->certificate = {IssueTlsCertificate(MakeTlsRoot("Devices"), "device-7")};
            }
            bed.client->SetTls(told);
            bed.Ask();
            t.Equal(bed.requests.at(0).GetOutcomeName(), row.outcome, row.what);
            t.Equal(bed.served.size(), row.outcome == "ok" ? 1 : 0, "served");
            if (row.outcome == "ok")
            {
                t.Equal(bed.served[0].clientCertificate, "CN=device-7", "certificate");
            }
            t.Equal(bed.server->GetConnectionCount(), 0, "nothing is left");
        }
    }
}

/** @param t the test case */
void
CheckMixed(FunctionTestCase& t)
{
    HttpServerFault hang;
    hang.kind = HttpServerFaultKind::Hang;
    {
        HttpsBed bed; // plain HTTP at a port for HTTPS
        bed.client->SetAttribute("Tls", BooleanValue(false));
        bed.Ask();
        t.Equal(bed.requests.at(0).GetOutcomeName(), "bad-response", "an alert is no HTTP");
        t.Check(!bed.requests[0].tlsEnd, "no TLS");
    }
    {
        HttpsBed bed; // HTTPS at a port for plain HTTP
        bed.client->SetAttribute("Remote", AddressValue(InetSocketAddress("10.0.0.2", 80)));
        bed.Ask();
        t.Equal(bed.requests.at(0).GetOutcomeName(), "tls-failed", "HTTP is no TLS");
    }
    {
        HttpsBed bed; // a server that hangs does no handshake
        bed.server->InjectFault(hang);
        Simulator::Schedule(Seconds(3), [&bed] { bed.server->ClearFaults(); });
        bed.Ask(Seconds(5));
        t.Equal(bed.requests.at(0).GetOutcomeName(), "ok", "it goes on");
        t.Near(bed.requests[0].tlsEnd.value_or(Time(0)).GetSeconds(), 3.05, 0.001, "then");
    }
    {
        HttpsBed bed;
        bed.server->InjectFault(hang);
        bed.Ask(Seconds(15));
        t.Equal(bed.requests.at(0).GetOutcomeName(), "connect-timeout", "no patience for TLS");
    }
}

/** HTTP over TLS, client and server. */
class HttpsTestSuite : public TestSuite
{
  public:
    HttpsTestSuite()
        : TestSuite("azure-https", Type::SYSTEM)
    {
        auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("A request over TLS takes a round trip more, over an open connection none", CheckTimes);
        add("Both ends check the other's certificate", CheckCertificates);
        add("Ends that do not speak the same, or do not speak at all", CheckMixed);
    }
};

/** Registers the suite. */
HttpsTestSuite g_httpsTestSuite;

} // namespace
