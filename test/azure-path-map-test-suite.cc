/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-application-gateway-fixture.h"
#include "azure-function-test-case.h"

#include "ns3/azure-path-map.h"
#include "ns3/azure-path-pattern.h"
#include "ns3/azure-request-target.h"

#include <cctype>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param paths for each path rule its paths
 * @return the map
 */
UrlPathMap
MakeMap(const std::vector<std::vector<std::string>>& paths)
{
    UrlPathMap map;
    for (const auto& rule : paths)
    {
        map.pathRules.push_back(MakePathRule("rule", rule, "web"));
    }
    return map;
}

/**
 * @param map a map
 * @param path a path
 * @return index of the path rule that it leads to, -1 for the default
 */
int
Find(const PathMap& map, const std::string& path)
{
    const auto match = map.Match(path);
    return match ? static_cast<int>(match->pathRule) : -1;
}

/**
 * @brief The meaning of a path pattern, character by character.
 * @param pattern a pattern
 * @param path a path, percent-encoded
 * @return whether it matches
 */
bool
NaiveMatch(const std::string& pattern, const std::string& path)
{
    const std::string hex = "0123456789abcdef";
    std::string text;
    for (size_t at = 0; at < path.size(); ++at)
    {
        const auto lower = [&](size_t i) {
            return i < path.size() ? static_cast<char>(std::tolower(path[i])) : ' ';
        };
        const auto high = hex.find(lower(at + 1));
        const auto low = hex.find(lower(at + 2));
        if (path[at] == '%' && high != std::string::npos && low != std::string::npos)
        {
            text += static_cast<char>(std::tolower(static_cast<int>(high * 16 + low)));
            at += 2;
        }
        else
        {
            text += lower(at);
        }
    }
    for (size_t at = 0; at < pattern.size(); ++at)
    {
        if (pattern[at] == '*')
        {
            return true;
        }
        if (at >= text.size() || std::tolower(pattern[at]) != text[at])
        {
            return false;
        }
    }
    return text.size() == pattern.size();
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
        bool v1;             // whether v1 takes it
        bool v2;             // whether v2 takes it
    };

    for (const Row& row : std::vector<Row>{
             {"/images/*", true, true},
             {"/images*", false, true},
             {"/images/*.jpg", false, false},
             {"/*.jpg", false, false},
             {"/Repos/*/Comments/*", false, false},
             {"/CurrentUser/Comments/*", true, true},
             {"/*", true, true},
             {"/", true, true},
             {"/a%2Fb", true, true},
             {"", false, false},
             {"*", false, false},
             {"images/*", false, false},
             {"/a?b", false, false},
             {"/a#b", false, false},
             {"/a**", false, false},
         })
    {
        t.Equal(PathPattern::Check(row.pattern, true).empty(),
                row.v1,
                std::string("v1 ") + row.pattern);
        t.Equal(PathPattern::Check(row.pattern, false).empty(),
                row.v2,
                std::string("v2 ") + row.pattern);
    }
}

/**
 * @param t the test case
 */
void
CheckMatches(FunctionTestCase& t)
{
    const PathMap map(MakeMap({{"/images/*"}, {"/Video", "/film*"}}), false);

    struct Row
    {
        const char* path; // as sent
        int rule;         // where it leads to
    };

    for (const Row& row : std::vector<Row>{
             {"/images/", 0},
             {"/images/cat.jpg", 0},
             {"/IMAGES/Cat.jpg", 0},
             {"/images", -1},
             {"/imagesx/", -1},
             {"/x/images/", -1},
             {"/video", 1},
             {"/VIDEO", 1},
             {"/video/", -1},
             {"/film", 1},
             {"/films/1", 1},
             {"/", -1},
         })
    {
        t.Equal(Find(map, row.path), row.rule, row.path);
    }
}

/**
 * @param t the test case
 */
void
CheckQuery(FunctionTestCase& t)
{
    const PathMap map(MakeMap({{"/a"}}), false);
    for (const char* target : {"/a?b", "/a#b", "/a?b#c", "/a#b?c", "http://host/a?b"})
    {
        HttpRequestHead head;
        head.target = target;
        t.Equal(Find(map, RequestTarget::Of(head).path), 0, target);
    }
    HttpRequestHead head;
    head.target = "/b?/a";
    t.Equal(Find(map, RequestTarget::Of(head).path), -1, "the query is not looked at");
}

/**
 * @param t the test case
 */
void
CheckOrder(FunctionTestCase& t)
{
    const PathMap map(MakeMap({{"/a*"}, {"/a/b/c"}, {"/b/c", "/*"}, {"/z"}}), false);
    t.Equal(Find(map, "/a/b/c"), 0, "the first, though not the longest");
    t.Equal(Find(map, "/b/c"), 2, "the first path of a rule");
    t.Equal(map.Match("/b/c")->path, 0, "which path it was");
    t.Equal(map.Match("/b/d")->path, 1, "which path it was");
    t.Equal(Find(map, "/z"), 2, "a path that takes all hides what follows");
    t.Equal(Find(PathMap(MakeMap({{"/a/b/c"}, {"/a*"}}), false), "/a/b/c"), 0, "listed first");
    t.Equal(Find(PathMap(MakeMap({{"/a"}}), false), "/b"), -1, "none: the default");
}

/**
 * @param t the test case
 */
void
CheckDecoding(FunctionTestCase& t)
{
    const auto paths = MakeMap({{"/abc/def"}, {"/100%"}, {"/x%2Fy"}});
    const PathMap v2(paths, false);
    const PathMap v1(paths, true);
    t.Equal(Find(v2, "/abc%2Fdef"), 0, "v2 decodes");
    t.Equal(Find(v2, "/%61BC%2fdef"), 0, "either case of digits");
    t.Equal(Find(v1, "/abc%2Fdef"), -1, "v1 does not");
    t.Equal(Find(v1, "/abc/def"), 0, "v1, plain");
    t.Equal(Find(v2, "/100%25"), 1, "an encoded percent sign");
    t.Equal(Find(v2, "/100%"), 1, "no encoding: as it is");
    t.Equal(Find(v2, "/abc%252Fdef"), -1, "decoded once");
    t.Equal(Find(v1, "/x%2fY"), 2, "v1 compares what was sent");
    t.Equal(PercentDecode("%zz%4"), "%zz%4", "what is no encoding stays");
}

/**
 * @param t the test case
 */
void
CheckRandom(FunctionTestCase& t)
{
    const auto stream = MakeStream();
    const std::vector<std::string> pieces{"a", "B", "/", "%2F", "%61", "%", "%4"};
    uint32_t found = 0;
    for (uint32_t round = 0; round < 10000; ++round)
    {
        std::vector<std::vector<std::string>> rules(3);
        for (auto& rule : rules)
        {
            rule.push_back("/" + MakeText(stream, "aAbB/", 3) +
                           (stream->GetInteger(0, 1) == 0 ? "*" : ""));
        }
        std::string path = "/";
        for (uint32_t piece = stream->GetInteger(0, 4); piece > 0; --piece)
        {
            path += pieces[stream->GetInteger(0, static_cast<uint32_t>(pieces.size()) - 1)];
        }
        int expected = -1;
        for (int rule = 2; rule >= 0; --rule)
        {
            expected = NaiveMatch(rules[rule][0], path) ? rule : expected;
        }
        found += expected >= 0;
        if (Find(PathMap(MakeMap(rules), false), path) != expected)
        {
            t.Check(false, path + " among " + rules[0][0] + " " + rules[1][0] + " " + rules[2][0]);
        }
    }
    t.Check(found > 1000 && found < 9000, "the inputs cover both answers");
}

/**
 * @param t the test case
 */
void
CheckMeasure(FunctionTestCase& t)
{
    const PathMap map(MakeMap({{"/a/b*"}}), false);
    const PathMatch match{0, 0};
    t.Equal(map.Measure(match, "/a/bcd"), 4, "what the pattern names");
    t.Equal(map.Measure(match, "/a%2Fb/c"), 6, "as it was sent");
    t.Equal(map.Measure(match, "/other"), 0, "a path that does not match");
}

/** URL path maps. */
class PathMapTestSuite : public TestSuite
{
  public:
    PathMapTestSuite()
        : TestSuite("azure-path-map", Type::UNIT)
    {
        AddTestCase(new FunctionTestCase("AG-15 which paths a path rule may have, v1 and v2",
                                         CheckValidity),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-15 without regard to case; a star at the end takes the rest",
                                 CheckMatches),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-15 query and fragment are not matched", CheckQuery),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase(
                        "AG-16 the first path in the order of listing wins, else the default",
                        CheckOrder),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase("AG-17 v2 decodes the path before matching, v1 does not",
                                         CheckDecoding),
                    Duration::QUICK);
        AddTestCase(new FunctionTestCase(
                        "AG-15, AG-16, AG-17 random maps and paths, against a naive oracle",
                        CheckRandom),
                    Duration::QUICK);
        AddTestCase(
            new FunctionTestCase("AG-27 the part of the path that a pattern matched", CheckMeasure),
            Duration::QUICK);
    }
};

/** Registers the suite. */
PathMapTestSuite g_pathMapTestSuite;

} // namespace
