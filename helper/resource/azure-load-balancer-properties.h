/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_LOAD_BALANCER_PROPERTIES_H
#define AZURE_LOAD_BALANCER_PROPERTIES_H

#include "ns3/azure-resource-view.h"

#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Knows the properties of a load balancer and its parts, so that none is dropped silently.
 *
 * Known are those that are read, and those that cannot matter to traffic: what the service adds
 * to a reply (etag, provisioningState, references back), tags, and the like.
 */
class LoadBalancerProperties
{
  public:
    /**
     * @brief Finds what the model does not know.
     *
     * Properties that are null, false or empty ask for nothing, and are left out.
     *
     * @param view the load balancer or a part of it
     * @param kind "loadBalancers", or the list that the part is in, for example "probes"
     * @return the unknown properties, as written
     */
    static std::vector<ResourceView> FindUnknown(const ResourceView& view, const std::string& kind);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_LOAD_BALANCER_PROPERTIES_H */
