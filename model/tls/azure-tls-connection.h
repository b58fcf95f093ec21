/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_CONNECTION_H
#define AZURE_TLS_CONNECTION_H

#include "azure-tls-configuration.h"
#include "azure-tls-cpu.h"
#include "azure-tls-engine.h"
#include "azure-tls-handshake-record.h"

#include "ns3/azure-byte-stream.h"
#include "ns3/callback.h"
#include "ns3/event-id.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A TLS connection over a TCP connection, or over any other ByteStream.
 *
 * It opens (SetOpenCallback()) when the handshake is done. Back-pressure goes through: it holds
 * at most one record that its user has not read, and at most one record more than TCP took.
 * While it holds one, it reads nothing from TCP. Records are full where the user sends enough.
 *
 * A handshake that fails, an alert, and a TCP connection that ends without close_notify are ends
 * of the stream (SetEndCallback()); GetRecord() says more.
 *
 * @code
 *   auto tcp = Create<TcpByteStream>(socket);
 *   auto tls = Create<TlsConnection>(tcp, configuration, random); // client or server: by the type
 *   tls->SetCpu(cpu);                                             // a server's, if it has a limit
 *   tls->SetReceiveCallback(MakeCallback(&MyApplication::HandleReceive, this));
 *   tls->Start();
 * @endcode
 */
class TlsConnection : public ByteStream
{
  public:
    /// Called once, when the handshake is over, before the open or end callback.
    typedef Callback<void, const TlsHandshakeRecord&> HandshakeCallback;

    /**
     * @brief A client's side.
     * @param lower what carries it; its callbacks are taken
     * @param configuration what it is told
     * @param random where random bytes come from
     */
    TlsConnection(Ptr<ByteStream> lower,
                  std::shared_ptr<const TlsClientConfiguration> configuration,
                  Ptr<UniformRandomVariable> random);

    /**
     * @brief A server's side.
     * @param lower what carries it; its callbacks are taken
     * @param configuration what it is told
     * @param random where random bytes come from
     */
    TlsConnection(Ptr<ByteStream> lower,
                  std::shared_ptr<const TlsServerConfiguration> configuration,
                  Ptr<UniformRandomVariable> random);
    ~TlsConnection() override;

    /**
     * @brief Let a processor do the costly part of the handshake; before Start().
     * @param cpu the processor; null: it costs no time
     */
    void SetCpu(Ptr<TlsCpu> cpu);

    /**
     * @brief Limit the duration of the handshake, from the TCP connection on; before Start().
     * @param limit the limit; zero: none
     */
    void SetHandshakeTimeout(Time limit);

    /**
     * @brief Set what is told of the handshake.
     * @param callback called
     */
    void SetHandshakeCallback(HandshakeCallback callback);

    /**
     * @return the handshake, as far as it came
     */
    const TlsHandshakeRecord& GetRecord() const;

    /**
     * @return bytes that are held because the user or TCP does not take them
     */
    uint64_t GetBufferedBytes() const;

    // From ByteStream
    void Start() override;
    bool IsOpen() const override;
    Ptr<Packet> Recv(uint32_t maxBytes) override;
    bool HasUnread() override;
    uint32_t GetTxAvailable() const override;
    bool Send(Ptr<Packet> packet) override;
    void FinishSending() override;
    void CloseWithin(Time limit) override;
    void Abort() override;
    void Vanish() override;
    InetSocketAddress GetLocal() const override;
    InetSocketAddress GetPeer() const override;
    Time GetRtt() const override;

  private:
    /** @brief What the connection is busy with. */
    enum class Phase
    {
        Waiting,     //!< for TCP
        Handshaking, //!< with the handshake
        Open,        //!< with data
        Closing,     //!< with what TCP has not taken yet; the user has let go
        Ended        //!< nothing
    };

    /** @brief TCP is connected. */
    void HandleLowerOpen();

    /** @brief TCP has bytes. */
    void HandleLowerReceive();

    /** @brief TCP takes bytes. */
    void HandleLowerSend();

    /**
     * @brief The TCP connection has ended.
     * @param end how
     */
    void HandleLowerEnd(ByteStreamEnd end);

    /** @brief Begin with the handshake. */
    void Begin();

    /** @brief Read until there is data, or nothing more to be read. */
    void Pump();

    /** @brief Read, and tell the user what has come. */
    void PumpAndNotify();

    /** @brief The processor has done its part. */
    void WorkDone();

    /** @brief It took too long. */
    void HandleTimeout();

    /** @brief Take what the engine wants to send, and hand to TCP what it takes. */
    void Flush();

    /**
     * @brief The handshake is over.
     * @param outcome how it ended
     */
    void Report(TlsOutcome outcome);

    /**
     * @brief The connection has failed: say what is to be said, end, tell the user soon.
     * @param outcome how the handshake ended, if it had not yet
     * @param end what the user is told
     */
    void Fail(TlsOutcome outcome, ByteStreamEnd end);

    /** @brief Tell the user of the end. */
    void DeliverEnd();

    /**
     * @brief Send what is held, then let TCP close.
     * @param limit how long that may take
     */
    void Drain(Time limit);

    /** @brief Draining took too long. */
    void DrainEnd();

    /** @brief Let TCP finish too, if all was handed to it and that is wanted. */
    void FinishLower();

    /** @brief The user wants to hear no more. */
    void LetGo();

    /** @brief Cancel what was scheduled. */
    void CancelAll();

    Ptr<ByteStream> m_lower;            //!< what carries it
    TlsEngine m_engine;                 //!< protocol
    Ptr<TlsCpu> m_cpu;                  //!< processor, or null
    uint64_t m_job{0};                  //!< work that the processor has, 0 for none
    Time m_jobStart;                    //!< since when
    Time m_timeout;                     //!< of the handshake; zero: none
    HandshakeCallback m_onHandshake;    //!< what is told of the handshake
    TlsHandshakeRecord m_record;        //!< the handshake
    bool m_reported{false};             //!< it is over
    Phase m_phase{Phase::Waiting};      //!< what goes on
    Ptr<Packet> m_plain;                //!< data that the user has not read; null: none
    std::deque<Ptr<Packet>> m_pending;  //!< records, the first maybe in part, that TCP did not take
    uint64_t m_pendingBytes{0};         //!< their size
    bool m_lowerClosed{false};          //!< TCP's incoming direction has ended
    std::optional<ByteStreamEnd> m_end; //!< end that the user is not told of yet
    bool m_peerClosed{false};           //!< close_notify came
    bool m_finished{false};             //!< FinishSending() was called
    Time m_limit;                       //!< of the closing
    EventId m_timer;                    //!< handshake timeout
    EventId m_soon;                     //!< looks again, for what cannot be told at once
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_CONNECTION_H */
