/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluation.h"

#include "ns3/azure-arm-text.h"

#include <cstdint>
#include <random>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/**
 * @param units code units of UTF-16
 * @return UTF-8, with U+FFFD for half a pair
 */
std::string
ToUtf8(const std::u16string& units)
{
    std::string result;
    for (std::size_t i = 0; i < units.size(); ++i)
    {
        uint32_t code = units[i];
        const bool isHigh = code >= 0xd800 && code < 0xdc00;
        if (isHigh && i + 1 < units.size() && units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000)
        {
            code = 0x10000 + ((code - 0xd800) << 10) + (units[++i] - 0xdc00u);
        }
        else if (code >= 0xd800 && code < 0xe000)
        {
            code = 0xfffd;
        }
        const int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        const uint32_t lead[] = {0, 0xc0, 0xe0, 0xf0};
        result += static_cast<char>(lead[more] | code >> (6 * more));
        for (int k = more - 1; k >= 0; --k)
        {
            result += static_cast<char>(0x80 | (code >> (6 * k) & 0x3f));
        }
    }
    return result;
}

/**
 * @brief Lengths and positions are those of .NET's strings, which hold UTF-16.
 * @param test the test case
 */
void
TestUnits(FunctionTestCase& test)
{
    const char16_t* const characters[] = {u"a",
                                          u"z",
                                          u"\u007f",
                                          u"\u0080",
                                          u"\u07ff",
                                          u"\u0800",
                                          u"\uffff",
                                          u"\U00010000",
                                          u"\U0010FFFF"};
    std::mt19937 random(47);
    for (int round = 0; round < 3000; ++round)
    {
        std::u16string units;
        for (auto i = random() % 7; i > 0; --i)
        {
            units += characters[random() % std::size(characters)];
        }
        const auto text = ToUtf8(units);
        test.Equal(ArmText::CountUnits(text), units.size(), "units of " + text);
        const auto start = random() % (units.size() + 1);
        const auto count = random() % (units.size() - start + 1);
        test.Equal(ArmText::Slice(text, start, count),
                   ToUtf8(units.substr(start, count)),
                   "part of " + text + " from " + std::to_string(start));
        test.Equal(ArmText::Slice(text, start, 0), "", "nothing of " + text);
        test.Equal(ArmText::Slice(text, start, std::string::npos),
                   ToUtf8(units.substr(start)),
                   "end of " + text + " from " + std::to_string(start));
        test.Equal(ArmText::Sanitise(text), text, "sound already");
    }
}

/**
 * @brief String functions of templates count code units, against std::u16string.
 * @param test the test case
 */
void
TestFunctions(FunctionTestCase& test)
{
    const char16_t* const characters[] = {u"a", u"b", u"\u00e4", u"\u20ac", u"\U0001F600"};
    std::mt19937 random(59);
    std::vector<std::string> expressions;
    std::vector<std::string> values;
    const auto add = [&](const std::string& expression, const std::string& json) {
        expressions.push_back(expression);
        values.push_back(json);
    };
    const auto quote = [](const std::u16string& units) { return "\"" + ToUtf8(units) + "\""; };
    for (int round = 0; round < 200; ++round)
    {
        std::u16string units;
        for (auto i = 1 + random() % 5; i > 0; --i)
        {
            units += characters[random() % std::size(characters)];
        }
        const auto argument = "('" + ToUtf8(units) + "'";
        const auto at = random() % units.size();
        const auto count = random() % (units.size() - at + 1);
        const auto numbers = ", " + std::to_string(at) + ", " + std::to_string(count) + ")";
        add("length" + argument + ")", std::to_string(units.size()));
        add("substring" + argument + numbers, quote(units.substr(at, count)));
        add("take" + argument + ", " + std::to_string(count) + ")", quote(units.substr(0, count)));
        add("skip" + argument + ", " + std::to_string(at) + ")", quote(units.substr(at)));
        add("first" + argument + ")", quote(units.substr(0, 1)));
        add("last" + argument + ")", quote(units.substr(units.size() - 1)));
        add("padLeft" + argument + ", 7, '\u00e4')",
            quote(std::u16string(7 - std::min<std::size_t>(units.size(), 7), u'\u00e4') + units));
        for (const auto* part : characters)
        {
            const auto call = argument + ", '" + ToUtf8(part) + "')";
            const auto place = [](std::size_t found) {
                return found == std::u16string::npos ? "-1" : std::to_string(found);
            };
            add("indexOf" + call, place(units.find(part)));
            add("lastIndexOf" + call, place(units.rfind(part)));
        }
    }
    const auto deployment = EvaluateAll(expressions);
    test.Equal(deployment.outputs.size(), values.size(), "all values");
    for (std::size_t i = 0; i < deployment.outputs.size(); ++i)
    {
        test.Equal(deployment.outputs[i].json, values[i], expressions[i]);
    }
}

/**
 * @brief Bytes that are no UTF-8 become U+FFFD, so that every value can be written as JSON.
 * @param test the test case
 */
void
TestDamage(FunctionTestCase& test)
{
    const std::string no = "\ufffd";
    const std::pair<std::string, std::string> texts[] = {
        {"\x80", no},
        {"a\xc3", "a" + no},
        {"\xc3(", no + "("},
        {"\xc0\xaf", no + no},
        {"\xe0\x9f\xbf", no + no + no},
        {"\xed\xa0\x80", no + no + no},
        {"\xf0\x8f\xbf\xbf", no + no + no + no},
        {"\xf4\x90\x80\x80", no + no + no + no},
        {"\xf5\x80", no + no},
        {"\xfe\xff", no + no},
        {"\xe2\x82\xac\xe2\x82", "\u20ac" + no + no}};
    for (const auto& [text, sound] : texts)
    {
        test.Equal(ArmText::Sanitise(text), sound, JsonText::Quote(text));
        test.Equal(ArmText::CountUnits(text),
                   ArmText::CountUnits(sound),
                   "as many units: " + JsonText::Quote(text));
    }
}

/**
 * @brief base64() of all remainders of three, and of every byte, against a bit-by-bit encoder.
 * @param test the test case
 */
void
TestBase64(FunctionTestCase& test)
{
    // RFC 4648, section 10.
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [text, encoded] : vectors)
    {
        test.Equal(EvaluateOne(std::string("base64('") + text + "')"),
                   std::string("\"") + encoded + "\"",
                   text);
    }
    // Not whole groups of four, padding that is too long, and anything after it.
    for (const char* wrong :
         {"YQ", "Y", "YWI", "YWJj=", "YQ=", "=", "==", "====", "Y===", "YQ==YQ==", "YQ=Q", "Y Q="})
    {
        for (const char* name : {"base64ToString", "base64ToJson"})
        {
            const auto got = EvaluateOne(std::string(name) + "('" + wrong + "')");
            const std::string why =
                std::string("! outputs.o0.value: function '") + name + "': the text is not base64";
            test.Equal(got.substr(0, why.size()), why, wrong);
        }
    }
    test.Equal(EvaluateOne("base64ToString('')"), "\"\"", "nothing is base64, too");
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::mt19937 random(53);
    std::vector<std::string> expressions;
    std::vector<std::string> values;
    for (int i = 0; i < 300; ++i)
    {
        const char* const characters[] = {"a", "~", "\u00e4", "\u20ac", "\U0001F600"};
        std::string text;
        for (auto k = random() % 9; k > 0; --k)
        {
            text += characters[random() % std::size(characters)];
        }
        std::string encoded;
        for (std::size_t bit = 0; bit < text.size() * 8; bit += 6)
        {
            std::size_t digit = 0;
            for (std::size_t k = bit; k < bit + 6; ++k)
            {
                const bool isSet = k < text.size() * 8 &&
                                   (static_cast<unsigned char>(text[k / 8]) >> (7 - k % 8) & 1);
                digit = digit * 2 + (isSet ? 1 : 0);
            }
            encoded += alphabet[digit];
        }
        encoded.resize((encoded.size() + 3) / 4 * 4, '=');
        expressions.push_back("base64('" + text + "')");
        values.push_back("\"" + encoded + "\"");
        expressions.push_back("base64ToString('" + encoded + "')");
        values.push_back("\"" + text + "\"");
    }
    const auto deployment = EvaluateAll(expressions);
    test.Equal(deployment.outputs.size(), values.size(), "all values");
    for (std::size_t i = 0; i < deployment.outputs.size(); ++i)
    {
        test.Equal(deployment.outputs[i].json, values[i], expressions[i]);
    }
}

/** Texts of templates, whose characters are those of .NET. */
class ArmTextTestSuite : public TestSuite
{
  public:
    ArmTextTestSuite()
        : TestSuite("azure-arm-text", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"Texts are counted and cut in UTF-16 code units", TestUnits},
            {"String functions count UTF-16 code units", TestFunctions},
            {"Bytes that are no UTF-8 are replaced", TestDamage},
            {"base64 agrees with RFC 4648 and a bit-by-bit encoder", TestBase64}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
ArmTextTestSuite g_armTextTestSuite;

} // namespace
