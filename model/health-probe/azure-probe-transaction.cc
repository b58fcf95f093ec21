/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-probe-transaction.h"

#include "azure-probe-body-search.h"
#include "azure-probe-socket.h"

#include "ns3/azure-http-message.h"
#include "ns3/azure-tls-engine.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

NS_LOG_COMPONENT_DEFINE("AzureProbeTransaction");

namespace
{

/// An answer without a final status line within this many bytes is not HTTP.
constexpr std::size_t MAX_STATUS_LINE = 1024;

/**
 * @brief Reads the status of an HTTP/1.x status line.
 * @param line the line without its end
 * @return the status, 0 when the line is none
 */
uint16_t
ParseStatus(const std::string& line)
{
    // HTTP/1.1 200 OK
    if (line.size() < 12 || line.compare(0, 7, "HTTP/1.") != 0 || line[8] != ' ' ||
        (line.size() > 12 && line[12] != ' ' && line[12] != '\r'))
    {
        return 0;
    }
    uint16_t status = 0;
    for (std::size_t i = 9; i < 12; i++)
    {
        if (line[i] < '0' || line[i] > '9')
        {
            return 0;
        }
        status = status * 10 + (line[i] - '0');
    }
    return status;
}

/**
 * @brief Drops interim answers (RFC 9110, section 15.2) from the beginning of an answer.
 *
 * Nothing is dropped of one that has not arrived whole. 101 is final here: nobody asked for it.
 *
 * @param answer the bytes so far
 * @return status of the interim answer that came last, 0 for none
 */
uint16_t
SkipInterim(std::string& answer)
{
    uint16_t last = 0;
    for (auto end = answer.find('\n'); end != std::string::npos; end = answer.find('\n'))
    {
        const auto status = ParseStatus(answer.substr(0, end));
        if (status < 100 || status > 199 || status == 101)
        {
            break;
        }
        last = status;
        // Up to the empty line, with or without carriage returns.
        auto line = end + 1;
        while (line < answer.size() && answer[line] != '\n' && answer.compare(line, 2, "\r\n") != 0)
        {
            const auto next = answer.find('\n', line);
            line = next == std::string::npos ? answer.size() : next + 1;
        }
        const auto emptyEnd = answer.find('\n', line);
        if (emptyEnd == std::string::npos)
        {
            break;
        }
        answer.erase(0, emptyEnd + 1);
    }
    return last;
}

} // namespace

ProbeTransaction::ProbeTransaction(Ptr<Node> node,
                                   Ptr<NetDevice> device,
                                   Ipv4Address target,
                                   const ProbeSettings& settings,
                                   Ptr<UniformRandomVariable> random)
    : m_node(node),
      m_device(device),
      m_target(target),
      m_settings(settings),
      m_random(random)
{
    if (!settings.body.empty())
    {
        m_search = std::make_unique<ProbeBodySearch>(settings.body);
    }
}

ProbeTransaction::~ProbeTransaction()
{
    Abort(false);
}

void
ProbeTransaction::Start(ResultCallback result, DoneCallback done)
{
    NS_LOG_FUNCTION(this << m_target << m_settings.port);
    m_result = result;
    m_done = done;
    m_start = Simulator::Now();
    m_deadline = Simulator::Schedule(m_settings.timeout, &ProbeTransaction::Expire, this);
    m_socket = ProbeSocket::Connect(m_node,
                                    m_device,
                                    InetSocketAddress(m_target, m_settings.port),
                                    m_settings.timeout);
    if (!m_socket)
    {
        return;
    }
    m_socket->SetConnectCallback(MakeCallback(&ProbeTransaction::HandleConnected, this),
                                 MakeCallback(&ProbeTransaction::HandleClosed, this));
    m_socket->SetCloseCallbacks(MakeCallback(&ProbeTransaction::HandleClosed, this),
                                MakeCallback(&ProbeTransaction::HandleClosed, this));
    m_socket->SetRecvCallback(MakeCallback(&ProbeTransaction::HandleData, this));
}

void
ProbeTransaction::Abort(bool reset)
{
    m_deadline.Cancel();
    m_result = ResultCallback();
    m_done = DoneCallback();
    if (m_socket)
    {
        m_socket->Abandon(reset);
        m_socket = nullptr;
    }
}

Time
ProbeTransaction::GetStartTime() const
{
    return m_start;
}

const std::string&
ProbeTransaction::GetReason() const
{
    return m_reason;
}

void
ProbeTransaction::Expire()
{
    NS_LOG_FUNCTION(this);
    Ptr<ProbeTransaction> self = this; // the callbacks may drop the last reference
    if (m_socket)
    {
        m_socket->Abandon(true);
        m_socket = nullptr;
    }
    if (IsInHandshake())
    {
        m_reason = "no answer in the handshake";
    }
    Report(ProbeOutcome::Timeout, 0);
    Finish();
}

void
ProbeTransaction::HandleConnected(Ptr<Socket>)
{
    NS_LOG_FUNCTION(this);
    m_connected = true;
    switch (m_settings.protocol)
    {
    case ProbeProtocol::Http:
        SendRequest();
        return;
    case ProbeProtocol::Https:
        StartTls();
        return;
    case ProbeProtocol::Tcp:
        break;
    }
    Ptr<ProbeTransaction> self = this;
    Report(ProbeOutcome::Success, 0);
    Close();
}

void
ProbeTransaction::HandleClosed(Ptr<Socket> socket)
{
    NS_LOG_FUNCTION(this);
    Ptr<ProbeTransaction> self = this;
    if (m_socket && m_socket->IsPeerClosed())
    {
        // A FIN may come with the answer: the bytes first.
        HandleData(socket);
        HandleEndWithoutAnswer();
        Close();
        return;
    }
    if (IsInHandshake())
    {
        m_reason = "reset in the handshake";
    }
    Report(ProbeOutcome::Refused, 0);
    Finish();
}

void
ProbeTransaction::HandleEndWithoutAnswer()
{
    if (m_settings.protocol == ProbeProtocol::Tcp || !m_connected)
    {
        return;
    }
    if (IsInHandshake())
    {
        m_tlsFailure = ProbeOutcome::TlsFailed;
        m_reason = "closed in the handshake";
    }
    if (m_tlsFailure)
    {
        Report(*m_tlsFailure, 0);
        return;
    }
    if (m_search)
    {
        m_search->PushEnd();
        Judge();
    }
    Report(ProbeOutcome::BadStatus, m_interim);
}

void
ProbeTransaction::SendRequest()
{
    HttpRequestHead head;
    head.target = m_settings.path;
    std::ostringstream host;
    host << m_settings.host;
    if (m_settings.host.empty())
    {
        host << m_target;
        if (m_settings.port != 80)
        {
            host << ":" << m_settings.port;
        }
    }
    head.fields.Add("Host", host.str());
    if (!m_settings.userAgent.empty())
    {
        head.fields.Add("User-Agent", m_settings.userAgent);
    }
    for (const auto& header : m_settings.headers)
    {
        head.fields.Add(header.name, header.value);
    }
    head.fields.Add("Connection", "close");
    const auto request = HttpSerialize(head);
    auto packet = Create<Packet>(reinterpret_cast<const uint8_t*>(request.data()),
                                 static_cast<uint32_t>(request.size()));
    if (m_tls)
    {
        m_tls->Write(packet);
        FlushTls();
        return;
    }
    m_socket->Send(packet, 0);
}

void
ProbeTransaction::HandleData(Ptr<Socket> socket)
{
    NS_LOG_FUNCTION(this);
    Ptr<ProbeTransaction> self = this;
    while (auto packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        if (m_result.IsNull())
        {
            continue; // of no interest any more, but must not stay in the buffer
        }
        if (m_tls)
        {
            TakeTls(packet);
            continue;
        }
        TakeAnswer(packet);
    }
    if (const auto interim = SkipInterim(m_answer))
    {
        m_interim = interim;
    }
    Judge();
    if (m_tlsEnded)
    {
        HandleEndWithoutAnswer();
        Close();
    }
}

void
ProbeTransaction::TakeAnswer(Ptr<const Packet> packet)
{
    if (m_search)
    {
        m_search->Push(packet);
    }
    if (m_answer.size() >= MAX_STATUS_LINE)
    {
        return;
    }
    const auto wanted = std::min<std::size_t>(packet->GetSize(), MAX_STATUS_LINE);
    std::vector<uint8_t> bytes(wanted);
    packet->CopyData(bytes.data(), static_cast<uint32_t>(wanted));
    m_answer.append(bytes.begin(), bytes.end());
}

void
ProbeTransaction::Judge()
{
    const auto end = m_answer.find('\n');
    if (m_result.IsNull() || (end == std::string::npos && m_answer.size() < MAX_STATUS_LINE))
    {
        return;
    }
    // A line that is longer is no status line.
    const auto status = end == std::string::npos ? 0 : ParseStatus(m_answer.substr(0, end));
    if (status >= 100 && status < 200 && status != 101 && m_answer.size() < MAX_STATUS_LINE)
    {
        return; // its end is still to come
    }
    bool passes = m_settings.Passes(status);
    if (passes && m_search)
    {
        if (m_search->GetState() == ProbeBodySearch::State::Undecided)
        {
            return; // its body is still to come
        }
        passes = m_search->GetState() == ProbeBodySearch::State::Found;
    }
    Report(passes ? ProbeOutcome::Success : ProbeOutcome::BadStatus, status);
}

void
ProbeTransaction::Report(ProbeOutcome outcome, uint16_t status)
{
    if (m_result.IsNull())
    {
        return;
    }
    NS_LOG_LOGIC("Probe of " << m_target << ":" << m_settings.port << " ends as "
                             << ToString(outcome));
    auto result = m_result;
    m_result = ResultCallback();
    result(m_start, outcome, status);
}

void
ProbeTransaction::Close()
{
    if (!m_socket || std::exchange(m_closed, true))
    {
        return;
    }
    if (m_tls && m_tls->IsEstablished())
    {
        m_tls->CloseNotify();
        FlushTls();
    }
    m_socket->Close();
}

void
ProbeTransaction::Finish()
{
    m_deadline.Cancel();
    if (m_socket)
    {
        m_socket->Abandon(false);
        m_socket = nullptr;
    }
    if (m_done.IsNull())
    {
        return;
    }
    auto done = m_done;
    m_done = DoneCallback();
    done(this);
}

} // namespace azure
} // namespace ns3
