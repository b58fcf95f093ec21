/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-affinity-cookie.h"

#include "azure-server-variables.h"

namespace ns3
{
namespace azure
{

namespace
{

/// Suffix of the cookie for requests from other sites.
const std::string CORS = "CORS";

/**
 * @brief Hash a text (FNV-1a), and stir the result (the finalizer of SplitMix64).
 * @param seed start value
 * @param text what to hash
 * @return 64 bits
 */
uint64_t
Hash(uint64_t seed, const std::string& text)
{
    uint64_t hash = seed ^ 0xcbf29ce484222325ULL;
    for (const char c : text)
    {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ULL;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebULL;
    return hash ^ (hash >> 31);
}

/**
 * @param value 64 bits
 * @return 16 hexadecimal digits
 */
std::string
ToHex(uint64_t value)
{
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
    {
        text += "0123456789abcdef"[(value >> shift) & 15];
    }
    return text;
}

} // namespace

AffinityCookie::AffinityCookie(const std::string& name)
    : m_name(name)
{
}

std::string
AffinityCookie::GetValue(uint64_t seed, const std::string& member)
{
    return ToHex(Hash(seed, member)) + ToHex(Hash(~seed, member));
}

std::optional<std::string>
AffinityCookie::Find(const HttpFields& fields) const
{
    const auto first = FindCookie(fields, m_name);
    return first ? first : FindCookie(fields, m_name + CORS);
}

void
AffinityCookie::Set(const std::string& value, HttpFields& fields) const
{
    fields.Add("Set-Cookie", m_name + CORS + "=" + value + "; Path=/; SameSite=None; Secure");
    fields.Add("Set-Cookie", m_name + "=" + value + "; Path=/");
}

} // namespace azure
} // namespace ns3
