/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_HANDSHAKE_H
#define AZURE_TLS_HANDSHAKE_H

#include "azure-tls-configuration.h"
#include "azure-tls-engine.h"
#include "azure-tls-hash.h"
#include "azure-tls-message.h"
#include "azure-tls-record-reader.h"
#include "azure-tls-record-writer.h"

#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the two sides of a handshake have in common. Takes messages, makes records.
 *
 * Not a public header. TlsEngine feeds it and takes its output.
 */
class TlsHandshake
{
  public:
    /** @brief What a handshake waits for. */
    enum class Status
    {
        Going,       //!< messages of the peer
        Working,     //!< Continue(), when the processor has done its part
        Established, //!< nothing: data can flow
        Failed       //!< nothing: GetAlert()
    };

    /**
     * @param role side
     * @param random where random bytes come from
     */
    TlsHandshake(TlsRole role, Ptr<UniformRandomVariable> random);
    virtual ~TlsHandshake();

    /**
     * @brief Begin.
     * @param now the time, simulated
     */
    virtual void Start(Time now) = 0;

    /**
     * @brief Take a record that is no data: handshake, or ChangeCipherSpec.
     * @param record the record
     * @param now the time, simulated
     */
    void Take(const TlsRecord& record, Time now);

    /**
     * @brief Go on with messages that came with the last record, after Status::Working.
     * @param now the time, simulated
     */
    void Continue(Time now);

    /** @return what it waits for */
    Status GetStatus() const
    {
        return m_status;
    }

    /** @return why it failed */
    TlsAlert GetAlert() const
    {
        return m_alert;
    }

    /** @return what is agreed */
    const TlsAgreement& GetAgreement() const
    {
        return m_agreement;
    }

    TlsRecordReader reader;          //!< the peer's records
    TlsRecordWriter writer;          //!< one's own records
    std::vector<Ptr<Packet>> output; //!< records to send

  protected:
    /**
     * @brief Take one message.
     * @param message the message
     * @param now the time, simulated
     */
    virtual void TakeMessage(const TlsMessage& message, Time now) = 0;

    /**
     * @brief Take a ChangeCipherSpec of TLS 1.2.
     */
    virtual void TakeChangeCipherSpec() = 0;

    /**
     * @brief The processor has done its part.
     * @param now the time, simulated
     */
    virtual void WorkDone(Time now) = 0;

    /** @return bytes of a message at most */
    virtual uint32_t GetMessageLimit() const = 0;

    /**
     * @brief Refuse.
     * @param alert why
     */
    void Fail(TlsAlert alert);

    /** @brief Wait for the processor. */
    void Work();

    /** @brief Data can flow. */
    void Establish();

    /**
     * @brief Append a message to the flight; Flush() makes records of it.
     * @param message the message
     */
    void Send(const TlsMessage& message);

    /** @brief Make records of the messages sent. */
    void Flush();

    /** @brief Send a ChangeCipherSpec. */
    void SendChangeCipherSpec();

    /** @brief Protect one's own records from the next one on. */
    void ProtectOutput();

    /** @brief Expect the peer's records to be protected from the next one on. */
    void ProtectInput();

    /**
     * @brief Make the secret of the connection, when both randoms are known.
     * @param resumed secret of the session that is resumed, 0 in a full handshake
     */
    void MakeSecret(uint64_t resumed);

    /** @brief Send one's Finished. */
    void SendFinished();

    /**
     * @brief Check the peer's Finished.
     * @param message the message
     * @param transcript hash of the handshake before it
     * @return whether it fits; if not, the handshake has failed
     */
    bool CheckFinished(const TlsMessage& message, uint64_t transcript);

    /** @brief Send one's CertificateVerify. @param key kind of one's key */
    void SendCertificateVerify(TlsKeyType key);

    /**
     * @brief Check the peer's CertificateVerify.
     * @param message the message
     * @param transcript hash of the handshake before it
     * @param key kind of the peer's key
     * @return whether it fits; if not, the handshake has failed
     */
    bool CheckCertificateVerify(const TlsMessage& message, uint64_t transcript, TlsKeyType key);

    /**
     * @param count bytes, a multiple of 4
     * @return random bytes
     */
    std::string RandomBytes(uint32_t count);

    /**
     * @return the session as it is now, to keep for later
     * @param now the time, simulated
     * @param lifetime how long it is good
     */
    TlsSession MakeSession(Time now, Time lifetime) const;

    /** @return bytes of Finished */
    uint32_t GetFinishedBytes() const;

    TlsRole m_role;             //!< side
    TlsAgreement m_agreement;   //!< what is agreed
    std::string m_clientRandom; //!< random of ClientHello
    std::string m_serverRandom; //!< random of ServerHello
    uint64_t m_secret{0};       //!< follows from both, and from a resumed session
    TlsHash m_transcript;       //!< all messages so far
    uint64_t m_before{0};       //!< hash of all messages before the present one

  private:
    /** @brief Take the messages that are complete. @param now the time, simulated */
    void TakeMessages(Time now);

    Ptr<UniformRandomVariable> m_random;     //!< random bytes
    Status m_status{Status::Going};          //!< what it waits for
    TlsAlert m_alert{TlsAlert::CloseNotify}; //!< why it failed
    std::string m_input;                     //!< messages not taken yet
    std::string m_flight;                    //!< messages that are not records yet
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_HANDSHAKE_H */
