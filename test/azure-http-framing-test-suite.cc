/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-reading.h"

#include <functional>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using Code = HttpErrorCode;

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
        // RFC 9112, section 7.1: the chunked coding has no parameters.
        {"Transfer-Encoding: chunked;a=b\r\n", none, 0, Code::BadTransferEncoding},
        {"Transfer-Encoding: chunked ; a=b\r\n", none, 0, Code::BadTransferEncoding},
        // Fields that only look like those that frame.
        {"X-Content-Length: 7\r\nContent-Lengths: 8\r\nTE: chunked\r\n", none, 0, Code::None},
    };
    for (const auto& row : rows)
    {
        HttpInput input;
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
                const HttpInput input{HttpRole::Response,
                                      "HTTP/1.1 " + std::to_string(status) + " x\r\n" + fields +
                                          "\r\n",
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
            const HttpInput request{HttpRole::Request,
                                    "GET / " + name + "\r\n" + row.fields + "\r\n"};
            test.Equal(Read(request, 0).keepAlive, expected, request.text);
            const HttpInput response{HttpRole::Response,
                                     name + " 200 OK\r\n" + row.fields +
                                         "Content-Length: 0\r\n\r\n"};
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
            const HttpInput input{place.role, place.before + static_cast<char>(c) + place.after};
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
        const HttpInput input{request, std::string("GET /a") + c + "b HTTP/1.1\r\n\r\n"};
        test.Equal(Read(input, 1).messages.size(), 1, std::string("target with ") + c);
    }
    for (uint32_t c = 0; c <= 0x7f; c = c == 0x20 ? 0x7f : c + 1)
    {
        const HttpInput input{request,
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
         request + "A: " + fill(78) + "\r\n\r\n",
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
         chunked + "0\r\nA: " + fill(94) + "\r\n\r\n",
         Code::HeadTooLarge,
         431,
         "longer trailer"},
        {HttpRole::Request, chunked + "0;" + fill(16) + "\r\n\r\n", Code::None, 0, "size line"},
        {HttpRole::Request,
         chunked + "0;" + fill(17) + "\r\n\r\n",
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
    }
};

/** Registers the suite. */
HttpFramingTestSuite g_httpFramingTestSuite;

} // namespace
