/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DEPLOYMENT_READER_H
#define AZURE_DEPLOYMENT_READER_H

#include "ns3/azure-application-gateway-reader.h"
#include "ns3/azure-deployment-configuration.h"
#include "ns3/azure-imported-resource.h"
#include "ns3/azure-load-balancer-reader.h"
#include "ns3/azure-resource-completion.h"
#include "ns3/azure-resource-view.h"
#include "ns3/azure-traffic-manager-reader.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief Turns complete resources into a DeploymentConfiguration.
 */
class DeploymentReader
{
  public:
    /**
     * @param completion knows the resources
     * @param[in,out] deployment receives the configuration, notices and errors
     */
    DeploymentReader(const ResourceCompletion& completion, DeploymentConfiguration& deployment);

    /**
     * @param resources the resources, in deployment order
     */
    void Read(const std::vector<ImportedResource*>& resources);

    /**
     * @param text a region as the input names it, for example "East US 2"
     * @return its canonical name, for example "eastus2"
     */
    static std::string CanonicalRegion(const std::string& text);

  private:
    /**
     * @param resource a resource
     * @return its region, by its canonical name
     */
    static std::string RegionOf(const ImportedResource& resource);

    void ReadResource(ImportedResource& resource);       //!< @param resource any resource
    void ReadNetwork(const ImportedResource& resource);  //!< @param resource a virtual network
    void ReadSubnet(const ImportedResource& resource);   //!< @param resource a separate subnet
    void ReadMachine(const ImportedResource& resource);  //!< @param resource a virtual machine
    void ReadScaleSet(const ImportedResource& resource); //!< @param resource a scale set
    void ReadGateway(const ImportedResource& resource);  //!< @param resource a gateway
    void ReadNic(const ImportedResource& resource);      //!< @param resource a NIC
    void ReadPublicIps(const std::vector<ImportedResource*>& resources); //!< @param resources all

    /**
     * @brief Reads a load balancer.
     * @param resource the load balancer
     * @param resources all resources; its separate pools and NAT rules are among them
     */
    void ReadLoadBalancer(const ImportedResource& resource,
                          const std::vector<ImportedResource*>& resources);

    /**
     * @brief Reads one address of a NIC, and joins the pools that it names.
     * @param view the IP configuration
     * @param id id of the IP configuration
     * @param address its address
     * @param machine name of the virtual machine
     * @param running whether the machine runs
     * @param instance number of the scale set instance; negative: none
     * @return what was read
     */
    NicIpConfiguration ReadIpConfiguration(const ResourceView& view,
                                           const std::string& id,
                                           const IpAddress& address,
                                           const std::string& machine,
                                           bool running,
                                           int64_t instance);

    /**
     * @param reference reference to a part of a load balancer
     * @return the load balancer; null when it is not modelled
     * @throws ResourceError when the input does not hold it
     */
    LoadBalancerReader* FindLoadBalancer(const ResourceView& reference);

    /**
     * @brief Joins a pool of an application gateway; a gateway that the input does not hold is
     *        noted.
     * @param reference reference to the pool
     * @param address address of the new member
     * @return "gateway/pool"; empty: the gateway is not there, or not modelled
     */
    std::string JoinGateway(const ResourceView& reference, const IpAddress& address);

    /**
     * @brief Takes the gateways into the deployment, when all members of their pools are known.
     */
    void TakeGateways();

    /**
     * @brief Takes the Traffic Manager profiles into the deployment, and gives each of their
     * targets that is not in it a machine.
     */
    void TakeTrafficManagers();

    /**
     * @brief Finds out which members are reached over the internet (AG-3), and gives the others
     *        that nobody owns a machine each.
     * @param reader the gateway
     */
    void PlaceMembers(ApplicationGatewayReader& reader);

    /**
     * @brief Sees to it that a member by a private address is a machine's.
     * @param reader the gateway
     * @param pool name of the pool
     * @param address address of the member
     * @param path JSON path of the member
     */
    void PlaceMember(const ApplicationGatewayReader& reader,
                     const std::string& pool,
                     const IpAddress& address,
                     const std::string& path);

    /**
     * @brief Makes up a subnet for an address that no subnet holds, in the virtual network that
     *        has the address or else in one of its own.
     * @param reader the gateway that needs it
     * @param address the address
     * @param path JSON path of what needs it
     * @return whether there was room for a subnet
     */
    bool AddSubnetFor(const ApplicationGatewayReader& reader,
                      const IpAddress& address,
                      const std::string& path);

    /**
     * @brief Adds a machine for a NIC or address that has none.
     * @param name name of the machine
     * @param nic name of its NIC
     * @param region its region
     * @param path JSON path of what needs it
     * @param why why it is needed
     */
    void Synthesise(const std::string& name,
                    const std::string& nic,
                    const std::string& region,
                    const std::string& path,
                    const std::string& why);

    /**
     * @param address an address
     * @return an IP configuration with it in the subnet that holds it; without network and subnet
     *         when none does
     */
    NicIpConfiguration FindSubnet(const IpAddress& address) const;

    /**
     * @brief Adds a machine with one network interface for an address that nobody owns.
     * @param ip the address in its subnet, and the pools that it is in
     * @param service name of the service that needs it, which begins the machine's name
     * @param region its region
     * @param path JSON path of what needs it
     */
    void AddMachine(NicIpConfiguration ip,
                    const std::string& service,
                    const std::string& region,
                    const std::string& path);

    /**
     * @brief Gives members of a load balancer's IP-based pools that nobody owns a machine each, and
     *        notes pools without members.
     */
    void CheckMembers();

    /**
     * @brief Notes prefixes that are dropped because they are IPv6.
     * @param resource the resource that they belong to
     * @param owner the part of it that holds them
     */
    void NoteIpv6Prefixes(const ImportedResource& resource, const ResourceView& owner);

    /**
     * @brief Checks the whole, and reports errors with their JSON paths.
     */
    void Validate();

    const ResourceCompletion& m_completion;                            //!< knows the resources
    DeploymentConfiguration& m_deployment;                             //!< what is read
    ResourcePathMap m_paths;                                           //!< where it was read
    std::vector<std::unique_ptr<LoadBalancerReader>> m_balancers;      //!< modelled ones
    std::map<std::string, LoadBalancerReader*> m_balancersById;        //!< null: not modelled
    std::map<std::string, std::size_t> m_machineOfNic;                 //!< machine by id of its NIC
    std::vector<std::unique_ptr<ApplicationGatewayReader>> m_gateways; //!< modelled ones
    std::map<std::string, ApplicationGatewayReader*> m_gatewaysById;   //!< null: not modelled
    TrafficManagerReader m_trafficManagers;                            //!< Traffic Manager profiles
    std::set<std::string> m_ipv6Services;    //!< ids of balancers and gateways without IPv4
    std::set<std::string> m_publicAddresses; //!< ids of those that are in use
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DEPLOYMENT_READER_H */
