/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_STREAM_USER_H
#define AZURE_GATEWAY_STREAM_USER_H

#include "ns3/azure-byte-stream.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

/// How long an orderly close may take without progress, as Linux's tcp_fin_timeout, seconds.
constexpr int64_t GATEWAY_LINGER_SECONDS = 60;

/**
 * @ingroup azure-load-balancing
 * @brief End in an orderly way, once the peer has all that was sent. Nobody is told.
 * @param stream what is to end
 */
inline void
CloseStream(ByteStream& stream)
{
    stream.CloseWithin(Seconds(GATEWAY_LINGER_SECONDS));
}

/**
 * @ingroup azure-load-balancing
 * @brief Let go of a stream that has ended by itself.
 *
 * @param stream the stream
 * @param end how it ended
 */
inline void
LetGoOfStream(ByteStream& stream, ByteStreamEnd end)
{
    const bool dead = end == ByteStreamEnd::Reset || end == ByteStreamEnd::Refused ||
                      end == ByteStreamEnd::TimedOut;
    // Where TLS has failed an alert may still be on its way.
    dead ? stream.Vanish() : CloseStream(stream);
}

/**
 * @ingroup azure-load-balancing
 * @brief Who is told what happens to a ByteStream of a gateway. Not a public header.
 */
class GatewayStreamUser
{
  public:
    virtual ~GatewayStreamUser() = default;

    /// The connection is there, bytes have arrived, or more can be sent.
    virtual void StreamReady() = 0;

    /**
     * @brief The peer will send no more.
     *
     * @param end ByteStreamEnd::Closed: its end came after all bytes, which can still be read, and
     *        it still takes bytes; else the connection is lost, or never came about
     */
    virtual void StreamEnded(ByteStreamEnd end) = 0;

  protected:
    /**
     * @brief Be told from now on.
     * @param stream what is to tell
     */
    void Watch(ByteStream& stream)
    {
        stream.SetOpenCallback(MakeCallback(&GatewayStreamUser::StreamReady, this));
        stream.SetReceiveCallback(MakeCallback(&GatewayStreamUser::StreamReady, this));
        stream.SetSendCallback(MakeCallback(&GatewayStreamUser::StreamReady, this));
        stream.SetEndCallback(MakeCallback(&GatewayStreamUser::StreamEnded, this));
    }

    /**
     * @brief Have nobody told any more.
     * @param stream what is not to tell
     */
    static void Unwatch(ByteStream& stream)
    {
        stream.SetOpenCallback(ByteStream::EventCallback());
        stream.SetReceiveCallback(ByteStream::EventCallback());
        stream.SetSendCallback(ByteStream::EventCallback());
        stream.SetEndCallback(ByteStream::EndCallback());
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_STREAM_USER_H */
