/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-message.h"

#include "azure-tls-wire.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Room for an instant that is not restricted.
constexpr uint32_t TIME_BYTES = 8;

/// No certificate is padded to more.
constexpr uint32_t MAX_CERTIFICATE_BYTES = 65535;

/**
 * @param certificate a certificate
 * @return what stands for its DER
 */
std::string
EncodeCertificate(const TlsCertificate& certificate)
{
    TlsWriter out;
    out.Vector(certificate.subject, 2);
    out.Vector(certificate.issuer, 2);
    const auto names = out.Begin(3);
    for (const auto& name : certificate.names)
    {
        out.Vector(name, 2);
    }
    out.End(names, 3);
    out.Vector(certificate.serial, 1);
    out.Vector(certificate.fingerprint, 1);
    out.Vector(certificate.keyId, 1);
    out.Vector(certificate.issuerKeyId, 1);
    out.Number(static_cast<uint64_t>(certificate.notBefore.GetTimeStep()), TIME_BYTES);
    out.Number(static_cast<uint64_t>(certificate.notAfter.GetTimeStep()), TIME_BYTES);
    out.Number(certificate.bytes, 4);
    out.Number(static_cast<uint8_t>(certificate.key), 1);
    out.Number(static_cast<uint8_t>(certificate.hash), 1);
    out.Number(certificate.isAuthority, 1);
    const uint64_t size = std::min(certificate.bytes, MAX_CERTIFICATE_BYTES);
    out.Zeros(size > out.GetSize() ? size - out.GetSize() : 0);
    return out.Get();
}

/**
 * @param bytes what stands for DER
 * @param[out] certificate the certificate
 * @return whether it could be read
 */
bool
DecodeCertificate(const std::string& bytes, TlsCertificate& certificate)
{
    TlsReader in(bytes);
    certificate.subject = in.Vector(2);
    certificate.issuer = in.Vector(2);
    TlsReader names(in.Vector(3));
    while (names.HasMore())
    {
        certificate.names.push_back(names.Vector(2));
    }
    certificate.serial = in.Vector(1);
    certificate.fingerprint = in.Vector(1);
    certificate.keyId = in.Vector(1);
    certificate.issuerKeyId = in.Vector(1);
    certificate.notBefore = TimeStep(in.Number(TIME_BYTES));
    certificate.notAfter = TimeStep(in.Number(TIME_BYTES));
    certificate.bytes = in.Number(4);
    const auto key = in.Number(1);
    const auto hash = in.Number(1);
    certificate.key = static_cast<TlsKeyType>(key);
    certificate.hash = static_cast<TlsSignatureHash>(hash);
    certificate.isAuthority = in.Number(1);
    return in.IsGood() && names.IsDone() && key <= static_cast<uint8_t>(TlsKeyType::EcdsaP256) &&
           hash <= static_cast<uint8_t>(TlsSignatureHash::Sha384);
}

} // namespace

std::string
TlsMessage::Encode() const
{
    TlsWriter out;
    out.Number(static_cast<uint8_t>(type), 1);
    out.Vector(body, 3);
    return out.Get();
}

TlsMessage
TlsSessionTicket::Encode(TlsVersion version) const
{
    TlsWriter out;
    out.Number(static_cast<uint64_t>(std::max(lifetime, Time()).ToInteger(Time::S)), 4);
    if (version == TlsVersion::Tls13)
    {
        out.Zeros(4); // ticket_age_add: nothing to hide
        const auto begin = out.Begin(1);
        out.Number(nonce, 8);
        out.End(begin, 1);
    }
    out.Vector(ticket, 2);
    if (version == TlsVersion::Tls13)
    {
        out.Zeros(2); // no extensions
    }
    return {TlsMessageType::NewSessionTicket, out.Get()};
}

bool
TlsSessionTicket::Decode(TlsVersion version, const std::string& body)
{
    TlsReader in(body);
    lifetime = Seconds(static_cast<double>(in.Number(4)));
    if (version == TlsVersion::Tls13)
    {
        in.Number(4);
        TlsReader number(in.Vector(1));
        nonce = number.Number(8);
    }
    ticket = in.Vector(2);
    if (version == TlsVersion::Tls13)
    {
        in.Vector(2);
    }
    return in.IsDone();
}

TlsMessage
TlsEncodeCertificates(TlsVersion version, const TlsCertificateChain& chain)
{
    TlsWriter out;
    if (version == TlsVersion::Tls13)
    {
        out.Vector("", 1); // certificate_request_context
    }
    const auto list = out.Begin(3);
    for (const auto& certificate : chain)
    {
        out.Vector(EncodeCertificate(certificate), 3);
        if (version == TlsVersion::Tls13)
        {
            out.Zeros(2); // no extensions
        }
    }
    out.End(list, 3);
    return {TlsMessageType::Certificate, out.Get()};
}

bool
TlsDecodeCertificates(TlsVersion version, const std::string& body, TlsCertificateChain& chain)
{
    TlsReader in(body);
    if (version == TlsVersion::Tls13)
    {
        in.Vector(1);
    }
    TlsReader list(in.Vector(3));
    chain.clear();
    while (list.HasMore())
    {
        if (!DecodeCertificate(list.Vector(3), chain.emplace_back()))
        {
            return false;
        }
        if (version == TlsVersion::Tls13)
        {
            list.Vector(2);
        }
    }
    return in.IsDone() && list.IsDone();
}

TlsMessage
TlsEncodeCertificateRequest(TlsVersion version, const std::vector<std::string>& authorities)
{
    // ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256, rsa_pkcs1_sha256, and their SHA-384 kin.
    const uint16_t algorithms[] = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501};
    TlsWriter list;
    for (auto algorithm : algorithms)
    {
        list.Number(algorithm, 2);
    }
    TlsWriter names;
    for (const auto& authority : authorities)
    {
        if (names.GetSize() + 2 + authority.size() > 0xff00)
        {
            break; // the list is a help, not a must, and has no room for more
        }
        names.Vector(authority, 2);
    }
    TlsWriter out;
    if (version == TlsVersion::Tls13)
    {
        out.Vector("", 1); // certificate_request_context
        const auto extensions = out.Begin(2);
        out.Number(13, 2); // signature_algorithms
        const auto algorithmsBegin = out.Begin(2);
        out.Vector(list.Get(), 2);
        out.End(algorithmsBegin, 2);
        if (!authorities.empty())
        {
            out.Number(47, 2); // certificate_authorities
            const auto authoritiesBegin = out.Begin(2);
            out.Vector(names.Get(), 2);
            out.End(authoritiesBegin, 2);
        }
        out.End(extensions, 2);
    }
    else
    {
        out.Vector("\x01\x40", 1); // rsa_sign, ecdsa_sign
        out.Vector(list.Get(), 2);
        out.Vector(names.Get(), 2);
    }
    return {TlsMessageType::CertificateRequest, out.Get()};
}

TlsMessage
TlsEncodeProof(TlsMessageType type, uint64_t proof, uint32_t bytes)
{
    TlsWriter out;
    out.Zeros(bytes < 8 ? 0 : bytes - 8);
    out.Number(proof, 8);
    return {type, out.Get()};
}

bool
TlsDecodeProof(const std::string& body, uint32_t bytes, uint64_t& proof)
{
    if (body.size() != bytes || bytes < 8)
    {
        return false;
    }
    TlsReader in(body);
    in.Bytes(bytes - 8);
    proof = in.Number(8);
    return true;
}

} // namespace azure
} // namespace ns3
