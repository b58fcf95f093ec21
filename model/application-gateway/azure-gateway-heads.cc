/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-gateway-heads.h"

#include "ns3/azure-http-codec.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace ns3
{
namespace azure
{

namespace
{

/// Fields that say how a body comes.
constexpr std::array<std::string_view, 3> BODY_FIELDS{"Content-Length",
                                                      "Transfer-Encoding",
                                                      "Expect"};

/**
 * @brief Say again how a body is framed: two readings of its end are how requests are smuggled.
 *
 * @param original the head as it was received
 * @param fields fields of the head that goes on
 */
void
RestoreFraming(const HttpHead& original, HttpFields& fields)
{
    fields.Remove("Content-Length");
    fields.Remove("Transfer-Encoding");
    if (original.framing == HttpFraming::Length)
    {
        fields.Add("Content-Length", std::to_string(original.contentLength));
        return;
    }
    for (const char* name : {"Content-Length", "Transfer-Encoding"})
    {
        if (original.fields.Has(name))
        {
            fields.Add(name, original.fields.Get(name));
        }
    }
}

} // namespace

GatewayHead
MakeBackendHead(const GatewayVerdict& verdict, const HttpRequestHead& request)
{
    const auto concernsBody = [](const HttpHead& head) {
        const auto& fields = head.fields.GetAll();
        return std::any_of(fields.begin(), fields.end(), [](const HttpField& field) {
            return std::any_of(BODY_FIELDS.begin(), BODY_FIELDS.end(), [&](const auto& name) {
                return field.name.size() == name.size() &&
                       HttpTokensEqual(field.name, std::string(name));
            });
        });
    };
    if (request.framing == HttpFraming::None && !concernsBody(request) &&
        !concernsBody(verdict.backendRequest))
    {
        return {HttpSerialize(verdict.backendRequest), false, false}; // most requests
    }
    HttpRequestHead head = verdict.backendRequest;
    // The gateway itself has asked for the body.
    head.fields.Remove("Expect");
    RestoreFraming(request, head.fields);
    return {HttpSerialize(head), request.framing == HttpFraming::Chunked, false};
}

void
RemoveConnectionFields(HttpResponseHead& response)
{
    std::vector<std::string> names{"Connection", "Keep-Alive", "Proxy-Connection", "Upgrade"};
    const bool namesOthers = response.fields.Has("Connection");
    for (const auto& field : response.fields.GetAll())
    {
        if (!namesOthers)
        {
            break;
        }
        const bool framing = HttpTokensEqual(field.name, "Content-Length") ||
                             HttpTokensEqual(field.name, "Transfer-Encoding");
        if (!framing && response.fields.HasToken("Connection", field.name))
        {
            names.push_back(field.name);
        }
    }
    for (const auto& name : names)
    {
        response.fields.Remove(name);
    }
}

GatewayHead
MakeClientHead(HttpResponseHead response,
               const HttpResponseHead& original,
               const HttpRequestHead& request,
               bool& keepAlive)
{
    GatewayHead head;
    const bool knowsChunks = request.version >= 11;
    const bool openEnd =
        original.framing == HttpFraming::Chunked || original.framing == HttpFraming::UntilClose;
    response.version = 11;
    RestoreFraming(original, response.fields);
    head.chunked = openEnd && knowsChunks;
    head.untilClose = openEnd && !knowsChunks;
    if (!knowsChunks)
    {
        response.fields.Remove("Transfer-Encoding");
    }
    if (original.framing == HttpFraming::UntilClose && knowsChunks)
    {
        const auto coding = response.fields.Get("Transfer-Encoding");
        response.fields.Set("Transfer-Encoding", coding.empty() ? "chunked" : coding + ", chunked");
    }
    keepAlive = keepAlive && !head.untilClose;
    if (!keepAlive)
    {
        response.fields.Set("Connection", "close");
    }
    else if (!knowsChunks)
    {
        response.fields.Set("Connection", "keep-alive");
    }
    head.text = HttpSerialize(response);
    return head;
}

std::string
MakeAnswerPage(uint32_t status)
{
    const auto title = std::to_string(status) + " " + HttpReasonPhrase(status);
    return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
           "</h1></center>\r\n<hr><center>Microsoft-Azure-Application-Gateway/v2</center>\r\n"
           "</body>\r\n</html>\r\n";
}

uint32_t
CheckRequestHead(const HttpRequestHead& request)
{
    const auto& fields = request.fields.GetAll();
    const auto hosts = std::count_if(fields.begin(), fields.end(), [](const HttpField& field) {
        return HttpTokensEqual(field.name, "Host");
    });
    if (hosts > 1 || (hosts == 0 && request.version >= 11))
    {
        return 400; // RFC 9112, section 3.2
    }
    // A reverse proxy opens no tunnels to wherever a client asks for.
    return request.method == "CONNECT" ? 405 : 0;
}

} // namespace azure
} // namespace ns3
