/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TCP_SOCKET_H
#define AZURE_TCP_SOCKET_H

#include "ns3/event-id.h"
#include "ns3/tcp-socket-base.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief The stock TCP socket, with the ways in which a connection ends on a real host.
 *
 * The stock socket can only close in an orderly way. Hosts also reset connections, and crash
 * without a word. Besides, this class does some things that the stock one does not:
 *
 * - a SYN that is answered with a reset fails at once, through the callback for failed connects
 *   (RFC 9293, section 3.10.7.3); the stock one ignores such a reset and repeats the SYN;
 * - a listening socket answers a segment of a connection it does not know with a reset (RFC 9293,
 *   section 3.10.7.2), as a host does after a restart; the stock one is silent;
 * - a FIN without an answer is repeated DataRetries times, each time after twice the wait, at most
 *   60 s (RFC 6298, section 5); the stock one repeats it at the same pace without end;
 * - an application that reads after a pause tells the peer that its window is open again (RFC 9293,
 *   section 3.8.6.2.2); with the stock one the peer finds out by a probe, 6 s or more later;
 * - one end can finish while the other goes on to send, however much is under way (RFC 9293,
 *   section 3.6): the stock one forgets to send the FIN of ShutdownSend() when data are still to be
 *   acknowledged, takes the first acknowledgement behind its last FIN for one of that FIN, and in
 *   FIN_WAIT takes a FIN for one before the data of its segment;
 * - a repeated SYN-ACK is acknowledged (RFC 9293, section 3.10.7.4); the stock one ignores it, so
 *   that a server whose client waits for it to speak never learns that it may, once an ACK is lost;
 * - it tells a reset by the peer from a FIN.
 *
 * TcpPresetSocketFactory makes sockets of this class.
 */
class AbortableTcpSocket : public TcpSocketBase
{
  public:
    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    AbortableTcpSocket() = default;

    /**
     * @brief Copy for Fork(): accepted sockets inherit every setting of the listening one.
     * @param other the listening socket
     */
    AbortableTcpSocket(const AbortableTcpSocket& other);
    ~AbortableTcpSocket() override;

    /**
     * @brief End the connection with a reset to the peer. The application is not called back.
     */
    void Abort();

    /**
     * @brief Forget the connection without a word to the peer or to the application.
     *
     * What the peer sends from then on finds no connection, as after a crash of the host.
     */
    void Vanish();

    /**
     * @brief Close; in CLOSING there is nothing left to do.
     *
     * The stock socket would reset in that state, and call an application that closes in its close
     * callback back without end.
     *
     * @return 0, or -1 as the stock socket says
     */
    int Close() override;

    /**
     * @brief Close in an orderly way, but forget the connection if that takes too long.
     *
     * Linux gives up an orphaned connection in FIN_WAIT_2 after `tcp_fin_timeout`. The
     * application is not called back any more.
     *
     * @param limit how long the orderly way may take; TIME_WAIT is not counted, and time in which
     *        the peer takes what is left to be sent counts anew each time
     */
    void CloseWithin(Time limit);

    /**
     * @brief Send a FIN behind everything that was sent; data of the peer are still received.
     *
     * Send() must not be called any more.
     */
    void FinishSending();

    /**
     * @brief Make a listening socket drop whatever arrives without an answer, as a dead host does.
     * @param deaf whether it does so from now on
     */
    void SetDeaf(bool deaf);

    /**
     * @return whether the peer reset the connection
     */
    bool WasReset() const;

    /**
     * @return the state of the connection
     */
    TcpStates_t GetState() const;

    /**
     * @return smoothed round-trip time; 0 before the first sample
     */
    Time GetSmoothedRtt() const;

    // From Socket; opens the window again
    using Socket::Recv;
    Ptr<Packet> Recv(uint32_t maxSize, uint32_t flags) override;

    /**
     * @brief Take away all callbacks of the application.
     */
    void DetachApplication();

  protected:
    void DoForwardUp(Ptr<Packet> packet,
                     const Address& fromAddress,
                     const Address& toAddress) override;
    void ReTxTimeout() override;
    void SendEmptyPacket(uint8_t flags) override;
    Ptr<TcpSocketBase> Fork() override;

  private:
    /**
     * @brief Take a segment with data and FIN as two, one with data and one with FIN.
     *
     * @param packet the segment
     * @param fromAddress its source
     * @param toAddress its destination
     */
    void TakeApart(Ptr<Packet> packet, const Address& fromAddress, const Address& toAddress);

    /**
     * @brief A segment has arrived in LAST_ACK or CLOSING that does not acknowledge our FIN.
     *
     * @param packet the segment
     * @param hasFin whether it is a FIN, repeated
     * @param fromAddress its source
     * @param toAddress its destination
     */
    void TakeBeforeLastAck(Ptr<Packet> packet,
                           bool hasFin,
                           const Address& fromAddress,
                           const Address& toAddress);

    /**
     * @brief A FIN without data was not answered in time.
     * @param flags flags of the segment
     * @param wait for how long
     */
    void RepeatFin(uint8_t flags, Time wait);

    /** @brief The limit of CloseWithin() is over. */
    void LingerEnd();

    /**
     * @brief A SYN was answered with a reset.
     * @param tcpHeader header of the reset
     */
    void HandleRefusal(const TcpHeader& tcpHeader);

    /**
     * @brief Answer a segment that belongs to no connection.
     * @param tcpHeader header of the segment, with ACK set
     * @param fromAddress its source
     * @param toAddress its destination
     */
    void RefuseStray(const TcpHeader& tcpHeader,
                     const Address& fromAddress,
                     const Address& toAddress);

    /** @brief What the application asked for in the midst of an arriving segment. */
    enum class Ending
    {
        None,  //!< nothing
        Abort, //!< Abort()
        Vanish //!< Vanish()
    };

    bool m_deaf{false};            //!< drop everything
    bool m_inForwardUp{false};     //!< a segment is being processed
    Ending m_ending{Ending::None}; //!< what to do after it, as the stock code relies on its state
    bool m_wasReset{false};        //!< a RST arrived
    Time m_finWait;                //!< wait after the next FIN at least
    EventId m_linger;              //!< end of CloseWithin()
    Time m_lingerLimit;            //!< limit of CloseWithin()
    uint32_t m_lingerLeft{0};      //!< bytes that were left to be sent when m_linger was set
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TCP_SOCKET_H */
