/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"
#include "azure-json-text.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

/**
 * @param call a call with two integers
 * @param operation one of + - * / %
 * @return the result
 * @throws ResourceError on overflow and division by zero
 */
JsonValue
Calculate(ArmCall& call, char operation)
{
    const auto left = call.Integer(0);
    const auto right = call.Integer(1);
    int64_t result = 0;
    bool overflow = false;
    switch (operation)
    {
    case '+':
        overflow = __builtin_add_overflow(left, right, &result);
        break;
    case '-':
        overflow = __builtin_sub_overflow(left, right, &result);
        break;
    case '*':
        overflow = __builtin_mul_overflow(left, right, &result);
        break;
    default:
        if (right == 0)
        {
            call.Fail("division by zero");
        }
        overflow = left == std::numeric_limits<int64_t>::min() && right == -1;
        if (!overflow)
        {
            result = operation == '/' ? left / right : left % right;
        }
    }
    if (overflow)
    {
        call.Fail("the result does not fit into 64 bits");
    }
    return result;
}

JsonValue
Add(ArmCall& call)
{
    return Calculate(call, '+');
}

JsonValue
Sub(ArmCall& call)
{
    return Calculate(call, '-');
}

JsonValue
Mul(ArmCall& call)
{
    return Calculate(call, '*');
}

JsonValue
Div(ArmCall& call)
{
    return Calculate(call, '/');
}

JsonValue
Mod(ArmCall& call)
{
    return Calculate(call, '%');
}

/**
 * @param call a call with integers, or one array of them
 * @param largest whether the largest is wanted, not the smallest
 * @return the extreme
 */
JsonValue
Extreme(ArmCall& call, bool largest)
{
    auto values = call.arguments;
    if (values.size() == 1 && values[0].Is(Type::Array))
    {
        values = call.arguments[0].AsArray();
    }
    if (values.empty())
    {
        call.Fail("there is nothing to choose from");
    }
    call.arguments = values;
    int64_t result = call.Integer(0);
    for (std::size_t i = 1; i < values.size(); ++i)
    {
        const auto value = call.Integer(i);
        result = (value > result) == largest ? value : result;
    }
    return result;
}

JsonValue
Min(ArmCall& call)
{
    return Extreme(call, false);
}

JsonValue
Max(ArmCall& call)
{
    return Extreme(call, true);
}

/**
 * @brief Orders texts as the invariant culture of .NET does, as far as ASCII letters go.
 *
 * Case matters only between texts that are equal without it; then lower case comes before upper
 * case where they first differ. All else is by code point: accents and punctuation have no
 * weights of their own as they have in .NET.
 *
 * @param left a text
 * @param right another text
 * @return negative, zero or positive as the first is less, equal or greater
 */
int
CompareTexts(const std::string& left, const std::string& right)
{
    const auto order = ToLowerCase(left).compare(ToLowerCase(right));
    if (order != 0)
    {
        return order;
    }
    const auto differ = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    // In ASCII, a lower case letter has the higher code.
    return differ.first == left.end() ? 0 : *differ.first > *differ.second ? -1 : 1;
}

/**
 * @param call a call with two integers or two strings
 * @return negative, zero or positive as the first is less, equal or greater
 */
int
Compare(ArmCall& call)
{
    if (call.arguments[0].Is(Type::String))
    {
        return CompareTexts(call.Text(0), call.Text(1));
    }
    const auto left = call.Integer(0);
    const auto right = call.Integer(1);
    return left < right ? -1 : left > right;
}

JsonValue
Less(ArmCall& call)
{
    return Compare(call) < 0;
}

JsonValue
LessOrEquals(ArmCall& call)
{
    return Compare(call) <= 0;
}

JsonValue
Greater(ArmCall& call)
{
    return Compare(call) > 0;
}

JsonValue
GreaterOrEquals(ArmCall& call)
{
    return Compare(call) >= 0;
}

JsonValue
EqualsFunction(ArmCall& call)
{
    return call.arguments[0].Equals(call.arguments[1]);
}

JsonValue
Not(ArmCall& call)
{
    return !call.Boolean(0);
}

JsonValue
True(ArmCall&)
{
    return true;
}

JsonValue
False(ArmCall&)
{
    return false;
}

JsonValue
Null(ArmCall&)
{
    return JsonValue();
}

JsonValue
Bool(ArmCall& call)
{
    const auto& value = call.arguments[0];
    if (value.Is(Type::Integer))
    {
        return value.AsInteger() != 0;
    }
    if (value.Is(Type::Boolean))
    {
        return value;
    }
    const auto text = ToLowerCase(call.Text(0));
    if (text == "true" || text == "1")
    {
        return true;
    }
    if (text == "false" || text == "0")
    {
        return false;
    }
    call.Fail("'" + JsonText::Quote(call.Text(0)) + "' is neither true nor false");
}

JsonValue
Int(ArmCall& call)
{
    const auto& value = call.arguments[0];
    if (value.Is(Type::Integer))
    {
        return value;
    }
    const auto& text = call.Text(0);
    const auto* end = text.data() + text.size();
    // std::from_chars knows no plus; a minus after it would be a second sign.
    const bool hasPlus = text.size() > 1 && text[0] == '+' && text[1] != '-';
    int64_t number = 0;
    const auto read = std::from_chars(text.data() + (hasPlus ? 1 : 0), end, number);
    if (read.ec != std::errc() || read.ptr != end)
    {
        call.Fail("'" + JsonText::Quote(text) + "' is no integer of 64 bits");
    }
    return number;
}

JsonValue
String(ArmCall& call)
{
    const auto& value = call.arguments[0];
    if (value.Is(Type::Boolean))
    {
        return value.AsBoolean() ? "True" : "False"; // as Azure's own examples show
    }
    return value.Is(Type::String) ? value : JsonValue(JsonText::Format(value));
}

JsonValue
Json(ArmCall& call)
{
    std::string error;
    auto value = JsonText::Parse(call.Text(0), error);
    if (!value)
    {
        call.Fail(error);
    }
    return *value;
}

} // namespace

std::vector<ArmFunction>
ArmFunctions::GetValueFunctions()
{
    return {{"add", 2, 2, Add},
            {"sub", 2, 2, Sub},
            {"mul", 2, 2, Mul},
            {"div", 2, 2, Div},
            {"mod", 2, 2, Mod},
            {"min", 1, ArmFunction::Any, Min},
            {"max", 1, ArmFunction::Any, Max},
            {"less", 2, 2, Less},
            {"lessorequals", 2, 2, LessOrEquals},
            {"greater", 2, 2, Greater},
            {"greaterorequals", 2, 2, GreaterOrEquals},
            {"equals", 2, 2, EqualsFunction},
            {"not", 1, 1, Not},
            {"true", 0, 0, True},
            {"false", 0, 0, False},
            {"null", 0, 0, Null},
            {"bool", 1, 1, Bool},
            {"int", 1, 1, Int},
            {"string", 1, 1, String},
            {"json", 1, 1, Json}};
}

} // namespace azure
} // namespace ns3
