/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_MESSAGE_H
#define AZURE_TLS_MESSAGE_H

#include "azure-tls-certificate.h"

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
 * @brief Handshake messages that are modelled, with their numbers on the wire.
 */
enum class TlsMessageType : uint8_t
{
    HelloRequest = 0,        //!< TLS 1.2: asks for a renegotiation; ignored
    ClientHello = 1,         //!< versions, ciphers, server name, sessions
    ServerHello = 2,         //!< the choice
    NewSessionTicket = 4,    //!< a session for next time
    EncryptedExtensions = 8, //!< TLS 1.3
    Certificate = 11,        //!< a chain
    ServerKeyExchange = 12,  //!< TLS 1.2
    CertificateRequest = 13, //!< the server asks for a certificate
    ServerHelloDone = 14,    //!< TLS 1.2
    CertificateVerify = 15,  //!< a signature with the certificate's key
    ClientKeyExchange = 16,  //!< TLS 1.2
    Finished = 20            //!< hash of the handshake
};

/**
 * @ingroup azure-load-balancing
 * @brief One handshake message: type and body, without its header of 4 bytes.
 */
struct TlsMessage
{
    TlsMessageType type{TlsMessageType::HelloRequest}; //!< type
    std::string body;                                  //!< body

    /**
     * @return the message with its header, as on the wire
     */
    std::string Encode() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief ClientHello, in its real format (RFC 8446, section 4.1.2; RFC 6066, section 3; RFC 5077).
 *
 * Extensions: server_name, supported_groups, ec_point_formats (1.2), session_ticket (1.2),
 * signature_algorithms, supported_versions, psk_key_exchange_modes, key_share (x25519), padding
 * (RFC 7685), pre_shared_key. Unknown extensions are skipped.
 */
struct TlsClientHello
{
    std::vector<TlsVersion> versions; //!< offered, the preferred first
    std::string random;               //!< 32 bytes
    std::string sessionId;            //!< up to 32 bytes
    std::vector<TlsCipher> ciphers;   //!< offered, the preferred first; unknown ones left out
    std::string serverName;           //!< SNI; empty: none
    bool ticketsWelcome{false};       //!< TLS 1.2: session_ticket is there
    std::string ticket;               //!< TLS 1.2: a ticket to resume from
    bool hasKeyShare{false};          //!< TLS 1.3: key_share is there
    std::string pskIdentity;          //!< TLS 1.3: a ticket to resume from; empty: none
    uint64_t binder{0};               //!< TLS 1.3: proof that the secret of the ticket is known
    uint32_t minimumBytes{0};         //!< size with header that padding brings it to

    /**
     * @return the message
     */
    TlsMessage Encode() const;

    /**
     * @param body body of a message
     * @return whether it could be read; all members are set then
     */
    bool Decode(const std::string& body);
};

/**
 * @ingroup azure-load-balancing
 * @brief ServerHello, in its real format (RFC 8446, section 4.1.3).
 */
struct TlsServerHello
{
    TlsVersion version{TlsVersion::None}; //!< the choice
    std::string random;                   //!< 32 bytes
    std::string sessionId;                //!< TLS 1.2: the session's; TLS 1.3: the client's
    TlsCipher cipher{TlsCipher::None};    //!< the choice
    bool ticketFollows{false};            //!< TLS 1.2: session_ticket is there
    bool pskAccepted{false};              //!< TLS 1.3: pre_shared_key is there
    bool nameAccepted{false};             //!< TLS 1.2: server_name is there

    /**
     * @return the message
     */
    TlsMessage Encode() const;

    /**
     * @param body body of a message
     * @return whether it could be read; all members are set then
     */
    bool Decode(const std::string& body);
};

/**
 * @ingroup azure-load-balancing
 * @brief NewSessionTicket (RFC 8446, section 4.6.1; RFC 5077, section 3.3).
 *
 * The ticket begins with 32 bytes that name the session, the rest is zero.
 */
struct TlsSessionTicket
{
    Time lifetime;      //!< how long it is good, whole seconds
    std::string ticket; //!< opaque to the client
    uint64_t nonce{0};  //!< TLS 1.3: tells tickets of one connection apart

    /**
     * @param version version of TLS
     * @return the message
     */
    TlsMessage Encode(TlsVersion version) const;

    /**
     * @param version version of TLS
     * @param body body of a message
     * @return whether it could be read; all members are set then
     */
    bool Decode(TlsVersion version, const std::string& body);
};

/**
 * @ingroup azure-load-balancing
 * @brief Write a Certificate message (RFC 8446, section 4.4.2; RFC 5246, section 7.4.2).
 *
 * The framing is real. In the place of DER stand the members of TlsCertificate, in their order,
 * and zeros up to its size.
 *
 * @param version version of TLS
 * @param chain the certificates; may be empty where a client has none
 * @return the message
 */
TlsMessage TlsEncodeCertificates(TlsVersion version, const TlsCertificateChain& chain);

/**
 * @ingroup azure-load-balancing
 * @brief Read a Certificate message.
 * @param version version of TLS
 * @param body body of the message
 * @param[out] chain the certificates
 * @return whether it could be read
 */
bool TlsDecodeCertificates(TlsVersion version, const std::string& body, TlsCertificateChain& chain);

/**
 * @ingroup azure-load-balancing
 * @brief Write a CertificateRequest (RFC 8446, section 4.3.2; RFC 5246, section 7.4.4).
 * @param version version of TLS
 * @param authorities subjects of acceptable authorities
 * @return the message
 */
TlsMessage TlsEncodeCertificateRequest(TlsVersion version,
                                       const std::vector<std::string>& authorities);

/**
 * @ingroup azure-load-balancing
 * @brief Write a message that proves something: its body is a hash and zeros.
 *
 * - ServerKeyExchange: x25519 parameters (36 bytes) and the signature;
 * - CertificateVerify: algorithm, length, signature;
 * - ClientKeyExchange: x25519 key (33 bytes);
 * - Finished: 12 bytes in TLS 1.2, else as many as the cipher's hash has.
 *
 * @param type type of the message
 * @param proof the hash
 * @param bytes size of the body, at least 12
 * @return the message
 */
TlsMessage TlsEncodeProof(TlsMessageType type, uint64_t proof, uint32_t bytes);

/**
 * @ingroup azure-load-balancing
 * @brief Read a message of TlsEncodeProof().
 * @param body body of the message
 * @param bytes size that it must have
 * @param[out] proof the hash
 * @return whether the size is right
 */
bool TlsDecodeProof(const std::string& body, uint32_t bytes, uint64_t& proof);

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_MESSAGE_H */
