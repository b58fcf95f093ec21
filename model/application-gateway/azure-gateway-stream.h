/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_STREAM_H
#define AZURE_GATEWAY_STREAM_H

#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>

namespace ns3
{
namespace azure
{

class GatewayStream;

/**
 * @ingroup azure-load-balancing
 * @brief Who is told what happens to a GatewayStream. Not a public header.
 */
class GatewayStreamUser
{
  public:
    virtual ~GatewayStreamUser() = default;

    /**
     * @brief The connection is there, bytes have arrived, or more can be written.
     * @param stream which one
     */
    virtual void StreamReady(GatewayStream& stream) = 0;

    /**
     * @brief The peer will send no more.
     *
     * @param stream which one
     * @param orderly its end came after all bytes, which can still be read, and it still takes
     *        bytes; else the connection is lost, or never came about
     */
    virtual void StreamEnded(GatewayStream& stream, bool orderly) = 0;
};

/**
 * @ingroup azure-load-balancing
 * @brief Bytes to and from one peer of a gateway, whatever carries them.
 *
 * The one place that tells TCP from TLS over TCP. Not a public header.
 */
class GatewayStream : public SimpleRefCount<GatewayStream>
{
  public:
    virtual ~GatewayStream() = default;

    /**
     * @param user who is told from now on; null for nobody
     */
    void SetUser(GatewayStreamUser* user)
    {
        m_user = user;
    }

    /**
     * @return whether bytes can be exchanged: all handshakes are done and the connection lives
     */
    virtual bool IsReady() const = 0;

    /**
     * @param most bytes to read at most
     * @return bytes that have arrived; null when there are none
     */
    virtual Ptr<Packet> Read(uint32_t most) = 0;

    /**
     * @return whether Read() would return something
     */
    virtual bool HasUnread() const = 0;

    /**
     * @return bytes that can be written now
     */
    virtual uint32_t GetWritable() const = 0;

    /**
     * @param packet bytes to send, at most GetWritable()
     * @return whether they were taken
     */
    virtual bool Write(Ptr<Packet> packet) = 0;

    /**
     * @return smoothed round-trip time; 0 before the first sample
     */
    virtual Time GetRtt() const = 0;

    /**
     * @brief End in an orderly way, once the peer has all that was written. Nobody is told.
     */
    virtual void Close() = 0;

    /**
     * @brief End with a reset. Nobody is told.
     */
    virtual void Abort() = 0;

    /**
     * @brief End without a word to anybody, as in a crash.
     */
    virtual void Vanish() = 0;

  protected:
    /// Say that the stream is ready for something.
    void TellReady()
    {
        if (m_user)
        {
            m_user->StreamReady(*this);
        }
    }

    /**
     * @param orderly whether the peer has ended in an orderly way
     */
    void TellEnded(bool orderly)
    {
        if (m_user)
        {
            m_user->StreamEnded(*this, orderly);
        }
    }

  private:
    GatewayStreamUser* m_user{nullptr}; //!< who is told
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_STREAM_H */
