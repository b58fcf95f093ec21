/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_CACHE_H
#define AZURE_DNS_CACHE_H

#include "azure-dns-message.h"
#include "azure-dns-ttl-policy.h"

#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How far data can be trusted (RFC 2181, section 5.4.1); higher ones replace lower ones.
 */
enum class DnsTrust
{
    Referral, //!< name servers and addresses from a referral: only to find servers
    Answer    //!< from the answer of a server that is responsible: may go to clients
};

/**
 * @ingroup azure-load-balancing
 * @brief What a cache knows about a question.
 */
struct DnsCacheResult
{
    /** @brief Kinds of knowledge. */
    enum class Kind
    {
        Miss,     //!< nothing
        Positive, //!< records of the type
        NoData,   //!< the name exists, but has no records of the type
        NameError //!< the name does not exist
    };

    Kind kind{Kind::Miss}; //!< what is known
    bool isStale{false};   //!< it has expired
    std::vector<DnsRecord>
        records;            //!< the records; for negative knowledge the SOA, if it was known
    uint32_t ttl{0};        //!< seconds that are left, rounded up; set in the records too
    uint8_t scopePrefix{0}; //!< bits of the client's address that it holds for
};

/**
 * @ingroup azure-load-balancing
 * @brief A cache of positive and negative answers (RFC 1035, section 7.4; RFC 2308; RFC 8767).
 *
 * Time is an argument. Answers that hold for a client subnet are kept apart from one another (RFC
 * 7871, section 7.3.1). The number of entries is bounded; the one that was not used for the longest
 * time makes room.
 */
class DnsCache
{
  public:
    /**
     * @param maxEntries most entries at a time, at least 1
     */
    explicit DnsCache(size_t maxEntries = 100000);

    /**
     * @brief Change how long later entries are kept.
     * @param policy the policy
     */
    void SetPolicy(const DnsTtlPolicy& policy);

    /**
     * @brief Keep expired entries for a while, to be had on request (RFC 8767).
     * @param duration how long after expiry; 0: not at all
     */
    void SetMaxStale(Time duration);

    /**
     * @brief Change the bound.
     * @param maxEntries most entries at a time, at least 1
     */
    void SetMaxEntries(size_t maxEntries);

    /**
     * @brief Keep records.
     *
     * @param records records of one owner and type, at least one; the lowest TTL counts
     * @param trust how far they can be trusted
     * @param now present time
     * @param subnet the subnet that they hold for, by its scopePrefix; nothing: for all
     * @return whether they were taken: not with a lifetime of 0, nor over what is trusted more and
     *         has not expired
     */
    bool Put(const std::vector<DnsRecord>& records,
             DnsTrust trust,
             Time now,
             const std::optional<DnsClientSubnet>& subnet = {});

    /**
     * @brief Keep a negative answer, for the smaller of the SOA's TTL and its MINIMUM (RFC 2308,
     *        section 5).
     *
     * @param question what was asked
     * @param isNameError whether the name does not exist; else it has no records of the type
     * @param soa the SOA record of the answer; without one nothing is kept
     * @param now present time
     * @param subnet as for Put()
     * @return whether it was taken
     */
    bool PutNegative(const DnsQuestion& question,
                     bool isNameError,
                     const DnsRecord* soa,
                     Time now,
                     const std::optional<DnsClientSubnet>& subnet = {});

    /**
     * @brief Look something up.
     *
     * @param name owner
     * @param type type, not Any
     * @param trust how far it has to be trusted at least
     * @param now present time
     * @param client the client's address; unset: only what holds for all
     * @param allowStale whether expired knowledge is good enough, if there is no better
     * @return what is known; a name that does not exist is known for all types
     */
    DnsCacheResult Get(const DnsName& name,
                       DnsType type,
                       DnsTrust trust,
                       Time now,
                       const IpAddress& client = {},
                       bool allowStale = false);

    /** @brief Forget everything, as a restart does. */
    void Clear();

    /**
     * @brief Forget all about a name.
     * @param name owner
     * @return entries that were there
     */
    size_t Remove(const DnsName& name);

    /**
     * @return entries, expired ones too as long as they are held
     */
    size_t GetSize() const;

    /**
     * @return entries that had to make room so far
     */
    uint64_t GetEvictedCount() const;

  private:
    /** @brief A name and a type. */
    struct Key
    {
        DnsName name;                //!< owner
        DnsType type{DnsType::None}; //!< type; None for a name that does not exist

        /**
         * @param other another key
         * @return whether both are the same
         */
        bool operator==(const Key& other) const = default;
    };

    /** @brief Hash of a key. */
    struct KeyHash
    {
        /**
         * @param key a key
         * @return its hash
         */
        size_t operator()(const Key& key) const
        {
            return key.name.GetHash() * 31 + static_cast<size_t>(key.type);
        }
    };

    /** @brief What is known, for all clients or for those of a subnet. */
    struct Entry
    {
        Key key;                        //!< under what it is found
        DnsCacheResult::Kind kind;      //!< what it is
        std::vector<DnsRecord> records; //!< as in DnsCacheResult
        DnsTrust trust;                 //!< how far it can be trusted
        Time expiry;                    //!< until when it is fresh
        uint8_t scope{0};               //!< bits of the network; 0 for all
        IpAddress network;              //!< the network
    };

    typedef std::list<Entry> Entries; //!< the one used last comes first

    /**
     * @brief Put an entry in its place.
     * @param entry the entry, with a lifetime as its expiry
     * @param now present time
     * @param subnet as for Put()
     * @return whether it was taken
     */
    bool Insert(Entry entry, Time now, const std::optional<DnsClientSubnet>& subnet);

    /**
     * @brief Find the best entry of a key.
     * @param key the key
     * @param trust how far it has to be trusted at least
     * @param now present time
     * @param client the client's address
     * @param allowStale whether it may have expired
     * @return the entry; the end if there is none
     */
    Entries::iterator Find(const Key& key,
                           DnsTrust trust,
                           Time now,
                           const IpAddress& client,
                           bool allowStale);

    /**
     * @brief Take an entry out.
     * @param entry the entry
     */
    void Erase(Entries::iterator entry);

    DnsTtlPolicy m_policy;                                                   //!< how long to keep
    Time m_maxStale{0};                                                      //!< and after expiry
    size_t m_maxEntries;                                                     //!< bound
    Entries m_entries;                                                       //!< all entries
    std::unordered_map<Key, std::vector<Entries::iterator>, KeyHash> m_keys; //!< entries by key
    uint64_t m_evicted{0}; //!< see GetEvictedCount()
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_CACHE_H */
