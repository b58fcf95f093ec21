/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The ways in which a try and an exchange end are in azure-gateway-exchange-ends.cc.

#include "azure-gateway-exchange.h"

#include "azure-application-gateway-instance.h"
#include "azure-gateway-backend-pool.h"
#include "azure-gateway-client-connection.h"
#include "azure-gateway-heads.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/// Interim responses that are passed on for one request; a member that sends more is broken.
constexpr uint32_t MAX_INTERIM_RESPONSES = 32;

} // namespace

GatewayExchange::GatewayExchange(ApplicationGatewayInstance& instance,
                                 GatewayClientConnection& client,
                                 Time start)
    : m_instance(instance),
      m_client(client),
      m_toBackend(instance.GetRequestCapacity(), true),
      m_silence([this] { HandleSilence(); }),
      m_drained([this] { HandleDrained(); })
{
    m_record.start = start;
}

GatewayExchange::~GatewayExchange()
{
    if (m_backend)
    {
        m_backend->SetUser(nullptr);
    }
}

void
GatewayExchange::Begin(const HttpRequestHead& head, const GatewayRequest& request)
{
    m_request = request;
    m_request.head = head;
    m_request.receivedBytes = head.headBytes + head.contentLength;
    m_keepAlive = head.keepAlive;
    m_record.method = head.method;
    m_record.host = head.fields.Get("Host");
    m_record.target = head.target;
    m_record.requestId = head.fields.Get("X-Request-Id");
    if (const auto status = CheckRequestHead(head))
    {
        Refuse(status, GatewayExchangeEnd::BadRequest);
        return;
    }
    m_turn = m_instance.TakeTurn(MakeCallback(&GatewayExchange::HandleTurn, this));
    if (m_turn == 0)
    {
        Decide();
    }
}

void
GatewayExchange::HandleTurn()
{
    Ptr<GatewayExchange> self(this);
    m_turn = 0;
    Decide();
    m_client.Pump();
}

void
GatewayExchange::Decide()
{
    const auto& global = m_instance.GetEngine().GetRouter().GetConfiguration().globalConfiguration;
    m_buffering = global.enableRequestBuffering && m_request.head.framing != HttpFraming::None &&
                  !m_requestComplete && m_toBackend.GetBody().GetRoom() > 0;
    m_verdict = m_instance.GetEngine().Route(m_request, Simulator::Now());
    Follow();
}

void
GatewayExchange::Note()
{
    m_record.traceId = m_verdict.traceId;
    m_record.listener = m_verdict.route.listener;
    m_record.rule = m_verdict.route.rule;
    m_record.pathRule = m_verdict.route.pathRule;
    m_record.pool = m_verdict.route.pool;
    m_record.setting = m_verdict.route.setting;
    m_record.retries =
        static_cast<uint32_t>(m_verdict.tried.empty() ? 0 : m_verdict.tried.size() - 1);
    if (m_verdict.action == GatewayAction::Forward)
    {
        m_record.member = m_verdict.tried.back();
    }
}

void
GatewayExchange::Follow()
{
    Note();
    switch (m_verdict.action)
    {
    case GatewayAction::Refuse:
        Lose(GatewayExchangeEnd::BadRequest);
        break;
    case GatewayAction::Answer:
        // Nothing good can follow on a connection that should have been TLS.
        m_keepAlive = m_keepAlive && m_verdict.reason != GatewayAnswerReason::WrongProtocol;
        Answer(m_verdict.MakeAnswer(), m_verdict.reason);
        break;
    case GatewayAction::Forward:
        if (m_request.head.ExpectsContinue() && m_request.head.framing != HttpFraming::None &&
            !m_continued)
        {
            m_continued = true;
            m_client.GetWriter().AddInterim("HTTP/1.1 100 Continue\r\n\r\n");
        }
        if (m_verdict.drainEnd)
        {
            m_drained.Set(*m_verdict.drainEnd);
        }
        if (!m_buffering)
        {
            Connect();
        }
        break;
    }
}

void
GatewayExchange::Connect()
{
    const auto key = m_instance.MakeBackendKey(m_verdict);
    if (!std::exchange(m_fresh, false))
    {
        m_backend = m_instance.TakeBackend(GetPool(), m_verdict, key);
    }
    m_record.reused = m_backend != nullptr;
    m_record.backendStart = Simulator::Now();
    m_record.backendConnect.reset();
    m_record.backendFirstByte.reset();
    m_record.backendLastByte.reset();
    m_backendEnded = false;
    m_backendEndPushed = false;
    m_backendReceived = false;
    m_interims = 0;
    m_progress = Simulator::Now();
    const auto head = MakeBackendHead(m_verdict, m_request.head);
    if (m_begun)
    {
        m_toBackend.Repeat(head.text);
    }
    else
    {
        m_begun = true;
        m_toBackend.Begin(head.text, head.chunked);
        if (m_requestComplete)
        {
            m_toBackend.End();
        }
    }
    if (!m_backend)
    {
        m_backend = m_instance.ConnectBackend(m_verdict, key);
    }
    if (!m_backend)
    {
        Fail(BackendFailure::Connection);
        return;
    }
    m_record.backendLocal = m_backend->GetLocal();
    m_record.backend = m_backend->GetRemote();
    m_backend->GetParser().SetRequestMethod(m_request.head.method);
    m_backend->SetUser(this);
    m_silence.Set(Simulator::Now() + m_verdict.requestTimeout);
}

GatewayBackendPool&
GatewayExchange::GetPool()
{
    const auto& configuration = m_instance.GetEngine().GetRouter().GetConfiguration();
    return configuration.backendHttpSettingsCollection[*m_verdict.route.setting]
                   .dedicatedBackendConnection
               ? m_client.GetDedicatedPool()
               : m_instance.GetBackendPool();
}

uint64_t
GatewayExchange::GetRequestRoom() const
{
    if (m_discarding)
    {
        return GATEWAY_READ_BYTES;
    }
    return const_cast<GatewayExchange*>(this)->m_toBackend.GetBody().GetRoom();
}

void
GatewayExchange::TakeBody(Ptr<Packet> body)
{
    m_record.requestBodyBytes += body->GetSize();
    if (m_discarding)
    {
        return;
    }
    if (m_toBackend.GetBody().GetUntaken() == 0)
    {
        m_progress = Simulator::Now(); // until now the member has waited, not the gateway
    }
    m_toBackend.GetBody().Append(body);
    if (m_buffering && m_toBackend.GetBody().GetRoom() == 0)
    {
        // More than the gateway stores: the member gets the rest as it comes.
        m_buffering = false;
        Connect();
    }
}

void
GatewayExchange::CompleteRequest()
{
    m_requestComplete = true;
    m_record.requestEnd = Simulator::Now();
    if (m_discarding)
    {
        return;
    }
    m_toBackend.End();
    if (std::exchange(m_buffering, false))
    {
        Connect();
    }
}

bool
GatewayExchange::Step()
{
    if (!m_backend)
    {
        return false;
    }
    if (m_tunnel)
    {
        return StepTunnel();
    }
    if (m_client.GetWriter().HasSent())
    {
        m_toBackend.GetBody().Forget();
    }
    const bool sent = SendRequest();
    return ReadResponse() || sent;
}

bool
GatewayExchange::SendRequest()
{
    if (!m_backend->GetStream()->IsOpen())
    {
        return false;
    }
    if (!m_record.backendConnect)
    {
        m_record.backendConnect = Simulator::Now();
    }
    if (!m_toBackend.Flush(*m_backend->GetStream()))
    {
        return false;
    }
    m_progress = Simulator::Now();
    return true;
}

bool
GatewayExchange::ReadResponse()
{
    auto& body = m_client.GetWriter().GetBody();
    bool moved = false;
    while (m_backend && !m_tunnel)
    {
        m_clientBlocked = body.GetRoom() == 0;
        if (m_clientBlocked)
        {
            return moved;
        }
        auto& parser = m_backend->GetParser();
        switch (parser.Next())
        {
        case HttpEvent::NeedInput:
            if (auto packet = m_backend->GetStream()->Recv(GATEWAY_READ_BYTES))
            {
                m_backendReceived = true;
                m_record.backendFirstByte = m_record.backendFirstByte.value_or(Simulator::Now());
                m_progress = Simulator::Now();
                parser.Push(packet);
            }
            else if (!m_backendEnded)
            {
                return moved;
            }
            else if (!m_backendEndPushed)
            {
                m_backendEndPushed = true;
                parser.PushEnd();
            }
            else
            {
                Fail(BackendFailure::Connection);
                return true;
            }
            break;
        case HttpEvent::Head:
            if (!HandleHead())
            {
                return true;
            }
            break;
        case HttpEvent::Body:
            m_record.responseBodyBytes += parser.GetBodyBytes();
            body.Append(parser.GetBody());
            break;
        case HttpEvent::Complete:
            if (parser.GetResponse().status >= 200)
            {
                HandleResponseEnd();
                return true;
            }
            break;
        case HttpEvent::Error:
            Fail(parser.GetError().code == HttpErrorCode::UnexpectedEnd ? BackendFailure::Connection
                                                                        : BackendFailure::Protocol);
            return true;
        }
        moved = true;
    }
    return moved;
}

bool
GatewayExchange::HandleHead()
{
    const auto& head = m_backend->GetParser().GetResponse();
    if (head.status >= 200)
    {
        BeginResponse();
        return true;
    }
    const bool upgrade = head.status == 101;
    const bool agreed = m_verdict.route.webSocket && m_requestComplete && !m_toBackend.IsPending();
    if (head.status < 100 || (upgrade && !agreed) || ++m_interims > MAX_INTERIM_RESPONSES)
    {
        Fail(BackendFailure::Protocol);
        return false;
    }
    if (upgrade)
    {
        BeginTunnel();
        return false;
    }
    // Nobody has asked the gateway for a 100: it has answered for itself.
    if (head.status != 100 && m_request.head.version >= 11)
    {
        HttpResponseHead interim = head;
        RemoveConnectionFields(interim);
        m_client.GetWriter().AddInterim(HttpSerialize(interim));
    }
    return true;
}

void
GatewayExchange::BeginResponse()
{
    const auto& original = m_backend->GetParser().GetResponse();
    HttpResponseHead response = original;
    RemoveConnectionFields(response);
    m_instance.GetEngine().FinishResponse(m_request, m_verdict, response);
    m_keepAlive = m_keepAlive && !m_instance.IsRetiring();
    m_record.status = response.status;
    m_record.responder = GatewayResponder::Backend;
    const auto head = MakeClientHead(std::move(response), original, m_request.head, m_keepAlive);
    m_client.GetWriter().Begin(head.text, head.chunked);
}

void
GatewayExchange::BeginTunnel()
{
    HttpResponseHead response = m_backend->GetParser().GetResponse();
    m_instance.GetEngine().FinishResponse(m_request, m_verdict, response);
    response.version = 11;
    m_record.status = response.status;
    m_record.responder = GatewayResponder::Backend;
    m_record.webSocket = true;
    m_keepAlive = false;
    m_toBackend.Cancel();
    m_tunnel = std::make_unique<GatewayRelay>(m_client.GetStream(),
                                              m_backend->GetStream(),
                                              m_instance.GetRequestCapacity(),
                                              m_instance.GetResponseCapacity());
    const auto head = HttpSerialize(response);
    m_tunnel->GetDown().Insert(Create<Packet>(reinterpret_cast<const uint8_t*>(head.data()),
                                              static_cast<uint32_t>(head.size())));
    // What came behind the handshake belongs to the tunnel already.
    m_tunnel->GetDown().Put(m_backend->GetParser().TakeQueued());
    m_tunnel->GetUp().Put(m_client.TakeQueued());
    if (m_backendEnded)
    {
        m_tunnel->GetDown().End();
    }
}

void
GatewayExchange::HandleResponseEnd()
{
    const auto& parser = m_backend->GetParser();
    const bool excess = parser.GetQueuedBytes() > 0 || m_backend->GetStream()->HasUnread();
    if (excess && !m_client.GetWriter().HasSent())
    {
        Fail(BackendFailure::Protocol);
        return;
    }
    m_record.backendLastByte = Simulator::Now();
    if (excess)
    {
        m_keepAlive = false;
    }
    Release(parser.GetResponse().keepAlive && m_toBackend.IsDone() && !excess && !m_backendEnded);
    m_client.GetWriter().End();
    m_responseComplete = true;
    m_discarding = true;
}

bool
GatewayExchange::StepTunnel()
{
    if (m_client.GetWriter().IsPending())
    {
        return false; // interim responses go ahead
    }
    const bool moved = m_tunnel->Step();
    m_progress = m_tunnel->GetProgress();
    const bool clientDone = m_tunnel->GetUp().IsDone();
    if (clientDone || m_tunnel->GetDown().IsDone())
    {
        // Whoever ends it ends it for both.
        m_end = clientDone ? GatewayExchangeEnd::ClientClosed : GatewayExchangeEnd::Complete;
        m_responseComplete = true;
        Release(false);
        return true;
    }
    return moved;
}

void
GatewayExchange::EndClient()
{
    if (m_tunnel)
    {
        m_tunnel->GetUp().End();
    }
}

bool
GatewayExchange::IsOver() const
{
    return m_responseComplete && (m_requestComplete || !m_keepAlive);
}

std::optional<GatewayExchangeEnd>
GatewayExchange::GetLoss() const
{
    return m_loss;
}

GatewayExchangeEnd
GatewayExchange::GetEnd() const
{
    return m_end;
}

bool
GatewayExchange::IsKeepAlive() const
{
    return m_keepAlive;
}

std::optional<uint32_t>
GatewayExchange::GetSetting() const
{
    return m_verdict.route.setting;
}

bool
GatewayExchange::IsTunnel() const
{
    return m_tunnel != nullptr;
}

} // namespace azure
} // namespace ns3
