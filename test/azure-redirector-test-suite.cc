/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-redirector.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param t the test case
 */
void
CheckLocations(FunctionTestCase& t)
{
    struct Row
    {
        const char* listener; // target listener
        const char* url;      // target URL
        bool path;            // keep the path
        bool query;           // keep the query
        const char* expected; // Location
    };

    auto c = MakeRichGateway();
    c.httpListeners.push_back(MakeListener("plain", "port8080"));
    for (const Row& row : std::vector<Row>{
             {"any", "", true, true, "http://shop.contoso.com/a/b%20c?d=e"},
             {"any", "", true, false, "http://shop.contoso.com/a/b%20c"},
             {"any", "", false, true, "http://shop.contoso.com/?d=e"},
             {"any", "", false, false, "http://shop.contoso.com/"},
             {"secure", "", true, true, "https://shop.contoso.com/a/b%20c?d=e"},
             {"single", "", true, true, "http://www.contoso.com:8080/a/b%20c?d=e"},
             {"plain", "", true, false, "http://shop.contoso.com:8080/a/b%20c"},
             {"", "https://example.com/new", false, false, "https://example.com/new"},
             {"", "https://example.com/new", false, true, "https://example.com/new?d=e"},
             {"", "https://example.com/new?x=y", false, true, "https://example.com/new?x=y&d=e"},
             {"", "https://example.com/new", true, true, "https://example.com/new?d=e"},
         })
    {
        RedirectConfiguration redirect;
        redirect.targetListener = row.listener;
        redirect.targetUrl = row.url;
        redirect.includePath = row.path;
        redirect.includeQueryString = row.query;
        const auto target =
            RequestTarget::Of(MakeRequest("/a/b%20c?d=e", "Shop.contoso.com:80").head);
        t.Equal(Redirector(redirect, c).GetLocation(target), row.expected, row.expected);
    }
    RedirectConfiguration redirect;
    redirect.targetListener = "any";
    redirect.includeQueryString = true;
    t.Equal(Redirector(redirect, c).GetLocation(RequestTarget::Of(MakeRequest("/a").head)),
            "http://www.contoso.com/",
            "no query, no question mark");
}

/**
 * @param t the test case
 */
void
CheckStatus(FunctionTestCase& t)
{
    const std::vector<std::pair<RedirectType, uint32_t>> table{{RedirectType::Permanent, 301},
                                                               {RedirectType::Found, 302},
                                                               {RedirectType::SeeOther, 303},
                                                               {RedirectType::Temporary, 307}};
    for (const auto& [type, status] : table)
    {
        RedirectConfiguration redirect;
        redirect.redirectType = type;
        redirect.targetUrl = "https://example.com";
        t.Equal(Redirector(redirect, MakeGateway()).GetStatus(), status, "status");
    }
}

/** Redirects. */
class RedirectorTestSuite : public TestSuite
{
  public:
    RedirectorTestSuite()
        : TestSuite("azure-redirector", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase("AG-18 a redirect keeps path and query as it is told, the "
                                         "path never to another site",
                                         CheckLocations),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-18 redirects are 301, 302, 303 or 307", CheckStatus),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
RedirectorTestSuite g_redirectorTestSuite;

} // namespace
