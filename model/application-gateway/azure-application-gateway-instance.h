/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_INSTANCE_H
#define AZURE_APPLICATION_GATEWAY_INSTANCE_H

#include "azure-application-gateway-engine.h"
#include "azure-backend-pool-change.h"
#include "azure-gateway-exchange-record.h"
#include "azure-gateway-probes.h"
#include "azure-gateway-session-record.h"
#include "azure-gateway-totals.h"

#include "ns3/application.h"
#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/azure-tls-cpu.h"
#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

class GatewayBackendConnection;
class GatewayBackendPool;
class GatewayClientConnection;
class GatewayFrontConnection;
class GatewaySession;
class GatewayTls;

/**
 * @ingroup azure-load-balancing
 * @brief Why an instance cuts a connection that it has just accepted, or ignores an attempt.
 */
enum class GatewayDropReason
{
    TooManyConnections, //!< as many as MaxConnections are open
    ConnectionRate,     //!< an attempt beyond ConnectionsPerSecond, not answered (AG-54)
    TlsFailed,          //!< the handshake of TLS has failed
    NoListener,         //!< layer 4: no listener takes the name in SNI
    NoMember,           //!< layer 4: the pool has no healthy member
    Count               //!< number of reasons, not a reason
};

/**
 * @ingroup azure-load-balancing
 * @param reason a reason
 * @return its name in traces and reports, for example `too-many-connections`
 */
std::string ToString(GatewayDropReason reason);

/**
 * @ingroup azure-load-balancing
 * @brief One instance of an application gateway: ends the client's connection, decides about each
 *        request, opens or reuses its own connection to the member (AG-1, AG-2).
 *
 * It listens on the address and port of each listener of its engine's configuration; the
 * addresses must be its node's. Usually made by ApplicationGatewayHelper.
 *
 * Bytes are bounded everywhere: per client connection, besides TCP's own buffers, at most
 * RequestBufferSize of a request and ResponseBufferSize of a response, plus one read of 64 KiB
 * each way; with buffering off (AG-28) StreamBufferSize takes the place of either. What is not
 * read waits in TCP, so a slow reader slows its sender down. With request buffering a member gets
 * a request when all of it is there, or when the buffer is full, and what follows as it comes
 * (AG-29). Responses are passed on as they come, with buffering too, which reads ahead of the
 * client and so frees the member early. A request can be tried again for as long as all of its
 * body that was sent is still in the buffer.
 *
 * With HTTPS the certificate is chosen by SNI (AG-44). Handshakes, and requests where they cost
 * anything, wait for one processor (AG-51, AG-53, attribute HandshakesPerSecond). Mutual
 * authentication that fails ends with 400 for the request, as does plain HTTP (AG-40, AG-45).
 * Members with HTTPS get a session of their own, whose handshake costs the instance nothing
 * (AG-43). Both kinds of sessions are resumed where the other end can do it.
 *
 * A client gets HTTP/1.1 whatever the member speaks; trailers of chunked bodies are dropped.
 *
 * Listeners of layer 4 take connections as they are, or end TLS, and carry bytes to a member that
 * is chosen once for each connection, and back (AG-59). Each direction holds StreamBufferSize at
 * most.
 */
class ApplicationGatewayInstance : public Application
{
  public:
    /// Finds the address of a domain name (AG-30).
    using Resolver = std::function<std::optional<IpAddress>(const std::string&)>;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    ApplicationGatewayInstance();
    ~ApplicationGatewayInstance() override;

    /**
     * @name Set-up
     * @{
     */

    /**
     * @brief Take the engine that decides; once, before the start.
     *
     * @param engine the engine
     * @param index index of the instance in its gateway
     */
    void SetEngine(std::unique_ptr<ApplicationGatewayEngine> engine, uint32_t index = 0);

    /**
     * @return the engine, for questions; its pools are changed through this class
     */
    ApplicationGatewayEngine& GetEngine();

    /**
     * @return index of the instance in its gateway
     */
    uint32_t GetIndex() const;

    /**
     * @brief Say where members that have a domain name are found; nowhere unless told.
     * @param resolver finds the address of a name
     */
    void SetResolver(const Resolver& resolver);

    /**
     * @brief Have the members probed by this instance, from its own address (HP-26, HP-28); before
     *        the start. Without, they are as healthy as SetHealthy() and SetAllHealthy() say.
     *
     * @param probes the probes, for this instance alone
     * @param name name of the instance in their traces, such as `gateway/0`
     */
    void SetProbes(Ptr<GatewayProbes> probes, const std::string& name);

    /**
     * @return the probes; null without
     */
    Ptr<GatewayProbes> GetProbes() const;

    /**
     * @brief Do nothing at the start but wait for Begin(); before the start.
     */
    void SetStandby();

    /** @} */

    /**
     * @name Coming and going
     * ApplicationGateway calls these; the front is not told of them here.
     * @{
     */

    /**
     * @brief Listen and probe: from standby, after End(), or as the machine that takes the place of
     *        one that crashed. Probed members are unhealthy until their first success.
     *
     * Without effect while it runs, and after the application has stopped.
     */
    void Begin();

    /**
     * @brief Let the clients go: each connection ends with its next response, which says so, and
     *        what is left is cut. New ones are still accepted, as they may be on their way.
     *
     * @param limit how long connections may last; unset: the draining timeout of the backend
     *        setting that they use just now (AG-47), 30 s where they rest
     * @return when the last one is cut; the present time when there is none
     */
    Time Retire(const std::optional<Time>& limit);

    /**
     * @brief Cut what is left, and be silent.
     */
    void End();

    /**
     * @brief Go on where another instance was, on the same machine, with another configuration
     *        (AG-49): new connections come here, those of the other one drain.
     *
     * Health carries over for members that are probed as before, and where nothing probes for
     * members and backend settings of the same names.
     *
     * @param old the other one, which may be at standby; its probes become those of this one
     * @return when the last of its connections is cut; then it wants an End()
     */
    Time TakeOver(ApplicationGatewayInstance& old);

    /** @} */

    /**
     * @name Control
     * Each returns what it changed.
     * @{
     */

    /**
     * @brief A probe of this instance has reached a verdict (HP-26).
     *
     * Requests that a member works on run on when it becomes unhealthy (AG-48).
     *
     * @param setting index of the backend setting
     * @param member the server
     * @param healthy the verdict
     * @return what changed
     */
    BackendPoolChange SetHealthy(uint32_t setting, const std::string& member, bool healthy);

    /**
     * @brief Take all members as healthy or not, where there are no probes.
     *
     * @param healthy the verdict on all of them
     * @return what changed
     */
    BackendPoolChange SetAllHealthy(bool healthy);

    /**
     * @brief Add a server to a pool; it is unhealthy until a probe with the same setting succeeds.
     *
     * @param pool index of the pool
     * @param address the server
     * @return what changed; an error when it is a member already
     */
    BackendPoolChange AddMember(uint32_t pool, const ApplicationGatewayBackendAddress& address);

    /**
     * @brief Remove a server from a pool: it gets no new requests, and what is left of its old
     *        ones is cut at the end of its draining (AG-47).
     *
     * @param pool index of the pool
     * @param member the server
     * @return what changed; an error when the pool has no such member
     */
    BackendPoolChange RemoveMember(uint32_t pool, const std::string& member);

    /**
     * @brief Forget all connections without a word, and be silent, as when the machine dies.
     *
     * By itself it does not come back. ApplicationGateway::CrashInstance() has the front notice and
     * the platform replace it.
     */
    void Crash();

    /** @} */

    /**
     * @return client connections that are open now
     */
    uint32_t GetConnectionCount() const;

    /**
     * @return connections to members that wait for their next use, but for dedicated ones
     */
    uint32_t GetIdleBackendConnectionCount() const;

    /**
     * @return connections to members opened so far
     */
    uint64_t GetBackendConnectionsOpened() const;

    /**
     * @return handshakes of TLS with clients that are done so far, resumed ones too
     */
    uint64_t GetHandshakeCount() const;

    /**
     * @return handshakes and requests that wait for the processor or are worked on
     */
    uint32_t GetHandshakeQueueLength() const;

    /**
     * @return what clients have asked of it so far, served or not
     */
    GatewayTotals GetTotals() const;

    /**
     * @return whether its clients are let go, see Retire()
     */
    bool IsRetiring() const;

    /**
     * @brief Fix the random variable streams, those of TLS.
     *
     * @param stream first stream to use
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream) override;

    /**
     * @return exchanges that have ended so far
     */
    uint64_t GetExchangeCount() const;

    /**
     * @return sessions at layer 4 that have ended so far
     */
    uint64_t GetSessionCount() const;

    /**
     * @param reason a reason
     * @return connections cut for it so far
     */
    uint64_t GetDropCount(GatewayDropReason reason) const;

    /**
     * @brief Callback of `Exchange`.
     * @param record one request and what became of it
     */
    typedef void (*ExchangeCallback)(const GatewayExchangeRecord& record);

    /**
     * @brief Callback of `Session`.
     * @param record one connection at layer 4 and what became of it
     */
    typedef void (*SessionCallback)(const GatewaySessionRecord& record);

    /**
     * @brief Callback of `ConnectionAccepted`.
     * @param frontend the address and port it was accepted on
     * @param client the address and port of the client
     */
    typedef void (*AcceptedCallback)(const InetSocketAddress& frontend,
                                     const InetSocketAddress& client);

    /**
     * @brief Callback of `Drop`.
     * @param frontend the address and port it was accepted on
     * @param client the address and port of the client
     * @param reason why it was cut
     */
    typedef void (*DropCallback)(const InetSocketAddress& frontend,
                                 const InetSocketAddress& client,
                                 GatewayDropReason reason);

    /**
     * @brief Callback of `BackendConnection`.
     * @param local the address and port of the instance
     * @param member the address and port of the member
     */
    typedef void (*BackendConnectionCallback)(const InetSocketAddress& local,
                                              const InetSocketAddress& member);

    /**
     * @brief Callback of `PoolChange`.
     * @param change what a change of membership or health changed
     */
    typedef void (*PoolChangeCallback)(const BackendPoolChange& change);

  protected:
    void DoDispose() override;

  private:
    friend class GatewayClientConnection;
    friend class GatewayExchange;
    friend class GatewaySession;

    void StartApplication() override;
    void StopApplication() override;

    /// Begins to probe the members, if that is wanted.
    void StartProbes();

    /// Ends that.
    void StopProbes();

    /**
     * @brief Let the probes follow a change of a pool: now, or at the start.
     * @param change what to do to them
     */
    void ChangeProbes(const std::function<void()>& change);

    /**
     * @brief A probe has reached a verdict.
     *
     * @param setting index of the backend setting
     * @param member the server, by its text
     * @param healthy the verdict
     */
    void HandleVerdict(uint32_t setting, std::string member, bool healthy);

    /**
     * @brief Tell the probes where a member with a domain name is, if that is known.
     * @param address the member
     */
    void Resolve(const ApplicationGatewayBackendAddress& address);

    /// Do so for all members of the configuration.
    void ResolveAll();

    /**
     * @brief Open a listening socket, or make one hear again.
     * @param frontend address and port
     */
    void Listen(const InetSocketAddress& frontend);

    /// Listen wherever the configuration has a listener.
    void ListenEverywhere();

    /**
     * @brief Take the connections that a socket accepts.
     * @param listener a listening socket
     */
    void Accept(Ptr<AbortableTcpSocket> listener);

    /// Have nothing that arrives for the frontends answered.
    void Silence();

    /**
     * @brief A client begins to connect.
     *
     * @param listener the listening socket
     * @param from the client
     * @return whether it is answered
     */
    bool HandleAttempt(Ptr<Socket> listener, const Address& from);

    /**
     * @brief Cut the connections of clients that have not ended yet.
     * @param keys which
     */
    void CutConnections(const std::vector<uint64_t>& keys);

    /// Forget about connections that were to be cut.
    void CancelCuts();

    /**
     * @brief Take over the health of members, see TakeOver().
     * @param old the other instance
     */
    void InheritHealth(const ApplicationGatewayInstance& old);

    /**
     * @param connection a client's connection
     * @return how long it may last when its clients are let go (AG-47)
     */
    Time GetDrainTimeout(const GatewayFrontConnection& connection) const;

    /**
     * @brief Have a request wait for the processor.
     *
     * @param done called when it is its turn
     * @return a number for CancelTurn(); 0: it need not wait, and nobody is called
     */
    uint64_t TakeTurn(const Callback<void>& done);

    /**
     * @param turn a turn that is not wanted any more; 0: none
     */
    void CancelTurn(uint64_t turn);

    /// @return processor time of a request at one compute unit
    Time GetRequestCost() const;

    /**
     * @brief A handshake has finished.
     *
     * @param socket the new connection
     * @param from its peer
     */
    void HandleAccept(Ptr<Socket> socket, const Address& from);

    /**
     * @brief Put TLS over a client's connection, not started yet.
     *
     * @param tcp the connection
     * @param frontend the address and port it was accepted on
     * @param limit how long the handshake may take
     * @return TLS
     */
    Ptr<TlsConnection> AcceptTls(Ptr<TcpByteStream> tcp,
                                 const InetSocketAddress& frontend,
                                 Time limit);

    /**
     * @brief A handshake with a client is over.
     *
     * @param record the handshake
     * @param client the client
     * @param frontend where it connected to
     * @param request gets what the handshake says of all requests of the connection; null: it
     *        carries none
     */
    void NoteHandshake(const TlsHandshakeRecord& record,
                       const InetSocketAddress& client,
                       const InetSocketAddress& frontend,
                       GatewayRequest* request);

    /**
     * @brief Look at a client's certificate for a listener of layer 4 (AG-45).
     *
     * @param agreement what the handshake came to
     * @param frontend where the client connected to
     * @return whether it will do
     */
    bool AcceptsCertificate(const TlsAgreement& agreement, const InetSocketAddress& frontend) const;

    /**
     * @brief Count and trace a connection that is cut.
     *
     * @param frontend where the client connected to
     * @param client the client
     * @param reason why
     */
    void NoteDrop(const InetSocketAddress& frontend,
                  const InetSocketAddress& client,
                  GatewayDropReason reason);

    /// Index of the backend setting, text of the member, name it was asked for with TLS (SNI).
    using BackendKey = std::tuple<uint32_t, std::string, std::string>;

    /**
     * @param verdict says to whom
     * @return which connections would do
     */
    BackendKey MakeBackendKey(const GatewayVerdict& verdict) const;

    /**
     * @brief Take an idle connection to a member out of a pool.
     *
     * @param pool the pool
     * @param verdict says to whom
     * @param key which connections would do
     * @return the connection; null when there is none, to the address that a name has now (AG-30)
     */
    Ptr<GatewayBackendConnection> TakeBackend(GatewayBackendPool& pool,
                                              const GatewayVerdict& verdict,
                                              const BackendKey& key) const;

    /**
     * @brief Begin to connect to a member.
     *
     * @param verdict says to whom
     * @param key what the connection can be used for
     * @return the connection; null when there is no way there
     */
    Ptr<GatewayBackendConnection> ConnectBackend(const GatewayVerdict& verdict,
                                                 const BackendKey& key);

    /**
     * @brief Begin to connect to a member, for a session at layer 4.
     *
     * @param verdict says to whom
     * @param line goes ahead of all other bytes, TLS included; empty: nothing does
     * @param[out] local gets the instance's address and port
     * @param[out] remote gets the member's
     * @return the connection; null when there is no way there
     */
    Ptr<ByteStream> ConnectSession(const GatewaySessionVerdict& verdict,
                                   const std::string& line,
                                   InetSocketAddress& local,
                                   InetSocketAddress& remote);

    /**
     * @brief Begin to connect.
     *
     * @param remote whom to
     * @param tls what TLS is told; null: none
     * @param line goes ahead of all other bytes; empty: nothing does
     * @param[out] local gets the instance's address and port
     * @return the connection; null when there is no way there
     */
    Ptr<ByteStream> OpenStream(const InetSocketAddress& remote,
                               const std::shared_ptr<const TlsClientConfiguration>& tls,
                               const std::string& line,
                               InetSocketAddress& local);

    /**
     * @brief The processor has more or less to do.
     * @param before handshakes until now
     * @param after handshakes from now on
     */
    void HandleQueue(uint32_t before, uint32_t after);

    /// Make the processor, if anything has to wait for it.
    void StartCpu();

    /**
     * @param member a member
     * @param port its port
     * @return its address and port, if known
     */
    std::optional<InetSocketAddress> FindMember(const ApplicationGatewayBackendAddress& member,
                                                uint16_t port) const;

    /**
     * @brief Keep a connection for its next use.
     *
     * @param pool where
     * @param connection the connection, idle
     */
    void Rest(GatewayBackendPool& pool, Ptr<GatewayBackendConnection> connection) const;

    /**
     * @brief Trace the end of an exchange.
     * @param record the exchange
     */
    void Report(GatewayExchangeRecord& record);

    /**
     * @brief Trace the end of a session.
     * @param record the session
     */
    void ReportSession(GatewaySessionRecord& record);

    /**
     * @brief Forget a client's connection that has ended.
     * @param connection the connection
     */
    void Remove(GatewayFrontConnection& connection);

    /**
     * @brief Report a change and do what follows from it.
     *
     * @param change what changed
     * @return the same
     */
    BackendPoolChange Apply(BackendPoolChange change);

    /**
     * @return the clients' connections, for loops in which some may end
     */
    std::vector<Ptr<GatewayFrontConnection>> CopyConnections() const;

    /// @return whether it runs
    bool IsAccepting() const;

    /// @return where idle connections to members rest
    GatewayBackendPool& GetBackendPool();

    /// @return bytes of a request's body that are held at most
    uint64_t GetRequestCapacity() const;

    /// @return bytes of a response's body that are held at most
    uint64_t GetResponseCapacity() const;

    /// @return bytes that are held in each direction of a session
    uint64_t GetStreamCapacity() const;

    /// @return bytes of a head that are taken
    uint32_t GetMaxHeadBytes() const;

    /// @return see attribute KeepAliveTimeout
    Time GetKeepAliveTimeout() const;

    /// @return see attribute RequestTimeout
    Time GetRequestTimeout() const;

    /// @return see attribute SendTimeout
    Time GetSendTimeout() const;

    Time m_keepAliveTimeout;              //!< attribute KeepAliveTimeout
    Time m_requestTimeout;                //!< attribute RequestTimeout
    Time m_sendTimeout;                   //!< attribute SendTimeout
    Time m_backendIdleTimeout;            //!< attribute BackendIdleTimeout
    uint32_t m_maxIdleBackendConnections; //!< attribute MaxIdleBackendConnections
    uint64_t m_requestBufferSize;         //!< attribute RequestBufferSize
    uint64_t m_responseBufferSize;        //!< attribute ResponseBufferSize
    uint64_t m_streamBufferSize;          //!< attribute StreamBufferSize
    uint32_t m_maxHeadBytes;              //!< attribute MaxHeadSize
    uint32_t m_maxConnections;            //!< attribute MaxConnections
    Time m_timeWait;                      //!< attribute TimeWait
    double m_handshakesPerSecond;         //!< attribute HandshakesPerSecond
    double m_connectionsPerSecond;        //!< attribute ConnectionsPerSecond
    Time m_requestCost;                   //!< attribute RequestCost
    Time m_firewallCost;                  //!< attribute FirewallCost

    std::unique_ptr<ApplicationGatewayEngine> m_engine; //!< decides
    uint32_t m_index{0};                                //!< index in its gateway
    Resolver m_resolver;                                //!< finds members by name
    Ptr<GatewayProbes> m_probes;                        //!< probes the members; null: nothing does
    std::string m_probeName;                            //!< name of the instance in their traces
    std::vector<std::function<void()>> m_probeChanges;  //!< all changes of pools, in order
    bool m_running{false};                              //!< takes connections
    bool m_standby{false};                              //!< waits for Begin()
    bool m_retiring{false};                             //!< lets its clients go
    bool m_stopped{false};                              //!< the application has stopped
    std::vector<EventId> m_cuts;                        //!< ends of draining
    double m_allowance{0};                              //!< attempts that may be answered now
    Time m_allowanceAt;                                 //!< when that was so
    std::map<std::pair<uint32_t, uint16_t>, Ptr<AbortableTcpSocket>>
        m_listeners;                                           //!< by address and port
    std::map<uint64_t, Ptr<GatewayFrontConnection>> m_clients; //!< in order of acceptance
    std::unique_ptr<GatewayBackendPool> m_backendPool;         //!< idle connections to members
    std::unique_ptr<GatewayTls> m_tls;                         //!< what TLS is told; null without
    Ptr<TlsCpu> m_cpu;                                         //!< for handshakes; null: no limit
    Ptr<UniformRandomVariable> m_tlsRandom;                    //!< random bytes; null without TLS
    uint64_t m_handshakes{0};                                  //!< handshakes that are done
    GatewayTotals m_totals;       //!< see GetTotals(); bytes: of connections that are over
    uint64_t m_nextClient{0};     //!< key of the next connection
    uint64_t m_backendsOpened{0}; //!< connections to members so far
    uint64_t m_exchanges{0};      //!< exchanges so far
    uint64_t m_sessions{0};       //!< sessions so far
    std::map<GatewayDropReason, uint64_t> m_drops; //!< connections cut, by reason

    /// See trace source Connections.
    TracedCallback<uint32_t, uint32_t> m_connectionsTrace;
    /// See trace source Exchange.
    TracedCallback<const GatewayExchangeRecord&> m_exchangeTrace;
    /// See trace source Session.
    TracedCallback<const GatewaySessionRecord&> m_sessionTrace;
    /// See trace source ConnectionAccepted.
    TracedCallback<const InetSocketAddress&, const InetSocketAddress&> m_acceptedTrace;
    /// See trace source Drop.
    TracedCallback<const InetSocketAddress&, const InetSocketAddress&, GatewayDropReason>
        m_dropTrace;
    /// See trace source BackendConnection.
    TracedCallback<const InetSocketAddress&, const InetSocketAddress&> m_backendTrace;
    /// See trace source TlsHandshake.
    TracedCallback<const TlsHandshakeRecord&> m_handshakeTrace;
    /// See trace source HandshakeQueue.
    TracedCallback<uint32_t, uint32_t> m_queueTrace;
    /// See trace source PoolChange.
    TracedCallback<const BackendPoolChange&> m_poolChangeTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_INSTANCE_H */
