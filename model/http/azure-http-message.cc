/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-http-message.h"

#include "azure-http-codec.h"
#include "azure-plain-text.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace azure
{

namespace
{

/// Bytes that are set aside for a head; a longer one costs time, nothing else.
constexpr std::size_t USUAL_HEAD_BYTES = 512;

/**
 * @param c a character
 * @return its lower case, if an ASCII letter
 */
char
Lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/**
 * @brief Append text without the characters that could end a line.
 * @param out where to
 * @param text what
 */
void
AppendClean(std::string& out, const std::string& text)
{
    const auto isBad = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    };
    const auto begin = out.size();
    out += text;
    if (!IsPlainText(text.data(), text.size()))
    {
        out.erase(std::remove_if(out.begin() + begin, out.end(), isBad), out.end());
    }
}

/**
 * @brief Append the header fields and the empty line.
 * @param out where to
 * @param fields the fields
 */
void
AppendFields(std::string& out, const HttpFields& fields)
{
    for (const auto& field : fields.GetAll())
    {
        AppendClean(out, field.name);
        out += ": ";
        AppendClean(out, field.value);
        out += "\r\n";
    }
    out += "\r\n";
}

} // namespace

bool
HttpTokensEqual(const std::string& left, const std::string& right)
{
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
               return Lower(a) == Lower(b);
           });
}

bool
HttpFields::Has(const std::string& name) const
{
    return std::any_of(m_fields.begin(), m_fields.end(), [&](const HttpField& field) {
        return HttpTokensEqual(field.name, name);
    });
}

std::string
HttpFields::Get(const std::string& name) const
{
    for (const auto& field : m_fields)
    {
        if (HttpTokensEqual(field.name, name))
        {
            return field.value;
        }
    }
    return "";
}

bool
HttpFields::HasToken(const std::string& name, const std::string& token) const
{
    for (const auto& field : m_fields)
    {
        if (!HttpTokensEqual(field.name, name))
        {
            continue;
        }
        std::size_t begin = 0;
        while (begin <= field.value.size())
        {
            auto end = std::min(field.value.find(',', begin), field.value.size());
            auto first = field.value.find_first_not_of(" \t", begin);
            if (first < end)
            {
                auto last = field.value.find_last_not_of(" \t", end - 1);
                if (HttpTokensEqual(field.value.substr(first, last - first + 1), token))
                {
                    return true;
                }
            }
            begin = end + 1;
        }
    }
    return false;
}

void
HttpFields::Add(const std::string& name, const std::string& value)
{
    m_fields.push_back({name, value});
}

void
HttpFields::Set(const std::string& name, const std::string& value)
{
    auto same = [&](const HttpField& field) { return HttpTokensEqual(field.name, name); };
    auto first = std::find_if(m_fields.begin(), m_fields.end(), same);
    if (first == m_fields.end())
    {
        Add(name, value);
        return;
    }
    *first = {name, value};
    m_fields.erase(std::remove_if(first + 1, m_fields.end(), same), m_fields.end());
}

uint32_t
HttpFields::Remove(const std::string& name)
{
    return static_cast<uint32_t>(std::erase_if(m_fields, [&](const HttpField& field) {
        return HttpTokensEqual(field.name, name);
    }));
}

const std::vector<HttpField>&
HttpFields::GetAll() const
{
    return m_fields;
}

std::string
HttpRequestHead::GetPath() const
{
    std::size_t begin = 0;
    if (target.empty() || target[0] != '/')
    {
        // Absolute form: scheme://authority/path
        auto scheme = target.find("://");
        if (scheme == std::string::npos)
        {
            return target;
        }
        begin = target.find_first_of("/?#", scheme + 3);
        if (begin == std::string::npos || target[begin] != '/')
        {
            return "/";
        }
    }
    auto end = target.find_first_of("?#", begin);
    return target.substr(begin, end == std::string::npos ? end : end - begin);
}

bool
HttpRequestHead::ExpectsContinue() const
{
    return version >= 11 && fields.HasToken("Expect", "100-continue");
}

uint64_t
HttpBodyBytes(double size)
{
    // Not-a-number and negative are nothing; beyond the largest exact integer all is the same.
    constexpr double most = 9007199254740992.0;
    return size > 0 ? static_cast<uint64_t>(std::llround(std::min(size, most))) : 0;
}

std::string
HttpSerialize(const HttpRequestHead& head)
{
    std::string out;
    out.reserve(USUAL_HEAD_BYTES);
    AppendClean(out, head.method);
    out += ' ';
    AppendClean(out, head.target);
    out += head.version == 10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    AppendFields(out, head.fields);
    return out;
}

std::string
HttpSerialize(const HttpResponseHead& head)
{
    std::string out;
    out.reserve(USUAL_HEAD_BYTES);
    out += head.version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
    out += std::to_string(head.status);
    out += ' ';
    AppendClean(out, head.reason.empty() ? HttpReasonPhrase(head.status) : head.reason);
    out += "\r\n";
    AppendFields(out, head.fields);
    return out;
}

} // namespace azure
} // namespace ns3
