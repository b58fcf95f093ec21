/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-stream.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// How long closing may take.
constexpr int CLOSE_SECONDS = 60;
/// Bytes that may wait for a peer that does not read.
constexpr size_t MAX_WAITING = 1 << 20;

} // namespace

DnsStream::DnsStream(Ptr<ByteStream> stream, MessageCallback onMessage, EndCallback onEnd)
    : m_stream(stream),
      m_message(onMessage),
      m_end(onEnd)
{
}

void
DnsStream::Start()
{
    m_stream->SetOpenCallback(MakeCallback(&DnsStream::OnSend, this));
    m_stream->SetReceiveCallback(MakeCallback(&DnsStream::OnReceive, this));
    m_stream->SetSendCallback(MakeCallback(&DnsStream::OnSend, this));
    m_stream->SetEndCallback(MakeCallback(&DnsStream::OnEnd, this));
    m_stream->Start();
}

void
DnsStream::Send(const std::vector<uint8_t>& message)
{
    m_out.push_back(static_cast<uint8_t>(message.size() >> 8));
    m_out.push_back(static_cast<uint8_t>(message.size()));
    m_out.insert(m_out.end(), message.begin(), message.end());
    OnSend();
}

void
DnsStream::OnSend()
{
    const auto count = std::min<size_t>(m_out.size(), m_stream->GetTxAvailable());
    if (count > 0 && m_stream->Send(Create<Packet>(m_out.data(), count)))
    {
        m_out.erase(m_out.begin(), m_out.begin() + count);
    }
}

void
DnsStream::OnReceive()
{
    const Ptr<DnsStream> self(this);
    while (const auto packet = m_stream->Recv(UINT32_MAX))
    {
        const auto old = m_in.size();
        m_in.resize(old + packet->GetSize());
        packet->CopyData(m_in.data() + old, packet->GetSize());
        while (m_in.size() >= 2 && m_in.size() - 2 >= static_cast<size_t>(m_in[0] << 8 | m_in[1]))
        {
            const size_t size = m_in[0] << 8 | m_in[1];
            const std::vector<uint8_t> message(m_in.begin() + 2, m_in.begin() + 2 + size);
            m_in.erase(m_in.begin(), m_in.begin() + 2 + size);
            if (m_message.IsNull())
            {
                return;
            }
            const auto callback = m_message; // it may be taken away from within
            callback(message);
        }
        if (m_out.size() > MAX_WAITING)
        {
            OnEnd(ByteStreamEnd::Failed);
            return;
        }
    }
}

void
DnsStream::OnEnd(ByteStreamEnd /* end */)
{
    const Ptr<DnsStream> self(this);
    if (!m_end.IsNull())
    {
        const auto end = m_end;
        end();
    }
}

void
DnsStream::Close()
{
    Detach();
    m_stream->CloseWithin(Seconds(CLOSE_SECONDS));
}

void
DnsStream::Abort()
{
    Detach();
    m_stream->Abort();
}

void
DnsStream::Vanish()
{
    Detach();
    m_stream->Vanish();
}

void
DnsStream::Detach()
{
    m_message = MessageCallback();
    m_end = EndCallback();
}

} // namespace azure
} // namespace ns3
