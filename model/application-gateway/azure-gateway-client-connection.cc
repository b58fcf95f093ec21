/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-client-connection.h"

#include "azure-application-gateway-instance.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

GatewayClientConnection::GatewayClientConnection(ApplicationGatewayInstance& instance,
                                                 uint64_t key,
                                                 Ptr<TcpByteStream> stream,
                                                 const InetSocketAddress& client,
                                                 const InetSocketAddress& frontend,
                                                 bool secure)
    : GatewayFrontConnection(key),
      m_instance(instance),
      m_tcp(stream),
      m_stream(stream),
      m_client(client),
      m_frontend(frontend),
      m_parser(HttpRole::Request, HttpLimits{instance.GetMaxHeadBytes(), 1024, UINT64_MAX}),
      m_writer(instance.GetResponseCapacity(), false),
      m_phase(secure ? Phase::Opening : Phase::Idle),
      m_timer([this] { HandleTimeout(); })
{
    m_origin.frontend = IpAddress::From(frontend.GetIpv4());
    m_origin.frontendPort = frontend.GetPort();
    m_origin.client = IpAddress::From(client.GetIpv4());
    m_origin.clientPort = client.GetPort();
}

GatewayClientConnection::~GatewayClientConnection()
{
    Unwatch(*m_stream);
}

void
GatewayClientConnection::Start()
{
    m_since = Simulator::Now();
    Watch(*m_stream);
    m_stream->Start();
    Pump();
}

Ptr<ByteStream>
GatewayClientConnection::GetStream() const
{
    return m_stream;
}

Ptr<Packet>
GatewayClientConnection::TakeQueued()
{
    return m_parser.TakeQueued();
}

GatewayMessageWriter&
GatewayClientConnection::GetWriter()
{
    return m_writer;
}

GatewayBackendPool&
GatewayClientConnection::GetDedicatedPool()
{
    return m_dedicated;
}

void
GatewayClientConnection::Complete(GatewayExchangeRecord& record) const
{
    record.client = m_client;
    record.frontend = m_frontend;
    record.clientRtt = m_stream->GetRtt();
}

void
GatewayClientConnection::Pump()
{
    if (m_pumping)
    {
        m_again = true;
        return;
    }
    Ptr<GatewayClientConnection> self(this);
    m_pumping = true;
    do
    {
        m_again = false;
        while (m_phase != Phase::Ended && Step())
        {
        }
    } while (m_again && m_phase != Phase::Ended);
    m_pumping = false;
    if (m_phase != Phase::Ended)
    {
        UpdateTimer();
    }
}

bool
GatewayClientConnection::Step()
{
    if (m_phase == Phase::Opening)
    {
        return Open();
    }
    if (m_phase != Phase::Busy)
    {
        return ReadHead();
    }
    bool moved = false;
    while (ReadBody())
    {
        moved = true;
    }
    moved |= m_exchange->Step();
    if (const auto loss = m_exchange->GetLoss())
    {
        Reset(*loss);
        return true;
    }
    if (m_writer.Flush(*m_stream))
    {
        m_lastWrite = Simulator::Now();
        moved = true;
    }
    if (m_exchange->IsOver() && (m_exchange->IsTunnel() || m_writer.IsDone()))
    {
        EndExchange();
        return true;
    }
    if (IsClientGone() && !m_exchange->IsTunnel())
    {
        // A part of a response that has no length must not pass for all of it.
        m_writer.HasSent() ? Reset(GatewayExchangeEnd::ClientClosed)
                           : Close(GatewayExchangeEnd::ClientClosed);
        return true;
    }
    return moved;
}

bool
GatewayClientConnection::Open()
{
    if (m_stream != m_tcp)
    {
        if (!m_stream->IsOpen())
        {
            return false;
        }
        m_phase = Phase::Idle;
        m_since = Simulator::Now();
        return true;
    }
    const auto first = m_tcp->PeekFirst();
    if (first == static_cast<uint8_t>(TlsContentType::Handshake))
    {
        const auto rest = Max(m_since + m_instance.GetRequestTimeout() - Simulator::Now(), Time(1));
        const auto tls = m_instance.AcceptTls(m_tcp, m_frontend, rest);
        tls->SetHandshakeCallback(MakeCallback(&GatewayClientConnection::HandleHandshake, this));
        m_stream = tls;
        Watch(*m_stream);
        m_stream->Start();
        return true;
    }
    if (first)
    {
        m_phase = Phase::Idle; // plain HTTP, for which there is no listener (AG-40)
    }
    else if (m_clientEnded)
    {
        Close(GatewayExchangeEnd::ClientClosed);
    }
    return first.has_value();
}

void
GatewayClientConnection::HandleHandshake(const TlsHandshakeRecord& record)
{
    Ptr<GatewayClientConnection> self(this);
    m_instance.NoteHandshake(record, m_client, m_frontend, &m_origin);
}

bool
GatewayClientConnection::IsClientGone() const
{
    return m_clientEnded && !m_stream->HasUnread() && m_parser.GetQueuedBytes() == 0;
}

bool
GatewayClientConnection::ReadMore()
{
    auto packet = m_stream->Recv(GATEWAY_READ_BYTES);
    if (!packet)
    {
        return false;
    }
    m_lastRead = Simulator::Now();
    m_parser.Push(packet);
    return true;
}

bool
GatewayClientConnection::ReadHead()
{
    switch (m_parser.Next())
    {
    case HttpEvent::NeedInput:
        if (m_phase == Phase::Receiving && !m_parser.InMessage())
        {
            m_phase = Phase::Idle; // those were empty lines
            m_since = Simulator::Now();
        }
        if (m_phase == Phase::Idle && m_stream->HasUnread())
        {
            m_phase = Phase::Receiving;
            m_since = Simulator::Now();
        }
        if (ReadMore())
        {
            return true;
        }
        if (m_clientEnded)
        {
            Close(GatewayExchangeEnd::ClientClosed);
        }
        return false;
    case HttpEvent::Head:
        BeginExchange();
        m_exchange->Begin(m_parser.GetRequest(), MakeRequest());
        return true;
    case HttpEvent::Error:
        BeginExchange();
        m_exchange->Refuse(m_parser.GetError().status, GatewayExchangeEnd::BadRequest);
        return true;
    default:
        return true;
    }
}

GatewayRequest
GatewayClientConnection::MakeRequest() const
{
    GatewayRequest request = m_origin;
    request.clientRtt = m_stream->GetRtt();
    return request;
}

void
GatewayClientConnection::BeginExchange()
{
    m_exchange = Create<GatewayExchange>(m_instance, *this, m_since);
    m_phase = Phase::Busy;
    m_requestDone = false;
    m_lastRead = Simulator::Now();
    m_lastWrite = Simulator::Now();
}

bool
GatewayClientConnection::ReadBody()
{
    const auto room = m_exchange->GetRequestRoom();
    if (m_requestDone || room == 0)
    {
        return false;
    }
    switch (m_parser.Next())
    {
    case HttpEvent::Body:
        m_exchange->TakeBody(m_parser.GetBody());
        return true;
    case HttpEvent::Complete:
        m_requestDone = true;
        m_exchange->CompleteRequest();
        return true;
    case HttpEvent::Error:
        m_requestDone = true;
        m_exchange->Refuse(m_parser.GetError().status, GatewayExchangeEnd::BadRequest);
        return true;
    default:
        return ReadMore();
    }
}

void
GatewayClientConnection::EndExchange()
{
    const bool keepAlive = m_exchange->IsKeepAlive() && !m_stopping;
    const auto exchange = std::exchange(m_exchange, nullptr);
    exchange->Finish(exchange->GetEnd());
    if (!keepAlive)
    {
        Close(GatewayExchangeEnd::Complete);
        return;
    }
    m_writer.Cancel();
    m_phase = m_parser.GetQueuedBytes() > 0 ? Phase::Receiving : Phase::Idle;
    m_since = Simulator::Now();
}

Time
GatewayClientConnection::GetDeadline() const
{
    switch (m_phase)
    {
    case Phase::Opening:
        // The handshake has a limit of its own.
        return m_stream == m_tcp ? m_since + m_instance.GetRequestTimeout() : Time::Max();
    case Phase::Idle:
        return m_since + m_instance.GetKeepAliveTimeout();
    case Phase::Receiving:
        return m_since + m_instance.GetRequestTimeout();
    case Phase::Busy:
        if (m_writer.IsPending())
        {
            return std::max(m_lastWrite, m_lastRead) + m_instance.GetSendTimeout();
        }
        if (!m_requestDone && m_exchange->GetRequestRoom() > 0)
        {
            return m_lastRead + m_instance.GetRequestTimeout();
        }
        return Time::Max();
    case Phase::Ended:
        break;
    }
    return Time::Max();
}

void
GatewayClientConnection::UpdateTimer()
{
    m_timer.Set(GetDeadline());
}

void
GatewayClientConnection::HandleTimeout()
{
    Ptr<GatewayClientConnection> self(this);
    if (Simulator::Now() < GetDeadline())
    {
        UpdateTimer();
        return;
    }
    switch (m_phase)
    {
    case Phase::Opening:
    case Phase::Idle:
        Close(GatewayExchangeEnd::ClientTimeout);
        return;
    case Phase::Receiving:
        BeginExchange();
        m_exchange->Refuse(408, GatewayExchangeEnd::ClientTimeout);
        break;
    case Phase::Busy:
        if (m_writer.IsPending() || m_exchange->IsOver())
        {
            Reset(GatewayExchangeEnd::ClientTimeout);
            return;
        }
        m_exchange->Refuse(408, GatewayExchangeEnd::ClientTimeout);
        break;
    case Phase::Ended:
        return;
    }
    Pump();
}

void
GatewayClientConnection::StreamReady()
{
    Pump();
}

void
GatewayClientConnection::StreamEnded(ByteStreamEnd end)
{
    Ptr<GatewayClientConnection> self(this);
    m_clientEnded = true;
    if (end != ByteStreamEnd::Closed)
    {
        const auto stream = m_stream;
        Leave(GatewayExchangeEnd::ClientClosed);
        LetGoOfStream(*stream, end);
        return;
    }
    if (m_exchange)
    {
        m_exchange->EndClient();
    }
    Pump();
}

void
GatewayClientConnection::Drain(const BackendDrain& drain)
{
    if (m_phase == Phase::Busy)
    {
        m_exchange->Drain(drain);
    }
    m_dedicated.Close(drain.setting, drain.member);
}

void
GatewayClientConnection::Stop()
{
    m_stopping = true;
    if (m_phase != Phase::Busy || m_exchange->IsTunnel())
    {
        Close(GatewayExchangeEnd::Stopped);
    }
}

void
GatewayClientConnection::Cut()
{
    m_phase == Phase::Busy ? Reset(GatewayExchangeEnd::Drained)
                           : Close(GatewayExchangeEnd::Drained);
}

std::optional<uint32_t>
GatewayClientConnection::GetSetting() const
{
    return m_exchange ? m_exchange->GetSetting() : std::nullopt;
}

const TcpByteStream&
GatewayClientConnection::GetTcp() const
{
    return *m_tcp;
}

void
GatewayClientConnection::Vanish()
{
    Ptr<GatewayClientConnection> self(this);
    Leave(GatewayExchangeEnd::Stopped);
    m_stream->Vanish();
    m_dedicated.CloseAll(true);
}

void
GatewayClientConnection::Close(GatewayExchangeEnd end)
{
    Ptr<GatewayClientConnection> self(this);
    Leave(end);
    CloseStream(*m_stream);
    m_dedicated.CloseAll();
}

void
GatewayClientConnection::Reset(GatewayExchangeEnd end)
{
    Ptr<GatewayClientConnection> self(this);
    Leave(end);
    m_stream->Abort();
    m_dedicated.CloseAll();
}

void
GatewayClientConnection::Leave(GatewayExchangeEnd end)
{
    Ptr<GatewayClientConnection> self(this);
    m_phase = Phase::Ended;
    m_timer.Stop();
    Unwatch(*m_stream);
    if (const auto exchange = std::exchange(m_exchange, nullptr))
    {
        exchange->Finish(end);
    }
    m_instance.Remove(*this);
}

} // namespace azure
} // namespace ns3
