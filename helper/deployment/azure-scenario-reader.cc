/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-scenario-reader.h"

#include "azure-scenario-section.h"

#include "ns3/azure-input-file.h"
#include "ns3/azure-json-text.h"
#include "ns3/azure-region-table.h"
#include "ns3/azure-resource-limits.h"

#include <algorithm>
#include <filesystem>

namespace ns3
{
namespace azure
{

namespace
{

/**
 * @return names of all regions whose round-trip times are known
 */
std::vector<std::string>
GetRegionNames()
{
    std::vector<std::string> names;
    const auto table = RegionTable::MakeAzure();
    for (const auto& region : table.GetRegions())
    {
        names.push_back(region.name);
    }
    return names;
}

/**
 * @param section has the members of a cache
 * @param cache takes them
 */
void
ReadDnsCache(ScenarioSection& section, ScenarioDnsCache& cache)
{
    section.Duration("ttlFloor", [&](const Time& time) { cache.ttlFloor = time; });
    section.Duration("ttlCeiling", [&](const Time& time) { cache.ttlCeiling = time; });
    section.Number("ttlStretch", [&](double factor) { cache.ttlStretch = factor; });
    section.Flag("keepUntilRestart", [&](bool keep) { cache.keepUntilRestart = keep; });
}

/**
 * @param json the resolvers of a group
 * @param path their path
 * @param errors takes the errors
 * @return the resolvers
 */
ScenarioResolver
ReadResolver(const JsonValue& json,
             const std::string& path,
             std::vector<ConfigurationError>& errors)
{
    ScenarioResolver resolver;
    ScenarioSection section(json, path, errors);
    const auto regions = GetRegionNames();
    section.Choice("region", regions, [&](std::size_t i) { resolver.region = regions[i]; });
    section.Integer("count", 1, 100, [&](uint32_t count) { resolver.count = count; });
    ReadDnsCache(section, resolver.cache);
    section.Flag("serveStale", [&](bool serve) { resolver.serveStale = serve; });
    section.Flag("sendClientSubnet", [&](bool send) { resolver.sendClientSubnet = send; });
    section.Close();
    return resolver;
}

/**
 * @param json the places
 * @param path their path
 * @param errors takes the errors
 * @return the places
 */
ScenarioTrafficManager
ReadTrafficManager(const JsonValue& json,
                   const std::string& path,
                   std::vector<ConfigurationError>& errors)
{
    ScenarioTrafficManager places;
    ScenarioSection section(json, path, errors);
    const auto known = GetRegionNames();
    const auto read = [&](const char* key, std::vector<std::string>& regions) {
        if (section.Find(key))
        {
            regions.clear();
        }
        section.List(key, [&](const JsonValue& region, const std::string& where) {
            const bool isText = region.Is(JsonValue::Type::String);
            const auto word = isText ? region.AsString() : std::string();
            if (std::find(known.begin(), known.end(), word) != known.end())
            {
                regions.push_back(word);
                return;
            }
            errors.push_back({where,
                              isText ? "no region '" + JsonText::Quote(word) + "'" +
                                           ScenarioSection::Suggest(word, known)
                                     : std::string("must be a text, not ") + region.GetTypeName()});
        });
    };
    read("monitorRegions", places.monitorRegions);
    read("nameServerRegions", places.nameServerRegions);
    section.Close();
    return places;
}

/**
 * @param json the group of clients
 * @param path its path
 * @param errors takes the errors
 * @return the group
 */
ScenarioClients
ReadClients(const JsonValue& json, const std::string& path, std::vector<ConfigurationError>& errors)
{
    ScenarioClients clients;
    ScenarioSection section(json, path, errors);
    section.Name("name", [&](const auto& name) { clients.name = name; });
    section.Integer("count", 1, 10000, [&](uint32_t count) { clients.count = count; });
    section.List("targets", [&](const JsonValue& target, const std::string& where) {
        if (target.Is(JsonValue::Type::String))
        {
            clients.targets.push_back(target.AsString());
        }
        else
        {
            errors.push_back({where, std::string("must be a text, not ") + target.GetTypeName()});
        }
    });
    section.Choice("load", GetLoadModelNames(), [&](std::size_t i) {
        clients.load = static_cast<LoadModel>(i);
    });
    section.Number("rate", [&](double rate) { clients.rate = rate; });
    section.Integer("users", 1, 10000, [&](uint32_t users) { clients.users = users; });
    section.Duration("thinkTime", [&](const Time& time) { clients.thinkTime = time; });
    section.Flag("keepAlive", [&](bool keep) { clients.keepAlive = keep; });
    section.Duration("connectTimeout", [&](const Time& time) { clients.connectTimeout = time; });
    section.Duration("requestTimeout", [&](const Time& time) { clients.requestTimeout = time; });
    section.Integer("requestSize", 0, 1000000000, [&](uint32_t size) {
        clients.requestSize = size;
    });
    section.Integer("responseSize", 0, 1000000000, [&](uint32_t size) {
        clients.responseSize = size;
    });
    const auto regions = GetRegionNames();
    section.Choice("region", regions, [&](std::size_t i) { clients.region = regions[i]; });
    if (const auto* value = section.Find("resolver"))
    {
        clients.resolver = ReadResolver(*value, section.Path("resolver"), errors);
    }
    if (const auto* value = section.Find("hostCache"))
    {
        ScenarioSection cache(*value, section.Path("hostCache"), errors);
        cache.Flag("enabled", [&](bool enabled) { clients.hostCacheEnabled = enabled; });
        ReadDnsCache(cache, clients.hostCache);
        cache.Close();
    }
    section.Duration("start", [&](const Time& time) { clients.start = time; });
    section.Duration("stop", [&](const Time& time) { clients.stop = time; });
    section.Close();
    return clients;
}

/**
 * @param json the fault
 * @param path its path
 * @param errors takes the errors
 * @return the fault
 */
ScenarioFault
ReadFault(const JsonValue& json, const std::string& path, std::vector<ConfigurationError>& errors)
{
    ScenarioFault fault;
    ScenarioSection section(json, path, errors);
    bool hasKind = false;
    section.Choice("kind", GetFaultKindNames(), [&](std::size_t i) {
        fault.kind = static_cast<FaultKind>(i);
        hasKind = true;
    });
    if (json.Is(JsonValue::Type::Object) && !section.Find("kind"))
    {
        section.Fail("kind", "is missing" + ScenarioSection::Suggest("", GetFaultKindNames()));
    }
    section.Name("target", [&](const auto& target) { fault.target = target; });
    section.Duration("start", [&](const Time& time) { fault.start = time; });
    section.Choice("phase", {"exact", "random"}, [&](std::size_t i) {
        fault.phase = static_cast<FaultPhase>(i);
    });
    section.Duration("duration", [&](const Time& time) { fault.duration = time; });
    // What only some kinds know is refused elsewhere: it would have no effect.
    const auto allowed = [&](const char* key, bool has) {
        const bool given = section.Find(key);
        if (given && hasKind && !has)
        {
            section.Fail(key, "has no meaning for a fault of kind '" + GetName(fault.kind) + "'");
        }
        return has;
    };
    if (allowed("delay", fault.kind == FaultKind::Slow))
    {
        section.Duration("delay", [&](const Time& time) { fault.delay = time; });
    }
    if (allowed("status", fault.kind == FaultKind::Status))
    {
        section.Integer("status", 400, 599, [&](uint32_t status) { fault.status = status; });
    }
    if (allowed("loss", fault.kind == FaultKind::Loss))
    {
        section.Number("loss", [&](double loss) { fault.loss = loss; });
    }
    if (allowed("port",
                fault.kind == FaultKind::Hang || fault.kind == FaultKind::PortClosed ||
                    fault.kind == FaultKind::Slow || fault.kind == FaultKind::Status))
    {
        section.Integer("port", 1, 65535, [&](uint32_t port) { fault.port = port; });
    }
    section.Close();
    return fault;
}

/**
 * @param name a file named in the scenario
 * @param scenario name of the scenario file; may be empty
 * @return the name, relative to the folder of the scenario file
 */
std::string
Resolve(const std::string& name, const std::string& scenario)
{
    const std::filesystem::path path(name);
    if (scenario.empty() || path.is_absolute())
    {
        return name;
    }
    return (std::filesystem::path(scenario).parent_path() / path).string();
}

} // namespace

ScenarioReadResult
ScenarioReader::ReadFile(const std::string& file)
{
    ScenarioReadResult result;
    std::string text;
    const auto error = InputFile::Read(file, ResourceLimits::TextBytes, text);
    if (!error.empty())
    {
        result.errors.push_back({"$", error});
        return result;
    }
    return Parse(text, file);
}

ScenarioReadResult
ScenarioReader::Parse(const std::string& text, const std::string& file)
{
    ScenarioReadResult result;
    auto& scenario = result.scenario;
    auto& errors = result.errors;
    scenario.file = file;
    std::string malformed;
    const auto json = JsonText::Parse(text, malformed);
    if (!json)
    {
        errors.push_back({"$", malformed});
        return result;
    }

    ScenarioSection top(*json, "", errors);
    top.Text("$schema", [](const auto&) {});
    top.Text("description", [](const auto&) {});
    if (const auto* value = top.Find("deployment"))
    {
        ScenarioSection deployment(*value, "deployment", errors);
        deployment.Name("template",
                        [&](const auto& name) { scenario.templateFile = Resolve(name, file); });
        deployment.Name("parameters",
                        [&](const auto& name) { scenario.parametersFile = Resolve(name, file); });
        deployment.Close();
        if (deployment.Find("parameters") && !deployment.Find("template"))
        {
            deployment.Fail("parameters", "needs a template");
        }
    }
    top.Duration("duration", [&](const Time& time) { scenario.duration = time; });
    top.Integer("seed", 1, Scenario::LARGEST_SEED, [&](uint32_t seed) { scenario.seed = seed; });
    top.Integer("run", 1, UINT32_MAX, [&](uint32_t run) { scenario.run = run; });
    top.Integer("runs", 1, 100000, [&](uint32_t runs) { scenario.runs = runs; });
    top.List("clients", [&](const JsonValue& group, const std::string& path) {
        if (!scenario.clients)
        {
            scenario.clients.emplace();
        }
        scenario.clients->push_back(ReadClients(group, path, errors));
    });
    top.List("faults", [&](const JsonValue& fault, const std::string& path) {
        if (!scenario.faults)
        {
            scenario.faults.emplace();
        }
        scenario.faults->push_back(ReadFault(fault, path, errors));
    });
    // An empty list is a choice, a missing one is not.
    if (top.Find("clients") && !scenario.clients)
    {
        scenario.clients.emplace();
    }
    if (top.Find("faults") && !scenario.faults)
    {
        scenario.faults.emplace();
    }
    if (const auto* value = top.Find("trafficManager"))
    {
        scenario.trafficManager = ReadTrafficManager(*value, "trafficManager", errors);
    }
    if (const auto* value = top.Find("measurement"))
    {
        auto& measurement = scenario.measurement;
        ScenarioSection section(*value, "measurement", errors);
        section.Flag("requests", [&](bool on) { measurement.requests = on; });
        section.Flag("probes", [&](bool on) { measurement.probes = on; });
        section.Flag("dns", [&](bool on) { measurement.dns = on; });
        section.Flag("flowMonitor", [&](bool on) { measurement.flowMonitor = on; });
        section.Flag("pcap", [&](bool on) { measurement.pcap = on; });
        section.Close();
    }
    top.Close();
    if (errors.empty())
    {
        errors = scenario.Validate();
    }
    return result;
}

} // namespace azure
} // namespace ns3
