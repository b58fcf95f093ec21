/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_EVALUATOR_H
#define AZURE_ARM_EVALUATOR_H

#include "ns3/azure-arm-context.h"
#include "ns3/azure-arm-expression.h"
#include "ns3/azure-json-value.h"

#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Evaluates template expressions, by themselves and inside JSON.
 */
class ArmEvaluator
{
  public:
    /**
     * @param text an expression without its outer brackets
     * @param context what it sees
     * @return its value
     * @throws ResourceError when it cannot be evaluated
     */
    static JsonValue Evaluate(const std::string& text, ArmContext& context);

    /**
     * @brief Evaluates every expression in a JSON value, and unrolls its property copy loops.
     *
     * @param value the JSON value
     * @param path JSON path of the value, for errors
     * @param context what the expressions see
     * @return the value with all expressions replaced
     * @throws ResourceError, with the path of the place, when something cannot be evaluated
     */
    static JsonValue EvaluateJson(const JsonValue& value,
                                  const std::string& path,
                                  ArmContext& context);

    /**
     * @param value the `count` of a copy loop, evaluated
     * @return the count
     * @throws ResourceError when it is no integer from 0 to ResourceLimits::CopyCount
     */
    static std::size_t GetCopyCount(const JsonValue& value);

    /**
     * @brief Appends a member's name to a JSON path.
     * @param path JSON path of an object
     * @param name name of its member
     * @return JSON path of the member: `path.name`, or `path['my name']`
     */
    static std::string MemberPath(const std::string& path, const std::string& name);

    /**
     * @brief Appends an index to a JSON path.
     * @param path JSON path of an array
     * @param index position of an element
     * @return JSON path of the element
     */
    static std::string ElementPath(const std::string& path, std::size_t index);

    /**
     * @brief Unrolls one copy loop.
     * @param loop the loop, with `count` and `input`
     * @param path its JSON path
     * @param name its name; empty: copyIndex() names no loop
     * @param context what the expressions see
     * @return the elements, an array
     * @throws ResourceError with the path of what is wrong
     */
    static JsonValue UnrollLoop(const JsonValue& loop,
                                const std::string& path,
                                const std::string& name,
                                ArmContext& context);

  private:
    /**
     * @param node a node of a syntax tree
     * @param context what it sees
     * @return its value
     */
    static JsonValue EvaluateNode(const ArmExpression& node, ArmContext& context);

    /**
     * @param node a call
     * @param context what it sees
     * @return its value
     */
    static JsonValue EvaluateCall(const ArmExpression& node, ArmContext& context);

    /**
     * @param node an index
     * @param context what it sees
     * @return its value
     */
    static JsonValue EvaluateIndex(const ArmExpression& node, ArmContext& context);

    /**
     * @brief Evaluates `if`, `and`, `or` or `coalesce`, which skip arguments.
     * @param name name of the function, in lower case
     * @param node the call
     * @param context what it sees
     * @return its value
     */
    static JsonValue EvaluateLazily(const std::string& name,
                                    const ArmExpression& node,
                                    ArmContext& context);

    /**
     * @brief Unrolls the copy loops of an object.
     * @param loops the array `copy` of the object
     * @param path JSON path of that array
     * @param context what the expressions see
     * @param[in,out] object receives a member for each loop
     */
    static void UnrollLoops(const JsonValue& loops,
                            const std::string& path,
                            ArmContext& context,
                            JsonValue& object);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_EVALUATOR_H */
