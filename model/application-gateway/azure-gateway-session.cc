/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-session.h"

#include "azure-application-gateway-instance.h"

#include <sstream>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param client a client
 * @param frontend where it connected to
 * @return what says so ahead of its bytes: a line of the PROXY protocol, version 1 (AG-60)
 */
std::string
MakeProxyLine(const InetSocketAddress& client, const InetSocketAddress& frontend)
{
    std::ostringstream line;
    line << "PROXY TCP4 " << client.GetIpv4() << " " << frontend.GetIpv4() << " "
         << client.GetPort() << " " << frontend.GetPort() << "\r\n";
    return line.str();
}

} // namespace

GatewaySession::GatewaySession(ApplicationGatewayInstance& instance,
                               uint64_t key,
                               Ptr<TcpByteStream> stream,
                               const InetSocketAddress& client,
                               const InetSocketAddress& frontend,
                               bool secure)
    : GatewayFrontConnection(key),
      m_instance(instance),
      m_tcp(stream),
      m_client(stream),
      m_backendUser(*this),
      m_phase(secure ? Phase::Opening : Phase::Relaying),
      m_idle([this] { HandleTimeout(); }),
      m_drained([this] { Cut(GatewaySessionEnd::Drained); })
{
    m_record.client = client;
    m_record.frontend = frontend;
    m_record.tls = secure;
    m_record.start = Simulator::Now();
}

GatewaySession::~GatewaySession()
{
    Unwatch(*m_client);
    if (m_backend)
    {
        Unwatch(*m_backend);
    }
}

void
GatewaySession::Start()
{
    Ptr<GatewaySession> self(this);
    if (m_phase == Phase::Opening)
    {
        const auto tls =
            m_instance.AcceptTls(m_tcp, m_record.frontend, m_instance.GetRequestTimeout());
        tls->SetHandshakeCallback(MakeCallback(&GatewaySession::HandleHandshake, this));
        m_client = tls;
    }
    Watch(*m_client);
    m_client->Start();
    if (m_phase == Phase::Relaying)
    {
        Begin();
    }
}

void
GatewaySession::HandleHandshake(const TlsHandshakeRecord& record)
{
    Ptr<GatewaySession> self(this);
    m_record.serverName = record.agreement.serverName;
    if (record.outcome == TlsOutcome::Established)
    {
        m_record.handshakeEnd = Simulator::Now();
        m_accepted = m_instance.AcceptsCertificate(record.agreement, m_record.frontend);
    }
    m_instance.NoteHandshake(record, m_record.client, m_record.frontend, nullptr);
}

void
GatewaySession::Begin()
{
    m_phase = Phase::Relaying;
    GatewaySessionRequest request;
    request.frontend = IpAddress::From(m_record.frontend.GetIpv4());
    request.frontendPort = m_record.frontend.GetPort();
    request.tls = m_record.tls;
    request.serverName = m_record.serverName;
    const auto verdict = m_instance.GetEngine().RouteSession(request, Simulator::Now());
    m_record.listener = verdict.route.listener;
    m_record.rule = verdict.route.rule;
    m_record.pool = verdict.route.pool;
    m_record.setting = verdict.route.setting;
    if (verdict.refusal)
    {
        m_instance.NoteDrop(m_record.frontend,
                            m_record.client,
                            *verdict.refusal == GatewaySessionEnd::NoListener
                                ? GatewayDropReason::NoListener
                                : GatewayDropReason::NoMember);
        Cut(*verdict.refusal);
        return;
    }
    m_record.member = verdict.memberText;
    m_record.backendTls = verdict.backendTls;
    m_record.backendStart = Simulator::Now();
    m_timeout = verdict.timeout;
    m_backend = m_instance.ConnectSession(
        verdict,
        verdict.preservesClientIp ? MakeProxyLine(m_record.client, m_record.frontend) : "",
        m_record.backendLocal,
        m_record.backend);
    if (!m_backend)
    {
        Cut(GatewaySessionEnd::BackendRefused);
        return;
    }
    m_backendUser.Follow(*m_backend);
    const auto capacity = m_instance.GetStreamCapacity();
    m_relay = std::make_unique<GatewayRelay>(m_client, m_backend, capacity, capacity);
    Pump();
}

void
GatewaySession::Pump()
{
    if (m_phase != Phase::Relaying)
    {
        return;
    }
    if (!m_record.backendConnect && m_backend->IsOpen())
    {
        m_record.backendConnect = Simulator::Now();
        m_relay->Touch();
    }
    m_relay->Step();
    if (m_relay->GetUp().IsDone() && m_relay->GetDown().IsDone())
    {
        Close(GatewaySessionEnd::Complete);
        return;
    }
    m_idle.Set(GetDeadline());
}

Time
GatewaySession::GetDeadline() const
{
    return (m_record.backendConnect ? m_relay->GetProgress() : *m_record.backendStart) + m_timeout;
}

void
GatewaySession::HandleTimeout()
{
    if (Simulator::Now() < GetDeadline())
    {
        m_idle.Set(GetDeadline());
    }
    else if (!m_record.backendConnect)
    {
        Cut(GatewaySessionEnd::BackendTimeout);
    }
    else if (m_relay->IsPending())
    {
        Cut(GatewaySessionEnd::IdleTimeout); // a part must not pass for all of it
    }
    else
    {
        Close(GatewaySessionEnd::IdleTimeout);
    }
}

void
GatewaySession::StreamReady()
{
    Ptr<GatewaySession> self(this);
    if (m_phase == Phase::Opening)
    {
        if (!m_client->IsOpen())
        {
            return;
        }
        if (!m_accepted)
        {
            m_instance.NoteDrop(m_record.frontend, m_record.client, GatewayDropReason::TlsFailed);
            Cut(GatewaySessionEnd::ClientTlsFailed);
            return;
        }
        Begin();
    }
    Pump();
}

void
GatewaySession::StreamEnded(ByteStreamEnd end)
{
    Ptr<GatewaySession> self(this);
    if (end == ByteStreamEnd::Closed && m_relay)
    {
        m_relay->GetUp().End();
        Pump();
        return;
    }
    const auto client = m_client;
    const auto backend = m_backend;
    const bool failed = m_record.tls && !m_record.handshakeEnd;
    Leave(failed ? GatewaySessionEnd::ClientTlsFailed : GatewaySessionEnd::ClientLost);
    LetGoOfStream(*client, end);
    if (backend)
    {
        backend->Abort();
    }
}

void
GatewaySession::BackendUser::StreamReady()
{
    Ptr<GatewaySession> self(&session);
    session.Pump();
}

void
GatewaySession::BackendUser::StreamEnded(ByteStreamEnd end)
{
    Ptr<GatewaySession> self(&session);
    if (end == ByteStreamEnd::Closed)
    {
        session.m_relay->GetDown().End();
        session.Pump();
    }
    else
    {
        session.HandleBackendLoss(end);
    }
}

void
GatewaySession::HandleBackendLoss(ByteStreamEnd end)
{
    const auto backend = m_backend;
    auto why = GatewaySessionEnd::BackendLost;
    if (!m_record.backendConnect)
    {
        const bool timedOut = end == ByteStreamEnd::TimedOut;
        const bool tls = end == ByteStreamEnd::Failed || end == ByteStreamEnd::Truncated;
        why = timedOut
                  ? GatewaySessionEnd::BackendTimeout
                  : (tls ? GatewaySessionEnd::BackendTlsFailed : GatewaySessionEnd::BackendRefused);
    }
    Leave(why);
    m_client->Abort();
    LetGoOfStream(*backend, end);
}

void
GatewaySession::Drain(const BackendDrain& drain)
{
    if (m_relay && m_record.pool == drain.pool && m_record.setting == drain.setting &&
        m_record.member == drain.member)
    {
        m_drained.Set(drain.until);
    }
}

void
GatewaySession::Stop()
{
    Close(GatewaySessionEnd::Stopped);
}

void
GatewaySession::Cut()
{
    Cut(GatewaySessionEnd::Drained);
}

std::optional<uint32_t>
GatewaySession::GetSetting() const
{
    return m_relay ? m_record.setting : std::nullopt;
}

const TcpByteStream&
GatewaySession::GetTcp() const
{
    return *m_tcp;
}

void
GatewaySession::Vanish()
{
    Ptr<GatewaySession> self(this);
    Leave(GatewaySessionEnd::Stopped);
    m_client->Vanish();
    if (m_backend)
    {
        m_backend->Vanish();
    }
}

void
GatewaySession::Close(GatewaySessionEnd end)
{
    Ptr<GatewaySession> self(this);
    Leave(end);
    CloseStream(*m_client);
    if (m_backend)
    {
        CloseStream(*m_backend);
    }
}

void
GatewaySession::Cut(GatewaySessionEnd end)
{
    Ptr<GatewaySession> self(this);
    Leave(end);
    m_client->Abort();
    if (m_backend)
    {
        m_backend->Abort();
    }
}

void
GatewaySession::Leave(GatewaySessionEnd end)
{
    Ptr<GatewaySession> self(this);
    m_phase = Phase::Ended;
    m_idle.Stop();
    m_drained.Stop();
    Unwatch(*m_client);
    m_record.end = end;
    m_record.finish = Simulator::Now();
    m_record.clientRtt = m_client->GetRtt();
    if (m_backend)
    {
        Unwatch(*m_backend);
    }
    if (m_relay)
    {
        m_record.bytesFromClient = m_relay->GetUp().GetTaken();
        m_record.bytesToBackend = m_relay->GetUp().GetGiven();
        m_record.bytesFromBackend = m_relay->GetDown().GetTaken();
        m_record.bytesToClient = m_relay->GetDown().GetGiven();
        m_record.backendFirstByte = m_relay->GetDown().GetFirstByte();
    }
    m_instance.ReportSession(m_record);
    m_instance.Remove(*this);
}

} // namespace azure
} // namespace ns3
