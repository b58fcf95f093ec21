/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_RESOURCE_COMPLETION_H
#define AZURE_RESOURCE_COMPLETION_H

#include "ns3/azure-address-plan.h"
#include "ns3/azure-configuration-error.h"
#include "ns3/azure-imported-resource.h"
#include "ns3/azure-resource-view.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Fills in what the service would: addresses, ids of parts, host names.
 *
 * Addresses that the input gives are reserved before any is chosen, so that the order of
 * resources matters only among those without one.
 */
class ResourceCompletion
{
  public:
    /**
     * @param type a resource type; case does not matter
     * @return whether resources of that type end up in a DeploymentConfiguration
     */
    static bool IsModelled(const std::string& type);

    /**
     * @brief Makes a resource known; subnets can be used from then on.
     * @param resource a resource; has to outlive this
     */
    void Add(ImportedResource& resource);

    /**
     * @brief Fills in a resource, and returns it together with its children.
     * @param resource a resource that is known
     * @return its body, with separate children merged into it
     */
    JsonValue Describe(ImportedResource& resource);

    /**
     * @brief Fills in all resources.
     * @param resources the resources, in deployment order
     */
    void CompleteAll(const std::vector<ImportedResource*>& resources);

    /**
     * @param key id of a resource, in lower case
     * @return the resource, or null
     */
    ImportedResource* Find(const std::string& key) const;

    /**
     * @param reference reference to a resource
     * @param what what the resource is called, for errors
     * @return the resource
     * @throws ResourceError when the input does not hold it
     */
    const ImportedResource& Resolve(const ResourceView& reference, const std::string& what) const;

    /**
     * @param key id of a subnet, in lower case
     * @return whether the input holds it
     */
    bool HasSubnet(const std::string& key) const;

    /**
     * @return what is wrong
     */
    const std::vector<ConfigurationError>& GetErrors() const;

    /**
     * @param subnet a subnet
     * @return its address prefixes; those of another family are left out
     */
    static std::vector<AddressPrefix> ReadPrefixes(const ResourceView& subnet);

  private:
    /**
     * @brief Reserves the addresses that a resource gives.
     * @param resource the resource
     */
    void ReserveGiven(ImportedResource& resource);

    /**
     * @brief Fills in a resource.
     * @param resource the resource
     */
    void Complete(ImportedResource& resource);

    /**
     * @brief Chooses the addresses that a NIC or load balancer does not give.
     * @param resource the resource
     * @param list name of the list of IP configurations
     */
    void CompleteAddresses(ImportedResource& resource, const std::string& list);

    /**
     * @brief Chooses the addresses of a scale set's instances.
     * @param resource the scale set
     */
    void CompleteScaleSet(ImportedResource& resource);

    /**
     * @brief Chooses the address and host name of a public IP address.
     * @param resource the public IP address
     */
    void CompletePublicIp(ImportedResource& resource);

    /**
     * @param subnet reference to a subnet
     * @param owner who wants an address
     * @return the address
     */
    IpAddress Allocate(const ResourceView& subnet, const std::string& owner);

    std::map<std::string, ImportedResource*> m_resources; //!< by id in lower case
    std::set<std::string> m_reserved;                     //!< ids of resources seen to
    std::size_t m_instances{0}; //!< instances and IP configurations of scale sets so far
    AddressPlan m_plan;         //!< addresses in use
    std::vector<ConfigurationError> m_errors; //!< what is wrong
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_RESOURCE_COMPLETION_H */
