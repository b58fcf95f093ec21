/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TCP_BYTE_STREAM_H
#define AZURE_TCP_BYTE_STREAM_H

#include "azure-byte-stream.h"
#include "azure-tcp-socket.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A TCP connection as a ByteStream.
 */
class TcpByteStream : public ByteStream
{
  public:
    /**
     * @param socket a socket that is connected, accepted, or connecting; its callbacks are taken
     * @param discards an orderly close throws away what is left unread; else TCP makes a reset of
     *        such a close, as Linux does, and the peer may not see what was sent last
     */
    explicit TcpByteStream(Ptr<AbortableTcpSocket> socket, bool discards = true);
    ~TcpByteStream() override;

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

    /**
     * @return the first byte that Recv() would give; empty if there is none now
     */
    std::optional<uint8_t> PeekFirst();

    /**
     * @return bytes that were read so far
     */
    uint64_t GetBytesReceived() const;

    /**
     * @return bytes that were handed to TCP so far
     */
    uint64_t GetBytesSent() const;

    /**
     * @return the socket
     */
    Ptr<AbortableTcpSocket> GetSocket() const;

  private:
    /**
     * @return whether there is a connection, or an end of one that the peer has not answered yet
     */
    bool IsConnected() const;

    /**
     * @brief The handshake has finished.
     * @param socket the socket
     */
    void HandleConnected(Ptr<Socket> socket);

    /**
     * @brief The handshake was refused, or TCP gave it up.
     * @param socket the socket
     */
    void HandleConnectFailed(Ptr<Socket> socket);

    /**
     * @brief Bytes have arrived.
     * @param socket the socket
     */
    void HandleReceive(Ptr<Socket> socket);

    /**
     * @brief TCP takes more bytes.
     * @param socket the socket
     * @param available how many
     */
    void HandleSend(Ptr<Socket> socket, uint32_t available);

    /**
     * @brief The peer closed or reset, or TCP gave up.
     * @param socket the socket
     */
    void HandleClose(Ptr<Socket> socket);

    Ptr<AbortableTcpSocket> m_socket; //!< the connection
    bool m_discards;                  //!< see the constructor
    Ptr<Packet> m_peeked;             //!< taken from TCP for PeekFirst(); null: nothing
    uint64_t m_bytesReceived{0};      //!< bytes read
    uint64_t m_bytesSent{0};          //!< bytes handed to TCP
    bool m_started{false};            //!< Start() was called
    bool m_closed{false};             //!< the peer's FIN was told of
    bool m_finished{false};           //!< FinishSending() was called
    bool m_ended{false};              //!< nothing is told of any more
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TCP_BYTE_STREAM_H */
