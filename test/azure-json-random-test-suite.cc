/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-json-text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param text a text
 * @param offset a position in it
 * @return that position as error messages put it
 */
std::string
Place(const std::string& text, std::size_t offset)
{
    const auto before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const auto begin = lines == 0 ? 0 : before.rfind('\n') + 1;
    return "malformed JSON at line " + std::to_string(lines + 1) + ", column " +
           std::to_string(offset - begin + 1) + ": ";
}

/** Writes random values in every way that RFC 8259 allows, without the code under test. */
class RandomWriter
{
  public:
    /** @param seed of the numbers */
    explicit RandomWriter(uint32_t seed)
        : m_random(seed)
    {
    }

    /**
     * @param depth how many structures may be nested
     * @return a value
     */
    JsonValue Make(std::size_t depth)
    {
        switch (m_random() % (depth > 0 ? 7 : 5))
        {
        case 0:
            return m_random() % 3 == 0 ? JsonValue() : JsonValue(m_random() % 2 == 0);
        case 1:
            return static_cast<int64_t>((uint64_t{m_random()} << 32 | m_random()) >>
                                        m_random() % 64);
        case 2:
            return std::ldexp(static_cast<double>(m_random()) + 1,
                              static_cast<int>(m_random() % 80) - 40);
        case 3:
        case 4:
            return MakeText();
        case 5: {
            JsonValue::Array array;
            for (auto i = m_random() % 5; i > 0; --i)
            {
                array.push_back(Make(depth - 1));
            }
            return array;
        }
        default: {
            JsonValue::Object object;
            for (auto i = m_random() % 5; i > 0; --i)
            {
                object.push_back({std::to_string(i) + MakeText(), Make(depth - 1)});
            }
            return object;
        }
        }
    }

    /**
     * @param value a value
     * @return it as JSON text with blanks and comments, and escapes where none are needed
     */
    std::string Write(const JsonValue& value)
    {
        switch (value.GetType())
        {
        case JsonValue::Type::Null:
            return "null";
        case JsonValue::Type::Boolean:
            return value.AsBoolean() ? "true" : "false";
        case JsonValue::Type::Integer:
            return std::to_string(value.AsInteger());
        case JsonValue::Type::Number: {
            char text[40];
            std::snprintf(text, sizeof(text), m_random() % 2 ? "%.17e" : "%.17E", value.AsNumber());
            return text;
        }
        case JsonValue::Type::String:
            return WriteText(value.AsString());
        case JsonValue::Type::Array: {
            std::string text = "[" + Blank();
            for (const auto& element : value.AsArray())
            {
                text += (text.size() > 1 && &element != &value.AsArray()[0] ? "," : "") + Blank() +
                        Write(element) + Blank();
            }
            return text + "]";
        }
        case JsonValue::Type::Object: {
            std::string text = "{" + Blank();
            for (const auto& member : value.AsObject())
            {
                text += (&member != &value.AsObject()[0] ? "," : "") + Blank() +
                        WriteText(member.name) + Blank() + ":" + Blank() + Write(member.value) +
                        Blank();
            }
            return text + "}";
        }
        }
        return "";
    }

  private:
    /** @return what may stand between two tokens */
    std::string Blank()
    {
        const char* const blanks[] = {"", "", "", " ", "\n", "\t\r\n", "/*[\"*/", "//}\n"};
        return blanks[m_random() % std::size(blanks)];
    }

    /** @return a text in UTF-8 */
    std::string MakeText()
    {
        const char* const pieces[] =
            {"a", "Z", " ", "/", "\\", "\"", "\n", "\x01", "\u00e4", "\u20ac", "\U0001F600", "{"};
        std::string text;
        for (auto i = m_random() % 6; i > 0; --i)
        {
            text += pieces[m_random() % std::size(pieces)];
        }
        return text;
    }

    /**
     * @param text a text in UTF-8
     * @return it in quotes
     */
    std::string WriteText(const std::string& text)
    {
        std::string result = "\"";
        for (std::size_t i = 0; i < text.size();)
        {
            const auto lead = static_cast<unsigned char>(text[i]);
            const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
            const bool isSpecial = lead < 0x20 || lead == '"' || lead == '\\';
            if (!isSpecial && m_random() % 2 == 0)
            {
                result += text.substr(i, bytes);
                i += bytes;
                continue;
            }
            uint32_t code = bytes == 1 ? lead : lead & (0x7f >> bytes);
            for (std::size_t k = 1; k < bytes; ++k)
            {
                code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
            }
            i += bytes;
            const auto escape = [&](uint32_t unit) {
                char digits[8];
                std::snprintf(digits, sizeof(digits), m_random() % 2 ? "\\u%04x" : "\\u%04X", unit);
                result += digits;
            };
            if (code < 0x10000)
            {
                escape(code);
                continue;
            }
            escape(0xd800 + ((code - 0x10000) >> 10));
            escape(0xdc00 + ((code - 0x10000) & 0x3ff));
        }
        return result + "\"";
    }

    std::mt19937 m_random; //!< numbers; the generator's output is fixed by the standard
};

/**
 * @param test the test case
 */
void
TestRandomValues(FunctionTestCase& test)
{
    RandomWriter writer(23);
    for (int i = 0; i < 1500; ++i)
    {
        const auto value = writer.Make(4);
        const auto text = writer.Write(value);
        std::string error;
        const auto read = JsonText::Parse(text, error);
        test.Equal(error, "", text);
        test.Check(read && read->Equals(value) && value.Equals(*read), text);
        const auto format = JsonText::Format(value);
        const auto again = JsonText::Parse(format, error);
        test.Check(again && again->Equals(value), format);
        test.Equal(again ? JsonText::Format(*again) : "refused", format, "the shortest form");
    }
}

/**
 * @param test the test case
 */
void
TestPrefixes(FunctionTestCase& test)
{
    RandomWriter writer(29);
    std::size_t count = 0;
    while (count < 5000)
    {
        const auto text = writer.Write(writer.Make(3));
        if (text[0] != '[' && text[0] != '{')
        {
            continue;
        }
        // What begins a structure and does not close it lacks something exactly at its end.
        for (std::size_t length = 0; length < text.size(); ++length, ++count)
        {
            const auto prefix = text.substr(0, length);
            std::string error;
            test.Check(!JsonText::Parse(prefix, error).has_value(), prefix);
            const auto place = Place(prefix, length);
            test.Equal(error.substr(0, place.size()), place, prefix);
        }
    }
}

/** Random JSON. */
class JsonRandomTestSuite : public TestSuite
{
  public:
    JsonRandomTestSuite()
        : TestSuite("azure-json-random", Type::UNIT)
    {
        AddTestCase(
            new FunctionTestCase("Random values survive writing and reading", TestRandomValues),
            Duration::QUICK);
        AddTestCase(new FunctionTestCase("Half a text is refused at its end", TestPrefixes),
                    Duration::QUICK);
    }
};

/** Registers the suite. */
JsonRandomTestSuite g_jsonRandomTestSuite;

} // namespace
