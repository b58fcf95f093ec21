/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_FUNCTIONS_H
#define AZURE_ARM_FUNCTIONS_H

#include "ns3/azure-arm-context.h"
#include "ns3/azure-json-value.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A call of a template function, with its arguments evaluated.
 */
struct ArmCall
{
    std::string name;                 //!< as written
    std::vector<JsonValue> arguments; //!< as many as the function allows
    ArmContext& context;              //!< what the call sees

    /**
     * @param index of an argument, from 0
     * @return the argument, a string
     * @throws ResourceError when it is something else
     */
    const std::string& Text(std::size_t index) const;

    /**
     * @param index of an argument, from 0
     * @return the argument, a whole number
     * @throws ResourceError when it is something else
     */
    int64_t Integer(std::size_t index) const;

    /**
     * @param index of an argument, from 0
     * @return the argument, a truth value
     * @throws ResourceError when it is something else
     */
    bool Boolean(std::size_t index) const;

    /**
     * @param index of an argument, from 0
     * @param type what it has to be
     * @return the argument
     * @throws ResourceError when it is something else
     */
    const JsonValue& Argument(std::size_t index, JsonValue::Type type) const;

    /**
     * @param message what is wrong; the name of the function is put before it
     */
    [[noreturn]] void Fail(const std::string& message) const;

    /**
     * @param index of an argument, from 0
     * @param expected what it has to be
     */
    [[noreturn]] void FailArgument(std::size_t index, const std::string& expected) const;
};

/**
 * @ingroup azure-load-balancing
 * @brief A template function.
 */
struct ArmFunction
{
    const char* name;            //!< in lower case
    std::size_t minimum;         //!< arguments at least
    std::size_t maximum;         //!< arguments at most
    JsonValue (*call)(ArmCall&); //!< what it does

    static constexpr std::size_t Any = static_cast<std::size_t>(-1); //!< no upper limit
};

/**
 * @ingroup azure-load-balancing
 * @brief The template functions, by the groups of Azure's reference. `if`, `and`, `or` and
 *        `coalesce` are not here: the evaluator knows them, because they skip arguments.
 */
struct ArmFunctions
{
    /**
     * @param name name of a function, without regard to case; "sys." before it is ignored
     * @return the function, or null
     */
    static const ArmFunction* Find(const std::string& name);

    /**
     * @param name name of a function that Find() does not know, in lower case
     * @return why a function that Azure has is missing here; empty: Azure has none of that name
     */
    static std::string WhyNotSupported(const std::string& name);

    static std::vector<ArmFunction> GetStringFunctions();     //!< @return text, base64, URIs
    static std::vector<ArmFunction> GetFormatFunctions();     //!< @return format, hashes
    static std::vector<ArmFunction> GetCollectionFunctions(); //!< @return arrays and objects
    static std::vector<ArmFunction> GetValueFunctions();      //!< @return numbers, comparison,
                                                              //!< logic and conversion
    static std::vector<ArmFunction> GetResourceFunctions();   //!< @return ids and references
    static std::vector<ArmFunction> GetDeploymentFunctions(); //!< @return parameters, variables,
                                                              //!< scopes and time
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_FUNCTIONS_H */
