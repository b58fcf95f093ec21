/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_STUB_RESOLVER_H
#define AZURE_STUB_RESOLVER_H

#include "azure-dns-cache.h"
#include "azure-dns-drop-reason.h"

#include "ns3/azure-host-resolver.h"
#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <array>
#include <map>
#include <memory>

namespace ns3
{
namespace azure
{

enum class DnsOutcome;

/**
 * @ingroup azure-load-balancing
 * @brief How a look-up ended.
 */
enum class DnsLookupStatus
{
    Found,         //!< there are records
    NoData,        //!< the name has no records of the type
    NameError,     //!< the name does not exist
    ServerFailure, //!< every server that answered could not tell
    NoAnswer,      //!< no server answered
    NoServers      //!< the resolver has no servers
};

/**
 * @ingroup azure-load-balancing
 * @param status a status
 * @return its name as above
 */
std::string ToText(DnsLookupStatus status);

/**
 * @ingroup azure-load-balancing
 * @brief A look-up and what came out.
 */
struct DnsLookup
{
    DnsQuestion question;                               //!< what was asked
    DnsLookupStatus status{DnsLookupStatus::NoServers}; //!< how it ended
    std::vector<DnsRecord> records;                     //!< records of the type, at the end
    std::vector<DnsRecord> aliases;                     //!< CNAME records on the way there
    Time started;                                       //!< when it began
    Time finished;                                      //!< when it ended
    bool isFromCache{false};                            //!< no server was asked
    uint32_t queries{0};                                //!< queries to servers

    /**
     * @return the first IPv4 address, 0.0.0.0 if there is none
     */
    Ipv4Address GetAddress() const;

    /**
     * @return all IPv4 addresses, in the order of the answer
     */
    std::vector<Ipv4Address> GetAddresses() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief The resolver of a host: asks recursive resolvers and keeps what they say.
 *
 * Part of a node: `node->AggregateObject(stub)`; any application then finds it by
 * `node->GetObject<StubResolver>()`, or as a HostResolver. Servers are asked in turn, each for
 * Timeout, all of them Attempts times, as resolv.conf(5) describes. Look-ups of the same at the
 * same time share queries.
 */
class StubResolver : public HostResolver
{
  public:
    /// A look-up has ended; called from an event of its own.
    typedef Callback<void, const DnsLookup&> ResultCallback;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    StubResolver();
    ~StubResolver() override;

    /**
     * @brief Tell it a server; they are asked in the order of these calls.
     * @param server address of a recursive resolver
     */
    void AddServer(Ipv4Address server);

    /**
     * @brief Look something up.
     * @param name name
     * @param type type, other than Any
     * @param callback gets the result, in every case
     * @return a key for Cancel()
     */
    uint64_t Resolve(const DnsName& name, DnsType type, ResultCallback callback);

    // From HostResolver
    uint64_t LookUpHost(const std::string& host, HostCallback callback) override;
    void Cancel(uint64_t key) override;

    /** @brief Forget everything that is cached, as a restart does. */
    void ClearCache();

    /**
     * @return the cache
     */
    DnsCache& GetCache();

    /**
     * @param reason a reason
     * @return messages ignored for it so far
     */
    uint64_t GetDropCount(DnsDropReason reason) const;

    /**
     * @brief Use fixed random streams.
     * @param stream the first one
     * @return how many are used
     */
    int64_t AssignStreams(int64_t stream);

    /**
     * @brief Signature of the trace source Lookup.
     * @param lookup a look-up that has ended
     */
    typedef void (*LookupCallback)(const DnsLookup& lookup);

    /**
     * @brief Signature of the trace source QueryEnd.
     * @param server whom
     * @param question what
     * @param outcome Answered, TimedOut, Unreachable or TcpFailed
     */
    typedef void (*QueryEndCallback)(Ipv4Address server,
                                     const DnsQuestion& question,
                                     const std::string& outcome);

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

    typedef std::pair<DnsName, DnsType> TaskKey; //!< what is looked up

    /**
     * @brief Look into the cache.
     * @param[in,out] lookup the look-up
     * @return whether the cache has the answer
     */
    bool UseCache(DnsLookup& lookup);

    /**
     * @brief Find the answer in a response.
     * @param response the response
     * @param[in,out] lookup gets records, aliases and status
     * @return whether there is one; not where aliases come to no end
     */
    static bool Take(const DnsMessage& response, DnsLookup& lookup);

    /**
     * @brief Keep a response.
     * @param question what was asked
     * @param response the response
     */
    void Keep(const DnsQuestion& question, const DnsMessage& response);

    /**
     * @brief Ask the next server, or end.
     * @param key the look-up
     */
    void AskNext(TaskKey key);

    /**
     * @brief A query has ended.
     * @param key the look-up
     * @param outcome how
     * @param response the response, if any
     */
    void OnDone(TaskKey key, DnsOutcome outcome, const DnsMessage& response);

    /**
     * @brief A look-up has ended.
     * @param key the look-up
     */
    void Complete(TaskKey key);

    /**
     * @brief A message is ignored.
     * @param reason why
     * @param from its source
     */
    void OnDrop(DnsDropReason reason, const InetSocketAddress& from);

    /** @brief Give the cache the policy of the attributes. */
    void UpdatePolicy();

    Time m_timeout;             //!< attribute Timeout
    uint32_t m_attempts;        //!< attribute Attempts
    bool m_cacheEnabled;        //!< attribute Cache
    uint32_t m_maxCacheEntries; //!< attribute MaxCacheEntries
    uint16_t m_udpPayloadSize;  //!< attribute UdpPayloadSize
    Time m_ttlFloor;            //!< attribute TtlFloor
    Time m_ttlCeiling;          //!< attribute TtlCeiling
    double m_ttlStretch;        //!< attribute TtlStretch
    bool m_keepUntilRestart;    //!< attribute KeepUntilRestart

    std::vector<Ipv4Address> m_servers;               //!< servers in their order
    DnsCache m_cache;                                 //!< what is known
    Ptr<UniformRandomVariable> m_random;              //!< ids and ports
    std::map<TaskKey, std::unique_ptr<Task>> m_tasks; //!< look-ups under way
    std::map<uint64_t, TaskKey> m_callers;            //!< who waits for what
    std::map<uint64_t, EventId> m_direct;             //!< ends of what needs no look-up
    uint64_t m_nextCaller{1};                         //!< next key of Resolve()
    std::array<uint64_t, 10> m_drops{};               //!< by reason

    /// Look-ups that have ended.
    TracedCallback<const DnsLookup&> m_lookupTrace;
    /// Queries that have ended.
    TracedCallback<Ipv4Address, const DnsQuestion&, const std::string&> m_queryTrace;
    /// Messages ignored.
    TracedCallback<DnsDropReason, const InetSocketAddress&> m_dropTrace;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_STUB_RESOLVER_H */
