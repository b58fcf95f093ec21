/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-tls.h"

#include "ns3/azure-tls-host-name.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param serverName SNI
 * @return the same in lower case, as listeners have it
 */
std::string
ToLower(std::string serverName)
{
    std::transform(serverName.begin(), serverName.end(), serverName.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return serverName;
}

/**
 * @param when an instant of simulated time
 * @return it in words
 */
std::string
ToDate(Time when)
{
    if (when == Time::Min() || when == Time::Max())
    {
        return "unlimited";
    }
    return std::to_string(when.GetNanoSeconds() / 1000000000) + " s";
}

/**
 * @brief The certificate as text of one line, with the size that the real one would have.
 * @param certificate a certificate
 * @return its identity in base64, filled up to its size
 */
std::string
ToPem(const TlsCertificate& certificate)
{
    std::string bytes =
        certificate.subject + '\n' + certificate.issuer + '\n' + certificate.fingerprint + '\n';
    bytes.resize(std::max<size_t>(bytes.size(), certificate.bytes), '\0');
    const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (size_t i = 0; i < bytes.size(); i += 3)
    {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; ++k)
        {
            group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0);
        }
        for (size_t k = 0; k < 4; ++k)
        {
            text += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63];
        }
    }
    return "-----BEGIN CERTIFICATE----- " + text + " -----END CERTIFICATE-----";
}

} // namespace

GatewayTls::GatewayTls(std::shared_ptr<const RequestRouter> router)
    : m_router(router),
      m_clientSessions(std::make_shared<TlsSessionCache>()),
      m_backendSessions(std::make_shared<TlsSessionCache>())
{
    for (const auto& listener : m_router->GetConfiguration().httpListeners)
    {
        const bool secure = listener.protocol == ApplicationGatewayProtocol::Https;
        m_listeners.push_back(secure ? MakeListener(listener) : nullptr);
    }
}

bool
GatewayTls::IsNeeded(const ApplicationGatewayConfiguration& configuration)
{
    const auto isSecure = [](const auto& part) {
        return part.protocol == ApplicationGatewayProtocol::Https;
    };
    const auto& listeners = configuration.httpListeners;
    const auto& settings = configuration.backendHttpSettingsCollection;
    return std::any_of(listeners.begin(), listeners.end(), isSecure) ||
           std::any_of(settings.begin(), settings.end(), isSecure);
}

std::shared_ptr<const TlsServerConfiguration>
GatewayTls::MakeListener(const HttpListener& listener) const
{
    const auto& configuration = m_router->GetConfiguration();
    auto server = std::make_shared<TlsServerConfiguration>();
    server->sessions = m_clientSessions;
    if (const auto index = FindByName(configuration.sslCertificates, listener.sslCertificate))
    {
        server->certificates = {
            configuration.sslCertificates[*index].GetServerChain(listener.GetHosts())};
    }
    const auto profile = FindByName(configuration.sslProfiles, listener.sslProfile);
    if (!profile || !configuration.sslProfiles[*profile].AsksForCertificates())
    {
        return server;
    }
    const auto& mutual = configuration.sslProfiles[*profile];
    for (const auto& name : mutual.trustedClientCertificates)
    {
        const auto index = FindByName(configuration.trustedClientCertificates, name);
        server->trust.Add(configuration.trustedClientCertificates[*index].GetAuthority());
    }
    server->clientAuthentication = mutual.NeedsGoodCertificates()
                                       ? TlsClientAuthentication::Require
                                       : TlsClientAuthentication::Request;
    server->refusesWithAlert = false; // the gateway answers with 400
    return server;
}

bool
GatewayTls::IsSecure(const IpAddress& frontend, uint16_t port) const
{
    return m_router->GetListeners().IsTls(frontend, port);
}

uint32_t
GatewayTls::FindListener(const IpAddress& frontend,
                         uint16_t port,
                         const std::string& serverName) const
{
    return m_router->GetListeners().FindByServerName(frontend, port, ToLower(serverName));
}

std::shared_ptr<const TlsServerConfiguration>
GatewayTls::MakeServer(const IpAddress& frontend, uint16_t port) const
{
    const auto first = FindListener(frontend, port, "");
    auto server = std::make_shared<TlsServerConfiguration>(*m_listeners[first]);
    server->chooseByName = [listeners = m_listeners, router = m_router, frontend, port](
                               const std::string& serverName) {
        return listeners[router->GetListeners()
                             .FindByServerName(frontend, port, ToLower(serverName))];
    };
    return server;
}

std::shared_ptr<const TlsClientConfiguration>
GatewayTls::MakeClient(uint32_t setting,
                       const std::string& member,
                       const std::string& serverName) const
{
    const auto& configuration = m_router->GetConfiguration();
    const auto& backend = configuration.backendHttpSettingsCollection[setting];
    auto client = std::make_shared<TlsClientConfiguration>();
    client->serverName = serverName;
    client->checks = backend.GetTlsChecks();
    client->trust = configuration.GetBackendTrust(setting);
    client->sessions = m_backendSessions;
    client->sessionKey = std::to_string(setting) + '\n' + member + '\n' + serverName;
    return client;
}

std::string
GatewayTls::GetServerName(const BackendHttpSettings& setting, const std::string& host)
{
    return setting.sniName.empty() ? TlsServerName(host) : setting.sniName;
}

void
GatewayTls::Complete(const TlsAgreement& agreement, GatewayRequest& request) const
{
    const auto& configuration = m_router->GetConfiguration();
    const auto listener =
        FindListener(request.frontend, request.frontendPort, agreement.serverName);
    request.tls = true;
    request.tlsListener = listener;
    request.tlsProtocol = TlsName(agreement.version);
    request.ciphersUsed = TlsName(agreement.cipher);
    request.ciphersSupported.clear();
    for (const auto cipher : agreement.offeredCiphers)
    {
        request.ciphersSupported += (request.ciphersSupported.empty() ? "" : ":") + TlsName(cipher);
    }
    request.certificate = ClientCertificate();
    if (agreement.peerChain.empty())
    {
        return;
    }
    const auto& shown = agreement.peerChain.front();
    auto& certificate = request.certificate;
    certificate.pem = ToPem(shown);
    certificate.subject = shown.subject;
    certificate.issuer = shown.issuer;
    certificate.serial = shown.serial;
    certificate.fingerprint = shown.fingerprint;
    certificate.startDate = ToDate(shown.notBefore);
    certificate.endDate = ToDate(shown.notAfter);
    const auto& verification = agreement.peerVerification;
    certificate.verification =
        verification.IsGood() ? "SUCCESS" : "FAILED:" + TlsName(verification.status);
    const auto profile =
        FindByName(configuration.sslProfiles, configuration.httpListeners[listener].sslProfile);
    if (!verification.IsGood() || !profile ||
        !configuration.sslProfiles[*profile].verifyClientCertIssuerDn)
    {
        return;
    }
    const auto& names = configuration.sslProfiles[*profile].trustedClientCertificates;
    const bool known = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        const auto index = FindByName(configuration.trustedClientCertificates, name);
        return configuration.trustedClientCertificates[*index].GetAuthority().subject ==
               shown.issuer;
    });
    if (!known)
    {
        certificate.verification = "FAILED:issuer not trusted";
    }
}

} // namespace azure
} // namespace ns3
