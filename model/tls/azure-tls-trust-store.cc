/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-trust-store.h"

#include "azure-tls-host-name.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @brief Look for the issuer of a certificate.
 * @param certificate the certificate
 * @param candidates where to look
 * @param[out] status why the nearest candidate is none, if none is
 * @return the issuer, or null
 */
const TlsCertificate*
FindIssuer(const TlsCertificate& certificate,
           const std::vector<TlsCertificate>& candidates,
           TlsVerificationStatus& status)
{
    for (const auto& candidate : candidates)
    {
        if (candidate.subject != certificate.issuer)
        {
            continue;
        }
        if (candidate.keyId != certificate.issuerKeyId)
        {
            status = TlsVerificationStatus::BadSignature;
        }
        else if (!candidate.isAuthority)
        {
            status = TlsVerificationStatus::NotAnAuthority;
        }
        else
        {
            return &candidate;
        }
    }
    return nullptr;
}

} // namespace

TlsAlert
TlsVerification::GetAlert() const
{
    switch (status)
    {
    case TlsVerificationStatus::Expired:
        return TlsAlert::CertificateExpired;
    case TlsVerificationStatus::UnknownAuthority:
    case TlsVerificationStatus::SelfSigned:
    case TlsVerificationStatus::ChainTooLong:
    case TlsVerificationStatus::NotAnAuthority:
        return TlsAlert::UnknownCa;
    case TlsVerificationStatus::BadSignature:
        return TlsAlert::DecryptError;
    case TlsVerificationStatus::NoCertificate:
        return TlsAlert::CertificateRequired;
    default:
        return TlsAlert::BadCertificate;
    }
}

void
TlsTrustStore::Add(const TlsCertificate& certificate)
{
    m_trusted.push_back(certificate);
}

const std::vector<TlsCertificate>&
TlsTrustStore::GetAll() const
{
    return m_trusted;
}

TlsVerificationStatus
TlsTrustStore::FindPath(const TlsCertificateChain& chain,
                        std::vector<const TlsCertificate*>& path) const
{
    const auto* current = &chain.front();
    while (true)
    {
        path.push_back(current);
        if (std::find(m_trusted.begin(), m_trusted.end(), *current) != m_trusted.end())
        {
            return TlsVerificationStatus::Ok;
        }
        if (path.size() >= MAX_DEPTH)
        {
            return TlsVerificationStatus::ChainTooLong;
        }
        auto status = TlsVerificationStatus::UnknownAuthority;
        const auto* issuer = FindIssuer(*current, m_trusted, status);
        if (issuer)
        {
            path.push_back(issuer);
            return TlsVerificationStatus::Ok;
        }
        if (current->IsSelfIssued())
        {
            return status == TlsVerificationStatus::UnknownAuthority
                       ? TlsVerificationStatus::SelfSigned
                       : status;
        }
        current = FindIssuer(*current, chain, status);
        if (!current)
        {
            return status;
        }
    }
}

TlsVerification
TlsTrustStore::Verify(const TlsCertificateChain& chain,
                      const std::string& host,
                      Time now,
                      const TlsChecks& checks) const
{
    TlsVerification result;
    if (chain.empty())
    {
        result.status = TlsVerificationStatus::NoCertificate;
        return result;
    }
    auto fail = [&](TlsVerificationStatus status, uint32_t depth, const TlsCertificate& at) {
        result.status = status;
        result.depth = depth;
        result.subject = at.subject;
        return result;
    };
    std::vector<const TlsCertificate*> path;
    const auto status = FindPath(chain, path);
    if (checks.chain && status != TlsVerificationStatus::Ok)
    {
        return fail(status, path.size() - 1, *path.back());
    }
    for (uint32_t i = 0; checks.expiry && i < path.size(); ++i)
    {
        if (now < path[i]->notBefore)
        {
            return fail(TlsVerificationStatus::NotYetValid, i, *path[i]);
        }
        if (now > path[i]->notAfter)
        {
            return fail(TlsVerificationStatus::Expired, i, *path[i]);
        }
    }
    for (uint32_t i = 0; checks.hash && i < path.size(); ++i)
    {
        // Nobody relies on the signature of a root, nor of what is trusted itself.
        const bool relied = i == 0 ? status != TlsVerificationStatus::Ok || path.size() > 1
                                   : !path[i]->IsSelfIssued();
        if (path[i]->hash == TlsSignatureHash::Sha1 && relied)
        {
            return fail(TlsVerificationStatus::WeakHash, i, *path[i]);
        }
    }
    if (checks.name && !host.empty() && !TlsCertificateNames(chain.front(), host))
    {
        return fail(TlsVerificationStatus::NameMismatch, 0, chain.front());
    }
    const bool looked = checks.chain || checks.expiry || checks.hash || checks.name;
    result.status = looked ? TlsVerificationStatus::Ok : TlsVerificationStatus::NotVerified;
    result.subject = chain.front().subject;
    return result;
}

std::string
TlsName(TlsVerificationStatus status)
{
    switch (status)
    {
    case TlsVerificationStatus::NotVerified:
        return "not verified";
    case TlsVerificationStatus::Ok:
        return "ok";
    case TlsVerificationStatus::NoCertificate:
        return "no certificate";
    case TlsVerificationStatus::UnknownAuthority:
        return "unknown authority";
    case TlsVerificationStatus::SelfSigned:
        return "self-signed certificate";
    case TlsVerificationStatus::BadSignature:
        return "bad signature";
    case TlsVerificationStatus::NotAnAuthority:
        return "issuer is not an authority";
    case TlsVerificationStatus::ChainTooLong:
        return "chain too long";
    case TlsVerificationStatus::NotYetValid:
        return "certificate is not yet valid";
    case TlsVerificationStatus::Expired:
        return "certificate has expired";
    case TlsVerificationStatus::WeakHash:
        return "signature hash too weak";
    case TlsVerificationStatus::NameMismatch:
        return "host name mismatch";
    }
    return "unknown";
}

} // namespace azure
} // namespace ns3
