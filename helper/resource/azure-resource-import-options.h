/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_IMPORT_OPTIONS_H
#define AZURE_RESOURCE_IMPORT_OPTIONS_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What a deployment's environment tells a template, and where the texts came from.
 *
 * Everything has a fixed default, so that the same input gives the same configuration.
 */
struct ResourceImportOptions
{
    std::string source{"template"};             //!< name of the template or resource, for errors
    std::string parametersSource{"parameters"}; //!< name of the parameter file, for errors
    std::string resourceGroup{"azlb"};          //!< name of the resource group
    std::string location{"eastus"};             //!< region of the resource group
    std::string subscriptionId{"00000000-0000-0000-0000-000000000000"}; //!< id of the subscription
    std::string tenantId{"00000000-0000-0000-0000-000000000000"};       //!< id of the tenant
    std::string deploymentName{"azuredeploy"};                          //!< name of the deployment
    std::string templateUri{
        "https://example.invalid/azuredeploy.json"}; //!< deployment().properties.templateLink.uri
    int64_t utcNow{1767225600}; //!< seconds since 1970 for utcNow(): 2026-01-01T00:00:00Z
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_IMPORT_OPTIONS_H */
