/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-message-writer.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace azure
{

namespace
{

/// Most bytes of framing of one chunk: eight digits and two line ends.
constexpr uint32_t CHUNK_FRAMING_BYTES = 12;

/**
 * @param text some text
 * @return a packet with it
 */
Ptr<Packet>
MakeGatewayPacket(const std::string& text)
{
    return Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()),
                          static_cast<uint32_t>(text.size()));
}

/**
 * @param body a piece of a body
 * @return a chunk with it
 */
Ptr<Packet>
MakeGatewayChunk(Ptr<Packet> body)
{
    char line[CHUNK_FRAMING_BYTES];
    std::snprintf(line, sizeof(line), "%x\r\n", body->GetSize());
    auto chunk = MakeGatewayPacket(line);
    chunk->AddAtEnd(body);
    chunk->AddAtEnd(MakeGatewayPacket("\r\n"));
    return chunk;
}

} // namespace

GatewayMessageWriter::GatewayMessageWriter(uint64_t capacity, bool keep)
    : m_body(capacity, keep)
{
}

void
GatewayMessageWriter::AddInterim(const std::string& text)
{
    m_interim += text;
}

void
GatewayMessageWriter::Begin(const std::string& head, bool chunked)
{
    m_head = head;
    m_chunked = chunked;
    m_begun = true;
    m_sent = false;
    m_ended = false;
    m_tailed = false;
}

void
GatewayMessageWriter::Repeat(const std::string& head)
{
    m_body.Rewind();
    m_head = head;
    m_sent = false;
    m_tailed = false;
}

void
GatewayMessageWriter::End()
{
    m_ended = true;
}

void
GatewayMessageWriter::Cancel()
{
    m_begun = false;
    m_ended = false;
    m_head.clear();
    m_body.Clear();
}

GatewayBodyBuffer&
GatewayMessageWriter::GetBody()
{
    return m_body;
}

bool
GatewayMessageWriter::Flush(ByteStream& stream)
{
    bool moved = false;
    if (!m_interim.empty())
    {
        moved = SendText(stream, m_interim);
    }
    if (!m_begun || !m_interim.empty())
    {
        return moved;
    }
    while (true)
    {
        if (!m_head.empty())
        {
            if (!SendText(stream, m_head))
            {
                return moved;
            }
            m_sent = true;
        }
        else if (m_body.GetUntaken() > 0)
        {
            if (!SendBody(stream))
            {
                return moved;
            }
        }
        else if (m_ended && m_chunked && !m_tailed)
        {
            m_tailed = true;
            m_head = "0\r\n\r\n";
        }
        else
        {
            return moved;
        }
        moved = true;
    }
}

bool
GatewayMessageWriter::SendText(ByteStream& stream, std::string& text)
{
    const auto size = std::min<size_t>(stream.GetTxAvailable(), text.size());
    if (size == 0 || !stream.Send(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()),
                                                 static_cast<uint32_t>(size))))
    {
        return false;
    }
    text.erase(0, size);
    return true;
}

bool
GatewayMessageWriter::SendBody(ByteStream& stream)
{
    const uint32_t framing = m_chunked ? CHUNK_FRAMING_BYTES : 0;
    const uint32_t room = stream.GetTxAvailable();
    if (room <= framing)
    {
        return false;
    }
    auto piece = m_body.Take(room - framing);
    return stream.Send(m_chunked ? MakeGatewayChunk(piece) : piece);
}

bool
GatewayMessageWriter::HasSent() const
{
    return m_begun && m_sent;
}

bool
GatewayMessageWriter::IsPending() const
{
    return !m_interim.empty() || !m_head.empty() || m_body.GetUntaken() > 0;
}

bool
GatewayMessageWriter::IsDone() const
{
    return m_begun && m_ended && m_interim.empty() && m_head.empty() && m_body.GetUntaken() == 0 &&
           (!m_chunked || m_tailed);
}

} // namespace azure
} // namespace ns3
