/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DNS_STREAM_H
#define AZURE_DNS_STREAM_H

#include "ns3/azure-byte-stream.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief DNS messages over a connection, each behind its length (RFC 1035, section 4.2.2).
 */
class DnsStream : public SimpleRefCount<DnsStream>
{
  public:
    /// A message has arrived in full.
    typedef Callback<void, const std::vector<uint8_t>&> MessageCallback;
    /// Nothing more will arrive.
    typedef Callback<void> EndCallback;

    /**
     * @param stream the connection
     * @param onMessage called for every message
     * @param onEnd called once when the peer closes or the connection fails
     */
    DnsStream(Ptr<ByteStream> stream, MessageCallback onMessage, EndCallback onEnd);

    /** @brief Begin. */
    void Start();

    /**
     * @brief Send a message, at once or when the connection can take it.
     * @param message at most 65535 bytes
     */
    void Send(const std::vector<uint8_t>& message);

    /** @brief Close in an orderly way; no callback comes any more. */
    void Close();

    /** @brief End with a reset; no callback comes any more. */
    void Abort();

    /** @brief End without a word; no callback comes any more. */
    void Vanish();

  private:
    /** @brief Bytes have arrived. */
    void OnReceive();

    /** @brief Bytes can be sent. */
    void OnSend();

    /**
     * @brief Nothing more arrives.
     * @param end why
     */
    void OnEnd(ByteStreamEnd end);

    /** @brief Let go of the callbacks. */
    void Detach();

    Ptr<ByteStream> m_stream;   //!< the connection
    MessageCallback m_message;  //!< see constructor
    EndCallback m_end;          //!< see constructor
    std::vector<uint8_t> m_in;  //!< what came of the next message
    std::vector<uint8_t> m_out; //!< what waits to be sent
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DNS_STREAM_H */
