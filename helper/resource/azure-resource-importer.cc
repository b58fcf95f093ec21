/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-importer.h"

namespace ns3
{
namespace azure
{

ResourceImporter::ResourceImporter() = default;

ResourceImporter::ResourceImporter(const ResourceImportOptions& options)
    : m_options(options)
{
}

DeploymentConfiguration
ResourceImporter::Import(const std::string& text) const
{
    return Import(text, "");
}

DeploymentConfiguration
ResourceImporter::Import(const std::string&, const std::string&) const
{
    DeploymentConfiguration deployment;
    deployment.source = m_options.source;
    deployment.errors.push_back({m_options.source, "", "templates cannot be read yet"});
    return deployment;
}

DeploymentConfiguration
ResourceImporter::ImportFile(const std::string& file, const std::string&) const
{
    DeploymentConfiguration deployment;
    deployment.source = file;
    deployment.errors.push_back({file, "", "templates cannot be read yet"});
    return deployment;
}

} // namespace azure
} // namespace ns3
