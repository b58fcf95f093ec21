/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * @file
 * Simulates one run of a scenario and writes its results; `azlb run` calls it.
 */

#include "ns3/azure-built-in-deployment.h"
#include "ns3/azure-resource-importer.h"
#include "ns3/azure-scenario-reader.h"
#include "ns3/azure-scenario-runner.h"
#include "ns3/command-line.h"

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

constexpr int BAD_INPUT = 2; //!< exit code for input that is wrong
constexpr int FAILED = 1;    //!< exit code for everything else

/**
 * @param errors what is wrong, each on one line
 * @return exit code
 */
int
Refuse(const std::vector<std::string>& errors)
{
    for (const auto& error : errors)
    {
        std::cerr << error << "\n";
    }
    return BAD_INPUT;
}

/**
 * @brief Read a scenario.
 * @param[in,out] scenario its file is set; the rest is filled in
 * @return what is wrong
 */
std::vector<std::string>
Read(Scenario& scenario)
{
    const auto result = ScenarioReader::ReadFile(scenario.file);
    std::vector<std::string> errors;
    for (const auto& error : result.errors)
    {
        const auto path = error.path == "$" ? "" : error.path + ": ";
        errors.push_back(scenario.file + ": " + path + error.message);
    }
    scenario = result.scenario;
    return errors;
}

} // namespace

int
main(int argc, char* argv[])
{
    Scenario scenario;
    std::string templateFile;
    std::string parametersFile;
    std::string folder;
    uint32_t seed = 0;
    uint32_t run = 0;
    bool pcap = false;
    CommandLine command(__FILE__);
    command.Usage("Simulates one run of a scenario.");
    command.AddValue("template", "Deployment template or REST resource", templateFile);
    command.AddValue("parameters", "Parameter file of the template", parametersFile);
    command.AddValue("scenario", "Scenario file", scenario.file);
    command.AddValue("out", "Folder for the results", folder);
    command.AddValue("seed", "Seed of all random streams; 0: the scenario's", seed);
    command.AddValue("run", "Run number of all random streams; 0: the scenario's", run);
    command.AddValue("pcap", "Write packet traces", pcap);
    command.Parse(argc, argv);
    if (folder.empty())
    {
        return Refuse({"--out: name a folder for the results"});
    }
    if (!scenario.file.empty() && !templateFile.empty())
    {
        return Refuse({"--template: a scenario names its own template; give one of both"});
    }
    if (!scenario.file.empty())
    {
        if (const auto errors = Read(scenario); !errors.empty())
        {
            return Refuse(errors);
        }
    }
    else
    {
        scenario.templateFile = templateFile;
    }
    if (!parametersFile.empty())
    {
        scenario.parametersFile = parametersFile;
    }
    if (scenario.templateFile.empty() && !scenario.parametersFile.empty())
    {
        return Refuse({"--parameters: there is no template that they belong to"});
    }
    scenario.seed = seed ? seed : scenario.seed;
    scenario.run = run ? run : scenario.run;
    scenario.measurement.pcap = scenario.measurement.pcap || pcap;

    const auto deployment =
        scenario.templateFile.empty()
            ? MakeBuiltInDeployment()
            : ResourceImporter().ImportFile(scenario.templateFile, scenario.parametersFile);
    ScenarioRunner runner(scenario, deployment);
    if (const auto errors = runner.GetErrors(); !errors.empty())
    {
        return Refuse(errors);
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
    {
        return Refuse({"--out " + folder + ": " + error.message()});
    }
    runner.Run(folder);
    if (!runner.Write(folder))
    {
        std::cerr << folder << ": the results could not be written\n";
        return FAILED;
    }
    return 0;
}
