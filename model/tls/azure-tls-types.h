/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_TYPES_H
#define AZURE_TLS_TYPES_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Versions of TLS that are modelled, with their numbers on the wire.
 */
enum class TlsVersion : uint16_t
{
    None = 0,       //!< not agreed yet; of a record: in the clear
    Tls12 = 0x0303, //!< RFC 5246
    Tls13 = 0x0304  //!< RFC 8446
};

/**
 * @ingroup azure-load-balancing
 * @brief Side of a TLS connection.
 */
enum class TlsRole
{
    Client, //!< speaks first
    Server  //!< shows a certificate
};

/**
 * @ingroup azure-load-balancing
 * @brief What a record carries (RFC 8446, section 5.1).
 */
enum class TlsContentType : uint8_t
{
    ChangeCipherSpec = 20, //!< RFC 5246; in 1.3 a dummy for middleboxes
    Alert = 21,            //!< closing or an error
    Handshake = 22,        //!< handshake messages
    ApplicationData = 23   //!< data; in 1.3 the outer type of every protected record
};

/**
 * @ingroup azure-load-balancing
 * @brief Alerts (RFC 8446, section 6), with their numbers on the wire.
 */
enum class TlsAlert : uint8_t
{
    CloseNotify = 0,             //!< the sender sends no more; also "no error" in records
    UnexpectedMessage = 10,      //!< a message out of turn
    BadRecordMac = 20,           //!< a protected record is not what the peer sealed
    RecordOverflow = 22,         //!< a record longer than allowed
    HandshakeFailure = 40,       //!< nothing acceptable in common
    BadCertificate = 42,         //!< a certificate does not fit
    UnsupportedCertificate = 43, //!< a certificate of an unsupported kind
    CertificateExpired = 45,     //!< a certificate is not valid any more
    CertificateUnknown = 46,     //!< some other trouble with a certificate
    IllegalParameter = 47,       //!< a value that contradicts others
    UnknownCa = 48,              //!< the chain leads to no trusted authority
    DecodeError = 50,            //!< a message cannot be read
    DecryptError = 51,           //!< a signature, binder or Finished does not verify
    ProtocolVersion = 70,        //!< no version in common
    InternalError = 80,          //!< trouble of one's own
    UserCanceled = 90,           //!< given up; a warning
    NoRenegotiation = 100,       //!< TLS 1.2: no second handshake; a warning
    MissingExtension = 109,      //!< an extension that must be there is not
    UnrecognizedName = 112,      //!< no such server name
    CertificateRequired = 116    //!< TLS 1.3: the client sent no certificate
};

/**
 * @ingroup azure-load-balancing
 * @brief Cipher suites, with their numbers on the wire. All are AES-GCM.
 */
enum class TlsCipher : uint16_t
{
    None = 0,                     //!< not agreed yet
    Aes128GcmSha256 = 0x1301,     //!< TLS 1.3
    Aes256GcmSha384 = 0x1302,     //!< TLS 1.3
    EcdheEcdsaAes128Gcm = 0xc02b, //!< TLS 1.2, ECDSA certificates
    EcdheEcdsaAes256Gcm = 0xc02c, //!< TLS 1.2, ECDSA certificates
    EcdheRsaAes128Gcm = 0xc02f,   //!< TLS 1.2, RSA certificates
    EcdheRsaAes256Gcm = 0xc030    //!< TLS 1.2, RSA certificates
};

/**
 * @ingroup azure-load-balancing
 * @brief Kind of the key in a certificate: decides cipher suites and sizes of signatures.
 */
enum class TlsKeyType : uint8_t
{
    Rsa2048 = 0,  //!< signatures of 256 bytes
    EcdsaP256 = 1 //!< signatures of 71 bytes (DER, most often)
};

/**
 * @ingroup azure-load-balancing
 * @brief How a handshake ended.
 */
enum class TlsOutcome
{
    Established,   //!< both sides agreed
    AlertSent,     //!< this side refused, with an alert
    AlertReceived, //!< the peer refused, with an alert
    ClosedEarly,   //!< the peer closed TCP in the midst
    Reset,         //!< TCP was reset, or gave up
    ConnectFailed, //!< there was no TCP connection to begin with
    TimedOut,      //!< it took longer than allowed
    Aborted        //!< the owner gave up
};

/**
 * @param version a version
 * @return its name as in logs: TLSv1.2, TLSv1.3
 */
std::string TlsName(TlsVersion version);

/**
 * @param alert an alert
 * @return its name in RFC 8446
 */
std::string TlsName(TlsAlert alert);

/**
 * @param cipher a cipher suite
 * @return its name in IANA's registry
 */
std::string TlsName(TlsCipher cipher);

/**
 * @param outcome an outcome
 * @return its name, in lower case
 */
std::string TlsName(TlsOutcome outcome);

/**
 * @param cipher a cipher suite
 * @param version a version
 * @param key kind of the server's key
 * @return whether they go together; a TLS 1.3 suite goes with every key
 */
bool TlsCipherFits(TlsCipher cipher, TlsVersion version, TlsKeyType key);

/**
 * @param cipher a cipher suite
 * @return bytes of its hash, 32 or 48: size of Finished in TLS 1.3
 */
uint32_t TlsHashBytes(TlsCipher cipher);

/**
 * @param key kind of a key
 * @return bytes of a signature made with it
 */
uint32_t TlsSignatureBytes(TlsKeyType key);

/**
 * @return all cipher suites, the preferred first
 */
std::vector<TlsCipher> TlsAllCiphers();

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_TYPES_H */
