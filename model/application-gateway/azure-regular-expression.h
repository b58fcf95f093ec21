/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REGULAR_EXPRESSION_H
#define AZURE_REGULAR_EXPRESSION_H

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A regular expression in the dialect of RE2, as conditions of rewrite rules use it (AG-19).
 *
 * Time is linear in the length of the text, whatever the expression.
 */
class RegularExpression
{
  public:
    /**
     * @param pattern the expression
     * @param ignoreCase match without regard to case
     */
    RegularExpression(const std::string& pattern, bool ignoreCase);
    ~RegularExpression();

    RegularExpression(RegularExpression&& other) noexcept;

    /**
     * @return what is wrong with the expression; empty when it is good
     */
    std::string GetError() const;

    /**
     * @brief Look for the expression anywhere in a text.
     *
     * @param text where to look
     * @param groups gets the whole match and what each pair of parentheses matched
     * @return whether it is there; never when the expression is wrong
     */
    bool Search(const std::string& text, std::vector<std::string>& groups) const;

  private:
    struct Impl;                  //!< the expression, compiled
    std::unique_ptr<Impl> m_impl; //!< hides the library from users of this header
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REGULAR_EXPRESSION_H */
