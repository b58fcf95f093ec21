/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_RECORD_H
#define AZURE_HTTP_RECORD_H

#include "ns3/address.h"
#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How an attempt at a request ended.
 */
enum class HttpOutcome
{
    Ok,             //!< a complete response with a status below 400
    HttpError,      //!< a complete response with a status of 400 or more
    ConnectTimeout, //!< the handshake did not finish in time
    Refused,        //!< the handshake was answered with a reset
    Reset,          //!< the established connection was reset or given up by TCP
    Timeout,        //!< connected, but no complete response in time
    ClosedEarly,    //!< the peer closed in an orderly way before the response was complete
    BadResponse,    //!< what came back is not HTTP
    NoAddress,      //!< no route, or no free local port: nothing was sent
    NotResolved,    //!< the host name has no address, or nobody could tell
    Overload,       //!< more requests outstanding than the client may have: nothing was sent
    TlsFailed,      //!< connected, but the handshake of TLS failed
    Aborted         //!< the client application stopped first
};

/**
 * @ingroup azure-load-balancing
 * @brief One attempt at one request, as its client saw it.
 *
 * Times are absolute simulation times; one that was not reached is empty. A request is measured
 * from `scheduled`, the time at which the load model wanted it, not from when a connection was
 * free for it: a slow server cannot hide the requests it delays (no coordinated omission).
 *
 * A request has one record for each attempt; the one with `last` set ends it, so requests are
 * counted by the records that have it.
 */
struct HttpRequestRecord
{
    std::string client;               //!< name of the client application
    uint32_t node{0};                 //!< id of the client's node
    uint64_t request{0};              //!< id of the request, from 0, unique for its client
    uint32_t user{0};                 //!< closed loop: which user; 0 otherwise
    uint32_t attempt{1};              //!< from 1
    bool last{true};                  //!< whether no further attempt follows
    std::string method;               //!< method of the request
    std::string host;                 //!< Host field of the request
    std::string path;                 //!< request target
    std::string remoteHost;           //!< name that is looked up for the address; empty: none
    InetSocketAddress local;          //!< the client's address and port; port 0 if none was bound
    InetSocketAddress remote;         //!< where the connection was opened to; 0.0.0.0: unknown
    uint32_t failedAddresses{0};      //!< addresses of the host that were tried before remote
    bool reused{false};               //!< an idle connection was used again: no connect times
    Time scheduled;                   //!< when the load model wanted the request
    Time start;                       //!< when this attempt began
    std::optional<Time> dnsStart;     //!< name asked for; empty without a look-up
    std::optional<Time> dnsEnd;       //!< look-up ended
    std::string dnsStatus;            //!< how it ended: status of HostLookup; empty: it did not
    std::optional<Time> connectStart; //!< first SYN to remote sent
    std::optional<Time> connectEnd;   //!< SYN-ACK received
    std::optional<Time> tlsEnd;       //!< handshake of TLS done; empty with plain HTTP
    std::optional<Time> sent;         //!< request handed to TCP
    std::optional<Time> firstByte;    //!< first byte of the response received
    std::optional<Time> lastByte;     //!< last byte of the response received
    Time end;                         //!< when the outcome was known
    uint32_t status{0};               //!< status code, 0 without a response head
    std::string servedBy;             //!< X-Served-By field of the response, else its Server field
    uint64_t requestBytes{0};         //!< bytes of the request on the wire: head and body
    uint64_t responseBytes{0};        //!< bytes of the response received: head, framing, body
    uint64_t bodyBytes{0};            //!< bytes of the response's body
    HttpOutcome outcome{HttpOutcome::Ok}; //!< how it ended

    /** @brief An empty record: unset addresses, all times zero or empty. */
    HttpRequestRecord()
        : local(Ipv4Address(uint32_t(0)), 0),
          remote(Ipv4Address(uint32_t(0)), 0)
    {
    }

    /**
     * @return from the scheduled time to the outcome
     */
    Time GetLatency() const
    {
        return end - scheduled;
    }

    /**
     * @return value of the field `X-Request-Id`, by which the request is known on its whole way
     */
    std::string GetRequestId() const
    {
        return client + "-" + std::to_string(request);
    }

    /**
     * @return duration of the look-up, if there was one and it ended
     */
    std::optional<Time> GetDnsTime() const
    {
        if (!dnsStart || !dnsEnd)
        {
            return std::nullopt;
        }
        return *dnsEnd - *dnsStart;
    }

    /**
     * @return duration of the handshake, if there was one and it finished
     */
    std::optional<Time> GetConnectTime() const
    {
        if (!connectStart || !connectEnd)
        {
            return std::nullopt;
        }
        return *connectEnd - *connectStart;
    }

    /**
     * @return the outcome as one word, for reports: `ok`, `http-4xx`, `http-5xx`,
     *         `connect-timeout`, `refused`, `reset`, `timeout`, `closed-early`, `bad-response`,
     *         `no-address`, `not-resolved`, `overload`, `tls-failed` or `aborted`
     */
    std::string GetOutcomeName() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief One request, as its server saw it.
 */
struct HttpServedRecord
{
    std::string server;            //!< name of the server application
    uint32_t node{0};              //!< id of the server's node
    InetSocketAddress local;       //!< the address and port the connection was accepted on
    InetSocketAddress peer;        //!< the address and port the server saw as its client
    std::string tlsProtocol;       //!< for example TLSv1.3; empty with plain HTTP
    std::string clientCertificate; //!< subject of the client's certificate; empty: none was shown
    std::string requestId;         //!< X-Request-Id field of the request
    std::string method;            //!< method of the request
    std::string host;              //!< Host field of the request
    std::string path;              //!< request target
    Time received;                 //!< request complete
    Time serviceStart;             //!< a place within the bounded concurrency was free
    Time end;                      //!< response handed to TCP, or given up
    uint32_t status{0};            //!< status code
    uint64_t requestBodyBytes{0};  //!< bytes of the request's body
    uint64_t responseBodyBytes{0}; //!< bytes of the response's body handed to TCP
    bool complete{false};          //!< whether the whole response was handed to TCP

    /** @brief An empty record: unset addresses, all times zero. */
    HttpServedRecord()
        : local(Ipv4Address(uint32_t(0)), 0),
          peer(Ipv4Address(uint32_t(0)), 0)
    {
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_RECORD_H */
