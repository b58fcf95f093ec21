/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_PARSER_H
#define AZURE_ARM_PARSER_H

#include "ns3/azure-arm-expression.h"
#include "ns3/azure-arm-tokenizer.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Parses template expressions, by recursive descent.
 *
 * expression = primary { "." name | "[" expression "]" };
 * primary = text | number | name [ "." name ] "(" [ expression { "," expression } ] ")".
 */
class ArmParser
{
  public:
    /**
     * @param text the value of a JSON string
     * @return whether it is an expression: in brackets, the first one not doubled
     */
    static bool IsExpression(const std::string& text);

    /**
     * @param text the value of a JSON string that is no expression
     * @return its literal meaning: a doubled first bracket stands for one
     */
    static std::string Unescape(const std::string& text);

    /**
     * @param text an expression without its outer brackets
     * @return the syntax tree
     * @throws ResourceError when it is malformed, too long or too deep
     */
    static ArmExpression Parse(const std::string& text);

  private:
    /**
     * @param tokens the tokens of an expression
     */
    explicit ArmParser(std::vector<ArmToken> tokens);

    /**
     * @param depth calls around this one
     * @return an expression
     */
    ArmExpression ParseExpression(std::size_t depth);

    /**
     * @param depth calls around this one
     * @return a text, number or call
     */
    ArmExpression ParsePrimary(std::size_t depth);

    /**
     * @param symbol a symbol
     * @return whether the next token is that symbol; it is consumed then
     */
    bool Accept(const char* symbol);

    /**
     * @brief Consumes a symbol.
     * @param symbol the symbol that has to come next
     */
    void Expect(const char* symbol);

    /**
     * @return the next token, consumed
     */
    const ArmToken& Next();

    /**
     * @param expected what should have come
     */
    [[noreturn]] void Fail(const std::string& expected) const;

    std::vector<ArmToken> m_tokens; //!< the tokens; the last one is End
    std::size_t m_next{0};          //!< the next one
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_PARSER_H */
