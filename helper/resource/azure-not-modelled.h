/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_NOT_MODELLED_H
#define AZURE_NOT_MODELLED_H

#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"

#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Says of every resource whether it was taken, and why not.
 */
class NotModelled
{
  public:
    /**
     * @param resources the resources, in deployment order
     * @param publicAddresses ids, in lower case, of public addresses in use
     * @param ipv6Services ids, in lower case, of load balancers and application gateways
     *        without an IPv4 frontend
     * @param[in,out] deployment receives the notices
     */
    static void List(const std::vector<ImportedResource*>& resources,
                     const std::set<std::string>& publicAddresses,
                     const std::set<std::string>& ipv6Services,
                     DeploymentConfiguration& deployment);

    /**
     * @brief Lists the properties of a modelled resource that have no effect. Copies of a loop
     *        share an entry.
     * @param resource the resource
     * @param[in,out] listed JSON paths that have an entry
     * @param[in,out] deployment receives the notices
     */
    static void ListProperties(const ImportedResource& resource,
                               std::set<std::string>& listed,
                               DeploymentConfiguration& deployment);

    /**
     * @param type a resource type; case does not matter
     * @return why resources of that type are not modelled
     */
    static std::string Why(const std::string& type);
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_NOT_MODELLED_H */
