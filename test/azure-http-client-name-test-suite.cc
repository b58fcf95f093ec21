/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-network.h"
#include "azure-function-test-case.h"

#include "ns3/azure-http-client.h"
#include "ns3/azure-http-server.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ipv4.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/uinteger.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// How far a time may be off, in ms: what links take to send.
constexpr double TOLERANCE = 0.01;

/**
 * @brief Clients on the two hosts of a DnsNetwork that know web.example.com by its name; web
 *        servers on the nodes of the root and of com.
 */
class NamedServers : public DnsNetwork
{
  public:
    /** @param addresses addresses of web.example.com */
    explicit NamedServers(const std::vector<Ipv4Address>& addresses)
    {
        SetAddresses(addresses);
        HttpServerHelper server(80);
        server.Install(nodes.Get(ROOT));
        server.Install(nodes.Get(COM));
        Install();
        HttpClientHelper helper("web.example.com", 0);
        helper.SetAttribute("Rate", DoubleValue(0));
        for (auto host : {STUB1, STUB2})
        {
            clients.push_back(DynamicCast<HttpClient>(helper.Install(nodes.Get(host)).Get(0)));
            clients.back()->TraceConnectWithoutContext(
                "Request",
                MakeCallback(&NamedServers::OnRequest, this));
        }
    }

    /** @param addresses what web.example.com has from now on, for 30 s */
    void SetAddresses(const std::vector<Ipv4Address>& addresses)
    {
        zone->Remove("web.example.com", DnsType::A);
        for (const auto& address : addresses)
        {
            zone->Add(DnsRecord::A("web.example.com", 30, address));
        }
    }

    /**
     * @brief Ask for something.
     * @param at when
     * @param client which of the two clients
     */
    void RequestAt(Time at, uint32_t client = 0)
    {
        Simulator::Schedule(at, &HttpClient::SendRequest, clients[client]);
    }

    std::vector<Ptr<HttpClient>> clients;    //!< the clients
    std::vector<HttpRequestRecord> requests; //!< what they report

  private:
    /** @param record a record */
    void OnRequest(const HttpRequestRecord& record)
    {
        requests.push_back(record);
    }
};

/**
 * @param time a duration
 * @return it in milliseconds
 */
double
Milliseconds(Time time)
{
    return time.GetSeconds() * 1000;
}

/** @param test the test case */
void
Times(FunctionTestCase& test)
{
    NamedServers net({DnsNetwork::Address(DnsNetwork::ROOT)});
    net.RequestAt(Seconds(1));
    net.RequestAt(Seconds(2));
    net.RequestAt(Seconds(3), 1);
    net.RequestAt(Seconds(40));
    DnsNetwork::Run(Seconds(50));
    test.Equal(net.requests.size(), 4, "requests");
    // stub 2 or 3 and resolver 1; root 20, com 10, example.com 5: there and back.
    const double look[] = {2 * (3 + 21 + 11 + 6), 0, 2 * (3 + 1), 2 * (3 + 6)};
    const double legs[] = {22, 22, 23, 22};
    for (size_t i = 0; i < net.requests.size(); ++i)
    {
        const auto& record = net.requests[i];
        const auto which = "request " + std::to_string(i);
        test.Equal(record.GetOutcomeName(), "ok", which);
        test.Equal(record.dnsStatus, "Found", which);
        test.Equal(*record.dnsStart, record.start, which + ": asked at once");
        test.Near(Milliseconds(*record.GetDnsTime()), look[i], TOLERANCE, which + ": look-up");
        test.Equal(*record.connectStart, *record.dnsEnd, which + ": then connected");
        // 1 KiB over links of 100 Gbit/s: propagation alone counts.
        test.Near(Milliseconds(record.GetLatency()),
                  look[i] + 4 * legs[i],
                  2 * TOLERANCE,
                  which + ": latency");
        test.Equal(record.host, "web.example.com", which + ": Host field");
        test.Equal(record.remoteHost, "web.example.com", which + ": name");
        test.Check(record.remote.GetIpv4() == DnsNetwork::Address(DnsNetwork::ROOT) &&
                       record.remote.GetPort() == 80,
                   which + ": address");
    }
}

/** @param test the test case */
void
Reuse(FunctionTestCase& test)
{
    NamedServers net({DnsNetwork::Address(DnsNetwork::ROOT)});
    for (const auto& client : net.clients)
    {
        client->SetAttribute("KeepAlive", BooleanValue(true));
    }
    net.RequestAt(Seconds(1));
    // The TTL is over, the record is another one, the connection is there still.
    Simulator::Schedule(Seconds(20),
                        [&net] { net.SetAddresses({DnsNetwork::Address(DnsNetwork::COM)}); });
    net.RequestAt(Seconds(50));
    // This one is new: the other client has none.
    net.RequestAt(Seconds(51), 1);
    // The first client's was idle for 60 s.
    net.RequestAt(Seconds(120));
    DnsNetwork::Run(Seconds(130));
    test.Equal(net.requests.size(), 4, "requests");
    const auto& again = net.requests.at(1);
    test.Check(again.reused && !again.dnsStart && !again.dnsEnd, "no look-up");
    test.Equal(again.dnsStatus, "", "no look-up, no status");
    const DnsNetwork::Host hosts[] = {DnsNetwork::ROOT,
                                      DnsNetwork::ROOT,
                                      DnsNetwork::COM,
                                      DnsNetwork::COM};
    for (size_t i = 0; i < 4; ++i)
    {
        test.Equal(net.requests[i].remote.GetIpv4(),
                   DnsNetwork::Address(hosts[i]),
                   "address of request " + std::to_string(i));
    }
    test.Check(!net.requests[3].reused && net.requests[3].dnsEnd, "looked up again");
}

/** @param test the test case */
void
NextAddress(FunctionTestCase& test)
{
    const auto nobody = Ipv4Address("10.0.0.99"); // the link to the root's node drops it
    const auto closed = DnsNetwork::Address(DnsNetwork::NS1);
    const auto further = DnsNetwork::Address(DnsNetwork::NS2);
    const auto server = DnsNetwork::Address(DnsNetwork::COM);

    struct Row
    {
        std::vector<Ipv4Address> addresses; //!< of the name
        std::string outcome;                //!< of the request
        uint32_t failed;                    //!< addresses that failed before the last
        double gap;                         //!< from the look-up to the last address, ms
    };

    // A port that is closed is told after a round trip, 2 * 7 ms or 2 * 9 ms; nobody is given up
    // after 1 s.
    const Row rows[] = {{{closed, server}, "ok", 1, 14},
                        {{nobody, server}, "ok", 1, 1000},
                        {{closed, nobody, further, server}, "ok", 3, 1032},
                        {{server, closed}, "ok", 0, 0},
                        {{nobody, closed}, "refused", 1, 1000},
                        {{closed, nobody}, "connect-timeout", 1, 14}};
    for (const auto& row : rows)
    {
        NamedServers net(row.addresses);
        net.clients[0]->SetAttribute("ConnectTimeout", TimeValue(Seconds(1)));
        net.RequestAt(Seconds(1));
        DnsNetwork::Run(Seconds(10));
        test.Equal(net.requests.size(), 1, "one attempt");
        const auto& record = net.requests.at(0);
        test.Equal(record.GetOutcomeName(), row.outcome, "outcome");
        test.Equal(record.failedAddresses, row.failed, "addresses that failed");
        test.Equal(record.remote.GetIpv4(), row.addresses[row.failed], "the last one tried");
        test.Near(Milliseconds(*record.connectStart - *record.dnsEnd),
                  row.gap,
                  TOLERANCE,
                  "when it was turned to");
        test.Check(record.local.GetIpv4() == DnsNetwork::Address(DnsNetwork::STUB1), "local");
        test.Equal(net.clients[0]->GetConnectionCount(), 0, "no connection left");
    }
}

/** @param test the test case */
void
Failures(FunctionTestCase& test)
{
    const std::pair<const char*, const char*> names[] = {{"no.example.com", "NameError"},
                                                         {"example.com", "NoData"},
                                                         {"one.example.com", "ServerFailure"},
                                                         {"a..b", "BadName"},
                                                         {".", "BadName"}};
    for (const auto& [name, status] : names)
    {
        NamedServers net({});
        net.clients[0]->SetAttribute("RemoteHost", StringValue(name));
        net.clients[0]->SetAttribute("Retries", UintegerValue(2));
        net.RequestAt(Seconds(1));
        DnsNetwork::Run(Seconds(100));
        test.Equal(net.requests.size(), 3, std::string(name) + ": attempts");
        for (const auto& record : net.requests)
        {
            test.Equal(record.GetOutcomeName(), "not-resolved", name);
            test.Equal(record.dnsStatus, status, name);
            test.Check(record.dnsEnd && !record.connectStart, "never connected");
            test.Check(record.remote.GetIpv4() == Ipv4Address(uint32_t{0}), "no address");
        }
        // What is known at once is not asked for again and again in one instant.
        test.Check(net.requests.at(2).start >= net.requests.at(1).end + Seconds(1) ||
                       net.requests.at(1).end > net.requests.at(1).start,
                   std::string(name) + ": a pause");
        test.Equal(net.clients[0]->GetOutstandingCount(), 0, "all ended");
    }

    // The resolver is silent: each attempt at it takes Timeout.
    NamedServers net({DnsNetwork::Address(DnsNetwork::COM)});
    net.stubs[0]->SetAttribute("Timeout", TimeValue(Seconds(2)));
    net.stubs[0]->SetAttribute("Attempts", UintegerValue(1));
    Simulator::Schedule(Seconds(0.7), [&net] {
        net.nodes.Get(DnsNetwork::RESOLVER)->GetObject<Ipv4>()->SetDown(1);
    });
    net.RequestAt(Seconds(1));
    net.RequestAt(Seconds(10));
    net.clients[0]->SetStopTime(Seconds(11));
    DnsNetwork::Run(Seconds(20));
    test.Equal(net.requests.size(), 2, "both end");
    test.Equal(net.requests.at(0).dnsStatus, "NoAnswer", "silence");
    test.Near(Milliseconds(net.requests[0].GetLatency()), 2000, TOLERANCE, "after the timeout");
    test.Equal(net.requests.at(1).GetOutcomeName(), "aborted", "stopped while it waits");
    test.Check(!net.requests[1].dnsEnd, "the look-up did not end");
    test.Equal(net.clients[0]->GetConnectionCount(), 0, "nothing left");
}

/** @param test the test case */
void
AnyApplication(FunctionTestCase& test)
{
    DnsNetwork net;
    net.Install();
    const auto resolver = net.nodes.Get(DnsNetwork::STUB1)->GetObject<HostResolver>();
    test.Check(resolver == net.stubs[0], "found on the node");
    std::vector<HostLookup> results;
    const auto keep = HostResolver::HostCallback(
        [&results](const HostLookup& lookup) { results.push_back(lookup); });
    uint64_t cancelled = 0;
    Simulator::Schedule(Seconds(1), [&] {
        resolver->LookUpHost("alias.example.com", keep);
        resolver->LookUpHost("10.1.2.3", keep);
        resolver->LookUpHost("10.1.2.300", keep);
        test.Equal(results.size(), 0, "not before the call has returned");
        cancelled = resolver->LookUpHost("192.0.2.9", keep);
        resolver->Cancel(cancelled);
        resolver->Cancel(cancelled);
        resolver->Cancel(resolver->LookUpHost("www.example.com", keep));
    });
    // A stock application is made when its server's address is known.
    const auto host = net.nodes.Get(DnsNetwork::STUB1);
    net.zone->Add(DnsRecord::A("echo.example.com", 30, DnsNetwork::Address(DnsNetwork::COM)));
    UdpEchoServerHelper echo(7);
    const auto server = echo.Install(net.nodes.Get(DnsNetwork::COM)).Get(0);
    std::vector<Time> arrivals;
    server->TraceConnectWithoutContext(
        "Rx",
        Callback<void, Ptr<const Packet>>(
            [&arrivals](Ptr<const Packet>) { arrivals.push_back(Simulator::Now()); }));
    Simulator::Schedule(Seconds(2), [&] {
        resolver->LookUpHost("echo.example.com",
                             HostResolver::HostCallback([host](const HostLookup& lookup) {
                                 UdpEchoClientHelper client(lookup.addresses.at(0), 7);
                                 client.SetAttribute("MaxPackets", UintegerValue(1));
                                 client.Install(host);
                             }));
    });
    DnsNetwork::Run(Seconds(5));
    test.Equal(arrivals.size(), 1, "the echo server got a packet");
    // stub 2, resolver 1, example.com 5, there and back; then 2 and 10 to the server.
    test.Near(Milliseconds(arrivals.at(0) - Seconds(2)), 2 * (3 + 6) + 12, TOLERANCE, "when");
    test.Equal(results.size(), 3, "those that were not cancelled");
    test.Equal(results.at(0).host, "10.1.2.3", "an address needs no look-up");
    test.Equal(results[0].addresses.at(0), Ipv4Address("10.1.2.3"), "itself");
    test.Check(results.at(1).host == "10.1.2.300" && results[1].status == "NameError",
               "no address, but a name");
    test.Equal(results.at(2).addresses.at(0), Ipv4Address("192.0.2.1"), "through the alias");
    test.Equal(results[2].status, "Found", "status");
}

/** @param test the test case */
void
NoResolver(FunctionTestCase& test)
{
    NamedServers net({DnsNetwork::Address(DnsNetwork::COM)});
    HttpClientHelper helper("web.example.com", 8080);
    auto client = DynamicCast<HttpClient>(helper.Install(net.nodes.Get(DnsNetwork::NS2)).Get(0));
    client->SetStartTime(Seconds(100)); // where this would end the program
    std::vector<HttpRequestRecord> records;
    client->TraceConnectWithoutContext(
        "Request",
        Callback<void, const HttpRequestRecord&>(
            [&records](const HttpRequestRecord& record) { records.push_back(record); }));
    Simulator::Schedule(Seconds(1), &HttpClient::SendRequest, client);
    DnsNetwork::Run(Seconds(5));
    test.Equal(records.size(), 1, "an end");
    test.Equal(records.at(0).GetOutcomeName(), "not-resolved", "outcome");
    test.Equal(records[0].dnsStatus, "NoResolver", "why");
    test.Equal(records[0].host, "web.example.com:8080", "Host field");
}

/** Clients that know their server by name. */
class HttpClientNameTestSuite : public TestSuite
{
  public:
    HttpClientNameTestSuite()
        : TestSuite("azure-http-client-name", Type::SYSTEM)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Look-up, handshake and request follow one another; the stub's cache saves the first",
            Times);
        add("A connection that is used again is not looked up again, a new one is", Reuse);
        add("An address that cannot be reached is followed by the next one of the name",
            NextAddress);
        add("A name without an address is an outcome of its own, with the reason", Failures);
        add("Any application finds the resolver of its node, and need not know DNS",
            AnyApplication);
        add("A request by name on a node without resolver fails", NoResolver);
    }
};

/// Registers the suite.
HttpClientNameTestSuite g_httpClientNameTestSuite;

} // namespace
