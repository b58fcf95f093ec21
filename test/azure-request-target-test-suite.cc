/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-request-target.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param t the test case
 */
void
CheckParts(FunctionTestCase& t)
{
    struct Row
    {
        const char* target;       // of the request line
        const char* host;         // Host field
        const char* expectedHost; // host asked for
        const char* path;         // path
        const char* rest;         // path and query again
    };

    for (const Row& row : std::vector<Row>{
             {"/", "Contoso.com", "contoso.com", "/", "/"},
             {"/a/b?c=d&e", "contoso.com:8080", "contoso.com", "/a/b", "/a/b?c=d&e"},
             {"/a?", "contoso.com", "contoso.com", "/a", "/a?"},
             {"/a?b?c", "contoso.com", "contoso.com", "/a", "/a?b?c"},
             {"/a#b?c", "contoso.com", "contoso.com", "/a", "/a"},
             {"/a?b#c", "contoso.com", "contoso.com", "/a", "/a?b"},
             {"/a?u=http://x/y", "contoso.com", "contoso.com", "/a", "/a?u=http://x/y"},
             {"http://Fabrikam.com:81/a?b", "contoso.com", "fabrikam.com", "/a", "/a?b"},
             {"http://user@fabrikam.com/", "contoso.com", "fabrikam.com", "/", "/"},
             {"http://fabrikam.com?b", "contoso.com", "fabrikam.com", "/", "/?b"},
             {"*", "contoso.com", "contoso.com", "*", "*"},
             {"/", "[2001:db8::1]:80", "[2001:db8::1]", "/", "/"},
             {"/", "[2001:db8::1]", "[2001:db8::1]", "/", "/"},
             {"/", "", "", "/", "/"},
         })
    {
        HttpRequestHead head;
        head.target = row.target;
        head.fields.Add("Host", row.host);
        const auto target = RequestTarget::Of(head);
        t.Equal(target.host, row.expectedHost, std::string("host of ") + row.target);
        t.Equal(target.path, row.path, std::string("path of ") + row.target);
        t.Equal(target.GetPathAndQuery(), row.rest, row.target);
    }
}

/**
 * @param t the test case
 */
void
CheckEncodedLength(FunctionTestCase& t)
{
    t.Equal(EncodedLength("/a%2Fb", 3), 5, "an encoded byte counts as one");
    t.Equal(EncodedLength("/a%2", 3), 3, "what is no encoding counts as it is");
    t.Equal(EncodedLength("/a", 9), 2, "not beyond the end");
}

/** Targets of requests. */
class RequestTargetTestSuite : public TestSuite
{
  public:
    RequestTargetTestSuite()
        : TestSuite("azure-request-target", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase("Host, path and query of a request", CheckParts),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("Places in an encoded path", CheckEncodedLength),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
RequestTargetTestSuite g_requestTargetTestSuite;

} // namespace
