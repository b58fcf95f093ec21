/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-importer.h"

#include "azure-arm-deployer.h"
#include "azure-deployment-reader.h"
#include "azure-input-file.h"
#include "azure-json-text.h"
#include "azure-resource-error.h"
#include "azure-resource-limits.h"
#include "azure-rest-resources.h"

#include <algorithm>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @param root the JSON of a file
 * @return whether it is a deployment template
 * @throws ResourceError when it is another kind of document
 */
bool
IsTemplate(const JsonValue& root)
{
    const auto* schema = root.Find("$schema");
    if (!schema)
    {
        if (root.Find("contentVersion") && root.Find("resources"))
        {
            throw ResourceError("$schema", "the template has no $schema");
        }
        return false;
    }
    auto text = ToLowerCase(schema->AsString());
    text = text.substr(0, text.find('#'));
    text = text.substr(text.rfind('/') + 1);
    if (text != "deploymenttemplate.json")
    {
        throw ResourceError("$schema",
                            "'" + JsonText::Quote(schema->AsString()) +
                                "' is not supported; only templates for a resource group are "
                                "(deploymentTemplate.json)");
    }
    return true;
}

} // namespace

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
ResourceImporter::Import(const std::string& text, const std::string& parameters) const
{
    DeploymentConfiguration deployment;
    ImportTrafficManagers(text, parameters, deployment);
    return deployment;
}

std::vector<TrafficManagerConfiguration>
ResourceImporter::ImportTrafficManagers(const std::string& text,
                                        const std::string& parameters,
                                        DeploymentConfiguration& deployment) const
{
    std::vector<TrafficManagerConfiguration> profiles;
    deployment = {};
    deployment.source = m_options.source;
    const auto fail =
        [&](const std::string& file, const std::string& path, const std::string& why) {
            const DeploymentError error{file, path, why};
            const bool isKnown =
                std::any_of(deployment.errors.begin(),
                            deployment.errors.end(),
                            [&](const auto& other) { return other.ToText() == error.ToText(); });
            if (!isKnown)
            {
                deployment.errors.push_back(error);
            }
        };
    try
    {
        std::string error;
        const auto root = JsonText::Parse(text, error);
        if (!root)
        {
            fail(m_options.source, "", error);
            return profiles;
        }
        std::optional<JsonValue> values;
        if (!parameters.empty() && !(values = JsonText::Parse(parameters, error)))
        {
            fail(m_options.parametersSource, "", error);
            return profiles;
        }
        ResourceCompletion completion;
        ArmDeployer deployer(m_options, completion);
        RestResources rest(m_options);
        std::vector<ImportedResource*> resources;
        if (IsTemplate(*root))
        {
            resources = deployer.Deploy(*root, values ? &*values : nullptr, deployment);
        }
        else if (values)
        {
            fail(m_options.parametersSource, "", "only a template takes parameters");
        }
        else
        {
            rest.Read(*root, deployment);
            for (auto& resource : rest.m_resources)
            {
                completion.Add(resource);
                resources.push_back(&resource);
            }
            completion.CompleteAll(resources);
        }
        for (const auto& problem : completion.GetErrors())
        {
            fail(m_options.source, problem.path, problem.message);
        }
        if (deployment.errors.empty())
        {
            DeploymentReader reader(completion, deployment);
            reader.Read(resources);
            profiles = reader.GetTrafficManagers();
        }
    }
    catch (const ResourceError& error)
    {
        fail(m_options.source, error.GetPath(), error.what());
    }
    catch (const std::exception& error)
    {
        fail(m_options.source, "", std::string("the input cannot be read: ") + error.what());
    }
    return profiles;
}

DeploymentConfiguration
ResourceImporter::ImportFile(const std::string& file, const std::string& parametersFile) const
{
    auto options = m_options;
    options.source = file;
    options.parametersSource = parametersFile;
    std::string text;
    std::string parameters;
    DeploymentConfiguration deployment;
    deployment.source = file;
    const auto read = [&](const std::string& name, std::string& content) {
        const auto error = InputFile::Read(name, ResourceLimits::TextBytes, content);
        if (!error.empty())
        {
            deployment.errors.push_back({name, "", error});
        }
    };
    read(file, text);
    if (!parametersFile.empty())
    {
        read(parametersFile, parameters);
    }
    return deployment.errors.empty() ? ResourceImporter(options).Import(text, parameters)
                                     : deployment;
}

} // namespace azure
} // namespace ns3
