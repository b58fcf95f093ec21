/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_RESOLUTION_H
#define AZURE_DNS_RESOLUTION_H

#include "azure-dns-cache.h"

#include <map>
#include <set>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A name server of the root and its address.
 */
struct DnsRootHint
{
    DnsName name;      //!< name
    IpAddress address; //!< address
};

/**
 * @ingroup azure-load-balancing
 * @brief What a resolution wants next.
 */
struct DnsResolutionStep
{
    bool isDone{false};             //!< nothing: see DnsResolution::GetResult()
    DnsQuestion question;           //!< what to ask
    DnsName zone;                   //!< the zone that the servers are responsible for
    std::vector<IpAddress> servers; //!< whom to ask: one of these, in order of their addresses
    bool isMain{false}; //!< whether it is about the client's question, not about servers
};

/**
 * @ingroup azure-load-balancing
 * @brief What came out of a resolution.
 */
struct DnsResolutionResult
{
    DnsRcode rcode{DnsRcode::ServerFailure}; //!< NoError, NameError or ServerFailure
    std::vector<DnsRecord> answers;          //!< aliases in their order, then the records
    std::vector<DnsRecord> authorities;      //!< SOA of a negative answer
    uint8_t scopePrefix{0};                  //!< bits of the client's address that it holds for
    uint32_t queries{0};                     //!< queries that it took
    std::string failure;                     //!< why it failed
};

/**
 * @ingroup azure-load-balancing
 * @brief The search for the answer to one question, from the root on (RFC 1034, section 5.3.3).
 *
 * Knows no network: Next() tells whom to ask what, OnResponse() and OnFailure() take what came of
 * it. Follows delegations and aliases, finds addresses of name servers where there is no glue, and
 * learns only what the servers are responsible for. It ends after a bounded number of queries.
 */
class DnsResolution
{
  public:
    /// Most queries.
    static constexpr uint32_t MaxQueries = 64;
    /// Most aliases in a chain.
    static constexpr size_t MaxAliases = 16;
    /// How often one server of a zone is asked that does not answer.
    static constexpr uint32_t MaxTries = 3;
    /// Most searches for addresses of name servers within one another.
    static constexpr size_t MaxDepth = 4;

    /**
     * @param question what to find, with a type other than Any
     * @param cache what is known, and gets what is learnt
     * @param hints the servers of the root
     * @param client the client's address, where answers may depend on it
     */
    DnsResolution(const DnsQuestion& question,
                  DnsCache& cache,
                  const std::vector<DnsRootHint>& hints,
                  const IpAddress& client);

    /**
     * @param now present time
     * @return what to do next
     */
    DnsResolutionStep Next(Time now);

    /**
     * @brief One of the servers of the last step responded.
     * @param server the server
     * @param response its response, to the question of the step
     * @param now present time
     */
    void OnResponse(const IpAddress& server, const DnsMessage& response, Time now);

    /**
     * @brief One of the servers of the last step is of no use.
     * @param server the server
     */
    void OnFailure(const IpAddress& server);

    /**
     * @brief One of the servers of the last step did not answer; it is asked MaxTries times in all.
     * @param server the server
     */
    void OnTimeout(const IpAddress& server);

    /**
     * @brief Give up.
     * @param why why
     */
    void Abandon(const std::string& why);

    /**
     * @return what came out, once a step is done
     */
    const DnsResolutionResult& GetResult() const;

  private:
    /** @brief A question that is being answered. */
    struct Frame
    {
        DnsQuestion question;           //!< the question, with the name as of now
        std::set<DnsName> seen;         //!< names of the chain so far
        std::vector<DnsRecord> answers; //!< aliases so far
        DnsName zone;                   //!< zone of the last step
    };

    /**
     * @brief Go from an alias to its target.
     * @param frame the frame
     * @param alias the CNAME record
     * @return whether that can be done; if not, the resolution has failed
     */
    bool Follow(Frame& frame, const DnsRecord& alias);

    /**
     * @brief Look into the cache.
     * @param now present time
     * @return whether the last frame came on
     */
    bool UseCache(Time now);

    /**
     * @brief Find servers to ask, or a name server whose address is to be found first.
     * @param now present time
     * @param[out] step gets the servers
     * @return whether there are any; if not, look again
     */
    bool FindServers(Time now, DnsResolutionStep& step);

    /**
     * @param zone a zone
     * @param now present time
     * @return names of its servers, as far as they are known
     */
    std::vector<DnsName> GetServerNames(const DnsName& zone, Time now);

    /**
     * @brief The last frame has its answer.
     * @param rcode the code
     * @param records the records or the SOA of a negative answer
     */
    void Finish(DnsRcode rcode, const std::vector<DnsRecord>& records);

    /**
     * @brief Learn of a delegation.
     * @param response the response
     * @param now present time
     * @return whether it leads on
     */
    bool TakeReferral(const DnsMessage& response, Time now);

    /**
     * @brief Keep records of one set and give them back with the TTL that they are kept for.
     * @param records the records
     * @param now present time
     * @param subnet the subnet that they hold for
     * @return the records
     */
    std::vector<DnsRecord> Keep(const std::vector<DnsRecord>& records,
                                Time now,
                                const std::optional<DnsClientSubnet>& subnet);

    DnsCache& m_cache;                                //!< what is known
    std::vector<DnsRootHint> m_hints;                 //!< servers of the root
    IpAddress m_client;                               //!< client's address
    std::vector<Frame> m_frames;                      //!< the client's question comes first
    std::set<std::pair<DnsName, IpAddress>> m_failed; //!< servers of no use, by zone
    std::map<std::pair<DnsName, IpAddress>, uint32_t> m_tries; //!< queries without an answer
    std::set<DnsName> m_searched;                          //!< servers whose addresses were sought
    std::map<DnsName, std::vector<DnsName>> m_delegations; //!< referrals, even with a TTL of 0
    std::map<DnsName, std::set<IpAddress>> m_addresses;    //!< addresses, even with a TTL of 0
    DnsResolutionResult m_result;                          //!< result
    bool m_done{false};                                    //!< whether there is one
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_RESOLUTION_H */
