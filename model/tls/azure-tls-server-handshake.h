/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_SERVER_HANDSHAKE_H
#define AZURE_TLS_SERVER_HANDSHAKE_H

#include "azure-tls-handshake.h"

#include <memory>
#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A server's side of a handshake (RFC 8446, appendix A.2; RFC 5246, section 7.3).
 *
 * Not a public header.
 */
class TlsServerHandshake : public TlsHandshake
{
  public:
    /**
     * @param configuration what it is told
     * @param random where random bytes come from
     */
    TlsServerHandshake(std::shared_ptr<const TlsServerConfiguration> configuration,
                       Ptr<UniformRandomVariable> random);

    void Start(Time now) override;

  private:
    /** @brief What comes next from the client. */
    enum class Phase
    {
        ClientHello,       //!< its offer
        Certificate,       //!< if one was asked for
        ClientKeyExchange, //!< 1.2
        CertificateVerify, //!< if it showed a certificate
        ChangeCipherSpec,  //!< 1.2
        Finished,          //!< the end
        Done               //!< nothing
    };

    void TakeMessage(const TlsMessage& message, Time now) override;
    void TakeChangeCipherSpec() override;
    void WorkDone(Time now) override;
    uint32_t GetMessageLimit() const override;

    /** @param message the client's offer @param now the time, simulated */
    void TakeClientHello(const TlsMessage& message, Time now);

    /** @brief Choose a version. @return whether there is one in common */
    bool ChooseVersion();

    /** @brief Choose a certificate by SNI. @return whether there is one */
    bool ChooseCertificate();

    /** @brief Choose a cipher suite. @return whether there is one in common */
    bool ChooseCipher();

    /** @brief Look for the session that the client offers. @param now the time, simulated */
    void FindSession(Time now);

    /** @param message the client's certificates @param now the time, simulated */
    void TakeCertificate(const TlsMessage& message, Time now);

    /** @param message the client's Finished @param now the time, simulated */
    void TakeFinished(const TlsMessage& message, Time now);

    /** @brief Send the flight of TLS 1.3. */
    void SendFlight13();

    /** @brief Send the first flight of TLS 1.2. */
    void SendFlight12();

    /** @brief Send ChangeCipherSpec and Finished of TLS 1.2. */
    void SendEnd12();

    /** @brief Make a ticket, keep its session, send it. @param now the time, simulated */
    void SendTicket(Time now);

    /** @brief Ask for a certificate. */
    void SendCertificateRequest();

    /** @return the certificates to show */
    const TlsCertificateChain& GetChain() const;

    std::shared_ptr<const TlsServerConfiguration> m_configuration; //!< what it is told
    Phase m_phase{Phase::ClientHello};                             //!< what comes next
    TlsClientHello m_hello;                                        //!< what is offered
    std::optional<TlsSession> m_session;                           //!< what is resumed
    std::string m_sessionId; //!< 1.2: session ID given to a new session
    uint64_t m_tickets{0};   //!< tickets sent
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_SERVER_HANDSHAKE_H */
