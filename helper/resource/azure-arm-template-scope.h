/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_ARM_TEMPLATE_SCOPE_H
#define AZURE_ARM_TEMPLATE_SCOPE_H

#include "ns3/azure-arm-context.h"
#include "ns3/azure-json-value.h"
#include "ns3/azure-resource-import-options.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Parameters and variables of one template, evaluated when they are first used.
 */
class ArmTemplateScope : public ArmScope
{
  public:
    /// Answers reference(): name or id, and whether the whole resource is wanted.
    using Resolver = std::function<JsonValue(const std::string&, bool)>;

    /**
     * @param source the template; has to outlive this
     * @param path JSON path of the template; empty: the whole file
     * @param environment environment of the deployment
     * @param budget work that may be done; has to outlive this
     * @param resolver answers reference()
     */
    ArmTemplateScope(const JsonValue& source,
                     const std::string& path,
                     const ResourceImportOptions& environment,
                     ArmBudget& budget,
                     Resolver resolver);

    /**
     * @brief Gives a parameter its value.
     * @param name name of the parameter
     * @param value its value; an expression when there is a context
     * @param path JSON path of the value
     * @param context what its expressions see; null: it has none
     */
    void BindParameter(const std::string& name,
                       const JsonValue& value,
                       const std::string& path,
                       const ArmContext* context);

    /**
     * @brief Checks one declared parameter: its type, limits and value.
     * @param name name of the parameter
     * @throws ResourceError with the path of what is wrong
     */
    void CheckParameter(const std::string& name);

    /**
     * @brief Checks that every parameter has a value or a default.
     * @throws ResourceError with the path of the first declaration, by name, that has none
     */
    void RequireParameters() const;

    /**
     * @param source a template
     * @param name name of a section, for example "outputs"
     * @param path JSON path of the template
     * @return the section; null when it is absent
     * @throws ResourceError when it is no object
     */
    static const JsonValue* FindSection(const JsonValue& source,
                                        const std::string& name,
                                        const std::string& path);

    /**
     * @param name name of a parameter; case does not matter
     * @return whether the template declares it
     */
    bool HasParameter(const std::string& name) const;

    JsonValue GetParameter(const std::string& name) override;
    JsonValue GetVariable(const std::string& name) override;
    JsonValue GetReference(const std::string& nameOrId, bool full) override;
    JsonValue GetDeployment() override;
    const ResourceImportOptions& GetEnvironment() const override;
    ArmBudget& GetBudget() override;

  private:
    /// A value that is evaluated when it is first used.
    struct Slot
    {
        const JsonValue* declaration{nullptr}; //!< declaration of a parameter
        std::string declarationPath;           //!< its JSON path
        const JsonValue* source{nullptr};      //!< the value to evaluate; null: none
        std::string path;                      //!< its JSON path
        std::optional<ArmContext> context;     //!< what it sees, if not this scope
        std::string loop;                      //!< name of the copy loop it is; empty: none
        bool isLiteral{false};                 //!< it holds no expressions
        bool isBusy{false};                    //!< it is being evaluated
        std::optional<JsonValue> value;        //!< the value
    };

    /**
     * @param slot a parameter or variable
     * @param what what it is, for an error
     * @return its value
     */
    JsonValue Evaluate(Slot& slot, const std::string& what);

    ResourceImportOptions m_environment;       //!< environment of the deployment
    ArmBudget& m_budget;                       //!< work that may be done
    Resolver m_resolver;                       //!< answers reference()
    std::map<std::string, Slot> m_parameters;  //!< by name in lower case
    std::map<std::string, Slot> m_variables;   //!< by name in lower case
    std::map<std::string, JsonValue> m_values; //!< copies of bound values, by name
};

/**
 * @ingroup azure-load-balancing
 * @brief Checks values of template parameters.
 */
class ArmParameterCheck
{
  public:
    /**
     * @param declaration declaration of the parameter
     * @param declarationPath its JSON path
     * @param value the value
     * @param path JSON path of the value
     * @throws ResourceError when the value is not one that the declaration allows
     */
    static void Check(const JsonValue& declaration,
                      const std::string& declarationPath,
                      const JsonValue& value,
                      const std::string& path);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_ARM_TEMPLATE_SCOPE_H */
