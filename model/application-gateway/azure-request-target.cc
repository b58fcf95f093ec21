/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-request-target.h"

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param c a character
 * @return its value as a hexadecimal digit, -1 if it is none
 */
int
HexValue(char c)
{
    if (c >= '0' && c <= '9')
    {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f')
    {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/**
 * @param path a path
 * @param at a place in it
 * @return whether a percent-encoded byte begins there
 */
bool
IsEncoded(const std::string& path, size_t at)
{
    return path[at] == '%' && at + 2 < path.size() && HexValue(path[at + 1]) >= 0 &&
           HexValue(path[at + 2]) >= 0;
}

/**
 * @param authority a host, with or without port
 * @return the host in lower case
 */
std::string
HostOf(const std::string& authority)
{
    // The colons of an IPv6 address stand in brackets.
    const auto colon = authority.rfind(':');
    const bool hasPort =
        colon != std::string::npos && authority.find(']', colon) == std::string::npos;
    return ToLowerAscii(hasPort ? authority.substr(0, colon) : authority);
}

} // namespace

RequestTarget
RequestTarget::Of(const HttpRequestHead& head)
{
    RequestTarget result;
    result.host = HostOf(head.fields.Get("Host"));
    const std::string& target = head.target;
    const auto scheme = target.find("://");
    const auto end = target.find('#');
    if (scheme != std::string::npos && target.find_first_of("/?#") > scheme)
    {
        const auto begin = scheme + 3;
        const auto length = target.find_first_of("/?#", begin);
        std::string authority = target.substr(begin, length - begin);
        authority.erase(0, authority.rfind('@') + 1);
        result.host = HostOf(authority);
    }
    result.path = head.GetPath();
    const auto question = target.find('?');
    if (question < end)
    {
        result.query =
            target.substr(question + 1, end == std::string::npos ? end : end - question - 1);
    }
    if (result.path.empty())
    {
        result.path = "/";
    }
    return result;
}

std::string
RequestTarget::GetPathAndQuery() const
{
    return query ? path + "?" + *query : path;
}

std::string
ToLowerAscii(std::string text)
{
    for (char& c : text)
    {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

std::string
PercentDecode(const std::string& path)
{
    std::string result;
    for (size_t at = 0; at < path.size(); ++at)
    {
        if (IsEncoded(path, at))
        {
            result += static_cast<char>(HexValue(path[at + 1]) * 16 + HexValue(path[at + 2]));
            at += 2;
        }
        else
        {
            result += path[at];
        }
    }
    return result;
}

size_t
EncodedLength(const std::string& path, size_t decoded)
{
    size_t at = 0;
    for (; decoded > 0 && at < path.size(); --decoded)
    {
        at += IsEncoded(path, at) ? 3 : 1;
    }
    return at;
}

} // namespace azure
} // namespace ns3
