/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_SESSION_LOG_H
#define AZURE_GATEWAY_SESSION_LOG_H

#include "azure-request-log.h"

#include "ns3/azure-gateway-session-record.h"

#include <cstdint>
#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Collects the sessions of an application gateway at layer 4, counts them and writes them.
 *
 * Connect it to the trace source Session of an ApplicationGateway:
 * `gateway->TraceConnectWithoutContext("Session", MakeCallback(&GatewaySessionLog::Add, &log))`.
 */
class GatewaySessionLog
{
  public:
    /// What a set of sessions amounts to.
    struct Summary
    {
        uint64_t sessions{0};                 //!< sessions, whatever became of them
        uint64_t bytesToBackend{0};           //!< bytes handed on to members
        uint64_t bytesToClient{0};            //!< bytes handed on to clients
        std::map<std::string, uint64_t> ends; //!< sessions by how they ended
        RequestLog::Percentiles duration;     //!< from acceptance to the end
        RequestLog::Percentiles connect;      //!< handshakes with members, TLS included
    };

    /**
     * @brief Take a record; the order of calls is the order of rows.
     *
     * @param record a session
     */
    void Add(const GatewaySessionRecord& record);

    /**
     * @return every record, in the order of Add()
     */
    const std::vector<GatewaySessionRecord>& GetRecords() const;

    /**
     * @brief Sum up some sessions.
     *
     * @param filter says which; empty: all
     * @return the summary
     */
    Summary Summarize(
        const std::function<bool(const GatewaySessionRecord&)>& filter = nullptr) const;

    /**
     * @brief Write one row a session, after a header row.
     *
     * Times are simulation times in seconds, empty when not reached; addresses are `address:port`;
     * parts of the configuration are named by their index, empty when there is none. Columns:
     * instance, client, frontend, tls (1: with the client), server_name, listener, rule, pool,
     * setting, member, backend_tls, backend_local, backend, end, from_client, to_backend,
     * from_backend, to_client (bytes), start, handshake_end, backend_start, backend_connect,
     * backend_first_byte, finish.
     *
     * @param os where to
     */
    void WriteCsv(std::ostream& os) const;

  private:
    std::vector<GatewaySessionRecord> m_records; //!< in the order of Add()
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_SESSION_LOG_H */
