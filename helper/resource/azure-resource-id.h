/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_ID_H
#define AZURE_RESOURCE_ID_H

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A resource id, taken apart:
 *        /subscriptions/S/resourceGroups/G/providers/Namespace/type/name/type/name.
 */
struct ResourceId
{
    std::string scope;              //!< what is before the last "/providers/"
    std::string resourceNamespace;  //!< for example "Microsoft.Network"
    std::vector<std::string> types; //!< for example "loadBalancers", "probes"
    std::vector<std::string> names; //!< as many as types

    /**
     * @param text a resource id; doubled and trailing slashes are ignored
     * @return the id taken apart; no types when the text is no resource id
     */
    static ResourceId FromText(const std::string& text);

    /**
     * @param type a type, for example "Microsoft.Network/loadBalancers/probes"
     * @param name a name, for example "lb/probe"
     * @param scope what is before "/providers/"
     * @return the id; no types when type and name do not match
     */
    static ResourceId FromTypeAndName(const std::string& type,
                                      const std::string& name,
                                      const std::string& scope);

    /**
     * @return whether there is at least one type, and as many names
     */
    bool IsValid() const;

    /**
     * @return the id as text
     */
    std::string ToText() const;

    /**
     * @return the id as text in lower case, for comparison
     */
    std::string ToKey() const;

    /**
     * @return the type, for example "Microsoft.Network/loadBalancers/probes"
     */
    std::string GetType() const;

    /**
     * @return the name, for example "lb/probe"
     */
    std::string GetName() const;

    /**
     * @param type a type, without its namespace, for example "loadBalancers"; case does not
     *        matter
     * @return the name that belongs to it; empty when there is none
     */
    std::string GetNameOf(const std::string& type) const;

    /**
     * @param count types and names to keep
     * @return the id of the resource that holds this one
     */
    ResourceId GetParent(std::size_t count) const;
};

/**
 * @param text a text
 * @param separator the character between the parts
 * @return the parts that are not empty
 */
std::vector<std::string> SplitText(const std::string& text, char separator);

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_ID_H */
