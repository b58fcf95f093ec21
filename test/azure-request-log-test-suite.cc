/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-request-log.h"
#include "ns3/test.h"

#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param remote where to
 * @param seconds how long it took, from 10 s on
 * @return a request that succeeded
 */
HttpRequestRecord
Ok(const InetSocketAddress& remote, double seconds)
{
    HttpRequestRecord record;
    record.client = "c";
    record.local = InetSocketAddress(Ipv4Address("10.0.0.1"), 49153);
    record.remote = remote;
    record.scheduled = Seconds(10);
    record.start = Seconds(10);
    record.end = Seconds(10 + seconds);
    record.status = 200;
    record.servedBy = "vm-0";
    return record;
}

/** The nearest-rank percentile, by hand. */
class PercentileTestCase : public TestCase
{
  public:
    PercentileTestCase()
        : TestCase("A percentile is the value of the nearest rank")
    {
    }

  private:
    void DoRun() override
    {
        // The textbook example of the nearest-rank method.
        std::vector<Time> values{Seconds(50), Seconds(15), Seconds(40), Seconds(20), Seconds(35)};
        const std::pair<double, int> expected[] =
            {{0.1, 15}, {5, 15}, {20, 15}, {30, 20}, {40, 20}, {50, 35}, {99, 50}, {100, 50}};
        for (const auto& [percent, seconds] : expected)
        {
            NS_TEST_EXPECT_MSG_EQ(*RequestLog::GetPercentile(values, percent),
                                  Seconds(seconds),
                                  percent);
        }
        NS_TEST_EXPECT_MSG_EQ(RequestLog::GetPercentile({}, 50).has_value(), false, "no values");
    }
};

/** Requests, attempts, failures and rules are told apart; the file has what it says. */
class SummaryTestCase : public TestCase
{
  public:
    SummaryTestCase()
        : TestCase("Requests are counted once, by address, server and failure")
    {
    }

  private:
    void DoRun() override
    {
        const InetSocketAddress web(Ipv4Address("20.0.0.4"), 80);
        const InetSocketAddress other(Ipv4Address("20.0.0.4"), 81);
        RequestLog log;
        for (double seconds : {0.4, 0.1, 0.2, 0.3})
        {
            log.Add(Ok(web, seconds));
        }
        log.Add(Ok(other, 7));
        auto attempt = Ok(web, 3);
        attempt.outcome = HttpOutcome::ConnectTimeout;
        attempt.last = false; // a retry follows: no request of its own
        log.Add(attempt);
        auto retry = Ok(web, 5);
        retry.attempt = 2;
        retry.dnsStart = Seconds(13);
        retry.dnsEnd = Seconds(13.125);
        retry.connectStart = Seconds(14);
        retry.connectEnd = Seconds(14.25);
        retry.servedBy = "vm-1";
        log.Add(retry);
        auto reset = Ok(web, 9);
        reset.outcome = HttpOutcome::Reset;
        log.Add(reset);

        auto summary = log.Summarize(web);
        NS_TEST_EXPECT_MSG_EQ(summary.requests, 6, "requests");
        NS_TEST_EXPECT_MSG_EQ(summary.succeeded, 5, "succeeded");
        NS_TEST_EXPECT_MSG_EQ(summary.failed, 1, "failed");
        NS_TEST_ASSERT_MSG_EQ(summary.failures.size(), 1, "one kind of failure");
        NS_TEST_EXPECT_MSG_EQ(summary.failures["reset"], 1, "resets");
        NS_TEST_EXPECT_MSG_EQ(summary.servedBy["vm-0"], 4, "vm-0");
        NS_TEST_EXPECT_MSG_EQ(summary.servedBy["vm-1"], 1, "vm-1");
        NS_TEST_EXPECT_MSG_EQ(*summary.latency.p50, Seconds(0.3), "rank 3 of 5");
        NS_TEST_EXPECT_MSG_EQ(*summary.latency.max, Seconds(5), "longest");
        NS_TEST_EXPECT_MSG_EQ(*summary.connectTime.p50, Seconds(0.25), "the one handshake");
        NS_TEST_EXPECT_MSG_EQ(*summary.dnsTime.max, Seconds(0.125), "the one look-up");
        NS_TEST_EXPECT_MSG_EQ(log.Summarize().requests, 7, "all addresses");
        NS_TEST_EXPECT_MSG_EQ(log.GetRecords().size(), 8, "attempts");
        NS_TEST_EXPECT_MSG_EQ(
            log.Summarize(InetSocketAddress(Ipv4Address("20.0.0.5"), 80)).requests,
            0,
            "nobody asked there");
    }
};

/** A row of the file, written by hand. */
class CsvTestCase : public TestCase
{
  public:
    CsvTestCase()
        : TestCase("The CSV file has the documented columns, quoted where needed")
    {
    }

  private:
    void DoRun() override
    {
        RequestLog log;
        auto record = Ok(InetSocketAddress(Ipv4Address("20.0.0.4"), 80), 0.5);
        record.method = "GET";
        record.host = "example.org";
        record.path = "/a,\"b\"";
        record.connectStart = Seconds(10);
        record.requestBytes = 80;
        record.responseBytes = 1024;
        log.Add(record);
        std::ostringstream os;
        log.WriteCsv(os);
        NS_TEST_EXPECT_MSG_EQ(
            os.str(),
            "client,request,attempt,last,method,host,path,local,remote,reused,scheduled,start,"
            "dns_start,dns_end,dns_status,connect_start,connect_end,tls_end,sent,first_byte,"
            "last_byte,end,status,outcome,served_by,request_bytes,response_bytes\n"
            "c,0,1,1,GET,example.org,\"/a,\"\"b\"\"\",10.0.0.1:49153,20.0.0.4:80,0,"
            "10.000000000,10.000000000,,,,10.000000000,,,,,,10.500000000,200,ok,vm-0,80,1024\n",
            "the file");
    }
};

/** Request logs. */
class RequestLogTestSuite : public TestSuite
{
  public:
    RequestLogTestSuite()
        : TestSuite("azure-request-log", Type::UNIT)
    {
        AddTestCase(new PercentileTestCase, Duration::QUICK);
        AddTestCase(new SummaryTestCase, Duration::QUICK);
        AddTestCase(new CsvTestCase, Duration::QUICK);
    }
};

/** Registers the suite. */
RequestLogTestSuite g_requestLogTestSuite;

} // namespace
