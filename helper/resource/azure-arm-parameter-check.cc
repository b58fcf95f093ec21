/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluator.h"
#include "azure-arm-template-scope.h"
#include "azure-arm-text.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

using Type = JsonValue::Type;

/**
 * @param type type of a parameter, in lower case
 * @param path JSON path of the type
 * @return the JSON type that its values have
 */
Type
JsonTypeOf(const std::string& type, const std::string& path)
{
    if (type == "string" || type == "securestring")
    {
        return Type::String;
    }
    if (type == "int")
    {
        return Type::Integer;
    }
    if (type == "bool")
    {
        return Type::Boolean;
    }
    if (type == "object" || type == "secureobject")
    {
        return Type::Object;
    }
    if (type == "array")
    {
        return Type::Array;
    }
    throw ResourceError(path,
                        "'" + JsonText::Quote(type) +
                            "' is no parameter type; use string, secureString, int, bool, object, "
                            "secureObject or array");
}

/**
 * @param value a value
 * @param allowed allowed values
 * @return whether the value is one of them; texts are compared without regard to case
 */
bool
IsAllowed(const JsonValue& value, const JsonValue::Array& allowed)
{
    return std::any_of(allowed.begin(), allowed.end(), [&](const JsonValue& candidate) {
        return value.Is(Type::String) && candidate.Is(Type::String)
                   ? EqualsIgnoringCase(value.AsString(), candidate.AsString())
                   : value.Equals(candidate);
    });
}

/**
 * @brief Checks a lower and an upper limit.
 * @param declaration declaration of the parameter
 * @param limits names of the lower and the upper limit
 * @param value what is limited
 * @param unit what is counted, for example " characters"
 * @param path JSON path of the value
 */
void
CheckLimits(const JsonValue& declaration,
            const std::pair<const char*, const char*>& limits,
            int64_t value,
            const std::string& unit,
            const std::string& path)
{
    const auto* lower = declaration.Find(limits.first);
    const auto* upper = declaration.Find(limits.second);
    if (lower && lower->Is(Type::Integer) && value < lower->AsInteger())
    {
        throw ResourceError(path,
                            std::to_string(value) + unit + " is below " + limits.first + " " +
                                std::to_string(lower->AsInteger()));
    }
    if (upper && upper->Is(Type::Integer) && value > upper->AsInteger())
    {
        throw ResourceError(path,
                            std::to_string(value) + unit + " is above " + limits.second + " " +
                                std::to_string(upper->AsInteger()));
    }
}

} // namespace

void
ArmParameterCheck::Check(const JsonValue& declaration,
                         const std::string& declarationPath,
                         const JsonValue& value,
                         const std::string& path)
{
    const auto* typeMember = declaration.Find("type");
    if (!typeMember || !typeMember->Is(Type::String))
    {
        throw ResourceError(declarationPath, "a parameter needs a 'type'");
    }
    const auto type = JsonTypeOf(ToLowerCase(typeMember->AsString()),
                                 ArmEvaluator::MemberPath(declarationPath, "type"));
    const auto* nullable = declaration.Find("nullable");
    if (value.Is(Type::Null) && nullable && nullable->AsBoolean())
    {
        return;
    }
    if (!value.Is(type))
    {
        throw ResourceError(path,
                            "the parameter is declared as " + typeMember->AsString() +
                                ", but the value is " + value.GetTypeName());
    }
    if (const auto* allowed = declaration.Find("allowedValues"))
    {
        const auto& values = allowed->AsArray();
        const auto& elements = value.AsArray();
        const bool isSubset =
            value.Is(Type::Array) &&
            std::all_of(elements.begin(), elements.end(), [&](const JsonValue& element) {
                return IsAllowed(element, values);
            });
        if (!isSubset && !IsAllowed(value, values))
        {
            throw ResourceError(path,
                                "'" + JsonText::Quote(JsonText::Format(value)) +
                                    "' is not among the allowedValues");
        }
    }
    if (type == Type::String)
    {
        CheckLimits(declaration,
                    {"minLength", "maxLength"},
                    static_cast<int64_t>(ArmText::CountUnits(value.AsString())),
                    " characters",
                    path);
    }
    else if (type == Type::Array)
    {
        CheckLimits(declaration,
                    {"minLength", "maxLength"},
                    static_cast<int64_t>(value.AsArray().size()),
                    " elements",
                    path);
    }
    else if (type == Type::Integer)
    {
        CheckLimits(declaration, {"minValue", "maxValue"}, value.AsInteger(), "", path);
    }
}

} // namespace azure
} // namespace ns3
