/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-codec.h"

#include "azure-plain-text.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <cstring>
#include <deque>
#include <vector>

namespace ns3
{
namespace azure
{

namespace
{

namespace http = boost::beast::http;

/**
 * @param b a byte
 * @return whether it may stand in a head at all
 */
bool
IsHeadByte(uint8_t b)
{
    return (b >= 0x20 && b != 0x7f) || b == '\t' || b == '\r' || b == '\n';
}

/** @brief Beast's parser of one head; bodies are none of its business. */
template <bool isRequest>
class HeadParser : public http::basic_parser<isRequest>
{
  public:
    /**
     * @param request where the head of a request goes
     * @param response where the head of a response goes
     */
    explicit HeadParser(HttpRequestHead& request, HttpResponseHead& response)
        : m_request(request),
          m_response(response)
    {
        this->eager(false);
        this->header_limit(UINT32_MAX);
        this->body_limit(UINT64_MAX);
    }

  private:
    using string_view = boost::beast::string_view;
    using error_code = boost::beast::error_code;

    void on_request_impl(http::verb /* verb */,
                         string_view method,
                         string_view target,
                         int version,
                         error_code& ec) override
    {
        ec = {};
        m_request.method.assign(method.data(), method.size());
        m_request.target.assign(target.data(), target.size());
        m_request.version = version;
    }

    void on_response_impl(int code, string_view reason, int version, error_code& ec) override
    {
        ec = {};
        m_response.status = code;
        m_response.reason.assign(reason.data(), reason.size());
        m_response.version = version;
    }

    void on_field_impl(http::field /* field */,
                       string_view name,
                       string_view value,
                       error_code& ec) override
    {
        ec = {};
        HttpFields& fields = isRequest ? m_request.fields : m_response.fields;
        fields.Add(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }

    void on_header_impl(error_code& ec) override
    {
        ec = {};
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code& ec) override
    {
        ec = {};
    }

    std::size_t on_body_impl(string_view body, error_code& ec) override
    {
        ec = {};
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, string_view, error_code& ec) override
    {
        ec = {};
    }

    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) override
    {
        ec = {};
        return body.size();
    }

    void on_finish_impl(error_code& ec) override
    {
        ec = {};
    }

    HttpRequestHead& m_request;   //!< filled in when parsing requests
    HttpResponseHead& m_response; //!< filled in when parsing responses
};

/**
 * @param ec what Beast says
 * @return what we say
 */
HttpErrorCode
FromBeast(const boost::beast::error_code& ec)
{
    if (ec.category() != http::make_error_code(http::error::bad_method).category())
    {
        return HttpErrorCode::BadField;
    }
    switch (static_cast<http::error>(ec.value()))
    {
    case http::error::bad_line_ending:
        return HttpErrorCode::BadLineEnding;
    case http::error::bad_method:
        return HttpErrorCode::BadMethod;
    case http::error::bad_target:
        return HttpErrorCode::BadTarget;
    case http::error::bad_version:
        return HttpErrorCode::BadVersion;
    case http::error::bad_status:
        return HttpErrorCode::BadStatus;
    case http::error::bad_reason:
        return HttpErrorCode::BadReason;
    case http::error::bad_value:
    case http::error::bad_obs_fold:
        return HttpErrorCode::BadValue;
    case http::error::bad_content_length:
        return HttpErrorCode::BadContentLength;
    case http::error::bad_transfer_encoding:
        return HttpErrorCode::BadTransferEncoding;
    default:
        return HttpErrorCode::BadField;
    }
}

/**
 * @brief Check the trailer of a chunked body.
 * @param text its lines, with the empty line
 * @return the error, or HttpErrorCode::None
 */
HttpErrorCode
CheckTrailer(const std::string& text)
{
    HttpRequestHead request;
    HttpResponseHead response;
    HeadParser<false> parser(request, response);
    std::string head = "HTTP/1.1 200 OK\r\n" + text;
    boost::beast::error_code ec;
    parser.put(boost::asio::buffer(head), ec);
    return ec ? FromBeast(ec) : HttpErrorCode::None;
}

} // namespace

/** @brief State of a parser. */
class HttpParser::Impl
{
  public:
    /**
     * @param role what is parsed
     * @param limits bounds
     */
    Impl(HttpRole role, const HttpLimits& limits)
        : m_role(role),
          m_limits(limits)
    {
    }

    /** @brief Where in a message the next byte belongs. */
    enum class State
    {
        Head,      //!< collecting a head
        Fixed,     //!< body of known length, or until the end
        ChunkLine, //!< size line of a chunk
        ChunkData, //!< within a chunk
        ChunkEnd,  //!< CR LF after a chunk
        Trailer,   //!< lines after the last chunk
        Finished,  //!< HttpEvent::Complete is due
        Failed     //!< HttpEvent::Error for ever
    };

    HttpRole m_role;                       //!< what is parsed
    HttpLimits m_limits;                   //!< bounds
    State m_state{State::Head};            //!< where we are
    std::deque<Ptr<const Packet>> m_input; //!< what was pushed
    uint32_t m_offset{0};                  //!< bytes of the first packet already used
    uint64_t m_queued{0};                  //!< bytes not used yet
    bool m_ended{false};                   //!< PushEnd()
    uint64_t m_position{0};                //!< bytes of the stream used
    std::string m_text;                    //!< head, size line or trailer so far
    std::vector<uint8_t> m_bytes;          //!< the first packet, while it is read as text
    bool m_bytesValid{false};              //!< whether m_bytes holds the first packet
    bool m_firstLineSeen{false};           //!< whether the start line was checked
    uint64_t m_left{0};                    //!< bytes of the body or chunk still to come
    bool m_untilClose{false};              //!< Fixed: the end is the end of the connection
    uint32_t m_lastBody{0};                //!< bytes of the last Body event
    Ptr<const Packet> m_bodyPacket;        //!< where the last Body event lies
    uint32_t m_bodyOffset{0};              //!< and at which offset
    uint64_t m_messageBody{0};             //!< bytes of body of this message
    uint64_t m_messageStart{0};            //!< m_position at its first byte
    std::string m_requestMethod{"GET"};    //!< what the next response answers
    HttpRequestHead m_request;             //!< last head
    HttpResponseHead m_response;           //!< last head
    HttpError m_error;                     //!< why parsing ended

    /**
     * @brief Give up.
     * @param code why
     * @return HttpEvent::Error
     */
    HttpEvent Fail(HttpErrorCode code)
    {
        m_state = State::Failed;
        m_error.code = code;
        m_error.message = HttpErrorText(code);
        m_error.offset = m_position;
        switch (code)
        {
        case HttpErrorCode::HeadTooLarge:
            m_error.status = 431;
            break;
        case HttpErrorCode::BodyTooLarge:
            m_error.status = 413;
            break;
        case HttpErrorCode::BadVersion:
            m_error.status = 505;
            break;
        default:
            m_error.status = 400;
        }
        return HttpEvent::Error;
    }

    /**
     * @brief Use bytes of the first packet.
     * @param count how many, at most what it has left
     */
    void Advance(uint32_t count)
    {
        m_offset += count;
        m_queued -= count;
        m_position += count;
        if (m_offset == m_input.front()->GetSize())
        {
            m_input.pop_front();
            m_offset = 0;
            m_bytesValid = false;
        }
    }

    /**
     * @brief Make the first packet readable as text.
     * @return whether there is one
     */
    bool ReadBytes()
    {
        if (m_input.empty())
        {
            return false;
        }
        if (!m_bytesValid)
        {
            m_bytes.resize(m_input.front()->GetSize());
            m_input.front()->CopyData(m_bytes.data(), m_bytes.size());
            m_bytesValid = true;
        }
        return true;
    }

    /**
     * @brief Collect the bytes up to the next end of a line, as far as they need no second look.
     * @param limit bytes of text at most
     */
    void CollectPlain(uint32_t limit)
    {
        if ((!m_text.empty() && m_text.back() == '\r') || m_text.size() >= limit)
        {
            return;
        }
        const uint8_t* begin = m_bytes.data() + m_offset;
        size_t most = std::min<size_t>(m_bytes.size() - m_offset, limit - m_text.size());
        if (const void* end = std::memchr(begin, '\r', most))
        {
            most = static_cast<const uint8_t*>(end) - begin;
        }
        const auto* text = reinterpret_cast<const char*>(begin);
        if (most > 0 && IsPlainText(text, most))
        {
            m_text.append(text, most);
            Advance(static_cast<uint32_t>(most));
        }
    }

    /**
     * @brief Collect text up to and with a line's or a block's end.
     * @param block whether the end is an empty line, else the end of the line
     * @param limit bytes at most
     * @param tooLong the error if there are more
     * @param onLine called at the end of every line; may return an error
     * @return HttpEvent::Head when complete, NeedInput or Error
     */
    template <typename OnLine>
    HttpEvent Collect(bool block, uint32_t limit, HttpErrorCode tooLong, OnLine onLine)
    {
        while (ReadBytes())
        {
            CollectPlain(limit);
            if (!ReadBytes())
            {
                break;
            }
            const uint8_t byte = m_bytes[m_offset];
            Advance(1);
            if (!IsHeadByte(byte))
            {
                return Fail(HttpErrorCode::BadCharacter);
            }
            if (!m_text.empty() && m_text.back() == '\r' && byte != '\n')
            {
                return Fail(HttpErrorCode::BadLineEnding);
            }
            if (byte == '\n' && (m_text.empty() || m_text.back() != '\r'))
            {
                return Fail(HttpErrorCode::BadLineEnding);
            }
            m_text.push_back(static_cast<char>(byte));
            if (m_text.size() > limit)
            {
                return Fail(tooLong);
            }
            if (byte == '\n')
            {
                auto code = onLine();
                if (code != HttpErrorCode::None)
                {
                    return Fail(code);
                }
                bool emptyLine =
                    m_text.size() == 2 ||
                    (m_text.size() >= 4 && m_text.compare(m_text.size() - 4, 4, "\r\n\r\n") == 0);
                if (!block || (emptyLine && !m_text.empty()))
                {
                    return HttpEvent::Head;
                }
            }
        }
        return m_ended && !m_text.empty() ? Fail(HttpErrorCode::UnexpectedEnd)
                                          : HttpEvent::NeedInput;
    }

    /**
     * @brief Parse text as a head.
     * @param text start line, fields, empty line
     * @param partial only the start line counts
     * @return the error, or HttpErrorCode::None
     */
    template <bool isRequest>
    HttpErrorCode ParseHead(const std::string& text, bool partial)
    {
        HttpRequestHead request;
        HttpResponseHead response;
        HeadParser<isRequest> parser(request, response);
        boost::beast::error_code ec;
        parser.put(boost::asio::buffer(text), ec);
        if (ec)
        {
            return FromBeast(ec);
        }
        if (partial || !parser.is_header_done())
        {
            return partial ? HttpErrorCode::None : HttpErrorCode::BadField;
        }
        HttpHead& head = isRequest ? static_cast<HttpHead&>(request) : response;
        head.headBytes = static_cast<uint32_t>(text.size());
        auto code = Frame<isRequest>(parser, head, response.status);
        if (code == HttpErrorCode::None)
        {
            isRequest ? void(m_request = std::move(request))
                      : void(m_response = std::move(response));
        }
        return code;
    }

    /**
     * @brief Find out how the body ends (RFC 9112, section 6.3).
     * @param parser Beast's parser of the head
     * @param head gets the result
     * @param status status of a response
     * @return the error, or HttpErrorCode::None
     */
    template <bool isRequest>
    HttpErrorCode Frame(const HeadParser<isRequest>& parser, HttpHead& head, uint32_t status)
    {
        bool coded = head.fields.Has("Transfer-Encoding");
        if (coded && (head.fields.Has("Content-Length") || head.version < 11))
        {
            // Two readings of where the message ends: the way requests are smuggled.
            return HttpErrorCode::BadTransferEncoding;
        }
        // RFC 9112, section 7.1: parameters of the chunked coding are an error.
        const auto codings = coded ? head.fields.Get("Transfer-Encoding") : "";
        if (coded && ((isRequest && !parser.chunked()) || codings.find(';') != std::string::npos))
        {
            return HttpErrorCode::BadTransferEncoding;
        }
        head.keepAlive = KeepsAlive(head);
        bool noBody = false;
        if (!isRequest)
        {
            bool tunnel = m_requestMethod == "CONNECT" && status >= 200 && status < 300;
            noBody = status < 200 || status == 204 || status == 304 || tunnel ||
                     m_requestMethod == "HEAD";
        }
        if (noBody)
        {
            head.framing = HttpFraming::None;
        }
        else if (parser.chunked())
        {
            head.framing = HttpFraming::Chunked;
        }
        else if (auto length = parser.content_length(); length && !coded)
        {
            head.framing = *length ? HttpFraming::Length : HttpFraming::None;
            head.contentLength = *length;
        }
        else
        {
            head.framing = isRequest ? HttpFraming::None : HttpFraming::UntilClose;
            head.keepAlive = head.keepAlive && isRequest;
        }
        if (head.framing == HttpFraming::Length && head.contentLength > m_limits.bodyBytes)
        {
            return HttpErrorCode::BodyTooLarge;
        }
        return HttpErrorCode::None;
    }

    /**
     * @param head a head
     * @return whether its sender lets the connection go on (RFC 9112, section 9.3)
     */
    static bool KeepsAlive(const HttpHead& head)
    {
        if (head.fields.HasToken("Connection", "close"))
        {
            return false;
        }
        return head.version >= 11 || head.fields.HasToken("Connection", "keep-alive");
    }

    /** @return what came of the bytes of a head */
    HttpEvent NextHead()
    {
        bool request = m_role == HttpRole::Request;
        if (m_text.empty())
        {
            m_messageStart = m_position;
            m_messageBody = 0;
        }
        auto event = Collect(true, m_limits.headBytes, HttpErrorCode::HeadTooLarge, [&] {
            if (request && m_text == "\r\n")
            {
                // RFC 9112, section 2.2: empty lines before a request are ignored.
                m_text.clear();
                m_messageStart = m_position;
                return HttpErrorCode::None;
            }
            if (m_firstLineSeen)
            {
                return HttpErrorCode::None;
            }
            m_firstLineSeen = true;
            auto line = m_text + "\r\n";
            return request ? ParseHead<true>(line, true) : ParseHead<false>(line, true);
        });
        if (event != HttpEvent::Head)
        {
            return event;
        }
        auto code = request ? ParseHead<true>(m_text, false) : ParseHead<false>(m_text, false);
        m_text.clear();
        m_firstLineSeen = false;
        if (code != HttpErrorCode::None)
        {
            return Fail(code);
        }
        const HttpHead& head = request ? static_cast<HttpHead&>(m_request) : m_response;
        if (!request && m_response.status >= 200)
        {
            m_requestMethod = "GET";
        }
        m_left = head.contentLength;
        m_untilClose = head.framing == HttpFraming::UntilClose;
        switch (head.framing)
        {
        case HttpFraming::None:
            m_state = State::Finished;
            break;
        case HttpFraming::Chunked:
            m_state = State::ChunkLine;
            break;
        default:
            m_state = State::Fixed;
        }
        return HttpEvent::Head;
    }

    /**
     * @brief Take bytes of body.
     * @return Body, NeedInput or Error
     */
    HttpEvent NextBody()
    {
        if (m_input.empty())
        {
            return m_ended ? Fail(HttpErrorCode::UnexpectedEnd) : HttpEvent::NeedInput;
        }
        uint64_t present = m_input.front()->GetSize() - m_offset;
        auto take = m_untilClose ? present : std::min(present, m_left);
        take = std::min(take, m_limits.bodyBytes - m_messageBody);
        if (take == 0)
        {
            return Fail(HttpErrorCode::BodyTooLarge);
        }
        m_bodyPacket = m_input.front();
        m_bodyOffset = m_offset;
        m_lastBody = static_cast<uint32_t>(take);
        m_messageBody += take;
        m_left -= m_untilClose ? 0 : take;
        Advance(m_lastBody);
        return HttpEvent::Body;
    }

    /**
     * @brief Read the size line of a chunk that is in m_text.
     * @return the error, or HttpErrorCode::None
     */
    HttpErrorCode ParseChunkLine()
    {
        uint64_t size = 0;
        std::size_t i = 0;
        for (; i < m_text.size(); ++i)
        {
            char c = m_text[i];
            int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
            if (digit < 0)
            {
                break;
            }
            if (size >> 60)
            {
                return HttpErrorCode::BadChunk;
            }
            size = size * 16 + digit;
        }
        auto next = m_text.find_first_not_of(" \t", i);
        if (i == 0 || (m_text[next] != '\r' && m_text[next] != ';'))
        {
            return HttpErrorCode::BadChunk;
        }
        if (size > m_limits.bodyBytes - m_messageBody)
        {
            return HttpErrorCode::BodyTooLarge;
        }
        m_left = size;
        return HttpErrorCode::None;
    }

    /** @return the next event */
    HttpEvent Next()
    {
        m_bodyPacket = nullptr;
        m_lastBody = 0;
        auto nothing = [] { return HttpErrorCode::None; };
        while (true)
        {
            switch (m_state)
            {
            case State::Head:
                return NextHead();
            case State::Fixed:
                if (m_untilClose && m_input.empty() && m_ended)
                {
                    m_state = State::Finished;
                    break;
                }
                if (!m_untilClose && m_left == 0)
                {
                    m_state = State::Finished;
                    break;
                }
                return NextBody();
            case State::ChunkLine: {
                auto event =
                    Collect(false, m_limits.chunkLineBytes, HttpErrorCode::BadChunk, nothing);
                if (event != HttpEvent::Head)
                {
                    return Truncated(event);
                }
                auto code = ParseChunkLine();
                m_text.clear();
                if (code != HttpErrorCode::None)
                {
                    return Fail(code);
                }
                m_state = m_left ? State::ChunkData : State::Trailer;
                break;
            }
            case State::ChunkData:
                if (m_left == 0)
                {
                    m_state = State::ChunkEnd;
                    break;
                }
                return NextBody();
            case State::ChunkEnd: {
                auto event = Collect(false, 2, HttpErrorCode::BadChunk, nothing);
                if (event != HttpEvent::Head)
                {
                    return Truncated(event);
                }
                bool good = m_text == "\r\n";
                m_text.clear();
                if (!good)
                {
                    return Fail(HttpErrorCode::BadChunk);
                }
                m_state = State::ChunkLine;
                break;
            }
            case State::Trailer: {
                auto event =
                    Collect(true, m_limits.headBytes, HttpErrorCode::HeadTooLarge, nothing);
                if (event != HttpEvent::Head)
                {
                    return Truncated(event);
                }
                auto code = m_text == "\r\n" ? HttpErrorCode::None : CheckTrailer(m_text);
                m_text.clear();
                if (code != HttpErrorCode::None)
                {
                    return Fail(code);
                }
                m_state = State::Finished;
                break;
            }
            case State::Finished:
                m_state = State::Head;
                return HttpEvent::Complete;
            case State::Failed:
                return HttpEvent::Error;
            }
        }
    }

    /**
     * @brief Within a body the end is an error even where no text has begun.
     * @param event what Collect() said
     * @return the event
     */
    HttpEvent Truncated(HttpEvent event)
    {
        return event == HttpEvent::NeedInput && m_ended ? Fail(HttpErrorCode::UnexpectedEnd)
                                                        : event;
    }
};

HttpParser::HttpParser(HttpRole role, const HttpLimits& limits)
    : m_impl(std::make_unique<Impl>(role, limits))
{
}

HttpParser::~HttpParser() = default;
HttpParser::HttpParser(HttpParser&& other) noexcept = default;
HttpParser& HttpParser::operator=(HttpParser&& other) noexcept = default;

void
HttpParser::Push(Ptr<const Packet> packet)
{
    if (packet && packet->GetSize() > 0)
    {
        m_impl->m_queued += packet->GetSize();
        m_impl->m_input.push_back(packet);
    }
}

void
HttpParser::PushEnd()
{
    m_impl->m_ended = true;
}

HttpEvent
HttpParser::Next()
{
    return m_impl->Next();
}

void
HttpParser::SetRequestMethod(const std::string& method)
{
    m_impl->m_requestMethod = method;
}

const HttpRequestHead&
HttpParser::GetRequest() const
{
    return m_impl->m_request;
}

const HttpResponseHead&
HttpParser::GetResponse() const
{
    return m_impl->m_response;
}

uint32_t
HttpParser::GetBodyBytes() const
{
    return m_impl->m_lastBody;
}

Ptr<Packet>
HttpParser::GetBody() const
{
    if (!m_impl->m_bodyPacket)
    {
        return Create<Packet>();
    }
    auto body = m_impl->m_bodyPacket->CreateFragment(m_impl->m_bodyOffset, m_impl->m_lastBody);
    body->RemoveAllPacketTags();
    body->RemoveAllByteTags();
    return body;
}

uint64_t
HttpParser::GetMessageBodyBytes() const
{
    return m_impl->m_messageBody;
}

uint64_t
HttpParser::GetMessageBytes() const
{
    return m_impl->m_position - m_impl->m_messageStart;
}

bool
HttpParser::InMessage() const
{
    return m_impl->m_state != Impl::State::Head || !m_impl->m_text.empty();
}

uint64_t
HttpParser::GetQueuedBytes() const
{
    return m_impl->m_queued;
}

Ptr<Packet>
HttpParser::TakeQueued()
{
    auto out = Create<Packet>();
    while (!m_impl->m_input.empty())
    {
        auto size = m_impl->m_input.front()->GetSize() - m_impl->m_offset;
        out->AddAtEnd(m_impl->m_input.front()->CreateFragment(m_impl->m_offset, size));
        m_impl->Advance(size);
    }
    out->RemoveAllPacketTags();
    out->RemoveAllByteTags();
    return out;
}

const HttpError&
HttpParser::GetError() const
{
    return m_impl->m_error;
}

std::string
HttpReasonPhrase(uint32_t status)
{
    auto known = http::int_to_status(status);
    if (known == http::status::unknown)
    {
        return "Unknown";
    }
    auto phrase = http::obsolete_reason(known);
    return std::string(phrase.data(), phrase.size());
}

std::string
HttpErrorText(HttpErrorCode code)
{
    switch (code)
    {
    case HttpErrorCode::None:
        return "no error";
    case HttpErrorCode::BadCharacter:
        return "a control character in the head";
    case HttpErrorCode::BadLineEnding:
        return "a line does not end with CR LF";
    case HttpErrorCode::BadMethod:
        return "the method is no token";
    case HttpErrorCode::BadTarget:
        return "the request target is empty or has a forbidden character";
    case HttpErrorCode::BadVersion:
        return "neither HTTP/1.0 nor HTTP/1.1";
    case HttpErrorCode::BadStatus:
        return "the status is not three digits";
    case HttpErrorCode::BadReason:
        return "the reason phrase has a forbidden character";
    case HttpErrorCode::BadField:
        return "a header field's name is no token followed by a colon";
    case HttpErrorCode::BadValue:
        return "a header field's value has a forbidden character";
    case HttpErrorCode::BadContentLength:
        return "Content-Length is no number, too large, given twice, or after Transfer-Encoding";
    case HttpErrorCode::BadTransferEncoding:
        return "Transfer-Encoding does not end in chunked, or comes after Content-Length";
    case HttpErrorCode::BadChunk:
        return "a chunk's size line or end is malformed";
    case HttpErrorCode::HeadTooLarge:
        return "the head is larger than the limit";
    case HttpErrorCode::BodyTooLarge:
        return "the body is larger than the limit";
    case HttpErrorCode::UnexpectedEnd:
        return "the peer stopped sending within a message";
    }
    return "unknown";
}

} // namespace azure
} // namespace ns3
