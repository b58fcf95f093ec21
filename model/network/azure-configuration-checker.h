/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_CONFIGURATION_CHECKER_H
#define AZURE_CONFIGURATION_CHECKER_H

#include "ns3/azure-configuration-error.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief What the validators of all services have in common.
 */
class ConfigurationChecker
{
  public:
    /**
     * @param errors gets what is wrong
     */
    explicit ConfigurationChecker(std::vector<ConfigurationError>& errors)
        : m_errors(errors)
    {
    }

    /**
     * @param collection REST name of a collection, or the path to it
     * @param index index in it
     * @param field REST name of a field; empty: the element itself
     * @return its path, for example `probes[0].port`
     */
    static std::string Path(const std::string& collection,
                            size_t index,
                            const std::string& field = "")
    {
        return collection + "[" + std::to_string(index) + "]" + (field.empty() ? "" : "." + field);
    }

  protected:
    /**
     * @param path where
     * @param message what is wrong and what to do
     */
    void Add(const std::string& path, const std::string& message)
    {
        m_errors.push_back({path, message});
    }

    /**
     * @brief Names must be there and differ, without regard to case.
     *
     * @param collection path of the collection
     * @param items its elements
     */
    template <typename T>
    void CheckNames(const std::string& collection, const std::vector<T>& items)
    {
        std::set<std::string> seen;
        for (size_t index = 0; index < items.size(); ++index)
        {
            std::string name = items[index].name;
            std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
                return static_cast<char>(std::tolower(c));
            });
            if (name.empty())
            {
                Add(Path(collection, index, "name"), "a name is needed");
            }
            else if (!seen.insert(name).second)
            {
                Add(Path(collection, index, "name"),
                    "the name " + items[index].name +
                        " is taken; names must differ by more than upper and lower case");
            }
        }
    }

  private:
    std::vector<ConfigurationError>& m_errors; //!< what is wrong
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_CONFIGURATION_CHECKER_H */
