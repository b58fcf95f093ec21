/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-built-in-deployment.h"

namespace ns3
{
namespace azure
{

namespace
{

constexpr uint32_t MACHINES = 3;                      //!< virtual machines
constexpr uint32_t FIRST_MACHINE = 0x0a000004;        //!< 10.0.0.4, Azure's first usable address
constexpr uint32_t PUBLIC_ADDRESS = 0x14000004;       //!< 20.0.0.4
constexpr uint16_t WEB_PORT = 80;                     //!< of the rule and of the probe
constexpr const char* REGION = "eastus";              //!< of everything
constexpr const char* NETWORK_PREFIX = "10.0.0.0/16"; //!< of the virtual network
constexpr const char* SUBNET_PREFIX = "10.0.0.0/24";  //!< of its only subnet

/**
 * @brief Add a machine with one network interface.
 * @param deployment takes it
 * @param index number of the machine
 */
void
AddMachine(DeploymentConfiguration& deployment, uint32_t index)
{
    NicIpConfiguration ip;
    ip.name = "ipconfig1";
    ip.virtualNetwork = "vnet";
    ip.subnet = "default";
    ip.privateIpAddress = IpAddress::FromIpv4Bits(FIRST_MACHINE + index);
    ip.primary = true;
    ip.loadBalancerBackendAddressPools = {"lb/backend"};
    NetworkInterfaceConfiguration nic;
    nic.name = "nic-" + std::to_string(index);
    nic.region = REGION;
    nic.virtualMachine = "vm-" + std::to_string(index);
    nic.ipConfigurations = {ip};
    VirtualMachineConfiguration machine;
    machine.name = nic.virtualMachine;
    machine.region = REGION;
    machine.networkInterfaces = {nic.name};
    deployment.networkInterfaces.push_back(nic);
    deployment.virtualMachines.push_back(machine);
}

/**
 * @param deployment a deployment with its machines
 * @return the load balancer in front of them
 */
DeployedLoadBalancer
MakeLoadBalancer(const DeploymentConfiguration& deployment)
{
    DeployedLoadBalancer balancer;
    balancer.region = REGION;
    balancer.virtualNetwork = "vnet";
    auto& configuration = balancer.configuration;
    configuration.name = "lb";
    FrontendIpConfiguration frontend;
    frontend.name = "frontend";
    frontend.address = IpAddress::FromIpv4Bits(PUBLIC_ADDRESS);
    configuration.frontendIpConfigurations = {frontend};
    BackendAddressPool pool;
    pool.name = "backend";
    for (const auto& nic : deployment.networkInterfaces)
    {
        LoadBalancerBackendAddress member;
        member.name = nic.virtualMachine;
        member.address = nic.ipConfigurations.front().privateIpAddress;
        pool.backendAddresses.push_back(member);
    }
    configuration.backendAddressPools = {pool};
    Probe probe;
    probe.name = "tcp";
    probe.port = WEB_PORT;
    probe.interval = Seconds(5);
    configuration.probes = {probe};
    LoadBalancingRule rule;
    rule.name = "web";
    rule.frontendIpConfiguration = frontend.name;
    rule.backendAddressPool = pool.name;
    rule.probe = probe.name;
    rule.frontendPort = WEB_PORT;
    rule.backendPort = WEB_PORT;
    configuration.loadBalancingRules = {rule};
    return balancer;
}

} // namespace

DeploymentConfiguration
MakeBuiltInDeployment()
{
    DeploymentConfiguration deployment;
    deployment.source = "built-in";
    VirtualNetworkConfiguration network;
    network.name = "vnet";
    network.region = REGION;
    network.addressPrefixes = {*AddressPrefix::FromText(NETWORK_PREFIX)};
    network.subnets = {{"default", "", {*AddressPrefix::FromText(SUBNET_PREFIX)}}};
    deployment.virtualNetworks = {network};
    PublicIpAddressConfiguration address;
    address.name = "lb-ip";
    address.region = REGION;
    address.address = IpAddress::FromIpv4Bits(PUBLIC_ADDRESS);
    deployment.publicIpAddresses = {address};
    for (uint32_t i = 0; i < MACHINES; ++i)
    {
        AddMachine(deployment, i);
    }
    deployment.loadBalancers = {MakeLoadBalancer(deployment)};

    const auto take = [&deployment](const std::string& type, const std::string& name) {
        deployment.taken.push_back({"", type, name, "", ""});
    };
    take("Microsoft.Network/virtualNetworks", network.name);
    take("Microsoft.Network/publicIPAddresses", address.name);
    for (const auto& nic : deployment.networkInterfaces)
    {
        take("Microsoft.Network/networkInterfaces", nic.name);
    }
    for (const auto& machine : deployment.virtualMachines)
    {
        take("Microsoft.Compute/virtualMachines", machine.name);
    }
    take("Microsoft.Network/loadBalancers", "lb");
    return deployment;
}

} // namespace azure
} // namespace ns3
