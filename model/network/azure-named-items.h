/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_NAMED_ITEMS_H
#define AZURE_NAMED_ITEMS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @tparam T a struct with a `name`
 * @param items the things that have names
 * @param name a name; upper and lower case differ
 * @return index of the first thing with that name
 */
template <typename T>
std::optional<uint32_t>
IndexOfNamed(const std::vector<T>& items, const std::string& name)
{
    for (uint32_t index = 0; index < items.size(); ++index)
    {
        if (items[index].name == name)
        {
            return index;
        }
    }
    return std::nullopt;
}

/**
 * @ingroup azure-load-balancing
 * @tparam T a struct with a `name`
 * @param items the things that have names
 * @param name a name; upper and lower case differ
 * @return the first thing with that name, or null
 */
template <typename T>
const T*
FindNamed(const std::vector<T>& items, const std::string& name)
{
    const auto index = IndexOfNamed(items, name);
    return index ? &items[*index] : nullptr;
}

} // namespace azure
} // namespace ns3

#endif /* AZURE_NAMED_ITEMS_H */
