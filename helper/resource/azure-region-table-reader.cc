/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-region-table-reader.h"

#include "azure-input-file.h"
#include "azure-json-text.h"
#include "azure-resource-limits.h"

#include <map>
#include <set>
#include <sstream>

namespace ns3
{
namespace azure
{

namespace
{

/// First line of the table.
const char* const HEADER = "from,to,rtt_ms_p50";

/// Longest time, in milliseconds.
constexpr uint32_t MOST_MS = 60000;

/// Most regions, so that no table exhausts memory.
constexpr size_t MOST_REGIONS = 500;

/**
 * @param text a field
 * @return whole milliseconds; 0 when it is none, or out of range
 */
uint32_t
ParseTime(const std::string& text)
{
    const bool isNumber = !text.empty() && text.size() <= 5 &&
                          text.find_first_not_of("0123456789") == std::string::npos;
    const uint32_t time = isNumber ? std::stoul(text) : 0;
    return time <= MOST_MS ? time : 0;
}

} // namespace

RegionTable
RegionTableReader::Read(const std::string& text, std::vector<std::string>& errors)
{
    RegionTable table;
    const auto known = RegionTable::MakeAzure();
    std::map<std::string, uint32_t> indices;
    std::set<std::pair<uint32_t, uint32_t>> seen;
    std::istringstream lines(text);
    std::string line;
    for (uint32_t number = 1; std::getline(lines, line); ++number)
    {
        const auto fail = [&](const std::string& why) {
            if (errors.size() < ResourceLimits::Errors)
            {
                errors.push_back("line " + std::to_string(number) + ": " + why);
            }
        };
        if (!line.empty() && line.back() == '\r')
        {
            line.pop_back();
        }
        if (number == 1)
        {
            if (line != HEADER)
            {
                fail(std::string("the table must begin with ") + HEADER);
                return table;
            }
            continue;
        }
        const auto first = line.find(',');
        const auto second = first == std::string::npos ? first : line.find(',', first + 1);
        if (second == std::string::npos || line.find(',', second + 1) != std::string::npos)
        {
            fail("there must be three fields: " + JsonText::Quote(line));
            continue;
        }
        const std::string names[] = {
            RegionTable::CanonicalName(line.substr(0, first)),
            RegionTable::CanonicalName(line.substr(first + 1, second - first - 1))};
        const auto time = ParseTime(line.substr(second + 1));
        if (names[0].empty() || names[1].empty())
        {
            fail("a region has no name");
            continue;
        }
        if (time == 0)
        {
            fail("the round-trip time must be 1 to 60000 whole milliseconds, not '" +
                 JsonText::Quote(line.substr(second + 1)) + "'");
            continue;
        }
        uint32_t ends[] = {0, 0};
        for (int end = 0; end < 2; ++end)
        {
            auto it = indices.find(names[end]);
            if (it == indices.end())
            {
                if (indices.size() >= MOST_REGIONS)
                {
                    fail("there are more than 500 regions");
                    return table;
                }
                const auto index = known.Find(names[end]);
                const auto geography = index ? known.GetRegions()[*index].geography : "";
                it = indices.emplace(names[end], table.Add({names[end], geography})).first;
            }
            ends[end] = it->second;
        }
        if (!seen.insert({ends[0], ends[1]}).second)
        {
            fail("there is a time from " + JsonText::Quote(names[0]) + " to " +
                 JsonText::Quote(names[1]) + " already");
            continue;
        }
        table.SetRoundTripTime(ends[0], ends[1], MilliSeconds(time));
    }
    if (text.empty())
    {
        errors.push_back(std::string("line 1: the table must begin with ") + HEADER);
    }
    return table;
}

RegionTable
RegionTableReader::ReadFile(const std::string& file, std::vector<std::string>& errors)
{
    std::string text;
    const auto error = InputFile::Read(file, ResourceLimits::TextBytes, text);
    if (!error.empty())
    {
        errors.push_back(file + ": " + error);
        return {};
    }
    const auto table = Read(text, errors);
    for (auto& each : errors)
    {
        each = file + ": " + each;
    }
    return table;
}

} // namespace azure
} // namespace ns3
