/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-forwarded-headers.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ns3
{
namespace azure
{

namespace
{

/// Fields that concern one connection alone (RFC 9110, section 7.6.1).
constexpr std::array<std::string_view, 5> CONNECTION_FIELDS{"Connection",
                                                            "Keep-Alive",
                                                            "Proxy-Connection",
                                                            "TE",
                                                            "Upgrade"};

/**
 * @param name name of a header field
 * @return whether it holds letters, digits and hyphens alone
 */
bool
IsPlainName(const std::string& name)
{
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    });
}

/**
 * @param name name of a header field
 * @param fields the fields that it is one of
 * @return whether it ends at the gateway
 */
bool
IsOfConnection(const std::string& name, const HttpFields& fields)
{
    return std::any_of(CONNECTION_FIELDS.begin(),
                       CONNECTION_FIELDS.end(),
                       [&](const auto& other) {
                           return name.size() == other.size() &&
                                  HttpTokensEqual(name, std::string(other));
                       }) ||
           (!HttpTokensEqual(name, "Host") && fields.HasToken("Connection", name));
}

} // namespace

std::string
MakeTraceId(const Ptr<UniformRandomVariable>& stream)
{
    std::string id;
    for (int word = 0; word < 8; ++word)
    {
        const uint32_t bits = stream->GetInteger(0, 0xffff);
        for (int shift = 12; shift >= 0; shift -= 4)
        {
            id += "0123456789abcdef"[(bits >> shift) & 15];
        }
    }
    return id;
}

bool
IsWebSocketHandshake(const HttpRequestHead& head)
{
    return head.method == "GET" && head.version >= 11 &&
           head.fields.HasToken("Connection", "Upgrade") &&
           head.fields.HasToken("Upgrade", "websocket");
}

HttpFields
MakeForwardedFields(const GatewayRequest& request,
                    const RequestTarget& target,
                    const std::string& traceId)
{
    const HttpFields& sent = request.head.fields;
    HttpFields fields;
    for (const auto& field : sent.GetAll())
    {
        if (IsPlainName(field.name) && !IsOfConnection(field.name, sent))
        {
            fields.Add(field.name, field.value);
        }
    }
    if (IsWebSocketHandshake(request.head))
    {
        fields.Add("Connection", "Upgrade");
        fields.Add("Upgrade", "websocket");
    }
    std::string path;
    for (const auto& field : sent.GetAll())
    {
        if (HttpTokensEqual(field.name, "X-Forwarded-For") && !field.value.empty())
        {
            path += field.value + ", ";
        }
    }
    const std::string client = ToText(request.client);
    path += request.client.IsIpv4() ? client : "[" + client + "]";
    fields.Set("x-forwarded-for", path + ":" + std::to_string(request.clientPort));
    fields.Set("x-forwarded-proto", request.tls ? "https" : "http");
    fields.Set("x-forwarded-port", std::to_string(request.frontendPort));
    fields.Set("x-original-host", sent.Has("Host") ? sent.Get("Host") : target.host);
    fields.Set("x-original-url", target.GetPathAndQuery());
    fields.Set("x-appgw-trace-id", traceId);
    return fields;
}

} // namespace azure
} // namespace ns3
