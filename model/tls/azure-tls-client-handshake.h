/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_CLIENT_HANDSHAKE_H
#define AZURE_TLS_CLIENT_HANDSHAKE_H

#include "azure-tls-handshake.h"

#include <memory>
#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A client's side of a handshake (RFC 8446, appendix A.1; RFC 5246, section 7.3).
 *
 * Not a public header.
 */
class TlsClientHandshake : public TlsHandshake
{
  public:
    /**
     * @param configuration what it is told
     * @param random where random bytes come from
     */
    TlsClientHandshake(std::shared_ptr<const TlsClientConfiguration> configuration,
                       Ptr<UniformRandomVariable> random);

    void Start(Time now) override;

  private:
    /** @brief What comes next from the server. */
    enum class Phase
    {
        ServerHello,         //!< its choice
        EncryptedExtensions, //!< 1.3
        Certificate,         //!< 1.3: or CertificateRequest before it
        CertificateVerify,   //!< 1.3
        ServerKeyExchange,   //!< 1.2
        ServerHelloDone,     //!< 1.2: or CertificateRequest before it
        ChangeCipherSpec,    //!< 1.2: or NewSessionTicket before it
        Finished,            //!< the end
        Done                 //!< nothing; 1.3: tickets
    };

    void TakeMessage(const TlsMessage& message, Time now) override;
    void TakeChangeCipherSpec() override;
    void WorkDone(Time now) override;
    uint32_t GetMessageLimit() const override;

    /** @param message the server's choice */
    void TakeServerHello(const TlsMessage& message);

    /** @param message the server's certificates @param now the time, simulated */
    void TakeCertificate(const TlsMessage& message, Time now);

    /** @param message a ticket @param now the time, simulated */
    void TakeTicket(const TlsMessage& message, Time now);

    /** @param message the server's Finished @param now the time, simulated */
    void TakeFinished(const TlsMessage& message, Time now);

    /** @brief Send one's certificate, if one was asked for. */
    void SendCertificate();

    /** @brief Keep the session. @param session the session */
    void Keep(const TlsSession& session);

    std::shared_ptr<const TlsClientConfiguration> m_configuration; //!< what it is told
    Phase m_phase{Phase::ServerHello};                             //!< what comes next
    TlsClientHello m_hello;                                        //!< what was offered
    std::optional<TlsSession> m_session;                           //!< what may be resumed
    std::string m_newTicket; //!< 1.2: a ticket that came in this handshake
    Time m_newLifetime;      //!< 1.2: its lifetime
    std::string m_sessionId; //!< 1.2: session ID that the server gave
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_CLIENT_HANDSHAKE_H */
