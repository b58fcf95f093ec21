/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-socket.h"
#include "azure-probe-transaction.h"

#include "ns3/azure-tls-engine.h"
#include "ns3/simulator.h"

#include <memory>

// A probe by HTTPS: the part of ProbeTransaction that speaks TLS.

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param packet the first bytes of a server
 * @return whether a record of TLS can begin so
 */
bool
IsRecord(Ptr<const Packet> packet)
{
    uint8_t type = 0;
    packet->CopyData(&type, 1);
    return type >= static_cast<uint8_t>(TlsContentType::ChangeCipherSpec) &&
           type <= static_cast<uint8_t>(TlsContentType::ApplicationData);
}

} // namespace

void
ProbeTransaction::StartTls()
{
    auto told = std::make_shared<TlsClientConfiguration>();
    told->serverName = m_settings.GetServerName();
    told->checks = m_settings.tls.checks;
    told->trust = m_settings.tls.trust;
    if (!m_random)
    {
        m_random = CreateObject<UniformRandomVariable>();
    }
    m_tls =
        std::make_unique<TlsEngine>(std::shared_ptr<const TlsClientConfiguration>(told), m_random);
    m_tls->Start(Simulator::Now());
    FlushTls();
}

bool
ProbeTransaction::IsInHandshake() const
{
    return m_tls && !m_tls->IsEstablished() && !m_tlsFailure;
}

void
ProbeTransaction::FlushTls()
{
    for (const auto& record : m_tls->TakeOutput())
    {
        m_socket->Send(record, 0);
    }
}

void
ProbeTransaction::TakeTls(Ptr<Packet> packet)
{
    if (m_tlsEnded)
    {
        return;
    }
    if (!m_tlsHeard)
    {
        m_tlsHeard = true;
        m_reason = IsRecord(packet) ? "" : "the server speaks no TLS";
    }
    m_tls->Push(packet);
    while (true)
    {
        const auto event = m_tls->Next(Simulator::Now());
        FlushTls();
        switch (event)
        {
        case TlsEvent::NeedInput:
            return;
        case TlsEvent::Work:
            m_tls->Continue(Simulator::Now());
            break;
        case TlsEvent::Established:
            SendRequest();
            break;
        case TlsEvent::Data:
            TakeAnswer(m_tls->GetData());
            break;
        case TlsEvent::PeerClosed:
            m_tlsEnded = true;
            return;
        case TlsEvent::Failed: {
            const auto& verification = m_tls->GetAgreement().peerVerification;
            const bool received = m_tls->IsAlertReceived();
            m_tlsEnded = true;
            m_tlsFailure = ProbeOutcome::TlsFailed;
            if (!received && !verification.IsGood())
            {
                m_tlsFailure = ProbeOutcome::CertificateRejected;
                m_reason = TlsName(verification.status) + " (" + verification.subject + ")";
            }
            else if (m_reason.empty())
            {
                m_reason = std::string(received ? "alert received: " : "alert sent: ") +
                           TlsName(m_tls->GetAlert());
            }
            return;
        }
        }
    }
}

} // namespace azure
} // namespace ns3
