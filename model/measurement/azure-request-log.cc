/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-request-log.h"

#include "azure-csv-field.h"

#include "ns3/assert.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace azure
{

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

RequestLog::Percentiles
RequestLog::ToPercentiles(const std::vector<Time>& values)
{
    return {GetPercentile(values, 50),
            GetPercentile(values, 90),
            GetPercentile(values, 99),
            GetPercentile(values, 100)};
}

RequestLog::Summary
RequestLog::Summarize(const InetSocketAddress& remote) const
{
    return Summarize([&](const HttpRequestRecord& record) {
        return record.remote.GetIpv4() == remote.GetIpv4() &&
               record.remote.GetPort() == remote.GetPort();
    });
}

RequestLog::Summary
RequestLog::Summarize(const std::function<bool(const HttpRequestRecord&)>& filter) const
{
    Summary summary;
    std::vector<Time> dnsTimes;
    std::vector<Time> connectTimes;
    std::vector<Time> latencies;
    for (const auto& record : m_records)
    {
        if (filter && !filter(record))
        {
            continue;
        }
        if (auto time = record.GetDnsTime())
        {
            dnsTimes.push_back(*time);
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
    summary.dnsTime = ToPercentiles(dnsTimes);
    summary.connectTime = ToPercentiles(connectTimes);
    summary.latency = ToPercentiles(latencies);
    return summary;
}

void
RequestLog::WriteCsv(std::ostream& os) const
{
    os << "client,request,attempt,last,method,host,path,local,remote,reused,scheduled,start,"
          "dns_start,dns_end,dns_status,connect_start,connect_end,tls_end,sent,first_byte,"
          "last_byte,end,status,outcome,served_by,request_bytes,response_bytes\n";
    for (const auto& r : m_records)
    {
        os << ToCsvField(r.client) << ',' << r.request << ',' << r.attempt << ',' << int(r.last)
           << ',' << ToCsvField(r.method) << ',' << ToCsvField(r.host) << ',' << ToCsvField(r.path)
           << ',' << ToCsvField(r.local) << ',' << ToCsvField(r.remote) << ',' << int(r.reused)
           << ',' << ToCsvField(r.scheduled) << ',' << ToCsvField(r.start) << ','
           << ToCsvField(r.dnsStart) << ',' << ToCsvField(r.dnsEnd) << ','
           << ToCsvField(r.dnsStatus) << ',' << ToCsvField(r.connectStart) << ','
           << ToCsvField(r.connectEnd) << ',' << ToCsvField(r.tlsEnd) << ',' << ToCsvField(r.sent)
           << ',' << ToCsvField(r.firstByte) << ',' << ToCsvField(r.lastByte) << ','
           << ToCsvField(r.end) << ',' << r.status << ',' << r.GetOutcomeName() << ','
           << ToCsvField(r.servedBy) << ',' << r.requestBytes << ',' << r.responseBytes << '\n';
    }
}

} // namespace azure
} // namespace ns3
