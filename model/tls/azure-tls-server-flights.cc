/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// What a TlsServerHandshake sends; the rest is in azure-tls-server-handshake.cc.

#include "azure-tls-server-handshake.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

void
TlsServerHandshake::SendCertificateRequest()
{
    m_agreement.clientCertificateAsked = true;
    std::vector<std::string> authorities;
    for (const auto& authority : m_configuration->trust.GetAll())
    {
        authorities.push_back(authority.subject);
    }
    Send(TlsEncodeCertificateRequest(m_agreement.version, authorities));
}

void
TlsServerHandshake::SendFlight13()
{
    TlsServerHello hello;
    hello.version = m_agreement.version;
    hello.random = m_serverRandom;
    hello.sessionId = m_hello.sessionId;
    hello.cipher = m_agreement.cipher;
    hello.pskAccepted = m_session.has_value();
    Send(hello.Encode());
    ProtectOutput();
    ProtectInput();
    if (!m_hello.sessionId.empty())
    {
        SendChangeCipherSpec();
    }
    // server_name is answered here in TLS 1.3.
    const bool named = !m_hello.serverName.empty();
    Send({TlsMessageType::EncryptedExtensions,
          named ? std::string("\0\4\0\0\0\0", 6) : std::string(2, '\0')});
    m_phase = Phase::Finished;
    if (!m_session)
    {
        if (m_configuration->clientAuthentication != TlsClientAuthentication::None)
        {
            SendCertificateRequest();
            m_phase = Phase::Certificate;
        }
        Send(TlsEncodeCertificates(m_agreement.version, GetChain()));
        SendCertificateVerify(GetChain().front().key);
    }
    SendFinished();
}

void
TlsServerHandshake::SendFlight12()
{
    const bool tickets =
        m_configuration->sessions && m_configuration->givesTickets && m_hello.ticketsWelcome;
    TlsServerHello hello;
    hello.version = m_agreement.version;
    hello.random = m_serverRandom;
    hello.cipher = m_agreement.cipher;
    hello.nameAccepted = !m_hello.serverName.empty() && !m_session;
    if (m_session)
    {
        hello.sessionId = m_hello.sessionId;
        Send(hello.Encode());
        SendEnd12();
        m_phase = Phase::ChangeCipherSpec;
        return;
    }
    hello.ticketFollows = tickets;
    if (m_configuration->sessions && !tickets)
    {
        hello.sessionId = m_sessionId = RandomBytes(TlsSession::KEY_BYTES);
    }
    Send(hello.Encode());
    Send(TlsEncodeCertificates(m_agreement.version, GetChain()));
    Send(TlsEncodeProof(TlsMessageType::ServerKeyExchange,
                        m_secret,
                        40 + TlsSignatureBytes(GetChain().front().key)));
    m_phase = Phase::ClientKeyExchange;
    if (m_configuration->clientAuthentication != TlsClientAuthentication::None)
    {
        SendCertificateRequest();
        m_phase = Phase::Certificate;
    }
    Send({TlsMessageType::ServerHelloDone, ""});
    Flush();
}

void
TlsServerHandshake::SendEnd12()
{
    SendChangeCipherSpec();
    ProtectOutput();
    SendFinished();
}

void
TlsServerHandshake::SendTicket(Time now)
{
    TlsSessionTicket ticket;
    ticket.lifetime = m_configuration->sessionLifetime;
    ticket.nonce = m_tickets++;
    const auto key = RandomBytes(TlsSession::KEY_BYTES);
    ticket.ticket = key;
    ticket.ticket.resize(std::clamp(m_configuration->ticketBytes, TlsSession::KEY_BYTES, 8192U),
                         '\0');
    m_configuration->sessions->Put(key, MakeSession(now, ticket.lifetime));
    Send(ticket.Encode(m_agreement.version));
    Flush();
}

} // namespace azure
} // namespace ns3
