/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_DEPLOYMENT_CONFIGURATION_H
#define AZURE_DEPLOYMENT_CONFIGURATION_H

#include "ns3/azure-application-gateway-configuration.h"
#include "ns3/azure-configuration-error.h"
#include "ns3/azure-ip-address.h"
#include "ns3/azure-load-balancer-configuration.h"
#include "ns3/azure-traffic-manager-configuration.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace azure
{

/**
 * @ingroup azure-load-balancing
 * @brief A range of addresses in CIDR notation, for example 10.0.0.0/16.
 */
struct AddressPrefix
{
    IpAddress address;       //!< the network address; host bits are zero
    uint8_t prefixLength{0}; //!< 0 to 32 for IPv4

    /**
     * @param candidate an address
     * @return whether the prefix holds it
     */
    bool Contains(const IpAddress& candidate) const;

    /**
     * @param other another prefix
     * @return whether the two share an address
     */
    bool Overlaps(const AddressPrefix& other) const;

    /**
     * @param candidate an address
     * @return whether it is one that Azure keeps of a subnet with this prefix: one of the first
     *         four, or the last one
     */
    bool IsKept(const IpAddress& candidate) const;

    /**
     * @return how many addresses of a subnet with this prefix Azure does not keep
     */
    uint64_t CountUsable() const;

    /**
     * @return the CIDR notation, for example "10.0.0.0/16"
     */
    std::string ToText() const;

    /**
     * @param text CIDR notation; host bits must be zero
     * @return the prefix, or nothing when the text is no IPv4 prefix
     */
    static std::optional<AddressPrefix> FromText(const std::string& text);
};

/**
 * @ingroup azure-load-balancing
 * @brief A part of a virtual network's address space.
 *
 * Azure keeps the first four addresses and the last one, so the first usable one of
 * 10.0.0.0/24 is 10.0.0.4.
 */
struct SubnetConfiguration
{
    std::string name;                           //!< unique in its virtual network
    std::string id;                             //!< resource id
    std::vector<AddressPrefix> addressPrefixes; //!< at least one
};

/**
 * @ingroup azure-load-balancing
 * @brief A virtual network: one router, with one link to every NIC.
 */
struct VirtualNetworkConfiguration
{
    std::string name;                           //!< unique among the virtual networks
    std::string id;                             //!< resource id
    std::string region;                         //!< canonical name, for example "eastus2"
    std::vector<AddressPrefix> addressPrefixes; //!< at least one
    std::vector<SubnetConfiguration> subnets;   //!< its subnets
    bool synthesised{false}; //!< made up, because the input names it without describing it

    /**
     * @param address an address
     * @return the prefix of a subnet that holds it, or null
     */
    const AddressPrefix* FindPrefix(const IpAddress& address) const;
};

/**
 * @ingroup azure-load-balancing
 * @brief A public IP address resource.
 */
struct PublicIpAddressConfiguration
{
    std::string name;                //!< unique among the public addresses
    std::string id;                  //!< resource id
    std::string region;              //!< canonical name
    IpAddress address;               //!< always set: from the input, or assigned by the importer
    std::optional<Time> idleTimeout; //!< only when the input gives one (LB-43)
    std::string domainNameLabel;     //!< empty: no DNS name
    std::string fqdn;                //!< label and region's suffix; empty without a label
    std::vector<std::string> zones;  //!< empty: zone-redundant or non-zonal
    bool assigned{false};            //!< whether the importer chose the address
    bool synthesised{false};         //!< made up, because the input names it only
};

/**
 * @ingroup azure-load-balancing
 * @brief One address of a network interface.
 */
struct NicIpConfiguration
{
    std::string name;            //!< unique in its NIC
    std::string id;              //!< resource id
    std::string virtualNetwork;  //!< name of the virtual network
    std::string subnet;          //!< name of the subnet
    IpAddress privateIpAddress;  //!< always set
    std::string publicIpAddress; //!< name of the instance's own public address; empty: none
    bool primary{false};         //!< the NIC's primary address, which is its first one

    /**
     * Pools that this address is a member of, each as "load balancer/pool". For reports: the
     * members are listed in the LoadBalancerConfiguration already.
     */
    std::vector<std::string> loadBalancerBackendAddressPools;

    /**
     * Inbound NAT rules that lead to this address, each as "load balancer/rule". For reports,
     * as above.
     */
    std::vector<std::string> loadBalancerInboundNatRules;

    /**
     * Pools that this address is a member of, each as "application gateway/pool". For reports,
     * as above.
     */
    std::vector<std::string> applicationGatewayBackendAddressPools;
};

/**
 * @ingroup azure-load-balancing
 * @brief A network interface.
 */
struct NetworkInterfaceConfiguration
{
    std::string name;                                 //!< unique among the NICs
    std::string id;                                   //!< resource id
    std::string region;                               //!< canonical name
    std::string virtualMachine;                       //!< name of its VM; always set
    std::vector<NicIpConfiguration> ipConfigurations; //!< at least one
    bool synthesised{false}; //!< made up, because the input names it without describing it
};

/**
 * @ingroup azure-load-balancing
 * @brief A virtual machine, or one instance of a scale set.
 */
struct VirtualMachineConfiguration
{
    std::string name;                           //!< unique among the VMs, for example "vm-0"
    std::string id;                             //!< resource id
    std::string region;                         //!< canonical name
    std::string zone;                           //!< "1", "2", "3"; empty: no zone
    std::string availabilitySet;                //!< name of the availability set; empty: none
    std::string scaleSet;                       //!< name of the scale set; empty: a VM by itself
    uint32_t instanceId{0};                     //!< number within the scale set
    std::vector<std::string> networkInterfaces; //!< names of its NICs, the primary one first
    bool running{true};      //!< a stopped VM may be a pool member; it is not probed (LB-28)
    bool synthesised{false}; //!< made up, because the input names it without describing it
};

/**
 * @ingroup azure-load-balancing
 * @brief A load balancer and where it sits.
 */
struct DeployedLoadBalancer
{
    std::string id;     //!< resource id
    std::string region; //!< canonical name

    /**
     * Name of the virtual network of the backends, and of an internal load balancer's
     * frontends; empty when no backend is known.
     */
    std::string virtualNetwork;

    /**
     * The load balancer itself: every reference is resolved to names and addresses, and
     * Validate() finds nothing.
     */
    LoadBalancerConfiguration configuration;
};

/**
 * @ingroup azure-load-balancing
 * @brief An application gateway and where it sits.
 */
struct DeployedApplicationGateway
{
    std::string id;                 //!< resource id
    std::string region;             //!< canonical name
    std::vector<std::string> zones; //!< zones of the instances; empty: all (AG-56)
    std::string virtualNetwork;     //!< name of the virtual network
    std::string subnet; //!< name of the subnet of instances and private frontends (AG-5)

    /**
     * The gateway itself: every reference is resolved to names, pools hold the addresses of the
     * network interfaces that joined them, and Validate() finds nothing.
     */
    ApplicationGatewayConfiguration configuration;
};

/**
 * @ingroup azure-load-balancing
 * @brief What became of one resource, or of one part of a resource, of the input.
 */
struct ResourceNotice
{
    std::string path; //!< JSON path, for example `resources[3]`
    std::string type; //!< resource type, for example "Microsoft.Network/bastionHosts"
    std::string name; //!< name of the resource, for example "bastion"
    std::string what; //!< what the notice is about, for example "outboundRules[0] 'out'"
    std::string why;  //!< one sentence; empty for a resource that was taken as it is
};

/**
 * @ingroup azure-load-balancing
 * @brief One thing that is wrong with the input, and where.
 */
struct DeploymentError
{
    std::string file;    //!< the file as the user named it
    std::string path;    //!< JSON path, for example `resources[2].properties.probes[0]`;
                         //!< empty: the file as a whole
    std::string message; //!< what is wrong and what to do

    /**
     * @return "file: path: message" on one line
     */
    std::string ToText() const;
};

/**
 * @ingroup azure-load-balancing
 * @brief A value that a template returns.
 */
struct DeploymentOutput
{
    std::string name; //!< name of the output
    std::string type; //!< as declared, for example "string"
    std::string json; //!< the value as JSON text; "null" for a secure type
};

/**
 * @ingroup azure-load-balancing
 * @brief Everything that a deployment consists of, in plain structs: what the resource
 *        importer makes of Azure's JSON, and what the topology builder takes.
 *
 * Names are unique per list; references between lists are by name. Virtual machines, NICs and
 * addresses come in deployment order.
 */
struct DeploymentConfiguration
{
    std::string source; //!< where it came from: the file as the user named it, or "built-in"
    std::vector<VirtualNetworkConfiguration> virtualNetworks;     //!< virtual networks
    std::vector<PublicIpAddressConfiguration> publicIpAddresses;  //!< public IP addresses
    std::vector<NetworkInterfaceConfiguration> networkInterfaces; //!< NICs
    std::vector<VirtualMachineConfiguration> virtualMachines;     //!< VMs and instances
    std::vector<DeployedLoadBalancer> loadBalancers;              //!< regional load balancers
    std::vector<DeployedApplicationGateway> applicationGateways;  //!< application gateways

    /**
     * Traffic Manager profiles, which are in no region. A nested endpoint may lead to a profile
     * that is not here; it is left out of a simulation.
     */
    std::vector<TrafficManagerConfiguration> trafficManagers;

    std::vector<DeploymentOutput> outputs;   //!< outputs of a template
    std::vector<ResourceNotice> taken;       //!< resources that are in the lists above
    std::vector<ResourceNotice> notModelled; //!< resources, or parts, that have no effect
    std::vector<ResourceNotice> assumed;     //!< what was made up so that the input can run
    std::vector<DeploymentError> errors;     //!< not empty: nothing above may be used

    /**
     * @brief Checks what concerns more than one resource: names that no list holds, addresses
     *        used twice, prefixes that overlap or that the network needs itself, addresses
     *        outside their subnet or kept by Azure; and every load balancer, application gateway
     *        and Traffic Manager profile.
     *
     * Paths name the lists above, for example `networkInterfaces[1].ipConfigurations[0]`.
     *
     * @return every error found; empty when a topology can be built
     */
    std::vector<ConfigurationError> Validate() const;

    /**
     * @param virtualNetwork name of a virtual network
     * @return how many addresses of its subnets nothing uses and Azure does not keep
     */
    uint64_t CountFreeAddresses(const std::string& virtualNetwork) const;

    /**
     * @param name name of a virtual network
     * @return the virtual network, or null
     */
    const VirtualNetworkConfiguration* FindVirtualNetwork(const std::string& name) const;

    /**
     * @param name name of a NIC
     * @return the NIC, or null
     */
    const NetworkInterfaceConfiguration* FindNetworkInterface(const std::string& name) const;

    /**
     * @param name name of a VM
     * @return the VM, or null
     */
    const VirtualMachineConfiguration* FindVirtualMachine(const std::string& name) const;

    /**
     * @param address a private address
     * @return the VM that owns it, or null
     */
    const VirtualMachineConfiguration* FindOwner(const IpAddress& address) const;

    /**
     * @return the Traffic Manager profiles, without nested endpoints that lead to none of them
     */
    std::vector<TrafficManagerConfiguration> GetConnectedTrafficManagers() const;

    /**
     * @param target DNS name or address that an endpoint of Traffic Manager leads to; case does
     *        not matter
     * @return the public address with that name or address, or null
     */
    const PublicIpAddressConfiguration* FindPublicIpAddress(const std::string& target) const;
};

} // namespace azure
} // namespace ns3

#endif /* AZURE_DEPLOYMENT_CONFIGURATION_H */
