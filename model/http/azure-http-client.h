/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_CLIENT_H
#define AZURE_HTTP_CLIENT_H

#include "azure-http-codec.h"
#include "azure-http-record.h"

#include "ns3/application.h"
#include "ns3/azure-tls-configuration.h"
#include "ns3/event-id.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

class HttpClientConnection;

/**
 * @ingroup azure-load-balancing
 * @brief When a client asks for something.
 */
enum class HttpLoadModel
{
    OpenPoisson, //!< at random, Rate requests a second, whatever becomes of earlier ones
    OpenPaced,   //!< every 1/Rate seconds, whatever becomes of earlier ones
    Closed       //!< Users users, each with a think time between an answer and the next request
};

/**
 * @ingroup azure-load-balancing
 * @brief Web clients: real HTTP/1.1 text over ns-3's TCP.
 *
 * Every attempt at a request is reported once, when its outcome is known, through the trace
 * source Request. Requests carry an `X-Request-Id` field, `<client name>-<id>`, so that their
 * legs can be joined across proxies.
 *
 * In the closed loop every user has a connection of his own when KeepAlive is set. In the open
 * loop a request takes the idle connection that was used last, and a new one if none is idle.
 *
 * The server is an address (Remote) or a host name (RemoteHost). A name is looked up before each
 * new connection by the HostResolver of the node, such as a StubResolver, whose cache decides
 * whether that takes time. Of several addresses the next one is tried when one cannot be reached.
 */
class HttpClient : public Application
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    HttpClient();
    ~HttpClient() override;

    /**
     * @brief Speak HTTPS from now on, in this way.
     *
     * By the attribute Tls it is spoken with MakeTlsPublicRoot() trusted, all of the server's
     * certificate checked, and no certificate of one's own.
     *
     * @param tls whom to trust, certificate to show; without a server name, the host is asked for;
     *        null: plain HTTP
     */
    void SetTls(std::shared_ptr<const TlsClientConfiguration> tls);

    /**
     * @brief Ask for something now, in addition to the load model.
     * @return id of the request
     */
    uint64_t SendRequest();

    /**
     * @return the attribute ClientName, or `client-<node id>.<index on the node>`
     */
    std::string GetClientName() const;

    /**
     * @return requests begun so far
     */
    uint64_t GetRequestCount() const;

    /**
     * @return requests whose outcome is not known yet
     */
    uint32_t GetOutstandingCount() const;

    /**
     * @return connections that are open now, idle ones too
     */
    uint32_t GetConnectionCount() const;

    int64_t AssignStreams(int64_t stream) override;

    /**
     * @brief Signature of the trace source Request.
     * @param record one attempt at one request
     */
    typedef void (*RequestCallback)(const HttpRequestRecord& record);

  protected:
    void DoDispose() override;

  private:
    friend class HttpClientConnection;

    void StartApplication() override;
    void StopApplication() override;

    /** @brief Open loop: begin a request and plan the next. */
    void HandleArrival();

    /** @brief Open loop: plan the next arrival. */
    void ScheduleArrival();

    /**
     * @brief Closed loop: a user asks again after his think time.
     * @param user the user
     * @param least how long he pauses at least
     */
    void ScheduleUser(uint32_t user, Time least);

    /**
     * @brief Begin a request that is due now.
     * @param user the user, 0 in the open loop
     * @return id of the request
     */
    uint64_t Begin(uint32_t user);

    /**
     * @brief Begin an attempt.
     * @param record what is known of the request
     */
    void Attempt(HttpRequestRecord record);

    /**
     * @brief An attempt has ended: report it, retry or be done.
     * @param record the attempt
     */
    void Finish(HttpRequestRecord record);

    /**
     * @brief A connection has nothing to do.
     * @param connection the connection
     */
    void AddIdle(HttpClientConnection* connection);

    /**
     * @brief Forget a connection that has ended.
     * @param connection the connection
     */
    void Remove(HttpClientConnection* connection);

    /**
     * @return where requests go to, with 0.0.0.0 for a host that is still to be looked up
     */
    InetSocketAddress GetRemote() const;

    Address m_remote;                      //!< attribute Remote
    std::string m_remoteHost;              //!< attribute RemoteHost
    uint16_t m_remotePort;                 //!< attribute RemotePort
    std::string m_name;                    //!< attribute ClientName
    std::string m_host;                    //!< attribute Host
    std::string m_path;                    //!< attribute Path
    std::string m_method;                  //!< attribute Method
    Ptr<RandomVariableStream> m_bodySize;  //!< attribute RequestBodySize, bytes
    HttpLoadModel m_loadModel;             //!< attribute LoadModel
    double m_rate;                         //!< attribute Rate, requests a second
    uint32_t m_users;                      //!< attribute Users
    Ptr<RandomVariableStream> m_thinkTime; //!< attribute ThinkTime, seconds
    bool m_keepAlive;                      //!< attribute KeepAlive
    Time m_idleTimeout;                    //!< attribute IdleTimeout
    Time m_connectTimeout;                 //!< attribute ConnectTimeout
    Time m_responseTimeout;                //!< attribute ResponseTimeout
    uint32_t m_retries;                    //!< attribute Retries
    Time m_retryDelay;                     //!< attribute RetryDelay
    uint64_t m_maxRequests;                //!< attribute MaxRequests
    uint32_t m_maxOutstanding;             //!< attribute MaxOutstanding

    /// @param enabled attribute Tls
    void SetTlsEnabled(bool enabled);

    /// @return attribute Tls
    bool IsTlsEnabled() const;

    /**
     * @param host Host field of a request
     * @return what TLS is told for it
     */
    std::shared_ptr<const TlsClientConfiguration> MakeTls(const std::string& host) const;

    std::shared_ptr<const TlsClientConfiguration> m_tls; //!< null: plain HTTP
    Ptr<UniformRandomVariable> m_tlsRandom;              //!< random bytes; null until needed

    Ptr<ExponentialRandomVariable> m_interArrival;               //!< OpenPoisson, mean 1
    std::map<uint64_t, Ptr<HttpClientConnection>> m_connections; //!< open ones, in order of opening
    std::map<uint32_t, std::vector<HttpClientConnection*>> m_idle; //!< by user; last used last
    std::map<uint64_t, std::pair<HttpRequestRecord, EventId>> m_retrying; //!< by request
    std::map<uint32_t, EventId> m_thinking; //!< next request of each user
    EventId m_arrival;                      //!< next arrival of the open loop
    uint64_t m_arrivals{0};                 //!< arrivals of the open loop so far
    uint64_t m_nextRequest{0};              //!< id of the next request
    uint64_t m_nextConnection{0};           //!< key of the next connection
    uint32_t m_outstanding{0};              //!< requests without an outcome
    bool m_running{false};                  //!< between start and stop
    double m_pacedRate{0};                  //!< OpenPaced: rate that the next two belong to
    Time m_pacedFrom;                       //!< OpenPaced: first arrival at that rate
    uint64_t m_pacedArrivals{0};            //!< OpenPaced: arrivals before that one

    /// Attempts that ended.
    TracedCallback<const HttpRequestRecord&> m_requestTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_CLIENT_H */
