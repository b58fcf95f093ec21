/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-json-value.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param c an ASCII character
 * @return the character in lower case
 */
char
LowerCase(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

std::string
ToLowerCase(const std::string& text)
{
    std::string result = text;
    std::transform(result.begin(), result.end(), result.begin(), LowerCase);
    return result;
}

bool
EqualsIgnoringCase(const std::string& left, const std::string& right)
{
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
               return LowerCase(a) == LowerCase(b);
           });
}

JsonValue::JsonValue() = default;

JsonValue::JsonValue(bool value)
    : m_value(value)
{
}

JsonValue::JsonValue(int64_t value)
    : m_value(value)
{
}

JsonValue::JsonValue(int value)
    : m_value(static_cast<int64_t>(value))
{
}

JsonValue::JsonValue(double value)
    : m_value(value)
{
}

JsonValue::JsonValue(std::string value)
    : m_value(std::move(value))
{
}

JsonValue::JsonValue(const char* value)
    : m_value(std::string(value))
{
}

JsonValue::JsonValue(Array value)
    : m_value(std::move(value))
{
}

JsonValue::JsonValue(Object value)
    : m_value(std::move(value))
{
}

JsonValue::Type
JsonValue::GetType() const
{
    return static_cast<Type>(m_value.index());
}

bool
JsonValue::Is(Type type) const
{
    return GetType() == type;
}

const char*
JsonValue::GetTypeName() const
{
    switch (GetType())
    {
    case Type::Null:
        return "null";
    case Type::Boolean:
        return "a boolean";
    case Type::Integer:
        return "an integer";
    case Type::Number:
        return "a number";
    case Type::String:
        return "a string";
    case Type::Array:
        return "an array";
    case Type::Object:
        return "an object";
    }
    return "nothing";
}

bool
JsonValue::AsBoolean() const
{
    const auto* value = std::get_if<bool>(&m_value);
    return value && *value;
}

int64_t
JsonValue::AsInteger() const
{
    const auto* value = std::get_if<int64_t>(&m_value);
    return value ? *value : 0;
}

double
JsonValue::AsNumber() const
{
    if (const auto* value = std::get_if<double>(&m_value))
    {
        return *value;
    }
    return static_cast<double>(AsInteger());
}

const std::string&
JsonValue::AsString() const
{
    static const std::string empty;
    const auto* value = std::get_if<std::string>(&m_value);
    return value ? *value : empty;
}

const JsonValue::Array&
JsonValue::AsArray() const
{
    static const Array empty;
    const auto* value = std::get_if<Array>(&m_value);
    return value ? *value : empty;
}

const JsonValue::Object&
JsonValue::AsObject() const
{
    static const Object empty;
    const auto* value = std::get_if<Object>(&m_value);
    return value ? *value : empty;
}

JsonValue::Array&
JsonValue::MakeArray()
{
    if (!Is(Type::Array))
    {
        m_value = Array();
    }
    return std::get<Array>(m_value);
}

JsonValue::Object&
JsonValue::MakeObject()
{
    if (!Is(Type::Object))
    {
        m_value = Object();
    }
    return std::get<Object>(m_value);
}

const JsonValue*
JsonValue::Find(const std::string& name) const
{
    for (const auto& member : AsObject())
    {
        if (EqualsIgnoringCase(member.name, name))
        {
            return &member.value;
        }
    }
    return nullptr;
}

JsonValue*
JsonValue::Find(const std::string& name)
{
    return const_cast<JsonValue*>(static_cast<const JsonValue*>(this)->Find(name));
}

void
JsonValue::Set(const std::string& name, JsonValue value)
{
    if (auto* found = Find(name))
    {
        *found = std::move(value);
        return;
    }
    MakeObject().push_back({name, std::move(value)});
}

std::size_t
JsonValue::GetSize() const
{
    std::size_t size = 1 + AsString().size() / 16;
    for (const auto& element : AsArray())
    {
        size += element.GetSize();
    }
    for (const auto& member : AsObject())
    {
        size += 1 + member.name.size() / 16 + member.value.GetSize();
    }
    return size;
}

namespace
{

/**
 * @param one members of an object
 * @param other members of another
 * @return whether they are the same, in any order; names without regard to case
 */
bool
AreSameMembers(const JsonValue::Object& one, const JsonValue::Object& other)
{
    const auto index = [](const JsonValue::Object& members) {
        std::vector<std::pair<std::string, const JsonValue*>> sorted;
        sorted.reserve(members.size());
        for (const auto& member : members)
        {
            sorted.emplace_back(ToLowerCase(member.name), &member.value);
        }
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    };
    const auto left = index(one);
    const auto right = index(other);
    return std::equal(left.begin(),
                      left.end(),
                      right.begin(),
                      right.end(),
                      [](const auto& a, const auto& b) {
                          return a.first == b.first && a.second->Equals(*b.second);
                      });
}

} // namespace

bool
JsonValue::Equals(const JsonValue& other) const
{
    const bool numeric = Is(Type::Integer) || Is(Type::Number);
    if (numeric && (other.Is(Type::Integer) || other.Is(Type::Number)))
    {
        return Is(Type::Integer) && other.Is(Type::Integer) ? AsInteger() == other.AsInteger()
                                                            : AsNumber() == other.AsNumber();
    }
    if (GetType() != other.GetType())
    {
        return false;
    }
    if (Is(Type::Array))
    {
        const auto& left = AsArray();
        const auto& right = other.AsArray();
        return std::equal(left.begin(),
                          left.end(),
                          right.begin(),
                          right.end(),
                          [](const JsonValue& a, const JsonValue& b) { return a.Equals(b); });
    }
    if (Is(Type::Object))
    {
        return AsObject().size() == other.AsObject().size() &&
               AreSameMembers(AsObject(), other.AsObject());
    }
    return AsBoolean() == other.AsBoolean() && AsString() == other.AsString();
}

} // namespace azure
} // namespace ns3
