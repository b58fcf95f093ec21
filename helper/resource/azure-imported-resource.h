/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_IMPORTED_RESOURCE_H
#define AZURE_IMPORTED_RESOURCE_H

#include "ns3/azure-ip-address.h"
#include "ns3/azure-json-value.h"
#include "ns3/azure-resource-id.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A resource on its way from JSON to a configuration.
 */
struct ImportedResource
{
    std::string path;            //!< JSON path in the input; empty: the input is this resource
    ResourceId id;               //!< its id
    JsonValue body;              //!< the resource, with all expressions evaluated
    bool synthesised{false};     //!< made up, because the input names it without describing it
    bool completed{false};       //!< whether addresses and ids are filled in
    bool addressAssigned{false}; //!< whether a public address was chosen by the importer
    std::vector<IpAddress>
        instanceAddresses; //!< of a scale set: by instance, then by IP configuration

    /**
     * @param type a type; case does not matter
     * @return whether the resource is of that type
     */
    bool IsOfType(const std::string& type) const
    {
        return EqualsIgnoringCase(id.GetType(), type);
    }
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_IMPORTED_RESOURCE_H */
