/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"
#include "azure-traffic-manager-fixture.h"

#include "ns3/azure-region-table-reader.h"
#include "ns3/azure-service-tags-reader.h"

#include <algorithm>
#include <map>
#include <set>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/// Folder of Azure's data.
const std::string g_world = std::string(NS_TEST_SOURCEDIR) + "/../examples/azure/world/";

/**
 * @param errors errors
 * @return them, in one text
 */
std::string
Join(const std::vector<std::string>& errors)
{
    std::string text;
    for (const auto& error : errors)
    {
        text += error + "\n";
    }
    return text;
}

/** @param t the test case */
void
CheckSample(FunctionTestCase& t)
{
    std::vector<std::string> errors;
    const auto tags = ServiceTagsReader::ReadFile(g_world + "service-tags-sample.json", errors);
    t.Equal(Join(errors), "", "no error");
    t.Equal(tags.changeNumber, 376, "change number of the file");
    t.Equal(tags.cloud, "Public", "cloud");
    const auto* tag = tags.Find("azuretrafficmanager");
    t.Check(tag, "the tag is there");
    if (!tag)
    {
        return;
    }
    t.Equal(tag->changeNumber, 18, "change number of the tag");
    t.Equal(tag->regionId, 0, "global");
    t.Equal(tag->networkFeatures.size(), 4, "features");
    std::map<uint64_t, int> ipv4; // by size
    std::map<uint64_t, int> ipv6;
    uint64_t addresses = 0;
    for (const auto& prefix : tag->addressPrefixes)
    {
        const bool isIpv4 = prefix.first.IsIpv4();
        (isIpv4 ? ipv4 : ipv6)[prefix.GetSize()]++;
        addresses += isIpv4 ? prefix.GetSize() : 0;
    }
    t.Check(ipv4 == std::map<uint64_t, int>{{1, 181}, {2, 1}, {16, 18}, {32, 9}, {64, 1}},
            "181 /32, 1 /31, 18 /28, 9 /27, 1 /26");
    t.Check(ipv6 == std::map<uint64_t, int>{{1, 114}, {2, 16}, {4, 1}, {16, 18}, {32, 9}, {64, 1}},
            "114 /128, 16 /127, 1 /126, 18 /124, 9 /123, 1 /122");
    t.Equal(addresses, 823, "IPv4 addresses");
    t.Equal(tags.FindTagsOf(IpOf("4.150.57.203")).size(), 1, "an address of the tag");
    const auto builtIn = ServiceTags::MakeAzure();
    const auto* same = builtIn.Find("AzureTrafficManager");
    t.Equal(builtIn.changeNumber, tags.changeNumber, "the built-in ones");
    t.Equal(same->changeNumber, tag->changeNumber, "the built-in tag");
    t.Check(same->networkFeatures == tag->networkFeatures, "its features");
    t.Equal(same->systemService, tag->systemService, "its service");
    t.Check(std::equal(same->addressPrefixes.begin(),
                       same->addressPrefixes.end(),
                       tag->addressPrefixes.begin(),
                       tag->addressPrefixes.end(),
                       [](const IpRange& left, const IpRange& right) {
                           return left.first == right.first && left.last == right.last;
                       }),
            "its prefixes");
    t.Equal(tags.FindTagsOf(IpOf("4.150.57.204")).size(), 0, "the next one");
}

/** @param t the test case */
void
CheckBalancer(FunctionTestCase& t)
{
    std::vector<std::string> errors;
    const auto sample = ServiceTagsReader::ReadFile(g_world + "service-tags-sample.json", errors);
    const auto made =
        ServiceTagsReader::ReadFile(g_world + "service-tags-synthetic-azureloadbalancer.json",
                                    errors);
    t.Equal(Join(errors), "", "no error");
    for (const auto* tags : {&sample, &made})
    {
        const auto* tag = tags->Find("AzureLoadBalancer");
        t.Check(tag && tag->addressPrefixes.size() == 1 &&
                    tag->addressPrefixes[0].first == IpOf("168.63.129.16") &&
                    tag->addressPrefixes[0].GetSize() == 1,
                "in the file or not");
    }
    t.Equal(made.GetTags().size(), 1, "replaced, not doubled");
}

/** @param t the test case */
void
CheckChoice(FunctionTestCase& t)
{
    std::vector<std::string> errors;
    const auto tags = ServiceTagsReader::ReadFile(g_world + "service-tags-sample.json", errors);
    const auto* tag = tags.Find("AzureTrafficManager");
    for (const uint32_t count : {0u, 1u, 5u, 210u, 211u, 823u, 1000u})
    {
        const auto chosen = tags.ChooseIpv4("AzureTrafficManager", count);
        const std::set<IpAddress> different(chosen.begin(), chosen.end());
        t.Equal(chosen.size(), std::min(count, 823u), "as many as asked for, or there are");
        t.Equal(different.size(), chosen.size(), "all different");
        std::set<size_t> prefixes;
        for (const auto& address : chosen)
        {
            for (size_t index = 0; index < tag->addressPrefixes.size(); ++index)
            {
                if (tag->addressPrefixes[index].Contains(address))
                {
                    prefixes.insert(index);
                }
            }
        }
        t.Equal(prefixes.size(), std::min(count, 210u), "from as many prefixes as there are");
    }
    t.Equal(tags.ChooseIpv4("nothing", 3).size(), 0, "no such tag");
}

/** @param t the test case */
void
CheckSchema(FunctionTestCase& t)
{
    // A regional tag beside its global one, null features, one prefix in two tags.
    const std::string text = R"({"changeNumber":7,"cloud":"Public","values":[
{"name":"Storage","id":"Storage","properties":{"changeNumber":1,"region":"","regionId":0,
"platform":"Azure","systemService":"AzureStorage","addressPrefixes":["2001:db8::/32","192.0.2.0/24"],
"networkFeatures":["FW","API"]}},
{"name":"Storage.JapanEast","id":"Storage.JapanEast","properties":{"changeNumber":2,
"region":"japaneast","regionId":24,"platform":"Azure","systemService":"AzureStorage",
"addressPrefixes":["192.0.2.0/25"],"networkFeatures":null}}]})";
    std::vector<std::string> errors;
    const auto tags = ServiceTagsReader::Read(text, errors);
    t.Equal(Join(errors), "", "no error");
    t.Equal(tags.FindTagsOf(IpOf("192.0.2.1")).size(), 2, "in both");
    t.Equal(tags.FindTagsOf(IpOf("192.0.2.200")).size(), 1, "in one");
    t.Equal(tags.Find("Storage.JapanEast")->region, "japaneast", "region");
    t.Equal(tags.Find("Storage.JapanEast")->regionId, 24, "its number");
    t.Equal(tags.Find("Storage.JapanEast")->networkFeatures.size(), 0, "null");
    t.Equal(tags.Find("Storage")->networkFeatures.size(), 2, "features");
    t.Equal(tags.Find("Storage")->systemService, "AzureStorage", "another name");
}

/** @param t the test case */
void
CheckBadTags(FunctionTestCase& t)
{
    const std::string head =
        "{\"values\":[\n{\"name\":\"T\",\"properties\":{\"addressPrefixes\":[\n";
    const std::string tail = "]}}]}";
    const auto read = [&](const std::string& text) {
        std::vector<std::string> errors;
        ServiceTagsReader::Read(text, errors);
        return Join(errors);
    };
    for (const char* bad : {"192.0.2.1/24",
                            "192.0.2.0/33",
                            "192.0.2.0",
                            "192.0.2/24",
                            "2001:db8::1/64",
                            "::/129",
                            "x",
                            "",
                            "192.0.2.0/-1",
                            "192.0.2.0/024"})
    {
        const auto text = read(head + "\"198.51.100.0/24\",\n\"" + bad + "\"" + tail);
        t.Equal(text.substr(0, 8), "line 4: ", text);
        t.Check(text.find("addressPrefixes[1]") != std::string::npos, text);
        t.Check(text.find('\n') == text.size() - 1, "one error");
    }
    const auto twice = read(head + "\"x\",\n\"x\"" + tail);
    t.Check(twice.find("line 3: ") == 0 && twice.find("\nline 4: ") != std::string::npos, twice);
    t.Check(!read("").empty() && !read("{").empty() && !read("[]").empty() && !read("{}").empty(),
            "no such file");
    t.Check(!read("{\"values\":[{\"name\":\"T\",\"properties\":{}}]}").empty(), "no prefixes");
    t.Check(
        !read("{\"values\":[{\"name\":\"T\",\"properties\":{\"addressPrefixes\":[5]}}]}").empty(),
        "a number");
    t.Check(read("{\"values\":[{\"name\":\"T\",\"properties\":{\"addressPrefixes\":[]}},"
                 "{\"name\":\"t\",\"properties\":{\"addressPrefixes\":[]}}]}")
                    .find("twice") != std::string::npos,
            "a name twice");
    std::vector<std::string> errors;
    ServiceTagsReader::ReadFile(g_world + "none.json", errors);
    t.Equal(Join(errors), g_world + "none.json: no such file\n", "no file");
}

/** @param t the test case */
void
CheckRegions(FunctionTestCase& t)
{
    std::vector<std::string> errors;
    const auto file = RegionTableReader::ReadFile(g_world + "azure-region-rtt.csv", errors);
    t.Equal(Join(errors), "", "no error");
    const auto built = RegionTable::MakeAzure();
    t.Equal(file.GetRegions().size(), 54, "regions of the file");
    t.Equal(built.GetRegions().size(), 54, "regions of the built-in table");
    t.Equal(built.FindGaps().size(), 0, "a full mesh");
    size_t different = 0;
    for (uint32_t from = 0; from < 54; ++from)
    {
        const auto builtFrom = *built.Find(file.GetRegions()[from].name);
        for (uint32_t to = 0; to < 54; ++to)
        {
            const auto builtTo = *built.Find(file.GetRegions()[to].name);
            const auto time = *built.GetRoundTripTime(builtFrom, builtTo);
            different += time != *file.GetRoundTripTime(from, to);
            const auto back = *built.GetRoundTripTime(builtTo, builtFrom);
            t.Near(built.GetDelay(builtFrom, builtTo)->GetSeconds(),
                   (time + back).GetSeconds() / 4,
                   1e-9,
                   "half the mean of both directions");
        }
    }
    t.Equal(different, 0, "both are the same");
    const auto rtt = [&](const char* from, const char* to) {
        return built.GetRoundTripTime(*built.Find(from), *built.Find(to))->GetMilliSeconds();
    };
    t.Equal(rtt("Germany West Central", "UAE North"), 118, "as published");
    t.Equal(rtt("UAE North", "Germany West Central"), 100, "as published");
    t.Equal(rtt("brazilsouth", "indonesiacentral"), 344, "the longest");
    t.Equal(rtt("australiacentral", "australiacentral2"), 3, "the shortest");
    t.Equal(rtt("eastus", "eastus"), 1, "within a region");
}

/** @param t the test case */
void
CheckBadRegions(FunctionTestCase& t)
{
    const std::string head = "from,to,rtt_ms_p50\n";
    const auto read = [&](const std::string& text) {
        std::vector<std::string> errors;
        RegionTableReader::Read(text, errors);
        return Join(errors);
    };
    t.Equal(read(head + "a,b,5\r\nb,a,6\nEast US,a,7\n"), "", "a good one");
    for (const char* bad :
         {"a,b", "a,b,c,5", "a,b,0", "a,b,-1", "a,b,60001", "a,b,5.5", ",b,5", ""})
    {
        t.Equal(read(head + "c,d,5\n" + bad + "\n").substr(0, 8), "line 3: ", bad);
    }
    t.Equal(read(head + "a,b,5\nA,b,6\n").substr(0, 8), "line 3: ", "twice");
    t.Equal(read("a,b,5\n").substr(0, 8), "line 1: ", "no header");
    t.Equal(read("").substr(0, 8), "line 1: ", "empty");
    std::vector<std::string> errors;
    const auto table = RegionTableReader::Read(head + "a,b,5\na,c,6\nEast US,a,7\n", errors);
    t.Equal(table.FindGaps().size(), 3, "b-c, b-eastus, c-eastus");
    t.Equal(table.GetRoundTripTime(1, 0)->GetMilliSeconds(), 5, "the other direction");
    t.Equal(table.GetRegions()[3].geography, "US-VA", "where it is");
}

/** Service tags, and the table of regions. */
class ServiceTagsTestSuite : public TestSuite
{
  public:
    ServiceTagsTestSuite()
        : TestSuite("azure-service-tags", TestSuite::Type::UNIT)
    {
        const auto add = [this](const char* name, void (*body)(FunctionTestCase&)) {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        };
        add("ST-6 ST-10 ST-4 the whole tag of Traffic Manager", CheckSample);
        add("ST-12 ST-13 ST-14 the tag of Load Balancer, whatever the file holds", CheckBalancer);
        add("HP-49 ST-10 sources of probes", CheckChoice);
        add("ST-1 ST-2 ST-3 ST-5 regional tags, null features, prefixes in several tags",
            CheckSchema);
        add("a bad prefix is told with its line", CheckBadTags);
        add("round-trip times of the regions, built in and from the file", CheckRegions);
        add("a bad line of the table is told", CheckBadRegions);
    }
};

/** Registers the suite. */
ServiceTagsTestSuite g_serviceTagsTestSuite;

} // namespace
