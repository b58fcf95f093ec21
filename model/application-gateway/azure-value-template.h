/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_VALUE_TEMPLATE_H
#define AZURE_VALUE_TEMPLATE_H

#include "azure-rewrite-rule-set.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A value of a rewrite action: text with `{variables}` in it (AG-19).
 *
 * `{var_uri_path_1}` is what the first parentheses of the pattern matched in the condition on
 * `var_uri_path` of the same rule; without the number it is the whole value.
 */
class ValueTemplate
{
  public:
    /// What the conditions of a rule matched: groups, by the variable of the condition.
    using Captures = std::map<std::string, std::vector<std::string>>;

    /// Gives the value of a variable.
    using Lookup = std::function<std::optional<std::string>(const std::string&)>;

    /**
     * @param text the value as configured
     * @param conditions conditions of the rule
     */
    ValueTemplate(const std::string& text, const std::vector<RewriteCondition>& conditions);

    /**
     * @param captures what the conditions matched
     * @param lookup gives the values of variables
     * @return the text; a variable without a value is left out
     */
    std::string Expand(const Captures& captures, const Lookup& lookup) const;

  private:
    /// A piece of the text.
    struct Part
    {
        std::string text;              //!< plain text, or the name of a variable
        bool isVariable;               //!< whether it is the latter
        std::optional<uint32_t> group; //!< of a variable: which parentheses of the condition on it
    };

    /**
     * @param name what stands in braces
     * @param conditions conditions of the rule
     * @return the variable
     */
    static Part ParseVariable(const std::string& name,
                              const std::vector<RewriteCondition>& conditions);

    std::vector<Part> m_parts; //!< in order
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_VALUE_TEMPLATE_H */
