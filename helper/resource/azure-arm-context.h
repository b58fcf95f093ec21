/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_CONTEXT_H
#define AZURE_ARM_CONTEXT_H

#include "ns3/azure-json-value.h"
#include "ns3/azure-resource-import-options.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief How much work an import may still do; keeps every input from hanging.
 */
class ArmBudget
{
  public:
    /**
     * @param steps nodes that may be handled
     * @throws ResourceError when the import has handled more than ResourceLimits::Steps
     */
    void Charge(std::size_t steps);

    /**
     * @brief Begins a nested evaluation.
     * @throws ResourceError when there are more than ResourceLimits::EvaluationDepth
     */
    void Enter();

    /**
     * @brief Ends a nested evaluation.
     */
    void Leave();

  private:
    uint64_t m_steps{0};    //!< handled so far
    std::size_t m_depth{0}; //!< evaluations under way
};

/**
 * @ingroup azure-load-balancing
 * @brief Where expressions get parameters, variables and other resources from.
 */
class ArmScope
{
  public:
    virtual ~ArmScope() = default;

    /**
     * @param name name of a parameter; case does not matter
     * @return its value
     * @throws ResourceError when there is none
     */
    virtual JsonValue GetParameter(const std::string& name) = 0;

    /**
     * @param name name of a variable; case does not matter
     * @return its value
     * @throws ResourceError when there is none, or it needs itself
     */
    virtual JsonValue GetVariable(const std::string& name) = 0;

    /**
     * @param nameOrId name or id of a resource
     * @param full whether the whole resource is wanted, not only its properties
     * @return what the service would return for it
     * @throws ResourceError of kind Unresolved when the template does not hold it
     */
    virtual JsonValue GetReference(const std::string& nameOrId, bool full) = 0;

    /**
     * @return the object that deployment() gives
     */
    virtual JsonValue GetDeployment() = 0;

    /**
     * @return the environment
     */
    virtual const ResourceImportOptions& GetEnvironment() const = 0;

    /**
     * @return how much work may still be done
     */
    virtual ArmBudget& GetBudget() = 0;
};

/**
 * @ingroup azure-load-balancing
 * @brief One iteration of a copy loop.
 */
struct ArmCopyLoop
{
    std::string name;    //!< name of the loop
    int64_t index{0};    //!< the iteration, from 0
    bool isInner{false}; //!< over a property or variable: copyIndex() needs its name
};

/**
 * @ingroup azure-load-balancing
 * @brief What an expression sees: a scope and the copy loops around it.
 */
struct ArmContext
{
    ArmScope& scope;                //!< parameters, variables and resources
    std::vector<ArmCopyLoop> loops; //!< from the outermost to the innermost

    /**
     * Called with path and reason when an expression refers to something outside the template;
     * the expression is null then. Not set: that is an error.
     */
    std::function<void(const std::string&, const std::string&)> onUnresolved;

    /**
     * @param loop name of a loop; empty: the loop over the resource or output
     * @return the iteration, from 0
     * @throws ResourceError when there is no such loop
     */
    int64_t GetCopyIndex(const std::string& loop) const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_CONTEXT_H */
