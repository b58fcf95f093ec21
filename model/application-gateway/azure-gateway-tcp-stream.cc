/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-tcp-stream.h"

namespace ns3
{
namespace azure
{

namespace
{

/// How long an orderly close may take without progress, as Linux's tcp_fin_timeout, seconds.
constexpr int64_t GATEWAY_LINGER_SECONDS = 60;

} // namespace

GatewayTcpStream::GatewayTcpStream(Ptr<AbortableTcpSocket> socket)
    : m_socket(socket)
{
    m_socket->SetConnectCallback(MakeCallback(&GatewayTcpStream::HandleReady, this),
                                 MakeCallback(&GatewayTcpStream::HandleEnd, this));
    m_socket->SetRecvCallback(MakeCallback(&GatewayTcpStream::HandleReady, this));
    m_socket->SetSendCallback(MakeCallback(&GatewayTcpStream::HandleSend, this));
    m_socket->SetCloseCallbacks(MakeCallback(&GatewayTcpStream::HandleEnd, this),
                                MakeCallback(&GatewayTcpStream::HandleEnd, this));
}

GatewayTcpStream::~GatewayTcpStream()
{
    if (!m_ended)
    {
        m_socket->DetachApplication();
    }
}

bool
GatewayTcpStream::Connect(const InetSocketAddress& remote)
{
    return m_socket->Connect(remote) == 0;
}

bool
GatewayTcpStream::IsReady() const
{
    return !m_ended && (m_socket->GetState() == TcpSocket::ESTABLISHED ||
                        m_socket->GetState() == TcpSocket::CLOSE_WAIT);
}

Ptr<Packet>
GatewayTcpStream::Read(uint32_t most)
{
    if (m_ended)
    {
        return nullptr;
    }
    auto packet = m_socket->Recv(most, 0);
    return packet && packet->GetSize() > 0 ? packet : nullptr;
}

bool
GatewayTcpStream::HasUnread() const
{
    return !m_ended && m_socket->GetRxAvailable() > 0;
}

uint32_t
GatewayTcpStream::GetWritable() const
{
    return IsReady() ? m_socket->GetTxAvailable() : 0;
}

bool
GatewayTcpStream::Write(Ptr<Packet> packet)
{
    return IsReady() && m_socket->Send(packet, 0) >= 0;
}

Time
GatewayTcpStream::GetRtt() const
{
    return m_socket->GetSmoothedRtt();
}

void
GatewayTcpStream::Close()
{
    if (m_ended)
    {
        return;
    }
    const auto state = m_socket->GetState();
    if (state == TcpSocket::SYN_SENT || state == TcpSocket::CLOSED)
    {
        Vanish(); // Linux sends nothing when an unfinished handshake is given up
        return;
    }
    while (Read(UINT32_MAX))
    {
        // The stock socket sends a reset instead of a FIN where something is left unread.
    }
    Detach();
    m_socket->CloseWithin(Seconds(GATEWAY_LINGER_SECONDS));
}

void
GatewayTcpStream::Abort()
{
    if (!m_ended)
    {
        Detach();
        m_socket->Abort();
    }
}

void
GatewayTcpStream::Vanish()
{
    if (!m_ended)
    {
        Detach();
        m_socket->Vanish();
    }
}

void
GatewayTcpStream::HandleReady(Ptr<Socket> /* socket */)
{
    Ptr<GatewayTcpStream> self(this);
    TellReady();
}

void
GatewayTcpStream::HandleSend(Ptr<Socket> /* socket */, uint32_t /* available */)
{
    Ptr<GatewayTcpStream> self(this);
    TellReady();
}

void
GatewayTcpStream::HandleEnd(Ptr<Socket> /* socket */)
{
    Ptr<GatewayTcpStream> self(this);
    TellEnded(!m_socket->WasReset() && m_socket->GetState() == TcpSocket::CLOSE_WAIT);
}

void
GatewayTcpStream::Detach()
{
    m_ended = true;
    SetUser(nullptr);
    m_socket->DetachApplication();
}

} // namespace azure
} // namespace ns3
