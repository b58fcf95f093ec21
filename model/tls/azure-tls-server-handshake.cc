/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-server-handshake.h"

#include "azure-tls-host-name.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param items some items
 * @param item an item
 * @return whether it is one of them
 */
template <typename T>
bool
Contains(const std::vector<T>& items, const T& item)
{
    return std::find(items.begin(), items.end(), item) != items.end();
}

} // namespace

TlsServerHandshake::TlsServerHandshake(std::shared_ptr<const TlsServerConfiguration> configuration,
                                       Ptr<UniformRandomVariable> random)
    : TlsHandshake(TlsRole::Server, random),
      m_configuration(configuration)
{
}

uint32_t
TlsServerHandshake::GetMessageLimit() const
{
    return m_configuration->maximumMessageBytes;
}

void
TlsServerHandshake::Start(Time /* now */)
{
}

const TlsCertificateChain&
TlsServerHandshake::GetChain() const
{
    return m_configuration->certificates[m_agreement.certificateIndex];
}

void
TlsServerHandshake::TakeMessage(const TlsMessage& message, Time now)
{
    const bool new13 = m_agreement.version == TlsVersion::Tls13;
    const auto type = message.type;
    uint64_t proof;
    if (type == TlsMessageType::ClientHello && m_phase == Phase::ClientHello)
    {
        TakeClientHello(message, now);
    }
    else if (type == TlsMessageType::Certificate && m_phase == Phase::Certificate)
    {
        TakeCertificate(message, now);
    }
    else if (type == TlsMessageType::ClientKeyExchange && m_phase == Phase::ClientKeyExchange)
    {
        if (!TlsDecodeProof(message.body, 33, proof))
        {
            Fail(TlsAlert::DecodeError);
            return;
        }
        m_phase =
            m_agreement.peerChain.empty() ? Phase::ChangeCipherSpec : Phase::CertificateVerify;
    }
    else if (type == TlsMessageType::CertificateVerify && m_phase == Phase::CertificateVerify)
    {
        if (CheckCertificateVerify(message, m_before, m_agreement.peerChain.front().key))
        {
            m_phase = new13 ? Phase::Finished : Phase::ChangeCipherSpec;
        }
    }
    else if (type == TlsMessageType::Finished && m_phase == Phase::Finished)
    {
        TakeFinished(message, now);
    }
    else if (type == TlsMessageType::ClientHello && m_phase == Phase::Done && !new13)
    {
        Fail(TlsAlert::NoRenegotiation);
    }
    else
    {
        Fail(TlsAlert::UnexpectedMessage);
    }
}

void
TlsServerHandshake::TakeClientHello(const TlsMessage& message, Time now)
{
    if (!m_hello.Decode(message.body))
    {
        Fail(TlsAlert::DecodeError);
        return;
    }
    m_clientRandom = m_hello.random;
    m_agreement.serverName = m_hello.serverName;
    m_agreement.offeredCiphers = m_hello.ciphers;
    if (m_configuration->chooseByName)
    {
        if (auto chosen = m_configuration->chooseByName(m_hello.serverName))
        {
            m_configuration = chosen;
        }
    }
    if (!ChooseVersion())
    {
        Fail(TlsAlert::ProtocolVersion);
        return;
    }
    if (!ChooseCertificate())
    {
        Fail(TlsAlert::UnrecognizedName);
        return;
    }
    if (!ChooseCipher())
    {
        Fail(TlsAlert::HandshakeFailure);
        return;
    }
    if (m_agreement.version == TlsVersion::Tls13 && !m_hello.hasKeyShare)
    {
        Fail(TlsAlert::MissingExtension);
        return;
    }
    FindSession(now);
    if (GetStatus() == Status::Going)
    {
        Work();
    }
}

bool
TlsServerHandshake::ChooseVersion()
{
    for (auto version : {TlsVersion::Tls13, TlsVersion::Tls12})
    {
        if (version >= m_configuration->minimumVersion &&
            version <= m_configuration->maximumVersion && Contains(m_hello.versions, version))
        {
            m_agreement.version = version;
            return true;
        }
    }
    return false;
}

bool
TlsServerHandshake::ChooseCertificate()
{
    const auto& certificates = m_configuration->certificates;
    uint32_t index = 0;
    if (m_configuration->chooseCertificate)
    {
        index = m_configuration->chooseCertificate(m_hello.serverName);
    }
    else
    {
        auto named = std::find_if(certificates.begin(), certificates.end(), [&](const auto& chain) {
            return !chain.empty() && TlsCertificateNames(chain.front(), m_hello.serverName);
        });
        index = named == certificates.end() ? 0 : named - certificates.begin();
    }
    if (index >= certificates.size() || certificates[index].empty())
    {
        return false;
    }
    m_agreement.certificateIndex = static_cast<int32_t>(index);
    return true;
}

bool
TlsServerHandshake::ChooseCipher()
{
    for (auto cipher : m_configuration->ciphers)
    {
        if (Contains(m_hello.ciphers, cipher) &&
            TlsCipherFits(cipher, m_agreement.version, GetChain().front().key))
        {
            m_agreement.cipher = cipher;
            return true;
        }
    }
    return false;
}

void
TlsServerHandshake::FindSession(Time now)
{
    if (!m_configuration->sessions)
    {
        return;
    }
    const bool new13 = m_agreement.version == TlsVersion::Tls13;
    const auto& offered = new13                    ? m_hello.pskIdentity
                          : m_hello.ticket.empty() ? m_hello.sessionId
                                                   : m_hello.ticket;
    if (offered.size() < TlsSession::KEY_BYTES)
    {
        return;
    }
    auto session = m_configuration->sessions->Get(offered.substr(0, TlsSession::KEY_BYTES), now);
    const bool wantsCertificate =
        m_configuration->clientAuthentication != TlsClientAuthentication::None;
    if (!session || session->version != m_agreement.version ||
        session->serverName != m_hello.serverName || !Contains(m_hello.ciphers, session->cipher) ||
        (wantsCertificate && session->peerChain.empty()))
    {
        return; // a full handshake instead
    }
    if (new13 && m_hello.binder != session->secret)
    {
        Fail(TlsAlert::DecryptError);
        return;
    }
    m_session = session;
    m_agreement.resumed = true;
    m_agreement.cipher = session->cipher;
    m_agreement.peerChain = session->peerChain;
    m_agreement.peerVerification = session->peerVerification;
    m_agreement.certificateIndex = -1;
}

void
TlsServerHandshake::WorkDone(Time /* now */)
{
    m_serverRandom = RandomBytes(32);
    MakeSecret(m_session ? m_session->secret : 0);
    if (m_agreement.version == TlsVersion::Tls13)
    {
        SendFlight13();
    }
    else
    {
        SendFlight12();
    }
}

void
TlsServerHandshake::TakeCertificate(const TlsMessage& message, Time now)
{
    const bool new13 = m_agreement.version == TlsVersion::Tls13;
    if (!TlsDecodeCertificates(m_agreement.version, message.body, m_agreement.peerChain))
    {
        Fail(TlsAlert::DecodeError);
        return;
    }
    auto& verification = m_agreement.peerVerification;
    verification =
        m_configuration->trust.Verify(m_agreement.peerChain, "", now, m_configuration->checks);
    const bool must = m_configuration->clientAuthentication == TlsClientAuthentication::Require &&
                      m_configuration->refusesWithAlert;
    if (must && !verification.IsGood())
    {
        // certificate_required is TLS 1.3's; RFC 5246, section 7.4.6 has handshake_failure.
        const auto alert = verification.GetAlert();
        Fail(alert == TlsAlert::CertificateRequired && !new13 ? TlsAlert::HandshakeFailure : alert);
        return;
    }
    if (!new13)
    {
        m_phase = Phase::ClientKeyExchange;
        return;
    }
    m_phase = m_agreement.peerChain.empty() ? Phase::Finished : Phase::CertificateVerify;
}

void
TlsServerHandshake::TakeChangeCipherSpec()
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
TlsServerHandshake::TakeFinished(const TlsMessage& message, Time now)
{
    if (!CheckFinished(message, m_before))
    {
        return;
    }
    m_phase = Phase::Done;
    const bool keeps = m_configuration->sessions != nullptr;
    if (m_agreement.version == TlsVersion::Tls13)
    {
        if (keeps)
        {
            SendTicket(now);
        }
        Establish();
        return;
    }
    if (!m_session)
    {
        if (!m_sessionId.empty())
        {
            auto session = MakeSession(now, m_configuration->sessionLifetime);
            session.sessionId = m_sessionId;
            m_configuration->sessions->Put(m_sessionId, session);
        }
        else if (keeps)
        {
            SendTicket(now);
        }
        SendEnd12();
    }
    Establish();
}

} // namespace azure
} // namespace ns3
