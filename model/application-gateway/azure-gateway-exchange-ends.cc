/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// The ways in which a try and an exchange end; the rest is in azure-gateway-exchange.cc.

#include "azure-application-gateway-instance.h"
#include "azure-gateway-backend-pool.h"
#include "azure-gateway-client-connection.h"
#include "azure-gateway-exchange.h"
#include "azure-gateway-heads.h"

#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace azure
{

void
GatewayExchange::Fail(BackendFailure failure)
{
    auto& writer = m_client.GetWriter();
    const bool stale =
        m_backend && m_record.reused && !m_backendReceived && failure == BackendFailure::Connection;
    Release(false);
    if (writer.HasSent())
    {
        m_record.reason = failure == BackendFailure::Timeout ? GatewayAnswerReason::BackendTimeout
                                                             : GatewayAnswerReason::BackendFailed;
        Lose(GatewayExchangeEnd::BackendLost);
        return;
    }
    writer.Cancel();
    m_record.status = 0;
    m_record.responder = GatewayResponder::Nobody;
    m_record.responseBodyBytes = 0;
    m_keepAlive = m_request.head.keepAlive;
    const bool repeatable = m_toBackend.GetBody().CanRewind();
    if (stale && repeatable && RetryPolicy::IsIdempotent(m_request.head.method))
    {
        // The member has closed an idle connection just when it was needed.
        ++m_record.repeats;
        m_fresh = true;
        Connect();
        return;
    }
    if (repeatable)
    {
        m_verdict = m_instance.GetEngine().Retry(m_request, m_verdict, failure, Simulator::Now());
    }
    else
    {
        // Too much of the request has gone to say it again.
        const auto& configuration = m_instance.GetEngine().GetRouter().GetConfiguration();
        m_verdict.timedOut = m_verdict.timedOut || failure == BackendFailure::Timeout;
        m_verdict.status = RetryPolicy({false, false}, configuration.IsV1())
                               .Decide(m_request.head.method, 1, failure, m_verdict.timedOut)
                               .status;
        m_verdict.action = GatewayAction::Answer;
        m_verdict.reason = m_verdict.timedOut ? GatewayAnswerReason::BackendTimeout
                                              : GatewayAnswerReason::BackendFailed;
    }
    Follow();
}

void
GatewayExchange::Answer(HttpResponseHead head, GatewayAnswerReason reason)
{
    const auto page = MakeAnswerPage(head.status);
    head.fields.Add("Content-Type", "text/html");
    head.fields.Add("Content-Length", std::to_string(page.size()));
    if (m_request.head.ExpectsContinue() && !m_continued && !m_requestComplete)
    {
        m_keepAlive = false; // the client may send the body, or not
    }
    m_keepAlive = m_keepAlive && !m_instance.IsRetiring();
    if (!m_keepAlive)
    {
        head.fields.Add("Connection", "close");
    }
    else if (m_request.head.version < 11)
    {
        head.fields.Add("Connection", "keep-alive");
    }
    auto& writer = m_client.GetWriter();
    writer.Begin(HttpSerialize(head), false);
    if (m_request.head.method != "HEAD")
    {
        writer.GetBody().Append(Create<Packet>(reinterpret_cast<const uint8_t*>(page.data()),
                                               static_cast<uint32_t>(page.size())));
    }
    writer.End();
    m_record.status = head.status;
    m_record.responder = GatewayResponder::Gateway;
    m_record.reason = reason;
    m_responseComplete = true;
    m_buffering = false;
    m_discarding = true;
    m_toBackend.Cancel();
}

void
GatewayExchange::Refuse(uint32_t status, GatewayExchangeEnd end)
{
    Release(false);
    if (m_client.GetWriter().HasSent())
    {
        Lose(end);
        return;
    }
    m_client.GetWriter().Cancel();
    m_keepAlive = false;
    m_end = end;
    HttpResponseHead head = GatewayVerdict().MakeAnswer();
    head.status = status;
    Answer(head, GatewayAnswerReason::None);
}

void
GatewayExchange::Lose(GatewayExchangeEnd end)
{
    m_loss = end;
    m_discarding = true;
    m_buffering = false;
}

void
GatewayExchange::Release(bool reusable)
{
    m_silence.Stop();
    m_drained.Stop();
    m_instance.CancelTurn(std::exchange(m_turn, 0));
    if (!m_backend)
    {
        return;
    }
    const auto backend = std::exchange(m_backend, nullptr);
    backend->SetUser(nullptr);
    if (reusable && m_instance.IsAccepting())
    {
        m_instance.Rest(GetPool(), backend);
    }
    else if (m_responseComplete || m_backendEnded || m_tunnel || m_record.backendLastByte)
    {
        CloseStream(*backend->GetStream());
    }
    else
    {
        backend->GetStream()->Abort();
    }
}

void
GatewayExchange::Drain(const BackendDrain& drain)
{
    if (m_verdict.action == GatewayAction::Forward && !m_responseComplete &&
        m_verdict.route.pool == drain.pool && m_verdict.route.setting == drain.setting &&
        m_verdict.tried.back() == drain.member)
    {
        m_drained.Set(drain.until);
    }
}

void
GatewayExchange::HandleDrained()
{
    Ptr<GatewayExchange> self(this);
    Release(false);
    if (m_tunnel || m_client.GetWriter().HasSent())
    {
        Lose(GatewayExchangeEnd::Drained);
    }
    else
    {
        m_client.GetWriter().Cancel();
        m_end = GatewayExchangeEnd::Drained;
        HttpResponseHead head = m_verdict.MakeAnswer();
        head.status = 502;
        Answer(head, GatewayAnswerReason::BackendFailed);
    }
    m_client.Pump();
}

void
GatewayExchange::HandleSilence()
{
    Ptr<GatewayExchange> self(this);
    const bool clientIsAsked =
        !m_tunnel && ((!m_requestComplete && !m_toBackend.IsPending()) || m_clientBlocked);
    if (clientIsAsked)
    {
        m_progress = Simulator::Now();
    }
    const Time due = m_progress + m_verdict.requestTimeout;
    if (Simulator::Now() < due)
    {
        m_silence.Set(due);
        return;
    }
    if (!m_tunnel)
    {
        Fail(BackendFailure::Timeout);
    }
    else if (m_tunnel->IsPending())
    {
        Lose(GatewayExchangeEnd::ClientTimeout); // or the member takes nothing
    }
    else
    {
        m_tunnel->GetDown().End(); // AG-31: a session in which nobody says anything
    }
    m_client.Pump();
}

void
GatewayExchange::StreamReady()
{
    Ptr<GatewayExchange> self(this);
    m_client.Pump();
}

void
GatewayExchange::StreamEnded(ByteStreamEnd end)
{
    Ptr<GatewayExchange> self(this);
    m_backendEnded = true;
    if (end != ByteStreamEnd::Closed)
    {
        m_tunnel ? Lose(GatewayExchangeEnd::BackendLost) : Fail(BackendFailure::Connection);
    }
    else if (m_tunnel)
    {
        m_tunnel->GetDown().End();
    }
    m_client.Pump();
}

void
GatewayExchange::Finish(GatewayExchangeEnd end)
{
    if (std::exchange(m_finished, true))
    {
        return;
    }
    Release(false);
    m_record.end = end;
    m_record.finish = Simulator::Now();
    if (m_tunnel)
    {
        m_record.requestBodyBytes += m_tunnel->GetUp().GetTaken();
        m_record.responseBodyBytes += m_tunnel->GetDown().GetTaken();
    }
    if (m_record.status == 0 && end == GatewayExchangeEnd::ClientClosed)
    {
        m_record.status = 499;
    }
    m_client.Complete(m_record);
    m_instance.Report(m_record);
}

} // namespace azure
} // namespace ns3
