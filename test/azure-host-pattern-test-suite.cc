/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-host-pattern.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief The meaning of a pattern, spelled out: try every way to split the host.
 * @param pattern a pattern in lower case
 * @param host a host in lower case
 * @return whether it matches
 */
bool
NaiveMatch(const std::string& pattern, const std::string& host)
{
    if (pattern.empty())
    {
        return host.empty();
    }
    const bool allowed =
        !host.empty() &&
        std::string("abcdefghijklmnopqrstuvwxyz0123456789-.").find(host[0]) != std::string::npos;
    if (pattern[0] == '*')
    {
        return NaiveMatch(pattern.substr(1), host) ||
               (allowed && NaiveMatch(pattern, host.substr(1)));
    }
    if (host.empty() || (pattern[0] == '?' ? !allowed : pattern[0] != host[0]))
    {
        return false;
    }
    return NaiveMatch(pattern.substr(1), host.substr(1));
}

/**
 * @param t the test case
 */
void
CheckValidity(FunctionTestCase& t)
{
    struct Row
    {
        const char* pattern; // as configured
        bool good;           // what Azure says
    };

    for (const Row& row : std::vector<Row>{
             {"contoso.com", true},
             {"Shop-1.Contoso.COM", true},
             {"*.contoso.com", true},
             {"*.contoso-*.com", true},
             {"component1*.component2*.component3", true},
             {"*.contoso.*", true},
             {"????.contoso.com", true},
             {"w??.contoso*.edu.*", true},
             {"*", true},
             {"a*b?c.com", true},
             {"", false},
             {"*.contoso.*.*.com", false},
             {"????.contoso.*", false},
             {"?????.contoso.com", false},
             {"*a*.contoso.com", false},
             {"*?.contoso.com", false},
             {"?*.contoso.com", false},
             {"**.contoso.com", false},
             {"(a|b).contoso.com", false},
             {"[ab].contoso.com", false},
             {"contoso.com:8080", false},
             {"http://contoso.com", false},
             {"a_b.contoso.com", false},
             {"a..com", false},
             {".contoso.com", false},
         })
    {
        t.Equal(HostPattern::Check(row.pattern).empty(), row.good, row.pattern);
    }
}

/**
 * @param t the test case
 */
void
CheckMatches(FunctionTestCase& t)
{
    struct Row
    {
        const char* pattern; // as configured
        const char* host;    // in lower case
        bool matches;        // what comes of it
    };

    for (const Row& row : std::vector<Row>{
             {"contoso.com", "contoso.com", true},
             {"Contoso.COM", "contoso.com", true},
             {"contoso.com", "www.contoso.com", false},
             {"contoso.com", "contoso.co", false},
             {"contoso.com", "", false},
             {"*.contoso.com", "ecom.contoso.com", true},
             {"*.contoso.com", "a.b.contoso.com", true},
             {"*.contoso.com", "contoso.com", false},
             {"*.contoso.com", "xcontoso.com", false},
             {"*.contoso.com", "a.contoso.com.evil.org", false},
             {"*.contoso.com", "a_b.contoso.com", false},
             {"*", "anything.at-all", true},
             {"w??.contoso.com", "www.contoso.com", true},
             {"w??.contoso.com", "ww.contoso.com", false},
             {"w??.contoso.com", "wwww.contoso.com", false},
             {"?.com", "..com", true},
             {"*.contoso.*", "shop.contoso.co.uk", true},
             {"*.contoso.*", "shop.fabrikam.com", false},
             {"*aab.com", "aaaab.com", true},
         })
    {
        t.Equal(HostPattern(row.pattern).Matches(row.host),
                row.matches,
                std::string(row.pattern) + " and " + row.host);
    }
    t.Equal(HostPattern("a?.com").HasWildcard(), true, "? is a wildcard");
    t.Equal(HostPattern("a.com").HasWildcard(), false, "no wildcard");
}

/**
 * @param t the test case
 */
void
CheckRandom(FunctionTestCase& t)
{
    const auto stream = MakeStream();
    uint32_t matches = 0;
    for (uint32_t round = 0; round < 20000; ++round)
    {
        const std::string pattern = MakeText(stream, "ab.*?", 7);
        const std::string host = MakeText(stream, "aab._", 8);
        const bool expected = NaiveMatch(pattern, host);
        matches += expected;
        if (HostPattern(pattern).Matches(host) != expected)
        {
            t.Check(false, "pattern " + pattern + " and host " + host);
        }
    }
    t.Check(matches > 1000 && matches < 19000, "the inputs cover both answers");
}

/** Host names with wildcards. */
class HostPatternTestSuite : public TestSuite
{
  public:
    HostPatternTestSuite()
        : TestSuite("azure-host-pattern", Type::UNIT)
    {
        AddTestCase(
            new FunctionTestCase("AG-10 which host names a listener may have", CheckValidity),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase(
                        "AG-10 a wildcard stands for characters of a host name, dots included",
                        CheckMatches),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-10 random patterns and hosts, against a naive oracle",
                                         CheckRandom),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
HostPatternTestSuite g_hostPatternTestSuite;

} // namespace
