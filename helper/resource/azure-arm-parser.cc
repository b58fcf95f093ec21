/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-parser.h"

#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"

#include <utility>

namespace ns3
{
namespace azure
{

bool
ArmParser::IsExpression(const std::string& text)
{
    return text.size() >= 2 && text.front() == '[' && text.back() == ']' && text[1] != '[';
}

std::string
ArmParser::Unescape(const std::string& text)
{
    const bool isEscaped =
        text.size() > 2 && text[0] == '[' && text[1] == '[' && text.back() == ']';
    return isEscaped ? text.substr(1) : text;
}

ArmExpression
ArmParser::Parse(const std::string& text)
{
    if (text.size() > ResourceLimits::ExpressionLength)
    {
        throw ResourceError("the expression is longer than " +
                            std::to_string(ResourceLimits::ExpressionLength) + " characters");
    }
    ArmParser parser(ArmTokenizer::Tokenize(text));
    auto expression = parser.ParseExpression(0);
    if (parser.m_tokens[parser.m_next].kind != ArmToken::Kind::End)
    {
        parser.Fail("the end of the expression");
    }
    return expression;
}

ArmParser::ArmParser(std::vector<ArmToken> tokens)
    : m_tokens(std::move(tokens))
{
}

ArmExpression
ArmParser::ParseExpression(std::size_t depth)
{
    if (depth > ResourceLimits::ExpressionDepth)
    {
        throw ResourceError("the expression has more than " +
                            std::to_string(ResourceLimits::ExpressionDepth) + " nested calls");
    }
    auto expression = ParsePrimary(depth);
    std::size_t accessors = 0;
    for (;;)
    {
        ArmExpression outer;
        outer.position = m_tokens[m_next].position;
        if (Accept("."))
        {
            if (m_tokens[m_next].kind != ArmToken::Kind::Identifier)
            {
                Fail("a property name");
            }
            outer.kind = ArmExpression::Kind::Property;
            outer.text = Next().text;
            outer.operands.push_back(std::move(expression));
        }
        else if (Accept("["))
        {
            outer.kind = ArmExpression::Kind::Index;
            outer.operands.push_back(std::move(expression));
            outer.operands.push_back(ParseExpression(depth + 1));
            Expect("]");
        }
        else
        {
            return expression;
        }
        if (++accessors > ResourceLimits::ExpressionDepth)
        {
            throw ResourceError("the expression has more than " +
                                std::to_string(ResourceLimits::ExpressionDepth) +
                                " properties and indices in a row");
        }
        expression = std::move(outer);
    }
}

ArmExpression
ArmParser::ParsePrimary(std::size_t depth)
{
    ArmExpression expression;
    const auto& token = m_tokens[m_next];
    expression.position = token.position;
    expression.text = token.text;
    switch (token.kind)
    {
    case ArmToken::Kind::String:
        ++m_next;
        return expression;
    case ArmToken::Kind::Integer:
        ++m_next;
        expression.kind = ArmExpression::Kind::Integer;
        expression.number = token.number;
        return expression;
    case ArmToken::Kind::Identifier:
        ++m_next;
        break;
    default:
        Fail("a function, a text in single quotes or a number");
    }
    expression.kind = ArmExpression::Kind::Call;
    if (Accept("."))
    {
        if (m_tokens[m_next].kind != ArmToken::Kind::Identifier)
        {
            Fail("a function name");
        }
        expression.text += "." + Next().text;
    }
    Expect("(");
    if (!Accept(")"))
    {
        do
        {
            expression.operands.push_back(ParseExpression(depth + 1));
        } while (Accept(","));
        Expect(")");
    }
    return expression;
}

bool
ArmParser::Accept(const char* symbol)
{
    const auto& token = m_tokens[m_next];
    if (token.kind != ArmToken::Kind::Symbol || token.text != symbol)
    {
        return false;
    }
    ++m_next;
    return true;
}

void
ArmParser::Expect(const char* symbol)
{
    if (!Accept(symbol))
    {
        Fail(std::string("'") + symbol + "'");
    }
}

const ArmToken&
ArmParser::Next()
{
    return m_tokens[m_next++];
}

void
ArmParser::Fail(const std::string& expected) const
{
    const auto& token = m_tokens[m_next];
    std::string found = "'" + JsonText::Quote(token.text) + "'";
    if (token.kind == ArmToken::Kind::End)
    {
        found = "the end";
    }
    else if (token.kind == ArmToken::Kind::Integer)
    {
        found = std::to_string(token.number);
    }
    throw ResourceError("expected " + expected + " but found " + found + " at character " +
                        std::to_string(token.position + 1) + " of the expression");
}

} // namespace azure
} // namespace ns3
