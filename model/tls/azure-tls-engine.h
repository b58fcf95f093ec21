/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_ENGINE_H
#define AZURE_TLS_ENGINE_H

#include "azure-tls-configuration.h"
#include "azure-tls-types.h"

#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

class TlsHandshake;

/**
 * @ingroup azure-load-balancing
 * @brief What two sides agreed on, as far as it is known.
 */
struct TlsAgreement
{
    TlsVersion version{TlsVersion::None};  //!< version
    TlsCipher cipher{TlsCipher::None};     //!< cipher suite
    bool resumed{false};                   //!< from an earlier session
    std::string serverName;                //!< SNI; empty: none
    std::vector<TlsCipher> offeredCiphers; //!< server: those of the client that are modelled
    bool clientCertificateAsked{false};    //!< a CertificateRequest was sent
    TlsCertificateChain peerChain;         //!< the peer's certificates; empty: it showed none
    TlsVerification peerVerification;      //!< what came of their verification
    int32_t certificateIndex{-1};          //!< server: certificate that was shown; -1: none
};

/**
 * @ingroup azure-load-balancing
 * @brief What TlsEngine::Next() came to.
 */
enum class TlsEvent
{
    NeedInput,   //!< nothing more to be had from the bytes pushed so far
    Work,        //!< the processor has to do its part, then Continue()
    Established, //!< data can flow
    Data,        //!< data of the peer, in GetData()
    PeerClosed,  //!< the peer's close_notify: it sends no more
    Failed       //!< an alert was sent or received: GetAlert()
};

/**
 * @ingroup azure-load-balancing
 * @brief One side of a TLS connection, without the network: bytes in, bytes and events out.
 *
 * TLS is modelled, not encrypted: records, messages, flights and sizes are those of RFC 5246 and
 * RFC 8446; keys, signatures and hashes are stand-ins that tell a match from a mismatch. Hello
 * messages have their real format; certificates hold the members of TlsCertificate.
 *
 * | handshake | flights until the client may send data |
 * | --- | --- |
 * | TLS 1.2 | 2 round trips |
 * | TLS 1.2, resumed (session ID or ticket) | 1 round trip |
 * | TLS 1.3, full or resumed | 1 round trip |
 *
 * A server stops at TlsEvent::Work when it has a ClientHello, before its private key is used; a
 * client before its last flight. Not modelled: 0-RTT, HelloRetryRequest, renegotiation, KeyUpdate,
 * ALPN, compression, heartbeats, TLS 1.1 and older.
 *
 * No input makes it throw or crash. After each call TakeOutput() has what is to be sent.
 */
class TlsEngine
{
  public:
    /**
     * @brief A client's side.
     * @param configuration what it is told
     * @param random where random bytes come from
     */
    TlsEngine(std::shared_ptr<const TlsClientConfiguration> configuration,
              Ptr<UniformRandomVariable> random);

    /**
     * @brief A server's side.
     * @param configuration what it is told
     * @param random where random bytes come from
     */
    TlsEngine(std::shared_ptr<const TlsServerConfiguration> configuration,
              Ptr<UniformRandomVariable> random);
    ~TlsEngine();
    TlsEngine(TlsEngine&& other) noexcept;
    TlsEngine& operator=(TlsEngine&& other) noexcept;

    /**
     * @brief Begin: a client sends its ClientHello.
     * @param now the time, simulated
     */
    void Start(Time now);

    /**
     * @brief Append bytes from the network.
     * @param packet the bytes
     */
    void Push(Ptr<const Packet> packet);

    /**
     * @return bytes to push at a time, so that virtual content stays virtual
     */
    uint32_t GetWanted() const;

    /**
     * @brief Go on to the next event.
     * @param now the time, simulated
     * @return the event; after TlsEvent::Failed always that again
     */
    TlsEvent Next(Time now);

    /**
     * @brief The processor has done what TlsEvent::Work asked for.
     * @param now the time, simulated
     */
    void Continue(Time now);

    /**
     * @return data of the last TlsEvent::Data, never empty, without tags
     */
    Ptr<Packet> GetData() const;

    /**
     * @brief Send data; it becomes as few records as possible. Only when established.
     * @param packet the data, of any size
     */
    void Write(Ptr<const Packet> packet);

    /** @brief Say that one sends no more: close_notify. Only once. */
    void CloseNotify();

    /**
     * @return records to send, one packet each; whoever asks has to send them
     */
    std::vector<Ptr<Packet>> TakeOutput();

    /**
     * @return bytes on the wire for one byte of data and a record of its own, less that byte
     */
    uint32_t GetOverhead() const;

    /**
     * @return whether data can flow
     */
    bool IsEstablished() const;

    /**
     * @return what is agreed so far
     */
    const TlsAgreement& GetAgreement() const;

    /**
     * @return the alert that ended it, after TlsEvent::Failed
     */
    TlsAlert GetAlert() const;

    /**
     * @return whether that alert came from the peer
     */
    bool IsAlertReceived() const;

    /**
     * @return bytes that were pushed and not yet pulled
     */
    uint64_t GetQueuedBytes() const;

  private:
    /**
     * @brief Look at what the handshake came to.
     * @param[out] event what to report
     * @return whether there is something to report
     */
    bool CheckHandshake(TlsEvent& event);

    /**
     * @brief Take a record that is no handshake message.
     * @param[out] event what to report
     * @return whether there is something to report
     */
    bool TakeData(TlsEvent& event);

    /**
     * @brief Take an alert.
     * @param[out] event what to report
     * @return whether there is something to report
     */
    bool TakeAlert(TlsEvent& event);

    /**
     * @brief Send an alert and end.
     * @param alert the alert
     * @return TlsEvent::Failed
     */
    TlsEvent Fail(TlsAlert alert);

    std::unique_ptr<TlsHandshake> m_handshake; //!< handshake and records
    Ptr<Packet> m_data;                        //!< last data
    TlsAlert m_alert{TlsAlert::CloseNotify};   //!< what ended it
    bool m_failed{false};                      //!< it has ended
    bool m_received{false};                    //!< with an alert of the peer
    bool m_working{false};                     //!< TlsEvent::Work was reported
    bool m_established{false};                 //!< TlsEvent::Established was reported
    bool m_closed{false};                      //!< CloseNotify() was called
    bool m_peerClosed{false};                  //!< the peer's close_notify was reported
    uint32_t m_idleRecords{0};                 //!< records to no purpose, one after another
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_ENGINE_H */
