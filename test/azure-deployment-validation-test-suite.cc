/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-deployment-configuration.h"
#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Paths and messages, in order.
using Errors = std::vector<std::pair<std::string, std::string>>;

/// Breaks a sound deployment.
using Change = std::function<void(DeploymentConfiguration&)>;

/**
 * @param text CIDR notation
 * @return the prefix
 */
AddressPrefix
Prefix(const std::string& text)
{
    return *AddressPrefix::FromText(text);
}

/**
 * @param text dotted notation
 * @return the address
 */
IpAddress
Address(const std::string& text)
{
    return Prefix(text + "/32").address;
}

/**
 * @param name name of a load balancer
 * @param frontend its frontend's address
 * @param isPublic whether that is public
 * @param member the only member of its pool
 * @return a load balancer with a rule, a probe and an inbound NAT rule
 */
DeployedLoadBalancer
MakeBalancer(const std::string& name,
             const std::string& frontend,
             bool isPublic,
             const std::string& member)
{
    DeployedLoadBalancer balancer;
    balancer.region = "eastus";
    balancer.virtualNetwork = "net-a";
    auto& configuration = balancer.configuration;
    configuration.name = name;
    configuration.frontendIpConfigurations = {{"f", Address(frontend), isPublic, {}, {}}};
    BackendAddressPool pool;
    pool.name = "p";
    pool.backendAddresses = {{"m", Address(member)}};
    configuration.backendAddressPools = {pool};
    azure::Probe probe;
    probe.name = "h";
    probe.port = 80;
    configuration.probes = {probe};
    LoadBalancingRule rule;
    rule.name = "r";
    rule.frontendIpConfiguration = "f";
    rule.backendAddressPool = "p";
    rule.probe = "h";
    rule.frontendPort = rule.backendPort = 80;
    configuration.loadBalancingRules = {rule};
    InboundNatRule nat;
    nat.name = "n";
    nat.frontendIpConfiguration = "f";
    nat.frontendPort = 2200;
    nat.backendPort = 22;
    nat.backendAddress = Address(member);
    configuration.inboundNatRules = {nat};
    return balancer;
}

/**
 * @return two networks of two subnets, three machines with a NIC each, of which `nic-0` and
 *         `nic-1` are in `net-a`, a public and an internal load balancer there
 */
DeploymentConfiguration
MakeDeployment()
{
    DeploymentConfiguration deployment;
    deployment.source = "test";
    for (const std::string letter : {"a", "b"})
    {
        VirtualNetworkConfiguration network;
        network.name = "net-" + letter;
        network.region = "eastus";
        const std::string base = letter == "a" ? "10.0." : "10.1.";
        network.addressPrefixes = {Prefix(base + "0.0/17"), Prefix(base + "128.0/17")};
        network.subnets = {{"first", "", {Prefix(base + "0.0/24")}},
                           {"second", "", {Prefix(base + "128.0/24"), Prefix(base + "1.0/24")}}};
        deployment.virtualNetworks.push_back(network);
    }
    deployment.publicIpAddresses.resize(2);
    deployment.publicIpAddresses[0].name = "ip-0";
    deployment.publicIpAddresses[0].address = Address("20.0.0.4");
    deployment.publicIpAddresses[1].name = "ip-1";
    deployment.publicIpAddresses[1].address = Address("20.0.0.5");
    int index = 0;
    for (const auto& [network, subnet, address] : {std::tuple{"net-a", "first", "10.0.0.4"},
                                                   {"net-a", "second", "10.0.1.4"},
                                                   {"net-b", "first", "10.1.0.4"}})
    {
        const auto number = std::to_string(index++);
        NetworkInterfaceConfiguration nic;
        nic.name = "nic-" + number;
        nic.virtualMachine = "vm-" + number;
        NicIpConfiguration ip;
        ip.name = "ip";
        ip.virtualNetwork = network;
        ip.subnet = subnet;
        ip.privateIpAddress = Address(address);
        nic.ipConfigurations = {ip};
        deployment.networkInterfaces.push_back(nic);
        VirtualMachineConfiguration machine;
        machine.name = nic.virtualMachine;
        machine.networkInterfaces = {nic.name};
        deployment.virtualMachines.push_back(machine);
    }
    deployment.loadBalancers = {MakeBalancer("outer", "20.0.0.4", true, "10.0.0.4"),
                                MakeBalancer("inner", "10.0.0.10", false, "10.0.1.4")};
    return deployment;
}

/**
 * @param deployment takes the address
 * @param text address of the only frontend of the internal load balancer
 */
void
SetInner(DeploymentConfiguration& deployment, const std::string& text)
{
    deployment.loadBalancers[1].configuration.frontendIpConfigurations[0].address = Address(text);
}

/**
 * @param deployment takes the address
 * @param text address of `nic-0`
 */
void
SetNic(DeploymentConfiguration& deployment, const std::string& text)
{
    deployment.networkInterfaces[0].ipConfigurations[0].privateIpAddress = Address(text);
    for (auto& nat : deployment.loadBalancers[0].configuration.inboundNatRules)
    {
        nat.backendAddress = Address(text);
    }
    deployment.loadBalancers[0].configuration.backendAddressPools[0].backendAddresses[0].address =
        Address(text);
}

/** What is wrong with a deployment as a whole. */
class DeploymentValidationTestSuite : public TestSuite
{
  public:
    DeploymentValidationTestSuite()
        : TestSuite("azure-deployment-validation", Type::UNIT)
    {
        Add("A sound deployment has no errors", [](auto&) {}, {});
        Add("Nothing at all is sound", [](auto& d) { d = DeploymentConfiguration(); }, {});
        AddNames();
        AddRanges();
        AddSubnets();
        AddInterfaces();
        AddFrontends();
        AddMembers();
        AddForbidden();
    }

  private:
    /**
     * @param name name of the case
     * @param change breaks a sound deployment
     * @param expected every error that comes of it
     */
    void Add(const std::string& name, const Change& change, const Errors& expected)
    {
        const auto body = [change, expected](FunctionTestCase& test) {
            auto deployment = MakeDeployment();
            change(deployment);
            const auto errors = deployment.Validate();
            for (std::size_t i = 0; i < std::min(errors.size(), expected.size()); ++i)
            {
                test.Equal(errors[i].path, expected[i].first, errors[i].message);
                test.Equal(errors[i].message, expected[i].second, "message");
            }
            for (std::size_t i = expected.size(); i < errors.size(); ++i)
            {
                test.Equal(errors[i].path + ": " + errors[i].message, "", "error too many");
            }
            test.Equal(errors.size(), expected.size(), "errors");
        };
        AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
    }

    /** @brief Names that occur twice, and names that no list holds. */
    void AddNames()
    {
        Add("Two public addresses of one name",
            [](auto& d) { d.publicIpAddresses[1].name = "ip-0"; },
            {{"publicIpAddresses[1].name", "'ip-0' is used twice"}});
        Add("Two network interfaces of one name",
            [](auto& d) {
                d.networkInterfaces[2].name = "nic-0";
                d.virtualMachines[2].networkInterfaces = {"nic-0"};
            },
            {{"networkInterfaces[2].name", "'nic-0' is used twice"}});
        Add("Three machines of one name",
            [](auto& d) {
                for (int i : {1, 2})
                {
                    d.virtualMachines[i].name = d.networkInterfaces[i].virtualMachine = "vm-0";
                }
            },
            {{"virtualMachines[1].name", "'vm-0' is used twice"},
             {"virtualMachines[2].name", "'vm-0' is used twice"}});
        Add("Two virtual networks of one name",
            [](auto& d) {
                d.virtualNetworks.push_back(d.virtualNetworks[1]);
                d.virtualNetworks[2].addressPrefixes = {Prefix("10.2.0.0/16")};
                d.virtualNetworks[2].subnets = {{"first", "", {Prefix("10.2.0.0/24")}}};
            },
            {{"virtualNetworks[2].name", "'net-b' is used twice"}});
        Add("Two load balancers of one name",
            [](auto& d) { d.loadBalancers[1].configuration.name = "outer"; },
            {{"loadBalancers[1].name", "'outer' is used twice"}});
        Add("Two subnets of one name",
            [](auto& d) {
                d.virtualNetworks[1].subnets.push_back({"first", "", {Prefix("10.1.7.0/24")}});
            },
            {{"virtualNetworks[1].subnets[2].name", "'first' is used twice"}});
        Add("A network interface of no machine",
            [](auto& d) { d.networkInterfaces[1].virtualMachine = "vm-9"; },
            {{"networkInterfaces[1].virtualMachine", "no virtual machine 'vm-9'"}});
        Add("A machine with a network interface that is not there",
            [](auto& d) { d.virtualMachines[2].networkInterfaces = {"nic-2", "nic-9", "nic-8"}; },
            {{"virtualMachines[2].networkInterfaces", "no network interface 'nic-9'"},
             {"virtualMachines[2].networkInterfaces", "no network interface 'nic-8'"}});
        Add("An address in a subnet that its network does not have",
            [](auto& d) { d.networkInterfaces[1].ipConfigurations[0].subnet = "third"; },
            {{"networkInterfaces[1].ipConfigurations[0].subnet", "no subnet 'net-a/third'"}});
        Add("An address in a network that is not there",
            [](auto& d) { d.networkInterfaces[2].ipConfigurations[0].virtualNetwork = "net-c"; },
            {{"networkInterfaces[2].ipConfigurations[0].subnet", "no subnet 'net-c/first'"}});
    }

    /** @brief Address spaces of virtual networks. */
    void AddRanges()
    {
        Add("Two networks with overlapping address spaces",
            [](auto& d) { d.virtualNetworks[1].addressPrefixes.push_back(Prefix("10.0.64.0/18")); },
            {{"virtualNetworks[1].addressPrefixes[2]",
              "10.0.64.0/18 of virtual network 'net-b' overlaps 10.0.0.0/17 of 'net-a'"}});
        Add("An address space that overlaps two others",
            [](auto& d) { d.virtualNetworks[1].addressPrefixes.push_back(Prefix("10.0.0.0/16")); },
            {{"virtualNetworks[1].addressPrefixes[2]",
              "10.0.0.0/16 of virtual network 'net-b' overlaps 10.0.0.0/17 of 'net-a'"},
             {"virtualNetworks[1].addressPrefixes[2]",
              "10.0.0.0/16 of virtual network 'net-b' overlaps 10.0.128.0/17 of 'net-a'"}});
        Add("An address space with the same prefix twice",
            [](auto& d) { d.virtualNetworks[0].addressPrefixes.push_back(Prefix("10.0.0.0/17")); },
            {{"virtualNetworks[0].addressPrefixes[2]",
              "10.0.0.0/17 of virtual network 'net-a' overlaps 10.0.0.0/17 of 'net-a'"}});
        Add("Neighbouring address spaces do not overlap",
            [](auto& d) {
                d.virtualNetworks[0].addressPrefixes.push_back(Prefix("9.255.0.0/16"));
                d.virtualNetworks[1].addressPrefixes.push_back(Prefix("10.2.0.0/16"));
            },
            {});
    }

    /** @brief Subnets. */
    void AddSubnets()
    {
        const std::string path = "virtualNetworks[0].subnets[1].addressPrefixes";
        const auto second = [](const std::string& prefix) {
            return [prefix](auto& d) {
                d.virtualNetworks[0].subnets[1].addressPrefixes = {Prefix("10.0.1.0/24"),
                                                                   Prefix(prefix)};
            };
        };
        Add("A subnet outside the address space",
            second("10.2.0.0/24"),
            {{path, "10.2.0.0/24 of subnet 'second' is outside the address space of 'net-a'"}});
        Add("A subnet in the address space of another network",
            second("10.1.9.0/24"),
            {{path, "10.1.9.0/24 of subnet 'second' is outside the address space of 'net-a'"}});
        Add("A subnet larger than any prefix of the address space",
            [](auto& d) {
                d.virtualNetworks[0].subnets = {{"first", "", {Prefix("10.0.0.0/16")}},
                                                {"second", "", {Prefix("10.0.128.0/24")}}};
            },
            {{"virtualNetworks[0].subnets[0].addressPrefixes",
              "10.0.0.0/16 of subnet 'first' is outside the address space of 'net-a'"},
             {path, "10.0.128.0/24 of subnet 'second' overlaps 10.0.0.0/16 of 'first'"},
             {"networkInterfaces[1].ipConfigurations[0].privateIpAddress",
              "10.0.1.4 is outside subnet 'second'"}});
        Add("A subnet within another",
            second("10.0.0.128/25"),
            {{path, "10.0.0.128/25 of subnet 'second' overlaps 10.0.0.0/24 of 'first'"}});
        Add("A subnet with overlapping prefixes",
            second("10.0.1.128/25"),
            {{path, "10.0.1.128/25 of subnet 'second' overlaps 10.0.1.0/24 of 'second'"}});
        Add("A subnet with the same prefix twice",
            second("10.0.1.0/24"),
            {{path, "10.0.1.0/24 of subnet 'second' overlaps 10.0.1.0/24 of 'second'"}});
        Add("A subnet as large as a prefix of the address space", second("10.0.128.0/17"), {});
    }

    /** @brief Addresses of network interfaces. */
    void AddInterfaces()
    {
        const std::string path = "networkInterfaces[0].ipConfigurations[0].privateIpAddress";
        const auto nic = [](const std::string& address) {
            return [address](auto& d) { SetNic(d, address); };
        };
        Add("An address of another subnet of the same network",
            nic("10.0.128.9"),
            {{path, "10.0.128.9 is outside subnet 'first'"}});
        for (const std::string kept : {"10.0.0.0", "10.0.0.1", "10.0.0.3", "10.0.0.255"})
        {
            Add("The address " + kept + " is kept by Azure",
                nic(kept),
                {{path,
                  kept + " is kept by Azure: the first four addresses of a subnet and the last one "
                         "are"}});
        }
        Add("The last address before the kept one is free", nic("10.0.0.254"), {});
        Add("An address that another network interface has",
            [](auto& d) {
                auto& nic = d.networkInterfaces[1];
                nic.ipConfigurations.push_back(d.networkInterfaces[0].ipConfigurations[0]);
            },
            {{"networkInterfaces[1].ipConfigurations[1].privateIpAddress",
              "10.0.0.4 is used by network interface 'nic-0' already"}});
        Add("An address that the same network interface has",
            [](auto& d) {
                auto& ips = d.networkInterfaces[2].ipConfigurations;
                ips.push_back(ips[0]);
            },
            {{"networkInterfaces[2].ipConfigurations[1].privateIpAddress",
              "10.1.0.4 is used by network interface 'nic-2' already"}});
        Add("A network interface without an address",
            [](auto& d) { d.networkInterfaces[2].ipConfigurations.clear(); },
            {{"networkInterfaces[2].ipConfigurations",
              "network interface 'nic-2' has no address"}});
        Add("A network interface with addresses in two virtual networks",
            [](auto& d) {
                auto ip = d.networkInterfaces[2].ipConfigurations[0];
                ip.privateIpAddress = Address("10.1.0.5");
                d.networkInterfaces[0].ipConfigurations.push_back(ip);
            },
            {{"networkInterfaces[0].ipConfigurations[1].subnet",
              "network interface 'nic-0' is in virtual network 'net-a' and cannot be in 'net-b' as "
              "well"}});
    }

    /** @brief Frontends, public and internal. */
    void AddFrontends()
    {
        const std::string path = "loadBalancers[1].frontendIPConfigurations[0]";
        const auto inner = [](const std::string& address) {
            return [address](auto& d) { SetInner(d, address); };
        };
        Add("An internal frontend that a network interface has already",
            inner("10.0.0.4"),
            {{path + ".privateIPAddress",
              "10.0.0.4 is used by network interface 'nic-0' already"}});
        Add("An internal frontend in no subnet of its network",
            inner("10.0.7.7"),
            {{path + ".privateIPAddress", "10.0.7.7 is in no subnet of virtual network 'net-a'"}});
        Add("An internal frontend in another network",
            inner("10.1.0.10"),
            {{path + ".privateIPAddress", "10.1.0.10 is in no subnet of virtual network 'net-a'"}});
        Add("An internal frontend at an address that Azure keeps",
            inner("10.0.1.2"),
            {{path + ".privateIPAddress",
              "10.0.1.2 is kept by Azure: the first four addresses of a subnet and the last one "
              "are"}});
        Add("An internal frontend that another load balancer has",
            [](auto& d) {
                d.loadBalancers.push_back(MakeBalancer("third", "10.0.0.10", false, "10.0.0.4"));
            },
            {{"loadBalancers[2].frontendIPConfigurations[0].privateIPAddress",
              "10.0.0.10 is used by load balancer 'inner' already"}});
        Add("A public frontend that another load balancer has",
            [](auto& d) {
                d.loadBalancers.push_back(MakeBalancer("third", "20.0.0.4", true, "10.0.1.4"));
            },
            {{"loadBalancers[2].frontendIPConfigurations[0].publicIPAddress",
              "20.0.0.4 is used by load balancer 'outer' already"}});
        Add("A public frontend without a resource that another load balancer has",
            [](auto& d) {
                d.loadBalancers.push_back(MakeBalancer("third", "40.1.2.3", true, "10.0.1.4"));
                d.loadBalancers.push_back(MakeBalancer("fourth", "40.1.2.3", true, "10.0.1.4"));
            },
            {{"loadBalancers[3].frontendIPConfigurations[0].publicIPAddress",
              "40.1.2.3 is used by load balancer 'third' already"}});
        Add("An internal load balancer in no network",
            [](auto& d) { d.loadBalancers[1].virtualNetwork = "net-z"; },
            {{path, "no virtual network 'net-z'"}});
        Add("A public load balancer in no network stands in its region",
            [](auto& d) { d.loadBalancers[0].virtualNetwork = ""; },
            {});
        Add("A public frontend without a resource of its own",
            [](auto& d) {
                d.loadBalancers[0].configuration.frontendIpConfigurations[0].address =
                    Address("40.1.2.3");
            },
            {});
        Add("Two public addresses that are the same",
            [](auto& d) { d.publicIpAddresses[1].address = Address("20.0.0.4"); },
            {{"publicIpAddresses[1].address",
              "20.0.0.4 is used by public IP address 'ip-0' already"}});
        Add("An error of a load balancer has the path to it",
            [](auto& d) {
                d.loadBalancers[1].configuration.loadBalancingRules[0].backendAddressPool = "q";
            },
            {{"loadBalancers[1].loadBalancingRules[0].backendAddressPool", "there is no pool q"}});
    }

    /** @brief LB-2: one load balancer, one virtual network. */
    void AddMembers()
    {
        const auto message = [](const std::string& balancer) {
            return "'vm-2' (10.1.0.4) is in virtual network 'net-b'; all that load balancer '" +
                   balancer + "' sends to must be in 'net-a'";
        };
        Add("LB-2: a member in another network",
            [](auto& d) {
                d.loadBalancers[0].configuration.backendAddressPools[0].backendAddresses.push_back(
                    {"x", Address("10.1.0.4")});
            },
            {{"loadBalancers[0].backendAddressPools[0].backendAddresses[1]", message("outer")}});
        Add("LB-2: a target of an inbound NAT rule in another network",
            [](auto& d) {
                d.loadBalancers[1].configuration.inboundNatRules[0].backendAddress =
                    Address("10.1.0.4");
            },
            {{"loadBalancers[1].inboundNatRules[0]", message("inner")}});
        Add("An inbound NAT rule without a target",
            [](auto& d) {
                d.loadBalancers[1].configuration.inboundNatRules[0].backendAddress = IpAddress();
            },
            {});
    }

    /** @brief Ranges that the internet or the simulation needs itself. */
    void AddForbidden()
    {
        const std::vector<std::array<std::string, 4>> ranges{
            // Range, an address in it, a prefix around it that is not in it, what it is for.
            {"0.0.0.0/8", "0.1.2.3", "0.0.0.0/7", "is no range of hosts"},
            {"127.0.0.0/8", "127.0.0.1", "126.0.0.0/7", "is for loopback"},
            {"169.254.0.0/16", "169.254.9.9", "169.254.0.0/15", "is for link-local addresses"},
            {"168.63.129.16/32",
             "168.63.129.16",
             "168.63.129.0/24",
             "is where health probes come from"},
            {"224.0.0.0/3",
             "255.255.255.255",
             "192.0.0.0/2",
             "is for multicast and reserved addresses"},
            {"100.64.0.0/10",
             "100.127.255.255",
             "100.0.0.0/9",
             "is for routers, and for clients at regions, of the simulation"},
            {"198.18.0.0/15",
             "198.19.255.255",
             "198.16.0.0/14",
             "is for the clients in the internet of the simulation"}};
        for (const auto& [range, address, around, why] : ranges)
        {
            auto reason = range + ", which " + why;
            const auto name = around.substr(0, around.find('/')) + " slash " +
                              around.substr(around.find('/') + 1);
            if (around != "192.0.0.0/2") // which holds two of these ranges
            {
                Add("A virtual network cannot have " + name,
                    [around = around](auto& d) {
                        d.virtualNetworks[1].addressPrefixes.push_back(Prefix(around));
                    },
                    {{"virtualNetworks[1].addressPrefixes[2]",
                      around + " of virtual network 'net-b' overlaps " + reason}});
            }
            Add("A public address cannot be " + address,
                [address = address](auto& d) { d.publicIpAddresses[1].address = Address(address); },
                {{"publicIpAddresses[1].address", address + " lies in " + reason}});
            Add("A public frontend cannot be " + address,
                [address = address](auto& d) {
                    d.loadBalancers[0].configuration.frontendIpConfigurations[0].address =
                        Address(address);
                },
                {{"loadBalancers[0].frontendIPConfigurations[0].publicIPAddress",
                  address + " lies in " + reason}});
        }
        Add("A public address cannot lie in a virtual network",
            [](auto& d) { d.publicIpAddresses[1].address = Address("10.1.200.1"); },
            {{"publicIpAddresses[1].address",
              "10.1.200.1 lies in 10.1.128.0/17 of virtual network 'net-b', so it cannot be "
              "public"}});
        for (const std::string near : {"1.0.0.0",
                                       "126.255.255.255",
                                       "168.63.129.17",
                                       "169.253.255.255",
                                       "198.17.255.255",
                                       "198.20.0.0",
                                       "100.63.255.255",
                                       "100.128.0.0",
                                       "223.255.255.255"})
        {
            Add("A public address may be " + near + ", beside a range that is forbidden",
                [near](auto& d) { d.publicIpAddresses[1].address = Address(near); },
                {});
        }
    }
};

/** Registers the suite. */
DeploymentValidationTestSuite g_deploymentValidationTestSuite;

} // namespace
