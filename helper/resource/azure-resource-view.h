/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_VIEW_H
#define AZURE_RESOURCE_VIEW_H

#include "ns3/azure-json-value.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A place in resource JSON: a value, or the absence of one, and its JSON path.
 *
 * Members are looked up in `properties` when there is such an object and it has the member, and
 * in the object itself otherwise: the REST shape and the flattened shape of the command line
 * both read the same. An explicit null counts as absent. All reading throws ResourceError, with
 * the path, when the value has the wrong type.
 */
class ResourceView
{
  public:
    /**
     * @param value the value; null: absent
     * @param path its JSON path
     */
    ResourceView(const JsonValue* value, const std::string& path);

    /**
     * @return whether there is a value
     */
    bool Exists() const;

    /**
     * @return JSON path of the value, or of where it would be
     */
    const std::string& GetPath() const;

    /**
     * @return the value, null when absent
     */
    const JsonValue* GetValue() const;

    /**
     * @param name name of a member; case does not matter
     * @return the member
     */
    ResourceView Get(const std::string& name) const;

    /**
     * @return the elements of an array; none when absent
     */
    std::vector<ResourceView> GetElements() const;

    /**
     * @param fallback what absence means
     * @return the text
     */
    std::string GetText(const std::string& fallback = "") const;

    /**
     * @return the text, or a whole number as text: the service takes both for a zone
     */
    std::string GetTextOrNumber() const;

    /**
     * @param fallback what absence means
     * @param minimum lowest allowed
     * @param maximum highest allowed
     * @return the whole number; text that holds one counts, too
     */
    int64_t GetInteger(int64_t fallback, int64_t minimum, int64_t maximum) const;

    /**
     * @param fallback what absence means
     * @return the truth value; text that holds one counts, too
     */
    bool GetBoolean(bool fallback) const;

    /**
     * @param fallback what absence means
     * @return the port
     */
    uint16_t GetPort(uint16_t fallback) const;

    /**
     * @return the last part of the member `name`, which must be there
     */
    std::string GetName() const;

    /**
     * @tparam T an enumeration
     * @param fallback what absence means
     * @param values the texts that are allowed, with what they mean; case does not matter
     * @return what the text means
     */
    template <typename T>
    T GetEnum(T fallback, const std::vector<std::pair<const char*, T>>& values) const
    {
        std::vector<std::string> names;
        for (const auto& value : values)
        {
            names.emplace_back(value.first);
        }
        const auto index = FindText(names);
        return index ? values[*index].second : fallback;
    }

    /**
     * @return the text of `id` below this; empty when absent
     */
    std::string GetReference() const;

    /**
     * @param message what is wrong here
     */
    [[noreturn]] void Fail(const std::string& message) const;

  private:
    /**
     * @param allowed the texts that are allowed; case does not matter
     * @return which of them this is; nothing when absent
     */
    std::optional<std::size_t> FindText(const std::vector<std::string>& allowed) const;

    const JsonValue* m_value; //!< the value; null: absent
    std::string m_path;       //!< its JSON path
};

/**
 * @ingroup azure-load-balancing
 * @brief Maps paths of a configuration to the JSON paths that they were read from.
 */
class ResourcePathMap
{
  public:
    /**
     * @param configurationPath path of a field, for example `probes[0]`
     * @param jsonPath where it was read
     */
    void Add(const std::string& configurationPath, const std::string& jsonPath);

    /**
     * @param configurationPath path of a struct, for example `probes[0]`
     * @param view where it was read; its fields are looked up below this, or its `properties`
     */
    void Add(const std::string& configurationPath, const ResourceView& view);

    /**
     * @param configurationPath path of a field, or below one
     * @return the JSON path of the longest part that is known, and the rest as it is
     */
    std::string Find(const std::string& configurationPath) const;

  private:
    std::map<std::string, std::string> m_paths;  //!< JSON path by path of a configuration
    std::map<std::string, ResourceView> m_views; //!< where a struct was read, by the same path
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_VIEW_H */
