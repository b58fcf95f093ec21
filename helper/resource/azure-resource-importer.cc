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
#include <filesystem>

namespace ns3
{
namespace azure
{

namespace
{

/// Begins a parameter that stands for an output of the prerequisite, with its quote.
const char* const PLACEHOLDER = "\"GET-PREREQ-";

/// A parameter that stands for a name which nobody has, with its quotes.
const std::string UNIQUE_NAME = "\"GEN-UNIQUE\"";

/// Where a prerequisite is, seen from its template.
const char* const PREREQUISITE = "prereqs/prereq.azuredeploy.json";

/// Its parameters.
const char* const PREREQUISITE_PARAMETERS = "prereqs/prereq.azuredeploy.parameters.json";

/**
 * @param parameters a parameter file
 * @return the same with a name of its own in each place that asks for one
 */
std::string
NameUniquely(std::string parameters)
{
    std::size_t at = 0;
    for (uint32_t i = 1; (at = parameters.find(UNIQUE_NAME, at)) != std::string::npos; ++i)
    {
        const auto name = "\"gen-unique-" + std::to_string(i) + "\"";
        parameters.replace(at, UNIQUE_NAME.size(), name);
        at += name.size();
    }
    return parameters;
}

/**
 * @brief Deploy what has to be there before a template.
 *
 * @param source the prerequisite, which has to outlive the deployer
 * @param values its parameters
 * @param deployer deploys it
 * @param[in,out] parameters parameters of the template; its placeholders become what the
 *                prerequisite returns
 * @param[in,out] deployment receives notices and errors
 * @return its resources
 */
std::vector<ImportedResource*>
DeployPrerequisite(const JsonValue& source,
                   const JsonValue& values,
                   ArmDeployer& deployer,
                   std::string& parameters,
                   DeploymentConfiguration& deployment)
{
    const auto resources = deployer.Deploy(source, &values, deployment);
    const std::string where = std::string(PREREQUISITE) + ": ";
    for (auto* resource : resources)
    {
        resource->path = where + resource->path;
    }
    for (auto* list : {&deployment.notModelled, &deployment.assumed})
    {
        for (auto& notice : *list)
        {
            notice.path = where + notice.path;
        }
    }
    for (const auto& output : deployment.outputs)
    {
        const auto placeholder = PLACEHOLDER + output.name + "\"";
        std::size_t at = 0;
        while ((at = parameters.find(placeholder, at)) != std::string::npos)
        {
            parameters.replace(at, placeholder.size(), output.json);
            at += output.json.size();
        }
    }
    deployment.outputs.clear();
    return resources;
}

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
    return Import({text, parameters}, {});
}

DeploymentConfiguration
ResourceImporter::Import(const Texts& texts, const Texts& prerequisite) const
{
    DeploymentConfiguration deployment;
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
        const auto root = JsonText::Parse(texts.content, error);
        if (!root)
        {
            fail(m_options.source, "", error);
            return deployment;
        }
        ResourceCompletion completion;
        std::vector<ImportedResource*> resources;
        auto prerequisiteOptions = m_options;
        prerequisiteOptions.source = PREREQUISITE;
        prerequisiteOptions.parametersSource = PREREQUISITE_PARAMETERS;
        ArmDeployer first(prerequisiteOptions, completion);
        auto parameters = texts.parameters;
        if (!prerequisite.content.empty())
        {
            const auto before = JsonText::Parse(prerequisite.content, error);
            const auto given = JsonText::Parse(NameUniquely(prerequisite.parameters), error);
            if (!before || !given)
            {
                fail(before ? PREREQUISITE_PARAMETERS : PREREQUISITE, "", error);
                return deployment;
            }
            resources = DeployPrerequisite(*before, *given, first, parameters, deployment);
        }
        std::optional<JsonValue> values;
        if (!parameters.empty() && !(values = JsonText::Parse(parameters, error)))
        {
            fail(m_options.parametersSource, "", error);
            return deployment;
        }
        ArmDeployer deployer(m_options, completion);
        RestResources rest(m_options);
        if (!deployment.errors.empty())
        {
            return deployment;
        }
        if (IsTemplate(*root))
        {
            const auto own = deployer.Deploy(*root, values ? &*values : nullptr, deployment);
            resources.insert(resources.end(), own.begin(), own.end());
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
    return deployment;
}

DeploymentConfiguration
ResourceImporter::ImportFile(const std::string& file, const std::string& parametersFile) const
{
    auto options = m_options;
    options.source = file;
    options.parametersSource = parametersFile;
    Texts texts;
    Texts prerequisite;
    DeploymentConfiguration deployment;
    deployment.source = file;
    const auto read = [&](const std::string& name, std::string& content) {
        const auto error = InputFile::Read(name, ResourceLimits::TextBytes, content);
        if (!error.empty())
        {
            deployment.errors.push_back({name, "", error});
        }
    };
    read(file, texts.content);
    if (!parametersFile.empty())
    {
        read(parametersFile, texts.parameters);
    }
    const auto folder = std::filesystem::path(file).parent_path();
    if (texts.parameters.find(PLACEHOLDER) != std::string::npos &&
        std::filesystem::exists(folder / PREREQUISITE))
    {
        read((folder / PREREQUISITE).string(), prerequisite.content);
        read((folder / PREREQUISITE_PARAMETERS).string(), prerequisite.parameters);
    }
    return deployment.errors.empty() ? ResourceImporter(options).Import(texts, prerequisite)
                                     : deployment;
}

} // namespace azure
} // namespace ns3
