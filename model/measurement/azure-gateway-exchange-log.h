/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_EXCHANGE_LOG_H
#define AZURE_GATEWAY_EXCHANGE_LOG_H

#include "azure-request-log.h"

#include "ns3/azure-gateway-exchange-record.h"

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
 * @brief Collects the exchanges of an application gateway, counts them and writes them.
 *
 * Connect it to the trace source Exchange of an ApplicationGateway:
 * `gateway->TraceConnectWithoutContext("Exchange", MakeCallback(&GatewayExchangeLog::Add, &log))`.
 */
class GatewayExchangeLog
{
  public:
    /// What a set of exchanges amounts to.
    struct Summary
    {
        uint64_t exchanges{0}; //!< exchanges; one that brought no request is none
        uint64_t retries{0};   //!< further members that were tried (AG-37)
        uint64_t reused{0};    //!< over a connection that was there already (AG-24)
        std::map<std::string, uint64_t> gatewayStatus; //!< answers made by the gateway, by status
        std::map<std::string, uint64_t> backendStatus; //!< answers made by members, by status
        std::map<std::string, uint64_t> reasons;       //!< why the gateway answered by itself
        std::map<std::string, uint64_t> broken;        //!< those not complete, by how they ended
        RequestLog::Percentiles totalTime;             //!< AG-61: first byte in to last byte out
        RequestLog::Percentiles clientRtt;             //!< AG-61: of clients' connections
        RequestLog::Percentiles backendConnect;        //!< AG-61: handshakes with members
        RequestLog::Percentiles backendFirstByte;      //!< AG-61, from the start of connecting
        RequestLog::Percentiles backendLastByte;       //!< AG-61, from the start of connecting
    };

    /// Where the time of answered requests went; the three add up to the client's latency.
    struct Legs
    {
        RequestLog::Percentiles client;  //!< between client and instance
        RequestLog::Percentiles gateway; //!< in the instance
        RequestLog::Percentiles backend; //!< between instance and member, and in the member
    };

    /**
     * @brief Take a record; the order of calls is the order of rows.
     *
     * @param record an exchange
     */
    void Add(const GatewayExchangeRecord& record);

    /**
     * @return every record, in the order of Add()
     */
    const std::vector<GatewayExchangeRecord>& GetRecords() const;

    /**
     * @brief Sum up some exchanges.
     *
     * @param filter says which; empty: all
     * @return the summary
     */
    Summary Summarize(
        const std::function<bool(const GatewayExchangeRecord&)>& filter = nullptr) const;

    /**
     * @brief Split the latency of requests that a member answered.
     *
     * Records are joined by the client's name and the request's number, which `X-Request-Id` has.
     *
     * @param requests the same requests as their clients saw them
     * @param listener index of the listener
     * @return the times; empty without such requests
     */
    Legs SplitLatency(const RequestLog& requests, uint32_t listener) const;

    /**
     * @brief Write one row an exchange, after a header row.
     *
     * Times are simulation times in seconds, empty when not reached; addresses are `address:port`;
     * parts of the configuration are named by their index, empty when there is none. Columns:
     * instance, trace_id, request_id, client, frontend, method, host, target, listener, rule,
     * path_rule, pool, setting, member, backend_local, backend, reused (1: on an open connection),
     * retries, repeats, status, responder, reason, end, request_body, response_body (bytes), start,
     * request_end, backend_start, backend_connect, backend_first_byte, backend_last_byte, finish,
     * client_rtt.
     *
     * @param os where to
     */
    void WriteCsv(std::ostream& os) const;

  private:
    std::vector<GatewayExchangeRecord> m_records; //!< in the order of Add()
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_EXCHANGE_LOG_H */
