/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-function-test-case.h"

#include "ns3/azure-address-plan.h"
#include "ns3/azure-input-file.h"
#include "ns3/azure-json-text.h"
#include "ns3/azure-resource-error.h"
#include "ns3/azure-resource-id.h"
#include "ns3/azure-resource-importer.h"
#include "ns3/azure-resource-view.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <tuple>

using namespace ns3;
using namespace ns3::azure;

namespace
{

/**
 * @param text JSON
 * @return its value
 */
JsonValue
Json(const std::string& text)
{
    std::string error;
    return JsonText::Parse(text, error).value_or(JsonValue(error));
}

/**
 * @param read reads something from a resource
 * @return the error that it throws
 */
template <typename Read>
std::string
ErrorOf(const Read& read)
{
    try
    {
        read();
    }
    catch (const ResourceError& error)
    {
        return error.GetPath() + ": " + error.what();
    }
    return "no error";
}

/**
 * @param test the test case
 */
void
TestIds(FunctionTestCase& test)
{
    // Text, scope, type, name; no type where the text is no resource id.
    const std::tuple<const char*, const char*, const char*, const char*> ids[] = {
        {"/subscriptions/s/resourceGroups/g/providers/A.B/c/d",
         "/subscriptions/s/resourceGroups/g",
         "A.B/c",
         "d"},
        {"/subscriptions/s/providers/A.B/c/d/e/f", "/subscriptions/s", "A.B/c/e", "d/f"},
        {"/providers/A.B/c/d", "", "A.B/c", "d"},
        {"providers/A.B/c/d", "", "A.B/c", "d"},
        {"//subscriptions//s/PROVIDERS/A.B/c/d/", "/subscriptions/s", "A.B/c", "d"},
        // Of an extension of a resource, the last provider counts.
        {"/subscriptions/s/providers/A.B/c/d/providers/E.F/g/h",
         "/subscriptions/s/providers/A.B/c/d",
         "E.F/g",
         "h"},
        {"", "", "", ""},
        {"/", "", "", ""},
        {"name", "", "", ""},
        {"/subscriptions/s/resourceGroups/g", "", "", ""},
        {"/subscriptions/s/providers", "", "", ""},
        {"/subscriptions/s/providers/A.B", "", "", ""},
        {"/subscriptions/s/providers/A.B/c", "", "", ""},
        {"/subscriptions/s/providers/A.B/c/d/e", "", "", ""}};
    for (const auto& [text, scope, type, name] : ids)
    {
        const auto id = ResourceId::FromText(text);
        const bool isSound = *type != 0;
        test.Check(id.IsValid() == isSound, text);
        test.Equal(id.scope, scope, text);
        test.Equal(id.GetType(), type, text);
        test.Equal(id.GetName(), name, text);
        if (isSound)
        {
            const auto same = ResourceId::FromTypeAndName(type, name, scope);
            test.Equal(same.ToText(), id.ToText(), text);
            test.Equal(ResourceId::FromText(id.ToText()).ToText(), id.ToText(), text);
        }
    }
    const auto id = ResourceId::FromText("/subscriptions/S/providers/A.B/Lbs/L/Probes/P");
    test.Equal(id.ToKey(), "/subscriptions/s/providers/a.b/lbs/l/probes/p", "for comparison");
    test.Equal(id.GetNameOf("lbs"), "L", "the balancer");
    test.Equal(id.GetNameOf("PROBES"), "P", "the probe");
    test.Equal(id.GetNameOf("L"), "", "a name is no type");
    test.Equal(id.GetParent(1).ToText(), "/subscriptions/S/providers/A.B/Lbs/L", "parent");
    test.Equal(id.GetParent(9).ToText(), id.ToText(), "no more than it has");
    test.Check(!id.GetParent(0).IsValid(), "a namespace alone is nothing");
    for (const auto& [type, name] : {std::pair{"A.B/c", "d/e"},
                                     std::pair{"A.B/c/d", "e"},
                                     std::pair{"A.B", ""},
                                     std::pair{"", "a"},
                                     std::pair{"A.B/c", ""}})
    {
        test.Check(!ResourceId::FromTypeAndName(type, name, "").IsValid(),
                   std::string(type) + " does not fit " + name);
    }
}

/**
 * @param test the test case
 */
void
TestViews(FunctionTestCase& test)
{
    const auto body = Json(R"({"name":"lb/p","sku":{"name":"Standard"},"port":"80","zone":3,)"
                           R"("both":"outer","my name":1,"properties":{"Both":"inner","list":[1,)"
                           R"({"x":null}],"ON":"TRUE","no":null,"n":-7,"big":"99999999999999999",)"
                           R"("bigger":"999999999999999999","text":"","half":1.5}})");
    const ResourceView view(&body, "r[2]");
    test.Equal(view.Get("BOTH").GetText(), "inner", "properties come first");
    test.Equal(view.Get("both").GetPath(), "r[2].properties.Both", "spelt as in the input");
    test.Equal(view.Get("sku").Get("name").GetPath(), "r[2].sku.name", "outside of properties");
    test.Equal(view.Get("my name").GetPath(), "r[2]['my name']", "a name with a blank");
    test.Equal(view.Get("missing").GetPath(), "r[2].properties.missing", "where it would be");
    test.Check(!view.Get("no").Exists() && !view.Get("missing").Get("deeper").Exists(), "nothing");
    test.Equal(view.GetName(), "p", "the last part of the name");
    test.Equal(view.Get("list").GetElements().at(1).GetPath(), "r[2].properties.list[1]", "path");
    test.Check(view.Get("missing").GetElements().empty(), "no elements");
    test.Equal(view.Get("port").GetInteger(1, 0, 100), 80, "a number as text");
    test.Equal(view.Get("n").GetInteger(1, -7, 0), -7, "the lower bound");
    test.Equal(view.Get("missing").GetInteger(9, 0, 1), 9, "a fallback may be outside");
    test.Equal(view.Get("big").GetInteger(0, 0, int64_t{1} << 62), 99999999999999999, "17 digits");
    test.Equal(view.Get("zone").GetTextOrNumber(), "3", "a number where a text is due");
    test.Check(view.Get("on").GetBoolean(false) && view.Get("missing").GetBoolean(true), "true");
    test.Equal(view.Get("missing").GetPort(443), 443, "fallback");
    test.Equal(view.Get("missing").GetReference(), "", "no reference");
    const std::string at = "r[2].properties.";
    const std::pair<std::string, std::function<void()>> errors[] = {
        {"r[2].port: must be from 81 to 90, but is 80",
         [&] { view.Get("port").GetInteger(0, 81, 90); }},
        {at + "bigger: must be an integer, but is '999999999999999999'",
         [&] { view.Get("bigger").GetInteger(0, 0, int64_t{1} << 62); }},
        {at + "half: must be an integer, but is a number",
         [&] { view.Get("half").GetInteger(0, 0, 9); }},
        {at + "text: must be an integer, but is ''", [&] { view.Get("text").GetPort(0); }},
        {at + "text: must be true or false, but is ''", [&] { view.Get("text").GetBoolean(true); }},
        {at + "n: must be a string, but is an integer", [&] { view.Get("n").GetText(); }},
        {at + "list: must be an object, but is an array", [&] { view.Get("list").GetReference(); }},
        {"r[2].sku: must be an array, but is an object", [&] { view.Get("sku").GetElements(); }},
        {at + "list[0]: must be an object, but is an integer",
         [&] { view.Get("list").GetElements()[0].Get("x"); }},
        {at + "list[1].name: the name is missing",
         [&] { view.Get("list").GetElements()[1].GetName(); }},
        {at + "Both: 'inner' is none of a, b",
         [&] { view.Get("both").GetEnum<int>(0, {{"a", 1}, {"b", 2}}); }}};
    for (const auto& [expected, read] : errors)
    {
        test.Equal(ErrorOf(read), expected, "error");
    }
    test.Equal(view.Get("both").GetEnum<int>(0, {{"a", 1}, {"INNER", 2}}), 2, "the second text");
    test.Equal(view.Get("missing").GetEnum<int>(7, {{"a", 1}}), 7, "the fallback");
}

/**
 * @brief Paths of a configuration lead back to the place in the input.
 * @param test the test case
 */
void
TestPaths(FunctionTestCase& test)
{
    const auto body = Json(R"({"Port":1,"properties":{"FRONTENDPORT":2,"list":[1]}})");
    ResourcePathMap map;
    map.Add("rules[1]", ResourceView(&body, "r[0].rules[4]"));
    map.Add("rules", "r[0].rules");
    map.Add("rules[1].members[0]", "r[7]");
    const std::pair<const char*, const char*> paths[] = {
        {"rules[1]", "r[0].rules[4]"},
        {"rules[1].frontendPort", "r[0].rules[4].properties.FRONTENDPORT"},
        {"rules[1].port", "r[0].rules[4].Port"},
        {"rules[1].list[0]", "r[0].rules[4].properties.list[0]"},
        {"rules[1].probe", "r[0].rules[4].properties.probe"},
        {"rules[1].members[0].address", "r[7].address"},
        {"rules[2]", "r[0].rules[2]"},
        {"rules", "r[0].rules"},
        {"probes[0]", "probes[0]"},
        {"", ""}};
    for (const auto& [path, expected] : paths)
    {
        test.Equal(map.Find(path), expected, path);
    }
}

/**
 * @brief Addresses are given out as Azure does, against a plain set of what is taken.
 * @param test the test case
 */
void
TestAddresses(FunctionTestCase& test)
{
    std::mt19937 random(61);
    for (int round = 0; round < 30; ++round)
    {
        AddressPlan plan;
        plan.AddSubnet(
            "s",
            {*AddressPrefix::FromText("10.0.0.0/28"), *AddressPrefix::FromText("10.0.9.0/29")});
        std::vector<std::string> order;
        for (int i = 4; i < 15; ++i)
        {
            order.push_back("10.0.0." + std::to_string(i));
        }
        for (int i = 4; i < 7; ++i)
        {
            order.push_back("10.0.9." + std::to_string(i));
        }
        std::map<std::string, std::string> taken;
        std::size_t next = 0;
        for (int step = 0; step < 40; ++step)
        {
            const auto owner = "o" + std::to_string(step);
            if (random() % 3 == 0)
            {
                const auto text = order[random() % order.size()];
                const auto before = taken.emplace(text, owner).first->second;
                test.Equal(plan.Reserve(*AddressPlan::ParseAddress(text), owner),
                           before == owner ? "" : before,
                           text);
                continue;
            }
            // What was given out or passed over once is not looked at again.
            while (next < order.size() && taken.count(order[next]) > 0)
            {
                ++next;
            }
            const auto got = plan.Allocate("s", owner);
            test.Equal(got ? AddressPlan::FormatAddress(*got) : "none",
                       next < order.size() ? order[next] : "none",
                       owner);
            if (next < order.size())
            {
                taken[order[next]] = owner;
            }
        }
        test.Check(!plan.Allocate("t", "o").has_value(), "an unknown subnet");
    }
    AddressPlan plan;
    std::set<std::string> addresses;
    for (int i = 0; i < 762; ++i)
    {
        const auto address = plan.AllocatePublic("o");
        addresses.insert(address ? AddressPlan::FormatAddress(*address) : "none");
    }
    // RFC 5737: three networks of 254 hosts.
    test.Equal(addresses.size(), 762, "all differ");
    test.Check(addresses.count("203.0.113.1") && addresses.count("192.0.2.254"), "first and last");
    test.Check(!addresses.count("198.51.100.0") && !addresses.count("198.51.100.255"),
               "hosts only");
    test.Check(!plan.AllocatePublic("o").has_value(), "none left");
    for (const char* text : {"", "10.0.0", "10.0.0.256", "010.0.0.1.2", "a", "10.0.0.1/32", "::1"})
    {
        test.Check(!AddressPlan::ParseAddress(text).has_value(), text);
    }
}

/**
 * @param test the test case
 */
void
TestFiles(FunctionTestCase& test)
{
    const auto file = test.MakeTempName("input.json");
    const auto write = [&](const std::string& content) {
        std::ofstream(file, std::ios::binary) << content;
    };
    const auto read = [](const std::string& name, std::size_t most) {
        std::string text = "untouched";
        const auto error = InputFile::Read(name, most, text);
        return error.empty() ? text : "! " + error + (text == "untouched" ? "" : text);
    };
    const std::string content("a\r\n\0\xff", 5);
    write(content);
    test.Equal(read(file, 5), content, "every byte, and as many as allowed");
    test.Equal(read(file, 4), "! is larger than 4 bytes", "one byte too many");
    write("");
    test.Equal(read(file, 4), "! is empty", "no byte");
    const auto folder = std::filesystem::path(file).parent_path().string();
    test.Equal(read(folder, 4), "! is a folder, not a file", "a folder");
    test.Equal(read(file + ".not", 4), "! no such file", "missing");
    test.Equal(read(file + "/x", 4), "! no such file", "below a file");
    test.Equal(read("", 4), "! no such file", "no name");
    test.Equal(read("/dev/null", 4), "! is no regular file", "a device");
    // The importer names the file that is wrong, and reports both at once.
    const auto deployment = ResourceImporter().ImportFile(folder, file);
    test.Equal(deployment.errors.size(), 2, "two errors");
    test.Equal(deployment.errors.at(0).ToText(), folder + ": is a folder, not a file", "input");
    test.Equal(deployment.errors.at(1).ToText(), file + ": is empty", "parameters");
    test.Equal(deployment.source, folder, "source");
    write("{\n]");
    const auto wrong = ResourceImporter().ImportFile(file, "");
    const auto start = file + ": malformed JSON at line 2, column 1: ";
    test.Equal(wrong.errors.at(0).ToText().substr(0, start.size()), start, "wrong JSON");
    // 8 MiB and a byte, without writing them.
    std::filesystem::resize_file(file, (8u << 20) + 1);
    test.Equal(ResourceImporter().ImportFile(file, "").errors.at(0).ToText(),
               file + ": is larger than 8 MiB",
               "too large");
}

/** The parts that the resource importer is made of. */
class ResourcePartsTestSuite : public TestSuite
{
  public:
    ResourcePartsTestSuite()
        : TestSuite("azure-resource-parts", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"Resource ids are taken apart and put together", TestIds},
            {"Properties are found and checked", TestViews},
            {"Paths lead back to the input", TestPaths},
            {"Addresses are given out in order", TestAddresses},
            {"Files that cannot be read say why", TestFiles}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
ResourcePartsTestSuite g_resourcePartsTestSuite;

} // namespace
