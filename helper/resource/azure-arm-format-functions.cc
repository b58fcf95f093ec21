/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"
#include "azure-arm-text.h"
#include "azure-json-text.h"
#include "azure-resource-limits.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

/**
 * @param value a value
 * @return how format() and concat() show it
 */
std::string
Show(const JsonValue& value)
{
    switch (value.GetType())
    {
    case Type::Null:
        return "";
    case Type::Boolean:
        return value.AsBoolean() ? "True" : "False";
    case Type::String:
        return value.AsString();
    default:
        return JsonText::Format(value);
    }
}

/**
 * @param digits decimal digits
 * @return the digits with a comma before every third from the right
 */
std::string
GroupDigits(std::string digits)
{
    for (auto i = static_cast<int64_t>(digits.size()) - 3; i > 0; i -= 3)
    {
        digits.insert(static_cast<std::size_t>(i), ",");
    }
    return digits;
}

/**
 * @param call the call of format()
 * @param value the value to show
 * @param specifier what follows the colon, for example "D3"
 * @return the value as the specifier says
 */
std::string
ShowWith(ArmCall& call, const JsonValue& value, const std::string& specifier)
{
    if (specifier.empty() || !value.Is(Type::Integer))
    {
        return Show(value);
    }
    const auto kind = ToLowerCase(specifier.substr(0, 1));
    const auto rest = specifier.substr(1);
    const bool isWidth =
        rest.size() < 3 && rest.find_first_not_of("0123456789") == std::string::npos;
    const auto width = static_cast<std::size_t>(isWidth && !rest.empty() ? std::stoi(rest) : 0);
    const auto number = value.AsInteger();
    std::string sign = number < 0 ? "-" : "";
    std::string digits = std::to_string(number).substr(sign.size());
    if (specifier.find_first_not_of('0') == std::string::npos && specifier.size() < 100)
    {
        return sign + std::string(std::max(specifier.size(), digits.size()) - digits.size(), '0') +
               digits;
    }
    if (isWidth && kind == "d")
    {
        return sign + std::string(std::max(width, digits.size()) - digits.size(), '0') + digits;
    }
    if (isWidth && kind == "n")
    {
        const auto decimals = rest.empty() ? std::size_t{2} : width;
        return sign + GroupDigits(digits) +
               (decimals > 0 ? "." + std::string(decimals, '0') : std::string());
    }
    if (isWidth && kind == "f")
    {
        const auto decimals = rest.empty() ? std::size_t{2} : width;
        return sign + digits + (decimals > 0 ? "." + std::string(decimals, '0') : std::string());
    }
    if (kind == "g" && rest.empty())
    {
        return sign + digits;
    }
    if (isWidth && kind == "x")
    {
        char text[32];
        std::snprintf(text,
                      sizeof(text),
                      specifier[0] == 'x' ? "%lx" : "%lX",
                      static_cast<unsigned long>(number));
        digits = text;
        return std::string(std::max(width, digits.size()) - digits.size(), '0') + digits;
    }
    call.Fail("format '" + JsonText::Quote(specifier) + "' is not supported");
}

/**
 * @param text a text
 * @param isLeading whether spaces before it go, too, not only those after it
 * @return the text without them
 */
std::string
TrimSpaces(const std::string& text, bool isLeading)
{
    const auto first = isLeading ? std::min(text.find_first_not_of(' '), text.size()) : 0;
    return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

/**
 * @param call the call of format()
 * @param item what is between the braces, for example "0,5:D3"
 * @return what replaces it
 */
std::string
FormatItem(ArmCall& call, const std::string& item)
{
    const auto colon = item.find(':');
    const auto comma = item.substr(0, colon).find(',');
    const auto index = TrimSpaces(item.substr(0, std::min(colon, comma)), false);
    if (index.empty() || index.size() > 3 ||
        index.find_first_not_of("0123456789") != std::string::npos)
    {
        call.Fail("'{" + JsonText::Quote(item) + "}' does not begin with an argument's number");
    }
    const auto argument = static_cast<std::size_t>(std::stoi(index)) + 1;
    if (argument >= call.arguments.size())
    {
        call.Fail("'{" + JsonText::Quote(item) + "}' has no argument; there are " +
                  std::to_string(call.arguments.size() - 1));
    }
    auto text = ShowWith(call,
                         call.arguments[argument],
                         colon == std::string::npos ? "" : item.substr(colon + 1));
    if (comma == std::string::npos)
    {
        return text;
    }
    auto alignment =
        TrimSpaces(item.substr(comma + 1, colon == std::string::npos ? colon : colon - comma - 1),
                   true);
    const bool left = !alignment.empty() && alignment[0] == '-';
    alignment = alignment.substr(left ? 1 : 0);
    if (alignment.empty() || alignment.size() > 3 ||
        alignment.find_first_not_of("0123456789") != std::string::npos)
    {
        call.Fail("'{" + JsonText::Quote(item) + "}' has no number after the comma");
    }
    const auto width = static_cast<std::size_t>(std::stoi(alignment));
    const auto size = ArmText::CountUnits(text);
    const std::string fill(std::max(width, size) - size, ' ');
    return left ? text + fill : fill + text;
}

JsonValue
Format(ArmCall& call)
{
    const auto& format = call.Text(0);
    std::string result;
    for (std::size_t i = 0; i < format.size(); ++i)
    {
        const char c = format[i];
        if ((c == '{' || c == '}') && i + 1 < format.size() && format[i + 1] == c)
        {
            result += c;
            ++i;
        }
        else if (c == '{')
        {
            const auto end = format.find('}', i);
            if (end == std::string::npos)
            {
                call.Fail("a '{' has no '}'");
            }
            result += FormatItem(call, format.substr(i + 1, end - i - 1));
            i = end;
        }
        else if (c == '}')
        {
            call.Fail("a '}' has no '{'");
        }
        else
        {
            result += c;
        }
        if (result.size() > ResourceLimits::ResultBytes)
        {
            call.Fail("the result is too long");
        }
    }
    return result;
}

JsonValue
Concat(ArmCall& call)
{
    if (call.arguments[0].Is(Type::Array))
    {
        JsonValue::Array result;
        for (std::size_t i = 0; i < call.arguments.size(); ++i)
        {
            const auto& array = call.Argument(i, Type::Array).AsArray();
            result.insert(result.end(), array.begin(), array.end());
        }
        return result;
    }
    std::string result;
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
    {
        const auto& argument = call.arguments[i];
        if (argument.Is(Type::Array) || argument.Is(Type::Object) || argument.Is(Type::Null))
        {
            call.FailArgument(i, "a string, number or boolean");
        }
        result += Show(argument);
    }
    return result;
}

/**
 * @brief A 64-bit hash, FNV-1a with a final mix, of texts joined by '-'.
 * @param call a call whose arguments are texts
 * @param seed starts another sequence
 * @return the hash
 */
uint64_t
Hash(ArmCall& call, uint64_t seed)
{
    uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
    {
        for (char c : call.Text(i) + "-")
        {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        }
    }
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdULL;
    return hash ^ hash >> 33;
}

/// 13 characters of a-z and 2-7, as Azure's; the value is another, Azure's hash is not published.
JsonValue
UniqueString(ArmCall& call)
{
    const std::string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    auto hash = Hash(call, 0);
    std::string result;
    for (int i = 0; i < 13; ++i)
    {
        result += alphabet[hash & 31];
        hash >>= 5;
    }
    return result;
}

/// The form of a name-based UUID (version 5, RFC 4122); the value is not Azure's.
JsonValue
Guid(ArmCall& call)
{
    const auto high = Hash(call, 1);
    const auto low = Hash(call, 2);
    char text[40];
    std::snprintf(text,
                  sizeof(text),
                  "%08x-%04x-5%03x-%04x-%012llx",
                  static_cast<unsigned>(high >> 32),
                  static_cast<unsigned>(high >> 16 & 0xffff),
                  static_cast<unsigned>(high & 0xfff),
                  static_cast<unsigned>(low >> 48 & 0x3fff) | 0x8000,
                  static_cast<unsigned long long>(low & 0xffffffffffffULL));
    return text;
}

} // namespace

std::vector<ArmFunction>
ArmFunctions::GetFormatFunctions()
{
    return {{"format", 1, ArmFunction::Any, Format},
            {"concat", 1, ArmFunction::Any, Concat},
            {"uniquestring", 1, ArmFunction::Any, UniqueString},
            {"guid", 1, ArmFunction::Any, Guid}};
}

} // namespace azure
} // namespace ns3
