/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-session-log.h"

#include "azure-csv-field.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param index index of a part of the configuration, or nothing
 * @return the index, or nothing
 */
std::string
ToPartField(const std::optional<uint32_t>& index)
{
    return index ? std::to_string(*index) : std::string();
}

} // namespace

void
GatewaySessionLog::Add(const GatewaySessionRecord& record)
{
    m_records.push_back(record);
}

const std::vector<GatewaySessionRecord>&
GatewaySessionLog::GetRecords() const
{
    return m_records;
}

GatewaySessionLog::Summary
GatewaySessionLog::Summarize(const std::function<bool(const GatewaySessionRecord&)>& filter) const
{
    Summary summary;
    std::vector<Time> durations;
    std::vector<Time> connects;
    for (const auto& record : m_records)
    {
        if (filter && !filter(record))
        {
            continue;
        }
        summary.sessions++;
        summary.bytesToBackend += record.bytesToBackend;
        summary.bytesToClient += record.bytesToClient;
        summary.ends[ToString(record.end)]++;
        durations.push_back(record.finish - record.start);
        if (record.backendConnect)
        {
            connects.push_back(*record.backendConnect - *record.backendStart);
        }
    }
    summary.duration = RequestLog::ToPercentiles(durations);
    summary.connect = RequestLog::ToPercentiles(connects);
    return summary;
}

void
GatewaySessionLog::WriteCsv(std::ostream& os) const
{
    os << "instance,client,frontend,tls,server_name,listener,rule,pool,setting,member,backend_tls,"
          "backend_local,backend,end,from_client,to_backend,from_backend,to_client,start,"
          "handshake_end,backend_start,backend_connect,backend_first_byte,finish\n";
    for (const auto& r : m_records)
    {
        os << r.instance << ',' << ToCsvField(r.client) << ',' << ToCsvField(r.frontend) << ','
           << int(r.tls) << ',' << ToCsvField(r.serverName) << ',' << ToPartField(r.listener) << ','
           << ToPartField(r.rule) << ',' << ToPartField(r.pool) << ',' << ToPartField(r.setting)
           << ',' << ToCsvField(r.member) << ',' << int(r.backendTls) << ','
           << ToCsvField(r.backendLocal) << ',' << ToCsvField(r.backend) << ',' << ToString(r.end)
           << ',' << r.bytesFromClient << ',' << r.bytesToBackend << ',' << r.bytesFromBackend
           << ',' << r.bytesToClient << ',' << ToCsvField(r.start) << ','
           << ToCsvField(r.handshakeEnd) << ',' << ToCsvField(r.backendStart) << ','
           << ToCsvField(r.backendConnect) << ',' << ToCsvField(r.backendFirstByte) << ','
           << ToCsvField(r.finish) << '\n';
    }
}

} // namespace azure
} // namespace ns3
