/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-tcp-byte-stream.h"

#include <utility>

namespace ns3
{
namespace azure
{

TcpByteStream::TcpByteStream(Ptr<AbortableTcpSocket> socket, bool discards)
    : m_socket(socket),
      m_discards(discards)
{
}

TcpByteStream::~TcpByteStream()
{
    m_socket->DetachApplication();
}

void
TcpByteStream::Start()
{
    if (std::exchange(m_started, true))
    {
        return; // it has changed its user
    }
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
    return !m_finished && (state == TcpSocket::ESTABLISHED || state == TcpSocket::CLOSE_WAIT);
}

bool
TcpByteStream::IsConnected() const
{
    switch (m_socket->GetState())
    {
    case TcpSocket::ESTABLISHED:
    case TcpSocket::CLOSE_WAIT:
        return true;
    case TcpSocket::FIN_WAIT_1:
    case TcpSocket::FIN_WAIT_2:
    case TcpSocket::CLOSING:
    case TcpSocket::LAST_ACK:
    case TcpSocket::TIME_WAIT:
        return m_finished;
    default:
        return false;
    }
}

Ptr<Packet>
TcpByteStream::Recv(uint32_t maxBytes)
{
    if (m_peeked)
    {
        const auto size = m_peeked->GetSize();
        const auto rest =
            maxBytes < size ? m_peeked->CreateFragment(maxBytes, size - maxBytes) : nullptr;
        const auto first = rest ? m_peeked->CreateFragment(0, maxBytes) : m_peeked;
        m_peeked = rest;
        return first;
    }
    auto packet = m_socket->Recv(maxBytes, 0);
    if (!packet || packet->GetSize() == 0)
    {
        return nullptr;
    }
    m_bytesReceived += packet->GetSize();
    return packet;
}

bool
TcpByteStream::HasUnread()
{
    return m_peeked || m_socket->GetRxAvailable() > 0;
}

std::optional<uint8_t>
TcpByteStream::PeekFirst()
{
    if (!m_peeked)
    {
        m_peeked = Recv(1);
    }
    uint8_t first = 0;
    return m_peeked && m_peeked->CopyData(&first, 1) == 1 ? std::optional<uint8_t>(first)
                                                          : std::nullopt;
}

uint32_t
TcpByteStream::GetTxAvailable() const
{
    return IsOpen() ? m_socket->GetTxAvailable() : 0;
}

bool
TcpByteStream::Send(Ptr<Packet> packet)
{
    const auto size = packet->GetSize();
    if (!IsOpen() || m_socket->Send(packet, 0) < 0)
    {
        return false;
    }
    m_bytesSent += size;
    return true;
}

uint64_t
TcpByteStream::GetBytesReceived() const
{
    return m_bytesReceived;
}

uint64_t
TcpByteStream::GetBytesSent() const
{
    return m_bytesSent;
}

void
TcpByteStream::FinishSending()
{
    if (IsOpen())
    {
        m_finished = true;
        m_socket->FinishSending();
    }
}

void
TcpByteStream::CloseWithin(Time limit)
{
    if (!IsConnected())
    {
        Vanish(); // Linux sends nothing when an unfinished handshake is given up
        return;
    }
    while (m_discards && Recv(UINT32_MAX))
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

Time
TcpByteStream::GetRtt() const
{
    return m_socket->GetSmoothedRtt();
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
    const auto state = m_socket->GetState();
    // Behind our own FIN the peer's leads to other states.
    const bool orderly =
        !m_socket->WasReset() && (state == TcpSocket::CLOSE_WAIT || state == TcpSocket::CLOSING ||
                                  state == TcpSocket::TIME_WAIT);
    if (!m_ended && !(orderly && m_closed))
    {
        m_closed = orderly;
        m_ended = !orderly;
        Notify(m_onEnd, orderly ? ByteStreamEnd::Closed : ByteStreamEnd::Reset);
    }
}

} // namespace azure
} // namespace ns3
