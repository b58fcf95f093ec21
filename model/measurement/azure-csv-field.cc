/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-csv-field.h"

namespace ns3
{
namespace azure
{

std::string
ToCsvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
    {
        return text;
    }
    std::string field = "\"";
    for (char c : text)
    {
        field += c == '"' ? "\"\"" : std::string(1, c);
    }
    return field + "\"";
}

} // namespace azure
} // namespace ns3
