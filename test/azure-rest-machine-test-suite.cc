/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-rest-fixture.h"

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Input, `@` and `~` as in Rest(), and what comes out of it.
using Table = std::vector<std::tuple<const char*, std::string, std::string>>;

/**
 * @param notices what became of parts of the input
 * @return paths and reasons
 */
std::string
DescribeNotices(const std::vector<ResourceNotice>& notices)
{
    std::string text;
    for (const auto& notice : notices)
    {
        text += (text.empty() ? "" : "; ") + notice.path + ": " + notice.why;
    }
    return text;
}

/**
 * @param text the input
 * @return every machine, or every error after "! "
 */
std::string
DescribeMachines(const std::string& text)
{
    const auto deployment = ResourceImporter().Import(text);
    std::string result;
    for (const auto& error : deployment.errors)
    {
        result += "! " + error.path + ": " + error.message;
    }
    if (!result.empty())
    {
        return result;
    }
    for (const auto& machine : deployment.virtualMachines)
    {
        result += (result.empty() ? "" : "; ") + machine.name + " " + machine.region +
                  (machine.zone.empty() ? "" : " zone " + machine.zone) +
                  (machine.availabilitySet.empty() ? "" : " set " + machine.availabilitySet) +
                  (machine.running ? "" : " stopped") + (machine.synthesised ? " made up" : "");
        for (const auto& name : machine.networkInterfaces)
        {
            const auto* nic = deployment.FindNetworkInterface(name);
            result += " " + name;
            for (const auto& ip : nic ? nic->ipConfigurations : std::vector<NicIpConfiguration>())
            {
                result +=
                    "=" + Text(ip.privateIpAddress) + "/" + ip.virtualNetwork + "/" + ip.subnet;
            }
        }
    }
    return result;
}

/**
 * @param test the test case
 * @param table inputs and what comes out
 * @param describe writes what came out
 */
void
CheckTable(FunctionTestCase& test, const Table& table, std::string (*describe)(const std::string&))
{
    for (const auto& [what, text, expected] : table)
    {
        test.Equal(describe(text), expected, what);
    }
}

/**
 * @brief LB-2: where a frontend's address, zones and idle timeout come from.
 * @param test the test case
 */
void
TestFrontends(FunctionTestCase& test)
{
    const auto with = [](const std::string& frontend, const std::string& ip) {
        std::vector<std::string> list = {
            R"({"id":"@publicIPAddresses/ip","location":"westus",)" + ip + "}",
            g_lb + R"("frontendIPConfigurations":[{"name":"f",)" + frontend + "}]}}"};
        if (frontend.find("virtualNetworks") != std::string::npos)
        {
            list.push_back(g_net);
        }
        return Reply(list);
    };
    const std::string ip = R"("properties":{"publicIPAddress":{"id":"@PublicIpAddresses/IP"}})";
    const std::string lb = "lb Standard in lb-vnet of westus; frontend f ";
    CheckTable(
        test,
        {{"a public address",
          with(ip, R"("properties":{"ipAddress":"203.0.113.77"})"),
          lb + "203.0.113.77 public"},
         {"a public address that is not known yet",
          with(ip, R"("properties":{})"),
          lb + "203.0.113.1 public"},
         {"LB-43 the public address has a timeout",
          with(ip, R"("properties":{"ipAddress":"203.0.113.7","idleTimeoutInMinutes":12})"),
          lb + "203.0.113.7 public 12 min"},
         {"LB-63 zones of the public address",
          with(ip, R"("zones":["2","1"],"properties":{"ipAddress":"203.0.113.7"})"),
          lb + "203.0.113.7 public zones 2 1"},
         {"LB-63 zones of the frontend itself come first",
          with(R"("zones":[3],)" + ip, R"("zones":["1"],"properties":{"ipAddress":"203.0.113.7"})"),
          lb + "203.0.113.7 public zones 3"},
         {"a prefix of public addresses",
          with(R"("properties":{"publicIPPrefix":{"id":"@publicIPPrefixes/x"}})",
               R"("properties":{"ipAddress":"203.0.113.1"})"),
          lb + "203.0.113.2 public"},
         {"a private address is assigned after the four that Azure keeps",
          with(R"("properties":{"subnet":{"id":"@virtualNetworks/net/subnets/b"}})",
               R"("properties":{})"),
          "lb Standard in net of westus; frontend f 10.0.1.4 private"},
         {"neither",
          with(R"("properties":{})", R"("properties":{})"),
          "! [1].properties.frontendIPConfigurations[0]: frontend 'f' needs a publicIPAddress or a "
          "subnet"},
         {"a subnet that is not there",
          with(R"("properties":{"subnet":{"id":"@virtualNetworks/net/subnets/c"}})",
               R"("properties":{})"),
          "! [1].properties.frontendIPConfigurations[0].properties.subnet.id: no subnet '" +
              g_network + "virtualNetworks/net/subnets/c' in the input"}},
        DescribeBalancers);
}

/**
 * @brief LB-28: members by NIC and by address, in the load balancer and in resources of their own.
 * @param test the test case
 */
void
TestPools(FunctionTestCase& test)
{
    const std::string head = "lb Standard in net of westus; frontend f 10.0.0.9 private; ";
    const auto pool = [](const std::string& properties) {
        return g_lb + g_frontend + R"(,"backendAddressPools":[{"name":"p","properties":{)" +
               properties + "}}]}}";
    };
    const auto members = [&](const std::string& list) {
        return pool(R"("loadBalancerBackendAddresses":[)" + list + "]");
    };
    const auto join =
        R"(,"loadBalancerBackendAddressPools":[)" + Part("backendAddressPools", "P") + "]";
    const auto child = R"({"id":"@loadBalancers/lb/backendAddressPools/c","name":"lb/c",)"
                       R"("properties":{"loadBalancerBackendAddresses":[{"name":"m","properties":)"
                       R"({"ipAddress":"10.0.1.4"}}]}})";
    const std::string where = "[1].properties.backendAddressPools[0].properties.";
    CheckTable(
        test,
        {{"two NICs in the order of the input",
          Reply({g_net, pool(""), Nic("y", "10.0.0.5", join), Nic("x", "10.0.0.4", join)}),
          head + "pool p nic y-vm=10.0.0.5 x-vm=10.0.0.4"},
         {"a member without name has that of its address",
          Reply({g_net, members(R"({"properties":{"ipAddress":"10.0.0.4"}})")}),
          head + "pool p ip 10.0.0.4=10.0.0.4"},
         {"a member that a NIC names, too, is linked from there",
          Reply({g_net,
                 members(R"({"name":"m","properties":{"ipAddress":"10.0.0.4",)"
                         R"("networkInterfaceIPConfiguration":{"id":"x"}}})"),
                 Nic("x", "10.0.0.4", join)}),
          head + "pool p nic x-vm=10.0.0.4"},
         {"a stopped machine behind an address",
          Reply({g_net,
                 members(R"({"name":"m","properties":{"ipAddress":"10.0.0.4"}})"),
                 Nic("x", "10.0.0.4"),
                 Machine("v", "x", R"("powerState":"VM deallocated",)")}),
          head + "pool p ip m=10.0.0.4 stopped"},
         {"a pool as a resource of its own",
          Reply({g_net, pool(""), child}),
          head + "pool p nic; pool c ip m=10.0.1.4"},
         {"a member in no subnet",
          Reply({g_net, members(R"({"properties":{"ipAddress":"10.0.2.4"}})")}),
          "! " + where + "loadBalancerBackendAddresses[0]: 10.0.2.4 is in no subnet of the input"},
         {"a pool in another network",
          Reply({g_net,
                 R"({"id":"@virtualNetworks/far","properties":{"addressSpace":)"
                 R"({"addressPrefixes":["10.9.0.0/16"]}}})",
                 pool(R"("virtualNetwork":{"id":"@virtualNetworks/far"})")}),
          "! [2].properties.backendAddressPools[0].properties.virtualNetwork.id: the load balancer "
          "is in virtual network 'net' already, by a frontend or another pool"},
         {"a NIC in a pool of no load balancer",
          Reply({g_net, Nic("x", "10.0.0.4", join)}),
          "! [1].properties.ipConfigurations[0].properties.loadBalancerBackendAddressPools[0].id: "
          "no load balancer for '" +
              g_network + "loadBalancers/lb/backendAddressPools/P' in the input"}},
        DescribeBalancers);
}

/**
 * @brief LB-46 and LB-47: NAT rules to one machine, to a pool, and by a pool of ports.
 * @param test the test case
 */
void
TestNat(FunctionTestCase& test)
{
    const std::string head = "lb Standard in net of westus; frontend f 10.0.0.9 private; ";
    const auto common = R"("frontendIPConfiguration":)" + Part("frontendIPConfigurations", "f") +
                        R"(,"protocol":"Tcp","backendPort":22,)";
    const auto lb = [&](const std::string& rules) {
        return g_lb + g_frontend + R"(,"backendAddressPools":[{"name":"p"}],)" + rules + "}}";
    };
    const auto child = R"({"id":"@loadBalancers/lb/inboundNatRules/c","name":"lb/c",)"
                       R"("properties":{)" +
                       common + R"("frontendPort":2222}})";
    const auto toChild = R"(,"loadBalancerInboundNatRules":[)" + Part("inboundNatRules", "c") + "]";
    const auto set = [](int capacity) {
        return R"({"id":"~virtualMachineScaleSets/set","location":"westus","sku":{"capacity":)" +
               std::to_string(capacity) +
               R"(},"properties":{"virtualMachineProfile":{"networkProfile":)"
               R"({"networkInterfaceConfigurations":[{"name":"n","properties":{)"
               R"("ipConfigurations":[{"name":"i","properties":{"subnet":)"
               R"({"id":"@virtualNetworks/net/subnets/b"},"loadBalancerInboundNatPools":[)" +
               Part("inboundNatPools", "NP") + "]}}]}}]}}}}";
    };
    const auto pool = lb(R"("inboundNatPools":[{"name":"np","properties":{)" + common +
                         R"("frontendPortRangeStart":50000,"frontendPortRangeEnd":50002}}])");
    CheckTable(
        test,
        {{"LB-47 a rule to a pool takes a range",
          Reply({g_net,
                 lb(R"("inboundNatRules":[{"name":"n","properties":{)" + common +
                    R"("backendAddressPool":)" + Part("backendAddressPools", "p") +
                    R"(,"frontendPortRangeStart":500,"frontendPortRangeEnd":599}}])")}),
          head + "pool p nic; nat n f tcp 500-599>22 p, 4 min"},
         {"LB-46 a rule as a resource of its own",
          Reply({g_net, lb(R"("probes":[])"), child, Nic("x", "10.0.0.4", toChild)}),
          head + "pool p nic; nat c f tcp 2222>22 10.0.0.4, 4 min"},
         {"LB-46 a rule without a machine",
          Reply({g_net, lb(R"("probes":[])"), child}),
          head + "pool p nic; nat c f tcp 2222>22 -, 4 min"},
         {"a pool of ports makes a rule for each instance",
          Reply({g_net, pool, set(3)}),
          head +
              "pool p nic; nat np.0 f tcp 50000>22 10.0.1.4, 4 min; "
              "nat np.1 f tcp 50001>22 10.0.1.5, 4 min; nat np.2 f tcp 50002>22 10.0.1.6, 4 min"},
         {"more instances than ports",
          Reply({g_net, pool, set(4)}),
          "! [2].properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0]"
          ".properties.ipConfigurations[0].properties.loadBalancerInboundNatPools[0]: inbound NAT "
          "pool 'np' has no port for instance 3"},
         {"a pool of ports that is not there",
          Reply({g_net, lb(R"("probes":[])"), set(1)}),
          "! [2].properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0]"
          ".properties.ipConfigurations[0].properties.loadBalancerInboundNatPools[0].id: load "
          "balancer 'lb' has no inbound NAT pool 'NP'"}},
        DescribeBalancers);
    // A NIC by itself takes no part in a pool of ports.
    const auto alone = ResourceImporter().Import(
        Reply({g_net,
               pool,
               Nic("x",
                   "10.0.0.4",
                   R"(,"loadBalancerInboundNatPools":[)" + Part("inboundNatPools", "np") + "]")}));
    test.Equal(alone.errors.size(), 0, "a pool of ports at a NIC is no error");
    test.Equal(alone.loadBalancers.at(0).configuration.inboundNatRules.size(), 0, "no rule");
    test.Equal(DescribeNotices(alone.notModelled),
               "[2].properties.ipConfigurations[0].properties.loadBalancerInboundNatPools[0]: "
               "inbound NAT pools serve scale sets only; [1].properties.inboundNatPools[0]: no "
               "scale set of the input names it, so that it makes no rules",
               "a pool of ports at a NIC");
    const auto unused = ResourceImporter().Import(Reply({g_net, pool}));
    test.Equal(DescribeNotices(unused.notModelled),
               "[1].properties.inboundNatPools[0]: no scale set of the input names it, so that it "
               "makes no rules",
               "a pool of ports that nothing uses");
}

/**
 * @brief Region, zone, availability set and power state of machines, and who owns a NIC.
 * @param test the test case
 */
void
TestMachines(FunctionTestCase& test)
{
    const auto nic = Nic("x", "10.0.0.4");
    const auto machine = [&](const std::string& more) {
        return Reply({g_net, nic, Machine("v", "x", more)});
    };
    const auto state = [&](const std::string& codes) {
        return machine(R"("instanceView":{"statuses":[)" + codes + "]},");
    };
    const std::string end = " x=10.0.0.4/net/a";
    CheckTable(
        test,
        {{"nothing but a NIC", machine(""), "v westus" + end},
         {"a zone as a number", machine(R"("zones":[2],)"), "v westus zone 2" + end},
         {"an availability set",
          machine(R"("availabilitySet":{"id":"~availabilitySets/as"},)"),
          "v westus set as" + end},
         {"LB-28 running", machine(R"("powerState":"VM running",)"), "v westus" + end},
         {"LB-28 stopped", machine(R"("powerState":"VM stopped",)"), "v westus stopped" + end},
         {"LB-28 an instance view that runs",
          state(R"({"code":"ProvisioningState/succeeded"},{"code":"PowerState/running"})"),
          "v westus" + end},
         {"LB-28 an instance view that is deallocated",
          state(R"({"code":"PowerState/deallocated"},{"code":"ProvisioningState/succeeded"})"),
          "v westus stopped" + end},
         {"an instance view that does not say", state(R"({"code":"x"})"), "v westus" + end},
         {"a NIC without a machine", Reply({g_net, nic}), "x-vm westus made up" + end},
         {"a NIC of two machines",
          Reply({g_net, nic, Machine("v", "x"), Machine("w", "x")}),
          "! [3].properties.networkProfile.networkInterfaces[0].id: network interface 'x' belongs "
          "to another virtual machine already"},
         {"a NIC that is not there",
          Reply({g_net, Machine("v", "y")}),
          "! [1].properties.networkProfile.networkInterfaces[0].id: no network interface '" +
              g_network + "networkInterfaces/y' in the input"},
         {"a NIC without IPv4",
          Reply({g_net, Nic("x", "fd00::4", R"(,"privateIPAddressVersion":"IPv6")")}),
          "! [1].properties.ipConfigurations: a network interface needs an IPv4 configuration"},
         {"a public address that is not there",
          Reply(
              {g_net, Nic("x", "10.0.0.4", R"(,"publicIPAddress":{"id":"@publicIPAddresses/z"})")}),
          "! [1].properties.ipConfigurations[0].properties.publicIPAddress.id: no public IP "
          "address '" +
              g_network + "publicIPAddresses/z' in the input"}},
        DescribeMachines);
}

/**
 * @brief The primary NIC and the primary IP configuration come first.
 * @param test the test case
 */
void
TestPrimary(FunctionTestCase& test)
{
    const auto flag = [](const std::string& primary) {
        return primary.empty() ? "" : R"("primary":)" + primary;
    };
    const auto nics = [&](const std::string& a, const std::string& b, const std::string& c) {
        std::string list;
        for (const auto& [name, primary] : {std::pair("a", a), {"b", b}, {"c", c}})
        {
            list += std::string(list.empty() ? "" : ",") + R"({"id":"@networkInterfaces/)" + name +
                    R"(","properties":{)" + flag(primary) + "}}";
        }
        return Reply({g_net,
                      Nic("a", "10.0.0.4"),
                      Nic("b", "10.0.0.5"),
                      Nic("c", "10.0.0.6"),
                      R"({"id":"~virtualMachines/v","location":"westus","properties":)"
                      R"({"networkProfile":{"networkInterfaces":[)" +
                          list + "]}}}"});
    };
    const std::string a = " a=10.0.0.4/net/a";
    const std::string b = " b=10.0.0.5/net/a";
    const std::string c = " c=10.0.0.6/net/a";
    const auto ip = [&](const std::string& name, const std::string& primary) {
        return R"({"name":")" + name + R"(","properties":{)" + flag(primary) +
               (primary.empty() ? "" : ",") +
               R"("subnet":{"id":"@virtualNetworks/net/subnets/a"}}})";
    };
    const auto ips = [&](const std::string& first, const std::string& second) {
        return Reply({g_net,
                      R"({"id":"@networkInterfaces/x","location":"westus","properties":)"
                      R"({"ipConfigurations":[)" +
                          ip("i", first) + "," + ip("k", second) + "]}}"});
    };
    CheckTable(test,
               {{"no NIC says so", nics("", "", ""), "v westus" + a + b + c},
                {"the first NIC", nics("true", "false", "false"), "v westus" + a + b + c},
                {"the second NIC", nics("false", "true", "false"), "v westus" + b + a + c},
                {"the last NIC alone says so", nics("", "", "true"), "v westus" + c + a + b},
                {"no IP configuration says so",
                 ips("", ""),
                 "x-vm westus made up x=10.0.0.4/net/a=10.0.0.5/net/a"},
                {"the second IP configuration",
                 ips("false", "true"),
                 "x-vm westus made up x=10.0.0.5/net/a=10.0.0.4/net/a"}},
               DescribeMachines);
    const auto set = ResourceImporter().Import(
        Reply({g_net,
               R"({"id":"~virtualMachineScaleSets/s","location":"westus","sku":{"capacity":1},)"
               R"("properties":{"virtualMachineProfile":{"networkProfile":)"
               R"({"networkInterfaceConfigurations":[)"
               R"({"name":"m","properties":{"primary":false,"ipConfigurations":[)" +
                   ip("i", "") + R"(]}},{"name":"n","properties":{"primary":true,)" +
                   R"("ipConfigurations":[)" + ip("i", "") + "," + ip("k", "true") + "]}}]}}}}"}));
    test.Equal(set.errors.size(), 0, "a scale set");
    test.Equal(set.virtualMachines.at(0).networkInterfaces.at(0), "s_0-n", "its primary NIC");
    for (const auto& deployment : {ResourceImporter().Import(ips("", "")),
                                   ResourceImporter().Import(ips("false", "true")),
                                   ResourceImporter().Import(ips("true", "true")),
                                   set})
    {
        for (const auto& nic : deployment.networkInterfaces)
        {
            for (const auto& one : nic.ipConfigurations)
            {
                test.Equal(one.primary, &one == &nic.ipConfigurations.front(), one.id);
            }
        }
    }
    const auto& last = set.networkInterfaces.back().ipConfigurations;
    test.Equal(last.at(0).name + last.at(1).name, "ki", "its primary IP configuration");
    test.Equal(Text(last.at(0).privateIpAddress), "10.0.0.6", "addresses in the input's order");
}

/**
 * @brief A load balancer that names no network is in that of its members.
 * @param test the test case
 */
void
TestNetworkOfMembers(FunctionTestCase& test)
{
    const auto far = R"({"id":"@virtualNetworks/far","location":"westus","properties":)"
                     R"({"addressSpace":{"addressPrefixes":["10.9.0.0/16"]},"subnets":[{"name":)"
                     R"("f","properties":{"addressPrefix":"10.9.0.0/24"}}]}})";
    const auto lb = [](const std::string& name, const std::string& members) {
        return R"({"id":"@loadBalancers/)" + name + R"(","name":")" + name +
               R"(","location":"westus","sku":{"name":"Standard"},"properties":)"
               R"({"frontendIPConfigurations":[{"name":"f","properties":{"publicIPAddress":)"
               R"({"id":"@publicIPAddresses/)" +
               name + R"(-ip"}}}],"backendAddressPools":[{"name":"p","properties":{)" + members +
               "}}]}}";
    };
    const auto joins =
        R"(,"loadBalancerBackendAddressPools":[)" + Part("backendAddressPools", "p") + "]";
    const auto byAddress = [](const std::string& address) {
        return R"("loadBalancerBackendAddresses":[{"name":"m","properties":{"ipAddress":")" +
               address + R"("}}])";
    };
    const auto byId = R"("backendIPConfigurations":[{"id":"@networkInterfaces/x)"
                      R"(/ipConfigurations/i"}])";
    const auto set = R"({"id":"~virtualMachineScaleSets/s","location":"westus","sku":)"
                     R"({"capacity":1},"properties":{"virtualMachineProfile":{"networkProfile":)"
                     R"({"networkInterfaceConfigurations":[{"name":"n","properties":)"
                     R"({"ipConfigurations":[{"name":"i","properties":{"subnet":)"
                     R"({"id":"@virtualNetworks/net/subnets/b"})" +
                     joins + "}}]}}]}}}}";
    const auto bySet = R"("backendIPConfigurations":[{"id":"~virtualMachineScaleSets/s)"
                       R"(/virtualMachines/0/networkInterfaces/n/ipConfigurations/i"}])";
    const std::string ip = R"({"id":"@publicIPAddresses/lb-ip","location":"westus","properties":)"
                           R"({"ipAddress":"203.0.113.1"}})";
    const std::string in = "lb Standard in net of westus; frontend f 203.0.113.1 public; pool p ";
    const auto nic = Nic("x", "10.0.0.4", joins);
    CheckTable(test,
               {{"a NIC in its pool",
                 Reply({g_net, ip, lb("lb", ""), nic, Machine("v", "x")}),
                 in + "nic v=10.0.0.4"},
                {"a NIC in its pool, named on both sides",
                 Reply({g_net, ip, lb("lb", byId), nic, Machine("v", "x")}),
                 in + "nic v=10.0.0.4"},
                {"a NIC in its pool, in the second network",
                 Reply({far, g_net, ip, lb("lb", ""), nic, Machine("v", "x")}),
                 in + "nic v=10.0.0.4"},
                {"a scale set in its pool",
                 Reply({far, g_net, ip, lb("lb", bySet), set}),
                 in + "nic s_0=10.0.1.4"},
                {"an address in a subnet of the input",
                 Reply({g_net, ip, lb("lb", byAddress("10.0.1.4"))}),
                 in + "ip m=10.0.1.4"},
                {"an address in none",
                 Reply({g_net, ip, lb("lb", byAddress("10.7.1.4"))}),
                 "lb Standard in lb-vnet of westus; frontend f 203.0.113.1 public; "
                 "pool p ip m=10.7.1.4"},
                {"a NIC that is not described",
                 Reply({g_net, ip, lb("lb", byId)}),
                 in + "nic x-vm=10.0.0.4"},
                {"no member at all", Reply({g_net, ip, lb("lb", "")}), in + "nic"}},
               DescribeBalancers);
    for (const auto& [text, networks] :
         {std::pair(Reply({g_net, ip, lb("lb", byId), nic, Machine("v", "x")}), 1),
          {Reply({g_net, ip, lb("lb", byAddress("10.0.1.4"))}), 1},
          {Reply({g_net, ip, lb("lb", byAddress("10.7.1.4"))}), 2},
          {Reply({lb("lb", ""), lb("other", "")}), 1}})
    {
        const auto deployment = ResourceImporter().Import(text);
        test.Equal(deployment.errors.size(), 0, "no error");
        test.Equal(deployment.virtualNetworks.size(), networks, "networks");
    }
}

/**
 * @brief What a load balancer names without its being described is made up around it.
 * @param test the test case
 */
void
TestMadeUp(FunctionTestCase& test)
{
    const auto members = [](const std::string& addresses) {
        return R"(,"backendAddressPools":[{"name":"p","properties":)"
               R"({"loadBalancerBackendAddresses":[)" +
               addresses + "]}}]}}";
    };
    const auto address = [](const std::string& text) {
        return R"({"name":"m","properties":{"ipAddress":")" + text + R"("}})";
    };
    const auto publicLb = g_lb + R"("frontendIPConfigurations":[{"name":"f","properties":)"
                                 R"({"publicIPAddress":{"id":"@publicIPAddresses/ip"}}}])";
    const auto nics = g_lb + g_frontend +
                      R"(,"backendAddressPools":[{"name":"p","properties":)"
                      R"({"backendIPConfigurations":[)"
                      R"({"id":"@networkInterfaces/n2/ipConfigurations/i"},)"
                      R"({"id":"@networkInterfaces/n1/ipConfigurations/i"},)"
                      R"({"id":"~virtualMachineScaleSets/s/virtualMachines/7/networkInterfaces/k)"
                      R"(/ipConfigurations/i"}]}}]}})";
    const std::string frontend = "lb Standard in net of westus; frontend f 10.0.0.9 private; ";
    CheckTable(test,
               {{"the subnet of a frontend is the /24 around its address",
                 Reply({g_lb + g_frontend + "}}"}),
                 "lb Standard in net of westus; frontend f 10.0.0.9 private"},
                {"members by address get a /24 each, in the load balancer's own network",
                 Reply({publicLb + members(address("10.7.1.4") + "," + address("10.7.2.5"))}),
                 "lb Standard in lb-vnet of westus; frontend f 203.0.113.1 public; "
                 "pool p ip m=10.7.1.4 m=10.7.2.5"},
                {"members by NIC, in the order of their ids",
                 Reply({nics}),
                 frontend + "pool p nic s_7=10.0.0.4 n1-vm=10.0.0.5 n2-vm=10.0.0.6"}},
               DescribeBalancers);
    CheckTable(test,
               {{"machines of addresses",
                 Reply({publicLb + members(address("10.7.1.4") + "," + address("10.7.1.9") + "," +
                                           address("10.7.2.5"))}),
                 "lb-10.7.1.4 westus made up lb-10.7.1.4-nic=10.7.1.4/lb-vnet/subnet-10.7.1; "
                 "lb-10.7.1.9 westus made up lb-10.7.1.9-nic=10.7.1.9/lb-vnet/subnet-10.7.1; "
                 "lb-10.7.2.5 westus made up lb-10.7.2.5-nic=10.7.2.5/lb-vnet/subnet-10.7.2"},
                {"machines of NICs",
                 Reply({nics}),
                 "s_7 westus made up s_7-k=10.0.0.4/net/a; n1-vm westus made up "
                 "n1=10.0.0.5/net/a; n2-vm westus made up n2=10.0.0.6/net/a"}},
               DescribeMachines);
    // What is made up is said.
    const auto deployment = ResourceImporter().Import(Reply({nics}));
    test.Equal(deployment.assumed.size(), 7, "a network, three NICs and their machines");
    for (const auto& notice : deployment.assumed)
    {
        test.Equal(notice.why, "the input names it without describing it", notice.name);
    }
    const auto empty = ResourceImporter().Import(
        Reply({g_net, g_lb + g_frontend + R"(,"backendAddressPools":[{"name":"p"}]}})"}));
    test.Equal(DescribeNotices(empty.assumed),
               "[1].properties.backendAddressPools[0]: no member is known; connections to its "
               "rules get no answer",
               "an empty pool");
}

/**
 * @brief Parts without effect are listed.
 * @param test the test case
 */
void
TestNotices(FunctionTestCase& test)
{
    const auto six = R"("frontendIPConfigurations":[{"name":"six","properties":)"
                     R"({"privateIPAddressVersion":"IPv6","subnet":)"
                     R"({"id":"@virtualNetworks/net/subnets/a"}}},)" +
                     g_frontend.substr(g_frontend.find('[') + 1);
    const auto rule = R"([{"name":"n","properties":{"frontendIPConfiguration":)" +
                      Part("frontendIPConfigurations", "SIX") +
                      R"(,"protocol":"Tcp","backendPort":1}}])";
    const std::string why = "its frontend is IPv6, which is not modelled yet";
    const std::tuple<const char*, std::string, std::string> cases[] = {
        {"IPv6 NAT rules and pools of ports",
         Reply({g_net,
                g_lb + six + R"(,"inboundNatRules":)" + rule + R"(,"inboundNatPools":)" + rule +
                    "}}"}),
         "[1].properties.frontendIPConfigurations[0]: IPv6 is not modelled yet; "
         "[1].properties.inboundNatRules[0]: " +
             why + "; [1].properties.inboundNatPools[0]: " + why},
        {"a chained Gateway Load Balancer",
         Reply({g_net,
                g_lb + g_frontend.substr(0, g_frontend.size() - 3) +
                    R"(,"gatewayLoadBalancer":{"id":"x"}}}]}})"}),
         "[1].properties.frontendIPConfigurations[0].properties.gatewayLoadBalancer: the Gateway "
         "SKU is not modelled yet"},
        {"outbound rules, whatever they hold",
         Reply({g_net, g_lb + g_frontend + R"(,"outboundRules":[{"name":"o"},{"name":"u"}]}})"}),
         "[1].properties.outboundRules[0]: outbound connections are not modelled yet; "
         "[1].properties.outboundRules[1]: outbound connections are not modelled yet"},
        {"an address that nothing uses, and an object that is no resource",
         Reply({g_net,
                R"({"id":"@publicIPAddresses/ip"})",
                R"({"x":1,"y":2})",
                g_lb + g_frontend + "}}"}),
         "[2]: only resources are read; [1]: nothing that is modelled uses it"},
        {"a pool of a load balancer that is not modelled",
         Reply({g_net,
                R"({"id":"@loadBalancers/gw","sku":{"name":"gateway"}})",
                R"({"id":"@loadBalancers/gw/backendAddressPools/p","name":"gw/p"})"}),
         "[1]: the Gateway SKU is not modelled yet; [2]: its load balancer is not modelled"},
        {"an IP configuration in no subnet",
         Reply({g_net,
                R"({"id":"@networkInterfaces/x","properties":{"ipConfigurations":[)"
                R"({"name":"i","properties":{}},{"name":"k","properties":)"
                R"({"privateIPAddress":"10.0.0.4","subnet":)"
                R"({"id":"@virtualNetworks/net/subnets/a"}}}]}})"}),
         "[1].properties.ipConfigurations[0]: it is in no subnet"}};
    for (const auto& [what, text, notices] : cases)
    {
        const auto deployment = ResourceImporter().Import(text);
        for (const auto& error : deployment.errors)
        {
            test.Equal(error.ToText(), "", what);
        }
        test.Equal(DescribeNotices(deployment.notModelled), notices, what);
    }
}

/** REST resources around a load balancer. */
class RestMachineTestSuite : public TestSuite
{
  public:
    RestMachineTestSuite()
        : TestSuite("azure-rest-machine", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"LB-2 LB-43 LB-63 Frontends take address, timeout and zones from a public address",
             TestFrontends},
            {"LB-28 Members of pools by NIC and by address", TestPools},
            {"LB-46 LB-47 NAT rules to machines, pools and scale sets", TestNat},
            {"Machines have a region, a zone and a state", TestMachines},
            {"The primary NIC and IP configuration come first", TestPrimary},
            {"A load balancer that names no network is in that of its members",
             TestNetworkOfMembers},
            {"What is named without being described is made up", TestMadeUp},
            {"What has no effect is listed", TestNotices}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
RestMachineTestSuite g_restMachineTestSuite;

} // namespace
