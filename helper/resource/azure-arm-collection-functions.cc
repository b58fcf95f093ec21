/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-functions.h"
#include "azure-arm-text.h"
#include "azure-json-text.h"
#include "azure-resource-limits.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

JsonValue
Length(ArmCall& call)
{
    const auto& value = call.arguments[0];
    switch (value.GetType())
    {
    case Type::Array:
        return static_cast<int64_t>(value.AsArray().size());
    case Type::Object:
        return static_cast<int64_t>(value.AsObject().size());
    default:
        return static_cast<int64_t>(ArmText::CountUnits(call.Text(0)));
    }
}

JsonValue
Empty(ArmCall& call)
{
    return call.arguments[0].Is(Type::Null) || Length(call).AsInteger() == 0;
}

JsonValue
Range(ArmCall& call)
{
    const auto start = call.Integer(0);
    const auto count = call.Integer(1);
    if (count < 0 || count > static_cast<int64_t>(ResourceLimits::RangeCount))
    {
        call.Fail("the count must be from 0 to " + std::to_string(ResourceLimits::RangeCount) +
                  ", not " + std::to_string(count));
    }
    if (start > std::numeric_limits<int64_t>::max() - count)
    {
        call.Fail("the range does not fit into 64 bits");
    }
    JsonValue::Array result;
    for (int64_t i = 0; i < count; ++i)
    {
        result.emplace_back(start + i);
    }
    return result;
}

JsonValue
First(ArmCall& call)
{
    if (call.arguments[0].Is(Type::String))
    {
        return ArmText::Slice(call.Text(0), 0, 1);
    }
    const auto& array = call.Argument(0, Type::Array).AsArray();
    return array.empty() ? JsonValue() : array.front();
}

JsonValue
Last(ArmCall& call)
{
    if (call.arguments[0].Is(Type::String))
    {
        const auto& text = call.Text(0);
        return text.empty() ? text : ArmText::Slice(text, ArmText::CountUnits(text) - 1, 1);
    }
    const auto& array = call.Argument(0, Type::Array).AsArray();
    return array.empty() ? JsonValue() : array.back();
}

/**
 * @param call a call with a text or an array, and a count
 * @param skip whether the elements after the count are wanted, not those before
 * @return the part
 */
JsonValue
Part(ArmCall& call, bool skip)
{
    const auto clamp = [&](std::size_t size) {
        return std::clamp<int64_t>(call.Integer(1), 0, static_cast<int64_t>(size));
    };
    if (call.arguments[0].Is(Type::String))
    {
        const auto& text = call.Text(0);
        const auto size = ArmText::CountUnits(text);
        const auto count = static_cast<std::size_t>(clamp(size));
        return skip ? ArmText::Slice(text, count, size) : ArmText::Slice(text, 0, count);
    }
    const auto& array = call.Argument(0, Type::Array).AsArray();
    const auto middle = array.begin() + clamp(array.size());
    return skip ? JsonValue::Array(middle, array.end()) : JsonValue::Array(array.begin(), middle);
}

JsonValue
Take(ArmCall& call)
{
    return Part(call, false);
}

JsonValue
Skip(ArmCall& call)
{
    return Part(call, true);
}

JsonValue
Join(ArmCall& call)
{
    std::string result;
    const auto& array = call.Argument(0, Type::Array).AsArray();
    for (std::size_t i = 0; i < array.size(); ++i)
    {
        const auto& element = array[i];
        result += (i > 0 ? call.Text(1) : "") +
                  (element.Is(Type::String) ? element.AsString() : JsonText::Format(element));
        if (result.size() > ResourceLimits::ResultBytes)
        {
            call.Fail("the result is too long");
        }
    }
    return result;
}

JsonValue
Contains(ArmCall& call)
{
    const auto& container = call.arguments[0];
    if (container.Is(Type::Object))
    {
        return container.Find(call.Text(1)) != nullptr;
    }
    if (container.Is(Type::Array))
    {
        const auto& array = container.AsArray();
        return std::any_of(array.begin(), array.end(), [&](const JsonValue& element) {
            return element.Equals(call.arguments[1]);
        });
    }
    const auto& item = call.arguments[1];
    return call.Text(0).find(item.Is(Type::Integer) ? std::to_string(item.AsInteger())
                                                    : call.Text(1)) != std::string::npos;
}

JsonValue
CreateArray(ArmCall& call)
{
    return call.arguments;
}

JsonValue
ToArray(ArmCall& call)
{
    return call.arguments[0].Is(Type::Array) ? call.arguments[0] : JsonValue(call.arguments);
}

JsonValue
CreateObject(ArmCall& call)
{
    if (call.arguments.size() % 2 != 0)
    {
        call.Fail("takes names and values in turn; the last name has no value");
    }
    JsonValue result = JsonValue::Object();
    for (std::size_t i = 0; i < call.arguments.size(); i += 2)
    {
        result.Set(call.Text(i), call.arguments[i + 1]);
    }
    return result;
}

/**
 * @brief Adds the members of one object to another; objects in both are merged in turn.
 * @param from the object to add
 * @param[in,out] to the object that grows
 * @param budget pays for the search of each name
 */
void
Merge(const JsonValue& from, JsonValue& to, ArmBudget& budget)
{
    for (const auto& member : from.AsObject())
    {
        budget.Charge(1 + to.AsObject().size() / 4);
        auto* found = to.Find(member.name);
        if (found && found->Is(Type::Object) && member.value.Is(Type::Object))
        {
            Merge(member.value, *found, budget);
        }
        else
        {
            to.Set(member.name, member.value);
        }
    }
}

/**
 * @param array elements
 * @param value a value
 * @return whether one of the elements equals it
 */
bool
Holds(const JsonValue::Array& array, const JsonValue& value)
{
    return std::any_of(array.begin(), array.end(), [&](const JsonValue& element) {
        return element.Equals(value);
    });
}

JsonValue
Union(ArmCall& call)
{
    if (call.arguments[0].Is(Type::Object))
    {
        JsonValue result = JsonValue::Object();
        for (std::size_t i = 0; i < call.arguments.size(); ++i)
        {
            Merge(call.Argument(i, Type::Object), result, call.context.scope.GetBudget());
        }
        return result;
    }
    JsonValue::Array result;
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
    {
        for (const auto& element : call.Argument(i, Type::Array).AsArray())
        {
            call.context.scope.GetBudget().Charge(result.size() * element.GetSize());
            if (!Holds(result, element))
            {
                result.push_back(element);
            }
        }
    }
    return result;
}

JsonValue
Intersection(ArmCall& call)
{
    const auto type = call.arguments[0].Is(Type::Object) ? Type::Object : Type::Array;
    JsonValue result = call.Argument(0, type);
    for (std::size_t i = 1; i < call.arguments.size(); ++i)
    {
        const auto& other = call.Argument(i, type);
        if (type == Type::Object)
        {
            auto& members = result.MakeObject();
            call.context.scope.GetBudget().Charge(members.size() * other.AsObject().size() / 4);
            std::erase_if(members, [&](const JsonMember& member) {
                const auto* found = other.Find(member.name);
                return !found || !found->Equals(member.value);
            });
            continue;
        }
        auto& elements = result.MakeArray();
        call.context.scope.GetBudget().Charge(elements.size() * other.AsArray().size());
        std::erase_if(elements,
                      [&](const JsonValue& element) { return !Holds(other.AsArray(), element); });
    }
    if (type == Type::Array)
    {
        JsonValue::Array distinct;
        for (const auto& element : result.AsArray())
        {
            call.context.scope.GetBudget().Charge(distinct.size() * element.GetSize());
            if (!Holds(distinct, element))
            {
                distinct.push_back(element);
            }
        }
        return distinct;
    }
    return result;
}

JsonValue
Items(ArmCall& call)
{
    auto members = call.Argument(0, Type::Object).AsObject();
    std::sort(members.begin(), members.end(), [](const JsonMember& a, const JsonMember& b) {
        return ToLowerCase(a.name) < ToLowerCase(b.name);
    });
    JsonValue::Array result;
    for (const auto& member : members)
    {
        result.emplace_back(
            JsonValue::Object{{"key", JsonValue(member.name)}, {"value", member.value}});
    }
    return result;
}

} // namespace

std::vector<ArmFunction>
ArmFunctions::GetCollectionFunctions()
{
    return {{"length", 1, 1, Length},
            {"empty", 1, 1, Empty},
            {"range", 2, 2, Range},
            {"first", 1, 1, First},
            {"last", 1, 1, Last},
            {"take", 2, 2, Take},
            {"skip", 2, 2, Skip},
            {"join", 2, 2, Join},
            {"contains", 2, 2, Contains},
            {"createarray", 0, ArmFunction::Any, CreateArray},
            {"array", 1, 1, ToArray},
            {"createobject", 0, ArmFunction::Any, CreateObject},
            {"union", 1, ArmFunction::Any, Union},
            {"intersection", 1, ArmFunction::Any, Intersection},
            {"items", 1, 1, Items}};
}

} // namespace azure
} // namespace ns3
