/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-dns-name.h"

#include "ns3/abort.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param byte a byte
 * @return it, a capital letter as a small one (RFC 4343, section 3)
 */
constexpr unsigned char
Fold(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<unsigned char>(byte + 32) : byte;
}

/**
 * @param a a byte
 * @param b a byte
 * @return whether they differ in nothing but case
 */
bool
IsSame(char a, char b)
{
    return Fold(static_cast<unsigned char>(a)) == Fold(static_cast<unsigned char>(b));
}

/// Where the labels of a name begin.
struct Labels
{
    /** @param wire a valid wire form */
    explicit Labels(const std::string& wire)
    {
        for (size_t at = 0; wire[at] != 0; at += 1 + static_cast<unsigned char>(wire[at]))
        {
            offsets[count++] = static_cast<uint8_t>(at);
        }
    }

    std::array<uint8_t, 128> offsets; //!< offsets of the length bytes
    size_t count{0};                  //!< labels
};

/**
 * @param c a character
 * @return whether it is a decimal digit
 */
bool
IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

DnsName::DnsName(const std::string& text)
{
    std::string error;
    const auto name = Parse(text, &error);
    NS_ABORT_MSG_UNLESS(name, "'" << text << "' is no domain name: " << error);
    *this = *name;
}

DnsName::DnsName(const char* text)
    : DnsName(std::string(text))
{
}

std::optional<DnsName>
DnsName::Parse(const std::string& text, std::string* error)
{
    const auto fail = [error](const char* message) -> std::optional<DnsName> {
        if (error)
        {
            *error = message;
        }
        return std::nullopt;
    };
    if (text.empty())
    {
        return fail("it is empty; the root is '.'");
    }
    DnsName name;
    if (text == ".")
    {
        return name;
    }
    std::string wire;
    std::string label;
    // Puts the label behind the others.
    const auto finish = [&]() -> const char* {
        if (label.empty())
        {
            return "a label is empty";
        }
        if (label.size() > MaxLabelSize)
        {
            return "a label has more than 63 bytes";
        }
        wire += static_cast<char>(label.size());
        wire += label;
        label.clear();
        return wire.size() + 1 > MaxSize ? "it has more than 255 bytes on the wire" : nullptr;
    };
    for (size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] == '.')
        {
            if (const auto problem = finish())
            {
                return fail(problem);
            }
        }
        else if (text[i] != '\\')
        {
            label += text[i];
        }
        else if (i + 1 == text.size())
        {
            return fail("a backslash at its end has nothing to act on");
        }
        else if (!IsDigit(text[i + 1]))
        {
            label += text[++i];
        }
        else
        {
            if (i + 3 >= text.size() || !IsDigit(text[i + 2]) || !IsDigit(text[i + 3]))
            {
                return fail("a backslash before a digit needs three digits");
            }
            const int byte =
                100 * (text[i + 1] - '0') + 10 * (text[i + 2] - '0') + (text[i + 3] - '0');
            if (byte > 255)
            {
                return fail("a byte is above 255");
            }
            label += static_cast<char>(byte);
            i += 3;
        }
    }
    // Without a dot at the end there is a label left.
    if (!label.empty() || wire.empty())
    {
        if (const auto problem = finish())
        {
            return fail(problem);
        }
    }
    name.m_wire = wire + '\0';
    return name;
}

std::optional<DnsName>
DnsName::FromWire(const std::string& wire)
{
    if (wire.empty() || wire.size() > MaxSize)
    {
        return std::nullopt;
    }
    size_t at = 0;
    while (at < wire.size() && wire[at] != 0)
    {
        if (static_cast<unsigned char>(wire[at]) > MaxLabelSize)
        {
            return std::nullopt;
        }
        at += 1 + static_cast<unsigned char>(wire[at]);
    }
    if (at + 1 != wire.size())
    {
        return std::nullopt;
    }
    DnsName name;
    name.m_wire = wire;
    return name;
}

const std::string&
DnsName::GetWire() const
{
    return m_wire;
}

std::string
DnsName::ToText() const
{
    if (IsRoot())
    {
        return ".";
    }
    std::string text;
    const Labels labels(m_wire);
    for (size_t i = 0; i < labels.count; ++i)
    {
        text += i ? "." : "";
        for (const char c : GetLabel(i))
        {
            const auto byte = static_cast<unsigned char>(c);
            if (byte <= 0x20 || byte >= 0x7f)
            {
                text += '\\';
                text += static_cast<char>('0' + byte / 100);
                text += static_cast<char>('0' + byte / 10 % 10);
                text += static_cast<char>('0' + byte % 10);
            }
            else
            {
                text += std::string_view(".;()\\\"").find(c) == std::string_view::npos ? "" : "\\";
                text += c;
            }
        }
    }
    return text;
}

bool
DnsName::IsRoot() const
{
    return m_wire.size() == 1;
}

size_t
DnsName::GetLabelCount() const
{
    return Labels(m_wire).count;
}

std::string
DnsName::GetLabel(size_t index) const
{
    const auto at = Labels(m_wire).offsets[index];
    return m_wire.substr(at + 1, static_cast<unsigned char>(m_wire[at]));
}

DnsName
DnsName::GetParent() const
{
    DnsName parent;
    if (!IsRoot())
    {
        parent.m_wire = m_wire.substr(1 + static_cast<unsigned char>(m_wire[0]));
    }
    return parent;
}

DnsName
DnsName::GetSuffix(size_t labels) const
{
    const Labels all(m_wire);
    DnsName suffix;
    if (labels >= all.count)
    {
        suffix.m_wire = m_wire;
    }
    else if (labels > 0)
    {
        suffix.m_wire = m_wire.substr(all.offsets[all.count - labels]);
    }
    return suffix;
}

bool
DnsName::IsAtOrBelow(const DnsName& ancestor) const
{
    const auto size = ancestor.m_wire.size();
    if (size > m_wire.size() ||
        !std::equal(ancestor.m_wire.begin(), ancestor.m_wire.end(), m_wire.end() - size, IsSame))
    {
        return false;
    }
    // The bytes agree, but do they begin with a label?
    size_t at = 0;
    while (at < m_wire.size() - size)
    {
        at += 1 + static_cast<unsigned char>(m_wire[at]);
    }
    return at == m_wire.size() - size;
}

bool
DnsName::IsBelow(const DnsName& ancestor) const
{
    return m_wire.size() > ancestor.m_wire.size() && IsAtOrBelow(ancestor);
}

std::optional<DnsName>
DnsName::Prepend(const std::string& label) const
{
    if (label.empty() || label.size() > MaxLabelSize || 1 + label.size() + m_wire.size() > MaxSize)
    {
        return std::nullopt;
    }
    DnsName child;
    child.m_wire = static_cast<char>(label.size()) + label + m_wire;
    return child;
}

bool
DnsName::IsWildcard() const
{
    return m_wire.size() > 2 && m_wire[0] == 1 && m_wire[1] == '*';
}

size_t
DnsName::GetHash() const
{
    // FNV-1a; length bytes are below 64 and so no letters.
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : m_wire)
    {
        hash = (hash ^ Fold(static_cast<unsigned char>(c))) * 0x100000001b3ULL;
    }
    return static_cast<size_t>(hash);
}

bool
DnsName::operator==(const DnsName& other) const
{
    return m_wire.size() == other.m_wire.size() &&
           std::equal(m_wire.begin(), m_wire.end(), other.m_wire.begin(), IsSame);
}

bool
DnsName::operator<(const DnsName& other) const
{
    const Labels mine(m_wire);
    const Labels theirs(other.m_wire);
    const auto common = std::min(mine.count, theirs.count);
    for (size_t i = 1; i <= common; ++i)
    {
        const auto a = mine.offsets[mine.count - i];
        const auto b = theirs.offsets[theirs.count - i];
        const size_t aSize = static_cast<unsigned char>(m_wire[a]);
        const size_t bSize = static_cast<unsigned char>(other.m_wire[b]);
        for (size_t k = 1; k <= std::min(aSize, bSize); ++k)
        {
            const auto x = Fold(static_cast<unsigned char>(m_wire[a + k]));
            const auto y = Fold(static_cast<unsigned char>(other.m_wire[b + k]));
            if (x != y)
            {
                return x < y;
            }
        }
        if (aSize != bSize)
        {
            return aSize < bSize;
        }
    }
    return mine.count < theirs.count;
}

std::ostream&
operator<<(std::ostream& os, const DnsName& name)
{
    return os << name.ToText();
}

} // namespace azure
} // namespace ns3
