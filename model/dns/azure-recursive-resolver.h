/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RECURSIVE_RESOLVER_H
#define AZURE_RECURSIVE_RESOLVER_H

#include "azure-dns-cache.h"
#include "azure-dns-drop-reason.h"
#include "azure-dns-resolution.h"
#include "azure-dns-server-selection.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <array>
#include <map>
#include <memory>

namespace ns3
{
namespace azure
{

class DnsExchange;
class DnsListener;
enum class DnsOutcome;
struct DnsPeer;

/**
 * @ingroup azure-load-balancing
 * @brief Where an answer of a resolver came from.
 */
enum class DnsAnswerSource
{
    Cache,       //!< from the cache alone
    Authorities, //!< from name servers
    Stale,       //!< from the cache, expired (RFC 8767)
    Failure,     //!< there is none: SERVFAIL
    Refusal      //!< the query asks for something that is not offered
};

/**
 * @ingroup azure-load-balancing
 * @param source a source
 * @return its name as above
 */
std::string ToText(DnsAnswerSource source);

/**
 * @ingroup azure-load-balancing
 * @brief A query that a resolver answered.
 */
struct DnsResolverRecord
{
    Time received;                                    //!< when the query came
    Time answered;                                    //!< when the response was sent
    InetSocketAddress client{uint16_t{0}};            //!< who asked
    DnsAnswerSource source{DnsAnswerSource::Failure}; //!< where the answer came from
    DnsMessage response;                              //!< the response
    uint32_t queries{0};                              //!< queries to name servers for it
    std::string failure;                              //!< why there is no answer
};

/**
 * @ingroup azure-load-balancing
 * @brief A query of a resolver to a name server, and how it ended.
 */
struct DnsUpstreamRecord
{
    Time sent;                         //!< when it was sent
    Time ended;                        //!< when it ended
    Ipv4Address server;                //!< whom
    DnsQuestion question;              //!< what
    std::string outcome;               //!< Answered, TimedOut, Unreachable or TcpFailed
    DnsRcode rcode{DnsRcode::NoError}; //!< code of the response
    bool usedTcp{false};               //!< whether the response was truncated and TCP came into it
};

/**
 * @ingroup azure-load-balancing
 * @brief A caching recursive resolver (RFC 1034, section 5.3).
 *
 * Starts at the root hints, follows delegations and aliases, chooses among the servers of a zone by
 * their round-trip times, asks again over TCP what was truncated, and keeps what it learns by a
 * policy. Clients that ask the same at the same time share one search. Optionally tells authorities
 * the subnet of the client (RFC 7871) and serves expired data when authorities fail (RFC 8767).
 *
 * Not modelled: DNSSEC, IPv6 transport, minimised questions (RFC 9156), questions of type ANY,
 * which get NOTIMP, and questions without RD, which are refused.
 */
class RecursiveResolver : public Application
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    RecursiveResolver();
    ~RecursiveResolver() override;

    /**
     * @brief Tell it a server of the root.
     * @param name its name
     * @param address its address
     */
    void AddRootHint(const DnsName& name, Ipv4Address address);

    /**
     * @return the cache; it is empty after each start
     */
    DnsCache& GetCache();

    /**
     * @param reason a reason
     * @return messages ignored for it so far
     */
    uint64_t GetDropCount(DnsDropReason reason) const;

    int64_t AssignStreams(int64_t stream) override;

    /**
     * @brief Signature of the trace source Answer.
     * @param record a query and its response
     */
    typedef void (*AnswerCallback)(const DnsResolverRecord& record);

    /**
     * @brief Signature of the trace source Upstream.
     * @param record a query to a name server and its end
     */
    typedef void (*UpstreamCallback)(const DnsUpstreamRecord& record);

    /**
     * @brief Signature of the trace source Drop.
     * @param reason why a message is ignored
     * @param from its source
     */
    typedef void (*DropCallback)(DnsDropReason reason, const InetSocketAddress& from);

  protected:
    void DoDispose() override;

  private:
    struct Task;
    struct Waiter;

    /// What makes searches the same: the question and the subnet of the client.
    typedef std::pair<std::pair<DnsName, DnsType>, std::pair<IpAddress, uint8_t>> TaskKey;

    void StartApplication() override;
    void StopApplication() override;

    /**
     * @brief A query has arrived.
     * @param peer from where
     * @param query the query
     */
    void OnQuery(const DnsPeer& peer, const DnsMessage& query);

    /**
     * @brief Go on with a search.
     * @param key its key
     */
    void Advance(TaskKey key);

    /**
     * @brief A query to a name server has ended.
     * @param key the search
     * @param outcome how
     * @param response the response, if any
     */
    void OnDone(TaskKey key, DnsOutcome outcome, const DnsMessage& response);

    /**
     * @brief A search has ended: answer those who wait.
     * @param key the search
     */
    void Complete(TaskKey key);

    /**
     * @brief Those who wait have waited long: give them expired data, if there are any.
     * @param key the search
     */
    void OnClientTimer(TaskKey key);

    /**
     * @brief The search takes too long.
     * @param key the search
     */
    void OnDeadline(TaskKey key);

    /**
     * @brief Find expired data.
     * @param question what was asked
     * @param client the client's address
     * @param[out] result gets the answer
     * @return whether there is one
     */
    bool FindStale(const DnsQuestion& question,
                   const IpAddress& client,
                   DnsResolutionResult& result);

    /**
     * @brief Answer a query.
     * @param waiter the query
     * @param result the answer
     * @param source where it came from
     */
    void Answer(const Waiter& waiter, const DnsResolutionResult& result, DnsAnswerSource source);

    /**
     * @brief A message is ignored.
     * @param reason why
     * @param from its source
     */
    void OnDrop(DnsDropReason reason, const InetSocketAddress& from);

    uint16_t m_port;            //!< attribute Port
    uint16_t m_udpPayloadSize;  //!< attribute UdpPayloadSize
    uint32_t m_maxClients;      //!< attribute MaxClients
    uint32_t m_maxCacheEntries; //!< attribute MaxCacheEntries
    Time m_resolutionTimeout;   //!< attribute ResolutionTimeout
    Time m_tcpTimeout;          //!< attribute TcpTimeout
    Time m_failureTtl;          //!< attribute FailureTtl
    bool m_sendClientSubnet;    //!< attribute SendClientSubnet
    uint8_t m_subnetPrefix;     //!< attribute ClientSubnetPrefix
    bool m_serveStale;          //!< attribute ServeStale
    Time m_maxStale;            //!< attribute MaxStale
    uint32_t m_staleTtl;        //!< attribute StaleTtl
    Time m_clientTimeout;       //!< attribute ClientTimeout
    Time m_failureRecheck;      //!< attribute FailureRecheck
    Time m_ttlFloor;            //!< attribute TtlFloor
    Time m_ttlCeiling;          //!< attribute TtlCeiling
    double m_ttlStretch;        //!< attribute TtlStretch
    bool m_keepUntilRestart;    //!< attribute KeepUntilRestart

    std::vector<DnsRootHint> m_hints;                 //!< servers of the root
    DnsCache m_cache;                                 //!< what is known
    DnsServerSelection m_selection;                   //!< what is known of servers; SelectionBand
    Ptr<UniformRandomVariable> m_random;              //!< ids, ports and choices
    Ptr<DnsListener> m_listener;                      //!< the port
    std::map<TaskKey, std::unique_ptr<Task>> m_tasks; //!< searches under way
    std::map<TaskKey, Time> m_failures;               //!< until when a search is not tried again
    uint32_t m_waiting{0};                            //!< clients that wait
    std::array<uint64_t, 10> m_drops{};               //!< by reason

    /// Queries answered.
    TracedCallback<const DnsResolverRecord&> m_answerTrace;
    /// Queries to name servers.
    TracedCallback<const DnsUpstreamRecord&> m_upstreamTrace;
    /// Messages ignored.
    TracedCallback<DnsDropReason, const InetSocketAddress&> m_dropTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RECURSIVE_RESOLVER_H */
