/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"
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
    const auto size = static_cast<int64_t>(text.size());
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
    return text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(length));
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
        if (result.size() > 16 * ResourceLimits::ValueSize)
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
            delimiters.push_back(delimiter.AsString());
        }
    }
    else
    {
        delimiters.push_back(call.Text(1));
    }
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
    if (width < 0 || width > 100000 || fill.size() != 1)
    {
        call.Fail(fill.size() != 1 ? "the fill must be one character"
                                   : "the width must be from 0 to 100000");
    }
    const auto missing = width - static_cast<int64_t>(text.size());
    return missing > 0 ? std::string(static_cast<std::size_t>(missing), fill[0]) + text : text;
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
 * @param position what find() gave
 * @return the position; -1 for none
 */
int64_t
PositionOf(std::size_t position)
{
    return position == std::string::npos ? -1 : static_cast<int64_t>(position);
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
    return PositionOf(ToLowerCase(call.Text(0)).find(ToLowerCase(call.Text(1))));
}

JsonValue
LastIndexOf(ArmCall& call)
{
    return PositionOf(ToLowerCase(call.Text(0)).rfind(ToLowerCase(call.Text(1))));
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
    std::string result;
    uint32_t bits = 0;
    int count = 0;
    for (char c : call.Text(0))
    {
        if (c == '=')
        {
            break;
        }
        const auto digit = g_base64.find(c);
        if (digit == std::string::npos)
        {
            call.Fail("the text is not base64");
        }
        bits = bits << 6 | static_cast<uint32_t>(digit);
        count += 6;
        if (count >= 8)
        {
            count -= 8;
            result += static_cast<char>(bits >> count & 255);
        }
    }
    return result;
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

/// Joins as RFC 3986 resolves a reference, without the removal of dot segments.
JsonValue
Uri(ArmCall& call)
{
    const auto& base = call.Text(0);
    const auto& relative = call.Text(1);
    const auto scheme = base.find("://");
    if (scheme == std::string::npos)
    {
        call.Fail("'" + JsonText::Quote(base) + "' is no absolute URI");
    }
    const auto path = base.find('/', scheme + 3);
    if (relative.find("://") != std::string::npos)
    {
        return relative;
    }
    if (!relative.empty() && relative[0] == '/')
    {
        return base.substr(0, path) + relative;
    }
    return path == std::string::npos ? base + "/" + relative
                                     : base.substr(0, base.rfind('/') + 1) + relative;
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
    return result;
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
