/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_BYTE_STREAM_H
#define AZURE_BYTE_STREAM_H

#include "ns3/callback.h"
#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/ptr.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How the incoming direction of a ByteStream came to its end.
 */
enum class ByteStreamEnd
{
    Closed,    //!< in an orderly way: the peer sends no more, and may still read
    Truncated, //!< TLS: TCP was closed without close_notify: what came may be incomplete
    Reset,     //!< reset by the peer, or given up by TCP: nothing goes either way
    Refused,   //!< there was no connection to begin with: refused
    TimedOut,  //!< there was no connection to begin with: no answer in time
    Failed     //!< TLS: an alert; nothing goes either way
};

/**
 * @ingroup azure-load-balancing
 * @brief A reliable connection as its user sees it, over TCP or TLS alike.
 *
 * TcpByteStream is a TCP connection, TlsConnection a TLS connection over any other stream. The
 * user sets the callbacks and then calls Start(). Callbacks come from events of the simulator,
 * never from within Recv() or Send(). After CloseWithin(), Abort() and Vanish() none comes any
 * more, and the user may let go of the stream.
 */
class ByteStream : public SimpleRefCount<ByteStream>
{
  public:
    /// Something is to be had.
    typedef Callback<void> EventCallback;

    /// The incoming direction is at its end.
    typedef Callback<void, ByteStreamEnd> EndCallback;

    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    virtual ~ByteStream() = default;

    /**
     * @brief Set what is called once data can flow.
     * @param callback not called on a stream that is open when it is started
     */
    void SetOpenCallback(EventCallback callback)
    {
        m_onOpen = callback;
    }

    /**
     * @brief Set what is called when there is something for Recv().
     * @param callback may leave what it does not want; then more may come unannounced
     */
    void SetReceiveCallback(EventCallback callback)
    {
        m_onReceive = callback;
    }

    /**
     * @brief Set what is called when GetTxAvailable() has grown.
     * @param callback called
     */
    void SetSendCallback(EventCallback callback)
    {
        m_onSend = callback;
    }

    /**
     * @brief Set what is called at the end of the incoming direction.
     *
     * After ByteStreamEnd::Closed there may still be something for Recv() on a TcpByteStream, one
     * may go on to send, and another end may follow when that fails. After any other end nothing
     * goes either way, and all that is left to do is CloseWithin(), Abort() or Vanish().
     *
     * @param callback called
     */
    void SetEndCallback(EndCallback callback)
    {
        m_onEnd = callback;
    }

    /** @brief Begin: from now on callbacks come. */
    virtual void Start() = 0;

    /**
     * @return whether data can be sent, now or when there is room
     */
    virtual bool IsOpen() const = 0;

    /**
     * @brief Take bytes that have arrived.
     * @param maxBytes bytes at most
     * @return bytes, null if there are none now
     */
    virtual Ptr<Packet> Recv(uint32_t maxBytes) = 0;

    /**
     * @return whether Recv() would return something
     */
    virtual bool HasUnread() = 0;

    /**
     * @return bytes that Send() takes now
     */
    virtual uint32_t GetTxAvailable() const = 0;

    /**
     * @brief Send bytes.
     * @param packet at most GetTxAvailable() bytes
     * @return whether they were taken; all or none
     */
    virtual bool Send(Ptr<Packet> packet) = 0;

    /**
     * @brief Tell the peer, behind what was taken, that no more comes; receiving goes on.
     *
     * Only while IsOpen(), which is over with it. The stream still ends with CloseWithin(),
     * Abort() or Vanish().
     */
    virtual void FinishSending() = 0;

    /**
     * @brief Send what was taken, close in an orderly way, forget the connection at the latest
     *        after a time.
     * @param limit how long the orderly way may take
     */
    virtual void CloseWithin(Time limit) = 0;

    /** @brief End with a reset to the peer. */
    virtual void Abort() = 0;

    /** @brief End without a word to the peer. */
    virtual void Vanish() = 0;

    /**
     * @return address of this end of the TCP connection
     */
    virtual InetSocketAddress GetLocal() const = 0;

    /**
     * @return address of the peer's end of the TCP connection
     */
    virtual InetSocketAddress GetPeer() const = 0;

    /**
     * @return smoothed round-trip time of the TCP connection; 0 before the first sample
     */
    virtual Time GetRtt() const = 0;

  protected:
    /** @brief Take away all callbacks. */
    void DetachUser()
    {
        m_onOpen = m_onReceive = m_onSend = EventCallback();
        m_onEnd = EndCallback();
    }

    /**
     * @brief Call a callback that may be null, and that may replace or remove itself.
     * @param callback the callback
     * @param args its arguments
     */
    template <typename C, typename... Args>
    static void Notify(C callback, Args... args)
    {
        if (!callback.IsNull())
        {
            callback(args...);
        }
    }

    EventCallback m_onOpen;    //!< data can flow
    EventCallback m_onReceive; //!< something for Recv()
    EventCallback m_onSend;    //!< room for Send()
    EndCallback m_onEnd;       //!< the end
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_BYTE_STREAM_H */
