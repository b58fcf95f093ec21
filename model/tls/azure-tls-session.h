/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_SESSION_H
#define AZURE_TLS_SESSION_H

#include "azure-tls-certificate.h"
#include "azure-tls-trust-store.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What two sides keep of a handshake in order to shorten the next one.
 */
struct TlsSession
{
    static constexpr uint32_t KEY_BYTES{32}; //!< session ID, or what a ticket begins with

    TlsVersion version{TlsVersion::None}; //!< version it was made with
    TlsCipher cipher{TlsCipher::None};    //!< cipher suite it was made with
    std::string serverName;               //!< SNI it was made with
    std::string sessionId;                //!< TLS 1.2: what the client sends; may be empty
    std::string ticket;                   //!< what the client sends; may be empty
    uint64_t secret{0};                   //!< what both ends know
    Time issued;                          //!< when, simulated time
    Time lifetime;                        //!< how long it is good from then on
    TlsCertificateChain peerChain;        //!< the peer's certificates
    TlsVerification peerVerification;     //!< what came of their verification
};

/**
 * @ingroup azure-load-balancing
 * @brief Sessions by a key, at most so many, the oldest dropped first.
 *
 * A server's keys are session IDs, and the first 32 bytes of tickets. Real tickets hold the
 * session themselves, sealed with a key of the server; here the servers that share one cache are
 * those that share that key, and Clear() is the change of it. A client's keys are what it
 * connects to.
 */
class TlsSessionCache
{
  public:
    /**
     * @param capacity sessions at most; OpenSSL's default is 20480
     */
    explicit TlsSessionCache(uint32_t capacity = 20480);

    /**
     * @brief Keep a session, in the place of one with the same key.
     * @param key its key
     * @param session the session
     */
    void Put(const std::string& key, const TlsSession& session);

    /**
     * @param key a key
     * @param now the time, simulated
     * @return the session, if it is there and its lifetime is not over
     */
    std::optional<TlsSession> Get(const std::string& key, Time now);

    /**
     * @param key key of a session to forget
     */
    void Remove(const std::string& key);

    /** @brief Forget all sessions. */
    void Clear();

    /**
     * @return sessions that are kept, those whose lifetime is over included
     */
    uint32_t GetSize() const;

  private:
    using Entries = std::list<std::pair<std::string, TlsSession>>;

    uint32_t m_capacity;                                        //!< sessions at most
    Entries m_entries;                                          //!< the oldest first
    std::unordered_map<std::string, Entries::iterator> m_byKey; //!< where they are
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_SESSION_H */
