/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-resource-fixture.h"

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// A declared parameter of every kind of limit.
const std::string g_limits = Template(
    R"("parameters":{"n":{"type":"int","defaultValue":5,"minValue":2,"maxValue":9},)"
    R"("s":{"type":"string","defaultValue":"abc","minLength":2,"maxLength":4},)"
    R"("a":{"type":"array","defaultValue":[1],"minLength":1,"maxLength":2},)"
    R"("e":{"type":"string","defaultValue":"x","allowedValues":["x","y"]}},"resources":[])");

/// The start of paths in the load balancer.
const std::string g_lb = "resources[1].properties.";

/// The start of paths in its rule.
const std::string g_rule = g_lb + "loadBalancingRules[0].properties.";

/// The start of paths in the NIC's address.
const std::string g_ip = "resources[2].properties.ipConfigurations[0].properties.";

/** Inputs that are wrong: exact paths and reasons. */
class ResourceBadInputTestSuite : public TestSuite
{
  public:
    ResourceBadInputTestSuite()
        : TestSuite("azure-resource-bad-input", Type::UNIT)
    {
        AddText();
        AddParameters();
        AddSections();
        AddReferences();
        AddAddresses();
        AddTypes();
    }

  private:
    /**
     * @param name name of the case
     * @param text the input
     * @param errors the errors
     * @param parameters the parameter file
     */
    void Add(const std::string& name,
             const std::string& text,
             const BadInputTestCase::Errors& errors,
             const std::string& parameters = "")
    {
        AddTestCase(new BadInputTestCase(name, text, errors, parameters), Duration::QUICK);
    }

    /** A change of the sound deployment. */
    void AddChange(const std::string& from,
                   const std::string& to,
                   const std::string& path,
                   const std::string& message)
    {
        Add(from + " becomes " + to, Changed(from, to), {{path, message}});
    }

    /** JSON that is none. */
    void AddText()
    {
        Add("A missing value",
            "{\n  \"a\": ,\n}",
            {{"",
              "malformed JSON at line 2, column 8: syntax error while parsing value - unexpected "
              "','; expected '[', '{', or a literal"}});
        Add("A text without end",
            "[\n\n  \"abc",
            {{"",
              "malformed JSON at line 3, column 7: syntax error while parsing value - invalid "
              "string: missing closing quote; last read: '\"abc'"}});
        Add("A member twice",
            "{\"a\":1,\n\"a\":2}",
            {{"", "malformed JSON: member a occurs twice in the outermost object"}});
        Add("Something after the end",
            "{}\n}",
            {{"",
              "malformed JSON at line 2, column 1: syntax error while parsing value - unexpected "
              "'}'; expected end of input"}});
        Add("Deep nesting",
            std::string(100, '['),
            {{"", "malformed JSON at line 1, column 65: more than 64 nested objects and arrays"}});
        Add("A number as input",
            "42",
            {{"",
              "this is neither a deployment template (no $schema) nor a resource (no id, and no "
              "type and name)"}});
        Add("Nothing of use",
            "{\"a\":1}",
            {{"",
              "this is neither a deployment template (no $schema) nor a resource (no id, and no "
              "type and name)"}});
    }

    /** Parameters of a template. */
    void AddParameters()
    {
        const auto give = [](const std::string& name, const std::string& value) {
            return R"({"parameters":{")" + name + R"(":{"value":)" + value + "}}}";
        };
        const auto add =
            [&](const std::string& name, const std::string& value, const std::string& message) {
                Add("Parameter " + name + " is " + value,
                    g_limits,
                    {{"parameters." + name + ".value", message}},
                    give(name, value));
            };
        add("n", "1", "1 is below minValue 2");
        add("n", "10", "10 is above maxValue 9");
        add("n", "\"5\"", "the parameter is declared as int, but the value is a string");
        add("s", "\"a\"", "1 characters is below minLength 2");
        add("s", "\"abcde\"", "5 characters is above maxLength 4");
        add("a", "[]", "0 elements is below minLength 1");
        add("a", "[1,2,3]", "3 elements is above maxLength 2");
        add("e", "\"z\"", "'\"z\"' is not among the allowedValues");
        Add("An unknown parameter",
            g_limits,
            {{"parameters.q", "the template has no parameter 'q'"}},
            give("q", "1"));
        Add("A parameter without value",
            g_limits,
            {{"parameters.n", "the parameter has no 'value'"}},
            R"({"parameters":{"n":7}})");
        Add("Parameters in an array",
            g_limits,
            {{"parameters", "must be an object"}},
            R"({"parameters":[1]})");
        Add("A missing parameter",
            Template(R"("parameters":{"p":{"type":"int"}},"resources":[])"),
            {{"parameters.p",
              "the parameter has no default value and is not given; add it to the parameter "
              "file"}});
        Add("A parameter of no type",
            Template(R"("parameters":{"p":{"type":"float","defaultValue":1}},"resources":[])"),
            {{"parameters.p.type",
              "'float' is no parameter type; use string, secureString, int, bool, object, "
              "secureObject or array"}});
        Add("Parameters without a template",
            R"({"id":"/subscriptions/s/resourceGroups/g/providers/A.B/c/d"})",
            {{"", "only a template takes parameters"}},
            "{}");
    }

    /** Sections of a template with the wrong type. */
    void AddSections()
    {
        Add("Resources in a number",
            Template(R"("resources":7)"),
            {{"resources", "must be an array, but is an integer"}});
        Add("A resource in a text",
            Template(R"("resources":["x"])"),
            {{"resources[0]", "a resource must be an object, but is a string"}});
        Add("Variables in an array",
            Template(R"("variables":[1],"resources":[])"),
            {{"variables", "must be an object, but is an array"}});
        Add("Outputs in a text",
            Template(R"("resources":[],"outputs":"x")"),
            {{"outputs", "must be an object, but is a string"}});
        Add("Parameter declarations in an array",
            Template(R"("parameters":[],"resources":[])"),
            {{"parameters", "must be an object, but is an array"}});
        Add("A resource without name",
            Template(R"("resources":[{"type":"A.B/c","apiVersion":"1"}])"),
            {{"resources[0]", "the resource has no 'name'"}});
    }

    /** References to what is not there. */
    void AddReferences()
    {
        AddChange("/backendAddressPools','lb','p')]\"},",
                  "/backendAddressPools','lb','q')]\"},",
                  g_rule + "backendAddressPool.id",
                  "load balancer 'lb' has no backend address pool 'q'");
        AddChange("'lb','h'",
                  "'lb','q'",
                  g_rule + "probe.id",
                  "load balancer 'lb' has no probe 'q'");
        AddChange("'lb','f'",
                  "'lc','f'",
                  g_rule + "frontendIPConfiguration.id",
                  "load balancer 'lb' has no frontend IP configuration 'f'");
        AddChange("'lb','p')]\"}]",
                  "'lb','q')]\"}]",
                  g_ip + "loadBalancerBackendAddressPools[0].id",
                  "load balancer 'lb' has no backend address pool 'q'");
        AddChange(R"("frontendIPConfigurations":[{"name":"f",)",
                  R"("frontendIPConfigurations":[{)",
                  g_lb + "frontendIPConfigurations[0].name",
                  "the name is missing");
        AddChange(R"("probes":[{"name":"h")",
                  R"("probes":[{"name":7)",
                  g_lb + "probes[0].name",
                  "must be a string, but is an integer");
    }

    /** Addresses and prefixes. */
    void AddAddresses()
    {
        const std::string subnet = "resources[0].properties.subnets[1].properties.addressPrefix";
        AddChange("10.0.1.0/24",
                  "10.0.0.128/25",
                  subnet,
                  "10.0.0.128/25 of subnet 'b' overlaps 10.0.0.0/24 of 'a'");
        AddChange("10.0.1.0/24",
                  "10.0.1.1/24",
                  subnet,
                  "'10.0.1.1/24' is no address prefix such as 10.0.0.0/24 with zeros after the "
                  "prefix");
        AddChange("10.0.1.0/24",
                  "10.1.0.0/24",
                  subnet,
                  "10.1.0.0/24 of subnet 'b' is outside the address space of 'net'");
        AddChange("10.0.0.20",
                  "10.0.0.10",
                  g_ip + "privateIPAddress",
                  "10.0.0.10 is used by 'lb' already");
        AddChange("10.0.0.20",
                  "10.0.1.20",
                  g_ip + "privateIPAddress",
                  "10.0.1.20 is outside subnet 'net/a'");
        AddChange("10.0.0.20", "10.0.0", g_ip + "privateIPAddress", "'10.0.0' is no IPv4 address");
        const std::string kept =
            " is kept by Azure: the first four addresses of a subnet and the last one are";
        for (const std::string address : {"10.0.0.0", "10.0.0.3", "10.0.0.255"})
        {
            AddChange("10.0.0.20", address, g_ip + "privateIPAddress", address + kept);
        }
        AddChange("10.0.0.10",
                  "10.0.0.1",
                  g_lb + "frontendIPConfigurations[0].properties.privateIPAddress",
                  "10.0.0.1" + kept);
        AddChange("10.0.0.0/16",
                  "0.0.0.0/0",
                  "resources[0].properties.addressSpace.addressPrefixes[0]",
                  "0.0.0.0/0 of virtual network 'net' overlaps 0.0.0.0/8, which is no range of "
                  "hosts");
        AddChange(R"("10.0.0.0/16")",
                  R"("10.0.0.0/16","168.63.0.0/16")",
                  "resources[0].properties.addressSpace.addressPrefixes[1]",
                  "168.63.0.0/16 of virtual network 'net' overlaps 168.63.129.16/32, which is "
                  "where health probes come from");
        AddChange(R"("name":"p"})",
                  R"("name":"p","properties":{"virtualNetwork":{"id":"/x/y"}}})",
                  g_lb + "backendAddressPools[0].properties.virtualNetwork.id",
                  "no virtual network '/x/y' in the input");
        AddNetworks();
    }

    /** Parts of a load balancer in different virtual networks, and public addresses. */
    void AddNetworks()
    {
        const std::string other =
            R"("resources":[{"type":"Microsoft.Network/publicIPAddresses","apiVersion":"1",)"
            R"("name":"i","location":"eastus","properties":{"ipAddress":"224.0.0.1"}},)"
            R"({"type":"Microsoft.Network/virtualNetworks","apiVersion":"1","name":"far",)"
            R"("location":"westus","properties":{"addressSpace":{"addressPrefixes":)"
            R"(["10.9.0.0/16"]},"subnets":[{"name":"a","properties":)"
            R"({"addressPrefix":"10.9.0.0/24"}}]}},)";
        const auto with = [&](const std::string& from, const std::string& to) {
            auto text = Changed(from, to);
            const std::string begin = R"("resources":[)";
            return text.replace(text.find(begin), begin.size(), other);
        };
        const std::string frontend = R"(subnets','net','a')]"},"privateIPAddress":"10.0.0.10")";
        const std::string moved = R"(subnets','far','a')]"},"privateIPAddress":"10.9.0.10")";
        Add("A frontend in another virtual network than the backends",
            with(frontend, moved),
            {{"resources[4].properties.ipConfigurations[0].properties"
              ".loadBalancerBackendAddressPools[0]",
              "'v' (10.0.0.20) is in virtual network 'net'; all that load balancer 'lb' sends to "
              "must be in 'far'"}});
        Add("A frontend in a subnet that the input does not hold",
            Changed(frontend, R"(subnets','none','a')]"},"privateIPAddress":"10.0.0.10")"),
            {{g_lb + "frontendIPConfigurations[0]", "no virtual network 'none'"}});
        const std::string lb = "resources[1].properties.";
        Add("A probe without protocol",
            Changed(R"("protocol":"Tcp",)", ""),
            {{lb + "probes[0].properties.protocol", "the protocol of 'h' is missing"}});
        Add("A rule without protocol",
            Changed(R"("protocol":"Udp",)", ""),
            {{lb + "loadBalancingRules[0].properties.protocol", "the protocol of 'r' is missing"}});
        const std::string nat =
            R"("loadBalancerInboundNatRules":[)" + PartOfBalancer("inboundNatRules", "t") + "],";
        auto twice = Changed(R"("loadBalancerBackendAddressPools":[)",
                             nat + R"("loadBalancerBackendAddressPools":[)");
        const std::string rules = R"("loadBalancingRules":[)";
        twice.replace(twice.find(rules),
                      rules.size(),
                      R"("inboundNatRules":[{"name":"t","properties":{"frontendIPConfiguration":)" +
                          PartOfBalancer("frontendIPConfigurations", "f") +
                          R"(,"protocol":"Tcp","frontendPort":22,"backendPort":22}}],)" + rules);
        const std::string first = R"({"name":"i",)";
        twice.replace(twice.find(first),
                      first.size(),
                      R"({"name":"j","properties":{)" + nat +
                          R"("subnet":{"id":"[resourceId('Microsoft.Network/virtualNetworks/)"
                          R"(subnets','net','a')]"}}},{"name":"i",)");
        Add("A NAT rule of two addresses",
            twice,
            {{"resources[2].properties.ipConfigurations[1].properties."
              "loadBalancerInboundNatRules[0].id",
              "inbound NAT rule 't' leads to another network interface already"}});
        const std::string id = R"({"id":"/subscriptions/s/resourceGroups/g/providers/)"
                               R"(Microsoft.Network/virtualNetworks/n","name":")";
        Add("A reply that describes a resource in two ways",
            "[" + id + R"(a"},)" + id + R"(b"}])",
            {{"[1]", "resource 'n' is described twice, and not in the same way"}});
        Add("A member twice, deep in the text",
            R"({"a":[1,{"b":{"x":1,"X":2}}]})",
            {{"", "malformed JSON: member X occurs twice in a[1].b"}});
        std::string sets;
        for (int i = 0; i < 21; ++i)
        {
            sets += std::string(i == 0 ? "" : ",") +
                    R"({"type":"Microsoft.Compute/virtualMachineScaleSets","apiVersion":"1",)"
                    R"("name":"s)" +
                    std::to_string(i) + R"(","sku":{"capacity":1000},"properties":{}})";
        }
        Add("More instances than can be",
            Template(R"("resources":[)" + sets + "]"),
            {{"resources[20].sku.capacity",
              "all scale sets together may have at most 20000 instances and IP configurations"}});
        Add("A public address that cannot be one",
            with(R"("subnet":{"id":"[resourceId('Microsoft.Network/virtualNetworks/)"
                 R"(subnets','net','a')]"},"privateIPAddress":"10.0.0.10")",
                 R"("publicIPAddress":{"id":"[resourceId('Microsoft.Network/)"
                 R"(publicIPAddresses','i')]"})"),
            {{"resources[0].properties.ipAddress",
              "224.0.0.1 lies in 224.0.0.0/3, which is for multicast and reserved addresses"}});
    }

    /** Values of the wrong type, or out of range. */
    void AddTypes()
    {
        const std::string port = R"("frontendPort":80)";
        AddChange(port,
                  R"("frontendPort":70000)",
                  g_rule + "frontendPort",
                  "must be from 0 to 65535, but is 70000");
        AddChange(port,
                  R"("frontendPort":-1)",
                  g_rule + "frontendPort",
                  "must be from 0 to 65535, but is -1");
        AddChange(port,
                  R"("frontendPort":"x")",
                  g_rule + "frontendPort",
                  "must be an integer, but is 'x'");
        AddChange(port,
                  R"("frontendPort":{})",
                  g_rule + "frontendPort",
                  "must be an integer, but is an object");
        AddChange(R"("protocol":"Udp")",
                  R"("protocol":"Sctp")",
                  g_rule + "protocol",
                  "'Sctp' is none of Tcp, Udp, All");
        AddChange(R"("enableTcpReset":false)",
                  R"("enableTcpReset":"maybe")",
                  g_rule + "enableTcpReset",
                  "must be true or false, but is 'maybe'");
        AddChange(R"("probes":[)",
                  R"("probes":{},"x":[)",
                  g_lb + "probes",
                  "must be an array, but is an object");
        AddChange(R"("properties":{"frontendIPC)",
                  R"("properties":5,"x":{"frontendIPC)",
                  "resources[1].properties",
                  "must be an object, but is an integer");
        AddChange(R"("frontendIPConfigurations":[)",
                  R"("frontendIPConfigurations":["f",)",
                  g_lb + "frontendIPConfigurations[0]",
                  "must be an object, but is a string");
    }
};

/** Registers the suite. */
ResourceBadInputTestSuite g_resourceBadInputTestSuite;

} // namespace
