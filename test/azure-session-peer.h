/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SESSION_PEER_H
#define AZURE_SESSION_PEER_H

#include "ns3/azure-tcp-byte-stream.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/azure-tls-connection.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/** @brief One end of a session: says what it is told to, reads at its pace, can finish first. */
class SessionPeer
{
  public:
    /** @param s a stream, not started */
    explicit SessionPeer(Ptr<ByteStream> s)
        : stream(s)
    {
        stream->SetOpenCallback(Callback<void>([this] { HandleOpen(); }));
        stream->SetReceiveCallback(Callback<void>([this] { Read(); }));
        stream->SetSendCallback(Callback<void>([this] { Flush(); }));
        stream->SetEndCallback(
            Callback<void, ByteStreamEnd>([this](ByteStreamEnd how) { HandleEnd(how); }));
        stream->Start();
    }

    ~SessionPeer()
    {
        m_tick.Cancel();
        stream->Vanish();
    }

    SessionPeer(const SessionPeer&) = delete;
    SessionPeer& operator=(const SessionPeer&) = delete;

    /** @param text bytes to send, as fast as TCP takes them */
    void Send(const std::string& text)
    {
        m_text += text;
        Flush();
    }

    /** @brief Send no more than what was given so far. */
    void Finish()
    {
        m_finish = true;
        Flush();
    }

    /**
     * @brief Read so much each millisecond from now on.
     * @param bytes how much; 0: nothing
     */
    void SetPace(uint32_t bytes)
    {
        m_pace = bytes;
        m_tick.Cancel();
        Tick();
    }

    /** @return bytes that TCP has taken */
    uint64_t GetSent() const
    {
        return m_sent;
    }

    Ptr<ByteStream> stream;              //!< the connection
    std::string received;                //!< everything that was read
    Time lastByte;                       //!< when the last of it was
    std::optional<Time> opened;          //!< when data could flow
    std::optional<Time> ended;           //!< when the other end finished, or worse
    std::optional<ByteStreamEnd> how;    //!< how that was
    std::function<void()> onEnd{[] {}};  //!< called then
    std::function<void()> onData{[] {}}; //!< called after each reading

  private:
    /** @brief Data can flow. */
    void HandleOpen()
    {
        opened = Simulator::Now();
        Flush();
    }

    /** @param end how the other end did */
    void HandleEnd(ByteStreamEnd end)
    {
        ended = Simulator::Now();
        how = end;
        if (end == ByteStreamEnd::Closed)
        {
            Read();
        }
        onEnd();
    }

    /** @brief Take what is there, unless there is a pace. */
    void Read()
    {
        while (!m_pace && Take(UINT32_MAX))
        {
        }
    }

    /** @brief Take what the pace allows. */
    void Tick()
    {
        if (*m_pace > 0 && (Take(*m_pace) || !ended))
        {
            m_tick = Simulator::Schedule(MilliSeconds(1), &SessionPeer::Tick, this);
        }
    }

    /**
     * @param most bytes to take
     * @return whether there were any
     */
    bool Take(uint32_t most)
    {
        auto packet = stream->Recv(most);
        if (!packet)
        {
            return false;
        }
        std::string text(packet->GetSize(), '\0');
        packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), packet->GetSize());
        received += text;
        lastByte = Simulator::Now();
        onData();
        return true;
    }

    /** @brief Hand to TCP what it takes. */
    void Flush()
    {
        while (m_sent < m_text.size() && stream->GetTxAvailable() > 0)
        {
            const auto size = std::min<size_t>(stream->GetTxAvailable(), m_text.size() - m_sent);
            stream->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(m_text.data()) + m_sent,
                                        static_cast<uint32_t>(size)));
            m_sent += size;
        }
        if (m_finish && m_sent == m_text.size() && stream->IsOpen())
        {
            stream->FinishSending();
        }
    }

    std::string m_text;             //!< all that is to be sent
    uint64_t m_sent{0};             //!< bytes of it that TCP took
    bool m_finish{false};           //!< nothing follows
    std::optional<uint32_t> m_pace; //!< bytes a millisecond; none: at once
    EventId m_tick;                 //!< the next reading
};

/** @brief A port where sessions end. */
class SessionServer
{
  public:
    /**
     * @param node where
     * @param port its port
     * @param told what TLS is told; null: none
     */
    SessionServer(Ptr<Node> node,
                  uint16_t port,
                  std::shared_ptr<const TlsServerConfiguration> told = nullptr)
        : listener(TcpPresetSocketFactory::CreateOn(node)),
          m_told(told)
    {
        listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        listener->Listen();
        listener->SetAcceptCallback(
            MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
            Callback<void, Ptr<Socket>, const Address&>(
                [this](Ptr<Socket> socket, const Address&) { HandleAccept(socket); }));
    }

    ~SessionServer()
    {
        listener->DetachApplication();
    }

    SessionServer(const SessionServer&) = delete;
    SessionServer& operator=(const SessionServer&) = delete;

    Ptr<AbortableTcpSocket> listener;                //!< the port
    std::vector<std::unique_ptr<SessionPeer>> peers; //!< in order of acceptance
    std::vector<InetSocketAddress> seen;             //!< their addresses, as the server sees them
    std::vector<TlsHandshakeRecord> handshakes;      //!< of TLS, in order
    std::function<void(SessionPeer&)> onAccept{[](SessionPeer&) {}}; //!< called for each

  private:
    /** @param socket an accepted connection */
    void HandleAccept(Ptr<Socket> socket)
    {
        Ptr<ByteStream> stream = Create<TcpByteStream>(DynamicCast<AbortableTcpSocket>(socket));
        seen.push_back(stream->GetPeer());
        if (m_told)
        {
            auto random = CreateObject<UniformRandomVariable>();
            random->SetStream(7000 + static_cast<int64_t>(peers.size()));
            auto tls = Create<TlsConnection>(stream, m_told, random);
            tls->SetHandshakeCallback(Callback<void, const TlsHandshakeRecord&>(
                [this](const TlsHandshakeRecord& record) { handshakes.push_back(record); }));
            stream = tls;
        }
        peers.push_back(std::make_unique<SessionPeer>(stream));
        onAccept(*peers.back());
    }

    std::shared_ptr<const TlsServerConfiguration> m_told; //!< what TLS is told
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SESSION_PEER_H */
