/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-exchange-log.h"

#include "azure-csv-field.h"

#include <unordered_map>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param index an index, or nothing
 * @return the index, or nothing
 */
std::string
ToIndexField(const std::optional<uint32_t>& index)
{
    return index ? std::to_string(*index) : std::string();
}

/**
 * @brief Keep a time, if there is one.
 * @param time a time, or nothing
 * @param[in,out] times takes it
 */
void
Keep(const std::optional<Time>& time, std::vector<Time>& times)
{
    if (time)
    {
        times.push_back(*time);
    }
}

} // namespace

void
GatewayExchangeLog::Add(const GatewayExchangeRecord& record)
{
    m_records.push_back(record);
}

const std::vector<GatewayExchangeRecord>&
GatewayExchangeLog::GetRecords() const
{
    return m_records;
}

GatewayExchangeLog::Summary
GatewayExchangeLog::Summarize(const std::function<bool(const GatewayExchangeRecord&)>& filter) const
{
    Summary summary;
    std::vector<Time> totals;
    std::vector<Time> connects;
    std::vector<Time> firstBytes;
    std::vector<Time> lastBytes;
    for (const auto& record : m_records)
    {
        if (record.traceId.empty() || (filter && !filter(record)))
        {
            continue;
        }
        summary.exchanges++;
        summary.retries += record.retries;
        summary.reused += record.reused ? 1 : 0;
        if (record.responder != GatewayResponder::Nobody)
        {
            auto& counts = record.responder == GatewayResponder::Backend ? summary.backendStatus
                                                                         : summary.gatewayStatus;
            counts[std::to_string(record.status)]++;
        }
        if (record.reason != GatewayAnswerReason::None)
        {
            summary.reasons[ToString(record.reason)]++;
        }
        if (record.end != GatewayExchangeEnd::Complete)
        {
            summary.broken[ToString(record.end)]++;
            continue;
        }
        totals.push_back(record.GetTotalTime());
        if (!record.reused)
        {
            Keep(record.GetBackendConnectTime(), connects);
        }
        Keep(record.GetBackendFirstByteTime(), firstBytes);
        Keep(record.GetBackendLastByteTime(), lastBytes);
    }
    summary.totalTime = RequestLog::ToPercentiles(totals);
    summary.backendConnect = RequestLog::ToPercentiles(connects);
    summary.backendFirstByte = RequestLog::ToPercentiles(firstBytes);
    summary.backendLastByte = RequestLog::ToPercentiles(lastBytes);
    return summary;
}

GatewayExchangeLog::Legs
GatewayExchangeLog::SplitLatency(const RequestLog& requests, uint32_t listener) const
{
    std::unordered_map<std::string, const HttpRequestRecord*> asked;
    for (const auto& record : requests.GetRecords())
    {
        if (record.last)
        {
            asked[record.GetRequestId()] = &record;
        }
    }
    std::vector<Time> client;
    std::vector<Time> gateway;
    std::vector<Time> backend;
    for (const auto& record : m_records)
    {
        const auto found = asked.find(record.requestId);
        const auto last = record.GetBackendLastByteTime();
        if (record.listener != listener || found == asked.end() || !last ||
            record.end != GatewayExchangeEnd::Complete ||
            record.responder != GatewayResponder::Backend)
        {
            continue;
        }
        client.push_back(found->second->GetLatency() - record.GetTotalTime());
        gateway.push_back(record.GetTotalTime() - *last);
        backend.push_back(*last);
    }
    return {RequestLog::ToPercentiles(client),
            RequestLog::ToPercentiles(gateway),
            RequestLog::ToPercentiles(backend)};
}

void
GatewayExchangeLog::WriteCsv(std::ostream& os) const
{
    os << "instance,trace_id,request_id,client,frontend,method,host,target,listener,rule,path_rule,"
          "pool,setting,member,backend_local,backend,reused,retries,repeats,status,responder,"
          "reason,end,request_body,response_body,start,request_end,backend_start,backend_connect,"
          "backend_first_byte,backend_last_byte,finish\n";
    for (const auto& r : m_records)
    {
        os << r.instance << ',' << r.traceId << ',' << ToCsvField(r.requestId) << ','
           << ToCsvField(r.client) << ',' << ToCsvField(r.frontend) << ',' << ToCsvField(r.method)
           << ',' << ToCsvField(r.host) << ',' << ToCsvField(r.target) << ','
           << ToIndexField(r.listener) << ',' << ToIndexField(r.rule) << ','
           << ToIndexField(r.pathRule) << ',' << ToIndexField(r.pool) << ','
           << ToIndexField(r.setting) << ',' << ToCsvField(r.member) << ','
           << ToCsvField(r.backendLocal) << ',' << ToCsvField(r.backend) << ',' << int(r.reused)
           << ',' << r.retries << ',' << r.repeats << ',' << r.status << ','
           << ToString(r.responder) << ',' << ToString(r.reason) << ',' << ToString(r.end) << ','
           << r.requestBodyBytes << ',' << r.responseBodyBytes << ',' << ToCsvField(r.start) << ','
           << ToCsvField(r.requestEnd) << ',' << ToCsvField(r.backendStart) << ','
           << ToCsvField(r.backendConnect) << ',' << ToCsvField(r.backendFirstByte) << ','
           << ToCsvField(r.backendLastByte) << ',' << ToCsvField(r.finish) << '\n';
    }
}

} // namespace azure
} // namespace ns3
