/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_TEXT_H
#define AZURE_ARM_TEXT_H

#include <cstddef>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Texts as template functions see them: lengths and positions count UTF-16 code units,
 *        because the service is written in a language whose texts are made of these.
 *
 * A text itself is UTF-8. Half of a character outside the basic plane becomes U+FFFD.
 */
struct ArmText
{
    /**
     * @param text UTF-8
     * @return its length in UTF-16 code units
     */
    static std::size_t CountUnits(const std::string& text);

    /**
     * @param text UTF-8
     * @param start first code unit wanted; at most the length
     * @param count code units wanted; may reach past the end
     * @return the part, in UTF-8
     */
    static std::string Slice(const std::string& text, std::size_t start, std::size_t count);

    /**
     * @param text any bytes
     * @return the same with U+FFFD for every byte that does not belong to well-formed UTF-8
     */
    static std::string Sanitise(const std::string& text);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_TEXT_H */
