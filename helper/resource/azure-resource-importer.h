/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_IMPORTER_H
#define AZURE_RESOURCE_IMPORTER_H

#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-resource-import-options.h"

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
     *
     * Where parameters are placeholders for what a prerequisite returns ("GET-PREREQ-name"), as in
     * Azure's collection of templates, `prereqs/prereq.azuredeploy.json` beside the template is
     * deployed first.
     *
     * @param file name of the template or resource file
     * @param parametersFile name of the parameter file; empty: none
     * @return the configuration; look at its `errors` first
     */
    DeploymentConfiguration ImportFile(const std::string& file,
                                       const std::string& parametersFile = "") const;

  private:
    /// A template and its parameters.
    struct Texts
    {
        std::string content;    //!< the template or resource
        std::string parameters; //!< its parameter file; empty: none
    };

    /**
     * @brief As Import().
     * @param texts what to import
     * @param prerequisite a template that has to be deployed before; without content: none
     * @return the configuration
     */
    DeploymentConfiguration Import(const Texts& texts, const Texts& prerequisite) const;

    ResourceImportOptions m_options; //!< environment and names
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_IMPORTER_H */
