/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_IMPORTER_H
#define AZURE_RESOURCE_IMPORTER_H

#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-resource-import-options.h"
#include "ns3/azure-traffic-manager-configuration.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Reads Azure's own JSON into a DeploymentConfiguration.
 *
 * Takes deployment templates (with an optional parameter file), REST resources, lists of them,
 * REST example files, and what `az network lb show` and the like print. What is not modelled is
 * listed, never silently dropped; what is wrong is an error with file, JSON path and reason. No
 * input throws, crashes or hangs: sizes and depths are limited (ResourceLimits).
 */
class ResourceImporter
{
  public:
    ResourceImporter();

    /**
     * @param options environment and names
     */
    explicit ResourceImporter(const ResourceImportOptions& options);

    /**
     * @param text a template or resource as JSON text
     * @return the configuration; look at its `errors` first
     */
    DeploymentConfiguration Import(const std::string& text) const;

    /**
     * @param text a template or resource as JSON text
     * @param parameters a parameter file as JSON text
     * @return the configuration; look at its `errors` first
     */
    DeploymentConfiguration Import(const std::string& text, const std::string& parameters) const;

    /**
     * @brief As Import, from files; their names replace those of the options.
     * @param file name of the template or resource file
     * @param parametersFile name of the parameter file; empty: none
     * @return the configuration; look at its `errors` first
     */
    DeploymentConfiguration ImportFile(const std::string& file,
                                       const std::string& parametersFile = "") const;

    /**
     * @brief As Import, for the Traffic Manager profiles of the input.
     * @param text a template or resource as JSON text
     * @param parameters a parameter file as JSON text; empty: none
     * @param[out] deployment everything else; look at its `errors` first
     * @return the profiles; a nested endpoint may lead to one of another input
     */
    std::vector<TrafficManagerConfiguration> ImportTrafficManagers(
        const std::string& text,
        const std::string& parameters,
        DeploymentConfiguration& deployment) const;

  private:
    ResourceImportOptions m_options; //!< environment and names
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_IMPORTER_H */
