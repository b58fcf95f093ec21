/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_HTTP_RAW_PEER_H
#define AZURE_HTTP_RAW_PEER_H

#include "azure-http-test-bed.h"

#include "ns3/azure-tcp-preset.h"

#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/** @brief One end of one connection that says what it is told to, and notes when it hears what. */
class RawHttpPeer
{
  public:
    /**
     * @brief Connect to the server of a bed.
     * @param bed the bed
     * @param port the server's port
     */
    void Connect(HttpTestBed& bed, uint16_t port = 80)
    {
        m_socket = TcpPresetSocketFactory::CreateOn(bed.nodes.Get(0));
        Watch();
        m_socket->Connect(InetSocketAddress(bed.interfaces.GetAddress(1), port));
    }

    /**
     * @brief Stand in for the server of a bed on another port; the client is told of it.
     * @param bed the bed
     * @param port the port
     */
    void Serve(HttpTestBed& bed, uint16_t port)
    {
        m_listener = TcpPresetSocketFactory::CreateOn(bed.nodes.Get(1));
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        m_listener->Listen();
        m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                      MakeCallback(&RawHttpPeer::OnAccept, this));
        bed.client->SetAttribute(
            "Remote",
            AddressValue(InetSocketAddress(bed.interfaces.GetAddress(1), port)));
    }

    /** @param text bytes to send on the latest connection */
    void Send(const std::string& text)
    {
        m_socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()),
                                      static_cast<uint32_t>(text.size())),
                       0);
    }

    std::string received;          //!< everything that arrived
    std::optional<Time> firstByte; //!< when the first of it did
    std::optional<Time> closed;    //!< when the other end closed or reset
    uint32_t accepted{0};          //!< connections accepted

  private:
    /** @brief Note what happens. */
    void Watch()
    {
        m_socket->SetRecvCallback(MakeCallback(&RawHttpPeer::OnReceive, this));
        m_socket->SetCloseCallbacks(MakeCallback(&RawHttpPeer::OnClose, this),
                                    MakeCallback(&RawHttpPeer::OnClose, this));
    }

    /** @param socket an accepted connection */
    void OnAccept(Ptr<Socket> socket, const Address& /* from */)
    {
        m_socket = DynamicCast<AbortableTcpSocket>(socket);
        ++accepted;
        Watch();
    }

    /** @param socket the connection */
    void OnReceive(Ptr<Socket> socket)
    {
        while (auto packet = socket->Recv())
        {
            if (packet->GetSize() == 0)
            {
                break;
            }
            std::string text(packet->GetSize(), '\0');
            packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), packet->GetSize());
            received += text;
            firstByte = firstByte.value_or(Simulator::Now());
        }
    }

    /** @param socket the connection */
    void OnClose(Ptr<Socket> /* socket */)
    {
        closed = closed.value_or(Simulator::Now());
    }

    Ptr<AbortableTcpSocket> m_listener; //!< when it serves
    Ptr<AbortableTcpSocket> m_socket;   //!< the latest connection
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_HTTP_RAW_PEER_H */
