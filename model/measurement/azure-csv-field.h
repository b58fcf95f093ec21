/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_CSV_FIELD_H
#define AZURE_CSV_FIELD_H

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

} // namespace azure
} // namespace ns3

#endif /* AZURE_CSV_FIELD_H */
