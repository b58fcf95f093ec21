/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_APPLICATION_GATEWAY_CHECKER_H
#define AZURE_APPLICATION_GATEWAY_CHECKER_H

#include "azure-application-gateway-configuration.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the validators of an application gateway have in common.
 */
class ApplicationGatewayChecker
{
  public:
    /**
     * @param configuration what to check
     * @param errors gets what is wrong
     */
    ApplicationGatewayChecker(const ApplicationGatewayConfiguration& configuration,
                              std::vector<ConfigurationError>& errors);

    /**
     * @param collection REST name of a collection, or the path to it
     * @param index index in it
     * @param field REST name of a field; empty: the element itself
     * @return its path, for example `probes[0].port`
     */
    static std::string Path(const std::string& collection,
                            size_t index,
                            const std::string& field = "");

  protected:
    /**
     * @param path where
     * @param message what is wrong and what to do
     */
    void Add(const std::string& path, const std::string& message);

    /**
     * @brief Names must be there and differ, without regard to case.
     *
     * @param collection path of the collection
     * @param items its elements
     */
    template <typename T>
    void CheckNames(const std::string& collection, const std::vector<T>& items)
    {
        for (size_t index = 0; index < items.size(); ++index)
        {
            if (items[index].name.empty())
            {
                Add(Path(collection, index, "name"), "a name is needed");
            }
            else if (*FindByName(items, items[index].name) != index)
            {
                Add(Path(collection, index, "name"),
                    "the name " + items[index].name +
                        " is taken; names must differ by more than upper and lower case");
            }
        }
    }

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

  private:
    std::vector<ConfigurationError>& m_errors; //!< what is wrong
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_APPLICATION_GATEWAY_CHECKER_H */
