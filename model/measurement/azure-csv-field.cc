/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-csv-field.h"

#include <iomanip>
#include <sstream>

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

std::string
ToCsvField(Time time)
{
    std::ostringstream os;
    os << std::fixed << std::setprecision(9) << time.GetSeconds();
    return os.str();
}

std::string
ToCsvField(const std::optional<Time>& time)
{
    return time ? ToCsvField(*time) : std::string();
}

std::string
ToCsvField(const InetSocketAddress& address)
{
    std::ostringstream os;
    os << address.GetIpv4() << ":" << address.GetPort();
    return os.str();
}

} // namespace azure
} // namespace ns3
