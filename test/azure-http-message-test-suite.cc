/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-http-codec.h"
#include "ns3/azure-http-message.h"
#include "ns3/azure-http-record.h"
#include "ns3/random-variable-stream.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/** Fields as a plain list, in the simplest way to do it. */
class NaiveFields
{
  public:
    /// Names and values.
    using List = std::vector<std::pair<std::string, std::string>>;

    /**
     * @param text text
     * @return the text with its letters in lower case
     */
    static std::string Lower(std::string text)
    {
        for (auto& c : text)
        {
            const auto at = std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZ").find(c);
            c = at == std::string::npos ? c : "abcdefghijklmnopqrstuvwxyz"[at];
        }
        return text;
    }

    /**
     * @param name a name
     * @return the values of that name
     */
    std::vector<std::string> Find(const std::string& name) const
    {
        std::vector<std::string> values;
        for (const auto& [other, value] : m_list)
        {
            if (Lower(other) == Lower(name))
            {
                values.push_back(value);
            }
        }
        return values;
    }

    /**
     * @param name a name
     * @return how many fields of that name were there
     */
    uint32_t Remove(const std::string& name)
    {
        List kept;
        for (const auto& field : m_list)
        {
            if (Lower(field.first) != Lower(name))
            {
                kept.push_back(field);
            }
        }
        const auto removed = m_list.size() - kept.size();
        m_list = kept;
        return removed;
    }

    /**
     * @param name a name
     * @param value the only value of that name from now on
     */
    void Set(const std::string& name, const std::string& value)
    {
        std::size_t at = 0;
        while (at < m_list.size() && Lower(m_list[at].first) != Lower(name))
        {
            ++at;
        }
        Remove(name);
        m_list.insert(m_list.begin() + std::min(at, m_list.size()), {name, value});
    }

    /**
     * @param name a name
     * @param token an element
     * @return whether a list of that name has it
     */
    bool HasToken(const std::string& name, const std::string& token) const
    {
        for (const auto& value : Find(name))
        {
            std::string element;
            for (const char c : value + ",")
            {
                if (c != ',')
                {
                    element += c;
                    continue;
                }
                while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
                {
                    element.pop_back();
                }
                while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
                {
                    element.erase(0, 1);
                }
                if (!element.empty() && Lower(element) == Lower(token))
                {
                    return true;
                }
                element.clear();
            }
        }
        return false;
    }

    List m_list; //!< in wire order
};

/** @param test the test case */
void
RandomFields(FunctionTestCase& test)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(31);
    const auto pick = [&](const std::vector<std::string>& from) {
        return from[random->GetInteger(0, from.size() - 1)];
    };
    const std::vector<std::string> names{"Via", "VIA", "via", "Vi", "X-A", "x-a", "[", "{"};
    const std::vector<std::string>
        values{"", "a", "A, b", " ,\tb\t, ", "a b", ",", "ab,c ,a", "\xc4,\xe4"};
    const std::vector<std::string> tokens{"a", "A", "b", "ab", "c", "", "a b", "\xe4"};
    for (uint32_t run = 0; run < 200; ++run)
    {
        HttpFields fields;
        NaiveFields model;
        for (uint32_t step = 0; step < 25; ++step)
        {
            const auto name = pick(names);
            const auto value = pick(values);
            switch (random->GetInteger(0, 4))
            {
            case 0:
                fields.Set(name, value);
                model.Set(name, value);
                break;
            case 1:
                test.Equal(fields.Remove(name), model.Remove(name), "removed");
                break;
            default:
                fields.Add(name, value);
                model.m_list.emplace_back(name, value);
            }
            const auto asked = pick(names);
            const auto found = model.Find(asked);
            test.Equal(fields.Has(asked), !found.empty(), "has " + asked);
            test.Equal(fields.Get(asked), found.empty() ? "" : found[0], "first " + asked);
            const auto token = pick(tokens);
            test.Equal(fields.HasToken(asked, token),
                       model.HasToken(asked, token),
                       "element " + token);
        }
        test.Equal(fields.GetAll().size(), model.m_list.size(), "fields");
        for (std::size_t i = 0; i < model.m_list.size(); ++i)
        {
            test.Equal(fields.GetAll()[i].name, model.m_list[i].first, "name in its place");
            test.Equal(fields.GetAll()[i].value, model.m_list[i].second, "value in its place");
        }
    }
}

/** @param test the test case */
void
Case(FunctionTestCase& test)
{
    // Only the 26 letters have two cases: not what lies 32 apart beside them, nor Latin-1.
    for (uint32_t a = 0; a < 256; ++a)
    {
        for (uint32_t b = 0; b < 256; ++b)
        {
            const bool letters = std::max(a, b) >= 'a' && std::max(a, b) <= 'z' &&
                                 std::max(a, b) - std::min(a, b) == 32;
            const std::string left(1, static_cast<char>(a));
            const std::string right(1, static_cast<char>(b));
            test.Equal(HttpTokensEqual(left, right),
                       a == b || letters,
                       std::to_string(a) + " and " + std::to_string(b));
        }
    }
    test.Equal(HttpTokensEqual("close", "close "), false, "longer");
    test.Equal(HttpTokensEqual(std::string("a\0b", 3), "a"), false, "a zero ends nothing");
}

/** @param test the test case */
void
Targets(FunctionTestCase& test)
{
    // RFC 9112, section 3.2: origin, absolute, authority and asterisk form.
    const std::pair<const char*, const char*> rows[] = {
        {"/", "/"},
        {"//a//b/", "//a//b/"},
        {"/a;p=1/b", "/a;p=1/b"},
        {"/a#b?c", "/a"},
        {"/?", "/"},
        {"/a?http://h/b", "/a"},
        {"/%3fa", "/%3fa"},
        {"http://h/a/b?c", "/a/b"},
        {"HTTPS://u@h:8443/a#b", "/a"},
        {"http://[::1]:80/a", "/a"},
        {"http://h#/a", "/"},
        {"http://h/?a", "/"},
        {"h:443", "h:443"},
        {"*", "*"},
    };
    for (const auto& [target, path] : rows)
    {
        HttpRequestHead head;
        head.target = target;
        test.Equal(head.GetPath(), path, std::string("path of ") + target);
    }
}

/** @param test the test case */
void
Expectations(FunctionTestCase& test)
{
    // RFC 9110, section 10.1.1: of a 1.0 client it is ignored, and its value has no case.
    struct
    {
        uint32_t version;  //!< of the request
        const char* value; //!< of the field Expect
        bool expects;      //!< whether it waits
    } const rows[] = {{11, "100-continue", true},
                      {11, "100-Continue", true},
                      {11, "x, 100-continue", true},
                      {11, "100", false},
                      {11, "100-continued", false},
                      {11, "", false},
                      {10, "100-continue", false}};

    for (const auto& row : rows)
    {
        HttpRequestHead head;
        head.version = row.version;
        test.Equal(head.ExpectsContinue(), false, "nothing is expected without the field");
        head.fields.Add("eXPECT", row.value);
        test.Equal(head.ExpectsContinue(), row.expects, row.value);
    }
}

/** @param test the test case */
void
Sizes(FunctionTestCase& test)
{
    const auto infinity = std::numeric_limits<double>::infinity();
    const auto most = uint64_t{1} << 53;
    const std::pair<double, uint64_t> rows[] = {{-infinity, 0},
                                                {-1, 0},
                                                {-0.0, 0},
                                                {std::nan(""), 0},
                                                {0.4999, 0},
                                                {0.5, 1},
                                                {1.4999, 1},
                                                {2.5, 3},
                                                {4294967295.6, 4294967296},
                                                {9007199254740991.0, most - 1},
                                                {9007199254740994.0, most},
                                                {1e300, most},
                                                {infinity, most}};
    for (const auto& [size, bytes] : rows)
    {
        test.Equal(HttpBodyBytes(size), bytes, std::to_string(size));
    }
}

/** @param test the test case */
void
WireText(FunctionTestCase& test)
{
    HttpRequestHead request;
    test.Equal(HttpSerialize(request), "GET / HTTP/1.1\r\n\r\n", "the least request");
    request.method = "P\r\nUT";
    request.target = std::string("/a\n b\x7f", 6) + std::string(1, '\0') + "c";
    request.version = 10;
    request.fields.Add("A\r\nB", "x\r\n\r\ny");
    request.fields.Add("A", "\tz\xe4");
    request.framing = HttpFraming::Chunked; // what the parser found out is not sent on
    request.keepAlive = false;
    test.Equal(HttpSerialize(request),
               "PUT /a bc HTTP/1.0\r\nAB: xy\r\nA: \tz\xe4\r\n\r\n",
               "no control character, no injected line");
    HttpResponseHead response;
    response.fields.Add("Content-Length", "0");
    test.Equal(HttpSerialize(response), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "response");
    response.status = 299;
    response.reason = "Fine\r\nSet-Cookie: a";
    test.Equal(HttpSerialize(response),
               "HTTP/1.1 299 FineSet-Cookie: a\r\nContent-Length: 0\r\n\r\n",
               "reason of one's own");
    // RFC 9110, section 15, those that this module sends or names.
    const std::pair<uint32_t, const char*> phrases[] = {{100, "Continue"},
                                                        {101, "Switching Protocols"},
                                                        {200, "OK"},
                                                        {204, "No Content"},
                                                        {301, "Moved Permanently"},
                                                        {302, "Found"},
                                                        {303, "See Other"},
                                                        {304, "Not Modified"},
                                                        {307, "Temporary Redirect"},
                                                        {308, "Permanent Redirect"},
                                                        {400, "Bad Request"},
                                                        {403, "Forbidden"},
                                                        {404, "Not Found"},
                                                        {408, "Request Timeout"},
                                                        {431, "Request Header Fields Too Large"},
                                                        {500, "Internal Server Error"},
                                                        {502, "Bad Gateway"},
                                                        {503, "Service Unavailable"},
                                                        {504, "Gateway Timeout"},
                                                        {505, "HTTP Version Not Supported"},
                                                        {299, "Unknown"},
                                                        {0, "Unknown"}};
    for (const auto& [status, phrase] : phrases)
    {
        test.Equal(HttpReasonPhrase(status), phrase, std::to_string(status));
    }
}

/** @param test the test case */
void
RoundTrips(FunctionTestCase& test)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(32);
    const auto word = [&](const std::string& alphabet, uint32_t least, uint32_t most) {
        std::string text;
        for (auto left = random->GetInteger(least, most); left > 0; --left)
        {
            text += alphabet[random->GetInteger(0, alphabet.size() - 1)];
        }
        return text;
    };
    const std::string token = "azAZ09!#$%&'*+-.^_`|~";
    const auto addFields = [&](HttpHead& head) {
        head.version = random->GetInteger(10, 11);
        for (auto left = random->GetInteger(0, 5); left > 0; --left)
        {
            head.fields.Add("X" + word(token, 0, 8), "v" + word("a \t,;=\"\x80\xff", 0, 12) + "v");
        }
    };
    const auto compare = [&](const HttpHead& actual,
                             const HttpHead& sent,
                             const std::string& text) {
        test.Equal(actual.version, sent.version, "version of " + text);
        test.Equal(actual.headBytes, text.size(), "size of " + text);
        test.Equal(actual.fields.GetAll().size(), sent.fields.GetAll().size(), "fields of " + text);
        for (std::size_t i = 0; i < sent.fields.GetAll().size(); ++i)
        {
            test.Equal(actual.fields.GetAll()[i].name, sent.fields.GetAll()[i].name, text);
            test.Equal(actual.fields.GetAll()[i].value, sent.fields.GetAll()[i].value, text);
        }
    };
    const auto pull = [&](HttpParser& parser, const std::string& text) {
        parser.Push(Create<Packet>(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
        test.Check(parser.Next() == HttpEvent::Head, "head of " + text);
    };
    for (uint32_t run = 0; run < 500; ++run)
    {
        HttpRequestHead request;
        request.method = word(token, 1, 9);
        request.target = "/" + word("az/?%=&;", 0, 20);
        addFields(request);
        const auto text = HttpSerialize(request);
        HttpParser requests(HttpRole::Request);
        pull(requests, text);
        test.Equal(requests.GetRequest().method, request.method, text);
        test.Equal(requests.GetRequest().target, request.target, text);
        compare(requests.GetRequest(), request, text);

        HttpResponseHead response;
        response.status = random->GetInteger(100, 599);
        response.reason = "r" + word("a \x80", 0, 9);
        addFields(response);
        const auto answer = HttpSerialize(response);
        HttpParser responses(HttpRole::Response);
        pull(responses, answer);
        test.Equal(responses.GetResponse().status, response.status, answer);
        test.Equal(responses.GetResponse().reason, response.reason, answer);
        compare(responses.GetResponse(), response, answer);
        // Serialized again it is the same text.
        test.Equal(HttpSerialize(requests.GetRequest()), text, "twice");
        test.Equal(HttpSerialize(responses.GetResponse()), answer, "twice");
    }
}

/** @param test the test case */
void
Words(FunctionTestCase& test)
{
    // Words of reports, and of errors: all different, none empty.
    const std::pair<HttpOutcome, const char*> outcomes[] = {
        {HttpOutcome::Ok, "ok"},
        {HttpOutcome::ConnectTimeout, "connect-timeout"},
        {HttpOutcome::Refused, "refused"},
        {HttpOutcome::Reset, "reset"},
        {HttpOutcome::Timeout, "timeout"},
        {HttpOutcome::ClosedEarly, "closed-early"},
        {HttpOutcome::BadResponse, "bad-response"},
        {HttpOutcome::NoAddress, "no-address"},
        {HttpOutcome::NotResolved, "not-resolved"},
        {HttpOutcome::Overload, "overload"},
        {HttpOutcome::Aborted, "aborted"}};
    HttpRequestRecord record;
    record.status = 503; // of a response that was not complete: the outcome counts
    for (const auto& [outcome, name] : outcomes)
    {
        record.outcome = outcome;
        test.Equal(record.GetOutcomeName(), name, name);
    }
    record.outcome = HttpOutcome::HttpError;
    for (const auto& [status, name] : {std::pair<uint32_t, const char*>{400, "http-4xx"},
                                       {499, "http-4xx"},
                                       {500, "http-5xx"},
                                       {599, "http-5xx"}})
    {
        record.status = status;
        test.Equal(record.GetOutcomeName(), name, std::to_string(status));
    }
    std::vector<std::string> texts;
    for (int code = 0; code <= static_cast<int>(HttpErrorCode::UnexpectedEnd); ++code)
    {
        texts.push_back(HttpErrorText(static_cast<HttpErrorCode>(code)));
    }
    std::sort(texts.begin(), texts.end());
    test.Equal(texts.size(), 16, "reasons");
    test.Check(std::unique(texts.begin(), texts.end()) == texts.end(), "all different");
    test.Check(!texts.front().empty() && texts.front() != "unknown", "all in words");
}

/** Parts of HTTP messages. */
class HttpMessageTestSuite : public TestSuite
{
  public:
    HttpMessageTestSuite()
        : TestSuite("azure-http-message", Type::UNIT)
    {
        const auto add = [this](const std::string& name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("Random operations on fields, against a plain list", RandomFields);
        add("Names compare without the case of ASCII letters, and of nothing else", Case);
        add("RFC 9112, 3.2: the path of every form of target", Targets);
        add("RFC 9110, 10.1.1: who waits for 100 (Continue)", Expectations);
        add("Drawn sizes are rounded, and bounded where a double is no longer exact", Sizes);
        add("Heads as they go on the wire, and registered reason phrases", WireText);
        add("1000 random heads parse back to what they were", RoundTrips);
        add("Outcomes and errors have their words", Words);
    }
};

/** Registers the suite. */
HttpMessageTestSuite g_httpMessageTestSuite;

} // namespace
