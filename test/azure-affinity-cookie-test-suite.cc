/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-affinity-cookie.h"

#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param t the test case
 */
void
CheckSet(FunctionTestCase& t)
{
    HttpFields fields;
    fields.Add("Set-Cookie", "own=1");
    AffinityCookie("ApplicationGatewayAffinity").Set("v", fields);
    const auto& all = fields.GetAll();
    t.Equal(all.size(), 3, "two cookies more");
    t.Equal(all[0].value, "own=1", "the backend's own stays");
    t.Equal(all[1].value,
            "ApplicationGatewayAffinityCORS=v; Path=/; SameSite=None; Secure",
            "for requests from other sites");
    t.Equal(all[2].value, "ApplicationGatewayAffinity=v; Path=/", "for others");
}

/**
 * @param t the test case
 */
void
CheckFind(FunctionTestCase& t)
{
    struct Row
    {
        const char* cookies; // Cookie field
        const char* found;   // value; empty: none
    };

    for (const Row& row : std::vector<Row>{
             {"Custom=1", "1"},
             {"CustomCORS=2", "2"},
             {"CustomCORS=2; Custom=1", "1"},
             {"a=b; Custom=1; c=d", "1"},
             {"a=b;Custom=1", "1"},
             {"NotCustom=1", ""},
             {"custom=1", ""},
             {"a=Custom=1", ""},
             {"Custom", ""},
             {"", ""},
         })
    {
        HttpFields fields;
        fields.Add("Cookie", row.cookies);
        t.Equal(AffinityCookie("Custom").Find(fields).value_or(""), row.found, row.cookies);
    }
    t.Check(!AffinityCookie("Custom").Find(HttpFields()), "no Cookie field");
}

/**
 * @param t the test case
 */
void
CheckValue(FunctionTestCase& t)
{
    std::set<std::string> values;
    for (uint32_t index = 0; index < 1200; ++index)
    {
        const auto value = AffinityCookie::GetValue(1, ToText(IpAddress::FromIpv4Bits(index)));
        t.Equal(value.size(), 32, "32 digits");
        t.Check(value.find_first_not_of("0123456789abcdef") == std::string::npos, value);
        values.insert(value.substr(0, 16));
        values.insert(value.substr(16));
    }
    t.Equal(values.size(), 2400, "every member has its own, in both halves");
    t.Equal(AffinityCookie::GetValue(1, "10.0.1.4"),
            AffinityCookie::GetValue(1, "10.0.1.4"),
            "the same at every instance");
    t.Check(AffinityCookie::GetValue(1, "10.0.1.4") != AffinityCookie::GetValue(2, "10.0.1.4"),
            "another gateway, another value");
}

/** Affinity cookies. */
class AffinityCookieTestSuite : public TestSuite
{
  public:
    AffinityCookieTestSuite()
        : TestSuite("azure-affinity-cookie", Type::UNIT)
    {
        AddTestCase(
            new FunctionTestCase("AG-22 two cookies are set, the second with the suffix CORS",
                                 CheckSet),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-22 either cookie is found, by its exact name", CheckFind),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-22 the value is a hash of the member", CheckValue),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
AffinityCookieTestSuite g_affinityCookieTestSuite;

} // namespace
