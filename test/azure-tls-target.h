/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_TLS_TARGET_H
#define AZURE_TLS_TARGET_H

#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** A backend's application that speaks TLS and gives every request the same answer. */
class TlsTarget
{
  public:
    /// What TLS is told; may change between connections.
    std::shared_ptr<TlsServerConfiguration> told{std::make_shared<TlsServerConfiguration>()};
    std::string answer{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}; //!< to every request
    std::vector<TlsHandshakeRecord> handshakes;                         //!< those that are over
    std::vector<std::string> requests; //!< what each connection has asked

    /**
     * @param node where
     * @param port its port
     */
    TlsTarget(Ptr<Node> node, uint16_t port)
        : m_listener(TcpPresetSocketFactory::CreateOn(node)),
          m_random(CreateObject<UniformRandomVariable>())
    {
        m_random->SetStream(4000);
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        m_listener->Listen();
        m_listener->SetAcceptCallback([](Ptr<Socket>, const Address&) { return true; },
                                      [this](Ptr<Socket> socket, const Address&) {
                                          Accept(DynamicCast<AbortableTcpSocket>(socket));
                                      });
    }

  private:
    /** @param socket a connection */
    void Accept(Ptr<AbortableTcpSocket> socket)
    {
        const auto n = requests.size();
        requests.emplace_back();
        auto tls = Create<TlsConnection>(
            Create<TcpByteStream>(socket),
            std::make_shared<const TlsServerConfiguration>(*told), // as it is now
            m_random);
        m_connections.push_back(tls);
        tls->SetHandshakeCallback(
            [this](const TlsHandshakeRecord& record) { handshakes.push_back(record); });
        tls->SetReceiveCallback([this, n] { Read(n); });
        tls->SetEndCallback(
            [this, n](ByteStreamEnd) { m_connections[n]->CloseWithin(Seconds(1)); });
        tls->Start();
    }

    /** @param n number of a connection with data */
    void Read(std::size_t n)
    {
        while (auto packet = m_connections[n]->Recv(UINT32_MAX))
        {
            std::string text(packet->GetSize(), '\0');
            packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), packet->GetSize());
            requests[n] += text;
        }
        if (requests[n].find("\r\n\r\n") != std::string::npos && !answer.empty())
        {
            m_connections[n]->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(answer.data()),
                                                  static_cast<uint32_t>(answer.size())));
            m_connections[n]->CloseWithin(Seconds(1));
        }
    }

    Ptr<AbortableTcpSocket> m_listener;            //!< the port
    Ptr<UniformRandomVariable> m_random;           //!< random bytes
    std::vector<Ptr<TlsConnection>> m_connections; //!< by number
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_TLS_TARGET_H */
