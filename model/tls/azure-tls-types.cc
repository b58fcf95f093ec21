/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-types.h"

namespace ns3
{
namespace azure
{

std::string
TlsName(TlsVersion version)
{
    switch (version)
    {
    case TlsVersion::Tls12:
        return "TLSv1.2";
    case TlsVersion::Tls13:
        return "TLSv1.3";
    case TlsVersion::None:
        break;
    }
    return "none";
}

std::string
TlsName(TlsAlert alert)
{
    switch (alert)
    {
    case TlsAlert::CloseNotify:
        return "close_notify";
    case TlsAlert::UnexpectedMessage:
        return "unexpected_message";
    case TlsAlert::BadRecordMac:
        return "bad_record_mac";
    case TlsAlert::RecordOverflow:
        return "record_overflow";
    case TlsAlert::HandshakeFailure:
        return "handshake_failure";
    case TlsAlert::BadCertificate:
        return "bad_certificate";
    case TlsAlert::UnsupportedCertificate:
        return "unsupported_certificate";
    case TlsAlert::CertificateExpired:
        return "certificate_expired";
    case TlsAlert::CertificateUnknown:
        return "certificate_unknown";
    case TlsAlert::IllegalParameter:
        return "illegal_parameter";
    case TlsAlert::UnknownCa:
        return "unknown_ca";
    case TlsAlert::DecodeError:
        return "decode_error";
    case TlsAlert::DecryptError:
        return "decrypt_error";
    case TlsAlert::ProtocolVersion:
        return "protocol_version";
    case TlsAlert::InternalError:
        return "internal_error";
    case TlsAlert::UserCanceled:
        return "user_canceled";
    case TlsAlert::NoRenegotiation:
        return "no_renegotiation";
    case TlsAlert::MissingExtension:
        return "missing_extension";
    case TlsAlert::UnrecognizedName:
        return "unrecognized_name";
    case TlsAlert::CertificateRequired:
        return "certificate_required";
    }
    return "alert_" + std::to_string(static_cast<uint32_t>(alert));
}

std::string
TlsName(TlsCipher cipher)
{
    switch (cipher)
    {
    case TlsCipher::Aes128GcmSha256:
        return "TLS_AES_128_GCM_SHA256";
    case TlsCipher::Aes256GcmSha384:
        return "TLS_AES_256_GCM_SHA384";
    case TlsCipher::EcdheEcdsaAes128Gcm:
        return "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    case TlsCipher::EcdheEcdsaAes256Gcm:
        return "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    case TlsCipher::EcdheRsaAes128Gcm:
        return "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    case TlsCipher::EcdheRsaAes256Gcm:
        return "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    case TlsCipher::None:
        break;
    }
    return "none";
}

std::string
TlsName(TlsOutcome outcome)
{
    switch (outcome)
    {
    case TlsOutcome::Established:
        return "established";
    case TlsOutcome::AlertSent:
        return "alert-sent";
    case TlsOutcome::AlertReceived:
        return "alert-received";
    case TlsOutcome::ClosedEarly:
        return "closed-early";
    case TlsOutcome::Reset:
        return "reset";
    case TlsOutcome::ConnectFailed:
        return "connect-failed";
    case TlsOutcome::TimedOut:
        return "timed-out";
    case TlsOutcome::Aborted:
        return "aborted";
    }
    return "unknown";
}

bool
TlsCipherFits(TlsCipher cipher, TlsVersion version, TlsKeyType key)
{
    switch (cipher)
    {
    case TlsCipher::Aes128GcmSha256:
    case TlsCipher::Aes256GcmSha384:
        return version == TlsVersion::Tls13;
    case TlsCipher::EcdheEcdsaAes128Gcm:
    case TlsCipher::EcdheEcdsaAes256Gcm:
        return version == TlsVersion::Tls12 && key == TlsKeyType::EcdsaP256;
    case TlsCipher::EcdheRsaAes128Gcm:
    case TlsCipher::EcdheRsaAes256Gcm:
        return version == TlsVersion::Tls12 && key == TlsKeyType::Rsa2048;
    case TlsCipher::None:
        break;
    }
    return false;
}

uint32_t
TlsHashBytes(TlsCipher cipher)
{
    switch (cipher)
    {
    case TlsCipher::Aes256GcmSha384:
    case TlsCipher::EcdheEcdsaAes256Gcm:
    case TlsCipher::EcdheRsaAes256Gcm:
        return 48;
    default:
        return 32;
    }
}

uint32_t
TlsSignatureBytes(TlsKeyType key)
{
    return key == TlsKeyType::Rsa2048 ? 256 : 71;
}

std::vector<TlsCipher>
TlsAllCiphers()
{
    return {TlsCipher::Aes256GcmSha384,
            TlsCipher::Aes128GcmSha256,
            TlsCipher::EcdheEcdsaAes256Gcm,
            TlsCipher::EcdheRsaAes256Gcm,
            TlsCipher::EcdheEcdsaAes128Gcm,
            TlsCipher::EcdheRsaAes128Gcm};
}

} // namespace azure
} // namespace ns3
