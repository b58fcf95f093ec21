/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_SCENARIO_SECTION_H
#define AZURE_SCENARIO_SECTION_H

#include "ns3/azure-configuration-error.h"
#include "ns3/azure-json-value.h"
#include "ns3/nstime.h"

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
 * @brief Reads the members of one JSON object; what it was not asked for is an error.
 */
class ScenarioSection
{
  public:
    /**
     * @param json the value, which must be an object
     * @param path its path; empty at the top
     * @param errors takes the errors
     */
    ScenarioSection(const JsonValue& json,
                    std::string path,
                    std::vector<ConfigurationError>& errors);

    /**
     * @param key a member
     * @return its path
     */
    std::string Path(const std::string& key) const;

    /**
     * @param key the member at fault; empty: the object itself
     * @param message what is wrong
     */
    void Fail(const std::string& key, const std::string& message);

    /**
     * @param key a member
     * @return its value, or nullptr
     */
    const JsonValue* Find(const std::string& key);

    /**
     * @param key a member
     * @param set takes the value
     */
    void Text(const std::string& key, const std::function<void(const std::string&)>& set);

    /**
     * @param key a member whose text must not be empty
     * @param set takes the value
     */
    void Name(const std::string& key, const std::function<void(const std::string&)>& set);

    /**
     * @param key a member
     * @param set takes the value
     */
    void Number(const std::string& key, const std::function<void(double)>& set);

    /**
     * @param key a member
     * @param lowest the lowest value allowed
     * @param highest the highest value allowed
     * @param set takes the value
     */
    void Integer(const std::string& key,
                 uint32_t lowest,
                 uint32_t highest,
                 const std::function<void(uint32_t)>& set);

    /**
     * @param key a member
     * @param set takes the value
     */
    void Flag(const std::string& key, const std::function<void(bool)>& set);

    /**
     * @param key a member that holds seconds
     * @param set takes the value
     */
    void Duration(const std::string& key, const std::function<void(const Time&)>& set);

    /**
     * @param key a member that holds one word of a list
     * @param words the list
     * @param set takes the position in the list
     */
    void Choice(const std::string& key,
                const std::vector<std::string>& words,
                const std::function<void(std::size_t)>& set);

    /**
     * @param key a member that holds a list
     * @param each takes every element and its path
     */
    void List(const std::string& key,
              const std::function<void(const JsonValue&, const std::string&)>& each);

    /** Complains about every member that was not asked for. */
    void Close();

    /**
     * @param word what was written
     * @param known what would have been right
     * @return a hint for the message: the nearest word, or all of them
     */
    static std::string Suggest(const std::string& word, const std::vector<std::string>& known);

  private:
    /**
     * @param key the member
     * @param wanted what it must be
     * @param value what it is
     */
    void Wrong(const std::string& key, const std::string& wanted, const JsonValue& value);

    /**
     * @param value a value
     * @return whether it is a number
     */
    static bool IsNumber(const JsonValue& value);

    const JsonValue& m_json;                   //!< the object
    std::string m_path;                        //!< where it is
    std::vector<ConfigurationError>& m_errors; //!< takes the errors
    std::vector<std::string> m_known;          //!< keys that were asked for
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_SCENARIO_SECTION_H */
