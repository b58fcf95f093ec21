/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REGION_TABLE_READER_H
#define AZURE_REGION_TABLE_READER_H

#include "ns3/azure-region-table.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads round-trip times between regions from a table with a header
 *        `from,to,rtt_ms_p50` and whole milliseconds, 1 to 60000.
 *
 * Regions that RegionTable::MakeAzure() has get their geography from there.
 */
class RegionTableReader
{
  public:
    /**
     * @param text the table
     * @param[out] errors what is wrong, each with its line; empty: nothing
     * @return the table; only to be used without errors
     */
    static RegionTable Read(const std::string& text, std::vector<std::string>& errors);

    /**
     * @param file name of the file
     * @param[out] errors what is wrong, each with file and line
     * @return the table; only to be used without errors
     */
    static RegionTable ReadFile(const std::string& file, std::vector<std::string>& errors);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REGION_TABLE_READER_H */
