/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"
#include "azure-arm-text.h"
#include "azure-json-text.h"
#include "azure-resource-limits.h"

#include <algorithm>
#include <cctype>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

/// The alphabet of base64 (RFC 4648).
const std::string g_base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

JsonValue
ToLower(ArmCall& call)
{
    return ToLowerCase(call.Text(0));
}

JsonValue
ToUpper(ArmCall& call)
{
    auto text = call.Text(0);
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

JsonValue
Trim(ArmCall& call)
{
    const auto& text = call.Text(0);
    const auto first = text.find_first_not_of(" \t\r\n");
    const auto last = text.find_last_not_of(" \t\r\n");
    return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

JsonValue
Substring(ArmCall& call)
{
    const auto& text = call.Text(0);
    const auto size = static_cast<int64_t>(ArmText::CountUnits(text));
    const auto start = call.Integer(1);
    if (start < 0 || start > size)
    {
        call.Fail("start " + std::to_string(start) + " is outside a text of " +
                  std::to_string(size) + " characters");
    }
    const auto length = call.arguments.size() > 2 ? call.Integer(2) : size - start;
    if (length < 0 || length > size - start)
    {
        call.Fail("start " + std::to_string(start) + " and length " + std::to_string(length) +
                  " reach outside a text of " + std::to_string(size) + " characters");
    }
    return ArmText::Slice(text, static_cast<std::size_t>(start), static_cast<std::size_t>(length));
}

JsonValue
Replace(ArmCall& call)
{
    const auto& text = call.Text(0);
    const auto& from = call.Text(1);
    const auto& to = call.Text(2);
    if (from.empty())
    {
        call.Fail("the text to replace is empty");
    }
    std::string result;
    std::size_t position = 0;
    for (auto found = text.find(from); found != std::string::npos;
         found = text.find(from, position))
    {
        result += text.substr(position, found - position) + to;
        position = found + from.size();
        if (result.size() > ResourceLimits::ResultBytes)
        {
            call.Fail("the result is too long");
        }
    }
    return result + text.substr(position);
}

JsonValue
Split(ArmCall& call)
{
    const auto& text = call.Text(0);
    std::vector<std::string> delimiters;
    if (call.arguments[1].Is(Type::Array))
    {
        for (const auto& delimiter : call.arguments[1].AsArray())
        {
            if (!delimiter.Is(Type::String))
            {
                call.Fail(std::string("a delimiter must be a string but is ") +
                          delimiter.GetTypeName());
            }
            delimiters.push_back(delimiter.AsString());
        }
    }
    else
    {
        delimiters.push_back(call.Text(1));
    }
    call.context.scope.GetBudget().Charge(text.size() * delimiters.size() / 16);
    JsonValue::Array parts;
    std::size_t start = 0;
    std::size_t position = 0;
    while (position < text.size())
    {
        auto it = std::find_if(delimiters.begin(), delimiters.end(), [&](const auto& delimiter) {
            return !delimiter.empty() && text.compare(position, delimiter.size(), delimiter) == 0;
        });
        if (it == delimiters.end())
        {
            ++position;
            continue;
        }
        parts.emplace_back(text.substr(start, position - start));
        position += it->size();
        start = position;
    }
    parts.emplace_back(text.substr(start));
    return parts;
}

JsonValue
PadLeft(ArmCall& call)
{
    std::string text =
        call.arguments[0].Is(Type::Integer) ? std::to_string(call.Integer(0)) : call.Text(0);
    const auto width = call.Integer(1);
    const std::string fill = call.arguments.size() > 2 ? call.Text(2) : " ";
    if (width < 0 || width > 100000 || ArmText::CountUnits(fill) != 1)
    {
        call.Fail(width < 0 || width > 100000 ? "the width must be from 0 to 100000"
                                              : "the fill must be one character");
    }
    std::string padding;
    for (auto i = static_cast<int64_t>(ArmText::CountUnits(text)); i < width; ++i)
    {
        padding += fill;
    }
    return padding + text;
}

JsonValue
StartsWith(ArmCall& call)
{
    return ToLowerCase(call.Text(0)).rfind(ToLowerCase(call.Text(1)), 0) == 0;
}

JsonValue
EndsWith(ArmCall& call)
{
    const auto text = ToLowerCase(call.Text(0));
    const auto end = ToLowerCase(call.Text(1));
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/**
 * @param text a text
 * @param position what find() gave
 * @return the position in code units; -1 for none
 */
int64_t
PositionOf(const std::string& text, std::size_t position)
{
    return position == std::string::npos
               ? -1
               : static_cast<int64_t>(ArmText::CountUnits(text.substr(0, position)));
}

JsonValue
IndexOf(ArmCall& call)
{
    if (call.arguments[0].Is(Type::Array))
    {
        const auto& array = call.arguments[0].AsArray();
        auto it = std::find_if(array.begin(), array.end(), [&](const JsonValue& element) {
            return element.Equals(call.arguments[1]);
        });
        return it == array.end() ? int64_t{-1} : static_cast<int64_t>(it - array.begin());
    }
    const auto text = ToLowerCase(call.Text(0));
    return PositionOf(text, text.find(ToLowerCase(call.Text(1))));
}

JsonValue
LastIndexOf(ArmCall& call)
{
    if (call.arguments[0].Is(Type::Array))
    {
        const auto& array = call.arguments[0].AsArray();
        for (auto i = array.size(); i > 0; --i)
        {
            if (array[i - 1].Equals(call.arguments[1]))
            {
                return static_cast<int64_t>(i - 1);
            }
        }
        return int64_t{-1};
    }
    const auto text = ToLowerCase(call.Text(0));
    return PositionOf(text, text.rfind(ToLowerCase(call.Text(1))));
}

JsonValue
Base64(ArmCall& call)
{
    const auto& text = call.Text(0);
    std::string result;
    for (std::size_t i = 0; i < text.size(); i += 3)
    {
        uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
        {
            bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0);
        }
        for (std::size_t k = 0; k < 4; ++k)
        {
            result += i + k <= text.size() ? g_base64[bits >> (18 - 6 * k) & 63] : '=';
        }
    }
    return result;
}

JsonValue
Base64ToString(ArmCall& call)
{
    const auto& text = call.Text(0);
    const auto padding = std::min(text.find('='), text.size());
    // RFC 4648, section 4: whole groups of four, of which the last may end with one or two "=".
    if (text.size() % 4 != 0 || text.size() - padding > 2 ||
        text.find_first_not_of('=', padding) != std::string::npos ||
        text.substr(0, padding).find_first_not_of(g_base64) != std::string::npos)
    {
        call.Fail("the text is not base64");
    }
    std::string result;
    uint32_t bits = 0;
    int count = 0;
    for (std::size_t i = 0; i < padding; ++i)
    {
        bits = bits << 6 | static_cast<uint32_t>(g_base64.find(text[i]));
        count += 6;
        if (count >= 8)
        {
            count -= 8;
            result += static_cast<char>(bits >> count & 255);
        }
    }
    return ArmText::Sanitise(result);
}

JsonValue
Base64ToJson(ArmCall& call)
{
    std::string error;
    auto value = JsonText::Parse(Base64ToString(call).AsString(), error);
    if (!value)
    {
        call.Fail(error);
    }
    return *value;
}

/**
 * @param path the path of a URI, with the slash that it begins with
 * @return the path without "." and ".." segments, as RFC 3986, section 5.2.4 removes them
 */
std::string
RemoveDotSegments(const std::string& path)
{
    std::vector<std::string> segments;
    for (std::size_t start = 1; start <= path.size();)
    {
        const auto end = std::min(path.find('/', start), path.size());
        const auto segment = path.substr(start, end - start);
        const bool isDots = segment == "." || segment == "..";
        if (segment == ".." && !segments.empty())
        {
            segments.pop_back();
        }
        if (!isDots)
        {
            segments.push_back(segment);
        }
        else if (end == path.size())
        {
            segments.emplace_back();
        }
        start = end + 1;
    }
    std::string result;
    for (const auto& segment : segments)
    {
        result += "/" + segment;
    }
    return result;
}

/**
 * @param text a URI or a reference to one
 * @return how many characters its scheme has; 0: it has none
 */
std::size_t
SchemeSize(const std::string& text)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos || !std::isalpha(static_cast<unsigned char>(text[0])))
    {
        return 0;
    }
    const bool isScheme = std::all_of(text.begin(), text.begin() + colon, [](unsigned char c) {
        return std::isalnum(c) || c == '+' || c == '-' || c == '.';
    });
    return isScheme ? colon : 0;
}

/**
 * @param text a URI from its "//" on
 * @return the same without "." and ".." segments in its path
 */
std::string
CleanAfterScheme(const std::string& text)
{
    const auto end = std::min(text.find_first_of("?#"), text.size());
    const auto root = std::min(text.find('/', 2), end);
    return text.substr(0, root) + RemoveDotSegments(text.substr(root, end - root)) +
           text.substr(end);
}

/// Joins as RFC 3986, section 5.2, resolves a reference.
JsonValue
Uri(ArmCall& call)
{
    const auto& whole = call.Text(0);
    const auto base = whole.substr(0, whole.find_first_of("?#"));
    const auto& relative = call.Text(1);
    const auto scheme = base.find("://");
    if (scheme == std::string::npos)
    {
        call.Fail("'" + JsonText::Quote(base) + "' is no absolute URI");
    }
    if (const auto size = SchemeSize(relative))
    {
        const auto rest = relative.substr(size + 1);
        return rest.rfind("//", 0) == 0 ? relative.substr(0, size + 1) + CleanAfterScheme(rest)
                                        : relative;
    }
    if (relative.rfind("//", 0) == 0)
    {
        return base.substr(0, scheme + 1) + CleanAfterScheme(relative);
    }
    if (relative.empty() || relative[0] == '#')
    {
        return whole.substr(0, whole.find('#')) + relative; // the query of the base stays
    }
    const auto root = std::min(base.find('/', scheme + 3), base.size());
    const auto path = root == base.size() ? std::string("/") : base.substr(root);
    const auto way = relative.substr(0, relative.find_first_of("?#"));
    const auto joined = way.empty()     ? path
                        : way[0] == '/' ? way
                                        : path.substr(0, path.rfind('/') + 1) + way;
    return base.substr(0, root) + RemoveDotSegments(joined) + relative.substr(way.size());
}

JsonValue
UriComponent(ArmCall& call)
{
    const std::string hex = "0123456789ABCDEF";
    std::string result;
    for (char c : call.Text(0))
    {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) || std::string("-_.~").find(c) != std::string::npos)
        {
            result += c;
        }
        else
        {
            result += {'%', hex[byte >> 4], hex[byte & 15]};
        }
    }
    return result;
}

JsonValue
UriComponentToString(ArmCall& call)
{
    const std::string hex = "0123456789abcdef";
    const auto& text = call.Text(0);
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] != '%')
        {
            result += text[i];
            continue;
        }
        const auto digits = ToLowerCase(text.substr(i + 1, 2));
        if (digits.size() != 2 || digits.find_first_not_of(hex) != std::string::npos)
        {
            call.Fail("'%' is not followed by two hexadecimal digits");
        }
        result += static_cast<char>(hex.find(digits[0]) * 16 + hex.find(digits[1]));
        i += 2;
    }
    return ArmText::Sanitise(result);
}

} // namespace

std::vector<ArmFunction>
ArmFunctions::GetStringFunctions()
{
    return {{"tolower", 1, 1, ToLower},
            {"toupper", 1, 1, ToUpper},
            {"trim", 1, 1, Trim},
            {"substring", 2, 3, Substring},
            {"replace", 3, 3, Replace},
            {"split", 2, 2, Split},
            {"padleft", 2, 3, PadLeft},
            {"startswith", 2, 2, StartsWith},
            {"endswith", 2, 2, EndsWith},
            {"indexof", 2, 2, IndexOf},
            {"lastindexof", 2, 2, LastIndexOf},
            {"base64", 1, 1, Base64},
            {"base64tostring", 1, 1, Base64ToString},
            {"base64tojson", 1, 1, Base64ToJson},
            {"uri", 2, 2, Uri},
            {"uricomponent", 1, 1, UriComponent},
            {"uricomponenttostring", 1, 1, UriComponentToString}};
}

} // namespace azure
} // namespace ns3
