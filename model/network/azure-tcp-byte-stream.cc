/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tcp-byte-stream.h"

#include <utility>

namespace ns3
{
namespace azure
{

TcpByteStream::TcpByteStream(Ptr<AbortableTcpSocket> socket)
    : m_socket(socket)
{
}

TcpByteStream::~TcpByteStream()
{
    m_socket->DetachApplication();
}

void
TcpByteStream::Start()
{
    m_socket->SetConnectCallback(MakeCallback(&TcpByteStream::HandleConnected, this),
                                 MakeCallback(&TcpByteStream::HandleConnectFailed, this));
    m_socket->SetRecvCallback(MakeCallback(&TcpByteStream::HandleReceive, this));
    m_socket->SetSendCallback(MakeCallback(&TcpByteStream::HandleSend, this));
    m_socket->SetCloseCallbacks(MakeCallback(&TcpByteStream::HandleClose, this),
                                MakeCallback(&TcpByteStream::HandleClose, this));
}

bool
TcpByteStream::IsOpen() const
{
    const auto state = m_socket->GetState();
    return state == TcpSocket::ESTABLISHED || state == TcpSocket::CLOSE_WAIT;
}

Ptr<Packet>
TcpByteStream::Recv(uint32_t maxBytes)
{
    auto packet = m_socket->Recv(maxBytes, 0);
    return packet && packet->GetSize() > 0 ? packet : nullptr;
}

bool
TcpByteStream::HasUnread()
{
    return m_socket->GetRxAvailable() > 0;
}

uint32_t
TcpByteStream::GetTxAvailable() const
{
    return IsOpen() ? m_socket->GetTxAvailable() : 0;
}

bool
TcpByteStream::Send(Ptr<Packet> packet)
{
    return IsOpen() && m_socket->Send(packet, 0) >= 0;
}

void
TcpByteStream::CloseWithin(Time limit)
{
    if (!IsOpen())
    {
        Vanish(); // Linux sends nothing when an unfinished handshake is given up
        return;
    }
    while (Recv(UINT32_MAX))
    {
        // The stock socket sends a reset instead of a FIN where something is left unread, and the
        // peer might not see what was sent last.
    }
    DetachUser();
    m_ended = true;
    m_socket->CloseWithin(limit);
}

void
TcpByteStream::Abort()
{
    DetachUser();
    m_ended = true;
    m_socket->Abort();
}

void
TcpByteStream::Vanish()
{
    DetachUser();
    m_ended = true;
    m_socket->Vanish();
}

InetSocketAddress
TcpByteStream::GetLocal() const
{
    Address address;
    m_socket->GetSockName(address);
    return InetSocketAddress::IsMatchingType(address) ? InetSocketAddress::ConvertFrom(address)
                                                      : InetSocketAddress(Ipv4Address::GetAny(), 0);
}

InetSocketAddress
TcpByteStream::GetPeer() const
{
    Address address;
    m_socket->GetPeerName(address);
    return InetSocketAddress::IsMatchingType(address) ? InetSocketAddress::ConvertFrom(address)
                                                      : InetSocketAddress(Ipv4Address::GetAny(), 0);
}

Ptr<AbortableTcpSocket>
TcpByteStream::GetSocket() const
{
    return m_socket;
}

void
TcpByteStream::HandleConnected(Ptr<Socket> /* socket */)
{
    Ptr<ByteStream> self(this);
    Notify(m_onOpen);
}

void
TcpByteStream::HandleConnectFailed(Ptr<Socket> /* socket */)
{
    Ptr<ByteStream> self(this);
    if (!std::exchange(m_ended, true))
    {
        Notify(m_onEnd, m_socket->WasReset() ? ByteStreamEnd::Refused : ByteStreamEnd::TimedOut);
    }
}

void
TcpByteStream::HandleReceive(Ptr<Socket> /* socket */)
{
    Ptr<ByteStream> self(this);
    Notify(m_onReceive);
}

void
TcpByteStream::HandleSend(Ptr<Socket> /* socket */, uint32_t /* available */)
{
    Ptr<ByteStream> self(this);
    // The stock socket tells of room while it still connects.
    if (IsOpen())
    {
        Notify(m_onSend);
    }
}

void
TcpByteStream::HandleClose(Ptr<Socket> /* socket */)
{
    Ptr<ByteStream> self(this);
    const bool orderly = !m_socket->WasReset() && m_socket->GetState() == TcpSocket::CLOSE_WAIT;
    if (!m_ended && !(orderly && m_closed))
    {
        m_closed = orderly;
        m_ended = !orderly;
        Notify(m_onEnd, orderly ? ByteStreamEnd::Closed : ByteStreamEnd::Reset);
    }
}

} // namespace azure
} // namespace ns3
