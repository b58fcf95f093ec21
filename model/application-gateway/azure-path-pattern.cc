/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-path-pattern.h"

#include "azure-request-target.h"

namespace ns3
{
namespace azure
{

PathPattern::PathPattern(const std::string& pattern)
    : m_literal(ToLowerAscii(pattern)),
      m_isPrefix(!pattern.empty() && pattern.back() == '*')
{
    if (m_isPrefix)
    {
        m_literal.pop_back();
    }
}

bool
PathPattern::Matches(const std::string& path) const
{
    return m_isPrefix ? path.compare(0, m_literal.size(), m_literal) == 0 : path == m_literal;
}

size_t
PathPattern::GetLiteralLength() const
{
    return m_literal.size();
}

std::string
PathPattern::Check(const std::string& pattern, bool v1)
{
    if (pattern.empty() || pattern[0] != '/')
    {
        return "a path must begin with /";
    }
    if (pattern.find_first_of("?#") != std::string::npos)
    {
        return "a path ends before the first ? or #; remove the rest";
    }
    const auto star = pattern.find('*');
    if (star < pattern.size() - 1)
    {
        return "a path may hold a * at its end alone; /images/*.jpg is not possible";
    }
    if (v1 && star != std::string::npos && pattern[star - 1] != '/')
    {
        return "in v1 the * must follow a /; write /images/* or use v2";
    }
    return "";
}

} // namespace azure
} // namespace ns3
