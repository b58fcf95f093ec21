/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-fixture.h"

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/** Nothing is dropped silently. */
class ResourceNoticeTestSuite : public TestSuite
{
  public:
    ResourceNoticeTestSuite()
        : TestSuite("azure-resource-notice", Type::UNIT)
    {
        const auto add = [this](const std::string& name,
                                const std::string& text,
                                const NoticeTestCase::Notices& notices,
                                std::size_t balancers = 1) {
            AddTestCase(new NoticeTestCase(name, text, notices, balancers), Duration::QUICK);
        };
        const std::string unknown = "the model does not know this property";
        const std::string lb = "resources[1].properties.";
        add("Nothing to notice", Changed("", ""), {});
        add("What the service adds to a reply is no news",
            Changed(R"({"name":"h",)",
                    R"({"name":"h","etag":"x","id":"y","type":"z","resourceGroup":"g",)"),
            {});
        add("Unknown properties of a probe, inside and outside of its properties",
            Changed(R"({"name":"h","properties":{)",
                    R"({"name":"h","x":1,"properties":{"y":[2],"z":null,"w":false,)"),
            {{lb + "probes[0].x", unknown}, {lb + "probes[0].properties.y", unknown}});
        add("Unknown properties of a rule",
            Changed(R"("frontendPort":80)", R"("frontendPort":80,"enableConnectionTracking":true)"),
            {{lb + "loadBalancingRules[0].properties.enableConnectionTracking", unknown}});
        add("Unknown properties of a pool and its members",
            Changed(R"({"name":"p"})",
                    R"({"name":"p","properties":{"drainPeriodInSeconds":9,)"
                    R"("loadBalancerBackendAddresses":[{"name":"m","properties":{)"
                    R"("ipAddress":"10.0.0.30","weight":3}}]}})"),
            {{lb + "backendAddressPools[0].properties.drainPeriodInSeconds", unknown},
             {lb + "backendAddressPools[0].properties.loadBalancerBackendAddresses[0]"
                   ".properties.weight",
              unknown}});
        add("Unknown properties of a frontend and of the load balancer",
            Changed(R"("sku":{"name":"Standard"},"properties":{"frontendIPConfigurations":[{)",
                    R"("sku":{"name":"Standard"},"extendedLocation":{"name":"e"},)"
                    R"("properties":{"frontendIPConfigurations":[{"ddos":"on",)"),
            {{"resources[1].extendedLocation", unknown},
             {lb + "frontendIPConfigurations[0].ddos", unknown}});
        add("The virtual network of a pool is read, however it is spelt",
            Changed(R"({"name":"p"})",
                    R"({"name":"p","properties":{"virtualNetwork":{"id":)"
                    R"("[resourceId('Microsoft.Network/virtualNetworks','NET')]"}}})"),
            {});
        add("A second pool of a rule",
            Changed(R"("frontendPort":80)",
                    R"("frontendPort":80,"backendAddressPools":[)" +
                        PartOfBalancer("backendAddressPools", "p") + "," +
                        PartOfBalancer("backendAddressPools", "p") + "]"),
            {{lb + "loadBalancingRules[0].properties.backendAddressPools[1]",
              "a second pool is for the Gateway SKU, which is not modelled yet"}});
        AddIpv6();
        AddOtherResources();
        add("A reply that is only a pool",
            R"({"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/loadBalancers)"
            R"(/lb/backendAddressPools/p","name":"p","properties":{}})",
            {{"", "the input does not hold what it is a part of"}},
            0);
    }

  private:
    /** Properties of resources other than load balancers. */
    void AddOtherResources()
    {
        const std::string unknown = "the model does not know this property";
        const std::string filter = "packet filters are not modelled; all traffic is allowed";
        const std::string machine =
            "hardware and software of machines are not modelled; servers answer on the backend "
            "ports";
        const std::string vm = R"("properties":{"networkProfile":{"networkInterfaces":[)";
        const auto add = [this](const std::string& name,
                                const std::string& text,
                                const NoticeTestCase::Notices& notices) {
            AddTestCase(new NoticeTestCase(name, text, notices), Duration::QUICK);
        };
        add("Properties of a virtual network and its subnets",
            Changed(R"("addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"a",)"
                    R"("properties":{)",
                    R"("enableDdosProtection":true,"dhcpOptions":{"dnsServers":[]},)"
                    R"("addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"a",)"
                    R"("properties":{"natGateway":{"id":"x"},"networkSecurityGroup":{"id":"y"},)"),
            {{"resources[0].properties.enableDdosProtection", unknown},
             {"resources[0].properties.subnets[0].properties.natGateway",
              "outbound connections are not modelled yet"},
             {"resources[0].properties.subnets[0].properties.networkSecurityGroup", filter}});
        add("Properties of a network interface and its addresses",
            Changed(R"("ipConfigurations":[{"name":"i","properties":{)",
                    R"("NetworkSecurityGroup":{"id":"x"},"enableIPForwarding":true,)"
                    R"("enableAcceleratedNetworking":false,)"
                    R"("ipConfigurations":[{"name":"i","properties":{)"
                    R"("applicationSecurityGroups":[{"id":"y"}],)"),
            {{"resources[2].properties.NetworkSecurityGroup", filter},
             {"resources[2].properties.enableIPForwarding", unknown},
             {"resources[2].properties.ipConfigurations[0].properties.applicationSecurityGroups",
              filter}});
        add("Properties of a virtual machine",
            Changed(vm,
                    R"("identity":{"type":"x"},"properties":{"osProfile":{"a":1},)" +
                        vm.substr(14)),
            {{"resources[3].identity", unknown}, {"resources[3].properties.osProfile", machine}});
        add("Copies of a loop share an entry",
            Template(R"("resources":[{"type":"Microsoft.Network/loadBalancers","apiVersion":"1",)"
                     R"("name":"lb","properties":{"frontendIPConfigurations":[{"name":"f",)"
                     R"("properties":{"publicIPAddress":{"id":"[resourceId('Microsoft.Network/)"
                     R"(publicIPAddresses','ip0')]"}}}]}},)"
                     R"({"type":"Microsoft.Network/virtualNetworks","apiVersion":"1",)"
                     R"("name":"[format('net{0}',copyIndex())]","copy":{"name":"c","count":3},)"
                     R"("properties":{"encryption":{"enabled":true},"addressSpace":{)"
                     R"("addressPrefixes":["[format('10.{0}.0.0/16',copyIndex())]"]}}},)"
                     R"({"type":"Microsoft.Network/publicIPAddresses","apiVersion":"1",)"
                     R"("name":"ip0","properties":{"ddosSettings":{"mode":"x"}}}])"),
            {{"resources[1].properties.encryption", unknown},
             {"resources[2].properties.ddosSettings", unknown}});
        add("A copy loop or condition inside a resource's part is not silently data",
            Changed(R"({"name":"h",)", R"({"name":"h","condition":true,)"),
            {{"resources[1].properties.probes[0].condition", unknown}});
    }

    /** IPv6 is noticed, not refused. */
    void AddIpv6()
    {
        const std::string lb = "resources[1].properties.";
        const std::string ipv6 = R"("privateIPAddressVersion":"IPv6")";
        const std::string frontend = R"("privateIPAddress":"10.0.0.10")";
        const std::string rule = "its frontend is IPv6, which is not modelled yet";
        const std::string part = "IPv6 is not modelled yet";
        AddTestCase(
            new NoticeTestCase(
                "Only IPv6 frontends",
                Changed(frontend, ipv6),
                {{lb + "frontendIPConfigurations[0]", part},
                 {lb + "loadBalancingRules[0]", rule},
                 {"resources[1]", "it has IPv6 frontends only, and IPv6 is not modelled yet"}},
                0),
            Duration::QUICK);
        AddTestCase(
            new NoticeTestCase(
                "An IPv4 frontend next to an IPv6 frontend",
                Changed(frontend + "}}]",
                        ipv6 + R"(}},{"name":"g","properties":{"subnet":{)"
                               R"("id":"[resourceId('Microsoft.Network/)"
                               R"(virtualNetworks/subnets','net','a')]"}}}])"),
                {{lb + "frontendIPConfigurations[0]", part}, {lb + "loadBalancingRules[0]", rule}}),
            Duration::QUICK);
        AddTestCase(
            new NoticeTestCase(
                "An IPv6 member of a pool",
                Changed(R"({"name":"p"})",
                        R"({"name":"p","properties":{"loadBalancerBackendAddresses":[)"
                        R"({"name":"m","properties":{"ipAddress":"fd00::1"}}]}})"),
                {{lb + "backendAddressPools[0].properties.loadBalancerBackendAddresses[0]", part}}),
            Duration::QUICK);
        const std::string net = "resources[0].properties.";
        AddTestCase(
            new NoticeTestCase("IPv6 prefixes of a virtual network and a subnet",
                               Changed(R"("10.0.0.0/16"]},"subnets":[)",
                                       R"("10.0.0.0/16","fd00::/48"]},"subnets":[{"name":"six",)"
                                       R"("properties":{"addressPrefix":"fd00::/64"}},)"),
                               {{net + "addressSpace.addressPrefixes[1]", part},
                                {net + "subnets[0].properties.addressPrefix", part}}),
            Duration::QUICK);
    }
};

/** Registers the suite. */
ResourceNoticeTestSuite g_resourceNoticeTestSuite;

} // namespace
