/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_TRUST_STORE_H
#define AZURE_TLS_TRUST_STORE_H

#include "azure-tls-certificate.h"

#include "ns3/nstime.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What came of the verification of a peer's certificates.
 */
enum class TlsVerificationStatus : uint8_t
{
    NotVerified,      //!< nobody looked
    Ok,               //!< all that was asked for holds
    NoCertificate,    //!< the peer sent none
    UnknownAuthority, //!< the chain does not lead to the trust store
    SelfSigned,       //!< its last certificate is its own issuer, and not trusted
    BadSignature,     //!< the issuer's name fits, its key does not
    NotAnAuthority,   //!< an issuer that may not sign
    ChainTooLong,     //!< more certificates than TlsTrustStore::MAX_DEPTH
    NotYetValid,      //!< before its time
    Expired,          //!< after its time
    WeakHash,         //!< signed with less than SHA-256 (HP-2)
    NameMismatch      //!< not a certificate of that host
};

/**
 * @ingroup azure-load-balancing
 * @brief What of a peer's certificates is looked at. Each part can be relaxed (AG-43, HP-40).
 */
struct TlsChecks
{
    bool chain{true};  //!< the chain leads to the trust store
    bool expiry{true}; //!< every certificate of the chain is within its time
    bool hash{true};   //!< SHA-256 or better, authorities that sign themselves excepted (HP-2)
    bool name{true};   //!< the first certificate names the host; without a host not looked at

    /**
     * @return nothing is looked at (HP-40)
     */
    static TlsChecks None()
    {
        return {false, false, false, false};
    }

    /**
     * @param other other checks
     * @return whether they look at the same
     */
    bool operator==(const TlsChecks& other) const = default;
};

/**
 * @ingroup azure-load-balancing
 * @brief Result of a verification.
 */
struct TlsVerification
{
    TlsVerificationStatus status{TlsVerificationStatus::NotVerified}; //!< what came of it
    uint32_t depth{0};   //!< which certificate of the path, 0 is the peer's own
    std::string subject; //!< subject of that certificate

    /**
     * @return whether nothing speaks against the peer
     */
    bool IsGood() const
    {
        return status == TlsVerificationStatus::Ok || status == TlsVerificationStatus::NotVerified;
    }

    /**
     * @return alert that goes with a failure, as OpenSSL's ssl_x509err2alert has it
     */
    TlsAlert GetAlert() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Certificates that are trusted as such: roots, or single certificates.
 */
class TlsTrustStore
{
  public:
    static constexpr uint32_t MAX_DEPTH{10}; //!< certificates of a path, the root included

    /**
     * @param certificate a certificate to trust
     */
    void Add(const TlsCertificate& certificate);

    /**
     * @param other another store
     * @return whether it trusts the same, in the same order
     */
    bool operator==(const TlsTrustStore& other) const = default;

    /**
     * @return what is trusted
     */
    const std::vector<TlsCertificate>& GetAll() const;

    /**
     * @brief Verify a peer's certificates (RFC 5280, section 6, in the parts that exist here).
     *
     * The order of the chain beyond the first does not matter, and what is in it to no purpose
     * does no harm (RFC 8446, section 4.4.2). The first failure counts, in the order chain,
     * expiry, hash, name, and within each from the peer's own certificate up.
     *
     * @param chain what the peer sent
     * @param host name it must have; empty: none
     * @param now the time, simulated
     * @param checks what is looked at
     * @return the result
     */
    TlsVerification Verify(const TlsCertificateChain& chain,
                           const std::string& host,
                           Time now,
                           const TlsChecks& checks = TlsChecks()) const;

  private:
    /**
     * @brief Find the way from the peer's certificate to a trusted one.
     * @param chain what the peer sent
     * @param path gets the certificates on the way, as far as it leads
     * @return Ok, or why it does not lead to trust
     */
    TlsVerificationStatus FindPath(const TlsCertificateChain& chain,
                                   std::vector<const TlsCertificate*>& path) const;

    std::vector<TlsCertificate> m_trusted; //!< in the order of Add()
};

/**
 * @param status a status
 * @return its name, in words
 */
std::string TlsName(TlsVerificationStatus status);

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_TRUST_STORE_H */
