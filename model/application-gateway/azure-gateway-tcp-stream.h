/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_TCP_STREAM_H
#define AZURE_GATEWAY_TCP_STREAM_H

#include "azure-gateway-stream.h"

#include "ns3/azure-tcp-socket.h"
#include "ns3/inet-socket-address.h"

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A GatewayStream straight over TCP. Not a public header.
 */
class GatewayTcpStream : public GatewayStream
{
  public:
    /**
     * @param socket an accepted connection, or a bound socket for Connect()
     */
    explicit GatewayTcpStream(Ptr<AbortableTcpSocket> socket);
    ~GatewayTcpStream() override;

    /**
     * @param remote whom to connect to
     * @return whether there is a way there
     */
    bool Connect(const InetSocketAddress& remote);

    // From GatewayStream
    bool IsReady() const override;
    Ptr<Packet> Read(uint32_t most) override;
    bool HasUnread() const override;
    uint32_t GetWritable() const override;
    bool Write(Ptr<Packet> packet) override;
    Time GetRtt() const override;
    void Close() override;
    void Abort() override;
    void Vanish() override;

  private:
    /**
     * @brief Connected, or bytes have arrived.
     * @param socket the socket
     */
    void HandleReady(Ptr<Socket> socket);

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
    void HandleEnd(Ptr<Socket> socket);

    /// Take the socket's callbacks away.
    void Detach();

    Ptr<AbortableTcpSocket> m_socket; //!< the connection
    bool m_ended{false};              //!< Close(), Abort() or Vanish() was called
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_TCP_STREAM_H */
