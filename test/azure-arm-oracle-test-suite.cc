/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluation.h"

#include <cstdint>
#include <cstdlib>
#include <random>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// An expression of a known value.
template <typename T>
struct Known
{
    std::string text; //!< the expression
    T value;          //!< its value
};

using Number = Known<int64_t>;
using Truth = Known<bool>;
using Text = Known<std::string>;
using List = Known<std::vector<int64_t>>;

/**
 * @param value a number
 * @return it as JSON text
 */
std::string
ToJson(int64_t value)
{
    return std::to_string(value);
}

/**
 * @param value a truth value
 * @return it as JSON text
 */
std::string
ToJson(bool value)
{
    return value ? "true" : "false";
}

/**
 * @param value a text of printable ASCII
 * @return it as JSON text
 */
std::string
ToJson(const std::string& value)
{
    std::string result = "\"";
    for (char c : value)
    {
        result += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
    return result + "\"";
}

/**
 * @param value a list of numbers
 * @return it as JSON text
 */
std::string
ToJson(const std::vector<int64_t>& value)
{
    std::string result = "[";
    for (std::size_t i = 0; i < value.size(); ++i)
    {
        result += (i == 0 ? "" : ",") + std::to_string(value[i]);
    }
    return result + "]";
}

/**
 * @param text ASCII
 * @return it in lower case
 */
std::string
Lower(std::string text)
{
    for (char& c : text)
    {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
    }
    return text;
}

/** Makes an expression and its value at the same time, from the reference's descriptions alone. */
class Generator
{
  public:
    /** @param seed of the numbers */
    explicit Generator(uint32_t seed)
        : m_random(seed)
    {
    }

    /**
     * @param limit a number above 0
     * @return a number from 0 to below it
     */
    std::size_t Pick(std::size_t limit)
    {
        return m_random() % limit;
    }

    /**
     * @param depth how many calls may be nested
     * @return an expression of an integer
     */
    Number MakeNumber(std::size_t depth)
    {
        if (depth == 0)
        {
            const auto value = static_cast<int64_t>(Pick(41)) - 20;
            return {std::to_string(value), value};
        }
        const auto a = MakeNumber(depth - 1);
        const auto b = MakeNumber(depth - 1);
        const auto two = "(" + a.text + ", " + b.text + ")";
        switch (Pick(11))
        {
        case 0:
            return {"add" + two, a.value + b.value};
        case 1:
            return {"sub" + two, a.value - b.value};
        case 2:
            // Small enough for the sums above it, whatever the factors were.
            return std::llabs(a.value) > 100000 || std::llabs(b.value) > 100000
                       ? a
                       : Number{"mul" + two, a.value * b.value};
        case 3: {
            const auto smaller = a.value < b.value ? a.value : b.value;
            return {"min" + two, smaller};
        }
        case 4:
            return {"max(createArray" + two + ")", a.value < b.value ? b.value : a.value};
        case 5:
        case 6: {
            if (b.value == 0)
            {
                return a;
            }
            // Towards zero, so that the remainder has the sign of the dividend.
            const auto magnitude = std::llabs(a.value) / std::llabs(b.value);
            const auto quotient = (a.value < 0) == (b.value < 0) ? magnitude : -magnitude;
            return Pick(2) == 0 ? Number{"div" + two, quotient}
                                : Number{"mod" + two, a.value - quotient * b.value};
        }
        case 7: {
            const auto text = MakeText(depth - 1);
            return {"length(" + text.text + ")", static_cast<int64_t>(text.value.size())};
        }
        case 8: {
            const auto text = MakeText(depth - 1);
            const auto part = MakeText(0);
            const auto found = Lower(text.value).find(Lower(part.value));
            return {"indexOf(" + text.text + ", " + part.text + ")",
                    found == std::string::npos ? -1 : static_cast<int64_t>(found)};
        }
        case 9: {
            const auto list = MakeList(depth - 1);
            if (list.value.empty())
            {
                return {"length(" + list.text + ")", 0};
            }
            const auto at = Pick(list.value.size());
            return {list.text + "[" + std::to_string(at) + "]", list.value[at]};
        }
        default:
            return {"int(string(" + a.text + "))", a.value};
        }
    }

    /**
     * @param depth how many calls may be nested
     * @return an expression of a boolean
     */
    Truth MakeTruth(std::size_t depth)
    {
        if (depth == 0)
        {
            return Pick(2) == 0 ? Truth{"true()", true} : Truth{"false()", false};
        }
        const auto a = MakeNumber(depth - 1);
        const auto b = MakeNumber(depth - 1);
        const auto two = "(" + a.text + ", " + b.text + ")";
        switch (Pick(11))
        {
        case 0:
            return {"less" + two, a.value < b.value};
        case 1:
            return {"lessOrEquals" + two, a.value <= b.value};
        case 2:
            return {"greater" + two, a.value > b.value};
        case 3:
            return {"greaterOrEquals" + two, a.value >= b.value};
        case 4:
            return {"equals" + two, a.value == b.value};
        case 5: {
            const auto x = MakeTruth(depth - 1);
            const auto y = MakeTruth(depth - 1);
            return Pick(2) == 0 ? Truth{"and(" + x.text + ", " + y.text + ")", x.value && y.value}
                                : Truth{"or(" + x.text + ", " + y.text + ")", x.value || y.value};
        }
        case 6: {
            const auto x = MakeTruth(depth - 1);
            return {"not(" + x.text + ")", !x.value};
        }
        case 7: {
            const auto text = MakeText(depth - 1);
            const auto part = MakeText(0);
            const auto size = part.value.size();
            const bool fits = text.value.size() >= size;
            const auto start = fits ? text.value.substr(0, size) : "";
            const auto end = fits ? text.value.substr(text.value.size() - size) : "";
            const auto pair = "(" + text.text + ", " + part.text + ")";
            return Pick(2) == 0
                       ? Truth{"startsWith" + pair, fits && Lower(start) == Lower(part.value)}
                       : Truth{"endsWith" + pair, fits && Lower(end) == Lower(part.value)};
        }
        case 8: {
            const auto list = MakeList(depth - 1);
            bool isIn = false;
            for (const auto element : list.value)
            {
                isIn = isIn || element == a.value;
            }
            return {"contains(" + list.text + ", " + a.text + ")", isIn};
        }
        case 9: {
            const auto text = MakeText(depth - 1);
            return {"empty(" + text.text + ")", text.value.empty()};
        }
        default: {
            const auto x = MakeText(depth - 1);
            const auto y = MakeText(0);
            return {"equals(" + x.text + ", " + y.text + ")", x.value == y.value};
        }
        }
    }

    /**
     * @param depth how many calls may be nested
     * @return an expression of a text of printable ASCII
     */
    Text MakeText(std::size_t depth)
    {
        if (depth == 0)
        {
            const std::string letters = "aAbB1 '\"-[{";
            Text text{"'", ""};
            for (auto i = Pick(4); i > 0; --i)
            {
                const char c = letters[Pick(letters.size())];
                text.value += c;
                text.text += c == '\'' ? "''" : std::string{c};
            }
            text.text += "'";
            return text;
        }
        const auto a = MakeText(depth - 1);
        const auto b = MakeText(depth - 1);
        switch (Pick(12))
        {
        case 0:
            return {"concat(" + a.text + ", " + b.text + ")", a.value + b.value};
        case 1:
            return {"toLower(" + a.text + ")", Lower(a.value)};
        case 2: {
            const auto start = Pick(a.value.size() + 1);
            const auto length = Pick(a.value.size() - start + 1);
            return {"substring(" + a.text + ", " + std::to_string(start) + ", " +
                        std::to_string(length) + ")",
                    std::string(a.value.begin() + static_cast<std::ptrdiff_t>(start),
                                a.value.begin() + static_cast<std::ptrdiff_t>(start + length))};
        }
        case 3:
            return MakeReplacement(a, b);
        case 4: {
            const auto condition = MakeTruth(depth - 1);
            return {"if(" + condition.text + ", " + a.text + ", " + b.text + ")",
                    condition.value ? a.value : b.value};
        }
        case 5: {
            auto padded = a.value;
            while (padded.size() < 6)
            {
                padded.insert(padded.begin(), '0');
            }
            return {"padLeft(" + a.text + ", 6, '0')", padded};
        }
        case 6: {
            const auto number = MakeNumber(depth - 1);
            return {"format('{0}{{{1,3}}}', " + number.text + ", " + a.text + ")",
                    std::to_string(number.value) + "{" +
                        std::string(a.value.size() < 3 ? 3 - a.value.size() : 0, ' ') + a.value +
                        "}"};
        }
        case 7:
            return {"base64ToString(base64(" + a.text + "))", a.value};
        case 8:
            return {"uriComponentToString(uriComponent(" + a.text + "))", a.value};
        case 9: {
            const auto first = a.value.find_first_not_of(' ');
            const auto last = a.value.find_last_not_of(' ');
            return {"trim(" + a.text + ")",
                    first == std::string::npos ? "" : a.value.substr(first, last - first + 1)};
        }
        case 10: {
            // Parts that are joined by what separated them.
            const char separator[] = {"ab1-"[Pick(4)], 0};
            const auto quoted = std::string("'") + separator + "'";
            return {"join(split(" + a.text + ", " + quoted + "), " + quoted + ")", a.value};
        }
        default: {
            const auto count = static_cast<int64_t>(Pick(8)) - 2;
            const auto kept = static_cast<std::size_t>(count < 0 ? 0 : count);
            const auto text = "(" + a.text + ", " + std::to_string(count) + ")";
            const auto cut = kept < a.value.size() ? kept : a.value.size();
            return Pick(2) == 0 ? Text{"take" + text, a.value.substr(0, cut)}
                                : Text{"skip" + text, a.value.substr(cut)};
        }
        }
    }

    /**
     * @param depth how many calls may be nested
     * @return an expression of an array of integers
     */
    List MakeList(std::size_t depth)
    {
        if (depth == 0)
        {
            const auto start = static_cast<int64_t>(Pick(9)) - 4;
            const auto count = static_cast<int64_t>(Pick(5));
            List list{"range(" + std::to_string(start) + ", " + std::to_string(count) + ")", {}};
            for (int64_t i = 0; i < count; ++i)
            {
                list.value.push_back(start + i);
            }
            return list;
        }
        const auto a = MakeList(depth - 1);
        const auto b = MakeList(depth - 1);
        const auto two = "(" + a.text + ", " + b.text + ")";
        const auto keep = [](const auto& from, const auto& isWanted) {
            // The first of each value, in order.
            std::vector<int64_t> result;
            for (const auto value : from)
            {
                if (isWanted(value) && !Holds(result, value))
                {
                    result.push_back(value);
                }
            }
            return result;
        };
        auto all = a.value;
        all.insert(all.end(), b.value.begin(), b.value.end());
        switch (Pick(6))
        {
        case 0:
            return {"concat" + two, all};
        case 1:
            return {"union" + two, keep(all, [](int64_t) { return true; })};
        case 2:
            return {"intersection" + two,
                    keep(a.value, [&](int64_t value) { return Holds(b.value, value); })};
        case 3: {
            const auto count = Pick(5);
            const auto cut = static_cast<std::ptrdiff_t>(std::min(count, a.value.size()));
            const auto text = "(" + a.text + ", " + std::to_string(count) + ")";
            return Pick(2) == 0 ? List{"take" + text, {a.value.begin(), a.value.begin() + cut}}
                                : List{"skip" + text, {a.value.begin() + cut, a.value.end()}};
        }
        case 4: {
            const auto x = MakeNumber(depth - 1);
            const auto y = MakeNumber(depth - 1);
            return {"createArray(" + x.text + ", " + y.text + ")", {x.value, y.value}};
        }
        default:
            return {"json(string(" + a.text + "))", a.value};
        }
    }

  private:
    /**
     * @param list numbers
     * @param value a number
     * @return whether it is one of them
     */
    static bool Holds(const std::vector<int64_t>& list, int64_t value)
    {
        return std::find(list.begin(), list.end(), value) != list.end();
    }

    /**
     * @param from where to replace
     * @param to what to put in
     * @return an expression that replaces one letter
     */
    Text MakeReplacement(const Text& from, const Text& to)
    {
        const char letter = "aAbB"[Pick(4)];
        std::string result;
        for (char c : from.value)
        {
            result += c == letter ? to.value : std::string{c};
        }
        return {"replace(" + from.text + ", '" + letter + "', " + to.text + ")", result};
    }

    std::mt19937 m_random; //!< numbers; the generator's output is fixed by the standard
};

/**
 * @brief Evaluates expressions in templates of 100 outputs.
 * @param test the test case
 * @param make makes an expression; gets the depth
 */
template <typename Make>
void
CheckKnown(FunctionTestCase& test, const Make& make)
{
    for (std::size_t round = 0; round < 20; ++round)
    {
        std::vector<std::string> expressions;
        std::vector<std::string> values;
        for (std::size_t i = 0; i < 100; ++i)
        {
            const auto known = make(1 + i % 4);
            expressions.push_back(known.text);
            values.push_back(ToJson(known.value));
        }
        const auto deployment = EvaluateAll(expressions);
        for (const auto& error : deployment.errors)
        {
            test.Equal(error.ToText(), "", expressions.front());
        }
        for (std::size_t i = 0; i < deployment.outputs.size(); ++i)
        {
            test.Equal(deployment.outputs[i].json, values[i], expressions[i]);
        }
        test.Equal(deployment.outputs.size(), values.size(), "all values");
    }
}

/** Expressions against values that were worked out without the evaluator. */
class ArmOracleTestSuite : public TestSuite
{
  public:
    ArmOracleTestSuite()
        : TestSuite("azure-arm-oracle", Type::UNIT)
    {
        Add("Random expressions of integers", 31, &Generator::MakeNumber);
        Add("Random expressions of booleans", 37, &Generator::MakeTruth);
        Add("Random expressions of texts", 41, &Generator::MakeText);
        Add("Random expressions of arrays", 43, &Generator::MakeList);
    }

  private:
    /**
     * @param name name of the case
     * @param seed of the numbers
     * @param make makes an expression; gets the depth
     */
    template <typename T>
    void Add(const std::string& name, uint32_t seed, T (Generator::*make)(std::size_t))
    {
        const auto body = [=](FunctionTestCase& test) {
            Generator generator(seed);
            CheckKnown(test, [&](std::size_t depth) { return (generator.*make)(depth); });
        };
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }
};

/** Registers the suite. */
ArmOracleTestSuite g_armOracleTestSuite;

} // namespace
