/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-request-log.h"
#include "ns3/random-variable-stream.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Random numbers of a test. */
class Dice
{
  public:
    /** @param stream stream of the random variable */
    explicit Dice(int64_t stream)
        : m_random(CreateObject<UniformRandomVariable>())
    {
        m_random->SetStream(stream);
    }

    /**
     * @param bound a number
     * @return a number from 0 to below the bound
     */
    uint32_t operator()(uint32_t bound)
    {
        return m_random->GetInteger(0, bound - 1);
    }

  private:
    Ptr<UniformRandomVariable> m_random; //!< all that is random
};

/**
 * @param values values
 * @param percent a percentage
 * @return the least value that at least so many of all do not exceed, by counting
 */
std::optional<Time>
NaivePercentile(const std::vector<Time>& values, double percent)
{
    std::optional<Time> least;
    for (const auto& candidate : values)
    {
        const auto below = std::count_if(values.begin(), values.end(), [&](Time value) {
            return value <= candidate;
        });
        if (100.0 * below >= percent * values.size() && (!least || candidate < *least))
        {
            least = candidate;
        }
    }
    return least;
}

/** @param test the test case */
void
Percentiles(FunctionTestCase& test)
{
    Dice dice(41);
    for (uint32_t run = 0; run < 120; ++run)
    {
        // Few different values, so that many are equal; sizes around the ranks that matter.
        std::vector<Time> values(1 + dice(run < 100 ? 20 : 130));
        for (auto& value : values)
        {
            value = MilliSeconds(dice(15)) - MilliSeconds(3);
        }
        for (const double percent : {0.001, 1.0, 12.5, 25.0, 50.0, 75.0, 90.0, 99.0, 99.999, 100.0})
        {
            test.Equal(*RequestLog::GetPercentile(values, percent),
                       *NaivePercentile(values, percent),
                       std::to_string(percent) + " of " + std::to_string(values.size()));
        }
    }
    // 1 to 100: the percentile is the percentage, for every one, above it the next.
    std::vector<Time> hundred;
    for (int i = 100; i > 0; --i)
    {
        hundred.push_back(Seconds(i));
    }
    for (int percent = 1; percent <= 100; ++percent)
    {
        test.Equal(*RequestLog::GetPercentile(hundred, percent), Seconds(percent), "rank");
        test.Equal(*RequestLog::GetPercentile(hundred, percent - 0.5), Seconds(percent), "rank");
    }
}

/**
 * @param dice random numbers
 * @return any record, plausible or not
 */
HttpRequestRecord
RandomRecord(Dice& dice)
{
    const std::vector<std::string>
        texts{"plain", "", "a,b", "\"", "say \"so\"", "x\r\ny", "\n", ",,"};
    HttpRequestRecord record;
    record.client = texts[dice(texts.size())];
    record.request = dice(1000);
    record.attempt = 1 + dice(3);
    record.last = dice(3) > 0;
    record.method = dice(2) ? "GET" : "POST";
    record.host = texts[dice(texts.size())];
    record.path = "/" + texts[dice(texts.size())];
    record.local = InetSocketAddress(Ipv4Address(0x0a000001 + dice(3)), 49152 + dice(3));
    record.remote = InetSocketAddress(Ipv4Address(0x14000004 + dice(2)), 80 + dice(2));
    record.reused = dice(2);
    record.scheduled = NanoSeconds(dice(1000000000));
    record.start = record.scheduled + NanoSeconds(dice(1000));
    const auto maybe = [&](std::optional<Time>& time) {
        if (dice(2))
        {
            time = Seconds(dice(90000)) + NanoSeconds(dice(1000000000));
        }
    };
    maybe(record.dnsStart);
    maybe(record.dnsEnd);
    record.dnsStatus = texts[dice(texts.size())];
    maybe(record.connectStart);
    maybe(record.connectEnd);
    maybe(record.tlsEnd);
    maybe(record.sent);
    maybe(record.firstByte);
    maybe(record.lastByte);
    record.end = record.start + MicroSeconds(dice(3000000));
    record.outcome = static_cast<HttpOutcome>(dice(2) ? 0 : dice(11));
    record.status = record.outcome == HttpOutcome::HttpError ? 400 + dice(200) : 200;
    record.servedBy = "vm-" + std::to_string(dice(3));
    record.requestBytes = dice(100000);
    record.responseBytes = uint64_t{dice(100000)} << 30;
    return record;
}

/**
 * @brief Sum up records in the way that the documentation puts it.
 * @param records the records
 * @param test the test case
 * @param actual what the log says
 * @param what which records
 */
void
CompareSummary(FunctionTestCase& test,
               const std::vector<HttpRequestRecord>& records,
               const RequestLog::Summary& actual,
               const std::string& what)
{
    std::map<std::string, uint64_t> outcomes;
    std::map<std::string, uint64_t> servers;
    std::vector<Time> connects;
    std::vector<Time> latencies;
    uint64_t requests = 0;
    for (const auto& record : records)
    {
        if (record.connectStart && record.connectEnd)
        {
            connects.push_back(*record.connectEnd - *record.connectStart);
        }
        if (record.last)
        {
            ++requests;
            ++outcomes[record.GetOutcomeName()];
            if (record.GetOutcomeName() == "ok")
            {
                ++servers[record.servedBy];
                latencies.push_back(record.end - record.scheduled);
            }
        }
    }
    const auto good = outcomes["ok"];
    outcomes.erase("ok");
    test.Equal(actual.requests, requests, "requests of " + what);
    test.Equal(actual.succeeded, good, "succeeded of " + what);
    test.Equal(actual.failed, requests - good, "failed of " + what);
    test.Check(actual.failures == outcomes, "failures of " + what);
    test.Check(actual.servedBy == servers, "servers of " + what);
    const auto compare = [&](const RequestLog::Percentiles& found,
                             const std::vector<Time>& values) {
        test.Check(found.p50 == NaivePercentile(values, 50), "median of " + what);
        test.Check(found.p90 == NaivePercentile(values, 90), "90 % of " + what);
        test.Check(found.p99 == NaivePercentile(values, 99), "99 % of " + what);
        test.Check(found.max == NaivePercentile(values, 100), "longest of " + what);
    };
    compare(actual.connectTime, connects);
    compare(actual.latency, latencies);
}

/** @param test the test case */
void
Summaries(FunctionTestCase& test)
{
    Dice dice(42);
    for (const uint32_t size : {0U, 1U, 2U, 10U, 99U, 100U, 101U, 400U})
    {
        RequestLog log;
        std::map<std::string, std::vector<HttpRequestRecord>> byRemote;
        std::vector<HttpRequestRecord> all;
        const auto key = [](const InetSocketAddress& remote) {
            std::ostringstream os;
            os << remote.GetIpv4() << ":" << remote.GetPort();
            return os.str();
        };
        for (uint32_t i = 0; i < size; ++i)
        {
            all.push_back(RandomRecord(dice));
            byRemote[key(all.back().remote)].push_back(all.back());
            log.Add(all.back());
        }
        CompareSummary(test, all, log.Summarize(), "all " + std::to_string(size));
        for (uint32_t address = 0; address < 3; ++address)
        {
            for (uint16_t port = 79; port < 83; ++port)
            {
                const InetSocketAddress remote(Ipv4Address(0x14000004 + address), port);
                CompareSummary(test, byRemote[key(remote)], log.Summarize(remote), key(remote));
            }
        }
    }
}

/**
 * @brief Read a file as RFC 4180 says.
 * @param text the file; rows end with LF here
 * @return its rows
 */
std::vector<std::vector<std::string>>
ReadCsv(const std::string& text)
{
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row{""};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
        {
            row.back() += text[++i];
        }
        else if (c == '"')
        {
            quoted = !quoted;
        }
        else if (!quoted && c == ',')
        {
            row.emplace_back();
        }
        else if (!quoted && c == '\n')
        {
            rows.push_back(row);
            row = {""};
        }
        else
        {
            row.back() += c;
        }
    }
    return rows;
}

/** @param test the test case */
void
CsvRoundTrip(FunctionTestCase& test)
{
    Dice dice(43);
    RequestLog log;
    for (uint32_t i = 0; i < 200; ++i)
    {
        log.Add(RandomRecord(dice));
    }
    std::ostringstream os;
    log.WriteCsv(os);
    const auto rows = ReadCsv(os.str());
    test.Equal(rows.size(), log.GetRecords().size() + 1, "a row for each attempt and the header");
    const auto time = [](const std::optional<Time>& value) -> std::string {
        if (!value)
        {
            return "";
        }
        auto digits = std::to_string(value->GetNanoSeconds() % 1000000000);
        digits.insert(0, 9 - digits.size(), '0');
        return std::to_string(value->GetNanoSeconds() / 1000000000) + "." + digits;
    };
    const auto address = [](const InetSocketAddress& value) {
        const auto ip = value.GetIpv4().Get();
        std::ostringstream text;
        text << (ip >> 24) << "." << (ip >> 16 & 255) << "." << (ip >> 8 & 255) << "." << (ip & 255)
             << ":" << value.GetPort();
        return text.str();
    };
    for (std::size_t i = 0; i < log.GetRecords().size() && i + 1 < rows.size(); ++i)
    {
        const auto& r = log.GetRecords()[i];
        const std::map<std::string, std::string> expected{
            {"client", r.client},
            {"request", std::to_string(r.request)},
            {"attempt", std::to_string(r.attempt)},
            {"last", r.last ? "1" : "0"},
            {"method", r.method},
            {"host", r.host},
            {"path", r.path},
            {"local", address(r.local)},
            {"remote", address(r.remote)},
            {"reused", r.reused ? "1" : "0"},
            {"scheduled", time(r.scheduled)},
            {"start", time(r.start)},
            {"dns_start", time(r.dnsStart)},
            {"dns_end", time(r.dnsEnd)},
            {"dns_status", r.dnsStatus},
            {"connect_start", time(r.connectStart)},
            {"connect_end", time(r.connectEnd)},
            {"tls_end", time(r.tlsEnd)},
            {"sent", time(r.sent)},
            {"first_byte", time(r.firstByte)},
            {"last_byte", time(r.lastByte)},
            {"end", time(r.end)},
            {"status", std::to_string(r.status)},
            {"outcome", r.GetOutcomeName()},
            {"served_by", r.servedBy},
            {"request_bytes", std::to_string(r.requestBytes)},
            {"response_bytes", std::to_string(r.responseBytes)}};
        test.Equal(rows[0].size(), expected.size(), "columns");
        test.Equal(rows[i + 1].size(), expected.size(), "fields of row " + std::to_string(i));
        for (std::size_t column = 0; column < rows[i + 1].size(); ++column)
        {
            const auto found = expected.find(rows[0].at(column));
            test.Check(found != expected.end(), "column " + rows[0][column]);
            test.Equal(rows[i + 1][column],
                       found == expected.end() ? "" : found->second,
                       rows[0][column] + " of row " + std::to_string(i));
        }
    }
}

/** Request logs against naive computations. */
class RequestLogReferenceTestSuite : public TestSuite
{
  public:
    RequestLogReferenceTestSuite()
        : TestSuite("azure-request-log-reference", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Percentiles are the least value that enough values do not exceed", Percentiles);
        add("Summaries of random records, in total and by address, against a recount", Summaries);
        add("A CSV file of any text and times reads back as RFC 4180 says", CsvRoundTrip);
    }
};

/** Registers the suite. */
RequestLogReferenceTestSuite g_requestLogReferenceTestSuite;

} // namespace
