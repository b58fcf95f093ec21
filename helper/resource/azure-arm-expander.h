/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_EXPANDER_H
#define AZURE_ARM_EXPANDER_H

#include "ns3/azure-arm-context.h"
#include "ns3/azure-arm-template-scope.h"
#include "ns3/azure-configuration-error.h"
#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A resource of a template: one iteration of its copy loop, condition fulfilled.
 */
struct ArmDeclaration
{
    ImportedResource resource;                 //!< path and id; the body is evaluated later
    const JsonValue* source{nullptr};          //!< as written
    ArmContext context;                        //!< what its expressions see
    std::string copyName;                      //!< name of its copy loop, in lower case; or empty
    std::size_t group{0};                      //!< which template it is in
    std::vector<std::size_t> dependencies;     //!< resources that have to come first
    const JsonValue* nested{nullptr};          //!< template of a nested deployment
    std::string nestedPath;                    //!< JSON path of that template
    std::unique_ptr<ArmContext> nestedContext; //!< what the nested template's expressions see
    ArmTemplateScope* nestedScope{nullptr};    //!< of a nested template with inner scope
    std::string key;                           //!< its id, in lower case
    std::string name;                          //!< its whole name, in lower case
};

/**
 * @ingroup azure-load-balancing
 * @brief Unrolls the copy loops, conditions, children and nested deployments of a template into
 *        a flat list of resources, and resolves what they depend on.
 */
class ArmExpander
{
  public:
    /**
     * @param environment environment of the deployment
     * @param budget work that may be done; has to outlive this
     * @param resolver answers reference()
     */
    ArmExpander(const ResourceImportOptions& environment,
                ArmBudget& budget,
                ArmTemplateScope::Resolver resolver);

    /**
     * @brief Adds the resources of a template.
     *
     * @param source the template; has to outlive this
     * @param path JSON path of the template; empty: the whole file
     * @param context what its expressions see
     */
    void Expand(const JsonValue& source, const std::string& path, const ArmContext& context);

    /**
     * @param idOrName id or whole name of a resource, in lower case
     * @return whether the condition of such a resource is false
     */
    bool IsSkipped(const std::string& idOrName) const;

    std::deque<ArmDeclaration> m_declarations; //!< the resources, in template order
    std::vector<ConfigurationError> m_errors;  //!< what is wrong
    std::vector<ResourceNotice> m_notModelled; //!< deployments that cannot be followed

  private:
    /// Where a resource is.
    struct Place
    {
        std::string parentType;                //!< type of the resource around it; or empty
        std::string parentName;                //!< name of the resource around it; or empty
        std::vector<std::size_t> dependencies; //!< what has to come before it in any case
        std::size_t group{0};                  //!< which template it is in
        std::size_t depth{0};                  //!< nested deployments around it
        std::string subscriptionId;            //!< where it is deployed to; empty: the scope's own
        std::string resourceGroup;             //!< where it is deployed to; empty: the scope's own
    };

    /**
     * @param resources the `resources` of a template or resource
     * @param path its JSON path
     * @param context what its expressions see
     * @param place where the resources are
     */
    void ExpandList(const JsonValue& resources,
                    const std::string& path,
                    const ArmContext& context,
                    const Place& place);

    /**
     * @param source a resource, with or without a copy loop
     * @param path its JSON path
     * @param context what its expressions see
     * @param place where it is
     */
    void ExpandResource(const JsonValue& source,
                        const std::string& path,
                        ArmContext context,
                        const Place& place);

    /**
     * @param source a resource
     * @param path its JSON path
     * @param context what its expressions see, with its own copy loop
     * @param copyName name of its copy loop; or empty
     * @param place where it is
     */
    void ExpandInstance(const JsonValue& source,
                        const std::string& path,
                        ArmContext& context,
                        const std::string& copyName,
                        const Place& place);

    /**
     * @param index a nested deployment in the list
     * @param place where it is
     */
    void ExpandDeployment(std::size_t index, const Place& place);

    /**
     * @brief Notes that a resource, with everything in it, is not deployed.
     * @param id the resource
     * @param copyName name of its copy loop, in lower case; or empty
     * @param group which template
     */
    void Skip(const ResourceId& id, const std::string& copyName, std::size_t group);

    /**
     * @brief Adds what `dependsOn` says to the dependencies of a group of resources.
     * @param first the first resource of the group in the list
     * @param group which template
     */
    void ResolveDependencies(std::size_t first, std::size_t group);

    /**
     * @param text an entry of `dependsOn`
     * @param group which template
     * @param[out] found receives the resources
     * @return whether the entry names a resource, or one whose condition is false
     */
    bool FindDependency(const std::string& text,
                        std::size_t group,
                        std::vector<std::size_t>& found);

    ResourceImportOptions m_environment;                     //!< environment
    ArmBudget& m_budget;                                     //!< work that may be done
    ArmTemplateScope::Resolver m_resolver;                   //!< answers reference()
    std::vector<std::unique_ptr<ArmTemplateScope>> m_scopes; //!< of nested deployments
    std::set<std::string> m_ids;                             //!< ids so far, in lower case
    std::map<std::string, std::string> m_skipped; //!< whole names by ids, both in lower case, of
                                                  //!< resources whose condition is false
    std::set<std::string> m_skippedNames; //!< their names and loops, each after its template
    std::size_t m_groups{0};              //!< templates so far
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_EXPANDER_H */
