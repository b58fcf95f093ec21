/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-forwarded-headers.h"

#include <algorithm>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param request a request
 * @return the fields on their way to the backend
 */
HttpFields
Forward(const GatewayRequest& request)
{
    return MakeForwardedFields(request, RequestTarget::Of(request.head), "id");
}

/**
 * @param t the test case
 */
void
CheckSix(FunctionTestCase& t)
{
    auto request = MakeRequest("/a?b=c", "Contoso.com:443", 443);
    auto fields = Forward(request);
    t.Equal(fields.Get("x-forwarded-for"), "203.0.113.9:5000", "address and port");
    t.Equal(fields.Get("x-forwarded-proto"), "https", "protocol");
    t.Equal(fields.Get("x-forwarded-port"), "443", "port of the gateway");
    t.Equal(fields.Get("x-original-host"), "Contoso.com:443", "host as sent");
    t.Equal(fields.Get("x-original-url"), "/a?b=c", "URL as sent");
    t.Equal(fields.Get("x-appgw-trace-id"), "id", "identity");
    t.Equal(fields.Get("Host"), "Contoso.com:443", "Host as sent");
    t.Equal(fields.GetAll().size(), 7, "six more than were sent");

    request = MakeRequest("/");
    request.head.fields.Add("X-Forwarded-For", "198.51.100.1:7");
    request.head.fields.Add("X-FORWARDED-FOR", "198.51.100.2");
    request.head.fields.Add("X-Forwarded-Proto", "https");
    request.head.fields.Add("X-Appgw-Trace-Id", "forged");
    fields = Forward(request);
    t.Equal(fields.Get("x-forwarded-for"),
            "198.51.100.1:7, 198.51.100.2, 203.0.113.9:5000",
            "a list that grows at its end");
    t.Equal(fields.Get("x-forwarded-proto"), "http", "not what the client says");
    t.Equal(fields.Get("x-appgw-trace-id"), "id", "not what the client says");
    t.Equal(fields.GetAll().size(), 7, "each of them once");
}

/**
 * @param t the test case
 */
void
CheckNames(FunctionTestCase& t)
{
    auto request = MakeRequest("/");
    for (const char* name : {"Accept", "X-Id-2", "X_Id", "X.Id", "X!", "a'b"})
    {
        request.head.fields.Add(name, "value");
    }
    const auto fields = Forward(request);
    t.Equal(fields.GetAll().size(), 9, "Host, two good ones, six more");
    t.Equal(fields.Has("Accept") && fields.Has("X-Id-2"), true, "letters, digits, hyphens");
    t.Equal(fields.Has("X_Id") || fields.Has("X.Id"), false, "nothing else");
}

/**
 * @param t the test case
 */
void
CheckTraceId(FunctionTestCase& t)
{
    const auto stream = MakeStream();
    std::set<std::string> seen;
    std::string digits;
    for (uint32_t round = 0; round < 1000; ++round)
    {
        const auto id = MakeTraceId(stream);
        t.Equal(id.size(), 32, "32 digits");
        seen.insert(id);
        digits += id;
    }
    t.Equal(seen.size(), 1000, "one for each request");
    t.Check(digits.find_first_not_of("0123456789abcdef") == std::string::npos, "hexadecimal");
    for (const char digit : std::string("0123456789abcdef"))
    {
        const auto count = std::count(digits.begin(), digits.end(), digit);
        t.Near(static_cast<double>(count), 2000, 200, "all digits alike");
    }
    t.Equal(MakeTraceId(MakeStream()), MakeTraceId(MakeStream()), "by the stream alone");
}

/**
 * @param t the test case
 */
void
CheckWebSocket(FunctionTestCase& t)
{
    auto request = MakeRequest("/chat");
    request.head.fields.Add("Connection", "keep-alive, Upgrade");
    request.head.fields.Add("Upgrade", "WebSocket");
    request.head.fields.Add("Sec-WebSocket-Key", "x");
    t.Equal(IsWebSocketHandshake(request.head), true, "a handshake");
    auto fields = Forward(request);
    t.Equal(fields.Get("Connection"), "Upgrade", "it stays whole");
    t.Equal(fields.Get("Upgrade"), "websocket", "it stays whole");
    t.Equal(fields.Get("Sec-WebSocket-Key"), "x", "it stays whole");

    request.head.method = "POST";
    t.Equal(IsWebSocketHandshake(request.head), false, "GET alone");
    request.head.method = "GET";
    request.head.version = 10;
    t.Equal(IsWebSocketHandshake(request.head), false, "HTTP/1.1 alone");
    request.head.version = 11;
    request.head.fields.Set("Upgrade", "h2c");
    t.Equal(IsWebSocketHandshake(request.head), false, "no other protocol");
    request.head.fields.Add("Keep-Alive", "timeout=5");
    request.head.fields.Add("Secret", "x");
    request.head.fields.Set("Connection", "close, Secret, Host");
    fields = Forward(request);
    for (const char* name : {"Connection", "Upgrade", "Keep-Alive", "Secret"})
    {
        t.Equal(fields.Has(name), false, std::string("of the client's connection: ") + name);
    }
    t.Equal(fields.Has("Host"), true, "Host cannot be named away");
}

/** Forwarded headers. */
class ForwardedHeadersTestSuite : public TestSuite
{
  public:
    ForwardedHeadersTestSuite()
        : TestSuite("azure-forwarded-headers", Type::UNIT)
    {
        AddTestCase(
            new FunctionTestCase("AG-23 six fields are added to what is forwarded", CheckSix),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase(
                        "AG-23 names with anything but letters, digits and hyphens are discarded",
                        CheckNames),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-23 the trace identity: 32 hexadecimal digits, one a request",
                                 CheckTraceId),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase(
                        "AG-31 the handshake of a WebSocket is passed on, other upgrades are not",
                        CheckWebSocket),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
ForwardedHeadersTestSuite g_forwardedHeadersTestSuite;

} // namespace
