/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_PROPERTIES_H
#define AZURE_RESOURCE_PROPERTIES_H

#include "ns3/azure-resource-view.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Knows the properties of modelled resources and their parts, so that none is dropped
 *        silently.
 *
 * Known are those that are read, and those that cannot matter to traffic: what the service adds
 * to a reply (etag, provisioningState, references back), tags, and the like.
 */
class ResourceProperties
{
  public:
    /**
     * @brief Finds what the model does not know.
     *
     * Properties that are null, false or empty ask for nothing, and are left out.
     *
     * @param view a resource or a part of one
     * @param kind last part of the resource's type, for example "loadBalancers", or the list that
     *             the part is in, for example "probes"
     * @return the unknown properties, as written
     */
    static std::vector<ResourceView> FindUnknown(const ResourceView& view, const std::string& kind);

    /**
     * @brief Finds what the model does not know, in a resource and in its parts.
     * @param view a resource or a part of one
     * @param kind as for FindUnknown()
     * @return the unknown properties, as written
     */
    static std::vector<ResourceView> FindUnknownWithin(const ResourceView& view,
                                                       const std::string& kind);

    /**
     * @param property a property that the model does not know
     * @return why it does not
     */
    static std::string Why(const ResourceView& property);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_PROPERTIES_H */
