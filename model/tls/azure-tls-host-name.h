/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_HOST_NAME_H
#define AZURE_TLS_HOST_NAME_H

#include "azure-tls-certificate.h"

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Compare a name in a certificate with the host that was asked for (RFC 9525, section 6.3).
 *
 * Letters compare without regard to case. A wildcard is the whole leftmost label and stands for
 * exactly one label: `*.contoso.com` matches `www.contoso.com`, neither `contoso.com` nor
 * `a.b.contoso.com`. At least two labels must follow it. A dot at the end of the host is ignored.
 * A wildcard never matches an address.
 *
 * @param pattern the name in the certificate
 * @param host the host
 * @return whether they match
 */
bool TlsNameMatches(const std::string& pattern, const std::string& host);

/**
 * @ingroup azure-load-balancing
 * @brief Whether a certificate is one for a host.
 *
 * The DNS names count; the common name only where there are none (RFC 6125, section 6.4.4;
 * RFC 9525 dropped it, but Azure's gateways still look at it: AG-43).
 *
 * @param certificate the certificate
 * @param host the host
 * @return whether it is
 */
bool TlsCertificateNames(const TlsCertificate& certificate, const std::string& host);

/**
 * @ingroup azure-load-balancing
 * @brief The name that a client asks for, from a Host field (RFC 6066, section 3).
 * @param host a host, perhaps with a port
 * @return the name without the port; empty where it is an address
 */
std::string TlsServerName(const std::string& host);

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_HOST_NAME_H */
