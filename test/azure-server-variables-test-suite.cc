/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-server-variables.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @return a request with everything in it
 */
GatewayRequest
MakeFull()
{
    auto request = MakeRequest("/article.aspx?id=123&title=fabrikam", "Contoso.com:8080", 443);
    request.head.method = "POST";
    request.head.fields.Add("User-Agent", "curl");
    request.head.fields.Add("X-Forwarded-For", "198.51.100.1:7");
    request.head.fields.Add("Cookie", "a=1; session=x=y;b=");
    request.receivedBytes = 300;
    request.clientRtt = MilliSeconds(12);
    request.tlsProtocol = "TLSv1.3";
    request.ciphersUsed = "TLS_AES_128_GCM_SHA256";
    request.ciphersSupported = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";
    request.certificate = {"PEM", "CN=me", "CN=ca", "07", "ab", "start", "end", "SUCCESS"};
    return request;
}

/**
 * @param request a request
 * @param variable a variable
 * @param response a response, or null
 * @return its value, `none` without one
 */
std::string
Get(const GatewayRequest& request,
    const std::string& variable,
    const HttpResponseHead* response = nullptr)
{
    const auto target = RequestTarget::Of(request.head);
    return ServerVariables(request, target, response).Get(variable).value_or("none");
}

/**
 * @param t the test case
 */
void
CheckVariables(FunctionTestCase& t)
{
    const std::vector<std::pair<const char*, const char*>> table{
        {"var_add_x_forwarded_for_proxy", "198.51.100.1:7, 203.0.113.9"},
        {"var_ciphers_supported", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"},
        {"var_ciphers_used", "TLS_AES_128_GCM_SHA256"},
        {"var_client_ip", "203.0.113.9"},
        {"var_client_port", "5000"},
        {"var_client_tcp_rtt", "12000"},
        {"var_host", "contoso.com"},
        {"var_cookie_session", "x=y"},
        {"var_cookie_a", "1"},
        {"var_cookie_b", ""},
        {"var_cookie_c", "none"},
        {"var_http_method", "POST"},
        {"var_http_status", "none"},
        {"var_http_version", "HTTP/1.1"},
        {"var_query_string", "id=123&title=fabrikam"},
        {"var_request_query", "id=123&title=fabrikam"},
        {"var_received_bytes", "300"},
        {"var_request_scheme", "https"},
        {"var_request_uri", "/article.aspx?id=123&title=fabrikam"},
        {"var_server_port", "443"},
        {"var_ssl_connection_protocol", "TLSv1.3"},
        {"var_ssl_enabled", "On"},
        {"var_uri_path", "/article.aspx"},
        {"var_nonsense", "none"},
        {"http_req_user-agent", "curl"},
        {"http_req_Missing", "none"},
        {"http_resp_Location", "none"},
        {"nonsense", "none"},
    };
    for (const auto& [variable, value] : table)
    {
        t.Equal(Get(MakeFull(), variable), value, variable);
    }
    const auto plain = MakeRequest("/");
    t.Equal(Get(plain, "var_ssl_enabled"), "", "no TLS");
    t.Equal(Get(plain, "var_request_scheme"), "http", "no TLS");
    t.Equal(Get(plain, "var_query_string"), "", "no query");
    t.Equal(Get(plain, "var_add_x_forwarded_for_proxy"), "203.0.113.9", "no proxy before");
    HttpResponseHead response;
    response.status = 404;
    response.fields.Add("Location", "/x");
    t.Equal(Get(plain, "var_http_status", &response), "404", "status");
    t.Equal(Get(plain, "http_resp_location", &response), "/x", "header of the response");
}

/**
 * @param t the test case
 */
void
CheckCertificate(FunctionTestCase& t)
{
    const std::vector<std::pair<const char*, const char*>> table{
        {"var_client_certificate", "PEM"},
        {"var_client_certificate_subject", "CN=me"},
        {"var_client_certificate_issuer", "CN=ca"},
        {"var_client_certificate_serial", "07"},
        {"var_client_certificate_fingerprint", "ab"},
        {"var_client_certificate_start_date", "start"},
        {"var_client_certificate_end_date", "end"},
        {"var_client_certificate_verification", "SUCCESS"},
    };
    for (const auto& [variable, value] : table)
    {
        t.Equal(Get(MakeFull(), variable), value, variable);
    }
    t.Equal(Get(MakeRequest("/"), "var_client_certificate_verification"), "NONE", "none shown");
    t.Equal(Get(MakeRequest("/"), "var_client_certificate"), "", "none shown");
}

/** Server variables. */
class ServerVariablesTestSuite : public TestSuite
{
  public:
    ServerVariablesTestSuite()
        : TestSuite("azure-server-variables", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase("AG-19 server variables and headers", CheckVariables),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-46 the client's certificate as server variables",
                                         CheckCertificate),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
ServerVariablesTestSuite g_serverVariablesTestSuite;

} // namespace
