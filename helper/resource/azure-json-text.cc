/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-json-text.h"

#include "azure-resource-limits.h"

#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace ns3
{
namespace azure
{

namespace
{

/// What is said of too many nested structures.
const std::string g_tooDeep =
    "more than " + std::to_string(ResourceLimits::JsonDepth) + " nested objects and arrays";

/**
 * @param text a text
 * @param offset position in it
 * @return "line 3, column 14", both counted from 1
 */
std::string
Position(const std::string& text, std::size_t offset)
{
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i < offset && i < text.size(); ++i)
    {
        ++column;
        if (text[i] == '\n')
        {
            ++line;
            column = 1;
        }
    }
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/**
 * @brief Builds a JsonValue from the events of the JSON library's parser.
 */
class Builder
{
  public:
    bool null();                                              //!< @return go on
    bool boolean(bool value);                                 //!< @return go on @param value it
    bool number_integer(int64_t value);                       //!< @return go on @param value it
    bool number_unsigned(uint64_t value);                     //!< @return go on @param value it
    bool number_float(double value, const std::string& text); //!< @return go on @param value it
                                                              //!< @param text as written
    bool string(std::string& value);                          //!< @return go on @param value it
    bool binary(nlohmann::json::binary_t& value);             //!< @return never @param value it
    bool start_object(std::size_t size);                      //!< @return go on @param size n/a
    bool key(std::string& name);                              //!< @return go on @param name it
    bool end_object();                                        //!< @return go on
    bool start_array(std::size_t size);                       //!< @return go on @param size n/a
    bool end_array();                                         //!< @return go on

    /**
     * @param offset how far the parser came
     * @param token what it saw last
     * @param exception what is wrong
     * @return never go on
     */
    bool parse_error(std::size_t offset,
                     const std::string& token,
                     const nlohmann::json::exception& exception);

    JsonValue m_root;        //!< what was built
    std::string m_error;     //!< what is wrong; empty: nothing
    std::size_t m_offset{0}; //!< where it is wrong
    bool m_hasOffset{false}; //!< whether that is known

  private:
    /**
     * @param value the next value
     * @return where it was put
     */
    JsonValue* Add(JsonValue value);

    /**
     * @return JSON path of the innermost open object
     */
    std::string OpenPath() const;

    /**
     * @brief Opens an object or array.
     * @param value the empty one
     * @return go on: there are not too many
     */
    bool Start(JsonValue value);

    /// An object or array that is not complete yet.
    struct Open
    {
        JsonValue* value;            //!< the object or array
        std::string name;            //!< name of the next member
        std::set<std::string> names; //!< names so far, in lower case
    };

    std::vector<Open> m_open; //!< from the outermost to the innermost
};

std::string
Builder::OpenPath() const
{
    std::string path;
    for (std::size_t i = 0; i + 1 < m_open.size(); ++i)
    {
        const auto& open = m_open[i];
        path += open.value->Is(JsonValue::Type::Array)
                    ? "[" + std::to_string(open.value->AsArray().size() - 1) + "]"
                    : (path.empty() ? "" : ".") + JsonText::Quote(open.name);
    }
    return path.empty() ? "the outermost object" : path;
}

JsonValue*
Builder::Add(JsonValue value)
{
    if (m_open.empty())
    {
        m_root = std::move(value);
        return &m_root;
    }
    // Pointers to open values stay valid: only the innermost container grows.
    auto& open = m_open.back();
    if (open.value->Is(JsonValue::Type::Array))
    {
        auto& array = open.value->MakeArray();
        array.push_back(std::move(value));
        return &array.back();
    }
    auto& object = open.value->MakeObject();
    object.push_back({open.name, std::move(value)});
    return &object.back().value;
}

bool
Builder::Start(JsonValue value)
{
    m_open.push_back({Add(std::move(value)), "", {}});
    if (m_open.size() > ResourceLimits::JsonDepth)
    {
        m_error = g_tooDeep;
        return false;
    }
    return true;
}

bool
Builder::null()
{
    Add(JsonValue());
    return true;
}

bool
Builder::boolean(bool value)
{
    Add(JsonValue(value));
    return true;
}

bool
Builder::number_integer(int64_t value)
{
    Add(JsonValue(value));
    return true;
}

bool
Builder::number_unsigned(uint64_t value)
{
    if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    {
        Add(JsonValue(static_cast<int64_t>(value)));
    }
    else
    {
        Add(JsonValue(static_cast<double>(value)));
    }
    return true;
}

bool
Builder::number_float(double value, const std::string&)
{
    Add(JsonValue(value));
    return true;
}

bool
Builder::string(std::string& value)
{
    Add(JsonValue(std::move(value)));
    return true;
}

bool
Builder::binary(nlohmann::json::binary_t&)
{
    return false;
}

bool
Builder::start_object(std::size_t)
{
    return Start(JsonValue::Object());
}

bool
Builder::key(std::string& name)
{
    auto& open = m_open.back();
    if (!open.names.insert(ToLowerCase(name)).second)
    {
        m_error = "member " + JsonText::Quote(name) + " occurs twice in " + OpenPath();
        return false;
    }
    open.name = name;
    return true;
}

bool
Builder::end_object()
{
    m_open.pop_back();
    return true;
}

bool
Builder::start_array(std::size_t)
{
    return Start(JsonValue::Array());
}

bool
Builder::end_array()
{
    m_open.pop_back();
    return true;
}

bool
Builder::parse_error(std::size_t offset,
                     const std::string& token,
                     const nlohmann::json::exception& exception)
{
    // "... parse error at line 1, column 2: syntax error while ..." becomes "syntax error ...".
    std::string what = exception.what();
    auto start = what.find("syntax error");
    m_error = start == std::string::npos ? "a number is out of range near " + JsonText::Quote(token)
                                         : JsonText::Quote(what.substr(start));
    m_error = m_error.substr(0, 300);
    m_offset = offset == 0 ? 0 : offset - 1;
    m_hasOffset = true;
    return false;
}

/**
 * @brief Looks for nesting that is too deep before the parser does, which would not say where.
 *
 * Comments end where they do for the parser.
 *
 * @param text JSON text
 * @param[out] offset where the limit is passed
 * @return whether objects and arrays are nested too deeply
 */
bool
IsTooDeep(const std::string& text, std::size_t& offset)
{
    std::size_t depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        char c = text[i];
        if (inString)
        {
            i += c == '\\' ? 1 : 0;
            inString = c != '"';
        }
        else if (c == '"')
        {
            inString = true;
        }
        else if (c == '/' && i + 1 < text.size() && (text[i + 1] == '/' || text[i + 1] == '*'))
        {
            const bool isLine = text[i + 1] == '/';
            const auto end =
                isLine ? text.find_first_of(std::string("\n\r\0", 3), i) : text.find("*/", i + 2);
            i = end == std::string::npos ? text.size() : end + (isLine ? 0 : 1);
        }
        else if (c == '{' || c == '[')
        {
            if (++depth > ResourceLimits::JsonDepth)
            {
                offset = i;
                return true;
            }
        }
        else if ((c == '}' || c == ']') && depth > 0)
        {
            --depth;
        }
    }
    return false;
}

/**
 * @param value a value
 * @return the same for the JSON library
 */
nlohmann::ordered_json
Convert(const JsonValue& value)
{
    switch (value.GetType())
    {
    case JsonValue::Type::Null:
        return nullptr;
    case JsonValue::Type::Boolean:
        return value.AsBoolean();
    case JsonValue::Type::Integer:
        return value.AsInteger();
    case JsonValue::Type::Number:
        return value.AsNumber();
    case JsonValue::Type::String:
        return value.AsString();
    case JsonValue::Type::Array: {
        auto array = nlohmann::ordered_json::array();
        for (const auto& element : value.AsArray())
        {
            array.push_back(Convert(element));
        }
        return array;
    }
    case JsonValue::Type::Object: {
        nlohmann::ordered_json::object_t object;
        for (const auto& member : value.AsObject())
        {
            object.push_back({member.name, Convert(member.value)});
        }
        return object;
    }
    }
    return nullptr;
}

} // namespace

std::optional<JsonValue>
JsonText::Parse(const std::string& text, std::string& error)
{
    if (text.size() > ResourceLimits::TextBytes)
    {
        error = "the file " + ResourceLimits::WhyTooLarge(ResourceLimits::TextBytes);
        return std::nullopt;
    }
    std::size_t offset = 0;
    if (IsTooDeep(text, offset))
    {
        error = "malformed JSON at " + Position(text, offset) + ": " + g_tooDeep;
        return std::nullopt;
    }
    Builder builder;
    constexpr bool strict = true;
    constexpr bool ignoreComments = true;
    const bool isSound = nlohmann::json::sax_parse(text,
                                                   &builder,
                                                   nlohmann::json::input_format_t::json,
                                                   strict,
                                                   ignoreComments);
    // To the parser, this byte is the end of the text.
    const auto nul = text.find('\0');
    if (nul != std::string::npos && (isSound || (builder.m_hasOffset && builder.m_offset >= nul)))
    {
        error = "malformed JSON at " + Position(text, nul) + ": a NUL byte";
        return std::nullopt;
    }
    if (!isSound)
    {
        error = "malformed JSON" +
                (builder.m_hasOffset ? " at " + Position(text, builder.m_offset) : "") + ": " +
                builder.m_error;
        return std::nullopt;
    }
    return std::move(builder.m_root);
}

std::string
JsonText::Format(const JsonValue& value)
{
    return Convert(value).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string
JsonText::Quote(const std::string& text)
{
    constexpr std::size_t longest = 160;
    std::string result;
    for (std::size_t i = 0; i < text.size() && i < longest; ++i)
    {
        auto c = static_cast<unsigned char>(text[i]);
        if (c >= 32 && c < 127)
        {
            result += text[i];
        }
        else
        {
            char escaped[8];
            std::snprintf(escaped, sizeof(escaped), "\\x%02x", c);
            result += escaped;
        }
    }
    return result + (text.size() > longest ? "..." : "");
}

} // namespace azure
} // namespace ns3
