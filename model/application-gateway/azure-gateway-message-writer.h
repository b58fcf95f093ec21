/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_MESSAGE_WRITER_H
#define AZURE_GATEWAY_MESSAGE_WRITER_H

#include "azure-gateway-body-buffer.h"

#include "ns3/azure-byte-stream.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Puts one HTTP message after another on a stream, as fast as the stream takes them.
 *
 * Not a public header.
 */
class GatewayMessageWriter
{
  public:
    /**
     * @param capacity bytes of body to hold at most
     * @param keep whether body that was sent is kept for Repeat()
     */
    GatewayMessageWriter(uint64_t capacity, bool keep);

    /**
     * @brief Send something ahead of the message, such as an interim response.
     * @param text its text
     */
    void AddInterim(const std::string& text);

    /**
     * @brief Begin a message; the one before is complete or was cancelled.
     *
     * @param head its head, with the empty line
     * @param chunked whether its body goes in chunks
     */
    void Begin(const std::string& head, bool chunked);

    /**
     * @brief Send the message again from its start, with another head; only if
     *        GatewayBodyBuffer::CanRewind().
     *
     * @param head its head, with the empty line
     */
    void Repeat(const std::string& head);

    /// The body is complete.
    void End();

    /// Take back a message of which nothing was sent. What came ahead of it stays.
    void Cancel();

    /**
     * @return the body, to which bytes are appended
     */
    GatewayBodyBuffer& GetBody();

    /**
     * @param stream where the message goes; takes what it has room for
     * @return whether anything was sent
     */
    bool Flush(ByteStream& stream);

    /**
     * @return whether some of the present message was sent
     */
    bool HasSent() const;

    /**
     * @return whether something waits for the stream
     */
    bool IsPending() const;

    /**
     * @return whether the message was sent to its end
     */
    bool IsDone() const;

  private:
    /**
     * @brief Send what the stream takes of a text, and remove it.
     *
     * @param stream where it goes
     * @param text the text
     * @return whether anything was sent
     */
    static bool SendText(ByteStream& stream, std::string& text);

    /**
     * @brief Send some of the body.
     *
     * @param stream where it goes
     * @return whether anything was sent
     */
    bool SendBody(ByteStream& stream);

    GatewayBodyBuffer m_body; //!< body that waits
    std::string m_interim;    //!< what goes ahead
    std::string m_head;       //!< head, or end of the body, that waits
    bool m_chunked{false};    //!< framing of the body
    bool m_begun{false};      //!< there is a message
    bool m_sent{false};       //!< some of its head was sent
    bool m_ended{false};      //!< its body is complete
    bool m_tailed{false};     //!< the last chunk was added
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_MESSAGE_WRITER_H */
