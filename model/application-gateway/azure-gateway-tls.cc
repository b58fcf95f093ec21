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
        m_listeners.push_back(secure ? MakeListener(listener, true) : nullptr);
    }
    for (const auto& listener : m_router->GetConfiguration().listeners)
    {
        const bool secure = listener.protocol == ApplicationGatewayProtocol::Tls;
        m_layer4.push_back(secure ? MakeListener(listener, false) : nullptr);
    }
}

bool
GatewayTls::IsNeeded(const ApplicationGatewayConfiguration& configuration)
{
    const auto isSecure = [](const auto& part) {
        return part.protocol == ApplicationGatewayProtocol::Https ||
               part.protocol == ApplicationGatewayProtocol::Tls;
    };
    const auto any = [&](const auto& parts) {
        return std::any_of(parts.begin(), parts.end(), isSecure);
    };
    return any(configuration.httpListeners) || any(configuration.backendHttpSettingsCollection) ||
           any(configuration.listeners) || any(configuration.backendSettingsCollection);
}

template <typename L>
std::shared_ptr<const TlsServerConfiguration>
GatewayTls::MakeListener(const L& listener, bool answers) const
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
    server->refusesWithAlert = !answers; // with HTTP the gateway answers with 400
    return server;
}

bool
GatewayTls::IsSecure(const IpAddress& frontend, uint16_t port) const
{
    return GetMatcher(false).IsTls(frontend, port) || GetMatcher(true).IsTls(frontend, port);
}

const ListenerMatcher&
GatewayTls::GetMatcher(bool layer4) const
{
    return layer4 ? m_router->GetSessions().GetListeners() : m_router->GetListeners();
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
    const bool layer4 = GetMatcher(true).IsListening(frontend, port);
    const auto& matcher = GetMatcher(layer4);
    const auto& listeners = layer4 ? m_layer4 : m_listeners;
    auto server = std::make_shared<TlsServerConfiguration>(
        *listeners[matcher.FindByServerName(frontend, port, "")]);
    server->chooseByName =
        [listeners, &matcher, router = m_router, frontend, port](const std::string& serverName) {
            return listeners[matcher.FindByServerName(frontend, port, ToLower(serverName))];
        };
    return server;
}

std::shared_ptr<const TlsClientConfiguration>
GatewayTls::MakeClient(uint32_t setting,
                       const std::string& member,
                       const std::string& serverName) const
{
    const auto& configuration = m_router->GetConfiguration();
    auto client = std::make_shared<TlsClientConfiguration>();
    client->serverName = serverName;
    client->checks = configuration.FindLayer4Setting(setting)
                         ? BackendHttpSettings().GetTlsChecks() // they cannot be turned off
                         : configuration.backendHttpSettingsCollection[setting].GetTlsChecks();
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
    if (verification.IsGood() &&
        !IsIssuerKnown(configuration.httpListeners[listener].sslProfile, shown))
    {
        certificate.verification = "FAILED:issuer not trusted";
    }
}

bool
GatewayTls::IsIssuerKnown(const std::string& name, const TlsCertificate& shown) const
{
    const auto& configuration = m_router->GetConfiguration();
    const auto profile = FindByName(configuration.sslProfiles, name);
    if (!profile || !configuration.sslProfiles[*profile].verifyClientCertIssuerDn)
    {
        return true;
    }
    const auto& names = configuration.sslProfiles[*profile].trustedClientCertificates;
    return std::any_of(names.begin(), names.end(), [&](const std::string& trusted) {
        const auto index = FindByName(configuration.trustedClientCertificates, trusted);
        return configuration.trustedClientCertificates[*index].GetAuthority().subject ==
               shown.issuer;
    });
}

bool
GatewayTls::AcceptsCertificate(const TlsAgreement& agreement,
                               const IpAddress& frontend,
                               uint16_t port) const
{
    const auto& configuration = m_router->GetConfiguration();
    const auto listener =
        GetMatcher(true).FindByServerName(frontend, port, ToLower(agreement.serverName));
    const auto& name = configuration.listeners[listener].sslProfile;
    const auto profile = FindByName(configuration.sslProfiles, name);
    return !profile || !configuration.sslProfiles[*profile].NeedsGoodCertificates() ||
           (!agreement.peerChain.empty() && IsIssuerKnown(name, agreement.peerChain.front()));
}

} // namespace azure
} // namespace ns3
