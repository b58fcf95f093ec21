/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-server-connection.h"

#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureHttpServerConnection");

namespace
{

/// Bytes of one chunk of a chunked response.
constexpr uint64_t CHUNK_BYTES = 16384;

/// How long an orderly close may take, as Linux's tcp_fin_timeout.
const int64_t LINGER_SECONDS = 60;

/**
 * @param text text
 * @return a packet with it
 */
Ptr<Packet>
TextPacket(const std::string& text)
{
    return Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

} // namespace

HttpServerConnection::HttpServerConnection(HttpServer* server,
                                           uint64_t key,
                                           Ptr<AbortableTcpSocket> socket,
                                           const InetSocketAddress& peer)
    : m_server(server),
      m_key(key),
      m_parser(HttpRole::Request, HttpLimits{server->m_maxHeadBytes, 1024, UINT64_MAX})
{
    Address local;
    socket->GetSockName(local);
    m_record.local = InetSocketAddress::ConvertFrom(local);
    m_record.peer = peer;
    const auto tls = server->m_tls.find(m_record.local.GetPort());
    if (tls == server->m_tls.end())
    {
        m_stream = Create<TcpByteStream>(socket, false);
        return;
    }
    auto connection =
        Create<TlsConnection>(Create<TcpByteStream>(socket), tls->second, server->m_tlsRandom);
    connection->SetHandshakeCallback(MakeCallback(&HttpServerConnection::HandleHandshake, this));
    connection->SetHandshakeTimeout(server->m_requestTimeout);
    m_stream = connection;
}

void
HttpServerConnection::Start()
{
    m_stream->SetReceiveCallback(MakeCallback(&HttpServerConnection::HandleReceive, this));
    m_stream->SetSendCallback(MakeCallback(&HttpServerConnection::HandleSend, this));
    m_stream->SetEndCallback(MakeCallback(&HttpServerConnection::HandleEnd, this));
    const bool secure = m_server->m_tls.count(m_record.local.GetPort()) > 0;
    m_started = !secure || m_server->m_state != HttpServerState::Hung;
    if (m_started)
    {
        m_stream->Start();
    }
    RestartTimer();
}

uint64_t
HttpServerConnection::GetKey() const
{
    return m_key;
}

void
HttpServerConnection::Resume()
{
    Ptr<HttpServerConnection> self(this);
    if (!std::exchange(m_started, true))
    {
        m_stream->Start();
        return;
    }
    if (m_serviceDue)
    {
        m_serviceDue = false;
        ServiceDone();
    }
    if (m_phase == Phase::Sending)
    {
        Send();
    }
    Process();
}

void
HttpServerConnection::HandleReceive()
{
    Ptr<HttpServerConnection> self(this);
    Process();
}

void
HttpServerConnection::HandleEnd(ByteStreamEnd end)
{
    Ptr<HttpServerConnection> self(this);
    m_peerClosed = true;
    if (end != ByteStreamEnd::Closed)
    {
        // Reset, given up by TCP, or TLS has failed: nobody is left to answer to.
        Report(false);
        Detach();
        end == ByteStreamEnd::Reset ? m_stream->Vanish()
                                    : m_stream->CloseWithin(Seconds(LINGER_SECONDS));
        return;
    }
    Process();
}

void
HttpServerConnection::HandleSend()
{
    Ptr<HttpServerConnection> self(this);
    if (m_phase == Phase::Sending && m_server->m_state != HttpServerState::Hung)
    {
        Send();
        Process(); // what the client sent behind the request that is answered now
    }
}

void
HttpServerConnection::HandleHandshake(const TlsHandshakeRecord& record)
{
    m_record.tlsProtocol = TlsName(record.agreement.version);
    if (!record.agreement.peerChain.empty())
    {
        m_record.clientCertificate = record.agreement.peerChain.front().subject;
    }
}

void
HttpServerConnection::Process()
{
    if (m_processing)
    {
        return; // a request was answered at once; the loop below goes on with the next
    }
    m_processing = true;
    while ((m_phase == Phase::Idle || m_phase == Phase::Receiving) &&
           m_server->m_state == HttpServerState::Serving && ProcessEvent())
    {
    }
    m_processing = false;
}

bool
HttpServerConnection::ProcessEvent()
{
    switch (m_parser.Next())
    {
    case HttpEvent::NeedInput: {
        auto packet = m_stream->Recv(UINT32_MAX);
        if (packet)
        {
            m_parser.Push(packet);
            return true;
        }
        if (m_peerClosed)
        {
            Close();
        }
        else if (m_phase == Phase::Idle && m_parser.InMessage())
        {
            m_phase = Phase::Receiving;
            RestartTimer();
        }
        return false;
    }
    case HttpEvent::Error:
        RespondError(m_parser.GetError().status);
        return false;
    case HttpEvent::Head:
        if (m_phase == Phase::Idle)
        {
            m_phase = Phase::Receiving;
            RestartTimer();
        }
        if (m_parser.GetRequest().ExpectsContinue() &&
            m_parser.GetRequest().framing != HttpFraming::None)
        {
            m_stream->Send(TextPacket("HTTP/1.1 100 Continue\r\n\r\n"));
        }
        return true;
    case HttpEvent::Body:
        return true;
    case HttpEvent::Complete:
        HandleRequest();
        return true;
    }
    return false;
}

void
HttpServerConnection::HandleRequest()
{
    m_timer.Remove();
    const auto& head = m_parser.GetRequest();
    const auto& fields = head.fields.GetAll();
    const auto hosts = std::count_if(fields.begin(), fields.end(), [](const HttpField& field) {
        return HttpTokensEqual(field.name, "Host");
    });
    if (hosts > 1 || (hosts == 0 && head.version >= 11))
    {
        // RFC 9112, section 3.2.
        RespondError(400);
        return;
    }
    m_recordOpen = true;
    m_record.server = m_server->GetServerName();
    m_record.node = m_server->GetNode()->GetId();
    m_record.requestId = head.fields.Get("X-Request-Id");
    m_record.method = head.method;
    m_record.host = head.fields.Get("Host");
    m_record.path = head.target;
    m_record.received = Simulator::Now();
    m_record.requestBodyBytes = m_parser.GetMessageBodyBytes();
    m_record.responseBodyBytes = 0;
    m_keepAlive = head.keepAlive && m_server->m_keepAlive;
    m_plan = m_server->MakePlan(head);
    m_record.status = m_plan.status;
    m_server->m_receivedTrace(head, m_record.peer);
    m_phase = Phase::Waiting;
    m_server->RequestService(this);
}

void
HttpServerConnection::BeginService()
{
    m_phase = Phase::Serving;
    m_record.serviceStart = Simulator::Now();
    if (m_plan.serviceTime.IsZero())
    {
        ServiceDone();
        return;
    }
    m_timer = Simulator::Schedule(m_plan.serviceTime, &HttpServerConnection::ServiceDone, this);
}

void
HttpServerConnection::ServiceDone()
{
    if (m_server->m_state == HttpServerState::Hung)
    {
        m_serviceDue = true;
        return;
    }
    Ptr<HttpServerConnection> self(this);
    m_phase = Phase::Sending;
    m_server->EndService(this);
    Respond();
    Process();
}

void
HttpServerConnection::Respond()
{
    const auto& request = m_parser.GetRequest();
    HttpResponseHead head;
    head.status = m_plan.status;
    head.fields.Add("Server", "azure-load-balancing");
    head.fields.Add("X-Served-By", m_record.server);
    bool noBody = head.status == 204 || head.status == 304;
    m_chunked = m_server->m_chunked && request.version >= 11 && !noBody;
    if (m_chunked)
    {
        head.fields.Add("Transfer-Encoding", "chunked");
    }
    else if (!noBody)
    {
        head.fields.Add("Content-Length", std::to_string(m_plan.size));
    }
    if (!m_keepAlive)
    {
        head.fields.Add("Connection", "close");
    }
    else if (request.version < 11)
    {
        head.fields.Add("Connection", "keep-alive");
    }
    if (noBody || request.method == "HEAD")
    {
        m_plan.size = 0;
        m_chunked = false;
    }
    m_bodyLeft = m_plan.size;
    m_chunkLeft = 0;
    m_firstChunk = true;
    m_lastChunk = false;
    m_text = HttpSerialize(head);
    Send();
}

void
HttpServerConnection::RespondError(uint32_t status)
{
    m_timer.Remove();
    HttpResponseHead head;
    head.status = status;
    head.fields.Add("Server", "azure-load-balancing");
    head.fields.Add("X-Served-By", m_server->GetServerName());
    head.fields.Add("Content-Length", "0");
    head.fields.Add("Connection", "close");
    m_phase = Phase::Sending;
    m_keepAlive = false;
    m_chunked = false;
    m_bodyLeft = 0;
    m_text = HttpSerialize(head);
    Send();
}

void
HttpServerConnection::Send()
{
    while (m_phase == Phase::Sending)
    {
        if (m_text.empty() && m_chunked && m_chunkLeft == 0 && !m_lastChunk)
        {
            BeginChunk();
        }
        uint64_t available = m_stream->GetTxAvailable();
        if (!m_text.empty())
        {
            if (available == 0)
            {
                return;
            }
            auto take = std::min<uint64_t>(available, m_text.size());
            if (!m_stream->Send(TextPacket(m_text.substr(0, take))))
            {
                return;
            }
            m_text.erase(0, take);
            continue;
        }
        auto left = m_chunked ? m_chunkLeft : m_bodyLeft;
        if (left == 0)
        {
            ResponseDone();
            return;
        }
        if (available == 0)
        {
            return;
        }
        auto take = std::min(available, left);
        if (!m_stream->Send(Create<Packet>(static_cast<uint32_t>(take))))
        {
            return;
        }
        m_bodyLeft -= take;
        m_chunkLeft -= m_chunked ? take : 0;
        m_record.responseBodyBytes += take;
    }
}

void
HttpServerConnection::BeginChunk()
{
    m_chunkLeft = std::min(m_bodyLeft, CHUNK_BYTES);
    m_lastChunk = m_chunkLeft == 0;
    std::ostringstream line;
    // The end of the chunk before goes with the size line of this.
    line << (m_firstChunk ? "" : "\r\n") << std::hex << m_chunkLeft << "\r\n"
         << (m_lastChunk ? "\r\n" : "");
    m_firstChunk = false;
    m_text = line.str();
}

void
HttpServerConnection::ResponseDone()
{
    Report(true);
    if (!m_keepAlive)
    {
        Close();
        return;
    }
    m_phase = Phase::Idle;
    RestartTimer();
}

void
HttpServerConnection::RestartTimer()
{
    m_timer.Remove();
    Time limit = m_phase == Phase::Idle ? m_server->m_keepAliveTimeout : m_server->m_requestTimeout;
    if (!limit.IsZero())
    {
        m_timer = Simulator::Schedule(limit, &HttpServerConnection::HandleTimeout, this);
    }
}

void
HttpServerConnection::HandleTimeout()
{
    Ptr<HttpServerConnection> self(this);
    if (m_server->m_state == HttpServerState::Hung)
    {
        RestartTimer();
        return;
    }
    if (m_phase == Phase::Receiving)
    {
        RespondError(408);
        return;
    }
    Close();
}

void
HttpServerConnection::Report(bool complete)
{
    if (!m_recordOpen)
    {
        return;
    }
    m_recordOpen = false;
    m_record.complete = complete;
    m_record.end = Simulator::Now();
    if (complete)
    {
        ++m_server->m_served;
    }
    m_server->m_servedTrace(m_record);
}

void
HttpServerConnection::Detach()
{
    Ptr<HttpServerConnection> self(this);
    m_timer.Remove();
    m_server->EndService(this);
    m_phase = Phase::Ended;
    m_stream->SetReceiveCallback(ByteStream::EventCallback());
    m_stream->SetSendCallback(ByteStream::EventCallback());
    m_stream->SetEndCallback(ByteStream::EndCallback());
    m_server->Remove(this);
}

void
HttpServerConnection::Close()
{
    Ptr<HttpServerConnection> self(this);
    Report(false);
    Detach();
    m_stream->CloseWithin(Seconds(LINGER_SECONDS));
}

void
HttpServerConnection::Reset()
{
    Ptr<HttpServerConnection> self(this);
    Report(false);
    Detach();
    m_stream->Abort();
}

void
HttpServerConnection::Vanish()
{
    Ptr<HttpServerConnection> self(this);
    Report(false);
    Detach();
    m_stream->Vanish();
}

} // namespace azure
} // namespace ns3
