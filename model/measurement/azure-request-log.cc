/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-request-log.h"

#include "azure-csv-field.h"

#include "ns3/assert.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param time a time
 * @return the time in seconds, to the nanosecond
 */
std::string
ToField(Time time)
{
    std::ostringstream os;
    os << std::fixed << std::setprecision(9) << time.GetSeconds();
    return os.str();
}

/**
 * @param time a time, or nothing
 * @return the time in seconds, or nothing
 */
std::string
ToField(const std::optional<Time>& time)
{
    return time ? ToField(*time) : std::string();
}

/**
 * @param address an address and port
 * @return both as text
 */
std::string
ToField(const InetSocketAddress& address)
{
    std::ostringstream os;
    os << address.GetIpv4() << ":" << address.GetPort();
    return os.str();
}

/**
 * @param values values in any order
 * @return their percentiles
 */
RequestLog::Percentiles
ToPercentiles(const std::vector<Time>& values)
{
    return {RequestLog::GetPercentile(values, 50),
            RequestLog::GetPercentile(values, 90),
            RequestLog::GetPercentile(values, 99),
            RequestLog::GetPercentile(values, 100)};
}

} // namespace

void
RequestLog::Add(const HttpRequestRecord& record)
{
    m_records.push_back(record);
}

const std::vector<HttpRequestRecord>&
RequestLog::GetRecords() const
{
    return m_records;
}

std::optional<Time>
RequestLog::GetPercentile(std::vector<Time> values, double percent)
{
    NS_ASSERT_MSG(percent > 0 && percent <= 100, "Not a percentage: " << percent);
    if (values.empty())
    {
        return std::nullopt;
    }
    const auto rank = static_cast<std::size_t>(std::ceil(percent * values.size() / 100));
    auto nth = values.begin() + (std::clamp<std::size_t>(rank, 1, values.size()) - 1);
    std::nth_element(values.begin(), nth, values.end());
    return *nth;
}

RequestLog::Summary
RequestLog::Summarize(const InetSocketAddress& remote) const
{
    return DoSummarize(&remote);
}

RequestLog::Summary
RequestLog::Summarize() const
{
    return DoSummarize(nullptr);
}

RequestLog::Summary
RequestLog::DoSummarize(const InetSocketAddress* remote) const
{
    Summary summary;
    std::vector<Time> connectTimes;
    std::vector<Time> latencies;
    for (const auto& record : m_records)
    {
        if (remote && (record.remote.GetIpv4() != remote->GetIpv4() ||
                       record.remote.GetPort() != remote->GetPort()))
        {
            continue;
        }
        if (auto time = record.GetConnectTime())
        {
            connectTimes.push_back(*time);
        }
        if (!record.last)
        {
            continue;
        }
        summary.requests++;
        if (record.outcome == HttpOutcome::Ok)
        {
            summary.succeeded++;
            summary.servedBy[record.servedBy]++;
            latencies.push_back(record.GetLatency());
        }
        else
        {
            summary.failed++;
            summary.failures[record.GetOutcomeName()]++;
        }
    }
    summary.connectTime = ToPercentiles(connectTimes);
    summary.latency = ToPercentiles(latencies);
    return summary;
}

void
RequestLog::WriteCsv(std::ostream& os) const
{
    os << "client,request,attempt,last,method,host,path,local,remote,reused,scheduled,start,"
          "connect_start,connect_end,sent,first_byte,last_byte,end,status,outcome,served_by,"
          "request_bytes,response_bytes\n";
    for (const auto& r : m_records)
    {
        os << ToCsvField(r.client) << ',' << r.request << ',' << r.attempt << ',' << int(r.last)
           << ',' << ToCsvField(r.method) << ',' << ToCsvField(r.host) << ',' << ToCsvField(r.path)
           << ',' << ToField(r.local) << ',' << ToField(r.remote) << ',' << int(r.reused) << ','
           << ToField(r.scheduled) << ',' << ToField(r.start) << ',' << ToField(r.connectStart)
           << ',' << ToField(r.connectEnd) << ',' << ToField(r.sent) << ',' << ToField(r.firstByte)
           << ',' << ToField(r.lastByte) << ',' << ToField(r.end) << ',' << r.status << ','
           << r.GetOutcomeName() << ',' << ToCsvField(r.servedBy) << ',' << r.requestBytes << ','
           << r.responseBytes << '\n';
    }
}

} // namespace azure
} // namespace ns3
