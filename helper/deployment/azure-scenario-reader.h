/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_READER_H
#define AZURE_SCENARIO_READER_H

#include "azure-scenario.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What came out of a scenario file.
 */
struct ScenarioReadResult
{
    Scenario scenario;                      //!< only meaningful without errors
    std::vector<ConfigurationError> errors; //!< what is wrong, with the path in the file
};

/**
 * @ingroup azure-load-balancing
 * @brief Reads a scenario from JSON; the format is that of `doc/scenario.schema.json`.
 *
 * Nothing in a file is ignored: an unknown key, a wrong type or an impossible value is an
 * error with its path and, where a known key is close, the name that was probably meant.
 */
class ScenarioReader
{
  public:
    /**
     * @brief Read a file; files it names are taken relative to its folder.
     * @param file name of the file
     * @return the scenario, or the errors
     */
    static ScenarioReadResult ReadFile(const std::string& file);

    /**
     * @brief Read JSON text.
     * @param text the text
     * @param file name of the file it came from, for relative names; may be empty
     * @return the scenario, or the errors
     */
    static ScenarioReadResult Parse(const std::string& text, const std::string& file = "");
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_READER_H */
