/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REQUEST_LOG_H
#define AZURE_REQUEST_LOG_H

#include "ns3/azure-http-record.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Collects the records of HTTP clients, counts them and writes them.
 *
 * Connect it to the trace source Request of any number of HttpClients:
 * `client->TraceConnectWithoutContext("Request", MakeCallback(&RequestLog::Add, &log))`.
 */
class RequestLog
{
  public:
    /// Percentiles of a set of times.
    struct Percentiles
    {
        std::optional<Time> p50; //!< median
        std::optional<Time> p90; //!< nine in ten take no longer
        std::optional<Time> p99; //!< 99 in 100 take no longer
        std::optional<Time> max; //!< longest
    };

    /// What a set of requests amounts to.
    struct Summary
    {
        uint64_t requests{0};                     //!< requests, whatever their attempts
        uint64_t succeeded{0};                    //!< requests with outcome Ok
        uint64_t failed{0};                       //!< all others
        std::map<std::string, uint64_t> failures; //!< failed ones by name of the outcome
        std::map<std::string, uint64_t> servedBy; //!< succeeded ones by server
        Percentiles dnsTime;                      //!< look-ups of all attempts that ended theirs
        Percentiles connectTime; //!< handshakes of all attempts that finished theirs
        Percentiles latency;     //!< succeeded requests, from the scheduled time to the end
    };

    /**
     * @brief Take a record; the order of calls is the order of rows.
     *
     * @param record one attempt at one request
     */
    void Add(const HttpRequestRecord& record);

    /**
     * @return every record, in the order of Add()
     */
    const std::vector<HttpRequestRecord>& GetRecords() const;

    /**
     * @brief Sum up the requests to one address and port.
     *
     * @param remote where requests were sent to
     * @return the summary
     */
    Summary Summarize(const InetSocketAddress& remote) const;

    /**
     * @brief Sum up some requests.
     *
     * @param filter says of each attempt whether it counts; empty: all do
     * @return the summary
     */
    Summary Summarize(const std::function<bool(const HttpRequestRecord&)>& filter = nullptr) const;

    /**
     * @brief The nearest-rank percentile: the smallest value such that at least `percent` of
     * all values are no greater. It is always one of the values.
     *
     * @param values the values, in any order
     * @param percent above 0, at most 100
     * @return the percentile; nothing without values
     */
    static std::optional<Time> GetPercentile(std::vector<Time> values, double percent);

    /**
     * @param values values in any order
     * @return their percentiles
     */
    static Percentiles ToPercentiles(const std::vector<Time>& values);

    /**
     * @brief Write one row an attempt, after a header row.
     *
     * Times are simulation times in seconds, empty when not reached; addresses are
     * `address:port`; text that holds a comma, a quote or a line break is quoted (RFC 4180).
     * Columns: client, request, attempt, last (1: the request ends with this attempt), method,
     * host, path, local, remote, reused (1: on an open connection), scheduled, start,
     * dns_start, dns_end, dns_status, connect_start, connect_end, tls_end, sent, first_byte,
     * last_byte, end, status, outcome, served_by, request_bytes, response_bytes.
     *
     * @param os where to
     */
    void WriteCsv(std::ostream& os) const;

  private:
    std::vector<HttpRequestRecord> m_records; //!< in the order of Add()
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REQUEST_LOG_H */
