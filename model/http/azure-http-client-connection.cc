/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-client-connection.h"

#include "ns3/azure-tcp-preset.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureHttpClientConnection");

namespace
{

/// How long an orderly close may take, as Linux's tcp_fin_timeout.
const int64_t LINGER_SECONDS = 60;

} // namespace

HttpClientConnection::HttpClientConnection(HttpClient* client, uint64_t key, uint32_t user)
    : m_client(client),
      m_key(key),
      m_user(user),
      m_parser(HttpRole::Response)
{
}

uint64_t
HttpClientConnection::GetKey() const
{
    return m_key;
}

uint32_t
HttpClientConnection::GetUser() const
{
    return m_user;
}

void
HttpClientConnection::Open(const HttpRequestRecord& record)
{
    Ptr<HttpClientConnection> self(this);
    m_record = record;
    if (record.remoteHost.empty())
    {
        Connect();
        return;
    }
    m_phase = Phase::Resolving;
    m_record.dnsStart = Simulator::Now();
    m_resolver = m_client->GetNode()->GetObject<HostResolver>();
    if (!m_resolver)
    {
        HandleResolved({record.remoteHost, {}, "NoResolver"});
        return;
    }
    m_lookup = m_resolver->LookUpHost(record.remoteHost,
                                      MakeCallback(&HttpClientConnection::HandleResolved, this));
}

void
HttpClientConnection::HandleResolved(const HostLookup& lookup)
{
    Ptr<HttpClientConnection> self(this);
    m_record.dnsEnd = Simulator::Now();
    m_record.dnsStatus = lookup.status;
    m_hosts = lookup.addresses;
    if (m_hosts.empty())
    {
        Fail(HttpOutcome::NotResolved);
        return;
    }
    m_record.remote = InetSocketAddress(m_hosts[0], m_record.remote.GetPort());
    Connect();
}

bool
HttpClientConnection::ConnectNext()
{
    if (m_record.failedAddresses + 1 >= m_hosts.size())
    {
        return false;
    }
    m_timer.Remove();
    Ignore();
    m_stream->Vanish();
    ++m_record.failedAddresses;
    m_record.remote =
        InetSocketAddress(m_hosts[m_record.failedAddresses], m_record.remote.GetPort());
    Connect();
    return true;
}

void
HttpClientConnection::Connect()
{
    m_phase = Phase::Connecting;
    m_record.connectStart = Simulator::Now();
    auto socket = TcpPresetSocketFactory::CreateOn(m_client->GetNode());
    m_tcp = Create<TcpByteStream>(socket, m_client->IsTlsEnabled());
    m_stream = m_tcp;
    Watch(MakeCallback(&HttpClientConnection::HandleConnected, this));
    m_stream->Start();
    if (socket->Bind() != 0 || socket->Connect(m_record.remote) != 0)
    {
        m_record.connectStart = std::nullopt;
        Fail(HttpOutcome::NoAddress);
        return;
    }
    m_record.local = m_stream->GetLocal();
    if (!m_client->m_connectTimeout.IsZero())
    {
        m_timer = Simulator::Schedule(m_client->m_connectTimeout,
                                      &HttpClientConnection::HandleTimeout,
                                      this);
    }
}

void
HttpClientConnection::Reuse(const HttpRequestRecord& record)
{
    Ptr<HttpClientConnection> self(this);
    m_timer.Remove();
    const auto local = m_record.local;
    const auto remote = m_record.remote;
    m_record = record;
    m_record.local = local;
    m_record.remote = remote;
    m_record.reused = true;
    SendRequest();
}

void
HttpClientConnection::Watch(ByteStream::EventCallback open)
{
    m_stream->SetOpenCallback(open);
    m_stream->SetReceiveCallback(MakeCallback(&HttpClientConnection::HandleReceive, this));
    m_stream->SetSendCallback(MakeCallback(&HttpClientConnection::HandleSend, this));
    m_stream->SetEndCallback(MakeCallback(&HttpClientConnection::HandleEnd, this));
}

void
HttpClientConnection::HandleConnected()
{
    Ptr<HttpClientConnection> self(this);
    m_timer.Remove();
    m_record.connectEnd = Simulator::Now();
    if (!m_client->IsTlsEnabled())
    {
        SendRequest();
        return;
    }
    m_phase = Phase::Securing;
    if (!m_client->m_connectTimeout.IsZero())
    {
        m_timer = Simulator::Schedule(m_client->m_connectTimeout,
                                      &HttpClientConnection::HandleTimeout,
                                      this);
    }
    m_stream =
        Create<TlsConnection>(m_tcp, m_client->MakeTls(m_record.host), m_client->m_tlsRandom);
    Watch(MakeCallback(&HttpClientConnection::HandleOpen, this));
    m_stream->Start();
}

void
HttpClientConnection::HandleOpen()
{
    Ptr<HttpClientConnection> self(this);
    m_timer.Remove();
    m_record.tlsEnd = Simulator::Now();
    SendRequest();
}

void
HttpClientConnection::SendRequest()
{
    m_phase = Phase::Waiting;
    const auto size = HttpBodyBytes(m_client->m_bodySize->GetValue());
    HttpRequestHead head;
    head.method = m_record.method;
    head.target = m_record.path;
    head.fields.Add("Host", m_record.host);
    head.fields.Add("X-Request-Id", m_record.GetRequestId());
    // RFC 9110, section 8.6: methods that usually carry a body say so when there is none.
    const bool expectsBody =
        head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (size > 0 || expectsBody)
    {
        head.fields.Add("Content-Length", std::to_string(size));
    }
    if (!m_client->m_keepAlive)
    {
        head.fields.Add("Connection", "close");
    }
    m_parser.SetRequestMethod(m_record.method);
    m_text = HttpSerialize(head);
    m_bodyLeft = size;
    m_record.requestBytes = m_text.size() + m_bodyLeft;
    m_record.sent = Simulator::Now();
    if (!m_client->m_responseTimeout.IsZero())
    {
        m_timer = Simulator::Schedule(m_client->m_responseTimeout,
                                      &HttpClientConnection::HandleTimeout,
                                      this);
    }
    SendBody();
}

void
HttpClientConnection::SendBody()
{
    while (!m_text.empty() || m_bodyLeft > 0)
    {
        uint64_t available = m_stream->GetTxAvailable();
        auto take = std::min<uint64_t>(available, m_text.empty() ? m_bodyLeft : m_text.size());
        if (take == 0)
        {
            return;
        }
        auto packet = m_text.empty()
                          ? Create<Packet>(static_cast<uint32_t>(take))
                          : Create<Packet>(reinterpret_cast<const uint8_t*>(m_text.data()),
                                           static_cast<uint32_t>(take));
        if (!m_stream->Send(packet))
        {
            return;
        }
        if (m_text.empty())
        {
            m_bodyLeft -= take;
        }
        else
        {
            m_text.erase(0, take);
        }
    }
}

void
HttpClientConnection::HandleSend()
{
    if (m_phase == Phase::Waiting)
    {
        SendBody();
    }
}

void
HttpClientConnection::HandleReceive()
{
    Ptr<HttpClientConnection> self(this);
    while (m_phase != Phase::Ended)
    {
        auto packet = m_stream->Recv(UINT32_MAX);
        if (!packet)
        {
            return;
        }
        if (m_phase == Phase::Idle)
        {
            // Nothing was asked for.
            Detach();
            m_stream->Abort();
            return;
        }
        if (!m_record.firstByte)
        {
            m_record.firstByte = Simulator::Now();
        }
        m_record.responseBytes += packet->GetSize();
        m_parser.Push(packet);
        Process();
    }
}

void
HttpClientConnection::Process()
{
    while (m_phase == Phase::Waiting)
    {
        switch (m_parser.Next())
        {
        case HttpEvent::NeedInput:
            return;
        case HttpEvent::Head: {
            const auto& head = m_parser.GetResponse();
            m_record.status = head.status;
            m_record.servedBy = head.fields.Get("X-Served-By");
            if (m_record.servedBy.empty())
            {
                m_record.servedBy = head.fields.Get("Server");
            }
            m_keepAlive = head.keepAlive && m_client->m_keepAlive;
            break;
        }
        case HttpEvent::Body:
            m_record.bodyBytes += m_parser.GetBodyBytes();
            break;
        case HttpEvent::Complete:
            if (m_record.status >= 200)
            {
                ResponseDone();
                return;
            }
            break;
        case HttpEvent::Error:
            Fail(m_parser.GetError().code == HttpErrorCode::UnexpectedEnd
                     ? HttpOutcome::ClosedEarly
                     : HttpOutcome::BadResponse);
            return;
        }
    }
}

void
HttpClientConnection::ResponseDone()
{
    m_timer.Remove();
    m_record.lastByte = m_record.end = Simulator::Now();
    m_record.outcome = m_record.status < 400 ? HttpOutcome::Ok : HttpOutcome::HttpError;
    // An answer that came before the request was sent, or bytes nobody asked for: start afresh.
    bool clean = m_bodyLeft == 0 && m_text.empty() && m_parser.GetQueuedBytes() == 0;
    if (m_keepAlive && clean && m_tcp->GetSocket()->GetState() == TcpSocket::ESTABLISHED)
    {
        m_phase = Phase::Idle;
        if (!m_client->m_idleTimeout.IsZero())
        {
            m_timer = Simulator::Schedule(m_client->m_idleTimeout,
                                          &HttpClientConnection::HandleTimeout,
                                          this);
        }
        m_client->AddIdle(this);
    }
    else if (m_keepAlive || !clean)
    {
        Detach();
        m_stream->CloseWithin(Seconds(LINGER_SECONDS));
    }
    else
    {
        // The server closes first, so that TIME_WAIT and its port are the server's.
        m_phase = Phase::Idle;
        m_timer = Simulator::Schedule(Seconds(LINGER_SECONDS),
                                      &HttpClientConnection::HandleTimeout,
                                      this);
        if (m_tcp->GetSocket()->GetState() != TcpSocket::ESTABLISHED)
        {
            Detach();
            m_stream->CloseWithin(Seconds(LINGER_SECONDS));
        }
    }
    m_client->Finish(m_record);
}

void
HttpClientConnection::HandleEnd(ByteStreamEnd end)
{
    Ptr<HttpClientConnection> self(this);
    const bool orderly = end == ByteStreamEnd::Closed;
    if (orderly && m_phase == Phase::Waiting)
    {
        HandleReceive();
        m_parser.PushEnd();
        Process();
    }
    switch (m_phase)
    {
    case Phase::Resolving:
        break; // there is no connection yet
    case Phase::Connecting:
        Fail(end == ByteStreamEnd::TimedOut ? HttpOutcome::ConnectTimeout : HttpOutcome::Refused);
        break;
    case Phase::Securing:
        Fail(end == ByteStreamEnd::Reset ? HttpOutcome::Reset : HttpOutcome::TlsFailed);
        break;
    case Phase::Waiting:
        Fail(end == ByteStreamEnd::Reset    ? HttpOutcome::Reset
             : end == ByteStreamEnd::Failed ? HttpOutcome::TlsFailed
                                            : HttpOutcome::ClosedEarly);
        break;
    case Phase::Idle:
        Detach();
        end == ByteStreamEnd::Reset ? m_stream->Vanish()
                                    : m_stream->CloseWithin(Seconds(LINGER_SECONDS));
        break;
    case Phase::Ended:
        break;
    }
}

void
HttpClientConnection::HandleTimeout()
{
    Ptr<HttpClientConnection> self(this);
    switch (m_phase)
    {
    case Phase::Connecting:
    case Phase::Securing:
        Fail(HttpOutcome::ConnectTimeout);
        break;
    case Phase::Waiting:
        Fail(HttpOutcome::Timeout);
        break;
    default:
        Detach();
        m_stream->CloseWithin(Seconds(LINGER_SECONDS));
    }
}

void
HttpClientConnection::Stop()
{
    Ptr<HttpClientConnection> self(this);
    if (m_phase == Phase::Idle)
    {
        Detach();
        m_stream->CloseWithin(Seconds(LINGER_SECONDS));
        return;
    }
    Fail(HttpOutcome::Aborted);
}

void
HttpClientConnection::Fail(HttpOutcome outcome)
{
    Ptr<HttpClientConnection> self(this);
    const bool connecting = m_phase == Phase::Connecting;
    if (connecting && outcome != HttpOutcome::Aborted && ConnectNext())
    {
        return;
    }
    Detach();
    if (!m_stream)
    {
        // Nobody knows where to.
    }
    else if (connecting)
    {
        // Linux sends nothing when an unfinished handshake is given up.
        m_stream->Vanish();
    }
    else if (outcome == HttpOutcome::Reset)
    {
        m_stream->Vanish();
    }
    else if (outcome == HttpOutcome::BadResponse)
    {
        m_stream->Abort();
    }
    else
    {
        m_stream->CloseWithin(Seconds(LINGER_SECONDS));
    }
    m_record.end = Simulator::Now();
    m_record.outcome = outcome;
    m_client->Finish(m_record);
}

void
HttpClientConnection::Ignore()
{
    m_stream->SetOpenCallback(ByteStream::EventCallback());
    m_stream->SetReceiveCallback(ByteStream::EventCallback());
    m_stream->SetSendCallback(ByteStream::EventCallback());
    m_stream->SetEndCallback(ByteStream::EndCallback());
}

void
HttpClientConnection::Detach()
{
    Ptr<HttpClientConnection> self(this);
    m_timer.Remove();
    m_phase = Phase::Ended;
    if (m_resolver)
    {
        m_resolver->Cancel(m_lookup);
    }
    if (m_stream)
    {
        Ignore();
    }
    m_client->Remove(this);
}

} // namespace azure
} // namespace ns3
