/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-backend-chooser.h"

#include <map>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param count number of members, named a, b, c ...
 * @param healthy whether they are
 * @param minServers members that count as healthy at least
 * @return the chooser
 */
BackendChooser
Make(uint32_t count, bool healthy = true, uint32_t minServers = 0)
{
    BackendChooser chooser(7, minServers);
    for (uint32_t index = 0; index < count; ++index)
    {
        chooser.Add(std::string(1, static_cast<char>('a' + index)), healthy);
    }
    return chooser;
}

/**
 * @param chooser a chooser
 * @param count how many requests
 * @return who gets them; a dot for nobody
 */
std::string
Take(BackendChooser& chooser, uint32_t count)
{
    std::string result;
    for (uint32_t index = 0; index < count; ++index)
    {
        result += chooser.Next({}).value_or(".");
    }
    return result;
}

/**
 * @param chooser a chooser
 * @return who may get requests
 */
std::string
Eligible(const BackendChooser& chooser)
{
    std::string result;
    for (const auto& member : chooser.GetEligible())
    {
        result += member;
    }
    return result;
}

/**
 * @param t the test case
 */
void
CheckTurn(FunctionTestCase& t)
{
    auto chooser = Make(3);
    t.Equal(Take(chooser, 7), "abcabca", "one after the other");
    chooser.SetHealthy("c", false);
    t.Equal(Take(chooser, 4), "baba", "past the unhealthy one");
    chooser.SetHealthy("c", true);
    t.Equal(Take(chooser, 3), "bca", "back in its place");
    t.Equal(chooser.Peek({}).value_or("."), "b", "a look does not move on");
    t.Equal(chooser.Next({"b"}).value_or("."), "c", "not one that was tried");
    t.Equal(chooser.Next({"a", "b", "c"}).has_value(), false, "all were tried");
    for (const char* member : {"a", "b", "c"})
    {
        chooser.SetHealthy(member, false);
    }
    t.Equal(Take(chooser, 2), "..", "nobody is healthy");
    t.Equal(chooser.IsEmpty(), false, "but there are members");
    BackendChooser empty;
    t.Equal(Take(empty, 1), ".", "nobody is there");
    t.Equal(empty.IsEmpty(), true, "nobody is there");
}

/**
 * @param t the test case
 */
void
CheckEvenness(FunctionTestCase& t)
{
    const auto stream = MakeStream();
    auto chooser = Make(5);
    std::map<std::string, uint32_t> hits;
    std::string eligible = "abcde";
    double expected[5] = {};
    for (uint32_t round = 0; round < 5000; ++round)
    {
        if (stream->GetInteger(0, 99) == 0)
        {
            const std::string member(1, static_cast<char>('a' + stream->GetInteger(0, 4)));
            chooser.SetHealthy(member, !*chooser.IsHealthy(member));
            eligible = Eligible(chooser);
        }
        const auto next = chooser.Next({});
        t.Equal(next.has_value(), !eligible.empty(), "somebody, if anybody is healthy");
        if (next)
        {
            t.Check(eligible.find(*next) != std::string::npos, "a healthy one");
            ++hits[*next];
        }
        for (const char member : eligible)
        {
            expected[member - 'a'] += 1.0 / static_cast<double>(eligible.size());
        }
    }
    for (const auto& [member, count] : hits)
    {
        // A change costs each member one turn at most.
        t.Near(count, expected[member[0] - 'a'], 60, "share of " + member);
    }
}

/**
 * @param t the test case
 */
void
CheckDraining(FunctionTestCase& t)
{
    auto chooser = Make(3);
    const std::string cookie = chooser.GetCookie("b");
    t.Equal(Take(chooser, 2), "ab", "before");
    t.Equal(chooser.Remove("b", Seconds(30)), true, "removed");
    t.Equal(chooser.Remove("b", Seconds(60)), false, "once");
    t.Equal(chooser.Remove("z", Seconds(60)), false, "nobody of that name");
    t.Equal(Take(chooser, 4), "caca", "no new requests");
    t.Equal(chooser.FindByCookie(cookie, Seconds(29.9)).value_or("."), "b", "except by cookie");
    t.Equal(chooser.FindByCookie(cookie, Seconds(30)).value_or("."), ".", "until it is over");
    t.Check(chooser.GetDrainEnd("b") == Seconds(30), "the end is known");
    t.Check(!chooser.GetDrainEnd("a"), "others do not drain");
    t.Equal(chooser.Add("b", false), true, "it comes back");
    t.Equal(Eligible(chooser), "abc", "as it was: healthy, in its place");
    chooser.Remove("a", Seconds(10));
    chooser.Sweep(Seconds(9));
    t.Check(chooser.GetDrainEnd("a").has_value(), "not over yet");
    chooser.Sweep(Seconds(10));
    t.Check(!chooser.GetDrainEnd("a"), "forgotten");
    t.Equal(Take(chooser, 3), "bcb", "the turn is kept");
    chooser.Add("a", true);
    t.Equal(Eligible(chooser), "bca", "a new member comes last");
    chooser.Remove("a", Seconds(20));
    chooser.Remove("b", Seconds(20));
    chooser.Remove("c", Seconds(20));
    t.Equal(chooser.IsEmpty(), true, "those that drain do not count");
    t.Equal(Take(chooser, 1), ".", "those that drain get nothing");
    chooser.Sweep(Seconds(20));
    t.Equal(Take(chooser, 1), ".", "all gone");
}

/**
 * @param t the test case
 */
void
CheckCookies(FunctionTestCase& t)
{
    auto chooser = Make(3);
    const std::string cookie = chooser.GetCookie("b");
    t.Equal(chooser.FindByCookie(cookie, Seconds(0)).value_or("."), "b", "the same member");
    t.Equal(chooser.FindByCookie("nonsense", Seconds(0)).has_value(), false, "nobody's cookie");
    chooser.SetHealthy("b", false);
    t.Equal(chooser.FindByCookie(cookie, Seconds(0)).has_value(), false, "not when unhealthy");
    t.Check(BackendChooser(8).GetCookie("b") != cookie, "another gateway, another cookie");
}

/**
 * @param t the test case
 */
void
CheckMinServers(FunctionTestCase& t)
{
    auto chooser = Make(4, false, 2);
    t.Equal(Eligible(chooser), "ab", "the first two, though unhealthy");
    chooser.SetHealthy("d", true);
    t.Equal(Eligible(chooser), "ad", "the healthy one and one more");
    chooser.SetHealthy("c", true);
    t.Equal(Eligible(chooser), "cd", "two healthy ones are enough");
    chooser.SetHealthy("a", true);
    t.Equal(Eligible(chooser), "acd", "more are welcome");
    t.Equal(Eligible(Make(1, false, 2)), "a", "as many as there are");
}

/**
 * @param t the test case
 */
void
CheckStart(FunctionTestCase& t)
{
    auto chooser = Make(2, false);
    t.Equal(Take(chooser, 1), ".", "unhealthy at first");
    chooser.SetHealthy("b", true);
    t.Equal(Take(chooser, 2), "bb", "healthy at the first success");
    t.Equal(chooser.IsHealthy("a").value_or(true), false, "the verdict is known");
    t.Check(!chooser.IsHealthy("z"), "nobody of that name");
    t.Equal(chooser.Add("b", true), false, "a member already");
}

/** Choice of a member. */
class BackendChooserTestSuite : public TestSuite
{
  public:
    BackendChooserTestSuite()
        : TestSuite("azure-backend-chooser", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase("AG-20 healthy members take turns", CheckTurn),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-20 shares are even while health changes at random",
                                         CheckEvenness),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-47 a removed member drains, only its cookie leads to it",
                                 CheckDraining),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-22 a cookie leads to its member while that is healthy",
                                         CheckCookies),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("HP-21 minServers members count as healthy whatever happens",
                                 CheckMinServers),
            Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("HP-22 unhealthy until the first success, one success is enough",
                                 CheckStart),
            Duration::QUICK);
    }
};

/** Registers the suite. */
BackendChooserTestSuite g_backendChooserTestSuite;

} // namespace
