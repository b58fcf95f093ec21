/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-rest-fixture.h"

#include "ns3/azure-json-text.h"

#include <tuple>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Every property of a load balancer that has a field, with a value that is not the default.
const std::string g_full =
    Rest(R"({"id":"@loadBalancers/lb","name":"lb","type":"Microsoft.Network/loadBalancers",)"
         R"("location":"westus","sku":{"name":"Standard","tier":"Regional"},"properties":{)"
         R"("frontendIPConfigurations":[{"name":"f","zones":["3"],"properties":{)"
         R"("privateIPAddress":"10.0.1.9","privateIPAllocationMethod":"Static",)"
         R"("subnet":{"id":"@virtualNetworks/net/subnets/b"}}}],)"
         R"("backendAddressPools":[{"name":"p"},{"name":"q","properties":{)"
         R"("virtualNetwork":{"id":"@virtualNetworks/net"},"loadBalancerBackendAddresses":[)"
         R"({"name":"m","properties":{"ipAddress":"10.0.0.4","adminState":"Down"}}]}}],)"
         R"("probes":[{"name":"h","properties":{"protocol":"Https","port":8443,"requestPath":"up",)"
         R"("intervalInSeconds":7,"probeThreshold":3,"numberOfProbes":2,)"
         R"("noHealthyBackendsBehavior":"AllProbedUp"}}],)"
         R"("loadBalancingRules":[{"name":"r","properties":{"frontendIPConfiguration":)"
         R"({"id":"@loadBalancers/lb/frontendIPConfigurations/f"},"backendAddressPool":)"
         R"({"id":"@loadBalancers/lb/backendAddressPools/p"},"probe":)"
         R"({"id":"@loadBalancers/lb/probes/h"},"protocol":"Tcp","frontendPort":443,)"
         R"("backendPort":8443,"idleTimeoutInMinutes":30,"enableFloatingIP":true,)"
         R"("enableTcpReset":true,"loadDistribution":"SourceIPProtocol",)"
         R"("disableOutboundSnat":true}}],)"
         R"("inboundNatRules":[{"name":"n","properties":{"frontendIPConfiguration":)"
         R"({"id":"@loadBalancers/lb/frontendIPConfigurations/f"},"protocol":"Udp",)"
         R"("frontendPort":5000,"backendPort":53,"idleTimeoutInMinutes":9,)"
         R"("enableFloatingIP":true,"enableTcpReset":true}}]}})");

/// What the importer has to make of it.
const std::string g_fullText =
    "lb Standard in net of westus; frontend f 10.0.1.9 private zones 3; pool p nic v=10.0.0.4; "
    "pool q ip m=10.0.0.4 down; probe h https 8443 /up every 7 s, 3 of 2, all up; "
    "rule r f tcp 443>8443 p h by protocol, 30 min floating reset no-snat; "
    "nat n f udp 5000>53 10.0.0.4, 9 min floating reset";

/**
 * @param from text of the full load balancer; `@` as in Rest()
 * @param to what to write instead
 * @return network, machine and load balancer with that change
 */
std::string
Full(const std::string& from, const std::string& to)
{
    auto text = g_full;
    const auto old = Rest(from);
    const auto at = text.find(old);
    return at == std::string::npos
               ? "not there: " + old
               : "[" + g_around + "," + text.replace(at, old.size(), Rest(to)) + "]";
}

/**
 * @param value JSON
 * @return it as the Azure CLI prints it: the members of every `properties` in its parent
 */
JsonValue
Flatten(const JsonValue& value)
{
    if (value.Is(JsonValue::Type::Array))
    {
        JsonValue::Array array;
        for (const auto& element : value.AsArray())
        {
            array.push_back(Flatten(element));
        }
        return array;
    }
    if (!value.Is(JsonValue::Type::Object))
    {
        return value;
    }
    JsonValue::Object object;
    for (const auto& member : value.AsObject())
    {
        const auto inner = Flatten(member.value);
        if (member.name != "properties")
        {
            object.push_back({member.name, inner});
            continue;
        }
        object.insert(object.end(), inner.AsObject().begin(), inner.AsObject().end());
    }
    return object;
}

/**
 * @brief Spells a JSON value in another way that Azure takes, too.
 * @param value JSON
 * @param isUpper whether names go to upper case
 * @param isText whether numbers and booleans become texts
 * @return the same for Azure
 */
JsonValue
Respell(const JsonValue& value, bool isUpper, bool isText)
{
    if (value.Is(JsonValue::Type::Array))
    {
        JsonValue::Array array;
        for (const auto& element : value.AsArray())
        {
            array.push_back(Respell(element, isUpper, isText));
        }
        return array;
    }
    if (value.Is(JsonValue::Type::Object))
    {
        JsonValue::Object object;
        for (const auto& member : value.AsObject())
        {
            auto name = member.name;
            for (char& c : name)
            {
                c = isUpper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            }
            object.push_back({name, Respell(member.value, isUpper, isText)});
        }
        return object;
    }
    const bool isPlain = value.Is(JsonValue::Type::Integer) || value.Is(JsonValue::Type::Boolean);
    return isText && isPlain ? JsonValue(JsonText::Format(value)) : value;
}

/**
 * @brief Every field, in every shape in which Azure's tools print a resource.
 * @param test the test case
 */
void
TestShapes(FunctionTestCase& test)
{
    const auto list = "[" + g_around + "," + g_full + "]";
    std::string error;
    const auto value = JsonText::Parse(list, error);
    test.Equal(error, "", "the input is JSON");
    JsonValue::Array reversed(value->AsArray().rbegin(), value->AsArray().rend());
    const std::pair<const char*, std::string> shapes[] = {
        {"as REST has it", list},
        {"the other way round", JsonText::Format(reversed)},
        {"a page of a list", "{\"nextLink\":null,\"value\":" + list + "}"},
        {"a documented example",
         R"({"parameters":{},"responses":{"204":{},"200":{"body":)" + list + "}}}"},
        {"wrapped as by create", "[" + g_around + R"(,{"loadBalancer":)" + g_full + "}]"},
        {"described twice, but the same", "[" + g_around + "," + g_full + "," + g_full + "]"},
        {"as the CLI prints it", JsonText::Format(Flatten(*value))},
        {"names in upper case", JsonText::Format(Respell(*value, true, false))},
        {"numbers and booleans as text", JsonText::Format(Respell(*value, false, true))},
        {"all at once", JsonText::Format(Respell(Flatten(reversed), true, true))}};
    for (const auto& [what, text] : shapes)
    {
        test.Equal(DescribeBalancers(text), g_fullText, what);
    }
}

/**
 * @brief What is left out has the service's default.
 * @param test the test case
 */
void
TestDefaults(FunctionTestCase& test)
{
    const auto text = Rest(
        R"({"id":"@loadBalancers/lb","location":"westus","properties":{)"
        R"("frontendIPConfigurations":[{"name":"f","properties":{"subnet":{"id":"@virtualNetworks/net/subnets/a"}}}],)"
        R"("backendAddressPools":[{"name":"p"}],"probes":[{"name":"h","properties":)"
        R"({"protocol":"Tcp","port":1}}],"loadBalancingRules":[{"name":"r","properties":)"
        R"({"frontendIPConfiguration":{"id":"@loadBalancers/lb/frontendIPConfigurations/f"},)"
        R"("backendAddressPool":{"id":"@loadBalancers/lb/backendAddressPools/p"},)"
        R"("protocol":"Udp","frontendPort":53,"backendPort":54}}],"inboundNatRules":[)"
        R"({"name":"n","properties":{"frontendIPConfiguration":)"
        R"({"id":"@loadBalancers/lb/frontendIPConfigurations/f"},"protocol":"Tcp",)"
        R"("frontendPort":22,"backendPort":23}}]}})");
    // LB-1: without a SKU a load balancer was Basic. LB-41: 4 minutes. LB-12: all five fields.
    test.Equal(DescribeBalancers("[" + g_around + "," + text + "]"),
               "lb Basic in net of westus; frontend f 10.0.0.5 private; pool p nic v=10.0.0.4; "
               "probe h tcp 1  every 15 s, 1 of 1, all down; "
               "rule r f udp 53>54 p - by ports, 4 min; nat n f tcp 22>23 10.0.0.4, 4 min",
               "everything left out");
    for (const char* null : {"null", R"("")"})
    {
        test.Equal(DescribeBalancers(
                       Full(R"("requestPath":"up")", std::string(R"("requestPath":)") + null)),
                   "! [3].properties.probes[0].properties.requestPath: the path must begin with / "
                   "and hold no blanks",
                   "only a TCP probe needs no path");
    }
}

/**
 * @brief Enumerations take each of their values, in any case, and nothing else.
 * @param test the test case
 */
void
TestEnumerations(FunctionTestCase& test)
{
    const std::tuple<const char*, const char*, const char*, const char*> values[] = {
        {R"("loadDistribution":"SourceIPProtocol")",
         R"("loadDistribution":"default")",
         "by protocol",
         "by ports"},
        {R"("loadDistribution":"SourceIPProtocol")",
         R"("loadDistribution":"sourceip")",
         "by protocol",
         "by address"},
        {R"("protocol":"Udp")", R"("protocol":"tCP")", "nat n f udp", "nat n f tcp"},
        {R"("protocol":"Https")", R"("protocol":"HTTP")", "h https", "h http"},
        {R"("adminState":"Down")", R"("adminState":"UP")", "10.0.0.4 down", "10.0.0.4 up"},
        {R"("adminState":"Down")", R"("adminState":"none")", "10.0.0.4 down", "10.0.0.4"},
        {R"("noHealthyBackendsBehavior":"AllProbedUp")",
         R"("noHealthyBackendsBehavior":"allprobeddown")",
         "all up",
         "all down"}};
    for (const auto& [from, to, old, now] : values)
    {
        auto expected = g_fullText;
        expected.replace(expected.find(old), std::string(old).size(), now);
        test.Equal(DescribeBalancers(Full(from, to)), expected, to);
    }
    const std::string lb = "[3].properties.";
    const std::tuple<const char*, const char*, std::string> refused[] = {
        {R"("loadDistribution":"SourceIPProtocol")",
         R"("loadDistribution":"Hash")",
         lb + "loadBalancingRules[0].properties.loadDistribution: "
              "'Hash' is none of Default, SourceIP, SourceIPProtocol"},
        {R"("adminState":"Down")",
         R"("adminState":"Drain")",
         lb + "backendAddressPools[1].properties.loadBalancerBackendAddresses[0].properties."
              "adminState: 'Drain' is none of None, Up, Down"},
        {R"("noHealthyBackendsBehavior":"AllProbedUp")",
         R"("noHealthyBackendsBehavior":"x")",
         lb + "probes[0].properties.noHealthyBackendsBehavior: "
              "'x' is none of AllProbedDown, AllProbedUp"},
        {R"("protocol":"Https")",
         R"("protocol":"Udp")",
         lb + "probes[0].properties.protocol: 'Udp' is none of Tcp, Http, Https"},
        {R"("name":"Standard")",
         R"("name":"Premium")",
         "[3].sku.name: 'Premium' is none of Standard, Basic"},
        {R"("port":8443)",
         R"("port":65536)",
         lb + "probes[0].properties.port: must be from 0 to 65535, but is 65536"},
        {R"("probeThreshold":3)",
         R"("probeThreshold":-1)",
         lb + "probes[0].properties.probeThreshold: must be from 0 to 1000000, but is -1"},
        {R"("frontendPort":5000)",
         R"("frontendPort":"5000x")",
         lb + "inboundNatRules[0].properties.frontendPort: "
              "must be an integer, but is '5000x'"},
        {R"("enableTcpReset":true)",
         R"("enableTcpReset":1)",
         lb + "loadBalancingRules[0].properties.enableTcpReset: "
              "must be true or false, but is an integer"},
        {R"("requestPath":"up")",
         R"("requestPath":7)",
         lb + "probes[0].properties.requestPath: must be a string, but is an integer"},
        {R"("ipAddress":"10.0.0.4")",
         R"("ipAddress":"10.0.0.256")",
         lb + "backendAddressPools[1].properties.loadBalancerBackendAddresses[0].properties."
              "ipAddress: '10.0.0.256' is no IPv4 address"}};
    for (const auto& [from, to, error] : refused)
    {
        test.Equal(DescribeBalancers(Full(from, to)), "! " + error, to);
    }
}

/** REST resources and the fields that they become. */
class RestLoadBalancerTestSuite : public TestSuite
{
  public:
    RestLoadBalancerTestSuite()
        : TestSuite("azure-rest-load-balancer", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"Every field, in every shape of the same resource", TestShapes},
            {"LB-1 LB-12 LB-41 What is left out has its default", TestDefaults},
            {"Enumerations and numbers are checked", TestEnumerations}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
RestLoadBalancerTestSuite g_restLoadBalancerTestSuite;

} // namespace
