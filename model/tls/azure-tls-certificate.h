/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_CERTIFICATE_H
#define AZURE_TLS_CERTIFICATE_H

#include "azure-tls-types.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Hash that the issuer's signature of a certificate is made with.
 */
enum class TlsSignatureHash : uint8_t
{
    Sha1 = 0,   //!< too weak today
    Sha256 = 1, //!< usual
    Sha384 = 2  //!< stronger
};

/**
 * @ingroup azure-load-balancing
 * @brief A certificate as an identity (AG-43 to AG-46): who, by whom, how long; no cryptography.
 *
 * The key identifiers take the place of signatures: a certificate was signed by the authority
 * whose `keyId` is its `issuerKeyId` (as with RFC 5280, sections 4.2.1.1 and 4.2.1.2). So an
 * impostor that only takes over the name of an authority does not pass.
 */
struct TlsCertificate
{
    std::string subject;            //!< distinguished name, for example `CN=www.contoso.com`
    std::string issuer;             //!< distinguished name of the authority
    std::vector<std::string> names; //!< DNS names of the subject alternative name
    std::string serial;             //!< serial number, hexadecimal
    std::string fingerprint;        //!< SHA-1 of the certificate, 40 hexadecimal digits
    std::string keyId;              //!< subject key identifier: the key
    std::string issuerKeyId;        //!< authority key identifier: the key that signed
    Time notBefore{Time::Min()};    //!< first instant of validity, simulated time
    Time notAfter{Time::Max()};     //!< last instant of validity, simulated time
    uint32_t bytes{1500}; //!< size on the wire (DER), up to 65535; more if the identity needs it
    TlsKeyType key{TlsKeyType::Rsa2048};             //!< kind of its key
    TlsSignatureHash hash{TlsSignatureHash::Sha256}; //!< hash of the issuer's signature
    bool isAuthority{false};                         //!< may sign certificates

    /**
     * @param other another certificate
     * @return whether it is the same in every respect
     */
    bool operator==(const TlsCertificate& other) const = default;

    /**
     * @return whether subject and issuer are the same
     */
    bool IsSelfIssued() const;

    /**
     * @return the last common name of the subject; empty if it has none
     */
    std::string GetCommonName() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief Certificates as they are sent: one's own first, then that of its issuer, and so on.
 */
using TlsCertificateChain = std::vector<TlsCertificate>;

/**
 * @ingroup azure-load-balancing
 * @brief Make the certificate of a root authority, signed by itself.
 * @param name its common name
 * @return the certificate; key identifiers, serial and fingerprint follow from the name
 */
TlsCertificate MakeTlsRoot(const std::string& name);

/**
 * @ingroup azure-load-balancing
 * @return the root that stands for those that everybody trusts
 */
TlsCertificate MakeTlsPublicRoot();

/**
 * @ingroup azure-load-balancing
 * @brief Issue a certificate.
 * @param issuer certificate of the authority
 * @param name common name of the new one, and its only DNS name
 * @param isAuthority whether it may sign certificates itself; then it has no DNS name
 * @return the certificate; key identifiers, serial and fingerprint follow from the names
 */
TlsCertificate IssueTlsCertificate(const TlsCertificate& issuer,
                                   const std::string& name,
                                   bool isAuthority = false);

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_CERTIFICATE_H */
