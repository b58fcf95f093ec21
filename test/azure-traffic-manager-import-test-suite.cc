/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-resource-fixture.h"
#include "azure-traffic-manager-fixture.h"

#include "ns3/azure-input-file.h"
#include "ns3/azure-resource-limits.h"

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Folder of the templates and resources.
const std::string g_examples = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/";

/// What came of an input.
struct Imported
{
    std::vector<TrafficManagerConfiguration> profiles; //!< the profiles
    DeploymentConfiguration deployment;                //!< everything else

    /** @return the errors, in one text */
    std::string GetErrors() const
    {
        std::string text;
        for (const auto& error : deployment.errors)
        {
            text += error.path + ": " + error.message + "\n";
        }
        return text;
    }

    /** @return the notices on what is not modelled, in one text */
    std::string GetNotices() const
    {
        std::string text;
        for (const auto& notice : deployment.notModelled)
        {
            text += notice.what + ": " + notice.why + "\n";
        }
        return text;
    }
};

/**
 * @param text JSON
 * @param parameters a parameter file, or nothing
 * @return what came of it
 */
Imported
Import(const std::string& text, const std::string& parameters = "")
{
    Imported imported;
    imported.deployment = ResourceImporter().Import(text, parameters);
    imported.profiles = imported.deployment.trafficManagers;
    return imported;
}

/**
 * @param file file below examples/azure
 * @param parameters file below examples/azure, or nothing
 * @return what came of it
 */
Imported
ImportExample(const std::string& file, const std::string& parameters = "")
{
    std::string text;
    std::string values;
    InputFile::Read(g_examples + file, ResourceLimits::TextBytes, text);
    if (!parameters.empty())
    {
        InputFile::Read(g_examples + parameters, ResourceLimits::TextBytes, values);
    }
    return Import(text, values);
}

/**
 * @param name name of a template
 * @return what came of it
 */
Imported
ImportTemplate(const std::string& name)
{
    return ImportExample(name + "/azuredeploy.json", name + "/azuredeploy.parameters.json");
}

/** @param t the test case */
void
CheckExternal(FunctionTestCase& t)
{
    const auto imported = ImportTemplate("traffic-manager-external-endpoint");
    t.Equal(imported.GetErrors(), "", "no error");
    t.Equal(imported.profiles.size(), 1, "one profile");
    const auto& profile = imported.profiles.at(0);
    t.Equal(profile.name, "ExternalEndpointExample", "name");
    t.Check(profile.trafficRoutingMethod == TrafficRoutingMethod::Performance, "method");
    t.Equal(profile.dnsConfig.ttl.GetSeconds(), 30, "time to live");
    t.Check(profile.monitorConfig.protocol == ProbeProtocol::Https, "protocol");
    t.Equal(profile.monitorConfig.port, 443, "port");
    t.Check(profile.monitorConfig.expectedStatusCodeRanges ==
                std::vector<ProbeStatusRange>{{200, 202}, {301, 302}},
            "statuses");
    t.Equal(profile.endpoints.at(1).target, "docs.microsoft.com", "target");
    t.Equal(profile.endpoints.at(1).endpointLocation, "southcentralus", "region");
    t.Equal(imported.GetNotices(), "", "all is modelled");
    const auto& deployment = imported.deployment;
    t.Equal(deployment.taken.size(), 1, "the profile is taken");
    t.Equal(deployment.assumed.size(), 2, "each endpoint gets a server");
    t.Equal(deployment.assumed.at(1).path, "resources[0].properties.endpoints[1]", "where");
    t.Equal(deployment.assumed.at(1).what,
            "endpoint 'endpoint2' is a server in region southcentralus",
            "what");
    const auto* machine = deployment.FindVirtualMachine("docs.microsoft.com");
    t.Check(machine && machine->region == "southcentralus", "the server");
    const auto* address = deployment.FindPublicIpAddress("DOCS.microsoft.com");
    t.Check(address && ToText(address->address) == "203.0.113.2", "its address");
    t.Check(deployment.networkInterfaces.at(1).ipConfigurations.at(0).publicIpAddress ==
                address->name,
            "of its interface");
    t.Equal(deployment.virtualNetworks.size(), 2, "a network for each region");
    TrafficManagerBench bench(imported.profiles);
    t.Equal(bench.m_errors, "", "ready to be asked");
    t.Equal(bench.Ask("192.0.2.129"), "endpoint1 round-trip-time", "from westeurope");
    t.Equal(bench.Ask("198.51.100.1"), "endpoint2 round-trip-time", "from westus");
}

/** @param t the test case */
void
CheckMachines(FunctionTestCase& t)
{
    const auto imported = ImportTemplate("traffic-manager-vm");
    t.Equal(imported.GetErrors(), "", "no error");
    const auto& endpoints = imported.profiles.at(0).endpoints;
    t.Equal(endpoints.size(), 3, "made by a loop");
    t.Check(endpoints.at(2).type == TrafficManagerEndpointType::AzureEndpoints, "type");
    t.Check(endpoints.at(2).target.find("2.eastus.cloudapp.azure.com") != std::string::npos,
            endpoints.at(2).target);
    t.Equal(endpoints.at(2).endpointLocation, "eastus", "region of the public address");
    TrafficManagerBench bench(imported.profiles);
    t.Equal(bench.m_errors, "", "ready to be asked");
    t.Equal(bench.m_engine.GetShares(0, {}).size(), 3, "by weight");
}

/** @param t the test case */
void
CheckChildren(FunctionTestCase& t)
{
    const std::string folder = "traffic-manager-minchild/";
    auto parent = ImportTemplate("traffic-manager-minchild");
    t.Equal(parent.GetErrors(), "", "no error");
    t.Check(parent.GetNotices().find("the input does not hold profile") != std::string::npos,
            "children are elsewhere");
    t.Equal(parent.profiles.at(0).endpoints.at(0).minChildEndpointsIpv4.value_or(0), 3, "IPv4");
    t.Equal(parent.profiles.at(0).endpoints.at(0).minChildEndpointsIpv6.value_or(0), 2, "IPv6");
    t.Equal(parent.profiles.at(0).dnsConfig.ttl.GetSeconds(), 90, "time to live");
    std::string text;
    InputFile::Read(g_examples + folder + "prereqs/prereq.azuredeploy.json",
                    ResourceLimits::TextBytes,
                    text);
    const auto children = Import(
        text,
        R"({"$schema":"https://x/2019-04-01/deploymentParameters.json#","contentVersion":"1",)"
        R"("parameters":{"uniqueDnsName1":{"value":"one"},"uniqueDnsName2":{"value":"two"}}})");
    t.Equal(children.GetErrors(), "", "no error");
    t.Equal(children.profiles.size(), 2, "two profiles");
    std::vector<TrafficManagerConfiguration> all = parent.profiles;
    for (size_t index = 0; index < 2; ++index)
    {
        // The parameters of the parent are placeholders.
        all.push_back(children.profiles.at(index));
        all[0].endpoints.at(index).target = all.back().name;
    }
    TrafficManagerBench bench(all);
    t.Equal(bench.m_errors, "", "ready to be asked");
    t.Equal(bench.Status("multivalue"), "Degraded", "no child has an address, three should");
    t.Equal(bench.Status("weighted"), "CheckingEndpoint", "one child is enough");
    t.Equal(bench.Ask("198.51.100.1"), "endpoint3 round-trip-time", "westus2 from westus");
}

/** @param t the test case */
void
CheckPrerequisite(FunctionTestCase& t)
{
    const auto folder = g_examples + "traffic-manager-minchild/azuredeploy";
    const auto deployment =
        ResourceImporter().ImportFile(folder + ".json", folder + ".parameters.json");
    for (const auto& error : deployment.errors)
    {
        t.Equal(error.ToText(), "", "no error");
    }
    const auto& profiles = deployment.trafficManagers;
    t.Equal(profiles.size(), 3, "both children come first");
    t.Equal(profiles.at(0).GetFqdn(), "gen-unique-1.trafficmanager.net", "name of the first one");
    t.Equal(profiles.at(1).GetFqdn(), "gen-unique-2.trafficmanager.net", "name of the second one");
    t.Equal(profiles.at(2).endpoints.at(1).target, profiles.at(1).name, "what the parent leads to");
    t.Equal(deployment.GetConnectedTrafficManagers().at(2).endpoints.size(), 2, "both are there");
    t.Equal(deployment.virtualMachines.size(), 4, "a server for each name");
    t.Equal(deployment.assumed.at(0).path,
            "prereqs/prereq.azuredeploy.json: resources[0].properties.endpoints[0]",
            "where");
    t.Equal(deployment.outputs.size(), 0, "those of the template alone");
    auto alone = deployment;
    alone.trafficManagers.erase(alone.trafficManagers.begin());
    t.Equal(alone.Validate().size(), 0, "a child may be missing");
    t.Equal(alone.GetConnectedTrafficManagers().at(1).endpoints.size(), 1, "it is left out");
    alone.trafficManagers.at(0).dnsConfig.ttl = Seconds(-1);
    t.Equal(alone.Validate().at(0).path,
            "trafficManagers[0].dnsConfig.ttl",
            "checked all the same");
}

/** @param t the test case */
void
CheckMadeUp(FunctionTestCase& t)
{
    const std::string head =
        R"({"type":"Microsoft.Network/trafficManagerProfiles","name":"p","properties":{)"
        R"("dnsConfig":{"relativeName":"shop"},"trafficRoutingMethod":"Priority","endpoints":[)";
    const std::string type =
        R"("type":"Microsoft.Network/trafficManagerProfiles/externalEndpoints",)";
    const auto one = [&](const std::string& name, const std::string& target) {
        return R"({"name":")" + name + R"(",)" + type + R"("properties":{"target":")" + target +
               R"("}})";
    };
    const auto names =
        Import(head + one("a", "a.example.com") + "," + one("b", "b.example.com") + "]}}");
    t.Equal(names.GetErrors(), "", "no error");
    t.Check(names.deployment.assumed.at(0).why.find(", nor where it is") != std::string::npos,
            "a place is made up");
    t.Equal(names.deployment.virtualMachines.at(1).region, "eastus", "the place");
    const auto addresses = Import(head + one("a", "20.1.2.3") + "]}}");
    t.Equal(addresses.GetErrors(), "", "no error");
    t.Equal(ToText(addresses.deployment.publicIpAddresses.at(0).address), "20.1.2.3", "address");
    const auto six = Import(head + one("a", "2603:1030::1") + "]}}");
    t.Equal(six.GetErrors(), "", "no error");
    t.Check(six.GetNotices().find("IPv6 is not modelled yet") != std::string::npos, "noted");
    t.Equal(six.deployment.virtualMachines.size(), 0, "no server");
}

/** @param t the test case */
void
CheckRest(FunctionTestCase& t)
{
    const auto get = ImportExample("rest/Profile-GET-WithEndpoints.json");
    t.Equal(get.GetErrors(), "", "no error");
    t.Equal(get.profiles.at(0).endpoints.at(0).endpointLocation, "northeurope", "region");
    t.Equal(get.profiles.at(0).monitorConfig.path, "/testpath.aspx", "path");
    t.Equal(get.profiles.at(0).GetFqdn(),
            "azuresdkfornetautoresttrafficmanager3880.tmpreview.watmtest.azure-test.net",
            "name in DNS");
    const auto multi = ImportExample("rest/Profile-PUT-MultiValue.json");
    t.Equal(multi.GetErrors(), "", "no error");
    t.Equal(multi.profiles.at(0).maxReturn, 2, "records");
    const auto nested = ImportExample("rest/Profile-PUT-WithNestedEndpoints.json");
    // The reply of this example has the same priority twice, unlike its request.
    t.Equal(nested.deployment.errors.size(), 1, nested.GetErrors());
    t.Equal(nested.GetErrors().substr(0, 72),
            "responses.201.body.properties.endpoints[1].properties.priority: endpoint",
            "where");
    t.Equal(nested.profiles.at(0).endpoints.at(1).minChildEndpoints.value_or(0), 2, "children");
    t.Equal(nested.profiles.at(0).monitorConfig.interval.GetSeconds(), 10, "interval");
    const auto shown = ImportExample("rest/cli-shape-derived/tm.json");
    const auto recorded = ImportExample("rest/recorded/tm-weighted.json");
    for (const auto* each : {&shown, &recorded})
    {
        t.Equal(each->GetErrors(), "", "no error");
        t.Equal(each->profiles.at(0).endpoints.at(0).weight.value_or(0), 25, "weight");
        t.Equal(each->profiles.at(0).endpoints.at(0).target, "www.contoso.com", "target");
    }
    for (const char* file : {"rest/Endpoint-GET-External-WithGeoMapping.json",
                             "rest/Endpoint-GET-External-WithSubnetMapping.json"})
    {
        const auto endpoint = ImportExample(file);
        t.Equal(endpoint.GetErrors(), "", file);
        t.Check(!endpoint.GetNotices().empty(), "an endpoint by itself is noted");
    }
}

/**
 * @param members members of the properties
 * @param endpoints its endpoints
 * @return a profile
 */
std::string
Profile(const std::string& members, const std::string& endpoints = "")
{
    return R"({"type":"Microsoft.Network/trafficManagerProfiles","name":"p","properties":{)"
           R"("dnsConfig":{"relativeName":"shop","ttl":30},)" +
           members + R"(,"endpoints":[)" + endpoints + "]}}";
}

/** @param t the test case */
void
CheckBad(FunctionTestCase& t)
{
    const std::string method = R"("trafficRoutingMethod":"Priority")";
    const std::string type = R"("type":"Microsoft.Network/trafficManagerProfiles/)";
    const std::string outside = type + R"(externalEndpoints")";
    t.Equal(Import(Profile(method)).GetErrors(), "", "a good one");
    const std::pair<std::string, std::string> bad[] = {
        {Profile(R"("profileStatus":"Enabled")"), "properties.trafficRoutingMethod"},
        {Profile(R"("trafficRoutingMethod":"Nearest")"), "properties.trafficRoutingMethod"},
        {Profile(method + R"(,"monitorConfig":{"intervalInSeconds":20})"),
         "properties.monitorConfig.intervalInSeconds"},
        {Profile(method + R"(,"monitorConfig":{"port":"x"})"), "properties.monitorConfig.port"},
        {Profile(method, R"({"name":"e","properties":{"target":"a.com"}})"),
         "properties.endpoints[0]"},
        {Profile(method, R"({"name":"e",)" + outside + R"(,"properties":{"target":"10.0.0.1"}})"),
         "properties.endpoints[0].properties.target"},
        {Profile(method,
                 R"({"name":"e",)" + outside + R"(,"properties":{"target":"a.com","weight":0}})"),
         "properties.endpoints[0].properties.weight"},
        {Profile(method,
                 R"({"name":"e",)" + outside +
                     R"(,"properties":{"target":"a.com","subnets":[{"first":"x"}]}})"),
         "properties.endpoints[0].properties.subnets[0].first"},
        {Profile(method, R"({"name":"e",)" + type + R"(azureEndpoints","properties":{}})"),
         "properties.endpoints[0].properties.targetResourceId"},
        {Profile(method, R"({"name":"e",)" + type + R"(otherEndpoints","properties":{}})"),
         "properties.endpoints[0].type"}};
    for (const auto& [text, path] : bad)
    {
        const auto imported = Import(text);
        t.Equal(imported.deployment.errors.size(), 1, text + imported.GetErrors());
        t.Equal(imported.GetErrors().substr(0, path.size() + 1), path + ":", "where");
    }
    const auto unknown = Import(Profile(method + R"(,"colour":"red")"));
    t.Equal(unknown.GetErrors(), "", "no error");
    t.Check(unknown.GetNotices().find("colour") != std::string::npos, "noted");
}

/** Import of Traffic Manager profiles. */
class TrafficManagerImportTestSuite : public TestSuite
{
  public:
    TrafficManagerImportTestSuite()
        : TestSuite("azure-traffic-manager-import", TestSuite::Type::UNIT)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("a template with external endpoints", CheckExternal);
        add("TM-37 a template with public addresses of machines", CheckMachines);
        add("TM-32 a template with nested endpoints, and the one of its children", CheckChildren);
        add("a prerequisite beside a template is deployed first", CheckPrerequisite);
        add("endpoints in the internet get a server", CheckMadeUp);
        add("REST resources and what the command line shows", CheckRest);
        add("what is wrong is told with its path", CheckBad);
    }
};

/** Registers the suite. */
TrafficManagerImportTestSuite g_trafficManagerImportTestSuite;

} // namespace
