/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_TOKENIZER_H
#define AZURE_ARM_TOKENIZER_H

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
 * @brief A token of a template expression.
 */
struct ArmToken
{
    /// What a token is.
    enum class Kind
    {
        Identifier, //!< a function or property name
        String,     //!< 'text', with '' for a quote inside
        Integer,    //!< digits, with an optional sign
        Symbol,     //!< one of ( ) [ ] , .
        End         //!< after the last token
    };

    Kind kind{Kind::End};    //!< what it is
    std::string text;        //!< the name, the text without quotes, or the symbol
    int64_t number{0};       //!< value of an integer
    std::size_t position{0}; //!< where it begins, from 0, in the expression
};

/**
 * @ingroup azure-load-balancing
 * @brief Splits a template expression, without its outer brackets, into tokens.
 */
class ArmTokenizer
{
  public:
    /**
     * @param text the expression
     * @return its tokens; the last one is End
     * @throws ResourceError when a character or number is not allowed, or a quote is missing
     */
    static std::vector<ArmToken> Tokenize(const std::string& text);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_TOKENIZER_H */
