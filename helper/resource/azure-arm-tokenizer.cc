/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-tokenizer.h"

#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <limits>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param c a character
 * @return whether it is an ASCII digit
 */
bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

/**
 * @param c a character
 * @return whether a name may begin with it
 */
bool
IsNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

/**
 * @param message what is wrong
 * @param position where, from 0
 */
[[noreturn]] void
Fail(const std::string& message, std::size_t position)
{
    throw ResourceError(message + " at character " + std::to_string(position + 1) +
                        " of the expression");
}

/**
 * @param text the expression
 * @param[in,out] position at the opening quote; after the closing one on return
 * @return the text between the quotes
 */
std::string
ReadString(const std::string& text, std::size_t& position)
{
    const auto start = position++;
    std::string result;
    while (position < text.size())
    {
        if (text[position] != '\'')
        {
            result += text[position++];
        }
        else if (position + 1 < text.size() && text[position + 1] == '\'')
        {
            result += '\'';
            position += 2;
        }
        else
        {
            ++position;
            return result;
        }
    }
    Fail("the closing quote is missing for the text", start);
}

/**
 * @param text the expression
 * @param[in,out] position at the sign or first digit; after the last digit on return
 * @return the number
 */
int64_t
ReadInteger(const std::string& text, std::size_t& position)
{
    const auto start = position;
    const bool negative = text[position] == '-';
    position += negative ? 1 : 0;
    int64_t value = 0; // negative, because that reaches one further
    while (position < text.size() && IsDigit(text[position]))
    {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, text[position++] - '0', &value))
        {
            Fail("the number is too large", start);
        }
    }
    if (!negative && value == std::numeric_limits<int64_t>::min())
    {
        Fail("the number is too large", start);
    }
    if (position < text.size() && (IsNameStart(text[position])))
    {
        Fail("a number ends in a letter", start);
    }
    return negative ? value : -value;
}

} // namespace

std::vector<ArmToken>
ArmTokenizer::Tokenize(const std::string& text)
{
    const std::string symbols = "()[],.";
    std::vector<ArmToken> tokens;
    std::size_t position = 0;
    while (position < text.size())
    {
        const char c = text[position];
        ArmToken token;
        token.position = position;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        {
            ++position;
            continue;
        }
        if (c == '\'')
        {
            token.kind = ArmToken::Kind::String;
            token.text = ReadString(text, position);
        }
        else if (IsDigit(c) ||
                 (c == '-' && position + 1 < text.size() && IsDigit(text[position + 1])))
        {
            token.kind = ArmToken::Kind::Integer;
            token.number = ReadInteger(text, position);
        }
        else if (IsNameStart(c))
        {
            token.kind = ArmToken::Kind::Identifier;
            while (position < text.size() &&
                   (IsNameStart(text[position]) || IsDigit(text[position])))
            {
                token.text += text[position++];
            }
        }
        else if (symbols.find(c) != std::string::npos)
        {
            token.kind = ArmToken::Kind::Symbol;
            token.text = std::string(1, c);
            ++position;
        }
        else
        {
            Fail("'" + JsonText::Quote(std::string(1, c)) + "' is not allowed", position);
        }
        tokens.push_back(token);
    }
    ArmToken end;
    end.position = text.size();
    tokens.push_back(end);
    return tokens;
}

} // namespace azure
} // namespace ns3
