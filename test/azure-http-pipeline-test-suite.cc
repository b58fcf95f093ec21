/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-reading.h"

#include <algorithm>
#include <cctype>
#include <sstream>

using namespace ns3;
using namespace ns3::azure;

namespace
{

using Code = HttpErrorCode;

/** @param test the test case */
void
Prefixes(FunctionTestCase& test)
{
    // A connection that ends after any byte but the last of a message breaks it off.
    const HttpInput inputs[] = {
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
            HttpInput part = input;
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
        HttpInput input;                   //!< the bytes
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
    HttpInput Make(HttpRole role, uint32_t count, std::vector<std::string>& expected)
    {
        HttpInput input{role, ""};
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
    void AppendMessage(HttpInput& input, bool last, std::vector<std::string>& expected)
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

/** Messages behind each other on one connection. */
class HttpPipelineTestSuite : public TestSuite
{
  public:
    HttpPipelineTestSuite()
        : TestSuite("azure-http-pipeline", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("A message that breaks off after any byte is an unexpected end", Prefixes);
        add("Messages behind each other, folded and with white space", Pipelines);
        add("3000 random pipelines are read as they were made, however cut", RandomMessages);
        add("A tunnel gets every byte behind the answer", Tunnels);
    }
};

/** Registers the suite. */
HttpPipelineTestSuite g_httpPipelineTestSuite;

} // namespace
