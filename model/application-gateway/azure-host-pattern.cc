/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-host-pattern.h"

#include "azure-request-target.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// Most wildcard characters of a name (AG-10).
constexpr int MAX_WILDCARDS = 4;

/// Most `*` of a name (AG-10).
constexpr int MAX_STARS = 2;

/**
 * @param c a character
 * @return whether a wildcard may stand for it
 */
bool
IsHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

/**
 * @param label the part of a name between dots
 * @return what is wrong with it
 */
std::string
CheckLabel(const std::string& label)
{
    if (label.empty())
    {
        return "a label between dots is empty; name every label";
    }
    if (label.find("*?") != std::string::npos || label.find("?*") != std::string::npos ||
        label.find("**") != std::string::npos)
    {
        return "*?, ?* and ** are not allowed in a label; use one of the wildcards";
    }
    if (std::count(label.begin(), label.end(), '*') > 1)
    {
        return "a label may hold one *; remove the others";
    }
    return "";
}

} // namespace

HostPattern::HostPattern(const std::string& pattern)
    : m_pattern(ToLowerAscii(pattern))
{
}

bool
HostPattern::HasWildcard() const
{
    return m_pattern.find_first_of("*?") != std::string::npos;
}

bool
HostPattern::Matches(const std::string& host) const
{
    // One place to come back to is enough: a later * makes the earlier ones final.
    size_t star = std::string::npos;
    size_t resume = 0;
    size_t p = 0;
    size_t h = 0;
    while (h < host.size())
    {
        if (p < m_pattern.size() && m_pattern[p] == '*')
        {
            star = p++;
            resume = h;
        }
        else if (p < m_pattern.size() &&
                 (m_pattern[p] == '?' ? IsHostCharacter(host[h]) : m_pattern[p] == host[h]))
        {
            ++p;
            ++h;
        }
        else if (star != std::string::npos && IsHostCharacter(host[resume]))
        {
            p = star + 1;
            h = ++resume;
        }
        else
        {
            return false;
        }
    }
    return m_pattern.find_first_not_of('*', p) == std::string::npos;
}

std::string
HostPattern::Check(const std::string& pattern)
{
    if (pattern.empty())
    {
        return "a host name is needed; remove the empty one";
    }
    int wildcards = 0;
    int stars = 0;
    for (const char c : pattern)
    {
        if (!IsHostCharacter(c) && c != '*' && c != '?')
        {
            return "a host name holds letters, digits, hyphens and dots, and the wildcards * and "
                   "?; no port, no regular expression";
        }
        wildcards += c == '*' || c == '?';
        stars += c == '*';
    }
    for (size_t begin = 0; begin <= pattern.size();)
    {
        const size_t end = std::min(pattern.find('.', begin), pattern.size());
        const std::string error = CheckLabel(pattern.substr(begin, end - begin));
        if (!error.empty())
        {
            return error;
        }
        begin = end + 1;
    }
    if (stars > MAX_STARS)
    {
        return "a host name may hold two *; remove the others";
    }
    if (wildcards > MAX_WILDCARDS)
    {
        return "a host name may hold four wildcard characters; remove the others";
    }
    return "";
}

} // namespace azure
} // namespace ns3
