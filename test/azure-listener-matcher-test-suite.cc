/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-listener-matcher.h"

#include <tuple>
#include <utility>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @brief Find a listener and tell its name.
 * @param c the configuration
 * @param host a host
 * @param port a port
 * @param frontend last byte of the frontend
 * @return name of the listener, or why there is none
 */
std::string
Find(const ApplicationGatewayConfiguration& c,
     const std::string& host,
     uint16_t port = 80,
     uint32_t frontend = 4)
{
    const auto match =
        ListenerMatcher(c).Match(MakeAddress(20, 0, 0, frontend), port, port == 443, host);
    switch (match.result)
    {
    case ListenerMatchResult::Matched:
        return c.httpListeners[match.listener].name;
    case ListenerMatchResult::NotListening:
        return "-";
    case ListenerMatchResult::WrongProtocol:
        return "400";
    case ListenerMatchResult::NoHost:
        break;
    }
    return "404";
}

/**
 * @param listeners name, hosts and priority of each, 0 for none; all on port 80
 * @return the configuration
 */
ApplicationGatewayConfiguration
Make(const std::vector<std::tuple<std::string, std::vector<std::string>, uint32_t>>& listeners)
{
    auto c = MakeGateway();
    c.httpListeners.clear();
    c.requestRoutingRules.clear();
    for (const auto& [name, hosts, priority] : listeners)
    {
        c.httpListeners.push_back(MakeListener(name, "port80", hosts));
        c.requestRoutingRules.push_back(MakeRule("rule-" + name, priority, name));
        if (priority == 0)
        {
            c.requestRoutingRules.back().priority.reset();
        }
    }
    return c;
}

/**
 * @param t the test case
 */
void
CheckSockets(FunctionTestCase& t)
{
    auto c = MakeRichGateway();
    auto second = c.frontendIpConfigurations[0];
    second.name = "private";
    second.isPublic = false;
    second.address = MakeAddress(20, 0, 0, 5);
    c.frontendIpConfigurations.push_back(second);
    c.httpListeners.push_back(MakeListener("inside", "port80"));
    c.httpListeners.back().frontendIpConfiguration = "PRIVATE";
    c.requestRoutingRules.push_back(MakeRule("inside", 500, "inside"));
    t.Equal(c.Validate().size(), 0, "a good configuration");
    t.Equal(Find(c, "x"), "any", "address and port");
    t.Equal(Find(c, "x", 80, 5), "inside", "the other address");
    t.Equal(Find(c, "a.contoso.com", 443), "secure", "the other port");
    t.Equal(Find(c, "www.contoso.com", 8080), "single", "one host");
    t.Equal(Find(c, "x", 81), "-", "nobody listens there");
    t.Equal(Find(c, "x", 443, 5), "-", "nor there");
    const ListenerMatcher matcher(c);
    t.Check(matcher.Match(MakeAddress(20, 0, 0, 4), 443, false, "a.contoso.com").result ==
                ListenerMatchResult::WrongProtocol,
            "plain HTTP at a listener for HTTPS");
    t.Check(matcher.Match(MakeAddress(20, 0, 0, 4), 80, true, "x").result ==
                ListenerMatchResult::WrongProtocol,
            "TLS at a listener for HTTP");
}

/**
 * @param t the test case
 */
void
CheckHosts(FunctionTestCase& t)
{
    const auto c = Make({{"several", {"*.contoso.com", "fabrikam.com"}, 1}, {"any", {}, 2}});
    t.Equal(Find(c, "shop.contoso.com"), "several", "the first name");
    t.Equal(Find(c, "fabrikam.com"), "several", "the second name");
    t.Equal(Find(c, "www.fabrikam.com"), "any", "a basic listener takes any host");
    t.Equal(Find(c, ""), "any", "even none");
}

/**
 * @param t the test case
 */
void
CheckPriority(FunctionTestCase& t)
{
    const std::vector<std::string> shop{"shop.contoso.com"};
    const std::vector<std::string> all{"*.contoso.com"};
    t.Equal(Find(Make({{"all", all, 20}, {"shop", shop, 10}}), "shop.contoso.com"),
            "shop",
            "the smaller number goes first");
    t.Equal(Find(Make({{"shop", shop, 20}, {"all", all, 10}}), "shop.contoso.com"),
            "all",
            "a wildcard with a smaller number hides the host");
    t.Equal(Find(Make({{"shop", shop, 20000}, {"any", {}, 1}}), "shop.contoso.com"),
            "any",
            "so does a basic listener");
    auto v1 = Make({{"shop", shop, 20}, {"any", {}, 10}});
    v1.sku.tier = ApplicationGatewayTier::Standard;
    t.Equal(Find(v1, "shop.contoso.com"), "shop", "v1: the order of listing");
    std::swap(v1.requestRoutingRules[0], v1.requestRoutingRules[1]);
    t.Equal(Find(v1, "shop.contoso.com"), "any", "v1: the order of listing, of rules");
}

/**
 * @param t the test case
 */
void
CheckCompletion(FunctionTestCase& t)
{
    auto c = Make({{"any", {}, 0},
                   {"all", {"*.contoso.com"}, 0},
                   {"shop", {"shop.contoso.com"}, 0},
                   {"blog", {"blog.contoso.com"}, 0}});
    t.Check(!c.Validate().empty(), "priorities are needed");
    t.Equal(c.CompletePriorities(), true, "they are given");
    t.Equal(c.Validate().size(), 0, "now it is good");
    t.Equal(Find(c, "shop.contoso.com"), "shop", "single hosts first");
    t.Equal(Find(c, "x.contoso.com"), "all", "then wildcards");
    t.Equal(Find(c, "x.org"), "any", "then basic listeners");
    t.Check(c.requestRoutingRules[2].priority < c.requestRoutingRules[3].priority,
            "otherwise in the order of listing");
    t.Equal(c.CompletePriorities(), false, "once");
    c.requestRoutingRules[0].priority.reset();
    t.Equal(c.CompletePriorities(), false, "not where a rule has one");
    t.Equal(c.Validate().size(), 1, "a rule without one is refused");
}

/**
 * @param t the test case
 */
void
CheckNone(FunctionTestCase& t)
{
    auto c = Make({{"shop", {"shop.contoso.com"}, 10}});
    t.Equal(Find(c, "blog.contoso.com"), "404", "no listener takes the host");
    t.Equal(Find(c, ""), "404", "nor a request without one");
    c.httpListeners.push_back(MakeListener("idle", "port80", {"blog.contoso.com"}));
    t.Equal(Find(c, "blog.contoso.com"), "404", "a listener without a rule takes no request");
    c.httpListeners.push_back(MakeListener("any", "port80"));
    c.requestRoutingRules.push_back(MakeRule("any", 20, "any"));
    t.Equal(Find(c, "blog.contoso.com"), "any", "a basic listener takes the rest");
}

/** Choice of a listener. */
class ListenerMatcherTestSuite : public TestSuite
{
  public:
    ListenerMatcherTestSuite()
        : TestSuite("azure-listener-matcher", Type::UNIT)
    {
        AddTestCase(
            new FunctionTestCase("AG-9 a listener is frontend address, port, protocol and host",
                                 CheckSockets),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-9 a listener may have several hosts, a basic one takes any",
                                 CheckHosts),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-11 rules by priority in v2, by listing in v1", CheckPriority),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-12 older resources get priorities by the older order",
                                         CheckCompletion),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-13 no host matches and there is no basic listener: 404",
                                 CheckNone),
            Duration::QUICK);
    }
};

/** Registers the suite. */
ListenerMatcherTestSuite g_listenerMatcherTestSuite;

} // namespace
