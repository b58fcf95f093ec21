/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_JSON_TEXT_H
#define AZURE_JSON_TEXT_H

#include "ns3/azure-json-value.h"

#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads and writes JSON text.
 *
 * Comments and a byte order mark are accepted, as Azure does. Depth and size are limited
 * (ResourceLimits); a member that occurs twice in an object is an error.
 */
class JsonText
{
  public:
    /**
     * @param text JSON text
     * @param[out] error what is wrong, with line and column; untouched when the text is right
     * @return the value, or nothing when the text is wrong
     */
    static std::optional<JsonValue> Parse(const std::string& text, std::string& error);

    /**
     * @param value a value
     * @return compact JSON text
     */
    static std::string Format(const JsonValue& value);

    /**
     * @param text any bytes
     * @return the text for an error message: bytes that are not printable ASCII escaped, and
     *         long texts cut
     */
    static std::string Quote(const std::string& text);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_JSON_TEXT_H */
