/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_GATEWAY_PATTERN_H
#define AZURE_GATEWAY_PATTERN_H

#include "ns3/azure-http-codec.h"
#include "ns3/azure-tcp-preset.h"
#include "ns3/inet-socket-address.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @param message number of a message
 * @param offset offset in its body
 * @return the byte that belongs there
 */
inline uint8_t
PatternByte(uint64_t message, uint64_t offset)
{
    return static_cast<uint8_t>(message * 151 + offset * 7 + (offset >> 8) * 13 + (offset >> 16));
}

/**
 * @param message number of a message
 * @param size size of its body
 * @param chunk sizes of its chunks, at random up to this; 0 for none
 * @param random where they come from
 * @return the body, framed
 */
inline std::string
PatternBody(uint64_t message, uint64_t size, uint32_t chunk, Ptr<UniformRandomVariable> random)
{
    std::string text;
    text.reserve(size + 100);
    uint64_t end = chunk ? 0 : size;
    for (uint64_t offset = 0; offset < size; ++offset)
    {
        if (offset == end)
        {
            end = std::min<uint64_t>(size, offset + random->GetInteger(1, chunk));
            std::ostringstream line;
            line << (offset ? "\r\n" : "") << std::hex << end - offset << "\r\n";
            text += line.str();
        }
        text += static_cast<char>(PatternByte(message, offset));
    }
    if (chunk)
    {
        text += size ? "\r\n0\r\n\r\n" : "0\r\n\r\n";
    }
    return text;
}

/** @brief Sends text as fast as TCP takes it. */
class PatternSender
{
  public:
    /** @param socket where it goes */
    explicit PatternSender(Ptr<AbortableTcpSocket> socket)
        : m_socket(socket)
    {
    }

    /** @param text what to send */
    void Send(const std::string& text)
    {
        m_text += text;
        Flush();
    }

    /** @brief Hand over what TCP takes. */
    void Flush()
    {
        while (m_done < m_text.size())
        {
            const auto size = std::min<size_t>(m_socket->GetTxAvailable(), m_text.size() - m_done);
            auto packet = Create<Packet>(reinterpret_cast<const uint8_t*>(m_text.data()) + m_done,
                                         static_cast<uint32_t>(size));
            if (size == 0 || m_socket->Send(packet, 0) < 0)
            {
                return;
            }
            m_done += size;
        }
        m_text.clear();
        m_done = 0;
    }

    /** @return whether all was handed over */
    bool IsDone() const
    {
        return m_text.empty();
    }

  private:
    Ptr<AbortableTcpSocket> m_socket; //!< where it goes
    std::string m_text;               //!< what TCP did not take yet
    size_t m_done{0};                 //!< bytes of it that it did take
};

/** @brief Compares the body of one message after another with what it must be. */
class PatternReader
{
  public:
    /** @param role what is read */
    explicit PatternReader(HttpRole role)
        : parser(role)
    {
    }

    /**
     * @param message number of the message
     * @return whether the last piece of body is as it must be
     */
    bool Check(uint64_t message)
    {
        std::vector<uint8_t> bytes(parser.GetBodyBytes());
        parser.GetBody()->CopyData(bytes.data(), static_cast<uint32_t>(bytes.size()));
        const auto first = parser.GetMessageBodyBytes() - bytes.size();
        for (size_t i = 0; i < bytes.size(); ++i)
        {
            if (bytes[i] != PatternByte(message, first + i))
            {
                return false;
            }
        }
        return true;
    }

    HttpParser parser; //!< reads
};

/** @brief What one end of an exchange has seen. */
struct PatternResult
{
    uint64_t size{0};  //!< bytes of body
    uint32_t times{0}; //!< complete messages with that number
    bool good{true};   //!< every byte was in its place
};

/**
 * @brief A server that checks requests and answers as their fields ask.
 *
 * X-Message: number; X-Size: bytes of the response; X-Chunk: size of its chunks; X-End: the
 * response ends with the connection.
 */
class PatternServer
{
  public:
    /**
     * @param node where
     * @param port its port
     * @param stream stream of its random numbers
     */
    PatternServer(Ptr<Node> node, uint16_t port, int64_t stream)
        : m_listener(TcpPresetSocketFactory::CreateOn(node)),
          m_random(CreateObject<UniformRandomVariable>())
    {
        m_random->SetStream(stream);
        m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        m_listener->Listen();
        m_listener->SetAcceptCallback(
            [](Ptr<Socket>, const Address&) { return true; },
            [this](Ptr<Socket> socket, const Address&) {
                auto tcp = DynamicCast<AbortableTcpSocket>(socket);
                auto session = std::make_shared<Session>(tcp);
                sessions.push_back(session);
                socket->SetRecvCallback([this, raw = session.get()](Ptr<Socket>) { Read(*raw); });
                socket->SetSendCallback([raw = session.get()](Ptr<Socket>, uint32_t) {
                    raw->sender.Flush();
                    raw->CloseIfDone();
                });
                socket->SetCloseCallbacks(
                    [raw = session.get()](Ptr<Socket>) {
                        raw->closing = true;
                        raw->CloseIfDone();
                    },
                    [](Ptr<Socket>) {});
            });
    }

    ~PatternServer()
    {
        for (auto& session : sessions)
        {
            session->socket->DetachApplication();
        }
    }

    std::map<uint64_t, PatternResult> results; //!< by number of the message
    uint32_t errors{0};                        //!< what was no HTTP

  private:
    /** @brief One connection. */
    struct Session
    {
        /** @param s the connection */
        explicit Session(Ptr<AbortableTcpSocket> s)
            : socket(s),
              sender(s)
        {
        }

        /** @brief Close when all was sent. */
        void CloseIfDone()
        {
            if (closing && !closed && sender.IsDone())
            {
                closed = true;
                socket->Close();
            }
        }

        Ptr<AbortableTcpSocket> socket;          //!< the connection
        PatternSender sender;                    //!< sends responses
        PatternReader reader{HttpRole::Request}; //!< reads requests
        bool closing{false};                     //!< to be closed when all was sent
        bool closed{false};                      //!< was closed
    };

    /** @param session a connection with data */
    void Read(Session& session)
    {
        while (auto packet = session.socket->Recv())
        {
            if (packet->GetSize() == 0)
            {
                return;
            }
            session.reader.parser.Push(packet);
            Parse(session);
        }
    }

    /** @param session a connection with something for its parser */
    void Parse(Session& session)
    {
        auto& parser = session.reader.parser;
        for (auto event = parser.Next(); event != HttpEvent::NeedInput; event = parser.Next())
        {
            if (event == HttpEvent::Error)
            {
                ++errors;
                return;
            }
            const auto& head = parser.GetRequest();
            const auto number = std::strtoull(head.fields.Get("X-Message").c_str(), nullptr, 10);
            auto& result = results[number];
            if (event == HttpEvent::Body)
            {
                result.good = session.reader.Check(number) && result.good;
            }
            else if (event == HttpEvent::Complete)
            {
                result.size = parser.GetMessageBodyBytes();
                ++result.times;
                Answer(session, head, number);
            }
        }
    }

    /**
     * @param session a connection
     * @param request a request on it
     * @param number its number
     */
    void Answer(Session& session, const HttpRequestHead& request, uint64_t number)
    {
        const auto get = [&](const std::string& name) {
            return std::strtoull(request.fields.Get(name).c_str(), nullptr, 10);
        };
        const auto size = get("X-Size");
        const auto chunk = static_cast<uint32_t>(get("X-Chunk"));
        const bool untilEnd = request.fields.Has("X-End");
        std::string text = "HTTP/1.1 200 OK\r\nX-Message: " + std::to_string(number) + "\r\n" +
                           "X-Pad: " + std::string(m_random->GetInteger(0, 3000), 'p') + "\r\n";
        if (chunk)
        {
            text += "Transfer-Encoding: chunked\r\n";
        }
        else if (!untilEnd)
        {
            text += "Content-Length: " + std::to_string(size) + "\r\n";
        }
        text += "\r\n";
        if (request.method != "HEAD")
        {
            text += PatternBody(number + 7777, size, chunk, m_random);
        }
        session.sender.Send(text);
        session.closing = session.closing || untilEnd;
        session.CloseIfDone();
    }

    Ptr<AbortableTcpSocket> m_listener;             //!< the port
    Ptr<UniformRandomVariable> m_random;            //!< sizes
    std::vector<std::shared_ptr<Session>> sessions; //!< all connections
};

/** @brief A client that asks at random, perhaps ahead, perhaps reading slowly, and checks. */
class PatternClient
{
  public:
    /** @brief A request that was sent. */
    struct Asked
    {
        uint64_t number{0};       //!< number of the message
        std::string method;       //!< its method
        uint64_t requestSize{0};  //!< bytes of its body
        uint64_t responseSize{0}; //!< bytes of the body of its response
    };

    /**
     * @param node where
     * @param remote whom to ask
     * @param stream stream of its random numbers
     * @param first number of its first message
     * @param count how many
     */
    PatternClient(Ptr<Node> node,
                  const InetSocketAddress& remote,
                  int64_t stream,
                  uint64_t first,
                  uint64_t count)
        : m_node(node),
          m_remote(remote),
          m_next(first),
          m_end(first + count),
          m_random(CreateObject<UniformRandomVariable>())
    {
        m_random->SetStream(stream);
        Connect();
    }

    ~PatternClient()
    {
        m_tick.Cancel();
        m_socket->DetachApplication();
    }

    std::vector<Asked> asked;                  //!< in order
    std::map<uint64_t, PatternResult> results; //!< by number of the message
    std::vector<std::string> errors;           //!< what went wrong

    /** @return whether there is an answer to everything */
    bool IsDone() const
    {
        return m_next == m_end && m_open.empty();
    }

  private:
    /** @return a heavy-tailed size, 0 to 5 MiB, with a mean of about 20 KiB */
    uint64_t MakeSize()
    {
        const double u = m_random->GetValue(0, 1);
        if (u < 0.15)
        {
            return 0;
        }
        const double pareto = 4000 * std::pow(1 - m_random->GetValue(0, 1), -1 / 1.2);
        return u < 0.3 ? m_random->GetInteger(1, 2000)
                       : static_cast<uint64_t>(std::min(pareto, 5.0 * 1024 * 1024));
    }

    /** @brief A new connection. */
    void Connect()
    {
        m_socket = TcpPresetSocketFactory::CreateOn(m_node);
        m_sender = std::make_unique<PatternSender>(m_socket);
        m_reader = std::make_unique<PatternReader>(HttpRole::Response);
        m_last = false;
        m_slow = m_random->GetInteger(0, 3) == 0 ? m_random->GetInteger(100, 3000) : 0;
        m_ahead = m_random->GetInteger(1, 4);
        m_socket->Bind();
        m_socket->SetConnectCallback([this](Ptr<Socket>) { Ask(); },
                                     [this](Ptr<Socket>) { errors.push_back("not connected"); });
        m_socket->SetRecvCallback([this](Ptr<Socket>) { m_slow ? void() : Read(UINT32_MAX); });
        m_socket->SetSendCallback([this](Ptr<Socket>, uint32_t) { m_sender->Flush(); });
        m_socket->SetCloseCallbacks([this](Ptr<Socket>) { Closed(); },
                                    [this](Ptr<Socket>) { errors.push_back("reset"); });
        m_socket->Connect(m_remote);
        m_tick.Cancel();
        Tick();
    }

    /** @brief Read slowly. */
    void Tick()
    {
        if (m_slow)
        {
            m_tick = Simulator::Schedule(MilliSeconds(1), &PatternClient::Tick, this);
            Read(m_slow);
        }
    }

    /** @brief Send requests, as many ahead as this connection does. */
    void Ask()
    {
        while (m_next < m_end && m_open.size() < m_ahead && !m_last)
        {
            static const std::vector<std::string> methods{"GET", "HEAD", "POST", "PUT", "DELETE"};
            Asked a;
            a.number = m_next++;
            a.method = methods[m_random->GetInteger(0, 4)];
            const bool hasBody = a.method == "POST" || a.method == "PUT";
            a.requestSize = hasBody ? MakeSize() : 0;
            a.responseSize = MakeSize();
            const auto framing = m_random->GetInteger(0, 9);
            const bool chunked = hasBody && m_random->GetInteger(0, 2) == 0;
            m_last = m_random->GetInteger(0, 19) == 0;
            std::string text =
                a.method + " /" + std::to_string(a.number) +
                " HTTP/1.1\r\nHost: www.contoso.com\r\nX-Message: " + std::to_string(a.number) +
                "\r\nX-Size: " + std::to_string(a.responseSize) + "\r\n";
            text += "X-Pad: " + std::string(m_random->GetInteger(0, 6000), 'q') + "\r\n";
            text += framing < 3
                        ? "X-Chunk: " + std::to_string(m_random->GetInteger(1, 9000)) + "\r\n"
                    : framing == 3 && a.method != "HEAD" ? "X-End: 1\r\n"
                                                         : "";
            text += m_last ? "Connection: close\r\n" : "";
            text += chunked   ? "Transfer-Encoding: chunked\r\n"
                    : hasBody ? "Content-Length: " + std::to_string(a.requestSize) + "\r\n"
                              : "";
            text += "\r\n";
            text += PatternBody(a.number,
                                a.requestSize,
                                chunked ? m_random->GetInteger(1, 9000) : 0,
                                m_random);
            m_open.push_back(a);
            asked.push_back(a);
            m_sender->Send(text);
        }
        if (!m_open.empty() && m_reader)
        {
            m_reader->parser.SetRequestMethod(m_open.front().method);
        }
    }

    /** @param most bytes to read */
    void Read(uint32_t most)
    {
        while (auto packet = m_socket->Recv(most, 0))
        {
            if (packet->GetSize() == 0)
            {
                break;
            }
            m_reader->parser.Push(packet);
            Parse();
            if (m_slow)
            {
                break;
            }
        }
        if (m_peerClosed && m_socket->GetRxAvailable() == 0)
        {
            Closed();
        }
    }

    /** @brief Look at what has come. */
    void Parse()
    {
        auto& parser = m_reader->parser;
        for (auto event = parser.Next(); event != HttpEvent::NeedInput; event = parser.Next())
        {
            if (event == HttpEvent::Error || m_open.empty())
            {
                errors.push_back("no HTTP, or nothing asked for: " + parser.GetError().message);
                return;
            }
            const auto& a = m_open.front();
            auto& result = results[a.number];
            if (event == HttpEvent::Head)
            {
                const auto& head = parser.GetResponse();
                result.good = result.good && head.status == 200 &&
                              head.fields.Get("X-Message") == std::to_string(a.number);
            }
            else if (event == HttpEvent::Body)
            {
                result.good = m_reader->Check(a.number + 7777) && result.good;
            }
            else
            {
                result.size = parser.GetMessageBodyBytes();
                ++result.times;
                m_open.pop_front();
                Ask();
            }
        }
    }

    /** @brief The gateway has closed. */
    void Closed()
    {
        if (m_socket->GetRxAvailable() > 0)
        {
            m_peerClosed = true; // read it first, slowly
            return;
        }
        m_peerClosed = false;
        m_reader->parser.PushEnd();
        Parse();
        if (!m_open.empty())
        {
            errors.push_back("closed with " + std::to_string(m_open.size()) + " open, first " +
                             std::to_string(m_open.front().number));
            return;
        }
        m_socket->DetachApplication();
        m_socket->Close();
        if (m_next < m_end)
        {
            Simulator::ScheduleNow(&PatternClient::Connect, this);
        }
    }

    Ptr<Node> m_node;                        //!< where
    InetSocketAddress m_remote;              //!< whom to ask
    uint64_t m_next;                         //!< number of the next message
    uint64_t m_end;                          //!< number after the last one
    Ptr<UniformRandomVariable> m_random;     //!< everything
    Ptr<AbortableTcpSocket> m_socket;        //!< the connection
    std::unique_ptr<PatternSender> m_sender; //!< sends requests
    std::unique_ptr<PatternReader> m_reader; //!< reads responses
    std::deque<Asked> m_open;                //!< requests without a complete response
    uint32_t m_slow{0};                      //!< bytes read a millisecond; 0: all at once
    uint32_t m_ahead{1};                     //!< requests that are sent ahead
    bool m_last{false};                      //!< the last request on this connection was sent
    bool m_peerClosed{false};                //!< closed, but not all of it read
    EventId m_tick;                          //!< the next slow reading
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_GATEWAY_PATTERN_H */
