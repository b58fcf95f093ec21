/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_EXPRESSION_H
#define AZURE_ARM_EXPRESSION_H

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
 * @brief A node of the syntax tree of a template expression.
 */
struct ArmExpression
{
    /// What a node is.
    enum class Kind
    {
        String,   //!< text
        Integer,  //!< a whole number
        Call,     //!< a function; the operands are its arguments
        Property, //!< operands[0].text
        Index     //!< operands[0][operands[1]]
    };

    Kind kind{Kind::String};             //!< what it is
    std::string text;                    //!< the text, function name or property name
    int64_t number{0};                   //!< value of an integer
    std::vector<ArmExpression> operands; //!< what it applies to
    std::size_t position{0};             //!< where it begins, from 0, in the expression
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_EXPRESSION_H */
