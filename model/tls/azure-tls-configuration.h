/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_CONFIGURATION_H
#define AZURE_TLS_CONFIGURATION_H

#include "azure-tls-session.h"
#include "azure-tls-trust-store.h"
#include "azure-tls-types.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What both sides of a connection can be told.
 */
struct TlsCommonConfiguration
{
    TlsVersion minimumVersion{TlsVersion::Tls12};    //!< lowest version to agree on
    TlsVersion maximumVersion{TlsVersion::Tls13};    //!< highest version to agree on
    std::vector<TlsCipher> ciphers{TlsAllCiphers()}; //!< the preferred first
    TlsTrustStore trust;                             //!< whose certificates are believed
    TlsChecks checks;                          //!< what of the peer's certificates is looked at
    std::shared_ptr<TlsSessionCache> sessions; //!< for resumption; null: never
    uint32_t maximumMessageBytes{131072};      //!< handshake message at most
};

/**
 * @ingroup azure-load-balancing
 * @brief What a client of TLS can be told.
 */
struct TlsClientConfiguration : public TlsCommonConfiguration
{
    std::string serverName;          //!< SNI; empty: none
    std::string verifiedName;        //!< name that the certificate must have; empty: serverName
    TlsCertificateChain certificate; //!< to show when asked for one; empty: none
    std::string sessionKey;          //!< key in sessions; empty: serverName
    bool wantsTickets{true};         //!< TLS 1.2: tickets rather than session IDs
    /// Size that ClientHello is padded to, with its header; 512 as browsers did (RFC 7685).
    uint32_t helloBytes{512};
};

/**
 * @ingroup azure-load-balancing
 * @brief What a server thinks of client certificates.
 */
enum class TlsClientAuthentication
{
    None,    //!< none is asked for
    Request, //!< asked for, and whatever comes is taken (AG-45 passthrough)
    Require  //!< asked for, and has to be good (AG-45 strict)
};

/**
 * @ingroup azure-load-balancing
 * @brief What a server of TLS can be told.
 */
struct TlsServerConfiguration : public TlsCommonConfiguration
{
    /// Certificates to choose from; the first one that names the SNI is taken, else the first.
    std::vector<TlsCertificateChain> certificates;

    /**
     * @brief Chooses the certificate: gets the SNI, empty where none was sent, gives an index.
     *
     * An index past the end refuses the handshake with unrecognized_name. Empty function: by name.
     */
    std::function<uint32_t(const std::string&)> chooseCertificate;

    /**
     * @brief Chooses a whole other configuration by SNI, as listeners of one port have them.
     *
     * Null: this one. The chosen one is not asked again.
     */
    std::function<std::shared_ptr<const TlsServerConfiguration>(const std::string&)> chooseByName;

    TlsClientAuthentication clientAuthentication{TlsClientAuthentication::None}; //!< mutual TLS

    /**
     * @brief TlsClientAuthentication::Require: what a certificate that is missing or not good does.
     *
     * True: the handshake ends with an alert. False: it goes on, and whoever owns the connection
     * sees the reason and answers as he likes (a gateway: with a 400, AG-45).
     */
    bool refusesWithAlert{true};

    bool givesTickets{true};             //!< tickets rather than session IDs in TLS 1.2; 1.3: any
    uint32_t ticketBytes{192};           //!< size of a ticket, 32 to 8192
    Time sessionLifetime{Seconds(7200)}; //!< how long sessions are good; OpenSSL 1.3: 2 h
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_CONFIGURATION_H */
