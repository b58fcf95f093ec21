/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-section.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

namespace ns3
{
namespace azure
{

namespace
{

/** Numbers of seconds above this do not fit into a Time. */
constexpr double LARGEST_SECONDS = 1e9;

/**
 * @param a a word
 * @param b another word
 * @return how many letters must be changed, added or removed to make one the other
 */
std::size_t
EditDistance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j)
        {
            const auto above = row[j + 1];
            const auto change = std::tolower(a[i]) == std::tolower(b[j]) ? 0 : 1;
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + change});
            diagonal = above;
        }
    }
    return row[b.size()];
}

/**
 * @param word a word of the input
 * @return the word, shortened and without control characters, for a message
 */
std::string
ShowWord(const std::string& word)
{
    std::string text = word.substr(0, 40);
    std::replace_if(
        text.begin(),
        text.end(),
        [](unsigned char c) { return c < 0x20 || c >= 0x7f; },
        '?');
    return "'" + text + (word.size() > 40 ? "..." : "") + "'";
}

} // namespace

std::string
ScenarioSection::Suggest(const std::string& word, const std::vector<std::string>& known)
{
    std::string nearest;
    std::size_t best = 1 + std::max<std::size_t>(word.size() / 2, 1);
    for (const auto& candidate : known)
    {
        // A word this long is no slip of the pen, and the comparison would take long.
        const auto distance = word.size() > 64 ? best : EditDistance(word, candidate);
        if (distance < best)
        {
            best = distance;
            nearest = candidate;
        }
    }
    if (!nearest.empty())
    {
        return "; did you mean '" + nearest + "'?";
    }
    std::string all;
    for (const auto& candidate : known)
    {
        all += (all.empty() ? "" : ", ") + candidate;
    }
    return "; known: " + all;
}

ScenarioSection::ScenarioSection(const JsonValue& json,
                                 std::string path,
                                 std::vector<ConfigurationError>& errors)
    : m_json(json),
      m_path(std::move(path)),
      m_errors(errors)
{
    if (!json.Is(JsonValue::Type::Object))
    {
        Fail("", std::string("must be an object, not ") + json.GetTypeName());
    }
}

std::string
ScenarioSection::Path(const std::string& key) const
{
    return key.empty() ? m_path : m_path.empty() ? key : m_path + "." + key;
}

void
ScenarioSection::Fail(const std::string& key, const std::string& message)
{
    const auto path = Path(key);
    m_errors.push_back({path.empty() ? "$" : path, message});
}

const JsonValue*
ScenarioSection::Find(const std::string& key)
{
    if (std::find(m_known.begin(), m_known.end(), key) == m_known.end())
    {
        m_known.push_back(key);
    }
    // Unlike those of Azure, names are a matter of case.
    const auto& members = m_json.AsObject();
    const auto found = std::find_if(members.begin(), members.end(), [&](const auto& member) {
        return member.name == key;
    });
    return found == members.end() ? nullptr : &found->value;
}

void
ScenarioSection::Text(const std::string& key, const std::function<void(const std::string&)>& set)
{
    if (const auto* value = Find(key))
    {
        if (value->Is(JsonValue::Type::String))
        {
            set(value->AsString());
        }
        else
        {
            Wrong(key, "a text", *value);
        }
    }
}

void
ScenarioSection::Name(const std::string& key, const std::function<void(const std::string&)>& set)
{
    Text(key, [&](const std::string& text) {
        if (text.empty())
        {
            Fail(key, "must not be empty");
        }
        else
        {
            set(text);
        }
    });
}

void
ScenarioSection::Number(const std::string& key, const std::function<void(double)>& set)
{
    if (const auto* value = Find(key))
    {
        if (IsNumber(*value))
        {
            set(value->AsNumber());
        }
        else
        {
            Wrong(key, "a number", *value);
        }
    }
}

void
ScenarioSection::Integer(const std::string& key,
                         uint32_t lowest,
                         uint32_t highest,
                         const std::function<void(uint32_t)>& set)
{
    if (const auto* value = Find(key))
    {
        const auto number = value->AsNumber();
        if (!IsNumber(*value))
        {
            Wrong(key, "a whole number", *value);
        }
        else if (number < lowest || number > highest)
        {
            Fail(key,
                 "must be between " + std::to_string(lowest) + " and " + std::to_string(highest));
        }
        else if (number != std::floor(number))
        {
            Fail(key, "must be a whole number, not a fraction");
        }
        else
        {
            set(static_cast<uint32_t>(number));
        }
    }
}

void
ScenarioSection::Flag(const std::string& key, const std::function<void(bool)>& set)
{
    if (const auto* value = Find(key))
    {
        if (value->Is(JsonValue::Type::Boolean))
        {
            set(value->AsBoolean());
        }
        else
        {
            Wrong(key, "true or false", *value);
        }
    }
}

void
ScenarioSection::Duration(const std::string& key, const std::function<void(const Time&)>& set)
{
    Number(key, [&](double seconds) {
        if (!std::isfinite(seconds) || std::abs(seconds) > LARGEST_SECONDS)
        {
            Fail(key, "is not a time in seconds that can be simulated");
        }
        else if (seconds < 0)
        {
            Fail(key, "must not be negative");
        }
        else
        {
            set(Seconds(seconds));
        }
    });
}

void
ScenarioSection::Choice(const std::string& key,
                        const std::vector<std::string>& words,
                        const std::function<void(std::size_t)>& set)
{
    Text(key, [&](const std::string& word) {
        const auto found = std::find(words.begin(), words.end(), word);
        if (found == words.end())
        {
            Fail(key, "unknown value " + ShowWord(word) + Suggest(word, words));
        }
        else
        {
            set(found - words.begin());
        }
    });
}

void
ScenarioSection::List(const std::string& key,
                      const std::function<void(const JsonValue&, const std::string&)>& each)
{
    if (const auto* value = Find(key))
    {
        if (!value->Is(JsonValue::Type::Array))
        {
            Wrong(key, "a list", *value);
            return;
        }
        const auto& elements = value->AsArray();
        for (std::size_t i = 0; i < elements.size(); ++i)
        {
            each(elements[i], Path(key) + "[" + std::to_string(i) + "]");
        }
    }
}

void
ScenarioSection::Close()
{
    for (const auto& [key, value] : m_json.AsObject())
    {
        if (std::find(m_known.begin(), m_known.end(), key) == m_known.end())
        {
            Fail(ShowWord(key), "unknown key" + Suggest(key, m_known));
        }
    }
}

void
ScenarioSection::Wrong(const std::string& key, const std::string& wanted, const JsonValue& value)
{
    Fail(key, "must be " + wanted + ", not " + value.GetTypeName());
}

bool
ScenarioSection::IsNumber(const JsonValue& value)
{
    return value.Is(JsonValue::Type::Integer) || value.Is(JsonValue::Type::Number);
}

} // namespace azure
} // namespace ns3
