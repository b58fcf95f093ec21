/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-host-name.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param name a name
 * @return it in lower case, without the dot at its end
 */
std::string
Normalize(std::string name)
{
    for (auto& c : name)
    {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (!name.empty() && name.back() == '.')
    {
        name.pop_back();
    }
    return name;
}

/**
 * @param name a name in lower case
 * @return whether it is an IPv4 or IPv6 address
 */
bool
IsAddress(const std::string& name)
{
    return name.find(':') != std::string::npos ||
           name.find_first_not_of("0123456789.") == std::string::npos;
}

} // namespace

bool
TlsNameMatches(const std::string& pattern, const std::string& host)
{
    const auto wanted = Normalize(host);
    const auto shown = Normalize(pattern);
    if (wanted.empty() || wanted.find('*') != std::string::npos)
    {
        return false;
    }
    if (shown.find('*') == std::string::npos)
    {
        return shown == wanted;
    }
    const auto rest = shown.substr(1); // ".contoso.com"
    const bool wellFormed = shown[0] == '*' && rest.size() > 1 && rest[0] == '.' &&
                            rest[1] != '.' && rest.find('*') == std::string::npos &&
                            rest.find('.', 1) != std::string::npos;
    if (!wellFormed || IsAddress(wanted))
    {
        return false;
    }
    const auto dot = wanted.find('.');
    return dot != 0 && dot != std::string::npos &&
           wanted.compare(dot, std::string::npos, rest) == 0;
}

bool
TlsCertificateNames(const TlsCertificate& certificate, const std::string& host)
{
    if (certificate.names.empty())
    {
        return TlsNameMatches(certificate.GetCommonName(), host);
    }
    return std::any_of(certificate.names.begin(),
                       certificate.names.end(),
                       [&](const std::string& name) { return TlsNameMatches(name, host); });
}

std::string
TlsServerName(const std::string& host)
{
    const auto colon = host.find(':');
    const bool isIpv6 =
        colon != std::string::npos && host.find(':', colon + 1) != std::string::npos;
    const auto name = host.substr(0, colon);
    return isIpv6 || IsAddress(name) ? "" : name;
}

} // namespace azure
} // namespace ns3
