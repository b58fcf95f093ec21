/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_CSV_FIELD_H
#define AZURE_CSV_FIELD_H

#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"

#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @param text any text
 * @return the text as a field of a CSV file: quoted if it holds a comma, a quote or a line break
 *         (RFC 4180)
 */
std::string ToCsvField(const std::string& text);

/**
 * @ingroup azure-load-balancing
 * @param time a time
 * @return the time in seconds, to the nanosecond
 */
std::string ToCsvField(Time time);

/**
 * @ingroup azure-load-balancing
 * @param time a time, or nothing
 * @return the time in seconds, to the nanosecond, or nothing
 */
std::string ToCsvField(const std::optional<Time>& time);

/**
 * @ingroup azure-load-balancing
 * @param address an address and port
 * @return both, for example `10.0.0.4:80`
 */
std::string ToCsvField(const InetSocketAddress& address);

} // namespace azure
} // namespace ns3

#endif /* AZURE_CSV_FIELD_H */
