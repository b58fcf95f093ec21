/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_SERVER_H
#define AZURE_HTTP_SERVER_H

#include "azure-http-codec.h"
#include "azure-http-record.h"

#include "ns3/application.h"
#include "ns3/azure-tcp-socket.h"
#include "ns3/azure-tls-configuration.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

class HttpServerConnection;

/**
 * @ingroup azure-load-balancing
 * @brief What a server can be told to do wrong.
 */
enum class HttpServerFaultKind
{
    Crash,  //!< all connections are lost without a word, and nothing that arrives is answered
    Refuse, //!< the listening sockets are closed: connections are reset, new ones refused
    Hang,   //!< connections are accepted, requests are neither read nor answered
    Slow,   //!< every request takes longer
    Status  //!< requests are answered with an error status
};

/**
 * @ingroup azure-load-balancing
 * @brief A fault and its particulars.
 */
struct HttpServerFault
{
    HttpServerFaultKind kind{HttpServerFaultKind::Crash}; //!< what goes wrong
    Time delay{0};        //!< Slow: added to the service time of requests received from then on
    uint32_t status{503}; //!< Status: the code, 400 to 599
    std::string path;     //!< Status: only for this path; empty for all
};

/**
 * @ingroup azure-load-balancing
 * @brief What the server does for its clients.
 */
enum class HttpServerState
{
    NotStarted, //!< before the start time
    Serving,    //!< accepts and answers
    Hung,       //!< accepts, never answers
    Refusing,   //!< nothing listens
    Crashed,    //!< silent
    Stopped     //!< after the stop time
};

/**
 * @ingroup azure-load-balancing
 * @brief What a server answers on one path.
 */
struct HttpPathResponse
{
    uint32_t status{200};                  //!< status code, 200 to 599
    Ptr<RandomVariableStream> size;        //!< bytes of body; null: the ResponseSize attribute
    Ptr<RandomVariableStream> serviceTime; //!< seconds; null: the ServiceTime attribute
};

/**
 * @ingroup azure-load-balancing
 * @brief A web server: real HTTP/1.1 text over ns-3's TCP, bodies of zeros.
 *
 * Every response names the server in an `X-Served-By` field, so that a client behind a load
 * balancer learns who served it. Requests of one connection are answered one after another
 * (pipelining); while a request is in service, what follows waits in TCP's receive buffer.
 *
 * States and transitions:
 *
 * @verbatim
 *   NotStarted -> Serving <-> Hung | Refusing | Crashed -> Stopped
 * @endverbatim
 *
 * Faults can be shown and cleared at any time, several at once; of Crash, Refuse and Hang the one
 * named first decides the state. Slow and Status change the answers, not the state. A cleared Hang
 * goes on with what it left lying, as a process does that is stopped and continued. After a
 * cleared Crash the old connections are unknown: their segments are answered with a reset.
 */
class HttpServer : public Application
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    HttpServer();
    ~HttpServer() override;

    /**
     * @brief Listen on a further port, besides the attribute Port; before the start or later.
     * @param port the port
     */
    void AddPort(uint16_t port);

    /**
     * @brief Listen for HTTPS on a further port; before the start or later.
     *
     * A server that is hung does not begin handshakes either.
     *
     * @param port the port, not that of the attribute Port
     * @param tls certificates to show, client certificates to ask for
     */
    void AddTlsPort(uint16_t port, std::shared_ptr<const TlsServerConfiguration> tls);

    /**
     * @brief Answer a path in its own way.
     * @param path the path, without query; or a whole request target, which goes before its path
     * @param response the answer
     */
    void SetPathResponse(const std::string& path, const HttpPathResponse& response);

    /**
     * @brief Show a fault from now on; one of the same kind (and path) is replaced.
     *
     * May be called before the start; it then takes effect at the start.
     *
     * @param fault the fault
     */
    void InjectFault(const HttpServerFault& fault);

    /**
     * @brief No longer show faults of a kind.
     * @param kind the kind
     */
    void ClearFault(HttpServerFaultKind kind);

    /**
     * @brief No longer show any fault.
     */
    void ClearFaults();

    /**
     * @return what the server does for its clients
     */
    HttpServerState GetState() const;

    /**
     * @param state a state
     * @return its name as in the StateTransition trace
     */
    static std::string GetStateName(HttpServerState state);

    /**
     * @return the name in the X-Served-By field: the attribute ServerName, or the node's name in
     *         ns3::Names, or `node-<id>`
     */
    std::string GetServerName() const;

    /**
     * @return connections that are open now
     */
    uint32_t GetConnectionCount() const;

    /**
     * @return responses handed to TCP in full so far
     */
    uint64_t GetServedCount() const;

    int64_t AssignStreams(int64_t stream) override;

    /**
     * @brief Signature of the trace source Served.
     * @param record one request and what became of it
     */
    typedef void (*ServedCallback)(const HttpServedRecord& record);

    /**
     * @brief Signature of the trace source RequestReceived.
     * @param head head of the request
     * @param peer the address and port the server sees as its client
     */
    typedef void (*RequestCallback)(const HttpRequestHead& head, const InetSocketAddress& peer);

    /**
     * @brief Signature of the trace source ConnectionAccepted.
     * @param local the address and port it was accepted on
     * @param peer the address and port the server sees as its client
     */
    typedef void (*AcceptedCallback)(const InetSocketAddress& local, const InetSocketAddress& peer);

  protected:
    void DoDispose() override;

  private:
    friend class HttpServerConnection;

    /** @brief What to do with one request. */
    struct Plan
    {
        uint32_t status;  //!< status code of the response
        uint64_t size;    //!< bytes of its body
        Time serviceTime; //!< time until it is ready
    };

    void StartApplication() override;
    void StopApplication() override;

    /**
     * @brief Open a listening socket.
     * @param port the port
     */
    void Listen(uint16_t port);

    /** @brief Go to the state that the present faults ask for. */
    void UpdateState();

    /**
     * @brief Enter a state and report it.
     * @param state the new state
     */
    void SetState(HttpServerState state);

    /** @brief End every connection, half-open ones too, without a word. */
    void LoseConnections();

    /** @brief End every connection, half-open ones too, with a reset. */
    void ResetConnections();

    /**
     * @return connections to the server's ports whose handshake has not finished
     */
    std::vector<Ptr<AbortableTcpSocket>> FindHalfOpen() const;

    /**
     * @brief A handshake has finished.
     * @param socket the new connection
     * @param from its peer
     */
    void HandleAccept(Ptr<Socket> socket, const Address& from);

    /**
     * @brief Decide on a request: draws the random variables.
     * @param head the request
     * @return what to do
     */
    Plan MakePlan(const HttpRequestHead& head);

    /**
     * @brief Ask for a place within the bounded concurrency.
     * @param connection who asks; it is told by HttpServerConnection::BeginService()
     */
    void RequestService(HttpServerConnection* connection);

    /**
     * @brief Give back the place, or stop waiting for one.
     * @param connection who had it or waited for it
     */
    void EndService(HttpServerConnection* connection);

    /// Give free places to those who wait, in their order.
    void AdmitWaiting();

    /**
     * @brief Begin the service of a connection that waited for a place.
     * @param key its key; it may have ended since
     */
    void BeginWaiting(uint64_t key);

    /**
     * @brief Forget a connection that has ended.
     * @param connection the connection
     */
    void Remove(HttpServerConnection* connection);

    uint16_t m_port;                         //!< attribute Port
    std::string m_name;                      //!< attribute ServerName
    Ptr<RandomVariableStream> m_size;        //!< attribute ResponseSize, bytes
    Ptr<RandomVariableStream> m_serviceTime; //!< attribute ServiceTime, seconds
    uint32_t m_maxConcurrency;               //!< attribute MaxConcurrency, 0 without bound
    bool m_keepAlive;                        //!< attribute KeepAlive
    Time m_keepAliveTimeout;                 //!< attribute KeepAliveTimeout
    Time m_requestTimeout;                   //!< attribute RequestTimeout
    bool m_chunked;                          //!< attribute Chunked
    Time m_timeWait;                         //!< attribute TimeWait
    uint32_t m_maxHeadBytes;                 //!< attribute MaxHeadSize

    std::set<uint16_t> m_ports; //!< all ports
    std::map<uint16_t, std::shared_ptr<const TlsServerConfiguration>>
        m_tls;                                               //!< by port, those with HTTPS
    Ptr<UniformRandomVariable> m_tlsRandom;                  //!< random bytes; null without HTTPS
    std::map<std::string, HttpPathResponse> m_paths;         //!< answers by path
    std::map<uint16_t, Ptr<AbortableTcpSocket>> m_listeners; //!< listening sockets by port
    std::map<uint64_t, Ptr<HttpServerConnection>> m_connections; //!< in order of acceptance
    std::deque<HttpServerConnection*> m_waiting;                 //!< requests without a place
    std::set<HttpServerFaultKind> m_faults;                      //!< Crash, Refuse and Hang
    Time m_extraDelay;                                           //!< of the fault Slow
    std::map<std::string, uint32_t> m_forcedStatus;              //!< of the fault Status, by path
    HttpServerState m_state{HttpServerState::NotStarted};        //!< present state
    uint64_t m_nextConnection{0};                                //!< key of the next connection
    uint64_t m_served{0};                                        //!< complete responses
    std::set<uint64_t> m_inService;                              //!< keys of those with a place

    /// State transitions: old name, new name.
    TracedCallback<const std::string&, const std::string&> m_stateTrace;
    /// Requests answered or given up.
    TracedCallback<const HttpServedRecord&> m_servedTrace;
    /// Requests received in full.
    TracedCallback<const HttpRequestHead&, const InetSocketAddress&> m_receivedTrace;
    /// Connections accepted.
    TracedCallback<const InetSocketAddress&, const InetSocketAddress&> m_acceptedTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_SERVER_H */
