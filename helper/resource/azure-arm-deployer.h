/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_DEPLOYER_H
#define AZURE_ARM_DEPLOYER_H

#include "ns3/azure-arm-expander.h"
#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"
#include "ns3/azure-resource-completion.h"

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Deploys a template on paper: evaluates its resources one after the other, in the order
 *        that their dependencies allow, and its outputs.
 *
 * Among resources that may come next, the first in the template does.
 */
class ArmDeployer
{
  public:
    /**
     * @param options environment and names
     * @param completion fills in what the service would; has to outlive this
     */
    ArmDeployer(const ResourceImportOptions& options, ResourceCompletion& completion);

    /**
     * @brief Evaluates a template.
     * @param source the template; has to outlive this
     * @param parameters the parameter file; null: none
     * @param[in,out] deployment receives outputs, notices and errors
     * @return the resources, in deployment order; valid as long as this is
     */
    std::vector<ImportedResource*> Deploy(const JsonValue& source,
                                          const JsonValue* parameters,
                                          DeploymentConfiguration& deployment);

  private:
    /// How far a resource is.
    enum class State : uint8_t
    {
        Waiting, //!< not begun
        Busy,    //!< being evaluated
        Done,    //!< evaluated
        Failed   //!< given up with an error
    };

    /**
     * @param source the template
     * @param parameters the parameter file; null: none
     * @param scope receives the values
     */
    void BindParameters(const JsonValue& source,
                        const JsonValue* parameters,
                        ArmTemplateScope& scope);

    /**
     * @brief Evaluates a resource, and before it what it depends on.
     * @param index the resource
     */
    void DeployResource(std::size_t index);

    /**
     * @brief Evaluates the body of a resource.
     * @param index the resource
     */
    void EvaluateBody(std::size_t index);

    /**
     * @brief Answers reference().
     * @param nameOrId name or id of a resource
     * @param full whether the whole resource is wanted
     * @return what the service would return
     */
    JsonValue Resolve(const std::string& nameOrId, bool full);

    /**
     * @param source a template
     * @param path JSON path of the template
     * @param context what its expressions see
     * @return its outputs: objects with `type` and `value` by name
     */
    JsonValue EvaluateOutputs(const JsonValue& source,
                              const std::string& path,
                              ArmContext& context);

    /**
     * @param path JSON path
     * @param message what is wrong
     * @param isParameterFile whether it is the parameter file that is wrong
     */
    void AddError(const std::string& path,
                  const std::string& message,
                  bool isParameterFile = false);

    ResourceImportOptions m_options;            //!< environment and names
    ResourceCompletion& m_completion;           //!< fills in what the service would
    ArmBudget m_budget;                         //!< work that may be done
    ArmExpander m_expander;                     //!< the resources
    std::vector<State> m_states;                //!< of each resource
    bool m_isExpanded{false};                   //!< all resources are known
    std::vector<ImportedResource*> m_order;     //!< resources done, in order
    DeploymentConfiguration* m_result{nullptr}; //!< receives notices and errors
    std::vector<std::string> m_parameterPaths;  //!< JSON paths that are in the parameter file
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_DEPLOYER_H */
