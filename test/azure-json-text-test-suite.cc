/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-json-text.h"
#include "ns3/azure-resource-limits.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// A text that is JSON, and the same without blanks, escapes and comments.
struct Accepted
{
    const char* what; //!< the point of the case
    std::string text; //!< the text
    std::string same; //!< what Format() has to make of it
};

/// A text that is no JSON, and where it goes wrong.
struct Refused
{
    const char* what;   //!< the point of the case
    std::string text;   //!< the text
    std::size_t line;   //!< line, from 1
    std::size_t column; //!< byte of that line, from 1
};

/// RFC 8259, section by section, and what Azure takes beyond it (comments, byte order mark).
const Accepted g_accepted[] = {
    {"a literal alone", "true", "true"},
    {"a text alone", R"("")", R"("")"},
    {"all four blanks", " \t\n\r[ \t\n\r1 \t\n\r] \t\n\r", "[1]"},
    {"empty structures", R"([{},[],{"":[]}])", R"([{},[],{"":[]}])"},
    {"order of members", R"({"b":1,"a":2})", R"({"b":1,"a":2})"},
    {"the largest integer", "9223372036854775807", "9223372036854775807"},
    {"the smallest integer", "-9223372036854775808", "-9223372036854775808"},
    {"a negative zero is an integer", "-0", "0"},
    {"an exponent makes a number", "[1e2,1E+2,100E-1,0e0]", "[100.0,100.0,10.0,0.0]"},
    {"a fraction makes a number", "[0.5,-1.25,1.0]", "[0.5,-1.25,1.0]"},
    {"a number too small for a double", "1e-400", "0.0"},
    {"the two-character escapes", R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\b\f\n\r\t")"},
    {"an escaped ASCII letter", R"("\u0041\u005A")", R"("AZ")"},
    {"an escaped NUL", R"("a\u0000b")", R"("a\u0000b")"},
    {"escapes in either case", R"("\u00e4\u00E4")", "\"\u00e4\u00e4\""},
    {"the last character of the first plane", R"("\uffff")", "\"\uffff\""},
    {"a surrogate pair", R"("\ud83d\uDE00")", "\"\U0001F600\""},
    {"the last surrogate pair", R"("\udbff\udfff")", "\"\U0010FFFF\""},
    {"plain UTF-8 of every length", "\"a\u00e4\u20ac\U0001F600\"", "\"a\u00e4\u20ac\U0001F600\""},
    {"a DEL needs no escape", "\"\x7f\"", "\"\x7f\""},
    {"brackets in a text are no nesting", R"("[[{{\"[[")", R"("[[{{\"[[")"},
    {"a comment to the end of the line", "[1, // [[[ \"\n2]", "[1,2]"},
    {"a comment to a carriage return", "[1, // [[[ \"\r2]", "[1,2]"},
    {"comments next to each other", "/**//**/[1]/*/*/", "[1]"},
    {"a comment at the very end", "[1] // x", "[1]"},
    {"a comment in between", "/* { */[1,/**/2/* ] **/]", "[1,2]"},
    {"no comment inside a text", R"(["//","/*"])", R"(["//","/*"])"},
    {"a byte order mark", "\xef\xbb\xbf[1]", "[1]"},
    {"names that differ", R"({"a":1,"ab":2,"b":{"a":3}})", R"({"a":1,"ab":2,"b":{"a":3}})"}};

/// In the spirit of JSONTestSuite's "n_" files; the place is where the reader cannot go on.
const Refused g_refused[] = {
    {"nothing", "", 1, 1},
    {"only blanks", " \n ", 2, 2},
    {"an open array", "[", 1, 2},
    {"an open object", "{", 1, 2},
    {"a name without value", R"({"a")", 1, 5},
    {"a value without end", R"({"a":)", 1, 6},
    {"a comma at the end of an array", "[1,]", 1, 4},
    {"a comma at the end of an object", R"({"a":1,})", 1, 8},
    {"a comma alone", "[,]", 1, 2},
    {"two commas", "[1,,2]", 1, 4},
    {"a missing comma", "[1 2]", 1, 4},
    {"a missing colon", R"({"a" 1})", 1, 6},
    {"two colons", R"({"a"::1})", 1, 6},
    {"a colon in an array", R"(["a":1])", 1, 5},
    {"a name without quotes", "{a:1}", 1, 2},
    {"a number as name", "{1:1}", 1, 2},
    {"a name in single quotes", "{'a':1}", 1, 2},
    {"a text in single quotes", "['a']", 1, 2},
    {"the wrong bracket", "[1}", 1, 3},
    {"the wrong brace", R"({"a":1])", 1, 7},
    {"a bracket too many", "[1]]", 1, 4},
    {"two values", "[1][2]", 1, 4},
    {"a leading zero", "[01]", 1, 3},
    {"a leading plus", "[+1]", 1, 2},
    {"a leading point", "[.5]", 1, 2},
    {"a trailing point", "[1.]", 1, 4},
    {"an exponent without digits", "[1e]", 1, 4},
    {"a signed exponent without digits", "[1e+]", 1, 5},
    {"a sign without digits", "[-]", 1, 3},
    {"two signs", "[--1]", 1, 3},
    {"a hexadecimal number", "[0x1]", 1, 3},
    {"NaN", "[NaN]", 1, 2},
    {"Infinity", "[-Infinity]", 1, 3},
    {"a literal in upper case", "[True]", 1, 2},
    {"half a literal", "[nul]", 1, 5},
    {"an unknown escape", R"(["\x41"])", 1, 4},
    {"an escape with too few digits", R"(["\u12"])", 1, 7},
    {"an escape with a letter beyond f", R"(["\u12g4"])", 1, 7},
    {"a high surrogate alone", R"(["\ud800"])", 1, 9},
    {"a high surrogate and a letter", R"(["\ud800\u0041"])", 1, 14},
    {"a low surrogate first", R"(["\udc00\ud800"])", 1, 8},
    {"a tab in a text", "[\"a\tb\"]", 1, 4},
    {"a line break in a text", "[\"a\nb\"]", 1, 4},
    {"a byte that UTF-8 never has", "[\"\xff\"]", 1, 3},
    {"an overlong slash", "[\"\xc0\xaf\"]", 1, 3},
    {"an overlong three-byte form", "[\"\xe0\x80\xaf\"]", 1, 4},
    {"a surrogate in UTF-8", "[\"\xed\xa0\x80\"]", 1, 4},
    {"beyond the last character", "[\"\xf4\x90\x80\x80\"]", 1, 4},
    {"half a character", "[\"\xe2\x82\"]", 1, 5},
    {"a continuation byte alone", "[\"\x80\"]", 1, 3},
    {"half a byte order mark", "\xef\xbb[1]", 1, 3},
    {"a byte order mark inside", "[\xef\xbb\xbf\x31]", 1, 2},
    {"a byte order mark of UTF-16", std::string("\xff\xfe[\0]\0", 6), 1, 1},
    {"a NUL inside", std::string("[1,\0]", 5), 1, 4},
    {"a NUL after the end", std::string("[1]\0", 4), 1, 4},
    {"a NUL and more after the end", std::string("[1]\0[2", 6), 1, 4},
    {"a NUL alone", std::string("\0", 1), 1, 1},
    {"a NUL in a text", std::string("[\"a\0\"]", 6), 1, 4},
    {"a NUL at the end of a comment", std::string("[1] //\0\n", 8), 1, 7},
    {"a NUL in a comment", std::string("/* \0 */[1]", 10), 1, 4},
    {"a slash that begins no comment", "[1/2]", 1, 4},
    {"a comment without end", "[1]/* x", 1, 8},
    {"a comment of a shell", "# x\n1", 1, 1},
    {"a number beyond a double", "[1e400]", 1, 6},
    {"the third line", "{\r\n  \"a\": 1,\r\n  b: 2\r\n}", 3, 3},
    {"the end of the second line", "[\r\n tru\r\n]", 2, 5}};

/**
 * @param test the test case
 */
void
TestAccepted(FunctionTestCase& test)
{
    for (const auto& [what, text, same] : g_accepted)
    {
        std::string error;
        const auto value = JsonText::Parse(text, error);
        test.Equal(error, "", what);
        test.Equal(value ? JsonText::Format(*value) : "refused", same, what);
    }
}

/**
 * @param test the test case
 */
void
TestRefused(FunctionTestCase& test)
{
    for (const auto& [what, text, line, column] : g_refused)
    {
        std::string error;
        test.Check(!JsonText::Parse(text, error).has_value(), std::string("refused: ") + what);
        const auto place = "malformed JSON at line " + std::to_string(line) + ", column " +
                           std::to_string(column) + ": ";
        test.Equal(error.substr(0, place.size()), place, what);
        test.Check(error.size() > place.size(), std::string("a reason: ") + what);
        test.Check(
            std::all_of(error.begin(), error.end(), [](char c) { return c >= 32 && c < 127; }),
            std::string("printable: ") + what);
    }
}

/**
 * @param test the test case
 */
void
TestNumbers(FunctionTestCase& test)
{
    // Beyond 64 bits an integer becomes the nearest double; type and value by the C library.
    for (const char* text : {"9223372036854775808",
                             "18446744073709551615",
                             "18446744073709551616",
                             "-9223372036854775809",
                             "123456789012345678901234567890",
                             "1.7976931348623157e308",
                             "4.9e-324",
                             "2.2250738585072011e-308",
                             "0.1",
                             "1e23",
                             "9007199254740993.0"})
    {
        std::string error;
        const auto value = JsonText::Parse(text, error);
        test.Equal(error, "", text);
        test.Check(value && value->Is(JsonValue::Type::Number), text);
        test.Check(value && value->AsNumber() == std::strtod(text, nullptr), text);
    }
    std::mt19937_64 random(17);
    for (int i = 0; i < 2000; ++i)
    {
        const auto number = static_cast<int64_t>(random() >> random() % 64) * (i % 2 ? 1 : -1);
        std::string error;
        const auto value = JsonText::Parse(std::to_string(number), error);
        test.Check(value && value->Is(JsonValue::Type::Integer) && value->AsInteger() == number,
                   std::to_string(number));
    }
}

/**
 * @param test the test case
 */
void
TestDepth(FunctionTestCase& test)
{
    const auto nest = [](std::size_t depth, const std::string& open, const std::string& close) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i)
        {
            text += open;
        }
        text += "1";
        for (std::size_t i = 0; i < depth; ++i)
        {
            text += close;
        }
        return text;
    };
    const std::string more = "more than 64 nested objects and arrays";
    std::string error;
    test.Check(JsonText::Parse(nest(64, "[", "]"), error).has_value(), "64 arrays");
    test.Check(JsonText::Parse(nest(64, "{\"a\":", "}"), error).has_value(), "64 objects");
    test.Equal(error, "", "no error so far");
    JsonText::Parse(nest(65, "[", "]"), error);
    test.Equal(error, "malformed JSON at line 1, column 65: " + more, "65 arrays");
    JsonText::Parse(nest(65, "{\n\"a\":", "}"), error);
    test.Equal(error, "malformed JSON at line 65, column 5: " + more, "65 objects on lines");
    JsonText::Parse("[\"[[\\\"[\"," + nest(64, "[", "]") + "]", error);
    test.Equal(error, "malformed JSON at line 1, column 73: " + more, "brackets in a text");
    JsonText::Parse("/*[*/ //[\n" + nest(65, "[", "]"), error);
    test.Equal(error, "malformed JSON at line 2, column 65: " + more, "brackets in comments");
    JsonText::Parse("//\r" + nest(65, "[", "]"), error);
    test.Equal(error, "malformed JSON at line 1, column 68: " + more, "a comment up to a CR");
    JsonText::Parse("/**//**/" + nest(65, "[", "]"), error);
    test.Equal(error, "malformed JSON at line 1, column 73: " + more, "comments side by side");
    std::string wide = "[";
    for (int i = 0; i < 200; ++i)
    {
        wide += "[{}],";
    }
    error.clear();
    test.Check(JsonText::Parse(wide + "1]", error).has_value(), "many, but not nested");
}

/**
 * @param test the test case
 */
void
TestSize(FunctionTestCase& test)
{
    std::string error;
    std::string text(ResourceLimits::TextBytes, ' ');
    text.back() = '7';
    const auto value = JsonText::Parse(text, error);
    test.Check(value && value->AsInteger() == 7, "8 MiB are allowed");
    test.Check(!JsonText::Parse(text + " ", error).has_value(), "one byte more is not");
    test.Equal(error, "the file is larger than 8 MiB", "why");
}

/**
 * @param test the test case
 */
void
TestTwice(FunctionTestCase& test)
{
    // Names of Azure's JSON are compared without regard to case, so these name one member.
    const std::pair<const char*, const char*> texts[] = {
        {R"({"a":1,"b":2,"A":3})", "member A occurs twice in the outermost object"},
        {R"({"\u0061":1,"a":1})", "member a occurs twice in the outermost object"},
        {R"([0,{"x":{"y":[{},{"k":1,"k":2}]}}])", "member k occurs twice in [1].x.y[1]"},
        {R"({"":1,"":2})", "member  occurs twice in the outermost object"}};
    for (const auto& [text, why] : texts)
    {
        std::string error;
        test.Check(!JsonText::Parse(text, error).has_value(), text);
        test.Equal(error, std::string("malformed JSON: ") + why, text);
    }
    std::string error;
    test.Check(JsonText::Parse(R"([{"a":1},{"a":1}])", error).has_value(), "two objects");
    test.Check(JsonText::Parse("{\"\u00e4\":1,\"\u00c4\":2}", error).has_value(),
               "case is that of ASCII");
}

/**
 * @param test the test case
 */
void
TestValues(FunctionTestCase& test)
{
    JsonValue value;
    test.Check(!value.Find("a"), "null has no members");
    value.MakeArray().emplace_back(1);
    test.Equal(JsonText::Format(value), "[1]", "null becomes an array");
    value.Set("a", 1);
    value.Set("B", 2);
    value.Set("A", 3);
    test.Equal(JsonText::Format(value), R"({"a":3,"B":2})", "an array becomes an object");
    test.Equal(value.Find("b") ? value.Find("b")->AsInteger() : 0, 2, "case does not matter");
    // Another type reads as nothing, never as a part of the value.
    const JsonValue text("7");
    test.Check(text.AsInteger() == 0 && text.AsNumber() == 0 && !text.AsBoolean() &&
                   text.AsArray().empty() && text.AsObject().empty(),
               "a text is no number");
    test.Check(JsonValue(7).AsString().empty() && JsonValue(7).AsNumber() == 7, "a number");
    const JsonValue values[] = {JsonValue(),
                                JsonValue(false),
                                JsonValue(0),
                                JsonValue(0.5),
                                JsonValue(""),
                                JsonValue(JsonValue::Array()),
                                JsonValue(JsonValue::Object())};
    const char* const names[] =
        {"null", "a boolean", "an integer", "a number", "a string", "an array", "an object"};
    for (std::size_t i = 0; i < std::size(values); ++i)
    {
        test.Equal(std::string(values[i].GetTypeName()), names[i], "type");
        for (std::size_t k = 0; k < std::size(values); ++k)
        {
            test.Check(values[i].Equals(values[k]) == (i == k), names[i]);
        }
    }
    test.Check(JsonValue(2).Equals(JsonValue(2.0)) && JsonValue(2.0).Equals(JsonValue(2)), "2");
    test.Check(!JsonValue(2).Equals(JsonValue(2.5)), "not rounded");
    // A double cannot tell these apart, integers can.
    test.Check(!JsonValue(int64_t{9007199254740993}).Equals(JsonValue(int64_t{9007199254740992})),
               "not compared as doubles");
}

/**
 * @param test the test case
 */
void
TestQuote(FunctionTestCase& test)
{
    test.Equal(JsonText::Quote(std::string("a\n\0\x7f\xff~", 6)),
               "a\\x0a\\x00\\x7f\\xff~",
               "bytes");
    test.Equal(JsonText::Quote(std::string(160, 'x')), std::string(160, 'x'), "160 characters");
    test.Equal(JsonText::Quote(std::string(161, 'x')), std::string(160, 'x') + "...", "cut");
    // A value may hold bytes that are no UTF-8; the text written must not.
    test.Equal(JsonText::Format(JsonValue("a\xff")), "\"a\ufffd\"", "replaced");
}

/** Reading and writing JSON. */
class JsonTextTestSuite : public TestSuite
{
  public:
    JsonTextTestSuite()
        : TestSuite("azure-json-text", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"Texts that RFC 8259 allows, with comments and a byte order mark", TestAccepted},
            {"Texts that are no JSON are refused at the right place", TestRefused},
            {"Numbers are integers of 64 bits or the nearest double", TestNumbers},
            {"64 nested structures are allowed", TestDepth},
            {"A text of 8 MiB is allowed", TestSize},
            {"A member may occur once in an object", TestTwice},
            {"Values change their type and compare", TestValues},
            {"Messages quote any bytes", TestQuote}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
JsonTextTestSuite g_jsonTextTestSuite;

} // namespace
