/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tls-handshake.h"

#include "azure-tls-wire.h"

namespace ns3
{
namespace azure
{

namespace
{

constexpr uint32_t MESSAGE_HEADER_BYTES = 4; //!< type, length

/**
 * @param secret a secret
 * @param text what the result is for
 * @param value what else it depends on
 * @return something that only who knows the secret can make
 */
uint64_t
Derive(uint64_t secret, const char* text, uint64_t value)
{
    TlsHash hash;
    hash.Add64(secret);
    hash.Add(text);
    hash.Add64(value);
    return hash.Get();
}

} // namespace

TlsHandshake::TlsHandshake(TlsRole role, Ptr<UniformRandomVariable> random)
    : writer(role),
      m_role(role),
      m_random(random)
{
}

TlsHandshake::~TlsHandshake() = default;

void
TlsHandshake::Take(const TlsRecord& record, Time now)
{
    const auto size = record.content->GetSize();
    std::string bytes(size, '\0');
    record.content->CopyData(reinterpret_cast<uint8_t*>(bytes.data()), size);
    if (record.type == TlsContentType::ChangeCipherSpec)
    {
        if (bytes != "\x01" || !m_input.empty())
        {
            Fail(TlsAlert::UnexpectedMessage);
        }
        else if (m_agreement.version != TlsVersion::Tls13)
        {
            TakeChangeCipherSpec();
        }
        else if (m_status == Status::Established)
        {
            Fail(TlsAlert::UnexpectedMessage);
        }
        return;
    }
    if (bytes.empty())
    {
        // RFC 8446, section 5.1.
        Fail(TlsAlert::UnexpectedMessage);
        return;
    }
    m_input += bytes;
    TakeMessages(now);
}

void
TlsHandshake::TakeMessages(Time now)
{
    while (m_input.size() >= MESSAGE_HEADER_BYTES &&
           (m_status == Status::Going || m_status == Status::Established))
    {
        auto byte = [this](uint32_t at) { return static_cast<uint8_t>(m_input[at]); };
        const uint32_t length = byte(1) << 16 | byte(2) << 8 | byte(3);
        if (length > GetMessageLimit())
        {
            Fail(TlsAlert::IllegalParameter);
            return;
        }
        if (m_input.size() < MESSAGE_HEADER_BYTES + length)
        {
            return;
        }
        TlsMessage message;
        message.type = static_cast<TlsMessageType>(byte(0));
        message.body = m_input.substr(MESSAGE_HEADER_BYTES, length);
        m_before = m_transcript.Get();
        m_transcript.Add(m_input.substr(0, MESSAGE_HEADER_BYTES + length));
        m_input.erase(0, MESSAGE_HEADER_BYTES + length);
        TakeMessage(message, now);
    }
}

void
TlsHandshake::Continue(Time now)
{
    if (m_status == Status::Working)
    {
        m_status = Status::Going;
        WorkDone(now);
        TakeMessages(now);
    }
}

void
TlsHandshake::Fail(TlsAlert alert)
{
    if (m_status != Status::Failed)
    {
        Flush();
        m_status = Status::Failed;
        m_alert = alert;
        m_input.clear();
    }
}

void
TlsHandshake::Work()
{
    m_status = Status::Working;
}

void
TlsHandshake::Establish()
{
    m_status = Status::Established;
}

void
TlsHandshake::Send(const TlsMessage& message)
{
    const auto bytes = message.Encode();
    m_transcript.Add(bytes);
    m_flight += bytes;
}

void
TlsHandshake::Flush()
{
    for (uint64_t at = 0; at < m_flight.size(); at += TLS_MAX_FRAGMENT_BYTES)
    {
        output.push_back(
            writer.Seal(TlsContentType::Handshake, m_flight.substr(at, TLS_MAX_FRAGMENT_BYTES)));
    }
    m_flight.clear();
}

void
TlsHandshake::SendChangeCipherSpec()
{
    Flush();
    output.push_back(writer.Seal(TlsContentType::ChangeCipherSpec, "\x01"));
}

void
TlsHandshake::ProtectOutput()
{
    Flush();
    writer.Protect({m_agreement.version,
                    Derive(m_secret, m_role == TlsRole::Client ? "client" : "server", 0)});
}

void
TlsHandshake::ProtectInput()
{
    if (!m_input.empty())
    {
        // A message must not go on across a change of keys (RFC 8446, section 5.1).
        Fail(TlsAlert::UnexpectedMessage);
        return;
    }
    reader.Protect({m_agreement.version,
                    Derive(m_secret, m_role == TlsRole::Client ? "server" : "client", 0)});
}

void
TlsHandshake::MakeSecret(uint64_t resumed)
{
    TlsHash hash;
    hash.Add(m_clientRandom);
    hash.Add(m_serverRandom);
    hash.Add64(resumed);
    m_secret = hash.Get();
}

uint32_t
TlsHandshake::GetFinishedBytes() const
{
    return m_agreement.version == TlsVersion::Tls13 ? TlsHashBytes(m_agreement.cipher) : 12;
}

void
TlsHandshake::SendFinished()
{
    const auto proof = Derive(m_secret,
                              m_role == TlsRole::Client ? "client finished" : "server finished",
                              m_transcript.Get());
    Send(TlsEncodeProof(TlsMessageType::Finished, proof, GetFinishedBytes()));
    Flush();
}

bool
TlsHandshake::CheckFinished(const TlsMessage& message, uint64_t transcript)
{
    const auto expected = Derive(m_secret,
                                 m_role == TlsRole::Client ? "server finished" : "client finished",
                                 transcript);
    uint64_t proof = 0;
    if (!TlsDecodeProof(message.body, GetFinishedBytes(), proof))
    {
        Fail(TlsAlert::DecodeError);
        return false;
    }
    if (proof != expected)
    {
        Fail(TlsAlert::DecryptError);
        return false;
    }
    return true;
}

void
TlsHandshake::SendCertificateVerify(TlsKeyType key)
{
    Send(TlsEncodeProof(TlsMessageType::CertificateVerify,
                        Derive(0, "signature", m_transcript.Get()),
                        4 + TlsSignatureBytes(key)));
}

bool
TlsHandshake::CheckCertificateVerify(const TlsMessage& message, uint64_t transcript, TlsKeyType key)
{
    uint64_t proof = 0;
    if (!TlsDecodeProof(message.body, 4 + TlsSignatureBytes(key), proof))
    {
        Fail(TlsAlert::DecodeError);
        return false;
    }
    if (proof != Derive(0, "signature", transcript))
    {
        Fail(TlsAlert::DecryptError);
        return false;
    }
    return true;
}

std::string
TlsHandshake::RandomBytes(uint32_t count)
{
    TlsWriter out;
    while (out.GetSize() < count)
    {
        out.Number(m_random->GetInteger(0, UINT32_MAX), 4);
    }
    return out.Get();
}

TlsSession
TlsHandshake::MakeSession(Time now, Time lifetime) const
{
    TlsSession session;
    session.version = m_agreement.version;
    session.cipher = m_agreement.cipher;
    session.serverName = m_agreement.serverName;
    session.secret = m_secret;
    session.issued = now;
    session.lifetime = lifetime;
    session.peerChain = m_agreement.peerChain;
    session.peerVerification = m_agreement.peerVerification;
    return session;
}

} // namespace azure
} // namespace ns3
