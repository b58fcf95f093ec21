/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-http-codec.h"
#include "ns3/random-variable-stream.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using Code = HttpErrorCode;

/// Cuts of a text: whole, byte by byte, and at random with these seeds.
constexpr uint32_t CUTS = 6;

/** What a parser makes of the bytes of a connection that ends behind them. */
struct Reading
{
    std::vector<std::string> messages; //!< as Describe() has them
    HttpError error;                   //!< why it gave up
    bool inMessage{false};             //!< whether a message is left open
    HttpFraming framing{};             //!< of the last head
    uint64_t length{0};                //!< content length of the last head
    bool keepAlive{false};             //!< of the last head
};

/** A text and how to read it. */
struct Input
{
    HttpRole role{HttpRole::Request};   //!< what is parsed
    std::string text;                   //!< the bytes
    std::vector<std::string> methods{}; //!< what each final response answers
    HttpLimits limits{};                //!< bounds
};

/**
 * @param start start line without the version
 * @param version 10 or 11
 * @param keepAlive whether the connection goes on
 * @param fields names and values
 * @param body content
 * @return a message as text that shows every part
 */
std::string
Describe(const std::string& start,
         uint32_t version,
         bool keepAlive,
         const std::vector<HttpField>& fields,
         const std::string& body)
{
    std::ostringstream out;
    out << start << " " << version << (keepAlive ? " keep" : " close");
    for (const auto& field : fields)
    {
        out << " {" << field.name << "=" << field.value << "}";
    }
    out << " [" << body << "]";
    return out.str();
}

/**
 * @param input what to read
 * @param cut 0: in one packet, 1: byte by byte, else the seed of random packets
 * @return what came out
 */
Reading
Read(const Input& input, uint32_t cut)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(cut);
    HttpParser parser(input.role, input.limits);
    const bool request = input.role == HttpRole::Request;
    std::size_t answer = 0;
    const auto setMethod = [&] {
        parser.SetRequestMethod(answer < input.methods.size() ? input.methods[answer] : "GET");
    };
    setMethod();
    Reading result;
    std::string body;
    std::size_t at = 0;
    bool ended = false;
    while (true)
    {
        const auto event = parser.Next();
        if (event == HttpEvent::NeedInput)
        {
            if (ended)
            {
                result.inMessage = parser.InMessage();
                return result;
            }
            // More than one packet may be queued before somebody pulls.
            do
            {
                const std::size_t size = cut == 0   ? input.text.size()
                                         : cut == 1 ? 1
                                                    : random->GetInteger(1, 30);
                const auto part = input.text.substr(at, size);
                parser.Push(
                    Create<Packet>(reinterpret_cast<const uint8_t*>(part.data()), part.size()));
                at += part.size();
            } while (at < input.text.size() && cut > 1 && random->GetInteger(0, 1));
            if (at == input.text.size())
            {
                parser.PushEnd();
                ended = true;
            }
            continue;
        }
        if (event == HttpEvent::Error)
        {
            result.error = parser.GetError();
            return result;
        }
        const HttpHead& head =
            request ? static_cast<const HttpHead&>(parser.GetRequest()) : parser.GetResponse();
        if (event == HttpEvent::Head)
        {
            result.framing = head.framing;
            result.length = head.contentLength;
            result.keepAlive = head.keepAlive;
        }
        else if (event == HttpEvent::Body)
        {
            std::string part(parser.GetBodyBytes(), '?');
            parser.GetBody()->CopyData(reinterpret_cast<uint8_t*>(part.data()), part.size());
            body += part;
        }
        else
        {
            const auto start = request
                                   ? parser.GetRequest().method + " " + parser.GetRequest().target
                                   : std::to_string(parser.GetResponse().status) + " " +
                                         parser.GetResponse().reason;
            result.messages.push_back(
                Describe(start, head.version, head.keepAlive, head.fields.GetAll(), body));
            body.clear();
            if (!request && parser.GetResponse().status >= 200)
            {
                ++answer;
                setMethod();
            }
        }
    }
}

/**
 * @brief Read a text in every cut; all must come to the same.
 * @param test the test case
 * @param input what to read
 * @return what came out
 */
Reading
ReadAllCuts(FunctionTestCase& test, const Input& input)
{
    const auto whole = Read(input, 0);
    for (uint32_t cut = 1; cut < CUTS; ++cut)
    {
        const auto other = Read(input, cut);
        const auto where = " of cut " + std::to_string(cut) + " of " + input.text;
        test.Check(other.messages == whole.messages, "messages" + where);
        test.Check(other.error.code == whole.error.code, "error" + where);
        test.Equal(other.error.offset, whole.error.offset, "offset" + where);
        test.Equal(other.inMessage, whole.inMessage, "open" + where);
    }
    return whole;
}

/** Fields of a request, and how the message ends. */
struct RequestRow
{
    const char* fields;  //!< lines after the request line
    HttpFraming framing; //!< how the body ends
    uint64_t length;     //!< bytes of body
    Code code;           //!< or why it is refused
};

/** @param test the test case */
void
RequestFraming(FunctionTestCase& test)
{
    const auto none = HttpFraming::None;
    const auto fixed = HttpFraming::Length;
    const auto chunked = HttpFraming::Chunked;
    const RequestRow rows[] = {
        {"", none, 0, Code::None},
        {"Content-Length: 0\r\n", none, 0, Code::None},
        {"content-LENGTH:7\r\n", fixed, 7, Code::None},
        {"Content-Length: \t 0000000000000000000000007 \r\n", fixed, 7, Code::None},
        {"Content-Length: 7\r\nContent-Length: 7\r\n", fixed, 7, Code::None},
        {"Content-Length: 7, 7\r\n", fixed, 7, Code::None},
        {"Content-Length: 18446744073709551615\r\n", fixed, UINT64_MAX, Code::None},
        {"Content-Length: 18446744073709551616\r\n", none, 0, Code::BadContentLength},
        {"Content-Length:\r\n", none, 0, Code::BadContentLength},
        {"Content-Length: +7\r\n", none, 0, Code::BadContentLength},
        {"Content-Length: -7\r\n", none, 0, Code::BadContentLength},
        {"Content-Length: 0x7\r\n", none, 0, Code::BadContentLength},
        {"Content-Length: 7.0\r\n", none, 0, Code::BadContentLength},
        {"Content-Length: 7 7\r\n", none, 0, Code::BadContentLength},
        {"Content-Length: 7;x\r\n", none, 0, Code::BadContentLength},
        {"Content-Length: 7, 8\r\n", none, 0, Code::BadContentLength},
        // A folded value reads as one with a blank, never as 10.
        {"Content-Length: 1\r\n 0\r\n", none, 0, Code::BadContentLength},
        {"Transfer-Encoding: chunked\r\n", chunked, 0, Code::None},
        {"TRANSFER-encoding:CHUNKED\t\r\n", chunked, 0, Code::None},
        {"Transfer-Encoding: gzip, chunked\r\n", chunked, 0, Code::None},
        {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", chunked, 0, Code::None},
        {"Transfer-Encoding: , chunked\r\n", chunked, 0, Code::None},
        {"Transfer-Encoding: chunked, chunked\r\n", none, 0, Code::BadTransferEncoding},
        {"Transfer-Encoding: chunked, gzip\r\n", none, 0, Code::BadTransferEncoding},
        {"Transfer-Encoding: identity\r\n", none, 0, Code::BadTransferEncoding},
        {"Transfer-Encoding: xchunked\r\n", none, 0, Code::BadTransferEncoding},
        {"Transfer-Encoding: chunked-not\r\n", none, 0, Code::BadTransferEncoding},
        {"Transfer-Encoding: \"chunked\"\r\n", none, 0, Code::BadTransferEncoding},
        {"Transfer-Encoding:\r\n", none, 0, Code::BadTransferEncoding},
        // Fields that only look like those that frame.
        {"X-Content-Length: 7\r\nContent-Lengths: 8\r\nTE: chunked\r\n", none, 0, Code::None},
    };
    for (const auto& row : rows)
    {
        Input input;
        input.text = std::string("PUT / HTTP/1.1\r\n") + row.fields + "\r\n";
        const auto reading = Read(input, 0);
        const std::string what = row.fields;
        // A body that does not follow is not the matter here.
        const auto code =
            reading.error.code == Code::UnexpectedEnd ? Code::None : reading.error.code;
        test.Equal(static_cast<int>(code), static_cast<int>(row.code), "code of " + what);
        if (row.code == Code::None)
        {
            test.Check(reading.framing == row.framing, "framing of " + what);
            test.Equal(reading.length, row.length, "length of " + what);
        }
        ReadAllCuts(test, input);
    }
}

/** @param test the test case */
void
ResponseFraming(FunctionTestCase& test)
{
    // RFC 9112, section 6.3, word for word, for every method, status and set of fields.
    const std::string methods[] = {"GET", "HEAD", "CONNECT", "head", "POST"};
    const uint32_t statuses[] = {100, 101, 103, 199, 200, 201, 204, 205, 299, 300, 304, 404, 500};
    const std::string framings[] = {"",
                                    "Content-Length: 3\r\n",
                                    "Content-Length: 0\r\n",
                                    "Transfer-Encoding: chunked\r\n",
                                    "Transfer-Encoding: gzip\r\n"};
    for (const auto& method : methods)
    {
        for (const auto status : statuses)
        {
            for (const auto& fields : framings)
            {
                auto expected = HttpFraming::UntilClose;
                const bool tunnel = method == "CONNECT" && status / 100 == 2;
                if (method == "HEAD" || status / 100 == 1 || status == 204 || status == 304 ||
                    tunnel || fields == framings[2])
                {
                    expected = HttpFraming::None;
                }
                else if (fields == framings[1])
                {
                    expected = HttpFraming::Length;
                }
                else if (fields == framings[3])
                {
                    expected = HttpFraming::Chunked;
                }
                const Input input{HttpRole::Response,
                                  "HTTP/1.1 " + std::to_string(status) + " x\r\n" + fields + "\r\n",
                                  {method}};
                const auto reading = Read(input, 0);
                const auto what = method + " " + input.text;
                test.Check(reading.framing == expected, "framing of " + what);
                test.Equal(reading.keepAlive,
                           expected != HttpFraming::UntilClose,
                           "only the end of the connection ends " + what);
                const bool open =
                    expected == HttpFraming::Length || expected == HttpFraming::Chunked;
                test.Equal(reading.error.code == Code::UnexpectedEnd, open, "end of " + what);
            }
        }
    }
}

/** @param test the test case */
void
Persistence(FunctionTestCase& test)
{
    // RFC 9112, section 9.3: close wins, then 1.1 persists, 1.0 only when it says so.
    struct
    {
        const char* fields; //!< Connection fields
        bool close;         //!< has the option close
        bool keep;          //!< has the option keep-alive
    } const rows[] = {
        {"", false, false},
        {"Connection: close\r\n", true, false},
        {"connection:CLOSE\r\n", true, false},
        {"Connection: keep-alive\r\n", false, true},
        {"Connection: Keep-Alive, close\r\n", true, true},
        {"Connection: keep-alive\r\nConnection: close\r\n", true, true},
        {"Connection: , ,\t keep-alive\t,\r\n", false, true},
        {"Connection: closed, keep-alive2\r\n", false, false},
        {"Connection: x-close, close-x\r\n", false, false},
        {"Connection:\r\n", false, false},
        {"Connection: upgrade\r\nKeep-Alive: timeout=5\r\n", false, false},
        {"Proxy-Connection: close\r\n", false, false},
    };

    for (const auto& row : rows)
    {
        for (const uint32_t version : {10U, 11U})
        {
            const std::string name = version == 10 ? "HTTP/1.0" : "HTTP/1.1";
            const bool expected = !row.close && (version == 11 || row.keep);
            const Input request{HttpRole::Request, "GET / " + name + "\r\n" + row.fields + "\r\n"};
            test.Equal(Read(request, 0).keepAlive, expected, request.text);
            const Input response{HttpRole::Response,
                                 name + " 200 OK\r\n" + row.fields + "Content-Length: 0\r\n\r\n"};
            test.Equal(Read(response, 0).keepAlive, expected, response.text);
        }
    }
}

/**
 * @param c a character
 * @return whether it may stand in a token (RFC 9110, section 5.6.2)
 */
bool
IsToken(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != 0 &&
            std::string("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string::npos);
}

/**
 * @param c a character
 * @return whether it may stand within a field value (RFC 9110, section 5.5)
 */
bool
IsValue(unsigned char c)
{
    return c == '\t' || (c >= 0x20 && c != 0x7f);
}

/** @param test the test case */
void
Characters(FunctionTestCase& test)
{
    const auto request = HttpRole::Request;
    const auto response = HttpRole::Response;
    const std::string chunked = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

    struct
    {
        const char* what;                          //!< where the character stands
        HttpRole role;                             //!< what is parsed
        std::string before;                        //!< text before it
        std::string after;                         //!< text after it
        std::function<bool(unsigned char)> accept; //!< what the grammar says
    } const places[] = {
        {"method", request, "G", "T / HTTP/1.1\r\n\r\n", IsToken},
        {"first of method", request, "", "GET / HTTP/1.1\r\n\r\n", IsToken},
        // A colon ends the name, and what follows is the value.
        {"field name",
         request,
         "GET / HTTP/1.1\r\nX",
         "Y: z\r\n\r\n",
         [](auto c) { return c == ':' || IsToken(c); }},
        {"field value", request, "GET / HTTP/1.1\r\nX: a", "b\r\n\r\n", IsValue},
        {"reason", response, "HTTP/1.1 204 a", "b\r\n\r\n", IsValue},
        {"status",
         response,
         "HTTP/1.1 2",
         "4 a\r\n\r\n",
         [](auto c) { return c >= '0' && c <= '9'; }},
        {"major version", request, "GET / HTTP/", ".1\r\n\r\n", [](auto c) { return c == '1'; }},
        {"minor version",
         request,
         "GET / HTTP/1.",
         "\r\n\r\n",
         [](auto c) { return c == '0' || c == '1'; }},
        {"chunk size",
         request,
         chunked + "0",
         "\r\n\r\n",
         [](auto c) { return c == '0' || c == ' ' || c == '\t' || c == ';'; }},
        {"trailer name",
         request,
         chunked + "0\r\nX",
         "Y: z\r\n\r\n",
         [](auto c) { return c == ':' || IsToken(c); }},
        {"trailer value", request, chunked + "0\r\nX: a", "b\r\n\r\n", IsValue},
    };

    for (const auto& place : places)
    {
        for (uint32_t c = 0; c < 256; ++c)
        {
            const Input input{place.role, place.before + static_cast<char>(c) + place.after};
            // A hexadecimal digit other than 0 begins a chunk, which is then cut short.
            const auto code = Read(input, 0).error.code;
            const bool accepted = code == Code::None;
            test.Equal(accepted,
                       place.accept(static_cast<unsigned char>(c)),
                       std::string(place.what) + " with character " + std::to_string(c));
        }
    }
    // RFC 3986: what a target may hold, and what would end it.
    for (const char c : std::string("-._~:/?#[]@!$&'()*+,;=%09azAZ"))
    {
        const Input input{request, std::string("GET /a") + c + "b HTTP/1.1\r\n\r\n"};
        test.Equal(Read(input, 1).messages.size(), 1, std::string("target with ") + c);
    }
    for (uint32_t c = 0; c <= 0x7f; c = c == 0x20 ? 0x7f : c + 1)
    {
        const Input input{request,
                          std::string("GET /a") + static_cast<char>(c) + "b HTTP/1.1\r\n\r\n"};
        test.Check(Read(input, 0).error.code != Code::None,
                   "target with character " + std::to_string(c));
    }
}

/** @param test the test case */
void
Malformed(FunctionTestCase& test)
{
    const std::string chunked = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

    struct
    {
        HttpRole role;    //!< what is parsed
        std::string text; //!< the bytes
        Code code;        //!< the reason
        uint64_t offset;  //!< bytes until it is known
    } const rows[] = {
        {HttpRole::Request, "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", Code::BadLineEnding, 21},
        {HttpRole::Request, "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", Code::BadLineEnding, 22},
        {HttpRole::Request, "GET / HTTP/1.1\r\r\n\r\n", Code::BadLineEnding, 16},
        {HttpRole::Request, "\nGET / HTTP/1.1\r\n\r\n", Code::BadLineEnding, 1},
        {HttpRole::Request, "\r\n\r\n\rGET / HTTP/1.1\r\n\r\n", Code::BadLineEnding, 6},
        // Start lines are judged when they end, not when the head does.
        {HttpRole::Request, "GET\t/ HTTP/1.1\r\nA: b", Code::BadMethod, 16},
        {HttpRole::Request, "GET /\r\nA: b", Code::BadTarget, 7},
        {HttpRole::Request, "GET / HTTP/1.1 \r\nA: b", Code::BadVersion, 17},
        {HttpRole::Request, "GET /  HTTP/1.1\r\nA: b", Code::BadVersion, 17},
        {HttpRole::Request, "GET / http/1.1\r\nA: b", Code::BadVersion, 16},
        {HttpRole::Request, "GET / HTTP/1\r\nA: b", Code::BadVersion, 14},
        {HttpRole::Request, "GET / HTTP/11\r\nA: b", Code::BadVersion, 15},
        {HttpRole::Request, "GET / HTTP/01.1\r\nA: b", Code::BadVersion, 17},
        {HttpRole::Request, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Code::BadVersion, 16},
        {HttpRole::Response, "HTTP/1.1 20 OK\r\nA: b", Code::BadStatus, 16},
        {HttpRole::Response, "HTTP/1.1  200 OK\r\nA: b", Code::BadStatus, 18},
        {HttpRole::Response, "HTTP/1.1 2000 OK\r\nA: b", Code::BadStatus, 18},
        {HttpRole::Response, "HTTP/2 200\r\nA: b", Code::BadVersion, 12},
        // A blank before the first field could hide it; one before the colon splits proxies.
        {HttpRole::Request, "GET / HTTP/1.1\r\n A: b\r\n\r\n", Code::BadField, 25},
        {HttpRole::Request, "GET / HTTP/1.1\r\nA\t: b\r\n\r\n", Code::BadField, 25},
        {HttpRole::Request, "GET / HTTP/1.1\r\n: b\r\n\r\n", Code::BadField, 23},
        {HttpRole::Response, "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", Code::BadField, 26},
        // A list of tokens that is none could hide one.
        {HttpRole::Request, "GET / HTTP/1.1\r\nConnection: a close\r\n\r\n", Code::BadValue, 39},
        {HttpRole::Request, chunked + "\r\n", Code::BadChunk, chunked.size() + 2},
        {HttpRole::Request, chunked + " 3\r\nabc", Code::BadChunk, chunked.size() + 4},
        {HttpRole::Request, chunked + "-3\r\nabc", Code::BadChunk, chunked.size() + 4},
        {HttpRole::Request, chunked + "0x3\r\nabc", Code::BadChunk, chunked.size() + 5},
        {HttpRole::Request, chunked + "3 3\r\nabc", Code::BadChunk, chunked.size() + 5},
        {HttpRole::Request, chunked + "3\nabc", Code::BadLineEnding, chunked.size() + 2},
        {HttpRole::Request, chunked + "3\r\nab\r\n0\r\n", Code::BadLineEnding, chunked.size() + 7},
        {HttpRole::Request, chunked + "3;a=\1\r\n", Code::BadCharacter, chunked.size() + 5},
        {HttpRole::Request, chunked + "10000000000000000\r\n", Code::BadChunk, chunked.size() + 19},
        {HttpRole::Request, chunked + "0\r\nA\r\n\r\n", Code::BadField, chunked.size() + 8},
        {HttpRole::Request, chunked + "0\r\n A: b\r\n\r\n", Code::BadField, chunked.size() + 12},
    };

    for (const auto& row : rows)
    {
        const auto reading = ReadAllCuts(test, {row.role, row.text});
        test.Equal(static_cast<int>(reading.error.code), static_cast<int>(row.code), row.text);
        test.Equal(reading.error.offset, row.offset, "where in " + row.text);
        test.Equal(reading.error.message, HttpErrorText(row.code), "words for " + row.text);
        test.Equal(reading.error.status, row.code == Code::BadVersion ? 505 : 400, row.text);
    }
}

/** @param test the test case */
void
Limits(FunctionTestCase& test)
{
    HttpLimits limits;
    limits.headBytes = 100;
    limits.chunkLineBytes = 20;
    limits.bodyBytes = 50;
    const std::string request = "PUT / HTTP/1.1\r\n";
    const std::string chunked = request + "Transfer-Encoding: chunked\r\n\r\n";
    const auto fill = [](std::size_t size) { return std::string(size, 'a'); };

    struct
    {
        HttpRole role;    //!< what is parsed
        std::string text; //!< the bytes
        Code code;        //!< how it ends
        uint32_t status;  //!< what a server answers
        const char* what; //!< what is measured
    } const rows[] = {
        // 16 bytes of request line, "A: ", and two line ends of 2 bytes each.
        {HttpRole::Request, request + "A: " + fill(77) + "\r\n\r\n", Code::None, 0, "head"},
        {HttpRole::Request,
         request + "A: " + fill(79) + "\r\n\r\n",
         Code::HeadTooLarge,
         431,
         "longer head"},
        {HttpRole::Request,
         "\r\n\r\n\r\n" + request + "A: " + fill(77) + "\r\n\r\n",
         Code::None,
         0,
         "empty lines do not count"},
        {HttpRole::Request, fill(101), Code::HeadTooLarge, 431, "endless method"},
        {HttpRole::Request, chunked + "0\r\nA: " + fill(93) + "\r\n\r\n", Code::None, 0, "trailer"},
        {HttpRole::Request,
         chunked + "0\r\nA: " + fill(95) + "\r\n\r\n",
         Code::HeadTooLarge,
         431,
         "longer trailer"},
        {HttpRole::Request, chunked + "0;" + fill(16) + "\r\n\r\n", Code::None, 0, "size line"},
        {HttpRole::Request,
         chunked + "0;" + fill(18) + "\r\n\r\n",
         Code::BadChunk,
         400,
         "longer size line"},
        {HttpRole::Request,
         request + "Content-Length: 50\r\n\r\n" + fill(50),
         Code::None,
         0,
         "body"},
        {HttpRole::Request,
         request + "Content-Length: 51\r\n\r\n",
         Code::BodyTooLarge,
         413,
         "longer body"},
        {HttpRole::Request,
         chunked + "1e\r\n" + fill(30) + "\r\n14\r\n" + fill(20) + "\r\n0\r\n\r\n",
         Code::None,
         0,
         "chunks"},
        {HttpRole::Request,
         chunked + "1e\r\n" + fill(30) + "\r\n15\r\n",
         Code::BodyTooLarge,
         413,
         "the sum of chunks"},
        {HttpRole::Response, "HTTP/1.1 200 OK\r\n\r\n" + fill(50), Code::None, 0, "until close"},
        {HttpRole::Response,
         "HTTP/1.1 200 OK\r\n\r\n" + fill(51),
         Code::BodyTooLarge,
         413,
         "longer until close"},
        // The bounds are those of each message, not of the connection.
        {HttpRole::Request,
         request + "Content-Length: 50\r\n\r\n" + fill(50) + request +
             "Content-Length: 50\r\n\r\n" + fill(50),
         Code::None,
         0,
         "two bodies"},
    };

    for (const auto& row : rows)
    {
        const auto reading = ReadAllCuts(test, {row.role, row.text, {}, limits});
        test.Equal(static_cast<int>(reading.error.code), static_cast<int>(row.code), row.what);
        if (row.code != Code::None)
        {
            test.Equal(reading.error.status, row.status, row.what);
        }
        test.Check(reading.inMessage == false, row.what);
    }
}

/** @param test the test case */
void
Prefixes(FunctionTestCase& test)
{
    // A connection that ends after any byte but the last of a message breaks it off.
    const Input inputs[] = {
        {HttpRole::Request, "GET /a HTTP/1.1\r\nHost: b\r\n\r\n"},
        {HttpRole::Request, "PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\n"},
        {HttpRole::Request,
         "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\n\n\r\n0\r\nT: "
         "v\r\n\r\n"},
        {HttpRole::Response, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"},
        {HttpRole::Response, "HTTP/1.1 204 No Content\r\n\r\n"},
    };
    for (const auto& input : inputs)
    {
        for (std::size_t size = 0; size <= input.text.size(); ++size)
        {
            Input part = input;
            part.text.resize(size);
            const auto reading = ReadAllCuts(test, part);
            const bool whole = size == input.text.size();
            const bool broken = size > 0 && !whole;
            test.Equal(static_cast<int>(reading.error.code),
                       static_cast<int>(broken ? Code::UnexpectedEnd : Code::None),
                       "after " + part.text);
            test.Equal(reading.error.offset, broken ? size : 0, "where in " + part.text);
            test.Equal(reading.messages.size(), whole ? 1 : 0, "messages of " + part.text);
        }
    }
    // Empty lines before a request are no request; before a response they are an error.
    const auto empty = ReadAllCuts(test, {HttpRole::Request, "\r\n\r\n\r\n"});
    test.Equal(static_cast<int>(empty.error.code), static_cast<int>(Code::None), "empty lines");
    test.Equal(empty.inMessage, false, "nothing has begun");
    const auto before = ReadAllCuts(test, {HttpRole::Response, "\r\nHTTP/1.1 204 a\r\n\r\n"});
    test.Equal(before.error.offset, 2, "an empty line before a response");
}

/** @param test the test case */
void
Pipelines(FunctionTestCase& test)
{
    const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    const std::string fields = "{Content-Length=2}";

    struct
    {
        const char* what;                  //!< what is shown
        Input input;                       //!< the bytes
        std::vector<std::string> messages; //!< what they are
    } const rows[] = {
        {"Interim responses do not use up the method",
         {HttpRole::Response,
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + ok +
              "xy",
          {"HEAD", "GET"}},
         {"100 Continue 11 keep []",
          "103 Early Hints 11 keep {Link=x} []",
          "200 OK 11 keep " + fields + " []",
          "200 OK 11 keep " + fields + " [xy]"}},
        {"Methods are case-sensitive, so head has a body",
         {HttpRole::Response, ok + "xy" + ok, {"head", "HEAD"}},
         {"200 OK 11 keep " + fields + " [xy]", "200 OK 11 keep " + fields + " []"}},
        {"A refused CONNECT has a body, a granted one has none",
         {HttpRole::Response,
          "HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nxy" + ok,
          {"CONNECT", "CONNECT"}},
         {"407 No 11 keep " + fields + " [xy]", "200 OK 11 keep " + fields + " []"}},
        {"A body that looks like a message is a body",
         {HttpRole::Request,
          "PUT /a HTTP/1.1\r\nContent-Length: 19\r\n\r\nGET /b HTTP/1.1\r\n\r\n"
          "GET /c HTTP/1.0\r\n\r\n"},
         {"PUT /a 11 keep {Content-Length=19} [GET /b HTTP/1.1\r\n\r\n]", "GET /c 10 close []"}},
        {"Folded fields, in either line ending of white space, read as blanks",
         {HttpRole::Request, "GET / HTTP/1.1\r\nA: b\r\n c\r\n\t  d\r\nE: f\r\n\r\n"},
         {"GET / 11 keep {A=b c d} {E=f} []"}},
        {"Values lose the white space around them, and nothing else",
         {HttpRole::Request, "GET / HTTP/1.1\r\nA:\t b \t c \t\r\nB:\r\nC: :\xc3\xa4\r\n\r\n"},
         {"GET / 11 keep {A=b \t c} {B=} {C=:\xc3\xa4} []"}},
    };

    for (const auto& row : rows)
    {
        const auto reading = ReadAllCuts(test, row.input);
        test.Equal(reading.messages.size(), row.messages.size(), row.what);
        test.Equal(reading.error.message, "", row.what);
        for (std::size_t i = 0; i < std::min(reading.messages.size(), row.messages.size()); ++i)
        {
            test.Equal(reading.messages[i], row.messages[i], row.what);
        }
    }
}

/** Makes messages of which it knows every part. */
class MessageMaker
{
  public:
    /** @param stream stream of the random variable */
    explicit MessageMaker(int64_t stream)
        : m_random(CreateObject<UniformRandomVariable>())
    {
        m_random->SetStream(stream);
    }

    /**
     * @param role what to make
     * @param count how many, one behind the other
     * @param expected set to their descriptions
     * @return the bytes
     */
    Input Make(HttpRole role, uint32_t count, std::vector<std::string>& expected)
    {
        Input input{role, ""};
        for (uint32_t i = 0; i < count; ++i)
        {
            AppendMessage(input, i + 1 == count, expected);
        }
        return input;
    }

  private:
    /**
     * @param bound a number
     * @return a number from 0 to below the bound
     */
    uint32_t Draw(uint32_t bound)
    {
        return m_random->GetInteger(0, bound - 1);
    }

    /**
     * @param alphabet characters
     * @param least least length
     * @param most greatest length
     * @return a word of them
     */
    std::string Word(const std::string& alphabet, uint32_t least, uint32_t most)
    {
        std::string word;
        for (auto left = least + Draw(most - least + 1); left > 0; --left)
        {
            word += alphabet[Draw(alphabet.size())];
        }
        return word;
    }

    /** @return some white space, or none */
    std::string Space()
    {
        return Word(" \t", 0, 2);
    }

    /**
     * @param text a word
     * @return the word in random case
     */
    std::string Case(std::string text)
    {
        for (auto& c : text)
        {
            c = Draw(2) ? static_cast<char>(std::toupper(c)) : c;
        }
        return text;
    }

    /** @return a body with all bytes that could mislead a parser */
    std::string Body()
    {
        return Word(std::string("ab0:\r\n\0\xff", 8), 0, 60);
    }

    /**
     * @param input gets the bytes
     * @param last whether nothing follows
     * @param expected gets the description
     */
    void AppendMessage(Input& input, bool last, std::vector<std::string>& expected)
    {
        const bool request = input.role == HttpRole::Request;
        const std::string tokens = "abXY09!#$%&'*+-.^_`|~";
        const std::string method =
            request ? Word(tokens, 1, 8) : std::vector<std::string>{"GET", "HEAD", "PUT"}[Draw(3)];
        const uint32_t version = Draw(4) ? 11 : 10;
        const uint32_t status = std::vector<uint32_t>{200, 404, 599, 100, 204, 304}[Draw(6)];
        const auto name = version == 10 ? "HTTP/1.0" : "HTTP/1.1";
        const auto start = request ? method + " /" + Word("ab/?%2F=&;,:@~", 0, 20)
                                   : std::to_string(status) + " " + Word("ab \t\xe4", 0, 9);
        std::string& text = input.text;
        for (auto lines = request ? Draw(3) : 0; lines > 0; --lines)
        {
            text += "\r\n";
        }
        text += request ? start + " " + name + "\r\n" : name + (" " + start) + "\r\n";
        std::vector<HttpField> fields;
        const auto add = [&](const std::string& field, const std::string& value) {
            fields.push_back({field, value});
            text += field + ":" + Space() + value + Space() + "\r\n";
        };
        const auto addRandom = [&] {
            for (auto left = Draw(4); left > 0; --left)
            {
                auto value = Word("ab\t ,;:\"\xe4", 0, 12);
                const auto from = value.find_first_not_of(" \t");
                value = from == std::string::npos
                            ? ""
                            : value.substr(from, value.find_last_not_of(" \t") - from + 1);
                add("X" + Word(tokens, 0, 10), value);
            }
        };
        addRandom();
        const auto options = Draw(4);
        if (options)
        {
            const std::vector<std::string> values{"", "close", "keep-alive", "x,\tkeep-alive"};
            add(Case("connection"), Case(values[options]));
        }
        const bool silent =
            !request && (method == "HEAD" || status < 200 || status == 204 || status == 304);

        enum
        {
            NONE,
            LENGTH,
            CHUNKED,
            CLOSE
        } framing = Draw(2) ? LENGTH : (version == 11 && Draw(2)) ? CHUNKED : NONE;

        if (framing == NONE && !request && !silent)
        {
            framing = last ? CLOSE : LENGTH;
        }
        const std::string body = framing == NONE || silent ? "" : Body();
        const auto announced = silent ? Draw(100) : body.size();
        if (framing == LENGTH)
        {
            add(Case("content-length"), Word("0", 0, 3) + std::to_string(announced));
        }
        else if (framing == CHUNKED)
        {
            add(Case("transfer-encoding"), Draw(2) ? Case("chunked") : "gzip, chunked");
        }
        addRandom();
        text += "\r\n";
        if (framing == CHUNKED && !silent)
        {
            AppendChunks(text, body);
        }
        else
        {
            text += body;
        }
        const bool keep = options != 1 && (version == 11 || options > 1) && framing != CLOSE;
        expected.push_back(Describe(start, version, keep, fields, body));
        if (!request && status >= 200)
        {
            input.methods.push_back(method);
        }
    }

    /**
     * @param text gets the chunks
     * @param body their content
     */
    void AppendChunks(std::string& text, const std::string& body)
    {
        for (std::size_t at = 0; at < body.size();)
        {
            const auto size = std::min<std::size_t>(1 + Draw(20), body.size() - at);
            std::ostringstream line;
            line << std::hex << size;
            text += Word("0", 0, 3) + Case(line.str()) + Space();
            text += Draw(3) ? "" : ";" + Word("ab=\"; ", 1, 6);
            text += "\r\n" + body.substr(at, size) + "\r\n";
            at += size;
        }
        text += Word("0", 1, 3) + "\r\n";
        for (auto left = Draw(3); left > 0; --left)
        {
            text += "T" + Word("ab", 0, 3) + ": " + Word("ab ", 0, 5) + "\r\n";
        }
        text += "\r\n";
    }

    Ptr<UniformRandomVariable> m_random; //!< all that is random
};

/** @param test the test case */
void
RandomMessages(FunctionTestCase& test)
{
    for (const auto role : {HttpRole::Request, HttpRole::Response})
    {
        MessageMaker maker(role == HttpRole::Request ? 11 : 12);
        for (uint32_t run = 0; run < 1500; ++run)
        {
            std::vector<std::string> expected;
            const auto input = maker.Make(role, 1 + run % 4, expected);
            const auto reading = Read(input, run % CUTS);
            test.Equal(reading.error.message, "", "error in " + input.text);
            test.Equal(reading.messages.size(), expected.size(), "messages of " + input.text);
            for (std::size_t i = 0; i < std::min(expected.size(), reading.messages.size()); ++i)
            {
                test.Equal(reading.messages[i], expected[i], "message of " + input.text);
            }
        }
    }
}

/** @param test the test case */
void
Tunnels(FunctionTestCase& test)
{
    HttpParser parser(HttpRole::Response);
    parser.SetRequestMethod("CONNECT");
    const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\x16\x03";
    const auto push = [&parser](const std::string& part) {
        parser.Push(Create<Packet>(reinterpret_cast<const uint8_t*>(part.data()), part.size()));
    };
    push(text.substr(0, 20));
    test.Check(parser.Next() == HttpEvent::NeedInput, "in the midst of the head");
    test.Equal(parser.InMessage(), true, "it has begun");
    test.Equal(parser.GetQueuedBytes(), 0, "what was read is not queued");
    push(text.substr(20));
    push("\x01");
    test.Equal(parser.GetQueuedBytes(), text.size() - 20 + 1, "two packets are queued");
    test.Check(parser.Next() == HttpEvent::Head, "head");
    test.Equal(parser.GetBody()->GetSize(), 0, "a head has no content");
    test.Equal(parser.InMessage(), true, "until its end is pulled");
    // What a parser knows goes with it when it is moved.
    HttpParser moved(std::move(parser));
    test.Check(moved.Next() == HttpEvent::Complete, "the tunnel is open");
    test.Equal(moved.GetMessageBytes(), text.size() - 2, "bytes of the answer");
    test.Equal(moved.GetResponse().contentLength, 0, "the length of an answer to CONNECT is void");
    auto rest = moved.TakeQueued();
    uint8_t bytes[3] = {0, 0, 0};
    test.Equal(rest->CopyData(bytes, 3), 3, "from the middle of one packet to the next");
    test.Check(bytes[0] == 0x16 && bytes[1] == 3 && bytes[2] == 1, "the tunnelled bytes");
    test.Equal(moved.TakeQueued()->GetSize(), 0, "only once");
    test.Check(moved.Next() == HttpEvent::NeedInput, "and nothing is left to parse");
}

/** Framing of messages, RFC 9112. */
class HttpFramingTestSuite : public TestSuite
{
  public:
    HttpFramingTestSuite()
        : TestSuite("azure-http-framing", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("RFC 9112, 6.3: where a request ends, or why it is refused", RequestFraming);
        add("RFC 9112, 6.3: where a response ends, by method, status and fields", ResponseFraming);
        add("RFC 9112, 9.3: whether the connection persists", Persistence);
        add("Every character in every place of a head, against the grammar", Characters);
        add("Malformed messages are refused for a reason, at a byte", Malformed);
        add("Limits hold to the byte, for each message", Limits);
        add("A message that breaks off after any byte is an unexpected end", Prefixes);
        add("Messages behind each other, folded and with white space", Pipelines);
        add("3000 random pipelines are read as they were made, however cut", RandomMessages);
        add("A tunnel gets every byte behind the answer", Tunnels);
    }
};

/** Registers the suite. */
HttpFramingTestSuite g_httpFramingTestSuite;

} // namespace
