/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-listener.h"

#include "azure-dns-codec.h"

#include "ns3/abort.h"
#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/ipv4-packet-info-tag.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

DnsListener::DnsListener(Ptr<Node> node,
                         uint16_t port,
                         Time idleTimeout,
                         uint32_t maxConnections,
                         QueryCallback onQuery,
                         DropCallback onDrop)
    : m_node(node),
      m_port(port),
      m_idleTimeout(idleTimeout),
      m_maxConnections(maxConnections),
      m_onQuery(onQuery),
      m_onDrop(onDrop)
{
    OpenUdp(Ipv4Address::GetAny());
    auto tcp = TcpPresetSocketFactory::CreateOn(node);
    NS_ABORT_MSG_IF(tcp->Bind(InetSocketAddress(Ipv4Address::GetAny(), port)) != 0,
                    "DNS on node " << node->GetId() << ": TCP port " << port
                                   << " is in use by another application");
    tcp->Listen();
    tcp->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                           MakeCallback(&DnsListener::OnAccept, this));
    m_tcp = tcp;
}

DnsListener::~DnsListener()
{
    Stop();
}

void
DnsListener::Stop()
{
    for (auto& [local, socket] : m_udp)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->Close();
    }
    m_udp.clear();
    if (m_tcp)
    {
        DynamicCast<AbortableTcpSocket>(m_tcp)->Vanish();
        m_tcp = nullptr;
    }
    for (auto& [key, connection] : m_connections)
    {
        connection.idle.Cancel();
        connection.stream->Vanish();
    }
    m_connections.clear();
}

Ptr<Socket>
DnsListener::OpenUdp(Ipv4Address local)
{
    auto& socket = m_udp[local];
    if (!socket)
    {
        socket = m_node->GetObject<UdpSocketFactory>()->CreateSocket();
        NS_ABORT_MSG_IF(socket->Bind(InetSocketAddress(local, m_port)) != 0,
                        "DNS on node " << m_node->GetId() << ": UDP port " << m_port
                                       << " is in use by another application");
        socket->SetRecvPktInfo(true);
        socket->SetRecvCallback(MakeCallback(&DnsListener::OnDatagram, this));
    }
    return socket;
}

void
DnsListener::OnDatagram(Ptr<Socket> socket)
{
    const Ptr<DnsListener> self(this);
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        const auto address = InetSocketAddress::ConvertFrom(from);
        Ipv4PacketInfoTag tag;
        const auto local = packet->RemovePacketTag(tag) ? tag.GetAddress() : Ipv4Address::GetAny();
        if (m_node->GetObject<Ipv4>()->GetInterfaceForAddress(local) < 0)
        {
            m_onDrop(DnsDropReason::NotLocal, address);
            continue;
        }
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), bytes.size());
        OnMessage({address, local, 0}, bytes);
        if (m_udp.empty())
        {
            return; // stopped meanwhile
        }
    }
}

void
DnsListener::OnAccept(Ptr<Socket> socket, const Address& from)
{
    const auto accepted = DynamicCast<AbortableTcpSocket>(socket);
    const auto address = InetSocketAddress::ConvertFrom(from);
    if (m_connections.size() >= m_maxConnections)
    {
        m_onDrop(DnsDropReason::Overload, address);
        accepted->Abort();
        return;
    }
    const auto key = m_nextConnection++;
    const auto stream = Create<TcpByteStream>(accepted);
    const DnsPeer peer{address, stream->GetLocal().GetIpv4(), key};
    auto& connection = m_connections[key];
    connection.stream =
        Create<DnsStream>(stream,
                          Callback<void, const std::vector<uint8_t>&>(
                              [this, peer](const auto& message) { OnMessage(peer, message); }),
                          Callback<void>([this, key]() { CloseConnection(key); }));
    RestartIdle(connection, key);
    connection.stream->Start();
}

void
DnsListener::RestartIdle(Connection& connection, uint64_t key)
{
    connection.idle.Remove();
    connection.idle = Simulator::Schedule(m_idleTimeout, &DnsListener::CloseConnection, this, key);
}

void
DnsListener::CloseConnection(uint64_t key)
{
    const auto found = m_connections.find(key);
    if (found != m_connections.end())
    {
        found->second.idle.Remove();
        found->second.stream->Close();
        m_connections.erase(found);
    }
}

void
DnsListener::OnMessage(DnsPeer peer, const std::vector<uint8_t>& message)
{
    const Ptr<DnsListener> self(this);
    if (const auto connection = m_connections.find(peer.connection);
        connection != m_connections.end())
    {
        RestartIdle(connection->second, peer.connection);
    }
    auto decoded = DnsCodec::Decode(message.data(), message.size());
    if (!decoded.message)
    {
        m_onDrop(DnsDropReason::Malformed, peer.address);
        if (decoded.formatError)
        {
            Send(peer, *decoded.formatError, DnsCodec::ClassicUdpSize);
        }
    }
    else if (decoded.message->isResponse)
    {
        m_onDrop(DnsDropReason::NotAQuery, peer.address);
    }
    else
    {
        m_onQuery(peer, *decoded.message);
    }
}

size_t
DnsListener::Send(const DnsPeer& peer, DnsMessage& response, size_t udpLimit)
{
    if (peer.connection == 0)
    {
        if (m_udp.empty())
        {
            return 0;
        }
        const auto bytes =
            DnsCodec::EncodeWithin(response, std::max(udpLimit, DnsCodec::ClassicUdpSize));
        OpenUdp(peer.local)->SendTo(Create<Packet>(bytes.data(), bytes.size()), 0, peer.address);
        return bytes.size();
    }
    const auto connection = m_connections.find(peer.connection);
    if (connection == m_connections.end())
    {
        return 0;
    }
    RestartIdle(connection->second, peer.connection);
    const auto bytes = DnsCodec::EncodeWithin(response, DnsCodec::MaxSize);
    connection->second.stream->Send(bytes);
    return bytes.size();
}

} // namespace azure
} // namespace ns3
