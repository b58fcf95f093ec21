/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluator.h"

#include "azure-arm-functions.h"
#include "azure-arm-parser.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @brief Counts an evaluation as long as it lives.
 */
class DepthGuard
{
  public:
    /**
     * @param budget what to count in
     */
    explicit DepthGuard(ArmBudget& budget)
        : m_budget(budget)
    {
        m_budget.Enter();
    }

    ~DepthGuard()
    {
        m_budget.Leave();
    }

    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;

  private:
    ArmBudget& m_budget; //!< what to count in
};

/**
 * @param value a value
 * @param budget pays for it
 * @return the value
 * @throws ResourceError when it is too large
 */
JsonValue
Pay(JsonValue value, ArmBudget& budget)
{
    const auto size = value.GetSize();
    budget.Charge(size);
    if (size > ResourceLimits::ValueSize)
    {
        throw ResourceError("a value is larger than " + std::to_string(ResourceLimits::ValueSize) +
                            " nodes");
    }
    return value;
}

/**
 * @param value the `copy` member of an object
 * @return whether it holds property copy loops, even wrong ones, rather than being data
 */
bool
AreLoops(const JsonValue& value)
{
    const auto& loops = value.AsArray();
    return std::any_of(loops.begin(), loops.end(), [](const JsonValue& loop) {
        return (loop.Find("name") && loop.Find("count")) ||
               (loop.Find("name") && loop.Find("input")) ||
               (loop.Find("count") && loop.Find("input"));
    });
}

} // namespace

JsonValue
ArmEvaluator::Evaluate(const std::string& text, ArmContext& context)
{
    context.scope.GetBudget().Charge(1 + text.size() / 16);
    return EvaluateNode(ArmParser::Parse(text), context);
}

JsonValue
ArmEvaluator::EvaluateJson(const JsonValue& value, const std::string& path, ArmContext& context)
{
    DepthGuard guard(context.scope.GetBudget());
    context.scope.GetBudget().Charge(1);
    switch (value.GetType())
    {
    case JsonValue::Type::String:
        context.scope.GetBudget().Charge(value.AsString().size() / 16);
        if (!ArmParser::IsExpression(value.AsString()))
        {
            return ArmParser::Unescape(value.AsString());
        }
        try
        {
            const auto& text = value.AsString();
            return Evaluate(text.substr(1, text.size() - 2), context);
        }
        catch (const ResourceError& error)
        {
            if (error.GetKind() == ResourceError::Kind::Unresolved && context.onUnresolved)
            {
                context.onUnresolved(path, error.what());
                return JsonValue();
            }
            if (error.HasPath())
            {
                throw;
            }
            throw ResourceError(path, error.what(), error.GetKind());
        }
    case JsonValue::Type::Array: {
        JsonValue::Array result;
        for (std::size_t i = 0; i < value.AsArray().size(); ++i)
        {
            result.push_back(EvaluateJson(value.AsArray()[i], ElementPath(path, i), context));
        }
        return result;
    }
    case JsonValue::Type::Object: {
        JsonValue result = JsonValue::Object();
        for (const auto& member : value.AsObject())
        {
            const auto memberPath = MemberPath(path, member.name);
            if (EqualsIgnoringCase(member.name, "copy") && AreLoops(member.value))
            {
                UnrollLoops(member.value, memberPath, context, result);
            }
            else
            {
                result.MakeObject().push_back(
                    {member.name, EvaluateJson(member.value, memberPath, context)});
            }
        }
        return result;
    }
    default:
        return value;
    }
}

std::size_t
ArmEvaluator::GetCopyCount(const JsonValue& value)
{
    if (!value.Is(JsonValue::Type::Integer) || value.AsInteger() < 0)
    {
        throw ResourceError("the count of a copy loop must be an integer from 0, not " +
                            (value.Is(JsonValue::Type::Integer)
                                 ? std::to_string(value.AsInteger())
                                 : std::string(value.GetTypeName())));
    }
    if (value.AsInteger() > static_cast<int64_t>(ResourceLimits::CopyCount))
    {
        throw ResourceError("a copy loop may have at most " +
                            std::to_string(ResourceLimits::CopyCount) + " iterations, not " +
                            std::to_string(value.AsInteger()));
    }
    return static_cast<std::size_t>(value.AsInteger());
}

std::string
ArmEvaluator::MemberPath(const std::string& path, const std::string& name)
{
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '$' || c == '-';
    });
    if (!plain)
    {
        return path + "['" + JsonText::Quote(name) + "']";
    }
    return path.empty() ? name : path + "." + name;
}

std::string
ArmEvaluator::ElementPath(const std::string& path, std::size_t index)
{
    return path + "[" + std::to_string(index) + "]";
}

JsonValue
ArmEvaluator::EvaluateNode(const ArmExpression& node, ArmContext& context)
{
    DepthGuard guard(context.scope.GetBudget());
    context.scope.GetBudget().Charge(1);
    switch (node.kind)
    {
    case ArmExpression::Kind::String:
        return node.text;
    case ArmExpression::Kind::Integer:
        return node.number;
    case ArmExpression::Kind::Call:
        return EvaluateCall(node, context);
    case ArmExpression::Kind::Index:
        return EvaluateIndex(node, context);
    case ArmExpression::Kind::Property:
        break;
    }
    auto object = EvaluateNode(node.operands[0], context);
    if (!object.Is(JsonValue::Type::Object))
    {
        throw ResourceError("property '" + node.text + "' is read from " + object.GetTypeName() +
                            ", not from an object, at character " +
                            std::to_string(node.position + 1) + " of the expression");
    }
    auto* found = object.Find(node.text);
    if (!found)
    {
        throw ResourceError("there is no property '" + node.text + "' at character " +
                            std::to_string(node.position + 1) + " of the expression");
    }
    return std::move(*found);
}

JsonValue
ArmEvaluator::EvaluateIndex(const ArmExpression& node, ArmContext& context)
{
    auto value = EvaluateNode(node.operands[0], context);
    const auto index = EvaluateNode(node.operands[1], context);
    const auto at = " at character " + std::to_string(node.position + 1) + " of the expression";
    if (value.Is(JsonValue::Type::Object) && index.Is(JsonValue::Type::String))
    {
        auto* found = value.Find(index.AsString());
        if (!found)
        {
            throw ResourceError("there is no property '" + JsonText::Quote(index.AsString()) + "'" +
                                at);
        }
        return std::move(*found);
    }
    if (!value.Is(JsonValue::Type::Array) || !index.Is(JsonValue::Type::Integer))
    {
        throw ResourceError(std::string(value.GetTypeName()) + " cannot be indexed by " +
                            index.GetTypeName() + at);
    }
    auto& array = value.MakeArray();
    if (index.AsInteger() < 0 || index.AsInteger() >= static_cast<int64_t>(array.size()))
    {
        throw ResourceError("index " + std::to_string(index.AsInteger()) +
                            " is outside an array of " + std::to_string(array.size()) +
                            " elements" + at);
    }
    return std::move(array[static_cast<std::size_t>(index.AsInteger())]);
}

JsonValue
ArmEvaluator::EvaluateCall(const ArmExpression& node, ArmContext& context)
{
    auto name = ToLowerCase(node.text);
    if (name.rfind("sys.", 0) == 0)
    {
        name = name.substr(4);
    }
    if (name == "if" || name == "and" || name == "or" || name == "coalesce")
    {
        return EvaluateLazily(name, node, context);
    }
    const auto* function = ArmFunctions::Find(name);
    if (!function)
    {
        const auto at = " at character " + std::to_string(node.position + 1) + " of the expression";
        if (name.rfind("list", 0) == 0 && name.find('.') == std::string::npos)
        {
            throw ResourceError("function '" + node.text + "'" + at +
                                    " asks the service, which a simulation does not have",
                                ResourceError::Kind::Unresolved);
        }
        const auto why = ArmFunctions::WhyNotSupported(name);
        throw ResourceError((why.empty() ? "unknown function '" : "function '") + node.text + "'" +
                            at + (why.empty() ? "" : " is not supported: " + why));
    }
    const auto count = node.operands.size();
    if (count < function->minimum || count > function->maximum)
    {
        throw ResourceError("function '" + node.text + "' takes " +
                            (count < function->minimum
                                 ? "at least " + std::to_string(function->minimum)
                                 : "at most " + std::to_string(function->maximum)) +
                            " arguments, not " + std::to_string(count));
    }
    ArmCall call{node.text, {}, context};
    for (const auto& operand : node.operands)
    {
        call.arguments.push_back(EvaluateNode(operand, context));
    }
    return Pay(function->call(call), context.scope.GetBudget());
}

JsonValue
ArmEvaluator::EvaluateLazily(const std::string& name,
                             const ArmExpression& node,
                             ArmContext& context)
{
    ArmCall call{node.text, {}, context};
    const auto count = node.operands.size();
    if (count < (name == "coalesce" ? 1u : 2u) || (name == "if" && count != 3))
    {
        call.Fail(name == "if" ? "takes 3 arguments, not " + std::to_string(count)
                               : "takes more arguments than " + std::to_string(count));
    }
    if (name == "if")
    {
        call.arguments.push_back(EvaluateNode(node.operands[0], context));
        return EvaluateNode(node.operands[call.Boolean(0) ? 1 : 2], context);
    }
    for (std::size_t i = 0; i < count; ++i)
    {
        call.arguments.push_back(EvaluateNode(node.operands[i], context));
        if (name == "coalesce")
        {
            if (!call.arguments[i].Is(JsonValue::Type::Null))
            {
                return call.arguments[i];
            }
        }
        else if (call.Boolean(i) == (name == "or"))
        {
            return name == "or";
        }
    }
    return name == "coalesce" ? JsonValue() : JsonValue(name == "and");
}

JsonValue
ArmEvaluator::UnrollLoop(const JsonValue& loop,
                         const std::string& path,
                         const std::string& name,
                         ArmContext& context)
{
    const auto* countMember = loop.Find("count");
    const auto* input = loop.Find("input");
    if (!countMember || !input)
    {
        throw ResourceError(path, "a copy loop needs 'count' and 'input'");
    }
    const auto countPath = MemberPath(path, "count");
    std::size_t count = 0;
    try
    {
        count = GetCopyCount(EvaluateJson(*countMember, countPath, context));
    }
    catch (const ResourceError& error)
    {
        throw ResourceError(error.HasPath() ? error.GetPath() : countPath,
                            error.what(),
                            error.GetKind());
    }
    JsonValue::Array elements;
    for (std::size_t k = 0; k < count; ++k)
    {
        context.loops.push_back({name, static_cast<int64_t>(k), !name.empty()});
        try
        {
            elements.push_back(EvaluateJson(*input, MemberPath(path, "input"), context));
        }
        catch (...)
        {
            context.loops.pop_back();
            throw;
        }
        context.loops.pop_back();
    }
    return elements;
}

void
ArmEvaluator::UnrollLoops(const JsonValue& loops,
                          const std::string& path,
                          ArmContext& context,
                          JsonValue& object)
{
    for (std::size_t i = 0; i < loops.AsArray().size(); ++i)
    {
        const auto& loop = loops.AsArray()[i];
        const auto* nameMember = loop.Find("name");
        const auto name = nameMember ? nameMember->AsString() : "";
        if (name.empty())
        {
            throw ResourceError(ElementPath(path, i), "a copy loop needs a 'name'");
        }
        object.Set(name, UnrollLoop(loop, ElementPath(path, i), name, context));
    }
}

} // namespace azure
} // namespace ns3
