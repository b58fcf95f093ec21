/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_CHECKER_H
#define AZURE_APPLICATION_GATEWAY_CHECKER_H

#include "azure-application-gateway-configuration.h"

#include "ns3/azure-configuration-checker.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the validators of an application gateway have in common besides.
 */
class ApplicationGatewayChecker : public ConfigurationChecker
{
  public:
    /**
     * @param configuration what to check
     * @param errors gets what is wrong
     */
    ApplicationGatewayChecker(const ApplicationGatewayConfiguration& configuration,
                              std::vector<ConfigurationError>& errors);

  protected:
    /**
     * @brief A reference must lead to something.
     *
     * @param path path of the reference
     * @param name the name that it holds; empty: nothing is referred to
     * @param items what it may refer to
     * @param what one of these, in words
     * @return whether it leads to something
     */
    template <typename T>
    bool CheckReference(const std::string& path,
                        const std::string& name,
                        const std::vector<T>& items,
                        const std::string& what)
    {
        if (name.empty() || FindByName(items, name))
        {
            return !name.empty();
        }
        Add(path, "there is no " + what + " " + name + "; add it or name another one");
        return false;
    }

    /**
     * @brief A collection must not be larger than a limit (AG-54, AG-63).
     *
     * @param path where
     * @param count how many there are
     * @param limit how many there may be
     * @param what of what, in words
     */
    void CheckLimit(const std::string& path, size_t count, size_t limit, const std::string& what);

    const ApplicationGatewayConfiguration& m_configuration; //!< what to check
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_CHECKER_H */
