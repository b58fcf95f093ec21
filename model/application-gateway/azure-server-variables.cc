/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-server-variables.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Prefix of a server variable.
const std::string SERVER = "var_";

/// Prefix of a header of the request.
const std::string REQUEST_HEADER = "http_req_";

/// Prefix of a header of the response.
const std::string RESPONSE_HEADER = "http_resp_";

/**
 * @param text a text
 * @param prefix a prefix
 * @return whether the text begins with it and goes on
 */
bool
Begins(const std::string& text, const std::string& prefix)
{
    return text.size() > prefix.size() && text.compare(0, prefix.size(), prefix) == 0;
}

/**
 * @param fields header fields
 * @param name a name
 * @return value of the first field of that name, if there is one
 */
std::optional<std::string>
GetField(const HttpFields& fields, const std::string& name)
{
    return fields.Has(name) ? std::optional<std::string>(fields.Get(name)) : std::nullopt;
}

} // namespace

std::optional<std::string>
FindCookie(const HttpFields& fields, const std::string& name)
{
    for (const auto& field : fields.GetAll())
    {
        if (!HttpTokensEqual(field.name, "Cookie"))
        {
            continue;
        }
        for (size_t begin = 0; begin < field.value.size();)
        {
            const size_t end = std::min(field.value.find(';', begin), field.value.size());
            begin = std::min(field.value.find_first_not_of(" \t", begin), end);
            if (field.value.compare(begin, name.size() + 1, name + "=") == 0)
            {
                return field.value.substr(begin + name.size() + 1, end - begin - name.size() - 1);
            }
            begin = end + 1;
        }
    }
    return std::nullopt;
}

ServerVariables::ServerVariables(const GatewayRequest& request,
                                 const RequestTarget& target,
                                 const HttpResponseHead* response)
    : m_request(request),
      m_target(target),
      m_response(response)
{
}

bool
ServerVariables::NeedsResponse(const std::string& variable)
{
    return Begins(variable, RESPONSE_HEADER) || variable == "var_http_status" ||
           variable == "var_sent_bytes";
}

bool
ServerVariables::IsWellFormed(const std::string& variable)
{
    return Begins(variable, SERVER) || Begins(variable, REQUEST_HEADER) ||
           Begins(variable, RESPONSE_HEADER);
}

std::optional<std::string>
ServerVariables::Get(const std::string& variable) const
{
    if (Begins(variable, REQUEST_HEADER))
    {
        return GetField(m_request.head.fields, variable.substr(REQUEST_HEADER.size()));
    }
    if (Begins(variable, RESPONSE_HEADER))
    {
        return m_response ? GetField(m_response->fields, variable.substr(RESPONSE_HEADER.size()))
                          : std::nullopt;
    }
    return Begins(variable, SERVER) ? GetServerVariable(variable.substr(SERVER.size()))
                                    : std::nullopt;
}

std::optional<std::string>
ServerVariables::GetServerVariable(const std::string& name) const
{
    const auto& fields = m_request.head.fields;
    if (name == "uri_path")
    {
        return m_target.path;
    }
    if (name == "query_string" || name == "request_query")
    {
        return m_target.query.value_or("");
    }
    if (name == "host")
    {
        return m_target.host;
    }
    if (name == "request_uri")
    {
        return RequestTarget::Of(m_request.head).GetPathAndQuery();
    }
    if (name == "client_ip")
    {
        return ToText(m_request.client);
    }
    if (name == "client_port")
    {
        return std::to_string(m_request.clientPort);
    }
    if (name == "add_x_forwarded_for_proxy")
    {
        const auto before = GetField(fields, "X-Forwarded-For");
        return (before ? *before + ", " : "") + ToText(m_request.client);
    }
    if (name == "server_port")
    {
        return std::to_string(m_request.frontendPort);
    }
    if (name == "http_method")
    {
        return m_request.head.method;
    }
    if (name == "http_version")
    {
        return m_request.head.version == 10 ? "HTTP/1.0" : "HTTP/1.1";
    }
    if (name == "request_scheme")
    {
        return m_request.tls ? "https" : "http";
    }
    if (name == "ssl_enabled")
    {
        return m_request.tls ? "On" : "";
    }
    if (name == "ssl_connection_protocol")
    {
        return m_request.tlsProtocol;
    }
    if (name == "ciphers_used")
    {
        return m_request.ciphersUsed;
    }
    if (name == "ciphers_supported")
    {
        return m_request.ciphersSupported;
    }
    if (name == "received_bytes")
    {
        return std::to_string(m_request.receivedBytes);
    }
    if (name == "client_tcp_rtt")
    {
        return std::to_string(m_request.clientRtt.GetMicroSeconds());
    }
    if (name == "http_status" && m_response)
    {
        return std::to_string(m_response->status);
    }
    if (name.rfind("cookie_", 0) == 0)
    {
        return FindCookie(fields, name.substr(7));
    }
    return GetCertificateVariable(name);
}

std::optional<std::string>
ServerVariables::GetCertificateVariable(const std::string& name) const
{
    const auto& certificate = m_request.certificate;
    if (name == "client_certificate")
    {
        return certificate.pem;
    }
    if (name == "client_certificate_subject")
    {
        return certificate.subject;
    }
    if (name == "client_certificate_issuer")
    {
        return certificate.issuer;
    }
    if (name == "client_certificate_serial")
    {
        return certificate.serial;
    }
    if (name == "client_certificate_fingerprint")
    {
        return certificate.fingerprint;
    }
    if (name == "client_certificate_start_date")
    {
        return certificate.startDate;
    }
    if (name == "client_certificate_end_date")
    {
        return certificate.endDate;
    }
    if (name == "client_certificate_verification")
    {
        return certificate.verification;
    }
    return std::nullopt;
}

} // namespace azure
} // namespace ns3
