/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_REST_RESOURCES_H
#define AZURE_REST_RESOURCES_H

#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"
#include "ns3/azure-resource-import-options.h"
#include "ns3/azure-resource-view.h"

#include <deque>
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
 * @brief Finds the resources in REST JSON, and makes up those that a load balancer or an
 *        application gateway names only.
 *
 * Takes a resource, a list of them, `{"value": [...]}`, a REST example with `responses`, and the
 * wrapped result of a create command. A virtual network, NICs, machines and public addresses are
 * made up from `backendIPConfigurations`, addresses and references, so that a load balancer by
 * itself can run, and a gateway by itself can be read. A network is made up for a load balancer
 * only where no described one will do.
 */
class RestResources
{
  public:
    /**
     * @param options environment and names
     */
    explicit RestResources(const ResourceImportOptions& options);

    /**
     * @param root the JSON of the file
     * @param[in,out] deployment receives notices
     * @throws ResourceError when there is no resource
     */
    void Read(const JsonValue& root, DeploymentConfiguration& deployment);

    std::deque<ImportedResource> m_resources; //!< the resources

  private:
    /**
     * @param value a resource, list or wrapper
     * @param path its JSON path
     * @param deployment receives notices
     * @param isWrapped whether it was found inside another
     */
    void Unwrap(const JsonValue& value,
                const std::string& path,
                DeploymentConfiguration& deployment,
                bool isWrapped);

    /// An address of a machine that is made up.
    struct Member
    {
        JsonValue::Array pools;        //!< references to pools of load balancers
        JsonValue::Array rules;        //!< references to inbound NAT rules
        JsonValue::Array gatewayPools; //!< references to pools of application gateways
        std::string location;          //!< region
        std::string scope;             //!< what is before "/providers/" in ids of the machine
        std::string subnet;            //!< id of its subnet
    };

    /// Address prefixes by name of the subnet.
    using Prefixes = std::map<std::string, std::string>;

    /**
     * @brief Makes up what a load balancer needs, except machines.
     * @param resource the load balancer
     */
    void SynthesiseForBalancer(const ImportedResource& resource);

    /**
     * @brief Makes up what an application gateway needs, except machines.
     * @param resource the application gateway
     */
    void SynthesiseForGateway(const ImportedResource& resource);

    /**
     * @brief Makes up the machines of all members.
     */
    void SynthesiseMachines();

    /**
     * @brief Makes up a virtual network, or adds subnets to one that was made up.
     * @param id id of the network
     * @param location its region
     * @param prefixes the subnets
     */
    void AddNetwork(const ResourceId& id, const std::string& location, const Prefixes& prefixes);

    /**
     * @param avoided prefixes that are taken besides those of the virtual networks so far
     * @return the first 10.0.x.0/24 that is free
     */
    std::string FindFreePrefix(const std::set<std::string>& avoided) const;

    /**
     * @param address an IPv4 address
     * @return the /24 that holds it
     */
    static std::string PrefixOf(const std::string& address);

    /// A subnet that the input describes.
    struct KnownSubnet
    {
        ResourceId network;                  //!< its network
        std::string name;                    //!< its name
        std::vector<AddressPrefix> prefixes; //!< its IPv4 prefixes
    };

    /**
     * @return the subnets of all networks so far
     */
    std::vector<KnownSubnet> FindSubnets() const;

    /**
     * @param subnet a subnet
     * @param address an address
     * @return whether the subnet holds it
     */
    static bool Holds(const KnownSubnet& subnet, const IpAddress& address);

    /**
     * @brief Looks for the network of a load balancer that names none.
     * @param lb the load balancer
     * @param subnets the subnets of all networks
     * @param addresses addresses of its members
     * @return the network of a NIC or scale set that it leads to, or else of an address, or else
     *         the first one; not valid: there is none
     */
    ResourceId FindNetwork(const ResourceId& lb,
                           const std::vector<KnownSubnet>& subnets,
                           const std::vector<IpAddress>& addresses) const;

    /**
     * @brief Makes up a resource, if it is not there.
     * @param id its id
     * @param location its region
     * @param properties its properties
     * @return whether it was made up
     */
    bool Add(const ResourceId& id, const std::string& location, JsonValue properties);

    ResourceImportOptions m_options;         //!< environment and names
    std::set<std::string> m_ids;             //!< ids so far, in lower case
    std::map<std::string, Member> m_members; //!< by id of the IP configuration
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_REST_RESOURCES_H */
