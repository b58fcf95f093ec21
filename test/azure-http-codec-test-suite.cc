/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "ns3/azure-http-codec.h"
#include "ns3/random-variable-stream.h"
#include "ns3/test.h"

#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param text text
 * @return a packet with it
 */
Ptr<Packet>
ToPacket(const std::string& text)
{
    return Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

/**
 * @brief Everything that a parser says about a text, in words.
 * @param role what is parsed
 * @param text the text
 * @param cut bytes of each packet, taken in turn; empty: one packet
 * @param limits bounds
 * @param method what a response answers
 * @return a line for each event; bodies joined
 */
std::string
Transcript(HttpRole role,
           const std::string& text,
           const std::vector<uint32_t>& cut = {},
           const HttpLimits& limits = HttpLimits(),
           const std::string& method = "GET")
{
    HttpParser parser(role, limits);
    parser.SetRequestMethod(method);
    std::ostringstream out;
    std::string body;
    std::size_t position = 0;
    std::size_t turn = 0;
    bool ended = false;
    while (true)
    {
        auto event = parser.Next();
        if (event == HttpEvent::NeedInput)
        {
            if (position < text.size())
            {
                std::size_t size = cut.empty() ? text.size() : cut[turn++ % cut.size()];
                parser.Push(ToPacket(text.substr(position, size)));
                position += size;
                continue;
            }
            if (!ended)
            {
                ended = true;
                parser.PushEnd();
                continue;
            }
            out << "end";
            break;
        }
        if (event == HttpEvent::Body)
        {
            std::string part(parser.GetBodyBytes(), '?');
            parser.GetBody()->CopyData(reinterpret_cast<uint8_t*>(part.data()), part.size());
            body += part;
            continue;
        }
        if (event == HttpEvent::Error)
        {
            out << "error " << static_cast<int>(parser.GetError().code) << " at "
                << parser.GetError().offset;
            break;
        }
        if (event == HttpEvent::Complete)
        {
            out << "body [" << body << "] of " << parser.GetMessageBytes() << "\n";
            body.clear();
            continue;
        }
        const HttpHead& head = role == HttpRole::Request
                                   ? static_cast<const HttpHead&>(parser.GetRequest())
                                   : parser.GetResponse();
        if (role == HttpRole::Request)
        {
            out << parser.GetRequest().method << " " << parser.GetRequest().target;
        }
        else
        {
            out << parser.GetResponse().status << " " << parser.GetResponse().reason;
        }
        out << " v" << head.version << (head.keepAlive ? " keep" : " close");
        for (const auto& field : head.fields.GetAll())
        {
            out << " {" << field.name << "=" << field.value << "}";
        }
        out << "\n";
    }
    return out.str();
}

/** A text, and what the parser must say about it, however it is cut. */
class TranscriptTestCase : public TestCase
{
  public:
    /**
     * @param name what is shown
     * @param role what is parsed
     * @param text the text
     * @param expected the transcript
     * @param method what a response answers
     */
    TranscriptTestCase(const std::string& name,
                       HttpRole role,
                       const std::string& text,
                       const std::string& expected,
                       const std::string& method = "GET")
        : TestCase(name),
          m_role(role),
          m_text(text),
          m_expected(expected),
          m_method(method)
    {
    }

  private:
    void DoRun() override
    {
        std::vector<std::vector<uint32_t>> cuts{{}, {1}, {2}, {3, 1}, {7}, {16, 1, 5}};
        for (const auto& cut : cuts)
        {
            auto result = Transcript(m_role, m_text, cut, HttpLimits(), m_method);
            NS_TEST_EXPECT_MSG_EQ(result, m_expected, "transcript");
        }
    }

    HttpRole m_role;        //!< what is parsed
    std::string m_text;     //!< the text
    std::string m_expected; //!< the transcript
    std::string m_method;   //!< what a response answers
};

/** A text that must be refused, for one reason, at one place. */
class ErrorTestCase : public TestCase
{
  public:
    /**
     * @param role what is parsed
     * @param text the text
     * @param code the reason
     * @param status what a server answers
     */
    ErrorTestCase(HttpRole role, const std::string& text, HttpErrorCode code, uint32_t status)
        : TestCase("Refused with error code " + std::to_string(static_cast<int>(code))),
          m_role(role),
          m_text(text),
          m_code(code),
          m_status(status)
    {
    }

  private:
    void DoRun() override
    {
        HttpLimits limits;
        limits.headBytes = 200;
        limits.bodyBytes = 1000;
        HttpParser parser(m_role, limits);
        parser.Push(ToPacket(m_text));
        parser.PushEnd();
        HttpEvent event;
        do
        {
            event = parser.Next();
        } while (event != HttpEvent::Error && event != HttpEvent::NeedInput);
        NS_TEST_ASSERT_MSG_EQ((event == HttpEvent::Error), true, "no error for " << m_text);
        NS_TEST_EXPECT_MSG_EQ(static_cast<int>(parser.GetError().code),
                              static_cast<int>(m_code),
                              "reason for " << m_text << ": " << parser.GetError().message);
        NS_TEST_EXPECT_MSG_EQ(parser.GetError().status, m_status, "status for " << m_text);
        NS_TEST_EXPECT_MSG_EQ((parser.Next() == HttpEvent::Error), true, "it stays an error");
        auto whole = Transcript(m_role, m_text, {}, limits);
        for (uint32_t size = 1; size <= 5; ++size)
        {
            NS_TEST_EXPECT_MSG_EQ(Transcript(m_role, m_text, {size}, limits), whole, "cut");
        }
    }

    HttpRole m_role;      //!< what is parsed
    std::string m_text;   //!< the text
    HttpErrorCode m_code; //!< the reason
    uint32_t m_status;    //!< what a server answers
};

/** What is serialized is parsed back. */
class RoundTripTestCase : public TestCase
{
  public:
    RoundTripTestCase()
        : TestCase("Serialized heads parse back, and cannot be split by what is in them")
    {
    }

  private:
    void DoRun() override
    {
        HttpRequestHead request;
        request.method = "POST";
        request.target = "/a?b=c";
        request.fields.Add("Host", "example");
        request.fields.Add("X-Evil", "a\r\nX-Injected: b");
        request.fields.Add("Content-Length", "3");
        NS_TEST_EXPECT_MSG_EQ(
            Transcript(HttpRole::Request, HttpSerialize(request) + "abc"),
            "POST /a?b=c v11 keep {Host=example} {X-Evil=aX-Injected: b} {Content-Length=3}\n"
            "body [abc] of 85\nend",
            "request");
        HttpResponseHead response;
        response.status = 503;
        response.version = 10;
        response.fields.Add("Content-Length", "0");
        NS_TEST_EXPECT_MSG_EQ(Transcript(HttpRole::Response, HttpSerialize(response)),
                              "503 Service Unavailable v10 close {Content-Length=0}\n"
                              "body [] of 55\nend",
                              "response");
    }
};

/** Fields and paths. */
class MessageTestCase : public TestCase
{
  public:
    MessageTestCase()
        : TestCase("Fields compare without case; lists, replacement, removal; paths of targets")
    {
    }

  private:
    void DoRun() override
    {
        HttpFields fields;
        fields.Add("Via", "a");
        fields.Add("Connection", "Keep-Alive , Upgrade");
        fields.Add("via", "b");
        NS_TEST_EXPECT_MSG_EQ(fields.Get("VIA"), "a", "first of a name");
        NS_TEST_EXPECT_MSG_EQ(fields.HasToken("connection", "upgrade"), true, "element");
        NS_TEST_EXPECT_MSG_EQ(fields.HasToken("connection", "up"), false, "part of an element");
        NS_TEST_EXPECT_MSG_EQ(fields.HasToken("connection", ""), false, "no element");
        fields.Set("VIA", "c");
        NS_TEST_EXPECT_MSG_EQ(fields.GetAll().size(), 2, "replaced both");
        NS_TEST_EXPECT_MSG_EQ(fields.GetAll()[0].value, "c", "in the first place");
        NS_TEST_EXPECT_MSG_EQ(fields.Remove("via"), 1, "removed");
        NS_TEST_EXPECT_MSG_EQ(fields.Has("Via"), false, "gone");
        HttpRequestHead head;
        std::vector<std::pair<std::string, std::string>> paths{{"/a/b?c=/d", "/a/b"},
                                                               {"/", "/"},
                                                               {"http://h:80/x?y", "/x"},
                                                               {"http://h", "/"},
                                                               {"http://h?q=/x", "/"},
                                                               {"*", "*"}};
        for (const auto& [target, path] : paths)
        {
            head.target = target;
            NS_TEST_EXPECT_MSG_EQ(head.GetPath(), path, "path of " << target);
        }
    }
};

/** A body of zeros is counted, not stored. */
class VirtualBodyTestCase : public TestCase
{
  public:
    VirtualBodyTestCase()
        : TestCase("Virtual bodies are counted; what follows a message stays for the next")
    {
    }

  private:
    void DoRun() override
    {
        HttpParser parser(HttpRole::Response);
        parser.Push(ToPacket("HTTP/1.1 200 OK\r\nContent-Length: 3000000000\r\n\r\n"));
        NS_TEST_ASSERT_MSG_EQ((parser.Next() == HttpEvent::Head), true, "head");
        uint64_t left = 3000000000;
        while (left > 0)
        {
            auto size = static_cast<uint32_t>(std::min<uint64_t>(left, 1000000000));
            parser.Push(Create<Packet>(size));
            NS_TEST_ASSERT_MSG_EQ((parser.Next() == HttpEvent::Body), true, "body");
            NS_TEST_EXPECT_MSG_EQ(parser.GetBodyBytes(), size, "bytes");
            left -= size;
        }
        parser.Push(ToPacket("tunnelled"));
        NS_TEST_ASSERT_MSG_EQ((parser.Next() == HttpEvent::Complete), true, "complete");
        NS_TEST_EXPECT_MSG_EQ(parser.GetMessageBodyBytes(), 3000000000ULL, "bytes of body");
        NS_TEST_EXPECT_MSG_EQ(parser.InMessage(), false, "between messages");
        NS_TEST_EXPECT_MSG_EQ(parser.GetQueuedBytes(), 9, "left over");
        NS_TEST_EXPECT_MSG_EQ(parser.TakeQueued()->GetSize(), 9, "taken");
        NS_TEST_EXPECT_MSG_EQ(parser.GetQueuedBytes(), 0, "nothing left");
    }
};

/** Mutations of good messages: no crash, and the cut never matters. */
class MutationTestCase : public TestCase
{
  public:
    MutationTestCase()
        : TestCase("20,000 mutated inputs: no crash, and the same events however they are cut")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> seeds{
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
            "PUT /y HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            "4;x=y\r\nabcd\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcdHTTP/1.1 404 Not Found\r\n\r\nrest",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3\r\nabc\r\n0\r\n\r\n"};
        const std::vector<std::string> tokens{"\r\n",
                                              "\n",
                                              "\r",
                                              "\r\n\r\n",
                                              ":",
                                              " ",
                                              "0",
                                              "ffffffffffffffff",
                                              "Content-Length: 7\r\n",
                                              "Transfer-Encoding: chunked\r\n",
                                              "Transfer-Encoding: gzip\r\n",
                                              "Connection: close\r\n",
                                              std::string(300, 'a')};
        auto random = CreateObject<UniformRandomVariable>();
        random->SetStream(4711);
        HttpLimits limits;
        limits.headBytes = 256;
        limits.chunkLineBytes = 32;
        limits.bodyBytes = 4096;
        uint32_t errors = 0;
        uint32_t different = 0;
        for (uint32_t run = 0; run < 20000; ++run)
        {
            auto seed = random->GetInteger(0, seeds.size() - 1);
            auto text = seeds[seed];
            for (auto changes = random->GetInteger(1, 4); changes > 0; --changes)
            {
                auto at = random->GetInteger(0, text.size() - 1);
                switch (random->GetInteger(0, 3))
                {
                case 0:
                    text[at] = static_cast<char>(random->GetInteger(0, 255));
                    break;
                case 1:
                    text.erase(at, random->GetInteger(1, 4));
                    break;
                case 2:
                    text.insert(at, tokens[random->GetInteger(0, tokens.size() - 1)]);
                    break;
                default:
                    text.insert(at, text.substr(random->GetInteger(0, text.size() - 1), 20));
                }
                if (text.empty())
                {
                    text = "G";
                }
            }
            auto role = seed < 3 ? HttpRole::Request : HttpRole::Response;
            auto whole = Transcript(role, text, {}, limits);
            std::vector<uint32_t> cut;
            for (int i = 0; i < 5; ++i)
            {
                cut.push_back(random->GetInteger(1, 40));
            }
            different += Transcript(role, text, {1}, limits) != whole;
            different += Transcript(role, text, cut, limits) != whole;
            errors += whole.find("error") != std::string::npos;
        }
        NS_TEST_EXPECT_MSG_EQ(different, 0, "inputs whose events depend on the cut");
        // Neither all good nor all bad: the mutations reach both sides.
        NS_TEST_EXPECT_MSG_GT(errors, 5000, "inputs refused");
        NS_TEST_EXPECT_MSG_LT(errors, 19500, "inputs refused");
    }
};

/** HTTP codec. */
class HttpCodecTestSuite : public TestSuite
{
  public:
    HttpCodecTestSuite()
        : TestSuite("azure-http-codec", Type::UNIT)
    {
        AddTranscripts();
        AddErrors();
        AddTestCase(new RoundTripTestCase, Duration::QUICK);
        AddTestCase(new MessageTestCase, Duration::QUICK);
        AddTestCase(new VirtualBodyTestCase, Duration::QUICK);
        AddTestCase(new MutationTestCase, Duration::QUICK);
    }

  private:
    /** Good messages. */
    void AddTranscripts()
    {
        auto request = HttpRole::Request;
        auto response = HttpRole::Response;
        auto add = [this](auto... arguments) {
            AddTestCase(new TranscriptTestCase(arguments...), Duration::QUICK);
        };
        add("Pipelined requests, empty lines before them",
            request,
            "\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\nHost:h \r\n"
            "Content-Length: 2\r\n\r\nxy",
            "GET /a v11 keep {Host=h}\nbody [] of 28\n"
            "POST /b v11 keep {Host=h} {Content-Length=2}\nbody [xy] of 50\nend");
        add("Keep-alive of HTTP 1.0 and 1.1",
            request,
            "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"
            "GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n",
            "GET / v10 close\nbody [] of 18\n"
            "GET / v10 keep {Connection=Keep-Alive}\nbody [] of 42\n"
            "GET / v11 close {Connection=x, Close}\nbody [] of 40\nend");
        add("Chunked request with extension and trailer",
            request,
            "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n"
            "0A\r\n0123456789\r\n0\r\nT: v\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "PUT / v11 keep {Transfer-Encoding=chunked}\nbody [abc0123456789] of 85\n"
            "GET / v11 keep\nbody [] of 18\nend");
        add("Response until the end of the connection",
            response,
            "HTTP/1.1 200 OK\r\n\r\nall of it",
            "200 OK v11 close\nbody [all of it] of 28\nend");
        add("Responses without body: 1xx, 204, 304",
            response,
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
            "100 Continue v11 keep\nbody [] of 25\n204 No Content v11 keep\nbody [] of 27\n"
            "304 Not Modified v11 keep {Content-Length=9}\nbody [] of 48\nend");
        add("An answer to HEAD has no body, the next answer has",
            response,
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nxy",
            "200 OK v11 keep {Content-Length=9}\nbody [] of 38\n"
            "200 OK v11 keep {Content-Length=2}\nbody [xy] of 40\nend",
            "HEAD");
        add("Empty reason phrase and equal lengths twice",
            response,
            "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
            "200  v11 keep {Content-Length=0}\nbody [] of 36\nend");
    }

    /** Bad messages. */
    void AddErrors()
    {
        auto request = HttpRole::Request;
        auto response = HttpRole::Response;
        using Code = HttpErrorCode;
        auto add = [this](HttpRole role, const std::string& text, Code code, uint32_t status) {
            AddTestCase(new ErrorTestCase(role, text, code, status), Duration::QUICK);
        };
        // A TLS ClientHello on a plain port.
        add(request, std::string("\x16\x03\x01\x02", 4), Code::BadCharacter, 400);
        add(request, "GET / HTTP/1.1\nHost: a\n\n", Code::BadLineEnding, 400);
        add(request, "GET / HTTP/1.1\rHost", Code::BadLineEnding, 400);
        add(request, "G(T / HTTP/1.1\r\n", Code::BadMethod, 400);
        add(request, " / HTTP/1.1\r\n", Code::BadMethod, 400);
        add(request, "GET  HTTP/1.1\r\n", Code::BadTarget, 400);
        add(request, "GET / HTTP/2.0\r\n", Code::BadVersion, 505);
        add(request, "GET / HTCPCP/1.0\r\n", Code::BadVersion, 505);
        add(response, "HTTP/1.1 20x OK\r\n", Code::BadStatus, 400);
        add(request, "GET / HTTP/1.1\r\nNo colon\r\n\r\n", Code::BadField, 400);
        add(request, "GET / HTTP/1.1\r\nA : b\r\n\r\n", Code::BadField, 400);
        add(request, "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", Code::BadContentLength, 400);
        add(request,
            "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
            Code::BadContentLength,
            400);
        add(request,
            "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            Code::BadContentLength,
            400);
        std::string chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";
        add(request, chunked + "Content-Length: 3\r\n\r\n", Code::BadContentLength, 400);
        add(request,
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            Code::BadTransferEncoding,
            400);
        add(request,
            "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
            Code::BadTransferEncoding,
            400);
        add(request,
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            Code::BadTransferEncoding,
            400);
        add(request, chunked + "\r\nxyz\r\n", Code::BadChunk, 400);
        add(request, chunked + "\r\n3\r\nabcX\r\n", Code::BadChunk, 400);
        add(request, chunked + "\r\n1ffffffffffffffff\r\n", Code::BadChunk, 400);
        add(request, chunked + "\r\n0\r\nbad trailer\r\n\r\n", Code::BadField, 400);
        add(request, "GET /" + std::string(300, 'a'), Code::HeadTooLarge, 431);
        add(request, "GET / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n", Code::BodyTooLarge, 413);
        add(request, chunked + "\r\n3e9\r\n", Code::BodyTooLarge, 413);
        add(response, "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'a'), Code::BodyTooLarge, 413);
        add(request, "GET / HT", Code::UnexpectedEnd, 400);
        add(response, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", Code::UnexpectedEnd, 400);
        add(request, chunked + "\r\n", Code::UnexpectedEnd, 400);
        add(request, chunked + "\r\n3\r\nabc", Code::UnexpectedEnd, 400);
    }
};

/** Registers the suite. */
HttpCodecTestSuite g_httpCodecTestSuite;

} // namespace
