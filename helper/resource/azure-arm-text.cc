/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-text.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/// U+FFFD, the replacement character, in UTF-8.
const char* const g_replacement = "\xef\xbf\xbd";

/**
 * @param text a text
 * @param position where a character begins
 * @return its bytes, from 1 to 4; 0 when what begins there is not well-formed UTF-8
 */
std::size_t
CharacterBytes(const std::string& text, std::size_t position)
{
    const auto byte = [&](std::size_t offset) {
        return position + offset < text.size() ? static_cast<unsigned char>(text[position + offset])
                                               : static_cast<unsigned char>(0);
    };
    const auto follows = [&](std::size_t offset, unsigned from, unsigned to) {
        return byte(offset) >= from && byte(offset) <= to;
    };
    const unsigned lead = byte(0);
    if (lead < 0x80)
    {
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf)
    {
        return follows(1, 0x80, 0xbf) ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef)
    {
        const bool isSecondSound =
            follows(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf);
        return isSecondSound && follows(2, 0x80, 0xbf) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4)
    {
        const bool isSecondSound =
            follows(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
        return isSecondSound && follows(2, 0x80, 0xbf) && follows(3, 0x80, 0xbf) ? 4 : 0;
    }
    return 0;
}

/**
 * @param text a text
 * @return whether all of it is ASCII, so that bytes are code units
 */
bool
IsAscii(const std::string& text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
}

} // namespace

std::size_t
ArmText::CountUnits(const std::string& text)
{
    if (IsAscii(text))
    {
        return text.size();
    }
    std::size_t units = 0;
    for (std::size_t i = 0; i < text.size();)
    {
        const auto bytes = std::max<std::size_t>(CharacterBytes(text, i), 1);
        units += bytes == 4 ? 2 : 1;
        i += bytes;
    }
    return units;
}

std::string
ArmText::Slice(const std::string& text, std::size_t start, std::size_t count)
{
    if (count == 0)
    {
        return ""; // even inside a pair, of which it takes no half
    }
    if (IsAscii(text))
    {
        return text.substr(start, count);
    }
    const auto end =
        count > text.size() - std::min(start, text.size()) ? std::string::npos : start + count;
    std::string result;
    std::size_t unit = 0;
    for (std::size_t i = 0; i < text.size() && unit < end;)
    {
        const auto bytes = std::max<std::size_t>(CharacterBytes(text, i), 1);
        const std::size_t width = bytes == 4 ? 2 : 1;
        if (unit >= start && unit + width <= end)
        {
            result.append(text, i, bytes);
        }
        else if (unit + width > start)
        {
            result += g_replacement;
        }
        unit += width;
        i += bytes;
    }
    return result;
}

std::string
ArmText::Sanitise(const std::string& text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size();)
    {
        const auto bytes = CharacterBytes(text, i);
        if (bytes == 0)
        {
            result += g_replacement;
            ++i;
            continue;
        }
        result.append(text, i, bytes);
        i += bytes;
    }
    return result;
}

} // namespace azure
} // namespace ns3
