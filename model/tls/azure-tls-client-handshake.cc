/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-client-handshake.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// How long a client tries a session ID of TLS 1.2, as OpenSSL does.
constexpr int64_t SESSION_ID_SECONDS = 7200;

/// Longer tickets are not kept: a ClientHello has to hold them.
constexpr uint32_t MAX_TICKET_BYTES = 16384;

} // namespace

TlsClientHandshake::TlsClientHandshake(std::shared_ptr<const TlsClientConfiguration> configuration,
                                       Ptr<UniformRandomVariable> random)
    : TlsHandshake(TlsRole::Client, random),
      m_configuration(configuration)
{
}

uint32_t
TlsClientHandshake::GetMessageLimit() const
{
    return m_configuration->maximumMessageBytes;
}

void
TlsClientHandshake::Start(Time now)
{
    const auto& told = *m_configuration;
    for (auto version : {TlsVersion::Tls13, TlsVersion::Tls12})
    {
        if (version >= told.minimumVersion && version <= told.maximumVersion)
        {
            m_hello.versions.push_back(version);
        }
    }
    auto offers = [&](TlsVersion version) {
        return std::find(m_hello.versions.begin(), m_hello.versions.end(), version) !=
               m_hello.versions.end();
    };
    if (m_hello.versions.empty())
    {
        Fail(TlsAlert::InternalError);
        return;
    }
    for (auto cipher : told.ciphers)
    {
        const bool new13 = TlsCipherFits(cipher, TlsVersion::Tls13, TlsKeyType::Rsa2048);
        if (offers(new13 ? TlsVersion::Tls13 : TlsVersion::Tls12))
        {
            m_hello.ciphers.push_back(cipher);
        }
    }
    if (told.sessions)
    {
        m_session =
            told.sessions->Get(told.sessionKey.empty() ? told.serverName : told.sessionKey, now);
        if (m_session && (!offers(m_session->version) || m_session->serverName != told.serverName))
        {
            m_session.reset();
        }
    }
    m_hello.random = m_clientRandom = RandomBytes(32);
    // 1.3: for middleboxes (RFC 8446, appendix D.4); 1.2: where a ticket is offered, so that the
    // server can say that it takes it (RFC 5077, section 3.4).
    if (offers(TlsVersion::Tls13) || (m_session && !m_session->ticket.empty()))
    {
        m_hello.sessionId = RandomBytes(32);
    }
    m_hello.hasKeyShare = offers(TlsVersion::Tls13);
    m_hello.ticketsWelcome = told.wantsTickets && offers(TlsVersion::Tls12);
    if (m_session && m_session->version == TlsVersion::Tls13)
    {
        m_hello.pskIdentity = m_session->ticket;
        m_hello.binder = m_session->secret;
    }
    else if (m_session && !m_session->ticket.empty())
    {
        m_hello.ticket = m_session->ticket;
        m_hello.ticketsWelcome = true;
    }
    else if (m_session)
    {
        m_hello.sessionId = m_session->sessionId;
    }
    m_hello.serverName = m_agreement.serverName = told.serverName;
    m_hello.minimumBytes = told.helloBytes;
    Send(m_hello.Encode());
    Flush();
}

void
TlsClientHandshake::TakeMessage(const TlsMessage& message, Time now)
{
    const bool new13 = m_agreement.version == TlsVersion::Tls13;
    const auto type = message.type;
    uint64_t proof;
    if (type == TlsMessageType::ServerHello && m_phase == Phase::ServerHello)
    {
        TakeServerHello(message);
    }
    else if (type == TlsMessageType::EncryptedExtensions && m_phase == Phase::EncryptedExtensions)
    {
        m_phase = m_agreement.resumed ? Phase::Finished : Phase::Certificate;
    }
    else if (type == TlsMessageType::CertificateRequest && !m_agreement.clientCertificateAsked &&
             m_phase == (new13 ? Phase::Certificate : Phase::ServerHelloDone))
    {
        m_agreement.clientCertificateAsked = true;
    }
    else if (type == TlsMessageType::Certificate && m_phase == Phase::Certificate)
    {
        TakeCertificate(message, now);
    }
    else if (type == TlsMessageType::CertificateVerify && m_phase == Phase::CertificateVerify)
    {
        if (CheckCertificateVerify(message, m_before, m_agreement.peerChain.front().key))
        {
            m_phase = Phase::Finished;
        }
    }
    else if (type == TlsMessageType::ServerKeyExchange && m_phase == Phase::ServerKeyExchange)
    {
        const auto bytes = 40 + TlsSignatureBytes(m_agreement.peerChain.front().key);
        if (!TlsDecodeProof(message.body, bytes, proof))
        {
            Fail(TlsAlert::DecodeError);
            return;
        }
        m_phase = Phase::ServerHelloDone;
    }
    else if (type == TlsMessageType::ServerHelloDone && m_phase == Phase::ServerHelloDone)
    {
        Work();
    }
    else if (type == TlsMessageType::NewSessionTicket &&
             m_phase == (new13 ? Phase::Done : Phase::ChangeCipherSpec))
    {
        TakeTicket(message, now);
    }
    else if (type == TlsMessageType::Finished && m_phase == Phase::Finished)
    {
        TakeFinished(message, now);
    }
    else if (type != TlsMessageType::HelloRequest || new13)
    {
        Fail(TlsAlert::UnexpectedMessage);
    }
}

void
TlsClientHandshake::TakeServerHello(const TlsMessage& message)
{
    TlsServerHello hello;
    if (!hello.Decode(message.body))
    {
        Fail(TlsAlert::DecodeError);
        return;
    }
    const auto& versions = m_hello.versions;
    if (std::find(versions.begin(), versions.end(), hello.version) == versions.end())
    {
        Fail(TlsAlert::ProtocolVersion);
        return;
    }
    const auto& ciphers = m_hello.ciphers;
    const bool fits = TlsCipherFits(hello.cipher, hello.version, TlsKeyType::Rsa2048) ||
                      TlsCipherFits(hello.cipher, hello.version, TlsKeyType::EcdsaP256);
    const bool new13 = hello.version == TlsVersion::Tls13;
    const bool echoed = !hello.sessionId.empty() && hello.sessionId == m_hello.sessionId;
    const bool canResume = m_session && m_session->version == hello.version;
    const bool resumed = new13 ? hello.pskAccepted : echoed;
    if (!fits || std::find(ciphers.begin(), ciphers.end(), hello.cipher) == ciphers.end() ||
        (new13 && hello.sessionId != m_hello.sessionId) || (resumed && !canResume) ||
        (resumed && !new13 && hello.cipher != m_session->cipher))
    {
        Fail(TlsAlert::IllegalParameter);
        return;
    }
    m_agreement.version = hello.version;
    m_agreement.cipher = hello.cipher;
    m_agreement.resumed = resumed;
    m_serverRandom = hello.random;
    m_sessionId = hello.sessionId;
    if (resumed)
    {
        m_agreement.peerChain = m_session->peerChain;
        m_agreement.peerVerification = m_session->peerVerification;
    }
    MakeSecret(resumed ? m_session->secret : 0);
    if (new13)
    {
        m_phase = Phase::EncryptedExtensions;
        ProtectOutput();
        ProtectInput();
        return;
    }
    m_phase = resumed ? Phase::ChangeCipherSpec : Phase::Certificate;
}

void
TlsClientHandshake::TakeCertificate(const TlsMessage& message, Time now)
{
    const auto& told = *m_configuration;
    if (!TlsDecodeCertificates(m_agreement.version, message.body, m_agreement.peerChain))
    {
        Fail(TlsAlert::DecodeError);
        return;
    }
    const bool new13 = m_agreement.version == TlsVersion::Tls13;
    const auto& chain = m_agreement.peerChain;
    // RFC 8446, section 4.4.2.4: a server without a certificate is an error.
    if (chain.empty())
    {
        Fail(TlsAlert::DecodeError);
        return;
    }
    if (!TlsCipherFits(m_agreement.cipher, m_agreement.version, chain.front().key))
    {
        Fail(TlsAlert::IllegalParameter);
        return;
    }
    auto& verification = m_agreement.peerVerification;
    verification =
        told.trust.Verify(chain,
                          told.verifiedName.empty() ? told.serverName : told.verifiedName,
                          now,
                          told.checks);
    if (!verification.IsGood())
    {
        Fail(verification.GetAlert());
        return;
    }
    m_phase = new13 ? Phase::CertificateVerify : Phase::ServerKeyExchange;
}

void
TlsClientHandshake::TakeTicket(const TlsMessage& message, Time now)
{
    TlsSessionTicket ticket;
    if (!ticket.Decode(m_agreement.version, message.body))
    {
        Fail(TlsAlert::DecodeError);
        return;
    }
    if (ticket.ticket.empty() || ticket.ticket.size() > MAX_TICKET_BYTES)
    {
        return;
    }
    if (m_agreement.version == TlsVersion::Tls12)
    {
        m_newTicket = ticket.ticket;
        m_newLifetime = ticket.lifetime;
        return;
    }
    auto session = MakeSession(now, ticket.lifetime);
    session.ticket = ticket.ticket;
    Keep(session);
}

void
TlsClientHandshake::TakeChangeCipherSpec()
{
    if (m_phase != Phase::ChangeCipherSpec)
    {
        Fail(TlsAlert::UnexpectedMessage);
        return;
    }
    m_phase = Phase::Finished;
    ProtectInput();
}

void
TlsClientHandshake::TakeFinished(const TlsMessage& message, Time now)
{
    if (!CheckFinished(message, m_before))
    {
        return;
    }
    m_phase = Phase::Done;
    if (m_agreement.version == TlsVersion::Tls13 || m_agreement.resumed)
    {
        Work();
        return;
    }
    if (!m_newTicket.empty() || !m_sessionId.empty())
    {
        auto session =
            MakeSession(now, m_newTicket.empty() ? Seconds(SESSION_ID_SECONDS) : m_newLifetime);
        session.ticket = m_newTicket;
        session.sessionId = m_sessionId;
        Keep(session);
    }
    Establish();
}

void
TlsClientHandshake::WorkDone(Time /* now */)
{
    if (m_agreement.version == TlsVersion::Tls13)
    {
        SendChangeCipherSpec();
        SendCertificate();
        SendFinished();
        Establish();
        return;
    }
    if (!m_agreement.resumed)
    {
        const bool shown = m_agreement.clientCertificateAsked;
        if (shown)
        {
            Send(TlsEncodeCertificates(m_agreement.version, m_configuration->certificate));
        }
        Send(TlsEncodeProof(TlsMessageType::ClientKeyExchange, 0, 33));
        if (shown && !m_configuration->certificate.empty())
        {
            SendCertificateVerify(m_configuration->certificate.front().key);
        }
    }
    SendChangeCipherSpec();
    ProtectOutput();
    SendFinished();
    if (m_agreement.resumed)
    {
        Establish();
        return;
    }
    m_phase = Phase::ChangeCipherSpec;
}

void
TlsClientHandshake::SendCertificate()
{
    if (!m_agreement.clientCertificateAsked)
    {
        return;
    }
    Send(TlsEncodeCertificates(m_agreement.version, m_configuration->certificate));
    if (!m_configuration->certificate.empty())
    {
        SendCertificateVerify(m_configuration->certificate.front().key);
    }
}

void
TlsClientHandshake::Keep(const TlsSession& session)
{
    const auto& told = *m_configuration;
    if (told.sessions)
    {
        told.sessions->Put(told.sessionKey.empty() ? told.serverName : told.sessionKey, session);
    }
}

} // namespace azure
} // namespace ns3
