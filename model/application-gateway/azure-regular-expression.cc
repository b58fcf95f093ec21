/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-regular-expression.h"

#include <re2/re2.h>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param ignoreCase match without regard to case
 * @return the options of the library
 */
RE2::Options
MakeOptions(bool ignoreCase)
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(!ignoreCase);
    // Header values are bytes, not always UTF-8.
    options.set_encoding(RE2::Options::EncodingLatin1);
    return options;
}

} // namespace

/// The expression, compiled.
struct RegularExpression::Impl
{
    RE2 expression; //!< of the library
};

RegularExpression::RegularExpression(const std::string& pattern, bool ignoreCase)
    : m_impl(new Impl{RE2(pattern, MakeOptions(ignoreCase))})
{
}

RegularExpression::~RegularExpression() = default;

RegularExpression::RegularExpression(RegularExpression&& other) noexcept = default;

std::string
RegularExpression::GetError() const
{
    return m_impl->expression.error();
}

bool
RegularExpression::Search(const std::string& text, std::vector<std::string>& groups) const
{
    const RE2& expression = m_impl->expression;
    if (!expression.ok())
    {
        return false;
    }
    std::vector<re2::StringPiece> found(expression.NumberOfCapturingGroups() + 1);
    if (!expression.Match(text,
                          0,
                          text.size(),
                          RE2::UNANCHORED,
                          found.data(),
                          static_cast<int>(found.size())))
    {
        return false;
    }
    groups.clear();
    for (const auto& group : found)
    {
        groups.emplace_back(group.data() ? std::string(group.data(), group.size()) : "");
    }
    return true;
}

} // namespace azure
} // namespace ns3
