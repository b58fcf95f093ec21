/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-certificate.h"

#include "azure-tls-hash.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param text what to tell apart
 * @param digits how many
 * @return hexadecimal digits that follow from the text
 */
std::string
Digits(const std::string& text, uint32_t digits)
{
    const char* hex = "0123456789abcdef";
    std::string result;
    TlsHash hash;
    hash.Add(text);
    while (result.size() < digits)
    {
        hash.Add64(result.size());
        auto value = hash.Get();
        for (uint32_t i = 0; i < 16 && result.size() < digits; ++i)
        {
            result.push_back(hex[value >> (60 - 4 * i) & 15]);
        }
    }
    return result;
}

/**
 * @brief Fill in what follows from the names.
 * @param certificate the certificate
 */
void
Number(TlsCertificate& certificate)
{
    auto text = certificate.issuer + '\n' + certificate.subject;
    certificate.serial = Digits(text + "\nserial", 32);
    certificate.fingerprint = Digits(text + "\nfingerprint", 40);
    certificate.keyId = Digits(text + "\nkey", 40);
}

} // namespace

bool
TlsCertificate::IsSelfIssued() const
{
    return subject == issuer;
}

std::string
TlsCertificate::GetCommonName() const
{
    auto at = subject.rfind("CN=");
    if (at == std::string::npos || (at > 0 && subject[at - 1] != ',' && subject[at - 1] != ' '))
    {
        return "";
    }
    return subject.substr(at + 3, subject.find(',', at) - at - 3);
}

TlsCertificate
MakeTlsRoot(const std::string& name)
{
    TlsCertificate root;
    root.subject = root.issuer = "CN=" + name;
    root.bytes = 1350;
    root.isAuthority = true;
    Number(root);
    root.issuerKeyId = root.keyId;
    return root;
}

TlsCertificate
MakeTlsPublicRoot()
{
    return MakeTlsRoot("Public Root");
}

TlsCertificate
IssueTlsCertificate(const TlsCertificate& issuer, const std::string& name, bool isAuthority)
{
    TlsCertificate certificate;
    certificate.subject = "CN=" + name;
    certificate.issuer = issuer.subject;
    certificate.isAuthority = isAuthority;
    certificate.bytes = isAuthority ? 1300 : 1700;
    if (!isAuthority)
    {
        certificate.names.push_back(name);
    }
    Number(certificate);
    certificate.issuerKeyId = issuer.keyId;
    return certificate;
}

} // namespace azure
} // namespace ns3
